/* Landlock by its three system calls: no library has it, and the headers of Debian 12 end at version 2. */
#include "sandbox/walls.h"
#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <sys/syscall.h>
#include <unistd.h>

/* The kernel's struct landlock_ruleset_attr as of version 6; an older kernel is given its first part. */
struct rules {
	uint64_t fs;
	uint64_t net;
	uint64_t scoped;
};

/* How many access bits, counted from bit 0, each version of the kernel interface knows. */
struct version {
	int abi;
	unsigned fs_bits, net_bits, scoped_bits;
	size_t size;
};

static const struct version versions[] = {
	{ 6, 16, 2, 2, sizeof(struct rules) }, /* abstract sockets, signals */
	{ 5, 16, 2, 0, 2 * sizeof(uint64_t) }, /* ioctl on devices */
	{ 4, 15, 2, 0, 2 * sizeof(uint64_t) }, /* TCP bind and connect */
	{ 3, 15, 0, 0, sizeof(uint64_t) },     /* truncate */
	{ 2, 14, 0, 0, sizeof(uint64_t) },     /* refer */
	{ 1, 13, 0, 0, sizeof(uint64_t) },
};

static uint64_t
bits(unsigned n)
{
	return (UINT64_C(1) << n) - 1;
}

int
hz_wall_landlock_abi(void)
{
	long abi = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);

	return abi > 0 ? (int)abi : 0;
}

/* A wall is believed only when it has been tried. */
static bool
open_is_refused(void)
{
	int fd = open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd >= 0) {
		close(fd);
		return false;
	}
	return errno == EACCES;
}

/* What a program that was linked with others needs of a path: its files read, its folders searched. */
#define READ_ONLY ((uint64_t)(LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR))

/* Opens a path below which something stays allowed. What is not there needs no rule. */
static bool
allow_path(long rules, const struct hz_wall_path *p)
{
	struct landlock_path_beneath_attr rule = { .allowed_access = READ_ONLY };
	int fd = open(p->path, O_PATH | O_CLOEXEC);

	if (fd < 0) {
		return errno == ENOENT;
	}
	if (p->execute) {
		rule.allowed_access |= LANDLOCK_ACCESS_FS_EXECUTE;
	}
	if (p->file) {
		rule.allowed_access &= ~(uint64_t)LANDLOCK_ACCESS_FS_READ_DIR;
	}
	rule.parent_fd = fd;
	long r = syscall(SYS_landlock_add_rule, (int)rules, LANDLOCK_RULE_PATH_BENEATH, &rule, 0);

	close(fd);
	return r == 0;
}

bool
hz_wall_landlock_paths(const struct hz_wall_path *paths, size_t n)
{
	int abi = hz_wall_landlock_abi();
	size_t i = 0;

	while (i < sizeof(versions) / sizeof(versions[0]) && versions[i].abi > abi) {
		i++;
	}
	if (i == sizeof(versions) / sizeof(versions[0])) {
		return false;
	}
	const struct version *v = &versions[i];
	struct rules rules = { bits(v->fs_bits), bits(v->net_bits), bits(v->scoped_bits) };
	long fd = syscall(SYS_landlock_create_ruleset, &rules, v->size, 0);
	bool ok = fd >= 0;

	for (size_t k = 0; k < n && ok; k++) {
		ok = allow_path(fd, &paths[k]);
	}
	ok = ok && syscall(SYS_landlock_restrict_self, (int)fd, 0) == 0;
	if (fd >= 0) {
		close((int)fd);
	}
	return ok && open_is_refused();
}

bool
hz_wall_landlock(void)
{
	return hz_wall_landlock_paths(NULL, 0);
}
