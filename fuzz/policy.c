/* Policies: what is read can be asked about any note. */
#include "custody/witness.h"

#include <stdlib.h>
#include <string.h>

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct hz_policy p;
	bool by[2 * HZ_POLICY_MAX], met = false;
	if (hz_crypto_init() != HZ_OK || hz_policy_read(data, size, &p) != HZ_OK) {
		return 0;
	}
	if (p.logs > HZ_POLICY_MAX || p.nodes > 2 * HZ_POLICY_MAX || p.quorum >= (int)p.nodes) {
		abort();
	}
	hz_policy_check(&p, data, size, by, &met);
	hz_policy_check(&p, "", 0, by, &met);
	if (met) { /* what is no note is not signed by anybody */
		abort();
	}
	return 0;
}
