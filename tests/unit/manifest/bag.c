#include "tests.h"

#include <string.h>

static void
paths(void **state)
{
	static const char *const good[] = { "a", "a/b", "data/exhibits/ex-00/0123.bin", "A-Z_0.9", "...",
		".a", "a..b" };
	static const char *const bad[] = { "", "/", "/a", "a/", "a//b", ".", "..", "a/..", "../a", "a/./b",
		"a b", "a%2f", "a\\b", "a\n", "\xc3\xa9", "a:b", "~a", "a*" };
	char longest[HZ_BAG_PATH_MAX + 2];

	(void)state;
	for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
		assert_true(hz_bag_path_ok(good[i], strlen(good[i])));
	}
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		assert_false(hz_bag_path_ok(bad[i], strlen(bad[i])));
	}
	assert_false(hz_bag_path_ok("a\0b", 3));
	memset(longest, 'a', sizeof longest);
	assert_true(hz_bag_path_ok(longest, HZ_BAG_PATH_MAX));
	assert_false(hz_bag_path_ok(longest, HZ_BAG_PATH_MAX + 1));
}

static void
names(void **state)
{
	static const char *const good[] = { "hirz-20260601-0008", "hirz-20260601-10000", "hirz-00000000-0000",
		"hirz-20260601-18446744073709551615" };
	static const char *const bad[] = { "hirz-20260601-008", "hirz-20260601-00008", "hirz-2026060-00008",
		"Hirz-20260601-0008", "hirz-20260601_0008", "hirz-2026060a-0008", "hirz-20260601-000a",
		"hirz-20260601-184467440737095516150", "" };

	(void)state;
	for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
		assert_true(hz_bag_name_ok(good[i], strlen(good[i])));
	}
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		assert_false(hz_bag_name_ok(bad[i], strlen(bad[i])));
	}
}

/* Walks to the end or the first refusal; counts the lines. */
static enum hz_err
walk(const char *text, size_t n, size_t digest_len, size_t *ret_lines)
{
	uint8_t digest[64];
	const char *path = NULL;
	size_t pos = 0, len = 0, lines = 0;
	bool found = true;
	enum hz_err err = HZ_OK;

	while (!err) {
		err = hz_manifest_next(text, n, digest_len, &pos, &found, digest, &path, &len);
		if (!err && !found) {
			break;
		}
		lines += !err;
	}
	*ret_lines = lines;
	return err;
}

static void
round_trip(void **state)
{
	static const char *const files[] = { "a", "a.b", "a/b", "b" }; /* '.' is before '/' */
	struct hz_buf b = HZ_BUF_INIT(4096);
	uint8_t digest[64], got[64];
	const char *path = NULL;
	size_t pos = 0, len = 0;
	bool found = false;

	(void)state;
	for (size_t k = 0; k < 2; k++) {
		size_t dlen = k ? 64 : 32;
		hz_buf_clear(&b);
		for (size_t i = 0; i < 4; i++) {
			memset(digest, (int)(i * 17 + k), sizeof digest);
			OK(hz_manifest_line(&b, digest, dlen, files[i]));
		}
		pos = 0;
		for (size_t i = 0; i < 4; i++) {
			memset(digest, (int)(i * 17 + k), sizeof digest);
			OK(hz_manifest_next((const char *)b.p, b.len, dlen, &pos, &found, got, &path, &len));
			assert_true(found);
			assert_memory_equal(got, digest, dlen);
			assert_int_equal(len, strlen(files[i]));
			assert_memory_equal(path, files[i], len);
		}
		OK(hz_manifest_next((const char *)b.p, b.len, dlen, &pos, &found, got, &path, &len));
		assert_false(found);
		/* the other algorithm's length does not fit */
		FAILS(walk((const char *)b.p, b.len, 96 - dlen, &len), HZ_MSG_BUNDLE_DAMAGED);
		/* each cut but those at a line's end is refused */
		for (size_t n = 1; n < b.len; n++) {
			enum hz_err err = walk((const char *)b.p, n, dlen, &len);
			assert_int_equal(err == HZ_OK, b.p[n - 1] == '\n');
		}
	}
	FAILS(hz_manifest_line(&b, digest, 32, "../a"), HZ_MSG_INTERNAL);
	hz_buf_done(&b);
}

#define HEX64 "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static void
refused(void **state)
{
	static const char *const bad[] = {
		HEX64 "  b\n" HEX64 "  a\n",     /* order */
		HEX64 "  a\n" HEX64 "  a\n",     /* twice */
		HEX64 "  a/b\n" HEX64 "  a.b\n", /* bytes, not words */
		HEX64 "  ab\n" HEX64 "  a\n",    /* shorter first */
		HEX64 " a\n",
		HEX64 " *a\n",
		HEX64 "   a\n",
		HEX64 "  \n",
		HEX64 "  a",
		"\n",
		HEX64 "  a\r\n",
		HEX64 "  a\n\n",
		"0123  a\n",
		HEX64 "0  a\n",
		"G" HEX64 "  a\n",
		"0123456789ABCDEF0123456789abcdef0123456789abcdef0123456789abcdef  a\n",
		HEX64 "  ../a\n",
		"\xef\xbb\xbf" HEX64 "  a\n",
		HEX64 "\t\ta\n",
	};
	size_t lines;

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		FAILS(walk(bad[i], strlen(bad[i]), 32, &lines), HZ_MSG_BUNDLE_DAMAGED);
	}
	OK(walk(HEX64 "  a\n" HEX64 "  b\n", (size_t)136, 32, &lines));
	assert_int_equal(lines, 2);
	OK(walk("", 0, 32, &lines));
	assert_int_equal(lines, 0);
}

static void
longest_path(void **state)
{
	struct hz_buf b = HZ_BUF_INIT(4096);
	char path[HZ_BAG_PATH_MAX + 2];
	uint8_t digest[64] = { 1 };
	size_t lines;

	(void)state;
	memset(path, 'x', sizeof path);
	path[HZ_BAG_PATH_MAX] = 0;
	OK(hz_manifest_line(&b, digest, 64, path));
	assert_int_equal(b.len, HZ_MANIFEST_LINE);
	OK(walk((const char *)b.p, b.len, 64, &lines));
	b.p[b.len - 1] = 'x';
	OK(hz_buf_putc(&b, '\n'));
	FAILS(walk((const char *)b.p, b.len, 64, &lines), HZ_MSG_BUNDLE_DAMAGED);
	path[HZ_BAG_PATH_MAX] = 'x';
	path[HZ_BAG_PATH_MAX + 1] = 0;
	FAILS(hz_manifest_line(&b, digest, 64, path), HZ_MSG_INTERNAL);
	hz_buf_done(&b);
}

const struct CMUnitTest bag_tests[] = {
	cmocka_unit_test(paths),
	cmocka_unit_test(names),
	cmocka_unit_test(round_trip),
	cmocka_unit_test(refused),
	cmocka_unit_test(longest_path),
};
const size_t bag_count = sizeof bag_tests / sizeof bag_tests[0];
