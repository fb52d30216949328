/* What the files of the audit room share. */
#ifndef HZ_AUDIT_INNER_H
#define HZ_AUDIT_INNER_H

#include "audit/audit.h"
#include "base/enc.h"
#include "base/fd.h"
#include "base/pool.h"
#include "custody/pack.h"

#define HZ_AUDIT_WORKERS 3
#define HZ_AUDIT_BUDGET  (4u << 20)

struct hz_run {
	struct hz_vault *v;
	const struct hz_audit_opts *o;
	const struct hz_audit_ops *ops;
	void *arg;
	struct hz_audit_result *res;
	struct hz_trail *trail;
	uint32_t log;    /* at hand */
	uint64_t cases;  /* that the log knows */
	uint64_t *items; /* exhibits to check */
	size_t nitems;
	uint64_t total, done;
	uint64_t span;            /* segment numbers of one item */
	uint64_t skip;            /* segment numbers that an earlier run read */
	struct hz_resume *resume; /* NULL: nothing is kept */
	struct hz_stamps *stamps;
	uint64_t members; /* of the keyring, whose event key a log knows: bits */
};

/* resume.c: how far an audit came, kept outside the vault. An entry says: the signatures of the first so many
 * events, whose tree has this root, were good; the segments up to that number had their hashes. It is written
 * only while nothing was found. */
struct hz_resume {
	int64_t begun;
	uint32_t log;     /* logs before this one are checked to their ends */
	uint64_t events;  /* of this log */
	uint8_t root[32]; /* of so many events */
	uint64_t segments;
	int64_t written_ns;
	bool read; /* from an earlier run */
};
HZ_RESULT hz_resume_read(struct hz_run *run);
/* Writes at most every five seconds, unless now. What cannot be written is not needed: no error. */
void hz_resume_write(struct hz_run *run, bool now);
void hz_resume_end(struct hz_run *run);

void hz_run_finding(struct hz_run *run, enum hz_audit_kind kind, const char *what, const char *id);
/* A finding that is no failure of ours: only a text. */
void hz_run_note(
    struct hz_run *run, enum hz_audit_kind kind, const char *what, const char *id, const char *detail);
bool hz_run_clean(const struct hz_run *run); /* nothing wrong so far */
/* True for what belongs to the machine and not to the evidence: stops the run. */
bool hz_run_fatal(enum hz_err r);
/* The chain of an exhibit in the log; NULL where there is none. */
struct hz_trail_subject *hz_run_chain(struct hz_run *run, const char *id);

/* stamps.c: read before the logs are followed, so that what was stamped is compared with the tree as it
 * grows. */
HZ_RESULT hz_stamps_read(struct hz_run *run);
void hz_stamps_free(struct hz_stamps **s); /* NULL inside is fine */
/* The tree of the log at hand has this size now. */
void hz_stamps_at(struct hz_run *run, uint32_t log, uint64_t size);
/* This event brought a time stamp or a renewal. */
void hz_stamps_event(struct hz_run *run, uint32_t log, uint64_t index, enum hz_record_kind kind);
/* What came of them, when all logs are through. */
void hz_stamps_tell(struct hz_run *run);

/* witnessed.c: cosignatures of a checkpoint that was kept. */
struct hz_known_witnesses {
	size_t n;
	struct hz_witness_key key[HZ_WITNESSES_MAX + 2 * HZ_POLICY_MAX];
};
/* Those of the vault, and those of the policy. */
HZ_RESULT hz_known_witnesses(struct hz_run *run, struct hz_view *w, struct hz_known_witnesses *ret_k);
/* How many cosignatures of theirs the note carries; *ret_bad: the first that is not good (borrowed from k),
 * or NULL. */
unsigned hz_cosigned_check(
    const struct hz_known_witnesses *k, const struct hz_buf *note, const struct hz_witness_key **ret_bad);
/* Does the policy name this log, or none, and ask for anybody? */
bool hz_policy_for(const struct hz_policy *p, const struct hz_log_info *l);

HZ_RESULT hz_audit_logs(struct hz_run *run);     /* log.c */
HZ_RESULT hz_audit_exhibits(struct hz_run *run); /* exhibits.c */
HZ_RESULT hz_audit_segments(struct hz_run *run); /* segments.c */
HZ_RESULT hz_audit_kept(struct hz_run *run);     /* kept.c */

#endif
