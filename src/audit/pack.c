/* An audit pack of the vault's logs [F-9.20]. */
#include "audit/inner.h"

#include <string.h>

#define PIECE       ((size_t)1 << 20)
#define VIEW_EVENTS 4096 /* a view is renewed after so many: no long read transaction */

struct writing {
	struct hz_vault *v;
	struct hz_view *w;
	int fd;
	struct hz_buf out, one;
	uint64_t events, bytes;
};

static enum hz_err
leave(struct writing *x, size_t more_than)
{
	if (x->out.len <= more_than) {
		return HZ_OK;
	}
	/* lint: allow hz_fd_write_all (events and checkpoints in the form of F-9.20; no text from outside) */
	HZ_TRY(hz_fd_write_all(x->fd, x->out.p, x->out.len));
	x->bytes += x->out.len;
	hz_buf_clear(&x->out);
	return hz_cancel_check();
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
		HZ_TRY(leave(x, PIECE));
	}
	hz_buf_clear(&x->one);
	enum hz_err r = hz_log_note_at(x->w, l->no, l->size, &x->one);
	r = r == HZ_ERR_NOT_FOUND ? hz_log_note(x->w, l->no, &x->one) : r;
	return r == HZ_OK ? hz_pack_put_section(&x->out, HZ_PACK_CHECKPOINT, x->one.p, x->one.len) : r;
}

static enum hz_err
put_all(struct writing *x)
{
	struct hz_log_info l;
	HZ_TRY(hz_buf_puts(&x->out, HZ_PACK_FIRST));
	for (uint32_t no = 0;; no++) {
		hz_view_end(&x->w);
		HZ_TRY(hz_view_begin(x->v, &x->w));
		enum hz_err r = hz_log_info(x->w, no, &l);
		if (r == HZ_ERR_NOT_FOUND) {
			break;
		}
		HZ_TRY(r);
		HZ_TRY(put_log(x, &l));
	}
	HZ_TRY(hz_buf_puts(&x->out, HZ_PACK_LAST));
	return leave(x, 0);
}

HZ_RESULT
hz_audit_pack(struct hz_vault *v, int fd, uint64_t *ret_events, uint64_t *ret_bytes)
{
	struct writing x = { .v = v, .fd = fd };
	x.out = (struct hz_buf)HZ_BUF_INIT(4 * PIECE);
	x.one = (struct hz_buf)HZ_BUF_INIT(HZ_NOTE_MAX);
	enum hz_err r = put_all(&x);
	hz_view_end(&x.w);
	hz_buf_done(&x.out);
	hz_buf_done(&x.one);
	if (r == HZ_OK) {
		*ret_events = x.events;
		*ret_bytes = x.bytes;
	}
	return r;
}
