/* Words to read a checkpoint over the phone [F-8.16]. The lists are data/words-*.txt, built in. */
#include "outside/outside.h"

#include "base/enc.h"
#include "text/text.h"
#include <string.h>

/* clang-format off */
/* NOLINTBEGIN(bugprone-macro-parentheses): a name that is declared cannot stand in them */
#define LIST(name, file)                                                                                     \
	__asm__(".section .rodata\n"                                                                         \
		".global " #name "\n.hidden " #name "\n" #name ":\n.incbin \"" file "\"\n.byte 0\n.previous\n"); \
	extern const char name[];
/* NOLINTEND(bugprone-macro-parentheses) */
/* clang-format on */
LIST(hz_words_en, HZ_DATA "/words-en.txt")
LIST(hz_words_ar, HZ_DATA "/words-ar.txt")

#define LABEL "hirz-words/v1\n"
#define COUNT 256

/* The word of a byte and its length. */
static const char *
line_of(enum hz_words_lang lang, uint8_t byte, size_t *ret_n)
{
	const char *s = lang == HZ_WORDS_AR ? hz_words_ar : hz_words_en;

	for (unsigned i = 0; i < byte; i++) {
		s = strchr(s, '\n');
		hz_assert(s != NULL);
		s++;
	}
	*ret_n = strcspn(s, "\n");
	return s;
}

enum hz_err
hz_word_put(enum hz_words_lang lang, uint8_t byte, struct hz_buf *out)
{
	size_t n = 0;
	const char *s = line_of(lang, byte, &n);

	return hz_buf_put(out, s, n);
}

/* The first byte of the hash of the others: a wrong word or two in the wrong order are found. */
static uint8_t
check_byte(const uint8_t b[static HZ_WORDS_BYTES])
{
	uint8_t h[32];

	hz_sha256_2(LABEL, sizeof LABEL - 1, b, HZ_WORDS_BYTES, h);
	return h[0];
}

void
hz_words_of(const void *text, size_t n, uint8_t ret_b[static HZ_WORDS])
{
	uint8_t h[32];

	hz_sha256_2(LABEL, sizeof LABEL - 1, text, n, h);
	memcpy(ret_b, h, HZ_WORDS_BYTES);
	ret_b[HZ_WORDS_BYTES] = check_byte(ret_b);
}

/* A letter of either script, or a mark on one. */
static bool
is_letter(uint32_t cp)
{
	return (cp >= 'a' && cp <= 'z') || (cp >= 'A' && cp <= 'Z') || (cp >= 0x0620 && cp <= 0x065f) ||
	       (cp >= 0x066e && cp <= 0x06d3);
}

static enum hz_err
find(const char *s, size_t n, uint8_t *ret_b)
{
	struct hz_buf typed = HZ_BUF_INIT(256), word = HZ_BUF_INIT(256);
	bool found = false;
	enum hz_err err =
	    n > 64 ? hz_fail(HZ_MSG_FORMAT, "a word of %zu bytes", n) : hz_text_fold(s, n, &typed);

	for (unsigned i = 0; err == HZ_OK && !found && i < 2 * COUNT; i++) {
		size_t len = 0;
		const char *line = line_of(i < COUNT ? HZ_WORDS_EN : HZ_WORDS_AR, (uint8_t)(i % COUNT), &len);
		hz_buf_clear(&word);
		err = hz_text_fold(line, len, &word);
		if (err == HZ_OK && word.len == typed.len && memcmp(word.p, typed.p, word.len) == 0) {
			found = true;
			*ret_b = (uint8_t)(i % COUNT);
		}
	}
	if (err == HZ_OK && !found) {
		err = hz_fail(HZ_MSG_FORMAT, "no word of the lists: %.*s", (int)n, s);
	}
	hz_buf_done(&typed);
	hz_buf_done(&word);
	return err;
}

enum hz_err
hz_words_read(const char *s, size_t n, uint8_t ret_b[static HZ_WORDS])
{
	uint8_t b[HZ_WORDS];
	size_t count = 0;
	uint32_t cp = 0;

	if (n > 4096 || !hz_utf8_ok(s, n)) {
		return hz_fail(HZ_MSG_FORMAT, "words: not UTF-8 text of at most 4096 bytes");
	}
	for (size_t at = 0, used; at < n;) {
		size_t from = at;
		while (at < n && (used = hz_utf8_next((const uint8_t *)s + at, n - at, &cp)) > 0 &&
		       is_letter(cp)) {
			at += used;
		}
		if (at == from) {
			at += hz_utf8_next((const uint8_t *)s + at, n - at, &cp);
			continue;
		}
		if (count == HZ_WORDS) {
			return hz_fail(HZ_MSG_FORMAT, "words: more than %d", HZ_WORDS);
		}
		HZ_TRY(find(s + from, at - from, &b[count]));
		count++;
	}
	if (count != HZ_WORDS) {
		return hz_fail(HZ_MSG_FORMAT, "words: %zu, there should be %d", count, HZ_WORDS);
	}
	if (b[HZ_WORDS_BYTES] != check_byte(b)) {
		return hz_fail(HZ_MSG_TAMPERED, "words: the last one does not fit the others");
	}
	memcpy(ret_b, b, sizeof b);
	return HZ_OK;
}
