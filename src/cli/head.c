/* hirz log --proof, --checkpoint, compare, misconduct: what leaves of the log, and what comes back to be
 * compared. */
#include "cli/head.h"

#include "base/enc.h"
#include "base/fd.h"
#include "qr/qr.h"
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define NOTES_MAX 10000 /* checkpoints whose words are compared */
#define PIXELS    8     /* of a module in a PNG */

/* --- small files --------------------------------------------------------------------------------------- */

HZ_RESULT
hz_cli_read_file(const char *path, size_t max, struct hz_buf *out)
{
	return hz_file_read(AT_FDCWD, path, max, out);
}

HZ_RESULT
hz_cli_key_text(const char *given, char *ret_s, size_t max)
{
	struct hz_buf text = HZ_BUF_INIT(4096);
	enum hz_err r = HZ_OK;

	ret_s[0] = '\0';
	if (given == NULL) {
		return HZ_OK;
	}
	if (access(given, F_OK) == 0) {
		r = hz_cli_read_file(given, 4096, &text);
	} else {
		r = hz_buf_puts(&text, given);
	}
	while (r == HZ_OK && text.len > 0 && (text.p[text.len - 1] == '\n' || text.p[text.len - 1] == '\r')) {
		text.len--;
	}
	if (r == HZ_OK && (text.len == 0 || text.len >= max || memchr(text.p, '\0', text.len) != NULL)) {
		r = hz_fail(HZ_MSG_USAGE, _("neither a key nor a file with one: %s"), given);
	}
	if (r == HZ_OK) {
		memcpy(ret_s, text.p, text.len);
		ret_s[text.len] = '\0';
	}
	hz_buf_done(&text);
	return r;
}

/* --- proof --------------------------------------------------------------------------------------------- */

/* In the newest state that a witness signed, where that holds the event already; else in the newest. */
static enum hz_err
state_for(
    struct hz_view *w, const struct hz_log_info *l, uint64_t index, uint64_t *ret_size, struct hz_buf *note)
{
	enum hz_err r = hz_log_cosigned(w, l->no, l->size, note, ret_size);

	if (r == HZ_ERR_NOT_FOUND || (r == HZ_OK && *ret_size <= index)) {
		hz_buf_clear(note);
		*ret_size = l->size;
		r = hz_log_note(w, l->no, note);
	}
	return r;
}

static enum hz_err
make_proof(struct hz_view *w, uint32_t log, uint64_t index, struct hz_buf *out)
{
	uint8_t proof[HZ_PROOF_MAX][32], leaf[32];
	struct hz_buf note = HZ_BUF_INIT(HZ_NOTE_MAX), jws = HZ_BUF_INIT(HZ_EVENT_MAX);
	struct hz_checkpoint c;
	struct hz_log_info l;
	struct hz_tree *tree = NULL;
	uint64_t size = 0;
	size_t n = 0;
	enum hz_err r = hz_log_info(w, log, &l);

	if (r == HZ_OK && index >= l.size) {
		r = hz_fail(HZ_MSG_USAGE, _("the log has %" PRIu64 " events, numbered from 0"), l.size);
	}
	r = r == HZ_OK ? state_for(w, &l, index, &size, &note) : r;
	r = r == HZ_OK ? hz_checkpoint_read(note.p, note.len, NULL, &c) : r;
	r = r == HZ_OK ? hz_event_load(w, (struct hz_ref){ log, index }, &jws, NULL) : r;
	r = r == HZ_OK ? hz_log_tree(w, log, &tree) : r;
	r = r == HZ_OK ? hz_tree_inclusion(tree, index, size, proof, &n) : r;
	if (r == HZ_OK) {
		/* A proof that does not hold is never given out. */
		hz_leaf_hash(jws.p, jws.len, leaf);
		r = hz_inclusion_verify(leaf, index, size, proof, n, c.root);
	}
	r = r == HZ_OK ? hz_tlog_proof_write(index, proof, n, note.p, note.len, out) : r;
	hz_tree_close(&tree);
	hz_buf_done(&note);
	hz_buf_done(&jws);
	return r;
}

HZ_RESULT
hz_head_proof(struct hz_cli *cli, struct hz_vault *v, struct hz_view *w)
{
	struct hz_buf out = HZ_BUF_INIT((size_t)2 * HZ_NOTE_MAX);
	uint32_t log = hz_vault_info(v)->logs - 1;
	uint64_t index = 0;
	enum hz_err r = hz_args_u64(&cli->args, "proof", 0, UINT64_MAX, &index);

	r = r == HZ_OK ? make_proof(w, log, index, &out) : r;
	if (r == HZ_OK && (!cli->door.json || hz_output_path(cli) != NULL)) {
		r = hz_newfile_text(cli, &out);
	}
	if (r == HZ_OK && cli->door.json) {
		struct hz_jw *j = hz_line_begin(&cli->door.out, "proof");
		hz_jw_int(j, "index", index);
		hz_jw_str(j, "origin", hz_vault_info(v)->origin);
		hz_jw_strn(j, "proof", out.p, out.len);
		hz_line_end(&cli->door.out);
	}
	hz_buf_done(&out);
	return r;
}

/* --- checkpoint ---------------------------------------------------------------------------------------- */

bool
hz_head_asked(const struct hz_cli *cli)
{
	return hz_args_has(&cli->args, "cosigned") || hz_args_has(&cli->args, "words") ||
	       hz_args_has(&cli->args, "qr") || hz_args_has(&cli->args, "qr-file");
}

/* Joined by single spaces. */
static enum hz_err
words_line(enum hz_words_lang lang, const uint8_t b[static HZ_WORDS], struct hz_buf *out)
{
	enum hz_err r = HZ_OK;

	for (size_t i = 0; r == HZ_OK && i < HZ_WORDS; i++) {
		r = i > 0 ? hz_buf_putc(out, ' ') : HZ_OK;
		r = r == HZ_OK ? hz_word_put(lang, b[i], out) : r;
	}
	return r;
}

/* Four in a row, as they are read out; the number tells where one was left out. */
static enum hz_err
words_table(enum hz_words_lang lang, const uint8_t b[static HZ_WORDS], struct hz_buf *out)
{
	enum hz_err r = HZ_OK;

	for (size_t i = 0; r == HZ_OK && i < HZ_WORDS; i++) {
		r = hz_buf_printf(out, "%s%2zu. ", i % 4 == 0 ? "  " : "   ", i + 1);
		r = r == HZ_OK ? hz_word_put(lang, b[i], out) : r;
		if (r == HZ_OK && (i % 4 == 3 || i + 1 == HZ_WORDS)) {
			r = hz_buf_putc(out, '\n');
		}
	}
	return r;
}

/* What a person prints or reads out: the note, and what was asked for below it. */
static enum hz_err
sheet(struct hz_cli *cli, const struct hz_buf *note, const uint8_t words[static HZ_WORDS], struct hz_buf *out)
{
	struct hz_out *o = &cli->door.out;
	bool file = hz_output_path(cli) != NULL;
	enum hz_err r = hz_buf_put(out, note->p, note->len);

	if (r == HZ_OK && hz_args_has(&cli->args, "words")) {
		r = hz_buf_printf(
		    out, "\n%s\n", _("Words to read over the phone; the last one checks the others:"));
		r = r == HZ_OK ? words_table(HZ_WORDS_AR, words, out) : r;
		r = r == HZ_OK ? words_table(HZ_WORDS_EN, words, out) : r;
	}
	if (r == HZ_OK && hz_args_has(&cli->args, "qr")) {
		struct hz_qr q = { .width = 0 };
		r = hz_qr_make(note->p, note->len, &q);
		r = r == HZ_OK ? hz_buf_putc(out, '\n') : r;
		r = r == HZ_OK ? hz_qr_terminal(&q, o->color && !file, out) : r;
		hz_qr_done(&q);
	}
	return r;
}

static enum hz_err
picture(struct hz_cli *cli, const struct hz_buf *note)
{
	const char *path = hz_args_get(&cli->args, "qr-file");
	size_t n = path == NULL ? 0 : strlen(path);
	struct hz_buf out = HZ_BUF_INIT((size_t)64 << 20);
	struct hz_newfile f = HZ_NEWFILE_INIT;
	struct hz_qr q = { .width = 0 };

	if (path == NULL) {
		return HZ_OK;
	}
	bool svg = n > 4 && strcmp(path + n - 4, ".svg") == 0,
	     png = n > 4 && strcmp(path + n - 4, ".png") == 0;
	enum hz_err r = svg || png ? hz_qr_make(note->p, note->len, &q)
				   : hz_fail(HZ_MSG_USAGE, _("--qr-file writes FILE.png or FILE.svg"));
	r = r == HZ_OK ? (svg ? hz_qr_svg(&q, &out) : hz_qr_png(&q, PIXELS, &out)) : r;
	r = r == HZ_OK ? hz_newfile_begin(path, &f) : r;
	r = r == HZ_OK ? hz_fd_write_all(f.fd, out.p, out.len) : r;
	r = r == HZ_OK ? hz_newfile_finish(&f) : r;
	hz_newfile_end(&f);
	hz_qr_done(&q);
	hz_buf_done(&out);
	return r;
}

static enum hz_err
line(struct hz_cli *cli, const struct hz_buf *note, const uint8_t words[static HZ_WORDS])
{
	struct hz_buf en = HZ_BUF_INIT(1024), ar = HZ_BUF_INIT(1024);
	struct hz_checkpoint c;
	enum hz_err r = hz_checkpoint_read(note->p, note->len, NULL, &c);

	r = r == HZ_OK ? words_line(HZ_WORDS_EN, words, &en) : r;
	r = r == HZ_OK ? words_line(HZ_WORDS_AR, words, &ar) : r;
	if (r == HZ_OK) {
		struct hz_jw *j = hz_line_begin(&cli->door.out, "checkpoint");
		hz_jw_str(j, "origin", c.origin);
		hz_jw_int(j, "size", c.size);
		hz_jw_hex(j, "root", c.root, 32);
		hz_jw_strn(j, "note", note->p, note->len);
		hz_jw_int(j, "cosignatures", hz_note_cosigned(note, NULL));
		hz_jw_strn(j, "words_en", en.p, en.len);
		hz_jw_strn(j, "words_ar", ar.p, ar.len);
		hz_line_end(&cli->door.out);
	}
	hz_buf_done(&en);
	hz_buf_done(&ar);
	return r;
}

static enum hz_err
words_of(const struct hz_buf *note, uint8_t ret_b[static HZ_WORDS])
{
	size_t text = 0;
	enum hz_err r = hz_checkpoint_text(note->p, note->len, &text);

	if (r == HZ_OK) {
		hz_words_of(note->p, text, ret_b);
	}
	return r;
}

HZ_RESULT
hz_head_checkpoint(struct hz_cli *cli, struct hz_vault *v, struct hz_view *w)
{
	struct hz_buf note = HZ_BUF_INIT(HZ_NOTE_MAX), out = HZ_BUF_INIT((size_t)1 << 20);
	uint32_t log = hz_vault_info(v)->logs - 1;
	uint8_t words[HZ_WORDS];
	struct hz_log_info l;
	uint64_t size = 0;
	enum hz_err r = hz_log_info(w, log, &l);

	if (r == HZ_OK && hz_args_has(&cli->args, "cosigned")) {
		r = hz_log_cosigned(w, log, l.size, &note, &size);
		if (r == HZ_ERR_NOT_FOUND) {
			r = hz_fail(HZ_MSG_NOTHING_SELECTED, _("no witness has signed this log yet"));
		}
	} else if (r == HZ_OK) {
		r = hz_log_note(w, log, &note);
	}
	r = r == HZ_OK ? words_of(&note, words) : r;
	r = r == HZ_OK ? sheet(cli, &note, words, &out) : r;
	r = r == HZ_OK ? picture(cli, &note) : r;
	if (r == HZ_OK && (!cli->door.json || hz_output_path(cli) != NULL)) {
		r = hz_newfile_text(cli, &out);
	}
	if (r == HZ_OK && cli->door.json) {
		r = line(cli, &note, words);
	}
	hz_buf_done(&note);
	hz_buf_done(&out);
	return r;
}

/* --- words that come back ------------------------------------------------------------------------------ */

static void
say_match(struct hz_cli *cli, const struct hz_checkpoint *c)
{
	struct hz_out *o = &cli->door.out;

	if (cli->door.json) {
		struct hz_jw *j = hz_line_begin(o, "words");
		hz_jw_bool(j, "match", true);
		hz_jw_str(j, "origin", c->origin);
		hz_jw_int(j, "size", c->size);
		hz_jw_hex(j, "root", c->root, 32);
		hz_line_end(o);
	} else {
		hz_out_printf(o, _("%s: these are the words of the checkpoint of %s events\n"),
		    hz_show_tone(o, HZ_TONE_GOOD, _("the same")), hz_show_count(o, c->size));
	}
}

static enum hz_err
compare_note(
    struct hz_cli *cli, const struct hz_buf *note, const uint8_t want[static HZ_WORDS], bool *ret_same)
{
	struct hz_checkpoint c;
	uint8_t have[HZ_WORDS];
	enum hz_err r = words_of(note, have);

	*ret_same = r == HZ_OK && memcmp(have, want, sizeof have) == 0;
	if (*ret_same) {
		r = hz_checkpoint_read(note->p, note->len, NULL, &c);
	}
	if (r == HZ_OK && *ret_same) {
		say_match(cli, &c);
	}
	return r;
}

static enum hz_err
compare_file(struct hz_cli *cli, const uint8_t want[static HZ_WORDS])
{
	struct hz_kept *k = calloc(1, sizeof *k);
	bool same = false;
	enum hz_err r =
	    k == NULL ? hz_fail(HZ_MSG_NOMEM, "files") : hz_kept_add(k, hz_args_get(&cli->args, "of"));

	for (size_t i = 0; r == HZ_OK && !same && i < k->n; i++) {
		r = compare_note(cli, &k->list[i].note, want, &same);
	}
	if (k != NULL) {
		hz_kept_done(k);
		free(k);
	}
	return r == HZ_OK && !same ? hz_fail(HZ_MSG_WORDS_DIFFER, _("the file holds another state")) : r;
}

/* Any state that this log has ever signed, the newest first. */
static enum hz_err
compare_vault(struct hz_cli *cli, struct hz_view *w, uint32_t log, const uint8_t want[static HZ_WORDS])
{
	struct hz_buf note = HZ_BUF_INIT(HZ_NOTE_MAX);
	struct hz_log_info l;
	bool same = false;
	enum hz_err r = hz_log_info(w, log, &l);
	uint64_t left = NOTES_MAX;

	for (uint64_t size = r == HZ_OK ? l.size : 0; r == HZ_OK && !same && size > 0 && left > 0; size--) {
		hz_buf_clear(&note);
		r = hz_log_note_at(w, log, size, &note);
		if (r == HZ_ERR_NOT_FOUND) {
			r = HZ_OK;
			continue;
		}
		left--;
		r = r == HZ_OK ? compare_note(cli, &note, want, &same) : r;
	}
	hz_buf_done(&note);
	return r == HZ_OK && !same
		   ? hz_fail(HZ_MSG_WORDS_DIFFER, _("none of the states that this log signed"))
		   : r;
}

int
hz_cmd_log_compare(struct hz_cli *cli)
{
	struct hz_buf said = HZ_BUF_INIT(8192);
	struct hz_vault *v = NULL;
	struct hz_view *w = NULL;
	uint8_t want[HZ_WORDS];
	enum hz_err r = HZ_OK;

	for (size_t i = 0; r == HZ_OK && i < cli->args.operand_count; i++) {
		r = hz_buf_printf(&said, "%s ", hz_args_operand(&cli->args, i));
	}
	r = r == HZ_OK ? hz_words_read((const char *)said.p, said.len, want) : r;
	hz_buf_done(&said);
	if (r == HZ_ERR_FORMAT || r == HZ_ERR_LIMIT) {
		r = hz_fail(HZ_MSG_USAGE, "%s", hz_fail_detail());
	} else if (r == HZ_ERR_TAMPERED) {
		r = hz_fail(HZ_MSG_WORDS_DIFFER, "%s", hz_fail_detail());
	}
	if (r == HZ_OK && hz_args_has(&cli->args, "of")) {
		r = compare_file(cli, want);
		return r == HZ_OK ? 0 : hz_door_fail(&cli->door, r);
	}
	r = r == HZ_OK ? hz_cli_open(cli, HZ_VAULT_READ, &v) : r;
	r = r == HZ_OK ? hz_view_begin(v, &w) : r;
	r = r == HZ_OK ? compare_vault(cli, w, hz_vault_info(v)->logs - 1, want) : r;
	hz_view_end(&w);
	return hz_cli_close(cli, &v, r == HZ_OK ? 0 : hz_door_fail(&cli->door, r));
}
