/* EXIF: three folders of tags, and of these only the few that say when, where and with what. Maker notes are
 * never looked at. */
#include "base/buf.h"
#include "inspect/media.h"
#include <math.h>
#include <stdio.h>
#include <string.h>

enum {
	ENTRIES_MAX = 1024, /* looked at in one folder */
	ENTRY = 12,
	TEXT_MAX = 1024, /* bytes of a text that are looked at */
};

enum type {
	BYTE = 1,
	ASCII = 2,
	SHORT = 3,
	LONG = 4,
	RATIONAL = 5,
	UNDEFINED = 7,
	SRATIONAL = 10,
	UTF8 = 129
};

struct tiff {
	struct hz_source *s;
	uint64_t at, len;
	bool little;
	struct hz_claims *c;
};

/* One tag: where its value lies, from the beginning of the structure. */
struct tag {
	uint32_t id, type, count;
	uint64_t at;
	uint64_t n; /* bytes */
};

/* What needs more than one tag before it can be said. */
struct moment {
	char date[32], fraction[16], zone[16];
};
struct place {
	char lat_ref, lon_ref;
	bool below, has_height, has_time;
	struct tag lat, lon, height, time, day;
};
struct found {
	uint64_t exif, gps;
	bool has_exif, has_gps;
	struct moment modified, taken, digitized;
	struct place place;
};

static uint32_t
get16(const struct tiff *t, const uint8_t *p)
{
	return t->little ? (uint32_t)p[0] | (uint32_t)p[1] << 8 : hz_rd_be16(p);
}

static uint32_t
get32(const struct tiff *t, const uint8_t *p)
{
	return t->little ? hz_le32(p) : hz_rd_be32(p);
}

static bool
fetch(const struct tiff *t, uint64_t off, void *ret_p, size_t n)
{
	return off <= t->len && n <= t->len - off && hz_source_pread(t->s, t->at + off, ret_p, n) == HZ_OK;
}

static uint64_t
width_of(uint32_t type)
{
	switch ((enum type)type) {
	case SHORT:
		return 2;
	case LONG:
		return 4;
	case RATIONAL:
	case SRATIONAL:
		return 8;
	case BYTE:
	case ASCII:
	case UNDEFINED:
	case UTF8:
	default:
		return 1;
	}
}

static void
text_of(const struct tiff *t, const struct tag *g, char *ret_s, size_t size)
{
	size_t n = g->n < size - 1 ? (size_t)g->n : size - 1;

	ret_s[0] = '\0';
	if ((g->type == ASCII || g->type == UTF8 || g->type == UNDEFINED || g->type == BYTE) && n > 0 &&
	    fetch(t, g->at, ret_s, n)) {
		ret_s[n] = '\0';
	}
}

static void
add_text(const struct tiff *t, const struct tag *g, enum hz_claim_key key)
{
	char text[TEXT_MAX + 1];

	if (!hz_claims_have(t->c, key)) {
		text_of(t, g, text, sizeof(text));
		hz_claims_add_text(t->c, key, text, strlen(text));
	}
}

static bool
number_of(const struct tiff *t, const struct tag *g, uint32_t *ret_v)
{
	uint8_t p[4];

	if (g->count != 1 || (g->type != SHORT && g->type != LONG) || !fetch(t, g->at, p, (size_t)g->n)) {
		return false;
	}
	*ret_v = g->type == SHORT ? get16(t, p) : get32(t, p);
	return true;
}

static void
add_number(const struct tiff *t, const struct tag *g, enum hz_claim_key key, uint32_t least, uint32_t most)
{
	uint32_t v = 0;

	if (number_of(t, g, &v) && v >= least && v <= most) {
		hz_claims_add_number(t->c, key, v);
	}
}

/* The i-th fraction; false for none, or one of nothing. */
static bool
fraction_of(const struct tiff *t, const struct tag *g, uint32_t i, double *ret_v)
{
	uint8_t p[8];

	if ((g->type != RATIONAL && g->type != SRATIONAL) || i >= g->count ||
	    !fetch(t, g->at + (uint64_t)i * 8, p, 8)) {
		return false;
	}
	uint32_t over = get32(t, p), under = get32(t, p + 4);

	if (under == 0) {
		return false;
	}
	*ret_v = g->type == RATIONAL ? (double)over / (double)under
				     : (double)(int32_t)over / (double)(int32_t)under;
	return true;
}

/* Cameras that do not know the seconds write 0/0 there. */
static bool
angle_of(const struct tiff *t, const struct tag *g, double *ret_v)
{
	double degrees = 0, minutes = 0, seconds = 0;

	if (g->count == 0 || !fraction_of(t, g, 0, &degrees)) {
		return false;
	}
	if (g->count > 1 && !fraction_of(t, g, 1, &minutes)) {
		return false;
	}
	if (g->count > 2 && !fraction_of(t, g, 2, &seconds)) {
		seconds = 0;
	}
	*ret_v = degrees + minutes / 60 + seconds / 3600;
	return true;
}

static void
add_angle(
    const struct tiff *t, const struct tag *g, char ref, const char signs[static 2], enum hz_claim_key key)
{
	double v = 0;

	/* Without its letter nobody knows on which side of the equator or of Greenwich it is. */
	if ((ref != signs[0] && ref != signs[1]) || !angle_of(t, g, &v) || !(v >= 0 && v <= 180)) {
		return;
	}
	int64_t units = llround(v * 1e9);

	hz_claims_add_decimal(t->c, key, ref == signs[1] ? -units : units, 9);
}

static void
add_height(const struct tiff *t, const struct place *p)
{
	double v = 0;

	if (p->has_height && fraction_of(t, &p->height, 0, &v) && v > -1e9 && v < 1e9) {
		int64_t units = llround(v * 1e9);

		hz_claims_add_decimal(t->c, HZ_CLAIM_GPS_ALTITUDE, p->below ? -units : units, 9);
	}
}

/* Day and time of the satellites, which is UTC. The day alone is said; the time alone means nothing. */
static void
add_gps_time(const struct tiff *t, const struct place *p)
{
	char day[16], out[64];
	double h = 0, m = 0, s = 0;

	text_of(t, &p->day, day, sizeof(day));
	if (strlen(day) != 10) {
		return;
	}
	if (p->has_time && fraction_of(t, &p->time, 0, &h) && fraction_of(t, &p->time, 1, &m) &&
	    fraction_of(t, &p->time, 2, &s) && h >= 0 && h < 24 && m >= 0 && m < 60 && s >= 0 && s < 60 &&
	    h == floor(h) && m == floor(m)) {
		long millis = lround(floor(s * 1000 + 1e-6));
		int n = snprintf(out, sizeof(out), "%s %02ld:%02ld:%02ld.%03ld", day, lround(h), lround(m),
		    millis / 1000, millis % 1000);

		while (n > 0 && out[n - 1] == '0') {
			n--;
		}
		n -= n > 0 && out[n - 1] == '.' ? 1 : 0;
		out[n++] = 'Z';
		hz_claims_add_time(t->c, HZ_CLAIM_GPS_TIME, out, (size_t)n);
		return;
	}
	hz_claims_add_time(t->c, HZ_CLAIM_GPS_TIME, day, strlen(day));
}

static void
add_place(const struct tiff *t, const struct place *p)
{
	add_angle(t, &p->lat, p->lat_ref, "NS", HZ_CLAIM_GPS_LATITUDE);
	add_angle(t, &p->lon, p->lon_ref, "EW", HZ_CLAIM_GPS_LONGITUDE);
	add_height(t, p);
	add_gps_time(t, p);
}

/* Date, fraction of a second and zone are three tags; a fraction or a zone that is none is left out. */
static void
add_moment(const struct tiff *t, const struct moment *m, enum hz_claim_key key)
{
	char out[80];
	size_t f = strspn(m->fraction, "0123456789");
	bool zone = (m->zone[0] == '+' || m->zone[0] == '-') && strlen(m->zone) == 6;

	if (strlen(m->date) != 19) {
		return;
	}
	int n = snprintf(out, sizeof(out), "%s%s%.*s%s", m->date, f > 0 ? "." : "", (int)f, m->fraction,
	    zone ? m->zone : "");

	hz_claims_add_time(t->c, key, out, (size_t)n);
	if (!hz_claims_have(t->c, key)) {
		hz_claims_add_time(t->c, key, m->date, strlen(m->date));
	}
}

static void
keep_text(const struct tiff *t, const struct tag *g, char *ret_s, size_t size)
{
	if (ret_s[0] == '\0') {
		text_of(t, g, ret_s, size);
	}
}

static void
keep_link(const struct tiff *t, const struct tag *g, uint64_t *ret_at, bool *ret_has)
{
	uint32_t v = 0;

	if (!*ret_has && number_of(t, g, &v)) {
		*ret_at = v;
		*ret_has = true;
	}
}

static void
first_folder(const struct tiff *t, const struct tag *g, struct found *f)
{
	switch (g->id) {
	case 0x010f:
		add_text(t, g, HZ_CLAIM_EXIF_MAKE);
		break;
	case 0x0110:
		add_text(t, g, HZ_CLAIM_EXIF_MODEL);
		break;
	case 0x0112:
		add_number(t, g, HZ_CLAIM_ORIENTATION, 1, 8);
		break;
	case 0x0131:
		add_text(t, g, HZ_CLAIM_EXIF_SOFTWARE);
		break;
	case 0x0132:
		keep_text(t, g, f->modified.date, sizeof(f->modified.date));
		break;
	case 0x013b:
		add_text(t, g, HZ_CLAIM_EXIF_ARTIST);
		break;
	case 0x8298:
		add_text(t, g, HZ_CLAIM_EXIF_COPYRIGHT);
		break;
	case 0x8769:
		keep_link(t, g, &f->exif, &f->has_exif);
		break;
	case 0x8825:
		keep_link(t, g, &f->gps, &f->has_gps);
		break;
	default:
		break;
	}
}

/* What a TIFF file says in its first folder beside. */
static void
file_folder(const struct tiff *t, const struct tag *g, struct found *f)
{
	switch (g->id) {
	case 0x0100:
		add_number(t, g, HZ_CLAIM_WIDTH, 0, UINT32_MAX);
		break;
	case 0x0101:
		add_number(t, g, HZ_CLAIM_HEIGHT, 0, UINT32_MAX);
		break;
	case 0x02bc:
		if (g->at <= t->len && g->n <= t->len - g->at) {
			hz_xmp_read_at(t->s, t->at + g->at, g->n, t->c);
		}
		break;
	default:
		first_folder(t, g, f);
		break;
	}
}

static void
exif_folder(const struct tiff *t, const struct tag *g, struct found *f)
{
	switch (g->id) {
	case 0x9003:
		keep_text(t, g, f->taken.date, sizeof(f->taken.date));
		break;
	case 0x9004:
		keep_text(t, g, f->digitized.date, sizeof(f->digitized.date));
		break;
	case 0x9010:
		keep_text(t, g, f->modified.zone, sizeof(f->modified.zone));
		break;
	case 0x9011:
		keep_text(t, g, f->taken.zone, sizeof(f->taken.zone));
		break;
	case 0x9012:
		keep_text(t, g, f->digitized.zone, sizeof(f->digitized.zone));
		break;
	case 0x9290:
		keep_text(t, g, f->modified.fraction, sizeof(f->modified.fraction));
		break;
	case 0x9291:
		keep_text(t, g, f->taken.fraction, sizeof(f->taken.fraction));
		break;
	case 0x9292:
		keep_text(t, g, f->digitized.fraction, sizeof(f->digitized.fraction));
		break;
	case 0xa431:
		add_text(t, g, HZ_CLAIM_EXIF_SERIAL);
		break;
	case 0xa434:
		add_text(t, g, HZ_CLAIM_EXIF_LENS);
		break;
	default:
		break;
	}
}

static void
gps_folder(const struct tiff *t, const struct tag *g, struct found *f)
{
	struct place *p = &f->place;
	uint8_t one = 0;

	switch (g->id) {
	case 1:
	case 3:
		if (g->type == ASCII && g->n > 0 && fetch(t, g->at, &one, 1)) {
			*(g->id == 1 ? &p->lat_ref : &p->lon_ref) = (char)one;
		}
		break;
	case 2:
		p->lat = *g;
		break;
	case 4:
		p->lon = *g;
		break;
	case 5:
		p->below = g->type == BYTE && g->n > 0 && fetch(t, g->at, &one, 1) && one == 1;
		break;
	case 6:
		p->height = *g;
		p->has_height = true;
		break;
	case 7:
		p->time = *g;
		p->has_time = true;
		break;
	case 0x1d:
		p->day = *g;
		break;
	default:
		break;
	}
}

typedef void folder_fn(const struct tiff *t, const struct tag *g, struct found *f);

static void
read_folder(const struct tiff *t, uint64_t at, folder_fn *take, struct found *f)
{
	uint8_t p[ENTRY];

	if (!fetch(t, at, p, 2)) {
		return;
	}
	uint32_t count = get16(t, p);

	count = count < ENTRIES_MAX ? count : ENTRIES_MAX;
	for (uint32_t i = 0; i < count; i++) {
		uint64_t here = at + 2 + (uint64_t)i * ENTRY;

		if (!fetch(t, here, p, ENTRY)) {
			return;
		}
		struct tag g = { .id = get16(t, p), .type = get16(t, p + 2), .count = get32(t, p + 4) };

		g.n = g.count * width_of(g.type);
		g.at = g.n <= 4 ? here + 8 : get32(t, p + 8);
		take(t, &g, f);
	}
}

void
hz_exif_read(struct hz_source *s, uint64_t at, uint64_t len, bool file, struct hz_claims *c)
{
	struct tiff t = { s, at, len, false, c };
	struct found f = { 0 };
	uint8_t p[8];

	if (!fetch(&t, 0, p, 8)) {
		return;
	}
	t.little = p[0] == 'I';
	if (p[0] != p[1] || (p[0] != 'I' && p[0] != 'M') || get16(&t, p + 2) != 42) {
		return;
	}
	read_folder(&t, get32(&t, p + 4), file ? file_folder : first_folder, &f);
	if (f.has_exif) {
		read_folder(&t, f.exif, exif_folder, &f);
	}
	if (f.has_gps) {
		read_folder(&t, f.gps, gps_folder, &f);
		add_place(&t, &f.place);
	}
	add_moment(&t, &f.taken, HZ_CLAIM_EXIF_TIME_TAKEN);
	add_moment(&t, &f.digitized, HZ_CLAIM_EXIF_TIME_DIGITIZED);
	add_moment(&t, &f.modified, HZ_CLAIM_EXIF_TIME_MODIFIED);
}
