/* What a party is in a sentence. A cue speaks of one party on its side, the nearest, and of those joined to
 * it; of several cues the nearest one decides. At the same distance a source comes before what takes a party
 * out of the sentence, that before a place or its control, that before a target, that before who did it.
 *
 * Who did it is asked last: a cue of that passes over a party that has a nearer cue of its own, so that
 * "X near the border with Y shot at them" and "an attack by X on Y killed ten" are of X. */
#include "classify/engine.h"

#include <string.h>

#define FAR 255U

static bool
is_party(const struct match *m)
{
	return !m->dead && m->kind == KIND_PARTY;
}

static void
begin(struct engine *e, size_t n)
{
	memset(e->party_at, 0, e->n_words * sizeof *e->party_at);
	for (size_t i = 0; i < n; i++) {
		struct match *m = &e->matches[e->order[i]];
		if (!is_party(m)) {
			continue;
		}
		m->role = HZ_ROLE_NONE;
		m->role_d = FAR;
		m->role_denied = false;
		m->joined = false;
		m->cue = 0;
		for (unsigned w = m->s; w <= m->e; w++) {
			if (e->party_at[w] == 0) {
				e->party_at[w] = e->order[i] + 1;
			}
		}
	}
}

static unsigned
rank(unsigned role)
{
	static const uint8_t ranks[] = { [HZ_ROLE_SOURCE] = 0,
		[HZ_ROLE_NONE] = 1,
		[HZ_ROLE_LOCATION] = 2,
		[HZ_ROLE_TARGET] = 3,
		[HZ_ROLE_PERPETRATOR] = 4 };
	return ranks[role];
}

/* "and", "then", ثم: a verb behind it has the subject of the one before. */
static bool
is_then(const struct word *w)
{
	return (w->sort & (SORT_AND | SORT_THEN)) != 0;
}

/* Who, that, which, الذي, التي, الذين: a verb behind it has its subject right before it. */
static bool
is_relative(const struct word *w)
{
	return (w->sort & SORT_RELATIVE) != 0;
}

enum joint { JOINT_NO, JOINT_COMMA, JOINT_AND };
/* "X and Y", "X and the Y", "X, Y". */
static enum joint
joint_of(const struct engine *e, const struct match *a, const struct match *b)
{
	unsigned next = a->e + 1U;
	bool the = b->s > next && (e->words[b->s - 1].sort & SORT_THE) != 0;
	unsigned s = b->s - (the ? 1U : 0U);
	if (s == next) {
		return e->words[s].conj && !the ? JOINT_AND : e->words[s].clause ? JOINT_COMMA : JOINT_NO;
	}
	return s == next + 1 && (e->words[next].sort & SORT_AND) != 0 ? JOINT_AND : JOINT_NO;
}

/* What a cue says on its way from party to party. */
struct way {
	uint32_t cue, line;         /* it, among the matches and 1, and the line that it counts for */
	unsigned role, flags, from; /* from: the word of the cue that it goes out from */
	unsigned near;              /* a party that ends before this word is the subject without a doubt */
	bool denied, done;
	bool chain; /* the verb goes on from another one: what that was done to is not its subject */
	struct match *first;
};

/* False where a nearer cue has said something else already. */
static bool
give(struct match *m, const struct way *w, unsigned d)
{
	if (d > m->role_d || (d == m->role_d && rank(w->role) > rank(m->role))) {
		return m->role == w->role;
	}
	m->role = (uint8_t)w->role;
	m->role_d = (uint8_t)(d < FAR ? d : FAR - 1);
	m->role_denied = w->denied;
	m->joined = false;
	m->cue = w->cue;
	m->cue_line = w->line;
	return true;
}

static void
meet(struct engine *e, struct way *w, struct match *m)
{
	unsigned to = m->s > w->from ? m->s : m->e;
	unsigned d = m->s > w->from ? (unsigned)(e->unit[to] - e->unit[w->from])
				    : (unsigned)(e->unit[w->from] - e->unit[to]);
	d = w->near == m->e + 1U ? 0 : d;
	if (w->chain && d > 0 && m->role == HZ_ROLE_TARGET && m->role_d < FAR) {
		return;
	}
	if ((w->flags & (LINE_OF_FIRST | LINE_OF_SECOND)) == 0) {
		w->done = give(m, w, d) || w->role != HZ_ROLE_PERPETRATOR;
		return;
	}
	if (w->first == NULL) {
		w->first = m;
		return;
	}
	if (joint_of(e, w->first, m) == JOINT_AND) {
		return;
	}
	w->done = true;
	if ((w->flags & LINE_OF_SECOND) != 0) {
		(void)give(m, w, d);
	} else {
		(void)give(w->first, w, (unsigned)(e->unit[w->first->s] - e->unit[w->from]));
	}
}

/* An Arabic verb right behind a party, not joined by و, has it as its subject and none behind it. */
static bool
has_subject(const struct engine *e, unsigned s)
{
	const struct word *verb = &e->words[s];
	if (s == 0 || !verb->arabic || verb->conj || verb->clause || e->party_at[s - 1] == 0) {
		return false;
	}
	const struct match *m = &e->matches[e->party_at[s - 1] - 1];
	return m->role_d == FAR || m->role == HZ_ROLE_PERPETRATOR;
}

static void
go_on(struct engine *e, struct way *w, const struct line *l)
{
	unsigned last = reach_on(e, w->from, l->reach);
	for (unsigned i = w->from + 1; i <= last && !w->done; i++) {
		if ((l->flags & LINE_CLAUSE) != 0 && e->words[i].clause) {
			return;
		}
		if (e->party_at[i] != 0) {
			struct match *m = &e->matches[e->party_at[i] - 1];
			meet(e, w, m);
			i = m->e;
		}
	}
}

/* Of a cue that looks back for who did it: where its verb begins with the words that tie it to what stands
 * before it, and what that says of its subject. Moves the first word that is looked at. False: the subject
 * stands behind it. */
static bool
find_verb(const struct engine *e, struct way *w, bool clause, unsigned *io_first, unsigned *ret_start)
{
	const struct word *verb = &e->words[w->from];
	unsigned start = w->from;
	bool relative = start > 0 && !verb->clause && is_relative(&e->words[start - 1]);
	unsigned behind = e->matches[w->cue - 1].e + 1U;
	if (clause && behind < e->n_words && verb->arabic && !has_subject(e, w->from) &&
	    e->party_at[behind] != 0) {
		return false;
	}
	if (relative) { /* what it relates to stands right before it; "X soldiers who" */
		unsigned far = verb->arabic ? 2 : 4;
		*io_first = start > far + *io_first ? start - far : *io_first;
		start--;
	}
	while (start > 0 && !e->words[start].clause && is_then(&e->words[start - 1])) {
		start--;
	}
	w->near = relative ? start : UINT32_MAX;
	w->chain = start < w->from || e->words[start].clause || verb->conj;
	*ret_start = start;
	return true;
}

/* Back to the subject of what begins at `from`. It stands in the same clause; in the one before where this
 * one begins with the verb ("entered the town, killed three", "and burned"); or before what stands between
 * two commas ("X, backed by Y, bombed"). */
static void
go_back(struct engine *e, struct way *w, const struct line *l)
{
	unsigned first = reach_back(e, w->from, l->reach);
	unsigned start = w->from;
	bool clause = (l->flags & LINE_CLAUSE) != 0;
	if (w->role == HZ_ROLE_PERPETRATOR && !find_verb(e, w, clause, &first, &start)) {
		return;
	}
	bool verb_first = e->words[start].clause;
	unsigned marks = e->words[w->from].clause;
	for (unsigned i = w->from; i > first && !w->done && !(clause && marks > 2); i--) {
		struct match *m = e->party_at[i - 1] == 0 ? NULL : &e->matches[e->party_at[i - 1] - 1];
		if (m != NULL && m->e < w->from && !(clause && marks == 1 && !verb_first)) {
			meet(e, w, m);
			i = m->s + 1U;
		}
		marks += e->words[i - 1].clause;
	}
}

static void
role_cue(struct engine *e, uint32_t line, unsigned role, const struct match *cue, bool denied)
{
	const struct line *l = &e->r->lines[line];
	struct way on = { .cue = (uint32_t)(cue - e->matches) + 1,
		.line = line,
		.role = role,
		.near = UINT32_MAX,
		.flags = l->flags,
		.from = cue->e,
		.denied = denied };
	struct way back = on;
	back.from = cue->s;
	bool subject = role == HZ_ROLE_PERPETRATOR && has_subject(e, cue->s);
	if ((l->flags & LINE_BEFORE) != 0 && !subject) {
		go_on(e, &on, l);
	}
	if ((l->flags & LINE_AFTER) != 0) {
		go_back(e, &back, l);
	}
}

static bool
same_words(const struct match *a, const struct match *b)
{
	return a->s == b->s && a->e == b->e;
}

static void
take_from(struct match *m, const struct match *other)
{
	m->joined = !same_words(m, other) || other->joined;
	m->cue = other->cue;
	m->cue_line = other->cue_line;
	m->role = other->role;
	m->role_d = other->role_d;
	m->role_denied = other->role_denied;
}

/* "Y and its allies". */
static bool
and_behind(const struct engine *e, const struct match *m)
{
	return m->e + 1U < e->n_words && (e->words[m->e + 1].sort & SORT_AND) != 0;
}

/* Joined parties share what is said of one of them, where nothing is said of the other: forward ("by X and
 * Y"). A comma alone joins in the end only. */
static void
join(struct engine *e, size_t n, bool end)
{
	const struct match *last = NULL;
	for (size_t i = 0; i < n; i++) {
		struct match *m = &e->matches[e->order[i]];
		if (!is_party(m)) {
			continue;
		}
		bool same = last != NULL && same_words(last, m);
		enum joint joint = last == NULL || same ? JOINT_NO : joint_of(e, last, m);
		if (same || (m->role_d == FAR && joint != JOINT_NO && (end || joint == JOINT_AND))) {
			take_from(m, last);
		}
		last = m;
	}
}

/* In the end backward: "X and Y bombed", "X, Y and their allies". */
static void
join_back(struct engine *e, size_t n)
{
	const struct match *last = NULL;
	bool by_and = false; /* the last one is joined by "and" to what is behind it */
	for (size_t i = n; i-- > 0;) {
		struct match *m = &e->matches[e->order[i]];
		if (!is_party(m)) {
			continue;
		}
		bool same = last != NULL && same_words(last, m);
		if (last != NULL && !same) {
			enum joint joint = joint_of(e, m, last);
			by_and =
			    joint == JOINT_AND || (joint == JOINT_COMMA && (by_and || and_behind(e, last)));
		}
		if (same || (by_and && m->role_d == FAR)) {
			take_from(m, last);
		}
		last = m;
	}
}

/* Languages differ in where a subject stands: a line that names a class is of the terms of its language. */
static bool
same_language(const struct line *role, const struct line *term)
{
	return strcmp(role->lang, term->lang) == 0 || strcmp(role->lang, "any") == 0 ||
	       strcmp(term->lang, "any") == 0;
}

/* What a match says as a cue of a line of roles; its needs are asked here where the line names a class. */
static void
role_line(struct engine *e, const struct match *m, uint32_t line, bool of_class, bool who)
{
	const struct line *l = &e->r->lines[line];
	unsigned role = e->r->sections[l->section].which;
	if ((role == HZ_ROLE_PERPETRATOR) != who ||
	    (of_class && (!same_language(l, &e->r->lines[m->line]) || is_excepted(e, m, line)))) {
		return;
	}
	for (uint32_t k = 0; of_class && k < l->n_needs; k++) {
		if (!need_met(e, m, &e->r->needs[l->first_need + k])) {
			return;
		}
	}
	role_cue(e, line, role, m, who && is_under(e, m, CUE_NEGATED));
}

static void
role_classes(struct engine *e, const struct match *m, const struct section *x, bool who)
{
	unsigned asks = who ? ASKS_WHO : ASKS_OTHER;
	for (uint32_t k = 0; k < x->n_classes; k++) {
		for (uint32_t c = x->class[k]; c != NONE; c = e->r->classes[c].parent) {
			const struct class_ *class = &e->r->classes[c];
			for (uint32_t a = 0; (class->asks & asks) != 0 && a < class->n_roles; a++) {
				uint32_t alt = e->r->class_roles[class->first_role + a];
				role_line(e, m, e->r->alts[alt].line, true, who);
			}
		}
	}
}

static void
take_roles_of(struct engine *e, bool who)
{
	unsigned asks = who ? ASKS_WHO : ASKS_OTHER;
	for (size_t i = 0; i < e->n_matches; i++) {
		const struct match *m = &e->matches[i];
		const struct section *x = m->dead ? NULL : &e->r->sections[m->section];
		if (x == NULL) {
			continue;
		}
		if (x->kind == KIND_ROLE) {
			role_line(e, m, m->line, false, who);
		}
		if ((x->asks & asks) != 0 && !is_in_name(e, m)) {
			role_classes(e, m, x, who);
		}
	}
}

/* The parties are e->order[0..n), sorted by start. */
void
roles_take(struct engine *e, size_t n)
{
	begin(e, n);
	take_roles_of(e, false);
	join(e, n, false);
	take_roles_of(e, true);
	join(e, n, true);
	join_back(e, n);
}

/* Of the cues of roles, e->order[0..n) by start: one inside a longer one that looks to the same side is
 * dropped. */
void
roles_drop_inner(struct engine *e, size_t n)
{
	const struct match *widest[2] = { NULL, NULL };
	for (size_t i = 0; i < n; i++) {
		struct match *m = &e->matches[e->order[i]];
		const struct match **w = &widest[(m->flags & LINE_BEFORE) != 0];
		if (*w == NULL || m->e > (*w)->e) {
			*w = m;
		} else {
			m->dead = m->s != (*w)->s || m->e != (*w)->e;
		}
	}
}

/* --- who denies --- */
/* It, this, that, them, ذلك, هذا. */
static bool
is_pointing(const struct word *w)
{
	return (w->sort & SORT_POINTS) != 0;
}

/* The party that a denial is of: the nearest; in Arabic rather the one behind it, else the one before. */
static void
find_denier(struct engine *e, const struct match *cue, size_t n)
{
	const struct line *l = &e->r->lines[cue->line];
	struct match *best = NULL;
	unsigned best_d = UINT32_MAX;
	for (size_t i = 0; i < n; i++) {
		struct match *m = &e->matches[e->order[i]];
		if (!is_party(m)) {
			continue;
		}
		bool behind = m->s > cue->e;
		unsigned d = distance(e, cue, m);
		if (d == 0 || d > l->reach) {
			continue;
		}
		d = d * 2 + (behind != e->words[cue->s].arabic);
		if (d < best_d) {
			best_d = d;
			best = m;
		}
	}
	for (size_t i = 0; best != NULL && i < n; i++) { /* with those that share its name */
		struct match *m = &e->matches[e->order[i]];
		unsigned next = 1U + (best->s > cue->e ? best->e : cue->e);
		if (!m->dead && same_words(m, best)) {
			m->denier = true;
			m->denies_it =
			    next >= e->n_words || e->words[next].clause || is_pointing(&e->words[next]);
		}
	}
}

/* Of the parties e->order[0..n). */
void
deniers_find(struct engine *e, size_t n)
{
	for (size_t i = 0; e->has_cue[CUE_DENIED] && i < e->n_matches; i++) {
		const struct match *m = &e->matches[i];
		if (!m->dead && m->kind == KIND_CUE && e->r->sections[m->section].which == CUE_DENIED) {
			find_denier(e, m, n);
		}
	}
}

/* The denial is of what another party is said to have done. */
bool
denies_another(const struct engine *e, const struct match *denier)
{
	for (size_t i = 0; i < e->n_matches; i++) {
		const struct match *m = &e->matches[i];
		if (is_party(m) && m->role == HZ_ROLE_PERPETRATOR && !m->denier && m->s != denier->s &&
		    is_under(e, m, CUE_DENIED)) {
			return true;
		}
	}
	return false;
}
