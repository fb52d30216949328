/* The one that writes: segments and ends of items into the batch, in order; results to the person after the
 * commit that holds them. */
#include "ingest/batch.h"

#include <stdlib.h>
#include <string.h>

/* Below the size at which the vault would cut the transaction by itself: what is complete is then committed,
 * with its case, before a large object begins. */
#define FIT_BYTES   ((uint64_t)11 << 20)
#define TABLE_FIRST 1024

/* --- results
 * ------------------------------------------------------------------------------------------------ */

static void
count(struct hz_ingest_sum *sum, const struct hz_result *r)
{
	sum->given++;
	switch (r->result) {
	case HZ_INGEST_SEALED:
		sum->sealed++;
		sum->bytes += r->size;
		if (sum->first[0] == '\0') {
			memcpy(sum->first, r->number, sizeof sum->first);
		}
		memcpy(sum->last, r->number, sizeof sum->last);
		break;
	case HZ_INGEST_DUPLICATE:
		sum->duplicate++;
		break;
	case HZ_INGEST_REFUSED:
		sum->refused++;
		break;
	case HZ_INGEST_FAILED:
		sum->failed++;
		break;
	}
}

/* Number and hash of an exhibit that was there before this run. */
static enum hz_err
look_up(struct hz_writer *w, struct hz_view *view, struct hz_result *r)
{
	struct hz_exhibit e;
	struct hz_object o;
	bool hash = !r->has_hash && w->run->o->want_hash;

	if (r->exhibit == 0 || (r->number[0] != '\0' && !hash)) {
		return HZ_OK;
	}
	HZ_TRY(hz_exhibit_get(view, r->exhibit, &e));
	memcpy(r->number, e.number, sizeof r->number);
	if (hash) {
		HZ_TRY(hz_object_load(view, &e, &o));
		memcpy(r->sha256, o.opening.sha256, 32);
		hz_object_done(&o);
		r->has_hash = true;
	}
	return HZ_OK;
}

static enum hz_err
tell(struct hz_writer *w, struct hz_view *view, struct hz_result *r)
{
	struct hz_ingest_item it = { .result = r->result, .size = r->size, .receipt = r->receipt };

	HZ_TRY(look_up(w, view, r));
	count(w->sum, r);
	if (w->ops->item != NULL) {
		hz_buf_clear(&w->path);
		HZ_TRY(hz_list_shown(&w->run->list, &w->run->list.sources[r->item], &w->path));
		it.path = (const char *)w->path.p;
		it.number = r->number[0] != '\0' ? r->number : NULL;
		it.sha256 = r->has_hash ? r->sha256 : NULL;
		it.failure = r->failure;
		w->ops->item(w->arg, &it);
	}
	return HZ_OK;
}

static enum hz_err
tell_all(struct hz_writer *w)
{
	struct hz_view *own = NULL;
	bool group = w->uncommitted;
	enum hz_err r = HZ_OK;

	if (w->n == 0) {
		return HZ_OK;
	}
	/* A thread has one transaction: that of the batch, where there is one. */
	if (w->batch == NULL) {
		r = hz_view_begin(w->run->v, &own);
	}
	struct hz_view *view = own == NULL && r == HZ_OK ? hz_batch_view(w->batch) : own;
	for (size_t i = 0; i < w->n && r == HZ_OK; i++) {
		r = tell(w, view, &w->waiting[i]);
	}
	hz_view_end(&own);
	for (size_t i = 0; i < w->n; i++) {
		free(w->waiting[i].failure);
	}
	w->n = 0;
	w->uncommitted = false;
	if (group && w->ops->flush != NULL) {
		w->ops->flush(w->arg);
	}
	return r;
}

static enum hz_err
add_result(struct hz_writer *w, const struct hz_result *r, uint64_t guessed)
{
	if (w->n == w->cap) {
		size_t cap = w->cap == 0 ? 256 : w->cap * 2;
		struct hz_result *p = reallocarray(w->waiting, cap, sizeof *p);
		if (p == NULL) {
			return hz_fail(HZ_MSG_NOMEM, "results");
		}
		w->waiting = p;
		w->cap = cap;
	}
	w->waiting[w->n++] = *r;
	hz_guess_done(w->run->guess, w->next, guessed,
	    r->result == HZ_INGEST_SEALED && w->batch != NULL ? r->exhibit : 0);
	w->files++;
	w->file_bytes += w->run->list.sources[r->item].size;
	w->asked = 0;
	return HZ_OK;
}

/* --- the case
 * ------------------------------------------------------------------------------------------------ */

static enum hz_err
find_case(struct hz_writer *w)
{
	const char *code = w->run->o->case_code;

	if (w->case_known) {
		return HZ_OK;
	}
	enum hz_err r = hz_case_find(hz_batch_view(w->batch), code, &w->the_case);
	if (r == HZ_ERR_NOT_FOUND) {
		r = hz_batch_case_new(w->batch, code, NULL, &w->the_case);
		w->sum->case_made = r == HZ_OK;
	}
	w->case_known = r == HZ_OK;
	return r;
}

static enum hz_err
join_case(struct hz_writer *w, uint64_t exhibit)
{
	if (w->run->o->case_code == NULL) {
		return HZ_OK;
	}
	HZ_TRY(find_case(w));
	if (hz_case_has(hz_batch_view(w->batch), w->the_case.no, exhibit)) {
		return HZ_OK;
	}
	if (w->nmembers == w->cmembers) {
		size_t cap = w->cmembers == 0 ? 256 : w->cmembers * 2;
		uint64_t *p = reallocarray(w->members, cap, sizeof *p);
		if (p == NULL) {
			return hz_fail(HZ_MSG_NOMEM, "members of the case");
		}
		w->members = p;
		w->cmembers = cap;
	}
	w->members[w->nmembers++] = exhibit;
	w->uncommitted = true;
	return HZ_OK;
}

static int
by_number(const void *a, const void *b)
{
	const uint64_t *x = a;
	const uint64_t *y = b;

	return *x < *y ? -1 : *x > *y;
}

static enum hz_err
flush_case(struct hz_writer *w)
{
	size_t n = 0;

	if (w->nmembers == 0) {
		return HZ_OK;
	}
	qsort(w->members, w->nmembers, sizeof *w->members, by_number);
	for (size_t i = 0; i < w->nmembers; i++) {
		if (n == 0 || w->members[n - 1] != w->members[i]) {
			w->members[n++] = w->members[i];
		}
	}
	w->nmembers = 0;
	return hz_batch_case_add(w->batch, &w->the_case, w->members, n);
}

/* --- commits
 * ------------------------------------------------------------------------------------------------- */

static enum hz_err
commit(struct hz_writer *w)
{
	HZ_TRY(flush_case(w));
	HZ_TRY(hz_batch_commit(w->batch));
	w->bytes = 0;
	return tell_all(w);
}

HZ_RESULT
hz_writer_pace(struct hz_writer *w)
{
	if (w->in_object) {
		return HZ_OK;
	}
	if (w->batch != NULL && w->uncommitted) {
		return hz_batch_due(w->batch) ? commit(w) : HZ_OK;
	}
	return tell_all(w); /* nothing of it rests on the batch */
}

HZ_RESULT
hz_writer_finish(struct hz_writer *w)
{
	if (w->batch != NULL) {
		if (w->in_object) {
			HZ_TRY(hz_batch_drop_segments(w->batch));
			w->in_object = false;
		}
		HZ_TRY(flush_case(w));
		HZ_TRY(hz_batch_finish(&w->batch));
	}
	return tell_all(w);
}

void
hz_writer_done_with(struct hz_writer *w)
{
	hz_batch_end(&w->batch);
	for (size_t i = 0; i < w->n; i++) {
		free(w->waiting[i].failure);
	}
	free(w->waiting);
	free(w->members);
	free(w->hashes);
	hz_buf_done(&w->path);
}

/* --- items
 * --------------------------------------------------------------------------------------------------- */

HZ_RESULT
hz_writer_segment(struct hz_writer *w, const struct hz_seg *s)
{
	if (!w->in_object && w->uncommitted &&
	    (s->payload > FIT_BYTES || w->bytes > FIT_BYTES - s->payload)) {
		HZ_TRY(commit(w));
	}
	w->in_object = true;
	w->bytes += s->n;
	return hz_batch_segment(w->batch, s->data, s->n, s->addr);
}

HZ_RESULT
hz_writer_ask(struct hz_writer *w, const struct hz_ask *q, int *ret_answer)
{
	HZ_TRY(hz_batch_known(w->batch, q->size, q->first, q->sha256, &w->asked));
	*ret_answer = w->asked != 0;
	return HZ_OK;
}

static enum hz_err
source_path(struct hz_writer *w, uint64_t item, struct hz_done *d)
{
	hz_buf_clear(&w->path);
	HZ_TRY(hz_list_absolute(&w->run->list, &w->run->list.sources[item], &w->path));
	d->source.path = (const char *)w->path.p;
	d->source.pathlen = w->path.len;
	return HZ_OK;
}

static enum hz_err
receipt(struct hz_writer *w, const struct hz_record *rec, struct hz_record_draft *draft,
    const struct hz_done *d, struct hz_result *res)
{
	struct hz_exhibit e;

	HZ_TRY(hz_batch_receipt(
	    w->batch, res->exhibit, rec, draft, w->run->o->consent, d->has_source ? &d->source : NULL, &e));
	memcpy(res->number, e.number, sizeof res->number);
	res->result = HZ_INGEST_DUPLICATE;
	res->receipt = true;
	return HZ_OK;
}

/* The bytes are known after all (two equal files side by side, standard input): their second seal is dropped.
 */
static enum hz_err
late_receipt(struct hz_writer *w, const struct hz_done *d, struct hz_result *res)
{
	struct hz_record rec;
	struct hz_record_draft draft;

	HZ_TRY(hz_batch_drop_segments(w->batch));
	HZ_TRY(hz_draft_receipt(&d->rec, &rec, &draft));
	enum hz_err r = receipt(w, &rec, &draft, d, res);
	hz_record_draft_done(&draft);
	hz_record_done(&rec);
	return r;
}

static enum hz_err
new_exhibit(struct hz_writer *w, struct hz_done *d, struct hz_result *res)
{
	struct hz_exhibit e = { 0 };
	struct hz_new_exhibit x = { .sealed = &d->sealed,
		.rec = &d->rec,
		.draft = &d->draft,
		.consent = w->run->o->consent,
		.compartment = 1,
		.source = d->has_source ? &d->source : NULL,
		.prepared = d->prepared };

	if (d->seg != NULL) {
		HZ_TRY(hz_writer_segment(w, d->seg));
	}
	memcpy(x.first, d->first, 32);
	HZ_TRY(hz_batch_exhibit(w->batch, &x, &e));
	res->result = HZ_INGEST_SEALED;
	res->exhibit = e.no;
	memcpy(res->number, e.number, sizeof res->number);
	w->next = e.no + 1;
	w->origin = e.no;
	return HZ_OK;
}

/* No result of its own: it goes with the one of its origin. */
static enum hz_err
words(struct hz_writer *w, struct hz_done *d)
{
	struct hz_exhibit e;
	struct hz_new_exhibit x = { .sealed = &d->sealed,
		.rec = &d->rec,
		.draft = &d->draft,
		.compartment = 1,
		.origin = w->origin };

	if (w->origin == 0 || d->sealed.size == 0) {
		HZ_TRY(w->in_object ? hz_batch_drop_segments(w->batch) : HZ_OK);
	} else {
		if (d->seg != NULL) {
			HZ_TRY(hz_writer_segment(w, d->seg));
		}
		HZ_TRY(hz_batch_exhibit(w->batch, &x, &e));
		w->uncommitted = true;
	}
	w->in_object = false;
	return HZ_OK;
}

static enum hz_err
sealed(struct hz_writer *w, uint64_t item, struct hz_done *d, struct hz_result *res)
{
	HZ_TRY(source_path(w, item, d));
	HZ_TRY(hz_batch_known(w->batch, d->sealed.size, d->first, d->sealed.sha256, &res->exhibit));
	HZ_TRY(res->exhibit != 0 ? late_receipt(w, d, res) : new_exhibit(w, d, res));
	w->in_object = false;
	w->uncommitted = true;
	return join_case(w, res->exhibit);
}

static enum hz_err
known(struct hz_writer *w, uint64_t item, struct hz_done *d, struct hz_result *res)
{
	hz_assert(w->asked != 0);
	HZ_TRY(source_path(w, item, d));
	res->exhibit = w->asked;
	HZ_TRY(receipt(w, &d->rec, &d->draft, d, res));
	w->uncommitted = true;
	return join_case(w, res->exhibit);
}

/* Dry run: remembers a hash; true when it was there. */
static bool
put_hash(uint8_t (*table)[32], size_t cap, const uint8_t h[static 32])
{
	static const uint8_t none[32];
	size_t i = 0;

	memcpy(&i, h, sizeof i);
	for (i &= cap - 1; memcmp(table[i], none, 32) != 0; i = (i + 1) & (cap - 1)) {
		if (memcmp(table[i], h, 32) == 0) {
			return true;
		}
	}
	memcpy(table[i], h, 32);
	return false;
}

static enum hz_err
read_before(struct hz_writer *w, const uint8_t h[static 32], bool *ret_was)
{
	if (w->nhashes * 2 >= w->chashes) {
		size_t cap = w->chashes == 0 ? TABLE_FIRST : w->chashes * 2;
		uint8_t(*p)[32] = calloc(cap, sizeof *p);
		if (p == NULL) {
			return hz_fail(HZ_MSG_NOMEM, "hashes");
		}
		static const uint8_t none[32];
		for (size_t i = 0; i < w->chashes; i++) {
			if (memcmp(w->hashes[i], none, 32) != 0) {
				(void)put_hash(p, cap, w->hashes[i]);
			}
		}
		free(w->hashes);
		w->hashes = p;
		w->chashes = cap;
	}
	*ret_was = put_hash(w->hashes, w->chashes, h);
	w->nhashes += *ret_was ? 0 : 1;
	return HZ_OK;
}

static enum hz_err
dry(struct hz_writer *w, const struct hz_done *d, struct hz_result *res)
{
	struct hz_view *view = NULL;
	bool was = false;

	HZ_TRY(hz_view_begin(w->run->v, &view));
	enum hz_err r = hz_view_known(view, d->sealed.size, d->first, d->sealed.sha256, &res->exhibit);
	hz_view_end(&view);
	HZ_TRY(r);
	HZ_TRY(read_before(w, d->sealed.sha256, &was));
	res->receipt = was || res->exhibit != 0;
	res->result = res->receipt ? HZ_INGEST_DUPLICATE : HZ_INGEST_SEALED;
	return HZ_OK;
}

HZ_RESULT
hz_writer_done(struct hz_writer *w, uint64_t item, struct hz_done *d)
{
	struct hz_result res = { .item = item, .size = d->sealed.size, .has_hash = true };
	enum hz_err r = HZ_OK;

	if (d->kind == HZ_DONE_WORDS) {
		return words(w, d);
	}
	w->origin = 0;
	memcpy(res.sha256, d->sealed.sha256, 32);
	switch (d->kind) {
	case HZ_DONE_WORDS:
	case HZ_DONE_SEALED:
		r = sealed(w, item, d, &res);
		break;
	case HZ_DONE_KNOWN:
		r = known(w, item, d, &res);
		break;
	case HZ_DONE_SEEN:
		res.result = HZ_INGEST_DUPLICATE;
		res.exhibit = d->seen;
		res.has_hash = false;
		r = w->batch != NULL ? join_case(w, d->seen) : HZ_OK;
		break;
	case HZ_DONE_DRY:
		r = dry(w, d, &res);
		break;
	}
	return r == HZ_OK ? add_result(w, &res, d->guess) : r;
}

static enum hz_ingest_result
result_of(enum hz_msg msg)
{
	bool refused =
	    msg == HZ_MSG_SOURCE_EMPTY || msg == HZ_MSG_SOURCE_NOT_REGULAR || msg == HZ_MSG_SOURCE_CHANGED;

	return refused ? HZ_INGEST_REFUSED : HZ_INGEST_FAILED;
}

HZ_RESULT
hz_writer_failed(struct hz_writer *w, uint64_t item, const struct hz_failure *f)
{
	struct hz_result res = {
		.item = item, .result = result_of(f->msg), .size = w->run->list.sources[item].size
	};

	if (w->in_object) {
		HZ_TRY(hz_batch_drop_segments(w->batch));
		w->in_object = false;
	}
	res.failure = malloc(sizeof *res.failure);
	if (res.failure == NULL) {
		return hz_fail(HZ_MSG_NOMEM, "results");
	}
	*res.failure = *f;
	enum hz_err r = add_result(w, &res, 0);
	if (r != HZ_OK) {
		free(res.failure);
	}
	return r;
}
