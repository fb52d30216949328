#include "base/aside.h"
#include "tests.h"

#include <stdint.h>

struct sum {
	const uint32_t *p;
	size_t n;
	uint64_t total; /* written by the step, read after the wait */
};

static enum hz_err
add_up(void *arg)
{
	struct sum *s = arg;

	for (size_t i = 0; i < s->n; i++) {
		s->total += s->p[i];
	}
	return HZ_OK;
}

static enum hz_err
fails(void *arg)
{
	return hz_fail(HZ_MSG_SOURCE_READ, "at %d", *(int *)arg);
}

static void
steps_one_after_another(void **state)
{
	(void)state;
	uint32_t numbers[1000];
	struct hz_aside *a = NULL;
	struct sum s = { .p = numbers, .n = 1000 };

	assert_ok(hz_aside_new(&a));
	for (uint32_t round = 0; round < 500; round++) {
		for (uint32_t i = 0; i < 1000; i++) {
			numbers[i] = round;
		}
		s.total = 0;
		hz_aside_begin(a, add_up, &s);
		assert_ok(hz_aside_wait(a));
		assert_int_equal(s.total, (uint64_t)round * 1000);
	}
	hz_aside_free(&a);
	assert_null(a);
	hz_aside_free(&a);
}

static void
failures_come_over(void **state)
{
	(void)state;
	int place = 77;
	struct hz_aside *a = NULL;

	assert_ok(hz_aside_new(&a));
	assert_ok(hz_aside_wait(a));
	hz_aside_begin(a, fails, &place);
	assert_int_equal(hz_aside_wait(a), HZ_ERR_IO);
	assert_int_equal(hz_fail_msg(), HZ_MSG_SOURCE_READ);
	assert_string_equal(hz_fail_detail(), "at 77");
	hz_fail_clear();
	assert_ok(hz_aside_wait(a));
	hz_aside_free(&a);
}

/* Freed with a step at hand: the step is finished first. */
static void
freed_at_work(void **state)
{
	(void)state;
	static uint32_t numbers[100000];
	struct sum s = { .p = numbers, .n = 100000 };
	struct hz_aside *a = NULL;

	for (size_t i = 0; i < 100000; i++) {
		numbers[i] = 3;
	}
	assert_ok(hz_aside_new(&a));
	hz_aside_begin(a, add_up, &s);
	hz_aside_free(&a);
	assert_int_equal(s.total, 300000);
}

const struct CMUnitTest aside_tests[] = {
	cmocka_unit_test(steps_one_after_another),
	cmocka_unit_test(failures_come_over),
	cmocka_unit_test(freed_at_work),
};
const size_t aside_count = sizeof aside_tests / sizeof aside_tests[0];
