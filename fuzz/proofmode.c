/* The proof of a ProofMode set. */
#include "inspect/media.h"
#include "sandbox/wire.h"
#include <stdlib.h>

/* What the parsers say is always what the asking side takes. */
static void
check(const struct hz_claims *c)
{
	struct hz_buf out = HZ_BUF_INIT(HZ_WIRE_LEN + HZ_WIRE_ANSWER_MAX);
	struct hz_wire_answer a = { .kind = HZ_WIRE_CLAIMS, .claims = *c };

	if (hz_wire_answer_put(&out, &a) != HZ_OK) {
		abort();
	}
	hz_buf_done(&out);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct hz_claims c = { 0 };

	hz_proofmode_read(data, size, &c);
	check(&c);
	return 0;
}
