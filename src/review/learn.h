/* Learned suggestions: a model of types, trained from what people of this vault decided, and what it says of
 * a text (docs/reference/learned.md). It changes no tag and keeps none: it gives an order, and suggestions
 * that no rule has found a word for, which become a tag only where a person adds one. Never a party. */
#ifndef HZ_REVIEW_LEARN_H
#define HZ_REVIEW_LEARN_H

#include "learn/learn.h"
#include "review/review.h"
#include "vault/models.h"

/* --- what there is to learn from -------------------------------------------------------------------------
 */
struct hz_learn_sum {
	uint64_t texts;    /* on whose types people decided */
	uint64_t left_out; /* of these, over HZ_LEARN_TEXTS: a fixed choice is taken */
	size_t n;
	struct hz_learn_count *v; /* by type, of the texts that are taken */
};
/* Free with hz_learn_sum_done. */
HZ_RESULT hz_review_learn_counts(struct hz_vault *v, struct hz_learn_sum *ret);
void hz_learn_sum_done(struct hz_learn_sum *s);

/* --- training --------------------------------------------------------------------------------------------
 */
struct hz_learn_opts {
	const struct hz_rules *rules; /* whose parties, places and dates are never features */
	const void *file;             /* the bytes that they were loaded from: kept in the vault */
	size_t file_size;
	const char *engine; /* "hirz 0.1.0" */
};
/* Trains from all decisions on types and keeps the model: it is in use from then on. HZ_MSG_LEARN_FEW where
 * no type has enough. Where the newest model is the very same, *ret_new is false and nothing is written. ret:
 * free with hz_model_free. */
HZ_RESULT hz_review_learn(struct hz_vault *v, const struct hz_learn_opts *o, bool *ret_new,
    struct hz_model_row *ret_row, struct hz_model **ret);
/* No model is in use from then on. *ret_new false: none was. */
HZ_RESULT hz_review_unlearn(struct hz_vault *v, const char *engine, bool *ret_new);

/* --- suggestions -----------------------------------------------------------------------------------------
 */
struct hz_suggester;
struct hz_suggestion {
	char type[64];
	unsigned score; /* 0 to 1000; no probability */
	bool tagged;    /* a rule found words for it: this is an order, else a suggestion without evidence */
	unsigned right; /* of 1000, as it was measured */
	uint32_t confirmed, rejected; /* examples behind it */
	size_t ntop;
	struct hz_model_part top[HZ_LEARN_TOP]; /* words as long as the suggester */
};
struct hz_suggestions {
	size_t n;
	/* Highest score first. Types that have a tag, and others from HZ_LEARN_SUGGEST on. */
	struct hz_suggestion v[HZ_LEARN_CLASSES];
};
/* The model in use; *ret_found false, and *ret NULL, where none is. Its own rules say what is left out. */
HZ_RESULT hz_suggester_open(struct hz_view *w, bool *ret_found, struct hz_suggester **ret);
void hz_suggester_close(struct hz_suggester **s);
const struct hz_model *hz_suggester_model(const struct hz_suggester *s);
const struct hz_model_row *hz_suggester_row(const struct hz_suggester *s);
/* tagged: the types that stand in this text, of any state but superseded, in any order; may be NULL with 0.
 * when as hz_classify. */
HZ_RESULT hz_suggest(const struct hz_suggester *s, const void *text, size_t n,
    const struct hz_classify_when *when, const char *const *tagged, size_t ntagged,
    struct hz_suggestions *ret);
/* The same for a text of the vault: its bytes, its tags. A text over HZ_REVIEW_TEXT_MAX has none. */
HZ_RESULT hz_suggest_for(
    const struct hz_suggester *s, struct hz_view *w, uint64_t exhibit, struct hz_suggestions *ret);

/* --- the queue in learned order --------------------------------------------------------------------------
 */
/* Of the texts that wait, the first so many, or so many bytes, are put in order: the text first whose
 * likeliest type has the highest score, of the same score the one with the lower counter; in it that type
 * first, then other types by their scores, then all else as hz_review_next has it. What lies behind moves up,
 * so no text waits for ever. Tags of parties, places and dates move nothing. */
#define HZ_ORDER_TEXTS 256
#define HZ_ORDER_BYTES ((uint64_t)8 << 20)
struct hz_review_order;
/* By the model in use; *ret_found false, and *ret NULL, where none is. */
HZ_RESULT hz_review_order_open(struct hz_view *w, bool *ret_found, struct hz_review_order **ret);
void hz_review_order_close(struct hz_review_order **o);
const struct hz_model_row *hz_review_order_row(const struct hz_review_order *o);
/* As hz_review_next, each tag once in the life of o; who and f are the same in all calls. f is needed. */
HZ_RESULT hz_review_order_next(struct hz_review_order *o, struct hz_view *w,
    const uint8_t who[static HZ_WHO_LEN], const struct hz_review_filter *f, bool *ret_found,
    struct hz_review_item *ret);

#endif
