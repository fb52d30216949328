/* Aho and Corasick, Efficient string matching (1975): a trie, links to the longest suffix that is in it too,
 * and for the states near the root, where nearly all the time is spent, whole rows of followers. */
#include "classify/inner.h"

#include <stdlib.h>
#include <string.h>

#define DENSE_BYTES ((size_t)256 * 1024)

_Static_assert(HZ_RULES_STATES < STATE_NUMBER && HZ_RULES_LETTERS < 64 && HZ_RULES_ALPHABET < 256, "packed");

struct trie_node {
	uint32_t child, sibling;
	uint8_t class, depth;
};

static enum hz_err
node_new(struct trie *t, unsigned class, unsigned depth, uint32_t *ret_node)
{
	HZ_TRY(more((void **)&t->node, &t->cap, t->n + 1, sizeof *t->node));
	t->node[t->n] = (struct trie_node){ NONE, NONE, (uint8_t) class, (uint8_t)depth };
	*ret_node = (uint32_t)t->n++;
	return HZ_OK;
}

enum hz_err
trie_begin(struct trie *t)
{
	uint32_t root;
	*t = (struct trie){ 0 };
	return node_new(t, 0, 0, &root);
}

/* 1..; 0 where there are too many letters. */
static enum hz_err
class_of(struct trie *t, uint32_t cp, uint32_t *ret_class)
{
	if (map_get(&t->class_of, cp, ret_class)) {
		return HZ_OK;
	}
	if (t->n_letters >= HZ_RULES_ALPHABET) {
		*ret_class = 0;
		return HZ_OK;
	}
	HZ_TRY(more((void **)&t->letters, &t->cap_letters, t->n_letters + 1, sizeof *t->letters));
	t->letters[t->n_letters++] = cp;
	*ret_class = (uint32_t)t->n_letters;
	return map_put(&t->class_of, cp, *ret_class);
}

enum hz_err
trie_add(struct trie *t, const uint32_t *cp, size_t n, uint32_t *ret_state, const char **ret_over)
{
	uint32_t at = 0;
	if (t->n + n > HZ_RULES_STATES) {
		*ret_over = N_("the words of this file are too many together");
		return HZ_OK;
	}
	for (size_t i = 0; i < n; i++) {
		uint32_t class;
		HZ_TRY(class_of(t, cp[i], &class));
		if (class == 0) {
			*ret_over = N_("this file uses more different letters than can be told apart");
			return HZ_OK;
		}
		uint64_t key = (uint64_t)at << 8 | class;
		uint32_t to;
		if (!map_get(&t->edges, key, &to)) {
			HZ_TRY(node_new(t, class, (unsigned)i + 1, &to));
			t->node[to].sibling = t->node[at].child;
			t->node[at].child = to;
			HZ_TRY(map_put(&t->edges, key, to));
		}
		at = to;
	}
	*ret_state = at;
	return HZ_OK;
}

void
trie_done(struct trie *t)
{
	map_done(&t->edges);
	map_done(&t->class_of);
	free(t->node);
	free(t->letters);
	*t = (struct trie){ 0 };
}

static int
by_number(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a;
	uint32_t y = *(const uint32_t *)b;
	return x < y ? -1 : x > y;
}

static enum hz_err
make_classes(const struct trie *t, struct automaton *a)
{
	a->n_classes = t->n_letters + 1;
	a->high = calloc(t->n_letters + 1, sizeof *a->high);
	a->high_class = calloc(t->n_letters + 1, sizeof *a->high_class);
	if (a->high == NULL || a->high_class == NULL) {
		return hz_fail(HZ_MSG_NOMEM, "rules");
	}
	for (size_t i = 0; i < t->n_letters; i++) {
		if (t->letters[i] < 0x800) {
			a->low[t->letters[i]] = (uint8_t)(i + 1);
		} else {
			a->high[a->n_high++] = t->letters[i];
		}
	}
	qsort(a->high, a->n_high, sizeof *a->high, by_number);
	for (size_t i = 0; i < a->n_high; i++) {
		uint32_t class = 0;
		hz_assert(map_get(&t->class_of, a->high[i], &class));
		a->high_class[i] = (uint8_t) class;
	}
	return HZ_OK;
}

static enum hz_err
allocate(struct automaton *a, size_t n)
{
	a->n = n;
	a->n_dense = DENSE_BYTES / sizeof *a->row / a->n_classes;
	if (a->n_dense > n) {
		a->n_dense = n;
	}
	a->row = calloc(a->n_dense * a->n_classes, sizeof *a->row);
	a->state = calloc(n, sizeof *a->state);
	a->edge_class = calloc(n, sizeof *a->edge_class);
	a->edge_to = calloc(n, sizeof *a->edge_to);
	if (a->row == NULL || a->state == NULL || a->edge_class == NULL || a->edge_to == NULL) {
		return hz_fail(HZ_MSG_NOMEM, "rules");
	}
	return HZ_OK;
}

/* States get their numbers in order of depth: node_of[state] is the node of the trie. */
static void
number(const struct trie *t, const uint32_t *first_out, uint32_t *node_of, struct automaton *a)
{
	uint32_t made = 1;
	uint32_t edges = 0;
	node_of[0] = 0;
	for (uint32_t i = 0; i < t->n; i++) {
		const struct trie_node *node = &t->node[node_of[i]];
		struct state *s = &a->state[i];
		*s = (struct state){ 0, NONE, first_out[node_of[i]], edges, 0, 0, node->depth, 0 };
		for (uint32_t c = node->child; c != NONE; c = t->node[c].sibling) {
			a->edge_class[edges] = t->node[c].class;
			a->edge_to[edges++] = made | (uint32_t)t->node[c].depth << 21;
			node_of[made++] = c;
			s->n_edges++;
		}
	}
}

/* In order of depth: the fail of a state is known before its followers are asked for. */
static void
link_states(struct automaton *a)
{
	for (uint32_t i = 0; i < a->n; i++) {
		struct state *s = &a->state[i];
		uint32_t *row = i < a->n_dense ? a->row + (size_t)i * a->n_classes : NULL;
		if (row != NULL && i > 0) {
			memcpy(row, a->row + (size_t)(s->fail & STATE_NUMBER) * a->n_classes,
			    a->n_classes * sizeof *row);
		}
		for (uint32_t e = s->edge; e < s->edge + s->n_edges; e++) {
			struct state *to = &a->state[a->edge_to[e] & STATE_NUMBER];
			unsigned c = a->edge_class[e];
			to->fail = i == 0 ? 0 : automaton_step(a, s->fail, c);
			to->dict = to->out != NONE ? a->edge_to[e] & STATE_NUMBER
						   : a->state[to->fail & STATE_NUMBER].dict;
			a->edge_to[e] |= to->dict != NONE ? STATE_ENDS : 0;
		}
		if (s->n_edges > 0) {
			s->class = a->edge_class[s->edge];
			s->to = a->edge_to[s->edge];
		}
		for (uint32_t e = s->edge; row != NULL && e < s->edge + s->n_edges; e++) {
			row[a->edge_class[e]] = a->edge_to[e];
		}
	}
}

enum hz_err
automaton_make(struct trie *t, const uint32_t *first_out, struct automaton *ret_a)
{
	struct automaton a = { .n = 0 };
	uint32_t *node_of = calloc(t->n, sizeof *node_of);
	enum hz_err err = node_of == NULL ? hz_fail(HZ_MSG_NOMEM, "rules") : make_classes(t, &a);
	if (err == HZ_OK) {
		err = allocate(&a, t->n);
	}
	if (err == HZ_OK) {
		number(t, first_out, node_of, &a);
		link_states(&a);
		*ret_a = a;
	} else {
		automaton_done(&a);
	}
	free(node_of);
	return err;
}

void
automaton_done(struct automaton *a)
{
	free(a->high);
	free(a->high_class);
	free(a->row);
	free(a->state);
	free(a->edge_class);
	free(a->edge_to);
	*a = (struct automaton){ .n = 0 };
}
