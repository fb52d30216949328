/* Phrases as a text meets them: made of the tree that was built while the rules were read. */
#include "classify/engine.h"

#include <stdlib.h>

_Static_assert(sizeof(struct ready_phrase) == 64, "one fetch from memory for a phrase");
_Static_assert(HZ_RULES_SAME <= UINT8_MAX && USED_OTHER <= UINT8_MAX, "packed");

/* What a use makes of words, but for their places. */
static struct match
match_of(const struct hz_rules *r, const struct phrase_use *u)
{
	struct match m = {
		.use = (uint8_t)u->use, .ref = u->ref, .line = NONE, .section = NONE, .dead = true
	};
	if (u->use == USE_ALT) {
		const struct alt *a = &r->alts[u->ref];
		m.line = a->line;
		m.section = a->section;
		m.kind = a->kind;
		m.flags = a->flags;
		m.dead = false; /* the others only say something of these */
	}
	return m;
}

static uint8_t
kinds_of(const struct match *m)
{
	switch ((enum use)m->use) {
	case USE_NOT:
	case USE_NOT_ANY:
	case USE_PARTNER:
		return USED_OTHER;
	case USE_MONTH:
		return USED_MONTH;
	case USE_ALT:
	default:
		return (uint8_t)(1U << m->kind);
	}
}

static void
fill(const struct hz_rules *r, const struct phrase_node *node, struct ready_phrase *p, size_t *io_rest)
{
	const struct phrase_use *uses = r->phrases.use;
	p->n_uses = (uint8_t)node->n_uses;
	p->rest = (uint32_t)*io_rest;
	for (uint32_t u = node->first; u != NONE; u = uses[u].next) {
		struct match m = match_of(r, &uses[u]);
		p->kinds |= kinds_of(&m);
		p->flags |= m.flags;
		if (u == node->first) {
			p->first = m;
		} else {
			r->ready->rest[(*io_rest)++] = m;
		}
	}
}

/* Nodes of the tree get the numbers of their phrases. */
static void
number(const struct hz_rules *r, uint32_t *phrase_of)
{
	uint32_t made = (uint32_t)r->n_patterns;
	for (size_t i = 0; i < r->phrases.n; i++) {
		phrase_of[i] = NONE;
	}
	for (uint32_t i = 0; i < r->n_patterns; i++) {
		if (r->patterns[i].root != NONE) {
			phrase_of[r->patterns[i].root] = i;
		}
	}
	for (size_t i = 0; i < r->phrases.n; i++) {
		if (phrase_of[i] == NONE) {
			phrase_of[i] = made++;
		}
	}
}

static enum hz_err
make_edges(struct hz_rules *r, const uint32_t *phrase_of)
{
	const struct map *edges = &r->phrases.edges;
	for (size_t i = 0; i < edges->cap; i++) {
		uint64_t key = edges->key[i];
		if (key == UINT64_MAX) {
			continue;
		}
		uint32_t pattern = (uint32_t)key;
		uint32_t from = phrase_of[key >> 32];
		r->ready->phrase[from].followers |= UINT64_C(1) << pattern % 64;
		HZ_TRY(map_put(&r->ready->edges, (uint64_t)from << 32 | pattern, phrase_of[edges->value[i]]));
	}
	return HZ_OK;
}

enum hz_err
ready_make(struct hz_rules *r)
{
	size_t n = r->n_patterns + r->phrases.n;
	size_t rest = 0;
	uint32_t *phrase_of = calloc(r->phrases.n + 1, sizeof *phrase_of);
	r->ready = calloc(1, sizeof *r->ready);
	if (r->ready != NULL) {
		r->ready->phrase = aligned_alloc(_Alignof(struct ready_phrase), n * sizeof *r->ready->phrase);
		r->ready->rest = calloc(r->phrases.n_uses + 1, sizeof *r->ready->rest);
	}
	if (phrase_of == NULL || r->ready == NULL || r->ready->phrase == NULL || r->ready->rest == NULL) {
		free(phrase_of);
		return hz_fail(HZ_MSG_NOMEM, "rules");
	}
	for (size_t i = 0; i < n; i++) {
		r->ready->phrase[i] = (struct ready_phrase){ .n_uses = 0 };
	}
	number(r, phrase_of);
	for (size_t i = 0; i < r->phrases.n; i++) {
		fill(r, &r->phrases.node[i], &r->ready->phrase[phrase_of[i]], &rest);
	}
	enum hz_err err = make_edges(r, phrase_of);
	free(phrase_of);
	return err;
}

void
ready_free(struct ready **io_r)
{
	if (*io_r == NULL) {
		return;
	}
	free((*io_r)->phrase);
	free((*io_r)->rest);
	map_done(&(*io_r)->edges);
	free(*io_r);
	*io_r = NULL;
}
