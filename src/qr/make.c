/* libqrencode behind our words. */
#include "qr/qr.h"

#include <errno.h>
#include <qrencode.h>

#define WIDTH_MAX 177 /* version 40 */

enum hz_err
hz_qr_make(const void *text, size_t n, struct hz_qr *ret_q)
{
	struct hz_qr q = { .cells = HZ_BUF_INIT((size_t)WIDTH_MAX * WIDTH_MAX) };
	uint8_t *p = NULL;

	if (n == 0 || n > HZ_QR_TEXT_MAX) {
		return hz_fail(HZ_MSG_LIMIT, "QR code of %zu bytes, at most %d", n, HZ_QR_TEXT_MAX);
	}
	QRcode *code = QRcode_encodeData((int)n, text, 0, QR_ECLEVEL_M);
	if (code == NULL) {
		return errno == ENOMEM ? hz_fail(HZ_MSG_NOMEM, "QR code")
				       : hz_fail(HZ_MSG_LIMIT, "QR code of %zu bytes", n);
	}
	q.width = (unsigned)code->width;
	enum hz_err err = hz_buf_room(&q.cells, (size_t)q.width * q.width, &p);
	for (size_t i = 0; err == HZ_OK && i < q.cells.len; i++) {
		p[i] = code->data[i] & 1;
	}
	QRcode_free(code);
	if (err == HZ_OK) {
		*ret_q = q;
	}
	return err;
}

void
hz_qr_done(struct hz_qr *q)
{
	hz_buf_done(&q->cells);
}
