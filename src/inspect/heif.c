/* HEIC and AVIF: which items there are, where they lie, and how large the picture is. */
#include "base/buf.h"
#include "inspect/box.h"
#include "inspect/media.h"
#include <string.h>

enum {
	BOXES_MAX = 64,
	ITEMS_MAX = 4096,
	EXTENTS_MAX = 16,
	PROPERTIES_MAX = 1024,
	MINE_MAX = 32,
	NAME_MAX = 128
};

/* A cursor over a box; once it has failed everything is 0. */
struct cursor {
	struct hz_source *s;
	uint64_t at, end;
	bool failed;
};

struct item {
	uint32_t id;
	bool there;
	uint64_t at, len; /* 0: not found */
	bool in_idat;
};

struct heif {
	struct hz_source *s;
	struct hz_box pitm, iinf, iloc, iprp, idat;
	bool has_pitm, has_iinf, has_iloc, has_iprp, has_idat;
	struct item exif, xmp;
};

static uint64_t
take(struct cursor *k, size_t n)
{
	uint8_t p[8];
	uint64_t v = 0;

	if (k->failed || n > sizeof(p) || k->end < k->at || k->end - k->at < n ||
	    (n > 0 && hz_source_pread(k->s, k->at, p, n) != HZ_OK)) {
		k->failed = true;
		return 0;
	}
	for (size_t i = 0; i < n; i++) {
		v = v << 8 | p[i];
	}
	k->at += n;
	return v;
}

static struct cursor
over(struct hz_source *s, const struct hz_box *b)
{
	return (struct cursor){ s, b->at, b->at + b->len, false };
}

/* infe: type Exif, or mime with XMP's media type behind its name. */
static void
item_entry(struct heif *h, const struct hz_box *b)
{
	static const char rdf[] = "application/rdf+xml";
	struct cursor k = over(h->s, b);
	unsigned version = (unsigned)(take(&k, 4) >> 24);
	uint8_t rest[NAME_MAX] = { 0 };

	if (version < 2 || version > 3) {
		return;
	}
	uint32_t id = (uint32_t)take(&k, version == 2 ? 2 : 4);

	(void)take(&k, 2);
	uint32_t type = (uint32_t)take(&k, 4);

	if (k.failed) {
		return;
	}
	if (type == 0x45786966 && !h->exif.there) { /* Exif */
		h->exif.id = id;
		h->exif.there = true;
	} else if (type == 0x6d696d65 && !h->xmp.there) { /* mime */
		size_t n = k.end - k.at < NAME_MAX - 1 ? (size_t)(k.end - k.at) : NAME_MAX - 1;

		if (hz_source_pread(h->s, k.at, rest, n) != HZ_OK) {
			return;
		}
		const uint8_t *content = (const uint8_t *)memchr(rest, 0, sizeof(rest)) + 1;

		if (content + sizeof(rdf) <= rest + sizeof(rest) && memcmp(content, rdf, sizeof(rdf)) == 0) {
			h->xmp.id = id;
			h->xmp.there = true;
		}
	}
}

static void
item_entries(struct heif *h)
{
	struct cursor k = over(h->s, &h->iinf);
	struct hz_box b;
	unsigned version = (unsigned)(take(&k, 4) >> 24);

	(void)take(&k, version == 0 ? 2 : 4);
	if (k.failed) {
		return;
	}
	for (struct hz_boxes w = hz_boxes_in(h->s, k.at, k.end - k.at, ITEMS_MAX); hz_boxes_next(&w, &b);) {
		if (hz_box_is(&b, "infe")) {
			item_entry(h, &b);
		}
	}
}

static void
item_found(struct item *it, unsigned method, uint64_t from, uint64_t at, uint64_t len)
{
	if (it->len == 0 && method < 2 && at <= UINT64_MAX - from) {
		it->at = from + at;
		it->len = len;
		it->in_idat = method == 1;
	}
}

/* Where the two items lie: those of one piece, in the file or in idat. */
static void
item_places(struct heif *h)
{
	struct cursor k = over(h->s, &h->iloc);
	unsigned version = (unsigned)(take(&k, 4) >> 24), sizes = (unsigned)take(&k, 2);
	size_t offset = sizes >> 12, length = sizes >> 8 & 15, base = sizes >> 4 & 15;
	size_t index = version > 0 ? sizes & 15 : 0;
	uint64_t count = take(&k, version < 2 ? 2 : 4);

	for (uint64_t i = 0; i < count && i < ITEMS_MAX && !k.failed; i++) {
		uint32_t id = (uint32_t)take(&k, version < 2 ? 2 : 4);
		unsigned method = version > 0 ? (unsigned)take(&k, 2) & 15 : 0;
		uint64_t data = take(&k, 2), from = take(&k, base), extents = take(&k, 2);
		struct item *it = h->exif.there && id == h->exif.id ? &h->exif
				  : h->xmp.there && id == h->xmp.id ? &h->xmp
								    : NULL;

		if (extents > EXTENTS_MAX) {
			return;
		}
		for (uint64_t e = 0; e < extents; e++) {
			(void)take(&k, index);
			uint64_t at = take(&k, offset), len = take(&k, length);

			if (it != NULL && extents == 1 && data == 0 && !k.failed) {
				item_found(it, method, from, at, len);
			}
		}
	}
}

/* The indices of the first picture's properties. */
static size_t
associations(struct hz_source *s, const struct hz_box *b, uint32_t id, uint32_t ret_mine[static MINE_MAX])
{
	struct cursor k = over(s, b);
	uint32_t head = (uint32_t)take(&k, 4);
	uint64_t count = take(&k, 4);
	bool wide = (head & 1) != 0;
	size_t n = 0;

	for (uint64_t i = 0; i < count && i < ITEMS_MAX && !k.failed; i++) {
		uint32_t item = (uint32_t)take(&k, head >> 24 < 1 ? 2 : 4);
		unsigned many = (unsigned)take(&k, 1);

		for (unsigned a = 0; a < many && !k.failed; a++) {
			uint32_t index = (uint32_t)take(&k, wide ? 2 : 1) & (wide ? 0x7fff : 0x7f);

			if (item == id && n < MINE_MAX && !k.failed) {
				ret_mine[n++] = index;
			}
		}
	}
	return n;
}

/* Size as stored and turning of the first picture. */
static void
properties(struct heif *h, struct hz_claims *c)
{
	static const uint8_t turns[] = { 1, 8, 3, 6 };
	struct cursor k = over(h->s, &h->pitm);
	uint32_t mine[MINE_MAX];
	struct hz_box ipco, ipma, b;
	struct hz_boxes inside = hz_boxes_in(h->s, h->iprp.at, h->iprp.len, BOXES_MAX);
	uint32_t id = (uint32_t)take(&k, take(&k, 4) >> 24 == 0 ? 2 : 4), index = 0;

	if (k.failed || !hz_boxes_find(inside, "ipco", &ipco) || !hz_boxes_find(inside, "ipma", &ipma)) {
		return;
	}
	size_t n = associations(h->s, &ipma, id, mine);

	for (struct hz_boxes w = hz_boxes_in(h->s, ipco.at, ipco.len, PROPERTIES_MAX);
	     hz_boxes_next(&w, &b);) {
		struct cursor p = over(h->s, &b);
		bool is_mine = false;

		index++;
		for (size_t i = 0; i < n; i++) {
			is_mine = is_mine || mine[i] == index;
		}
		if (is_mine && hz_box_is(&b, "ispe")) {
			(void)take(&p, 4);
			uint64_t width = take(&p, 4), height = take(&p, 4);

			if (!p.failed) {
				hz_claims_add_number(c, HZ_CLAIM_WIDTH, width);
				hz_claims_add_number(c, HZ_CLAIM_HEIGHT, height);
			}
		} else if (is_mine && hz_box_is(&b, "irot")) {
			unsigned turn = (unsigned)take(&p, 1) & 3;

			if (!p.failed) {
				hz_claims_add_number(c, HZ_CLAIM_ORIENTATION, turns[turn]);
			}
		}
	}
}

static bool
place(const struct heif *h, const struct item *it, uint64_t *ret_at)
{
	uint64_t at = it->at;

	if (!it->there || it->len == 0) {
		return false;
	}
	if (it->in_idat) {
		if (!h->has_idat || it->at > h->idat.len || it->len > h->idat.len - it->at) {
			return false;
		}
		at += h->idat.at;
	}
	*ret_at = at;
	return at <= h->s->size && it->len <= h->s->size - at;
}

void
hz_heif_read(struct hz_source *s, uint64_t at, uint64_t len, struct hz_claims *c)
{
	struct heif h = { .s = s };
	struct hz_box b;
	uint64_t where = 0;
	uint8_t p[4];

	if (len < 4) {
		return;
	}
	for (struct hz_boxes w = hz_boxes_in(s, at + 4, len - 4, BOXES_MAX); hz_boxes_next(&w, &b);) {
		struct {
			const char *type;
			struct hz_box *box;
			bool *has;
		} const wanted[] = { { "pitm", &h.pitm, &h.has_pitm }, { "iinf", &h.iinf, &h.has_iinf },
			{ "iloc", &h.iloc, &h.has_iloc }, { "iprp", &h.iprp, &h.has_iprp },
			{ "idat", &h.idat, &h.has_idat } };

		for (size_t i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++) {
			if (hz_box_is(&b, wanted[i].type) && !*wanted[i].has) {
				*wanted[i].box = b;
				*wanted[i].has = true;
			}
		}
	}
	if (h.has_pitm && h.has_iprp) {
		properties(&h, c);
	}
	if (!h.has_iinf || !h.has_iloc) {
		return;
	}
	item_entries(&h);
	item_places(&h);
	/* The item begins with how far behind these four bytes the TIFF structure lies. */
	if (place(&h, &h.exif, &where) && h.exif.len > 4 && hz_source_pread(s, where, p, 4) == HZ_OK &&
	    hz_rd_be32(p) < h.exif.len - 4) {
		hz_exif_read(s, where + 4 + hz_rd_be32(p), h.exif.len - 4 - hz_rd_be32(p), false, c);
	}
	if (place(&h, &h.xmp, &where)) {
		hz_xmp_read_at(s, where, h.xmp.len, c);
	}
}
