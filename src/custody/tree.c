/* RFC 6962 2.1 over tiles of 256 hashes [F-11.8]. Appending keeps the roots of the complete subtrees along
 * the right edge (a binary counter: one hash for each leaf, amortised) and the last, unfilled tile of each
 * level. */
#include "custody/tree.h"

#include <stdlib.h>
#include <string.h>

#define FULL_FIRST ((size_t)16) /* at least HZ_TILE_LEVELS: one append can fill one tile of each level */

static size_t
edge_count(uint64_t size, unsigned level)
{
	return (size_t)(size >> (HZ_TILE_HEIGHT * level) & (HZ_TILE_WIDTH - 1));
}

uint64_t
hz_tile_number(uint64_t size, unsigned level)
{
	return level + 1 < HZ_TILE_LEVELS ? size >> (HZ_TILE_HEIGHT * (level + 1)) : 0;
}

enum hz_err
hz_tile_load(struct hz_tree *t, unsigned level, uint64_t tile, size_t need, uint8_t ret[static HZ_TILE_BYTES],
    size_t *ret_n)
{
	size_t n = 0;
	enum hz_err err = t->ops.load(t->arg, level, tile, ret, &n);
	if (err == HZ_ERR_NOT_FOUND) {
		return hz_fail(
		    HZ_MSG_FORMAT, "tree: tile %llu of level %u is missing", (unsigned long long)tile, level);
	}
	if (err == HZ_OK && (n < need || n > HZ_TILE_WIDTH)) {
		return hz_fail(HZ_MSG_FORMAT, "tree: tile %llu of level %u has %zu hashes, needed are %zu",
		    (unsigned long long)tile, level, n, need);
	}
	if (err == HZ_OK) {
		*ret_n = n;
	}
	return err;
}

void
hz_tile_fold(const uint8_t *hashes, size_t n, uint8_t ret_h[static 32])
{
	uint8_t work[HZ_TILE_WIDTH / 2][HZ_HASH];
	if (n == 1) {
		memcpy(ret_h, hashes, HZ_HASH);
		return;
	}
	n /= 2;
	for (size_t i = 0; i < n; i++) {
		hz_node_hash(hashes + 2 * i * HZ_HASH, hashes + (2 * i + 1) * HZ_HASH, work[i]);
	}
	while (n > 1) {
		n /= 2;
		for (size_t i = 0; i < n; i++) {
			hz_node_hash(work[2 * i], work[2 * i + 1], work[i]);
		}
	}
	memcpy(ret_h, work[0], HZ_HASH);
}

/* The edge tile of a level and the subtrees that its hashes make along the right edge. */
static enum hz_err
load_edge(struct hz_tree *t, unsigned level)
{
	size_t count = edge_count(t->size, level);
	size_t n;
	if (count == 0) {
		return HZ_OK;
	}
	enum hz_err err = hz_tile_load(t, level, hz_tile_number(t->size, level), count, t->edge[level], &n);
	size_t at = 0;
	for (unsigned bit = HZ_TILE_HEIGHT; err == HZ_OK && bit-- > 0;) {
		if ((count >> bit & 1) != 0) {
			hz_tile_fold(t->edge[level] + at * HZ_HASH, (size_t)1 << bit,
			    t->frontier[HZ_TILE_HEIGHT * level + bit]);
			at += (size_t)1 << bit;
		}
	}
	return err;
}

enum hz_err
hz_tree_open(const struct hz_tiles_ops *ops, void *arg, uint64_t size, struct hz_tree **ret_t)
{
	struct hz_tree *t = calloc(1, sizeof *t);
	if (t == NULL) {
		return hz_fail(HZ_MSG_NOMEM, "tree");
	}
	t->ops = *ops;
	t->arg = arg;
	t->size = size;
	t->flushed = size;
	enum hz_err err = HZ_OK;
	for (unsigned level = 0; level < HZ_TILE_LEVELS && err == HZ_OK; level++) {
		err = load_edge(t, level);
	}
	if (err != HZ_OK) {
		hz_tree_close(&t);
		return err;
	}
	*ret_t = t;
	return HZ_OK;
}

void
hz_tree_close(struct hz_tree **t)
{
	if (*t != NULL) {
		free((*t)->full);
		free(*t);
		*t = NULL;
	}
}

/* Room for one more full tile, so that an append fails before it has changed anything. */
static enum hz_err
reserve_full(struct hz_tree *t)
{
	if (t->nfull + HZ_TILE_LEVELS <= t->cap_full) {
		return HZ_OK;
	}
	size_t cap = t->cap_full == 0 ? FULL_FIRST : 2 * t->cap_full;
	struct hz_tile *p = cap > SIZE_MAX / sizeof *p ? NULL : realloc(t->full, cap * sizeof *p);
	if (p == NULL) {
		return hz_fail(HZ_MSG_NOMEM, "tree: %zu tiles", cap);
	}
	t->full = p;
	t->cap_full = cap;
	return HZ_OK;
}

/* Puts a hash into the edge tile of a level; tile and place are those of the size before the append. */
static void
put(struct hz_tree *t, unsigned level, const uint8_t h[static 32])
{
	size_t at = edge_count(t->size, level);
	memcpy(t->edge[level] + at * HZ_HASH, h, HZ_HASH);
	t->dirty[level] = true;
	if (at + 1 == HZ_TILE_WIDTH) {
		struct hz_tile *f = &t->full[t->nfull++];
		f->level = level;
		f->tile = hz_tile_number(t->size, level);
		memcpy(f->hashes, t->edge[level], HZ_TILE_BYTES);
		t->dirty[level] = false;
	}
}

enum hz_err
hz_tree_append(struct hz_tree *t, const uint8_t leaf[static 32])
{
	if (t->size == UINT64_MAX) {
		return hz_fail(HZ_MSG_LIMIT, "tree: no more leaves");
	}
	if (edge_count(t->size, 0) == HZ_TILE_WIDTH - 1) {
		enum hz_err err = reserve_full(t);
		if (err != HZ_OK) {
			return err;
		}
	}
	uint8_t h[HZ_HASH];
	memcpy(h, leaf, HZ_HASH);
	put(t, 0, h);
	/* Like the carry of a counter: each complete pair becomes one subtree of the next height. */
	unsigned bit = 0;
	for (; (t->size >> bit & 1) != 0; bit++) {
		hz_node_hash(t->frontier[bit], h, h);
		if ((bit + 1) % HZ_TILE_HEIGHT == 0) {
			put(t, (bit + 1) / HZ_TILE_HEIGHT, h);
		}
	}
	memcpy(t->frontier[bit], h, HZ_HASH);
	t->size++;
	return HZ_OK;
}

uint64_t
hz_tree_size(const struct hz_tree *t)
{
	return t->size;
}

enum hz_err
hz_tree_root(struct hz_tree *t, uint8_t ret_root[static 32])
{
	bool some = false;
	uint8_t h[HZ_HASH];
	if (t->size == 0) {
		hz_tree_empty(ret_root);
		return HZ_OK;
	}
	for (unsigned bit = 0; bit < HZ_TREE_HEIGHT; bit++) {
		if ((t->size >> bit & 1) == 0) {
			continue;
		}
		if (some) {
			hz_node_hash(t->frontier[bit], h, h);
		} else {
			memcpy(h, t->frontier[bit], HZ_HASH);
			some = true;
		}
	}
	memcpy(ret_root, h, HZ_HASH);
	return HZ_OK;
}

enum hz_err
hz_tree_flush(struct hz_tree *t)
{
	for (size_t i = 0; i < t->nfull; i++) {
		const struct hz_tile *f = &t->full[i];
		enum hz_err err = t->ops.store(t->arg, f->level, f->tile, f->hashes, HZ_TILE_WIDTH);
		if (err != HZ_OK) {
			return err;
		}
	}
	for (unsigned level = 0; level < HZ_TILE_LEVELS; level++) {
		size_t n = edge_count(t->size, level);
		if (!t->dirty[level] || n == 0) {
			continue;
		}
		enum hz_err err =
		    t->ops.store(t->arg, level, hz_tile_number(t->size, level), t->edge[level], n);
		if (err != HZ_OK) {
			return err;
		}
	}
	t->nfull = 0;
	memset(t->dirty, 0, sizeof t->dirty);
	t->flushed = t->size;
	return HZ_OK;
}
