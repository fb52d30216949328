/* The rules of names, values and heads that writer and reader share. Inside the room. */
#ifndef HZ_RECORD_FIELD_H
#define HZ_RECORD_FIELD_H

#include "record/record.h"

#define HZ_DIGEST_TEXT 43 /* characters of a SHA-256 in base64url */
#define HZ_SALT        16
#define HZ_DECOY       32
#define HZ_DIGESTS_OF  8 /* decoys fill up to a multiple of this */
#define HZ_INT_MAX     ((UINT64_C(1) << 53) - 1)

/* [F-7.2] */
bool hz_field_name_ok(const char *name, size_t n);
/* Takes what is malloc'ed, frees it on failure. */
HZ_RESULT hz_record_push(struct hz_record *r, char *name, char *value, bool is_int);
/* Bytes of the record as a file, from those of its payload and its joined disclosures. */
size_t hz_record_file_size(size_t payload, size_t disclosures);
/* iss is an origin [F-5.4]; ver and prev agree. */
HZ_RESULT hz_record_head_check(const struct hz_record *r);

/* A draft whose randomness comes from a function: the test vectors fix it. */
typedef void hz_random_fn(void *arg, void *p, size_t n);
HZ_RESULT hz_record_draft_with(
    struct hz_record *r, hz_random_fn *draw, void *arg, struct hz_record_draft *ret_d);
HZ_RESULT hz_record_draft_add_with(
    struct hz_record_draft *d, const char *name, const char *value, hz_random_fn *draw, void *arg);

#endif
