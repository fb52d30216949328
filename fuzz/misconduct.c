/* Proofs of misconduct, and everything else that may have been kept from before. */
#include "outside/outside.h"

#include <stdlib.h>
#include <string.h>

struct bytes {
	const uint8_t *p;
	size_t n;
};

static enum hz_err
read_bytes(void *arg, uint64_t at, void *p, size_t n, size_t *ret_n)
{
	const struct bytes *b = arg;
	size_t left = at < b->n ? b->n - (size_t)at : 0;
	*ret_n = left < n ? left : n;
	if (*ret_n > 0) {
		memcpy(p, b->p + at, *ret_n);
	}
	return HZ_OK;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct hz_misconduct m;
	struct bytes b = { data, size };
	const struct hz_source src = { read_bytes, &b };
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
