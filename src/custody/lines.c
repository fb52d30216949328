/* Lines of hashes and key texts [F-8.5, F-8.6, F-8.12, F-8.13]. */
#include "custody/lines.h"

#include "base/enc.h"
#include <string.h>

bool
hz_line_next(const char *s, size_t n, size_t *at, const char **ret_line, size_t *ret_len)
{
	const char *end = *at < n ? memchr(s + *at, '\n', n - *at) : NULL;

	if (end == NULL) {
		return false;
	}
	*ret_line = s + *at;
	*ret_len = (size_t)(end - s) - *at;
	*at += *ret_len + 1;
	return true;
}

enum hz_err
hz_lines_put(const void *proof, size_t n, const void *note, size_t notelen, struct hz_buf *out)
{
	for (size_t i = 0; i < n; i++) {
		HZ_TRY(hz_b64_put(out, HZ_B64_STD, (const uint8_t *)proof + i * HZ_HASH, HZ_HASH));
		HZ_TRY(hz_buf_putc(out, '\n'));
	}
	HZ_TRY(hz_buf_putc(out, '\n'));
	return hz_buf_put(out, note, notelen);
}

enum hz_err
hz_line_hash(const char *what, const char *line, size_t len, uint8_t ret_hash[static HZ_HASH])
{
	uint8_t h[HZ_HASH];
	size_t got = 0;

	if (len != hz_b64_len(HZ_B64_STD, HZ_HASH)) {
		return hz_fail(HZ_MSG_FORMAT, "%s: a line is not a hash", what);
	}
	HZ_TRY(hz_b64_get(HZ_B64_STD, line, len, h, HZ_HASH, &got));
	if (got != HZ_HASH) {
		return hz_fail(HZ_MSG_FORMAT, "%s: a line is not a hash", what);
	}
	memcpy(ret_hash, h, HZ_HASH);
	return HZ_OK;
}

void
hz_key_id(
    uint8_t type, const char *name, size_t n, const uint8_t pk[static 32], uint8_t ret_id[static HZ_KEY_ID])
{
	uint8_t tail[2 + HZ_ED_PK] = { '\n', type }, h[HZ_HASH];

	memcpy(tail + 2, pk, HZ_ED_PK);
	hz_sha256_2(name, n, tail, sizeof tail, h);
	memcpy(ret_id, h, HZ_KEY_ID);
}

enum hz_err
hz_key_text(uint8_t type, const char *name, const uint8_t pk[static 32], struct hz_buf *out)
{
	uint8_t id[HZ_KEY_ID], key[1 + HZ_ED_PK] = { type };
	char hex[2 * HZ_KEY_ID + 1];
	size_t at = out->len;

	hz_key_id(type, name, strlen(name), pk, id);
	memcpy(key + 1, pk, HZ_ED_PK);
	hz_hex(hex, id, sizeof id);
	enum hz_err err = hz_buf_printf(out, "%s+%s+", name, hex);
	if (err == HZ_OK) {
		err = hz_b64_put(out, HZ_B64_STD, key, sizeof key);
	}
	if (err != HZ_OK) {
		out->len = at;
	}
	return err;
}
