/* JPEG: the segments before the first scan. */
#include "base/buf.h"
#include "inspect/media.h"
#include <stdlib.h>
#include <string.h>

enum { SEGMENTS_MAX = 4096, HEAD_MAX = 32 };

/* The pieces of one JUMBF box, each in a segment of its own (ISO 19566-5 annex D). */
struct pieces {
	uint8_t *p;
	size_t n, want;
	uint32_t instance, next;
	bool begun, wrong;
};

static bool
begins(const uint8_t *p, size_t n, const char *with, size_t len)
{
	return n >= len && memcmp(p, with, len) == 0;
}

/* content: what follows the segment's length. head: its first bytes. */
static void
piece(struct pieces *x, struct hz_source *s, uint64_t content, size_t n, const uint8_t *head)
{
	uint32_t instance = hz_rd_be16(head + 2), number = hz_rd_be32(head + 4), box = hz_rd_be32(head + 8);
	size_t skip = 8, repeated = 8;

	if (!x->begun) {
		if (number != 1 || memcmp(head + 12, "jumb", 4) != 0 || box < 8 || box > HZ_C2PA_MAX) {
			return; /* another box, or one whose beginning is not here, or too large */
		}
		x->want = box;
		x->instance = instance;
		x->next = 1;
		x->begun = true;
		x->p = malloc(x->want);
		repeated = 0;
	}
	if (instance != x->instance || x->wrong) {
		return;
	}
	if (x->p == NULL || number != x->next || box != x->want) {
		x->wrong = true;
		return;
	}
	skip += repeated;
	if (n < skip || n - skip > x->want - x->n ||
	    hz_source_pread(s, content + skip, x->p + x->n, n - skip) != HZ_OK) {
		x->wrong = true;
		return;
	}
	x->n += n - skip;
	x->next++;
}

static void
application(struct hz_source *s, unsigned marker, uint64_t content, size_t n, bool *exif_seen,
    struct pieces *x, struct hz_claims *c)
{
	static const char exif[] = "Exif\0", xmp[] = "http://ns.adobe.com/xap/1.0/";
	uint8_t head[HEAD_MAX];
	size_t got = n < sizeof(head) ? n : sizeof(head);

	if (hz_source_pread(s, content, head, got) != HZ_OK) {
		return;
	}
	if (marker == 0xe1 && !*exif_seen && begins(head, got, exif, sizeof(exif))) {
		*exif_seen = true;
		hz_exif_read(s, content + sizeof(exif), n - sizeof(exif), false, c);
	} else if (marker == 0xe1 && begins(head, got, xmp, sizeof(xmp))) {
		hz_xmp_read_at(s, content + sizeof(xmp), n - sizeof(xmp), c);
	} else if (marker == 0xeb && begins(head, got, "JP", 2) && n >= 16) {
		piece(x, s, content, n, head);
	}
}

static void
frame(struct hz_source *s, uint64_t content, size_t n, struct hz_claims *c)
{
	uint8_t p[5];

	if (n >= sizeof(p) && hz_source_pread(s, content, p, sizeof(p)) == HZ_OK) {
		hz_claims_add_number(c, HZ_CLAIM_HEIGHT, hz_rd_be16(p + 1));
		hz_claims_add_number(c, HZ_CLAIM_WIDTH, hz_rd_be16(p + 3));
	}
}

static void
segments(struct hz_source *s, struct pieces *x, struct hz_claims *c)
{
	bool exif_seen = false;
	uint64_t at = 2;
	uint8_t p[4];

	for (unsigned i = 0; i < SEGMENTS_MAX; i++) {
		if (hz_source_pread(s, at, p, 2) != HZ_OK || p[0] != 0xff) {
			return;
		}
		unsigned marker = p[1];

		if (marker == 0xff) { /* filling */
			at++;
			continue;
		}
		if (marker == 0x01 || (marker >= 0xd0 && marker <= 0xd7)) {
			at += 2;
			continue;
		}
		if (marker == 0xd9 || marker == 0xda || hz_source_pread(s, at, p, 4) != HZ_OK) {
			return;
		}
		size_t n = hz_rd_be16(p + 2);

		if (n < 2) {
			return;
		}
		if (marker >= 0xe0 && marker <= 0xef) {
			application(s, marker, at + 4, n - 2, &exif_seen, x, c);
		} else if (marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 &&
			   marker != 0xcc) {
			frame(s, at + 4, n - 2, c);
		}
		at += 2 + n;
	}
}

void
hz_jpeg_read(struct hz_source *s, struct hz_claims *c)
{
	struct pieces x = { 0 };

	segments(s, &x, c);
	if (x.begun && !x.wrong && x.n == x.want) {
		hz_c2pa_read(x.p, x.n, c);
	}
	free(x.p);
}
