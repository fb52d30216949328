/* What the files of the review room share. */
#ifndef HZ_REVIEW_INNER_H
#define HZ_REVIEW_INNER_H

#include "base/fd.h"
#include "review/review.h"

/* Whether counters hold this one; NULL: all. Ascending. */
bool hz_review_among(const uint64_t *list, size_t n, uint64_t no);

#endif
