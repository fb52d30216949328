/* Sets of the words of a sentence. Inside this room only. */
#ifndef HZ_CLASSIFY_BITS_H
#define HZ_CLASSIFY_BITS_H

#include "classify/classify.h"

struct bits {
	uint64_t w[HZ_CLASSIFY_WORDS / 64];
};

/* The bits first..last of number i of a set. */
static inline uint64_t
mask_of(unsigned i, unsigned first, unsigned last)
{
	uint64_t mask = UINT64_MAX;
	if (i == first / 64) {
		mask &= UINT64_MAX << first % 64;
	}
	if (i == last / 64) {
		mask &= UINT64_MAX >> (63 - last % 64);
	}
	return mask;
}

/* first > last: none. Both below HZ_CLASSIFY_WORDS. Nearly all sentences are of one number. */
static inline void
bits_set(struct bits *b, unsigned first, unsigned last)
{
	if (first / 64 == last / 64 && first <= last) {
		b->w[first / 64] |= mask_of(first / 64, first, last);
		return;
	}
	for (unsigned i = first / 64; first <= last && i <= last / 64; i++) {
		b->w[i] |= mask_of(i, first, last);
	}
}

static inline bool
bits_any(const struct bits *b, unsigned first, unsigned last)
{
	if (first / 64 == last / 64 && first <= last) {
		return (b->w[first / 64] & mask_of(first / 64, first, last)) != 0;
	}
	for (unsigned i = first / 64; first <= last && i <= last / 64; i++) {
		if ((b->w[i] & mask_of(i, first, last)) != 0) {
			return true;
		}
	}
	return false;
}

static inline bool
bits_has(const struct bits *b, unsigned i)
{
	return (b->w[i / 64] >> i % 64 & 1) != 0;
}

#endif
