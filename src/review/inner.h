/* What the files of the review room share. */
#ifndef HZ_REVIEW_INNER_H
#define HZ_REVIEW_INNER_H

#include "base/fd.h"
#include "review/review.h"

/* Whether counters hold this one; NULL: all. Ascending. */
bool hz_review_among(const uint64_t *list, size_t n, uint64_t no);
/* The event's date, as whoever brought the exhibit claims it; never that of a document. Empty: not known. */
HZ_RESULT hz_review_when(struct hz_view *w, const struct hz_exhibit *e, struct hz_classify_when *ret);

#endif
