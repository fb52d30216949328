/* The features of a training set, counted in two readings: the first counts places of a hash, the second
 * keeps the words of those that enough texts have. */
#ifndef HZ_LEARN_GRAMS_H
#define HZ_LEARN_GRAMS_H

#include "learn/inner.h"

struct hz_feature {
	uint32_t at; /* in words */
	uint16_t len;
	uint32_t seen; /* texts that are learned from and have it */
};
struct hz_sample {      /* a text as its features */
	uint32_t at, n; /* in ids */
	int64_t share;  /* of all its features, those that are not kept with them */
};
struct hz_gram_table {
	struct hz_buf words; /* wiped */
	struct hz_feature *v;
	size_t n, cap;
	uint32_t *place; /* open addressing; number + 1 */
	uint32_t *count; /* by hash, of the first reading */
	uint32_t *ids;
	size_t nids, idcap;
};
HZ_RESULT hz_gram_table_init(struct hz_gram_table *t);
void hz_gram_table_done(struct hz_gram_table *t);
/* First reading, of texts that are learned from. */
void hz_gram_table_count(struct hz_gram_table *t, const struct hz_grams *g);
/* Second reading, of all; learn: whether it is one that is learned from. */
HZ_RESULT hz_gram_table_add(
    struct hz_gram_table *t, const struct hz_grams *g, bool learn, struct hz_sample *ret);

#endif
