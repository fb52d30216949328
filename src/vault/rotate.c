/* Key and member events: the chain of a member's id, new epochs, new checkpoint keys. */
#include "vault/write.h"

#include <stdlib.h>
#include <string.h>

/* An event about this member (key-add, restore): continues the member's chain and saves its row. */
HZ_RESULT
hz_member_event(struct hz_batch *b, struct hz_event *ev, uint64_t record, struct hz_ref *ret_at,
    uint8_t ret_leaf[static 32])
{
	struct hz_vault *v = b->v;
	struct hz_member_row m;
	HZ_TRY(hz_member_row_load(v, b->t, v->member, &m));
	hz_id_text("mb-", v->member, ev->ex);
	ev->seq = m.next_seq;
	ev->has_prev = true;
	memcpy(ev->prev, m.head, 32);
	HZ_TRY(hz_logger_event(b->logger, ev, (struct hz_links){ m.at, record }, ret_at, ret_leaf));
	m.next_seq++;
	memcpy(m.head, ret_leaf, 32);
	m.at = *ret_at;
	return hz_member_row_save(v, b->t, v->member, &m);
}

/* The event that names the keyring's signed part, and the row that remembers it. */
static enum hz_err
name_keyring(struct hz_batch *b)
{
	struct hz_vault *v = b->v;
	struct hz_keyring_row kr;
	uint8_t leaf[32];
	struct hz_event *ev = calloc(1, sizeof(*ev));
	if (!ev) {
		return hz_fail(HZ_MSG_NOMEM, "an event");
	}
	ev->act = HZ_ACT_KEY_ADD;
	ev->has_keyring = true;
	memcpy(ev->keyring, v->kr.signed_hash, 32);
	enum hz_err r = hz_member_event(b, ev, 0, &kr.at, leaf);
	free(ev);
	HZ_TRY(r);
	memcpy(kr.hash, v->kr.signed_hash, 32);
	return hz_keyring_row_save(v, b->t, &kr);
}

static enum hz_err
add_epoch_keys(struct hz_vault *v, uint32_t compartment, uint32_t epoch)
{
	struct hz_key_name name = { .compartment = compartment, .epoch = epoch };
	uint8_t key[32];
	enum hz_err r = HZ_OK;
	for (uint8_t type = HZ_KEY_EPOCH; r == HZ_OK && type <= HZ_KEY_EPOCH_X25519; type++) {
		name.type = type;
		hz_random(key, 32);
		r = hz_keys_add(v, &name, key);
	}
	hz_wipe(key, 32);
	return r;
}

/* keyring.new is on disk before the event; the event is on disk before the rename; rows use the key only
 * then. */
static enum hz_err
begin_epoch(struct hz_batch *b, uint32_t compartment)
{
	struct hz_vault *v = b->v;
	struct hz_epoch_state *es = &v->epoch[compartment];
	/* Workers look up keys in the same table, which may move here. */
	hz_gate_close(v->gate);
	enum hz_err r = add_epoch_keys(v, compartment, es->epoch + 1);
	hz_gate_leave(v->gate);
	HZ_TRY(r);
	HZ_TRY(hz_keys_stage(v));
	HZ_TRY(name_keyring(b));
	hz_gate_close(v->gate);
	es->epoch++;
	es->objects = 0;
	es->begun = (uint64_t)hz_time_now();
	hz_gate_leave(v->gate);
	return HZ_OK;
}

HZ_RESULT
hz_epoch_due(struct hz_batch *b)
{
	struct hz_vault *v = b->v;
	struct hz_epoch_state *es = &v->epoch[HZ_GENERAL];
	int64_t age = hz_time_now() - (int64_t)es->begun;
	/* A clock that went back must not hold an epoch for ever: only objects count then. */
	if (es->objects == 0 || (es->objects < HZ_EPOCH_OBJECTS && age < HZ_EPOCH_SECONDS)) {
		return HZ_OK;
	}
	HZ_TRY(begin_epoch(b, HZ_GENERAL));
	HZ_TRY(hz_batch_flush(b));
	HZ_TRY(hz_keys_publish(v));
	return hz_batch_reopen(b);
}
