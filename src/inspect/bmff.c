/* MP4, MOV, 3GP: the movie's header, its first picture track, and what cameras write beside it. */
#include "base/buf.h"
#include "inspect/box.h"
#include "inspect/media.h"
#include <string.h>

enum {
	TOP_MAX = 64, /* boxes of the file itself: each is a place to read at */
	MOVIE_MAX = 64,
	TRACK_MAX = 32,
	SMALL_MAX = 128,
	KEYS_MAX = 64,
	VALUE_MAX = 256,
};

#define EPOCH_1904 INT64_C(2082844800)

static bool
fetch(struct hz_source *s, const struct hz_box *b, uint64_t off, void *ret_p, size_t n)
{
	return off <= b->len && n <= b->len - off && hz_source_pread(s, b->at + off, ret_p, n) == HZ_OK;
}

/* Seconds since 1904 in UTC; 0 is what writers put that do not know. */
static void
add_time(struct hz_claims *c, enum hz_claim_key key, uint64_t t)
{
	if (t != 0 && t < UINT64_C(1) << 40) {
		hz_claims_add_unix(c, key, (int64_t)t - EPOCH_1904);
	}
}

static void
movie_header(struct hz_source *s, const struct hz_box *b, struct hz_claims *c)
{
	uint8_t p[32] = { 0 };
	uint64_t created, modified, scale, length, unknown;

	if (!fetch(s, b, 0, p, 20)) {
		return;
	}
	if (p[0] == 1) {
		if (!fetch(s, b, 0, p, 32)) {
			return;
		}
		created = hz_rd_be64(p + 4);
		modified = hz_rd_be64(p + 12);
		scale = hz_rd_be32(p + 20);
		length = hz_rd_be64(p + 24);
		unknown = UINT64_MAX;
	} else {
		created = hz_rd_be32(p + 4);
		modified = hz_rd_be32(p + 8);
		scale = hz_rd_be32(p + 12);
		length = hz_rd_be32(p + 16);
		unknown = UINT32_MAX;
	}
	add_time(c, HZ_CLAIM_VIDEO_TIME_CREATED, created);
	add_time(c, HZ_CLAIM_VIDEO_TIME_MODIFIED, modified);
	if (scale > 0 && length != unknown && length / scale < UINT64_C(1) << 32) {
		uint64_t part = (length % scale * 1000000 + scale / 2) / scale;

		hz_claims_add_decimal(c, HZ_CLAIM_DURATION, (int64_t)(length / scale * 1000000 + part), 6);
	}
}

/* A matrix that only turns, as an orientation of EXIF; 0 for any other. */
static unsigned
turn_of(const uint8_t *matrix)
{
	static const struct {
		uint32_t a, b, c, d;
		unsigned turn;
	} turns[] = { { 0, 0x10000, 0xffff0000, 0, 6 }, { 0xffff0000, 0, 0, 0xffff0000, 3 },
		{ 0, 0xffff0000, 0x10000, 0, 8 } };

	for (size_t i = 0; i < sizeof(turns) / sizeof(turns[0]); i++) {
		if (hz_rd_be32(matrix) == turns[i].a && hz_rd_be32(matrix + 4) == turns[i].b &&
		    hz_rd_be32(matrix + 12) == turns[i].c && hz_rd_be32(matrix + 16) == turns[i].d) {
			return turns[i].turn;
		}
	}
	return 0;
}

static void
track(struct hz_source *s, const struct hz_box *b, struct hz_claims *c)
{
	struct hz_box head;
	uint8_t version = 0, p[44]; /* matrix, width, height */

	if (hz_claims_have(c, HZ_CLAIM_WIDTH) ||
	    !hz_boxes_find(hz_boxes_in(s, b->at, b->len, SMALL_MAX), "tkhd", &head) ||
	    !fetch(s, &head, 0, &version, 1) || !fetch(s, &head, version == 1 ? 52 : 40, p, sizeof(p))) {
		return;
	}
	uint32_t width = hz_rd_be32(p + 36) >> 16, height = hz_rd_be32(p + 40) >> 16;

	/* Sound has none. */
	if (width > 0 && height > 0) {
		hz_claims_add_number(c, HZ_CLAIM_WIDTH, width);
		hz_claims_add_number(c, HZ_CLAIM_HEIGHT, height);
		if (turn_of(p) != 0) {
			hz_claims_add_number(c, HZ_CLAIM_ORIENTATION, turn_of(p));
		}
	}
}

/* Sign, digits as many as are wanted, fraction; in units of 10^-9. */
static bool
signed_decimal(const char **p, const char *end, size_t least, size_t most, int64_t *ret_v)
{
	const char *at = *p;
	bool minus = at < end && *at == '-';
	size_t whole = 0, after = 0;
	int64_t v = 0, unit = 100000000;

	if (at == end || (*at != '+' && *at != '-')) {
		return false;
	}
	for (at++; at < end && *at >= '0' && *at <= '9'; at++, whole++) {
		if (whole >= most) {
			return false;
		}
		v = v * 10 + (*at - '0');
	}
	v *= 1000000000;
	if (at < end && *at == '.') {
		for (at++; at < end && *at >= '0' && *at <= '9'; at++, after++, unit /= 10) {
			v += (*at - '0') * unit;
		}
	}
	*p = at;
	*ret_v = minus ? -v : v;
	return whole >= least;
}

/* ISO 6709 in degrees: +DD.DDDD+DDD.DDDD, perhaps a height, perhaps a slash. Minutes and seconds are not
 * read. */
static void
position(struct hz_claims *c, const char *p, size_t n)
{
	const char *end = p + n;
	int64_t lat = 0, lon = 0, height = 0;

	if (hz_claims_have(c, HZ_CLAIM_VIDEO_LATITUDE) || !signed_decimal(&p, end, 1, 2, &lat) ||
	    !signed_decimal(&p, end, 1, 3, &lon)) {
		return;
	}
	hz_claims_add_decimal(c, HZ_CLAIM_VIDEO_LATITUDE, lat, 9);
	hz_claims_add_decimal(c, HZ_CLAIM_VIDEO_LONGITUDE, lon, 9);
	if (signed_decimal(&p, end, 1, 6, &height)) {
		hz_claims_add_decimal(c, HZ_CLAIM_VIDEO_ALTITUDE, height, 9);
	}
}

static void
add_value(struct hz_claims *c, enum hz_claim_key key, const char *value, size_t n)
{
	if (key == HZ_CLAIM_VIDEO_LATITUDE) {
		position(c, value, n);
	} else if (hz_claim_grammar(key) == HZ_CLAIM_TIME) {
		hz_claims_add_time(c, key, value, n);
	} else {
		hz_claims_add_text(c, key, value, n);
	}
}

struct name {
	const char *name;
	enum hz_claim_key key;
};

/* \251 is the sign (c) of these types. */
static const struct name types[] = {
	{ "\251xyz", HZ_CLAIM_VIDEO_LATITUDE },
	{ "\251mak", HZ_CLAIM_VIDEO_MAKE },
	{ "\251mod", HZ_CLAIM_VIDEO_MODEL },
	{ "\251swr", HZ_CLAIM_VIDEO_SOFTWARE },
	{ "\251too", HZ_CLAIM_VIDEO_SOFTWARE },
	{ "\251day", HZ_CLAIM_VIDEO_TIME_TAKEN },
};

static const struct name key_names[] = {
	{ "com.apple.quicktime.location.ISO6709", HZ_CLAIM_VIDEO_LATITUDE },
	{ "com.apple.quicktime.make", HZ_CLAIM_VIDEO_MAKE },
	{ "com.apple.quicktime.model", HZ_CLAIM_VIDEO_MODEL },
	{ "com.apple.quicktime.software", HZ_CLAIM_VIDEO_SOFTWARE },
	{ "com.apple.quicktime.creationdate", HZ_CLAIM_VIDEO_TIME_TAKEN },
	{ "com.android.manufacturer", HZ_CLAIM_VIDEO_MAKE },
	{ "com.android.model", HZ_CLAIM_VIDEO_MODEL },
};

static const struct name *
type_of(const struct hz_box *b)
{
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		if (memcmp(b->type, types[i].name, 4) == 0) {
			return &types[i];
		}
	}
	return NULL;
}

/* One entry of the list: a box data with a kind (1 is UTF-8), a locale, and the value. */
static void
list_value(struct hz_source *s, const struct hz_box *entry, enum hz_claim_key key, struct hz_claims *c)
{
	struct hz_box data;
	uint8_t head[8];
	char value[VALUE_MAX];

	if (!hz_boxes_find(hz_boxes_in(s, entry->at, entry->len, 4), "data", &data) ||
	    !fetch(s, &data, 0, head, 8) || hz_rd_be32(head) != 1) {
		return;
	}
	size_t n = data.len - 8 < VALUE_MAX ? (size_t)(data.len - 8) : VALUE_MAX;

	if (fetch(s, &data, 8, value, n)) {
		add_value(c, key, value, n);
	}
}

/* The names of the keys; 0 for one that is not wanted. */
static unsigned
read_keys(struct hz_source *s, const struct hz_box *b, enum hz_claim_key keys[static KEYS_MAX])
{
	uint8_t head[8];
	char name[64];
	unsigned n = 0;
	uint64_t at = 8;

	if (!fetch(s, b, 0, head, 8)) {
		return 0;
	}
	while (n < KEYS_MAX && fetch(s, b, at, head, 8)) {
		uint32_t size = hz_rd_be32(head);

		keys[n] = (enum hz_claim_key)0;
		if (size < 8 || size > b->len - at) {
			return n;
		}
		for (size_t i = 0; i < sizeof(key_names) / sizeof(key_names[0]); i++) {
			size_t len = strlen(key_names[i].name);

			if (size - 8 == len && fetch(s, b, at + 8, name, len) &&
			    memcmp(name, key_names[i].name, len) == 0) {
				keys[n] = key_names[i].key;
			}
		}
		n++;
		at += size;
	}
	return n;
}

/* meta: with a version as ISO has it, or without as QuickTime has it. */
static void
metadata(struct hz_source *s, const struct hz_box *b, struct hz_claims *c)
{
	enum hz_claim_key keys[KEYS_MAX];
	struct hz_box found, entry;
	uint8_t p[8];
	unsigned n = 0;

	if (!fetch(s, b, 0, p, 8)) {
		return;
	}
	uint64_t skip = memcmp(p + 4, "hdlr", 4) == 0 ? 0 : 4;
	struct hz_boxes inside = hz_boxes_in(s, b->at + skip, b->len - skip, SMALL_MAX);

	if (hz_boxes_find(inside, "keys", &found)) {
		n = read_keys(s, &found, keys);
	}
	if (!hz_boxes_find(inside, "ilst", &found)) {
		return;
	}
	for (struct hz_boxes w = hz_boxes_in(s, found.at, found.len, SMALL_MAX); hz_boxes_next(&w, &entry);) {
		uint32_t index = hz_rd_be32(entry.type);
		const struct name *type = type_of(&entry);

		if (index >= 1 && index <= n && keys[index - 1] != 0) {
			list_value(s, &entry, keys[index - 1], c);
		} else if (type != NULL) {
			list_value(s, &entry, type->key, c);
		}
	}
}

/* loci of 3GPP (TS 26.244): language, name, role, then three numbers of 16.16 bits. */
static void
location(struct hz_source *s, const struct hz_box *b, struct hz_claims *c)
{
	uint8_t p[VALUE_MAX];
	size_t n = b->len < sizeof(p) ? (size_t)b->len : sizeof(p);

	if (n < 6 || !fetch(s, b, 0, p, n)) {
		return;
	}
	const uint8_t *end = memchr(p + 6, 0, n - 6);

	if (end == NULL || (size_t)(p + n - end) < 2 + 12 || hz_claims_have(c, HZ_CLAIM_VIDEO_LATITUDE)) {
		return;
	}
	static const enum hz_claim_key order[] = { HZ_CLAIM_VIDEO_LONGITUDE, HZ_CLAIM_VIDEO_LATITUDE,
		HZ_CLAIM_VIDEO_ALTITUDE };

	for (size_t i = 0; i < 3; i++) {
		int64_t v = (int32_t)hz_rd_be32(end + 2 + 4 * i);

		hz_claims_add_decimal(c, order[i], v * 1000000 / 65536, 6);
	}
}

/* User data: boxes of text with a length and a language, and others. */
static void
user_data(struct hz_source *s, const struct hz_box *u, struct hz_claims *c)
{
	struct hz_box b;
	uint8_t head[4];
	char value[VALUE_MAX];

	for (struct hz_boxes w = hz_boxes_in(s, u->at, u->len, SMALL_MAX); hz_boxes_next(&w, &b);) {
		const struct name *type = type_of(&b);

		if (type != NULL && fetch(s, &b, 0, head, 4)) {
			size_t n = hz_rd_be16(head) < VALUE_MAX ? hz_rd_be16(head) : VALUE_MAX;

			n = n < b.len - 4 ? n : (size_t)(b.len - 4);
			if (fetch(s, &b, 4, value, n)) {
				add_value(c, type->key, value, n);
			}
		} else if (hz_box_is(&b, "meta")) {
			metadata(s, &b, c);
		} else if (hz_box_is(&b, "loci")) {
			location(s, &b, c);
		} else if (hz_box_is(&b, "XMP_")) {
			hz_xmp_read_at(s, b.at, b.len, c);
		}
	}
}

static void
movie(struct hz_source *s, const struct hz_box *m, struct hz_claims *c)
{
	unsigned tracks = 0;
	struct hz_box b;

	for (struct hz_boxes w = hz_boxes_in(s, m->at, m->len, MOVIE_MAX); hz_boxes_next(&w, &b);) {
		if (hz_box_is(&b, "mvhd")) {
			movie_header(s, &b, c);
		} else if (hz_box_is(&b, "trak") && tracks++ < TRACK_MAX) {
			track(s, &b, c);
		} else if (hz_box_is(&b, "udta")) {
			user_data(s, &b, c);
		} else if (hz_box_is(&b, "meta")) {
			metadata(s, &b, c);
		}
	}
}

/* uuid: an XMP packet, or a C2PA manifest store behind a purpose and an offset. */
static void
extension(struct hz_source *s, const struct hz_box *b, struct hz_claims *c)
{
	static const uint8_t xmp[16] = { 0xbe, 0x7a, 0xcf, 0xcb, 0x97, 0xa9, 0x42, 0xe8, 0x9c, 0x71, 0x99,
		0x94, 0x91, 0xe3, 0xaf, 0xac };
	static const uint8_t c2pa[16] = { 0xd8, 0xfe, 0xc3, 0xd6, 0x1b, 0x0e, 0x48, 0x3c, 0x92, 0x97, 0x58,
		0x28, 0x87, 0x7e, 0xc4, 0x81 };
	static const char purpose[] = "manifest";
	const uint64_t before = 16 + 4 + sizeof(purpose) + 8;
	uint8_t p[16 + 4 + sizeof(purpose)];

	if (!fetch(s, b, 0, p, 16)) {
		return;
	}
	if (memcmp(p, xmp, 16) == 0) {
		hz_xmp_read_at(s, b->at + 16, b->len - 16, c);
	} else if (memcmp(p, c2pa, 16) == 0 && b->len > before && fetch(s, b, 0, p, sizeof(p)) &&
		   memcmp(p + 20, purpose, sizeof(purpose)) == 0) {
		hz_c2pa_read_at(s, b->at + before, b->len - before, c);
	}
}

void
hz_bmff_read(struct hz_source *s, struct hz_claims *c)
{
	struct hz_box b;
	char brand[4];

	for (struct hz_boxes w = hz_boxes_in(s, 0, s->size, TOP_MAX); hz_boxes_next(&w, &b);) {
		if (hz_box_is(&b, "ftyp") && fetch(s, &b, 0, brand, 4)) {
			hz_claims_add_text(c, HZ_CLAIM_BRAND, brand, 4);
		} else if (hz_box_is(&b, "moov")) {
			movie(s, &b, c);
		} else if (hz_box_is(&b, "meta")) {
			hz_heif_read(s, b.at, b.len, c);
		} else if (hz_box_is(&b, "uuid")) {
			extension(s, &b, c);
		}
	}
}
