/* Events: what is read is written again with the same payload. */
#include "custody/custody.h"

#include <stdlib.h>
#include <string.h>

/* The part between the two dots. */
static const uint8_t *
payload_part(const uint8_t *p, size_t n, size_t *ret_n)
{
	const uint8_t *from = (const uint8_t *)memchr(p, '.', n) + 1;
	const uint8_t *to = memchr(from, '.', n - (size_t)(from - p));
	*ret_n = (size_t)(to - from);
	return from;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const uint8_t seed[32] = { 1 };
	struct hz_event e;
	struct hz_ed_key key;
	struct hz_buf again = HZ_BUF_INIT(HZ_EVENT_MAX);
	if (hz_crypto_init() != HZ_OK || hz_event_read(data, size, &e) != HZ_OK) {
		return 0;
	}
	hz_ed_key_from_seed(seed, &key);
	HZ_IGNORE(hz_jws_verify(data, size, key.pk));
	/* Event 0 names its signer, and x is not kept. */
	if (!e.has_init && !e.has_x) {
		size_t a;
		size_t b;
		if (hz_event_sign(&e, &key, &again) != HZ_OK) {
			abort();
		}
		const uint8_t *before = payload_part(data, size, &a);
		const uint8_t *after = payload_part(again.p, again.len, &b);
		if (a != b || memcmp(before, after, a) != 0 ||
		    hz_jws_verify(again.p, again.len, key.pk) != HZ_OK) {
			abort();
		}
	}
	hz_buf_done(&again);
	return 0;
}
