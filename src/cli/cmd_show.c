/* hirz show: what is known about one exhibit, checked against the log. */
#include "cli/print.h"

#include "base/enc.h"
#include <string.h>

#define NAME_COLUMNS 10

static void
text_field(struct hz_out *o, const char *name, const struct hz_record *r, const char *field)
{
	const char *value = hz_record_get(r, field);

	if (value != NULL) {
		/* lint: allow hz_out_field (our own headings) */
		hz_out_field(o, name, NAME_COLUMNS, hz_show_str(o, value));
	}
}

static void
times(struct hz_out *o, const struct hz_sheet *s)
{
	const char *about = hz_record_get(&s->r, "receipt.when_precision");
	const char *when = hz_record_get(&s->r, "receipt.when");

	if (when != NULL && about != NULL && strcmp(about, "about") == 0) {
		hz_out_cell(o, C_("field", "claimed"), NAME_COLUMNS);
		/* Translators: a date that is not certain. */
		hz_out_printf(o, _("about %s\n"), hz_show_str(o, when[0] == '~' ? when + 1 : when));
	} else {
		text_field(o, C_("field", "claimed"), &s->r, "receipt.when");
	}
	if (hz_claims_camera(&s->r) != NULL) {
		hz_out_field(o, C_("field", "camera"), NAME_COLUMNS, hz_show_str(o, hz_claims_camera(&s->r)));
	}
	text_field(o, C_("field", "file time"), &s->r, "file.mtime");
	hz_out_field(o, C_("field", "sealed"), NAME_COLUMNS, hz_show_time(o, s->e.sealed_at));
}

static void
consent(struct hz_out *o, const struct hz_sheet *s)
{
	const char *ref = hz_record_get(&s->r, "receipt.consent_ref");
	const char *basis = hz_record_get(&s->r, "receipt.consent_basis");
	const char *more = ref != NULL ? ref : basis;

	hz_out_cell(o, C_("field", "consent"), NAME_COLUMNS);
	hz_out_puts(o, hz_show_tone(o, s->e.consent == HZ_CONSENT_UNKNOWN ? HZ_TONE_WARN : HZ_TONE_GOOD,
			   hz_consent_text(s->e.consent)));
	if (more != NULL) {
		hz_out_printf(o, "  %s", hz_show_str(o, more));
	}
	hz_out_puts(o, "\n");
}

static void
cases(struct hz_out *o, struct hz_view *w, const struct hz_case_list *c, const struct hz_sheet *s)
{
	bool any = false;

	for (size_t i = 0; i < c->n; i++) {
		if (!hz_case_has(w, c->list[i].no, s->e.no)) {
			continue;
		}
		if (!any) {
			hz_out_cell(o, C_("field", "case"), NAME_COLUMNS);
		}
		hz_out_printf(o, "%s%s", any ? "  " : "", hz_show_id(o, c->list[i].code));
		any = true;
	}
	if (any) {
		hz_out_puts(o, "\n");
	}
}

/* A line for each exhibit that was made out of this one. */
static enum hz_err
derived(struct hz_out *o, struct hz_view *w, const struct hz_sheet *s)
{
	unsigned n = 0;
	bool found = true;

	while (found) {
		struct hz_exhibit e;
		struct hz_sheet of;
		enum hz_err r = hz_derived_next(w, s->e.no, &n, &found, &e);

		if (r != HZ_OK || !found) {
			return r;
		}
		r = hz_sheet_load(w, &e, false, &of);
		if (r != HZ_OK) {
			return r;
		}
		const char *tool = hz_record_get(&of.r, "derive.tool");
		const char *what = hz_record_get(&of.r, "derive.what");
		bool names = what != NULL && strcmp(what, "listing") == 0;

		hz_out_cell(o, names ? C_("field", "names") : C_("field", "text"), NAME_COLUMNS);
		/* Translators: number of the text's exhibit, its size, the program that made it. */
		hz_out_printf(o, _("%s  %s, made by %s, not by a person\n"), hz_show_id(o, e.number),
		    hz_show_size(o, e.size), hz_show_str(o, tool == NULL ? "?" : tool));
		hz_sheet_done(&of);
	}
	return HZ_OK;
}

/* Of an exhibit that was made out of another. */
static void
origin(struct hz_out *o, const struct hz_record *r)
{
	const char *complete = hz_record_get(r, "derive.complete");

	if (hz_record_get(r, "derive.from") == NULL) {
		return;
	}
	text_field(o, C_("field", "made from"), r, "derive.from");
	text_field(o, C_("field", "made by"), r, "derive.tool");
	if (complete == NULL || strcmp(complete, "yes") != 0) {
		hz_out_cell(o, "", NAME_COLUMNS);
		hz_out_puts(o,
		    hz_show_tone(o, HZ_TONE_WARN, _("not all of it: a limit or damage ended the reading")));
		hz_out_puts(o, "\n");
	}
}

static void
sheet_text(struct hz_out *o, struct hz_view *w, const struct hz_case_list *c, const struct hz_sheet *s)
{
	const char *type = hz_record_get(&s->r, "content.media_type");
	unsigned events = (unsigned)s->e.next_seq;

	hz_out_printf(o, "%s  %s\n", hz_show_id(o, s->e.number), hz_state_text(s->e.state));
	text_field(o, C_("field", "title"), &s->r, "exhibit.title");
	text_field(o, C_("field", "name"), &s->r, "exhibit.name");
	text_field(o, C_("field", "path"), &s->r, "exhibit.path");
	hz_out_cell(o, C_("field", "kind"), NAME_COLUMNS);
	hz_out_printf(
	    o, "%s, %s\n", hz_show_id(o, type == NULL ? "unknown" : type), hz_show_size(o, s->e.size));
	hz_out_field(o, C_("field", "sha256"), NAME_COLUMNS, hz_show_hex(o, s->sha256, 32, 0));
	origin(o, &s->r);
	times(o, s);
	text_field(o, C_("field", "source"), &s->r, "receipt.source");
	text_field(o, C_("field", "from"), &s->r, "receipt.from");
	text_field(o, C_("field", "place"), &s->r, "receipt.where");
	text_field(o, C_("field", "language"), &s->r, "exhibit.lang");
	text_field(o, C_("field", "note"), &s->r, "receipt.note");
	consent(o, s);
	cases(o, w, c, s);
	if (s->e.receipts > 0) {
		unsigned more = s->e.receipts;
		hz_out_cell(o, C_("field", "received"), NAME_COLUMNS);
		hz_out_printf(o,
		    NN_("%u time more: `hirz show %s --history`\n",
			"%u times more: `hirz show %s --history`\n", more),
		    more, hz_show_id(o, s->e.number));
	}
	hz_out_cell(o, C_("field", "custody"), NAME_COLUMNS);
	hz_out_printf(o, NN_("%u event: `hirz custody %s`\n", "%u events: `hirz custody %s`\n", events),
	    events, hz_show_id(o, s->e.number));
}

/* --- history ----------------------------------------------------------------------------------------- */

static const char *
kind_word(uint8_t kind)
{
	return kind == HZ_REC_EXHIBIT ? "exhibit" : kind == HZ_REC_RECEIPT ? "receipt" : "record";
}

static void
record_text(struct hz_out *o, const struct hz_record_row *row, const struct hz_record *r)
{
	char rid[33];

	hz_hex(rid, row->rid, 16);
	hz_out_puts(o, "\n");
	/* Translators: kind of record, its id, its version, number of the event. */
	hz_out_printf(o, _("%s rc-%s, version %u, event %llu\n"), kind_word(row->kind), hz_show_id(o, rid),
	    row->ver, (unsigned long long)row->at.index);
	for (size_t i = 0; i < r->n; i++) {
		hz_out_puts(o, "  ");
		hz_out_field(o, hz_show_id(o, r->fields[i].name), 24, hz_show_str(o, r->fields[i].value));
	}
}

static void
record_json(struct hz_out *o, const struct hz_record_row *row, const struct hz_record *r)
{
	char rid[36] = "rc-";
	struct hz_jw *w = hz_line_begin(o, "record");

	hz_hex(rid + 3, row->rid, 16);
	hz_jw_str(w, "rid", rid);
	hz_jw_str(w, "kind", kind_word(row->kind));
	hz_jw_int(w, "ver", row->ver);
	hz_jw_int(w, "event", row->at.index);
	hz_fields_json(w, r);
	hz_line_end(o);
}

static enum hz_err
one_record(struct hz_cli *cli, struct hz_view *w, uint64_t no, bool print)
{
	struct hz_record_row row;
	struct hz_record r;
	enum hz_err err = hz_record_load(w, no, &row);

	if (err != HZ_OK) {
		return err;
	}
	hz_record_init(&r);
	err = hz_record_fields(w, &row, &r);
	if (err == HZ_OK && print) {
		if (cli->door.json) {
			record_json(&cli->door.out, &row, &r);
		} else {
			record_text(&cli->door.out, &row, &r);
		}
	}
	hz_record_done(&r);
	hz_record_row_done(&row);
	return err;
}

static enum hz_err
history(struct hz_cli *cli, struct hz_view *w, const struct hz_exhibit *e)
{
	uint32_t n = 1;
	bool found = true;
	enum hz_err r = one_record(cli, w, e->record, true);

	while (r == HZ_OK && found) {
		uint64_t no = 0;
		r = hz_receipt_next(w, e->no, &n, &found, &no);
		if (r == HZ_OK && found) {
			r = one_record(cli, w, no, true);
		}
	}
	return r;
}

static enum hz_err
show(struct hz_cli *cli, struct hz_view *w)
{
	struct hz_exhibit e;
	struct hz_sheet s;
	struct hz_case_list c = { 0 };
	enum hz_err r = hz_exhibit_find(w, hz_args_bare(&cli->args, 0), &e);

	r = r == HZ_OK ? hz_exhibit_check(w, &e) : r;
	r = r == HZ_OK ? one_record(cli, w, e.record, false) : r; /* its signature */
	r = r == HZ_OK ? hz_cases_load(w, &c) : r;
	if (r == HZ_OK) {
		r = hz_sheet_load(w, &e, true, &s);
	}
	if (r == HZ_OK) {
		if (cli->door.json) {
			hz_sheet_json(&cli->door.out, w, &c, &s, true);
		} else {
			sheet_text(&cli->door.out, w, &c, &s);
			r = derived(&cli->door.out, w, &s);
			hz_claims_text(&cli->door.out, &s.r);
		}
		hz_sheet_done(&s);
		r = r == HZ_OK && hz_args_has(&cli->args, "history") ? history(cli, w, &e) : r;
	}
	hz_cases_done(&c);
	return r;
}

int
hz_cmd_show(struct hz_cli *cli)
{
	struct hz_vault *v = NULL;
	struct hz_view *w = NULL;
	enum hz_err r = hz_cli_open(cli, HZ_VAULT_READ, &v);

	r = r == HZ_OK ? hz_view_begin(v, &w) : r;
	r = r == HZ_OK ? show(cli, w) : r;
	hz_view_end(&w);
	return hz_cli_close(cli, &v, r == HZ_OK ? 0 : hz_door_fail(&cli->door, r));
}
