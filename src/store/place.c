/* Where a vault may lie, and its files before LMDB has them. */
#include "base/fd.h"
#include "store/inner.h"
#include "store/page.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

/* LMDB's own are 8 KiB; a hostile lock.mdb could ask for a map of any size. */
#define LOCK_FILE_MAX ((off_t)1 << 20)

/* File systems without trustworthy locks, shared maps or ordered writes. The numbers are the kernel's
 * (linux/magic.h and the file systems' sources). */
static const struct {
	uint32_t magic;
	const char *name;
} refused[] = {
	{ 0x00006969, "NFS" },
	{ 0x0000517B, "SMB" },
	{ 0xFF534D42, "CIFS" },
	{ 0xFE534D42, "SMB2" },
	{ 0x65735546, "FUSE" },
	{ 0x00004D44, "vfat" },
	{ 0x2011BAB0, "exfat" },
	{ 0x01021997, "9p" },
	{ 0x00C36400, "Ceph" },
	{ 0x5346414F, "AFS" },
	{ 0x6B414653, "AFS" },
	{ 0x73757245, "Coda" },
	{ 0x0000564C, "NCP" },
	{ 0x0BD00BD0, "Lustre" },
	{ 0x7461636F, "OCFS2" },
	{ 0x786F4256, "vboxsf" },
	{ 0xBACBACBC, "vmhgfs" },
};

bool
hz_store_fs_refused(const char *path, const char **ret_name)
{
	struct statfs fs;

	if (statfs(path, &fs) != 0) {
		return false; /* opening will say why */
	}
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
		/* f_type is signed and some numbers have the top bit set. */
		if ((uint32_t)fs.f_type == refused[i].magic) {
			*ret_name = refused[i].name;
			return true;
		}
	}
	return false;
}

static enum hz_err
lock_file_check(int dir)
{
	struct stat st;

	if (fstatat(dir, "lock.mdb", &st, AT_SYMLINK_NOFOLLOW) != 0) {
		return errno == ENOENT ? HZ_OK : hz_fail_sys(HZ_MSG_IO, errno, "lock.mdb");
	}
	/* LMDB would follow a link and write into whatever it leads to. */
	if (!S_ISREG(st.st_mode) || st.st_size > LOCK_FILE_MAX) {
		return hz_fail(HZ_MSG_VAULT_DAMAGED, "lock.mdb is not a lock file");
	}
	return HZ_OK;
}

static enum hz_err
regular_check(int fd)
{
	struct stat st;

	if (fstat(fd, &st) != 0) {
		return hz_fail_sys(HZ_MSG_IO, errno, "data.mdb");
	}
	return S_ISREG(st.st_mode) ? HZ_OK : hz_fail(HZ_MSG_VAULT_DAMAGED, "data.mdb is not a regular file");
}

HZ_RESULT
hz_store_file(const char *path, int *ret_fd)
{
	hz_cleanup(hz_fd_close) int dir = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	enum hz_err err;
	int fd;

	if (dir < 0) {
		return hz_fail_sys(
		    errno == ENOENT || errno == ENOTDIR ? HZ_MSG_NO_VAULT : HZ_MSG_IO, errno, "%s", path);
	}
	err = lock_file_check(dir);
	if (err != HZ_OK) {
		return err;
	}
	fd = openat(dir, "data.mdb", O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (fd < 0 && errno == ELOOP) {
		return hz_fail(HZ_MSG_VAULT_DAMAGED, "data.mdb is a symbolic link");
	}
	if (fd < 0 && errno != ENOENT) {
		return hz_fail_sys(HZ_MSG_IO, errno, "data.mdb");
	}
	if (fd >= 0) {
		err = regular_check(fd);
	}
	if (err != HZ_OK) {
		hz_fd_close(&fd);
		return err;
	}
	*ret_fd = fd;
	return HZ_OK;
}

HZ_RESULT
hz_store_stamp(const char *path, struct hz_store_stamp *ret_st)
{
	hz_cleanup(hz_fd_close) int fd = -1;
	struct hz_store_stamp s = { 0 };
	struct stat st;
	enum hz_err err = hz_store_file(path, &fd);

	if (err != HZ_OK) {
		return err;
	}
	if (fd < 0) {
		return hz_fail(HZ_MSG_NO_VAULT, "%s holds no data.mdb", path);
	}
	for (unsigned i = 0; i < 2; i++) {
		size_t got = 0;

		err = hz_fd_pread_full(fd, s.metas[i], sizeof(s.metas[i]), (uint64_t)i * HZ_PAGE_SIZE, &got);
		if (err != HZ_OK) {
			return err;
		}
		if (got != sizeof(s.metas[i])) {
			return hz_fail(HZ_MSG_VAULT_DAMAGED, "data.mdb is too short");
		}
	}
	/* After the metas: what changes later shows in the times. */
	if (fstat(fd, &st) != 0) {
		return hz_fail_sys(HZ_MSG_IO, errno, "data.mdb");
	}
	s.dev = st.st_dev;
	s.ino = st.st_ino;
	s.size = (uint64_t)st.st_size;
	s.mtime_ns = (int64_t)st.st_mtim.tv_sec * 1000000000 + st.st_mtim.tv_nsec;
	s.ctime_ns = (int64_t)st.st_ctim.tv_sec * 1000000000 + st.st_ctim.tv_nsec;
	*ret_st = s;
	return HZ_OK;
}
