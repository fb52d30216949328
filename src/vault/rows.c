/* Contents of rows [F-11.8]: one writer and one strict reader for each. */
#include "vault/internal.h"

#include <stdio.h>
#include <string.h>

#define ROW_SMALL 65536

HZ_RESULT
hz_put_ref(struct hz_buf *b, struct hz_ref r)
{
	HZ_TRY(hz_put_u32(b, r.log));
	return hz_put_u64(b, r.index);
}

HZ_RESULT
hz_get_ref(struct hz_rd *r, struct hz_ref *ret)
{
	HZ_TRY(hz_get_u32(r, &ret->log));
	return hz_get_u64(r, &ret->index);
}

static enum hz_err
get_version(struct hz_rd *r)
{
	uint8_t ver = 0;
	HZ_TRY(hz_get_u8(r, &ver));
	return ver == 1 ? HZ_OK : hz_fail(HZ_MSG_VAULT_NEWER, "a row of version %u", ver);
}

static enum hz_err
get_text(struct hz_rd *r, char *out, size_t size)
{
	const uint8_t *p = NULL;
	size_t n = 0;
	HZ_TRY(hz_get_lp(r, size - 1, &p, &n));
	if (n) {
		memcpy(out, p, n);
	}
	out[n] = '\0';
	return HZ_OK;
}

void
hz_id_text(const char *prefix, const uint8_t id[static 16], char ret[static HZ_ID_TEXT])
{
	memcpy(ret, prefix, 3);
	hz_hex(ret + 3, id, 16);
}

/* Saves the content and frees it. */
static enum hz_err
save(struct hz_vault *v, struct hz_txn *t, unsigned table, const void *k, size_t kn, struct hz_buf *b,
    enum hz_err r, bool append)
{
	if (r == HZ_OK) {
		r = hz_row_set(v, t, table, k, kn, b, append);
	}
	hz_buf_done(b);
	return r;
}

/* --- meta ------------------------------------------------------------------------------------------- */

#define PROFILE_NO_PIN 0x80u /* no pin outside the vault [F-11.8] */

static enum hz_err
put_vault_row(const struct hz_vault *v, uint64_t created, struct hz_buf *b)
{
	HZ_TRY(hz_put_u8(b, 1));
	HZ_TRY(hz_buf_put(b, v->info.vault_id, 16));
	HZ_TRY(hz_put_lps(b, v->info.desk));
	HZ_TRY(hz_put_lps(b, v->info.org));
	HZ_TRY(hz_put_u8(b, v->no_outside_pin ? PROFILE_NO_PIN : 0)); /* office */
	return hz_put_u64(b, created);
}

HZ_RESULT
hz_vault_row_save(struct hz_vault *v, struct hz_txn *t, uint64_t created)
{
	struct hz_buf b = HZ_BUF_INIT(ROW_SMALL);
	uint8_t k[1] = { HZ_META_VAULT };
	return save(v, t, HZ_T_META, k, 1, &b, put_vault_row(v, created, &b), false);
}

static enum hz_err
vault_row_read(struct hz_vault *v, const struct hz_buf *b)
{
	struct hz_rd r = hz_rd_over(b->p, b->len);
	uint8_t id[16], profile = 0;
	uint64_t created = 0;
	HZ_TRY(get_version(&r));
	HZ_TRY(hz_get_raw(&r, id, 16));
	HZ_TRY(get_text(&r, v->info.desk, sizeof(v->info.desk)));
	HZ_TRY(get_text(&r, v->info.org, sizeof(v->info.org)));
	HZ_TRY(hz_get_u8(&r, &profile));
	HZ_TRY(hz_get_u64(&r, &created));
	HZ_TRY(hz_rd_end(&r));
	if (memcmp(id, v->info.vault_id, 16) != 0) {
		return hz_fail(HZ_MSG_VAULT_TAMPERED, "data.mdb belongs to another vault than the keyring");
	}
	v->no_outside_pin = (profile & PROFILE_NO_PIN) != 0;
	return (profile & ~PROFILE_NO_PIN) == 0 ? HZ_OK
						: hz_fail(HZ_MSG_VAULT_NEWER, "vault profile %u", profile);
}

static enum hz_err
put_counters(const struct hz_counters *c, struct hz_buf *b)
{
	HZ_TRY(hz_put_u8(b, 1));
	HZ_TRY(hz_put_u64(b, c->seg_high));
	HZ_TRY(hz_put_u64(b, c->next_exhibit));
	HZ_TRY(hz_put_u64(b, c->next_object));
	HZ_TRY(hz_put_u64(b, c->next_record));
	HZ_TRY(hz_put_u32(b, c->next_case));
	return hz_put_u32(b, c->log);
}

HZ_RESULT
hz_counters_save(struct hz_vault *v, struct hz_txn *t)
{
	struct hz_buf b = HZ_BUF_INIT(ROW_SMALL);
	uint8_t k[1] = { HZ_META_COUNTERS };
	return save(v, t, HZ_T_META, k, 1, &b, put_counters(&v->ct, &b), false);
}

static enum hz_err
counters_read(struct hz_counters *c, const struct hz_buf *b)
{
	struct hz_rd r = hz_rd_over(b->p, b->len);
	HZ_TRY(get_version(&r));
	HZ_TRY(hz_get_u64(&r, &c->seg_high));
	HZ_TRY(hz_get_u64(&r, &c->next_exhibit));
	HZ_TRY(hz_get_u64(&r, &c->next_object));
	HZ_TRY(hz_get_u64(&r, &c->next_record));
	HZ_TRY(hz_get_u32(&r, &c->next_case));
	HZ_TRY(hz_get_u32(&r, &c->log));
	return hz_rd_end(&r);
}

/* A row that must be there: its absence is tampering, not a miss. */
static enum hz_err
must_get(struct hz_vault *v, struct hz_txn *t, unsigned table, const void *k, size_t kn, struct hz_buf *b,
    const char *what)
{
	enum hz_err r = hz_row_get(v, t, table, k, kn, b);
	return r == HZ_ERR_NOT_FOUND ? hz_fail(HZ_MSG_VAULT_TAMPERED, "the row of %s is missing", what) : r;
}

HZ_RESULT
hz_meta_load(struct hz_vault *v, struct hz_txn *t)
{
	struct hz_buf b = HZ_BUF_INIT(ROW_SMALL);
	uint8_t k[1] = { HZ_META_VAULT };
	enum hz_err r = must_get(v, t, HZ_T_META, k, 1, &b, "the vault");
	if (r == HZ_OK) {
		r = vault_row_read(v, &b);
	}
	hz_buf_clear(&b);
	if (r == HZ_OK) {
		k[0] = HZ_META_COUNTERS;
		r = must_get(v, t, HZ_T_META, k, 1, &b, "counters");
	}
	if (r == HZ_OK) {
		r = counters_read(&v->ct, &b);
	}
	hz_buf_done(&b);
	if (r == HZ_OK) {
		r = hz_log_row_load(v, t, v->ct.log, &v->log, &v->note);
	}
	for (uint32_t c = HZ_GENERAL; r == HZ_OK && c <= HZ_IDENTITIES; c++) {
		r = hz_epoch_load(v, t, c);
	}
	return r;
}

static void
log_key(uint32_t no, uint8_t k[static 5])
{
	k[0] = HZ_META_LOG;
	hz_be32(k + 1, no);
}

static enum hz_err
put_log(const struct hz_log_info *l, const struct hz_buf *note, struct hz_buf *b)
{
	HZ_TRY(hz_put_u8(b, 1));
	HZ_TRY(hz_buf_put(b, l->id, 4));
	HZ_TRY(hz_put_lps(b, l->vkey));
	HZ_TRY(hz_put_u64(b, l->size));
	HZ_TRY(hz_buf_put(b, l->root, 32));
	HZ_TRY(hz_put_u8(b, l->closed ? 1 : 0));
	HZ_TRY(hz_put_lp(b, note->p, note->len));
	return hz_buf_put(b, l->event0, 32);
}

HZ_RESULT
hz_log_row_save(struct hz_vault *v, struct hz_txn *t, const struct hz_log_info *l, const struct hz_buf *note)
{
	struct hz_buf b = HZ_BUF_INIT(ROW_SMALL);
	uint8_t k[5];
	log_key(l->no, k);
	return save(v, t, HZ_T_META, k, 5, &b, put_log(l, note, &b), false);
}

static enum hz_err
log_read(const struct hz_vault *v, struct hz_log_info *l, struct hz_buf *note, const struct hz_buf *b)
{
	struct hz_rd r = hz_rd_over(b->p, b->len);
	const uint8_t *p = NULL;
	size_t n = 0;
	uint8_t closed = 0;
	char hex[9];
	HZ_TRY(get_version(&r));
	HZ_TRY(hz_get_raw(&r, l->id, 4));
	HZ_TRY(get_text(&r, l->vkey, sizeof(l->vkey)));
	HZ_TRY(hz_get_u64(&r, &l->size));
	HZ_TRY(hz_get_raw(&r, l->root, 32));
	HZ_TRY(hz_get_u8(&r, &closed));
	HZ_TRY(hz_get_lp(&r, HZ_NOTE_MAX, &p, &n));
	HZ_TRY(hz_get_raw(&r, l->event0, 32));
	HZ_TRY(hz_rd_end(&r));
	l->closed = closed != 0;
	hz_hex(hex, l->id, 4);
	(void)snprintf(l->origin, sizeof(l->origin), "hirz.invalid/%s/%s", v->info.vault_hex, hex);
	if (note) {
		hz_buf_clear(note);
		HZ_TRY(hz_buf_put(note, p, n));
	}
	return HZ_OK;
}

HZ_RESULT
hz_log_row_load(
    struct hz_vault *v, struct hz_txn *t, uint32_t no, struct hz_log_info *ret, struct hz_buf *note)
{
	struct hz_buf b = HZ_BUF_INIT(ROW_SMALL);
	struct hz_log_info l = { .no = no };
	uint8_t k[5];
	log_key(no, k);
	enum hz_err r = hz_row_get(v, t, HZ_T_META, k, 5, &b);
	if (r == HZ_OK) {
		r = log_read(v, &l, note, &b);
	}
	hz_buf_done(&b);
	if (r == HZ_OK) {
		*ret = l;
	}
	return r;
}

static void
actor_key(const struct hz_vault *v, uint8_t k[static 21])
{
	k[0] = HZ_META_ACTOR;
	memcpy(k + 1, v->member, 16);
	hz_be32(k + 17, v->log.no);
}

HZ_RESULT
hz_actor_load(struct hz_vault *v, struct hz_txn *t, struct hz_actor *ret)
{
	struct hz_buf b = HZ_BUF_INIT(ROW_SMALL);
	uint8_t k[21];
	struct hz_actor a = { 0 };
	actor_key(v, k);
	enum hz_err r = hz_row_get(v, t, HZ_T_META, k, 21, &b);
	if (r == HZ_ERR_NOT_FOUND) {
		*ret = a;
		return HZ_OK;
	}
	struct hz_rd rd = hz_rd_over(b.p, b.len);
	if (r == HZ_OK) {
		r = get_version(&rd);
	}
	if (r == HZ_OK) {
		r = hz_get_u64(&rd, &a.next);
	}
	if (r == HZ_OK) {
		r = hz_get_raw(&rd, a.head, 32);
	}
	if (r == HZ_OK) {
		r = hz_rd_end(&rd);
	}
	hz_buf_done(&b);
	if (r == HZ_OK) {
		*ret = a;
	}
	return r;
}

HZ_RESULT
hz_actor_save(struct hz_vault *v, struct hz_txn *t, const struct hz_actor *a)
{
	struct hz_buf b = HZ_BUF_INIT(ROW_SMALL);
	uint8_t k[21];
	actor_key(v, k);
	enum hz_err r = hz_put_u8(&b, 1);
	if (r == HZ_OK) {
		r = hz_put_u64(&b, a->next);
	}
	if (r == HZ_OK) {
		r = hz_buf_put(&b, a->head, 32);
	}
	return save(v, t, HZ_T_META, k, 21, &b, r, false);
}

static void
member_key(const uint8_t id[static 16], uint8_t k[static 17])
{
	k[0] = HZ_META_MEMBER;
	memcpy(k + 1, id, 16);
}

static enum hz_err
member_read(const struct hz_buf *b, struct hz_member_row *m)
{
	struct hz_rd r = hz_rd_over(b->p, b->len);
	HZ_TRY(get_version(&r));
	HZ_TRY(hz_get_u64(&r, &m->next_seq));
	HZ_TRY(hz_get_raw(&r, m->head, 32));
	HZ_TRY(hz_get_ref(&r, &m->at));
	HZ_TRY(get_text(&r, m->name, sizeof(m->name)));
	return hz_rd_end(&r);
}

HZ_RESULT
hz_member_row_load(
    struct hz_vault *v, struct hz_txn *t, const uint8_t id[static 16], struct hz_member_row *ret)
{
	struct hz_buf b = HZ_BUF_INIT(ROW_SMALL);
	struct hz_member_row m = { 0 };
	uint8_t k[17];
	member_key(id, k);
	enum hz_err r = must_get(v, t, HZ_T_META, k, 17, &b, "a member");
	if (r == HZ_OK) {
		r = member_read(&b, &m);
	}
	hz_buf_done(&b);
	if (r == HZ_OK) {
		*ret = m;
	}
	return r;
}

static enum hz_err
put_member(const struct hz_member_row *m, struct hz_buf *b)
{
	HZ_TRY(hz_put_u8(b, 1));
	HZ_TRY(hz_put_u64(b, m->next_seq));
	HZ_TRY(hz_buf_put(b, m->head, 32));
	HZ_TRY(hz_put_ref(b, m->at));
	return hz_put_lps(b, m->name);
}

HZ_RESULT
hz_member_row_save(
    struct hz_vault *v, struct hz_txn *t, const uint8_t id[static 16], const struct hz_member_row *m)
{
	struct hz_buf b = HZ_BUF_INIT(ROW_SMALL);
	uint8_t k[17];
	member_key(id, k);
	return save(v, t, HZ_T_META, k, 17, &b, put_member(m, &b), false);
}

static void
epoch_key(uint32_t compartment, uint8_t k[static 5])
{
	k[0] = HZ_META_EPOCH;
	hz_be32(k + 1, compartment);
}

static enum hz_err
epoch_read(const struct hz_buf *b, struct hz_epoch_state *e)
{
	struct hz_rd r = hz_rd_over(b->p, b->len);
	HZ_TRY(get_version(&r));
	HZ_TRY(hz_get_u32(&r, &e->epoch));
	HZ_TRY(hz_get_u32(&r, &e->objects));
	HZ_TRY(hz_get_u64(&r, &e->begun));
	HZ_TRY(get_text(&r, e->name, sizeof(e->name)));
	return hz_rd_end(&r);
}

HZ_RESULT
hz_epoch_load(struct hz_vault *v, struct hz_txn *t, uint32_t compartment)
{
	struct hz_buf b = HZ_BUF_INIT(ROW_SMALL);
	struct hz_epoch_state e = { .compartment = compartment };
	uint8_t k[5];
	epoch_key(compartment, k);
	enum hz_err r = must_get(v, t, HZ_T_META, k, 5, &b, "a compartment");
	if (r == HZ_OK) {
		r = epoch_read(&b, &e);
	}
	hz_buf_done(&b);
	if (r == HZ_OK) {
		v->epoch[compartment] = e;
	}
	return r;
}

static enum hz_err
put_epoch(const struct hz_epoch_state *e, struct hz_buf *b)
{
	HZ_TRY(hz_put_u8(b, 1));
	HZ_TRY(hz_put_u32(b, e->epoch));
	HZ_TRY(hz_put_u32(b, e->objects));
	HZ_TRY(hz_put_u64(b, e->begun));
	return hz_put_lps(b, e->name);
}

HZ_RESULT
hz_epoch_save(struct hz_vault *v, struct hz_txn *t, uint32_t compartment)
{
	struct hz_buf b = HZ_BUF_INIT(ROW_SMALL);
	uint8_t k[5];
	epoch_key(compartment, k);
	return save(v, t, HZ_T_META, k, 5, &b, put_epoch(&v->epoch[compartment], &b), false);
}

HZ_RESULT
hz_keyring_row_load(struct hz_vault *v, struct hz_txn *t, struct hz_keyring_row *ret)
{
	struct hz_buf b = HZ_BUF_INIT(ROW_SMALL);
	struct hz_keyring_row kr = { 0 };
	uint8_t k[1] = { HZ_META_KEYRING };
	enum hz_err r = must_get(v, t, HZ_T_META, k, 1, &b, "the keyring");
	struct hz_rd rd = hz_rd_over(b.p, b.len);
	if (r == HZ_OK) {
		r = get_version(&rd);
	}
	if (r == HZ_OK) {
		r = hz_get_raw(&rd, kr.hash, 32);
	}
	if (r == HZ_OK) {
		r = hz_get_ref(&rd, &kr.at);
	}
	if (r == HZ_OK) {
		r = hz_rd_end(&rd);
	}
	hz_buf_done(&b);
	if (r == HZ_OK) {
		*ret = kr;
	}
	return r;
}

HZ_RESULT
hz_keyring_row_save(struct hz_vault *v, struct hz_txn *t, const struct hz_keyring_row *kr)
{
	struct hz_buf b = HZ_BUF_INIT(ROW_SMALL);
	uint8_t k[1] = { HZ_META_KEYRING };
	enum hz_err r = hz_put_u8(&b, 1);
	if (r == HZ_OK) {
		r = hz_buf_put(&b, kr->hash, 32);
	}
	if (r == HZ_OK) {
		r = hz_put_ref(&b, kr->at);
	}
	return save(v, t, HZ_T_META, k, 1, &b, r, false);
}

/* --- exhibits, records ------------------------------------------------------------------------------- */

static enum hz_err
exhibit_get_fields(struct hz_rd *r, struct hz_exhibit *e)
{
	uint64_t sealed = 0;
	HZ_TRY(get_version(r));
	HZ_TRY(hz_get_raw(r, e->ex, 16));
	HZ_TRY(hz_get_u64(r, &e->object));
	HZ_TRY(hz_get_u64(r, &e->record));
	HZ_TRY(hz_get_u32(r, &e->compartment));
	HZ_TRY(hz_get_u8(r, &e->state));
	HZ_TRY(hz_get_u8(r, &e->consent));
	HZ_TRY(hz_get_u64(r, &sealed));
	HZ_TRY(hz_get_u64(r, &e->size));
	HZ_TRY(hz_get_u32(r, &e->receipts));
	HZ_TRY(hz_get_u64(r, &e->next_seq));
	HZ_TRY(hz_get_raw(r, e->head, 32));
	HZ_TRY(hz_get_ref(r, &e->head_ref));
	HZ_TRY(hz_get_ref(r, &e->first_ref));
	e->sealed_at = (int64_t)sealed;
	return hz_rd_end(r);
}

HZ_RESULT
hz_exhibit_row_read(struct hz_vault *v, uint64_t no, const uint8_t *p, size_t n, struct hz_exhibit *ret)
{
	struct hz_buf b = HZ_BUF_INIT(ROW_SMALL);
	struct hz_exhibit e = { .no = no };
	uint8_t k[HZ_EXHIBIT_KEY_MAX];
	size_t kn = hz_exhibit_key_put(no, k);
	enum hz_err r = hz_row_open(v, HZ_T_EXHIBITS, k, kn, p, n, &b);
	struct hz_rd rd = hz_rd_over(b.p, b.len);
	if (r == HZ_OK) {
		r = exhibit_get_fields(&rd, &e);
	}
	hz_buf_done(&b);
	if (r == HZ_OK) {
		hz_number_text(v->info.desk, no, e.number);
		hz_id_text("ex-", e.ex, e.ex_text);
		*ret = e;
	}
	return r;
}

static enum hz_err
put_exhibit(const struct hz_exhibit *e, struct hz_buf *b)
{
	HZ_TRY(hz_put_u8(b, 1));
	HZ_TRY(hz_buf_put(b, e->ex, 16));
	HZ_TRY(hz_put_u64(b, e->object));
	HZ_TRY(hz_put_u64(b, e->record));
	HZ_TRY(hz_put_u32(b, e->compartment));
	HZ_TRY(hz_put_u8(b, e->state));
	HZ_TRY(hz_put_u8(b, e->consent));
	HZ_TRY(hz_put_u64(b, (uint64_t)e->sealed_at));
	HZ_TRY(hz_put_u64(b, e->size));
	HZ_TRY(hz_put_u32(b, e->receipts));
	HZ_TRY(hz_put_u64(b, e->next_seq));
	HZ_TRY(hz_buf_put(b, e->head, 32));
	HZ_TRY(hz_put_ref(b, e->head_ref));
	return hz_put_ref(b, e->first_ref);
}

HZ_RESULT
hz_exhibit_row_save(struct hz_vault *v, struct hz_txn *t, const struct hz_exhibit *e, bool append)
{
	struct hz_buf b = HZ_BUF_INIT(ROW_SMALL);
	uint8_t k[HZ_EXHIBIT_KEY_MAX];
	size_t kn = hz_exhibit_key_put(e->no, k);
	return save(v, t, HZ_T_EXHIBITS, k, kn, &b, put_exhibit(e, &b), append && !hz_is_derived(e->no));
}

static enum hz_err
put_record(const struct hz_record_row *r, bool sealed, struct hz_buf *b)
{
	HZ_TRY(hz_put_u8(b, 1));
	HZ_TRY(hz_buf_put(b, r->rid, 16));
	HZ_TRY(hz_put_u32(b, r->ver));
	HZ_TRY(hz_put_u8(b, r->kind));
	HZ_TRY(hz_put_u64(b, r->exhibit));
	HZ_TRY(hz_put_jws(b, HZ_RECORD_TYP, r->jwt.p, r->jwt.len));
	HZ_TRY(hz_put_u8(b, sealed ? 1 : 0));
	HZ_TRY(hz_put_lp(b, r->disclosures.p, r->disclosures.len));
	return hz_put_ref(b, r->at);
}

HZ_RESULT
hz_record_row_save(struct hz_vault *v, struct hz_txn *t, const struct hz_record_row *r, bool sealed)
{
	struct hz_buf b = HZ_BUF_INIT(2 * (size_t)HZ_RECORD_MAX);
	uint8_t k[8];
	hz_be64(k, r->no);
	return save(v, t, HZ_T_RECORDS, k, 8, &b, put_record(r, sealed, &b), true);
}
