/* One growable byte buffer with a hard maximum, and strict cursors over bytes.
 * Every allocation from an outside length is bounded by the maximum given at init. */
#ifndef HZ_BASE_BUF_H
#define HZ_BASE_BUF_H

#include "base/err.h"
#include <stdint.h>
#include <sys/types.h>

struct hz_buf {
	uint8_t *p;
	size_t len, cap, max;
	bool secret; /* wiped on growth, clear and done; grows by copy, never realloc */
};

#define HZ_BUF_INIT(maximum)                                                                                 \
	{                                                                                                    \
		NULL, 0, 0, (maximum), false                                                                 \
	}
#define HZ_BUF_SECRET_INIT(maximum)                                                                          \
	{                                                                                                    \
		NULL, 0, 0, (maximum), true                                                                  \
	}

/* Frees (and wipes a secret one); the buffer can be used again with its old maximum. */
void hz_buf_done(struct hz_buf *b);
/* Forgets the content (wipes a secret one), keeps the memory. */
void hz_buf_clear(struct hz_buf *b);
/* Appends n bytes. HZ_MSG_LIMIT over the maximum, HZ_MSG_NOMEM. */
HZ_RESULT hz_buf_put(struct hz_buf *b, const void *p, size_t n);
HZ_RESULT hz_buf_puts(struct hz_buf *b, const char *s);
HZ_RESULT hz_buf_putc(struct hz_buf *b, char c);
HZ_RESULT hz_buf_printf(struct hz_buf *b, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* Appends n bytes of room and returns where they begin (zeroed). Valid until the next growth. */
HZ_RESULT hz_buf_room(struct hz_buf *b, size_t n, uint8_t **ret_p);
/* Ends the content with a NUL that is not counted in len. */
HZ_RESULT hz_buf_cstr(struct hz_buf *b, const char **ret_s);

/* Writers: big-endian integers, and u32 length-prefixed bytes (docs/format.md 5.1). */
HZ_RESULT hz_put_u8(struct hz_buf *b, uint8_t v);
HZ_RESULT hz_put_u16(struct hz_buf *b, uint16_t v);
HZ_RESULT hz_put_u32(struct hz_buf *b, uint32_t v);
HZ_RESULT hz_put_u64(struct hz_buf *b, uint64_t v);
HZ_RESULT hz_put_lp(struct hz_buf *b, const void *p, size_t n);
HZ_RESULT hz_put_lps(struct hz_buf *b, const char *s); /* NULL writes an empty value */

/* A reading cursor. Every get checks the remaining length: HZ_MSG_FORMAT when it is short. */
struct hz_rd {
	const uint8_t *p;
	size_t len, pos;
};
struct hz_rd hz_rd_over(const void *p, size_t n);
size_t hz_rd_left(const struct hz_rd *r);
HZ_RESULT hz_get_u8(struct hz_rd *r, uint8_t *ret_v);
HZ_RESULT hz_get_u16(struct hz_rd *r, uint16_t *ret_v);
HZ_RESULT hz_get_u32(struct hz_rd *r, uint32_t *ret_v);
HZ_RESULT hz_get_u64(struct hz_rd *r, uint64_t *ret_v);
/* Copies n bytes out. */
HZ_RESULT hz_get_raw(struct hz_rd *r, void *ret_p, size_t n);
/* Borrows n bytes; the pointer lives as long as the bytes under the cursor. */
HZ_RESULT hz_get_view(struct hz_rd *r, size_t n, const uint8_t **ret_p);
/* Length-prefixed bytes of at most max, borrowed. HZ_MSG_LIMIT over max, HZ_MSG_FORMAT when cut off; the
 * cursor stays where it was then. */
HZ_RESULT hz_get_lp(struct hz_rd *r, size_t max, const uint8_t **ret_p, size_t *ret_n);
/* HZ_MSG_FORMAT when bytes are left over: trailing bytes are always an error. */
HZ_RESULT hz_rd_end(const struct hz_rd *r);

/* Big-endian into and out of plain memory (keys of the store). */
void hz_be32(uint8_t out[static 4], uint32_t v);
void hz_be64(uint8_t out[static 8], uint64_t v);
uint32_t hz_rd_be32(const uint8_t p[static 4]);
uint64_t hz_rd_be64(const uint8_t p[static 8]);

/* Order of two runs of bytes: the first byte that differs decides, then the length. */
int hz_bytes_compare(const void *a, size_t an, const void *b, size_t bn);

#endif
