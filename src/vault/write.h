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
HZ_RESULT hz_write_record(
    struct hz_batch *b, const uint8_t *ex, struct hz_record_draft *d, struct hz_record_row *row);
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
