#include "classify/inner.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PART 65536

struct arena_part {
	struct arena_part *next;
	size_t used, size;
	max_align_t bytes[];
};

void *
arena_get(struct arena *a, size_t n)
{
	size_t want = (n + sizeof(max_align_t) - 1) / sizeof(max_align_t) * sizeof(max_align_t);
	if (a->part == NULL || a->part->size - a->part->used < want) {
		size_t size = want > PART ? want : PART;
		struct arena_part *p = malloc(sizeof *p + size);
		if (p == NULL) {
			(void)hz_fail(HZ_MSG_NOMEM, "rules");
			return NULL;
		}
		*p = (struct arena_part){ a->part, 0, size };
		a->part = p;
	}
	uint8_t *at = (uint8_t *)a->part->bytes + a->part->used;
	a->part->used += want;
	return at;
}

char *
arena_copy(struct arena *a, const void *p, size_t n)
{
	char *s = arena_get(a, n + 1);
	if (s != NULL) {
		if (n > 0) {
			memcpy(s, p, n);
		}
		s[n] = '\0';
	}
	return s;
}

void
arena_done(struct arena *a)
{
	while (a->part != NULL) {
		struct arena_part *next = a->part->next;
		free(a->part);
		a->part = next;
	}
}

enum hz_err
more(void **p, size_t *cap, size_t want, size_t size)
{
	if (want <= *cap) {
		return HZ_OK;
	}
	size_t to = *cap < 64 ? 64 : *cap * 2;
	if (to < want) {
		to = want;
	}
	void *q = reallocarray(*p, to, size);
	if (q == NULL) {
		return hz_fail(HZ_MSG_NOMEM, "rules");
	}
	*p = q;
	*cap = to;
	return HZ_OK;
}

/* The finalizer of splitmix64 (Steele, Lea and Flood 2014). */
static uint64_t
mix(uint64_t x)
{
	x ^= x >> 30;
	x *= 0xBF58476D1CE4E5B9U;
	x ^= x >> 27;
	x *= 0x94D049BB133111EBU;
	return x ^ x >> 31;
}

static size_t
place_of(const struct map *m, uint64_t key)
{
	size_t i = (size_t)mix(key) & (m->cap - 1);
	while (m->key[i] != UINT64_MAX && m->key[i] != key) {
		i = (i + 1) & (m->cap - 1);
	}
	return i;
}

static enum hz_err
map_grow(struct map *m)
{
	struct map old = *m;
	size_t cap = old.cap == 0 ? 256 : old.cap * 2;
	struct map new = { calloc(cap, sizeof *new.key), calloc(cap, sizeof *new.value), old.n, cap };
	if (new.key == NULL || new.value == NULL) {
		free(new.key);
		free(new.value);
		return hz_fail(HZ_MSG_NOMEM, "rules");
	}
	memset(new.key, 0xFF, cap * sizeof *new.key);
	for (size_t i = 0; i < old.cap; i++) {
		if (old.key[i] != UINT64_MAX) {
			size_t to = place_of(&new, old.key[i]);
			new.key[to] = old.key[i];
			new.value[to] = old.value[i];
		}
	}
	free(old.key);
	free(old.value);
	*m = new;
	return HZ_OK;
}

enum hz_err
map_put(struct map *m, uint64_t key, uint32_t value)
{
	if (m->n * 2 >= m->cap) {
		HZ_TRY(map_grow(m));
	}
	size_t i = place_of(m, key);
	m->n += m->key[i] == UINT64_MAX;
	m->key[i] = key;
	m->value[i] = value;
	return HZ_OK;
}

bool
map_get(const struct map *m, uint64_t key, uint32_t *ret_value)
{
	if (m->n == 0) {
		return false;
	}
	size_t i = place_of(m, key);
	if (m->key[i] == UINT64_MAX) {
		return false;
	}
	*ret_value = m->value[i];
	return true;
}

void
map_done(struct map *m)
{
	free(m->key);
	free(m->value);
	*m = (struct map){ NULL, NULL, 0, 0 };
}

/* The first ones by line are kept: sections are read in their canonical order, not in the file's. */
enum hz_err
fault(struct faults *f, size_t line, const char *what, const char *remedy)
{
	size_t i = f->n < f->max ? f->n++ : f->max;
	while (i > 0 && f->v[i - 1].line > line) {
		if (i < f->max) {
			f->v[i] = f->v[i - 1];
		}
		i--;
	}
	if (i < f->max) {
		f->v[i].line = line;
		(void)snprintf(f->v[i].what, sizeof f->v[i].what, "%s", what);
		(void)snprintf(f->v[i].remedy, sizeof f->v[i].remedy, "%s", remedy);
	}
	return HZ_OK;
}
