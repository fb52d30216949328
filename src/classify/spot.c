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

static bool
pattern_fits(struct engine *e, struct at_word *a, const struct word_pattern *p, size_t start, size_t end,
    unsigned left)
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
		uint32_t from = a->c[start].start;
		e->looked_raw = true;
		raw_form(e->cut.text + from, a->c[end - 1].end - from, raw);
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

_Static_assert(KNOWN_WORDS == 1U << (64 - 52), "the hash below");

void
spot_word(struct engine *e, struct word *w, const struct hz_fold_char *c, size_t len)
{
	if (w->key[1] == 0) {
		look_up(e, w, c, len);
		return;
	}
	uint64_t h = (w->key[0] ^ (w->key[1] * 0x9E3779B97F4A7C15U)) * 0xD1B54A32D192ED03U;
	struct known_word *k = &e->known[h >> 52];
	if (key_is(k->key, w->key[0], w->key[1])) {
		struct hit *hit = e->hits + e->n_hits;
		for (uint32_t i = 0; i < k->n; i++) {
			hit[i] = (struct hit){ k->hits[i] >> 1, (k->hits[i] & 1) != 0 };
			w->conj = w->conj || hit[i].conj;
		}
		w->n_hits = (uint8_t)k->n;
		e->n_hits += k->n;
		return;
	}
	e->looked_raw = false;
	look_up(e, w, c, len);
	if (!e->looked_raw && w->n_hits <= KNOWN_HITS) {
		k->key[0] = w->key[0];
		k->key[1] = w->key[1];
		k->n = w->n_hits;
		for (uint32_t i = 0; i < k->n; i++) {
			const struct hit *hit = &e->hits[w->first_hit + i];
			k->hits[i] = hit->pattern << 1 | hit->conj;
		}
	}
}

static void
emit(struct engine *e, uint32_t node, size_t s, size_t end, size_t *io_made)
{
	const struct phrases *p = &e->r->phrases;
	for (uint32_t u = p->node[node].first; u != NONE; u = p->use[u].next) {
		if (*io_made == HZ_CLASSIFY_STARTS) {
			return;
		}
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
			e->kinds |= 1U << a->kind;
		}
		e->n_months += m.use == USE_MONTH;
		e->matches[e->n_matches++] = m;
		(*io_made)++;
	}
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
	HZ_TRY(more(
	    (void **)&e->matches, &e->cap_matches, e->n_matches + HZ_CLASSIFY_STARTS, sizeof *e->matches));
	for (size_t h = 0; h < w->n_hits; h++) {
		uint32_t root = e->r->patterns[e->hits[w->first_hit + h].pattern].root;
		if (root != NONE) {
			todo[n++] = (struct path){ root, (uint32_t)i };
		}
	}
	while (n > 0) {
		struct path at = todo[--n];
		emit(e, at.node, i, at.end, &made);
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
	e->n_matches = e->n_months = 0;
	e->kinds = 0;
	for (size_t i = 0; i < e->n_words; i++) {
		if (e->words[i].n_hits > 0) {
			HZ_TRY(phrases_at(e, i));
		}
	}
	return HZ_OK;
}
