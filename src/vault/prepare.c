/* Records and exhibits before they have a place: what can be made without the batch, so also in a worker. */
#include "vault/write.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void
hz_record_row_init(struct hz_record_row *row, uint8_t kind, uint64_t exhibit)
{
	memset(row, 0, sizeof(*row));
	row->jwt = (struct hz_buf)HZ_BUF_INIT(HZ_RECORD_MAX);
	row->disclosures = (struct hz_buf)HZ_BUF_INIT(HZ_RECORD_MAX);
	row->kind = kind;
	row->exhibit = exhibit;
}

HZ_RESULT
hz_record_sign(struct hz_vault *v, const uint8_t *ex, struct hz_record_draft *d, struct hz_record_row *row)
{
	struct hz_record r;
	struct hz_buf payload = HZ_BUF_INIT(HZ_RECORD_MAX);
	hz_record_init(&r);
	hz_random_nonce(r.rid, 16);
	r.ver = 1;
	(void)snprintf(r.iss, sizeof(r.iss), "%s", v->log.origin);
	enum hz_err res = ex ? hz_record_add_ex(&r, ex) : HZ_OK;
	if (res == HZ_OK) {
		res = hz_record_payload(&r, d, &payload);
	}
	if (res == HZ_OK) {
		res = hz_jws_sign(
		    "hirz-record+sd-jwt", &v->sec->me.event, v->kid, payload.p, payload.len, &row->jwt);
	}
	memcpy(row->rid, r.rid, 16);
	row->ver = 1;
	hz_record_done(&r);
	hz_buf_done(&payload);
	return res;
}

HZ_RESULT
hz_disclosures_seal(struct hz_vault *v, const uint8_t file_key[static 16], const struct hz_record_draft *d,
    struct hz_record_row *row)
{
	struct hz_buf packed = HZ_BUF_SECRET_INIT(HZ_RECORD_MAX);
	uint8_t ctx[20], xk[32];
	hz_exhibit_key(file_key, xk);
	memcpy(ctx, row->rid, 16);
	hz_be32(ctx + 16, row->ver);
	enum hz_err r = hz_pack_disclosures(&d->disclosures, &packed);
	if (r == HZ_OK) {
		r = hz_exhibit_seal(xk, "hirz-disclosures/v1", v->info.vault_id, ctx, sizeof(ctx), packed.p,
		    packed.len, &row->disclosures);
	}
	hz_wipe(xk, 32);
	hz_buf_done(&packed);
	return r;
}

/* The only part that rests on the compartment's key. */
HZ_RESULT
hz_prepare_header(struct hz_vault *v, const struct hz_new_exhibit *x, struct hz_prepared *p)
{
	p->epoch = v->epoch[x->compartment].epoch;
	hz_buf_clear(&p->hdr);
	struct hz_epoch_key ek = { .compartment = p->compartment, .epoch = p->epoch };
	const uint8_t *key = hz_vault_key(v, HZ_KEY_EPOCH, p->compartment, p->epoch);
	if (!key) {
		return hz_fail(HZ_MSG_NO_KEY, "compartment %u, epoch %u", p->compartment, p->epoch);
	}
	memcpy(ek.key, key, 32);
	enum hz_err r = hz_header_wrap(&ek, v->info.vault_id, x->sealed->file_key, &p->hdr);
	hz_wipe(&ek, sizeof(ek));
	HZ_TRY(r);
	hz_sha256(p->hdr.p, p->hdr.len, p->hdr_hash);
	return HZ_OK;
}

static enum hz_err
opening(struct hz_vault *v, const struct hz_new_exhibit *x, struct hz_prepared *p)
{
	struct hz_opening op = { .size = x->sealed->size };
	struct hz_buf text = HZ_BUF_INIT(HZ_OPENING_MAX);
	uint8_t xk[32];
	hz_random(op.salt, 32);
	memcpy(op.sha256, x->sealed->sha256, 32);
	HZ_TRY(hz_opening_write(&op, &text));
	hz_sha256(text.p, text.len, p->com);
	hz_exhibit_key(x->sealed->file_key, xk);
	enum hz_err r = hz_exhibit_seal(
	    xk, "hirz-opening/v1", v->info.vault_id, p->ex, 16, text.p, text.len, &p->sealed_opening);
	hz_wipe(xk, 32);
	hz_buf_done(&text);
	return r;
}

static enum hz_err
record(struct hz_vault *v, const struct hz_new_exhibit *x, struct hz_record_draft *d, struct hz_prepared *p)
{
	if (x->origin != 0) {
		char origin[HZ_NUMBER_MAX];
		hz_number_text(v->info.desk, x->origin, origin);
		HZ_TRY(hz_record_draft_add(d, "derive.from", origin));
	}
	HZ_TRY(hz_record_draft_add(d, "exhibit.number", p->number));
	HZ_TRY(hz_record_sign(v, p->ex, d, &p->rec));
	HZ_TRY(hz_disclosures_seal(v, x->sealed->file_key, d, &p->rec));
	hz_sha256(p->rec.jwt.p, p->rec.jwt.len, p->rec_hash);
	return HZ_OK;
}

HZ_RESULT
hz_prepare(struct hz_vault *v, const struct hz_new_exhibit *x, struct hz_record_draft *d, uint64_t no,
    struct hz_prepared **ret_p)
{
	struct hz_prepared *p = calloc(1, sizeof(*p));
	if (!p) {
		return hz_fail(HZ_MSG_NOMEM, "an exhibit");
	}
	p->no = no;
	p->compartment = x->compartment;
	p->hdr = (struct hz_buf)HZ_BUF_INIT(HZ_OBJ_HEADER_MAX);
	p->sealed_opening = (struct hz_buf)HZ_BUF_INIT(HZ_OPENING_MAX + 64);
	hz_record_row_init(&p->rec, HZ_REC_EXHIBIT, no);
	hz_random_nonce(p->ex, 16);
	hz_id_text("ex-", p->ex, p->ex_text);
	hz_number_text(v->info.desk, no, p->number);
	enum hz_err r = hz_prepare_header(v, x, p);
	if (r == HZ_OK) {
		r = opening(v, x, p);
	}
	if (r == HZ_OK) {
		r = record(v, x, d, p);
	}
	if (r != HZ_OK) {
		hz_prepared_free(&p);
		return r;
	}
	*ret_p = p;
	return HZ_OK;
}

HZ_RESULT
hz_exhibit_prepare(
    struct hz_vault *v, const struct hz_new_exhibit *x, uint64_t no, struct hz_prepared **ret_p)
{
	/* The draft itself stays as it is, in case the guess is wrong. */
	struct hz_record_draft d = { .digests = { .max = x->draft->digests.max },
		.disclosures = { .max = x->draft->disclosures.max },
		.count = x->draft->count,
		.fields = x->draft->fields };
	enum hz_err r = hz_buf_put(&d.digests, x->draft->digests.p, x->draft->digests.len);
	if (r == HZ_OK) {
		r = hz_buf_put(&d.disclosures, x->draft->disclosures.p, x->draft->disclosures.len);
	}
	if (r == HZ_OK) {
		/* Inside the gate: keys may not move nor change meanwhile (rotate.c). */
		hz_gate_enter(v->gate);
		r = hz_prepare(v, x, &d, no, ret_p);
		hz_gate_leave(v->gate);
	}
	hz_record_draft_done(&d);
	return r;
}

void
hz_prepared_free(struct hz_prepared **pp)
{
	struct hz_prepared *p = *pp;
	if (!p) {
		return;
	}
	hz_buf_done(&p->hdr);
	hz_buf_done(&p->sealed_opening);
	hz_record_row_done(&p->rec);
	free(p);
	*pp = NULL;
}
