/* Which number a source will get, if it is sealed: so that a worker can sign its record ahead of its turn.
 * What is known not to be sealed is left out of the count; a wrong guess costs time, nothing else. */
#include "ingest/inner.h"

#include <pthread.h>
#include <stdlib.h>

/* After this many wrong guesses more than right ones, nothing is made ahead until that has changed. */
#define PATIENCE 64

struct hz_guess {
	pthread_mutex_t lock;
	uint64_t next; /* number of the next exhibit, as of `done` items */
	uint64_t done;
	int64_t trust;
	uint64_t count;
	uint64_t skipped[]; /* a bit for each source that is known not to be sealed */
};

HZ_RESULT
hz_guess_new(uint64_t next, uint64_t count, struct hz_guess **ret_g)
{
	struct hz_guess *g = calloc(1, sizeof *g + (size_t)(count / 64 + 1) * sizeof g->skipped[0]);

	if (g == NULL || pthread_mutex_init(&g->lock, NULL) != 0) {
		free(g);
		return hz_fail(HZ_MSG_NOMEM, "a run");
	}
	g->next = next;
	g->count = count;
	g->trust = PATIENCE;
	*ret_g = g;
	return HZ_OK;
}

void
hz_guess_free(struct hz_guess **gp)
{
	if (*gp != NULL) {
		(void)pthread_mutex_destroy(&(*gp)->lock);
		free(*gp);
		*gp = NULL;
	}
}

void
hz_guess_skip(struct hz_guess *g, uint64_t item)
{
	(void)pthread_mutex_lock(&g->lock);
	g->skipped[item / 64] |= (uint64_t)1 << (item % 64);
	(void)pthread_mutex_unlock(&g->lock);
}

void
hz_guess_done(struct hz_guess *g, uint64_t next, uint64_t guessed, uint64_t got)
{
	(void)pthread_mutex_lock(&g->lock);
	g->next = next;
	g->done++;
	if (got != 0 && guessed != 0) {
		g->trust += guessed == got ? 1 : -1;
	} else if (got != 0) {
		g->trust++; /* in time it is tried again */
	}
	g->trust = g->trust > PATIENCE ? PATIENCE : g->trust;
	(void)pthread_mutex_unlock(&g->lock);
}

uint64_t
hz_guess_number(struct hz_guess *g, uint64_t item)
{
	uint64_t no = 0;

	(void)pthread_mutex_lock(&g->lock);
	if (g->trust > 0 && item >= g->done) {
		no = g->next + (item - g->done);
		for (uint64_t i = g->done; i < item; i++) {
			if (i % 64 == 0 && item - i >= 64) {
				no -= (uint64_t)__builtin_popcountll(g->skipped[i / 64]);
				i += 63;
			} else {
				no -= g->skipped[i / 64] >> (i % 64) & 1;
			}
		}
	}
	(void)pthread_mutex_unlock(&g->lock);
	return no;
}
