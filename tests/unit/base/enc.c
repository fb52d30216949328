#include "base/enc.h"
#include "tests.h"

#include <locale.h>
#include <string.h>

static void
hex(void **state)
{
	(void)state;
	static const uint8_t bytes[] = { 0x00, 0x0F, 0xA5, 0xFF };
	char s[9];
	uint8_t back[4] = { 9, 9, 9, 9 };
	hz_hex(s, bytes, 4);
	assert_string_equal(s, "000fa5ff");
	assert_ok(hz_unhex(s, 8, back, 4));
	assert_memory_equal(back, bytes, 4);
	static const char *const wrong[] = { "000fa5f", "000fa5fff", "000FA5FF", "000fa5fg", "000fa5f ",
		" 00fa5ff" };
	for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
		memset(back, 9, 4);
		assert_err(hz_unhex(wrong[i], strlen(wrong[i]), back, 4), HZ_ERR_FORMAT);
		assert_int_equal(back[0], 9);
	}
	assert_ok(hz_unhex("", 0, back, 0));
	assert_true(hz_is_hex("0123456789abcdef", 16));
	assert_false(hz_is_hex("A", 1));
	for (int c = 0; c < 256; c++) {
		char one = (char)c;
		assert_int_equal(hz_is_hex(&one, 1), (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'));
	}
	hz_hex(s, bytes, 0);
	assert_string_equal(s, "");
}

/* RFC 4648 section 10, and what the other alphabet and missing padding make of it. */
static void
base64_known_answers(void **state)
{
	(void)state;
	static const struct {
		const char *plain, *std, *url;
	} known[] = {
		{ "", "", "" },
		{ "f", "Zg==", "Zg" },
		{ "fo", "Zm8=", "Zm8" },
		{ "foo", "Zm9v", "Zm9v" },
		{ "foob", "Zm9vYg==", "Zm9vYg" },
		{ "fooba", "Zm9vYmE=", "Zm9vYmE" },
		{ "foobar", "Zm9vYmFy", "Zm9vYmFy" },
		{ "\xFB\xFF\xBF", "+/+/", "-_-_" },
	};
	for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
		size_t n = strlen(known[i].plain);
		static const enum hz_b64 kinds[] = { HZ_B64_STD, HZ_B64_URL };
		for (size_t k = 0; k < 2; k++) {
			const char *want = k == 0 ? known[i].std : known[i].url;
			struct hz_buf b = HZ_BUF_INIT(16);
			uint8_t back[8];
			size_t got = 99;
			assert_ok(hz_b64_put(&b, kinds[k], known[i].plain, n));
			assert_int_equal(b.len, strlen(want));
			assert_int_equal(hz_b64_len(kinds[k], n), strlen(want));
			assert_memory_equal(b.len == 0 ? (const void *)"" : b.p, want, b.len);
			assert_ok(hz_b64_get(kinds[k], want, strlen(want), back, n, &got));
			assert_int_equal(got, n);
			assert_memory_equal(back, known[i].plain, n);
			if (n > 0) {
				assert_err(hz_b64_get(kinds[k], want, strlen(want), back, n - 1, &got),
				    HZ_ERR_FORMAT);
			}
			hz_buf_done(&b);
		}
	}
	struct hz_buf b = HZ_BUF_INIT(16);
	assert_ok(hz_b64_put(&b, HZ_B64_STD_NOPAD, "\xFB\xFF", 2));
	assert_int_equal(b.len, 3);
	assert_memory_equal(b.p, "+/8", 3);
	assert_int_equal(hz_b64_len(HZ_B64_STD_NOPAD, 2), 3);
	hz_buf_done(&b);
}

static void
base64_refuses(void **state)
{
	(void)state;
	static const struct {
		enum hz_b64 kind;
		const char *s;
	} wrong[] = {
		{ HZ_B64_STD, "Zg" },
		{ HZ_B64_STD, "Zg=" },
		{ HZ_B64_STD, "Zg===" },
		{ HZ_B64_STD, "Zh==" },
		{ HZ_B64_STD, "Zm9=" },
		{ HZ_B64_STD, "Zg==\n" },
		{ HZ_B64_STD, "Z g=" },
		{ HZ_B64_STD, "-_-_" },
		{ HZ_B64_STD, "====" },
		{ HZ_B64_STD, "Z===" },
		{ HZ_B64_STD, "Zg==Zg==" },
		{ HZ_B64_STD, "=" },
		{ HZ_B64_URL, "Zg==" },
		{ HZ_B64_URL, "Zh" },
		{ HZ_B64_URL, "Z" },
		{ HZ_B64_URL, "+/+/" },
		{ HZ_B64_URL, "Zm9vYg\n" },
		{ HZ_B64_URL, "Zm9" },
		{ HZ_B64_STD_NOPAD, "Zg==" },
		{ HZ_B64_STD_NOPAD, "-_" },
		{ HZ_B64_STD_NOPAD, "Zm9vYh" },
	};
	for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
		uint8_t out[16] = { 9 };
		size_t n = 99;
		assert_err(
		    hz_b64_get(wrong[i].kind, wrong[i].s, strlen(wrong[i].s), out, 16, &n), HZ_ERR_FORMAT);
		assert_int_equal(n, 99);
		assert_int_equal(out[0], 9);
	}
	/* One text, one value: of all two-character texts only those with four zero bits are taken. */
	unsigned taken = 0;
	for (int c = 0; c < 256; c++) {
		char s[2] = { 'A', (char)c };
		uint8_t out[1];
		size_t n;
		taken += hz_b64_get(HZ_B64_URL, s, 2, out, 1, &n) == HZ_OK ? 1 : 0;
	}
	assert_int_equal(taken, 4);
}

static void
base64_round_trip(void **state)
{
	(void)state;
	uint8_t in[300];
	for (size_t i = 0; i < sizeof in; i++) {
		in[i] = (uint8_t)(i * 89 + (i >> 3) * 7);
	}
	for (size_t n = 0; n <= sizeof in; n++) {
		for (int kind = HZ_B64_STD; kind <= HZ_B64_STD_NOPAD; kind++) {
			struct hz_buf b = HZ_BUF_INIT(1000);
			uint8_t out[300];
			size_t got = 0;
			assert_ok(hz_b64_put(&b, (enum hz_b64)kind, in, n));
			assert_ok(hz_b64_get((enum hz_b64)kind, (const char *)b.p, b.len, out, n, &got));
			assert_int_equal(got, n);
			assert_memory_equal(in, out, n);
			hz_buf_done(&b);
		}
	}
}

static void
numbers(void **state)
{
	(void)state;
	uint64_t v = 5;
	assert_ok(hz_parse_u64("0", 1, 0, &v));
	assert_int_equal(v, 0);
	assert_ok(hz_parse_u64("18446744073709551615", 20, UINT64_MAX, &v));
	assert_true(v == UINT64_MAX);
	assert_ok(hz_parse_u64("100", 3, 100, &v));
	v = 5;
	static const char *const wrong[] = { "", "00", "01", "-1", "+1", " 1", "1 ", "1a", "0x1", "1.0",
		"101", "18446744073709551616", "99999999999999999999999" };
	for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
		uint64_t max = strlen(wrong[i]) < 10 ? 100 : UINT64_MAX;
		assert_err(hz_parse_u64(wrong[i], strlen(wrong[i]), max, &v), HZ_ERR_FORMAT);
		assert_int_equal(v, 5);
	}
	/* The length counts, not a NUL. */
	assert_err(hz_parse_u64("1\0002", 3, 100, &v), HZ_ERR_FORMAT);
}

static size_t
encode(uint32_t cp, uint8_t *p)
{
	if (cp < 0x80) {
		p[0] = (uint8_t)cp;
		return 1;
	}
	if (cp < 0x800) {
		p[0] = (uint8_t)(0xC0 | cp >> 6);
		p[1] = (uint8_t)(0x80 | (cp & 63));
		return 2;
	}
	if (cp < 0x10000) {
		p[0] = (uint8_t)(0xE0 | cp >> 12);
		p[1] = (uint8_t)(0x80 | (cp >> 6 & 63));
		p[2] = (uint8_t)(0x80 | (cp & 63));
		return 3;
	}
	p[0] = (uint8_t)(0xF0 | cp >> 18);
	p[1] = (uint8_t)(0x80 | (cp >> 12 & 63));
	p[2] = (uint8_t)(0x80 | (cp >> 6 & 63));
	p[3] = (uint8_t)(0x80 | (cp & 63));
	return 4;
}

static void
utf8_every_code_point(void **state)
{
	(void)state;
	for (uint32_t cp = 0; cp <= 0x110400; cp++) {
		uint8_t p[4];
		uint32_t got = 0;
		size_t n = encode(cp, p);
		bool legal = cp <= 0x10FFFF && !(cp >= 0xD800 && cp <= 0xDFFF);
		size_t used = hz_utf8_next(p, n, &got);
		assert_int_equal(used, legal ? n : 1);
		assert_int_equal(got, legal ? cp : 0xFFFFFFFFU);
		assert_int_equal(hz_utf8_ok(p, n), legal);
		if (legal) {
			uint8_t own[4];
			assert_int_equal(hz_utf8_put(cp, own), n);
			assert_memory_equal(own, p, n);
		}
		if (n > 1) {
			assert_false(hz_utf8_ok(p, n - 1));
		}
	}
	uint32_t cp = 1;
	assert_int_equal(hz_utf8_next((const uint8_t *)"x", 0, &cp), 0);
	assert_true(hz_utf8_ok(NULL, 0));
}

static void
utf8_refuses(void **state)
{
	(void)state;
	static const char *const wrong[] = {
		"\x80",
		"\xBF",
		"\xC0\x80",
		"\xC1\xBF",
		"\xE0\x80\x80",
		"\xE0\x9F\xBF",
		"\xF0\x80\x80\x80",
		"\xF0\x8F\xBF\xBF",
		"\xF4\x90\x80\x80",
		"\xF5\x80\x80\x80",
		"\xFE",
		"\xFF",
		"\xED\xA0\x80",
		"\xED\xBF\xBF",
		"\xC3",
		"\xC3(",
		"\xE2\x82",
		"\xE2\x28\xA1",
		"\xF0\x9F\x98",
		"abcdefgh\xFF",
		"abcdefg\xC3",
		"\xC3\xA9\xC3",
	};
	for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
		assert_false(hz_utf8_ok(wrong[i], strlen(wrong[i])));
		/* The fast path over eight plain bytes must not jump over them. */
		char long_text[64] = "0123456789abcdef01234567";
		memcpy(long_text + 13, wrong[i], strlen(wrong[i]));
		assert_false(hz_utf8_ok(long_text, 24));
	}
	assert_true(hz_utf8_ok("0123456789 \xD8\xAD\xD8\xB1\xD8\xB2 0123456789", 28));
	assert_true(hz_utf8_ok("a\0b", 3));
}

static void
check_print(const char *in, size_t n, bool isolate, const char *want)
{
	struct hz_buf b = HZ_BUF_INIT(1000);
	const char *s = NULL;
	assert_ok(hz_print_safe(&b, in, n, isolate));
	assert_ok(hz_buf_cstr(&b, &s));
	assert_string_equal(s, want);
	hz_buf_done(&b);
}

static void
safe_printing(void **state)
{
	(void)state;
	check_print("", 0, false, "");
	check_print("plain \xD8\xAD", 8, false, "plain \xD8\xAD");
	check_print("\x1b[31m", 5, false, "\\x1b[31m");
	check_print("a\0b\n\t\x7f", 6, false, "a\\x00b\\x0a\\x09\\x7f");
	check_print("a\\x1b", 5, false, "a\\\\x1b");
	check_print("\xC2\x9B", 2, false, "\\u009b");
	check_print("\x9B\xFF", 2, false, "\\x9b\\xff");
	check_print("\xE2\x80\xAEgpj.exe", 10, false, "\\u202egpj.exe");
	check_print("\xE2\x81\xA9", 3, false, "\\u2069");
	check_print("\xF3\xA0\x81\x81", 4, false, "\\U000e0041");
	check_print("\xE2\x82", 2, false, "\\xe2\\x82");
	check_print("id", 2, true, "\xE2\x81\xA8id\xE2\x81\xA9");
	/* Nothing from inside can close the isolate. */
	check_print("\xE2\x81\xA9x", 4, true, "\xE2\x81\xA8\\u2069x\xE2\x81\xA9");
	/* The result stays within the maximum or the buffer is as before. */
	struct hz_buf b = HZ_BUF_INIT(7);
	assert_ok(hz_buf_puts(&b, "keep"));
	assert_err(hz_print_safe(&b, "\x1b", 1, false), HZ_ERR_LIMIT);
	assert_err(hz_print_safe(&b, "x", 1, true), HZ_ERR_LIMIT);
	assert_int_equal(b.len, 4);
	assert_ok(hz_print_safe(&b, "xyz", 3, false));
	hz_buf_done(&b);
}

/* Whatever comes in, what goes out is UTF-8 without any of the dangerous characters. */
static void
safe_printing_of_everything(void **state)
{
	(void)state;
	static const uint32_t dangerous[] = { 0x00, 0x07, 0x0A, 0x1B, 0x1F, 0x7F, 0x80, 0x85, 0x9F, 0x061C,
		0x200B, 0x200C, 0x200D, 0x200E, 0x200F, 0x2028, 0x2029, 0x202A, 0x202B, 0x202C, 0x202D,
		0x202E, 0x2060, 0x2066, 0x2067, 0x2068, 0x2069, 0xFEFF };
	static const uint32_t harmless[] = { ' ', 'a', '~', 0xA0, 0xE9, 0x062D, 0x064B, 0x06A9, 0x4E2D,
		0x1F600, 0xFFFD };
	struct hz_buf b = HZ_BUF_INIT(100);
	uint8_t p[4];
	for (size_t i = 0; i < sizeof dangerous / sizeof dangerous[0]; i++) {
		hz_buf_clear(&b);
		assert_ok(hz_print_safe(&b, p, encode(dangerous[i], p), false));
		assert_int_equal(b.p[0], '\\');
		for (size_t k = 0; k < b.len; k++) {
			assert_in_range(b.p[k], 0x21, 0x7E);
		}
	}
	for (size_t i = 0; i < sizeof harmless / sizeof harmless[0]; i++) {
		size_t n = encode(harmless[i], p);
		hz_buf_clear(&b);
		assert_ok(hz_print_safe(&b, p, n, false));
		assert_int_equal(b.len, n);
		assert_memory_equal(b.p, p, n);
	}
	hz_buf_done(&b);
}

static void
width(void **state)
{
	(void)state;
	assert_int_equal(hz_text_width("abc", 3), 3);
	assert_int_equal(hz_text_width("", 0), 0);
	assert_int_equal(hz_text_width("\xE2\x81\xA8id\xE2\x81\xA9", 8), 2);
	assert_int_equal(hz_text_width("\xD8\xAD\xD9\x90\xD8\xB1\xD9\x92\xD8\xB2", 10), 3);
	assert_int_equal(hz_text_width("a\xFFz", 3), 3);
	assert_int_equal(hz_text_width("a\x07z", 3), 2);
	if (setlocale(LC_CTYPE, "C.UTF-8") != NULL) {
		assert_int_equal(hz_text_width("\xE4\xB8\xAD", 3), 2);
		assert_int_equal(hz_text_width("\xD8\xAD\xD9\x90\xD8\xB1\xD9\x92\xD8\xB2", 10), 3);
		assert_non_null(setlocale(LC_CTYPE, "C"));
	}
}

const struct CMUnitTest enc_tests[] = {
	cmocka_unit_test(hex),
	cmocka_unit_test(base64_known_answers),
	cmocka_unit_test(base64_refuses),
	cmocka_unit_test(base64_round_trip),
	cmocka_unit_test(numbers),
	cmocka_unit_test(utf8_every_code_point),
	cmocka_unit_test(utf8_refuses),
	cmocka_unit_test(safe_printing),
	cmocka_unit_test(safe_printing_of_everything),
	cmocka_unit_test(width),
};
const size_t enc_count = sizeof enc_tests / sizeof enc_tests[0];
