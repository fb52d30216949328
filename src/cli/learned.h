/* What a learned model says of a text, beside its tags. */
#ifndef HZ_CLI_LEARNED_H
#define HZ_CLI_LEARNED_H

#include "cli/common.h"
#include "review/learn.h"

/* Order of the types that have tags, and suggestions without evidence, each marked as what it is; with --json
 * lines of type `suggestion`. Says nothing where no model is in use, or it has nothing to say. rules give the
 * labels, NULL: none. number: of the exhibit. */
HZ_RESULT hz_learned_say(struct hz_cli *cli, struct hz_view *w, const struct hz_rules *rules,
    uint64_t exhibit, const char *number);

/* The score of one tag in the queue. What was looked at last is kept for the next tag of the same text. */
struct hz_learned {
	bool looked; /* for a model */
	struct hz_suggester *s;
	struct hz_suggestions *x;
	uint64_t of; /* the text; 0: none */
};
#define HZ_LEARNED_INIT                                                                                      \
	{                                                                                                    \
		.s = NULL                                                                                    \
	}
/* *ret is NULL where no model is in use, or it does not know the type. Borrowed until the next call. */
HZ_RESULT hz_learned_type(struct hz_learned *l, struct hz_view *w, uint64_t exhibit, const char *type,
    const struct hz_suggestion **ret);
/* Its suggestions without evidence, as hz_learned_say. */
HZ_RESULT hz_learned_more(struct hz_cli *cli, struct hz_learned *l, struct hz_view *w,
    const struct hz_rules *rules, uint64_t exhibit, const char *number);
/* One line, as text. */
void hz_learned_put(struct hz_out *o, const struct hz_learned *l, const struct hz_suggestion *s);
void hz_learned_done(struct hz_learned *l);

#endif
