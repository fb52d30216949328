/* Time anchors of a vault, out of their records. */
#include "audit/anchors.h"

#include "base/enc.h"
#include "base/fd.h"
#include <stdlib.h>
#include <string.h>

HZ_RESULT
hz_anchor_root_check(struct hz_view *w, const struct hz_anchor *a)
{
	const struct hz_buf *note = &a->part[HZ_ANCHOR_CHECKPOINT];
	struct hz_tree *tree = NULL;
	struct hz_checkpoint c;
	struct hz_log_info l;
	char name[HZ_ORIGIN_MAX];
	uint8_t pk[32], root[32];
	enum hz_err r = HZ_OK;

	for (uint32_t no = 0;; no++) {
		r = hz_log_info(w, no, &l);
		if (r == HZ_ERR_NOT_FOUND) {
			return hz_fail(
			    HZ_MSG_ANCHOR_INVALID, "the checkpoint is of a log that is not in this vault");
		}
		HZ_TRY(r);
		if (strcmp(l.origin, a->c.origin) == 0) {
			break;
		}
	}
	HZ_TRY(hz_vkey_parse(l.vkey, strlen(l.vkey), name, pk));
	r = hz_checkpoint_read(note->p, note->len, pk, &c);
	if (r == HZ_ERR_TAMPERED || (r == HZ_OK && (c.size > l.size || c.size == 0))) {
		return hz_fail(HZ_MSG_ANCHOR_INVALID, "the checkpoint is not one of this log");
	}
	r = r == HZ_OK ? hz_log_tree(w, l.no, &tree) : r;
	r = r == HZ_OK ? hz_tree_root_at(tree, c.size, root) : r;
	hz_tree_close(&tree);
	if (r == HZ_OK && memcmp(root, c.root, sizeof root) != 0) {
		r = hz_fail(HZ_MSG_ANCHOR_INVALID, "the log had another root at %llu events",
		    (unsigned long long)c.size);
	}
	return r;
}

static bool
fatal(enum hz_err err)
{
	return err == HZ_ERR_NOMEM || err == HZ_ERR_IO || err == HZ_ERR_CANCELLED || err == HZ_ERR_INTERNAL;
}

static enum hz_err
settle(struct hz_anchor_row *row, enum hz_err err)
{
	row->bad = err;
	hz_fail_save(&row->failure);
	return fatal(err) ? err : HZ_OK;
}

HZ_RESULT
hz_anchor_row_read(struct hz_view *w, const struct hz_record_row *rec, const struct hz_anchor_given *given,
    struct hz_anchor_row *row)
{
	const struct hz_anchor_given own = { .own_chain = true, .now = hz_time_now() };
	const struct hz_buf *chain = &row->a.part[HZ_ANCHOR_CHAIN];
	struct hz_record r;

	memset(row, 0, sizeof *row);
	hz_anchor_init(&row->a, HZ_ANCHOR_RFC3161);
	row->at = rec->at;
	row->expires = INT64_MAX;
	hz_record_init(&r);
	enum hz_err err = hz_record_fields(w, rec, &r);
	err = err == HZ_OK ? hz_anchor_from_record(&r, &row->a) : err;
	hz_record_done(&r);
	err =
	    err == HZ_OK ? hz_anchor_check(&row->a, given == NULL ? &own : given, &row->f, NULL, NULL) : err;
	if (err == HZ_OK && chain->len > 0) {
		err = hz_tsa_first_expiry(chain->p, chain->len, &row->expires);
	}
	return settle(row, err);
}

HZ_RESULT
hz_anchor_records_each(struct hz_view *w,
    enum hz_err (*each)(void *arg, const struct hz_record_row *rec, struct hz_anchor_row *row), void *arg)
{
	struct hz_anchor_row *row = calloc(1, sizeof *row);
	enum hz_err r = row == NULL ? hz_fail(HZ_MSG_NOMEM, "an anchor") : HZ_OK;
	bool found = true;

	for (uint32_t n = 0; r == HZ_OK && found;) {
		struct hz_record_row rec;
		r = hz_cancel_check();
		r = r == HZ_OK ? hz_anchor_next(w, HZ_REC_ANCHOR, &n, &found, &rec) : r;
		if (r == HZ_OK && found) {
			r = each(arg, &rec, row);
			hz_anchor_done(&row->a);
			hz_record_row_done(&rec);
		}
	}
	free(row);
	return r;
}

struct rows {
	struct hz_view *w;
	enum hz_err (*each)(void *arg, const struct hz_anchor_row *row);
	void *arg;
};

static enum hz_err
read_row(void *arg, const struct hz_record_row *rec, struct hz_anchor_row *row)
{
	const struct rows *x = arg;

	HZ_TRY(hz_anchor_row_read(x->w, rec, NULL, row));
	if (row->bad == HZ_OK) {
		HZ_TRY(settle(row, hz_anchor_root_check(x->w, &row->a)));
	}
	return x->each(x->arg, row);
}

HZ_RESULT
hz_anchors_each(struct hz_view *w, enum hz_err (*each)(void *arg, const struct hz_anchor_row *row), void *arg)
{
	struct rows x = { w, each, arg };

	return hz_anchor_records_each(w, read_row, &x);
}

static enum hz_err
look(void *arg, const struct hz_anchor_row *row)
{
	struct hz_anchor_outlook *o = arg;

	o->count++;
	if (row->bad == HZ_OK && row->f.state == HZ_ANCHOR_GOOD && (!o->good || row->f.t >= o->t)) {
		o->good = true;
		o->size = row->a.c.size;
		o->t = row->f.t;
		o->expires = row->expires;
	}
	return HZ_OK;
}

HZ_RESULT
hz_anchors_outlook(struct hz_view *w, struct hz_anchor_outlook *ret)
{
	*ret = (struct hz_anchor_outlook){ .count = 0 };
	return hz_anchors_each(w, look, ret);
}
