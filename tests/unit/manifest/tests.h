/* Shared by the tests of manifest. */
#ifndef HZ_TEST_MANIFEST_H
#define HZ_TEST_MANIFEST_H

/* cmocka.h needs these before it */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "manifest/manifest.h"

/* A file of the shared conformance folder, whole. False, with the reason printed, where HIRZ_SHARED is not
 * set (cmocka's skip() prints "not ok"). */
bool shared_file(const char *name, struct hz_buf *out);
void key_of(const char *label, struct hz_ed_key *ret);
void blake2b_of(const void *p, size_t n, uint8_t ret[static 64]);

extern const struct CMUnitTest bag_tests[], tar_tests[], sign_tests[], jwk_tests[];
extern const size_t bag_count, tar_count, sign_count, jwk_count;

#define OK(call) assert_int_equal((call), HZ_OK)
#define FAILS(call, msg)                                                                                     \
	do {                                                                                                 \
		assert_int_equal((call), hz_msg_err(msg));                                                   \
		assert_int_equal(hz_fail_msg(), (msg));                                                      \
	} while (0)

#endif
