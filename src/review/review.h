/* Review: runs the classifier over texts of a vault, keeps what it proposes, lets people decide, counts.
 * Nothing is printed here; every event is on disk before its result is handed over.
 *
 * What a person decided no run changes. A tag of a party is confirmed by two people who agree; the queue does
 * not show to the second what the first decided. States and their rules: docs/format.md [F-7.9]. */
#ifndef HZ_REVIEW_REVIEW_H
#define HZ_REVIEW_REVIEW_H

#include "vault/tags.h"

/* Texts over this are said as left out: text, folded text and tags of one stay in memory at once. */
#define HZ_REVIEW_TEXT_MAX ((uint64_t)16 << 20)

/* --- running the rules -----------------------------------------------------------------------------------
 */
enum hz_classified_how {
	HZ_CLASSIFIED_NEW = 1, /* events were written (dry: would be) */
	HZ_CLASSIFIED_SAME,    /* the newest run over this text said the very same: nothing was written */
	HZ_CLASSIFIED_LARGE,   /* the text is over HZ_REVIEW_TEXT_MAX: left out */
	HZ_CLASSIFIED_NO_TEXT  /* the exhibit is no text and no text was made out of it */
};
struct hz_classified {
	uint64_t exhibit; /* whose bytes are the text; with HZ_CLASSIFIED_NO_TEXT the exhibit itself */
	char number[HZ_NUMBER_MAX];
	enum hz_classified_how how;
	const struct hz_tags *tags;   /* what the rules gave, with terms; NULL with LARGE and NO_TEXT */
	const struct hz_tag_set *set; /* how the tags of the text stand now; NULL as well */
	struct hz_classify_when when; /* the event's date that was given to the classifier */
};
/* Called for every text in order, once its events are durable. Borrowed. An error stops the run. */
typedef enum hz_err hz_classified_fn(void *arg, const struct hz_classified *c);

struct hz_classify_opts {
	const struct hz_rules *rules;
	const void *file; /* the bytes that the rules were loaded from: kept in the vault */
	size_t file_size;
	const char *engine;       /* "hirz 0.1.0" */
	const uint64_t *exhibits; /* counters, ascending; those of derived texts are fine too */
	size_t count;
	bool all; /* every exhibit; exhibits and count are not used */
	bool dry; /* nothing is written; the vault may be open for reading */
};
struct hz_classify_sum {
	uint64_t texts, fresh, same, large, no_text; /* fresh: HZ_CLASSIFIED_NEW */
	uint64_t tags;                               /* that the rules gave */
	uint64_t proposed;                           /* of these, waiting for a person */
	uint64_t decided;                            /* of these, decided before */
};
/* The texts of each exhibit: its own bytes where they are text/plain, and the texts made out of it. */
HZ_RESULT hz_review_classify(struct hz_vault *v, const struct hz_classify_opts *o, hz_classified_fn *each,
    void *arg, struct hz_classify_sum *ret);

/* The bytes of a text, appended, checked against their commitment. HZ_MSG_LIMIT over HZ_REVIEW_TEXT_MAX. */
HZ_RESULT hz_review_text(struct hz_view *w, const struct hz_exhibit *e, struct hz_buf *out);
/* Whether an exhibit's own bytes are a text that is read. */
HZ_RESULT hz_review_is_text(struct hz_view *w, const struct hz_exhibit *e, bool *ret);

/* --- deciding --------------------------------------------------------------------------------------------
 */
struct hz_review_decision {
	uint64_t
	    exhibit; /* the text's, or the exhibit that it was made out of: then the text that has the tag */
	const char *tag; /* its id; "party:x" may stand for the only tag of that party, whatever its role */
	enum hz_decision what;
	enum hz_certainty certainty;                   /* of an added tag; 0: stated */
	const char *by, *why, *status, *proof, *legal; /* as hz_new_review */
	bool has_span;
	uint64_t start, end;
};
struct hz_review_outcome {
	uint64_t exhibit; /* the text's */
	char number[HZ_NUMBER_MAX], tag[HZ_TAG_ID_MAX];
	enum hz_decision what;
	struct hz_tag_standing now;
	struct hz_ref at; /* the event */
};
/* Decisions in one batch: all or none. rules (may be NULL): an added tag of a type, party or place must be in
 * them. HZ_MSG_USAGE with what is wrong, HZ_MSG_LIMIT. ret: count places. */
HZ_RESULT hz_review_decide(struct hz_vault *v, const struct hz_review_decision *d, size_t count,
    const struct hz_rules *rules, struct hz_review_outcome *ret);

/* --- the queue -------------------------------------------------------------------------------------------
 */
struct hz_review_place { /* where the queue goes on; zeros: at its beginning */
	uint64_t origin;
	unsigned n;   /* of the text, counted as hz_tag_set_walk does */
	size_t after; /* tags of that text that were passed */
};
struct hz_review_filter {
	enum hz_axis axis;        /* 0: any */
	const char *value;        /* with all below it; NULL: any */
	const uint64_t *exhibits; /* ascending, origins; NULL: all */
	size_t count;
	bool disputed; /* only what people decided both ways, also by who asks */
};
struct hz_review_item {
	uint64_t exhibit; /* the text's */
	char number[HZ_NUMBER_MAX];
	struct hz_tag tag; /* with the spans of its record; the terms are empty */
	char id[HZ_TAG_ID_MAX];
	bool before;     /* decided before, under other rules */
	bool disputed;   /* shown only where the filter asks for it */
	uint32_t rules;  /* number of the rules file; 0: added by hand */
	uint64_t record; /* the classification that holds its spans; 0: none */
};
/* The next tag that is proposed and that this reviewer (as hz_reviewer_me makes it) has not decided. Says
 * nothing of what others decided. Free the item with hz_review_item_done. */
HZ_RESULT hz_review_next(struct hz_view *w, const uint8_t who[static HZ_WHO_LEN],
    const struct hz_review_filter *f, struct hz_review_place *at, bool *ret_found,
    struct hz_review_item *ret);
void hz_review_item_done(struct hz_review_item *i);

/* --- counts ----------------------------------------------------------------------------------------------
 */
struct hz_tag_count {
	enum hz_axis axis;
	char value[64];
	enum hz_role role;
	uint64_t state[HZ_TAG_STATES]; /* by enum hz_tag_state */
	uint64_t disputed, waiting;    /* of the proposed: decided both ways; one more person needed */
	uint64_t denied;               /* with certainty denied, in any state */
};
struct hz_tag_counts {
	size_t n;
	struct hz_tag_count *v; /* heap; by axis, value, role; at most HZ_TAG_COUNTS_MAX */
	uint64_t texts;         /* with a row of tags */
	uint64_t classified;    /* texts that a run has read */
	uint64_t reviewed;      /* texts where nothing is proposed any more */
	uint64_t exhibits;      /* looked at */
	uint64_t left_out;      /* tags not counted because the table was full */
};
#define HZ_TAG_COUNTS_MAX 65536
/* Counts tags of these exhibits (ascending; NULL: all) and of the texts made out of them. */
HZ_RESULT hz_review_counts(
    struct hz_vault *v, const uint64_t *exhibits, size_t count, struct hz_tag_counts *ret);
void hz_tag_counts_done(struct hz_tag_counts *c);
/* The sum over a value and all below it, over all roles where role is NULL. */
struct hz_tag_count hz_tag_counts_below(
    const struct hz_tag_counts *c, enum hz_axis axis, const char *top, const enum hz_role *role);

/* --- queries ---------------------------------------------------------------------------------------------
 */
struct hz_tag_query {
	enum hz_axis axis; /* 0: any */
	const char *value; /* with all below it; NULL: any */
	bool has_role;
	enum hz_role role;
	enum hz_tag_state state; /* 0: confirmed, added and proposed, and not denied */
};
bool hz_tag_matches(const struct hz_kept_tag *t, const struct hz_tag_query *q);
/* Whether one tag of the exhibit, or of a text made out of it, is meant. */
HZ_RESULT hz_review_has(
    struct hz_view *w, const struct hz_exhibit *e, const struct hz_tag_query *q, bool *ret);

#endif
