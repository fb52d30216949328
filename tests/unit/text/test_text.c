#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/enc.h"
#include "text/text.h"

#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

#define assert_ok(call)        assert_int_equal((call), HZ_OK)
#define assert_err(call, code) assert_int_equal((call), (code))

typedef enum hz_err (*transform)(const void *p, size_t n, struct hz_buf *out);

static void
check(transform f, const char *in, const char *want)
{
	struct hz_buf b = HZ_BUF_INIT(1000);
	const char *s = NULL;
	assert_ok(f(in, strlen(in), &b));
	assert_ok(hz_buf_cstr(&b, &s));
	assert_string_equal(s, want);
	hz_buf_done(&b);
}

static void
normal_forms(void **state)
{
	(void)state;
	static const struct {
		const char *in, *nfc, *nfkc;
	} known[] = {
		{ "", "", "" },
		{ "plain", "plain", "plain" },
		/* alef and hamza above: one sign or two, one passphrase */
		{ "\xD8\xA7\xD9\x94", "\xD8\xA3", "\xD8\xA3" },
		{ "\xD8\xA3", "\xD8\xA3", "\xD8\xA3" },
		{ "e\xCC\x81", "\xC3\xA9", "\xC3\xA9" },
		/* marks in the wrong order: shadda before fatha or behind it */
		{ "\xD8\xA8\xD9\x91\xD9\x8E", "\xD8\xA8\xD9\x8E\xD9\x91", "\xD8\xA8\xD9\x8E\xD9\x91" },
		/* a ligature, a full-width letter, a circled digit */
		{ "\xEF\xAC\x81", "\xEF\xAC\x81", "fi" },
		{ "\xEF\xBC\xA1", "\xEF\xBC\xA1", "A" },
		{ "\xE2\x91\xA0", "\xE2\x91\xA0", "1" },
		/* lam-alef as one presentation form */
		{ "\xEF\xBB\xBB", "\xEF\xBB\xBB", "\xD9\x84\xD8\xA7" },
		/* Hangul is composed */
		{ "\xE1\x84\x80\xE1\x85\xA1", "\xEA\xB0\x80", "\xEA\xB0\x80" },
		/* case and tatweel stay: it is no folding */
		{ "A\xD9\x80", "A\xD9\x80", "A\xD9\x80" },
	};
	for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
		check(hz_text_nfc, known[i].in, known[i].nfc);
		check(hz_text_nfkc, known[i].in, known[i].nfkc);
	}
	struct hz_buf b = HZ_BUF_SECRET_INIT(100);
	assert_ok(hz_text_nfkc("a\0b", 3, &b));
	assert_int_equal(b.len, 3);
	assert_memory_equal(b.p, "a\0b", 3);
	hz_buf_done(&b);
}

static void
normal_forms_refuse(void **state)
{
	(void)state;
	static const transform both[] = { hz_text_nfkc, hz_text_nfc };
	static const char *const wrong[] = { "\xFF", "a\xC3", "\xED\xA0\x80", "\xC0\x80", "ok\x80" };
	for (size_t k = 0; k < 2; k++) {
		struct hz_buf b = HZ_BUF_SECRET_INIT(10);
		assert_ok(hz_buf_puts(&b, "keep"));
		for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
			assert_err(both[k](wrong[i], strlen(wrong[i]), &b), HZ_ERR_FORMAT);
			assert_int_equal(b.len, 4);
		}
		assert_err(both[k]("1234567", 7, &b), HZ_ERR_LIMIT);
		assert_int_equal(b.len, 4);
		/* Nothing of the passphrase stays behind what was there. */
		assert_int_equal(b.p[4], 0);
		assert_ok(both[k]("123456", 6, &b));
		assert_memory_equal(b.p, "keep123456", 10);
		hz_buf_done(&b);
	}
}

static void
normal_forms_have_a_limit(void **state)
{
	(void)state;
	char *s = malloc(HZ_TEXT_NORM_MAX + 1);
	assert_non_null(s);
	memset(s, 'a', HZ_TEXT_NORM_MAX + 1);
	struct hz_buf b = HZ_BUF_INIT(SIZE_MAX);
	assert_err(hz_text_nfkc(s, HZ_TEXT_NORM_MAX + 1, &b), HZ_ERR_LIMIT);
	assert_err(hz_text_nfc(s, HZ_TEXT_NORM_MAX + 1, &b), HZ_ERR_LIMIT);
	assert_ok(hz_text_nfkc(s, HZ_TEXT_NORM_MAX, &b));
	assert_int_equal(b.len, HZ_TEXT_NORM_MAX);
	hz_buf_done(&b);
	free(s);
}

static void
folding(void **state)
{
	(void)state;
	static const struct {
		const char *in, *want;
	} known[] = {
		{ "", "" },
		{ "Aleppo 2016", "aleppo 2016" },
		{ "\xC3\x89T\xC3\x89", "ete" }, /* accents */
		{ "T\xC3\xBCrkiye", "turkiye" },
		{ "\xC4\xB0stanbul \xC4\xB1", "istanbul i" }, /* dotted and dotless */
		{ "stra\xC3\x9F"
		  "e",
		    "strasse" },
		{ "\xEF\xBC\xA1\xEF\xBC\x91", "a1" }, /* full width */
		{ "\xD8\xA3\xD8\xA5\xD8\xA2\xD9\xB1\xD8\xA7",
		    "\xD8\xA7\xD8\xA7\xD8\xA7\xD8\xA7\xD8\xA7" }, /* alefs */
		{ "\xD8\xA7\xD9\x94", "\xD8\xA7" },
		{ "\xD8\xAD\xD9\x90\xD8\xB1\xD9\x92\xD8\xB2\xD9\x8C",
		    "\xD8\xAD\xD8\xB1\xD8\xB2" }, /* harakat */
		{ "\xD8\xB1\xD8\xAD\xD9\x85\xD9\xB0\xD9\x86",
		    "\xD8\xB1\xD8\xAD\xD9\x85\xD9\x86" },                           /* dagger alef */
		{ "\xDB\x96\xDB\x9D\xDB\x9E\xDB\xA5\xDB\xA6\xDB\xA9\xDB\xAD", "" }, /* Koranic signs */
		{ "\xD9\x85\xD9\x80\xD9\x80\xD9\x86", "\xD9\x85\xD9\x86" },         /* tatweel */
		{ "\xD8\xB9\xD9\x84\xD9\x89", "\xD8\xB9\xD9\x84\xD9\x8A" },         /* alef maqsura */
		{ "\xDB\x8C\xD9\x8A", "\xD9\x8A\xD9\x8A" },                         /* Farsi yeh */
		{ "\xD8\xBA\xD8\xA7\xD8\xB1\xD8\xA9", "\xD8\xBA\xD8\xA7\xD8\xB1\xD9\x87" }, /* teh marbuta */
		{ "\xDA\xA9\xD9\x83", "\xD9\x83\xD9\x83" },                                 /* keheh */
		{ "\xD8\xA4\xD8\xA6", "\xD9\x88\xD9\x8A" }, /* hamza on a seat */
		{ "\xD8\xA1", "\xD8\xA1" },                 /* hamza alone stays */
		{ "\xD9\xA0\xD9\xA1\xD9\xA9\xDB\xB0\xDB\xB5\xDB\xB9", "019059" },
		{ "\xEF\xBB\xBB", "\xD9\x84\xD8\xA7" }, /* lam-alef */
		{ "\xEF\xBA\x91", "\xD8\xA8" },         /* presentation form */
		{ "a\xE2\x80\x8E\xE2\x80\x8F\xE2\x80\xAE\xE2\x81\xA6\xD8\x9C"
		  "b",
		    "ab" }, /* bidi */
		{ "a\xE2\x80\x8B\xE2\x80\x8C\xE2\x80\x8D\xEF\xBB\xBF\xC2\xAD\xE2\x81\xA0"
		  "b",
		    "ab" },
		{ "\xDA\xAF\xDA\x86\xD9\xBE\xDA\x98",
		    "\xDA\xAF\xDA\x86\xD9\xBE\xDA\x98" }, /* letters of their own */
		{ "a\xC2\xA0_#b\n", "a _#b\n" },
		{ "a\xFF\xC3"
		  "b",
		    "a\xEF\xBF\xBD\xEF\xBF\xBD"
		    "b" },
	};
	for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
		check(hz_text_fold, known[i].in, known[i].want);
	}
	struct hz_buf b = HZ_BUF_INIT(4);
	assert_ok(hz_buf_puts(&b, "keep"));
	assert_err(hz_text_fold("x", 1, &b), HZ_ERR_LIMIT);
	assert_err(hz_text_fold("\xD8\xAD", 2, &b), HZ_ERR_LIMIT);
	assert_ok(hz_text_fold("\xD9\x8E", 2, &b));
	assert_int_equal(b.len, 4);
	hz_buf_done(&b);
}

/* All that Unicode has: folding folded text changes nothing, and nothing forbidden comes out. */
static void
folding_is_stable_for_every_character(void **state)
{
	(void)state;
	struct hz_buf once = HZ_BUF_INIT(1000);
	struct hz_buf twice = HZ_BUF_INIT(1000);
	struct hz_buf in = HZ_BUF_INIT(8);
	for (uint32_t cp = 1; cp <= 0x10FFFF; cp++) {
		uint8_t p[4] = { (uint8_t)(0xF0 | cp >> 18), (uint8_t)(0x80 | (cp >> 12 & 63)),
			(uint8_t)(0x80 | (cp >> 6 & 63)), (uint8_t)(0x80 | (cp & 63)) };
		uint8_t *at = p;
		if (cp < 0x80) {
			at = p + 3;
			*at = (uint8_t)cp;
		} else if (cp < 0x800) {
			at = p + 2;
			*at = (uint8_t)(0xC0 | cp >> 6);
		} else if (cp < 0x10000) {
			at = p + 1;
			*at = (uint8_t)(0xE0 | cp >> 12);
		}
		size_t n = (size_t)(p + 4 - at);
		hz_buf_clear(&in);
		hz_buf_clear(&once);
		hz_buf_clear(&twice);
		assert_ok(hz_buf_put(&in, at, n));
		assert_ok(hz_text_fold(in.p, in.len, &once));
		assert_true(hz_utf8_ok(once.p, once.len));
		assert_ok(hz_text_fold(once.p, once.len, &twice));
		if (twice.len != once.len || (once.len > 0 && memcmp(once.p, twice.p, once.len) != 0)) {
			fail_msg("U+%04X is folded otherwise the second time", cp);
		}
		bool harakat =
		    (cp >= 0x064B && cp <= 0x065F) || cp == 0x0670 || (cp >= 0x06D6 && cp <= 0x06ED);
		if (harakat) {
			assert_int_equal(once.len, 0);
		}
	}
	hz_buf_done(&in);
	hz_buf_done(&once);
	hz_buf_done(&twice);
}

/* A second folding, character by character out of utf8proc's own answers: no table between. */
static size_t
fold_slowly(uint32_t cp, uint32_t out[static 32])
{
	utf8proc_int32_t parts[32];
	size_t made = 0;
	utf8proc_ssize_t n = cp == 0 ? 0
				     : utf8proc_decompose_char((utf8proc_int32_t)cp, parts, 32,
					   UTF8PROC_STABLE | UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT |
					       UTF8PROC_CASEFOLD | UTF8PROC_IGNORE,
					   NULL);
	for (utf8proc_ssize_t i = 0; i < n; i++) {
		static const uint32_t same[][2] = { { 0x671, 0x627 }, { 0x672, 0x627 }, { 0x673, 0x627 },
			{ 0x649, 0x64A }, { 0x6CC, 0x64A }, { 0x629, 0x647 }, { 0x6BE, 0x647 },
			{ 0x6C1, 0x647 }, { 0x6C3, 0x647 }, { 0x6D5, 0x647 }, { 0x6A9, 0x643 },
			{ 0x6AA, 0x643 }, { 0x131, 'i' } };
		uint32_t c = (uint32_t)parts[i];
		utf8proc_category_t k = utf8proc_category(parts[i]);
		bool gone = k == UTF8PROC_CATEGORY_MN || k == UTF8PROC_CATEGORY_ME ||
			    (k == UTF8PROC_CATEGORY_CF && (c < 0x600 || c > 0x6FF)) || c == 0x640 ||
			    c == 0x674 || (c >= 0x6D6 && c <= 0x6ED);
		if (gone && c >= 0x80) {
			continue;
		}
		for (size_t m = 0; m < sizeof same / sizeof same[0]; m++) {
			c = c == same[m][0] ? same[m][1] : c;
		}
		c = c >= 0x660 && c <= 0x669 ? c - 0x660 + '0' : c;
		c = c >= 0x6F0 && c <= 0x6F9 ? c - 0x6F0 + '0' : c;
		out[made++] = c;
	}
	return made;
}

static size_t
put_utf8(uint32_t cp, uint8_t out[static 4])
{
	return (size_t)utf8proc_encode_char((utf8proc_int32_t)cp, out);
}

static uint32_t
kind_of(uint32_t cp)
{
	utf8proc_category_t k = utf8proc_category((utf8proc_int32_t)cp);
	if ((k >= UTF8PROC_CATEGORY_LU && k <= UTF8PROC_CATEGORY_LO) || k == UTF8PROC_CATEGORY_MC) {
		return HZ_FOLD_LETTER;
	}
	return k >= UTF8PROC_CATEGORY_ND && k <= UTF8PROC_CATEGORY_NO ? HZ_FOLD_DIGIT : 0;
}

static void
folding_agrees_with_a_second_one(void **state)
{
	(void)state;
	for (uint32_t cp = 0; cp <= 0x10FFFF; cp++) {
		uint32_t want[32];
		uint8_t p[4];
		struct hz_fold_char got[32];
		size_t pos = 0;
		if (cp >= 0xD800 && cp <= 0xDFFF) {
			continue;
		}
		size_t n = put_utf8(cp, p);
		size_t made = hz_text_fold_map(p, n, &pos, got, 32);
		assert_int_equal(pos, n);
		if (made != fold_slowly(cp, want)) {
			fail_msg("U+%04X becomes %zu", cp, made);
		}
		for (size_t i = 0; i < made; i++) {
			assert_int_equal(got[i].v & HZ_FOLD_CP, want[i]);
			assert_int_equal(got[i].v & ~HZ_FOLD_CP, kind_of(want[i]));
			assert_int_equal(got[i].start, 0);
			assert_int_equal(got[i].end, n);
		}
	}
}

/* classify reads ASCII without the map: signs stay what they are, a zero byte is nothing. */
static void
ascii_is_what_it_is(void **state)
{
	(void)state;
	for (uint8_t c = 0; c < 0x80; c++) {
		struct hz_fold_char got[HZ_FOLD_MORE];
		size_t pos = 0;
		bool letter = (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
		bool digit = c >= '0' && c <= '9';
		assert_int_equal(hz_text_fold_map(&c, 1, &pos, got, HZ_FOLD_MORE), c != 0);
		if (c != 0) {
			assert_int_equal(got[0].v & HZ_FOLD_CP, letter ? c | 0x20 : c);
			assert_int_equal(got[0].v & ~HZ_FOLD_CP, letter  ? HZ_FOLD_LETTER
								 : digit ? HZ_FOLD_DIGIT
									 : 0);
		}
	}
}

/* In pieces of any size the map says what hz_text_fold says, and where it comes from. */
static void
the_map_leads_back(void **state)
{
	(void)state;
	static const char text[] = "\xD9\x8E"
				   "A\xCC\x81 \xD9\x82\xD9\x80\xD9\x8E\xD9\x8F\xE2\x80\x8B"
				   "\xEF\xBB\xBB\xEF\xB7\xBA"
				   "\xFF\xC3\xD9\xA1\xE4\xB8\x80\xF0\x9D\x9F\x98\0.\xD9\x82\xD9\x8E";
	struct hz_buf whole = HZ_BUF_INIT(1000);
	assert_ok(hz_text_fold(text, sizeof text - 1, &whole));
	for (size_t max = HZ_FOLD_MORE; max < 64; max++) {
		struct hz_buf b = HZ_BUF_INIT(1000);
		struct hz_fold_char c[64];
		size_t pos = 0;
		uint32_t last = 0;
		while (pos < sizeof text - 1) {
			size_t made = hz_text_fold_map(text, sizeof text - 1, &pos, c, max);
			for (size_t i = 0; i < made; i++) {
				uint8_t one[4];
				assert_ok(hz_buf_put(&b, one, put_utf8(c[i].v & HZ_FOLD_CP, one)));
				assert_true(c[i].start >= last && c[i].start < c[i].end && c[i].end <= pos);
				last = c[i].start;
			}
		}
		assert_int_equal(b.len, whole.len);
		assert_memory_equal(b.p, whole.p, b.len);
		hz_buf_done(&b);
	}
	struct hz_fold_char c[64];
	size_t pos = 0;
	size_t made = hz_text_fold_map(text, sizeof text - 1, &pos, c, 64);
	/* a with its accent; qaf with tatweel and two marks, not the joiner behind them; the last one with
	 * its mark */
	assert_int_equal(c[0].start, 2);
	assert_int_equal(c[0].end, 5);
	assert_int_equal(c[2].start, 6);
	assert_int_equal(c[2].end, 14);
	assert_int_equal(c[3].start, 17); /* lam and alef of one sign */
	assert_int_equal(c[4].start, 17);
	assert_int_equal(c[4].end, 20);
	assert_int_equal(c[made - 1].end, sizeof text - 1);
	hz_buf_done(&whole);
}

static void
searching(void **state)
{
	(void)state;
	struct hz_buf hay = HZ_BUF_INIT(1000);
	struct hz_buf needle = HZ_BUF_INIT(1000);
	/* "and the raid", vowelled and with a tatweel, found by the bare word */
	assert_ok(hz_text_fold(
	    "\xD9\x88\xD8\xA7\xD9\x84\xD8\xBA\xD9\x8E\xD8\xA7\xD8\xB1\xD9\x80\xD8\xA9", 18, &hay));
	assert_ok(hz_text_fold("\xD8\xBA\xD8\xA7\xD8\xB1\xD9\x87", 8, &needle));
	assert_true(hz_text_contains_folded(hay.p, hay.len, needle.p, needle.len));
	assert_false(hz_text_contains_folded(needle.p, needle.len, hay.p, hay.len));
	assert_false(hz_text_contains_folded(hay.p, hay.len, "x", 1));
	assert_true(hz_text_contains_folded(hay.p, hay.len, NULL, 0));
	assert_true(hz_text_contains_folded(NULL, 0, NULL, 0));
	assert_false(hz_text_contains_folded(NULL, 0, "x", 1));
	assert_true(hz_text_contains_folded("abc", 3, "abc", 3));
	assert_true(hz_text_contains_folded("a\0bc", 4, "bc", 2));
	hz_buf_done(&hay);
	hz_buf_done(&needle);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(normal_forms),
		cmocka_unit_test(normal_forms_refuse),
		cmocka_unit_test(normal_forms_have_a_limit),
		cmocka_unit_test(folding),
		cmocka_unit_test(folding_is_stable_for_every_character),
		cmocka_unit_test(folding_agrees_with_a_second_one),
		cmocka_unit_test(ascii_is_what_it_is),
		cmocka_unit_test(the_map_leads_back),
		cmocka_unit_test(searching),
	};
	return cmocka_run_group_tests_name("text", tests, NULL, NULL);
}
