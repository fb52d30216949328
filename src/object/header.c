/* The header row's content [F-6.5] and what lies under the exhibit key [F-6.7]. */
#include "object/object.h"

#include <string.h>

#define TYPE_SYMMETRIC 1
#define TYPE_AGE       2
#define SYMMETRIC_LEN  97
#define WRAPPED        (HZ_OBJ_FILE_KEY + HZ_BOX_TAG)
#define VAULT_ID       16
#define LABEL_MAX      32
#define CTX_MAX        64
/* The largest value that may lie under an exhibit key. */
#define EXHIBIT_VALUE_MAX ((size_t)16 << 20)

static const char header_label[] = "hirz-header/v1";
static const char commit_label[] = "hirz-file-key/v1";

#define HEADER_AD (sizeof header_label - 1 + VAULT_ID + 8)

static void
header_ad(const uint8_t *vault_id, uint32_t compartment, uint32_t epoch, uint8_t ad[static HEADER_AD])
{
	size_t at = sizeof header_label - 1;

	memcpy(ad, header_label, at);
	memcpy(ad + at, vault_id, VAULT_ID);
	hz_be32(ad + at + VAULT_ID, compartment);
	hz_be32(ad + at + VAULT_ID + 4, epoch);
}

/* The box's tag does not bind the key: two keys could open one ciphertext. This does. */
static void
key_commitment(const uint8_t file_key[static 16], const uint8_t *vault_id, uint8_t ret_mac[static 32])
{
	hz_hmac_sha256_2(
	    file_key, HZ_OBJ_FILE_KEY, commit_label, sizeof commit_label - 1, vault_id, VAULT_ID, ret_mac);
}

HZ_RESULT
hz_header_wrap(const struct hz_epoch_key *ek, const uint8_t vault_id[static 16],
    const uint8_t file_key[static 16], struct hz_buf *out)
{
	uint8_t h[SYMMETRIC_LEN] = { TYPE_SYMMETRIC };
	uint8_t ad[HEADER_AD];
	uint8_t *nonce = h + 9, *box = nonce + HZ_BOX_NONCE, *mac = box + WRAPPED;

	hz_be32(h + 1, ek->compartment);
	hz_be32(h + 5, ek->epoch);
	hz_random_nonce(nonce, HZ_BOX_NONCE);
	header_ad(vault_id, ek->compartment, ek->epoch, ad);
	hz_box_seal(ek->key, nonce, ad, sizeof ad, file_key, HZ_OBJ_FILE_KEY, box);
	key_commitment(file_key, vault_id, mac);
	return hz_buf_put(out, h, sizeof h);
}

HZ_RESULT
hz_header_peek(const uint8_t *p, size_t n, struct hz_header_info *ret)
{
	struct hz_header_info info = { 0, 0, 0 };
	struct hz_rd r = hz_rd_over(p, n);
	const uint8_t *view = NULL;
	size_t len = 0;

	if (n > HZ_OBJ_HEADER_MAX) {
		return hz_fail(
		    HZ_MSG_LIMIT, "an object header of %zu bytes; the limit is %d", n, HZ_OBJ_HEADER_MAX);
	}
	enum hz_err err = hz_get_u8(&r, &info.type);
	if (err != HZ_OK) {
		return err;
	}
	switch (info.type) {
	case TYPE_SYMMETRIC:
		err = hz_get_u32(&r, &info.compartment);
		if (err == HZ_OK) {
			err = hz_get_u32(&r, &info.epoch);
		}
		if (err == HZ_OK) {
			err = hz_get_view(&r, HZ_BOX_NONCE + WRAPPED + 32, &view);
		}
		break;
	case TYPE_AGE:
		err = hz_get_lp(&r, HZ_OBJ_HEADER_MAX, &view, &len);
		break;
	default:
		return hz_fail(HZ_MSG_VERSION, "an object header of type %u", info.type);
	}
	if (err == HZ_OK) {
		err = hz_rd_end(&r);
	}
	if (err == HZ_OK) {
		*ret = info;
	}
	return err;
}

HZ_RESULT
hz_header_unwrap(const uint8_t *p, size_t n, const struct hz_epoch_key *ek, const uint8_t vault_id[static 16],
    uint8_t ret_file_key[static 16])
{
	struct hz_header_info info = { 0, 0, 0 };
	uint8_t ad[HEADER_AD], key[HZ_OBJ_FILE_KEY], mac[32];
	enum hz_err err = hz_header_peek(p, n, &info);

	if (err != HZ_OK) {
		return err;
	}
	if (info.type != TYPE_SYMMETRIC) {
		return hz_fail(HZ_MSG_UNSUPPORTED, "an object header of type %u", info.type);
	}
	if (info.compartment != ek->compartment || info.epoch != ek->epoch) {
		return hz_fail(HZ_MSG_NO_KEY, "compartment %u, epoch %u", info.compartment, info.epoch);
	}
	const uint8_t *nonce = p + 9, *box = nonce + HZ_BOX_NONCE;
	header_ad(vault_id, info.compartment, info.epoch, ad);
	if (hz_box_open(ek->key, nonce, ad, sizeof ad, box, WRAPPED, key) != HZ_OK) {
		return hz_fail(HZ_MSG_VAULT_TAMPERED, "an object header does not open");
	}
	key_commitment(key, vault_id, mac);
#ifdef HZ_FAULT_NO_KEY_COMMITMENT
	memcpy(mac, box + WRAPPED, sizeof mac);
#endif
	if (hz_equal(mac, box + WRAPPED, sizeof mac)) {
		memcpy(ret_file_key, key, sizeof key);
	} else {
		err = hz_fail(HZ_MSG_VAULT_TAMPERED, "an object header's key commitment does not match");
	}
	hz_wipe(key, sizeof key);
	return err;
}

void
hz_exhibit_key(const uint8_t file_key[static 16], uint8_t ret_key[static 32])
{
	hz_hkdf_sha256(file_key, HZ_OBJ_FILE_KEY, NULL, 0, "hirz-exhibit/v1", ret_key, 32);
}

/* label || vault id || ctx; returns its length. */
static size_t
exhibit_ad(const char *label, const uint8_t *vault_id, const void *ctx, size_t ctxlen,
    uint8_t ad[static LABEL_MAX + VAULT_ID + CTX_MAX])
{
	size_t n = strlen(label);

	hz_assert(n <= LABEL_MAX && ctxlen <= CTX_MAX);
	for (size_t i = 0; i < n; i++) {
		ad[i] = (uint8_t)label[i]; /* without its NUL */
	}
	memcpy(ad + n, vault_id, VAULT_ID);
	if (ctxlen > 0) {
		memcpy(ad + n + VAULT_ID, ctx, ctxlen);
	}
	return n + VAULT_ID + ctxlen;
}

HZ_RESULT
hz_exhibit_seal(const uint8_t exhibit_key[static 32], const char *label, const uint8_t vault_id[static 16],
    const void *ctx, size_t ctxlen, const void *p, size_t n, struct hz_buf *out)
{
	uint8_t ad[LABEL_MAX + VAULT_ID + CTX_MAX];
	uint8_t *at = NULL;

	if (n > EXHIBIT_VALUE_MAX) {
		return hz_fail(HZ_MSG_LIMIT, "a value of %zu bytes; the limit is %zu", n, EXHIBIT_VALUE_MAX);
	}
	size_t adlen = exhibit_ad(label, vault_id, ctx, ctxlen, ad);
	enum hz_err err = hz_buf_room(out, HZ_BOX_NONCE + n + HZ_BOX_TAG, &at);
	if (err != HZ_OK) {
		return err;
	}
	hz_random_nonce(at, HZ_BOX_NONCE);
	hz_box_seal(exhibit_key, at, ad, adlen, p, n, at + HZ_BOX_NONCE);
	return HZ_OK;
}

HZ_RESULT
hz_exhibit_open(const uint8_t exhibit_key[static 32], const char *label, const uint8_t vault_id[static 16],
    const void *ctx, size_t ctxlen, const uint8_t *p, size_t n, struct hz_buf *out)
{
	uint8_t ad[LABEL_MAX + VAULT_ID + CTX_MAX];
	uint8_t *at = NULL;

	if (n < HZ_BOX_NONCE + HZ_BOX_TAG) {
		return hz_fail(HZ_MSG_FORMAT, "a value of %zu bytes is shorter than its nonce and tag", n);
	}
	size_t len = n - HZ_BOX_NONCE - HZ_BOX_TAG;
	if (len > EXHIBIT_VALUE_MAX) {
		return hz_fail(
		    HZ_MSG_LIMIT, "a value of %zu bytes; the limit is %zu", len, EXHIBIT_VALUE_MAX);
	}
	size_t adlen = exhibit_ad(label, vault_id, ctx, ctxlen, ad);
	enum hz_err err = hz_buf_room(out, len, &at);
	if (err != HZ_OK) {
		return err;
	}
	if (hz_box_open(exhibit_key, p, ad, adlen, p + HZ_BOX_NONCE, n - HZ_BOX_NONCE, at) != HZ_OK) {
		out->len -= len; /* hz_box_open wiped it */
		return hz_fail(HZ_MSG_VAULT_TAMPERED, "a value under an exhibit's key does not open");
	}
	return HZ_OK;
}
