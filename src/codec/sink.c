#include "codec/sink.h"

#include "base/enc.h"
#include <string.h>

/* --- HTML ------------------------------------------------------------------------------------------------
 */

static const char *
entity(uint32_t cp)
{
	switch (cp) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '"':
		return "&quot;";
	case '\'':
		return "&#39;";
	case '`': /* a quote for some old parsers */
		return "&#96;";
	default:
		return NULL;
	}
}

static enum hz_err
html(struct hz_buf *out, const char *before, const uint8_t *p, size_t n, const char *after)
{
	size_t start = out->len, used;
	enum hz_err err = hz_buf_puts(out, before);
	for (size_t i = 0; err == HZ_OK && i < n; i += used) {
		uint32_t cp = 0;
		used = hz_utf8_next(p + i, n - i, &cp);
		const char *e = entity(cp);
		err = e != NULL ? hz_buf_puts(out, e) : hz_print_safe(out, p + i, used, false);
	}
	if (err == HZ_OK) {
		err = hz_buf_puts(out, after);
	}
	if (err != HZ_OK) {
		out->len = start;
	}
	return err;
}

HZ_RESULT
hz_html_text(struct hz_buf *out, const void *p, size_t n)
{
	return html(out, "<bdi>", p, n, "</bdi>");
}

HZ_RESULT
hz_html_attr(struct hz_buf *out, const void *p, size_t n)
{
	return html(out, "\"", p, n, "\"");
}

/* --- tables ----------------------------------------------------------------------------------------------
 */

/* What would make a formula of a cell that begins with it; and the apostrophe, so that ours can be told from
 * it. */
static bool
begins_formula(uint32_t cp)
{
	switch (cp) {
	case '=':
	case '+':
	case '-':
	case '@':
	case 0xFF1D: /* the full-width forms of the four */
	case 0xFF0B:
	case 0xFF0D:
	case 0xFF20:
	case '\'':
		return true;
	default:
		return false;
	}
}

static bool
is_blank(uint32_t cp)
{
	return cp == ' ' || cp == 0xA0 || cp == 0x1680 || (cp >= 0x2000 && cp <= 0x200A) || cp == 0x202F ||
	       cp == 0x205F || cp == 0x3000;
}

HZ_RESULT
hz_csv_cell(struct hz_buf *out, const void *p, size_t n)
{
	const uint8_t *b = p;
	size_t before = out->len, used;
	bool start = true; /* a program could take what comes next for the beginning of a cell */
	enum hz_err err = hz_buf_puts(out, "\"");
	for (size_t i = 0; err == HZ_OK && i < n; i += used) {
		uint32_t cp = 0;
		used = hz_utf8_next(b + i, n - i, &cp);
		if (start && begins_formula(cp)) {
			err = hz_buf_puts(out, "'");
		}
		if (err == HZ_OK) {
			err = cp == '"' ? hz_buf_puts(out, "\"\"") : hz_print_safe(out, b + i, used, false);
		}
		start = cp == ',' || cp == ';' || cp == '|' || cp == '"' || (start && is_blank(cp));
	}
	if (err == HZ_OK) {
		err = hz_buf_puts(out, "\"");
	}
	if (err != HZ_OK) {
		out->len = before;
	}
	return err;
}

/* --- names of files --------------------------------------------------------------------------------------
 */

static char
lower(char c)
{
	return (char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
}

/* Names of devices on other systems, with any ending. */
static bool
is_device(const char *s, size_t n)
{
	static const char *const words[] = { "con", "prn", "aux", "nul", "com", "lpt" };
	const char *dot = memchr(s, '.', n);
	size_t stem = dot == NULL ? n : (size_t)(dot - s);
	while (stem > 0 && s[stem - 1] == ' ') {
		stem--;
	}
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		bool numbered = i >= 4;
		if (stem == (numbered ? 4u : 3u) && lower(s[0]) == words[i][0] &&
		    lower(s[1]) == words[i][1] && lower(s[2]) == words[i][2] &&
		    (!numbered || (s[3] >= '0' && s[3] <= '9'))) {
			return true;
		}
	}
	return false;
}

/* Cuts the middle out where a name is too long; its ending stays. No character is cut in two. */
static void
shorten(struct hz_buf *b)
{
	char *s = (char *)b->p;
	const char *dot = memrchr(s, '.', b->len);
	size_t end = dot == NULL || b->len - (size_t)(dot - s) > 16 ? 0 : b->len - (size_t)(dot - s);
	if (b->len <= HZ_FILE_NAME_MAX) {
		return;
	}
	size_t keep = HZ_FILE_NAME_MAX - end;
	while (keep > 0 && ((unsigned char)s[keep] & 0xC0) == 0x80) {
		keep--;
	}
	memmove(s + keep, s + b->len - end, end);
	b->len = keep + end;
}

HZ_RESULT
hz_file_name(struct hz_buf *out, const void *p, size_t n)
{
	static const char unwelcome[] = "/\\<>:\"|?*";
	struct hz_buf b = HZ_BUF_INIT(12 * (n < 4096 ? n : 4096) + 64);
	enum hz_err err = hz_print_safe(&b, p, n < 4096 ? n : 4096, false);
	if (err == HZ_OK && b.len == 0) {
		err = hz_buf_puts(&b, "unnamed");
	}
	if (err == HZ_OK) {
		char *s = (char *)b.p;
		shorten(&b);
		for (size_t i = 0; i < b.len; i++) {
			if (memchr(unwelcome, s[i], sizeof(unwelcome) - 1) != NULL) {
				s[i] = '_';
			}
		}
		if (s[b.len - 1] == '.' || s[b.len - 1] == ' ') {
			s[b.len - 1] = '_';
		}
		/* Hidden, an option, somebody's home, a blank that nobody sees: the first sign goes. */
		if (s[0] == '.' || s[0] == '-' || s[0] == '~' || s[0] == ' ' || is_device(s, b.len)) {
			s[0] = '_';
		}
		err = hz_buf_put(out, b.p, b.len);
	}
	hz_buf_done(&b);
	return err;
}
