/* The report of an audit as one HTML page, in English and Arabic side by side: no scripts, nothing from
 * outside, every text from outside through an encoder (codec/sink.h). */
#ifndef HZ_CLI_REPORT_H
#define HZ_CLI_REPORT_H

#include "audit/audit.h"
#include "cli/cli.h"

#define HZ_REPORT_FINDINGS 1000 /* named one by one; the others are counted */

struct hz_report;
HZ_RESULT hz_report_new(struct hz_report **ret_r);
void hz_report_free(struct hz_report **r); /* NULL inside is fine */
/* What is met on the way. What there is no memory for makes hz_report_write fail. */
void hz_report_event(struct hz_report *r, uint32_t log, uint64_t index, const struct hz_fact *f);
void hz_report_finding(struct hz_report *r, const struct hz_audit_finding *f);
void hz_report_stamp(struct hz_report *r, const struct hz_audit_stamp *s);
/* note: the checkpoint of the current log; policy: NULL or the one that was asked for. */
HZ_RESULT hz_report_write(struct hz_report *r, const struct hz_vault_info *i, const struct hz_buf *note,
    const struct hz_audit_result *res, const struct hz_audit_opts *o, int fd);

/* Writes an event `verify` that says what was checked and with which result. The vault is open for writing.
 */
HZ_RESULT hz_cli_checked(
    struct hz_vault *v, const char *what, const char *mode, const struct hz_audit_result *res);

#endif
