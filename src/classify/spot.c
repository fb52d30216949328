/* What the words of a text can be: one pass of the automaton over the letters of each word, then the check of
 * what is left of the word on both sides; and phrases of such words. */
#include "classify/engine.h"

#include <string.h>

struct at_word {
	const uint32_t *cp, *from, *to;
	size_t kept, len;
	uint8_t left[LEFT_MAX + 1];
	bool has_left;
	bool arabic;
};

static unsigned
left_of(struct at_word *a, size_t start)
{
	if (start == 0) {
		return LEFT_NOUN;
	}
	if (!a->has_left) {
		clitic_left(a->cp, a->kept, a->left);
		a->has_left = true;
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

static bool
pattern_fits(const struct engine *e, struct at_word *a, const struct word_pattern *p, size_t start,
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
	if (good && p->spelling != NONE) {
		char raw[RAW_MAX];
		uint32_t from = a->from[start];
		raw_form(e->cut.text + from, a->to[end - 1] - from, raw);
		good = raw_same(e->r->spellings[p->spelling], raw);
	}
	return good;
}

static void
hit_add(struct engine *e, struct word *w, uint32_t pattern, bool conj)
{
	struct hit *h = e->hits + w->first_hit;
	for (size_t i = 0; i < w->n_hits; i++) {
		if (h[i].pattern == pattern) {
			h[i].conj = h[i].conj && conj;
			return;
		}
	}
	if (w->n_hits < HZ_CLASSIFY_HITS) {
		h[w->n_hits++] = (struct hit){ pattern, conj };
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
	unsigned left = left_of(a, start);
	if (left == 0) {
		return;
	}
	for (uint32_t p = m->state[state].out; p != NONE; p = e->r->patterns[p].next) {
		if (pattern_fits(e, a, &e->r->patterns[p], start, end, left)) {
			hit_add(e, w, p, start > 0 && (left & LEFT_CONJ) != 0);
		}
	}
}

void
spot_word(struct engine *e, struct word *w, const uint32_t *cp, const uint32_t *from, const uint32_t *to,
    size_t len)
{
	const struct automaton *m = &e->r->automaton;
	struct at_word a = { .cp = cp, .from = from, .to = to, .len = len, .arabic = w->arabic };
	uint32_t state = 0;
	size_t most = w->arabic ? LEFT_MAX : 0;
	a.kept = len < LETTERS ? len : LETTERS;
	for (size_t i = 0; i < a.kept; i++) {
		state = automaton_step(m, state, letter_class(m, cp[i]));
		if (i + 1 - STATE_DEPTH(state) > most) {
			return; /* no stem can begin so late in a word */
		}
		if ((state & STATE_ENDS) == 0) {
			continue;
		}
		uint32_t d = m->state[state & STATE_NUMBER].dict;
		while (d != NONE) {
			try_state(e, w, &a, d, i + 1);
			d = m->state[m->state[d].fail & STATE_NUMBER].dict;
		}
	}
}

static enum hz_err
emit(struct engine *e, uint32_t node, size_t s, size_t end, size_t *io_made)
{
	const struct phrases *p = &e->r->phrases;
	for (uint32_t u = p->node[node].first; u != NONE; u = p->use[u].next) {
		if (*io_made == HZ_CLASSIFY_STARTS) {
			return HZ_OK;
		}
		HZ_TRY(more((void **)&e->matches, &e->cap_matches, e->n_matches + 1, sizeof *e->matches));
		struct match m = { .s = (uint16_t)s,
			.e = (uint16_t)end,
			.use = (uint8_t)p->use[u].use,
			.ref = p->use[u].ref,
			.line = NONE,
			.section = NONE };
		if (m.use == USE_ALT) {
			const struct alt *a = &e->r->alts[m.ref];
			m.line = a->line;
			m.section = a->section;
			m.kind = a->kind;
			m.flags = a->flags;
		}
		e->matches[e->n_matches++] = m;
		(*io_made)++;
	}
	return HZ_OK;
}

/* All phrases that begin at word i. */
static enum hz_err
phrases_at(struct engine *e, size_t i)
{
	const struct phrases *p = &e->r->phrases;
	struct path *todo = e->paths; /* at most HZ_CLASSIFY_STARTS are kept waiting */
	size_t n = 0;
	size_t made = 0;
	const struct word *w = &e->words[i];
	for (size_t h = 0; h < w->n_hits; h++) {
		uint32_t root = e->r->patterns[e->hits[w->first_hit + h].pattern].root;
		if (root != NONE) {
			todo[n++] = (struct path){ root, (uint32_t)i };
		}
	}
	while (n > 0) {
		struct path at = todo[--n];
		HZ_TRY(emit(e, at.node, i, at.end, &made));
		size_t next = at.end + 1;
		if (!p->node[at.node].has_children || next == e->n_words || e->words[next].clause) {
			continue;
		}
		const struct word *x = &e->words[next];
		for (size_t h = 0; h < x->n_hits && n < HZ_CLASSIFY_STARTS; h++) {
			const struct hit *hit = &e->hits[x->first_hit + h];
			uint32_t to;
			if (!hit->conj && map_get(&p->edges, (uint64_t)at.node << 32 | hit->pattern, &to)) {
				todo[n++] = (struct path){ to, (uint32_t)next };
			}
		}
	}
	return HZ_OK;
}

enum hz_err
spot_phrases(struct engine *e)
{
	e->n_matches = 0;
	for (size_t i = 0; i < e->n_words; i++) {
		if (e->words[i].n_hits > 0) {
			HZ_TRY(phrases_at(e, i));
		}
	}
	return HZ_OK;
}
