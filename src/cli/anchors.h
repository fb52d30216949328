/* Time anchors at the door: writing and showing them. */
#ifndef HZ_CLI_ANCHORS_H
#define HZ_CLI_ANCHORS_H

#include "audit/anchors.h"
#include "audit/audit.h"
#include "cli/common.h"

#define HZ_ANCHOR_WARN (INT64_C(365) * 86400) /* before the first certificate ends */

/* One event of act `anchor` with its record, in a batch of its own. No view may stand open. */
HZ_RESULT hz_anchor_commit(
    struct hz_vault *v, enum hz_record_kind kind, struct hz_record *rec, struct hz_ref *ret_at);

/* anchor_show.c: a line of type `anchor`; rows for people. */
const char *hz_revoked_word(enum hz_tsa_revoked r); /* "unknown", "no", "later", "yes" */
void hz_anchor_json(struct hz_out *o, const char *result, struct hz_ref at, const struct hz_anchor *a,
    const struct hz_anchor_facts *f, int64_t expires);
void hz_anchor_text(struct hz_out *o, const struct hz_anchor *a, const struct hz_anchor_facts *f);
/* One that a check of the vault has met: a line of the same type, with `renewed`; a row with the three facts.
 */
void hz_stamp_json(struct hz_out *o, const struct hz_audit_stamp *s);
void hz_stamp_text(struct hz_out *o, const struct hz_audit_stamp *s);

#endif
