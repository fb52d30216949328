/* Learning from decisions kept in a vault, and what is suggested then. */
#include "tests.h"

#include "review/learn.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MANY 270
#define NO   60

static const char rules_text[] =
    "hirz-rules 1\nname test\nversion 1\nlang en\n"
    "[type detention]\nlabel.en Detention\nlabel.ar احتجاز\nterm en held w=5\n"
    "[type unlawful_attack]\nlabel.en Attack\nlabel.ar هجوم\nterm en attack w=5\n"
    "[party zorland]\nlabel.en Zorland\nlabel.ar زورلند\nalias en zorland* w=5\nalias en free zorland army w=5\n";

static const char *const yes_words[] = { "shell fell", "rubble", "explosion", "smoke" };
static const char *const no_words[] = { "verbal", "newspaper", "speech", "debate" };
static const char *const filler[] = { "morning", "street", "people", "village", "before", "children" };

static void
one_text(char *out, size_t max, unsigned i, bool yes)
{
	size_t n =
	    (size_t)snprintf(out, max, "Text %u. The attack by %s: ", i, yes ? "Zorlanders" : "someone");
	for (unsigned k = 0; k < 14; k++) {
		unsigned r = i * 7919u + k * 104729u;
		const char *w = k % 4 == 1 ? (yes ? yes_words : no_words)[r / 3 % 4] : filler[r / 5 % 6];
		n += (size_t)snprintf(out + n, max - n, "%s ", w);
	}
}

struct shelf {
	struct hz_rules *rules;
	struct hz_vault *v;
	struct hz_learn_opts opts;
};

static void
shelf_open(struct shelf *s)
{
	struct hz_batch *b = NULL;
	struct hz_classify_opts o = {
		.file = rules_text, .file_size = sizeof(rules_text) - 1, .engine = "test 1", .all = true
	};
	struct hz_classify_sum sum;
	assert_int_equal(hz_rules_load(rules_text, sizeof(rules_text) - 1, &s->rules), HZ_OK);
	s->v = make_vault("v");
	assert_int_equal(hz_batch_begin(s->v, &b), HZ_OK);
	for (unsigned i = 0; i < MANY; i++) {
		char text[400];
		one_text(text, sizeof(text), i, i >= NO);
		(void)seal_text(b, 0, text, strlen(text), NULL);
	}
	assert_int_equal(hz_batch_finish(&b), HZ_OK);
	o.rules = s->rules;
	assert_int_equal(hz_review_classify(s->v, &o, NULL, NULL, &sum), HZ_OK);
	assert_int_equal(sum.fresh, MANY);
	s->opts = (struct hz_learn_opts){ s->rules, rules_text, sizeof(rules_text) - 1, "test 1" };
}

static void
shelf_close(struct shelf *s)
{
	hz_rules_free(&s->rules);
	hz_vault_close(&s->v);
}

/* Decides on texts from..to-1; those below NO are rejected. */
static void
decide(struct shelf *s, unsigned from, unsigned to)
{
	struct hz_review_decision *d = calloc(to - from, sizeof(*d));
	struct hz_review_outcome *out = calloc(to - from, sizeof(*out));
	assert_non_null(d);
	assert_non_null(out);
	for (unsigned i = from; i < to; i++) {
		d[i - from] = (struct hz_review_decision){ .exhibit = i + 1,
			.tag = "type:unlawful_attack",
			.what = i < NO ? HZ_DECIDED_REJECTED : HZ_DECIDED_CONFIRMED,
			.by = "Lina",
			.why = "read it" };
	}
	assert_int_equal(hz_review_decide(s->v, d, to - from, s->rules, out), HZ_OK);
	free(d);
	free(out);
}

static void
counts_are(struct shelf *s, uint64_t texts, size_t n, uint32_t confirmed, uint32_t rejected)
{
	struct hz_learn_sum c;
	assert_int_equal(hz_review_learn_counts(s->v, &c), HZ_OK);
	assert_int_equal(c.texts, texts);
	assert_int_equal(c.left_out, 0);
	assert_int_equal(c.n, n);
	if (n > 0) {
		assert_string_equal(c.v[0].type, "unlawful_attack");
		assert_int_equal(c.v[0].confirmed, confirmed);
		assert_int_equal(c.v[0].rejected, rejected);
	}
	hz_learn_sum_done(&c);
}

static struct hz_suggestions *
suggested(struct shelf *s, const char *text, const char *type, uint64_t exhibit)
{
	struct hz_suggestions *ret = calloc(1, sizeof(*ret));
	struct hz_suggester *x = NULL;
	struct hz_view *w = NULL;
	bool found = false;
	assert_non_null(ret);
	assert_int_equal(hz_view_begin(s->v, &w), HZ_OK);
	assert_int_equal(hz_suggester_open(w, &found, &x), HZ_OK);
	assert_true(found);
	enum hz_err r = text ? hz_suggest(x, text, strlen(text), NULL, &type, type ? 1 : 0, ret)
			     : hz_suggest_for(x, w, exhibit, ret);
	assert_int_equal(r, HZ_OK);
	hz_suggester_close(&x);
	hz_view_end(&w);
	return ret;
}

static unsigned
score(struct shelf *s, const char *text)
{
	struct hz_suggestions *x = suggested(s, text, "unlawful_attack", 0);
	assert_int_equal(x->n, 1);
	unsigned score = x->v[0].score;
	free(x);
	return score;
}

static void
learned(void **state)
{
	struct shelf s;
	struct hz_model_row row, again;
	struct hz_model *m = NULL;
	struct hz_view *w = NULL;
	struct hz_suggester *none = NULL;
	bool fresh = false, found = true;
	(void)state;
	shelf_open(&s);
	counts_are(&s, 0, 0, 0, 0); /* what a program proposed is no example */
	assert_int_equal(hz_review_learn(s.v, &s.opts, &fresh, &row, &m), HZ_ERR_UNSUPPORTED);
	decide(&s, 0, 259);
	counts_are(&s, 259, 1, 199, NO);
	assert_int_equal(hz_review_learn(s.v, &s.opts, &fresh, &row, &m), HZ_ERR_UNSUPPORTED);
	assert_int_equal(hz_fail_msg(), HZ_MSG_LEARN_FEW);
	decide(&s, 259, MANY);
	counts_are(&s, MANY, 1, MANY - NO, NO);
	assert_int_equal(hz_view_begin(s.v, &w), HZ_OK);
	assert_int_equal(hz_suggester_open(w, &found, &none), HZ_OK);
	assert_false(found);
	hz_view_end(&w);

	assert_int_equal(hz_review_learn(s.v, &s.opts, &fresh, &row, &m), HZ_OK);
	assert_true(fresh);
	assert_int_equal(row.no, 1);
	const struct hz_model_class *c = hz_model_find(m, "unlawful_attack");
	assert_non_null(c);
	assert_true(c->used);
	assert_int_equal(hz_model_right(c), 1000);
	for (size_t i = 0; i < c->nfeature; i++) { /* all confirmed texts name the party, no other does */
		assert_null(strstr(c->feature[i].words, "zorland"));
	}
	hz_model_free(&m);
	assert_int_equal(hz_review_learn(s.v, &s.opts, &fresh, &again, &m), HZ_OK);
	assert_false(fresh); /* the same decisions, the same bytes */
	assert_int_equal(again.no, 1);
	hz_model_free(&m);

	assert_true(score(&s, "a shell fell, rubble and smoke") > 700);
	assert_true(score(&s, "a verbal attack in a newspaper debate") < 300);
	assert_int_equal(score(&s, "Zorland: a shell fell, the Free Zorland Army, rubble"),
	    score(&s, "a shell fell, the, rubble"));
	struct hz_suggestions *x = suggested(&s, "a shell fell, rubble and smoke", NULL, 0);
	assert_int_equal(x->n, 1); /* no rule found a word for it */
	assert_false(x->v[0].tagged);
	assert_int_equal(x->v[0].confirmed, MANY - NO);
	assert_true(x->v[0].ntop > 0);
	free(x);
	x = suggested(&s, "a debate", NULL, 0);
	assert_int_equal(x->n, 0);
	free(x);
	x = suggested(&s, NULL, NULL, MANY);
	assert_int_equal(x->n, 1);
	assert_true(x->v[0].tagged && x->v[0].score > 500);
	free(x);
	shelf_close(&s);
}

/* The tags that wait in the order of the model, as "number of the text:tag", until max or the end. */
static size_t
in_order(struct shelf *s, struct hz_review_order *o, const char *name, size_t max, uint64_t *ret_no,
    enum hz_axis *ret_axis)
{
	struct hz_review_filter f = { .axis = 0 };
	struct hz_view *w = NULL;
	uint8_t who[HZ_WHO_LEN];
	bool found = true;
	size_t n = 0;
	assert_int_equal(hz_reviewer_me(s->v, name, who), HZ_OK);
	assert_int_equal(hz_view_begin(s->v, &w), HZ_OK);
	while (n < max) {
		struct hz_review_item i;
		assert_int_equal(hz_review_order_next(o, w, who, &f, &found, &i), HZ_OK);
		if (!found) {
			break;
		}
		assert_true(i.tag.nspans > 0 && i.record > 0);
		ret_no[n] = i.exhibit;
		ret_axis[n++] = i.tag.axis;
		hz_review_item_done(&i);
	}
	hz_view_end(&w);
	return n;
}

static struct hz_review_order *
order_of(struct shelf *s, bool there)
{
	struct hz_review_order *o = NULL;
	struct hz_view *w = NULL;
	bool found = !there;
	assert_int_equal(hz_view_begin(s->v, &w), HZ_OK);
	assert_int_equal(hz_review_order_open(w, &found, &o), HZ_OK);
	hz_view_end(&w);
	assert_int_equal(found, there);
	assert_int_equal(o != NULL, there);
	return o;
}

static unsigned
score_of(struct shelf *s, uint64_t exhibit)
{
	struct hz_suggestions *x = suggested(s, NULL, NULL, exhibit);
	unsigned best = 0;
	for (size_t i = 0; i < x->n; i++) {
		best = x->v[i].tagged && x->v[i].score > best ? x->v[i].score : best;
	}
	free(x);
	return best;
}

#define ITEMS ((size_t)2 * MANY)

static void
ordered(void **state)
{
	struct shelf s;
	struct hz_model_row row;
	struct hz_model *m = NULL;
	bool fresh = false;
	uint64_t *no = calloc(ITEMS, sizeof(*no)), *again = calloc(ITEMS, sizeof(*again));
	enum hz_axis *axis = calloc(ITEMS, sizeof(*axis));
	(void)state;
	assert_true(no && again && axis);
	shelf_open(&s);
	(void)order_of(&s, false); /* no model, no order */
	decide(&s, 0, MANY);
	assert_int_equal(hz_review_learn(s.v, &s.opts, &fresh, &row, &m), HZ_OK);
	hz_model_free(&m);
	struct hz_review_order *o = order_of(&s, true);
	assert_int_equal(hz_review_order_row(o)->no, 1);
	/* What was decided waits for nobody: left are the parties of the texts that name one. */
	assert_int_equal(in_order(&s, o, "Lina", ITEMS, no, axis), MANY - NO);
	hz_review_order_close(&o);

	/* Ten new texts: the unlikely ones first by number. */
	struct hz_batch *b = NULL;
	struct hz_classify_opts c = {
		.rules = s.rules, .file = rules_text, .file_size = sizeof(rules_text) - 1, .engine = "test 1"
	};
	struct hz_classify_sum sum;
	uint64_t list[10];
	assert_int_equal(hz_batch_begin(s.v, &b), HZ_OK);
	for (unsigned i = 0; i < 10; i++) {
		const char *t = i == 4 ? "They were held. Zorland."
				: i < 5
				    ? "A verbal attack by Zorland, a newspaper, a debate. They were held."
				    : "An attack by Zorland. They were held. A shell fell, rubble, smoke.";
		list[i] = seal_text(b, 0, t, strlen(t), NULL).no;
	}
	assert_int_equal(hz_batch_finish(&b), HZ_OK);
	c.exhibits = list;
	c.count = 10;
	assert_int_equal(hz_review_classify(s.v, &c, NULL, NULL, &sum), HZ_OK);
	assert_int_equal(sum.fresh, 10);

	struct hz_review_filter f = { .axis = 0, .exhibits = list, .count = 10 };
	struct hz_view *w = NULL;
	uint8_t who[HZ_WHO_LEN];
	bool found = true;
	size_t n = 0;
	uint64_t seen[10], last = 0;
	unsigned texts = 0;
	o = order_of(&s, true);
	assert_int_equal(hz_reviewer_me(s.v, "Lina", who), HZ_OK);
	assert_int_equal(hz_view_begin(s.v, &w), HZ_OK);
	for (enum hz_axis before = 0;; n++) {
		struct hz_review_item i;
		assert_int_equal(hz_review_order_next(o, w, who, &f, &found, &i), HZ_OK);
		if (!found) {
			break;
		}
		if (i.exhibit != last) { /* each text is one run of tags, the known type its first */
			assert_true(texts < 10);
			seen[texts++] = i.exhibit;
			assert_string_equal(
			    i.id, i.exhibit == list[4] ? "type:detention" : "type:unlawful_attack");
			before = 0;
		}
		assert_true(i.tag.axis >= before);
		before = i.tag.axis;
		last = i.exhibit;
		hz_review_item_done(&i);
	}
	hz_view_end(&w);
	hz_review_order_close(&o);
	assert_int_equal(texts, 10);
	assert_int_equal(n, 9 * 3 + 2);
	for (unsigned i = 0; i < 10; i++) { /* 6..10 have one score, then 1..4 one, then the fifth has none */
		assert_int_equal(seen[i], i < 5 ? list[5 + i] : i < 9 ? list[i - 5] : list[4]);
		assert_true(i == 0 || score_of(&s, seen[i]) <= score_of(&s, seen[i - 1]));
	}
	assert_int_equal(score_of(&s, list[4]), 0);

	/* Many wait: the first HZ_ORDER_TEXTS are put in order, every tag comes once, and a second walk is
	 * the same. */
	o = order_of(&s, true);
	n = in_order(&s, o, "Omar", ITEMS, no, axis);
	assert_int_equal(
	    n, MANY - NO + 9 * 3 + 2); /* parties; what Lina confirmed of types waits for nobody */
	hz_review_order_close(&o);
	o = order_of(&s, true);
	assert_int_equal(in_order(&s, o, "Omar", ITEMS, again, axis), n);
	assert_memory_equal(no, again, n * sizeof(*no));
	for (size_t i = 1; i < n; i++) { /* no text comes back once it was left */
		for (size_t k = i + 1; no[i] != no[i - 1] && k < n; k++) {
			assert_int_not_equal(no[k], no[i - 1]);
		}
	}
	hz_review_order_close(&o);

	/* The likeliest of all behind so many others: it moves up when enough of them are done, not before.
	 */
	size_t before = MANY - NO + 10, more = HZ_ORDER_TEXTS + 20 - before;
	assert_int_equal(hz_batch_begin(s.v, &b), HZ_OK);
	for (size_t i = 0; i <= more; i++) {
		const char *t =
		    i < more ? "They were held." : "An attack: a shell fell, rubble, an explosion, smoke.";
		(void)seal_text(b, 0, t, strlen(t), NULL);
	}
	assert_int_equal(hz_batch_finish(&b), HZ_OK);
	c.exhibits = NULL;
	c.all = true;
	assert_int_equal(hz_review_classify(s.v, &c, NULL, NULL, &sum), HZ_OK);
	assert_int_equal(sum.fresh, more + 1);
	o = order_of(&s, true);
	n = in_order(&s, o, "Omar", ITEMS, no, axis);
	uint64_t late = MANY + 10 + more + 1;
	assert_true(score_of(&s, late) >= score_of(&s, no[0]));
	for (size_t i = 0, left = 0; i < n && no[i] != late; i++) {
		left += i + 1 < n && no[i + 1] != no[i];
		if (no[i + 1] == late) {
			assert_int_equal(left, 21); /* HZ_ORDER_TEXTS + 20 stood before it */
		}
		assert_true(i + 1 < n);
	}
	hz_review_order_close(&o);
	free(no);
	free(again);
	free(axis);
	shelf_close(&s);
}

static void
switched_off(void **state)
{
	struct shelf s;
	struct hz_model_row row;
	struct hz_model *m = NULL;
	struct hz_view *w = NULL;
	struct hz_suggester *x = NULL;
	bool fresh = true, found = true;
	(void)state;
	shelf_open(&s);
	decide(&s, 0, MANY);
	assert_int_equal(hz_review_unlearn(s.v, "test 1", &fresh), HZ_OK);
	assert_false(fresh);
	assert_int_equal(hz_review_learn(s.v, &s.opts, &fresh, &row, &m), HZ_OK);
	hz_model_free(&m);
	assert_int_equal(hz_review_unlearn(s.v, "test 1", &fresh), HZ_OK);
	assert_true(fresh);
	assert_int_equal(hz_review_unlearn(s.v, "test 1", &fresh), HZ_OK);
	assert_false(fresh);
	assert_int_equal(hz_view_begin(s.v, &w), HZ_OK);
	assert_int_equal(hz_suggester_open(w, &found, &x), HZ_OK);
	assert_false(found);
	assert_int_equal(hz_model_rows_check(w), HZ_OK);
	hz_view_end(&w);
	assert_int_equal(hz_review_learn(s.v, &s.opts, &fresh, &row, &m), HZ_OK);
	assert_true(fresh); /* in use again */
	assert_int_equal(row.no, 3);
	hz_model_free(&m);
	shelf_close(&s);
}

const struct CMUnitTest learn_tests[] = {
	cmocka_unit_test_setup_teardown(learned, scratch_make, scratch_drop),
	cmocka_unit_test_setup_teardown(ordered, scratch_make, scratch_drop),
	cmocka_unit_test_setup_teardown(switched_off, scratch_make, scratch_drop),
};
const size_t learn_count = sizeof(learn_tests) / sizeof(learn_tests[0]);
