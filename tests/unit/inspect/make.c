/* Small files, made byte by byte. */
#include "tests.h"

void
put(struct hz_buf *b, const void *p, size_t n)
{
	assert_int_equal(hz_buf_put(b, p, n), HZ_OK);
}

void
put16(struct hz_buf *b, unsigned v)
{
	assert_int_equal(hz_put_u16(b, (uint16_t)v), HZ_OK);
}

void
put32(struct hz_buf *b, uint64_t v)
{
	assert_int_equal(hz_put_u32(b, (uint32_t)v), HZ_OK);
}

/* --- TIFF --- */

static void
number(const struct made_tiff *t, uint8_t *p, size_t width, uint64_t v)
{
	for (size_t i = 0; i < width; i++) {
		p[t->little ? i : width - 1 - i] = (uint8_t)(v >> 8 * i);
	}
}

static struct made_tag *
add(struct made_tiff *t, enum folder in, unsigned id, unsigned type, uint32_t count, size_t n)
{
	assert_true(t->n < 32 && n <= sizeof(t->tags[0].value));
	struct made_tag *g = &t->tags[t->n++];

	*g = (struct made_tag){ .in = in, .id = id, .type = type, .count = count, .n = n };
	return g;
}

void
tag_text(struct made_tiff *t, enum folder in, unsigned id, const char *text)
{
	size_t n = strlen(text) + 1;

	memcpy(add(t, in, id, 2, (uint32_t)n, n)->value, text, n);
}

void
tag_short(struct made_tiff *t, enum folder in, unsigned id, unsigned v)
{
	number(t, add(t, in, id, 3, 1, 2)->value, 2, v);
}

void
tag_byte(struct made_tiff *t, enum folder in, unsigned id, unsigned v)
{
	add(t, in, id, 1, 1, 1)->value[0] = (uint8_t)v;
}

void
tag_fractions(struct made_tiff *t, enum folder in, unsigned id, unsigned count, const uint32_t *v)
{
	struct made_tag *g = add(t, in, id, 5, count, (size_t)count * 8);

	for (size_t i = 0; i < (size_t)count * 2; i++) {
		number(t, g->value + 4 * i, 4, v[i]);
	}
}

static void
putn(const struct made_tiff *t, struct hz_buf *out, size_t width, uint64_t v)
{
	uint8_t p[8];

	number(t, p, width, v);
	put(out, p, width);
}

static size_t
count_in(const struct made_tiff *t, enum folder in)
{
	size_t n = 0;

	for (size_t i = 0; i < t->n; i++) {
		n += t->tags[i].in == in;
	}
	return n;
}

void
tiff_put(const struct made_tiff *t, struct hz_buf *out)
{
	bool exif = count_in(t, EXIF) > 0, gps = count_in(t, GPS) > 0;
	size_t first = count_in(t, FIRST) + exif + gps;
	size_t at_exif = 8 + 6 + 12 * first, at_gps = at_exif + (exif ? 6 + 12 * count_in(t, EXIF) : 0);
	size_t at_data = at_gps + (gps ? 6 + 12 * count_in(t, GPS) : 0);
	struct hz_buf data = HZ_BUF_INIT(MADE_MAX);

	put(out, t->little ? "II" : "MM", 2);
	putn(t, out, 2, 42);
	putn(t, out, 4, 8);
	for (int in = FIRST; in <= GPS; in++) {
		size_t n = in == FIRST ? first : count_in(t, (enum folder)in);

		if (n == 0) {
			continue;
		}
		putn(t, out, 2, n);
		for (size_t i = 0; i < t->n; i++) {
			const struct made_tag *g = &t->tags[i];

			if (g->in != (enum folder)in) {
				continue;
			}
			putn(t, out, 2, g->id);
			putn(t, out, 2, g->type);
			putn(t, out, 4, g->count);
			if (g->n <= 4) {
				put(out, g->value, 4);
			} else {
				putn(t, out, 4, at_data + data.len);
				put(&data, g->value, g->n);
			}
		}
		for (int link = EXIF; in == FIRST && link <= GPS; link++) {
			if (link == EXIF ? exif : gps) {
				putn(t, out, 2, link == EXIF ? 0x8769 : 0x8825);
				putn(t, out, 2, 4);
				putn(t, out, 4, 1);
				putn(t, out, 4, link == EXIF ? at_exif : at_gps);
			}
		}
		putn(t, out, 4, 0);
	}
	if (data.len > 0) {
		put(out, data.p, data.len);
	}
	hz_buf_done(&data);
}

void
camera(bool little, struct hz_buf *out)
{
	struct made_tiff t = { .little = little };

	tag_short(&t, FIRST, 0x100, 64);
	tag_short(&t, FIRST, 0x101, 48);
	tag_text(&t, FIRST, 0x10f, "Acme");
	tag_text(&t, FIRST, 0x110, "Field 3");
	tag_short(&t, FIRST, 0x112, 6);
	tag_text(&t, FIRST, 0x131, "1.0");
	tag_text(&t, FIRST, 0x132, "2019:07:22 08:01:02");
	tag_text(&t, FIRST, 0x13b, "\xd8\xa3\xd8\xad\xd9\x85\xd8\xaf");
	tag_text(&t, FIRST, 0x8298, "(c) nobody");
	tag_text(&t, EXIF, 0x9003, "2019:07:22 08:01:00");
	tag_text(&t, EXIF, 0x9004, "2019:07:22 08:01:01");
	tag_text(&t, EXIF, 0x9011, "+03:00");
	tag_text(&t, EXIF, 0x9291, "25 ");
	tag_text(&t, EXIF, 0xa431, "SN-1");
	tag_text(&t, EXIF, 0xa434, "50 mm");
	tag_text(&t, GPS, 1, "S");
	tag_fractions(&t, GPS, 2, 3, (const uint32_t[]){ 35, 1, 11, 1, 3000, 100 });
	tag_text(&t, GPS, 3, "W");
	tag_fractions(&t, GPS, 4, 3, (const uint32_t[]){ 38, 1, 59, 1, 1, 2 });
	tag_byte(&t, GPS, 5, 1);
	tag_fractions(&t, GPS, 6, 1, (const uint32_t[]){ 4205, 10 });
	tag_fractions(&t, GPS, 7, 3, (const uint32_t[]){ 5, 1, 1, 1, 250, 100 });
	tag_text(&t, GPS, 0x1d, "2019:07:22");
	tiff_put(&t, out);
}

/* --- the others --- */

void
segment_put(struct hz_buf *out, unsigned marker, const void *p, size_t n)
{
	put16(out, 0xff00 | marker);
	put16(out, (unsigned)n + 2);
	put(out, p, n);
}

void
chunk_put(struct hz_buf *out, const char *type, const void *p, size_t n)
{
	put32(out, n);
	put(out, type, 4);
	put(out, p, n);
	put32(out, 0); /* nobody looks at the sum */
}

size_t
box_begin(struct hz_buf *out, const char *type)
{
	size_t at = out->len;

	put32(out, 0);
	put(out, type, 4);
	return at;
}

void
box_end(struct hz_buf *out, size_t at)
{
	hz_be32(out->p + at, (uint32_t)(out->len - at));
}

static size_t
superbox(struct hz_buf *out, const char *label)
{
	size_t at = box_begin(out, "jumb"), description = box_begin(out, "jumd");

	put(out, "0123456789abcdef\3", 17);
	put(out, label, strlen(label) + 1);
	box_end(out, description);
	return at;
}

void
store_put(struct hz_buf *out, const char *const *labels, size_t n)
{
	size_t at = superbox(out, "c2pa");

	for (size_t i = 0; i < n; i++) {
		size_t manifest = superbox(out, labels[i]), content = box_begin(out, "cbor");

		put(out, "0123456789012345678901234567890123456789", 40);
		box_end(out, content);
		box_end(out, manifest);
	}
	box_end(out, at);
}

const struct hz_claims *
claims_of(parser_fn *parser, const void *p, size_t n)
{
	static struct hz_claims c;
	struct hz_source s;
	uint8_t *copy = malloc(n > 0 ? n : 1); /* exactly as large, so that a byte read beyond is seen */

	assert_non_null(copy);
	memcpy(copy, p, n);
	c.n = 0;
	hz_source_begin(&s, copy, n, -1, n, NULL);
	parser(&s, &c);
	free(copy);
	return &c;
}

void
says(const struct hz_claims *c, enum hz_claim_key key, const char *want)
{
	const char *have = hz_claims_get(c, key);

	if (want == NULL ? have != NULL : have == NULL || strcmp(have, want) != 0) {
		fail_msg("%s: %s, not %s", hz_claim_name(key), have == NULL ? "not said" : have,
		    want == NULL ? "unsaid" : want);
	}
}
