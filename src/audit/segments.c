/* Stored bytes alone: every segment against its address. Needs no key. */
#include "audit/inner.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define RANGE 64 /* segment numbers an item */

struct sums {
	uint64_t reached; /* all segments up to this number are looked at */
	uint64_t checked, different, bytes;
	uint64_t bad[RANGE];
};

static enum hz_err
work(struct hz_lane *lane, uint64_t item, void *state, void *arg)
{
	struct hz_run *run = arg;
	struct hz_view *w = NULL;
	struct sums *s = calloc(1, sizeof(*s));
	uint64_t no = item * run->span + 1 + run->skip, end = no + run->span;
	bool found = true;
	(void)state;
	enum hz_err r = s ? hz_view_begin(run->v, &w) : hz_fail(HZ_MSG_NOMEM, "segments");
	while (r == HZ_OK && found && no < end) {
		const uint8_t *p = NULL;
		size_t n = 0;
		uint8_t h[32];
		uint64_t at = 0;
		r = hz_segment_next(w, &no, &found, &p, &n);
		if (r != HZ_OK || !found || no > end) {
			break;
		}
		hz_sha256(p, n, h);
		enum hz_err known = hz_segment_find(w, h, &at);
		if (known != HZ_OK && known != HZ_ERR_NOT_FOUND && hz_run_fatal(known)) {
			r = known;
		}
		s->checked++;
		s->bytes += n;
		if (known != HZ_OK || at + 1 != no) {
			if (s->different < RANGE) {
				s->bad[s->different] = no - 1;
			}
			s->different++;
		}
		hz_object_dontneed(w, p, n);
	}
	hz_view_end(&w);
	if (s) {
		s->reached = end - 1;
	}
	r = r == HZ_OK ? hz_lane_send(lane, (struct hz_pool_msg){ .kind = 1, .p = s, .cost = sizeof(*s) })
		       : r;
	if (r != HZ_OK) {
		free(s);
	}
	return r;
}

static void
drop(struct hz_pool_msg *m, void *arg)
{
	(void)arg;
	free(m->p);
}

static void
take(struct hz_run *run, const struct sums *s, struct sums *all)
{
	for (uint64_t i = 0; i < s->different && i < RANGE; i++) {
		char id[HZ_ID_TEXT];
		(void)snprintf(id, sizeof(id), "segment %llu", (unsigned long long)s->bad[i]);
		HZ_IGNORE(hz_fail(HZ_MSG_CONTENT_DIFFERS,
		    "its bytes do not have the address that names it")); /* for the finding */
		hz_run_finding(run, HZ_FOUND_DIFFERENT, "segment", id);
	}
	if (run->resume && hz_run_clean(run) && !s->different) {
		run->resume->segments = s->reached;
		hz_resume_write(run, false);
	}
	all->checked += s->checked;
	all->different += s->different;
	all->bytes += s->bytes;
	if (run->ops->progress) {
		run->ops->progress(run->arg, all->checked, run->total, all->bytes);
	}
}

static void
settle(struct hz_run *run, const struct sums *all, uint64_t addresses)
{
	struct hz_audit_result *res = run->res;
	uint64_t seen = run->skip ? run->total : all->checked; /* the others were read by an earlier run */
	uint64_t missing = addresses > seen ? addresses - seen : 0;
	res->segments = all->checked;
	if (missing) {
		HZ_IGNORE(hz_fail(HZ_MSG_CONTENT_DIFFERS, "%llu addresses without a segment",
		    (unsigned long long)missing)); /* the same */
		hz_run_finding(run, HZ_FOUND_MISSING, "segment", "segments");
	}
	if (hz_vault_info(run->v)->locked) {
		res->checked = all->checked + missing;
		res->different = all->different;
		res->missing = missing;
		res->matched = all->checked - all->different;
	} else if (all->different || missing) {
		res->reasons |= HZ_WHY_CONTENT;
	}
	res->bytes = all->bytes;
}

HZ_RESULT
hz_audit_segments(struct hz_run *run)
{
	static const struct hz_pool_ops ops = { work, NULL, NULL, drop };
	struct hz_pool *pool = NULL;
	struct hz_pool_msg m;
	struct hz_failure f;
	struct hz_view *w = NULL;
	struct sums all = { 0 };
	uint64_t addresses = 0, last = 0;
	enum hz_err end = HZ_OK;
	HZ_TRY(hz_view_begin(run->v, &w));
	enum hz_err e = hz_segment_count(w, &run->total, &addresses);
	e = e == HZ_OK ? hz_segment_last(w, &last) : e;
	hz_view_end(&w);
	HZ_TRY(e);
	if (run->resume && run->resume->read && run->resume->segments < last) {
		run->skip = run->res->resumed_segments = run->resume->segments;
	}
	if (run->ops->stage) {
		run->ops->stage(run->arg, HZ_STAGE_SEGMENTS, run->total);
	}
	if (last > 0) {
		/* As many items as there are segments for, however far apart somebody made their numbers. */
		uint64_t items = (run->total + RANGE - 1) / RANGE;
		run->span = (last - run->skip) / items + 1;
		e = hz_pool_start(&ops, run, items, HZ_AUDIT_WORKERS, HZ_AUDIT_BUDGET, &pool);
	}
	while (e == HZ_OK && pool && hz_pool_next(pool, &m, &end)) {
		if (m.kind == 0) {
			e = end != HZ_OK ? hz_fail_restore(hz_pool_failure(pool)) : hz_cancel_check();
			continue;
		}
		take(run, m.p, &all);
		free(m.p);
	}
	hz_fail_save(&f);
	hz_pool_stop(&pool);
	if (e != HZ_OK) {
		return hz_fail_restore(&f);
	}
	settle(run, &all, addresses);
	return HZ_OK;
}
