/* The system-call filter: a list of what is allowed; anything else kills the process. */
#include "sandbox/walls.h"
#include <errno.h>
#include <fcntl.h>
#include <seccomp.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

/* Memory, time, the end. Measured with magic_buffer over some thousand files; the first four also serve
 * the C library's allocator. */
static const int calls_common[] = {
	SCMP_SYS(brk),
	SCMP_SYS(munmap),
	SCMP_SYS(mremap),
	SCMP_SYS(madvise),
	SCMP_SYS(futex),
	SCMP_SYS(getrandom),
	SCMP_SYS(clock_gettime),
	SCMP_SYS(restart_syscall),
	SCMP_SYS(rt_sigreturn),
	SCMP_SYS(exit),
	SCMP_SYS(exit_group),
};

/* What a program needs that reads files it has opened before, and prints through stdio. */
static const int calls_reader[] = {
	SCMP_SYS(read),
	SCMP_SYS(readv),
	SCMP_SYS(pread64),
	SCMP_SYS(preadv),
	SCMP_SYS(write),
	SCMP_SYS(writev),
	SCMP_SYS(lseek),
	SCMP_SYS(fstat),
	SCMP_SYS(close),
	SCMP_SYS(fadvise64),
	SCMP_SYS(fsync),
	SCMP_SYS(gettimeofday),
	SCMP_SYS(clock_getres),
	SCMP_SYS(rt_sigprocmask),
	SCMP_SYS(getpid),
	SCMP_SYS(gettid),
};

/* What a program linked with others needs that begins, reads and prints. No socket, no new process, nothing
 * that writes into a file system, nothing about other processes. */
static const int calls_tool[] = {
	SCMP_SYS(read),
	SCMP_SYS(readv),
	SCMP_SYS(pread64),
	SCMP_SYS(write),
	SCMP_SYS(writev),
	SCMP_SYS(lseek),
	SCMP_SYS(fstat),
	SCMP_SYS(newfstatat),
	SCMP_SYS(stat),
	SCMP_SYS(lstat),
	SCMP_SYS(statx),
	SCMP_SYS(statfs),
	SCMP_SYS(fstatfs),
	SCMP_SYS(open),
	SCMP_SYS(openat),
	SCMP_SYS(close),
	SCMP_SYS(access),
	SCMP_SYS(faccessat),
	SCMP_SYS(faccessat2),
	SCMP_SYS(readlink),
	SCMP_SYS(readlinkat),
	SCMP_SYS(getdents64),
	SCMP_SYS(getcwd),
	SCMP_SYS(fadvise64),
	SCMP_SYS(execve),
	SCMP_SYS(arch_prctl),
	SCMP_SYS(set_tid_address),
	SCMP_SYS(set_robust_list),
	SCMP_SYS(rseq),
	SCMP_SYS(prlimit64),
	SCMP_SYS(getrlimit),
	SCMP_SYS(rt_sigaction),
	SCMP_SYS(rt_sigprocmask),
	SCMP_SYS(sigaltstack),
	SCMP_SYS(getpid),
	SCMP_SYS(gettid),
	SCMP_SYS(getuid),
	SCMP_SYS(geteuid),
	SCMP_SYS(getgid),
	SCMP_SYS(getegid),
	SCMP_SYS(uname),
	SCMP_SYS(sysinfo),
	SCMP_SYS(sched_getaffinity),
	SCMP_SYS(gettimeofday),
	SCMP_SYS(time),
	SCMP_SYS(clock_getres),
	SCMP_SYS(getrusage),
	SCMP_SYS(times),
};

static const int calls_sanitizer[] = { SCMP_SYS(sigaltstack), SCMP_SYS(getpid), SCMP_SYS(gettid),
	SCMP_SYS(rt_sigprocmask), SCMP_SYS(sched_yield) };

static bool
allow_list(scmp_filter_ctx ctx, const int *calls, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (seccomp_rule_add(ctx, SCMP_ACT_ALLOW, calls[i], 0) != 0) {
			return false;
		}
	}
	return true;
}

static bool
allow_if(scmp_filter_ctx ctx, int call, struct scmp_arg_cmp cmp)
{
	return seccomp_rule_add_array(ctx, SCMP_ACT_ALLOW, call, 1, &cmp) == 0;
}

static struct scmp_arg_cmp
equal(unsigned arg, uint64_t value)
{
	return (struct scmp_arg_cmp){ arg, SCMP_CMP_EQ, value, 0 };
}

/* Memory may be had and its protection changed, but never to executable. */
static bool
allow_memory(scmp_filter_ctx ctx)
{
	struct scmp_arg_cmp not_exec = { 2, SCMP_CMP_MASKED_EQ, PROT_EXEC, 0 };

	return allow_if(ctx, SCMP_SYS(mmap), not_exec) && allow_if(ctx, SCMP_SYS(mprotect), not_exec);
}

static bool
allow_parser(scmp_filter_ctx ctx)
{
	const struct scmp_arg_cmp above_std = { 0, SCMP_CMP_GT, STDERR_FILENO, 0 };

	return allow_if(ctx, SCMP_SYS(read), equal(0, STDIN_FILENO)) &&
	       allow_if(ctx, SCMP_SYS(write), equal(0, STDOUT_FILENO)) &&
	       allow_if(ctx, SCMP_SYS(write), equal(0, STDERR_FILENO)) &&
	       /* A descriptor of a file comes with a question, is read by position, and closed. */
	       allow_if(ctx, SCMP_SYS(recvmsg), equal(0, STDIN_FILENO)) &&
	       allow_if(ctx, SCMP_SYS(pread64), above_std) && allow_if(ctx, SCMP_SYS(close), above_std);
}

/* From the pipes of a tool, and how it ended. */
static bool
allow_pipes(scmp_filter_ctx ctx)
{
	const struct scmp_arg_cmp above_std = { 0, SCMP_CMP_GT, STDERR_FILENO, 0 };

	return allow_if(ctx, SCMP_SYS(read), above_std) &&
	       seccomp_rule_add(ctx, SCMP_ACT_ALLOW, SCMP_SYS(wait4), 0) == 0;
}

static bool
allow_reader(scmp_filter_ctx ctx)
{
	/* glibc's fstat is newfstatat(fd, "", ..., AT_EMPTY_PATH). A pointer cannot be looked at here, so
	 * this lets stat() of paths through: Landlock does not stop that either, and it opens nothing. */
	return allow_list(ctx, calls_reader, sizeof(calls_reader) / sizeof(calls_reader[0])) &&
	       allow_if(ctx, SCMP_SYS(newfstatat), equal(3, AT_EMPTY_PATH)) &&
	       allow_if(ctx, SCMP_SYS(ioctl), equal(1, TCGETS)) &&
	       allow_if(ctx, SCMP_SYS(ioctl), equal(1, TIOCGWINSZ)) &&
	       allow_if(ctx, SCMP_SYS(fcntl), equal(1, F_GETFL));
}

bool
hz_wall_filter(enum hz_sandbox_kind kind)
{
	scmp_filter_ctx ctx = seccomp_init(SCMP_ACT_KILL_PROCESS);
	bool done = false;

	if (ctx == NULL) {
		return false;
	}
	/* Over every thread, should there be one after all. */
	if (HZ_WALLS_SANITIZED != 2 && seccomp_attr_set(ctx, SCMP_FLTATR_CTL_TSYNC, 1) != 0) {
		goto out;
	}
	if (HZ_WALLS_SANITIZED && !allow_list(ctx, calls_sanitizer, sizeof(calls_sanitizer) / sizeof(int))) {
		goto out;
	}
	if (!allow_list(ctx, calls_common, sizeof(calls_common) / sizeof(calls_common[0])) ||
	    !allow_memory(ctx) || !(kind == HZ_SANDBOX_READER ? allow_reader(ctx) : allow_parser(ctx)) ||
	    (kind == HZ_SANDBOX_COLLECTOR && !allow_pipes(ctx))) {
		goto out;
	}
#ifdef HZ_FAULT_NO_FILTER
	done = true;
	goto out;
#endif
	done = seccomp_load(ctx) == 0;
out:
	seccomp_release(ctx);
	return done;
}

/* Memory is never writable and executable at once: libraries are mapped, nothing is made. */
static bool
allow_libraries(scmp_filter_ctx ctx)
{
	struct scmp_arg_cmp no_exec = { 2, SCMP_CMP_MASKED_EQ, PROT_EXEC, 0 };
	struct scmp_arg_cmp no_write = { 2, SCMP_CMP_MASKED_EQ, PROT_EXEC | PROT_WRITE, PROT_EXEC };

	return allow_if(ctx, SCMP_SYS(mmap), no_exec) && allow_if(ctx, SCMP_SYS(mmap), no_write) &&
	       allow_if(ctx, SCMP_SYS(mprotect), no_exec);
}

bool
hz_wall_filter_tool(void)
{
	scmp_filter_ctx ctx = seccomp_init(SCMP_ACT_ERRNO(EPERM));

	if (ctx == NULL) {
		return false;
	}
	bool ok = allow_list(ctx, calls_tool, sizeof(calls_tool) / sizeof(calls_tool[0])) &&
		  allow_list(ctx, calls_common, sizeof(calls_common) / sizeof(calls_common[0])) &&
		  allow_libraries(ctx) && allow_if(ctx, SCMP_SYS(ioctl), equal(1, TCGETS)) &&
		  allow_if(ctx, SCMP_SYS(fcntl), equal(1, F_GETFL)) &&
		  allow_if(ctx, SCMP_SYS(fcntl), equal(1, F_GETFD)) &&
		  allow_if(ctx, SCMP_SYS(fcntl), equal(1, F_SETFD)) && seccomp_load(ctx) == 0;

	seccomp_release(ctx);
	return ok;
}
