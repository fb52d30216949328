/* A learned model: the strict reader, and a score from what it let in. */
#include "learn/learn.h"

#include "crypto/crypto.h"
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/enc.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
use(const struct hz_model *m)
{
	static const char text[] = "a bomb hit the school, the guard saw it";
	struct hz_learn_text t = { text, sizeof(text) - 1, NULL, 0 };
	struct hz_model_scores *s = malloc(sizeof(*s));
	if (s && hz_model_score(m, &t, NULL, s) == HZ_OK) {
		for (size_t i = 0; i < s->n; i++) {
			if (s->v[i].score > 1000 || s->v[i].ntop > HZ_LEARN_TOP) {
				abort();
			}
		}
	}
	free(s);
	for (size_t i = 0; i < hz_model_classes(m); i++) {
		const struct hz_model_feature *top[3];
		if (hz_model_top(hz_model_class(m, i), i % 2, top, 3) > 3) {
			abort();
		}
	}
}

/* The last line is made anew, so that what is changed before it is read as well. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct hz_buf b = HZ_BUF_INIT(HZ_LEARN_FILE + 128);
	struct hz_model *m = NULL;
	uint8_t h[32];
	char hex[65];
	if (hz_crypto_init() != HZ_OK) {
		abort();
	}
	if (hz_model_load(data, size, &m) == HZ_OK) {
		use(m);
		hz_model_free(&m);
	}
	size_t n = size > 69 ? size - 69 : 0;
	hz_sha256(data, n, h);
	hz_hex(hex, h, 32);
	if (hz_buf_put(&b, data, n) == HZ_OK && hz_buf_printf(&b, "sum %s\n", hex) == HZ_OK &&
	    hz_model_load(b.p, b.len, &m) == HZ_OK) {
		use(m);
		hz_model_free(&m);
	}
	hz_buf_done(&b);
	return 0;
}
