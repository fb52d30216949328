#include "cli/outcome.h"

#include "cli/anchors.h"
#include "cli/head.h"
#include "cli/vouch.h"

#include <stdlib.h>
#include <string.h>

#define SHOWN_MAX 50 /* findings and time stamps in text; all of them with --json */

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
	case HZ_FOUND_UNPROVEN:
		return "unproven";
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
	case HZ_FOUND_UNPROVEN:
		return hz_show_tone(o, HZ_TONE_WARN, _("proves nothing"));
	case HZ_FOUND_LOG:
		break;
	}
	return hz_show_tone(o, HZ_TONE_BAD, _("not as signed"));
}

static void
finding(void *arg, const struct hz_audit_finding *f)
{
	struct hz_outcome *x = arg;
	struct hz_out *o = &x->cli->door.out;
	hz_progress_hide(&x->bar);
	if (x->report != NULL) {
		hz_report_finding(x->report, f);
	}
	if (x->cli->door.json) {
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
	if (x->cli->door.quiet && f->kind == HZ_FOUND_NOTED) {
		return;
	}
	if (x->shown++ >= SHOWN_MAX) {
		x->hidden++;
		return;
	}
	/* lint: allow hz_out_printf (kind_shown gives words of ours) */
	hz_out_printf(o, "  %s  %s  %s: %s\n", hz_show_id(o, f->id), kind_shown(o, f->kind), f->what,
	    hz_show_str(o, f->failure.detail));
}

static void
stamp(void *arg, const struct hz_audit_stamp *s)
{
	struct hz_outcome *x = arg;
	hz_progress_hide(&x->bar);
	if (x->report != NULL) {
		hz_report_stamp(x->report, s);
	}
	if (x->cli->door.json) {
		hz_stamp_json(&x->cli->door.out, s);
	} else if (x->cli->door.quiet) {
		return;
	} else if (x->stamps_shown++ < SHOWN_MAX) {
		hz_stamp_text(&x->cli->door.out, s);
	} else {
		x->stamps_hidden++;
	}
}

static void
event(void *arg, unsigned log, uint64_t index, const struct hz_fact *f)
{
	struct hz_outcome *x = arg;
	if (x->report != NULL) {
		hz_report_event(x->report, log, index, f);
	}
}

static void
stage(void *arg, enum hz_audit_stage s, uint64_t total)
{
	struct hz_outcome *x = arg;
	const char *const names[] = { _("Log"), _("Exhibits"), _("Stored pieces") };
	static const char *const ids[] = { "log", "exhibits", "segments" };
	if (x->bar_on) {
		hz_progress_end(&x->bar);
	}
	hz_progress_begin(&x->bar, &x->cli->door, ids[s], names[s], total, 0);
	x->bar_on = true;
}

static void
progress(void *arg, uint64_t done, uint64_t total, uint64_t bytes)
{
	struct hz_outcome *x = arg;
	x->bar.total = total;
	hz_progress_at(&x->bar, done, bytes);
}

const struct hz_audit_ops hz_outcome_ops = {
	.finding = finding, .progress = progress, .stage = stage, .event = event, .stamp = stamp
};

/* --- what is given from outside
 * ------------------------------------------------------------------------------- */

static enum hz_err
read_policy(const char *path, struct hz_policy *p)
{
	struct hz_buf text = HZ_BUF_INIT(HZ_OUTSIDE_TEXT_MAX);
	enum hz_err r = hz_cli_read_file(path, HZ_OUTSIDE_TEXT_MAX, &text);
	r = r == HZ_OK ? hz_policy_read(text.p, text.len, p) : r;
	if (r == HZ_ERR_FORMAT || r == HZ_ERR_LIMIT) {
		r = hz_fail(HZ_MSG_USAGE, "%s: %s", path, hz_fail_detail());
	}
	hz_buf_done(&text);
	return r;
}

HZ_RESULT
hz_outcome_given(struct hz_cli *cli, struct hz_outcome_given *g, struct hz_audit_opts *o)
{
	const char *policy = hz_args_get(&cli->args, "policy");
	g->vouch = calloc(1, sizeof(*g->vouch));
	g->policy = calloc(1, sizeof(*g->policy));
	if (g->vouch == NULL || g->policy == NULL) {
		return hz_fail(HZ_MSG_NOMEM, "files");
	}
	hz_vouch_init(g->vouch);
	enum hz_err r = hz_vouch_read(cli, false, g->vouch);
	if (r == HZ_ERR_FORMAT || r == HZ_ERR_LIMIT) {
		r = hz_fail(HZ_MSG_USAGE, "%s", hz_fail_detail()); /* says nothing of the vault */
	}
	HZ_TRY(r);
	g->vouch->given.own_chain = g->vouch->cas.len == 0;
	o->given = &g->vouch->given;
	if (policy != NULL) {
		HZ_TRY(read_policy(policy, g->policy));
		o->policy = g->policy;
	}
	return HZ_OK;
}

void
hz_outcome_given_done(struct hz_outcome_given *g)
{
	if (g->vouch != NULL) {
		hz_vouch_done(g->vouch);
	}
	free(g->vouch);
	free(g->policy);
	*g = (struct hz_outcome_given){ NULL, NULL };
}

/* --- in the end
 * --------------------------------------------------------------------------------------------- */

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
	case HZ_WHY_SAMPLE:
		return _("only a part was checked, chosen by chance");
	case HZ_WHY_NO_KEYS:
		return _(
		    "without keys: only stored bytes and the signature of the checkpoint, by a key from inside the vault");
	case HZ_WHY_NO_PIN:
		return _("the pin inside the vault is missing");
	case HZ_WHY_SEALED_ONLY:
		return _("stored bytes only: nothing was decrypted and compared with its commitment");
	case HZ_WHY_SOME:
		return _("only the exhibits named");
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
	case HZ_WHY_STAMP_UNTRUSTED:
		return _("no time stamp leads to an authority that was given");
	case HZ_WHY_STAMP_REVOKED:
		return _("a time stamp proves nothing: its certificate was revoked");
	case HZ_WHY_NOT_WITNESSED:
		return _("the newest state is not witnessed as the policy asks");
	default:
		return "";
	}
}

static void
say_counts(struct hz_out *o, const struct hz_audit_result *res)
{
	struct hz_jw *w = hz_line_begin(o, "check");
	hz_jw_int(w, "checked", res->checked);
	hz_jw_int(w, "matched", res->matched);
	hz_jw_int(w, "missing", res->missing);
	hz_jw_int(w, "different", res->different);
	hz_jw_int(w, "bytes", res->bytes);
	hz_jw_int(w, "events", res->events);
	hz_jw_int(w, "event_findings", res->event_findings);
	hz_jw_int(w, "checkpoints", res->checkpoints);
	hz_jw_int(w, "cosignatures", res->cosignatures);
	hz_jw_int(w, "anchors", res->stamps);
	hz_jw_int(w, "clock_readings", res->clock_readings);
	hz_jw_int(w, "clock_findings", res->clock_findings);
	hz_jw_int(w, "segments", res->segments);
	hz_jw_int(w, "resumed_events", res->resumed_events);
	hz_jw_int(w, "resumed_segments", res->resumed_segments);
	hz_line_end(o);
}

/* The policy: how far it is satisfied, and by whom. */
static void
say_witnessed(struct hz_outcome *x, const struct hz_policy *p)
{
	struct hz_out *o = &x->cli->door.out;
	const struct hz_audit_result *res = &x->res;
	if (!x->cli->door.json) {
		hz_out_printf(o,
		    res->witnessed > 0 ? _("  witnessed up to event %s, as the policy asks\n")
				       : _("  the policy is not satisfied (witnessed: %s events)\n"),
		    hz_show_count(o, res->witnessed));
		return;
	}
	struct hz_jw *w = hz_line_begin(o, "witnessed");
	hz_jw_bool(w, "met", res->witnessed > 0);
	hz_jw_int(w, "size", res->witnessed);
	hz_jw_arr(w, "witnesses");
	for (size_t i = 0; i < p->nodes; i++) {
		if (res->witnessed > 0 && res->witness[i]) {
			hz_jw_str(w, NULL, p->node[i].name);
		}
	}
	hz_jw_arr_end(w);
	hz_line_end(o);
}

static void
say_json(struct hz_outcome *x, const char *reason)
{
	struct hz_out *o = &x->cli->door.out;
	say_counts(o, &x->res);
	struct hz_jw *w = hz_line_begin(o, "verdict");
	hz_jw_str(w, "verdict", hz_verdict_word(x->res.verdict));
	hz_jw_arr(w, "reasons");
	if (reason != NULL) {
		hz_jw_str(w, NULL, reason);
	}
	for (unsigned bit = 1; bit <= HZ_WHY_LAST; bit <<= 1) {
		if (x->res.reasons & bit) {
			hz_jw_str(w, NULL, hz_audit_reason_id(bit));
		}
	}
	hz_jw_arr_end(w);
	hz_line_end(o);
}

static void
say_text(struct hz_outcome *x, bool whole)
{
	struct hz_out *o = &x->cli->door.out;
	const struct hz_audit_result *res = &x->res;
	enum hz_tone tone = hz_verdict_exit(res->verdict) == 0      ? HZ_TONE_GOOD
			    : res->verdict == HZ_VERDICT_INCOMPLETE ? HZ_TONE_WARN
								    : HZ_TONE_BAD;
	if (x->hidden + x->stamps_hidden) {
		hz_out_printf(o, _("  and %s more (all of them: --json)\n"),
		    hz_show_count(o, x->hidden + x->stamps_hidden));
	}
	if (whole) {
		hz_out_printf(o,
		    _("log: %s events, %s findings; %s kept checkpoints, %s readings of the clocks\n"),
		    hz_show_count(o, res->events), hz_show_count(o, res->event_findings),
		    hz_show_count(o, res->checkpoints), hz_show_count(o, res->clock_readings));
	}
	hz_out_printf(o, _("checked %s, matched %s, missing %s, different %s; %s\n"),
	    hz_show_count(o, res->checked), hz_show_count(o, res->matched), hz_show_count(o, res->missing),
	    hz_show_count(o, res->different), hz_show_size(o, res->bytes));
	if (!whole && res->events) {
		hz_out_printf(o, _("log: %s events, %s findings\n"), hz_show_count(o, res->events),
		    hz_show_count(o, res->event_findings));
	}
	for (unsigned bit = 1; bit <= HZ_WHY_LAST; bit <<= 1) {
		if (res->reasons & bit) {
			hz_out_printf(o, "  %s\n", reason_text(bit));
		}
	}
	hz_out_printf(o, "%s\n", hz_show_tone(o, tone, hz_verdict_word(res->verdict)));
}

void
hz_outcome_say(struct hz_outcome *x, const struct hz_audit_opts *opts, const char *reason)
{
	bool quiet = !x->cli->door.json && x->cli->door.quiet && hz_verdict_exit(x->res.verdict) == 0;
	if (opts->policy != NULL && !quiet) {
		say_witnessed(x, opts->policy);
	}
	if (x->cli->door.json) {
		say_json(x, reason);
	} else if (!quiet) {
		say_text(x, opts->whole);
	}
}

int
hz_outcome_exit(const struct hz_audit_result *res)
{
	unsigned worse = HZ_WHY_CONTENT | HZ_WHY_LOG;
	if (res->verdict == HZ_VERDICT_INVALID && !(res->reasons & worse)) {
		return res->reasons & (HZ_WHY_FORK | HZ_WHY_ROLLBACK) ? HZ_EXIT_OLDER : 4;
	}
	return hz_verdict_exit(res->verdict);
}
