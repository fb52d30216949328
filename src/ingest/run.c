/* One run: the list, the workers, the writer. */
#include "ingest/batch.h"

#include "base/fd.h"
#include <stdlib.h>
#include <string.h>

#define WORKERS_LARGE 3
#define WORKERS_SMALL 8
#define LARGE_AVERAGE ((uint64_t)1 << 20)
#define BUDGET_LARGE  ((size_t)20 << 20)
#define BUDGET_SMALL  ((size_t)4 << 20)
#define FDS_WORKER    4U /* folder, source, hirz-inspect and what starts it */
#define FDS_WRITER    3U /* a pin and the folders on the way to it */

/* Failures that belong to one source; any other ends the run. */
static bool
is_item_failure(enum hz_msg msg)
{
	static const enum hz_msg list[] = { HZ_MSG_SOURCE_READ, HZ_MSG_SOURCE_EMPTY,
		HZ_MSG_SOURCE_NOT_REGULAR, HZ_MSG_SOURCE_CHANGED, HZ_MSG_SOURCE_MISSING, HZ_MSG_SOURCE_DENIED,
		HZ_MSG_LIMIT };

	for (size_t i = 0; i < sizeof list / sizeof list[0]; i++) {
		if (list[i] == msg) {
			return true;
		}
	}
	return false;
}

static enum hz_err
over(struct hz_writer *w, struct hz_pool *pool, uint64_t item, enum hz_err result)
{
	const struct hz_failure *f = hz_pool_failure(pool);

	if (result == HZ_OK) {
		return HZ_OK;
	}
	return is_item_failure(f->msg) ? hz_writer_failed(w, item, f) : hz_fail_restore(f);
}

static enum hz_err
message(struct hz_writer *w, struct hz_pool *pool, struct hz_pool_msg *m)
{
	enum hz_err r = HZ_OK;
	int answer = 0;

	switch (m->kind) {
	case HZ_MSG_KIND_SEG:
		r = hz_writer_segment(w, m->p);
		hz_bufs_put(w->run->bufs, m->p);
		break;
	case HZ_MSG_KIND_ASK:
		r = hz_writer_ask(w, m->p, &answer);
		free(m->p);
		hz_pool_answer(pool, answer);
		break;
	case HZ_MSG_KIND_DONE:
		r = hz_writer_done(w, m->item, m->p);
		hz_done_free(m->p);
		break;
	default:
		hz_assert(false);
	}
	return r;
}

static void
progress(const struct hz_writer *w)
{
	uint64_t bytes = w->file_bytes;

	if (w->ops->progress == NULL) {
		return;
	}
	if (w->in_object && w->files < w->run->list.n) {
		uint64_t size = w->run->list.sources[w->files].size;
		bytes += w->bytes < size ? w->bytes : size; /* bytes of the object at hand, near enough */
	}
	w->ops->progress(w->arg, w->files, bytes);
}

static enum hz_err
consume(struct hz_writer *w, struct hz_pool *pool)
{
	struct hz_pool_msg m;
	enum hz_err result = HZ_OK;

	while (hz_pool_next(pool, &m, &result)) {
		enum hz_err r = m.kind == 0 ? over(w, pool, m.item, result) : message(w, pool, &m);
		if (r == HZ_OK) {
			r = hz_writer_pace(w);
		}
		HZ_TRY(r);
		progress(w);
		HZ_TRY(m.kind == 0 ? hz_cancel_check() : HZ_OK);
	}
	return HZ_OK;
}

static unsigned
workers(const struct hz_run *run)
{
	if (run->o->workers != 0) {
		return run->o->workers;
	}
	return run->list.bytes / (run->list.n + 1) >= LARGE_AVERAGE ? WORKERS_LARGE : WORKERS_SMALL;
}

static enum hz_err
work_all(struct hz_writer *w)
{
	struct hz_run *run = w->run;
	struct hz_pool *pool = NULL;
	unsigned n = workers(run);
	size_t budget = n > WORKERS_LARGE ? BUDGET_SMALL : BUDGET_LARGE;
	unsigned spare = hz_fd_spare(FDS_WRITER + n * FDS_WORKER);

	if (spare < FDS_WRITER + FDS_WORKER) {
		return hz_fail(HZ_MSG_LIMIT, "%u more files may be open, %u are needed (ulimit -n)", spare,
		    FDS_WRITER + FDS_WORKER);
	}
	n = (spare - FDS_WRITER) / FDS_WORKER; /* at most what was wished, but what there is room for */
	enum hz_err r = run->o->dry_run ? HZ_OK : hz_batch_begin(run->v, &w->batch);
	if (r == HZ_OK) {
		r = hz_pool_start(&hz_work_ops, run, run->list.n, n, budget, &pool);
	}
	if (r == HZ_OK) {
		r = consume(w, pool);
	}
	struct hz_failure f;
	hz_fail_save(&f);
	hz_pool_stop(&pool);
	if (r == HZ_OK) {
		return hz_writer_finish(w);
	}
	if (r != HZ_ERR_CANCELLED) {
		return hz_fail_restore(&f);
	}
	/* A signal: what is complete stays, the file at hand goes. */
	HZ_TRY(hz_writer_finish(w));
	return hz_fail_restore(&f);
}

HZ_RESULT
hz_ingest_run(struct hz_vault *v, const struct hz_ingest_opts *opts, const char *const *paths, size_t npaths,
    const struct hz_ingest_ops *ops, void *arg, struct hz_ingest_sum *sum)
{
	struct hz_run *run = calloc(1, sizeof *run);
	struct hz_writer w = {
		.run = run, .ops = ops, .arg = arg, .sum = sum, .path = HZ_BUF_INIT(HZ_INGEST_PATH + 1024)
	};

	memset(sum, 0, sizeof *sum);
	if (run == NULL) {
		return hz_fail(HZ_MSG_NOMEM, "a run");
	}
	run->v = v;
	run->o = opts;
	enum hz_err r = hz_ingest_check(opts, paths, npaths);
	if (r == HZ_OK && opts->when != NULL && opts->when[0] != '\0') {
		r = hz_claimed_parse(opts->when, &run->when);
	}
	if (r == HZ_OK) {
		r = hz_bufs_new(&run->bufs);
	}
	if (r == HZ_OK) {
		r = hz_list_make(&run->list, hz_vault_path(v), paths, npaths, opts->recursive);
	}
	if (r == HZ_OK && hz_inspector_find(run->inspector, sizeof run->inspector) != HZ_OK) {
		run->inspector[0] = '\0'; /* types are then unknown, and the records say why */
		hz_fail_clear();
	}
	if (r == HZ_OK) {
		r = hz_guess_new(w.next, run->list.n, &run->guess);
	}
	if (r == HZ_OK) {
		if (ops->collected != NULL) {
			ops->collected(arg, run->list.n, run->list.bytes);
		}
		r = work_all(&w);
	}
	hz_writer_done_with(&w);
	hz_list_done(&run->list);
	hz_bufs_free(&run->bufs);
	hz_guess_free(&run->guess);
	free(run);
	return r;
}
