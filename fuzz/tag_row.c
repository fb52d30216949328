/* Rows of tags and heads of rules files: what is read is written as it was, and how a tag stands is one of
 * its states. */
#include "vault/tags.h"

#include <stdlib.h>
#include <string.h>

static void
same(const struct hz_buf *out, const uint8_t *data, size_t size)
{
	if (out->len != size || memcmp(out->p, data, size) != 0) {
		abort();
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct hz_buf out = HZ_BUF_INIT(1 << 21);
	struct hz_rules_row rules;
	struct hz_tag_set s;
	if (hz_tag_set_read(data, size, 1, &s) == HZ_OK) {
		if (hz_tag_set_put(&s, &out) != HZ_OK) {
			abort();
		}
		same(&out, data, size);
		for (size_t i = 0; i < s.n; i++) {
			if (hz_tag_state_word(hz_tag_stands(&s.v[i]).state)[0] == '\0' ||
			    hz_tag_set_find(&s, &s.v[i]) != &s.v[i]) {
				abort();
			}
		}
		hz_tag_set_done(&s);
	}
	hz_buf_clear(&out);
	if (hz_rules_row_read(data, size, 1, &rules) == HZ_OK) {
		if (hz_rules_row_put(&rules, &out) != HZ_OK) {
			abort();
		}
		same(&out, data, size);
	}
	hz_buf_done(&out);
	return 0;
}
