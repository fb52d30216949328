#include "base/enc.h"
#include "text/text.h"

#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

/* Characters to UTF-8, behind what out holds already. */
static enum hz_err
encode(const utf8proc_int32_t *chars, size_t n, struct hz_buf *out)
{
	enum hz_err err = HZ_OK;
	utf8proc_uint8_t one[4];
	for (size_t i = 0; err == HZ_OK && i < n; i++) {
		utf8proc_ssize_t used = utf8proc_encode_char(chars[i], one);
		hz_assert(used > 0);
		err = hz_buf_put(out, one, (size_t)used);
	}
	explicit_bzero(one, sizeof one);
	return err;
}

/* Not utf8proc_map: its memory is its own and is not wiped. */
static enum hz_err
normalize(const void *p, size_t n, utf8proc_option_t options, struct hz_buf *out)
{
	if (n > HZ_TEXT_NORM_MAX) {
		return hz_fail(HZ_MSG_LIMIT, "text of %zu bytes, at most %zu", n, HZ_TEXT_NORM_MAX);
	}
	if (!hz_utf8_ok(p, n)) {
		return hz_fail(HZ_MSG_FORMAT, "text is not UTF-8");
	}
	if (n == 0) {
		return HZ_OK;
	}
	utf8proc_ssize_t want = utf8proc_decompose(p, (utf8proc_ssize_t)n, NULL, 0, options);
	if (want < 0) {
		return hz_fail(HZ_MSG_FORMAT, "text: %s", utf8proc_errmsg(want));
	}
	size_t bytes = ((size_t)want + 1) * sizeof(utf8proc_int32_t);
	utf8proc_int32_t *chars = malloc(bytes);
	if (chars == NULL) {
		return hz_fail(HZ_MSG_NOMEM, "text of %zu bytes", n);
	}
	size_t before = out->len;
	enum hz_err err = HZ_OK;
	utf8proc_ssize_t got = utf8proc_decompose(p, (utf8proc_ssize_t)n, chars, want, options);
	if (got == want) {
		got = utf8proc_normalize_utf32(chars, got, options);
	}
	if (got < 0 || got > want) {
		err = hz_fail(HZ_MSG_INTERNAL, "text: normal form");
	} else {
		err = encode(chars, (size_t)got, out);
	}
	explicit_bzero(chars, bytes);
	free(chars);
	if (err != HZ_OK) {
		if (out->secret && out->p != NULL) {
			explicit_bzero(out->p + before, out->len - before);
		}
		out->len = before;
	}
	return err;
}

enum hz_err
hz_text_nfkc(const void *p, size_t n, struct hz_buf *out)
{
	return normalize(p, n, UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_COMPAT, out);
}

enum hz_err
hz_text_nfc(const void *p, size_t n, struct hz_buf *out)
{
	return normalize(p, n, UTF8PROC_STABLE | UTF8PROC_COMPOSE, out);
}
