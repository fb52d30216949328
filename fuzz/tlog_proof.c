/* Proof files: there is one way to write what was read. */
#include "custody/custody.h"

#include <stdlib.h>
#include <string.h>

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct hz_tlog_proof proof;
	struct hz_checkpoint c;
	uint8_t leaf[32] = { 0 };
	struct hz_buf b = HZ_BUF_INIT((size_t)1 << 24);
	if (size > (size_t)1 << 20 || hz_tlog_proof_read(data, size, &proof) != HZ_OK) {
		return 0;
	}
	if (hz_tlog_proof_write(proof.index, proof.hashes, proof.n, data + proof.note_at,
		size - proof.note_at, &b) != HZ_OK ||
	    b.len != size || memcmp(b.p, data, size) != 0) {
		abort();
	}
	if (hz_checkpoint_read(data + proof.note_at, size - proof.note_at, NULL, &c) == HZ_OK) {
		HZ_IGNORE(hz_inclusion_verify(leaf, proof.index, c.size, proof.hashes, proof.n, c.root));
		HZ_IGNORE(hz_consistency_verify(proof.index, leaf, c.size, c.root, proof.hashes, proof.n));
	}
	hz_buf_done(&b);
	return 0;
}
