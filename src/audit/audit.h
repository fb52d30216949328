/* Verification of a vault: reads everything again, repairs nothing (docs/format.md 6, 8, 11).
 *
 * The log is read first: every signature, role, chain and the tree against the signed checkpoint. Then the
 * exhibits, on both cores: header, commitment, record and row against their events, every segment against its
 * address, every tag, the padding, the plaintext against the commitment. Missing proof is never success. */
#ifndef HZ_AUDIT_AUDIT_H
#define HZ_AUDIT_AUDIT_H

#include "anchor/anchor.h"
#include "audit/against.h"
#include "custody/trail.h"
#include "custody/witness.h"
#include "vault/vault.h"

/* Something that was kept of the log outside the vault, and what came of it. */
struct hz_audit_kept {
	const char *name; /* for findings; borrowed */
	struct hz_before *before;
	struct hz_against res;
};
const char *hz_against_word(enum hz_against_state state); /* "same", "grew", ... */

enum hz_audit_mode { HZ_AUDIT_FULL, HZ_AUDIT_SEALED, HZ_AUDIT_SAMPLE };

struct hz_audit_opts {
	enum hz_audit_mode mode;
	const uint64_t *exhibits; /* counters to check, ascending; NULL: all */
	size_t count;
	unsigned percent; /* sample: 1..100 of the exhibits, at least one, chosen by chance */
	/* `hirz audit`: everything that was signed. All kept checkpoints too, what was kept outside, the
	 * clock; goes on where an earlier audit of this member on this machine was stopped, unless fresh. */
	bool whole, fresh;
	struct hz_audit_kept *kept;
	size_t nkept;
	/* Witnesses that count, from outside; NULL: none. */
	const struct hz_policy *policy;
	/* What is known from outside of those who made time stamps; NULL: each is held against what its
	 * importer trusted and kept with it, and the clock of this machine says what today is. */
	const struct hz_anchor_given *given;
};

enum hz_audit_kind {
	HZ_FOUND_DIFFERENT,
	HZ_FOUND_MISSING,
	HZ_FOUND_LOG,
	HZ_FOUND_NOTED,   /* worth knowing, changes no verdict; only with whole */
	HZ_FOUND_AGAINST, /* what was kept outside does not agree */
	HZ_FOUND_UNPROVEN /* a proof from outside that proves nothing: INCOMPLETE */
};
struct hz_audit_finding {
	enum hz_audit_kind kind;
	const char *what;          /* stable word */
	char id[HZ_ID_TEXT];       /* exhibit number, exhibit id, event number or segment number */
	struct hz_failure failure; /* what was met */
};
/* A time stamp that the log holds, and the three facts about it: valid at its time, valid today, revoked. */
struct hz_audit_stamp {
	struct hz_ref at; /* the event that brought it */
	enum hz_anchor_type type;
	char origin[HZ_ORIGIN_MAX]; /* of what was stamped: a state of this log with this size and root */
	uint64_t size;
	uint8_t root[32];
	enum hz_anchor_state state;
	int64_t t;                  /* proved, or said by the token; 0: none */
	enum hz_tsa_path then, now; /* RFC 3161 */
	enum hz_tsa_revoked revoked;
	char authority[HZ_TSA_NAME_MAX], serial[2 * HZ_TSA_NONCE_MAX + 1];
	int64_t expires; /* first end of a certificate that was kept with it; INT64_MAX: never */
	bool renewed;    /* a newer one that is good carries it on [F-8.11] */
	bool right;      /* no finding names it as not right: then what stands above was proved */
};
/* What an anchor and its facts say of it; the place, expiry and what the logs say are left as they are. */
void hz_audit_stamp_of(
    const struct hz_anchor *a, const struct hz_anchor_facts *f, struct hz_audit_stamp *ret_s);
enum hz_audit_stage { HZ_STAGE_LOG, HZ_STAGE_EXHIBITS, HZ_STAGE_SEGMENTS };
struct hz_audit_ops {
	void (*finding)(void *arg, const struct hz_audit_finding *f);
	void (*progress)(
	    void *arg, uint64_t done, uint64_t total, uint64_t bytes);       /* items, plaintext bytes */
	void (*stage)(void *arg, enum hz_audit_stage stage, uint64_t total); /* each may be NULL */
	void (*event)(void *arg, unsigned log, uint64_t index, const struct hz_fact *f); /* in order */
	void (*stamp)(void *arg, const struct hz_audit_stamp *s); /* each of them, behind the logs */
};

enum hz_verdict {
	HZ_VERDICT_WITNESSED,
	HZ_VERDICT_SIGNED,
	HZ_VERDICT_INCOMPLETE,
	HZ_VERDICT_INVALID,
	HZ_VERDICT_UNSUPPORTED
};
/* "VALID-SIGNED" and so on; exit code of cli.md. */
const char *hz_verdict_word(enum hz_verdict v);
int hz_verdict_exit(enum hz_verdict v);

/* Reasons of a verdict: bits, so that doors give them words in a language. */
enum hz_audit_reason {
	HZ_WHY_CONTENT = 1,             /* exhibits or segments differ or are missing */
	HZ_WHY_LOG = 2,                 /* a finding in the log */
	HZ_WHY_ROLLBACK = 4,            /* older than a pin */
	HZ_WHY_NOTHING = 8,             /* nothing was there to check */
	HZ_WHY_SAMPLE = 16,             /* only a part was checked */
	HZ_WHY_NO_KEYS = 32,            /* without keys: segments and the checkpoint's signature only */
	HZ_WHY_NO_PIN = 64,             /* the pin inside the vault is missing */
	HZ_WHY_SEALED_ONLY = 128,       /* stored bytes only, not the plaintext */
	HZ_WHY_SOME = 256,              /* only the exhibits named */
	HZ_WHY_UNKNOWN_ACT = 512,       /* an act that this version does not know */
	HZ_WHY_FORK = 1024,             /* another history of the log was signed */
	HZ_WHY_NOT_COMPARED = 2048,     /* what was kept outside could not be compared */
	HZ_WHY_CLOCK = 4096,            /* the clock was not steady; changes no verdict */
	HZ_WHY_RESUMED = 8192,          /* a part was checked by an earlier run; changes no verdict */
	HZ_WHY_STAMP_UNTRUSTED = 16384, /* no time stamp leads to an authority that was given */
	HZ_WHY_STAMP_REVOKED = 32768,   /* a certificate behind a time stamp was revoked: it proves nothing */
	HZ_WHY_NOT_WITNESSED = 65536    /* the newest state does not satisfy the policy; changes no verdict */
};
#define HZ_WHY_LAST HZ_WHY_NOT_WITNESSED
const char *hz_audit_reason_id(unsigned bit); /* "content-differs", ... */

struct hz_audit_result {
	uint64_t checked, matched, missing, different; /* exhibits; segments without keys */
	uint64_t events, event_findings, bytes;
	uint64_t checkpoints, clock_readings, clock_findings, segments; /* whole */
	uint64_t resumed_events, resumed_segments;
	uint64_t stamps;       /* time stamps that were checked */
	uint64_t cosignatures; /* of witnesses whose keys are known, that were checked; whole */
	/* The policy: the newest state of the current log that satisfies it (0: none), and who signed it:
	 * flags of its nodes. */
	uint64_t witnessed;
	bool witness[2 * HZ_POLICY_MAX];
	int64_t resumed_from; /* checked by an earlier run, begun then */
	enum hz_verdict verdict;
	unsigned reasons;
};
/* The vault is open for reading, or sealed (then only HZ_AUDIT_SEALED). Failures of the vault itself (I/O,
 * memory, cancelled) are returned; what does not match is a finding, and the others go on. */
HZ_RESULT hz_audit_run(struct hz_vault *v, const struct hz_audit_opts *opts, const struct hz_audit_ops *ops,
    void *arg, struct hz_audit_result *ret);
/* Writes an audit pack [F-9.20] of all logs of the vault, as long as they are now, to an open file: every
 * event, every checkpoint that was kept, with its cosignatures, and the records of time stamps. With
 * recipients (age public keys, at most HZ_AGE_STANZAS_MAX) an age file lies around it. It names exhibits and
 * members by their ids and tells every act and its time; nothing of any content or other record. */
struct hz_audit_pack_opts {
	int fd;
	const uint8_t (*recipients)[32];
	size_t nrecipients;
};
struct hz_audit_packed {
	uint64_t events, checkpoints, stamps, bytes;
};
HZ_RESULT hz_audit_pack(struct hz_vault *v, const struct hz_audit_pack_opts *o, struct hz_audit_packed *ret);

#endif
