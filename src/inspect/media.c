/* From the beginning of a file to its parser. */
#include "inspect/media.h"
#include <string.h>

enum { HEAD_MAX = 16 };

static bool
is_box_type(const uint8_t *p)
{
	static const char types[][5] = { "ftyp", "moov", "mdat", "wide", "free", "skip", "pnot" };

	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		if (memcmp(p, types[i], 4) == 0) {
			return true;
		}
	}
	return false;
}

void
hz_inspect_claims(struct hz_source *s, const char *type, struct hz_claims *c)
{
	uint8_t p[HEAD_MAX] = { 0 };
	size_t n = 0;

	(void)type;
	if (hz_source_some(s, 0, p, sizeof(p), &n) != HZ_OK || n < 8) {
		return;
	}
	if (memcmp(p, "\xff\xd8\xff", 3) == 0) {
		hz_jpeg_read(s, c);
	} else if (memcmp(p, "\x89PNG\r\n\x1a\n", 8) == 0) {
		hz_png_read(s, c);
	} else if (memcmp(p, "II*\0", 4) == 0 || memcmp(p, "MM\0*", 4) == 0) {
		hz_exif_read(s, 0, s->size, true, c);
	} else if (memcmp(p, "RIFF", 4) == 0 && n >= 12 && memcmp(p + 8, "WEBP", 4) == 0) {
		hz_webp_read(s, c);
	} else if (is_box_type(p + 4)) {
		hz_bmff_read(s, c);
	} else if (p[0] == '{') {
		hz_proofmode_read(s->head, s->head_len, c);
	}
}
