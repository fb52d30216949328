/* Words of the rules: stems with what may stand around them, and phrases of them. */
#include "base/enc.h"
#include "classify/inner.h"
#include "text/text.h"

#include <string.h>

#define TOKEN_MAX 512 /* folded characters of one token */
#define RAW_SAME  16  /* spellings of one folded stem */

static bool
is_arabic(uint32_t cp)
{
	return (cp >= 0x600 && cp <= 0x6FF) || (cp >= 0x750 && cp <= 0x77F) || (cp >= 0x8A0 && cp <= 0x8FF);
}

static bool
begins(const uint8_t *p, size_t n, const char *two)
{
	return n >= 2 && memcmp(p, two, 2) == 0;
}

/* What a run of letters is as a word: flags, and the letters that are its stem. */
static unsigned
shape(
    const struct hz_fold_char *c, size_t *io_first, size_t *io_n, const char *token, size_t n, unsigned line)
{
	uint32_t cp = c[0].v & HZ_FOLD_CP;
	unsigned raw = (line & LINE_RAW) != 0 ? WORD_RAW : 0;
	if ((line & LINE_PREFIX) != 0) {
		return WORD_PREFIX | (is_arabic(cp) ? WORD_ARABIC : 0);
	}
	if ((line & LINE_EXACT) != 0 || !is_arabic(cp)) {
		return WORD_EXACT | raw;
	}
	unsigned flags = WORD_ARABIC | raw | (*io_n < 3 ? WORD_SHORT : 0);
	const uint8_t *p = (const uint8_t *)token;
	const struct hz_fold_char *last = &c[*io_n - 1];
	if (raw == 0 && *io_n > 2 && begins(p + last->start, n - last->start, "\xD8\xA9")) {
		flags |= WORD_FEMININE;
		*io_n -= 1;
	}
	/* The article, unless the alef carries a hamza and belongs to the word. */
	bool alef = begins(p + c[0].start, n - c[0].start, "\xD8\xA7") ||
		    begins(p + c[0].start, n - c[0].start, "\xD9\xB1");
	if (raw == 0 && alef && *io_n >= 4 && cp == 0x627 && (c[1].v & HZ_FOLD_CP) == 0x644) {
		flags |= WORD_ARTICLE;
		*io_first = 2;
		*io_n -= 2;
	}
	return flags;
}

static enum hz_err
out_of(struct builder *b, uint32_t state, uint32_t **ret_out)
{
	HZ_TRY(more((void **)&b->first_out, &b->cap_first_out, b->trie.n, sizeof *b->first_out));
	while (b->n_first_out < b->trie.n) {
		b->first_out[b->n_first_out++] = NONE;
	}
	*ret_out = &b->first_out[state];
	return HZ_OK;
}

static enum hz_err
pattern_new(struct builder *b, uint32_t state, unsigned flags, size_t len, const char *raw, uint32_t *ret_p)
{
	struct hz_rules *r = b->r;
	uint32_t *out = NULL;
	HZ_TRY(out_of(b, state, &out));
	HZ_TRY(more((void **)&r->patterns, &r->cap_patterns, r->n_patterns + 1, sizeof *r->patterns));
	uint32_t spelling = NONE;
	if (raw != NULL) {
		HZ_TRY(more(
		    (void **)&r->spellings, &r->cap_spellings, r->n_spellings + 1, sizeof *r->spellings));
		const char *copy = arena_copy(&r->arena, raw, strlen(raw));
		if (copy == NULL) {
			return HZ_ERR_NOMEM;
		}
		spelling = (uint32_t)r->n_spellings;
		r->spellings[r->n_spellings++] = copy;
	}
	r->patterns[r->n_patterns] =
	    (struct word_pattern){ *out, (uint8_t)flags, (uint8_t)len, NONE, spelling };
	*out = (uint32_t)r->n_patterns;
	*ret_p = (uint32_t)r->n_patterns++;
	return HZ_OK;
}

static enum hz_err
pattern_of(struct builder *b, size_t at, uint32_t state, unsigned flags, size_t len, const char *raw,
    uint32_t *ret_p)
{
	uint64_t key = (uint64_t)state << 8 | flags;
	if (raw == NULL) {
		if (map_get(&b->pattern_of, key, ret_p)) {
			return HZ_OK;
		}
		HZ_TRY(pattern_new(b, state, flags, len, NULL, ret_p));
		return map_put(&b->pattern_of, key, *ret_p);
	}
	uint32_t *out = NULL;
	HZ_TRY(out_of(b, state, &out));
	size_t spellings = 0;
	for (uint32_t p = *out; p != NONE; p = b->r->patterns[p].next) {
		const struct word_pattern *w = &b->r->patterns[p];
		if (w->spelling != NONE && w->flags == flags &&
		    strcmp(b->r->spellings[w->spelling], raw) == 0) {
			*ret_p = p;
			return HZ_OK;
		}
		spellings += w->spelling != NONE;
	}
	if (spellings >= RAW_SAME) {
		*ret_p = *out;
		return fault(b->f, at, N_("this word has too many spellings in the file"),
		    N_("16 at most that differ only as `raw` tells them apart"));
	}
	return pattern_new(b, state, flags, len, raw, ret_p);
}

/* Letters or digits of a token that are one word. */
struct run {
	const char *token;
	size_t n; /* of the token */
	const struct hz_fold_char *c;
	size_t len;
	unsigned line; /* flags */
};

static enum hz_err
letters_add(struct builder *b, size_t at, const struct run *run, size_t first, size_t len,
    uint32_t *ret_state, bool *ret_good)
{
	uint32_t letters[HZ_RULES_LETTERS];
	const char *over = NULL;
	for (size_t i = 0; i < len; i++) {
		letters[i] = run->c[first + i].v & HZ_FOLD_CP;
	}
	HZ_TRY(trie_add(&b->trie, letters, len, ret_state, &over));
	if (over == NULL) {
		return HZ_OK;
	}
	*ret_good = false;
	return fault(b->f, at, over, N_("divide the file, or take terms away"));
}

static enum hz_err
run_add(struct builder *b, size_t at, const struct run *run, struct words *w, bool *ret_good)
{
	char raw[RAW_MAX];
	uint32_t state = 0;
	size_t first = 0;
	size_t len = run->len;
	if (len > HZ_RULES_LETTERS) {
		*ret_good = false;
		return fault(b->f, at, N_("this word is too long"), N_("48 letters at most"));
	}
	if (w->n >= HZ_RULES_WORDS) {
		*ret_good = false;
		return fault(b->f, at, N_("this alternative has too many words"), N_("8 words at most"));
	}
	unsigned flags = shape(run->c, &first, &len, run->token, run->n, run->line);
	bool verb = (run->line & LINE_VERB) != 0 && w->n == 0;
	if (verb && (flags & (WORD_ARABIC | WORD_ARTICLE)) == WORD_ARABIC) {
		flags |= WORD_VERB;
	}
	enum hz_err err = letters_add(b, at, run, first, len, &state, ret_good);
	if (err != HZ_OK || !*ret_good) {
		return err;
	}
	bool spelling = (flags & WORD_RAW) != 0;
	if (spelling) {
		const struct hz_fold_char *c = run->c;
		raw_form((const uint8_t *)run->token + c[0].start, c[run->len - 1].end - c[0].start, raw);
	}
	err = pattern_of(b, at, state, flags, len, spelling ? raw : NULL, &w->pattern[w->n]);
	w->n += err == HZ_OK;
	return err;
}

static uint32_t
kind_at(const struct hz_fold_char *c, size_t i)
{
	return c[i].v & (HZ_FOLD_LETTER | HZ_FOLD_DIGIT);
}

/* Where the last word of a token begins; returns where it ends. */
static size_t
last_word(const struct hz_fold_char *c, size_t n, size_t *ret_begin)
{
	while (n > 0 && kind_at(c, n - 1) == 0) {
		n--;
	}
	*ret_begin = n;
	while (*ret_begin > 0 && kind_at(c, *ret_begin - 1) == kind_at(c, n - 1)) {
		--*ret_begin;
	}
	return n;
}

enum hz_err
words_add(
    struct builder *b, size_t at, const char *token, size_t n, unsigned line, struct words *w, bool *ret_good)
{
	struct hz_fold_char c[TOKEN_MAX] = { { 0, 0, 0 } };
	size_t pos = 0;
	bool prefix = n > 1 && token[n - 1] == '*';
	*ret_good = true;
	n -= prefix;
	if (n > 1 && token[0] == '=') {
		token++;
		n--;
		line |= LINE_EXACT;
	}
	size_t made = n == 0 ? 0 : hz_text_fold_map(token, n, &pos, c, TOKEN_MAX);
	if (pos < n) {
		*ret_good = false;
		return fault(b->f, at, N_("this word is too long"), N_("48 letters at most"));
	}
	size_t last;
	size_t end = last_word(c, made, &last);
	for (size_t i = 0; i < end && *ret_good;) {
		struct run run = { token, n, c + i, 1, line | (prefix && i == last ? LINE_PREFIX : 0) };
		while (i + run.len < end && kind_at(c, i + run.len) == kind_at(c, i)) {
			run.len++;
		}
		if (kind_at(c, i) != 0) {
			enum hz_err err = run_add(b, at, &run, w, ret_good);
			if (err != HZ_OK) {
				return err;
			}
		}
		i += run.len;
	}
	if (*ret_good && end == 0) {
		*ret_good = false;
		return fault(b->f, at, N_("nothing is left of this word when it is folded"),
		    N_("terms are made of letters and digits"));
	}
	return HZ_OK;
}

static enum hz_err
node_new(struct phrases *p, uint32_t *ret_node)
{
	HZ_TRY(more((void **)&p->node, &p->cap, p->n + 1, sizeof *p->node));
	p->node[p->n] = (struct phrase_node){ .first = NONE, .last = NONE };
	*ret_node = (uint32_t)p->n++;
	return HZ_OK;
}

static enum hz_err
node_of(struct hz_rules *r, const struct words *w, uint32_t *ret_node)
{
	struct phrases *p = &r->phrases;
	struct word_pattern *first = &r->patterns[w->pattern[0]];
	if (first->root == NONE) {
		HZ_TRY(node_new(p, &first->root));
	}
	uint32_t at = first->root;
	for (size_t i = 1; i < w->n; i++) {
		uint64_t key = (uint64_t)at << 32 | w->pattern[i];
		uint32_t to;
		if (!map_get(&p->edges, key, &to)) {
			HZ_TRY(node_new(p, &to));
			HZ_TRY(map_put(&p->edges, key, to));
			p->node[at].has_children = true;
		}
		at = to;
	}
	*ret_node = at;
	return HZ_OK;
}

enum hz_err
phrase_add(struct builder *b, size_t at, const struct words *w, enum use use, uint32_t ref)
{
	struct phrases *p = &b->r->phrases;
	uint32_t n = 0;
	if (use != USE_MONTH && ++b->n_terms > HZ_RULES_TERMS) {
		return b->n_terms > HZ_RULES_TERMS + 1
			   ? HZ_OK
			   : fault(b->f, at, N_("there are too many terms"), N_("65,536 at most in a file"));
	}
	HZ_TRY(node_of(b->r, w, &n));
	if (p->node[n].n_uses >= HZ_RULES_SAME) {
		return fault(b->f, at, N_("this term stands in the file too often"), N_("64 times at most"));
	}
	HZ_TRY(more((void **)&p->use, &p->cap_uses, p->n_uses + 1, sizeof *p->use));
	p->use[p->n_uses] = (struct phrase_use){ use, ref, NONE };
	if (p->node[n].last == NONE) {
		p->node[n].first = (uint32_t)p->n_uses;
	} else {
		p->use[p->node[n].last].next = (uint32_t)p->n_uses;
	}
	p->node[n].last = (uint32_t)p->n_uses++;
	p->node[n].n_uses++;
	return HZ_OK;
}

/* Months as Syrians and others write them. May and the Syrian August are months only beside a number, as all
 * of them are: a date needs its year. */
static const char *const months[12][9] = {
	{ "كانون الثاني", "كانون ثاني", "يناير", "january", "=jan" },
	{ "شباط", "فبراير", "february", "=feb" },
	{ "آذار", "مارس", "march", "=mar" },
	{ "نيسان", "أبريل", "إبريل", "ابريل", "april", "=apr" },
	{ "أيار", "مايو", "may" },
	{ "حزيران", "يونيو", "june", "=jun" },
	{ "تموز", "يوليو", "july", "=jul" },
	{ "آب", "أغسطس", "august", "=aug" },
	{ "أيلول", "سبتمبر", "september", "=sep", "=sept" },
	{ "تشرين الأول", "تشرين أول", "أكتوبر", "اكتوبر", "october", "=oct" },
	{ "تشرين الثاني", "تشرين ثاني", "نوفمبر", "november", "=nov" },
	{ "كانون الأول", "كانون أول", "ديسمبر", "december", "=dec" },
};

static enum hz_err
month_add(struct builder *b, const char *s, uint32_t month)
{
	struct words w = { .n = 0 };
	while (*s != '\0') {
		size_t n = strcspn(s, " ");
		bool good = true;
		HZ_TRY(words_add(b, 0, s, n, 0, &w, &good));
		s += n + (s[n] == ' ');
	}
	return w.n == 0 ? HZ_OK : phrase_add(b, 0, &w, USE_MONTH, month);
}

enum hz_err
months_add(struct builder *b)
{
	for (uint32_t m = 0; m < 12; m++) {
		for (size_t k = 0; k < 9 && months[m][k] != NULL; k++) {
			HZ_TRY(month_add(b, months[m][k], m + 1));
		}
	}
	return HZ_OK;
}

/* Marks that are not letters of their own, and joiners. A hamza or madda that did not find its letter stays.
 */
static bool
is_silent(uint32_t cp)
{
	return (cp >= 0x064B && cp <= 0x0652) || (cp >= 0x0656 && cp <= 0x065F) || cp == 0x0670 ||
	       cp == 0x0640 || cp == 0x061C || cp == 0xAD || (cp >= 0x200B && cp <= 0x200F) ||
	       (cp >= 0x202A && cp <= 0x202E) || (cp >= 0x2060 && cp <= 0x206F) || cp == 0xFEFF ||
	       (cp >= 0x06D6 && cp <= 0x06ED);
}

void
raw_form(const uint8_t *p, size_t n, char out[static RAW_MAX])
{
	struct hz_buf b = HZ_BUF_INIT(RAW_MAX * 16);
	uint8_t kept[RAW_MAX * 4];
	size_t len = 0;
	out[0] = '\0';
	if (n > sizeof kept) {
		return;
	}
	for (size_t i = 0; i < n;) {
		uint32_t cp;
		size_t used = hz_utf8_next(p + i, n - i, &cp);
		if (cp <= 0x10FFFF && !is_silent(cp)) {
			memcpy(kept + len, p + i, used);
			len += used;
		}
		i += used;
	}
	if (hz_text_nfkc(kept, len, &b) == HZ_OK && b.len < RAW_MAX) {
		if (b.len > 0) {
			memcpy(out, b.p, b.len);
		}
		out[b.len] = '\0';
	}
	hz_buf_done(&b);
}

/* Persian and Kurdish keyboards write one yeh for both, and their own kaf. */
bool
raw_same(const char *rules, const char *text)
{
	const uint8_t *a = (const uint8_t *)rules;
	const uint8_t *b = (const uint8_t *)text;
	size_t an = strlen(rules);
	size_t bn = strlen(text);
	while (an > 0 && bn > 0) {
		uint32_t x;
		uint32_t y;
		size_t used = hz_utf8_next(a, an, &x);
		a += used;
		an -= used;
		used = hz_utf8_next(b, bn, &y);
		b += used;
		bn -= used;
		x = x == 0x06A9 || x == 0x06AA ? 0x0643 : x;
		y = y == 0x06A9 || y == 0x06AA ? 0x0643 : y;
		bool yeh = y == 0x06CC && (x == 0x064A || x == 0x0649);
		if (x != y && !yeh && !(x == 0x06CC && (y == 0x064A || y == 0x0649))) {
			return false;
		}
	}
	return an == 0 && bn == 0;
}
