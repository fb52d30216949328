#include "tests.h"

#include "ingest/inner.h"

#include <string.h>

static const struct hz_ingest_opts all = { .title = "عنوان",
	.source = "شاهد 14",
	.from = "from",
	.where = "where",
	.when = "2019",
	.lang = "ar",
	.note = "note",
	.case_code = "C",
	.consent = HZ_CONSENT_GIVEN,
	.consent_ref = "C-1" };

static void
field_is(const struct hz_record *r, const char *name, const char *want)
{
	const char *got = hz_record_get(r, name);
	if (want == NULL) {
		assert_null(got);
	} else {
		assert_non_null(got);
		assert_string_equal(got, want);
	}
}

static void
exhibit(void **state)
{
	static struct hz_media m = { .type = "image/jpeg",
		.by = "libmagic, sandbox full",
		.claims_by = "hirz-inspect 1, sandbox full" };
	const struct hz_about a = { "p.jpg", "d/p.jpg", true, 1563771662, 4711, &m };
	struct hz_claimed when;
	struct hz_record r, again;
	struct hz_record_draft d;
	(void)state;
	assert_true(hz_claims_put(&m.claims, HZ_CLAIM_WIDTH, "4032", 4));
	assert_true(hz_claims_put(&m.claims, HZ_CLAIM_EXIF_TIME_TAKEN, "2019-07-22T05:01:02", 19));
	assert_int_equal(hz_claimed_parse(all.when, &when), HZ_OK);
	assert_int_equal(hz_draft_make(&all, &when, &a, &r, &d), HZ_OK);
	static const char *const want[][2] = { { "kind", "exhibit" }, { "exhibit.name", "p.jpg" },
		{ "exhibit.name_b64", NULL }, { "exhibit.path", "d/p.jpg" },
		{ "file.mtime", "2019-07-22T05:01:02Z" }, { "exhibit.title", "عنوان" },
		{ "exhibit.lang", "ar" }, { "content.size", "4711" }, { "content.media_type", "image/jpeg" },
		{ "content.type_by", "libmagic, sandbox full" }, { "case", "C" },
		{ "receipt.source", "شاهد 14" }, { "receipt.from", "from" }, { "receipt.where", "where" },
		{ "receipt.when", "2019" }, { "receipt.when_from", "2019-01-01" },
		{ "receipt.when_to", "2019-12-31" }, { "receipt.when_precision", "year" },
		{ "receipt.consent", "given" }, { "receipt.consent_ref", "C-1" }, { "receipt.note", "note" },
		{ "receipt.consent_basis", NULL }, { "inspected.by", "hirz-inspect 1, sandbox full" },
		{ "inspected.width", "4032" }, { "inspected.exif.time_taken", "2019-07-22T05:01:02" } };
	for (size_t i = 0; i < sizeof(want) / sizeof(want[0]); i++) {
		field_is(&r, want[i][0], want[i][1]);
	}
	assert_int_equal(r.n, 23);
	hz_record_draft_done(&d);
	/* A late receipt keeps what belongs to the receipt, and nothing of the exhibit. */
	assert_int_equal(hz_draft_receipt(&r, &again, &d), HZ_OK);
	field_is(&again, "kind", "receipt");
	field_is(&again, "exhibit.name", "p.jpg");
	field_is(&again, "exhibit.path", "d/p.jpg");
	field_is(&again, "file.mtime", "2019-07-22T05:01:02Z");
	field_is(&again, "receipt.source", "شاهد 14");
	field_is(&again, "receipt.consent", "given");
	field_is(&again, "content.size", NULL);
	field_is(&again, "exhibit.title", NULL);
	field_is(&again, "case", NULL);
	assert_int_equal(again.n, 14);
	hz_record_draft_done(&d);
	hz_record_done(&again);
	hz_record_done(&r);
}

static void
receipt(void **state)
{
	const struct hz_about a = { "n", NULL, false, 0, 1, NULL };
	struct hz_ingest_opts o = { .consent = HZ_CONSENT_NONE_NEEDED, .note = "basis", .title = "t" };
	struct hz_claimed none = { .precision = NULL };
	struct hz_record r;
	struct hz_record_draft d;
	(void)state;
	assert_int_equal(hz_draft_make(&o, &none, &a, &r, &d), HZ_OK);
	field_is(&r, "kind", "receipt");
	field_is(&r, "receipt.consent", "none");
	field_is(&r, "receipt.consent_basis", "basis");
	field_is(&r, "receipt.note", NULL);
	assert_int_equal(r.n, 4);
	hz_record_draft_done(&d);
	hz_record_done(&r);
}

static void
names(void **state)
{
	struct hz_ingest_opts o = { .consent = HZ_CONSENT_UNKNOWN };
	struct hz_claimed none = { .precision = NULL };
	struct hz_about a = { "a\xff\xfez", "d\xff/a", false, 0, 1, NULL };
	struct hz_record r;
	struct hz_record_draft d;
	static char large[HZ_FIELD_VALUE_MAX + 2];
	(void)state;
	assert_int_equal(hz_draft_make(&o, &none, &a, &r, &d), HZ_OK);
	field_is(&r, "exhibit.name", "a\xef\xbf\xbd\xef\xbf\xbdz");
	field_is(&r, "exhibit.name_b64", "Yf_-eg");
	field_is(&r, "exhibit.path", "d\xef\xbf\xbd/a");
	field_is(&r, "exhibit.path_b64", "ZP8vYQ");
	hz_record_draft_done(&d);
	hz_record_done(&r);
	a.name = "new\nline\x1b";
	assert_int_equal(hz_draft_make(&o, &none, &a, &r, &d), HZ_OK);
	field_is(&r, "exhibit.name", "new\nline\x1b");
	field_is(&r, "exhibit.name_b64", NULL);
	hz_record_draft_done(&d);
	hz_record_done(&r);
	memset(large, 'x', HZ_FIELD_VALUE_MAX + 1);
	a.below = large;
	assert_int_equal(hz_draft_make(&o, &none, &a, &r, &d), HZ_ERR_LIMIT);
}

const struct CMUnitTest draft_tests[] = { cmocka_unit_test(exhibit), cmocka_unit_test(receipt),
	cmocka_unit_test(names) };
const size_t draft_count = sizeof(draft_tests) / sizeof(draft_tests[0]);
