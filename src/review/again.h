/* A classification of the vault and the same made again, for what its record does not hold: the words that
 * made roles and certainties. */
#ifndef HZ_REVIEW_AGAIN_H
#define HZ_REVIEW_AGAIN_H

#include "review/review.h"

struct hz_again {
	uint64_t record;     /* which classification; 0: none */
	struct hz_tags kept; /* as its record says; with `why` where same */
	bool same;           /* its rules say the very same today */
};
/* Reads the classification, and runs its rules over its text, with the date that they were given then. What a
 * holds already is kept where it is that record. The terms of `why` are borrowed from rules. */
HZ_RESULT hz_again_load(struct hz_again *a, struct hz_view *w, uint64_t record, const struct hz_rules *rules,
    const void *text, size_t n);
void hz_again_done(struct hz_again *a);
/* The tag of the same axis, value and role; NULL. */
const struct hz_tag *hz_again_find(
    const struct hz_again *a, enum hz_axis axis, const char *value, enum hz_role role);

#endif
