/* What the files of the review room share. */
#ifndef HZ_REVIEW_INNER_H
#define HZ_REVIEW_INNER_H

#include "base/fd.h"
#include "review/review.h"

/* Whether counters hold this one; NULL: all. Ascending. */
bool hz_review_among(const uint64_t *list, size_t n, uint64_t no);
/* The event's date, as whoever brought the exhibit claims it; never that of a document. Empty: not known. */
HZ_RESULT hz_review_when(struct hz_view *w, const struct hz_exhibit *e, struct hz_classify_when *ret);
/* Whether this tag waits for this reviewer, as the filter asks. */
bool hz_review_waits(
    const struct hz_kept_tag *t, const uint8_t who[static HZ_WHO_LEN], const struct hz_review_filter *f);
/* A tag of that set as an item, with its spans. */
HZ_RESULT hz_review_take(struct hz_view *w, const struct hz_tag_set *set, const struct hz_kept_tag *t,
    const struct hz_review_filter *f, struct hz_review_item *ret);

#endif
