/* How parsers say what they found. Each of these drops what is no value of its key, and what is said a second
 * time: the first stays. A parser never fails because of a value. */
#ifndef HZ_INSPECT_CLAIMS_H
#define HZ_INSPECT_CLAIMS_H

#include "sandbox/claims.h"

/* A value as it stands, NUL-ended. */
void hz_claims_add(struct hz_claims *c, enum hz_claim_key key, const char *value);
/* Text of n bytes, up to the first zero byte: bytes that are not UTF-8 become U+FFFD, controls and line ends
 * a space, runs of spaces one; spaces at the ends go; cut after HZ_CLAIM_VALUE_MAX bytes, between characters.
 * Nothing where nothing is left. */
void hz_claims_add_text(struct hz_claims *c, enum hz_claim_key key, const void *bytes, size_t n);
void hz_claims_add_number(struct hz_claims *c, enum hz_claim_key key, uint64_t v);
/* A number of units, each 10^-places (at most 9): 1024 with 3 is 1.024. Zeros at the end go. */
void hz_claims_add_decimal(struct hz_claims *c, enum hz_claim_key key, int64_t v, unsigned places);
/* Seconds since 1970 in UTC; nothing where the year is not from 1 to 9999. */
void hz_claims_add_unix(struct hz_claims *c, enum hz_claim_key key, int64_t seconds);
/* A time as files write it, n bytes up to the first zero byte: YYYY:MM:DD hh:mm:ss (EXIF), or ISO 8601 with -
 * or no sign between, T or a space, fractions, Z, +hh:mm, +hhmm, +hh. Spaces at the ends go. Nothing for
 * anything else (blank fields, 0000:00:00). */
void hz_claims_add_time(struct hz_claims *c, enum hz_claim_key key, const void *p, size_t n);
/* The value that is there already; NULL if none. */
bool hz_claims_have(const struct hz_claims *c, enum hz_claim_key key);

#endif
