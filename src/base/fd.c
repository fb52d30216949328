#include "base/fd.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(leak_sanitizer)
#define LEAK_CHECKER 1
#endif
#endif
#if defined(__SANITIZE_ADDRESS__)
#define LEAK_CHECKER 1
#endif
#ifndef LEAK_CHECKER
#define LEAK_CHECKER 0
#endif

void
hz_fd_fill_std(void)
{
	for (int fd = 0; fd <= 2; fd++) {
		if (fcntl(fd, F_GETFD) >= 0) {
			continue;
		}
		/* Opened the wrong way round: reading or writing it is an error, as with the closed one. */
		int got = open("/dev/null", fd == 0 ? O_WRONLY : O_RDONLY); // NOLINT(android-cloexec-open)
		if (got < 0) {
			got = open("/", O_PATH | O_DIRECTORY);
		}
		hz_assert(got == fd);
	}
}

void
hz_process_harden(void)
{
	struct rlimit none = { 0, 0 };
	(void)setrlimit(RLIMIT_CORE, &none);
	/* The leak checker of a test build attaches to its own process. */
	if (!LEAK_CHECKER) {
		(void)prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
	}
}

void
hz_fd_close(int *fd)
{
	if (*fd >= 0) {
		int saved = errno;
		(void)close(*fd);
		errno = saved;
		*fd = -1;
	}
}

unsigned
hz_fd_spare(unsigned most)
{
	struct rlimit limit;
	unsigned n = 0;
	if (getrlimit(RLIMIT_NOFILE, &limit) != 0) {
		return most;
	}
	for (int fd = 0; n < most && (rlim_t)fd < limit.rlim_cur; fd++) {
		n += fcntl(fd, F_GETFD) < 0;
	}
	return n;
}

/* After an interrupted call: go on, unless a signal asked us to end. */
static enum hz_err
interrupted(void)
{
	return hz_cancel_check();
}

enum hz_err
hz_fd_read_full(int fd, void *p, size_t n, size_t *ret_n)
{
	uint8_t *b = p;
	size_t got = 0;
	while (got < n) {
		size_t want = n - got > SSIZE_MAX ? SSIZE_MAX : n - got;
		ssize_t rc = read(fd, b + got, want);
		if (rc == 0) {
			break;
		}
		if (rc > 0) {
			got += (size_t)rc;
		} else if (errno == EINTR) {
			enum hz_err err = interrupted();
			if (err != HZ_OK) {
				return err;
			}
		} else {
			return hz_fail_sys(HZ_MSG_IO, errno, "read");
		}
	}
	*ret_n = got;
	return HZ_OK;
}

enum hz_err
hz_fd_pread_full(int fd, void *p, size_t n, uint64_t off, size_t *ret_n)
{
	if (off > INT64_MAX || n > INT64_MAX - off) {
		return hz_fail(HZ_MSG_LIMIT, "pread at %ju", (uintmax_t)off);
	}
	uint8_t *b = p;
	size_t got = 0;
	while (got < n) {
		ssize_t rc = pread(fd, b + got, n - got, (off_t)(off + got));
		if (rc == 0) {
			break;
		}
		if (rc > 0) {
			got += (size_t)rc;
		} else if (errno == EINTR) {
			enum hz_err err = interrupted();
			if (err != HZ_OK) {
				return err;
			}
		} else {
			return hz_fail_sys(HZ_MSG_IO, errno, "pread at %ju", (uintmax_t)off);
		}
	}
	*ret_n = got;
	return HZ_OK;
}

enum hz_err
hz_fd_write_all(int fd, const void *p, size_t n)
{
	const uint8_t *b = p;
	while (n > 0) {
		ssize_t rc = write(fd, b, n > SSIZE_MAX ? SSIZE_MAX : n);
		if (rc > 0) {
			b += rc;
			n -= (size_t)rc;
		} else if (rc < 0 && errno == EINTR) {
			enum hz_err err = interrupted();
			if (err != HZ_OK) {
				return err;
			}
		} else {
			/* A write of nothing would come back for ever. */
			return hz_fail_sys(HZ_MSG_IO, rc < 0 ? errno : EIO, "write");
		}
	}
	return HZ_OK;
}

static enum hz_err
open_regular(int dirfd, const char *name, int *ret_fd, struct stat *ret_st)
{
	/* O_NONBLOCK: a FIFO in the place of the file must not stop us. */
	int fd = openat(dirfd, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	if (fd < 0) {
		int e = errno;
		enum hz_msg msg = e == ENOENT   ? HZ_MSG_SOURCE_MISSING
				  : e == EACCES ? HZ_MSG_SOURCE_DENIED
				  : e == ELOOP  ? HZ_MSG_SOURCE_NOT_REGULAR
						: HZ_MSG_IO;
		return hz_fail_sys(msg, e, "open %s", name);
	}
	if (fstat(fd, ret_st) != 0) {
		enum hz_err err = hz_fail_sys(HZ_MSG_IO, errno, "fstat %s", name);
		hz_fd_close(&fd);
		return err;
	}
	if (!S_ISREG(ret_st->st_mode)) {
		hz_fd_close(&fd);
		return hz_fail(HZ_MSG_SOURCE_NOT_REGULAR, "%s", name);
	}
	*ret_fd = fd;
	return HZ_OK;
}

/* Reads to the end in pieces, so that a growing file meets the limit and not our memory. */
static enum hz_err
read_to_end(int fd, const char *name, size_t max, struct hz_buf *out)
{
	uint8_t piece[16384];
	size_t total = 0;
	enum hz_err err = HZ_OK;
	size_t got = sizeof piece;
	while (err == HZ_OK && got == sizeof piece) {
		err = hz_fd_read_full(fd, piece, sizeof piece, &got);
		if (err == HZ_OK && got > max - total) {
			err = hz_fail(HZ_MSG_LIMIT, "%s: over %zu bytes", name, max);
		}
		if (err == HZ_OK) {
			err = hz_buf_put(out, piece, got);
			total += got;
		}
	}
	explicit_bzero(piece, sizeof piece);
	return err;
}

enum hz_err
hz_file_read(int dirfd, const char *name, size_t max, struct hz_buf *out)
{
	hz_cleanup(hz_fd_close) int fd = -1;
	struct stat st = { 0 };
	enum hz_err err = open_regular(dirfd, name, &fd, &st);
	if (err != HZ_OK) {
		return err;
	}
	if (st.st_size < 0 || (uintmax_t)st.st_size > max) {
		return hz_fail(HZ_MSG_LIMIT, "%s: %jd bytes, at most %zu", name, (intmax_t)st.st_size, max);
	}
	size_t before = out->len;
	err = read_to_end(fd, name, max, out);
	if (err != HZ_OK) {
		if (out->secret && out->p != NULL) {
			explicit_bzero(out->p + before, out->len - before);
		}
		out->len = before;
	}
	return err;
}

enum hz_err
hz_dir_sync(int dirfd)
{
	hz_cleanup(hz_fd_close) int here = -1;
	if (dirfd == AT_FDCWD) {
		here = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		if (here < 0) {
			return hz_fail_sys(HZ_MSG_IO, errno, "open .");
		}
		dirfd = here;
	}
	/* EINVAL: a file system that has no such thing as syncing a folder. */
	if (fsync(dirfd) != 0 && errno != EINVAL) {
		return hz_fail_sys(HZ_MSG_IO, errno, "sync of a folder");
	}
	return HZ_OK;
}

/* A new file with its content on disk; gone again if that failed. */
static enum hz_err
write_new(int dirfd, const char *name, const void *p, size_t n, mode_t mode)
{
	hz_cleanup(hz_fd_close) int fd =
	    openat(dirfd, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode);
	if (fd < 0) {
		int e = errno;
		return hz_fail_sys(e == EEXIST ? HZ_MSG_TARGET_EXISTS : HZ_MSG_IO, e, "create %s", name);
	}
	enum hz_err err = HZ_OK;
	/* The umask may have taken bits. vfat cannot keep modes and says EPERM: it was forced by the user. */
	if (fchmod(fd, mode) != 0 && errno != EPERM && errno != ENOTSUP) {
		err = hz_fail_sys(HZ_MSG_IO, errno, "chmod %s", name);
	}
	if (err == HZ_OK) {
		err = hz_fd_write_all(fd, p, n);
	}
	if (err == HZ_OK && fsync(fd) != 0) {
		err = hz_fail_sys(HZ_MSG_IO, errno, "sync of %s", name);
	}
	if (err != HZ_OK) {
		(void)unlinkat(dirfd, name, 0);
	}
	return err;
}

static enum hz_err
plain_name(const char *name)
{
	/* Only the folder of dirfd is synced, so the name may not lead out of it. */
	if (name[0] == '\0' || strchr(name, '/') != NULL) {
		return hz_fail(HZ_MSG_INTERNAL, "not a plain file name: %s", name);
	}
	return HZ_OK;
}

enum hz_err
hz_file_replace(int dirfd, const char *name, const void *p, size_t n, mode_t mode)
{
	enum hz_err err = plain_name(name);
	if (err != HZ_OK) {
		return err;
	}
	char fresh[NAME_MAX + 1];
	int len = snprintf(fresh, sizeof fresh, "%s.new", name);
	if (len < 0 || (size_t)len >= sizeof fresh) {
		return hz_fail_sys(HZ_MSG_IO, ENAMETOOLONG, "%s", name);
	}
	/* What a dead run left. */
	if (unlinkat(dirfd, fresh, 0) != 0 && errno != ENOENT) {
		return hz_fail_sys(HZ_MSG_IO, errno, "unlink %s", fresh);
	}
	err = write_new(dirfd, fresh, p, n, mode);
	if (err != HZ_OK) {
		return err;
	}
	if (renameat(dirfd, fresh, dirfd, name) != 0) {
		err = hz_fail_sys(HZ_MSG_IO, errno, "rename %s", fresh);
		(void)unlinkat(dirfd, fresh, 0);
		return err;
	}
	return hz_dir_sync(dirfd);
}

enum hz_err
hz_file_create(int dirfd, const char *name, const void *p, size_t n, mode_t mode)
{
	enum hz_err err = plain_name(name);
	if (err == HZ_OK) {
		err = write_new(dirfd, name, p, n, mode);
	}
	return err == HZ_OK ? hz_dir_sync(dirfd) : err;
}

/* Opens the folder `name` in `at`, makes it first where it is missing. */
static enum hz_err
enter(int at, const char *name, int *ret_fd)
{
	int fd = openat(at, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0 && errno == ENOENT) {
		if (mkdirat(at, name, 0700) != 0 && errno != EEXIST) {
			return hz_fail_sys(HZ_MSG_IO, errno, "mkdir %s", name);
		}
		enum hz_err err = hz_dir_sync(at);
		if (err != HZ_OK) {
			return err;
		}
		/* Just made: anything but a folder of that name is somebody's trick. */
		fd = openat(at, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
	}
	if (fd < 0) {
		int e = errno;
		return hz_fail_sys(e == ENOTDIR ? HZ_MSG_NOT_A_FOLDER : HZ_MSG_IO, e, "open folder %s", name);
	}
	*ret_fd = fd;
	return HZ_OK;
}

enum hz_err
hz_dir_make(const char *path, int *ret_fd)
{
	if (path[0] == '\0') {
		return hz_fail_sys(HZ_MSG_IO, ENOENT, "empty path");
	}
	hz_cleanup(hz_fd_close) int at = open(path[0] == '/' ? "/" : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (at < 0) {
		return hz_fail_sys(HZ_MSG_IO, errno, "open %s", path[0] == '/' ? "/" : ".");
	}
	const char *p = path;
	for (;;) {
		p += strspn(p, "/");
		size_t len = strcspn(p, "/");
		if (len == 0) {
			break;
		}
		char name[NAME_MAX + 1];
		if (len >= sizeof name) {
			return hz_fail_sys(HZ_MSG_IO, ENAMETOOLONG, "%s", path);
		}
		memcpy(name, p, len);
		name[len] = '\0';
		int next = -1;
		enum hz_err err = enter(at, name, &next);
		if (err != HZ_OK) {
			return err;
		}
		hz_fd_close(&at);
		at = next;
		p += len;
	}
	*ret_fd = at;
	at = -1;
	return HZ_OK;
}
