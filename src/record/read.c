#include "base/enc.h"
#include "codec/json.h"
#include "crypto/crypto.h"
#include "record/field.h"

#include <stdlib.h>
#include <string.h>

#define ID_LEN     (3 + 32)
#define SALT_TEXT  22
#define MEMBERS    6 /* and `ex` */
#define DISC_PARTS 3

/* The digests of `_sd`, sorted, and which of them have been disclosed. */
struct sd {
	const struct hz_json *list;
	size_t n;
	bool *seen;
};

/* The text of a string of exactly n bytes, else NULL. */
static const char *
text_of(const struct hz_json *v, size_t n)
{
	size_t len = 0;
	const char *s = v == NULL ? NULL : hz_json_str(v, &len);
	return s != NULL && len == n ? s : NULL;
}

static enum hz_err
read_id(const struct hz_json *v, const char *prefix, uint8_t ret_id[static 16])
{
	const char *s = text_of(v, ID_LEN);
	if (s == NULL || memcmp(s, prefix, 3) != 0) {
		return hz_fail(HZ_MSG_FORMAT, "record: not an id that begins with %s", prefix);
	}
	return hz_unhex(s + 3, ID_LEN - 3, ret_id, 16);
}

static enum hz_err
read_ex(const struct hz_json *v, struct hz_record *r)
{
	uint8_t ex[16];
	enum hz_err err = HZ_OK;
	if (hz_json_type_of(v) != HZ_JSON_ARRAY || hz_json_count(v) == 0 ||
	    hz_json_count(v) > HZ_RECORD_EX_MAX) {
		return hz_fail(HZ_MSG_FORMAT, "record: ex is not an array of 1 to %d", HZ_RECORD_EX_MAX);
	}
	for (size_t i = 0; i < hz_json_count(v) && err == HZ_OK; i++) {
		err = read_id(hz_json_at(v, i), "ex-", ex);
		if (err == HZ_OK) {
			err = hz_record_add_ex(r, ex);
		}
	}
	return err;
}

static enum hz_err
read_prev(const struct hz_json *v, struct hz_record *r)
{
	if (v != NULL && hz_json_type_of(v) == HZ_JSON_NULL) {
		return HZ_OK;
	}
	const char *s = text_of(v, 2 * sizeof r->prev);
	if (s == NULL) {
		return hz_fail(HZ_MSG_FORMAT, "record: prev is neither a hash nor null");
	}
	r->has_prev = true;
	return hz_unhex(s, 2 * sizeof r->prev, r->prev, sizeof r->prev);
}

static enum hz_err
read_head(const struct hz_json *root, struct hz_record *r)
{
	uint64_t ver = 0;
	size_t n = 0;
	const struct hz_json *ex = hz_json_get(root, "ex");
	const struct hz_json *iss = hz_json_get(root, "iss");
	const struct hz_json *number = hz_json_get(root, "ver");
	const char *s = iss == NULL ? NULL : hz_json_str(iss, &n);
	if (hz_json_count(root) != MEMBERS + (ex == NULL ? 0 : 1)) {
		return hz_fail(HZ_MSG_FORMAT, "record: members are missing or unknown");
	}
	if (text_of(hz_json_get(root, "_sd_alg"), 7) == NULL ||
	    memcmp(text_of(hz_json_get(root, "_sd_alg"), 7), "sha-256", 7) != 0) {
		return hz_fail(HZ_MSG_FORMAT, "record: _sd_alg is not sha-256");
	}
	if (s == NULL || n >= sizeof r->iss || strlen(s) != n) {
		return hz_fail(HZ_MSG_FORMAT, "record: iss is not an origin");
	}
	if (number == NULL || !hz_json_int(number, &ver) || ver > UINT32_MAX) {
		return hz_fail(HZ_MSG_FORMAT, "record: ver is not a number of a version");
	}
	memcpy(r->iss, s, n + 1);
	r->ver = (uint32_t)ver;
	enum hz_err err = read_id(hz_json_get(root, "rid"), "rc-", r->rid);
	if (err == HZ_OK) {
		err = read_prev(hz_json_get(root, "prev"), r);
	}
	if (err == HZ_OK && ex != NULL) {
		err = read_ex(ex, r);
	}
	return err == HZ_OK ? hz_record_head_check(r) : err;
}

/* Sorted, no digest twice, each 32 bytes, a multiple of eight [F-7.2], [F-7.3]. */
static enum hz_err
read_sd(const struct hz_json *v, struct sd *ret_sd)
{
	const char *last = NULL;
	uint8_t h[HZ_SHA256_LEN];
	size_t n;
	if (v == NULL || hz_json_type_of(v) != HZ_JSON_ARRAY || hz_json_count(v) > HZ_RECORD_FIELDS_MAX ||
	    hz_json_count(v) % HZ_DIGESTS_OF != 0) {
		return hz_fail(HZ_MSG_FORMAT, "record: _sd is not an array of a multiple of %d up to %d",
		    HZ_DIGESTS_OF, HZ_RECORD_FIELDS_MAX);
	}
	for (size_t i = 0; i < hz_json_count(v); i++) {
		const char *s = text_of(hz_json_at(v, i), HZ_DIGEST_TEXT);
		if (s == NULL) {
			return hz_fail(
			    HZ_MSG_FORMAT, "record: a digest is not %d characters", HZ_DIGEST_TEXT);
		}
		enum hz_err err = hz_b64_get(HZ_B64_URL, s, HZ_DIGEST_TEXT, h, sizeof h, &n);
		if (err != HZ_OK) {
			return err;
		}
		if (last != NULL && memcmp(last, s, HZ_DIGEST_TEXT) >= 0) {
			return hz_fail(
			    HZ_MSG_FORMAT, "record: digests are not sorted, or one is there twice");
		}
		last = s;
	}
	ret_sd->list = v;
	ret_sd->n = hz_json_count(v);
	ret_sd->seen = ret_sd->n == 0 ? NULL : calloc(ret_sd->n, sizeof *ret_sd->seen);
	if (ret_sd->n > 0 && ret_sd->seen == NULL) {
		return hz_fail(HZ_MSG_NOMEM, "digests");
	}
	return HZ_OK;
}

/* The disclosure's digest must be listed, and not have been used yet. */
static enum hz_err
take_digest(struct sd *sd, const char *disclosure, size_t n)
{
	uint8_t h[HZ_SHA256_LEN];
	uint8_t text[HZ_DIGEST_TEXT + 1];
	struct hz_buf b = { text, 0, sizeof text, HZ_DIGEST_TEXT, false };
	hz_sha256(disclosure, n, h);
	enum hz_err err = hz_b64_put(&b, HZ_B64_URL, h, sizeof h);
	size_t lo = 0;
	size_t hi = sd->n;
	while (err == HZ_OK && lo < hi) {
		size_t mid = lo + (hi - lo) / 2;
		int order = memcmp(text, hz_json_str(hz_json_at(sd->list, mid), NULL), HZ_DIGEST_TEXT);
		if (order == 0) {
			err = sd->seen[mid] ? hz_fail(HZ_MSG_FORMAT, "record: a disclosure is there twice")
					    : HZ_OK;
			sd->seen[mid] = true;
			return err;
		}
		if (order < 0) {
			hi = mid;
		} else {
			lo = mid + 1;
		}
	}
#ifdef HZ_FAULT_NO_DISCLOSURE_DIGEST
	return err;
#endif
	return err != HZ_OK ? err : hz_fail(HZ_MSG_TAMPERED, "record: a disclosure does not belong to it");
}

static enum hz_err
read_value(const struct hz_json *v, struct hz_record *r, const char *name)
{
	uint64_t number;
	size_t n = 0;
	const char *s = hz_json_str(v, &n);
	if (s != NULL) {
		return hz_record_addn(r, name, s, n);
	}
	if (hz_json_int(v, &number)) {
		return hz_record_add_int(r, name, number);
	}
	return hz_fail(HZ_MSG_FORMAT, "record: value of %s is neither text nor integer", name);
}

static enum hz_err
read_triple(const struct hz_json *root, struct hz_record *r)
{
	uint8_t salt[HZ_SALT];
	size_t n = 0;
	if (hz_json_type_of(root) != HZ_JSON_ARRAY || hz_json_count(root) != DISC_PARTS) {
		return hz_fail(HZ_MSG_FORMAT, "record: a disclosure is not salt, name and value");
	}
	const char *s = text_of(hz_json_at(root, 0), SALT_TEXT);
	const char *name = hz_json_str(hz_json_at(root, 1), &n);
	if (s == NULL || name == NULL || strlen(name) != n) {
		return hz_fail(HZ_MSG_FORMAT, "record: a disclosure is not salt, name and value");
	}
	enum hz_err err = hz_b64_get(HZ_B64_URL, s, SALT_TEXT, salt, sizeof salt, &n);
	return err == HZ_OK ? read_value(hz_json_at(root, 2), r, name) : err;
}

static enum hz_err
read_disclosure(const char *s, size_t n, struct sd *sd, struct hz_buf *json, struct hz_record *r)
{
	struct hz_json_doc *doc = NULL;
	uint8_t *to;
	size_t got;
	size_t room = n / 4 * 3 + (n % 4 == 0 ? 0 : n % 4 - 1);
	/* First of all: bytes that the signature does not cover are not looked into. */
	enum hz_err err = take_digest(sd, s, n);
	if (err != HZ_OK) {
		return err;
	}
	hz_buf_clear(json);
	err = hz_buf_room(json, room, &to);
	if (err == HZ_OK) {
		err = hz_b64_get(HZ_B64_URL, s, n, to, room, &got);
	}
	if (err == HZ_OK) {
		err = hz_json_parse(to, got, true, &doc);
	}
	if (err == HZ_OK) {
		err = read_triple(hz_json_root(doc), r);
	}
	hz_json_free(&doc);
	if (err != HZ_OK) {
		return err;
	}
	char *text = strndup(s, n);
	if (text == NULL) {
		return hz_fail(HZ_MSG_NOMEM, "disclosure");
	}
	r->fields[r->n - 1].disclosure = text;
	return HZ_OK;
}

static enum hz_err
read_disclosures(const char *s, size_t n, struct sd *sd, struct hz_record *r)
{
	struct hz_buf json = HZ_BUF_INIT(HZ_RECORD_MAX);
	enum hz_err err = HZ_OK;
	for (size_t at = 0; n > 0 && at <= n && err == HZ_OK;) {
		const char *end = memchr(s + at, '~', n - at);
		size_t len = end == NULL ? n - at : (size_t)(end - s) - at;
		err = len == 0 ? hz_fail(HZ_MSG_FORMAT, "record: an empty disclosure")
			       : read_disclosure(s + at, len, sd, &json, r);
		at += len + 1;
	}
	hz_buf_done(&json);
	return err;
}

enum hz_err
hz_record_read(const void *payload, size_t pn, const char *disclosures, size_t dn, struct hz_record *ret)
{
	struct hz_record r;
	struct hz_json_doc *doc = NULL;
	struct sd sd = { .seen = NULL };
	if (pn > HZ_RECORD_MAX || dn > HZ_RECORD_MAX || hz_record_file_size(pn, dn) > HZ_RECORD_MAX) {
		return hz_fail(
		    HZ_MSG_LIMIT, "record of %zu and %zu bytes, at most %d", pn, dn, HZ_RECORD_MAX);
	}
	hz_record_init(&r);
	enum hz_err err = hz_json_parse(payload, pn, true, &doc);
	if (err == HZ_OK && hz_json_type_of(hz_json_root(doc)) != HZ_JSON_OBJECT) {
		err = hz_fail(HZ_MSG_FORMAT, "record: not an object");
	}
	if (err == HZ_OK) {
		err = read_head(hz_json_root(doc), &r);
	}
	if (err == HZ_OK) {
		err = read_sd(hz_json_get(hz_json_root(doc), "_sd"), &sd);
	}
	if (err == HZ_OK) {
		err = read_disclosures(disclosures, dn, &sd, &r);
	}
	if (err == HZ_OK) {
		r.withheld = sd.n - r.n;
		hz_record_done(ret);
		*ret = r;
	} else {
		hz_record_done(&r);
	}
	free(sd.seen);
	hz_json_free(&doc);
	return err;
}

enum hz_err
hz_record_split(const void *p, size_t n, size_t *ret_jwt, size_t *ret_disc_at, size_t *ret_disc_len)
{
	const char *s = p;
	if (n > HZ_RECORD_MAX) {
		return hz_fail(HZ_MSG_LIMIT, "record of %zu bytes, at most %d", n, HZ_RECORD_MAX);
	}
	const char *first = n == 0 ? NULL : memchr(s, '~', n);
	if (first == NULL || first == s || s[n - 1] != '~') {
		return hz_fail(HZ_MSG_FORMAT, "record: not a JWT and disclosures that each end with ~");
	}
	size_t jwt = (size_t)(first - s);
	size_t at = jwt + 1;
	size_t len = at == n ? 0 : n - 1 - at;
	if (at != n && len == 0) {
		return hz_fail(HZ_MSG_FORMAT, "record: an empty disclosure");
	}
	*ret_jwt = jwt;
	*ret_disc_at = at;
	*ret_disc_len = len;
	return HZ_OK;
}
