/* hirz learn: a model of types from the decisions of people; how far it is, what is in it. */
#include "cli/learned.h"
#include "cli/tagview.h"

#include "base/fd.h"
#include <stdlib.h>
#include <string.h>

#define ENGINE      "hirz " HZ_VERSION
#define WORDS_SHOWN 20 /* of each side, as text */

struct learn {
	struct hz_cli *cli;
	struct hz_vault *v;
	struct hz_rulebook book;
	struct hz_learn_sum sum;
	struct hz_suggester *now; /* NULL: no model is in use */
};

static const char *
label(const struct learn *x, const char *type)
{
	return hz_show_label(&x->cli->door.out, x->book.rules, HZ_AXIS_TYPE, type);
}

static uint32_t
missing(uint32_t has, uint32_t needs)
{
	return has < needs ? needs - has : 0;
}

/* --- how far it is -----------------------------------------------------------------------------------------
 */

static void
counts_json(struct learn *x)
{
	struct hz_out *o = &x->cli->door.out;

	for (size_t i = 0; i < x->sum.n; i++) {
		const struct hz_learn_count *c = &x->sum.v[i];
		struct hz_jw *w = hz_line_begin(o, "examples");
		hz_line_text(w, "value", c->type);
		hz_jw_int(w, "confirmed", c->confirmed);
		hz_jw_int(w, "rejected", c->rejected);
		hz_jw_int(w, "missing_confirmed", missing(c->confirmed, HZ_LEARN_MIN_CONFIRMED));
		hz_jw_int(w, "missing_rejected", missing(c->rejected, HZ_LEARN_MIN_REJECTED));
		hz_jw_bool(w, "enough", hz_learn_enough(c));
		hz_line_end(o);
	}
}

static void
counts_text(struct learn *x)
{
	struct hz_out *o = &x->cli->door.out;

	hz_out_printf(o, _("Texts on whose types people decided: %s\n"), hz_show_count(o, x->sum.texts));
	if (x->sum.left_out > 0) {
		hz_out_printf(o, _("Of these left out, for there are more than a model takes: %s\n"),
		    hz_show_count(o, x->sum.left_out));
	}
	for (size_t i = 0; i < x->sum.n; i++) {
		const struct hz_learn_count *c = &x->sum.v[i];
		hz_out_printf(o, _("  %s: %s confirmed, %s rejected"), hz_show_id(o, c->type),
		    hz_show_count(o, c->confirmed), hz_show_count(o, c->rejected));
		if (hz_learn_enough(c)) {
			hz_out_puts(o, _("; enough"));
		} else {
			hz_out_printf(o, _("; missing: %s confirmed, %s rejected"),
			    hz_show_count(o, missing(c->confirmed, HZ_LEARN_MIN_CONFIRMED)),
			    hz_show_count(o, missing(c->rejected, HZ_LEARN_MIN_REJECTED)));
		}
		hz_out_printf(o, "  %s\n", label(x, c->type));
	}
}

/* --- a model -----------------------------------------------------------------------------------------------
 */

static void
model_json(struct learn *x, const struct hz_model *m, const struct hz_model_row *row)
{
	struct hz_jw *w = hz_line_begin(&x->cli->door.out, "model");

	hz_jw_bool(w, "in_use", m != NULL);
	if (m != NULL) {
		hz_jw_int(w, "number", row->no);
		hz_jw_int(w, "event", row->at.index);
		hz_jw_hex(w, "set", row->set, 32);
		hz_jw_hex(w, "rules", row->rules, 32);
		hz_jw_hex(w, "sha256", row->sha256, 32);
		hz_jw_str(w, "made_by", row->engine);
		hz_jw_int(w, "texts", hz_model_texts(m));
		hz_jw_int(w, "types", hz_model_classes(m));
	}
	hz_line_end(&x->cli->door.out);
}

static void
three(struct hz_jw *w, const char *name, uint32_t confirmed, uint32_t rejected, uint32_t rest)
{
	hz_jw_obj(w, name);
	hz_jw_int(w, "confirmed", confirmed);
	hz_jw_int(w, "rejected", rejected);
	hz_jw_int(w, "rest", rest);
	hz_jw_obj_end(w);
}

static void
words_json(struct hz_jw *w, const char *name, const struct hz_model_class *c, bool against)
{
	const struct hz_model_feature **f = calloc(c->nfeature + 1, sizeof(const struct hz_model_feature *));
	size_t n = f == NULL ? 0 : hz_model_top(c, against, f, c->nfeature + 1);

	hz_jw_arr(w, name);
	for (size_t i = 0; i < n; i++) {
		hz_jw_obj(w, NULL);
		hz_jw_int(w, "weight", (uint64_t)(against ? -f[i]->weight : f[i]->weight));
		hz_line_text(w, "words", f[i]->words);
		hz_jw_obj_end(w);
	}
	hz_jw_arr_end(w);
	free(f);
}

static void
class_json(struct learn *x, const struct hz_model_class *c, bool words)
{
	struct hz_jw *w = hz_line_begin(&x->cli->door.out, "model-type");

	hz_line_text(w, "value", c->type);
	hz_jw_bool(w, "used", c->used);
	hz_jw_int(w, "measured_right", hz_model_right(c));
	three(w, "examples", c->confirmed, c->rejected, c->rest);
	three(w, "held", c->held_confirmed, c->held_rejected, c->held_rest);
	three(w, "right", c->right_confirmed, c->right_rejected, c->right_rest);
	hz_jw_arr(w, "sources");
	for (size_t i = 0; i < c->nsource; i++) {
		hz_jw_obj(w, NULL);
		hz_jw_int(w, "held", c->source[i].held);
		hz_jw_int(w, "number", c->source[i].no);
		hz_jw_int(w, "right", c->source[i].right);
		hz_jw_obj_end(w);
	}
	hz_jw_arr_end(w);
	if (words) {
		words_json(w, "words_for", c, false);
		words_json(w, "words_against", c, true);
	}
	hz_line_end(&x->cli->door.out);
}

static void
words_text(struct learn *x, const struct hz_model_class *c, bool against)
{
	size_t max = x->cli->door.verbose ? c->nfeature + 1 : WORDS_SHOWN;
	const struct hz_model_feature **f = calloc(max, sizeof(const struct hz_model_feature *));
	size_t n = f == NULL ? 0 : hz_model_top(c, against, f, max);
	struct hz_out *o = &x->cli->door.out;

	hz_out_puts(o, against ? _("    words against it, the heaviest first:\n")
			       : _("    words for it, the heaviest first:\n"));
	for (size_t i = 0; i < n; i++) {
		int32_t size = against ? -f[i]->weight : f[i]->weight;
		hz_out_printf(o, "      %s%d.%03d  %s\n", against ? "-" : "", size / 1000, size % 1000,
		    hz_show_str(o, f[i]->words));
	}
	free(f);
}

static void
class_text(struct learn *x, const struct hz_model_class *c, bool words)
{
	struct hz_out *o = &x->cli->door.out;

	hz_out_printf(o, "  %s (%s)\n", label(x, c->type), hz_show_id(o, c->type));
	hz_out_printf(o,
	    _("    learned from %s confirmed, %s rejected and %s other texts, one in five kept back\n"),
	    hz_show_count(o, c->confirmed), hz_show_count(o, c->rejected), hz_show_count(o, c->rest));
	hz_out_printf(o,
	    _("    of those kept back right: %s of %s confirmed, %s of %s rejected, %s of %s others\n"),
	    hz_show_count(o, c->right_confirmed), hz_show_count(o, c->held_confirmed),
	    hz_show_count(o, c->right_rejected), hz_show_count(o, c->held_rejected),
	    hz_show_count(o, c->right_rest), hz_show_count(o, c->held_rest));
	for (size_t i = 0; i < c->nsource; i++) {
		if (c->source[i].no == 0) {
			hz_out_printf(o, _("    sources not known, or small: right %s of %s\n"),
			    hz_show_count(o, c->source[i].right), hz_show_count(o, c->source[i].held));
		} else {
			hz_out_printf(o, _("    source no. %s: right %s of %s\n"),
			    hz_show_count(o, c->source[i].no), hz_show_count(o, c->source[i].right),
			    hz_show_count(o, c->source[i].held));
		}
	}
	if (!c->used) {
		hz_out_puts(
		    o, _("    not in use: it is wrong too often, or too little was kept back to know\n"));
	}
	if (words) {
		words_text(x, c, false);
		words_text(x, c, true);
	}
}

static bool
asked(const struct learn *x, const char *type)
{
	for (size_t i = 0; i < x->cli->args.operand_count; i++) {
		const char *s = hz_args_bare(&x->cli->args, i);
		s += strncmp(s, "type:", 5) == 0 ? 5 : 0;
		if (strcmp(s, type) == 0) {
			return true;
		}
	}
	return x->cli->args.operand_count == 0;
}

static enum hz_err
say_model(struct learn *x, const struct hz_model *m, const struct hz_model_row *row, bool words)
{
	struct hz_out *o = &x->cli->door.out;
	size_t said = 0;

	if (x->cli->door.json) {
		model_json(x, m, row);
	} else if (m == NULL) {
		hz_out_puts(o, _("No model is in use: nothing is suggested\n"));
	} else {
		hz_out_printf(o, _("Model %s is in use: types %s, texts %s, training set %s\n"),
		    hz_show_count(o, row->no), hz_show_count(o, hz_model_classes(m)),
		    hz_show_count(o, hz_model_texts(m)), hz_show_hex(o, row->set, 32, 16));
	}
	for (size_t i = 0; m != NULL && i < hz_model_classes(m); i++) {
		const struct hz_model_class *c = hz_model_class(m, i);
		if (!asked(x, c->type)) {
			continue;
		}
		said++;
		if (x->cli->door.json) {
			class_json(x, c, words);
		} else {
			class_text(x, c, words);
		}
	}
	return m != NULL && said == 0 ? hz_fail(HZ_MSG_NOTHING_SELECTED, _("the model has no such type"))
				      : HZ_OK;
}

static enum hz_err
current(struct learn *x)
{
	struct hz_view *w = NULL;
	bool found = false;
	enum hz_err r = hz_view_begin(x->v, &w);

	r = r == HZ_OK ? hz_suggester_open(w, &found, &x->now) : r;
	hz_view_end(&w);
	return r;
}

static enum hz_err
say_current(struct learn *x, bool words)
{
	HZ_TRY(current(x));
	return say_model(x, x->now == NULL ? NULL : hz_suggester_model(x->now),
	    x->now == NULL ? NULL : hz_suggester_row(x->now), words);
}

/* --- what can be asked for ---------------------------------------------------------------------------------
 */

static enum hz_err
status(struct learn *x)
{
	HZ_TRY(hz_review_learn_counts(x->v, &x->sum));
	HZ_TRY(say_current(x, false));
	if (x->cli->door.json) {
		counts_json(x);
	} else if (!x->cli->door.quiet) {
		counts_text(x);
		hz_out_printf(&x->cli->door.out,
		    _("A model gives an order and suggestions, never a party and never a tag\n"));
	}
	return HZ_OK;
}

static enum hz_err
train(struct learn *x)
{
	struct hz_learn_opts o = { .rules = x->book.rules,
		.file = x->book.file.p,
		.file_size = x->book.file.len,
		.engine = ENGINE };
	struct hz_model *m = NULL;
	struct hz_model_row row;
	bool fresh = false;

	HZ_TRY(hz_review_learn(x->v, &o, &fresh, &row, &m));
	if (!fresh && !x->cli->door.json) {
		hz_out_puts(
		    &x->cli->door.out, _("The same decisions over the same texts: the model stays\n"));
	}
	enum hz_err r = say_model(x, m, &row, false);
	hz_model_free(&m);
	return r;
}

static enum hz_err
off(struct learn *x)
{
	bool fresh = false;

	HZ_TRY(hz_review_unlearn(x->v, ENGINE, &fresh));
	return say_model(x, NULL, NULL, false);
}

static enum hz_err
run(struct learn *x)
{
	const struct hz_args *a = &x->cli->args;

	HZ_TRY(hz_rulebook_get(x->cli, x->v, NULL, &x->book));
	return hz_args_has(a, "train")  ? train(x)
	       : hz_args_has(a, "off")  ? off(x)
	       : hz_args_has(a, "show") ? say_current(x, true)
					: status(x);
}

int
hz_cmd_learn(struct hz_cli *cli)
{
	struct learn x = { .cli = cli, .book = HZ_RULEBOOK_INIT };
	bool train = hz_args_has(&cli->args, "train"), off = hz_args_has(&cli->args, "off"),
	     show = hz_args_has(&cli->args, "show");
	enum hz_err r = HZ_OK;

	if (train + off + show > 1) {
		r = hz_fail(HZ_MSG_USAGE, _("--train, --off and --show: one of them"));
	} else if (cli->args.operand_count > 0 && !show) {
		r = hz_fail(HZ_MSG_USAGE, _("types are named with --show"));
	}
	hz_cancel_install();
	r = r == HZ_OK ? hz_cli_open(cli, train || off ? HZ_VAULT_WRITE : HZ_VAULT_READ, &x.v) : r;
	r = r == HZ_OK ? run(&x) : r;
	hz_suggester_close(&x.now);
	hz_learn_sum_done(&x.sum);
	hz_rulebook_done(&x.book);
	return hz_cli_close(cli, &x.v, r == HZ_OK ? 0 : hz_door_fail(&cli->door, r));
}
