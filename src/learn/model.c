/* A model's file, read strictly [L-3], and what it says of a text. */
#include "learn/inner.h"

#include "base/enc.h"
#include "crypto/crypto.h"
#include <stdlib.h>
#include <string.h>

struct hz_model {
	uint8_t set[32];
	uint32_t texts;
	size_t n;
	struct hz_model_class cls[HZ_LEARN_CLASSES];
	struct hz_model_source *source; /* of all types, one after the other */
	struct hz_model_feature *feature;
	char *words; /* each ended by a zero */
};
struct reader {
	const char *p;
	size_t n, line;
	const char *s; /* this line, without its end */
	size_t len;
	struct hz_model *m;
	size_t nsource, nfeature, nwords;
};

void
hz_model_free(struct hz_model **m)
{
	if (*m) {
		free((*m)->source);
		free((*m)->feature);
		free((*m)->words);
		free(*m);
		*m = NULL;
	}
}

/* --- lines -----------------------------------------------------------------------------------------------
 */

static enum hz_err
bad(const struct reader *r, const char *what)
{
	return hz_fail(HZ_MSG_FORMAT, "line %zu of a model: %s", r->line, what);
}

static enum hz_err
next_line(struct reader *r)
{
	const char *end = memchr(r->p, '\n', r->n);
	r->line++;
	if (!end) {
		return bad(r, "it is cut off");
	}
	r->s = r->p;
	r->len = (size_t)(end - r->p);
	r->n -= r->len + 1;
	r->p = end + 1;
	return HZ_OK;
}

static bool
begins(const struct reader *r, const char *word)
{
	size_t n = strlen(word);
	return r->len >= n && memcmp(r->s, word, n) == 0;
}

/* "word N N ...": exactly so many numbers. */
static enum hz_err
numbers(struct reader *r, const char *word, uint32_t *ret, size_t many)
{
	size_t at = strlen(word);
	uint64_t v = 0;
	if (!begins(r, word)) {
		return bad(r, "another line stands where numbers should");
	}
	for (size_t i = 0; i < many; i++) {
		size_t n = 0;
		if (at >= r->len || r->s[at++] != ' ') {
			return bad(r, "a number is missing");
		}
		while (at + n < r->len && r->s[at + n] != ' ') {
			n++;
		}
		if (hz_parse_u64(r->s + at, n, UINT32_MAX, &v) != HZ_OK) {
			return bad(r, "this is no number");
		}
		ret[i] = (uint32_t)v;
		at += n;
	}
	return at == r->len ? HZ_OK : bad(r, "there is too much in it");
}

/* A number of thousandths, at most HZ_LEARN_WEIGHT either way. */
static enum hz_err
weight(const struct reader *r, size_t at, size_t n, int32_t *ret)
{
	uint64_t v = 0;
	bool minus = n > 0 && r->s[at] == '-';
	if (hz_parse_u64(r->s + at + minus, n - minus, HZ_LEARN_WEIGHT, &v) != HZ_OK || (minus && v == 0)) {
		return bad(r, "this is no weight");
	}
	*ret = minus ? -(int32_t)v : (int32_t)v;
	return HZ_OK;
}

static enum hz_err
hash_line(struct reader *r, const char *word, uint8_t ret[static 32])
{
	size_t n = strlen(word);
	HZ_TRY(next_line(r));
	if (!begins(r, word) || r->len != n + 64 || hz_unhex(r->s + n, 64, ret, 32) != HZ_OK) {
		return bad(r, "a hash is missing");
	}
	return HZ_OK;
}

/* --- a type ----------------------------------------------------------------------------------------------
 */

static enum hz_err
type_line(struct reader *r, struct hz_model_class *c)
{
	static const char before[] = "[type ";
	size_t n = sizeof(before) - 1;
	if (r->m->n == HZ_LEARN_CLASSES) {
		return hz_fail(HZ_MSG_LIMIT, "a model of more than %u types", HZ_LEARN_CLASSES);
	}
	if (!begins(r, before) || r->len < n + 2 || r->s[r->len - 1] != ']' ||
	    !hz_learn_type_ok(r->s + n, r->len - n - 1)) {
		return bad(r, "a type is missing");
	}
	memcpy(c->type, r->s + n, r->len - n - 1);
	if (r->m->n > 0 && strcmp(r->m->cls[r->m->n - 1].type, c->type) >= 0) {
		return bad(r, "types are not in order");
	}
	return HZ_OK;
}

static enum hz_err
counts(struct reader *r, struct hz_model_class *c)
{
	uint32_t n[3], held[3], right[3];
	HZ_TRY(next_line(r));
	HZ_TRY(numbers(r, "examples", n, 3));
	HZ_TRY(next_line(r));
	HZ_TRY(numbers(r, "held", held, 3));
	HZ_TRY(next_line(r));
	HZ_TRY(numbers(r, "right", right, 3));
	for (size_t i = 0; i < 3; i++) {
		if (n[i] > HZ_LEARN_TEXTS || held[i] > n[i] || right[i] > held[i]) {
			return bad(r, "these counts cannot be");
		}
	}
	c->confirmed = n[0];
	c->rejected = n[1];
	c->rest = n[2];
	c->held_confirmed = held[0];
	c->held_rejected = held[1];
	c->held_rest = held[2];
	c->right_confirmed = right[0];
	c->right_rejected = right[1];
	c->right_rest = right[2];
	return c->confirmed >= HZ_LEARN_MIN_CONFIRMED && c->rejected >= HZ_LEARN_MIN_REJECTED
		   ? HZ_OK
		   : bad(r, "a type with too few examples");
}

static enum hz_err
sources(struct reader *r, struct hz_model_class *c)
{
	uint32_t v[3], held = 0, right = 0;
	HZ_TRY(next_line(r));
	while (begins(r, "source ")) {
		HZ_TRY(numbers(r, "source", v, 3));
		if (v[0] > HZ_LEARN_SOURCES || v[1] == 0 || v[1] > HZ_LEARN_TEXTS || v[2] > v[1] ||
		    (c->nsource > 0 && r->m->source[r->nsource - 1].no >= v[0])) {
			return bad(r, "this source cannot be");
		}
		r->m->source[r->nsource++] = (struct hz_model_source){ v[0], v[1], v[2] };
		c->nsource++;
		held += v[1];
		right += v[2];
		HZ_TRY(next_line(r));
	}
	return held == c->held_confirmed + c->held_rejected && right == c->right_confirmed + c->right_rejected
		   ? HZ_OK
		   : bad(r, "the sources do not add up");
}

static enum hz_err
feature(struct reader *r, struct hz_model_class *c)
{
	struct hz_model_feature f = { 0 };
	const char *blank = memchr(r->s + 2, ' ', r->len - 2);
	if (!blank) {
		return bad(r, "words are missing");
	}
	size_t at = (size_t)(blank - r->s) + 1, n = r->len - at;
	HZ_TRY(weight(r, 2, at - 3, &f.weight));
	if (f.weight == 0 || !hz_gram_ok(r->s + at, n)) {
		return bad(r, "this is no feature");
	}
	if (c->nfeature == HZ_LEARN_KEPT || r->nfeature == HZ_LEARN_ALL) {
		return hz_fail(HZ_MSG_LIMIT, "a model of too many features");
	}
	char *to = r->m->words + r->nwords;
	memcpy(to, r->s + at, n);
	to[n] = '\0';
	f.words = to;
	if (c->nfeature > 0) {
		const char *last = r->m->feature[r->nfeature - 1].words;
		if (strcmp(last, f.words) >= 0) {
			return bad(r, "features are not in order");
		}
	}
	r->nwords += n + 1;
	r->m->feature[r->nfeature++] = f;
	c->nfeature++;
	return HZ_OK;
}

/* Begins at the line of the type, ends at the first line that is not its own. */
static enum hz_err class(struct reader *r) {
	struct hz_model_class *c = &r->m->cls[r->m->n < HZ_LEARN_CLASSES ? r->m->n : 0];
	static const char bias[] = "bias "; size_t n = sizeof(bias) - 1; HZ_TRY(type_line(r, c));
	HZ_TRY(counts(r, c)); c->source = &r->m->source[r->nsource]; c->feature = &r->m->feature[r->nfeature];
	HZ_TRY(sources(r, c)); if (!begins(r, bias)){ return bad(r, "the bias is missing"); }
HZ_TRY(weight(r, n, r->len - n, &c->bias));
HZ_TRY(next_line(r));
while (begins(r, "w ")) {
	HZ_TRY(feature(r, c));
	HZ_TRY(next_line(r));
}
c->used = c->held_confirmed >= HZ_LEARN_MIN_HELD && c->held_rejected >= HZ_LEARN_MIN_HELD &&
	  hz_model_right(c) >= HZ_LEARN_MIN_RIGHT;
r->m->n++;
return HZ_OK;
}

/* --- the file --------------------------------------------------------------------------------------------
 */

static enum hz_err
head(struct reader *r)
{
	uint32_t v = 0;
	HZ_TRY(next_line(r));
	HZ_TRY(numbers(r, "hirz-model", &v, 1));
	if (v != 1) {
		return hz_fail(HZ_MSG_VERSION, "a model of version %u", v);
	}
	HZ_TRY(next_line(r));
	HZ_TRY(numbers(r, "engine", &v, 1));
	if (v != HZ_LEARN_ENGINE) {
		return hz_fail(
		    HZ_MSG_VERSION, "a model of engine %u; this program has %u", v, HZ_LEARN_ENGINE);
	}
	HZ_TRY(hash_line(r, "set ", r->m->set));
	HZ_TRY(next_line(r));
	HZ_TRY(numbers(r, "texts", &r->m->texts, 1));
	return r->m->texts <= HZ_LEARN_TEXTS ? HZ_OK : bad(r, "more texts than a model may have");
}

static enum hz_err
read_all(struct reader *r, const char *file, size_t n)
{
	uint8_t want[32], is[32];
	static const char sum[] = "sum ";
	size_t tail = sizeof(sum) - 1 + 64 + 1;
	if (n < tail || memcmp(file + n - tail, sum, sizeof(sum) - 1) != 0 || file[n - 1] != '\n' ||
	    hz_unhex(file + n - 65, 64, want, 32) != HZ_OK) {
		return hz_fail(HZ_MSG_FORMAT, "a model that is cut off");
	}
	hz_sha256(file, n - tail, is);
	if (memcmp(want, is, 32) != 0) {
		return hz_fail(HZ_MSG_FORMAT, "a model that has not its sum");
	}
	HZ_TRY(head(r));
	HZ_TRY(next_line(r));
	while (!begins(r, sum)) {
		HZ_TRY(class(r));
	}
	if (r->m->n == 0) {
		return bad(r, "a model without types");
	}
	return r->n == 0 ? HZ_OK : bad(r, "there is more behind the sum");
}

HZ_RESULT
hz_model_load(const void *p, size_t n, struct hz_model **ret)
{
	if (n > HZ_LEARN_FILE) {
		return hz_fail(HZ_MSG_LIMIT, "a model of %zu bytes; at most %zu", n, HZ_LEARN_FILE);
	}
	struct hz_model *m = calloc(1, sizeof(*m));
	if (!m) {
		return hz_fail(HZ_MSG_NOMEM, "a model");
	}
	m->source = calloc((size_t)HZ_LEARN_CLASSES * (HZ_LEARN_SOURCES + 1), sizeof(*m->source));
	m->feature = calloc(HZ_LEARN_ALL, sizeof(*m->feature));
	m->words = malloc(n + 1);
	struct reader r = { .p = p, .n = n, .m = m };
	enum hz_err e =
	    m->source && m->feature && m->words ? read_all(&r, p, n) : hz_fail(HZ_MSG_NOMEM, "a model");
	if (e != HZ_OK) {
		hz_model_free(&m);
		return e;
	}
	*ret = m;
	return HZ_OK;
}

const uint8_t *
hz_model_set(const struct hz_model *m)
{
	return m->set;
}

uint32_t
hz_model_texts(const struct hz_model *m)
{
	return m->texts;
}

size_t
hz_model_classes(const struct hz_model *m)
{
	return m->n;
}

const struct hz_model_class *
hz_model_class(const struct hz_model *m, size_t i)
{
	return &m->cls[i];
}

const struct hz_model_class *
hz_model_find(const struct hz_model *m, const char *type)
{
	for (size_t i = 0; i < m->n; i++) {
		if (strcmp(m->cls[i].type, type) == 0) {
			return &m->cls[i];
		}
	}
	return NULL;
}

unsigned
hz_model_right(const struct hz_model_class *c)
{
	if (c->held_confirmed == 0 || c->held_rejected == 0) {
		return 0;
	}
	return (500 * c->right_confirmed / c->held_confirmed) + (500 * c->right_rejected / c->held_rejected);
}

static int32_t
size_of(int32_t w)
{
	return w < 0 ? -w : w;
}

/* Puts it among the heaviest of n; equal ones stay in the order in which they come. */
static size_t
place_for(const struct hz_model_feature *const *v, size_t n, int32_t w)
{
	size_t at = n;
	while (at > 0 && size_of(v[at - 1]->weight) < size_of(w)) {
		at--;
	}
	return at;
}

size_t
hz_model_top(const struct hz_model_class *c, bool against, const struct hz_model_feature **ret, size_t max)
{
	size_t n = 0;
	for (size_t i = 0; i < c->nfeature; i++) {
		const struct hz_model_feature *f = &c->feature[i];
		size_t at = 0;
		if ((f->weight < 0) != against || (at = place_for(ret, n, f->weight)) == max) {
			continue;
		}
		n += n < max;
		memmove(&ret[at + 1], &ret[at], (n - 1 - at) * sizeof(const struct hz_model_feature *));
		ret[at] = f;
	}
	return n;
}

/* --- scores ----------------------------------------------------------------------------------------------
 */

static const struct hz_model_feature *
look_up(const struct hz_model_class *c, const uint8_t *p, size_t n)
{
	size_t lo = 0, hi = c->nfeature;
	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;
		const char *w = c->feature[mid].words;
		int d = hz_bytes_compare(w, strlen(w), p, n);
		if (d == 0) {
			return &c->feature[mid];
		}
		lo = d < 0 ? mid + 1 : lo;
		hi = d < 0 ? hi : mid;
	}
	return NULL;
}

static void
add_part(struct hz_model_score *s, const struct hz_model_feature *f, int64_t share)
{
	struct hz_model_part part = { (int32_t)(f->weight * share / 32768), f->words };
	size_t at = s->ntop;
	while (at > 0 && size_of(s->top[at - 1].part) < size_of(part.part)) {
		at--;
	}
	if (at == HZ_LEARN_TOP || part.part == 0) {
		return;
	}
	s->ntop += s->ntop < HZ_LEARN_TOP;
	memmove(&s->top[at + 1], &s->top[at], (s->ntop - 1 - at) * sizeof(part));
	s->top[at] = part;
}

static void
score_class(const struct hz_model_class *c, const struct hz_grams *g, struct hz_model_score *ret)
{
	int64_t sum = 0, share = hz_learn_share(g->n);
	*ret = (struct hz_model_score){ .cls = c };
	for (size_t i = 0; i < g->n; i++) {
		const struct hz_model_feature *f = look_up(c, g->words.p + g->v[i].at, g->v[i].len);
		if (f) {
			sum += f->weight;
			add_part(ret, f, share);
		}
	}
	ret->score = hz_learn_score(c->bias, sum * share);
}

static int
by_score(const void *a, const void *b)
{
	const struct hz_model_score *x = a, *y = b;
	return x->score != y->score ? (x->score < y->score) - (x->score > y->score)
				    : strcmp(x->cls->type, y->cls->type);
}

HZ_RESULT
hz_model_score(const struct hz_model *m, const struct hz_learn_text *text, const struct hz_learn_names *names,
    struct hz_model_scores *ret)
{
	struct hz_grams *g = NULL;
	HZ_TRY(hz_grams_new(&g));
	enum hz_err r = hz_grams_of(g, text, names);
	if (r == HZ_OK) {
		ret->n = 0;
		for (size_t i = 0; i < m->n; i++) {
			if (m->cls[i].used) {
				score_class(&m->cls[i], g, &ret->v[ret->n++]);
			}
		}
		if (ret->n > 1) {
			qsort(ret->v, ret->n, sizeof(ret->v[0]), by_score);
		}
	}
	hz_grams_free(&g);
	return r;
}
