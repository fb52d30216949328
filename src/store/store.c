#include "base/fd.h"
#include "store/inner.h"
#include "store/page.h"
#include "store/walk.h"
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	READERS_MAX = 126,
	DBS_MAX = 32,
	WALK_TRIES = 5,
};
/* File pages that may stay mapped before all are given back, and how many may come before we look again:
 * together well below the 128 MiB that the process may have in all (design 9). */
#define RESIDENT_MAX  ((size_t)48 << 20)
#define RESIDENT_LOOK ((size_t)16 << 20)
/* Written bytes after which the file's page cache is given back (reference/perf.md: about 200 MB). */
#define WRITTEN_MAX ((uint64_t)200 << 20)

/* Both metas as they are, to see whether somebody committed while we walked. */
static enum hz_err
metas_peek(int fd, uint8_t ret_m[static 2 * 160])
{
	for (unsigned i = 0; i < 2; i++) {
		size_t got = 0;
		enum hz_err err =
		    hz_fd_pread_full(fd, ret_m + 160 * (size_t)i, 160, (uint64_t)i * HZ_PAGE_SIZE, &got);

		if (err != HZ_OK) {
			return err;
		}
		memset(ret_m + 160 * (size_t)i + got, 0, 160 - got);
	}
	return HZ_OK;
}

/* Walks; where a writer committed meanwhile a failure says nothing, so it walks again. */
static enum hz_err
file_walk(int fd, unsigned tables)
{
	uint8_t before[2 * 160], after[2 * 160];
	struct hz_walk_stats stats;
	enum hz_err err = HZ_OK;

	for (unsigned i = 0; i < WALK_TRIES; i++) {
		enum hz_err peek = metas_peek(fd, before);

		if (peek != HZ_OK) {
			return peek;
		}
		err = hz_walk(fd, tables, &stats);
		if (err != HZ_ERR_FORMAT) {
			return err;
		}
		peek = metas_peek(fd, after);
		if (peek != HZ_OK) {
			return peek;
		}
		if (memcmp(before, after, sizeof(before)) == 0) {
			/* The peek may have been between: the failure of the walk stays the last one said. */
			return err;
		}
	}
	return hz_fail(HZ_MSG_VAULT_BUSY, "data.mdb changes while it is checked");
}

HZ_RESULT
hz_store_walk(const char *path, unsigned tables, bool *ret_stamped, struct hz_store_stamp *ret_st)
{
	hz_cleanup(hz_fd_close) int fd = -1;
	struct hz_store_stamp before = { 0 }, after = { 0 };
	enum hz_err err = hz_store_file(path, &fd);

	if (err == HZ_OK && fd < 0) {
		err = hz_fail(HZ_MSG_NO_VAULT, "%s holds no data.mdb", path);
	}
	if (err == HZ_OK) {
		err = hz_store_stamp(path, &before);
	}
	if (err == HZ_OK) {
		err = file_walk(fd, tables);
	}
	if (err == HZ_OK) {
		err = hz_store_stamp(path, &after);
	}
	if (err != HZ_OK) {
		return err;
	}
	*ret_stamped = memcmp(&before, &after, sizeof(before)) == 0;
	*ret_st = after;
	return HZ_OK;
}

/* The file before LMDB sees it. *ret_new: there is none yet, or an empty one, and it may be made. */
static enum hz_err
file_check(const char *path, const struct hz_store_opts *opts, bool *ret_new)
{
	hz_cleanup(hz_fd_close) int fd = -1;
	struct stat st;
	enum hz_err err = hz_store_file(path, &fd);

	if (err != HZ_OK) {
		return err;
	}
	if (fd < 0) {
		if (!opts->create) {
			return hz_fail(HZ_MSG_NO_VAULT, "%s holds no data.mdb", path);
		}
		*ret_new = true;
		return HZ_OK;
	}
	if (fstat(fd, &st) != 0) {
		return hz_fail_sys(HZ_MSG_IO, errno, "data.mdb");
	}
	*ret_new = st.st_size == 0 && opts->create;
	if (*ret_new || opts->skip_walk) {
		return HZ_OK;
	}
	return file_walk(fd, opts->tables);
}

/* One attempt with one map size. */
static int
env_try(const char *path, bool read_only, uint64_t bytes, MDB_env **ret_env)
{
	MDB_env *env = NULL;
	int rc = mdb_env_create(&env);

	if (rc != 0) {
		return rc;
	}
	rc = mdb_env_set_maxdbs(env, DBS_MAX);
	if (rc == 0) {
		rc = mdb_env_set_maxreaders(env, READERS_MAX);
	}
	if (rc == 0) {
		rc = mdb_env_set_mapsize(env, (size_t)bytes);
	}
	if (rc == 0) {
		/* Default flags only: every other one gives up a promise (SECURITY.md, design 5). */
		unsigned flags = read_only ? MDB_RDONLY : 0;
#ifdef HZ_FAULT_NOSYNC
		/* The control of the power-cut test: this store must lose something.
		 * lint: allow MDB_NOSYNC (never in a release) */
		flags |= MDB_NOSYNC;
#endif
		rc = mdb_env_open(env, path, flags, 0600);
	}
	if (rc != 0) {
		mdb_env_close(env);
		return rc;
	}
	*ret_env = env;
	return 0;
}

static enum hz_err
env_open(struct hz_store *s, uint64_t first, uint64_t floor)
{
	int rc = 0;

	for (uint64_t bytes = first; bytes >= floor; bytes /= 2) {
		rc = env_try(s->path, s->read_only, bytes, &s->env);
		/* valgrind, ThreadSanitizer and RLIMIT_AS refuse large maps. */
		if (rc != ENOMEM && rc != EINVAL) {
			break;
		}
	}
	return rc == 0 ? HZ_OK : hz_store_fail(NULL, rc, "opening data.mdb");
}

/* Opens the tables that are there; *ret_missing when one is not. */
static int
tables_open(struct hz_store *s, bool make, bool *ret_missing)
{
	MDB_txn *mt = NULL;
	int rc = mdb_txn_begin(s->env, NULL, make ? 0 : MDB_RDONLY, &mt);

	*ret_missing = false;
	for (unsigned i = 1; i <= s->tables && rc == 0; i++) {
		char name[12];

		(void)snprintf(name, sizeof(name), "%u", i);
		rc = mdb_dbi_open(mt, name, make ? MDB_CREATE : 0, &s->dbi[i]);
		s->has[i] = rc == 0;
		if (rc == MDB_NOTFOUND && !make) {
			*ret_missing = true;
			rc = 0;
		}
	}
	if (rc != 0) {
		if (mt != NULL) {
			mdb_txn_abort(mt);
		}
		return rc;
	}
	/* A commit also of a read transaction: an abort would close the handles again. */
	return mdb_txn_commit(mt);
}

static enum hz_err
store_ready(struct hz_store *s)
{
	bool missing = false;
	int dead = 0, rc = mdb_reader_check(s->env, &dead);

	if (rc == 0) {
		rc = tables_open(s, false, &missing);
	}
	if (rc == MDB_MAP_RESIZED) { /* cannot be: LMDB maps at least what the file needs at opening */
		rc = MDB_CORRUPTED;
	}
	if (rc == 0 && missing && !s->read_only) {
		rc = tables_open(s, true, &missing);
	}
	if (rc != 0) {
		return hz_store_fail(s, rc, "opening the tables of data.mdb");
	}
	return hz_store_find_map(s);
}

static enum hz_err
folder_sync(const char *path)
{
	hz_cleanup(hz_fd_close) int dir = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (dir < 0) {
		return hz_fail_sys(HZ_MSG_IO, errno, "%s", path);
	}
	return hz_dir_sync(dir);
}

/* Fills a store that is all zeros. */
static enum hz_err
store_start(struct hz_store *s, const char *path, const struct hz_store_opts *opts, uint64_t map_first,
    uint64_t map_floor)
{
	enum hz_err err;

	s->path = strdup(path);
	if (s->path == NULL || pthread_mutex_init(&s->gate, NULL) != 0) {
		(void)hz_fail(HZ_MSG_NOMEM, "opening data.mdb");
		return HZ_ERR_NOMEM;
	}
	s->read_only = opts->read_only;
	s->tables = opts->tables;
	err = env_open(s, map_first, map_floor);
	return err == HZ_OK ? store_ready(s) : err;
}

HZ_RESULT
hz_store_open_sized(const char *path, const struct hz_store_opts *opts, uint64_t map_first,
    uint64_t map_floor, struct hz_store **ret_s)
{
	struct hz_store *s;
	const char *fs = NULL;
	bool fresh = false;
	enum hz_err err;

	hz_assert(opts->tables >= 1 && opts->tables <= HZ_STORE_TABLES && !(opts->create && opts->read_only));
	/* Else data.mdb could become descriptor 2 and the next message would be written into it. */
	for (int fd = 0; fd <= 2; fd++) {
		hz_assert(fcntl(fd, F_GETFD) != -1);
	}
	if (!opts->force_fs && hz_store_fs_refused(path, &fs)) {
		return hz_fail(HZ_MSG_BAD_FILESYSTEM, "%s: %s", path, fs);
	}
	err = file_check(path, opts, &fresh);
	if (err != HZ_OK) {
		return err;
	}
	s = calloc(1, sizeof(*s));
	if (s == NULL) {
		return hz_fail(HZ_MSG_NOMEM, "opening data.mdb");
	}
	err = store_start(s, path, opts, map_first, map_floor);
	/* LMDB syncs the file but not the entry that names it. */
	if (err == HZ_OK && fresh) {
		err = folder_sync(path);
	}
	if (err != HZ_OK) {
		hz_store_close(&s);
		return err;
	}
	*ret_s = s;
	return HZ_OK;
}

HZ_RESULT
hz_store_open(const char *path, const struct hz_store_opts *opts, struct hz_store **ret_s)
{
	return hz_store_open_sized(path, opts, HZ_STORE_MAP_FIRST, HZ_STORE_MAP_FLOOR, ret_s);
}

void
hz_store_close(struct hz_store **s)
{
	struct hz_store *p = *s;

	*s = NULL;
	if (p == NULL) {
		return;
	}
	if (p->env != NULL) {
		hz_assert(p->txns == 0);
		mdb_env_close(p->env);
		(void)pthread_mutex_destroy(&p->gate);
	}
	free(p->path);
	free(p);
}

/* LMDB tells no one where its map is (unless FIXEDMAP). But the main tree is never empty once tables exist,
 * its values lie in the map, and a page begins with its own number: from there it is one subtraction. */
HZ_RESULT
hz_store_find_map(struct hz_store *s)
{
	MDB_txn *mt = NULL;
	MDB_cursor *c = NULL;
	MDB_dbi main_dbi;
	MDB_val k, v;
	MDB_envinfo info;
	int rc = mdb_txn_begin(s->env, NULL, MDB_RDONLY, &mt);

	s->map = NULL;
	s->map_len = 0;
	if (rc != 0) {
		return hz_store_fail(s, rc, "reading data.mdb");
	}
	rc = mdb_dbi_open(mt, NULL, 0, &main_dbi);
	if (rc == 0) {
		rc = mdb_cursor_open(mt, main_dbi, &c);
	}
	if (rc == 0) {
		rc = mdb_cursor_get(c, &k, &v, MDB_FIRST);
	}
	if (rc == 0) {
		rc = mdb_env_info(s->env, &info);
	}
	if (rc == 0) {
		uint8_t *page = (uint8_t *)k.mv_data - (uintptr_t)k.mv_data % HZ_PAGE_SIZE;
		uint64_t number = hz_le64(page);

		if (number <= info.me_last_pgno) {
			s->map = page - number * HZ_PAGE_SIZE;
			s->map_len = info.me_mapsize;
		}
	}
	if (c != NULL) {
		mdb_cursor_close(c);
	}
	mdb_txn_abort(mt);
	return rc == 0 || rc == MDB_NOTFOUND ? HZ_OK : hz_store_fail(s, rc, "reading data.mdb");
}

HZ_RESULT
hz_store_remap(struct hz_store *s, uint64_t bytes)
{
	int rc = mdb_env_set_mapsize(s->env, (size_t)bytes);

	if (rc != 0) {
		/* LMDB has unmapped the old map by now: nothing may be read any more. */
		atomic_store(&s->unmapped, true);
		return hz_store_fail(s, rc, "a larger map of data.mdb");
	}
	return hz_store_find_map(s);
}

HZ_RESULT
hz_store_grow(struct hz_store *s)
{
	MDB_envinfo info;
	enum hz_err err;
	int rc;

	(void)pthread_mutex_lock(&s->gate);
	hz_assert(s->txns == 0);
	rc = mdb_env_info(s->env, &info);
	if (rc != 0) {
		err = hz_store_fail(s, rc, "a larger map of data.mdb");
	} else if (info.me_mapsize > (size_t)1 << 45) {
		err = hz_fail(HZ_MSG_LIMIT, "data.mdb has reached 32 TiB");
	} else {
		err = hz_store_remap(s, (uint64_t)info.me_mapsize * 2);
	}
	(void)pthread_mutex_unlock(&s->gate);
	return err;
}

uint64_t
hz_store_room(struct hz_store *s)
{
	MDB_envinfo info;
	MDB_stat st;
	uint64_t used = 0;

	(void)pthread_mutex_lock(&s->gate);
	if (mdb_env_info(s->env, &info) == 0 && mdb_env_stat(s->env, &st) == 0) {
		used = ((uint64_t)info.me_last_pgno + 1) * st.ms_psize;
	} else {
		info.me_mapsize = 0;
	}
	(void)pthread_mutex_unlock(&s->gate);
	return (uint64_t)info.me_mapsize > used ? (uint64_t)info.me_mapsize - used : 0;
}

/* Bytes of files that this process has mapped in (the third number of statm); everything when the system
 * does not say. */
static size_t
resident(void)
{
	hz_cleanup(hz_fd_close) int fd = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
	char text[128], *end = text;
	ssize_t n = fd < 0 ? -1 : read(fd, text, sizeof(text) - 1);
	unsigned long shared = 0;

	if (n <= 0) {
		/* cppcheck-suppress resourceLeak ; hz_cleanup closes it */
		return SIZE_MAX;
	}
	text[n] = '\0';
	for (unsigned i = 0; i < 3; i++) {
		shared = strtoul(end, &end, 10);
	}
	return (size_t)shared * HZ_PAGE_SIZE;
}

/* What is touched again and again costs nothing here: only what is really mapped counts in the end. */
void
hz_store_touch(struct hz_store *s, size_t n)
{
	if (atomic_fetch_add(&s->touched, n) + n <= RESIDENT_LOOK || s->map == NULL) {
		return;
	}
	atomic_store(&s->touched, 0);
	if (resident() > RESIDENT_MAX) {
		(void)madvise(s->map, s->map_len, MADV_DONTNEED);
	}
}

void
hz_store_drop_pages(struct hz_store *s)
{
	mdb_filehandle_t fd;
	struct stat st;

	if (s->map == NULL || mdb_env_get_fd(s->env, &fd) != 0) {
		return;
	}
	atomic_store(&s->touched, 0);
	(void)madvise(s->map, s->map_len, MADV_DONTNEED);
	if (fstat(fd, &st) != 0) {
		return;
	}
	/* Only what is new: dropping the inner pages of the trees with it would make us read them again. */
	if ((uint64_t)st.st_size > s->given_back + WRITTEN_MAX) {
		(void)posix_fadvise(fd, (off_t)s->given_back, 0, POSIX_FADV_DONTNEED);
		s->given_back = (uint64_t)st.st_size;
	}
}

/* Advice is for the map alone: DONTNEED on LMDB's own memory (a view of a page that this transaction has
 * written) would empty it. */
static void
view_advise(struct hz_store *s, const void *p, size_t n, int advice)
{
	uintptr_t from = (uintptr_t)p, base = (uintptr_t)s->map, off;

	if (s->map == NULL || n == 0 || from < base || from - base >= s->map_len ||
	    n > s->map_len - (from - base)) {
		return;
	}
	off = (from - base) / HZ_PAGE_SIZE * HZ_PAGE_SIZE;
	(void)madvise(s->map + off, n + (from - base - off), advice);
}

void
hz_store_willneed(struct hz_store *s, const void *p, size_t n)
{
	view_advise(s, p, n, MADV_WILLNEED);
}

void
hz_store_dontneed(struct hz_store *s, const void *p, size_t n)
{
	view_advise(s, p, n, MADV_DONTNEED);
}
