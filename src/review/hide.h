/* What learning leaves out of a text. */
#ifndef HZ_REVIEW_HIDE_H
#define HZ_REVIEW_HIDE_H

#include "classify/classify.h"
#include "learn/learn.h"

/* Words of the parties and places of the rules. Free with hz_learn_names_free. */
HZ_RESULT hz_hide_names(const struct hz_rules *rules, struct hz_learn_names **ret);

struct hz_hidden {
	struct hz_learn_range *v; /* heap; by start */
	size_t n;
	size_t limit; /* bytes of the text that may be looked at */
};
/* The places where the rules find parties, places and dates. Free with hz_hidden_done. */
HZ_RESULT hz_hidden_of(const struct hz_rules *rules, const void *text, size_t n,
    const struct hz_classify_when *when, struct hz_hidden *ret);
void hz_hidden_done(struct hz_hidden *h);

#endif
