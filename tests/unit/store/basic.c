/* Opening, transactions, get and put, cursors, error codes. */
#include "tests.h"
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static struct hz_txn *
begin(struct hz_store *s, bool write)
{
	struct hz_txn *t = NULL;

	ok(hz_txn_begin(s, write, &t));
	return t;
}

static void
put_get_delete(void **state)
{
	struct hz_store *s = store_at(*state);
	struct hz_txn *t = begin(s, true);
	const uint8_t *v = (const uint8_t *)"untouched";
	size_t n = 77;
	uint64_t count = 0;

	assert_int_equal(hz_get(t, 1, "a", 1, &v, &n), HZ_ERR_NOT_FOUND);
	assert_string_equal(v, "untouched");
	assert_int_equal(n, 77);
	ok(hz_set(t, 1, "a", 1, "one", 3));
	ok(hz_set(t, 2, "a", 1, "two", 3));
	ok(hz_set(t, 1, "b", 1, NULL, 0));
	ok(hz_txn_commit(&t));
	assert_null(t);

	t = begin(s, false);
	ok(hz_get(t, 1, "a", 1, &v, &n));
	assert_int_equal(n, 3);
	assert_memory_equal(v, "one", 3);
	ok(hz_get(t, 2, "a", 1, &v, &n));
	assert_memory_equal(v, "two", 3);
	ok(hz_get(t, 1, "b", 1, &v, &n));
	assert_int_equal(n, 0);
	assert_false(hz_has(t, 3, "a", 1));
	assert_false(hz_has(t, 1, "ab", 2));
	ok(hz_table_count(t, 1, &count));
	assert_int_equal(count, 2);
	hz_txn_abort(&t);

	t = begin(s, true);
	ok(hz_del(t, 1, "a", 1));
	ok(hz_del(t, 1, "not there", 9));
	ok(hz_set(t, 1, "b", 1, "longer than before", 18));
	hz_txn_abort(&t);
	hz_txn_abort(&t); /* NULL by now */
	t = begin(s, true);
	assert_true(hz_has(t, 1, "a", 1));
	ok(hz_del(t, 1, "a", 1));
	ok(hz_txn_commit(&t));
	t = begin(s, false);
	assert_false(hz_has(t, 1, "a", 1));
	assert_true(hz_has(t, 1, "b", 1));
	hz_txn_abort(&t);
	hz_store_close(&s);
	assert_null(s);

	s = store_at(*state);
	t = begin(s, false);
	assert_true(hz_has(t, 2, "a", 1));
	hz_txn_abort(&t);
	hz_store_close(&s);
}

static void
limits_of_values(void **state)
{
	struct hz_store *s = store_at(*state);
	struct hz_txn *t = begin(s, true);
	uint8_t *big = calloc(1, HZ_STORE_SEGMENT_MAX + 1);
	uint8_t key[HZ_STORE_KEY_MAX];
	struct hz_walk_stats st = { 0 };
	const uint8_t *v;
	size_t n;

	assert_non_null(big);
	memset(key, 7, sizeof(key));
	big[HZ_STORE_SEGMENT_MAX - 1] = 9;
	assert_int_equal(hz_set(t, 1, key, sizeof(key), big, HZ_STORE_SEGMENT_MAX + 1), HZ_ERR_LIMIT);
	assert_false(hz_txn_map_full(t));
	ok(hz_set(t, 1, key, sizeof(key), big, HZ_STORE_SEGMENT_MAX));
	ok(hz_txn_commit(&t));
	t = begin(s, false);
	ok(hz_get(t, 1, key, sizeof(key), &v, &n));
	assert_int_equal(n, HZ_STORE_SEGMENT_MAX);
	assert_int_equal(v[n - 1], 9);
	hz_txn_abort(&t);
	ok(walk_at(*state, &st));
	assert_int_equal(st.overflow, 256); /* not a page is wasted at this size */
	assert_int_equal(st.tables, TABLES);
	free(big);
	hz_store_close(&s);
}

static void
append_in_order(void **state)
{
	struct hz_store *s = store_at(*state);
	struct hz_txn *t = begin(s, true);
	uint8_t k[4];

	for (uint32_t i = 1; i <= 500; i++) {
		hz_be32(k, i * 2);
		ok(hz_append(t, 1, k, 4, &i, sizeof(i)));
	}
	/* The last again, and one before it. */
	assert_int_equal(hz_append(t, 1, k, 4, "x", 1), HZ_ERR_FORMAT);
	hz_be32(k, 999);
	assert_int_equal(hz_append(t, 1, k, 4, "x", 1), HZ_ERR_FORMAT);
	assert_int_equal(hz_fail_msg(), HZ_MSG_VAULT_DAMAGED);
	hz_be32(k, 1001);
	ok(hz_append(t, 1, k, 4, "x", 1)); /* the transaction is still good */
	ok(hz_txn_commit(&t));
	hz_store_close(&s);
}

static void
fill(struct hz_store *s, unsigned count)
{
	struct hz_txn *t = begin(s, true);

	for (unsigned i = 0; i < count; i++) {
		uint8_t k[4];

		hz_be32(k, i * 10);
		ok(hz_set(t, 1, k, 4, &i, sizeof(i)));
	}
	ok(hz_txn_commit(&t));
}

/* Reads once and gives the key's number, or -1 past the end. */
static int
step(struct hz_cur *c, bool back)
{
	const uint8_t *k, *v;
	size_t kn, n;
	bool found;

	ok(back ? hz_cur_prev(c, &found, &k, &kn, &v, &n) : hz_cur_next(c, &found, &k, &kn, &v, &n));
	return found ? (int)hz_rd_be32(k) : -1;
}

static void
cursor_moves(void **state)
{
	struct hz_store *s = store_at(*state);
	struct hz_txn *t;
	struct hz_cur *c = NULL;
	uint8_t k[4];

	fill(s, 1000);
	t = begin(s, false);
	ok(hz_cur_open(t, 1, &c));
	for (int i = 0; i < 1000; i++) {
		assert_int_equal(step(c, false), i * 10);
	}
	assert_int_equal(step(c, false), -1);
	assert_int_equal(step(c, false), -1);
	for (int i = 999; i >= 0; i--) {
		assert_int_equal(step(c, true), i * 10);
	}
	assert_int_equal(step(c, true), -1);
	assert_int_equal(step(c, false), 0);

	hz_be32(k, 41);
	ok(hz_cur_seek(c, k, 4));
	assert_int_equal(step(c, true), 50);
	assert_int_equal(step(c, true), 40);
	assert_int_equal(step(c, false), 30); /* the position is where the last read stepped to */
	assert_int_equal(step(c, false), 40);
	hz_be32(k, 9991);
	ok(hz_cur_seek(c, k, 4));
	assert_int_equal(step(c, false), -1);
	ok(hz_cur_seek(c, k, 4));
	assert_int_equal(step(c, true), 9990);
	ok(hz_cur_seek(c, NULL, 0));
	assert_int_equal(step(c, false), 0);
	ok(hz_cur_last(c));
	assert_int_equal(step(c, false), 9990);
	assert_int_equal(step(c, false), -1);
	hz_cur_close(&c);
	ok(hz_cur_open(t, 2, &c)); /* empty */
	assert_int_equal(step(c, false), -1);
	assert_int_equal(step(c, true), -1);
	ok(hz_cur_last(c));
	assert_int_equal(step(c, true), -1);
	hz_txn_abort(&t);
	hz_cur_close(&c); /* after its transaction */
	hz_cur_close(&c);
	hz_store_close(&s);
}

static void
cursor_deletes(void **state)
{
	struct hz_store *s = store_at(*state);
	struct hz_txn *t;
	struct hz_cur *c = NULL, *d = NULL;
	uint64_t left = 1;

	fill(s, 3000);
	t = begin(s, true);
	ok(hz_cur_open(t, 1, &c));
	ok(hz_cur_open(t, 1, &d));
	for (int i = 0; i < 3000; i++) {
		uint8_t k[4];

		assert_int_equal(step(c, false), i * 10);
		hz_be32(k, (uint32_t)i * 10);
		if (i % 3 != 0) {
			ok(hz_del(t, 1, k, 4));
		} else {
			ok(hz_set(t, 1, k, 4, "a value of another length", 25));
		}
	}
	assert_int_equal(step(c, false), -1);
	hz_cur_close(&d);
	ok(hz_txn_commit(&t)); /* takes c along */
	hz_cur_close(&c);
	t = begin(s, false);
	ok(hz_table_count(t, 1, &left));
	assert_int_equal(left, 1000);
	hz_txn_abort(&t);
	hz_store_close(&s);
}

static void
read_only(void **state)
{
	struct hz_store_opts o = { .read_only = true, .tables = TABLES };
	struct hz_store *s = NULL;
	struct hz_txn *t;
	struct hz_cur *c = NULL;
	uint64_t n = 5;

	assert_int_equal(hz_store_open(*state, &o, &s), HZ_ERR_NO_VAULT);
	assert_null(s);
	s = store_at(*state);
	fill(s, 10);
	hz_store_close(&s);
	o.tables = TABLES + 1; /* a later version's table that this file does not have */
	ok(hz_store_open(*state, &o, &s));
	t = begin(s, false);
	assert_false(hz_has(t, TABLES + 1, "a", 1));
	ok(hz_table_count(t, TABLES + 1, &n));
	assert_int_equal(n, 0);
	ok(hz_cur_open(t, TABLES + 1, &c));
	assert_int_equal(step(c, false), -1);
	ok(hz_cur_last(c));
	assert_int_equal(step(c, true), -1);
	ok(hz_cur_seek(c, "k", 1));
	assert_int_equal(step(c, false), -1);
	hz_cur_close(&c);
	ok(hz_table_count(t, 1, &n));
	assert_int_equal(n, 10);
	hz_txn_abort(&t);
	hz_store_close(&s);
	o.tables = TABLES - 1; /* a table too many */
	assert_int_equal(hz_store_open(*state, &o, &s), HZ_ERR_FORMAT);
}

static void
bad_places(void **state)
{
	struct hz_store_opts o = { .create = true, .tables = TABLES };
	struct hz_store *s = NULL;
	struct hz_store_stamp st;
	const char *name = NULL;
	int fd;

	assert_int_equal(hz_store_open(in(*state, "nowhere"), &o, &s), HZ_ERR_NO_VAULT);
	assert_int_equal(hz_store_stamp(*state, &st), HZ_ERR_NO_VAULT);
	assert_false(hz_store_fs_refused(*state, &name));
	assert_int_equal(mkfifo(in(*state, "data.mdb"), 0600), 0);
	assert_int_equal(hz_store_open(*state, &o, &s), HZ_ERR_FORMAT);
	assert_int_equal(unlink(in(*state, "data.mdb")), 0);
	assert_int_equal(symlink("elsewhere", in(*state, "data.mdb")), 0);
	assert_int_equal(hz_store_open(*state, &o, &s), HZ_ERR_FORMAT);
	assert_int_equal(unlink(in(*state, "data.mdb")), 0);
	/* A lock file that leads out of the vault must not be followed, a huge one not mapped. */
	assert_int_equal(symlink("victim", in(*state, "lock.mdb")), 0);
	assert_int_equal(hz_store_open(*state, &o, &s), HZ_ERR_FORMAT);
	assert_int_equal(access(in(*state, "victim"), F_OK), -1);
	assert_int_equal(unlink(in(*state, "lock.mdb")), 0);
	fd = open(in(*state, "lock.mdb"), O_RDWR | O_CREAT, 0600);
	assert_true(fd >= 0);
	assert_int_equal(ftruncate(fd, (off_t)1 << 40), 0);
	assert_int_equal(hz_store_open(*state, &o, &s), HZ_ERR_FORMAT);
	assert_int_equal(ftruncate(fd, 0), 0);
	(void)close(fd);
	/* An empty data.mdb is a new one for init only. */
	fd = open(in(*state, "data.mdb"), O_RDWR | O_CREAT, 0600);
	assert_true(fd >= 0);
	(void)close(fd);
	o.create = false;
	assert_int_equal(hz_store_open(*state, &o, &s), HZ_ERR_FORMAT);
	assert_int_equal(hz_store_stamp(*state, &st), HZ_ERR_FORMAT);
	o.create = true;
	ok(hz_store_open(*state, &o, &s));
	hz_store_close(&s);
}

static void
stamp_tells_changes(void **state)
{
	struct hz_store *s = store_at(*state);
	struct hz_store_stamp a, b;
	struct hz_txn *t;

	hz_store_close(&s);
	memset(&a, 0xaa, sizeof(a));
	memset(&b, 0x55, sizeof(b));
	ok(hz_store_stamp(*state, &a));
	ok(hz_store_stamp(*state, &b));
	assert_memory_equal(&a, &b, sizeof(a));
	s = store_at(*state);
	t = begin(s, true);
	ok(hz_set(t, 1, "k", 1, "v", 1));
	ok(hz_txn_commit(&t));
	hz_store_close(&s);
	ok(hz_store_stamp(*state, &b));
	assert_memory_not_equal(a.metas, b.metas, sizeof(a.metas));
	assert_int_equal(a.ino, b.ino);
}

/* The child dies with a reader's slot taken; opening again clears it and the file stops growing. */
static void
dead_readers(void **state)
{
	struct hz_store *s = store_at(*state);
	MDB_envinfo info;
	int dead = 0;

	fill(s, 100);
	hz_store_close(&s);
	for (int i = 0; i < 5; i++) {
		pid_t pid = fork();
		int status;

		assert_true(pid >= 0);
		if (pid == 0) {
			struct hz_txn *t = NULL;

			s = store_at(*state);
			if (hz_txn_begin(s, false, &t) != HZ_OK) {
				_exit(1);
			}
			(void)raise(SIGKILL);
		}
		assert_int_equal(waitpid(pid, &status, 0), pid);
		assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
	}
	s = store_at(*state);
	assert_int_equal(mdb_reader_check(s->env, &dead), 0);
	assert_int_equal(dead, 0);
	assert_int_equal(mdb_env_info(s->env, &info), 0);
	assert_int_equal(info.me_maxreaders, 126);
	hz_store_close(&s);
}

/* Threads that each hold a reader, one more than there are slots. */
struct crowd {
	struct hz_store *s;
	pthread_barrier_t in, out;
	unsigned held, busy;
	pthread_mutex_t m;
};

static void *
crowd_member(void *arg)
{
	struct crowd *c = arg;
	struct hz_txn *t = NULL;
	enum hz_err err = hz_txn_begin(c->s, false, &t);

	(void)pthread_mutex_lock(&c->m);
	c->held += err == HZ_OK;
	c->busy += err == HZ_ERR_BUSY;
	(void)pthread_mutex_unlock(&c->m);
	(void)pthread_barrier_wait(&c->in);
	(void)pthread_barrier_wait(&c->out);
	hz_txn_abort(&t);
	return NULL;
}

static void
readers_full(void **state)
{
	enum { MEMBERS = 127 };
	struct crowd c = { .s = store_at(*state), .m = PTHREAD_MUTEX_INITIALIZER };
	pthread_t th[MEMBERS];

	fill(c.s, 10);
	hz_store_close(&c.s); /* the slot that this thread used at opening */
	c.s = store_at(*state);
	assert_int_equal(pthread_barrier_init(&c.in, NULL, MEMBERS + 1), 0);
	assert_int_equal(pthread_barrier_init(&c.out, NULL, MEMBERS + 1), 0);
	for (int i = 0; i < MEMBERS; i++) {
		assert_int_equal(pthread_create(&th[i], NULL, crowd_member, &c), 0);
	}
	(void)pthread_barrier_wait(&c.in);
	assert_true(c.busy >= 1);
	assert_int_equal(c.held + c.busy, MEMBERS);
	assert_true(c.held >= 120);
	(void)pthread_barrier_wait(&c.out);
	for (int i = 0; i < MEMBERS; i++) {
		(void)pthread_join(th[i], NULL);
	}
	hz_store_close(&c.s);
}

static void
codes(void **state)
{
	static const struct {
		int rc;
		enum hz_msg msg;
	} rows[] = {
		{ MDB_MAP_FULL, HZ_MSG_LIMIT },
		{ MDB_TXN_FULL, HZ_MSG_LIMIT },
		{ MDB_CORRUPTED, HZ_MSG_VAULT_DAMAGED },
		{ MDB_PAGE_NOTFOUND, HZ_MSG_VAULT_DAMAGED },
		{ MDB_INVALID, HZ_MSG_VAULT_DAMAGED },
		{ MDB_PANIC, HZ_MSG_VAULT_DAMAGED },
		{ MDB_BAD_TXN, HZ_MSG_VAULT_DAMAGED },
		{ MDB_VERSION_MISMATCH, HZ_MSG_VAULT_DAMAGED },
		{ MDB_READERS_FULL, HZ_MSG_VAULT_BUSY },
		{ MDB_BAD_RSLOT, HZ_MSG_INTERNAL },
		{ ENOMEM, HZ_MSG_NOMEM },
		{ ENOSPC, HZ_MSG_NO_SPACE },
		{ EDQUOT, HZ_MSG_NO_SPACE },
		{ EIO, HZ_MSG_IO },
		{ EACCES, HZ_MSG_IO },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		hz_fail_clear();
		assert_int_equal(hz_store_msg(rows[i].rc), rows[i].msg);
		assert_int_equal(hz_store_fail(NULL, rows[i].rc, "trying"), hz_msg_err(rows[i].msg));
		assert_int_equal(hz_fail_msg(), rows[i].msg);
		assert_non_null(strstr(hz_fail_detail(), "trying"));
	}
}

/* A commit that the system refuses: nothing is acknowledged, no write after it, all there after reopening. */
static void
commit_fails(void **state)
{
	struct hz_store *s = store_at(*state);
	struct hz_txn *t;
	struct rlimit old, low;
	uint8_t value[60000] = { 1 };
	void (*before)(int) = signal(SIGXFSZ, SIG_IGN);
	struct hz_walk_stats st;

	fill(s, 100);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &old), 0);
	low = old;
	low.rlim_cur = 65536;
	t = begin(s, true);
	for (uint8_t i = 0; i < 10; i++) {
		ok(hz_set(t, 2, &i, 1, value, sizeof(value)));
	}
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &low), 0);
	assert_int_equal(hz_txn_commit(&t), HZ_ERR_IO);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &old), 0);
	(void)signal(SIGXFSZ, before);
	assert_null(t);
	assert_int_equal(hz_txn_begin(s, true, &t), HZ_ERR_IO);
	assert_null(t);
	t = begin(s, false);
	assert_false(hz_has(t, 2, "\0", 1));
	assert_true(hz_has(t, 1, "\0\0\0", 4));
	hz_txn_abort(&t);
	hz_store_close(&s);
	ok(walk_at(*state, &st));
	s = store_at(*state);
	fill(s, 200);
	hz_store_close(&s);
}

static void
closed_descriptors(void **state)
{
	for (int low = 0; low <= 2; low++) {
		pid_t pid = fork();
		int status;

		assert_true(pid >= 0);
		if (pid == 0) {
			const struct hz_store_opts o = { .create = true, .tables = TABLES };
			struct hz_store *s = NULL;
			int null = open("/dev/null", O_WRONLY | O_CLOEXEC);

			if (null >= 0 && low != 2) {
				(void)dup2(null, 2); /* the assertion's words are expected */
			}
			(void)close(low);
			HZ_IGNORE(hz_store_open(*state, &o, &s));
			_exit(0);
		}
		assert_int_equal(waitpid(pid, &status, 0), pid);
		assert_false(WIFEXITED(status) && WEXITSTATUS(status) == 0);
	}
	assert_int_equal(access(in(*state, "data.mdb"), F_OK), -1);
}

#define row(f) cmocka_unit_test_setup_teardown(f, folder_make, folder_drop)
const struct CMUnitTest tests_basic[] = {
	row(put_get_delete),
	row(limits_of_values),
	row(append_in_order),
	row(cursor_moves),
	row(cursor_deletes),
	row(read_only),
	row(bad_places),
	row(stamp_tells_changes),
	row(dead_readers),
	row(readers_full),
	row(codes),
	row(commit_fails),
	row(closed_descriptors),
};
const size_t tests_basic_count = sizeof(tests_basic) / sizeof(tests_basic[0]);
