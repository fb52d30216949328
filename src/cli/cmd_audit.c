/* hirz audit: everything that was ever signed, against everything that was kept. */
#include "cli/head.h"
#include "cli/report.h"

#include "base/fd.h"
#include "door/progress.h"
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SHOWN_MAX 50 /* findings in text; all of them with --json */

struct audit {
	struct hz_cli *cli;
	struct hz_progress bar;
	bool bar_on;
	struct hz_report *report; /* NULL: none is asked for */
	struct hz_kept files;
	struct hz_audit_kept kept[HZ_CLI_BEFORE_MAX];
	struct hz_newfile pack, html;
	bool has_pack, has_html;
	uint64_t shown, hidden;
	struct hz_audit_result res;
};

/* --- on the way
 * --------------------------------------------------------------------------------------------- */

static const char *
kind_id(enum hz_audit_kind kind)
{
	switch (kind) {
	case HZ_FOUND_DIFFERENT:
		return "different";
	case HZ_FOUND_MISSING:
		return "missing";
	case HZ_FOUND_NOTED:
		return "note";
	case HZ_FOUND_AGAINST:
		return "against";
	case HZ_FOUND_LOG:
		break;
	}
	return "log";
}

static const char *
kind_shown(struct hz_out *o, enum hz_audit_kind kind)
{
	switch (kind) {
	case HZ_FOUND_DIFFERENT:
		return hz_show_tone(o, HZ_TONE_BAD, _("different"));
	case HZ_FOUND_MISSING:
		return hz_show_tone(o, HZ_TONE_BAD, _("missing"));
	case HZ_FOUND_AGAINST:
		return hz_show_tone(o, HZ_TONE_BAD, _("kept outside"));
	case HZ_FOUND_NOTED:
		return hz_show_tone(o, HZ_TONE_WARN, _("note"));
	case HZ_FOUND_LOG:
		break;
	}
	return hz_show_tone(o, HZ_TONE_BAD, _("not as signed"));
}

static void
finding(void *arg, const struct hz_audit_finding *f)
{
	struct audit *a = arg;
	struct hz_out *o = &a->cli->door.out;
	if (a->report != NULL) {
		hz_report_finding(a->report, f);
	}
	if (a->cli->door.json) {
		struct hz_jw *w = hz_line_begin(o, "finding");
		hz_jw_str(w, "kind", kind_id(f->kind));
		hz_jw_str(w, "what", f->what);
		hz_jw_str(w, "id", f->id);
		hz_line_text(w, "detail", f->failure.detail);
		if (f->failure.msg != HZ_MSG_NONE) {
			hz_door_fail_json(w, &f->failure);
		}
		hz_line_end(o);
		return;
	}
	if (a->cli->door.quiet && f->kind == HZ_FOUND_NOTED) {
		return;
	}
	if (a->shown++ >= SHOWN_MAX) {
		a->hidden++;
		return;
	}
	hz_progress_hide(&a->bar);
	/* lint: allow hz_out_printf (kind_shown gives words of ours) */
	hz_out_printf(o, "  %s  %s  %s: %s\n", hz_show_id(o, f->id), kind_shown(o, f->kind), f->what,
	    hz_show_str(o, f->failure.detail));
}

static void
event(void *arg, unsigned log, uint64_t index, const struct hz_fact *f)
{
	struct audit *a = arg;
	if (a->report != NULL) {
		hz_report_event(a->report, log, index, f);
	}
}

static void
stage(void *arg, enum hz_audit_stage s, uint64_t total)
{
	struct audit *a = arg;
	const char *const names[] = { _("Log"), _("Exhibits"), _("Stored pieces") };
	static const char *const ids[] = { "log", "exhibits", "segments" };
	if (a->bar_on) {
		hz_progress_end(&a->bar);
	}
	hz_progress_begin(&a->bar, &a->cli->door, ids[s], names[s], total, 0);
	a->bar_on = true;
}

static void
progress(void *arg, uint64_t done, uint64_t total, uint64_t bytes)
{
	struct audit *a = arg;
	a->bar.total = total;
	hz_progress_at(&a->bar, done, bytes);
}

/* --- what is said at the end
 * ---------------------------------------------------------------------------------- */

static const char *
reason_text(unsigned bit)
{
	switch (bit) {
	case HZ_WHY_CONTENT:
		return _("stored content is not what was sealed");
	case HZ_WHY_LOG:
		return _("the log is not as it was signed");
	case HZ_WHY_ROLLBACK:
		return _("the vault is older than what was seen of it");
	case HZ_WHY_NOTHING:
		return _("there was nothing to check");
	case HZ_WHY_NO_PIN:
		return _("the pin inside the vault is missing");
	case HZ_WHY_SEALED_ONLY:
		return _("stored bytes only: nothing was decrypted and compared with its commitment");
	case HZ_WHY_UNKNOWN_ACT:
		return _("the log holds acts that this version does not know");
	case HZ_WHY_FORK:
		return _("another history of this log was signed too");
	case HZ_WHY_NOT_COMPARED:
		return _("something kept outside could not be compared");
	case HZ_WHY_CLOCK:
		return _("the clock was not steady; order and proofs do not rest on it");
	case HZ_WHY_RESUMED:
		return _("a part was checked by an earlier run that was stopped (--fresh begins anew)");
	default:
		return "";
	}
}

static void
say_json(struct audit *a)
{
	struct hz_out *o = &a->cli->door.out;
	const struct hz_audit_result *res = &a->res;
	struct hz_jw *w = hz_line_begin(o, "check");
	hz_jw_int(w, "checked", res->checked);
	hz_jw_int(w, "matched", res->matched);
	hz_jw_int(w, "missing", res->missing);
	hz_jw_int(w, "different", res->different);
	hz_jw_int(w, "bytes", res->bytes);
	hz_jw_int(w, "events", res->events);
	hz_jw_int(w, "event_findings", res->event_findings);
	hz_jw_int(w, "checkpoints", res->checkpoints);
	hz_jw_int(w, "clock_readings", res->clock_readings);
	hz_jw_int(w, "clock_findings", res->clock_findings);
	hz_jw_int(w, "segments", res->segments);
	hz_jw_int(w, "resumed_events", res->resumed_events);
	hz_jw_int(w, "resumed_segments", res->resumed_segments);
	hz_line_end(o);
	w = hz_line_begin(o, "verdict");
	hz_jw_str(w, "verdict", hz_verdict_word(res->verdict));
	hz_jw_arr(w, "reasons");
	for (unsigned bit = 1; bit <= HZ_WHY_LAST; bit <<= 1) {
		if (res->reasons & bit) {
			hz_jw_str(w, NULL, hz_audit_reason_id(bit));
		}
	}
	hz_jw_arr_end(w);
	hz_line_end(o);
}

static void
say_text(struct audit *a)
{
	struct hz_out *o = &a->cli->door.out;
	const struct hz_audit_result *res = &a->res;
	enum hz_tone tone = hz_verdict_exit(res->verdict) == 0      ? HZ_TONE_GOOD
			    : res->verdict == HZ_VERDICT_INCOMPLETE ? HZ_TONE_WARN
								    : HZ_TONE_BAD;
	if (a->hidden) {
		hz_out_printf(o, _("  and %s more (all of them: --json)\n"), hz_show_count(o, a->hidden));
	}
	hz_out_printf(o, _("log: %s events, %s findings; %s kept checkpoints, %s readings of the clocks\n"),
	    hz_show_count(o, res->events), hz_show_count(o, res->event_findings),
	    hz_show_count(o, res->checkpoints), hz_show_count(o, res->clock_readings));
	hz_out_printf(o, _("checked %s, matched %s, missing %s, different %s; %s\n"),
	    hz_show_count(o, res->checked), hz_show_count(o, res->matched), hz_show_count(o, res->missing),
	    hz_show_count(o, res->different), hz_show_size(o, res->bytes));
	for (unsigned bit = 1; bit <= HZ_WHY_LAST; bit <<= 1) {
		if (res->reasons & bit) {
			hz_out_printf(o, "  %s\n", reason_text(bit));
		}
	}
	hz_out_printf(o, "%s\n", hz_show_tone(o, tone, hz_verdict_word(res->verdict)));
}

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
	if (pack != NULL) {
		HZ_TRY(hz_newfile_begin(pack, &a->pack));
		a->has_pack = true;
	}
	if (html != NULL) {
		HZ_TRY(hz_newfile_begin(html, &a->html));
		a->has_html = true;
		HZ_TRY(hz_report_new(&a->report));
	}
	return HZ_OK;
}

static enum hz_err
write_pack(struct audit *a, struct hz_vault *v)
{
	struct hz_out *o = &a->cli->door.out;
	const char *path = hz_args_get(&a->cli->args, "output");
	uint64_t events = 0, bytes = 0;
	if (!a->has_pack) {
		return HZ_OK;
	}
	HZ_TRY(hz_audit_pack(v, a->pack.fd, &events, &bytes));
	HZ_TRY(hz_newfile_finish(&a->pack));
	if (a->cli->door.json) {
		struct hz_jw *w = hz_line_begin(o, "pack");
		hz_line_path(w, path);
		hz_jw_int(w, "events", events);
		hz_jw_int(w, "bytes", bytes);
		hz_line_end(o);
	} else if (!a->cli->door.quiet) {
		hz_out_printf(o,
		    _("Audit pack: %s, %s events. Anybody checks it with `hirz-verify %s --key %s`\n"),
		    hz_show_str(o, path), hz_show_count(o, events), hz_show_str(o, path),
		    hz_show_id(o, hz_vault_info(v)->fingerprint));
	}
	return HZ_OK;
}

static enum hz_err
write_html(struct audit *a, struct hz_vault *v)
{
	struct hz_buf note = HZ_BUF_INIT(HZ_NOTE_MAX);
	if (!a->has_html) {
		return HZ_OK;
	}
	enum hz_err r = hz_vault_checkpoint(v, &note);
	r = r == HZ_OK ? hz_report_write(
			     a->report, hz_vault_info(v), &note, &a->res, a->kept, a->files.n, a->html.fd)
		       : r;
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
	return hz_cli_checked(*v, "audit", "log", &a->res);
}

static int
exit_code(const struct hz_audit_result *res)
{
	unsigned worse = HZ_WHY_CONTENT | HZ_WHY_LOG;
	if (res->verdict == HZ_VERDICT_INVALID && !(res->reasons & worse)) {
		return res->reasons & (HZ_WHY_FORK | HZ_WHY_ROLLBACK) ? 11 : 4;
	}
	return hz_verdict_exit(res->verdict);
}

static enum hz_err
run(struct audit *a, struct hz_vault **v)
{
	static const struct hz_audit_ops ops = {
		.finding = finding, .progress = progress, .stage = stage, .event = event
	};
	struct hz_audit_opts o = { .mode = HZ_AUDIT_SEALED,
		.whole = true,
		.fresh = hz_args_has(&a->cli->args, "fresh"),
		.kept = a->kept };
	HZ_TRY(open_against(a));
	o.nkept = a->files.n;
	HZ_TRY(open_outputs(a));
	HZ_TRY(hz_cli_open(a->cli, HZ_VAULT_READ, v));
	enum hz_err r = hz_audit_run(*v, &o, &ops, a, &a->res);
	if (a->bar_on) {
		hz_progress_end(&a->bar);
	}
	HZ_TRY(r);
	if (a->cli->door.json) {
		say_json(a);
	} else if (!a->cli->door.quiet || hz_verdict_exit(a->res.verdict) != 0) {
		say_text(a);
	}
	HZ_TRY(write_html(a, *v));
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
	a->cli = cli;
	a->pack = a->html = (struct hz_newfile)HZ_NEWFILE_INIT;
	hz_cancel_install();
	enum hz_err r = run(a, &v);
	int code = r == HZ_OK ? exit_code(&a->res) : hz_door_fail(&cli->door, r);
	hz_newfile_end(&a->pack);
	hz_newfile_end(&a->html);
	hz_kept_done(&a->files);
	hz_report_free(&a->report);
	free(a);
	return hz_cli_close(cli, &v, code);
}
