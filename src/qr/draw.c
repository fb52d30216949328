/* QR codes as text and pictures. PNG (RFC 2083) with stored blocks of deflate (RFC 1951 3.2.4): nothing is
 * compressed. */
#include "qr/qr.h"

#include <string.h>

/* Black at a place counted from the corner of the white around. */
static bool
black(const struct hz_qr *q, unsigned x, unsigned y)
{
	if (x < HZ_QR_QUIET || y < HZ_QR_QUIET || x >= HZ_QR_QUIET + q->width ||
	    y >= HZ_QR_QUIET + q->width) {
		return false;
	}
	return q->cells.p[(size_t)(y - HZ_QR_QUIET) * q->width + (x - HZ_QR_QUIET)] != 0;
}

enum hz_err
hz_qr_terminal(const struct hz_qr *q, bool color, struct hz_buf *out)
{
	static const char *const half[4] = { " ", "\xe2\x96\x80", "\xe2\x96\x84", "\xe2\x96\x88" };
	unsigned side = q->width + 2 * HZ_QR_QUIET;

	for (unsigned y = 0; y < side; y += 2) {
		HZ_TRY(hz_buf_puts(out, color ? "\033[30;107m" : ""));
		for (unsigned x = 0; x < side; x++) {
			bool up = black(q, x, y) == color;
			bool down = y + 1 < side ? black(q, x, y + 1) == color : false;
			HZ_TRY(hz_buf_puts(out, half[(up ? 1 : 0) + (down ? 2 : 0)]));
		}
		HZ_TRY(hz_buf_puts(out, color ? "\033[0m\n" : "\n"));
	}
	return HZ_OK;
}

/* Each run of black modules is one rectangle of the path. */
static enum hz_err
svg_row(const struct hz_qr *q, unsigned y, struct hz_buf *out)
{
	unsigned side = q->width + 2 * HZ_QR_QUIET;
	enum hz_err r = HZ_OK;

	for (unsigned x = 0; r == HZ_OK && x < side; x++) {
		unsigned from = x;
		while (black(q, x, y)) {
			x++;
		}
		if (x > from) {
			r = hz_buf_printf(out, "M%u %uh%uv1h-%uz", from, y, x - from, x - from);
		}
	}
	return r;
}

enum hz_err
hz_qr_svg(const struct hz_qr *q, struct hz_buf *out)
{
	unsigned side = q->width + 2 * HZ_QR_QUIET;

	HZ_TRY(hz_buf_printf(out,
	    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<svg xmlns=\"http://www.w3.org/2000/svg\" version=\"1.1\" "
	    "width=\"%umm\" height=\"%umm\" viewBox=\"0 0 %u %u\" shape-rendering=\"crispEdges\">\n<rect width=\"%u\" "
	    "height=\"%u\" fill=\"#fff\"/>\n<path fill=\"#000\" d=\"",
	    side, side, side, side, side, side));
	for (unsigned y = 0; y < side; y++) {
		HZ_TRY(svg_row(q, y, out));
	}
	return hz_buf_puts(out, "\"/>\n</svg>\n");
}

/* CRC-32 of PNG chunks, bit by bit: they are small. */
static uint32_t
crc32_of(const uint8_t *p, size_t n)
{
	uint32_t c = 0xffffffffU;

	for (size_t i = 0; i < n; i++) {
		c ^= p[i];
		for (int k = 0; k < 8; k++) {
			c = (c & 1) != 0 ? 0xedb88320U ^ (c >> 1) : c >> 1;
		}
	}
	return ~c;
}

static uint32_t
adler32_of(const uint8_t *p, size_t n)
{
	uint32_t a = 1, b = 0;

	for (size_t i = 0; i < n; i++) {
		a = (a + p[i]) % 65521;
		b = (b + a) % 65521;
	}
	return b << 16 | a;
}

static enum hz_err
chunk(struct hz_buf *out, const char *type, const void *p, size_t n)
{
	HZ_TRY(hz_put_u32(out, (uint32_t)n));
	size_t at = out->len;
	HZ_TRY(hz_buf_put(out, type, 4));
	HZ_TRY(hz_buf_put(out, p, n));
	return hz_put_u32(out, crc32_of(out->p + at, n + 4));
}

/* zlib (RFC 1950) around stored blocks of at most 65,535 bytes. */
static enum hz_err
stored(const struct hz_buf *raw, struct hz_buf *out)
{
	HZ_TRY(hz_put_u16(out, 0x7801));
	for (size_t at = 0; at < raw->len;) {
		size_t n = raw->len - at > 65535 ? 65535 : raw->len - at;
		uint8_t head[5] = { at + n == raw->len, (uint8_t)(n & 0xff), (uint8_t)(n >> 8),
			(uint8_t)(~n & 0xff), (uint8_t)((~n >> 8) & 0xff) };
		HZ_TRY(hz_buf_put(out, head, sizeof head));
		HZ_TRY(hz_buf_put(out, raw->p + at, n));
		at += n;
	}
	return hz_put_u32(out, adler32_of(raw->p, raw->len));
}

static enum hz_err
rows(const struct hz_qr *q, unsigned scale, struct hz_buf *raw)
{
	unsigned side = (q->width + 2 * HZ_QR_QUIET) * scale;
	uint8_t *p = NULL;

	for (unsigned y = 0; y < side; y++) {
		HZ_TRY(hz_buf_room(raw, 1 + (size_t)(side + 7) / 8, &p)); /* filter 0, then the pixels */
		for (unsigned x = 0; x < side; x++) {
			if (!black(q, x / scale, y / scale)) {
				p[1 + x / 8] = (uint8_t)(p[1 + x / 8] | 0x80U >> (x % 8));
			}
		}
	}
	return HZ_OK;
}

enum hz_err
hz_qr_png(const struct hz_qr *q, unsigned scale, struct hz_buf *out)
{
	static const uint8_t magic[8] = { 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n' };
	struct hz_buf raw = HZ_BUF_INIT((size_t)32 << 20), packed = HZ_BUF_INIT((size_t)33 << 20);
	unsigned side = (q->width + 2 * HZ_QR_QUIET) * scale;
	uint8_t head[13] = { 0, 0, 0, 0, 0, 0, 0, 0, 1 /* bit */, 0 /* grey */, 0, 0, 0 };

	if (scale < 1 || scale > 64) {
		return hz_fail(HZ_MSG_LIMIT, "QR code: %u pixels a module", scale);
	}
	hz_be32(head, side);
	hz_be32(head + 4, side);
	enum hz_err err = rows(q, scale, &raw);
	err = err == HZ_OK ? stored(&raw, &packed) : err;
	err = err == HZ_OK ? hz_buf_put(out, magic, sizeof magic) : err;
	err = err == HZ_OK ? chunk(out, "IHDR", head, sizeof head) : err;
	err = err == HZ_OK ? chunk(out, "IDAT", packed.p, packed.len) : err;
	err = err == HZ_OK ? chunk(out, "IEND", "", 0) : err;
	hz_buf_done(&raw);
	hz_buf_done(&packed);
	return err;
}
