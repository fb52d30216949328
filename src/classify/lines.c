/* One line of terms: alternatives, then options. */
#include "base/enc.h"
#include "classify/inner.h"

#include <string.h>

/* What may stand on a line. */
#define MAY_WEIGHT 1U
#define MAY_NEED   2U
#define MAY_REACH  4U
#define MAY_VALID  8U
#define MAY_REG    16U
#define MAY_WEAK   32U
#define MAY_NOT    64U
#define MAY_CLASS  128U
#define MAY_PAIR   256U

struct reading {
	struct builder *b;
	size_t at;
	uint32_t line; /* of the rules; the section where the use is USE_NOT_ANY */
	enum use use;
	unsigned flags, may;
};

struct token {
	const char *s;
	size_t n;
};

static bool
token_next(const char **s, struct token *ret_t)
{
	if (**s == '\0') {
		return false;
	}
	size_t n = strcspn(*s, " ");
	*ret_t = (struct token){ *s, n };
	*s += n + ((*s)[n] == ' ');
	return true;
}

static bool
is(const struct token *t, const char *word)
{
	return strlen(word) == t->n && memcmp(t->s, word, t->n) == 0;
}

/* Behind a key as "w=": what it says. */
static bool
says(const struct token *t, const char *key, struct token *ret_value)
{
	size_t n = strlen(key);
	if (t->n < n || memcmp(t->s, key, n) != 0) {
		return false;
	}
	*ret_value = (struct token){ t->s + n, t->n - n };
	return true;
}

static bool
is_option(const struct token *t)
{
	static const char *const words[] = { "exact", "verb", "raw", "weak", "lead", "clause", "of-first",
		"of-second" };
	static const char *const keys[] = { "w=", "need=", "not=", "register=", "valid=", "@" };
	struct token v;
	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
		if (is(t, words[i])) {
			return true;
		}
	}
	for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
		if (says(t, keys[i], &v)) {
			return true;
		}
	}
	return false;
}

static bool
number_of(const struct token *t, uint64_t max, unsigned *ret_n)
{
	uint64_t n;
	if (hz_parse_u64(t->s, t->n, max, &n) != HZ_OK || n == 0) {
		return false;
	}
	*ret_n = (unsigned)n;
	return true;
}

static enum hz_err
bad_option(struct reading *g)
{
	return fault(g->b->f, g->at, N_("this option is not known, or not on a line of this kind"),
	    N_("see the list of options in the reference of the rules language"));
}

/* ">" or "<" before a number of words: takes it away. */
static unsigned
side_of(struct token *t)
{
	unsigned side = t->n > 0 && t->s[0] == '>' ? SIDE_BEHIND : SIDE_ANY;
	side = t->n > 0 && t->s[0] == '<' ? SIDE_BEFORE : side;
	if (side != SIDE_ANY) {
		*t = (struct token){ t->s + 1, t->n - 1 };
	}
	return side;
}

/* CLASS,CLASS or CLASS>CLASS, up to `at`. */
static enum hz_err
read_need_classes(struct reading *g, struct need *need, const char *s, const char *at)
{
	const struct hz_rules *r = g->b->r;
	while (s <= at) {
		const char *end = s;
		while (end < at && *end != ',' && *end != '>') {
			end++;
		}
		uint32_t class = class_find(r, s, (size_t)(end - s));
		if (class == NONE) {
			return fault(g->b->f, g->at, N_("there is no class of this name"),
			    N_("write a section [class NAME], or `class NAME` in the sections that belong to it"));
		}
		if (need->n == HZ_RULES_CLASSES) {
			return fault(
			    g->b->f, g->at, N_("this need names too many classes"), N_("16 at most"));
		}
		need->class[need->n++] = class;
		if (end < at && *end == '>') {
			if (!need->none || need->window != NEED_TEXT || need->n_over > 0) {
				return fault(g->b->f, g->at, N_("this need cannot compare"),
				    N_("write need=!CLASS>CLASS@t"));
			}
			need->n_over = need->n;
		}
		s = end + 1;
	}
	return HZ_OK;
}

/* need=CLASS,CLASS@N, @>N (behind it), @<N (before it), @s or @t; with ! before the first: none of them;
 * need=!CLASS>CLASS@t: not where the text has more of the first */
static enum hz_err
read_need(struct reading *g, struct line *l, const struct token *v)
{
	struct hz_rules *r = g->b->r;
	const char *at = memrchr(v->s, '@', v->n);
	struct need need = { 0 };
	unsigned window = 0;
	if (at == NULL) {
		return fault(g->b->f, g->at, N_("this need does not say how near"),
		    N_("end it with @ and a number of words, @s (the sentence) or @t (the text)"));
	}
	struct token w = { at + 1, v->n - (size_t)(at + 1 - v->s) };
	need.side = (uint8_t)side_of(&w);
	if (is(&w, "s")) {
		window = NEED_SENTENCE;
	} else if (is(&w, "t")) {
		window = NEED_TEXT;
		l->flags |= LINE_LATER;
	} else if (!number_of(&w, HZ_RULES_WINDOW, &window)) {
		return fault(g->b->f, g->at, N_("this is no number of words"), N_("1 to 64"));
	}
	need.window = (uint8_t)window;
	need.none = v->s[0] == '!';
	HZ_TRY(read_need_classes(g, &need, v->s + need.none, at));
	if (l->n_needs == HZ_RULES_NEEDS) {
		return fault(g->b->f, g->at, N_("this line has too many needs"), N_("4 at most"));
	}
	HZ_TRY(more((void **)&r->needs, &r->cap_needs, r->n_needs + 1, sizeof *r->needs));
	r->needs[r->n_needs++] = need;
	l->n_needs++;
	return HZ_OK;
}

static enum hz_err
read_register(struct reading *g, struct line *l, const struct token *v)
{
	static const char *const words[] = { "official", "neutral", "abbreviation", "critical",
		"derogatory" };
	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
		if (is(v, words[i])) {
			l->reg = words[i];
			l->flags |= i >= 3 ? LINE_QUIET : 0;
			return HZ_OK;
		}
	}
	return fault(g->b->f, g->at, N_("there is no such register"),
	    N_("official, neutral, abbreviation, critical or derogatory"));
}

static enum hz_err
read_flag(struct reading *g, struct line *l, const struct token *t)
{
	if (is(t, "exact")) {
		l->flags |= LINE_EXACT;
	} else if (is(t, "verb")) {
		l->flags |= LINE_VERB;
	} else if (is(t, "raw")) {
		l->flags |= LINE_RAW;
	} else if (is(t, "weak") && (g->may & MAY_WEAK) != 0) {
		l->flags |= LINE_WEAK;
	} else if (is(t, "lead") && (g->may & MAY_WEAK) != 0) {
		l->flags |= LINE_LEAD;
	} else if (is(t, "clause") && (g->may & MAY_REACH) != 0) {
		l->flags |= LINE_CLAUSE;
	} else if (is(t, "of-first") && (g->may & MAY_CLASS) != 0) {
		l->flags |= LINE_OF_FIRST;
	} else if (is(t, "of-second") && (g->may & MAY_CLASS) != 0) {
		l->flags |= LINE_OF_SECOND;
	} else {
		return bad_option(g);
	}
	return HZ_OK;
}

static enum hz_err
read_valid(struct reading *g, struct line *l, const struct token *v)
{
	const char *dots = memmem(v->s, v->n, "..", 2);
	char from[11];
	char to[11];
	if (dots == NULL || !date_read(v->s, (size_t)(dots - v->s), false, from) ||
	    !date_read(dots + 2, v->n - (size_t)(dots + 2 - v->s), true, to) ||
	    (from[0] != '\0' && to[0] != '\0' && strcmp(from, to) > 0)) {
		return fault(g->b->f, g->at, N_("this is not a time from a date to a date"),
		    N_("write 2012-01..2024-12-08; one side may be empty"));
	}
	l->from = arena_copy(&g->b->r->arena, from, strlen(from));
	l->to = arena_copy(&g->b->r->arena, to, strlen(to));
	return l->from == NULL || l->to == NULL ? HZ_ERR_NOMEM : HZ_OK;
}

static enum hz_err
read_option(struct reading *g, struct line *l, const struct token *t)
{
	struct token v;
	if (says(t, "w=", &v)) {
		if ((g->may & MAY_WEIGHT) == 0) {
			return bad_option(g);
		}
		return number_of(&v, 9, &l->weight)
			   ? HZ_OK
			   : fault(g->b->f, g->at, N_("this is no weight"), N_("w=1 to w=9"));
	}
	if (says(t, "need=", &v)) {
		return (g->may & MAY_NEED) != 0 ? read_need(g, l, &v) : bad_option(g);
	}
	if (says(t, "register=", &v)) {
		return (g->may & MAY_REG) != 0 ? read_register(g, l, &v) : bad_option(g);
	}
	if (says(t, "valid=", &v)) {
		return (g->may & MAY_VALID) != 0 ? read_valid(g, l, &v) : bad_option(g);
	}
	if (says(t, "@", &v)) {
		if ((g->may & MAY_REACH) == 0) {
			return bad_option(g);
		}
		return number_of(&v, HZ_RULES_WINDOW, &l->reach)
			   ? HZ_OK
			   : fault(g->b->f, g->at, N_("this is no number of words"), N_("1 to 64"));
	}
	return read_flag(g, l, t);
}

/* --- alternatives --- */
struct parsing {
	struct words w;    /* the alternative or the partner that is being read */
	struct words head; /* of a pair, while its partners are read */
	const char *start; /* of the alternative's text */
	bool in_group, pair, plus, bad;
	unsigned n_partners;
	uint32_t class;
};

static enum hz_err
bad_form(struct reading *g, struct parsing *p)
{
	p->bad = true;
	return fault(g->b->f, g->at, N_("the signs on this line do not fit together"),
	    N_("alternatives stand between |, partners as A + { B | C }@N, options at the end"));
}

static enum hz_err
partner_end(struct reading *g, struct parsing *p)
{
	if (p->w.n == 0) {
		return bad_form(g, p);
	}
	p->n_partners++;
	enum hz_err err = phrase_add(g->b, g->at, &p->w, USE_PARTNER, (uint32_t)g->b->r->n_alts);
	p->w.n = 0;
	return err;
}

/* end: where the alternative's text stops. window: of its partners or 0. */
static enum hz_err
alt_end(struct reading *g, struct parsing *p, const char *end, unsigned window, unsigned side)
{
	struct hz_rules *r = g->b->r;
	const struct words *w = p->pair ? &p->head : &p->w;
	enum hz_err err = HZ_OK;
	if ((w->n == 0) == (p->class == NONE) || p->plus != p->pair) {
		return bad_form(g, p);
	}
	if (g->use != USE_ALT) {
		err = phrase_add(g->b, g->at, w, g->use, g->line);
	} else {
		while (end > p->start && end[-1] == ' ') {
			end--;
		}
		const char *text = arena_copy(&r->arena, p->start, (size_t)(end - p->start));
		if (text == NULL) {
			return HZ_ERR_NOMEM;
		}
		if (w->n > 0) {
			err = phrase_add(g->b, g->at, w, USE_ALT, (uint32_t)r->n_alts);
		}
		if (err == HZ_OK) {
			err = more((void **)&r->alts, &r->cap_alts, r->n_alts + 1, sizeof *r->alts);
		}
		if (err == HZ_OK) {
			r->alts[r->n_alts++] =
			    (struct alt){ g->line, text, (uint8_t)window, (uint8_t)side, p->class, 0, 0, 0 };
			r->lines[g->line].n_alts++;
		}
	}
	*p = (struct parsing){ .class = NONE };
	return err;
}

/* "}@3" */
static enum hz_err
group_end(struct reading *g, struct parsing *p, const struct token *t)
{
	struct token v;
	unsigned window = 0;
	if (!p->in_group || !says(t, "}@", &v)) {
		return bad_form(g, p);
	}
	unsigned side = side_of(&v);
	if (!number_of(&v, HZ_RULES_WINDOW, &window)) {
		return bad_form(g, p);
	}
	HZ_TRY(partner_end(g, p));
	p->in_group = false;
	p->pair = true;
	return p->bad ? HZ_OK : alt_end(g, p, t->s + t->n, window, side);
}

static enum hz_err
read_word(struct reading *g, struct parsing *p, const struct token *t)
{
	struct token v;
	bool good = true;
	if (says(t, "class:", &v)) {
		p->class = class_find(g->b->r, v.s, v.n);
		if ((g->may & MAY_CLASS) == 0 || p->in_group) {
			return bad_form(g, p);
		}
		if (p->class == NONE) {
			p->bad = true;
			return fault(g->b->f, g->at, N_("there is no class of this name"),
			    N_("write a section [class NAME], or `class NAME` in the sections that belong to it"));
		}
		return HZ_OK;
	}
	HZ_TRY(words_add(g->b, g->at, t->s, t->n, g->flags, &p->w, &good));
	p->bad = p->bad || !good;
	return HZ_OK;
}

static enum hz_err
read_token(struct reading *g, struct parsing *p, const struct token *t, bool *io_closed)
{
	if (*io_closed && !is(t, "|")) {
		return bad_form(g, p); /* words behind a closed group */
	}
	if (is(t, "|")) {
		if (*io_closed) {
			*io_closed = false;
			return HZ_OK;
		}
		return p->in_group ? partner_end(g, p) : alt_end(g, p, t->s, 0, SIDE_ANY);
	}
	if (is(t, "+")) {
		bool bad = p->in_group || p->plus || p->w.n == 0 || (g->may & MAY_PAIR) == 0;
		p->plus = true;
		return bad ? bad_form(g, p) : HZ_OK;
	}
	if (is(t, "{")) {
		if (!p->plus || p->in_group) {
			return bad_form(g, p);
		}
		p->head = p->w;
		p->w.n = 0;
		p->in_group = true;
		return HZ_OK;
	}
	if (t->s[0] == '}') {
		*io_closed = true;
		return group_end(g, p, t);
	}
	return p->plus && !p->in_group ? bad_form(g, p) : read_word(g, p, t);
}

/* s up to end. */
static enum hz_err
read_alts(struct reading *g, const char *s, const char *end)
{
	struct parsing p = { .class = NONE };
	struct token t;
	bool closed = false;
	bool more_needed = true;
	while (!p.bad && s < end && token_next(&s, &t)) {
		if (p.start == NULL && !is(&t, "|")) {
			p.start = t.s;
		}
		HZ_TRY(read_token(g, &p, &t, &closed));
		more_needed = !closed;
	}
	if (p.bad) {
		return HZ_OK;
	}
	if (p.in_group || !more_needed) {
		return more_needed ? bad_form(g, &p) : HZ_OK;
	}
	return alt_end(g, &p, end, 0, SIDE_ANY);
}

/* Where the options begin; the options are read, what is behind not= is left in *ret_not. */
static enum hz_err
read_options(struct reading *g, struct line *l, const char *s, const char **ret_end, const char **ret_not)
{
	struct token t;
	struct token v;
	bool options = false;
	bool in_group = false;
	*ret_end = s + strlen(s);
	*ret_not = NULL;
	while (token_next(&s, &t)) {
		if (!options && is(&t, "{")) {
			in_group = true;
		}
		if (!options && t.s[0] == '}') {
			in_group = false;
		}
		if (!options && !in_group && is_option(&t)) {
			options = true;
			*ret_end = t.s;
		}
		if (!options) {
			continue;
		}
		if (says(&t, "not=", &v)) {
			*ret_not = v.s;
			return (g->may & MAY_NOT) != 0 ? HZ_OK : bad_option(g);
		}
		size_t faults = g->b->f->n;
		HZ_TRY(read_option(g, l, &t));
		if (g->b->f->n > faults) {
			return HZ_OK; /* the rest of the line would only be told again */
		}
	}
	return HZ_OK;
}

static unsigned
may_of(const char *key, enum kind kind)
{
	if (strcmp(key, "not.any") == 0) {
		return 0;
	}
	unsigned may = MAY_NOT | MAY_PAIR | MAY_NEED;
	if (kind == KIND_ROLE) {
		return may | MAY_REACH | MAY_CLASS;
	}
	if (kind == KIND_CUE) {
		return may | MAY_REACH;
	}
	if (kind == KIND_PARTY) {
		may |= MAY_VALID;
	}
	return may | MAY_WEIGHT | MAY_WEAK | MAY_REG;
}

/* The language; NULL with a fault where it is none. */
static enum hz_err
read_lang(struct reading *g, const char **s, const char **ret_lang, bool *ret_trial)
{
	const struct source *src = g->b->src;
	struct token t = { "", 0 };
	(void)token_next(s, &t);
	*ret_lang = NULL;
	*ret_trial = false;
	if (is(&t, "any")) {
		*ret_lang = "any";
		return HZ_OK;
	}
	for (size_t k = 0; k < 2; k++) {
		const char *const *list = k == 0 ? src->langs : src->experimental;
		size_t n = k == 0 ? src->n_langs : src->n_experimental;
		for (size_t i = 0; i < n; i++) {
			if (is(&t, list[i])) {
				*ret_lang = arena_copy(&g->b->r->arena, t.s, t.n);
				*ret_trial = *ret_trial || k == 1;
				if (*ret_lang == NULL) {
					return HZ_ERR_NOMEM;
				}
			}
		}
	}
	if (*ret_lang != NULL) {
		return HZ_OK;
	}
	return fault(g->b->f, g->at, N_("this line does not begin with a language of the file"),
	    N_("write any, or a language that `lang` or `experimental` names at the head"));
}

enum hz_err
line_read(struct builder *b, uint32_t section, size_t at, const char *key, const char *s)
{
	struct hz_rules *r = b->r;
	struct section *x = &r->sections[section];
	struct reading g = { b, at, 0, USE_ALT, 0, may_of(key, x->kind) };
	struct line l = { section, x->n_lines + 1, at, "", "", x->entry.from, x->entry.to, 3, 3, 0,
		(uint32_t)r->n_needs, 0, (uint32_t)r->n_alts, 0 };
	const char *end;
	const char *not_s;
	bool trial;
	HZ_TRY(read_lang(&g, &s, &l.lang, &trial));
	if (l.lang == NULL) {
		return HZ_OK;
	}
	l.flags |= trial ? LINE_TRIAL : 0;
	l.flags |= strcmp(key, "before") == 0 ? LINE_BEFORE : 0;
	l.flags |= strcmp(key, "after") == 0 ? LINE_AFTER : 0;
	HZ_TRY(read_options(&g, &l, s, &end, &not_s));
	g.flags = l.flags;
	if (strcmp(key, "not.any") == 0) {
		x->has_not_any = true;
		g.use = USE_NOT_ANY;
		g.line = section;
		return read_alts(&g, s, end);
	}
	l.flags |= not_s != NULL ? LINE_NOT : 0;
	HZ_TRY(more((void **)&r->lines, &r->cap_lines, r->n_lines + 1, sizeof *r->lines));
	g.line = (uint32_t)r->n_lines;
	r->lines[r->n_lines++] = l;
	x->n_lines++;
	HZ_TRY(read_alts(&g, s, end));
	if (not_s == NULL) {
		return HZ_OK;
	}
	g.use = USE_NOT;
	g.flags = l.flags & LINE_RAW;
	g.may = 0;
	return read_alts(&g, not_s, not_s + strlen(not_s));
}
