/* Time anchors of a vault: reading them back, checking them, how long they will hold (docs/format.md 8.8).
 * Joins the nouns of anchor to the rows of vault. */
#ifndef HZ_AUDIT_ANCHORS_H
#define HZ_AUDIT_ANCHORS_H

#include "anchor/anchor.h"
#include "vault/vault.h"

/* One anchor of the vault, checked today with what its importer trusted. */
struct hz_anchor_row {
	struct hz_ref at; /* its event */
	struct hz_anchor a;
	enum hz_err bad; /* not HZ_OK: `failure` says why it proves nothing */
	struct hz_failure failure;
	struct hz_anchor_facts f;
	int64_t expires; /* first end of a certificate; INT64_MAX: never */
};
/* One of them out of its record, checked by itself; the tree of its log is not looked at. given NULL: with
 * what its importer trusted. What is wrong stands in the row (hz_anchor_done(&row->a) in any case); only what
 * ends everything is returned. */
HZ_RESULT hz_anchor_row_read(struct hz_view *w, const struct hz_record_row *rec,
    const struct hz_anchor_given *given, struct hz_anchor_row *row);
/* Calls each for the record of every anchor in the order of the events, until it fails; row is room for
 * hz_anchor_row_read, freed behind each. */
HZ_RESULT hz_anchor_records_each(struct hz_view *w,
    enum hz_err (*each)(void *arg, const struct hz_record_row *rec, struct hz_anchor_row *row), void *arg);
/* The same with each of them read and held against the tree. HZ_MSG_VAULT_TAMPERED for rows that do not fit.
 */
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

#endif
