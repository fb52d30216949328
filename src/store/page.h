/* The pages of an LMDB 0.9 data file as they lie on disk (64-bit, little-endian, 4,096-byte pages), in our
 * own words and definitions. Used by the walker and by the compacting copy, which read pages with pread.
 *
 * Every page but those inside an overflow run begins with a head of 16 bytes:
 *   0 u64 page number   8 u16 unused   10 u16 kind   12 u16 lower, 14 u16 upper (overflow: 12 u32 pages)
 * Tree pages: from 16 to lower an array of u16 offsets of nodes in key order; from upper to the end the
 * nodes, without gaps, each of even length. A node:
 *   leaf:   0 u32 data size   4 u16 flags   6 u16 key size   8 key, data (or u64 page of the overflow run)
 *   branch: 0 u48 child page                6 u16 key size   8 key (that of slot 0 has no meaning)
 * Metas are pages 0 and 1; transaction N writes meta N % 2. */
#ifndef HZ_STORE_PAGE_H
#define HZ_STORE_PAGE_H

#include "base/err.h"
#include <stdint.h>
#include <string.h>

#if __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "the store's files are little-endian"
#endif

#define HZ_PAGE_SIZE 4096u
#define HZ_PAGE_HEAD 16u
/* LMDB keeps a node in its leaf up to this length (head, key and data); longer data goes to a run. */
#define HZ_PAGE_NODE_MAX  2038u
#define HZ_PAGE_NODE_HEAD 8u
#define HZ_PAGE_NONE      UINT64_MAX /* root of an empty tree */
#define HZ_PAGE_DEPTH     30u        /* LMDB's cursors hold 32 levels and a split needs one more */

#define HZ_PAGE_BRANCH 0x01u
#define HZ_PAGE_LEAF   0x02u
#define HZ_PAGE_RUN    0x04u
#define HZ_PAGE_META   0x08u

#define HZ_NODE_RUN  0x01u /* the data is the page number of an overflow run */
#define HZ_NODE_TREE 0x02u /* the data is the record of a named tree */

#define HZ_META_MAGIC       0xBEEFC0DEu
#define HZ_META_VERSION     1u
#define HZ_TREE_INTEGER_KEY 0x08u /* the flags of the free list's tree */
#define HZ_TREE_BYTES       48u
#define HZ_META_BYTES       136u

/* The record of a tree, 48 bytes: u32 pad, u16 flags, u16 depth, five u64. */
struct hz_page_tree {
	uint32_t pad;
	uint16_t flags, depth;
	uint64_t branch, leaf, overflow, entries, root;
};

/* A meta: u32 magic, u32 version, u64 address, u64 map size, the records of free list and main tree, u64
 * last page, u64 transaction; it follows the page's head. */
struct hz_meta {
	uint16_t kind;
	uint32_t magic, version;
	uint64_t mapsize, last, txn;
	struct hz_page_tree free, main;
};

struct hz_node {
	const uint8_t *key, *data;
	size_t kn;
	uint64_t size;  /* leaf: bytes of the value, in place or in the run */
	uint64_t child; /* branch: the child; leaf with HZ_NODE_RUN: the run's first page */
	unsigned flags;
};

static inline uint16_t
hz_le16(const uint8_t *p)
{
	uint16_t v;
	memcpy(&v, p, sizeof(v));
	return v;
}

static inline uint32_t
hz_le32(const uint8_t *p)
{
	uint32_t v;
	memcpy(&v, p, sizeof(v));
	return v;
}

static inline uint64_t
hz_le64(const uint8_t *p)
{
	uint64_t v;
	memcpy(&v, p, sizeof(v));
	return v;
}

/* Where the node of a slot begins in its page. */
static inline unsigned
hz_page_offset(const uint8_t *page, unsigned slot)
{
	return hz_le16(page + HZ_PAGE_HEAD + 2 * (size_t)slot);
}

void hz_page_tree_get(const uint8_t p[static HZ_TREE_BYTES], struct hz_page_tree *ret_t);
void hz_page_tree_put(uint8_t p[static HZ_TREE_BYTES], const struct hz_page_tree *t);
/* page: the first 160 bytes of page 0 or 1. */
void hz_meta_get(const uint8_t page[static HZ_PAGE_HEAD + HZ_META_BYTES], struct hz_meta *ret_m);
void hz_meta_put(uint8_t page[static HZ_PAGE_HEAD + HZ_META_BYTES], uint64_t number, const struct hz_meta *m);

/* Checks a whole tree page: its number, its kind (HZ_PAGE_BRANCH or HZ_PAGE_LEAF), the bounds, that nodes
 * tile the space from upper to the end exactly, and that inline nodes have a length LMDB would give them.
 * After it every hz_page_node of the page is safe. NULL, or what is wrong. */
const char *hz_page_check(const uint8_t page[static HZ_PAGE_SIZE], uint64_t number, unsigned kind);
unsigned hz_page_count(const uint8_t page[static HZ_PAGE_SIZE]);
/* The node at slot (below hz_page_count) of a checked page. */
struct hz_node hz_page_node(const uint8_t page[static HZ_PAGE_SIZE], unsigned slot);
/* Pages of an overflow run for a value of n bytes. */
uint64_t hz_run_pages(uint64_t n);

#endif
