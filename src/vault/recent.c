/* Quick keys asked for in this run: so that two equal files of one run meet although neither is committed
 * yet. A table of 64-bit tags with open addressing; a false positive only costs a second reading. */
#include "vault/internal.h"

#include <pthread.h>
#include <stdlib.h>

struct hz_recent {
	pthread_mutex_t lock;
	uint64_t *tags;
	size_t cap, n;
};

HZ_RESULT
hz_recent_new(struct hz_recent **ret_r)
{
	struct hz_recent *r = calloc(1, sizeof(*r));
	if (r) {
		r->cap = 4096;
		r->tags = calloc(r->cap, sizeof(*r->tags));
	}
	if (!r || !r->tags || pthread_mutex_init(&r->lock, NULL) != 0) {
		free(r ? r->tags : NULL);
		free(r);
		return hz_fail(HZ_MSG_NOMEM, "the table of quick keys");
	}
	*ret_r = r;
	return HZ_OK;
}

void
hz_recent_free(struct hz_recent **r)
{
	if (*r) {
		(void)pthread_mutex_destroy(&(*r)->lock);
		free((*r)->tags);
		free(*r);
		*r = NULL;
	}
}

static bool
put(uint64_t *tags, size_t cap, uint64_t tag)
{
	size_t i = (size_t)(tag & (cap - 1));
	while (tags[i] != 0) {
		if (tags[i] == tag) {
			return true;
		}
		i = (i + 1) & (cap - 1);
	}
	tags[i] = tag;
	return false;
}

bool
hz_recent_add(struct hz_recent *r, const uint8_t key[static 32])
{
	uint64_t tag = hz_rd_be64(key) | 1;
	(void)pthread_mutex_lock(&r->lock);
	if (r->n * 2 >= r->cap) {
		uint64_t *grown = calloc(r->cap * 2, sizeof(*grown));
		if (grown) {
			for (size_t i = 0; i < r->cap; i++) {
				if (r->tags[i]) {
					(void)put(grown, r->cap * 2, r->tags[i]);
				}
			}
			free(r->tags);
			r->tags = grown;
			r->cap *= 2;
		}
	}
	/* Without memory for a larger table everything may be known: slower, never wrong. */
	bool was = r->n * 2 >= r->cap ? true : put(r->tags, r->cap, tag);
	if (!was) {
		r->n++;
	}
	(void)pthread_mutex_unlock(&r->lock);
	return was;
}
