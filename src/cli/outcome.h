/* What verify and audit say of a vault: findings and time stamps on the way, counts and the verdict in the
 * end. */
#ifndef HZ_CLI_OUTCOME_H
#define HZ_CLI_OUTCOME_H

#include "audit/audit.h"
#include "cli/report.h"
#include "cli/vouch.h"
#include "door/progress.h"

#define HZ_EXIT_OLDER 11

struct hz_outcome {
	struct hz_cli *cli;
	struct hz_progress bar;
	bool bar_on;
	struct hz_report *report;             /* NULL: none is asked for */
	uint64_t shown, hidden;               /* findings in text */
	uint64_t stamps_shown, stamps_hidden; /* time stamps in text */
	struct hz_audit_result res;
};
/* For hz_audit_run; the argument is the outcome. */
extern const struct hz_audit_ops hz_outcome_ops;
/* The files of --policy, --tsa-ca and so on, for hz_audit_opts; hz_outcome_given_done in any case. */
struct hz_outcome_given {
	struct hz_vouch *vouch;
	struct hz_policy *policy;
};
HZ_RESULT hz_outcome_given(struct hz_cli *cli, struct hz_outcome_given *g, struct hz_audit_opts *o);
void hz_outcome_given_done(struct hz_outcome_given *g);
/* Counts, who witnessed, reasons and verdict, as lines or as text. reason: one more of the caller's,
 * or NULL. */
void hz_outcome_say(struct hz_outcome *x, const struct hz_audit_opts *o, const char *reason);
/* The exit code of cli.md: 11 where nothing else is wrong but a fork or an older state. */
int hz_outcome_exit(const struct hz_audit_result *res);

#endif
