/* QR codes of short texts: for a terminal, as SVG and as PNG. The only room that knows libqrencode. */
#ifndef HZ_QR_QR_H
#define HZ_QR_QR_H

#include "base/buf.h"

#define HZ_QR_TEXT_MAX 2048 /* bytes; what is longer can no longer be read from paper */
#define HZ_QR_QUIET    4    /* modules of white around the code (ISO/IEC 18004) */

struct hz_qr {
	unsigned width;      /* modules on each side, without the white around */
	struct hz_buf cells; /* width*width bytes, 1: black */
};
/* Eight-bit mode, error correction M. HZ_MSG_LIMIT for an empty or longer text; HZ_MSG_NOMEM. */
HZ_RESULT hz_qr_make(const void *text, size_t n, struct hz_qr *ret_q);
void hz_qr_done(struct hz_qr *q);
/* Lines of half blocks, two rows of modules each. With color, black on white whatever the terminal's own
 * colours are; else white is drawn, for light letters on a dark ground. */
HZ_RESULT hz_qr_terminal(const struct hz_qr *q, bool color, struct hz_buf *out);
HZ_RESULT hz_qr_svg(const struct hz_qr *q, struct hz_buf *out);
/* Greyscale of one bit, scale (1 to 64) pixels a module. */
HZ_RESULT hz_qr_png(const struct hz_qr *q, unsigned scale, struct hz_buf *out);

#endif
