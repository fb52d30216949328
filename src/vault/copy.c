/* Copies of a vault, going on from an older copy, cases, keys out. */
#include "vault/write.h"

#include "object/age.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static enum hz_err
note_event(struct hz_vault *v, enum hz_record_kind kind, const char *word, const char *note)
{
	struct hz_new_event x = { .act = HZ_ACT_NOTE, .kind = kind };
	struct hz_record rec;
	hz_record_init(&rec);
	enum hz_err r = hz_record_add(&rec, "kind", word);
	r = r == HZ_OK ? hz_record_add(&rec, "note", note) : r;
	r = r == HZ_OK ? hz_vault_event(v, &x, &rec, NULL, NULL) : r;
	hz_record_done(&rec);
	return r;
}

/* --- backup ------------------------------------------------------------------------------------------- */

static enum hz_err
copy_file(int from, int to, const char *name)
{
	struct hz_buf b = HZ_BUF_INIT(HZ_KEYRING_MAX);
	enum hz_err r = hz_file_read(from, name, HZ_KEYRING_MAX, &b);
	if (r == HZ_OK) {
		r = hz_file_create(to, name, b.p, b.len, 0600);
	}
	hz_buf_done(&b);
	return r;
}

static enum hz_err
backup_into(struct hz_vault *v, int dirfd)
{
	int fd = openat(dirfd, "data.mdb", O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0) {
		return hz_fail_sys(HZ_MSG_IO, errno, "data.mdb of the copy");
	}
	enum hz_err r = hz_store_copy(v->store, fd);
	if (r == HZ_OK && fsync(fd) != 0) {
		r = hz_fail_sys(HZ_MSG_IO, errno, "data.mdb of the copy");
	}
	(void)close(fd);
	HZ_TRY(r);
	HZ_TRY(copy_file(v->dirfd, dirfd, "keyring"));
	HZ_TRY(copy_file(v->dirfd, dirfd, "keyring.2"));
	HZ_TRY(copy_file(v->dirfd, dirfd, "pin"));
	/* Last, and whole or not at all: until then it is no vault. */
	struct hz_buf format = HZ_BUF_INIT(4096);
	r = hz_file_read(v->dirfd, "FORMAT", 4096, &format);
	r = r == HZ_OK ? hz_file_replace(dirfd, "FORMAT", format.p, format.len, 0600) : r;
	hz_buf_done(&format);
	return r;
}

static bool
folder_empty(int dirfd)
{
	int fd = openat(dirfd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *d = fd < 0 ? NULL : fdopendir(fd);
	bool empty = d != NULL;
	/* NOLINTNEXTLINE(concurrency-mt-unsafe): nobody else reads this stream */
	for (struct dirent *e = d ? readdir(d) : NULL; e; e = readdir(d)) {
		empty = empty && (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0);
	}
	if (d) {
		(void)closedir(d);
	}
	return empty;
}

HZ_RESULT
hz_vault_backup(struct hz_vault *v, const char *dir)
{
	int fd = -1;
	HZ_TRY(hz_dir_make(dir, &fd));
	if (!folder_empty(fd)) {
		hz_fd_close(&fd);
		return hz_fail(HZ_MSG_VAULT_EXISTS, "%s is not empty", dir);
	}
	/* The event comes first: the copy itself then says that it exists. */
	enum hz_err r = note_event(v, HZ_REC_BACKUP, "backup", "a copy of this vault was made");
	if (r == HZ_OK) {
		r = backup_into(v, fd);
	}
	hz_fd_close(&fd);
	return r;
}

/* --- going on from an older copy --------------------------------------------------------------------------
 */

static enum hz_err
checkpoint_words(const struct hz_vault *v, struct hz_event *ev)
{
	char hex[65];
	hz_hex(hex, v->log.root, 32);
	(void)snprintf(
	    ev->init.found, sizeof(ev->init.found), "%llu %s", (unsigned long long)v->log.size, hex);
	ev->init.restored = true;
	if (v->info.rollback) {
		hz_hex(hex, v->info.pin_root, 32);
		(void)snprintf(ev->init.pinned, sizeof(ev->init.pinned), "%llu %s",
		    (unsigned long long)v->info.pin_size, hex);
	}
	return HZ_OK;
}

static enum hz_err
restore_event(struct hz_vault *v, struct hz_batch *b, struct hz_event *ev, struct hz_record_draft *d,
    struct hz_ref *ret_at)
{
	struct hz_record_row row = { .kind = HZ_REC_RESTORE };
	struct hz_keyring_row kr;
	uint8_t leaf[32];
	row.jwt = (struct hz_buf)HZ_BUF_INIT(HZ_RECORD_MAX);
	row.disclosures = (struct hz_buf)HZ_BUF_INIT(HZ_RECORD_MAX);
	ev->act = HZ_ACT_RESTORE;
	hz_init_object(v, ev);
	enum hz_err r = hz_write_record(b, NULL, d, &row);
	r = r == HZ_OK ? hz_pack_disclosures(&d->disclosures, &row.disclosures) : r;
	if (r == HZ_OK) {
		ev->has_rec = true;
		hz_sha256(row.jwt.p, row.jwt.len, ev->rec);
		r = hz_member_event(b, ev, row.no, ret_at, leaf);
	}
	row.at = *ret_at;
	r = r == HZ_OK ? hz_record_row_save(v, b->t, &row, false) : r;
	hz_record_row_done(&row);
	HZ_TRY(r);
	HZ_TRY(hz_logger_event0(b->logger, leaf));
	memcpy(kr.hash, v->kr.signed_hash, 32);
	kr.at = *ret_at;
	return hz_keyring_row_save(v, b->t, &kr);
}

static enum hz_err
new_checkpoint_key(struct hz_vault *v)
{
	struct hz_key_name name = { .type = HZ_KEY_CHECKPOINT };
	uint8_t key[32];
	hz_random(v->log.id, 4);
	memcpy(name.log, v->log.id, 4);
	hz_random(key, 32);
	enum hz_err r = hz_keys_add(v, &name, key);
	if (r == HZ_OK) {
		hz_ed_key_from_seed(key, &v->sec->checkpoint);
	}
	hz_wipe(key, 32);
	return r;
}

/* Closes the old log's row inside the same transaction in which the new log begins. */
static enum hz_err
switch_log(struct hz_vault *v, struct hz_batch **b)
{
	struct hz_log_info old = v->log;
	struct hz_txn *t = NULL;
	HZ_TRY(new_checkpoint_key(v));
	HZ_TRY(hz_new_log(v, old.no + 1));
	HZ_TRY(hz_keys_stage(v));
	v->ct.log = v->log.no;
	HZ_TRY(hz_batch_begin(v, b));
	t = (*b)->t;
	old.closed = true;
	return hz_log_row_save(v, t, &old, &v->note);
}

HZ_RESULT
hz_vault_restored(struct hz_vault *v, const char *why, struct hz_ref *ret_at)
{
	struct hz_record rec;
	struct hz_record_draft d = { 0 };
	struct hz_batch *b = NULL;
	struct hz_event *ev = calloc(1, sizeof(*ev));
	if (!ev) {
		return hz_fail(HZ_MSG_NOMEM, "an event");
	}
	hz_record_init(&rec);
	enum hz_err r = hz_record_add(&rec, "kind", "restore");
	r = r == HZ_OK ? hz_record_add(&rec, "note", why) : r;
	r = r == HZ_OK ? hz_record_draft(&rec, &d) : r;
	r = r == HZ_OK ? checkpoint_words(v, ev) : r;
	ev->has_ref = true;
	memcpy(ev->ref, v->log.event0, 32);
	r = r == HZ_OK ? switch_log(v, &b) : r;
	r = r == HZ_OK ? restore_event(v, b, ev, &d, ret_at) : r;
	r = r == HZ_OK ? hz_batch_flush(b) : r;
	r = r == HZ_OK ? hz_keys_publish(v) : r;
	if (r == HZ_OK) {
		v->info.rollback = false;
		v->info.logs = v->ct.log + 1;
		r = hz_pins_write(v, true);
	}
	hz_batch_end(&b);
	hz_record_draft_done(&d);
	hz_record_done(&rec);
	free(ev);
	return r;
}

/* --- cases
 * --------------------------------------------------------------------------------------------------- */

HZ_RESULT
hz_case_code_check(const char *code)
{
	size_t n = strlen(code);
	if (n == 0 || n > HZ_CASE_MAX || !hz_utf8_ok(code, n)) {
		return hz_fail(HZ_MSG_USAGE, "a case code is 1 to %d bytes of UTF-8", HZ_CASE_MAX);
	}
	for (size_t i = 0; i < n; i++) {
		if ((unsigned char)code[i] <= ' ' || code[i] == 0x7f || code[i] == '/') {
			return hz_fail(
			    HZ_MSG_USAGE, "a case code has no spaces, control characters or slashes");
		}
	}
	return HZ_OK;
}

static enum hz_err
case_row(struct hz_batch *b, const struct hz_case *c)
{
	struct hz_buf row = HZ_BUF_INIT(1024);
	uint8_t k[4], key[32];
	hz_be32(k, c->no);
	enum hz_err r = hz_put_u8(&row, 1);
	r = r == HZ_OK ? hz_put_u64(&row, c->record) : r;
	r = r == HZ_OK ? hz_put_ref(&row, c->at) : r;
	r = r == HZ_OK ? hz_put_lps(&row, c->code) : r;
	r = r == HZ_OK ? hz_row_set(b->v, b->t, HZ_T_CASES, k, 4, &row, true) : r;
	hz_buf_done(&row);
	HZ_TRY(r);
	hz_index_key(b->v, HZ_GENERAL, HZ_IX_CASE, c->code, strlen(c->code), key);
	return hz_index_set(b->v, b->t, key, c->no);
}

HZ_RESULT
hz_batch_case_new(struct hz_batch *b, const char *code, const char *title, struct hz_case *ret)
{
	struct hz_case c = { .no = b->v->ct.next_case };
	struct hz_record rec;
	struct hz_record_draft d = { 0 };
	uint8_t leaf[32];
	HZ_TRY(hz_case_code_check(code));
	if (hz_case_find(&b->view, code, ret) == HZ_OK) {
		return hz_fail(HZ_MSG_CASE_EXISTS, "%s", code);
	}
	hz_fail_clear();
	(void)snprintf(c.code, sizeof(c.code), "%s", code);
	hz_record_init(&rec);
	enum hz_err r = hz_record_add(&rec, "kind", "case");
	r = r == HZ_OK ? hz_record_add(&rec, "case.code", code) : r;
	r = r == HZ_OK ? hz_record_add(&rec, "case.title", title) : r;
	r = r == HZ_OK ? hz_record_draft(&rec, &d) : r;
	if (r == HZ_OK) {
		struct hz_new_event x = {
			.act = HZ_ACT_RECORD, .kind = HZ_REC_CASE, .rec = &rec, .draft = &d
		};
		r = hz_batch_event(b, &x, &c.at, leaf, &c.record);
	}
	hz_record_draft_done(&d);
	hz_record_done(&rec);
	HZ_TRY(r);
	b->v->ct.next_case++;
	HZ_TRY(case_row(b, &c));
	*ret = c;
	return HZ_OK;
}

#define RELATION_MAX 400 /* exhibits in one relation record, under the limit of fields [F-7.2] */

static enum hz_err
relate(struct hz_batch *b, const struct hz_case *c, const uint64_t *exhibits, size_t n)
{
	struct hz_record rec;
	struct hz_record_draft d = { 0 };
	struct hz_ref at = { 0 };
	struct hz_buf row = HZ_BUF_INIT(64);
	uint8_t leaf[32], k[12];
	hz_record_init(&rec);
	enum hz_err r = hz_record_add(&rec, "kind", "relation");
	r = r == HZ_OK ? hz_record_add(&rec, "relation.role", "case-member") : r;
	r = r == HZ_OK ? hz_record_add(&rec, "relation.from", c->code) : r;
	for (size_t i = 0; r == HZ_OK && i < n; i++) {
		struct hz_exhibit e;
		char name[32];
		(void)snprintf(name, sizeof(name), "relation.to.%zu", i + 1);
		r = hz_exhibit_get(&b->view, exhibits[i], &e);
		r = r == HZ_OK ? hz_record_add(&rec, name, e.ex_text) : r;
	}
	r = r == HZ_OK ? hz_record_draft(&rec, &d) : r;
	if (r == HZ_OK) {
		struct hz_new_event x = { .act = HZ_ACT_RECORD,
			.kind = HZ_REC_RELATION,
			.rec = &rec,
			.draft = &d,
			.mentions = exhibits,
			.nmentions = n };
		r = hz_batch_event(b, &x, &at, leaf, NULL);
	}
	r = r == HZ_OK ? hz_put_u8(&row, 1) : r;
	r = r == HZ_OK ? hz_put_ref(&row, at) : r;
	for (size_t i = 0; r == HZ_OK && i < n; i++) {
		hz_be32(k, c->no);
		hz_be64(k + 4, exhibits[i]);
		r = hz_row_set(b->v, b->t, HZ_T_CASE_MEMBERS, k, 12, &row, false);
	}
	hz_buf_done(&row);
	hz_record_draft_done(&d);
	hz_record_done(&rec);
	return r;
}

HZ_RESULT
hz_batch_case_add(struct hz_batch *b, const struct hz_case *c, const uint64_t *exhibits, size_t n)
{
	for (size_t at = 0; at < n; at += RELATION_MAX) {
		HZ_TRY(relate(b, c, exhibits + at, n - at < RELATION_MAX ? n - at : RELATION_MAX));
	}
	return HZ_OK;
}

/* --- keys out
 * --------------------------------------------------------------------------------------------------- */

HZ_RESULT
hz_object_age_header(
    struct hz_view *w, const struct hz_exhibit *e, const struct hz_object *o, struct hz_buf *out)
{
	uint8_t pk[1][32];
	/* The newest epoch's identity of the exhibit's home compartment opens it: the header is made anew
	 * here. */
	uint32_t epoch = hz_vault_newest_epoch(w->v, HZ_KEY_EPOCH_X25519, e->compartment);
	const uint8_t *sk = hz_vault_key(w->v, HZ_KEY_EPOCH_X25519, e->compartment, epoch);
	if (!sk) {
		return hz_fail(
		    HZ_MSG_NO_KEY, "compartment %u has no age identity for this member", e->compartment);
	}
	hz_x25519_public(sk, pk[0]);
	return hz_age_header_write(o->file_key, (const uint8_t(*)[32])pk, 1, out);
}

HZ_RESULT
hz_vault_age_identities(struct hz_vault *v,
    enum hz_err (*each)(
	void *arg, uint32_t compartment, const char *name, uint32_t epoch, const uint8_t secret[static 32]),
    void *arg)
{
	HZ_TRY(note_event(v, HZ_REC_KEY_EXPORT, "key-export", "age identities were written out"));
	for (size_t i = 0; i < v->sec->n; i++) {
		const struct hz_shared_key *k = &v->sec->keys[i];
		if (k->name.type == HZ_KEY_EPOCH_X25519 && k->name.compartment <= HZ_IDENTITIES) {
			HZ_TRY(each(arg, k->name.compartment, v->epoch[k->name.compartment].name,
			    k->name.epoch, k->key));
		}
	}
	return HZ_OK;
}
