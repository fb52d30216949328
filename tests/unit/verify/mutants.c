/* No changed bundle is valid: flipped bits everywhere, members moved, bytes added and taken away. */
#include "tests.h"

#include <stdlib.h>
#include <string.h>

#define STRIDE 17 /* every so manieth byte is changed; the headers' bytes all are */

static uint8_t *
room(size_t more)
{
	uint8_t *p = malloc(vector()->len + more);

	assert_non_null(p);
	memcpy(p, vector()->p, vector()->len);
	return p;
}

static void
flips(void **state)
{
	uint8_t *p = room(0);
	size_t n = 0;

	(void)state;
	for (size_t at = 0; at < vector()->len; at += STRIDE, n++) {
		uint8_t bit = (uint8_t)(1U << (n % 8));
		p[at] ^= bit;
		if (verdict_of(p, vector()->len) != HZ_INVALID) {
			fail_msg("a flipped bit at %zu was not found", at);
		}
		p[at] ^= bit;
	}
	assert_true(n > 3000);
	assert_int_equal(verdict_of(p, vector()->len), HZ_VALID_SIGNED);
	free(p);
}

/* Every byte of a header is decided by what it says. */
static void
header_bytes(void **state)
{
	struct span all[128];
	size_t n = spans(vector(), all, 128);
	uint8_t *p = room(0);

	(void)state;
	const size_t heads[] = { 0, n / 2, n - 1 };
	for (size_t h = 0; h < 3; h++) {
		for (size_t i = 0; i < BLOCK; i++) {
			p[all[heads[h]].at + i] ^= 0x20;
			assert_int_equal(verdict_of(p, vector()->len), HZ_INVALID);
			p[all[heads[h]].at + i] ^= 0x20;
		}
	}
	free(p);
}

static void
members(void **state)
{
	struct span all[128];
	size_t n = spans(vector(), all, 128), len = vector()->len;
	const uint8_t *v = vector()->p;

	(void)state;
	uint8_t *p = room(len);
	for (size_t i = 0; i < n; i++) {
		const struct span *a = &all[i];
		size_t size = a->end - a->at;
		/* twice */
		memcpy(p, v, a->end);
		memcpy(p + a->end, v + a->at, size);
		memcpy(p + a->end + size, v + a->end, len - a->end);
		assert_int_equal(verdict_of(p, len + size), HZ_INVALID);
		if (i + 1 == n) {
			break;
		}
		/* after its neighbour */
		const struct span *b = &all[i + 1];
		memcpy(p, v, len);
		memcpy(p + a->at, v + b->at, b->end - b->at);
		memcpy(p + a->at + (b->end - b->at), v + a->at, size);
		assert_int_equal(verdict_of(p, len), HZ_INVALID);
	}
	free(p);
}

static void
ends(void **state)
{
	static const size_t more[] = { 1, 511, 512, 1024, 10240 };
	size_t len = vector()->len;
	uint8_t *p = room(10240);

	(void)state;
	memset(p + len, 0, 10240);
	for (size_t i = 0; i < sizeof more / sizeof more[0]; i++) {
		assert_int_equal(verdict_of(p, len + more[i]), HZ_INVALID);
	}
	for (size_t cut = 0; cut < len; cut += 251) {
		assert_int_equal(verdict_of(p, cut), HZ_INVALID);
	}
	assert_int_equal(verdict_of(p, len - 1), HZ_INVALID);
	free(p);
}

const struct CMUnitTest mutant_tests[] = {
	cmocka_unit_test(flips),
	cmocka_unit_test(header_bytes),
	cmocka_unit_test(members),
	cmocka_unit_test(ends),
};
const size_t mutant_count = sizeof mutant_tests / sizeof mutant_tests[0];
