#include "review/again.h"

#include <stdlib.h>
#include <string.h>

void
hz_again_done(struct hz_again *a)
{
	hz_tags_done(&a->kept);
	a->record = 0;
	a->same = false;
}

static struct hz_tag *
find(const struct hz_tags *t, enum hz_axis axis, const char *value, enum hz_role role)
{
	for (size_t i = 0; i < t->n; i++) {
		struct hz_tag *x = &t->v[i];
		if (x->axis == axis && x->role == role && strcmp(x->value, value) == 0) {
			return x;
		}
	}
	return NULL;
}

const struct hz_tag *
hz_again_find(const struct hz_again *a, enum hz_axis axis, const char *value, enum hz_role role)
{
	return find(&a->kept, axis, value, role);
}

/* Of long lists of spans a record keeps the first ones. */
static bool
is_same(const struct hz_tag *kept, const struct hz_tag *now)
{
	if (kept->certainty != now->certainty || kept->score != now->score || kept->band != now->band ||
	    kept->ambiguous != now->ambiguous || kept->experimental != now->experimental ||
	    kept->nspans > now->nspans || kept->nspans + kept->left_out != now->nspans + now->left_out) {
		return false;
	}
	for (size_t i = 0; i < kept->nspans; i++) {
		const struct hz_span *a = &kept->spans[i], *b = &now->spans[i];
		if (a->start != b->start || a->end != b->end || strcmp(a->rule, b->rule) != 0) {
			return false;
		}
	}
	return true;
}

static bool
all_same(const struct hz_tags *kept, const struct hz_tags *now)
{
	if (kept->n != (now->n < HZ_TAGS_KEPT ? now->n : HZ_TAGS_KEPT)) {
		return false;
	}
	for (size_t i = 0; i < kept->n; i++) {
		const struct hz_tag *k = &kept->v[i], *t = find(now, k->axis, k->value, k->role);
		if (t == NULL || !is_same(k, t)) {
			return false;
		}
	}
	return true;
}

static void
take_why(struct hz_tags *kept, const struct hz_tags *now)
{
	for (size_t i = 0; i < kept->n; i++) {
		struct hz_tag *k = &kept->v[i];
		struct hz_tag *t = find(now, k->axis, k->value, k->role);
		k->why = t->why;
		t->why = NULL;
	}
}

HZ_RESULT
hz_again_load(struct hz_again *a, struct hz_view *w, uint64_t record, const struct hz_rules *rules,
    const void *text, size_t n)
{
	struct hz_classify_when when = { .from = "" };
	struct hz_tags now = { 0 };

	if (record == a->record) {
		return HZ_OK;
	}
	hz_again_done(a);
	HZ_TRY(hz_classification_tags(w, record, &a->kept));
	enum hz_err r = hz_classification_when(w, record, &when);
	r = r == HZ_OK ? hz_classify_why(rules, text, n, &when, &now) : r;
	if (r != HZ_OK) {
		hz_again_done(a);
		return r;
	}
	a->record = record;
	a->same = all_same(&a->kept, &now);
	if (a->same) {
		take_why(&a->kept, &now);
	}
	hz_tags_done(&now);
	return HZ_OK;
}
