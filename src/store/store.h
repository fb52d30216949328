/* The LMDB room: environment, numbered tables, transactions, map growth, the structure walker's gate.
 * Bytes in, bytes out; what they mean (and their encryption) is the vault's business.
 *
 * Rules (docs/format.md 11, SECURITY.md): default flags only; one environment for each process; never open
 * data.mdb or lock.mdb by any other way while it is open; no DUPSORT; growing keys with append. */
#ifndef HZ_STORE_STORE_H
#define HZ_STORE_STORE_H

#include "base/buf.h"

struct hz_store;
struct hz_txn;
struct hz_cur;

#define HZ_STORE_TABLES      24
#define HZ_STORE_KEY_MAX     64
#define HZ_STORE_SEGMENT_MAX 1048560 /* 256 pages less the page header */

struct hz_store_opts {
	bool create;     /* make data.mdb; else it must exist */
	bool read_only;  /* MDB_RDONLY */
	bool force_fs;   /* go on on a network file system or vfat */
	bool skip_walk;  /* the caller has walked, or holds an authenticated mark of a file that was walked */
	unsigned tables; /* tables are numbered 1..tables (at most HZ_STORE_TABLES), named "1".."N" */
};

/* What the walker found (store/walk.h) and the identity of the file it walked. */
struct hz_store_stamp {
	uint64_t dev, ino, size;
	int64_t mtime_ns, ctime_ns;
	uint8_t metas[2]
		     [160]; /* the beginnings of the two meta pages, all that LMDB writes there and zeros */
};

/* Opens the environment in the folder `path` (data.mdb and lock.mdb in it; the caller closes it with
 * hz_store_close). In this order: descriptors 0-2 are filled (asserted), file system
 * (HZ_MSG_BAD_FILESYSTEM), the two names are regular files, walker (HZ_MSG_VAULT_DAMAGED; repeated while
 * another process commits, HZ_MSG_VAULT_BUSY in the end), LMDB with default flags and a map of 1 TiB, halved
 * down to 16 GiB where the system refuses, dead readers cleared, missing tables made (not with read_only:
 * there they read as empty), the folder synced when data.mdb is new. HZ_MSG_NO_VAULT when there is no folder
 * or, without create, no data.mdb; HZ_MSG_IO, HZ_MSG_NO_SPACE, HZ_MSG_NOMEM.
 * read_only needs a writable lock.mdb too, for the reader's slot; on a read-only mount LMDB goes without
 * locks by itself, which is right, since nobody can write there. */
HZ_RESULT hz_store_open(const char *path, const struct hz_store_opts *opts, struct hz_store **ret_s);
void hz_store_close(struct hz_store **s); /* NULL is fine; no transaction may be open (asserted) */

/* Transactions. One write transaction at a time in a process (asserted) and only in the thread that began
 * it. Read transactions belong to one thread, one for each thread; keep them short, for the pages they
 * see cannot be reused. A reader sees what was committed when it began.
 * hz_txn_begin: HZ_MSG_VAULT_BUSY when all readers' slots are taken by the living; after a failed commit
 * every write transaction is refused with that commit's message until the store is opened again. */
HZ_RESULT hz_txn_begin(struct hz_store *s, bool write, struct hz_txn **ret_t);
/* Ends the transaction and frees it in every case, its cursors with it. HZ_OK: a write is durable. After
 * an error of hz_set, hz_append or hz_del nothing is committed and that error's message comes again.
 * HZ_ERR_LIMIT: the map is full (as below). HZ_MSG_NO_SPACE, HZ_MSG_IO, HZ_MSG_VAULT_DAMAGED: whether the
 * transaction is on disk is not known, and this store takes no more writes: close, open (with the walk),
 * look. */
HZ_RESULT hz_txn_commit(struct hz_txn **t);
void hz_txn_abort(struct hz_txn **t); /* NULL is fine; for hz_cleanup too */
/* The map can be full at any put, delete or commit: the call returns HZ_ERR_LIMIT with HZ_MSG_LIMIT and
 * marks the transaction, which takes no more. The caller aborts it, calls hz_store_grow and runs the whole
 * transaction again. hz_txn_map_full tells this from other limits while the transaction is open,
 * hz_store_map_full afterwards (about the last write transaction). */
bool hz_txn_map_full(const struct hz_txn *t);
bool hz_store_map_full(const struct hz_store *s);
/* Doubles the map, at most to 64 TiB (HZ_MSG_LIMIT). No transaction may be open in this process (asserted).
 * HZ_MSG_NOMEM: the store can only be closed. A map that another process has outgrown is
 * followed in hz_txn_begin. */
HZ_RESULT hz_store_grow(struct hz_store *s);
/* Bytes of the map that no page takes yet: a writer that keeps some in hand never meets MDB_MAP_FULL. */
uint64_t hz_store_room(struct hz_store *s);

/* Memory: reads bring pages of the map into the process. The store looks after each 16 MiB that may have come
 * in and gives all back past 48 MiB, so peak memory stays bounded whoever reads; views stay valid (the page
 * is fetched again). hz_store_drop_pages gives back the map's pages (madvise) and, for each 200 MiB that the
 * file has grown, the page cache of the new part (posix_fadvise; commit has synced it). Cheap; call it after
 * each commit. One thread at a time. */
void hz_store_drop_pages(struct hz_store *s);
/* Tells the system that [p, p+n), a view from hz_get, is wanted soon or no longer. Anything that does not
 * lie in the map (a value written by this transaction) is ignored. */
void hz_store_willneed(struct hz_store *s, const void *p, size_t n);
void hz_store_dontneed(struct hz_store *s, const void *p, size_t n);

/* Keys: 1..HZ_STORE_KEY_MAX bytes, table 1..opts.tables (asserted); values up to HZ_STORE_SEGMENT_MAX bytes
 * (HZ_MSG_LIMIT). A put or delete that fails ends the transaction's use, as hz_txn_commit says; one over the
 * limit does not. HZ_MSG_NO_SPACE, HZ_MSG_IO (large transactions write before the commit). */
/* Borrowed view, valid to the end of the transaction (write: to the next put). HZ_ERR_NOT_FOUND without a
 * message when absent. */
HZ_RESULT hz_get(
    struct hz_txn *t, unsigned table, const void *k, size_t kn, const uint8_t **ret_v, size_t *ret_n);
bool hz_has(struct hz_txn *t, unsigned table, const void *k, size_t kn);
HZ_RESULT hz_set(struct hz_txn *t, unsigned table, const void *k, size_t kn, const void *v, size_t vn);
/* The key must be greater than every key of the table (MDB_APPEND); else HZ_MSG_VAULT_DAMAGED, for the
 * counter it came from does not fit the table. The transaction stays usable. */
HZ_RESULT hz_append(struct hz_txn *t, unsigned table, const void *k, size_t kn, const void *v, size_t vn);
/* Deletes the entry; HZ_OK also when absent. */
HZ_RESULT hz_del(struct hz_txn *t, unsigned table, const void *k, size_t kn);
HZ_RESULT hz_table_count(struct hz_txn *t, unsigned table, uint64_t *ret_n);

/* Cursor over a table in key order, within the transaction. It stands before the first entry at first. Free
 * it with hz_cur_close, before or after the transaction's end; after it nothing else may be called. Other
 * entries and the one just read may be changed or deleted meanwhile. */
HZ_RESULT hz_cur_open(struct hz_txn *t, unsigned table, struct hz_cur **ret_c);
void hz_cur_close(struct hz_cur **c); /* NULL is fine */
/* Positions at the first key >= k (k NULL: the first); behind the last entry when there is none. */
HZ_RESULT hz_cur_seek(struct hz_cur *c, const void *k, size_t kn);
/* Positions at the last key of the table. */
HZ_RESULT hz_cur_last(struct hz_cur *c);
/* Reads at the position and steps on (or back). *ret_found false past the end, and the rest untouched. Past
 * one end the other direction begins at that end: hz_cur_seek, then hz_cur_prev gives the first key >= k or,
 * if there is none, the last. The views are as those of hz_get. */
HZ_RESULT hz_cur_next(struct hz_cur *c, bool *ret_found, const uint8_t **ret_k, size_t *ret_kn,
    const uint8_t **ret_v, size_t *ret_n);
HZ_RESULT hz_cur_prev(struct hz_cur *c, bool *ret_found, const uint8_t **ret_k, size_t *ret_kn,
    const uint8_t **ret_v, size_t *ret_n);

/* A consistent compacted copy of the live store to an open descriptor of an empty regular file; synced (the
 * folder is not). It holds what is committed and nothing else: no free pages, and the gaps of pages, where
 * deleted values linger, are zeros. Needs a slot for a reader. HZ_MSG_VAULT_DAMAGED when a page is not what
 * it should be, HZ_MSG_IO, HZ_MSG_NO_SPACE, HZ_MSG_NOMEM; then the file is of no use. Memory: 2 MiB. */
HZ_RESULT hz_store_copy(struct hz_store *s, int fd);
/* Identity of the file for an authenticated clean mark; call with the environment closed or before it is
 * opened (reads with pread on a descriptor of its own). Padding is zero: two stamps compare with memcmp.
 * HZ_MSG_NO_VAULT, HZ_MSG_VAULT_DAMAGED (shorter than two metas), HZ_MSG_IO. */
HZ_RESULT hz_store_stamp(const char *path, struct hz_store_stamp *ret_st);
/* Whether data.mdb in the folder path lies where a mark about it may be believed: both are this user's and
 * writable by nobody else, and the disk is one that stays in the machine (no USB, card or loop device,
 * nothing marked removable, every disk below a mapped device alike) or memory. False when the system does not
 * say. */
bool hz_store_fixed(const char *path);
/* Walks the data.mdb of the folder path (store/walk.h) as hz_store_open does, with the environment closed,
 * and stamps it: *ret_stamped and *ret_st when the very file that was walked is still there unchanged
 * afterwards. A file that somebody changes meanwhile is walked again. HZ_MSG_NO_VAULT, HZ_MSG_VAULT_DAMAGED,
 * HZ_MSG_VAULT_BUSY, HZ_MSG_IO, HZ_MSG_NOMEM. */
HZ_RESULT hz_store_walk(const char *path, unsigned tables, bool *ret_stamped, struct hz_store_stamp *ret_st);
/* True on NFS, CIFS, SMB, FUSE, vfat, exfat, 9p and the like; *ret_name is its name then (static). False
 * when path cannot be examined. */
bool hz_store_fs_refused(const char *path, const char **ret_name);

#endif
