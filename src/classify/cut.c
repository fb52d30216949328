/* A text as sentences of words. A line break is a blank, so that the width of a page changes nothing; an
 * empty line ends a sentence. */
#include "classify/engine.h"

#include <string.h>

#define KIND (HZ_FOLD_LETTER | HZ_FOLD_DIGIT)

enum sign { SIGN_NONE, SIGN_BLANK, SIGN_NEWLINE, SIGN_END, SIGN_CLAUSE, SIGN_DOT };

static enum sign
sign_of(uint32_t cp)
{
	switch (cp) {
	case ' ':
	case '\t':
	case '\r':
		return SIGN_BLANK;
	case '\n':
	case 0x0B:
	case 0x0C:
	case 0x85:
	case 0x2028:
		return SIGN_NEWLINE;
	case '.':
		return SIGN_DOT;
	case '!':
	case '?':
	case 0x061B: /* Arabic semicolon */
	case 0x061F: /* Arabic question mark */
	case 0x06D4: /* Urdu full stop */
	case 0x3002:
	case 0x2029:
	case 0x2022: /* bullets */
	case 0x2023:
	case 0x25A0:
	case 0x25AA:
	case 0x25CF:
	case 0x25E6:
		return SIGN_END;
	case ',':
	case ':':
	case ';':
	case 0x060C: /* Arabic comma */
		return SIGN_CLAUSE;
	default:
		return SIGN_NONE;
	}
}

void
cut_begin(struct cutter *c, const void *text, size_t n)
{
	memset(c, 0, sizeof *c);
	c->text = text;
	c->n = n;
}

static bool
word_is(const uint32_t *cp, size_t n, const char *s)
{
	for (size_t i = 0; i < n; i++) {
		if (s[i] == '\0' || cp[i] != (uint8_t)s[i]) {
			return false;
		}
	}
	return s[n] == '\0';
}

/* Words that a full stop does not end a sentence behind. */
static bool
is_abbreviation(const struct cutter *c)
{
	static const char *const words[] = { "jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep", "sept",
		"oct", "nov", "dec", "mr", "mrs", "ms", "dr", "st", "gen", "col", "lt", "maj", "sgt", "no",
		"vs" };
	if (c->before_digits || c->n_before == 0) {
		return false;
	}
	if (c->n_before == 1) {
		return true;
	}
	for (size_t i = 0; c->n_before <= 4 && i < sizeof words / sizeof words[0]; i++) {
		if (word_is(c->before, c->n_before, words[i])) {
			return true;
		}
	}
	return false;
}

static bool
is_year_cue(const struct cutter *c)
{
	static const char *const words[] = { "in", "since", "year", "during", "until", "from", "early",
		"late", "mid" };
	static const uint32_t am[] = { 0x0639, 0x0627, 0x0645 };   /* year */
	static const uint32_t sana[] = { 0x0633, 0x0646, 0x0647 }; /* year */
	static const uint32_t aam[] = { 0x0627, 0x0644, 0x0639, 0x0627, 0x0645 };
	if (c->before_digits) {
		return false;
	}
	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
		if (word_is(c->before, c->n_before, words[i])) {
			return true;
		}
	}
	return (c->n_before == 3 &&
		   (memcmp(c->before, am, sizeof am) == 0 || memcmp(c->before, sana, sizeof sana) == 0)) ||
	       (c->n_before == 5 && memcmp(c->before, aam, sizeof aam) == 0);
}

static bool
is_and(uint64_t tiny)
{
	return tiny == TINY3('a', 'n', 'd') || tiny == TINY2('o', 'r') || tiny == TINY1(0x0648) ||
	       tiny == TINY2(0x0627, 0x0648);
}

static uint64_t
tiny_of(const uint32_t *cp, size_t len)
{
	uint64_t tiny = 0;
	for (size_t i = 0; i < len; i++) {
		if (len > 4 || cp[i] > 0xFFFF) {
			return 0;
		}
		tiny = tiny << 16 | cp[i];
	}
	return tiny;
}

static void
number_of(struct word *w, const uint32_t *cp, size_t len)
{
	w->n_digits = len > 9 ? 255 : (uint8_t)len;
	w->number = 0;
	for (size_t i = 0; i < len && i < 9; i++) {
		if (cp[i] < '0' || cp[i] > '9') {
			w->n_digits = 255;
			return;
		}
		w->number = w->number * 10 + cp[i] - '0';
	}
}

static void
word_end(struct engine *e)
{
	struct cutter *c = &e->cut;
	struct word *w = &e->words[e->n_words];
	*w = (struct word){ .start = c->from[0],
		.end = c->last_end,
		.first_hit = (uint32_t)e->n_hits,
		.clause = c->clause,
		.sep = c->n_seps == 1 && (c->sep == '-' || c->sep == '/' || c->sep == '.') ? (uint8_t)c->sep
											   : ' ' };
	if (c->kind == HZ_FOLD_DIGIT) {
		number_of(w, c->cp, c->len);
		w->is_year_cue = c->len == 4 && is_year_cue(c);
	} else {
		w->arabic = c->cp[0] >= 0x600 && c->cp[0] <= 0x6FF;
		w->tiny = tiny_of(c->cp, c->len);
		w->is_and = is_and(w->tiny);
	}
	if (e->r != NULL) {
		spot_word(e, w, c->cp, c->from, c->to, c->len);
	}
	c->n_before = c->len <= 8 ? c->len : 0;
	memcpy(c->before, c->cp, c->n_before * sizeof c->before[0]);
	c->before_digits = c->kind == HZ_FOLD_DIGIT;
	e->n_words++;
	c->len = 0;
	c->n_seps = 0;
	c->clause = c->newline = c->dot = false;
}

/* A sign between words. True where it ends the sentence. */
static bool
take_sign(struct cutter *c, uint32_t cp)
{
	enum sign sign = sign_of(cp);
	if (c->dot) {
		c->dot = false;
		if (sign == SIGN_DOT || !is_abbreviation(c)) {
			return true; /* this sign comes again */
		}
	}
	c->n_seps++;
	c->newline = c->newline && (sign == SIGN_NEWLINE || sign == SIGN_BLANK);
	c->sep = cp >= 0x2010 && cp <= 0x2015 ? '-' : cp;
	switch (sign) {
	case SIGN_NEWLINE:
		if (c->newline) {
			return true;
		}
		c->newline = true;
		break;
	case SIGN_END:
		return true;
	case SIGN_CLAUSE:
		c->clause = true;
		break;
	case SIGN_DOT:
		c->dot = true;
		c->dot_number = c->before_digits && c->n_seps == 1;
		break;
	case SIGN_NONE:
	case SIGN_BLANK:
	default:
		break;
	}
	return false;
}

/* A letter or digit behind a full stop without a blank. */
static bool
dot_ends(struct cutter *c, uint32_t kind)
{
	c->dot = false;
	return !(c->dot_number && kind == HZ_FOLD_DIGIT) && !is_abbreviation(c);
}

static bool
refill(struct cutter *c)
{
	while (c->at == c->have && c->pos < c->n) {
		c->have = hz_text_fold_map(c->text, c->n, &c->pos, c->c, CHUNK);
		c->at = 0;
	}
	return c->at < c->have;
}

static bool
sentence_done(struct engine *e, uint32_t end)
{
	struct cutter *c = &e->cut;
	c->n_seps = 0;
	c->clause = c->newline = c->dot = false;
	c->n_before = 0;
	c->before_digits = false;
	if (e->n_words == 0) {
		c->sentence_start = end;
		return false;
	}
	c->sentence_end = end;
	return true;
}

/* Letters and digits as far as they go in what is folded. */
static void
take_word(struct cutter *c, uint32_t kind)
{
	const struct hz_fold_char *x = c->c + c->at;
	const struct hz_fold_char *end = c->c + c->have;
	size_t len = c->len;
	for (; x < end && (x->v & KIND) == kind; x++) {
		if (len < LETTERS) {
			c->cp[len] = x->v & HZ_FOLD_CP;
			c->from[len] = x->start;
			c->to[len] = x->end;
		}
		len++;
	}
	c->last_end = x[-1].end;
	c->len = len;
	c->kind = kind;
	c->at = (size_t)(x - c->c);
}

bool
cut_sentence(struct engine *e)
{
	struct cutter *c = &e->cut;
	e->n_words = 0;
	e->n_hits = 0;
	c->sentence_start = c->sentence_end;
	while (refill(c)) {
		const struct hz_fold_char *x = &c->c[c->at];
		uint32_t kind = x->v & KIND;
		if (c->len > 0 && kind != c->kind) {
			word_end(e);
		}
		if (kind == 0) {
			bool again = c->dot;
			if (take_sign(c, x->v & HZ_FOLD_CP)) {
				again = again && !c->dot && sign_of(x->v & HZ_FOLD_CP) != SIGN_DOT;
				c->at += !again;
				if (sentence_done(e, again ? x->start : x->end)) {
					return true;
				}
				continue;
			}
			c->at++;
			continue;
		}
		if (c->len == 0) {
			bool full = e->n_words == HZ_CLASSIFY_WORDS;
			if ((full || (c->dot && dot_ends(c, kind))) && sentence_done(e, x->start)) {
				return true;
			}
		}
		take_word(c, kind);
	}
	if (c->len > 0) {
		word_end(e);
	}
	return sentence_done(e, (uint32_t)c->n);
}
