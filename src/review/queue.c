/* The next tag for a reviewer, and queries over tags. */
#include "review/inner.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool
hz_review_among(const uint64_t *list, size_t n, uint64_t no)
{
	size_t lo = 0, hi = n;
	if (!list) {
		return true;
	}
	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;
		if (list[mid] == no) {
			return true;
		}
		if (list[mid] < no) {
			lo = mid + 1;
		} else {
			hi = mid;
		}
	}
	return false;
}

void
hz_review_item_done(struct hz_review_item *i)
{
	hz_tag_clear(&i->tag);
}

bool
hz_review_waits(
    const struct hz_kept_tag *t, const uint8_t who[static HZ_WHO_LEN], const struct hz_review_filter *f)
{
	struct hz_tag_standing s = hz_tag_stands(t);
	if (s.state != HZ_TAG_PROPOSED || (f->axis && t->axis != f->axis) ||
	    (f->value && !hz_value_below(t->value, f->value, t->axis))) {
		return false;
	}
	return f->disputed ? s.disputed : !hz_tag_by(t, who);
}

static void
take(const struct hz_tag_set *set, const struct hz_kept_tag *t, const struct hz_review_filter *f,
    struct hz_review_item *i)
{
	struct hz_tag_standing s = hz_tag_stands(t);
	*i = (struct hz_review_item){ .exhibit = set->exhibit,
		.before = s.before,
		.disputed = f->disputed && s.disputed,
		.rules = t->rules,
		.record = t->record };
	i->tag = (struct hz_tag){ .axis = t->axis,
		.role = t->role,
		.certainty = t->certainty,
		.score = t->score,
		.band = t->band,
		.ambiguous = t->ambiguous,
		.experimental = t->experimental };
	memcpy(i->tag.value, t->value, sizeof(i->tag.value));
	hz_kept_tag_id(t, i->id);
}

/* The places in the text that speak for it. */
static enum hz_err
add_spans(struct hz_view *w, const struct hz_kept_tag *t, struct hz_review_item *i)
{
	struct hz_tags all;
	if (t->record == 0) {
		return HZ_OK;
	}
	HZ_TRY(hz_classification_tags(w, t->record, &all));
	for (size_t k = 0; k < all.n; k++) {
		struct hz_tag *g = &all.v[k];
		if (g->axis == t->axis && g->role == t->role && strcmp(g->value, t->value) == 0) {
			i->tag.spans = g->spans;
			i->tag.nspans = g->nspans;
			i->tag.left_out = g->left_out;
			g->spans = NULL;
		}
	}
	hz_tags_done(&all);
	return HZ_OK;
}

HZ_RESULT
hz_review_take(struct hz_view *w, const struct hz_tag_set *set, const struct hz_kept_tag *t,
    const struct hz_review_filter *f, struct hz_review_item *ret)
{
	struct hz_exhibit e;
	HZ_TRY(hz_exhibit_get(w, set->exhibit, &e));
	take(set, t, f, ret);
	(void)snprintf(ret->number, sizeof(ret->number), "%s", e.number);
	enum hz_err r = add_spans(w, t, ret);
	if (r != HZ_OK) {
		hz_review_item_done(ret);
	}
	return r;
}

static enum hz_err
look(struct hz_view *w, const struct hz_tag_set *s, const uint8_t who[static HZ_WHO_LEN],
    const struct hz_review_filter *f, struct hz_review_place *at, bool *ret_found, struct hz_review_item *ret)
{
	for (; at->after < s->n && !*ret_found; at->after++) {
		const struct hz_kept_tag *t = &s->v[at->after];
		if (!hz_review_waits(t, who, f)) {
			continue;
		}
		HZ_TRY(hz_review_take(w, s, t, f, ret));
		*ret_found = true;
	}
	return HZ_OK;
}

HZ_RESULT
hz_review_next(struct hz_view *w, const uint8_t who[static HZ_WHO_LEN], const struct hz_review_filter *f,
    struct hz_review_place *at, bool *ret_found, struct hz_review_item *ret)
{
	static const struct hz_review_filter all = { .axis = 0 };
	bool row = true;
	f = f ? f : &all;
	*ret_found = false;
	while (!*ret_found) {
		struct hz_tag_set s;
		struct hz_review_place was = *at;
		HZ_TRY(hz_cancel_check());
		HZ_TRY(hz_tag_set_walk(w, &at->origin, &at->n, &row, &s));
		if (!row) {
			hz_tag_set_done(&s);
			return HZ_OK;
		}
		if (at->origin != was.origin || at->n != was.n) {
			at->after = 0;
		}
		enum hz_err r = hz_review_among(f->exhibits, f->count, at->origin)
				    ? look(w, &s, who, f, at, ret_found, ret)
				    : HZ_OK;
		hz_tag_set_done(&s);
		HZ_TRY(r);
		if (!*ret_found) {
			at->n++;
			at->after = 0;
		}
	}
	return HZ_OK;
}

/* --- queries ---------------------------------------------------------------------------------------------
 */

bool
hz_tag_matches(const struct hz_kept_tag *t, const struct hz_tag_query *q)
{
	enum hz_tag_state s = hz_tag_stands(t).state;
	if ((q->axis && t->axis != q->axis) || (q->has_role && t->role != q->role) ||
	    (q->value && !hz_value_below(t->value, q->value, t->axis))) {
		return false;
	}
	if (q->state) {
		return s == q->state;
	}
	return s != HZ_TAG_REJECTED && s != HZ_TAG_SUPERSEDED && t->certainty != HZ_CERTAIN_DENIED;
}

HZ_RESULT
hz_review_has(struct hz_view *w, const struct hz_exhibit *e, const struct hz_tag_query *q, bool *ret)
{
	unsigned n = 0;
	bool found = true, has = false;
	while (found && !has) {
		struct hz_tag_set s;
		HZ_TRY(hz_tag_set_next(w, e->no, &n, &found, &s));
		for (size_t i = 0; found && i < s.n && !has; i++) {
			has = hz_tag_matches(&s.v[i], q);
		}
		hz_tag_set_done(&s);
	}
	*ret = has;
	return HZ_OK;
}
