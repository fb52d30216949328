/* The opener: every byte is checked before a byte of its chunk leaves. */
#include "tests.h"

#include "object/payload.h"

#include <stdlib.h>
#include <string.h>

struct got {
	struct hz_buf plain;
	size_t limit; /* the sink fails beyond */
};
#define GOT_INIT                                                                                             \
	{                                                                                                    \
		HZ_BUF_INIT((size_t)64 << 20), SIZE_MAX                                                      \
	}

static enum hz_err
sink(void *arg, const uint8_t *p, size_t n)
{
	struct got *g = arg;

	if (g->plain.len + n > g->limit) {
		return hz_fail(HZ_MSG_NO_SPACE, "sink");
	}
	return hz_buf_put(&g->plain, p, n);
}

static enum hz_err
open_all(struct hz_opener *o, const uint8_t *key, uint64_t size, const uint8_t *p, size_t n, size_t step,
    struct got *g, uint8_t *sum)
{
	enum hz_err err = hz_opener_begin(o, key, size, n);

	for (size_t at = 0; at < n && err == HZ_OK; at += step) {
		err = hz_opener_put(o, p + at, n - at < step ? n - at : step, g == NULL ? NULL : sink, g);
	}
	return err == HZ_OK ? hz_opener_end(o, sum) : err;
}

void
test_open_pieces(void **state)
{
	static const size_t sizes[] = { 1, 1024, 1025, 65520, 65536, 65537, 200000, 1048577 };
	static const size_t steps[] = { 1, 7, 16, 17, 65552, 65568, 100003, HZ_OBJ_SEGMENT, SIZE_MAX / 2 };
	struct hz_opener *o = NULL;

	(void)state;
	assert_int_equal(hz_opener_new(&o), HZ_OK);
	for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
		struct basket b = BASKET_INIT;
		struct hz_sealed s;
		uint8_t *p = pattern(sizes[i], 5), sum[32];
		seal_all(&b, p, sizes[i], sizes[i], true, &s);
		for (size_t j = 0; j < sizeof steps / sizeof steps[0]; j++) {
			if (sizes[i] > 2000 && steps[j] < 1000 && (sizes[i] > 70000 || steps[j] == 1)) {
				continue;
			}
			struct got g = GOT_INIT;
			assert_int_equal(
			    open_all(o, s.file_key, s.size, b.payload.p, b.payload.len, steps[j], &g, sum),
			    HZ_OK);
			assert_memory_equal(sum, s.sha256, 32);
			assert_int_equal(g.plain.len, sizes[i]);
			assert_memory_equal(g.plain.p, p, sizes[i]);
			hz_buf_done(&g.plain);
		}
		/* Without a sink: checked only. */
		memset(sum, 0, sizeof sum);
		assert_int_equal(
		    open_all(o, s.file_key, s.size, b.payload.p, b.payload.len, 50000, NULL, sum), HZ_OK);
		assert_memory_equal(sum, s.sha256, 32);
		hz_buf_done(&s.addrs);
		basket_done(&b);
		free(p);
	}
	hz_opener_free(&o);
	assert_null(o);
	hz_opener_free(&o);
}

void
test_open_flipped(void **state)
{
	enum { SIZE = 140000 }; /* three chunks */
	struct hz_opener *o = NULL;
	struct basket b = BASKET_INIT;
	struct hz_sealed s;
	uint8_t *p = pattern(SIZE, 6), sum[32];

	(void)state;
	assert_int_equal(hz_opener_new(&o), HZ_OK);
	seal_all(&b, p, SIZE, SIZE, true, &s);
	for (size_t at = 0; at < b.payload.len; at += at < 40 || at + 40 > b.payload.len ? 1 : 977) {
		struct got g = GOT_INIT;
		b.payload.p[at] ^= 0x20;
		assert_int_equal(open_all(o, s.file_key, SIZE, b.payload.p, b.payload.len, 65552, &g, sum),
		    HZ_ERR_TAMPERED);
		assert_int_equal(hz_fail_msg(), HZ_MSG_CONTENT_DIFFERS);
		/* What left before is whole chunks, and true. */
		size_t chunk = at < 16 ? 0 : (at - 16) / HZ_OBJ_CHUNK_SEALED;
		assert_int_equal(g.plain.len, chunk * HZ_OBJ_CHUNK);
		if (g.plain.len > 0) {
			assert_memory_equal(g.plain.p, p, g.plain.len);
		}
		hz_buf_done(&g.plain);
		b.payload.p[at] ^= 0x20;
	}
	/* Two chunks in each other's place; another key. */
	uint8_t *swapped = malloc(b.payload.len);
	assert_non_null(swapped);
	memcpy(swapped, b.payload.p, b.payload.len);
	memcpy(swapped + 16, b.payload.p + 16 + HZ_OBJ_CHUNK_SEALED, HZ_OBJ_CHUNK_SEALED);
	memcpy(swapped + 16 + HZ_OBJ_CHUNK_SEALED, b.payload.p + 16, HZ_OBJ_CHUNK_SEALED);
	assert_int_equal(
	    open_all(o, s.file_key, SIZE, swapped, b.payload.len, 65552, NULL, sum), HZ_ERR_TAMPERED);
	free(swapped);
	s.file_key[15] ^= 1;
	assert_int_equal(
	    open_all(o, s.file_key, SIZE, b.payload.p, b.payload.len, 65552, NULL, sum), HZ_ERR_TAMPERED);
	s.file_key[15] ^= 1;
	assert_int_equal(open_all(o, s.file_key, SIZE, b.payload.p, b.payload.len, 65552, NULL, sum), HZ_OK);
	hz_opener_free(&o);
	hz_buf_done(&s.addrs);
	basket_done(&b);
	free(p);
}

void
test_open_lengths(void **state)
{
	struct hz_opener *o = NULL;
	struct basket b = BASKET_INIT;
	struct hz_sealed s;
	uint8_t *p = pattern(1080, 7), sum[32], extra = 0;

	(void)state;
	assert_int_equal(hz_opener_new(&o), HZ_OK);
	seal_all(&b, p, 1080, 1080, true, &s); /* padded to 1,088 */
	uint64_t len = b.payload.len;
	/* Sizes that lead to another stored length are refused at once. */
	static const uint64_t sizes[] = { 0, 1, 1024, 1089, UINT64_MAX };
	for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
		assert_int_equal(hz_opener_begin(o, s.file_key, sizes[i], len), HZ_ERR_TAMPERED);
		assert_int_equal(hz_fail_msg(), HZ_MSG_CONTENT_DIFFERS);
	}
	assert_int_equal(hz_opener_begin(o, s.file_key, 1080, len - 1), HZ_ERR_TAMPERED);
	assert_int_equal(hz_opener_begin(o, s.file_key, 1080, len + 1), HZ_ERR_TAMPERED);
	/* One that claims less: what it calls padding is not zero. */
	assert_int_equal(open_all(o, s.file_key, 1079, b.payload.p, len, 5000, NULL, sum), HZ_ERR_TAMPERED);
	/* One that claims more gets zeros: the sum tells. */
	assert_int_equal(open_all(o, s.file_key, 1081, b.payload.p, len, 5000, NULL, sum), HZ_OK);
	assert_memory_not_equal(sum, s.sha256, 32);
	/* Cut at every place; and one byte too many. */
	for (size_t n = 0; n < len; n++) {
		assert_int_equal(hz_opener_begin(o, s.file_key, 1080, len), HZ_OK);
		assert_int_equal(hz_opener_put(o, b.payload.p, n, NULL, NULL), HZ_OK);
		assert_int_equal(hz_opener_end(o, sum), HZ_ERR_TAMPERED);
	}
	assert_int_equal(hz_opener_begin(o, s.file_key, 1080, len), HZ_OK);
	assert_int_equal(hz_opener_put(o, b.payload.p, len, NULL, NULL), HZ_OK);
	assert_int_equal(hz_opener_put(o, &extra, 1, NULL, NULL), HZ_ERR_TAMPERED);
	assert_int_equal(hz_opener_end(o, sum), HZ_ERR_TAMPERED);
	hz_opener_free(&o);
	hz_buf_done(&s.addrs);
	basket_done(&b);
	free(p);
}

void
test_open_padding(void **state)
{
	/* A payload made by hand: one byte of the padding is set, tag and length are right. */
	struct hz_stream *c = NULL;
	struct hz_opener *o = NULL;
	uint8_t key[16] = { 1 }, payload[16 + 1024 + 16] = { 2 }, plain[1024] = { 3 }, k[32], nonce[12],
		sum[32];

	(void)state;
	assert_int_equal(hz_opener_new(&o), HZ_OK);
	assert_int_equal(hz_stream_new(&c), HZ_OK);
	hz_payload_key(key, payload, k);
	hz_stream_key(c, k);
	hz_chunk_nonce(0, true, nonce);
	static const size_t places[] = { 0, 1, 2, 500, 1023 };
	for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
		struct got g = GOT_INIT;
		plain[places[i]] |= 0x80;
		assert_int_equal(hz_stream_seal(c, nonce, plain, sizeof plain, payload + 16), HZ_OK);
		enum hz_err want = places[i] < 2 ? HZ_OK : HZ_ERR_TAMPERED;
		assert_int_equal(open_all(o, key, 2, payload, sizeof payload, 100, &g, sum), want);
		assert_int_equal(g.plain.len, want == HZ_OK ? 2 : 0);
		plain[places[i]] &= 0x7f;
		hz_buf_done(&g.plain);
	}
	/* The chunk that is not marked as the last one. */
	hz_chunk_nonce(0, false, nonce);
	assert_int_equal(hz_stream_seal(c, nonce, plain, sizeof plain, payload + 16), HZ_OK);
	assert_int_equal(open_all(o, key, 2, payload, sizeof payload, 100, NULL, sum), HZ_ERR_TAMPERED);
	hz_stream_free(&c);
	hz_opener_free(&o);
}

void
test_open_sink_fails(void **state)
{
	struct hz_opener *o = NULL;
	struct basket b = BASKET_INIT;
	struct got g = GOT_INIT;
	struct hz_sealed s;
	uint8_t *p = pattern(200000, 8), sum[32];

	(void)state;
	assert_int_equal(hz_opener_new(&o), HZ_OK);
	seal_all(&b, p, 200000, 200000, true, &s);
	g.limit = 100000;
	assert_int_equal(open_all(o, s.file_key, 200000, b.payload.p, b.payload.len, SIZE_MAX / 2, &g, sum),
	    HZ_ERR_NOSPACE);
	assert_int_equal(hz_opener_end(o, sum), HZ_ERR_TAMPERED); /* never a good end after that */
	g.limit = SIZE_MAX;
	hz_buf_clear(&g.plain);
	assert_int_equal(
	    open_all(o, s.file_key, 200000, b.payload.p, b.payload.len, SIZE_MAX / 2, &g, sum), HZ_OK);
	assert_memory_equal(sum, s.sha256, 32);
	hz_buf_done(&g.plain);
	hz_opener_free(&o);
	hz_buf_done(&s.addrs);
	basket_done(&b);
	free(p);
}
