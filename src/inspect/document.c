#include "inspect/document.h"

#include "inspect/charset.h"
#include "inspect/html.h"
#include "inspect/listing.h"
#include "inspect/office.h"
#include <string.h>

HZ_RESULT
hz_document_prepare(void)
{
	return hz_archive_prepare();
}

static bool
is_archive(struct hz_doc *d, const char *type)
{
	static const char *const types[] = { "application/zip", "application/x-tar", "application/x-gtar",
		"application/gzip", "application/x-gzip", "application/x-bzip2", "application/x-xz",
		"application/x-7z-compressed", NULL };
	uint8_t head[262];
	size_t n = 0;

	for (size_t i = 0; types[i] != NULL; i++) {
		if (strcmp(types[i], type) == 0) {
			return true;
		}
	}
	if (hz_source_some(d->src, 0, head, sizeof head, &n) != HZ_OK) {
		return false;
	}
	return (n >= 4 && (memcmp(head, "PK\3\4", 4) == 0 || memcmp(head, "PK\5\6", 4) == 0)) ||
	       (n == sizeof head && memcmp(head + 257, "ustar", 5) == 0);
}

static enum hz_err
archive(struct hz_doc *d, bool *ret_read)
{
	enum hz_archive_kind kind = HZ_ARCHIVE_NONE;

	HZ_TRY(hz_archive_list(d, &kind));
	*ret_read = kind != HZ_ARCHIVE_NONE;
	if (kind == HZ_ARCHIVE_WACZ) {
		return d->text == NULL ? hz_wacz_read(d) : HZ_OK;
	}
	return hz_office_read(d, kind);
}

static enum hz_err
read_as(struct hz_doc *d, const char *type, const char *charset, bool *ret_read)
{
	if (is_archive(d, type)) {
		return archive(d, ret_read);
	}
	if (strcmp(type, "text/html") == 0 || strcmp(type, "application/xhtml+xml") == 0) {
		*ret_read = true;
		return hz_html_read(d, charset);
	}
	if (strncmp(type, "text/", 5) == 0) {
		*ret_read = true;
		return hz_text_read(d, charset);
	}
	return HZ_OK;
}

/* What the file is to blame for ends the reading, nothing else; nor does anything else happen here but that
 * memory runs out or the receiver has gone, which both show later. */
static bool
read_document(struct hz_doc *d, const char *type, const char *charset)
{
	bool read = false;

	d->end_ms = hz_doc_clock() + HZ_DOC_CPU_MS;
	if (read_as(d, type, charset, &read) != HZ_OK) {
		d->cut = true;
	}
	return read;
}

void
hz_document_claims(struct hz_source *s, const char *type, const char *charset, struct hz_claims *c)
{
	struct hz_doc d = { .src = s, .claims = c };

	(void)read_document(&d, type, charset);
}

enum hz_inspect_text
hz_document_text(struct hz_source *s, const char *type, const char *charset, struct hz_text *t)
{
	struct hz_claims unwanted = { 0 };
	struct hz_doc d = { .src = s, .claims = &unwanted, .text = t };

	if (!read_document(&d, type, charset) || t->put == 0) {
		return HZ_INSPECT_TEXT_NONE;
	}
	return d.cut ? HZ_INSPECT_TEXT_CUT : HZ_INSPECT_TEXT_ALL;
}
