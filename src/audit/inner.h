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

HZ_RESULT hz_audit_logs(struct hz_run *run);     /* log.c */
HZ_RESULT hz_audit_exhibits(struct hz_run *run); /* exhibits.c */
HZ_RESULT hz_audit_segments(struct hz_run *run); /* segments.c */
HZ_RESULT hz_audit_kept(struct hz_run *run);     /* kept.c */

#endif
