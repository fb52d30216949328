/* Words for tags, and tags as JSON and as text. */
#include "cli/tagview.h"

#include "base/enc.h"
#include "cli/select.h"
#include "cli/sentence.h"
#include <string.h>

#define SENTENCES 3 /* of one tag, unless all are asked for */

/* --- words -------------------------------------------------------------------------------------------- */

const char *
hz_show_axis(enum hz_axis a)
{
	switch (a) {
	case HZ_AXIS_TYPE:
		return C_("axis", "type");
	case HZ_AXIS_PARTY:
		return C_("axis", "party");
	case HZ_AXIS_PLACE:
		return C_("axis", "place");
	case HZ_AXIS_DATE:
		return C_("axis", "date");
	}
	return "";
}

const char *
hz_show_role(enum hz_role r)
{
	switch (r) {
	case HZ_ROLE_NONE:
		return C_("role", "only named");
	case HZ_ROLE_PERPETRATOR:
		return C_("role", "alleged perpetrator");
	case HZ_ROLE_TARGET:
		return C_("role", "victim or target");
	case HZ_ROLE_LOCATION:
		return C_("role", "its area or position");
	case HZ_ROLE_SOURCE:
		return C_("role", "source of what is said");
	}
	return "";
}

const char *
hz_show_certainty(enum hz_certainty c)
{
	switch (c) {
	case HZ_CERTAIN_STATED:
		return C_("certainty", "stated");
	case HZ_CERTAIN_ALLEGED:
		return C_("certainty", "alleged");
	case HZ_CERTAIN_LIKELY:
		return C_("certainty", "likely");
	case HZ_CERTAIN_DENIED:
		return C_("certainty", "denied");
	}
	return "";
}

const char *
hz_show_band(unsigned band)
{
	return band >= HZ_BAND_STRONG   ? C_("band", "strong")
	       : band == HZ_BAND_MEDIUM ? C_("band", "medium")
					: C_("band", "weak");
}

const char *
hz_show_tag_state(enum hz_tag_state s)
{
	switch (s) {
	case HZ_TAG_PROPOSED:
		return C_("tag", "proposed");
	case HZ_TAG_CONFIRMED:
		return C_("tag", "confirmed");
	case HZ_TAG_REJECTED:
		return C_("tag", "rejected");
	case HZ_TAG_ADDED:
		return C_("tag", "added by hand");
	case HZ_TAG_SUPERSEDED:
		return C_("tag", "superseded");
	}
	return "";
}

enum hz_axis
hz_axis_of(const char *word)
{
	static const enum hz_axis all[] = { HZ_AXIS_TYPE, HZ_AXIS_PARTY, HZ_AXIS_PLACE, HZ_AXIS_DATE };

	for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
		if (strcmp(word, hz_axis_word(all[i])) == 0) {
			return all[i];
		}
	}
	return 0;
}

const char *
hz_show_label(struct hz_out *o, const struct hz_rules *r, enum hz_axis a, const char *value)
{
	const struct hz_rules_entry *e = r == NULL || a == HZ_AXIS_DATE ? NULL : hz_rules_find(r, a, value);

	return hz_show_str(o, e == NULL ? value : hz_lang_now() == HZ_LANG_AR ? e->label_ar : e->label_en);
}

unsigned
hz_tags_select(const struct hz_cli *cli)
{
	for (size_t i = 0; i < cli->args.plain_count; i++) {
		if (strchr(hz_args_operand(&cli->args, i), ':') != NULL) {
			return HZ_SELECT_BARE; /* key:value: neither a number nor, as codes go, a case */
		}
	}
	return HZ_SELECT_CASES;
}

bool
hz_tag_folded(const struct hz_tag *t, const struct hz_tag_standing *now)
{
	enum hz_tag_state s = now == NULL ? HZ_TAG_PROPOSED : now->state;

	return s == HZ_TAG_REJECTED || s == HZ_TAG_SUPERSEDED || t->certainty == HZ_CERTAIN_DENIED;
}

/* --- JSON --------------------------------------------------------------------------------------------- */

/* Members that only an explanation has. */
static void
more_members(struct hz_jw *w, const struct hz_tag_say *s)
{
	const struct hz_tag *t = s->tag;
	const struct hz_rules_entry *e =
	    s->rules == NULL || t->axis == HZ_AXIS_DATE ? NULL : hz_rules_find(s->rules, t->axis, t->value);
	struct hz_sentence x;
	size_t at = 0;

	if (e != NULL) {
		hz_line_text(w, "label_en", e->label_en);
		hz_line_text(w, "label_ar", e->label_ar);
		hz_jw_int(w, "threshold", (uint64_t)e->min * 100);
	}
	hz_jw_arr(w, "sentences");
	while (hz_sentence_next(s->text, s->n, t, &at, &x)) {
		hz_jw_obj(w, NULL);
		hz_jw_int(w, "start", x.start);
		hz_jw_int(w, "end", x.end);
		hz_line_bytes(w, "text", (const uint8_t *)s->text + x.start, x.end - x.start);
		hz_jw_obj_end(w);
	}
	hz_jw_arr_end(w);
}

static void
cue_members(struct hz_jw *w, const struct hz_span *x)
{
	hz_jw_int(w, "start", x->start);
	hz_jw_int(w, "end", x->end);
	hz_line_text(w, "term", x->quiet || x->term == NULL ? "" : x->term);
	hz_jw_str(w, "rule", x->rule);
	hz_jw_obj_end(w);
}

static void
why_members(struct hz_jw *w, const struct hz_why *y)
{
	if (y->role.rule[0] != '\0') {
		hz_jw_obj(w, "role_cue");
		if (y->joined) {
			hz_jw_bool(w, "joined", true);
		}
		cue_members(w, &y->role);
	}
	if (y->certain.rule[0] != '\0') {
		hz_jw_obj(w, "certainty_cue");
		hz_jw_str(w, "certainty", hz_certainty_word(y->certainty));
		cue_members(w, &y->certain);
	}
}

static void
span_members(struct hz_jw *w, const struct hz_tag *t)
{
	hz_jw_arr(w, "spans");
	for (size_t i = 0; i < t->nspans; i++) {
		const struct hz_span *x = &t->spans[i];
		hz_jw_obj(w, NULL);
		hz_jw_int(w, "start", x->start);
		hz_jw_int(w, "end", x->end);
		hz_line_text(w, "term", x->quiet || x->term == NULL ? "" : x->term);
		hz_jw_str(w, "rule", x->rule);
		if (t->why != NULL) {
			why_members(w, &t->why[i]);
		}
		hz_jw_obj_end(w);
	}
	hz_jw_arr_end(w);
	if (t->left_out > 0) {
		hz_jw_int(w, "spans_left_out", t->left_out);
	}
}

void
hz_tag_members(struct hz_jw *w, const struct hz_tag_say *s)
{
	const struct hz_tag *t = s->tag;
	char id[HZ_TAG_ID_MAX];

	hz_tag_id(t, id);
	if (s->number != NULL) {
		hz_jw_str(w, "exhibit", s->number);
	}
	hz_jw_str(w, "id", id);
	hz_jw_str(w, "axis", hz_axis_word(t->axis));
	hz_jw_str(w, "value", t->value);
	hz_jw_str(w, "role", hz_role_word(t->role));
	hz_jw_str(w, "certainty", hz_certainty_word(t->certainty));
	hz_jw_int(w, "score", t->score);
	hz_jw_str(w, "band", hz_band_word(t->band));
	hz_jw_str(w, "state", hz_tag_state_word(s->now == NULL ? HZ_TAG_PROPOSED : s->now->state));
	if (s->now != NULL && s->now->disputed) {
		hz_jw_bool(w, "disputed", true);
	}
	if (t->ambiguous) {
		hz_jw_bool(w, "ambiguous", true);
	}
	if (t->experimental) {
		hz_jw_bool(w, "experimental", true);
	}
	span_members(w, t);
	if (s->text != NULL && t->nspans > 0) {
		hz_jw_bool(w, "cues", t->why != NULL);
	}
	if (s->rules != NULL) {
		hz_jw_hex(w, "rules", hz_rules_id(s->rules), 32);
	} else {
		hz_jw_null(w, "rules");
	}
	if (s->text != NULL) {
		more_members(w, s);
	}
}

void
hz_tag_json(struct hz_out *o, const struct hz_tag_say *s)
{
	hz_tag_members(hz_line_begin(o, "tag"), s);
	hz_line_end(o);
}

/* --- text --------------------------------------------------------------------------------------------- */

void
hz_tag_line(struct hz_out *o, const struct hz_tag_say *s)
{
	const struct hz_tag *t = s->tag;
	char id[HZ_TAG_ID_MAX];

	hz_tag_id(t, id);
	if (s->number != NULL) {
		hz_out_cell(o, hz_show_id(o, s->number), 10);
	}
	hz_out_cell(o, hz_show_id(o, id), 34);
	hz_out_cell(o, hz_show_tag_state(s->now == NULL ? HZ_TAG_PROPOSED : s->now->state), 9);
	hz_out_cell(o, hz_show_certainty(t->certainty), 7);
	hz_out_cell(o, hz_show_band(t->band), 6);
	hz_out_printf(o, "%s\n", hz_show_label(o, s->rules, t->axis, t->value));
}

/* What a person must know before believing the tag. */
static void
remarks(struct hz_out *o, const struct hz_tag_say *s)
{
	if (s->now != NULL && s->now->disputed) {
		hz_out_puts(o, _("    disputed: people decided both ways\n"));
	}
	if (s->tag->ambiguous) {
		hz_out_puts(o,
		    _("    ambiguous: the same name stood for several parties, and the date does not say which\n"));
	}
	if (s->tag->experimental) {
		hz_out_puts(o, _("    experimental: the rules of this language are on trial\n"));
	}
}

static void
strength(struct hz_out *o, const struct hz_tag_say *s)
{
	const struct hz_tag *t = s->tag;
	const struct hz_rules_entry *e =
	    s->rules == NULL || t->axis == HZ_AXIS_DATE ? NULL : hz_rules_find(s->rules, t->axis, t->value);
	const char *state = hz_show_tag_state(s->now == NULL ? HZ_TAG_PROPOSED : s->now->state);

	/* lint: allow hz_out_printf (a word of ours) */
	hz_out_printf(o, _("    state: %s; certainty: %s"), state, hz_show_certainty(t->certainty));
	if (t->axis == HZ_AXIS_PARTY) {
		hz_out_printf(o, _("; role: %s"), hz_show_role(t->role));
	}
	if (t->nspans == 0) {
		hz_out_puts(o, "\n");
	} else if (e == NULL) {
		hz_out_printf(
		    o, _("; strength: %s (%s)\n"), hz_show_band(t->band), hz_show_count(o, t->score));
	} else {
		hz_out_printf(o, _("; strength: %s (%s, from %s on it counts)\n"), hz_show_band(t->band),
		    hz_show_count(o, t->score), hz_show_count(o, (uint64_t)e->min * 100));
	}
}

/* The words of the text, where they may be printed, the line that they count for, their bytes. */
static void
cue(struct hz_out *o, const void *text, size_t n, const struct hz_span *c)
{
	if (!c->quiet && c->start < c->end && c->end <= n) {
		hz_out_printf(
		    o, "[%s]  ", hz_show_text(o, (const uint8_t *)text + c->start, c->end - c->start));
	}
	hz_out_printf(o, _("%s  bytes %s to %s\n"), hz_show_id(o, c->rule), hz_show_count(o, c->start),
	    hz_show_count(o, c->end));
}

/* Which words made the role and the certainty of a mention. */
static void
cues(struct hz_out *o, const struct hz_tag_say *s, const struct hz_why *y)
{
	if (y->role.rule[0] != '\0') {
		hz_out_puts(o, y->joined ? _("          role, as of the party before it, by ")
					 : _("          role by "));
		cue(o, s->text, s->n, &y->role);
	}
	if (y->certain.rule[0] != '\0') {
		hz_out_printf(o, _("          %s by "), hz_show_certainty(y->certainty));
		cue(o, s->text, s->n, &y->certain);
	}
}

/* The rules that matched in a sentence, each with its bytes. */
static void
matched(struct hz_out *o, const struct hz_tag_say *s, const struct hz_sentence *x)
{
	const struct hz_tag *t = s->tag;

	for (size_t i = x->first; i < x->last; i++) {
		const struct hz_span *p = &t->spans[i];
		hz_out_printf(o, _("        %s  bytes %s to %s\n"), hz_show_id(o, p->rule),
		    hz_show_count(o, p->start), hz_show_count(o, p->end));
		if (t->why != NULL) {
			cues(o, s, &t->why[i]);
		}
	}
}

void
hz_tag_explain(struct hz_out *o, const struct hz_tag_say *s)
{
	struct hz_sentence x;
	char id[HZ_TAG_ID_MAX];
	size_t at = 0, shown = 0, more = 0;

	hz_tag_id(s->tag, id);
	hz_out_printf(
	    o, "  %s  %s\n", hz_show_id(o, id), hz_show_label(o, s->rules, s->tag->axis, s->tag->value));
	strength(o, s);
	remarks(o, s);
	while (s->text != NULL && hz_sentence_next(s->text, s->n, s->tag, &at, &x)) {
		if (shown == SENTENCES && !s->whole) {
			more += x.last - x.first;
			continue;
		}
		hz_sentence_put(o, s->text, s->tag, &x, s->whole);
		matched(o, s, &x);
		shown++;
	}
	more += s->tag->left_out;
	if (more > 0) {
		hz_out_printf(o, NN_("      and %s more place\n", "      and %s more places\n", more),
		    hz_show_count(o, more));
	}
}
