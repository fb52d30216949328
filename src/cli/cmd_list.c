/* hirz list: exhibits that a query means, newest first. */
#include "cli/print.h"
#include "cli/query.h"
#include "cli/tagview.h"

#include "base/fd.h"

enum { W_ID = 10, W_SEALED = 16, W_SIZE = -9, W_STATE = 8, W_CONSENT = 10 };

struct listing {
	struct hz_cli *cli;
	struct hz_view *view;
	struct hz_query query;
	struct hz_case_list cases;
	uint64_t limit, shown;
	bool csv;
};

static void
head(struct hz_out *o)
{
	hz_out_cell(o, C_("heading", "ID"), W_ID);
	hz_out_cell(o, C_("heading", "SEALED (UTC)"), W_SEALED);
	hz_out_cell(o, C_("heading", "SIZE"), W_SIZE);
	hz_out_cell(o, C_("heading", "STATE"), W_STATE);
	hz_out_cell(o, C_("heading", "CONSENT"), W_CONSENT);
	hz_out_puts(o, C_("heading", "TITLE"));
	hz_out_puts(o, "\n");
}

static void
row(struct listing *l, const struct hz_sheet *s)
{
	struct hz_out *o = &l->cli->door.out;

	if (l->cli->door.json) {
		hz_sheet_json(o, l->view, &l->cases, s, false);
		return;
	}
	if (l->csv) {
		hz_sheet_csv(o, l->view, &l->cases, s);
		return;
	}
	if (l->shown == 0) {
		head(o);
	}
	hz_out_cell(o, hz_show_id(o, s->e.number), W_ID);
	hz_out_cell(o, hz_show_minute(o, s->e.sealed_at), W_SEALED);
	hz_out_cell(o, hz_show_size(o, s->e.size), W_SIZE);
	hz_out_cell(o, hz_state_text(s->e.state), W_STATE);
	hz_out_cell(o, hz_consent_text(s->e.consent), W_CONSENT);
	hz_out_printf(o, "%s\n", hz_show_str(o, hz_sheet_title(s)));
}

static enum hz_err
one(struct listing *l, uint64_t no)
{
	struct hz_exhibit e;
	struct hz_sheet s;
	bool match = false;
	enum hz_err r = hz_exhibit_get(l->view, no, &e);

	if (r == HZ_ERR_NOT_FOUND) {
		hz_fail_clear();
		return HZ_OK;
	}
	r = r == HZ_OK ? hz_query_match(&l->query, l->view, &e, NULL, &match) : r;
	if (r != HZ_OK || !match) {
		return r;
	}
	r = hz_sheet_load(l->view, &e, l->cli->door.json || l->csv, &s);
	if (r == HZ_OK) {
		row(l, &s);
		l->shown++;
		hz_sheet_done(&s);
	}
	return r;
}

#define VIEW_ROWS 10000 /* a view that lives long keeps a writer from using free pages again */

static enum hz_err
rows(struct listing *l, struct hz_vault *v)
{
	enum hz_err r = HZ_OK;
	uint64_t seen = 0;

	for (uint64_t no = hz_vault_info(v)->exhibits; r == HZ_OK && no > 0 && l->shown < l->limit; no--) {
		r = hz_cancel_check();
		if (hz_out_broken(&l->cli->door.out)) {
			break;
		}
		r = r == HZ_OK ? one(l, no) : r;
		if (r == HZ_OK && ++seen % VIEW_ROWS == 0) {
			hz_view_end(&l->view);
			r = hz_view_begin(v, &l->view);
		}
	}
	return r;
}

/* Nothing was found: a type or party that no rules know is more likely a slip than an answer. */
static enum hz_err
note_unknown(struct listing *l, struct hz_vault *v)
{
	struct hz_rulebook b = HZ_RULEBOOK_INIT;
	const char *value = NULL;
	size_t at = 0;
	enum hz_err r = hz_rulebook_get(l->cli, v, NULL, &b);

	while (r == HZ_OK && (value = hz_query_unknown(&l->query, b.rules, &at)) != NULL) {
		hz_door_note(&l->cli->door,
		    _("the rules have no entry %s; `hirz vocab list` shows those that there are"),
		    hz_show_str(&l->cli->door.err, value));
	}
	hz_rulebook_done(&b);
	return r;
}

static enum hz_err
list(struct listing *l, struct hz_vault *v)
{
	enum hz_err r = hz_view_begin(v, &l->view);

	r = r == HZ_OK ? hz_query_bind(&l->query, l->view) : r;
	r = r == HZ_OK && (l->cli->door.json || l->csv) ? hz_cases_load(l->view, &l->cases) : r;
	if (r == HZ_OK && l->csv) {
		hz_sheet_csv_head(&l->cli->door.out);
	}
	r = r == HZ_OK ? rows(l, v) : r;
	if (r == HZ_OK && !l->cli->door.json && !l->csv && !l->cli->door.quiet) {
		struct hz_out *o = &l->cli->door.out;
		hz_out_printf(o, NN_("%s exhibit\n", "%s exhibits\n", l->shown), hz_show_count(o, l->shown));
	}
	hz_cases_done(&l->cases);
	hz_view_end(&l->view);
	return r == HZ_OK && l->shown == 0 ? note_unknown(l, v) : r;
}

int
hz_cmd_list(struct hz_cli *cli)
{
	struct listing l = { .cli = cli, .limit = UINT64_MAX };
	struct hz_vault *v = NULL;

	enum hz_err r = hz_args_u64(&cli->args, "limit", 1, UINT64_MAX, &l.limit);
	l.csv = hz_args_has(&cli->args, "csv");
	if (r == HZ_OK && l.csv && cli->door.json) {
		r = hz_fail(HZ_MSG_USAGE, _("--csv and --json are two forms: choose one"));
	}
	r = r == HZ_OK ? hz_query_parse(cli->args.operand, cli->args.operand_count, &l.query) : r;
	r = r == HZ_OK ? hz_cli_open(cli, HZ_VAULT_READ, &v) : r;
	r = r == HZ_OK ? list(&l, v) : r;
	hz_query_done(&l.query);
	return hz_cli_close(cli, &v, r == HZ_OK ? 0 : hz_door_fail(&cli->door, r));
}
