#include "sandbox/walls.h"
#include <linux/close_range.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

/* Closes first..last; nothing where the range is empty. */
static bool
close_span(unsigned first, unsigned last)
{
	return first > last || close_range(first, last, 0) == 0;
}

bool
hz_wall_descriptors(const int *keep, size_t count)
{
	unsigned first = STDERR_FILENO + 1;
	bool ok = true;

	hz_assert(count <= HZ_SANDBOX_KEEP_MAX);
	/* The next kept number at or after first, again and again: the list is short and needs no order. */
	for (;;) {
		bool found = false;
		unsigned next = 0;

		for (size_t i = 0; i < count; i++) {
			if (keep[i] >= 0 && (unsigned)keep[i] >= first &&
			    (!found || (unsigned)keep[i] < next)) {
				next = (unsigned)keep[i];
				found = true;
			}
		}
		if (!found) {
			return close_span(first, ~0U) && ok;
		}
		if (next > first) {
			ok = close_span(first, next - 1) && ok;
		}
		first = next + 1;
	}
}

/* Never raises: a lower limit that is there already stays. */
static bool
limit(__rlimit_resource_t what, rlim_t max)
{
	struct rlimit now;

	if (getrlimit(what, &now) != 0) {
		return false;
	}
	if (now.rlim_max < max) {
		max = now.rlim_max;
	}
	return setrlimit(what, &(struct rlimit){ max, max }) == 0;
}

bool
hz_wall_limits(const struct hz_sandbox_profile *profile)
{
	bool ok = limit(RLIMIT_CORE, 0);

	ok = limit(RLIMIT_NOFILE, HZ_SANDBOX_OPEN_MAX) && ok;
	ok = limit(RLIMIT_NPROC, 0) && ok;
	if (profile->kind != HZ_SANDBOX_READER) {
		ok = limit(RLIMIT_FSIZE, 0) && ok;
	}
	if (profile->cpu_max > 0) {
		ok = limit(RLIMIT_CPU, profile->cpu_max) && ok;
	}
	if (profile->memory_max > 0 && !HZ_WALLS_SANITIZED) {
		ok = limit(RLIMIT_AS, profile->memory_max) && ok;
	}
	ok = prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0 && ok;
	return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && ok;
}

enum hz_sandbox_level
hz_sandbox_enter(const struct hz_sandbox_profile *profile)
{
	bool rest = hz_wall_descriptors(profile->keep, profile->keep_count);

	rest = hz_wall_limits(profile) && rest;
	rest = hz_wall_landlock() && rest;
	if (!hz_wall_filter(profile->kind)) {
		return HZ_SANDBOX_NONE;
	}
	return rest ? HZ_SANDBOX_FULL : HZ_SANDBOX_PARTIAL;
}

const char *
hz_sandbox_level_word(enum hz_sandbox_level level)
{
	static const char *const words[] = { "none", "partial", "full" };

	return words[level <= HZ_SANDBOX_FULL ? level : HZ_SANDBOX_NONE];
}
