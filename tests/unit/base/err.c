#include "base/err.h"
#include "tests.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static void
id_and_code_of_a_message(void **state)
{
	(void)state;
	char id[9];
	hz_msg_id(HZ_MSG_WRONG_PASSPHRASE, id);
	assert_string_equal(id, "HZ-E021");
	hz_msg_id(HZ_MSG_USAGE, id);
	assert_string_equal(id, "HZ-E001");
	hz_msg_id(HZ_MSG_INTERNAL, id);
	assert_string_equal(id, "HZ-E999");
	assert_int_equal(hz_msg_err(HZ_MSG_NONE), HZ_OK);
	assert_int_equal(hz_msg_err(HZ_MSG_WRONG_PASSPHRASE), HZ_ERR_LOCKED);
	assert_int_equal(hz_msg_err((enum hz_msg)998), HZ_ERR_INTERNAL);
	assert_true(HZ_ERR_FORMAT != HZ_ERR_TAMPERED);
	assert_int_equal(hz_msg_err(HZ_MSG_FORMAT), HZ_ERR_FORMAT);
	assert_int_equal(hz_msg_err(HZ_MSG_TAMPERED), HZ_ERR_TAMPERED);
}

static void
exit_codes(void **state)
{
	(void)state;
	static const int exits[] = {
		[HZ_OK] = 0,
		[HZ_ERR_USAGE] = 2,
		[HZ_ERR_NOT_FOUND] = 1,
		[HZ_ERR_EXISTS] = 1,
		[HZ_ERR_DENIED] = 8,
		[HZ_ERR_LOCKED] = 5,
		[HZ_ERR_BUSY] = 7,
		[HZ_ERR_LIMIT] = 1,
		[HZ_ERR_NOMEM] = 9,
		[HZ_ERR_IO] = 9,
		[HZ_ERR_NOSPACE] = 9,
		[HZ_ERR_FORMAT] = 4,
		[HZ_ERR_VERSION] = 6,
		[HZ_ERR_TAMPERED] = 4,
		[HZ_ERR_ROLLBACK] = 11,
		[HZ_ERR_NO_VAULT] = 6,
		[HZ_ERR_INPUT] = 12,
		[HZ_ERR_UNSUPPORTED] = 1,
		[HZ_ERR_CHANGED] = 3,
		[HZ_ERR_CANCELLED] = 130,
		[HZ_ERR_INTERNAL] = 1,
	};
	assert_int_equal(sizeof exits / sizeof exits[0], HZ_ERR_INTERNAL + 1);
	for (int e = HZ_OK; e <= HZ_ERR_INTERNAL; e++) {
		assert_int_equal(hz_err_exit((enum hz_err)e), exits[e]);
	}
	assert_int_equal(hz_err_exit((enum hz_err)77), 1);
}

static void
failure_is_kept(void **state)
{
	(void)state;
	assert_err(hz_fail(HZ_MSG_NO_EXHIBIT, "%s-%06d", "DM3", 117), HZ_ERR_NOT_FOUND);
	assert_int_equal(hz_fail_msg(), HZ_MSG_NO_EXHIBIT);
	assert_string_equal(hz_fail_detail(), "DM3-000117");
	assert_int_equal(hz_fail_errno(), 0);
	/* A detail may be built upon the one before. */
	assert_err(hz_fail(HZ_MSG_IO, "while reading: %s", hz_fail_detail()), HZ_ERR_IO);
	assert_string_equal(hz_fail_detail(), "while reading: DM3-000117");

	struct hz_failure kept;
	hz_fail_save(&kept);
	hz_fail_clear();
	assert_int_equal(hz_fail_msg(), HZ_MSG_NONE);
	assert_string_equal(hz_fail_detail(), "");
	assert_err(hz_fail_restore(&kept), HZ_ERR_IO);
	assert_string_equal(hz_fail_detail(), "while reading: DM3-000117");
}

static void
errno_chooses_the_message(void **state)
{
	(void)state;
	assert_err(hz_fail_sys(HZ_MSG_IO, ENOSPC, "write"), HZ_ERR_NOSPACE);
	assert_int_equal(hz_fail_msg(), HZ_MSG_NO_SPACE);
	assert_err(hz_fail_sys(HZ_MSG_IO, EDQUOT, "write"), HZ_ERR_NOSPACE);
	assert_err(hz_fail_sys(HZ_MSG_IO, ENOMEM, "map"), HZ_ERR_NOMEM);
	assert_err(hz_fail_sys(HZ_MSG_SOURCE_MISSING, ENOENT, "open %s", "a"), HZ_ERR_NOT_FOUND);
	assert_int_equal(hz_fail_errno(), ENOENT);
	assert_string_equal(hz_fail_detail(), "open a: No such file or directory");
	assert_err(hz_fail_sys(HZ_MSG_IO, 99999, "x"), HZ_ERR_IO);
	assert_string_equal(hz_fail_detail(), "x: errno 99999");
}

static void
long_detail_is_cut_between_characters(void **state)
{
	(void)state;
	char text[1024];
	memset(text, 'a', sizeof text);
	text[511] = '\0';
	HZ_IGNORE(hz_fail(HZ_MSG_IO, "%s", text)); /* only the detail matters */
	assert_int_equal(strlen(hz_fail_detail()), 511);
	text[511] = 'a';
	text[512] = '\0';
	HZ_IGNORE(hz_fail(HZ_MSG_IO, "%s", text));
	assert_int_equal(strlen(hz_fail_detail()), 511);
	/* An Arabic letter that lies over the edge goes as a whole; one that fits stays. */
	memcpy(text + 510, "\xD8\xAD\xD8\xAD", 5);
	HZ_IGNORE(hz_fail(HZ_MSG_IO, "%s", text));
	assert_int_equal(strlen(hz_fail_detail()), 510);
	memcpy(text + 509, "\xD8\xAD\xD8\xAD", 5);
	HZ_IGNORE(hz_fail(HZ_MSG_IO, "%s", text));
	assert_int_equal(strlen(hz_fail_detail()), 511);
	memcpy(text + 508, "\xF0\x9F\x98\x80", 5);
	HZ_IGNORE(hz_fail(HZ_MSG_IO, "%s", text));
	assert_int_equal(strlen(hz_fail_detail()), 508);
	memcpy(text + 507, "\xF0\x9F\x98\x80", 5);
	HZ_IGNORE(hz_fail(HZ_MSG_IO, "%s", text));
	assert_int_equal(strlen(hz_fail_detail()), 511);
}

static const char *
louder(const char *fmt)
{
	return strcmp(fmt, "box %d of %s") == 0        ? "%2$s: box %1$d!"
	       : strcmp(fmt, "Permission denied") == 0 ? "may not"
						       : fmt;
}

static void
a_door_gives_the_words(void **state)
{
	(void)state;
	hz_fail_speak(louder);
	HZ_IGNORE(hz_fail(HZ_MSG_IO, "box %d of %s", 3, "tea"));
	assert_string_equal(hz_fail_detail(), "tea: box 3!");
	HZ_IGNORE(hz_fail_sys(HZ_MSG_IO, EACCES, "cup"));
	assert_string_equal(hz_fail_detail(), "cup: may not");
	assert_string_equal(hz_fail_words("else"), "else");
	hz_fail_speak(NULL);
	HZ_IGNORE(hz_fail(HZ_MSG_IO, "box %d of %s", 3, "tea"));
	assert_string_equal(hz_fail_detail(), "box 3 of tea");
}

static void
a_copy_ends_behind_a_character(void **state)
{
	(void)state;
	char small[4];
	hz_fail_copy(small, sizeof small, "ab");
	assert_string_equal(small, "ab");
	hz_fail_copy(small, sizeof small, "abcd");
	assert_string_equal(small, "abc");
	hz_fail_copy(small, sizeof small, "\xD8\xAD\xD8\xAD");
	assert_string_equal(small, "\xD8\xAD");
	hz_fail_copy(small, sizeof small, "a\xD8\xAD");
	assert_string_equal(small, "a\xD8\xAD");
}

static void *
other_thread(void *arg)
{
	(void)arg;
	HZ_IGNORE(hz_fail(HZ_MSG_LIMIT, "of the other thread"));
	return NULL;
}

static void
failure_belongs_to_a_thread(void **state)
{
	(void)state;
	pthread_t t;
	HZ_IGNORE(hz_fail(HZ_MSG_IO, "mine"));
	assert_int_equal(pthread_create(&t, NULL, other_thread, NULL), 0);
	assert_int_equal(pthread_join(t, NULL), 0);
	assert_string_equal(hz_fail_detail(), "mine");
}

static void
assertion_aborts(void **state)
{
	(void)state;
	hz_assert(1 + 1 == 2);
	pid_t pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		(void)close(2);
		hz_assert_failed("x", "file.c", 1);
	}
	int status = 0;
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
}

const struct CMUnitTest err_tests[] = {
	cmocka_unit_test(id_and_code_of_a_message),
	cmocka_unit_test(exit_codes),
	cmocka_unit_test(failure_is_kept),
	cmocka_unit_test(errno_chooses_the_message),
	cmocka_unit_test(long_detail_is_cut_between_characters),
	cmocka_unit_test(a_door_gives_the_words),
	cmocka_unit_test(a_copy_ends_behind_a_character),
	cmocka_unit_test(failure_belongs_to_a_thread),
	cmocka_unit_test(assertion_aborts),
};
const size_t err_count = sizeof err_tests / sizeof err_tests[0];
