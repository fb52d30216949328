/* hirz case: new, list, show, add. */
#include "cli/print.h"
#include "cli/select.h"

#include "base/enc.h"
#include "base/fd.h"
#include <stdlib.h>
#include <string.h>

#define ADD_MAX 1000000 /* exhibits in one command */

/* --- a case as text and JSON ------------------------------------------------------------------------- */

static enum hz_err
members(struct hz_view *w, uint32_t case_no, uint64_t *ret_n)
{
	uint64_t n = 0, x = 0;
	struct hz_ref at;
	bool found = true;
	enum hz_err r = HZ_OK;

	while (r == HZ_OK && found) {
		r = hz_case_member_next(w, case_no, &x, &found, &at);
		n += r == HZ_OK && found ? 1 : 0;
		x++;
	}
	if (r == HZ_OK) {
		*ret_n = n;
	}
	return r;
}

static enum hz_err
fields(struct hz_view *w, const struct hz_case *c, struct hz_record *ret_r)
{
	struct hz_record_row row;
	enum hz_err r = hz_record_load(w, c->record, &row);

	if (r == HZ_OK) {
		r = hz_record_fields(w, &row, ret_r);
		hz_record_row_done(&row);
	}
	return r;
}

static void
json(struct hz_out *o, const struct hz_case *c, const char *title, uint64_t exhibits)
{
	struct hz_jw *w = hz_line_begin(o, "case");

	hz_line_text(w, "code", c->code);
	if (title == NULL) {
		hz_jw_null(w, "title");
	} else {
		hz_line_text(w, "title", title);
	}
	hz_jw_int(w, "exhibits", exhibits);
	hz_jw_int(w, "event", c->at.index);
	hz_line_end(o);
}

/* Code, number of exhibits, title: the row of a list, or the head of one case. */
static enum hz_err
print_case(struct hz_cli *cli, struct hz_view *w, const struct hz_case *c)
{
	struct hz_out *o = &cli->door.out;
	struct hz_record rec;
	uint64_t n = 0;

	hz_record_init(&rec);
	enum hz_err r = fields(w, c, &rec);
	r = r == HZ_OK ? members(w, c->no, &n) : r;
	if (r == HZ_OK) {
		const char *title = hz_record_get(&rec, "case.title");
		if (cli->door.json) {
			json(o, c, title, n);
		} else {
			hz_out_cell(o, hz_show_id(o, c->code), 12);
			hz_out_cell(o, hz_show_count(o, n), -8);
			hz_out_printf(o, "%s\n", hz_show_str(o, title));
		}
	}
	hz_record_done(&rec);
	return r;
}

static void
head(struct hz_cli *cli)
{
	struct hz_out *o = &cli->door.out;

	if (!cli->door.json) {
		hz_out_cell(o, C_("heading", "CASE"), 12);
		hz_out_cell(o, C_("heading", "EXHIBITS"), -8);
		hz_out_printf(o, "%s\n", C_("heading", "TITLE"));
	}
}

/* --- new --------------------------------------------------------------------------------------------- */

int
hz_cmd_case_new(struct hz_cli *cli)
{
	const char *code = hz_args_operand(&cli->args, 0);
	const char *title = hz_args_get(&cli->args, "title");
	struct hz_vault *v = NULL;
	struct hz_batch *b = NULL;
	struct hz_case c;
	enum hz_err r = HZ_OK;

	if (title != NULL && !hz_utf8_ok(title, strlen(title))) {
		r = hz_fail(HZ_MSG_USAGE, _("the title is not UTF-8 text"));
	}
	r = r == HZ_OK ? hz_cli_open(cli, HZ_VAULT_WRITE, &v) : r;
	r = r == HZ_OK ? hz_batch_begin(v, &b) : r;
	r = r == HZ_OK ? hz_batch_case_new(b, code, title, &c) : r;
	r = r == HZ_OK ? hz_batch_finish(&b) : r;
	hz_batch_end(&b);
	if (r == HZ_OK && cli->door.json) {
		json(&cli->door.out, &c, title, 0);
	} else if (r == HZ_OK && !cli->door.quiet) {
		struct hz_out *o = &cli->door.out;
		hz_out_printf(o, _("New case %s. Put exhibits into it: `hirz case add %s ID...`\n"),
		    hz_show_id(o, c.code), hz_show_id(o, c.code));
	}
	return hz_cli_close(cli, &v, r == HZ_OK ? 0 : hz_door_fail(&cli->door, r));
}

/* --- list, show -------------------------------------------------------------------------------------- */

static enum hz_err
list(struct hz_cli *cli, struct hz_view *w)
{
	uint32_t no = 0;
	bool found = true;
	enum hz_err r = HZ_OK;

	head(cli);
	while (r == HZ_OK && found && !hz_out_broken(&cli->door.out)) {
		struct hz_case c;
		r = hz_case_next(w, &no, &found, &c);
		if (r == HZ_OK && found) {
			r = print_case(cli, w, &c);
		}
	}
	return r;
}

static enum hz_err
print_member(struct hz_cli *cli, struct hz_view *w, const struct hz_case_list *cases, uint64_t no)
{
	struct hz_out *o = &cli->door.out;
	struct hz_exhibit e;
	struct hz_sheet s;
	enum hz_err r = hz_exhibit_get(w, no, &e);

	r = r == HZ_OK ? hz_sheet_load(w, &e, cli->door.json, &s) : r;
	if (r != HZ_OK) {
		return r;
	}
	if (cli->door.json) {
		hz_sheet_json(o, w, cases, &s, false);
	} else {
		hz_out_puts(o, "  ");
		hz_out_cell(o, hz_show_id(o, e.number), 10);
		hz_out_cell(o, hz_show_minute(o, e.sealed_at), 16);
		hz_out_cell(o, hz_show_size(o, e.size), -9);
		hz_out_cell(o, hz_consent_text(e.consent), 10);
		hz_out_printf(o, "%s\n", hz_show_str(o, hz_sheet_title(&s)));
	}
	hz_sheet_done(&s);
	return HZ_OK;
}

static enum hz_err
show(struct hz_cli *cli, struct hz_view *w)
{
	struct hz_case_list cases = { 0 };
	struct hz_case c;
	struct hz_ref at;
	uint64_t x = 0;
	bool found = true;
	enum hz_err r = hz_case_find(w, hz_args_bare(&cli->args, 0), &c);

	r = r == HZ_OK ? hz_cases_load(w, &cases) : r;
	if (r == HZ_OK) {
		head(cli);
		r = print_case(cli, w, &c);
	}
	while (r == HZ_OK && found && !hz_out_broken(&cli->door.out)) {
		r = hz_case_member_next(w, c.no, &x, &found, &at);
		if (r == HZ_OK && found) {
			r = print_member(cli, w, &cases, x);
			x++;
		}
	}
	hz_cases_done(&cases);
	return r;
}

static int
reading(struct hz_cli *cli, enum hz_err (*work)(struct hz_cli *, struct hz_view *))
{
	struct hz_vault *v = NULL;
	struct hz_view *w = NULL;
	enum hz_err r = hz_cli_open(cli, HZ_VAULT_READ, &v);

	r = r == HZ_OK ? hz_view_begin(v, &w) : r;
	r = r == HZ_OK ? work(cli, w) : r;
	hz_view_end(&w);
	return hz_cli_close(cli, &v, r == HZ_OK ? 0 : hz_door_fail(&cli->door, r));
}

int
hz_cmd_case_list(struct hz_cli *cli)
{
	return reading(cli, list);
}

int
hz_cmd_case_show(struct hz_cli *cli)
{
	return reading(cli, show);
}

/* --- add --------------------------------------------------------------------------------------------- */

struct chosen {
	struct hz_case c;
	struct hz_selection s;
	uint64_t already;
};

/* What is in the case already is counted and left out. */
static enum hz_err
select_members(struct hz_cli *cli, struct hz_vault *v, struct chosen *k)
{
	struct hz_view *w = NULL;
	size_t kept = 0;
	enum hz_err r = hz_view_begin(v, &w);

	r = r == HZ_OK ? hz_case_find(w, hz_args_bare(&cli->args, 0), &k->c) : r;
	hz_view_end(&w);
	r = r == HZ_OK ? hz_select(cli, v, 1, HZ_SELECT_BARE, &k->s) : r;
	r = r == HZ_OK ? hz_view_begin(v, &w) : r;
	for (size_t i = 0; r == HZ_OK && i < k->s.n; i++) {
		if (hz_case_has(w, k->c.no, k->s.no[i])) {
			k->already++;
		} else {
			k->s.no[kept++] = k->s.no[i];
		}
	}
	hz_view_end(&w);
	k->s.n = kept;
	return r == HZ_OK && kept > ADD_MAX
		   ? hz_fail(HZ_MSG_LIMIT, _("more than %d exhibits at once"), ADD_MAX)
		   : r;
}

int
hz_cmd_case_add(struct hz_cli *cli)
{
	struct chosen k = { 0 };
	struct hz_vault *v = NULL;
	struct hz_batch *b = NULL;
	struct hz_out *o = &cli->door.out;
	enum hz_err r = hz_cli_open(cli, HZ_VAULT_WRITE, &v);

	r = r == HZ_OK ? select_members(cli, v, &k) : r;
	if (r == HZ_OK && k.s.n > 0) {
		r = hz_batch_begin(v, &b);
		r = r == HZ_OK ? hz_batch_case_add(b, &k.c, k.s.no, k.s.n) : r;
		r = r == HZ_OK ? hz_batch_finish(&b) : r;
		hz_batch_end(&b);
	}
	if (r == HZ_OK && cli->door.json) {
		struct hz_jw *w = hz_line_begin(o, "case");
		hz_line_text(w, "code", k.c.code);
		hz_jw_int(w, "added", k.s.n);
		hz_jw_int(w, "already", k.already);
		hz_line_end(o);
	} else if (r == HZ_OK && !cli->door.quiet) {
		hz_out_printf(o, _("Case %s: %s added, %s already in it.\n"), hz_show_id(o, k.c.code),
		    hz_show_count(o, k.s.n), hz_show_count(o, k.already));
	}
	hz_selection_done(&k.s);
	return hz_cli_close(cli, &v, r == HZ_OK ? 0 : hz_door_fail(&cli->door, r));
}
