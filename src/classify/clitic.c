/* What Arabic writes joined to a word, after folding: conjunctions, prepositions and the article before it;
 * pronouns, endings of number, gender and relation behind it. */
#include "classify/inner.h"

#include <string.h>

#define AIN  0x0639U
#define ALEF 0x0627U
#define BEH  0x0628U
#define TEH  0x062AU
#define SEEN 0x0633U
#define FEH  0x0641U
#define KAF  0x0643U
#define LAM  0x0644U
#define MEEM 0x0645U
#define NOON 0x0646U
#define HEH  0x0647U
#define WAW  0x0648U
#define YEH  0x064AU

static size_t
skip_article(const uint32_t *cp, size_t n, size_t at)
{
	if (at + 2 > n || cp[at + 1] != LAM || (cp[at] != ALEF && cp[at] != LAM)) {
		return 0;
	}
	return 2;
}

static bool
is_preposition(uint32_t c)
{
	return c == BEH || c == KAF || c == LAM || c == SEEN;
}

/* Prefixes of the imperfect. */
static bool
is_person(uint32_t c)
{
	return c == YEH || c == TEH || c == NOON || c == ALEF;
}

/* From letter `from` on: a preposition or s, the article, each of them or none; the spoken ع of على with the
 * article; or a prefix of the imperfect, with the s of the future, the spoken b of the present or without.
 * Behind the b three letters at least must be left, since the short ones are nouns: بيدك is "in your hand".
 */
static void
left_from(const uint32_t *cp, size_t n, size_t from, uint8_t with, uint8_t *left)
{
	size_t most = from < n && is_preposition(cp[from]) ? 1 : 0;
	for (size_t prep = 0; prep <= most; prep++) {
		size_t at = from + prep;
		left[at] |= (uint8_t)(LEFT_NOUN | with);
		size_t article = skip_article(cp, n, at);
		if (article > 0) {
			left[at + article] |= (uint8_t)(LEFT_NOUN | LEFT_ARTICLE | with);
		}
		bool verb = prep == 0 || cp[from] == SEEN || (cp[from] == BEH && n - at > 3);
		if (verb && at < n && is_person(cp[at])) {
			left[at + 1] |= (uint8_t)(LEFT_VERB | with);
		}
	}
	if (from < n && cp[from] == AIN && from + 3 <= n && cp[from + 1] == ALEF && cp[from + 2] == LAM) {
		left[from + 3] |= (uint8_t)(LEFT_NOUN | LEFT_ARTICLE | with);
	}
}

void
clitic_left(const uint32_t *cp, size_t n, uint8_t left[static LEFT_MAX + 1])
{
	memset(left, 0, LEFT_MAX + 1);
	left_from(cp, n, 0, 0, left);
	if (n > 0 && (cp[0] == WAW || cp[0] == FEH)) {
		left_from(cp, n, 1, LEFT_CONJ, left);
	}
}

/* Four letters at most, one in each 16 bits. */
#define P1(a)          ((uint64_t)(a))
#define P2(a, b)       (P1(a) << 16 | (b))
#define P3(a, b, c)    (P2(a, b) << 16 | (c))
#define P4(a, b, c, d) (P3(a, b, c) << 16 | (d))

static const uint64_t endings[] = {
	P1(HEH),
	P2(HEH, ALEF),
	P2(HEH, MEEM),
	P3(HEH, MEEM, ALEF),
	P2(HEH, NOON),
	P2(NOON, ALEF),
	P2(KAF, MEEM),
	P3(KAF, MEEM, ALEF),
	P1(KAF),
	P1(YEH),
	P2(YEH, NOON),
	P2(WAW, NOON),
	P2(ALEF, NOON),
	P2(ALEF, TEH),
	P2(YEH, HEH),
	P1(TEH),
	P2(WAW, ALEF),
	P2(TEH, ALEF),
	P3(TEH, YEH, NOON),
	P3(TEH, ALEF, NOON),
	P2(TEH, HEH),
	P3(TEH, HEH, ALEF),
	P3(TEH, HEH, MEEM),
	P3(ALEF, TEH, HEH),
	P4(ALEF, TEH, HEH, ALEF),
	P4(ALEF, TEH, HEH, MEEM),
	P2(YEH, ALEF),
	P3(YEH, YEH, NOON),
	P3(YEH, WAW, NOON),
	P3(YEH, ALEF, TEH),
	P3(ALEF, YEH, ALEF),
	P1(ALEF),
	P4(YEH, TEH, ALEF, NOON),
	P4(YEH, TEH, YEH, NOON),
	P3(YEH, TEH, ALEF),
	P1(WAW),
	P2(NOON, YEH),
	P2(WAW, HEH),
	P3(WAW, HEH, ALEF),
	P3(WAW, HEH, MEEM),
	P3(WAW, NOON, YEH), /* they did it to me, to us */
	P3(WAW, NOON, ALEF),
	P3(TEH, NOON, YEH),
	P3(TEH, NOON, ALEF), /* she did it to us */
	P3(WAW, NOON, HEH),  /* they do it to him, her, them, us, me */
	P4(WAW, NOON, HEH, ALEF),
	P4(WAW, NOON, HEH, MEEM),
	P4(WAW, NOON, NOON, ALEF),
	P4(WAW, NOON, NOON, YEH),
	P3(WAW, HEH, NOON),
	P3(NOON, ALEF, HEH), /* we did it to him, her, them */
	P4(NOON, ALEF, HEH, ALEF),
	P4(NOON, ALEF, HEH, MEEM),
};
/* Teh marbuta itself, the open teh that it becomes before another ending, the plural. */
static const uint64_t feminine[] = {
	P1(HEH),
	P1(TEH),
	P2(TEH, YEH),
	P2(TEH, KAF),
	P2(TEH, ALEF),
	P2(TEH, HEH),
	P3(TEH, HEH, ALEF),
	P3(TEH, HEH, MEEM),
	P3(TEH, NOON, ALEF),
	P3(TEH, YEH, NOON),
	P3(TEH, ALEF, NOON),
	P2(ALEF, TEH),
	P3(ALEF, TEH, HEH),
	P4(ALEF, TEH, HEH, ALEF),
	P4(ALEF, TEH, HEH, MEEM),
};

static bool
is_one_of(const uint64_t *set, size_t n, uint64_t key)
{
	for (size_t i = 0; i < n; i++) {
		if (set[i] == key) {
			return true;
		}
	}
	return false;
}

unsigned
clitic_right(const uint32_t *cp, size_t n)
{
	if (n == 0) {
		return RIGHT_ANY;
	}
	if (n > RIGHT_MAX) {
		return 0;
	}
	uint64_t key = 0;
	for (size_t i = 0; i < n; i++) {
		if (cp[i] > 0xFFFF) {
			return 0;
		}
		key = key << 16 | cp[i];
	}
	return (is_one_of(endings, sizeof endings / sizeof endings[0], key) ? RIGHT_ANY : 0) |
	       (is_one_of(feminine, sizeof feminine / sizeof feminine[0], key) ? RIGHT_FEMININE : 0);
}
