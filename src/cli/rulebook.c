/* Which rules a command uses. */
#include "cli/tagview.h"

#include "classify/shipped.h"
#include "cli/head.h"
#include <limits.h>
#include <string.h>

static enum hz_err
load(struct hz_rulebook *b, enum hz_rules_from from, uint32_t no)
{
	enum hz_err r = hz_rules_load(b->file.p, b->file.len, &b->rules);

	b->from = from;
	b->no = r == HZ_OK ? no : 0;
	return r;
}

void
hz_rulebook_done(struct hz_rulebook *b)
{
	hz_rules_free(&b->rules);
	hz_buf_done(&b->file);
	b->no = 0;
}

HZ_RESULT
hz_rulebook_shipped(struct hz_rulebook *b)
{
	size_t n = 0;
	const void *p = hz_rules_shipped(&n);

	hz_rulebook_done(b);
	HZ_TRY(hz_buf_put(&b->file, p, n));
	return load(b, HZ_RULES_FROM_PROGRAM, 0);
}

HZ_RESULT
hz_rulebook_at(struct hz_view *w, uint32_t no, struct hz_rulebook *b)
{
	struct hz_rules_row row;

	if (b->rules != NULL && b->no == no && no != 0) {
		return HZ_OK;
	}
	hz_rulebook_done(b);
	HZ_TRY(hz_rules_row_get(w, no, &row));
	HZ_TRY(hz_rules_bytes(w, &row, &b->file));
	return load(b, HZ_RULES_FROM_VAULT, no);
}

const uint8_t *
hz_tag_text_of(const struct hz_buf *text)
{
	return text->p == NULL ? (const uint8_t *)"" : text->p;
}

HZ_RESULT
hz_rulebook_again(struct hz_view *w, uint32_t no, uint64_t record, const struct hz_buf *text,
    struct hz_rulebook *b, struct hz_again *io_again)
{
	if (b->no != no) {
		hz_again_done(io_again);
	}
	HZ_TRY(hz_rulebook_at(w, no, b));
	return record == 0 ? HZ_OK
			   : hz_again_load(io_again, w, record, b->rules, hz_tag_text_of(text), text->len);
}

/* The newest of the vault; *ret_found false where it keeps none. */
static enum hz_err
newest(struct hz_vault *v, struct hz_rulebook *b, bool *ret_found)
{
	struct hz_view *w = NULL;
	struct hz_rules_row row;
	uint32_t no = 1, last = 0;
	bool found = true;
	enum hz_err r = hz_view_begin(v, &w);

	while (r == HZ_OK) {
		r = hz_rules_row_next(w, &no, &found, &row);
		if (r != HZ_OK || !found) {
			break;
		}
		last = row.no;
		no = row.no + 1;
	}
	*ret_found = last != 0;
	r = r == HZ_OK && last != 0 ? hz_rulebook_at(w, last, b) : r;
	hz_view_end(&w);
	return r;
}

static enum hz_err
from_file(const char *path, struct hz_rulebook *b)
{
	hz_rulebook_done(b);
	HZ_TRY(hz_cli_read_file(path, HZ_RULES_FILE_MAX, &b->file));
	return load(b, HZ_RULES_FROM_FILE, 0);
}

/* Newer rules that came with the program are said, not taken: tags of a vault change when people want it. */
static void
note_other(struct hz_cli *cli, const struct hz_rulebook *b)
{
	struct hz_rulebook own = HZ_RULEBOOK_INIT;

	if (hz_rulebook_shipped(&own) == HZ_OK &&
	    strcmp(hz_rules_name(own.rules), hz_rules_name(b->rules)) == 0 &&
	    memcmp(hz_rules_id(own.rules), hz_rules_id(b->rules), 32) != 0) {
		hz_door_note(&cli->door,
		    _("this program brings other rules (%s) than the vault uses (%s): `hirz vocab import "
		      "--shipped` takes them over"),
		    hz_show_str(&cli->door.err, hz_rules_version(own.rules)),
		    hz_show_str(&cli->door.err, hz_rules_version(b->rules)));
	}
	hz_rulebook_done(&own);
}

HZ_RESULT
hz_rulebook_get(struct hz_cli *cli, struct hz_vault *v, const char *file, struct hz_rulebook *b)
{
	bool found = false;

	if (file != NULL) {
		return from_file(file, b);
	}
	if (v != NULL) {
		HZ_TRY(newest(v, b, &found));
	}
	if (!found) {
		return hz_rulebook_shipped(b);
	}
	note_other(cli, b);
	return HZ_OK;
}

/* Whether the vault opens without a question: by a session, or by what the options say. */
static bool
opens_by_itself(const struct hz_cli *cli, const uint8_t id[static 16])
{
	unsigned left = 0;

	return cli->door.passphrase_fd >= 0 || cli->door.passphrase_file != NULL ||
	       hz_session_peek(id, &left);
}

HZ_RESULT
hz_rulebook_anywhere(struct hz_cli *cli, struct hz_rulebook *b)
{
	struct hz_buf path = HZ_BUF_INIT(PATH_MAX);
	struct hz_vault *v = NULL;
	const char *p = NULL;
	const char *file = hz_args_get(&cli->args, "rules");
	uint8_t id[16];
	enum hz_err r = HZ_OK;

	if (file != NULL) {
		return hz_rulebook_get(cli, NULL, file, b);
	}
	bool there = hz_cli_find(cli, &path) == HZ_OK && hz_buf_cstr(&path, &p) == HZ_OK &&
		     hz_vault_peek_id(p, id) == HZ_OK;
	hz_fail_clear();
	if ((there && opens_by_itself(cli, id)) || (!there && hz_args_has(&cli->args, "vault"))) {
		r = hz_cli_open(
		    cli, HZ_VAULT_READ, &v); /* one that was named and is not there is a failure */
	} else if (there) {
		hz_door_note(&cli->door,
		    _("the vault is locked: the rules of the program are used, not those of the vault"));
	}
	r = r == HZ_OK ? hz_rulebook_get(cli, v, NULL, b) : r;
	hz_vault_close(&v);
	hz_buf_done(&path);
	return r;
}

void
hz_rulebook_say(struct hz_out *o, const struct hz_rulebook *b)
{
	const char *from = b->from == HZ_RULES_FROM_FILE    ? C_("rules", "from a file")
			   : b->from == HZ_RULES_FROM_VAULT ? C_("rules", "of the vault")
							    : C_("rules", "of the program");
	/* lint: allow hz_out_printf (one of three texts of ours) */
	hz_out_printf(o, _("Rules: %s %s, %s (%s)\n"), hz_show_str(o, hz_rules_name(b->rules)),
	    hz_show_str(o, hz_rules_version(b->rules)), from, hz_show_hex(o, hz_rules_id(b->rules), 32, 16));
}
