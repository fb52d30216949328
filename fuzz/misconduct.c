/* Proofs of misconduct, and everything else that may have been kept from before. */
#include "../tests/lib/memory.h"

#include <stdlib.h>
#include <string.h>

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct hz_misconduct m;
	struct memory whole = { data, size, 0 };
	const struct hz_source src = { read_memory, &whole };
	struct hz_before list[4];
	uint8_t root[32], proof[HZ_PROOF_MAX + 1][32];
	size_t n = 0;
	if (hz_crypto_init() != HZ_OK) {
		return 0;
	}
	if (hz_misconduct_read(data, size, &m) == HZ_OK &&
	    (m.older.size > m.newer.size || memcmp(m.older.root, m.newer.root, 32) == 0)) {
		abort();
	}
	if (hz_before_read(&src, list, 4, &n) == HZ_OK) {
		hz_before_done(list, n);
	}
	HZ_IGNORE(hz_bundle_prefix(&src, 3, root, proof, &n));
	return 0;
}
