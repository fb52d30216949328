/* What the files of this test program share. */
#ifndef HZ_TESTS_OBJECT_TESTS_H
#define HZ_TESTS_OBJECT_TESTS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../../lib/hex.h"
#include "base/buf.h"
#include "object/object.h"

extern const char *testkit_script; /* path of testkit.py */

/* n bytes that depend on seed; the caller frees. */
uint8_t *pattern(size_t n, unsigned seed);

/* Where a sealer's segments go: the payload joined, addresses checked, buffers counted. */
struct basket {
	struct hz_buf payload;
	uint64_t segments;
	size_t last;         /* length of the last segment */
	unsigned held;       /* buffers given and not come back */
	size_t want;         /* what get_buf was asked for last */
	unsigned fail_get;   /* the call of get_buf that fails, from 1; 0 never */
	unsigned fail_seg;   /* the call of segment that fails */
	unsigned gets, segs; /* calls so far */
};
#define BASKET_INIT                                                                                          \
	{                                                                                                    \
		.payload = HZ_BUF_INIT((size_t)64 << 20)                                                     \
	}
extern const struct hz_sealer_ops basket_ops;
void basket_done(struct basket *b);
/* Seals n bytes in pieces of step, with the length promised or not; asserts that it works. */
void seal_all(struct basket *b, const uint8_t *p, size_t n, size_t step, bool promise, struct hz_sealed *ret);

void test_pad(void **state);
void test_pad_properties(void **state);
void test_payload_lengths(void **state);
void test_root(void **state);

void test_seal_sizes(void **state);
void test_seal_unknown_length(void **state);
void test_seal_reuse(void **state);
void test_seal_refuses(void **state);
void test_seal_failures(void **state);
void test_seal_abort(void **state);

void test_open_pieces(void **state);
void test_open_flipped(void **state);
void test_open_lengths(void **state);
void test_open_padding(void **state);
void test_open_sink_fails(void **state);

void test_header_round(void **state);
void test_header_flipped(void **state);
void test_header_refuses(void **state);
void test_header_commitment(void **state);
void test_exhibit_values(void **state);
void test_opening_known(void **state);
void test_opening_refuses(void **state);

void test_age_round(void **state);
void test_age_recipients(void **state);
void test_age_flipped(void **state);
void test_age_refuses(void **state);
void test_age_limits(void **state);
void test_age_texts(void **state);
void test_age_writer(void **state);
void test_age_writer_sink_fails(void **state);
void test_age_program(void **state);
void test_age_testkit(void **state);
void test_age_cli_files(void **state);

#endif
