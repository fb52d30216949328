/* What the sentences gave, by axis, value and role; in the end the tags. */
#include "classify/engine.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SCORE_MAX     1000U
#define MEDIUM_WEIGHT 3U
#define STRONG_WEIGHT 6U
#define DATE_WEIGHT   3U
/* Said to have done it less than once for this many times that it is said of another: in passing. */
#define SELDOM   10U
#define DATE_KEY (UINT64_C(1) << 62)
#define FIRM     ((uint64_t)(UINT32_MAX - 1) << 32)
#define PASSING  ((uint64_t)(UINT32_MAX - 2) << 32) /* | section * 8 + role: how often */

static const char *const forms[] = { "year-month-day", "day/month/year", "day month year", "year" };
static const char *const form_rules[] = { "date/iso:1", "date/numbers:1", "date/named:1", "date/year:1" };

static enum hz_err
tally_of(struct engine *e, uint64_t key, struct tally **ret_t)
{
	uint32_t i;
	if (!map_get(&e->tally_of, key, &i)) {
		HZ_TRY(more((void **)&e->tallies, &e->cap_tallies, e->n_tallies + 1, sizeof *e->tallies));
		HZ_TRY(map_put(&e->tally_of, key, (uint32_t)e->n_tallies));
		i = (uint32_t)e->n_tallies++;
		e->tallies[i] = (struct tally){ .section = NONE, .later = NONE, .trial = true };
	}
	*ret_t = &e->tallies[i];
	return HZ_OK;
}

static enum hz_err
span_add(struct tally *t, struct span_at s)
{
	if (t->n_spans >= HZ_CLASSIFY_SPANS) {
		t->left_out++;
		return HZ_OK;
	}
	HZ_TRY(more((void **)&t->spans, &t->cap_spans, t->n_spans + 1, sizeof *t->spans));
	t->spans[t->n_spans++] = s;
	return HZ_OK;
}

static enum hz_err
alt_add(struct engine *e, struct tally *t, uint32_t alt)
{
	uint64_t key = (uint64_t)(t - e->tallies) << 32 | alt;
	uint32_t seen;
	if (map_get(&e->alt_seen, key, &seen)) {
		return HZ_OK;
	}
	HZ_TRY(map_put(&e->alt_seen, key, 1));
	HZ_TRY(more((void **)&t->alts, &t->cap_alts, t->n_alts + 1, sizeof *t->alts));
	t->alts[t->n_alts++] = alt;
	return HZ_OK;
}

static void
better(enum hz_certainty *io_c, enum hz_certainty c)
{
	if (c != 0 && (*io_c == 0 || c < *io_c)) {
		*io_c = c;
	}
}

/* What is said in passing, of all lines of a section and role: true where it has come again often enough. */
static enum hz_err
count_passing(struct engine *e, uint32_t section, enum hz_role role, bool *ret_again)
{
	uint64_t key = PASSING | ((uint64_t)section * 8 + role);
	uint32_t n = 0;
	(void)map_get(&e->alt_seen, key, &n);
	n += n < LEAD_TIMES;
	*ret_again = n >= LEAD_TIMES;
	return map_put(&e->alt_seen, key, n);
}

static struct span_at
span_of(const struct engine *e, size_t s, size_t end, uint32_t alt)
{
	return (struct span_at){ e->words[s].start, e->words[end].end, alt, DATE_ISO, 0 };
}

enum hz_err
tally_match(
    struct engine *e, const struct match *m, uint32_t section, enum hz_role role, enum hz_certainty certainty)
{
	const struct line *l = &e->r->lines[m->line];
	bool later = (l->flags & LINE_LATER) != 0;
	uint64_t key = ((uint64_t)section * 8 + role) << 24 | (later ? m->line + 1 : 0);
	struct tally *t;
	HZ_TRY(tally_of(e, key, &t));
	t->section = section;
	t->later = later ? m->line : NONE;
	t->role = role;
	better(m->in_name ? &t->in_names : &t->certainty, certainty);
	t->plain = t->plain || !m->ambiguous;
	t->trial = t->trial && (l->flags & LINE_TRIAL) != 0;
	HZ_TRY(alt_add(e, t, m->ref));
	bool salient = true;
	if (m->passing) {
		HZ_TRY(count_passing(e, section, role, &salient));
	}
	if (!m->weak && salient) {
		HZ_TRY(map_put(&e->alt_seen, FIRM | m->ref, 1));
	}
	struct span_at s = span_of(e, m->s, m->e, m->ref);
	if (e->why != NULL && t->n_spans < HZ_CLASSIFY_SPANS) {
		HZ_TRY(why_span(e, m, role, certainty, &s.why));
	}
	HZ_TRY(span_add(t, s));
	if (!m->partner) {
		return HZ_OK;
	}
	struct span_at p = span_of(e, m->partner_s, m->partner_e, m->ref);
	p.why = s.why;
	return span_add(t, p);
}

enum hz_err
tally_date(struct engine *e, const struct found_date *d)
{
	uint32_t i;
	struct tally *t;
	if (!map_get(&e->tally_of, DATE_KEY | d->ymd, &i)) {
		if (e->n_date_tallies >= HZ_CLASSIFY_DATES) {
			return HZ_OK;
		}
		e->n_date_tallies++;
	}
	HZ_TRY(tally_of(e, DATE_KEY | d->ymd, &t));
	t->ymd = d->ymd;
	t->certainty = HZ_CERTAIN_STATED;
	t->plain = true;
	t->trial = false;
	struct span_at s = span_of(e, d->s, d->e, NONE);
	s.form = d->form;
	return span_add(t, s);
}

/* --- the end of the text --- */
/* A text of some length that speaks more of the first classes than of the others. A short one is never asked.
 */
static bool
is_over(const struct engine *e, const struct need *n)
{
	size_t over = 0;
	size_t rest = OVER_TIMES;
	for (unsigned c = 0; c < n->n; c++) {
		*(c < n->n_over ? &over : &rest) += e->class_seen[n->class[c]];
	}
	return e->n_words_before > LEAD_WORDS && over >= rest;
}

static bool
later_met(const struct engine *e, const struct line *l)
{
	for (uint32_t k = 0; k < l->n_needs; k++) {
		const struct need *n = &e->r->needs[l->first_need + k];
		bool met = n->window != NEED_TEXT;
		for (unsigned c = 0; c < n->n; c++) {
			met = met || e->class_seen[n->class[c]] > 0;
		}
		if (n->n_over > 0) {
			met = is_over(e, n);
		}
		if (met == (n->none && n->window == NEED_TEXT)) {
			return false;
		}
	}
	return true;
}

static int
by_place(const void *a, const void *b)
{
	const struct span_at *x = a;
	const struct span_at *y = b;
	if (x->start != y->start) {
		return x->start < y->start ? -1 : 1;
	}
	if (x->end != y->end) {
		return x->end < y->end ? -1 : 1;
	}
	return x->alt < y->alt ? -1 : x->alt > y->alt;
}

/* One that waited for the whole text goes to the others of its section and role. */
static enum hz_err
merge(struct engine *e, size_t i)
{
	struct tally *to;
	struct tally *from = &e->tallies[i];
	uint64_t key = ((uint64_t)from->section * 8 + from->role) << 24;
	from->out = true;
	if (!later_met(e, &e->r->lines[from->later])) {
		return HZ_OK;
	}
	HZ_TRY(tally_of(e, key, &to));
	from = &e->tallies[i];
	to->section = from->section;
	to->role = from->role;
	better(&to->certainty, from->certainty);
	better(&to->in_names, from->in_names);
	to->plain = to->plain || from->plain;
	to->trial = to->trial && from->trial;
	for (size_t k = 0; k < from->n_alts; k++) {
		HZ_TRY(alt_add(e, to, from->alts[k]));
	}
	HZ_TRY(more((void **)&to->spans, &to->cap_spans, to->n_spans + from->n_spans, sizeof *to->spans));
	for (size_t k = 0; k < from->n_spans; k++) {
		to->spans[to->n_spans++] = from->spans[k];
	}
	to->left_out += from->left_out;
	return HZ_OK;
}

static enum hz_err
merge_all(struct engine *e)
{
	size_t n = e->n_tallies;
	for (size_t i = 0; i < n; i++) {
		if (e->tallies[i].later != NONE) {
			HZ_TRY(merge(e, i));
		}
	}
	for (size_t i = 0; i < e->n_tallies; i++) {
		struct tally *t = &e->tallies[i];
		if (t->n_spans > 1) {
			qsort(t->spans, t->n_spans, sizeof *t->spans, by_place);
		}
		if (t->n_spans > HZ_CLASSIFY_SPANS) {
			t->left_out += t->n_spans - HZ_CLASSIFY_SPANS;
			t->n_spans = HZ_CLASSIFY_SPANS;
		}
	}
	return HZ_OK;
}

struct weight {
	unsigned all, firm;
};

/* Weights of the different terms of each section, over all roles. */
static enum hz_err
weigh(struct engine *e, struct weight *w)
{
	struct map seen = { 0 };
	enum hz_err err = HZ_OK;
	for (size_t i = 0; err == HZ_OK && i < e->n_tallies; i++) {
		const struct tally *t = &e->tallies[i];
		for (size_t k = 0; err == HZ_OK && !t->out && k < t->n_alts; k++) {
			uint32_t alt = t->alts[k];
			uint32_t found;
			if (map_get(&seen, alt, &found)) {
				continue;
			}
			err = map_put(&seen, alt, 1);
			unsigned weight = e->r->lines[e->r->alts[alt].line].weight;
			w[t->section].all += weight;
			if (map_get(&e->alt_seen, FIRM | alt, &found)) {
				w[t->section].firm += weight;
			}
		}
	}
	map_done(&seen);
	return err;
}

/* Enough, and not of weak terms alone; a place also where a place that it lies in is named. */
static bool
is_enough(const struct hz_rules *r, const struct weight *w, uint32_t section)
{
	const struct section *x = &r->sections[section];
	bool firm = w[section].firm > 0;
	for (uint32_t p = x->parent; !firm && x->kind == KIND_PLACE && p != NONE; p = r->sections[p].parent) {
		firm = w[p].firm > 0 && w[p].all >= r->sections[p].min;
	}
	return firm && w[section].all >= x->min;
}

/* A cue of a class is quiet where the word is, and has the rule of the line that names the class. */
static void
fill_words(const struct hz_rules *r, uint32_t alt, uint32_t line, struct hz_span *out)
{
	const struct alt *a = &r->alts[alt];
	const struct line *l = &r->lines[line];
	const struct section *x = &r->sections[l->section];
	out->term = a->text;
	out->quiet = (r->lines[a->line].flags & LINE_QUIET) != 0;
	int n = snprintf(out->rule, sizeof out->rule, "%s/%s:%u", kind_word(x->kind), x->id, l->number);
	hz_assert(n > 0 && (size_t)n < sizeof out->rule);
}

static void
fill_span(const struct hz_rules *r, const struct span_at *s, struct hz_span *out)
{
	*out = (struct hz_span){ .start = s->start, .end = s->end };
	if (s->alt == NONE) {
		out->term = forms[s->form];
		memcpy(out->rule, form_rules[s->form], strlen(form_rules[s->form]) + 1);
		return;
	}
	fill_words(r, s->alt, r->alts[s->alt].line, out);
}

static void
fill_cue(const struct hz_rules *r, const struct cue_at *c, struct hz_span *out)
{
	if (c->alt != NONE) {
		out->start = c->start;
		out->end = c->end;
		fill_words(r, c->alt, c->line, out);
	}
}

static enum hz_err
fill_why(const struct engine *e, const struct tally *t, struct hz_tag *tag)
{
	tag->why = calloc(t->n_spans, sizeof *tag->why);
	if (tag->why == NULL) {
		return hz_fail(HZ_MSG_NOMEM, "tags");
	}
	for (size_t k = 0; k < t->n_spans; k++) {
		const struct why_at *from = &e->why->spans[t->spans[k].why];
		struct hz_why *to = &tag->why[k];
		to->certainty = t->spans[k].alt == NONE ? HZ_CERTAIN_STATED : from->certainty;
		if (t->spans[k].alt != NONE) {
			to->joined = from->joined;
			fill_cue(e->r, &from->role, &to->role);
			fill_cue(e->r, &from->says, &to->certain);
		}
	}
	return HZ_OK;
}

static enum hz_err
fill_tag(const struct engine *e, const struct tally *t, struct hz_tag *tag)
{
	unsigned weight = t->section == NONE ? DATE_WEIGHT : 0;
	*tag = (struct hz_tag){ .axis = HZ_AXIS_DATE,
		.role = t->role,
		.certainty = t->certainty != 0 ? t->certainty : t->in_names,
		.left_out = t->left_out,
		.ambiguous = !t->plain,
		.experimental = t->trial };
	if (t->section == NONE) {
		date_text(t->ymd, tag->value);
	} else {
		const struct section *x = &e->r->sections[t->section];
		tag->axis = x->entry.axis;
		memcpy(tag->value, x->id, strlen(x->id) + 1);
	}
	for (size_t k = 0; k < t->n_alts; k++) {
		weight += e->r->lines[e->r->alts[t->alts[k]].line].weight;
	}
	tag->score = weight * 100 < SCORE_MAX ? weight * 100 : SCORE_MAX;
	tag->band = weight >= STRONG_WEIGHT   ? HZ_BAND_STRONG
		    : weight >= MEDIUM_WEIGHT ? HZ_BAND_MEDIUM
					      : HZ_BAND_WEAK;
	if (tag->ambiguous && t->role == HZ_ROLE_PERPETRATOR) {
		tag->band = HZ_BAND_WEAK;
	}
	tag->spans = calloc(t->n_spans, sizeof *tag->spans);
	if (tag->spans == NULL) {
		return hz_fail(HZ_MSG_NOMEM, "tags");
	}
	tag->nspans = t->n_spans;
	for (size_t k = 0; k < t->n_spans; k++) {
		fill_span(e->r, &t->spans[k], &tag->spans[k]);
	}
	return e->why == NULL ? HZ_OK : fill_why(e, t, tag);
}

static int
by_tag(const void *a, const void *b)
{
	const struct hz_tag *x = a;
	const struct hz_tag *y = b;
	if (x->axis != y->axis) {
		return x->axis < y->axis ? -1 : 1;
	}
	int order = strcmp(x->value, y->value);
	if (order != 0) {
		return order;
	}
	return x->role < y->role ? -1 : x->role > y->role;
}

static bool
is_accusation(const struct hz_tag *t)
{
	return t->axis == HZ_AXIS_PARTY && t->role == HZ_ROLE_PERPETRATOR && !t->ambiguous &&
	       t->certainty != HZ_CERTAIN_DENIED;
}

/* How often a party and those below it are said to have done it; they stand together, from i on. */
static size_t
accusations(const struct hz_tags *tags, size_t i, size_t *ret_end)
{
	size_t n = strcspn(tags->v[i].value, ".");
	size_t sum = 0;
	size_t k = i;
	for (; k < tags->n && tags->v[k].axis == HZ_AXIS_PARTY; k++) {
		const struct hz_tag *t = &tags->v[k];
		if (strcspn(t->value, ".") != n || memcmp(t->value, tags->v[i].value, n) != 0) {
			break;
		}
		sum += is_accusation(t) ? t->nspans + t->left_out : 0;
	}
	*ret_end = k;
	return sum;
}

/* A long text also tells what others are said to have done. A party that it accuses in passing, beside one
 * that it accuses again and again, gets no more than a weak tag for that. In the order of by_tag. */
static void
mark_passing(struct hz_tags *tags)
{
	size_t most = 0;
	size_t end = 0;
	for (size_t pass = 0; pass < 2; pass++) {
		for (size_t i = 0; i < tags->n; i = end) {
			end = i + 1;
			size_t n = tags->v[i].axis == HZ_AXIS_PARTY ? accusations(tags, i, &end) : 0;
			most = n > most ? n : most;
			for (size_t k = i; pass == 1 && n * SELDOM < most && k < end; k++) {
				if (is_accusation(&tags->v[k])) {
					tags->v[k].band = HZ_BAND_WEAK;
				}
			}
		}
	}
}

enum hz_err
tally_end(struct engine *e, struct hz_tags *ret)
{
	struct hz_tags tags = { 0, NULL };
	struct weight *w = calloc(e->r->n_sections + 1, sizeof *w);
	enum hz_err err = w == NULL ? hz_fail(HZ_MSG_NOMEM, "tags") : merge_all(e);
	if (err == HZ_OK) {
		err = weigh(e, w);
	}
	if (err == HZ_OK && e->n_tallies > 0) {
		tags.v = calloc(e->n_tallies, sizeof *tags.v);
		err = tags.v == NULL ? hz_fail(HZ_MSG_NOMEM, "tags") : HZ_OK;
	}
	for (size_t i = 0; err == HZ_OK && i < e->n_tallies; i++) {
		const struct tally *t = &e->tallies[i];
		if (!t->out && (t->section == NONE || is_enough(e->r, w, t->section))) {
			err = fill_tag(e, t, &tags.v[tags.n++]);
		}
	}
	free(w);
	if (err != HZ_OK) {
		hz_tags_done(&tags);
		return err;
	}
	if (tags.n > 1) {
		qsort(tags.v, tags.n, sizeof *tags.v, by_tag);
	}
	mark_passing(&tags);
	*ret = tags;
	return HZ_OK;
}

void
tally_done(struct engine *e)
{
	for (size_t i = 0; i < e->n_tallies; i++) {
		free(e->tallies[i].spans);
		free(e->tallies[i].alts);
	}
	free(e->tallies);
	map_done(&e->tally_of);
	map_done(&e->alt_seen);
}
