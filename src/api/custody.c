/* The events about one exhibit, oldest first, checked on the way. */
#include "api/api.h"

#include "base/enc.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct telling {
	struct hz_view *w;
	const struct hz_exhibit *e;
	hirz_event_fn *fn;
	void *arg;
	struct hz_ref *refs; /* heap */
	size_t n, cap;
	uint64_t seq; /* of the chain: the next one expected */
	uint8_t leaf[32];
	struct hz_event ev;
};

static enum hz_err
keep(struct telling *t, struct hz_ref at)
{
	if (t->n == t->cap) {
		size_t cap = t->cap != 0 ? 2 * t->cap : 64;
		struct hz_ref *more = reallocarray(t->refs, cap, sizeof(*more));
		if (more == NULL) {
			return hz_fail(HZ_MSG_NOMEM, "events");
		}
		t->refs = more;
		t->cap = cap;
	}
	t->refs[t->n++] = at;
	return HZ_OK;
}

/* From the newest back to the first; as many as the row says. */
static enum hz_err
collect_chain(struct telling *t)
{
	struct hz_ref at = t->e->head_ref;
	for (uint64_t left = t->e->next_seq; left > 0; left--) {
		struct hz_buf jws = HZ_BUF_INIT(HZ_EVENT_MAX);
		struct hz_links l;
		HZ_TRY(keep(t, at));
		enum hz_err r = hz_event_load(t->w, at, &jws, &l);
		hz_buf_done(&jws);
		HZ_TRY(r);
		at = l.prev;
	}
	return HZ_OK;
}

static enum hz_err
collect_mentions(struct telling *t)
{
	struct hz_ref pos = { 0, 0 }, at;
	bool found = true;
	while (found) {
		HZ_TRY(hz_mention_next(t->w, t->e->no, &pos, &found, &at));
		if (found) {
			HZ_TRY(keep(t, at));
		}
	}
	return HZ_OK;
}

static int
by_place(const void *a, const void *b)
{
	const struct hz_ref *x = a, *y = b;
	if (x->log != y->log) {
		return x->log < y->log ? -1 : 1;
	}
	return x->index < y->index ? -1 : x->index > y->index;
}

static enum hz_err
signer(struct telling *t, const struct hz_buf *jws, struct hz_member_info *ret_m)
{
	char kid[HZ_KID_LEN + 1];
	enum hz_err r = HZ_OK;
	for (unsigned i = 0; r == HZ_OK; i++) {
		r = hz_member_info(t->w, i, ret_m);
		if (r == HZ_OK) {
			hz_kid(ret_m->event_pk, kid);
			if (strcmp(kid, t->ev.kid) == 0) {
				return hz_jws_verify(jws->p, jws->len, ret_m->event_pk);
			}
		}
	}
	return r == HZ_ERR_NOT_FOUND ? hz_fail(HZ_MSG_VAULT_TAMPERED, "an event is signed by nobody known")
				     : r;
}

/* Number, link and subject of an event of the exhibit's own chain. */
static enum hz_err
check_link(struct telling *t, const struct hz_buf *jws)
{
	const struct hz_event *ev = &t->ev;
	bool linked = t->seq == 0 ? !ev->has_prev : ev->has_prev && memcmp(ev->prev, t->leaf, 32) == 0;
	if (strcmp(ev->ex, t->e->ex_text) != 0 || ev->seq != t->seq || !linked) {
		return hz_fail(HZ_MSG_VAULT_TAMPERED, "%s: its chain of events is broken at number %llu",
		    t->e->number, (unsigned long long)t->seq);
	}
	hz_leaf_hash(jws->p, jws->len, t->leaf);
	t->seq++;
	return HZ_OK;
}

static enum hz_err
give(struct telling *t, struct hz_ref at, const struct hz_buf *jws, const struct hz_member_info *m)
{
	char time[21], leaf[65], line[512], seq[24] = "-";
	uint8_t h[32];
	bool own = t->ev.ex[0] != '\0';
	hz_time_format(t->ev.t, time);
	hz_leaf_hash(jws->p, jws->len, h);
	hz_hex(leaf, h, 32);
	if (own) {
		(void)snprintf(seq, sizeof seq, "%llu", (unsigned long long)t->ev.seq);
	}
	(void)snprintf(line, sizeof line, "%u/%llu %s %s %s %s %s", at.log, (unsigned long long)at.index,
	    time, t->ev.act_text, seq, m->id, leaf);
	struct hirz_event x = { .size = sizeof x,
		.log = at.log,
		.index = at.index,
		.seq = own ? (int64_t)t->ev.seq : -1,
		.time = time,
		.act = t->ev.act_text,
		.member = m->id,
		.leaf = leaf,
		.line = line };
	return t->fn(t->arg, &x) == 0 ? HZ_OK : hz_api_stopped();
}

static enum hz_err
tell(struct telling *t, struct hz_ref at)
{
	struct hz_buf jws = HZ_BUF_INIT(HZ_EVENT_MAX);
	struct hz_member_info m;
	enum hz_err r = hz_event_load(t->w, at, &jws, NULL);
	r = r == HZ_OK ? hz_event_read(jws.p, jws.len, &t->ev) : r;
	r = r == HZ_OK ? signer(t, &jws, &m) : r;
	if (r == HZ_OK && t->ev.ex[0] != '\0') {
		r = check_link(t, &jws);
	}
	r = r == HZ_OK ? give(t, at, &jws, &m) : r;
	hz_buf_done(&jws);
	return r;
}

static enum hz_err
tell_all(struct telling *t)
{
	HZ_TRY(collect_chain(t));
	HZ_TRY(collect_mentions(t));
	if (t->n > 1) {
		qsort(t->refs, t->n, sizeof(*t->refs), by_place);
	}
	for (size_t i = 0; i < t->n; i++) {
		HZ_TRY(tell(t, t->refs[i]));
	}
	return HZ_OK;
}

static enum hz_err
steps(struct hz_view *w, const char *id, hirz_event_fn *fn, void *arg)
{
	struct hz_exhibit e;
	HZ_TRY(hz_exhibit_find(w, id, &e));
	HZ_TRY(hz_exhibit_check(w, &e));
	struct telling *t = calloc(1, sizeof(*t));
	if (t == NULL) {
		return hz_fail(HZ_MSG_NOMEM, "events");
	}
	t->w = w;
	t->e = &e;
	t->fn = fn;
	t->arg = arg;
	enum hz_err r = tell_all(t);
	free(t->refs);
	free(t);
	return r;
}

enum hirz_err
hirz_custody(struct hirz_vault *v, const char *id, hirz_event_fn *fn, void *arg)
{
	struct hz_view *w = NULL;
	enum hz_err r = hz_api_enter(v, HIRZ_READ);
	if (r != HZ_OK) {
		return hz_api_end(r);
	}
	r = id != NULL && fn != NULL ? hz_view_begin(v->v, &w)
				     : hz_fail(HZ_MSG_USAGE, "an exhibit and a callback are needed");
	r = r == HZ_OK ? steps(w, id, fn, arg) : r;
	hz_view_end(&w);
	return hz_api_leave(v, r);
}
