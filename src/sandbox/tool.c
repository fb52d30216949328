/* A program of another maker, behind walls. */
#include "base/fd.h"
#include "sandbox/walls.h"
#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

/* Where Debian has what a program is linked with, and fonts. */
static const struct hz_wall_path paths[] = {
	{ "/usr/lib", true, false },
	{ "/usr/lib64", true, false },
	{ "/lib", true, false },
	{ "/lib64", true, false },
	{ "/usr/share/fonts", false, false },
	{ "/usr/share/fontconfig", false, false },
	{ "/usr/share/poppler", false, false },
	{ "/usr/share/zoneinfo", false, false },
	{ "/var/cache/fontconfig", false, false },
	{ "/etc/fonts", false, false },
	{ "/etc/ld.so.cache", false, true },
	{ "/etc/localtime", false, true },
};

#define PATHS (sizeof(paths) / sizeof(paths[0]))

/* Descriptors 0 to 2. Those given are above 2. */
static bool
place(const struct hz_sandbox_tool *t)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	/* cppcheck-suppress resourceLeak ; hz_wall_descriptors closes it, or the process ends */
	return null >= 0 && dup2(t->in >= 0 ? t->in : null, STDIN_FILENO) >= 0 &&
	       dup2(t->out >= 0 ? t->out : null, STDOUT_FILENO) >= 0 &&
	       dup2(t->out_is_err && t->out >= 0 ? t->out : null, STDERR_FILENO) >= 0;
}

_Noreturn void
hz_sandbox_run(const struct hz_sandbox_tool *t)
{
	static char locale[] = "LC_ALL=C";
	static char *const env[] = { locale, NULL };
	static const struct hz_sandbox_profile profile = { HZ_SANDBOX_PARSER, NULL, 0, HZ_TOOL_MEMORY,
		HZ_TOOL_CPU_S };
	struct hz_wall_path all[PATHS + 1];

	/* It goes when the one that reads it goes: stays over execve. */
	(void)prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
	if (!place(t) || !hz_wall_descriptors(NULL, 0)) {
		_exit(127);
	}
	for (size_t i = 0; i < PATHS; i++) {
		all[i] = paths[i];
	}
	all[PATHS] = (struct hz_wall_path){ t->path, true, true };
	/* Limits and Landlock are had or not, as for hirz-inspect itself, which says so. */
	(void)hz_wall_limits(&profile);
	(void)hz_wall_landlock_paths(all, PATHS + 1);
	if (hz_wall_filter_tool()) {
		execve(t->path, t->args, env);
	}
	_exit(127);
}
