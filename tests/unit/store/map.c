/* The map: growth, memory, following another process, the copy. */
#include "tests.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
static const bool sanitized = true;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) || __has_feature(memory_sanitizer)
static const bool sanitized = true;
#else
static const bool sanitized = false;
#endif
#else
static const bool sanitized = false;
#endif

/* Sets count values of n bytes in one transaction, growing the map as often as it takes. */
static unsigned
write_growing(struct hz_store *s, unsigned table, unsigned from, unsigned count, size_t n)
{
	uint8_t *value = malloc(n);
	unsigned grown = 0;
	enum hz_err err;

	assert_non_null(value);
	do {
		struct hz_txn *t = NULL;

		ok(hz_txn_begin(s, true, &t));
		assert_false(hz_store_map_full(s));
		err = HZ_OK;
		for (unsigned i = from; i < from + count && err == HZ_OK; i++) {
			uint8_t k[4];

			hz_be32(k, i);
			memset(value, (int)(i & 0xff), n);
			err = hz_set(t, table, k, 4, value, n);
		}
		if (err != HZ_OK) {
			assert_int_equal(err, HZ_ERR_LIMIT);
			assert_int_equal(hz_fail_msg(), HZ_MSG_LIMIT);
			assert_true(hz_txn_map_full(t));
			/* It takes no more and cannot be committed. */
			assert_int_equal(hz_set(t, table, "k", 1, "v", 1), HZ_ERR_LIMIT);
			if (grown % 2 == 0) {
				assert_int_equal(hz_txn_commit(&t), HZ_ERR_LIMIT);
			}
			hz_txn_abort(&t);
		} else {
			err = hz_txn_commit(&t);
		}
		if (err != HZ_OK) {
			assert_int_equal(err, HZ_ERR_LIMIT);
			assert_true(hz_store_map_full(s));
			ok(hz_store_grow(s));
			grown++;
		}
	} while (err != HZ_OK);
	free(value);
	return grown;
}

static void
read_back(struct hz_store *s, unsigned table, unsigned count, size_t n)
{
	struct hz_txn *t = NULL;

	ok(hz_txn_begin(s, false, &t));
	for (unsigned i = 0; i < count; i++) {
		const uint8_t *v = NULL;
		uint8_t k[4];
		size_t got = 0;

		hz_be32(k, i);
		ok(hz_get(t, table, k, 4, &v, &got));
		assert_int_equal(got, n);
		hz_store_willneed(s, v, got);
		assert_int_equal(v[0], i & 0xff);
		assert_int_equal(v[n - 1], i & 0xff);
		hz_store_dontneed(s, v, got);
		assert_int_equal(v[n / 2], i & 0xff); /* still there: it is only fetched again */
	}
	hz_txn_abort(&t);
}

static void
grows_from_a_small_map(void **state)
{
	struct hz_store *s = store_sized(*state, 256 * 1024);
	struct hz_walk_stats st;
	unsigned grown;

	grown = write_growing(s, 1, 0, 100, 50000); /* 5 MB */
	assert_true(grown >= 4);
	read_back(s, 1, 100, 50000);
	/* Many small commits: the map fills in a commit now and then, too. */
	for (unsigned i = 0; i < 400; i++) {
		grown += write_growing(s, 2, i * 7, 7, 1900);
	}
	assert_true(grown >= 5);
	hz_store_close(&s);
	ok(walk_at(*state, &st));
	assert_int_equal(st.tables, TABLES);
	s = store_at(*state);
	read_back(s, 1, 100, 50000);
	hz_store_close(&s);
}

static void
small_address_space(void **state)
{
	pid_t pid;
	int status;

	if (sanitized) {
		print_message("# left out: a sanitizer's shadow needs terabytes itself\n");
		return;
	}
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		const struct hz_store_opts o = { .create = true, .tables = TABLES };
		const struct rlimit limits[] = { { (rlim_t)80 << 30, (rlim_t)80 << 30 },
			{ (rlim_t)2 << 30, (rlim_t)2 << 30 } };
		struct hz_store *s = NULL;

		if (setrlimit(RLIMIT_AS, &limits[0]) != 0 || hz_store_open(*state, &o, &s) != HZ_OK ||
		    s->map_len != (size_t)64 << 30) {
			_exit(1);
		}
		hz_store_close(&s);
		if (setrlimit(RLIMIT_AS, &limits[1]) != 0) {
			_exit(2);
		}
		_exit(hz_store_open(*state, &o, &s) == HZ_ERR_NOMEM ? 0 : 3);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
}

/* Another process outgrows our map: the next transaction follows. */
static void
follows_another_process(void **state)
{
	int status, go[2];
	struct hz_store *s;
	pid_t pid;
	char c = 0;

	assert_int_equal(pipe(go), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		struct hz_store *o;

		if (read(go[0], &c, 1) != 1) {
			_exit(1);
		}
		o = store_sized(*state, 64 << 20);
		(void)write_growing(o, 1, 0, 100, 50000);
		hz_store_close(&o);
		_exit(0);
	}
	s = store_sized(*state, 1 << 20);
	assert_int_equal(write(go[1], "g", 1), 1);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
	read_back(s, 1, 100, 50000);
	(void)write_growing(s, 2, 0, 10, 50000);
	hz_store_close(&s);
	(void)close(go[0]);
	(void)close(go[1]);
}

static long
peak_kib(void)
{
	struct rusage u;

	assert_int_equal(getrusage(RUSAGE_SELF, &u), 0);
	return u.ru_maxrss;
}

/* Writes and reads mib MiB as the vault does; the child's peak is what counts. */
static void
memory_child(const char *path, unsigned mib)
{
	struct hz_store *s = store_at(path);
	uint8_t *value = malloc(HZ_STORE_SEGMENT_MAX);
	struct hz_txn *t = NULL;
	unsigned sum = 0;

	assert_non_null(value);
	memset(value, 3, HZ_STORE_SEGMENT_MAX);
	for (unsigned i = 0; i < mib; i += 8) {
		ok(hz_txn_begin(s, true, &t));
		for (unsigned j = i; j < i + 8; j++) {
			uint8_t k[4];

			hz_be32(k, j);
			ok(hz_append(t, 1, k, 4, value, HZ_STORE_SEGMENT_MAX));
		}
		ok(hz_txn_commit(&t));
		hz_store_drop_pages(s);
	}
	/* The second reading forgets to give pages back: the store must do it. */
	for (unsigned round = 0; round < 2; round++) {
		ok(hz_txn_begin(s, false, &t));
		for (unsigned j = 0; j < mib; j++) {
			const uint8_t *v = NULL;
			uint8_t k[4];
			size_t n = 0;

			hz_be32(k, j);
			ok(hz_get(t, 1, k, 4, &v, &n));
			for (size_t o = 0; o < n; o += 512) {
				sum += v[o];
			}
			if (round == 0) {
				hz_store_dontneed(s, v, n);
			}
		}
		hz_txn_abort(&t);
	}
	assert_int_equal(sum, mib * 2 * (HZ_STORE_SEGMENT_MAX / 512 + 1) * 3);
	{
		int fd = open(in(path, "copy"), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

		assert_true(fd >= 0);
		ok(hz_store_copy(s, fd));
		(void)close(fd);
	}
	free(value);
	hz_store_close(&s);
}

static void
memory_is_bounded(void **state)
{
	unsigned mib = (unsigned)number_from("HIRZ_STORE_MIB", 256);
	int status, report[2];
	long kib = 0;
	pid_t pid;

	assert_int_equal(pipe(report), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		long base = peak_kib();

		memory_child(*state, mib / 8 * 8);
		kib = peak_kib() - base;
		_exit(write(report[1], &kib, sizeof(kib)) == (ssize_t)sizeof(kib) ? 0 : 1);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
	assert_int_equal(read(report[0], &kib, sizeof(kib)), sizeof(kib));
	print_message("# %u MiB written, read twice, copied: peak %ld KiB above the start\n", mib, kib);
	/* A sanitizer keeps freed memory for a while. */
	assert_true(sanitized || kib < 80 * 1024);
	(void)close(report[0]);
	(void)close(report[1]);
}

/* Every entry of a is in b. */
static void
same_entries(struct hz_store *a, struct hz_store *b)
{
	struct hz_txn *ta = NULL, *tb = NULL;

	/* One reader for each thread and store. */
	ok(hz_txn_begin(a, false, &ta));
	ok(hz_txn_begin(b, false, &tb));
	for (unsigned i = 1; i <= TABLES; i++) {
		struct hz_cur *ca = NULL, *cb = NULL;
		bool fa = true, fb = true;

		ok(hz_cur_open(ta, i, &ca));
		ok(hz_cur_open(tb, i, &cb));
		while (fa) {
			const uint8_t *ka, *va, *kb, *vb;
			size_t kan, van, kbn, vbn;

			ok(hz_cur_next(ca, &fa, &ka, &kan, &va, &van));
			ok(hz_cur_next(cb, &fb, &kb, &kbn, &vb, &vbn));
			assert_int_equal(fa, fb);
			if (fa) {
				assert_int_equal(kan, kbn);
				assert_int_equal(van, vbn);
				assert_memory_equal(ka, kb, kan);
				assert_memory_equal(va, vb, van);
			}
		}
		hz_cur_close(&ca);
		hz_cur_close(&cb);
	}
	hz_txn_abort(&ta);
	hz_txn_abort(&tb);
}

static bool
file_holds(const char *path, const char *what)
{
	size_t n = strlen(what);
	struct stat st;
	bool found = false;
	uint8_t *p;
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	assert_true(fd >= 0);
	assert_int_equal(fstat(fd, &st), 0);
	p = malloc((size_t)st.st_size);
	assert_non_null(p);
	assert_int_equal(read(fd, p, (size_t)st.st_size), st.st_size);
	found = memmem(p, (size_t)st.st_size, what, n) != NULL;
	free(p);
	(void)close(fd);
	return found;
}

static void
copy_is_equal_and_clean(void **state)
{
	void *other = NULL;
	struct hz_store *s = store_at(*state), *o;
	struct hz_walk_stats st, ct;
	struct hz_txn *t = NULL;
	uint64_t seed = 11;
	uint32_t number = 0;
	int fd;

	assert_int_equal(folder_make(&other), 0);
	for (unsigned i = 0; i < 120; i++) {
		ok(hz_txn_begin(s, true, &t));
		for (unsigned j = 0; j < 30; j++) {
			ok(change(t, &seed, &number));
		}
		if (i == 118) {
			ok(hz_set(t, 2, "secret", 6, "THE-DELETED-NAME", 16));
		}
		if (i == 119) {
			ok(hz_del(t, 2, "secret", 6));
		}
		ok(hz_txn_commit(&t));
	}
	fd = open(in(other, "data.mdb"), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	assert_true(fd >= 0);
	ok(hz_store_copy(s, fd));
	/* Not a second time over it. */
	assert_int_equal(hz_store_copy(s, fd), HZ_ERR_EXISTS);
	(void)close(fd);
	ok(walk_at(*state, &st));
	ok(walk_at(other, &ct));
	assert_int_equal(ct.free_pages, 0);
	assert_int_equal(ct.tables, TABLES);
	assert_true(ct.pages < st.pages);
	o = store_at(other);
	same_entries(s, o);
	hz_store_close(&s);
	hz_store_close(&o);
	assert_true(file_holds(in(*state, "data.mdb"), "THE-DELETED-NAME"));
	assert_false(file_holds(in(other, "data.mdb"), "THE-DELETED-NAME"));
	/* A copy is a store like any other. */
	o = store_at(other);
	(void)write_growing(o, 2, 0, 10, 5000);
	hz_store_close(&o);
	ok(walk_at(other, &ct));
	(void)folder_drop(&other);
}

static void
copy_of_nothing(void **state)
{
	struct hz_store *s = store_at(*state);
	struct hz_walk_stats st;
	int fd = open(in(*state, "copy"), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

	assert_true(fd >= 0);
	ok(hz_store_copy(s, fd));
	ok(hz_walk(fd, TABLES, &st));
	assert_int_equal(st.pages, 3);
	(void)close(fd);
	fd = open("/dev/null", O_RDWR | O_CLOEXEC);
	assert_true(fd >= 0);
	assert_int_equal(hz_store_copy(s, fd), HZ_ERR_EXISTS);
	(void)close(fd);
	hz_store_close(&s);
}

/* Advice about a view of this transaction's own writing must not touch it. */
static void
advice_on_dirty_views(void **state)
{
	struct hz_store *s = store_at(*state);
	struct hz_txn *t = NULL;
	uint8_t value[20000];
	const uint8_t *v = NULL;
	size_t n = 0;

	memset(value, 0x5a, sizeof(value));
	ok(hz_txn_begin(s, true, &t));
	ok(hz_set(t, 1, "k", 1, value, sizeof(value)));
	ok(hz_get(t, 1, "k", 1, &v, &n));
	hz_store_dontneed(s, v, n);
	hz_store_drop_pages(s);
	assert_memory_equal(v, value, sizeof(value));
	ok(hz_txn_commit(&t));
	ok(hz_txn_begin(s, false, &t));
	ok(hz_get(t, 1, "k", 1, &v, &n));
	assert_memory_equal(v, value, sizeof(value));
	hz_store_dontneed(s, v, 0);
	hz_store_dontneed(s, v, SIZE_MAX);
	hz_txn_abort(&t);
	hz_store_close(&s);
}

#define row(f) cmocka_unit_test_setup_teardown(f, folder_make, folder_drop)
const struct CMUnitTest tests_map[] = {
	row(grows_from_a_small_map),
	row(small_address_space),
	row(follows_another_process),
	row(memory_is_bounded),
	row(copy_is_equal_and_clean),
	row(copy_of_nothing),
	row(advice_on_dirty_views),
};
const size_t tests_map_count = sizeof(tests_map) / sizeof(tests_map[0]);
