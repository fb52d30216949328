#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/enc.h"
#include "crypto/crypto.h"
#include "learn/grams.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --- a made-up training set ------------------------------------------------------------------------------
 */

#define MANY 600
struct set {
	size_t n;
	char text[MANY][400];
	char id[MANY][24];
	struct hz_learn_label label[MANY][2];
	struct hz_learn_example e[MANY];
	struct hz_learn_range hide[MANY];
	size_t asked;
};

static const char *const filler[] = { "morning", "family", "street", "house", "people", "near", "village",
	"before", "after", "noon", "told", "saw", "walked", "neighbour", "evening", "children" };
static const char *const attack[] = { "shell fell", "bomb hit", "rubble", "explosion" };
static const char *const prison[] = { "prison cell", "guard", "interrogation", "handcuffs" };

static uint32_t
rnd(uint32_t *s)
{
	*s = *s * 1664525u + 1013904223u;
	return *s >> 16;
}

/* Texts of attacks and texts of prisons; type `attack` is confirmed in the first and rejected in the second.
 */
static struct set *
toy(size_t confirmed, size_t rejected)
{
	struct set *s = calloc(1, sizeof(*s));
	uint32_t seed = 7;
	assert_non_null(s);
	s->n = confirmed + rejected;
	assert_true(s->n <= MANY);
	for (size_t i = 0; i < s->n; i++) {
		bool yes = i < confirmed;
		size_t len = 0;
		for (int k = 0; k < 20; k++) {
			const char *w =
			    k % 5 == 2 ? (yes ? attack : prison)[rnd(&seed) % 4] : filler[rnd(&seed) % 16];
			len += (size_t)snprintf(
			    s->text[i] + len, sizeof(s->text[i]) - len, "%s%s", k ? " " : "", w);
		}
		(void)snprintf(s->id[i], sizeof(s->id[i]), "AB1-%06zu", i + 1);
		s->label[i][0] =
		    (struct hz_learn_label){ "attack", yes ? HZ_LEARN_CONFIRMED : HZ_LEARN_REJECTED };
		s->e[i] = (struct hz_learn_example){ s->id[i], i % 3 ? "anna" : NULL, s->label[i], 1 };
	}
	return s;
}

static enum hz_err
read_toy(void *arg, size_t i, struct hz_learn_text *ret)
{
	struct set *s = arg;
	bool hidden = s->hide[i].end > 0;
	s->asked++;
	*ret = (struct hz_learn_text){ s->text[i], strlen(s->text[i]), hidden ? &s->hide[i] : NULL, hidden };
	return HZ_OK;
}

static struct hz_buf
trained(struct set *s, const struct hz_learn_names *names)
{
	struct hz_buf b = HZ_BUF_INIT(HZ_LEARN_FILE);
	assert_int_equal(hz_learn_train(s->e, s->n, read_toy, s, names, &b), HZ_OK);
	return b;
}

static struct hz_model *
loaded(const struct hz_buf *b)
{
	struct hz_model *m = NULL;
	assert_int_equal(hz_model_load(b->p, b->len, &m), HZ_OK);
	return m;
}

static unsigned
score(const struct hz_model *m, const char *text)
{
	struct hz_learn_text t = { text, strlen(text), NULL, 0 };
	struct hz_model_scores s;
	assert_int_equal(hz_model_score(m, &t, NULL, &s), HZ_OK);
	assert_int_equal(s.n, 1);
	return s.v[0].score;
}

static bool
has_word(const struct hz_model_class *c, const char *w)
{
	for (size_t i = 0; i < c->nfeature; i++) {
		if (strstr(c->feature[i].words, w)) {
			return true;
		}
	}
	return false;
}

/* --- tests -----------------------------------------------------------------------------------------------
 */

static void
learns(void **state)
{
	struct set *s = toy(300, 120);
	struct hz_buf b = trained(s, NULL);
	struct hz_model *m = loaded(&b);
	const struct hz_model_class *c = hz_model_find(m, "attack");
	const struct hz_model_feature *top[3];
	struct hz_model_scores sc;
	static const char about[] = "in the morning a bomb hit the house, rubble, an explosion";
	struct hz_learn_text t = { about, sizeof(about) - 1, NULL, 0 };
	(void)state;
	assert_non_null(c);
	assert_int_equal(s->asked, 2 * s->n);
	assert_int_equal(hz_model_texts(m), 420);
	assert_int_equal(hz_model_classes(m), 1);
	assert_int_equal(c->confirmed, 300);
	assert_int_equal(c->rejected, 120);
	assert_int_equal(c->rest, 0);
	assert_true(c->held_confirmed > 30 && c->held_rejected > 10);
	assert_true(c->used);
	assert_int_equal(hz_model_right(c), 1000);
	assert_int_equal(c->nsource, 2); /* not known, and one */
	assert_int_equal(c->source[0].no, 0);
	assert_int_equal(c->source[1].no, 1);
	assert_null(memmem(b.p, b.len, "anna", 4));
	assert_null(memmem(b.p, b.len, "AB1", 3));
	assert_true(score(m, "a shell fell on the village before noon") > 700);
	assert_true(score(m, "the guard led us to the interrogation") < 300);
	assert_int_equal(hz_model_top(c, false, top, 3), 3);
	assert_true(
	    top[0]->weight >= top[1]->weight && top[1]->weight >= top[2]->weight && top[2]->weight > 0);
	assert_int_equal(hz_model_top(c, true, top, 3), 3);
	assert_true(top[0]->weight <= top[1]->weight && top[2]->weight < 0);
	assert_int_equal(hz_model_score(m, &t, NULL, &sc), HZ_OK);
	assert_int_equal(sc.v[0].ntop, HZ_LEARN_TOP);
	for (size_t i = 1; i < sc.v[0].ntop; i++) {
		assert_true(abs(sc.v[0].top[i].part) <= abs(sc.v[0].top[i - 1].part));
	}
	assert_true(has_word(c, "bomb hit"));
	hz_model_free(&m);
	hz_buf_done(&b);
	free(s);
}

static void
few(void **state)
{
	static const struct {
		size_t yes, no;
		bool ok;
	} t[] = { { 199, 300, false }, { 300, 49, false }, { 200, 50, true }, { 0, 0, false } };
	(void)state;
	for (size_t i = 0; i < 4; i++) {
		struct set *s = toy(t[i].yes, t[i].no);
		struct hz_buf b = HZ_BUF_INIT(HZ_LEARN_FILE);
		enum hz_err r = hz_learn_train(s->e, s->n, read_toy, s, NULL, &b);
		assert_int_equal(r, t[i].ok ? HZ_OK : HZ_ERR_UNSUPPORTED);
		assert_int_equal(b.len > 0, t[i].ok);
		assert_int_equal(s->asked, t[i].ok ? 2 * s->n : 0);
		if (!t[i].ok) {
			assert_int_equal(hz_fail_msg(), HZ_MSG_LEARN_FEW);
		}
		hz_buf_done(&b);
		free(s);
	}
}

static void
refused(void **state)
{
	struct set *s = toy(200, 50);
	struct hz_buf b = HZ_BUF_INIT(HZ_LEARN_FILE);
	(void)state;
	assert_int_equal(hz_learn_train(s->e, HZ_LEARN_TEXTS + 1, read_toy, s, NULL, &b), HZ_ERR_LIMIT);
	s->e[3].nlabel = HZ_LEARN_LABELS + 1;
	assert_int_equal(hz_learn_train(s->e, s->n, read_toy, s, NULL, &b), HZ_ERR_LIMIT);
	s->e[3].nlabel = 1;
	s->e[3].exhibit = "a b";
	assert_int_equal(hz_learn_train(s->e, s->n, read_toy, s, NULL, &b), HZ_ERR_USAGE);
	s->e[3].exhibit = "ab";
	s->label[3][0].type = "attack\n[type x]";
	assert_int_equal(hz_learn_train(s->e, s->n, read_toy, s, NULL, &b), HZ_ERR_USAGE);
	assert_int_equal(b.len, 0);
	hz_buf_done(&b);
	free(s);
}

/* The order in which examples come changes nothing; one decision more changes the hash of the set. */
static void
same_bytes(void **state)
{
	struct set *s = toy(220, 80);
	struct hz_buf a = trained(s, NULL), b;
	(void)state;
	for (size_t i = 0; i < s->n / 2; i++) {
		size_t k = s->n - 1 - i;
		struct hz_learn_example e = s->e[i];
		char text[400];
		s->e[i] = s->e[k];
		s->e[k] = e;
		memcpy(text, s->text[i], sizeof(text));
		memcpy(s->text[i], s->text[k], sizeof(text));
		memcpy(s->text[k], text, sizeof(text));
	}
	b = trained(s, NULL);
	assert_int_equal(a.len, b.len);
	assert_memory_equal(a.p, b.p, a.len);
	hz_buf_done(&b);
	s->label[0][0].verdict =
	    s->label[0][0].verdict == HZ_LEARN_CONFIRMED ? HZ_LEARN_REJECTED : HZ_LEARN_CONFIRMED;
	b = trained(s, NULL);
	struct hz_model *x = loaded(&a), *y = loaded(&b);
	assert_memory_not_equal(hz_model_set(x), hz_model_set(y), 32);
	hz_model_free(&x);
	hz_model_free(&y);
	hz_buf_done(&a);
	hz_buf_done(&b);
	free(s);
}

static unsigned
score_with(const struct hz_model *m, const struct hz_learn_names *names, const char *text, const char *hide)
{
	const char *at = hide ? strstr(text, hide) : NULL;
	struct hz_learn_range r = { at ? (size_t)(at - text) : 0,
		at ? (size_t)(at - text) + strlen(hide) : 0 };
	struct hz_learn_text t = { text, strlen(text), at ? &r : NULL, at ? 1 : 0 };
	struct hz_model_scores s;
	assert_int_equal(hz_model_score(m, &t, names, &s), HZ_OK);
	return s.v[0].score * 100 + (unsigned)s.v[0].ntop;
}

/* What is hidden is no feature, in training and later: the very same score with and without it. */
static void
hidden(void **state)
{
	struct set *s = toy(220, 80);
	struct hz_learn_names *names = NULL;
	struct hz_buf b;
	(void)state;
	/* every confirmed text names the party, none of the others: a model that saw it would learn nothing
	 * else */
	for (size_t i = 0; i < 220; i++) {
		char was[400];
		memcpy(was, s->text[i], sizeof(was));
		(void)snprintf(s->text[i], sizeof(s->text[i]), "Zorland's army. %.300s", was);
		s->hide[i] = (struct hz_learn_range){ 0, 15 };
	}
	b = trained(s, NULL);
	struct hz_model *m = loaded(&b);
	const struct hz_model_class *c = hz_model_find(m, "attack");
	assert_false(has_word(c, "zorland"));
	assert_false(has_word(c, "army"));
	assert_int_equal(score_with(m, NULL, "a bomb Zorland's army. hit us", "Zorland's army."),
	    score_with(m, NULL, "a bomb hit us", NULL));
	assert_int_equal(
	    score_with(m, NULL, "a bomb hit us near Zorland", "orlan"), /* partly: the whole word */
	    score_with(m, NULL, "a bomb hit us near", NULL));
	assert_int_not_equal(score_with(m, NULL, "a bomb hit Zorland's army. us", NULL),
	    score_with(m, NULL, "a bomb hit us", NULL)); /* the test would see it */
	hz_model_free(&m);
	hz_buf_done(&b);

	/* the same with the list of names alone */
	memset(s->hide, 0, sizeof(s->hide));
	assert_int_equal(hz_learn_names_new(&names), HZ_OK);
	assert_int_equal(hz_learn_names_add(names, "ZORLAND", 7, HZ_NAME_BEGINS), HZ_OK);
	b = trained(s, names);
	m = loaded(&b);
	c = hz_model_find(m, "attack");
	assert_false(has_word(c, "zorland"));
	assert_true(has_word(c, "army"));
	assert_int_equal(score_with(m, names, "a bomb Zorlandian hit us", NULL),
	    score_with(m, names, "a bomb hit us", NULL));
	hz_learn_names_free(&names);
	hz_model_free(&m);
	hz_buf_done(&b);
	free(s);
}

static bool
is_name(const struct hz_learn_names *x, const char *w)
{
	return hz_learn_names_has(x, (const uint8_t *)w, strlen(w));
}

static void
names(void **state)
{
	struct hz_learn_names *x = NULL;
	char many[16];
	(void)state;
	assert_int_equal(hz_learn_names_new(&x), HZ_OK);
	assert_false(is_name(x, "rus"));
	assert_int_equal(hz_learn_names_add(x, "Rus", 3, HZ_NAME_BEGINS), HZ_OK);
	assert_int_equal(hz_learn_names_add(x, "homs", 4, HZ_NAME_WORD), HZ_OK);
	assert_int_equal(hz_learn_names_add(x, "روس", 6, HZ_NAME_INSIDE), HZ_OK);
	assert_int_equal(hz_learn_names_add(x, "حمص", 6, HZ_NAME_WORD), HZ_OK);
	assert_int_equal(hz_learn_names_add(x, "a", 1, HZ_NAME_INSIDE), HZ_OK); /* too short: passed over */
	assert_int_equal(hz_learn_names_add(x, "two words", 9, HZ_NAME_INSIDE), HZ_OK);
	assert_int_equal(hz_learn_names_add(x, "b2b", 3, HZ_NAME_INSIDE), HZ_OK);
	assert_true(is_name(x, "rus"));
	assert_true(is_name(x, "russian"));
	assert_false(is_name(x, "virus"));
	assert_true(is_name(x, "homs"));
	assert_false(is_name(x, "homsi"));
	assert_true(is_name(x, "والروسيه"));
	assert_true(is_name(x, "حمص"));
	assert_true(is_name(x, "وبحمص"));
	assert_false(is_name(x, "حمصي"));
	assert_false(is_name(x, "words"));
	assert_false(is_name(x, "car"));
	for (int i = 0; i < 3000; i++) { /* the table grows */
		(void)snprintf(
		    many, sizeof(many), "zz%c%c%c", 'a' + i % 26, 'a' + i / 26 % 26, 'a' + i / 676);
		assert_int_equal(hz_learn_names_add(x, many, 5, HZ_NAME_WORD), HZ_OK);
	}
	assert_true(is_name(x, "zzaaa"));
	assert_true(is_name(x, "zzzzd"));
	assert_true(is_name(x, "homs"));
	assert_false(is_name(x, "zzzzz"));
	hz_learn_names_free(&x);
}

/* --- features of a text ----------------------------------------------------------------------------------
 */

static void
features(const char *text, size_t n, const char *want)
{
	struct hz_learn_text t = { text, n, NULL, 0 };
	struct hz_grams *g = NULL;
	struct hz_buf b = HZ_BUF_INIT(100000);
	assert_int_equal(hz_grams_new(&g), HZ_OK);
	assert_int_equal(hz_grams_of(g, &t, NULL), HZ_OK);
	for (size_t i = 0; i < g->n; i++) {
		assert_int_equal(hz_buf_printf(&b, "%s%.*s", i ? "|" : "", (int)g->v[i].len,
				     (const char *)g->words.p + g->v[i].at),
		    HZ_OK);
		assert_true(hz_gram_ok((const char *)g->words.p + g->v[i].at, g->v[i].len));
	}
	assert_int_equal(hz_buf_putc(&b, '\0'), HZ_OK);
	assert_string_equal((const char *)b.p, want);
	hz_grams_free(&g);
	hz_buf_done(&b);
}

static void
of_texts(void **state)
{
	char longest[64];
	(void)state;
	features("", 0, "");
	features("One two one", 11, "one|one two|two|two one");
	features("a b one. Two", 12, "one|two");
	features("one\ntwo", 7, "one|one two|two");
	features("one\n\ntwo", 8, "one|two");
	features("one 17 two3three", 16, "one|one two|three|two|two three");
	features("one, two; three", 15, "one|one two|three|two");
	features("قُصِفَت المدرسةُ؟ نعم", strlen("قُصِفَت المدرسةُ؟ نعم"), "المدرسه|قصفت|قصفت المدرسه|نعم");
	features("\xff\xfe one\xff two", 11, "one|one two|two");
	memset(longest, 'x', sizeof(longest));
	longest[24] = ' ';
	features(longest, 24, "xxxxxxxxxxxxxxxxxxxxxxxx");
	features(longest, 50, "xxxxxxxxxxxxxxxxxxxxxxxx"); /* and one of 25 letters, passed over */
	assert_false(hz_gram_ok("", 0));
	assert_false(hz_gram_ok("a", 1));
	assert_false(hz_gram_ok("One", 3));
	assert_false(hz_gram_ok("one ", 4));
	assert_false(hz_gram_ok(" one", 4));
	assert_false(hz_gram_ok("one two three", 13));
	assert_false(hz_gram_ok("one\xff", 4));
	assert_false(hz_gram_ok("on3", 3));
}

static void
most_words(void **state)
{
	struct hz_grams *g = NULL;
	struct hz_learn_text t = { 0 };
	struct hz_buf b = HZ_BUF_INIT(100000);
	(void)state;
	for (int i = 0; i < (int)HZ_LEARN_WORDS + 10; i++) {
		assert_int_equal(
		    hz_buf_printf(&b, "w%c%c%c ", 'a' + i % 26, 'a' + i / 26 % 26, 'a' + i / 676), HZ_OK);
	}
	t.p = b.p;
	t.n = b.len;
	assert_int_equal(hz_grams_new(&g), HZ_OK);
	assert_int_equal(hz_grams_of(g, &t, NULL), HZ_OK);
	assert_int_equal(g->n, 2 * HZ_LEARN_WORDS - 1);
	hz_grams_free(&g);
	hz_buf_done(&b);
}

/* What only four texts have is no feature; five are enough. */
static void
rare(void **state)
{
	struct set *s = toy(300, 100);
	struct hz_buf b;
	(void)state;
	for (size_t i = 0, four = 0, more = 0; i < 300; i++) {
		char *end = s->text[i] + strlen(s->text[i]);
		if (four < 4) {
			(void)snprintf(end, 20, " marzuqa");
			four++;
		} else if (more < 60) {
			(void)snprintf(end, 20, " kettle");
			more++;
		}
	}
	b = trained(s, NULL);
	struct hz_model *m = loaded(&b);
	assert_false(has_word(hz_model_find(m, "attack"), "marzuqa"));
	assert_true(has_word(hz_model_find(m, "attack"), "kettle"));
	hz_model_free(&m);
	hz_buf_done(&b);
	free(s);
}

/* The rest: confirmed for another type, and nothing of this one or of its kin said. */
static void
rest(void **state)
{
	struct set *s = toy(220, 60);
	struct hz_buf b;
	(void)state;
	for (size_t i = 0; i < 60; i++) { /* more texts of prisons, each with one other tag */
		size_t k = s->n++;
		memcpy(s->text[k], s->text[220 + i], sizeof(s->text[k]));
		s->text[k][0] = (char)('a' + i % 26);
		(void)snprintf(s->id[k], sizeof(s->id[k]), "AB1-%06zu", k + 1);
		s->label[k][0] = (struct hz_learn_label){ "detention", HZ_LEARN_CONFIRMED };
		s->label[k][1] = (struct hz_learn_label){ i < 10   ? "attack.air"
							  : i < 15 ? "attack"
								   : "attacks",
			HZ_LEARN_OPEN };
		s->e[k] = (struct hz_learn_example){ s->id[k], NULL, s->label[k], 2 };
	}
	b = trained(s, NULL);
	struct hz_model *m = loaded(&b);
	assert_int_equal(hz_model_classes(m), 1);
	assert_int_equal(hz_model_find(m, "attack")->rest, 45);
	assert_null(hz_model_find(m, "detention"));
	hz_model_free(&m);
	hz_buf_done(&b);
	free(s);
}

/* Types that cannot be told apart are measured, and not used. */
static void
not_used(void **state)
{
	struct set *s = toy(300, 120);
	struct hz_model_scores sc;
	struct hz_learn_text t = { "a bomb", 6, NULL, 0 };
	(void)state;
	for (size_t i = 0; i < s->n; i++) { /* decisions as if by a coin */
		s->label[i][0].verdict = i % 7 < 4 ? HZ_LEARN_CONFIRMED : HZ_LEARN_REJECTED;
	}
	struct hz_buf b = trained(s, NULL);
	struct hz_model *m = loaded(&b);
	assert_false(hz_model_class(m, 0)->used);
	assert_true(hz_model_right(hz_model_class(m, 0)) < HZ_LEARN_MIN_RIGHT);
	assert_int_equal(hz_model_score(m, &t, NULL, &sc), HZ_OK);
	assert_int_equal(sc.n, 0);
	hz_model_free(&m);
	hz_buf_done(&b);
	free(s);
}

/* --- the file --------------------------------------------------------------------------------------------
 */

static const char good[] = "hirz-model 1\n"
			   "engine 1\n"
			   "set 000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f\n"
			   "texts 300\n"
			   "[type attack]\n"
			   "examples 200 50 7\n"
			   "held 40 10 2\n"
			   "right 36 9 2\n"
			   "source 0 10 9\n"
			   "source 1 40 36\n"
			   "bias -12\n"
			   "w 1500 bomb\n"
			   "w -200 guard\n"
			   "[type attack.air]\n"
			   "examples 200 50 0\n"
			   "held 0 0 0\n"
			   "right 0 0 0\n"
			   "bias 0\n";

static enum hz_err
load_text(const char *text)
{
	struct hz_buf b = HZ_BUF_INIT(2 * HZ_LEARN_FILE);
	struct hz_model *m = NULL;
	uint8_t h[32];
	char hex[65];
	hz_sha256(text, strlen(text), h);
	hz_hex(hex, h, 32);
	assert_int_equal(hz_buf_printf(&b, "%ssum %s\n", text, hex), HZ_OK);
	enum hz_err r = hz_model_load(b.p, b.len, &m);
	hz_model_free(&m);
	hz_buf_done(&b);
	return r;
}

/* The good text with one line, or a part of it, exchanged. */
static enum hz_err
load_with(const char *was, const char *is)
{
	struct hz_buf b = HZ_BUF_INIT(8192);
	const char *at = strstr(good, was);
	assert_non_null(at);
	assert_int_equal(hz_buf_printf(&b, "%.*s%s%s", (int)(at - good), good, is, at + strlen(was)), HZ_OK);
	assert_int_equal(hz_buf_putc(&b, '\0'), HZ_OK);
	enum hz_err r = load_text((const char *)b.p);
	hz_buf_done(&b);
	return r;
}

static void
strict(void **state)
{
	static const char *const bad[][2] = {
		{ "engine 1", "engine  1" },
		{ "engine 1", "engine 01" },
		{ "engine 1\n", "" },
		{ "texts 300", "texts 8193" },
		{ "texts 300", "texts 300 " },
		{ "texts 300", "texts -1" },
		{ "1d1e1f", "1d1e1F" },
		{ "1d1e1f", "1d1e" },
		{ "[type attack]", "[type Attack]" },
		{ "[type attack]", "[type ]" },
		{ "[type attack]", "[type attack.air]" },
		{ "[type attack.air]", "[type atta]" },
		{ "examples 200", "examples 199" },
		{ "examples 200 50 7", "examples 200 49 7" },
		{ "examples 200 50 7", "examples 9000 50 7" },
		{ "held 40 10 2", "held 40 10 8" },
		{ "held 40 10 2", "held 40 10" },
		{ "held 40 10 2", "held 40 10 2 0" },
		{ "right 36", "right 41" },
		{ "right 36", "right 35" },
		{ "source 0 10 9", "source 0 10 11" },
		{ "source 0 10 9\n", "" },
		{ "source 1 40 36", "source 0 40 36" },
		{ "source 1 40 36", "source 33 40 36" },
		{ "source 0 10 9", "source 0 0 0" },
		{ "bias -12\n", "" },
		{ "bias -12", "bias -0" },
		{ "bias -12", "bias 1000001" },
		{ "bias -12", "bias x" },
		{ "bias -12", "bias " },
		{ "w 1500 bomb", "w 0 bomb" },
		{ "w 1500 bomb", "w +1500 bomb" },
		{ "w 1500 bomb", "w 1500 Bomb" },
		{ "w 1500 bomb", "w 1500 guard" },
		{ "w 1500 bomb", "w 1500 zebra" },
		{ "w 1500 bomb", "w 1500" },
		{ "w 1500 bomb", "w 1500 bomb " },
		{ "w 1500 bomb", "w 1500 a b" },
		{ "w 1500 bomb", "w 1500 " },
		{ "w 1500 bomb", "w 1500 one two three" },
		{ "w 1500 bomb", "w 1500 b\xff"
				 "m" },
		{ "w 1500 bomb", "w" },
		{ "w 1500 bomb", "\nw 1500 bomb" },
		{ "bias 0\n", "bias 0\nmore\n" },
	};
	struct hz_model *m = NULL;
	(void)state;
	assert_int_equal(load_text(good), HZ_OK);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		if (load_with(bad[i][0], bad[i][1]) != HZ_ERR_FORMAT) {
			fail_msg("'%s' for '%s' passes", bad[i][1], bad[i][0]);
		}
	}
	assert_int_equal(load_with("hirz-model 1", "hirz-model 2"), HZ_ERR_VERSION);
	assert_int_equal(load_with("engine 1", "engine 2"), HZ_ERR_VERSION);
	assert_int_equal(load_with("texts 300", "texts 8192"), HZ_OK);
	assert_int_equal(load_with("bias -12", "bias -1000000"), HZ_OK);
	assert_int_equal(load_text(""), HZ_ERR_FORMAT);
	assert_int_equal(
	    load_text("hirz-model 1\nengine 1\nset "
		      "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f\ntexts 0\n"),
	    HZ_ERR_FORMAT);
	char *large = calloc(1, HZ_LEARN_FILE + 1);
	assert_non_null(large);
	assert_int_equal(hz_model_load(large, HZ_LEARN_FILE + 1, &m), HZ_ERR_LIMIT);
	assert_int_equal(hz_model_load(large, HZ_LEARN_FILE, &m), HZ_ERR_FORMAT);
	free(large);
}

/* One feature more than a type may have, one type more than a model. */
static void
limits(void **state)
{
	(void)state;
	for (int more = 0; more < 2; more++) {
		struct hz_buf b = HZ_BUF_INIT(HZ_LEARN_FILE);
		assert_int_equal(hz_buf_puts(&b, good), HZ_OK);
		for (int i = 0; i < (int)HZ_LEARN_KEPT + more; i++) {
			assert_int_equal(hz_buf_printf(&b, "w 1 z%c%c%c\n", 'a' + i / 676, 'a' + i / 26 % 26,
					     'a' + i % 26),
			    HZ_OK);
		}
		assert_int_equal(hz_buf_putc(&b, '\0'), HZ_OK);
		assert_int_equal(load_text((const char *)b.p), more ? HZ_ERR_LIMIT : HZ_OK);
		hz_buf_clear(&b);
		assert_int_equal(hz_buf_puts(&b, good), HZ_OK);
		for (int i = 2; i < (int)HZ_LEARN_CLASSES + more; i++) {
			assert_int_equal(
			    hz_buf_printf(
				&b, "[type b%02d]\nexamples 200 50 0\nheld 0 0 0\nright 0 0 0\nbias 0\n", i),
			    HZ_OK);
		}
		assert_int_equal(hz_buf_putc(&b, '\0'), HZ_OK);
		assert_int_equal(load_text((const char *)b.p), more ? HZ_ERR_LIMIT : HZ_OK);
		hz_buf_done(&b);
	}
}

static void
flipped(void **state)
{
	struct set *s = toy(200, 50);
	struct hz_buf b = trained(s, NULL);
	struct hz_model *m = NULL;
	(void)state;
	for (size_t bit = 0; bit < b.len * 8; bit += bit < 8192 ? 1 : 97) {
		b.p[bit / 8] ^= (uint8_t)(1u << bit % 8);
		assert_int_equal(hz_model_load(b.p, b.len, &m), HZ_ERR_FORMAT);
		b.p[bit / 8] ^= (uint8_t)(1u << bit % 8);
	}
	for (size_t n = 0; n < b.len; n += 13) {
		assert_int_equal(hz_model_load(b.p, n, &m), HZ_ERR_FORMAT);
	}
	assert_int_equal(hz_buf_putc(&b, '\n'), HZ_OK);
	assert_int_equal(hz_model_load(b.p, b.len, &m), HZ_ERR_FORMAT);
	hz_buf_done(&b);
	free(s);
}

static void
arithmetic(void **state)
{
	int64_t last = 0;
	(void)state;
	for (int64_t z = -(INT64_C(12) << 24); z <= INT64_C(12) << 24; z += 99991) {
		int64_t s = hz_learn_sigmoid(z);
		double want = 65536 / (1 + exp(-(double)z / (1 << 24)));
		assert_true(s >= last && s >= 0 && s <= 65536);
		assert_true(fabs((double)s - want) < 65);
		last = s;
	}
	assert_int_equal(hz_learn_sigmoid(0), 32768);
	assert_int_equal(hz_learn_score(0, 0), 500);
	assert_int_equal(hz_learn_score(HZ_LEARN_WEIGHT, 0), 1000);
	assert_int_equal(hz_learn_score(-HZ_LEARN_WEIGHT, 0), 0);
	assert_int_equal(hz_learn_score(0, INT64_C(2047) * HZ_LEARN_WEIGHT * 724), 1000);
	assert_int_equal(hz_learn_share(1), 32768);
	assert_int_equal(hz_learn_share(4), 16384);
	assert_int_equal(hz_learn_share(0), 32768);
	assert_int_equal(hz_learn_share(2047), 724);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(learns),
		cmocka_unit_test(few),
		cmocka_unit_test(refused),
		cmocka_unit_test(same_bytes),
		cmocka_unit_test(hidden),
		cmocka_unit_test(names),
		cmocka_unit_test(of_texts),
		cmocka_unit_test(most_words),
		cmocka_unit_test(rare),
		cmocka_unit_test(rest),
		cmocka_unit_test(not_used),
		cmocka_unit_test(strict),
		cmocka_unit_test(limits),
		cmocka_unit_test(flipped),
		cmocka_unit_test(arithmetic),
	};
	return hz_crypto_init() == HZ_OK ? cmocka_run_group_tests_name("learn", tests, NULL, NULL) : 1;
}
