/* The structure walker: reads an LMDB data file with pread and full page accounting, before LMDB maps it.
 * A file it accepts cannot make LMDB 0.9.24 read or write outside its pages (SECURITY.md; the hazards are
 * CVE-2019-16224..16228). It looks at structure only; contents are authenticated by the vault.
 *
 * What it demands: two metas whose transactions follow each other, the newer at the place its number gives
 * (LMDB takes the meta by the number's parity, not by its age); from the newer one, every page up to the
 * last one reached exactly once, as a page of a tree, part of an overflow run or entry of the free list;
 * bounds, depth, key order, counts and flags as LMDB writes them; every page that is in use inside the
 * file. Pages listed as free may lie behind its end, and what follows the last page is of no account: both
 * are legal after a commit or a power cut. Nothing is demanded of the older meta's trees, since LMDB does
 * not follow them and a failed commit may leave them half new. */
#ifndef HZ_STORE_WALK_H
#define HZ_STORE_WALK_H

#include "base/err.h"
#include <stdint.h>

struct hz_walk_stats {
	uint64_t pages;    /* last page of the newer meta and those before it */
	uint64_t branch;   /* branch pages of all trees */
	uint64_t leaf;     /* leaf pages of all trees */
	uint64_t overflow; /* pages of overflow runs */
	uint64_t free_pages;
	uint64_t txnid;  /* number of the last transaction */
	unsigned tables; /* named tables found */
};

/* Walks the file of descriptor fd (an open data.mdb, at any position, which stays as it is). max_tables (at
 * most 64): named tables allowed in the main tree; every name must be "1".."max_tables".
 * HZ_MSG_VAULT_DAMAGED with the page and the reason as detail; HZ_MSG_IO, HZ_MSG_NOMEM.
 * Memory: one bit for each page and about 200 KiB. Each page is read at most once, so time is bounded by
 * the file's size. Whoever calls it while another process writes must compare the metas before and after:
 * the walk of an old snapshot may fail. Layout: LMDB 0.9.24, described in store/page.h. */
HZ_RESULT hz_walk(int fd, unsigned max_tables, struct hz_walk_stats *ret_stats);

#endif
