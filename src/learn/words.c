/* The words of a text that may be features, and their neighbours. */
#include "learn/inner.h"

#include "base/enc.h"
#include "crypto/crypto.h"
#include "text/text.h"
#include <stdlib.h>
#include <string.h>

#define CHUNK      512
#define WORD_BYTES ((size_t)HZ_LEARN_LETTERS * 4)
#define NAMES_MAX  65536U

uint64_t
hz_fnv(uint64_t h, const void *p, size_t n)
{
	const uint8_t *b = p;
	for (size_t i = 0; i < n; i++) {
		h = (h ^ b[i]) * UINT64_C(0x100000001b3);
	}
	return h;
}

bool
hz_learn_type_ok(const char *s, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if ((s[i] < 'a' || s[i] > 'z') && (s[i] < '0' || s[i] > '9') && s[i] != '_' && s[i] != '.') {
			return false;
		}
	}
	return n > 0 && n < 64;
}

/* --- names -----------------------------------------------------------------------------------------------
 */

struct name {
	uint32_t at;
	uint16_t len;
	uint16_t how; /* bits of enum hz_learn_name_how; 0: a free place */
};
struct hz_learn_names {
	struct hz_buf words;
	struct name *v; /* open addressing over FNV */
	size_t n, cap;  /* cap is a power of two */
	unsigned any;   /* bits that occur */
};

HZ_RESULT
hz_learn_names_new(struct hz_learn_names **ret)
{
	struct hz_learn_names *x = calloc(1, sizeof(*x));
	if (!x) {
		return hz_fail(HZ_MSG_NOMEM, "names");
	}
	x->words = (struct hz_buf)HZ_BUF_INIT((size_t)NAMES_MAX * WORD_BYTES);
	x->cap = 256;
	x->v = calloc(x->cap, sizeof(*x->v));
	if (!x->v) {
		free(x);
		return hz_fail(HZ_MSG_NOMEM, "names");
	}
	*ret = x;
	return HZ_OK;
}

void
hz_learn_names_free(struct hz_learn_names **x)
{
	if (*x) {
		hz_buf_done(&(*x)->words);
		free((*x)->v);
		free(*x);
		*x = NULL;
	}
}

static struct name *
place(const struct hz_learn_names *x, uint64_t h, const uint8_t *p, size_t n)
{
	size_t i = (size_t)(h & (x->cap - 1));
	while (x->v[i].how != 0 && (x->v[i].len != n || memcmp(x->words.p + x->v[i].at, p, n) != 0)) {
		i = (i + 1) & (x->cap - 1);
	}
	return &x->v[i];
}

static enum hz_err
more_places(struct hz_learn_names *x)
{
	struct hz_learn_names wide = *x;
	wide.cap = x->cap * 2;
	wide.v = calloc(wide.cap, sizeof(*wide.v));
	if (!wide.v) {
		return hz_fail(HZ_MSG_NOMEM, "names");
	}
	for (size_t i = 0; i < x->cap; i++) {
		const uint8_t *p = x->words.p + x->v[i].at;
		if (x->v[i].how != 0) {
			*place(&wide, hz_fnv(HZ_FNV_START, p, x->v[i].len), p, x->v[i].len) = x->v[i];
		}
	}
	free(x->v);
	x->v = wide.v;
	x->cap = wide.cap;
	return HZ_OK;
}

/* One word of letters alone. */
static bool
fold_word(const void *p, size_t n, uint8_t ret[static WORD_BYTES], size_t *ret_n)
{
	struct hz_fold_char c[HZ_LEARN_LETTERS + 1 + HZ_FOLD_MORE];
	size_t pos = 0, len = 0, many = 0;
	if (n > 64 * (size_t)HZ_LEARN_LETTERS) {
		return false;
	}
	while (pos < n) {
		size_t made = hz_text_fold_map(p, n, &pos, c, sizeof(c) / sizeof(c[0]));
		for (size_t i = 0; i < made; i++) {
			if ((c[i].v & HZ_FOLD_LETTER) == 0 || ++many > HZ_LEARN_LETTERS) {
				return false;
			}
			len += hz_utf8_put(c[i].v & HZ_FOLD_CP, ret + len);
		}
	}
	*ret_n = len;
	return many >= 2;
}

HZ_RESULT
hz_learn_names_add(struct hz_learn_names *x, const void *p, size_t n, enum hz_learn_name_how how)
{
	uint8_t w[WORD_BYTES];
	size_t len = 0;
	if (!fold_word(p, n, w, &len)) {
		return HZ_OK;
	}
	uint64_t h = hz_fnv(HZ_FNV_START, w, len);
	struct name *to = place(x, h, w, len);
	if (to->how == 0) {
		if (x->n == NAMES_MAX) {
			return hz_fail(HZ_MSG_LIMIT, "more than %u names", NAMES_MAX);
		}
		if (x->n * 2 >= x->cap) {
			HZ_TRY(more_places(x));
			to = place(x, h, w, len);
		}
		uint32_t at = (uint32_t)x->words.len;
		HZ_TRY(hz_buf_put(&x->words, w, len));
		to->at = at;
		to->len = (uint16_t)len;
		x->n++;
	}
	to->how = (uint16_t)(to->how | (unsigned)how);
	x->any |= (unsigned)how;
	return HZ_OK;
}

/* Letters of particles and of the article that are written joined in front: waw feh beh kaf lam seen alef. */
static bool
is_particle(const uint8_t *p)
{
	static const uint8_t low[] = { 0x88, 0x81, 0xA8, 0x83, 0x84, 0xB3, 0xA7 };
	static const uint8_t high[] = { 0xD9, 0xD9, 0xD8, 0xD9, 0xD9, 0xD8, 0xD8 };
	for (size_t i = 0; i < sizeof(low); i++) {
		if (p[0] == high[i] && p[1] == low[i]) {
			return true;
		}
	}
	return false;
}

/* The names that begin at byte at: every length, each one step of the hash. */
static bool
name_at(const struct hz_learn_names *x, const uint8_t *w, size_t n, size_t at, unsigned how)
{
	uint64_t h = HZ_FNV_START;
	size_t i = at;
	while (i < n) {
		do {
			h = hz_fnv(h, w + i, 1);
			i++;
		} while (i < n && (w[i] & 0xC0) == 0x80);
		unsigned is = place(x, h, w + at, i - at)->how;
		is &= i < n ? how & ~(unsigned)HZ_NAME_WORD : how;
		if (is != 0) {
			return true;
		}
	}
	return false;
}

bool
hz_learn_names_has(const struct hz_learn_names *x, const uint8_t *w, size_t n)
{
	bool front = true; /* nothing but particles before */
	size_t at = 0;
	while (x->any != 0 && at < n) {
		unsigned how = HZ_NAME_INSIDE | (front ? HZ_NAME_BEGINS | HZ_NAME_WORD : 0U);
		if ((how & x->any) == 0) {
			break;
		}
		if (name_at(x, w, n, at, how)) {
			return true;
		}
		front = front && at + 1 < n && at < 8 && is_particle(w + at);
		do {
			at++;
		} while (at < n && (w[at] & 0xC0) == 0x80);
	}
	return false;
}

/* --- words of a text -------------------------------------------------------------------------------------
 */

struct word {
	uint32_t at;
	uint16_t len;
	bool first; /* of its sentence: it makes no pair with the one before */
};
struct cut {
	const struct hz_learn_text *text;
	const struct hz_learn_names *names;
	struct hz_grams *g;
	struct word word[HZ_LEARN_WORDS];
	size_t nword;
	uint8_t now[WORD_BYTES]; /* the word that is being read */
	size_t len, letters;
	bool hidden, fresh; /* fresh: a sentence ended before it */
	size_t range;       /* first one that may reach the place */
	unsigned lines;     /* ends of lines since the last word */
};

static enum hz_err
word_end(struct cut *c)
{
	struct hz_buf *b = &c->g->words;
	bool good = c->letters >= 2 && c->letters <= HZ_LEARN_LETTERS && !c->hidden &&
		    !(c->names && hz_learn_names_has(c->names, c->now, c->len));
	if (good && c->nword < HZ_LEARN_WORDS) {
		if (b->len > 0) {
			HZ_TRY(hz_buf_putc(b, ' '));
		}
		c->word[c->nword++] = (struct word){ (uint32_t)b->len, (uint16_t)c->len, c->fresh };
		HZ_TRY(hz_buf_put(b, c->now, c->len));
		c->fresh = false;
	}
	if (c->letters > 0) {
		c->lines = 0;
	}
	c->len = c->letters = 0;
	c->hidden = false;
	return HZ_OK;
}

/* Ranges are by start but may lie in each other: none that ends before the place matters any more, once all
 * before it end before the place. */
static bool
is_hidden(struct cut *c, size_t start, size_t end)
{
	const struct hz_learn_range *h = c->text->hide;
	while (c->range < c->text->nhide && h[c->range].end <= start) {
		c->range++;
	}
	for (size_t i = c->range; i < c->text->nhide && h[i].start < end; i++) {
		if (h[i].end > start) {
			return true;
		}
	}
	return false;
}

static bool
ends_sentence(uint32_t cp)
{
	return cp == '.' || cp == '!' || cp == '?' || cp == ';' || cp == 0x061F || cp == 0x061B ||
	       cp == 0x3002;
}

static enum hz_err
one_char(struct cut *c, const struct hz_fold_char *f)
{
	uint32_t cp = f->v & HZ_FOLD_CP;
	bool hidden = is_hidden(c, f->start, f->end);
	if ((f->v & HZ_FOLD_LETTER) != 0) {
		c->hidden = c->hidden || hidden;
		if (++c->letters <= HZ_LEARN_LETTERS) {
			c->len += hz_utf8_put(cp, c->now + c->len);
		}
		return HZ_OK;
	}
	HZ_TRY(word_end(c));
	if (!hidden && (f->v & HZ_FOLD_DIGIT) == 0) {
		c->lines += cp == '\n';
		c->fresh = c->fresh || ends_sentence(cp) || c->lines > 1;
	}
	return HZ_OK;
}

static enum hz_err
cut_words(struct cut *c)
{
	struct hz_fold_char f[CHUNK];
	size_t pos = 0;
	while (pos < c->text->n && c->nword < HZ_LEARN_WORDS) {
		size_t made = hz_text_fold_map(c->text->p, c->text->n, &pos, f, CHUNK);
		for (size_t i = 0; i < made; i++) {
			HZ_TRY(one_char(c, &f[i]));
		}
	}
	HZ_TRY(word_end(c));
	hz_wipe(f, sizeof(f));
	return HZ_OK;
}

/* --- features --------------------------------------------------------------------------------------------
 */

static int
by_bytes(const void *a, const void *b, void *words)
{
	const struct hz_gram *x = a, *y = b;
	const uint8_t *p = words;
	return hz_bytes_compare(p + x->at, x->len, p + y->at, y->len);
}

static void
pairs(struct hz_grams *g, const struct word *w, size_t n)
{
	size_t many = 0;
	for (size_t i = 0; i < n; i++) {
		g->v[many++] = (struct hz_gram){ w[i].at, w[i].len };
		if (i > 0 && !w[i].first) {
			size_t len = (size_t)w[i - 1].len + 1 + w[i].len;
			g->v[many++] = (struct hz_gram){ w[i - 1].at, (uint16_t)len };
		}
	}
	if (many > 1) {
		qsort_r(g->v, many, sizeof(g->v[0]), by_bytes, g->words.p);
	}
	g->n = 0;
	for (size_t i = 0; i < many; i++) {
		if (g->n == 0 || by_bytes(&g->v[g->n - 1], &g->v[i], g->words.p) != 0) {
			g->v[g->n++] = g->v[i];
		}
	}
}

HZ_RESULT
hz_grams_new(struct hz_grams **ret)
{
	struct hz_grams *g = calloc(1, sizeof(*g));
	if (!g) {
		return hz_fail(HZ_MSG_NOMEM, "features of a text");
	}
	g->words = (struct hz_buf)HZ_BUF_SECRET_INIT((WORD_BYTES + 1) * HZ_LEARN_WORDS);
	*ret = g;
	return HZ_OK;
}

void
hz_grams_free(struct hz_grams **g)
{
	if (*g) {
		hz_buf_done(&(*g)->words);
		free(*g);
		*g = NULL;
	}
}

HZ_RESULT
hz_grams_of(struct hz_grams *g, const struct hz_learn_text *text, const struct hz_learn_names *names)
{
	struct cut *c = calloc(1, sizeof(*c));
	if (!c) {
		return hz_fail(HZ_MSG_NOMEM, "words of a text");
	}
	c->text = text;
	c->names = names;
	c->g = g;
	c->fresh = true;
	hz_buf_clear(&g->words);
	enum hz_err r = cut_words(c);
	if (r == HZ_OK) {
		pairs(g, c->word, c->nword);
	}
	hz_wipe(c, sizeof(*c));
	free(c);
	return r;
}

bool
hz_gram_ok(const char *s, size_t n)
{
	struct hz_learn_text t = { .p = s, .n = n };
	struct hz_fold_char f[2 * HZ_LEARN_LETTERS + 1 + HZ_FOLD_MORE];
	uint8_t back[HZ_LEARN_GRAM_MAX + 4];
	size_t pos = 0, len = 0, letters = 0, words = 1;
	if (n == 0 || n > HZ_LEARN_GRAM_MAX) {
		return false;
	}
	size_t made = hz_text_fold_map(t.p, n, &pos, f, sizeof(f) / sizeof(f[0]));
	if (pos != n) {
		return false;
	}
	for (size_t i = 0; i < made; i++) {
		uint32_t cp = f[i].v & HZ_FOLD_CP;
		bool blank = cp == ' ' && letters >= 2 && words == 1;
		if (blank) {
			words = 2;
			letters = 0;
		} else if ((f[i].v & HZ_FOLD_LETTER) == 0 || ++letters > HZ_LEARN_LETTERS) {
			return false;
		}
		if (len + 4 > sizeof(back)) {
			return false;
		}
		len += hz_utf8_put(cp, back + len);
	}
	return letters >= 2 && len == n && memcmp(back, s, n) == 0;
}
