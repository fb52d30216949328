#include "base/enc.h"

#include <string.h>
#include <wchar.h>

#define INVALID 0xFFFFFFFFU

struct range {
	uint32_t first, last;
};

static bool
in_ranges(const struct range *r, size_t n, uint32_t cp)
{
	for (size_t i = 0; i < n; i++) {
		if (cp >= r[i].first && cp <= r[i].last) {
			return true;
		}
	}
	return false;
}

size_t
hz_utf8_next(const uint8_t *p, size_t n, uint32_t *ret_cp)
{
	if (n == 0) {
		return 0;
	}
	uint32_t cp = p[0];
	size_t len;
	uint32_t least;
	if (cp < 0x80) {
		*ret_cp = cp;
		return 1;
	}
	if (cp >= 0xC2 && cp <= 0xDF) {
		len = 2;
		least = 0x80;
		cp &= 0x1F;
	} else if (cp >= 0xE0 && cp <= 0xEF) {
		len = 3;
		least = 0x800;
		cp &= 0x0F;
	} else if (cp >= 0xF0 && cp <= 0xF4) {
		len = 4;
		least = 0x10000;
		cp &= 0x07;
	} else {
		*ret_cp = INVALID;
		return 1;
	}
	*ret_cp = INVALID;
	if (n < len) {
		return 1;
	}
	for (size_t i = 1; i < len; i++) {
		if ((p[i] & 0xC0) != 0x80) {
			return 1;
		}
		cp = cp << 6 | (p[i] & 0x3FU);
	}
	if (cp < least || cp > 0x10FFFF || (cp >= 0xD800 && cp <= 0xDFFF)) {
		return 1;
	}
	*ret_cp = cp;
	return len;
}

size_t
hz_utf8_put(uint32_t cp, uint8_t *ret_p)
{
	if (cp < 0x80) {
		ret_p[0] = (uint8_t)cp;
		return 1;
	}
	if (cp < 0x800) {
		ret_p[0] = (uint8_t)(0xC0 | cp >> 6);
		ret_p[1] = (uint8_t)(0x80 | (cp & 0x3F));
		return 2;
	}
	if (cp < 0x10000) {
		ret_p[0] = (uint8_t)(0xE0 | cp >> 12);
		ret_p[1] = (uint8_t)(0x80 | (cp >> 6 & 0x3F));
		ret_p[2] = (uint8_t)(0x80 | (cp & 0x3F));
		return 3;
	}
	ret_p[0] = (uint8_t)(0xF0 | cp >> 18);
	ret_p[1] = (uint8_t)(0x80 | (cp >> 12 & 0x3F));
	ret_p[2] = (uint8_t)(0x80 | (cp >> 6 & 0x3F));
	ret_p[3] = (uint8_t)(0x80 | (cp & 0x3F));
	return 4;
}

bool
hz_utf8_ok(const void *p, size_t n)
{
	const uint8_t *b = p;
	size_t i = 0;
	while (i < n) {
		uint64_t word;
		if (n - i >= sizeof word) {
			memcpy(&word, b + i, sizeof word);
			if ((word & 0x8080808080808080U) == 0) {
				i += sizeof word;
				continue;
			}
		}
		/* Two bytes hold most letters that are not ASCII: Arabic, Cyrillic, Latin with marks. */
		while (n - i >= 2 && b[i] >= 0xC2 && b[i] <= 0xDF && (b[i + 1] & 0xC0) == 0x80) {
			i += 2;
		}
		if (i == n) {
			return true;
		}
		if (b[i] < 0x80) {
			i++;
			continue;
		}
		uint32_t cp;
		i += hz_utf8_next(b + i, n - i, &cp);
		if (cp == INVALID) {
			return false;
		}
	}
	return true;
}

/* What changes the direction or the place of other text, breaks a line or cannot be seen. */
static bool
is_unsafe(uint32_t cp)
{
	static const struct range unsafe[] = {
		{ 0x00, 0x1F },
		{ 0x7F, 0x9F },
		{ 0xAD, 0xAD },
		{ 0x034F, 0x034F },
		{ 0x061C, 0x061C },
		{ 0x115F, 0x1160 },
		{ 0x17B4, 0x17B5 },
		{ 0x180E, 0x180E },
		{ 0x200B, 0x200F },
		{ 0x2028, 0x202E },
		{ 0x2060, 0x206F },
		{ 0x3164, 0x3164 },
		{ 0xFEFF, 0xFEFF },
		{ 0xFFA0, 0xFFA0 },
		{ 0xFFF9, 0xFFFB },
		{ 0xFFFE, 0xFFFF },
		{ 0xE0000, 0xE0FFF },
	};
	return in_ranges(unsafe, sizeof unsafe / sizeof unsafe[0], cp);
}

static enum hz_err
print_one(struct hz_buf *out, const uint8_t *p, size_t used, uint32_t cp)
{
	if (cp == INVALID || cp < 0x20 || cp == 0x7F) {
		return hz_buf_printf(out, "\\x%02x", p[0]);
	}
	if (cp == '\\') {
		return hz_buf_puts(out, "\\\\");
	}
	if (!is_unsafe(cp)) {
		return hz_buf_put(out, p, used);
	}
	return cp <= 0xFFFF ? hz_buf_printf(out, "\\u%04x", cp) : hz_buf_printf(out, "\\U%08x", cp);
}

enum hz_err
hz_print_safe(struct hz_buf *out, const void *p, size_t n, bool isolate)
{
	static const uint8_t first_strong_isolate[] = { 0xE2, 0x81, 0xA8 }; /* U+2068 */
	static const uint8_t pop_isolate[] = { 0xE2, 0x81, 0xA9 };          /* U+2069 */
	const uint8_t *b = p;
	size_t before = out->len;
	enum hz_err err = isolate ? hz_buf_put(out, first_strong_isolate, 3) : HZ_OK;
	size_t i = 0;
	while (err == HZ_OK && i < n) {
		uint32_t cp;
		size_t used = hz_utf8_next(b + i, n - i, &cp);
		err = print_one(out, b + i, used, cp);
		i += used;
	}
	if (err == HZ_OK && isolate) {
		err = hz_buf_put(out, pop_isolate, 3);
	}
	if (err != HZ_OK) {
		out->len = before;
	}
	return err;
}

size_t
hz_text_width(const char *s, size_t n)
{
	/* libc knows no marks outside of a UTF-8 locale: those that our texts are full of stand here. */
	static const struct range marks[] = {
		{ 0x0300, 0x036F },
		{ 0x0610, 0x061A },
		{ 0x061C, 0x061C },
		{ 0x064B, 0x065F },
		{ 0x0670, 0x0670 },
		{ 0x06D6, 0x06DC },
		{ 0x06DF, 0x06E4 },
		{ 0x06E7, 0x06E8 },
		{ 0x06EA, 0x06ED },
		{ 0x200B, 0x200F },
		{ 0x202A, 0x202E },
		{ 0x2060, 0x206F },
		{ 0xFE00, 0xFE0F },
		{ 0xFEFF, 0xFEFF },
	};
	const uint8_t *b = (const uint8_t *)s;
	size_t width = 0;
	size_t i = 0;
	while (i < n) {
		uint32_t cp;
		i += hz_utf8_next(b + i, n - i, &cp);
		if (cp == INVALID) {
			width += 1; /* terminals draw one replacement sign */
			continue;
		}
		if (cp < 0x20 || (cp >= 0x7F && cp < 0xA0) ||
		    in_ranges(marks, sizeof marks / sizeof marks[0], cp)) {
			continue;
		}
		int w = wcwidth((wchar_t)cp);
		width += w < 0 ? 1 : (size_t)w;
	}
	return width;
}
