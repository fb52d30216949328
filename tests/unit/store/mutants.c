/* Hostile files: each mutant is walked; what the walker takes is opened, read whole, written to and emptied
 * in a child, which must end by itself. The control lets LMDB at files that the walker refused. */
#include "base/fd.h"
#include "mutate.h"
#include "tests.h"
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

struct base {
	uint8_t *p;
	size_t n;
};

static struct base
base_take(const char *path)
{
	struct base b = { 0 };
	struct stat st;
	int fd = open(in(path, "data.mdb"), O_RDONLY | O_CLOEXEC);

	assert_true(fd >= 0);
	assert_int_equal(fstat(fd, &st), 0);
	b.n = (size_t)st.st_size;
	b.p = malloc(b.n);
	assert_non_null(b.p);
	assert_int_equal(read(fd, b.p, b.n), b.n);
	(void)close(fd);
	assert_int_equal(unlink(in(path, "data.mdb")), 0);
	assert_int_equal(unlink(in(path, "lock.mdb")), 0);
	return b;
}

/* 0: tiny. 1: trees of three levels, runs, a free list in a run. 2: much churn. */
static struct base
base_make(const char *path, unsigned which)
{
	struct hz_store *s = store_at(path);
	struct hz_txn *t = NULL;
	uint64_t seed = which;
	uint32_t number = 0;

	for (unsigned i = 0; which == 0 && i < 3; i++) {
		ok(hz_txn_begin(s, true, &t));
		for (unsigned j = 0; j < 12; j++) {
			ok(change(t, &seed, &number));
		}
		ok(hz_txn_commit(&t));
	}
	for (unsigned i = 0; which == 1 && i < 4; i++) {
		static const uint8_t value[4000];

		ok(hz_txn_begin(s, true, &t));
		for (unsigned j = 0; j < 350; j++) {
			uint8_t k[64] = { 0 };

			hz_be32(k, j * 3 + i % 3);
			ok(hz_set(t, 1, k, 64, value, i == 1 ? 700 : 100));
			if (i == 0) {
				ok(hz_append(t, 2, k, 4, value, 4000));
			} else if (j % 8 != 0 && i == 1) {
				ok(hz_del(t, 2, k, 4));
			} else if (j % 64 == 0) {
				hz_be32(k, j * 3);
				ok(hz_set(t, 2, k, 4, value, i == 2 ? 50 : 3000));
			}
		}
		ok(hz_txn_commit(&t));
	}
	for (unsigned i = 0; which == 2 && i < 60; i++) {
		ok(hz_txn_begin(s, true, &t));
		for (unsigned j = 0; j < 8; j++) {
			ok(change(t, &seed, &number));
		}
		ok(hz_txn_commit(&t));
	}
	hz_store_close(&s);
	return base_take(path);
}

/* Where read bytes go, so that they are read. */
static volatile unsigned sink;

static void
read_all(struct hz_store *s)
{
	struct hz_txn *t = NULL;

	if (hz_txn_begin(s, false, &t) != HZ_OK) {
		return;
	}
	for (unsigned i = 1; i <= TABLES; i++) {
		for (unsigned back = 0; back < 2; back++) {
			struct hz_cur *c = NULL;
			const uint8_t *k, *v, *w;
			size_t kn, n, m;
			bool found = true;

			if (hz_cur_open(t, i, &c) != HZ_OK) {
				continue;
			}
			while ((back ? hz_cur_prev(c, &found, &k, &kn, &v, &n)
				     : hz_cur_next(c, &found, &k, &kn, &v, &n)) == HZ_OK &&
			       found) {
				for (size_t o = 0; o < n; o += 64) {
					sink += v[o];
				}
				sink += n != 0 ? v[n - 1] : 0;
				if (kn >= 1 && kn <= HZ_STORE_KEY_MAX &&
				    hz_get(t, i, k, kn, &w, &m) == HZ_OK) {
					sink += m != 0 ? w[0] : 0;
				}
			}
			hz_cur_close(&c);
		}
	}
	hz_txn_abort(&t);
}

/* Deletes every third entry, changes the next, all of them at last. */
static void
write_all(struct hz_store *s, unsigned every)
{
	static const uint8_t value[5000];
	struct hz_txn *t = NULL;

	if (hz_txn_begin(s, true, &t) != HZ_OK) {
		return;
	}
	for (unsigned i = 1; i <= TABLES; i++) {
		struct hz_cur *c = NULL;
		const uint8_t *k, *v;
		uint8_t key[HZ_STORE_KEY_MAX];
		size_t kn, n;
		bool found = true;

		if (hz_cur_open(t, i, &c) != HZ_OK) {
			continue;
		}
		for (unsigned j = 0; hz_cur_next(c, &found, &k, &kn, &v, &n) == HZ_OK && found; j++) {
			if (kn < 1 || kn > sizeof(key)) {
				continue;
			}
			memcpy(key, k, kn);
			if (j % every == 0) {
				HZ_IGNORE(hz_del(t, i, key, kn)); /* only signals count here */
			} else if (j % every == 1) {
				HZ_IGNORE(hz_set(t, i, key, kn, value, j % 2 == 0 ? 5000 : 150));
			}
		}
		hz_cur_close(&c);
		HZ_IGNORE(hz_set(t, i, "a new key", 9, value, 4000));
		HZ_IGNORE(hz_set(t, i, "\0", 1, value, 400));
	}
	HZ_IGNORE(hz_txn_commit(&t));
}

/* What the child does, within so many seconds; its end tells. 0: opened, 1: refused. */
static int
child_use(const char *path, unsigned patience)
{
	struct hz_store_opts o = { .read_only = true, .skip_walk = true, .tables = TABLES };
	const struct rlimit none = { 0, 0 };
	struct hz_store *s = NULL;

	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	(void)setrlimit(RLIMIT_CORE, &none);
	for (int sig = 1; sig < 32; sig++) { /* a sanitizer would turn a signal into an exit */
		(void)signal(sig, SIG_DFL);
	}
	(void)alarm(patience);
	if (hz_store_open_sized(path, &o, 1 << 30, 1 << 30, &s) != HZ_OK) {
		return 1;
	}
	read_all(s);
	hz_store_close(&s);
	o.read_only = false;
	if (hz_store_open_sized(path, &o, 1 << 30, 1 << 30, &s) != HZ_OK) {
		return 1;
	}
	write_all(s, 3);
	read_all(s);
	write_all(s, 1);
	read_all(s);
	{
		int fd = open(in(path, "copy"), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

		HZ_IGNORE(hz_store_copy(s, fd));
		(void)close(fd);
	}
	hz_store_close(&s);
	return 0;
}

/* The signal that ended the child, or 0; *ret_code its exit code. */
static int
in_child(const char *path, bool quiet, int *ret_code)
{
	pid_t pid = fork();
	int status;

	assert_true(pid >= 0);
	if (pid == 0) {
		int null = open("/dev/null", O_WRONLY | O_CLOEXEC);

		if (quiet && null >= 0) {
			(void)dup2(null, 2); /* LMDB's assertions are expected */
		}
		_exit(child_use(path, quiet ? 2 : 20));
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	*ret_code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
	return WIFSIGNALED(status) ? WTERMSIG(status) : 0;
}

static void
file_put(const char *path, const uint8_t *p, size_t n)
{
	int fd = open(in(path, "data.mdb"), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, p, n), n);
	(void)close(fd);
}

struct tally {
	unsigned long mutants, taken, opened;
};

static void
one_mutant(const char *path, const struct base *b, uint8_t *p, uint64_t seed, struct tally *sum)
{
	struct hz_walk_stats st;
	char what[128];
	size_t n = b->n;
	int code = 0, sig;
	enum hz_err err;

	memcpy(p, b->p, n);
	mutate(p, &n, seed, what);
	file_put(path, p, n);
	sum->mutants++;
	err = walk_at(path, &st);
	if (err == HZ_ERR_FORMAT) {
		return;
	}
	if (err != HZ_OK) {
		fail_msg("mutant %llu (%s): code %d", (unsigned long long)seed, what, (int)err);
	}
	sum->taken++;
	sig = in_child(path, false, &code);
	sum->opened += code == 0;
	/* A taken file must also serve: LMDB itself finds nothing wrong with it. */
	if (sig != 0 || code != 0) {
		fail_msg("mutant %llu (%s): signal %d, exit %d", (unsigned long long)seed, what, sig, code);
	}
}

/* Under valgrind a mutant takes a second. */
static bool
few(void)
{
	return getenv("HIRZ_TEST_VALGRIND") != NULL;
}

static void
no_mutant_crashes(void **state)
{
	unsigned long count = number_from("HIRZ_MUTANTS", few() ? 90 : 3000),
		      first = number_from("HIRZ_MUTANT_FIRST", 0);
	struct tally sum = { 0 };

	for (unsigned which = 0; which < 3; which++) {
		struct base b = base_make(*state, which);
		uint8_t *p = malloc(b.n);
		int code = 0;

		assert_non_null(p);
		file_put(*state, b.p, b.n);
		assert_int_equal(in_child(*state, false, &code), 0);
		assert_int_equal(code, 0);
		for (unsigned long i = which; i < count; i += 3) {
			one_mutant(*state, &b, p, first + i, &sum);
		}
		assert_int_equal(unlink(in(*state, "data.mdb")), 0); /* the last mutant */
		free(p);
		free(b.p);
	}
	print_message("# %lu mutants, %lu taken by the walker, %lu of them served, no signal\n", sum.mutants,
	    sum.taken, sum.opened);
	assert_int_equal(sum.taken, sum.opened);
	assert_true(sum.mutants >= count);
}

/* Without the walker LMDB dies of such files: the mutants bite and the children's signals are seen. */
static void
control_without_the_walker(void **state)
{
	unsigned long refused = 0, crashed = 0;
	if (few()) {
		print_message("# skipped: valgrind takes the signals that would be counted\n");
		return;
	}
	struct base b = base_make(*state, 2);
	uint8_t *p = malloc(b.n);

	assert_non_null(p);
	for (uint64_t seed = 1000; refused < 120 && seed < 20000; seed++) {
		struct hz_walk_stats st;
		char what[128];
		size_t n = b.n;
		int code = 0;

		memcpy(p, b.p, n);
		mutate(p, &n, seed, what);
		file_put(*state, p, n);
		if (walk_at(*state, &st) == HZ_OK) {
			continue;
		}
		refused++;
		crashed += in_child(*state, true, &code) != 0;
	}
	print_message("# control: %lu of %lu refused files end LMDB by a signal\n", crashed, refused);
	assert_int_equal(refused, 120); /* the walker refuses most of them */
	assert_true(crashed >= 3);
	free(p);
	free(b.p);
}

#define row(f) cmocka_unit_test_setup_teardown(f, folder_make_light, folder_drop)
const struct CMUnitTest tests_mutants[] = {
	row(no_mutant_crashes),
	row(control_without_the_walker),
};
const size_t tests_mutants_count = sizeof(tests_mutants) / sizeof(tests_mutants[0]);
