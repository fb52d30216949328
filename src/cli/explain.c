#include "cli/explain.h"

#include "cli/learned.h"
#include "cli/print.h"
#include <stdlib.h>
#include <string.h>

/* What is being explained. The rules and the classification that were read last are kept for the next tag. */
struct explain {
	struct hz_cli *cli;
	struct hz_view *view;
	struct hz_rulebook book;
	struct hz_again run; /* the classification that it stands on */
	bool differs;        /* of this text: another version of the program made its tags */
	struct hz_buf text;
	size_t tags, folded, asked_for;
};

/* Whether the operands ask for this tag; all are wanted where there are none. */
static bool
wanted(struct explain *x, const struct hz_tag *t)
{
	char id[HZ_TAG_ID_MAX], value[HZ_TAG_ID_MAX];

	hz_tag_id(t, id);
	if (x->cli->args.operand_count == 0) {
		return true;
	}
	for (size_t i = 0; i < x->cli->args.operand_count; i++) {
		const char *s = hz_args_bare(&x->cli->args, i);
		size_t axis = strlen(hz_axis_word(t->axis));
		if (strcmp(s, id) == 0) {
			return true;
		}
		if (strncmp(s, id, axis) == 0 && s[axis] == ':' && strlen(s + axis + 1) < sizeof value &&
		    hz_value_below(t->value, s + axis + 1, t->axis)) {
			return true;
		}
	}
	return false;
}

static void
one_tag(struct explain *x, const char *number, const struct hz_rules *rules, const struct hz_tag *t,
    const struct hz_tag_standing *now)
{
	struct hz_out *o = &x->cli->door.out;
	bool named = x->cli->args.operand_count > 0;
	struct hz_tag_say s = { .number = number,
		.rules = rules,
		.tag = t,
		.now = now,
		.text = hz_tag_text_of(&x->text),
		.n = x->text.len,
		.whole = x->cli->door.verbose };

	x->tags++;
	if (!wanted(x, t)) {
		return;
	}
	x->asked_for++;
	if (x->cli->door.json) {
		hz_tag_json(o, &s);
	} else if (!named && !hz_args_has(&x->cli->args, "all") && hz_tag_folded(t, now)) {
		x->folded++;
	} else {
		hz_tag_explain(o, &s);
	}
}

/* A kept tag with the spans of the run that it stands on. */
static enum hz_err
kept_tag(struct explain *x, const char *number, const struct hz_kept_tag *k)
{
	struct hz_tag_standing now = hz_tag_stands(k);
	struct hz_tag t = { .axis = k->axis,
		.role = k->role,
		.certainty = k->certainty,
		.score = k->score,
		.band = k->band,
		.ambiguous = k->ambiguous,
		.experimental = k->experimental };

	(void)memcpy(t.value, k->value, sizeof t.value);
	if (k->rules != 0) {
		HZ_TRY(hz_rulebook_again(x->view, k->rules, k->record, &x->text, &x->book, &x->run));
	}
	if (k->rules != 0 && k->record != 0) {
		const struct hz_tag *of = hz_again_find(&x->run, k->axis, k->value, k->role);
		if (of != NULL) {
			t.spans = of->spans; /* borrowed */
			t.why = of->why;
			t.nspans = of->nspans;
			t.left_out = of->left_out;
			x->differs = x->differs || !x->run.same;
		}
	}
	one_tag(x, number, k->rules != 0 ? x->book.rules : NULL, &t, &now);
	return HZ_OK;
}

static void
text_head(struct explain *x, const struct hz_sheet *s)
{
	struct hz_out *o = &x->cli->door.out;

	if (!x->cli->door.json) {
		hz_out_printf(o, "%s  %s\n", hz_show_id(o, s->e.number), hz_show_str(o, hz_sheet_title(s)));
	}
}

/* One text with its kept tags. */
static enum hz_err
kept_text(struct explain *x, const struct hz_tag_set *set)
{
	struct hz_exhibit e;
	struct hz_sheet sheet;

	hz_buf_clear(&x->text);
	HZ_TRY(hz_exhibit_get(x->view, set->exhibit, &e));
	HZ_TRY(hz_review_text(x->view, &e, &x->text));
	HZ_TRY(hz_sheet_load(x->view, &e, false, &sheet));
	text_head(x, &sheet);
	hz_sheet_done(&sheet);
	x->differs = false;
	for (size_t i = 0; i < set->n; i++) {
		HZ_TRY(kept_tag(x, e.number, &set->v[i]));
	}
	if (x->differs && !x->cli->door.json) {
		hz_out_puts(&x->cli->door.out,
		    _("Classified by another version of this program, which says other things of this text: the "
		      "words behind roles and certainties are not known.\n"));
	}
	if (x->cli->args.operand_count == 0) {
		HZ_TRY(hz_learned_say(x->cli, x->view, x->book.rules, set->exhibit, e.number));
	}
	if (!x->cli->door.json && !x->cli->door.quiet && x->book.rules != NULL) {
		hz_rulebook_say(&x->cli->door.out, &x->book);
	}
	return HZ_OK;
}

/* All texts of the exhibit that have tags. */
static enum hz_err
kept(struct explain *x, const struct hz_exhibit *e)
{
	struct hz_tag_set set;
	unsigned n = 0;
	bool found = true, one = hz_is_derived(e->no);
	enum hz_err r = HZ_OK;

	while (r == HZ_OK && found) {
		r = one ? hz_tag_set_load(x->view, e->no, &found, &set)
			: hz_tag_set_next(x->view, e->no, &n, &found, &set);
		if (r != HZ_OK) {
			return r;
		}
		r = found ? kept_text(x, &set) : r;
		hz_tag_set_done(&set);
		found = found && !one;
	}
	return r;
}

void
hz_explain_end(struct hz_door *d, size_t tags, size_t folded, const char *number)
{
	struct hz_out *o = &d->out;

	if (d->json || d->quiet) {
		return;
	}
	hz_out_printf(o, NN_("%s tag", "%s tags", tags), hz_show_count(o, tags));
	if (folded > 0) {
		hz_out_printf(o,
		    NN_("; %s denied, rejected or superseded one is not shown (--all shows it)",
			"; %s denied, rejected or superseded ones are not shown (--all shows them)", folded),
		    hz_show_count(o, folded));
	}
	hz_out_puts(o, "\n");
	if (tags > 0) {
		hz_out_puts(o, _("A tag says what the text says, it is no finding of what happened.\n"));
	}
	if (tags > 0 && number != NULL) {
		hz_out_printf(o, _("A person decides: %s\n"), hz_show_id(o, "`hirz review --next`"));
	}
}

/* --- an exhibit that was not classified yet ------------------------------------------------------------ */

/* Its texts, and the date of the event that the rules are given. */
struct fresh {
	size_t n;
	struct {
		uint64_t exhibit;
		struct hz_classify_when when;
	} v[HZ_DERIVED_MAX + 1];
};

static enum hz_err
note_text(void *arg, const struct hz_classified *c)
{
	struct fresh *f = arg;

	if (c->tags != NULL && f->n < sizeof f->v / sizeof f->v[0]) {
		f->v[f->n].exhibit = c->exhibit;
		f->v[f->n++].when = c->when;
	}
	return HZ_OK;
}

static enum hz_err
fresh_text(struct explain *x, uint64_t exhibit, const struct hz_classify_when *when)
{
	struct hz_tags tags = { 0 };
	struct hz_exhibit e;
	struct hz_sheet sheet;

	hz_buf_clear(&x->text);
	HZ_TRY(hz_exhibit_get(x->view, exhibit, &e));
	HZ_TRY(hz_review_text(x->view, &e, &x->text));
	HZ_TRY(hz_sheet_load(x->view, &e, false, &sheet));
	text_head(x, &sheet);
	hz_sheet_done(&sheet);
	HZ_TRY(hz_classify_why(x->book.rules, x->text.p, x->text.len, when, &tags));
	for (size_t i = 0; i < tags.n; i++) {
		one_tag(x, e.number, x->book.rules, &tags.v[i], NULL);
	}
	hz_tags_done(&tags);
	return HZ_OK;
}

/* Sentences of evidence are read: that stands in the log before the first of them is shown. */
static enum hz_err
read_event(struct hz_vault *v, const struct hz_exhibit *e)
{
	return hz_vault_access(v, e->no, "tags explained");
}

/* What the rules would propose; nothing is kept. */
static enum hz_err
not_yet(struct explain *x, struct hz_vault *v, const struct hz_exhibit *e)
{
	struct fresh *f = calloc(1, sizeof *f);
	struct hz_classify_sum sum;
	enum hz_err r =
	    f == NULL ? hz_fail(HZ_MSG_NOMEM, "texts") : hz_rulebook_get(x->cli, v, NULL, &x->book);

	if (r == HZ_OK) {
		struct hz_classify_opts opts = { .rules = x->book.rules,
			.file = x->book.file.p,
			.file_size = x->book.file.len,
			.engine = "hirz",
			.exhibits = &e->no,
			.count = 1,
			.dry = true };
		r = hz_review_classify(v, &opts, note_text, f, &sum);
	}
	if (r == HZ_OK && f->n == 0) {
		r = hz_fail(HZ_MSG_NOTHING_SELECTED, _("%s has no text that is read"), e->number);
	}
	r = r == HZ_OK ? read_event(v, e) : r;
	r = r == HZ_OK ? hz_view_begin(v, &x->view) : r;
	for (size_t i = 0; r == HZ_OK && i < f->n; i++) {
		r = fresh_text(x, f->v[i].exhibit, &f->v[i].when);
	}
	hz_view_end(&x->view);
	if (r == HZ_OK && !x->cli->door.json && !x->cli->door.quiet) {
		hz_rulebook_say(&x->cli->door.out, &x->book);
		hz_out_printf(&x->cli->door.out, _("Not kept yet: %s\n"),
		    hz_show_id(&x->cli->door.out, "`hirz classify`"));
	}
	free(f);
	return r;
}

/* Whether a text of the exhibit has tags that are kept. */
static enum hz_err
has_kept(struct hz_view *w, const struct hz_exhibit *e, bool *ret_any)
{
	struct hz_tag_set set;
	unsigned n = 0;
	enum hz_err r = hz_is_derived(e->no) ? hz_tag_set_load(w, e->no, ret_any, &set)
					     : hz_tag_set_next(w, e->no, &n, ret_any, &set);

	if (r == HZ_OK) {
		hz_tag_set_done(&set);
	}
	return r;
}

static enum hz_err
explain(struct explain *x, struct hz_vault *v, const char *id)
{
	struct hz_exhibit e;
	bool any = false;
	enum hz_err r = hz_view_begin(v, &x->view);

	r = r == HZ_OK ? hz_exhibit_find(x->view, id, &e) : r;
	r = r == HZ_OK ? has_kept(x->view, &e, &any) : r;
	hz_view_end(&x->view);
	if (r == HZ_OK && any) {
		r = read_event(v, &e);
		r = r == HZ_OK ? hz_view_begin(v, &x->view) : r;
		r = r == HZ_OK ? kept(x, &e) : r;
		hz_view_end(&x->view);
	} else if (r == HZ_OK) {
		r = not_yet(x, v, &e);
	}
	if (r == HZ_OK && x->cli->args.operand_count > 0 && x->asked_for == 0) {
		r = hz_fail(HZ_MSG_NOTHING_SELECTED, _("%s has no such tag"), e.number);
	}
	if (r == HZ_OK) {
		hz_explain_end(&x->cli->door, x->tags, x->folded, any ? e.number : NULL);
	}
	return r;
}

int
hz_explain_exhibit(struct hz_cli *cli)
{
	struct explain x = { .cli = cli, .book = HZ_RULEBOOK_INIT, .text = HZ_BUF_INIT(HZ_REVIEW_TEXT_MAX) };
	struct hz_vault *v = NULL;
	enum hz_err r = hz_cli_open(cli, HZ_VAULT_WRITE, &v);

	r = r == HZ_OK ? explain(&x, v, hz_args_get(&cli->args, "explain")) : r;
	hz_again_done(&x.run);
	hz_buf_done(&x.text);
	hz_rulebook_done(&x.book);
	return hz_cli_close(cli, &v, r == HZ_OK ? 0 : hz_door_fail(&cli->door, r));
}
