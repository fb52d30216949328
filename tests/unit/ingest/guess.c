#include "tests.h"

#include "ingest/inner.h"

static void
numbers(void **state)
{
	struct hz_guess *g = NULL;
	(void)state;
	assert_int_equal(hz_guess_new(101, 1000, &g), HZ_OK);
	assert_int_equal(hz_guess_number(g, 0), 101);
	assert_int_equal(hz_guess_number(g, 999), 1100);
	/* What is known not to be sealed is left out, on both sides of a word of the table. */
	static const uint64_t skipped[] = { 0, 63, 64, 127, 128, 500 };
	for (size_t i = 0; i < sizeof(skipped) / sizeof(skipped[0]); i++) {
		hz_guess_skip(g, skipped[i]);
	}
	for (uint64_t item = 0; item < 1000; item++) {
		uint64_t want = 101 + item;
		for (size_t i = 0; i < sizeof(skipped) / sizeof(skipped[0]); i++) {
			want -= skipped[i] < item ? 1 : 0;
		}
		assert_int_equal(hz_guess_number(g, item), want);
	}
	/* Seventy are over, of which item 0, 63 and 64 got none, and item 3, which nobody knew of. */
	uint64_t next = 101;
	for (uint64_t item = 0; item < 70; item++) {
		bool sealed = item != 0 && item != 3 && item != 63 && item != 64;
		uint64_t guess = hz_guess_number(g, item);
		assert_int_equal(guess, next);
		next += sealed ? 1 : 0;
		hz_guess_done(g, next, guess, sealed ? guess : 0);
	}
	assert_int_equal(next, 167);
	assert_int_equal(hz_guess_number(g, 70), 167);
	assert_int_equal(hz_guess_number(g, 130), 167 + 60 - 2);
	assert_int_equal(hz_guess_number(g, 69), 0); /* over */
	hz_guess_free(&g);
	assert_null(g);
	hz_guess_free(&g);
}

/* A run of wrong guesses ends guessing; a run without ends that. */
static void
trust(void **state)
{
	struct hz_guess *g = NULL;
	(void)state;
	assert_int_equal(hz_guess_new(1, 1000, &g), HZ_OK);
	uint64_t item = 0;
	while (hz_guess_number(g, item) != 0) {
		assert_true(item < 100);
		hz_guess_done(g, item + 2, 1000, item + 1);
		item++;
	}
	assert_true(item > 10);
	hz_guess_done(g, item + 2, 0, item + 1);
	item++;
	assert_int_equal(hz_guess_number(g, item), item + 1);
	hz_guess_free(&g);
}

const struct CMUnitTest guess_tests[] = { cmocka_unit_test(numbers), cmocka_unit_test(trust) };
const size_t guess_count = sizeof(guess_tests) / sizeof(guess_tests[0]);
