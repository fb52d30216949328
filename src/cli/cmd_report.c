/* hirz report tags: how many tags there are, by what they say and by how they stand. */
#include "cli/select.h"
#include "cli/tagview.h"

#include "base/fd.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define UP_MAX 16 /* values above one */

/* A line of the report: one value and role, or, with below, a value and everything below it in all roles. */
struct line {
	struct hz_tag_count n;
	bool below;
	char path[320]; /* for the order: a value stands behind what it is below */
};
struct report {
	struct hz_cli *cli;
	struct hz_rulebook book;
	struct hz_tag_counts counts;
	size_t n, cap;
	struct line *v;
};

static const char *
label(const struct report *x, const struct hz_tag_count *c, bool ar)
{
	const struct hz_rules_entry *e =
	    c->axis == HZ_AXIS_DATE ? NULL : hz_rules_find(x->book.rules, c->axis, c->value);

	return e == NULL ? "" : ar ? e->label_ar : e->label_en;
}

/* The value above; false at the top. Rules that are gone leave the dots of the id. */
static bool
above(const struct report *x, enum hz_axis axis, char value[static 64])
{
	const struct hz_rules_entry *e = hz_rules_find(x->book.rules, axis, value);

	if (axis == HZ_AXIS_DATE) {
		char *dash = strrchr(value, '-');
		if (dash == NULL) {
			return false;
		}
		*dash = '\0';
		return true;
	}
	if (e != NULL) {
		(void)snprintf(value, 64, "%s", e->parent);
		return value[0] != '\0';
	}
	char *dot = strrchr(value, '.');
	if (dot == NULL) {
		return false;
	}
	*dot = '\0';
	return true;
}

static void
set_path(const struct report *x, struct line *l)
{
	char up[UP_MAX][64];
	size_t n = 0, len = 0;

	(void)snprintf(up[n++], 64, "%s", l->n.value);
	while (n < UP_MAX) {
		(void)memcpy(up[n], up[n - 1], 64);
		if (!above(x, l->n.axis, up[n])) {
			break;
		}
		n++;
	}
	for (size_t i = n; i > 0 && len + 66 < sizeof l->path; i--) {
		len += (size_t)snprintf(l->path + len, sizeof l->path - len, "\x01%s", up[i - 1]);
	}
}

static int
in_order(const void *a, const void *b)
{
	const struct line *x = a, *y = b;

	if (x->n.axis != y->n.axis) {
		return x->n.axis < y->n.axis ? -1 : 1;
	}
	int d = strcmp(x->path, y->path);
	if (d != 0) {
		return d;
	}
	if (x->below != y->below) {
		return x->below ? -1 : 1;
	}
	return x->n.role < y->n.role ? -1 : x->n.role > y->n.role;
}

static enum hz_err
put(struct report *x, const struct hz_tag_count *c, bool below)
{
	if (x->n == x->cap) {
		size_t cap = x->cap == 0 ? 64 : x->cap * 2;
		struct line *more = reallocarray(x->v, cap, sizeof *more);
		if (more == NULL) {
			return hz_fail(HZ_MSG_NOMEM, "a report");
		}
		x->v = more;
		x->cap = cap;
	}
	x->v[x->n] = (struct line){ .n = *c, .below = below };
	set_path(x, &x->v[x->n]);
	x->n++;
	return HZ_OK;
}

/* Sums of a value and of all above it: once each, so those that follow from the row before are passed. */
static enum hz_err
sums(struct report *x, const struct hz_tag_count *c)
{
	char value[64];
	enum hz_err r = HZ_OK;

	(void)memcpy(value, c->value, sizeof value);
	do {
		struct hz_tag_count s = hz_tag_counts_below(&x->counts, c->axis, value, NULL);
		s.axis = c->axis;
		s.role = HZ_ROLE_NONE;
		(void)snprintf(s.value, sizeof s.value, "%s", value);
		r = put(x, &s, true);
	} while (r == HZ_OK && above(x, c->axis, value));
	return r;
}

static enum hz_err
lines(struct report *x)
{
	size_t kept = 0;

	for (size_t i = 0; i < x->counts.n; i++) {
		HZ_TRY(put(x, &x->counts.v[i], false));
		HZ_TRY(sums(x, &x->counts.v[i]));
	}
	if (x->n > 1) {
		qsort(x->v, x->n, sizeof *x->v, in_order);
	}
	for (size_t i = 0; i < x->n; i++) {
		if (kept == 0 || in_order(&x->v[kept - 1], &x->v[i]) != 0) {
			x->v[kept++] = x->v[i];
		}
	}
	x->n = kept;
	return HZ_OK;
}

/* --- forms -------------------------------------------------------------------------------------------- */

static void
json(struct report *x)
{
	struct hz_out *o = &x->cli->door.out;

	for (size_t i = 0; i < x->n; i++) {
		const struct hz_tag_count *c = &x->v[i].n;
		struct hz_jw *w = hz_line_begin(o, "count");
		hz_jw_str(w, "axis", hz_axis_word(c->axis));
		hz_line_text(w, "value", c->value);
		hz_jw_bool(w, "below", x->v[i].below);
		hz_jw_str(w, "role", x->v[i].below ? NULL : hz_role_word(c->role));
		hz_line_text(w, "label_en", label(x, c, false));
		hz_line_text(w, "label_ar", label(x, c, true));
		for (enum hz_tag_state s = HZ_TAG_PROPOSED; s <= HZ_TAG_SUPERSEDED; s++) {
			hz_jw_int(w, hz_tag_state_word(s), c->state[s]);
		}
		hz_jw_int(w, "disputed", c->disputed);
		hz_jw_int(w, "waiting", c->waiting);
		hz_jw_int(w, "denied", c->denied);
		hz_line_end(o);
	}
	struct hz_jw *w = hz_line_begin(o, "summary");
	hz_jw_int(w, "exhibits", x->counts.exhibits);
	hz_jw_int(w, "texts", x->counts.texts);
	hz_jw_int(w, "classified", x->counts.classified);
	hz_jw_int(w, "reviewed", x->counts.reviewed);
	hz_jw_int(w, "left_out", x->counts.left_out);
	hz_line_end(o);
}

static void
csv(struct report *x)
{
	struct hz_out *o = &x->cli->door.out;

	hz_out_puts(o, "axis,value,below,role,label_en,label_ar,proposed,confirmed,rejected,added,superseded,"
		       "disputed,waiting,denied\r\n");
	for (size_t i = 0; i < x->n; i++) {
		const struct hz_tag_count *c = &x->v[i].n;
		const char *const words[] = { hz_axis_word(c->axis), c->value, x->v[i].below ? "yes" : "no",
			x->v[i].below ? "" : hz_role_word(c->role), label(x, c, false), label(x, c, true) };
		for (size_t k = 0; k < sizeof words / sizeof words[0]; k++) {
			hz_out_printf(o, "%s,", hz_show_cell(o, words[k], strlen(words[k])));
		}
		for (enum hz_tag_state s = HZ_TAG_PROPOSED; s <= HZ_TAG_SUPERSEDED; s++) {
			hz_out_printf(o, "\"%llu\",", (unsigned long long)c->state[s]);
		}
		hz_out_printf(o, "\"%llu\",\"%llu\",\"%llu\"\r\n", (unsigned long long)c->disputed,
		    (unsigned long long)c->waiting, (unsigned long long)c->denied);
	}
}

static void
numbers(struct hz_out *o, const struct hz_tag_count *c)
{
	hz_out_cell(o, hz_show_count(o, c->state[HZ_TAG_CONFIRMED] + c->state[HZ_TAG_ADDED]), -9);
	hz_out_cell(o, hz_show_count(o, c->state[HZ_TAG_PROPOSED]), -8);
	hz_out_cell(o, hz_show_count(o, c->disputed), -8);
	hz_out_cell(o, hz_show_count(o, c->state[HZ_TAG_REJECTED]), -8);
	hz_out_cell(o, hz_show_count(o, c->denied), -6);
}

static void
head(struct hz_out *o, enum hz_axis axis, bool first)
{
	hz_out_printf(o, "%s", first ? "" : "\n");
	hz_out_cell(o, hz_show_axis(axis), 34);
	hz_out_cell(o, C_("heading", "CONFIRMED"), -9);
	hz_out_cell(o, C_("heading", "PROPOSED"), -8);
	hz_out_cell(o, C_("heading", "DISPUTED"), -8);
	hz_out_cell(o, C_("heading", "REJECTED"), -8);
	hz_out_cell(o, C_("heading", "DENIED"), -6);
	hz_out_puts(o, "\n");
}

/* Sums by value; under a party also its roles. */
static void
text(struct report *x)
{
	struct hz_out *o = &x->cli->door.out;
	enum hz_axis last = 0;

	for (size_t i = 0; i < x->n; i++) {
		const struct hz_tag_count *c = &x->v[i].n;
		if (!x->v[i].below && c->axis != HZ_AXIS_PARTY) {
			continue;
		}
		if (c->axis != last) {
			head(o, c->axis, last == 0);
			last = c->axis;
		}
		if (x->v[i].below) {
			hz_out_cell(o, hz_show_id(o, c->value), 34);
			numbers(o, c);
			hz_out_printf(o, "%s\n", hz_show_label(o, x->book.rules, c->axis, c->value));
		} else {
			hz_out_puts(o, "  ");
			hz_out_cell(o, hz_show_id(o, hz_role_word(c->role)), 32);
			numbers(o, c);
			hz_out_printf(o, "%s\n", hz_show_role(c->role));
		}
	}
	if (x->cli->door.quiet) {
		return;
	}
	hz_out_printf(o,
	    _("%sExhibits: %s; texts with tags: %s; classified: %s; nothing left to decide: %s\n"),
	    x->n > 0 ? "\n" : "", hz_show_count(o, x->counts.exhibits), hz_show_count(o, x->counts.texts),
	    hz_show_count(o, x->counts.classified), hz_show_count(o, x->counts.reviewed));
	hz_out_puts(o,
	    _("Counted are tags of texts, not events and not victims. A line counts a value with all below it, "
	      "a text with two of them twice. Confirmed holds what was added by hand. Proposed and rejected tags "
	      "are no findings; disputed ones stand among the proposed; denied ones, in whatever state, say that "
	      "a text denies it.\n"));
	if (x->counts.left_out > 0) {
		hz_out_printf(o, _("Not counted, for there are too many different ones: %s tags\n"),
		    hz_show_count(o, x->counts.left_out));
	}
}

int
hz_cmd_report_tags(struct hz_cli *cli)
{
	struct report x = { .cli = cli, .book = HZ_RULEBOOK_INIT };
	struct hz_selection s = { 0 };
	struct hz_vault *v = NULL;
	bool as_csv = hz_args_has(&cli->args, "csv"), some = cli->args.operand_count > 0;
	enum hz_err r = HZ_OK;

	if (as_csv && cli->door.json) {
		r = hz_fail(HZ_MSG_USAGE, _("--csv and --json are two forms: choose one"));
	}
	hz_cancel_install();
	r = r == HZ_OK ? hz_cli_open(cli, HZ_VAULT_READ, &v) : r;
	r = r == HZ_OK && some ? hz_select(cli, v, 0, hz_tags_select(cli), &s) : r;
	r = r == HZ_OK ? hz_rulebook_get(cli, v, NULL, &x.book) : r;
	r = r == HZ_OK ? hz_review_counts(v, some ? s.no : NULL, s.n, &x.counts) : r;
	r = r == HZ_OK ? lines(&x) : r;
	if (r == HZ_OK) {
		if (cli->door.json) {
			json(&x);
		} else if (as_csv) {
			csv(&x);
		} else {
			text(&x);
		}
	}
	free(x.v);
	hz_tag_counts_done(&x.counts);
	hz_rulebook_done(&x.book);
	hz_selection_done(&s);
	return hz_cli_close(cli, &v, r == HZ_OK ? 0 : hz_door_fail(&cli->door, r));
}
