/* Learned models kept in the vault [F-11.23]. */
#include "vault/models.h"
#include "vault/write.h"

#include "base/enc.h"
#include <stdio.h>
#include <string.h>

#define KEY_LEN 4

HZ_RESULT
hz_model_row_read(const void *p, size_t n, uint32_t no, struct hz_model_row *ret, const uint8_t **ret_bytes)
{
	struct hz_rd r = hz_rd_over(p, n);
	struct hz_model_row x = { .no = no };
	const uint8_t *engine = NULL, *bytes = NULL;
	size_t len = 0, size = 0;
	uint8_t ver = 0;
	HZ_TRY(hz_get_u8(&r, &ver));
	if (ver != 1) {
		return hz_fail(HZ_MSG_VAULT_NEWER, "a row of a model of version %u", ver);
	}
	HZ_TRY(hz_get_raw(&r, x.set, 32));
	HZ_TRY(hz_get_raw(&r, x.rules, 32));
	HZ_TRY(hz_get_raw(&r, x.sha256, 32));
	HZ_TRY(hz_get_u64(&r, &x.record));
	HZ_TRY(hz_get_ref(&r, &x.at));
	HZ_TRY(hz_get_lp(&r, sizeof(x.engine) - 1, &engine, &len));
	HZ_TRY(hz_get_lp(&r, HZ_MODEL_FILE_MAX, &bytes, &size));
	HZ_TRY(hz_rd_end(&r));
	if (len > 0 && memchr(engine, 0, len)) {
		return hz_fail(HZ_MSG_FORMAT, "a zero byte in a name");
	}
	memcpy(x.engine, engine, len);
	x.size = size;
	*ret = x;
	*ret_bytes = bytes;
	return HZ_OK;
}

static enum hz_err
row_put(const struct hz_model_row *x, const void *bytes, struct hz_buf *out)
{
	HZ_TRY(hz_put_u8(out, 1));
	HZ_TRY(hz_buf_put(out, x->set, 32));
	HZ_TRY(hz_buf_put(out, x->rules, 32));
	HZ_TRY(hz_buf_put(out, x->sha256, 32));
	HZ_TRY(hz_put_u64(out, x->record));
	HZ_TRY(hz_put_ref(out, x->at));
	HZ_TRY(hz_put_lps(out, x->engine));
	return hz_put_lp(out, bytes, (size_t)x->size);
}

/* --- reading ---------------------------------------------------------------------------------------------
 */

static enum hz_err
load(struct hz_view *w, uint32_t no, struct hz_model_row *ret, struct hz_buf *bytes)
{
	struct hz_buf b = HZ_BUF_SECRET_INIT(HZ_MODEL_FILE_MAX + 4096);
	const uint8_t *p = NULL;
	uint8_t k[KEY_LEN], h[32];
	hz_be32(k, no);
	enum hz_err r = hz_row_get(w->v, w->t, HZ_T_MODELS, k, sizeof(k), &b);
	if (r == HZ_ERR_NOT_FOUND) {
		r = hz_fail(HZ_MSG_VAULT_TAMPERED, "model %u is missing", no);
	}
	r = r == HZ_OK ? hz_model_row_read(b.p, b.len, no, ret, &p) : r;
	if (r == HZ_OK) {
		hz_sha256(p, (size_t)ret->size, h);
		if (memcmp(h, ret->sha256, 32) != 0) {
			r = hz_fail(HZ_MSG_VAULT_TAMPERED, "model %u has not its hash", no);
		}
	}
	r = r == HZ_OK && bytes ? hz_buf_put(bytes, p, (size_t)ret->size) : r;
	hz_buf_done(&b);
	return r;
}

HZ_RESULT
hz_model_row_next(
    struct hz_view *w, uint32_t *no, bool *ret_found, struct hz_model_row *ret, struct hz_buf *bytes)
{
	struct hz_cur *c = NULL;
	const uint8_t *k = NULL, *p = NULL;
	size_t kn = 0, n = 0;
	uint8_t from[KEY_LEN];
	uint32_t at = 0;
	hz_be32(from, *no > 0 ? *no : 1);
	HZ_TRY(hz_cur_open(w->t, HZ_T_MODELS, &c));
	enum hz_err r = hz_cur_seek(c, from, sizeof(from));
	r = r == HZ_OK ? hz_cur_next(c, ret_found, &k, &kn, &p, &n) : r;
	if (r == HZ_OK && *ret_found) {
		at = kn == KEY_LEN ? hz_rd_be32(k) : 0;
		if (at == 0) {
			r = hz_fail(HZ_MSG_VAULT_TAMPERED, "a model without a number");
		}
	}
	hz_cur_close(&c);
	if (r == HZ_OK && *ret_found) {
		r = load(w, at, ret, bytes);
		*no = at + 1;
	}
	return r;
}

/* They are numbered without a gap. */
static enum hz_err
count(struct hz_view *w, uint32_t *ret)
{
	uint64_t n = 0;
	HZ_TRY(hz_table_count(w->t, HZ_T_MODELS, &n));
	if (n >= UINT32_MAX) {
		return hz_fail(HZ_MSG_LIMIT, "too many models");
	}
	*ret = (uint32_t)n;
	return HZ_OK;
}

HZ_RESULT
hz_model_row_newest(struct hz_view *w, bool *ret_found, struct hz_model_row *ret, struct hz_buf *bytes)
{
	uint32_t n = 0;
	HZ_TRY(count(w, &n));
	*ret_found = n > 0;
	return n > 0 ? load(w, n, ret, bytes) : HZ_OK;
}

/* --- checking --------------------------------------------------------------------------------------------
 */

static bool
says(const struct hz_record *r, const struct hz_model_row *x)
{
	return hz_record_is(r, "kind", "model") && hz_field_is_number(r, "model.number", x->no) &&
	       hz_field_is_number(r, "model.size", x->size) &&
	       hz_field_is_hash(r, "model.sha256", x->sha256) && hz_record_is(r, "model.engine", x->engine) &&
	       (x->size == 0 || (hz_field_is_hash(r, "model.set", x->set) &&
				    hz_field_is_hash(r, "model.rules", x->rules)));
}

static bool
is_of_row(const struct hz_record_row *row, const struct hz_record *r, const void *arg)
{
	const struct hz_model_row *x = arg;
	return row->kind == HZ_REC_MODEL && hz_row_is_at(row, x->at) && says(r, x);
}

static enum hz_err
record_agrees(struct hz_view *w, const struct hz_model_row *x)
{
	bool agrees = false;
	HZ_TRY(hz_record_ask(w, x->record, is_of_row, x, &agrees));
	return agrees ? HZ_OK : hz_fail(HZ_MSG_VAULT_TAMPERED, "model %u is not what its record says", x->no);
}

HZ_RESULT
hz_model_rows_check(struct hz_view *w)
{
	uint32_t n = 0;
	HZ_TRY(count(w, &n));
	for (uint32_t i = 1; i <= n; i++) {
		struct hz_model_row x;
		HZ_TRY(load(w, i, &x, NULL));
		HZ_TRY(record_agrees(w, &x));
	}
	return HZ_OK;
}

HZ_RESULT
hz_model_record_check(struct hz_view *w, const struct hz_record *rec)
{
	const char *s = hz_record_get(rec, "model.number");
	struct hz_model_row x;
	uint64_t no = 0;
	if (!s || hz_parse_u64(s, strlen(s), UINT32_MAX, &no) != HZ_OK || no == 0) {
		return hz_fail(HZ_MSG_VAULT_TAMPERED, "a model without a number");
	}
	HZ_TRY(load(w, (uint32_t)no, &x, NULL));
	return says(rec, &x) ? HZ_OK
			     : hz_fail(HZ_MSG_VAULT_TAMPERED, "model %u is not what its record says", x.no);
}

/* --- writing ---------------------------------------------------------------------------------------------
 */

static enum hz_err
add_hash(struct hz_record *rec, const char *name, const uint8_t h[static 32])
{
	char hex[65];
	hz_hex(hex, h, 32);
	return hz_record_add(rec, name, hex);
}

static enum hz_err
fields(struct hz_record *rec, const struct hz_new_model *x, const struct hz_model_row *row)
{
	HZ_TRY(hz_record_add(rec, "kind", "model"));
	HZ_TRY(hz_record_add_int(rec, "model.number", row->no));
	HZ_TRY(hz_record_add(rec, "model.engine", row->engine));
	HZ_TRY(hz_record_add_int(rec, "model.size", row->size));
	HZ_TRY(add_hash(rec, "model.sha256", row->sha256));
	if (row->size == 0) {
		return HZ_OK;
	}
	HZ_TRY(add_hash(rec, "model.set", row->set));
	HZ_TRY(add_hash(rec, "model.rules", row->rules));
	HZ_TRY(hz_record_add_int(rec, "model.types", x->types));
	return hz_record_add_int(rec, "model.texts", x->texts);
}

static enum hz_err
model_event(struct hz_batch *b, const struct hz_new_model *x, struct hz_model_row *row)
{
	struct hz_record rec;
	struct hz_record_draft d = { 0 };
	struct hz_new_event ev = { .act = HZ_ACT_RECORD, .kind = HZ_REC_MODEL, .rec = &rec, .draft = &d };
	uint8_t leaf[32];
	hz_record_init(&rec);
	enum hz_err r = fields(&rec, x, row);
	r = r == HZ_OK ? hz_record_draft(&rec, &d) : r;
	r = r == HZ_OK ? hz_batch_event(b, &ev, &row->at, leaf, &row->record) : r;
	hz_record_draft_done(&d);
	hz_record_done(&rec);
	return r;
}

HZ_RESULT
hz_batch_model(struct hz_batch *b, const struct hz_new_model *x, struct hz_model_row *ret)
{
	struct hz_model_row row = { .size = x->size };
	struct hz_buf content = HZ_BUF_SECRET_INIT(HZ_MODEL_FILE_MAX + 4096);
	uint8_t k[KEY_LEN];
	if (x->size > HZ_MODEL_FILE_MAX || strlen(x->engine) >= sizeof(row.engine)) {
		return hz_fail(HZ_MSG_LIMIT, "a model of %zu bytes, or a long name", x->size);
	}
	HZ_TRY(count(&b->view, &row.no));
	row.no++;
	if (x->size > 0) {
		memcpy(row.set, x->set, 32);
		memcpy(row.rules, x->rules, 32);
	}
	hz_sha256(x->bytes, x->size, row.sha256);
	(void)snprintf(row.engine, sizeof(row.engine), "%s", x->engine);
	HZ_TRY(model_event(b, x, &row));
	hz_be32(k, row.no);
	enum hz_err r = row_put(&row, x->bytes, &content);
	r = r == HZ_OK ? hz_row_set(b->v, b->t, HZ_T_MODELS, k, sizeof(k), &content, false) : r;
	hz_buf_done(&content);
	if (r == HZ_OK) {
		*ret = row;
	}
	return r;
}
