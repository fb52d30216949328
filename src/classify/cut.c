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

/* Letters of page 0 as a key, for comparing: s has at most 8. */
static bool
is_word(const uint64_t key[2], const char *s)
{
	uint64_t letters = 0;
	size_t n = strlen(s);
	for (size_t i = 0; i < n; i++) {
		letters |= (uint64_t)(uint8_t)s[i] << (8 * i);
	}
	return key_is(key, letters, KEY_LATIN(n));
}

/* Words that a full stop does not end a sentence behind. */
static bool
is_abbreviation(const struct cutter *c)
{
	static const char *const words[] = { "jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep", "sept",
		"oct", "nov", "dec", "mr", "mrs", "ms", "dr", "st", "gen", "col", "lt", "maj", "sgt", "no",
		"vs" };
	size_t len = c->before[1] & 15;
	if (c->before_digits || len == 0 || len > 4) {
		return false;
	}
	if (len == 1) {
		return true;
	}
	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
		if (is_word(c->before, words[i])) {
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
	if (c->before_digits) {
		return false;
	}
	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
		if (is_word(c->before, words[i])) {
			return true;
		}
	}
	/* 'am and sana, the first with the article too */
	return key_is(c->before, KEY3(0x639, 0x627, 0x645), KEY_ARABIC(3)) ||
	       key_is(c->before, KEY3(0x633, 0x646, 0x647), KEY_ARABIC(3)) ||
	       key_is(c->before, KEY4(0x627, 0x644, 0x639, 0x627) | KEY1(0x645) << 32, KEY_ARABIC(5));
}

static void
key_of(const struct hz_fold_char *c, size_t len, uint64_t key[static 2])
{
	uint32_t first = c[0].v;
	uint32_t page = first & HZ_FOLD_CP & ~0xFFU;
	uint32_t other = 0;
	uint64_t low = 0;
	uint64_t high = 0;
	key[0] = key[1] = 0;
	if (len > KEY_LETTERS || page > 0xF00) {
		return;
	}
	size_t some = len < 8 ? len : 8;
	for (size_t i = some; i-- > 0;) {
		other |= c[i].v ^ first;
		low = low << 8 | (uint8_t)c[i].v;
	}
	for (size_t i = len; i-- > some;) {
		other |= c[i].v ^ first;
		high = high << 8 | (uint8_t)c[i].v;
	}
	if (other < 0x100) {
		key[0] = low;
		key[1] = high << 8 | page >> 4 | len;
	}
}

static void
number_of(struct word *w, const struct hz_fold_char *c, size_t len)
{
	w->n_digits = len > 9 ? 255 : (uint8_t)len;
	w->number = 0;
	for (size_t i = 0; i < len && i < 9; i++) {
		uint32_t cp = c[i].v & HZ_FOLD_CP;
		if (cp < '0' || cp > '9') {
			w->n_digits = 255;
			return;
		}
		w->number = w->number * 10 + cp - '0';
	}
}

static void
word_end(struct engine *e)
{
	struct cutter *c = &e->cut;
	struct word *w = &e->words[e->n_words];
	const struct hz_fold_char *x = &c->c[c->word];
	uint32_t first = x->v & HZ_FOLD_CP;
	w->start = x->start;
	w->end = c->last_end;
	w->first_hit = (uint32_t)e->n_hits;
	w->number = 0;
	w->n_hits = w->n_digits = 0;
	w->clause = c->clause;
	w->conj = w->is_year_cue = false;
	w->arabic = first >= 0x600 && first <= 0x6FF;
	key_of(x, c->len, w->key);
	if (c->kind == HZ_FOLD_DIGIT) {
		bool sep = c->n_seps == 1 && (c->sep == '-' || c->sep == '/' || c->sep == '.');
		w->sep = sep ? (uint8_t)c->sep : ' ';
		number_of(w, x, c->len);
		w->is_year_cue = c->len == 4 && is_year_cue(c);
	}
	if (e->r != NULL) {
		spot_word(e, w, x, c->len);
	}
	c->before[0] = w->key[0];
	c->before[1] = w->key[1];
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

/* More characters behind the letters of the word that is being read. */
static bool
refill(struct cutter *c)
{
	while (c->at == c->have && c->pos < c->n) {
		size_t kept = c->len < LETTERS ? c->len : LETTERS;
		memmove(c->c, c->c + c->word, kept * sizeof c->c[0]);
		c->word = 0;
		c->at = kept;
		c->have = kept + hz_text_fold_map(c->text, c->n, &c->pos, c->c + kept, CHUNK);
	}
	return c->at < c->have;
}

static bool
sentence_done(struct engine *e, uint32_t end)
{
	struct cutter *c = &e->cut;
	c->n_seps = 0;
	c->clause = c->newline = c->dot = false;
	c->before[0] = c->before[1] = 0;
	c->before_digits = false;
	if (e->n_words == 0) {
		c->sentence_start = end;
		return false;
	}
	c->sentence_end = end;
	return true;
}

/* Letters or digits as far as they go in what is folded. */
static void
take_word(struct cutter *c, uint32_t kind)
{
	size_t at = c->at;
	if (c->len == 0) {
		c->word = at;
	}
	while (at < c->have && (c->c[at].v & KIND) == kind) {
		at++;
	}
	c->len += at - c->at;
	c->last_end = c->c[at - 1].end;
	c->kind = kind;
	c->at = at;
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
			if ((x->v & HZ_FOLD_CP) == ' ' && !c->dot) {
				c->n_seps++;
				c->sep = ' ';
				c->at++;
				continue;
			}
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
