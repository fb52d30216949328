#include "inspect/charset.h"

#include "base/enc.h"
#include "inspect/charset_tables.h"
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define REPLACEMENT 0xFFFDU
#define LOOK        65536
#define BLOCK       32768

static const struct {
	const char *name;
	enum hz_charset is;
} names[] = {
	/* the first of each is its usual name */
	{ "unknown", HZ_CHARSET_NONE },
	{ "utf-8", HZ_CHARSET_UTF8 },
	{ "utf-16le", HZ_CHARSET_UTF16LE },
	{ "utf-16be", HZ_CHARSET_UTF16BE },
	{ "utf-32le", HZ_CHARSET_UTF32LE },
	{ "utf-32be", HZ_CHARSET_UTF32BE },
	{ "windows-1251", HZ_CHARSET_WINDOWS_1251 },
	{ "windows-1252", HZ_CHARSET_WINDOWS_1252 },
	{ "windows-1254", HZ_CHARSET_WINDOWS_1254 },
	{ "windows-1256", HZ_CHARSET_WINDOWS_1256 },
	{ "iso-8859-6", HZ_CHARSET_ISO_8859_6 },
	{ "utf8", HZ_CHARSET_UTF8 },
	{ "utf-16", HZ_CHARSET_UTF16LE },
	{ "utf16", HZ_CHARSET_UTF16LE },
	{ "ucs-2", HZ_CHARSET_UTF16LE },
	{ "cp1251", HZ_CHARSET_WINDOWS_1251 },
	{ "cp1252", HZ_CHARSET_WINDOWS_1252 },
	{ "cp1254", HZ_CHARSET_WINDOWS_1254 },
	{ "cp1256", HZ_CHARSET_WINDOWS_1256 },
	{ "us-ascii", HZ_CHARSET_WINDOWS_1252 },
	{ "ascii", HZ_CHARSET_WINDOWS_1252 },
	{ "iso-8859-1", HZ_CHARSET_WINDOWS_1252 },
	{ "iso8859-1", HZ_CHARSET_WINDOWS_1252 },
	{ "latin1", HZ_CHARSET_WINDOWS_1252 },
	{ "iso-8859-9", HZ_CHARSET_WINDOWS_1254 },
	{ "iso8859-9", HZ_CHARSET_WINDOWS_1254 },
	{ "latin5", HZ_CHARSET_WINDOWS_1254 },
	{ "iso8859-6", HZ_CHARSET_ISO_8859_6 },
	{ "asmo-708", HZ_CHARSET_ISO_8859_6 },
	{ "arabic", HZ_CHARSET_ISO_8859_6 },
};

enum hz_charset
hz_charset_named(const char *name, size_t n)
{
	for (size_t i = 1; i < sizeof names / sizeof names[0]; i++) {
		if (strlen(names[i].name) == n && strncasecmp(names[i].name, name, n) == 0) {
			return names[i].is;
		}
	}
	return HZ_CHARSET_NONE;
}

const char *
hz_charset_name(enum hz_charset c)
{
	size_t i = 0;

	while (i < sizeof names / sizeof names[0] && names[i].is != c) {
		i++;
	}
	return i < sizeof names / sizeof names[0] ? names[i].name : names[0].name;
}

enum hz_charset
hz_charset_mark(const uint8_t *p, size_t n, size_t *ret_n)
{
	static const struct {
		const char *bytes;
		size_t n;
		enum hz_charset is;
	} marks[] = {
		{ "\xff\xfe\0\0", 4, HZ_CHARSET_UTF32LE },
		{ "\0\0\xfe\xff", 4, HZ_CHARSET_UTF32BE },
		{ "\xef\xbb\xbf", 3, HZ_CHARSET_UTF8 },
		{ "\xff\xfe", 2, HZ_CHARSET_UTF16LE },
		{ "\xfe\xff", 2, HZ_CHARSET_UTF16BE },
	};

	for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++) {
		if (n >= marks[i].n && memcmp(p, marks[i].bytes, marks[i].n) == 0) {
			*ret_n = marks[i].n;
			return marks[i].is;
		}
	}
	*ret_n = 0;
	return HZ_CHARSET_NONE;
}

/* --- guessing ---------------------------------------------------------------------------------------------
 */

/* Valid but for a last character that the end has cut. */
static bool
is_utf8(const uint8_t *p, size_t n, bool whole)
{
	size_t end = n;

	if (!whole) {
		for (size_t back = 1; back <= 4 && back <= n; back++) {
			if ((p[n - back] & 0xC0) != 0x80) {
				end = p[n - back] >= 0xC0 ? n - back : n;
				break;
			}
		}
	}
	return hz_utf8_ok(p, end);
}

/* A zero byte at every second place is the upper half of a Latin letter, 06 that of an Arabic one. */
static enum hz_charset
guess_utf16(const uint8_t *p, size_t n)
{
	size_t even = 0, odd = 0;

	for (size_t i = 0; i + 1 < n; i += 2) {
		even += p[i] == 0 || p[i] == 6;
		odd += p[i + 1] == 0 || p[i + 1] == 6;
	}
	if (n < 4 || memchr(p, 0, n) == NULL) {
		return HZ_CHARSET_NONE;
	}
	if (odd * 10 >= n / 2 * 9 && even * 2 < odd) {
		return HZ_CHARSET_UTF16LE;
	}
	return even * 10 >= n / 2 * 9 && odd * 2 < even ? HZ_CHARSET_UTF16BE : HZ_CHARSET_NONE;
}

static bool
is_arabic_1256(uint8_t b)
{
	uint16_t c = b < 0x80 ? 0 : table_windows_1256[b - 0x80];

	return c >= 0x0621 && c <= 0x0652;
}

static bool
looks_arabic(const uint8_t *p, size_t n)
{
	size_t high = 0, beside = 0;

	for (size_t i = 0; i < n; i++) {
		if (p[i] < 0x80) {
			continue;
		}
		high++;
		beside += is_arabic_1256(p[i]) &&
			  ((i > 0 && is_arabic_1256(p[i - 1])) || (i + 1 < n && is_arabic_1256(p[i + 1])));
	}
	return high >= 4 && beside * 10 >= high * 8;
}

enum hz_charset
hz_charset_guess(const uint8_t *p, size_t n, bool whole, enum hz_charset said)
{
	enum hz_charset wide = guess_utf16(p, n);

	if (wide != HZ_CHARSET_NONE) {
		return wide;
	}
	if (is_utf8(p, n, whole)) {
		return HZ_CHARSET_UTF8;
	}
	if (looks_arabic(p, n)) {
		return HZ_CHARSET_WINDOWS_1256;
	}
	return said != HZ_CHARSET_NONE && said != HZ_CHARSET_UTF8 ? said : HZ_CHARSET_WINDOWS_1252;
}

/* --- converting -------------------------------------------------------------------------------------------
 */

static char *
put_char(char *to, uint32_t c)
{
	if (c == 0) {
		c = ' ';
	}
	if (c > 0x10FFFF || (c >= 0xD800 && c <= 0xDFFF)) {
		c = REPLACEMENT;
	}
	return to + hz_utf8_put(c, (uint8_t *)to);
}

static const uint16_t *
table_of(enum hz_charset c)
{
	switch (c) {
	case HZ_CHARSET_WINDOWS_1251:
		return table_windows_1251;
	case HZ_CHARSET_WINDOWS_1252:
		return table_windows_1252;
	case HZ_CHARSET_WINDOWS_1254:
		return table_windows_1254;
	case HZ_CHARSET_WINDOWS_1256:
		return table_windows_1256;
	case HZ_CHARSET_ISO_8859_6:
		return table_iso_8859_6;
	case HZ_CHARSET_NONE:
	case HZ_CHARSET_UTF8:
	case HZ_CHARSET_UTF16LE:
	case HZ_CHARSET_UTF16BE:
	case HZ_CHARSET_UTF32LE:
	case HZ_CHARSET_UTF32BE:
	default:
		return NULL;
	}
}

static size_t
unit_of(enum hz_charset c)
{
	return c == HZ_CHARSET_UTF16LE || c == HZ_CHARSET_UTF16BE   ? 2
	       : c == HZ_CHARSET_UTF32LE || c == HZ_CHARSET_UTF32BE ? 4
								    : 1;
}

static uint32_t
unit(enum hz_charset c, const uint8_t *p)
{
	switch (c) {
	case HZ_CHARSET_UTF16LE:
		return p[0] | (uint32_t)p[1] << 8;
	case HZ_CHARSET_UTF16BE:
		return p[1] | (uint32_t)p[0] << 8;
	case HZ_CHARSET_UTF32LE:
		return p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
	case HZ_CHARSET_UTF32BE:
		return p[3] | (uint32_t)p[2] << 8 | (uint32_t)p[1] << 16 | (uint32_t)p[0] << 24;
	case HZ_CHARSET_NONE:
	case HZ_CHARSET_UTF8:
	case HZ_CHARSET_WINDOWS_1251:
	case HZ_CHARSET_WINDOWS_1252:
	case HZ_CHARSET_WINDOWS_1254:
	case HZ_CHARSET_WINDOWS_1256:
	case HZ_CHARSET_ISO_8859_6:
	default:
		return p[0];
	}
}

/* One unit of UTF-16 or UTF-32. */
static char *
put_unit(struct hz_decoder *d, uint32_t u, char *to)
{
	bool wide = d->from == HZ_CHARSET_UTF16LE || d->from == HZ_CHARSET_UTF16BE;

	if (d->high != 0) {
		uint32_t high = d->high;

		d->high = 0;
		if (u >= 0xDC00 && u <= 0xDFFF) {
			return put_char(to, 0x10000 + ((high - 0xD800) << 10) + (u - 0xDC00));
		}
		to = put_char(to, REPLACEMENT);
	}
	if (wide && u >= 0xD800 && u <= 0xDBFF) {
		d->high = u;
		return to;
	}
	return put_char(to, u);
}

/* Bytes that begin a character and may yet become one. */
static bool
is_unfinished(const uint8_t *p, size_t n)
{
	size_t want = p[0] >= 0xF0 ? 4 : p[0] >= 0xE0 ? 3 : 2;

	if (p[0] < 0xC2 || p[0] > 0xF4 || n >= want) {
		return false;
	}
	for (size_t i = 1; i < n; i++) {
		if ((p[i] & 0xC0) != 0x80) {
			return false;
		}
	}
	return true;
}

static char *
put_utf8(struct hz_decoder *d, const uint8_t *p, size_t n, bool last, char *to)
{
	for (size_t i = 0; i < n;) {
		uint32_t cp = 0;
		size_t used = hz_utf8_next(p + i, n - i, &cp);

		if (cp == UINT32_MAX && !last && n - i < 4 && is_unfinished(p + i, n - i)) {
			d->rest_n = n - i;
			memcpy(d->rest, p + i, d->rest_n);
			return to;
		}
		to = put_char(to, cp == UINT32_MAX ? REPLACEMENT : cp);
		i += used;
	}
	return to;
}

/* Completes what the last piece left, byte by byte; says how many bytes of this one it took. */
static size_t
finish_rest(struct hz_decoder *d, const uint8_t *p, size_t n, bool last, char **to)
{
	size_t took = 0, want = unit_of(d->from);

	while (d->rest_n > 0 && took < n) {
		d->rest[d->rest_n++] = p[took++];
		if (d->from != HZ_CHARSET_UTF8) {
			if (d->rest_n == want) {
				d->rest_n = 0;
				*to = put_unit(d, unit(d->from, d->rest), *to);
			}
		} else if (!is_unfinished(d->rest, d->rest_n)) {
			uint8_t all[4];
			size_t all_n = d->rest_n;

			memcpy(all, d->rest, all_n);
			d->rest_n = 0;
			*to = put_utf8(d, all, all_n, last && took == n, *to);
		}
	}
	return took;
}

struct hz_decoder
hz_decoder_for(enum hz_charset from)
{
	return (struct hz_decoder){ .from = from == HZ_CHARSET_NONE ? HZ_CHARSET_UTF8 : from };
}

size_t
hz_decoder_put(struct hz_decoder *d, const uint8_t *p, size_t n, bool last, char *ret_p)
{
	char *to = ret_p;
	const uint16_t *table = table_of(d->from);
	size_t took = finish_rest(d, p, n, last, &to);

	p += took;
	n -= took;
	if (table != NULL) {
		for (size_t i = 0; i < n; i++) {
			uint32_t c = p[i] < 0x80 ? p[i] : table[p[i] - 0x80];
			to = put_char(to, p[i] >= 0x80 && c == 0 ? REPLACEMENT : c);
		}
	} else if (d->from == HZ_CHARSET_UTF8) {
		if (n > 0) {
			to = put_utf8(d, p, n, last, to);
		}
	} else {
		size_t step = unit_of(d->from), i = 0;

		for (; i + step <= n; i += step) {
			to = put_unit(d, unit(d->from, p + i), to);
		}
		if (i < n) {
			d->rest_n = n - i;
			memcpy(d->rest, p + i, d->rest_n);
		}
	}
	if (last && d->from == HZ_CHARSET_UTF8) {
		/* Each of them is a wrong byte by itself, as it would have been in one piece. */
		for (; d->rest_n > 0; d->rest_n--) {
			to = put_char(to, REPLACEMENT);
		}
	} else if (last && (d->rest_n > 0 || d->high != 0)) {
		d->rest_n = 0;
		d->high = 0;
		to = put_char(to, REPLACEMENT);
	}
	return (size_t)(to - ret_p);
}

/* --- a plain text -----------------------------------------------------------------------------------------
 */

static enum hz_err
text_body(struct hz_doc *d, struct hz_decoder *dec, uint64_t at, uint8_t *block, char *room)
{
	size_t n = 0;

	do {
		HZ_TRY(hz_source_some(d->src, at, block, BLOCK, &n));
		at += n;
		size_t made = hz_decoder_put(dec, block, n, n < BLOCK, room);
		HZ_TRY(hz_doc_text(d, room, made));
		HZ_TRY(hz_doc_time(d));
	} while (n == BLOCK);
	return HZ_OK;
}

static enum hz_err
text_in(struct hz_doc *d, const char *said, uint8_t *block, char *room)
{
	size_t n = 0, mark = 0;
	enum hz_charset named = hz_charset_named(said, strlen(said));
	const char *by = "mark";

	HZ_TRY(hz_source_some(d->src, 0, block, LOOK, &n));
	enum hz_charset c = hz_charset_mark(block, n, &mark);

	if (c == HZ_CHARSET_NONE) {
		c = hz_charset_guess(block, n, n < LOOK, named);
		by = c == named ? "libmagic" : "guess";
	}
	struct hz_decoder dec = hz_decoder_for(c);

	hz_claims_add(d->claims, HZ_CLAIM_DOC_CHARSET, hz_charset_name(c));
	hz_claims_add(d->claims, HZ_CLAIM_DOC_CHARSET_BY, by);
	/* UTF-8 is its own text. */
	return d->text != NULL && c != HZ_CHARSET_UTF8 ? text_body(d, &dec, mark, block, room) : HZ_OK;
}

HZ_RESULT
hz_text_read(struct hz_doc *d, const char *said)
{
	uint8_t *block = malloc(LOOK);
	char *room = malloc(HZ_DECODER_ROOM(BLOCK));
	enum hz_err r =
	    block == NULL || room == NULL ? hz_fail(HZ_MSG_NOMEM, "a text") : text_in(d, said, block, room);

	free(block);
	free(room);
	return r;
}
