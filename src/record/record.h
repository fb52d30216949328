/* Records as SD-JWT (docs/format.md 7). Pure. The JWS envelope is custody's neighbour: a record gets its signing
 * through callbacks, since rooms of one floor do not know each other. */
#ifndef HZ_RECORD_RECORD_H
#define HZ_RECORD_RECORD_H

#include "base/buf.h"

#define HZ_RECORD_MAX        262144
#define HZ_RECORD_FIELDS_MAX 512
#define HZ_FIELD_NAME_MAX    100
#define HZ_FIELD_VALUE_MAX   16384

struct hz_field {
	char *name, *value; /* value NUL-ended UTF-8; integers as decimal text with is_int */
	bool is_int;
	char *disclosure;   /* the base64url text; NULL until built or where only a field list is wanted */
};
struct hz_record {
	uint8_t rid[16];
	uint32_t ver;
	char iss[128];
	bool has_prev;
	uint8_t prev[32]; /* SHA-256 of the earlier version's JWT */
	size_t nex;
	uint8_t (*ex)[16]; /* exhibit ids in clear; heap */
	size_t n;
	struct hz_field *fields; /* heap */
	size_t withheld;         /* reader: digests in _sd without a disclosure (fields and decoys alike) */
};
void hz_record_init(struct hz_record *r);
void hz_record_done(struct hz_record *r);
HZ_RESULT hz_record_add(struct hz_record *r, const char *name, const char *value);          /* value NULL: nothing */
HZ_RESULT hz_record_addn(struct hz_record *r, const char *name, const void *value, size_t n); /* must be UTF-8 */
HZ_RESULT hz_record_add_int(struct hz_record *r, const char *name, uint64_t value);
HZ_RESULT hz_record_add_ex(struct hz_record *r, const uint8_t ex[static 16]);
const char *hz_record_get(const struct hz_record *r, const char *name); /* NULL if absent */

/* Builds salts, disclosures, digests, decoys; appends the canonical JWT payload to out. May be called in a worker;
 * hz_record_seal_late adds one more field afterwards (exhibit.number is only known to the writer). */
struct hz_record_draft {
	struct hz_buf digests;     /* 43 characters each, unsorted, real ones and decoys */
	struct hz_buf disclosures; /* joined by '~', without a leading or trailing one */
	size_t count;              /* digests */
};
HZ_RESULT hz_record_draft(struct hz_record *r, struct hz_record_draft *ret_d);
/* Replaces one decoy by (or adds) a field. */
HZ_RESULT hz_record_draft_add(struct hz_record_draft *d, const char *name, const char *value);
void hz_record_draft_done(struct hz_record_draft *d);
/* The payload of the JWT for a finished draft: sorts digests, writes canonical JSON. */
HZ_RESULT hz_record_payload(const struct hz_record *r, const struct hz_record_draft *d, struct hz_buf *out);

/* Reads a JWT payload (already out of its envelope) and the disclosures joined by '~' (n 0: none); every rule of
 * [F-7.1] to [F-7.3]. HZ_MSG_FORMAT, HZ_MSG_TAMPERED for a disclosure that is not in _sd. ret must be initialised. */
HZ_RESULT hz_record_read(const void *payload, size_t pn, const char *disclosures, size_t dn, struct hz_record *ret);
/* Splits the file form JWT~d~d~ : offset and length of the JWT and of the joined disclosures. */
HZ_RESULT hz_record_split(const void *p, size_t n, size_t *ret_jwt, size_t *ret_disc_at, size_t *ret_disc_len);

#endif
