#include "base/enc.h"
#include "custody/custody.h"

#include <stdio.h>
#include <string.h>

/* The one allowed header [F-5.3]: HEAD kid MID typ TAIL. */
#define HEAD       "{\"alg\":\"EdDSA\",\"kid\":\""
#define MID        "\",\"typ\":\""
#define TAIL       "\"}"
#define HEADER_MAX 160
#define SIG_TEXT   86 /* characters of 64 bytes */

/* Where the three parts of a JWS lie. */
struct parts {
	const char *s;
	size_t head_n, payload_at, payload_n, sig_at;
};

void
hz_kid(const uint8_t pk[static 32], char ret_kid[static HZ_KID_LEN + 1])
{
	static const char before[] = "{\"crv\":\"Ed25519\",\"kty\":\"OKP\",\"x\":\"";
	uint8_t text[sizeof before + HZ_KID_LEN + 2];
	const size_t n = sizeof text - 1;
	struct hz_buf b = { text, 0, sizeof text, n, false };
	uint8_t h[32];
	/* The memory is on the stack and large enough: these cannot fail and nothing grows. */
	HZ_IGNORE(hz_buf_put(&b, before, sizeof before - 1));
	HZ_IGNORE(hz_b64_put(&b, HZ_B64_URL, pk, 32));
	HZ_IGNORE(hz_buf_put(&b, TAIL, 2));
	hz_assert(b.len == n);
	hz_sha256(text, n, h);
	struct hz_buf k = { (uint8_t *)ret_kid, 0, HZ_KID_LEN + 1, HZ_KID_LEN, false };
	HZ_IGNORE(hz_b64_put(&k, HZ_B64_URL, h, sizeof h));
	hz_assert(k.len == HZ_KID_LEN);
	ret_kid[HZ_KID_LEN] = '\0';
}

static enum hz_err
header_text(const char *typ, const char *kid, char ret_text[static HEADER_MAX], size_t *ret_n)
{
	int n = snprintf(ret_text, HEADER_MAX, HEAD "%s" MID "%s" TAIL, kid, typ);
	if (n < 0 || n >= HEADER_MAX) {
		return hz_fail(HZ_MSG_INTERNAL, "JWS type is too long");
	}
	*ret_n = (size_t)n;
	return HZ_OK;
}

enum hz_err
hz_jws_sign(const char *typ, const struct hz_ed_key *key, const char kid[static HZ_KID_LEN + 1],
    const void *payload, size_t n, struct hz_buf *out)
{
	size_t at = out->len;
	char header[HEADER_MAX];
	size_t header_n = 0;
	uint8_t sig[HZ_ED_SIG];
	enum hz_err err = header_text(typ, kid, header, &header_n);
	if (err == HZ_OK) {
		err = hz_b64_put(out, HZ_B64_URL, header, header_n);
	}
	if (err == HZ_OK) {
		err = hz_buf_putc(out, '.');
	}
	if (err == HZ_OK) {
		err = hz_b64_put(out, HZ_B64_URL, payload, n);
	}
	if (err == HZ_OK) {
		hz_ed_sign(key, out->p + at, out->len - at, sig);
		err = hz_buf_putc(out, '.');
	}
	if (err == HZ_OK) {
		err = hz_b64_put(out, HZ_B64_URL, sig, sizeof sig);
	}
	if (err == HZ_OK && out->len - at > HZ_JWS_MAX) {
		err = hz_fail(HZ_MSG_LIMIT, "JWS of %zu bytes, at most %d", out->len - at, HZ_JWS_MAX);
	}
	if (err != HZ_OK) {
		out->len = at;
	}
	return err;
}

static enum hz_err
split(const void *p, size_t n, struct parts *ret_x)
{
	if (n > HZ_JWS_MAX) {
		return hz_fail(HZ_MSG_LIMIT, "JWS of %zu bytes, at most %d", n, HZ_JWS_MAX);
	}
	struct parts x = { .s = p };
	const char *dot = n == 0 ? NULL : memchr(x.s, '.', n);
	if (dot == NULL) {
		return hz_fail(HZ_MSG_FORMAT, "JWS: not three parts");
	}
	x.head_n = (size_t)(dot - x.s);
	x.payload_at = x.head_n + 1;
	/* The last part has a fixed length; a dot in the middle of the payload is no base64url character. */
	if (n < x.payload_at + 2 + SIG_TEXT || x.s[n - SIG_TEXT - 1] != '.') {
		return hz_fail(HZ_MSG_FORMAT, "JWS: not three parts");
	}
	x.sig_at = n - SIG_TEXT;
	x.payload_n = x.sig_at - 1 - x.payload_at;
	*ret_x = x;
	return HZ_OK;
}

/* The decoded header and the kid in it; what follows the kid is the caller's to compare. */
static enum hz_err
read_header(const struct parts *x, uint8_t ret_header[static HEADER_MAX], size_t *ret_n,
    char ret_kid[static HZ_KID_LEN + 1])
{
	uint8_t thumb[32];
	size_t n = 0;
	enum hz_err err = hz_b64_get(HZ_B64_URL, x->s, x->head_n, ret_header, HEADER_MAX, &n);
	if (err != HZ_OK) {
		return err;
	}
	const size_t kid_at = sizeof HEAD - 1;
	if (n < kid_at + HZ_KID_LEN + sizeof MID - 1 || memcmp(ret_header, HEAD, kid_at) != 0 ||
	    memcmp(ret_header + kid_at + HZ_KID_LEN, MID, sizeof MID - 1) != 0) {
		return hz_fail(HZ_MSG_FORMAT, "JWS: header is not the allowed one");
	}
	memcpy(ret_kid, ret_header + kid_at, HZ_KID_LEN);
	ret_kid[HZ_KID_LEN] = '\0';
	*ret_n = n;
	return hz_b64_get(HZ_B64_URL, ret_kid, HZ_KID_LEN, thumb, sizeof thumb, &n);
}

enum hz_err
hz_jws_parse(
    const char *typ, const void *p, size_t n, char ret_kid[static HZ_KID_LEN + 1], struct hz_buf *payload)
{
	struct parts x = { .s = NULL };
	uint8_t header[HEADER_MAX] = { 0 };
	char want[HEADER_MAX];
	size_t header_n = 0;
	size_t want_n = 0;
	char kid[HZ_KID_LEN + 1];
	uint8_t sig[HZ_ED_SIG];
	size_t got = 0;
	enum hz_err err = split(p, n, &x);
	if (err == HZ_OK) {
		err = read_header(&x, header, &header_n, kid);
	}
	if (err == HZ_OK) {
		err = header_text(typ, kid, want, &want_n);
	}
#ifndef HZ_FAULT_NO_JWS_HEADER
	if (err == HZ_OK && (header_n != want_n || memcmp(header, want, want_n) != 0)) {
		err = hz_fail(HZ_MSG_FORMAT, "JWS: header is not the allowed one");
	}
#endif
	if (err == HZ_OK) {
		err = hz_b64_get(HZ_B64_URL, x.s + x.sig_at, SIG_TEXT, sig, sizeof sig, &got);
	}
	if (err != HZ_OK) {
		return err;
	}
	size_t at = payload->len;
	size_t room = x.payload_n / 4 * 3 + (x.payload_n % 4 == 0 ? 0 : x.payload_n % 4 - 1);
	uint8_t *to;
	err = hz_buf_room(payload, room, &to);
	if (err != HZ_OK) {
		return err;
	}
	err = hz_b64_get(HZ_B64_URL, x.s + x.payload_at, x.payload_n, to, room, &got);
	payload->len = err == HZ_OK ? at + got : at;
	if (err == HZ_OK) {
		memcpy(ret_kid, kid, sizeof kid);
	}
	return err;
}

enum hz_err
hz_jws_verify(const void *p, size_t n, const uint8_t pk[static 32])
{
	struct parts x = { .s = NULL };
	uint8_t header[HEADER_MAX];
	char kid[HZ_KID_LEN + 1];
	char own[HZ_KID_LEN + 1];
	uint8_t sig[HZ_ED_SIG];
	size_t got = 0;
	enum hz_err err = split(p, n, &x);
	if (err == HZ_OK) {
		err = read_header(&x, header, &got, kid);
	}
	if (err == HZ_OK) {
		err = hz_b64_get(HZ_B64_URL, x.s + x.sig_at, SIG_TEXT, sig, sizeof sig, &got);
	}
	if (err != HZ_OK) {
		return err;
	}
	hz_kid(pk, own);
	if (memcmp(own, kid, HZ_KID_LEN) != 0) {
		return hz_fail(HZ_MSG_TAMPERED, "JWS: signed by key %.16s, not by %.16s", kid, own);
	}
	if (!hz_ed_verify(pk, x.s, x.sig_at - 1, sig)) {
		return hz_fail(HZ_MSG_TAMPERED, "JWS: the signature does not match");
	}
	return HZ_OK;
}

enum hz_err
hz_jws_verify_read(const void *p, size_t n, const uint8_t pk[static 32])
{
	struct parts x = { .s = NULL };
	uint8_t sig[HZ_ED_SIG];
	size_t got = 0;
	enum hz_err err = split(p, n, &x);
	if (err == HZ_OK) {
		err = hz_b64_get(HZ_B64_URL, x.s + x.sig_at, SIG_TEXT, sig, sizeof sig, &got);
	}
	if (err == HZ_OK && !hz_ed_verify(pk, x.s, x.sig_at - 1, sig)) {
		err = hz_fail(HZ_MSG_TAMPERED, "JWS: the signature does not match");
	}
	return err;
}
