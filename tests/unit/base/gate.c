#include "base/gate.h"
#include "tests.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>

#define READERS 3
#define ROUNDS  200

struct ctx {
	struct hz_gate *gate;
	int a, b; /* equal whenever nobody is alone inside */
	atomic_int unequal;
	atomic_bool end;
};

static void *
reader(void *arg)
{
	struct ctx *c = arg;
	while (!atomic_load(&c->end)) {
		hz_gate_enter(c->gate);
		if (c->a != c->b) {
			atomic_fetch_add(&c->unequal, 1);
		}
		hz_gate_leave(c->gate);
		(void)sched_yield();
	}
	return NULL;
}

static void
alone_is_alone(void **state)
{
	(void)state;
	struct ctx c = { 0 };
	pthread_t threads[READERS];
	assert_ok(hz_gate_new(&c.gate));
	for (int i = 0; i < READERS; i++) {
		assert_int_equal(pthread_create(&threads[i], NULL, reader, &c), 0);
	}
	for (int i = 0; i < ROUNDS; i++) {
		hz_gate_close(c.gate);
		c.a++;
		(void)sched_yield();
		c.b++;
		hz_gate_leave(c.gate);
	}
	atomic_store(&c.end, true);
	for (int i = 0; i < READERS; i++) {
		assert_int_equal(pthread_join(threads[i], NULL), 0);
	}
	assert_int_equal(c.unequal, 0);
	assert_int_equal(c.a, ROUNDS);
	hz_gate_free(&c.gate);
	assert_null(c.gate);
	hz_gate_free(&c.gate);
}

static void
many_may_be_inside(void **state)
{
	(void)state;
	struct hz_gate *g = NULL;
	assert_ok(hz_gate_new(&g));
	hz_gate_enter(g);
	hz_gate_enter(g);
	hz_gate_leave(g);
	hz_gate_leave(g);
	hz_gate_close(g);
	hz_gate_leave(g);
	hz_gate_free(&g);
}

const struct CMUnitTest gate_tests[] = {
	cmocka_unit_test(alone_is_alone),
	cmocka_unit_test(many_may_be_inside),
};
const size_t gate_count = sizeof gate_tests / sizeof gate_tests[0];
