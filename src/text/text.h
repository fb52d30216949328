/* Unicode normal forms, and folding of Arabic and Latin text for matching. Never alters stored text. The
 * tables of characters come from utf8proc; the Arabic letter table is our own. */
#ifndef HZ_TEXT_TEXT_H
#define HZ_TEXT_TEXT_H

#include "base/buf.h"

/* Largest text for hz_text_nfkc and hz_text_nfc, in bytes: they need 4 bytes for each character at once. */
#define HZ_TEXT_NORM_MAX ((size_t)1024 * 1024)

/* Append the NFKC (passphrases [F-11.7]) or NFC (titles, names) form of n bytes to out. Strict UTF-8:
 * HZ_MSG_FORMAT else. HZ_MSG_LIMIT over HZ_TEXT_NORM_MAX or the maximum of out, HZ_MSG_NOMEM. Everything
 * in between is wiped, so out may be a secret buffer and the text a secret. out is as before on failure. */
HZ_RESULT hz_text_nfkc(const void *p, size_t n, struct hz_buf *out);
HZ_RESULT hz_text_nfc(const void *p, size_t n, struct hz_buf *out);

/* Appends the folded form, for matching only: compatibility decomposition, case folding, no marks (harakat,
 * Koranic signs, Latin accents), no tatweel, no bidi or zero-width controls; alef forms become alef, alef
 * maqsura and Farsi yeh become yeh, teh marbuta and the other forms of heh become heh, keheh becomes kaf,
 * Arabic-Indic and Persian digits become ASCII. A byte that is not UTF-8 becomes U+FFFD, which is a
 * boundary between words. Folding a folded text changes nothing. Any length: works character by character.
 * HZ_MSG_LIMIT over the maximum of out, HZ_MSG_NOMEM; out is as before then. */
HZ_RESULT hz_text_fold(const void *p, size_t n, struct hz_buf *out);

/* The same folding with the way back, in bulk: no call for a character, a table that was made of utf8proc's
 * when the project was built. */
#define HZ_FOLD_CP     0x1FFFFFU  /* the folded character */
#define HZ_FOLD_LETTER (1U << 24) /* letters and marks that take a place of their own */
#define HZ_FOLD_DIGIT  (1U << 25)
#define HZ_FOLD_MORE   ((size_t)18) /* the most that one character becomes */
struct hz_fold_char {
	uint32_t v; /* character and kind; the kind is of the folded one */
	/* Bytes of the text that it comes from, with the marks and tatweel behind it. One that becomes
	 * several gives each of them the same place. */
	uint32_t start, end;
};
/* Folds from byte *pos on until out is full or the text ends; *pos moves on, at n the text is done. Returns
 * how many were made (may be 0 at the end). A call ends before a letter, never between a letter and its
 * marks. max at least HZ_FOLD_MORE, n at most UINT32_MAX (asserted). */
size_t hz_text_fold_map(const void *bytes, size_t n, size_t *pos, struct hz_fold_char *out, size_t max);

/* Whether a folded text contains a folded word or phrase. An empty one is in every text. */
bool hz_text_contains_folded(const void *hay, size_t hay_n, const void *needle, size_t needle_n);

#endif
