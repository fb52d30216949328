/* Every byte against its hash. */
#include "api/api.h"

#include <stdlib.h>
#include <string.h>

struct verifying {
	struct hz_vault *v;
	hirz_finding_fn *fn;
	void *arg;
	struct hirz_counts n;
};

static enum hz_err
finding(struct verifying *x, const char *id, enum hz_err code, bool missing)
{
	if (missing) {
		x->n.missing++;
	} else {
		x->n.different++;
	}
	if (x->fn != NULL && x->fn(x->arg, id, (enum hirz_err)code, hz_fail_detail()) != 0) {
		return hz_api_stopped();
	}
	return HZ_OK;
}

/* A finding lets the work go on; anything else (no memory, a read error) ends it. */
static bool
is_finding(enum hz_err r)
{
	return r == HZ_ERR_TAMPERED || r == HZ_ERR_FORMAT;
}

/* --- content ------------------------------------------------------------------------------------------- */

static enum hz_err
load(struct hz_vault *v, const struct hz_exhibit *e, struct hz_object *ret_o)
{
	struct hz_view *w = NULL;
	HZ_TRY(hz_view_begin(v, &w));
	enum hz_err r = hz_exhibit_check(w, e);
	r = r == HZ_OK ? hz_object_load(w, e, ret_o) : r;
	hz_view_end(&w);
	return r;
}

static enum hz_err
exhibit(struct verifying *x, const struct hz_exhibit *e)
{
	struct hz_api_stream s = { .fn = NULL };
	struct hz_object o;
	enum hz_err r = load(x->v, e, &o);
	if (r == HZ_OK) {
		r = hz_api_stream(x->v, &o, &s);
		hz_object_done(&o);
	}
	x->n.bytes += s.bytes;
	if (r != HZ_OK && !is_finding(r)) {
		return r;
	}
	x->n.checked++;
	if (r != HZ_OK) {
		return finding(x, e->number, r, s.missing);
	}
	x->n.matched++;
	return HZ_OK;
}

static enum hz_err
one(struct verifying *x, const char *id)
{
	struct hz_exhibit e;
	struct hz_view *w = NULL;
	HZ_TRY(hz_view_begin(x->v, &w));
	enum hz_err r = hz_exhibit_find(w, id, &e);
	hz_view_end(&w);
	return r == HZ_OK ? exhibit(x, &e) : r;
}

static enum hz_err
walk(struct verifying *x, uint64_t from)
{
	struct hz_exhibit e;
	uint64_t no = from;
	bool found = true;
	while (found) {
		struct hz_view *w = NULL;
		HZ_TRY(hz_view_begin(x->v, &w));
		enum hz_err r = hz_exhibit_next(w, &no, &found, &e);
		hz_view_end(&w);
		HZ_TRY(r);
		if (found) {
			HZ_TRY(exhibit(x, &e));
		}
	}
	return HZ_OK;
}

static enum hz_err
all(struct verifying *x)
{
	HZ_TRY(walk(x, 1));
	/* A row that is gone with its number is not seen by a walk over rows. */
	if (x->n.checked < hz_vault_info(x->v)->exhibits) {
		enum hz_err r = hz_fail(HZ_MSG_VAULT_TAMPERED, "fewer exhibits than numbers given out");
		HZ_TRY(finding(x, "", r, true));
	}
	return walk(x, HZ_DERIVED_FIRST);
}

/* --- segments ------------------------------------------------------------------------------------------- */

static enum hz_err
segments(struct verifying *x, struct hz_view *w)
{
	uint64_t no = 0, at = 0, count = 0, addresses = 0;
	bool found = true;
	while (found) {
		const uint8_t *p = NULL;
		size_t n = 0;
		uint8_t addr[32];
		HZ_TRY(hz_segment_next(w, &no, &found, &p, &n));
		if (!found) {
			break;
		}
		hz_sha256(p, n, addr);
		enum hz_err r = hz_segment_find(w, addr, &at);
		if (r != HZ_OK && r != HZ_ERR_NOT_FOUND && !is_finding(r)) {
			return r;
		}
		hz_object_dontneed(w, p, n);
		x->n.checked++;
		x->n.bytes += n;
		if (r == HZ_OK && at + 1 == no) {
			x->n.matched++;
			continue;
		}
		r = hz_fail(HZ_MSG_CONTENT_DIFFERS, "segment %llu does not have its hash",
		    (unsigned long long)(no - 1));
		HZ_TRY(finding(x, "", r, false));
	}
	/* Every address must have had its segment: what matched no segment is missing or different. */
	HZ_TRY(hz_segment_count(w, &count, &addresses));
	for (uint64_t gone = x->n.matched + x->n.different; gone < addresses; gone++) {
		enum hz_err r = hz_fail(HZ_MSG_CONTENT_DIFFERS, "a segment is missing");
		HZ_TRY(finding(x, "", r, true));
	}
	return HZ_OK;
}

static enum hz_err
sealed(struct verifying *x)
{
	struct hz_view *w = NULL;
	HZ_TRY(hz_view_begin(x->v, &w));
	enum hz_err r = segments(x, w);
	hz_view_end(&w);
	return r;
}

static enum hz_err
steps(struct verifying *x, const char *id, enum hirz_level level)
{
	enum hz_err r;
	if (level == HIRZ_VERIFY_SEALED && id == NULL) {
		r = sealed(x);
	} else if (level == HIRZ_VERIFY_FULL) {
		r = id != NULL ? one(x, id) : all(x);
	} else {
		return hz_fail(HZ_MSG_USAGE, "a level that is not there for this");
	}
	HZ_TRY(r);
	if (x->n.missing != 0 || x->n.different != 0) {
		return hz_fail(HZ_MSG_CONTENT_DIFFERS, "%llu missing, %llu different",
		    (unsigned long long)x->n.missing, (unsigned long long)x->n.different);
	}
	return HZ_OK;
}

enum hirz_err
hirz_verify(struct hirz_vault *v, const char *id, enum hirz_level level, hirz_finding_fn *fn, void *arg,
    struct hirz_counts *ret)
{
	struct verifying x = { .fn = fn, .arg = arg };
	enum hz_err r = hz_api_enter(v, level == HIRZ_VERIFY_SEALED ? HIRZ_SEALED : HIRZ_READ);
	if (r != HZ_OK) {
		return hz_api_end(r);
	}
	x.v = v->v;
	r = hz_api_ret_check(ret);
	if (r == HZ_OK) {
		r = steps(&x, id, level);
		if (r == HZ_OK || x.n.missing != 0 || x.n.different != 0) {
			hz_api_ret(&x.n, sizeof x.n, ret);
		}
	}
	return hz_api_leave(v, r);
}
