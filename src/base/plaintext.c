#include "base/plaintext.h"
#include "base/enc.h"
#include <string.h>

static bool
is_blank(uint8_t c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

/* The beginnings of markup, data, documents, scripts, mailboxes: libmagic looks closer at these. */
static bool
begins_something(const uint8_t *p, size_t n)
{
	static const char mailbox[] = "From ";
	static const char mark[] = "\xef\xbb\xbf";

	return (n > 0 && p[0] != '\0' && strchr("<{[%#@", p[0]) != NULL) ||
	       (n >= sizeof(mailbox) - 1 && memcmp(p, mailbox, sizeof(mailbox) - 1) == 0) ||
	       (n >= sizeof(mark) - 1 && memcmp(p, mark, sizeof(mark) - 1) == 0);
}

/* One look at a table for each byte: most of a testimony in Arabic is above ASCII, where no test of words
 * helps. */
enum { TEXT = 0, CONTROL = 1, LEAD_C1 = 2 };

static void
fill_classes(uint8_t ret_class[static 256])
{
	for (unsigned c = 0; c < 256; c++) {
		bool control = (c < 0x20 && !is_blank((uint8_t)c)) || c == 0x7f;
		ret_class[c] = control ? CONTROL : c == 0xc2 ? LEAD_C1 : TEXT;
	}
}

static bool
has_control(const uint8_t *p, size_t n)
{
	uint8_t class[256];
	unsigned seen = 0;

	fill_classes(class);
	for (size_t i = 0; i < n; i++) {
		seen |= class[p[i]];
	}
	if ((seen & LEAD_C1) == 0) {
		return (seen & CONTROL) != 0;
	}
	for (size_t i = 0; i < n; i++) {
		/* U+0080 to U+009F are C2 80 to C2 9F */
		if (class[p[i]] == CONTROL || (p[i] == 0xc2 && i + 1 < n && p[i + 1] < 0xa0)) {
			return true;
		}
	}
	return false;
}

bool
hz_plaintext_ok(const void *p, size_t n)
{
	const uint8_t *text = p;
	size_t first = 0;

	if (n == 0 || n > HZ_PLAINTEXT_MAX) {
		return false;
	}
	while (first < n && is_blank(text[first])) {
		first++;
	}
	return !begins_something(text + first, n - first) && !has_control(text, n) && hz_utf8_ok(text, n);
}
