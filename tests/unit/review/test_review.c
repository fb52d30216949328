/* Runs over texts of a vault, decisions of people, the queue, counts, queries. */
#include "tests.h"

#include "review/review.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --- rules
 * --------------------------------------------------------------------------------------------------- */

#define HEAD                                                                                                 \
	"hirz-rules 1\nname test\nversion %s\nlang en\n"                                                     \
	"[type unlawful_attack]\nlabel.en Attack\nlabel.ar هجوم\nterm en attack w=5\n"                   \
	"[type unlawful_attack.air]\nlabel.en Air attack\nlabel.ar غارة\nterm en airstrike w=5\n"        \
	"[party gov_sy]\nlabel.en Government\nlabel.ar النظام\nalias en government w=5\n"              \
	"[party gov_sy.air]\nlabel.en Air force\nlabel.ar سلاح الجو\nalias en airforce w=5\n"
#define MORE "[type detention]\nlabel.en Detention\nlabel.ar احتجاز\nterm en %s w=5\n"

struct book {
	char file[4096];
	struct hz_rules *rules;
};

static void
book_open(struct book *b, const char *version, const char *word)
{
	(void)snprintf(b->file, sizeof(b->file), HEAD MORE, version, word);
	enum hz_err r = hz_rules_load(b->file, strlen(b->file), &b->rules);
	if (r != HZ_OK) {
		print_error("rules: %s\n", hz_fail_detail());
	}
	assert_int_equal(r, HZ_OK);
}

/* --- runs
 * ---------------------------------------------------------------------------------------------------- */

struct heard {
	unsigned calls, tags;
	struct hz_vault *v;
	bool durable;
	enum hz_err stop;
	char last[HZ_NUMBER_MAX], when[11];
	enum hz_classified_how how;
};

static enum hz_err
hear(void *arg, const struct hz_classified *c)
{
	struct heard *h = arg;
	h->calls++;
	h->how = c->how;
	(void)snprintf(h->last, sizeof(h->last), "%s", c->number);
	(void)snprintf(h->when, sizeof(h->when), "%s", c->when.from);
	h->tags += c->tags ? (unsigned)c->tags->n : 0;
	/* What is said was written before: its event is in the log that others see. */
	if (c->how == HZ_CLASSIFIED_NEW && h->durable) {
		struct hz_view *w = NULL;
		struct hz_tag_set s;
		bool found = false;
		assert_int_equal(hz_view_begin(h->v, &w), HZ_OK);
		assert_int_equal(hz_tag_set_load(w, c->exhibit, &found, &s), HZ_OK);
		assert_true(found && s.n == c->set->n);
		hz_tag_set_done(&s);
		hz_view_end(&w);
	}
	return h->stop;
}

static struct hz_classify_sum
classify(struct hz_vault *v, const struct book *b, bool dry, struct heard *h)
{
	struct hz_classify_opts o = { .rules = b->rules,
		.file = b->file,
		.file_size = strlen(b->file),
		.engine = "test 1",
		.all = true,
		.dry = dry };
	struct hz_classify_sum sum;
	*h = (struct heard){ .v = v };
	enum hz_err r = hz_review_classify(v, &o, hear, h, &sum);
	if (r != HZ_OK) {
		print_error("classify: %s\n", hz_fail_detail());
	}
	assert_int_equal(r, HZ_OK);
	return sum;
}

static const char one_text[] = "An airstrike by the government. The airforce denied it.";

static struct hz_vault *
filled(void)
{
	struct hz_vault *v = make_vault("v");
	struct hz_batch *b = NULL;
	assert_int_equal(hz_batch_begin(v, &b), HZ_OK);
	(void)seal_text(b, 0, one_text, sizeof(one_text) - 1, "2017-04-04");
	(void)seal_text(b, 0, "nothing at all", 14, NULL);
	(void)seal(b, 5000, 3, "a picture");
	struct hz_exhibit d = seal_text(b, 3, "A detention, they say.", 22, NULL);
	assert_int_equal(hz_derived_origin(d.no), 3);
	(void)seal(b, 100, 4, "another picture");
	assert_int_equal(hz_batch_finish(&b), HZ_OK);
	return v;
}

static struct hz_tag_standing
stands(struct hz_vault *v, uint64_t exhibit, const char *id, bool *ret_there)
{
	struct hz_view *w = NULL;
	struct hz_tag_set s;
	struct hz_kept_tag like;
	struct hz_tag_standing st = { .state = HZ_TAG_SUPERSEDED };
	bool found = false;
	assert_int_equal(hz_tag_id_read(id, &like), HZ_OK);
	assert_int_equal(hz_view_begin(v, &w), HZ_OK);
	assert_int_equal(hz_tag_set_load(w, exhibit, &found, &s), HZ_OK);
	const struct hz_kept_tag *k = hz_tag_set_find(&s, &like);
	*ret_there = k != NULL;
	if (k) {
		st = hz_tag_stands(k);
	}
	hz_tag_set_done(&s);
	hz_view_end(&w);
	return st;
}

static enum hz_tag_state
state_of(struct hz_vault *v, uint64_t exhibit, const char *id)
{
	bool there = false;
	struct hz_tag_standing s = stands(v, exhibit, id, &there);
	assert_true(there);
	return s.state;
}

static void
check_all(struct hz_vault *v)
{
	struct hz_view *w = NULL;
	struct hz_exhibit e;
	bool found = true;
	assert_int_equal(hz_view_begin(v, &w), HZ_OK);
	for (unsigned kind = 0; kind < 2; kind++) {
		uint64_t no = kind ? HZ_DERIVED_FIRST : 1;
		for (found = true; found;) {
			assert_int_equal(hz_exhibit_next(w, &no, &found, &e), HZ_OK);
			if (found) {
				assert_int_equal(hz_tag_set_check(w, &e), HZ_OK);
			}
		}
	}
	assert_int_equal(hz_rules_rows_check(w), HZ_OK);
	hz_view_end(&w);
}

static void
runs(void **state)
{
	struct hz_vault *v = filled();
	struct book b, b2;
	struct heard h;
	(void)state;
	book_open(&b, "1", "detention");
	uint64_t before = hz_vault_info(v)->log_size;
	struct hz_classify_sum s = classify(v, &b, true, &h);
	assert_int_equal(hz_vault_info(v)->log_size, before); /* dry */
	assert_int_equal(s.texts, 3);
	assert_int_equal(s.no_text, 1);
	assert_int_equal(s.fresh, 3);
	assert_int_equal(h.calls, 4);
	unsigned tags = h.tags;
	assert_true(tags >= 4);
	s = classify(v, &b, false, &h);
	assert_int_equal(s.fresh, 3);
	assert_int_equal(s.tags, tags);
	assert_int_equal(s.proposed, tags);
	assert_int_equal(hz_vault_info(v)->log_size, before + 4); /* the rules, three texts */
	assert_int_equal(state_of(v, 1, "type:unlawful_attack.air"), HZ_TAG_PROPOSED);
	assert_int_equal(state_of(v, hz_derived_no(3, 1), "type:detention"), HZ_TAG_PROPOSED);
	/* The same again is no event. */
	s = classify(v, &b, false, &h);
	assert_int_equal(s.same, 3);
	assert_int_equal(s.fresh, 0);
	assert_int_equal(hz_vault_info(v)->log_size, before + 4);
	/* Rules that find less: what nobody decided is superseded. */
	book_open(&b2, "2", "nowhere");
	s = classify(v, &b2, false, &h);
	assert_int_equal(s.fresh, 3);
	assert_int_equal(state_of(v, hz_derived_no(3, 1), "type:detention"), HZ_TAG_SUPERSEDED);
	check_all(v);
	hz_rules_free(&b.rules);
	hz_rules_free(&b2.rules);
	hz_vault_close(&v);
}

/* A result is heard only when its event is durable; what the hearer refuses ends the run. */
static void
heard_late(void **state)
{
	struct hz_vault *v = filled();
	struct book b;
	struct heard h = { .v = v, .durable = true };
	struct hz_classify_sum sum;
	(void)state;
	book_open(&b, "1", "detention");
	uint64_t two[] = { 1, 3 };
	struct hz_classify_opts o = { .rules = b.rules,
		.file = b.file,
		.file_size = strlen(b.file),
		.engine = "test 1",
		.exhibits = two,
		.count = 2 };
	h.stop = HZ_ERR_CANCELLED;
	assert_int_equal(hz_review_classify(v, &o, hear, &h, &sum), HZ_ERR_CANCELLED);
	assert_int_equal(h.calls, 1);
	assert_string_equal(h.last, "DM3-000001");
	assert_string_equal(h.when, "2017-04-04");
	h = (struct heard){ .v = v };
	assert_int_equal(hz_review_classify(v, &o, hear, &h, &sum), HZ_OK);
	assert_string_equal(h.last, "DM3-000003.1");
	assert_string_equal(h.when, "");
	o.count = 1;
	two[0] = 99;
	assert_int_equal(hz_review_classify(v, &o, hear, &h, &sum), HZ_ERR_NOT_FOUND);
	hz_rules_free(&b.rules);
	hz_vault_close(&v);
}

static void
too_large(void **state)
{
	struct hz_vault *v = make_vault("v");
	struct hz_batch *b = NULL;
	struct book k;
	struct heard h;
	size_t n = (size_t)HZ_REVIEW_TEXT_MAX;
	char *text = malloc(n + 1);
	(void)state;
	assert_non_null(text);
	memset(text, '\n', n + 1);
	memcpy(text, "airstrike.", 10);
	assert_int_equal(hz_batch_begin(v, &b), HZ_OK);
	(void)seal_text(b, 0, text, n, NULL);
	(void)seal_text(b, 0, text, n + 1, NULL);
	assert_int_equal(hz_batch_finish(&b), HZ_OK);
	book_open(&k, "1", "detention");
	struct hz_classify_sum s = classify(v, &k, false, &h);
	assert_int_equal(s.fresh, 1);
	assert_int_equal(s.large, 1);
	assert_int_equal(h.how, HZ_CLASSIFIED_LARGE);
	assert_int_equal(state_of(v, 1, "type:unlawful_attack.air"), HZ_TAG_PROPOSED);
	hz_rules_free(&k.rules);
	hz_vault_close(&v);
	free(text);
}

/* --- decisions
 * ----------------------------------------------------------------------------------------------- */

static enum hz_err
decide(struct hz_vault *v, const struct hz_rules *rules, uint64_t exhibit, const char *tag,
    enum hz_decision what, const char *by, struct hz_review_outcome *ret)
{
	struct hz_review_decision d = {
		.exhibit = exhibit, .tag = tag, .what = what, .by = by, .why = "as it stands there"
	};
	return hz_review_decide(v, &d, 1, rules, ret);
}

/* A tag of a party in the first text, whatever role it has there. */
static void
find_party(struct hz_vault *v, const char *value, char ret[static HZ_TAG_ID_MAX])
{
	struct hz_view *w = NULL;
	struct hz_tag_set s;
	bool found = false;
	ret[0] = '\0';
	assert_int_equal(hz_view_begin(v, &w), HZ_OK);
	assert_int_equal(hz_tag_set_load(w, 1, &found, &s), HZ_OK);
	for (size_t i = 0; i < s.n; i++) {
		if (s.v[i].axis == HZ_AXIS_PARTY && strcmp(s.v[i].value, value) == 0) {
			hz_kept_tag_id(&s.v[i], ret);
		}
	}
	hz_tag_set_done(&s);
	hz_view_end(&w);
	assert_true(ret[0] != '\0');
}

static void
decisions(void **state)
{
	struct hz_vault *v = filled();
	struct book b;
	struct heard h;
	struct hz_review_outcome out;
	char gov[HZ_TAG_ID_MAX];
	(void)state;
	book_open(&b, "1", "detention");
	(void)classify(v, &b, false, &h);
	find_party(v, "gov_sy", gov);
	assert_int_equal(
	    decide(v, b.rules, 1, "type:unlawful_attack.air", HZ_DECIDED_CONFIRMED, "Lina", &out), HZ_OK);
	assert_int_equal(out.now.state, HZ_TAG_CONFIRMED);
	assert_string_equal(out.number, "DM3-000001");
	/* The tag of a text that was made out of an exhibit, by the exhibit's number. */
	assert_int_equal(decide(v, b.rules, 3, "type:detention", HZ_DECIDED_REJECTED, "Lina", &out), HZ_OK);
	assert_string_equal(out.number, "DM3-000003.1");
	assert_int_equal(out.now.state, HZ_TAG_REJECTED);
	/* A party needs another person; the name is what tells people apart. */
	assert_int_equal(decide(v, b.rules, 1, gov, HZ_DECIDED_CONFIRMED, "Lina", &out), HZ_OK);
	assert_int_equal(out.now.state, HZ_TAG_PROPOSED);
	assert_int_equal(decide(v, b.rules, 1, gov, HZ_DECIDED_CONFIRMED, " lina", &out), HZ_OK);
	assert_int_equal(out.now.state, HZ_TAG_PROPOSED);
	assert_int_equal(decide(v, b.rules, 1, "party:gov_sy", HZ_DECIDED_REJECTED, "Omar", &out), HZ_OK);
	assert_string_equal(out.tag, gov);
	assert_int_equal(out.now.state, HZ_TAG_PROPOSED);
	assert_true(out.now.disputed);
	assert_int_equal(decide(v, b.rules, 1, gov, HZ_DECIDED_CONFIRMED, "Omar", &out), HZ_OK);
	assert_int_equal(out.now.state, HZ_TAG_CONFIRMED);
	/* By hand. */
	assert_int_equal(decide(v, b.rules, 4, "type:detention", HZ_DECIDED_ADDED, NULL, &out), HZ_OK);
	assert_int_equal(out.now.state, HZ_TAG_ADDED);
	assert_int_equal(decide(v, b.rules, 4, "date:2017-04", HZ_DECIDED_ADDED, NULL, &out), HZ_OK);
	/* A run changes no verdict. */
	(void)classify(v, &b, false, &h);
	assert_int_equal(state_of(v, 1, gov), HZ_TAG_CONFIRMED);
	assert_int_equal(state_of(v, hz_derived_no(3, 1), "type:detention"), HZ_TAG_REJECTED);
	check_all(v);
	hz_rules_free(&b.rules);
	hz_vault_close(&v);
}

static void
refused(void **state)
{
	struct hz_vault *v = filled();
	struct book b;
	struct heard h;
	struct hz_review_outcome out[2];
	(void)state;
	book_open(&b, "1", "detention");
	(void)classify(v, &b, false, &h);
	uint64_t before = hz_vault_info(v)->log_size;
	static const struct {
		const char *tag;
		enum hz_decision what;
		enum hz_err err;
	} bad[] = { { "type:detention", HZ_DECIDED_CONFIRMED, HZ_ERR_USAGE },
		{ "type:nothing", HZ_DECIDED_ADDED, HZ_ERR_USAGE },
		{ "type:detention@source", HZ_DECIDED_ADDED, HZ_ERR_USAGE },
		{ "date:2017-4", HZ_DECIDED_ADDED, HZ_ERR_USAGE },
		{ "date:x", HZ_DECIDED_ADDED, HZ_ERR_USAGE },
		{ "gov_sy", HZ_DECIDED_CONFIRMED, HZ_ERR_FORMAT } };
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_int_equal(decide(v, b.rules, 1, bad[i].tag, bad[i].what, "Lina", out), bad[i].err);
	}
	struct hz_review_decision d[2] = {
		{ .exhibit = 1,
		    .tag = "type:unlawful_attack.air",
		    .what = HZ_DECIDED_CONFIRMED,
		    .why = "seen" },
		{ .exhibit = 1, .tag = "type:unlawful_attack.air", .what = HZ_DECIDED_CONFIRMED, .why = " " }
	};
	assert_int_equal(hz_review_decide(v, d, 2, b.rules, out), HZ_ERR_USAGE); /* all or none */
	d[1] = d[0];
	d[1].proof = "certain";
	assert_int_equal(hz_review_decide(v, d, 2, b.rules, out), HZ_ERR_USAGE);
	d[1] = d[0];
	d[1].has_span = true;
	d[1].end = 3;
	assert_int_equal(hz_review_decide(v, d, 2, b.rules, out), HZ_ERR_USAGE);
	d[1].what = HZ_DECIDED_ADDED;
	d[1].tag = "type:detention";
	d[1].end = sizeof(one_text);
	assert_int_equal(hz_review_decide(v, d, 2, b.rules, out), HZ_ERR_USAGE);
	d[1].exhibit = 77;
	assert_int_equal(hz_review_decide(v, d, 2, b.rules, out), HZ_ERR_NOT_FOUND);
	assert_int_equal(hz_vault_info(v)->log_size, before);
	assert_int_equal(state_of(v, 1, "type:unlawful_attack.air"), HZ_TAG_PROPOSED);
	d[1].exhibit = 1;
	d[1].end = sizeof(one_text) - 1;
	for (const char *const *p = hz_review_proof_words(); *p; p++) {
		d[1].proof = *p;
	}
	d[1].status = hz_review_status_words()[0];
	d[1].legal = hz_review_legal_words()[1];
	assert_int_equal(hz_review_decide(v, d, 2, b.rules, out), HZ_OK);
	assert_int_equal(hz_vault_info(v)->log_size, before + 2);
	check_all(v);
	hz_rules_free(&b.rules);
	hz_vault_close(&v);
}

/* --- the queue, counts, queries
 * --------------------------------------------------------------------------------- */

static unsigned
waiting(struct hz_vault *v, const char *name, const struct hz_review_filter *f, char *first)
{
	struct hz_view *w = NULL;
	struct hz_review_place at = { 0 };
	struct hz_review_item i;
	uint8_t who[HZ_WHO_LEN];
	bool found = true;
	unsigned n = 0;
	assert_int_equal(hz_reviewer_me(v, name, who), HZ_OK);
	assert_int_equal(hz_view_begin(v, &w), HZ_OK);
	for (;;) {
		assert_int_equal(hz_review_next(w, who, f, &at, &found, &i), HZ_OK);
		if (!found) {
			break;
		}
		if (n++ == 0 && first) {
			(void)snprintf(first, HZ_TAG_ID_MAX, "%s", i.id);
		}
		assert_true(i.rules == 0 || i.tag.nspans > 0);
		assert_true(n < 100);
		hz_review_item_done(&i);
	}
	hz_view_end(&w);
	return n;
}

static void
queue(void **state)
{
	struct hz_vault *v = filled();
	struct book b, b2;
	struct heard h;
	struct hz_review_outcome out;
	char gov[HZ_TAG_ID_MAX], first[HZ_TAG_ID_MAX];
	(void)state;
	book_open(&b, "1", "detention");
	book_open(&b2, "2", "detention");
	assert_int_equal(waiting(v, "Lina", NULL, NULL), 0);
	struct hz_classify_sum s = classify(v, &b, false, &h);
	unsigned all = (unsigned)s.tags;
	assert_int_equal(waiting(v, "Lina", NULL, first), all);
	assert_string_equal(first, "type:unlawful_attack.air");
	find_party(v, "gov_sy", gov);
	assert_int_equal(decide(v, NULL, 1, gov, HZ_DECIDED_CONFIRMED, "Lina", &out), HZ_OK);
	assert_int_equal(waiting(v, "Lina", NULL, NULL), all - 1);
	assert_int_equal(waiting(v, "LINA ", NULL, NULL), all - 1);
	assert_int_equal(waiting(v, "Omar", NULL, NULL), all);
	struct hz_review_filter f = { .axis = HZ_AXIS_PARTY, .value = "gov_sy.air" };
	assert_int_equal(waiting(v, "Omar", &f, first), 1);
	f.disputed = true;
	f.value = NULL;
	assert_int_equal(waiting(v, "Omar", &f, NULL), 0);
	assert_int_equal(decide(v, NULL, 1, gov, HZ_DECIDED_REJECTED, "Omar", &out), HZ_OK);
	assert_int_equal(waiting(v, "Omar", &f, first), 1);
	assert_string_equal(first, gov);
	uint64_t three[] = { 3 };
	struct hz_review_filter g = { .exhibits = three, .count = 1 };
	assert_int_equal(waiting(v, "Omar", &g, first), 1);
	assert_string_equal(first, "type:detention");
	assert_int_equal(decide(v, NULL, 3, "type:detention", HZ_DECIDED_REJECTED, "Omar", &out), HZ_OK);
	assert_int_equal(waiting(v, "Lina", &g, NULL), 0);
	/* Other rules may ask again, also who rejected it. */
	(void)classify(v, &b2, false, &h);
	assert_int_equal(waiting(v, "Omar", &g, NULL), 1);
	bool there = false;
	assert_true(stands(v, hz_derived_no(3, 1), "type:detention", &there).before);
	(void)classify(v, &b, false, &h);
	assert_int_equal(waiting(v, "Omar", &g, NULL), 0);
	check_all(v);
	hz_rules_free(&b.rules);
	hz_rules_free(&b2.rules);
	hz_vault_close(&v);
}

static bool
has(struct hz_vault *v, uint64_t exhibit, const struct hz_tag_query *q)
{
	struct hz_view *w = NULL;
	struct hz_exhibit e;
	bool ret = false;
	assert_int_equal(hz_view_begin(v, &w), HZ_OK);
	assert_int_equal(hz_exhibit_get(w, exhibit, &e), HZ_OK);
	assert_int_equal(hz_review_has(w, &e, q, &ret), HZ_OK);
	hz_view_end(&w);
	return ret;
}

static void
counts(void **state)
{
	struct hz_vault *v = filled();
	struct book b;
	struct heard h;
	struct hz_review_outcome out;
	struct hz_tag_counts c;
	(void)state;
	book_open(&b, "1", "detention");
	(void)classify(v, &b, false, &h);
	assert_int_equal(decide(v, NULL, 3, "type:detention", HZ_DECIDED_CONFIRMED, "Lina", &out), HZ_OK);
	assert_int_equal(hz_review_counts(v, NULL, 0, &c), HZ_OK);
	assert_int_equal(c.exhibits, 4);
	assert_int_equal(c.texts, 3);
	assert_int_equal(c.classified, 3);
	assert_int_equal(c.reviewed, 2); /* the one without a tag, the one confirmed */
	struct hz_tag_count n = hz_tag_counts_below(&c, HZ_AXIS_TYPE, "unlawful_attack", NULL);
	assert_int_equal(n.state[HZ_TAG_PROPOSED], 1);
	n = hz_tag_counts_below(&c, HZ_AXIS_PARTY, "gov_sy", NULL);
	assert_true(n.state[HZ_TAG_PROPOSED] >= 2);
	n = hz_tag_counts_below(&c, HZ_AXIS_TYPE, "detention", NULL);
	assert_int_equal(n.state[HZ_TAG_CONFIRMED], 1);
	hz_tag_counts_done(&c);
	uint64_t two[] = { 2, 3 };
	assert_int_equal(hz_review_counts(v, two, 2, &c), HZ_OK);
	assert_int_equal(c.n, 1);
	assert_int_equal(c.exhibits, 2);
	hz_tag_counts_done(&c);
	struct hz_tag_query q = { .axis = HZ_AXIS_TYPE, .value = "unlawful_attack" };
	assert_true(has(v, 1, &q));
	assert_false(has(v, 2, &q));
	q.value = "unlawful";
	assert_false(has(v, 1, &q));
	q.value = "detention";
	assert_true(has(v, 3, &q)); /* in a text made out of it */
	q.state = HZ_TAG_PROPOSED;
	assert_false(has(v, 3, &q));
	assert_int_equal(decide(v, NULL, 3, "type:detention", HZ_DECIDED_REJECTED, "Lina", &out), HZ_OK);
	q.state = 0;
	assert_false(has(v, 3, &q));
	q.state = HZ_TAG_REJECTED;
	assert_true(has(v, 3, &q));
	hz_rules_free(&b.rules);
	hz_vault_close(&v);
}

/* learn.c */
extern const struct CMUnitTest learn_tests[];
extern const size_t learn_count;
/* again.c */
extern const struct CMUnitTest again_tests[];
extern const size_t again_count;

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(runs, scratch_make, scratch_drop),
		cmocka_unit_test_setup_teardown(heard_late, scratch_make, scratch_drop),
		cmocka_unit_test_setup_teardown(too_large, scratch_make, scratch_drop),
		cmocka_unit_test_setup_teardown(decisions, scratch_make, scratch_drop),
		cmocka_unit_test_setup_teardown(refused, scratch_make, scratch_drop),
		cmocka_unit_test_setup_teardown(queue, scratch_make, scratch_drop),
		cmocka_unit_test_setup_teardown(counts, scratch_make, scratch_drop),
	};
	struct CMUnitTest all[sizeof(tests) / sizeof(tests[0]) + 8];
	size_t n = sizeof(tests) / sizeof(tests[0]);
	memcpy(all, tests, sizeof(tests));
	for (size_t i = 0; i < learn_count; i++) {
		all[n++] = learn_tests[i];
	}
	for (size_t i = 0; i < again_count; i++) {
		all[n++] = again_tests[i];
	}
	if (hz_crypto_init() != HZ_OK) {
		return 1;
	}
	return _cmocka_run_group_tests("review", all, n, NULL, NULL);
}
