/* Characters of other times: from the encodings met in documents of our region to UTF-8. Own tables, since
 * iconv loads modules from files, which a sandbox cannot. */
#ifndef HZ_INSPECT_CHARSET_H
#define HZ_INSPECT_CHARSET_H

#include "inspect/doc.h"

enum hz_charset {
	HZ_CHARSET_NONE = 0, /* not known, not offered */
	HZ_CHARSET_UTF8,     /* what is not UTF-8 becomes U+FFFD */
	HZ_CHARSET_UTF16LE,
	HZ_CHARSET_UTF16BE,
	HZ_CHARSET_UTF32LE,
	HZ_CHARSET_UTF32BE,
	HZ_CHARSET_WINDOWS_1251, /* Cyrillic */
	HZ_CHARSET_WINDOWS_1252, /* Western; iso-8859-1 and us-ascii are read as this */
	HZ_CHARSET_WINDOWS_1254, /* Turkish, Latin Kurdish; iso-8859-9 is read as this */
	HZ_CHARSET_WINDOWS_1256, /* Arabic */
	HZ_CHARSET_ISO_8859_6,   /* Arabic */
};

/* By a name of any case ("windows-1256", "cp1256", "utf-8"): NONE where it is not offered. */
enum hz_charset hz_charset_named(const char *name, size_t n);
/* Its usual name; "unknown" for NONE. */
const char *hz_charset_name(enum hz_charset c);
/* What a byte order mark at the beginning says; *ret_n its length. NONE without. */
enum hz_charset hz_charset_mark(const uint8_t *p, size_t n, size_t *ret_n);
/* Guesses from the first bytes of a text without a mark: UTF-16 by its zero bytes, UTF-8 where that is
 * valid, else windows-1256 where most of the high bytes are Arabic letters beside each other, else what
 * said is (the media type's charset), else windows-1252. whole: the bytes are the whole text. */
enum hz_charset hz_charset_guess(const uint8_t *p, size_t n, bool whole, enum hz_charset said);

/* A conversion in pieces. */
struct hz_decoder {
	enum hz_charset from;
	uint8_t rest[4]; /* of a character cut by a piece's end */
	size_t rest_n;
	uint32_t high; /* UTF-16: first half of a pair */
};
#define HZ_DECODER_ROOM(n) (3 * (n) + 12)
struct hz_decoder hz_decoder_for(enum hz_charset from);
/* At most 3 bytes come out for each byte that goes in, and 12 more. ret_p has room for that. last: nothing
 * follows. Returns the bytes written. */
size_t hz_decoder_put(struct hz_decoder *d, const uint8_t *p, size_t n, bool last, char *ret_p);

/* A plain text: the claims doc.charset and doc.charset_by ("mark", "libmagic", "guess"), then its characters
 * without mark. said: charset of the media type, may be empty. */
HZ_RESULT hz_text_read(struct hz_doc *d, const char *said);

#endif
