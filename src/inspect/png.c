/* PNG and WebP: chunks. */
#include "base/buf.h"
#include "inspect/media.h"
#include <string.h>

enum { CHUNKS_MAX = 1024, HEAD_MAX = 32 };

/* A chunk's content lies in the file as a whole. */
static bool
fits(const struct hz_source *s, uint64_t content, uint64_t n)
{
	return n <= s->size && content <= s->size - n;
}

/* keyword NUL, compressed 0, method, language NUL, keyword in that language NUL, text */
static void
text_chunk(struct hz_source *s, uint64_t at, uint64_t n, struct hz_claims *c)
{
	static const char keyword[] = "XML:com.adobe.xmp\0\0\0\0";
	uint8_t head[sizeof(keyword)];

	/* Both languages are empty in every packet: the length of the key word fixes the rest. */
	if (n > sizeof(keyword) && hz_source_pread(s, at, head, sizeof(head)) == HZ_OK &&
	    memcmp(head, keyword, sizeof(keyword)) == 0) {
		hz_xmp_read_at(s, at + sizeof(keyword), n - sizeof(keyword), c);
	}
}

void
hz_png_read(struct hz_source *s, struct hz_claims *c)
{
	uint64_t at = 8;
	uint8_t p[8], size[8];

	for (unsigned i = 0; i < CHUNKS_MAX; i++) {
		if (hz_source_pread(s, at, p, 8) != HZ_OK || !fits(s, at + 8, hz_rd_be32(p))) {
			return;
		}
		uint64_t n = hz_rd_be32(p), content = at + 8;

		if (memcmp(p + 4, "IHDR", 4) == 0 && n >= 8 &&
		    hz_source_pread(s, content, size, 8) == HZ_OK) {
			hz_claims_add_number(c, HZ_CLAIM_WIDTH, hz_rd_be32(size));
			hz_claims_add_number(c, HZ_CLAIM_HEIGHT, hz_rd_be32(size + 4));
		} else if (memcmp(p + 4, "eXIf", 4) == 0) {
			hz_exif_read(s, content, n, false, c);
		} else if (memcmp(p + 4, "iTXt", 4) == 0) {
			text_chunk(s, content, n, c);
		} else if (memcmp(p + 4, "caBX", 4) == 0) {
			hz_c2pa_read_at(s, content, n, c);
		} else if (memcmp(p + 4, "IEND", 4) == 0) {
			return;
		}
		at = content + n + 4;
	}
}

static uint32_t
le24(const uint8_t *p)
{
	return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16;
}

void
hz_webp_read(struct hz_source *s, struct hz_claims *c)
{
	uint64_t at = 12;
	uint8_t p[8], x[10];

	for (unsigned i = 0; i < CHUNKS_MAX; i++) {
		if (hz_source_pread(s, at, p, 8) != HZ_OK || !fits(s, at + 8, hz_le32(p + 4))) {
			return;
		}
		uint64_t n = hz_le32(p + 4), content = at + 8;
		bool has = n >= sizeof(x) && hz_source_pread(s, content, x, sizeof(x)) == HZ_OK;

		if (memcmp(p, "VP8X", 4) == 0 && has) {
			hz_claims_add_number(c, HZ_CLAIM_WIDTH, le24(x + 4) + 1);
			hz_claims_add_number(c, HZ_CLAIM_HEIGHT, le24(x + 7) + 1);
		} else if (memcmp(p, "VP8 ", 4) == 0 && has && le24(x + 3) == 0x2a019d) {
			hz_claims_add_number(c, HZ_CLAIM_WIDTH, (hz_le32(x + 6) & 0xffff) & 0x3fff);
			hz_claims_add_number(c, HZ_CLAIM_HEIGHT, (hz_le32(x + 6) >> 16) & 0x3fff);
		} else if (memcmp(p, "VP8L", 4) == 0 && has && x[0] == 0x2f) {
			hz_claims_add_number(c, HZ_CLAIM_WIDTH, (hz_le32(x + 1) & 0x3fff) + 1);
			hz_claims_add_number(c, HZ_CLAIM_HEIGHT, (hz_le32(x + 1) >> 14 & 0x3fff) + 1);
		} else if (memcmp(p, "EXIF", 4) == 0) {
			hz_exif_read(s, content, n, false, c);
		} else if (memcmp(p, "XMP ", 4) == 0) {
			hz_xmp_read_at(s, content, n, c);
		} else if (memcmp(p, "C2PA", 4) == 0) {
			hz_c2pa_read_at(s, content, n, c);
		}
		at = content + n + (n & 1);
	}
}
