/* Payload in, verified plaintext out [F-6.1], [F-6.2]. Nothing of a chunk leaves before its tag is checked.
 */
#include "object/object.h"
#include "object/payload.h"

#include <stdlib.h>
#include <string.h>

struct hz_opener {
	struct hz_stream *cipher;
	struct hz_hash *hash;
	uint8_t *file_key; /* secret memory; wiped once the payload key is made */
	bool active, broken;
	uint64_t size, payload;
	uint64_t got, out, counter; /* payload bytes in, padded plaintext bytes out, chunks */
	uint8_t nonce[HZ_PAYLOAD_NONCE];
	uint8_t *sealed; /* a chunk that came in pieces */
	size_t fill;
	uint8_t *plain;
	size_t high;
};

typedef enum hz_err sink_fn(void *arg, const uint8_t *p, size_t n);

HZ_RESULT
hz_opener_new(struct hz_opener **ret_o)
{
	struct hz_opener *o = calloc(1, sizeof *o);

	if (o == NULL) {
		return hz_fail(HZ_MSG_NOMEM, "opener");
	}
	enum hz_err err = HZ_OK;
	o->sealed = malloc(HZ_OBJ_CHUNK_SEALED);
	o->plain = malloc(HZ_OBJ_CHUNK);
	if (o->sealed == NULL || o->plain == NULL) {
		err = hz_fail(HZ_MSG_NOMEM, "opener");
	}
	void *key = NULL;
	if (err == HZ_OK) {
		err = hz_secret_new(HZ_OBJ_FILE_KEY, &key);
		o->file_key = key;
	}
	if (err == HZ_OK) {
		err = hz_stream_new(&o->cipher);
	}
	if (err == HZ_OK) {
		err = hz_hash_new(HZ_HASH_SHA256, &o->hash);
	}
	if (err != HZ_OK) {
		hz_opener_free(&o);
		return err;
	}
	*ret_o = o;
	return HZ_OK;
}

static void
forget(struct hz_opener *o)
{
	if (o->file_key != NULL) {
		hz_wipe(o->file_key, HZ_OBJ_FILE_KEY);
	}
	if (o->plain != NULL) {
		hz_wipe(o->plain, o->high);
	}
	o->high = o->fill = 0;
	o->active = false;
}

void
hz_opener_free(struct hz_opener **op)
{
	struct hz_opener *o = *op;

	if (o == NULL) {
		return;
	}
	forget(o);
	void *key = o->file_key;
	hz_secret_free(&key);
	hz_stream_free(&o->cipher);
	hz_hash_free(&o->hash);
	free(o->sealed);
	free(o->plain);
	free(o);
	*op = NULL;
}

HZ_RESULT
hz_opener_begin(struct hz_opener *o, const uint8_t file_key[static 16], uint64_t size, uint64_t payload)
{
	uint64_t padded = 0;

	forget(o);
	if (hz_pad_len(size, &padded) != HZ_OK || hz_payload_len(padded) != payload) {
		return hz_fail(HZ_MSG_CONTENT_DIFFERS, "%llu stored bytes cannot hold %llu bytes of content",
		    (unsigned long long)payload, (unsigned long long)size);
	}
	memcpy(o->file_key, file_key, HZ_OBJ_FILE_KEY);
	o->size = size;
	o->payload = payload;
	o->got = o->out = o->counter = 0;
	o->active = true;
	o->broken = false;
	hz_hash_begin(o->hash);
	return HZ_OK;
}

/* The padding is no secret from whoever holds the key: no need for a compare in constant time. */
static bool
all_zero(const uint8_t *p, size_t n)
{
	return n == 0 || (p[0] == 0 && memcmp(p, p + 1, n - 1) == 0);
}

/* One whole sealed chunk. */
static HZ_RESULT
open_chunk(struct hz_opener *o, const uint8_t *ct, size_t n, bool last, sink_fn *sink, void *arg)
{
	uint8_t nonce[12];
	size_t len = n - HZ_BOX_TAG;

	hz_chunk_nonce(o->counter, last, nonce);
	o->high = len > o->high ? len : o->high;
	if (hz_stream_open(o->cipher, nonce, ct, n, o->plain) != HZ_OK) {
		return hz_fail(
		    HZ_MSG_CONTENT_DIFFERS, "chunk %llu does not open", (unsigned long long)o->counter);
	}
	o->counter++;
	uint64_t left = o->size - o->out < len ? o->size - o->out : len;
	size_t text = (size_t)left;
#ifndef HZ_FAULT_NO_ZERO_PADDING
	if (!all_zero(o->plain + text, len - text)) {
		return hz_fail(HZ_MSG_CONTENT_DIFFERS, "the padding is not zero");
	}
#endif
	o->out += text;
	if (text == 0) {
		return HZ_OK;
	}
	hz_hash_add(o->hash, o->plain, text);
	return sink != NULL ? sink(arg, o->plain, text) : HZ_OK;
}

/* Takes the nonce, which stands before the chunks; returns the bytes used. */
static size_t
take_nonce(struct hz_opener *o, const uint8_t *p, size_t n)
{
	if (o->got >= HZ_PAYLOAD_NONCE) {
		return 0;
	}
	size_t at = (size_t)o->got;
	size_t take = HZ_PAYLOAD_NONCE - at < n ? HZ_PAYLOAD_NONCE - at : n;
	memcpy(o->nonce + at, p, take);
	o->got += take;
	if (o->got == HZ_PAYLOAD_NONCE) {
		uint8_t key[32];
		hz_payload_key(o->file_key, o->nonce, key);
		hz_stream_key(o->cipher, key);
		hz_wipe(key, sizeof key);
		hz_wipe(o->file_key, HZ_OBJ_FILE_KEY);
	}
	return take;
}

static HZ_RESULT
put(struct hz_opener *o, const uint8_t *p, size_t n, sink_fn *sink, void *arg)
{
	size_t used = take_nonce(o, p, n);

	p += used;
	n -= used;
	while (n > 0) {
		/* What the payload holds from the start of this chunk on decides its length. */
		uint64_t rest = o->payload - o->got + o->fill;
		bool last = rest <= HZ_OBJ_CHUNK_SEALED;
		size_t want = last ? (size_t)rest : HZ_OBJ_CHUNK_SEALED;
		const uint8_t *whole = NULL;
		size_t take = want - o->fill < n ? want - o->fill : n;
		if (o->fill == 0 && take == want) {
			whole = p;
		} else {
			memcpy(o->sealed + o->fill, p, take);
			o->fill += take;
			if (o->fill == want) {
				whole = o->sealed;
			}
		}
		o->got += take;
		p += take;
		n -= take;
		if (whole != NULL) {
			o->fill = 0;
			enum hz_err err = open_chunk(o, whole, want, last, sink, arg);
			if (err != HZ_OK) {
				return err;
			}
		}
	}
	return HZ_OK;
}

HZ_RESULT
hz_opener_put(struct hz_opener *o, const uint8_t *p, size_t n, sink_fn *sink, void *arg)
{
	hz_assert(o->active);
	if (n == 0) {
		return HZ_OK;
	}
	hz_assert(p != NULL);
	if (o->broken || n > o->payload - o->got) {
		o->broken = true;
		return hz_fail(HZ_MSG_CONTENT_DIFFERS, "stored bytes beyond the end of the object");
	}
	enum hz_err err = put(o, p, n, sink, arg);
	o->broken = err != HZ_OK;
	return err;
}

HZ_RESULT
hz_opener_end(struct hz_opener *o, uint8_t ret_sha256[static 32])
{
	hz_assert(o->active);
	bool whole = !o->broken && o->got == o->payload;
	forget(o);
	if (!whole) {
		return hz_fail(HZ_MSG_CONTENT_DIFFERS, "the object ends after %llu of %llu stored bytes",
		    (unsigned long long)o->got, (unsigned long long)o->payload);
	}
	hz_assert(o->out == o->size);
	hz_hash_end(o->hash, ret_sha256);
	return HZ_OK;
}
