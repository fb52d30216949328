/* States of witnesses: what is read is written again and read as the same. */
#include "outside/outside.h"

#include <stdlib.h>
#include <string.h>

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const uint8_t seed[32] = { 8 };
	struct hz_ed_key key;
	struct hz_state s, again;
	struct hz_buf b = HZ_BUF_INIT(HZ_STATE_MAX);
	if (hz_crypto_init() != HZ_OK || hz_state_read(data, size, &s) != HZ_OK) {
		return 0;
	}
	hz_ed_key_from_seed(seed, &key);
	if (memcmp(s.key.pk, key.pk, sizeof key.pk) == 0) {
		if (hz_state_write(&s, &key, &b) != HZ_OK || hz_state_read(b.p, b.len, &again) != HZ_OK ||
		    again.n != s.n) {
			abort();
		}
		hz_state_done(&again);
	}
	hz_state_done(&s);
	hz_buf_done(&b);
	return 0;
}
