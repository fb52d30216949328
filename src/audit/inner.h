/* What the files of the audit room share. */
#ifndef HZ_AUDIT_INNER_H
#define HZ_AUDIT_INNER_H

#include "audit/audit.h"
#include "base/enc.h"
#include "base/fd.h"
#include "base/pool.h"

#define HZ_AUDIT_WORKERS 3
#define HZ_AUDIT_BUDGET  (4u << 20)

struct hz_chain { /* the end of one subject's chain as the log tells it */
	char id[HZ_ID_TEXT];
	uint64_t next;
	uint8_t head[32];
	bool acquired, met; /* begun by an acquisition; a row of the vault answers it */
};
struct hz_run {
	struct hz_vault *v;
	const struct hz_audit_opts *o;
	const struct hz_audit_ops *ops;
	void *arg;
	struct hz_audit_result *res;
	struct hz_chain *chains; /* open addressing by id */
	size_t chains_cap, chains_n;
	uint64_t cases;  /* that the log knows */
	uint64_t *items; /* exhibits to check */
	size_t nitems;
	uint64_t total, done;
	uint64_t span; /* segment numbers of one item */
};

void hz_run_finding(struct hz_run *run, enum hz_audit_kind kind, const char *id);
/* True for what belongs to the machine and not to the evidence: stops the run. */
bool hz_run_fatal(enum hz_err r);
struct hz_chain *hz_run_chain(struct hz_run *run, const char *id, bool make);

HZ_RESULT hz_audit_logs(struct hz_run *run);     /* log.c */
HZ_RESULT hz_audit_exhibits(struct hz_run *run); /* exhibits.c */
HZ_RESULT hz_audit_segments(struct hz_run *run); /* segments.c */

#endif
