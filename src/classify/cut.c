/* A text as sentences of words. A line break is a blank, so that the width of a page changes nothing; an
 * empty line ends a sentence. */
#include "classify/engine.h"

#include <string.h>

#define KIND (HZ_FOLD_LETTER | HZ_FOLD_DIGIT)

#define ARABIC_COMMA 0x060CU

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
	case ARABIC_COMMA:
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

/* Short words of one page of 256 characters as a number: low bytes of the letters, the first in the lowest
 * bits, above them page and length. */
#define SHORT_LETTERS       ((size_t)6)
#define PAGE(page, n)       (UINT64_C(page) << 56 | (uint64_t)(n) << 48)
#define LETTER(c, i)        ((uint64_t)((c)&0xFF) << 8 * (i))
#define ARABIC2(a, b)       (PAGE(6, 2) | LETTER(a, 0) | LETTER(b, 1))
#define ARABIC3(a, b, c)    (PAGE(6, 3) | LETTER(a, 0) | LETTER(b, 1) | LETTER(c, 2))
#define ARABIC4(a, b, c, d) (PAGE(6, 4) | LETTER(a, 0) | LETTER(b, 1) | LETTER(c, 2) | LETTER(d, 3))

static uint64_t
short_word(const struct hz_fold_char *c, size_t len)
{
	uint32_t page = c[0].v & HZ_FOLD_CP & ~0xFFU;
	uint64_t letters = 0;
	for (size_t i = 0; i < len; i++) {
		if ((c[i].v & HZ_FOLD_CP & ~0xFFU) != page) {
			return 0;
		}
		letters |= LETTER(c[i].v, i);
	}
	return page > 0xF00 ? 0 : (uint64_t)(page >> 8) << 56 | (uint64_t)len << 48 | letters;
}

static unsigned
latin_sort(const struct hz_fold_char *c, size_t len)
{
	static const struct {
		char word[SHORT_LETTERS + 1];
		uint16_t sort;
	} words[] = { { "of", SORT_OF }, { "th", SORT_ORDINAL }, { "st", SORT_ORDINAL | SORT_ABBREVIATION },
		{ "nd", SORT_ORDINAL }, { "rd", SORT_ORDINAL }, { "and", SORT_AND }, { "or", SORT_AND },
		{ "then", SORT_THEN }, { "who", SORT_RELATIVE }, { "that", SORT_RELATIVE },
		{ "which", SORT_RELATIVE }, { "the", SORT_THE }, { "it", SORT_POINTS },
		{ "this", SORT_POINTS }, { "them", SORT_POINTS }, { "but", SORT_BUT },
		{ "in", SORT_YEAR_CUE }, { "since", SORT_YEAR_CUE }, { "year", SORT_YEAR_CUE },
		{ "during", SORT_YEAR_CUE }, { "until", SORT_YEAR_CUE }, { "from", SORT_YEAR_CUE },
		{ "early", SORT_YEAR_CUE }, { "late", SORT_YEAR_CUE }, { "mid", SORT_YEAR_CUE },
		{ "jan", SORT_ABBREVIATION }, { "feb", SORT_ABBREVIATION }, { "mar", SORT_ABBREVIATION },
		{ "apr", SORT_ABBREVIATION }, { "jun", SORT_ABBREVIATION }, { "jul", SORT_ABBREVIATION },
		{ "aug", SORT_ABBREVIATION }, { "sep", SORT_ABBREVIATION }, { "sept", SORT_ABBREVIATION },
		{ "oct", SORT_ABBREVIATION }, { "nov", SORT_ABBREVIATION }, { "dec", SORT_ABBREVIATION },
		{ "mr", SORT_ABBREVIATION }, { "mrs", SORT_ABBREVIATION }, { "ms", SORT_ABBREVIATION },
		{ "dr", SORT_ABBREVIATION }, { "gen", SORT_ABBREVIATION }, { "col", SORT_ABBREVIATION },
		{ "lt", SORT_ABBREVIATION }, { "maj", SORT_ABBREVIATION }, { "sgt", SORT_ABBREVIATION },
		{ "no", SORT_ABBREVIATION }, { "vs", SORT_ABBREVIATION } };
	char word[SHORT_LETTERS + 1] = "";
	for (size_t i = 0; i < len; i++) {
		word[i] = (char)c[i].v;
	}
	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
		if (memcmp(word, words[i].word, sizeof word) == 0) {
			return words[i].sort;
		}
	}
	return 0;
}

/* What a word of letters is, as SORT says. */
static unsigned
sort_of(const struct hz_fold_char *c, size_t len)
{
	uint64_t word = len > SHORT_LETTERS ? 0 : short_word(c, len);
	unsigned sort = 0;
	if (word == 0) {
		return 0;
	}
	if (word >> 56 == 0) {
		sort = len == 1 ? 0 : latin_sort(c, len);
	} else if (word == ARABIC2(0x645, 0x646)) { /* min */
		sort = SORT_OF;
	} else if (word == ARABIC3(0x639, 0x627, 0x645) || word == ARABIC3(0x633, 0x646, 0x647)) {
		sort = SORT_YEAR | SORT_YEAR_CUE; /* 'am, sana */
	} else if (word == (PAGE(6, 5) | LETTER(0x627, 0) | LETTER(0x644, 1) | LETTER(0x639, 2) |
			       LETTER(0x627, 3) | LETTER(0x645, 4))) {
		sort = SORT_YEAR_CUE; /* the first with its article */
	} else if (word == (PAGE(6, 1) | LETTER(0x648, 0)) || word == ARABIC2(0x627, 0x648)) {
		sort = SORT_AND; /* wa, aw */
	} else if (word == ARABIC2(0x62B, 0x645)) {
		sort = SORT_THEN;
	} else if (word == ARABIC2(0x628, 0x644)) {
		sort = SORT_BUT;
	} else if (word == ARABIC3(0x630, 0x644, 0x643) || word == ARABIC3(0x647, 0x630, 0x627)) {
		sort = SORT_POINTS;
	} else if (word == ARABIC4(0x627, 0x644, 0x630, 0x64A) ||
		   word == ARABIC4(0x627, 0x644, 0x62A, 0x64A) ||
		   word == (PAGE(6, 5) | LETTER(0x627, 0) | LETTER(0x644, 1) | LETTER(0x630, 2) |
			       LETTER(0x64A, 3) | LETTER(0x646, 4))) {
		sort = SORT_RELATIVE;
	}
	return sort | (len == 1 ? SORT_ABBREVIATION : 0);
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

/* A word of folded characters is at its end. */
static void
word_end(struct engine *e)
{
	struct cutter *c = &e->cut;
	struct word *w = &e->words[e->n_words];
	const struct hz_fold_char *x = &c->c[c->word];
	uint32_t first = x->v & HZ_FOLD_CP;
	bool digits = c->kind == HZ_FOLD_DIGIT;
	*w = (struct word){ .start = x->start,
		.end = c->last_end,
		.first_hit = (uint32_t)e->n_hits,
		.clause = c->clause,
		.sort = digits ? 0 : (uint16_t)sort_of(x, c->len),
		.arabic = first >= 0x600 && first <= 0x6FF };
	if (digits) {
		bool sep = c->n_seps == 1 && (c->sep == '-' || c->sep == '/' || c->sep == '.');
		w->sep = sep ? (uint8_t)c->sep : ' ';
		number_of(w, x, c->len);
		w->sort = c->len == 4 && (c->before & SORT_YEAR_CUE) != 0 ? SORT_YEAR : 0;
		e->has_year = e->has_year || w->n_digits == 4;
	}
	if (e->r != NULL && digits) {
		spot_word(e, w, x, c->len);
	} else if (e->r != NULL) {
		known_look_up(e, w, x, c->len);
	}
	/* Where a character becomes several, a word can end within it. */
	size_t next = c->at < c->have ? c->c[c->at].start : c->pos;
	if (w->start == c->token_at && !digits && next >= w->end) {
		known_add(e, w, w->end - c->token_at, next - c->token_at);
	}
	c->token_at = SIZE_MAX;
	cut_after(c, digits ? 0 : w->sort, digits);
	e->n_words++;
	c->len = 0;
}

/* A sign between words. True where it ends the sentence. */
static bool
take_sign(struct cutter *c, uint32_t cp)
{
	enum sign sign = sign_of(cp);
	if (c->dot) {
		c->dot = false;
		if (sign == SIGN_DOT || (c->before & SORT_ABBREVIATION) == 0) {
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
	return !(c->dot_number && kind == HZ_FOLD_DIGIT) && (c->before & SORT_ABBREVIATION) == 0;
}

static bool
sentence_done(struct engine *e, uint32_t end)
{
	struct cutter *c = &e->cut;
	cut_after(c, 0, false);
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

/* Before the first letter or digit of a word, at byte `start`. True where a sentence ends there. */
static bool
ends_before(struct engine *e, uint32_t kind, uint32_t start)
{
	struct cutter *c = &e->cut;
	bool full = e->n_words == HZ_CLASSIFY_WORDS;
	return (full || (c->dot && dot_ends(c, kind))) && sentence_done(e, start);
}

/* The next folded character and all that are of its word. True where a sentence ends. */
static bool
take_folded(struct engine *e)
{
	struct cutter *c = &e->cut;
	const struct hz_fold_char *x = &c->c[c->at];
	uint32_t kind = x->v & KIND;
	if (c->len > 0 && kind != c->kind) {
		word_end(e);
	}
	if (kind == 0) {
		bool again = c->dot;
		if (!take_sign(c, x->v & HZ_FOLD_CP)) {
			c->at++;
			return false;
		}
		again = again && !c->dot && sign_of(x->v & HZ_FOLD_CP) != SIGN_DOT;
		c->at += !again;
		return sentence_done(e, again ? x->start : x->end);
	}
	if (c->len == 0 && ends_before(e, kind, x->start)) {
		return true;
	}
	take_word(c, kind);
	return false;
}

/* A sign of ASCII, which folding leaves as it is. True where a sentence ends. */
static bool
take_byte(struct engine *e)
{
	struct cutter *c = &e->cut;
	uint8_t cp = c->text[c->pos];
	if (cp == ' ' && !c->dot) { /* by far the most */
		c->n_seps++;
		c->sep = ' ';
		c->pos++;
		return false;
	}
	bool again = c->dot;
	if (!take_sign(c, cp)) {
		c->pos++;
		return false;
	}
	if (again && !c->dot && sign_of(cp) != SIGN_DOT) {
		return sentence_done(e, (uint32_t)c->pos);
	}
	struct hz_fold_char with_marks[HZ_FOLD_MORE];
	if (c->pos + 1 < c->n && c->text[c->pos + 1] - 1U < 0x7F) { /* no marks */
		c->pos++;
		return sentence_done(e, (uint32_t)c->pos);
	}
	(void)hz_text_fold_map(c->text, c->n, &c->pos, with_marks, HZ_FOLD_MORE);
	return sentence_done(e, with_marks[0].end);
}

/* No sign of ASCII. A zero byte is nothing, as the marks of Arabic are. */
static bool
is_of_token(uint8_t b)
{
	static const uint64_t set[2] = { 1 | UINT64_C(0x3FF) << '0',
		UINT64_C(0x3FFFFFF) << ('A' - 64) | UINT64_C(0x3FFFFFF) << ('a' - 64) };
	return b >= 0x80 || (set[b / 64] >> b % 64 & 1) != 0;
}

/* Between two bytes of a token there may be a letter and its mark, or the half of a letter: where it is long,
 * all of the text is folded until there is no room. */
static size_t
token_end(const struct cutter *c)
{
	size_t most = c->n - c->pos < CHUNK ? c->n : c->pos + CHUNK;
	size_t end = c->pos;
	while (end < most && is_of_token(c->text[end])) {
		end++;
	}
	return end < most ? end : c->n;
}

/* Folds on to there, as far as there is room, behind the letters of the word that is being read. */
static void
fold_token(struct cutter *c, size_t end)
{
	size_t kept = c->len < LETTERS ? c->len : LETTERS;
	memmove(c->c, c->c + c->word, kept * sizeof c->c[0]);
	c->word = 0;
	c->at = kept;
	c->have = kept + hz_text_fold_map(c->text, end, &c->pos, c->c + kept, CHUNK);
}

/* The comma of Arabic, which ends nothing; the marks behind it are nothing either. */
static bool
is_comma(const struct cutter *c)
{
	return c->n - c->pos >= 2 && c->text[c->pos] == 0xD8 && c->text[c->pos + 1] == 0x8C;
}

/* Words that are known, then a token that is not. */
static void
take_tokens(struct engine *e)
{
	struct cutter *c = &e->cut;
	c->token_at = SIZE_MAX;
	if (c->len == 0 && !c->dot && is_comma(c)) {
		(void)take_sign(c, ARABIC_COMMA);
		c->pos += 2;
		return;
	}
	if (c->len == 0 && !c->dot && e->n_words < HZ_CLASSIFY_WORDS) {
		known_words(e);
		if (e->unknown != NULL) {
			c->token_at = c->pos;
			fold_token(c, c->pos + e->unknown->len);
			return;
		}
		if (c->pos == c->n || !is_of_token(c->text[c->pos])) {
			return;
		}
	}
	fold_token(c, token_end(c));
}

bool
cut_sentence(struct engine *e)
{
	struct cutter *c = &e->cut;
	e->n_words = 0;
	e->n_hits = 0;
	e->has_year = false;
	c->sentence_start = c->sentence_end;
	for (;;) {
		bool ends = false;
		if (c->at < c->have) {
			ends = take_folded(e);
		} else if (c->pos < c->n && is_of_token(c->text[c->pos])) {
			take_tokens(e);
		} else {
			if (c->len > 0) {
				word_end(e);
			}
			if (c->pos == c->n) {
				return sentence_done(e, (uint32_t)c->n);
			}
			ends = take_byte(e);
		}
		if (ends) {
			return true;
		}
	}
}
