/* hirz vocab: list, show, check, import, export. */
#include "cli/head.h"
#include "cli/newfile.h"
#include "cli/vocab.h"

#include "base/enc.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TERMS_SHOWN 200 /* of one entry, as text */

/* --- one entry ---------------------------------------------------------------------------------------- */

static void
xrefs_json(struct hz_jw *w, const struct hz_rules_entry *e)
{
	struct hz_xref x;

	hz_jw_arr(w, "xref");
	for (size_t i = 0; i < e->nxref; i++) {
		if (!hz_xref_read(e->xref[i], &x)) {
			continue;
		}
		hz_jw_obj(w, NULL);
		hz_line_text(w, "code", x.code);
		if (x.conflict[0] != '\0') {
			hz_jw_str(w, "conflict", x.conflict);
		}
		hz_line_text(w, "system", x.system);
		hz_jw_bool(w, "verified", !x.unverified);
		hz_jw_obj_end(w);
	}
	hz_jw_arr_end(w);
}

static void
terms_json(struct hz_jw *w, const struct hz_rules *r, const struct hz_rules_entry *e)
{
	struct hz_rules_term t;

	hz_jw_arr(w, "terms");
	for (size_t i = 0; hz_rules_term_at(r, e, i, &t); i++) {
		if (t.quiet) {
			continue;
		}
		hz_jw_obj(w, NULL);
		if (t.from[0] != '\0' || t.to[0] != '\0') {
			hz_line_text(w, "from", t.from);
		}
		hz_jw_str(w, "lang", t.lang);
		hz_jw_int(w, "line", t.line);
		hz_line_text(w, "text", t.text);
		if (t.from[0] != '\0' || t.to[0] != '\0') {
			hz_line_text(w, "to", t.to);
		}
		hz_jw_int(w, "weight", t.weight);
		hz_jw_obj_end(w);
	}
	hz_jw_arr_end(w);
}

static void
entry_json(struct hz_out *o, const struct hz_rules *r, const struct hz_rules_entry *e, bool all)
{
	struct hz_jw *w = hz_line_begin(o, "term");
	size_t shown = 0, quiet = 0;

	hz_vocab_terms(r, e, &shown, &quiet);
	hz_jw_str(w, "axis", hz_axis_word(e->axis));
	hz_jw_str(w, "id", e->id);
	hz_jw_str(w, "parent", e->parent[0] == '\0' ? NULL : e->parent);
	hz_line_text(w, "label_en", e->label_en);
	hz_line_text(w, "label_ar", e->label_ar);
	hz_line_text(w, "from", e->from);
	hz_line_text(w, "to", e->to);
	hz_jw_int(w, "threshold", (uint64_t)e->min * 100);
	hz_jw_bool(w, "experimental", e->experimental);
	xrefs_json(w, e);
	hz_jw_int(w, "terms_shown", shown);
	hz_jw_int(w, "terms_not_shown", quiet);
	if (all) {
		hz_line_text(w, "note_en", e->note_en);
		hz_line_text(w, "note_ar", e->note_ar);
		hz_line_text(w, "source", e->source);
		terms_json(w, r, e);
	}
	hz_line_end(o);
}

static void
field(struct hz_out *o, const char *name, const char *value)
{
	if (value[0] != '\0') {
		/* lint: allow hz_out_field (a translated name) */
		hz_out_field(o, name, 14, hz_show_str(o, value));
	}
}

static void
terms_text(struct hz_out *o, const struct hz_rules *r, const struct hz_rules_entry *e)
{
	struct hz_rules_term t;
	size_t shown = 0, quiet = 0, said = 0;

	hz_vocab_terms(r, e, &shown, &quiet);
	for (size_t i = 0; hz_rules_term_at(r, e, i, &t) && said < TERMS_SHOWN; i++) {
		if (t.quiet) {
			continue;
		}
		hz_out_puts(o, "    ");
		hz_out_cell(o, hz_show_id(o, t.lang), 3);
		hz_out_cell(o, hz_show_count(o, t.weight), -2);
		if (t.from[0] != '\0' || t.to[0] != '\0') {
			char valid[48];
			(void)snprintf(valid, sizeof valid, "%.20s..%.20s", t.from, t.to);
			hz_out_cell(o, hz_show_id(o, valid), 12);
		}
		hz_out_printf(o, "%s\n", hz_show_str(o, t.text));
		said++;
	}
	if (shown > said) {
		hz_out_printf(
		    o, _("    and %s more (all of them: --json)\n"), hz_show_count(o, shown - said));
	}
	if (quiet > 0) {
		hz_out_printf(o,
		    NN_("    %s critical or derogatory name is matched and not shown\n",
			"    %s critical or derogatory names are matched and not shown\n", quiet),
		    hz_show_count(o, quiet));
	}
}

static void
entry_text(struct hz_out *o, const struct hz_rules *r, const struct hz_rules_entry *e)
{
	char line[256];
	struct hz_xref x;

	(void)snprintf(line, sizeof line, "%s:%.200s", hz_axis_word(e->axis), e->id);
	hz_out_printf(o, "%s\n", hz_show_id(o, line));
	field(o, _("  English"), e->label_en);
	field(o, _("  Arabic"), e->label_ar);
	field(o, _("  below"), e->parent);
	if (e->from[0] != '\0' || e->to[0] != '\0') {
		(void)snprintf(line, sizeof line, "%.20s..%.20s", e->from, e->to);
		field(o, _("  valid"), line);
	}
	if (e->experimental) {
		hz_out_puts(o, _("  experimental: the rules of this language are on trial\n"));
	}
	hz_out_field(o, _("  counts from"), 14, hz_show_count(o, (uint64_t)e->min * 100));
	for (size_t i = 0; i < e->nxref; i++) {
		if (hz_xref_read(e->xref[i], &x)) {
			(void)snprintf(line, sizeof line, "%s %s%s%s", hz_xref_system(x.system), x.code,
			    x.conflict[0] != '\0' ? " " : "", x.conflict);
			hz_out_printf(o,
			    x.unverified ? _("  see also      %s (not verified)\n")
					 : _("  see also      %s\n"),
			    hz_show_str(o, line));
		}
	}
	field(o, _("  note"), hz_lang_now() == HZ_LANG_AR ? e->note_ar : e->note_en);
	field(o, _("  source"), e->source);
	hz_out_puts(o, _("  terms: language, weight, words\n"));
	terms_text(o, r, e);
}

/* --- list, show --------------------------------------------------------------------------------------- */

static void
list_row(struct hz_out *o, const struct hz_vocab_node *n)
{
	char id[160];
	const struct hz_rules_entry *e = n->entry;

	(void)snprintf(id, sizeof id, "%*s%.100s", (int)(2 * n->depth), "", e->id);
	hz_out_cell(o, hz_show_id(o, id), 38);
	hz_out_cell(o, hz_show_str(o, e->label_en), 44);
	hz_out_printf(o, "%s\n", hz_show_str(o, e->label_ar));
}

int
hz_cmd_vocab_list(struct hz_cli *cli)
{
	struct hz_out *o = &cli->door.out;
	struct hz_rulebook b = HZ_RULEBOOK_INIT;
	struct hz_vocab t = { 0 };
	const char *axis = hz_args_get(&cli->args, "axis");
	enum hz_axis last = 0;
	enum hz_err r = hz_rulebook_anywhere(cli, &b);

	r = r == HZ_OK ? hz_vocab_tree(b.rules, axis == NULL ? 0 : hz_axis_of(axis), &t) : r;
	for (size_t i = 0; r == HZ_OK && i < t.n; i++) {
		const struct hz_rules_entry *e = t.v[i].entry;
		if (cli->door.json) {
			entry_json(o, b.rules, e, false);
			continue;
		}
		if (e->axis != last) {
			hz_out_printf(o, "%s%s\n", last == 0 ? "" : "\n", hz_show_axis(e->axis));
			last = e->axis;
		}
		hz_out_puts(o, "  ");
		list_row(o, &t.v[i]);
	}
	if (r == HZ_OK && !cli->door.json && !cli->door.quiet) {
		hz_rulebook_say(o, &b);
	}
	hz_vocab_done(&t);
	hz_rulebook_done(&b);
	return r == HZ_OK ? 0 : hz_door_fail(&cli->door, r);
}

/* "russia" on every axis, or "party:russia" and "party/russia" on one. */
static size_t
show(struct hz_cli *cli, const struct hz_rules *r, const char *id)
{
	size_t n = strcspn(id, ":/"), found = 0;
	char word[16] = "";
	bool one = n < sizeof word && id[n] != '\0';

	if (one) {
		(void)memcpy(word, id, n);
	}
	for (enum hz_axis a = HZ_AXIS_TYPE; a <= HZ_AXIS_PLACE; a++) {
		const struct hz_rules_entry *e =
		    one && hz_axis_of(word) != a ? NULL : hz_rules_find(r, a, one ? id + n + 1 : id);
		if (e != NULL && cli->door.json) {
			entry_json(&cli->door.out, r, e, true);
		} else if (e != NULL) {
			entry_text(&cli->door.out, r, e);
		}
		found += e != NULL ? 1 : 0;
	}
	return found;
}

int
hz_cmd_vocab_show(struct hz_cli *cli)
{
	struct hz_rulebook b = HZ_RULEBOOK_INIT;
	enum hz_err r = hz_rulebook_anywhere(cli, &b);

	for (size_t i = 0; r == HZ_OK && i < cli->args.operand_count; i++) {
		const char *id = hz_args_bare(&cli->args, i);
		if (show(cli, b.rules, id) == 0) {
			r = hz_fail(
			    HZ_MSG_USAGE, _("the rules know no such type, party or place: %.80s"), id);
		}
	}
	hz_rulebook_done(&b);
	return r == HZ_OK ? 0 : hz_door_fail(&cli->door, r);
}

/* --- check, import ------------------------------------------------------------------------------------ */

static void
rules_json(struct hz_out *o, const struct hz_rules *r, const char *result, uint32_t no)
{
	struct hz_jw *w = hz_line_begin(o, "rules");

	hz_jw_str(w, "result", result);
	hz_jw_hex(w, "id", hz_rules_id(r), 32);
	hz_line_text(w, "name", hz_rules_name(r));
	hz_line_text(w, "version", hz_rules_version(r));
	hz_jw_int(w, "entries", hz_rules_entries(r));
	if (no != 0) {
		hz_jw_int(w, "no", no);
	}
	hz_line_end(o);
}

static void
fault_say(struct hz_cli *cli, const char *path, const struct hz_rules_fault *f)
{
	struct hz_out *o = &cli->door.out;

	if (cli->door.json) {
		struct hz_jw *w = hz_line_begin(o, "fault");
		hz_line_bytes(w, "file", path, strlen(path));
		hz_jw_int(w, "line", f->line);
		hz_line_text(w, "what", _(f->what));
		hz_line_text(w, "do", _(f->remedy));
		hz_line_end(o);
		return;
	}
	hz_out_printf(o, "%s:%s: %s \xe2\x80\x93 %s\n", hz_show_str(o, path), hz_show_count(o, f->line),
	    _(f->what), _(f->remedy));
}

/* Every fault of a file; *ret_n how many. */
static enum hz_err
faults(struct hz_cli *cli, const char *path, const struct hz_buf *file, size_t *ret_n)
{
	struct hz_rules_fault *f = calloc(HZ_RULES_FAULTS, sizeof *f);

	if (f == NULL) {
		return hz_fail(HZ_MSG_NOMEM, "faults of rules");
	}
	*ret_n = hz_rules_check(file->p, file->len, f, HZ_RULES_FAULTS);
	for (size_t i = 0; i < *ret_n && i < HZ_RULES_FAULTS; i++) {
		fault_say(cli, path, &f[i]);
	}
	free(f);
	return HZ_OK;
}

/* Reads and checks a rules file; says its faults. HZ_MSG_RULES_BAD where it has any. */
static enum hz_err
read_good(struct hz_cli *cli, const char *path, struct hz_rulebook *b)
{
	size_t n = 0;

	HZ_TRY(hz_cli_read_file(path, HZ_RULES_FILE_MAX, &b->file));
	HZ_TRY(faults(cli, path, &b->file, &n));
	if (n > 0) {
		return hz_fail(HZ_MSG_RULES_BAD, NN_("%s has %zu fault", "%s has %zu faults", n), path, n);
	}
	b->from = HZ_RULES_FROM_FILE;
	return hz_rules_load(b->file.p, b->file.len, &b->rules);
}

int
hz_cmd_vocab_check(struct hz_cli *cli)
{
	struct hz_rulebook b = HZ_RULEBOOK_INIT;
	struct hz_out *o = &cli->door.out;
	enum hz_err r = read_good(cli, hz_args_operand(&cli->args, 0), &b);

	if (r == HZ_OK && cli->door.json) {
		rules_json(o, b.rules, "good", 0);
	} else if (r == HZ_OK && !cli->door.quiet) {
		hz_rulebook_say(o, &b);
		hz_out_printf(o, _("No fault found. %s\n"), hz_show_hex(o, hz_rules_id(b.rules), 32, 0));
	}
	hz_rulebook_done(&b);
	return r == HZ_OK ? 0 : hz_door_fail(&cli->door, r);
}

static enum hz_err
keep(struct hz_vault *v, const struct hz_rulebook *b, uint32_t *ret_no, bool *ret_new)
{
	struct hz_new_rules x = { .file = b->file.p,
		.size = b->file.len,
		.id = hz_rules_id(b->rules),
		.name = hz_rules_name(b->rules),
		.version = hz_rules_version(b->rules) };
	struct hz_batch *batch = NULL;
	enum hz_err r = hz_batch_begin(v, &batch);

	r = r == HZ_OK ? hz_batch_rules(batch, &x, ret_no, ret_new) : r;
	r = r == HZ_OK ? hz_batch_finish(&batch) : r;
	hz_batch_end(&batch);
	return r;
}

int
hz_cmd_vocab_import(struct hz_cli *cli)
{
	struct hz_rulebook b = HZ_RULEBOOK_INIT;
	struct hz_out *o = &cli->door.out;
	struct hz_vault *v = NULL;
	const char *path = hz_args_operand(&cli->args, 0);
	bool shipped = hz_args_has(&cli->args, "shipped"), fresh = false;
	uint32_t no = 0;
	enum hz_err r = HZ_OK;

	if (shipped == (path != NULL)) {
		r = hz_fail(HZ_MSG_USAGE, _("name a rules file, or give --shipped"));
	}
	r = r == HZ_OK ? (shipped ? hz_rulebook_shipped(&b) : read_good(cli, path, &b)) : r;
	r = r == HZ_OK ? hz_cli_open(cli, HZ_VAULT_WRITE, &v) : r;
	r = r == HZ_OK ? keep(v, &b, &no, &fresh) : r;
	if (r == HZ_OK && cli->door.json) {
		rules_json(o, b.rules, fresh ? "imported" : "duplicate", no);
	} else if (r == HZ_OK && !cli->door.quiet) {
		hz_rulebook_say(o, &b);
		hz_out_printf(o,
		    fresh ? _("Kept as rules %s of the vault. Next: %s\n")
			  : _("The vault keeps them already, as rules %s. Next: %s\n"),
		    hz_show_count(o, no), hz_show_id(o, "`hirz classify`"));
	}
	hz_rulebook_done(&b);
	return hz_cli_close(cli, &v, r == HZ_OK ? 0 : hz_door_fail(&cli->door, r));
}

/* --- export ------------------------------------------------------------------------------------------- */

static void
exported_json(struct hz_cli *cli, const char *format, const struct hz_buf *text)
{
	struct hz_jw *w = hz_line_begin(&cli->door.out, "vocabulary");
	const char *path = hz_output_path(cli);

	hz_jw_str(w, "format", format);
	hz_jw_int(w, "size", text->len);
	if (path != NULL) {
		hz_line_path(w, path);
	} else {
		hz_line_bytes(w, "text", text->p, text->len);
	}
	hz_line_end(&cli->door.out);
}

int
hz_cmd_vocab_export(struct hz_cli *cli)
{
	struct hz_rulebook b = HZ_RULEBOOK_INIT;
	struct hz_buf text = HZ_BUF_INIT(HZ_OUT_MAX);
	const char *format = hz_args_get(&cli->args, "format");
	enum hz_err r = hz_rulebook_anywhere(cli, &b);

	format = format == NULL ? "skos" : format;
	if (r == HZ_OK) {
		r = strcmp(format, "skos") == 0 ? hz_vocab_skos(b.rules, &text)
		    : strcmp(format, "md") == 0 ? hz_vocab_page(b.rules, &text)
						: hz_buf_put(&text, b.file.p, b.file.len);
	}
	/* As a line of JSON the text is a member, unless it goes to a file. */
	if (r == HZ_OK && (!cli->door.json || hz_output_path(cli) != NULL)) {
		r = hz_newfile_text(cli, &text);
	}
	if (r == HZ_OK && cli->door.json) {
		exported_json(cli, format, &text);
	}
	hz_buf_done(&text);
	hz_rulebook_done(&b);
	return r == HZ_OK ? 0 : hz_door_fail(&cli->door, r);
}
