/* Batches: segments first, then rows, events and the checkpoint in one transaction [F-11.11]. */
#include "vault/write.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TXN_BYTES   (12u << 20)
#define DUE_BYTES   (16u << 20)
#define DUE_ITEMS   1000
#define DUE_NS      1000000000
#define ROOM_WANTED (256ull << 20)

/* MDB_MAP_FULL must not meet us inside a batch: the map is doubled before a transaction whenever less than
 * ROOM_WANTED is left, while no worker reads. */
HZ_RESULT
hz_write_begin(struct hz_vault *v, struct hz_txn **ret_t)
{
	if (hz_store_room(v->store) < ROOM_WANTED) {
		hz_gate_close(v->gate);
		enum hz_err r = hz_store_grow(v->store);
		hz_gate_leave(v->gate);
		HZ_TRY(r);
	}
	return hz_txn_begin(v->store, true, ret_t);
}

HZ_RESULT
hz_last_segment(struct hz_txn *t, uint64_t *ret_no)
{
	struct hz_cur *c = NULL;
	const uint8_t *k = NULL, *p = NULL;
	size_t kn = 0, n = 0;
	bool found = false;
	*ret_no = 0;
	HZ_TRY(hz_cur_open(t, HZ_T_SEGMENTS, &c));
	enum hz_err r = hz_cur_last(c);
	if (r == HZ_OK) {
		r = hz_cur_prev(c, &found, &k, &kn, &p, &n);
	}
	if (r == HZ_OK && found && kn == 8) {
		*ret_no = hz_rd_be64(k);
	}
	hz_cur_close(&c);
	return r;
}

HZ_RESULT
hz_batch_reopen(struct hz_batch *b)
{
	struct hz_vault *v = b->v;
	uint64_t last = 0;
	HZ_TRY(hz_write_begin(v, &b->t));
	b->view.v = v;
	b->view.t = b->t;
	if (!b->logger) {
		HZ_TRY(hz_logger_open(v, b->t, &b->logger));
		HZ_TRY(hz_last_segment(b->t, &last));
		if (last > v->ct.seg_high) { /* a batch that was given up in the middle of an object */
			hz_logger_close(&b->logger);
			hz_txn_abort(&b->t);
			HZ_TRY(hz_remove_orphans(v));
			HZ_TRY(hz_write_begin(v, &b->t));
			b->view.t = b->t;
			HZ_TRY(hz_logger_open(v, b->t, &b->logger));
		}
		b->next_segment = v->ct.seg_high + 1;
	}
	hz_logger_txn(b->logger, b->t);
	return HZ_OK;
}

HZ_RESULT
hz_batch_begin(struct hz_vault *v, struct hz_batch **ret_b)
{
	if (v->mode != HZ_VAULT_WRITE || !v->sec) {
		return hz_fail(HZ_MSG_INTERNAL, "a batch in a vault opened for reading");
	}
	if (v->log.closed) {
		return hz_fail(HZ_MSG_VAULT_READ_ONLY, "its log is closed");
	}
	struct hz_batch *b = calloc(1, sizeof(*b));
	if (!b) {
		return hz_fail(HZ_MSG_NOMEM, "a batch");
	}
	b->v = v;
	b->saved = v->ct;
	memcpy(b->saved_epoch, v->epoch, sizeof(v->epoch));
	enum hz_err r = hz_batch_reopen(b);
	if (r != HZ_OK) {
		hz_batch_end(&b);
		return r;
	}
	*ret_b = b;
	return HZ_OK;
}

void
hz_batch_end(struct hz_batch **bp)
{
	struct hz_batch *b = *bp;
	if (!b) {
		return;
	}
	hz_txn_abort(&b->t);
	hz_logger_close(&b->logger);
	/* What was not committed is forgotten in memory too. */
	b->v->ct = b->saved;
	memcpy(b->v->epoch, b->saved_epoch, sizeof(b->saved_epoch));
	while (b->view.trees) {
		struct hz_tiles_over *o = b->view.trees;
		b->view.trees = o->next;
		free(o);
	}
	free(b);
	*bp = NULL;
}

struct hz_view *
hz_batch_view(struct hz_batch *b)
{
	return &b->view;
}

bool
hz_batch_due(const struct hz_batch *b)
{
	if (b->in_object || hz_logger_pending(b->logger) == 0) {
		return false;
	}
	return b->items >= DUE_ITEMS || b->bytes >= DUE_BYTES || hz_time_boot_ns() - b->first_ns >= DUE_NS ||
	       b->v->epoch[HZ_GENERAL].objects >= HZ_EPOCH_OBJECTS;
}

/* Ends the transaction in hand. With events in it the checkpoint and the counters go along; without, only
 * segments do, and they are above the highest number in use until their object is complete. */
HZ_RESULT
hz_batch_flush(struct hz_batch *b)
{
	struct hz_vault *v = b->v;
	bool events = hz_logger_pending(b->logger) > 0;
	if (events) {
		HZ_TRY(hz_logger_finish(b->logger));
		HZ_TRY(hz_counters_save(v, b->t));
		for (uint32_t c = HZ_GENERAL; c <= HZ_IDENTITIES; c++) {
			HZ_TRY(hz_epoch_save(v, b->t, c));
		}
	}
	HZ_TRY(hz_txn_commit(&b->t));
	if (events) {
		hz_logger_done(b->logger);
		b->saved = v->ct;
		memcpy(b->saved_epoch, v->epoch, sizeof(v->epoch));
		v->info.exhibits = v->ct.next_exhibit - 1;
		b->items = 0;
	}
	b->bytes = 0;
	hz_store_drop_pages(v->store);
	return HZ_OK;
}

HZ_RESULT
hz_batch_segment(struct hz_batch *b, const uint8_t *p, size_t n, const uint8_t addr[static 32])
{
	uint8_t k[8];
	const uint8_t *old = NULL;
	size_t on = 0;
	if (b->bytes + n > TXN_BYTES && b->bytes > 0) {
		HZ_TRY(hz_batch_flush(b));
		HZ_TRY(hz_batch_reopen(b));
	}
	b->in_object = true;
	if (b->first_segment == 0) {
		b->first_segment = b->next_segment;
	}
	/* An address that is there already (2^-128 apart, only a repeat of this run) keeps its first number.
	 */
	enum hz_err r = hz_get(b->t, HZ_T_SEGMENT_INDEX, addr, 32, &old, &on);
	if (r == HZ_OK) {
		return HZ_OK;
	}
	if (r != HZ_ERR_NOT_FOUND) {
		return r;
	}
	hz_be64(k, b->next_segment);
	HZ_TRY(hz_append(b->t, HZ_T_SEGMENTS, k, 8, p, n));
	HZ_TRY(hz_set(b->t, HZ_T_SEGMENT_INDEX, addr, 32, k, 8));
	b->next_segment++;
	b->bytes += n;
	return HZ_OK;
}

HZ_RESULT
hz_batch_drop_segments(struct hz_batch *b)
{
	uint8_t k[8], addr[32];
	if (b->first_segment) {
		for (uint64_t no = b->next_segment; no-- > b->first_segment;) {
			const uint8_t *p = NULL;
			size_t n = 0;
			hz_be64(k, no);
			HZ_TRY(hz_get(b->t, HZ_T_SEGMENTS, k, 8, &p, &n));
			hz_sha256(p, n, addr);
			HZ_TRY(hz_del(b->t, HZ_T_SEGMENT_INDEX, addr, 32));
			HZ_TRY(hz_del(b->t, HZ_T_SEGMENTS, k, 8));
		}
		b->next_segment = b->first_segment;
	}
	b->first_segment = 0;
	b->in_object = false;
	return HZ_OK;
}

HZ_RESULT
hz_batch_commit(struct hz_batch *b)
{
	struct hz_vault *v = b->v;
	if (b->in_object) {
		return hz_fail(HZ_MSG_INTERNAL, "a commit inside an object");
	}
	if (hz_logger_pending(b->logger) == 0 && b->bytes == 0) {
		return HZ_OK;
	}
	HZ_TRY(hz_batch_flush(b));
	HZ_TRY(hz_pins_write(v, false));
	HZ_TRY(hz_batch_reopen(b));
	return hz_epoch_due(b);
}

/* At the end of a command the pin is written whatever the clock says. */
HZ_RESULT
hz_batch_finish(struct hz_batch **bp)
{
	struct hz_batch *b = *bp;
	enum hz_err r = hz_batch_commit(b);
	if (r == HZ_OK) {
		r = hz_pins_write(b->v, true);
	}
	hz_batch_end(bp);
	return r;
}

/* --- records and events ------------------------------------------------------------------------------------
 */

HZ_RESULT
hz_write_record(struct hz_batch *b, const uint8_t *ex, struct hz_record_draft *d, struct hz_record_row *row)
{
	HZ_TRY(hz_record_sign(b->v, ex, d, row));
	row->no = b->v->ct.next_record++;
	return HZ_OK;
}

static enum hz_err
object_row(struct hz_vault *v, struct hz_txn *t, uint64_t no, const struct hz_sealed *s,
    const struct hz_buf *hdr, const struct hz_buf *op)
{
	struct hz_buf row = HZ_BUF_INIT(131072);
	uint8_t k[12];
	size_t inl = s->segments < HZ_INLINE_ADDRS ? (size_t)s->segments : HZ_INLINE_ADDRS;
	hz_be64(k, no);
	enum hz_err r = hz_put_u8(&row, 1);
	r = r == HZ_OK ? hz_put_u64(&row, s->payload) : r;
	r = r == HZ_OK ? hz_buf_put(&row, s->root, 32) : r;
	r = r == HZ_OK ? hz_put_lp(&row, hdr->p, hdr->len) : r;
	r = r == HZ_OK ? hz_put_lp(&row, op->p, op->len) : r;
	r = r == HZ_OK ? hz_put_u32(&row, (uint32_t)s->segments) : r;
	r = r == HZ_OK ? hz_buf_put(&row, s->addrs.p, inl * 32) : r;
	r = r == HZ_OK ? hz_row_set(v, t, HZ_T_OBJECTS, k, 8, &row, true) : r;
	for (size_t at = inl, page = 0; r == HZ_OK && at < s->segments; page++) {
		size_t n =
		    (size_t)s->segments - at < HZ_PAGE_ADDRS ? (size_t)s->segments - at : HZ_PAGE_ADDRS;
		hz_buf_clear(&row);
		hz_be32(k + 8, (uint32_t)page);
		r = hz_put_u8(&row, 1);
		r = r == HZ_OK ? hz_put_lp(&row, s->addrs.p + at * 32, n * 32) : r;
		r = r == HZ_OK ? hz_row_set(v, t, HZ_T_OBJECT_PAGES, k, 12, &row, true) : r;
		at += n;
	}
	hz_buf_done(&row);
	return r;
}

static enum hz_err
index_exhibit(struct hz_batch *b, const struct hz_new_exhibit *x, const struct hz_exhibit *e)
{
	struct hz_vault *v = b->v;
	uint8_t key[32];
	uint64_t other = 1;
	if (x->origin != 0) {
		/* Bytes that a machine made are no earlier receipt of a file that is like them. */
		hz_index_key(v, HZ_GENERAL, HZ_IX_EX, e->ex, 16, key);
		return hz_index_set(v, b->t, key, e->no);
	}
	/* A long series of files that are alike in size and beginning must not make each new one slower:
	 * beyond HZ_QUICK_MAX they are simply sealed again [F-11.4]. */
	for (uint32_t n = 0; other != 0 && n < HZ_QUICK_MAX; n++) {
		hz_quick_key(v, x->sealed->size, x->first, n, key);
		HZ_TRY(hz_index_get(v, b->t, key, &other));
	}
	if (other == 0) {
		HZ_TRY(hz_index_set(v, b->t, key, e->no));
	}
	hz_index_key(v, HZ_GENERAL, HZ_IX_EX, e->ex, 16, key);
	HZ_TRY(hz_index_set(v, b->t, key, e->no));
	if (x->source) {
		hz_seen_key(v, x->source, key);
		HZ_TRY(hz_index_set(v, b->t, key, e->no));
	}
	return HZ_OK;
}

static void
mark_pending(struct hz_batch *b)
{
	if (b->items++ == 0) {
		b->first_ns = hz_time_boot_ns();
	}
}

static void
first_event(
    const struct hz_new_exhibit *x, const struct hz_prepared *p, const uint8_t *src, struct hz_event *ev)
{
	ev->act = src ? HZ_ACT_DERIVE : HZ_ACT_ACQUIRE;
	ev->has_src = src != NULL;
	if (src) {
		memcpy(ev->src, src, 32);
	}
	memcpy(ev->ex, p->ex_text, sizeof(ev->ex));
	ev->has_obj = ev->has_com = ev->has_hdr = ev->has_rec = true;
	memcpy(ev->obj_root, x->sealed->root, 32);
	ev->obj_size = x->sealed->payload;
	memcpy(ev->com, p->com, 32);
	memcpy(ev->hdr, p->hdr_hash, 32);
	memcpy(ev->rec, p->rec_hash, 32);
}

/* src: commitment of the origin, NULL for what was received. */
static enum hz_err
add_exhibit(struct hz_batch *b, const struct hz_new_exhibit *x, struct hz_prepared *p, const uint8_t *src,
    struct hz_exhibit *e)
{
	struct hz_vault *v = b->v;
	struct hz_event *ev = calloc(1, sizeof(*ev));
	if (!ev) {
		return hz_fail(HZ_MSG_NOMEM, "an event");
	}
	p->rec.no = v->ct.next_record++;
	first_event(x, p, src, ev);
	enum hz_err r = hz_logger_event(
	    b->logger, ev, (struct hz_links){ HZ_REF_NONE, p->rec.no }, &e->head_ref, e->head);
	e->sealed_at = ev->t;
	free(ev);
	HZ_TRY(r);
	e->first_ref = e->head_ref;
	e->next_seq = 1;
	e->record = p->rec.no;
	p->rec.at = e->head_ref;
	HZ_TRY(object_row(v, b->t, e->object, x->sealed, &p->hdr, &p->sealed_opening));
	HZ_TRY(hz_record_row_save(v, b->t, &p->rec, true));
	HZ_TRY(hz_exhibit_row_save(v, b->t, e, true));
	HZ_TRY(index_exhibit(b, x, e));
	v->epoch[x->compartment].objects++;
	v->ct.seg_high = b->next_segment - 1;
	b->first_segment = 0;
	b->in_object = false;
	mark_pending(b);
	return HZ_OK;
}

/* The commitment that the derived one names, and the first number that is free. */
static enum hz_err
origin_of(struct hz_batch *b, uint64_t origin, struct hz_exhibit *e, uint8_t src[static 32], uint64_t *ret_no)
{
	struct hz_object o;
	struct hz_exhibit last;
	unsigned n = 0;
	bool found = true;
	while (found) {
		HZ_TRY(hz_derived_next(&b->view, origin, &n, &found, &last));
	}
	if (n >= HZ_DERIVED_MAX) {
		return hz_fail(HZ_MSG_LIMIT, "%u exhibits derived from one", n);
	}
	*ret_no = hz_derived_no(origin, n + 1);
	HZ_TRY(hz_exhibit_get(&b->view, origin, e));
	HZ_TRY(hz_object_load(&b->view, e, &o));
	hz_sha256(o.opening_text.p, o.opening_text.len, src);
	hz_object_done(&o);
	return HZ_OK;
}

static enum hz_err
derived_exhibit(struct hz_batch *b, const struct hz_new_exhibit *x, struct hz_exhibit *ret_e)
{
	struct hz_vault *v = b->v;
	struct hz_exhibit origin, e = { .size = x->sealed->size, .compartment = x->compartment, .state = 1 };
	struct hz_prepared *p = NULL;
	uint8_t src[32];
	HZ_TRY(origin_of(b, x->origin, &origin, src, &e.no));
	HZ_TRY(hz_prepare(v, x, x->draft, e.no, &p));
	e.object = v->ct.next_object++;
	e.consent = origin.consent; /* for lists: what goes out is decided from its origin's records */
	memcpy(e.ex, p->ex, 16);
	memcpy(e.ex_text, p->ex_text, sizeof(e.ex_text));
	memcpy(e.number, p->number, sizeof(e.number));
	enum hz_err r = add_exhibit(b, x, p, src, &e);
	hz_prepared_free(&p);
	if (r == HZ_OK) {
		*ret_e = e;
	}
	return r;
}

HZ_RESULT
hz_batch_exhibit(struct hz_batch *b, const struct hz_new_exhibit *x, struct hz_exhibit *ret_e)
{
	struct hz_vault *v = b->v;
	if (x->origin != 0) {
		return derived_exhibit(b, x, ret_e);
	}
	struct hz_exhibit e = { .no = v->ct.next_exhibit,
		.object = v->ct.next_object,
		.size = x->sealed->size,
		.compartment = x->compartment,
		.state = 1,
		.consent = (uint8_t)x->consent };
	struct hz_prepared *own = NULL, *p = x->prepared;
	v->ct.next_exhibit++;
	v->ct.next_object++;
	/* What was made ahead rests on a guess of the number; the key may be another one meanwhile. */
	if (!p || p->no != e.no || p->compartment != x->compartment) {
		HZ_TRY(hz_prepare(v, x, x->draft, e.no, &own));
		p = own;
	} else if (p->epoch != v->epoch[x->compartment].epoch) {
		HZ_TRY(hz_prepare_header(v, x, p));
	}
	memcpy(e.ex, p->ex, 16);
	memcpy(e.ex_text, p->ex_text, sizeof(e.ex_text));
	memcpy(e.number, p->number, sizeof(e.number));
	enum hz_err r = add_exhibit(b, x, p, NULL, &e);
	hz_prepared_free(&own);
	if (r == HZ_OK) {
		*ret_e = e;
	}
	return r;
}

HZ_RESULT
hz_batch_known(struct hz_batch *b, uint64_t size, const uint8_t first[static 32],
    const uint8_t sha256[static 32], uint64_t *ret_no)
{
	return hz_view_known(&b->view, size, first, sha256, ret_no);
}

/* An event about an exhibit: continues its chain and saves its row. */
HZ_RESULT
hz_write_exhibit_event(
    struct hz_batch *b, struct hz_exhibit *e, struct hz_event *ev, uint64_t record, struct hz_ref *ret_at)
{
	struct hz_links links = { e->head_ref, record };
	memcpy(ev->ex, e->ex_text, sizeof(ev->ex));
	ev->seq = e->next_seq;
	ev->has_prev = true;
	memcpy(ev->prev, e->head, 32);
	HZ_TRY(hz_logger_event(b->logger, ev, links, &e->head_ref, e->head));
	e->next_seq++;
	*ret_at = e->head_ref;
	mark_pending(b);
	return hz_exhibit_row_save(b->v, b->t, e, false);
}

static enum hz_err
receipt_rows(struct hz_batch *b, struct hz_exhibit *e, struct hz_record_draft *d,
    const struct hz_source_id *source, struct hz_event *ev, struct hz_record_row *rec)
{
	struct hz_vault *v = b->v;
	struct hz_object o;
	struct hz_buf row = HZ_BUF_INIT(256);
	uint8_t k[12], key[32];
	HZ_TRY(hz_object_load(&b->view, e, &o));
	enum hz_err r = hz_write_record(b, e->ex, d, rec);
	if (r == HZ_OK) {
		r = hz_disclosures_seal(v, o.file_key, d, rec);
	}
	hz_object_done(&o);
	HZ_TRY(r);
	ev->act = HZ_ACT_RECEIPT;
	ev->has_rec = true;
	hz_sha256(rec->jwt.p, rec->jwt.len, ev->rec);
	e->receipts++;
	HZ_TRY(hz_write_exhibit_event(b, e, ev, rec->no, &rec->at));
	HZ_TRY(hz_record_row_save(v, b->t, rec, true));
	hz_be64(k, e->no);
	hz_be32(k + 8, e->receipts);
	r = hz_put_u8(&row, 1);
	r = r == HZ_OK ? hz_put_u64(&row, rec->no) : r;
	r = r == HZ_OK ? hz_put_ref(&row, rec->at) : r;
	r = r == HZ_OK ? hz_row_set(v, b->t, HZ_T_RECEIPTS, k, 12, &row, false) : r;
	hz_buf_done(&row);
	if (r == HZ_OK && source) {
		hz_seen_key(v, source, key);
		r = hz_index_set(v, b->t, key, e->no);
	}
	return r;
}

HZ_RESULT
hz_batch_receipt(struct hz_batch *b, uint64_t exhibit, const struct hz_record *rec,
    struct hz_record_draft *draft, enum hz_consent consent, const struct hz_source_id *source,
    struct hz_exhibit *ret_e)
{
	struct hz_exhibit e;
	struct hz_record_row row;
	(void)rec;
	HZ_TRY(hz_exhibit_get(&b->view, exhibit, &e));
	struct hz_event *ev = calloc(1, sizeof(*ev));
	if (!ev) {
		return hz_fail(HZ_MSG_NOMEM, "an event");
	}
	hz_record_row_init(&row, HZ_REC_RECEIPT, exhibit);
	/* One basis is enough: consent belongs to the receipt, the exhibit has the best of them. */
	if (e.consent == HZ_CONSENT_UNKNOWN) {
		e.consent = (uint8_t)consent;
	}
	enum hz_err r = receipt_rows(b, &e, draft, source, ev, &row);
	hz_record_row_done(&row);
	free(ev);
	if (r == HZ_OK) {
		*ret_e = e;
	}
	return r;
}

static enum hz_err
event_steps(struct hz_batch *b, const struct hz_new_event *x, struct hz_event *ev, struct hz_record_row *row,
    struct hz_ref *ret_at, uint8_t leaf[static 32])
{
	struct hz_vault *v = b->v;
	struct hz_exhibit e;
	struct hz_buf ref = HZ_BUF_INIT(64);
	ev->act = x->act;
	if (x->draft) {
		HZ_TRY(hz_write_record(b, NULL, x->draft, row));
		HZ_TRY(hz_pack_disclosures(&x->draft->disclosures, &row->disclosures));
		ev->has_rec = true;
		hz_sha256(row->jwt.p, row->jwt.len, ev->rec);
	}
	ev->has_heads = x->heads != NULL;
	ev->has_ref = x->ref != NULL;
	if (x->heads) {
		memcpy(ev->heads, x->heads, 32);
	}
	if (x->ref) {
		memcpy(ev->ref, x->ref, 32);
	}
	if (x->exhibit) {
		HZ_TRY(hz_exhibit_get(&b->view, x->exhibit, &e));
		HZ_TRY(hz_write_exhibit_event(b, &e, ev, x->draft ? row->no : 0, ret_at));
		memcpy(leaf, e.head, 32);
	} else {
		HZ_TRY(hz_logger_event(
		    b->logger, ev, (struct hz_links){ HZ_REF_NONE, x->draft ? row->no : 0 }, ret_at, leaf));
		mark_pending(b);
	}
	row->at = *ret_at;
	if (x->draft) {
		HZ_TRY(hz_record_row_save(v, b->t, row, false));
	}
	HZ_TRY(hz_put_u8(&ref, 1));
	enum hz_err r = hz_put_ref(&ref, *ret_at);
	for (size_t i = 0; r == HZ_OK && i < x->nmentions; i++) {
		uint8_t k[20];
		hz_be64(k, x->mentions[i]);
		hz_be32(k + 8, ret_at->log);
		hz_be64(k + 12, ret_at->index);
		r = hz_row_set(v, b->t, HZ_T_MENTIONS, k, 20, &ref, false);
	}
	hz_buf_done(&ref);
	return r;
}

HZ_RESULT
hz_batch_event(struct hz_batch *b, const struct hz_new_event *x, struct hz_ref *ret_at,
    uint8_t ret_leaf[static 32], uint64_t *ret_record)
{
	struct hz_record_row row;
	struct hz_event *ev = calloc(1, sizeof(*ev));
	if (!ev) {
		return hz_fail(HZ_MSG_NOMEM, "an event");
	}
	hz_record_row_init(&row, (uint8_t)x->kind, x->exhibit);
	enum hz_err r = event_steps(b, x, ev, &row, ret_at, ret_leaf);
	if (r == HZ_OK && x->act == HZ_ACT_EXPORT) { /* the checkpoint right behind it goes into the bundle */
		r = hz_given_note(&b->view, ret_at->log, ret_at->index + 1);
	}
	if (r == HZ_OK && ret_record) {
		*ret_record = row.no;
	}
	hz_record_row_done(&row);
	free(ev);
	return r;
}
