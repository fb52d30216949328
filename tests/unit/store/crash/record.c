/* The recorder: a library that LD_PRELOAD puts before libc's calls that change files. It passes each call on
 * and logs what was done, in the order in which it was done, so that crash-replay can build every state that
 * a power cut may leave. Lines written to standard output are logged as acknowledgements: what they promise
 * must be in each later state.
 *
 * CRASH_LOG names the log, CRASH_ROOT the folder whose files count (absolute). Log format: see log.h. */
#include "log.h"
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#define EXPORT __attribute__((visibility("default")))

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int log_fd = -1;
static char root[PATH_MAX];
static size_t root_len;

/* libc's own function of a name; found anew when two threads come first at once. The union is the one
 * portable way from dlsym to a function pointer. */
#define REAL(ret, name, ...)                                                                                 \
	static union {                                                                                       \
		void *p;                                                                                     \
		ret (*f)(__VA_ARGS__);                                                                       \
	} real_##name;                                                                                       \
	if (real_##name.p == NULL)                                                                           \
	real_##name.p = dlsym(RTLD_NEXT, #name)

static ssize_t
raw_write(int fd, const void *p, size_t n)
{
	REAL(ssize_t, write, int, const void *, size_t);
	return real_write.f(fd, p, n);
}

static void
die(const char *what)
{
	(void)raw_write(2, what, strlen(what));
	_exit(125);
}

/* One append for each entry: other processes of the recorded program write into the same log. */
static void
log_put(struct iovec *v, int count)
{
	size_t n = 0;

	REAL(ssize_t, writev, int, const struct iovec *, int);
	for (int i = 0; i < count; i++) {
		n += v[i].iov_len;
	}
	if (real_writev.f(log_fd, v, count) != (ssize_t)n) {
		die("crash-record: cannot write the log\n");
	}
}

static bool
log_ready(void)
{
	if (log_fd < 0) {
		const char *name = getenv("CRASH_LOG"), *r = getenv("CRASH_ROOT");

		REAL(int, open, const char *, int, ...);
		if (name == NULL || r == NULL || (root_len = strlen(r)) == 0 || root_len >= sizeof(root)) {
			return false;
		}
		memcpy(root, r, root_len + 1);
		log_fd = real_open.f(name, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
		if (log_fd < 0) {
			die("crash-record: cannot open the log\n");
		}
		/* Out of the way of programs that count on low numbers. */
		int high = fcntl(log_fd, F_DUPFD_CLOEXEC, 800);

		if (high >= 0) {
			(void)close(log_fd);
			log_fd = high;
		}
	}
	return true;
}

/* The name of an open file relative to the root; NULL when it is none of ours. */
static const char *
fd_name(int fd, char *buf, size_t n)
{
	char link[64];
	ssize_t len;

	(void)snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	len = readlink(link, buf, n - 1);
	if (len <= 0) {
		return NULL;
	}
	buf[len] = '\0';
	if (strncmp(buf, root, root_len) != 0 || (buf[root_len] != '/' && buf[root_len] != '\0')) {
		return NULL;
	}
	return buf[root_len] == '/' ? buf + root_len + 1 : "";
}

/* The same for a path: its folder is resolved, its last part is not. */
static const char *
path_name(int dirfd, const char *path, char *buf, size_t n)
{
	char dir[PATH_MAX], real[PATH_MAX];
	const char *slash = strrchr(path, '/'), *last = slash != NULL ? slash + 1 : path;

	if (path[0] != '/' && dirfd != AT_FDCWD) {
		char link[64];
		ssize_t len;

		(void)snprintf(link, sizeof(link), "/proc/self/fd/%d", dirfd);
		len = readlink(link, dir, sizeof(dir) - 1);
		if (len <= 0) {
			return NULL;
		}
		dir[len] = '\0';
		if (slash != NULL) {
			(void)snprintf(
			    dir + len, sizeof(dir) - (size_t)len, "/%.*s", (int)(slash - path), path);
		}
	} else if (slash != NULL) {
		(void)snprintf(dir, sizeof(dir), "%.*s", slash == path ? 1 : (int)(slash - path), path);
	} else {
		(void)snprintf(dir, sizeof(dir), ".");
	}
	if (realpath(dir, real) == NULL || (size_t)snprintf(buf, n, "%s/%s", real, last) >= n) {
		return NULL;
	}
	if (strncmp(buf, root, root_len) != 0 || buf[root_len] != '/') {
		return NULL;
	}
	return buf + root_len + 1;
}

static void *
loose(const void *p)
{
	union {
		const void *in;
		void *out;
	} u = { p };

	return u.out; /* an iovec to write from is never written to */
}

/* Writes one entry: op, flags, inode, offset, then two byte strings. */
static void
entry(char op, int flags, uint64_t ino, uint64_t off, const void *a, size_t an, const void *b, size_t bn)
{
	struct crash_entry e = { .magic = CRASH_MAGIC,
		.op = (uint8_t)op,
		.flags = (uint8_t)flags,
		.ino = ino,
		.off = off,
		.a = an,
		.b = bn };
	struct iovec v[3] = { { &e, sizeof(e) }, { loose(a), an }, { loose(b), bn } };

	log_put(v, 3);
}

static uint64_t
fd_ino(int fd)
{
	struct stat st;
	int old = errno, rc = fstat(fd, &st);

	errno = old;
	return rc == 0 && (S_ISREG(st.st_mode) || S_ISDIR(st.st_mode)) ? st.st_ino : 0;
}

static void
names_entry(char op, const char *a, const char *b, uint64_t ino)
{
	entry(op, 0, ino, 0, a, strlen(a), b, strlen(b));
}

/* After a call that may have made or cut a file. */
static int
opened(int fd, bool was, int flags)
{
	char buf[PATH_MAX];
	int old = errno;
	const char *name;

	(void)pthread_mutex_lock(&lock);
	if (fd >= 0 && log_ready() && (name = fd_name(fd, buf, sizeof(buf))) != NULL) {
		if (!was && (flags & (O_CREAT | O_TMPFILE)) != 0) {
			/* A nameless file has no entry in a folder yet. */
			names_entry('C', (flags & O_TMPFILE) == O_TMPFILE ? "" : name, "", fd_ino(fd));
		} else if (flags & O_TRUNC) {
			entry('T', 0, fd_ino(fd), 0, "", 0, "", 0);
		}
	}
	(void)pthread_mutex_unlock(&lock);
	errno = old;
	return fd;
}

static bool
there(int dirfd, const char *path)
{
	struct stat st;
	int old = errno, rc = fstatat(dirfd, path, &st, 0);

	errno = old;
	return rc == 0;
}

#define OPEN_MODE                                                                                            \
	mode_t mode = 0;                                                                                     \
	if ((flags & O_CREAT) != 0 || (flags & O_TMPFILE) == O_TMPFILE) {                                    \
		va_list ap;                                                                                  \
		va_start(ap, flags);                                                                         \
		mode = va_arg(ap, mode_t);                                                                   \
		va_end(ap);                                                                                  \
	}

#define OPEN_LIKE(name)                                                                                      \
	EXPORT int name(const char *path, int flags, ...)                                                    \
	{                                                                                                    \
		bool was = (flags & O_TMPFILE) != O_TMPFILE && there(AT_FDCWD, path);                        \
		REAL(int, name, const char *, int, ...);                                                     \
		OPEN_MODE                                                                                    \
		return opened(real_##name.f(path, flags, mode), was, flags);                                 \
	}
#define OPENAT_LIKE(name)                                                                                    \
	EXPORT int name(int dir, const char *path, int flags, ...)                                           \
	{                                                                                                    \
		bool was = (flags & O_TMPFILE) != O_TMPFILE && there(dir, path);                             \
		REAL(int, name, int, const char *, int, ...);                                                \
		OPEN_MODE                                                                                    \
		return opened(real_##name.f(dir, path, flags, mode), was, flags);                            \
	}
OPEN_LIKE(open)
OPEN_LIKE(open64)
OPENAT_LIKE(openat)
OPENAT_LIKE(openat64)

/* What a program built with _FORTIFY_SOURCE calls when it gives no mode. */
int __open_2(const char *path, int flags);
int __open64_2(const char *path, int flags);
int __openat_2(int dir, const char *path, int flags);
int __openat64_2(int dir, const char *path, int flags);
EXPORT int
__open_2(const char *path, int flags)
{
	return open(path, flags, 0);
}
EXPORT int
__open64_2(const char *path, int flags)
{
	return open64(path, flags, 0);
}
EXPORT int
__openat_2(int dir, const char *path, int flags)
{
	return openat(dir, path, flags, 0);
}
EXPORT int
__openat64_2(int dir, const char *path, int flags)
{
	return openat64(dir, path, flags, 0);
}

/* A write of n bytes at off. What a descriptor of O_DSYNC or O_SYNC takes is on disk when the call returns,
 * but not before: the replayer may still tear it. */
static void
wrote(int fd, const void *p, size_t n, uint64_t off)
{
	char buf[PATH_MAX];
	int flags, old = errno;

	(void)pthread_mutex_lock(&lock);
	if (n > 0 && log_ready()) {
		if (fd == 1) {
			entry('A', 0, 0, 0, p, n, "", 0);
		} else if (fd_name(fd, buf, sizeof(buf)) != NULL) {
			flags = fcntl(fd, F_GETFL);
			entry('W', flags >= 0 && (flags & O_DSYNC) ? CRASH_DSYNC : 0, fd_ino(fd), off, p, n,
			    "", 0);
		}
	}
	(void)pthread_mutex_unlock(&lock);
	errno = old;
}

/* Where a write without an offset went: the position behind it tells. */
static uint64_t
went_to(int fd, ssize_t n)
{
	int old = errno;
	off_t end = fd == 1 ? -1 : lseek(fd, 0, SEEK_CUR);

	errno = old;
	return end >= n ? (uint64_t)(end - n) : 0;
}

EXPORT ssize_t
write(int fd, const void *p, size_t n)
{
	ssize_t w = raw_write(fd, p, n);

	if (w > 0 && fd != log_fd) {
		wrote(fd, p, (size_t)w, went_to(fd, w));
	}
	return w;
}

#define PWRITE_LIKE(name, off_type)                                                                          \
	EXPORT ssize_t name(int fd, const void *p, size_t n, off_type off)                                   \
	{                                                                                                    \
		REAL(ssize_t, name, int, const void *, size_t, off_type);                                    \
		ssize_t w = real_##name.f(fd, p, n, off);                                                    \
		if (w > 0) {                                                                                 \
			wrote(fd, p, (size_t)w, (uint64_t)off);                                              \
		}                                                                                            \
		return w;                                                                                    \
	}
PWRITE_LIKE(pwrite, off_t)
PWRITE_LIKE(pwrite64, off64_t)

static void
wrote_vector(int fd, const struct iovec *v, int count, ssize_t w, uint64_t off)
{
	size_t left = w > 0 ? (size_t)w : 0;

	for (int i = 0; i < count && left > 0; i++) {
		size_t n = v[i].iov_len < left ? v[i].iov_len : left;

		wrote(fd, v[i].iov_base, n, off);
		off += n;
		left -= n;
	}
}

EXPORT ssize_t
writev(int fd, const struct iovec *v, int count)
{
	REAL(ssize_t, writev, int, const struct iovec *, int);
	ssize_t w = real_writev.f(fd, v, count);

	if (w > 0) {
		wrote_vector(fd, v, count, w, went_to(fd, w));
	}
	return w;
}

#define PWRITEV_LIKE(name, off_type)                                                                         \
	EXPORT ssize_t name(int fd, const struct iovec *v, int count, off_type off)                          \
	{                                                                                                    \
		REAL(ssize_t, name, int, const struct iovec *, int, off_type);                               \
		ssize_t w = real_##name.f(fd, v, count, off);                                                \
		wrote_vector(fd, v, count, w, (uint64_t)off);                                                \
		return w;                                                                                    \
	}
PWRITEV_LIKE(pwritev, off_t)
PWRITEV_LIKE(pwritev64, off64_t)

/* Ways to write that the log could not follow are refused, so that no one takes their absence for success. */
EXPORT ssize_t
copy_file_range(int in, off64_t *in_off, int out, off64_t *out_off, size_t n, unsigned flags)
{
	(void)in, (void)in_off, (void)out, (void)out_off, (void)n, (void)flags;
	errno = EXDEV;
	return -1;
}

EXPORT ssize_t
sendfile(int out, int in, off_t *off, size_t n)
{
	(void)out, (void)in, (void)off, (void)n;
	errno = EINVAL;
	return -1;
}

EXPORT ssize_t
sendfile64(int out, int in, off64_t *off, size_t n)
{
	(void)out, (void)in, (void)off, (void)n;
	errno = EINVAL;
	return -1;
}

static void
fd_entry(char op, int flags, int fd, uint64_t off)
{
	char buf[PATH_MAX];
	int old = errno;
	struct stat st;
	const char *name;

	(void)pthread_mutex_lock(&lock);
	if (log_ready() && (name = fd_name(fd, buf, sizeof(buf))) != NULL && fstat(fd, &st) == 0) {
		flags |= S_ISDIR(st.st_mode) ? CRASH_DIR : 0;
		entry(op, flags, st.st_ino, off, name, strlen(name), "", 0);
	}
	(void)pthread_mutex_unlock(&lock);
	errno = old;
}

#define FTRUNCATE_LIKE(name, off_type)                                                                       \
	EXPORT int name(int fd, off_type n)                                                                  \
	{                                                                                                    \
		REAL(int, name, int, off_type);                                                              \
		int rc = real_##name.f(fd, n);                                                               \
		if (rc == 0) {                                                                               \
			fd_entry('T', 0, fd, (uint64_t)n);                                                   \
		}                                                                                            \
		return rc;                                                                                   \
	}
FTRUNCATE_LIKE(ftruncate, off_t)
FTRUNCATE_LIKE(ftruncate64, off64_t)

/* Room that is only reserved changes nothing that can be read back, but we do not follow it. */
EXPORT int
fallocate(int fd, int mode, off_t off, off_t n)
{
	(void)fd, (void)mode, (void)off, (void)n;
	errno = EOPNOTSUPP;
	return -1;
}
EXPORT int
fallocate64(int fd, int mode, off64_t off, off64_t n)
{
	return fallocate(fd, mode, off, n);
}

static uint64_t
log_length(void)
{
	struct stat st;

	return log_ready() && fstat(log_fd, &st) == 0 ? (uint64_t)st.st_size : 0;
}

/* A sync covers what was logged before it began: its entry carries the log's length of that moment. */
#define SYNC_LIKE(name, all)                                                                                 \
	EXPORT int name(int fd)                                                                              \
	{                                                                                                    \
		REAL(int, name, int);                                                                        \
		uint64_t begun = log_length();                                                               \
		int rc = real_##name.f(fd);                                                                  \
		if (rc == 0) {                                                                               \
			fd_entry('S', all, fd, begun);                                                       \
		}                                                                                            \
		return rc;                                                                                   \
	}
SYNC_LIKE(fsync, 0)
SYNC_LIKE(fdatasync, 0)
SYNC_LIKE(syncfs, CRASH_ALL)

static void
two_names(char op, int from_dir, const char *from, int to_dir, const char *to, uint64_t ino)
{
	char a[PATH_MAX], b[PATH_MAX];
	const char *x, *y;
	int old = errno;

	(void)pthread_mutex_lock(&lock);
	if (log_ready()) {
		x = from == NULL ? "" : path_name(from_dir, from, a, sizeof(a));
		y = path_name(to_dir, to, b, sizeof(b));
		if (y != NULL) {
			names_entry(op, x != NULL ? x : "", y, ino);
		}
	}
	(void)pthread_mutex_unlock(&lock);
	errno = old;
}

EXPORT int
renameat2(int from_dir, const char *from, int to_dir, const char *to, unsigned flags)
{
	REAL(int, renameat2, int, const char *, int, const char *, unsigned);
	int rc = real_renameat2.f(from_dir, from, to_dir, to, flags);

	if (rc == 0) {
		if (flags & 2u) {
			die("crash-record: exchanging names is not followed\n");
		}
		two_names('R', from_dir, from, to_dir, to, 0);
	}
	return rc;
}

EXPORT int
renameat(int from_dir, const char *from, int to_dir, const char *to)
{
	return renameat2(from_dir, from, to_dir, to, 0);
}

EXPORT int
rename(const char *from, const char *to)
{
	return renameat2(AT_FDCWD, from, AT_FDCWD, to, 0);
}

EXPORT int
linkat(int from_dir, const char *from, int to_dir, const char *to, int flags)
{
	struct stat st = { 0 };
	REAL(int, linkat, int, const char *, int, const char *, int);
	int rc = real_linkat.f(from_dir, from, to_dir, to, flags);

	if (rc == 0 && fstatat(to_dir, to, &st, AT_SYMLINK_NOFOLLOW) == 0) {
		two_names('L', AT_FDCWD, NULL, to_dir, to, st.st_ino);
	}
	return rc;
}

EXPORT int
link(const char *from, const char *to)
{
	return linkat(AT_FDCWD, from, AT_FDCWD, to, 0);
}

EXPORT int
unlinkat(int dir, const char *path, int flags)
{
	char b[PATH_MAX];
	const char *name = NULL;
	int rc;
	REAL(int, unlinkat, int, const char *, int);

	(void)pthread_mutex_lock(&lock);
	if (log_ready()) {
		name = path_name(dir, path, b, sizeof(b));
	}
	rc = real_unlinkat.f(dir, path, flags);
	if (rc == 0 && name != NULL) {
		names_entry('U', name, "", 0);
	}
	(void)pthread_mutex_unlock(&lock);
	return rc;
}

EXPORT int
unlink(const char *path)
{
	return unlinkat(AT_FDCWD, path, 0);
}

EXPORT int
rmdir(const char *path)
{
	return unlinkat(AT_FDCWD, path, AT_REMOVEDIR);
}

EXPORT int
remove(const char *path)
{
	struct stat st;

	if (lstat(path, &st) != 0) {
		return -1;
	}
	return S_ISDIR(st.st_mode) ? rmdir(path) : unlink(path);
}

EXPORT int
mkdirat(int dir, const char *path, mode_t mode)
{
	REAL(int, mkdirat, int, const char *, mode_t);
	int rc = real_mkdirat.f(dir, path, mode);

	if (rc == 0) {
		two_names('D', AT_FDCWD, NULL, dir, path, 0);
	}
	return rc;
}

EXPORT int
mkdir(const char *path, mode_t mode)
{
	return mkdirat(AT_FDCWD, path, mode);
}

/* A shared writable map changes files behind the log's back. LMDB maps lock.mdb so; its content means
 * nothing after a power cut, so lock files are let through and all others are refused. */
static void
map_check(int prot, int flags, int fd)
{
	char buf[PATH_MAX];
	const char *name;

	if (fd >= 0 && (prot & PROT_WRITE) != 0 && (flags & MAP_SHARED) != 0 && log_ready()) {
		name = fd_name(fd, buf, sizeof(buf));
		if (name != NULL && strstr(name, "lock.mdb") == NULL) {
			die("crash-record: a shared writable map is not followed\n");
		}
	}
}

#define MMAP_LIKE(name, off_type)                                                                            \
	EXPORT void *name(void *at, size_t n, int prot, int flags, int fd, off_type off)                     \
	{                                                                                                    \
		REAL(void *, name, void *, size_t, int, int, int, off_type);                                 \
		map_check(prot, flags, fd);                                                                  \
		return real_##name.f(at, n, prot, flags, fd, off);                                           \
	}
MMAP_LIKE(mmap, off_t)
MMAP_LIKE(mmap64, off64_t)

/* stdio does not call write through the table that we sit in: its stdout becomes a stream of ours. */
static ssize_t
out_write(void *cookie, const char *p, size_t n)
{
	(void)cookie;
	return write(1, p, n);
}

__attribute__((constructor)) static void
out_replace(void)
{
	const cookie_io_functions_t io = { .write = out_write };

	if (getenv("CRASH_LOG") != NULL) {
		FILE *f = fopencookie(NULL, "w", io);

		if (f == NULL) {
			die("crash-record: no standard output\n");
		}
		stdout = f;
	}
}
