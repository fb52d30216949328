/* The tree over tiles, and proofs. */
#include "tests.h"

#include <stdlib.h>
#include <string.h>

static enum hz_err
shelf_load(void *arg, unsigned level, uint64_t tile, uint8_t ret[static 8192], size_t *ret_n)
{
	struct shelf *s = arg;
	s->loads++;
	for (size_t i = 0; i < s->n; i++) {
		if (s->tiles[i].level == level && s->tiles[i].tile == tile) {
			memcpy(ret, s->tiles[i].h, s->tiles[i].n * 32);
			*ret_n = s->tiles[i].n;
			return HZ_OK;
		}
	}
	return HZ_ERR_NOT_FOUND;
}

static enum hz_err
shelf_store(void *arg, unsigned level, uint64_t tile, const uint8_t *hashes, size_t n)
{
	struct shelf *s = arg;
	size_t at = 0;
	if (s->fail_store_after == 0) {
		return hz_fail(HZ_MSG_IO, "no more");
	}
	s->fail_store_after -= s->fail_store_after > 0 ? 1 : 0;
	s->stores++;
	assert_true(n > 0 && n <= 256);
	while (at < s->n && (s->tiles[at].level != level || s->tiles[at].tile != tile)) {
		at++;
	}
	if (at == s->cap) {
		s->cap = s->cap == 0 ? 16 : 2 * s->cap;
		s->tiles = realloc(s->tiles, s->cap * sizeof *s->tiles);
		assert_non_null(s->tiles);
	}
	if (at == s->n) {
		s->n++;
		s->tiles[at].n = 0;
	}
	/* A tile only grows, and what it held stays. */
	assert_true(n >= s->tiles[at].n);
	assert_memory_equal(s->tiles[at].h, hashes, s->tiles[at].n * 32);
	s->tiles[at].level = level;
	s->tiles[at].tile = tile;
	s->tiles[at].n = n;
	memcpy(s->tiles[at].h, hashes, n * 32);
	return HZ_OK;
}

const struct hz_tiles_ops shelf_ops = { shelf_load, shelf_store };

void
shelf_done(struct shelf *s)
{
	free(s->tiles);
	*s = (struct shelf){ .fail_store_after = -1 };
}

struct hz_tree *
tree_of(struct shelf *s, uint8_t (*leaves)[32], size_t n)
{
	struct hz_tree *t = NULL;
	*s = (struct shelf){ .fail_store_after = -1 };
	assert_int_equal(hz_tree_open(&shelf_ops, s, 0, &t), HZ_OK);
	for (size_t i = 0; i < n; i++) {
		assert_int_equal(hz_tree_append(t, leaves[i]), HZ_OK);
	}
	assert_int_equal(hz_tree_flush(t), HZ_OK);
	return t;
}

static void
make_leaf(size_t i, uint8_t ret[static 32])
{
	char text[32];
	int n = snprintf(text, sizeof text, "leaf-%zu", i);
	hz_leaf_hash(text, (size_t)n, ret);
}

static uint8_t (*make_leaves(size_t n))[32]
{
	uint8_t(*p)[32] = malloc((n + 1) * 32);
	assert_non_null(p);
	for (size_t i = 0; i < n; i++) {
		make_leaf(i, p[i]);
	}
	return p;
}

/* Another way to the same root: level by level, an odd last one goes up as it is. */
static void
plain_root(uint8_t (*leaves)[32], size_t n, uint8_t ret[static 32])
{
	uint8_t(*w)[32] = malloc((n + 1) * 32);
	assert_non_null(w);
	memcpy(w, leaves, n * 32);
	if (n == 0) {
		hz_sha256(NULL, 0, w[0]);
	}
	for (; n > 1; n = n / 2 + n % 2) {
		for (size_t i = 0; i < n / 2; i++) {
			hz_node_hash(w[2 * i], w[2 * i + 1], w[i]);
		}
		if (n % 2 != 0) {
			memcpy(w[n / 2], w[n - 1], 32);
		}
	}
	memcpy(ret, w[0], 32);
	free(w);
}

static void
assert_root(struct hz_tree *t, uint8_t (*leaves)[32], size_t n)
{
	uint8_t want[32];
	uint8_t got[32];
	plain_root(leaves, n, want);
	if (hz_tree_size(t) == n) {
		assert_int_equal(hz_tree_root(t, got), HZ_OK);
		assert_memory_equal(got, want, 32);
	}
	assert_int_equal(hz_tree_root_at(t, n, got), HZ_OK);
	assert_memory_equal(got, want, 32);
}

static void
assert_included(struct hz_tree *t, uint8_t (*leaves)[32], size_t i, size_t n, const uint8_t root[static 32])
{
	uint8_t proof[HZ_PROOF_MAX][32];
	size_t count;
	assert_int_equal(hz_tree_inclusion(t, i, n, proof, &count), HZ_OK);
	assert_int_equal(hz_inclusion_verify(leaves[i], i, n, proof, count, root), HZ_OK);
	assert_int_equal(hz_inclusion_verify(leaves[i], i + 1, n, proof, count, root), HZ_ERR_TAMPERED);
	if (count > 0) {
		assert_int_equal(
		    hz_inclusion_verify(leaves[i], i, n, proof, count - 1, root), HZ_ERR_TAMPERED);
	}
}

static void
assert_consistent(
    struct hz_tree *t, size_t m, size_t n, const uint8_t root_m[static 32], const uint8_t root_n[static 32])
{
	uint8_t proof[2 * HZ_PROOF_MAX][32];
	size_t count;
	assert_int_equal(hz_tree_consistency(t, m, n, proof, &count), HZ_OK);
	assert_int_equal(hz_consistency_verify(m, root_m, n, root_n, proof, count), HZ_OK);
	if (m != n) {
		assert_int_equal(hz_consistency_verify(m, root_n, n, root_m, proof, count), HZ_ERR_TAMPERED);
		assert_int_equal(
		    hz_consistency_verify(m, root_m, n, root_n, proof, count - 1), HZ_ERR_TAMPERED);
	} else {
		assert_int_equal(count, 0);
		assert_int_equal(hz_consistency_verify(m, root_m, n, root_n, root_m, 1), HZ_ERR_TAMPERED);
	}
}

/* Every size up to a little more than two tiles, opened anew at each; every proof of the small ones. */
void
test_tree_small(void **state)
{
	(void)state;
	enum { N = 530, ALL = 40 };
	uint8_t(*leaves)[32] = make_leaves(N);
	uint8_t(*roots)[32] = malloc((N + 1) * 32);
	struct shelf s = { .fail_store_after = -1 };
	assert_non_null(roots);
	for (size_t n = 0; n <= N; n++) {
		struct hz_tree *t = NULL;
		assert_int_equal(hz_tree_open(&shelf_ops, &s, n, &t), HZ_OK);
		assert_int_equal(hz_tree_size(t), n);
		assert_root(t, leaves, n);
		assert_root(t, leaves, n / 2);
		assert_int_equal(hz_tree_root(t, roots[n]), HZ_OK);
		for (size_t i = 0; i < n; i += n < ALL ? 1 : 37) {
			assert_included(t, leaves, i, n, roots[n]);
			assert_consistent(t, i + 1, n, roots[i + 1], roots[n]);
		}
		if (n < N) {
			assert_int_equal(hz_tree_append(t, leaves[n]), HZ_OK);
			assert_root(t, leaves, n);
			assert_int_equal(hz_tree_flush(t), HZ_OK);
		}
		hz_tree_close(&t);
		assert_null(t);
	}
	free(roots);
	free(leaves);
	shelf_done(&s);
}

/* Three levels of tiles, flushed in uneven portions. */
void
test_tree_large(void **state)
{
	(void)state;
	enum { N = 66000 };
	uint8_t(*leaves)[32] = make_leaves(N);
	struct shelf s = { .fail_store_after = -1 };
	struct hz_tree *t = NULL;
	uint8_t root[32];
	uint8_t older[32];
	assert_int_equal(hz_tree_open(&shelf_ops, &s, 0, &t), HZ_OK);
	for (size_t i = 0; i < N; i++) {
		assert_int_equal(hz_tree_append(t, leaves[i]), HZ_OK);
		if (i % 9973 == 0) {
			assert_int_equal(hz_tree_flush(t), HZ_OK);
		}
	}
	assert_int_equal(hz_tree_flush(t), HZ_OK);
	assert_root(t, leaves, N);
	hz_tree_close(&t);
	assert_int_equal(hz_tree_open(&shelf_ops, &s, N, &t), HZ_OK);
	assert_root(t, leaves, N);
	assert_root(t, leaves, 65536);
	assert_root(t, leaves, 65535);
	assert_int_equal(hz_tree_root(t, root), HZ_OK);
	for (size_t i = 1; i <= N; i = i * 5 / 3 + 1) {
		assert_included(t, leaves, i - 1, N, root);
		assert_int_equal(hz_tree_root_at(t, i, older), HZ_OK);
		assert_consistent(t, i, N, older, root);
	}
	assert_included(t, leaves, N - 1, N, root);
	/* Opened at an older size it is the older tree. */
	hz_tree_close(&t);
	assert_int_equal(hz_tree_open(&shelf_ops, &s, 65537, &t), HZ_OK);
	assert_root(t, leaves, 65537);
	hz_tree_close(&t);
	free(leaves);
	shelf_done(&s);
}

void
test_tree_flush(void **state)
{
	(void)state;
	uint8_t(*leaves)[32] = make_leaves(600);
	struct shelf s;
	struct hz_tree *t = tree_of(&s, leaves, 254);
	assert_int_equal(s.stores, 1);
	/* Nothing new: nothing stored. */
	assert_int_equal(hz_tree_flush(t), HZ_OK);
	assert_int_equal(s.stores, 1);
	assert_int_equal(hz_tree_append(t, leaves[254]), HZ_OK);
	assert_int_equal(hz_tree_flush(t), HZ_OK);
	assert_int_equal(s.stores, 2);
	/* The tile fills up: it and its hash one level higher. */
	assert_int_equal(hz_tree_append(t, leaves[255]), HZ_OK);
	assert_int_equal(hz_tree_flush(t), HZ_OK);
	assert_int_equal(s.stores, 4);
	assert_int_equal(s.n, 2);
	/* 300 leaves fill one more and begin another: three tiles. */
	for (size_t i = 256; i < 556; i++) {
		assert_int_equal(hz_tree_append(t, leaves[i]), HZ_OK);
	}
	assert_int_equal(s.stores, 4);
	assert_int_equal(hz_tree_flush(t), HZ_OK);
	assert_int_equal(s.stores, 7);
	assert_root(t, leaves, 556);
	/* What was not flushed is forgotten. */
	assert_int_equal(hz_tree_append(t, leaves[556]), HZ_OK);
	uint8_t root[32];
	assert_int_equal(hz_tree_root_at(t, 557, root), HZ_ERR_LIMIT);
	hz_tree_close(&t);
	assert_int_equal(s.stores, 7);
	assert_int_equal(hz_tree_open(&shelf_ops, &s, 557, &t), HZ_ERR_FORMAT);
	assert_null(t);
	assert_int_equal(hz_tree_open(&shelf_ops, &s, 556, &t), HZ_OK);
	assert_root(t, leaves, 556);
	hz_tree_close(&t);
	free(leaves);
	shelf_done(&s);
}

void
test_tree_failures(void **state)
{
	(void)state;
	uint8_t(*leaves)[32] = make_leaves(600);
	struct shelf s;
	struct hz_tree *t = tree_of(&s, leaves, 600);
	struct hz_tree *other = NULL;
	uint8_t proof[HZ_PROOF_MAX][32];
	size_t n;
	/* A tile is gone, or shorter than the size says. */
	assert_int_equal(s.tiles[0].level, 0);
	s.tiles[0].level = 7;
	assert_int_equal(hz_tree_inclusion(t, 3, 600, proof, &n), HZ_ERR_FORMAT);
	s.tiles[0].level = 0;
	assert_int_equal(hz_tree_inclusion(t, 3, 600, proof, &n), HZ_OK);
	assert_int_equal(s.tiles[s.n - 1].level, 1);
	s.tiles[s.n - 1].n = 1;
	assert_int_equal(hz_tree_open(&shelf_ops, &s, 600, &other), HZ_ERR_FORMAT);
	s.tiles[s.n - 1].n = 2;
	/* A failed flush can be repeated. */
	assert_int_equal(hz_tree_open(&shelf_ops, &s, 500, &other), HZ_OK);
	hz_tree_close(&other);
	hz_tree_close(&t);
	shelf_done(&s);
	t = tree_of(&s, leaves, 0);
	for (size_t i = 0; i < 600; i++) {
		assert_int_equal(hz_tree_append(t, leaves[i]), HZ_OK);
	}
	for (int fail = 0; fail < 4; fail++) {
		s.fail_store_after = fail;
		assert_int_equal(hz_tree_flush(t), HZ_ERR_IO);
		assert_int_equal(hz_tree_root_at(t, 1, proof[0]), HZ_ERR_LIMIT);
	}
	s.fail_store_after = -1;
	assert_int_equal(hz_tree_flush(t), HZ_OK);
	assert_root(t, leaves, 600);
	hz_tree_close(&t);
	hz_tree_close(&t);
	free(leaves);
	shelf_done(&s);
}

void
test_tree_limits(void **state)
{
	(void)state;
	uint8_t(*leaves)[32] = make_leaves(8);
	struct shelf s;
	struct hz_tree *t = tree_of(&s, leaves, 8);
	uint8_t proof[2 * HZ_PROOF_MAX][32];
	uint8_t root[32];
	size_t n = 77;
	assert_int_equal(hz_tree_inclusion(t, 8, 8, proof, &n), HZ_ERR_LIMIT);
	assert_int_equal(hz_tree_inclusion(t, 0, 9, proof, &n), HZ_ERR_LIMIT);
	assert_int_equal(hz_tree_inclusion(t, 0, 0, proof, &n), HZ_ERR_LIMIT);
	assert_int_equal(hz_tree_consistency(t, 0, 8, proof, &n), HZ_ERR_LIMIT);
	assert_int_equal(hz_tree_consistency(t, 9, 9, proof, &n), HZ_ERR_LIMIT);
	assert_int_equal(hz_tree_consistency(t, 8, 7, proof, &n), HZ_ERR_LIMIT);
	assert_int_equal(hz_tree_root_at(t, 9, root), HZ_ERR_LIMIT);
	assert_int_equal(n, 77);
	assert_int_equal(hz_tree_root_at(t, 8, root), HZ_OK);
	/* formats of others differ at size 0: here nothing is consistent with it. */
	assert_int_equal(hz_consistency_verify(0, root, 8, root, proof, 0), HZ_ERR_TAMPERED);
	assert_int_equal(hz_consistency_verify(9, root, 8, root, proof, 0), HZ_ERR_TAMPERED);
	assert_int_equal(hz_inclusion_verify(root, 0, 0, proof, 0, root), HZ_ERR_TAMPERED);
	hz_tree_close(&t);
	free(leaves);
	shelf_done(&s);
}

void
test_proof_bits(void **state)
{
	(void)state;
	enum { N = 300, I = 255, M = 257 };
	uint8_t(*leaves)[32] = make_leaves(N);
	struct shelf s;
	struct hz_tree *t = tree_of(&s, leaves, N);
	uint8_t proof[2 * HZ_PROOF_MAX][32];
	uint8_t *flat = proof[0];
	uint8_t root[32];
	uint8_t older[32];
	size_t n;
	assert_int_equal(hz_tree_root(t, root), HZ_OK);
	assert_int_equal(hz_tree_root_at(t, M, older), HZ_OK);
	assert_int_equal(hz_tree_inclusion(t, I, N, proof, &n), HZ_OK);
	for (size_t i = 0; i < n * 32; i++) {
		flat[i] ^= 1;
		assert_int_equal(hz_inclusion_verify(leaves[I], I, N, proof, n, root), HZ_ERR_TAMPERED);
		flat[i] ^= 1;
	}
	for (size_t i = 0; i < 32; i++) {
		leaves[I][i] ^= 0x80;
		assert_int_equal(hz_inclusion_verify(leaves[I], I, N, proof, n, root), HZ_ERR_TAMPERED);
		leaves[I][i] ^= 0x80;
		root[i] ^= 0x80;
		assert_int_equal(hz_inclusion_verify(leaves[I], I, N, proof, n, root), HZ_ERR_TAMPERED);
		root[i] ^= 0x80;
	}
	assert_int_equal(hz_inclusion_verify(leaves[I], I, N, proof, n, root), HZ_OK);
	assert_int_equal(hz_tree_consistency(t, M, N, proof, &n), HZ_OK);
	for (size_t i = 0; i < n * 32; i++) {
		flat[i] ^= 1;
		assert_int_equal(hz_consistency_verify(M, older, N, root, proof, n), HZ_ERR_TAMPERED);
		flat[i] ^= 1;
	}
	assert_int_equal(hz_consistency_verify(M, older, N, root, proof, n), HZ_OK);
	hz_tree_close(&t);
	free(leaves);
	shelf_done(&s);
}

/* The reference tree of Certificate Transparency. */
void
test_known_tree(void **state)
{
	(void)state;
	static const char *const inputs[] = { "", "00", "10", "2021", "3031", "40414243", "5051525354555657",
		"606162636465666768696a6b6c6d6e6f" };
	static const char *const roots[] = {
		"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
		"6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
		"fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
		"aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
		"d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
		"4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
		"76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
		"ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
		"5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"
	};
	struct shelf s = { .fail_store_after = -1 };
	struct hz_tree *t = NULL;
	assert_int_equal(hz_tree_open(&shelf_ops, &s, 0, &t), HZ_OK);
	for (size_t i = 0; i <= 8; i++) {
		uint8_t want[32];
		uint8_t got[32];
		from_hex(roots[i], want, 32);
		assert_int_equal(hz_tree_root(t, got), HZ_OK);
		assert_memory_equal(got, want, 32);
		if (i < 8) {
			uint8_t data[16];
			size_t n = strlen(inputs[i]) / 2;
			from_hex(inputs[i], data, n);
			hz_leaf_hash(data, n, got);
			assert_int_equal(hz_tree_append(t, got), HZ_OK);
		}
	}
	hz_tree_close(&t);
	shelf_done(&s);
}

/* Hashes separated by commas; false where one is not 32 bytes. */
static bool
hashes_of(char *text, uint8_t (*ret)[32], size_t max, size_t *ret_n)
{
	char *save = NULL;
	*ret_n = 0;
	for (char *w = strtok_r(text, ",", &save); w != NULL; w = strtok_r(NULL, ",", &save)) {
		if (strlen(w) != 64 || *ret_n == max) {
			return false;
		}
		from_hex(w, ret[(*ret_n)++], 32);
	}
	return true;
}

void
test_merkle_vectors(void **state)
{
	(void)state;
	struct lines l;
	unsigned good = 0;
	if (!lines_open(&l, "merkle")) {
		return;
	}
	while (lines_next(&l, 9)) {
		uint8_t proof[2 * HZ_PROOF_MAX][32];
		uint8_t a[32];
		uint8_t b[32];
		size_t n;
		uint64_t first = strtoull(l.field[1], NULL, 10);
		uint64_t second = strtoull(l.field[2], NULL, 10);
		/* What is not 32 bytes cannot be given to the functions: refused where it is read. */
		bool ok = strlen(l.field[3]) == 64 && strlen(l.field[5]) == 64 &&
			  hashes_of(l.field[6], proof, 2 * HZ_PROOF_MAX, &n);
		if (ok) {
			from_hex(l.field[3], a, 32);
			from_hex(l.field[5], b, 32);
			ok = (l.field[0][0] == 'I'
				     ? hz_inclusion_verify(a, first, second, proof, n, b)
				     : hz_consistency_verify(first, a, second, b, proof, n)) == HZ_OK;
		}
		if (ok != (l.field[7][0] == '0')) {
			fail_msg("%s", l.field[8]);
		}
		good += ok ? 1 : 0;
	}
	lines_close(&l, 100);
	assert_true(good > 5);
}

static void
trees_of(const char *set, unsigned least)
{
	struct lines l;
	struct shelf s = { .fail_store_after = -1 };
	struct hz_tree *t = NULL;
	size_t size = 0;
	uint8_t root[32] = { 0 };
	if (!lines_open(&l, set)) {
		return;
	}
	uint8_t(*leaves)[32] = make_leaves(1000);
	while (lines_next(&l, 4)) {
		uint8_t proof[2 * HZ_PROOF_MAX][32];
		uint8_t want[32];
		size_t n = 0;
		if (l.field[0][0] == 'T') {
			size = strtoull(l.field[1], NULL, 10);
			hz_tree_close(&t);
			shelf_done(&s);
			t = tree_of(&s, leaves, size);
			assert_int_equal(hz_tree_root(t, root), HZ_OK);
			from_hex(l.field[2], want, 32);
			assert_memory_equal(root, want, 32);
			continue;
		}
		uint64_t at = strtoull(l.field[1], NULL, 10);
		if (l.field[0][0] == 'L') { /* a leaf of theirs, in place of one of ours */
			uint8_t *p = bytes_of(l.field[3], &n);
			hz_leaf_hash(p, n, leaves[at]);
			from_hex(l.field[2], want, 32);
			assert_memory_equal(leaves[at], want, 32);
			free(p);
			continue;
		}
		if (l.field[0][0] == 'I') {
			assert_int_equal(hz_tree_inclusion(t, at, size, proof, &n), HZ_OK);
			assert_int_equal(hz_inclusion_verify(leaves[at], at, size, proof, n, root), HZ_OK);
		} else {
			from_hex(l.field[2], want, 32);
			assert_int_equal(hz_tree_consistency(t, at, size, proof, &n), HZ_OK);
			assert_int_equal(hz_consistency_verify(at, want, size, root, proof, n), HZ_OK);
		}
		size_t want_n;
		uint8_t *want_proof = bytes_of(l.field[3], &want_n);
		assert_int_equal(n * 32, want_n);
		assert_memory_equal(proof, want_proof, want_n);
		free(want_proof);
	}
	lines_close(&l, least);
	hz_tree_close(&t);
	free(leaves);
	shelf_done(&s);
}

void
test_own_trees(void **state)
{
	(void)state;
	trees_of("trees", 100);
}

void
test_reference_tree(void **state)
{
	(void)state;
	trees_of("reference", 50);
}

/* A whole small log of others: from its entries come its tiles and its checkpoints. */
void
test_tessera(void **state)
{
	(void)state;
	struct lines l;
	struct shelf s = { .fail_store_after = -1 };
	uint8_t leaves[32][32];
	size_t entries = 0;
	unsigned checkpoints = 0;
	char name[HZ_ORIGIN_MAX];
	uint8_t pk[32];
	if (!lines_open(&l, "tessera")) {
		return;
	}
	while (lines_next(&l, 4)) {
		size_t n;
		uint8_t *p = bytes_of(l.field[2], &n);
		if (l.field[0][0] == 'K') {
			assert_int_equal(hz_vkey_parse((const char *)p, n, name, pk), HZ_OK);
		} else if (l.field[0][0] == 'E') {
			hz_leaf_hash(p, n, leaves[entries++]);
		} else {
			struct hz_checkpoint c;
			uint8_t root[32];
			size_t tile_n;
			size_t size = strtoull(l.field[1], NULL, 10);
			assert_true(size <= entries);
			struct hz_tree *t = tree_of(&s, leaves, size);
			assert_int_equal(hz_checkpoint_read(p, n, pk, &c), HZ_OK);
			assert_string_equal(c.origin, name);
			assert_int_equal(c.size, size);
			assert_int_equal(hz_tree_root(t, root), HZ_OK);
			assert_memory_equal(c.root, root, 32);
			uint8_t *tile = bytes_of(l.field[3], &tile_n);
			assert_int_equal(s.n, size == 0 ? 0 : 1);
			assert_int_equal(size == 0 ? 0 : 32 * s.tiles[0].n, tile_n);
			if (size > 0) {
				assert_memory_equal(s.tiles[0].h, tile, tile_n);
			}
			free(tile);
			hz_tree_close(&t);
			shelf_done(&s);
			checkpoints++;
		}
		free(p);
	}
	lines_close(&l, 30);
	assert_int_equal(checkpoints, 16);
	assert_int_equal(entries, 15);
}
