#include "base/enc.h"
#include "text/fold_table.h"
#include "text/text.h"

#include <string.h>

#define REPLACEMENT 0xFFFDU
#define CHUNK       256

/* The next character of three or four bytes, or none: bytes used, and its entry. What is no UTF-8 gives
 * U+FFFD, byte by byte. */
static size_t
next_entry(const uint8_t *p, size_t n, uint32_t *ret_e)
{
	uint32_t cp;
	size_t used = hz_utf8_next(p, n, &cp);
	if (cp > 0x10FFFF) {
		cp = REPLACEMENT;
	}
	uint32_t e = hz_fold_entry[(size_t)hz_fold_page[cp >> 8] * 256 + (cp & 0xFF)];
	*ret_e = (e & (FOLD_CP | FOLD_DROP | FOLD_MULTI)) == 0 ? e | cp : e;
	return used;
}

static size_t
put_pool(uint32_t entry, uint32_t start, uint32_t end, struct hz_fold_char *out)
{
	const uint32_t *parts = hz_fold_pool + (entry & FOLD_CP);
	size_t n = *parts++;
	for (size_t i = 0; i < n; i++) {
		out[i] = (struct hz_fold_char){ parts[i], start, end };
	}
	return n;
}

size_t
hz_text_fold_map(const void *bytes, size_t n, size_t *pos, struct hz_fold_char *out, size_t max)
{
	const uint8_t *p = bytes;
	size_t i = *pos;
	size_t made = 0;
	size_t most = max - HZ_FOLD_MORE;
	hz_assert(max >= HZ_FOLD_MORE && n <= UINT32_MAX);
	while (i < n) {
		uint32_t e;
		size_t used = 1;
		uint32_t c = p[i];
		if (c < 0x80) {
			e = hz_fold_low[c];
		} else if (c - 0xC2 <= 0xDF - 0xC2 && i + 1 < n && (p[i + 1] & 0xC0) == 0x80) {
			e = hz_fold_low[(c << 6 & 0x7C0) | (p[i + 1] & 0x3FU)];
			used = 2;
		} else {
			used = next_entry(p + i, n - i, &e);
		}
		if ((e & (FOLD_DROP | FOLD_MULTI)) == 0 && made <= most) {
			struct hz_fold_char *to = &out[made++];
			to->v = e;
			to->start = (uint32_t)i;
			i += used;
			to->end = (uint32_t)i;
			continue;
		}
		if ((e & FOLD_DROP) != 0) {
			i += used;
			if ((e & FOLD_EXTEND) != 0 && made > 0) {
				out[made - 1].end = (uint32_t)i;
			}
			continue;
		}
		if (made > most) {
			break; /* only here, so that the marks of the last letter are behind us */
		}
		made += put_pool(e, (uint32_t)i, (uint32_t)(i + used), out + made);
		i += used;
	}
	*pos = i;
	return made;
}

enum hz_err
hz_text_fold(const void *p, size_t n, struct hz_buf *out)
{
	struct hz_fold_char some[CHUNK];
	uint8_t bytes[(size_t)CHUNK * 4];
	size_t before = out->len;
	const uint8_t *b = p;
	while (n > 0) {
		/* The map counts in 32 bits; characters do not lie over the cuts of a longer text, marks may.
		 */
		size_t part = n;
		size_t pos = 0;
		if (part > UINT32_MAX) {
			part = UINT32_MAX;
			while (part > UINT32_MAX - 4 && (b[part] & 0xC0) == 0x80) {
				part--;
			}
		}
		while (pos < part) {
			size_t made = hz_text_fold_map(b, part, &pos, some, CHUNK);
			size_t len = 0;
			for (size_t i = 0; i < made; i++) {
				len += hz_utf8_put(some[i].v & HZ_FOLD_CP, bytes + len);
			}
			enum hz_err err = len == 0 ? HZ_OK : hz_buf_put(out, bytes, len);
			if (err != HZ_OK) {
				out->len = before;
				return err;
			}
		}
		b += part;
		n -= part;
	}
	return HZ_OK;
}

bool
hz_text_contains_folded(const void *hay, size_t hay_n, const void *needle, size_t needle_n)
{
	/* UTF-8: a match of whole characters can only begin at a character. */
	return needle_n == 0 || (hay_n > 0 && memmem(hay, hay_n, needle, needle_n) != NULL);
}
