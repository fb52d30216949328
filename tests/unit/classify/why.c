/* Explanations: which word made a role, which a certainty, and that asking changes nothing. */
#include "tests.h"

#include <stdio.h>

static void
put_cue(struct hz_buf *b, const char *text, size_t n, const char *name, const struct hz_span *s)
{
	if (s->rule[0] == '\0') {
		assert_null(s->term);
		assert_int_equal(s->end, 0);
		return;
	}
	assert_true(s->start < s->end && s->end <= n);
	assert_non_null(s->term);
	assert_ok(hz_buf_printf(b, " %s=[%.*s] %s%s", name, (int)(s->end - s->start), text + s->start,
	    s->rule, s->quiet ? "!" : ""));
}

/* For each tag but those of places its spans: "party:russia@source [words] by=[words] role/source:1". */
static void
why(const struct hz_rules *r, const char *text, const char *want)
{
	struct hz_tags t = { 0, NULL };
	struct hz_buf b = HZ_BUF_INIT(SIZE_MAX);
	const char *got;
	size_t n = strlen(text);
	assert_ok(hz_classify_why(r, text, n, NULL, &t));
	for (size_t i = 0; i < t.n; i++) {
		char id[128];
		hz_tag_id(&t.v[i], id);
		assert_non_null(t.v[i].why);
		assert_ok(hz_buf_printf(&b, "%s%s", b.len > 0 ? "; " : "", id));
		for (size_t k = 0; k < t.v[i].nspans; k++) {
			const struct hz_why *y = &t.v[i].why[k];
			const struct hz_span *s = &t.v[i].spans[k];
			assert_ok(hz_buf_printf(&b, " [%.*s] %s%s", (int)(s->end - s->start), text + s->start,
			    hz_certainty_word(y->certainty), y->joined ? " joined" : ""));
			put_cue(&b, text, n, "role", &y->role);
			put_cue(&b, text, n, "by", &y->certain);
		}
	}
	assert_ok(hz_buf_cstr(&b, &got));
	if (strcmp(got, want) != 0) {
		fail_msg("\"%s\"\n  says  %s\n  not   %s", text, got, want);
	}
	hz_buf_done(&b);
	hz_tags_done(&t);
}

#define WHY(text, want) why(*(struct hz_rules **)state, text, want)

static void
words_of_roles(void **state)
{
	WHY("", "");
	WHY("Russia said nothing", "party:russia [Russia] stated");
	WHY("on 2017-04-04", "date:2017-04-04 [2017-04-04] stated");
	/* the nearest of two, the line that it stands in */
	WHY("قصف المدينة على يد روسيا",
	    "type:attack [قصف] stated; party:russia@alleged-perpetrator [روسيا] stated role=[على يد] role/perpetrator:1");
	WHY("russia bombed them",
	    "party:russia@alleged-perpetrator [russia] stated role=[bombed] role/perpetrator:2");
	WHY("بحسب روسيا", "party:russia@source [روسيا] stated role=[بحسب] role/source:1");
	WHY("sdf positions", "party:sdf@victim-or-target [sdf] stated role=[positions] role/target:2");
	/* two cues of two parties */
	WHY("hit by russia, sdf positions",
	    "party:russia@alleged-perpetrator [russia] stated role=[by] role/perpetrator:4; "
	    "party:sdf@victim-or-target [sdf] stated role=[positions] role/target:2");
	/* a word of a class counts for the line that names the class */
	WHY("استهدف روسيا",
	    "party:russia@alleged-perpetrator [روسيا] stated role=[استهدف] role/perpetrator:3");
	/* joined to the one before: its word, and that it is so */
	WHY("hit by russia and sdf",
	    "party:russia@alleged-perpetrator [russia] stated role=[by] role/perpetrator:4; "
	    "party:sdf@alleged-perpetrator [sdf] stated joined role=[by] role/perpetrator:4");
	WHY("hit by the the Russia and sdf",
	    "party:russia@alleged-perpetrator [Russia] stated role=[by] role/perpetrator:4; "
	    "party:sdf@alleged-perpetrator [sdf] stated joined role=[by] role/perpetrator:4");
	/* one sentence's words are no other's */
	WHY("bombed by them. Russia said so", "party:russia [Russia] stated");
}

static void
words_of_certainties(void **state)
{
	WHY("shelling", "type:attack [shelling] stated");
	WHY("alleged shelling", "type:attack [shelling] alleged by=[alleged] cue/alleged:2");
	WHY("لم قصف", "type:attack [قصف] denied by=[لم] cue/negated:1");
	WHY("not alleged shelling", "type:attack [shelling] denied by=[not] cue/negated:2");
	WHY("ربما قصف", "type:attack [قصف] likely by=[ربما] cue/likely:1");
	WHY("مؤكد قصف", "type:attack [قصف] stated by=[مؤكد] cue/confirmed:1");
	/* within a longer cue there is none */
	WHY("غير مؤكد قصف", "type:attack [قصف] alleged by=[غير مؤكد] cue/unconfirmed:1");
	/* each mention has its own; the tag has the firmest */
	WHY("alleged shelling. Then an airstrike",
	    "type:attack [shelling] alleged by=[alleged] cue/alleged:2 [airstrike] stated");
	/* the nearest of two */
	WHY("alleged that, and allegedly shelling",
	    "type:attack [shelling] alleged by=[allegedly] cue/alleged:2");
}

static void
words_of_denials(void **state)
{
	/* who denies is a source by the word, and his part is denied by the word */
	WHY("Russia denied shelling",
	    "type:attack [shelling] alleged by=[denied] cue/denied:2; "
	    "party:russia@alleged-perpetrator [Russia] denied role=[denied] cue/denied:2 by=[denied] "
	    "cue/denied:2; "
	    "party:russia@source [Russia] stated role=[denied] cue/denied:2");
	/* whose act is negated, by the word that reaches the act */
	WHY("not bombed by russia",
	    "party:russia@alleged-perpetrator [russia] denied role=[by] role/perpetrator:4 by=[not] cue/negated:2");
	WHY("قصف لم يعرف الفاعل",
	    "type:attack [قصف] stated; party:unknown@alleged-perpetrator [لم يعرف الفاعل] stated role=[لم يعرف "
	    "الفاعل] cue/unknown:1");
}

/* A quiet word may be of a class that makes a role: told as quiet. */
static void
quiet_words_stay_quiet(void **state)
{
	(void)state;
	struct hz_rules *r = rules_of("[class act]\nterm en struck\n" TYPE(
	    "a") "class act\nterm en smashed register=derogatory\n" PARTY("p") "alias en northerners\n"
									       "[role perpetrator]\nbefore en "
									       "class:act @3\n");
	why(r, "smashed northerners",
	    "type:a [smashed] stated; party:p@alleged-perpetrator [northerners] stated role=[smashed] "
	    "role/perpetrator:1!");
	hz_rules_free(&r);
}

/* --- asking changes nothing --- */
struct both {
	struct hz_rules *r;
	size_t texts, roles, certain;
};

static bool
is_of(const struct hz_rules *r, const struct hz_span *s, const char *a, const char *b)
{
	(void)r;
	return s->rule[0] == '\0' || strncmp(s->rule, a, strlen(a)) == 0 ||
	       strncmp(s->rule, b, strlen(b)) == 0;
}

static void
same(const char *text, size_t n, void *arg)
{
	struct both *x = arg;
	struct hz_tags a = { 0, NULL };
	struct hz_tags b = { 0, NULL };
	assert_ok(hz_classify(x->r, text, n, NULL, &a));
	assert_ok(hz_classify_why(x->r, text, n, NULL, &b));
	assert_int_equal(a.n, b.n);
	for (size_t i = 0; i < a.n; i++) {
		const struct hz_tag *s = &a.v[i];
		const struct hz_tag *t = &b.v[i];
		enum hz_certainty best = HZ_CERTAIN_DENIED;
		assert_null(s->why);
		assert_true(s->axis == t->axis && s->role == t->role && s->certainty == t->certainty &&
			    s->score == t->score && s->band == t->band && s->nspans == t->nspans &&
			    s->left_out == t->left_out && strcmp(s->value, t->value) == 0);
		for (size_t k = 0; k < s->nspans; k++) {
			const struct hz_why *y = &t->why[k];
			assert_true(s->spans[k].start == t->spans[k].start &&
				    s->spans[k].end == t->spans[k].end &&
				    strcmp(s->spans[k].rule, t->spans[k].rule) == 0);
			assert_true(y->role.end <= n && y->certain.end <= n);
			/* A role other than none has its word, and none has none. */
			assert_int_equal(t->role != HZ_ROLE_NONE, y->role.rule[0] != '\0');
			assert_true(is_of(x->r, &y->role, "role/", "cue/"));
			assert_true(is_of(x->r, &y->certain, "cue/", "cue/"));
			/* So has each certainty but stated. */
			assert_true(y->certainty == HZ_CERTAIN_STATED || y->certain.rule[0] != '\0');
			best = y->certainty < best ? y->certainty : best;
			x->roles += y->role.rule[0] != '\0';
			x->certain += y->certain.rule[0] != '\0';
		}
		/* In names of parties they count only where there are no others. */
		assert_true(t->axis == HZ_AXIS_TYPE || t->left_out > 0 || best == t->certainty);
	}
	hz_tags_done(&a);
	hz_tags_done(&b);
	x->texts++;
}

static void
asking_changes_nothing(void **state)
{
	(void)state;
	struct both x = { .r = shipped_rules() };
	if (x.r == NULL || !each_text(400, same, &x)) {
		print_message("# no texts: HIRZ_SHARED is not set, or no rules were given\n");
	} else {
		assert_true(x.texts > 0 && x.roles > 0 && x.certain > 0);
	}
	hz_rules_free(&x.r);
}

/* As many cues as fit: none is lost, and nothing grows beyond the spans that are kept. */
static void
sentences_full_of_cues(void **state)
{
	struct both x = { .r = *(struct hz_rules **)state };
	struct hz_buf b = HZ_BUF_INIT(SIZE_MAX);
	for (int i = 0; i < 3000; i++) {
		assert_ok(hz_buf_puts(&b, i % 3 == 0 ? "alleged " : i % 3 == 1 ? "by " : "Russia shelling "));
	}
	same((const char *)b.p, b.len, &x);
	assert_true(x.roles > 0 && x.certain > 0);
	hz_buf_done(&b);
}

#define T(f) cmocka_unit_test_setup_teardown(f, small_setup, small_teardown)
const struct CMUnitTest why_tests[] = { T(words_of_roles), T(words_of_certainties), T(words_of_denials),
	cmocka_unit_test(quiet_words_stay_quiet), cmocka_unit_test(asking_changes_nothing),
	T(sentences_full_of_cues) };
const size_t n_why_tests = sizeof why_tests / sizeof why_tests[0];
