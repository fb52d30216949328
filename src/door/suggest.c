#include "door/options.h"

#include <string.h>

#define WORD_MAX 63

static unsigned
least(unsigned a, unsigned b, unsigned c)
{
	unsigned m = a < b ? a : b;

	return m < c ? m : c;
}

/* Optimal string alignment: the Damerau-Levenshtein distance with each place edited once, three rows kept. */
unsigned
hz_word_distance(const char *a, const char *b)
{
	unsigned rows[3][WORD_MAX + 1];
	unsigned *two = rows[0];
	unsigned *one = rows[1];
	unsigned *now = rows[2];
	size_t na = strlen(a);
	size_t nb = strlen(b);

	if (na > WORD_MAX || nb > WORD_MAX) {
		return 99;
	}
	for (size_t j = 0; j <= nb; j++) {
		one[j] = (unsigned)j;
		two[j] = 0;
	}
	for (size_t i = 1; i <= na; i++) {
		now[0] = (unsigned)i;
		for (size_t j = 1; j <= nb; j++) {
			unsigned change = a[i - 1] == b[j - 1] ? 0 : 1;
			now[j] = least(one[j] + 1, now[j - 1] + 1, one[j - 1] + change);
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] &&
			    two[j - 2] + 1 < now[j]) {
				now[j] = two[j - 2] + 1;
			}
		}
		unsigned *old = two;
		two = one;
		one = now;
		now = old;
	}
	return one[nb];
}
