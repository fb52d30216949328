/* What the parsers of the inspector say is always what the asking side takes. */
#ifndef HZ_FUZZ_CHECKS_H
#define HZ_FUZZ_CHECKS_H

#include "sandbox/wire.h"

#include <stdlib.h>

static inline void
check_claims(const struct hz_claims *c)
{
	struct hz_buf out = HZ_BUF_INIT(HZ_WIRE_LEN + HZ_WIRE_ANSWER_MAX);
	struct hz_wire_answer a = { .kind = HZ_WIRE_CLAIMS, .claims = *c };

	if (hz_wire_answer_put(&out, &a) != HZ_OK) {
		abort();
	}
	hz_buf_done(&out);
}

/* One part of a text, as hz_text_begin hands it on. */
static inline enum hz_err
check_text(void *arg, const uint8_t *p, size_t n)
{
	(void)arg;
	if (!hz_wire_text_ok(p, n)) {
		abort();
	}
	return HZ_OK;
}

#endif
