/* Time anchors of a vault: reading them back, checking them, how long they will hold. */
#ifndef HZ_CLI_ANCHORS_H
#define HZ_CLI_ANCHORS_H

#include "anchor/anchor.h"
#include "cli/common.h"

#define HZ_ANCHOR_WARN (INT64_C(365) * 86400) /* before the first certificate ends */

/* One anchor of the vault, checked today with what its importer trusted. */
struct hz_anchor_row {
	struct hz_ref at; /* its event */
	struct hz_anchor a;
	enum hz_err bad; /* not HZ_OK: `failure` says why it proves nothing */
	struct hz_failure failure;
	struct hz_anchor_facts f;
	int64_t expires; /* first end of a certificate; INT64_MAX: never */
};
/* Calls each in the order of the events, until it fails. HZ_MSG_VAULT_TAMPERED for rows that do not fit. */
HZ_RESULT hz_anchors_each(
    struct hz_view *w, enum hz_err (*each)(void *arg, const struct hz_anchor_row *row), void *arg);

/* The newest anchor that is good, and when it needs a renewal. */
struct hz_anchor_outlook {
	uint64_t count; /* all anchors */
	bool good;
	uint64_t size;      /* of the log that it covers */
	int64_t t, expires; /* as above */
};
HZ_RESULT hz_anchors_outlook(struct hz_view *w, struct hz_anchor_outlook *ret);

/* The checkpoint is of a log of this vault, signed by its key, and its root is that of the tree at its size.
 * HZ_MSG_ANCHOR_INVALID. */
HZ_RESULT hz_anchor_root_check(struct hz_view *w, const struct hz_anchor *a);

/* One event of act `anchor` with its record, in a batch of its own. No view may stand open. */
HZ_RESULT hz_anchor_commit(
    struct hz_vault *v, enum hz_record_kind kind, struct hz_record *rec, struct hz_ref *ret_at);

/* anchor_show.c: a line of type `anchor`; rows for people. */
const char *hz_revoked_word(enum hz_tsa_revoked r); /* "unknown", "no", "later", "yes" */
void hz_anchor_json(struct hz_out *o, const char *result, struct hz_ref at, const struct hz_anchor *a,
    const struct hz_anchor_facts *f, int64_t expires);
void hz_anchor_text(struct hz_out *o, const struct hz_anchor *a, const struct hz_anchor_facts *f);

#endif
