/* What is known of a log from outside it: checkpoints kept from before in every form that people have them
 * in, the state of a witness, proofs of misconduct, and words to read a checkpoint over the phone
 * (docs/format.md 8.5, 8.9 to 8.11). Pure: bytes in, values out; no file is opened here. */
#ifndef HZ_OUTSIDE_OUTSIDE_H
#define HZ_OUTSIDE_OUTSIDE_H

#include "custody/custody.h"
#include "custody/witness.h"

/* Bytes from outside: fills up to n bytes from offset at (fewer is fine), *ret_n 0 at the end. Its errors end
 * everything. */
struct hz_source {
	enum hz_err (*read)(void *arg, uint64_t at, void *p, size_t n, size_t *ret_n);
	void *arg;
};

#define HZ_OUTSIDE_TEXT_MAX 65536 /* a text from outside, a witness's state apart */

/* --- what was kept from before [F-10.4]
 * ---------------------------------------------------------------------- */
enum hz_before_kind {
	HZ_BEFORE_CHECKPOINT, /* a checkpoint; also that of a bundle, a proof, a request */
	HZ_BEFORE_PIN,        /* with vkey and event 0 */
	HZ_BEFORE_WITNESS,    /* of a witness's state, which may name other logs too */
	HZ_BEFORE_MISCONDUCT /* the older checkpoint of a proof of misconduct that holds; vkey is its log's */
};
#define HZ_BEFORE_LEAVES 65536 /* of an earlier bundle at most: more only sharpen what is said */
struct hz_leaf_at {
	uint64_t index;
	uint8_t leaf[32];
};
struct hz_before {
	enum hz_before_kind kind;
	unsigned from; /* number of the file it came from, counted by the caller */
	struct hz_checkpoint c;
	struct hz_buf note;
	char vkey[HZ_VKEY_MAX];
	uint8_t event0[32];
	/* An earlier bundle: leaf hashes of the events of its log that it carries, by index; heap. Nobody has
	 * checked that they are in its tree: they say where to look, and decide nothing. */
	struct hz_leaf_at *leaf;
	size_t nleaf;
	/* An earlier audit pack: where it can be read again. What the source needs must stay as long as this.
	 */
	bool pack;
	struct hz_source src;
	/* What the caller's events said of them, through hz_before_leaf or hz_before_part: UINT64_MAX none.
	 */
	uint64_t differs, same;
};
/* The kinds are told apart by how they begin. Form only: signatures are checked against the key of the log
 * later (of a proof of misconduct at once, by the key that it names). At most max entries, of which *ret_n
 * are filled: free each note with hz_before_done. HZ_MSG_FORMAT, HZ_MSG_LIMIT, HZ_MSG_TAMPERED (a proof of
 * misconduct that proves nothing); errors of the source. */
HZ_RESULT hz_before_read(const struct hz_source *src, struct hz_before *ret_list, size_t max, size_t *ret_n);
void hz_before_done(struct hz_before *list, size_t n);
/* Tells an entry the leaf hash that the other log has at an index: keeps the first index that differs and the
 * last below it that is the same. */
void hz_before_leaf(struct hz_before *b, uint64_t index, const uint8_t leaf[static 32]);
/* Where an earlier audit pack and another history of its log part. other: the leaf hash at an index, if it is
 * there; the indexes rise. Sets the first that differs and the last that is the same before it. Nothing for
 * what is no pack. Reads the pack again; nothing of its size is kept. Errors of both sources. */
typedef enum hz_err hz_leaf_source(void *arg, uint64_t index, bool *ret_there, uint8_t ret_leaf[static 32]);
HZ_RESULT hz_before_part(struct hz_before *b, hz_leaf_source *other, void *arg);
/* The root of the tree of the first index+1 leaves, out of the inclusion proof of the last of them in a
 * larger tree of this size: the left neighbours on its way up, and nothing else, are the complete subtrees of
 * the smaller tree (RFC 6962 2.1). */
void hz_root_up_to(const uint8_t leaf[static 32], const struct hz_tlog_proof *proof, uint64_t size,
    uint8_t ret_root[static 32]);

/* Out of the same inclusion proof: the consistency proof from that smaller tree (RFC 6962 2.1.2). */
void hz_prefix_proof(const uint8_t leaf[static 32], const struct hz_tlog_proof *proof,
    uint8_t ret_proof[static HZ_PROOF_MAX + 1][32], size_t *ret_n);
/* What a bundle shows of its own log when it had so many events: the root and the consistency proof from
 * there. HZ_ERR_NOT_FOUND where it does not carry that log's last event of then. Nothing is checked: the
 * caller does. */
HZ_RESULT hz_bundle_prefix(const struct hz_source *src, uint64_t size, uint8_t ret_root[static 32],
    uint8_t ret_proof[static HZ_PROOF_MAX + 1][32], size_t *ret_n);

/* --- proof of misconduct [F-8.15]
 * ----------------------------------------------------------------------------- */
#define HZ_MISCONDUCT_MAX (2 * HZ_NOTE_MAX + 8192)
struct hz_misconduct {
	char vkey[HZ_VKEY_MAX];
	struct hz_checkpoint older, newer;
	size_t older_at, older_n, newer_at, newer_n; /* the notes in the text */
	/* Sizes differ: the newer tree begins with a tree of the older size that has this root. */
	uint8_t prefix[32];
	size_t n;
	uint8_t proof[HZ_REQUEST_PROOF][32];
};
/* Takes two checkpoints in any order; prefix and proof only where the sizes differ. Checks what it writes:
 * HZ_MSG_TAMPERED where the two do not contradict each other or are not both signed by the key. */
HZ_RESULT hz_misconduct_write(const char *vkey, const struct hz_buf *a, const struct hz_buf *b,
    const uint8_t *prefix, const void *proof, size_t n, struct hz_buf *out);
/* Form, both signatures, and the contradiction. HZ_MSG_FORMAT; HZ_MSG_TAMPERED where it proves nothing. */
HZ_RESULT hz_misconduct_read(const void *p, size_t n, struct hz_misconduct *ret_m);
bool hz_is_misconduct(const void *p, size_t n);

/* --- a witness's state [F-8.14]
 * ---------------------------------------------------------------------------------- */
#define HZ_STATE_LOGS 256
#define HZ_STATE_MAX  ((size_t)1 << 20)
struct hz_state_log {
	char vkey[HZ_VKEY_MAX];
	struct hz_checkpoint c; /* size 0 and no note: nothing cosigned yet */
	uint64_t t;             /* of the last cosignature */
	char *note;             /* bare checkpoint, NUL-ended, or NULL */
};
struct hz_state {
	struct hz_witness_key key;
	uint32_t kdf_t, kdf_mem;
	uint8_t salt[16], nonce[HZ_BOX_NONCE], box[HZ_SEED + HZ_BOX_TAG];
	uint64_t generation;
	uint64_t last_t; /* newest time of all cosignatures */
	size_t n;
	struct hz_state_log *log; /* heap; sorted by vkey */
};
void hz_state_done(struct hz_state *s);
/* Appends the text, signed with key. */
HZ_RESULT hz_state_write(const struct hz_state *s, const struct hz_ed_key *key, struct hz_buf *out);
/* Form and signature by its own key. HZ_MSG_FORMAT, HZ_MSG_LIMIT, HZ_MSG_TAMPERED. */
HZ_RESULT hz_state_read(const void *p, size_t n, struct hz_state *ret_s);
bool hz_is_state(const void *p, size_t n);
/* The log with this key; NULL. */
struct hz_state_log *hz_state_find(struct hz_state *s, const char *vkey);
/* Adds a log of which nothing was seen (or finds it). HZ_MSG_FORMAT, HZ_MSG_LIMIT, HZ_MSG_NOMEM;
 * HZ_MSG_TAMPERED where another key was known for that origin. */
HZ_RESULT hz_state_add(struct hz_state *s, const char *vkey, struct hz_state_log **ret_l);
/* Makes the key box for a new witness; seed is the key's. And opens it: HZ_MSG_WRONG_PASSPHRASE. */
HZ_RESULT hz_state_lock(struct hz_state *s, const void *phrase, size_t n, const uint8_t seed[static HZ_SEED]);
HZ_RESULT hz_state_unlock(const struct hz_state *s, const void *phrase, size_t n, struct hz_ed_key *ret_key);

/* --- words for the phone [F-8.16]
 * --------------------------------------------------------------------------------- */
#define HZ_WORDS       17 /* 16 of the hash and one that checks them */
#define HZ_WORDS_BYTES 16
enum hz_words_lang { HZ_WORDS_EN, HZ_WORDS_AR };
/* The bytes that a checkpoint's words stand for: text of n bytes (three lines). */
void hz_words_of(const void *text, size_t n, uint8_t ret_b[static HZ_WORDS]);
/* Appends the word of a byte. */
HZ_RESULT hz_word_put(enum hz_words_lang lang, uint8_t byte, struct hz_buf *out);
/* What was written down, words of both languages in any mixture, parted by anything that is no letter.
 * HZ_MSG_FORMAT names the first word that is in no list, or a wrong number of words, HZ_MSG_TAMPERED where
 * the last word does not fit the others. */
HZ_RESULT hz_words_read(const char *s, size_t n, uint8_t ret_b[static HZ_WORDS]);

#endif
