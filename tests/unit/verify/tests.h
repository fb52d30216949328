/* Shared by the tests of verify. */
#ifndef HZ_TEST_VERIFY_H
#define HZ_TEST_VERIFY_H

/* cmocka.h needs these before it */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "verify/verify.h"

#define FINGERPRINT "cfe9260ff7465b7d5cc96959adc39094" /* of vectors/bundle/minimal.tar */
#define BLOCK       512

/* The bundle of tests/vectors; borrowed. */
const struct hz_buf *vector(void);

/* What one verification found. */
struct seen {
	struct hz_verify_result r;
	enum hz_err err;
	unsigned count[HZ_FINDING_COUNT];
	char path[HZ_FINDING_COUNT][HZ_BAG_PATH_MAX + 1]; /* of the last of each kind */
};
/* Verifies bytes in memory; key NULL: none. Reads come in pieces of at most `piece` bytes (0: whole). */
void look(const void *p, size_t n, const struct hz_trust_key *key, size_t piece, struct seen *ret);
/* With the vector's fingerprint. */
enum hz_verdict verdict_of(const void *p, size_t n);

/* Members of a tar: where each begins and ends. */
struct span {
	size_t at, end;
	char path[HZ_BAG_PATH_MAX + 1];
	size_t size;
};
size_t spans(const struct hz_buf *tar, struct span *ret, size_t max);
/* Content of one member, borrowed from the vector. */
const uint8_t *content(const char *path, size_t *ret_n);

extern const struct CMUnitTest bundle_tests[], mutant_tests[], outside_tests[];
extern const size_t bundle_count, mutant_count, outside_count;

#define OK(call) assert_int_equal((call), HZ_OK)
#define FAILS(call, msg)                                                                                     \
	do {                                                                                                 \
		assert_int_equal((call), hz_msg_err(msg));                                                   \
		assert_int_equal(hz_fail_msg(), (msg));                                                      \
	} while (0)

#endif
