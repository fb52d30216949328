/* Bech32: five bits a character, a BCH checksum of six characters over the expanded prefix and the data. */
#include "crypto/bech32.h"

#include "crypto/crypto.h"

#include <string.h>

#define CHECKSUM_LEN 6
#define CHARS_MAX    (HZ_BECH32_DATA_MAX * 8 / 5 + 1)

static const char alphabet[33] = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";

static uint32_t
polymod(uint32_t chk, unsigned value)
{
	static const uint32_t gen[5] = { 0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3 };
	uint32_t top = chk >> 25;

	chk = (chk & 0x1ffffff) << 5 ^ value;
	for (unsigned i = 0; i < 5; i++) {
		if (top >> i & 1) {
			chk ^= gen[i];
		}
	}
	return chk;
}

/* The checksum's state after the prefix: high bits of each character, a zero, low bits. */
static uint32_t
polymod_hrp(const char *hrp, size_t n)
{
	uint32_t chk = 1;

	for (size_t i = 0; i < n; i++) {
		chk = polymod(chk, (unsigned char)hrp[i] >> 5);
	}
	chk = polymod(chk, 0);
	for (size_t i = 0; i < n; i++) {
		chk = polymod(chk, (unsigned char)hrp[i] & 31);
	}
	return chk;
}

static char
lower(char c)
{
	if (c >= 'A' && c <= 'Z') {
		return (char)(c - 'A' + 'a');
	}
	return c;
}

static char
upper_of(char c)
{
	if (c >= 'a' && c <= 'z') {
		return (char)(c - 'a' + 'A');
	}
	return c;
}

static bool
hrp_ok(const char *hrp, size_t n)
{
	if (n < 1 || n > HZ_BECH32_HRP_MAX) {
		return false;
	}
	for (size_t i = 0; i < n; i++) {
		if (hrp[i] < 33 || hrp[i] > 126 || (hrp[i] >= 'A' && hrp[i] <= 'Z')) {
			return false;
		}
	}
	return true;
}

static HZ_RESULT
put(struct hz_buf *out, char c, bool up)
{
	if (up) {
		c = upper_of(c);
	}
	return hz_buf_putc(out, c);
}

static HZ_RESULT
put_value(struct hz_buf *out, unsigned value, bool up, uint32_t *chk)
{
	*chk = polymod(*chk, value);
	return put(out, alphabet[value], up);
}

HZ_RESULT
hz_bech32_encode(const char *hrp, const void *data, size_t n, bool upper, struct hz_buf *out)
{
	const uint8_t *p = data;
	size_t hrplen = strlen(hrp);
	enum hz_err e;

	if (n > HZ_BECH32_DATA_MAX) {
		return hz_fail(HZ_MSG_LIMIT, "bech32 of %zu bytes; the limit is %d", n, HZ_BECH32_DATA_MAX);
	}
	hz_assert(hrp_ok(hrp, hrplen));
	for (size_t i = 0; i < hrplen; i++) {
		if ((e = put(out, hrp[i], upper)) != HZ_OK) {
			return e;
		}
	}
	if ((e = hz_buf_putc(out, '1')) != HZ_OK) {
		return e;
	}
	uint32_t chk = polymod_hrp(hrp, hrplen), acc = 0;
	unsigned bits = 0;
	for (size_t i = 0; i < n; i++) {
		acc = (acc << 8 | p[i]) & 0xfff;
		for (bits += 8; bits >= 5; bits -= 5) {
			if ((e = put_value(out, acc >> (bits - 5) & 31, upper, &chk)) != HZ_OK) {
				return e;
			}
		}
	}
	if (bits > 0 && (e = put_value(out, acc << (5 - bits) & 31, upper, &chk)) != HZ_OK) {
		return e;
	}
	for (unsigned i = 0; i < CHECKSUM_LEN; i++) {
		chk = polymod(chk, 0);
	}
	chk ^= 1;
	for (unsigned i = 0; i < CHECKSUM_LEN; i++) {
		if ((e = put(out, alphabet[chk >> 5 * (5 - i) & 31], upper)) != HZ_OK) {
			return e;
		}
	}
	return HZ_OK;
}

/* The five bits of a lower-case character, or 32. */
static unsigned
value_of(char c)
{
	const char *at = c == '\0' ? NULL : strchr(alphabet, c);
	return at == NULL ? 32 : (unsigned)(at - alphabet);
}

/* Case, characters, prefix and checksum; tells where the data lies. */
static HZ_RESULT
check(const char *s, size_t len, const char *hrp, size_t *ret_from, size_t *ret_to)
{
	size_t hrplen = strlen(hrp);
	bool has_lower = false, has_upper = false;

	hz_assert(hrp_ok(hrp, hrplen));
	if (len < hrplen + 1 + CHECKSUM_LEN || len > hrplen + 1 + CHARS_MAX + CHECKSUM_LEN) {
		return hz_fail(HZ_MSG_FORMAT, "bech32 text of %zu characters", len);
	}
	for (size_t i = 0; i < len; i++) {
		has_lower |= s[i] >= 'a' && s[i] <= 'z';
		has_upper |= s[i] >= 'A' && s[i] <= 'Z';
	}
	if (has_lower && has_upper) {
		return hz_fail(HZ_MSG_FORMAT, "bech32 text in mixed case");
	}
	for (size_t i = 0; i < hrplen; i++) {
		if (lower(s[i]) != hrp[i]) {
			return hz_fail(HZ_MSG_FORMAT, "bech32 text does not begin with %s1", hrp);
		}
	}
	if (s[hrplen] != '1') {
		return hz_fail(HZ_MSG_FORMAT, "bech32 text does not begin with %s1", hrp);
	}
	uint32_t chk = polymod_hrp(hrp, hrplen);
	for (size_t i = hrplen + 1; i < len; i++) {
		unsigned v = value_of(lower(s[i]));
		if (v > 31) {
			return hz_fail(HZ_MSG_FORMAT, "bech32 text has a wrong character at %zu", i);
		}
		chk = polymod(chk, v);
	}
	if (chk != 1) {
		return hz_fail(HZ_MSG_FORMAT, "bech32 checksum does not match");
	}
	*ret_from = hrplen + 1;
	*ret_to = len - CHECKSUM_LEN;
	return HZ_OK;
}

HZ_RESULT
hz_bech32_decode(const char *s, size_t len, const char *hrp, uint8_t *ret_data, size_t max, size_t *ret_n)
{
	size_t from = 0, to = 0;
	enum hz_err e = check(s, len, hrp, &from, &to);

	if (e != HZ_OK) {
		return e;
	}
	size_t n = (to - from) * 5 / 8, pad = (to - from) * 5 % 8;
	if (pad > 4 || (pad > 0 && (value_of(lower(s[to - 1])) & ((1U << pad) - 1)) != 0)) {
		return hz_fail(HZ_MSG_FORMAT, "bech32 padding is not strict");
	}
	if (n > max) {
		return hz_fail(HZ_MSG_FORMAT, "bech32 data of %zu bytes; at most %zu are wanted", n, max);
	}
	uint32_t acc = 0;
	unsigned bits = 0;
	size_t at = 0;
	for (size_t i = from; i < to; i++) {
		acc = (acc << 5 | value_of(lower(s[i]))) & 0xfff;
		bits += 5;
		if (bits >= 8) {
			bits -= 8;
			ret_data[at++] = (uint8_t)(acc >> bits & 0xff);
		}
	}
	hz_wipe(&acc, sizeof acc);
	*ret_n = n;
	return HZ_OK;
}
