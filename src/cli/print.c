/* Exhibits, as text and as JSON lines. */
#include "cli/print.h"
#include "cli/tags.h"

#include "base/enc.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --- cases ------------------------------------------------------------------------------------------- */

HZ_RESULT
hz_cases_load(struct hz_view *w, struct hz_case_list *ret)
{
	struct hz_case_list c = { 0 };
	size_t cap = 0;
	uint32_t no = 0;
	bool found = true;
	enum hz_err r = HZ_OK;

	while (r == HZ_OK && found) {
		if (c.n == cap) {
			cap = cap == 0 ? 16 : cap * 2;
			struct hz_case *more = reallocarray(c.list, cap, sizeof *more);
			if (more == NULL) {
				r = hz_fail(HZ_MSG_NOMEM, "cases");
				break;
			}
			c.list = more;
		}
		r = hz_case_next(w, &no, &found, &c.list[c.n]);
		c.n += r == HZ_OK && found ? 1 : 0;
	}
	if (r != HZ_OK) {
		hz_cases_done(&c);
		return r;
	}
	*ret = c;
	return HZ_OK;
}

void
hz_cases_done(struct hz_case_list *c)
{
	free(c->list);
	*c = (struct hz_case_list){ 0 };
}

/* --- sheets ------------------------------------------------------------------------------------------ */

HZ_RESULT
hz_sheet_load(struct hz_view *w, const struct hz_exhibit *e, bool hash, struct hz_sheet *ret)
{
	struct hz_object o;
	enum hz_err r = HZ_OK;

	ret->e = *e;
	ret->hashed = false;
	hz_record_init(&ret->r);
	r = hz_exhibit_fields(w, e, &ret->r);
	if (r == HZ_OK && hash) {
		r = hz_object_load(w, e, &o);
		if (r == HZ_OK) {
			(void)memcpy(ret->sha256, o.opening.sha256, 32);
			ret->hashed = true;
			hz_object_done(&o);
		}
	}
	if (r != HZ_OK) {
		hz_record_done(&ret->r);
	}
	return r;
}

void
hz_sheet_done(struct hz_sheet *s)
{
	hz_record_done(&s->r);
}

const char *
hz_sheet_title(const struct hz_sheet *s)
{
	const char *title = hz_record_get(&s->r, "exhibit.title");

	title = title == NULL ? hz_record_get(&s->r, "exhibit.name") : title;
	return title == NULL ? "" : title;
}

const char *
hz_consent_word(uint8_t consent)
{
	return consent == HZ_CONSENT_GIVEN ? "given" : consent == HZ_CONSENT_NONE_NEEDED ? "none" : "unknown";
}

const char *
hz_consent_text(uint8_t consent)
{
	return consent == HZ_CONSENT_GIVEN         ? C_("consent", "given")
	       : consent == HZ_CONSENT_NONE_NEEDED ? C_("consent", "not needed")
						   : C_("consent", "unknown");
}

const char *
hz_state_word(uint8_t state)
{
	return state == 1 ? "sealed" : "unknown";
}

const char *
hz_state_text(uint8_t state)
{
	return state == 1 ? C_("state", "sealed") : C_("state", "unknown");
}

/* A field as a member, null where it is not there. */
static void
field_member(struct hz_jw *w, const char *name, const struct hz_record *r, const char *field)
{
	const char *value = hz_record_get(r, field);

	if (value == NULL) {
		hz_jw_null(w, name);
	} else {
		hz_line_text(w, name, value);
	}
}

void
hz_fields_json(struct hz_jw *w, const struct hz_record *r)
{
	hz_jw_obj(w, "fields");
	for (size_t i = 0; i < r->n; i++) {
		const struct hz_field *f = &r->fields[i];
		uint64_t v = 0;
		if (f->is_int && hz_parse_u64(f->value, strlen(f->value), UINT64_MAX, &v) == HZ_OK) {
			hz_jw_int(w, f->name, v);
		} else {
			hz_line_text(w, f->name, f->value);
		}
	}
	hz_jw_obj_end(w);
}

static void
more_members(struct hz_jw *w, const struct hz_sheet *s)
{
	hz_jw_str(w, "ex", s->e.ex_text);
	field_member(w, "name", &s->r, "exhibit.name");
	field_member(w, "source", &s->r, "receipt.source");
	field_member(w, "received_from", &s->r, "receipt.from");
	field_member(w, "where", &s->r, "receipt.where");
	field_member(w, "consent_ref", &s->r, "receipt.consent_ref");
	hz_jw_int(w, "receipts", (uint64_t)s->e.receipts + 1);
	hz_jw_int(w, "events", s->e.next_seq);
	hz_fields_json(w, &s->r);
}

/* What was made out of this exhibit, and what this was made from. */
static void
derived_members(struct hz_jw *w, struct hz_view *view, const struct hz_sheet *s)
{
	unsigned n = 0;
	bool found = true;

	field_member(w, "derived_from", &s->r, "derive.from");
	hz_jw_arr(w, "derived");
	while (found) {
		struct hz_exhibit e;
		struct hz_sheet of;

		if (hz_derived_next(view, s->e.no, &n, &found, &e) != HZ_OK || !found ||
		    hz_sheet_load(view, &e, false, &of) != HZ_OK) {
			break; /* `verify` says what is wrong */
		}
		const char *complete = hz_record_get(&of.r, "derive.complete");

		hz_jw_obj(w, NULL);
		hz_jw_bool(w, "complete", complete != NULL && strcmp(complete, "yes") == 0);
		hz_jw_str(w, "id", e.number);
		field_member(w, "made_by", &of.r, "derive.made_by");
		hz_jw_int(w, "size", e.size);
		field_member(w, "tool", &of.r, "derive.tool");
		field_member(w, "what", &of.r, "derive.what");
		hz_jw_obj_end(w);
		hz_sheet_done(&of);
	}
	hz_jw_arr_end(w);
}

void
hz_sheet_json(
    struct hz_out *o, struct hz_view *view, const struct hz_case_list *c, const struct hz_sheet *s, bool all)
{
	struct hz_jw *w = hz_line_begin(o, "exhibit");
	const char *first = NULL;

	hz_jw_str(w, "id", s->e.number);
	field_member(w, "title", &s->r, "exhibit.title");
	field_member(w, "media_type", &s->r, "content.media_type");
	hz_jw_int(w, "size", s->e.size);
	if (s->hashed) {
		hz_jw_hex(w, "sha256", s->sha256, 32);
	}
	hz_jw_obj(w, "times");
	field_member(w, "claimed", &s->r, "receipt.when");
	if (hz_claims_camera(&s->r) == NULL) {
		hz_jw_null(w, "camera");
	} else {
		hz_line_text(w, "camera", hz_claims_camera(&s->r));
	}
	field_member(w, "file", &s->r, "file.mtime");
	hz_line_time(w, "sealed", s->e.sealed_at);
	hz_jw_obj_end(w);
	hz_tags_json(w, view, s->e.no, all);
	hz_jw_str(w, "consent", hz_consent_word(s->e.consent));
	hz_jw_arr(w, "cases");
	for (size_t i = 0; i < c->n; i++) {
		if (hz_case_has(view, c->list[i].no, s->e.no)) {
			first = first == NULL ? c->list[i].code : first;
			hz_line_text(w, NULL, c->list[i].code);
		}
	}
	hz_jw_arr_end(w);
	if (first == NULL) {
		hz_jw_null(w, "case");
	} else {
		hz_line_text(w, "case", first);
	}
	hz_jw_str(w, "state", hz_state_word(s->e.state));
	if (all) {
		more_members(w, s);
		derived_members(w, view, s);
	}
	hz_line_end(o);
}

void
hz_sheet_csv_head(struct hz_out *o)
{
	hz_out_puts(o, "id,title,media_type,size,sha256,claimed,file,sealed,consent,cases,state\r\n");
}

void
hz_sheet_csv(struct hz_out *o, struct hz_view *view, const struct hz_case_list *c, const struct hz_sheet *s)
{
	struct hz_buf cases = HZ_BUF_INIT((size_t)1 << 20);
	char size[24], hex[65] = "", sealed[21];
	enum hz_err err = HZ_OK;

	(void)snprintf(size, sizeof size, "%llu", (unsigned long long)s->e.size);
	hz_time_format(s->e.sealed_at, sealed);
	if (s->hashed) {
		hz_hex(hex, s->sha256, 32);
	}
	for (size_t i = 0; i < c->n && err == HZ_OK; i++) {
		if (hz_case_has(view, c->list[i].no, s->e.no)) {
			err = hz_buf_printf(&cases, "%s%s", cases.len > 0 ? " " : "", c->list[i].code);
		}
	}
	const char *const values[] = { s->e.number, hz_record_get(&s->r, "exhibit.title"),
		hz_record_get(&s->r, "content.media_type"), size, hex, hz_record_get(&s->r, "receipt.when"),
		hz_record_get(&s->r, "file.mtime"), sealed, hz_consent_word(s->e.consent) };
	for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
		const char *v = values[i] == NULL ? "" : values[i];
		hz_out_printf(o, "%s,", hz_show_cell(o, v, strlen(v)));
	}
	hz_out_printf(o, "%s,", hz_show_cell(o, cases.p, cases.len));
	const char *state = hz_state_word(s->e.state);
	hz_out_printf(o, "%s\r\n", hz_show_cell(o, state, strlen(state)));
	hz_buf_done(&cases);
}
