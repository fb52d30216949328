/* hirz classify: proposes tags for texts of the vault, or says what the rules find in any text. */
#include "cli/explain.h"
#include "cli/query.h"
#include "cli/select.h"
#include "cli/tagview.h"

#include "base/enc.h"
#include "base/fd.h"
#include "door/progress.h"
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define ENGINE "hirz " HZ_VERSION

/* --- a text without a vault --------------------------------------------------------------------------- */

static enum hz_err
read_all(int fd, const char *name, struct hz_buf *out)
{
	uint8_t block[16384];
	size_t n = 0;

	do {
		enum hz_err r = hz_cancel_check();
		r = r == HZ_OK ? hz_fd_read_full(fd, block, sizeof block, &n) : r;
		if (r != HZ_OK) {
			return r == HZ_ERR_IO ? hz_fail_sys(HZ_MSG_SOURCE_READ, hz_fail_errno(), "%s", name)
					      : r;
		}
		HZ_TRY(hz_buf_put(out, block, n));
	} while (n == sizeof block);
	return HZ_OK;
}

static enum hz_err
read_text(const char *name, struct hz_buf *out)
{
	if (strcmp(name, "-") == 0) {
		return read_all(STDIN_FILENO, _("standard input"), out);
	}
	int fd = open(name, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (fd < 0) {
		return hz_fail_sys(
		    errno == ENOENT ? HZ_MSG_SOURCE_MISSING : HZ_MSG_SOURCE_READ, errno, "%s", name);
	}
	enum hz_err r = read_all(fd, name, out);
	hz_fd_close(&fd);
	return r;
}

/* A..B, A.., ..B or A, as days. */
static enum hz_err
event_date(const char *s, struct hz_classify_when *ret)
{
	const char *dots = strstr(s, "..");
	size_t a = dots == NULL ? strlen(s) : (size_t)(dots - s);
	const char *b = dots == NULL ? s : dots + 2;
	char unused[11];

	if ((a == 0 && *b == '\0') || (a != 0 && !hz_query_date(s, a, ret->from, unused)) ||
	    (*b != '\0' && !hz_query_date(b, strlen(b), unused, ret->to)) ||
	    (ret->from[0] != '\0' && ret->to[0] != '\0' && strcmp(ret->from, ret->to) > 0)) {
		return hz_fail(HZ_MSG_USAGE,
		    _("--date takes YYYY, YYYY-MM or YYYY-MM-DD, or two of them with .. between: %s"), s);
	}
	return HZ_OK;
}

static void
say_text(struct hz_cli *cli, const struct hz_rulebook *b, const struct hz_buf *text, const struct hz_tags *t)
{
	struct hz_out *o = &cli->door.out;
	bool all = hz_args_has(&cli->args, "all");
	size_t folded = 0;

	if (!cli->door.json && !cli->door.quiet) {
		hz_rulebook_say(o, b);
	}
	for (size_t i = 0; i < t->n; i++) {
		struct hz_tag_say s = { .rules = b->rules,
			.tag = &t->v[i],
			.text = text->p,
			.n = text->len,
			.whole = cli->door.verbose };
		if (cli->door.json) {
			hz_tag_json(o, &s);
		} else if (!all && hz_tag_folded(&t->v[i], NULL)) {
			folded++;
		} else {
			hz_tag_explain(o, &s);
		}
	}
	if (cli->door.json) {
		struct hz_jw *w = hz_line_begin(o, "summary");
		hz_jw_int(w, "bytes", text->len);
		hz_jw_int(w, "tags", t->n);
		hz_jw_hex(w, "rules", hz_rules_id(b->rules), 32);
		hz_line_end(o);
		return;
	}
	hz_explain_end(&cli->door, t->n, folded, NULL);
}

static enum hz_err
classify_text(struct hz_cli *cli)
{
	struct hz_rulebook b = HZ_RULEBOOK_INIT;
	struct hz_buf text = HZ_BUF_INIT(HZ_CLASSIFY_BYTES);
	struct hz_classify_when when = { .from = "" };
	struct hz_tags tags = { 0 };
	const char *date = hz_args_get(&cli->args, "date");
	enum hz_err r = date == NULL ? HZ_OK : event_date(date, &when);

	r = r == HZ_OK ? hz_rulebook_anywhere(cli, &b) : r;
	r = r == HZ_OK ? read_text(hz_args_get(&cli->args, "text"), &text) : r;
	r = r == HZ_OK ? hz_classify_why(b.rules, text.p, text.len, &when, &tags) : r;
	if (r == HZ_OK && !hz_utf8_ok(text.p, text.len)) {
		hz_door_note(&cli->door, _("parts of this text are not UTF-8: no words are seen in them"));
	}
	if (r == HZ_OK) {
		say_text(cli, &b, &text, &tags);
	}
	hz_tags_done(&tags);
	hz_buf_done(&text);
	hz_rulebook_done(&b);
	return r;
}

/* --- texts of the vault ------------------------------------------------------------------------------- */

struct run {
	struct hz_cli *cli;
	const struct hz_rulebook *book;
	struct hz_progress bar;
	uint64_t seen;
	bool each; /* say every tag */
};

static const char *
how_word(enum hz_classified_how how)
{
	switch (how) {
	case HZ_CLASSIFIED_NEW:
		return "new";
	case HZ_CLASSIFIED_SAME:
		return "same";
	case HZ_CLASSIFIED_LARGE:
		return "large";
	case HZ_CLASSIFIED_NO_TEXT:
		return "no-text";
	}
	return "";
}

static void
say_how(struct hz_cli *cli, const struct hz_classified *c)
{
	struct hz_out *o = &cli->door.out;

	if (cli->door.json) {
		struct hz_jw *w = hz_line_begin(o, "classified");
		hz_jw_str(w, "exhibit", c->number);
		hz_jw_str(w, "result", how_word(c->how));
		hz_jw_int(w, "tags", c->tags == NULL ? 0 : c->tags->n);
		hz_line_end(o);
	} else if (c->how == HZ_CLASSIFIED_LARGE) {
		hz_door_note(&cli->door, _("%s was left out: its text is larger than %s"),
		    hz_show_id(&cli->door.err, c->number), hz_show_size(&cli->door.err, HZ_REVIEW_TEXT_MAX));
	}
}

/* How a tag of the run stands among those that are kept. */
static struct hz_tag_standing
standing(const struct hz_tag_set *set, const struct hz_tag *t)
{
	struct hz_kept_tag like = { .axis = t->axis, .role = t->role };
	const struct hz_tag_standing proposed = { .state = HZ_TAG_PROPOSED };
	const struct hz_kept_tag *k = NULL;

	(void)memcpy(like.value, t->value, sizeof like.value);
	k = set == NULL ? NULL : hz_tag_set_find(set, &like);
	return k == NULL ? proposed : hz_tag_stands(k);
}

static enum hz_err
each_text(void *arg, const struct hz_classified *c)
{
	struct run *x = arg;
	struct hz_out *o = &x->cli->door.out;

	hz_progress_hide(&x->bar);
	say_how(x->cli, c);
	for (size_t i = 0; c->tags != NULL && i < c->tags->n; i++) {
		const struct hz_tag *t = &c->tags->v[i];
		struct hz_tag_standing now = standing(c->set, t);
		struct hz_tag_say s = { .number = c->number, .rules = x->book->rules, .tag = t, .now = &now };
		if (x->cli->door.json) {
			hz_tag_json(o, &s);
		} else if (x->each && (x->cli->door.verbose || !hz_tag_folded(t, &now))) {
			hz_tag_line(o, &s);
		}
	}
	hz_out_flush(o);
	hz_progress_at(&x->bar, ++x->seen, 0);
	return hz_cancel_check();
}

static void
sum_json(struct hz_out *o, const struct hz_rulebook *b, const struct hz_classify_sum *sum, bool dry, int code)
{
	struct hz_jw *w = hz_line_begin(o, "summary");

	hz_jw_int(w, "texts", sum->texts);
	hz_jw_int(w, "new", sum->fresh);
	hz_jw_int(w, "same", sum->same);
	hz_jw_int(w, "large", sum->large);
	hz_jw_int(w, "no_text", sum->no_text);
	hz_jw_int(w, "tags", sum->tags);
	hz_jw_int(w, "proposed", sum->proposed);
	hz_jw_int(w, "decided", sum->decided);
	hz_jw_hex(w, "rules", hz_rules_id(b->rules), 32);
	hz_jw_bool(w, "dry_run", dry);
	hz_jw_int(w, "exit", (uint64_t)code);
	hz_line_end(o);
}

static void
sum_text(struct hz_out *o, const struct hz_rulebook *b, const struct hz_classify_sum *sum, bool dry)
{
	hz_rulebook_say(o, b);
	hz_out_field(o, _("  texts"), 18, hz_show_count(o, sum->texts));
	hz_out_field(o, _("  new or changed"), 18, hz_show_count(o, sum->fresh));
	hz_out_field(o, _("  as before"), 18, hz_show_count(o, sum->same));
	if (sum->large > 0) {
		hz_out_field(o, _("  too large"), 18, hz_show_count(o, sum->large));
	}
	hz_out_field(o, _("  without text"), 18, hz_show_count(o, sum->no_text));
	hz_out_field(o, _("  tags"), 18, hz_show_count(o, sum->tags));
	hz_out_field(o, _("  to be decided"), 18, hz_show_count(o, sum->proposed));
	if (dry) {
		hz_out_puts(o, _("Nothing was written (-n).\n"));
	} else if (sum->proposed > 0) {
		hz_out_printf(o, _("These are proposals, no findings. A person decides: %s\n"),
		    hz_show_id(o, "`hirz review --next`"));
	}
}

static int
classify_vault(struct hz_cli *cli)
{
	bool dry = hz_args_has(&cli->args, "dry-run");
	struct hz_rulebook b = HZ_RULEBOOK_INIT;
	struct run x = { .cli = cli, .book = &b };
	struct hz_selection s = { 0 };
	struct hz_classify_sum sum = { 0 };
	struct hz_vault *v = NULL;
	int code = 0;

	x.each = !cli->door.quiet && (dry || cli->door.verbose || cli->args.operand_count > 0);
	hz_cancel_install();
	enum hz_err r = hz_cli_open(cli, dry ? HZ_VAULT_READ : HZ_VAULT_WRITE, &v);
	r = r == HZ_OK && cli->args.operand_count > 0 ? hz_select(cli, v, 0, hz_tags_select(cli), &s) : r;
	r = r == HZ_OK ? hz_rulebook_get(cli, v, hz_args_get(&cli->args, "rules"), &b) : r;
	if (r == HZ_OK) {
		struct hz_classify_opts opts = { .rules = b.rules,
			.file = b.file.p,
			.file_size = b.file.len,
			.engine = ENGINE,
			.exhibits = s.no,
			.count = s.n,
			.all = cli->args.operand_count == 0,
			.dry = dry };
		hz_progress_begin(&x.bar, &cli->door, "classify", _("Classifying"),
		    opts.all ? hz_vault_info(v)->exhibits : s.n, 0);
		r = hz_review_classify(v, &opts, each_text, &x, &sum);
		hz_progress_end(&x.bar);
	}
	if (r != HZ_OK) {
		code = hz_door_fail(&cli->door, r);
	} else {
		code = sum.large > 0 ? HZ_EXIT_SOME : 0;
		if (cli->door.json) {
			sum_json(&cli->door.out, &b, &sum, dry, code);
		} else if (!cli->door.quiet) {
			sum_text(&cli->door.out, &b, &sum, dry);
		}
	}
	hz_rulebook_done(&b);
	hz_selection_done(&s);
	return hz_cli_close(cli, &v, code);
}

/* --- which of the three ------------------------------------------------------------------------------- */

static enum hz_err
check(struct hz_cli *cli)
{
	bool text = hz_args_has(&cli->args, "text"), explain = hz_args_has(&cli->args, "explain");

	if (text && (explain || cli->args.operand_count > 0 || hz_args_has(&cli->args, "dry-run"))) {
		return hz_fail(HZ_MSG_USAGE,
		    _("--text is about one text outside the vault: it takes no exhibits, no --explain and no -n"));
	}
	if (!text && hz_args_has(&cli->args, "date")) {
		return hz_fail(HZ_MSG_USAGE,
		    _("--date goes with --text; in the vault the exhibit's own claimed time counts"));
	}
	if (explain && (hz_args_has(&cli->args, "rules") || hz_args_has(&cli->args, "dry-run"))) {
		return hz_fail(
		    HZ_MSG_USAGE, _("--explain shows what is kept: it takes neither --rules nor -n"));
	}
	if (hz_args_has(&cli->args, "all") && !text && !explain) {
		return hz_fail(HZ_MSG_USAGE, _("--all goes with --explain and --text"));
	}
	return HZ_OK;
}

int
hz_cmd_classify(struct hz_cli *cli)
{
	enum hz_err r = check(cli);

	if (r == HZ_OK && hz_args_has(&cli->args, "explain")) {
		return hz_explain_exhibit(cli);
	}
	if (r == HZ_OK && hz_args_has(&cli->args, "text")) {
		r = classify_text(cli);
	} else if (r == HZ_OK) {
		return classify_vault(cli);
	}
	return r == HZ_OK ? 0 : hz_door_fail(&cli->door, r);
}
