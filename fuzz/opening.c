/* Openings have one form: what is read is written back as the same bytes. Values under an exhibit key too. */
#include "object/object.h"

#include <string.h>

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const uint8_t key[32] = "hirz: exhibit key, fuzz target", id[16] = "hirz-fuzz-vault";
	struct hz_buf out = HZ_BUF_INIT((size_t)1 << 20);
	struct hz_opening o;

	if (hz_crypto_init() != HZ_OK) {
		return 0;
	}
	if (hz_opening_read(data, size, &o) == HZ_OK) {
		hz_assert(hz_opening_write(&o, &out) == HZ_OK);
		hz_assert(out.len == size && memcmp(out.p, data, size) == 0);
		hz_buf_clear(&out);
	}
	if (hz_exhibit_open(key, "hirz-opening/v1", id, id, sizeof id, data, size, &out) != HZ_OK) {
		hz_assert(out.len == 0);
	}
	hz_buf_done(&out);
	return 0;
}
