/* The custody log's nouns: JWS envelope, event, tree, checkpoint, proof (docs/format.md 5.3 and 8). Pure. */
#ifndef HZ_CUSTODY_CUSTODY_H
#define HZ_CUSTODY_CUSTODY_H

#include "base/buf.h"
#include "crypto/crypto.h"
#include "custody/clock.h"

#define HZ_KID_LEN    43
#define HZ_EVENT_MAX  60000
#define HZ_JWS_MAX    262144 /* any JWS: the largest is a record's */
#define HZ_ALSO_MAX   16
#define HZ_ORIGIN_MAX 128
#define HZ_VKEY_MAX   256
#define HZ_NOTE_MAX   65536
#define HZ_NOTE_SIGS  100
#define HZ_HASH       32
#define HZ_PROOF_MAX  64

/* --- event ------------------------------------------------------------------------------------------ */
enum hz_act {
	HZ_ACT_UNKNOWN = 0,
	HZ_ACT_INIT,
	HZ_ACT_RESTORE,
	HZ_ACT_ACQUIRE,
	HZ_ACT_RECEIPT,
	HZ_ACT_RECORD,
	HZ_ACT_ACCESS,
	HZ_ACT_EXPORT,
	HZ_ACT_NOTE,
	HZ_ACT_KEY_ADD,
	HZ_ACT_KEY_REVOKE,
	HZ_ACT_ROLE_GRANT,
	HZ_ACT_ROLE_REVOKE,
	HZ_ACT_VERIFY,
	HZ_ACT_CLOCK,
	HZ_ACT_REWRAP,
	HZ_ACT_DERIVE,
	HZ_ACT_CLASSIFY_SUGGEST,
	HZ_ACT_REVIEW,
	HZ_ACT_REDACT,
	HZ_ACT_CONSENT_SET,
	HZ_ACT_CONSENT_WITHDRAW,
	HZ_ACT_EXPORT_REQUEST,
	HZ_ACT_EXPORT_APPROVE,
	HZ_ACT_REFUSED,
	HZ_ACT_TRANSFER_OUT,
	HZ_ACT_TRANSFER_IN,
	HZ_ACT_HOLD,
	HZ_ACT_RELEASE,
	HZ_ACT_MERGE,
	HZ_ACT_DESTROY,
	HZ_ACT_DESTROY_HEADER,
	HZ_ACT_ANCHOR,
	HZ_ACT_PANIC,
	HZ_ACT_COUNT
};
const char *hz_act_name(enum hz_act act);
enum hz_act hz_act_parse(const char *s, size_t n);

enum hz_member_role { /* bits */
	HZ_ROLE_DOCUMENTER = 1,
	HZ_ROLE_ANALYST = 2,
	HZ_ROLE_LEGAL = 4,
	HZ_ROLE_AUDITOR = 8,
	HZ_ROLE_CUSTODIAN = 16,
	HZ_ROLE_WITNESS = 32
};
/* Roles of which the signer needs one for this act (0: any member), [F-8.2]. */
unsigned hz_act_roles(enum hz_act act);
const char *hz_role_name(enum hz_member_role role);
unsigned hz_role_parse(const char *s); /* 0 if unknown */

/* Event 0's object [F-8.3]. Strings NUL-ended. */
struct hz_event_init {
	uint8_t vault_id[16], event_pk[32], bundle_pk[32], x25519_pk[32];
	char member[36];              /* "mb-" + 32 hex */
	char checkpoint[HZ_VKEY_MAX]; /* vkey */
	unsigned roles;               /* bits */
	bool restored;                /* restore: found and pinned are there */
	char found[128], pinned[128];
};

/* What a payload says. Flags tell which optional members are there. ids are texts "ex-..." or "mb-...". */
struct hz_event {
	enum hz_act act;
	char act_text[32];
	char log[HZ_ORIGIN_MAX];
	int64_t t;
	uint64_t aseq, seq, obj_size;
	char ex[36]; /* empty: vault-wide */
	bool has_aprev, has_prev, has_obj, has_com, has_hdr, has_rec, has_ref, has_heads, has_keyring,
	    has_src, has_init;
	uint8_t aprev[32], prev[32], obj_root[32], com[32], hdr[32], rec[32], ref[32], heads[32], keyring[32],
	    src[32];
	struct hz_event_init init;
	bool has_to, has_why;
	uint8_t to[32], why[32]; /* commitments to texts */
	size_t nalso;
	uint8_t also[HZ_ALSO_MAX][32]; /* other chain heads joined here (merge) */
	const char *x; /* writer: a JSON object of depth at most 2, or NULL; borrowed. Reader: always NULL */
	/* set by the reader: */
	bool has_x; /* there was an x, which is kept in the bytes; all of it but clock is ignored */
	struct hz_clock clock; /* x.clock [F-8.20], where it is there and of the form */
	char kid[HZ_KID_LEN + 1];
};

/* kid of a public key [F-5.3]: the RFC 7638 thumbprint of an OKP key (RFC 8037 A.3). */
void hz_kid(const uint8_t pk[static 32], char ret_kid[static HZ_KID_LEN + 1]);
/* Generic JWS envelope. typ "hirz-event+jws" or "hirz-record+sd-jwt". Signs payload; appends to out. */
HZ_RESULT hz_jws_sign(const char *typ, const struct hz_ed_key *key, const char kid[static HZ_KID_LEN + 1],
    const void *payload, size_t n, struct hz_buf *out);
/* Splits and checks the form (header bytes re-emitted and compared); payload appended to out; the signature
 * is NOT checked here. HZ_MSG_FORMAT. */
HZ_RESULT hz_jws_parse(
    const char *typ, const void *p, size_t n, char ret_kid[static HZ_KID_LEN + 1], struct hz_buf *payload);
/* Signature over the first two parts by pk (whose kid must be the header's). HZ_MSG_TAMPERED. */
HZ_RESULT hz_jws_verify(const void *p, size_t n, const uint8_t pk[static 32]);
/* The same for bytes that hz_jws_parse took and whose kid was compared with that of pk: the signature alone.
 */
HZ_RESULT hz_jws_verify_read(const void *p, size_t n, const uint8_t pk[static 32]);

/* Writes the canonical payload, signs it; appends the event. e->kid is ignored: the key's kid is used. For a
 * known act the members must be those of [F-8.2]: HZ_MSG_INTERNAL else. HZ_MSG_LIMIT over HZ_EVENT_MAX. out
 * grows only on success. */
HZ_RESULT hz_event_sign(const struct hz_event *e, const struct hz_ed_key *key, struct hz_buf *out);
/* The same with the kid that hz_kid gave for key->pk: saves a hash for each event. */
HZ_RESULT hz_event_sign_kid(const struct hz_event *e, const struct hz_ed_key *key,
    const char kid[static HZ_KID_LEN + 1], struct hz_buf *out);
/* Strict reading: canonical JSON, known members, required and forbidden members of the act [F-8.2] (unknown
 * act: kept, act = HZ_ACT_UNKNOWN, only the general members are checked). HZ_MSG_FORMAT; HZ_MSG_VERSION for
 * another `v`, suite or rule; HZ_MSG_LIMIT over HZ_EVENT_MAX. Signature not checked: hz_jws_verify. */
HZ_RESULT hz_event_read(const void *p, size_t n, struct hz_event *ret_e);
void hz_leaf_hash(const void *p, size_t n, uint8_t ret_h[static 32]);

/* --- tree ------------------------------------------------------------------------------------------- */
void hz_node_hash(const uint8_t l[static 32], const uint8_t r[static 32], uint8_t ret_h[static 32]);
void hz_tree_empty(uint8_t ret_h[static 32]);
/* RFC 6962 verification; proof points to so many hashes of 32 bytes, side by side (an array [][32]);
 * consistency needs 0 < m <= n. HZ_MSG_TAMPERED. */
HZ_RESULT hz_inclusion_verify(const uint8_t leaf[static 32], uint64_t index, uint64_t size, const void *proof,
    size_t n, const uint8_t root[static 32]);
HZ_RESULT hz_consistency_verify(uint64_t m, const uint8_t root_m[static 32], uint64_t n,
    const uint8_t root_n[static 32], const void *proof, size_t count);

/* A tree as the roots of its complete subtrees along the right edge: its root at every size while it grows,
 * and nothing else. All zero: empty. */
struct hz_edge {
	uint64_t n;
	uint8_t h[64][HZ_HASH];
};
void hz_edge_add(struct hz_edge *e, const uint8_t leaf[static 32]);
void hz_edge_root(const struct hz_edge *e, uint8_t ret_root[static 32]);

/* The tree over tiles ([F-11.8]): the caller stores tiles, the tree asks for them. A tile is up to 256 hashes
 * of level l; all loads are of tiles that were stored before. */
struct hz_tiles_ops {
	/* Fills ret with the tile's hashes (n*32 bytes), *ret_n up to 256. HZ_ERR_NOT_FOUND where none. */
	enum hz_err (*load)(
	    void *arg, unsigned level, uint64_t tile, uint8_t ret[static 8192], size_t *ret_n);
	enum hz_err (*store)(void *arg, unsigned level, uint64_t tile, const uint8_t *hashes, size_t n);
};
/* An appender keeps the right edge in memory: append many leaves (one hash each, amortised), then flush once.
 * Where the caller's transaction fails after a flush, what the tree believes to be stored is not: close it
 * and open it again. */
struct hz_tree;
HZ_RESULT hz_tree_open(const struct hz_tiles_ops *ops, void *arg, uint64_t size, struct hz_tree **ret_t);
void hz_tree_close(struct hz_tree **t); /* forgets what was not flushed */
HZ_RESULT hz_tree_append(struct hz_tree *t, const uint8_t leaf[static 32]);
uint64_t hz_tree_size(const struct hz_tree *t);
HZ_RESULT hz_tree_root(struct hz_tree *t, uint8_t ret_root[static 32]);
HZ_RESULT hz_tree_flush(struct hz_tree *t); /* stores changed tiles */
/* Over stored tiles, for any size up to the flushed one (HZ_MSG_LIMIT else). A missing or short tile is
 * HZ_MSG_FORMAT. Algorithms: RFC 6962 2.1, 2.1.1, 2.1.2. */
HZ_RESULT hz_tree_root_at(struct hz_tree *t, uint64_t size, uint8_t ret_root[static 32]);
/* A stored tile as it stands: up to 256 hashes of a level (C2SP tlog-tiles). */
HZ_RESULT hz_tree_tile(
    struct hz_tree *t, unsigned level, uint64_t tile, uint8_t ret[static 8192], size_t *ret_n);
HZ_RESULT hz_tree_inclusion(struct hz_tree *t, uint64_t index, uint64_t size,
    uint8_t ret_proof[static HZ_PROOF_MAX][32], size_t *ret_n);
HZ_RESULT hz_tree_consistency(
    struct hz_tree *t, uint64_t m, uint64_t n, uint8_t ret_proof[static HZ_PROOF_MAX * 2][32], size_t *ret_n);

/* --- checkpoint (signed note) ------------------------------------------------------------------------ */
struct hz_checkpoint {
	char origin[HZ_ORIGIN_MAX];
	uint64_t size;
	uint8_t root[32];
};
HZ_RESULT hz_vkey_write(const char *name, const uint8_t pk[static 32], struct hz_buf *out);
/* Only type 0x01 (Ed25519). ret_name of HZ_ORIGIN_MAX bytes. HZ_MSG_FORMAT. Names: not empty, no space, no
 * `+`. */
HZ_RESULT hz_vkey_parse(const char *s, size_t n, char *ret_name, uint8_t ret_pk[static 32]);
HZ_RESULT hz_checkpoint_sign(const struct hz_checkpoint *c, const struct hz_ed_key *key, struct hz_buf *out);
/* Parses the note; the signature by vkey must be there and good: HZ_MSG_TAMPERED; form: HZ_MSG_FORMAT.
 * pk NULL: form only. */
HZ_RESULT hz_checkpoint_read(const void *p, size_t n, const uint8_t *pk, struct hz_checkpoint *ret);
/* Any signed note (C2SP signed-note) with a list of known keys: text length in *ret_text, its LF included;
 * number of different keys that signed. HZ_MSG_FORMAT for the form, HZ_MSG_TAMPERED for a bad signature of a
 * known key or where no known key signed. Repeated lines of one key count once. At most HZ_NOTE_SIGS
 * signature lines. */
struct hz_note_key {
	char name[HZ_ORIGIN_MAX];
	uint8_t pk[32];
};
HZ_RESULT hz_note_verify(const void *p, size_t n, const struct hz_note_key *keys, size_t nkeys,
    size_t *ret_text, size_t *ret_verified);

/* --- tlog-proof [F-8.6] ------------------------------------------------------------------------------- */
struct hz_tlog_proof {
	uint64_t index;
	size_t n;
	uint8_t hashes[HZ_PROOF_MAX][32];
	size_t note_at; /* offset of the checkpoint in the text */
};
HZ_RESULT hz_tlog_proof_write(
    uint64_t index, const void *proof, size_t n, const void *note, size_t notelen, struct hz_buf *out);
/* The form of everything before the checkpoint; the checkpoint is only known not to be empty. HZ_MSG_FORMAT.
 */
HZ_RESULT hz_tlog_proof_read(const void *p, size_t n, struct hz_tlog_proof *ret);

#endif
