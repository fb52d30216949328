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
	cmocka_unit_test_setup_teardown(switched_off, scratch_make, scratch_drop),
};
const size_t learn_count = sizeof(learn_tests) / sizeof(learn_tests[0]);
