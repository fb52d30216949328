/* hirz verify: the vault against what was sealed. */
#include "cli/head.h"
#include "cli/report.h"
#include "cli/select.h"

#include "audit/audit.h"
#include "base/enc.h"
#include "base/fd.h"
#include "door/passphrase.h"
#include "door/progress.h"

#include <stdlib.h>
#include <string.h>

struct report {
	struct hz_cli *cli;
	struct hz_progress bar;
	uint64_t shown, hidden;
};

#define EXIT_OLDER 11
#define SHOWN_MAX  50 /* findings in text; all of them with --json */

static const char *
kind_id(enum hz_audit_kind kind)
{
	switch (kind) {
	case HZ_FOUND_DIFFERENT:
		return "different";
	case HZ_FOUND_MISSING:
		return "missing";
	case HZ_FOUND_LOG:
	case HZ_FOUND_NOTED:
	case HZ_FOUND_AGAINST:
		break;
	}
	return "log";
}

static const char *
kind_text(enum hz_audit_kind kind)
{
	switch (kind) {
	case HZ_FOUND_DIFFERENT:
		return _("different");
	case HZ_FOUND_MISSING:
		return _("missing");
	case HZ_FOUND_LOG:
	case HZ_FOUND_NOTED:
	case HZ_FOUND_AGAINST:
		break;
	}
	return _("not as signed");
}

static void
finding(void *arg, const struct hz_audit_finding *f)
{
	struct report *rep = arg;
	struct hz_out *o = &rep->cli->door.out;
	hz_progress_hide(&rep->bar);
	if (rep->cli->door.json) {
		struct hz_jw *w = hz_line_begin(o, "finding");
		hz_jw_str(w, "kind", kind_id(f->kind));
		hz_jw_str(w, "id", f->id);
		hz_door_fail_json(w, &f->failure);
		hz_line_end(o);
		return;
	}
	if (rep->shown++ >= SHOWN_MAX) {
		rep->hidden++;
		return;
	}
	hz_out_printf(o, "  %s  %s  %s\n", hz_show_id(o, f->id),
	    hz_show_tone(o, HZ_TONE_BAD, kind_text(f->kind)), hz_door_why(o, &f->failure));
}

static void
progress(void *arg, uint64_t done, uint64_t total, uint64_t bytes)
{
	struct report *rep = arg;
	rep->bar.total = total;
	hz_progress_at(&rep->bar, done, bytes);
}

static const char *
reason_text(unsigned bit)
{
	switch (bit) {
	case HZ_WHY_CONTENT:
		return _("stored content is not what was sealed");
	case HZ_WHY_LOG:
		return _("the log is not as it was signed");
	case HZ_WHY_ROLLBACK:
		return _("the vault is older than a pin has seen");
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
	default:
		return "";
	}
}

/* What was kept from before decides too: against it nothing is valid. */
struct outcome {
	int against; /* 0, 3 or 11 */
	bool witnessed;
};

static enum hz_verdict
joined(const struct hz_audit_result *res, const struct outcome *out)
{
	if (out->against == EXIT_OLDER) {
		return HZ_VERDICT_INVALID;
	}
	if (res->verdict == HZ_VERDICT_SIGNED && out->against != 0) {
		return HZ_VERDICT_INCOMPLETE;
	}
	return res->verdict == HZ_VERDICT_SIGNED && out->witnessed ? HZ_VERDICT_WITNESSED : res->verdict;
}

static void
say_json(struct hz_cli *cli, const struct hz_audit_result *res, const struct outcome *out)
{
	struct hz_out *o = &cli->door.out;
	struct hz_jw *w = hz_line_begin(o, "check");
	hz_jw_int(w, "checked", res->checked);
	hz_jw_int(w, "matched", res->matched);
	hz_jw_int(w, "missing", res->missing);
	hz_jw_int(w, "different", res->different);
	hz_jw_int(w, "bytes", res->bytes);
	hz_jw_int(w, "events", res->events);
	hz_jw_int(w, "event_findings", res->event_findings);
	hz_line_end(o);
	w = hz_line_begin(o, "verdict");
	hz_jw_str(w, "verdict", hz_verdict_word(joined(res, out)));
	hz_jw_arr(w, "reasons");
	if (out->against != 0) {
		hz_jw_str(w, NULL, out->against == EXIT_OLDER ? "against" : "not-compared");
	}
	for (unsigned bit = 1; bit <= HZ_WHY_UNKNOWN_ACT; bit <<= 1) {
		if (res->reasons & bit) {
			hz_jw_str(w, NULL, hz_audit_reason_id(bit));
		}
	}
	hz_jw_arr_end(w);
	hz_line_end(o);
}

static void
say_text(struct report *rep, const struct hz_audit_result *res, enum hz_verdict all)
{
	struct hz_out *o = &rep->cli->door.out;
	enum hz_tone tone = hz_verdict_exit(all) == 0      ? HZ_TONE_GOOD
			    : all == HZ_VERDICT_INCOMPLETE ? HZ_TONE_WARN
							   : HZ_TONE_BAD;
	if (rep->hidden) {
		hz_out_printf(o, _("  and %s more (all of them: --json)\n"), hz_show_count(o, rep->hidden));
	}
	hz_out_printf(o, _("checked %s, matched %s, missing %s, different %s; %s\n"),
	    hz_show_count(o, res->checked), hz_show_count(o, res->matched), hz_show_count(o, res->missing),
	    hz_show_count(o, res->different), hz_show_size(o, res->bytes));
	if (res->events) {
		hz_out_printf(o, _("log: %s events, %s findings\n"), hz_show_count(o, res->events),
		    hz_show_count(o, res->event_findings));
	}
	for (unsigned bit = 1; bit <= HZ_WHY_UNKNOWN_ACT; bit <<= 1) {
		if (res->reasons & bit) {
			hz_out_printf(o, "  %s\n", reason_text(bit));
		}
	}
	hz_out_printf(o, "%s\n", hz_show_tone(o, tone, hz_verdict_word(all)));
}

/* --- what to check ------------------------------------------------------------------------------------ */

static enum hz_err
options(struct hz_cli *cli, struct hz_audit_opts *o)
{
	const char *sample = hz_args_get(&cli->args, "sample");
	bool sealed = hz_args_has(&cli->args, "sealed"), full = hz_args_has(&cli->args, "full");
	o->mode = sealed ? HZ_AUDIT_SEALED : sample ? HZ_AUDIT_SAMPLE : HZ_AUDIT_FULL;
	if ((int)sealed + (int)full + (sample ? 1 : 0) > 1) {
		return hz_fail(HZ_MSG_USAGE, _("only one of --full, --sealed and --sample"));
	}
	if (sealed && cli->args.operand_count) {
		return hz_fail(HZ_MSG_USAGE, _("--sealed checks the whole store: name no exhibits"));
	}
	if (sample) {
		size_t n = strlen(sample);
		uint64_t v = 0;
		if (n > 0 && sample[n - 1] == '%') {
			n--;
		}
		if (hz_parse_u64(sample, n, 100, &v) != HZ_OK || v == 0) {
			return hz_fail(HZ_MSG_USAGE,
			    _("--sample takes a part from 1%% to 100%%, not \"%.40s\""), sample);
		}
		o->percent = (unsigned)v;
	}
	return HZ_OK;
}

/* The stored bytes can be checked by somebody who has no key: where none is to be had, that is what is done.
 */
static enum hz_err
open_for(struct hz_cli *cli, const struct hz_audit_opts *o, struct hz_vault **ret)
{
	struct hz_buf path = HZ_BUF_INIT(8192);
	const char *s = NULL;
	uint8_t id[16];
	unsigned left = 0;
	enum hz_vault_mode mode = HZ_VAULT_READ;
	if (o->mode == HZ_AUDIT_SEALED && !cli->door.passphrase_file && cli->door.passphrase_fd < 0) {
		enum hz_err r = hz_cli_find(cli, &path);
		r = r == HZ_OK ? hz_buf_cstr(&path, &s) : r;
		bool session = r == HZ_OK && hz_vault_peek_id(s, id) == HZ_OK && hz_session_peek(id, &left);
		hz_fail_clear();
		hz_buf_done(&path);
		if (!session && (cli->door.no_input || !hz_passphrase_possible(&cli->door))) {
			mode = HZ_VAULT_SEALED;
		}
	}
	return hz_cli_open(cli, mode, ret);
}

static int
verdict(struct report *rep, const struct hz_audit_result *res, const struct outcome *out)
{
	enum hz_verdict all = joined(res, out);
	if (rep->cli->door.json) {
		say_json(rep->cli, res, out);
	} else if (!rep->cli->door.quiet || hz_verdict_exit(all) != 0) {
		say_text(rep, res, all);
	}
	/* hz_cli_close turns a rollback into 11; 4 stays where more than that was found. */
	if (res->verdict == HZ_VERDICT_INVALID && !(res->reasons & (HZ_WHY_CONTENT | HZ_WHY_LOG))) {
		return out->against == EXIT_OLDER ? EXIT_OLDER : 0;
	}
	return out->against == EXIT_OLDER && res->verdict != HZ_VERDICT_INVALID ? EXIT_OLDER
										: hz_verdict_exit(all);
}

/* Afterwards, and only where it is asked for: a check itself changes nothing. */
static enum hz_err
record(
    struct hz_cli *cli, struct hz_vault **v, const struct hz_audit_opts *o, const struct hz_audit_result *res)
{
	static const char *const modes[] = { "full", "sealed", "sample" };
	hz_vault_close(v);
	HZ_TRY(hz_cli_open(cli, HZ_VAULT_WRITE, v));
	return hz_cli_checked(*v, "verify", modes[o->mode], res);
}

int
hz_cmd_verify(struct hz_cli *cli)
{
	static const struct hz_audit_ops ops = { .finding = finding, .progress = progress };
	struct hz_audit_opts o = { 0 };
	struct hz_audit_result res = { 0 };
	struct report rep = { .cli = cli };
	struct hz_vault *v = NULL;
	struct hz_selection s = { 0 };
	struct outcome out = { 0, false };
	int code = 0;

	enum hz_err r = options(cli, &o);
	if (r == HZ_OK) {
		hz_cancel_install();
		r = open_for(cli, &o, &v);
	}
	if (r == HZ_OK && cli->args.operand_count) {
		r = hz_select(cli, v, 0, HZ_SELECT_CASES, &s);
		o.exhibits = s.no;
		o.count = s.n;
	}
	if (r == HZ_OK) {
		hz_progress_begin(&rep.bar, &cli->door, "verify", _("Checking"), 0, 0);
		r = hz_audit_run(v, &o, &ops, &rep, &res);
		hz_progress_end(&rep.bar);
	}
	r = r == HZ_OK ? hz_cli_against(cli, v, &out.against, &out.witnessed) : r;
	code = r == HZ_OK ? verdict(&rep, &res, &out) : 0;
	if (r == HZ_OK && hz_args_has(&cli->args, "record")) {
		r = record(cli, &v, &o, &res);
	}
	code = r == HZ_OK ? code : hz_door_fail(&cli->door, r);
	hz_selection_done(&s);
	return hz_cli_close(cli, &v, code);
}
