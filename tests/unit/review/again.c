/* A classification made again: the words behind roles and certainties, where it says the same today. */
#include "tests.h"

#include "review/again.h"

#include <string.h>

static const char rules_text[] =
    "hirz-rules 1\nname test\nversion 1\nlang en\n"
    "[type attack]\nlabel.en Attack\nlabel.ar هجوم\nterm en shelling w=5\n"
    "[party zorland]\nlabel.en Zorland\nlabel.ar زورلند\nalias en zorland w=5\n"
    "[party old]\nlabel.en Old\nlabel.ar قديم\nvalid ..2024-12-08\nalias en the army w=5\n"
    "[party new]\nlabel.en New\nlabel.ar جديد\nvalid 2024-12-09..\nalias en the army w=5 valid=2024-12-09..\n"
    "[role perpetrator]\nbefore en shelling by @3\n[cue alleged]\nterm en reportedly\n";
static const char text[] = "Reportedly shelling by Zorland. The army came.";

static uint64_t
newest(struct hz_view *w)
{
	struct hz_tag_set set;
	bool found = false;
	assert_int_equal(hz_tag_set_load(w, 1, &found, &set), HZ_OK);
	assert_true(found);
	uint64_t record = set.record;
	hz_tag_set_done(&set);
	return record;
}

/* Keeps these tags, as another version of the program would have. */
static void
keep(struct hz_vault *v, const struct hz_rules *rules, const struct hz_tags *t)
{
	struct hz_batch *b = NULL;
	struct hz_tag_set set;
	bool fresh = false;
	struct hz_new_classification n = { .exhibit = 1,
		.rules = 1,
		.rules_id = hz_rules_id(rules),
		.rules_version = "1",
		.engine = "test 0",
		.tags = t };
	assert_int_equal(hz_batch_begin(v, &b), HZ_OK);
	assert_int_equal(hz_batch_classification(b, &n, &fresh, &set), HZ_OK);
	assert_true(fresh);
	hz_tag_set_done(&set);
	assert_int_equal(hz_batch_finish(&b), HZ_OK);
}

static void
load(struct hz_vault *v, struct hz_again *a, const struct hz_rules *rules, bool same)
{
	struct hz_view *w = NULL;
	assert_int_equal(hz_view_begin(v, &w), HZ_OK);
	uint64_t record = newest(w);
	assert_int_equal(hz_again_load(a, w, record, rules, text, sizeof(text) - 1), HZ_OK);
	hz_view_end(&w);
	assert_int_equal(a->record, record);
	assert_int_equal(a->same, same);
	for (size_t i = 0; i < a->kept.n; i++) {
		assert_int_equal(a->kept.v[i].why != NULL, same);
	}
}

static void
made_again(void **state)
{
	struct hz_vault *v = make_vault("v");
	struct hz_rules *rules = NULL;
	struct hz_batch *b = NULL;
	struct hz_again a = { 0 };
	struct hz_classify_sum sum;
	struct hz_tags t = { 0 };
	(void)state;
	assert_int_equal(hz_rules_load(rules_text, sizeof(rules_text) - 1, &rules), HZ_OK);
	assert_int_equal(hz_batch_begin(v, &b), HZ_OK);
	(void)seal_text(b, 0, text, sizeof(text) - 1, "2017-04-04");
	assert_int_equal(hz_batch_finish(&b), HZ_OK);
	struct hz_classify_opts o = { .rules = rules,
		.file = rules_text,
		.file_size = sizeof(rules_text) - 1,
		.engine = "test 1",
		.all = true };
	assert_int_equal(hz_review_classify(v, &o, NULL, NULL, &sum), HZ_OK);

	/* With the date that it was given then: it tells the two armies apart. */
	load(v, &a, rules, true);
	const struct hz_tag *z = hz_again_find(&a, HZ_AXIS_PARTY, "zorland", HZ_ROLE_PERPETRATOR);
	assert_non_null(z);
	assert_string_equal(z->why[0].role.rule, "role/perpetrator:1");
	assert_int_equal(z->why[0].role.start, 11);
	assert_int_equal(z->why[0].role.end, 22);
	assert_string_equal(z->why[0].certain.rule, "cue/alleged:1");
	assert_string_equal(z->why[0].certain.term, "reportedly");
	assert_non_null(hz_again_find(&a, HZ_AXIS_PARTY, "old", HZ_ROLE_NONE));
	assert_null(hz_again_find(&a, HZ_AXIS_PARTY, "new", HZ_ROLE_NONE));
	assert_null(hz_again_find(&a, HZ_AXIS_PARTY, "zorland", HZ_ROLE_NONE));

	/* Any difference counts: a date that was not given, a score, a certainty, a span, a tag too few. */
	assert_int_equal(hz_classify(rules, text, sizeof(text) - 1, NULL, &t), HZ_OK);
	hz_tags_done(&t);
	struct hz_classify_when when = { "2017-04-04", "2017-04-04" };
	for (int i = 0; i < 6; i++) {
		assert_int_equal(hz_classify(rules, text, sizeof(text) - 1, &when, &t), HZ_OK);
		assert_true(t.n == 3 && t.v[0].nspans == 1);
		if (i == 0) {
			t.v[0].score -= 100;
		} else if (i == 1) {
			t.v[0].certainty = HZ_CERTAIN_STATED;
		} else if (i == 2) {
			t.v[0].spans[0].end--;
		} else if (i == 3) {
			(void)strcpy(t.v[0].spans[0].rule, "type/attack:2");
		} else if (i == 4) {
			t.v[0].left_out = 1;
		}
		size_t n = t.n;
		t.n -= i == 5;
		keep(v, rules, &t);
		load(v, &a, rules, false);
		t.n = n;
		hz_tags_done(&t);
	}
	/* What is held already is kept. */
	struct hz_view *w = NULL;
	uint64_t held = a.record;
	assert_int_equal(hz_view_begin(v, &w), HZ_OK);
	assert_int_equal(hz_again_load(&a, w, held, NULL, NULL, 0), HZ_OK);
	assert_int_not_equal(hz_again_load(&a, w, 1, rules, text, sizeof(text) - 1), HZ_OK);
	hz_view_end(&w);
	assert_int_equal(a.record, 0);
	hz_again_done(&a);
	hz_rules_free(&rules);
	hz_vault_close(&v);
}

const struct CMUnitTest again_tests[] = {
	cmocka_unit_test_setup_teardown(made_again, scratch_make, scratch_drop),
};
const size_t again_count = sizeof(again_tests) / sizeof(again_tests[0]);
