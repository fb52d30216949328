/* Roots and proofs of any stored size: RFC 6962 2.1.1 and 2.1.2, without recursion. */
#include "custody/tree.h"

#include <string.h>

/* The complete subtree of 2^height leaves with this number; its hashes lie side by side in one tile. */
static enum hz_err
subtree(struct hz_tree *t, unsigned height, uint64_t number, uint8_t ret_h[static 32])
{
	unsigned level = height / HZ_TILE_HEIGHT;
	unsigned inside = height % HZ_TILE_HEIGHT;
	uint64_t first = number << inside;
	uint64_t tile = first / HZ_TILE_WIDTH;
	size_t at = (size_t)(first % HZ_TILE_WIDTH);
	size_t n = (size_t)1 << inside;
	struct hz_tile *s = &t->seen[level];
	if (s->n < at + n || s->tile != tile) {
		s->n = 0;
		s->tile = tile;
		enum hz_err err = hz_tile_load(t, level, tile, at + n, s->hashes, &s->n);
		if (err != HZ_OK) {
			return err;
		}
	}
	hz_tile_fold(s->hashes + at * HZ_HASH, n, ret_h);
	return HZ_OK;
}

/* Root over the leaves from lo up to hi (hi > lo). Every range that a proof needs begins at a multiple of a
 * power of two that is not smaller than the range, so that its complete subtrees are those of the bits of its
 * length. */
static enum hz_err
range(struct hz_tree *t, uint64_t lo, uint64_t hi, uint8_t ret_h[static 32])
{
	uint64_t len = hi - lo;
	bool some = false;
	uint8_t h[HZ_HASH] = { 0 };
	uint8_t left[HZ_HASH];
	for (unsigned bit = 0; bit < HZ_TREE_HEIGHT && len >> bit != 0; bit++) {
		if ((len >> bit & 1) == 0) {
			continue;
		}
		enum hz_err err = subtree(t, bit, (lo >> bit) + (len >> bit) - 1, left);
		if (err != HZ_OK) {
			return err;
		}
		if (some) {
			hz_node_hash(left, h, h);
		} else {
			memcpy(h, left, HZ_HASH);
			some = true;
		}
	}
	memcpy(ret_h, h, HZ_HASH);
	return HZ_OK;
}

/* The largest power of two below n (n > 1). */
static uint64_t
split(uint64_t n)
{
	uint64_t k = 1;
	while (k < n - k) {
		k <<= 1;
	}
	return k;
}

/* Proofs are found from the root down and written from the leaf up. */
static void
reverse(uint8_t (*p)[HZ_HASH], size_t n)
{
	for (size_t i = 0; i < n / 2; i++) {
		uint8_t h[HZ_HASH];
		memcpy(h, p[i], HZ_HASH);
		memcpy(p[i], p[n - 1 - i], HZ_HASH);
		memcpy(p[n - 1 - i], h, HZ_HASH);
	}
}

static enum hz_err
check_size(const struct hz_tree *t, uint64_t size)
{
	if (size > t->flushed) {
		return hz_fail(HZ_MSG_LIMIT, "tree: size %llu, stored are %llu", (unsigned long long)size,
		    (unsigned long long)t->flushed);
	}
	return HZ_OK;
}

enum hz_err
hz_tree_root_at(struct hz_tree *t, uint64_t size, uint8_t ret_root[static 32])
{
	enum hz_err err = check_size(t, size);
	if (err == HZ_OK && size == 0) {
		hz_tree_empty(ret_root);
		return HZ_OK;
	}
	return err == HZ_OK ? range(t, 0, size, ret_root) : err;
}

enum hz_err
hz_tree_tile(struct hz_tree *t, unsigned level, uint64_t tile, uint8_t ret[static 8192], size_t *ret_n)
{
	return hz_tile_load(t, level, tile, 1, ret, ret_n);
}

enum hz_err
hz_tree_inclusion(struct hz_tree *t, uint64_t index, uint64_t size,
    uint8_t ret_proof[static HZ_PROOF_MAX][32], size_t *ret_n)
{
	uint8_t proof[HZ_PROOF_MAX][HZ_HASH];
	size_t n = 0;
	uint64_t lo = 0;
	uint64_t hi = size;
	enum hz_err err = check_size(t, size);
	if (err == HZ_OK && index >= size) {
		err = hz_fail(HZ_MSG_LIMIT, "tree: no leaf %llu in a tree of %llu", (unsigned long long)index,
		    (unsigned long long)size);
	}
	while (err == HZ_OK && hi - lo > 1) {
		uint64_t mid = lo + split(hi - lo);
		if (index < mid) {
			err = range(t, mid, hi, proof[n++]);
			hi = mid;
		} else {
			err = range(t, lo, mid, proof[n++]);
			lo = mid;
		}
	}
	if (err == HZ_OK) {
		reverse(proof, n);
		memcpy(ret_proof, proof, n * HZ_HASH);
		*ret_n = n;
	}
	return err;
}

enum hz_err
hz_tree_consistency(
    struct hz_tree *t, uint64_t m, uint64_t n, uint8_t ret_proof[static HZ_PROOF_MAX * 2][32], size_t *ret_n)
{
	uint8_t proof[HZ_PROOF_MAX * 2][HZ_HASH];
	size_t count = 0;
	uint64_t lo = 0;
	uint64_t hi = n;
	enum hz_err err = check_size(t, n);
	if (err == HZ_OK && (m == 0 || m > n)) {
		err = hz_fail(HZ_MSG_LIMIT, "tree: no proof from size %llu to %llu", (unsigned long long)m,
		    (unsigned long long)n);
	}
	/* Down to the subtree that ends where the older tree ends. */
	while (err == HZ_OK && m != hi) {
		uint64_t mid = lo + split(hi - lo);
		if (m <= mid) {
			err = range(t, mid, hi, proof[count++]);
			hi = mid;
		} else {
			err = range(t, lo, mid, proof[count++]);
			lo = mid;
		}
	}
	/* It is left out where it is the whole older tree: the checker has that root. */
	if (err == HZ_OK && lo != 0) {
		err = range(t, lo, hi, proof[count++]);
	}
	if (err == HZ_OK) {
		reverse(proof, count);
		memcpy(ret_proof, proof, count * HZ_HASH);
		*ret_n = count;
	}
	return err;
}
