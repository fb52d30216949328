#include "base/enc.h"

#include <string.h>

void
hz_hex(char *ret_s, const void *p, size_t n)
{
	static const char digits[] = "0123456789abcdef";
	const uint8_t *b = p;
	for (size_t i = 0; i < n; i++) {
		ret_s[2 * i] = digits[b[i] >> 4];
		ret_s[2 * i + 1] = digits[b[i] & 15];
	}
	ret_s[2 * n] = '\0';
}

#define NO_DIGIT 16U

static unsigned
hex_value(char c)
{
	if (c >= '0' && c <= '9') {
		return (unsigned)(c - '0');
	}
	return c >= 'a' && c <= 'f' ? (unsigned)(c - 'a') + 10 : NO_DIGIT;
}

bool
hz_is_hex(const char *s, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (hex_value(s[i]) == NO_DIGIT) {
			return false;
		}
	}
	return true;
}

enum hz_err
hz_unhex(const char *s, size_t len, uint8_t *ret_p, size_t n)
{
	if (len / 2 != n || len % 2 != 0) {
		return hz_fail(HZ_MSG_FORMAT, "hex: %zu characters for %zu bytes", len, n);
	}
	if (!hz_is_hex(s, len)) {
		return hz_fail(HZ_MSG_FORMAT, "hex: not a lower-case hex digit");
	}
	for (size_t i = 0; i < n; i++) {
		ret_p[i] = (uint8_t)(hex_value(s[2 * i]) << 4 | hex_value(s[2 * i + 1]));
	}
	return HZ_OK;
}

static const char *
b64_alphabet(enum hz_b64 kind)
{
	return kind == HZ_B64_URL ? "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
				  : "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
}

size_t
hz_b64_len(enum hz_b64 kind, size_t n)
{
	size_t rest = n % 3;
	size_t tail = rest == 0 ? 0 : kind == HZ_B64_STD ? 4 : rest + 1;
	return n / 3 * 4 + tail;
}

enum hz_err
hz_b64_put(struct hz_buf *b, enum hz_b64 kind, const void *p, size_t n)
{
	/* 4 characters for 3 bytes must not overflow; no buffer is nearly that large. */
	if (n > SIZE_MAX / 2) {
		return hz_fail(HZ_MSG_LIMIT, "base64 of %zu bytes", n);
	}
	const char *abc = b64_alphabet(kind);
	const uint8_t *in = p;
	uint8_t *out;
	enum hz_err err = hz_buf_room(b, hz_b64_len(kind, n), &out);
	if (err != HZ_OK) {
		return err;
	}
	while (n >= 3) {
		uint32_t v = (uint32_t)in[0] << 16 | (uint32_t)in[1] << 8 | in[2];
		out[0] = (uint8_t)abc[v >> 18];
		out[1] = (uint8_t)abc[v >> 12 & 63];
		out[2] = (uint8_t)abc[v >> 6 & 63];
		out[3] = (uint8_t)abc[v & 63];
		in += 3;
		out += 4;
		n -= 3;
	}
	if (n == 0) {
		return HZ_OK;
	}
	uint32_t v = (uint32_t)in[0] << 16 | (n == 2 ? (uint32_t)in[1] << 8 : 0);
	out[0] = (uint8_t)abc[v >> 18];
	out[1] = (uint8_t)abc[v >> 12 & 63];
	if (n == 2) {
		out[2] = (uint8_t)abc[v >> 6 & 63];
	}
	if (kind == HZ_B64_STD) {
		out[3] = '=';
		if (n == 1) {
			out[2] = '=';
		}
	}
	return HZ_OK;
}

/* Values of the 62 characters that both alphabets share; 62 and 63 differ. */
static int
b64_value(enum hz_b64 kind, char c)
{
	static const int8_t shared[128] = { -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1,
		-1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1,
		-1, -1, -1, -1, -1, -1, -1, -1, -1, 52, 53, 54, 55, 56, 57, 58, 59, 60, 61, -1, -1, -1, -1,
		-1, -1, -1, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22,
		23, 24, 25, -1, -1, -1, -1, -1, -1, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39,
		40, 41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51, -1, -1, -1, -1, -1 };
	unsigned char u = (unsigned char)c;
	if (u < 128 && shared[u] >= 0) {
		return shared[u];
	}
	if (c == (kind == HZ_B64_URL ? '-' : '+')) {
		return 62;
	}
	return c == (kind == HZ_B64_URL ? '_' : '/') ? 63 : -1;
}

/* Everything is checked before the first byte is written: the output is untouched on failure. */
static enum hz_err
b64_check(enum hz_b64 kind, const char *s, size_t len, size_t max, size_t *ret_chars)
{
	if (kind == HZ_B64_STD) {
		if (len % 4 != 0) {
			return hz_fail(HZ_MSG_FORMAT, "base64: %zu characters", len);
		}
		for (int pad = 0; pad < 2 && len > 0 && s[len - 1] == '='; pad++) {
			len--;
		}
	}
	if (len % 4 == 1) {
		return hz_fail(HZ_MSG_FORMAT, "base64: %zu characters", len);
	}
	for (size_t i = 0; i < len; i++) {
		if (b64_value(kind, s[i]) < 0) {
			return hz_fail(HZ_MSG_FORMAT, "base64: wrong character at %zu", i);
		}
	}
	size_t rest = len % 4;
	unsigned unused = rest == 2 ? 15 : rest == 3 ? 3 : 0;
	if (rest != 0 && ((unsigned)b64_value(kind, s[len - 1]) & unused) != 0) {
		return hz_fail(HZ_MSG_FORMAT, "base64: unused bits are not zero");
	}
	if (len / 4 * 3 + (rest == 0 ? 0 : rest - 1) > max) {
		return hz_fail(HZ_MSG_FORMAT, "base64: %zu characters for at most %zu bytes", len, max);
	}
	*ret_chars = len;
	return HZ_OK;
}

enum hz_err
hz_b64_get(enum hz_b64 kind, const char *s, size_t len, uint8_t *ret_p, size_t max, size_t *ret_n)
{
	enum hz_err err = b64_check(kind, s, len, max, &len);
	if (err != HZ_OK) {
		return err;
	}
	size_t n = 0, i = 0;
	for (; len - i >= 4; i += 4) {
		uint32_t v = (uint32_t)b64_value(kind, s[i]) << 18 |
			     (uint32_t)b64_value(kind, s[i + 1]) << 12 |
			     (uint32_t)b64_value(kind, s[i + 2]) << 6 | (uint32_t)b64_value(kind, s[i + 3]);
		ret_p[n++] = (uint8_t)(v >> 16);
		ret_p[n++] = (uint8_t)(v >> 8);
		ret_p[n++] = (uint8_t)v;
	}
	uint32_t acc = 0;
	unsigned bits = 0;
	for (; i < len; i++) {
		acc = acc << 6 | (uint32_t)b64_value(kind, s[i]);
		bits += 6;
		if (bits >= 8) {
			bits -= 8;
			ret_p[n++] = (uint8_t)(acc >> bits);
		}
	}
	*ret_n = n;
	return HZ_OK;
}

enum hz_err
hz_parse_u64(const char *s, size_t len, uint64_t max, uint64_t *ret_v)
{
	if (len == 0 || (s[0] == '0' && len > 1)) {
		return hz_fail(HZ_MSG_FORMAT, "number: empty or with a leading zero");
	}
	uint64_t v = 0;
	for (size_t i = 0; i < len; i++) {
		if (s[i] < '0' || s[i] > '9') {
			return hz_fail(HZ_MSG_FORMAT, "number: not a digit at %zu", i);
		}
		uint64_t digit = (uint64_t)(s[i] - '0');
		if (v > (UINT64_MAX - digit) / 10) {
			return hz_fail(HZ_MSG_FORMAT, "number: too large");
		}
		v = v * 10 + digit;
	}
	if (v > max) {
		return hz_fail(HZ_MSG_FORMAT, "number: too large");
	}
	*ret_v = v;
	return HZ_OK;
}
