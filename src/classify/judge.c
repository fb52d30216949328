/* One sentence: which of the matches count, and what is said of them. */
#include "classify/engine.h"

#include <stdlib.h>
#include <string.h>

/* Sets of words by what they are of: classes, lines with a not=, sections with a not.any, alternatives with
 * partners. They begin empty with each sentence. */
static size_t
key_class(const struct engine *e, uint32_t i)
{
	(void)e;
	return i;
}

static size_t
key_line(const struct engine *e, uint32_t i)
{
	return e->r->n_classes + i;
}

static size_t
key_section(const struct engine *e, uint32_t i)
{
	return e->r->n_classes + e->r->n_lines + i;
}

static size_t
key_alt(const struct engine *e, uint32_t i)
{
	return e->r->n_classes + e->r->n_lines + e->r->n_sections + i;
}

static enum hz_err
set_words(struct engine *e, size_t key, unsigned s, unsigned end)
{
	if (e->stamp[key] != e->now) {
		if (e->n_bits == e->cap_bits) {
			HZ_TRY(more((void **)&e->bits, &e->cap_bits, e->n_bits + 1, sizeof *e->bits));
		}
		memset(&e->bits[e->n_bits], 0, sizeof *e->bits);
		e->stamp[key] = e->now;
		e->slot[key] = (uint32_t)e->n_bits++;
	}
	bits_set(&e->bits[e->slot[key]], s, end);
	return HZ_OK;
}

static const struct bits *
words_of(const struct engine *e, size_t key)
{
	static const struct bits none = { { 0 } };
	return e->stamp[key] == e->now ? &e->bits[e->slot[key]] : &none;
}

unsigned
reach_back(const struct engine *e, unsigned w, unsigned reach)
{
	return e->unit[w] > reach ? e->unit_first[e->unit[w] - reach] : 0;
}

unsigned
reach_on(const struct engine *e, unsigned w, unsigned reach)
{
	size_t unit = e->unit[w] + (size_t)reach + 1;
	return (unit < e->n_units ? e->unit_first[unit] : (unsigned)e->n_words) - 1;
}

/* Any of the set within `window` words of s..end on that side, itself left out. */
static bool
is_near(
    const struct engine *e, const struct bits *b, unsigned s, unsigned end, unsigned window, unsigned side)
{
	unsigned first = reach_back(e, s, window);
	unsigned last = reach_on(e, end, window);
	return (side != SIDE_BEHIND && s > 0 && bits_any(b, first, s - 1)) ||
	       (side != SIDE_BEFORE && end < last && bits_any(b, end + 1, last));
}

/* In units; 0 where they overlap or are of one unit. */
unsigned
distance(const struct engine *e, const struct match *a, const struct match *b)
{
	if (b->s > a->e) {
		return (unsigned)(e->unit[b->s] - e->unit[a->e]);
	}
	return b->e < a->s ? (unsigned)(e->unit[a->s] - e->unit[b->e]) : 0;
}

/* The partner that is nearest to a match of a pair. */
static bool
find_partner(const struct engine *e, struct match *m)
{
	const struct alt *a = &e->r->alts[m->ref];
	unsigned window = a->window;
	unsigned best = UINT32_MAX;
	if (!is_near(e, words_of(e, key_alt(e, m->ref)), m->s, m->e, window, a->side)) {
		return false;
	}
	for (size_t i = 0; i < e->n_matches; i++) {
		const struct match *p = &e->matches[i];
		if (p->use != USE_PARTNER || p->ref != m->ref) {
			continue;
		}
		unsigned d = distance(e, m, p);
		bool other_side =
		    a->side == SIDE_BEHIND ? p->s < m->s : a->side == SIDE_BEFORE && p->s > m->s;
		if (!other_side && d > 0 && d <= window && d < best) {
			best = d;
			m->partner = true;
			m->partner_s = p->s;
			m->partner_e = p->e;
		}
	}
	return m->partner;
}

static enum hz_err
mark_nots(struct engine *e)
{
	enum hz_err err = HZ_OK;
	for (size_t i = 0; err == HZ_OK && i < e->n_matches; i++) {
		const struct match *m = &e->matches[i];
		if (m->use == USE_NOT) {
			err = set_words(e, key_line(e, m->ref), m->s, m->e);
		} else if (m->use == USE_NOT_ANY) {
			err = set_words(e, key_section(e, m->ref), m->s, m->e);
		} else if (m->use == USE_PARTNER) {
			err = set_words(e, key_alt(e, m->ref), m->s, m->e);
		}
	}
	return err;
}

static void
drop_nots(struct engine *e)
{
	for (size_t i = 0; i < e->n_matches; i++) {
		struct match *m = &e->matches[i];
		if (m->dead) {
			continue;
		}
		bool never =
		    (m->flags & LINE_NOT) != 0 && bits_any(words_of(e, key_line(e, m->line)), m->s, m->e);
		never = never || ((m->flags & LINE_NOT_ANY) != 0 &&
				     bits_any(words_of(e, key_section(e, m->section)), m->s, m->e));
		m->dead = never;
	}
}

static void
drop_lonely(struct engine *e)
{
	for (size_t i = 0; i < e->n_matches; i++) {
		struct match *m = &e->matches[i];
		m->dead = m->dead || ((m->flags & LINE_PAIR) != 0 && !find_partner(e, m));
	}
}

/* Which classes the needs of this sentence ask for: words of others need not be noted, unless roles ask. */
static void
ask_classes(struct engine *e)
{
	for (size_t i = 0; i < e->n_matches; i++) {
		const struct match *m = &e->matches[i];
		const struct line *l = m->dead || (m->flags & LINE_NEEDS) == 0 ? NULL : &e->r->lines[m->line];
		for (uint32_t k = 0; l != NULL && k < l->n_needs; k++) {
			const struct need *n = &e->r->needs[l->first_need + k];
			for (unsigned c = 0; c < n->n; c++) {
				e->asked[n->class[c]] = e->now;
			}
		}
	}
}

static enum hz_err
mark_class(struct engine *e, const struct match *m, uint32_t class)
{
	enum hz_err err = HZ_OK;
	bool roles = (e->kinds & 1U << KIND_PARTY) != 0;
	for (uint32_t c = class; err == HZ_OK && c != NONE; c = e->r->classes[c].parent) {
		if (e->asked[c] == e->now || (roles && e->r->classes[c].for_roles)) {
			err = set_words(e, key_class(e, c), m->s, m->e);
		}
		e->class_seen[c]++;
	}
	return err;
}

/* A match without a need counts for the classes of its section and those above them. */
static enum hz_err
mark_classes(struct engine *e)
{
	for (size_t i = 0; i < e->n_matches; i++) {
		const struct match *m = &e->matches[i];
		if (m->dead || (m->flags & (LINE_NEEDS | LINE_CLASSES)) != LINE_CLASSES) {
			continue;
		}
		const struct section *x = &e->r->sections[m->section];
		for (uint32_t k = 0; k < x->n_classes; k++) {
			HZ_TRY(mark_class(e, m, x->class[k]));
		}
	}
	return HZ_OK;
}

/* A line of roles that names a class has a not= that overlaps this member. */
bool
is_excepted(const struct engine *e, const struct match *m, uint32_t line)
{
	return (e->r->lines[line].flags & LINE_NOT) != 0 &&
	       bits_any(words_of(e, key_line(e, line)), m->s, m->e);
}

bool
need_met(const struct engine *e, const struct match *m, const struct need *n)
{
	unsigned window = n->window == NEED_SENTENCE ? HZ_CLASSIFY_WORDS : n->window;
	if (n->window == NEED_TEXT) {
		return true; /* asked at the end of the text */
	}
	for (unsigned k = 0; k < n->n; k++) {
		if (is_near(e, words_of(e, key_class(e, n->class[k])), m->s, m->e, window, n->side)) {
			return !n->none;
		}
	}
	return n->none;
}

static void
drop_needy(struct engine *e)
{
	for (size_t i = 0; i < e->n_matches; i++) {
		struct match *m = &e->matches[i];
		const struct line *l = m->dead || (m->flags & LINE_NEEDS) == 0 ? NULL : &e->r->lines[m->line];
		for (uint32_t k = 0; l != NULL && k < l->n_needs; k++) {
			m->dead = m->dead || !need_met(e, m, &e->r->needs[l->first_need + k]);
		}
	}
}

/* --- cues --- */
static unsigned
clause_end(const struct engine *e, unsigned from, unsigned to)
{
	for (unsigned i = from; i <= to; i++) {
		if (e->words[i].clause) {
			return i - 1;
		}
	}
	return to;
}

static unsigned
clause_start(const struct engine *e, unsigned from, unsigned to)
{
	unsigned i = from;
	while (i > to && !e->words[i].clause) {
		i--;
	}
	return i;
}

/* "Not X but Y": what is behind it is not negated. */
static unsigned
contrast(const struct engine *e, unsigned from, unsigned to)
{
	for (unsigned i = from; i <= to; i++) {
		if ((e->words[i].sort & SORT_BUT) != 0) {
			return i - 1;
		}
	}
	return to;
}

void
cue_reach(const struct engine *e, const struct match *m, unsigned *ret_first, unsigned *ret_last)
{
	const struct line *l = &e->r->lines[m->line];
	unsigned cue = e->r->sections[m->section].which;
	bool back = cue == CUE_ALLEGED || cue == CUE_LIKELY || cue == CUE_CONFIRMED || cue == CUE_UNCONFIRMED;
	bool clause = (l->flags & LINE_CLAUSE) != 0;
	unsigned last = reach_on(e, m->e, l->reach);
	unsigned first = back ? reach_back(e, m->s, l->reach) : m->s;
	last = clause ? clause_end(e, m->e + 1U, last) : last;
	*ret_last = cue == CUE_NEGATED ? contrast(e, m->e + 1U, last) : last;
	*ret_first = clause && back ? clause_start(e, m->s, first) : first;
}

static void
spread_cue(struct engine *e, const struct match *m)
{
	unsigned cue = e->r->sections[m->section].which;
	unsigned first = 0;
	unsigned last = 0;
	cue_reach(e, m, &first, &last);
	bits_set(&e->cue[cue], first, last);
	e->has_cue[cue] = true;
}

/* Of two alternatives on the same words the one that says more comes first. */
static int
by_weight(const struct engine *e, const struct match *x, const struct match *y)
{
	const struct line *a = &e->r->lines[x->line];
	const struct line *b = &e->r->lines[y->line];
	bool a_weak = (a->flags & LINE_WEAK) != 0 && a->n_needs == 0;
	bool b_weak = (b->flags & LINE_WEAK) != 0 && b->n_needs == 0;
	if (a_weak != b_weak) {
		return a_weak ? 1 : -1;
	}
	if (a->weight != b->weight) {
		return a->weight > b->weight ? -1 : 1;
	}
	return x->ref < y->ref ? -1 : x->ref > y->ref;
}

static int
by_start(const void *a, const void *b, void *arg)
{
	const struct engine *e = arg;
	const struct match *x = &e->matches[*(const uint32_t *)a];
	const struct match *y = &e->matches[*(const uint32_t *)b];
	if (x->s != y->s) {
		return x->s < y->s ? -1 : 1;
	}
	if (x->e != y->e) {
		return x->e > y->e ? -1 : 1;
	}
	return by_weight(e, x, y);
}

static int
by_section(const void *a, const void *b, void *arg)
{
	const struct engine *e = arg;
	const struct match *x = &e->matches[*(const uint32_t *)a];
	const struct match *y = &e->matches[*(const uint32_t *)b];
	if (x->section != y->section) {
		return x->section < y->section ? -1 : 1;
	}
	return by_start(a, b, arg);
}

/* There are few as a rule, and they stand in order nearly. */
static void
sort(struct engine *e, size_t n, int (*by)(const void *, const void *, void *))
{
	if (n > 32) {
		qsort_r(e->order, n, sizeof *e->order, by, e);
		return;
	}
	for (size_t i = 1; i < n; i++) {
		uint32_t x = e->order[i];
		size_t k = i;
		for (; k > 0 && by(&e->order[k - 1], &x, e) > 0; k--) {
			e->order[k] = e->order[k - 1];
		}
		e->order[k] = x;
	}
}

/* The living matches of these kinds into e->order, sorted. */
static enum hz_err
select_matches(struct engine *e, unsigned kinds, int (*by)(const void *, const void *, void *), size_t *ret_n)
{
	size_t n = 0;
	*ret_n = 0;
	if ((e->kinds & kinds) == 0) {
		return HZ_OK;
	}
	HZ_TRY(more((void **)&e->order, &e->cap_order, e->n_matches + 1, sizeof *e->order));
	const struct match *m = e->matches;
	uint32_t *order = e->order;
	for (uint32_t i = 0; i < e->n_matches; i++) {
		if ((kinds >> m[i].kind & 1) != 0 && !m[i].dead) {
			order[n++] = i;
		}
	}
	sort(e, n, by);
	*ret_n = n;
	return HZ_OK;
}

/* In sorted order: what lies within a longer one is dropped. by_entry: only within one of its own section. */
static void
drop_shorter(struct engine *e, size_t n, bool by_entry)
{
	const struct match *widest = NULL;
	for (size_t i = 0; i < n; i++) {
		struct match *m = &e->matches[e->order[i]];
		if (widest == NULL || (by_entry && widest->section != m->section) || m->e > widest->e) {
			widest = m;
			continue;
		}
		m->dead = m->s != widest->s || m->e != widest->e;
	}
}

/* Two alternatives of one section on the same words are one. */
static void
drop_twins(struct engine *e, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const struct match *m = &e->matches[e->order[i]];
		for (size_t k = i + 1; !m->dead && k < n; k++) {
			struct match *o = &e->matches[e->order[k]];
			if (o->s != m->s || o->e != m->e) {
				break;
			}
			o->dead = o->dead || o->section == m->section;
		}
	}
}

static enum hz_err
take_cues(struct engine *e)
{
	struct bits exempt = { { 0 } };
	size_t n;
	memset(e->has_cue, 0, sizeof e->has_cue);
	HZ_TRY(select_matches(e, 1U << KIND_CUE, by_start, &n));
	if (n == 0) {
		return HZ_OK;
	}
	memset(e->cue, 0, sizeof e->cue);
	drop_shorter(e, n, false);
	for (size_t i = 0; i < n; i++) {
		const struct match *m = &e->matches[e->order[i]];
		if (!m->dead && e->r->sections[m->section].which == CUE_EXEMPT) {
			bits_set(&exempt, m->s, m->e);
		}
	}
	for (size_t i = 0; i < n; i++) {
		struct match *m = &e->matches[e->order[i]];
		m->dead = m->dead || bits_any(&exempt, m->s, m->e);
		if (!m->dead) {
			spread_cue(e, m);
		}
	}
	return HZ_OK;
}

bool
is_under(const struct engine *e, const struct match *m, enum cue cue)
{
	return e->has_cue[cue] && bits_any(&e->cue[cue], m->s, m->e);
}

static void
give_certainty(struct engine *e, struct match *m, bool party)
{
	enum hz_certainty c = HZ_CERTAIN_STATED;
	bool denied = is_under(e, m, CUE_DENIED);
	if (is_under(e, m, CUE_NEGATED) || (denied && party)) {
		c = HZ_CERTAIN_DENIED;
	} else if (denied || is_under(e, m, CUE_UNCONFIRMED)) {
		c = HZ_CERTAIN_ALLEGED;
	} else if (!is_under(e, m, CUE_CONFIRMED)) {
		c = is_under(e, m, CUE_ALLEGED)  ? HZ_CERTAIN_ALLEGED
		    : is_under(e, m, CUE_LIKELY) ? HZ_CERTAIN_LIKELY
						 : HZ_CERTAIN_STATED;
	}
	m->certainty = (uint8_t)c;
	const struct line *l = &e->r->lines[m->line];
	m->weak = ((l->flags & LINE_WEAK) != 0 && l->n_needs == 0) || is_under(e, m, CUE_NONEVENT);
	m->passing = (l->flags & LINE_LEAD) != 0 && e->n_words_before + m->s >= LEAD_WORDS;
}

/* Which words are names of parties, before it is known whether those count. Roles and cues in a name say
 * nothing of others. */
static enum hz_err
find_names(struct engine *e)
{
	size_t n;
	bool long_names = false;
	HZ_TRY(select_matches(e, 1U << KIND_PARTY, by_start, &n));
	memset(&e->inner, 0, sizeof e->inner);
	for (size_t i = 0; i < n; i++) {
		const struct match *m = &e->matches[e->order[i]];
		bits_set(&e->inner, m->s + 1U, m->e);
		long_names = long_names || m->e > m->s;
	}
	/* Behind n_touched each word is a unit already. */
	size_t last = long_names || e->n_touched > e->n_words ? e->n_words : e->n_touched;
	unsigned unit = 0;
	for (unsigned i = 0; i < last; i++) {
		if (i == 0 || !bits_has(&e->inner, i)) {
			unit += i > 0;
			e->unit_first[unit] = (uint16_t)i;
		}
		e->unit[i] = (uint16_t)unit;
	}
	for (size_t i = last; i < e->n_touched; i++) {
		e->unit[i] = e->unit_first[i] = (uint16_t)i;
	}
	e->n_touched = long_names ? e->n_words : 0;
	e->n_units = long_names ? unit + 1U : e->n_words;
	return HZ_OK;
}

/* Part of a name of more than one word: its unit holds more than the match. */
bool
is_in_name(const struct engine *e, const struct match *m)
{
	unsigned u = e->unit[m->s];
	if (e->n_units == e->n_words) {
		return false;
	}
	unsigned end = u + 1 < e->n_units ? e->unit_first[u + 1] : (unsigned)e->n_words;
	return e->unit[m->e] == u && end - e->unit_first[u] > (unsigned)(m->e - m->s) + 1;
}

static void
drop_in_names(struct engine *e)
{
	for (size_t i = 0; i < e->n_matches; i++) {
		struct match *m = &e->matches[i];
		enum kind k = m->dead ? KIND_TYPE : (enum kind)m->kind;
		m->dead = m->dead || ((k == KIND_CUE || k == KIND_ROLE) && is_in_name(e, m));
	}
}

/* --- parties --- */
/* When the event of this sentence was; false where nothing says so. */
static bool
event_time(const struct engine *e, char from[static 11], char to[static 11])
{
	if (e->n_dates == 0) {
		if (e->when == NULL || (e->when->from[0] == '\0' && e->when->to[0] == '\0')) {
			return false;
		}
		memcpy(from, e->when->from[0] != '\0' ? e->when->from : "0000-01-01", 11);
		memcpy(to, e->when->to[0] != '\0' ? e->when->to : "9999-12-31", 11);
		return true;
	}
	date_bounds(e->dates[0].ymd, from, to);
	for (size_t i = 1; i < e->n_dates; i++) {
		char a[11];
		char b[11];
		date_bounds(e->dates[i].ymd, a, b);
		if (strcmp(a, from) < 0) {
			memcpy(from, a, sizeof a);
		}
		if (strcmp(b, to) > 0) {
			memcpy(to, b, sizeof b);
		}
	}
	return true;
}

static bool
is_valid_at(const struct line *l, const char *from, const char *to)
{
	return (l->from[0] == '\0' || strcmp(l->from, to) <= 0) &&
	       (l->to[0] == '\0' || strcmp(l->to, from) >= 0);
}

/* A party and its children are no rivals. */
static bool
is_one_tree(const struct engine *e, const struct match *a, const struct match *b)
{
	const char *x = e->r->sections[a->section].id;
	const char *y = e->r->sections[b->section].id;
	size_t n = strcspn(x, ".");
	return n == strcspn(y, ".") && memcmp(x, y, n) == 0;
}

/* e->order[i..i+n) are names of several parties on the same words. */
static void
tell_apart(struct engine *e, size_t i, size_t n)
{
	char from[11];
	char to[11];
	const struct match *fit = NULL;
	bool one = true;
	bool known = event_time(e, from, to);
	for (size_t k = i; known && k < i + n; k++) {
		const struct match *m = &e->matches[e->order[k]];
		if (!m->dead && is_valid_at(&e->r->lines[m->line], from, to)) {
			one = one && (fit == NULL || is_one_tree(e, fit, m));
			fit = m;
		}
	}
	for (size_t k = i; k < i + n; k++) {
		struct match *m = &e->matches[e->order[k]];
		if (m->dead) {
			continue;
		}
		if (fit != NULL && one) {
			m->dead = !is_valid_at(&e->r->lines[m->line], from, to);
		} else {
			m->ambiguous = true;
		}
	}
}

static void
find_shared(struct engine *e, size_t n)
{
	for (size_t i = 0; i < n;) {
		const struct match *m = &e->matches[e->order[i]];
		size_t same = 1;
		size_t alive = !m->dead;
		bool rivals = false;
		while (i + same < n) {
			const struct match *o = &e->matches[e->order[i + same]];
			if (o->s != m->s || o->e != m->e) {
				break;
			}
			alive += !o->dead && o->kind == KIND_PARTY;
			rivals = rivals || !is_one_tree(e, m, o);
			same++;
		}
		if (alive > 1 && rivals && m->kind == KIND_PARTY) {
			tell_apart(e, i, same);
		}
		i += same;
	}
}

static enum hz_err
say_party(struct engine *e, const struct match *m, bool act)
{
	enum hz_role role = m->role;
	if (!m->denier) {
		return tally_match(e, m, m->section, role, m->certainty);
	}
	HZ_TRY(tally_match(e, m, m->section, HZ_ROLE_SOURCE, HZ_CERTAIN_STATED));
	if (role == HZ_ROLE_SOURCE || role == HZ_ROLE_NONE) {
		if (!act || m->denies_it || denies_another(e, m)) {
			return HZ_OK;
		}
		role = HZ_ROLE_PERPETRATOR;
	}
	return tally_match(e, m, m->section, role, HZ_CERTAIN_DENIED);
}

/* --- the sentence --- */
static enum hz_err
take_parties(struct engine *e, bool act)
{
	size_t n;
	if ((e->kinds & (1U << KIND_PARTY)) != 0) {
		HZ_TRY(select_matches(e, 1U << KIND_ROLE, by_start, &n));
		roles_drop_inner(e, n);
	}
	HZ_TRY(select_matches(e, 1U << KIND_PARTY | 1U << KIND_PLACE, by_start, &n));
	if (n == 0) {
		return HZ_OK;
	}
	drop_shorter(e, n, false);
	drop_twins(e, n);
	find_shared(e, n);
	if ((e->kinds & 1U << KIND_PARTY) != 0) {
		deniers_find(e, n);
		roles_take(e, n);
	}
	for (size_t i = 0; i < n; i++) {
		struct match *m = &e->matches[e->order[i]];
		bool party = m->kind == KIND_PARTY;
		if (m->dead) {
			continue;
		}
		give_certainty(e, m, party);
		if (party) {
			m->certainty = m->role_denied ? HZ_CERTAIN_DENIED : m->certainty;
			HZ_TRY(say_party(e, m, act));
		} else {
			HZ_TRY(tally_match(e, m, m->section, HZ_ROLE_NONE, HZ_CERTAIN_STATED));
		}
	}
	return HZ_OK;
}

static enum hz_err
take_types(struct engine *e, bool *ret_act)
{
	size_t n;
	*ret_act = false;
	HZ_TRY(select_matches(e, 1U << KIND_TYPE, by_section, &n));
	drop_shorter(e, n, true);
	drop_twins(e, n);
	for (size_t i = 0; i < n; i++) {
		struct match *m = &e->matches[e->order[i]];
		if (!m->dead) {
			give_certainty(e, m, false);
			m->in_name = is_in_name(e, m);
			*ret_act = true;
			HZ_TRY(tally_match(e, m, m->section, HZ_ROLE_NONE, m->certainty));
		}
	}
	return HZ_OK;
}

/* Somebody unknown did it: said of the party `unknown`, where an act is said too. */
static enum hz_err
take_unknown(struct engine *e)
{
	for (size_t i = 0; e->r->unknown_party != NONE && i < e->n_matches; i++) {
		const struct match *m = &e->matches[i];
		if (!m->dead && m->kind == KIND_CUE && e->r->sections[m->section].which == CUE_UNKNOWN) {
			HZ_TRY(
			    tally_match(e, m, e->r->unknown_party, HZ_ROLE_PERPETRATOR, HZ_CERTAIN_STATED));
		}
	}
	return HZ_OK;
}

enum hz_err
judge_sentence(struct engine *e)
{
	bool act = false;
	HZ_TRY(spot_phrases(e));
	dates_find(e);
	for (size_t i = 0; i < e->n_dates; i++) {
		HZ_TRY(tally_date(e, &e->dates[i]));
	}
	if (e->n_matches == 0) {
		return HZ_OK;
	}
	e->now++;
	e->n_bits = 0;
	/* What no match of the sentence asks for is not looked at. */
	if ((e->kinds & USED_OTHER) != 0) {
		HZ_TRY(mark_nots(e));
		drop_nots(e);
	}
	HZ_TRY(find_names(e));
	if (e->n_units != e->n_words) {
		drop_in_names(e);
	}
	if ((e->flags & LINE_PAIR) != 0) {
		drop_lonely(e);
	}
	if ((e->flags & LINE_NEEDS) != 0) {
		ask_classes(e);
	}
	HZ_TRY(mark_classes(e));
	if ((e->flags & LINE_NEEDS) != 0) {
		drop_needy(e);
	}
	HZ_TRY(take_cues(e));
	HZ_TRY(take_types(e, &act));
	if (act && e->has_cue[CUE_UNKNOWN]) {
		HZ_TRY(take_unknown(e));
	}
	return take_parties(e, act);
}
