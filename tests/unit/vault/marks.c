/* The mark of a walked file leaves out a walk over that very file in that very session, and nothing else. */
#include "tests.h"
#include "vault/internal.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static enum hz_err
nobody(void *arg, struct hz_buf *out)
{
	(void)arg;
	(void)out;
	return hz_fail(HZ_MSG_INPUT_NEEDED, "the session should have been enough");
}
static const struct hz_unlock by_session = { nobody, NULL, false };

static enum hz_err
reopen(enum hz_vault_mode mode, bool full, bool *ret_left_out)
{
	struct hz_vault_opts o = { .mode = mode, .full_walk = full };
	struct hz_vault *v = NULL;
	char p[512];
	in_scratch(p, "v");
	enum hz_err r = hz_vault_open(p, &o, &by_session, &v);
	if (r == HZ_OK) {
		*ret_left_out = hz_vault_info(v)->walk_left_out;
	}
	hz_vault_close(&v);
	return r;
}

/* Was the walk left out? */
static bool
left_out(enum hz_vault_mode mode)
{
	bool left = false;
	enum hz_err r = reopen(mode, false, &left);
	if (r != HZ_OK) {
		print_error("open: %s\n", hz_fail_detail());
	}
	assert_int_equal(r, HZ_OK);
	return left;
}

static void
wait_a_tick(void)
{
	struct timespec ts = { 0, 30000000 };
	(void)nanosleep(&ts, NULL);
}

static bool
session(struct hz_vault *v)
{
	if (hz_session_store(v, 600) == HZ_OK) {
		return true;
	}
	print_message("# skipped: this system keeps no sessions (%s)\n", hz_fail_detail());
	hz_fail_clear();
	return false;
}

/* A vault of some exhibits with a session, closed. False: no sessions here, or a place that marks do not
 * believe. */
static bool
ready(uint8_t ret_id[static 16])
{
	struct hz_vault *v = make_vault("v");
	struct hz_batch *b = NULL;
	char p[512];
	assert_int_equal(hz_batch_begin(v, &b), HZ_OK);
	for (unsigned i = 0; i < 4; i++) {
		(void)seal(b, 9000u * i + 10, i, "t");
	}
	assert_int_equal(hz_batch_finish(&b), HZ_OK);
	memcpy(ret_id, hz_vault_info(v)->vault_id, 16);
	bool may = session(v);
	hz_vault_close(&v);
	in_scratch(p, "v");
	if (may && !hz_store_fixed(p)) {
		print_message("# skipped: the test's folder lies on a disk that no mark is believed about\n");
		may = false;
	}
	wait_a_tick();
	return may;
}

static void
done(const uint8_t id[static 16])
{
	bool was = false;
	HZ_IGNORE(hz_session_drop(id, &was));
}

/* The one file of the folder of marks. */
static void
mark_path(char ret[static 512])
{
	in_scratch(ret, "mark-name");
	shell("ls '%s'/state/hirz/walked/* > '%s'", scratch(), ret);
	FILE *f = fopen(ret, "r");
	assert_non_null(f);
	assert_non_null(fgets(ret, 512, f));
	(void)fclose(f);
	ret[strcspn(ret, "\n")] = '\0';
}

static void
leaves_out_what_was_walked(void **state)
{
	uint8_t id[16];
	bool left = true;
	struct hz_vault *v = NULL;
	struct hz_batch *b = NULL;
	(void)state;
	if (!ready(id)) {
		return;
	}
	assert_false(left_out(HZ_VAULT_READ)); /* the first of the session walks, and marks */
	assert_true(left_out(HZ_VAULT_READ));
	assert_int_equal(reopen(HZ_VAULT_READ, true, &left), HZ_OK);
	assert_false(left); /* verify */
	assert_true(left_out(HZ_VAULT_WRITE));
	assert_true(left_out(HZ_VAULT_READ)); /* marked again by the writer */
	/* What a writer changed is walked at its end, not believed. */
	struct hz_vault_opts o = { .mode = HZ_VAULT_WRITE };
	char p[512];
	in_scratch(p, "v");
	assert_int_equal(hz_vault_open(p, &o, &by_session, &v), HZ_OK);
	shell("test -z \"$(ls '%s'/state/hirz/walked)\"", scratch()); /* while it writes there is no mark */
	assert_int_equal(hz_batch_begin(v, &b), HZ_OK);
	(void)seal(b, 100, 77, "t");
	assert_int_equal(hz_batch_finish(&b), HZ_OK);
	hz_vault_close(&v);
	assert_true(left_out(HZ_VAULT_READ));
	assert_true(left_out(HZ_VAULT_READ));
	/* Without the session, as for a key export, and without keys the walker goes. */
	v = open_vault("v", HZ_VAULT_READ);
	assert_false(hz_vault_info(v)->walk_left_out);
	hz_vault_close(&v);
	v = open_vault("v", HZ_VAULT_SEALED);
	assert_false(hz_vault_info(v)->walk_left_out);
	hz_vault_close(&v);
	done(id);
}

static void
another_session_walks(void **state)
{
	uint8_t id[16];
	(void)state;
	if (!ready(id)) {
		return;
	}
	(void)left_out(HZ_VAULT_READ);
	assert_true(left_out(HZ_VAULT_READ));
	done(id);
	struct hz_vault *v = open_vault("v", HZ_VAULT_READ);
	assert_true(session(v));
	hz_vault_close(&v);
	assert_false(left_out(HZ_VAULT_READ)); /* same file, same mark, another key */
	assert_true(left_out(HZ_VAULT_READ));
	done(id);
}

static void
a_changed_mark_is_none(void **state)
{
	uint8_t id[16], old[300], b[300];
	char p[512];
	(void)state;
	if (!ready(id)) {
		return;
	}
	(void)left_out(HZ_VAULT_READ);
	mark_path(p);
	int fd = open(p, O_RDONLY | O_CLOEXEC);
	ssize_t n = read(fd, old, sizeof(old));
	(void)close(fd);
	assert_in_range(n, 100, 299);
	for (ssize_t i = 0; i <= n; i += 3) {
		memcpy(b, old, (size_t)n);
		b[n] = 0;
		b[i] ^= 0x04; /* at n: one byte more */
		shell("rm '%s'", p);
		fd = open(p, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
		assert_int_equal(write(fd, b, (size_t)(i == n ? n + 1 : n)), i == n ? n + 1 : n);
		(void)close(fd);
		if (left_out(HZ_VAULT_READ)) {
			fail_msg("a mark with byte %zd changed was believed", i);
		}
	}
	assert_true(left_out(HZ_VAULT_READ));
	shell("truncate -s 60 '%s'", p);
	assert_false(left_out(HZ_VAULT_READ));
	shell("rm '%s'", p);
	assert_false(left_out(HZ_VAULT_READ));
	done(id);
}

/* Whoever changes data.mdb meets the walker, whatever he puts back afterwards: its length, its times, its
 * metas. */
static void
a_changed_file_is_walked(void **state)
{
	static const char *const harmless[] = {
		"touch v/data.mdb",
		"cp v/data.mdb v/x && mv v/x v/data.mdb",
		"cp -p v/data.mdb x && cat x > v/data.mdb && touch -r x v/data.mdb",
		"mv v w && cp -a w v && rm -rf w",
		"printf x >> v/data.mdb",
	};
	uint8_t id[16];
	(void)state;
	if (!ready(id)) {
		return;
	}
	for (size_t i = 0; i < sizeof(harmless) / sizeof(harmless[0]); i++) {
		(void)left_out(HZ_VAULT_READ);
		assert_true(left_out(HZ_VAULT_READ));
		shell("cd '%s' && %s", scratch(), harmless[i]);
		wait_a_tick();
		if (left_out(HZ_VAULT_READ)) {
			fail_msg("not walked after: %s", harmless[i]);
		}
	}
	/* Not only that it goes: it also sees. */
	(void)left_out(HZ_VAULT_READ);
	assert_true(left_out(HZ_VAULT_READ));
	char p[512];
	struct stat st;
	in_scratch(p, "v/data.mdb");
	int fd = open(p, O_RDWR | O_CLOEXEC);
	assert_true(fd >= 0);
	assert_int_equal(fstat(fd, &st), 0);
	for (off_t at = 8192; at + 4096 <= st.st_size;
	     at += 4096) { /* a bound of the first tree page that is a leaf */
		uint8_t head[16];
		assert_int_equal(pread(fd, head, 16, at), 16);
		if (head[10] == 2) {
			head[12] ^= 1;
			assert_int_equal(pwrite(fd, head, 16, at), 16);
		}
	}
	struct timespec times[2] = { st.st_atim, st.st_mtim };
	assert_int_equal(futimens(fd, times), 0);
	(void)close(fd);
	bool left = false;
	assert_int_equal(reopen(HZ_VAULT_READ, false, &left), HZ_ERR_FORMAT);
	assert_int_equal(hz_fail_msg(), HZ_MSG_VAULT_DAMAGED);
	done(id);
}

static void
a_place_for_others_is_walked(void **state)
{
	uint8_t id[16];
	(void)state;
	if (!ready(id)) {
		return;
	}
	shell("chmod 0620 '%s/v/data.mdb'", scratch());
	wait_a_tick();
	(void)left_out(HZ_VAULT_READ);
	assert_false(left_out(HZ_VAULT_READ));
	shell("chmod 0600 '%s/v/data.mdb' && chmod 0770 '%s/v'", scratch(), scratch());
	wait_a_tick();
	(void)left_out(HZ_VAULT_READ);
	assert_false(left_out(HZ_VAULT_READ));
	shell("chmod 0700 '%s/v'", scratch());
	(void)left_out(HZ_VAULT_READ);
	assert_true(left_out(HZ_VAULT_READ));
	done(id);
}

/* A file whose last change is of this very moment could be changed once more within the same step of its
 * clock. */
static void
a_fresh_change_is_not_marked(void **state)
{
	uint8_t id[16];
	(void)state;
	if (!ready(id)) {
		return;
	}
	char p[512];
	struct hz_vault *v = NULL;
	struct hz_vault_opts o = { .mode = HZ_VAULT_READ };
	struct hz_store_stamp st;
	bool stamped = true;
	in_scratch(p, "v");
	assert_int_equal(hz_vault_open(p, &o, &by_session, &v), HZ_OK);
	hz_store_close(&v->store);
	shell("touch '%s/v/data.mdb'", scratch());
	assert_int_equal(hz_mark_walk(v, true, &stamped, &st), HZ_OK);
	assert_true(stamped); /* it waits */
	in_scratch(p, "v/data.mdb");
	assert_int_equal(utimensat(AT_FDCWD, p, NULL, 0), 0);
	assert_int_equal(hz_mark_walk(v, false, &stamped, &st), HZ_OK);
	assert_false(stamped);
	hz_vault_close(&v);
	done(id);
}

/* What a mark binds, also where the system keeps no sessions: each thing that it names, its key, its vault.
 */
static void
a_mark_is_bound(void **state)
{
	static const char *const changes[] = {
		"touch v/data.mdb", "touch -d 2001-01-01 v/data.mdb", "chmod 0640 v/data.mdb",
		"cp v/data.mdb v/x && mv v/x v/data.mdb", "printf x >> v/data.mdb",
		"cp -p v/data.mdb x && printf y | dd of=v/data.mdb bs=1 seek=20 conv=notrunc 2>/dev/null && touch -r x v/data.mdb"
	};
	struct hz_vault *v = make_vault("v");
	uint8_t key[32], other[32];
	struct hz_store_stamp st;
	(void)state;
	hz_store_close(&v->store);
	hz_random(key, 32);
	hz_random(other, 32);
	for (size_t i = 0; i < sizeof(changes) / sizeof(changes[0]); i++) {
		assert_int_equal(hz_store_stamp(v->path, &st), HZ_OK);
		hz_mark_put(v, &st, key, "mark");
		assert_true(hz_mark_is(v, key, "mark"));
		assert_false(hz_mark_is(v, other, "mark"));
		assert_false(hz_mark_is(v, key, "mark2"));
		v->info.vault_id[0] ^= 1;
		assert_false(hz_mark_is(v, key, "mark"));
		v->info.vault_id[0] ^= 1;
		wait_a_tick();
		shell("cd '%s' && %s", scratch(), changes[i]);
		if (hz_mark_is(v, key, "mark")) {
			fail_msg("still believed after: %s", changes[i]);
		}
	}
	/* Field by field, since times would give each of the above away. */
	assert_int_equal(hz_store_stamp(v->path, &st), HZ_OK);
	for (size_t i = 0; i < sizeof(st); i++) {
		((uint8_t *)&st)[i] ^= 0x20;
		hz_mark_put(v, &st, key, "mark");
		((uint8_t *)&st)[i] ^= 0x20;
		if (hz_mark_is(v, key, "mark")) {
			fail_msg("byte %zu of what a file is known by is not bound", i);
		}
	}
	hz_vault_close(&v);
}

#define row(f) cmocka_unit_test_setup_teardown(f, scratch_make, scratch_drop)
const struct CMUnitTest marks_tests[] = {
	row(a_mark_is_bound),
	row(leaves_out_what_was_walked),
	row(another_session_walks),
	row(a_changed_mark_is_none),
	row(a_changed_file_is_walked),
	row(a_place_for_others_is_walked),
	row(a_fresh_change_is_not_marked),
};
const size_t marks_count = sizeof(marks_tests) / sizeof(marks_tests[0]);
