/* Bundles for other programs: who and what, turned into counters and keys. */
#include "api/api.h"

#include "bundle/bundle.h"
#include "object/age.h"
#include <stdlib.h>
#include <string.h>

struct choice {
	uint64_t *nos; /* heap */
	size_t n, cap;
	uint32_t case_no;
	uint8_t (*recipients)[32]; /* heap */
};

static enum hz_err
choose(struct choice *c, uint64_t no)
{
	if (c->n == c->cap) {
		size_t cap = c->cap != 0 ? 2 * c->cap : 256;
		uint64_t *more = reallocarray(c->nos, cap, sizeof(*more));
		if (more == NULL) {
			return hz_fail(HZ_MSG_NOMEM, "the list of exhibits");
		}
		c->nos = more;
		c->cap = cap;
	}
	c->nos[c->n++] = no;
	return HZ_OK;
}

static enum hz_err
choose_case(struct choice *c, struct hz_view *w, const char *code)
{
	struct hz_case k;
	struct hz_ref at;
	uint64_t no = 0;
	bool found = true;
	HZ_TRY(hz_case_find(w, code, &k));
	c->case_no = k.no;
	while (found) {
		HZ_TRY(hz_case_member_next(w, k.no, &no, &found, &at));
		if (found) {
			HZ_TRY(choose(c, no++));
		}
	}
	return HZ_OK;
}

static enum hz_err
choose_all(struct choice *c, struct hz_view *w)
{
	struct hz_exhibit e;
	uint64_t no = 0;
	bool found = true;
	while (found) {
		HZ_TRY(hz_exhibit_next(w, &no, &found, &e));
		if (found) {
			HZ_TRY(choose(c, e.no));
		}
	}
	return HZ_OK;
}

static enum hz_err
select_steps(struct choice *c, struct hz_view *w, const struct hirz_export_opts *o)
{
	struct hz_exhibit e;
	if (o->ids_count == 0 && o->case_code == NULL) {
		return choose_all(c, w);
	}
	for (size_t i = 0; i < o->ids_count; i++) {
		if (o->ids == NULL || o->ids[i] == NULL) {
			return hz_fail(HZ_MSG_USAGE, "an id is not given");
		}
		HZ_TRY(hz_exhibit_find(w, o->ids[i], &e));
		HZ_TRY(choose(c, e.no));
	}
	return o->case_code != NULL ? choose_case(c, w, o->case_code) : HZ_OK;
}

static enum hz_err
recipients(struct choice *c, const struct hirz_export_opts *o)
{
	if (o->recipients_count == 0) {
		return HZ_OK;
	}
	if (o->recipients_count > HZ_BUNDLE_RECIPIENTS || o->recipients == NULL) {
		return hz_fail(HZ_MSG_USAGE, "at most %d recipients", HZ_BUNDLE_RECIPIENTS);
	}
	c->recipients = calloc(o->recipients_count, sizeof(*c->recipients));
	if (c->recipients == NULL) {
		return hz_fail(HZ_MSG_NOMEM, "recipients");
	}
	for (size_t i = 0; i < o->recipients_count; i++) {
		const char *s = o->recipients[i];
		if (s == NULL || hz_age_recipient_parse(s, strlen(s), c->recipients[i]) != HZ_OK) {
			return hz_fail(HZ_MSG_USAGE, "recipient %zu is no age recipient", i);
		}
	}
	return HZ_OK;
}

static void
report(const struct hirz_export_opts *o, const struct hz_bundle_result *res, struct hirz_exported *ret)
{
	struct hirz_exported x = { .included = res->included,
		.withheld = res->withheld_count,
		.bytes = res->bytes,
		.file_size = res->file_size };
	_Static_assert(sizeof x.name >= sizeof res->name, "name of the bag");
	memcpy(x.sha512, res->sha512, sizeof x.sha512);
	memcpy(x.name, res->name, sizeof res->name);
	for (size_t i = 0; o->withheld != NULL && i < res->withheld_count; i++) {
		o->withheld(o->arg, res->withheld[i].number, hz_bundle_rule_name(res->withheld[i].rule));
	}
	hz_api_ret(&x, sizeof x, ret);
}

static enum hz_err
bundle(
    struct hz_vault *v, const struct choice *c, const struct hirz_export_opts *o, struct hirz_exported *ret)
{
	struct hz_bundle_opts bo = { .exhibits = c->nos,
		.count = c->n,
		.cases = &c->case_no,
		.cases_count = c->case_no != 0 ? 1 : 0,
		.to = o->to,
		.purpose = o->purpose,
		.file = o->file,
		.recipients = (const uint8_t(*)[32])c->recipients,
		.recipients_count = o->recipients_count,
		.dry = (o->flags & HIRZ_EXPORT_DRY) != 0,
		.no_rules = (o->flags & HIRZ_EXPORT_NO_RULES) != 0 };
	struct hz_bundle_result res = { 0 };
	struct hz_failure f;
	enum hz_err r = hz_bundle_write(v, &bo, NULL, NULL, &res);
	hz_fail_save(&f);
	if (r == HZ_OK || f.msg == HZ_MSG_NO_CONSENT) {
		report(o, &res, ret);
	}
	hz_bundle_result_done(&res);
	return r == HZ_OK ? HZ_OK : hz_fail_restore(&f);
}

static enum hz_err
steps(struct hz_vault *v, const struct hirz_export_opts *opts, struct choice *c, struct hirz_exported *ret)
{
	struct hirz_export_opts o;
	struct hz_view *w = NULL;
	HZ_TRY(hz_api_opts(opts, &o, sizeof o));
	HZ_TRY(hz_api_ret_check(ret));
	if (o.to == NULL || o.to[0] == '\0' || o.file == NULL) {
		return hz_fail(HZ_MSG_USAGE, "a recipient's name and a file are needed");
	}
	if ((o.flags & ~(HIRZ_EXPORT_DRY | HIRZ_EXPORT_NO_RULES)) != 0) {
		return hz_fail(HZ_MSG_UNSUPPORTED, "flags %x", o.flags);
	}
	HZ_TRY(recipients(c, &o));
	HZ_TRY(hz_view_begin(v, &w));
	enum hz_err r = select_steps(c, w, &o);
	hz_view_end(&w);
	return r == HZ_OK ? bundle(v, c, &o, ret) : r;
}

enum hirz_err
hirz_export(struct hirz_vault *v, const struct hirz_export_opts *opts, struct hirz_exported *ret)
{
	struct choice c = { .nos = NULL };
	enum hz_err r = hz_api_enter(v, HIRZ_WRITE);
	if (r != HZ_OK) {
		return hz_api_end(r);
	}
	r = steps(v->v, opts, &c, ret);
	free(c.nos);
	free(c.recipients);
	return hz_api_leave(v, r);
}
