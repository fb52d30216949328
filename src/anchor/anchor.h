/* Time anchors: proofs from outside that a checkpoint of the log existed at a time (docs/format.md 8.8). A
 * token of an RFC 3161 authority or a proof of OpenTimestamps, as a record keeps it and as a bundle carries
 * it. Pure. */
#ifndef HZ_ANCHOR_ANCHOR_H
#define HZ_ANCHOR_ANCHOR_H

#include "anchor/ots.h"
#include "crypto/tsa.h"
#include "custody/custody.h"
#include "record/record.h"

#define HZ_ANCHOR_MAX       131072 /* bytes of all parts together */
#define HZ_ANCHOR_TOKEN_MAX 65536
#define HZ_ANCHOR_PIECE     12288 /* bytes of a part in one field */
#define HZ_ANCHOR_RENEW_MAX 400   /* anchors in one renewal */

enum hz_anchor_type { HZ_ANCHOR_RFC3161 = 1, HZ_ANCHOR_OTS };
const char *hz_anchor_type_name(enum hz_anchor_type t); /* "rfc3161", "ots" */

/* The parts, in the order of [F-8.8]; a bundle has a file for each that is not empty. */
enum hz_anchor_part {
	HZ_ANCHOR_CHECKPOINT, /* the signed note that was stamped; always there */
	HZ_ANCHOR_TOKEN,      /* token in DER, or the .ots file; always there */
	HZ_ANCHOR_CHAIN,      /* PEM: signer first, up to the anchor that the importer trusted */
	HZ_ANCHOR_CRLS,       /* PEM */
	HZ_ANCHOR_OCSP,       /* DER */
	HZ_ANCHOR_BLOCKS,     /* block headers, 80 bytes each */
	HZ_ANCHOR_PARTS
};
/* End of a part's file name in a bundle: "checkpoint", "tst" or "ots", "chain.pem", ... */
const char *hz_anchor_part_ext(enum hz_anchor_type t, enum hz_anchor_part p);

struct hz_anchor {
	enum hz_anchor_type type;
	struct hz_checkpoint c; /* what HZ_ANCHOR_CHECKPOINT says; set by hz_anchor_settle and the reader */
	struct hz_buf part[HZ_ANCHOR_PARTS];
};
void hz_anchor_init(struct hz_anchor *a, enum hz_anchor_type type);
void hz_anchor_done(struct hz_anchor *a);
/* Reads the checkpoint (form only) and checks the sizes. HZ_MSG_FORMAT, HZ_MSG_LIMIT. */
HZ_RESULT hz_anchor_settle(struct hz_anchor *a);
/* The fields of the record [F-8.8] without those for reading; the anchor must be settled. */
HZ_RESULT hz_anchor_to_record(const struct hz_anchor *a, struct hz_record *r);
/* Back; unknown fields named anchor.* are ignored. HZ_MSG_FORMAT. ret: hz_anchor_done also after a failure.
 */
HZ_RESULT hz_anchor_from_record(const struct hz_record *r, struct hz_anchor *ret);

/* --- renewals [F-8.11] ------------------------------------------------------------------------------- */
struct hz_renewal { /* one line: the anchor of an event, by its token */
	uint8_t log[4];
	uint64_t index;
	uint8_t sha256[32], sha512[64];
};
void hz_renewal_of(
    const uint8_t log[static 4], uint64_t index, const struct hz_buf *token, struct hz_renewal *ret);
/* Adds line n, counted from 1. HZ_MSG_LIMIT over HZ_ANCHOR_RENEW_MAX. */
HZ_RESULT hz_renewal_add(struct hz_record *r, unsigned n, const struct hz_renewal *x);
/* All lines of a record of kind `anchor-renewal`. HZ_MSG_FORMAT, HZ_MSG_LIMIT. */
HZ_RESULT hz_renewal_read(
    const struct hz_record *r, struct hz_renewal ret_list[static HZ_ANCHOR_RENEW_MAX], size_t *ret_n);

/* --- what an anchor proves ---------------------------------------------------------------------------- */
struct hz_anchor_given {                 /* from outside; all may be empty */
	struct hz_tsa_bytes authorities; /* certificates that are trusted */
	struct hz_tsa_bytes more;        /* certificates for the chain */
	const struct hz_tsa_bytes *crls, *ocsps;
	size_t ncrls, nocsps;
	const struct hz_tsa_request *request;
	struct hz_tsa_bytes blocks; /* block headers as hz_blocks_read gives them */
	bool own_chain;             /* trust the last certificate of the anchor's own chain */
	int64_t now;
};
enum hz_anchor_state {
	HZ_ANCHOR_GOOD,      /* proved by what was given */
	HZ_ANCHOR_UNTRUSTED, /* the form and the signature are right, but nothing given vouches for it */
	HZ_ANCHOR_PENDING,   /* OpenTimestamps: only promises of calendars yet */
	HZ_ANCHOR_EXPIRED,   /* a certificate had ended when it was made */
	HZ_ANCHOR_REVOKED,
	HZ_ANCHOR_BAD /* a certificate that may not do this */
};
const char *hz_anchor_state_name(enum hz_anchor_state s); /* "good", "untrusted", ... */
struct hz_anchor_facts {
	enum hz_anchor_state state;
	int64_t t;               /* the time proved: of the token; of the earliest confirmed block; else 0 */
	struct hz_tsa_facts tsa; /* RFC 3161 */
	struct hz_ots ots;       /* OpenTimestamps */
	size_t confirmed;        /* attestations that a given block header confirms */
};
/* The whole check against the anchor's own checkpoint: imprint, signature, chain, replay. Errors as
 * hz_tsa_check and hz_ots_read; HZ_MSG_ANCHOR_INVALID for a proof about other data.
 * chain and crls as there. */
HZ_RESULT hz_anchor_check(const struct hz_anchor *a, const struct hz_anchor_given *g,
    struct hz_anchor_facts *ret, struct hz_buf *chain, struct hz_buf *crls);

/* Block headers as a person gives them: 80 bytes; or lines of 160 hex digits. 1 to 64. Appends 80 bytes each.
 * HZ_MSG_FORMAT. */
HZ_RESULT hz_blocks_read(const void *p, size_t n, struct hz_buf *out);

#endif
