/* The queue of tags that wait for a person: `hirz review --next`. */
#ifndef HZ_CLI_WALK_H
#define HZ_CLI_WALK_H

#include "cli/common.h"
#include "review/review.h"

/* Shows one tag after the other and asks; with --json or --no-input shows the next one and ends. The vault is
 * open for writing the whole time, for nobody's decision may be lost. Returns the exit code. */
int hz_review_walk(struct hz_cli *cli);

/* cmd_review.c: what the options say of every decision; exhibit, tag and what are left empty. */
struct hz_review_decision hz_review_common(const struct hz_cli *cli);
/* What became of a decision, as text or as a line of type `review`. */
void hz_review_say(struct hz_cli *cli, const struct hz_review_outcome *x);

#endif
