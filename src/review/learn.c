/* Examples out of the decisions of people, and a model from them. */
#include "review/learn.h"

#include "crypto/crypto.h"
#include "review/hide.h"
#include "review/inner.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define VIEW_ROWS 1000 /* a view that lives long keeps a writer from using free pages again */

/* --- gathering -------------------------------------------------------------------------------------------
 */

struct said { /* a text on whose types people decided */
	uint64_t exhibit;
	uint8_t order[32]; /* hash of its number: which are taken where there are too many */
	size_t n;
	struct hz_learn_label *label; /* heap, the types behind them in the same piece */
};
struct gather {
	struct hz_vault *v;
	struct hz_view *w;
	uint64_t rows, texts;
	size_t n, cap;
	struct said *said;
};

static void
gather_done(struct gather *g)
{
	for (size_t i = 0; i < g->n; i++) {
		free(g->said[i].label);
	}
	free(g->said);
	hz_view_end(&g->w);
	*g = (struct gather){ 0 };
}

static enum hz_err
renew(struct gather *g)
{
	HZ_TRY(hz_cancel_check());
	if (++g->rows % VIEW_ROWS != 0) {
		return HZ_OK;
	}
	hz_view_end(&g->w);
	return hz_view_begin(g->v, &g->w);
}

/* What people's decisions make of a tag: a denied act was not said to have happened. 0: nothing at all. */
static unsigned
verdict(const struct hz_kept_tag *t)
{
	struct hz_tag_standing now = hz_tag_stands(t);
	if (t->axis != HZ_AXIS_TYPE || now.state == HZ_TAG_SUPERSEDED) {
		return 0;
	}
	if (now.disputed || t->ndecided == 0 || t->certainty == HZ_CERTAIN_DENIED) {
		return HZ_LEARN_OPEN;
	}
	return now.state == HZ_TAG_CONFIRMED || now.state == HZ_TAG_ADDED ? HZ_LEARN_CONFIRMED
	       : now.state == HZ_TAG_REJECTED                             ? HZ_LEARN_REJECTED
									  : HZ_LEARN_OPEN;
}

static int
by_order(const void *a, const void *b)
{
	const struct said *x = a, *y = b;
	int c = memcmp(x->order, y->order, sizeof(x->order));
	return c != 0 ? c : (x->exhibit > y->exhibit) - (x->exhibit < y->exhibit);
}

/* The first HZ_LEARN_TEXTS of their order stay. */
static void
thin(struct gather *g)
{
	if (g->n > 1) {
		qsort(g->said, g->n, sizeof(*g->said), by_order);
	}
	while (g->n > HZ_LEARN_TEXTS) {
		free(g->said[--g->n].label);
	}
}

static enum hz_err
place_for_one(struct gather *g)
{
	if (g->n == 2 * (size_t)HZ_LEARN_TEXTS) {
		thin(g);
	}
	if (g->n < g->cap) {
		return HZ_OK;
	}
	size_t cap = g->cap ? g->cap * 2 : 256;
	struct said *more = reallocarray(g->said, cap, sizeof(*more));
	if (!more) {
		return hz_fail(HZ_MSG_NOMEM, "examples");
	}
	g->said = more;
	g->cap = cap;
	return HZ_OK;
}

static enum hz_err
take_labels(const struct hz_tag_set *s, struct said *x)
{
	x->label = calloc(HZ_LEARN_LABELS, sizeof(*x->label) + sizeof(s->v[0].value));
	if (!x->label) {
		return hz_fail(HZ_MSG_NOMEM, "examples");
	}
	char *types = (char *)(x->label + HZ_LEARN_LABELS);
	for (size_t i = 0; i < s->n && x->n < HZ_LEARN_LABELS; i++) {
		unsigned said = verdict(&s->v[i]);
		if (said != 0) {
			memcpy(types, s->v[i].value, sizeof(s->v[i].value));
			x->label[x->n].type = types;
			x->label[x->n++].verdict = (enum hz_learn_verdict)said;
			types += sizeof(s->v[i].value);
		}
	}
	return HZ_OK;
}

static enum hz_err
one_set(struct gather *g, const struct hz_tag_set *s)
{
	struct said x = { .exhibit = s->exhibit };
	struct hz_exhibit e;
	bool any = false;
	for (size_t i = 0; i < s->n; i++) {
		unsigned said = verdict(&s->v[i]);
		any = any || said == HZ_LEARN_CONFIRMED || said == HZ_LEARN_REJECTED;
	}
	if (!any) {
		return HZ_OK;
	}
	HZ_TRY(hz_exhibit_get(g->w, s->exhibit, &e));
	if (e.size > HZ_REVIEW_TEXT_MAX) {
		return HZ_OK;
	}
	HZ_TRY(place_for_one(g));
	HZ_TRY(take_labels(s, &x));
	hz_sha256(e.number, strlen(e.number), x.order);
	g->said[g->n++] = x;
	g->texts++;
	return HZ_OK;
}

static enum hz_err
gather(struct hz_vault *v, struct gather *g)
{
	uint64_t origin = 1;
	unsigned n = 0;
	*g = (struct gather){ .v = v };
	HZ_TRY(hz_view_begin(v, &g->w));
	for (bool found = true;; n++) {
		struct hz_tag_set s;
		HZ_TRY(hz_tag_set_walk(g->w, &origin, &n, &found, &s));
		enum hz_err r = found ? one_set(g, &s) : HZ_OK;
		hz_tag_set_done(&s);
		HZ_TRY(r);
		if (!found) {
			thin(g);
			return HZ_OK;
		}
		HZ_TRY(renew(g));
	}
}

/* --- examples --------------------------------------------------------------------------------------------
 */

struct examples {
	struct gather g;
	const struct hz_rules *rules;
	struct hz_learn_names *names;
	struct hz_learn_example *e;
	char (*number)[HZ_NUMBER_MAX];
	char **source;
	struct hz_buf text;
	struct hz_hidden hide;
};

static void
examples_done(struct examples *x)
{
	for (size_t i = 0; x->source && i < x->g.n; i++) {
		free(x->source[i]);
	}
	free(x->source);
	free(x->number);
	free(x->e);
	hz_hidden_done(&x->hide);
	hz_learn_names_free(&x->names);
	hz_buf_done(&x->text);
	gather_done(&x->g);
}

/* Who brought it; of a derived text, who brought its origin. */
static enum hz_err
source_of(struct hz_view *w, const struct hz_exhibit *e, char **ret)
{
	struct hz_exhibit origin = *e;
	struct hz_record r;
	if (hz_is_derived(e->no)) {
		HZ_TRY(hz_exhibit_get(w, hz_derived_origin(e->no), &origin));
	}
	hz_record_init(&r);
	enum hz_err err = hz_exhibit_fields(w, &origin, &r);
	const char *s = err == HZ_OK ? hz_record_get(&r, "receipt.source") : NULL;
	if (s) {
		*ret = strdup(s);
		err = *ret ? HZ_OK : hz_fail(HZ_MSG_NOMEM, "sources");
	}
	hz_record_done(&r);
	return err;
}

static enum hz_err
make_examples(struct examples *x)
{
	size_t n = x->g.n;
	x->e = calloc(n + 1, sizeof(*x->e));
	x->number = calloc(n + 1, sizeof(*x->number));
	x->source = calloc(n + 1, sizeof(*x->source));
	if (!x->e || !x->number || !x->source) {
		return hz_fail(HZ_MSG_NOMEM, "examples");
	}
	for (size_t i = 0; i < n; i++) {
		const struct said *s = &x->g.said[i];
		struct hz_exhibit e;
		HZ_TRY(hz_exhibit_get(x->g.w, s->exhibit, &e));
		HZ_TRY(source_of(x->g.w, &e, &x->source[i]));
		memcpy(x->number[i], e.number, sizeof(x->number[i]));
		x->e[i] = (struct hz_learn_example){ x->number[i], x->source[i], s->label, s->n };
		HZ_TRY(renew(&x->g));
	}
	return HZ_OK;
}

static enum hz_err
read_example(void *arg, size_t i, struct hz_learn_text *ret)
{
	struct examples *x = arg;
	struct hz_classify_when when = { "", "" };
	struct hz_exhibit e;
	HZ_TRY(renew(&x->g));
	hz_buf_clear(&x->text);
	hz_hidden_done(&x->hide);
	HZ_TRY(hz_exhibit_get(x->g.w, x->g.said[i].exhibit, &e));
	HZ_TRY(hz_review_when(x->g.w, &e, &when));
	HZ_TRY(hz_review_text(x->g.w, &e, &x->text));
	HZ_TRY(hz_hidden_of(x->rules, x->text.p, x->text.len, &when, &x->hide));
	*ret = (struct hz_learn_text){ x->text.p, x->hide.limit, x->hide.v, x->hide.n };
	return HZ_OK;
}

/* Counts of what was gathered; *ret is heap. */
static enum hz_err
count_types(const struct examples *x, struct hz_learn_count **ret, size_t *ret_n)
{
	size_t max = 0;
	for (size_t i = 0; i < x->g.n; i++) {
		max += x->g.said[i].n;
	}
	max = max < 4096 ? max : 4096; /* a rules file has no more sections */
	struct hz_learn_count *c = calloc(max + 1, sizeof(*c));
	if (!c) {
		return hz_fail(HZ_MSG_NOMEM, "types");
	}
	*ret_n = hz_learn_counts(x->e, x->g.n, c, max);
	*ret = c;
	return HZ_OK;
}

HZ_RESULT
hz_review_learn_counts(struct hz_vault *v, struct hz_learn_sum *ret)
{
	struct examples x = { .text = HZ_BUF_INIT(0) };
	struct hz_learn_sum sum = { 0 };
	enum hz_err r = gather(v, &x.g);
	r = r == HZ_OK ? make_examples(&x) : r;
	r = r == HZ_OK ? count_types(&x, &sum.v, &sum.n) : r;
	sum.texts = x.g.texts;
	sum.left_out = x.g.texts - x.g.n;
	examples_done(&x);
	if (r == HZ_OK) {
		*ret = sum;
	}
	return r;
}

void
hz_learn_sum_done(struct hz_learn_sum *s)
{
	free(s->v);
	*s = (struct hz_learn_sum){ 0 };
}

/* --- training --------------------------------------------------------------------------------------------
 */

static enum hz_err
train(struct hz_vault *v, const struct hz_learn_opts *o, struct hz_buf *out)
{
	struct examples x = { .rules = o->rules, .text = HZ_BUF_SECRET_INIT((size_t)HZ_REVIEW_TEXT_MAX) };
	enum hz_err r = gather(v, &x.g);
	r = r == HZ_OK ? make_examples(&x) : r;
	r = r == HZ_OK ? hz_hide_names(o->rules, &x.names) : r;
	r = r == HZ_OK ? hz_learn_train(x.e, x.g.n, read_example, &x, x.names, out) : r;
	examples_done(&x);
	return r;
}

/* Whether the newest model has these very bytes. */
static enum hz_err
is_newest(struct hz_vault *v, const void *p, size_t n, bool *ret, struct hz_model_row *row)
{
	struct hz_view *w = NULL;
	uint8_t h[32];
	bool found = false;
	hz_sha256(p, n, h);
	HZ_TRY(hz_view_begin(v, &w));
	enum hz_err r = hz_model_row_newest(w, &found, row, NULL);
	hz_view_end(&w);
	*ret = r == HZ_OK && found && row->size == n && memcmp(row->sha256, h, 32) == 0;
	return r;
}

static enum hz_err
keep(
    struct hz_vault *v, const struct hz_learn_opts *o, const struct hz_new_model *x, struct hz_model_row *ret)
{
	struct hz_new_rules n = { .file = o->file,
		.size = o->file_size,
		.id = hz_rules_id(o->rules),
		.name = hz_rules_name(o->rules),
		.version = hz_rules_version(o->rules) };
	struct hz_batch *b = NULL;
	uint32_t no = 0;
	enum hz_err r = hz_batch_begin(v, &b);
	r = r == HZ_OK ? hz_batch_rules(b, &n, &no, NULL) : r;
	r = r == HZ_OK ? hz_batch_model(b, x, ret) : r;
	r = r == HZ_OK ? hz_batch_finish(&b) : r;
	hz_batch_end(&b);
	return r;
}

HZ_RESULT
hz_review_learn(struct hz_vault *v, const struct hz_learn_opts *o, bool *ret_new,
    struct hz_model_row *ret_row, struct hz_model **ret)
{
	struct hz_buf bytes = HZ_BUF_SECRET_INIT(HZ_LEARN_FILE);
	struct hz_model *m = NULL;
	struct hz_model_row row = { 0 };
	bool same = false;
	enum hz_err r = train(v, o, &bytes);
	r = r == HZ_OK ? hz_model_load(bytes.p, bytes.len, &m) : r;
	r = r == HZ_OK ? is_newest(v, bytes.p, bytes.len, &same, &row) : r;
	same = same && memcmp(row.rules, hz_rules_id(o->rules), 32) == 0;
	if (r == HZ_OK && !same) {
		struct hz_new_model x = { .bytes = bytes.p,
			.size = bytes.len,
			.set = hz_model_set(m),
			.rules = hz_rules_id(o->rules),
			.engine = o->engine,
			.types = (uint32_t)hz_model_classes(m),
			.texts = hz_model_texts(m) };
		r = keep(v, o, &x, &row);
	}
	hz_buf_done(&bytes);
	if (r != HZ_OK) {
		hz_model_free(&m);
		return r;
	}
	*ret_new = !same;
	*ret_row = row;
	*ret = m;
	return HZ_OK;
}

HZ_RESULT
hz_review_unlearn(struct hz_vault *v, const char *engine, bool *ret_new)
{
	struct hz_view *w = NULL;
	struct hz_batch *b = NULL;
	struct hz_model_row row;
	bool found = false;
	HZ_TRY(hz_view_begin(v, &w));
	enum hz_err r = hz_model_row_newest(w, &found, &row, NULL);
	hz_view_end(&w);
	HZ_TRY(r);
	*ret_new = found && row.size > 0;
	if (!*ret_new) {
		return HZ_OK;
	}
	struct hz_new_model x = { .bytes = "", .engine = engine };
	r = hz_batch_begin(v, &b);
	r = r == HZ_OK ? hz_batch_model(b, &x, &row) : r;
	r = r == HZ_OK ? hz_batch_finish(&b) : r;
	hz_batch_end(&b);
	return r;
}
