/* Signed notes and checkpoints: what is read as a checkpoint is signed again and read as the same. */
#include "custody/custody.h"

#include <stdlib.h>
#include <string.h>

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const uint8_t seed[32] = { 1 };
	struct hz_checkpoint c;
	struct hz_checkpoint again;
	struct hz_note_key known = { .name = "k" };
	struct hz_ed_key key;
	struct hz_buf b = HZ_BUF_INIT(HZ_NOTE_MAX);
	size_t text;
	size_t verified;
	if (hz_crypto_init() != HZ_OK) {
		return 0;
	}
	hz_ed_key_from_seed(seed, &key);
	memcpy(known.pk, key.pk, sizeof known.pk);
	if (hz_note_verify(data, size, &known, 1, &text, &verified) == HZ_OK &&
	    (verified != 1 || text >= size)) {
		abort();
	}
	if (hz_checkpoint_read(data, size, NULL, &c) != HZ_OK) {
		return 0;
	}
	HZ_IGNORE(hz_checkpoint_read(data, size, key.pk, &again));
	if (hz_checkpoint_sign(&c, &key, &b) != HZ_OK ||
	    hz_checkpoint_read(b.p, b.len, key.pk, &again) != HZ_OK || strcmp(c.origin, again.origin) != 0 ||
	    c.size != again.size || memcmp(c.root, again.root, sizeof c.root) != 0) {
		abort();
	}
	hz_buf_done(&b);
	return 0;
}
