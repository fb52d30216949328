/* Reading age v1 (C2SP age.md): header, X25519 and scrypt stanzas, payload. Strict: one form for everything.
 */
#include "object/age.h"

#include "base/enc.h"
#include "object/age_wrap.h"
#include "object/object.h"
#include "object/payload.h"

#include <string.h>

#define LINE_COLUMNS    64
#define SCRYPT_LOG_MAX  22
#define BODY_LEN        (HZ_OBJ_FILE_KEY + HZ_BOX_TAG)
#define SCRYPT_SALT_LEN 16

struct x25519_stanza {
	uint8_t share[32], body[BODY_LEN];
};

struct scrypt_stanza {
	uint8_t salt[SCRYPT_SALT_LEN], body[BODY_LEN];
	unsigned log_n;
	bool there;
};

struct header {
	struct x25519_stanza x[HZ_AGE_STANZAS_MAX];
	struct scrypt_stanza scrypt;
	unsigned x_count, count;
	uint8_t mac[32];
	size_t mac_from; /* bytes that the MAC covers */
	size_t len;
};

/* One argument line, split. */
struct args {
	const char *at[4];
	size_t len[4];
	unsigned count; /* all of them, also those beyond the four kept */
};

static bool
is(const struct args *a, unsigned i, const char *word)
{
	return i < a->count && a->len[i] == strlen(word) && memcmp(a->at[i], word, a->len[i]) == 0;
}

/* The next line without its LF. cut: the bytes were cut at the limit. */
static HZ_RESULT
take_line(struct hz_rd *r, bool cut, const char **ret_line, size_t *ret_n)
{
	const char *p = (const char *)r->p + r->pos;
	size_t left = hz_rd_left(r);
	const char *end = left > 0 ? memchr(p, '\n', left) : NULL;

	if (end == NULL) {
		return cut ? hz_fail(HZ_MSG_LIMIT, "age header over %d bytes", HZ_OBJ_HEADER_MAX)
			   : hz_fail(HZ_MSG_FORMAT, "age header ends early");
	}
	*ret_line = p;
	*ret_n = (size_t)(end - p);
	r->pos += *ret_n + 1;
	return HZ_OK;
}

static HZ_RESULT
split(const char *p, size_t n, struct args *ret)
{
	size_t from = 0;

	memset(ret, 0, sizeof *ret);
	for (size_t i = 0; i <= n; i++) {
		if (i < n && p[i] != ' ') {
			if (p[i] < 33 || p[i] > 126) {
				return hz_fail(HZ_MSG_FORMAT, "age stanza: a character that is not allowed");
			}
			continue;
		}
		if (i == from) {
			return hz_fail(HZ_MSG_FORMAT, "age stanza: an empty argument");
		}
		if (ret->count < 4) {
			ret->at[ret->count] = p + from;
			ret->len[ret->count] = i - from;
		}
		ret->count++;
		from = i + 1;
	}
	return HZ_OK;
}

/* The body's lines: full ones, then one that is shorter. Keeps the first max bytes, counts all. */
static HZ_RESULT
body(struct hz_rd *r, bool cut, uint8_t *keep, size_t max, size_t *ret_n)
{
	size_t total = 0, n = 0;

	do {
		uint8_t part[LINE_COLUMNS / 4 * 3];
		const char *p = NULL;
		size_t got = 0;
		enum hz_err err = take_line(r, cut, &p, &n);
		if (err != HZ_OK) {
			return err;
		}
		if (n > LINE_COLUMNS) {
			return hz_fail(HZ_MSG_FORMAT, "age stanza: a line of %zu columns", n);
		}
		err = hz_b64_get(HZ_B64_STD_NOPAD, p, n, part, sizeof part, &got);
		if (err != HZ_OK) {
			return err;
		}
		if (total < max) {
			memcpy(keep + total, part, got < max - total ? got : max - total);
		}
		total += got;
	} while (n == LINE_COLUMNS);
	*ret_n = total;
	return HZ_OK;
}

/* Unpadded base64 of exactly want bytes. */
static HZ_RESULT
exact(const char *p, size_t n, uint8_t *ret_p, size_t want)
{
	size_t got = 0;

	if (n != hz_b64_len(HZ_B64_STD_NOPAD, want)) {
		return hz_fail(HZ_MSG_FORMAT, "age header: a value of %zu characters", n);
	}
	return hz_b64_get(HZ_B64_STD_NOPAD, p, n, ret_p, want, &got);
}

static HZ_RESULT
x25519_args(struct header *h, const struct args *a, const uint8_t *b, size_t n)
{
	struct x25519_stanza *x = &h->x[h->x_count];

	/* A body of another length must not reach the cipher. */
	if (a->count != 2 || n != BODY_LEN) {
		return hz_fail(HZ_MSG_FORMAT, "age X25519 stanza: arguments or length");
	}
	memcpy(x->body, b, BODY_LEN);
	enum hz_err err = exact(a->at[1], a->len[1], x->share, sizeof x->share);
	if (err == HZ_OK) {
		h->x_count++;
	}
	return err;
}

static HZ_RESULT
scrypt_args(struct header *h, const struct args *a, const uint8_t *b, size_t n)
{
	uint64_t log_n = 0;

	if (a->count != 3 || n != BODY_LEN) {
		return hz_fail(HZ_MSG_FORMAT, "age scrypt stanza: arguments or length");
	}
	enum hz_err err = exact(a->at[1], a->len[1], h->scrypt.salt, SCRYPT_SALT_LEN);
	if (err == HZ_OK) {
		err = hz_parse_u64(a->at[2], a->len[2], UINT32_MAX, &log_n);
	}
	if (err != HZ_OK) {
		return err;
	}
	if (log_n < 1) {
		return hz_fail(HZ_MSG_FORMAT, "age scrypt stanza: work factor 0");
	}
	if (log_n > SCRYPT_LOG_MAX) {
		return hz_fail(HZ_MSG_LIMIT, "age scrypt stanza: work factor %llu; the limit is %d",
		    (unsigned long long)log_n, SCRYPT_LOG_MAX);
	}
	memcpy(h->scrypt.body, b, BODY_LEN);
	h->scrypt.log_n = (unsigned)log_n;
	h->scrypt.there = true;
	return HZ_OK;
}

static HZ_RESULT
stanza(struct header *h, struct hz_rd *r, bool cut, const char *p, size_t n)
{
	struct args a;
	uint8_t b[BODY_LEN] = { 0 };
	size_t len = 0;

	if (h->count == HZ_AGE_STANZAS_MAX) {
		return hz_fail(HZ_MSG_LIMIT, "age header with more than %d stanzas", HZ_AGE_STANZAS_MAX);
	}
	h->count++;
	enum hz_err err = split(p, n, &a);
	if (err == HZ_OK) {
		err = body(r, cut, b, sizeof b, &len);
	}
	if (err != HZ_OK) {
		return err;
	}
	if (is(&a, 0, "X25519")) {
		return x25519_args(h, &a, b, len);
	}
	if (is(&a, 0, "scrypt")) {
		return scrypt_args(h, &a, b, len);
	}
	return HZ_OK; /* other kinds are for others */
}

static HZ_RESULT
parse(const uint8_t *p, size_t n, struct header *h)
{
	bool cut = n > HZ_OBJ_HEADER_MAX;
	struct hz_rd r = hz_rd_over(p, cut ? HZ_OBJ_HEADER_MAX : n);
	const char *s = NULL;
	size_t len = 0;

	memset(h, 0, sizeof *h);
	enum hz_err err = take_line(&r, cut, &s, &len);
	if (err != HZ_OK) {
		return err;
	}
	if (len != sizeof HZ_AGE_MAGIC - 1 || memcmp(s, HZ_AGE_MAGIC, len) != 0) {
		return hz_fail(HZ_MSG_FORMAT, "not an age v1 file");
	}
	for (;;) {
		size_t at = r.pos;
		err = take_line(&r, cut, &s, &len);
		if (err != HZ_OK) {
			return err;
		}
		if (len >= 3 && memcmp(s, "-> ", 3) == 0) {
			err = stanza(h, &r, cut, s + 3, len - 3);
		} else if (len >= 4 && memcmp(s, "--- ", 4) == 0) {
			h->mac_from = at + 3;
			h->len = r.pos;
			err = exact(s + 4, len - 4, h->mac, sizeof h->mac);
			break;
		} else {
			err = hz_fail(HZ_MSG_FORMAT, "age header: neither a stanza nor the MAC");
		}
		if (err != HZ_OK) {
			return err;
		}
	}
	if (err == HZ_OK && (h->count == 0 || (h->scrypt.there && h->count != 1))) {
		err = hz_fail(HZ_MSG_FORMAT, "age header: no stanza, or scrypt beside others");
	}
	return err;
}

/* The last step for every kind of stanza: the MAC under the file key. */
static HZ_RESULT
check_mac(
    const struct header *h, const uint8_t *p, const uint8_t *key, uint8_t *ret_file_key, size_t *ret_used)
{
	uint8_t mac[32];

	hz_age_mac(key, p, h->mac_from, mac);
	if (!hz_equal(mac, h->mac, sizeof mac)) {
		return hz_fail(HZ_MSG_TAMPERED, "age header: the MAC does not match");
	}
	memcpy(ret_file_key, key, HZ_OBJ_FILE_KEY);
	*ret_used = h->len;
	return HZ_OK;
}

/* One stanza under one identity: HZ_ERR_TAMPERED where it is not for it. */
static HZ_RESULT
try_x25519(struct hz_stream *cipher, const struct x25519_stanza *x, const uint8_t *identity,
    const uint8_t *pk, uint8_t *ret_key)
{
	static const uint8_t zero[12];
	uint8_t shared[32], wrap[32];

	if (hz_x25519(identity, x->share, shared) != HZ_OK) {
		return hz_fail(HZ_MSG_FORMAT, "age X25519 stanza: a share of small order");
	}
	hz_age_x25519_key(shared, x->share, pk, wrap);
	hz_stream_key(cipher, wrap);
	enum hz_err err = hz_stream_open(cipher, zero, x->body, BODY_LEN, ret_key);
	hz_wipe(shared, sizeof shared);
	hz_wipe(wrap, sizeof wrap);
	return err;
}

HZ_RESULT
hz_age_header_open(const uint8_t *p, size_t n, const uint8_t identity[static 32],
    uint8_t ret_file_key[static 16], size_t *ret_used)
{
	struct header h;
	struct hz_stream *cipher = NULL;
	uint8_t pk[32], key[HZ_OBJ_FILE_KEY];
	enum hz_err err = parse(p, n, &h);

	if (err == HZ_OK) {
		err = hz_stream_new(&cipher);
	}
	if (err != HZ_OK) {
		return err;
	}
	hz_x25519_public(identity, pk);
	err = HZ_ERR_TAMPERED;
	for (unsigned i = 0; i < h.x_count && err == HZ_ERR_TAMPERED; i++) {
		err = try_x25519(cipher, &h.x[i], identity, pk, key);
	}
	hz_stream_free(&cipher);
	if (err == HZ_ERR_TAMPERED) {
		return hz_fail(HZ_MSG_NO_KEY, "no stanza of the age header is for this identity");
	}
	if (err == HZ_OK) {
		err = check_mac(&h, p, key, ret_file_key, ret_used);
	}
	hz_wipe(key, sizeof key);
	return err;
}

HZ_RESULT
hz_age_header_open_scrypt(const uint8_t *p, size_t n, const void *pw, size_t pwlen,
    uint8_t ret_file_key[static 16], size_t *ret_used)
{
	static const char label[] = "age-encryption.org/v1/scrypt";
	static const uint8_t zero[12];
	struct header h;
	struct hz_stream *cipher = NULL;
	uint8_t salt[sizeof label - 1 + SCRYPT_SALT_LEN], wrap[32], key[HZ_OBJ_FILE_KEY];
	enum hz_err err = parse(p, n, &h);

	if (err != HZ_OK) {
		return err;
	}
	if (!h.scrypt.there) {
		return hz_fail(HZ_MSG_NO_KEY, "the age header has no passphrase stanza");
	}
	memcpy(salt, label, sizeof label - 1);
	memcpy(salt + sizeof label - 1, h.scrypt.salt, SCRYPT_SALT_LEN);
	err = hz_scrypt(pw, pwlen, salt, sizeof salt, h.scrypt.log_n, wrap);
	if (err == HZ_OK) {
		err = hz_stream_new(&cipher);
	}
	if (err == HZ_OK) {
		hz_stream_key(cipher, wrap);
		if (hz_stream_open(cipher, zero, h.scrypt.body, BODY_LEN, key) != HZ_OK) {
			err = hz_fail(HZ_MSG_WRONG_PASSPHRASE, "age file");
		}
	}
	hz_stream_free(&cipher);
	if (err == HZ_OK) {
		err = check_mac(&h, p, key, ret_file_key, ret_used);
	}
	hz_wipe(wrap, sizeof wrap);
	hz_wipe(key, sizeof key);
	return err;
}

static HZ_RESULT
open_chunks(struct hz_stream *cipher, const uint8_t *p, size_t n, struct hz_buf *out)
{
	uint64_t counter = 0;
	bool last = false;

	while (!last) {
		uint8_t nonce[12];
		uint8_t *at = NULL;
		last = n <= HZ_OBJ_CHUNK_SEALED;
		size_t len = last ? n : HZ_OBJ_CHUNK_SEALED;
		if (len < HZ_BOX_TAG || (len == HZ_BOX_TAG && counter > 0)) {
			return hz_fail(HZ_MSG_FORMAT, "age payload: it ends early, or with an empty chunk");
		}
		enum hz_err err = hz_buf_room(out, len - HZ_BOX_TAG, &at);
		if (err != HZ_OK) {
			return err;
		}
		hz_chunk_nonce(counter++, last, nonce);
		err = hz_stream_open(cipher, nonce, p, len, at);
		if (err != HZ_OK) {
			return err;
		}
		p += len;
		n -= len;
	}
	return HZ_OK;
}

HZ_RESULT
hz_age_payload_open(const uint8_t *p, size_t n, const uint8_t file_key[static 16], struct hz_buf *out)
{
	struct hz_stream *cipher = NULL;
	uint8_t key[32];
	size_t before = out->len;

	if (n < HZ_PAYLOAD_NONCE) {
		return hz_fail(HZ_MSG_FORMAT, "age payload: no nonce");
	}
	enum hz_err err = hz_stream_new(&cipher);
	if (err != HZ_OK) {
		return err;
	}
	hz_payload_key(file_key, p, key);
	hz_stream_key(cipher, key);
	hz_wipe(key, sizeof key);
	err = open_chunks(cipher, p + HZ_PAYLOAD_NONCE, n - HZ_PAYLOAD_NONCE, out);
	hz_stream_free(&cipher);
	if (err != HZ_OK && out->len > before) {
		hz_wipe(out->p + before, out->len - before);
		out->len = before;
	}
	return err;
}
