/* Claims: keys and names, and for each grammar what is a value and what is not. */
#include "sandbox/claims.h"
#include "tests.h"

static bool
ok(enum hz_claim_key key, const char *value)
{
	return hz_claim_ok(key, value, strlen(value));
}

static void
check(enum hz_claim_key key, const char *const *yes, const char *const *no)
{
	for (; *yes != NULL; yes++) {
		if (!ok(key, *yes)) {
			fail_msg("\"%s\" refused", *yes);
		}
	}
	for (; *no != NULL; no++) {
		if (ok(key, *no)) {
			fail_msg("\"%s\" taken", *no);
		}
	}
}

/* Numbers ascend and fit in a byte; names fit in a record's field and come once. */
void
test_claim_keys(void **state)
{
	static const struct {
		unsigned key;
		const char *name;
	} all[] = {
#define ROW(num, sym, name, grammar) { (num), (name) },
		HZ_CLAIM_LIST(ROW)
#undef ROW
	};

	(void)state;
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		assert_true(all[i].key > 0 && all[i].key < 256);
		assert_true(i == 0 || all[i].key > all[i - 1].key);
		assert_true(strlen(all[i].name) < HZ_CLAIM_NAME_MAX);
		assert_int_equal(
		    strspn(all[i].name, "abcdefghijklmnopqrstuvwxyz0123456789_."), strlen(all[i].name));
		assert_string_equal(hz_claim_name(all[i].key), all[i].name);
		for (size_t k = 0; k < i; k++) {
			assert_string_not_equal(all[i].name, all[k].name);
		}
	}
	assert_null(hz_claim_name(0));
	assert_null(hz_claim_name(255));
	assert_null(hz_claim_name(UINT32_MAX));
	assert_false(hz_claim_ok(0, "1", 1));
	assert_false(hz_claim_ok(255, "1", 1));
	assert_int_equal(hz_claim_grammar(HZ_CLAIM_GPS_TIME), HZ_CLAIM_TIME);
}

void
test_claim_values(void **state)
{
	static const char *const text_yes[] = { "A", "Apple iPhone 11 Pro",
		"\xd8\xa7\xd9\x84\xd8\xb4\xd8\xa7\xd9\x85", "\xef\xbf\xbd", "a  b", "\xc2\xa9 2020", NULL };
	static const char *const text_no[] = { "", " ", " a", "a ", "a\tb", "a\nb", "a\x7f", "\x1b[31m",
		"\xc2\x85", "\xc3(", "\xed\xa0\x80", "a\xe2\x80\xa8", "\xe2\x80\xa9x", "\xff", NULL };
	static const char *const word_yes[] = { "json", "proof.csv", "a-b_c+d/e", "0", NULL };
	static const char *const word_no[] = { "", "A", "a b", "a\n", "\xc3\xa9", "a;b", NULL };
	static const char *const number_yes[] = { "0", "1", "10", "9007199254740991", NULL };
	static const char *const number_no[] = { "", "-1", "01", "+1", "1.0", "9007199254740992",
		"99999999999999999999", "1 ", NULL };
	static const char *const decimal_yes[] = { "0", "1", "-1", "0.5", "-0.5", "1.024",
		"123456789012345.123456789", "1.50", NULL };
	static const char *const decimal_no[] = { "", "-", ".", ".5", "1.", "-.5", "01", "-0", "-0.0", "1e3",
		"+1", "1,5", "1.1234567890", "1234567890123456", "1.-2", "nan", NULL };
	static const char *const latitude_yes[] = { "90", "90.0", "-90", "-89.999999999", "0", NULL };
	static const char *const latitude_no[] = { "90.1", "91", "-90.000000001", "180", NULL };
	static const char *const longitude_yes[] = { "180", "-180.000", "179.999", NULL };
	static const char *const longitude_no[] = { "180.1", "-181", "360", NULL };
	char longest[HZ_CLAIM_VALUE_MAX + 2];

	(void)state;
	check(HZ_CLAIM_EXIF_MAKE, text_yes, text_no);
	check(HZ_CLAIM_PROOFMODE_PART, word_yes, word_no);
	check(HZ_CLAIM_WIDTH, number_yes, number_no);
	check(HZ_CLAIM_DURATION, decimal_yes, decimal_no);
	check(HZ_CLAIM_GPS_LATITUDE, latitude_yes, latitude_no);
	check(HZ_CLAIM_GPS_LONGITUDE, longitude_yes, longitude_no);
	memset(longest, 'a', sizeof(longest));
	assert_true(hz_claim_ok(HZ_CLAIM_EXIF_MAKE, longest, HZ_CLAIM_VALUE_MAX));
	assert_false(hz_claim_ok(HZ_CLAIM_EXIF_MAKE, longest, HZ_CLAIM_VALUE_MAX + 1));
	assert_true(hz_claim_ok(HZ_CLAIM_PROOFMODE_PART, longest, 64));
	assert_false(hz_claim_ok(HZ_CLAIM_PROOFMODE_PART, longest, 65));
	assert_true(hz_claim_ok(HZ_CLAIM_C2PA_SHA256, longest, 64));
	assert_false(hz_claim_ok(HZ_CLAIM_C2PA_SHA256, longest, 63));
	assert_false(hz_claim_ok(HZ_CLAIM_C2PA_SHA256, longest, 65));
	longest[63] = 'A';
	assert_false(hz_claim_ok(HZ_CLAIM_C2PA_SHA256, longest, 64));
	assert_false(hz_claim_ok(HZ_CLAIM_EXIF_MAKE, "a\0b", 3));
}

void
test_claim_times(void **state)
{
	static const char *const yes[] = { "2011", "2011-03", "2011-03-18", "2011-03-18T12:30",
		"2011-03-18T12:30Z", "2011-03-18T12:30:59", "2011-03-18T12:30:59Z",
		"2011-03-18T12:30:59+03:00", "2011-03-18T12:30:59.5-09:30",
		"2011-03-18T12:30:59.123456789+15:59", "2012-02-29", "2000-02-29", "0001-01-01T00:00:00Z",
		"9999-12-31T23:59:59Z", NULL };
	static const char *const no[] = { "", "0000", "201", "20111", "2011-", "2011-3", "2011-00", "2011-13",
		"2011-03-", "2011-03-00", "2011-03-32", "2011-04-31", "2011-02-29", "1900-02-29",
		"2011-03-18T", "2011-03-18T12", "2011-03-18T24:00", "2011-03-18T12:60", "2011-03-18T12:30:60",
		"2011-03-18T12:30:5", "2011-03-18T12:30:59.", "2011-03-18T12:30:59.1234567890",
		"2011-03-18 12:30:59", "2011-03-18T12:30:59z", "2011-03-18T12:30:59+16:00",
		"2011-03-18T12:30:59+3:00", "2011-03-18T12:30:59+0300", "2011-03-18T12:30:59+03:60",
		"2011-03-18T12:30:59ZZ", "2011-03-18T12:30:59+03:00 ", "2011-03-18Z", "2011:03:18", "-2011",
		" 2011", "20\xd9\xa1\xd9\xa1", NULL };

	(void)state;
	check(HZ_CLAIM_EXIF_TIME_TAKEN, yes, no);
}

void
test_claims_list(void **state)
{
	static struct hz_claims c;

	(void)state;
	assert_true(hz_claims_put(&c, HZ_CLAIM_EXIF_MODEL, "b", 1));
	assert_true(hz_claims_put(&c, HZ_CLAIM_WIDTH, "10", 2));
	assert_true(hz_claims_put(&c, HZ_CLAIM_EXIF_MAKE, "a", 1));
	assert_false(hz_claims_put(&c, HZ_CLAIM_EXIF_MAKE, "c", 1)); /* the first stays */
	assert_false(hz_claims_put(&c, HZ_CLAIM_HEIGHT, "x", 1));
	assert_int_equal(c.n, 3);
	for (size_t i = 1; i < c.n; i++) {
		assert_true(c.list[i].key > c.list[i - 1].key);
	}
	assert_string_equal(hz_claims_get(&c, HZ_CLAIM_EXIF_MAKE), "a");
	assert_string_equal(hz_claims_get(&c, HZ_CLAIM_EXIF_MODEL), "b");
	assert_string_equal(hz_claims_get(&c, HZ_CLAIM_WIDTH), "10");
	assert_null(hz_claims_get(&c, HZ_CLAIM_HEIGHT));
	c.n = HZ_CLAIMS_MAX;
	assert_false(hz_claims_put(&c, HZ_CLAIM_HEIGHT, "1", 1));
}
