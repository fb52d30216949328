#include "base/gate.h"

#include <pthread.h>
#include <stdlib.h>

struct hz_gate {
	pthread_rwlock_t lock;
};

HZ_RESULT
hz_gate_new(struct hz_gate **ret_g)
{
	struct hz_gate *g = calloc(1, sizeof(*g));
	pthread_rwlockattr_t attr;
	if (!g || pthread_rwlockattr_init(&attr) != 0) {
		free(g);
		return hz_fail(HZ_MSG_NOMEM, "a gate");
	}
	/* Without this a closer waits as long as those who enter follow one another. */
	int rc = pthread_rwlockattr_setkind_np(&attr, PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP);
	if (rc == 0) {
		rc = pthread_rwlock_init(&g->lock, &attr);
	}
	(void)pthread_rwlockattr_destroy(&attr);
	if (rc != 0) {
		free(g);
		return hz_fail(HZ_MSG_NOMEM, "a gate");
	}
	*ret_g = g;
	return HZ_OK;
}

void
hz_gate_free(struct hz_gate **g)
{
	if (*g) {
		(void)pthread_rwlock_destroy(&(*g)->lock);
		free(*g);
		*g = NULL;
	}
}

void
hz_gate_enter(struct hz_gate *g)
{
	hz_assert(pthread_rwlock_rdlock(&g->lock) == 0);
}

void
hz_gate_close(struct hz_gate *g)
{
	hz_assert(pthread_rwlock_wrlock(&g->lock) == 0);
}

void
hz_gate_leave(struct hz_gate *g)
{
	hz_assert(pthread_rwlock_unlock(&g->lock) == 0);
}
