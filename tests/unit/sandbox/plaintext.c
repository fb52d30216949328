/* base's own plain text check. */
#include "base/plaintext.h"
#include "tests.h"

static bool
ok(const char *s)
{
	return hz_plaintext_ok(s, strlen(s));
}

void
test_plaintext_text(void **state)
{
	static const char *const yes[] = { "a", "hello, world\n", "\tindented\r\n\ffeed", " ", "\n\n",
		"\xd8\xb4\xd9\x87\xd8\xa7\xd8\xaf\xd8\xa9", "From: somebody", "Fro", "From", "a <b>",
		"a\n{}\n", "-", "&", "\xc2\xa0 no-break space first", "\xf0\x9f\x93\x84", "$", "\"" };

	(void)state;
	for (size_t i = 0; i < sizeof(yes) / sizeof(yes[0]); i++) {
		assert_true(ok(yes[i]));
	}
}

void
test_plaintext_beginnings(void **state)
{
	static const char *const no[] = { "<html>", "{\"a\":1}", "[1]", "%PDF-1.4", "#!/bin/sh", "@echo off",
		"From a", "From ", "\xef\xbb\xbftext" };
	char after[64];

	(void)state;
	for (size_t i = 0; i < sizeof(no) / sizeof(no[0]); i++) {
		assert_false(ok(no[i]));
		snprintf(after, sizeof(after), " \t\r\n\f%s", no[i]);
		assert_false(ok(after));
		snprintf(after, sizeof(after), "x%s", no[i]);
		assert_true(ok(after));
	}
}

void
test_plaintext_bytes(void **state)
{
	(void)state;
	for (unsigned c = 0; c < 256; c++) {
		uint8_t t[] = { 'a', (uint8_t)c, 'b' };
		bool blank = c == '\t' || c == '\n' || c == '\f' || c == '\r';

		assert_int_equal(hz_plaintext_ok(t, sizeof(t)), blank || (c >= 0x20 && c < 0x7f));
	}
	for (unsigned c = 0x80; c < 0xc0; c++) { /* U+0080 to U+009F are controls, U+00A0 to U+00BF are not */
		uint8_t t[] = { 'a', 0xc2, (uint8_t)c };

		assert_int_equal(hz_plaintext_ok(t, sizeof(t)), c >= 0xa0);
	}
	assert_false(hz_plaintext_ok("a\xc2", 2));
	assert_false(hz_plaintext_ok("\xc0\xaf", 2));         /* overlong */
	assert_false(hz_plaintext_ok("\xed\xa0\x80", 3));     /* surrogate */
	assert_false(hz_plaintext_ok("\xf4\x90\x80\x80", 4)); /* over U+10FFFF */
	assert_false(hz_plaintext_ok("\xff\xfe"
				     "a\0",
	    4));
}

void
test_plaintext_sizes(void **state)
{
	char *p = malloc(HZ_PLAINTEXT_MAX + 1);

	(void)state;
	assert_non_null(p);
	memset(p, 'a', HZ_PLAINTEXT_MAX + 1);
	assert_false(hz_plaintext_ok(p, 0));
	assert_false(hz_plaintext_ok(NULL, 0));
	assert_true(hz_plaintext_ok(p, HZ_PLAINTEXT_MAX));
	assert_false(hz_plaintext_ok(p, HZ_PLAINTEXT_MAX + 1));
	p[HZ_PLAINTEXT_MAX - 1] = '\x1b';
	assert_false(hz_plaintext_ok(p, HZ_PLAINTEXT_MAX));
	assert_true(hz_plaintext_ok(p, HZ_PLAINTEXT_MAX - 1));
	free(p);
}
