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
	bool create;       /* make data.mdb; else it must exist */
	bool read_only;    /* MDB_RDONLY */
	bool force_fs;     /* go on on a network file system or vfat */
	bool skip_walk;    /* the caller holds an authenticated mark of a clean file */
	unsigned tables;   /* tables are numbered 1..tables, named "1".."N" */
};

/* What the walker found (store/walk.h) and the identity of the file it walked. */
struct hz_store_stamp {
	uint64_t dev, ino, size;
	int64_t ctime_ns;
	uint8_t metas[2][160]; /* the two meta pages' records as read */
};

/* Opens the environment in the folder `path` (data.mdb and lock.mdb in it): file system check
 * (HZ_MSG_BAD_FILESYSTEM), walker (HZ_MSG_VAULT_DAMAGED), descriptors 0-2 are filled (asserted), map of
 * 1 TiB halved down to 16 GiB where refused, dead readers cleared. */
HZ_RESULT hz_store_open(const char *path, const struct hz_store_opts *opts, struct hz_store **ret_s);
void hz_store_close(struct hz_store **s);

/* Transactions. One write transaction at a time in a process and only in the thread that began it.
 * Read transactions belong to one thread; keep them short. */
HZ_RESULT hz_txn_begin(struct hz_store *s, bool write, struct hz_txn **ret_t);
/* Durable when it returns HZ_OK. HZ_MSG_NO_SPACE, HZ_MSG_IO. HZ_ERR_LIMIT with msg NONE never leaves:
 * MDB_MAP_FULL in any put marks the transaction, commit then fails with HZ_MAP_FULL_RETRY semantics,
 * see hz_txn_map_full. Frees the transaction in every case. */
HZ_RESULT hz_txn_commit(struct hz_txn **t);
void hz_txn_abort(struct hz_txn **t); /* NULL is fine; for hz_cleanup too */
/* True after a put met MDB_MAP_FULL: abort, hz_store_grow, run the whole transaction again. */
bool hz_txn_map_full(const struct hz_txn *t);
/* Doubles the map; no transaction may be open in this process. */
HZ_RESULT hz_store_grow(struct hz_store *s);
/* Gives written pages back to the system: fdatasync has happened at commit, this is
 * posix_fadvise(DONTNEED) on the file and madvise(DONTNEED) on the map. Cheap to call after a commit. */
void hz_store_drop_pages(struct hz_store *s);
/* Tells the system that [p, p+n) of the map, a view from hz_get, is wanted soon or no longer. */
void hz_store_willneed(struct hz_store *s, const void *p, size_t n);
void hz_store_dontneed(struct hz_store *s, const void *p, size_t n);

/* Keys: 1..HZ_STORE_KEY_MAX bytes. */
/* Borrowed view, valid to the end of the transaction (write: to the next put). HZ_ERR_NOT_FOUND without a
 * message when absent. */
HZ_RESULT hz_get(struct hz_txn *t, unsigned table, const void *k, size_t kn, const uint8_t **ret_v, size_t *ret_n);
bool hz_has(struct hz_txn *t, unsigned table, const void *k, size_t kn);
HZ_RESULT hz_set(struct hz_txn *t, unsigned table, const void *k, size_t kn, const void *v, size_t vn);
/* The key must be greater than every key of the table (MDB_APPEND). */
HZ_RESULT hz_append(struct hz_txn *t, unsigned table, const void *k, size_t kn, const void *v, size_t vn);
/* HZ_OK also when absent. */
HZ_RESULT hz_del(struct hz_txn *t, unsigned table, const void *k, size_t kn);
HZ_RESULT hz_table_count(struct hz_txn *t, unsigned table, uint64_t *ret_n);

/* Cursor over a table in key order, within the transaction. */
HZ_RESULT hz_cur_open(struct hz_txn *t, unsigned table, struct hz_cur **ret_c);
void hz_cur_close(struct hz_cur **c);
/* Positions at the first key >= k (k NULL: the first). */
HZ_RESULT hz_cur_seek(struct hz_cur *c, const void *k, size_t kn);
/* The last key of the table. */
HZ_RESULT hz_cur_last(struct hz_cur *c);
/* Reads at the position and steps on (or back). *ret_found false past the end. */
HZ_RESULT hz_cur_next(struct hz_cur *c, bool *ret_found, const uint8_t **ret_k, size_t *ret_kn,
    const uint8_t **ret_v, size_t *ret_n);
HZ_RESULT hz_cur_prev(struct hz_cur *c, bool *ret_found, const uint8_t **ret_k, size_t *ret_kn,
    const uint8_t **ret_v, size_t *ret_n);

/* A consistent compacted copy of the live store to an open descriptor of an empty file; synced. */
HZ_RESULT hz_store_copy(struct hz_store *s, int fd);
/* Identity of the file for an authenticated clean mark; call with the environment closed or before it is
 * opened (reads with pread on a descriptor of its own). */
HZ_RESULT hz_store_stamp(const char *path, struct hz_store_stamp *ret_st);
/* True on NFS, CIFS, SMB, FUSE, vfat, exfat, 9p and the like. */
bool hz_store_fs_refused(const char *path, const char **ret_name);

#endif
