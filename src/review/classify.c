/* Texts out of the vault, and the rules over them, in batches. */
#include "review/inner.h"

#include "object/object.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define VIEW_TEXTS 1000       /* a view that lives long keeps a writer from using free pages again */
#define HELD_BYTES (8u << 20) /* results that wait for their commit */

/* --- texts -----------------------------------------------------------------------------------------------
 */

/* Plain text that is UTF-8, or ASCII, which is UTF-8 too. Of other encodings a text was made at ingest. */
static bool
is_plain(const char *type)
{
	static const char *const types[] = { "text/plain; charset=utf-8", "text/plain; charset=us-ascii",
		"text/plain", "text/csv; charset=utf-8", "text/csv; charset=us-ascii" };
	for (size_t i = 0; type && i < sizeof(types) / sizeof(types[0]); i++) {
		if (strcmp(type, types[i]) == 0) {
			return true;
		}
	}
	return false;
}

/* A listing of names in an archive is no testimony. */
static bool
is_words(const struct hz_record *r)
{
	const char *what = hz_record_get(r, "derive.what");
	return is_plain(hz_record_get(r, "content.media_type")) && (!what || strcmp(what, "text") == 0);
}

HZ_RESULT
hz_review_is_text(struct hz_view *w, const struct hz_exhibit *e, bool *ret)
{
	struct hz_record r;
	hz_record_init(&r);
	enum hz_err err = hz_exhibit_fields(w, e, &r);
	if (err == HZ_OK) {
		*ret = is_words(&r);
	}
	hz_record_done(&r);
	return err;
}

static enum hz_err
sink(void *arg, const uint8_t *p, size_t n)
{
	return hz_buf_put(arg, p, n);
}

static enum hz_err
read_text(struct hz_view *w, struct hz_object *o, struct hz_opener *op, struct hz_buf *out)
{
	uint8_t h[32];
	HZ_TRY(hz_opener_begin(op, o->file_key, o->opening.size, o->payload));
	for (uint64_t i = 0; i < o->segments; i++) {
		const uint8_t *p = NULL;
		size_t n = 0;
		HZ_TRY(hz_object_segment(w, o, i, false, &p, &n));
		HZ_TRY(hz_opener_put(op, p, n, sink, out));
		hz_object_dontneed(w, p, n);
	}
	HZ_TRY(hz_opener_end(op, h));
	return memcmp(h, o->opening.sha256, 32) == 0
		   ? HZ_OK
		   : hz_fail(HZ_MSG_CONTENT_DIFFERS, "the bytes do not have the sealed hash");
}

HZ_RESULT
hz_review_text(struct hz_view *w, const struct hz_exhibit *e, struct hz_buf *out)
{
	struct hz_object o;
	struct hz_opener *op = NULL;
	size_t start = out->len;
	if (e->size > HZ_REVIEW_TEXT_MAX) {
		return hz_fail(
		    HZ_MSG_LIMIT, "%s: a text of %llu bytes", e->number, (unsigned long long)e->size);
	}
	HZ_TRY(hz_object_load(w, e, &o));
	enum hz_err r = hz_opener_new(&op);
	r = r == HZ_OK ? read_text(w, &o, op, out) : r;
	hz_opener_free(&op);
	hz_object_done(&o);
	if (r != HZ_OK) {
		out->len = start;
	}
	return r;
}

/* --- a run -----------------------------------------------------------------------------------------------
 */

struct held { /* a result that waits until its event is on disk */
	struct hz_classified c;
	struct hz_tags tags;
	struct hz_tag_set set;
};
struct run {
	struct hz_vault *v;
	const struct hz_classify_opts *o;
	hz_classified_fn *each;
	void *arg;
	struct hz_classify_sum sum;
	struct hz_view *view; /* dry */
	struct hz_batch *batch;
	uint32_t rules;
	struct hz_buf text;
	struct held *held;
	size_t nheld, cap, bytes;
	uint64_t seen;
};

static struct hz_view *
view_of(struct run *x)
{
	return x->batch ? hz_batch_view(x->batch) : x->view;
}

static void
held_done(struct held *h)
{
	hz_tags_done(&h->tags);
	hz_tag_set_done(&h->set);
}

static void
count(struct run *x, const struct held *h)
{
	for (size_t i = 0; i < h->tags.n; i++) {
		struct hz_kept_tag like = { .axis = h->tags.v[i].axis, .role = h->tags.v[i].role };
		memcpy(like.value, h->tags.v[i].value, sizeof(like.value));
		const struct hz_kept_tag *t = hz_tag_set_find(&h->set, &like);
		x->sum.tags++;
		if (t && t->ndecided > 0) {
			x->sum.decided++;
		}
		if (t && hz_tag_stands(t).state == HZ_TAG_PROPOSED) {
			x->sum.proposed++;
		}
	}
}

static void
tally(struct run *x, const struct held *h)
{
	x->sum.texts += h->c.how != HZ_CLASSIFIED_NO_TEXT;
	x->sum.fresh += h->c.how == HZ_CLASSIFIED_NEW;
	x->sum.same += h->c.how == HZ_CLASSIFIED_SAME;
	x->sum.large += h->c.how == HZ_CLASSIFIED_LARGE;
	x->sum.no_text += h->c.how == HZ_CLASSIFIED_NO_TEXT;
	count(x, h);
}

/* Hands over what is durable now. */
static enum hz_err
hand_over(struct run *x)
{
	enum hz_err r = HZ_OK;
	for (size_t i = 0; i < x->nheld; i++) {
		struct held *h = &x->held[i];
		bool read = h->c.how == HZ_CLASSIFIED_NEW || h->c.how == HZ_CLASSIFIED_SAME;
		if (r == HZ_OK) {
			tally(x, h);
			h->c.tags = read ? &h->tags : NULL;
			h->c.set = read ? &h->set : NULL;
			r = x->each ? x->each(x->arg, &h->c) : HZ_OK;
		}
		held_done(h);
	}
	x->nheld = 0;
	x->bytes = 0;
	return r;
}

static enum hz_err
hold(struct run *x, const struct held *h)
{
	if (x->nheld == x->cap) {
		size_t cap = x->cap ? x->cap * 2 : 64;
		struct held *more = reallocarray(x->held, cap, sizeof(*more));
		if (!more) {
			return hz_fail(HZ_MSG_NOMEM, "results");
		}
		x->held = more;
		x->cap = cap;
	}
	x->held[x->nheld++] = *h;
	x->bytes += sizeof(*h) + h->set.n * sizeof(*h->set.v);
	for (size_t i = 0; i < h->tags.n; i++) {
		x->bytes += sizeof(h->tags.v[i]) + h->tags.v[i].nspans * sizeof(*h->tags.v[i].spans);
	}
	return HZ_OK;
}

/* Results are handed over when their batch is on disk; a dry run has nothing to wait for. */
static enum hz_err
settle(struct run *x, bool last)
{
	if (!x->batch) {
		return hand_over(x);
	}
	if (!last && !hz_batch_due(x->batch) && x->bytes < HELD_BYTES) {
		return HZ_OK;
	}
	HZ_TRY(hz_batch_commit(x->batch));
	return hand_over(x);
}

HZ_RESULT
hz_review_when(struct hz_view *w, const struct hz_exhibit *e, struct hz_classify_when *ret)
{
	struct hz_exhibit origin = *e;
	struct hz_record r;
	if (hz_is_derived(e->no)) {
		HZ_TRY(hz_exhibit_get(w, hz_derived_origin(e->no), &origin));
	}
	hz_record_init(&r);
	enum hz_err err = hz_exhibit_fields(w, &origin, &r);
	const char *from = hz_record_get(&r, "receipt.when_from"), *to = hz_record_get(&r, "receipt.when_to");
	if (err == HZ_OK && (from || to)) {
		(void)snprintf(ret->from, sizeof(ret->from), "%.10s", from ? from : to);
		(void)snprintf(ret->to, sizeof(ret->to), "%.10s", to ? to : from);
	}
	hz_record_done(&r);
	return err;
}

static enum hz_err
classify(struct run *x, const struct hz_exhibit *e, struct held *h)
{
	struct hz_view *w = view_of(x);
	bool fresh = false;
	hz_buf_clear(&x->text);
	HZ_TRY(hz_review_when(w, e, &h->c.when));
	HZ_TRY(hz_review_text(w, e, &x->text));
	HZ_TRY(hz_classify(x->o->rules, x->text.p, x->text.len, &h->c.when, &h->tags));
	hz_wipe(x->text.p, x->text.len);
	struct hz_new_classification n = { .exhibit = e->no,
		.rules = x->rules,
		.rules_id = hz_rules_id(x->o->rules),
		.rules_version = hz_rules_version(x->o->rules),
		.engine = x->o->engine,
		.when = &h->c.when,
		.tags = &h->tags };
	HZ_TRY(x->batch ? hz_batch_classification(x->batch, &n, &fresh, &h->set)
			: hz_view_classification(w, &n, &fresh, &h->set));
	h->c.how = fresh ? HZ_CLASSIFIED_NEW : HZ_CLASSIFIED_SAME;
	return HZ_OK;
}

static enum hz_err
one_text(struct run *x, const struct hz_exhibit *e, bool is_text)
{
	struct held h = { .c = { .exhibit = e->no, .how = HZ_CLASSIFIED_NO_TEXT } };
	(void)snprintf(h.c.number, sizeof(h.c.number), "%s", e->number);
	hz_tag_set_init(&h.set, e->no);
	enum hz_err r = HZ_OK;
	if (is_text && e->size > HZ_REVIEW_TEXT_MAX) {
		h.c.how = HZ_CLASSIFIED_LARGE;
	} else if (is_text) {
		r = classify(x, e, &h);
	}
	r = r == HZ_OK ? hold(x, &h) : r;
	if (r != HZ_OK) {
		held_done(&h);
		return r;
	}
	return settle(x, false);
}

/* An exhibit: its own bytes and the texts that were made out of it. */
static enum hz_err
one_exhibit(struct run *x, const struct hz_exhibit *e)
{
	bool own = false, any = false, found = true;
	unsigned n = 0;
	HZ_TRY(hz_cancel_check());
	HZ_TRY(hz_review_is_text(view_of(x), e, &own));
	if (own) {
		HZ_TRY(one_text(x, e, true));
	}
	any = own;
	while (found) {
		struct hz_exhibit d;
		bool words = false;
		HZ_TRY(hz_derived_next(view_of(x), e->no, &n, &found, &d));
		if (!found) {
			break;
		}
		HZ_TRY(hz_review_is_text(view_of(x), &d, &words));
		if (words) {
			any = true;
			HZ_TRY(one_text(x, &d, true));
		}
	}
	return any ? HZ_OK : one_text(x, e, false);
}

static enum hz_err
renew_view(struct run *x)
{
	if (x->view && ++x->seen % VIEW_TEXTS == 0) {
		hz_view_end(&x->view);
		return hz_view_begin(x->v, &x->view);
	}
	return HZ_OK;
}

static enum hz_err
walk(struct run *x)
{
	struct hz_exhibit e;
	uint64_t no = 1;
	bool found = true;
	for (size_t i = 0; !x->o->all && i < x->o->count; i++) {
		HZ_TRY(hz_exhibit_get(view_of(x), x->o->exhibits[i], &e));
		HZ_TRY(one_exhibit(x, &e));
		HZ_TRY(renew_view(x));
	}
	while (x->o->all) {
		HZ_TRY(hz_exhibit_next(view_of(x), &no, &found, &e));
		if (!found) {
			break;
		}
		HZ_TRY(one_exhibit(x, &e));
		HZ_TRY(renew_view(x));
	}
	return settle(x, true);
}

static enum hz_err
keep_rules(struct run *x)
{
	struct hz_rules_row row;
	const uint8_t *id = hz_rules_id(x->o->rules);
	bool found = false;
	if (!x->batch) { /* what is not kept has no number yet: one that no file gets */
		HZ_TRY(hz_rules_row_find(x->view, id, &found, &row));
		x->rules = found ? row.no : UINT32_MAX;
		return HZ_OK;
	}
	struct hz_new_rules n = { .file = x->o->file,
		.size = x->o->file_size,
		.id = id,
		.name = hz_rules_name(x->o->rules),
		.version = hz_rules_version(x->o->rules) };
	return hz_batch_rules(x->batch, &n, &x->rules, NULL);
}

HZ_RESULT
hz_review_classify(struct hz_vault *v, const struct hz_classify_opts *o, hz_classified_fn *each, void *arg,
    struct hz_classify_sum *ret)
{
	struct run x = { .v = v,
		.o = o,
		.each = each,
		.arg = arg,
		.text = HZ_BUF_SECRET_INIT((size_t)HZ_REVIEW_TEXT_MAX) };
	enum hz_err r = o->dry ? hz_view_begin(v, &x.view) : hz_batch_begin(v, &x.batch);
	r = r == HZ_OK ? keep_rules(&x) : r;
	r = r == HZ_OK ? walk(&x) : r;
	if (r == HZ_OK && x.batch) {
		r = hz_batch_finish(&x.batch);
	}
	for (size_t i = 0; i < x.nheld; i++) {
		held_done(&x.held[i]);
	}
	free(x.held);
	hz_batch_end(&x.batch);
	hz_view_end(&x.view);
	if (x.text.p) {
		hz_wipe(x.text.p, x.text.len);
	}
	hz_buf_done(&x.text);
	if (r == HZ_OK) {
		*ret = x.sum;
	}
	return r;
}
