/* Content: recorded first, then given. */
#include "api/api.h"

#include <string.h>

/* In a view of its own, which must not stand open while a batch writes. */
static enum hz_err
find(struct hz_vault *v, const char *id, struct hz_exhibit *ret_e, struct hz_object *ret_o)
{
	struct hz_view *w = NULL;
	HZ_TRY(hz_view_begin(v, &w));
	enum hz_err r = hz_exhibit_find(w, id, ret_e);
	r = r == HZ_OK ? hz_exhibit_check(w, ret_e) : r;
	r = r == HZ_OK ? hz_object_load(w, ret_e, ret_o) : r;
	hz_view_end(&w);
	return r;
}

static enum hz_err
read_steps(struct hz_vault *v, const char *id, const char *reason, hirz_data_fn *fn, void *arg)
{
	struct hz_exhibit e;
	struct hz_object o;
	struct hz_api_stream s = { .fn = fn, .arg = arg };
	if (id == NULL || fn == NULL || reason == NULL || reason[0] == '\0') {
		return hz_fail(HZ_MSG_USAGE, "an exhibit, a reason and a callback are needed");
	}
	HZ_TRY(find(v, id, &e, &o));
	enum hz_err r = hz_vault_access(v, e.no, reason);
	r = r == HZ_OK ? hz_api_stream(v, &o, &s) : r;
	hz_object_done(&o);
	return r;
}

enum hirz_err
hirz_read(struct hirz_vault *v, const char *id, const char *reason, hirz_data_fn *fn, void *arg)
{
	enum hz_err r = hz_api_enter(v, HIRZ_WRITE);
	return r == HZ_OK ? hz_api_leave(v, read_steps(v->v, id, reason, fn, arg)) : hz_api_end(r);
}
