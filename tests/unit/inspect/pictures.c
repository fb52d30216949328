/* Photos: EXIF, JPEG, PNG, WebP, XMP, C2PA. */
#include "tests.h"

/* SHA-256 of a store without manifests (store_put), computed elsewhere. */
#define C2PA_EMPTY_SHA256 "d068d6b97e28188e7f92d8869bea0ccade9eef0f7e396a4db3df9db162b61413"

#define XMP_OF(inside)                                                                                          \
	"<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' " \
	"xmlns:xmp='http://ns.adobe.com/xap/1.0/' xmlns:tiff='http://ns.adobe.com/tiff/1.0/' "                  \
	"xmlns:exif='http://ns.adobe.com/exif/1.0/' "                                                           \
	"xmlns:p='http://ns.adobe.com/photoshop/1.0/'>" inside "</rdf:RDF></x:xmpmeta>"

static const char packet[] =
    XMP_OF("<rdf:Description tiff:Make='Acme' xmp:CreateDate='2019-07-22T08:01:02+03:00'/>");

static void
block(struct hz_source *s, struct hz_claims *c)
{
	hz_exif_read(s, 0, s->size, false, c);
}

static void
file(struct hz_source *s, struct hz_claims *c)
{
	hz_exif_read(s, 0, s->size, true, c);
}

static void
expect_camera(const struct hz_claims *c)
{
	says(c, HZ_CLAIM_ORIENTATION, "6");
	says(c, HZ_CLAIM_EXIF_MAKE, "Acme");
	says(c, HZ_CLAIM_EXIF_MODEL, "Field 3");
	says(c, HZ_CLAIM_EXIF_SERIAL, "SN-1");
	says(c, HZ_CLAIM_EXIF_LENS, "50 mm");
	says(c, HZ_CLAIM_EXIF_SOFTWARE, "1.0");
	says(c, HZ_CLAIM_EXIF_ARTIST, "\xd8\xa3\xd8\xad\xd9\x85\xd8\xaf");
	says(c, HZ_CLAIM_EXIF_COPYRIGHT, "(c) nobody");
	says(c, HZ_CLAIM_EXIF_TIME_TAKEN, "2019-07-22T08:01:00.25+03:00");
	says(c, HZ_CLAIM_EXIF_TIME_DIGITIZED, "2019-07-22T08:01:01");
	says(c, HZ_CLAIM_EXIF_TIME_MODIFIED, "2019-07-22T08:01:02");
	says(c, HZ_CLAIM_GPS_LATITUDE, "-35.191666667");
	says(c, HZ_CLAIM_GPS_LONGITUDE, "-38.983472222");
	says(c, HZ_CLAIM_GPS_ALTITUDE, "-420.5");
	says(c, HZ_CLAIM_GPS_TIME, "2019-07-22T05:01:02.5Z");
}

void
test_exif_all(void **state)
{
	(void)state;
	for (int little = 0; little < 2; little++) {
		struct hz_buf b = HZ_BUF_INIT(MADE_MAX);

		camera(little == 1, &b);
		const struct hz_claims *c = claims_of(block, b.p, b.len);

		expect_camera(c);
		says(c, HZ_CLAIM_WIDTH, NULL); /* the frame decides in a JPEG */
		c = claims_of(file, b.p, b.len);
		expect_camera(c);
		says(c, HZ_CLAIM_WIDTH, "64");
		says(c, HZ_CLAIM_HEIGHT, "48");
		/* cut anywhere: never more than the whole says */
		for (size_t n = 0; n < b.len; n++) {
			assert_true(claims_of(file, b.p, n)->n <= 17);
		}
		hz_buf_done(&b);
	}
}

static const struct hz_claims *
of_tiff(const struct made_tiff *t)
{
	struct hz_buf b = HZ_BUF_INIT(MADE_MAX);

	tiff_put(t, &b);
	const struct hz_claims *c = claims_of(block, b.p, b.len);

	hz_buf_done(&b);
	return c;
}

void
test_exif_times(void **state)
{
	static const struct {
		const char *date, *fraction, *zone, *want;
	} cases[] = { { "2019:07:22 08:01:02", "", "", "2019-07-22T08:01:02" },
		{ "2019:07:22 08:01:02", "5", "-09:30", "2019-07-22T08:01:02.5-09:30" },
		{ "2019:07:22 08:01:02", "x", "+3:00", "2019-07-22T08:01:02" },
		{ "2019:07:22 08:01:02", "", "+99:00", "2019-07-22T08:01:02" },
		{ "2019:07:22 08:01:02", "", "UTC+3 ", "2019-07-22T08:01:02" },
		{ "2019:07:22 08:01:02", "123456789012", "", "2019-07-22T08:01:02.123456789" },
		{ "0000:00:00 00:00:00", "", "+03:00", NULL }, { "    :  :     :  :  ", "", "", NULL },
		{ "2019:07:22 08:01", "", "", NULL }, { "2019:07:22 08:01:02 and more", "", "", NULL } };

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct made_tiff t = { 0 };

		tag_text(&t, EXIF, 0x9003, cases[i].date);
		tag_text(&t, EXIF, 0x9291, cases[i].fraction);
		tag_text(&t, EXIF, 0x9011, cases[i].zone);
		says(of_tiff(&t), HZ_CLAIM_EXIF_TIME_TAKEN, cases[i].want);
	}
}

static const struct hz_claims *
at_place(const char *ref, const uint32_t *v, unsigned count)
{
	struct made_tiff t = { .little = true };

	if (ref != NULL) {
		tag_text(&t, GPS, 1, ref);
	}
	tag_fractions(&t, GPS, 2, count, v);
	return of_tiff(&t);
}

void
test_exif_places(void **state)
{
	static const uint32_t whole[] = { 35, 1, 30, 1, 0, 1 }, no_seconds[] = { 35, 1, 305, 10, 0, 0 },
			      no_minutes[] = { 35, 1, 0, 0, 0, 0 }, none[] = { 35, 0, 0, 1, 0, 1 },
			      far[] = { 90, 1, 0, 1, 1, 1 }, pole[] = { 90, 1, 0, 1, 0, 1 },
			      huge[] = { 0xffffffff, 1, 0xffffffff, 1, 0xffffffff, 1 };
	struct made_tiff t = { 0 };

	(void)state;
	says(at_place("N", whole, 3), HZ_CLAIM_GPS_LATITUDE, "35.5");
	says(at_place("S", whole, 3), HZ_CLAIM_GPS_LATITUDE, "-35.5");
	says(at_place("E", whole, 3), HZ_CLAIM_GPS_LATITUDE, NULL);
	says(at_place("", whole, 3), HZ_CLAIM_GPS_LATITUDE, NULL);
	says(at_place(NULL, whole, 3), HZ_CLAIM_GPS_LATITUDE, NULL);
	says(at_place("N", whole, 1), HZ_CLAIM_GPS_LATITUDE, "35");
	says(at_place("N", no_seconds, 3), HZ_CLAIM_GPS_LATITUDE, "35.508333333");
	says(at_place("N", no_minutes, 3), HZ_CLAIM_GPS_LATITUDE, NULL);
	says(at_place("N", none, 3), HZ_CLAIM_GPS_LATITUDE, NULL);
	says(at_place("N", far, 3), HZ_CLAIM_GPS_LATITUDE, NULL);
	says(at_place("N", pole, 3), HZ_CLAIM_GPS_LATITUDE, "90");
	says(at_place("N", huge, 3), HZ_CLAIM_GPS_LATITUDE, NULL);
	/* the day alone is said, the time alone is not, a wrong time leaves the day */
	tag_text(&t, GPS, 0x1d, "2019:07:22");
	says(of_tiff(&t), HZ_CLAIM_GPS_TIME, "2019-07-22");
	tag_fractions(&t, GPS, 7, 3, (const uint32_t[]){ 25, 1, 0, 1, 0, 1 });
	says(of_tiff(&t), HZ_CLAIM_GPS_TIME, "2019-07-22");
	t.tags[1].in = FIRST;
	t.tags[0].in = FIRST;
	t.n = 0;
	tag_fractions(&t, GPS, 7, 3, (const uint32_t[]){ 5, 1, 0, 1, 0, 1 });
	says(of_tiff(&t), HZ_CLAIM_GPS_TIME, NULL);
}

/* Folders that are each other, counts and places beyond the end: nothing, and soon. */
void
test_exif_hostile(void **state)
{
	static const uint8_t loop[] =
	    "II*\0\x08\0\0\0\2\0\x69\x87\4\0\1\0\0\0\x08\0\0\0\x25\x88\4\0\1\0\0\0\x08\0\0\0\x08\0\0\0";
	static const uint8_t beyond[] = "MM\0*\xff\xff\xff\xff";
	static const uint8_t wraps[] = "II*\0\x08\0\0\0\1\0\x0f\1\2\0\xff\xff\xff\xff\xf0\xff\xff\xff";
	static const uint8_t not_tiff[] = "IM*\0\x08\0\0\0\0\0", other[] = "II+\0\x08\0\0\0\0\0";
	struct made_tiff t = { 0 };
	struct hz_buf b = HZ_BUF_INIT(MADE_MAX);

	(void)state;
	assert_int_equal(claims_of(block, loop, sizeof(loop) - 1)->n, 0);
	assert_int_equal(claims_of(block, beyond, sizeof(beyond) - 1)->n, 0);
	assert_int_equal(claims_of(block, wraps, sizeof(wraps) - 1)->n, 0);
	assert_int_equal(claims_of(block, not_tiff, sizeof(not_tiff) - 1)->n, 0);
	assert_int_equal(claims_of(block, other, sizeof(other) - 1)->n, 0);
	/* 1,024 entries are looked at, the next is not */
	for (int more = 0; more < 2; more++) {
		hz_buf_clear(&b);
		put(&b, "MM\0*\0\0\0\10\xff\xff", 10);
		for (int i = 0; i < 1023 + more; i++) {
			put(&b, "\xee\xee\0\1\0\0\0\1\0\0\0\0", 12);
		}
		put(&b, "\1\x0f\0\2\0\0\0\3AB\0\0", 12);
		says(claims_of(block, b.p, b.len), HZ_CLAIM_EXIF_MAKE, more ? NULL : "AB");
	}
	hz_buf_done(&b);
	/* orientations from 1 to 8 only */
	for (unsigned v = 0; v < 10; v++) {
		char want[2] = { (char)('0' + v), '\0' };

		t.n = 0;
		tag_short(&t, FIRST, 0x112, v);
		says(of_tiff(&t), HZ_CLAIM_ORIENTATION, v >= 1 && v <= 8 ? want : NULL);
	}
	t.n = 0;
	tag_text(&t, FIRST, 0x112, "6");
	tag_text(&t, FIRST, 0x10f, "first");
	tag_text(&t, FIRST, 0x10f, "second");
	says(of_tiff(&t), HZ_CLAIM_ORIENTATION, NULL);
	says(of_tiff(&t), HZ_CLAIM_EXIF_MAKE, "first");
}

static void
frame_put(struct hz_buf *b)
{
	segment_put(b, 0xc0, "\x08\0\x30\0\x40\3\1\x22\0", 9);
}

static void
exif_put(struct hz_buf *b)
{
	struct hz_buf t = HZ_BUF_INIT(MADE_MAX);

	put(&t, "Exif\0", 6);
	camera(true, &t);
	segment_put(b, 0xe1, t.p, t.len);
	hz_buf_done(&t);
}

void
test_jpeg(void **state)
{
	struct hz_buf b = HZ_BUF_INIT(MADE_MAX), x = HZ_BUF_INIT(MADE_MAX);

	(void)state;
	put(&b, "\xff\xd8\xff", 3); /* filling */
	exif_put(&b);
	put(&x, "http://ns.adobe.com/xap/1.0/", 29);
	put(&x, packet, sizeof(packet) - 1);
	segment_put(&b, 0xe1, x.p, x.len);
	frame_put(&b);
	segment_put(&b, 0xda, "\1\1\0", 3);
	put(&b, "\xff\xd9", 2);
	const struct hz_claims *c = claims_of(hz_jpeg_read, b.p, b.len);

	expect_camera(c);
	says(c, HZ_CLAIM_XMP_MAKE, "Acme");
	says(c, HZ_CLAIM_XMP_TIME_CREATED, "2019-07-22T08:01:02+03:00");
	says(c, HZ_CLAIM_WIDTH, "64");
	says(c, HZ_CLAIM_HEIGHT, "48");
	for (size_t n = 0; n < b.len; n += 7) {
		(void)claims_of(hz_jpeg_read, b.p, n);
	}
	/* what comes after the scan is not looked at; a table is no frame */
	hz_buf_clear(&b);
	put(&b, "\xff\xd8", 2);
	segment_put(&b, 0xc4, "\x08\0\x11\0\x11\3\1\x22\0", 9);
	segment_put(&b, 0xda, "\1\1\0", 3);
	exif_put(&b);
	frame_put(&b);
	assert_int_equal(claims_of(hz_jpeg_read, b.p, b.len)->n, 0);
	/* 4,096 segments */
	for (int more = 0; more < 2; more++) {
		hz_buf_clear(&b);
		put(&b, "\xff\xd8", 2);
		for (int i = 0; i < 4095 + more; i++) {
			segment_put(&b, 0xe2, "", 0);
		}
		frame_put(&b);
		says(claims_of(hz_jpeg_read, b.p, b.len), HZ_CLAIM_WIDTH, more ? NULL : "64");
	}
	hz_buf_done(&b);
	hz_buf_done(&x);
}

/* A store in pieces of a size: each segment begins with JP, number of the box, number of the piece. */
static void
pieces_put(struct hz_buf *b, const struct hz_buf *store, size_t size, unsigned swap, unsigned leave)
{
	size_t count = (store->len + size - 1) / size;

	put(b, "\xff\xd8", 2);
	for (size_t i = 0; i < count; i++) {
		size_t k = swap != 0 && i + 1 == swap ? i + 1 : swap != 0 && i == swap ? i - 1 : i;
		size_t n = k * size + size < store->len ? size : store->len - k * size;
		struct hz_buf x = HZ_BUF_INIT(MADE_MAX);

		put(&x, "JP\0\1", 4);
		put32(&x, k + 1);
		if (k > 0) {
			put(&x, store->p, 8);
		}
		put(&x, store->p + k * size, n);
		if (leave == 0 || k + 1 != leave) {
			segment_put(b, 0xeb, x.p, x.len);
		}
		hz_buf_done(&x);
	}
	frame_put(b);
}

void
test_jpeg_c2pa(void **state)
{
	static const char *const labels[] = { "urn:uuid:first", "urn:uuid:last" };
	struct hz_buf store = HZ_BUF_INIT(MADE_MAX), b = HZ_BUF_INIT(MADE_MAX);

	(void)state;
	store_put(&store, labels, 2);
	for (size_t size = 50; size < store.len + 50; size += 13) {
		hz_buf_clear(&b);
		pieces_put(&b, &store, size, 0, 0);
		const struct hz_claims *c = claims_of(hz_jpeg_read, b.p, b.len);

		says(c, HZ_CLAIM_C2PA_LABEL, "urn:uuid:last");
		assert_int_equal(strtoul(hz_claims_get(c, HZ_CLAIM_C2PA_SIZE), NULL, 10), store.len);
		says(c, HZ_CLAIM_WIDTH, "64");
	}
	/* pieces out of order, or one missing: no store, and the rest of the file is read */
	for (unsigned swap = 1; swap < 4; swap++) {
		hz_buf_clear(&b);
		pieces_put(&b, &store, 60, swap, 0);
		says(claims_of(hz_jpeg_read, b.p, b.len), HZ_CLAIM_C2PA_SHA256, NULL);
		hz_buf_clear(&b);
		pieces_put(&b, &store, 60, 0, swap);
		says(claims_of(hz_jpeg_read, b.p, b.len), HZ_CLAIM_C2PA_SHA256, NULL);
		says(claims_of(hz_jpeg_read, b.p, b.len), HZ_CLAIM_WIDTH, "64");
	}
	hz_buf_done(&store);
	hz_buf_done(&b);
}

static void
of_store(struct hz_source *s, struct hz_claims *c)
{
	hz_c2pa_read_at(s, 0, s->size, c);
}

void
test_c2pa(void **state)
{
	static const char *const labels[] = { "a" };
	struct hz_buf store = HZ_BUF_INIT(MADE_MAX);

	(void)state;

	store_put(&store, labels, 0);
	const struct hz_claims *c = claims_of(of_store, store.p, store.len);

	says(c, HZ_CLAIM_C2PA_SHA256, C2PA_EMPTY_SHA256);
	says(c, HZ_CLAIM_C2PA_SIZE, "38");
	says(c, HZ_CLAIM_C2PA_LABEL, NULL);
	hz_buf_clear(&store);
	store_put(&store, labels, 1);
	says(claims_of(of_store, store.p, store.len), HZ_CLAIM_C2PA_LABEL, "a");
	put(&store, "behind it", 9); /* not of the store */
	says(claims_of(of_store, store.p, store.len), HZ_CLAIM_C2PA_LABEL, "a");
	for (size_t n = 0; n < store.len - 9; n++) {
		assert_int_equal(claims_of(of_store, store.p, n)->n, 0);
	}
	store.p[33] = 'C'; /* another label */
	assert_int_equal(claims_of(of_store, store.p, store.len)->n, 0);
	hz_buf_done(&store);
}

void
test_png(void **state)
{
	struct hz_buf b = HZ_BUF_INIT(MADE_MAX), x = HZ_BUF_INIT(MADE_MAX), store = HZ_BUF_INIT(MADE_MAX);
	static const char *const labels[] = { "m" };

	(void)state;
	put(&b, "\x89PNG\r\n\x1a\n", 8);
	chunk_put(&b, "IHDR", "\0\0\0\x40\0\0\0\x30\x08\2\0\0\0", 13);
	chunk_put(&b, "IDAT", "data", 4);
	camera(false, &x);
	chunk_put(&b, "eXIf", x.p, x.len);
	hz_buf_clear(&x);
	put(&x, "XML:com.adobe.xmp\0\0\0\0", 22);
	put(&x, packet, sizeof(packet) - 1);
	chunk_put(&b, "iTXt", x.p, x.len);
	store_put(&store, labels, 1);
	chunk_put(&b, "caBX", store.p, store.len);
	chunk_put(&b, "IEND", "", 0);
	const struct hz_claims *c = claims_of(hz_png_read, b.p, b.len);

	expect_camera(c);
	says(c, HZ_CLAIM_WIDTH, "64");
	says(c, HZ_CLAIM_HEIGHT, "48");
	says(c, HZ_CLAIM_XMP_MAKE, "Acme");
	says(c, HZ_CLAIM_C2PA_LABEL, "m");
	for (size_t n = 0; n < b.len; n += 3) {
		(void)claims_of(hz_png_read, b.p, n);
	}
	/* 1,024 chunks; a length beyond the file */
	for (int more = 0; more < 2; more++) {
		hz_buf_clear(&b);
		put(&b, "\x89PNG\r\n\x1a\n", 8);
		for (int i = 0; i < 1023 + more; i++) {
			chunk_put(&b, "IDAT", "", 0);
		}
		chunk_put(&b, "IHDR", "\0\0\0\x40\0\0\0\x30\x08\2\0\0\0", 13);
		says(claims_of(hz_png_read, b.p, b.len), HZ_CLAIM_WIDTH, more ? NULL : "64");
	}
	assert_int_equal(claims_of(hz_png_read,
			     "\x89PNG\r\n\x1a\n\xff\xff\xff\xff"
			     "eXIfII*\0",
			     20)
			     ->n,
	    0);
	hz_buf_done(&b);
	hz_buf_done(&x);
	hz_buf_done(&store);
}

static void
riff_put(struct hz_buf *b, const char *type, const void *p, size_t n)
{
	uint8_t size[4] = { (uint8_t)n, (uint8_t)(n >> 8), (uint8_t)(n >> 16), 0 };

	put(b, type, 4);
	put(b, size, 4);
	put(b, p, n);
	put(b, "", n & 1);
}

void
test_webp(void **state)
{
	struct hz_buf b = HZ_BUF_INIT(MADE_MAX), x = HZ_BUF_INIT(MADE_MAX);

	(void)state;
	put(&b, "RIFF\0\0\0\0WEBP", 12);
	riff_put(&b, "VP8X", "\x0c\0\0\0\x3f\0\0\x2f\0\0", 10);
	riff_put(&b, "ICCP", "odd", 3);
	camera(true, &x);
	riff_put(&b, "EXIF", x.p, x.len);
	riff_put(&b, "XMP ", packet, sizeof(packet) - 1);
	const struct hz_claims *c = claims_of(hz_webp_read, b.p, b.len);

	expect_camera(c);
	says(c, HZ_CLAIM_WIDTH, "64");
	says(c, HZ_CLAIM_HEIGHT, "48");
	says(c, HZ_CLAIM_XMP_MAKE, "Acme");
	hz_buf_clear(&b);
	put(&b, "RIFF\0\0\0\0WEBP", 12);
	riff_put(&b, "VP8 ", "\0\0\0\x9d\1\x2a\x40\xc0\x30\x40", 10); /* two bits of scale above each */
	c = claims_of(hz_webp_read, b.p, b.len);
	says(c, HZ_CLAIM_WIDTH, "64");
	says(c, HZ_CLAIM_HEIGHT, "48");
	hz_buf_clear(&b);
	put(&b, "RIFF\0\0\0\0WEBP", 12);
	riff_put(&b, "VP8L", "\x2f\x3f\xc0\x0b\0\0\0\0\0\0", 10);
	c = claims_of(hz_webp_read, b.p, b.len);
	says(c, HZ_CLAIM_WIDTH, "64");
	says(c, HZ_CLAIM_HEIGHT, "48");
	hz_buf_done(&b);
	hz_buf_done(&x);
}

static void
xmp(struct hz_source *s, struct hz_claims *c)
{
	hz_xmp_read_at(s, 0, s->size, c);
}

static const struct hz_claims *
of_xmp(const char *text)
{
	return claims_of(xmp, text, strlen(text));
}

void
test_xmp(void **state)
{
	const struct hz_claims *c = of_xmp(XMP_OF(
	    "<rdf:Description><xmp:CreateDate>2019-07-22T08:01Z</xmp:CreateDate><tiff:Model>A &amp; B</tiff:Model>"
	    "<xmp:CreatorTool><rdf:Alt><rdf:li>Tool</rdf:li></rdf:Alt></xmp:CreatorTool></rdf:Description>"
	    "<rdf:Description exif:DateTimeOriginal='2019-07-22' xmp:ModifyDate='never' p:DateCreated='2018'/>"));

	(void)state;
	says(c, HZ_CLAIM_XMP_TIME_CREATED, "2019-07-22T08:01Z");
	says(c, HZ_CLAIM_XMP_MODEL, "A & B");
	says(c, HZ_CLAIM_XMP_TOOL, "Tool");
	says(c, HZ_CLAIM_XMP_TIME_TAKEN, "2019-07-22");
	says(c, HZ_CLAIM_XMP_TIME_MODIFIED, NULL);
	/* not in the place where they count */
	c = of_xmp(XMP_OF(
	    "<rdf:Description><a><xmp:CreateDate>2019</xmp:CreateDate>"
	    "<rdf:Description xmp:ModifyDate='2019'/></a></rdf:Description><xmp:CreateDate>2019</xmp:CreateDate>"));
	assert_int_equal(c->n, 0);
	c = of_xmp("<rdf:Description xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' "
		   "xmlns:xmp='http://ns.adobe.com/xap/1.0/' xmp:CreateDate='2019'/>");
	assert_int_equal(c->n, 0);
	/* a prefix is only a name */
	c = of_xmp("<r:RDF xmlns:r='http://www.w3.org/1999/02/22-rdf-syntax-ns#'><r:Description "
		   "xmlns:q='http://ns.adobe.com/xap/1.0/' q:CreateDate='2019'/></r:RDF>");
	says(c, HZ_CLAIM_XMP_TIME_CREATED, "2019");
	c = claims_of(xmp, packet, sizeof(packet)); /* a zero byte behind it */
	says(c, HZ_CLAIM_XMP_MAKE, "Acme");
}

void
test_xmp_hostile(void **state)
{
	struct hz_buf b = HZ_BUF_INIT(MADE_MAX);

	(void)state;
	assert_int_equal(
	    of_xmp("<!DOCTYPE a [<!ENTITY b 'Acme'>]>" XMP_OF("<rdf:Description tiff:Make='&b;'/>"))->n, 0);
	assert_int_equal(
	    of_xmp("<!DOCTYPE a SYSTEM 'file:///etc/passwd'>" XMP_OF("<rdf:Description tiff:Make='A'/>"))->n,
	    0);
	assert_int_equal(of_xmp("")->n, 0);
	assert_int_equal(of_xmp("<a")->n, 0);
	/* what was said before the damage stays said */
	says(of_xmp("<r:RDF xmlns:r='http://www.w3.org/1999/02/22-rdf-syntax-ns#'><r:Description "
		    "xmlns:q='http://ns.adobe.com/tiff/1.0/' q:Make='A'/><"),
	    HZ_CLAIM_XMP_MAKE, "A");
	/* 64 deep is read, 65 is not: two levels are the packet's */
	for (int more = 0; more < 2; more++) {
		hz_buf_clear(&b);
		put(&b, packet, strlen("<x:xmpmeta xmlns:x='adobe:ns:meta/'>"));
		for (int i = 0; i < 63 + more; i++) {
			put(&b, "<a>", 3);
		}
		for (int i = 0; i < 63 + more; i++) {
			put(&b, "</a>", 4);
		}
		put(&b, packet + strlen("<x:xmpmeta xmlns:x='adobe:ns:meta/'>"),
		    sizeof(packet) - 1 - strlen("<x:xmpmeta xmlns:x='adobe:ns:meta/'>"));
		says(claims_of(xmp, b.p, b.len), HZ_CLAIM_XMP_MAKE, more ? NULL : "Acme");
	}
	/* as large as is read, and a byte more */
	for (size_t more = 0; more < 2; more++) {
		hz_buf_clear(&b);
		put(&b, packet, sizeof(packet) - 1);
		while (b.len < HZ_XMP_MAX + more) {
			put(&b, " ", 1);
		}
		says(claims_of(xmp, b.p, b.len), HZ_CLAIM_XMP_MAKE, more ? NULL : "Acme");
	}
	hz_buf_done(&b);
}
