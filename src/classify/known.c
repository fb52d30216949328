/* Words that the text had before, by the bytes of their token: they need not be folded and looked up again.
 * What is remembered hangs on these bytes and the rules alone, so that an answer never hangs on what is
 * remembered. Where many tokens meet in one place, by chance or made so, they are only looked up again. */
#include "base/enc.h"
#include "classify/engine.h"

#include <endian.h>
#include <stdlib.h>
#include <string.h>

#define LINE_OF_CACHE ((size_t)64)
#define PAIR          ((size_t)2)
/* A place for so many bytes of text: a short text shall not pay for memory that it has no use for. */
#define TEXT_OF_PLACE ((size_t)8)
#define KNOWN_LEAST   ((size_t)64)

_Static_assert(sizeof(struct known_word) == LINE_OF_CACHE, "one fetch from memory for a word");
_Static_assert(KNOWN_BYTES == 24, "three numbers below");

enum hz_err
known_begin(struct engine *e, size_t n)
{
	size_t places = KNOWN_LEAST;
	unsigned bits = 5;
	while (places < KNOWN_MOST && places < n / TEXT_OF_PLACE) {
		places *= 2;
		bits++;
	}
	e->known = aligned_alloc(LINE_OF_CACHE, places * sizeof *e->known);
	if (e->known == NULL) {
		return hz_fail(HZ_MSG_NOMEM, "words of a text");
	}
	memset(e->known, 0, places * sizeof *e->known);
	e->known_shift = 64 - bits;
	return HZ_OK;
}

void
known_done(struct engine *e)
{
	free(e->known);
	e->known = NULL;
}

#define EACH(byte) (UINT64_C(0x0101010101010101) * (byte))

/* Eight bytes, the first in the lowest bits. */
static inline uint64_t
eight(const uint8_t *p)
{
	uint64_t v;
	memcpy(&v, p, sizeof v);
	return le64toh(v);
}

/* The highest bit of each byte that is a sign of ASCII: no letter, no digit, below 0x80. None of the sums
 * leaves its byte. */
static inline uint64_t
signs(uint64_t v)
{
	if ((~v & EACH(0x80)) == 0) {
		return 0; /* Arabic letters alone */
	}
	uint64_t low = v & EACH(0x7F);
	uint64_t small = low | EACH(0x20);
	uint64_t digit = (low + EACH(0x80 - '0')) & ~(low + EACH(0x80 - '9' - 1));
	uint64_t letter = (small + EACH(0x80 - 'a')) & ~(small + EACH(0x80 - 'z' - 1));
	return ~(v | digit | letter) & EACH(0x80);
}

/* Bytes; 0 where it is too long, or ends with a zero byte: that is nothing in a text, and it goes on. p has
 * KNOWN_BYTES at least. */
static inline size_t
token_at(const uint8_t *p, struct token *ret)
{
	uint64_t v = eight(p);
	uint64_t stop = signs(v);
	size_t n = 0;
	*ret = (struct token){ { 0 } };
	while (stop == 0) {
		ret->bytes[n / 8] = v;
		n += 8;
		if (n == KNOWN_BYTES) {
			return 0;
		}
		v = eight(p + n);
		stop = signs(v);
	}
	uint64_t lowest = stop & (~stop + 1);
	ret->bytes[n / 8] = v & ((lowest >> 7) - 1); /* what stands before it */
	n += (unsigned)__builtin_ctzll(stop) / 8;
	return p[n] == 0 ? 0 : n;
}

/* At the end of the text, where there are no so many bytes. */
static size_t
last_token(const uint8_t *p, size_t n, struct token *ret)
{
	uint8_t last[KNOWN_BYTES];
	memset(last, ' ', sizeof last);
	memcpy(last, p, n);
	return token_at(last, ret);
}

static bool
is_same(const struct token *a, const struct token *b)
{
	return ((a->bytes[0] ^ b->bytes[0]) | (a->bytes[1] ^ b->bytes[1]) | (a->bytes[2] ^ b->bytes[2])) == 0;
}

static struct known_word *
pair_of(const struct engine *e, const struct token *t)
{
	/* Odd numbers of no meaning: the highest bits hang on all below. */
	uint64_t h = t->bytes[0] * 0x9E3779B97F4A7C15U +
		     (t->bytes[1] ^ t->bytes[1] >> 32) * 0xD1B54A32D192ED03U +
		     t->bytes[2] * 0xBF58476D1CE4E5B9U;
	return e->known + (h >> e->known_shift) * PAIR;
}

static const struct known_word *
find(struct known_word *pair, const struct token *t)
{
	for (size_t i = 0; i < PAIR; i++) {
		if (is_same(&pair[i].token, t) && pair[i].next > 0) {
			pair[0].older = (uint8_t)(i ^ 1);
			return &pair[i];
		}
	}
	return NULL;
}

/* Tokens with blanks between, from byte `at` on. Returns where they end. */
static const struct token_ahead *
look_ahead(struct engine *e, size_t at)
{
	const uint8_t *text = e->cut.text;
	size_t n = e->cut.n;
	struct token_ahead *a = e->ahead;
	while (a < e->ahead + AHEAD && at < n) {
		a->at = at;
		a->len = n - at < KNOWN_BYTES ? last_token(text + at, n - at, &a->token)
					      : token_at(text + at, &a->token);
		if (a->len == 0) {
			break; /* a sign, or too long */
		}
		a->pair = pair_of(e, &a->token);
		__builtin_prefetch(a->pair);
		size_t end = at + a->len;
		for (at = end; at < n && text[at] == ' ';) {
			at++;
		}
		a->blanks = at - end;
		a++;
	}
	return a;
}

/* What is known of a word, with its hits: all of them, since there is room and it is faster. */
static inline void
take_known(struct engine *e, struct word *w, const struct known_word *k, bool clause)
{
	w->is = k->is;
	w->behind = k->behind;
	w->clause = clause;
	memcpy(e->hits + e->n_hits, k->hits, sizeof k->hits);
	e->n_hits += w->n_hits;
}

static void
put_word(struct engine *e, const struct known_word *k, size_t at, bool clause)
{
	struct word *w = &e->words[e->n_words++];
	w->start = (uint32_t)at;
	w->end = (uint32_t)at + k->end;
	w->first_hit = (uint32_t)e->n_hits;
	take_known(e, w, k, clause);
}

void
known_words(struct engine *e)
{
	struct cutter *c = &e->cut;
	size_t at = c->pos;
	const struct known_word *last = NULL;
	const struct token_ahead *a = e->next;
	size_t blanks = 0;
	bool on = true;
	e->unknown = NULL;
	while (on && e->n_words < HZ_CLASSIFY_WORDS) {
		if (a == e->ahead_end || a->at != at) {
			e->ahead_end = look_ahead(e, at);
			a = e->ahead;
			if (a == e->ahead_end) {
				break;
			}
		}
		const struct known_word *k = find(a->pair, &a->token);
		if (k == NULL) {
			e->unknown = a++;
			break;
		}
		put_word(e, k, at, c->clause && last == NULL);
		blanks = k->next == a->len ? a->blanks : 0;
		on = blanks > 0; /* else there is more of this token, or a sign */
		at += k->next + blanks;
		last = k;
		a++;
	}
	e->next = a;
	if (last != NULL) {
		cut_after(c, e->words[e->n_words - 1].sort, false);
		c->pos = at;
		c->n_seps = blanks;
		c->sep = ' ';
	}
}

/* Into the older one of a pair. */
static void
put(struct engine *e, struct known_word *pair, const struct token *t, const struct word *w, size_t end,
    size_t next)
{
	struct known_word *k = &pair[pair[0].older];
	if (w->n_hits > KNOWN_HITS) {
		return;
	}
	pair[0].older ^= 1;
	k->token = *t;
	k->end = (uint8_t)end;
	k->next = (uint8_t)next;
	k->raw = e->looked_raw;
	k->is = w->is;
	k->behind = w->behind;
	memcpy(k->hits, e->hits + w->first_hit, w->n_hits * sizeof k->hits[0]);
}

void
known_add(struct engine *e, const struct word *w, size_t end, size_t next)
{
	put(e, e->unknown->pair, &e->unknown->token, w, end, next);
}

/* The folded letters as a token; 0 where they are too long for it. */
static size_t
fold_back(const struct hz_fold_char *c, size_t len, struct token *ret)
{
	uint8_t p[KNOWN_BYTES] = { 0 };
	size_t n = 0;
	for (size_t i = 0; i < len; i++) {
		if (n + 4 > KNOWN_BYTES) {
			return 0;
		}
		n += hz_utf8_put(c[i].v & HZ_FOLD_CP, p + n);
	}
	for (size_t i = 0; i < KNOWN_BYTES / 8; i++) {
		ret->bytes[i] = eight(p + 8 * i);
	}
	return n;
}

void
known_look_up(struct engine *e, struct word *w, const struct hz_fold_char *c, size_t len)
{
	struct token t;
	size_t n = 0;
	e->looked_raw = false;
	if (w->end - w->start > 2 * len) {
		n = fold_back(c, len, &t);
	}
	if (n == 0 || n >= w->end - w->start) {
		spot_word(e, w, c, len); /* without marks that word is no other */
		return;
	}
	struct known_word *pair = pair_of(e, &t);
	const struct known_word *k = find(pair, &t);
	if (k != NULL && k->end == n && !k->raw) {
		take_known(e, w, k, w->clause);
		return;
	}
	spot_word(e, w, c, len);
	if (!e->looked_raw) {
		put(e, pair, &t, w, n, n);
	}
}
