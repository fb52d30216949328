#include "store/inner.h"
#include <errno.h>
#include <stdlib.h>
#include <time.h>

enum {
	BEGIN_TRIES = 1000, /* of a millisecond each */
	/* The kernel maps up to 16 pages around a fault; a search far from the last one has about three. */
	GET_COST = 3 * 64 * 1024,
};

static void
txns_change(struct hz_store *s, int by)
{
	(void)pthread_mutex_lock(&s->gate);
	s->txns = (unsigned)((int)s->txns + by);
	(void)pthread_mutex_unlock(&s->gate);
}

/* Another process made the file larger than our map. */
static enum hz_err
map_follow(struct hz_store *s)
{
	const struct timespec ms = { 0, 1000000 };
	enum hz_err err = HZ_OK;
	MDB_envinfo info;

	(void)pthread_mutex_lock(&s->gate);
	if (s->txns == 0 && mdb_env_info(s->env, &info) == 0) {
		err = hz_store_remap(s, (uint64_t)info.me_mapsize * 2);
	}
	(void)pthread_mutex_unlock(&s->gate);
	(void)nanosleep(&ms, NULL);
	return err;
}

static enum hz_err
begin_retrying(struct hz_store *s, bool write, MDB_txn **ret_mt)
{
	bool checked = false;
	int rc = 0;

	for (unsigned i = 0; i < BEGIN_TRIES; i++) {
		enum hz_err err;

		if (atomic_load(&s->unmapped)) {
			return hz_fail(HZ_MSG_NOMEM, "the map of data.mdb is gone");
		}
		txns_change(s, 1);
		rc = mdb_txn_begin(s->env, NULL, write ? 0 : MDB_RDONLY, ret_mt);
		if (rc == 0) {
			return HZ_OK;
		}
		txns_change(s, -1);
		if (rc == MDB_MAP_RESIZED) {
			err = map_follow(s);
			if (err != HZ_OK) {
				return err;
			}
		} else if (rc == MDB_READERS_FULL && !checked) {
			int dead = 0;

			checked = true;
			(void)mdb_reader_check(s->env, &dead);
		} else {
			break;
		}
	}
	return hz_store_fail(s, rc, "beginning a transaction");
}

HZ_RESULT
hz_txn_begin(struct hz_store *s, bool write, struct hz_txn **ret_t)
{
	struct hz_txn *t;
	enum hz_err err;
	int broken = atomic_load(&s->broken);

	hz_assert(!(write && s->read_only));
	if (write && broken != 0) {
		return hz_fail(
		    (enum hz_msg)broken, "an earlier commit failed; the vault must be opened again");
	}
	t = calloc(1, sizeof(*t));
	if (t == NULL) {
		return hz_fail(HZ_MSG_NOMEM, "beginning a transaction");
	}
	t->s = s;
	t->write = write;
	if (write) {
		bool twice = atomic_exchange(&s->writing, true);

		hz_assert(!twice); /* LMDB would wait for ourselves for ever */
		atomic_store(&s->map_full, false);
	}
	err = begin_retrying(s, write, &t->mt);
	if (err != HZ_OK) {
		if (write) {
			atomic_store(&s->writing, false);
		}
		free(t);
		return err;
	}
	*ret_t = t;
	return HZ_OK;
}

/* Cursors end before their transaction does: LMDB frees those of a writer itself, those of a reader not. */
static void
cursors_end(struct hz_txn *t)
{
	while (t->curs != NULL) {
		struct hz_cur *c = t->curs;

		t->curs = c->next;
		if (c->c != NULL) {
			mdb_cursor_close(c->c);
		}
		c->c = NULL;
		c->t = NULL;
	}
}

static void
txn_free(struct hz_txn *t)
{
	txns_change(t->s, -1);
	if (t->write) {
		atomic_store(&t->s->writing, false);
	}
	free(t);
}

void
hz_txn_abort(struct hz_txn **t)
{
	struct hz_txn *p = *t;

	*t = NULL;
	if (p != NULL) {
		cursors_end(p);
		mdb_txn_abort(p->mt);
		txn_free(p);
	}
}

static enum hz_err
failed_again(const struct hz_txn *t, const char *what)
{
	return hz_fail(t->failed, "%s: the transaction has failed before", what);
}

HZ_RESULT
hz_txn_commit(struct hz_txn **t)
{
	struct hz_txn *p = *t;
	enum hz_err err = HZ_OK;
	int rc;

	if (p->failed != HZ_MSG_NONE) {
		err = failed_again(p, "commit");
		hz_txn_abort(t);
		return err;
	}
	*t = NULL;
	cursors_end(p);
	rc = mdb_txn_commit(p->mt);
	if (rc == MDB_MAP_FULL) {
		/* Met while the free list was saved: nothing has been written yet. */
		atomic_store(&p->s->map_full, true);
		err = hz_store_fail(p->s, rc, "commit");
	} else if (rc != 0) {
		err = hz_store_fail(p->s, rc, "commit");
		/* What is on disk is unknown to us now (a sync's error is told once): no more writes. */
		atomic_store(&p->s->broken, (int)hz_fail_msg());
	}
	txn_free(p);
	return err;
}

bool
hz_txn_map_full(const struct hz_txn *t)
{
	return t->map_full;
}

bool
hz_store_map_full(const struct hz_store *s)
{
	return atomic_load(&s->map_full);
}

static MDB_val
val(const void *p, size_t n)
{
	/* LMDB does not write through the pointers it is given for keys and values to store. */
	union {
		const void *in;
		void *out;
	} u = { p };

	return (MDB_val){ n, u.out };
}

static void
key_assert(const struct hz_txn *t, unsigned table, const void *k, size_t kn)
{
	hz_assert(table >= 1 && table <= t->s->tables && k != NULL && kn >= 1 && kn <= HZ_STORE_KEY_MAX);
}

static enum hz_err
write_failed(struct hz_txn *t, int rc, const char *what)
{
	enum hz_err err;

	if (rc == MDB_MAP_FULL) {
		t->map_full = true;
		atomic_store(&t->s->map_full, true);
	}
	err = hz_store_fail(t->s, rc, what);
	t->failed = hz_fail_msg();
	return err;
}

HZ_RESULT
hz_get(struct hz_txn *t, unsigned table, const void *k, size_t kn, const uint8_t **ret_v, size_t *ret_n)
{
	MDB_val key = val(k, kn), v = { 0, NULL };
	int rc;

	key_assert(t, table, k, kn);
	if (t->failed != HZ_MSG_NONE) {
		return failed_again(t, "get");
	}
	if (!t->s->has[table]) {
		return HZ_ERR_NOT_FOUND;
	}
	hz_store_touch(t->s, GET_COST);
	rc = mdb_get(t->mt, t->s->dbi[table], &key, &v);
	if (rc == MDB_NOTFOUND) {
		return HZ_ERR_NOT_FOUND;
	}
	if (rc != 0) {
		return hz_store_fail(t->s, rc, "get");
	}
	hz_store_touch(t->s, v.mv_size);
	*ret_v = v.mv_data;
	*ret_n = v.mv_size;
	return HZ_OK;
}

bool
hz_has(struct hz_txn *t, unsigned table, const void *k, size_t kn)
{
	const uint8_t *v;
	size_t n;

	return hz_get(t, table, k, kn, &v, &n) == HZ_OK;
}

static enum hz_err
put(struct hz_txn *t, unsigned table, const void *k, size_t kn, const void *v, size_t vn, unsigned flags)
{
	MDB_val key = val(k, kn), value = val(v, vn);
	int rc;

	key_assert(t, table, k, kn);
	hz_assert(t->write);
	if (t->failed != HZ_MSG_NONE) {
		return failed_again(t, "put");
	}
	if (vn > HZ_STORE_SEGMENT_MAX) {
		return hz_fail(HZ_MSG_LIMIT, "a value of %zu bytes", vn);
	}
	hz_store_touch(t->s, GET_COST);
	rc = mdb_put(t->mt, t->s->dbi[table], &key, &value, flags);
	if (rc == MDB_KEYEXIST) {
		/* The counter that gave the key is behind the table. */
		return hz_fail(HZ_MSG_VAULT_DAMAGED, "table %u holds a key that is to come", table);
	}
	return rc == 0 ? HZ_OK : write_failed(t, rc, "put");
}

HZ_RESULT
hz_set(struct hz_txn *t, unsigned table, const void *k, size_t kn, const void *v, size_t vn)
{
	return put(t, table, k, kn, v, vn, 0);
}

HZ_RESULT
hz_append(struct hz_txn *t, unsigned table, const void *k, size_t kn, const void *v, size_t vn)
{
	return put(t, table, k, kn, v, vn, MDB_APPEND);
}

HZ_RESULT
hz_del(struct hz_txn *t, unsigned table, const void *k, size_t kn)
{
	MDB_val key = val(k, kn);
	int rc;

	key_assert(t, table, k, kn);
	hz_assert(t->write);
	if (t->failed != HZ_MSG_NONE) {
		return failed_again(t, "delete");
	}
	hz_store_touch(t->s, GET_COST);
	rc = mdb_del(t->mt, t->s->dbi[table], &key, NULL);
	return rc == 0 || rc == MDB_NOTFOUND ? HZ_OK : write_failed(t, rc, "delete");
}

HZ_RESULT
hz_table_count(struct hz_txn *t, unsigned table, uint64_t *ret_n)
{
	MDB_stat st;
	int rc;

	hz_assert(table >= 1 && table <= t->s->tables);
	if (!t->s->has[table]) {
		*ret_n = 0;
		return HZ_OK;
	}
	rc = mdb_stat(t->mt, t->s->dbi[table], &st);
	if (rc != 0) {
		return hz_store_fail(t->s, rc, "count");
	}
	*ret_n = st.ms_entries;
	return HZ_OK;
}
