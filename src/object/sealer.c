/* Plaintext in, encrypted segments out [F-6.1] to [F-6.4]: one pass, one copy of at most a chunk. */
#include "object/object.h"
#include "object/payload.h"

#include "base/aside.h"

#include <stdlib.h>
#include <string.h>

/* 2^26 segments are 64 TiB. */
#define ADDRS_MAX ((size_t)32 << 26)

/* From this many bytes in one call on, their hash is made in a second thread beside the sealing. */
#define ASIDE_FROM ((size_t)256 << 10)

/* Lies in secret memory. */
struct keys {
	uint8_t file[HZ_OBJ_FILE_KEY];
	uint8_t payload[32];
};

struct hz_sealer {
	struct hz_sealer_ops ops;
	void *arg;
	struct hz_stream *cipher;
	struct hz_hash *plain_hash, *seg_hash;
	struct hz_aside *aside;
	bool aside_tried;
	const uint8_t *aside_p; /* what it hashes */
	size_t aside_n;
	struct keys *keys;
	bool active;
	uint64_t promised; /* UINT64_MAX where the length is not known */
	uint64_t total;    /* payload bytes to come out in all, where it is known, else UINT64_MAX */
	uint64_t size, written, counter;
	/* Plaintext that waits: a full chunk is held back until one more byte says that it is not the last.
	 */
	uint8_t *chunk;
	size_t fill, high;
	uint8_t *sealed; /* a sealed chunk that does not fit into the rest of the segment */
	uint8_t *seg;
	size_t seg_len, seg_cap;
	struct hz_buf addrs;
};

HZ_RESULT
hz_sealer_new(const struct hz_sealer_ops *ops, void *arg, struct hz_sealer **ret_s)
{
	struct hz_sealer *s = calloc(1, sizeof *s);

	if (s == NULL) {
		return hz_fail(HZ_MSG_NOMEM, "sealer");
	}
	s->ops = *ops;
	s->arg = arg;
	s->addrs.max = ADDRS_MAX;
	s->chunk = malloc(HZ_OBJ_CHUNK);
	s->sealed = malloc(HZ_OBJ_CHUNK_SEALED);
	enum hz_err err = HZ_OK;
	if (s->chunk == NULL || s->sealed == NULL) {
		err = hz_fail(HZ_MSG_NOMEM, "sealer");
	}
	void *keys = NULL;
	if (err == HZ_OK) {
		err = hz_secret_new(sizeof *s->keys, &keys);
		s->keys = keys;
	}
	if (err == HZ_OK) {
		err = hz_stream_new(&s->cipher);
	}
	if (err == HZ_OK) {
		err = hz_hash_new(HZ_HASH_SHA256, &s->plain_hash);
	}
	if (err == HZ_OK) {
		err = hz_hash_new(HZ_HASH_SHA256, &s->seg_hash);
	}
	if (err != HZ_OK) {
		hz_sealer_free(&s);
		return err;
	}
	*ret_s = s;
	return HZ_OK;
}

void
hz_sealer_free(struct hz_sealer **sp)
{
	struct hz_sealer *s = *sp;

	if (s == NULL) {
		return;
	}
	hz_sealer_abort(s);
	hz_aside_free(&s->aside);
	hz_stream_free(&s->cipher);
	hz_hash_free(&s->plain_hash);
	hz_hash_free(&s->seg_hash);
	void *keys = s->keys;
	hz_secret_free(&keys);
	free(s->chunk);
	free(s->sealed);
	free(s);
	*sp = NULL;
}

/* Back to rest: nothing of the object stays. */
void
hz_sealer_abort(struct hz_sealer *s)
{
	if (s->seg != NULL) {
		s->ops.put_buf(s->arg, s->seg);
		s->seg = NULL;
	}
	if (s->keys != NULL) {
		hz_wipe(s->keys, sizeof *s->keys);
	}
	if (s->chunk != NULL) {
		hz_wipe(s->chunk, s->high);
	}
	hz_buf_done(&s->addrs);
	s->fill = s->high = 0;
	s->seg_len = s->seg_cap = 0;
	s->active = false;
}

static HZ_RESULT
segment_out(struct hz_sealer *s)
{
	uint8_t addr[32];
	uint8_t *p = s->seg;

	hz_hash_end(s->seg_hash, addr);
	enum hz_err err = hz_buf_put(&s->addrs, addr, sizeof addr);
	if (err != HZ_OK) {
		return err;
	}
	s->seg = NULL; /* theirs from here on */
	return s->ops.segment(s->arg, p, s->seg_len, addr);
}

/* Makes sure that there is room in a segment; it is asked for only when a byte is there for it. */
static HZ_RESULT
segment_room(struct hz_sealer *s)
{
	if (s->seg != NULL) {
		return HZ_OK;
	}
	uint64_t left = s->total - s->written;
	size_t want = left < HZ_OBJ_SEGMENT ? (size_t)left : HZ_OBJ_SEGMENT;
	enum hz_err err = s->ops.get_buf(s->arg, want, &s->seg);
	if (err != HZ_OK) {
		s->seg = NULL;
		return err;
	}
	s->seg_cap = want;
	s->seg_len = 0;
	hz_hash_begin(s->seg_hash);
	return HZ_OK;
}

/* n bytes were laid at the segment's end. */
static HZ_RESULT
segment_grew(struct hz_sealer *s, size_t n)
{
	hz_hash_add(s->seg_hash, s->seg + s->seg_len, n);
	s->seg_len += n;
	s->written += n;
	return s->seg_len == HZ_OBJ_SEGMENT ? segment_out(s) : HZ_OK;
}

static HZ_RESULT
write_bytes(struct hz_sealer *s, const uint8_t *p, size_t n)
{
	while (n > 0) {
		enum hz_err err = segment_room(s);
		if (err != HZ_OK) {
			return err;
		}
		size_t take = s->seg_cap - s->seg_len < n ? s->seg_cap - s->seg_len : n;
		hz_assert(take > 0);
		memcpy(s->seg + s->seg_len, p, take);
		err = segment_grew(s, take);
		if (err != HZ_OK) {
			return err;
		}
		p += take;
		n -= take;
	}
	return HZ_OK;
}

static HZ_RESULT
seal_chunk(struct hz_sealer *s, const uint8_t *p, size_t n, bool last)
{
	uint8_t nonce[12];

	hz_chunk_nonce(s->counter++, last, nonce);
	enum hz_err err = segment_room(s);
	if (err != HZ_OK) {
		return err;
	}
	if (s->seg_cap - s->seg_len >= n + HZ_BOX_TAG) {
		err = hz_stream_seal(s->cipher, nonce, p, n, s->seg + s->seg_len);
		return err == HZ_OK ? segment_grew(s, n + HZ_BOX_TAG) : err;
	}
	err = hz_stream_seal(s->cipher, nonce, p, n, s->sealed);
	return err == HZ_OK ? write_bytes(s, s->sealed, n + HZ_BOX_TAG) : err;
}

HZ_RESULT
hz_sealer_begin(struct hz_sealer *s, uint64_t size)
{
	uint8_t nonce[HZ_PAYLOAD_NONCE];
	uint64_t padded = 0;

	hz_assert(!s->active);
	s->promised = size;
	s->total = UINT64_MAX;
	if (size > 0 && size != UINT64_MAX) {
		enum hz_err err = hz_pad_len(size, &padded);
		if (err != HZ_OK) {
			return err;
		}
		s->total = hz_payload_len(padded);
	}
	s->active = true;
	s->size = s->written = s->counter = 0;
	hz_random(s->keys->file, sizeof s->keys->file);
	hz_random_nonce(nonce, sizeof nonce);
	hz_payload_key(s->keys->file, nonce, s->keys->payload);
	hz_stream_key(s->cipher, s->keys->payload);
	hz_hash_begin(s->plain_hash);
	enum hz_err err = write_bytes(s, nonce, sizeof nonce);
	if (err != HZ_OK) {
		hz_sealer_abort(s);
	}
	return err;
}

/* p is NULL for zeros. hash is false where the bytes are hashed aside. */
static HZ_RESULT
feed(struct hz_sealer *s, const uint8_t *p, uint64_t n, bool hash)
{
	while (n > 0) {
		if (s->fill == HZ_OBJ_CHUNK) {
			enum hz_err err = seal_chunk(s, s->chunk, HZ_OBJ_CHUNK, false);
			if (err != HZ_OK) {
				return err;
			}
			s->fill = 0;
		}
		size_t take = HZ_OBJ_CHUNK - s->fill < n ? HZ_OBJ_CHUNK - s->fill : (size_t)n;
		if (p != NULL && hash) {
			hz_hash_add(s->plain_hash, p, take);
		}
		if (p != NULL && s->fill == 0 && n > HZ_OBJ_CHUNK) {
			enum hz_err err = seal_chunk(s, p, HZ_OBJ_CHUNK, false);
			if (err != HZ_OK) {
				return err;
			}
		} else {
			if (p != NULL) {
				memcpy(s->chunk + s->fill, p, take);
			} else {
				memset(s->chunk + s->fill, 0, take);
			}
			s->fill += take;
			s->high = s->fill > s->high ? s->fill : s->high;
		}
		p = p != NULL ? p + take : NULL;
		n -= take;
	}
	return HZ_OK;
}

static enum hz_err
hash_aside(void *arg)
{
	struct hz_sealer *s = arg;

	hz_hash_add(s->plain_hash, s->aside_p, s->aside_n);
	return HZ_OK;
}

/* The thread is started when it is first worth it; without one the hash is made here. */
static bool
has_aside(struct hz_sealer *s, size_t n)
{
	if (n >= ASIDE_FROM && !s->aside_tried) {
		s->aside_tried = true;
		if (hz_aside_new(&s->aside) != HZ_OK) {
			hz_fail_clear();
		}
	}
	return n >= ASIDE_FROM && s->aside != NULL;
}

HZ_RESULT
hz_sealer_put(struct hz_sealer *s, const uint8_t *p, size_t n)
{
	hz_assert(s->active);
	if (n == 0) {
		return HZ_OK;
	}
	if (s->promised != UINT64_MAX && n > s->promised - s->size) {
		return hz_fail(HZ_MSG_SOURCE_CHANGED, "more than the %llu bytes that were expected",
		    (unsigned long long)s->promised);
	}
	s->size += n;
	if (!has_aside(s, n)) {
		return feed(s, p, n, true);
	}
	s->aside_p = p;
	s->aside_n = n;
	hz_aside_begin(s->aside, hash_aside, s);
	enum hz_err err = feed(s, p, n, false);
	enum hz_err hashed = hz_aside_wait(s->aside);
	return err != HZ_OK ? err : hashed;
}

static HZ_RESULT
finish(struct hz_sealer *s)
{
	uint64_t padded = 0;

	if (s->promised != UINT64_MAX && s->size != s->promised) {
		return hz_fail(HZ_MSG_SOURCE_CHANGED, "%llu bytes came where %llu were expected",
		    (unsigned long long)s->size, (unsigned long long)s->promised);
	}
	if (s->size == 0) {
		return hz_fail(HZ_MSG_SOURCE_EMPTY, "no content");
	}
	enum hz_err err = hz_pad_len(s->size, &padded);
	if (err == HZ_OK) {
		err = feed(s, NULL, padded - s->size, false);
	}
	if (err == HZ_OK) {
		err = seal_chunk(s, s->chunk, s->fill, true);
	}
	if (err == HZ_OK && s->seg != NULL) {
		err = segment_out(s);
	}
	hz_assert(err != HZ_OK || s->written == hz_payload_len(padded));
	return err;
}

HZ_RESULT
hz_sealer_end(struct hz_sealer *s, struct hz_sealed *ret)
{
	uint8_t root[32];

	hz_assert(s->active);
	enum hz_err err = finish(s);
	if (err == HZ_OK) {
		err = hz_object_root(s->addrs.p, s->addrs.len / 32, root);
	}
	if (err != HZ_OK) {
		hz_sealer_abort(s);
		return err;
	}
	memset(ret, 0, sizeof *ret);
	ret->size = s->size;
	ret->payload = s->written;
	hz_hash_end(s->plain_hash, ret->sha256);
	memcpy(ret->root, root, sizeof root);
	memcpy(ret->file_key, s->keys->file, sizeof ret->file_key);
	ret->segments = s->addrs.len / 32;
	ret->addrs = s->addrs;
	s->addrs = (struct hz_buf)HZ_BUF_INIT(ADDRS_MAX);
	hz_sealer_abort(s);
	return HZ_OK;
}
