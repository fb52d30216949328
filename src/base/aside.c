#include "base/aside.h"
#include "base/threads.h"

#include <stdlib.h>

enum state { IDLE, BEGUN, DONE, ENDING };

struct hz_aside {
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t work, done;
	enum state state;
	enum hz_err (*step)(void *arg);
	void *arg;
	enum hz_err result;
	struct hz_failure failure;
};

static void *
aside(void *p)
{
	struct hz_aside *a = p;

	(void)pthread_mutex_lock(&a->lock);
	for (;;) {
		while (a->state != BEGUN && a->state != ENDING) {
			(void)pthread_cond_wait(&a->work, &a->lock);
		}
		if (a->state == ENDING) {
			break;
		}
		(void)pthread_mutex_unlock(&a->lock);
		hz_fail_clear();
		enum hz_err result = a->step(a->arg);
		(void)pthread_mutex_lock(&a->lock);
		a->result = result;
		if (result != HZ_OK) {
			hz_fail_save(&a->failure);
		}
		a->state = DONE;
		(void)pthread_cond_signal(&a->done);
	}
	(void)pthread_mutex_unlock(&a->lock);
	return NULL;
}

HZ_RESULT
hz_aside_new(struct hz_aside **ret_a)
{
	struct hz_aside *a = calloc(1, sizeof *a);

	if (a == NULL) {
		return hz_fail(HZ_MSG_NOMEM, "a thread");
	}
	(void)pthread_mutex_init(&a->lock, NULL);
	(void)pthread_cond_init(&a->work, NULL);
	(void)pthread_cond_init(&a->done, NULL);
	int rc = hz_thread_start(&a->thread, aside, a);
	if (rc != 0) {
		free(a);
		return hz_fail_sys(HZ_MSG_NOMEM, rc, "start of a thread");
	}
	*ret_a = a;
	return HZ_OK;
}

void
hz_aside_free(struct hz_aside **ap)
{
	struct hz_aside *a = *ap;

	if (a == NULL) {
		return;
	}
	*ap = NULL;
	(void)pthread_mutex_lock(&a->lock);
	while (a->state == BEGUN) {
		(void)pthread_cond_wait(&a->done, &a->lock);
	}
	a->state = ENDING;
	(void)pthread_cond_signal(&a->work);
	(void)pthread_mutex_unlock(&a->lock);
	(void)pthread_join(a->thread, NULL);
	(void)pthread_cond_destroy(&a->work);
	(void)pthread_cond_destroy(&a->done);
	(void)pthread_mutex_destroy(&a->lock);
	free(a);
}

void
hz_aside_begin(struct hz_aside *a, enum hz_err (*step)(void *arg), void *arg)
{
	(void)pthread_mutex_lock(&a->lock);
	hz_assert(a->state == IDLE);
	a->step = step;
	a->arg = arg;
	a->state = BEGUN;
	(void)pthread_cond_signal(&a->work);
	(void)pthread_mutex_unlock(&a->lock);
}

HZ_RESULT
hz_aside_wait(struct hz_aside *a)
{
	(void)pthread_mutex_lock(&a->lock);
	bool begun = a->state != IDLE;
	while (a->state == BEGUN) {
		(void)pthread_cond_wait(&a->done, &a->lock);
	}
	a->state = IDLE;
	(void)pthread_mutex_unlock(&a->lock);
	if (!begun || a->result == HZ_OK) {
		return HZ_OK;
	}
	return hz_fail_restore(&a->failure);
}
