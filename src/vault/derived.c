/* Counters of derived exhibits: numbers, keys, walks. */
#include "vault/internal.h"

#include <stdio.h>
#include <string.h>

#define COUNT_BITS 8
#define ORIGIN_MAX ((HZ_DERIVED_FIRST >> COUNT_BITS) - 1)
#define KEY_PLAIN  ((size_t)8)

bool
hz_is_derived(uint64_t no)
{
	return no >= HZ_DERIVED_FIRST;
}

uint64_t
hz_derived_no(uint64_t origin, unsigned n)
{
	hz_assert(origin > 0 && origin <= ORIGIN_MAX && n > 0 && n <= HZ_DERIVED_MAX);
	return HZ_DERIVED_FIRST | origin << COUNT_BITS | n;
}

uint64_t
hz_derived_origin(uint64_t no)
{
	return hz_is_derived(no) ? (no & ~HZ_DERIVED_FIRST) >> COUNT_BITS : 0;
}

/* The keys of derived exhibits begin with eight zero bytes: before all others, so that those still only grow.
 */
size_t
hz_exhibit_key_put(uint64_t no, uint8_t ret[static HZ_EXHIBIT_KEY_MAX])
{
	if (!hz_is_derived(no)) {
		hz_be64(ret, no);
		return KEY_PLAIN;
	}
	hz_be64(ret, 0);
	hz_be64(ret + KEY_PLAIN, hz_derived_origin(no));
	ret[2 * KEY_PLAIN] = (uint8_t)no;
	return HZ_EXHIBIT_KEY_MAX;
}

bool
hz_exhibit_key_get(const uint8_t *k, size_t n, uint64_t *ret_no)
{
	uint64_t first = n >= KEY_PLAIN ? hz_rd_be64(k) : 0;

	if (n == KEY_PLAIN && first > 0 && !hz_is_derived(first)) {
		*ret_no = first;
		return true;
	}
	if (n != HZ_EXHIBIT_KEY_MAX || first != 0) {
		return false;
	}
	uint64_t origin = hz_rd_be64(k + KEY_PLAIN);

	if (origin == 0 || origin > ORIGIN_MAX || k[2 * KEY_PLAIN] == 0) {
		return false;
	}
	*ret_no = hz_derived_no(origin, k[2 * KEY_PLAIN]);
	return true;
}

void
hz_number_text(const char *desk, uint64_t no, char ret[static HZ_NUMBER_MAX])
{
	uint64_t origin = hz_derived_origin(no);

	if (origin == 0) {
		(void)snprintf(ret, HZ_NUMBER_MAX, "%s-%06llu", desk, (unsigned long long)no);
	} else {
		(void)snprintf(ret, HZ_NUMBER_MAX, "%s-%06llu.%u", desk, (unsigned long long)origin,
		    (unsigned)(no & HZ_DERIVED_MAX));
	}
}

uint64_t
hz_number_read(const char *s)
{
	uint64_t no = 0, n = 0;

	while (*s == '0' && s[1] != '\0' && s[1] != '.') {
		s++;
	}
	const char *dot = strchr(s, '.');
	size_t len = dot != NULL ? (size_t)(dot - s) : strlen(s);

	if (hz_parse_u64(s, len, dot != NULL ? ORIGIN_MAX : HZ_DERIVED_FIRST - 1, &no) != HZ_OK || no == 0) {
		return 0;
	}
	if (dot == NULL) {
		return no;
	}
	if (hz_parse_u64(dot + 1, strlen(dot + 1), HZ_DERIVED_MAX, &n) != HZ_OK || n == 0) {
		return 0;
	}
	return hz_derived_no(no, (unsigned)n);
}

HZ_RESULT
hz_derived_next(struct hz_view *w, uint64_t origin, unsigned *n, bool *ret_found, struct hz_exhibit *ret)
{
	*ret_found = false;
	if (hz_is_derived(origin) || *n >= HZ_DERIVED_MAX) {
		return HZ_OK;
	}
	uint64_t no = hz_derived_no(origin, *n + 1);
	struct hz_exhibit e;
	bool found = false;

	HZ_TRY(hz_exhibit_next(w, &no, &found, &e));
	if (found && hz_derived_origin(e.no) == origin) {
		*n = (unsigned)(e.no & HZ_DERIVED_MAX);
		*ret_found = true;
		*ret = e;
	}
	return HZ_OK;
}
