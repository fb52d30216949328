/* Unit tests of the object room. The one argument is the path of testkit.py. */
#include "tests.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *testkit_script;

uint8_t *
pattern(size_t n, unsigned seed)
{
	uint8_t *p = malloc(n > 0 ? n : 1);
	uint32_t x = seed * 2654435761U + 1;

	assert_non_null(p);
	for (size_t i = 0; i < n; i++) {
		x = x * 1664525 + 1013904223;
		p[i] = (uint8_t)(x >> 24);
	}
	return p;
}

static enum hz_err
basket_get(void *arg, size_t want, uint8_t **ret_p)
{
	struct basket *b = arg;

	assert_true(want > 0 && want <= HZ_OBJ_SEGMENT);
	b->want = want;
	if (++b->gets == b->fail_get) {
		return hz_fail(HZ_MSG_NOMEM, "no buffer");
	}
	*ret_p = malloc(want); /* exactly as much: the sanitizer sees a byte too many */
	assert_non_null(*ret_p);
	b->held++;
	return HZ_OK;
}

static enum hz_err
basket_segment(void *arg, uint8_t *p, size_t n, const uint8_t addr[static 32])
{
	struct basket *b = arg;
	uint8_t h[32];
	enum hz_err err = HZ_OK;

	/* Every segment but the last is full: a shorter one before this one would be a mistake. */
	assert_true(n > 0 && n <= HZ_OBJ_SEGMENT);
	assert_true(b->segments == 0 || b->last == HZ_OBJ_SEGMENT);
	hz_sha256(p, n, h);
	assert_memory_equal(h, addr, 32);
	if (++b->segs == b->fail_seg) {
		err = hz_fail(HZ_MSG_NO_SPACE, "no room");
	} else {
		err = hz_buf_put(&b->payload, p, n);
	}
	b->segments++;
	b->last = n;
	free(p);
	b->held--;
	return err;
}

static void
basket_put(void *arg, uint8_t *p)
{
	struct basket *b = arg;

	free(p);
	b->held--;
}

const struct hz_sealer_ops basket_ops = { basket_get, basket_segment, basket_put };

void
basket_done(struct basket *b)
{
	assert_int_equal(b->held, 0);
	hz_buf_done(&b->payload);
}

void
seal_all(struct basket *b, const uint8_t *p, size_t n, size_t step, bool promise, struct hz_sealed *ret)
{
	struct hz_sealer *s = NULL;

	assert_int_equal(hz_sealer_new(&basket_ops, b, &s), HZ_OK);
	assert_int_equal(hz_sealer_begin(s, promise ? n : UINT64_MAX), HZ_OK);
	for (size_t at = 0; at < n; at += step) {
		assert_int_equal(hz_sealer_put(s, p + at, n - at < step ? n - at : step), HZ_OK);
	}
	assert_int_equal(hz_sealer_end(s, ret), HZ_OK);
	hz_sealer_free(&s);
	assert_null(s);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_pad),
		cmocka_unit_test(test_pad_properties),
		cmocka_unit_test(test_payload_lengths),
		cmocka_unit_test(test_root),
		cmocka_unit_test(test_seal_sizes),
		cmocka_unit_test(test_seal_unknown_length),
		cmocka_unit_test(test_seal_reuse),
		cmocka_unit_test(test_seal_refuses),
		cmocka_unit_test(test_seal_failures),
		cmocka_unit_test(test_seal_abort),
		cmocka_unit_test(test_open_pieces),
		cmocka_unit_test(test_open_flipped),
		cmocka_unit_test(test_open_lengths),
		cmocka_unit_test(test_open_padding),
		cmocka_unit_test(test_open_sink_fails),
		cmocka_unit_test(test_header_round),
		cmocka_unit_test(test_header_flipped),
		cmocka_unit_test(test_header_refuses),
		cmocka_unit_test(test_header_commitment),
		cmocka_unit_test(test_exhibit_values),
		cmocka_unit_test(test_opening_known),
		cmocka_unit_test(test_opening_refuses),
		cmocka_unit_test(test_age_round),
		cmocka_unit_test(test_age_recipients),
		cmocka_unit_test(test_age_flipped),
		cmocka_unit_test(test_age_refuses),
		cmocka_unit_test(test_age_limits),
		cmocka_unit_test(test_age_texts),
		cmocka_unit_test(test_age_writer),
		cmocka_unit_test(test_age_writer_sink_fails),
		cmocka_unit_test(test_age_program),
		cmocka_unit_test(test_age_testkit),
		cmocka_unit_test(test_age_cli_files),
	};

	testkit_script = argc > 1 ? argv[1] : NULL;
	if (hz_crypto_init() != HZ_OK) {
		(void)fputs("crypto does not start\n", stderr);
		return 1;
	}
	return cmocka_run_group_tests_name("object", tests, NULL, NULL);
}
