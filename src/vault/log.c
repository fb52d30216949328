/* Events into the current log: signature, chains, tiles, checkpoint. */
#include "vault/internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct hz_logger {
	struct hz_vault *v;
	struct hz_txn *t;
	struct hz_tiles_over over;
	struct hz_tree *tree;
	struct hz_actor actor;
	struct hz_buf jws, row, note;
	struct hz_log_info next; /* state after hz_logger_finish, becomes the vault's in hz_logger_done */
	uint64_t pending;
	struct hz_clock beat, now; /* newest reading in the log; the clocks at hand */
	bool beaten;               /* beat is not in its row yet */
};

static void
tile_key(uint32_t log, unsigned level, uint64_t tile, uint8_t k[static 13])
{
	hz_be32(k, log);
	k[4] = (uint8_t)level;
	hz_be64(k + 5, tile);
}

static enum hz_err
tile_load(void *arg, unsigned level, uint64_t tile, uint8_t ret[static 8192], size_t *ret_n)
{
	struct hz_tiles_over *o = arg;
	struct hz_buf b = HZ_BUF_INIT(16384);
	uint8_t k[13], ver = 0;
	const uint8_t *p = NULL;
	size_t n = 0;
	tile_key(o->log, level, tile, k);
	enum hz_err r = hz_row_get(o->v, o->t, HZ_T_TILES, k, 13, &b);
	struct hz_rd rd = hz_rd_over(b.p, b.len);
	if (r == HZ_OK) {
		r = hz_get_u8(&rd, &ver);
	}
	if (r == HZ_OK) {
		r = hz_get_lp(&rd, 8192, &p, &n);
	}
	if (r == HZ_OK) {
		r = hz_rd_end(&rd);
	}
	if (r == HZ_OK && (ver != 1 || n == 0 || n % 32 != 0)) {
		r = hz_fail(
		    HZ_MSG_VAULT_TAMPERED, "tile %u/%llu has %zu bytes", level, (unsigned long long)tile, n);
	}
	if (r == HZ_OK) {
		memcpy(ret, p, n);
		*ret_n = n / 32;
	}
	hz_buf_done(&b);
	return r;
}

static enum hz_err
tile_store(void *arg, unsigned level, uint64_t tile, const uint8_t *hashes, size_t n)
{
	struct hz_tiles_over *o = arg;
	struct hz_buf b = HZ_BUF_INIT(16384);
	uint8_t k[13];
	tile_key(o->log, level, tile, k);
	enum hz_err r = hz_put_u8(&b, 1);
	if (r == HZ_OK) {
		r = hz_put_lp(&b, hashes, n * 32);
	}
	if (r == HZ_OK) {
		r = hz_row_set(o->v, o->t, HZ_T_TILES, k, 13, &b, false);
	}
	hz_buf_done(&b);
	return r;
}

static const struct hz_tiles_ops tiles = { tile_load, tile_store };

HZ_RESULT
hz_tree_over(struct hz_tiles_over *o, uint64_t size, struct hz_tree **ret_t)
{
	return hz_tree_open(&tiles, o, size, ret_t);
}

HZ_RESULT
hz_logger_open(struct hz_vault *v, struct hz_txn *t, struct hz_logger **ret_l)
{
	struct hz_logger *l = calloc(1, sizeof(*l));
	if (!l) {
		return hz_fail(HZ_MSG_NOMEM, "the log writer");
	}
	l->v = v;
	l->t = t;
	l->jws = (struct hz_buf)HZ_BUF_INIT(HZ_EVENT_MAX);
	l->row = (struct hz_buf)HZ_BUF_INIT(HZ_EVENT_MAX + 64);
	l->note = (struct hz_buf)HZ_BUF_INIT(HZ_NOTE_MAX);
	l->next = v->log;
	l->over = (struct hz_tiles_over){ v, t, v->log.no, NULL };
	enum hz_err r = hz_tree_over(&l->over, v->log.size, &l->tree);
	if (r == HZ_OK) {
		r = hz_actor_load(v, t, &l->actor);
	}
	if (r == HZ_OK) {
		r = hz_clock_row_load(v, t, &l->beat);
	}
	if (r != HZ_OK) {
		hz_logger_close(&l);
		return r;
	}
	*ret_l = l;
	return HZ_OK;
}

void
hz_logger_close(struct hz_logger **lp)
{
	struct hz_logger *l = *lp;
	if (!l) {
		return;
	}
	hz_tree_close(&l->tree);
	hz_buf_done(&l->jws);
	hz_buf_done(&l->row);
	hz_buf_done(&l->note);
	free(l);
	*lp = NULL;
}

void
hz_logger_txn(struct hz_logger *l, struct hz_txn *t)
{
	l->t = t;
	l->over.t = t;
}

static enum hz_err
put_event(struct hz_logger *l, struct hz_event *e, struct hz_links links, struct hz_ref *ret_at,
    uint8_t ret_leaf[static 32])
{
	struct hz_vault *v = l->v;
	uint8_t k[12], leaf[32];
	uint64_t index = hz_tree_size(l->tree);
	(void)snprintf(e->log, sizeof(e->log), "%s", v->log.origin);
	e->t = e->t ? e->t : hz_time_now();
	e->aseq = l->actor.next;
	e->has_aprev = l->actor.next > 0;
	memcpy(e->aprev, l->actor.head, 32);
	hz_buf_clear(&l->jws);
	hz_buf_clear(&l->row);
	HZ_TRY(hz_event_sign(e, &v->sec->me.event, &l->jws));
	hz_leaf_hash(l->jws.p, l->jws.len, leaf);
	hz_be32(k, v->log.no);
	hz_be64(k + 4, index);
	HZ_TRY(hz_put_u8(&l->row, 1));
	HZ_TRY(hz_put_ref(&l->row, links.prev));
	HZ_TRY(hz_put_u64(&l->row, links.record));
	HZ_TRY(hz_put_jws(&l->row, HZ_EVENT_TYP, l->jws.p, l->jws.len));
	HZ_TRY(hz_row_set(v, l->t, HZ_T_EVENTS, k, 12, &l->row, true));
	HZ_TRY(hz_tree_append(l->tree, leaf));
	l->actor.next++;
	memcpy(l->actor.head, leaf, 32);
	l->pending++;
	*ret_at = (struct hz_ref){ v->log.no, index };
	memcpy(ret_leaf, leaf, 32);
	return HZ_OK;
}

/* An event that carries the reading l->now. */
static enum hz_err
put_reading(struct hz_logger *l, struct hz_event *e, struct hz_links links, struct hz_ref *ret_at,
    uint8_t ret_leaf[static 32])
{
	char x[HZ_CLOCK_X_MAX];
	HZ_TRY(hz_clock_write(&l->now, x));
	e->x = x;
	enum hz_err r = put_event(l, e, links, ret_at, ret_leaf);
	e->x = NULL;
	if (r == HZ_OK) {
		l->beat = l->now;
		l->beaten = true;
	}
	return r;
}

HZ_RESULT
hz_logger_event(struct hz_logger *l, struct hz_event *e, struct hz_links links, struct hz_ref *ret_at,
    uint8_t ret_leaf[static 32])
{
	hz_clock_now(l->v, &l->now);
	if (hz_tree_size(l->tree) == 0 || e->act == HZ_ACT_CLOCK) {
		return put_reading(l, e, links, ret_at, ret_leaf);
	}
	if (hz_clock_due(&l->beat, &l->now)) {
		struct hz_ref at;
		uint8_t leaf[32];
		struct hz_event *c = calloc(1, sizeof(*c));
		if (!c) {
			return hz_fail(HZ_MSG_NOMEM, "an event");
		}
		c->act = HZ_ACT_CLOCK;
		enum hz_err r = put_reading(l, c, (struct hz_links){ HZ_REF_NONE, 0 }, &at, leaf);
		free(c);
		HZ_TRY(r);
	}
	return put_event(l, e, links, ret_at, ret_leaf);
}

HZ_RESULT
hz_logger_event0(struct hz_logger *l, const uint8_t leaf[static 32])
{
	memcpy(l->v->log.event0, leaf, 32);
	return HZ_OK;
}

uint64_t
hz_logger_pending(const struct hz_logger *l)
{
	return l->pending;
}

/* One checkpoint for each batch, in the transaction that stores its leaves; never two roots for one size. */
HZ_RESULT
hz_logger_finish(struct hz_logger *l)
{
	struct hz_vault *v = l->v;
	struct hz_checkpoint c = { .size = hz_tree_size(l->tree) };
	struct hz_buf row = HZ_BUF_INIT(HZ_NOTE_MAX + 64);
	uint8_t k[12];
	(void)snprintf(c.origin, sizeof(c.origin), "%s", v->log.origin);
	HZ_TRY(hz_tree_root(l->tree, c.root));
	HZ_TRY(hz_tree_flush(l->tree));
	hz_buf_clear(&l->note);
	HZ_TRY(hz_checkpoint_sign(&c, &v->sec->checkpoint, &l->note));
	hz_be32(k, v->log.no);
	hz_be64(k + 4, c.size);
	enum hz_err r = hz_put_u8(&row, 1);
	if (r == HZ_OK) {
		r = hz_put_lp(&row, l->note.p, l->note.len);
	}
	if (r == HZ_OK) {
		r = hz_row_set(v, l->t, HZ_T_CHECKPOINTS, k, 12, &row, true);
	}
	hz_buf_done(&row);
	HZ_TRY(r);
	l->next = v->log;
	l->next.size = c.size;
	memcpy(l->next.root, c.root, 32);
	HZ_TRY(hz_log_row_save(v, l->t, &l->next, &l->note));
	if (l->beaten) {
		HZ_TRY(hz_clock_row_save(v, l->t, &l->beat));
		l->beaten = false; /* a transaction that fails ends the logger too */
	}
	return hz_actor_save(v, l->t, &l->actor);
}

void
hz_logger_done(struct hz_logger *l)
{
	struct hz_vault *v = l->v;
	/* Only what changed: workers read the origin meanwhile. */
	v->log.size = l->next.size;
	memcpy(v->log.root, l->next.root, 32);
	hz_buf_clear(&v->note);
	HZ_IGNORE(hz_buf_put(&v->note, l->note.p, l->note.len)); /* same maximum: fits */
	v->info.log_size = v->log.size;
	memcpy(v->info.log_root, v->log.root, 32);
	l->pending = 0;
}
