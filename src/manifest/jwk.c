/* Ed25519 keys as JWK and JWK Set (RFC 7517, RFC 8037) [F-9.9]. */
#include "manifest/manifest.h"

#include "base/enc.h"
#include "base/sort.h"
#include "codec/json.h"
#include <stdlib.h>
#include <string.h>

#define KID_LEN 43
#define SET_MAX 65536

struct row {
	char kid[KID_LEN + 1];
	const uint8_t *pk;
};

/* RFC 7638 thumbprint [F-5.3]. */
static HZ_RESULT
thumbprint(const uint8_t pk[static HZ_ED_PK], char ret_kid[static KID_LEN + 1])
{
	struct hz_buf text = HZ_BUF_INIT(256);
	uint8_t h[HZ_SHA256_LEN];
	enum hz_err err;

	if ((err = hz_buf_puts(&text, "{\"crv\":\"Ed25519\",\"kty\":\"OKP\",\"x\":\"")) ||
	    (err = hz_b64_put(&text, HZ_B64_URL, pk, HZ_ED_PK)) || (err = hz_buf_puts(&text, "\"}"))) {
		goto done;
	}
	hz_sha256(text.p, text.len, h);
	hz_buf_clear(&text);
	if ((err = hz_b64_put(&text, HZ_B64_URL, h, sizeof h))) {
		goto done;
	}
	memcpy(ret_kid, text.p, KID_LEN);
	ret_kid[KID_LEN] = 0;
done:
	hz_buf_done(&text);
	return err;
}

static int
row_compare(const void *a, const void *b)
{
	const struct row *x = a, *y = b;

	return strcmp(x->kid, y->kid);
}

HZ_RESULT
hz_jwks_write(const uint8_t (*pks)[HZ_ED_PK], size_t n, struct hz_buf *out)
{
	enum hz_err err = HZ_OK;
	struct hz_jw w;

	if (n == 0 || n > HZ_JWKS_MAX) {
		return hz_fail(HZ_MSG_LIMIT, "JWK Set: number of keys");
	}
	struct row *rows = calloc(n, sizeof *rows);
	if (!rows) {
		return hz_fail(HZ_MSG_NOMEM, "JWK Set");
	}
	for (size_t i = 0; i < n && !err; i++) {
		rows[i].pk = pks[i];
		err = thumbprint(pks[i], rows[i].kid);
	}
	if (!err) {
		hz_sort(rows, n, sizeof *rows, row_compare);
		hz_jw_begin(&w, out);
		hz_jw_obj(&w, NULL);
		hz_jw_arr(&w, "keys");
		for (size_t i = 0; i < n; i++) {
			if (i > 0 && strcmp(rows[i].kid, rows[i - 1].kid) == 0) {
				continue; /* each key once */
			}
			hz_jw_obj(&w, NULL);
			hz_jw_str(&w, "crv", "Ed25519");
			hz_jw_str(&w, "kid", rows[i].kid);
			hz_jw_str(&w, "kty", "OKP");
			hz_jw_b64url(&w, "x", rows[i].pk, HZ_ED_PK);
			hz_jw_obj_end(&w);
		}
		hz_jw_arr_end(&w);
		hz_jw_obj_end(&w);
		err = hz_jw_end(&w);
	}
	free(rows);
	return err;
}

static bool
str_is(const struct hz_json *object, const char *name, const char *want)
{
	const struct hz_json *v = hz_json_get(object, name);
	size_t n = 0;
	const char *s = v ? hz_json_str(v, &n) : NULL;

	return s && n == strlen(want) && memcmp(s, want, n) == 0;
}

/* One key; members that do not concern us are passed over, but a private part or a wrong kid is refused. */
static HZ_RESULT
key_take(const struct hz_json *object, uint8_t ret_pk[static HZ_ED_PK])
{
	char kid[KID_LEN + 1];
	uint8_t pk[HZ_ED_PK];
	size_t n = 0, got = 0;
	enum hz_err err;

	if (hz_json_type_of(object) != HZ_JSON_OBJECT || !str_is(object, "kty", "OKP") ||
	    !str_is(object, "crv", "Ed25519")) {
		return hz_fail(HZ_MSG_BUNDLE_DAMAGED, "JWK: not an Ed25519 key");
	}
	if (hz_json_get(object, "d")) {
		return hz_fail(HZ_MSG_BUNDLE_DAMAGED, "JWK: holds a private key");
	}
	const struct hz_json *x = hz_json_get(object, "x");
	const char *s = x ? hz_json_str(x, &n) : NULL;
	if (!s || hz_b64_get(HZ_B64_URL, s, n, pk, sizeof pk, &got) || got != sizeof pk) {
		return hz_fail(HZ_MSG_BUNDLE_DAMAGED, "JWK: x");
	}
	if ((err = thumbprint(pk, kid))) {
		return err;
	}
	if (hz_json_get(object, "kid") && !str_is(object, "kid", kid)) {
		return hz_fail(HZ_MSG_BUNDLE_DAMAGED, "JWK: kid is not the thumbprint");
	}
	memcpy(ret_pk, pk, sizeof pk);
	return HZ_OK;
}

HZ_RESULT
hz_jwk_parse(const void *p, size_t n, uint8_t (*ret_pks)[HZ_ED_PK], size_t max, size_t *ret_n)
{
	struct hz_json_doc *doc = NULL;
	size_t count = 1;
	enum hz_err err;

	if (n > SET_MAX) {
		return hz_fail(HZ_MSG_LIMIT, "JWK Set: size");
	}
	if ((err = hz_json_parse(p, n, false, &doc))) {
		if (err == HZ_ERR_NOMEM) {
			return err;
		}
		return hz_fail(HZ_MSG_BUNDLE_DAMAGED, "JWK: not JSON of the strict form");
	}
	const struct hz_json *root = hz_json_root(doc), *keys = NULL;
	if (hz_json_type_of(root) == HZ_JSON_OBJECT) {
		keys = hz_json_get(root, "keys");
	}
	if (keys && hz_json_type_of(keys) != HZ_JSON_ARRAY) {
		err = hz_fail(HZ_MSG_BUNDLE_DAMAGED, "JWK Set: keys");
	} else if (keys) {
		count = hz_json_count(keys);
	}
	if (!err && (count == 0 || count > max)) {
		err = hz_fail(HZ_MSG_BUNDLE_DAMAGED, "JWK Set: number of keys");
	}
	/* all are checked before the first is given out */
	for (size_t i = 0; i < count && !err; i++) {
		uint8_t pk[HZ_ED_PK];
		err = key_take(keys ? hz_json_at(keys, i) : root, pk);
	}
	for (size_t i = 0; i < count && !err; i++) {
		err = key_take(keys ? hz_json_at(keys, i) : root, ret_pks[i]);
	}
	if (!err) {
		*ret_n = count;
	}
	hz_json_free(&doc);
	return err;
}
