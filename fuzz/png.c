/* The chunks of a PNG or a WebP file. */
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
	struct hz_source s;

	hz_source_begin(&s, data, size, -1, size, NULL);
	hz_png_read(&s, &c);
	hz_webp_read(&s, &c);
	check(&c);
	return 0;
}
