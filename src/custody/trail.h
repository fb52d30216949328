/* A whole log, followed from its event 0 to its end: signatures and roles, the chains of subjects and
 * signers, the tree, the clock [F-8.7], [F-8.20]. Used by whoever holds all events: the audit of a vault, the
 * verifier of an audit pack. Pure: events come in as bytes, findings go out.
 *
 * Two steps, so that the costly one can be done in workers: hz_trail_look makes a small fact of an event's
 * bytes (signature, form, role; no state), hz_trail_add takes the facts in the order of the indexes. */
#ifndef HZ_CUSTODY_TRAIL_H
#define HZ_CUSTODY_TRAIL_H

#include "custody/custody.h"

#define HZ_SUBJECT_BYTES 17 /* 'e' or 'm', id */
#define HZ_SIGNERS_MAX   64

/* What can be wrong or worth knowing. Words are promises. X(symbol, word, level) */
enum hz_trail_level {
	HZ_TRAIL_FAILED,  /* INVALID */
	HZ_TRAIL_UNKNOWN, /* UNSUPPORTED */
	HZ_TRAIL_NOTED    /* changes no verdict */
};
#define HZ_TRAIL_LIST(X)                                                                                     \
	X(EVENT0, "event-0", FAILED)                                                                         \
	X(CLOSED_LOG, "closed-log", FAILED)                                                                  \
	X(EVENT, "event", FAILED)                                                                            \
	X(SIGNATURE, "signature", FAILED)                                                                    \
	X(SIGNER, "signer", FAILED)                                                                          \
	X(ROLE, "role", FAILED)                                                                              \
	X(ACTOR, "actor", FAILED)                                                                            \
	X(CHAIN, "chain", FAILED)                                                                            \
	X(FORK, "chain-fork", FAILED)                                                                        \
	X(GAP, "chain-gap", FAILED)                                                                          \
	X(CHECKPOINT, "checkpoint", FAILED)                                                                  \
	X(ACT_UNKNOWN, "act-unknown", UNKNOWN)                                                               \
	X(MEMBERS, "members", UNKNOWN)                                                                       \
	X(VERSION, "version", UNKNOWN)                                                                       \
	X(CLOCK_BACK, "clock-back", NOTED)                                                                   \
	X(CLOCK_SET, "clock-set", NOTED)                                                                     \
	X(CLOCK_TWO, "clock-two", NOTED)                                                                     \
	X(CLOCK_MISSING, "clock-missing", NOTED)                                                             \
	X(CLOCK_UNSYNCED, "clock-unsynced", NOTED)
enum hz_trail_what {
#define HZ_TRAIL_ENUM(sym, word, level) HZ_TRAIL_##sym,
	HZ_TRAIL_LIST(HZ_TRAIL_ENUM)
#undef HZ_TRAIL_ENUM
	    HZ_TRAIL_COUNT
};
const char *hz_trail_word(enum hz_trail_what what);
enum hz_trail_level hz_trail_level(enum hz_trail_what what);

/* Who may sign in one log, from which event on and up to which, and in which roles. This is the one place
 * that decides it [F-8.3]: version 1 has no record that carries a key or a role, so that all of them come
 * from event 0 and hold to the end of the log; a later one adds to them where hz_trail_add meets a change of
 * members. */
struct hz_signer {
	char kid[HZ_KID_LEN + 1];
	uint8_t pk[32];
	unsigned roles;
	uint64_t from, until; /* indexes: from this one, before that one */
};
struct hz_signers {
	char origin[HZ_ORIGIN_MAX];
	size_t n;
	struct hz_signer of[HZ_SIGNERS_MAX];
};
/* Whose key this is at an index of the log; NULL: of nobody. */
const struct hz_signer *hz_signers_find(const struct hz_signers *s, const char *kid, uint64_t index);
/* Has the signer a role for the act [F-8.2]? */
bool hz_signer_may(const struct hz_signer *s, enum hz_act act);

/* What is kept of one event. */
struct hz_fact {
	uint8_t leaf[32], prev[32], aprev[32];
	uint64_t seq, aseq;
	int64_t t;
	struct hz_clock clock;
	uint8_t subject[HZ_SUBJECT_BYTES]; /* first byte 0: none */
	uint8_t act;                       /* enum hz_act */
	uint16_t signer;
	bool has_prev, has_aprev;
	bool read, right; /* of the right form; signed by one who may */
	bool keys;        /* a change of keys or roles that this version cannot follow */
	enum hz_trail_what bad;
	char why[160];
};

/* Checks one event's bytes alone. e: room for what it says (large; the worker's own), filled where f->read.
 * signature false: the signature is not checked, because that was done before for these very bytes. What is
 * wrong stands in f; only HZ_MSG_NOMEM is returned. */
HZ_RESULT hz_trail_look(const struct hz_signers *s, uint64_t index, const void *jws, size_t n, bool signature,
    struct hz_event *e, struct hz_fact *f);

struct hz_trail_ops {
	/* index: of the event; UINT64_MAX where the log as a whole is meant. detail: English, borrowed. */
	void (*finding)(void *arg, enum hz_trail_what what, unsigned log, uint64_t index, const char *detail);
};
/* The end of a subject's chain as the log tells it. */
struct hz_trail_subject {
	uint8_t id[HZ_SUBJECT_BYTES];
	bool acquired; /* begun by acquire or derive */
	bool met;      /* the caller's own mark */
	uint64_t next;
	uint8_t head[32];
};
struct hz_trail;
HZ_RESULT hz_trail_new(const struct hz_trail_ops *ops, void *arg, struct hz_trail **ret_t);
void hz_trail_free(struct hz_trail **t); /* NULL inside is fine */
/* Begins a log with the bytes of its event 0, which are then the first to be looked at and added like all
 * others. The logs come in order, the oldest first: a later one must continue the one before. HZ_MSG_FORMAT,
 * HZ_MSG_TAMPERED, HZ_MSG_VERSION: nobody can be trusted in this log (reported as a finding too). */
HZ_RESULT hz_trail_log(struct hz_trail *t, const void *event0, size_t n);
/* Borrowed; may be read by workers until the next hz_trail_log. */
const struct hz_signers *hz_trail_signers(const struct hz_trail *t);
/* The checkpoint key of the log, from event 0. */
const char *hz_trail_vkey(const struct hz_trail *t);
/* Leaf hash of the event 0 of the log; of the first log where first. */
const uint8_t *hz_trail_event0(const struct hz_trail *t, bool first);
unsigned hz_trail_logs(const struct hz_trail *t);
/* The next event. HZ_MSG_NOMEM. */
HZ_RESULT hz_trail_add(struct hz_trail *t, const struct hz_fact *f);
uint64_t hz_trail_size(const struct hz_trail *t);
void hz_trail_root(const struct hz_trail *t, uint8_t ret_root[static 32]);
/* A note against the events added so far: its signature, origin, size, root. The checkpoint at the end of a
 * log, or one on the way when the trail has just its size. HZ_MSG_TAMPERED, HZ_MSG_FORMAT. */
HZ_RESULT hz_trail_checkpoint(struct hz_trail *t, const void *note, size_t n, struct hz_checkpoint *ret_c);
/* "ex-..." or "mb-..."; false for anything else. */
bool hz_subject_read(const char *id, uint8_t ret_subject[static HZ_SUBJECT_BYTES]);
void hz_subject_text(const uint8_t subject[static HZ_SUBJECT_BYTES], char ret_s[static 36]);
/* NULL where the log does not know it. Borrowed until the next hz_trail_add. */
struct hz_trail_subject *hz_trail_subject(struct hz_trail *t, const uint8_t subject[static HZ_SUBJECT_BYTES]);
/* All of them, in no order: *at from 0; NULL after the last. */
struct hz_trail_subject *hz_trail_next(struct hz_trail *t, size_t *at);

#endif
