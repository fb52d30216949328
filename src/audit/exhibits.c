/* Exhibits, several at a time: rows against events, records, stored bytes, plaintext. */
#include "audit/inner.h"
#include "vault/tags.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define VIEW_SEGMENTS 64 /* a view is renewed after so many: no long read transaction */

struct outcome { /* what the consumer hears of an exhibit */
	struct hz_exhibit e;
	enum hz_err r;
	bool missing; /* some of its bytes are not there, rather than other ones */
	struct hz_failure failure;
};

static enum hz_err
plaintext(
    struct hz_run *run, struct hz_lane *lane, struct hz_object *o, struct hz_opener *op, bool *ret_missing)
{
	struct hz_view *w = NULL;
	uint8_t sum[32];
	enum hz_err r = hz_opener_begin(op, o->file_key, o->opening.size, o->payload);
	for (uint64_t i = 0; r == HZ_OK && i < o->segments; i++) {
		const uint8_t *p = NULL;
		size_t n = 0;
		if (i % VIEW_SEGMENTS == 0) {
			hz_view_end(&w);
			r = hz_lane_stopped(lane) ? HZ_ERR_CANCELLED : hz_view_begin(run->v, &w);
		}
		if (r == HZ_OK) {
			hz_object_willneed(w, o, i + 4);
			r = hz_object_segment(w, o, i, true, &p, &n);
			*ret_missing = r != HZ_OK && !hz_object_has(w, o, i);
		}
		r = r == HZ_OK ? hz_opener_put(op, p, n, NULL, NULL) : r;
		if (r == HZ_OK) {
			hz_object_dontneed(w, p, n);
		}
	}
	hz_view_end(&w);
	r = r == HZ_OK ? hz_opener_end(op, sum) : r;
#ifndef HZ_FAULT_NO_PLAINTEXT
	if (r == HZ_OK && memcmp(sum, o->opening.sha256, 32) != 0) {
		r = hz_fail(HZ_MSG_CONTENT_DIFFERS, "the plaintext is not what was committed to");
	}
#endif
	return r;
}

/* Sealed check with keys: every address of the object has its segment. */
static enum hz_err
addresses(struct hz_view *w, const struct hz_object *o, bool *ret_missing)
{
	for (uint64_t i = 0; i < o->segments; i++) {
		if (!hz_object_has(w, o, i)) {
			*ret_missing = true;
			return hz_fail(
			    HZ_MSG_CONTENT_DIFFERS, "segment %llu is missing", (unsigned long long)i);
		}
	}
	return HZ_OK;
}

static enum hz_err
one_record(struct hz_view *w, uint64_t no)
{
	struct hz_record_row row;
	struct hz_record rec;
	HZ_TRY(hz_record_load(w, no, &row));
	hz_record_init(&rec);
	enum hz_err r = hz_record_fields(w, &row, &rec);
	hz_record_done(&rec);
	hz_record_row_done(&row);
	return r;
}

static enum hz_err
records(struct hz_view *w, const struct hz_exhibit *e)
{
	uint32_t n = 1, seen = 0;
	bool found = true;
	HZ_TRY(one_record(w, e->record));
	while (found) {
		uint64_t no = 0;
		HZ_TRY(hz_receipt_next(w, e->no, &n, &found, &no));
		if (found) {
			seen++;
			HZ_TRY(one_record(w, no));
		}
	}
	return seen == e->receipts ? HZ_OK
				   : hz_fail(HZ_MSG_VAULT_TAMPERED, "%u receipts of %u", seen, e->receipts);
}

static enum hz_err
check(struct hz_run *run, struct hz_lane *lane, uint64_t no, struct hz_opener *op, struct outcome *x)
{
	struct hz_exhibit *e = &x->e;
	struct hz_view *w = NULL;
	struct hz_object o;
	HZ_TRY(hz_view_begin(run->v, &w));
	enum hz_err r = hz_exhibit_get(w, no, e);
	r = r == HZ_OK ? hz_exhibit_check(w, e) : r;
	r = r == HZ_OK ? records(w, e) : r;
	r = r == HZ_OK ? hz_tag_set_check(w, e) : r;
	r = r == HZ_OK ? hz_object_load(w, e, &o) : r;
	if (r != HZ_OK) {
		hz_view_end(&w);
		return r;
	}
	if (run->o->mode == HZ_AUDIT_SEALED) {
		r = addresses(w, &o, &x->missing);
		hz_view_end(&w);
	} else {
		hz_view_end(&w);
		r = plaintext(run, lane, &o, op, &x->missing);
	}
	hz_object_done(&o);
	return r;
}

static enum hz_err
work(struct hz_lane *lane, uint64_t item, void *state, void *arg)
{
	struct hz_run *run = arg;
	struct outcome *x = calloc(1, sizeof(*x));
	if (!x) {
		return hz_fail(HZ_MSG_NOMEM, "an exhibit");
	}
	x->e.no = run->items[item];
	x->r = check(run, lane, run->items[item], state, x);
	enum hz_err r = HZ_OK;
	if (x->r != HZ_OK) {
		hz_fail_save(&x->failure);
		r = hz_run_fatal(x->r) ? x->r : HZ_OK;
	}
	r = r == HZ_OK ? hz_lane_send(lane, (struct hz_pool_msg){ .kind = 1, .p = x, .cost = sizeof(*x) })
		       : r;
	if (r != HZ_OK) {
		free(x);
	}
	return r;
}

static enum hz_err
worker_new(void **ret, void *arg)
{
	(void)arg;
	return hz_opener_new((struct hz_opener **)ret);
}

static void
worker_free(void *state, void *arg)
{
	struct hz_opener *op = state;
	(void)arg;
	hz_opener_free(&op);
}

static void
drop(struct hz_pool_msg *m, void *arg)
{
	(void)arg;
	free(m->p);
}

/* The row's chain against the log's: a row that is older or newer than its chain is tampering. */
static enum hz_err
chain_agrees(struct hz_run *run, const struct hz_exhibit *e)
{
	struct hz_trail_subject *c = hz_run_chain(run, e->ex_text);
	if (!c) {
		return hz_fail(HZ_MSG_VAULT_TAMPERED, "the log does not know this exhibit");
	}
	c->met = true;
	if (c->next != e->next_seq || memcmp(c->head, e->head, 32) != 0) {
		return hz_fail(HZ_MSG_VAULT_TAMPERED, "its row is not as new as its chain in the log");
	}
	return HZ_OK;
}

static void
take(struct hz_run *run, const struct outcome *x)
{
	struct hz_audit_result *res = run->res;
	enum hz_err r = x->r;
	res->checked++;
	if (r == HZ_OK) {
		r = chain_agrees(run, &x->e);
	} else {
		HZ_IGNORE(hz_fail_restore(&x->failure)); /* for the finding */
	}
	if (r == HZ_OK) {
		res->matched++;
		res->bytes += x->e.size;
	} else {
		char id[HZ_ID_TEXT];
		(void)snprintf(id, sizeof(id), "%s", x->e.number);
		if (!id[0]) {
			(void)snprintf(id, sizeof(id), "%s-%06llu", hz_vault_info(run->v)->desk,
			    (unsigned long long)x->e.no);
		}
		bool missing = x->missing || r == HZ_ERR_NOT_FOUND;
		*(missing ? &res->missing : &res->different) += 1;
		hz_run_finding(run, missing ? HZ_FOUND_MISSING : HZ_FOUND_DIFFERENT, "exhibit", id);
		struct hz_trail_subject *c = x->e.ex_text[0] ? hz_run_chain(run, x->e.ex_text) : NULL;
		if (c) {
			c->met = true; /* reported already */
		}
	}
	run->done++;
	if (run->ops->progress) {
		run->ops->progress(run->arg, run->done, run->total, res->bytes);
	}
}

HZ_RESULT
hz_audit_exhibits(struct hz_run *run)
{
	static const struct hz_pool_ops ops = { work, worker_new, worker_free, drop };
	struct hz_pool *pool = NULL;
	struct hz_pool_msg m;
	struct hz_failure f;
	enum hz_err end = HZ_OK;
	if (run->nitems == 0) {
		return HZ_OK;
	}
	enum hz_err e = hz_pool_start(&ops, run, run->nitems, HZ_AUDIT_WORKERS, HZ_AUDIT_BUDGET, &pool);
	while (e == HZ_OK && hz_pool_next(pool, &m, &end)) {
		if (m.kind == 0) {
			e = end != HZ_OK ? hz_fail_restore(hz_pool_failure(pool)) : hz_cancel_check();
			continue;
		}
		take(run, m.p);
		free(m.p);
	}
	hz_fail_save(&f);
	hz_pool_stop(&pool);
	return e == HZ_OK ? HZ_OK : hz_fail_restore(&f);
}
