/* Checking proofs: the algorithms of RFC 9162 2.1.3.2 and 2.1.4.2, which are those of RFC 6962's tree. */
#include "custody/custody.h"

#include <string.h>

void
hz_node_hash(const uint8_t l[static 32], const uint8_t r[static 32], uint8_t ret_h[static 32])
{
	uint8_t text[1 + 2 * HZ_HASH];
	text[0] = 1;
	memcpy(text + 1, l, HZ_HASH);
	memcpy(text + 1 + HZ_HASH, r, HZ_HASH);
	hz_sha256(text, sizeof text, ret_h);
}

void
hz_tree_empty(uint8_t ret_h[static 32])
{
	hz_sha256("", 0, ret_h);
}

/* After a node that was its parent's right child: up to the next left child on the way, or to the root. */
static void
skip_right_edge(uint64_t *fn, uint64_t *sn)
{
	while ((*fn & 1) == 0 && *fn != 0) {
		*fn >>= 1;
		*sn >>= 1;
	}
}

enum hz_err
hz_inclusion_verify(const uint8_t leaf[static 32], uint64_t index, uint64_t size, const void *proof, size_t n,
    const uint8_t root[static 32])
{
	if (index >= size) {
		return hz_fail(HZ_MSG_TAMPERED, "inclusion: no leaf %llu in a tree of %llu",
		    (unsigned long long)index, (unsigned long long)size);
	}
	const uint8_t *hashes = proof;
	uint64_t fn = index;
	uint64_t sn = size - 1;
	uint8_t r[HZ_HASH];
	memcpy(r, leaf, HZ_HASH);
	for (size_t i = 0; i < n; i++) {
		if (sn == 0) {
			return hz_fail(HZ_MSG_TAMPERED, "inclusion: proof is too long");
		}
		if ((fn & 1) != 0 || fn == sn) {
			hz_node_hash(hashes + i * HZ_HASH, r, r);
			skip_right_edge(&fn, &sn);
		} else {
			hz_node_hash(r, hashes + i * HZ_HASH, r);
		}
		fn >>= 1;
		sn >>= 1;
	}
	if (sn != 0) {
		return hz_fail(HZ_MSG_TAMPERED, "inclusion: proof is too short");
	}
#ifndef HZ_FAULT_NO_INCLUSION
	if (memcmp(r, root, HZ_HASH) != 0) {
		return hz_fail(HZ_MSG_TAMPERED, "inclusion: the proof leads to another root");
	}
#endif
	return HZ_OK;
}

static enum hz_err
same_size(const uint8_t a[static 32], const uint8_t b[static 32], size_t count)
{
	if (count != 0 || memcmp(a, b, HZ_HASH) != 0) {
		return hz_fail(HZ_MSG_TAMPERED, "consistency: two trees of one size differ");
	}
	return HZ_OK;
}

enum hz_err
hz_consistency_verify(uint64_t m, const uint8_t root_m[static 32], uint64_t n,
    const uint8_t root_n[static 32], const void *proof, size_t count)
{
	if (m == 0 || m > n) {
		return hz_fail(HZ_MSG_TAMPERED, "consistency: no proof from %llu to %llu",
		    (unsigned long long)m, (unsigned long long)n);
	}
	if (m == n) {
		return same_size(root_m, root_n, count);
	}
	const uint8_t *hashes = proof;
	uint64_t fn = m - 1;
	uint64_t sn = n - 1;
	while ((fn & 1) != 0) {
		fn >>= 1;
		sn >>= 1;
	}
	uint8_t fr[HZ_HASH];
	uint8_t sr[HZ_HASH];
	/* A complete older tree is a node of the newer one and is not repeated in the proof. */
	size_t i = (m & (m - 1)) == 0 ? 0 : 1;
	if (count < i) {
		return hz_fail(HZ_MSG_TAMPERED, "consistency: proof is too short");
	}
	memcpy(fr, i == 0 ? root_m : hashes, HZ_HASH);
	memcpy(sr, fr, HZ_HASH);
	for (; i < count; i++) {
		if (sn == 0) {
			return hz_fail(HZ_MSG_TAMPERED, "consistency: proof is too long");
		}
		if ((fn & 1) != 0 || fn == sn) {
			hz_node_hash(hashes + i * HZ_HASH, fr, fr);
			hz_node_hash(hashes + i * HZ_HASH, sr, sr);
			skip_right_edge(&fn, &sn);
		} else {
			hz_node_hash(sr, hashes + i * HZ_HASH, sr);
		}
		fn >>= 1;
		sn >>= 1;
	}
#ifdef HZ_FAULT_NO_CONSISTENCY
	return HZ_OK;
#endif
	if (sn != 0 || memcmp(fr, root_m, HZ_HASH) != 0 || memcmp(sr, root_n, HZ_HASH) != 0) {
		return hz_fail(HZ_MSG_TAMPERED, "consistency: the newer tree does not contain the older one");
	}
	return HZ_OK;
}
