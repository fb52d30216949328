#include "base/enc.h"
#include "text/text.h"

#include <string.h>
#include <utf8proc.h>

/* U+FDFA becomes 18 characters, more than any other. */
#define DECOMPOSED_MAX 32
#define DROP           0

static bool
is_in(uint32_t cp, uint32_t first, uint32_t last)
{
	return cp >= first && cp <= last;
}

/* Letters that people and keyboards use for one another. Decomposition has made alef with madda or hamza,
 * waw and yeh with hamza and all presentation forms into letters and marks before. */
static uint32_t
arabic_letter(uint32_t cp)
{
	if (is_in(cp, 0x0660, 0x0669)) {
		return cp - 0x0660 + '0';
	}
	if (is_in(cp, 0x06F0, 0x06F9)) {
		return cp - 0x06F0 + '0';
	}
	switch (cp) {
	case 0x0671: /* alef wasla */
	case 0x0672: /* alef with wavy hamza above */
	case 0x0673: /* alef with wavy hamza below */
		return 0x0627;
	case 0x0649: /* alef maqsura */
	case 0x06CC: /* Farsi yeh */
		return 0x064A;
	case 0x0629: /* teh marbuta */
	case 0x06BE: /* heh doachashmee */
	case 0x06C1: /* heh goal */
	case 0x06C3: /* teh marbuta goal */
	case 0x06D5: /* ae */
		return 0x0647;
	case 0x06A9: /* keheh */
	case 0x06AA: /* swash kaf */
		return 0x0643;
	case 0x0640: /* tatweel */
	case 0x0674: /* high hamza: all that is left of U+0675 beside its alef */
		return DROP;
	default:
		return is_in(cp, 0x06D6, 0x06ED) ? DROP : cp;
	}
}

static bool
is_mark(uint32_t cp)
{
	utf8proc_category_t c = utf8proc_category((utf8proc_int32_t)cp);
	return c == UTF8PROC_CATEGORY_MN || c == UTF8PROC_CATEGORY_ME;
}

/* What one decomposed character becomes, DROP for nothing. NUL itself is dropped too. */
static uint32_t
fold_one(uint32_t cp)
{
	if (cp < 0x80) {
		return cp;
	}
	if (is_mark(cp)) {
		return DROP;
	}
	if (is_in(cp, 0x0600, 0x06FF)) {
		return arabic_letter(cp);
	}
	if (cp == 0x0131) { /* dotless i */
		return 'i';
	}
	/* All controls of direction and joining: category Cf. */
	return utf8proc_category((utf8proc_int32_t)cp) == UTF8PROC_CATEGORY_CF ? DROP : cp;
}

static enum hz_err
put_char(struct hz_buf *out, uint32_t cp)
{
	utf8proc_uint8_t one[4];
	utf8proc_ssize_t n = utf8proc_encode_char((utf8proc_int32_t)cp, one);
	hz_assert(n > 0);
	return hz_buf_put(out, one, (size_t)n);
}

static enum hz_err
fold_char(struct hz_buf *out, uint32_t cp)
{
	static const utf8proc_option_t options =
	    UTF8PROC_STABLE | UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT | UTF8PROC_CASEFOLD | UTF8PROC_IGNORE;
	utf8proc_int32_t parts[DECOMPOSED_MAX];
	utf8proc_ssize_t n =
	    utf8proc_decompose_char((utf8proc_int32_t)cp, parts, DECOMPOSED_MAX, options, NULL);
	hz_assert(n <= DECOMPOSED_MAX);
	enum hz_err err = HZ_OK;
	for (utf8proc_ssize_t i = 0; err == HZ_OK && i < n; i++) {
		uint32_t to = fold_one((uint32_t)parts[i]);
		if (to != DROP) {
			err = put_char(out, to);
		}
	}
	return err;
}

enum hz_err
hz_text_fold(const void *p, size_t n, struct hz_buf *out)
{
	const uint8_t *b = p;
	size_t before = out->len;
	enum hz_err err = HZ_OK;
	size_t i = 0;
	while (err == HZ_OK && i < n) {
		uint32_t cp = b[i];
		if (cp < 0x80) {
			if (cp >= 'A' && cp <= 'Z') {
				cp += 'a' - 'A';
			}
			err = cp == DROP ? HZ_OK : hz_buf_putc(out, (char)cp);
			i++;
			continue;
		}
		i += hz_utf8_next(b + i, n - i, &cp);
		err = cp > 0x10FFFF ? put_char(out, 0xFFFD) : fold_char(out, cp);
	}
	if (err != HZ_OK) {
		out->len = before;
	}
	return err;
}

bool
hz_text_contains_folded(const void *hay, size_t hay_n, const void *needle, size_t needle_n)
{
	/* UTF-8: a match of whole characters can only begin at a character. */
	return needle_n == 0 || (hay_n > 0 && memmem(hay, hay_n, needle, needle_n) != NULL);
}
