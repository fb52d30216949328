/* Text encodings: lower-case hex, base64 (strict, canonical, padded), base64url (strict, unpadded),
 * numbers, UTF-8 check, and printing of outside text. */
#ifndef HZ_BASE_ENC_H
#define HZ_BASE_ENC_H

#include "base/buf.h"

/* ret_s gets 2n characters and a NUL. */
void hz_hex(char *ret_s, const void *p, size_t n);
/* Exactly 2n lower-case hex characters (len is checked); HZ_MSG_FORMAT else. */
HZ_RESULT hz_unhex(const char *s, size_t len, uint8_t *ret_p, size_t n);
bool hz_is_hex(const char *s, size_t len);

enum hz_b64 { HZ_B64_STD, HZ_B64_URL /* no padding */, HZ_B64_STD_NOPAD /* age */ };
size_t hz_b64_len(enum hz_b64 kind, size_t n); /* characters for n bytes, without NUL */
HZ_RESULT hz_b64_put(struct hz_buf *b, enum hz_b64 kind, const void *p, size_t n);
/* Decodes the whole of s. Refuses white space, wrong or missing padding, non-zero trailing bits.
 * ret_n at most max; HZ_MSG_FORMAT else. */
HZ_RESULT hz_b64_get(enum hz_b64 kind, const char *s, size_t len, uint8_t *ret_p, size_t max, size_t *ret_n);

/* Decimal, whole string, no sign, no leading zero except "0" itself, at most max. */
HZ_RESULT hz_parse_u64(const char *s, size_t len, uint64_t max, uint64_t *ret_v);

/* Strict UTF-8 (no surrogates, no overlong forms, at most U+10FFFF). */
bool hz_utf8_ok(const void *p, size_t n);
/* Next code point of a string known to be UTF-8 or not: returns bytes used (1 for an invalid one, with
 * *ret_cp = 0xFFFFFFFF), 0 at the end. */
size_t hz_utf8_next(const uint8_t *p, size_t n, uint32_t *ret_cp);
/* Writes a code point (no surrogate, at most U+10FFFF): returns the bytes used, 1 to 4. */
size_t hz_utf8_put(uint32_t cp, uint8_t *ret_p);

/* Escapes outside text for people: C0, C1, DEL, bidi controls (U+200E/F, U+061C, U+202A-202E, U+2066-2069),
 * zero-width and line separators become \x1b or \u202e forms; invalid UTF-8 bytes become \xNN; a
 * backslash becomes \\. With isolate the whole is put between U+2068 and U+2069. */
HZ_RESULT hz_print_safe(struct hz_buf *out, const void *p, size_t n, bool isolate);
/* Columns that text takes on a terminal (marks and isolates 0, wide 2); from libc's wcwidth. */
size_t hz_text_width(const char *s, size_t n);

/* Seconds since the epoch to and from "YYYY-MM-DDTHH:MM:SSZ" (20 characters and NUL). */
void hz_time_format(int64_t t, char ret_s[static 21]);
HZ_RESULT hz_time_parse(const char *s, size_t len, int64_t *ret_t);
int64_t hz_time_now(void);     /* CLOCK_REALTIME, seconds */
int64_t hz_time_now_ns(void);  /* CLOCK_REALTIME, nanoseconds */
int64_t hz_time_boot_ns(void); /* CLOCK_BOOTTIME, nanoseconds */

#endif
