/* Texts and rules that were made to be slow, large or broken. Times are not asserted here but bound by the
 * limit of the whole test; what is asserted is that everything ends, within its limits, and with sense. */
#include "tests.h"

#include <stdio.h>
#include <stdlib.h>

#define MIB ((size_t)1024 * 1024)

static void
repeat(struct hz_buf *b, const char *s, size_t n)
{
	hz_buf_clear(b);
	while (b->len + strlen(s) <= n) {
		assert_ok(hz_buf_puts(b, s));
	}
}

static void
check_bounds(const struct hz_rules *r, const void *p, size_t n)
{
	struct hz_tags t = { 0, NULL };
	assert_ok(hz_classify(r, p, n, NULL, &t));
	for (size_t i = 0; i < t.n; i++) {
		assert_true(t.v[i].nspans > 0 && t.v[i].nspans <= HZ_CLASSIFY_SPANS);
		for (size_t k = 0; k < t.v[i].nspans; k++) {
			assert_true(t.v[i].spans[k].start < t.v[i].spans[k].end && t.v[i].spans[k].end <= n);
		}
	}
	hz_tags_done(&t);
}

static void
floods(void **state)
{
	(void)state;
	static const char *const parts[] = { "ا", "قصف", "وبال", "\xD9\x8E", "ق\xD9\x8E\xE2\x80\x8B", "a",
		"1", "لم ", "قصف ", "روسيا ", "نفت روسيا ", "لم يقصف لا يزال ", "blockade food ",
		"سوري طيران ", "غاز قصف ", ". ", ".", "\n", "\xFF", "\xD9", "\xF0\x9F", "2017-", "4 نيسان ",
		"a.", "U.S.", "الجيش السوري، ", "علي ", "\xEF\xB7\xBA", "كتائب حزب الله ", "جوع " };
	struct hz_rules *r = rules_of(small_rules());
	struct hz_buf b = HZ_BUF_INIT(SIZE_MAX);
	const size_t big = getenv("HIRZ_TEST_VALGRIND") != NULL ? MIB / 2 : 10 * MIB;
	for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
		repeat(&b, parts[i], i < 3 ? big : big / 8);
		check_bounds(r, b.p, b.len);
	}
	hz_buf_done(&b);
	hz_rules_free(&r);
}

static void
one_long_word(void **state)
{
	(void)state;
	struct hz_rules *r = rules_of(TYPE("a") "term en abc*\nterm ar قصف\n");
	struct hz_buf b = HZ_BUF_INIT(SIZE_MAX);
	assert_ok(hz_buf_puts(&b, "abc"));
	for (size_t i = 0; i < 5000; i++) {
		assert_ok(hz_buf_putc(&b, 'x'));
	}
	char *got = said(r, (const char *)b.p, b.len, NULL);
	assert_string_equal(got, "type:a stated 300 medium 0-5003");
	free(got);
	repeat(&b, "قصف", 6000);
	got = said(r, (const char *)b.p, b.len, NULL);
	assert_string_equal(got, "");
	free(got);
	/* marks without end belong to the letter before them */
	hz_buf_clear(&b);
	assert_ok(hz_buf_puts(&b, "ق"));
	for (size_t i = 0; i < 100000; i++) {
		assert_ok(hz_buf_puts(&b, "\xD9\x8E"));
	}
	assert_ok(hz_buf_puts(&b, "صف"));
	got = said(r, (const char *)b.p, b.len, NULL);
	assert_string_equal(got, "type:a stated 300 medium 0-200006");
	free(got);
	hz_buf_done(&b);
	hz_rules_free(&r);
}

static void
spans_and_dates_have_a_limit(void **state)
{
	(void)state;
	struct hz_rules *r = rules_of(small_rules());
	struct hz_buf b = HZ_BUF_INIT(SIZE_MAX);
	struct hz_tags t = { 0, NULL };
	for (size_t i = 0; i < HZ_CLASSIFY_SPANS + 10; i++) {
		assert_ok(hz_buf_puts(&b, "حصار. "));
	}
	assert_ok(hz_classify(r, b.p, b.len, NULL, &t));
	assert_int_equal(t.n, 1);
	assert_int_equal(t.v[0].nspans, HZ_CLASSIFY_SPANS);
	assert_int_equal(t.v[0].left_out, 10);
	assert_int_equal(t.v[0].spans[0].start, 0);
	hz_tags_done(&t);
	hz_buf_clear(&b);
	/* jwʿ waits for the whole text: spans of both kinds together, in order */
	for (size_t i = 0; i < HZ_CLASSIFY_SPANS; i++) {
		assert_ok(hz_buf_puts(&b, "حصار جوع. "));
	}
	assert_ok(hz_buf_puts(&b, "قصف"));
	assert_ok(hz_classify(r, b.p, b.len, NULL, &t));
	assert_int_equal(t.v[1].nspans, HZ_CLASSIFY_SPANS);
	assert_int_equal(t.v[1].left_out, HZ_CLASSIFY_SPANS);
	assert_string_equal(t.v[1].spans[1].term, "جوع");
	hz_tags_done(&t);
	hz_buf_clear(&b);
	for (unsigned i = 0; i < HZ_CLASSIFY_DATES + 20; i++) {
		assert_ok(
		    hz_buf_printf(&b, "%04u-%02u-%02u. ", 1950 + i / 28 / 12, 1 + i / 28 % 12, 1 + i % 28));
	}
	assert_ok(hz_classify(r, b.p, b.len, NULL, &t));
	assert_int_equal(t.n, HZ_CLASSIFY_DATES);
	assert_string_equal(t.v[0].value, "1950-01-01");
	hz_tags_done(&t);
	assert_err(hz_classify(r, b.p, HZ_CLASSIFY_BYTES + 1, NULL, &t), HZ_ERR_LIMIT);
	hz_buf_done(&b);
	hz_rules_free(&r);
}

/* A sentence of 512 words ends there; what it needs cannot stand behind. */
static void
sentences_have_a_limit(void **state)
{
	(void)state;
	struct hz_rules *r = rules_of("[class c]\nterm en near\n" TYPE("a") "term en x need=c@s\n");
	for (size_t over = 0; over < 2; over++) {
		struct hz_buf b = HZ_BUF_INIT(SIZE_MAX);
		assert_ok(hz_buf_puts(&b, "x "));
		for (size_t i = 0; i < HZ_CLASSIFY_WORDS - 2 + over; i++) {
			assert_ok(hz_buf_puts(&b, "w "));
		}
		assert_ok(hz_buf_puts(&b, "near"));
		char *got = said_short(r, (const char *)b.p, b.len, NULL);
		assert_string_equal(got, over ? "" : "type:a stated 300 medium *1");
		free(got);
		hz_buf_done(&b);
	}
	hz_rules_free(&r);
}

static uint32_t seed = 3;

static uint32_t
roll(uint32_t n)
{
	seed = seed * 1664525 + 1013904223;
	return (seed >> 8) % n;
}

static void
any_bytes(void **state)
{
	(void)state;
	struct hz_rules *r = rules_of(small_rules());
	for (int i = 0; i < 3000; i++) {
		uint8_t p[200];
		size_t n = roll(sizeof p);
		for (size_t k = 0; k < n; k++) {
			p[k] = (uint8_t)(roll(3) == 0 ? roll(256) : 0xD8 + roll(4));
		}
		check_bounds(r, p, n);
		size_t s;
		size_t e;
		if (n > 0) {
			size_t at = roll((uint32_t)n);
			assert_ok(hz_classify_sentence(p, n, at, &s, &e));
			assert_true(s <= e && e <= n);
		}
	}
	hz_rules_free(&r);
}

/* What was said of words that are met for the first time is said of them when they come again. */
static void
check_again(const struct hz_rules *r, const struct hz_buf *part, struct hz_buf *twice)
{
	struct hz_tags t = { 0, NULL };
	size_t behind = part->len + 2;
	hz_buf_clear(twice);
	assert_ok(hz_buf_put(twice, part->p, part->len));
	assert_ok(hz_buf_puts(twice, "\n\n"));
	assert_ok(hz_buf_put(twice, part->p, part->len));
	assert_ok(hz_classify(r, twice->p, twice->len, NULL, &t));
	assert_true(t.n > 0);
	for (size_t i = 0; i < t.n; i++) {
		const struct hz_tag *x = &t.v[i];
		size_t half = x->nspans / 2;
		assert_true(x->nspans % 2 == 0 && x->left_out == 0);
		for (size_t k = 0; k < half; k++) {
			assert_int_equal(x->spans[half + k].start, x->spans[k].start + behind);
			assert_int_equal(x->spans[half + k].end, x->spans[k].end + behind);
		}
	}
	hz_tags_done(&t);
}

/* Every character before, in and behind words, as far as it can be told from others how it is taken. */
static void
words_that_come_again(void **state)
{
	(void)state;
	static const char *const forms[] = { "قصف%s", "%sقصف", "قصف %s في قصف%s%s عام 2013 في حلب",
		"of food%s blockade %s1air strike%s1 in 2013", "قصف%sغارة قصف%s قصف ال%sقصف. قصف%s.قصف" };
	struct hz_rules *r = rules_of(small_rules());
	struct hz_buf part = HZ_BUF_INIT(SIZE_MAX);
	struct hz_buf twice = HZ_BUF_INIT(SIZE_MAX);
	const uint32_t step = getenv("HIRZ_TEST_VALGRIND") != NULL ? 41 : 1;
	for (uint32_t cp = 0; cp < 0xFF00; cp = cp >= 0x2600 && cp < 0xFB00 ? 0xFB00 : cp + step) {
		uint8_t one[4];
		size_t used = hz_utf8_put(cp, one);
		hz_buf_clear(&part);
		assert_ok(hz_buf_puts(&part, "قصف روسيا. "));
		for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
			for (const char *f = forms[i]; *f != '\0'; f++) {
				bool here = f[0] == '%' && f[1] == 's';
				assert_ok(here ? hz_buf_put(&part, one, used) : hz_buf_putc(&part, *f));
				f += here;
			}
			assert_ok(hz_buf_puts(&part, " . "));
		}
		check_again(r, &part, &twice);
	}
	hz_buf_done(&part);
	hz_buf_done(&twice);
	hz_rules_free(&r);
}

/* Words of any length, and where the text ends behind them. */
static void
words_at_the_end(void **state)
{
	(void)state;
	static const char *const parts[] = { "x", "ق", "\xD9\x8E", "1", "،" };
	struct hz_rules *r = rules_of(TYPE("a") "term any قصف* | abc*\n");
	struct hz_buf b = HZ_BUF_INIT(SIZE_MAX);
	for (size_t n = 0; n < 5 * 40; n++) {
		for (size_t first = 0; first < 2; first++) {
			hz_buf_clear(&b);
			assert_ok(hz_buf_puts(&b, first == 0 ? "قصف قصف abc abc" : "abc قصف قصف"));
			for (size_t i = 0; i < n / 5; i++) {
				assert_ok(hz_buf_puts(&b, parts[n % 5]));
			}
			/* in memory of just that size */
			char *exact = malloc(b.len);
			assert_non_null(exact);
			memcpy(exact, b.p, b.len);
			char *got = said(r, exact, b.len, NULL);
			for (size_t i = 0; i < 40; i++) {
				assert_ok(hz_buf_putc(&b, ' '));
			}
			char *want = said(r, (const char *)b.p, b.len, NULL);
			assert_string_equal(got, want);
			free(exact);
			free(got);
			free(want);
		}
	}
	hz_buf_done(&b);
	/* What stands behind a word in its token is not of the word, whether that is known or not. */
	expect(r, "قصف، قصف، قصف، (قصف) abc.abc,abc abc\xE2\x80\x99s 1abc1 1abc1",
	    "type:a stated 600 strong *10");
	hz_rules_free(&r);
}

/* Rules on which everything matches everything, at the limits of what is accepted. */
static void
rules_that_match_everything(void **state)
{
	(void)state;
	struct hz_buf b = HZ_BUF_INIT(SIZE_MAX);
	struct hz_buf text = HZ_BUF_INIT(SIZE_MAX);
	for (unsigned i = 0; i < 30; i++) {
		assert_ok(hz_buf_printf(&b, "[type t%u]\nlabel.en A\nlabel.ar A\nclass c\n", i));
		assert_ok(
		    hz_buf_puts(&b, "term en a | a* | a a | a a a | a a a a a a a a need=c@64 not=b\n"));
		assert_ok(hz_buf_puts(&b, "term ar ق + { ق | ا }@64 | اا* | ا* need=c@t\n"));
		assert_ok(hz_buf_printf(&b, "[party p%u]\nlabel.en A\nlabel.ar A\nalias any ا ا | ا\n", i));
	}
	assert_ok(
	    hz_buf_puts(&b, "[cue negated]\nterm any ا @64\n[cue denied]\nterm any ا ا @64\n[role target]\n"
			    "before any class:c @64\nafter any class:c @64\n"));
	const char *s;
	assert_ok(hz_buf_cstr(&b, &s));
	struct hz_rules *r = rules_of(s);
	static const char *const parts[] = { "a ", "ا ", "ق ", "ق ا ", "aaaa " };
	for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
		repeat(&text, parts[i], 6000); /* several sentences of the longest */
		check_bounds(r, text.p, text.len);
	}
	hz_rules_free(&r);
	hz_buf_done(&b);
	hz_buf_done(&text);
}

const struct CMUnitTest hostile_tests[] = {
	cmocka_unit_test(floods),
	cmocka_unit_test(one_long_word),
	cmocka_unit_test(spans_and_dates_have_a_limit),
	cmocka_unit_test(sentences_have_a_limit),
	cmocka_unit_test(any_bytes),
	cmocka_unit_test(words_that_come_again),
	cmocka_unit_test(words_at_the_end),
	cmocka_unit_test(rules_that_match_everything),
};
const size_t n_hostile_tests = sizeof hostile_tests / sizeof hostile_tests[0];
