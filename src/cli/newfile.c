/* Files that commands write. */
#include "cli/newfile.h"

#include "base/fd.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static enum hz_err
split(const char *path, struct hz_newfile *f)
{
	const char *slash = strrchr(path, '/');
	const char *name = slash == NULL ? path : slash + 1;
	char *dir = NULL;

	if (name[0] == '\0' || strcmp(name, ".") == 0 || strcmp(name, "..") == 0) {
		return hz_fail(HZ_MSG_USAGE, _("\"%s\" is not the name of a file"), path);
	}
	if (strlen(name) >= sizeof f->name) {
		return hz_fail(HZ_MSG_LIMIT, _("the name of the file is too long"));
	}
	dir = slash == NULL   ? strdup(".")
	      : slash == path ? strdup("/")
			      : strndup(path, (size_t)(slash - path));
	if (dir == NULL) {
		return hz_fail(HZ_MSG_NOMEM, "path");
	}
	(void)memcpy(f->name, name, strlen(name) + 1);
	f->dirfd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	enum hz_err r = f->dirfd < 0 ? hz_fail_sys(HZ_MSG_IO, errno, "%s", dir) : HZ_OK;
	free(dir);
	return r;
}

static enum hz_err
make(struct hz_newfile *f)
{
	struct stat st;

	if (fstatat(f->dirfd, f->name, &st, AT_SYMLINK_NOFOLLOW) == 0) {
		return hz_fail(HZ_MSG_TARGET_EXISTS, "%s", f->name);
	}
	f->fd = openat(f->dirfd, ".", O_TMPFILE | O_WRONLY | O_CLOEXEC, 0600);
	if (f->fd >= 0) {
		return HZ_OK;
	}
	(void)snprintf(f->part, sizeof f->part, "%s.part", f->name);
	f->fd = openat(f->dirfd, f->part, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (f->fd >= 0) {
		return HZ_OK;
	}
	int e = errno;
	enum hz_err r = e == EEXIST ? hz_fail(HZ_MSG_TARGET_EXISTS, "%s", f->part)
				    : hz_fail_sys(HZ_MSG_IO, e, "%s", f->part);
	f->part[0] = '\0'; /* not ours: it is not removed */
	return r;
}

HZ_RESULT
hz_newfile_begin(const char *path, struct hz_newfile *ret_f)
{
	struct hz_newfile f = HZ_NEWFILE_INIT;
	enum hz_err r = split(path, &f);

	if (r == HZ_OK) {
		r = make(&f);
	}
	if (r != HZ_OK) {
		hz_newfile_end(&f);
		return r;
	}
	*ret_f = f;
	return HZ_OK;
}

/* link() never replaces a name, unlike rename(). */
static enum hz_err
give_name(struct hz_newfile *f)
{
	char self[64];
	int e = 0;

	if (f->part[0] == '\0') {
		(void)snprintf(self, sizeof self, "/proc/self/fd/%d", f->fd);
		e = linkat(AT_FDCWD, self, f->dirfd, f->name, AT_SYMLINK_FOLLOW) == 0 ? 0 : errno;
	} else if (renameat2(f->dirfd, f->part, f->dirfd, f->name, RENAME_NOREPLACE) != 0) {
		e = errno;
		/* File systems without that flag: a check just before is the best there is. */
		struct stat st;
		if (e == EINVAL && fstatat(f->dirfd, f->name, &st, AT_SYMLINK_NOFOLLOW) != 0) {
			e = renameat(f->dirfd, f->part, f->dirfd, f->name) == 0 ? 0 : errno;
		}
	}
	if (e == EEXIST) {
		return hz_fail(HZ_MSG_TARGET_EXISTS, "%s", f->name);
	}
	return e == 0 ? HZ_OK : hz_fail_sys(HZ_MSG_IO, e, "%s", f->name);
}

HZ_RESULT
hz_newfile_put(struct hz_newfile *f, const struct hz_buf *b)
{
	return hz_fd_write_all(f->fd, b->p, b->len);
}

HZ_RESULT
hz_newfile_finish(struct hz_newfile *f)
{
	if (fsync(f->fd) != 0) {
		return hz_fail_sys(HZ_MSG_IO, errno, "%s", f->name);
	}
	enum hz_err r = give_name(f);
	if (r == HZ_OK) {
		f->done = true;
		r = hz_dir_sync(f->dirfd);
	}
	return r;
}

void
hz_newfile_end(struct hz_newfile *f)
{
	if (f->part[0] != '\0' && !f->done) {
		(void)unlinkat(f->dirfd, f->part, 0);
	}
	hz_fd_close(&f->fd);
	hz_fd_close(&f->dirfd);
	*f = (struct hz_newfile)HZ_NEWFILE_INIT;
}

const char *
hz_output_path(const struct hz_cli *cli)
{
	const char *path = hz_args_get(&cli->args, "output");

	return path != NULL && strcmp(path, "-") == 0 ? NULL : path;
}

HZ_RESULT
hz_newfile_text(struct hz_cli *cli, const struct hz_buf *text)
{
	const char *path = hz_output_path(cli);
	struct hz_newfile f = HZ_NEWFILE_INIT;

	if (path == NULL) {
		hz_out_flush(&cli->door.out);
		enum hz_err r = hz_fd_write_all(STDOUT_FILENO, text->p, text->len);
		return r == HZ_ERR_CANCELLED || r == HZ_OK
			   ? r
			   : hz_fail(HZ_MSG_OUTPUT, _("standard output: %s"), hz_fail_detail());
	}
	enum hz_err r = hz_newfile_begin(path, &f);
	r = r == HZ_OK ? hz_fd_write_all(f.fd, text->p, text->len) : r;
	r = r == HZ_OK ? hz_newfile_finish(&f) : r;
	hz_newfile_end(&f);
	return r;
}
