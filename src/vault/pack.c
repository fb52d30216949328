/* Signed texts in rows without their base64: a quarter smaller, and a small exhibit's rows stay inside LMDB's
 * leaf pages [F-11.8]. Both directions are exact, since canonical base64url has one form. */
#include "vault/internal.h"

#include <string.h>

#define SIG_TEXT 86 /* base64url of 64 bytes */

HZ_RESULT
hz_put_jws(struct hz_buf *b, const char *typ, const uint8_t *jws, size_t n)
{
	struct hz_buf payload = HZ_BUF_INIT(HZ_RECORD_MAX);
	char kid[HZ_KID_LEN + 1];
	uint8_t raw[64];
	size_t got = 0;
	enum hz_err r = hz_jws_parse(typ, jws, n, kid, &payload);
	r = r == HZ_OK ? hz_b64_get(HZ_B64_URL, kid, HZ_KID_LEN, raw, 32, &got) : r;
	r = r == HZ_OK ? hz_buf_put(b, raw, 32) : r;
	r = r == HZ_OK ? hz_b64_get(HZ_B64_URL, (const char *)jws + n - SIG_TEXT, SIG_TEXT, raw, 64, &got)
		       : r;
	r = r == HZ_OK ? hz_buf_put(b, raw, 64) : r;
	r = r == HZ_OK ? hz_put_lp(b, payload.p, payload.len) : r;
	hz_buf_done(&payload);
	return r;
}

HZ_RESULT
hz_get_jws(struct hz_rd *rd, const char *typ, size_t max, struct hz_buf *out)
{
	const uint8_t *kid = NULL, *sig = NULL, *payload = NULL;
	struct hz_buf head = HZ_BUF_INIT(256);
	size_t n = 0;
	HZ_TRY(hz_get_view(rd, 32, &kid));
	HZ_TRY(hz_get_view(rd, 64, &sig));
	HZ_TRY(hz_get_lp(rd, max, &payload, &n));
	/* The header has one form [F-5.3]. */
	enum hz_err r = hz_buf_puts(&head, "{\"alg\":\"EdDSA\",\"kid\":\"");
	r = r == HZ_OK ? hz_b64_put(&head, HZ_B64_URL, kid, 32) : r;
	r = r == HZ_OK ? hz_buf_printf(&head, "\",\"typ\":\"%s\"}", typ) : r;
	r = r == HZ_OK ? hz_b64_put(out, HZ_B64_URL, head.p, head.len) : r;
	r = r == HZ_OK ? hz_buf_putc(out, '.') : r;
	r = r == HZ_OK ? hz_b64_put(out, HZ_B64_URL, payload, n) : r;
	r = r == HZ_OK ? hz_buf_putc(out, '.') : r;
	r = r == HZ_OK ? hz_b64_put(out, HZ_B64_URL, sig, 64) : r;
	hz_buf_done(&head);
	return r;
}

HZ_RESULT
hz_pack_disclosures(const struct hz_buf *joined, struct hz_buf *out)
{
	uint8_t raw[HZ_FIELD_VALUE_MAX * 2];
	const char *p = (const char *)joined->p;
	size_t left = joined->len;
	while (left > 0) {
		const char *end = memchr(p, '~', left);
		size_t n = end ? (size_t)(end - p) : left, got = 0;
		HZ_TRY(hz_b64_get(HZ_B64_URL, p, n, raw, sizeof(raw), &got));
		HZ_TRY(hz_put_lp(out, raw, got));
		left -= end ? n + 1 : n;
		p += n + 1;
	}
	hz_wipe(raw, sizeof(raw));
	return HZ_OK;
}

HZ_RESULT
hz_unpack_disclosures(const uint8_t *p, size_t n, struct hz_buf *joined)
{
	struct hz_rd r = hz_rd_over(p, n);
	bool first = true;
	while (hz_rd_left(&r) > 0) {
		const uint8_t *d = NULL;
		size_t dn = 0;
		HZ_TRY(hz_get_lp(&r, (size_t)HZ_FIELD_VALUE_MAX * 2, &d, &dn));
		if (!first) {
			HZ_TRY(hz_buf_putc(joined, '~'));
		}
		first = false;
		HZ_TRY(hz_b64_put(joined, HZ_B64_URL, d, dn));
	}
	return HZ_OK;
}
