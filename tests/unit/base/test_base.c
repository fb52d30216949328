#include "tests.h"

#include <stdio.h>
#include <string.h>

#define MOST 100

int
main(void)
{
	/* One group: the output has one plan, as TAP wants it. */
	static struct CMUnitTest all[MOST];
	const struct {
		const struct CMUnitTest *tests;
		size_t n;
	} parts[] = {
		{ err_tests, err_count },
		{ buf_tests, buf_count },
		{ enc_tests, enc_count },
		{ time_tests, time_count },
		{ fd_tests, fd_count },
		{ pool_tests, pool_count },
		{ gate_tests, gate_count },
		{ sort_tests, sort_count },
		{ aside_tests, aside_count },
	};
	size_t n = 0;
	for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
		if (parts[i].n > MOST - n) {
			(void)fprintf(stderr, "more than %d tests\n", MOST);
			return 1;
		}
		memcpy(all + n, parts[i].tests, parts[i].n * sizeof all[0]);
		n += parts[i].n;
	}
	return _cmocka_run_group_tests("base", all, n, NULL, NULL) == 0 ? 0 : 1;
}
