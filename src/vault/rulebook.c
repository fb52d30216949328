/* Rules files kept in the vault, so that an old tag can always be explained again [F-11.22]. */
#include "vault/tags.h"
#include "vault/write.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PART_MAX ((size_t)1000000) /* of a file in one row */
#define KEY_LEN  8

/* u32 number, u32 part: part 0 is the head, the bytes follow from 1. */
static void
rules_key(uint32_t no, uint32_t part, uint8_t k[static KEY_LEN])
{
	hz_be32(k, no);
	hz_be32(k + 4, part);
}

static void
rules_index(struct hz_vault *v, const uint8_t id[static 32], uint8_t ret[static 32])
{
	hz_index_key(v, HZ_GENERAL, HZ_IX_RULES, id, 32, ret);
}

/* --- contents
 * ------------------------------------------------------------------------------------------------
 */

static enum hz_err
get_text(struct hz_rd *r, char *ret, size_t max)
{
	const uint8_t *p = NULL;
	size_t n = 0;
	HZ_TRY(hz_get_lp(r, max - 1, &p, &n));
	if (memchr(p, 0, n)) {
		return hz_fail(HZ_MSG_FORMAT, "a zero byte in a name");
	}
	memcpy(ret, p, n);
	ret[n] = '\0';
	return HZ_OK;
}

HZ_RESULT
hz_rules_row_read(const void *p, size_t n, uint32_t no, struct hz_rules_row *ret)
{
	struct hz_rd r = hz_rd_over(p, n);
	struct hz_rules_row x = { .no = no };
	uint8_t ver = 0;
	HZ_TRY(hz_get_u8(&r, &ver));
	if (ver != 1) {
		return hz_fail(HZ_MSG_VAULT_NEWER, "a row of rules of version %u", ver);
	}
	HZ_TRY(hz_get_raw(&r, x.id, 32));
	HZ_TRY(hz_get_raw(&r, x.sha256, 32));
	HZ_TRY(hz_get_u64(&r, &x.size));
	HZ_TRY(hz_get_u64(&r, &x.record));
	HZ_TRY(hz_get_ref(&r, &x.at));
	HZ_TRY(get_text(&r, x.name, sizeof(x.name)));
	HZ_TRY(get_text(&r, x.version, sizeof(x.version)));
	HZ_TRY(hz_rd_end(&r));
	if (x.size == 0 || x.size > HZ_RULES_FILE_MAX) {
		return hz_fail(HZ_MSG_LIMIT, "a rules file of %llu bytes", (unsigned long long)x.size);
	}
	*ret = x;
	return HZ_OK;
}

HZ_RESULT
hz_rules_row_put(const struct hz_rules_row *x, struct hz_buf *out)
{
	HZ_TRY(hz_put_u8(out, 1));
	HZ_TRY(hz_buf_put(out, x->id, 32));
	HZ_TRY(hz_buf_put(out, x->sha256, 32));
	HZ_TRY(hz_put_u64(out, x->size));
	HZ_TRY(hz_put_u64(out, x->record));
	HZ_TRY(hz_put_ref(out, x->at));
	HZ_TRY(hz_put_lps(out, x->name));
	return hz_put_lps(out, x->version);
}

/* --- reading
 * -------------------------------------------------------------------------------------------------
 */

HZ_RESULT
hz_rules_row_get(struct hz_view *w, uint32_t no, struct hz_rules_row *ret)
{
	struct hz_buf b = HZ_BUF_INIT(4096);
	uint8_t k[KEY_LEN];
	rules_key(no, 0, k);
	enum hz_err r = hz_row_get(w->v, w->t, HZ_T_RULES, k, sizeof(k), &b);
	if (r == HZ_ERR_NOT_FOUND) {
		r = hz_fail(HZ_MSG_VAULT_TAMPERED, "rules file %u is missing", no);
	}
	r = r == HZ_OK ? hz_rules_row_read(b.p, b.len, no, ret) : r;
	hz_buf_done(&b);
	return r;
}

HZ_RESULT
hz_rules_row_next(struct hz_view *w, uint32_t *no, bool *ret_found, struct hz_rules_row *ret)
{
	struct hz_cur *c = NULL;
	const uint8_t *k = NULL, *p = NULL;
	size_t kn = 0, n = 0;
	uint8_t from[KEY_LEN];
	uint32_t at = 0;
	rules_key(*no > 0 ? *no : 1, 0, from);
	HZ_TRY(hz_cur_open(w->t, HZ_T_RULES, &c));
	enum hz_err r = hz_cur_seek(c, from, sizeof(from));
	r = r == HZ_OK ? hz_cur_next(c, ret_found, &k, &kn, &p, &n) : r;
	if (r == HZ_OK && *ret_found) {
		at = kn == KEY_LEN ? hz_rd_be32(k) : 0;
		if (at == 0 || hz_rd_be32(k + 4) != 0) {
			r = hz_fail(HZ_MSG_VAULT_TAMPERED, "a rules file without its head");
		}
	}
	hz_cur_close(&c);
	if (r == HZ_OK && *ret_found) {
		r = hz_rules_row_get(w, at, ret);
		*no = at + 1;
	}
	return r;
}

HZ_RESULT
hz_rules_row_find(struct hz_view *w, const uint8_t id[static 32], bool *ret_found, struct hz_rules_row *ret)
{
	uint8_t key[32];
	uint64_t no = 0;
	rules_index(w->v, id, key);
	HZ_TRY(hz_index_get(w->v, w->t, key, &no));
	*ret_found = no != 0;
	if (no == 0) {
		return HZ_OK;
	}
	if (no > UINT32_MAX) {
		return hz_fail(HZ_MSG_VAULT_TAMPERED, "an index row leads to no rules file");
	}
	HZ_TRY(hz_rules_row_get(w, (uint32_t)no, ret));
	return memcmp(ret->id, id, 32) == 0
		   ? HZ_OK
		   : hz_fail(HZ_MSG_VAULT_TAMPERED, "an index row leads to another rules file");
}

static enum hz_err
part(struct hz_view *w, uint32_t no, uint32_t i, struct hz_buf *row, struct hz_buf *out)
{
	uint8_t k[KEY_LEN], ver = 0;
	const uint8_t *p = NULL;
	size_t n = 0;
	rules_key(no, i, k);
	hz_buf_clear(row);
	enum hz_err r = hz_row_get(w->v, w->t, HZ_T_RULES, k, sizeof(k), row);
	if (r == HZ_ERR_NOT_FOUND) {
		return hz_fail(HZ_MSG_VAULT_TAMPERED, "part %u of rules file %u is missing", i, no);
	}
	HZ_TRY(r);
	struct hz_rd rd = hz_rd_over(row->p, row->len);
	HZ_TRY(hz_get_u8(&rd, &ver));
	HZ_TRY(hz_get_lp(&rd, PART_MAX, &p, &n));
	HZ_TRY(hz_rd_end(&rd));
	return ver == 1 ? hz_buf_put(out, p, n)
			: hz_fail(HZ_MSG_VAULT_NEWER, "a row of rules of version %u", ver);
}

HZ_RESULT
hz_rules_bytes(struct hz_view *w, const struct hz_rules_row *x, struct hz_buf *out)
{
	struct hz_buf row = HZ_BUF_INIT((size_t)1 << 20);
	size_t start = out->len;
	uint8_t h[32];
	uint32_t parts = (uint32_t)((x->size + PART_MAX - 1) / PART_MAX);
	enum hz_err r = HZ_OK;
	for (uint32_t i = 1; r == HZ_OK && i <= parts; i++) {
		r = part(w, x->no, i, &row, out);
	}
	hz_buf_done(&row);
	if (r == HZ_OK) {
		hz_sha256(out->p + start, out->len - start, h);
		if (out->len - start != x->size || memcmp(h, x->sha256, 32) != 0) {
			r = hz_fail(HZ_MSG_VAULT_TAMPERED, "rules file %u has not its hash", x->no);
		}
	}
	if (r != HZ_OK) {
		out->len = start;
	}
	return r;
}

static bool
says(const struct hz_record_row *row, const struct hz_record *r, const void *arg)
{
	const struct hz_rules_row *x = arg;
	return row->kind == HZ_REC_RULES && hz_row_is_at(row, x->at) &&
	       hz_field_is_hash(r, "rules.id", x->id) && hz_field_is_hash(r, "rules.sha256", x->sha256) &&
	       hz_field_is_number(r, "rules.size", x->size);
}

/* The head says what the signed record says. */
static enum hz_err
record_agrees(struct hz_view *w, const struct hz_rules_row *x)
{
	bool agrees = false;
	HZ_TRY(hz_record_ask(w, x->record, says, x, &agrees));
	return agrees ? HZ_OK
		      : hz_fail(HZ_MSG_VAULT_TAMPERED, "rules file %u is not what its record says", x->no);
}

HZ_RESULT
hz_rules_rows_check(struct hz_view *w)
{
	struct hz_buf bytes = HZ_BUF_INIT(HZ_RULES_FILE_MAX);
	struct hz_rules_row x;
	uint64_t rows = 0, seen = 0;
	uint32_t no = 1;
	bool found = true;
	enum hz_err r = HZ_OK;
	while (r == HZ_OK) {
		r = hz_rules_row_next(w, &no, &found, &x);
		if (r != HZ_OK || !found) {
			break;
		}
		hz_buf_clear(&bytes);
		r = hz_rules_bytes(w, &x, &bytes);
		r = r == HZ_OK ? record_agrees(w, &x) : r;
		seen += 1 + (x.size + PART_MAX - 1) / PART_MAX;
		/* The parts stand between this head and the next. */
	}
	r = r == HZ_OK ? hz_table_count(w->t, HZ_T_RULES, &rows) : r;
	if (r == HZ_OK && rows != seen) {
		r = hz_fail(HZ_MSG_VAULT_TAMPERED, "a part of a rules file too many");
	}
	hz_buf_done(&bytes);
	return r;
}

/* --- writing
 * -------------------------------------------------------------------------------------------------
 */

static enum hz_err
rules_event(struct hz_batch *b, const struct hz_new_rules *x, struct hz_rules_row *row)
{
	struct hz_record rec;
	struct hz_record_draft d = { 0 };
	struct hz_new_event ev = { .act = HZ_ACT_RECORD, .kind = HZ_REC_RULES, .rec = &rec, .draft = &d };
	char id[65], sha[65];
	uint8_t leaf[32];
	hz_hex(id, row->id, 32);
	hz_hex(sha, row->sha256, 32);
	hz_record_init(&rec);
	enum hz_err r = hz_record_add(&rec, "kind", "rules");
	r = r == HZ_OK ? hz_record_add(&rec, "rules.name", x->name) : r;
	r = r == HZ_OK ? hz_record_add(&rec, "rules.version", x->version) : r;
	r = r == HZ_OK ? hz_record_add(&rec, "rules.id", id) : r;
	r = r == HZ_OK ? hz_record_add(&rec, "rules.sha256", sha) : r;
	r = r == HZ_OK ? hz_record_add_int(&rec, "rules.size", x->size) : r;
	r = r == HZ_OK ? hz_record_draft(&rec, &d) : r;
	r = r == HZ_OK ? hz_batch_event(b, &ev, &row->at, leaf, &row->record) : r;
	hz_record_draft_done(&d);
	hz_record_done(&rec);
	return r;
}

static enum hz_err
write_rows(struct hz_batch *b, const struct hz_new_rules *x, const struct hz_rules_row *row)
{
	struct hz_buf content = HZ_BUF_INIT((size_t)1 << 20);
	const uint8_t *file = x->file;
	uint8_t k[KEY_LEN];
	rules_key(row->no, 0, k);
	enum hz_err r = hz_rules_row_put(row, &content);
	r = r == HZ_OK ? hz_row_set(b->v, b->t, HZ_T_RULES, k, sizeof(k), &content, false) : r;
	uint32_t i = 1;
	for (size_t at = 0; r == HZ_OK && at < x->size; at += PART_MAX, i++) {
		size_t n = x->size - at < PART_MAX ? x->size - at : PART_MAX;
		rules_key(row->no, i, k);
		hz_buf_clear(&content);
		r = hz_put_u8(&content, 1);
		r = r == HZ_OK ? hz_put_lp(&content, file + at, n) : r;
		r = r == HZ_OK ? hz_row_set(b->v, b->t, HZ_T_RULES, k, sizeof(k), &content, false) : r;
	}
	hz_buf_done(&content);
	return r;
}

/* The number behind the last. */
static enum hz_err
next_number(struct hz_view *w, uint32_t *ret)
{
	struct hz_rules_row x;
	bool found = true;
	*ret = 1;
	while (found) {
		HZ_TRY(hz_rules_row_next(w, ret, &found, &x));
	}
	return HZ_OK;
}

HZ_RESULT
hz_batch_rules(struct hz_batch *b, const struct hz_new_rules *x, uint32_t *ret_no, bool *ret_new)
{
	struct hz_rules_row row = { .size = x->size };
	uint8_t key[32];
	bool found = false;
	if (x->size == 0 || x->size > HZ_RULES_FILE_MAX || strlen(x->name) >= sizeof(row.name) ||
	    strlen(x->version) >= sizeof(row.version)) {
		return hz_fail(HZ_MSG_LIMIT, "a rules file of %zu bytes, or a long name", x->size);
	}
	HZ_TRY(hz_rules_row_find(&b->view, x->id, &found, &row));
	if (ret_new) {
		*ret_new = !found;
	}
	if (found) {
		*ret_no = row.no;
		return HZ_OK;
	}
	memcpy(row.id, x->id, 32);
	hz_sha256(x->file, x->size, row.sha256);
	(void)snprintf(row.name, sizeof(row.name), "%s", x->name);
	(void)snprintf(row.version, sizeof(row.version), "%s", x->version);
	HZ_TRY(next_number(&b->view, &row.no));
	HZ_TRY(rules_event(b, x, &row));
	HZ_TRY(write_rows(b, x, &row));
	rules_index(b->v, row.id, key);
	HZ_TRY(hz_index_set(b->v, b->t, key, row.no));
	*ret_no = row.no;
	return HZ_OK;
}
