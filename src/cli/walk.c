#include "cli/walk.h"

#include "cli/learned.h"
#include "cli/print.h"
#include "cli/select.h"
#include "cli/tagview.h"

#include "base/enc.h"
#include "base/fd.h"
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define ANSWER_MAX 4096
#define WHY_TRIES  3

struct walk {
	struct hz_cli *cli;
	struct hz_vault *v;
	uint8_t who[HZ_WHO_LEN];
	struct hz_review_filter filter;
	struct hz_review_place at;
	struct hz_rulebook book;
	struct hz_learned learned;
	struct hz_again again;
	struct hz_review_order *order; /* NULL: by number */
	struct hz_buf text;
	uint64_t of; /* whose text it is; 0: none yet */
	uint64_t decided, skipped, asked;
};

/* --- one item ----------------------------------------------------------------------------------------- */

static void
item_json(struct walk *k, const struct hz_review_item *item, const struct hz_tag_say *s,
    const struct hz_sheet *sheet, const struct hz_suggestion *learned)
{
	struct hz_jw *w = hz_line_begin(&k->cli->door.out, "review-item");
	const struct hz_rules_entry *e =
	    s->rules == NULL ? NULL : hz_rules_find(s->rules, item->tag.axis, item->tag.value);

	hz_tag_members(w, s);
	hz_line_text(w, "title", hz_sheet_title(sheet));
	hz_jw_bool(w, "before", item->before);
	hz_line_text(w, "note_en", e == NULL ? "" : e->note_en);
	hz_line_text(w, "note_ar", e == NULL ? "" : e->note_ar);
	if (learned != NULL) {
		hz_jw_int(w, "learned", learned->score);
	}
	hz_line_end(&k->cli->door.out);
}

static void
item_text(struct walk *k, const struct hz_review_item *item, const struct hz_tag_say *s,
    const struct hz_sheet *sheet, const struct hz_suggestion *learned)
{
	struct hz_out *o = &k->cli->door.out;
	const struct hz_rules_entry *e =
	    s->rules == NULL ? NULL : hz_rules_find(s->rules, item->tag.axis, item->tag.value);
	const char *note = e == NULL ? "" : hz_lang_now() == HZ_LANG_AR ? e->note_ar : e->note_en;

	hz_out_printf(o, "\n%s  %s\n", hz_show_id(o, item->number), hz_show_str(o, hz_sheet_title(sheet)));
	hz_tag_explain(o, s);
	if (item->before) {
		hz_out_puts(o, _("    decided before, under other rules\n"));
	}
	if (learned != NULL) {
		hz_learned_put(o, &k->learned, learned);
	}
	if (note[0] != '\0') {
		hz_out_printf(o, _("    note: %s\n"), hz_show_str(o, note));
	}
}

/* The rules that gave it, and by which words it has its role and certainty. */
static enum hz_err
explain(struct walk *k, struct hz_view *w, const struct hz_review_item *item, struct hz_tag *io_tag)
{
	if (item->rules == 0) {
		return HZ_OK;
	}
	HZ_TRY(hz_rulebook_again(w, item->rules, item->record, &k->text, &k->book, &k->again));
	if (item->record == 0) {
		return HZ_OK;
	}
	const struct hz_tag *of = hz_again_find(&k->again, item->tag.axis, item->tag.value, item->tag.role);
	io_tag->why = of != NULL && of->nspans == item->tag.nspans ? of->why : NULL;
	return HZ_OK;
}

static enum hz_err
say_item(struct walk *k, struct hz_view *w, const struct hz_review_item *item)
{
	struct hz_tag_standing now = { .state = HZ_TAG_PROPOSED, .disputed = item->disputed };
	const struct hz_suggestion *learned = NULL;
	struct hz_tag tag = item->tag; /* with what is borrowed for its explanation */
	struct hz_exhibit e;
	struct hz_sheet sheet;
	bool first = k->of != item->exhibit; /* of this text */

	HZ_TRY(hz_exhibit_get(w, item->exhibit, &e));
	if (first) {
		hz_buf_clear(&k->text);
		k->of = 0;
		HZ_TRY(hz_review_text(w, &e, &k->text));
		k->of = item->exhibit;
	}
	HZ_TRY(explain(k, w, item, &tag));
	if (item->tag.axis == HZ_AXIS_TYPE) {
		HZ_TRY(hz_learned_type(&k->learned, w, item->exhibit, item->tag.value, &learned));
	}
	HZ_TRY(hz_sheet_load(w, &e, false, &sheet));
	struct hz_tag_say s = { .number = item->number,
		.rules = item->rules != 0 ? k->book.rules : NULL,
		.tag = &tag,
		.now = &now,
		.text = hz_tag_text_of(&k->text),
		.n = k->text.len,
		.whole = k->cli->door.verbose };
	if (k->cli->door.json) {
		item_json(k, item, &s, &sheet, learned);
	} else {
		item_text(k, item, &s, &sheet, learned);
	}
	hz_sheet_done(&sheet);
	return first && k->order != NULL
		   ? hz_learned_more(k->cli, &k->learned, w, s.rules, item->exhibit, item->number)
		   : HZ_OK;
}

/* --- answers ------------------------------------------------------------------------------------------ */

/* A line of standard input, without its end; *ret_end: nothing more comes. What is too long is cut. */
static enum hz_err
read_line(char ret_s[static ANSWER_MAX], bool *ret_end)
{
	size_t n = 0;
	char c = 0;

	*ret_end = false;
	for (;;) {
		HZ_TRY(hz_cancel_check());
		ssize_t got = read(STDIN_FILENO, &c, 1);
		if (got < 0 && errno == EINTR) {
			continue;
		}
		if (got < 0) {
			return hz_fail_sys(HZ_MSG_IO, errno, _("standard input"));
		}
		if (got == 0) {
			*ret_end = n == 0;
			break;
		}
		if (c == '\n') {
			break;
		}
		if (c != '\0' && n + 1 < ANSWER_MAX) {
			ret_s[n++] = c;
		}
	}
	while (n > 0 && (ret_s[n - 1] == '\r' || ret_s[n - 1] == ' ')) {
		n--;
	}
	ret_s[n] = '\0';
	return HZ_OK;
}

static enum hz_err
ask(struct walk *k, const char *question, char ret_s[static ANSWER_MAX], bool *ret_end)
{
	/* lint: allow hz_out_puts (a question of ours, translated) */
	hz_out_puts(&k->cli->door.out, question);
	hz_out_flush(&k->cli->door.out);
	HZ_TRY(read_line(ret_s, ret_end));
	if (!*ret_end && !hz_utf8_ok(ret_s, strlen(ret_s))) {
		ret_s[0] = '\0'; /* as nothing: it is asked again, or the usual words are taken */
	}
	k->asked += *ret_end ? 0 : 1;
	return HZ_OK;
}

enum answer { ACCEPT, REJECT, SKIP, QUIT, HELP, OTHER };

/* Latin letters in both cases, and Arabic ones that lie on no key of the Latin four: an answer typed with the
 * other keyboard layout is asked again, never taken for another. */
static enum answer
answer_of(const char *s)
{
	static const struct {
		const char *word;
		enum answer is;
	} words[] = { { "a", ACCEPT }, { "A", ACCEPT }, { "r", REJECT }, { "R", REJECT }, { "s", SKIP },
		{ "S", SKIP }, { "q", QUIT }, { "Q", QUIT }, { "?", HELP }, { "م", ACCEPT }, { "ر", REJECT },
		{ "ت", SKIP }, { "خ", QUIT }, { "؟", HELP }, { "accept", ACCEPT }, { "reject", REJECT },
		{ "skip", SKIP }, { "quit", QUIT }, { "موافق", ACCEPT }, { "رفض", REJECT }, { "تخط", SKIP },
		{ "خروج", QUIT } };

	s += strspn(s, " \t");
	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
		if (strcmp(s, words[i].word) == 0) {
			return words[i].is;
		}
	}
	return OTHER;
}

static void
help(struct hz_out *o)
{
	hz_out_puts(
	    o, _("  a  accept: the text says this, with this role and this certainty\n"
		 "  r  reject: it does not; a reason is asked for\n"
		 "  s  skip: somebody decides later\n"
		 "  q  quit: what was decided is kept\n"
		 "A tag is accepted for what the text says, not for what you know otherwise. A party counts "
		 "only when two people accept it, neither seeing what the other decided.\n"));
}

/* The reason of a decision; a rejection needs one in words. *ret_given false: none came. */
static enum hz_err
ask_why(struct walk *k, enum answer a, char ret_s[static ANSWER_MAX], bool *ret_given)
{
	const char *given = hz_args_get(&k->cli->args, "message");
	bool end = false;

	*ret_given = true;
	if (given != NULL && given[0] != '\0') {
		(void)snprintf(ret_s, ANSWER_MAX, "%s", given);
		return HZ_OK;
	}
	for (int i = 0; i < WHY_TRIES; i++) {
		HZ_TRY(ask(k, a == REJECT ? _("why? ") : _("why? (Enter: the text says so) "), ret_s, &end));
		if (ret_s[0] == '\0' && a == ACCEPT && !end) {
			(void)snprintf(ret_s, ANSWER_MAX, "%s", _("the text says so"));
		}
		if (end || ret_s[0] != '\0') {
			break;
		}
	}
	*ret_given = !end && ret_s[0] != '\0';
	return HZ_OK;
}

static enum hz_err
ask_answer(struct walk *k, enum answer *ret)
{
	char s[ANSWER_MAX] = "";
	bool end = false;
	enum answer a = OTHER;

	while (a == OTHER || a == HELP) {
		HZ_TRY(ask(k, _("[a]ccept [r]eject [s]kip [q]uit [?] "), s, &end));
		if (end && k->asked == 0) {
			return hz_fail(HZ_MSG_INPUT_NEEDED, _("standard input gave no answer"));
		}
		a = end ? QUIT : answer_of(s);
		if (a == HELP || a == OTHER) {
			help(&k->cli->door.out);
		}
	}
	*ret = a;
	return HZ_OK;
}

static enum hz_err
decide(struct walk *k, const struct hz_review_item *item, enum answer a, bool *ret_more)
{
	struct hz_review_decision d = hz_review_common(k->cli);
	struct hz_review_outcome out;
	char why[ANSWER_MAX] = "";
	bool given = false;

	if (a == QUIT || a == SKIP) {
		*ret_more = a == SKIP;
		k->skipped += a == SKIP ? 1 : 0;
		return HZ_OK;
	}
	HZ_TRY(ask_why(k, a, why, &given));
	if (!given) {
		hz_out_puts(&k->cli->door.out, _("skipped: without a reason nothing is rejected\n"));
		k->skipped++;
		return HZ_OK;
	}
	d.exhibit = item->exhibit;
	d.tag = item->id;
	d.what = a == ACCEPT ? HZ_DECIDED_CONFIRMED : HZ_DECIDED_REJECTED;
	d.why = why;
	HZ_TRY(hz_review_decide(k->v, &d, 1, NULL, &out));
	k->decided++;
	hz_review_say(k->cli, &out);
	return HZ_OK;
}

/* --- the walk ----------------------------------------------------------------------------------------- */

static enum hz_err
next(struct walk *k, bool *ret_found, struct hz_review_item *ret)
{
	struct hz_view *w = NULL;
	enum hz_err r = hz_view_begin(k->v, &w);

	if (r == HZ_OK) {
		r = k->order != NULL ? hz_review_order_next(k->order, w, k->who, &k->filter, ret_found, ret)
				     : hz_review_next(w, k->who, &k->filter, &k->at, ret_found, ret);
	}
	hz_view_end(&w);
	if (r != HZ_OK || !*ret_found) {
		return r;
	}
	/* Sentences of evidence are read: that stands in the log before the first of them is shown. */
	r = k->of == ret->exhibit ? HZ_OK : hz_vault_access(k->v, ret->exhibit, "review of tags");
	r = r == HZ_OK ? hz_view_begin(k->v, &w) : r;
	r = r == HZ_OK ? say_item(k, w, ret) : r;
	hz_view_end(&w);
	if (r != HZ_OK) {
		hz_review_item_done(ret);
	}
	return r;
}

static void
end(struct walk *k, bool show_only, bool found)
{
	struct hz_out *o = &k->cli->door.out;

	if (k->cli->door.json) {
		struct hz_jw *w = hz_line_begin(o, "summary");
		hz_jw_bool(w, "waiting", found);
		hz_jw_str(w, "order", k->order != NULL ? "learned" : "counter");
		if (k->order != NULL) {
			hz_jw_int(w, "model", hz_review_order_row(k->order)->no);
		}
		hz_line_end(o);
		return;
	}
	if (!found) {
		hz_out_puts(o, _("Nothing waits for you.\n"));
	}
	if (!show_only && !k->cli->door.quiet) {
		hz_out_printf(o, _("decided: %s, skipped: %s\n"), hz_show_count(o, k->decided),
		    hz_show_count(o, k->skipped));
	}
}

/* Types alone are learned: what is about parties, places, dates, or about people who do not agree, goes by
 * number. */
static enum hz_err
open_order(struct walk *k)
{
	struct hz_out *o = &k->cli->door.out;
	const char *asked = hz_args_get(&k->cli->args, "order");
	bool learned = asked != NULL && strcmp(asked, "learned") == 0, found = false;
	bool fits = (k->filter.axis == 0 || k->filter.axis == HZ_AXIS_TYPE) && !k->filter.disputed;
	struct hz_view *w = NULL;
	enum hz_err r = HZ_OK;

	if (learned && !fits) {
		return hz_fail(HZ_MSG_USAGE,
		    _("--order learned is an order of types: it goes with no other --axis and not with --disputed"));
	}
	if (fits && (asked == NULL || learned)) {
		HZ_TRY(hz_view_begin(k->v, &w));
		r = hz_review_order_open(w, &found, &k->order);
		hz_view_end(&w);
	}
	if (r == HZ_OK && learned && !found) {
		r = hz_fail(
		    HZ_MSG_USAGE, _("no model is in use: `hirz learn` says how many decisions are missing"));
	}
	if (r == HZ_OK && !k->cli->door.json && !k->cli->door.quiet) {
		if (k->order != NULL) {
			hz_out_printf(o,
			    _("Order: learned (model %s), texts with the likeliest types first; `--order counter` goes by "
			      "number\n"),
			    hz_show_count(o, hz_review_order_row(k->order)->no));
		} else {
			hz_out_puts(o, _("Order: by number\n"));
		}
	}
	return r;
}

static enum hz_err
walk(struct walk *k)
{
	bool show_only = k->cli->door.json || k->cli->door.no_input;
	struct hz_review_item item;
	bool found = true, more = true;
	enum answer a = QUIT;
	enum hz_err r = hz_reviewer_me(k->v, hz_args_get(&k->cli->args, "as"), k->who);

	r = r == HZ_OK ? open_order(k) : r;
	while (r == HZ_OK && more) {
		r = next(k, &found, &item);
		if (r != HZ_OK || !found) {
			break;
		}
		more = !show_only;
		r = more ? ask_answer(k, &a) : r;
		r = r == HZ_OK && more ? decide(k, &item, a, &more) : r;
		hz_review_item_done(&item);
	}
	if (r == HZ_OK) {
		end(k, show_only, found);
	}
	return r;
}

/* A text made out of an exhibit stands in the queue with it. */
static void
origins(struct hz_selection *s)
{
	size_t n = 0;

	for (size_t i = 0; i < s->n; i++) {
		uint64_t no = hz_is_derived(s->no[i]) ? hz_derived_origin(s->no[i]) : s->no[i];
		size_t at = n;
		while (at > 0 && s->no[at - 1] > no) {
			at--;
		}
		if (at > 0 && s->no[at - 1] == no) {
			continue;
		}
		(void)memmove(&s->no[at + 1], &s->no[at], (n - at) * sizeof s->no[0]);
		s->no[at] = no;
		n++;
	}
	s->n = n;
}

static enum hz_err
check(const struct hz_cli *cli)
{
	if (hz_args_get(&cli->args, "accept") != NULL || hz_args_get(&cli->args, "reject") != NULL ||
	    hz_args_get(&cli->args, "add") != NULL || hz_args_get(&cli->args, "certainty") != NULL) {
		return hz_fail(
		    HZ_MSG_USAGE, _("--next asks for each tag: it takes no --accept, --reject and --add"));
	}
	return HZ_OK;
}

int
hz_review_walk(struct hz_cli *cli)
{
	struct walk k = { .cli = cli, .book = HZ_RULEBOOK_INIT, .text = HZ_BUF_INIT(HZ_REVIEW_TEXT_MAX) };
	struct hz_selection s = { 0 };
	const char *axis = hz_args_get(&cli->args, "axis");
	enum hz_err r = check(cli);

	k.filter.axis = axis == NULL ? 0 : hz_axis_of(axis);
	k.filter.disputed = hz_args_has(&cli->args, "disputed");
	hz_cancel_install();
	r = r == HZ_OK ? hz_cli_open(cli, HZ_VAULT_WRITE, &k.v) : r;
	if (r == HZ_OK && cli->args.operand_count > 0) {
		r = hz_select(cli, k.v, 0, hz_tags_select(cli), &s);
		origins(&s);
		k.filter.exhibits = s.no;
		k.filter.count = s.n;
	}
	r = r == HZ_OK ? walk(&k) : r;
	hz_buf_done(&k.text);
	hz_review_order_close(&k.order);
	hz_again_done(&k.again);
	hz_learned_done(&k.learned);
	hz_rulebook_done(&k.book);
	hz_selection_done(&s);
	return hz_cli_close(cli, &k.v, r == HZ_OK ? 0 : hz_door_fail(&cli->door, r));
}
