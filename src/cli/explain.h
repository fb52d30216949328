/* Why an exhibit has its tags: `hirz classify --explain`. */
#ifndef HZ_CLI_EXPLAIN_H
#define HZ_CLI_EXPLAIN_H

#include "cli/tagview.h"

/* The exhibit of --explain; operands are ids of tags, or beginnings of them, that alone are shown. */
int hz_explain_exhibit(struct hz_cli *cli);
/* The last lines: how many tags there are, how many are folded away, what they are worth. number: of the
 * exhibit where a person can decide; NULL: a text outside. */
void hz_explain_end(struct hz_door *d, size_t tags, size_t folded, const char *number);

#endif
