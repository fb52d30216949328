/* A verification from choice to verdict. */
#include "audit/inner.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *
hz_verdict_word(enum hz_verdict v)
{
	switch (v) {
	case HZ_VERDICT_WITNESSED:
		return "VALID-WITNESSED";
	case HZ_VERDICT_SIGNED:
		return "VALID-SIGNED";
	case HZ_VERDICT_INCOMPLETE:
		return "INCOMPLETE";
	case HZ_VERDICT_INVALID:
		return "INVALID";
	case HZ_VERDICT_UNSUPPORTED:
		return "UNSUPPORTED";
	}
	return "INVALID";
}

int
hz_verdict_exit(enum hz_verdict v)
{
	switch (v) {
	case HZ_VERDICT_WITNESSED:
	case HZ_VERDICT_SIGNED:
		return 0;
	case HZ_VERDICT_INCOMPLETE:
		return 3;
	case HZ_VERDICT_UNSUPPORTED:
		return 6;
	case HZ_VERDICT_INVALID:
		break;
	}
	return 4;
}

const char *
hz_audit_reason_id(unsigned bit)
{
	static const char *const ids[] = { "content-differs", "log-differs", "rollback", "nothing-checked",
		"sample", "no-keys", "pin-missing", "stored-bytes-only", "named-exhibits-only", "unknown-act",
		"fork", "not-compared", "clock", "resumed", "stamp-untrusted", "stamp-revoked",
		"not-witnessed" };
	for (unsigned i = 0; i < sizeof(ids) / sizeof(ids[0]); i++) {
		if (bit == 1u << i) {
			return ids[i];
		}
	}
	return "unknown";
}

bool
hz_run_fatal(enum hz_err r)
{
	return r == HZ_ERR_NOMEM || r == HZ_ERR_CANCELLED || r == HZ_ERR_BUSY || r == HZ_ERR_IO ||
	       r == HZ_ERR_INTERNAL;
}

void
hz_run_finding(struct hz_run *run, enum hz_audit_kind kind, const char *what, const char *id)
{
	struct hz_audit_finding f = { .kind = kind, .what = what };
	size_t n = strlen(id);
	memcpy(f.id, id, n < sizeof(f.id) ? n : sizeof(f.id) - 1);
	hz_fail_save(&f.failure);
	if (f.failure.msg == HZ_MSG_TAMPERED) {
		f.failure.msg =
		    HZ_MSG_VAULT_TAMPERED; /* what custody says of any log is said of the vault's */
	}
	if (run->ops->finding) {
		run->ops->finding(run->arg, &f);
	}
	hz_fail_clear();
}

void
hz_run_note(struct hz_run *run, enum hz_audit_kind kind, const char *what, const char *id, const char *detail)
{
	struct hz_audit_finding f = { .kind = kind, .what = what };
	(void)snprintf(f.id, sizeof(f.id), "%.*s", HZ_ID_TEXT - 1, id);
	(void)snprintf(f.failure.detail, sizeof(f.failure.detail), "%.511s", detail);
	if (run->ops->finding) {
		run->ops->finding(run->arg, &f);
	}
}

struct hz_trail_subject *
hz_run_chain(struct hz_run *run, const char *id)
{
	uint8_t subject[HZ_SUBJECT_BYTES];
	return run->trail && hz_subject_read(id, subject) ? hz_trail_subject(run->trail, subject) : NULL;
}

bool
hz_run_clean(const struct hz_run *run)
{
	const struct hz_audit_result *r = run->res;
	return !r->different && !r->missing && !r->event_findings &&
	       !(r->reasons & (HZ_WHY_CONTENT | HZ_WHY_LOG | HZ_WHY_UNKNOWN_ACT));
}

static enum hz_err
push(struct hz_run *run, size_t *cap, uint64_t no)
{
	if (run->nitems == *cap) {
		*cap = *cap ? *cap * 2 : 1024;
		uint64_t *g = realloc(run->items, *cap * sizeof(*g));
		if (!g) {
			return hz_fail(HZ_MSG_NOMEM, "a list of %zu exhibits", *cap);
		}
		run->items = g;
	}
	run->items[run->nitems++] = no;
	return HZ_OK;
}

/* Every row there is. A damaged row must not end the walk: its counter is still known from its key. */
static enum hz_err
all_exhibits(struct hz_run *run)
{
	struct hz_view *w = NULL;
	size_t cap = 0;
	uint64_t no = 1;
	HZ_TRY(hz_view_begin(run->v, &w));
	enum hz_err r = HZ_OK;
	for (unsigned i = 0; i < 2 && r == HZ_OK; i++) {
		bool found = true;
		while (r == HZ_OK && found) {
			r = hz_exhibit_next_no(w, &no, &found);
			if (r == HZ_OK && found) {
				r = push(run, &cap, no++);
			}
		}
		no = HZ_DERIVED_FIRST;
	}
	hz_view_end(&w);
	return r;
}

/* So many of the exhibits, each as likely as any other: the first k steps of a shuffle, in order again. */
static int
ascending(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
	return x < y ? -1 : x > y;
}

static void
draw_sample(struct hz_run *run)
{
	size_t k = (run->nitems * run->o->percent + 99) / 100;
	for (size_t i = 0; i < k && i < run->nitems; i++) {
		uint64_t x = 0;
		hz_random(&x, sizeof(x));
		size_t j = i + (size_t)(x % (run->nitems - i));
		uint64_t t = run->items[i];
		run->items[i] = run->items[j];
		run->items[j] = t;
	}
	run->nitems = k;
	qsort(run->items, k, sizeof(*run->items), ascending);
}

static enum hz_err
choose(struct hz_run *run)
{
	size_t cap = 0;
	if (run->o->exhibits) {
		for (size_t i = 0; i < run->o->count; i++) {
			HZ_TRY(push(run, &cap, run->o->exhibits[i]));
		}
		run->res->reasons |= HZ_WHY_SOME;
	} else {
		HZ_TRY(all_exhibits(run));
	}
	if (run->o->mode == HZ_AUDIT_SAMPLE && run->nitems > 0) {
		draw_sample(run);
	}
	run->total = run->nitems;
	return HZ_OK;
}

/* What the log acquired and no row answers: somebody took an exhibit out. */
static void
vanished(struct hz_run *run)
{
	if (run->o->exhibits || run->o->mode == HZ_AUDIT_SAMPLE) {
		return;
	}
	size_t at = 0;
	for (const struct hz_trail_subject *c; (c = hz_trail_next(run->trail, &at)) != NULL;) {
		if (c->acquired && !c->met) {
			char id[HZ_ID_TEXT];
			hz_subject_text(c->id, id);
			run->res->checked++;
			run->res->missing++;
			HZ_IGNORE(hz_fail(HZ_MSG_VAULT_TAMPERED,
			    "the log acquired it, the vault does not have it")); /* for the finding */
			hz_run_finding(run, HZ_FOUND_MISSING, "exhibit", id);
		}
	}
}

/* What came after the last look of the witnesses nobody saw. */
static bool
witnessed(const struct hz_run *run)
{
	const struct hz_audit_result *res = run->res;
	return run->o->policy && run->trail && res->witnessed > 0 &&
	       res->witnessed == hz_trail_size(run->trail);
}

static unsigned
reasons(const struct hz_run *run)
{
	const struct hz_vault_info *i = hz_vault_info(run->v);
	const struct hz_audit_result *res = run->res;
	const struct {
		bool holds;
		unsigned why;
	} all[] = {
		{ res->different || res->missing, HZ_WHY_CONTENT },
		{ res->event_findings > 0, HZ_WHY_LOG },
		{ i->rollback, HZ_WHY_ROLLBACK },
		{ res->checked == 0, HZ_WHY_NOTHING },
		{ i->inside_pin_missing, HZ_WHY_NO_PIN },
		{ i->locked, HZ_WHY_NO_KEYS },
		{ run->o->mode == HZ_AUDIT_SEALED, HZ_WHY_SEALED_ONLY },
		{ run->o->mode == HZ_AUDIT_SAMPLE && run->o->percent < 100, HZ_WHY_SAMPLE },
		{ res->clock_findings > 0, HZ_WHY_CLOCK },
		{ res->resumed_events || res->resumed_segments, HZ_WHY_RESUMED },
		{ run->o->policy && !witnessed(run), HZ_WHY_NOT_WITNESSED },
	};
	unsigned why = res->reasons; /* what was noticed on the way */
	for (size_t k = 0; k < sizeof(all) / sizeof(all[0]); k++) {
		why |= all[k].holds ? all[k].why : 0;
	}
	return why;
}

static void
judge(struct hz_run *run)
{
	struct hz_audit_result *res = run->res;
	res->reasons = reasons(run);
	if (res->reasons & (HZ_WHY_CONTENT | HZ_WHY_LOG | HZ_WHY_ROLLBACK | HZ_WHY_FORK)) {
		res->verdict = HZ_VERDICT_INVALID;
	} else if (res->reasons & HZ_WHY_UNKNOWN_ACT) {
		res->verdict = HZ_VERDICT_UNSUPPORTED;
	} else if (res->reasons & (HZ_WHY_NOTHING | HZ_WHY_NO_PIN | HZ_WHY_NO_KEYS | HZ_WHY_SAMPLE |
				      HZ_WHY_NOT_COMPARED | HZ_WHY_STAMP_UNTRUSTED | HZ_WHY_STAMP_REVOKED)) {
		res->verdict = HZ_VERDICT_INCOMPLETE;
	} else {
		res->verdict = witnessed(run) ? HZ_VERDICT_WITNESSED : HZ_VERDICT_SIGNED;
	}
}

static enum hz_err
steps(struct hz_run *run, bool locked)
{
	if (!locked) {
		HZ_TRY(hz_audit_logs(run));
		HZ_TRY(choose(run));
		if (run->ops->stage) {
			run->ops->stage(run->arg, HZ_STAGE_EXHIBITS, run->nitems);
		}
		HZ_TRY(hz_audit_exhibits(run));
		vanished(run);
	}
	if (run->o->mode == HZ_AUDIT_SEALED) {
		HZ_TRY(hz_audit_segments(run));
	}
	return run->o->nkept ? hz_audit_kept(run) : HZ_OK;
}

HZ_RESULT
hz_audit_run(struct hz_vault *v, const struct hz_audit_opts *opts, const struct hz_audit_ops *ops, void *arg,
    struct hz_audit_result *ret)
{
	struct hz_resume resume = { 0 };
	struct hz_run run = { .v = v, .o = opts, .ops = ops, .arg = arg, .res = ret };
	bool locked = hz_vault_info(v)->locked;
	memset(ret, 0, sizeof(*ret));
	if (locked && opts->mode != HZ_AUDIT_SEALED) {
		return hz_fail(HZ_MSG_NO_KEY, "without keys only the stored bytes can be checked");
	}
	enum hz_err r = HZ_OK;
	if (opts->whole && !locked) {
		run.resume = &resume;
		r = hz_resume_read(&run);
	}
	r = r == HZ_OK ? steps(&run, locked) : r;
	if (r == HZ_OK) {
		judge(&run);
	}
	if (run.resume) {
		struct hz_failure f;
		hz_fail_save(&f);
		if (r == HZ_OK) {
			hz_resume_end(&run);
		} else {
			hz_resume_write(&run, true);
			r = hz_fail_restore(&f);
		}
	}
	hz_trail_free(&run.trail);
	hz_stamps_free(&run.stamps);
	free(run.items);
	return r;
}
