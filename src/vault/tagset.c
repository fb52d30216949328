/* What a run and people's decisions make of the tags of one text. Needs no vault: the audit makes every row
 * again from the log with it. */
#include "vault/tags.h"

#include <stdlib.h>
#include <string.h>

static const char *const state_words[HZ_TAG_STATES] = { "", "proposed", "confirmed", "rejected", "added",
	"superseded" };
static const char *const decision_words[] = { "", "confirmed", "rejected", "added" };

const char *
hz_tag_state_word(enum hz_tag_state s)
{
	return (size_t)s < HZ_TAG_STATES ? state_words[s] : "";
}

bool
hz_tag_state_parse(const char *s, enum hz_tag_state *ret)
{
	for (unsigned i = 1; i < HZ_TAG_STATES; i++) {
		if (strcmp(s, state_words[i]) == 0) {
			*ret = (enum hz_tag_state)i;
			return true;
		}
	}
	return false;
}

const char *
hz_decision_word(enum hz_decision d)
{
	return (size_t)d < sizeof(decision_words) / sizeof(decision_words[0]) ? decision_words[d] : "";
}

/* --- standing [F-7.9] ------------------------------------------------------------------------------------
 */

/* To name an innocent party harms people. */
#define PEOPLE_PARTY 2
#define PEOPLE_OTHER 1

static bool
accepts(const struct hz_decided *d)
{
	return d->what != HZ_DECIDED_REJECTED;
}

struct hz_tag_standing
hz_tag_stands(const struct hz_kept_tag *t)
{
	struct hz_tag_standing s = { .state = HZ_TAG_PROPOSED };
	size_t yes = 0, no = 0, need = t->axis == HZ_AXIS_PARTY ? PEOPLE_PARTY : PEOPLE_OTHER;
	bool by_hand = false;
	for (size_t i = 0; i < t->ndecided; i++) {
		const struct hz_decided *d = &t->decided[i];
		by_hand = by_hand || d->what == HZ_DECIDED_ADDED;
		yes += accepts(d);
		no += !accepts(d) && d->rules == t->rules;
		s.before = s.before || (!accepts(d) && d->rules != t->rules);
	}
	s.people = yes + no;
	s.disputed = yes > 0 && no > 0;
	if (s.disputed) {
		s.state = HZ_TAG_PROPOSED;
	} else if (no > 0) {
		s.state = HZ_TAG_REJECTED;
	} else if (yes >= need) {
		s.state = by_hand ? HZ_TAG_ADDED : HZ_TAG_CONFIRMED;
	} else if (yes == 0 && !t->given) {
		s.state = HZ_TAG_SUPERSEDED;
	}
	s.before = s.before && s.state == HZ_TAG_PROPOSED;
	return s;
}

bool
hz_tag_by(const struct hz_kept_tag *t, const uint8_t who[static HZ_WHO_LEN])
{
	for (size_t i = 0; i < t->ndecided; i++) {
		const struct hz_decided *d = &t->decided[i];
		/* A rejection under other rules does not count any more: it may be asked again. */
		if (memcmp(d->who, who, HZ_WHO_LEN) == 0 && (accepts(d) || d->rules == t->rules)) {
			return true;
		}
	}
	return false;
}

/* Somebody has taken it as it is: runs leave it so. */
static bool
is_taken(const struct hz_kept_tag *t)
{
	for (size_t i = 0; i < t->ndecided; i++) {
		if (accepts(&t->decided[i])) {
			return true;
		}
	}
	return false;
}

/* --- sets ------------------------------------------------------------------------------------------------
 */

void
hz_tag_set_init(struct hz_tag_set *s, uint64_t exhibit)
{
	*s = (struct hz_tag_set){ .exhibit = exhibit, .at = HZ_REF_NONE };
}

void
hz_tag_set_done(struct hz_tag_set *s)
{
	for (size_t i = 0; i < s->n; i++) {
		free(s->v[i].decided);
	}
	free(s->v);
	hz_tag_set_init(s, s->exhibit);
}

static int
compare(const struct hz_kept_tag *a, const struct hz_kept_tag *b)
{
	int d = (int)a->axis - (int)b->axis;
	d = d != 0 ? d : strcmp(a->value, b->value);
	return d != 0 ? d : (int)a->role - (int)b->role;
}

/* Where it is, or would be. */
static size_t
place_of(const struct hz_tag_set *s, const struct hz_kept_tag *like, bool *ret_is)
{
	size_t lo = 0, hi = s->n;
	*ret_is = false;
	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;
		int d = compare(&s->v[mid], like);
		if (d == 0) {
			*ret_is = true;
			return mid;
		}
		if (d < 0) {
			lo = mid + 1;
		} else {
			hi = mid;
		}
	}
	return lo;
}

struct hz_kept_tag *
hz_tag_set_find(const struct hz_tag_set *s, const struct hz_kept_tag *like)
{
	bool is = false;
	size_t i = place_of(s, like, &is);
	return is ? &s->v[i] : NULL;
}

/* Twice HZ_TAG_SET_MAX for a moment: what falls away is known only after a run. */
static enum hz_err
insert(struct hz_tag_set *s, const struct hz_kept_tag *t, struct hz_kept_tag **ret)
{
	bool is = false;
	size_t at = place_of(s, t, &is);
	if (s->n == (size_t)2 * HZ_TAG_SET_MAX) {
		return hz_fail(HZ_MSG_LIMIT, "more than %d tags of one text", HZ_TAG_SET_MAX);
	}
	if (s->n == s->cap) {
		size_t cap = s->cap ? s->cap * 2 : 16;
		struct hz_kept_tag *more = reallocarray(s->v, cap, sizeof(*more));
		if (!more) {
			return hz_fail(HZ_MSG_NOMEM, "the tags of a text");
		}
		s->v = more;
		s->cap = cap;
	}
	hz_assert(s->v);
	memmove(&s->v[at + 1], &s->v[at], (s->n - at) * sizeof(*s->v));
	s->v[at] = *t;
	s->n++;
	*ret = &s->v[at];
	return HZ_OK;
}

/* Proposals of earlier runs that nobody decided fall away where there are too many. */
static enum hz_err
trim(struct hz_tag_set *s)
{
	size_t kept = 0;
	if (s->n <= HZ_TAG_SET_MAX) {
		return HZ_OK;
	}
	for (size_t i = 0; i < s->n; i++) {
		if (s->v[i].given || s->v[i].ndecided > 0) {
			s->v[kept++] = s->v[i];
		}
	}
	s->n = kept;
	return s->n <= HZ_TAG_SET_MAX
		   ? HZ_OK
		   : hz_fail(HZ_MSG_LIMIT, "more than %d tags of one text", HZ_TAG_SET_MAX);
}

HZ_RESULT
hz_tag_set_run(
    struct hz_tag_set *s, const struct hz_tags *run, uint32_t rules, uint64_t record, struct hz_ref at)
{
	if (run->n > HZ_TAGS_KEPT) {
		return hz_fail(HZ_MSG_LIMIT, "more than %d tags of one run", HZ_TAGS_KEPT);
	}
	for (size_t i = 0; i < s->n; i++) {
		s->v[i].given = false;
	}
	for (size_t i = 0; i < run->n; i++) {
		const struct hz_tag *g = &run->v[i];
		struct hz_kept_tag like = { .axis = g->axis, .role = g->role };
		memcpy(like.value, g->value, sizeof(like.value));
		struct hz_kept_tag *t = hz_tag_set_find(s, &like);
		if (!t) {
			HZ_TRY(insert(s, &like, &t));
		}
		t->given = true;
		if (is_taken(t)) {
			continue;
		}
		t->certainty = g->certainty;
		t->score = g->score;
		t->band = g->band;
		t->ambiguous = g->ambiguous;
		t->experimental = g->experimental;
		t->rules = rules;
		t->record = record;
	}
	s->rules = rules;
	s->record = record;
	s->at = at;
	return trim(s);
}

/* The newest decision of each person, the newest last. */
static enum hz_err
put_decision(struct hz_kept_tag *t, const struct hz_decided *d)
{
	size_t kept = 0;
	struct hz_decided *list = calloc(t->ndecided + 1, sizeof(*list));
	if (!list) {
		return hz_fail(HZ_MSG_NOMEM, "a decision");
	}
	for (size_t i = 0; i < t->ndecided; i++) {
		if (memcmp(t->decided[i].who, d->who, HZ_WHO_LEN) != 0) {
			list[kept++] = t->decided[i];
		}
	}
	if (kept == HZ_TAG_PEOPLE) {
		free(list);
		return hz_fail(HZ_MSG_LIMIT, "more than %d people decide on one tag", HZ_TAG_PEOPLE);
	}
	list[kept] = *d;
	list[kept].rules = t->rules;
	free(t->decided);
	t->decided = list;
	t->ndecided = kept + 1;
	return HZ_OK;
}

HZ_RESULT
hz_tag_set_decide(
    struct hz_tag_set *s, const struct hz_kept_tag *what, const struct hz_decided *d, struct hz_ref at)
{
	struct hz_kept_tag *t = hz_tag_set_find(s, what);
	if (!t && d->what != HZ_DECIDED_ADDED) {
		return hz_fail(HZ_MSG_USAGE, "%s: no such tag", what->value);
	}
	if (!t && s->n >= HZ_TAG_SET_MAX) {
		return hz_fail(HZ_MSG_LIMIT, "more than %d tags of one text", HZ_TAG_SET_MAX);
	}
	if (!t) {
		struct hz_kept_tag fresh = {
			.axis = what->axis, .role = what->role, .certainty = what->certainty
		};
		memcpy(fresh.value, what->value, sizeof(fresh.value));
		HZ_TRY(insert(s, &fresh, &t));
	}
	HZ_TRY(put_decision(t, d));
	s->at = at;
	return HZ_OK;
}

/* --- row contents [F-11.21] ------------------------------------------------------------------------------
 */

enum { AMBIGUOUS = 1, EXPERIMENTAL = 2, GIVEN = 4, FLAGS = 7 };

static enum hz_err
put_tag(const struct hz_kept_tag *t, struct hz_buf *b)
{
	unsigned flags =
	    (t->ambiguous ? AMBIGUOUS : 0u) | (t->experimental ? EXPERIMENTAL : 0u) | (t->given ? GIVEN : 0u);
	HZ_TRY(hz_put_u8(b, (uint8_t)t->axis));
	HZ_TRY(hz_put_lps(b, t->value));
	HZ_TRY(hz_put_u8(b, (uint8_t)t->role));
	HZ_TRY(hz_put_u8(b, (uint8_t)t->certainty));
	HZ_TRY(hz_put_u16(b, (uint16_t)t->score));
	HZ_TRY(hz_put_u8(b, (uint8_t)t->band));
	HZ_TRY(hz_put_u8(b, (uint8_t)flags));
	HZ_TRY(hz_put_u32(b, t->rules));
	HZ_TRY(hz_put_u64(b, t->record));
	HZ_TRY(hz_put_u8(b, (uint8_t)t->ndecided));
	for (size_t i = 0; i < t->ndecided; i++) {
		const struct hz_decided *d = &t->decided[i];
		HZ_TRY(hz_put_u8(b, (uint8_t)d->what));
		HZ_TRY(hz_buf_put(b, d->who, HZ_WHO_LEN));
		HZ_TRY(hz_put_u32(b, d->rules));
		HZ_TRY(hz_put_u64(b, d->record));
	}
	return HZ_OK;
}

HZ_RESULT
hz_tag_set_put(const struct hz_tag_set *s, struct hz_buf *out)
{
	HZ_TRY(hz_put_u8(out, 1));
	HZ_TRY(hz_put_u64(out, s->record));
	HZ_TRY(hz_put_u32(out, s->rules));
	HZ_TRY(hz_put_u32(out, s->at.log));
	HZ_TRY(hz_put_u64(out, s->at.index));
	HZ_TRY(hz_put_u32(out, (uint32_t)s->n));
	for (size_t i = 0; i < s->n; i++) {
		HZ_TRY(put_tag(&s->v[i], out));
	}
	return HZ_OK;
}

static enum hz_err
bad(const char *what)
{
	return hz_fail(HZ_MSG_FORMAT, "a row of tags: %s", what);
}

static enum hz_err
get_decided(struct hz_rd *r, struct hz_kept_tag *t)
{
	uint8_t n = 0, what = 0;
	HZ_TRY(hz_get_u8(r, &n));
	if (n > HZ_TAG_PEOPLE) {
		return hz_fail(HZ_MSG_LIMIT, "%u people on one tag", n);
	}
	if (n == 0) {
		return HZ_OK;
	}
	t->decided = calloc(n, sizeof(*t->decided));
	if (!t->decided) {
		return hz_fail(HZ_MSG_NOMEM, "decisions");
	}
	for (; t->ndecided < n; t->ndecided++) {
		struct hz_decided *d = &t->decided[t->ndecided];
		HZ_TRY(hz_get_u8(r, &what));
		HZ_TRY(hz_get_raw(r, d->who, HZ_WHO_LEN));
		HZ_TRY(hz_get_u32(r, &d->rules));
		HZ_TRY(hz_get_u64(r, &d->record));
		if (what < HZ_DECIDED_CONFIRMED || what > HZ_DECIDED_ADDED || d->record == 0) {
			return bad("a decision");
		}
		d->what = (enum hz_decision)what;
		for (size_t i = 0; i < t->ndecided; i++) {
			if (memcmp(t->decided[i].who, d->who, HZ_WHO_LEN) == 0) {
				return bad("one person twice");
			}
		}
	}
	return HZ_OK;
}

static bool
value_ok(const char *s, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		char c = s[i];
		if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
			c == '_' || c == '.' || c == '-')) {
			return false;
		}
	}
	return n > 0 && n < sizeof(((struct hz_kept_tag *)0)->value);
}

static enum hz_err
get_tag(struct hz_rd *r, struct hz_kept_tag *t)
{
	const uint8_t *p = NULL;
	size_t n = 0;
	uint8_t axis = 0, role = 0, certainty = 0, band = 0, flags = 0;
	uint16_t score = 0;
	HZ_TRY(hz_get_u8(r, &axis));
	HZ_TRY(hz_get_lp(r, sizeof(t->value) - 1, &p, &n));
	HZ_TRY(hz_get_u8(r, &role));
	HZ_TRY(hz_get_u8(r, &certainty));
	HZ_TRY(hz_get_u16(r, &score));
	HZ_TRY(hz_get_u8(r, &band));
	HZ_TRY(hz_get_u8(r, &flags));
	HZ_TRY(hz_get_u32(r, &t->rules));
	HZ_TRY(hz_get_u64(r, &t->record));
	if (axis < HZ_AXIS_TYPE || axis > HZ_AXIS_DATE || role > HZ_ROLE_SOURCE ||
	    certainty < HZ_CERTAIN_STATED || certainty > HZ_CERTAIN_DENIED || score > 1000 ||
	    band > HZ_BAND_STRONG || (flags & ~(unsigned)FLAGS) != 0 || !value_ok((const char *)p, n)) {
		return bad("a tag");
	}
	if ((t->rules == 0) != (t->record == 0)) {
		return bad("a tag of rules without a record");
	}
	t->axis = (enum hz_axis)axis;
	memcpy(t->value, p, n);
	t->role = (enum hz_role)role;
	t->certainty = (enum hz_certainty)certainty;
	t->score = score;
	t->band = band;
	t->ambiguous = (flags & AMBIGUOUS) != 0;
	t->experimental = (flags & EXPERIMENTAL) != 0;
	t->given = (flags & GIVEN) != 0;
	HZ_TRY(get_decided(r, t));
	return t->rules == 0 && t->ndecided == 0 ? bad("a tag from nobody") : HZ_OK;
}

static enum hz_err
get_set(struct hz_rd *r, struct hz_tag_set *s)
{
	uint8_t ver = 0;
	uint32_t n = 0;
	HZ_TRY(hz_get_u8(r, &ver));
	if (ver != 1) {
		return hz_fail(HZ_MSG_VAULT_NEWER, "a row of tags of version %u", ver);
	}
	HZ_TRY(hz_get_u64(r, &s->record));
	HZ_TRY(hz_get_u32(r, &s->rules));
	HZ_TRY(hz_get_u32(r, &s->at.log));
	HZ_TRY(hz_get_u64(r, &s->at.index));
	HZ_TRY(hz_get_u32(r, &n));
	if (n > HZ_TAG_SET_MAX) {
		return hz_fail(HZ_MSG_LIMIT, "%u tags of one text", n);
	}
	if ((s->rules == 0) != (s->record == 0)) {
		return bad("rules without a record");
	}
	if (n > 0) {
		s->v = calloc(n, sizeof(*s->v));
		if (!s->v) {
			return hz_fail(HZ_MSG_NOMEM, "tags");
		}
		s->cap = n;
	}
	while (s->n < n) {
		struct hz_kept_tag *t = &s->v[s->n++];
		HZ_TRY(get_tag(r, t));
		if (s->n > 1 && compare(t - 1, t) >= 0) {
			return bad("order");
		}
	}
	return hz_rd_end(r);
}

HZ_RESULT
hz_tag_set_read(const void *p, size_t n, uint64_t exhibit, struct hz_tag_set *ret)
{
	struct hz_rd r = hz_rd_over(p, n);
	struct hz_tag_set s;
	hz_tag_set_init(&s, exhibit);
	enum hz_err e = get_set(&r, &s);
	if (e != HZ_OK) {
		hz_tag_set_done(&s);
		return e;
	}
	*ret = s;
	return HZ_OK;
}
