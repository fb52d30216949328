#include "store/inner.h"
#include <errno.h>
#include <sys/statvfs.h>

enum hz_msg
hz_store_msg(int rc)
{
	switch (rc) {
	case MDB_MAP_FULL:
	case MDB_TXN_FULL:
	case MDB_DBS_FULL:
		return HZ_MSG_LIMIT;
	case MDB_READERS_FULL:
	case MDB_MAP_RESIZED:
		return HZ_MSG_VAULT_BUSY;
	case MDB_NOTFOUND:
	case MDB_PAGE_NOTFOUND:
	case MDB_CORRUPTED:
	case MDB_PANIC:
	case MDB_VERSION_MISMATCH:
	case MDB_INVALID:
	case MDB_INCOMPATIBLE:
	case MDB_BAD_TXN:
	case MDB_CURSOR_FULL:
	case MDB_PAGE_FULL:
		return HZ_MSG_VAULT_DAMAGED;
	case MDB_KEYEXIST:
	case MDB_BAD_VALSIZE:
	case MDB_BAD_DBI:
	case MDB_BAD_RSLOT:
	case MDB_TLS_FULL:
		return HZ_MSG_INTERNAL;
	case ENOMEM:
		return HZ_MSG_NOMEM;
	case ENOSPC:
	case EDQUOT:
		return HZ_MSG_NO_SPACE;
	default:
		return HZ_MSG_IO;
	}
}

/* LMDB turns a short write into EIO, and a full tmpfs gives short writes: is the disk full? */
static bool
disk_full(struct hz_store *s)
{
	mdb_filehandle_t fd;
	struct statvfs v;

	if (s == NULL || mdb_env_get_fd(s->env, &fd) != 0 || fstatvfs(fd, &v) != 0) {
		return false;
	}
	return (uint64_t)v.f_bavail * v.f_frsize < 65536;
}

enum hz_err
hz_store_fail(struct hz_store *s, int rc, const char *what)
{
	int broken = s == NULL ? 0 : atomic_load(&s->broken);

	/* After a failed commit LMDB says PANIC to everything; the first reason is the true one. */
	if (rc == MDB_PANIC && broken != 0) {
		return hz_fail((enum hz_msg)broken, "%s: an earlier commit failed", what);
	}
	if (rc == EIO && disk_full(s)) {
		return hz_fail_sys(HZ_MSG_NO_SPACE, ENOSPC, "%s", what);
	}
	if (rc > 0) {
		return hz_fail_sys(hz_store_msg(rc), rc, "%s", what);
	}
	return hz_fail(hz_store_msg(rc), "%s: %s", what, mdb_strerror(rc));
}
