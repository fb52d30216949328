/* Exhibits, as they stand. */
#include "api/api.h"

#include <string.h>

_Static_assert((int)HIRZ_CONSENT_UNKNOWN == (int)HZ_CONSENT_UNKNOWN &&
		   (int)HIRZ_CONSENT_GIVEN == (int)HZ_CONSENT_GIVEN &&
		   (int)HIRZ_CONSENT_NONE_NEEDED == (int)HZ_CONSENT_NONE_NEEDED,
    "consent");
_Static_assert(HIRZ_NUMBER_SIZE >= HZ_NUMBER_MAX && HIRZ_EX_SIZE >= HZ_ID_TEXT, "ids");

static enum hz_err
give(struct hz_view *w, const struct hz_exhibit *e, hirz_exhibit_fn *fn, void *arg)
{
	struct hz_object o;
	struct hz_record r;
	HZ_TRY(hz_object_load(w, e, &o));
	struct hirz_exhibit x = { .size = sizeof x,
		.number = e->number,
		.ex = e->ex_text,
		.no = e->no,
		.bytes = e->size,
		.sealed_at = e->sealed_at,
		.consent = e->consent,
		.receipts = e->receipts };
	memcpy(x.sha256, o.opening.sha256, 32);
	hz_object_done(&o);
	hz_record_init(&r);
	enum hz_err err = hz_exhibit_fields(w, e, &r);
	if (err == HZ_OK) {
		x.name = hz_record_get(&r, "exhibit.name");
		x.title = hz_record_get(&r, "exhibit.title");
		x.lang = hz_record_get(&r, "exhibit.lang");
		x.media_type = hz_record_get(&r, "content.media_type");
		x.source = hz_record_get(&r, "receipt.source");
		x.where = hz_record_get(&r, "receipt.where");
		x.when = hz_record_get(&r, "receipt.when");
		err = fn(arg, &x) == 0 ? HZ_OK : hz_api_stopped();
	}
	hz_record_done(&r);
	return err;
}

/* The next exhibit from *no on: of all, or of a case. */
static enum hz_err
next(struct hz_view *w, const struct hz_case *c, uint64_t *no, bool *ret_found, struct hz_exhibit *ret)
{
	struct hz_ref at;
	if (c == NULL) {
		return hz_exhibit_next(w, no, ret_found, ret);
	}
	HZ_TRY(hz_case_member_next(w, c->no, no, ret_found, &at));
	if (*ret_found) {
		HZ_TRY(hz_exhibit_get(w, *no, ret));
		(*no)++;
	}
	return HZ_OK;
}

static enum hz_err
list(struct hz_view *w, const struct hirz_list_opts *o, hirz_exhibit_fn *fn, void *arg)
{
	struct hz_case c;
	struct hz_exhibit e;
	uint64_t no = o->from;
	bool found = true;
	if (o->case_code != NULL) {
		HZ_TRY(hz_case_find(w, o->case_code, &c));
	}
	for (uint64_t given = 0; o->limit == 0 || given < o->limit; given++) {
		HZ_TRY(next(w, o->case_code != NULL ? &c : NULL, &no, &found, &e));
		if (!found) {
			break;
		}
		HZ_TRY(give(w, &e, fn, arg));
	}
	return HZ_OK;
}

enum hirz_err
hirz_list(struct hirz_vault *v, const struct hirz_list_opts *opts, hirz_exhibit_fn *fn, void *arg)
{
	struct hirz_list_opts o;
	struct hz_view *w = NULL;
	enum hz_err r = hz_api_enter(v, HIRZ_READ);
	if (r != HZ_OK) {
		return hz_api_end(r);
	}
	r = hz_api_opts(opts, &o, sizeof o);
	r = r == HZ_OK && fn == NULL ? hz_fail(HZ_MSG_USAGE, "a callback is needed") : r;
	r = r == HZ_OK ? hz_view_begin(v->v, &w) : r;
	r = r == HZ_OK ? list(w, &o, fn, arg) : r;
	hz_view_end(&w);
	return hz_api_leave(v, r);
}

enum hirz_err
hirz_show(struct hirz_vault *v, const char *id, hirz_exhibit_fn *fn, void *arg)
{
	struct hz_exhibit e;
	struct hz_view *w = NULL;
	enum hz_err r = hz_api_enter(v, HIRZ_READ);
	if (r != HZ_OK) {
		return hz_api_end(r);
	}
	r = id != NULL && fn != NULL ? hz_view_begin(v->v, &w)
				     : hz_fail(HZ_MSG_USAGE, "an exhibit and a callback are needed");
	r = r == HZ_OK ? hz_exhibit_find(w, id, &e) : r;
	r = r == HZ_OK ? hz_exhibit_check(w, &e) : r;
	r = r == HZ_OK ? give(w, &e, fn, arg) : r;
	hz_view_end(&w);
	return hz_api_leave(v, r);
}
