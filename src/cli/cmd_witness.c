/* hirz witness: signatures of others on the state of the log, carried as files. */
#include "cli/head.h"
#include "cli/state.h"

#include "base/enc.h"
#include "base/fd.h"
#include "door/passphrase.h"
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --- in the vault: request, import, list, policy -------------------------------------------------------- */

/* Where the request begins: as told, else where that witness signed last. */
static enum hz_err
old_size(struct hz_cli *cli, struct hz_view *w, uint32_t log, uint64_t *ret_old)
{
	const char *name = hz_args_get(&cli->args, "for");
	struct hz_witness_info *list = calloc(HZ_WITNESSES_MAX, sizeof *list);
	bool found = false;
	size_t n = 0;
	enum hz_err r = list == NULL ? hz_fail(HZ_MSG_NOMEM, "witnesses") : hz_witnesses(w, list, &n);

	*ret_old = 0;
	for (size_t i = 0; r == HZ_OK && i < n; i++) {
		if (name == NULL ? n == 1 : strcmp(list[i].key.name, name) == 0) {
			*ret_old = list[i].log == log ? list[i].size : 0;
			found = true;
		}
	}
	free(list);
	if (r == HZ_OK && hz_args_has(&cli->args, "old")) {
		return hz_args_u64(&cli->args, "old", 0, UINT64_MAX, ret_old);
	}
	if (r == HZ_OK && n > 1 && name == NULL) {
		return hz_fail(HZ_MSG_USAGE, _("there are several witnesses: name one with --for"));
	}
	/* A name that is not known yet is one that has never signed. */
	(void)found;
	return r;
}

static enum hz_err
request(struct hz_cli *cli, struct hz_vault *v, struct hz_view *w)
{
	uint8_t proof[HZ_PROOF_MAX * 2][32];
	struct hz_buf note = HZ_BUF_INIT(HZ_NOTE_MAX), bare = HZ_BUF_INIT(HZ_NOTE_MAX),
		      out = HZ_BUF_INIT(HZ_REQUEST_MAX);
	uint32_t log = hz_vault_info(v)->logs - 1;
	struct hz_tree *tree = NULL;
	struct hz_log_info l;
	char name[HZ_ORIGIN_MAX];
	uint8_t pk[32];
	uint64_t old = 0;
	size_t n = 0;
	enum hz_err r = hz_log_info(w, log, &l);

	r = r == HZ_OK ? old_size(cli, w, log, &old) : r;
	if (r == HZ_OK && old > l.size) {
		r = hz_fail(HZ_MSG_LOG_OLDER,
		    _("the witness signed %" PRIu64 " events, the log has %" PRIu64), old, l.size);
	}
	r = r == HZ_OK ? hz_log_note(w, log, &note) : r;
	r = r == HZ_OK ? hz_vkey_parse(l.vkey, strlen(l.vkey), name, pk) : r;
	r = r == HZ_OK ? hz_checkpoint_bare(note.p, note.len, pk, &bare) : r;
	if (r == HZ_OK && old > 0 && old < l.size) {
		r = hz_log_tree(w, log, &tree);
		r = r == HZ_OK ? hz_tree_consistency(tree, old, l.size, proof, &n) : r;
	}
	r = r == HZ_OK ? hz_witness_request_write(old, proof, n, bare.p, bare.len, &out) : r;
	if (r == HZ_OK && (!cli->door.json || hz_args_get(&cli->args, "output") != NULL)) {
		r = hz_newfile_text(cli, &out);
	}
	if (r == HZ_OK && cli->door.json) {
		struct hz_jw *j = hz_line_begin(&cli->door.out, "witness");
		hz_jw_str(j, "did", "request");
		hz_jw_str(j, "log", l.vkey);
		hz_jw_int(j, "old", old);
		hz_jw_int(j, "size", l.size);
		hz_jw_strn(j, "request", out.p, out.len);
		hz_line_end(&cli->door.out);
	} else if (r == HZ_OK) {
		hz_door_note(&cli->door, _("the witness needs the key of this log over another way: %s"),
		    hz_show_id(&cli->door.err, l.vkey));
	}
	hz_tree_close(&tree);
	hz_buf_done(&note);
	hz_buf_done(&bare);
	hz_buf_done(&out);
	return r;
}

int
hz_cmd_witness_request(struct hz_cli *cli)
{
	struct hz_vault *v = NULL;
	struct hz_view *w = NULL;
	enum hz_err r = hz_cli_open(cli, HZ_VAULT_READ, &v);

	/* An older copy must not ask for a signature: the witness would see a rollback. */
	if (r == HZ_OK && !hz_vault_info(v)->rollback) {
		r = hz_view_begin(v, &w);
		r = r == HZ_OK ? request(cli, v, w) : r;
	}
	hz_view_end(&w);
	return hz_cli_close(cli, &v, r == HZ_OK ? 0 : hz_door_fail(&cli->door, r));
}

static void
say_imported(struct hz_cli *cli, const struct hz_cosign_result *res)
{
	struct hz_out *o = &cli->door.out;

	if (cli->door.json) {
		struct hz_jw *j = hz_line_begin(o, "witness");
		hz_jw_str(j, "did", "import");
		hz_jw_str(j, "name", res->name);
		hz_jw_int(j, "size", res->size);
		hz_line_time(j, "t", (int64_t)res->t);
		hz_jw_int(j, "added", res->added);
		hz_jw_int(j, "known", res->known);
		hz_line_end(o);
	} else if (!cli->door.quiet) {
		hz_out_printf(o,
		    res->added > 0 ? _("%s signed the state of %s events, at %s\n")
				   : _("%s had signed the state of %s events already (%s)\n"),
		    hz_show_id(o, hz_show_str(o, res->name)), hz_show_count(o, res->size),
		    hz_show_time(o, (int64_t)res->t));
	}
}

int
hz_cmd_witness_import(struct hz_cli *cli)
{
	struct hz_buf text = HZ_BUF_INIT(HZ_OUTSIDE_TEXT_MAX);
	struct hz_cosign_result res = { .added = 0 };
	struct hz_witness_key key;
	struct hz_vault *v = NULL;
	char given[HZ_VKEY_MAX];
	enum hz_err r = hz_cli_key_text(hz_args_get(&cli->args, "witness"), given, sizeof given);

	if (r == HZ_OK && given[0] != '\0' && hz_wkey_parse(given, strlen(given), &key) != HZ_OK) {
		r = hz_fail(HZ_MSG_BUNDLE_KEY, "%s", hz_fail_detail());
	}
	r = r == HZ_OK ? hz_cli_read_file(hz_args_operand(&cli->args, 0), HZ_OUTSIDE_TEXT_MAX, &text) : r;
	r = r == HZ_OK ? hz_cli_open(cli, HZ_VAULT_WRITE, &v) : r;
	r = r == HZ_OK ? hz_vault_cosign(v, text.p, text.len, given[0] != '\0' ? &key : NULL, &res) : r;
	if (r == HZ_OK) {
		say_imported(cli, &res);
	}
	hz_buf_done(&text);
	return hz_cli_close(cli, &v, r == HZ_OK ? 0 : hz_door_fail(&cli->door, r));
}

static enum hz_err
list_line(struct hz_cli *cli, const struct hz_witness_info *i, const struct hz_log_info *l)
{
	struct hz_out *o = &cli->door.out;
	struct hz_buf key = HZ_BUF_INIT(HZ_VKEY_MAX);
	uint64_t size = i->log == l->no ? i->size : 0;
	const char *s = NULL;
	enum hz_err r = hz_wkey_write(&i->key, &key);

	r = r == HZ_OK ? hz_buf_cstr(&key, &s) : r;
	if (r == HZ_OK && cli->door.json) {
		struct hz_jw *j = hz_line_begin(o, "witness");
		hz_jw_str(j, "name", i->key.name);
		hz_jw_str(j, "key", s);
		hz_jw_str(j, "origin", l->origin);
		hz_jw_int(j, "size", size);
		hz_jw_int(j, "behind", l->size - size);
		if (size > 0) {
			hz_line_time(j, "t", (int64_t)i->t);
		}
		hz_line_end(o);
	} else if (r == HZ_OK) {
		hz_out_printf(o, _("%s  signed %s of %s events (%s)\n  key: %s\n"),
		    hz_show_id(o, i->key.name), hz_show_count(o, size), hz_show_count(o, l->size),
		    size > 0 ? hz_show_minute(o, (int64_t)i->t) : "-", hz_show_id(o, s));
	}
	hz_buf_done(&key);
	return r;
}

/* The vault's log and who signed for it; the vault and the view are the caller's to close, also where this
 * fails. */
static enum hz_err
of_vault(struct hz_cli *cli, struct hz_vault **ret_v, struct hz_view **ret_w, struct hz_log_info *ret_l,
    struct hz_witness_info *list, size_t *ret_n)
{
	if (list == NULL) {
		return hz_fail(HZ_MSG_NOMEM, "witnesses");
	}
	HZ_TRY(hz_cli_open(cli, HZ_VAULT_READ, ret_v));
	HZ_TRY(hz_view_begin(*ret_v, ret_w));
	HZ_TRY(hz_log_info(*ret_w, hz_vault_info(*ret_v)->logs - 1, ret_l));
	return hz_witnesses(*ret_w, list, ret_n);
}

static int
list_vault(struct hz_cli *cli)
{
	struct hz_witness_info *list = calloc(HZ_WITNESSES_MAX, sizeof *list);
	struct hz_vault *v = NULL;
	struct hz_view *w = NULL;
	struct hz_log_info l;
	size_t n = 0;
	enum hz_err r = of_vault(cli, &v, &w, &l, list, &n);

	for (size_t i = 0; r == HZ_OK && i < n; i++) {
		r = list_line(cli, &list[i], &l);
	}
	if (r == HZ_OK && n == 0 && !cli->door.json && !cli->door.quiet) {
		hz_out_puts(&cli->door.out, _("no witness has signed for this vault yet\n"));
	}
	hz_view_end(&w);
	free(list);
	return hz_cli_close(cli, &v, r == HZ_OK ? 0 : hz_door_fail(&cli->door, r));
}

static enum hz_err
policy_text(struct hz_cli *cli, const struct hz_log_info *l, const struct hz_witness_info *list, size_t n,
    struct hz_buf *out)
{
	struct hz_buf key = HZ_BUF_INIT(HZ_VKEY_MAX);
	const char *s = NULL;
	uint64_t need = n;
	enum hz_err r =
	    n == 0 ? hz_fail(HZ_MSG_NOTHING_SELECTED, _("no witness has signed for this vault yet")) : HZ_OK;

	r = r == HZ_OK ? hz_args_u64(&cli->args, "quorum", 1, n, &need) : r;
	r = r == HZ_OK ? hz_buf_printf(out, "log %s\n", l->vkey) : r;
	for (size_t i = 0; r == HZ_OK && i < n; i++) {
		hz_buf_clear(&key);
		r = hz_wkey_write(&list[i].key, &key);
		r = r == HZ_OK ? hz_buf_cstr(&key, &s) : r;
		r = r == HZ_OK ? hz_buf_printf(out, "witness w%zu %s\n", i + 1, s) : r;
	}
	r = r == HZ_OK ? hz_buf_printf(out, "group witnesses %" PRIu64, need) : r;
	for (size_t i = 0; r == HZ_OK && i < n; i++) {
		r = hz_buf_printf(out, " w%zu", i + 1);
	}
	r = r == HZ_OK ? hz_buf_puts(out, "\nquorum witnesses\n") : r;
	hz_buf_done(&key);
	return r;
}

int
hz_cmd_witness_policy(struct hz_cli *cli)
{
	struct hz_witness_info *list = calloc(HZ_WITNESSES_MAX, sizeof *list);
	struct hz_buf out = HZ_BUF_INIT(65536);
	struct hz_vault *v = NULL;
	struct hz_view *w = NULL;
	struct hz_log_info l;
	size_t n = 0;
	enum hz_err r = of_vault(cli, &v, &w, &l, list, &n);

	r = r == HZ_OK ? policy_text(cli, &l, list, n, &out) : r;
	r = r == HZ_OK ? hz_newfile_text(cli, &out) : r;
	hz_view_end(&w);
	hz_buf_done(&out);
	free(list);
	return hz_cli_close(cli, &v, r == HZ_OK ? 0 : hz_door_fail(&cli->door, r));
}

/* --- as a witness ----------------------------------------------------------------------------------------
 */

static enum hz_err
say_own(struct hz_cli *cli, const struct hz_state *st)
{
	struct hz_out *o = &cli->door.out;
	struct hz_buf key = HZ_BUF_INIT(HZ_VKEY_MAX);
	const char *s = NULL;
	enum hz_err r = hz_wkey_write(&st->key, &key);

	r = r == HZ_OK ? hz_buf_cstr(&key, &s) : r;
	if (r == HZ_OK && cli->door.json) {
		struct hz_jw *j = hz_line_begin(o, "witness");
		hz_jw_bool(j, "own", true);
		hz_jw_str(j, "name", st->key.name);
		hz_jw_str(j, "key", s);
		hz_jw_int(j, "logs", st->n);
		hz_line_end(o);
	} else if (r == HZ_OK) {
		hz_out_printf(
		    o, _("this witness: %s\n  key: %s\n"), hz_show_id(o, st->key.name), hz_show_id(o, s));
	}
	hz_buf_done(&key);
	return r;
}

int
hz_cmd_witness_init(struct hz_cli *cli)
{
	struct hz_witness_dir d = HZ_WITNESS_DIR_INIT;
	struct hz_buf phrase = HZ_BUF_SECRET_INIT(HZ_PASSPHRASE_BUF);
	const char *name = hz_args_get(&cli->args, "name");
	uint64_t mem = HZ_ARGON_DEFAULT_MIB;
	uint8_t seed[HZ_SEED];
	struct hz_ed_key key;
	struct hz_buf probe = HZ_BUF_INIT(HZ_VKEY_MAX);
	enum hz_err r =
	    name == NULL ? hz_fail(HZ_MSG_USAGE, _("--name is needed: partner.example/witness")) : HZ_OK;

	r = r == HZ_OK ? hz_args_u64(&cli->args, "kdf-mem", HZ_ARGON_FLOOR_MIB, HZ_ARGON_MAX_MIB, &mem) : r;
	r = r == HZ_OK ? hz_crypto_init() : r;
	if (r == HZ_OK) {
		d.st.kdf_t = HZ_ARGON_T;
		d.st.kdf_mem = (uint32_t)mem * 1024;
		(void)snprintf(d.st.key.name, sizeof d.st.key.name, "%s", name);
		if (strlen(name) >= sizeof d.st.key.name || hz_wkey_write(&d.st.key, &probe) != HZ_OK) {
			r = hz_fail(HZ_MSG_USAGE,
			    _("a name has no spaces and no +, and at most 127 bytes: %s"), name);
		}
	}
	r = r == HZ_OK ? hz_witness_open(cli, true, &d) : r;
	if (r == HZ_OK && hz_file_read(d.fd, "state", 0, &probe) != HZ_ERR_NOT_FOUND) {
		r = hz_fail(HZ_MSG_TARGET_EXISTS, _("there is a witness in %s already"), d.path);
	}
	r = r == HZ_OK ? hz_passphrase_new(&cli->door, NULL, &phrase) : r;
	if (r == HZ_OK) {
		hz_random(seed, sizeof seed);
		hz_ed_key_from_seed(seed, &key);
		r = hz_state_lock(&d.st, phrase.p, phrase.len, seed);
		r = r == HZ_OK ? hz_witness_save(&d, &key) : r;
	}
	hz_wipe(seed, sizeof seed);
	hz_wipe(&key, sizeof key);
	r = r == HZ_OK ? say_own(cli, &d.st) : r;
	hz_buf_done(&phrase);
	hz_buf_done(&probe);
	hz_witness_close(&d);
	return r == HZ_OK ? 0 : hz_door_fail(&cli->door, r);
}

static int
list_own(struct hz_cli *cli)
{
	struct hz_witness_dir d = HZ_WITNESS_DIR_INIT;
	struct hz_out *o = &cli->door.out;
	enum hz_err r = hz_crypto_init();

	r = r == HZ_OK ? hz_witness_open(cli, false, &d) : r;
	r = r == HZ_OK ? hz_witness_load(&d) : r;
	r = r == HZ_OK ? say_own(cli, &d.st) : r;
	for (size_t i = 0; r == HZ_OK && i < d.st.n; i++) {
		const struct hz_state_log *l = &d.st.log[i];
		if (cli->door.json) {
			struct hz_jw *j = hz_line_begin(o, "witness");
			hz_jw_str(j, "origin", l->c.origin);
			hz_jw_str(j, "log", l->vkey);
			hz_jw_int(j, "size", l->c.size);
			hz_jw_hex(j, "root", l->c.root, 32);
			if (l->t > 0) {
				hz_line_time(j, "t", (int64_t)l->t);
			}
			hz_line_end(o);
		} else {
			hz_out_printf(o, _("  %s  signed %s events (%s)\n"), hz_show_id(o, l->c.origin),
			    hz_show_count(o, l->c.size), l->t > 0 ? hz_show_minute(o, (int64_t)l->t) : "-");
		}
	}
	hz_witness_close(&d);
	return r == HZ_OK ? 0 : hz_door_fail(&cli->door, r);
}

int
hz_cmd_witness_list(struct hz_cli *cli)
{
	return hz_args_has(&cli->args, "own") || hz_args_has(&cli->args, "state") ? list_own(cli)
										  : list_vault(cli);
}

/* --- signing ----------------------------------------------------------------------------------------------
 */

struct signing {
	struct hz_cli *cli;
	struct hz_witness_dir d;
	struct hz_ed_key key;
	struct hz_buf text, bare, answer;
	struct hz_witness_request req;
	struct hz_checkpoint c;
	struct hz_state_log *log;
	uint8_t pk[32];
};

/* The log that the request is of: known, or given over another way. */
static enum hz_err
find_log(struct signing *s)
{
	const char *given = hz_args_get(&s->cli->args, "log");
	char vkey[HZ_VKEY_MAX], name[HZ_ORIGIN_MAX];
	enum hz_err r = hz_cli_key_text(given, vkey, sizeof vkey);

	if (r == HZ_OK && vkey[0] != '\0') {
		if (hz_vkey_parse(vkey, strlen(vkey), name, s->pk) != HZ_OK) {
			return hz_fail(HZ_MSG_BUNDLE_KEY, "%s", hz_fail_detail());
		}
		if (strcmp(name, s->c.origin) != 0) {
			return hz_fail(
			    HZ_MSG_WITNESS_LOG, _("the key is of %s, the request of %s"), name, s->c.origin);
		}
		return hz_state_add(&s->d.st, vkey, &s->log);
	}
	for (size_t i = 0; r == HZ_OK && i < s->d.st.n && s->log == NULL; i++) {
		s->log = strcmp(s->d.st.log[i].c.origin, s->c.origin) == 0 ? &s->d.st.log[i] : NULL;
	}
	if (r == HZ_OK && s->log == NULL) {
		return hz_fail(HZ_MSG_WITNESS_LOG, "%s", s->c.origin);
	}
	return r == HZ_OK ? hz_vkey_parse(s->log->vkey, strlen(s->log->vkey), name, s->pk) : r;
}

/* A state that contradicts what was signed, with the log's own signature: it is kept. */
static void
keep_evidence(struct signing *s)
{
	struct hz_buf mine = HZ_BUF_INIT(HZ_NOTE_MAX), proof = HZ_BUF_INIT(HZ_MISCONDUCT_MAX);
	char name[64] = "";
	struct hz_failure f;
	enum hz_err r = s->log->note == NULL ? hz_fail(HZ_MSG_INTERNAL, "no checkpoint")
					     : hz_buf_puts(&mine, s->log->note);

	hz_fail_save(&f);
	if (r == HZ_OK &&
	    hz_misconduct_write(s->log->vkey, &mine, &s->bare, NULL, NULL, 0, &proof) == HZ_OK) {
		r = hz_witness_keep(&s->d, "misconduct", proof.p, proof.len, name);
	} else {
		r = hz_witness_keep(&s->d, "request", s->text.p, s->text.len, name);
	}
	if (r == HZ_OK) {
		hz_door_note(&s->cli->door, _("kept as evidence: %s in %s"),
		    hz_show_str(&s->cli->door.err, name), hz_show_str(&s->cli->door.err, s->d.path));
	} else {
		hz_door_note(
		    &s->cli->door, _("it could not be kept as evidence: keep the file of the request"));
	}
	hz_buf_done(&mine);
	hz_buf_done(&proof);
}

static enum hz_err
refuse(struct signing *s, enum hz_witness_answer answer)
{
	unsigned long long seen = s->log->c.size, asks = s->c.size, old = s->req.old;

	switch (answer) {
	case HZ_WITNESS_SIGN:
		return HZ_OK;
	case HZ_WITNESS_CONFLICT:
		return hz_fail(HZ_MSG_WITNESS_CONFLICT,
		    _("it begins at %llu events, %llu were signed here: --old %llu"), old, seen, seen);
	case HZ_WITNESS_BEHIND:
		return hz_fail(HZ_MSG_WITNESS_STALE,
		    _("the log knows of a signature for %llu events, here the last one is for %llu"), old,
		    seen);
	case HZ_WITNESS_OLDER:
		return hz_fail(
		    HZ_MSG_LOG_OLDER, _("%llu events were signed here, the request has %llu"), seen, asks);
	case HZ_WITNESS_MALFORMED:
		return hz_fail(HZ_MSG_FORMAT, _("the request contradicts itself"));
	case HZ_WITNESS_BAD_PROOF:
		keep_evidence(s);
		return hz_fail(HZ_MSG_TAMPERED,
		    _("nothing proves that the %llu events go on from the %llu that were signed here"), asks,
		    seen);
	case HZ_WITNESS_FORK:
		break;
	}
	keep_evidence(s);
	return hz_fail(HZ_MSG_LOG_FORK, _("another state of %llu events was signed here"), seen);
}

/* Compare and store, on disk before anything is answered. */
static enum hz_err
store(struct signing *s, uint64_t t)
{
	char *note = strndup((const char *)s->bare.p, s->bare.len);

	if (note == NULL) {
		return hz_fail(HZ_MSG_NOMEM, "a checkpoint");
	}
	free(s->log->note);
	s->log->note = note;
	s->log->c = s->c;
	s->log->t = t;
	s->d.st.last_t = t;
	return hz_witness_save(&s->d, &s->key);
}

static enum hz_err
decide(struct signing *s)
{
	struct hz_witness_seen seen = { .size = s->log->c.size, .t = s->log->t };
	int64_t now = hz_time_now();
	size_t text = 0;

	memcpy(seen.root, s->log->c.root, 32);
	enum hz_witness_answer answer = hz_witness_judge(&seen, &s->req, &s->c);
	/* Asked again for what was signed here: an answer that was lost on the way is given again. */
	if (answer == HZ_WITNESS_CONFLICT && s->c.size == seen.size &&
	    memcmp(s->c.root, seen.root, 32) == 0) {
		answer = HZ_WITNESS_SIGN;
	}
	enum hz_err r = refuse(s, answer);
	if (r == HZ_OK && (now <= 0 || (uint64_t)now < s->d.st.last_t)) {
		char was[21];
		hz_time_format((int64_t)s->d.st.last_t, was);
		r = hz_fail(HZ_MSG_WITNESS_CLOCK, _("something was signed here at %s"), was);
	}
	r = r == HZ_OK ? store(s, (uint64_t)now) : r;
	r = r == HZ_OK ? hz_checkpoint_text(s->bare.p, s->bare.len, &text) : r;
	return r == HZ_OK ? hz_cosign(s->d.st.key.name, &s->key, (uint64_t)now, s->bare.p, text, &s->answer)
			  : r;
}

static enum hz_err
unlock(struct signing *s)
{
	struct hz_buf phrase = HZ_BUF_SECRET_INIT(HZ_PASSPHRASE_BUF);
	enum hz_err r = hz_passphrase_get(&s->cli->door, NULL, &phrase);

	r = r == HZ_OK ? hz_state_unlock(&s->d.st, phrase.p, phrase.len, &s->key) : r;
	hz_buf_done(&phrase);
	return r;
}

static enum hz_err
sign_steps(struct signing *s)
{
	const char *path = hz_args_operand(&s->cli->args, 0);
	size_t max = HZ_REQUEST_MAX;

	HZ_TRY(hz_crypto_init());
	HZ_TRY(hz_cli_read_file(path, max, &s->text));
	HZ_TRY(hz_witness_request_read(s->text.p, s->text.len, &s->req));
	const uint8_t *note = s->text.p + s->req.note_at;
	size_t n = s->text.len - s->req.note_at;
	HZ_TRY(hz_checkpoint_read(note, n, NULL, &s->c));
	HZ_TRY(hz_witness_open(s->cli, false, &s->d));
	HZ_TRY(hz_witness_load(&s->d));
	if (!s->d.marked) {
		hz_door_note(&s->cli->door,
		    _("the mark beside the state of this witness is missing: an older copy would not be noticed"));
	}
	HZ_TRY(find_log(s));
	HZ_TRY(hz_checkpoint_bare(note, n, s->pk, &s->bare));
	HZ_TRY(unlock(s));
	return decide(s);
}

int
hz_cmd_witness_sign(struct hz_cli *cli)
{
	struct signing *s = calloc(1, sizeof *s);

	if (s == NULL) {
		return hz_door_fail(&cli->door, hz_fail(HZ_MSG_NOMEM, "signing"));
	}
	s->cli = cli;
	s->d = (struct hz_witness_dir)HZ_WITNESS_DIR_INIT;
	s->text = (struct hz_buf)HZ_BUF_INIT(HZ_REQUEST_MAX);
	s->bare = (struct hz_buf)HZ_BUF_INIT(HZ_NOTE_MAX);
	s->answer = (struct hz_buf)HZ_BUF_INIT(4096);
	enum hz_err r = sign_steps(s);
	if (r == HZ_OK && (!cli->door.json || hz_args_get(&cli->args, "output") != NULL)) {
		r = hz_newfile_text(cli, &s->answer);
	}
	if (r == HZ_OK && cli->door.json) {
		struct hz_jw *j = hz_line_begin(&cli->door.out, "witness");
		hz_jw_str(j, "did", "sign");
		hz_jw_str(j, "name", s->d.st.key.name);
		hz_jw_str(j, "origin", s->c.origin);
		hz_jw_int(j, "size", s->c.size);
		hz_line_time(j, "t", (int64_t)s->log->t);
		hz_jw_strn(j, "answer", s->answer.p, s->answer.len);
		hz_line_end(&cli->door.out);
	}
	hz_wipe(&s->key, sizeof s->key);
	hz_witness_close(&s->d);
	hz_buf_done(&s->text);
	hz_buf_done(&s->bare);
	hz_buf_done(&s->answer);
	free(s);
	return r == HZ_OK ? 0 : hz_door_fail(&cli->door, r);
}
