/* Two histories of one log: where do they part? Asked only where an earlier audit pack says so, by reading it
 * again beside what is checked [F-10.4]. An audit pack is read along with it; of a bundle, the hashes of so
 * many events as have room are kept, and then those of the next. */
#include "verify/check.h"

#include "base/enc.h"
#include "base/fd.h"
#include "custody/pack.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --- an audit pack ------------------------------------------------------------------------------------- */

struct beside {
	struct hz_check *c;
	const struct hz_vlog *log;
	struct hz_pack *pack;
	uint64_t at;
	bool in, ended;
};

static enum hz_err
source(void *arg, void *p, size_t n, size_t *ret_n)
{
	struct beside *x = arg;
	HZ_TRY(hz_cancel_check());
	HZ_TRY(x->c->src->read(x->c->src->arg, x->at, p, n, ret_n));
	x->at += *ret_n;
	return HZ_OK;
}

static enum hz_err
leaf_of_pack(void *arg, uint64_t index, bool *ret_there, uint8_t ret_leaf[static 32])
{
	struct beside *x = arg;
	struct hz_pack_item i = { .kind = HZ_PACK_LOG };

	*ret_there = false;
	while (!x->ended) {
		HZ_TRY(hz_pack_next(x->pack, &i));
		if (i.kind == HZ_PACK_END || (i.kind == HZ_PACK_LOG && x->in)) {
			x->ended = true;
		} else if (i.kind == HZ_PACK_LOG) {
			x->in = strcmp(i.origin, x->log->first.log) == 0;
		} else if (i.kind == HZ_PACK_EVENT && x->in && i.n == index) {
			hz_leaf_hash(i.p, i.len, ret_leaf);
			*ret_there = true;
			return HZ_OK;
		}
	}
	return HZ_OK;
}

static enum hz_err
part_pack(struct hz_check *c, struct hz_before *b, const struct hz_vlog *log)
{
	struct beside x = { .c = c, .log = log };
	enum hz_err err = hz_pack_open(source, &x, &x.pack);

	err = err == HZ_OK ? hz_before_part(b, leaf_of_pack, &x) : err;
	hz_pack_close(&x.pack);
	return err;
}

/* --- a bundle ------------------------------------------------------------------------------------------ */

#define ROOM ((size_t)32768) /* at least so many are kept of one reading */

struct carried {
	struct hz_check *c;
	const struct hz_vlog *log;
	struct hz_leaf_at *leaf; /* 2 * ROOM; the events with the lowest indexes from `low` on, sorted */
	size_t n, at;
	uint64_t low, high; /* high: none above it is taken; UINT64_MAX: all are here */
	bool any;           /* it was read */
};

static int
by_index(const void *a, const void *b)
{
	uint64_t x = ((const struct hz_leaf_at *)a)->index, y = ((const struct hz_leaf_at *)b)->index;

	return x < y ? -1 : x > y;
}

static void
take(struct carried *x, uint64_t index, const uint8_t leaf[static 32])
{
	if (index < x->low || index > x->high) {
		return;
	}
	x->leaf[x->n].index = index;
	memcpy(x->leaf[x->n++].leaf, leaf, 32);
	if (x->n == 2 * ROOM) {
		hz_sort(x->leaf, x->n, sizeof *x->leaf, by_index);
		x->n = ROOM;
		x->high = x->leaf[ROOM - 1].index;
	}
}

static enum hz_err
fill(struct carried *x)
{
	struct hz_buf text = HZ_BUF_INIT(HZ_EVENT_MAX);
	struct hz_walk *w = NULL;
	struct hz_place p;
	char prefix[40];
	const char *path = NULL;
	uint64_t size = 0;
	uint8_t leaf[32];
	bool found = false;

	x->n = x->at = 0;
	x->high = UINT64_MAX;
	(void)snprintf(prefix, sizeof prefix, "%sevents/", x->log->base);
	enum hz_err err = hz_walk_open(x->c, x->log->events_at, prefix, &w);
	while (err == HZ_OK && (err = hz_walk_next(w, &found, &path, &size)) == HZ_OK && found) {
		hz_place_of(path, &p);
		if ((p.kind != HZ_KIND_EVENT && p.kind != HZ_KIND_LEAF) || size > HZ_EVENT_MAX) {
			continue; /* reported before */
		}
		err = hz_walk_take(w, HZ_EVENT_MAX, &text);
		if (err == HZ_OK && p.kind == HZ_KIND_EVENT) {
			hz_leaf_hash(text.p, text.len, leaf);
			take(x, p.number, leaf);
		} else if (err == HZ_OK) {
			if (hz_unhex((const char *)text.p, text.len, leaf, sizeof leaf) == HZ_OK) {
				take(x, p.number, leaf);
			}
			hz_fail_clear();
		}
	}
	hz_walk_close(&w);
	hz_buf_done(&text);
	hz_sort(x->leaf, x->n, sizeof *x->leaf, by_index);
	return err;
}

static enum hz_err
leaf_of_bundle(void *arg, uint64_t index, bool *ret_there, uint8_t ret_leaf[static 32])
{
	struct carried *x = arg;

	*ret_there = false;
	while (x->at < x->n && x->leaf[x->at].index < index) {
		x->at++;
	}
	if (!x->any || (x->at == x->n && x->high != UINT64_MAX && index > x->high)) {
		x->low = index;
		x->any = true;
		HZ_TRY(fill(x));
	}
	if (x->at < x->n && x->leaf[x->at].index == index) {
		memcpy(ret_leaf, x->leaf[x->at].leaf, 32);
		*ret_there = true;
	}
	return HZ_OK;
}

static enum hz_err
part_bundle(struct hz_check *c, struct hz_before *b, const struct hz_vlog *log)
{
	struct carried x = { .c = c, .log = log, .leaf = calloc(2 * ROOM, sizeof *x.leaf) };
	enum hz_err err = x.leaf == NULL ? hz_fail(HZ_MSG_NOMEM, "events") : HZ_OK;

	err = err == HZ_OK ? hz_before_part(b, leaf_of_bundle, &x) : err;
	free(x.leaf);
	return err;
}

/* What is wrong with either is told elsewhere, or was when it was read: here only a name is missing then. */
enum hz_err
hz_part(struct hz_check *c, struct hz_before *b, const struct hz_vlog *log)
{
	enum hz_err err = c->packed ? part_pack(c, b, log) : part_bundle(c, b, log);

	if (err != HZ_OK && !hz_fatal(err)) {
		hz_fail_clear();
		err = HZ_OK;
	}
	return err;
}
