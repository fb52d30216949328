/* The parts of the test program of the room sandbox. */
#ifndef HZ_TESTS_SANDBOX_H
#define HZ_TESTS_SANDBOX_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* The programs that the tests start, given on the command line by the build. */
struct programs {
	char *bad;     /* plays an inspector gone bad: bad.c */
	char *trial;   /* tries to break out: trial.c */
	char *inspect; /* hirz-inspect */
};
extern struct programs programs;

/* valgrind does not know Landlock: what this program hears of it there is not true of those that it starts.
 */
static inline bool
under_valgrind(void)
{
	if (getenv("HIRZ_TEST_VALGRIND") == NULL) {
		return false;
	}
	printf("# skipped: under valgrind this program cannot ask for Landlock\n");
	return true;
}

void test_claim_keys(void **state);
void test_claim_values(void **state);
void test_claim_times(void **state);
void test_claims_list(void **state);

void test_type_grammar(void **state);
void test_answer_bytes(void **state);
void test_answer_largest(void **state);
void test_answer_cut_and_trailing(void **state);
void test_answer_flipped(void **state);
void test_answer_rules(void **state);
void test_answer_claims(void **state);
void test_answer_text(void **state);
void test_wire_lengths(void **state);
void test_wire_requests(void **state);
void test_words(void **state);

void test_plaintext_text(void **state);
void test_plaintext_beginnings(void **state);
void test_plaintext_bytes(void **state);
void test_plaintext_sizes(void **state);

void test_parent_good(void **state);
void test_parent_bad(void **state);
void test_parent_all(void **state);
void test_parent_bad_later(void **state);
void test_parent_unasked(void **state);
void test_parent_policy(void **state);
void test_parent_gives_up(void **state);
void test_parent_stranger(void **state);
void test_parent_low_descriptors(void **state);
void test_parent_arguments(void **state);
void test_parent_replaced(void **state);

void test_descriptors(void **state);
void test_levels(void **state);
void test_attempts(void **state);
void test_attempts_nobody(void **state);

void test_level(void **state);
void test_types(void **state);
void test_damaged(void **state);
void test_expected(void **state);
void test_hostile_samples(void **state);
void test_apart(void **state);
void test_by_hand(void **state);
void test_find(void **state);

void test_tool_reads_and_prints(void **state);
void test_tool_walls(void **state);
void test_tool_network(void **state);

/* Before and after all tests. */
int parent_begin(void **state);
int parent_end(void **state);
int inspect_begin(void **state);
int inspect_end(void **state);

#endif
