#include "inspect/html.h"

#include "base/enc.h"
#include "inspect/charset.h"
#include "inspect/html_names.h"
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define BLOCK     32768
#define LOOK      65536
#define DECLARED  4096 /* bytes in which a declared charset is looked for */
#define NAME_MAX_ 31
#define TITLE_MAX 1024
#define OUT       4096
#define PRE_MAX   64 /* preformatted within each other that are counted */

enum state {
	DATA,
	REFERENCE,
	LESS,
	CLOSE,
	TAG,
	ATTRIBUTES,
	QUOTED,
	MARKUP,
	COMMENT,
	BOGUS,
	RAW,
	RAW_LESS,
	RAW_NAME
};

struct page {
	struct hz_doc *doc;
	enum state state;
	enum hz_err err;
	char name[NAME_MAX_ + 1]; /* of the tag at hand, or what follows & */
	size_t name_n;
	bool closing, after_equals;
	char quote;
	unsigned dashes;
	char raw[NAME_MAX_ + 1]; /* element whose content is no markup */
	bool in_title, has_title;
	char title[TITLE_MAX];
	size_t title_n;
	bool space, line_begins;
	unsigned pre;
	char out[OUT];
	size_t out_n;
};

/* --- out --------------------------------------------------------------------------------------------------
 */

static void
flush(struct page *g)
{
	if (g->err == HZ_OK && g->out_n > 0) {
		g->err = hz_doc_text(g->doc, g->out, g->out_n);
	}
	g->out_n = 0;
}

static void
byte(struct page *g, char c)
{
	if (g->out_n == OUT) {
		flush(g);
	}
	g->out[g->out_n++] = c;
	g->line_begins = c == '\n';
}

static bool
is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

static void
emit(struct page *g, char c)
{
	if (g->in_title) {
		if (g->title_n < TITLE_MAX) {
			g->title[g->title_n++] = (char)(is_space(c) ? ' ' : c);
		}
		return;
	}
	if (is_space(c) && g->pre == 0) {
		g->space = true;
		return;
	}
	if (g->space && !g->line_begins) {
		byte(g, ' ');
	}
	g->space = false;
	byte(g, c);
}

static void
line(struct page *g)
{
	g->space = false;
	if (!g->line_begins) {
		byte(g, '\n');
	}
}

static void
emit_char(struct page *g, uint32_t c)
{
	uint8_t utf8[4];

	if (c == 0 || c > 0x10FFFF || (c >= 0xD800 && c <= 0xDFFF)) {
		c = 0xFFFD;
	}
	for (size_t i = 0, n = hz_utf8_put(c, utf8); i < n; i++) {
		emit(g, (char)utf8[i]);
	}
}

/* --- references -------------------------------------------------------------------------------------------
 */

static int
by_name(const void *key, const void *row)
{
	return strcmp(key, ((const struct html_name *)row)->name);
}

/* The number of a numeric reference: "#1587", "#x633". 0: none. */
static uint32_t
numeric(const char *s)
{
	bool hex = s[1] == 'x' || s[1] == 'X';
	const char *digits = s + (hex ? 2 : 1);
	char *last = NULL;
	unsigned long v = 0;

	if (digits[0] == '\0' ||
	    digits[strspn(digits, hex ? "0123456789abcdefABCDEF" : "0123456789")] != '\0') {
		return 0;
	}
	v = strtoul(digits, &last, hex ? 16 : 10);
	return v > 0x10FFFF ? 0xFFFD : (uint32_t)v;
}

static uint32_t
reference(const struct page *g)
{
	uint32_t c = 0;

	if (g->name[0] == '#') {
		c = numeric(g->name);
		if (c >= 0x80 && c < 0xA0) {
			/* What old programs wrote as bytes of windows-1252. */
			struct hz_decoder d = hz_decoder_for(HZ_CHARSET_WINDOWS_1252);
			uint8_t b = (uint8_t)c;
			char utf8[HZ_DECODER_ROOM(1)];
			size_t n = hz_decoder_put(&d, &b, 1, true, utf8);

			(void)hz_utf8_next((const uint8_t *)utf8, n, &c);
		}
		return c;
	}
	const struct html_name *row = bsearch(
	    g->name, html_names, sizeof html_names / sizeof html_names[0], sizeof html_names[0], by_name);

	return row != NULL ? row->c : 0;
}

/* What followed & has ended. True where c belonged to it. */
static bool
end_reference(struct page *g, char c)
{
	g->name[g->name_n] = '\0';
	uint32_t v = g->name_n > 0 ? reference(g) : 0;

	g->state = DATA;
	if (v != 0) {
		emit_char(g, v);
		return c == ';';
	}
	emit(g, '&');
	for (size_t i = 0; i < g->name_n; i++) {
		emit(g, g->name[i]);
	}
	return false;
}

/* --- tags -------------------------------------------------------------------------------------------------
 */

static bool
is_one_of(const char *name, const char *const *list)
{
	while (*list != NULL && strcmp(*list, name) != 0) {
		list++;
	}
	return *list != NULL;
}

static void
end_tag(struct page *g)
{
	static const char *const raws[] = { "script", "style", "template", "iframe", "object", "noframes",
		"noembed", NULL };
	static const char *const lines[] = { "address", "article", "aside", "blockquote", "body", "br",
		"caption", "center", "dd", "details", "dialog", "dir", "div", "dl", "dt", "fieldset",
		"figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "head",
		"header", "hr", "html", "legend", "li", "main", "menu", "nav", "ol", "optgroup", "option",
		"p", "pre", "section", "summary", "table", "tbody", "tfoot", "thead", "tr", "ul", NULL };

	g->name[g->name_n] = '\0';
	g->state = DATA;
	if (strcmp(g->name, "title") == 0) {
		g->in_title = !g->closing && !g->has_title;
		g->has_title = true;
		return;
	}
	if (!g->closing && is_one_of(g->name, raws)) {
		memcpy(g->raw, g->name, sizeof g->raw);
		g->state = RAW;
		return;
	}
	if (is_one_of(g->name, lines)) {
		if (strcmp(g->name, "br") == 0) {
			g->space = false;
			byte(g, '\n');
		} else {
			line(g);
		}
		if (strcmp(g->name, "pre") == 0) {
			g->pre = g->closing ? g->pre - (g->pre > 0) : g->pre + (g->pre < PRE_MAX);
		}
	} else if (!g->closing && !g->line_begins &&
		   (strcmp(g->name, "td") == 0 || strcmp(g->name, "th") == 0)) {
		g->space = false;
		byte(g, '\t');
	}
}

static char
small(char c)
{
	return (char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
}

static bool
is_letter(char c)
{
	return small(c) >= 'a' && small(c) <= 'z';
}

static void
begin_name(struct page *g, enum state state, char c)
{
	g->state = state;
	g->name_n = 0;
	if (c != '\0') {
		g->name[g->name_n++] = small(c);
	}
}

static void
add_name(struct page *g, char c)
{
	if (g->name_n < NAME_MAX_) {
		g->name[g->name_n++] = c;
	}
}

/* --- one byte ---------------------------------------------------------------------------------------------
 */

static void
in_data(struct page *g, char c)
{
	if (c == '<') {
		g->state = LESS;
	} else if (c == '&') {
		begin_name(g, REFERENCE, '\0');
	} else {
		emit(g, c);
	}
}

static void
in_reference(struct page *g, char c)
{
	bool more = is_letter(c) || (c >= '0' && c <= '9') || (c == '#' && g->name_n == 0);

	if (more && g->name_n < NAME_MAX_) {
		g->name[g->name_n++] = c;
	} else if (!end_reference(g, c)) {
		in_data(g, c);
	}
}

static void
after_less(struct page *g, char c)
{
	if (is_letter(c)) {
		g->closing = false;
		begin_name(g, TAG, c);
	} else if (c == '/') {
		g->state = CLOSE;
	} else if (c == '!') {
		g->dashes = 0;
		g->state = MARKUP;
	} else if (c == '?') {
		g->state = BOGUS;
	} else {
		g->state = DATA;
		emit(g, '<');
		in_data(g, c);
	}
}

static void
in_tag(struct page *g, char c)
{
	if (c == '>') {
		end_tag(g);
	} else if (is_space(c) || c == '/') {
		g->after_equals = false;
		g->state = ATTRIBUTES;
	} else {
		add_name(g, small(c));
	}
}

static void
in_attributes(struct page *g, char c)
{
	if (c == '>') {
		end_tag(g);
	} else if ((c == '"' || c == '\'') && g->after_equals) {
		g->quote = c;
		g->state = QUOTED;
	} else if (!is_space(c)) {
		g->after_equals = c == '=';
	}
}

static void
in_markup(struct page *g, char c)
{
	if (c == '-' && ++g->dashes == 2) {
		g->state = COMMENT;
	} else if (c == '>') {
		g->state = DATA;
	} else if (c != '-') {
		g->state = BOGUS;
	}
}

static void
in_comment(struct page *g, char c)
{
	if (c == '>' && g->dashes >= 2) {
		g->state = DATA;
	}
	g->dashes = c == '-' ? g->dashes + (g->dashes < 2) : 0;
}

/* Inside script and the like only its own end counts. */
static void
in_raw(struct page *g, char c)
{
	if (g->state == RAW_LESS && c == '/') {
		begin_name(g, RAW_NAME, '\0');
	} else if (g->state == RAW_NAME && is_letter(c)) {
		add_name(g, small(c));
	} else {
		g->name[g->name_n] = '\0';
		bool its_end = g->state == RAW_NAME && strcmp(g->name, g->raw) == 0;

		g->state = c == '<' ? RAW_LESS : RAW;
		if (its_end && (c == '>' || c == '/' || is_space(c))) {
			g->closing = true;
			in_tag(g, c);
		}
	}
}

static void
step(struct page *g, char c)
{
	switch (g->state) {
	case DATA:
		in_data(g, c);
		break;
	case REFERENCE:
		in_reference(g, c);
		break;
	case LESS:
		after_less(g, c);
		break;
	case CLOSE:
		g->closing = true;
		if (is_letter(c)) {
			begin_name(g, TAG, c);
		} else {
			g->state = c == '>' ? DATA : BOGUS;
		}
		break;
	case TAG:
		in_tag(g, c);
		break;
	case ATTRIBUTES:
		in_attributes(g, c);
		break;
	case QUOTED:
		if (c == g->quote) {
			g->after_equals = false;
			g->state = ATTRIBUTES;
		}
		break;
	case MARKUP:
		in_markup(g, c);
		break;
	case COMMENT:
		in_comment(g, c);
		break;
	case BOGUS:
		g->state = c == '>' ? DATA : BOGUS;
		break;
	case RAW:
	case RAW_LESS:
	case RAW_NAME:
	default:
		in_raw(g, c);
		break;
	}
}

/* --- the whole --------------------------------------------------------------------------------------------
 */

/* charset= in the first bytes, of a meta element or of XML's encoding=. */
static enum hz_charset
declared(const uint8_t *p, size_t n)
{
	static const char *const words[] = { "charset", "encoding" };
	size_t end = n < DECLARED ? n : DECLARED;

	for (size_t i = 0; i + 9 < end; i++) {
		for (size_t w = 0; w < 2; w++) {
			size_t at = i + strlen(words[w]), from = 0;

			if (strncasecmp((const char *)p + i, words[w], strlen(words[w])) != 0) {
				continue;
			}
			while (at < end &&
			       (is_space((char)p[at]) || p[at] == '=' || p[at] == '"' || p[at] == '\'')) {
				at++;
			}
			from = at;
			while (at < end && (is_letter((char)p[at]) || p[at] == '-' || p[at] == '_' ||
					       (p[at] >= '0' && p[at] <= '9'))) {
				at++;
			}
			enum hz_charset c = hz_charset_named((const char *)p + from, at - from);

			if (c != HZ_CHARSET_NONE) {
				/* A page whose declaration could be read is not in UTF-16. */
				return c >= HZ_CHARSET_UTF16LE && c <= HZ_CHARSET_UTF32BE ? HZ_CHARSET_UTF8
											  : c;
			}
		}
	}
	return HZ_CHARSET_NONE;
}

static enum hz_charset
charset_of(const uint8_t *p, size_t n, const char *said, size_t *ret_mark, const char **ret_by)
{
	enum hz_charset named = hz_charset_named(said, strlen(said));
	enum hz_charset c = hz_charset_mark(p, n, ret_mark);

	*ret_by = "mark";
	if (c == HZ_CHARSET_NONE) {
		c = declared(p, n);
		*ret_by = "declared";
	}
	if (c == HZ_CHARSET_NONE) {
		c = hz_charset_guess(p, n, n < LOOK, named);
		*ret_by = c == named ? "libmagic" : "guess";
	}
	return c;
}

static enum hz_err
body(struct page *g, struct hz_decoder *dec, uint64_t at, uint8_t *block, char *room)
{
	size_t n = 0;

	do {
		HZ_TRY(hz_source_some(g->doc->src, at, block, BLOCK, &n));
		at += n;
		size_t made = hz_decoder_put(dec, block, n, n < BLOCK, room);

		for (size_t i = 0; i < made; i++) {
			step(g, room[i]);
		}
		HZ_TRY(g->err);
		HZ_TRY(hz_doc_time(g->doc));
		if (g->doc->text == NULL && g->has_title && !g->in_title) {
			break; /* only its title is wanted */
		}
	} while (n == BLOCK);
	if (g->state == REFERENCE) {
		(void)end_reference(g, '\0');
	}
	line(g);
	flush(g);
	return g->err;
}

static enum hz_err
page(struct page *g, const char *said, uint8_t *block, char *room)
{
	size_t n = 0, mark = 0;
	const char *by = NULL;

	HZ_TRY(hz_source_some(g->doc->src, 0, block, LOOK, &n));
	enum hz_charset c = charset_of(block, n, said, &mark, &by);
	struct hz_decoder dec = hz_decoder_for(c);

	hz_claims_add(g->doc->claims, HZ_CLAIM_DOC_CHARSET, hz_charset_name(c));
	hz_claims_add(g->doc->claims, HZ_CLAIM_DOC_CHARSET_BY, by);
	enum hz_err r = body(g, &dec, mark, block, room);

	hz_claims_add_text(g->doc->claims, HZ_CLAIM_DOC_TITLE, g->title, g->title_n);
	return r;
}

HZ_RESULT
hz_html_read(struct hz_doc *d, const char *said)
{
	struct page *g = calloc(1, sizeof *g);
	uint8_t *block = malloc(LOOK);
	char *room = malloc(HZ_DECODER_ROOM(BLOCK));
	enum hz_err r = HZ_OK;

	if (g == NULL || block == NULL || room == NULL) {
		r = hz_fail(HZ_MSG_NOMEM, "a page");
	} else {
		g->doc = d;
		g->line_begins = true;
		r = page(g, said, block, room);
	}
	free(room);
	free(block);
	free(g);
	return r;
}
