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
	struct hz_new_event x = { .act = HZ_ACT_VERIFY, .kind = HZ_REC_VERIFY };
	struct hz_record rec;
	hz_record_init(&rec);
	enum hz_err r = fill(&rec, v, what, mode, res);
	r = r == HZ_OK ? hz_vault_event(v, &x, &rec, NULL, NULL) : r;
	hz_record_done(&rec);
	return r;
}
