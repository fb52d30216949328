/* A floor under new passphrases. It catches the worst (short, one key, keyboard runs, one repeated word);
 * what is above it is up to the person. */
#include "base/enc.h"
#include "door/passphrase.h"

#include <string.h>

#define STEPS_PER_BIT 16U /* bits are counted in sixteenths */
#define SEEN_MAX      64

enum class {
	CLASS_LOWER = 1,
	CLASS_UPPER = 2,
	CLASS_DIGIT = 4,
	CLASS_OTHER = 8, /* spaces and punctuation */
	CLASS_ARABIC = 16,
	CLASS_WIDE = 32
};

static unsigned
class_of(uint32_t cp)
{
	if (cp >= 'a' && cp <= 'z') {
		return CLASS_LOWER;
	}
	if (cp >= 'A' && cp <= 'Z') {
		return CLASS_UPPER;
	}
	if ((cp >= '0' && cp <= '9') || (cp >= 0x660 && cp <= 0x669) || (cp >= 0x6f0 && cp <= 0x6f9)) {
		return CLASS_DIGIT;
	}
	if (cp < 0x80) {
		return CLASS_OTHER;
	}
	return cp >= 0x600 && cp <= 0x6ff ? CLASS_ARABIC : CLASS_WIDE;
}

/* log2 of the number of characters that the classes offer, in sixteenths. */
static unsigned
bits_per_char(unsigned classes)
{
	static const struct {
		unsigned pool, bits;
	} logs[] = { { 10, 53 }, { 26, 75 }, { 36, 83 }, { 52, 91 }, { 62, 95 }, { 95, 105 }, { 135, 113 } };
	unsigned pool = 0;

	pool += (classes & CLASS_LOWER) != 0 ? 26 : 0;
	pool += (classes & CLASS_UPPER) != 0 ? 26 : 0;
	pool += (classes & CLASS_DIGIT) != 0 ? 10 : 0;
	pool += (classes & CLASS_OTHER) != 0 ? 16 : 0;
	pool += (classes & CLASS_ARABIC) != 0 ? 36 : 0;
	pool += (classes & CLASS_WIDE) != 0 ? 64 : 0;
	for (size_t i = sizeof logs / sizeof logs[0]; i > 0; i--) {
		if (pool >= logs[i - 1].pool) {
			return logs[i - 1].bits;
		}
	}
	return logs[0].bits;
}

unsigned
hz_passphrase_bits(const void *p, size_t n, size_t *ret_chars)
{
	const uint8_t *s = p;
	uint32_t seen[SEEN_MAX];
	size_t distinct = 0;
	size_t chars = 0;
	size_t fresh = 0; /* characters that do not repeat or continue the one before */
	unsigned classes = 0;
	uint32_t before = 0;
	size_t used = 0;

	for (size_t i = 0; i < n; i += used) {
		uint32_t cp = 0;
		used = hz_utf8_next(s + i, n - i, &cp);
		bool known = false;
		for (size_t k = 0; k < distinct && !known; k++) {
			known = seen[k] == cp;
		}
		if (!known && distinct < SEEN_MAX) {
			seen[distinct++] = cp;
		}
		bool run = chars > 0 && (cp == before || cp == before + 1 || cp + 1 == before);
		fresh += run ? 0 : 1;
		classes |= class_of(cp);
		before = cp;
		chars++;
	}
	explicit_bzero(seen, sizeof seen);
	/* Few different characters carry little, however often they are repeated. */
	size_t counted = fresh < 3 * distinct ? fresh : 3 * distinct;
	*ret_chars = chars;
	return (unsigned)(counted * bits_per_char(classes) + (chars - fresh) * STEPS_PER_BIT / 2) /
	       STEPS_PER_BIT;
}
