/* The parts of the test program of the room inspect, and the files that they make for themselves. */
#ifndef HZ_TESTS_INSPECT_H
#define HZ_TESTS_INSPECT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "inspect/media.h"
#include "sandbox/sandbox.h"

/* --- make.c ------------------------------------------------------------------------------------------- */
enum { MADE_MAX = 1 << 22 };

void put(struct hz_buf *b, const void *p, size_t n);
void put16(struct hz_buf *b, unsigned v);
void put32(struct hz_buf *b, uint64_t v);

/* A TIFF structure: tags into one of three folders, then the whole. */
enum folder { FIRST, EXIF, GPS };
struct made_tag {
	enum folder in;
	unsigned id, type;
	uint32_t count;
	uint8_t value[64];
	size_t n;
};
struct made_tiff {
	bool little;
	size_t n;
	struct made_tag tags[32];
};
void tag_text(struct made_tiff *t, enum folder in, unsigned id, const char *text);
void tag_short(struct made_tiff *t, enum folder in, unsigned id, unsigned v);
/* count fractions over v[2i] / v[2i + 1] */
void tag_fractions(struct made_tiff *t, enum folder in, unsigned id, unsigned count, const uint32_t *v);
void tag_byte(struct made_tiff *t, enum folder in, unsigned id, unsigned v);
void tiff_put(const struct made_tiff *t, struct hz_buf *out);
/* A camera that says everything. */
void camera(bool little, struct hz_buf *out);

void segment_put(struct hz_buf *out, unsigned marker, const void *p, size_t n);
void chunk_put(struct hz_buf *out, const char *type, const void *p, size_t n);
/* A box is begun, filled and ended. */
size_t box_begin(struct hz_buf *out, const char *type);
void box_end(struct hz_buf *out, size_t at);
/* A manifest store with these manifests. */
void store_put(struct hz_buf *out, const char *const *labels, size_t n);

/* Asks the parser about a file in memory. */
typedef void parser_fn(struct hz_source *s, struct hz_claims *c);
const struct hz_claims *claims_of(parser_fn *parser, const void *p, size_t n);
/* The value of a key is this; NULL: it is not said. */
void says(const struct hz_claims *c, enum hz_claim_key key, const char *want);

/* --- archives.c, documents.c -------------------------------------------------------------------------- */
struct made_member {
	const char *name;
	const char *text; /* NULL: a link */
	size_t more;      /* zero bytes after it */
};
void zip_put(const struct made_member *m, size_t n, struct hz_buf *out);
/* What is said of a document of this type; its text, and how that ended. Until the next call. */
const struct hz_claims *document_says(const void *p, size_t n, const char *type, const char *charset);
const char *words_of(
    const void *p, size_t n, const char *type, const char *charset, enum hz_inspect_text *ret_state);

/* --- tests -------------------------------------------------------------------------------------------- */
void test_sha256(void **state);
void test_add_text(void **state);
void test_add_numbers(void **state);
void test_add_times(void **state);
void test_source_memory(void **state);
void test_source_file(void **state);
void test_source_limits(void **state);
void test_text_clean(void **state);
void test_text_cut(void **state);
void test_text_limit(void **state);
void test_exif_all(void **state);
void test_exif_times(void **state);
void test_exif_places(void **state);
void test_exif_hostile(void **state);
void test_jpeg(void **state);
void test_jpeg_c2pa(void **state);
void test_png(void **state);
void test_webp(void **state);
void test_c2pa(void **state);
void test_xmp(void **state);
void test_xmp_hostile(void **state);
void test_bmff_header(void **state);
void test_bmff_places(void **state);
void test_bmff_hostile(void **state);
void test_heif(void **state);
void test_proofmode(void **state);
void test_beginnings(void **state);
void test_docx(void **state);
void test_odf(void **state);
void test_office_hostile(void **state);
void test_office_bomb(void **state);
void test_html(void **state);
void test_html_charset(void **state);
void test_charset_tables(void **state);
void test_decoder_pieces(void **state);
void test_text_encodings(void **state);
void test_pdf_lines(void **state);
void test_pdf_strip(void **state);
void test_listing(void **state);
void test_listing_cut(void **state);
void test_listing_limits(void **state);
void test_listing_bomb(void **state);
void test_archive_kinds(void **state);

#endif
