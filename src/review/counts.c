/* Tags by axis, value, role and state. */
#include "review/inner.h"

#include <stdlib.h>
#include <string.h>

#define VIEW_ROWS 10000 /* a view that lives long keeps a writer from using free pages again */

void
hz_tag_counts_done(struct hz_tag_counts *c)
{
	free(c->v);
	*c = (struct hz_tag_counts){ 0 };
}

static int
compare(const struct hz_tag_count *c, const struct hz_kept_tag *t)
{
	int d = (int)c->axis - (int)t->axis;
	d = d != 0 ? d : strcmp(c->value, t->value);
	return d != 0 ? d : (int)c->role - (int)t->role;
}

/* Its line of the table, made where it is missing; NULL where the table is full. */
static enum hz_err
line_of(struct hz_tag_counts *c, size_t *cap, const struct hz_kept_tag *t, struct hz_tag_count **ret)
{
	size_t lo = 0, hi = c->n;
	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;
		int d = compare(&c->v[mid], t);
		if (d == 0) {
			*ret = &c->v[mid];
			return HZ_OK;
		}
		if (d < 0) {
			lo = mid + 1;
		} else {
			hi = mid;
		}
	}
	if (c->n == HZ_TAG_COUNTS_MAX) {
		*ret = NULL;
		return HZ_OK;
	}
	if (c->n == *cap) {
		size_t more = *cap ? *cap * 2 : 64;
		struct hz_tag_count *v = reallocarray(c->v, more, sizeof(*v));
		if (!v) {
			return hz_fail(HZ_MSG_NOMEM, "counts");
		}
		c->v = v;
		*cap = more;
	}
	memmove(&c->v[lo + 1], &c->v[lo], (c->n - lo) * sizeof(*c->v));
	c->v[lo] = (struct hz_tag_count){ .axis = t->axis, .role = t->role };
	memcpy(c->v[lo].value, t->value, sizeof(t->value));
	c->n++;
	*ret = &c->v[lo];
	return HZ_OK;
}

static enum hz_err
add(struct hz_tag_counts *c, size_t *cap, const struct hz_kept_tag *t)
{
	struct hz_tag_standing s = hz_tag_stands(t);
	struct hz_tag_count *line = NULL;
	HZ_TRY(line_of(c, cap, t, &line));
	if (!line) {
		c->left_out++;
		return HZ_OK;
	}
	line->state[s.state]++;
	line->disputed += s.disputed;
	line->waiting += s.state == HZ_TAG_PROPOSED && s.people == 1;
	line->denied += t->certainty == HZ_CERTAIN_DENIED;
	return HZ_OK;
}

static enum hz_err
add_set(struct hz_tag_counts *c, size_t *cap, const struct hz_tag_set *s)
{
	bool open = false;
	c->texts++;
	c->classified += s->record != 0;
	for (size_t i = 0; i < s->n; i++) {
		open = open || hz_tag_stands(&s->v[i]).state == HZ_TAG_PROPOSED;
		HZ_TRY(add(c, cap, &s->v[i]));
	}
	c->reviewed += !open;
	return HZ_OK;
}

static enum hz_err
walk(struct hz_vault *v, struct hz_view **w, const uint64_t *exhibits, size_t count, struct hz_tag_counts *c)
{
	uint64_t origin = 1, rows = 0;
	unsigned n = 0;
	size_t cap = 0;
	for (bool found = true;; n++) {
		struct hz_tag_set s;
		HZ_TRY(hz_cancel_check());
		HZ_TRY(hz_tag_set_walk(*w, &origin, &n, &found, &s));
		enum hz_err r =
		    found && hz_review_among(exhibits, count, origin) ? add_set(c, &cap, &s) : HZ_OK;
		hz_tag_set_done(&s);
		HZ_TRY(r);
		if (!found) {
			return HZ_OK;
		}
		if (++rows % VIEW_ROWS == 0) {
			hz_view_end(w);
			HZ_TRY(hz_view_begin(v, w));
		}
	}
}

HZ_RESULT
hz_review_counts(struct hz_vault *v, const uint64_t *exhibits, size_t count, struct hz_tag_counts *ret)
{
	struct hz_tag_counts c = { .exhibits = exhibits ? count : hz_vault_info(v)->exhibits };
	struct hz_view *w = NULL;
	enum hz_err r = hz_view_begin(v, &w);
	r = r == HZ_OK ? walk(v, &w, exhibits, count, &c) : r;
	hz_view_end(&w);
	if (r != HZ_OK) {
		hz_tag_counts_done(&c);
		return r;
	}
	*ret = c;
	return HZ_OK;
}

struct hz_tag_count
hz_tag_counts_below(
    const struct hz_tag_counts *c, enum hz_axis axis, const char *top, const enum hz_role *role)
{
	struct hz_tag_count sum = { .axis = axis, .role = role ? *role : HZ_ROLE_NONE };
	memcpy(sum.value, top, strnlen(top, sizeof(sum.value) - 1));
	for (size_t i = 0; i < c->n; i++) {
		const struct hz_tag_count *l = &c->v[i];
		if (l->axis != axis || (role && l->role != *role) || !hz_value_below(l->value, top, axis)) {
			continue;
		}
		for (size_t s = 0; s < HZ_TAG_STATES; s++) {
			sum.state[s] += l->state[s];
		}
		sum.disputed += l->disputed;
		sum.waiting += l->waiting;
		sum.denied += l->denied;
	}
	return sum;
}
