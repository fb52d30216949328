/* Writing age v1: headers of X25519 stanzas, whole files in a stream, the texts of keys. */
#include "object/age.h"

#include "base/enc.h"
#include "crypto/bech32.h"
#include "object/age_wrap.h"
#include "object/object.h"
#include "object/payload.h"

#include <stdlib.h>
#include <string.h>

void
hz_age_x25519_key(const uint8_t shared[static 32], const uint8_t share[static 32],
    const uint8_t recipient[static 32], uint8_t ret_key[static 32])
{
	uint8_t salt[64];

	memcpy(salt, share, 32);
	memcpy(salt + 32, recipient, 32);
	hz_hkdf_sha256(shared, 32, salt, sizeof salt, "age-encryption.org/v1/X25519", ret_key, 32);
}

void
hz_age_mac(const uint8_t file_key[static 16], const uint8_t *p, size_t n, uint8_t ret_mac[static 32])
{
	uint8_t key[32];

	hz_hkdf_sha256(file_key, HZ_OBJ_FILE_KEY, NULL, 0, "header", key, sizeof key);
	hz_hmac_sha256(key, sizeof key, p, n, ret_mac);
	hz_wipe(key, sizeof key);
}

/* An ephemeral key serves this one stanza and is gone. */
static HZ_RESULT
put_stanza(struct hz_stream *cipher, const uint8_t *file_key, const uint8_t *recipient, struct hz_buf *out)
{
	static const uint8_t zero[12];
	uint8_t secret[32], share[32], shared[32], wrap[32], body[HZ_OBJ_FILE_KEY + HZ_BOX_TAG];

	hz_random(secret, sizeof secret);
	hz_x25519_public(secret, share);
	enum hz_err err = hz_x25519(secret, recipient, shared);
	if (err == HZ_OK) {
		hz_age_x25519_key(shared, share, recipient, wrap);
		hz_stream_key(cipher, wrap);
		err = hz_stream_seal(cipher, zero, file_key, HZ_OBJ_FILE_KEY, body);
	}
	hz_wipe(secret, sizeof secret);
	hz_wipe(shared, sizeof shared);
	hz_wipe(wrap, sizeof wrap);
	if (err == HZ_OK) {
		err = hz_buf_puts(out, "-> X25519 ");
	}
	if (err == HZ_OK) {
		err = hz_b64_put(out, HZ_B64_STD_NOPAD, share, sizeof share);
	}
	if (err == HZ_OK) {
		err = hz_buf_putc(out, '\n');
	}
	if (err == HZ_OK) {
		err = hz_b64_put(out, HZ_B64_STD_NOPAD, body, sizeof body); /* 43 characters: one line */
	}
	return err == HZ_OK ? hz_buf_putc(out, '\n') : err;
}

static HZ_RESULT
put_header(struct hz_stream *cipher, const uint8_t *file_key, const uint8_t (*recipients)[32], size_t n,
    struct hz_buf *out)
{
	size_t from = out->len;
	uint8_t mac[32];
	enum hz_err err = hz_buf_puts(out, HZ_AGE_MAGIC "\n");

	for (size_t i = 0; i < n && err == HZ_OK; i++) {
		err = put_stanza(cipher, file_key, recipients[i], out);
	}
	if (err == HZ_OK) {
		err = hz_buf_puts(out, "---");
	}
	if (err != HZ_OK) {
		return err;
	}
	hz_age_mac(file_key, out->p + from, out->len - from, mac);
	err = hz_buf_putc(out, ' ');
	if (err == HZ_OK) {
		err = hz_b64_put(out, HZ_B64_STD_NOPAD, mac, sizeof mac);
	}
	return err == HZ_OK ? hz_buf_putc(out, '\n') : err;
}

HZ_RESULT
hz_age_header_write(
    const uint8_t file_key[static 16], const uint8_t (*recipients)[32], size_t n, struct hz_buf *out)
{
	struct hz_stream *cipher = NULL;
	size_t before = out->len;

	if (n < 1 || n > HZ_AGE_STANZAS_MAX) {
		return hz_fail(HZ_MSG_LIMIT, "%zu recipients; allowed are 1 to %d", n, HZ_AGE_STANZAS_MAX);
	}
	enum hz_err err = hz_stream_new(&cipher);
	if (err != HZ_OK) {
		return err;
	}
	err = put_header(cipher, file_key, recipients, n, out);
	hz_stream_free(&cipher);
	if (err != HZ_OK) {
		out->len = before;
	}
	return err;
}

struct hz_age_writer {
	struct hz_stream *cipher;
	enum hz_err (*sink)(void *arg, const void *p, size_t n);
	void *arg;
	uint64_t counter;
	size_t fill;
	enum hz_err state; /* the first failure; it stays */
	bool ended;
	uint8_t chunk[HZ_OBJ_CHUNK];
	uint8_t sealed[HZ_OBJ_CHUNK_SEALED];
};

HZ_RESULT
hz_age_writer_new(const uint8_t (*recipients)[32], size_t n,
    enum hz_err (*sink)(void *arg, const void *p, size_t n), void *arg, struct hz_age_writer **ret_w)
{
	struct hz_buf head = HZ_BUF_INIT(HZ_OBJ_HEADER_MAX);
	uint8_t file_key[HZ_OBJ_FILE_KEY], nonce[HZ_PAYLOAD_NONCE], key[32];
	struct hz_age_writer *w = calloc(1, sizeof *w);

	if (w == NULL) {
		return hz_fail(HZ_MSG_NOMEM, "age writer");
	}
	w->sink = sink;
	w->arg = arg;
	hz_random(file_key, sizeof file_key);
	hz_random(nonce, sizeof nonce);
	hz_payload_key(file_key, nonce, key);
	enum hz_err err = hz_stream_new(&w->cipher);
	if (err == HZ_OK) {
		hz_stream_key(w->cipher, key);
		err = hz_age_header_write(file_key, recipients, n, &head);
	}
	hz_wipe(file_key, sizeof file_key);
	hz_wipe(key, sizeof key);
	if (err == HZ_OK) {
		err = hz_buf_put(&head, nonce, sizeof nonce);
	}
	if (err == HZ_OK) {
		err = sink(arg, head.p, head.len);
	}
	hz_buf_done(&head);
	if (err != HZ_OK) {
		hz_age_writer_free(&w);
		return err;
	}
	*ret_w = w;
	return HZ_OK;
}

void
hz_age_writer_free(struct hz_age_writer **w)
{
	if (*w != NULL) {
		hz_stream_free(&(*w)->cipher);
		hz_wipe((*w)->chunk, sizeof(*w)->chunk);
		free(*w);
		*w = NULL;
	}
}

static HZ_RESULT
put_chunk(struct hz_age_writer *w, const uint8_t *p, size_t n, bool last)
{
	uint8_t nonce[12];

	hz_chunk_nonce(w->counter++, last, nonce);
	enum hz_err err = hz_stream_seal(w->cipher, nonce, p, n, w->sealed);
	return err == HZ_OK ? w->sink(w->arg, w->sealed, n + HZ_BOX_TAG) : err;
}

HZ_RESULT
hz_age_writer_put(struct hz_age_writer *w, const void *p, size_t n)
{
	const uint8_t *at = p;

	hz_assert(!w->ended);
	while (n > 0 && w->state == HZ_OK) {
		/* A full chunk goes out once a byte more shows that it is not the last. */
		if (w->fill == HZ_OBJ_CHUNK) {
			w->state = put_chunk(w, w->chunk, HZ_OBJ_CHUNK, false);
			w->fill = 0;
			continue;
		}
		size_t take = HZ_OBJ_CHUNK - w->fill < n ? HZ_OBJ_CHUNK - w->fill : n;
		if (w->fill == 0 && n > HZ_OBJ_CHUNK) {
			w->state = put_chunk(w, at, HZ_OBJ_CHUNK, false);
		} else {
			memcpy(w->chunk + w->fill, at, take);
			w->fill += take;
		}
		at += take;
		n -= take;
	}
	return w->state;
}

HZ_RESULT
hz_age_writer_end(struct hz_age_writer *w)
{
	hz_assert(!w->ended);
	w->ended = true;
	if (w->state == HZ_OK) {
		w->state = put_chunk(w, w->chunk, w->fill, true);
	}
	return w->state;
}

static HZ_RESULT
key_parse(const char *s, size_t n, const char *hrp, uint8_t *ret_key)
{
	uint8_t key[32];
	size_t len = 0;
	enum hz_err err = hz_bech32_decode(s, n, hrp, key, sizeof key, &len);

	if (err == HZ_OK && len != sizeof key) {
		err = hz_fail(HZ_MSG_FORMAT, "age key of %zu bytes", len);
	}
	if (err == HZ_OK) {
		memcpy(ret_key, key, sizeof key);
	}
	hz_wipe(key, sizeof key);
	return err;
}

HZ_RESULT
hz_age_identity_text(const uint8_t identity[static 32], struct hz_buf *out)
{
	return hz_bech32_encode("age-secret-key-", identity, 32, true, out);
}

HZ_RESULT
hz_age_recipient_text(const uint8_t pk[static 32], struct hz_buf *out)
{
	return hz_bech32_encode("age", pk, 32, false, out);
}

HZ_RESULT
hz_age_identity_parse(const char *s, size_t n, uint8_t ret_identity[static 32])
{
	return key_parse(s, n, "age-secret-key-", ret_identity);
}

HZ_RESULT
hz_age_recipient_parse(const char *s, size_t n, uint8_t ret_pk[static 32])
{
	return key_parse(s, n, "age", ret_pk);
}
