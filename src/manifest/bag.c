/* Paths and manifest lines of a bag [F-9.1], [F-9.3]. */
#include "manifest/manifest.h"

#include "base/enc.h"
#include <string.h>

static bool
path_char(char c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' ||
	       c == '_' || c == '-';
}

bool
hz_bag_path_ok(const char *s, size_t n)
{
	size_t start = 0;

	if (n == 0 || n > HZ_BAG_PATH_MAX) {
		return false;
	}
	for (size_t i = 0; i <= n; i++) {
		if (i < n && s[i] != '/') {
			if (!path_char(s[i])) {
				return false;
			}
			continue;
		}
		size_t len = i - start;
		if (len == 0 || (len == 1 && s[start] == '.') ||
		    (len == 2 && s[start] == '.' && s[start + 1] == '.')) {
			return false;
		}
		start = i + 1;
	}
	return true;
}

bool
hz_bag_name_ok(const char *s, size_t n)
{
	/* hirz-YYYYMMDD-NNNN: the index has at least four digits and no needless leading zero [F-9.1] */
	if (n < HZ_BAG_NAME_MIN || n > HZ_BAG_NAME_MAX || memcmp(s, "hirz-", 5) != 0 || s[13] != '-') {
		return false;
	}
	for (size_t i = 5; i < n; i++) {
		if (i != 13 && (s[i] < '0' || s[i] > '9')) {
			return false;
		}
	}
	return n == HZ_BAG_NAME_MIN || s[14] != '0';
}

HZ_RESULT
hz_manifest_line(struct hz_buf *out, const uint8_t *digest, size_t len, const char *path)
{
	char hex[2 * HZ_SHA512_LEN + 1];
	enum hz_err err;

	if (len == 0 || len > HZ_SHA512_LEN || !hz_bag_path_ok(path, strnlen(path, HZ_BAG_PATH_MAX + 1))) {
		return hz_fail(HZ_MSG_INTERNAL, "manifest line: path");
	}
	hz_hex(hex, digest, len);
	if ((err = hz_buf_puts(out, hex)) || (err = hz_buf_puts(out, "  ")) ||
	    (err = hz_buf_puts(out, path)) || (err = hz_buf_putc(out, '\n'))) {
		return err;
	}
	return HZ_OK;
}

/* Order of bytes, a shorter path before its extensions. */
static int
path_compare(const char *a, size_t an, const char *b, size_t bn)
{
	int c = memcmp(a, b, an < bn ? an : bn);

	if (c != 0) {
		return c;
	}
	return an < bn ? -1 : an > bn;
}

HZ_RESULT
hz_manifest_next(const char *p, size_t n, size_t digest_len, size_t *pos, bool *ret_found,
    uint8_t *ret_digest, const char **ret_path, size_t *ret_pathlen)
{
	size_t hexlen = 2 * digest_len, head = hexlen + 2, at = *pos;

	if (digest_len == 0 || digest_len > HZ_SHA512_LEN || at > n) {
		return hz_fail(HZ_MSG_INTERNAL, "manifest position");
	}
	if (at == n) {
		*ret_found = false;
		return HZ_OK;
	}
	size_t left = n - at < head + HZ_BAG_PATH_MAX + 1 ? n - at : head + HZ_BAG_PATH_MAX + 1;
	const char *line = p + at, *end = memchr(line, '\n', left);
	if (!end || (size_t)(end - line) <= head || line[hexlen] != ' ' || line[hexlen + 1] != ' ') {
		return hz_fail(HZ_MSG_BUNDLE_DAMAGED, "manifest line at byte %zu", at);
	}
	const char *path = line + head;
	size_t len = (size_t)(end - path);
	uint8_t digest[HZ_SHA512_LEN];
	if (hz_unhex(line, hexlen, digest, digest_len) || !hz_bag_path_ok(path, len)) {
		return hz_fail(HZ_MSG_BUNDLE_DAMAGED, "manifest line at byte %zu", at);
	}
	if (at > 0) { /* the line before was checked by the call before */
		const char *prev_end = line - 1;
		const char *before = prev_end > p ? memrchr(p, '\n', (size_t)(prev_end - p)) : NULL;
		const char *prev = (before ? before + 1 : p) + head;
		if (*prev_end != '\n' || prev >= prev_end ||
		    path_compare(prev, (size_t)(prev_end - prev), path, len) >= 0) {
			return hz_fail(HZ_MSG_BUNDLE_DAMAGED, "manifest not sorted at byte %zu", at);
		}
	}
	memcpy(ret_digest, digest, digest_len);
	*ret_path = path;
	*ret_pathlen = len;
	*pos = at + (size_t)(end - line) + 1;
	*ret_found = true;
	return HZ_OK;
}
