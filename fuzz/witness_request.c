/* Requests to witnesses, and cosignature lines: there is one way to write what was read. */
#include "custody/witness.h"

#include <stdlib.h>
#include <string.h>

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct hz_witness_seen seen = { .size = 3 };
	struct hz_witness_request r;
	struct hz_cosignature line;
	struct hz_witness_key key;
	struct hz_checkpoint c;
	struct hz_buf b = HZ_BUF_INIT((size_t)1 << 18);
	if (hz_crypto_init() != HZ_OK) {
		return 0;
	}
	if (hz_cosignature_read((const char *)data, size, &line) == HZ_OK &&
	    (line.t == 0 || line.t > INT64_MAX)) {
		abort();
	}
	if (hz_wkey_parse((const char *)data, size, &key) == HZ_OK &&
	    (hz_wkey_write(&key, &b) != HZ_OK || b.len != size || memcmp(b.p, data, size) != 0)) {
		abort();
	}
	hz_buf_clear(&b);
	if (hz_witness_request_read(data, size, &r) == HZ_OK) {
		if (hz_witness_request_write(r.old, r.proof, r.n, data + r.note_at, size - r.note_at, &b) !=
			HZ_OK ||
		    b.len != size || memcmp(b.p, data, size) != 0) {
			abort();
		}
		if (hz_checkpoint_read(data + r.note_at, size - r.note_at, NULL, &c) == HZ_OK) {
			(void)hz_witness_judge(&seen, &r, &c);
		}
	}
	hz_buf_done(&b);
	return 0;
}
