/* hirz export: a signed bundle of what consent lets out. */
#include "cli/select.h"

#include "base/enc.h"
#include "base/fd.h"
#include "bundle/bundle.h"
#include "door/progress.h"
#include "object/age.h"

#include <stdlib.h>
#include <string.h>

static enum hz_err
select_exhibits(struct hz_cli *cli, struct hz_vault *v, struct hz_selection *s)
{
	return hz_args_has(&cli->args, "all") ? hz_select_all(v, s)
					      : hz_select(cli, v, 0, HZ_SELECT_CASES, s);
}

static enum hz_err
options(struct hz_cli *cli, struct hz_bundle_opts *o)
{
	const char *format = hz_args_get(&cli->args, "format");
	o->to = hz_args_get(&cli->args, "to");
	o->purpose = hz_args_get(&cli->args, "purpose");
	o->file = hz_args_get(&cli->args, "output");
	o->dry = hz_args_has(&cli->args, "dry-run");
	o->no_rules = hz_args_has(&cli->args, "no-rules");
	if (hz_args_has(&cli->args, "all") == (cli->args.operand_count > 0)) {
		return hz_fail(
		    HZ_MSG_USAGE, _("name a case or exhibits, give a query after --, or give --all"));
	}
	if (hz_args_has(&cli->args, "redact") || (format && strcmp(format, "tar") != 0)) {
		return hz_fail(HZ_MSG_UNSUPPORTED,
		    _("this version writes whole bundles as tar: no --redact and no zip yet"));
	}
	if (!o->to || !*o->to) {
		return hz_fail(HZ_MSG_USAGE, _("--to RECIPIENT is missing: who gets the bundle"));
	}
	if (!o->file && !o->dry) {
		return hz_fail(HZ_MSG_USAGE, _("-o FILE is missing: where the bundle is to be written"));
	}
	if (!hz_utf8_ok(o->to, strlen(o->to)) ||
	    (o->purpose && !hz_utf8_ok(o->purpose, strlen(o->purpose)))) {
		return hz_fail(HZ_MSG_USAGE, _("--to and --purpose are UTF-8 text"));
	}
	return HZ_OK;
}

static void
progress(void *arg, uint64_t done, uint64_t total)
{
	(void)total;
	hz_progress_at(arg, 0, done);
}

static void
say_json(struct hz_cli *cli, const struct hz_bundle_opts *o, const struct hz_bundle_result *res)
{
	struct hz_jw *w = hz_line_begin(&cli->door.out, "export");
	char hex[129];
	hz_jw_int(w, "included", res->included);
	hz_jw_arr(w, "withheld");
	for (size_t i = 0; i < res->withheld_count; i++) {
		hz_jw_obj(w, NULL);
		hz_jw_str(w, "id", res->withheld[i].number);
		hz_jw_str(w, "rule", hz_bundle_rule_name(res->withheld[i].rule));
		hz_jw_obj_end(w);
	}
	hz_jw_arr_end(w);
	hz_jw_int(w, "redacted", 0);
	hz_jw_arr(w, "rules");
	for (size_t i = 0; i < res->rules_count; i++) {
		const struct hz_bundle_rules *x = &res->rules[i];
		hz_jw_obj(w, NULL);
		hz_jw_hex(w, "id", x->id, sizeof x->id);
		hz_line_text(w, "name", x->name);
		hz_line_text(w, "version", x->version);
		hz_jw_int(w, "size", x->size);
		hz_jw_obj_end(w);
	}
	hz_jw_arr_end(w);
	hz_jw_int(w, "bytes", res->bytes);
	if (o->file) {
		hz_line_bytes(w, "file", o->file, strlen(o->file));
	} else {
		hz_jw_null(w, "file");
	}
	if (res->file_size) {
		hz_hex(hex, res->sha512, 64);
		hz_jw_str(w, "sha512", hex);
		hz_jw_int(w, "size", res->file_size);
		hz_jw_str(w, "name", res->name);
		hz_jw_strn(w, "checkpoint", res->checkpoint.p, res->checkpoint.len);
	} else {
		hz_jw_null(w, "sha512");
		hz_jw_null(w, "checkpoint");
	}
	hz_jw_bool(w, "dry_run", o->dry);
	hz_line_end(&cli->door.out);
}

static void
say_withheld(struct hz_cli *cli, const struct hz_bundle_result *res)
{
	struct hz_out *o = &cli->door.out;
	hz_out_printf(o,
	    NN_("  held back    %s exhibit: its consent is not known\n",
		"  held back    %s exhibits: their consent is not known\n", res->withheld_count),
	    hz_show_count(o, res->withheld_count));
	for (size_t i = 0; i < res->withheld_count && i < 10; i++) {
		hz_out_printf(o, "               %s\n", hz_show_id(o, res->withheld[i].number));
	}
	if (res->withheld_count > 10) {
		hz_out_printf(o, _("               and %s more (all of them: --json)\n"),
		    hz_show_count(o, res->withheld_count - 10));
	}
}

static void
say_text(struct hz_cli *cli, struct hz_vault *v, const struct hz_bundle_opts *b,
    const struct hz_bundle_result *res)
{
	struct hz_out *o = &cli->door.out;
	if (b->dry) {
		hz_out_printf(o, _("Would write %s exhibits, %s. Nothing was written (-n).\n"),
		    hz_show_count(o, res->included), hz_show_size(o, res->bytes));
	} else {
		hz_out_printf(o, _("Bundle written: %s\n"), hz_show_str(o, b->file));
		hz_out_printf(o, _("  exhibits     %s, %s\n"), hz_show_count(o, res->included),
		    hz_show_size(o, res->bytes));
		hz_out_printf(o, _("  sha512       %s\n"), hz_show_hex(o, res->sha512, 64, 0));
	}
	for (size_t i = 0; i < res->rules_count; i++) {
		hz_out_printf(o,
		    _("  rules        %s %s, the whole file with its names and notes (--no-rules leaves it out)\n"),
		    hz_show_str(o, res->rules[i].name), hz_show_str(o, res->rules[i].version));
	}
	if (res->withheld_count) {
		say_withheld(cli, res);
	}
	if (!b->dry) {
		hz_out_printf(o,
		    _("Give the recipient this fingerprint by another way, by phone or on paper:  %s\n"),
		    hz_show_fpr(o, hz_vault_info(v)->fingerprint));
		hz_out_printf(
		    o, _("They check with:  %s\n"), hz_show_id(o, "hirz-verify --key FINGERPRINT BUNDLE"));
	}
}

static int
report(struct hz_cli *cli, struct hz_vault *v, const struct hz_bundle_opts *o,
    const struct hz_bundle_result *res, enum hz_err r)
{
	if (r != HZ_OK) {
		if (cli->door.json && res->withheld_count) {
			say_json(cli, o, res);
		} else if (res->withheld_count && r == HZ_ERR_DENIED) {
			say_withheld(cli, res);
		}
		return hz_door_fail(&cli->door, r);
	}
	if (cli->door.json) {
		say_json(cli, o, res);
	} else if (!cli->door.quiet) {
		say_text(cli, v, o, res);
	}
	return res->withheld_count ? HZ_EXIT_SOME : 0;
}

int
hz_cmd_export(struct hz_cli *cli)
{
	struct hz_bundle_opts o = { 0 };
	struct hz_bundle_result res = { 0 };
	struct hz_progress bar = { 0 };
	struct hz_vault *v = NULL;
	struct hz_selection s = { 0 };
	uint8_t pk[HZ_BUNDLE_RECIPIENTS][32];
	int code = 0;

	enum hz_err r = options(cli, &o);
	r = r == HZ_OK ? hz_cli_recipients(cli, pk, &o.recipients_count) : r;
	o.recipients = (const uint8_t(*)[32])pk;
	if (r == HZ_OK) {
		hz_cancel_install();
		r = hz_cli_open(cli, o.dry ? HZ_VAULT_READ : HZ_VAULT_WRITE, &v);
	}
	r = r == HZ_OK ? select_exhibits(cli, v, &s) : r;
	if (r != HZ_OK) {
		code = hz_door_fail(&cli->door, r);
	} else {
		o.exhibits = s.no;
		o.count = s.n;
		o.cases = s.cases;
		o.cases_count = s.ncases;
		hz_progress_begin(&bar, &cli->door, "export", _("Exporting"), 0, 0);
		r = hz_bundle_write(v, &o, progress, &bar, &res);
		hz_progress_end(&bar);
		code = report(cli, v, &o, &res, r);
		hz_bundle_result_done(&res);
	}
	hz_selection_done(&s);
	return hz_cli_close(cli, &v, code);
}
