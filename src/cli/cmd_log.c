/* hirz log: events of all logs in order; proofs and checkpoints are in head.c. */
#include "cli/head.h"
#include "cli/print.h"
#include "cli/query.h"

#include "base/enc.h"
#include "base/fd.h"
#include <stdio.h>
#include <string.h>

#define VIEW_ROWS 10000 /* a view that lives long keeps a writer from using free pages again */

struct walk {
	struct hz_cli *cli;
	struct hz_vault *v;
	struct hz_view *view;
	struct hz_actors actors;
	struct hz_seen *seen;
	uint64_t from;  /* index in the newest log */
	int64_t from_t; /* or time; INT64_MIN: from the beginning */
	uint64_t shown;
};

/* --- events ------------------------------------------------------------------------------------------ */

static enum hz_err
since(struct hz_cli *cli, struct walk *k)
{
	const char *s = hz_args_get(&cli->args, "since");
	size_t n = s == NULL ? 0 : strlen(s);
	char from[11], to[11], whole[24];

	k->from_t = INT64_MIN;
	if (s == NULL) {
		return HZ_OK;
	}
	/* Four digits alone are an index: a year is written 2026-01. */
	if (strspn(s, "0123456789") == n && hz_parse_u64(s, n, UINT64_MAX, &k->from) == HZ_OK) {
		return HZ_OK;
	}
	if (n >= 7 && hz_query_date(s, n, from, to)) {
		(void)snprintf(whole, sizeof whole, "%sT00:00:00Z", from);
	} else {
		(void)snprintf(whole, sizeof whole, "%.23s", s);
	}
	if (hz_time_parse(whole, strlen(whole), &k->from_t) != HZ_OK) {
		return hz_fail(HZ_MSG_USAGE,
		    _("--since takes a day such as 2026-11-01, a month, a time such as "
		      "2026-11-01T08:00:00Z or the number of an event, not \"%s\""),
		    s);
	}
	return HZ_OK;
}

/* The exhibit's number for its id; "" where the event is about nothing or somebody else. */
static const char *
number_of(struct walk *k, char ret_s[static HZ_NUMBER_MAX])
{
	struct hz_exhibit e;

	ret_s[0] = '\0';
	if (strncmp(k->seen->ev.ex, "ex-", 3) == 0) {
		if (hz_exhibit_find(k->view, k->seen->ev.ex, &e) == HZ_OK) {
			(void)memcpy(ret_s, e.number, sizeof e.number);
		} else {
			hz_fail_clear();
		}
	}
	return ret_s;
}

static enum hz_err
one(struct walk *k, struct hz_ref at)
{
	struct hz_out *o = &k->cli->door.out;
	char number[HZ_NUMBER_MAX];
	enum hz_err r = hz_seen_load(k->view, &k->actors, at, true, k->seen);

	if (r != HZ_OK || k->seen->ev.t < k->from_t) {
		return r;
	}
	(void)number_of(k, number);
	if (k->cli->door.json) {
		hz_seen_json(o, k->seen, number[0] == '\0' ? NULL : number);
	} else {
		if (k->shown == 0) {
			hz_seen_head(o);
		}
		hz_seen_row(o, k->seen, number);
	}
	k->shown++;
	return HZ_OK;
}

static enum hz_err
one_log(struct walk *k, uint32_t log, uint64_t from)
{
	struct hz_log_info l;
	enum hz_err r = hz_log_info(k->view, log, &l);

	for (uint64_t i = from; r == HZ_OK && i < l.size && !hz_out_broken(&k->cli->door.out); i++) {
		r = hz_cancel_check();
		if (r == HZ_OK && i > from && (i - from) % VIEW_ROWS == 0) {
			hz_view_end(&k->view);
			r = hz_view_begin(k->v, &k->view);
		}
		r = r == HZ_OK ? one(k, (struct hz_ref){ log, i }) : r;
	}
	return r;
}

static enum hz_err
events(struct walk *k)
{
	bool by_index = hz_args_get(&k->cli->args, "since") != NULL && k->from_t == INT64_MIN;
	unsigned logs = hz_vault_info(k->v)->logs;
	struct hz_out *o = &k->cli->door.out;
	enum hz_err r = hz_actors_load(k->view, &k->actors);

	r = r == HZ_OK ? hz_seen_new(&k->seen) : r;
	for (unsigned i = by_index ? logs - 1 : 0; r == HZ_OK && i < logs; i++) {
		r = one_log(k, i, by_index ? k->from : 0);
	}
	if (r == HZ_OK && !k->cli->door.json && !k->cli->door.quiet) {
		hz_out_printf(o, NN_("%s event\n", "%s events\n", k->shown), hz_show_count(o, k->shown));
	}
	hz_seen_free(&k->seen);
	hz_actors_done(&k->actors);
	return r;
}

int
hz_cmd_log(struct hz_cli *cli)
{
	bool proof = hz_args_has(&cli->args, "proof");
	bool checkpoint = hz_args_has(&cli->args, "checkpoint");
	struct walk k = { .cli = cli };
	enum hz_err r = since(cli, &k);

	if (r == HZ_OK && proof + checkpoint + hz_args_has(&cli->args, "since") > 1) {
		r = hz_fail(HZ_MSG_USAGE, _("--proof, --checkpoint and --since exclude each other"));
	}
	if (r == HZ_OK && !proof && !checkpoint && hz_args_has(&cli->args, "output")) {
		r = hz_fail(HZ_MSG_USAGE, _("-o goes with --proof or --checkpoint"));
	}
	if (r == HZ_OK && !checkpoint && hz_head_asked(cli)) {
		r = hz_fail(HZ_MSG_USAGE, _("--cosigned, --words, --qr and --qr-file go with --checkpoint"));
	}
	r = r == HZ_OK ? hz_cli_open(cli, HZ_VAULT_READ, &k.v) : r;
	r = r == HZ_OK ? hz_view_begin(k.v, &k.view) : r;
	if (r == HZ_OK) {
		r = proof        ? hz_head_proof(cli, k.v, k.view)
		    : checkpoint ? hz_head_checkpoint(cli, k.v, k.view)
				 : events(&k);
	}
	hz_view_end(&k.view);
	return hz_cli_close(cli, &k.v, r == HZ_OK ? 0 : hz_door_fail(&cli->door, r));
}
