/* Records out of the vault: row, envelope, disclosures; and the check of an exhibit's row against the log. */
#include "vault/internal.h"

#include <stdlib.h>
#include <string.h>

void
hz_record_row_done(struct hz_record_row *r)
{
	hz_buf_done(&r->jwt);
	hz_buf_done(&r->disclosures);
}

static enum hz_err
row_read(
    const struct hz_buf *b, struct hz_record_row *r, bool *ret_sealed, const uint8_t **ret_d, size_t *ret_dn)
{
	struct hz_rd rd = hz_rd_over(b->p, b->len);
	uint8_t ver = 0, sealed = 0;
	HZ_TRY(hz_get_u8(&rd, &ver));
	if (ver != 1) {
		return hz_fail(HZ_MSG_VAULT_NEWER, "a record row of version %u", ver);
	}
	HZ_TRY(hz_get_raw(&rd, r->rid, 16));
	HZ_TRY(hz_get_u32(&rd, &r->ver));
	HZ_TRY(hz_get_u8(&rd, &r->kind));
	HZ_TRY(hz_get_u64(&rd, &r->exhibit));
	HZ_TRY(hz_get_jws(&rd, HZ_RECORD_TYP, HZ_RECORD_MAX, &r->jwt));
	HZ_TRY(hz_get_u8(&rd, &sealed));
	HZ_TRY(hz_get_lp(&rd, HZ_RECORD_MAX, ret_d, ret_dn));
	HZ_TRY(hz_get_ref(&rd, &r->at));
	*ret_sealed = sealed == 1;
	return hz_rd_end(&rd);
}

/* Disclosures of what describes one exhibit lie under that exhibit's key [F-6.7]. */
static enum hz_err
open_disclosures(struct hz_view *w, struct hz_record_row *r, const uint8_t *d, size_t dn)
{
	struct hz_exhibit e;
	struct hz_object o;
	uint8_t ctx[20], xk[32];
	HZ_TRY(hz_exhibit_get(w, r->exhibit, &e));
	HZ_TRY(hz_object_load(w, &e, &o));
	hz_exhibit_key(o.file_key, xk);
	hz_object_done(&o);
	memcpy(ctx, r->rid, 16);
	hz_be32(ctx + 16, r->ver);
	struct hz_buf packed = HZ_BUF_SECRET_INIT(HZ_RECORD_MAX);
	enum hz_err res =
	    hz_exhibit_open(xk, "hirz-disclosures/v1", w->v->info.vault_id, ctx, sizeof(ctx), d, dn, &packed);
	hz_wipe(xk, 32);
	res = res == HZ_OK ? hz_unpack_disclosures(packed.p, packed.len, &r->disclosures) : res;
	hz_buf_done(&packed);
	return res;
}

HZ_RESULT
hz_record_load(struct hz_view *w, uint64_t no, struct hz_record_row *ret)
{
	struct hz_buf b = HZ_BUF_INIT(2 * (size_t)HZ_RECORD_MAX);
	struct hz_record_row r = { .no = no };
	const uint8_t *d = NULL;
	size_t dn = 0;
	bool sealed = false;
	uint8_t k[8];
	r.jwt = (struct hz_buf)HZ_BUF_INIT(HZ_RECORD_MAX);
	r.disclosures = (struct hz_buf)HZ_BUF_INIT(HZ_RECORD_MAX);
	hz_be64(k, no);
	enum hz_err res = hz_row_get(w->v, w->t, HZ_T_RECORDS, k, 8, &b);
	if (res == HZ_ERR_NOT_FOUND) {
		res = hz_fail(HZ_MSG_VAULT_TAMPERED, "record %llu is missing", (unsigned long long)no);
	}
	if (res == HZ_OK) {
		res = row_read(&b, &r, &sealed, &d, &dn);
	}
	if (res == HZ_OK) {
		res = sealed ? open_disclosures(w, &r, d, dn) : hz_unpack_disclosures(d, dn, &r.disclosures);
	}
	hz_buf_done(&b);
	if (res != HZ_OK) {
		hz_record_row_done(&r);
		return res;
	}
	*ret = r;
	return HZ_OK;
}

static enum hz_err
verify_by_member(struct hz_view *w, const struct hz_buf *jwt, const char *kid)
{
	char k[HZ_KID_LEN + 1];
	for (size_t i = 0; i < w->v->kr.nmembers; i++) {
		hz_kid(w->v->kr.members[i].event_pk, k);
		if (strcmp(k, kid) == 0) {
			return hz_jws_verify(jwt->p, jwt->len, w->v->kr.members[i].event_pk);
		}
	}
	return hz_fail(HZ_MSG_VAULT_TAMPERED, "a record is signed by nobody known");
}

HZ_RESULT
hz_record_fields(struct hz_view *w, const struct hz_record_row *row, struct hz_record *ret_r)
{
	struct hz_buf payload = HZ_BUF_INIT(HZ_RECORD_MAX);
	char kid[HZ_KID_LEN + 1];
	enum hz_err r = hz_jws_parse("hirz-record+sd-jwt", row->jwt.p, row->jwt.len, kid, &payload);
	if (r == HZ_OK) {
		r = verify_by_member(w, &row->jwt, kid);
	}
	if (r == HZ_OK) {
		r = hz_record_read(
		    payload.p, payload.len, (const char *)row->disclosures.p, row->disclosures.len, ret_r);
	}
	hz_buf_done(&payload);
	return r;
}

/* For lists: the record was signed and checked when it was written and lies under an authenticated row; the
 * signature is checked where it matters (show, open, export, verify). */
HZ_RESULT
hz_exhibit_fields(struct hz_view *w, const struct hz_exhibit *e, struct hz_record *ret_r)
{
	struct hz_record_row row;
	struct hz_buf payload = HZ_BUF_INIT(HZ_RECORD_MAX);
	char kid[HZ_KID_LEN + 1];
	HZ_TRY(hz_record_load(w, e->record, &row));
	enum hz_err r = row.exhibit == e->no
			    ? HZ_OK
			    : hz_fail(HZ_MSG_VAULT_TAMPERED, "%s: its record is another's", e->number);
	if (r == HZ_OK) {
		r = hz_jws_parse("hirz-record+sd-jwt", row.jwt.p, row.jwt.len, kid, &payload);
	}
	if (r == HZ_OK) {
		r = hz_record_read(
		    payload.p, payload.len, (const char *)row.disclosures.p, row.disclosures.len, ret_r);
	}
	hz_buf_done(&payload);
	hz_record_row_done(&row);
	return r;
}

/* --- an exhibit's row against the log ----------------------------------------------------------------------
 */

static enum hz_err
event_at(struct hz_view *w, struct hz_ref at, struct hz_event *e, uint8_t leaf[static 32])
{
	struct hz_buf jws = HZ_BUF_INIT(HZ_EVENT_MAX);
	enum hz_err r = hz_event_load(w, at, &jws, NULL);
	if (r == HZ_OK) {
		hz_leaf_hash(jws.p, jws.len, leaf);
		r = hz_event_read(jws.p, jws.len, e);
	}
	hz_buf_done(&jws);
	return r;
}

/* A derived exhibit names the commitment of the one whose number it bears. */
static enum hz_err
check_origin(struct hz_view *w, const struct hz_exhibit *x, const struct hz_event *e)
{
	struct hz_exhibit origin;
	struct hz_object o;
	uint8_t com[32];
	HZ_TRY(hz_exhibit_get(w, hz_derived_origin(x->no), &origin));
	HZ_TRY(hz_object_load(w, &origin, &o));
	hz_sha256(o.opening_text.p, o.opening_text.len, com);
	hz_object_done(&o);
	return e->has_src && memcmp(com, e->src, 32) == 0
		   ? HZ_OK
		   : hz_fail(
			 HZ_MSG_VAULT_TAMPERED, "%s: it is not derived from %s", x->number, origin.number);
}

static enum hz_err
check_acquire(struct hz_view *w, const struct hz_exhibit *x, const struct hz_event *e)
{
	struct hz_record_row row;
	struct hz_object o;
	uint8_t h[32], com[32];
	bool derived = hz_is_derived(x->no);
	if (e->act != (derived ? HZ_ACT_DERIVE : HZ_ACT_ACQUIRE) || strcmp(e->ex, x->ex_text) != 0) {
		return hz_fail(
		    HZ_MSG_VAULT_TAMPERED, "%s: its first event is not its own acquisition", x->number);
	}
	if (derived) {
		HZ_TRY(check_origin(w, x, e));
	}
	HZ_TRY(hz_object_load(w, x, &o));
	hz_sha256(o.opening_text.p, o.opening_text.len, com);
#ifdef HZ_FAULT_NO_COMMITMENT
	memcpy(com, e->com, 32);
#endif
	bool good = o.payload == e->obj_size && memcmp(o.root, e->obj_root, 32) == 0 &&
		    memcmp(com, e->com, 32) == 0 && memcmp(o.hdr, e->hdr, 32) == 0 &&
		    o.opening.size == x->size;
	hz_object_done(&o);
	if (!good) {
		return hz_fail(HZ_MSG_VAULT_TAMPERED,
		    "%s: object, header or opening are not those of its event", x->number);
	}
	HZ_TRY(hz_record_load(w, x->record, &row));
	hz_sha256(row.jwt.p, row.jwt.len, h);
	bool rec = memcmp(h, e->rec, 32) == 0;
	hz_record_row_done(&row);
	return rec ? HZ_OK
		   : hz_fail(HZ_MSG_VAULT_TAMPERED, "%s: its record is not that of its event", x->number);
}

HZ_RESULT
hz_exhibit_check(struct hz_view *w, const struct hz_exhibit *x)
{
	struct hz_event *e = calloc(1, sizeof(*e));
	uint8_t leaf[32];
	if (!e) {
		return hz_fail(HZ_MSG_NOMEM, "an event");
	}
	enum hz_err r = event_at(w, x->head_ref, e, leaf);
	if (r == HZ_OK &&
	    (strcmp(e->ex, x->ex_text) != 0 || e->seq + 1 != x->next_seq || memcmp(leaf, x->head, 32) != 0)) {
		r = hz_fail(HZ_MSG_VAULT_TAMPERED, "%s: its row and its newest event differ", x->number);
	}
	if (r == HZ_OK) {
		r = event_at(w, x->first_ref, e, leaf);
	}
	if (r == HZ_OK) {
		r = check_acquire(w, x, e);
	}
	free(e);
	return r;
}
