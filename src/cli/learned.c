#include "cli/learned.h"

#include "cli/tagview.h"
#include <stdlib.h>
#include <string.h>

static void
parts_json(struct hz_jw *w, const char *name, const struct hz_suggestion *s, bool against)
{
	hz_jw_arr(w, name);
	for (size_t i = 0; i < s->ntop; i++) {
		if ((s->top[i].part < 0) == against) {
			hz_line_text(w, NULL, s->top[i].words);
		}
	}
	hz_jw_arr_end(w);
}

static void
say_json(struct hz_out *o, const struct hz_suggestion *s, const struct hz_model_row *row, const char *number)
{
	struct hz_jw *w = hz_line_begin(o, "suggestion");

	hz_jw_str(w, "exhibit", number);
	hz_line_text(w, "value", s->type);
	hz_jw_bool(w, "tagged", s->tagged);
	hz_jw_bool(w, "evidence", false);
	hz_jw_int(w, "score", s->score);
	parts_json(w, "words_for", s, false);
	parts_json(w, "words_against", s, true);
	hz_jw_int(w, "measured_right", s->right);
	hz_jw_int(w, "confirmed", s->confirmed);
	hz_jw_int(w, "rejected", s->rejected);
	hz_jw_int(w, "model", row->no);
	hz_line_end(o);
}

/* The words that moved it, those against it with a minus. */
static void
say_words(struct hz_out *o, const struct hz_suggestion *s)
{
	for (size_t i = 0; i < s->ntop; i++) {
		hz_out_printf(o, "%s%s%s", i == 0 ? ": " : ", ", s->top[i].part < 0 ? "−" : "",
		    hz_show_str(o, s->top[i].words));
	}
	hz_out_puts(o, "\n");
}

static void
say_line(struct hz_out *o, const struct hz_rules *rules, const struct hz_suggestion *s)
{
	hz_out_puts(o, "    ");
	hz_out_cell(o, hz_show_count(o, s->score), -4);
	if (rules != NULL) {
		hz_out_printf(
		    o, "%s (%s)", hz_show_label(o, rules, HZ_AXIS_TYPE, s->type), hz_show_id(o, s->type));
	} else {
		hz_out_puts(o, hz_show_id(o, s->type));
	}
	say_words(o, s);
}

static size_t
count(const struct hz_suggestions *x, bool tagged)
{
	size_t n = 0;

	for (size_t i = 0; i < x->n; i++) {
		n += x->v[i].tagged == tagged;
	}
	return n;
}

/* What no rule has found a word for. */
static void
say_more(struct hz_out *o, const struct hz_rules *rules, const struct hz_suggestions *x,
    const struct hz_model_row *row)
{
	if (count(x, false) > 0) {
		hz_out_printf(o,
		    _("Suggestion without evidence (model %s): no rule found a word for it, it is no tag\n"),
		    hz_show_count(o, row->no));
	}
	for (size_t i = 0; i < x->n; i++) {
		if (!x->v[i].tagged) {
			say_line(o, rules, &x->v[i]);
		}
	}
}

static void
say_text(struct hz_out *o, const struct hz_rules *rules, const struct hz_suggestions *x,
    const struct hz_model_row *row)
{
	if (count(x, true) > 0) {
		hz_out_printf(o,
		    _("Learned order of the types, of 1000 (model %s; an order, no evidence):\n"),
		    hz_show_count(o, row->no));
	}
	for (size_t i = 0; i < x->n; i++) {
		if (x->v[i].tagged) {
			say_line(o, rules, &x->v[i]);
		}
	}
	say_more(o, rules, x, row);
}

HZ_RESULT
hz_learned_say(
    struct hz_cli *cli, struct hz_view *w, const struct hz_rules *rules, uint64_t exhibit, const char *number)
{
	struct hz_suggester *s = NULL;
	struct hz_suggestions *x = NULL;
	bool found = false;

	HZ_TRY(hz_suggester_open(w, &found, &s));
	if (!found) {
		return HZ_OK;
	}
	x = calloc(1, sizeof *x);
	enum hz_err r = x == NULL ? hz_fail(HZ_MSG_NOMEM, "suggestions") : hz_suggest_for(s, w, exhibit, x);
	if (r == HZ_OK && cli->door.json) {
		for (size_t i = 0; i < x->n; i++) {
			say_json(&cli->door.out, &x->v[i], hz_suggester_row(s), number);
		}
	} else if (r == HZ_OK) {
		say_text(&cli->door.out, rules, x, hz_suggester_row(s));
	}
	free(x);
	hz_suggester_close(&s);
	return r;
}

/* --- in the queue ------------------------------------------------------------------------------------------
 */

void
hz_learned_done(struct hz_learned *l)
{
	hz_suggester_close(&l->s);
	free(l->x);
	*l = (struct hz_learned)HZ_LEARNED_INIT;
}

/* What the model says of a text; l->s is NULL where none is in use. */
static enum hz_err
look(struct hz_learned *l, struct hz_view *w, uint64_t exhibit)
{
	bool found = false;

	if (!l->looked) {
		HZ_TRY(hz_suggester_open(w, &found, &l->s));
		l->looked = true;
	}
	if (l->s == NULL) {
		return HZ_OK;
	}
	if (l->x == NULL && (l->x = calloc(1, sizeof *l->x)) == NULL) {
		return hz_fail(HZ_MSG_NOMEM, "suggestions");
	}
	if (l->of != exhibit) {
		l->of = 0;
		HZ_TRY(hz_suggest_for(l->s, w, exhibit, l->x));
		l->of = exhibit;
	}
	return HZ_OK;
}

HZ_RESULT
hz_learned_type(struct hz_learned *l, struct hz_view *w, uint64_t exhibit, const char *type,
    const struct hz_suggestion **ret)
{
	*ret = NULL;
	HZ_TRY(look(l, w, exhibit));
	for (size_t i = 0; l->s != NULL && i < l->x->n; i++) {
		if (l->x->v[i].tagged && strcmp(l->x->v[i].type, type) == 0) {
			*ret = &l->x->v[i];
		}
	}
	return HZ_OK;
}

HZ_RESULT
hz_learned_more(struct hz_cli *cli, struct hz_learned *l, struct hz_view *w, const struct hz_rules *rules,
    uint64_t exhibit, const char *number)
{
	struct hz_out *o = &cli->door.out;

	HZ_TRY(look(l, w, exhibit));
	if (l->s != NULL && !cli->door.json) {
		say_more(o, rules, l->x, hz_suggester_row(l->s));
	}
	for (size_t i = 0; l->s != NULL && cli->door.json && i < l->x->n; i++) {
		if (!l->x->v[i].tagged) {
			say_json(o, &l->x->v[i], hz_suggester_row(l->s), number);
		}
	}
	return HZ_OK;
}

void
hz_learned_put(struct hz_out *o, const struct hz_learned *l, const struct hz_suggestion *s)
{
	hz_out_printf(o, _("    learned: %s of 1000 (model %s; an order, no evidence)"),
	    hz_show_count(o, s->score), hz_show_count(o, hz_suggester_row(l->s)->no));
	say_words(o, s);
}
