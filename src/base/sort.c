#include "base/sort.h"

#include "base/err.h"
#include <stdint.h>
#include <string.h>

struct order {
	int (*plain)(const void *a, const void *b);
	int (*with)(const void *a, const void *b, void *arg);
	void *arg;
	size_t size;
};

static int
compare(const struct order *o, const uint8_t *a, const uint8_t *b)
{
	return o->plain != NULL ? o->plain(a, b) : o->with(a, b, o->arg);
}

static void
exchange(uint8_t *a, uint8_t *b, size_t size)
{
	uint8_t swap[HZ_SORT_SIZE];

	memcpy(swap, a, size);
	memcpy(a, b, size);
	memcpy(b, swap, size);
}

/* Lets the element at i sink to where it belongs in the heap of n. */
static void
sink(const struct order *o, uint8_t *p, size_t i, size_t n)
{
	for (size_t child; (child = 2 * i + 1) < n; i = child) {
		if (child + 1 < n && compare(o, p + child * o->size, p + (child + 1) * o->size) < 0) {
			child++;
		}
		if (compare(o, p + i * o->size, p + child * o->size) >= 0) {
			return;
		}
		exchange(p + i * o->size, p + child * o->size, o->size);
	}
}

static void
sort(const struct order *o, uint8_t *p, size_t n)
{
	hz_assert(o->size <= HZ_SORT_SIZE);
	for (size_t i = n / 2; i-- > 0;) {
		sink(o, p, i, n);
	}
	for (size_t end = n; end > 1; end--) {
		exchange(p, p + (end - 1) * o->size, o->size);
		sink(o, p, 0, end - 1);
	}
}

void
hz_sort(void *p, size_t n, size_t size, int (*cmp)(const void *a, const void *b))
{
	const struct order o = { .plain = cmp, .size = size };

	sort(&o, p, n);
}

void
hz_sort_with(void *p, size_t n, size_t size, int (*cmp)(const void *a, const void *b, void *arg), void *arg)
{
	const struct order o = { .with = cmp, .arg = arg, .size = size };

	sort(&o, p, n);
}
