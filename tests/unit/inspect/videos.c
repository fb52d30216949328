/* MP4, MOV, 3GP, HEIC, and what is none of all. */
#include "tests.h"

static void
movie_header(struct hz_buf *b, unsigned version, uint64_t created, uint64_t scale, uint64_t length)
{
	static const uint8_t rest[80];
	size_t at = box_begin(b, "mvhd");

	put32(b, (uint64_t)version << 24);
	if (version == 1) {
		put32(b, created >> 32);
	}
	put32(b, created);
	if (version == 1) {
		put32(b, 0);
	}
	put32(b, 0); /* modified: not known */
	put32(b, scale);
	if (version == 1) {
		put32(b, length >> 32);
	}
	put32(b, length);
	put(b, rest, sizeof(rest));
	box_end(b, at);
}

static void
track(struct hz_buf *b, unsigned version, unsigned width, unsigned height, const uint32_t *matrix)
{
	static const uint8_t zeros[64];
	size_t trak = box_begin(b, "trak"), at = box_begin(b, "tkhd");

	put32(b, (uint64_t)version << 24);
	put(b, zeros, (version == 1 ? 32 : 20) + 16);
	for (int i = 0; i < 9; i++) {
		put32(b, matrix[i]);
	}
	put32(b, (uint64_t)width << 16);
	put32(b, (uint64_t)height << 16);
	box_end(b, at);
	box_end(b, trak);
}

static const uint32_t straight[9] = { 0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000 };
static const uint32_t turned[9] = { 0, 0x10000, 0, 0xffff0000, 0, 0, 0, 0, 0x40000000 };
static const uint32_t over[9] = { 0xffff0000, 0, 0, 0, 0xffff0000, 0, 0, 0, 0x40000000 };
static const uint32_t back[9] = { 0, 0xffff0000, 0, 0x10000, 0, 0, 0, 0, 0x40000000 };

static void
brand(struct hz_buf *b, const char *name)
{
	size_t at = box_begin(b, "ftyp");

	put(b, name, 4);
	put32(b, 0);
	box_end(b, at);
}

void
test_bmff_header(void **state)
{
	static const struct {
		unsigned version;
		uint64_t created, scale, length;
		const char *time, *duration;
	} cases[] = { { 0, 2082844800, 1000, 4002, "1970-01-01T00:00:00Z", "4.002" },
		{ 1, 2082844800, 600, 2401, "1970-01-01T00:00:00Z", "4.001667" },
		{ 0, 0, 90000, 0, NULL, "0" }, { 0, 1, 0, 5, "1904-01-01T00:00:01Z", NULL },
		{ 0, 0xffffffff, 1, 0xffffffff, "2040-02-06T06:28:15Z", NULL },
		{ 1, UINT64_MAX, 1, UINT64_MAX, NULL, NULL },
		{ 1, UINT64_C(1) << 39, 1, UINT64_MAX - 1, NULL, NULL },
		{ 1, UINT64_C(1) << 40, 0xffffffff, 0xfffffffe, NULL, "1" } };
	static const struct {
		const uint32_t *matrix;
		const char *orientation;
	} turns[] = { { straight, NULL }, { turned, "6" }, { over, "3" }, { back, "8" } };
	struct hz_buf b = HZ_BUF_INIT(MADE_MAX);

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		hz_buf_clear(&b);
		brand(&b, "qt  ");
		size_t at = box_begin(&b, "moov");

		movie_header(&b, cases[i].version, cases[i].created, cases[i].scale, cases[i].length);
		box_end(&b, at);
		const struct hz_claims *c = claims_of(hz_bmff_read, b.p, b.len);

		says(c, HZ_CLAIM_BRAND, "qt");
		says(c, HZ_CLAIM_VIDEO_TIME_CREATED, cases[i].time);
		says(c, HZ_CLAIM_VIDEO_TIME_MODIFIED, NULL);
		says(c, HZ_CLAIM_DURATION, cases[i].duration);
	}
	for (size_t i = 0; i < sizeof(turns) / sizeof(turns[0]); i++) {
		hz_buf_clear(&b);
		size_t at = box_begin(&b, "moov");

		track(&b, 0, 0, 0, straight); /* sound */
		track(&b, i % 2 ? 1 : 0, 640, 360, turns[i].matrix);
		track(&b, 0, 1, 1, over);
		box_end(&b, at);
		const struct hz_claims *c = claims_of(hz_bmff_read, b.p, b.len);

		says(c, HZ_CLAIM_WIDTH, "640");
		says(c, HZ_CLAIM_HEIGHT, "360");
		says(c, HZ_CLAIM_ORIENTATION, turns[i].orientation);
	}
	hz_buf_done(&b);
}

static void
user_text(struct hz_buf *b, const char *type, const char *text)
{
	size_t at = box_begin(b, type);

	put16(b, (unsigned)strlen(text));
	put16(b, 0x15c7);
	put(b, text, strlen(text));
	box_end(b, at);
}

static const struct hz_claims *
with_position(struct hz_buf *b, const char *text)
{
	hz_buf_clear(b);
	size_t moov = box_begin(b, "moov"), udta = box_begin(b, "udta");

	user_text(b, "\251mak", "Acme");
	user_text(b, "\251xyz", text);
	user_text(b, "\251day", "2019-07-22T08:01:02+0300");
	box_end(b, udta);
	box_end(b, moov);
	return claims_of(hz_bmff_read, b->p, b->len);
}

static void
list_entry(struct hz_buf *b, const char type[static 4], unsigned kind, const char *value)
{
	size_t at = box_begin(b, type), data = box_begin(b, "data");

	put32(b, kind);
	put32(b, 0);
	put(b, value, strlen(value));
	box_end(b, data);
	box_end(b, at);
}

static void
keyed(struct hz_buf *b, bool iso)
{
	static const char *const names[] = { "com.apple.quicktime.model", "other.name",
		"com.apple.quicktime.location.ISO6709", "com.apple.quicktime.make" };
	size_t moov = box_begin(b, "moov"), meta = box_begin(b, "meta"), at;

	if (iso) {
		put32(b, 0);
	}
	at = box_begin(b, "hdlr");
	put(b, "\0\0\0\0\0\0\0\0mdta", 12);
	box_end(b, at);
	at = box_begin(b, "keys");
	put32(b, 0);
	put32(b, 4);
	for (size_t i = 0; i < 4; i++) {
		put32(b, 8 + strlen(names[i]));
		put(b, "mdta", 4);
		put(b, names[i], strlen(names[i]));
	}
	box_end(b, at);
	at = box_begin(b, "ilst");
	list_entry(b, "\0\0\0\1", 1, "Field 3");
	list_entry(b, "\0\0\0\2", 1, "nothing");
	list_entry(b, "\0\0\0\3", 1, "-35.25-120.5+12/");
	list_entry(b, "\0\0\0\4", 21, "Acme"); /* a number, not text */
	list_entry(b, "\0\0\0\5", 1, "beyond");
	list_entry(b, "\251too", 1, "Lavf58");
	box_end(b, at);
	box_end(b, meta);
	box_end(b, moov);
}

void
test_bmff_places(void **state)
{
	static const struct {
		const char *text, *latitude, *longitude, *altitude;
	} cases[] = { { "+35.1916+038.9835+420.50/", "35.1916", "38.9835", "420.5" },
		{ "-35.5-120.25/", "-35.5", "-120.25", NULL }, { "+00.0000+000.0000/", "0", "0", NULL },
		{ "-00.0000-000.0000-000/", "0", "0", "0" }, { "+1+2", "1", "2", NULL },
		{ "+35.1234567891+1.0/", "35.123456789", "1", NULL }, { "+91+001/", NULL, "1", NULL },
		{ "+3511.5+03859.0/", NULL, NULL, NULL }, { "+35.1", NULL, NULL, NULL },
		{ "", NULL, NULL, NULL }, { "35.1+38", NULL, NULL, NULL }, { "+.5+.5", NULL, NULL, NULL } };
	struct hz_buf b = HZ_BUF_INIT(MADE_MAX);

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct hz_claims *c = with_position(&b, cases[i].text);

		says(c, HZ_CLAIM_VIDEO_LATITUDE, cases[i].latitude);
		says(c, HZ_CLAIM_VIDEO_LONGITUDE, cases[i].longitude);
		says(c, HZ_CLAIM_VIDEO_ALTITUDE, cases[i].altitude);
		says(c, HZ_CLAIM_VIDEO_MAKE, "Acme");
		says(c, HZ_CLAIM_VIDEO_TIME_TAKEN, "2019-07-22T08:01:02+03:00");
	}
	for (int iso = 0; iso < 2; iso++) {
		hz_buf_clear(&b);
		keyed(&b, iso == 1);
		const struct hz_claims *c = claims_of(hz_bmff_read, b.p, b.len);

		says(c, HZ_CLAIM_VIDEO_MODEL, "Field 3");
		says(c, HZ_CLAIM_VIDEO_MAKE, NULL);
		says(c, HZ_CLAIM_VIDEO_SOFTWARE, "Lavf58");
		says(c, HZ_CLAIM_VIDEO_LATITUDE, "-35.25");
		says(c, HZ_CLAIM_VIDEO_LONGITUDE, "-120.5");
		says(c, HZ_CLAIM_VIDEO_ALTITUDE, "12");
	}
	/* 3GPP: longitude first, 16.16 bits, two's complement */
	hz_buf_clear(&b);
	size_t moov = box_begin(&b, "moov"), udta = box_begin(&b, "udta"), loci = box_begin(&b, "loci");

	put(&b, "\0\0\0\0\x15\xc7place\0\0\xff\xd9\x80\0\0\x23\x40\0\0\x64\0\0", 25);
	box_end(&b, loci);
	box_end(&b, udta);
	box_end(&b, moov);
	const struct hz_claims *c = claims_of(hz_bmff_read, b.p, b.len);

	says(c, HZ_CLAIM_VIDEO_LONGITUDE, "-38.5");
	says(c, HZ_CLAIM_VIDEO_LATITUDE, "35.25");
	says(c, HZ_CLAIM_VIDEO_ALTITUDE, "100");
	hz_buf_done(&b);
}

void
test_bmff_hostile(void **state)
{
	struct hz_buf b = HZ_BUF_INIT(MADE_MAX);
	static const uint8_t small[] = "\0\0\0\x10"
				       "ftypabcd\0\0\0\0\0\0\0\4moov";
	static const uint8_t huge[] = "\0\0\0\x10"
				      "ftypabcd\0\0\0\0\0\0\0\1moov\xff\xff\xff\xff\xff\xff\xff\xff";
	static const uint8_t short64[] = "\0\0\0\x10"
					 "ftypabcd\0\0\0\0\0\0\0\1moov\0\0\0\0\0\0\0\x0f";

	(void)state;
	assert_int_equal(claims_of(hz_bmff_read, small, sizeof(small) - 1)->n, 1);
	assert_int_equal(claims_of(hz_bmff_read, huge, sizeof(huge) - 1)->n, 1);
	assert_int_equal(claims_of(hz_bmff_read, short64, sizeof(short64) - 1)->n, 1);
	/* 64 boxes on the top floor */
	for (int more = 0; more < 2; more++) {
		hz_buf_clear(&b);
		for (int i = 0; i < 63 + more; i++) {
			put(&b, "\0\0\0\10free", 8);
		}
		brand(&b, "mp42");
		says(claims_of(hz_bmff_read, b.p, b.len), HZ_CLAIM_BRAND, more ? NULL : "mp42");
	}
	/* one in the other, as deep as it goes: nobody follows */
	hz_buf_clear(&b);
	for (size_t i = 0; i < 3000; i++) {
		put32(&b, 8 * (3000 - i));
		put(&b, "moov", 4);
	}
	assert_int_equal(claims_of(hz_bmff_read, b.p, b.len)->n, 0);
	/* a size of 0 and one of 64 bits */
	hz_buf_clear(&b);
	put(&b, "\0\0\0\1ftyp\0\0\0\0\0\0\0\x18heic\0\0\0\0", 24);
	put(&b, "\0\0\0\0moov", 8);
	movie_header(&b, 0, 0, 1, 7);
	const struct hz_claims *c = claims_of(hz_bmff_read, b.p, b.len);

	says(c, HZ_CLAIM_BRAND, "heic");
	says(c, HZ_CLAIM_DURATION, "7");
	for (size_t n = 0; n < b.len; n++) {
		(void)claims_of(hz_bmff_read, b.p, n);
	}
	hz_buf_done(&b);
}

static size_t
full_box(struct hz_buf *b, const char *type, unsigned version)
{
	size_t at = box_begin(b, type);

	put32(b, (uint64_t)version << 24);
	return at;
}

static void
item_entry(struct hz_buf *b, unsigned id, const char *type, const char *rest, size_t n)
{
	size_t at = full_box(b, "infe", 2);

	put16(b, id);
	put16(b, 0);
	put(b, type, 4);
	put(b, rest, n);
	box_end(b, at);
}

/* A picture whose EXIF block lies in idat, in one or two pieces, by this method. */
static void
picture(struct hz_buf *b, unsigned method, unsigned extents, unsigned turn)
{
	struct hz_buf tiff = HZ_BUF_INIT(MADE_MAX);
	size_t meta = full_box(b, "meta", 0), at, inner;

	put32(&tiff, 2); /* two bytes, then TIFF */
	put(&tiff, "xx", 2);
	camera(false, &tiff);
	at = full_box(b, "pitm", 0);
	put16(b, 7);
	box_end(b, at);
	at = full_box(b, "iinf", 0);
	put16(b, 3);
	item_entry(b, 7, "hvc1", "", 1);
	item_entry(b, 8, "Exif", "", 1);
	item_entry(b, 9, "mime", "\0application/rdf+xml", 21);
	box_end(b, at);
	at = full_box(b, "iloc", 1);
	put16(b, 0x4400);
	put16(b, 1);
	put16(b, 8);
	put16(b, method);
	put16(b, 0);
	put16(b, extents);
	for (unsigned i = 0; i < extents; i++) {
		put32(b, 0);
		put32(b, tiff.len);
	}
	box_end(b, at);
	at = box_begin(b, "iprp");
	inner = box_begin(b, "ipco");
	size_t one = full_box(b, "ispe", 0); /* of another picture */

	put32(b, 1);
	put32(b, 1);
	box_end(b, one);
	one = full_box(b, "ispe", 0);
	put32(b, 64);
	put32(b, 48);
	box_end(b, one);
	one = box_begin(b, "irot");
	uint8_t angle = (uint8_t)turn;

	put(b, &angle, 1);
	box_end(b, one);
	box_end(b, inner);
	inner = full_box(b, "ipma", 0);
	put32(b, 2);
	put16(b, 3);
	put(b, "\1\1", 2);
	put16(b, 7);
	put(b, "\2\x82\x83", 3);
	box_end(b, inner);
	box_end(b, at);
	at = box_begin(b, "idat");
	put(b, tiff.p, tiff.len);
	box_end(b, at);
	box_end(b, meta);
	hz_buf_done(&tiff);
}

void
test_heif(void **state)
{
	static const char *const turns[] = { "1", "8", "3", "6" };
	struct hz_buf b = HZ_BUF_INIT(MADE_MAX);

	(void)state;
	for (unsigned turn = 0; turn < 4; turn++) {
		hz_buf_clear(&b);
		brand(&b, "heic");
		picture(&b, 1, 1, turn);
		const struct hz_claims *c = claims_of(hz_bmff_read, b.p, b.len);

		says(c, HZ_CLAIM_WIDTH, "64");
		says(c, HZ_CLAIM_HEIGHT, "48");
		says(c, HZ_CLAIM_ORIENTATION, turns[turn]); /* the picture's turn comes before EXIF's */
		says(c, HZ_CLAIM_EXIF_MAKE, "Acme");
		says(c, HZ_CLAIM_EXIF_TIME_TAKEN, "2019-07-22T08:01:00.25+03:00");
	}
	for (size_t n = 0; n < b.len; n++) {
		(void)claims_of(hz_bmff_read, b.p, n);
	}
	for (size_t i = 0; i < b.len; i++) { /* each byte as large as it can be */
		uint8_t was = b.p[i];

		b.p[i] = 0xff;
		(void)claims_of(hz_bmff_read, b.p, b.len);
		b.p[i] = was;
	}
	/* in pieces, or made of other items: not read */
	hz_buf_clear(&b);
	picture(&b, 1, 2, 0);
	says(claims_of(hz_bmff_read, b.p, b.len), HZ_CLAIM_EXIF_MAKE, NULL);
	hz_buf_clear(&b);
	picture(&b, 2, 1, 0);
	says(claims_of(hz_bmff_read, b.p, b.len), HZ_CLAIM_EXIF_MAKE, NULL);
	says(claims_of(hz_bmff_read, b.p, b.len), HZ_CLAIM_WIDTH, "64");
	hz_buf_done(&b);
}

#define HASH "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"

static void
proof(struct hz_source *s, struct hz_claims *c)
{
	hz_proofmode_read(s->head, s->head_len, c);
}

static const struct hz_claims *
of_proof(const char *text)
{
	return claims_of(proof, text, strlen(text));
}

void
test_proofmode(void **state)
{
	const struct hz_claims *c = of_proof(
	    "{ \"Notes\":\"a\\\"b\", \"Proof Generated\" : \"2019-07-22T08:01:02.123Z\",\"CellInfo\":\"[{}]\","
	    "\"File Hash SHA256\":\"" HASH "\"}\n{\"File Hash SHA256\":\"other\"}");

	(void)state;
	says(c, HZ_CLAIM_PROOFMODE_PART, "proof.json");
	says(c, HZ_CLAIM_PROOFMODE_SHA256, HASH);
	says(c, HZ_CLAIM_PROOFMODE_TIME, "2019-07-22T08:01:02.123"); /* its Z is a letter of the pattern */
	says(
	    of_proof(
		"{\"File Hash SHA256\":\"00112233445566778899AABBCCDDEEFF00112233445566778899AABBCCDDEEFF\"}"),
	    HZ_CLAIM_PROOFMODE_SHA256, HASH);
	/* not in the first object, not a member of it, not a hash */
	assert_int_equal(of_proof("{\"a\":1}{\"File Hash SHA256\":\"" HASH "\"}")->n, 0);
	assert_int_equal(of_proof("{\"a\":{\"File Hash SHA256\":\"" HASH "\"}}")->n, 0);
	assert_int_equal(of_proof("{\"File Hash SHA256\":\"0011\",\"Proof Generated\":\"2019\"}")->n, 0);
	assert_int_equal(of_proof("{\"Proof Generated\":\"2019-07-22T08:01:02.123Z\"}")->n, 0);
	assert_int_equal(of_proof("{\"File Hash SHA256\":\"" HASH)->n, 0);
	assert_int_equal(of_proof("{\"File Hash SHA256\"")->n, 0);
	assert_int_equal(of_proof("{\"a\\")->n, 0);
	assert_int_equal(of_proof("")->n, 0);
	assert_int_equal(
	    of_proof("{\"a\":[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[],\"File Hash SHA256\":\"" HASH "\"}")->n,
	    0);
}

static void
any(struct hz_source *s, struct hz_claims *c)
{
	hz_inspect_claims(s, "", c);
}

/* The beginning decides which parser it is. */
void
test_beginnings(void **state)
{
	struct hz_buf b = HZ_BUF_INIT(MADE_MAX);

	(void)state;
	camera(true, &b);
	says(claims_of(any, b.p, b.len), HZ_CLAIM_WIDTH, "64");
	hz_buf_clear(&b);
	camera(false, &b);
	says(claims_of(any, b.p, b.len), HZ_CLAIM_WIDTH, "64");
	hz_buf_clear(&b);
	put(&b, "\xff\xd8", 2);
	segment_put(&b, 0xc2, "\x08\0\x30\0\x40\3", 6);
	says(claims_of(any, b.p, b.len), HZ_CLAIM_WIDTH, "64");
	hz_buf_clear(&b);
	put(&b, "\0\0\0\10wide", 8);
	brand(&b, "mp42");
	says(claims_of(any, b.p, b.len), HZ_CLAIM_BRAND, "mp42");
	says(claims_of(any, "{\"File Hash SHA256\":\"" HASH "\"}", 21 + 64 + 2), HZ_CLAIM_PROOFMODE_SHA256,
	    HASH);
	assert_int_equal(claims_of(any, "nothing of this", 15)->n, 0);
	assert_int_equal(claims_of(any, "\xff\xd8\xff", 3)->n, 0);
	assert_int_equal(claims_of(any, "", 0)->n, 0);
	hz_buf_done(&b);
}
