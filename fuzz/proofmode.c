/* The proof of a ProofMode set. */
#include "checks.h"
#include "inspect/media.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct hz_claims c = { 0 };

	hz_proofmode_read(data, size, &c);
	check_claims(&c);
	return 0;
}
