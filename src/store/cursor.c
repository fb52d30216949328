#include "store/inner.h"
#include "store/page.h"
#include <stdlib.h>

#define AROUND ((size_t)64 * 1024) /* bytes that the kernel may map around a fault */

/* Where a cursor stands. Steps are taken late, at the next read, so that deleting the entry just read is
 * safe: LMDB then moves its cursor to the follower, and the step is that. */
enum place {
	AT,        /* on an entry that is to be read */
	READ_ON,   /* on an entry that was read; the position is the one after it */
	READ_BACK, /* ... the one before it */
	BEFORE,    /* before the first */
	BEHIND,    /* behind the last */
};

HZ_RESULT
hz_cur_open(struct hz_txn *t, unsigned table, struct hz_cur **ret_c)
{
	struct hz_cur *c;
	int rc;

	hz_assert(table >= 1 && table <= t->s->tables);
	c = calloc(1, sizeof(*c));
	if (c == NULL) {
		return hz_fail(HZ_MSG_NOMEM, "cursor");
	}
	if (t->s->has[table]) {
		rc = mdb_cursor_open(t->mt, t->s->dbi[table], &c->c);
		if (rc != 0) {
			free(c);
			return hz_store_fail(t->s, rc, "cursor");
		}
	}
	c->t = t;
	c->place = BEFORE;
	c->next = t->curs;
	c->back = &t->curs;
	if (t->curs != NULL) {
		t->curs->back = &c->next;
	}
	t->curs = c;
	*ret_c = c;
	return HZ_OK;
}

void
hz_cur_close(struct hz_cur **c)
{
	struct hz_cur *p = *c;

	*c = NULL;
	if (p == NULL) {
		return;
	}
	if (p->t != NULL) { /* else the transaction has ended and taken the cursor with it */
		*p->back = p->next;
		if (p->next != NULL) {
			p->next->back = p->back;
		}
		if (p->c != NULL) {
			mdb_cursor_close(p->c);
		}
	}
	free(p);
}

static enum hz_err
place_set(struct hz_cur *c, int rc, enum place found, enum place absent)
{
	if (rc != 0 && rc != MDB_NOTFOUND) {
		return hz_store_fail(c->t->s, rc, "cursor");
	}
	c->place = (int)(rc == 0 ? found : absent);
	return HZ_OK;
}

HZ_RESULT
hz_cur_seek(struct hz_cur *c, const void *k, size_t kn)
{
	union {
		const void *in;
		void *out;
	} u = { k };
	MDB_val key = { kn, u.out }, v;

	hz_assert(c->t != NULL && (k == NULL || (kn >= 1 && kn <= HZ_STORE_KEY_MAX)));
	if (c->c == NULL) {
		c->place = BEHIND;
		return HZ_OK;
	}
	return place_set(
	    c, mdb_cursor_get(c->c, &key, &v, k == NULL ? MDB_FIRST : MDB_SET_RANGE), AT, BEHIND);
}

HZ_RESULT
hz_cur_last(struct hz_cur *c)
{
	MDB_val k, v;

	hz_assert(c->t != NULL);
	if (c->c == NULL) {
		c->place = BEFORE;
		return HZ_OK;
	}
	return place_set(c, mdb_cursor_get(c->c, &k, &v, MDB_LAST), AT, BEFORE);
}

/* The operation that brings LMDB's cursor to the position, for a read in the given direction. false: there
 * is nothing on this side. */
static bool
step_op(enum place p, bool back, MDB_cursor_op *ret_op)
{
	switch (p) {
	case AT:
		*ret_op = MDB_GET_CURRENT;
		return true;
	case READ_ON:
		*ret_op = MDB_NEXT;
		return true;
	case READ_BACK:
		*ret_op = MDB_PREV;
		return true;
	case BEFORE:
		*ret_op = MDB_FIRST;
		return !back;
	case BEHIND:
		*ret_op = MDB_LAST;
		return back;
	}
	return false;
}

static enum hz_err
cur_read(struct hz_cur *c, bool back, bool *ret_found, MDB_val *ret_k, MDB_val *ret_v)
{
	enum place p = (enum place)c->place;
	MDB_cursor_op op = MDB_FIRST;
	int rc = MDB_NOTFOUND;

	hz_assert(c->t != NULL);
	*ret_found = false;
	if (c->c == NULL || !step_op(p, back, &op)) {
		return HZ_OK;
	}
	rc = mdb_cursor_get(c->c, ret_k, ret_v, op);
	/* The position may be behind the last entry while the read goes backwards, and the reverse. */
	if (rc == MDB_NOTFOUND && ((p == READ_ON && back) || (p == READ_BACK && !back))) {
		rc = mdb_cursor_get(c->c, ret_k, ret_v, back ? MDB_LAST : MDB_FIRST);
	}
	if (rc == MDB_NOTFOUND) {
		c->place = back ? BEFORE : BEHIND;
		return HZ_OK;
	}
	if (rc != 0) {
		return hz_store_fail(c->t->s, rc, "cursor");
	}
	c->place = back ? READ_BACK : READ_ON;
	/* A page of a table may lie alone among those of others; the kernel maps up to 16 around it. */
	uintptr_t page = (uintptr_t)ret_k->mv_data / HZ_PAGE_SIZE;
	if (page != c->page) {
		c->page = page;
		hz_store_touch(c->t->s, AROUND);
	}
	hz_store_touch(c->t->s, ret_v->mv_size + 64);
	*ret_found = true;
	return HZ_OK;
}

static enum hz_err
cur_read_out(struct hz_cur *c, bool back, bool *ret_found, const uint8_t **ret_k, size_t *ret_kn,
    const uint8_t **ret_v, size_t *ret_n)
{
	MDB_val k, v;
	bool found;
	enum hz_err err = cur_read(c, back, &found, &k, &v);

	if (err != HZ_OK) {
		return err;
	}
	if (found) {
		*ret_k = k.mv_data;
		*ret_kn = k.mv_size;
		*ret_v = v.mv_data;
		*ret_n = v.mv_size;
	}
	*ret_found = found;
	return HZ_OK;
}

HZ_RESULT
hz_cur_next(struct hz_cur *c, bool *ret_found, const uint8_t **ret_k, size_t *ret_kn, const uint8_t **ret_v,
    size_t *ret_n)
{
	return cur_read_out(c, false, ret_found, ret_k, ret_kn, ret_v, ret_n);
}

HZ_RESULT
hz_cur_prev(struct hz_cur *c, bool *ret_found, const uint8_t **ret_k, size_t *ret_kn, const uint8_t **ret_v,
    size_t *ret_n)
{
	return cur_read_out(c, true, ret_found, ret_k, ret_kn, ret_v, ret_n);
}
