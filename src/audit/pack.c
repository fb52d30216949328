/* An audit pack of the vault's logs [F-9.20]. */
#include "audit/inner.h"

#include "object/age.h"
#include <stdlib.h>
#include <string.h>

#define PIECE       ((size_t)1 << 20)
#define VIEW_EVENTS 4096 /* a view is renewed after so many: no long read transaction */

struct stamped { /* an event of act `anchor`, and the record that it names */
	struct hz_ref at;
	uint64_t record;
};

struct writing {
	struct hz_vault *v;
	struct hz_view *w;
	int fd;
	struct hz_age_writer *age;
	struct hz_buf out, one;
	uint64_t events, checkpoints, bytes;
	struct stamped *stamped; /* in the order of the log */
	size_t nstamped, next;
};

static enum hz_err
to_file(void *arg, const void *p, size_t n)
{
	struct writing *x = arg;
	/* lint: allow hz_fd_write_all (events, records, checkpoints: F-9.20) */
	HZ_TRY(hz_fd_write_all(x->fd, p, n));
	x->bytes += n;
	return HZ_OK;
}

static enum hz_err
leave(struct writing *x, size_t more_than)
{
	if (x->out.len <= more_than) {
		return HZ_OK;
	}
	HZ_TRY(x->age != NULL ? hz_age_writer_put(x->age, x->out.p, x->out.len)
			      : to_file(x, x->out.p, x->out.len));
	hz_buf_clear(&x->out);
	return hz_cancel_check();
}

/* --- records of time stamps ---------------------------------------------------------------------------- */

static int
by_place(const void *a, const void *b)
{
	const struct hz_ref *x = &((const struct stamped *)a)->at, *y = &((const struct stamped *)b)->at;
	int d = (x->log > y->log) - (x->log < y->log);
	return d != 0 ? d : (x->index > y->index) - (x->index < y->index);
}

static enum hz_err
find_kind(struct writing *x, enum hz_record_kind kind, size_t *cap)
{
	uint32_t n = 0;
	for (;;) {
		struct hz_record_row row;
		bool found = false;
		HZ_TRY(hz_anchor_next(x->w, kind, &n, &found, &row));
		if (!found) {
			return HZ_OK;
		}
		if (x->nstamped == *cap) {
			*cap = *cap == 0 ? 64 : 2 * *cap;
			struct stamped *g = reallocarray(x->stamped, *cap, sizeof *g);
			if (g == NULL) {
				hz_record_row_done(&row);
				return hz_fail(HZ_MSG_NOMEM, "time stamps");
			}
			x->stamped = g;
		}
		x->stamped[x->nstamped++] = (struct stamped){ row.at, row.no };
		hz_record_row_done(&row);
	}
}

static enum hz_err
find_stamped(struct writing *x)
{
	static const enum hz_record_kind kinds[] = { HZ_REC_ANCHOR, HZ_REC_ANCHOR_REQUEST,
		HZ_REC_ANCHOR_RENEWAL };
	size_t cap = 0;
	HZ_TRY(hz_view_begin(x->v, &x->w));
	enum hz_err r = HZ_OK;
	for (size_t i = 0; r == HZ_OK && i < sizeof kinds / sizeof kinds[0]; i++) {
		r = find_kind(x, kinds[i], &cap);
	}
	if (x->nstamped > 0) {
		qsort(x->stamped, x->nstamped, sizeof *x->stamped, by_place);
	}
	return r;
}

static enum hz_err
put_record(struct writing *x, uint32_t log, uint64_t index)
{
	if (x->next == x->nstamped || x->stamped[x->next].at.log != log ||
	    x->stamped[x->next].at.index != index) {
		return HZ_OK;
	}
	struct hz_record_row row;
	HZ_TRY(hz_record_load(x->w, x->stamped[x->next++].record, &row));
	hz_buf_clear(&x->one);
	enum hz_err r = hz_buf_put(&x->one, row.jwt.p, row.jwt.len);
	r = r == HZ_OK ? hz_buf_putc(&x->one, '~') : r;
	r = r == HZ_OK ? hz_buf_put(&x->one, row.disclosures.p, row.disclosures.len) : r;
	r = r == HZ_OK && row.disclosures.len > 0 ? hz_buf_putc(&x->one, '~') : r;
	r = r == HZ_OK ? hz_buf_putc(&x->one, '\n') : r;
	hz_record_row_done(&row);
	return r == HZ_OK ? hz_pack_put_section(&x->out, HZ_PACK_RECORD, x->one.p, x->one.len) : r;
}

/* --- logs ---------------------------------------------------------------------------------------------- */

/* The checkpoint that was signed when the log had this size, where one was; at its end there is one. */
static enum hz_err
put_checkpoint(struct writing *x, const struct hz_log_info *l, uint64_t size)
{
	hz_buf_clear(&x->one);
	enum hz_err r = hz_log_note_at(x->w, l->no, size, &x->one);
	if (r == HZ_ERR_NOT_FOUND && size < l->size) {
		hz_fail_clear();
		return HZ_OK;
	}
	r = r == HZ_ERR_NOT_FOUND ? hz_log_note(x->w, l->no, &x->one) : r;
	x->checkpoints++;
	return r == HZ_OK ? hz_pack_put_section(&x->out, HZ_PACK_CHECKPOINT, x->one.p, x->one.len) : r;
}

static enum hz_err
put_log(struct writing *x, const struct hz_log_info *l)
{
	HZ_TRY(hz_pack_put_log(&x->out, l->origin, l->size));
	for (uint64_t i = 0; i < l->size; i++) {
		if (i % VIEW_EVENTS == 0) {
			hz_view_end(&x->w);
			HZ_TRY(hz_view_begin(x->v, &x->w));
		}
		hz_buf_clear(&x->one);
		HZ_TRY(hz_event_load(x->w, (struct hz_ref){ l->no, i }, &x->one, NULL));
		HZ_TRY(hz_pack_put_event(&x->out, x->one.p, x->one.len));
		x->events++;
		HZ_TRY(put_record(x, l->no, i));
		HZ_TRY(put_checkpoint(x, l, i + 1));
		HZ_TRY(leave(x, PIECE));
	}
	return HZ_OK;
}

static enum hz_err
put_all(struct writing *x)
{
	struct hz_log_info l;
	HZ_TRY(find_stamped(x));
	HZ_TRY(hz_buf_puts(&x->out, HZ_PACK_FIRST));
	for (uint32_t no = 0;; no++) {
		hz_view_end(&x->w);
		HZ_TRY(hz_view_begin(x->v, &x->w));
		enum hz_err r = hz_log_info(x->w, no, &l);
		if (r == HZ_ERR_NOT_FOUND) {
			hz_fail_clear();
			break;
		}
		HZ_TRY(r);
		HZ_TRY(put_log(x, &l));
	}
	HZ_TRY(hz_buf_puts(&x->out, HZ_PACK_LAST));
	HZ_TRY(leave(x, 0));
	return x->age != NULL ? hz_age_writer_end(x->age) : HZ_OK;
}

HZ_RESULT
hz_audit_pack(struct hz_vault *v, const struct hz_audit_pack_opts *o, struct hz_audit_packed *ret)
{
	struct writing x = { .v = v, .fd = o->fd };
	x.out = (struct hz_buf)HZ_BUF_INIT(4 * PIECE);
	x.one = (struct hz_buf)HZ_BUF_INIT(HZ_RECORD_MAX + 1);
	enum hz_err r = o->nrecipients > 0
			    ? hz_age_writer_new(o->recipients, o->nrecipients, to_file, &x, &x.age)
			    : HZ_OK;
	r = r == HZ_OK ? put_all(&x) : r;
	hz_view_end(&x.w);
	hz_age_writer_free(&x.age);
	hz_buf_done(&x.out);
	hz_buf_done(&x.one);
	free(x.stamped);
	if (r == HZ_OK) {
		*ret = (struct hz_audit_packed){ x.events, x.checkpoints, x.nstamped, x.bytes };
	}
	return r;
}
