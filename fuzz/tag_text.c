/* A tag as the text of a field, and as an id: what is read is written as it was. */
#include "vault/tags.h"

#include <stdlib.h>
#include <string.h>

static void
as_id(const uint8_t *data, size_t size)
{
	char text[HZ_TAG_ID_MAX * 2], id[HZ_TAG_ID_MAX];
	struct hz_kept_tag t, again;
	if (size >= sizeof text) {
		return;
	}
	memcpy(text, data, size);
	text[size] = '\0';
	if (hz_tag_id_read(text, &t) == HZ_OK) {
		hz_kept_tag_id(&t, id);
		if (hz_tag_id_read(id, &again) != HZ_OK || again.axis != t.axis || again.role != t.role ||
		    strcmp(again.value, t.value) != 0) {
			abort();
		}
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct hz_buf out = HZ_BUF_INIT(1 << 20);
	struct hz_tag t;
	if (hz_tag_text_read((const char *)data, size, &t) == HZ_OK) {
		if (hz_tag_text(&t, HZ_TAG_SPANS, &out) != HZ_OK || out.len != size ||
		    memcmp(out.p, data, size) != 0) {
			abort();
		}
		hz_tag_clear(&t);
	}
	hz_buf_done(&out);
	as_id(data, size);
	return 0;
}
