/* hirz anchor import: a token or proof is checked with what is given, and becomes an event of the log. */
#include "cli/anchors.h"
#include "cli/vouch.h"

#include "base/enc.h"
#include "base/fd.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BACK_MAX 10000 /* checkpoints looked at for one that was stamped without a request */

/* --- import: what is given ------------------------------------------------------------------------------ */

struct import {
	struct hz_cli *cli;
	struct hz_vault *v;
	struct hz_view *view;
	struct hz_buf file, request_file;
	struct hz_vouch g;
	struct hz_anchor a;
	uint8_t imprint[64];
	size_t imprint_len;
	uint8_t nonce[HZ_TSA_NONCE_MAX];
	size_t nonce_len;
	struct hz_tsa_request request;
	bool requested, known, crls_kept;
	struct hz_ref at;
	struct hz_anchor_facts f;
};

static enum hz_err
read_given(struct import *x)
{
	const char *request = hz_args_get(&x->cli->args, "request");

	HZ_TRY(hz_vouch_read(x->cli, true, &x->g));
	if (request != NULL) {
		HZ_TRY(hz_vouch_file(request, HZ_TSA_REQ_MAX, &x->request_file));
		HZ_TRY(hz_vouch_in(
		    hz_tsa_request_read(x->request_file.p, x->request_file.len, &x->request), request));
		x->requested = true;
	}
	return HZ_OK;
}

/* What kind of file it is, and what it is about. */
static enum hz_err
read_token(struct import *x)
{
	const char *path = hz_args_operand(&x->cli->args, 0);
	struct hz_tsa_info info;
	size_t at = 0, n = 0;

	HZ_TRY(hz_vouch_file(path, HZ_TSA_FILE_MAX, &x->file));
	if (x->file.len > 0 && x->file.p[0] == 0) { /* no DER begins so */
		HZ_TRY(hz_vouch_in(hz_ots_read(x->file.p, x->file.len, &x->f.ots), path));
		hz_anchor_init(&x->a, HZ_ANCHOR_OTS);
		x->imprint_len = x->f.ots.digest_len;
		memcpy(x->imprint, x->f.ots.digest, x->imprint_len);
		if (x->f.ots.hash != HZ_OTS_SHA256) {
			return hz_fail(HZ_MSG_ANCHOR_INVALID,
			    _("%s stamps its file by a hash other than SHA-256"), path);
		}
		return hz_buf_put(&x->a.part[HZ_ANCHOR_TOKEN], x->file.p, x->file.len);
	}
	if (x->g.cas.len == 0) {
		return hz_fail(HZ_MSG_USAGE, _("--tsa-ca FILE names the authority that is trusted"));
	}
	HZ_TRY(hz_vouch_in(hz_tsa_token_find(x->file.p, x->file.len, &at, &n), path));
	HZ_TRY(hz_vouch_in(hz_tsa_info(x->file.p + at, n, &info), path));
	hz_anchor_init(&x->a, HZ_ANCHOR_RFC3161);
	x->imprint_len = info.imprint_len;
	memcpy(x->imprint, info.imprint, info.imprint_len);
	x->nonce_len = info.nonce_len;
	memcpy(x->nonce, info.nonce, info.nonce_len);
	return hz_buf_put(&x->a.part[HZ_ANCHOR_TOKEN], x->file.p + at, n);
}

/* --- import: which checkpoint -----------------------------------------------------------------------------
 */

static enum hz_err
is_of(const struct import *x, const void *note, size_t n, bool *ret)
{
	uint8_t h[64];

	HZ_TRY(hz_tsa_digest(x->imprint_len, note, n, h));
	*ret = memcmp(h, x->imprint, x->imprint_len) == 0;
	return HZ_OK;
}

/* One of the requests that the log knows: its checkpoint, and its nonce where that fits or none fitted yet.
 */
static enum hz_err
try_request(struct import *x, const struct hz_record *r, bool *fits)
{
	const char *der = hz_record_get(r, "request.der"), *note = hz_record_get(r, "request.checkpoint");
	struct hz_buf *own = &x->a.part[HZ_ANCHOR_CHECKPOINT];
	struct hz_tsa_request q;
	uint8_t raw[HZ_TSA_REQ_MAX];
	size_t n = 0;
	bool same = false;

	if (der == NULL || note == NULL) {
		return hz_fail(HZ_MSG_VAULT_TAMPERED, "the record of a request lacks a field");
	}
	HZ_TRY(is_of(x, note, strlen(note), &same));
	if (!same) {
		return HZ_OK;
	}
	HZ_TRY(hz_b64_get(HZ_B64_URL, der, strlen(der), raw, sizeof raw, &n));
	HZ_TRY(hz_tsa_request_read(raw, n, &q));
	bool nonce = q.nonce_len == x->nonce_len && memcmp(q.nonce, x->nonce, q.nonce_len) == 0 &&
		     q.imprint_len == x->imprint_len;
	if (x->a.type == HZ_ANCHOR_RFC3161 && (nonce || !*fits)) {
		x->request = q;
		x->requested = true;
		*fits = nonce;
	}
	hz_buf_clear(own);
	return hz_buf_puts(own, note);
}

static enum hz_err
search_requests(struct import *x)
{
	bool found = true, given = x->requested, fits = false;
	struct hz_tsa_request kept = x->request;
	enum hz_err r = HZ_OK;

	for (uint32_t n = 0; r == HZ_OK && found;) {
		struct hz_record_row row;
		struct hz_record rec;
		r = hz_anchor_next(x->view, HZ_REC_ANCHOR_REQUEST, &n, &found, &row);
		if (r != HZ_OK || !found) {
			break;
		}
		hz_record_init(&rec);
		r = hz_record_fields(x->view, &row, &rec);
		r = r == HZ_OK ? try_request(x, &rec, &fits) : r;
		hz_record_done(&rec);
		hz_record_row_done(&row);
	}
	if (given) {
		x->request = kept;
	}
	return r;
}

/* Without a request: the newest checkpoints of every log. */
static enum hz_err
search_checkpoints(struct import *x)
{
	struct hz_buf *note = &x->a.part[HZ_ANCHOR_CHECKPOINT];
	unsigned left = BACK_MAX;
	struct hz_log_info l;
	bool same = false;

	for (uint32_t log = hz_vault_info(x->v)->logs; log-- > 0;) {
		HZ_TRY(hz_log_info(x->view, log, &l));
		for (uint64_t size = l.size; size > 0 && left > 0; size--, left--) {
			hz_buf_clear(note);
			enum hz_err r = hz_log_note_at(x->view, log, size, note);
			if (r == HZ_ERR_NOT_FOUND) {
				continue;
			}
			HZ_TRY(r);
			HZ_TRY(is_of(x, note->p, note->len, &same));
			if (same) {
				return HZ_OK;
			}
		}
	}
	hz_buf_clear(note);
	return HZ_OK;
}

static enum hz_err
find_checkpoint(struct import *x)
{
	const char *path = hz_args_get(&x->cli->args, "checkpoint");
	struct hz_buf *note = &x->a.part[HZ_ANCHOR_CHECKPOINT];
	bool same = false;

	HZ_TRY(search_requests(x));
	if (path != NULL) {
		hz_buf_clear(note);
		HZ_TRY(hz_vouch_file(path, note->max, note));
		HZ_TRY(is_of(x, note->p, note->len, &same));
		return same ? HZ_OK
			    : hz_fail(HZ_MSG_ANCHOR_INVALID, _("the time stamp is not about %s"), path);
	}
	if (note->len == 0) {
		HZ_TRY(search_checkpoints(x));
	}
	return note->len > 0 ? HZ_OK
			     : hz_fail(HZ_MSG_ANCHOR_INVALID,
				   _("the time stamp is about no checkpoint of this vault that is known "
				     "here; --checkpoint FILE names it"));
}

/* --- import: the check and the record --------------------------------------------------------------------
 */

static enum hz_err
same_token(void *arg, const struct hz_anchor_row *row)
{
	struct import *x = arg;
	const struct hz_buf *a = &x->a.part[HZ_ANCHOR_TOKEN], *b = &row->a.part[HZ_ANCHOR_TOKEN];

	if (a->len == b->len && memcmp(a->p, b->p, a->len) == 0 &&
	    row->a.part[HZ_ANCHOR_BLOCKS].len >= x->g.blocks.len) {
		x->known = true;
		x->at = row->at;
	}
	return HZ_OK;
}

/* Keeps what was used for the check, as far as there is room. */
static enum hz_err
keep(struct import *x, const struct hz_buf *chain, const struct hz_buf *crls)
{
	struct hz_anchor *a = &x->a;
	size_t room = HZ_ANCHOR_MAX - a->part[HZ_ANCHOR_CHECKPOINT].len - a->part[HZ_ANCHOR_TOKEN].len;
	const struct hz_buf *ocsp = x->g.given.nocsps > 0 ? &x->g.answers[0] : NULL;
	struct hz_buf *list = &a->part[HZ_ANCHOR_CRLS], *answer = &a->part[HZ_ANCHOR_OCSP];

	HZ_TRY(hz_buf_put(&a->part[HZ_ANCHOR_CHAIN], chain->p, chain->len));
	room -= chain->len < room ? chain->len : room;
	x->crls_kept = true;
	if (ocsp != NULL && ocsp->len <= room && ocsp->len <= answer->max) {
		HZ_TRY(hz_buf_put(answer, ocsp->p, ocsp->len));
		room -= ocsp->len;
	} else if (ocsp != NULL) {
		x->crls_kept = false;
	}
	if (crls->len <= room && crls->len <= list->max) {
		HZ_TRY(hz_buf_put(list, crls->p, crls->len));
	} else {
		x->crls_kept = false;
	}
	if (x->a.type == HZ_ANCHOR_OTS && x->f.confirmed > 0) {
		HZ_TRY(hz_buf_put(&a->part[HZ_ANCHOR_BLOCKS], x->g.blocks.p, x->g.blocks.len));
	}
	return HZ_OK;
}

static enum hz_err
refuse(const struct import *x)
{
	switch (x->f.state) {
	case HZ_ANCHOR_GOOD:
	case HZ_ANCHOR_PENDING:
		return HZ_OK;
	case HZ_ANCHOR_UNTRUSTED:
		if (x->a.type == HZ_ANCHOR_OTS) {
			return x->g.blocks.len == 0
				   ? HZ_OK
				   : hz_fail(HZ_MSG_ANCHOR_INVALID,
					 _("no block that was given has the Merkle root of this proof"));
		}
		return hz_fail(HZ_MSG_ANCHOR_INVALID,
		    _("its certificate leads to none of the authorities given (%s)"), x->f.tsa.why);
	case HZ_ANCHOR_EXPIRED:
		return hz_fail(HZ_MSG_ANCHOR_INVALID,
		    _("a certificate was not valid when the time stamp was made (%s)"), x->f.tsa.why);
	case HZ_ANCHOR_REVOKED:
		return hz_fail(HZ_MSG_ANCHOR_INVALID, _("a certificate was revoked"));
	case HZ_ANCHOR_BAD:
		break;
	}
	return hz_fail(HZ_MSG_ANCHOR_INVALID, _("a certificate may not be used for this (%s)"), x->f.tsa.why);
}

static enum hz_err
check_import(struct import *x)
{
	struct hz_buf chain = HZ_BUF_INIT(65536), crls = HZ_BUF_INIT(4 * HZ_TSA_FILE_MAX);
	enum hz_err r = hz_anchor_settle(&x->a);

	if (r == HZ_ERR_FORMAT) {
		r = hz_fail(HZ_MSG_ANCHOR_INVALID, _("what was stamped is no checkpoint"));
	}
	x->g.given.request = x->requested ? &x->request : NULL;
	r = r == HZ_OK ? hz_anchor_root_check(x->view, &x->a) : r;
	r = r == HZ_OK ? hz_anchor_check(&x->a, &x->g.given, &x->f, &chain, &crls) : r;
	r = r == HZ_OK ? refuse(x) : r;
	r = r == HZ_OK ? hz_anchors_each(x->view, same_token, x) : r;
	r = r == HZ_OK ? keep(x, &chain, &crls) : r;
	r = r == HZ_OK ? hz_anchor_settle(&x->a) : r;
	hz_buf_done(&chain);
	hz_buf_done(&crls);
	return r;
}

static enum hz_err
record_import(struct import *x)
{
	const struct hz_tsa_facts *t = &x->f.tsa;
	struct hz_record rec;
	char when[21];

	hz_record_init(&rec);
	enum hz_err r = hz_anchor_to_record(&x->a, &rec);
	r = r == HZ_OK ? hz_record_add(&rec, "anchor.state", hz_anchor_state_name(x->f.state)) : r;
	if (r == HZ_OK && x->f.t != 0) {
		hz_time_format(x->f.t, when);
		r = hz_record_add(&rec, "anchor.time", when);
	}
	if (r == HZ_OK && x->a.type == HZ_ANCHOR_RFC3161) {
		r = hz_record_add(&rec, "anchor.authority", t->authority);
		r = r == HZ_OK ? hz_record_add(&rec, "anchor.serial", t->info.serial) : r;
		r = r == HZ_OK ? hz_record_add(&rec, "anchor.revoked", hz_revoked_word(t->revoked)) : r;
	}
	r = r == HZ_OK ? hz_anchor_commit(x->v, HZ_REC_ANCHOR, &rec, &x->at) : r;
	hz_record_done(&rec);
	return r;
}

static void
say_import(struct import *x)
{
	struct hz_out *o = &x->cli->door.out;
	bool dry = hz_args_has(&x->cli->args, "dry-run");

	if (x->cli->door.json) {
		hz_anchor_json(o,
		    x->known ? "duplicate"
		    : dry    ? "checked"
			     : "imported",
		    x->at, &x->a, &x->f, x->a.type == HZ_ANCHOR_RFC3161 ? x->f.tsa.first_expiry : INT64_MAX);
		return;
	}
	if (x->cli->door.quiet) {
		return;
	}
	if (x->known) {
		hz_out_printf(o, _("This time stamp is in the log already (event %s).\n"),
		    hz_show_count(o, x->at.index));
	} else if (dry) {
		hz_out_puts(o, _("The time stamp is right; nothing was written.\n"));
	} else {
		hz_out_printf(o, _("Time stamp recorded as event %s.\n"), hz_show_count(o, x->at.index));
	}
	hz_anchor_text(o, &x->a, &x->f);
	if (x->a.type == HZ_ANCHOR_RFC3161 && !(x->requested && x->request.nonce_len > 0)) {
		hz_out_puts(o, _("The nonce was not compared: no request of this vault is behind it.\n"));
	}
	if (!x->crls_kept) {
		hz_out_puts(o, _("The revocation data is too large to be kept with it: keep the files.\n"));
	}
}

static void
import_done(struct import *x)
{
	hz_view_end(&x->view);
	hz_anchor_done(&x->a);
	hz_buf_done(&x->file);
	hz_buf_done(&x->request_file);
	hz_vouch_done(&x->g);
}

int
hz_cmd_anchor_import(struct hz_cli *cli)
{
	struct import *x = calloc(1, sizeof *x);
	bool dry = hz_args_has(&cli->args, "dry-run");

	if (x == NULL) {
		return hz_door_fail(&cli->door, hz_fail(HZ_MSG_NOMEM, "an anchor"));
	}
	x->cli = cli;
	hz_vouch_init(&x->g);
	x->file = (struct hz_buf)HZ_BUF_INIT(HZ_TSA_FILE_MAX);
	x->request_file = (struct hz_buf)HZ_BUF_INIT(HZ_TSA_REQ_MAX);
	hz_anchor_init(&x->a, HZ_ANCHOR_RFC3161);
	enum hz_err r = read_given(x);
	r = r == HZ_OK ? read_token(x) : r;
	r = r == HZ_OK ? hz_cli_open(cli, dry ? HZ_VAULT_READ : HZ_VAULT_WRITE, &x->v) : r;
	r = r == HZ_OK ? hz_view_begin(x->v, &x->view) : r;
	r = r == HZ_OK ? find_checkpoint(x) : r;
	r = r == HZ_OK ? check_import(x) : r;
	hz_view_end(&x->view);
	r = r == HZ_OK && !x->known && !dry ? record_import(x) : r;
	if (r == HZ_OK) {
		say_import(x);
	}
	struct hz_vault *v = x->v;
	import_done(x);
	free(x);
	return hz_cli_close(cli, &v, r == HZ_OK ? 0 : hz_door_fail(&cli->door, r));
}
