/* The single walls that hz_sandbox_enter() puts up, for it and for the tests that try each alone. */
#ifndef HZ_SANDBOX_WALLS_H
#define HZ_SANDBOX_WALLS_H

#include "sandbox/sandbox.h"

/* Programs checked by a sanitizer have shadow memory (terabytes of address space), a few more calls, and
 * under the thread sanitizer a thread of its own. Never set in what is installed. */
#if defined(__SANITIZE_ADDRESS__)
#define HZ_WALLS_SANITIZED 1
#elif defined(__SANITIZE_THREAD__)
#define HZ_WALLS_SANITIZED 2
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define HZ_WALLS_SANITIZED 1
#elif __has_feature(thread_sanitizer)
#define HZ_WALLS_SANITIZED 2
#endif
#endif
#ifndef HZ_WALLS_SANITIZED
#define HZ_WALLS_SANITIZED 0
#endif

/* Closes everything but 0-2 and keep. */
bool hz_wall_descriptors(const int *keep, size_t count);
/* Limits, no core dumps, not traceable, no new privileges. False if one was refused. */
bool hz_wall_limits(const struct hz_sandbox_profile *profile);
/* Landlock without a single rule. True only if a trial shows that no file can be opened any more. */
bool hz_wall_landlock(void);
/* The same, but these stay readable; one that is not there is left out. */
struct hz_wall_path {
	const char *path;
	bool execute; /* what is there or below may be started */
	bool file;    /* no folder */
};
bool hz_wall_landlock_paths(const struct hz_wall_path *paths, size_t n);
/* The Landlock version of this kernel, 0 without Landlock. */
int hz_wall_landlock_abi(void);
/* The system-call filter of a kind. True when it is in force. */
bool hz_wall_filter(enum hz_sandbox_kind kind);
/* The filter of a program that is started behind it: what is not allowed fails with EPERM. */
bool hz_wall_filter_tool(void);

#endif
