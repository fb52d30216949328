#include "base/sort.h"
#include "tests.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

struct item {
	uint32_t key;
	uint8_t rest[HZ_SORT_SIZE - 4];
};

static int
plain(const void *a, const void *b)
{
	uint32_t x = ((const struct item *)a)->key, y = ((const struct item *)b)->key;

	return (x > y) - (x < y);
}

static int
other_way(const void *a, const void *b, void *arg)
{
	++*(unsigned *)arg;
	return -plain(a, b);
}

/* Every number of elements up to 64, and many; sorted, turned round, all equal, by chance. */
static void
sorted(void **state)
{
	struct item *p = calloc(5000, sizeof *p);
	uint32_t seed = 1;
	unsigned asked = 0;

	(void)state;
	assert_non_null(p);
	for (size_t n = 0; n <= 5000; n = n < 64 ? n + 1 : n * 4 + 1) {
		for (unsigned way = 0; way < 4; way++) {
			uint64_t sum = 0, after = 0;
			for (size_t i = 0; i < n; i++) {
				seed = seed * 1664525 + 1013904223;
				p[i].key = way == 0   ? (uint32_t)i
					   : way == 1 ? (uint32_t)(n - i)
					   : way == 2 ? 7
						      : seed >> 20;
				memset(p[i].rest, (int)(p[i].key & 255), sizeof p[i].rest);
				sum += p[i].key;
			}
			hz_sort(p, n, sizeof *p, plain);
			for (size_t i = 0; i < n; i++) {
				assert_true(i == 0 || p[i - 1].key <= p[i].key);
				assert_int_equal(p[i].rest[sizeof p[i].rest - 1], p[i].key & 255);
				after += p[i].key;
			}
			assert_int_equal(after, sum);
			hz_sort_with(p, n, sizeof *p, other_way, &asked);
			for (size_t i = 1; i < n; i++) {
				assert_true(p[i - 1].key >= p[i].key);
			}
		}
	}
	assert_true(asked > 5000);
	free(p);
}

const struct CMUnitTest sort_tests[] = { cmocka_unit_test(sorted) };
const size_t sort_count = sizeof sort_tests / sizeof sort_tests[0];
