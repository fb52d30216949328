/* What the words of a text can be: one pass of the automaton over the letters of each word, then the check of
 * what is left of the word on both sides; and phrases of such words. */
#include "classify/engine.h"

#include <string.h>

static void
look_around(struct at_word *a)
{
	for (size_t i = 0; i < a->kept; i++) {
		a->cp[i] = a->c[i].v & HZ_FOLD_CP;
	}
	clitic_left(a->cp, a->kept, a->left);
	a->has_left = true;
}

static unsigned
left_of(struct at_word *a, size_t start)
{
	if (!a->has_left) {
		look_around(a);
	}
	return a->left[start];
}

static bool
right_good(const struct at_word *a, const struct word_pattern *p, size_t end)
{
	if (a->len > LETTERS) {
		return false; /* longer than a stem with all that may stand around it */
	}
	if (end == a->len) {
		return (p->flags & WORD_FEMININE) == 0;
	}
	if ((p->flags & WORD_FEMININE) == 0 && (p->flags & WORD_SHORT) != 0) {
		return false;
	}
	unsigned right = clitic_right(a->cp + end, a->len - end);
	return (right & ((p->flags & WORD_FEMININE) != 0 ? RIGHT_FEMININE : RIGHT_ANY)) != 0;
}

/* Letters as they are written, too. */
static bool
is_written(struct engine *e, const struct at_word *a, uint32_t spelling, size_t start, size_t end)
{
	char raw[RAW_MAX];
	uint32_t from = a->c[start].start;
	e->looked_raw = true;
	raw_form(e->cut.text + from, a->c[end - 1].end - from, raw);
	return raw_same(e->r->spellings[spelling], raw);
}

static bool
pattern_fits(struct engine *e, const struct at_word *a, const struct word_pattern *p, size_t start,
    size_t end, unsigned left)
{
	bool good;
	if ((p->flags & WORD_EXACT) != 0) {
		good = start == 0 && end == a->len;
	} else if ((p->flags & WORD_PREFIX) != 0) {
		good = start == 0 || ((p->flags & WORD_ARABIC) != 0 && (left & LEFT_NOUN) != 0);
	} else {
		unsigned want = (p->flags & WORD_ARTICLE) != 0 ? LEFT_ARTICLE : LEFT_NOUN;
		want |= (p->flags & WORD_VERB) != 0 ? LEFT_VERB : 0;
		good = (left & want) != 0 && right_good(a, p, end);
	}
	return good && (p->spelling == NONE || is_written(e, a, p->spelling, start, end));
}

static void
hit_add(struct engine *e, struct word *w, uint32_t pattern, bool conj)
{
	uint32_t *h = e->hits + w->first_hit;
	const struct word_pattern *p = &e->r->patterns[pattern];
	for (size_t i = 0; i < w->n_hits; i++) {
		if (h[i] >> HIT_SHIFT == pattern) {
			h[i] &= conj ? UINT32_MAX : ~HIT_CONJ;
			return;
		}
	}
	if (w->n_hits < HZ_CLASSIFY_HITS) {
		h[w->n_hits++] =
		    pattern << HIT_SHIFT | (p->root != NONE ? HIT_STARTS : 0) | (conj ? HIT_CONJ : 0);
		e->n_hits++;
		w->conj = w->conj || conj;
	}
}

static void
try_state(struct engine *e, struct word *w, struct at_word *a, uint32_t state, size_t end)
{
	const struct automaton *m = &e->r->automaton;
	size_t start = end - m->state[state].depth;
	if (start > (a->arabic ? LEFT_MAX : 0)) {
		return;
	}
	unsigned left = a->arabic ? left_of(a, start) : LEFT_NOUN;
	if (left == 0) {
		return;
	}
	for (uint32_t p = m->state[state].out; p != NONE; p = e->r->patterns[p].next) {
		if (pattern_fits(e, a, &e->r->patterns[p], start, end, left)) {
			hit_add(e, w, p, start > 0 && (left & LEFT_CONJ) != 0);
		}
	}
}

static void
look_up(struct engine *e, struct word *w, const struct hz_fold_char *c, size_t len)
{
	const struct automaton *m = &e->r->automaton;
	struct at_word *a = &e->at_word;
	uint32_t state = 0;
	size_t most = w->arabic ? LEFT_MAX : 0;
	a->c = c;
	a->len = len;
	a->kept = len < LETTERS ? len : LETTERS;
	a->has_left = false;
	a->arabic = w->arabic;
	for (size_t i = 0; i < a->kept; i++) {
		state = automaton_step(m, state, letter_class(m, c[i].v & HZ_FOLD_CP));
		if (i + 1 - STATE_DEPTH(state) > most) {
			return; /* no stem can begin so late in a word */
		}
		if ((state & STATE_ENDS) == 0) {
			continue;
		}
		uint32_t d = m->state[state & STATE_NUMBER].dict;
		while (d != NONE) {
			try_state(e, w, a, d, i + 1);
			d = m->state[m->state[d].fail & STATE_NUMBER].dict;
		}
	}
}

void
spot_word(struct engine *e, struct word *w, const struct hz_fold_char *c, size_t len)
{
	look_up(e, w, c, len);
	for (size_t h = w->first_hit; h < w->first_hit + w->n_hits; h++) {
		if ((e->hits[h] & HIT_CONJ) == 0) {
			w->behind |= UINT64_C(1) << (e->hits[h] >> HIT_SHIFT) % 64;
		}
	}
}

/* A phrase on s..end; its uses as long as no more than HZ_CLASSIFY_STARTS begin at s. */
static inline void
emit(struct engine *e, const struct ready_phrase *p, size_t s, size_t end, size_t *io_made)
{
	size_t left = HZ_CLASSIFY_STARTS - *io_made;
	size_t n = p->n_uses < left ? p->n_uses : left;
	struct match *m = &e->matches[e->n_matches];
	const struct match *rest = e->r->ready->rest + p->rest;
	const struct match *from = &p->first;
	for (size_t i = 0; i < n; i++) {
		m[i] = *from;
		m[i].s = (uint16_t)s;
		m[i].e = (uint16_t)end;
		from = i == 0 ? rest : from + 1;
	}
	e->n_matches += n;
	*io_made += n;
	e->kinds |= p->kinds;
	e->flags |= p->flags;
}

/* Whether a phrase may go on behind word `end`: those that it has there, and no clause ends. */
static inline bool
may_go_on(const struct engine *e, const struct ready_phrase *p, size_t end)
{
	const struct word *x = &e->words[end + 1];
	return end + 1 < e->n_words && (p->followers & x->behind) != 0 && !x->clause;
}

/* All phrases that begin at word s with this one. `waiting` others are under way: HZ_CLASSIFY_STARTS at most,
 * together with these. */
static void
go_on(struct engine *e, uint32_t first, size_t s, size_t waiting, size_t *io_made)
{
	const struct ready *r = e->r->ready;
	struct path *todo = e->paths;
	size_t n = 1;
	todo[0] = (struct path){ first, (uint32_t)s };
	while (n > 0) {
		struct path at = todo[--n];
		const struct ready_phrase *p = &r->phrase[at.phrase];
		emit(e, p, s, at.end, io_made);
		if (!may_go_on(e, p, at.end)) {
			continue;
		}
		const struct word *x = &e->words[at.end + 1];
		for (size_t h = 0; h < x->n_hits && waiting + n < HZ_CLASSIFY_STARTS; h++) {
			uint32_t hit = e->hits[x->first_hit + h];
			uint32_t pattern = hit >> HIT_SHIFT;
			uint32_t to;
			if ((hit & HIT_CONJ) == 0 && (p->followers >> pattern % 64 & 1) != 0 &&
			    map_get(&r->edges, (uint64_t)at.phrase << 32 | pattern, &to)) {
				todo[n++] = (struct path){ to, at.end + 1 };
			}
		}
	}
}

static size_t
count_starts(const uint32_t *hits, size_t n)
{
	size_t starts = 0;
	for (size_t h = 0; h < n; h++) {
		starts += (hits[h] & HIT_STARTS) != 0;
	}
	return starts;
}

/* All phrases that begin at word i, the last hit first. */
static void
phrases_at(struct engine *e, size_t i)
{
	const struct word *w = &e->words[i];
	const uint32_t *hits = e->hits + w->first_hit;
	size_t made = 0;
	for (size_t h = w->n_hits; h-- > 0;) {
		if ((hits[h] & HIT_STARTS) == 0) {
			continue;
		}
		uint32_t pattern = hits[h] >> HIT_SHIFT;
		const struct ready_phrase *p = &e->r->ready->phrase[pattern];
		if (may_go_on(e, p, i)) {
			go_on(e, pattern, i, count_starts(hits, h), &made);
		} else {
			emit(e, p, i, i, &made);
		}
	}
}

enum hz_err
spot_phrases(struct engine *e)
{
	e->n_matches = 0;
	e->kinds = e->flags = 0;
	for (size_t i = 0; i < e->n_words; i++) {
		if (e->words[i].n_hits == 0) {
			continue;
		}
		if (e->n_matches + HZ_CLASSIFY_STARTS > e->cap_matches) {
			HZ_TRY(more((void **)&e->matches, &e->cap_matches, e->n_matches + HZ_CLASSIFY_STARTS,
			    sizeof *e->matches));
		}
		phrases_at(e, i);
	}
	return HZ_OK;
}
