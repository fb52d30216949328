/* Buffers for segments. Large ones are kept: fresh memory for each would cost more than its encryption. */
#include "ingest/inner.h"

#include <pthread.h>
#include <stdlib.h>

#define SMALL 65536

struct hz_bufs {
	pthread_mutex_t lock;
	struct hz_seg *idle;
};

HZ_RESULT
hz_bufs_new(struct hz_bufs **ret_b)
{
	struct hz_bufs *b = calloc(1, sizeof *b);

	if (b == NULL || pthread_mutex_init(&b->lock, NULL) != 0) {
		free(b);
		return hz_fail(HZ_MSG_NOMEM, "buffers");
	}
	*ret_b = b;
	return HZ_OK;
}

void
hz_bufs_free(struct hz_bufs **bp)
{
	struct hz_bufs *b = *bp;

	if (b == NULL) {
		return;
	}
	while (b->idle != NULL) {
		struct hz_seg *s = b->idle;
		b->idle = s->next;
		free(s);
	}
	(void)pthread_mutex_destroy(&b->lock);
	free(b);
	*bp = NULL;
}

HZ_RESULT
hz_bufs_get(struct hz_bufs *b, size_t want, struct hz_seg **ret_s)
{
	struct hz_seg *s = NULL;
	size_t cap = want <= SMALL ? want : HZ_OBJ_SEGMENT;

	hz_assert(want <= HZ_OBJ_SEGMENT);
	if (cap > SMALL) {
		(void)pthread_mutex_lock(&b->lock);
		s = b->idle;
		if (s != NULL) {
			b->idle = s->next;
		}
		(void)pthread_mutex_unlock(&b->lock);
	}
	if (s == NULL) {
		s = malloc(sizeof *s + cap);
		if (s == NULL) {
			return hz_fail(HZ_MSG_NOMEM, "a segment");
		}
		s->cap = cap;
	}
	s->next = NULL;
	s->n = 0;
	s->payload = UINT64_MAX;
	*ret_s = s;
	return HZ_OK;
}

void
hz_bufs_put(struct hz_bufs *b, struct hz_seg *s)
{
	if (s->cap <= SMALL) {
		free(s);
		return;
	}
	(void)pthread_mutex_lock(&b->lock);
	s->next = b->idle;
	b->idle = s;
	(void)pthread_mutex_unlock(&b->lock);
}
