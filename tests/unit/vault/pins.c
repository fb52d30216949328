#include "tests.h"
#include "vault/internal.h"

#include <stdlib.h>
#include <string.h>

static void
add_one(const char *name, unsigned seed)
{
	struct hz_vault *v = open_vault(name, HZ_VAULT_WRITE);
	struct hz_batch *b = NULL;
	assert_int_equal(hz_batch_begin(v, &b), HZ_OK);
	(void)seal(b, 300, seed, "t");
	assert_int_equal(hz_batch_finish(&b), HZ_OK);
	hz_vault_close(&v);
}

static void
wrong_passphrase(void **state)
{
	struct hz_vault *v = make_vault("p");
	struct hz_vault_opts o = { .mode = HZ_VAULT_READ };
	char p[512];
	(void)state;
	hz_vault_close(&v);
	in_scratch(p, "p");
	assert_int_equal(hz_vault_open(p, &o, &bad_pass, &v), HZ_ERR_LOCKED);
	assert_int_equal(hz_fail_msg(), HZ_MSG_WRONG_PASSPHRASE);
}

static void
not_a_vault(void **state)
{
	struct hz_vault *v = make_vault("p");
	(void)state;
	hz_vault_close(&v);
	assert_int_equal(try_open("none", HZ_VAULT_READ, &v), HZ_ERR_NO_VAULT);
	shell("mkdir '%s/empty' && touch '%s/file'", scratch(), scratch());
	assert_int_equal(try_open("empty", HZ_VAULT_READ, &v), HZ_ERR_NO_VAULT);
	assert_int_equal(hz_fail_msg(), HZ_MSG_NO_VAULT);
	assert_int_equal(try_open("file", HZ_VAULT_READ, &v), HZ_ERR_NO_VAULT);
	assert_int_equal(hz_fail_msg(), HZ_MSG_NOT_A_FOLDER);
	shell("echo 'hirz-vault 2 compat=0 incompat=0' > '%s/p/FORMAT'", scratch());
	assert_int_equal(try_open("p", HZ_VAULT_READ, &v), HZ_ERR_VERSION);
	shell("echo 'hirz-vault 1 compat=0 incompat=4' > '%s/p/FORMAT'", scratch());
	assert_int_equal(try_open("p", HZ_VAULT_READ, &v), HZ_ERR_VERSION);
	shell("echo something > '%s/p/FORMAT'", scratch());
	assert_int_equal(try_open("p", HZ_VAULT_READ, &v), HZ_ERR_FORMAT);
}

/* Last week's copy of the whole folder, its own pin included: the pin outside shows it; going on is a new log
 * that names both checkpoints; the exhibit chains go on over the two logs. */
static void
rollback_and_restore(void **state)
{
	struct hz_vault *v = make_vault("p");
	struct hz_vault_opts o = { .mode = HZ_VAULT_WRITE, .allow_rollback = true };
	struct hz_ref at;
	char p[512];
	(void)state;
	hz_vault_close(&v);
	in_scratch(p, "p");
	add_one("p", 1);
	shell("cp -a '%s/p' '%s/old'", scratch(), scratch());
	add_one("p", 2);
	shell("rm -rf '%s/p' && mv '%s/old' '%s/p'", scratch(), scratch(), scratch());
	assert_int_equal(try_open("p", HZ_VAULT_WRITE, &v), HZ_ERR_ROLLBACK);
	v = open_vault("p", HZ_VAULT_READ);
	assert_true(hz_vault_info(v)->rollback);
	assert_int_equal(hz_vault_info(v)->pin_size, 3);
	hz_vault_close(&v);
	assert_int_equal(hz_vault_open(p, &o, &good_pass, &v), HZ_OK);
	assert_int_equal(hz_vault_restored(v, "the disk failed", &at), HZ_OK);
	assert_int_equal(at.log, 1);
	assert_int_equal(at.index, 0);
	hz_vault_close(&v);
	v = open_vault("p", HZ_VAULT_READ);
	assert_false(hz_vault_info(v)->rollback);
	assert_int_equal(hz_vault_info(v)->logs, 2);
	assert_int_equal(hz_vault_info(v)->log_size, 1);
	hz_vault_close(&v);
	add_one("p", 3);
	v = open_vault("p", HZ_VAULT_READ);
	struct hz_view *w = NULL;
	struct hz_exhibit e;
	assert_int_equal(hz_view_begin(v, &w), HZ_OK);
	for (uint64_t i = 1; i <= 2; i++) {
		assert_int_equal(hz_exhibit_get(w, i, &e), HZ_OK);
		assert_int_equal(hz_exhibit_check(w, &e), HZ_OK);
	}
	assert_int_equal(e.first_ref.log, 1);
	hz_view_end(&w);
	hz_vault_close(&v);
}

static void
pins_missing(void **state)
{
	struct hz_vault *v = make_vault("p");
	(void)state;
	hz_vault_close(&v);
	shell("rm -rf '%s/state'", scratch());
	v = open_vault("p", HZ_VAULT_READ);
	assert_true(hz_vault_info(v)->outside_pin_missing);
	assert_false(hz_vault_info(v)->rollback);
	hz_vault_close(&v);
	shell("rm '%s/p/pin'", scratch());
	v = open_vault("p", HZ_VAULT_READ);
	assert_true(hz_vault_info(v)->inside_pin_missing);
	hz_vault_close(&v);
	shell("echo x > '%s/p/pin'", scratch());
	assert_int_equal(try_open("p", HZ_VAULT_READ, &v), HZ_ERR_FORMAT);
}

static void
backup(void **state)
{
	struct hz_vault *v = make_vault("p");
	struct hz_view *w = NULL;
	struct hz_exhibit e;
	char p[512];
	(void)state;
	hz_vault_close(&v);
	add_one("p", 1);
	v = open_vault("p", HZ_VAULT_WRITE);
	in_scratch(p, "copy");
	assert_int_equal(hz_vault_backup(v, p), HZ_OK);
	assert_int_equal(hz_vault_backup(v, p), HZ_ERR_EXISTS);
	hz_vault_close(&v);
	v = open_vault("copy", HZ_VAULT_READ);
	assert_false(hz_vault_info(v)->rollback);
	assert_int_equal(hz_view_begin(v, &w), HZ_OK);
	assert_int_equal(hz_exhibit_get(w, 1, &e), HZ_OK);
	read_back(w, &e, 300, 1);
	hz_view_end(&w);
	hz_vault_close(&v);
	add_one("p", 2);
	assert_int_equal(try_open("copy", HZ_VAULT_WRITE, &v), HZ_ERR_ROLLBACK);
}

static void
sealed_without_keys(void **state)
{
	struct hz_vault *v = make_vault("p");
	struct hz_view *w = NULL;
	const uint8_t *p = NULL;
	size_t n = 0;
	uint64_t no = 0, found_no = 0;
	bool found = false;
	uint8_t h[32];
	(void)state;
	char fp[33];
	memcpy(fp, hz_vault_info(v)->fingerprint, 33);
	hz_vault_close(&v);
	add_one("p", 1);
	v = open_vault("p", HZ_VAULT_SEALED);
	assert_true(hz_vault_info(v)->locked);
	assert_string_equal(hz_vault_info(v)->fingerprint, fp);
	assert_int_equal(hz_vault_info(v)->log_size, 2);
	assert_int_equal(hz_view_begin(v, &w), HZ_OK);
	assert_int_equal(hz_segment_next(w, &no, &found, &p, &n), HZ_OK);
	assert_true(found);
	hz_sha256(p, n, h);
	assert_int_equal(hz_segment_find(w, h, &found_no), HZ_OK);
	assert_int_equal(found_no + 1, no);
	hz_view_end(&w);
	hz_vault_close(&v);
}

const struct CMUnitTest pins_tests[] = {
	cmocka_unit_test_setup_teardown(wrong_passphrase, scratch_make, scratch_drop),
	cmocka_unit_test_setup_teardown(not_a_vault, scratch_make, scratch_drop),
	cmocka_unit_test_setup_teardown(rollback_and_restore, scratch_make, scratch_drop),
	cmocka_unit_test_setup_teardown(pins_missing, scratch_make, scratch_drop),
	cmocka_unit_test_setup_teardown(backup, scratch_make, scratch_drop),
	cmocka_unit_test_setup_teardown(sealed_without_keys, scratch_make, scratch_drop),
};
const size_t pins_count = sizeof(pins_tests) / sizeof(pins_tests[0]);
