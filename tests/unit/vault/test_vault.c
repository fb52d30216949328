#include "tests.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

const char *vectors_folder;

int
main(int argc, char **argv)
{
	struct CMUnitTest all[64];
	size_t n = 0;
	const struct {
		const struct CMUnitTest *tests;
		size_t count;
	} parts[] = { { keyring_tests, keyring_count }, { batch_tests, batch_count },
		{ derived_tests, derived_count }, { marks_tests, marks_count }, { pins_tests, pins_count },
		{ tags_tests, tags_count }, { models_tests, models_count } };
	/* Each opening costs 64 MiB of Argon2: under valgrind the tests of keys and rows are enough. */
	bool few = getenv("HIRZ_TEST_VALGRIND") != NULL;
	if (few) {
		printf("# under valgrind: the tests of pins and most large batches are left out\n");
	}
	vectors_folder = argc > 1 ? argv[1] : NULL;
	if (vectors_folder == NULL || hz_crypto_init() != HZ_OK) {
		return 1;
	}
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		for (size_t k = 0; k < parts[i].count; k++) {
			/* Of the batches the first, which seals and reads. */
			if (!few || parts[i].tests == keyring_tests ||
			    (parts[i].tests == batch_tests && k == 0)) {
				all[n++] = parts[i].tests[k];
			}
		}
	}
	return _cmocka_run_group_tests("vault", all, n, NULL, NULL);
}
