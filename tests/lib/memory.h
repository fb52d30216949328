/* Bytes in memory as a source for what reads files from outside (outside/outside.h). */
#ifndef HZ_TESTS_MEMORY_H
#define HZ_TESTS_MEMORY_H

#include "outside/outside.h"
#include <string.h>

struct memory {
	const uint8_t *p;
	size_t n, piece; /* piece: at most so many bytes at a time; 0: all */
};

static enum hz_err
read_memory(void *arg, uint64_t at, void *p, size_t n, size_t *ret_n)
{
	const struct memory *m = arg;
	size_t left = at < m->n ? m->n - (size_t)at : 0;

	n = m->piece > 0 && m->piece < n ? m->piece : n;
	*ret_n = left < n ? left : n;
	if (*ret_n > 0) {
		memcpy(p, m->p + at, *ret_n);
	}
	return HZ_OK;
}

#endif
