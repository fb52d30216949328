/* Reading through a frozen view. */
#include "vault/write.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ROW_SMALL 65536

HZ_RESULT
hz_view_begin(struct hz_vault *v, struct hz_view **ret_w)
{
	struct hz_view *w = calloc(1, sizeof(*w));
	if (!w) {
		return hz_fail(HZ_MSG_NOMEM, "a view");
	}
	w->v = v;
	w->own = true;
	enum hz_err r = hz_txn_begin(v->store, false, &w->t);
	if (r != HZ_OK) {
		free(w);
		return r;
	}
	*ret_w = w;
	return HZ_OK;
}

void
hz_view_end(struct hz_view **wp)
{
	struct hz_view *w = *wp;
	if (!w) {
		return;
	}
	while (w->trees) {
		struct hz_tiles_over *o = w->trees;
		w->trees = o->next;
		free(o);
	}
	if (w->own) {
		hz_txn_abort(&w->t);
	}
	free(w);
	*wp = NULL;
}

struct hz_vault *
hz_view_vault(struct hz_view *w)
{
	return w->v;
}

/* Next row of a table at or after key k; generic step for the iterators. The row is opened into out. */
static enum hz_err
next_row(struct hz_view *w, unsigned table, const void *k, size_t kn, bool *ret_found,
    uint8_t ret_key[static HZ_STORE_KEY_MAX], size_t *ret_kn, struct hz_buf *out)
{
	struct hz_cur *c = NULL;
	const uint8_t *fk = NULL, *fv = NULL;
	size_t fkn = 0, fvn = 0;
	HZ_TRY(hz_cur_open(w->t, table, &c));
	enum hz_err r = hz_cur_seek(c, k, kn);
	if (r == HZ_OK) {
		r = hz_cur_next(c, ret_found, &fk, &fkn, &fv, &fvn);
	}
	if (r == HZ_OK && *ret_found) {
		memcpy(ret_key, fk, fkn);
		*ret_kn = fkn;
		r = hz_row_open(w->v, table, fk, fkn, fv, fvn, out);
	}
	hz_cur_close(&c);
	return r;
}

/* The largest is the row of witnesses. */
#define META_MAX ((size_t)1 << 20)

HZ_RESULT
hz_meta_check(struct hz_view *w)
{
	struct hz_cur *c = NULL;
	struct hz_buf row = HZ_BUF_INIT(META_MAX);
	const uint8_t *k = NULL, *p = NULL;
	size_t kn = 0, n = 0;
	bool found = true;
	enum hz_err r = hz_cur_open(w->t, HZ_T_META, &c);
	while (r == HZ_OK && found) {
		hz_buf_clear(&row);
		r = hz_cur_next(c, &found, &k, &kn, &p, &n);
		r = r == HZ_OK && found ? hz_row_open(w->v, HZ_T_META, k, kn, p, n, &row) : r;
	}
	hz_cur_close(&c);
	hz_buf_done(&row);
	return r;
}

/* --- exhibits ---------------------------------------------------------------------------------------- */

HZ_RESULT
hz_exhibit_get(struct hz_view *w, uint64_t no, struct hz_exhibit *ret)
{
	const uint8_t *p = NULL;
	size_t n = 0;
	uint8_t k[HZ_EXHIBIT_KEY_MAX];
	enum hz_err r = hz_get(w->t, HZ_T_EXHIBITS, k, hz_exhibit_key_put(no, k), &p, &n);
	if (r == HZ_ERR_NOT_FOUND) {
		char text[HZ_NUMBER_MAX];
		hz_number_text(w->v->info.desk, no, text);
		return hz_fail(HZ_MSG_NO_EXHIBIT, "%s", text);
	}
	HZ_TRY(r);
	return hz_exhibit_row_read(w->v, no, p, n, ret);
}

HZ_RESULT
hz_exhibit_find(struct hz_view *w, const char *id, struct hz_exhibit *ret)
{
	struct hz_vault *v = w->v;
	size_t dn = strlen(v->info.desk), n = strlen(id);
	uint64_t no = 0;
	if (n == HZ_ID_TEXT - 1 && memcmp(id, "ex-", 3) == 0) {
		uint8_t ex[16], key[32];
		if (hz_unhex(id + 3, 32, ex, 16) == HZ_OK) {
			hz_index_key(v, HZ_GENERAL, HZ_IX_EX, ex, 16, key);
			HZ_TRY(hz_index_get(v, w->t, key, &no));
		}
	} else if (n > dn + 1 && strncasecmp(id, v->info.desk, dn) == 0 && id[dn] == '-') {
		no = hz_number_read(id + dn + 1);
	}
	if (no == 0) {
		return hz_fail(HZ_MSG_NO_EXHIBIT, "%.80s", id);
	}
	return hz_exhibit_get(w, no, ret);
}

/* The row at or after a counter, among those of its kind: derived ones, or the others. */
static enum hz_err
exhibit_at(struct hz_view *w, uint64_t *no, bool *ret_found, const uint8_t **ret_p, size_t *ret_n)
{
	struct hz_cur *c = NULL;
	const uint8_t *k = NULL;
	size_t kn = 0;
	uint8_t from[HZ_EXHIBIT_KEY_MAX];
	bool derived = hz_is_derived(*no);
	size_t fn = hz_exhibit_key_put(*no > 0 ? *no : 1, from);
	HZ_TRY(hz_cur_open(w->t, HZ_T_EXHIBITS, &c));
	enum hz_err r = hz_cur_seek(c, from, fn);
	if (r == HZ_OK) {
		r = hz_cur_next(c, ret_found, &k, &kn, ret_p, ret_n);
	}
	if (r == HZ_OK && *ret_found) {
		uint64_t at = 0;
		if (!hz_exhibit_key_get(k, kn, &at)) {
			r = hz_fail(HZ_MSG_VAULT_TAMPERED, "an exhibit key of %zu bytes", kn);
		} else if (hz_is_derived(at) != derived) {
			*ret_found = false;
		} else {
			*no = at;
		}
	}
	hz_cur_close(&c);
	return r;
}

HZ_RESULT
hz_exhibit_next(struct hz_view *w, uint64_t *no, bool *ret_found, struct hz_exhibit *ret)
{
	const uint8_t *p = NULL;
	size_t n = 0;
	HZ_TRY(exhibit_at(w, no, ret_found, &p, &n));
	if (*ret_found) {
		HZ_TRY(hz_exhibit_row_read(w->v, *no, p, n, ret));
		*no = ret->no + 1;
	}
	return HZ_OK;
}

HZ_RESULT
hz_exhibit_next_no(struct hz_view *w, uint64_t *no, bool *ret_found)
{
	const uint8_t *p = NULL;
	size_t n = 0;
	return exhibit_at(w, no, ret_found, &p, &n);
}

/* --- objects ------------------------------------------------------------------------------------------ */

void
hz_object_done(struct hz_object *o)
{
	hz_wipe(o->file_key, sizeof(o->file_key));
	hz_buf_done(&o->opening_text);
	hz_buf_done(&o->addrs);
}

static enum hz_err
load_pages(struct hz_view *w, struct hz_object *o)
{
	struct hz_buf b = HZ_BUF_INIT(131072);
	enum hz_err r = HZ_OK;
	for (uint32_t page = 0; r == HZ_OK && o->addrs.len / 32 < o->segments; page++) {
		uint8_t k[12], ver = 0;
		const uint8_t *p = NULL;
		size_t n = 0;
		hz_be64(k, o->no);
		hz_be32(k + 8, page);
		hz_buf_clear(&b);
		r = hz_row_get(w->v, w->t, HZ_T_OBJECT_PAGES, k, 12, &b);
		struct hz_rd rd = hz_rd_over(b.p, b.len);
		if (r == HZ_OK) {
			r = hz_get_u8(&rd, &ver);
		}
		if (r == HZ_OK) {
			r = hz_get_lp(&rd, HZ_PAGE_ADDRS * 32, &p, &n);
		}
		if (r == HZ_OK) {
			r = hz_rd_end(&rd);
		}
		if (r == HZ_ERR_NOT_FOUND || (r == HZ_OK && (ver != 1 || n == 0 || n % 32 != 0 ||
								o->addrs.len / 32 + n / 32 > o->segments))) {
			r = hz_fail(HZ_MSG_VAULT_TAMPERED, "page %u of an object's addresses", page);
		}
		if (r == HZ_OK) {
			r = hz_buf_put(&o->addrs, p, n);
		}
	}
	hz_buf_done(&b);
	return r;
}

static enum hz_err
open_opening(
    struct hz_view *w, const struct hz_exhibit *e, struct hz_object *o, const uint8_t *sealed, size_t n)
{
	uint8_t xk[32];
	hz_exhibit_key(o->file_key, xk);
	enum hz_err r = hz_exhibit_open(
	    xk, "hirz-opening/v1", w->v->info.vault_id, e->ex, 16, sealed, n, &o->opening_text);
	hz_wipe(xk, 32);
	if (r == HZ_OK) {
		r = hz_opening_read(o->opening_text.p, o->opening_text.len, &o->opening);
	}
	return r;
}

static enum hz_err
unwrap(struct hz_view *w, const uint8_t *h, size_t n, uint8_t file_key[static 16])
{
	struct hz_header_info hi;
	struct hz_epoch_key ek;
	HZ_TRY(hz_header_peek(h, n, &hi));
	if (hi.type != 1) {
		return hz_fail(HZ_MSG_UNSUPPORTED, "a header of type %u", hi.type);
	}
	const uint8_t *key = hz_vault_key(w->v, HZ_KEY_EPOCH, hi.compartment, hi.epoch);
	if (!key) {
		return hz_fail(HZ_MSG_NO_KEY, "compartment %u, epoch %u", hi.compartment, hi.epoch);
	}
	ek.compartment = hi.compartment;
	ek.epoch = hi.epoch;
	memcpy(ek.key, key, 32);
	enum hz_err r = hz_header_unwrap(h, n, &ek, w->v->info.vault_id, file_key);
	hz_wipe(&ek, sizeof(ek));
	return r;
}

static enum hz_err
object_read(struct hz_view *w, const struct hz_exhibit *e, const struct hz_buf *b, struct hz_object *o)
{
	struct hz_rd r = hz_rd_over(b->p, b->len);
	const uint8_t *h = NULL, *op = NULL, *a = NULL;
	size_t hn = 0, on = 0;
	uint8_t ver = 0;
	uint32_t segs = 0;
	HZ_TRY(hz_get_u8(&r, &ver));
	if (ver != 1) {
		return hz_fail(HZ_MSG_VAULT_NEWER, "an object row of version %u", ver);
	}
	HZ_TRY(hz_get_u64(&r, &o->payload));
	HZ_TRY(hz_get_raw(&r, o->root, 32));
	HZ_TRY(hz_get_lp(&r, HZ_OBJ_HEADER_MAX, &h, &hn));
	HZ_TRY(hz_get_lp(&r, 4096, &op, &on));
	HZ_TRY(hz_get_u32(&r, &segs));
	size_t inline_n = segs < HZ_INLINE_ADDRS ? segs : HZ_INLINE_ADDRS;
	HZ_TRY(hz_get_view(&r, inline_n * 32, &a));
	HZ_TRY(hz_rd_end(&r));
	o->segments = segs;
	if (segs != (o->payload + HZ_OBJ_SEGMENT - 1) / HZ_OBJ_SEGMENT) {
		return hz_fail(HZ_MSG_VAULT_TAMPERED, "%u segments for %llu bytes", segs,
		    (unsigned long long)o->payload);
	}
	hz_sha256(h, hn, o->hdr);
	HZ_TRY(hz_buf_put(&o->addrs, a, inline_n * 32));
	HZ_TRY(unwrap(w, h, hn, o->file_key));
	return open_opening(w, e, o, op, on);
}

HZ_RESULT
hz_object_load(struct hz_view *w, const struct hz_exhibit *e, struct hz_object *ret)
{
	struct hz_buf b = HZ_BUF_INIT(131072);
	struct hz_object o = { .no = e->object };
	uint8_t k[8], root[32];
	o.opening_text = (struct hz_buf)HZ_BUF_INIT(HZ_OPENING_MAX);
	o.addrs = (struct hz_buf)HZ_BUF_INIT(SIZE_MAX / 2);
	hz_be64(k, e->object);
	enum hz_err r = hz_row_get(w->v, w->t, HZ_T_OBJECTS, k, 8, &b);
	if (r == HZ_ERR_NOT_FOUND) {
		r = hz_fail(HZ_MSG_VAULT_TAMPERED, "%s has no object row", e->number);
	}
	if (r == HZ_OK) {
		r = object_read(w, e, &b, &o);
	}
	if (r == HZ_OK) {
		r = load_pages(w, &o);
	}
	if (r == HZ_OK) {
		r = hz_object_root(o.addrs.p, o.segments, root);
	}
	if (r == HZ_OK && memcmp(root, o.root, 32) != 0) {
		r = hz_fail(HZ_MSG_VAULT_TAMPERED, "%s: its addresses do not give its root", e->number);
	}
	hz_buf_done(&b);
	if (r != HZ_OK) {
		hz_object_done(&o);
		return r;
	}
	*ret = o;
	return HZ_OK;
}

HZ_RESULT
hz_segment_find(struct hz_view *w, const uint8_t addr[static 32], uint64_t *ret_no)
{
	const uint8_t *p = NULL;
	size_t n = 0;
	HZ_TRY(hz_get(w->t, HZ_T_SEGMENT_INDEX, addr, 32, &p, &n));
	if (n != 8) {
		return hz_fail(HZ_MSG_VAULT_TAMPERED, "a segment index row of %zu bytes", n);
	}
	*ret_no = hz_rd_be64(p);
	return HZ_OK;
}

static enum hz_err
segment_view(struct hz_view *w, const struct hz_object *o, uint64_t i, const uint8_t **ret_p, size_t *ret_n)
{
	uint8_t k[8];
	uint64_t no = 0;
	hz_assert(i < o->segments);
	enum hz_err r = hz_segment_find(w, o->addrs.p + i * 32, &no);
	if (r == HZ_OK) {
		hz_be64(k, no);
		r = hz_get(w->t, HZ_T_SEGMENTS, k, 8, ret_p, ret_n);
	}
	return r == HZ_ERR_NOT_FOUND
		   ? hz_fail(HZ_MSG_CONTENT_DIFFERS, "segment %llu is missing", (unsigned long long)i)
		   : r;
}

HZ_RESULT
hz_object_segment(struct hz_view *w, const struct hz_object *o, uint64_t i, bool check, const uint8_t **ret_p,
    size_t *ret_n)
{
	uint8_t h[32];
	HZ_TRY(segment_view(w, o, i, ret_p, ret_n));
	uint64_t want = i + 1 < o->segments ? HZ_OBJ_SEGMENT : o->payload - i * HZ_OBJ_SEGMENT;
	if (*ret_n != want) {
		return hz_fail(
		    HZ_MSG_CONTENT_DIFFERS, "segment %llu has %zu bytes", (unsigned long long)i, *ret_n);
	}
	if (check) {
		hz_sha256(*ret_p, *ret_n, h);
#ifndef HZ_FAULT_NO_SEGMENT_HASH
		if (memcmp(h, o->addrs.p + i * 32, 32) != 0) {
			return hz_fail(HZ_MSG_CONTENT_DIFFERS, "segment %llu does not have its hash",
			    (unsigned long long)i);
		}
#endif
	}
	return HZ_OK;
}

bool
hz_object_has(struct hz_view *w, const struct hz_object *o, uint64_t i)
{
	struct hz_failure f;
	const uint8_t *p = NULL;
	size_t n = 0;
	hz_fail_save(&f);
	bool has = segment_view(w, o, i, &p, &n) == HZ_OK;
	if (f.msg == HZ_MSG_NONE) {
		hz_fail_clear();
	} else {
		HZ_IGNORE(hz_fail_restore(&f)); /* the caller's own */
	}
	return has;
}

void
hz_object_willneed(struct hz_view *w, const struct hz_object *o, uint64_t i)
{
	const uint8_t *p = NULL;
	size_t n = 0;
	if (i < o->segments && segment_view(w, o, i, &p, &n) == HZ_OK) {
		hz_store_willneed(w->v->store, p, n);
	}
	hz_fail_clear();
}

void
hz_object_dontneed(struct hz_view *w, const uint8_t *p, size_t n)
{
	hz_store_dontneed(w->v->store, p, n);
}

HZ_RESULT
hz_segment_next(struct hz_view *w, uint64_t *no, bool *ret_found, const uint8_t **ret_p, size_t *ret_n)
{
	struct hz_cur *c = NULL;
	const uint8_t *k = NULL;
	size_t kn = 0;
	uint8_t from[8];
	hz_be64(from, *no);
	HZ_TRY(hz_cur_open(w->t, HZ_T_SEGMENTS, &c));
	enum hz_err r = hz_cur_seek(c, from, 8);
	if (r == HZ_OK) {
		r = hz_cur_next(c, ret_found, &k, &kn, ret_p, ret_n);
	}
	if (r == HZ_OK && *ret_found) {
		if (kn != 8) {
			r = hz_fail(HZ_MSG_VAULT_TAMPERED, "a segment key of %zu bytes", kn);
		} else {
			*no = hz_rd_be64(k) + 1;
		}
	}
	hz_cur_close(&c);
	return r;
}

HZ_RESULT
hz_segment_last(struct hz_view *w, uint64_t *ret_no)
{
	return hz_last_segment(w->t, ret_no);
}

HZ_RESULT
hz_segment_count(struct hz_view *w, uint64_t *ret_segments, uint64_t *ret_addresses)
{
	HZ_TRY(hz_table_count(w->t, HZ_T_SEGMENTS, ret_segments));
	return hz_table_count(w->t, HZ_T_SEGMENT_INDEX, ret_addresses);
}

/* --- log ---------------------------------------------------------------------------------------------- */

HZ_RESULT
hz_log_info(struct hz_view *w, uint32_t log, struct hz_log_info *ret)
{
	return hz_log_row_load(w->v, w->t, log, ret, NULL);
}

HZ_RESULT
hz_log_note(struct hz_view *w, uint32_t log, struct hz_buf *out)
{
	struct hz_log_info l;
	struct hz_buf note = HZ_BUF_INIT(HZ_NOTE_MAX);
	enum hz_err r = hz_log_row_load(w->v, w->t, log, &l, &note);
	if (r == HZ_OK) {
		r = hz_buf_put(out, note.p, note.len);
	}
	hz_buf_done(&note);
	return r;
}

static enum hz_err
event_row_read(const struct hz_buf *b, struct hz_links *l, struct hz_buf *out)
{
	struct hz_rd r = hz_rd_over(b->p, b->len);
	uint8_t ver = 0;
	HZ_TRY(hz_get_u8(&r, &ver));
	if (ver != 1) {
		return hz_fail(HZ_MSG_VAULT_NEWER, "an event row of version %u", ver);
	}
	HZ_TRY(hz_get_ref(&r, &l->prev));
	HZ_TRY(hz_get_u64(&r, &l->record));
	HZ_TRY(hz_get_jws(&r, HZ_EVENT_TYP, HZ_EVENT_MAX, out));
	return hz_rd_end(&r);
}

HZ_RESULT
hz_event_load(struct hz_view *w, struct hz_ref at, struct hz_buf *out, struct hz_links *ret_links)
{
	struct hz_buf b = HZ_BUF_INIT(HZ_EVENT_MAX + 1024);
	struct hz_links l = { HZ_REF_NONE, 0 };
	uint8_t k[12];
	hz_be32(k, at.log);
	hz_be64(k + 4, at.index);
	enum hz_err r = hz_row_get(w->v, w->t, HZ_T_EVENTS, k, 12, &b);
	if (r == HZ_ERR_NOT_FOUND) {
		r = hz_fail(HZ_MSG_VAULT_TAMPERED, "event %llu is missing", (unsigned long long)at.index);
	}
	if (r == HZ_OK) {
		r = event_row_read(&b, &l, out);
	}
	hz_buf_done(&b);
	if (r == HZ_OK && ret_links) {
		*ret_links = l;
	}
	return r;
}

HZ_RESULT
hz_log_note_at(struct hz_view *w, uint32_t log, uint64_t size, struct hz_buf *out)
{
	struct hz_buf b = HZ_BUF_INIT(HZ_NOTE_MAX + 64);
	uint8_t k[12], ver = 0;
	const uint8_t *p = NULL;
	size_t n = 0;
	hz_be32(k, log);
	hz_be64(k + 4, size);
	enum hz_err r = hz_row_get(w->v, w->t, HZ_T_CHECKPOINTS, k, 12, &b);
	struct hz_rd rd = hz_rd_over(b.p, b.len);
	r = r == HZ_OK ? hz_get_u8(&rd, &ver) : r;
	r = r == HZ_OK ? hz_get_lp(&rd, HZ_NOTE_MAX, &p, &n) : r;
	r = r == HZ_OK ? hz_rd_end(&rd) : r;
	r = r == HZ_OK ? hz_buf_put(out, p, n) : r;
	hz_buf_done(&b);
	return r;
}

HZ_RESULT
hz_log_tree(struct hz_view *w, uint32_t log, struct hz_tree **ret_t)
{
	struct hz_log_info l;
	HZ_TRY(hz_log_row_load(w->v, w->t, log, &l, NULL));
	struct hz_tiles_over *o = calloc(1, sizeof(*o));
	if (!o) {
		return hz_fail(HZ_MSG_NOMEM, "a tree");
	}
	*o = (struct hz_tiles_over){ w->v, w->t, log, w->trees };
	w->trees = o;
	return hz_tree_over(o, l.size, ret_t);
}

HZ_RESULT
hz_mention_next(
    struct hz_view *w, uint64_t exhibit, struct hz_ref *pos, bool *ret_found, struct hz_ref *ret_at)
{
	struct hz_buf b = HZ_BUF_INIT(ROW_SMALL);
	uint8_t k[20], got[HZ_STORE_KEY_MAX];
	size_t gn = 0;
	hz_be64(k, exhibit);
	hz_be32(k + 8, pos->log);
	hz_be64(k + 12, pos->index);
	enum hz_err r = next_row(w, HZ_T_MENTIONS, k, 20, ret_found, got, &gn, &b);
	hz_buf_done(&b);
	HZ_TRY(r);
	if (*ret_found && (gn != 20 || hz_rd_be64(got) != exhibit)) {
		*ret_found = false;
	}
	if (*ret_found) {
		*ret_at = (struct hz_ref){ hz_rd_be32(got + 8), hz_rd_be64(got + 12) };
		*pos = (struct hz_ref){ ret_at->log, ret_at->index + 1 };
	}
	return HZ_OK;
}

HZ_RESULT
hz_member_info(struct hz_view *w, unsigned i, struct hz_member_info *ret)
{
	struct hz_vault *v = w->v;
	struct hz_member_row row;
	struct hz_member_info m = { .roles = 0 };
	if (i >= v->kr.nmembers) {
		return HZ_ERR_NOT_FOUND;
	}
	const struct hz_kr_member *k = &v->kr.members[i];
	HZ_TRY(hz_member_row_load(v, w->t, k->id, &row));
	hz_id_text("mb-", k->id, m.id);
	(void)snprintf(m.name, sizeof(m.name), "%s", row.name);
	memcpy(m.event_pk, k->event_pk, 32);
	memcpy(m.bundle_pk, k->bundle_pk, 32);
	memcpy(m.x25519_pk, k->x25519_pk, 32);
	m.next_seq = row.next_seq;
	memcpy(m.head, row.head, 32);
	m.head_ref = row.at;
	/* Roles come from the log: event 0 of the first log names the first member's. */
	struct hz_buf jws = HZ_BUF_INIT(HZ_EVENT_MAX);
	struct hz_event *e = calloc(1, sizeof(*e));
	enum hz_err r =
	    e ? hz_event_load(w, (struct hz_ref){ 0, 0 }, &jws, NULL) : hz_fail(HZ_MSG_NOMEM, "an event");
	if (r == HZ_OK) {
		r = hz_event_read(jws.p, jws.len, e);
	}
	if (r == HZ_OK && strcmp(e->init.member, m.id) == 0) {
		m.roles = e->init.roles;
	}
	free(e);
	hz_buf_done(&jws);
	HZ_TRY(r);
	*ret = m;
	return HZ_OK;
}

/* --- cases and receipts --------------------------------------------------------------------------------- */

/* The next row of those whose keys begin with the first `same` of the kn bytes at k: its key, in place of k,
 * and a reader over what follows the row's version. */
static enum hz_err
next_under(struct hz_view *w, unsigned table, uint8_t *k, size_t kn, size_t same, bool *ret_found,
    struct hz_buf *b, struct hz_rd *ret_rd)
{
	uint8_t got[HZ_STORE_KEY_MAX], ver = 0;
	size_t gn = 0;
	bool found = false;
	HZ_TRY(next_row(w, table, k, kn, &found, got, &gn, b));
	*ret_found = found && gn == kn && memcmp(got, k, same) == 0;
	if (!*ret_found) {
		return HZ_OK;
	}
	memcpy(k, got, kn);
	*ret_rd = hz_rd_over(b->p, b->len);
	return hz_get_u8(ret_rd, &ver);
}

HZ_RESULT
hz_receipt_next(struct hz_view *w, uint64_t exhibit, uint32_t *n, bool *ret_found, uint64_t *ret_record)
{
	struct hz_buf b = HZ_BUF_INIT(ROW_SMALL);
	struct hz_rd rd;
	uint8_t k[12];
	hz_be64(k, exhibit);
	hz_be32(k + 8, *n);
	enum hz_err r = next_under(w, HZ_T_RECEIPTS, k, 12, 8, ret_found, &b, &rd);
	if (r == HZ_OK && *ret_found) {
		r = hz_get_u64(&rd, ret_record);
		*n = hz_rd_be32(k + 8) + 1;
	}
	hz_buf_done(&b);
	return r;
}

static enum hz_err
case_read(uint32_t no, const struct hz_buf *b, struct hz_case *ret)
{
	struct hz_rd r = hz_rd_over(b->p, b->len);
	struct hz_case c = { .no = no };
	const uint8_t *p = NULL;
	size_t n = 0;
	uint8_t ver = 0;
	HZ_TRY(hz_get_u8(&r, &ver));
	HZ_TRY(hz_get_u64(&r, &c.record));
	HZ_TRY(hz_get_ref(&r, &c.at));
	HZ_TRY(hz_get_lp(&r, HZ_CASE_MAX, &p, &n));
	HZ_TRY(hz_rd_end(&r));
	memcpy(c.code, p, n);
	*ret = c;
	return ver == 1 ? HZ_OK : hz_fail(HZ_MSG_VAULT_NEWER, "a case row of version %u", ver);
}

HZ_RESULT
hz_case_find(struct hz_view *w, const char *code, struct hz_case *ret)
{
	struct hz_buf b = HZ_BUF_INIT(ROW_SMALL);
	uint8_t key[32], k[4];
	uint64_t no = 0;
	hz_index_key(w->v, HZ_GENERAL, HZ_IX_CASE, code, strlen(code), key);
	HZ_TRY(hz_index_get(w->v, w->t, key, &no));
	if (no == 0 || no > UINT32_MAX) {
		return hz_fail(HZ_MSG_NO_CASE, "%.80s", code);
	}
	hz_be32(k, (uint32_t)no);
	enum hz_err r = hz_row_get(w->v, w->t, HZ_T_CASES, k, 4, &b);
	if (r == HZ_ERR_NOT_FOUND) {
		r = hz_fail(HZ_MSG_VAULT_TAMPERED, "the row of a case is missing");
	}
	if (r == HZ_OK) {
		r = case_read((uint32_t)no, &b, ret);
	}
	hz_buf_done(&b);
	return r;
}

HZ_RESULT
hz_case_next(struct hz_view *w, uint32_t *no, bool *ret_found, struct hz_case *ret)
{
	struct hz_buf b = HZ_BUF_INIT(ROW_SMALL);
	uint8_t k[4], got[HZ_STORE_KEY_MAX];
	size_t gn = 0;
	hz_be32(k, *no);
	enum hz_err r = next_row(w, HZ_T_CASES, k, 4, ret_found, got, &gn, &b);
	if (r == HZ_OK && *ret_found) {
		r = gn == 4 ? case_read(hz_rd_be32(got), &b, ret)
			    : hz_fail(HZ_MSG_VAULT_TAMPERED, "a case key of %zu bytes", gn);
		*no = hz_rd_be32(got) + 1;
	}
	hz_buf_done(&b);
	return r;
}

HZ_RESULT
hz_case_member_next(
    struct hz_view *w, uint32_t case_no, uint64_t *exhibit, bool *ret_found, struct hz_ref *ret_at)
{
	struct hz_buf b = HZ_BUF_INIT(ROW_SMALL);
	struct hz_rd rd;
	uint8_t k[12];
	hz_be32(k, case_no);
	hz_be64(k + 4, *exhibit);
	enum hz_err r = next_under(w, HZ_T_CASE_MEMBERS, k, 12, 4, ret_found, &b, &rd);
	if (r == HZ_OK && *ret_found) {
		r = hz_get_ref(&rd, ret_at);
		*exhibit = hz_rd_be64(k + 4);
	}
	hz_buf_done(&b);
	return r;
}

bool
hz_case_has(struct hz_view *w, uint32_t case_no, uint64_t exhibit)
{
	uint8_t k[12];
	hz_be32(k, case_no);
	hz_be64(k + 4, exhibit);
	return hz_has(w->t, HZ_T_CASE_MEMBERS, k, 12);
}
