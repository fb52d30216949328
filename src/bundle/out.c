/* The output of an export: tar through libarchive, an age layer where recipients are given, a file beside its
 * target that gets its name last. */
#include "bundle/bag.h"
#include "bundle/relay.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct hz_bag_out {
	char *target, *dir, *base;
	bool dropped;
	char part[4096]; /* name of a visible temporary file, or empty (O_TMPFILE) */
	char name[64];
	int64_t t;
	int dirfd, fd;
	struct archive *a;
	struct hz_age_writer *age;
	struct hz_relay relay; /* hashes and writes */
	struct hz_hash *hash;
	uint64_t size;      /* known when the relay has ended */
	enum hz_err failed; /* what a callback met: libarchive only says that it failed */
	struct hz_failure failure;
};

static enum hz_err
leave(void *arg, const uint8_t *p, size_t n)
{
	struct hz_bag_out *x = arg;
	x->size += n;
	hz_hash_add(x->hash, p, n);
	return hz_fd_write_all(x->fd, p, n);
}

static enum hz_err
raw(void *arg, const void *p, size_t n)
{
	struct hz_bag_out *x = arg;
	return hz_relay_put(&x->relay, p, n);
}

static la_ssize_t
tar_write(struct archive *a, void *arg, const void *p, size_t n)
{
	struct hz_bag_out *x = arg;
	if (x->dropped) {
		return -1;
	}
	enum hz_err r = x->age ? hz_age_writer_put(x->age, p, n) : raw(x, p, n);
	if (r != HZ_OK) {
		x->failed = r;
		hz_fail_save(&x->failure);
		archive_set_error(a, EIO, "write");
		return -1;
	}
	return (la_ssize_t)n;
}

static enum hz_err
tar_failed(struct hz_bag_out *x)
{
	if (x->failed != HZ_OK) {
		return hz_fail_restore(&x->failure);
	}
	const char *s = archive_error_string(x->a);
	return hz_fail(HZ_MSG_IO, "tar: %s", s ? s : "failed");
}

static enum hz_err
split_target(struct hz_bag_out *x, const char *file)
{
	char *d = strdup(file), *b = strdup(file);
	x->target = strdup(file);
	if (d && b) {
		/* NOLINTNEXTLINE(concurrency-mt-unsafe): it works in its argument, which is ours */
		x->dir = strdup(dirname(d));
		x->base = strdup(basename(b));
	}
	free(d);
	free(b);
	return x->target && x->dir && x->base ? HZ_OK : hz_fail(HZ_MSG_NOMEM, "the name of the bundle");
}

/* O_TMPFILE where the file system has it: nothing is left if the machine dies. Else a visible NAME.part. */
static enum hz_err
open_file(struct hz_bag_out *x)
{
	struct stat st;
	x->dirfd = open(x->dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (x->dirfd < 0) {
		return hz_fail_sys(HZ_MSG_OUTPUT, errno, "the folder %s", x->dir);
	}
	if (fstatat(x->dirfd, x->base, &st, AT_SYMLINK_NOFOLLOW) == 0) {
		return hz_fail(HZ_MSG_TARGET_EXISTS, "%s", x->target);
	}
	int n = snprintf(x->part, sizeof(x->part), "%s.part", x->base);
	if (n < 0 || (size_t)n >= sizeof(x->part)) {
		return hz_fail(HZ_MSG_USAGE, "the name of the bundle is too long");
	}
	(void)unlinkat(x->dirfd, x->part, 0); /* of a run that was killed */
	x->fd = openat(x->dirfd, ".", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	if (x->fd >= 0) {
		x->part[0] = '\0';
		return HZ_OK;
	}
	x->fd = openat(x->dirfd, x->part, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
	return x->fd >= 0 ? HZ_OK : hz_fail_sys(HZ_MSG_OUTPUT, errno, "%s", x->target);
}

static enum hz_err
open_tar(struct hz_bag_out *x)
{
	x->a = archive_write_new();
	if (!x->a) {
		return hz_fail(HZ_MSG_NOMEM, "tar");
	}
	if (archive_write_set_format_pax_restricted(x->a) != ARCHIVE_OK ||
	    archive_write_add_filter_none(x->a) != ARCHIVE_OK ||
	    archive_write_set_bytes_per_block(x->a, 512) != ARCHIVE_OK ||
	    archive_write_set_bytes_in_last_block(x->a, 512) != ARCHIVE_OK ||
	    archive_write_open(x->a, x, NULL, tar_write, NULL) != ARCHIVE_OK) {
		return tar_failed(x);
	}
	return HZ_OK;
}

HZ_RESULT
hz_bag_out_open(const struct hz_bundle_opts *o, const char *name, int64_t t, struct hz_bag_out **ret_x)
{
	struct hz_bag_out *x = calloc(1, sizeof(*x));
	if (!x) {
		return hz_fail(HZ_MSG_NOMEM, "the output");
	}
	x->fd = x->dirfd = -1;
	x->t = t;
	(void)snprintf(x->name, sizeof(x->name), "%s", name);
	enum hz_err r = split_target(x, o->file);
	r = r == HZ_OK ? hz_hash_new(HZ_HASH_SHA512, &x->hash) : r;
	r = r == HZ_OK ? hz_relay_init(&x->relay, leave, x) : r;
	r = r == HZ_OK ? open_file(x) : r;
	if (r == HZ_OK && o->recipients_count) {
		r = hz_age_writer_new(o->recipients, o->recipients_count, raw, x, &x->age);
	}
	r = r == HZ_OK ? open_tar(x) : r;
	if (r != HZ_OK) {
		hz_bag_out_free(&x);
		return r;
	}
	hz_hash_begin(x->hash);
	*ret_x = x;
	return HZ_OK;
}

HZ_RESULT
hz_bag_out_file(struct hz_bag_out *x, const char *path, uint64_t size)
{
	char full[HZ_TAR_PATH_MAX + 1];
	struct archive_entry *e = archive_entry_new();
	if (!e) {
		return hz_fail(HZ_MSG_NOMEM, "tar");
	}
	(void)snprintf(full, sizeof(full), "%s/%s", x->name, path);
	archive_entry_set_pathname(e, full);
	archive_entry_set_filetype(e, AE_IFREG);
	archive_entry_set_perm(e, 0644);
	archive_entry_set_size(e, (la_int64_t)size);
	archive_entry_set_mtime(e, (time_t)x->t, 0);
	archive_entry_unset_atime(e);
	archive_entry_unset_ctime(e);
	int rc = archive_write_header(x->a, e);
	archive_entry_free(e);
	return rc == ARCHIVE_OK ? HZ_OK : tar_failed(x);
}

HZ_RESULT
hz_bag_out_put(struct hz_bag_out *x, const void *p, size_t n)
{
	return n == 0 || archive_write_data(x->a, p, n) == (la_ssize_t)n ? HZ_OK : tar_failed(x);
}

HZ_RESULT
hz_bag_out_end(struct hz_bag_out *x, uint8_t ret_sha512[static 64], uint64_t *ret_size)
{
	if (archive_write_close(x->a) != ARCHIVE_OK) {
		return tar_failed(x);
	}
	if (x->age) {
		HZ_TRY(hz_age_writer_end(x->age));
	}
	HZ_TRY(hz_relay_end(&x->relay));
	if (fsync(x->fd) != 0) {
		return hz_fail_sys(HZ_MSG_OUTPUT, errno, "%s", x->target);
	}
	hz_hash_end(x->hash, ret_sha512);
	*ret_size = x->size;
	return HZ_OK;
}

/* Never replaces: linkat fails where the name appeared meanwhile. */
HZ_RESULT
hz_bag_out_publish(struct hz_bag_out *x)
{
	int rc;
	if (x->part[0]) {
		rc = linkat(x->dirfd, x->part, x->dirfd, x->base, 0);
	} else {
		char proc[64];
		(void)snprintf(proc, sizeof(proc), "/proc/self/fd/%d", x->fd);
		rc = linkat(AT_FDCWD, proc, x->dirfd, x->base, AT_SYMLINK_FOLLOW);
	}
	if (rc != 0) {
		return hz_fail_sys(
		    errno == EEXIST ? HZ_MSG_TARGET_EXISTS : HZ_MSG_OUTPUT, errno, "%s", x->target);
	}
	if (x->part[0]) {
		(void)unlinkat(x->dirfd, x->part, 0);
		x->part[0] = '\0';
	}
	return hz_dir_sync(x->dirfd);
}

void
hz_bag_out_free(struct hz_bag_out **xp)
{
	struct hz_bag_out *x = *xp;
	if (!x) {
		return;
	}
	if (x->part[0] && x->fd >= 0) {
		(void)unlinkat(x->dirfd, x->part, 0);
	}
	if (x->a) {
		/* What was not ended is not to be written any more. archive_write_fail() would say so, but
		 * then the buffer of the output is not freed. */
		x->dropped = true;
		(void)archive_write_close(x->a);
		(void)archive_write_free(x->a);
	}
	hz_relay_done(&x->relay);
	hz_age_writer_free(&x->age);
	hz_hash_free(&x->hash);
	hz_fd_close(&x->fd);
	hz_fd_close(&x->dirfd);
	free(x->target);
	free(x->dir);
	free(x->base);
	free(x);
	*xp = NULL;
}
