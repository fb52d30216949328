/* The structure walker: reads an LMDB data file with pread and full page accounting, before LMDB maps it.
 * A file it accepts cannot make LMDB 0.9.24 read or write outside its pages (SECURITY.md; the hazards are
 * CVE-2019-16224..16228). It looks at structure only; contents are authenticated by the vault. */
#ifndef HZ_STORE_WALK_H
#define HZ_STORE_WALK_H

#include "base/err.h"
#include <stdint.h>

struct hz_walk_stats {
	uint64_t pages, branch, leaf, overflow, free_pages, txnid;
	unsigned tables;
};
/* fd: an open data.mdb, at any position. HZ_MSG_VAULT_DAMAGED with the page and the reason as detail.
 * max_tables: named tables allowed in the main database; every name must be "1".."max_tables". */
HZ_RESULT hz_walk(int fd, unsigned max_tables, struct hz_walk_stats *ret_stats);

#endif
