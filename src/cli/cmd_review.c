/* hirz review: a person's decisions on tags, given in one call or one after the other. */
#include "cli/explain.h"
#include "cli/select.h"
#include "cli/tagview.h"
#include "cli/walk.h"

#include "base/enc.h"
#include "base/fd.h"
#include <stdlib.h>
#include <string.h>

#define DECISIONS_MAX 256 /* in one call */

/* --- outcomes ----------------------------------------------------------------------------------------- */

/* How many more people must agree before the tag counts. */
static unsigned
needs(const struct hz_review_outcome *x)
{
	bool party = strncmp(x->tag, "party:", 6) == 0;

	if (x->now.state != HZ_TAG_PROPOSED) {
		return 0;
	}
	return party && !x->now.disputed && x->now.people < 2 ? 2 - (unsigned)x->now.people : 1;
}

static void
outcome_json(struct hz_out *o, const struct hz_review_outcome *x)
{
	struct hz_jw *w = hz_line_begin(o, "review");

	hz_jw_str(w, "exhibit", x->number);
	hz_line_text(w, "tag", x->tag);
	hz_jw_str(w, "decision", hz_decision_word(x->what));
	hz_jw_str(w, "state", hz_tag_state_word(x->now.state));
	hz_jw_bool(w, "disputed", x->now.disputed);
	hz_jw_int(w, "people", x->now.people);
	hz_jw_int(w, "needs", needs(x));
	hz_jw_int(w, "event", x->at.index);
	hz_line_end(o);
}

void
hz_review_say(struct hz_cli *cli, const struct hz_review_outcome *x)
{
	struct hz_out *o = &cli->door.out;

	if (cli->door.json) {
		outcome_json(o, x);
		return;
	}
	if (cli->door.quiet) {
		return;
	}
	hz_out_printf(o, "%s  %s: ", hz_show_id(o, x->number), hz_show_id(o, x->tag));
	if (x->now.disputed) {
		hz_out_puts(o, _("people do not agree; it stays proposed until they do\n"));
	} else if (needs(x) > 0 && x->what != HZ_DECIDED_REJECTED) {
		hz_out_puts(o, _("kept; a second person must agree before it counts\n"));
	} else {
		hz_out_printf(o, "%s\n", hz_show_tag_state(x->now.state));
	}
}

/* --- given in one call -------------------------------------------------------------------------------- */

static enum hz_certainty
certainty_of(const char *word)
{
	static const enum hz_certainty all[] = { HZ_CERTAIN_STATED, HZ_CERTAIN_ALLEGED, HZ_CERTAIN_LIKELY,
		HZ_CERTAIN_DENIED };

	for (size_t i = 0; word != NULL && i < sizeof all / sizeof all[0]; i++) {
		if (strcmp(word, hz_certainty_word(all[i])) == 0) {
			return all[i];
		}
	}
	return HZ_CERTAIN_STATED;
}

/* What all decisions of a call have in common. */
struct hz_review_decision
hz_review_common(const struct hz_cli *cli)
{
	return (struct hz_review_decision){ .certainty = certainty_of(hz_args_get(&cli->args, "certainty")),
		.by = hz_args_get(&cli->args, "as"),
		.why = hz_args_get(&cli->args, "message"),
		.status = hz_args_get(&cli->args, "status"),
		.proof = hz_args_get(&cli->args, "proof"),
		.legal = hz_args_get(&cli->args, "legal") };
}

static enum hz_err
collect(struct hz_cli *cli, struct hz_review_decision *d, size_t *ret_n, bool *ret_added)
{
	static const struct {
		const char *option;
		enum hz_decision what;
	} kinds[] = { { "accept", HZ_DECIDED_CONFIRMED }, { "reject", HZ_DECIDED_REJECTED },
		{ "add", HZ_DECIDED_ADDED } };
	size_t n = 0;

	for (size_t k = 0; k < sizeof kinds / sizeof kinds[0]; k++) {
		size_t at = 0;
		for (const char *s = hz_args_next(&cli->args, kinds[k].option, &at); s != NULL;
		     s = hz_args_next(&cli->args, kinds[k].option, &at)) {
			struct hz_kept_tag tag;
			if (n == DECISIONS_MAX) {
				return hz_fail(HZ_MSG_USAGE, _("at most %d tags in one call"), DECISIONS_MAX);
			}
			if (hz_tag_id_read(s, &tag) != HZ_OK) {
				return hz_fail(HZ_MSG_USAGE,
				    _("this is no tag; one looks like type:VALUE or party:VALUE@ROLE: %.80s"),
				    s);
			}
			d[n] = hz_review_common(cli);
			d[n].what = kinds[k].what;
			d[n++].tag = s;
		}
	}
	*ret_added = hz_args_get(&cli->args, "add") != NULL;
	*ret_n = n;
	return HZ_OK;
}

static enum hz_err
find(struct hz_vault *v, const char *id, uint64_t *ret_no)
{
	struct hz_view *w = NULL;
	struct hz_exhibit e;
	enum hz_err r = hz_view_begin(v, &w);

	r = r == HZ_OK ? hz_exhibit_find(w, id, &e) : r;
	hz_view_end(&w);
	if (r == HZ_OK) {
		*ret_no = e.no;
	}
	return r;
}

static enum hz_err
decide(struct hz_cli *cli, struct hz_vault *v, struct hz_review_decision *d, size_t n, bool added)
{
	struct hz_review_outcome *out = calloc(n, sizeof *out);
	struct hz_rulebook b = HZ_RULEBOOK_INIT;
	uint64_t no = 0;
	enum hz_err r =
	    out == NULL ? hz_fail(HZ_MSG_NOMEM, "decisions") : find(v, hz_args_bare(&cli->args, 0), &no);

	for (size_t i = 0; i < n; i++) {
		d[i].exhibit = no;
	}
	r = r == HZ_OK && added ? hz_rulebook_get(cli, v, NULL, &b) : r;
	r = r == HZ_OK ? hz_review_decide(v, d, n, b.rules, out) : r;
	for (size_t i = 0; r == HZ_OK && i < n; i++) {
		hz_review_say(cli, &out[i]);
	}
	hz_rulebook_done(&b);
	free(out);
	return r;
}

static int
review_one(struct hz_cli *cli)
{
	struct hz_review_decision *d = calloc(DECISIONS_MAX, sizeof *d);
	const char *why = hz_args_get(&cli->args, "message");
	struct hz_vault *v = NULL;
	size_t n = 0;
	bool added = false;
	enum hz_err r = d == NULL ? hz_fail(HZ_MSG_NOMEM, "decisions") : collect(cli, d, &n, &added);

	if (r == HZ_OK && (n == 0 || cli->args.operand_count != 1)) {
		r = hz_fail(HZ_MSG_USAGE,
		    _("name one exhibit and what you decide: --accept TAG, --reject TAG or --add TAG; or "
		      "--next for what waits"));
	} else if (r == HZ_OK && (why == NULL || why[0] == '\0')) {
		r = hz_fail(
		    HZ_MSG_USAGE, _("-m WHY is missing: a decision stands in the log with its reason"));
	} else if (r == HZ_OK && (hz_args_has(&cli->args, "axis") || hz_args_has(&cli->args, "disputed") ||
				     hz_args_has(&cli->args, "order"))) {
		r = hz_fail(HZ_MSG_USAGE, _("--axis, --disputed and --order go with --next"));
	} else if (r == HZ_OK && hz_args_has(&cli->args, "certainty") && !added) {
		r = hz_fail(HZ_MSG_USAGE, _("--certainty goes with --add"));
	}
	hz_cancel_install();
	r = r == HZ_OK ? hz_cli_open(cli, HZ_VAULT_WRITE, &v) : r;
	r = r == HZ_OK ? decide(cli, v, d, n, added) : r;
	free(d);
	return hz_cli_close(cli, &v, r == HZ_OK ? 0 : hz_door_fail(&cli->door, r));
}

/* The words of an option must be UTF-8: they are kept. */
static enum hz_err
check_words(const struct hz_cli *cli)
{
	static const char *const names[] = { "message", "as", "accept", "reject", "add" };

	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		const char *s = hz_args_get(&cli->args, names[i]);
		if (s != NULL && !hz_utf8_ok(s, strlen(s))) {
			return hz_fail(HZ_MSG_USAGE, _("--%s is not UTF-8 text"), names[i]);
		}
	}
	return HZ_OK;
}

int
hz_cmd_review(struct hz_cli *cli)
{
	enum hz_err r = check_words(cli);

	if (r != HZ_OK) {
		return hz_door_fail(&cli->door, r);
	}
	return hz_args_has(&cli->args, "next") ? hz_review_walk(cli) : review_one(cli);
}
