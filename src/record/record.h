/* Records as SD-JWT (docs/format.md 7, a profile of RFC 9901). Pure. The JWS envelope lies in custody, a room
 * of the same floor: this room makes and reads the payload, the vault puts both together. */
#ifndef HZ_RECORD_RECORD_H
#define HZ_RECORD_RECORD_H

#include "base/buf.h"

#define HZ_RECORD_MAX        262144
#define HZ_RECORD_FIELDS_MAX 512
#define HZ_RECORD_EX_MAX     64
#define HZ_RECORD_TYP        "hirz-record+sd-jwt" /* of the JWS around the payload */
#define HZ_FIELD_NAME_MAX    100
#define HZ_FIELD_VALUE_MAX   16384

struct hz_field {
	char *name, *value; /* value NUL-ended UTF-8; integers as decimal text with is_int */
	bool is_int;
	char *disclosure; /* the base64url text; NULL until built or where only a field list is wanted */
};
struct hz_record {
	uint8_t rid[16];
	uint32_t ver;
	char iss[128];
	bool has_prev;
	uint8_t prev[32]; /* SHA-256 of the earlier version's JWT */
	size_t nex;
	uint8_t (*ex)[16]; /* exhibit ids in clear; heap */
	size_t n, cap;
	struct hz_field *fields; /* heap */
	size_t withheld;         /* reader: digests in _sd without a disclosure (fields and decoys alike) */
};
void hz_record_init(struct hz_record *r);
/* Frees everything; the record is as after hz_record_init. */
void hz_record_done(struct hz_record *r);
/* Each adds one field and copies. HZ_MSG_FORMAT for a name against [F-7.2], the second field of one name,
 * text that is not UTF-8 or holds a zero byte; HZ_MSG_LIMIT over the limits above, or an integer of more than
 * 2^53-1. */
HZ_RESULT hz_record_add(struct hz_record *r, const char *name, const char *value); /* value NULL: nothing */
HZ_RESULT hz_record_addn(struct hz_record *r, const char *name, const void *value, size_t n);
HZ_RESULT hz_record_add_int(struct hz_record *r, const char *name, uint64_t value);
HZ_RESULT hz_record_add_ex(struct hz_record *r, const uint8_t ex[static 16]);
const char *hz_record_get(const struct hz_record *r, const char *name); /* NULL if absent */
/* The field is there and is just this. */
bool hz_record_is(const struct hz_record *r, const char *name, const char *value);

/* What has been made of the fields: salts are in, nothing but the digests' order is open. May be made in a
 * worker; hz_record_draft_add adds what only the writer knows (exhibit.number). Free with
 * hz_record_draft_done. */
struct hz_record_draft {
	struct hz_buf digests;     /* 43 characters each: those of the fields, then decoys */
	struct hz_buf disclosures; /* joined by '~', without a leading or trailing one */
	size_t count;              /* digests */
	size_t fields;             /* those that are no decoys */
};
/* Also sets the fields' disclosure. HZ_MSG_LIMIT where the record would be over HZ_RECORD_MAX. */
HZ_RESULT hz_record_draft(struct hz_record *r, struct hz_record_draft *ret_d);
/* One field more, in the place of a decoy (with eight digests more where there is none). The name must not be
 * in the draft yet. */
HZ_RESULT hz_record_draft_add(struct hz_record_draft *d, const char *name, const char *value);
void hz_record_draft_done(struct hz_record_draft *d);
/* Appends the payload of the JWT for a finished draft: sorts digests, writes canonical JSON from the draft
 * and from rid, ver, iss, prev and ex of r. HZ_MSG_FORMAT where these are not as [F-7.1] wants them,
 * HZ_MSG_LIMIT as above. */
HZ_RESULT hz_record_payload(const struct hz_record *r, const struct hz_record_draft *d, struct hz_buf *out);

/* Reads a JWT payload (already out of its envelope) and the disclosures joined by '~' (n 0: none); every rule
 * of [F-7.1] to [F-7.3]. HZ_MSG_FORMAT, HZ_MSG_TAMPERED for a disclosure that is not in _sd, HZ_MSG_LIMIT
 * over HZ_RECORD_MAX. ret must be initialised; what it held is freed. Fields come in the order of the
 * disclosures. */
HZ_RESULT hz_record_read(
    const void *payload, size_t pn, const char *disclosures, size_t dn, struct hz_record *ret);
/* Splits the file form JWT~d~d~ : the JWT's length (it begins at 0), and where the joined disclosures lie
 * (without the last '~'; length 0: none). Only the form is checked. HZ_MSG_FORMAT, HZ_MSG_LIMIT. */
HZ_RESULT hz_record_split(
    const void *p, size_t n, size_t *ret_jwt, size_t *ret_disc_at, size_t *ret_disc_len);

#endif
