/* Replies and tokens of time stamp authorities, and whatever is given for certificates and revocation data:
 * the input is the reply; as it stands it is tried as each of the others too. No token is good without an
 * anchor. */
#include "crypto/tsa.h"

#include <stdlib.h>

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const uint8_t imprint[64];
	struct hz_tsa_request q;
	struct hz_tsa_info info;
	struct hz_tsa_facts facts;
	struct hz_tsa_bytes self = { data, size };
	size_t at = 0;
	size_t n = 0;
	HZ_IGNORE(hz_tsa_request_read(data, size, &q));
	HZ_IGNORE(hz_tsa_certs_ok(data, size));
	HZ_IGNORE(hz_tsa_crls_ok(data, size));
	HZ_IGNORE(hz_tsa_ocsp_ok(data, size));
	if (hz_tsa_token_find(data, size, &at, &n) != HZ_OK) {
		return 0;
	}
	if (at + n != size) {
		abort();
	}
	struct hz_tsa_evidence e = {
		.token = { data + at, n }, .data = self, .imprint = imprint, .ocsps = &self, .nocsps = 1
	};
	if (hz_tsa_info(data + at, n, &info) == HZ_OK) {
		e.imprint = info.imprint;
	}
	if (hz_tsa_check(&e, &facts, NULL, NULL) == HZ_OK && facts.then == HZ_TSA_PATH_GOOD) {
		abort();
	}
	return 0;
}
