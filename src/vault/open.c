/* Finding, opening, closing a vault. The order of checks is part of the design: nothing of data.mdb is mapped
 * before the walker has seen it, nothing is asked before it is known that there is a vault. */
#include "vault/internal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define FORMAT_LINE "hirz-vault 1 compat=0 incompat=0\n"
#define LOCK_WAIT_S 10

static bool
has_format(const char *dir)
{
	char p[4096];
	struct stat st;
	int n = snprintf(p, sizeof(p), "%s/FORMAT", dir);
	return n > 0 && (size_t)n < sizeof(p) && lstat(p, &st) == 0;
}

HZ_RESULT
hz_vault_find(const char *given, const char *env, struct hz_buf *ret_path)
{
	if (given || (env && *env)) {
		return hz_buf_puts(ret_path, given ? given : env);
	}
	char *cwd = getcwd(NULL, 0);
	if (!cwd) {
		return hz_fail_sys(HZ_MSG_NO_VAULT, errno, "the current folder");
	}
	while (!has_format(cwd)) {
		char *slash = strrchr(cwd, '/');
		if (!slash || slash == cwd) {
			free(cwd);
			return hz_fail(
			    HZ_MSG_NO_VAULT, "neither the current folder nor one above it holds a vault");
		}
		*slash = '\0';
	}
	enum hz_err r = hz_buf_puts(ret_path, cwd);
	free(cwd);
	return r;
}

static enum hz_err
check_format(int dirfd, const char *path)
{
	struct hz_buf b = HZ_BUF_INIT(4096);
	enum hz_err r = hz_file_read(dirfd, "FORMAT", 4096, &b);
	if (r == HZ_ERR_NOT_FOUND) {
		r = hz_fail(HZ_MSG_NO_VAULT, "%s holds no vault", path);
	} else if (r == HZ_OK && (b.len != sizeof(FORMAT_LINE) - 1 || memcmp(b.p, FORMAT_LINE, b.len) != 0)) {
		static const char word[] = "hirz-vault ";
		if (b.len > sizeof(word) && memcmp(b.p, word, sizeof(word) - 1) == 0) {
			int n = (int)(b.len > 80 ? 80 : b.len - 1);
			r = hz_fail(HZ_MSG_VAULT_NEWER, "FORMAT says \"%.*s\"", n, (const char *)b.p);
		} else {
			r = hz_fail(HZ_MSG_VAULT_DAMAGED, "FORMAT is not a line that hirz writes");
		}
	}
	hz_buf_done(&b);
	return r;
}

HZ_RESULT
hz_lock_writer(struct hz_vault *v)
{
	int fd = openat(v->dirfd, "writer.lock", O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0) {
		return hz_fail_sys(HZ_MSG_IO, errno, "writer.lock");
	}
	for (int i = 0; flock(fd, LOCK_EX | LOCK_NB) != 0; i++) {
		if (errno != EWOULDBLOCK && errno != EINTR) {
			int e = errno;
			(void)close(fd);
			return hz_fail_sys(HZ_MSG_IO, e, "locking the vault");
		}
		if (i >= LOCK_WAIT_S * 20 || v->no_wait || hz_cancel_signal()) {
			(void)close(fd);
			HZ_TRY(hz_cancel_check());
			return hz_fail(HZ_MSG_VAULT_BUSY, "another process has been writing for %d seconds",
			    LOCK_WAIT_S);
		}
		struct timespec ts = { 0, 50000000 };
		(void)nanosleep(&ts, NULL);
	}
	v->lockfd = fd;
	return HZ_OK;
}

/* Whether a writer holds the lock now. It has walked the file itself, and a walk over a moving file means
 * nothing. */
static bool
writer_active(int dirfd)
{
	int fd = openat(dirfd, "writer.lock", O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	if (fd < 0) {
		return false;
	}
	bool busy = flock(fd, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK;
	(void)close(fd);
	return busy;
}

/* may_skip: a mark may stand for the walk. */
static enum hz_err
walk_data(struct hz_vault *v, bool may_skip, bool *ret_stamped, struct hz_store_stamp *ret_st)
{
	*ret_stamped = false;
	if (v->mode != HZ_VAULT_WRITE && writer_active(v->dirfd)) {
		return HZ_OK;
	}
	v->info.walk_left_out = may_skip && hz_mark_good(v);
	if (v->mode == HZ_VAULT_WRITE) {
		hz_mark_drop(v);
	}
	if (v->info.walk_left_out) {
		return HZ_OK;
	}
	enum hz_err r = hz_mark_walk(v, false, ret_stamped, ret_st);
	if (r == HZ_ERR_NO_VAULT) {
		r = hz_fail(HZ_MSG_VAULT_DAMAGED, "data.mdb is missing");
	} else if (r == HZ_ERR_BUSY && v->mode != HZ_VAULT_WRITE && writer_active(v->dirfd)) {
		r = HZ_OK; /* a writer came meanwhile, and walked */
		hz_fail_clear();
	}
	return r;
}

static enum hz_err
new_handle(const char *path, struct hz_vault **ret)
{
	struct hz_vault *v = calloc(1, sizeof(*v));
	if (!v) {
		return hz_fail(HZ_MSG_NOMEM, "the vault handle");
	}
	v->dirfd = v->lockfd = -1;
	v->note = (struct hz_buf)HZ_BUF_INIT(HZ_NOTE_MAX);
	v->path = strdup(path);
	enum hz_err r = v->path ? HZ_OK : hz_fail(HZ_MSG_NOMEM, "the vault handle");
	if (r == HZ_OK) {
		r = hz_gate_new(&v->gate);
	}
	if (r == HZ_OK) {
		r = hz_recent_new(&v->recent);
	}
	if (r != HZ_OK) {
		hz_vault_close(&v);
		return r;
	}
	*ret = v;
	return HZ_OK;
}

HZ_RESULT
hz_vault_handle(const char *path, struct hz_vault **ret)
{
	struct hz_vault *v = NULL;
	HZ_TRY(new_handle(path, &v));
	v->dirfd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (v->dirfd < 0) {
		enum hz_err r = errno == ENOTDIR  ? hz_fail(HZ_MSG_NOT_A_FOLDER, "%s", path)
				: errno == ENOENT ? hz_fail(HZ_MSG_NO_VAULT, "%s does not exist", path)
						  : hz_fail_sys(HZ_MSG_NO_VAULT, errno, "%s", path);
		hz_vault_close(&v);
		return r;
	}
	*ret = v;
	return HZ_OK;
}

void
hz_vault_close(struct hz_vault **vp)
{
	struct hz_vault *v = *vp;
	if (!v) {
		return;
	}
	hz_store_close(&v->store);
	if (v->mark_at_close) {
		hz_mark_close(v);
	}
	void *p = v->sec;
	hz_secret_free(&p);
	hz_keyring_done(&v->kr);
	hz_buf_done(&v->note);
	hz_fd_close(&v->lockfd);
	hz_fd_close(&v->dirfd);
	hz_recent_free(&v->recent);
	hz_gate_free(&v->gate);
	free(v->path);
	free(v);
	*vp = NULL;
}

static void
set_vault_id(struct hz_vault *v, const uint8_t id[static 16])
{
	memcpy(v->info.vault_id, id, 16);
	hz_hex(v->info.vault_hex, id, 16);
}

/* Without keys all that is known is what the pin says. */
static enum hz_err
open_sealed(struct hz_vault *v)
{
	struct hz_checkpoint c;
	enum hz_err r = hz_pin_inside_read(v->dirfd, &c, v->log.vkey, v->log.event0);
	v->info.locked = true;
	if (r == HZ_ERR_NOT_FOUND) {
		v->info.inside_pin_missing = true;
		hz_fail_clear();
		return HZ_OK;
	}
	HZ_TRY(r);
	(void)snprintf(v->log.origin, sizeof(v->log.origin), "%s", c.origin);
	(void)snprintf(v->info.origin, sizeof(v->info.origin), "%s", c.origin);
	v->info.log_size = v->log.size = c.size;
	memcpy(v->info.log_root, c.root, 32);
	hz_hex(v->info.fingerprint, v->log.event0, 16);
	return HZ_OK;
}

static enum hz_err
set_checkpoint_key(struct hz_vault *v)
{
	for (size_t i = 0; i < v->sec->n; i++) {
		const struct hz_shared_key *k = &v->sec->keys[i];
		if (k->name.type == HZ_KEY_CHECKPOINT && memcmp(k->name.log, v->log.id, 4) == 0) {
			hz_ed_key_from_seed(k->key, &v->sec->checkpoint);
			return HZ_OK;
		}
	}
	return HZ_OK; /* a member who may only read */
}

/* The last checkpoint must reproduce from the stored tiles, and its signature be good. */
static enum hz_err
check_log(struct hz_vault *v, struct hz_txn *t)
{
	struct hz_tiles_over over = { v, t, v->log.no, NULL };
	struct hz_checkpoint c;
	struct hz_tree *tree = NULL;
	uint8_t root[32], pk[32];
	char name[HZ_ORIGIN_MAX];
	HZ_TRY(hz_vkey_parse(v->log.vkey, strlen(v->log.vkey), name, pk));
	HZ_TRY(hz_checkpoint_read(v->note.p, v->note.len, pk, &c));
	HZ_TRY(hz_tree_over(&over, v->log.size, &tree));
	enum hz_err r = hz_tree_root(tree, root);
	hz_tree_close(&tree);
	HZ_TRY(r);
	if (c.size != v->log.size || memcmp(c.root, v->log.root, 32) != 0 || memcmp(root, c.root, 32) != 0 ||
	    strcmp(c.origin, v->log.origin) != 0) {
		return hz_fail(HZ_MSG_VAULT_TAMPERED, "the stored tree does not give the last checkpoint");
	}
	return HZ_OK;
}

static enum hz_err
load_state(struct hz_vault *v)
{
	struct hz_txn *t = NULL;
	struct hz_keyring_row kr;
	HZ_TRY(hz_txn_begin(v->store, false, &t));
	enum hz_err r = hz_meta_load(v, t);
	if (r == HZ_OK) {
		r = hz_keyring_row_load(v, t, &kr);
	}
	if (r == HZ_OK) {
		r = check_log(v, t);
	}
	if (r == HZ_ERR_NOT_FOUND) {
		r = hz_fail(HZ_MSG_VAULT_TAMPERED, "a row of the log is missing");
	}
	hz_txn_abort(&t);
	HZ_TRY(r);
	HZ_TRY(hz_keys_pick(v, kr.hash));
	HZ_TRY(set_checkpoint_key(v));
	struct hz_vault_info *i = &v->info;
	i->log_size = v->log.size;
	memcpy(i->log_root, v->log.root, 32);
	(void)snprintf(i->origin, sizeof(i->origin), "%s", v->log.origin);
	i->exhibits = v->ct.next_exhibit - 1;
	i->logs = v->ct.log + 1;
	return HZ_OK;
}

/* The fingerprint is that of the first log: trust begins there [F-8.3]. */
static enum hz_err
set_fingerprint(struct hz_vault *v)
{
	struct hz_txn *t = NULL;
	struct hz_log_info first;
	HZ_TRY(hz_txn_begin(v->store, false, &t));
	enum hz_err r = hz_log_row_load(v, t, 0, &first, NULL);
	hz_txn_abort(&t);
	HZ_TRY(r);
	hz_hex(v->info.fingerprint, first.event0, 16);
	return HZ_OK;
}

/* A dead run's segments were never acknowledged [F-11.11]. */
HZ_RESULT
hz_remove_orphans(struct hz_vault *v)
{
	struct hz_txn *t = NULL;
	struct hz_cur *c = NULL;
	HZ_TRY(hz_write_begin(v, &t));
	uint64_t removed = 0;
	bool found = true;
	enum hz_err r = HZ_OK;
	while (r == HZ_OK && found) {
		const uint8_t *k = NULL, *p = NULL;
		size_t kn = 0, n = 0;
		uint8_t key[8], addr[32];
		uint64_t no = 0;
		r = hz_cur_open(t, HZ_T_SEGMENTS, &c);
		if (r == HZ_OK) {
			r = hz_cur_last(c);
		}
		if (r == HZ_OK) {
			r = hz_cur_prev(c, &found, &k, &kn, &p, &n);
		}
		if (r == HZ_OK && found) {
			no = kn == 8 ? hz_rd_be64(k) : 0;
			found = no > v->ct.seg_high;
		}
		if (r == HZ_OK && found) {
			hz_be64(key, no);
			hz_sha256(p, n, addr);
			v->info.orphan_bytes += n;
			removed++;
		}
		hz_cur_close(&c);
		if (r == HZ_OK && found) {
			r = hz_del(t, HZ_T_SEGMENTS, key, 8);
		}
		if (r == HZ_OK && found) {
			r = hz_del(t, HZ_T_SEGMENT_INDEX, addr, 32);
		}
		if (r == HZ_OK && found && removed % 256 == 0) {
			r = hz_txn_commit(&t);
			if (r == HZ_OK) {
				r = hz_write_begin(v, &t);
			}
		}
	}
	if (r == HZ_OK && removed) {
		return hz_txn_commit(&t);
	}
	hz_txn_abort(&t);
	return r;
}

static enum hz_err
open_store(struct hz_vault *v)
{
	struct hz_store_opts so = { .read_only = v->mode != HZ_VAULT_WRITE,
		.force_fs = v->force_fs,
		.skip_walk = true,
		.tables = HZ_T_COUNT };
	return hz_store_open(v->path, &so, &v->store);
}

HZ_RESULT
hz_vault_load(struct hz_vault *v)
{
	HZ_TRY(open_store(v));
	HZ_TRY(load_state(v));
	HZ_TRY(set_fingerprint(v));
	return hz_pins_check(v);
}

static enum hz_err
open_steps(struct hz_vault *v, const struct hz_vault_opts *opts, const struct hz_unlock *unlock)
{
	struct hz_store_stamp st = { 0 };
	struct hz_failure f;
	bool stamped = false;
	HZ_TRY(check_format(v->dirfd, v->path));
	v->mode = opts->mode;
	v->force_fs = opts->force_fs;
	v->no_wait = opts->no_wait;
	if (v->mode == HZ_VAULT_WRITE) {
		HZ_TRY(hz_lock_writer(v));
	}
	if (v->mode == HZ_VAULT_SEALED) {
		HZ_TRY(walk_data(v, false, &stamped, &st));
		HZ_TRY(open_sealed(v));
		return open_store(v);
	}
	/* The keyring names the vault, and by that its session. Whether it is good comes after the walk. */
	enum hz_err keyring = hz_keys_read_file(v, "keyring", &v->kr);
	hz_fail_save(&f);
	if (keyring == HZ_OK) {
		set_vault_id(v, v->kr.vault_id);
	}
	bool marks = keyring == HZ_OK && !unlock->no_session && !opts->full_walk;
	HZ_TRY(walk_data(v, marks, &stamped, &st));
	if (keyring != HZ_OK) {
		return hz_fail_restore(&f);
	}
	HZ_TRY(hz_keys_unlock(v, unlock));
	HZ_TRY(hz_vault_load(v));
	if (v->info.from_session &&
	    !v->no_outside_pin) { /* else nothing of the vault may show in the state folder */
		v->mark_at_close = v->mode == HZ_VAULT_WRITE;
		if (v->mode == HZ_VAULT_READ && stamped) {
			hz_mark_write(v, &st);
		}
	}
	if (v->mode == HZ_VAULT_WRITE && v->info.rollback && !opts->allow_rollback) {
		return hz_fail(HZ_MSG_VAULT_ROLLBACK, "the log has %llu entries; a pin has seen %llu",
		    (unsigned long long)v->log.size, (unsigned long long)v->info.pin_size);
	}
	if (v->mode == HZ_VAULT_WRITE) {
		HZ_TRY(hz_remove_orphans(v));
	}
	return HZ_OK;
}

HZ_RESULT
hz_vault_open(const char *path, const struct hz_vault_opts *opts, const struct hz_unlock *unlock,
    struct hz_vault **ret_v)
{
	struct hz_vault *v = NULL;
	HZ_TRY(hz_crypto_init());
	HZ_TRY(hz_vault_handle(path, &v));
	enum hz_err r = open_steps(v, opts, unlock);
	if (r != HZ_OK) {
		struct hz_failure f;
		hz_fail_save(&f);
		hz_vault_close(&v);
		return hz_fail_restore(&f);
	}
	*ret_v = v;
	return HZ_OK;
}

HZ_RESULT
hz_vault_peek_id(const char *path, uint8_t ret_id[static 16])
{
	struct hz_vault *v = NULL;
	HZ_TRY(hz_crypto_init());
	HZ_TRY(hz_vault_handle(path, &v));
	enum hz_err r = check_format(v->dirfd, path);
	if (r == HZ_OK) {
		r = hz_keys_read_file(v, "keyring", &v->kr);
	}
	if (r == HZ_OK) {
		memcpy(ret_id, v->kr.vault_id, 16);
	}
	hz_vault_close(&v);
	return r;
}

const struct hz_vault_info *
hz_vault_info(const struct hz_vault *v)
{
	return &v->info;
}

const char *
hz_vault_path(const struct hz_vault *v)
{
	return v->path;
}

const struct hz_ed_key *
hz_vault_bundle_key(const struct hz_vault *v)
{
	return &v->sec->me.bundle;
}

HZ_RESULT
hz_vault_checkpoint(struct hz_vault *v, struct hz_buf *out)
{
	return hz_buf_put(out, v->note.p, v->note.len);
}
