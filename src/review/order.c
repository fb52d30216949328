/* The queue in learned order. Scores are of types alone, and of a text without the names of parties, so no
 * party moves a text; and of all types that stand in a text, whatever people decided on them, so its place
 * tells nothing of that. */
#include "review/inner.h"
#include "review/learn.h"

#include <stdlib.h>
#include <string.h>

struct waiting { /* a text with tags that wait */
	uint64_t exhibit, place, size;
	unsigned score; /* the highest of its types; 0: the model knows none of them */
};
struct handed {
	enum hz_axis axis;
	enum hz_role role;
	char value[64];
};
struct hz_review_order {
	struct hz_suggester *s;
	struct hz_review_place at; /* how far texts were looked for */
	bool ended;
	struct waiting v[HZ_ORDER_TEXTS];
	size_t n;
	uint64_t places, bytes;
	uint64_t current;        /* the text whose tags are handed over now; 0: none */
	struct hz_suggestions x; /* of it */
	struct handed handed[HZ_TAG_SET_MAX];
	size_t nhanded;
};

HZ_RESULT
hz_review_order_open(struct hz_view *w, bool *ret_found, struct hz_review_order **ret)
{
	struct hz_suggester *s = NULL;
	bool found = false;
	HZ_TRY(hz_suggester_open(w, &found, &s));
	struct hz_review_order *o = found ? calloc(1, sizeof(*o)) : NULL;
	if (found && !o) {
		hz_suggester_close(&s);
		return hz_fail(HZ_MSG_NOMEM, "a queue");
	}
	if (o) {
		o->s = s;
	}
	*ret_found = found;
	*ret = o;
	return HZ_OK;
}

void
hz_review_order_close(struct hz_review_order **o)
{
	if (*o) {
		hz_suggester_close(&(*o)->s);
		free(*o);
		*o = NULL;
	}
}

const struct hz_model_row *
hz_review_order_row(const struct hz_review_order *o)
{
	return hz_suggester_row(o->s);
}

/* --- which texts --- */
/* A text that cannot be read has no score: that is told when its turn comes. */
static enum hz_err
suggestions(struct hz_review_order *o, struct hz_view *w, uint64_t exhibit)
{
	enum hz_err r = hz_suggest_for(o->s, w, exhibit, &o->x);
	if (r == HZ_ERR_FORMAT || r == HZ_ERR_TAMPERED) {
		hz_fail_clear();
		o->x.n = 0;
		r = HZ_OK;
	}
	return r;
}

static enum hz_err
add(struct hz_review_order *o, struct hz_view *w, uint64_t exhibit)
{
	struct waiting *t = &o->v[o->n];
	struct hz_exhibit e;
	HZ_TRY(hz_exhibit_get(w, exhibit, &e));
	HZ_TRY(suggestions(o, w, exhibit));
	*t = (struct waiting){ .exhibit = exhibit, .place = o->places++, .size = e.size };
	for (size_t i = 0; i < o->x.n; i++) {
		if (o->x.v[i].tagged && o->x.v[i].score > t->score) {
			t->score = o->x.v[i].score;
		}
	}
	o->bytes += t->size;
	o->n++;
	return HZ_OK;
}

static bool
any_waits(const struct hz_tag_set *s, const uint8_t who[static HZ_WHO_LEN], const struct hz_review_filter *f)
{
	for (size_t i = 0; i < s->n; i++) {
		if (hz_review_waits(&s->v[i], who, f)) {
			return true;
		}
	}
	return false;
}

static enum hz_err
fill(struct hz_review_order *o, struct hz_view *w, const uint8_t who[static HZ_WHO_LEN],
    const struct hz_review_filter *f)
{
	while (!o->ended && o->n < HZ_ORDER_TEXTS && o->bytes < HZ_ORDER_BYTES) {
		struct hz_tag_set s;
		bool row = true;
		HZ_TRY(hz_cancel_check());
		HZ_TRY(hz_tag_set_walk(w, &o->at.origin, &o->at.n, &row, &s));
		bool waits =
		    row && hz_review_among(f->exhibits, f->count, o->at.origin) && any_waits(&s, who, f);
		uint64_t exhibit = s.exhibit;
		hz_tag_set_done(&s);
		o->ended = !row;
		o->at.n++;
		if (waits) {
			HZ_TRY(add(o, w, exhibit));
		}
	}
	return HZ_OK;
}

/* The highest score, of the same score the first. */
static size_t
best_text(const struct hz_review_order *o)
{
	size_t best = 0;
	for (size_t i = 1; i < o->n; i++) {
		const struct waiting *a = &o->v[i], *b = &o->v[best];
		if (a->score > b->score || (a->score == b->score && a->place < b->place)) {
			best = i;
		}
	}
	return best;
}

static void
leave(struct hz_review_order *o)
{
	for (size_t i = 0; i < o->n; i++) {
		if (o->v[i].exhibit == o->current) {
			o->bytes -= o->v[i].size;
			o->v[i] = o->v[--o->n];
			break;
		}
	}
	o->current = 0;
	o->nhanded = 0;
}

/* --- which of its tags --- */
static bool
was_handed(const struct hz_review_order *o, const struct hz_kept_tag *t)
{
	for (size_t i = 0; i < o->nhanded; i++) {
		const struct handed *h = &o->handed[i];
		if (h->axis == t->axis && h->role == t->role && strcmp(h->value, t->value) == 0) {
			return true;
		}
	}
	return false;
}

/* 1 to 1001 for types that the model knows, 0 for all else. */
static unsigned
rank(const struct hz_review_order *o, const struct hz_kept_tag *t)
{
	for (size_t i = 0; t->axis == HZ_AXIS_TYPE && i < o->x.n; i++) {
		if (o->x.v[i].tagged && strcmp(o->x.v[i].type, t->value) == 0) {
			return o->x.v[i].score + 1;
		}
	}
	return 0;
}

static const struct hz_kept_tag *
best_tag(const struct hz_review_order *o, const struct hz_tag_set *s, const uint8_t who[static HZ_WHO_LEN],
    const struct hz_review_filter *f)
{
	const struct hz_kept_tag *best = NULL;
	for (size_t i = 0; i < s->n; i++) {
		const struct hz_kept_tag *t = &s->v[i];
		if (hz_review_waits(t, who, f) && !was_handed(o, t) &&
		    (!best || rank(o, t) > rank(o, best))) {
			best = t;
		}
	}
	return o->nhanded < HZ_TAG_SET_MAX ? best : NULL;
}

static enum hz_err
hand_over(struct hz_review_order *o, struct hz_view *w, const uint8_t who[static HZ_WHO_LEN],
    const struct hz_review_filter *f, bool *ret_found, struct hz_review_item *ret)
{
	struct hz_tag_set s;
	bool found = false;
	HZ_TRY(hz_tag_set_load(w, o->current, &found, &s));
	const struct hz_kept_tag *t = best_tag(o, &s, who, f);
	enum hz_err r = t ? hz_review_take(w, &s, t, f, ret) : HZ_OK;
	if (t && r == HZ_OK) {
		struct handed *h = &o->handed[o->nhanded++];
		*h = (struct handed){ .axis = t->axis, .role = t->role };
		memcpy(h->value, t->value, sizeof(h->value));
		*ret_found = true;
	}
	hz_tag_set_done(&s);
	return r;
}

HZ_RESULT
hz_review_order_next(struct hz_review_order *o, struct hz_view *w, const uint8_t who[static HZ_WHO_LEN],
    const struct hz_review_filter *f, bool *ret_found, struct hz_review_item *ret)
{
	*ret_found = false;
	for (;;) {
		if (o->current == 0) {
			HZ_TRY(fill(o, w, who, f));
			if (o->n == 0) {
				return HZ_OK;
			}
			uint64_t exhibit = o->v[best_text(o)].exhibit;
			HZ_TRY(suggestions(o, w, exhibit));
			o->current = exhibit;
		}
		HZ_TRY(hand_over(o, w, who, f, ret_found, ret));
		if (*ret_found) {
			return HZ_OK;
		}
		leave(o);
	}
}
