#include "base/enc.h"
#include "tests.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

static void
known_times(void **state)
{
	(void)state;
	static const struct {
		int64_t t;
		const char *s;
	} known[] = {
		{ 0, "1970-01-01T00:00:00Z" },
		{ -1, "1969-12-31T23:59:59Z" },
		{ 951782400, "2000-02-29T00:00:00Z" },
		{ 1709164799, "2024-02-28T23:59:59Z" },
		{ 2147483648, "2038-01-19T03:14:08Z" },
		{ 4107542400, "2100-03-01T00:00:00Z" },
		{ -62135596800, "0001-01-01T00:00:00Z" },
		{ 253402300799, "9999-12-31T23:59:59Z" },
	};
	for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
		char s[21];
		int64_t t = 7;
		hz_time_format(known[i].t, s);
		assert_string_equal(s, known[i].s);
		assert_ok(hz_time_parse(s, 20, &t));
		assert_true(t == known[i].t);
	}
	char s[21];
	hz_time_format(INT64_MAX, s);
	assert_string_equal(s, "9999-12-31T23:59:59Z");
	hz_time_format(INT64_MIN, s);
	assert_string_equal(s, "0001-01-01T00:00:00Z");
}

/* Against libc, a step that meets every day of the year and every hour. */
static void
same_as_libc(void **state)
{
	(void)state;
	for (int64_t t = -62135596800; t <= 253402300799; t += 86400 * 9 + 3723) {
		struct tm tm;
		time_t when = (time_t)t;
		char want[64];
		char got[21];
		int64_t back = 0;
		assert_non_null(gmtime_r(&when, &tm));
		(void)snprintf(want, sizeof want, "%04d-%02d-%02dT%02d:%02d:%02dZ", tm.tm_year + 1900,
		    tm.tm_mon + 1, tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec);
		hz_time_format(t, got);
		assert_string_equal(got, want);
		assert_ok(hz_time_parse(got, 20, &back));
		assert_true(back == t);
	}
}

static void
wrong_times(void **state)
{
	(void)state;
	static const char *const wrong[] = { "", "2024-02-28", "2024-02-28T23:59:59", "2024-02-28T23:59:59z",
		"2024-02-28t23:59:59Z", "2024-02-28 23:59:59Z", "2023-02-29T00:00:00Z",
		"2100-02-29T00:00:00Z", "2024-02-30T00:00:00Z", "2024-04-31T00:00:00Z",
		"2024-00-10T00:00:00Z", "2024-13-10T00:00:00Z", "2024-01-00T00:00:00Z",
		"2024-01-32T00:00:00Z", "2024-01-01T24:00:00Z", "2024-01-01T23:60:00Z",
		"2024-01-01T23:59:60Z", "0000-01-01T00:00:00Z", "2024-01-01T00:00:00+",
		"+024-01-01T00:00:00Z", "2024-01-01T00:00:0 Z", "2024/01/01T00:00:00Z",
		"2024-01-01T00:00:00ZZ", "2024-01-01T00:00:00.0Z", "2024-1-01T000:00:00Z" };
	for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
		int64_t t = 7;
		assert_err(hz_time_parse(wrong[i], strlen(wrong[i]), &t), HZ_ERR_FORMAT);
		assert_int_equal(t, 7);
	}
}

static void
clocks_run(void **state)
{
	(void)state;
	int64_t a = hz_time_now();
	int64_t ns = hz_time_now_ns();
	int64_t libc = (int64_t)time(NULL);
	assert_in_range(libc, a - 1, a + 60);
	assert_in_range(ns / 1000000000, a, a + 60);
	int64_t b1 = hz_time_boot_ns();
	int64_t b2 = hz_time_boot_ns();
	assert_true(b1 > 0 && b2 >= b1);
}

const struct CMUnitTest time_tests[] = {
	cmocka_unit_test(known_times),
	cmocka_unit_test(same_as_libc),
	cmocka_unit_test(wrong_times),
	cmocka_unit_test(clocks_run),
};
const size_t time_count = sizeof time_tests / sizeof time_tests[0];
