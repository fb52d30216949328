#include "base/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CAP_FIRST 64

void
hz_buf_done(struct hz_buf *b)
{
	if (b->secret && b->p != NULL) {
		explicit_bzero(b->p, b->cap);
	}
	free(b->p);
	b->p = NULL;
	b->len = 0;
	b->cap = 0;
}

void
hz_buf_clear(struct hz_buf *b)
{
	if (b->secret && b->p != NULL) {
		explicit_bzero(b->p, b->cap);
	}
	b->len = 0;
}

static enum hz_err
set_cap(struct hz_buf *b, size_t cap)
{
	uint8_t *p;
	if (b->secret) {
		/* realloc could leave a copy behind. */
		p = malloc(cap);
		if (p != NULL && b->p != NULL) {
			memcpy(p, b->p, b->len);
			explicit_bzero(b->p, b->cap);
			free(b->p);
		}
	} else {
		p = realloc(b->p, cap);
	}
	if (p == NULL) {
		return hz_fail(HZ_MSG_NOMEM, "buffer of %zu bytes", cap);
	}
	b->p = p;
	b->cap = cap;
	return HZ_OK;
}

/* Memory for n more bytes and, with extra, one that is not content (a closing NUL). */
static enum hz_err
reserve(struct hz_buf *b, size_t n, size_t extra)
{
	if (n > b->max || b->len > b->max - n) {
		return hz_fail(HZ_MSG_LIMIT, "buffer: %zu and %zu bytes, at most %zu", b->len, n, b->max);
	}
	size_t need = b->len + n;
	if (need > SIZE_MAX - extra) {
		return hz_fail(HZ_MSG_LIMIT, "buffer: %zu bytes", need);
	}
	need += extra;
	if (need <= b->cap) {
		return HZ_OK;
	}
	size_t cap = b->cap < CAP_FIRST ? CAP_FIRST : b->cap;
	while (cap < need) {
		cap = cap > SIZE_MAX / 2 ? need : cap * 2;
	}
	if (b->max < SIZE_MAX && cap > b->max + 1) {
		cap = b->max + 1;
	}
	return set_cap(b, cap);
}

enum hz_err
hz_buf_put(struct hz_buf *b, const void *p, size_t n)
{
	if (n == 0) {
		return HZ_OK;
	}
	enum hz_err err = reserve(b, n, 0);
	if (err == HZ_OK) {
		memcpy(b->p + b->len, p, n);
		b->len += n;
	}
	return err;
}

enum hz_err
hz_buf_puts(struct hz_buf *b, const char *s)
{
	return hz_buf_put(b, s, strlen(s));
}

enum hz_err
hz_buf_putc(struct hz_buf *b, char c)
{
	return hz_buf_put(b, &c, 1);
}

enum hz_err
hz_buf_printf(struct hz_buf *b, const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	va_list again;
	va_copy(again, ap);
	int n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	enum hz_err err = n < 0 ? hz_fail(HZ_MSG_INTERNAL, "vsnprintf") : reserve(b, (size_t)n, 1);
	if (err == HZ_OK) {
		(void)vsnprintf((char *)b->p + b->len, (size_t)n + 1, fmt, again);
		b->len += (size_t)n;
	}
	va_end(again);
	return err;
}

enum hz_err
hz_buf_room(struct hz_buf *b, size_t n, uint8_t **ret_p)
{
	/* One byte more: the pointer is real for n = 0 too. */
	enum hz_err err = reserve(b, n, 1);
	if (err == HZ_OK) {
		memset(b->p + b->len, 0, n);
		*ret_p = b->p + b->len;
		b->len += n;
	}
	return err;
}

enum hz_err
hz_buf_cstr(struct hz_buf *b, const char **ret_s)
{
	enum hz_err err = reserve(b, 0, 1);
	if (err == HZ_OK) {
		b->p[b->len] = '\0';
		*ret_s = (const char *)b->p;
	}
	return err;
}

void
hz_be32(uint8_t out[static 4], uint32_t v)
{
	for (unsigned i = 0; i < 4; i++) {
		out[i] = (uint8_t)(v >> (24 - 8 * i));
	}
}

void
hz_be64(uint8_t out[static 8], uint64_t v)
{
	for (unsigned i = 0; i < 8; i++) {
		out[i] = (uint8_t)(v >> (56 - 8 * i));
	}
}

uint32_t
hz_rd_be32(const uint8_t p[static 4])
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

uint64_t
hz_rd_be64(const uint8_t p[static 8])
{
	return (uint64_t)hz_rd_be32(p) << 32 | hz_rd_be32(p + 4);
}

enum hz_err
hz_put_u8(struct hz_buf *b, uint8_t v)
{
	return hz_buf_put(b, &v, 1);
}

enum hz_err
hz_put_u16(struct hz_buf *b, uint16_t v)
{
	uint8_t raw[2] = { (uint8_t)(v >> 8), (uint8_t)v };
	return hz_buf_put(b, raw, sizeof raw);
}

enum hz_err
hz_put_u32(struct hz_buf *b, uint32_t v)
{
	uint8_t raw[4];
	hz_be32(raw, v);
	return hz_buf_put(b, raw, sizeof raw);
}

enum hz_err
hz_put_u64(struct hz_buf *b, uint64_t v)
{
	uint8_t raw[8];
	hz_be64(raw, v);
	return hz_buf_put(b, raw, sizeof raw);
}

enum hz_err
hz_put_lp(struct hz_buf *b, const void *p, size_t n)
{
	if (n > UINT32_MAX) {
		return hz_fail(HZ_MSG_LIMIT, "length-prefixed value of %zu bytes", n);
	}
	/* Both or nothing. */
	enum hz_err err = reserve(b, 4 + n, 0);
	if (err == HZ_OK) {
		hz_be32(b->p + b->len, (uint32_t)n);
		if (n > 0) {
			memcpy(b->p + b->len + 4, p, n);
		}
		b->len += 4 + n;
	}
	return err;
}

enum hz_err
hz_put_lps(struct hz_buf *b, const char *s)
{
	return hz_put_lp(b, s, s == NULL ? 0 : strlen(s));
}

struct hz_rd
hz_rd_over(const void *p, size_t n)
{
	return (struct hz_rd){ .p = p, .len = n, .pos = 0 };
}

size_t
hz_rd_left(const struct hz_rd *r)
{
	return r->len - r->pos;
}

static enum hz_err
need(const struct hz_rd *r, size_t n)
{
	if (hz_rd_left(r) < n) {
		return hz_fail(HZ_MSG_FORMAT, "%zu bytes needed at %zu, %zu left", n, r->pos, hz_rd_left(r));
	}
	return HZ_OK;
}

enum hz_err
hz_get_u8(struct hz_rd *r, uint8_t *ret_v)
{
	enum hz_err err = need(r, 1);
	if (err == HZ_OK) {
		*ret_v = r->p[r->pos];
		r->pos += 1;
	}
	return err;
}

enum hz_err
hz_get_u16(struct hz_rd *r, uint16_t *ret_v)
{
	enum hz_err err = need(r, 2);
	if (err == HZ_OK) {
		*ret_v = (uint16_t)((unsigned)r->p[r->pos] << 8 | r->p[r->pos + 1]);
		r->pos += 2;
	}
	return err;
}

enum hz_err
hz_get_u32(struct hz_rd *r, uint32_t *ret_v)
{
	enum hz_err err = need(r, 4);
	if (err == HZ_OK) {
		*ret_v = hz_rd_be32(r->p + r->pos);
		r->pos += 4;
	}
	return err;
}

enum hz_err
hz_get_u64(struct hz_rd *r, uint64_t *ret_v)
{
	enum hz_err err = need(r, 8);
	if (err == HZ_OK) {
		*ret_v = hz_rd_be64(r->p + r->pos);
		r->pos += 8;
	}
	return err;
}

enum hz_err
hz_get_raw(struct hz_rd *r, void *ret_p, size_t n)
{
	enum hz_err err = need(r, n);
	if (err == HZ_OK && n > 0) {
		memcpy(ret_p, r->p + r->pos, n);
		r->pos += n;
	}
	return err;
}

enum hz_err
hz_get_view(struct hz_rd *r, size_t n, const uint8_t **ret_p)
{
	enum hz_err err = need(r, n);
	if (err == HZ_OK) {
		*ret_p = r->p == NULL ? NULL : r->p + r->pos;
		r->pos += n;
	}
	return err;
}

enum hz_err
hz_get_lp(struct hz_rd *r, size_t max, const uint8_t **ret_p, size_t *ret_n)
{
	enum hz_err err = need(r, 4);
	if (err != HZ_OK) {
		return err;
	}
	size_t n = hz_rd_be32(r->p + r->pos);
	if (n > max) {
		return hz_fail(HZ_MSG_LIMIT, "value of %zu bytes at %zu, at most %zu", n, r->pos, max);
	}
	if (hz_rd_left(r) - 4 < n) {
		return hz_fail(HZ_MSG_FORMAT, "value of %zu bytes at %zu is cut off", n, r->pos);
	}
	*ret_p = r->p + r->pos + 4;
	*ret_n = n;
	r->pos += 4 + n;
	return HZ_OK;
}

enum hz_err
hz_rd_end(const struct hz_rd *r)
{
	if (r->pos != r->len) {
		return hz_fail(HZ_MSG_FORMAT, "%zu bytes after the end", hz_rd_left(r));
	}
	return HZ_OK;
}

int
hz_bytes_compare(const void *a, size_t an, const void *b, size_t bn)
{
	size_t n = an < bn ? an : bn;
	int c = n > 0 ? memcmp(a, b, n) : 0;
	return c != 0 ? c : (an > bn) - (an < bn);
}
