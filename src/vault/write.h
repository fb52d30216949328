/* What the writing files of the vault share. */
#ifndef HZ_VAULT_WRITE_H
#define HZ_VAULT_WRITE_H

#include "vault/internal.h"

struct hz_batch {
	struct hz_vault *v;
	struct hz_txn *t;
	struct hz_logger *logger;
	struct hz_view view;
	struct hz_counters saved; /* as of the last commit */
	struct hz_epoch_state saved_epoch[3];
	uint64_t next_segment, first_segment; /* first of the object in progress, 0: none */
	bool in_object;
	size_t bytes, items;
	int64_t first_ns;
};

void hz_quick_key(
    struct hz_vault *v, uint64_t size, const uint8_t first[static 32], uint32_t n, uint8_t key[static 32]);
void hz_seen_key(struct hz_vault *v, const struct hz_source_id *s, uint8_t key[static 32]);
HZ_RESULT hz_last_segment(struct hz_txn *t, uint64_t *ret_no);
HZ_RESULT hz_write_record(
    struct hz_batch *b, const uint8_t *ex, struct hz_record_draft *d, struct hz_record_row *row);
/* prepare.c: records and exhibits before they have a place. */
struct hz_prepared {
	uint64_t no; /* of the exhibit */
	uint32_t compartment, epoch;
	uint8_t ex[16], com[32], hdr_hash[32], rec_hash[32];
	char ex_text[HZ_ID_TEXT], number[HZ_NUMBER_MAX];
	struct hz_buf hdr, sealed_opening;
	struct hz_record_row rec; /* its number is the batch's */
};
/* As hz_exhibit_prepare, in the vault's own thread; adds exhibit.number to the draft. */
HZ_RESULT hz_prepare(struct hz_vault *v, const struct hz_new_exhibit *x, struct hz_record_draft *d,
    uint64_t no, struct hz_prepared **ret_p);
HZ_RESULT hz_prepare_header(struct hz_vault *v, const struct hz_new_exhibit *x, struct hz_prepared *p);
void hz_record_row_init(struct hz_record_row *row, uint8_t kind, uint64_t exhibit);
/* Signs a record from a draft; ex: exhibit in clear or NULL. */
HZ_RESULT hz_record_sign(
    struct hz_vault *v, const uint8_t *ex, struct hz_record_draft *d, struct hz_record_row *row);
HZ_RESULT hz_disclosures_seal(struct hz_vault *v, const uint8_t file_key[static 16],
    const struct hz_record_draft *d, struct hz_record_row *row);
HZ_RESULT hz_write_exhibit_event(
    struct hz_batch *b, struct hz_exhibit *e, struct hz_event *ev, uint64_t record, struct hz_ref *ret_at);
/* rotate.c: begins a new epoch where one is due [F-4.4]. */
HZ_RESULT hz_epoch_due(struct hz_batch *b);
/* Ends the transaction in hand (checkpoint and counters when there are events); begins the next. */
HZ_RESULT hz_batch_flush(struct hz_batch *b);
HZ_RESULT hz_batch_reopen(struct hz_batch *b);
HZ_RESULT hz_member_event(struct hz_batch *b, struct hz_event *ev, uint64_t record, struct hz_ref *ret_at,
    uint8_t ret_leaf[static 32]);

/* init.c: state of a new log whose id and checkpoint key are set; the object of its event 0. */
HZ_RESULT hz_new_log(struct hz_vault *v, uint32_t no);
void hz_init_object(const struct hz_vault *v, struct hz_event *ev);

#endif
