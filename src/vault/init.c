/* Making a vault. FORMAT is written last: until then the folder holds no vault. */
#include "vault/write.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FORMAT_LINE "hirz-vault 1 compat=0 incompat=0\n"

static enum hz_err
check_desk(const char *desk)
{
	size_t n = strlen(desk);
	if (n < 1 || n > HZ_DESK_MAX || strspn(desk, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") != n) {
		return hz_fail(HZ_MSG_USAGE, "the desk code is 1 to %d of A-Z and 0-9, not \"%.40s\"",
		    HZ_DESK_MAX, desk);
	}
	return HZ_OK;
}

/* The entry that names a new folder goes to the disk too. Where the folder above may not be read it cannot be
 * asked for. */
static enum hz_err
sync_above(const char *path)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int up = fd >= 0 ? openat(fd, "..", O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
	int e = errno;
	enum hz_err r = HZ_OK;
	if (up >= 0) {
		r = hz_dir_sync(up);
	} else if (e != EACCES) {
		r = hz_fail_sys(HZ_MSG_IO, e, "the folder above %s", path);
	}
	hz_fd_close(&up);
	hz_fd_close(&fd);
	return r;
}

/* The folder must be new or empty: nothing of the user's is ever mixed with a vault. */
static enum hz_err
make_folder(const char *path, bool *ret_made)
{
	*ret_made = true;
	if (mkdir(path, 0700) == 0) {
		enum hz_err r = sync_above(path);
		if (r != HZ_OK) {
			(void)rmdir(path);
		}
		return r;
	}
	if (errno == ENOENT) {
		int fd = -1;
		HZ_TRY(hz_dir_make(path, &fd));
		hz_fd_close(&fd);
		return HZ_OK;
	}
	*ret_made = false;
	if (errno != EEXIST) {
		return hz_fail_sys(HZ_MSG_IO, errno, "making %s", path);
	}
	DIR *d = opendir(path);
	if (!d) {
		return errno == ENOTDIR ? hz_fail(HZ_MSG_NOT_A_FOLDER, "%s", path)
					: hz_fail_sys(HZ_MSG_IO, errno, "%s", path);
	}
	bool empty = true;
	/* NOLINTNEXTLINE(concurrency-mt-unsafe): nobody else reads this stream */
	for (struct dirent *e = readdir(d); e; e = readdir(d)) {
		empty = empty && (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0);
	}
	(void)closedir(d);
	if (!empty) {
		return hz_fail(HZ_MSG_VAULT_EXISTS, "%s is not empty", path);
	}
	return chmod(path, 0700) == 0 ? HZ_OK : hz_fail_sys(HZ_MSG_IO, errno, "%s", path);
}

static enum hz_err
make_slot(struct hz_vault *v, const struct hz_vault_new *o, const struct hz_unlock *unlock,
    const uint8_t seed[static 32])
{
	struct hz_buf pw = HZ_BUF_SECRET_INIT(4096);
	enum hz_err r = unlock->passphrase(unlock->arg, &pw);
	int64_t begun = hz_time_boot_ns();
	v->kr.slots = calloc(1, sizeof(*v->kr.slots));
	if (r == HZ_OK && !v->kr.slots) {
		r = hz_fail(HZ_MSG_NOMEM, "a slot");
	}
	if (r == HZ_OK) {
		uint32_t mib = o->kdf_mib ? o->kdf_mib : HZ_ARGON_DEFAULT_MIB;
		r = hz_slot_make(
		    v->info.vault_id, v->member, pw.p, pw.len, mib * 1024, HZ_ARGON_T, seed, v->kr.slots);
		v->kr.nslots = 1;
	}
	hz_buf_done(&pw);
	v->info.unlock_seconds = (double)(hz_time_boot_ns() - begun) / 1e9;
	return r;
}

static enum hz_err
add_random(struct hz_vault *v, uint8_t type, uint32_t compartment, uint32_t epoch, const uint8_t *log)
{
	struct hz_key_name name = { .type = type, .compartment = compartment, .epoch = epoch };
	uint8_t key[32];
	if (log) {
		memcpy(name.log, log, 4);
	}
	hz_random(key, 32);
	enum hz_err r = hz_keys_add(v, &name, key);
	if (r == HZ_OK && type == HZ_KEY_CHECKPOINT) {
		hz_ed_key_from_seed(key, &v->sec->checkpoint);
	}
	hz_wipe(key, 32);
	return r;
}

static enum hz_err
make_keys(struct hz_vault *v)
{
	v->kr.members = calloc(1, sizeof(*v->kr.members));
	if (!v->kr.members) {
		return hz_fail(HZ_MSG_NOMEM, "a member");
	}
	v->kr.nmembers = 1;
	struct hz_kr_member *m = v->kr.members;
	memcpy(m->id, v->member, 16);
	memcpy(m->event_pk, v->sec->me.event.pk, 32);
	memcpy(m->bundle_pk, v->sec->me.bundle.pk, 32);
	hz_x25519_public(v->sec->me.x25519_sk, m->x25519_pk);
	HZ_TRY(add_random(v, HZ_KEY_LOG, 0, 1, NULL));
	HZ_TRY(add_random(v, HZ_KEY_CHECKPOINT, 0, 0, v->log.id));
	HZ_TRY(add_random(v, HZ_KEY_TABLE, 0, 1, NULL));
	for (uint32_t c = HZ_GENERAL; c <= HZ_IDENTITIES; c++) {
		HZ_TRY(add_random(v, HZ_KEY_INDEX, c, 0, NULL));
		HZ_TRY(add_random(v, HZ_KEY_EPOCH, c, 1, NULL));
		HZ_TRY(add_random(v, HZ_KEY_EPOCH_X25519, c, 1, NULL));
		v->epoch[c] =
		    (struct hz_epoch_state){ .compartment = c, .epoch = 1, .begun = (uint64_t)hz_time_now() };
		(void)snprintf(v->epoch[c].name, sizeof(v->epoch[c].name), "%s",
		    c == HZ_GENERAL ? "general" : "identities");
	}
	return HZ_OK;
}

HZ_RESULT
hz_new_log(struct hz_vault *v, uint32_t no)
{
	struct hz_buf vkey = HZ_BUF_INIT(HZ_VKEY_MAX);
	const char *s = NULL;
	char hex[9];
	v->log.no = no;
	v->log.size = 0;
	v->log.closed = false;
	hz_tree_empty(v->log.root);
	hz_hex(hex, v->log.id, 4);
	(void)snprintf(v->log.origin, sizeof(v->log.origin), "hirz.invalid/%s/%s", v->info.vault_hex, hex);
	enum hz_err r = hz_vkey_write(v->log.origin, v->sec->checkpoint.pk, &vkey);
	if (r == HZ_OK) {
		r = hz_buf_cstr(&vkey, &s);
	}
	if (r == HZ_OK) {
		(void)snprintf(v->log.vkey, sizeof(v->log.vkey), "%s", s);
		(void)snprintf(v->info.origin, sizeof(v->info.origin), "%s", v->log.origin);
	}
	hz_buf_done(&vkey);
	return r;
}

/* Event 0's object [F-8.3]. */
void
hz_init_object(const struct hz_vault *v, struct hz_event *ev)
{
	struct hz_event_init *i = &ev->init;
	ev->has_init = true;
	memcpy(i->vault_id, v->info.vault_id, 16);
	memcpy(i->event_pk, v->sec->me.event.pk, 32);
	memcpy(i->bundle_pk, v->sec->me.bundle.pk, 32);
	memcpy(i->x25519_pk, v->kr.members[0].x25519_pk, 32);
	hz_id_text("mb-", v->member, i->member);
	(void)snprintf(i->checkpoint, sizeof(i->checkpoint), "%s", v->log.vkey);
	i->roles = HZ_ROLE_DOCUMENTER | HZ_ROLE_ANALYST | HZ_ROLE_LEGAL | HZ_ROLE_AUDITOR | HZ_ROLE_CUSTODIAN;
	ev->has_keyring = true;
	memcpy(ev->keyring, v->kr.signed_hash, 32);
}

static enum hz_err
first_event(struct hz_vault *v, struct hz_batch *b, struct hz_event *ev)
{
	struct hz_member_row m = { .next_seq = 1 };
	struct hz_keyring_row kr;
	ev->act = HZ_ACT_INIT;
	hz_init_object(v, ev);
	hz_id_text("mb-", v->member, ev->ex);
	HZ_TRY(hz_logger_event(b->logger, ev, (struct hz_links){ HZ_REF_NONE, 0 }, &m.at, m.head));
	HZ_TRY(hz_logger_event0(b->logger, m.head));
	hz_hex(v->info.fingerprint, m.head, 16);
	HZ_TRY(hz_member_row_save(v, b->t, v->member, &m));
	memcpy(kr.hash, v->kr.signed_hash, 32);
	kr.at = m.at;
	HZ_TRY(hz_keyring_row_save(v, b->t, &kr));
	return hz_vault_row_save(v, b->t, (uint64_t)hz_time_now());
}

static enum hz_err
write_first(struct hz_vault *v)
{
	struct hz_batch *b = NULL;
	struct hz_event *ev = calloc(1, sizeof(*ev));
	if (!ev) {
		return hz_fail(HZ_MSG_NOMEM, "an event");
	}
	enum hz_err r = hz_batch_begin(v, &b);
	if (r == HZ_OK) {
		r = first_event(v, b, ev);
	}
	if (r == HZ_OK) {
		r = hz_batch_finish(&b);
	}
	hz_batch_end(&b);
	free(ev);
	return r;
}

static enum hz_err
make_files(struct hz_vault *v)
{
	struct hz_store_opts so = { .create = true, .force_fs = v->force_fs, .tables = HZ_T_COUNT };
	HZ_TRY(hz_keys_stage(v));
	HZ_TRY(hz_keys_publish(v));
	HZ_TRY(hz_store_open(v->path, &so, &v->store));
	HZ_TRY(write_first(v));
	/* By a rename: after a power cut it is there with its line or not at all. */
	return hz_file_replace(v->dirfd, "FORMAT", FORMAT_LINE, sizeof(FORMAT_LINE) - 1, 0600);
}

static enum hz_err
init_steps(struct hz_vault *v, const struct hz_vault_new *o, const struct hz_unlock *unlock)
{
	uint8_t seed[32];
	const char *fs = NULL;
	if (!o->force_fs && hz_store_fs_refused(v->path, &fs)) {
		return hz_fail(HZ_MSG_BAD_FILESYSTEM, "%s lies on %s", v->path,
		    fs ? fs : "a file system that cannot hold a vault");
	}
	v->mode = HZ_VAULT_WRITE;
	v->force_fs = o->force_fs;
	v->no_outside_pin = o->no_pin;
	HZ_TRY(hz_lock_writer(v));
	hz_random(v->info.vault_id, 16);
	hz_hex(v->info.vault_hex, v->info.vault_id, 16);
	hz_random(v->member, 16);
	hz_random(v->log.id, 4);
	hz_id_text("mb-", v->member, v->info.member);
	(void)snprintf(v->info.desk, sizeof(v->info.desk), "%s", o->desk);
	(void)snprintf(v->info.org, sizeof(v->info.org), "%s", o->org);
	memcpy(v->kr.vault_id, v->info.vault_id, 16);
	v->ct = (struct hz_counters){ .next_exhibit = 1, .next_object = 1, .next_record = 1, .next_case = 1 };
	HZ_TRY(hz_secrets_new(64, &v->sec));
	hz_random(seed, 32);
	enum hz_err r = make_slot(v, o, unlock, seed);
	hz_member_keys_derive(v->info.vault_id, seed, &v->sec->me);
	hz_wipe(seed, 32);
	HZ_TRY(r);
	hz_kid(v->sec->me.event.pk, v->kid);
	HZ_TRY(make_keys(v));
	HZ_TRY(hz_new_log(v, 0));
	v->info.logs = 1;
	return make_files(v);
}

/* A vault that could not be finished leaves nothing behind that looks like one. */
static void
remove_half(struct hz_vault *v, bool made)
{
	static const char *const names[] = { "FORMAT", "FORMAT.new", "keyring", "keyring.2", "keyring.2.new",
		"keyring.new", "pin", "pin.new", "data.mdb", "lock.mdb", "writer.lock" };
	hz_store_close(&v->store);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		(void)unlinkat(v->dirfd, names[i], 0);
	}
	if (made) {
		(void)rmdir(v->path);
	}
}

HZ_RESULT
hz_vault_init(const char *path, const struct hz_vault_new *opts, const struct hz_unlock *unlock,
    struct hz_vault **ret_v)
{
	struct hz_vault *v = NULL;
	HZ_TRY(hz_crypto_init());
	HZ_TRY(check_desk(opts->desk));
	if (strlen(opts->org) >= sizeof(v->info.org) || !hz_utf8_ok(opts->org, strlen(opts->org))) {
		return hz_fail(HZ_MSG_USAGE, "the organisation's name is at most 255 bytes of UTF-8");
	}
	uint32_t mib = opts->kdf_mib ? opts->kdf_mib : HZ_ARGON_DEFAULT_MIB;
	if (mib < HZ_ARGON_FLOOR_MIB || mib > HZ_ARGON_MAX_MIB) {
		return hz_fail(
		    HZ_MSG_USAGE, "--kdf-mem is %d to %d MiB", HZ_ARGON_FLOOR_MIB, HZ_ARGON_MAX_MIB);
	}
	bool made = false;
	HZ_TRY(make_folder(path, &made));
	HZ_TRY(hz_vault_handle(path, &v));
	enum hz_err r = init_steps(v, opts, unlock);
	if (r != HZ_OK) {
		struct hz_failure f;
		hz_fail_save(&f);
		remove_half(v, made);
		hz_vault_close(&v);
		return hz_fail_restore(&f);
	}
	*ret_v = v;
	return HZ_OK;
}
