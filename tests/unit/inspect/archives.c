/* Archives: what is counted and named, what they are recognised as, and where the counting ends. */
#include "inspect/listing.h"
#include "tests.h"
#include <archive.h>
#include <archive_entry.h>

static void
entry(struct archive *a, const struct made_member *m)
{
	static const char fill[65536] = "";
	struct archive_entry *e = archive_entry_new();
	size_t n = m->text != NULL ? strlen(m->text) : 0;
	size_t more = m->more;

	assert_non_null(e);
	archive_entry_set_pathname(e, m->name);
	archive_entry_set_size(e, (int64_t)(n + more));
	archive_entry_set_perm(e, 0644);
	archive_entry_set_filetype(e, m->text != NULL ? AE_IFREG : AE_IFLNK);
	if (m->text == NULL) {
		archive_entry_set_symlink(e, "/etc");
		archive_entry_set_size(e, 0);
	}
	assert_true(archive_write_header(a, e) >= ARCHIVE_WARN);
	assert_int_equal(n > 0 ? archive_write_data(a, m->text, n) : 0, n);
	while (more > 0) {
		size_t now = more < sizeof(fill) ? more : sizeof(fill);

		assert_int_equal(archive_write_data(a, fill, now), now);
		more -= now;
	}
	archive_entry_free(e);
}

static void
made_put(struct archive *a, const struct made_member *m, size_t n, struct hz_buf *out)
{
	uint8_t *room = malloc(MADE_MAX);
	size_t used = 0;

	assert_non_null(room);
	assert_int_equal(archive_write_open_memory(a, room, MADE_MAX, &used), ARCHIVE_OK);
	for (size_t i = 0; i < n; i++) {
		entry(a, &m[i]);
	}
	assert_int_equal(archive_write_close(a), ARCHIVE_OK);
	archive_write_free(a);
	put(out, room, used);
	free(room);
}

void
zip_put(const struct made_member *m, size_t n, struct hz_buf *out)
{
	struct archive *a = archive_write_new();

	assert_int_equal(archive_write_set_format_zip(a), ARCHIVE_OK);
	assert_int_equal(archive_write_set_options(a, "hdrcharset=UTF-8"), ARCHIVE_OK);
	made_put(a, m, n, out);
}

static void
tar_put(const struct made_member *m, size_t n, bool gzip, struct hz_buf *out)
{
	struct archive *a = archive_write_new();

	assert_int_equal(archive_write_set_format_ustar(a), ARCHIVE_OK);
	if (gzip) {
		assert_int_equal(archive_write_add_filter_gzip(a), ARCHIVE_OK);
	}
	made_put(a, m, n, out);
}

static void
says_number(const struct hz_claims *c, enum hz_claim_key key, uint64_t want)
{
	char text[24];

	snprintf(text, sizeof(text), "%llu", (unsigned long long)want);
	says(c, key, text);
}

static const struct made_member three[] = { { "data/شهادة.txt", "hello", 0 }, { "../../out", "x", 0 },
	{ "link", NULL, 0 } };

static void
is_listed(const struct hz_buf *b, const char *type, const char *format)
{
	enum hz_inspect_text end;
	const struct hz_claims *c = document_says(b->p, b->len, type, "");

	says(c, HZ_CLAIM_ARCHIVE_FORMAT, format);
	says(c, HZ_CLAIM_ARCHIVE_ENTRIES, "3");
	says(c, HZ_CLAIM_ARCHIVE_BYTES,
	    strcmp(format, "tar") == 0 ? "6" : hz_claims_get(c, HZ_CLAIM_ARCHIVE_BYTES));
	says(c, HZ_CLAIM_ARCHIVE_UNSAFE, "2");
	says(c, HZ_CLAIM_ARCHIVE_COMPLETE, "yes");
	says(c, HZ_CLAIM_ARCHIVE_KIND, NULL);
	assert_string_equal(words_of(b->p, b->len, type, "", &end), "data/شهادة.txt\n../../out\nlink\n");
	assert_int_equal(end, HZ_INSPECT_TEXT_ALL);
}

void
test_listing(void **state)
{
	struct hz_buf b = HZ_BUF_INIT(MADE_MAX);
	enum hz_inspect_text end;

	(void)state;
	assert_int_equal(hz_archive_prepare(), HZ_OK);
	zip_put(three, 3, &b);
	is_listed(&b, "application/zip", "zip");
	hz_buf_clear(&b);
	tar_put(three, 3, false, &b);
	is_listed(&b, "application/x-tar", "tar");
	is_listed(&b, "application/octet-stream", "tar"); /* by its beginning */
	hz_buf_clear(&b);
	tar_put(three, 3, true, &b);
	is_listed(&b, "application/gzip", "tar");
	hz_buf_clear(&b);
	struct archive *a = archive_write_new();

	assert_int_equal(archive_write_set_format_7zip(a), ARCHIVE_OK);
	made_put(a, three, 2, &b);
	says(document_says(b.p, b.len, "application/x-7z-compressed", ""), HZ_CLAIM_ARCHIVE_FORMAT, "7z");
	hz_buf_clear(&b);
	/* No archive: nothing is said. */
	put(&b, "PK\3\4 is not enough", 18);
	assert_int_equal(document_says(b.p, b.len, "application/zip", "")->n, 0);
	assert_string_equal(words_of(b.p, b.len, "application/zip", "", &end), "");
	assert_int_equal(end, HZ_INSPECT_TEXT_NONE);
	hz_buf_done(&b);
}

void
test_listing_cut(void **state)
{
	struct hz_buf b = HZ_BUF_INIT(MADE_MAX);

	(void)state;
	tar_put(three, 3, false, &b);
	/* Behind the header of the second entry. */
	const struct hz_claims *c = document_says(b.p, 512 + 512 + 512, "application/x-tar", "");

	says(c, HZ_CLAIM_ARCHIVE_ENTRIES, "2");
	says(c, HZ_CLAIM_ARCHIVE_COMPLETE, "no");
	/* Cut anywhere: an answer, never more than there is. */
	for (size_t n = 0; n < b.len; n += 97) {
		(void)document_says(b.p, n, "application/x-tar", "");
	}
	hz_buf_clear(&b);
	zip_put(three, 3, &b);
	for (size_t n = 0; n < b.len; n += 7) {
		(void)document_says(b.p, n, "application/zip", "");
	}
	hz_buf_done(&b);
}

/* More entries than are counted, more names than are kept. */
void
test_listing_limits(void **state)
{
	const unsigned many = HZ_DOC_NAMES_MAX + 1;
	struct made_member *m = calloc(many, sizeof(*m));
	struct hz_buf b = HZ_BUF_INIT(MADE_MAX);
	char(*names)[16] = calloc(many, sizeof(*names));
	enum hz_inspect_text end;
	size_t lines = 0;

	(void)state;
	assert_non_null(m);
	assert_non_null(names);
	for (unsigned i = 0; i < many; i++) {
		snprintf(names[i], sizeof(names[i]), "n%u", i);
		m[i] = (struct made_member){ names[i], "", 0 };
	}
	zip_put(m, many, &b);
	says_number(document_says(b.p, b.len, "application/zip", ""), HZ_CLAIM_ARCHIVE_ENTRIES, many);
	for (const char *p = words_of(b.p, b.len, "application/zip", "", &end); *p != '\0'; p++) {
		lines += *p == '\n';
	}
	assert_int_equal(lines, HZ_DOC_NAMES_MAX);
	assert_int_equal(end, HZ_INSPECT_TEXT_CUT);
	free(names);
	free(m);
	hz_buf_done(&b);
}

/* Many megabytes behind few bytes: the way to the next entry is not gone to its end. */
void
test_listing_bomb(void **state)
{
	const struct made_member m[] = { { "zeros", "", 48 << 20 }, { "after", "", 0 } };
	struct hz_buf b = HZ_BUF_INIT(MADE_MAX);

	(void)state;
	tar_put(m, 2, true, &b);
	assert_true(b.len < 100000);
	int64_t began = hz_doc_clock();
	const struct hz_claims *c = document_says(b.p, b.len, "application/gzip", "");

	says(c, HZ_CLAIM_ARCHIVE_ENTRIES, "1");
	says_number(c, HZ_CLAIM_ARCHIVE_BYTES, 48 << 20);
	says(c, HZ_CLAIM_ARCHIVE_COMPLETE, "no");
	assert_true(hz_doc_clock() - began < HZ_DOC_CPU_MS);
	hz_buf_done(&b);
}

void
test_archive_kinds(void **state)
{
#define HASH "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
	static const struct made_member wacz[] = { { "archive/data.warc.gz", "w", 0 },
		{ "indexes/index.cdx", "i", 0 },
		{ "datapackage.json",
		    "{\"wacz_version\": \"1.1.1\", \"software\": \"crawler 1.2\", \"created\": \"2021-05-27T22:37:32Z\", "
		    "\"mainPageUrl\": \"https://example.org/\", \"title\": \"T\"}",
		    0 } };
	static const struct made_member proof[] = { { "photo.jpg", "p", 0 }, { HASH ".asc", "a", 0 },
		{ HASH ".proof.csv", "c", 0 } };
	struct hz_buf b = HZ_BUF_INIT(MADE_MAX);

	(void)state;
	zip_put(wacz, 3, &b);
	const struct hz_claims *c = document_says(b.p, b.len, "application/zip", "");

	says(c, HZ_CLAIM_ARCHIVE_KIND, "wacz");
	says(c, HZ_CLAIM_WEB_TOOL, "crawler 1.2");
	says(c, HZ_CLAIM_WEB_TIME, "2021-05-27T22:37:32Z");
	says(c, HZ_CLAIM_WEB_URL, "https://example.org/");
	says(c, HZ_CLAIM_DOC_TITLE, "T");
	hz_buf_clear(&b);
	zip_put(wacz, 2, &b);
	says(document_says(b.p, b.len, "application/zip", ""), HZ_CLAIM_ARCHIVE_KIND, NULL);
	hz_buf_clear(&b);
	zip_put(proof, 3, &b);
	says(document_says(b.p, b.len, "application/zip", ""), HZ_CLAIM_ARCHIVE_KIND, "proofmode");
	hz_buf_clear(&b);
	zip_put(proof, 2, &b);
	says(document_says(b.p, b.len, "application/zip", ""), HZ_CLAIM_ARCHIVE_KIND, NULL);
	hz_buf_done(&b);
}
