/* Readers of documents: office files, web pages, texts in old encodings. The files are made here. */
#include "inspect/charset.h"
#include "inspect/charset_tables.h"
#include "inspect/document.h"
#include "inspect/office.h"
#include "inspect/pdf.h"
#include "tests.h"
#include <iconv.h>

/* --- asking ------------------------------------------------------------------------------------------- */

static struct hz_buf kept = HZ_BUF_INIT(HZ_INSPECT_TEXT_MAX + 1);

static enum hz_err
keep(void *arg, const uint8_t *p, size_t n)
{
	(void)arg;
	return hz_buf_put(&kept, p, n);
}

const char *
words_of(const void *p, size_t n, const char *type, const char *charset, enum hz_inspect_text *ret_state)
{
	static struct hz_text t;
	struct hz_source s;
	const char *text = NULL;

	assert_int_equal(hz_document_prepare(), HZ_OK);
	hz_buf_clear(&kept);
	hz_source_begin(&s, p, n, -1, n, NULL);
	hz_text_begin(&t, keep, NULL);
	*ret_state = hz_document_text(&s, type, charset, &t);
	assert_int_equal(hz_text_end(&t), HZ_OK);
	assert_true(hz_wire_text_ok(kept.p, kept.len));
	assert_int_equal(hz_buf_cstr(&kept, &text), HZ_OK);
	return text;
}

const struct hz_claims *
document_says(const void *p, size_t n, const char *type, const char *charset)
{
	static struct hz_claims c;
	struct hz_source s;

	assert_int_equal(hz_document_prepare(), HZ_OK);
	c.n = 0;
	hz_source_begin(&s, p, n, -1, n, NULL);
	hz_document_claims(&s, type, charset, &c);
	return &c;
}

static void
reads(const void *p, size_t n, const char *type, const char *charset, const char *want)
{
	enum hz_inspect_text state;
	const char *text = words_of(p, n, type, charset, &state);

	assert_string_equal(text, want);
	assert_int_equal(state, want[0] == '\0' ? HZ_INSPECT_TEXT_NONE : HZ_INSPECT_TEXT_ALL);
}

/* --- office files ------------------------------------------------------------------------------------- */

#define DOCX "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
#define WORD                                                                                                 \
	"<w:document xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\" "              \
	"xmlns:mc=\"http://schemas.openxmlformats.org/markup-compatibility/2006\"><w:body>"
#define CORE                                                                                                 \
	"<c:coreProperties "                                                                                 \
	"xmlns:c=\"http://schemas.openxmlformats.org/package/2006/metadata/core-properties\" "               \
	"xmlns:dc=\"http://purl.org/dc/elements/1.1/\" xmlns:t=\"http://purl.org/dc/terms/\">"

static void
docx(const char *body, struct hz_buf *out)
{
	const struct made_member m[] = {
		{ "[Content_Types].xml", "<Types/>", 0 },
		{ "docProps/core.xml",
		    CORE "<dc:title>شهادة &amp; وصف</dc:title><dc:creator>A</dc:creator>"
			 "<c:lastModifiedBy>B</c:lastModifiedBy><t:created>2024-02-29T10:00:00Z</t:created>"
			 "<t:modified>yesterday</t:modified></c:coreProperties>",
		    0 },
		{ "word/document.xml", body, 0 },
		{ "word/footnotes.xml",
		    "<w:f xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\">"
		    "<w:p><w:r><w:t>note</w:t></w:r></w:p></w:f>",
		    0 },
	};

	hz_buf_clear(out);
	zip_put(m, sizeof(m) / sizeof(m[0]), out);
}

void
test_docx(void **state)
{
	static const char body[] = WORD
	    "<w:p><w:pPr><w:tabs><w:tab/></w:tabs></w:pPr><w:r><w:t>قال الشا</w:t></w:r><w:r><w:t>هد</w:t></w:r></w:p>"
	    "<w:p><w:r><w:t>a</w:t><w:tab/><w:t xml:space=\"preserve\"> b</w:t><w:br/><w:t>c</w:t></w:r></w:p>"
	    "<w:p><w:del><w:r><w:delText>gone</w:delText><w:t>gone</w:t></w:r></w:del>"
	    "<w:ins><w:r><w:t>new</w:t></w:r></w:ins><w:r><w:instrText>PAGE</w:instrText></w:r></w:p>"
	    "<mc:AlternateContent><mc:Choice><w:p><w:r><w:t>box</w:t></w:r></w:p></mc:Choice>"
	    "<mc:Fallback><w:p><w:r><w:t>box</w:t></w:r></w:p></mc:Fallback></mc:AlternateContent>"
	    "<w:p/></w:body></w:document>";
	struct hz_buf b = HZ_BUF_INIT(MADE_MAX);

	(void)state;
	docx(body, &b);
	reads(b.p, b.len, DOCX, "", "قال الشاهد\na\t b\nc\nnew\nbox\n\nnote\n");
	reads(b.p, b.len, "application/octet-stream", "", "قال الشاهد\na\t b\nc\nnew\nbox\n\nnote\n");
	const struct hz_claims *c = document_says(b.p, b.len, DOCX, "");

	says(c, HZ_CLAIM_DOC_TITLE, "شهادة & وصف");
	says(c, HZ_CLAIM_DOC_AUTHOR, "A");
	says(c, HZ_CLAIM_DOC_MODIFIED_BY, "B");
	says(c, HZ_CLAIM_DOC_TIME_CREATED, "2024-02-29T10:00:00Z");
	says(c, HZ_CLAIM_DOC_TIME_MODIFIED, NULL);
	says(c, HZ_CLAIM_ARCHIVE_ENTRIES, NULL);
	hz_buf_done(&b);
}

void
test_odf(void **state)
{
#define NS                                                                                                   \
	"xmlns:office=\"urn:oasis:names:tc:opendocument:xmlns:office:1.0\" xmlns:text=\"urn:oasis:names:tc:opendocument:xmlns:text:1.0\""
	static const char content[] =
	    "<office:document-content " NS
	    "><office:automatic-styles>no</office:automatic-styles><office:body>\n <office:text>\n"
	    "<text:tracked-changes><text:p>gone</text:p></text:tracked-changes>"
	    "<text:h>  عنوان </text:h><text:p>one<text:s text:c=\"3\"/>two<text:tab/>three\n   four<text:line-break/>five "
	    "<text:span>six</text:span> <text:span> seven</text:span></text:p><text:p>last<text:s text:c=\"99999999\"/></text:p>"
	    "</office:text></office:body></office:document-content>";
	static const char meta[] =
	    "<office:document-meta " NS " xmlns:meta=\"urn:oasis:names:tc:opendocument:xmlns:meta:1.0\" "
	    "xmlns:dc=\"http://purl.org/dc/elements/1.1/\"><office:meta><meta:initial-creator>first</meta:initial-creator>"
	    "<dc:creator>second</dc:creator><dc:date>2023-01-02T03:04:05.678</dc:date><dc:title>T</dc:title>"
	    "<meta:generator>G/1</meta:generator><meta:document-statistic meta:page-count=\"12\"/></office:meta></office:document-meta>";
	const struct made_member m[] = { { "mimetype", "application/vnd.oasis.opendocument.text", 0 },
		{ "content.xml", content, 0 }, { "meta.xml", meta, 0 } };
	struct hz_buf b = HZ_BUF_INIT(MADE_MAX);
	enum hz_inspect_text end;

	(void)state;
	zip_put(m, 3, &b);
	const char *text = words_of(b.p, b.len, "application/vnd.oasis.opendocument.text", "", &end);
	static const char want[] = "عنوان\none   two\tthree four\nfive six seven\nlast";

	assert_int_equal(end, HZ_INSPECT_TEXT_ALL);
	assert_memory_equal(text, want, sizeof(want) - 1);
	assert_int_equal(strlen(text), sizeof(want) - 1 + 256 + 1); /* spaces are counted to a limit */
	const struct hz_claims *c = document_says(b.p, b.len, "application/vnd.oasis.opendocument.text", "");

	says(c, HZ_CLAIM_DOC_AUTHOR, "first");
	says(c, HZ_CLAIM_DOC_MODIFIED_BY, "second");
	says(c, HZ_CLAIM_DOC_TIME_MODIFIED, "2023-01-02T03:04:05.678");
	says(c, HZ_CLAIM_DOC_PAGES, "12");
	says(c, HZ_CLAIM_DOC_TOOL, "G/1");
	hz_buf_done(&b);
}

/* Ends early, with what came before, and never with more. */
static void
ends_early(const char *body, const char *want)
{
	struct hz_buf b = HZ_BUF_INIT(MADE_MAX);
	enum hz_inspect_text end;

	docx(body, &b);
	const char *text = words_of(b.p, b.len, DOCX, "", &end);

	assert_string_equal(text, want);
	assert_int_equal(end, want[0] == '\0' ? HZ_INSPECT_TEXT_NONE : HZ_INSPECT_TEXT_CUT);
	hz_buf_done(&b);
}

void
test_office_hostile(void **state)
{
	struct hz_buf deep = HZ_BUF_INIT(MADE_MAX);
	const char *xml = NULL;

	(void)state;
	ends_early("<!DOCTYPE x [<!ENTITY a \"boom\">]>" WORD
		   "<w:p><w:r><w:t>&a;</w:t></w:r></w:p></w:body></w:document>",
	    "note\n");
	ends_early("<!DOCTYPE x SYSTEM \"file:///etc/passwd\">" WORD "</w:body></w:document>", "note\n");
	ends_early(WORD "<w:p><w:r><w:t>before &undefined; after</w:t></w:r></w:p></w:body></w:document>",
	    "before \nnote\n");
	ends_early(WORD "<w:p><w:r><w:t>before</w:t></w:r></w:p><w:p>", "before\nnote\n");
	ends_early("", "note\n");
	put(&deep, WORD "<w:p><w:r><w:t>top</w:t></w:r></w:p>",
	    strlen(WORD "<w:p><w:r><w:t>top</w:t></w:r></w:p>"));
	for (int i = 0; i < HZ_DOC_DEPTH_MAX + 1; i++) {
		put(&deep, "<w:p>", 5);
	}
	assert_int_equal(hz_buf_cstr(&deep, &xml), HZ_OK);
	/* A limit ends all of it: no footnotes after it. */
	ends_early(xml, "top\n");
	hz_buf_done(&deep);
}

/* Many megabytes behind few bytes: what unpacks to too much is left alone. */
void
test_office_bomb(void **state)
{
	const struct made_member m[] = { { "[Content_Types].xml", "<Types/>", 0 },
		{ "word/document.xml", WORD "<w:p><w:r><w:t>before", 48 << 20 } };
	struct hz_buf b = HZ_BUF_INIT(MADE_MAX);
	enum hz_inspect_text end;
	int64_t began = hz_doc_clock();

	(void)state;
	zip_put(m, 2, &b);
	assert_true(b.len < 1 << 18);
	began = hz_doc_clock();
	const char *text = words_of(b.p, b.len, DOCX, "", &end);

	assert_int_equal(end, HZ_INSPECT_TEXT_CUT);
	assert_memory_equal(text, "before", 6);
	assert_true(strlen(text) <= (uint64_t)HZ_DOC_EXPAND_RATIO * b.len + HZ_DOC_EXPAND_FREE);
	assert_true(hz_doc_clock() - began < 2 * HZ_DOC_CPU_MS);
	hz_buf_done(&b);
}

/* --- web pages ---------------------------------------------------------------------------------------- */

static void
page(const char *html, const char *want)
{
	reads(html, strlen(html), "text/html", "utf-8", want);
}

void
test_html(void **state)
{
	(void)state;
	page("<p>one<b>two</b> three<p>four<br>five", "onetwo three\nfour\nfive\n");
	page("<script>var a = '</p>' + \"</scripty>\";</script >x<style>b{}</style>y", "xy\n");
	page("<!-- <p>no</p> -->a<!--> b --><!DOCTYPE html><![CDATA[no]]>c<?php no ?>d", "a b -->cd\n");
	page("&amp;&lt;&nbsp;&eacute;&#1587;&#x633;&#x110000;&#0;&#128;&nothing;&#;&",
	    "&<\u00a0é\u0633\u0633\ufffd&#0;€&nothing;&#;&\n");
	page("&ltx&amp", "&ltx&\n");
	page("<ul><li>a<li> b </ul><table><tr><td>1</td><td>2</td></tr></table>", "a\nb\n1\t2\n");
	page("<pre> a\n  b</pre>  c", " a\n  b\nc\n");
	page("<a href=\"x>y\" title='<p>'>link</a> 3 < 4 <5", "link 3 < 4 <5\n");
	page("<textarea>&lt;b&gt;</textarea>", "<b>\n");
	page("a<script>", "a\n");
	page("a<b", "a\n");
	page("<title>t</title>", "");
	says(document_says("<TITLE> Al&#45;Shahada\n x</TITLE><p>", 35, "text/html", "utf-8"),
	    HZ_CLAIM_DOC_TITLE, "Al-Shahada x");
}

void
test_html_charset(void **state)
{
	static const char arabic[] = "<meta charset=windows-1256><p>\xe3\xd1\xcd\xc8\xc7";
	static const char http[] =
	    "<meta http-equiv=\"Content-Type\" content=\"text/html; charset=ISO-8859-9\">\xf0";
	static const char marked[] = "\xef\xbb\xbf<meta charset=windows-1256>\xd8\xa8";
	static const char wide[] = "\xff\xfe<\0p\0>\0(\x06";
	static const char lie[] = "<meta charset=utf-16>\xd8\xa8";

	(void)state;
	reads(arabic, sizeof(arabic) - 1, "text/html", "iso-8859-1", "مرحبا\n");
	says(document_says(arabic, sizeof(arabic) - 1, "text/html", ""), HZ_CLAIM_DOC_CHARSET_BY, "declared");
	reads(http, sizeof(http) - 1, "text/html", "", "ğ\n");
	reads(marked, sizeof(marked) - 1, "text/html", "", "ب\n");
	reads(wide, sizeof(wide) - 1, "text/html", "", "ب\n");
	reads(lie, sizeof(lie) - 1, "text/html", "", "ب\n"); /* what can be read as bytes is not UTF-16 */
}

/* --- encodings ---------------------------------------------------------------------------------------- */

void
test_charset_tables(void **state)
{
	static const struct {
		const char *name;
		const uint16_t *table;
	} all[] = { { "CP1251", table_windows_1251 }, { "CP1252", table_windows_1252 },
		{ "CP1254", table_windows_1254 }, { "CP1256", table_windows_1256 },
		{ "ISO-8859-6", table_iso_8859_6 } };

	(void)state;
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		iconv_t cd = iconv_open("UTF-16BE", all[i].name);

		if (cd == (iconv_t)-1) {
			print_message("# skipped: this C library does not know %s\n", all[i].name);
			continue;
		}
		for (unsigned b = 0x80; b < 0x100; b++) {
			char in = (char)b, *from = &in;
			unsigned char out[4] = { 0 };
			char *to = (char *)out;
			size_t in_n = 1, out_n = sizeof(out);
			bool ok = iconv(cd, &from, &in_n, &to, &out_n) == 0;
			unsigned want = ok ? (unsigned)(out[0] << 8 | out[1]) : 0;

			iconv(cd, NULL, NULL, NULL, NULL);
			assert_int_equal(all[i].table[b - 0x80], want);
		}
		iconv_close(cd);
	}
}

/* However a text is cut into pieces, the same comes out. */
void
test_decoder_pieces(void **state)
{
	static const struct {
		enum hz_charset from;
		const char *bytes, *want;
		size_t n;
	} all[] = {
		{ HZ_CHARSET_UTF8, "a\xd8\xa8\xe2\x82\xac\xf0\x9f\x92\xa7z", "aب€\xf0\x9f\x92\xa7z", 11 },
		{ HZ_CHARSET_UTF8, "\xe2\x82\xd8\xf0\x9f\x41\xc0\x80",
		    "\ufffd\ufffd\ufffd\ufffd\ufffd\x41\ufffd\ufffd", 8 },
		{ HZ_CHARSET_UTF16LE, "\x28\x06\x3d\xd8\xa7\xdc\x41\x00", "ب\xf0\x9f\x92\xa7\x41", 8 },
		{ HZ_CHARSET_UTF16BE, "\x06\x28\xd8\x3d\xdc\xa7\x00\x41", "ب\xf0\x9f\x92\xa7\x41", 8 },
		{ HZ_CHARSET_UTF16LE, "\x3d\xd8\x41\x00\xa7\xdc\x42", "\ufffd\x41\ufffd\ufffd", 7 },
		{ HZ_CHARSET_UTF32BE, "\x00\x01\xf4\xa7\x00\x11\x00\x00", "\xf0\x9f\x92\xa7\ufffd", 8 },
		{ HZ_CHARSET_WINDOWS_1256, "\xc8\x80\x41", "ب€\x41", 3 },
		{ HZ_CHARSET_ISO_8859_6, "\xc8\x80", "ب\xc2\x80", 2 },
		{ HZ_CHARSET_WINDOWS_1252, "\x81\x93", "\ufffd“", 2 },
	};
	char out[256];

	(void)state;
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		for (size_t cut = 0; cut <= all[i].n; cut++) {
			for (size_t second = cut; second <= all[i].n; second++) {
				struct hz_decoder d = hz_decoder_for(all[i].from);
				const uint8_t *p = (const uint8_t *)all[i].bytes;
				size_t n = hz_decoder_put(&d, p, cut, false, out);

				n += hz_decoder_put(&d, p + cut, second - cut, false, out + n);
				n += hz_decoder_put(&d, p + second, all[i].n - second, true, out + n);
				out[n] = '\0';
				assert_string_equal(out, all[i].want);
			}
		}
	}
}

void
test_text_encodings(void **state)
{
	static const char latin[] = "caf\xe9 na\xefve";
	static const char arabic[] = "\xe3\xd1\xcd\xc8\xc7\r\n\xc8\xdf\xe3";
	static const char utf16[] = "\xff\xfe\x28\x06\n\0";
	static const char utf16_bare[] = "h\0e\0l\0l\0o\0";
	static const char marked[] = "\xef\xbb\xbf\xd8\xa8";

	(void)state;
	reads(arabic, sizeof(arabic) - 1, "text/plain", "iso-8859-1", "مرحبا\nبكم");
	says(document_says(arabic, sizeof(arabic) - 1, "text/plain", "iso-8859-1"), HZ_CLAIM_DOC_CHARSET,
	    "windows-1256");
	says(document_says(arabic, sizeof(arabic) - 1, "text/plain", "iso-8859-1"), HZ_CLAIM_DOC_CHARSET_BY,
	    "guess");
	reads(latin, sizeof(latin) - 1, "text/plain", "iso-8859-1", "café naïve");
	says(document_says(latin, sizeof(latin) - 1, "text/plain", "iso-8859-1"), HZ_CLAIM_DOC_CHARSET_BY,
	    "libmagic");
	reads(utf16, sizeof(utf16) - 1, "text/plain", "utf-16le", "ب\n");
	reads(utf16_bare, sizeof(utf16_bare) - 1, "text/plain", "", "hello");
	/* What is UTF-8 already is its own text. */
	reads(marked, sizeof(marked) - 1, "text/plain", "utf-8", "");
	reads("\xd8\xa8", 2, "text/plain", "utf-8", "");
	reads("\xd8\xa8", 2, "image/jpeg", "", "");
}

/* --- PDF ---------------------------------------------------------------------------------------------- */

void
test_pdf_lines(void **state)
{
	static const char lines[] =
	    "Title:          عنوان\nPages: 999\nAuthor:         A: b\nCreator:        Writer\nProducer:       P\n"
	    "CreationDate:   2022-04-03T18:05:42+02\nModDate:        soon\nPages:          12\n"
	    "Encrypted:      yes (print:yes copy:no)\nPagesX:  5\nPages";
	struct hz_claims c = { 0 };

	(void)state;
	hz_pdf_lines(lines, sizeof(lines) - 1, &c);
	says(&c, HZ_CLAIM_DOC_TITLE, "عنوان");
	says(&c, HZ_CLAIM_DOC_AUTHOR, "A: b");
	says(&c, HZ_CLAIM_DOC_TOOL, "Writer");
	says(&c, HZ_CLAIM_DOC_PRODUCER, "P");
	says(&c, HZ_CLAIM_DOC_TIME_CREATED, "2022-04-03T18:05:42+02:00");
	says(&c, HZ_CLAIM_DOC_TIME_MODIFIED, NULL);
	says(&c, HZ_CLAIM_DOC_PAGES, "12");
	says(&c, HZ_CLAIM_DOC_ENCRYPTED, "yes");
	c.n = 0;
	hz_pdf_lines("Pages: 0\nEncrypted: no\nTitle:\n", 31, &c);
	says(&c, HZ_CLAIM_DOC_PAGES, "0");
	says(&c, HZ_CLAIM_DOC_ENCRYPTED, NULL);
	says(&c, HZ_CLAIM_DOC_TITLE, NULL);
}

void
test_pdf_strip(void **state)
{
	static const char in[] = "\u202aa\u202eب\u2019\u202c\u2029\u202f\xe2\x80";
	static const char want[] = "aب\u2019\u2029\u202f\xe2\x80";

	(void)state;
	for (size_t cut = 0; cut < sizeof(in); cut++) {
		char block[64], out[64];
		uint8_t left[3] = { 0 };
		size_t to = 0, n = 0;

		memcpy(block, in, cut);
		n = hz_pdf_strip(block, cut, left);
		memcpy(out, block, n);
		to = n;
		size_t before = left[0];

		memcpy(block, left + 1, before);
		left[0] = 0;
		memcpy(block + before, in + cut, sizeof(in) - 1 - cut);
		n = hz_pdf_strip(block, before + sizeof(in) - 1 - cut, left);
		memcpy(out + to, block, n);
		to += n;
		memcpy(out + to, left + 1, left[0]);
		to += left[0];
		assert_int_equal(to, sizeof(want) - 1);
		assert_memory_equal(out, want, to);
	}
}
