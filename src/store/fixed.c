/* Whether a file lies where only this running system can change it. */
#include "base/fd.h"
#include "store/store.h"
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/vfs.h>
#include <unistd.h>

#define TMPFS_MAGIC 0x01021994u
/* Disks below one another: a crypt device on a volume on an array on partitions. */
#define DISKS_MAX 32
#define NAME_SIZE 32

/* Devices still to be looked at: "254:0" for the first, names like "sda2" for what lies below. */
struct disks {
	char name[DISKS_MAX][NAME_SIZE];
	unsigned count;
};

/* The one digit of a file of sysfs, or -1. */
static int
digit_of(const char *path)
{
	hz_cleanup(hz_fd_close) int fd = open(path, O_RDONLY | O_CLOEXEC);
	char c = 0;

	return fd >= 0 && read(fd, &c, 1) == 1 && c >= '0' && c <= '9' ? c - '0' : -1;
}

/* What can be pulled out and put back changed. The disks of some small machines are cards for good, but they
 * look like these. */
static bool
on_a_plug(const char *place)
{
	static const char *const words[] = { "/usb", "/mmc", "/memstick", "/firewire", "/fw" };

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (strstr(place, words[i]) != NULL) {
			return true;
		}
	}
	return false;
}

/* Adds the disks below a device that is only a mapping; false when there are none or too many. */
static bool
below(const char *dir, struct disks *d)
{
	char path[160];
	unsigned before = d->count;
	DIR *list;

	(void)snprintf(path, sizeof(path), "%s/slaves", dir);
	list = opendir(path);
	if (list == NULL) {
		return false;
	}
	/* NOLINTNEXTLINE(concurrency-mt-unsafe): a stream of our own */
	for (const struct dirent *e = readdir(list); e != NULL; e = readdir(list)) {
		if (e->d_name[0] == '.') {
			continue;
		}
		if (d->count == DISKS_MAX || strlen(e->d_name) >= NAME_SIZE) {
			(void)closedir(list);
			return false;
		}
		(void)snprintf(d->name[d->count++], NAME_SIZE, "%s", e->d_name);
	}
	(void)closedir(list);
	return d->count > before;
}

static bool
disk_fixed(const char *name, struct disks *d)
{
	char dir[96], path[160], place[1024];
	bool number = strchr(name, ':') != NULL;
	int removable;
	ssize_t n;

	(void)snprintf(dir, sizeof(dir), "/sys/%s/%s", number ? "dev/block" : "class/block", name);
	n = readlink(dir, place, sizeof(place) - 1);
	if (n <= 0 || (size_t)n >= sizeof(place) - 1) {
		return false;
	}
	place[n] = '\0';
	if (strstr(place, "/virtual/") != NULL) {
		/* A loop device has nothing below it, and its file may lie anywhere. */
		return below(dir, d);
	}
	(void)snprintf(path, sizeof(path), "%s/removable", dir);
	removable = digit_of(path);
	if (removable < 0) { /* a partition: the disk says it */
		(void)snprintf(path, sizeof(path), "%s/../removable", dir);
		removable = digit_of(path);
	}
	return removable == 0 && !on_a_plug(place);
}

/* Ours, and nobody else may write to it. */
static bool
owned(const struct stat *st)
{
	return st->st_uid == geteuid() && (st->st_mode & (S_IWGRP | S_IWOTH)) == 0;
}

bool
hz_store_fixed(const char *path)
{
	hz_cleanup(hz_fd_close) int dir = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct disks d = { .count = 0 };
	struct stat folder, file;
	struct statfs fs;

	if (dir < 0 || fstat(dir, &folder) != 0 || fstatfs(dir, &fs) != 0 ||
	    fstatat(dir, "data.mdb", &file, AT_SYMLINK_NOFOLLOW) != 0) {
		return false;
	}
	if (!S_ISREG(file.st_mode) || !owned(&folder) || !owned(&file) || folder.st_dev != file.st_dev) {
		return false;
	}
	if ((uint32_t)fs.f_type == TMPFS_MAGIC) { /* memory */
		return true;
	}
	/* A device without a number of its own (overlay, btrfs) does not say where it lies. */
	if (major(file.st_dev) == 0) {
		return false;
	}
	(void)snprintf(d.name[d.count++], NAME_SIZE, "%u:%u", major(file.st_dev), minor(file.st_dev));
	for (unsigned i = 0; i < d.count; i++) {
		if (!disk_fixed(d.name[i], &d)) {
			return false;
		}
	}
	return true;
}
