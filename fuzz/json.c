/* JSON reader and writer: what is taken as canonical is what the writer makes; what is taken at all is,
 * written again, canonical and stays as it is. */
#include "codec/json.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
emit(const struct hz_json_doc *doc, struct hz_buf *out)
{
	struct hz_jw w;
	hz_jw_begin(&w, out);
	hz_jw_value(&w, NULL, hz_json_root(doc));
	hz_assert(hz_jw_end(&w) == HZ_OK);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct hz_json_doc *doc = NULL;
	enum hz_err canonical = hz_json_parse(data, size, true, &doc);
	hz_json_free(&doc);
	enum hz_err err = hz_json_parse(data, size, false, &doc);
	if (err != HZ_OK) {
		hz_assert(err == HZ_ERR_FORMAT || err == HZ_ERR_LIMIT);
		hz_assert(canonical != HZ_OK);
		return 0;
	}
	struct hz_buf once = HZ_BUF_INIT(SIZE_MAX);
	struct hz_buf twice = HZ_BUF_INIT(SIZE_MAX);
	emit(doc, &once);
	hz_json_free(&doc);
	hz_assert((canonical == HZ_OK) == (once.len == size && memcmp(once.p, data, size) == 0));
	hz_assert(hz_json_parse(once.p, once.len, true, &doc) == HZ_OK);
	emit(doc, &twice);
	hz_assert(once.len == twice.len && memcmp(once.p, twice.p, once.len) == 0);
	hz_json_free(&doc);
	hz_buf_done(&once);
	hz_buf_done(&twice);
	return 0;
}
