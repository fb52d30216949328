#include "tests.h"

#include <string.h>

static void
good(void **state)
{
	static const struct {
		const char *text, *from, *to, *precision;
	} rows[] = {
		{ "2019", "2019-01-01", "2019-12-31", "year" },
		{ "1000", "1000-01-01", "1000-12-31", "year" },
		{ "2019-02", "2019-02-01", "2019-02-28", "month" },
		{ "2020-02", "2020-02-01", "2020-02-29", "month" },
		{ "2019-07-22", "2019-07-22", "2019-07-22", "day" },
		{ "2000-02-29", "2000-02-29", "2000-02-29", "day" },
		{ "2019-07-22T08:01", "2019-07-22", "2019-07-22", "minute" },
		{ "2019-07-22 23:59Z", "2019-07-22", "2019-07-22", "minute" },
		{ "2019-07-22T08:01:59", "2019-07-22", "2019-07-22", "second" },
		{ "2019-07-22T08:01:59Z", "2019-07-22", "2019-07-22", "second" },
		{ "2019-07..2019-08", "2019-07-01", "2019-08-31", "range" },
		{ "2019..2019", "2019-01-01", "2019-12-31", "range" },
		{ "2019-07-22T01:00..2019-07-22T02:00", "2019-07-22", "2019-07-22", "range" },
		{ "~2019", "2019-01-01", "2019-12-31", "about" },
		{ "~2019-07-22", "2019-07-22", "2019-07-22", "about" },
		{ "٢٠١٩-٠٧-٢٢", "2019-07-22", "2019-07-22", "day" },
		{ "۲۰۱۹-۰۷", "2019-07-01", "2019-07-31", "month" },
		{ "~٢٠١٩", "2019-01-01", "2019-12-31", "about" },
	};
	struct hz_claimed c;
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		assert_int_equal(hz_claimed_parse(rows[i].text, &c), HZ_OK);
		assert_string_equal(c.from, rows[i].from);
		assert_string_equal(c.to, rows[i].to);
		assert_string_equal(c.precision, rows[i].precision);
	}
}

static void
bad(void **state)
{
	static const char *const rows[] = { "", "2", "201", "20190", "2019-", "2019-7", "2019-00", "2019-13",
		"0999", "2019-07-", "2019-07-2", "2019-07-00", "2019-07-32", "2019-06-31", "2019-02-29",
		"1900-02-29", "2019-07-222", "2019-07-22T", "2019-07-22T8:01", "2019-07-22T24:00",
		"2019-07-22T08:60", "2019-07-22T08:01:60", "2019-07-22T08:01:5", "2019-07-22t08:01",
		"2019-07-22T08:01+01", "2019/07/22", "22-07-2019", "2019-07..", "..2019-07", "..",
		"2019..2018", "2019-07-22..2019-07-21", "2019...2020", "2019..2020..2021", "~", "~~2019",
		"~2019..2020", "2019..~2020", " 2019", "2019 ", "-2019", "+201", "Z", "2019Z", "2019-07-22Z",
		"2019-07-22T08:01ZZ", "2019-07-22T08:01Zx", "\xd9", "201\xd9",
		"2019-07-22T08:01:59Z..2019-07-22T08:01:59Z..2019-07-22T08:01:59Z" };
	struct hz_claimed c = { .precision = "untouched" };
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (hz_claimed_parse(rows[i], &c) != HZ_ERR_USAGE) {
			fail_msg("taken as a date: %s", rows[i]);
		}
		assert_string_equal(c.precision, "untouched");
	}
}

static void
check(void **state)
{
	static const char *const file[] = { "a" }, *const twice[] = { "-", "a", "-" }, *const in[] = { "-" };
	static char large[HZ_FIELD_VALUE_MAX + 2];
	struct hz_ingest_opts o = { .consent = HZ_CONSENT_UNKNOWN };
	(void)state;
	assert_int_equal(hz_ingest_check(&o, file, 1), HZ_OK);
	assert_int_equal(hz_ingest_check(&o, in, 1), HZ_OK);
	assert_int_equal(hz_ingest_check(&o, twice, 3), HZ_ERR_USAGE);
	o.stdin_name = "x";
	assert_int_equal(hz_ingest_check(&o, file, 1), HZ_ERR_USAGE);
	assert_int_equal(hz_ingest_check(&o, in, 1), HZ_OK);
	o.stdin_name = NULL;
	memset(large, 'x', HZ_FIELD_VALUE_MAX);
	o.title = large;
	assert_int_equal(hz_ingest_check(&o, file, 1), HZ_OK);
	large[HZ_FIELD_VALUE_MAX] = 'x';
	assert_int_equal(hz_ingest_check(&o, file, 1), HZ_ERR_USAGE);
	o.title = "\xff";
	assert_int_equal(hz_ingest_check(&o, file, 1), HZ_ERR_USAGE);
	o.title = NULL;
	o.consent = HZ_CONSENT_NONE_NEEDED;
	assert_int_equal(hz_ingest_check(&o, file, 1), HZ_ERR_USAGE);
	o.note = "because";
	assert_int_equal(hz_ingest_check(&o, file, 1), HZ_OK);
	o.consent = HZ_CONSENT_GIVEN;
	assert_int_equal(hz_ingest_check(&o, file, 1), HZ_ERR_USAGE);
	o.consent_ref = "C-1";
	assert_int_equal(hz_ingest_check(&o, file, 1), HZ_OK);
	o.case_code = "a b";
	assert_int_equal(hz_ingest_check(&o, file, 1), HZ_ERR_USAGE);
	o.case_code = "قضية-1";
	assert_int_equal(hz_ingest_check(&o, file, 1), HZ_OK);
	o.when = "2019-13";
	assert_int_equal(hz_ingest_check(&o, file, 1), HZ_ERR_USAGE);
}

const struct CMUnitTest claimed_tests[] = { cmocka_unit_test(good), cmocka_unit_test(bad),
	cmocka_unit_test(check) };
const size_t claimed_count = sizeof(claimed_tests) / sizeof(claimed_tests[0]);
