#include "base/fd.h"
#include "tests.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

struct folder {
	char path[64];
	int fd;
};

static int
folder_up(void **state)
{
	struct folder *f = calloc(1, sizeof *f);
	if (f == NULL) {
		return -1;
	}
	(void)snprintf(f->path, sizeof f->path, "/tmp/hirz-test-XXXXXX");
	if (mkdtemp(f->path) == NULL) {
		free(f);
		return -1;
	}
	f->fd = open(f->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	*state = f;
	return f->fd < 0 ? -1 : 0;
}

static int
folder_down(void **state)
{
	struct folder *f = *state;
	static const char *const files[] = { "file", "file.new", "fifo", "link", "a" };
	static const char *const folders[] = { "d/e/f", "d/e", "d", "file" };
	for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
		(void)unlinkat(f->fd, files[i], 0);
	}
	for (size_t i = 0; i < sizeof folders / sizeof folders[0]; i++) {
		(void)unlinkat(f->fd, folders[i], AT_REMOVEDIR);
	}
	(void)close(f->fd);
	int rc = rmdir(f->path);
	free(f);
	return rc;
}

static void
check_content(int dirfd, const char *name, const char *want)
{
	struct hz_buf b = HZ_BUF_INIT(100);
	const char *s = NULL;
	assert_ok(hz_file_read(dirfd, name, 100, &b));
	assert_ok(hz_buf_cstr(&b, &s));
	assert_string_equal(s, want);
	hz_buf_done(&b);
}

static bool
is_there(int dirfd, const char *name)
{
	struct stat st;
	return fstatat(dirfd, name, &st, AT_SYMLINK_NOFOLLOW) == 0;
}

static void
replace(void **state)
{
	struct folder *f = *state;
	struct stat st;
	mode_t old = umask(077);
	assert_ok(hz_file_replace(f->fd, "file", "one", 3, 0640));
	(void)umask(old);
	check_content(f->fd, "file", "one");
	assert_int_equal(fstatat(f->fd, "file", &st, 0), 0);
	assert_int_equal(st.st_mode & 07777, 0640);
	ino_t ino = st.st_ino;
	/* Rests of a dead run: a file, then a link to something precious. */
	assert_ok(hz_file_create(f->fd, "file.new", "rest", 4, 0600));
	assert_ok(hz_file_replace(f->fd, "file", "two", 3, 0600));
	check_content(f->fd, "file", "two");
	assert_int_equal(fstatat(f->fd, "file", &st, 0), 0);
	assert_true(st.st_ino != ino);
	assert_false(is_there(f->fd, "file.new"));
	assert_ok(hz_file_create(f->fd, "a", "precious", 8, 0600));
	assert_int_equal(symlinkat("a", f->fd, "file.new"), 0);
	assert_ok(hz_file_replace(f->fd, "file", "three", 5, 0600));
	check_content(f->fd, "file", "three");
	check_content(f->fd, "a", "precious");
	assert_ok(hz_file_replace(f->fd, "file", NULL, 0, 0600));
	check_content(f->fd, "file", "");
}

static void
replace_fails_cleanly(void **state)
{
	struct folder *f = *state;
	assert_err(hz_file_replace(f->fd, "d/file", "x", 1, 0600), HZ_ERR_INTERNAL);
	assert_err(hz_file_replace(f->fd, "", "x", 1, 0600), HZ_ERR_INTERNAL);
	assert_err(hz_file_create(f->fd, "d/file", "x", 1, 0600), HZ_ERR_INTERNAL);
	char name[300];
	memset(name, 'n', sizeof name);
	name[252] = '\0';
	assert_err(hz_file_replace(f->fd, name, "x", 1, 0600), HZ_ERR_IO);
	assert_int_equal(hz_fail_errno(), ENAMETOOLONG);
	name[251] = '\0';
	assert_ok(hz_file_replace(f->fd, name, "x", 1, 0600));
	assert_int_equal(unlinkat(f->fd, name, 0), 0);
	/* A folder is in the way of the rename: nothing of ours stays. */
	assert_int_equal(mkdirat(f->fd, "file", 0700), 0);
	assert_err(hz_file_replace(f->fd, "file", "x", 1, 0600), HZ_ERR_IO);
	assert_false(is_there(f->fd, "file.new"));
	assert_err(hz_file_replace(-1, "file", "x", 1, 0600), HZ_ERR_IO);
}

/* The device is full (here: no file may grow over 4 bytes): the old content stands. */
static void
full_disk_keeps_the_old(void **state)
{
	struct folder *f = *state;
	assert_ok(hz_file_replace(f->fd, "file", "old", 3, 0600));
	pid_t pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		struct rlimit four = { 4, 4 };
		(void)signal(SIGXFSZ, SIG_IGN);
		(void)setrlimit(RLIMIT_FSIZE, &four);
		bool good = hz_file_replace(f->fd, "file", "longer", 6, 0600) == HZ_ERR_IO &&
			    hz_fail_errno() == EFBIG &&
			    hz_file_create(f->fd, "a", "longer", 6, 0600) == HZ_ERR_IO;
		_exit(good ? 0 : 1);
	}
	int status = 1;
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	check_content(f->fd, "file", "old");
	assert_false(is_there(f->fd, "file.new"));
	assert_false(is_there(f->fd, "a"));
}

static void
create_needs_a_free_name(void **state)
{
	struct folder *f = *state;
	assert_ok(hz_file_create(f->fd, "file", "one", 3, 0600));
	assert_err(hz_file_create(f->fd, "file", "two", 3, 0600), HZ_ERR_EXISTS);
	check_content(f->fd, "file", "one");
	/* A link to nowhere is a taken name too. */
	assert_int_equal(symlinkat("a", f->fd, "link"), 0);
	assert_err(hz_file_create(f->fd, "link", "x", 1, 0600), HZ_ERR_EXISTS);
	assert_false(is_there(f->fd, "a"));
}

static void
read_refuses(void **state)
{
	struct folder *f = *state;
	struct hz_buf b = HZ_BUF_INIT(100);
	assert_ok(hz_buf_puts(&b, "keep"));
	assert_err(hz_file_read(f->fd, "file", 10, &b), HZ_ERR_NOT_FOUND);
	assert_int_equal(hz_fail_errno(), ENOENT);
	assert_ok(hz_file_create(f->fd, "file", "0123456789", 10, 0600));
	assert_err(hz_file_read(f->fd, "file", 9, &b), HZ_ERR_LIMIT);
	assert_int_equal(b.len, 4);
	assert_ok(hz_file_read(f->fd, "file", 10, &b));
	assert_int_equal(b.len, 14);
	assert_memory_equal(b.p, "keep0123456789", 14);
	b.len = 95;
	assert_err(hz_file_read(f->fd, "file", 10, &b), HZ_ERR_LIMIT);
	assert_int_equal(b.len, 95);
	assert_int_equal(symlinkat("file", f->fd, "link"), 0);
	assert_err(hz_file_read(f->fd, "link", 10, &b), HZ_ERR_USAGE);
	assert_int_equal(hz_fail_msg(), HZ_MSG_SOURCE_NOT_REGULAR);
	assert_int_equal(mkfifoat(f->fd, "fifo", 0600), 0);
	assert_err(hz_file_read(f->fd, "fifo", 10, &b), HZ_ERR_USAGE);
	assert_err(hz_file_read(f->fd, ".", 10, &b), HZ_ERR_USAGE);
	/* Says size 0 and has content: the limit meets what is read. */
	assert_err(hz_file_read(AT_FDCWD, "/proc/self/maps", 20, &b), HZ_ERR_LIMIT);
	assert_int_equal(b.len, 95);
	hz_buf_done(&b);
}

static void
large_file_is_read_whole(void **state)
{
	struct folder *f = *state;
	static char big[100000];
	for (size_t i = 0; i < sizeof big; i++) {
		big[i] = (char)(i * 7 + i / 251);
	}
	assert_ok(hz_file_create(f->fd, "file", big, sizeof big, 0600));
	struct hz_buf b = HZ_BUF_SECRET_INIT(sizeof big);
	assert_ok(hz_file_read(f->fd, "file", sizeof big, &b));
	assert_int_equal(b.len, sizeof big);
	assert_memory_equal(b.p, big, sizeof big);
	hz_buf_done(&b);
	hz_cleanup(hz_fd_close) int fd = openat(f->fd, "file", O_RDONLY | O_CLOEXEC);
	char part[64];
	size_t n = 0;
	assert_ok(hz_fd_pread_full(fd, part, 64, 99990, &n));
	assert_int_equal(n, 10);
	assert_memory_equal(part, big + 99990, 10);
	assert_ok(hz_fd_pread_full(fd, part, 64, 200000, &n));
	assert_int_equal(n, 0);
	assert_err(hz_fd_pread_full(fd, part, 64, UINT64_MAX, &n), HZ_ERR_LIMIT);
	assert_err(hz_fd_pread_full(fd, part, 64, INT64_MAX - 63, &n), HZ_ERR_LIMIT);
}

static void
pieces_through_a_pipe(void **state)
{
	(void)state;
	int p[2];
	assert_int_equal(pipe(p), 0);
	pid_t pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		(void)close(p[0]);
		enum hz_err err = hz_fd_write_all(p[1], "first ", 6);
		(void)usleep(20000);
		if (err == HZ_OK) {
			err = hz_fd_write_all(p[1], "second", 6);
		}
		_exit(err == HZ_OK ? 0 : 1);
	}
	(void)close(p[1]);
	char text[32] = "";
	size_t n = 0;
	assert_ok(hz_fd_read_full(p[0], text, sizeof text - 1, &n));
	assert_int_equal(n, 12);
	assert_string_equal(text, "first second");
	int status = 1;
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	assert_int_equal(close(p[0]), 0);
	assert_err(hz_fd_read_full(-1, text, 1, &n), HZ_ERR_IO);
	assert_err(hz_fd_write_all(-1, text, 1), HZ_ERR_IO);
	hz_cleanup(hz_fd_close) int full = open("/dev/full", O_WRONLY | O_CLOEXEC);
	assert_true(full >= 0);
	assert_err(hz_fd_write_all(full, "x", 1), HZ_ERR_NOSPACE);
	int none = -1;
	hz_fd_close(&none);
	assert_int_equal(none, -1);
}

static void
folders_are_made(void **state)
{
	struct folder *f = *state;
	char path[128];
	struct stat a;
	struct stat b;
	int fd = -1;
	mode_t old = umask(0);
	(void)snprintf(path, sizeof path, "%s//d/e/./f/", f->path);
	assert_ok(hz_dir_make(path, &fd));
	(void)umask(old);
	assert_int_equal(fstat(fd, &a), 0);
	assert_int_equal(fstatat(f->fd, "d/e/f", &b, AT_SYMLINK_NOFOLLOW), 0);
	assert_true(a.st_ino == b.st_ino && a.st_dev == b.st_dev);
	assert_int_equal(a.st_mode & 07777, 0700);
	assert_int_equal(fcntl(fd, F_GETFD) & FD_CLOEXEC, FD_CLOEXEC);
	hz_fd_close(&fd);
	assert_ok(hz_dir_make(path, &fd));
	assert_ok(hz_dir_sync(fd));
	hz_fd_close(&fd);
	assert_ok(hz_dir_sync(AT_FDCWD));
	assert_ok(hz_dir_make(".", &fd));
	hz_fd_close(&fd);
	assert_ok(hz_dir_make("/", &fd));
	hz_fd_close(&fd);
	assert_ok(hz_file_create(f->fd, "file", "x", 1, 0600));
	(void)snprintf(path, sizeof path, "%s/file/sub", f->path);
	assert_err(hz_dir_make(path, &fd), HZ_ERR_NO_VAULT);
	(void)snprintf(path, sizeof path, "%s/file", f->path);
	assert_err(hz_dir_make(path, &fd), HZ_ERR_NO_VAULT);
	assert_err(hz_dir_make("", &fd), HZ_ERR_IO);
	assert_err(hz_dir_sync(-1), HZ_ERR_IO);
	char long_name[400];
	memset(long_name, 'n', sizeof long_name - 1);
	long_name[399] = '\0';
	assert_err(hz_dir_make(long_name, &fd), HZ_ERR_IO);
	assert_int_equal(fd, -1);
}

/* In a child: its three first descriptors are gone. */
static void
standard_descriptors_are_filled(void **state)
{
	(void)state;
	pid_t pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		(void)close(0);
		(void)close(1);
		(void)close(2);
		hz_fd_fill_std();
		char c = 'x';
		bool good = fcntl(0, F_GETFD) == 0 && fcntl(1, F_GETFD) == 0 && fcntl(2, F_GETFD) == 0;
		good = good && open("/dev/null", O_RDONLY | O_CLOEXEC) >= 3;
		/* A closed output is an error still, not a hole that swallows. */
		good = good && write(1, &c, 1) < 0 && errno == EBADF && read(0, &c, 1) < 0 && errno == EBADF;
		_exit(good ? 0 : 1);
	}
	int status = 1;
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
}

static void
spare_descriptors(void **state)
{
	(void)state;
	if (getenv("HIRZ_TEST_VALGRIND") != NULL) {
		return; /* it keeps descriptors of the process for itself */
	}
	pid_t pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		const struct rlimit few = { 20, 20 };
		bool good = setrlimit(RLIMIT_NOFILE, &few) == 0;
		unsigned n = hz_fd_spare(1000);
		int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
		good = good && n > 2 && n <= 17 && fd >= 0 && hz_fd_spare(1000) == n - 1;
		good = good && hz_fd_spare(2) == 2 && hz_fd_spare(0) == 0;
		for (; n > 1; n--) {
			good = good && dup(fd) >= 0;
		}
		_exit(good && hz_fd_spare(1000) == 0 && dup(fd) < 0 ? 0 : 1);
	}
	int status = 1;
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
}

static void
process_is_hardened(void **state)
{
	(void)state;
	pid_t pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		struct rlimit core = { 1, 1 };
		hz_process_harden();
		bool good = getrlimit(RLIMIT_CORE, &core) == 0 && core.rlim_cur == 0 && core.rlim_max == 0;
#if !defined(__SANITIZE_ADDRESS__) && !defined(__clang__)
		good = good && prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) == 0;
#endif
		_exit(good ? 0 : 1);
	}
	int status = 1;
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
}

static int
cancelled_child(void)
{
	int p[2];
	char c;
	size_t n;
	(void)signal(SIGHUP, SIG_IGN);
	hz_cancel_install();
	struct sigaction hup;
	if (sigaction(SIGHUP, NULL, &hup) != 0 || hup.sa_handler != SIG_IGN) {
		return 2;
	}
	if (hz_cancel_signal() != 0 || hz_cancel_check() != HZ_OK || pipe(p) != 0) {
		return 3;
	}
	/* Somebody presses Ctrl-C while we wait for a pipe. */
	pid_t self = getpid();
	pid_t pid = fork();
	if (pid == 0) {
		(void)usleep(30000);
		_exit(kill(self, SIGTERM) == 0 ? 0 : 1);
	}
	if (hz_fd_read_full(p[0], &c, 1, &n) != HZ_ERR_CANCELLED) {
		return 4;
	}
	(void)raise(SIGINT);
	if (hz_cancel_signal() != SIGTERM || hz_cancel_check() != HZ_ERR_CANCELLED) {
		return 5; /* the first signal is the one that counts */
	}
	(void)raise(SIGINT);
	return 6; /* the third one ends us */
}

static void
signals_cancel(void **state)
{
	(void)state;
	pid_t pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		_exit(cancelled_child());
	}
	int status = 0;
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFSIGNALED(status));
	assert_int_equal(WTERMSIG(status), SIGINT);
}

#define in_folder(test) cmocka_unit_test_setup_teardown(test, folder_up, folder_down)
const struct CMUnitTest fd_tests[] = {
	in_folder(replace),
	in_folder(replace_fails_cleanly),
	in_folder(full_disk_keeps_the_old),
	in_folder(create_needs_a_free_name),
	in_folder(read_refuses),
	in_folder(large_file_is_read_whole),
	in_folder(folders_are_made),
	cmocka_unit_test(pieces_through_a_pipe),
	cmocka_unit_test(standard_descriptors_are_filled),
	cmocka_unit_test(spare_descriptors),
	cmocka_unit_test(process_is_hardened),
	cmocka_unit_test(signals_cancel),
};
const size_t fd_count = sizeof fd_tests / sizeof fd_tests[0];
