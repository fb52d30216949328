/* test_sandbox BAD TRIAL INSPECT: the room sandbox, the program hirz-inspect, the plain text check. */
#include "sandbox/sandbox.h"
#include "tests.h"

struct programs programs;

/* As a copy of this program in another folder: 10 found beside it, 11 in ../inspect, 12 elsewhere, 1 not
 * found. */
static int
find(void)
{
	char path[HZ_INSPECT_PATH_MAX];

	if (hz_inspector_find(path, sizeof(path)) != HZ_OK) {
		return 1;
	}
	if (strstr(path, "/cli/../inspect/hirz-inspect") != NULL) {
		return 11;
	}
	return strstr(path, "/cli/hirz-inspect") != NULL ? 10 : 12;
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(test_claim_keys),
	cmocka_unit_test(test_claim_values),
	cmocka_unit_test(test_claim_times),
	cmocka_unit_test(test_claims_list),
	cmocka_unit_test(test_type_grammar),
	cmocka_unit_test(test_answer_bytes),
	cmocka_unit_test(test_answer_largest),
	cmocka_unit_test(test_answer_cut_and_trailing),
	cmocka_unit_test(test_answer_flipped),
	cmocka_unit_test(test_answer_rules),
	cmocka_unit_test(test_answer_claims),
	cmocka_unit_test(test_answer_text),
	cmocka_unit_test(test_wire_lengths),
	cmocka_unit_test(test_wire_requests),
	cmocka_unit_test(test_words),
	cmocka_unit_test(test_plaintext_text),
	cmocka_unit_test(test_plaintext_beginnings),
	cmocka_unit_test(test_plaintext_bytes),
	cmocka_unit_test(test_plaintext_sizes),
	cmocka_unit_test(test_parent_good),
	cmocka_unit_test(test_parent_bad),
	cmocka_unit_test(test_parent_all),
	cmocka_unit_test(test_parent_bad_later),
	cmocka_unit_test(test_parent_unasked),
	cmocka_unit_test(test_parent_policy),
	cmocka_unit_test(test_parent_gives_up),
	cmocka_unit_test(test_parent_stranger),
	cmocka_unit_test(test_parent_low_descriptors),
	cmocka_unit_test(test_parent_arguments),
	cmocka_unit_test(test_parent_replaced),
	cmocka_unit_test(test_descriptors),
	cmocka_unit_test(test_levels),
	cmocka_unit_test(test_attempts),
	cmocka_unit_test(test_attempts_nobody),
	cmocka_unit_test(test_tool_reads_and_prints),
	cmocka_unit_test(test_tool_walls),
	cmocka_unit_test(test_tool_network),
	cmocka_unit_test(test_level),
	cmocka_unit_test(test_types),
	cmocka_unit_test(test_damaged),
	cmocka_unit_test(test_expected),
	cmocka_unit_test(test_hostile_samples),
	cmocka_unit_test(test_apart),
	cmocka_unit_test(test_by_hand),
	cmocka_unit_test(test_find),
};

static int
begin(void **state)
{
	return parent_begin(state) == 0 ? inspect_begin(state) : -1;
}

static int
end(void **state)
{
	int inspect = inspect_end(state), parent = parent_end(state);

	return inspect == 0 ? parent : inspect;
}

int
main(int argc, char **argv)
{
	if (argc == 2 && strcmp(argv[1], "--find") == 0) {
		return find();
	}
	if (argc != 4) {
		fprintf(stderr, "usage: %s BAD TRIAL INSPECT\n", argv[0]);
		return 2;
	}
	/* Absolute: links in another folder will point at them. */
	programs =
	    (struct programs){ realpath(argv[1], NULL), realpath(argv[2], NULL), realpath(argv[3], NULL) };
	if (programs.bad == NULL || programs.trial == NULL || programs.inspect == NULL) {
		fprintf(stderr, "%s: a program is missing\n", argv[0]);
		return 2;
	}
	int failed = cmocka_run_group_tests_name("sandbox", tests, begin, end);

	free(programs.bad);
	free(programs.trial);
	free(programs.inspect);
	return failed == 0 ? 0 : 1;
}
