/* A program of another maker behind its walls: what it can still do, and what not. */
#include "base/fd.h"
#include "sandbox/walls.h"
#include "tests.h"
#include <errno.h>
#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

static char printed[4096];

/* Runs a tool with these bytes as its input; returns its exit status, -1 where a signal ended it. */
static int
run(const char *path, char *const *args, const char *input)
{
	int in[2], out[2], status = 0;
	size_t n = 0;

	assert_int_equal(pipe2(in, O_CLOEXEC), 0);
	assert_int_equal(pipe2(out, O_CLOEXEC), 0);
	fflush(NULL);
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid == 0) {
		const struct hz_sandbox_tool tool = { path, args, in[0], out[1], true };

		setenv("HIRZ_SECRET", "seen", 1);
		hz_sandbox_run(&tool);
	}
	close(in[0]);
	close(out[1]);
	assert_int_equal(hz_fd_write_all(in[1], input, strlen(input)), HZ_OK);
	close(in[1]);
	assert_int_equal(hz_fd_read_full(out[0], printed, sizeof(printed) - 1, &n), HZ_OK);
	printed[n] = '\0';
	close(out[0]);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static int
script(const char *text)
{
	static char name[] = "sh", flag[] = "-c";
	char *copy = strdup(text);
	char *const args[] = { name, flag, copy, NULL };

	assert_non_null(copy);
	int status = run("/bin/sh", args, "");

	free(copy);
	return status;
}

void
test_tool_reads_and_prints(void **state)
{
	static char name[] = "cat";
	char *const args[] = { name, NULL };

	(void)state;
	assert_int_equal(run("/bin/cat", args, "what came in\n"), 0);
	assert_string_equal(printed, "what came in\n");
	/* No environment but the locale, no descriptor but three. */
	assert_int_equal(script("echo \"${HIRZ_SECRET-none} $LC_ALL $HOME\""), 0);
	assert_string_equal(printed, "none C \n");
	assert_int_equal(script("echo x >&3"), 2);
	/* Not there. */
	assert_int_equal(run("/nowhere/tool", args, ""), 127);
}

void
test_tool_walls(void **state)
{
	(void)state;
	/* No process of its own, whatever is there to be started. */
	assert_int_not_equal(script("(:)"), 0);
	assert_int_not_equal(script("/bin/true; exit $?"), 0);
	if (hz_wall_landlock_abi() == 0 || under_valgrind()) {
		printf("# skipped: no Landlock here to wall off files\n");
		return;
	}
	/* No file of people, none of other processes, none made, and no other program. */
	assert_int_not_equal(script("read x </etc/passwd && echo \"$x\""), 0);
	assert_int_not_equal(script("read x </proc/self/environ && echo \"$x\""), 0);
	assert_int_not_equal(script("echo x >/tmp/hirz-tool-was-here"), 0);
	assert_int_not_equal(access("/tmp/hirz-tool-was-here", F_OK), 0);
	assert_int_not_equal(script("exec /bin/echo out"), 0);
	assert_null(strstr(printed, "out\n"));
	/* Its libraries it may read. */
	assert_int_equal(script("read x </etc/ld.so.cache; :"), 0);
}

/* A socket, by a program that says what it hears. */
void
test_tool_network(void **state)
{
	static char name[] = "python3", flags[] = "-SEsc",
		    text[] = "import _socket\nfor family in 1, 2, 10, 16:\n"
			     "    try: _socket.socket(family); print('socket')\n"
			     "    except PermissionError: print('refused')\n";
	char *const args[] = { name, flags, text, NULL };

	(void)state;
	if (access("/usr/bin/python3", X_OK) != 0) {
		printf("# skipped: no python3 here\n");
		return;
	}
	assert_int_equal(run("/usr/bin/python3", args, ""), 0);
	assert_string_equal(printed, "refused\nrefused\nrefused\nrefused\n");
}
