/* Which exhibits a command is about: numbers, codes of cases, and a query after "--". */
#ifndef HZ_CLI_SELECT_H
#define HZ_CLI_SELECT_H

#include "cli/common.h"

struct hz_selection {
	uint64_t *no; /* heap; counters of exhibits, rising, each once */
	size_t n, cap;
	uint32_t *cases; /* heap; numbers of the cases that were named */
	size_t ncases;
};

enum hz_select_rule {
	HZ_SELECT_CASES = 1, /* a word may name a case: all that is in it */
	HZ_SELECT_BARE = 2   /* words that are not all numbers are a query also without "--" */
};

/* Reads the operands from number first on. What stands before "--" names exhibits or cases; what stands after
 * it is a query (cli/query.h), or numbers where all of it has the form of numbers, as scripts write them.
 * What both select goes together. HZ_MSG_NO_EXHIBIT, HZ_MSG_NO_CASE, HZ_MSG_BAD_QUERY;
 * HZ_MSG_NOTHING_SELECTED where the cases named, or the query, have nothing. Free with hz_selection_done,
 * also after a failure. */
HZ_RESULT hz_select(
    struct hz_cli *cli, struct hz_vault *v, size_t first, unsigned rules, struct hz_selection *ret_s);
/* Every exhibit of the vault; none is no failure. */
HZ_RESULT hz_select_all(struct hz_vault *v, struct hz_selection *ret_s);
void hz_selection_done(struct hz_selection *s);

#endif
