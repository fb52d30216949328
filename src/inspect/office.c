#include "inspect/office.h"

#include <expat.h>
#include <stdlib.h>
#include <string.h>

#define SEPARATOR  '|' /* between name space and name; in no name space that counts here */
#define SPACES_MAX 256
#define VALUE_MAX  1024 /* bytes of a property that are looked at */

enum mark {
	NOTHING = 0,
	/* text */
	TEXT,      /* characters in here are text */
	PARAGRAPH, /* ends a line */
	BREAK,     /* is a line's end */
	TAB,
	SPACES, /* so many of them */
	SKIP,   /* nothing in here is text */
	BODY,   /* ODF: text begins in here */
	/* properties */
	TITLE,
	AUTHOR,
	FIRST_AUTHOR,
	EDITED_BY,
	CREATED,
	EDITED,
	PROGRAM,
	PAGES,
	SUBJECT,
	LANGUAGE,
	META,      /* ODF: its properties */
	STATISTIC, /* ODF: pages in an attribute */
};

struct element {
	const char *name; /* name space, separator, name */
	uint8_t mark;
};

#define W1(n)  "http://schemas.openxmlformats.org/wordprocessingml/2006/main|" n
#define W2(n)  "http://purl.oclc.org/ooxml/wordprocessingml/main|" n
#define ODT(n) "urn:oasis:names:tc:opendocument:xmlns:text:1.0|" n
#define OO(n)  "urn:oasis:names:tc:opendocument:xmlns:office:1.0|" n
#define OM(n)  "urn:oasis:names:tc:opendocument:xmlns:meta:1.0|" n
#define DC(n)  "http://purl.org/dc/elements/1.1/|" n
#define CP(n)  "http://schemas.openxmlformats.org/package/2006/metadata/core-properties|" n
#define EP(n)  "http://schemas.openxmlformats.org/officeDocument/2006/extended-properties|" n
#define EP2(n) "http://purl.oclc.org/ooxml/officeDocument/extendedProperties|" n

static const struct element word[] = {
	{ W1("t"), TEXT },
	{ W1("p"), PARAGRAPH },
	{ W1("br"), BREAK },
	{ W1("cr"), BREAK },
	{ W1("tab"), TAB },
	{ W1("pPr"), SKIP }, /* tab stops are w:tab too */
	{ W1("rPr"), SKIP },
	{ W1("del"), SKIP },
	{ W1("moveFrom"), SKIP },
	{ W2("t"), TEXT },
	{ W2("p"), PARAGRAPH },
	{ W2("br"), BREAK },
	{ W2("cr"), BREAK },
	{ W2("tab"), TAB },
	{ W2("pPr"), SKIP },
	{ W2("rPr"), SKIP },
	{ W2("del"), SKIP },
	{ W2("moveFrom"), SKIP },
	{ "http://schemas.openxmlformats.org/markup-compatibility/2006|Fallback", SKIP },
	{ NULL, NOTHING },
};

static const struct element odf[] = {
	{ OO("body"), BODY },
	{ ODT("p"), PARAGRAPH },
	{ ODT("h"), PARAGRAPH },
	{ ODT("line-break"), BREAK },
	{ ODT("tab"), TAB },
	{ ODT("s"), SPACES },
	{ ODT("tracked-changes"), SKIP },
	{ NULL, NOTHING },
};

static const struct element properties[] = {
	{ DC("title"), TITLE },
	{ DC("subject"), SUBJECT },
	{ DC("language"), LANGUAGE },
	{ OO("meta"), META },
	{ DC("creator"), AUTHOR },
	{ CP("lastModifiedBy"), EDITED_BY },
	{ "http://purl.org/dc/terms/|created", CREATED },
	{ "http://purl.org/dc/terms/|modified", EDITED },
	{ EP("Application"), PROGRAM },
	{ EP("Pages"), PAGES },
	{ EP2("Application"), PROGRAM },
	{ EP2("Pages"), PAGES },
	{ OM("initial-creator"), FIRST_AUTHOR },
	{ OM("creation-date"), CREATED },
	{ DC("date"), EDITED },
	{ OM("generator"), PROGRAM },
	{ OM("document-statistic"), STATISTIC },
	{ NULL, NOTHING },
};

struct reader {
	XML_Parser parser;
	struct hz_doc *doc;
	const struct element *elements;
	enum hz_office_part part;
	enum hz_err err; /* why it was stopped */
	unsigned depth;
	unsigned skip;    /* depth of the element that hides its content; 0: none */
	unsigned capture; /* depth of the element whose characters count; 0: none */
	bool blank;       /* ODF: white space came, and a character before it */
	/* a property on its way */
	enum mark property;
	char value[VALUE_MAX];
	size_t value_n;
	bool odf_meta; /* properties of OpenDocument, whose dc:creator is who edited */
};

static void
stop(struct reader *r, enum hz_err err)
{
	if (r->err == HZ_OK) {
		r->err = err;
	}
	(void)XML_StopParser(r->parser, XML_FALSE);
}

static void
check(struct reader *r, enum hz_err err)
{
	if (err != HZ_OK) {
		stop(r, err);
	}
}

static enum mark
mark_of(const struct element *e, const char *name)
{
	while (e->name != NULL && strcmp(e->name, name) != 0) {
		e++;
	}
	return (enum mark)e->mark;
}

static const char *
attribute(const char **atts, const char *name)
{
	while (atts[0] != NULL) {
		if (strcmp(atts[0], name) == 0) {
			return atts[1];
		}
		atts += 2;
	}
	return NULL;
}

static void
put(struct reader *r, const char *p, size_t n)
{
	check(r, hz_doc_text(r->doc, p, n));
}

static void
put_spaces(struct reader *r, const char **atts)
{
	const char *count = attribute(atts, ODT("c"));
	unsigned long n = count != NULL ? strtoul(count, NULL, 10) : 1;

	for (n = n > SPACES_MAX ? SPACES_MAX : n; n > 0 && r->err == HZ_OK; n--) {
		put(r, " ", 1);
	}
}

static void
begin_text(struct reader *r, enum mark m, const char **atts)
{
	bool odf_text = r->part == HZ_OFFICE_ODF && r->capture != 0;

	if (odf_text && r->blank && (m == BREAK || m == TAB || m == SPACES)) {
		put(r, " ", 1);
		r->blank = false;
	}
	if (m == TEXT || (m == BODY && r->capture == 0)) {
		r->capture = r->depth;
	} else if (m == PARAGRAPH) {
		r->blank = false;
		check(r, hz_doc_line(r->doc)); /* one within another: a frame, a note */
	} else if (m == BREAK) {
		put(r, "\n", 1);
	} else if (m == TAB) {
		put(r, "\t", 1);
	} else if (m == SPACES && odf_text) {
		put_spaces(r, atts);
	}
}

static bool
is_number(const char *p, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (p[i] < '0' || p[i] > '9') {
			return false;
		}
	}
	return n > 0 && n < 10;
}

static void
begin_property(struct reader *r, enum mark m, const char **atts)
{
	if (m == STATISTIC) {
		const char *pages = attribute(atts, OM("page-count"));

		if (pages != NULL && is_number(pages, strnlen(pages, 16))) {
			hz_claims_add_number(r->doc->claims, HZ_CLAIM_DOC_PAGES, strtoul(pages, NULL, 10));
		}
		return;
	}
	if (m == META) {
		r->odf_meta = true;
		return;
	}
	if (m != NOTHING && r->capture == 0) {
		r->property = m;
		r->capture = r->depth;
		r->value_n = 0;
	}
}

static void XMLCALL
begin(void *arg, const char *name, const char **atts)
{
	struct reader *r = arg;

	r->depth++;
	if (r->depth > HZ_DOC_DEPTH_MAX) {
		stop(r, hz_fail(HZ_MSG_LIMIT, "more than %d elements within each other", HZ_DOC_DEPTH_MAX));
		return;
	}
	if (r->skip != 0 || r->err != HZ_OK) {
		return;
	}
	enum mark m = mark_of(r->elements, name);

	if (m == SKIP) {
		r->skip = r->depth;
	} else if (r->part == HZ_OFFICE_PROPERTIES) {
		begin_property(r, m, atts);
	} else if (m != NOTHING) {
		begin_text(r, m, atts);
	}
}

static void
end_property(struct reader *r)
{
	struct hz_claims *c = r->doc->claims;
	const char *v = r->value;
	size_t n = r->value_n;
	enum mark m = r->property;

	r->property = NOTHING;
	switch (m) {
	case TITLE:
		hz_claims_add_text(c, HZ_CLAIM_DOC_TITLE, v, n);
		break;
	case SUBJECT:
		hz_claims_add_text(c, HZ_CLAIM_DOC_SUBJECT, v, n);
		break;
	case LANGUAGE:
		hz_claims_add_text(c, HZ_CLAIM_DOC_LANGUAGE, v, n);
		break;
	case FIRST_AUTHOR:
		hz_claims_add_text(c, HZ_CLAIM_DOC_AUTHOR, v, n);
		break;
	case AUTHOR: /* in OpenDocument it is who edited last */
		hz_claims_add_text(c, r->odf_meta ? HZ_CLAIM_DOC_MODIFIED_BY : HZ_CLAIM_DOC_AUTHOR, v, n);
		break;
	case EDITED_BY:
		hz_claims_add_text(c, HZ_CLAIM_DOC_MODIFIED_BY, v, n);
		break;
	case CREATED:
		hz_claims_add_time(c, HZ_CLAIM_DOC_TIME_CREATED, v, n);
		break;
	case EDITED:
		hz_claims_add_time(c, HZ_CLAIM_DOC_TIME_MODIFIED, v, n);
		break;
	case PROGRAM:
		hz_claims_add_text(c, HZ_CLAIM_DOC_TOOL, v, n);
		break;
	case PAGES:
		if (is_number(v, n)) {
			hz_claims_add_number(c, HZ_CLAIM_DOC_PAGES, strtoul(v, NULL, 10));
		}
		break;
	case NOTHING:
	case TEXT:
	case PARAGRAPH:
	case BREAK:
	case TAB:
	case SPACES:
	case SKIP:
	case BODY:
	case META:
	case STATISTIC:
	default:
		break;
	}
}

static void XMLCALL
end(void *arg, const char *name)
{
	struct reader *r = arg;

	if (r->skip == r->depth) {
		r->skip = 0;
	} else if (r->skip == 0 && r->err == HZ_OK) {
		if (r->capture == r->depth) {
			r->capture = 0;
			if (r->part == HZ_OFFICE_PROPERTIES) {
				end_property(r);
			}
		}
		if (r->part != HZ_OFFICE_PROPERTIES && mark_of(r->elements, name) == PARAGRAPH) {
			r->blank = false;
			put(r, "\n", 1);
		}
	}
	r->depth--;
}

/* ODF: white space runs are one space, and none at the beginning or end of a paragraph. */
static void
odf_characters(struct reader *r, const char *s, size_t n)
{
	size_t from = 0;

	for (size_t i = 0; i < n && r->err == HZ_OK; i++) {
		if (strchr(" \t\r\n", s[i]) == NULL || s[i] == '\0') {
			continue;
		}
		if (i > from) {
			if (r->blank) {
				put(r, " ", 1);
			}
			put(r, s + from, i - from);
			r->blank = false;
		}
		r->blank = r->doc->in_line;
		from = i + 1;
	}
	if (from < n && r->err == HZ_OK) {
		if (r->blank) {
			put(r, " ", 1);
		}
		put(r, s + from, n - from);
		r->blank = false;
	}
}

static void XMLCALL
characters(void *arg, const char *s, int len)
{
	struct reader *r = arg;
	size_t n = len > 0 ? (size_t)len : 0;

	if (r->skip != 0 || r->capture == 0 || r->err != HZ_OK) {
		return;
	}
	if (r->part == HZ_OFFICE_PROPERTIES) {
		size_t room = sizeof r->value - r->value_n;

		n = n < room ? n : room;
		memcpy(r->value + r->value_n, s, n);
		r->value_n += n;
	} else if (r->part == HZ_OFFICE_ODF) {
		odf_characters(r, s, n);
	} else {
		put(r, s, n);
	}
}

static void XMLCALL
doctype(void *arg, const char *name, const char *sysid, const char *pubid, int has_internal)
{
	struct reader *r = arg;

	(void)name;
	(void)sysid;
	(void)pubid;
	(void)has_internal;
	stop(r, hz_fail(HZ_MSG_FORMAT, "a document type in an office file"));
}

/* --- bytes in ---------------------------------------------------------------------------------------------
 */

static enum hz_err
feed(struct reader *r, const void *p, size_t n, bool last)
{
	const char *from = p;

	for (;;) {
		size_t now = n < 65536 ? n : 65536;
		enum XML_Status s = XML_Parse(r->parser, from, (int)now, last && now == n);

		if (r->err != HZ_OK) {
			return r->err;
		}
		if (s != XML_STATUS_OK) {
			return XML_GetErrorCode(r->parser) == XML_ERROR_NO_MEMORY
				   ? hz_fail(HZ_MSG_NOMEM, "XML")
				   : hz_fail(HZ_MSG_FORMAT, "XML: %s",
					 XML_ErrorString(XML_GetErrorCode(r->parser)));
		}
		HZ_TRY(hz_doc_time(r->doc));
		from += now;
		n -= now;
		if (n == 0) {
			return HZ_OK;
		}
	}
}

static enum hz_err
feed_member(void *arg, const void *p, size_t n)
{
	return feed(arg, p, n, false);
}

static enum hz_err
reader_begin(struct reader *r, enum hz_office_part part, struct hz_doc *d)
{
	*r = (struct reader){ .doc = d,
		.part = part,
		.elements = part == HZ_OFFICE_WORD  ? word
			    : part == HZ_OFFICE_ODF ? odf
						    : properties };
	r->parser = XML_ParserCreateNS(NULL, SEPARATOR);
	if (r->parser == NULL) {
		return hz_fail(HZ_MSG_NOMEM, "XML");
	}
	XML_SetUserData(r->parser, r);
	XML_SetElementHandler(r->parser, begin, end);
	XML_SetCharacterDataHandler(r->parser, characters);
	XML_SetStartDoctypeDeclHandler(r->parser, doctype);
	return HZ_OK;
}

HZ_RESULT
hz_office_xml(struct hz_doc *d, enum hz_office_part part, const void *p, size_t n)
{
	struct reader r;

	HZ_TRY(reader_begin(&r, part, d));
	enum hz_err err = feed(&r, p, n, true);

	XML_ParserFree(r.parser);
	return err;
}

static enum hz_err
member(struct hz_doc *d, const char *name, enum hz_office_part part)
{
	struct reader r;
	bool found = false;

	HZ_TRY(reader_begin(&r, part, d));
	enum hz_err err = hz_archive_member(d, name, feed_member, &r, &found);

	if (err == HZ_OK && found) {
		err = feed(&r, "", 0, true);
	}
	XML_ParserFree(r.parser);
	return err;
}

HZ_RESULT
hz_office_read(struct hz_doc *d, enum hz_archive_kind kind)
{
	static const struct {
		enum hz_archive_kind kind;
		enum hz_office_part part;
		const char *name;
	} parts[] = {
		{ HZ_ARCHIVE_DOCX, HZ_OFFICE_PROPERTIES, "docProps/core.xml" },
		{ HZ_ARCHIVE_DOCX, HZ_OFFICE_PROPERTIES, "docProps/app.xml" },
		{ HZ_ARCHIVE_DOCX, HZ_OFFICE_WORD, "word/document.xml" },
		{ HZ_ARCHIVE_DOCX, HZ_OFFICE_WORD, "word/footnotes.xml" },
		{ HZ_ARCHIVE_DOCX, HZ_OFFICE_WORD, "word/endnotes.xml" },
		{ HZ_ARCHIVE_DOCX, HZ_OFFICE_WORD, "word/comments.xml" },
		{ HZ_ARCHIVE_OOXML, HZ_OFFICE_PROPERTIES, "docProps/core.xml" },
		{ HZ_ARCHIVE_OOXML, HZ_OFFICE_PROPERTIES, "docProps/app.xml" },
		{ HZ_ARCHIVE_ODF, HZ_OFFICE_PROPERTIES, "meta.xml" },
		{ HZ_ARCHIVE_ODF, HZ_OFFICE_ODF, "content.xml" },
	};
	enum hz_err first = HZ_OK;

	for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
		bool text = parts[i].part != HZ_OFFICE_PROPERTIES;

		/* Properties go with the claims, words with the text: each is asked for by itself. */
		if (parts[i].kind != kind || text != (d->text != NULL)) {
			continue;
		}
		enum hz_err err = member(d, parts[i].name, parts[i].part);

		/* A damaged part does not take the others with it; the end of time or room does. */
		if (err != HZ_OK && err != HZ_ERR_FORMAT) {
			return err;
		}
		first = first == HZ_OK ? err : first;
	}
	return first;
}
