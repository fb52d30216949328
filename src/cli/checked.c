/* The event that a check was done. */
#include "cli/report.h"

#include "base/enc.h"

static enum hz_err
fill(struct hz_record *rec, const struct hz_vault *v, const char *what, const char *mode,
    const struct hz_audit_result *res)
{
	const struct hz_vault_info *i = hz_vault_info(v);
	char root[65];
	hz_hex(root, i->log_root, 32);
	HZ_TRY(hz_record_add(rec, "kind", "verify"));
	HZ_TRY(hz_record_add(rec, "verify.what", what));
	HZ_TRY(hz_record_add(rec, "verify.mode", mode));
	HZ_TRY(hz_record_add(rec, "verify.verdict", hz_verdict_word(res->verdict)));
	HZ_TRY(hz_record_add_int(rec, "verify.exhibits", res->checked));
	HZ_TRY(hz_record_add_int(rec, "verify.matched", res->matched));
	HZ_TRY(hz_record_add_int(rec, "verify.events", res->events));
	HZ_TRY(hz_record_add_int(rec, "verify.event_findings", res->event_findings));
	HZ_TRY(hz_record_add_int(rec, "verify.size", i->log_size));
	return hz_record_add(rec, "verify.root", root);
}

HZ_RESULT
hz_cli_checked(struct hz_vault *v, const char *what, const char *mode, const struct hz_audit_result *res)
{
	struct hz_record rec;
	struct hz_record_draft d = { 0 };
	struct hz_batch *b = NULL;
	struct hz_ref at;
	uint8_t leaf[32];
	hz_record_init(&rec);
	enum hz_err r = fill(&rec, v, what, mode, res);
	r = r == HZ_OK ? hz_record_draft(&rec, &d) : r;
	r = r == HZ_OK ? hz_batch_begin(v, &b) : r;
	if (r == HZ_OK) {
		struct hz_new_event x = {
			.act = HZ_ACT_VERIFY, .kind = HZ_REC_VERIFY, .rec = &rec, .draft = &d
		};
		r = hz_batch_event(b, &x, &at, leaf, NULL);
		r = r == HZ_OK ? hz_batch_finish(&b) : r;
	}
	hz_batch_end(&b);
	hz_record_draft_done(&d);
	hz_record_done(&rec);
	return r;
}
