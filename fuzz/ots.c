/* Proofs of OpenTimestamps: what is read has its attestations inside the file. */
#include "anchor/ots.h"

#include <stdlib.h>

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct hz_ots *o = calloc(1, sizeof *o);

	if (o != NULL && hz_ots_read(data, size, o) == HZ_OK) {
		if (o->n < 1 || o->n > HZ_OTS_ATTEST_MAX) {
			abort();
		}
		for (size_t i = 0; i < o->n; i++) {
			if (o->a[i].uri_len > size || o->a[i].uri_at > size - o->a[i].uri_len) {
				abort();
			}
		}
	}
	free(o);
	return 0;
}
