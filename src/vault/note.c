/* Single events with a record of their own: what was done, outside any larger batch. */
#include "vault/internal.h"

HZ_RESULT
hz_vault_event(
    struct hz_vault *v, enum hz_act act, enum hz_record_kind kind, uint64_t exhibit, struct hz_record *rec)
{
	struct hz_record_draft d = { 0 };
	struct hz_new_event x = { .act = act, .kind = kind, .rec = rec, .draft = &d, .exhibit = exhibit };
	struct hz_batch *b = NULL;
	struct hz_ref at;
	uint8_t leaf[32];
	enum hz_err r = hz_record_draft(rec, &d);
	r = r == HZ_OK ? hz_batch_begin(v, &b) : r;
	r = r == HZ_OK ? hz_batch_event(b, &x, &at, leaf, NULL) : r;
	r = r == HZ_OK ? hz_batch_finish(&b) : r;
	hz_batch_end(&b);
	hz_record_draft_done(&d);
	return r;
}

HZ_RESULT
hz_vault_access(struct hz_vault *v, uint64_t exhibit, const char *reason)
{
	struct hz_record rec;
	hz_record_init(&rec);
	enum hz_err r = hz_record_add(&rec, "kind", "access");
	r = r == HZ_OK ? hz_record_add(&rec, "access.reason", reason) : r;
	r = r == HZ_OK ? hz_vault_event(v, HZ_ACT_ACCESS, HZ_REC_ACCESS, exhibit, &rec) : r;
	hz_record_done(&rec);
	return r;
}
