/*
 * measure OUT [-t MB] [-d] COMMAND...
 * Runs a command and writes one line to OUT: exit code, seconds of wall time, of user and of system CPU, peak
 * resident memory in KiB (mapped pages count; children that were waited for too: the largest single process).
 * -t touches so many MB of memory first and gives them back: a virtual machine that has handed its free
 * memory to the host pays for the first touch, and that must not fall on whoever comes first. -d drops the
 * page cache (as root).
 *
 * It is a program of its own because a process starts its child with the peak of its own memory, and this one
 * is small.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double
seconds(const struct timeval *t)
{
	return (double)t->tv_sec + (double)t->tv_usec / 1e6;
}

/* In a child, so that the memory does not count as ours. */
static void
touch(size_t mb)
{
	pid_t pid = fork();

	if (pid == 0) {
		size_t size = mb << 20;
		unsigned char *p =
		    mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

		if (p != MAP_FAILED) {
			for (size_t i = 0; i < size; i += 4096)
				p[i] = 1;
		}
		_exit(0);
	}
	if (pid > 0)
		(void)waitpid(pid, NULL, 0);
}

static int
drop_caches(void)
{
	int fd = open("/proc/sys/vm/drop_caches", O_WRONLY | O_CLOEXEC);
	ssize_t n;

	sync();
	if (fd < 0)
		return -1;
	n = write(fd, "3", 1);
	(void)close(fd);
	return n == 1 ? 0 : -1;
}

int
main(int argc, char **argv)
{
	struct timespec start, end;
	struct rusage use;
	int at = 2, status = 0;
	FILE *out;
	pid_t pid;

	if (argc < 3)
		return 125;
	if (at + 1 < argc && strcmp(argv[at], "-t") == 0) {
		touch(strtoul(argv[at + 1], NULL, 10));
		at += 2;
	}
	if (at < argc && strcmp(argv[at], "-d") == 0) {
		if (drop_caches() != 0)
			return 125;
		at++;
	}
	out = fopen(argv[1], "we");
	if (out == NULL || at >= argc)
		return 125;
	(void)clock_gettime(CLOCK_MONOTONIC, &start);
	pid = fork();
	if (pid == 0) {
		(void)execvp(argv[at], argv + at);
		_exit(errno == ENOENT ? 127 : 126);
	}
	if (pid < 0 || wait4(pid, &status, 0, &use) != pid)
		return 125;
	(void)clock_gettime(CLOCK_MONOTONIC, &end);
	fprintf(out, "%d %.6f %.6f %.6f %ld\n",
	    WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status),
	    (double)(end.tv_sec - start.tv_sec) + (double)(end.tv_nsec - start.tv_nsec) / 1e9,
	    seconds(&use.ru_utime), seconds(&use.ru_stime), use.ru_maxrss);
	return fclose(out) == 0 ? 0 : 125;
}
