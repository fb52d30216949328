/* Breaking out: each attempt with no walls (the control, where it must be possible), with each wall alone,
 * and in the whole sandbox; as this user and, when that is root, as a user without rights. */
#include "sandbox/walls.h"
#include "tests.h"
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define SETPRIV "/usr/bin/setpriv"

/* Outcomes; "-" is not looked at. */
struct attempt {
	const char *name;
	const char *landlock;
	int landlock_abi; /* from this version of the kernel's Landlock on */
	const char *parser, *reader;
};

static const struct attempt attempts[] = {
	{ "open", "denied EACCES", 1, "killed", "killed" },
	{ "create", "denied EACCES", 1, "killed", "killed" },
	{ "unlink", "denied EACCES", 1, "killed", "killed" },
	{ "truncate", "denied EACCES", 3, "killed", "killed" },
	{ "stat", "-", 0, "killed", "-" },
	{ "udp", "-", 0, "killed", "killed" },
	{ "unix", "-", 0, "killed", "killed" },
	{ "connect", "denied EACCES", 4, "killed", "killed" },
	{ "connect-abstract", "denied EPERM", 6, "killed", "killed" },
	{ "exec", "denied EACCES", 1, "killed", "killed" },
	{ "fork", "-", 0, "killed", "killed" },
	{ "ptrace", "denied EPERM", 1, "killed", "killed" },
	{ "read-parent", "denied EPERM", 1, "killed", "killed" },
	{ "kill", "denied EPERM", 6, "killed", "killed" },
	{ "map-exec", "-", 0, "killed", "killed" },
	{ "protect-exec", "-", 0, "killed", "killed" },
	{ "memfd", "-", 0, "killed", "killed" },
	{ "rlimit", "-", 0, "killed", "killed" },
	{ "inherited", "-", 0, "denied EBADF", "denied EBADF" },
	{ "write-other", "-", 0, "killed", "-" },
	{ "send-descriptor", "-", 0, "killed", "killed" },
	{ "memory", "-", 0, "denied ENOMEM", "denied ENOMEM" },
	{ "time", "-", 0, "ended 9", "ended 9" },
};

/* Runs the trial and gives its one line. As nobody: through setpriv. */
static void
run(bool nobody, const char *walls, const char *attempt, char line[static 64])
{
	int out[2];

	assert_int_equal(pipe(out), 0);
	fflush(NULL);
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid == 0) {
		dup2(out[1], STDOUT_FILENO);
		close(out[0]);
		close(out[1]);
		if (freopen("/dev/null", "r", stdin) == NULL) {
			_exit(3);
		}
		if (nobody) {
			execl(SETPRIV, SETPRIV, "--reuid=65534", "--regid=65534", "--clear-groups",
			    programs.trial, walls, attempt, (char *)NULL);
		} else {
			execl(programs.trial, programs.trial, walls, attempt, (char *)NULL);
		}
		_exit(3);
	}
	close(out[1]);
	FILE *f = fdopen(out[0], "r");

	assert_non_null(f);
	if (fgets(line, 64, f) == NULL) {
		line[0] = '\0';
	}
	line[strcspn(line, "\n")] = '\0';
	fclose(f);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
}

static void
expect(bool nobody, const char *walls, const char *attempt, const char *want)
{
	char line[64];

	if (strcmp(want, "-") == 0 || (HZ_WALLS_SANITIZED && strcmp(attempt, "memory") == 0)) {
		return;
	}
	run(nobody, walls, attempt, line);
	if (strcmp(line, want) != 0) {
		fail_msg("%s%s, walls %s: \"%s\", not \"%s\"", attempt, nobody ? " as nobody" : "", walls,
		    line, want);
	}
}

static void
all_attempts(bool nobody)
{
	int abi = hz_wall_landlock_abi();

	for (size_t i = 0; i < sizeof(attempts) / sizeof(attempts[0]); i++) {
		const struct attempt *a = &attempts[i];

		expect(nobody, "none", a->name, "done");
		if (abi > 0 && abi >= a->landlock_abi) {
			expect(nobody, "landlock", a->name, a->landlock);
		}
		expect(nobody, "parser", a->name, a->parser);
		expect(nobody, "reader", a->name, a->reader);
	}
	expect(nobody, "parser", "work", "done");
	expect(nobody, "filter", "work", "done");
	expect(nobody, "reader", "work", "done");
	expect(nobody, "reader", "reader-work", "done");
	expect(nobody, "parser", "reader-work", "killed");
}

void
test_attempts(void **state)
{
	(void)state;
	all_attempts(false);
}

static bool
can_be_nobody(void)
{
	char line[64];

	if (geteuid() != 0 || access(SETPRIV, X_OK) != 0) {
		return false;
	}
	run(true, "none", "open", line);
	return strcmp(line, "done") == 0;
}

void
test_attempts_nobody(void **state)
{
	(void)state;
	if (!can_be_nobody()) {
		print_message("# skipped: not root, no setpriv, or this folder is closed to others\n");
		return;
	}
	all_attempts(true);
}

/* The level says what there is, also where the kernel lacks a wall. */
void
test_levels(void **state)
{
	const char *full = hz_wall_landlock_abi() > 0 ? "full" : "partial";

	(void)state;
	if (under_valgrind()) {
		return;
	}
	for (int nobody = 0; nobody <= (can_be_nobody() ? 1 : 0); nobody++) {
		expect(nobody == 1, "parser", "level", full);
		expect(nobody == 1, "reader", "level", full);
		expect(nobody == 1, "nested-landlock", "level", "partial");
		expect(nobody == 1, "nested-filter", "level", "none");
		expect(nobody == 1, "nested-landlock", "open", "killed");
	}
}

static bool
is_open(int fd)
{
	char c;

	return read(fd, &c, 1) == 0; /* the null device */
}

/* In a child: which of ten descriptors above 100 live after closing all but some. */
static int
close_but(const int *keep, size_t n, const char *want)
{
	for (int fd = 100; fd < 110; fd++) {
		if (dup2(0, fd) != fd) {
			return 2;
		}
	}
	if (!hz_wall_descriptors(keep, n)) {
		return 3;
	}
	for (int fd = 100; fd < 110; fd++) {
		if (is_open(fd) != (want[fd - 100] == '1')) {
			return 4;
		}
	}
	return 0;
}

void
test_descriptors(void **state)
{
	static const struct {
		int keep[4];
		size_t n;
		const char *want;
	} cases[] = {
		{ { 0 }, 0, "0000000000" },
		{ { 100 }, 1, "1000000000" },
		{ { 109, 100, 104, 105 }, 4, "1000110001" },
		{ { 103, 103, -1, 0 }, 4, "0001000000" },
		{ { 1, 2, 108, 3 }, 4, "0000000010" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		int status = 0;

		fflush(NULL);
		pid_t pid = fork();

		assert_true(pid >= 0);
		if (pid == 0) {
			if (freopen("/dev/null", "r", stdin) == NULL) {
				_exit(5);
			}
			_exit(close_but(cases[i].keep, cases[i].n, cases[i].want));
		}
		assert_int_equal(waitpid(pid, &status, 0), pid);
		assert_int_equal(status, 0);
	}
}
