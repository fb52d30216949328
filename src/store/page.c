#include "store/page.h"

void
hz_page_tree_get(const uint8_t p[static HZ_TREE_BYTES], struct hz_page_tree *ret_t)
{
	ret_t->pad = hz_le32(p);
	ret_t->flags = hz_le16(p + 4);
	ret_t->depth = hz_le16(p + 6);
	ret_t->branch = hz_le64(p + 8);
	ret_t->leaf = hz_le64(p + 16);
	ret_t->overflow = hz_le64(p + 24);
	ret_t->entries = hz_le64(p + 32);
	ret_t->root = hz_le64(p + 40);
}

void
hz_page_tree_put(uint8_t p[static HZ_TREE_BYTES], const struct hz_page_tree *t)
{
	memcpy(p, &t->pad, 4);
	memcpy(p + 4, &t->flags, 2);
	memcpy(p + 6, &t->depth, 2);
	memcpy(p + 8, &t->branch, 8);
	memcpy(p + 16, &t->leaf, 8);
	memcpy(p + 24, &t->overflow, 8);
	memcpy(p + 32, &t->entries, 8);
	memcpy(p + 40, &t->root, 8);
}

void
hz_meta_get(const uint8_t page[static HZ_PAGE_HEAD + HZ_META_BYTES], struct hz_meta *ret_m)
{
	const uint8_t *p = page + HZ_PAGE_HEAD;

	ret_m->kind = hz_le16(page + 10);
	ret_m->magic = hz_le32(p);
	ret_m->version = hz_le32(p + 4);
	ret_m->mapsize = hz_le64(p + 16);
	hz_page_tree_get(p + 24, &ret_m->free);
	hz_page_tree_get(p + 72, &ret_m->main);
	ret_m->last = hz_le64(p + 120);
	ret_m->txn = hz_le64(p + 128);
}

void
hz_meta_put(uint8_t page[static HZ_PAGE_HEAD + HZ_META_BYTES], uint64_t number, const struct hz_meta *m)
{
	uint8_t *p = page + HZ_PAGE_HEAD;

	memset(page, 0, HZ_PAGE_HEAD + HZ_META_BYTES);
	memcpy(page, &number, 8);
	memcpy(page + 10, &m->kind, 2);
	memcpy(p, &m->magic, 4);
	memcpy(p + 4, &m->version, 4);
	memcpy(p + 16, &m->mapsize, 8);
	hz_page_tree_put(p + 24, &m->free);
	hz_page_tree_put(p + 72, &m->main);
	memcpy(p + 120, &m->last, 8);
	memcpy(p + 128, &m->txn, 8);
}

unsigned
hz_page_count(const uint8_t page[static HZ_PAGE_SIZE])
{
	return (hz_le16(page + 12) - HZ_PAGE_HEAD) / 2;
}

uint64_t
hz_run_pages(uint64_t n)
{
	return (n + HZ_PAGE_HEAD + HZ_PAGE_SIZE - 1) / HZ_PAGE_SIZE;
}

struct hz_node
hz_page_node(const uint8_t page[static HZ_PAGE_SIZE], unsigned slot)
{
	const uint8_t *p = page + hz_page_offset(page, slot);
	struct hz_node n = { 0 };

	n.kn = hz_le16(p + 6);
	n.key = p + HZ_PAGE_NODE_HEAD;
	if (hz_le16(page + 10) == HZ_PAGE_BRANCH) {
		n.child = hz_le32(p) | (uint64_t)hz_le16(p + 4) << 32;
		return n;
	}
	n.size = hz_le32(p);
	n.flags = hz_le16(p + 4);
	n.data = n.key + n.kn;
	if (n.flags & HZ_NODE_RUN) {
		n.child = hz_le64(n.data);
	}
	return n;
}

/* Claims the 2-byte units [from, to) of a page; false when one is taken already. */
static bool
units_claim(uint64_t used[static 32], unsigned from, unsigned to)
{
	while (from < to) {
		unsigned bit = from % 64, n = 64 - bit;
		uint64_t mask;

		if (n > to - from) {
			n = to - from;
		}
		mask = (n == 64 ? UINT64_MAX : ((uint64_t)1 << n) - 1) << bit;
		if (used[from / 64] & mask) {
			return false;
		}
		used[from / 64] |= mask;
		from += n;
	}
	return true;
}

/* The length of the node at off, or 0 when it is not one; off + 8 is inside the page. */
static unsigned
node_length(const uint8_t *page, unsigned off, unsigned kind)
{
	unsigned len = HZ_PAGE_NODE_HEAD + hz_le16(page + off + 6);

	if (kind == HZ_PAGE_LEAF) {
		uint32_t size = hz_le32(page + off);

		if (hz_le16(page + off + 4) & HZ_NODE_RUN) {
			len += 8;
		} else if (size > HZ_PAGE_NODE_MAX || len + size > HZ_PAGE_NODE_MAX) {
			return 0;
		} else {
			len += size;
		}
	}
	return len + (len & 1);
}

const char *
hz_page_check(const uint8_t page[static HZ_PAGE_SIZE], uint64_t number, unsigned kind)
{
	unsigned lower = hz_le16(page + 12), upper = hz_le16(page + 14), count, total = 0;
	uint64_t used[32] = { 0 };

	if (hz_le64(page) != number) {
		return "it bears another page's number";
	}
	if (hz_le16(page + 10) != kind) {
		return "it is of another kind than its place in the tree asks for";
	}
	if (lower < HZ_PAGE_HEAD || lower % 2 != 0 || lower > upper || upper > HZ_PAGE_SIZE) {
		return "its bounds are wrong";
	}
	count = hz_page_count(page);
	/* LMDB asserts two children in a branch and reads slot 0 of a leaf unasked. */
	if (count < (kind == HZ_PAGE_BRANCH ? 2u : 1u)) {
		return "it has too few nodes";
	}
	for (unsigned i = 0; i < count; i++) {
		unsigned off = hz_page_offset(page, i), len;

		if (off < upper || off % 2 != 0 || off + HZ_PAGE_NODE_HEAD > HZ_PAGE_SIZE) {
			return "a node lies outside";
		}
		len = node_length(page, off, kind);
		if (len == 0 || off + len > HZ_PAGE_SIZE) {
			return "a node is too long";
		}
		if (!units_claim(used, off / 2, (off + len) / 2)) {
			return "two nodes overlap";
		}
		total += len;
	}
	/* Deleting a node moves its neighbours by its length: a gap or an overlap would let LMDB write
	 * outside the page later. */
	if (total != HZ_PAGE_SIZE - upper) {
		return "its nodes leave a gap";
	}
	return NULL;
}
