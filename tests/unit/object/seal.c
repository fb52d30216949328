/* The sealer: what comes out is an age payload, cut into segments. */
#include "tests.h"

#include "object/age.h"

#include <stdlib.h>
#include <string.h>

/* Opens the payload with the age reader and compares with the plaintext and its padding. */
static void
check_payload(const struct basket *b, const uint8_t *p, size_t n, const struct hz_sealed *o)
{
	struct hz_buf plain = HZ_BUF_INIT((size_t)64 << 20);
	uint64_t padded = 0;
	uint8_t sum[32], root[32];

	assert_int_equal(hz_pad_len(n, &padded), HZ_OK);
	assert_true(o->size == n);
	assert_true(o->payload == hz_payload_len(padded) && o->payload == b->payload.len);
	assert_true(o->segments == b->segments && o->addrs.len == 32 * b->segments);
	assert_true(b->segments == (o->payload + HZ_OBJ_SEGMENT - 1) / HZ_OBJ_SEGMENT);
	hz_sha256(p, n, sum);
	assert_memory_equal(sum, o->sha256, 32);
	assert_int_equal(hz_object_root(o->addrs.p, o->segments, root), HZ_OK);
	assert_memory_equal(root, o->root, 32);
	assert_int_equal(hz_age_payload_open(b->payload.p, b->payload.len, o->file_key, &plain), HZ_OK);
	assert_true(plain.len == padded);
	assert_memory_equal(plain.p, p, n);
	assert_true(hz_is_zero(plain.p + n, plain.len - n));
	hz_buf_done(&plain);
}

static void
one_size(size_t n, size_t step, bool promise)
{
	struct basket b = BASKET_INIT;
	struct hz_sealed o;
	uint8_t *p = pattern(n, (unsigned)n);

	seal_all(&b, p, n, step, promise, &o);
	check_payload(&b, p, n, &o);
	hz_buf_done(&o.addrs);
	basket_done(&b);
	free(p);
}

/* Around the chunk, around two segments; 1,048,512 padded bytes are a payload just below one segment. */
static const size_t sizes[] = { 1, 2, 1023, 1024, 1025, 4096, 65535, 65536, 65537, 131072, 131073, 1048000,
	1048288, 1048560, 1048576, 1048577, 2097152, 3000000 };

void
test_seal_sizes(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
		one_size(sizes[i], sizes[i], true);
		one_size(sizes[i], 65536, true);
		one_size(sizes[i], 100003, true);
	}
	one_size(3000, 1, true);
	one_size(200000, 65535, true);
}

void
test_seal_unknown_length(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
		one_size(sizes[i], 1 << 20, false);
		one_size(sizes[i], 65537, false);
	}
	/* A small object with a promise asks for a small buffer; without one it cannot. */
	struct basket b = BASKET_INIT;
	struct hz_sealed o;
	seal_all(&b, (const uint8_t *)"x", 1, 1, true, &o);
	assert_int_equal(b.want, 1056);
	hz_buf_done(&o.addrs);
	b.segments = 0;
	seal_all(&b, (const uint8_t *)"x", 1, 1, false, &o);
	assert_int_equal(b.want, HZ_OBJ_SEGMENT);
	hz_buf_done(&o.addrs);
	basket_done(&b);
}

void
test_seal_reuse(void **state)
{
	struct basket b = BASKET_INIT;
	struct hz_sealer *s = NULL;
	struct hz_sealed first, second;
	uint8_t *p = pattern(5000, 1);

	(void)state;
	assert_int_equal(hz_sealer_new(&basket_ops, &b, &s), HZ_OK);
	assert_int_equal(hz_sealer_begin(s, 5000), HZ_OK);
	assert_int_equal(hz_sealer_put(s, p, 5000), HZ_OK);
	assert_int_equal(hz_sealer_put(s, NULL, 0), HZ_OK);
	assert_int_equal(hz_sealer_end(s, &first), HZ_OK);
	check_payload(&b, p, 5000, &first);
	hz_buf_clear(&b.payload);
	b.segments = 0;
	assert_int_equal(hz_sealer_begin(s, 5000), HZ_OK);
	assert_int_equal(hz_sealer_put(s, p, 5000), HZ_OK);
	assert_int_equal(hz_sealer_end(s, &second), HZ_OK);
	check_payload(&b, p, 5000, &second);
	/* Equal content, other keys, other bytes. */
	assert_memory_equal(first.sha256, second.sha256, 32);
	assert_memory_not_equal(first.file_key, second.file_key, 16);
	assert_memory_not_equal(first.root, second.root, 32);
	hz_buf_done(&first.addrs);
	hz_buf_done(&second.addrs);
	hz_sealer_free(&s);
	hz_sealer_free(&s);
	basket_done(&b);
	free(p);
}

void
test_seal_refuses(void **state)
{
	struct basket b = BASKET_INIT;
	struct hz_sealer *s = NULL;
	struct hz_sealed o = { .size = 77 };
	uint8_t *p = pattern(70000, 2);

	(void)state;
	assert_int_equal(hz_sealer_new(&basket_ops, &b, &s), HZ_OK);
	/* No content. */
	assert_int_equal(hz_sealer_begin(s, UINT64_MAX), HZ_OK);
	assert_int_equal(hz_sealer_end(s, &o), HZ_ERR_USAGE);
	assert_int_equal(hz_fail_msg(), HZ_MSG_SOURCE_EMPTY);
	assert_int_equal(hz_sealer_begin(s, 0), HZ_OK);
	assert_int_equal(hz_sealer_end(s, &o), HZ_ERR_USAGE);
	assert_int_equal(hz_fail_msg(), HZ_MSG_SOURCE_EMPTY);
	assert_int_equal(b.segs, 0);
	/* Less than promised, more than promised. */
	assert_int_equal(hz_sealer_begin(s, 70000), HZ_OK);
	assert_int_equal(hz_sealer_put(s, p, 69999), HZ_OK);
	assert_int_equal(hz_sealer_end(s, &o), HZ_ERR_CHANGED);
	assert_int_equal(hz_fail_msg(), HZ_MSG_SOURCE_CHANGED);
	assert_int_equal(hz_sealer_begin(s, 69999), HZ_OK);
	assert_int_equal(hz_sealer_put(s, p, 69999), HZ_OK);
	assert_int_equal(hz_sealer_put(s, p, 1), HZ_ERR_CHANGED);
	hz_sealer_abort(s);
	assert_int_equal(hz_sealer_begin(s, 0), HZ_OK);
	assert_int_equal(hz_sealer_put(s, p, 1), HZ_ERR_CHANGED);
	hz_sealer_abort(s);
	/* Over the limit of a length. */
	assert_int_equal(hz_sealer_begin(s, ((uint64_t)1 << 60) + 1), HZ_ERR_LIMIT);
	assert_int_equal(o.size, 77);
	/* And after all that it still works. */
	assert_int_equal(hz_sealer_begin(s, 10), HZ_OK);
	assert_int_equal(hz_sealer_put(s, p, 10), HZ_OK);
	hz_buf_clear(&b.payload);
	b.segments = 0;
	assert_int_equal(hz_sealer_end(s, &o), HZ_OK);
	check_payload(&b, p, 10, &o);
	hz_buf_done(&o.addrs);
	hz_sealer_free(&s);
	basket_done(&b);
	free(p);
}

void
test_seal_failures(void **state)
{
	size_t n = 3 * (size_t)HZ_OBJ_SEGMENT;
	uint8_t *p = pattern(n, 3);

	(void)state;
	/* The third segment exists only after the second was handed over; four are needed in all. */
	for (unsigned where = 1; where <= 4; where++) {
		for (unsigned kind = 0; kind < 2; kind++) {
			struct basket b = BASKET_INIT;
			struct hz_sealer *s = NULL;
			struct hz_sealed o;
			b.fail_get = kind == 0 ? where : 0;
			b.fail_seg = kind == 1 ? where : 0;
			assert_int_equal(hz_sealer_new(&basket_ops, &b, &s), HZ_OK);
			enum hz_err err = hz_sealer_begin(s, n);
			if (err == HZ_OK) {
				err = hz_sealer_put(s, p, n);
				if (err == HZ_OK) {
					err = hz_sealer_end(s, &o);
				} else {
					hz_sealer_abort(s);
				}
			}
			assert_int_equal(err, kind == 0 ? HZ_ERR_NOMEM : HZ_ERR_NOSPACE);
			assert_int_equal(b.segs, kind == 0 ? where - 1 : where);
			hz_sealer_free(&s);
			basket_done(&b);
		}
	}
	free(p);
}

void
test_seal_abort(void **state)
{
	struct basket b = BASKET_INIT;
	struct hz_sealer *s = NULL;
	uint8_t *p = pattern(2000000, 4);

	(void)state;
	assert_int_equal(hz_sealer_new(&basket_ops, &b, &s), HZ_OK);
	hz_sealer_abort(s); /* at rest */
	assert_int_equal(hz_sealer_begin(s, UINT64_MAX), HZ_OK);
	assert_int_equal(b.held, 1);
	hz_sealer_abort(s);
	assert_int_equal(b.held, 0);
	assert_int_equal(hz_sealer_begin(s, UINT64_MAX), HZ_OK);
	assert_int_equal(hz_sealer_put(s, p, 2000000), HZ_OK);
	assert_int_equal(b.held, 1);
	hz_sealer_free(&s); /* gives the buffer back too */
	basket_done(&b);
	free(p);
}
