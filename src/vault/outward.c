/* What of the log is known outside: cosignatures of witnesses beside the checkpoints they are of, and the
 * sizes that were given out [F-11.8]. Nothing here is an event: a cosignature proves itself, a size only says
 * what a bundle should be able to prove. */
#include "vault/write.h"

#include "custody/witness.h"
#include <stdlib.h>
#include <string.h>

#define ROW_MAX 65536

/* --- sizes given out
 * ----------------------------------------------------------------------------------------- */

struct given {
	size_t n;
	uint64_t size[HZ_GIVEN_MAX + 1]; /* ascending */
};

static void
given_key(uint32_t log, uint8_t k[static 5])
{
	k[0] = HZ_META_GIVEN;
	hz_be32(k + 1, log);
}

/* Keeps the newest, each once. */
static void
given_add(struct given *g, uint64_t size)
{
	size_t i = g->n;

	while (i > 0 && g->size[i - 1] > size) {
		i--;
	}
	if (i > 0 && g->size[i - 1] == size) {
		return;
	}
	memmove(&g->size[i + 1], &g->size[i], (g->n - i) * sizeof g->size[0]);
	g->size[i] = size;
	if (++g->n > HZ_GIVEN_MAX) {
		memmove(g->size, g->size + 1, HZ_GIVEN_MAX * sizeof g->size[0]);
		g->n = HZ_GIVEN_MAX;
	}
}

/* A vault from before this row: exports end their batch, so their checkpoints show them. */
static enum hz_err
given_scan(struct hz_view *w, uint32_t log, struct given *g)
{
	struct hz_buf jws = HZ_BUF_INIT(HZ_EVENT_MAX);
	struct hz_event *e = calloc(1, sizeof *e);
	struct hz_cur *c = NULL;
	const uint8_t *k = NULL, *p = NULL;
	uint8_t from[12];
	size_t kn = 0, n = 0;
	bool found = true;
	enum hz_err r =
	    e == NULL ? hz_fail(HZ_MSG_NOMEM, "an event") : hz_cur_open(w->t, HZ_T_CHECKPOINTS, &c);

	hz_be32(from, log);
	hz_be64(from + 4, 1);
	r = r == HZ_OK ? hz_cur_seek(c, from, sizeof from) : r;
	while (r == HZ_OK && found) {
		r = hz_cur_next(c, &found, &k, &kn, &p, &n);
		if (r != HZ_OK || !found || kn != 12 || hz_rd_be32(k) != log) {
			break;
		}
		uint64_t size = hz_rd_be64(k + 4);
		hz_buf_clear(&jws);
		r = hz_event_load(w, (struct hz_ref){ log, size - 1 }, &jws, NULL);
		r = r == HZ_OK ? hz_event_read(jws.p, jws.len, e) : r;
		if (r == HZ_OK && e->act == HZ_ACT_EXPORT) {
			given_add(g, size);
		}
	}
	hz_cur_close(&c);
	hz_buf_done(&jws);
	free(e);
	return r;
}

static enum hz_err
given_load(struct hz_view *w, uint32_t log, struct given *g)
{
	struct hz_buf b = HZ_BUF_INIT(ROW_MAX);
	uint8_t k[5], ver = 0;
	uint32_t n = 0;
	uint64_t size = 0;

	given_key(log, k);
	g->n = 0;
	enum hz_err r = hz_row_get(w->v, w->t, HZ_T_META, k, sizeof k, &b);
	if (r == HZ_ERR_NOT_FOUND) {
		hz_buf_done(&b);
		return given_scan(w, log, g);
	}
	struct hz_rd rd = hz_rd_over(b.p, b.len);
	r = r == HZ_OK ? hz_get_u8(&rd, &ver) : r;
	r = r == HZ_OK ? hz_get_u32(&rd, &n) : r;
	if (r == HZ_OK && (ver != 1 || n > HZ_GIVEN_MAX)) {
		r = hz_fail(HZ_MSG_VAULT_NEWER, "a row of sizes of version %u", ver);
	}
	for (uint32_t i = 0; r == HZ_OK && i < n; i++) {
		r = hz_get_u64(&rd, &size);
		if (r == HZ_OK) {
			given_add(g, size);
		}
	}
	r = r == HZ_OK ? hz_rd_end(&rd) : r;
	hz_buf_done(&b);
	return r;
}

static enum hz_err
given_save(struct hz_view *w, uint32_t log, const struct given *g)
{
	struct hz_buf b = HZ_BUF_INIT(ROW_MAX);
	uint8_t k[5];

	given_key(log, k);
	enum hz_err r = hz_put_u8(&b, 1);
	r = r == HZ_OK ? hz_put_u32(&b, (uint32_t)g->n) : r;
	for (size_t i = 0; r == HZ_OK && i < g->n; i++) {
		r = hz_put_u64(&b, g->size[i]);
	}
	r = r == HZ_OK ? hz_row_set(w->v, w->t, HZ_T_META, k, sizeof k, &b, false) : r;
	hz_buf_done(&b);
	return r;
}

HZ_RESULT
hz_given_note(struct hz_view *w, uint32_t log, uint64_t size)
{
	struct given *g = calloc(1, sizeof *g);
	enum hz_err r = g == NULL ? hz_fail(HZ_MSG_NOMEM, "sizes given out") : given_load(w, log, g);

	if (r == HZ_OK) {
		given_add(g, size);
		r = given_save(w, log, g);
	}
	free(g);
	return r;
}

HZ_RESULT
hz_log_given(struct hz_view *w, uint32_t log, uint64_t ret_size[static HZ_GIVEN_MAX], size_t *ret_n)
{
	struct given *g = calloc(1, sizeof *g);
	enum hz_err r = g == NULL ? hz_fail(HZ_MSG_NOMEM, "sizes given out") : given_load(w, log, g);

	if (r == HZ_OK) {
		memcpy(ret_size, g->size, g->n * sizeof g->size[0]);
		*ret_n = g->n;
	}
	free(g);
	return r;
}

/* --- witnesses
 * ------------------------------------------------------------------------------------------------- */

static enum hz_err
witness_read(struct hz_rd *rd, struct hz_witness_info *ret)
{
	struct hz_witness_info i = { .log = 0 };
	const uint8_t *p = NULL;
	size_t n = 0;

	HZ_TRY(hz_get_lp(rd, HZ_VKEY_MAX, &p, &n));
	HZ_TRY(hz_wkey_parse((const char *)p, n, &i.key));
	HZ_TRY(hz_get_u32(rd, &i.log));
	HZ_TRY(hz_get_u64(rd, &i.size));
	HZ_TRY(hz_get_u64(rd, &i.t));
	*ret = i;
	return HZ_OK;
}

HZ_RESULT
hz_witnesses(struct hz_view *w, struct hz_witness_info ret_list[static HZ_WITNESSES_MAX], size_t *ret_n)
{
	static const uint8_t k[1] = { HZ_META_WITNESSES };
	struct hz_buf b = HZ_BUF_INIT(ROW_MAX);
	uint8_t ver = 0;
	uint32_t n = 0;
	enum hz_err r = hz_row_get(w->v, w->t, HZ_T_META, k, sizeof k, &b);

	if (r == HZ_ERR_NOT_FOUND) {
		hz_buf_done(&b);
		*ret_n = 0;
		return HZ_OK;
	}
	struct hz_rd rd = hz_rd_over(b.p, b.len);
	r = r == HZ_OK ? hz_get_u8(&rd, &ver) : r;
	r = r == HZ_OK ? hz_get_u32(&rd, &n) : r;
	if (r == HZ_OK && (ver != 1 || n > HZ_WITNESSES_MAX)) {
		r = hz_fail(HZ_MSG_VAULT_NEWER, "a row of witnesses of version %u", ver);
	}
	for (uint32_t i = 0; r == HZ_OK && i < n; i++) {
		r = witness_read(&rd, &ret_list[i]);
	}
	r = r == HZ_OK ? hz_rd_end(&rd) : r;
	hz_buf_done(&b);
	if (r == HZ_OK) {
		*ret_n = n;
	}
	return r;
}

static enum hz_err
witnesses_save(struct hz_view *w, const struct hz_witness_info *list, size_t n)
{
	static const uint8_t k[1] = { HZ_META_WITNESSES };
	struct hz_buf b = HZ_BUF_INIT(ROW_MAX), key = HZ_BUF_INIT(HZ_VKEY_MAX);
	enum hz_err r = hz_put_u8(&b, 1);

	r = r == HZ_OK ? hz_put_u32(&b, (uint32_t)n) : r;
	for (size_t i = 0; r == HZ_OK && i < n; i++) {
		hz_buf_clear(&key);
		r = hz_wkey_write(&list[i].key, &key);
		r = r == HZ_OK ? hz_put_lp(&b, key.p, key.len) : r;
		r = r == HZ_OK ? hz_put_u32(&b, list[i].log) : r;
		r = r == HZ_OK ? hz_put_u64(&b, list[i].size) : r;
		r = r == HZ_OK ? hz_put_u64(&b, list[i].t) : r;
	}
	r = r == HZ_OK ? hz_row_set(w->v, w->t, HZ_T_META, k, sizeof k, &b, false) : r;
	hz_buf_done(&key);
	hz_buf_done(&b);
	return r;
}

/* --- cosignatures
 * ------------------------------------------------------------------------------------------------ */

/* Steps through the signature lines of a note; the first line begins at *at = 0. */
static bool
next_line(const struct hz_buf *note, size_t *at, const char **ret_line, size_t *ret_n)
{
	const char *s = (const char *)note->p;
	size_t text = 0;

	if (*at == 0 && hz_checkpoint_text(s, note->len, &text) == HZ_OK) {
		*at = text + 1;
	}
	const char *end = *at > 0 && *at < note->len ? memchr(s + *at, '\n', note->len - *at) : NULL;
	if (end == NULL) {
		return false;
	}
	*ret_line = s + *at;
	*ret_n = (size_t)(end - s) - *at;
	*at += *ret_n + 1;
	return true;
}

unsigned
hz_note_cosigned(const struct hz_buf *note, const struct hz_witness_key *by)
{
	const char *line = NULL;
	size_t at = 0, n = 0;
	unsigned count = 0;

	while (next_line(note, &at, &line, &n)) {
		struct hz_cosignature c;
		bool is = hz_cosignature_read(line, n, &c) == HZ_OK;
		count += is && (by == NULL || hz_cosignature_by(&c, by)) ? 1 : 0;
	}
	hz_fail_clear();
	return count;
}

HZ_RESULT
hz_log_cosigned(struct hz_view *w, uint32_t log, uint64_t max, struct hz_buf *out, uint64_t *ret_size)
{
	struct given *g = calloc(1, sizeof *g);
	struct hz_buf note = HZ_BUF_INIT(HZ_NOTE_MAX);
	bool found = false;
	enum hz_err r = g == NULL ? hz_fail(HZ_MSG_NOMEM, "sizes given out") : given_load(w, log, g);

	for (size_t i = r == HZ_OK ? g->n : 0; r == HZ_OK && !found && i-- > 0;) {
		if (g->size[i] > max) {
			continue;
		}
		hz_buf_clear(&note);
		r = hz_log_note_at(w, log, g->size[i], &note);
		if (r == HZ_ERR_NOT_FOUND) {
			r = HZ_OK;
			continue;
		}
		found = r == HZ_OK && hz_note_cosigned(&note, NULL) > 0;
		if (found) {
			*ret_size = g->size[i];
			r = hz_buf_put(out, note.p, note.len);
		}
	}
	free(g);
	hz_buf_done(&note);
	return r == HZ_OK && !found ? HZ_ERR_NOT_FOUND : r;
}

/* --- importing
 * ------------------------------------------------------------------------------------------------------ */

struct import {
	struct hz_view w;
	struct hz_witness_info list[HZ_WITNESSES_MAX];
	size_t n;
	const struct hz_witness_key *more; /* given by the person, or NULL */
	struct hz_buf note;                /* of the checkpoint that was found */
	uint64_t size;
	struct hz_cosign_result *ret;
};

/* The witness that a line names: known here, or given with the command. */
static enum hz_err
find_witness(struct import *m, const struct hz_cosignature *c, struct hz_witness_info **ret)
{
	for (size_t i = 0; i < m->n; i++) {
		if (hz_cosignature_by(c, &m->list[i].key)) {
			*ret = &m->list[i];
			return HZ_OK;
		}
	}
	if (m->more == NULL || !hz_cosignature_by(c, m->more)) {
		return hz_fail(HZ_MSG_NO_KEY, "the witness %s is not known here", c->name);
	}
	if (m->n == HZ_WITNESSES_MAX) {
		return hz_fail(HZ_MSG_LIMIT, "more than %d witnesses", HZ_WITNESSES_MAX);
	}
	m->list[m->n] = (struct hz_witness_info){ .key = *m->more };
	*ret = &m->list[m->n++];
	return HZ_OK;
}

/* An answer does not say which checkpoint it is for: the newest ones are tried. */
static enum hz_err
find_checkpoint(struct import *m, const struct hz_cosignature *c, const struct hz_witness_key *key)
{
	struct hz_cur *cur = NULL;
	const uint8_t *k = NULL, *p = NULL;
	size_t kn = 0, n = 0, text = 0;
	bool found = true, good = false;
	enum hz_err r = hz_cur_open(m->w.t, HZ_T_CHECKPOINTS, &cur);

	r = r == HZ_OK ? hz_cur_last(cur) : r;
	for (unsigned i = 0; r == HZ_OK && !good && i < HZ_COSIGN_TRIES; i++) {
		r = hz_cur_prev(cur, &found, &k, &kn, &p, &n);
		if (r != HZ_OK || !found || kn != 12 || hz_rd_be32(k) != m->w.v->log.no) {
			break;
		}
		m->size = hz_rd_be64(k + 4);
		hz_buf_clear(&m->note);
		r = hz_log_note_at(&m->w, m->w.v->log.no, m->size, &m->note);
		r = r == HZ_OK ? hz_checkpoint_text(m->note.p, m->note.len, &text) : r;
		good = r == HZ_OK && hz_cosignature_good(c, key, m->note.p, text);
	}
	hz_cur_close(&cur);
	return r == HZ_OK && !good ? hz_fail(HZ_MSG_TAMPERED,
					 "the cosignature of %s is of no checkpoint of this log", key->name)
				   : r;
}

static enum hz_err
save_note(struct import *m)
{
	struct hz_vault *v = m->w.v;
	struct hz_buf row = HZ_BUF_INIT(HZ_NOTE_MAX + 64);
	uint8_t k[12];

	hz_be32(k, v->log.no);
	hz_be64(k + 4, m->size);
	enum hz_err r = hz_put_u8(&row, 1);
	r = r == HZ_OK ? hz_put_lp(&row, m->note.p, m->note.len) : r;
	r = r == HZ_OK ? hz_row_set(v, m->w.t, HZ_T_CHECKPOINTS, k, 12, &row, false) : r;
	hz_buf_done(&row);
	if (r == HZ_OK && m->size == v->log.size) {
		r = hz_log_row_save(v, m->w.t, &v->log, &m->note);
	}
	return r;
}

static enum hz_err
import_line(struct import *m, const char *line, size_t n)
{
	struct hz_witness_info *i = NULL;
	struct hz_cosignature c;
	int64_t now = hz_time_now();

	HZ_TRY(hz_cosignature_read(line, n, &c));
	HZ_TRY(find_witness(m, &c, &i));
	if (c.t > (uint64_t)(now < 0 ? 0 : now) + HZ_COSIGN_AHEAD) {
		return hz_fail(
		    HZ_MSG_TAMPERED, "the cosignature of %s is of a time that is still to come", c.name);
	}
	HZ_TRY(find_checkpoint(m, &c, &i->key));
	m->ret->size = m->size;
	m->ret->t = c.t;
	memcpy(m->ret->name, c.name, sizeof c.name);
	if (hz_note_cosigned(&m->note, &i->key) > 0) {
		m->ret->known++;
		return HZ_OK;
	}
	if (hz_note_cosigned(&m->note, NULL) >= HZ_COSIGNED_MAX) {
		return hz_fail(HZ_MSG_LIMIT, "more than %d cosignatures of one checkpoint", HZ_COSIGNED_MAX);
	}
	HZ_TRY(hz_buf_put(&m->note, line, n));
	HZ_TRY(hz_buf_putc(&m->note, '\n'));
	HZ_TRY(save_note(m));
	HZ_TRY(hz_given_note(&m->w, m->w.v->log.no, m->size));
	if (m->size >= i->size || i->log != m->w.v->log.no) {
		i->log = m->w.v->log.no;
		i->size = m->size;
		i->t = c.t;
	}
	m->ret->added++;
	return HZ_OK;
}

static enum hz_err
import_all(struct import *m, const char *s, size_t n)
{
	struct hz_vault *v = m->w.v;
	enum hz_err r = hz_witnesses(&m->w, m->list, &m->n);

	if (r == HZ_OK && n == 0) {
		r = hz_fail(HZ_MSG_FORMAT, "no signature line");
	}
	for (size_t at = 0; r == HZ_OK && at < n;) {
		const char *end = memchr(s + at, '\n', n - at);
		if (end == NULL) {
			return hz_fail(HZ_MSG_FORMAT, "the last line has no end");
		}
		r = import_line(m, s + at, (size_t)(end - s) - at);
		at = (size_t)(end - s) + 1;
	}
	r = r == HZ_OK ? witnesses_save(&m->w, m->list, m->n) : r;
	if (r == HZ_OK) { /* the newest note, with what has just come to it */
		hz_buf_clear(&m->note);
		r = hz_log_note_at(&m->w, v->log.no, v->log.size, &m->note);
	}
	return r;
}

HZ_RESULT
hz_vault_cosign(struct hz_vault *v, const void *lines, size_t n, const struct hz_witness_key *more,
    struct hz_cosign_result *ret)
{
	struct hz_cosign_result res = { .added = 0 };
	struct import *m = calloc(1, sizeof *m);

	if (m == NULL) {
		return hz_fail(HZ_MSG_NOMEM, "cosignatures");
	}
	m->w.v = v;
	m->note = (struct hz_buf)HZ_BUF_INIT(HZ_NOTE_MAX);
	m->more = more;
	m->ret = &res;
	enum hz_err r = hz_write_begin(v, &m->w.t);
	if (r == HZ_OK) {
		r = import_all(m, lines, n);
		if (r == HZ_OK) {
			r = hz_txn_commit(&m->w.t);
		} else {
			hz_txn_abort(&m->w.t);
		}
	}
	if (r == HZ_OK) {
		hz_buf_clear(&v->note);
		r = hz_buf_put(&v->note, m->note.p, m->note.len);
	}
	r = r == HZ_OK ? hz_pins_write(v, true) : r;
	if (r == HZ_OK) {
		*ret = res;
	}
	hz_buf_done(&m->note);
	free(m);
	return r;
}
