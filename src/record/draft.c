#include "base/enc.h"
#include "codec/json.h"
#include "crypto/crypto.h"
#include "record/field.h"

#include <stdlib.h>
#include <string.h>

static void
real_random(void *arg, void *p, size_t n)
{
	(void)arg;
	hz_random_nonce(p, n);
}

static enum hz_err
put_digest(struct hz_record_draft *d, const void *p, size_t n)
{
	uint8_t h[HZ_SHA256_LEN];
	hz_sha256(p, n, h);
	enum hz_err err = hz_b64_put(&d->digests, HZ_B64_URL, h, sizeof h);
	if (err == HZ_OK) {
		d->count++;
	}
	return err;
}

static enum hz_err
put_decoys(struct hz_record_draft *d, size_t n, hz_random_fn *draw, void *arg)
{
	uint8_t noise[HZ_DIGESTS_OF][HZ_DECOY];
	enum hz_err err = HZ_OK;
	hz_assert(n <= HZ_DIGESTS_OF);
	if (n > 0) {
		draw(arg, noise, n * HZ_DECOY);
	}
	for (size_t i = 0; i < n && err == HZ_OK; i++) {
		err = put_digest(d, noise[i], HZ_DECOY);
	}
	return err;
}

/* Appends the disclosure of one field; its text begins at *ret_at. json is working space. */
static enum hz_err
put_disclosure(struct hz_record_draft *d, const uint8_t salt[static HZ_SALT], const struct hz_field *f,
    struct hz_buf *json, size_t *ret_at)
{
	struct hz_jw w;
	uint64_t number = 0;
	enum hz_err err = HZ_OK;
	if (f->is_int) {
		err = hz_parse_u64(f->value, strlen(f->value), HZ_INT_MAX, &number);
	}
	if (err != HZ_OK) {
		return err;
	}
	hz_buf_clear(json);
	hz_jw_begin(&w, json);
	hz_jw_arr(&w, NULL);
	hz_jw_b64url(&w, NULL, salt, HZ_SALT);
	hz_jw_str(&w, NULL, f->name);
	if (f->is_int) {
		hz_jw_int(&w, NULL, number);
	} else {
		hz_jw_str(&w, NULL, f->value);
	}
	hz_jw_arr_end(&w);
	err = hz_jw_end(&w);
	if (err == HZ_OK && d->disclosures.len > 0) {
		err = hz_buf_putc(&d->disclosures, '~');
	}
	*ret_at = d->disclosures.len;
	return err == HZ_OK ? hz_b64_put(&d->disclosures, HZ_B64_URL, json->p, json->len) : err;
}

static enum hz_err
put_field(
    struct hz_record_draft *d, const uint8_t salt[static HZ_SALT], struct hz_field *f, struct hz_buf *json)
{
	size_t at;
	enum hz_err err = put_disclosure(d, salt, f, json, &at);
	if (err != HZ_OK) {
		return err;
	}
	char *text = strndup((const char *)d->disclosures.p + at, d->disclosures.len - at);
	if (text == NULL) {
		return hz_fail(HZ_MSG_NOMEM, "disclosure");
	}
	free(f->disclosure);
	f->disclosure = text;
	err = put_digest(d, d->disclosures.p + at, d->disclosures.len - at);
	if (err == HZ_OK) {
		d->fields++;
	}
	return err;
}

/* Escapes make a text at most six times as long, base64 a third more: the hard limit is that of the record.
 */
#define JSON_MAX (6 * HZ_FIELD_VALUE_MAX + 1024)

enum hz_err
hz_record_draft_with(struct hz_record *r, hz_random_fn *draw, void *arg, struct hz_record_draft *ret_d)
{
	static const struct hz_buf digests =
	    HZ_BUF_INIT((size_t)(HZ_RECORD_FIELDS_MAX + HZ_DIGESTS_OF) * HZ_DIGEST_TEXT);
	static const struct hz_buf disclosures = HZ_BUF_INIT(HZ_RECORD_MAX);
	uint8_t salts[HZ_RECORD_FIELDS_MAX][HZ_SALT];
	struct hz_record_draft d = { .digests = digests, .disclosures = disclosures };
	struct hz_buf json = HZ_BUF_INIT(JSON_MAX);
	enum hz_err err = HZ_OK;
	hz_assert(r->n <= HZ_RECORD_FIELDS_MAX);
	if (r->n > 0) {
		draw(arg, salts, r->n * HZ_SALT);
	}
	for (size_t i = 0; i < r->n && err == HZ_OK; i++) {
		err = put_field(&d, salts[i], &r->fields[i], &json);
	}
	if (err == HZ_OK) {
		/* Up to the next multiple. */
		err = put_decoys(&d, (HZ_DIGESTS_OF - d.count % HZ_DIGESTS_OF) % HZ_DIGESTS_OF, draw, arg);
	}
	hz_buf_done(&json);
	if (err != HZ_OK) {
		hz_record_draft_done(&d);
		return err;
	}
	*ret_d = d;
	return HZ_OK;
}

enum hz_err
hz_record_draft(struct hz_record *r, struct hz_record_draft *ret_d)
{
	return hz_record_draft_with(r, real_random, NULL, ret_d);
}

enum hz_err
hz_record_draft_add_with(
    struct hz_record_draft *d, const char *name, const char *value, hz_random_fn *draw, void *arg)
{
	struct hz_record one;
	struct hz_buf json = HZ_BUF_INIT(JSON_MAX);
	uint8_t salt[HZ_SALT];
	uint8_t h[HZ_SHA256_LEN];
	const size_t before = d->disclosures.len;
	const size_t count = d->count;
	size_t at;
	if (d->fields == HZ_RECORD_FIELDS_MAX) {
		return hz_fail(HZ_MSG_LIMIT, "record: more than %d fields", HZ_RECORD_FIELDS_MAX);
	}
	hz_record_init(&one);
	enum hz_err err = hz_record_add(&one, name, value == NULL ? "" : value);
	if (err == HZ_OK && d->fields == d->count) {
		err = put_decoys(d, HZ_DIGESTS_OF, draw, arg);
	}
	if (err == HZ_OK) {
		draw(arg, salt, sizeof salt);
		err = put_disclosure(d, salt, &one.fields[0], &json, &at);
	}
	if (err == HZ_OK) {
		uint8_t text[HZ_DIGEST_TEXT + 1];
		struct hz_buf b = { text, 0, sizeof text, HZ_DIGEST_TEXT, false };
		hz_sha256(d->disclosures.p + at, d->disclosures.len - at, h);
		err = hz_b64_put(&b, HZ_B64_URL, h, sizeof h);
		memcpy(d->digests.p + d->fields * HZ_DIGEST_TEXT, text, HZ_DIGEST_TEXT);
		d->fields++;
	}
	if (err != HZ_OK) {
		d->disclosures.len = before;
		d->count = count;
		d->digests.len = count * HZ_DIGEST_TEXT;
	}
	hz_buf_done(&json);
	hz_record_done(&one);
	return err;
}

enum hz_err
hz_record_draft_add(struct hz_record_draft *d, const char *name, const char *value)
{
	return hz_record_draft_add_with(d, name, value, real_random, NULL);
}

void
hz_record_draft_done(struct hz_record_draft *d)
{
	hz_buf_done(&d->digests);
	hz_buf_done(&d->disclosures);
	d->count = 0;
	d->fields = 0;
}

static int
by_bytes(const void *a, const void *b)
{
	return memcmp(a, b, HZ_DIGEST_TEXT);
}

/* "ex-" or "rc-" and 32 hex. */
static void
put_id(struct hz_jw *w, const char *name, const char *prefix, const uint8_t id[static 16])
{
	char text[3 + 32 + 1];
	memcpy(text, prefix, 3);
	hz_hex(text + 3, id, 16);
	hz_jw_str(w, name, text);
}

static enum hz_err
write_payload(const struct hz_record *r, const uint8_t *digests, size_t count, struct hz_buf *out)
{
	struct hz_jw w;
	hz_jw_begin(&w, out);
	hz_jw_obj(&w, NULL);
	hz_jw_arr(&w, "_sd");
	for (size_t i = 0; i < count; i++) {
		hz_jw_strn(&w, NULL, digests + i * HZ_DIGEST_TEXT, HZ_DIGEST_TEXT);
	}
	hz_jw_arr_end(&w);
	hz_jw_str(&w, "_sd_alg", "sha-256");
	if (r->nex > 0) {
		hz_jw_arr(&w, "ex");
		for (size_t i = 0; i < r->nex; i++) {
			put_id(&w, NULL, "ex-", r->ex[i]);
		}
		hz_jw_arr_end(&w);
	}
	hz_jw_str(&w, "iss", r->iss);
	if (r->has_prev) {
		hz_jw_hex(&w, "prev", r->prev, sizeof r->prev);
	} else {
		hz_jw_null(&w, "prev");
	}
	put_id(&w, "rid", "rc-", r->rid);
	hz_jw_int(&w, "ver", r->ver);
	hz_jw_obj_end(&w);
	return hz_jw_end(&w);
}

enum hz_err
hz_record_payload(const struct hz_record *r, const struct hz_record_draft *d, struct hz_buf *out)
{
	size_t at = out->len;
	uint8_t *sorted = NULL;
	enum hz_err err = hz_record_head_check(r);
	if (err != HZ_OK) {
		return err;
	}
	hz_assert(d->digests.len == d->count * HZ_DIGEST_TEXT && d->count % HZ_DIGESTS_OF == 0);
	if (d->count > 0) {
		sorted = malloc(d->digests.len);
		if (sorted == NULL) {
			return hz_fail(HZ_MSG_NOMEM, "digests");
		}
		/* Where a digest stands must not tell the order of the fields, or which are decoys. */
		memcpy(sorted, d->digests.p, d->digests.len);
		qsort(sorted, d->count, HZ_DIGEST_TEXT, by_bytes);
	}
	err = write_payload(r, sorted, d->count, out);
	free(sorted);
	if (err == HZ_OK && hz_record_file_size(out->len - at, d->disclosures.len) > HZ_RECORD_MAX) {
		err = hz_fail(HZ_MSG_LIMIT, "record of %zu bytes, at most %d",
		    hz_record_file_size(out->len - at, d->disclosures.len), HZ_RECORD_MAX);
	}
	if (err != HZ_OK) {
		out->len = at;
	}
	return err;
}
