/* The parts of the test program of base. */
#ifndef HZ_TESTS_BASE_H
#define HZ_TESTS_BASE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define assert_ok(call)        assert_int_equal((call), HZ_OK)
#define assert_err(call, code) assert_int_equal((call), (code))

extern const struct CMUnitTest err_tests[];
extern const size_t err_count;
extern const struct CMUnitTest buf_tests[];
extern const size_t buf_count;
extern const struct CMUnitTest enc_tests[];
extern const size_t enc_count;
extern const struct CMUnitTest time_tests[];
extern const size_t time_count;
extern const struct CMUnitTest fd_tests[];
extern const size_t fd_count;
extern const struct CMUnitTest pool_tests[];
extern const size_t pool_count;
extern const struct CMUnitTest aside_tests[];
extern const size_t aside_count;
extern const struct CMUnitTest gate_tests[];
extern const size_t gate_count;
extern const struct CMUnitTest sort_tests[];
extern const size_t sort_count;

#endif
