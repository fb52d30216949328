/* How far an audit came [F-11.20]: outside the vault, under the log key, so that nobody else can write "all
 * was well so far". Nothing in it is believed of bytes that are others now: the root says which events were
 * meant. */
#include "audit/inner.h"

#include <string.h>

#define WHAT     "audit"
#define EVERY_NS ((int64_t)5 * 1000000000)
#define TOO_OLD  ((int64_t)7 * 86400)

HZ_RESULT
hz_resume_read(struct hz_run *run)
{
	struct hz_resume *s = run->resume;
	struct hz_buf b = HZ_BUF_INIT(HZ_MEMO_MAX);
	const uint8_t *root = NULL;
	uint64_t begun = 0;
	uint8_t ver = 0;
	s->begun = hz_time_now();
	s->written_ns = hz_time_boot_ns();
	enum hz_err r = run->o->fresh ? HZ_ERR_NOT_FOUND : hz_memo_read(run->v, WHAT, &b);
	if (r == HZ_OK) {
		struct hz_rd rd = hz_rd_over(b.p, b.len);
		struct hz_resume x = { .written_ns = s->written_ns, .read = true };
		r = hz_get_u8(&rd, &ver);
		r = r == HZ_OK ? hz_get_u64(&rd, &begun) : r;
		r = r == HZ_OK ? hz_get_u32(&rd, &x.log) : r;
		r = r == HZ_OK ? hz_get_u64(&rd, &x.events) : r;
		r = r == HZ_OK ? hz_get_view(&rd, 32, &root) : r;
		r = r == HZ_OK ? hz_get_u64(&rd, &x.segments) : r;
		r = r == HZ_OK ? hz_rd_end(&rd) : r;
		x.begun = begun > INT64_MAX ? 0 : (int64_t)begun;
		if (r == HZ_OK && ver == 1 && x.begun <= s->begun && s->begun - x.begun < TOO_OLD) {
			memcpy(x.root, root, 32);
			*s = x;
			run->res->resumed_from = x.begun;
		}
	}
	hz_buf_done(&b);
	hz_fail_clear();
	return r == HZ_ERR_NOMEM ? r : HZ_OK;
}

void
hz_resume_write(struct hz_run *run, bool now)
{
	struct hz_resume *s = run->resume;
	struct hz_buf b = HZ_BUF_INIT(HZ_MEMO_MAX);
	int64_t t = hz_time_boot_ns();
	if (s->events == 0 || (!now && t - s->written_ns < EVERY_NS)) {
		return;
	}
	enum hz_err r = hz_put_u8(&b, 1);
	r = r == HZ_OK ? hz_put_u64(&b, (uint64_t)s->begun) : r;
	r = r == HZ_OK ? hz_put_u32(&b, s->log) : r;
	r = r == HZ_OK ? hz_put_u64(&b, s->events) : r;
	r = r == HZ_OK ? hz_buf_put(&b, s->root, 32) : r;
	r = r == HZ_OK ? hz_put_u64(&b, s->segments) : r;
	if (r == HZ_OK) {
		HZ_IGNORE(hz_memo_write(run->v, WHAT, b.p, b.len)); /* the next run begins anew then */
	}
	hz_buf_done(&b);
	hz_fail_clear();
	s->written_ns = t;
}

void
hz_resume_end(struct hz_run *run)
{
	hz_memo_drop(run->v, WHAT);
}
