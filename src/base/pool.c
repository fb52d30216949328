#include "base/pool.h"
#include "base/threads.h"

#include <stdlib.h>
#include <string.h>

/* One mutex guards everything; messages are large or items are files, so it is rarely wanted twice at once.
 *
 * Order: an item's worker is written into the ring `owner` when the item is taken. A worker's channel is
 * first in, first out and a worker takes growing items, so the first message in the channel of the owner of
 * item `cur` is a message of `cur`. A worker has at most SLOTS ended items in its channel (each left one
 * message) and one in work: the ring has room for all that can be taken and not yet consumed. */
#define WORKERS_MAX 16
#define SLOTS       1024
#define RING        32768
_Static_assert(RING >= WORKERS_MAX * (SLOTS + 1), "the ring holds every item that is taken");

struct slot {
	struct hz_pool_msg m;
	enum hz_err result;        /* of the item, with kind 0 */
	struct hz_failure *failed; /* with kind 0, where the result is not HZ_OK; may be NULL */
	bool ask;
};

struct hz_lane {
	struct hz_pool *pool;
	pthread_t thread;
	pthread_cond_t cond; /* the worker waits here: for space, for an answer */
	unsigned number;
	uint64_t item;
	size_t queued; /* sum of the costs in the channel */
	size_t head, used;
	bool answered;
	int answer;
	struct slot slots[SLOTS];
};

struct hz_pool {
	struct hz_pool_ops ops;
	void *arg;
	uint64_t count;
	size_t budget;
	pthread_mutex_t lock;
	pthread_cond_t cond; /* the consumer waits here */
	uint64_t next;       /* first item that nobody has taken */
	uint64_t cur;        /* item whose messages the consumer receives */
	bool stop;
	unsigned workers, ready;
	struct hz_failure start_failure;
	enum hz_err start_err;
	struct hz_lane *asking; /* its question is with the consumer, not answered yet */
	struct hz_failure last;
	uint8_t owner[RING];
	struct hz_lane *lanes[WORKERS_MAX];
};

/* A message passes if it fits, or alone. Only with the lock held. */
static bool
has_space(const struct hz_lane *lane, size_t cost)
{
	if (lane->used == SLOTS) {
		return false;
	}
	return lane->queued == 0 ||
	       (lane->queued < lane->pool->budget && cost <= lane->pool->budget - lane->queued);
}

/* Waits for space and appends. False if the pool stops. Only with the lock held. */
static bool
push(struct hz_lane *lane, const struct slot *s)
{
	struct hz_pool *pool = lane->pool;
	while (!pool->stop && !has_space(lane, s->m.cost)) {
		(void)pthread_cond_wait(&lane->cond, &pool->lock);
	}
	if (pool->stop) {
		return false;
	}
	lane->slots[(lane->head + lane->used) % SLOTS] = *s;
	lane->used++;
	lane->queued += s->m.cost;
	if (lane->item == pool->cur) {
		(void)pthread_cond_signal(&pool->cond);
	}
	return true;
}

enum hz_err
hz_lane_send(struct hz_lane *lane, struct hz_pool_msg m)
{
	hz_assert(m.kind != 0);
	struct slot s = { .m = m };
	s.m.item = lane->item;
	(void)pthread_mutex_lock(&lane->pool->lock);
	bool sent = push(lane, &s);
	(void)pthread_mutex_unlock(&lane->pool->lock);
	return sent ? HZ_OK : hz_fail(HZ_MSG_CANCELLED, "the pool stops");
}

enum hz_err
hz_lane_ask(struct hz_lane *lane, struct hz_pool_msg m, int *ret_answer)
{
	hz_assert(m.kind != 0);
	struct hz_pool *pool = lane->pool;
	struct slot s = { .m = m, .ask = true };
	s.m.item = lane->item;
	(void)pthread_mutex_lock(&pool->lock);
	lane->answered = false;
	bool sent = push(lane, &s);
	while (sent && !pool->stop && !lane->answered) {
		(void)pthread_cond_wait(&lane->cond, &pool->lock);
	}
	bool answered = sent && lane->answered;
	int answer = lane->answer;
	(void)pthread_mutex_unlock(&pool->lock);
	if (!sent && pool->ops.msg_free != NULL) {
		pool->ops.msg_free(&s.m, pool->arg);
	}
	if (!answered) {
		return hz_fail(HZ_MSG_CANCELLED, "the pool stops");
	}
	*ret_answer = answer;
	return HZ_OK;
}

bool
hz_lane_stopped(struct hz_lane *lane)
{
	(void)pthread_mutex_lock(&lane->pool->lock);
	bool stop = lane->pool->stop;
	(void)pthread_mutex_unlock(&lane->pool->lock);
	return stop;
}

static bool
take_item(struct hz_lane *lane)
{
	struct hz_pool *pool = lane->pool;
	(void)pthread_mutex_lock(&pool->lock);
	bool more = !pool->stop && pool->next < pool->count;
	if (more) {
		hz_assert(pool->next - pool->cur < RING);
		lane->item = pool->next++;
		pool->owner[lane->item % RING] = (uint8_t)lane->number;
	}
	(void)pthread_mutex_unlock(&pool->lock);
	return more;
}

static void
end_item(struct hz_lane *lane, enum hz_err result)
{
	struct slot s = { .m = { .item = lane->item }, .result = result };
	if (result != HZ_OK) {
		s.failed = malloc(sizeof *s.failed);
		if (s.failed != NULL) {
			hz_fail_save(s.failed);
		}
	}
	(void)pthread_mutex_lock(&lane->pool->lock);
	bool sent = push(lane, &s);
	(void)pthread_mutex_unlock(&lane->pool->lock);
	if (!sent) {
		free(s.failed);
	}
}

static void
report_ready(struct hz_pool *pool, enum hz_err err)
{
	(void)pthread_mutex_lock(&pool->lock);
	pool->ready++;
	if (err != HZ_OK && pool->start_err == HZ_OK) {
		pool->start_err = err;
		hz_fail_save(&pool->start_failure);
	}
	(void)pthread_cond_signal(&pool->cond);
	(void)pthread_mutex_unlock(&pool->lock);
}

static void *
worker(void *p)
{
	struct hz_lane *lane = p;
	struct hz_pool *pool = lane->pool;
	void *state = NULL;
	enum hz_err err = pool->ops.worker_new == NULL ? HZ_OK : pool->ops.worker_new(&state, pool->arg);
	report_ready(pool, err);
	if (err != HZ_OK) {
		return NULL;
	}
	while (take_item(lane)) {
		hz_fail_clear();
		end_item(lane, pool->ops.work(lane, lane->item, state, pool->arg));
	}
	if (pool->ops.worker_free != NULL) {
		pool->ops.worker_free(state, pool->arg);
	}
	return NULL;
}

static void
lane_free(struct hz_pool *pool, struct hz_lane *lane)
{
	for (size_t i = 0; i < lane->used; i++) {
		struct slot *s = &lane->slots[(lane->head + i) % SLOTS];
		if (s->m.kind != 0 && pool->ops.msg_free != NULL) {
			pool->ops.msg_free(&s->m, pool->arg);
		}
		free(s->failed);
	}
	(void)pthread_cond_destroy(&lane->cond);
	free(lane);
}

void
hz_pool_stop(struct hz_pool **pool)
{
	struct hz_pool *p = *pool;
	if (p == NULL) {
		return;
	}
	*pool = NULL;
	(void)pthread_mutex_lock(&p->lock);
	p->stop = true;
	for (unsigned i = 0; i < p->workers; i++) {
		(void)pthread_cond_signal(&p->lanes[i]->cond);
	}
	(void)pthread_mutex_unlock(&p->lock);
	for (unsigned i = 0; i < p->workers; i++) {
		(void)pthread_join(p->lanes[i]->thread, NULL);
	}
	for (unsigned i = 0; i < p->workers; i++) {
		lane_free(p, p->lanes[i]);
	}
	(void)pthread_cond_destroy(&p->cond);
	(void)pthread_mutex_destroy(&p->lock);
	free(p);
}

static enum hz_err
lane_start(struct hz_pool *pool)
{
	struct hz_lane *lane = calloc(1, sizeof *lane);
	if (lane == NULL) {
		return hz_fail(HZ_MSG_NOMEM, "a worker's channel");
	}
	lane->pool = pool;
	lane->number = pool->workers;
	(void)pthread_cond_init(&lane->cond, NULL);
	int rc = hz_thread_start(&lane->thread, worker, lane);
	if (rc != 0) {
		(void)pthread_cond_destroy(&lane->cond);
		free(lane);
		return hz_fail_sys(HZ_MSG_NOMEM, rc, "start of a worker");
	}
	pool->lanes[pool->workers] = lane;
	pool->workers++;
	return HZ_OK;
}

/* Starts what the system gives: fewer workers than wished are slower, none is an error. */
static enum hz_err
start_workers(struct hz_pool *pool, unsigned workers)
{
	enum hz_err err = HZ_OK;
	while (err == HZ_OK && pool->workers < workers) {
		err = lane_start(pool);
	}
	if (pool->workers == 0) {
		return err;
	}
	(void)pthread_mutex_lock(&pool->lock);
	while (pool->ready < pool->workers) {
		(void)pthread_cond_wait(&pool->cond, &pool->lock);
	}
	err = pool->start_err;
	(void)pthread_mutex_unlock(&pool->lock);
	if (err != HZ_OK) {
		(void)hz_fail_restore(&pool->start_failure);
	}
	return err;
}

enum hz_err
hz_pool_start(const struct hz_pool_ops *ops, void *arg, uint64_t count, unsigned workers, size_t budget,
    struct hz_pool **ret_pool)
{
	hz_assert(ops->work != NULL);
	if (workers < 1 || workers > WORKERS_MAX) {
		return hz_fail(HZ_MSG_LIMIT, "%u workers, 1 to %d", workers, WORKERS_MAX);
	}
	struct hz_pool *pool = calloc(1, sizeof *pool);
	if (pool == NULL) {
		return hz_fail(HZ_MSG_NOMEM, "pool");
	}
	pool->ops = *ops;
	pool->arg = arg;
	pool->count = count;
	pool->budget = budget;
	(void)pthread_mutex_init(&pool->lock, NULL);
	(void)pthread_cond_init(&pool->cond, NULL);
	enum hz_err err = start_workers(pool, count < workers ? (unsigned)(count == 0 ? 1 : count) : workers);
	if (err != HZ_OK) {
		struct hz_failure why;
		hz_fail_save(&why);
		hz_pool_stop(&pool);
		(void)hz_fail_restore(&why);
		return err;
	}
	*ret_pool = pool;
	return HZ_OK;
}

/* The channel with the next message, or NULL while there is none. Only with the lock held. */
static struct hz_lane *
next_lane(struct hz_pool *pool)
{
	if (pool->cur >= pool->next) {
		return NULL;
	}
	struct hz_lane *lane = pool->lanes[pool->owner[pool->cur % RING]];
	return lane->used > 0 ? lane : NULL;
}

static void
item_over(struct hz_pool *pool, const struct slot *s, enum hz_err *ret_result)
{
	pool->cur++;
	memset(&pool->last, 0, sizeof pool->last);
	if (s->failed != NULL) {
		pool->last = *s->failed;
		free(s->failed);
	} else if (s->result != HZ_OK) {
		pool->last.msg = HZ_MSG_NOMEM; /* there was no memory to keep the reason */
	}
	*ret_result = s->result;
}

bool
hz_pool_next(struct hz_pool *pool, struct hz_pool_msg *ret_m, enum hz_err *ret_result)
{
	if (pool == NULL || pool->cur >= pool->count) {
		return false;
	}
	(void)pthread_mutex_lock(&pool->lock);
	/* The asking worker waits: without an answer there would never be a next message. */
	hz_assert(pool->asking == NULL);
	struct hz_lane *lane;
	while ((lane = next_lane(pool)) == NULL) {
		(void)pthread_cond_wait(&pool->cond, &pool->lock);
	}
	struct slot s = lane->slots[lane->head];
	hz_assert(s.m.item == pool->cur);
	lane->head = (lane->head + 1) % SLOTS;
	lane->used--;
	lane->queued -= s.m.cost;
	if (s.ask) {
		pool->asking = lane;
	}
	if (s.m.kind == 0) {
		item_over(pool, &s, ret_result);
	} else {
		*ret_result = HZ_OK;
	}
	(void)pthread_cond_signal(&lane->cond);
	(void)pthread_mutex_unlock(&pool->lock);
	*ret_m = s.m;
	return true;
}

const struct hz_failure *
hz_pool_failure(const struct hz_pool *pool)
{
	return &pool->last;
}

void
hz_pool_answer(struct hz_pool *pool, int answer)
{
	(void)pthread_mutex_lock(&pool->lock);
	struct hz_lane *lane = pool->asking;
	hz_assert(lane != NULL);
	pool->asking = NULL;
	lane->answer = answer;
	lane->answered = true;
	(void)pthread_cond_signal(&lane->cond);
	(void)pthread_mutex_unlock(&pool->lock);
}
