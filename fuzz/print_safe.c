/* Printing of outside text: whatever comes in, what goes out is UTF-8 that moves nothing on a terminal. */
#include "base/enc.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool
is_dangerous(uint32_t cp)
{
	return cp < 0x20 || (cp >= 0x7F && cp <= 0x9F) || cp == 0x061C || (cp >= 0x200B && cp <= 0x200F) ||
	       (cp >= 0x2028 && cp <= 0x202E) || (cp >= 0x2060 && cp <= 0x206F) || cp == 0xFEFF;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct hz_buf out = HZ_BUF_INIT(SIZE_MAX);
	struct hz_buf isolated = HZ_BUF_INIT(SIZE_MAX);
	hz_assert(hz_print_safe(&out, data, size, false) == HZ_OK);
	hz_assert(hz_utf8_ok(out.p, out.len));
	size_t i = 0;
	while (i < out.len) {
		uint32_t cp;
		size_t used = hz_utf8_next(out.p + i, out.len - i, &cp);
		hz_assert(!is_dangerous(cp));
		i += used;
	}
	hz_assert(hz_print_safe(&isolated, data, size, true) == HZ_OK);
	hz_assert(isolated.len == out.len + 6);
	hz_assert(out.len == 0 || memcmp(isolated.p + 3, out.p, out.len) == 0);
	hz_assert(hz_text_width((const char *)isolated.p, isolated.len) ==
		  hz_text_width((const char *)out.p, out.len));
	hz_buf_done(&out);
	hz_buf_done(&isolated);
	return 0;
}
