/* hirz audit: everything that was ever signed, against everything that was kept. */
#include "cli/head.h"
#include "cli/outcome.h"
#include "cli/report.h"

#include "base/fd.h"
#include "bundle/bundle.h"
#include <stdlib.h>
#include <unistd.h>

struct audit {
	struct hz_cli *cli;
	struct hz_outcome x;
	struct hz_outcome_given given;
	struct hz_kept files;
	struct hz_audit_kept kept[HZ_CLI_BEFORE_MAX];
	struct hz_newfile pack, html;
	bool has_pack, has_html;
};

/* --- files
 * -------------------------------------------------------------------------------------------------- */

static enum hz_err
open_against(struct audit *a)
{
	const char *path;
	size_t at = 0;
	while ((path = hz_args_next(&a->cli->args, "against", &at)) != NULL) {
		HZ_TRY(hz_kept_add(&a->files, path));
	}
	for (size_t i = 0; i < a->files.n; i++) {
		struct hz_before *b = &a->files.list[i];
		a->kept[i] = (struct hz_audit_kept){ .name = a->files.path[b->from], .before = b };
	}
	return HZ_OK;
}

/* The files that are to be written are made first: a name that is taken is known before the work. */
static enum hz_err
open_outputs(struct audit *a)
{
	const char *pack = hz_args_get(&a->cli->args, "output"), *html = hz_args_get(&a->cli->args, "html");
	uint8_t pk[HZ_BUNDLE_RECIPIENTS][32];
	size_t n = 0;
	HZ_TRY(hz_cli_recipients(a->cli, pk, &n));
	if (n > 0 && pack == NULL) {
		return hz_fail(HZ_MSG_USAGE, _("--sealed-to needs -o PACK: it is the pack that is sealed"));
	}
	if (pack != NULL) {
		HZ_TRY(hz_newfile_begin(pack, &a->pack));
		a->has_pack = true;
	}
	if (html != NULL) {
		HZ_TRY(hz_newfile_begin(html, &a->html));
		a->has_html = true;
		HZ_TRY(hz_report_new(&a->x.report));
	}
	return HZ_OK;
}

static enum hz_err
write_pack(struct audit *a, struct hz_vault *v)
{
	struct hz_out *o = &a->cli->door.out;
	const char *path = hz_args_get(&a->cli->args, "output");
	uint8_t pk[HZ_BUNDLE_RECIPIENTS][32];
	struct hz_audit_pack_opts opts = { .fd = a->pack.fd, .recipients = (const uint8_t(*)[32])pk };
	struct hz_audit_packed done;
	if (!a->has_pack) {
		return HZ_OK;
	}
	HZ_TRY(hz_cli_recipients(a->cli, pk, &opts.nrecipients));
	HZ_TRY(hz_audit_pack(v, &opts, &done));
	HZ_TRY(hz_newfile_finish(&a->pack));
	if (a->cli->door.json) {
		struct hz_jw *w = hz_line_begin(o, "pack");
		hz_line_path(w, path);
		hz_jw_int(w, "events", done.events);
		hz_jw_int(w, "checkpoints", done.checkpoints);
		hz_jw_int(w, "stamps", done.stamps);
		hz_jw_int(w, "bytes", done.bytes);
		hz_jw_bool(w, "sealed", opts.nrecipients > 0);
		hz_line_end(o);
	} else if (!a->cli->door.quiet && opts.nrecipients > 0) {
		hz_out_printf(o,
		    _("Audit pack: %s, %s events, sealed. Whoever holds the key opens it with `age -d`, and checks it with `hirz-verify --key %s`\n"),
		    hz_show_str(o, path), hz_show_count(o, done.events),
		    hz_show_id(o, hz_vault_info(v)->fingerprint));
	} else if (!a->cli->door.quiet) {
		hz_out_printf(o,
		    _("Audit pack: %s, %s events. Anybody checks it with `hirz-verify %s --key %s`\n"),
		    hz_show_str(o, path), hz_show_count(o, done.events), hz_show_str(o, path),
		    hz_show_id(o, hz_vault_info(v)->fingerprint));
	}
	return HZ_OK;
}

static enum hz_err
write_html(struct audit *a, struct hz_vault *v, const struct hz_audit_opts *o)
{
	struct hz_buf note = HZ_BUF_INIT(HZ_NOTE_MAX);
	if (!a->has_html) {
		return HZ_OK;
	}
	enum hz_err r = hz_vault_checkpoint(v, &note);
	r = r == HZ_OK ? hz_report_write(a->x.report, hz_vault_info(v), &note, &a->x.res, o, a->html.fd) : r;
	r = r == HZ_OK ? hz_newfile_finish(&a->html) : r;
	hz_buf_done(&note);
	return r;
}

/* Afterwards, and only where it is asked for: an audit itself changes nothing. */
static enum hz_err
record(struct audit *a, struct hz_vault **v)
{
	if (!hz_args_has(&a->cli->args, "record")) {
		return HZ_OK;
	}
	hz_vault_close(v);
	HZ_TRY(hz_cli_open(a->cli, HZ_VAULT_WRITE, v));
	return hz_cli_checked(*v, "audit", "log", &a->x.res);
}

static enum hz_err
run(struct audit *a, struct hz_vault **v)
{
	struct hz_audit_opts o = { .mode = HZ_AUDIT_SEALED,
		.whole = true,
		.fresh = hz_args_has(&a->cli->args, "fresh"),
		.kept = a->kept };
	HZ_TRY(open_against(a));
	HZ_TRY(hz_outcome_given(a->cli, &a->given, &o));
	o.nkept = a->files.n;
	HZ_TRY(open_outputs(a));
	HZ_TRY(hz_cli_open(a->cli, HZ_VAULT_READ, v));
	enum hz_err r = hz_audit_run(*v, &o, &hz_outcome_ops, &a->x, &a->x.res);
	if (a->x.bar_on) {
		hz_progress_end(&a->x.bar);
	}
	HZ_TRY(r);
	hz_outcome_say(&a->x, &o, NULL);
	HZ_TRY(write_html(a, *v, &o));
	HZ_TRY(write_pack(a, *v));
	return record(a, v);
}

int
hz_cmd_audit(struct hz_cli *cli)
{
	struct hz_vault *v = NULL;
	struct audit *a = calloc(1, sizeof(*a));
	if (a == NULL) {
		return hz_door_fail(&cli->door, hz_fail(HZ_MSG_NOMEM, "an audit"));
	}
	a->cli = a->x.cli = cli;
	a->pack = a->html = (struct hz_newfile)HZ_NEWFILE_INIT;
	hz_cancel_install();
	enum hz_err r = run(a, &v);
	int code = r == HZ_OK ? hz_outcome_exit(&a->x.res) : hz_door_fail(&cli->door, r);
	hz_newfile_end(&a->pack);
	hz_newfile_end(&a->html);
	hz_kept_done(&a->files);
	hz_report_free(&a->x.report);
	hz_outcome_given_done(&a->given);
	free(a);
	return hz_cli_close(cli, &v, code);
}
