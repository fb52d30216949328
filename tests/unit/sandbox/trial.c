/* trial WALLS ATTEMPT: puts up walls in a child, tries one thing there that a captured parser would try, and
 * prints what happened: "done", "denied ERRNO-NAME", "killed" (by the filter), "ended N" (another signal).
 * WALLS: none (the control: everything is done), landlock, filter, parser, reader (the whole sandbox),
 * nested-filter (the whole sandbox where the kernel refuses filters), nested-landlock (where it has no
 * Landlock). ATTEMPT "level" prints the level of the sandbox instead. */
#include "base/fd.h"
#include "sandbox/walls.h"
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <seccomp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* What has to exist before the walls stand. */
static struct {
	char folder[32];
	char file[48];
	int tcp, tcp_listener;
	struct sockaddr_in tcp_at;
	int local, local_listener;
	struct sockaddr_un local_at;
	socklen_t local_len;
	void *page;
	int kept;
} prepared = { .folder = "/tmp/hirz-trial-XXXXXX",
	.tcp = -1,
	.tcp_listener = -1,
	.local = -1,
	.local_listener = -1,
	.kept = -1 };

static volatile sig_atomic_t signalled;
static long secret_of_parent = 20111111;

static void
on_signal(int number)
{
	(void)number;
	signalled = 1;
}

static int
try_open(void)
{
	return open("/etc/passwd", O_RDONLY | O_CLOEXEC);
}

static int
try_create(void)
{
	char path[64];

	snprintf(path, sizeof(path), "%s/new", prepared.folder);
	return open(path, O_WRONLY | O_CREAT | O_EXCL, 0600);
}

static int
try_unlink(void)
{
	return unlink(prepared.file);
}

static int
try_truncate(void)
{
	return truncate(prepared.file, 0);
}

static int
try_stat(void)
{
	struct stat st;

	return stat("/etc/passwd", &st);
}

static int
try_udp(void)
{
	return socket(AF_INET, SOCK_DGRAM, 0);
}

static int
try_unix(void)
{
	return socket(AF_UNIX, SOCK_STREAM, 0);
}

static int
try_connect(void)
{
	return connect(prepared.tcp, (struct sockaddr *)&prepared.tcp_at, sizeof(prepared.tcp_at));
}

static int
try_connect_abstract(void)
{
	return connect(prepared.local, (struct sockaddr *)&prepared.local_at, prepared.local_len);
}

static int
try_exec(void)
{
	char *argv[] = { (char *)(uintptr_t) "/bin/true", NULL };

	return execve(argv[0], argv, environ); /* true itself says that it was done */
}

static int
try_fork(void)
{
	pid_t pid = fork();

	if (pid == 0) {
		_exit(0);
	}
	return (int)pid;
}

static int
try_ptrace(void)
{
	return (int)ptrace(PTRACE_SEIZE, getppid(), NULL, NULL);
}

static int
try_read_parent(void)
{
	long seen = 0;
	struct iovec to = { &seen, sizeof(seen) }, from = { &secret_of_parent, sizeof(seen) };

	return process_vm_readv(getppid(), &to, 1, &from, 1, 0) == sizeof(seen) ? 0 : -1;
}

static int
try_kill(void)
{
	return kill(getppid(), SIGUSR1);
}

static int
map(int protection)
{
	return mmap(NULL, 4096, protection, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED ? -1 : 0;
}

static int
try_map_exec(void)
{
	return map(PROT_READ | PROT_EXEC);
}

static int
try_protect_exec(void)
{
	return mprotect(prepared.page, 4096, PROT_READ | PROT_EXEC);
}

static int
try_memfd(void)
{
	return memfd_create("x", MFD_CLOEXEC);
}

static int
try_no_limits(void)
{
	struct rlimit most;

	return getrlimit(RLIMIT_CORE, &most);
}

/* A descriptor that was open before and is not in the list. */
static int
try_inherited(void)
{
	char c;

	return pread(prepared.kept, &c, 1, 0) == 1 ? 0 : -1;
}

/* A descriptor that came to a parser may be read by position, and nothing else. */
static int
try_write_other(void)
{
	return write(prepared.local, "x", 1) >= 0 || errno == ENOTCONN ? 0 : -1;
}

static int
try_send_descriptor(void)
{
	struct msghdr m = { 0 };

	return sendmsg(prepared.local, &m, MSG_NOSIGNAL) >= 0 || errno == ENOTCONN ? 0 : -1;
}

static int
try_memory(void)
{
	return mmap(NULL, (size_t)1 << 30, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0) ==
		       MAP_FAILED
		   ? -1
		   : 0;
}

/* 1.3 seconds of work; the limit here is one. */
static int
try_time(void)
{
	struct timespec ts;

	do {
		clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &ts);
	} while (ts.tv_sec == 0 || (ts.tv_sec == 1 && ts.tv_nsec < 300000000));
	return 0;
}

/* What a parser needs: memory and its two descriptors. */
static int
try_work(void)
{
	char c = 0;
	void *big = malloc(8 << 20);

	if (big == NULL) {
		return -1;
	}
	memset(big, 1, 8 << 20);
	big = realloc(big, 64 << 20);
	free(big);
	return map(PROT_READ | PROT_WRITE) == 0 && read(0, &c, 1) == 0 && write(2, "", 0) == 0 ? 0 : -1;
}

/* What a reader needs beside: positions, sizes, printing. */
static int
try_reader_work(void)
{
	struct stat st;
	char c;

	return fstat(0, &st) == 0 && lseek(0, 0, SEEK_CUR) >= 0 && pread(0, &c, 1, 0) == 0 &&
		       fprintf(stderr, "%s", "") == 0 && try_work() == 0
		   ? 0
		   : -1;
}

static const struct attempt {
	const char *name;
	int (*run)(void);
} attempts[] = {
	{ "open", try_open },
	{ "create", try_create },
	{ "unlink", try_unlink },
	{ "truncate", try_truncate },
	{ "stat", try_stat },
	{ "udp", try_udp },
	{ "unix", try_unix },
	{ "connect", try_connect },
	{ "connect-abstract", try_connect_abstract },
	{ "exec", try_exec },
	{ "fork", try_fork },
	{ "ptrace", try_ptrace },
	{ "read-parent", try_read_parent },
	{ "kill", try_kill },
	{ "map-exec", try_map_exec },
	{ "protect-exec", try_protect_exec },
	{ "memfd", try_memfd },
	{ "rlimit", try_no_limits },
	{ "inherited", try_inherited },
	{ "write-other", try_write_other },
	{ "send-descriptor", try_send_descriptor },
	{ "memory", try_memory },
	{ "time", try_time },
	{ "work", try_work },
	{ "reader-work", try_reader_work },
};

static bool
prepare(void)
{
	socklen_t n = sizeof(prepared.tcp_at);
	static const char abstract[] = "hirz-trial";

	if (mkdtemp(prepared.folder) == NULL) {
		return false;
	}
	snprintf(prepared.file, sizeof(prepared.file), "%s/old", prepared.folder);
	prepared.kept = open(prepared.file, O_RDWR | O_CREAT | O_EXCL, 0600);
	prepared.tcp_at.sin_family = AF_INET;
	prepared.tcp_at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	prepared.tcp_listener = socket(AF_INET, SOCK_STREAM, 0);
	prepared.tcp = socket(AF_INET, SOCK_STREAM, 0);
	prepared.local_at.sun_family = AF_UNIX;
	snprintf(prepared.local_at.sun_path + 1, sizeof(prepared.local_at.sun_path) - 1, "%s-%d", abstract,
	    getpid());
	prepared.local_len = sizeof(prepared.local_at);
	prepared.local_listener = socket(AF_UNIX, SOCK_STREAM, 0);
	prepared.local = socket(AF_UNIX, SOCK_STREAM, 0);
	prepared.page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	return prepared.kept >= 0 && write(prepared.kept, "x", 1) == 1 && prepared.page != MAP_FAILED &&
	       bind(prepared.tcp_listener, (struct sockaddr *)&prepared.tcp_at, n) == 0 &&
	       listen(prepared.tcp_listener, 1) == 0 &&
	       getsockname(prepared.tcp_listener, (struct sockaddr *)&prepared.tcp_at, &n) == 0 &&
	       bind(prepared.local_listener, (struct sockaddr *)&prepared.local_at, prepared.local_len) ==
		   0 &&
	       listen(prepared.local_listener, 1) == 0;
}

static void
clean(void)
{
	char path[64];

	snprintf(path, sizeof(path), "%s/new", prepared.folder);
	unlink(path);
	unlink(prepared.file);
	rmdir(prepared.folder);
}

/* A filter under which one system call does not exist: a kernel that lacks it. */
static bool
take_away(int call, int error)
{
	struct scmp_arg_cmp set_filter = { 0, SCMP_CMP_EQ, PR_SET_SECCOMP, 0 };
	uint32_t action = SCMP_ACT_ERRNO((uint32_t)error);
	scmp_filter_ctx ctx = seccomp_init(SCMP_ACT_ALLOW);
	bool done = ctx != NULL && seccomp_rule_add(ctx, action, call, 0) == 0 &&
		    (call != SCMP_SYS(seccomp) || /* the older way to the same */
			seccomp_rule_add_array(ctx, action, SCMP_SYS(prctl), 1, &set_filter) == 0) &&
		    seccomp_load(ctx) == 0;

	seccomp_release(ctx);
	return done;
}

/* Puts up the walls; the level reached, or -1 where these are no walls. */
static int
enter(const char *walls)
{
	int keep[] = { prepared.tcp, prepared.local };
	struct hz_sandbox_profile profile = { HZ_SANDBOX_PARSER, keep, 2, HZ_INSPECT_MEMORY, 1 };

	if (strcmp(walls, "none") == 0) {
		return HZ_SANDBOX_NONE;
	}
	if (strcmp(walls, "landlock") == 0) {
		return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && hz_wall_landlock() ? HZ_SANDBOX_PARTIAL
											 : -1;
	}
	if (strcmp(walls, "filter") == 0) {
		return hz_wall_filter(HZ_SANDBOX_PARSER) ? HZ_SANDBOX_PARTIAL : -1;
	}
	if (strcmp(walls, "nested-filter") == 0 && !take_away(SCMP_SYS(seccomp), EPERM)) {
		return -1;
	}
	if (strcmp(walls, "nested-landlock") == 0 && !take_away(SCMP_SYS(landlock_create_ruleset), ENOSYS)) {
		return -1;
	}
	if (strcmp(walls, "reader") == 0) {
		profile.kind = HZ_SANDBOX_READER;
	}
	return (int)hz_sandbox_enter(&profile);
}

/* Exit codes of the child: 0 done, 1 + errno denied, 200 + level for "level", 255 no walls. */
static int
run_child(const char *walls, const char *name)
{
	int level = enter(walls);

	if (level < 0) {
		return 255;
	}
	if (strcmp(name, "level") == 0) {
		return 200 + level;
	}
	for (size_t i = 0; i < sizeof(attempts) / sizeof(attempts[0]); i++) {
		if (strcmp(attempts[i].name, name) == 0) {
			errno = 0;
			return attempts[i].run() >= 0 ? 0 : 1 + (errno & 127);
		}
	}
	return 255;
}

static int
report(const char *name, int status)
{
	int code = WIFEXITED(status) ? WEXITSTATUS(status) : 0;

	if (WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS) {
		puts("killed");
	} else if (WIFSIGNALED(status)) {
		printf("ended %d\n", WTERMSIG(status));
	} else if (code == 255) {
		puts("no walls");
	} else if (code >= 200) {
		puts(hz_sandbox_level_word((enum hz_sandbox_level)(code - 200)));
	} else if (code > 0) {
		printf("denied %s\n", strerrorname_np(code - 1));
	} else if (strcmp(name, "kill") == 0 && !signalled) {
		puts("denied, silently");
	} else {
		puts("done");
	}
	return 0;
}

int
main(int argc, char **argv)
{
	int status = 0;

	if (argc != 3 || !prepare()) {
		return 2;
	}
	signal(SIGUSR1, on_signal);
	prctl(PR_SET_PTRACER, PR_SET_PTRACER_ANY, 0, 0, 0); /* for the control, where the Yama module asks */
	pid_t pid = fork();

	if (pid == 0) {
		_exit(run_child(argv[1], argv[2]));
	}
	while (pid > 0 && waitpid(pid, &status, 0) < 0 && errno == EINTR) {
	}
	clean();
	return pid < 0 ? 2 : report(argv[2], status);
}
