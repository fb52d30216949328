/* hirz anchor request and list: requests for time stamps, and what there is. Nothing is sent and nobody is
 * asked. */
#include "cli/anchors.h"
#include "cli/newfile.h"

#include "base/enc.h"
#include "base/fd.h"
#include <stdio.h>
#include <string.h>

#define NONCE 8

/* --- the event ----------------------------------------------------------------------------------------- */

HZ_RESULT
hz_anchor_commit(struct hz_vault *v, enum hz_record_kind kind, struct hz_record *rec, struct hz_ref *ret_at)
{
	struct hz_record_draft d = { .count = 0 };
	struct hz_batch *b = NULL;
	uint8_t leaf[32];
	enum hz_err r = hz_record_draft(rec, &d);

	r = r == HZ_OK ? hz_batch_begin(v, &b) : r;
	r = r == HZ_OK ? hz_batch_anchor(b, kind, &d, ret_at, leaf) : r;
	r = r == HZ_OK ? hz_batch_finish(&b) : r;
	hz_batch_end(&b);
	hz_record_draft_done(&d);
	return r;
}

/* --- renewal [F-8.11] --------------------------------------------------------------------------------- */

struct renewal {
	struct hz_view *view;
	struct hz_record rec;
	unsigned n;
};

static enum hz_err
renew_one(void *arg, const struct hz_anchor_row *row)
{
	struct renewal *x = arg;
	const struct hz_buf *token = &row->a.part[HZ_ANCHOR_TOKEN];
	struct hz_renewal line;
	struct hz_log_info l;

	if (token->len == 0) {
		return HZ_OK; /* not readable: nothing to renew */
	}
	HZ_TRY(hz_log_info(x->view, row->at.log, &l));
	hz_renewal_of(l.id, row->at.index, token, &line);
	return hz_renewal_add(&x->rec, ++x->n, &line);
}

static enum hz_err
renew(struct hz_vault *v, unsigned *ret_n)
{
	struct renewal x = { .n = 0 };
	struct hz_ref at;

	hz_record_init(&x.rec);
	enum hz_err r = hz_record_add(&x.rec, "kind", "anchor-renewal");
	r = r == HZ_OK ? hz_view_begin(v, &x.view) : r;
	r = r == HZ_OK ? hz_anchors_each(x.view, renew_one, &x) : r;
	hz_view_end(&x.view);
	if (r == HZ_OK && x.n > 0) {
		r = hz_anchor_commit(v, HZ_REC_ANCHOR_RENEWAL, &x.rec, &at);
	}
	hz_record_done(&x.rec);
	*ret_n = x.n;
	return r;
}

/* --- request -------------------------------------------------------------------------------------------- */

struct request {
	struct hz_checkpoint c;
	struct hz_buf note, der;
	unsigned renewed;
};

static enum hz_err
make_request(struct hz_vault *v, struct request *q)
{
	struct hz_view *w = NULL;
	uint8_t h[32], nonce[NONCE];
	enum hz_err r = hz_view_begin(v, &w);

	r = r == HZ_OK ? hz_log_note(w, hz_vault_info(v)->logs - 1, &q->note) : r;
	hz_view_end(&w);
	r = r == HZ_OK ? hz_checkpoint_read(q->note.p, q->note.len, NULL, &q->c) : r;
	if (r == HZ_OK) {
		hz_sha256(q->note.p, q->note.len, h);
		hz_random(nonce, sizeof nonce);
		nonce[0] |= 1;
		r = hz_tsa_request_write(h, nonce, sizeof nonce, &q->der);
	}
	return r;
}

static enum hz_err
record_request(struct hz_vault *v, const struct request *q)
{
	struct hz_buf text = HZ_BUF_INIT((size_t)HZ_TSA_REQ_MAX * 2);
	struct hz_record rec;
	struct hz_ref at;

	hz_record_init(&rec);
	enum hz_err r = hz_record_add(&rec, "kind", "anchor-request");
	r = r == HZ_OK ? hz_b64_put(&text, HZ_B64_URL, q->der.p, q->der.len) : r;
	r = r == HZ_OK ? hz_record_addn(&rec, "request.der", text.p, text.len) : r;
	r = r == HZ_OK ? hz_record_addn(&rec, "request.checkpoint", q->note.p, q->note.len) : r;
	r = r == HZ_OK ? hz_anchor_commit(v, HZ_REC_ANCHOR_REQUEST, &rec, &at) : r;
	hz_buf_done(&text);
	hz_record_done(&rec);
	return r;
}

static void
say_request(struct hz_cli *cli, const struct request *q, const char *path)
{
	struct hz_out *o = &cli->door.out;

	if (cli->door.json) {
		struct hz_jw *w = hz_line_begin(o, "anchor");
		hz_jw_str(w, "result", "requested");
		hz_line_path(w, path);
		hz_jw_str(w, "origin", q->c.origin);
		hz_jw_int(w, "size", q->c.size);
		hz_jw_hex(w, "root", q->c.root, 32);
		hz_jw_int(w, "renewed", q->renewed);
		hz_line_end(o);
	} else if (!cli->door.quiet) {
		hz_out_printf(o, _("Request written: %s, for the log of %s events.\n"), hz_show_str(o, path),
		    hz_show_count(o, q->c.size));
		if (q->renewed > 0) {
			hz_out_printf(
			    o, _("It renews %s earlier time stamps.\n"), hz_show_count(o, q->renewed));
		}
		hz_out_puts(o, _("Have it answered by a time stamp authority; then import the answer:\n"));
		hz_out_printf(o, "`%s`\n", hz_show_id(o, "hirz anchor import REPLY.tsr --tsa-ca CA.pem"));
	}
}

int
hz_cmd_anchor_request(struct hz_cli *cli)
{
	const char *path = hz_args_get(&cli->args, "output"), *beside = hz_args_get(&cli->args, "checkpoint");
	struct request q = { .note = HZ_BUF_INIT(HZ_NOTE_MAX), .der = HZ_BUF_INIT(HZ_TSA_REQ_MAX) };
	struct hz_newfile f = HZ_NEWFILE_INIT, second = HZ_NEWFILE_INIT;
	struct hz_vault *v = NULL;
	enum hz_err r =
	    path == NULL ? hz_fail(HZ_MSG_USAGE, _("-o FILE says where the request goes")) : HZ_OK;

	r = r == HZ_OK ? hz_cli_open(cli, HZ_VAULT_WRITE, &v) : r;
	r = r == HZ_OK ? hz_newfile_begin(path, &f) : r;
	/* The checkpoint beside the request, for programs that stamp files. */
	r = r == HZ_OK && beside != NULL ? hz_newfile_begin(beside, &second) : r;
	if (r == HZ_OK && hz_args_has(&cli->args, "renew")) {
		r = renew(v, &q.renewed);
	}
	r = r == HZ_OK ? make_request(v, &q) : r;
	r = r == HZ_OK ? hz_newfile_put(&f, &q.der) : r;
	r = r == HZ_OK && beside != NULL ? hz_newfile_put(&second, &q.note) : r;
	r = r == HZ_OK ? record_request(v, &q) : r;
	r = r == HZ_OK ? hz_newfile_finish(&f) : r;
	r = r == HZ_OK && beside != NULL ? hz_newfile_finish(&second) : r;
	hz_newfile_end(&second);
	hz_newfile_end(&f);
	if (r == HZ_OK) {
		say_request(cli, &q, path);
	}
	hz_buf_done(&q.note);
	hz_buf_done(&q.der);
	return hz_cli_close(cli, &v, r == HZ_OK ? 0 : hz_door_fail(&cli->door, r));
}

/* --- list -------------------------------------------------------------------------------------------------
 */

struct listing {
	struct hz_cli *cli;
	uint64_t shown, bad;
};

static const char *
state_text(const struct hz_anchor_row *row)
{
	if (row->bad != HZ_OK) {
		return _("proves nothing");
	}
	switch (row->f.state) {
	case HZ_ANCHOR_GOOD:
		return _("good");
	case HZ_ANCHOR_UNTRUSTED:
		return _("not confirmed yet");
	case HZ_ANCHOR_PENDING:
		return _("promised only");
	case HZ_ANCHOR_EXPIRED:
	case HZ_ANCHOR_BAD:
		return _("bad certificate");
	case HZ_ANCHOR_REVOKED:
		break;
	}
	return _("revoked");
}

enum { W_INDEX = -6, W_EVENTS = -8, W_KIND = 8, W_TIME = 16, W_STATE = 18, W_ENDS = 10 };

static void
list_head(struct hz_out *o)
{
	hz_out_cell(o, C_("heading", "#"), W_INDEX);
	hz_out_cell(o, C_("heading", "EVENTS"), W_EVENTS);
	hz_out_cell(o, C_("heading", "KIND"), W_KIND);
	hz_out_cell(o, C_("heading", "TIME (UTC)"), W_TIME);
	hz_out_cell(o, C_("heading", "STATE"), W_STATE);
	hz_out_cell(o, C_("heading", "UNTIL"), W_ENDS);
	hz_out_puts(o, C_("heading", "AUTHORITY"));
	hz_out_puts(o, "\n");
}

static enum hz_err
list_one(void *arg, const struct hz_anchor_row *row)
{
	struct listing *l = arg;
	struct hz_out *o = &l->cli->door.out;
	char until[21] = "";

	l->bad += row->bad != HZ_OK || row->f.state > HZ_ANCHOR_PENDING;
	if (l->cli->door.json) {
		if (row->bad == HZ_OK) {
			hz_anchor_json(o, "listed", row->at, &row->a, &row->f, row->expires);
		} else {
			struct hz_jw *w = hz_line_begin(o, "anchor");
			hz_jw_str(w, "result", "invalid");
			hz_jw_int(w, "index", row->at.index);
			hz_jw_int(w, "log", row->at.log);
			hz_door_fail_json(w, &row->failure);
			hz_line_end(o);
		}
		l->shown++;
		return HZ_OK;
	}
	if (l->shown++ == 0) {
		list_head(o);
	}
	if (row->expires != INT64_MAX) {
		hz_time_format(row->expires, until);
		until[10] = '\0';
	}
	hz_out_cell(o, hz_show_count(o, row->at.index), W_INDEX);
	hz_out_cell(o, hz_show_count(o, row->a.c.size), W_EVENTS);
	hz_out_cell(o, hz_show_id(o, hz_anchor_type_name(row->a.type)), W_KIND);
	hz_out_cell(o, row->f.t == 0 ? "" : hz_show_minute(o, row->f.t), W_TIME);
	hz_out_cell(o,
	    hz_show_tone(o,
		row->bad != HZ_OK || row->f.state > HZ_ANCHOR_PENDING ? HZ_TONE_BAD
		: row->f.state == HZ_ANCHOR_GOOD                      ? HZ_TONE_GOOD
								      : HZ_TONE_WARN,
		state_text(row)),
	    W_STATE);
	hz_out_cell(o, hz_show_id(o, until), W_ENDS);
	hz_out_puts(
	    o, row->bad != HZ_OK ? hz_door_why(o, &row->failure) : hz_show_str(o, row->f.tsa.authority));
	hz_out_puts(o, "\n");
	return HZ_OK;
}

int
hz_cmd_anchor_list(struct hz_cli *cli)
{
	struct listing l = { .cli = cli };
	struct hz_vault *v = NULL;
	struct hz_view *w = NULL;
	enum hz_err r = hz_cli_open(cli, HZ_VAULT_READ, &v);

	r = r == HZ_OK ? hz_view_begin(v, &w) : r;
	r = r == HZ_OK ? hz_anchors_each(w, list_one, &l) : r;
	hz_view_end(&w);
	if (r == HZ_OK && l.shown == 0 && !cli->door.json && !cli->door.quiet) {
		hz_out_puts(
		    &cli->door.out, _("no time stamps yet: `hirz anchor request -o FILE` makes a request\n"));
	}
	int code = r != HZ_OK ? hz_door_fail(&cli->door, r) : l.bad > 0 ? 4 : 0;
	return hz_cli_close(cli, &v, code);
}
