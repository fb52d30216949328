/* QR codes: finder patterns, limits, and that the three drawings show the same modules. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka.h needs these before it */
#include <cmocka.h>

#include "qr/qr.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define OK(e) assert_int_equal(e, HZ_OK)

static void
finders(void **state)
{
	static const char row[] = { 1, 1, 1, 1, 1, 1, 1, 0 };
	struct hz_qr q;

	(void)state;
	OK(hz_qr_make("hirz", 4, &q));
	assert_int_equal(q.width, 21);
	assert_memory_equal(q.cells.p, row, sizeof row);
	assert_int_equal(q.cells.p[20], 1);                /* the corner to the right */
	assert_int_equal(q.cells.p[20 * 21], 1);           /* and below */
	assert_int_equal(q.cells.p[(21 - 8) * 21 + 8], 1); /* the dark module */
	hz_qr_done(&q);
}

static void
limits(void **state)
{
	char *text = calloc(1, HZ_QR_TEXT_MAX + 1);
	struct hz_qr q;

	(void)state;
	assert_non_null(text);
	memset(text, 'a', HZ_QR_TEXT_MAX + 1);
	assert_int_equal(hz_qr_make(text, 0, &q), HZ_ERR_LIMIT);
	assert_int_equal(hz_qr_make(text, HZ_QR_TEXT_MAX + 1, &q), HZ_ERR_LIMIT);
	OK(hz_qr_make(text, HZ_QR_TEXT_MAX, &q));
	hz_qr_done(&q);
	free(text);
}

/* The stored blocks of the PNG: one pixel a module. */
static bool
png_black(const struct hz_buf *png, unsigned side, unsigned x, unsigned y)
{
	const uint8_t *idat = memmem(png->p, png->len, "IDAT", 4);
	const uint8_t *raw = idat + 4 + 2 + 5; /* zlib header, block header */

	return (raw[(size_t)y * (1 + (side + 7) / 8) + 1 + x / 8] & (0x80U >> (x % 8))) == 0;
}

static void
drawings(void **state)
{
	struct hz_buf text = HZ_BUF_INIT(1 << 20), png = HZ_BUF_INIT(1 << 20), svg = HZ_BUF_INIT(1 << 20);
	struct hz_qr q;
	char path[64];

	(void)state;
	OK(hz_qr_make("two", 3, &q));
	OK(hz_qr_terminal(&q, false, &text));
	OK(hz_qr_png(&q, 1, &png));
	OK(hz_qr_svg(&q, &svg));
	unsigned side = q.width + 2 * HZ_QR_QUIET;
	assert_memory_equal(png.p, "\x89PNG\r\n\x1a\n", 8);
	for (unsigned y = 0; y < side; y++) {
		for (unsigned x = 0; x < side; x++) {
			bool in = x >= HZ_QR_QUIET && y >= HZ_QR_QUIET && x < HZ_QR_QUIET + q.width &&
				  y < HZ_QR_QUIET + q.width;
			bool black =
			    in && q.cells.p[(size_t)(y - HZ_QR_QUIET) * q.width + x - HZ_QR_QUIET] != 0;
			assert_int_equal(png_black(&png, side, x, y), black);
			bool first =
			    black &&
			    (x == HZ_QR_QUIET ||
				q.cells.p[(size_t)(y - HZ_QR_QUIET) * q.width + x - HZ_QR_QUIET - 1] == 0);
			(void)snprintf(path, sizeof path, "M%u %uh", x, y);
			assert_int_equal(memmem(svg.p, svg.len, path, strlen(path)) != NULL, first);
		}
	}
	size_t lines = 0;
	for (size_t i = 0; i < text.len; i++) {
		lines += text.p[i] == '\n';
	}
	assert_int_equal(lines, (side + 1) / 2);
	hz_buf_clear(&text);
	OK(hz_qr_terminal(&q, true, &text));
	assert_non_null(memmem(text.p, text.len, "\033[30;107m", 9));
	assert_int_equal(hz_qr_png(&q, 0, &png), HZ_ERR_LIMIT);
	assert_int_equal(hz_qr_png(&q, 65, &png), HZ_ERR_LIMIT);
	hz_qr_done(&q);
	hz_buf_done(&text);
	hz_buf_done(&png);
	hz_buf_done(&svg);
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(finders), cmocka_unit_test(limits),
		cmocka_unit_test(drawings) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
