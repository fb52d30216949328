/* How things are said: values, the source, the text of documents. */
#include "base/enc.h"
#include "inspect/sha256.h"
#include "inspect/text.h"
#include "tests.h"
#include <sys/mman.h>
#include <unistd.h>

void
test_add_text(void **state)
{
	static const struct {
		const char *in, *out;
	} cases[] = { { "Acme", "Acme" }, { "  Acme  ", "Acme" }, { "a \t\n b", "a b" },
		{ "a\x1b[31m", "a [31m" }, { "W\xfcrde", "W\xef\xbf\xbdrde" }, { "   ", NULL }, { "", NULL },
		{ "\x7f\xc2\x85", NULL }, { "\xd8\xa3\xc2\xa0\xd8\xad", "\xd8\xa3 \xd8\xad" },
		{ "a\xe2\x80\xa8"
		  "b",
		    "a b" } };
	struct hz_claims c;
	char text[400];

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		c.n = 0;
		hz_claims_add_text(&c, HZ_CLAIM_EXIF_MAKE, cases[i].in, strlen(cases[i].in));
		says(&c, HZ_CLAIM_EXIF_MAKE, cases[i].out);
	}
	c.n = 0;
	hz_claims_add_text(&c, HZ_CLAIM_EXIF_MAKE, "ab\0cd", 5);
	hz_claims_add_text(&c, HZ_CLAIM_EXIF_MAKE, "second", 6);
	says(&c, HZ_CLAIM_EXIF_MAKE, "ab");
	/* cut between characters, and a space never comes last */
	memset(text, 'a', sizeof(text));
	c.n = 0;
	hz_claims_add_text(&c, HZ_CLAIM_EXIF_MAKE, text, 256);
	assert_int_equal(strlen(hz_claims_get(&c, HZ_CLAIM_EXIF_MAKE)), 256);
	c.n = 0;
	text[255] = '\xd8'; /* a character of two bytes across the limit */
	text[256] = '\xa3';
	hz_claims_add_text(&c, HZ_CLAIM_EXIF_MAKE, text, 300);
	assert_int_equal(strlen(hz_claims_get(&c, HZ_CLAIM_EXIF_MAKE)), 255);
	c.n = 0;
	text[254] = ' ';
	hz_claims_add_text(&c, HZ_CLAIM_EXIF_MAKE, text, 300);
	assert_int_equal(strlen(hz_claims_get(&c, HZ_CLAIM_EXIF_MAKE)), 254);
}

void
test_add_numbers(void **state)
{
	static const struct {
		int64_t v;
		unsigned places;
		const char *out;
	} cases[] = { { 1024, 3, "1.024" }, { 0, 3, "0" }, { -500, 3, "-0.5" }, { 50000, 3, "50" },
		{ 50, 0, "50" }, { 100, 0, "100" }, { -1, 9, "-0.000000001" },
		{ INT64_MIN, 9, "-9223372036.854775808" } };
	static const struct {
		int64_t v;
		const char *out;
	} times[] = { { 0, "1970-01-01T00:00:00Z" }, { -2082844800, "1904-01-01T00:00:00Z" },
		{ INT64_C(253402300799), "9999-12-31T23:59:59Z" }, { INT64_C(253402300800), NULL },
		{ INT64_C(-62135596800), "0001-01-01T00:00:00Z" }, { INT64_C(-62135596801), NULL },
		{ INT64_MAX, NULL }, { INT64_MIN, NULL } };
	struct hz_claims c;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		c.n = 0;
		hz_claims_add_decimal(&c, HZ_CLAIM_DURATION, cases[i].v, cases[i].places);
		says(&c, HZ_CLAIM_DURATION, cases[i].out);
	}
	for (size_t i = 0; i < sizeof(times) / sizeof(times[0]); i++) {
		c.n = 0;
		hz_claims_add_unix(&c, HZ_CLAIM_VIDEO_TIME_CREATED, times[i].v);
		says(&c, HZ_CLAIM_VIDEO_TIME_CREATED, times[i].out);
	}
	c.n = 0;
	hz_claims_add_number(&c, HZ_CLAIM_WIDTH, UINT64_MAX);
	says(&c, HZ_CLAIM_WIDTH, NULL);
	hz_claims_add_number(&c, HZ_CLAIM_WIDTH, 0);
	says(&c, HZ_CLAIM_WIDTH, "0");
}

void
test_add_times(void **state)
{
	static const struct {
		const char *in, *out;
	} cases[] = { { "2019:07:22 08:01:02", "2019-07-22T08:01:02" },
		{ "2019-07-22T08:01:02.5+03:00", "2019-07-22T08:01:02.5+03:00" },
		{ "2019-07-22T08:01:02+0300", "2019-07-22T08:01:02+03:00" },
		{ "2019-07-22T08:01:02-09", "2019-07-22T08:01:02-09:00" },
		{ "2019-07-22T08:01:02z", "2019-07-22T08:01:02Z" },
		{ "2019-07-22 08:01 +03:00", "2019-07-22T08:01+03:00" },
		{ "2019-07-22T08:01Z", "2019-07-22T08:01Z" }, { " 2019-07 ", "2019-07" }, { "2019", "2019" },
		{ "2019:07:22 08:01:02.1234567891", "2019-07-22T08:01:02.123456789" },
		{ "2019:07:22 08:01:02,5", "2019-07-22T08:01:02.5" }, { "0000:00:00 00:00:00", NULL },
		{ "    :  :     :  :  ", NULL }, { "2019:02:30 08:01:02", NULL },
		{ "2019:07:22 24:01:02", NULL }, { "2019:07:22 08:61:02", NULL },
		{ "2019:07:22 08:01:60", NULL }, { "2019:07:22 08", NULL },
		{ "2019:07:22 08:01:02 noon", NULL }, { "2019:07:22 08:01:02+3", NULL },
		{ "2019/07/22", NULL }, { "20190722", NULL }, { "", NULL }, { "July", NULL },
		{ "2019:07:22 08:01:02.00000000000000000000000000000000", NULL } };
	struct hz_claims c;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		c.n = 0;
		hz_claims_add_time(&c, HZ_CLAIM_XMP_TIME_CREATED, cases[i].in, strlen(cases[i].in));
		says(&c, HZ_CLAIM_XMP_TIME_CREATED, cases[i].out);
	}
	/* not NUL-ended */
	c.n = 0;
	hz_claims_add_time(&c, HZ_CLAIM_XMP_TIME_CREATED, "2019-07-22T08:01:02", 10);
	says(&c, HZ_CLAIM_XMP_TIME_CREATED, "2019-07-22");
}

void
test_source_memory(void **state)
{
	struct hz_source s;
	const uint8_t *p = NULL;
	uint8_t out[8];
	size_t n = 0;

	(void)state;
	hz_source_begin(&s, "0123456789", 10, -1, 1000, NULL);
	assert_false(s.whole); /* only the beginning of it is here */
	assert_int_equal(s.size, 10);
	assert_int_equal(hz_source_pread(&s, 2, out, 8), HZ_OK);
	assert_memory_equal(out, "23456789", 8);
	assert_int_equal(hz_source_pread(&s, 3, out, 8), HZ_ERR_FORMAT);
	assert_int_equal(hz_source_pread(&s, UINT64_MAX, out, 8), HZ_ERR_FORMAT);
	assert_int_equal(hz_source_pread(&s, 10, out, 0), HZ_OK);
	assert_int_equal(hz_source_some(&s, 7, out, 8, &n), HZ_OK);
	assert_int_equal(n, 3);
	assert_int_equal(hz_source_some(&s, 10, out, 8, &n), HZ_OK);
	assert_int_equal(n, 0);
	assert_int_equal(hz_source_view(&s, 9, 1, &p), HZ_OK);
	assert_int_equal(*p, '9');
	assert_int_equal(hz_source_view(&s, 9, 2, &p), HZ_ERR_FORMAT);
	hz_source_begin(&s, "0123456789", 10, -1, 10, NULL);
	assert_true(s.whole);
	hz_source_begin(&s, "0123456789", 10, -1, UINT64_MAX, NULL);
	assert_false(s.whole);
}

enum { LONG = 300001, HEAD = 100 };

static uint8_t
byte_at(uint64_t i)
{
	return (uint8_t)(i * 7 + i / 251);
}

void
test_source_file(void **state)
{
	static _Alignas(HZ_SOURCE_PAGE) uint8_t window[HZ_SOURCE_WINDOW];
	static uint8_t all[LONG], out[LONG];
	static const size_t sizes[] = { 1, 2, 17, 4096, 4097, HZ_SOURCE_WINDOW - HZ_SOURCE_PAGE };
	struct hz_source s;
	const uint8_t *p = NULL;
	size_t n = 0;
	uint32_t x = 1;
	int fd = memfd_create("file", MFD_CLOEXEC);

	(void)state;
	for (size_t i = 0; i < LONG; i++) {
		all[i] = byte_at(i);
	}
	assert_int_equal(write(fd, all, LONG), LONG);
	hz_source_begin(&s, all, HEAD, fd, LONG, window);
	assert_int_equal(s.size, LONG);
	assert_int_equal(hz_source_pread(&s, 0, out, LONG), HZ_OK);
	assert_memory_equal(out, all, LONG);
	for (int i = 0; i < 2000; i++) {
		x = x * 1664525 + 1013904223;
		size_t want = sizes[x >> 8 & 7 % 6] % HZ_SOURCE_WINDOW;
		uint64_t at = (x >> 4) % LONG;
		enum hz_err err = hz_source_view(&s, at, want, &p);

		assert_int_equal(err, at + want <= LONG ? HZ_OK : HZ_ERR_FORMAT);
		assert_true(err != HZ_OK || memcmp(p, all + at, want) == 0);
		s.left = HZ_SOURCE_BUDGET;
	}
	assert_int_equal(hz_source_some(&s, LONG - 5, out, 100, &n), HZ_OK);
	assert_int_equal(n, 5);
	/* the file became shorter than it was said to be */
	assert_int_equal(ftruncate(fd, 200000), 0);
	s.window_len = 0;
	assert_int_equal(hz_source_pread(&s, 199999, out, 2), HZ_ERR_FORMAT);
	assert_int_equal(hz_source_pread(&s, 250000, out, 1), HZ_ERR_FORMAT);
	assert_int_equal(hz_source_view(&s, 199999, 2, &p), HZ_ERR_FORMAT);
	close(fd);
	s.window_len = 0;
	assert_int_equal(hz_source_pread(&s, 1000, out, 1), HZ_ERR_IO);
}

/* No more than the budget is read, however often. */
void
test_source_limits(void **state)
{
	static _Alignas(HZ_SOURCE_PAGE) uint8_t window[HZ_SOURCE_WINDOW];
	struct hz_source s;
	uint8_t out = 0;
	uint64_t reads = 0;
	int fd = memfd_create("file", MFD_CLOEXEC);

	(void)state;
	assert_int_equal(ftruncate(fd, (off_t)4 * HZ_SOURCE_WINDOW), 0);
	hz_source_begin(&s, "", 0, fd, 4 * HZ_SOURCE_WINDOW, window);
	while (hz_source_pread(&s, reads % 2 * 2 * HZ_SOURCE_WINDOW, &out, 1) == HZ_OK) {
		reads++;
	}
	assert_int_equal(reads, HZ_SOURCE_BUDGET / HZ_SOURCE_WINDOW);
	assert_int_equal(hz_source_pread(&s, 0, &out, 1), HZ_ERR_LIMIT);
	close(fd);
}

static enum hz_err
keep(void *arg, const uint8_t *p, size_t n)
{
	assert_true(n > 0 && hz_wire_text_ok(p, n));
	return hz_buf_put(arg, p, n);
}

static void
expect_text(const char *in, size_t n, size_t step, const char *want)
{
	static struct hz_text t;
	struct hz_buf out = HZ_BUF_INIT(HZ_INSPECT_TEXT_MAX);

	hz_text_begin(&t, keep, &out);
	for (size_t at = 0; at < n; at += step) {
		assert_true(hz_text_put(&t, in + at, step < n - at ? step : n - at));
	}
	assert_int_equal(hz_text_end(&t), HZ_OK);
	assert_int_equal(out.len, strlen(want));
	assert_true(out.len == 0 || memcmp(out.p, want, out.len) == 0);
	assert_false(t.cut);
	hz_buf_done(&out);
}

void
test_text_clean(void **state)
{
	static const char in[] = "a\tb\nc\fd\x1b"
				 "e\x7f\xc2\x85"
				 "f\xd8\xa3\xff\xe2\x82"
				 "g\xe2\x82";
	static const char want[] =
	    "a\tb\nc\fdef\xd8\xa3\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbdg\xef\xbf\xbd\xef\xbf\xbd";

	(void)state;
	for (size_t step = 1; step < sizeof(in); step++) {
		expect_text(in, sizeof(in) - 1, step, want);
	}
	expect_text("", 0, 1, "");
	expect_text("\0\1\2", 3, 1, "");
	expect_text("a\r\nb\rc", 6, 6, "a\nb\nc");
}

/* Line ends and characters that are cut by the pieces in which they come. */
void
test_text_cut(void **state)
{
	static const char in[] = "\xf0\x9f\x98\x80\r\n\xd8\xa3\r\rx\r\n";

	(void)state;
	for (size_t step = 1; step < sizeof(in); step++) {
		expect_text(in, sizeof(in) - 1, step, "\xf0\x9f\x98\x80\n\xd8\xa3\n\nx\n");
	}
}

void
test_text_limit(void **state)
{
	static struct hz_text t;
	static char part[1 << 20];
	struct hz_buf out = HZ_BUF_INIT(HZ_INSPECT_TEXT_MAX);

	(void)state;
	memset(part, 'a', sizeof(part));
	hz_text_begin(&t, keep, &out);
	for (int i = 0; i < 15; i++) {
		assert_true(hz_text_put(&t, part, sizeof(part)));
	}
	assert_true(hz_text_put(&t, part, sizeof(part) - 1));
	assert_false(hz_text_puts(&t, "\xd8\xa3")); /* half of it would fit */
	assert_true(t.cut);
	assert_false(hz_text_puts(&t, "a"));
	assert_int_equal(hz_text_end(&t), HZ_OK);
	assert_int_equal(out.len, HZ_INSPECT_TEXT_MAX - 1);
	/* what the sink says stays said */
	out.max = 10;
	hz_buf_clear(&out);
	hz_text_begin(&t, keep, &out);
	assert_false(hz_text_put(&t, part, sizeof(part)));
	assert_int_equal(hz_text_end(&t), HZ_ERR_LIMIT);
	hz_buf_done(&out);
}

/* FIPS 180-4's example, and lengths around the ends of blocks, computed elsewhere. */
void
test_sha256(void **state)
{
	static const struct {
		size_t n;
		const char *want;
	} cases[] = { { 0, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855" },
		{ 1, "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d" },
		{ 55, "576a1bf8d4478657e6dc4af9398544765c2a92cde28478b019235cfed315fc09" },
		{ 56, "9b20501dfd1d99161c257950f3444f3e49230c351c5c8e0943ef369f85f5205d" },
		{ 63, "30b345906b493f06f69444b6521113511c242f30e29840462950035043682f1e" },
		{ 64, "d8bc63b4fc1156e5e7d95a418b9bf54cd3174bedbc2db40f74895349b229b3c0" },
		{ 65, "1ee23b0fbcaecc1aff4a9e8f1645f35ab2c8e13609cd73b68df8b5e3f63ce073" },
		{ 119, "7a6589821178918ca8d9edaba5abfc1e9b2669564f4469b66885379c1530b2c8" },
		{ 120, "655250427d56b1b0eeb8497d21428704273458a01772d6881b65c0abac0f8a98" },
		{ 128, "54c9eb041badfd7064645067b107661fed6113197ce2dd066ba69618abd3732f" },
		{ 1000, "89f4ff56a25dd1db06a4ce6033603775d705fb96f30f8693733fef602a1ca532" } };
	uint8_t in[1000], h[32];
	char hex[65];

	(void)state;
	hz_inspect_sha256("abc", 3, h);
	hz_hex(hex, h, 32);
	assert_string_equal(hex, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	for (size_t i = 0; i < sizeof(in); i++) {
		in[i] = (uint8_t)(i * 7);
	}
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		hz_inspect_sha256(in, cases[i].n, h);
		hz_hex(hex, h, 32);
		assert_string_equal(hex, cases[i].want);
	}
}
