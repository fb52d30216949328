#include "base/pool.h"
#include "tests.h"

#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define ITEMS  10000
#define BUDGET 4096
#define DATA   1
#define ASK    2

struct ctx {
	atomic_long alive; /* messages made and not freed */
	atomic_long bytes; /* their costs */
	atomic_long peak;
	atomic_int workers_new, workers_free;
	atomic_int worked;
	atomic_int fail_new; /* so many workers may begin, the next may not; below 0 all may */
};

struct note {
	uint64_t item;
	unsigned number;
	size_t cost;
};

/* The same on every run: what item i does follows from i. */
static uint64_t
mix(uint64_t x)
{
	x ^= x >> 31;
	x *= 0x9E3779B97F4A7C15U;
	x ^= x >> 29;
	x *= 0xBF58476D1CE4E5B9U;
	return x ^ x >> 32;
}

static unsigned
notes_of(uint64_t item)
{
	return (unsigned)(mix(item) % 6);
}

static size_t
cost_of(uint64_t item, unsigned number)
{
	uint64_t r = mix(item * 31 + number);
	if (r % 200 == 0) {
		return BUDGET * 3;
	}
	return r % 7 == 0 ? 0 : (r >> 8) % (BUDGET / 2);
}

static bool
asks(uint64_t item)
{
	return mix(item + 7) % 50 == 0;
}

static enum hz_err
result_of(uint64_t item)
{
	return mix(item + 3) % 11 == 0 ? HZ_ERR_CHANGED : HZ_OK;
}

static struct hz_pool_msg
note_new(struct ctx *c, int kind, uint64_t item, unsigned number)
{
	struct note *n = malloc(sizeof *n);
	assert_non_null(n);
	*n = (struct note){ .item = item, .number = number, .cost = cost_of(item, number) };
	atomic_fetch_add(&c->alive, 1);
	long now = atomic_fetch_add(&c->bytes, (long)n->cost) + (long)n->cost;
	long peak = atomic_load(&c->peak);
	while (now > peak && !atomic_compare_exchange_weak(&c->peak, &peak, now)) {
	}
	return (struct hz_pool_msg){ .kind = kind, .p = n, .cost = n->cost };
}

static void
note_free(struct hz_pool_msg *m, void *arg)
{
	struct ctx *c = arg;
	atomic_fetch_sub(&c->alive, 1);
	atomic_fetch_sub(&c->bytes, (long)m->cost);
	free(m->p);
}

static enum hz_err
work(struct hz_lane *lane, uint64_t item, void *state, void *arg)
{
	struct ctx *c = arg;
	uint64_t *seen = state;
	(*seen)++;
	atomic_fetch_add(&c->worked, 1);
	unsigned n = notes_of(item);
	for (unsigned i = 0; i < n; i++) {
		struct hz_pool_msg m = note_new(c, DATA, item, i);
		enum hz_err err = hz_lane_send(lane, m);
		if (err != HZ_OK) {
			note_free(&m, c);
			return err;
		}
	}
	if (asks(item)) {
		int answer = -1;
		enum hz_err err = hz_lane_ask(lane, note_new(c, ASK, item, n), &answer);
		if (err != HZ_OK) {
			return err;
		}
		if (answer != (int)(item % 1000)) {
			return hz_fail(HZ_MSG_INTERNAL, "answer %d", answer);
		}
	}
	return result_of(item) == HZ_OK
		   ? HZ_OK
		   : hz_fail(HZ_MSG_SOURCE_CHANGED, "item %llu", (unsigned long long)item);
}

static enum hz_err
worker_new(void **ret_state, void *arg)
{
	struct ctx *c = arg;
	if (atomic_load(&c->fail_new) >= 0 && atomic_fetch_sub(&c->fail_new, 1) <= 0) {
		return hz_fail(HZ_MSG_LIMIT, "no state for this worker");
	}
	atomic_fetch_add(&c->workers_new, 1);
	*ret_state = calloc(1, sizeof(uint64_t));
	return HZ_OK;
}

static void
worker_free(void *state, void *arg)
{
	struct ctx *c = arg;
	atomic_fetch_add(&c->workers_free, 1);
	free(state);
}

static const struct hz_pool_ops ops = {
	.work = work, .worker_new = worker_new, .worker_free = worker_free, .msg_free = note_free
};

static void
check_end(struct hz_pool *pool, uint64_t item, enum hz_err result)
{
	char text[64];
	assert_int_equal(result, result_of(item));
	const struct hz_failure *f = hz_pool_failure(pool);
	assert_int_equal(f->msg, result == HZ_OK ? HZ_MSG_NONE : HZ_MSG_SOURCE_CHANGED);
	(void)snprintf(text, sizeof text, "item %llu", (unsigned long long)item);
	assert_string_equal(f->detail, result == HZ_OK ? "" : text);
}

/* Receives until the pool is dry or item `until` is over; checks that everything comes in order. */
static uint64_t
receive(struct ctx *c, struct hz_pool *pool, uint64_t until)
{
	uint64_t item = 0;
	unsigned number = 0;
	struct hz_pool_msg m;
	enum hz_err result;
	while (item < until && hz_pool_next(pool, &m, &result)) {
		assert_int_equal(m.item, item);
		if (m.kind == 0) {
			assert_int_equal(number, notes_of(item) + (asks(item) ? 1 : 0));
			check_end(pool, item, result);
			item++;
			number = 0;
			continue;
		}
		const struct note *n = m.p;
		assert_int_equal(n->item, item);
		assert_int_equal(n->number, number);
		assert_int_equal(m.kind, number == notes_of(item) ? ASK : DATA);
		number++;
		note_free(&m, c);
		if (m.kind == ASK) {
			hz_pool_answer(pool, (int)(item % 1000));
		}
	}
	return item;
}

static void
order_is_kept(void **state)
{
	(void)state;
	struct ctx c = { .fail_new = -1 };
	struct hz_pool *pool = NULL;
	assert_ok(hz_pool_start(&ops, &c, ITEMS, 4, BUDGET, &pool));
	assert_int_equal(receive(&c, pool, ITEMS + 1), ITEMS);
	struct hz_pool_msg m;
	enum hz_err result;
	assert_false(hz_pool_next(pool, &m, &result));
	hz_pool_stop(&pool);
	assert_null(pool);
	assert_false(hz_pool_next(pool, &m, &result));
	assert_int_equal(c.worked, ITEMS);
	assert_int_equal(c.alive, 0);
	assert_int_equal(c.workers_new, 4);
	assert_int_equal(c.workers_free, 4);
	hz_pool_stop(&pool);
}

static void
every_number_of_workers(void **state)
{
	(void)state;
	for (unsigned workers = 1; workers <= 16; workers++) {
		struct ctx c = { .fail_new = -1 };
		struct hz_pool *pool = NULL;
		assert_ok(hz_pool_start(&ops, &c, 300, workers, BUDGET, &pool));
		assert_int_equal(receive(&c, pool, 301), 300);
		hz_pool_stop(&pool);
		assert_int_equal(c.alive, 0);
	}
	struct hz_pool *pool = NULL;
	struct ctx c = { .fail_new = -1 };
	assert_err(hz_pool_start(&ops, &c, 1, 0, BUDGET, &pool), HZ_ERR_LIMIT);
	assert_err(hz_pool_start(&ops, &c, 1, 17, BUDGET, &pool), HZ_ERR_LIMIT);
	assert_null(pool);
}

static void
no_items(void **state)
{
	(void)state;
	struct ctx c = { .fail_new = -1 };
	struct hz_pool *pool = NULL;
	struct hz_pool_msg m;
	enum hz_err result;
	assert_ok(hz_pool_start(&ops, &c, 0, 3, BUDGET, &pool));
	assert_false(hz_pool_next(pool, &m, &result));
	hz_pool_stop(&pool);
	assert_int_equal(c.worked, 0);
}

/* Workers are stopped in the middle of everything: sending, waiting for an answer, working. */
static void
early_stop_leaks_nothing(void **state)
{
	(void)state;
	static const uint64_t stops[] = { 0, 1, 2, 37, 500, 2000 };
	for (size_t i = 0; i < sizeof stops / sizeof stops[0]; i++) {
		struct ctx c = { .fail_new = -1 };
		struct hz_pool *pool = NULL;
		assert_ok(hz_pool_start(&ops, &c, ITEMS, 4, BUDGET, &pool));
		assert_int_equal(receive(&c, pool, stops[i]), stops[i]);
		hz_pool_stop(&pool);
		assert_int_equal(c.alive, 0);
		assert_int_equal(c.bytes, 0);
		assert_int_equal(c.workers_free, c.workers_new);
		assert_true(c.worked < ITEMS);
	}
}

/* A question that was received and never answered does not hold up the end. */
static void
stop_with_an_open_question(void **state)
{
	(void)state;
	struct ctx c = { .fail_new = -1 };
	struct hz_pool *pool = NULL;
	struct hz_pool_msg m = { 0 };
	enum hz_err result;
	assert_ok(hz_pool_start(&ops, &c, ITEMS, 4, BUDGET, &pool));
	while (hz_pool_next(pool, &m, &result) && m.kind != ASK) {
		if (m.kind != 0) {
			note_free(&m, &c);
		}
	}
	assert_int_equal(m.kind, ASK);
	note_free(&m, &c);
	hz_pool_stop(&pool);
	assert_int_equal(c.alive, 0);
}

static enum hz_err
flood(struct hz_lane *lane, uint64_t item, void *state, void *arg)
{
	(void)state;
	struct ctx *c = arg;
	for (unsigned i = 0; i < 200; i++) {
		struct hz_pool_msg m = note_new(c, DATA, item, i);
		atomic_fetch_sub(&c->bytes, (long)m.cost);
		m.cost = 100;
		enum hz_err err = hz_lane_send(lane, m);
		if (err != HZ_OK) {
			atomic_fetch_add(&c->bytes, 100);
			note_free(&m, c);
			return err;
		}
		long now = atomic_fetch_add(&c->bytes, 100) + 100;
		long peak = atomic_load(&c->peak);
		while (now > peak && !atomic_compare_exchange_weak(&c->peak, &peak, now)) {
		}
	}
	return HZ_OK;
}

static void
nap(long ms)
{
	struct timespec t = { ms / 1000, ms % 1000 * 1000000 };
	while (nanosleep(&t, &t) != 0) {
	}
}

/* The consumer sleeps: 3 workers may hold 10 messages of 100 bytes each; an eleventh does not fit whole. */
static void
budget_holds_workers_back(void **state)
{
	(void)state;
	static const struct hz_pool_ops flooding = { .work = flood, .msg_free = note_free };
	struct ctx c = { .fail_new = -1 };
	struct hz_pool *pool = NULL;
	struct hz_pool_msg m;
	enum hz_err result;
	assert_ok(hz_pool_start(&flooding, &c, 6, 3, 1050, &pool));
	for (int i = 0; i < 500 && atomic_load(&c.bytes) < 3000; i++) {
		nap(10);
	}
	nap(30);
	assert_int_equal(atomic_load(&c.bytes), 3000);
	uint64_t ends = 0;
	while (hz_pool_next(pool, &m, &result)) {
		if (m.kind == 0) {
			ends++;
		} else {
			note_free(&m, &c);
		}
	}
	assert_int_equal(ends, 6);
	hz_pool_stop(&pool);
	assert_int_equal(c.alive, 0);
	assert_int_equal(c.bytes, 0);
}

static enum hz_err
nothing(struct hz_lane *lane, uint64_t item, void *state, void *arg)
{
	(void)lane;
	(void)state;
	struct ctx *c = arg;
	if (item == 0) {
		nap(200);
	}
	atomic_fetch_add(&c->worked, 1);
	return HZ_OK;
}

/* Item 0 is slow, the others free of cost: the others run ahead as far as their channels reach. */
static void
running_ahead_is_bounded(void **state)
{
	(void)state;
	static const struct hz_pool_ops light = { .work = nothing };
	struct ctx c = { .fail_new = -1 };
	struct hz_pool *pool = NULL;
	struct hz_pool_msg m;
	enum hz_err result;
	assert_ok(hz_pool_start(&light, &c, 100000, 16, BUDGET, &pool));
	nap(100);
	assert_true(atomic_load(&c.worked) <= 16 * 1025);
	uint64_t item = 0;
	while (hz_pool_next(pool, &m, &result)) {
		assert_int_equal(m.kind, 0);
		assert_int_equal(m.item, item);
		item++;
	}
	assert_int_equal(item, 100000);
	hz_pool_stop(&pool);
}

static void
failing_worker_state(void **state)
{
	(void)state;
	for (int good = 0; good < 4; good++) {
		struct ctx c = { .fail_new = good };
		struct hz_pool *pool = NULL;
		assert_err(hz_pool_start(&ops, &c, ITEMS, 4, BUDGET, &pool), HZ_ERR_LIMIT);
		assert_null(pool);
		assert_int_equal(hz_fail_msg(), HZ_MSG_LIMIT);
		assert_string_equal(hz_fail_detail(), "no state for this worker");
		assert_int_equal(c.workers_free, c.workers_new);
		assert_int_equal(c.alive, 0);
	}
}

static enum hz_err
wait_for_stop(struct hz_lane *lane, uint64_t item, void *state, void *arg)
{
	(void)item;
	(void)state;
	struct ctx *c = arg;
	sigset_t mask;
	(void)pthread_sigmask(SIG_SETMASK, NULL, &mask);
	if (sigismember(&mask, SIGINT) != 1 || sigismember(&mask, SIGTERM) != 1 ||
	    sigismember(&mask, SIGSEGV) != 0) {
		atomic_store(&c->fail_new, 99);
	}
	while (!hz_lane_stopped(lane)) {
		nap(1);
	}
	atomic_fetch_add(&c->worked, 1);
	return HZ_OK;
}

static void
long_work_sees_the_stop_and_no_signals(void **state)
{
	(void)state;
	static const struct hz_pool_ops waiting = { .work = wait_for_stop };
	struct ctx c = { .fail_new = -1 };
	struct hz_pool *pool = NULL;
	assert_ok(hz_pool_start(&waiting, &c, 2, 2, BUDGET, &pool));
	nap(30);
	hz_pool_stop(&pool);
	assert_true(c.worked <= 2);
	assert_int_equal(c.fail_new, -1);
	sigset_t mask;
	(void)pthread_sigmask(SIG_SETMASK, NULL, &mask);
	assert_int_equal(sigismember(&mask, SIGINT), 0);
}

const struct CMUnitTest pool_tests[] = {
	cmocka_unit_test(order_is_kept),
	cmocka_unit_test(every_number_of_workers),
	cmocka_unit_test(no_items),
	cmocka_unit_test(early_stop_leaks_nothing),
	cmocka_unit_test(stop_with_an_open_question),
	cmocka_unit_test(budget_holds_workers_back),
	cmocka_unit_test(running_ahead_is_bounded),
	cmocka_unit_test(failing_worker_state),
	cmocka_unit_test(long_work_sees_the_stop_and_no_signals),
};
const size_t pool_count = sizeof pool_tests / sizeof pool_tests[0];
