/* Time anchors in the vault: events of act `anchor`, found again through the keyed index [F-11.4]. */
#include "vault/write.h"

static void
anchor_key(struct hz_vault *v, enum hz_record_kind kind, uint32_t n, uint8_t key[static 32])
{
	uint8_t data[5];

	data[0] = (uint8_t)kind;
	hz_be32(data + 1, n);
	hz_index_key(v, HZ_GENERAL, HZ_IX_ANCHOR, data, sizeof data, key);
}

HZ_RESULT
hz_anchor_next(
    struct hz_view *w, enum hz_record_kind kind, uint32_t *n, bool *ret_found, struct hz_record_row *ret_row)
{
	uint8_t key[32];
	uint64_t no = 0;

	anchor_key(w->v, kind, *n, key);
	HZ_TRY(hz_index_get(w->v, w->t, key, &no));
	*ret_found = no != 0;
	if (no == 0) {
		return HZ_OK;
	}
	HZ_TRY(hz_record_load(w, no, ret_row));
	if (ret_row->kind != kind) {
		hz_record_row_done(ret_row);
		return hz_fail(HZ_MSG_VAULT_TAMPERED, "an index row leads to another record");
	}
	(*n)++;
	return HZ_OK;
}

HZ_RESULT
hz_batch_anchor(struct hz_batch *b, enum hz_record_kind kind, struct hz_record_draft *draft,
    struct hz_ref *ret_at, uint8_t ret_leaf[static 32])
{
	struct hz_new_event x = { .act = HZ_ACT_ANCHOR, .kind = kind, .draft = draft };
	uint8_t key[32];
	uint64_t no = 0, other = 0;
	uint32_t n = 0;

	HZ_TRY(hz_batch_event(b, &x, ret_at, ret_leaf, &no));
	do {
		anchor_key(b->v, kind, n++, key);
		HZ_TRY(hz_index_get(b->v, b->t, key, &other));
	} while (other != 0 && n < UINT32_MAX);
	return hz_index_set(b->v, b->t, key, no);
}
