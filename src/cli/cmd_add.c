/* hirz add: files into the vault. */
#include "cli/common.h"

#include "base/enc.h"
#include "door/messages.h"
#include "door/progress.h"
#include "ingest/ingest.h"
#include <string.h>
#include <unistd.h>

enum { W_RESULT = 12, W_COUNT = -9 };

struct adding {
	struct hz_cli *cli;
	struct hz_ingest_opts opts;
	struct hz_ingest_sum sum;
	struct hz_progress progress;
	bool begun;
	int64_t start_ns;
};

/* --- options ---------------------------------------------------------------------------------------------
 */

static void
read_consent(const char *value, struct hz_ingest_opts *o)
{
	if (value == NULL || strcmp(value, "unknown") == 0) {
		o->consent = HZ_CONSENT_UNKNOWN;
	} else if (strcmp(value, "none") == 0) {
		o->consent = HZ_CONSENT_NONE_NEEDED;
	} else {
		o->consent = HZ_CONSENT_GIVEN;
		o->consent_ref = value;
	}
}

/* The two slips that people make most get words of their own, in their language. */
static enum hz_err
check_said(const struct hz_ingest_opts *o)
{
	struct hz_claimed when;

	if (o->consent == HZ_CONSENT_NONE_NEEDED && (o->note == NULL || o->note[0] == '\0')) {
		return hz_fail(HZ_MSG_USAGE,
		    _("`--consent none` says that nobody's consent is needed: give the basis with -m"));
	}
	if (o->when != NULL && hz_claimed_parse(o->when, &when) != HZ_OK) {
		return hz_fail(HZ_MSG_USAGE,
		    _("`--when`: \"%s\" is not a date; write 2019, 2019-07, 2019-07-22, 2019-07-22T08:01, two of them "
		      "with .. between, or one after ~"),
		    o->when);
	}
	return HZ_OK;
}

static enum hz_err
options(struct adding *a)
{
	const struct hz_args *args = &a->cli->args;
	struct hz_ingest_opts *o = &a->opts;

	*o = (struct hz_ingest_opts){ .title = hz_args_get(args, "title"),
		.source = hz_args_get(args, "source"),
		.from = hz_args_get(args, "received-from"),
		.where = hz_args_get(args, "where"),
		.when = hz_args_get(args, "when"),
		.lang = hz_args_get(args, "lang-of"),
		.note = hz_args_get(args, "message"),
		.case_code = hz_args_get(args, "case"),
		.stdin_name = hz_args_get(args, "name"),
		.recursive = hz_args_has(args, "recursive"),
		.dry_run = hz_args_has(args, "dry-run"),
		.allow_unsandboxed = hz_args_has(args, "allow-unsandboxed"),
		.want_hash = a->cli->door.json };
	read_consent(hz_args_get(args, "consent"), o);
	enum hz_err r = check_said(o);
	if (r == HZ_OK) {
		r = hz_ingest_check(o, (const char *const *)args->operand, args->operand_count);
	}
	for (size_t i = 0; i < args->operand_count && r == HZ_OK; i++) {
		if (a->cli->door.passphrase_fd == STDIN_FILENO && strcmp(args->operand[i], "-") == 0) {
			r = hz_fail(HZ_MSG_USAGE,
			    _("standard input cannot be both the passphrase and the file to seal"));
		}
	}
	return r;
}

/* --- what happens meanwhile -------------------------------------------------------------------------------
 */

static void
on_collected(void *arg, uint64_t files, uint64_t bytes)
{
	struct adding *a = arg;
	struct hz_out *o = &a->cli->door.out;

	if (!a->cli->door.json && !a->cli->door.quiet && a->cli->door.tty[STDOUT_FILENO]) {
		hz_out_printf(o, NN_("Reading %s file, %s\n", "Reading %s files, %s\n", files),
		    hz_show_count(o, files), hz_show_size(o, bytes));
	}
	hz_progress_begin(&a->progress, &a->cli->door, "add", _("Reading"), files, bytes);
	a->begun = true;
}

static void
on_progress(void *arg, uint64_t files, uint64_t bytes)
{
	struct adding *a = arg;

	hz_progress_at(&a->progress, files, bytes);
}

static void
on_flush(void *arg)
{
	struct adding *a = arg;

	hz_out_flush(&a->cli->door.out);
}

static const char *
word(enum hz_ingest_result result)
{
	static const char *const words[] = { [HZ_INGEST_SEALED] = "sealed",
		[HZ_INGEST_DUPLICATE] = "duplicate",
		[HZ_INGEST_REFUSED] = "refused",
		[HZ_INGEST_FAILED] = "failed" };

	return words[result];
}

static const char *
label(enum hz_ingest_result result)
{
	switch (result) {
	case HZ_INGEST_SEALED:
		return C_("result of add", "sealed");
	case HZ_INGEST_DUPLICATE:
		return C_("result of add", "already here");
	case HZ_INGEST_REFUSED:
		return C_("result of add", "refused");
	case HZ_INGEST_FAILED:
		break;
	}
	return C_("result of add", "failed");
}

static void
item_json(struct adding *a, const struct hz_ingest_item *it)
{
	struct hz_out *o = &a->cli->door.out;
	struct hz_jw *w = hz_line_begin(o, "item");

	hz_jw_str(w, "result", word(it->result));
	if (it->number != NULL) {
		hz_jw_str(w, "id", it->number);
	}
	if (it->sha256 != NULL) {
		hz_jw_hex(w, "sha256", it->sha256, 32);
	}
	if (it->failure == NULL || it->size != 0) {
		hz_jw_int(w, "size", it->size);
	}
	hz_line_path(w, it->path);
	if (it->result == HZ_INGEST_DUPLICATE) {
		hz_jw_bool(w, "receipt", it->receipt);
	}
	if (a->opts.dry_run) {
		hz_jw_bool(w, "dry_run", true);
	}
	if (it->failure != NULL) {
		hz_door_fail_json(w, it->failure);
	}
	hz_line_end(o);
}

static void
item_text(struct adding *a, const struct hz_ingest_item *it)
{
	struct hz_out *o = &a->cli->door.out;
	bool bad = it->failure != NULL;

	if (!bad && !a->cli->door.verbose) {
		return;
	}
	hz_progress_hide(&a->progress);
	if (!bad) {
		hz_out_cell(o, label(it->result), W_RESULT);
		hz_out_cell(o, it->number != NULL ? hz_show_id(o, it->number) : "", 10);
		hz_out_cell(o, hz_show_size(o, it->size), W_COUNT);
		hz_out_printf(o, "%s\n", hz_show_str(o, it->path));
		return;
	}
	const char *what = _(hz_message_of(it->failure->msg)->what);
	const char *why = it->failure->msg == HZ_MSG_SOURCE_EMPTY ? "" : hz_show_str(o, it->failure->detail);
	const char *shown =
	    hz_show_tone(o, it->result == HZ_INGEST_REFUSED ? HZ_TONE_WARN : HZ_TONE_BAD, label(it->result));
	/* lint: allow hz_out_printf (from hz_show_tone, above) */
	hz_out_printf(o, "%s  %s\n", shown, hz_show_str(o, it->path));
	/* lint: allow hz_out_printf (both made just above: a message, and what hz_show_str gave) */
	hz_out_printf(o, why[0] != '\0' ? "    %s: %s\n" : "    %s\n", what, why);
}

static void
on_item(void *arg, const struct hz_ingest_item *it)
{
	struct adding *a = arg;

	if (a->cli->door.json) {
		item_json(a, it);
	} else {
		item_text(a, it);
	}
}

/* --- the end ----------------------------------------------------------------------------------------------
 */

static void
sum_json(struct adding *a, const struct hz_vault *v)
{
	const struct hz_vault_info *i = hz_vault_info(v);
	const struct hz_ingest_sum *s = &a->sum;
	struct hz_jw *w = hz_line_begin(&a->cli->door.out, "summary");

	hz_jw_int(w, "given", s->given);
	hz_jw_int(w, "sealed", s->sealed);
	hz_jw_int(w, "duplicate", s->duplicate);
	hz_jw_int(w, "refused", s->refused);
	hz_jw_int(w, "failed", s->failed);
	hz_jw_int(w, "bytes", s->bytes);
	hz_jw_obj(w, "log_head");
	hz_jw_int(w, "size", i->log_size);
	hz_jw_hex(w, "root", i->log_root, 32);
	hz_jw_obj_end(w);
	if (a->opts.dry_run) {
		hz_jw_bool(w, "dry_run", true);
	}
	hz_line_end(&a->cli->door.out);
}

static void
count(struct hz_out *o, const char *name, uint64_t n, const char *more)
{
	hz_out_puts(o, "  ");
	/* lint: allow hz_out_cell (our own headings) */
	hz_out_cell(o, name, W_RESULT);
	hz_out_cell(o, hz_show_count(o, n), W_COUNT);
	/* lint: allow hz_out_printf (our own text) */
	hz_out_printf(o, "%s\n", more);
}

static void
sealed_range(struct hz_out *o, const struct hz_ingest_sum *s)
{
	hz_out_puts(o, "  ");
	hz_out_cell(o, label(HZ_INGEST_SEALED), W_RESULT);
	hz_out_cell(o, hz_show_count(o, s->sealed), W_COUNT);
	if (s->first[0] != '\0') {
		hz_out_puts(o, hz_show_id(o, s->first));
		if (strcmp(s->first, s->last) != 0) {
			hz_out_printf(o, " .. %s", hz_show_id(o, s->last));
		}
		hz_out_printf(o, "  %s", hz_show_size(o, s->bytes));
	}
	hz_out_puts(o, "\n");
}

static void
sum_text(struct adding *a)
{
	const struct hz_ingest_sum *s = &a->sum;
	struct hz_out *o = &a->cli->door.out;
	uint64_t seconds = (uint64_t)((hz_time_boot_ns() - a->start_ns) / 1000000000);
	bool dry = a->opts.dry_run;

	if (dry) {
		hz_out_puts(o, _("Nothing was written. This is what would happen:\n"));
	} else {
		hz_out_printf(o, _("Done in %s.\n"), hz_show_span(o, seconds));
	}
	count(o, C_("result of add", "given"), s->given, "");
	sealed_range(o, s);
	count(o, label(HZ_INGEST_DUPLICATE), s->duplicate,
	    s->duplicate == 0 || dry ? "" : _("the exhibits have every receipt, none of them twice"));
	count(o, label(HZ_INGEST_REFUSED), s->refused, "");
	count(o, label(HZ_INGEST_FAILED), s->failed, "");
	if (s->case_made) {
		hz_out_printf(o, _("New case %s.\n"), hz_show_str(o, a->opts.case_code));
	}
	if (!dry) {
		hz_out_puts(o, _("Sources were not changed. Next: `hirz list`\n"));
	}
}

/* What is safe although it did not go well. */
static void
say_safe(struct adding *a)
{
	const struct hz_ingest_sum *s = &a->sum;

	if (s->sealed + s->duplicate > 0) {
		hz_door_safe(&a->cli->door,
		    NN_("%llu file was sealed or already here before this and is complete; the sources were not changed",
			"%llu files were sealed or already here before this and are complete; the sources were not "
			"changed",
			s->sealed + s->duplicate),
		    (unsigned long long)s->sealed + s->duplicate);
	} else {
		hz_door_safe(&a->cli->door, "%s",
		    _("nothing was added, nothing is half-written; the sources were not changed"));
	}
}

static const struct hz_ingest_ops ops = { on_collected, on_progress, on_item, on_flush };

static int
run(struct adding *a, struct hz_vault *v)
{
	struct hz_cli *cli = a->cli;

	enum hz_err r = hz_ingest_run(
	    v, &a->opts, (const char *const *)cli->args.operand, cli->args.operand_count, &ops, a, &a->sum);
	if (a->begun) {
		hz_progress_end(&a->progress);
	}
	if (r != HZ_OK) {
		say_safe(a);
		return hz_door_fail(&cli->door, r);
	}
	if (cli->door.json) {
		sum_json(a, v);
	} else if (!cli->door.quiet) {
		sum_text(a);
	}
	return a->sum.refused + a->sum.failed > 0 ? HZ_EXIT_SOME : 0;
}

int
hz_cmd_add(struct hz_cli *cli)
{
	struct adding a = { .cli = cli, .start_ns = hz_time_boot_ns() };
	struct hz_vault *v = NULL;
	int code = 0;

	enum hz_err r = options(&a);
	if (r == HZ_OK) {
		r = hz_cli_open(cli, a.opts.dry_run ? HZ_VAULT_READ : HZ_VAULT_WRITE, &v);
	}
	if (r == HZ_OK) {
		a.start_ns = hz_time_boot_ns(); /* without the passphrase */
		code = run(&a, v);
	} else {
		code = hz_door_fail(&cli->door, r);
	}
	return hz_cli_close(cli, &v, code);
}
