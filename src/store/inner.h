/* What the files of the store room share. Nobody else includes this but the room's own tests. */
#ifndef HZ_STORE_INNER_H
#define HZ_STORE_INNER_H

#include "store/store.h"
#include <lmdb.h>
#include <pthread.h>
#include <stdatomic.h>

#define HZ_STORE_MAP_FIRST ((uint64_t)1 << 40) /* address space only */
#define HZ_STORE_MAP_FLOOR ((uint64_t)1 << 34)

struct hz_store {
	MDB_env *env;
	char *path;
	bool read_only;
	unsigned tables;
	MDB_dbi dbi[HZ_STORE_TABLES + 1];
	bool has[HZ_STORE_TABLES + 1]; /* false: a read-only file without this table, which reads as empty */

	pthread_mutex_t gate; /* over `txns` against a change of the map */
	unsigned txns;        /* open transactions of this process */
	atomic_bool writing;
	atomic_bool map_full;
	atomic_int broken; /* enum hz_msg of the commit after which nothing may be written */
	atomic_bool unmapped;

	uint8_t *map; /* where LMDB mapped the file; NULL while the file is empty */
	size_t map_len;
	atomic_size_t touched; /* bytes of the map that came in since the last look: an upper bound */
	uint64_t given_back;   /* the file's length when its page cache was last dropped */
};

struct hz_txn {
	struct hz_store *s;
	MDB_txn *mt;
	bool write;
	bool map_full;
	enum hz_msg failed; /* after the first error of a write the transaction takes no more */
	struct hz_cur *curs;
};

struct hz_cur {
	struct hz_txn *t; /* NULL after the transaction's end */
	MDB_cursor *c;    /* NULL on a table that is not there */
	int place;        /* enum in cursor.c */
	uintptr_t page;   /* of the entry read last */
	struct hz_cur *next, **back;
};

/* hz_store_open with another map: first and floor in bytes, multiples of 4,096. For tests of growth. */
HZ_RESULT hz_store_open_sized(const char *path, const struct hz_store_opts *opts, uint64_t map_first,
    uint64_t map_floor, struct hz_store **ret_s);

/* LMDB's code rc as ours, with what was being done as detail. Never HZ_OK. */
enum hz_err hz_store_fail(struct hz_store *s, int rc, const char *what);
/* The message of a code, for the errors of a path before there is an environment. */
enum hz_msg hz_store_msg(int rc);

/* Finds where the map lies; called after each change of it, with no other transaction open. */
HZ_RESULT hz_store_find_map(struct hz_store *s);
/* Sets another map size (rounded up to the file's need by LMDB). No transaction may be open. */
HZ_RESULT hz_store_remap(struct hz_store *s, uint64_t bytes);
/* Counts n bytes of the map as touched; looks at the process now and then and gives the map's pages back when
 * too many have come in. */
void hz_store_touch(struct hz_store *s, size_t n);

/* Opens data.mdb under path for reading by ourselves; *ret_fd -1 when it is not there. Refuses anything
 * that is not a regular file, also as lock.mdb. Only before or after the environment is open. */
HZ_RESULT hz_store_file(const char *path, int *ret_fd);

#endif
