#include "tests.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

const char *arg_format_md, *arg_verifier;
static const char *arg_version;

static void
words(void **state)
{
	char v[40];
	(void)state;
	(void)snprintf(v, sizeof v, "%d.%d.%d", HIRZ_VERSION_MAJOR, HIRZ_VERSION_MINOR, HIRZ_VERSION_PATCH);
	assert_string_equal(hirz_version(), v);
	assert_string_equal(hirz_version(), arg_version);
	for (int i = 0; i <= HIRZ_ERR_INTERNAL; i++) {
		assert_true(hirz_strerror((enum hirz_err)i)[0] != '\0');
		for (int k = 0; k < i; k++) {
			assert_string_not_equal(
			    hirz_strerror((enum hirz_err)i), hirz_strerror((enum hirz_err)k));
		}
		assert_string_not_equal(hirz_strerror((enum hirz_err)i), "an unknown code");
	}
	assert_string_equal(hirz_strerror((enum hirz_err)(HIRZ_ERR_INTERNAL + 1)), "an unknown code");
	assert_string_equal(hirz_error_id(), "");
	assert_string_equal(hirz_error_what(), "");
	assert_string_equal(hirz_error_why(), "");
}

/* --- init and open ---------------------------------------------------------------------------------------
 */

struct asked {
	const char *answer;
	int rc;
	unsigned times;
	size_t len; /* 0: that of answer */
};

static int
ask(void *arg, char *buf, size_t max, size_t *ret_len)
{
	struct asked *a = arg;
	a->times++;
	assert_int_equal(max, HIRZ_PASSPHRASE_MAX);
	(void)snprintf(buf, max, "%s", a->answer);
	*ret_len = a->len != 0 ? a->len : strlen(a->answer);
	return a->rc;
}

static struct hirz_key
asking(struct asked *a)
{
	return (struct hirz_key){ HIRZ_SIZED(struct hirz_key), .ask = ask, .arg = a,
		.flags = HIRZ_KEY_NO_SESSION };
}

static void
inits(void **state)
{
	struct hirz_init_opts o = { HIRZ_SIZED(struct hirz_init_opts), .org = "o", .desk = "D1",
		.kdf_mib = 64 };
	struct asked a = { .answer = "short" };
	struct hirz_key k = asking(&a);
	struct hirz_vault *v = NULL;
	(void)state;
	const char *p = in_scratch("v");
	fails(hirz_init(NULL, &o, &good_key, &v), HIRZ_ERR_USAGE, "HZ-E001");
	fails(hirz_init(p, &o, &good_key, NULL), HIRZ_ERR_USAGE, "HZ-E001");
	fails(hirz_init(p, NULL, &good_key, &v), HIRZ_ERR_USAGE, "HZ-E001");
	fails(hirz_init(p, &o, NULL, &v), HIRZ_ERR_INPUT, "HZ-E003");
	fails(hirz_init(p, &o, &k, &v), HIRZ_ERR_USAGE, "HZ-E023");
	a.answer = "aaaaaaaaaaaaaaaa"; /* long, and worth nothing */
	fails(hirz_init(p, &o, &k, &v), HIRZ_ERR_USAGE, "HZ-E023");
	a = (struct asked){ .answer = "long enough words", .rc = 1 };
	fails(hirz_init(p, &o, &k, &v), HIRZ_ERR_CANCELLED, "HZ-E095");
	a = (struct asked){ .answer = "long enough words", .len = HIRZ_PASSPHRASE_MAX + 1 };
	fails(hirz_init(p, &o, &k, &v), HIRZ_ERR_LIMIT, "HZ-E090");
	o.desk = "d1";
	fails(hirz_init(p, &o, &good_key, &v), HIRZ_ERR_USAGE, "HZ-E001");
	o.desk = "D1";
	o.kdf_mib = 63;
	fails(hirz_init(p, &o, &good_key, &v), HIRZ_ERR_USAGE, "HZ-E001");
	o.kdf_mib = 64;
	o.flags = 8;
	fails(hirz_init(p, &o, &good_key, &v), HIRZ_ERR_UNSUPPORTED, "HZ-E094");
	o.flags = 0;
	assert_null(v);
	a = (struct asked){ .answer = "long enough words" };
	ok(hirz_init(p, &o, &k, &v));
	assert_int_equal(a.times, 1);
	struct hirz_info i = { HIRZ_SIZED(struct hirz_info) };
	ok(hirz_info(v, &i));
	assert_string_equal(i.desk, "D1");
	assert_string_equal(i.org, "o");
	assert_int_equal(strlen(i.vault), 32);
	assert_int_equal(strlen(i.fingerprint), 32);
	assert_int_equal(strlen(i.member), 35);
	assert_int_equal(i.mode, HIRZ_WRITE);
	assert_int_equal(i.flags & (HIRZ_INFO_LOCKED | HIRZ_INFO_ROLLBACK), 0);
	assert_int_equal(i.log_size, 1);
	hirz_close(v);
	v = NULL;
	fails(hirz_init(p, &o, &k, &v), HIRZ_ERR_EXISTS, "HZ-E043");
	assert_null(v);
}

static void
opens(void **state)
{
	struct hirz_open_opts o = { HIRZ_SIZED(struct hirz_open_opts), .mode = HIRZ_READ };
	struct hirz_info i = { HIRZ_SIZED(struct hirz_info) };
	struct asked a = { .answer = "six plain words for a test" };
	struct hirz_key k = asking(&a);
	struct hirz_vault *v = NULL;
	(void)state;
	hirz_close(make_vault("v"));
	const char *p = in_scratch("v");
	fails(hirz_open(in_scratch("none"), &o, &k, &v), HIRZ_ERR_NO_VAULT, "HZ-E041");
	fails(hirz_open(in_scratch("."), &o, &k, &v), HIRZ_ERR_NO_VAULT, "HZ-E041");
	fails(hirz_open(in_scratch("v/FORMAT"), &o, &k, &v), HIRZ_ERR_NO_VAULT, "HZ-E042");
	assert_int_equal(a.times, 0); /* nothing is asked before it is known that there is a vault */
	fails(hirz_open(NULL, &o, &k, &v), HIRZ_ERR_USAGE, "HZ-E001");
	fails(hirz_open(p, &o, NULL, &v), HIRZ_ERR_INPUT, "HZ-E003");
	fails(hirz_open(p, &o, &bad_key, &v), HIRZ_ERR_LOCKED, "HZ-E021");
	o.mode = 3;
	fails(hirz_open(p, &o, &k, &v), HIRZ_ERR_USAGE, "HZ-E001");
	o.mode = HIRZ_READ;
	o.flags = HIRZ_OPEN_NO_PIN;
	fails(hirz_open(p, &o, &k, &v), HIRZ_ERR_UNSUPPORTED, "HZ-E094");
	o.flags = 0;
	assert_null(v);
	ok(hirz_open(p, &o, &k, &v));
	assert_int_equal(a.times, 1);
	ok(hirz_info(v, &i));
	assert_int_equal(i.mode, HIRZ_READ);
	fails(hirz_add_fd(v, 0, NULL, NULL), HIRZ_ERR_USAGE, "HZ-E001");
	hirz_close(v);
	hirz_close(NULL);
	fails(hirz_info(NULL, &i), HIRZ_ERR_USAGE, "HZ-E001");
}

static int
no_exhibit(void *arg, const struct hirz_exhibit *e)
{
	(void)arg;
	(void)e;
	fail();
	return 1;
}

static void
unlocks(void **state)
{
	struct hirz_info i = { HIRZ_SIZED(struct hirz_info) };
	(void)state;
	hirz_close(make_vault("v"));
	struct hirz_vault *v = open_vault("v", HIRZ_SEALED);
	ok(hirz_info(v, &i));
	assert_true(i.flags & HIRZ_INFO_LOCKED);
	assert_int_equal(i.log_size, 1); /* as the pin says */
	fails(hirz_list(v, NULL, no_exhibit, NULL), HIRZ_ERR_LOCKED, "HZ-E020");
	fails(hirz_unlock(v, HIRZ_SEALED, &good_key), HIRZ_ERR_USAGE, "HZ-E001");
	fails(hirz_unlock(v, HIRZ_WRITE, &bad_key), HIRZ_ERR_LOCKED, "HZ-E021");
	ok(hirz_info(v, &i)); /* as it was */
	assert_int_equal(i.mode, HIRZ_SEALED);
	ok(hirz_unlock(v, HIRZ_READ, &good_key));
	ok(hirz_list(v, NULL, no_exhibit, NULL));
	ok(hirz_unlock(v, HIRZ_WRITE, &good_key));
	struct hirz_added a = add(v, file_of("f", 10, 1), NULL);
	assert_string_equal(a.number, "DM3-000001");
	/* Where not even the old state can be had again, the handle says so. */
	fails(hirz_unlock(v, HIRZ_WRITE, &bad_key), HIRZ_ERR_LOCKED, "HZ-E021");
	fails(hirz_info(v, &i), HIRZ_ERR_USAGE, "HZ-E001");
	hirz_close(v);
}

/* The kernel may refuse sessions; then it must say so, and opening asks. */
static void
sessions(void **state)
{
	struct hirz_open_opts o = { HIRZ_SIZED(struct hirz_open_opts), .mode = HIRZ_READ };
	struct hirz_info i = { HIRZ_SIZED(struct hirz_info) };
	struct hirz_vault *v = make_vault("v"), *again = NULL;
	(void)state;
	fails(hirz_session_keep(v, 0), HIRZ_ERR_USAGE, "HZ-E001");
	enum hirz_err r = hirz_session_keep(v, 60);
	if (r != HIRZ_OK) {
		fails(r, HIRZ_ERR_UNSUPPORTED, "HZ-E024");
		print_message("# the kernel keeps no sessions here\n");
	}
	hirz_close(v);
	if (r == HIRZ_OK) {
		ok(hirz_open(in_scratch("v"), &o, NULL, &again));
		ok(hirz_info(again, &i));
		assert_true(i.flags & HIRZ_INFO_FROM_SESSION);
		ok(hirz_session_end(again));
		ok(hirz_session_end(again));
		hirz_close(again);
		again = NULL;
	}
	fails(hirz_open(in_scratch("v"), &o, NULL, &again), HIRZ_ERR_INPUT, "HZ-E003");
}

/* --- structs that grow -------------------------------------------------------------------------------------
 */

struct later_opts { /* as a later version may have it */
	struct hirz_open_opts now;
	uint64_t more;
};

static void
sizes(void **state)
{
	struct later_opts o = { .now = { .size = sizeof o, .mode = HIRZ_SEALED } };
	struct hirz_vault *v = NULL;
	struct {
		struct hirz_info i;
		uint8_t behind[16];
	} x;
	(void)state;
	hirz_close(make_vault("v"));
	const char *p = in_scratch("v");
	o.more = 1;
	fails(hirz_open(p, &o.now, NULL, &v), HIRZ_ERR_UNSUPPORTED, "HZ-E094");
	o.more = 0;
	ok(hirz_open(p, &o.now, NULL, &v));
	/* A caller that knows less: nothing behind his struct is touched. */
	memset(&x, 0x55, sizeof x);
	x.i.size = offsetof(struct hirz_info, flags);
	ok(hirz_info(v, &x.i));
	assert_int_equal(x.i.mode, HIRZ_SEALED);
	assert_int_equal(x.i.flags, 0x55555555);
	/* One that knows more: the rest is zero. */
	memset(&x, 0x55, sizeof x);
	x.i.size = sizeof x;
	ok(hirz_info(v, &x.i));
	assert_int_equal(x.i.size, sizeof x);
	assert_int_equal(x.behind[0] | x.behind[15], 0);
	x.i.size = sizeof(size_t) - 1;
	fails(hirz_info(v, &x.i), HIRZ_ERR_USAGE, "HZ-E001");
	x.i.size = 65537;
	fails(hirz_info(v, &x.i), HIRZ_ERR_USAGE, "HZ-E001");
	fails(hirz_info(v, NULL), HIRZ_ERR_USAGE, "HZ-E001");
	hirz_close(v);
	v = NULL;
	o.now.size = 0; /* forgotten */
	fails(hirz_open(p, &o.now, NULL, &v), HIRZ_ERR_USAGE, "HZ-E001");
	/* Only the size: all else is not given. */
	o.now = (struct hirz_open_opts){ .size = sizeof(size_t), .mode = HIRZ_WRITE };
	ok(hirz_open(p, &o.now, NULL, &v));
	hirz_close(v);
}

/* --- threads
 * ------------------------------------------------------------------------------------------------- */

struct worker {
	pthread_t t;
	char path[512];
	enum hirz_err first, last;
	char id[16], number[HIRZ_NUMBER_SIZE];
	int fd;
};

static void *
work(void *arg)
{
	struct worker *w = arg;
	struct hirz_init_opts o = { HIRZ_SIZED(struct hirz_init_opts), .org = "o", .desk = "D1",
		.kdf_mib = 64 };
	struct hirz_added a = { HIRZ_SIZED(struct hirz_added) };
	struct hirz_vault *v = NULL;
	w->first = hirz_init(w->path, &o, &good_key, &v);
	if (w->first == HIRZ_OK) {
		w->last = hirz_add_fd(v, w->fd, NULL, &a);
		(void)snprintf(w->number, sizeof w->number, "%s", a.number);
		if (w->last == HIRZ_OK) {
			w->last = hirz_add_fd(v, -1, NULL, NULL);
		}
		(void)snprintf(w->id, sizeof w->id, "%s", hirz_error_id());
	}
	hirz_close(v);
	return NULL;
}

/* Handles of their own, failures of their own. */
static void
threads(void **state)
{
	struct worker w[2];
	(void)state;
	memset(w, 0, sizeof w);
	for (int i = 0; i < 2; i++) {
		(void)snprintf(w[i].path, sizeof w[i].path, "%s", in_scratch(i == 0 ? "a" : "b"));
		w[i].fd = file_of(i == 0 ? "fa" : "fb", 200000, (unsigned)i);
		assert_int_equal(pthread_create(&w[i].t, NULL, work, &w[i]), 0);
	}
	for (int i = 0; i < 2; i++) {
		assert_int_equal(pthread_join(w[i].t, NULL), 0);
		assert_int_equal(w[i].first, HIRZ_OK);
		assert_int_equal(w[i].last, HIRZ_ERR_USAGE);
		assert_string_equal(w[i].id, "HZ-E001");
		assert_string_equal(w[i].number, "D1-000001");
		assert_int_equal(close(w[i].fd), 0);
	}
	assert_string_equal(hirz_error_id(), "");
}

#define SCRATCH(f) cmocka_unit_test_setup_teardown(f, scratch_make, scratch_drop)

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(words), cmocka_unit_test(format_numbers),
		cmocka_unit_test(format_labels), SCRATCH(inits), SCRATCH(opens), SCRATCH(unlocks),
		SCRATCH(sessions), SCRATCH(sizes), SCRATCH(threads), SCRATCH(add_files), SCRATCH(add_pipes),
		SCRATCH(add_refuses), SCRATCH(add_words), SCRATCH(add_changed), SCRATCH(lists),
		SCRATCH(reads), SCRATCH(custody), SCRATCH(verifies), SCRATCH(damage), SCRATCH(exports),
		SCRATCH(export_gates) };
	if (argc < 4) {
		return 1;
	}
	arg_format_md = argv[1];
	arg_verifier = argv[2];
	arg_version = argv[3];
	return cmocka_run_group_tests_name("api", tests, NULL, NULL);
}
