/* What was kept of the logs outside the vault, at the end of an audit: each against its log (against.h). */
#include "audit/inner.h"

#include <stdio.h>
#include <string.h>

const char *
hz_against_word(enum hz_against_state state)
{
	static const char *const words[] = { "same", "grew", "fork", "rollback", "restored", "other-log",
		"other-key" };
	return words[state];
}

/* The number of the log with this origin; 0 where there is none. */
static enum hz_err
log_number(struct hz_view *w, const char *origin, uint32_t *ret_no)
{
	struct hz_log_info l;
	enum hz_err r = HZ_OK;
	*ret_no = 0;
	for (uint32_t no = 0; r == HZ_OK; no++) {
		r = hz_log_info(w, no, &l);
		if (r == HZ_OK && strcmp(l.origin, origin) == 0) {
			*ret_no = no;
			return HZ_OK;
		}
	}
	return r == HZ_ERR_NOT_FOUND ? HZ_OK : r;
}

static void
say(struct hz_run *run, const struct hz_audit_kept *k, uint32_t log)
{
	char id[HZ_ID_TEXT] = "against", detail[512];
	unsigned long long parts = k->res.differs;
	int n = snprintf(detail, sizeof(detail), "%.200s: checkpoint of %llu events", k->name,
	    (unsigned long long)k->res.was);
	if (n > 0 && k->res.differs != UINT64_MAX) {
		(void)snprintf(
		    detail + n, sizeof(detail) - (size_t)n, "; the histories part at event %llu", parts);
		(void)snprintf(id, sizeof(id), "event %u:%llu", log, parts);
	}
	switch (k->res.state) {
	case HZ_AGAINST_FORK:
		run->res->reasons |= HZ_WHY_FORK;
		break;
	case HZ_AGAINST_OLDER:
		run->res->reasons |= HZ_WHY_ROLLBACK;
		break;
	case HZ_AGAINST_RESTORED:
	case HZ_AGAINST_OTHER_LOG:
	case HZ_AGAINST_OTHER_KEY:
		run->res->reasons |= HZ_WHY_NOT_COMPARED;
		break;
	case HZ_AGAINST_SAME:
	case HZ_AGAINST_GREW:
		break;
	}
	bool good = k->res.state == HZ_AGAINST_SAME || k->res.state == HZ_AGAINST_GREW;
	hz_run_note(run, good ? HZ_FOUND_NOTED : HZ_FOUND_AGAINST, hz_against_word(k->res.state), id, detail);
}

HZ_RESULT
hz_audit_kept(struct hz_run *run)
{
	struct hz_view *w = NULL;
	uint32_t log = 0;
	HZ_TRY(hz_view_begin(run->v, &w));
	enum hz_err r = HZ_OK;
	for (size_t i = 0; r == HZ_OK && i < run->o->nkept; i++) {
		struct hz_audit_kept *k = &run->o->kept[i];
		r = hz_audit_against(w, k->before, &k->res);
		r = r == HZ_OK ? log_number(w, k->before->c.origin, &log) : r;
		/* A witness sees many logs. */
		if (r == HZ_OK &&
		    (k->before->kind != HZ_BEFORE_WITNESS || k->res.state != HZ_AGAINST_OTHER_LOG)) {
			say(run, k, log);
		}
		if (r != HZ_OK &&
		    !hz_run_fatal(r)) { /* a damaged log: named already, and nothing to compare */
			run->res->reasons |= HZ_WHY_NOT_COMPARED;
			r = HZ_OK;
			hz_fail_clear();
		}
	}
	hz_view_end(&w);
	return r;
}
