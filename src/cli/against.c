/* What was kept from before, held against a vault; and proofs of misconduct out of it. */
#include "cli/head.h"

#include "audit/audit.h"
#include "base/enc.h"
#include "base/fd.h"
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define EXIT_OLDER 11

/* --- files --------------------------------------------------------------------------------------------- */

static enum hz_err
read_fd(void *arg, uint64_t at, void *p, size_t n, size_t *ret_n)
{
	const int *fd = arg;

	return hz_fd_pread_full(*fd, p, n, at, ret_n);
}

HZ_RESULT
hz_kept_add(struct hz_kept *k, const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	const struct hz_source src = { read_fd, &k->fd[k->files] };
	size_t n = 0;

	if (fd < 0) {
		return hz_fail_sys(errno == ENOENT ? HZ_MSG_SOURCE_MISSING : HZ_MSG_IO, errno, "%s", path);
	}
	if (k->files == HZ_CLI_BEFORE_MAX) {
		hz_fd_close(&fd);
		return hz_fail(HZ_MSG_USAGE, _("at most %d files at once"), HZ_CLI_BEFORE_MAX);
	}
	k->fd[k->files] = fd;
	enum hz_err r = hz_before_read(&src, &k->list[k->n], HZ_CLI_BEFORE_MAX - k->n, &n);
	if (r != HZ_OK || !k->list[k->n].pack) { /* a pack may be read again */
		hz_fd_close(&fd);
		k->fd[k->files] = -1;
	}
	if (r == HZ_ERR_FORMAT || r == HZ_ERR_LIMIT || r == HZ_ERR_TAMPERED) {
		return hz_fail(HZ_MSG_USAGE,
		    _("%s holds no checkpoint (bundle, checkpoint, pin, witness file, proof): %s"), path,
		    hz_fail_detail());
	}
	if (r != HZ_OK) {
		return r;
	}
	for (size_t i = 0; i < n; i++) {
		k->list[k->n++].from = k->files;
	}
	k->path[k->files++] = path;
	return HZ_OK;
}

void
hz_kept_done(struct hz_kept *k)
{
	hz_before_done(k->list, k->n);
	for (size_t i = 0; i < k->files; i++) {
		hz_fd_close(&k->fd[i]);
	}
	k->n = k->files = 0;
}

/* --- against a vault -------------------------------------------------------------------------------------
 */

static const char *
state_text(enum hz_against_state s)
{
	switch (s) {
	case HZ_AGAINST_SAME:
		return _("the state of the log is the one that was kept from before");
	case HZ_AGAINST_GREW:
		return _("the log contains what was kept from before");
	case HZ_AGAINST_FORK:
		return _("the log contradicts what was seen of it before: two histories were signed");
	case HZ_AGAINST_OLDER:
		return _("the log is older than what was seen of it before");
	case HZ_AGAINST_RESTORED:
		return _("the log goes on from an older copy, as it says itself: later events are gone");
	case HZ_AGAINST_OTHER_LOG:
		return _("what was kept from before is of another log: nothing was compared");
	case HZ_AGAINST_OTHER_KEY:
		break;
	}
	return _("what was kept from before is not signed by the key of this log");
}

/* The first entry that is known to differ or to be missing; UINT64_MAX: none. */
static uint64_t
first_differing(const struct hz_against *a)
{
	if (a->differs != UINT64_MAX) {
		return a->differs;
	}
	return a->state == HZ_AGAINST_OLDER ? a->is : UINT64_MAX;
}

static void
say(struct hz_cli *cli, const char *path, const struct hz_against *a)
{
	struct hz_out *o = &cli->door.out;
	uint64_t first = first_differing(a);
	bool bad = a->state == HZ_AGAINST_FORK || a->state == HZ_AGAINST_OLDER;

	if (cli->door.json) {
		struct hz_jw *j = hz_line_begin(o, "against");
		hz_line_bytes(j, "file", path, strlen(path));
		hz_jw_str(j, "state", hz_against_word(a->state));
		hz_jw_int(j, "was", a->was);
		hz_jw_int(j, "is", a->is);
		if (first != UINT64_MAX) {
			hz_jw_int(j, "first_differing", first);
		}
		if (a->same != UINT64_MAX) {
			hz_jw_int(j, "last_same", a->same);
		}
		hz_line_end(o);
		return;
	}
	if (cli->door.quiet && !bad) {
		return;
	}
	hz_out_printf(o, "  %s  %s\n", hz_show_id(o, hz_show_str(o, path)),
	    bad ? hz_show_tone(o, HZ_TONE_BAD, state_text(a->state)) : state_text(a->state));
	if (first != UINT64_MAX) {
		hz_out_printf(o, _("    first entry that differs: %s\n"), hz_show_count(o, first));
	}
}

/* A witness signs many logs: its entries of others say nothing, unless none is of ours. */
static bool
other_log_counts(const struct hz_kept *k, size_t i, const enum hz_against_state *states)
{
	if (k->list[i].kind != HZ_BEFORE_WITNESS) {
		return true;
	}
	for (size_t n = 0; n < k->n; n++) {
		if (k->list[n].from == k->list[i].from && (states[n] != HZ_AGAINST_OTHER_LOG || n < i)) {
			return false;
		}
	}
	return true;
}

static enum hz_err
judge_all(struct hz_cli *cli, struct hz_view *w, struct hz_kept *k, int *code)
{
	struct hz_against *a = calloc(k->n, sizeof *a);
	enum hz_against_state states[HZ_CLI_BEFORE_MAX];
	enum hz_err r = a == NULL ? hz_fail(HZ_MSG_NOMEM, "files") : HZ_OK;

	for (size_t i = 0; r == HZ_OK && i < k->n; i++) {
		r = hz_audit_against(w, &k->list[i], &a[i]);
		states[i] = a[i].state;
	}
	for (size_t i = 0; r == HZ_OK && i < k->n; i++) {
		if (states[i] == HZ_AGAINST_OTHER_LOG && !other_log_counts(k, i, states)) {
			continue;
		}
		say(cli, k->path[k->list[i].from], &a[i]);
		if (states[i] == HZ_AGAINST_FORK || states[i] == HZ_AGAINST_OLDER) {
			*code = EXIT_OLDER;
		} else if (states[i] >= HZ_AGAINST_RESTORED && *code == 0) {
			*code = HZ_EXIT_SOME;
		}
	}
	free(a);
	return r;
}

HZ_RESULT
hz_cli_against(struct hz_cli *cli, struct hz_vault *v, int *ret_code)
{
	struct hz_kept *k = calloc(1, sizeof *k);
	const char *path = NULL;
	struct hz_view *w = NULL;
	size_t at = 0;
	enum hz_err r = k == NULL ? hz_fail(HZ_MSG_NOMEM, "files") : HZ_OK;

	*ret_code = 0;
	while (r == HZ_OK && (path = hz_args_next(&cli->args, "against", &at)) != NULL) {
		r = hz_kept_add(k, path);
	}
	if (r == HZ_OK && k->n > 0) {
		r = hz_vault_info(v)->locked
			? hz_fail(HZ_MSG_NO_KEY, _("the log is needed to compare with it"))
			: hz_view_begin(v, &w);
		r = r == HZ_OK ? judge_all(cli, w, k, ret_code) : r;
	}
	hz_view_end(&w);
	if (k != NULL) {
		hz_kept_done(k);
	}
	free(k);
	return r;
}

/* --- misconduct --------------------------------------------------------------------------------------------
 */

struct pair {
	struct hz_cli *cli;
	struct hz_kept kept;
	char vkey[HZ_VKEY_MAX];
	uint8_t prefix[32], proof[HZ_PROOF_MAX + 1][32];
	size_t n;
	bool have_prefix;
};

/* What the vault at hand can add: the key of its log, and its own history up to the later state. */
static enum hz_err
ask_vault(struct pair *p, struct hz_vault *v, const struct hz_before *older, const struct hz_before *newer)
{
	uint8_t proof[HZ_PROOF_MAX * 2][32], root[32];
	struct hz_view *w = NULL;
	struct hz_tree *tree = NULL;
	struct hz_log_info l = { .size = 0 };
	bool found = false;
	enum hz_err r = hz_view_begin(v, &w);

	for (uint32_t i = 0; r == HZ_OK && !found && i < hz_vault_info(v)->logs; i++) {
		r = hz_log_info(w, i, &l);
		found = r == HZ_OK && strcmp(l.origin, newer->c.origin) == 0;
	}
	if (r == HZ_OK && found && p->vkey[0] == '\0') {
		memcpy(p->vkey, l.vkey, sizeof p->vkey);
	}
	if (r == HZ_OK && found && older->c.size > 0 && newer->c.size <= l.size) {
		r = hz_log_tree(w, l.no, &tree);
		r = r == HZ_OK ? hz_tree_root_at(tree, newer->c.size, root) : r;
		if (r == HZ_OK && memcmp(root, newer->c.root, 32) == 0) {
			r = hz_tree_root_at(tree, older->c.size, p->prefix);
			r = r == HZ_OK ? hz_tree_consistency(tree, older->c.size, newer->c.size, proof, &p->n)
				       : r;
			p->have_prefix = r == HZ_OK && p->n <= HZ_PROOF_MAX;
			memcpy(p->proof, proof, p->have_prefix ? p->n * 32 : 0);
		}
		hz_tree_close(&tree);
	}
	hz_view_end(&w);
	return r;
}

static enum hz_err
from_vault(struct pair *p, const struct hz_before *older, const struct hz_before *newer)
{
	struct hz_buf path = HZ_BUF_INIT(8192);
	struct hz_vault *v = NULL;
	enum hz_err r = hz_cli_find(p->cli, &path);

	hz_buf_done(&path);
	if (r != HZ_OK) { /* none here: the files must say it all */
		hz_fail_clear();
		return HZ_OK;
	}
	r = hz_cli_open(p->cli, HZ_VAULT_READ, &v);
	r = r == HZ_OK ? ask_vault(p, v, older, newer) : r;
	hz_vault_close(&v);
	return r;
}

/* The later file, where it is a bundle, may show what its log was at the earlier size. */
static enum hz_err
from_file(struct pair *p, const struct hz_before *older, const struct hz_before *newer)
{
	if (newer->nleaf == 0 || older->c.size == newer->c.size) {
		return HZ_OK;
	}
	int fd = open(p->kept.path[newer->from], O_RDONLY | O_CLOEXEC | O_NOCTTY);
	const struct hz_source src = { read_fd, &fd };
	if (fd < 0) {
		return hz_fail_sys(HZ_MSG_IO, errno, "%s", p->kept.path[newer->from]);
	}
	enum hz_err r = hz_bundle_prefix(&src, older->c.size, p->prefix, p->proof, &p->n);
	hz_fd_close(&fd);
	p->have_prefix = r == HZ_OK;
	return r == HZ_ERR_NOT_FOUND ? HZ_OK : r;
}

static enum hz_err
prove(struct pair *p, const struct hz_before *a, const struct hz_before *b, struct hz_buf *out)
{
	const struct hz_before *older = a->c.size > b->c.size ? b : a, *newer = older == a ? b : a;
	enum hz_err r = from_file(p, older, newer);

	if (r == HZ_OK && p->vkey[0] == '\0' && (a->vkey[0] != '\0' || b->vkey[0] != '\0')) {
		memcpy(p->vkey, a->vkey[0] != '\0' ? a->vkey : b->vkey, sizeof p->vkey);
	}
	bool lacks = p->vkey[0] == '\0' || (a->c.size != b->c.size && !p->have_prefix);
	if (r == HZ_OK && lacks) {
		r = from_vault(p, older, newer);
	}
	if (r == HZ_OK && p->vkey[0] == '\0') {
		r = hz_fail(HZ_MSG_USAGE, _("the key of the log is needed: --log KEY"));
	}
	return r == HZ_OK ? hz_misconduct_write(p->vkey, &older->note, &newer->note,
				p->have_prefix ? p->prefix : NULL, p->proof, p->n, out)
			  : r;
}

static enum hz_err
find_pair(struct pair *p, struct hz_buf *out)
{
	for (size_t i = 0; i < p->kept.n; i++) {
		for (size_t k = i + 1; k < p->kept.n; k++) {
			const struct hz_before *a = &p->kept.list[i], *b = &p->kept.list[k];
			if (a->from != b->from && strcmp(a->c.origin, b->c.origin) == 0) {
				return prove(p, a, b, out);
			}
		}
	}
	return hz_fail(HZ_MSG_USAGE, _("the two files are of different logs"));
}

int
hz_cmd_log_misconduct(struct hz_cli *cli)
{
	struct pair *p = calloc(1, sizeof *p);
	struct hz_buf out = HZ_BUF_INIT(HZ_MISCONDUCT_MAX);
	enum hz_err r = p == NULL ? hz_fail(HZ_MSG_NOMEM, "files") : HZ_OK;

	if (r == HZ_OK) {
		p->cli = cli;
		r = hz_cli_key_text(hz_args_get(&cli->args, "log"), p->vkey, sizeof p->vkey);
	}
	for (size_t i = 0; r == HZ_OK && i < cli->args.operand_count; i++) {
		r = hz_kept_add(&p->kept, hz_args_operand(&cli->args, i));
	}
	r = r == HZ_OK ? find_pair(p, &out) : r;
	if (r == HZ_OK && (!cli->door.json || hz_args_get(&cli->args, "output") != NULL)) {
		r = hz_newfile_text(cli, &out);
	}
	if (r == HZ_OK && cli->door.json) {
		struct hz_jw *j = hz_line_begin(&cli->door.out, "misconduct");
		hz_jw_str(j, "log", p->vkey);
		hz_jw_strn(j, "proof", out.p, out.len);
		hz_line_end(&cli->door.out);
	}
	if (p != NULL) {
		hz_kept_done(&p->kept);
	}
	free(p);
	hz_buf_done(&out);
	return r == HZ_OK ? 0 : hz_door_fail(&cli->door, r);
}
