/* Single events with a record of their own: what was done, outside any larger batch. */
#include "vault/internal.h"

#include <string.h>

HZ_RESULT
hz_vault_event(struct hz_vault *v, const struct hz_new_event *x, struct hz_record *rec, struct hz_ref *ret_at,
    uint8_t *ret_leaf)
{
	struct hz_new_event full = *x;
	struct hz_record_draft d = { 0 };
	struct hz_batch *b = NULL;
	struct hz_ref at;
	uint8_t leaf[32];
	if (rec) {
		HZ_TRY(hz_record_draft(rec, &d));
		full.rec = rec;
		full.draft = &d;
	}
	enum hz_err r = hz_batch_begin(v, &b);
	r = r == HZ_OK ? hz_batch_event(b, &full, &at, leaf, NULL) : r;
	r = r == HZ_OK ? hz_batch_finish(&b) : r;
	hz_batch_end(&b);
	hz_record_draft_done(&d);
	if (r == HZ_OK && ret_at) {
		*ret_at = at;
	}
	if (r == HZ_OK && ret_leaf) {
		memcpy(ret_leaf, leaf, 32);
	}
	return r;
}

HZ_RESULT
hz_vault_access(struct hz_vault *v, uint64_t exhibit, const char *reason)
{
	struct hz_new_event x = { .act = HZ_ACT_ACCESS, .kind = HZ_REC_ACCESS, .exhibit = exhibit };
	struct hz_record rec;
	hz_record_init(&rec);
	enum hz_err r = hz_record_add(&rec, "kind", "access");
	r = r == HZ_OK ? hz_record_add(&rec, "access.reason", reason) : r;
	r = r == HZ_OK ? hz_vault_event(v, &x, &rec, NULL, NULL) : r;
	hz_record_done(&rec);
	return r;
}
