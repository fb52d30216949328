#ifndef HZ_TESTS_CODEC_H
#define HZ_TESTS_CODEC_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

extern const struct CMUnitTest sinks_tests[];
extern const size_t sinks_count;

#endif
