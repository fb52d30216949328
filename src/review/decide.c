/* Decisions of people. */
#include "review/inner.h"

#include <stdio.h>
#include <string.h>

/* "party:x" without a role stands for the only tag of x; for the one without a role, where there is one. */
static const struct hz_kept_tag *
find_loose(const struct hz_tag_set *s, const struct hz_kept_tag *like, bool loose, size_t *ret_n)
{
	const struct hz_kept_tag *only = hz_tag_set_find(s, like);
	*ret_n = only ? 1 : 0;
	for (size_t i = 0; i < s->n && !only && loose; i++) {
		if (s->v[i].axis == like->axis && strcmp(s->v[i].value, like->value) == 0) {
			*ret_n += 1;
		}
	}
	for (size_t i = 0; i < s->n && !only && *ret_n == 1; i++) {
		if (s->v[i].axis == like->axis && strcmp(s->v[i].value, like->value) == 0) {
			only = &s->v[i];
		}
	}
	return only;
}

struct target {
	uint64_t exhibit;
	struct hz_kept_tag tag; /* without decisions */
};

static void
take(struct target *t, uint64_t exhibit, const struct hz_kept_tag *k)
{
	t->exhibit = exhibit;
	t->tag = *k;
	t->tag.decided = NULL;
	t->tag.ndecided = 0;
}

/* The text that has the tag: the exhibit's own, else the first of those made out of it. */
static enum hz_err
find_tag(struct hz_view *w, const struct hz_review_decision *d, const struct hz_kept_tag *like,
    struct target *ret, bool *ret_found)
{
	bool loose = strchr(d->tag, '@') == NULL, found = true;
	unsigned n = 0;
	*ret_found = false;
	while (found && !*ret_found) {
		struct hz_tag_set s;
		size_t many = 0;
		HZ_TRY(hz_tag_set_next(w, d->exhibit, &n, &found, &s));
		if (!found) {
			hz_tag_set_done(&s);
			break;
		}
		const struct hz_kept_tag *k = find_loose(&s, like, loose, &many);
		if (k) {
			*ret_found = true;
			take(ret, s.exhibit, k);
		}
		hz_tag_set_done(&s);
		if (many > 1) {
			return hz_fail(
			    HZ_MSG_USAGE, "%.100s: say which role: it stands here in %zu", d->tag, many);
		}
	}
	return HZ_OK;
}

static enum hz_err
value_known(const struct hz_rules *rules, const struct hz_kept_tag *t)
{
	if (!rules || t->axis == HZ_AXIS_DATE || hz_rules_find(rules, t->axis, t->value)) {
		return HZ_OK;
	}
	return hz_fail(HZ_MSG_USAGE, "the rules know no %s \"%s\"", hz_axis_word(t->axis), t->value);
}

/* A date is a day, a month or a year. */
static bool
date_ok(const char *s)
{
	static const char form[] = "dddd-dd-dd";
	size_t n = strlen(s);
	for (size_t i = 0; i < n && i < sizeof(form) - 1; i++) {
		if (form[i] == 'd' ? s[i] < '0' || s[i] > '9' : s[i] != '-') {
			return false;
		}
	}
	return n == 4 || n == 7 || n == 10;
}

/* An added span lies in the text. */
static enum hz_err
span_ok(struct hz_view *w, const struct hz_review_decision *d, uint64_t exhibit)
{
	struct hz_exhibit e;
	if (!d->has_span) {
		return HZ_OK;
	}
	HZ_TRY(hz_exhibit_get(w, exhibit, &e));
	return d->start < d->end && d->end <= e.size
		   ? HZ_OK
		   : hz_fail(HZ_MSG_USAGE, "%s has %llu bytes: the place is not in it", e.number,
			 (unsigned long long)e.size);
}

static enum hz_err
added(struct hz_view *w, const struct hz_review_decision *d, const struct hz_rules *rules, struct target *t)
{
	struct hz_kept_tag like;
	bool found = false;
	HZ_TRY(hz_tag_id_read(d->tag, &like));
	HZ_TRY(value_known(rules, &like));
	if (like.axis == HZ_AXIS_DATE && !date_ok(like.value)) {
		return hz_fail(HZ_MSG_USAGE, "%s: a date is YYYY, YYYY-MM or YYYY-MM-DD", like.value);
	}
	if (like.axis != HZ_AXIS_PARTY && like.role != HZ_ROLE_NONE) {
		return hz_fail(HZ_MSG_USAGE, "%.100s: only a party has a role", d->tag);
	}
	HZ_TRY(find_tag(w, d, &like, t, &found));
	if (!found) {
		like.certainty = d->certainty ? d->certainty : HZ_CERTAIN_STATED;
		take(t, d->exhibit, &like);
	}
	return span_ok(w, d, t->exhibit);
}

static enum hz_err
one(struct hz_batch *b, const struct hz_review_decision *d, const struct hz_rules *rules,
    struct hz_review_outcome *ret)
{
	struct hz_view *w = hz_batch_view(b);
	struct hz_kept_tag like;
	struct hz_exhibit e;
	struct hz_tag_set s;
	struct target t;
	bool found = false;
	HZ_TRY(hz_tag_id_read(d->tag, &like));
	if (d->what == HZ_DECIDED_ADDED) {
		HZ_TRY(added(w, d, rules, &t));
	} else {
		HZ_TRY(find_tag(w, d, &like, &t, &found));
		if (!found) {
			HZ_TRY(hz_exhibit_get(w, d->exhibit, &e));
			return hz_fail(HZ_MSG_USAGE, "%s has no tag %.100s", e.number, d->tag);
		}
	}
	HZ_TRY(hz_exhibit_get(w, t.exhibit, &e));
	struct hz_new_review n = { .exhibit = t.exhibit,
		.tag = &t.tag,
		.what = d->what,
		.by = d->by,
		.why = d->why,
		.status = d->status,
		.proof = d->proof,
		.legal = d->legal,
		.has_span = d->has_span,
		.start = d->start,
		.end = d->end };
	HZ_TRY(hz_batch_review(b, &n, &s));
	const struct hz_kept_tag *k = hz_tag_set_find(&s, &t.tag);
	hz_assert(k);
	*ret = (struct hz_review_outcome){
		.exhibit = t.exhibit, .what = d->what, .now = hz_tag_stands(k), .at = s.at
	};
	(void)snprintf(ret->number, sizeof(ret->number), "%s", e.number);
	hz_kept_tag_id(k, ret->tag);
	hz_tag_set_done(&s);
	return HZ_OK;
}

HZ_RESULT
hz_review_decide(struct hz_vault *v, const struct hz_review_decision *d, size_t count,
    const struct hz_rules *rules, struct hz_review_outcome *ret)
{
	struct hz_batch *b = NULL;
	enum hz_err r = hz_batch_begin(v, &b);
	for (size_t i = 0; r == HZ_OK && i < count; i++) {
		r = one(b, &d[i], rules, &ret[i]);
	}
	r = r == HZ_OK ? hz_batch_finish(&b) : r;
	hz_batch_end(&b);
	return r;
}
