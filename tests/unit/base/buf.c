#include "base/buf.h"
#include "tests.h"

#include <string.h>

static void
grows_up_to_its_maximum(void **state)
{
	(void)state;
	struct hz_buf b = HZ_BUF_INIT(100);
	char block[101];
	memset(block, 'x', sizeof block);
	assert_ok(hz_buf_put(&b, NULL, 0));
	assert_null(b.p);
	assert_ok(hz_buf_put(&b, block, 99));
	assert_ok(hz_buf_putc(&b, 'y'));
	assert_int_equal(b.len, 100);
	assert_err(hz_buf_putc(&b, 'z'), HZ_ERR_LIMIT);
	assert_err(hz_buf_puts(&b, "z"), HZ_ERR_LIMIT);
	assert_err(hz_buf_printf(&b, "%d", 7), HZ_ERR_LIMIT);
	assert_err(hz_buf_put(&b, block, SIZE_MAX), HZ_ERR_LIMIT);
	assert_int_equal(b.len, 100);
	/* The closing NUL does not count. */
	const char *s = NULL;
	assert_ok(hz_buf_cstr(&b, &s));
	assert_int_equal(strlen(s), 100);
	assert_int_equal(s[99], 'y');
	hz_buf_clear(&b);
	assert_int_equal(b.len, 0);
	assert_err(hz_buf_put(&b, block, 101), HZ_ERR_LIMIT);
	assert_ok(hz_buf_put(&b, block, 100));
	hz_buf_done(&b);
	assert_null(b.p);
	assert_ok(hz_buf_put(&b, block, 100));
	assert_err(hz_buf_put(&b, block, 1), HZ_ERR_LIMIT);
	hz_buf_done(&b);
}

static void
text_and_room(void **state)
{
	(void)state;
	struct hz_buf b = HZ_BUF_INIT(SIZE_MAX);
	const char *s = NULL;
	assert_ok(hz_buf_cstr(&b, &s));
	assert_string_equal(s, "");
	assert_ok(hz_buf_puts(&b, "seg"));
	assert_ok(hz_buf_printf(
	    &b, "-%03d-%s", 7, "a longer text that does not fit into the first memory of a buffer"));
	assert_ok(hz_buf_cstr(&b, &s));
	assert_string_equal(s, "seg-007-a longer text that does not fit into the first memory of a buffer");
	size_t before = b.len;
	uint8_t *room = NULL;
	assert_ok(hz_buf_room(&b, 3, &room));
	assert_ptr_equal(room, b.p + before);
	assert_memory_equal(room, "\0\0\0", 3);
	memcpy(room, "end", 3);
	/* What was there before must not show through. */
	hz_buf_clear(&b);
	assert_ok(hz_buf_room(&b, 8, &room));
	assert_memory_equal(room, "\0\0\0\0\0\0\0\0", 8);
	hz_buf_done(&b);
	assert_ok(hz_buf_room(&b, 0, &room));
	assert_non_null(room);
	hz_buf_done(&b);
	hz_buf_done(&b);
}

static void
secret_is_wiped(void **state)
{
	(void)state;
	struct hz_buf b = HZ_BUF_SECRET_INIT(1000);
	char block[500];
	memset(block, 's', sizeof block);
	assert_ok(hz_buf_put(&b, block, 60));
	assert_ok(hz_buf_put(&b, block, sizeof block));
	for (size_t i = 0; i < b.len; i++) {
		assert_int_equal(b.p[i], 's');
	}
	size_t cap = b.cap;
	hz_buf_clear(&b);
	assert_int_equal(b.cap, cap);
	for (size_t i = 0; i < 560; i++) {
		assert_int_equal(b.p[i], 0);
	}
	hz_buf_done(&b);
	assert_true(b.secret);
}

static void
written_is_read(void **state)
{
	(void)state;
	struct hz_buf b = HZ_BUF_INIT(1000);
	assert_ok(hz_put_u8(&b, 0xA1));
	assert_ok(hz_put_u16(&b, 0xB1B2));
	assert_ok(hz_put_u32(&b, 0xC1C2C3C4U));
	assert_ok(hz_put_u64(&b, 0xD1D2D3D4D5D6D7D8U));
	assert_ok(hz_put_lp(&b, "ab", 2));
	assert_ok(hz_put_lps(&b, "cde"));
	assert_ok(hz_put_lps(&b, NULL));
	assert_memory_equal(b.p,
	    "\xA1\xB1\xB2\xC1\xC2\xC3\xC4\xD1\xD2\xD3\xD4\xD5\xD6\xD7\xD8\0\0\0\2ab\0\0\0\3cde\0\0\0\0",
	    b.len);
	assert_int_equal(b.len, 32);

	struct hz_rd r = hz_rd_over(b.p, b.len);
	uint8_t v8 = 0;
	uint16_t v16 = 0;
	uint32_t v32 = 0;
	uint64_t v64 = 0;
	const uint8_t *p = NULL;
	size_t n = 0;
	char raw[4] = "";
	assert_ok(hz_get_u8(&r, &v8));
	assert_ok(hz_get_u16(&r, &v16));
	assert_ok(hz_get_u32(&r, &v32));
	assert_ok(hz_get_u64(&r, &v64));
	assert_int_equal(v8, 0xA1);
	assert_int_equal(v16, 0xB1B2);
	assert_true(v32 == 0xC1C2C3C4U && v64 == 0xD1D2D3D4D5D6D7D8U);
	assert_ok(hz_get_lp(&r, 2, &p, &n));
	assert_int_equal(n, 2);
	assert_memory_equal(p, "ab", 2);
	assert_ok(hz_get_view(&r, 4, &p));
	assert_ok(hz_get_raw(&r, raw, 3));
	assert_string_equal(raw, "cde");
	assert_err(hz_rd_end(&r), HZ_ERR_FORMAT);
	assert_ok(hz_get_lp(&r, 0, &p, &n));
	assert_int_equal(n, 0);
	assert_ok(hz_rd_end(&r));
	assert_int_equal(hz_rd_left(&r), 0);
	hz_buf_done(&b);
}

static void
short_input_is_refused(void **state)
{
	(void)state;
	static const uint8_t in[] = { 0, 0, 0, 3, 'a', 'b', 'c' };
	uint8_t v8 = 9;
	uint16_t v16 = 9;
	uint32_t v32 = 9;
	uint64_t v64 = 9;
	const uint8_t *p = NULL;
	size_t n = 9;
	for (size_t len = 0; len < sizeof in; len++) {
		struct hz_rd r = hz_rd_over(in, len);
		assert_err(hz_get_lp(&r, 3, &p, &n), HZ_ERR_FORMAT);
		assert_int_equal(hz_rd_left(&r), len);
		assert_int_equal(hz_get_u8(&r, &v8), len >= 1 ? HZ_OK : HZ_ERR_FORMAT);
		r.pos = 0;
		assert_int_equal(hz_get_u16(&r, &v16), len >= 2 ? HZ_OK : HZ_ERR_FORMAT);
		r.pos = 0;
		assert_int_equal(hz_get_u32(&r, &v32), len >= 4 ? HZ_OK : HZ_ERR_FORMAT);
		r.pos = 0;
		assert_err(hz_get_u64(&r, &v64), HZ_ERR_FORMAT);
		uint8_t raw[8] = { 0 };
		assert_err(hz_get_raw(&r, raw, len + 1), HZ_ERR_FORMAT);
		assert_err(hz_get_view(&r, SIZE_MAX, &p), HZ_ERR_FORMAT);
		assert_ok(hz_get_raw(&r, raw, len));
		assert_memory_equal(raw, in, len);
	}
	assert_null(p);
	assert_int_equal(n, 9);
	assert_int_equal(v64, 9);
	struct hz_rd r = hz_rd_over(in, sizeof in);
	assert_err(hz_get_lp(&r, 2, &p, &n), HZ_ERR_LIMIT);
	assert_ok(hz_get_lp(&r, 3, &p, &n));
	static const uint8_t huge[] = { 0xFF, 0xFF, 0xFF, 0xFF, 1 };
	r = hz_rd_over(huge, sizeof huge);
	assert_err(hz_get_lp(&r, 1000, &p, &n), HZ_ERR_LIMIT);
	assert_err(hz_get_lp(&r, SIZE_MAX, &p, &n), HZ_ERR_FORMAT);
	r = hz_rd_over(NULL, 0);
	assert_ok(hz_get_view(&r, 0, &p));
	assert_ok(hz_rd_end(&r));
}

static void
failed_write_leaves_nothing(void **state)
{
	(void)state;
	struct hz_buf b = HZ_BUF_INIT(6);
	assert_err(hz_put_lp(&b, "abc", 3), HZ_ERR_LIMIT);
	assert_int_equal(b.len, 0);
	assert_ok(hz_put_lp(&b, "ab", 2));
	assert_err(hz_put_lp(&b, b.p, (size_t)UINT32_MAX + 1), HZ_ERR_LIMIT);
	hz_buf_done(&b);
}

static void
numbers_in_plain_memory(void **state)
{
	(void)state;
	uint8_t m[8];
	hz_be64(m, 0x0102030405060708U);
	assert_memory_equal(m, "\1\2\3\4\5\6\7\10", 8);
	assert_true(hz_rd_be64(m) == 0x0102030405060708U);
	hz_be32(m, 0xFFFEFDFCU);
	assert_memory_equal(m, "\xFF\xFE\xFD\xFC", 4);
	assert_true(hz_rd_be32(m) == 0xFFFEFDFCU);
}

static void
order_of_bytes(void **state)
{
	(void)state;
	assert_int_equal(hz_bytes_compare("ab", 2, "ab", 2), 0);
	assert_int_equal(hz_bytes_compare(NULL, 0, "", 0), 0);
	assert_true(hz_bytes_compare("ab", 2, "b", 1) < 0);
	assert_true(hz_bytes_compare("b", 1, "ab", 2) > 0);
	assert_true(hz_bytes_compare("ab", 2, "abc", 3) < 0);
	assert_true(hz_bytes_compare("abc", 3, "ab", 2) > 0);
	assert_true(hz_bytes_compare("\xFF", 1, "\x01", 1) > 0);
}

const struct CMUnitTest buf_tests[] = {
	cmocka_unit_test(grows_up_to_its_maximum),
	cmocka_unit_test(text_and_room),
	cmocka_unit_test(secret_is_wiped),
	cmocka_unit_test(written_is_read),
	cmocka_unit_test(short_input_is_refused),
	cmocka_unit_test(failed_write_leaves_nothing),
	cmocka_unit_test(numbers_in_plain_memory),
	cmocka_unit_test(order_of_bytes),
};
const size_t buf_count = sizeof buf_tests / sizeof buf_tests[0];
