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

int run_err(void);
int run_buf(void);
int run_enc(void);
int run_time(void);
int run_fd(void);
int run_pool(void);
int run_gate(void);

#endif
