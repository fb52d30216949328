/* The walker takes every legal file, and for each of its rules there is a file it refuses. */
#include "store/page.h"
#include "tests.h"
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double
seconds(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* Random commits and aborts, with a reader kept open now and then so that the free list grows; a walk after
 * each. HIRZ_COMMITS asks for more. */
static void
takes_every_commit(void **state)
{
	unsigned long commits = number_from("HIRZ_COMMITS", 1500);
	struct hz_store *s = store_at(*state);
	struct hz_txn *t = NULL, *reader = NULL;
	struct hz_walk_stats st = { 0 };
	uint64_t seed = 4711, free_seen = 0;
	uint32_t number = 0;
	int fd = open(in(*state, "data.mdb"), O_RDONLY | O_CLOEXEC);

	assert_true(fd >= 0);
	for (unsigned long i = 0; i < commits; i++) {
		uint64_t n = 1 + rnd(&seed) % 60;

		if (rnd(&seed) % 40 == 0 && reader == NULL) {
			ok(hz_txn_begin(s, false, &reader));
		}
		ok(hz_txn_begin(s, true, &t));
		while (n-- > 0) {
			ok(change(t, &seed, &number));
		}
		if (rnd(&seed) % 300 == 0) { /* a table emptied: overflow runs into the free list */
			struct hz_cur *c = NULL;
			bool found = true;

			ok(hz_cur_open(t, 1, &c));
			while (found) {
				const uint8_t *k, *v;
				size_t kn, vn;

				ok(hz_cur_next(c, &found, &k, &kn, &v, &vn));
				if (found) {
					uint8_t copy[HZ_STORE_KEY_MAX];

					memcpy(copy, k, kn);
					ok(hz_del(t, 1, copy, kn));
				}
			}
			hz_cur_close(&c);
		}
		if (rnd(&seed) % 10 == 0) {
			hz_txn_abort(&t);
		} else {
			ok(hz_txn_commit(&t));
		}
		if (rnd(&seed) % 30 == 0) {
			hz_txn_abort(&reader);
		}
		if (hz_walk(fd, TABLES, &st) != HZ_OK) {
			fail_msg("commit %lu: %s", i, hz_fail_detail());
		}
		free_seen |= st.free_pages;
	}
	hz_txn_abort(&reader);
	hz_store_close(&s);
	(void)close(fd);
	assert_true(free_seen > 0 && st.branch > 0 && st.overflow > 0);
	print_message("# %lu commits, %llu pages, %llu free at the end\n", commits,
	    (unsigned long long)st.pages, (unsigned long long)st.free_pages);
}

/* Pages allocated at the end and freed in the same transaction are never written (once the transaction has
 * begun to use the free list): the file is shorter than its last page says. */
static void
takes_a_short_file(void **state)
{
	struct hz_store *s = store_at(*state);
	struct hz_txn *t = NULL;
	struct hz_walk_stats st = { 0 };
	struct stat fs;
	uint8_t value[60000] = { 0 };

	for (uint8_t i = 0; i < 10; i++) {
		ok(hz_txn_begin(s, true, &t));
		ok(hz_set(t, 1, "a", 1, value, i));
		ok(hz_txn_commit(&t));
	}
	ok(hz_txn_begin(s, true, &t));
	ok(hz_set(t, 1, "a", 1, "small", 5));
	for (uint8_t k = 0; k < 20; k++) {
		ok(hz_set(t, 1, &k, 1, value, sizeof(value)));
	}
	for (uint8_t k = 0; k < 20; k++) {
		ok(hz_del(t, 1, &k, 1));
	}
	ok(hz_txn_commit(&t));
	hz_store_close(&s);
	assert_int_equal(stat(in(*state, "data.mdb"), &fs), 0);
	ok(walk_at(*state, &st));
	assert_true((uint64_t)fs.st_size < st.pages * HZ_PAGE_SIZE);
	assert_true(st.free_pages > 200);
	s = store_at(*state);
	hz_store_close(&s);
}

static void
takes_a_torn_tail(void **state)
{
	struct hz_store *s = store_at(*state);
	struct hz_walk_stats st = { 0 };
	int fd;

	hz_store_close(&s);
	fd = open(in(*state, "data.mdb"), O_WRONLY | O_APPEND | O_CLOEXEC);
	assert_true(fd >= 0);
	for (unsigned i = 0; i < 20; i++) {
		char junk[512];

		memset(junk, (int)(i + 1), sizeof(junk));
		assert_int_equal(write(fd, junk, sizeof(junk)), sizeof(junk));
		ok(walk_at(*state, &st));
	}
	(void)close(fd);
	s = store_at(*state);
	hz_store_close(&s);
}

/* What a killed writer leaves, again and again over one file that grows past its map, and each time the
 * walker takes it and the next writer goes on from there. The child reports each commit, so that the kill
 * comes at any moment of one. HIRZ_KILLS asks for more. */
static void
write_until_killed(const char *path, uint64_t seed, int out)
{
	const struct hz_store_opts o = { .tables = TABLES };
	struct hz_store *s = NULL;
	uint32_t number = 0;

	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (hz_store_open_sized(path, &o, 1 << 16, 1 << 16, &s) != HZ_OK) {
		_exit(1);
	}
	for (;;) {
		struct hz_txn *t = NULL;
		struct hz_cur *c = NULL;
		enum hz_err err = hz_txn_begin(s, true, &t);
		const uint8_t *k, *v;
		size_t kn, n;
		bool found = false;

		/* The appended numbers go on from the last. */
		if (err == HZ_OK && (err = hz_cur_open(t, 1, &c)) == HZ_OK &&
		    (err = hz_cur_last(c)) == HZ_OK &&
		    (err = hz_cur_prev(c, &found, &k, &kn, &v, &n)) == HZ_OK && found) {
			number = hz_rd_be32(k);
		}
		hz_cur_close(&c);
		for (uint64_t i = 1 + rnd(&seed) % 40; i > 0 && err == HZ_OK; i--) {
			err = change(t, &seed, &number);
		}
		if (err == HZ_OK) {
			err = hz_txn_commit(&t);
		} else {
			hz_txn_abort(&t);
		}
		if (err == HZ_ERR_LIMIT && hz_store_map_full(s) && hz_store_grow(s) == HZ_OK) {
			continue; /* nothing was committed */
		}
		if (err != HZ_OK || write(out, "c", 1) != 1) {
			_exit(2);
		}
	}
}

static void
takes_what_the_killed_leave(void **state)
{
	unsigned long kills = number_from("HIRZ_KILLS", getenv("HIRZ_TEST_VALGRIND") != NULL ? 5 : 150);
	struct hz_store *s = store_at(*state);
	struct hz_walk_stats st = { 0 };
	unsigned long commits = 0;
	uint64_t seed = 99, last = 0;

	hz_store_close(&s);
	for (unsigned long i = 0; i < kills; i++) {
		struct timespec nap = { 0, (long)(rnd(&seed) % 3000000) };
		int p[2], status;
		char c;
		pid_t pid;

		assert_int_equal(pipe2(p, O_CLOEXEC), 0);
		pid = fork();
		assert_true(pid >= 0);
		if (pid == 0) {
			(void)close(p[0]);
			write_until_killed(*state, i, p[1]);
		}
		(void)close(p[1]);
		for (uint64_t n = rnd(&seed) % 12; n > 0; n--) {
			assert_int_equal(
			    read(p[0], &c, 1), 1); /* else it could not write: a file it cannot go on from */
			commits++;
		}
		(void)nanosleep(&nap, NULL);
		(void)kill(pid, SIGKILL);
		assert_int_equal(waitpid(pid, &status, 0), pid);
		assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
		(void)close(p[0]);
		if (walk_at(*state, &st) != HZ_OK) {
			fail_msg("after kill %lu: %s", i, hz_fail_detail());
		}
		assert_true(st.txnid >= last);
		last = st.txnid;
	}
	print_message("# %lu kills, %llu transactions, %llu pages, %llu free\n", kills,
	    (unsigned long long)st.txnid, (unsigned long long)st.pages, (unsigned long long)st.free_pages);
	assert_true(st.txnid >= commits && st.pages > 16); /* past the first map */
}

/* A file of one leaf with three values in table 1, one of them a run, in memory. */
struct image {
	uint8_t *p;
	size_t n;
};

static struct image
image_of(const char *path)
{
	struct image im;
	struct stat st;
	int fd = open(in(path, "data.mdb"), O_RDONLY | O_CLOEXEC);

	assert_true(fd >= 0);
	assert_int_equal(fstat(fd, &st), 0);
	im.n = (size_t)st.st_size;
	im.p = malloc(im.n);
	assert_non_null(im.p);
	assert_int_equal(read(fd, im.p, im.n), im.n);
	(void)close(fd);
	return im;
}

static enum hz_err
walk_image(const char *path, const struct image *im)
{
	struct hz_walk_stats st;
	enum hz_err err;
	int fd = open(in(path, "image"), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, im->p, im->n), im->n);
	err = hz_walk(fd, TABLES, &st);
	(void)close(fd);
	return err;
}

/* The newer meta's page. */
static uint8_t *
meta_of(const struct image *im)
{
	return im->p + (hz_le64(im->p + 16 + 128) < hz_le64(im->p + 4096 + 16 + 128) ? 4096 : 0);
}

static struct image
small_image(const char *path)
{
	struct hz_store *s = store_at(path);
	struct hz_txn *t = NULL;
	uint8_t value[10000] = { 0 };

	ok(hz_txn_begin(s, true, &t));
	ok(hz_set(t, 1, "key1", 4, "value", 5));
	ok(hz_set(t, 1, "key2", 4, "value", 5));
	ok(hz_set(t, 1, "key3", 4, value, sizeof(value)));
	ok(hz_txn_commit(&t));
	ok(hz_txn_begin(s, true, &t));
	ok(hz_set(t, 2, "key1", 4, "value", 5));
	ok(hz_txn_commit(&t));
	hz_store_close(&s);
	return image_of(path);
}

/* One rule broken at a time: a place (relative to one of four pages), a width, a value. */
enum where { OLD_META, NEW_META, MAIN_LEAF, TABLE_LEAF, RUN, FREE_LEAF };

static uint8_t *
place(const struct image *im, enum where w)
{
	uint8_t *meta = meta_of(im), *main_leaf = im->p + 4096 * hz_le64(meta + 16 + 72 + 40), *leaf;
	struct hz_node n = hz_page_node(main_leaf, 0);

	leaf = im->p + 4096 * hz_le64(n.data + 40);
	switch (w) {
	case OLD_META:
		return im->p + (meta == im->p ? 4096 : 0);
	case NEW_META:
		return meta;
	case MAIN_LEAF:
		return main_leaf;
	case TABLE_LEAF:
		return leaf;
	case RUN:
		return im->p + 4096 * hz_page_node(leaf, 2).child;
	case FREE_LEAF:
		return im->p + 4096 * hz_le64(meta + 16 + 24 + 40);
	}
	return NULL;
}

static void
refuses_each_fault(void **state)
{
	static const struct {
		enum where where;
		bool node; /* off counts from the page's first node */
		unsigned off, width;
		uint64_t value;
		const char *says;
	} rows[] = {
		{ OLD_META, false, 10, 2, 0, "no meta" },
		{ OLD_META, false, 16, 4, 1, "no meta" },
		{ OLD_META, false, 20, 4, 2, "another version" },
		{ OLD_META, false, 40, 4, 8192, "page size" },
		{ OLD_META, false, 44, 2, 9, "flags" },
		{ OLD_META, false, 144, 8, 1, "follow" },
		{ NEW_META, false, 16, 4, 1, "no meta" },
		{ NEW_META, false, 40, 4, 512, "page size" },
		{ NEW_META, false, 44, 2, 0, "flags" },
		{ NEW_META, false, 92, 2, 4, "flags" },
		{ NEW_META, false, 32, 8, 4097, "sizes" },
		{ NEW_META, false, 32, 8, UINT64_MAX - 4095, "sizes" },
		{ NEW_META, false, 136, 8, 0, "sizes" },
		{ NEW_META, false, 136, 8, UINT64_MAX, "sizes" },
		{ NEW_META, false, 136, 8, (uint64_t)1 << 40, "far behind" },
		{ NEW_META, false, 136, 8, 200, "neither" },
		{ NEW_META, false, 144, 8, 1000, "follow" },
		{ NEW_META, false, 94, 2, 2, "another kind" },
		{ NEW_META, false, 94, 2, 31, "depth" },
		{ NEW_META, false, 94, 2, 0, "depth" },
		{ NEW_META, false, 96, 8, 1, "number of pages" },
		{ NEW_META, false, 104, 8, 7, "number of pages" },
		{ NEW_META, false, 112, 8, 7, "number of pages" },
		{ NEW_META, false, 120, 8, 7, "number of pages" },
		{ NEW_META, false, 128, 8, 1, "outside" },
		{ NEW_META, false, 128, 8, 5000, "outside" },
		{ NEW_META, false, 128, 8, UINT64_MAX, "empty tree" },
		{ NEW_META, false, 80, 8, UINT64_MAX, "empty tree" },
		{ MAIN_LEAF, false, 0, 8, 99, "number" },
		{ MAIN_LEAF, false, 10, 2, 1, "another kind" },
		{ MAIN_LEAF, true, 4, 2, 0, "something else" },
		{ MAIN_LEAF, true, 4, 2, 6, "something else" },
		{ MAIN_LEAF, true, 8, 1, '0', "name" },
		{ MAIN_LEAF, true, 8, 1, 'x', "order" },
		{ MAIN_LEAF, true, 8 + 1 + 4, 2, 4, "kind we never" },
		{ MAIN_LEAF, true, 8 + 1 + 40, 8, 0, "outside" },
		{ TABLE_LEAF, false, 10, 2, 0x22, "another kind" },
		{ TABLE_LEAF, false, 12, 2, 15, "bounds" },
		{ TABLE_LEAF, false, 12, 2, 17, "bounds" },
		{ TABLE_LEAF, false, 12, 2, 16, "few" },
		{ TABLE_LEAF, false, 12, 2, 20, "gap" },
		{ TABLE_LEAF, false, 14, 2, 4097, "bounds" },
		{ TABLE_LEAF, false, 14, 2, 18, "bounds" },
		{ TABLE_LEAF, false, 14, 2, 30, "gap" },
		{ TABLE_LEAF, false, 16, 2, 4096, "outside" },
		{ TABLE_LEAF, false, 16, 2, 4090, "outside" },
		{ TABLE_LEAF, false, 16, 2, 16, "outside" },
		{ TABLE_LEAF, true, 0, 4, 3000, "too long" },
		{ TABLE_LEAF, true, 0, 4, 0xffffffff, "too long" },
		{ TABLE_LEAF, true, 0, 4, 3, "gap" },
		{ TABLE_LEAF, true, 0, 4, 40, "too long" },
		{ TABLE_LEAF, true, 4, 2, 2, "kind we never" },
		{ TABLE_LEAF, true, 4, 2, 4, "kind we never" },
		{ TABLE_LEAF, true, 6, 2, 0xffff, "too long" },
		{ TABLE_LEAF, true, 8, 1, 'z', "order" },
		{ RUN, false, 0, 8, 3, "run for its value" },
		{ RUN, false, 10, 2, 2, "run for its value" },
		{ RUN, false, 12, 4, 2, "run for its value" },
		{ RUN, false, 12, 4, 0, "run for its value" },
		{ RUN, false, 12, 4, 4, "" },
		{ RUN, false, 12, 4, 0xffffffff, "end of the file" },
		{ FREE_LEAF, true, 0, 4, 7, "gap" },
		{ FREE_LEAF, true, 6, 2, 7, "" },
		{ FREE_LEAF, true, 8, 8, 0, "never was" },
		{ FREE_LEAF, true, 8, 8, 77, "" },
		{ FREE_LEAF, true, 16, 8, 1000, "counts more" },
		{ FREE_LEAF, true, 16, 8, 0, "neither" },
		{ FREE_LEAF, true, 24, 8, 1, "outside" },
		{ FREE_LEAF, true, 24, 8, 4000, "outside" },
	};
	struct image im = small_image(*state);
	uint8_t *whole = malloc(im.n);

	assert_non_null(whole);
	memcpy(whole, im.p, im.n);
	ok(walk_image(*state, &im));
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		uint8_t *p = place(&im, rows[i].where) + rows[i].off;
		enum hz_err err;

		if (rows[i].node) {
			p += hz_le16(place(&im, rows[i].where) + 16);
		}
		memcpy(p, &rows[i].value, rows[i].width);
		hz_fail_clear();
		err = walk_image(*state, &im);
		if (err != HZ_ERR_FORMAT || hz_fail_msg() != HZ_MSG_VAULT_DAMAGED ||
		    strstr(hz_fail_detail(), rows[i].says) == NULL) {
			fail_msg("row %zu (%s): code %d, %s", i, rows[i].says, (int)err, hz_fail_detail());
		}
		memcpy(im.p, whole, im.n);
	}
	ok(walk_image(*state, &im));
	free(whole);
	free(im.p);
}

/* Truncation at every half KiB: refused as long as something in use is missing. */
static void
refuses_truncation(void **state)
{
	struct image im = small_image(*state);
	struct hz_walk_stats st;
	uint64_t used = 0;
	size_t whole = im.n;

	ok(walk_at(*state, &st));
	for (im.n = 0; im.n < whole; im.n += 512) {
		enum hz_err err = walk_image(*state, &im);

		assert_true(err == HZ_OK || err == HZ_ERR_FORMAT);
		if (err == HZ_OK && used == 0) {
			used = im.n;
		}
		assert_true(err == HZ_ERR_FORMAT || im.n >= used);
	}
	assert_true(used == 0 || used >= 3 * HZ_PAGE_SIZE);
	free(im.p);
}

/* Only ever one meta back, and only by a change of the newer one. */
static void
rolls_back_one_at_most(void **state)
{
	struct image im = small_image(*state);
	uint64_t txn = hz_le64(meta_of(&im) + 144);

	for (uint64_t v = 0; v < 2 * txn + 2; v++) {
		for (unsigned m = 0; m < 2; m++) {
			uint64_t was = hz_le64(im.p + 4096 * (size_t)m + 144);
			enum hz_err err;

			memcpy(im.p + 4096 * (size_t)m + 144, &v, 8);
			err = walk_image(*state, &im);
			if (err == HZ_OK) {
				assert_true(hz_le64(meta_of(&im) + 144) + 1 >= txn);
			}
			memcpy(im.p + 4096 * (size_t)m + 144, &was, 8);
		}
	}
	free(im.p);
}

/* The room's promise to the vault: a damaged file is a message, not a crash, and skip_walk is the only way
 * around it. */
static void
store_open_walks(void **state)
{
	struct image im = small_image(*state);
	const struct hz_store_opts o = { .tables = TABLES };
	struct hz_store *s = NULL;
	int fd;

	place(&im, TABLE_LEAF)[12] ^= 1;
	fd = open(in(*state, "data.mdb"), O_WRONLY | O_CLOEXEC);
	assert_true(fd >= 0);
	assert_int_equal(pwrite(fd, im.p, im.n, 0), im.n);
	(void)close(fd);
	assert_int_equal(hz_store_open(*state, &o, &s), HZ_ERR_FORMAT);
	assert_int_equal(hz_fail_msg(), HZ_MSG_VAULT_DAMAGED);
	assert_null(s);
	free(im.p);
}

/* Speed on a larger file; HIRZ_STORE_SPEED_MIB asks for one of another size. */
static void
walks_fast(void **state)
{
	unsigned long mib = number_from("HIRZ_STORE_SPEED_MIB", 48);
	struct hz_store *s = store_at(*state);
	struct hz_txn *t = NULL;
	struct hz_walk_stats st = { 0 };
	uint64_t seed = 5, bytes = 0;
	double begun;

	while (bytes < mib << 20) {
		ok(hz_txn_begin(s, true, &t));
		for (unsigned i = 0; i < 5000; i++) {
			uint8_t k[8], v[600] = { 0 };

			hz_be64(k, rnd(&seed));
			ok(hz_set(t, 1 + i % TABLES, k, 8, v, sizeof(v)));
			bytes += sizeof(v) + 300; /* random keys fill pages by two thirds */
		}
		ok(hz_txn_commit(&t));
	}
	hz_store_close(&s);
	begun = seconds();
	ok(walk_at(*state, &st));
	begun = seconds() - begun;
	print_message(
	    "# %llu MiB of tree pages walked in %.3f s\n", (unsigned long long)st.pages / 256, begun);
	assert_true(begun < 20); /* hundreds of times the measured figure: only a wrong algorithm is slower */
}

#define row(f) cmocka_unit_test_setup_teardown(f, folder_make, folder_drop)
const struct CMUnitTest tests_walk[] = {
	row(takes_every_commit),
	row(takes_what_the_killed_leave),
	row(takes_a_short_file),
	row(takes_a_torn_tail),
	row(refuses_each_fault),
	row(refuses_truncation),
	row(rolls_back_one_at_most),
	row(store_open_walks),
	row(walks_fast),
};
const size_t tests_walk_count = sizeof(tests_walk) / sizeof(tests_walk[0]);
