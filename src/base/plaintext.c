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

static bool
has_control(const uint8_t *p, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if ((p[i] < 0x20 && !is_blank(p[i])) || p[i] == 0x7f) {
			return true;
		}
		/* U+0080 to U+009F are C2 80 to C2 9F */
		if (p[i] == 0xc2 && i + 1 < n && p[i + 1] < 0xa0) {
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
