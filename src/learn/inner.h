/* What the files of the learning room share. */
#ifndef HZ_LEARN_INNER_H
#define HZ_LEARN_INNER_H

#include "learn/learn.h"

/* A feature: a slice of the words of a text, one word or two with one blank between. */
struct hz_gram {
	uint32_t at;
	uint16_t len;
};
struct hz_grams {
	struct hz_buf words; /* folded, one blank between; wiped */
	size_t n;
	struct hz_gram v[2 * (size_t)HZ_LEARN_WORDS]; /* by bytes, each once */
};
HZ_RESULT hz_grams_new(struct hz_grams **ret);
void hz_grams_free(struct hz_grams **g);
HZ_RESULT hz_grams_of(
    struct hz_grams *g, const struct hz_learn_text *text, const struct hz_learn_names *names);

/* What each of n features of a text counts: 1 / sqrt(n), of 32,768. */
int64_t hz_learn_share(size_t n);
/* The logistic function [L-4]: z of 2^24, the answer of 65,536. */
int64_t hz_learn_sigmoid(int64_t z);
/* Bias and weights are of 1,000; sum: of weight times share over the features. The answer is of 1,000. */
unsigned hz_learn_score(int32_t bias, int64_t sum);

bool hz_learn_names_has(const struct hz_learn_names *x, const uint8_t *word, size_t n);
/* FNV-1a of 64 bits (Fowler, Noll, Vo): spreads, protects nothing. */
#define HZ_FNV_START UINT64_C(0xcbf29ce484222325)
uint64_t hz_fnv(uint64_t h, const void *p, size_t n);
/* Words as a model may hold them: one or two, of letters as folding leaves them. */
bool hz_gram_ok(const char *s, size_t n);
/* a-z 0-9 _ and dots, under 64 bytes. */
bool hz_learn_type_ok(const char *s, size_t n);

#endif
