/* Workers over items in order, and one consumer that sees the results in the order of the items: a bounded
 * queue and workers. With base/aside the only threads of hirz. Checked with ThreadSanitizer.
 *
 * Each worker takes the next item number and hands messages about it to a bounded channel of its own;
 * the consumer (the calling thread) receives the messages of item 0, then of item 1, ... Memory is
 * bounded by workers * budget bytes, whatever the sizes of the items. */
#ifndef HZ_BASE_POOL_H
#define HZ_BASE_POOL_H

#include "base/err.h"
#include <stdint.h>

struct hz_pool;
struct hz_lane; /* a worker's side of the item it is at */

struct hz_pool_msg {
	uint64_t item; /* set by the pool */
	int kind;      /* the caller's word for it; kind 0 is reserved: "item is over", sent by the pool */
	void *p;       /* owned by whoever holds the message */
	size_t cost;   /* bytes it counts against the worker's budget */
};

struct hz_pool_ops {
	/* A worker's work on one item. Returns what the consumer sees at the end of the item. */
	enum hz_err (*work)(struct hz_lane *lane, uint64_t item, void *worker_state, void *arg);
	/* One state for each worker, made in the worker's thread; both may be NULL. */
	enum hz_err (*worker_new)(void **ret_state, void *arg);
	/* In the worker's thread too; only after a worker_new that succeeded. */
	void (*worker_free)(void *state, void *arg);
	/* Frees a message that nobody will receive any more. */
	void (*msg_free)(struct hz_pool_msg *m, void *arg);
};

/* count items, numbered from 0; workers 1..16 (HZ_MSG_LIMIT); budget bytes each. Starts fewer threads where
 * the system gives fewer. The first failure of worker_new is returned. */
HZ_RESULT hz_pool_start(const struct hz_pool_ops *ops, void *arg, uint64_t count, unsigned workers,
    size_t budget, struct hz_pool **ret_pool);
/* Worker: hands over a message; blocks while the budget is used up (a message larger than the budget
 * passes alone). HZ_ERR_CANCELLED after hz_pool_stop: the caller still owns the message then. */
HZ_RESULT hz_lane_send(struct hz_lane *lane, struct hz_pool_msg m);
/* Worker: sends m and waits for the consumer's answer to it (hz_pool_answer). m is the pool's from the call
 * on, whatever is returned: HZ_ERR_CANCELLED after hz_pool_stop. */
HZ_RESULT hz_lane_ask(struct hz_lane *lane, struct hz_pool_msg m, int *ret_answer);
/* Worker: true after hz_pool_stop; for long work that sends nothing meanwhile. */
bool hz_lane_stopped(struct hz_lane *lane);
/* Consumer: next message in item order. kind 0 with *ret_result = the work's result ends an item.
 * Returns false after the last item, or after hz_pool_stop. */
bool hz_pool_next(struct hz_pool *pool, struct hz_pool_msg *ret_m, enum hz_err *ret_result);
/* Consumer: the failure that the worker left when its item ended (after kind 0). */
const struct hz_failure *hz_pool_failure(const struct hz_pool *pool);
/* Consumer: answers the question received last, before the next hz_pool_next (asserted). */
void hz_pool_answer(struct hz_pool *pool, int answer);
/* Tells workers to end; waits; frees. NULL is fine. */
void hz_pool_stop(struct hz_pool **pool);

#endif
