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

bool
hz_wall_landlock(void)
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

	if (fd < 0) {
		return false;
	}
	long r = syscall(SYS_landlock_restrict_self, (int)fd, 0);

	close((int)fd);
	return r == 0 && open_is_refused();
}
