/* Hostile vaults: field-wise mutants of a real data.mdb, each through the whole chain: walker, LMDB, the
 * vault's state and pins, verification, every row by itself, and writing. Nothing may crash or hang, and
 * nothing may come out other than it went in without being said.
 *
 * Workers are processes that take the passphrase once and then open one mutant after the other; the death of
 * one is the death of the test. HIRZ_MUTANTS says how many (a fifth of the figure of scripts/check by
 * itself), HIRZ_MUTANT_FIRST where to begin, HIRZ_JOBS how many processes. */
#include "tests.h"

#include "../store/mutate.h"
#include "audit/audit.h"
#include "base/enc.h"
#include "store/walk.h"
#include "vault/internal.h"
#include "vault/tags.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

enum { BASES = 2, JOBS_MAX = 16 };

/* What became of a mutant. */
enum fate { WALKED_OUT, SAME, NOT_OPENED, REPORTED, READ_OUT, ROLLED_BACK, SILENT, FATES };
static const char *const fates[] = { "refused by the walker", "the same content", "refused at opening",
	"reported by verify", "refused when read", "one transaction back, seen by the pin", "SILENT" };

/* One worker's own page of memory, shared with the parent. */
struct told {
	uint64_t seed;
	char what[128];
	unsigned long count[FATES];
	char wrong[256]; /* the first thing that is not as it must be */
};

struct image {
	char folder[32];
	uint8_t *p, content[32];
	size_t n;
};

static unsigned long
number_from(const char *name, unsigned long other)
{
	const char *s = getenv(name);
	return s == NULL || *s == '\0' ? other : strtoul(s, NULL, 10);
}

/* Sanitizers make everything slower, and hold back signals that would be counted. */
static bool
slow(void)
{
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
	return true;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
	return true;
#endif
#endif
	return getenv("HIRZ_TEST_VALGRIND") != NULL;
}

/* --- the vaults ------------------------------------------------------------------------------------------
 */

/* A rules file of two parts, and tags of the first exhibit. */
static void
tag_first(struct hz_vault *v)
{
	static uint8_t file[1000010];
	struct hz_span span = { .start = 0, .end = 1, .rule = "type/a:1" };
	struct hz_tag t = { .axis = HZ_AXIS_TYPE,
		.value = "a",
		.certainty = HZ_CERTAIN_STATED,
		.score = 300,
		.band = HZ_BAND_MEDIUM,
		.nspans = 1,
		.spans = &span };
	struct hz_tags tags = { 1, &t };
	struct hz_tag_set s;
	struct hz_batch *b = NULL;
	uint8_t id[32] = { 7 };
	bool fresh = false;
	struct hz_new_rules r = { .file = file, .size = sizeof(file), .id = id, .name = "n", .version = "1" };
	struct hz_new_classification x = {
		.exhibit = 1, .rules_id = id, .rules_version = "1", .engine = "test", .tags = &tags
	};
	assert_int_equal(hz_batch_begin(v, &b), HZ_OK);
	assert_int_equal(hz_batch_rules(b, &r, &x.rules, NULL), HZ_OK);
	assert_int_equal(hz_batch_classification(b, &x, &fresh, &s), HZ_OK);
	hz_tag_set_done(&s);
	assert_int_equal(hz_batch_finish(&b), HZ_OK);
}

/* 0: few exhibits, one of several segments. 1: many small ones, so that the tables have branches, and a free
 * list. */
static void
base_fill(struct hz_vault *v, unsigned which)
{
	unsigned batches = which == 0 ? 2 : 6, each = which == 0 ? 3 : 8;
	for (unsigned i = 0; i < batches; i++) {
		struct hz_batch *b = NULL;
		assert_int_equal(hz_batch_begin(v, &b), HZ_OK);
		for (unsigned k = 0; k < each; k++) {
			uint64_t n = which == 0 && i == 0 && k == 1 ? 1100000 : 1 + 900u * k;
			(void)seal(b, n, i * each + k, "شهادة");
		}
		assert_int_equal(hz_batch_finish(&b), HZ_OK);
	}
}

static void
data_path(char ret[static 512], const char *folder)
{
	char name[64];
	(void)snprintf(name, sizeof(name), "%s/data.mdb", folder);
	in_scratch(ret, name);
}

static void
image_take(struct image *im)
{
	char p[512];
	struct stat st;
	data_path(p, im->folder);
	int fd = open(p, O_RDONLY | O_CLOEXEC);
	assert_true(fd >= 0);
	assert_int_equal(fstat(fd, &st), 0);
	im->n = (size_t)st.st_size;
	im->p = malloc(im->n);
	assert_non_null(im->p);
	assert_int_equal(read(fd, im->p, im->n), im->n);
	(void)close(fd);
}

typedef enum hz_err row_fn(
    void *arg, struct hz_txn *t, unsigned table, const uint8_t *k, size_t kn, const uint8_t *p, size_t n);

/* Of every table in its order. */
static enum hz_err
each_row(struct hz_txn *t, row_fn *fn, void *arg)
{
	enum hz_err r = HZ_OK;
	for (unsigned i = 1; r == HZ_OK && i <= HZ_T_COUNT; i++) {
		struct hz_cur *c = NULL;
		const uint8_t *k, *p;
		size_t kn, n;
		bool found = true;
		r = hz_cur_open(t, i, &c);
		while (r == HZ_OK) {
			r = hz_cur_next(c, &found, &k, &kn, &p, &n);
			if (r != HZ_OK || !found) {
				break;
			}
			r = fn(arg, t, i, k, kn, p, n);
		}
		hz_cur_close(&c);
	}
	return r;
}

static enum hz_err
row_hash(void *arg, struct hz_txn *t, unsigned table, const uint8_t *k, size_t kn, const uint8_t *p, size_t n)
{
	uint64_t head[3] = { table, kn, n };
	(void)t;
	hz_hash_add(arg, head, sizeof(head));
	hz_hash_add(arg, k, kn);
	hz_hash_add(arg, p, n);
	return HZ_OK;
}

/* --- one mutant ------------------------------------------------------------------------------------------
 */

/* Everything that the tables hold, in their order; HZ_OK and the digest. */
static enum hz_err
content(struct hz_store *s, uint8_t ret[static 32])
{
	struct hz_txn *t = NULL;
	struct hz_hash *h = NULL;
	enum hz_err r = hz_hash_new(HZ_HASH_SHA256, &h);
	if (r == HZ_OK) {
		hz_hash_begin(h);
		r = hz_txn_begin(s, false, &t);
	}
	r = r == HZ_OK ? each_row(t, row_hash, h) : r;
	if (r == HZ_OK) {
		hz_hash_end(h, ret);
	}
	hz_txn_abort(&t);
	hz_hash_free(&h);
	return r;
}

/* One row as a command would read it. */
static enum hz_err
row_read(void *arg, struct hz_txn *t, unsigned table, const uint8_t *k, size_t kn, const uint8_t *p, size_t n)
{
	struct hz_vault *v = arg;
	struct hz_buf b = HZ_BUF_INIT(HZ_ROW_MAX);
	const uint8_t *no = NULL;
	uint8_t addr[32];
	uint64_t value;
	size_t len = 0;
	enum hz_err r;
	switch (table) {
	case HZ_T_SEGMENTS: /* found by its address only */
		hz_sha256(p, n, addr);
		r = hz_get(t, HZ_T_SEGMENT_INDEX, addr, 32, &no, &len);
		return r == HZ_OK && (len != 8 || kn != 8 || memcmp(no, k, 8) != 0) ? HZ_ERR_TAMPERED : r;
	case HZ_T_SEGMENT_INDEX:
		if (n != 8 || kn != 32) {
			return HZ_ERR_TAMPERED;
		}
		r = hz_get(t, HZ_T_SEGMENTS, p, 8, &no, &len);
		if (r == HZ_OK) {
			hz_sha256(no, len, addr);
		}
		return r == HZ_OK && memcmp(addr, k, 32) != 0 ? HZ_ERR_TAMPERED : r;
	case HZ_T_INDEX:
		return kn == 32 ? hz_index_get(v, t, k, &value) : HZ_ERR_TAMPERED;
	default:
		r = hz_row_open(v, table, k, kn, p, n, &b);
		hz_buf_done(&b);
		return r;
	}
}

static enum hz_err
rows_read(struct hz_vault *v)
{
	struct hz_txn *t = NULL;
	enum hz_err r = hz_txn_begin(v->store, false, &t);
	r = r == HZ_OK ? each_row(t, row_read, v) : r;
	hz_txn_abort(&t);
	return r;
}

/* Deletes, shrinks and grows what is there, and more of it: LMDB's writer on a file of somebody else's
 * making. */
static void
write_some(struct hz_store *s, unsigned every)
{
	static const uint8_t value[9000];
	struct hz_txn *t = NULL;
	if (hz_txn_begin(s, true, &t) != HZ_OK) {
		return;
	}
	for (unsigned i = 1; i <= HZ_T_COUNT; i++) {
		struct hz_cur *c = NULL;
		const uint8_t *k, *p;
		uint8_t key[HZ_STORE_KEY_MAX];
		size_t kn, n;
		bool found = true;
		if (hz_cur_open(t, i, &c) != HZ_OK) {
			continue;
		}
		for (unsigned j = 0; hz_cur_next(c, &found, &k, &kn, &p, &n) == HZ_OK && found; j++) {
			memcpy(key, k, kn);
			if (j % every == 0) {
				HZ_IGNORE(hz_del(t, i, key, kn)); /* only that it ends counts here */
			} else if (j % every == 1) {
				HZ_IGNORE(hz_set(t, i, key, kn, value, j < 30 ? 9000 : 10));
			}
		}
		hz_cur_close(&c);
		HZ_IGNORE(hz_set(t, i, "a new key", 9, value, 4000));
	}
	HZ_IGNORE(hz_txn_commit(&t));
}

/* Writes to a mutant that the walker took, and walks what came out: it must be whole still. */
static const char *
writes(const struct hz_vault *v)
{
	struct hz_store_opts o = { .skip_walk = true, .tables = HZ_T_COUNT };
	struct hz_store *s = NULL;
	struct hz_store_stamp st;
	bool stamped;
	if (hz_store_open(v->path, &o, &s) != HZ_OK) {
		return "not opened for writing";
	}
	write_some(s, 3);
	write_some(s, 1);
	hz_store_close(&s);
	return hz_store_walk(v->path, HZ_T_COUNT, &stamped, &st) == HZ_OK ? NULL : hz_fail_detail();
}

static void
finding(void *arg, const struct hz_audit_finding *f)
{
	unsigned *n = arg;
	(void)f;
	(*n)++;
}

static enum fate
judge(struct hz_vault *v, const struct image *im)
{
	static const struct hz_audit_ops ops = { .finding = finding };
	struct hz_audit_opts o = { .mode = HZ_AUDIT_FULL };
	struct hz_audit_result res;
	uint8_t got[32];
	unsigned found = 0;
	v->info.rollback = false;
	if (hz_vault_load(v) != HZ_OK) {
		/* Where the same bytes do not open the fault would be ours: they are compared all the same.
		 */
		return v->store != NULL && content(v->store, got) == HZ_OK &&
			       memcmp(got, im->content, 32) == 0
			   ? SILENT
			   : NOT_OPENED;
	}
	if (content(v->store, got) != HZ_OK) {
		return READ_OUT;
	}
	if (memcmp(got, im->content, 32) == 0) {
		return v->info.rollback ? SILENT : SAME;
	}
	if (v->info.rollback) {
		return ROLLED_BACK;
	}
	if (hz_audit_run(v, &o, &ops, &found, &res) != HZ_OK || res.verdict != HZ_VERDICT_SIGNED) {
		return REPORTED;
	}
	return rows_read(v) != HZ_OK ? READ_OUT : SILENT;
}

static void
limits_set(bool control)
{
	const struct rlimit none = { 0, 0 };
	struct itimerval work = { { 0, 0 }, { slow() ? 40 : 2, 0 } };
	for (int sig = 1; sig < 32; sig++) { /* a sanitizer would turn a signal into an exit */
		(void)signal(sig, SIG_DFL);
	}
	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	(void)setrlimit(RLIMIT_CORE, &none);
	(void)setitimer(ITIMER_PROF, &work, NULL); /* of its own time: the machine may be busy */
	(void)alarm(control ? 10 : 60);
}

/* Puts the mutant of a seed where the vault's data.mdb is. */
static size_t
mutant_put(const struct image *im, uint8_t *p, uint64_t seed, char *what)
{
	char path[512];
	size_t n = im->n;
	data_path(path, im->folder);
	memcpy(p, im->p, n);
	mutate(p, &n, seed, what);
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, p, n), n);
	(void)close(fd);
	return n;
}

static void
one_mutant(struct hz_vault *v, const struct image *im, uint8_t *p, uint64_t seed, struct told *told)
{
	struct hz_store_stamp st;
	bool stamped = false;
	enum fate fate = WALKED_OUT;
	told->seed = seed;
	(void)mutant_put(im, p, seed, told->what);
	limits_set(false);
	enum hz_err r = hz_store_walk(v->path, HZ_T_COUNT, &stamped, &st);
	if (r == HZ_OK) {
		fate = judge(v, im);
		hz_store_close(&v->store);
		const char *why = seed % 2 == 0 ? writes(v) : NULL;
		if (why != NULL && told->wrong[0] == '\0') {
			(void)snprintf(told->wrong, sizeof(told->wrong),
			    "mutant %llu (%s): after writing: %s", (unsigned long long)seed, told->what, why);
		}
	} else if (r != HZ_ERR_FORMAT && told->wrong[0] == '\0') {
		(void)snprintf(told->wrong, sizeof(told->wrong), "mutant %llu (%s): the walk gave code %d",
		    (unsigned long long)seed, told->what, (int)r);
	}
	if (fate == SILENT && told->wrong[0] == '\0') {
		(void)snprintf(told->wrong, sizeof(told->wrong),
		    "mutant %llu (%s): nothing says that it is another", (unsigned long long)seed,
		    told->what);
	}
	told->count[fate]++;
}

/* --- workers ---------------------------------------------------------------------------------------------
 */

/* Opens its own copy of each vault and goes through its share of the seeds. */
static int
worker(const struct image *bases, unsigned job, unsigned jobs, unsigned long first, unsigned long count,
    struct told *told)
{
	for (unsigned which = 0; which < BASES; which++) {
		struct image im = bases[which];
		struct hz_vault *v = NULL;
		char name[32], from[512], to[512];
		(void)snprintf(name, sizeof(name), "base%u-%u", which, job);
		in_scratch(from, bases[which].folder);
		in_scratch(to, name);
		shell("cp -a '%s' '%s'", from, to);
		(void)snprintf(im.folder, sizeof(im.folder), "%s", name);
		if (try_open(name, HZ_VAULT_READ, &v) != HZ_OK || content(v->store, im.content) != HZ_OK) {
			return 1;
		}
		hz_store_close(&v->store);
		v->no_outside_pin = true; /* the one inside tells the same */
		uint8_t *p = malloc(im.n);
		for (unsigned long i = job; i < count && p != NULL; i += jobs) {
			if ((i / jobs % 4 == 0 ? 0u : 1u) == which) { /* the larger file more seldom */
				one_mutant(v, &im, p, first + i, told);
			}
		}
		(void)alarm(0);
		free(p);
		hz_vault_close(&v);
	}
	return 0;
}

static void
workers_wait(const pid_t *pids, unsigned jobs, const struct told *told, unsigned long sum[static FATES])
{
	for (unsigned i = 0; i < jobs; i++) {
		int status = 0;
		while (waitpid(pids[i], &status, 0) < 0 && errno == EINTR) {
		}
		if (WIFSIGNALED(status)) {
			fail_msg("mutant %llu (%s): signal %d%s", (unsigned long long)told[i].seed,
			    told[i].what, WTERMSIG(status),
			    WTERMSIG(status) == SIGPROF ? ", over 2 s of work" : "");
		}
		if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
			fail_msg("a worker ended with %d near mutant %llu (%s)", WEXITSTATUS(status),
			    (unsigned long long)told[i].seed, told[i].what);
		}
		if (told[i].wrong[0] != '\0') {
			fail_msg("%s", told[i].wrong);
		}
		for (unsigned k = 0; k < FATES; k++) {
			sum[k] += told[i].count[k];
		}
	}
}

static void
bases_make(struct image bases[static BASES])
{
	for (unsigned i = 0; i < BASES; i++) {
		(void)snprintf(bases[i].folder, sizeof(bases[i].folder), "base%u", i);
		struct hz_vault *v = make_vault(bases[i].folder);
		base_fill(v, i);
		tag_first(v);
		hz_vault_close(&v);
		image_take(&bases[i]);
	}
}

static void
nothing_silent_nothing_dies(void **state)
{
	unsigned long count = number_from("HIRZ_MUTANTS", slow() ? 300 : 2000),
		      first = number_from("HIRZ_MUTANT_FIRST", 0);
	unsigned jobs = (unsigned)number_from("HIRZ_JOBS", 2);
	unsigned long sum[FATES] = { 0 }, all = 0;
	struct image bases[BASES] = { 0 };
	pid_t pids[JOBS_MAX];
	(void)state;
	jobs = jobs < 1 ? 1 : jobs > JOBS_MAX ? JOBS_MAX : jobs;
	bases_make(bases);
	struct told *told =
	    mmap(NULL, JOBS_MAX * sizeof(*told), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	assert_true(told != MAP_FAILED);
	for (unsigned i = 0; i < jobs; i++) {
		pids[i] = fork();
		assert_true(pids[i] >= 0);
		if (pids[i] == 0) {
			_exit(worker(bases, i, jobs, first, count, &told[i]));
		}
	}
	workers_wait(pids, jobs, told, sum);
	for (unsigned i = 0; i < FATES; i++) {
		print_message("# %lu %s\n", sum[i], fates[i]);
		all += sum[i];
	}
	assert_int_equal(all, count);
	assert_int_equal(sum[SILENT], 0);
	/* The mutants reach each stage, else they would show nothing. */
	assert_true(sum[WALKED_OUT] > count / 4);
	for (unsigned i = SAME; i < SILENT; i++) {
		assert_true(count < 1000 || sum[i] > 0);
	}
	(void)munmap(told, JOBS_MAX * sizeof(*told));
	for (unsigned i = 0; i < BASES; i++) {
		free(bases[i].p);
	}
}

/* The same without the walker: such files end the program, so what is counted above is the walker's doing. */
static void
without_the_walker_it_dies(void **state)
{
	struct image bases[BASES] = { 0 };
	struct hz_store_stamp st;
	unsigned refused = 0, died = 0;
	char path[512], what[128];
	bool stamped;
	(void)state;
	if (slow()) {
		print_message("# skipped: sanitizers and valgrind take the signals that would be counted\n");
		return;
	}
	bases_make(bases);
	struct hz_vault *v = open_vault(bases[1].folder, HZ_VAULT_READ);
	hz_store_close(&v->store);
	uint8_t *p = malloc(bases[1].n);
	assert_non_null(p);
	in_scratch(path, bases[1].folder);
	for (uint64_t seed = 500000; refused < 80; seed++) {
		(void)mutant_put(&bases[1], p, seed, what);
		if (hz_store_walk(path, HZ_T_COUNT, &stamped, &st) == HZ_OK) {
			continue;
		}
		refused++;
		pid_t pid = fork();
		assert_true(pid >= 0);
		if (pid == 0) {
			struct hz_store_opts o = { .skip_walk = true, .tables = HZ_T_COUNT };
			struct hz_store *s = NULL;
			uint8_t got[32];
			int null = open("/dev/null", O_WRONLY | O_CLOEXEC);
			(void)dup2(null, 2); /* LMDB's assertions are expected */
			limits_set(true);
			if (hz_store_open(path, &o, &s) == HZ_OK) {
				HZ_IGNORE(content(s, got));
				write_some(s, 3);
				write_some(s, 1);
				hz_store_close(&s);
			}
			_exit(0);
		}
		int status = 0;
		assert_int_equal(waitpid(pid, &status, 0), pid);
		died += WIFSIGNALED(status);
	}
	print_message(
	    "# control: %u of %u files that the walker refuses end LMDB by a signal\n", died, refused);
	assert_true(died >= 5);
	free(p);
	for (unsigned i = 0; i < BASES; i++) {
		free(bases[i].p);
	}
	hz_vault_close(&v);
}

int
main(void)
{
	/* In memory where there is a place for it: what is tested is not the disk. */
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(nothing_silent_nothing_dies, scratch_make, scratch_drop),
		cmocka_unit_test_setup_teardown(without_the_walker_it_dies, scratch_make, scratch_drop),
	};
	if (access("/dev/shm", W_OK) == 0 && setenv("TMPDIR", "/dev/shm", 1) != 0) {
		return 1;
	}
	return hz_crypto_init() != HZ_OK ? 1 : cmocka_run_group_tests_name("mutants", tests, NULL, NULL);
}
