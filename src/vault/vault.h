/* The vault: opening, unlocking, one writer, one atomic batch; views for reading. The only room that joins
 * nouns to the store and the only one that starts write transactions (docs/format.md 11; design: order of
 * opening, batches).
 *
 * Threads: a vault belongs to one thread. Workers may call only hz_vault_maybe_known, hz_vault_seen and
 * hz_exhibit_prepare. */
#ifndef HZ_VAULT_VAULT_H
#define HZ_VAULT_VAULT_H

#include "base/buf.h"
#include "crypto/crypto.h"
#include "custody/custody.h"
#include "custody/witness.h"
#include "object/object.h"
#include "record/record.h"

#define HZ_ID_TEXT    36 /* "ex-", "mb-", "rc-" and 32 hex, NUL */
#define HZ_NUMBER_MAX 36 /* "DM3-000117", "DM3-000117.1" */
#define HZ_DESK_MAX   12
#define HZ_CASE_MAX   64

struct hz_vault;

/* --- finding, making, opening ------------------------------------------------------------------------ */
/* The vault to use: given (may be NULL), else env (may be NULL), else the folder or a parent of the current
 * folder that holds one. Appends a path. HZ_MSG_NO_VAULT. */
HZ_RESULT hz_vault_find(const char *given, const char *env, struct hz_buf *ret_path);

/* How a passphrase is got: appended to out (a secret buffer), NFKC-normalised. Called only when it is needed.
 */
struct hz_unlock {
	enum hz_err (*passphrase)(void *arg, struct hz_buf *out);
	void *arg;
	bool no_session; /* do not use an unlocked session: ask (key export, passphrase, recover) */
};

struct hz_vault_new {
	const char *org, *desk; /* desk: 1..12 of A-Z0-9 */
	uint32_t kdf_mib;       /* 0: the default */
	bool no_pin;            /* write no pin outside */
	bool force_fs;
};
/* Makes a vault in path (new or empty folder). The passphrase comes from unlock. *ret_v is open for writing.
 */
HZ_RESULT hz_vault_init(const char *path, const struct hz_vault_new *opts, const struct hz_unlock *unlock,
    struct hz_vault **ret_v);

enum hz_vault_mode {
	HZ_VAULT_SEALED, /* no keys: segments and the checkpoint's signature */
	HZ_VAULT_READ,
	HZ_VAULT_WRITE /* takes the writer's lock (waits 10 s, HZ_MSG_VAULT_BUSY); removes a dead run's
			  orphans */
};
struct hz_vault_opts {
	enum hz_vault_mode mode;
	bool force_fs;
	bool allow_rollback; /* recover restored: write although older than a pin */
	bool full_walk;      /* look at the whole structure, whatever a mark says (verify) */
	bool no_wait;        /* do not wait for another writer */
};
/* Reading an older copy succeeds and hz_vault_info.rollback is set; writing gives HZ_MSG_VAULT_ROLLBACK. */
HZ_RESULT hz_vault_open(const char *path, const struct hz_vault_opts *opts, const struct hz_unlock *unlock,
    struct hz_vault **ret_v);
void hz_vault_close(struct hz_vault **v);

struct hz_vault_info {
	uint8_t vault_id[16];
	char vault_hex[33], origin[HZ_ORIGIN_MAX], desk[HZ_DESK_MAX + 1], org[256], fingerprint[33],
	    member[HZ_ID_TEXT];
	uint64_t log_size, exhibits, orphan_bytes; /* orphan_bytes: removed at opening for writing */
	uint8_t log_root[32];
	unsigned logs;
	bool locked;       /* opened without keys */
	bool rollback;     /* older than a pin */
	uint64_t pin_size; /* of the newest pin that the vault does not reach */
	uint8_t pin_root[32];
	bool inside_pin_missing;
	bool outside_pin_missing; /* first use on this machine */
	bool outside_pin_failed;  /* could not be written or read; detail in pin_note */
	char pin_note[256];
	bool from_session;
	bool walk_left_out; /* a mark said that the walker has gone over this very file */
	double unlock_seconds;
};
const struct hz_vault_info *hz_vault_info(const struct hz_vault *v);
const char *hz_vault_path(const struct hz_vault *v);
/* Signing key for bundles (this member's key 2). */
const struct hz_ed_key *hz_vault_bundle_key(const struct hz_vault *v);
/* The checkpoint of the current log as signed note, borrowed; and the vkey of a log. */
HZ_RESULT hz_vault_checkpoint(struct hz_vault *v, struct hz_buf *out);

/* --- sessions [F-11.10] --------------------------------------------------------------------------------- */
/* Keeps the open vault's session for seconds. HZ_MSG_NO_SESSION where the kernel refuses. */
HZ_RESULT hz_session_store(const struct hz_vault *v, unsigned seconds);
/* Ends the session of one vault (id of 16 bytes); *ret_was whether there was one. */
HZ_RESULT hz_session_drop(const uint8_t vault_id[static 16], bool *ret_was);
/* Whether one is there; seconds left or 0 when not known. */
bool hz_session_peek(const uint8_t vault_id[static 16], unsigned *ret_left);
/* Whether this system would keep a session: tries with a key of no meaning. HZ_MSG_NO_SESSION. */
HZ_RESULT hz_session_possible(void);
/* The vault id of a folder, without keys. */
HZ_RESULT hz_vault_peek_id(const char *path, uint8_t ret_id[static 16]);

/* --- reading ---------------------------------------------------------------------------------------------
 */
struct hz_view; /* a frozen view: one read transaction; keep it short */
HZ_RESULT hz_view_begin(struct hz_vault *v, struct hz_view **ret_w);
void hz_view_end(struct hz_view **w);
struct hz_vault *hz_view_vault(struct hz_view *w);

struct hz_ref { /* (log, index); log 0xFFFFFFFF: none */
	uint32_t log;
	uint64_t index;
};
#define HZ_REF_NONE                                                                                          \
	{                                                                                                    \
		0xFFFFFFFFu, 0                                                                               \
	}

enum hz_consent { HZ_CONSENT_UNKNOWN = 0, HZ_CONSENT_GIVEN = 1, HZ_CONSENT_NONE_NEEDED = 2 };

struct hz_exhibit {
	uint64_t no;
	char number[HZ_NUMBER_MAX], ex_text[HZ_ID_TEXT];
	uint8_t ex[16];
	uint64_t object, record, size;
	uint32_t compartment, receipts; /* further receipts */
	uint8_t state, consent;
	int64_t sealed_at;
	uint64_t next_seq;
	uint8_t head[32];
	struct hz_ref head_ref, first_ref;
};
HZ_RESULT hz_exhibit_get(struct hz_view *w, uint64_t no, struct hz_exhibit *ret);

/* What was made out of an exhibit (its text) is an exhibit too, with a chain that begins with `derive`. Its
 * counter holds its origin's and which one it is, from 1 to HZ_DERIVED_MAX; it takes none of the numbers that
 * are counted [F-5.4]. Walks from counter 1 meet none of them; a walk from HZ_DERIVED_FIRST meets them all
 * and nothing else. */
#define HZ_DERIVED_FIRST ((uint64_t)1 << 63)
#define HZ_DERIVED_MAX   255u
bool hz_is_derived(uint64_t no);
uint64_t hz_derived_no(uint64_t origin, unsigned n);
uint64_t hz_derived_origin(uint64_t no); /* 0 where it is not derived */
/* The derived exhibits of one, in order: *n counts from 0. */
HZ_RESULT hz_derived_next(
    struct hz_view *w, uint64_t origin, unsigned *n, bool *ret_found, struct hz_exhibit *ret);

/* By number ("DM3-000117", "DM3-000117.1", any case, zeros optional) or "ex-...". HZ_MSG_NO_EXHIBIT. */
HZ_RESULT hz_exhibit_find(struct hz_view *w, const char *id, struct hz_exhibit *ret);
/* Next exhibit with counter >= *no; sets *no behind it. */
HZ_RESULT hz_exhibit_next(struct hz_view *w, uint64_t *no, bool *ret_found, struct hz_exhibit *ret);
/* The first counter >= *no that has a row, whatever is in it; becomes *no. */
HZ_RESULT hz_exhibit_next_no(struct hz_view *w, uint64_t *no, bool *ret_found);
/* The exhibit's current record with all its fields; its row is checked against its event. r initialised by
 * the caller. */
HZ_RESULT hz_exhibit_fields(struct hz_view *w, const struct hz_exhibit *e, struct hz_record *ret_r);
/* `open` and `show`: the row against the log: chain head is the newest event it names, record and object are
 * those of the acquire event. HZ_MSG_VAULT_TAMPERED. */
HZ_RESULT hz_exhibit_check(struct hz_view *w, const struct hz_exhibit *e);

struct hz_object {
	uint64_t no, payload, segments;
	uint8_t root[32], hdr[32]; /* hdr: H of the header content */
	uint8_t file_key[16];      /* secret */
	struct hz_opening opening;
	struct hz_buf opening_text; /* exact bytes */
	struct hz_buf addrs;        /* 32 bytes a segment */
};
HZ_RESULT hz_object_load(struct hz_view *w, const struct hz_exhibit *e, struct hz_object *ret);
void hz_object_done(struct hz_object *o);
/* Borrowed bytes of segment i, valid within the view. HZ_MSG_CONTENT_DIFFERS when it is missing. check:
 * compare its SHA-256 with the address too. */
HZ_RESULT hz_object_segment(struct hz_view *w, const struct hz_object *o, uint64_t i, bool check,
    const uint8_t **ret_p, size_t *ret_n);
/* Whether there are bytes for segment i at all, be they right or not. What hz_fail said stays. */
bool hz_object_has(struct hz_view *w, const struct hz_object *o, uint64_t i);
/* Asks the system to have segment i soon (reads ahead), and to forget it. */
void hz_object_willneed(struct hz_view *w, const struct hz_object *o, uint64_t i);
void hz_object_dontneed(struct hz_view *w, const uint8_t *p, size_t n);
/* The age file of the object: header for the compartment's identity, then the payload, to sink. */
HZ_RESULT hz_object_age_header(
    struct hz_view *w, const struct hz_exhibit *e, const struct hz_object *o, struct hz_buf *out);

/* All segments in the store (sealed check without keys): number order. */
HZ_RESULT hz_segment_next(
    struct hz_view *w, uint64_t *no, bool *ret_found, const uint8_t **ret_p, size_t *ret_n);
/* The number the index gives for an address; HZ_ERR_NOT_FOUND. */
HZ_RESULT hz_segment_find(struct hz_view *w, const uint8_t addr[static 32], uint64_t *ret_no);
/* The highest segment number, 0 when there is none. */
HZ_RESULT hz_segment_last(struct hz_view *w, uint64_t *ret_no);
HZ_RESULT hz_segment_count(struct hz_view *w, uint64_t *ret_segments, uint64_t *ret_addresses);

struct hz_log_info {
	uint32_t no;
	uint8_t id[4];
	char origin[HZ_ORIGIN_MAX], vkey[HZ_VKEY_MAX];
	uint64_t size;
	uint8_t root[32], event0[32];
	bool closed;
};
HZ_RESULT hz_log_info(
    struct hz_view *w, uint32_t log, struct hz_log_info *ret); /* HZ_ERR_NOT_FOUND past the last */
/* The log's last checkpoint (signed note). */
HZ_RESULT hz_log_note(struct hz_view *w, uint32_t log, struct hz_buf *out);
/* The event bytes (JWS), appended. links (may be NULL): where the subject's previous event is, and the number
 * of the record that the event names (0: none). */
struct hz_links {
	struct hz_ref prev;
	uint64_t record;
};
HZ_RESULT hz_event_load(struct hz_view *w, struct hz_ref at, struct hz_buf *out, struct hz_links *ret_links);
/* The checkpoint that was signed when the log had this size, appended. HZ_ERR_NOT_FOUND. */
HZ_RESULT hz_log_note_at(struct hz_view *w, uint32_t log, uint64_t size, struct hz_buf *out);
/* Tree of a log over the view: for proofs and roots. Close before the view ends. */
HZ_RESULT hz_log_tree(struct hz_view *w, uint32_t log, struct hz_tree **ret_t);
/* Vault-wide events that mention an exhibit, in order; *n counts from 0. */
HZ_RESULT hz_mention_next(
    struct hz_view *w, uint64_t exhibit, struct hz_ref *pos, bool *ret_found, struct hz_ref *ret_at);
/* Head of a member's own key-event chain. */
struct hz_member_info {
	char id[HZ_ID_TEXT], name[128];
	uint8_t event_pk[32], bundle_pk[32], x25519_pk[32];
	unsigned roles;
	uint64_t next_seq;
	uint8_t head[32];
	struct hz_ref head_ref;
};
HZ_RESULT hz_member_info(
    struct hz_view *w, unsigned i, struct hz_member_info *ret); /* HZ_ERR_NOT_FOUND past the last */

/* A record by number: JWT text and fields. kind: see enum. */
enum hz_record_kind {
	HZ_REC_EXHIBIT = 1,
	HZ_REC_RECEIPT,
	HZ_REC_CASE,
	HZ_REC_RELATION,
	HZ_REC_ACCESS,
	HZ_REC_EXPORT,
	HZ_REC_EXPORT_FILE,
	HZ_REC_BACKUP,
	HZ_REC_KEY_EXPORT,
	HZ_REC_RESTORE,
	HZ_REC_ANCHOR = 20, /* the numbers stand in rows: never change one */
	HZ_REC_ANCHOR_REQUEST,
	HZ_REC_ANCHOR_RENEWAL,
	HZ_REC_RULES = 30,
	HZ_REC_CLASSIFICATION,
	HZ_REC_REVIEW,
	HZ_REC_MODEL,
	HZ_REC_VERIFY = 41,
	HZ_REC_REFUSED
};
struct hz_record_row {
	uint64_t no, exhibit; /* exhibit: 0 when vault-wide */
	uint8_t rid[16];
	uint32_t ver;
	uint8_t kind;
	struct hz_buf jwt, disclosures; /* joined by '~' */
	struct hz_ref at;               /* its event */
};
HZ_RESULT hz_record_load(struct hz_view *w, uint64_t no, struct hz_record_row *ret);
void hz_record_row_done(struct hz_record_row *r);
/* JWT and disclosures to fields, envelope and signature checked against a member's key. */
HZ_RESULT hz_record_fields(struct hz_view *w, const struct hz_record_row *row, struct hz_record *ret_r);
/* Loads a record with its fields for one question: *ret is what says answers. */
HZ_RESULT hz_record_ask(struct hz_view *w, uint64_t record,
    bool (*says)(const struct hz_record_row *row, const struct hz_record *r, const void *x), const void *x,
    bool *ret);
HZ_RESULT hz_receipt_next(
    struct hz_view *w, uint64_t exhibit, uint32_t *n, bool *ret_found, uint64_t *ret_record);

/* Anchors, requests for them, renewals: the record of each in the order of their events; *n counts from 0. */
HZ_RESULT hz_anchor_next(
    struct hz_view *w, enum hz_record_kind kind, uint32_t *n, bool *ret_found, struct hz_record_row *ret_row);

struct hz_case {
	uint32_t no;
	char code[HZ_CASE_MAX + 1];
	uint64_t record;
	struct hz_ref at;
};
/* Opens every row of what the vault knows of itself (counters, logs, members, epochs, witnesses, clocks):
 * some are only read when something is written. HZ_MSG_VAULT_TAMPERED. */
HZ_RESULT hz_meta_check(struct hz_view *w);
HZ_RESULT hz_case_find(struct hz_view *w, const char *code, struct hz_case *ret); /* HZ_MSG_NO_CASE */
HZ_RESULT hz_case_next(struct hz_view *w, uint32_t *no, bool *ret_found, struct hz_case *ret);
/* The first member with counter >= *exhibit, which becomes its counter: add 1 before the next call. */
HZ_RESULT hz_case_member_next(
    struct hz_view *w, uint32_t case_no, uint64_t *exhibit, bool *ret_found, struct hz_ref *ret_at);
bool hz_case_has(struct hz_view *w, uint32_t case_no, uint64_t exhibit);

/* --- what a worker may ask --------------------------------------------------------------------------------
 */
struct hz_source_id {
	uint64_t dev, ino, size;
	int64_t mtime_ns, ctime_ns;
	const char *path;
	size_t pathlen;
};
/* A receipt of this member for exactly this source: *ret_no its exhibit, else 0. */
HZ_RESULT hz_vault_seen(struct hz_vault *v, const struct hz_source_id *id, uint64_t *ret_no);
/* Quick question by size and SHA-256 of the first 64 KiB: may these bytes be known? Also remembers the
 * asking: a second file of this run with the same answer gets true. */
HZ_RESULT hz_vault_maybe_known(
    struct hz_vault *v, uint64_t size, const uint8_t first[static 32], bool *ret_maybe);

/* For the vault's own thread: the exhibit whose plaintext has this hash and size, else 0. */
HZ_RESULT hz_view_known(struct hz_view *w, uint64_t size, const uint8_t first[static 32],
    const uint8_t sha256[static 32], uint64_t *ret_no);

/* --- writing: one batch at a time
 * ---------------------------------------------------------------------------- */
/* A batch is one LMDB write transaction at a time, cut into several durable ones while a large object streams
 * in; events, checkpoint and counters go in with the last (docs/format.md [F-11.11]). */
struct hz_batch;
HZ_RESULT hz_batch_begin(struct hz_vault *v, struct hz_batch **ret_b);
/* Stores a segment (copied into the map). Segments of one object come in one run, ended by hz_batch_exhibit
 * or hz_batch_drop_segments. May commit durably in between. */
HZ_RESULT hz_batch_segment(struct hz_batch *b, const uint8_t *p, size_t n, const uint8_t addr[static 32]);
/* Forgets the segments of the object in progress. */
HZ_RESULT hz_batch_drop_segments(struct hz_batch *b);

struct hz_new_exhibit {
	const struct hz_sealed *sealed;
	const struct hz_record *rec;   /* rid, iss, ex are set by the vault */
	struct hz_record_draft *draft; /* exhibit.number is added by the vault */
	enum hz_consent consent;
	uint32_t compartment;              /* 1 */
	uint8_t first[32];                 /* SHA-256 of the first 64 KiB */
	const struct hz_source_id *source; /* NULL: not resumable (standard input) */
	struct hz_prepared *prepared;      /* made ahead, or NULL; stays the caller's */
	uint64_t origin; /* derived from this exhibit: then consent, first, source, prepared are not used */
};
/* What a worker may do for an exhibit before its turn: everything that is signed and encrypted for it alone,
 * under the number that it will probably get (hz_vault_info.exhibits + 1 and on). hz_batch_exhibit makes it
 * anew where the guess was wrong. Needs sealed, draft and compartment of x; the draft is not changed. */
struct hz_prepared;
HZ_RESULT hz_exhibit_prepare(
    struct hz_vault *v, const struct hz_new_exhibit *x, uint64_t no, struct hz_prepared **ret_p);
void hz_prepared_free(struct hz_prepared **p); /* NULL inside is fine */
/* Writes rows and the acquire event of the segments stored since the last end of an object. */
HZ_RESULT hz_batch_exhibit(struct hz_batch *b, const struct hz_new_exhibit *x, struct hz_exhibit *ret_e);
/* Exact question inside the batch: the exhibit whose plaintext has this hash and size, else 0. */
HZ_RESULT hz_batch_known(struct hz_batch *b, uint64_t size, const uint8_t first[static 32],
    const uint8_t sha256[static 32], uint64_t *ret_no);
/* A further receipt for an exhibit. */
HZ_RESULT hz_batch_receipt(struct hz_batch *b, uint64_t exhibit, const struct hz_record *rec,
    struct hz_record_draft *draft, enum hz_consent consent, const struct hz_source_id *source,
    struct hz_exhibit *ret_e);

struct hz_new_event {
	enum hz_act act;
	enum hz_record_kind kind;    /* of the record, when there is one */
	const struct hz_record *rec; /* may be NULL */
	struct hz_record_draft *draft;
	uint64_t exhibit;         /* 0: vault-wide */
	const uint64_t *mentions; /* exhibits a vault-wide event is about */
	size_t nmentions;
	const uint8_t *heads, *ref; /* 32 bytes or NULL */
};
HZ_RESULT hz_batch_event(struct hz_batch *b, const struct hz_new_event *x, struct hz_ref *ret_at,
    uint8_t ret_leaf[static 32], uint64_t *ret_record);
/* One event in a batch of its own. rec: its record, which gets its envelope (rec and draft of x are not
 * looked at); NULL: none. ret_at, ret_leaf (32 bytes): where it stands and its leaf hash; NULL: not wanted.
 * No view may stand open. */
HZ_RESULT hz_vault_event(struct hz_vault *v, const struct hz_new_event *x, struct hz_record *rec,
    struct hz_ref *ret_at, uint8_t *ret_leaf);
/* The access event of an exhibit whose bytes are about to be given out, and why. No
 * view may stand open. */
HZ_RESULT hz_vault_access(struct hz_vault *v, uint64_t exhibit, const char *reason);
/* An event of act `anchor` with its record, of one of the three kinds. */
HZ_RESULT hz_batch_anchor(struct hz_batch *b, enum hz_record_kind kind, struct hz_record_draft *draft,
    struct hz_ref *ret_at, uint8_t ret_leaf[static 32]);
/* A reading of the clocks as an event of its own (heartbeat): at the start of a session. Others are written
 * where they are due, before the event that comes. The vault is open for writing, no batch is. */
HZ_RESULT hz_vault_clock(struct hz_vault *v);
/* 1 to HZ_CASE_MAX bytes of UTF-8 without spaces, control characters and slashes: HZ_MSG_USAGE. */
HZ_RESULT hz_case_code_check(const char *code);
/* Makes a case (HZ_MSG_CASE_EXISTS) or finds it; adds members with one relation record. */
HZ_RESULT hz_batch_case_new(struct hz_batch *b, const char *code, const char *title, struct hz_case *ret);
HZ_RESULT hz_batch_case_add(struct hz_batch *b, const struct hz_case *c, const uint64_t *exhibits, size_t n);
/* Reads inside the batch (sees what it wrote). Borrowed; not to be ended. */
struct hz_view *hz_batch_view(struct hz_batch *b);
/* True when the batch is due (1,000 exhibits, 16 MB or 1 s) and no object is in progress. */
bool hz_batch_due(const struct hz_batch *b);
/* Tree, checkpoint, counters, durable commit, pins; begins the next transaction when it is needed. After
 * HZ_OK everything handed over so far is acknowledged. */
HZ_RESULT hz_batch_commit(struct hz_batch *b);
/* Commits the rest, writes the pins, ends. */
HZ_RESULT hz_batch_finish(struct hz_batch **b);
/* Ends; what was not committed is forgotten. NULL is fine. */
void hz_batch_end(struct hz_batch **b);

/* --- the log outside
 * ------------------------------------------------------------------------------------------ */
#define HZ_GIVEN_MAX     1000  /* sizes of a log that were given out: the newest */
#define HZ_WITNESSES_MAX 64    /* known to a vault */
#define HZ_COSIGNED_MAX  16    /* cosignatures kept of one checkpoint */
#define HZ_COSIGN_TRIES  10000 /* newest checkpoints that an answer may be of */
#define HZ_COSIGN_AHEAD  86400 /* seconds that the clock of a witness may be ahead of ours */
struct hz_witness_info {
	struct hz_witness_key key;
	uint32_t log; /* of its newest cosignature that was imported; size 0: none */
	uint64_t size, t;
};
HZ_RESULT hz_witnesses(
    struct hz_view *w, struct hz_witness_info ret_list[static HZ_WITNESSES_MAX], size_t *ret_n);
/* Sizes of checkpoints of a log that left the vault in a bundle or were cosigned, ascending. */
HZ_RESULT hz_log_given(
    struct hz_view *w, uint32_t log, uint64_t ret_size[static HZ_GIVEN_MAX], size_t *ret_n);
/* The newest checkpoint of at most this size that has a cosignature, appended. HZ_ERR_NOT_FOUND. */
HZ_RESULT hz_log_cosigned(
    struct hz_view *w, uint32_t log, uint64_t max, struct hz_buf *out, uint64_t *ret_size);
/* How many cosignatures a note carries (of this witness; NULL: of any); only their form is looked at. */
unsigned hz_note_cosigned(const struct hz_buf *note, const struct hz_witness_key *by);
struct hz_cosign_result {
	unsigned added, known; /* lines taken, lines of a witness that had cosigned that checkpoint already */
	char name[HZ_ORIGIN_MAX];
	uint64_t size, t; /* of the last line */
};
/* Takes the answer of a witness (signature lines): all or nothing. The key of a witness comes from an earlier
 * import or from `more` (NULL: none); it is then remembered. HZ_MSG_NO_KEY for a witness that is not known,
 * HZ_MSG_TAMPERED for a signature that is of no checkpoint of the current log or of a time to come,
 * HZ_MSG_FORMAT, HZ_MSG_LIMIT. */
HZ_RESULT hz_vault_cosign(struct hz_vault *v, const void *lines, size_t n, const struct hz_witness_key *more,
    struct hz_cosign_result *ret);

/* --- memos
 * ---------------------------------------------------------------------------------------------------- */
/* Small things kept outside the vault on this machine, in the user's state folder, encrypted under a key from
 * the log key and named by a hash of `what` (a short word). Where a vault was made to leave nothing outside
 * (no pin), nothing is kept: HZ_MSG_UNSUPPORTED. HZ_ERR_NOT_FOUND where there is none; FORMAT and TAMPERED
 * for another's bytes. */
#define HZ_MEMO_MAX ((size_t)4096)
HZ_RESULT hz_memo_read(const struct hz_vault *v, const char *what, struct hz_buf *out);
HZ_RESULT hz_memo_write(const struct hz_vault *v, const char *what, const void *p, size_t n);
void hz_memo_drop(const struct hz_vault *v, const char *what);

/* --- copies
 * --------------------------------------------------------------------------------------------------- */
/* A safe copy of the live vault into a new or empty folder, with a `note` event that says it exists. */
HZ_RESULT hz_vault_backup(struct hz_vault *v, const char *dir);
/* Continues from an older copy: closes its log, begins a new one whose event 0 names both checkpoints. */
HZ_RESULT hz_vault_restored(struct hz_vault *v, const char *why, struct hz_ref *ret_at);

/* --- keys out
 * --------------------------------------------------------------------------------------------------- */
/* Age identities of every compartment epoch this member may read: calls each (compartment, epoch, 32-byte
 * secret). */
HZ_RESULT hz_vault_age_identities(struct hz_vault *v,
    enum hz_err (*each)(
	void *arg, uint32_t compartment, const char *name, uint32_t epoch, const uint8_t secret[static 32]),
    void *arg);

#endif
