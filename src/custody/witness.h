/* Witnesses: keys, cosignatures, requests and policies, as C2SP tlog-cosignature, tlog-witness and
 * tlog-policy have them (docs/format.md 8.9). Pure, like the rest of the room. */
#ifndef HZ_CUSTODY_WITNESS_H
#define HZ_CUSTODY_WITNESS_H

#include "custody/custody.h"

/* --- keys and cosignatures ------------------------------------------------------------------------------ */
struct hz_witness_key {
	char name[HZ_ORIGIN_MAX]; /* rules of names as for vkeys [F-8.5] */
	uint8_t pk[32];
};
/* <name>+<8 hex of the key id>+<base64 of 0x04 and the key>. HZ_MSG_FORMAT. */
HZ_RESULT hz_wkey_write(const struct hz_witness_key *k, struct hz_buf *out);
HZ_RESULT hz_wkey_parse(const char *s, size_t n, struct hz_witness_key *ret_k);

#define HZ_COSIG_LINE 400 /* bytes of a signature line of a cosignature, at most, with its LF */
struct hz_cosignature {
	char name[HZ_ORIGIN_MAX];
	uint8_t id[4];
	uint64_t t; /* seconds; from 1 to 2^63-1 */
	uint8_t sig[HZ_ED_SIG];
};
/* Appends the signature line of a cosignature/v1 at time t over the text (three lines) of a checkpoint. */
HZ_RESULT hz_cosign(const char *name, const struct hz_ed_key *key, uint64_t t, const void *text, size_t n,
    struct hz_buf *out);
/* One line without its LF that has the form of a cosignature/v1 of any key. HZ_MSG_FORMAT. */
HZ_RESULT hz_cosignature_read(const char *line, size_t n, struct hz_cosignature *ret_c);
/* Is it by this key? Name and key id only. */
bool hz_cosignature_by(const struct hz_cosignature *c, const struct hz_witness_key *k);
/* Is the signature good over this text? */
bool hz_cosignature_good(
    const struct hz_cosignature *c, const struct hz_witness_key *k, const void *text, size_t n);
/* Where the text of a checkpoint note ends (behind the LF of its third line). HZ_MSG_FORMAT. */
HZ_RESULT hz_checkpoint_text(const void *p, size_t n, size_t *ret_text);
/* The note without cosignatures: its text and the line of its log, pk being the log's key. HZ_MSG_TAMPERED.
 */
HZ_RESULT hz_checkpoint_bare(const void *p, size_t n, const uint8_t pk[static 32], struct hz_buf *out);

/* --- requests (C2SP tlog-witness, the body of add-checkpoint) ----------------------------------------------
 */
#define HZ_REQUEST_PROOF 63
#define HZ_REQUEST_MAX   (HZ_NOTE_MAX + 64 * 48)
struct hz_witness_request {
	uint64_t old;
	size_t n;
	uint8_t proof[HZ_REQUEST_PROOF][32];
	size_t note_at; /* offset of the checkpoint */
};
HZ_RESULT hz_witness_request_write(
    uint64_t old, const void *proof, size_t n, const void *note, size_t notelen, struct hz_buf *out);
/* The form of everything before the checkpoint, which is only known not to be empty. HZ_MSG_FORMAT. */
HZ_RESULT hz_witness_request_read(const void *p, size_t n, struct hz_witness_request *ret_r);

/* What a witness knows of a log: nothing (size 0), or the newest checkpoint that it cosigned. */
struct hz_witness_seen {
	uint64_t size;
	uint8_t root[32];
	uint64_t t; /* of its last cosignature for this log */
};
/* The answers of the protocol, with its status codes. */
enum hz_witness_answer {
	HZ_WITNESS_SIGN,     /* 200 */
	HZ_WITNESS_CONFLICT, /* 409: `old` is not what was cosigned last; nothing speaks against the log */
	HZ_WITNESS_BEHIND,   /* 409: `old` is larger than what was cosigned last: this state is stale */
	HZ_WITNESS_OLDER, /* 409, or 422 where `old` fits: the checkpoint is smaller than the one cosigned */
	HZ_WITNESS_MALFORMED, /* 400 or 422: old over the size, a proof where none can be, size 0 with a root
			       */
	HZ_WITNESS_BAD_PROOF, /* 422: the proof does not hold */
	HZ_WITNESS_FORK       /* 409 or 422: same size with another root */
};
/* The decision about a checkpoint whose signature by its log is good. Changes nothing. */
enum hz_witness_answer hz_witness_judge(
    const struct hz_witness_seen *seen, const struct hz_witness_request *r, const struct hz_checkpoint *c);

/* --- policies (C2SP tlog-policy)
 * ---------------------------------------------------------------------------- */
/* Keys are told apart by their raw bytes, names by theirs. */
#define HZ_POLICY_MAX 64 /* logs, witnesses, groups: each */
struct hz_policy_node {
	char name[HZ_ORIGIN_MAX];
	bool group;
	struct hz_witness_key key; /* witness: its name as a signer */
	unsigned need, count;      /* group: so many of its members */
	uint8_t member[2 * HZ_POLICY_MAX];
	bool listed; /* as a member of a group */
};
struct hz_policy {
	size_t logs, nodes;
	struct hz_note_key log[HZ_POLICY_MAX];
	struct hz_policy_node node[2 * HZ_POLICY_MAX];
	int quorum; /* node, or -1: none */
};
/* HZ_MSG_FORMAT, HZ_MSG_LIMIT. */
HZ_RESULT hz_policy_read(const void *p, size_t n, struct hz_policy *ret_p);
/* Which witnesses cosigned the checkpoint (flags of p->nodes entries), and whether the quorum is reached. The
 * log's own signature is not looked at. A bad signature of a known witness counts as none. */
void hz_policy_check(const struct hz_policy *p, const void *note, size_t n, bool *ret_signed, bool *ret_met);

#endif
