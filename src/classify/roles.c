/* What a party is in a sentence: the nearest cue says it. At the same distance a source comes before a place
 * or its control, that before a target, that before who did it. */
#include "classify/engine.h"

#include <string.h>

#define FAR 255U

void
roles_begin(struct engine *e)
{
	e->has_roles = false;
	if (e->why != NULL) {
		why_sentence(e->why);
	}
}

static void
nearer(struct engine *e, bool before, unsigned role, unsigned w, unsigned distance)
{
	uint8_t *d = before ? &e->role_before[role][w] : &e->role_after[role][w];
	if (distance < *d) {
		*d = (uint8_t)distance;
		if (e->why != NULL) {
			why_nearest(e->why, before, role, w);
		}
	}
}

/* A cue on s..end: notes its distance at the words that it reaches. */
void
role_cue(struct engine *e, const struct line *l, unsigned role, unsigned s, unsigned end)
{
	if (!e->has_roles) {
		for (size_t k = 0; k <= HZ_ROLE_SOURCE; k++) {
			memset(e->role_before[k], FAR, e->n_words);
			memset(e->role_after[k], FAR, e->n_words);
		}
		e->has_roles = true;
	}
	bool clause = (l->flags & LINE_CLAUSE) != 0;
	unsigned last = (l->flags & LINE_BEFORE) != 0 ? reach_on(e, end, l->reach) : end;
	for (unsigned w = end + 1; w <= last && !(clause && e->words[w].clause); w++) {
		nearer(e, true, role, w, (unsigned)(e->unit[w] - e->unit[end]));
	}
	unsigned first = (l->flags & LINE_AFTER) != 0 ? reach_back(e, s, l->reach) : s;
	for (unsigned w = s; w > first && !(clause && e->words[w].clause); w--) {
		nearer(e, false, role, w - 1, (unsigned)(e->unit[s] - e->unit[w - 1]));
	}
}

static enum hz_role
nearest(const struct engine *e, const struct match *m)
{
	static const enum hz_role order[] = { HZ_ROLE_SOURCE, HZ_ROLE_LOCATION, HZ_ROLE_TARGET,
		HZ_ROLE_PERPETRATOR };
	enum hz_role role = HZ_ROLE_NONE;
	unsigned best = FAR;
	for (size_t i = 0; i < 4; i++) {
		unsigned before = e->role_before[order[i]][m->s];
		unsigned after = e->role_after[order[i]][m->e];
		unsigned d = before < after ? before : after;
		if (d < best) {
			best = d;
			role = order[i];
		}
	}
	return role;
}

static bool
is_and(const uint64_t key[2])
{
	return key_is(key, KEY3('a', 'n', 'd'), KEY_LATIN(3)) || key_is(key, KEY2('o', 'r'), KEY_LATIN(2)) ||
	       key_is(key, KEY1(0x648), KEY_ARABIC(1)) || key_is(key, KEY2(0x627, 0x648), KEY_ARABIC(2));
}

/* "X and Y", "X, Y": the second is what the first is, unless a cue of its own says something else. */
static bool
is_joined(const struct engine *e, const struct match *a, const struct match *b)
{
	if (b->s == a->e + 1) {
		return e->words[b->s].conj || e->words[b->s].clause;
	}
	return b->s == a->e + 2 && is_and(e->words[a->e + 1].key);
}

void
roles_give(struct engine *e, size_t n)
{
	const struct match *last = NULL; /* the party before, or one with the same words */
	for (size_t i = 0; e->has_roles && i < n; i++) {
		struct match *m = &e->matches[e->order[i]];
		if (m->dead || m->kind != KIND_PARTY) {
			continue;
		}
		m->role = (uint8_t)nearest(e, m);
		m->cue = e->why == NULL ? 0 : why_role(e, m);
		if (m->role == HZ_ROLE_NONE && last != NULL) {
			bool same = last->s == m->s && last->e == m->e;
			if (same || is_joined(e, last, m)) {
				m->role = last->role;
				m->cue = last->cue;
				m->joined = !same;
			}
		}
		last = m;
	}
}
