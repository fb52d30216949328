/* Secret memory, comparison, randomness, passphrases. */
#include "tests.h"

#include "crypto/crypto.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#ifndef __has_feature
#define __has_feature(x) 0
#endif
/* The sanitizers replace mlock by a function that always answers 0. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__) || __has_feature(address_sanitizer) ||     \
    __has_feature(thread_sanitizer) || __has_feature(memory_sanitizer)
#define MLOCK_IS_REAL 0
#else
#define MLOCK_IS_REAL 1
#endif

void
test_secret_memory(void **state)
{
	void *p = NULL;

	(void)state;
	static const size_t sizes[] = { 0, 1, 15, 16, 17, 32, 4096, 100000 };
	for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
		assert_int_equal(hz_secret_new(sizes[i], &p), HZ_OK);
		assert_int_equal((uintptr_t)p % 16, 0);
		assert_true(hz_is_zero(p, sizes[i]));
		memset(p, 0x77, sizes[i]);
		hz_secret_free(&p);
		assert_null(p);
	}
	hz_secret_free(&p);
	p = state; /* untouched on failure */
	void *kept = p;
	assert_int_equal(hz_secret_new(((size_t)64 << 20) + 1, &p), HZ_ERR_NOMEM);
	assert_ptr_equal(p, kept);
	assert_int_equal(hz_secret_new(SIZE_MAX, &p), HZ_ERR_NOMEM);
}

/* Runs what in a child and returns its wait status. */
static int
in_child(void (*what)(void))
{
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid == 0) {
		(void)signal(SIGSEGV, SIG_DFL);
		(void)signal(SIGBUS, SIG_DFL);
		what();
		_exit(0);
	}
	int status = 0;
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return status;
}

static void
read_past_end(void)
{
	void *p = NULL;

	if (hz_secret_new(64, &p) == HZ_OK) {
		volatile uint8_t *b = p;
		(void)b[64];
	}
}

static void
ask_without_lock(void)
{
	struct rlimit none = { 0, 0 };
	void *p = NULL;

	/* Root may lock what it likes: give up the right with the user. */
	if (setrlimit(RLIMIT_MEMLOCK, &none) != 0 || (geteuid() == 0 && setuid(65534) != 0)) {
		_exit(9);
	}
	if (hz_secret_locked()) {
		_exit(8);
	}
	/* The program goes on all the same. */
	if (hz_secret_new(64, &p) != HZ_OK) {
		_exit(7);
	}
	memset(p, 1, 64);
	hz_secret_free(&p);
}

void
test_secret_guard(void **state)
{
	(void)state;
	if (getenv("HIRZ_TEST_VALGRIND") != NULL) {
		printf(
		    "# skipped: valgrind takes the signals of a child that is to die, and locks no memory\n");
		return;
	}
	int status = in_child(read_past_end);
	/* A signal; the sanitizers turn it into an exit code of theirs. */
	assert_true(WIFSIGNALED(status) || WEXITSTATUS(status) != 0);
	if (!MLOCK_IS_REAL) {
		printf("# under a sanitizer mlock cannot fail: that part was skipped\n");
		return;
	}
	status = in_child(ask_without_lock);
	assert_true(WIFEXITED(status));
	if (WEXITSTATUS(status) == 9) {
		printf("# the limit on locked memory could not be set: that part was skipped\n");
	} else {
		assert_int_equal(WEXITSTATUS(status), 0);
	}
}

void
test_compare(void **state)
{
	uint8_t a[40] = { 1, 2, 3 }, b[40] = { 1, 2, 3 };

	(void)state;
	assert_true(hz_equal(a, b, sizeof a));
	assert_true(hz_equal(NULL, NULL, 0));
	for (size_t bit = 0; bit < 8 * sizeof a; bit++) {
		b[bit / 8] ^= (uint8_t)(1U << bit % 8);
		assert_false(hz_equal(a, b, sizeof a));
		b[bit / 8] ^= (uint8_t)(1U << bit % 8);
	}
	assert_false(hz_is_zero(a, sizeof a));
	assert_true(hz_is_zero(a + 3, sizeof a - 3));
	assert_true(hz_is_zero(NULL, 0));
	hz_wipe(a, sizeof a);
	assert_true(hz_is_zero(a, sizeof a));
	hz_wipe(NULL, 0);
	a[39] = 0x80;
	assert_false(hz_is_zero(a, sizeof a));
}

void
test_random(void **state)
{
	uint8_t a[32] = { 0 }, b[32] = { 0 };

	(void)state;
	hz_random(a, 32);
	hz_random(b, 32);
	assert_false(hz_is_zero(a, 32));
	assert_false(hz_equal(a, b, 32));
	hz_random(NULL, 0);
}

/* The expected bytes come from libargon2, the reference implementation. */
void
test_argon2id(void **state)
{
	uint8_t salt[16], out[64];

	(void)state;
	for (unsigned i = 0; i < 16; i++) {
		salt[i] = (uint8_t)i;
	}
	assert_int_equal(hz_argon2id("correct horse", 13, salt, 65536, 1, out), HZ_OK);
	assert_hex(out, 64,
	    "627171775f56c589af60b4c57cbd29945746eab4e5e1e7a0d0225cf6e43ce68c"
	    "da9600a4b0c93b43c7c9af3a192251ec75d6be4b9b7490199a939a82fe52f989");
	assert_int_equal(hz_argon2id(NULL, 0, salt, 65536, 2, out), HZ_OK);
	assert_hex(out, 64,
	    "b4c88e95e859b139c52f2b370620d08e3aa9e97b75152e0b5891a49dc257963e"
	    "c429f8709bdffb3dd1d3dc60fb2bc911cab3862d1f58056048a14b86070005ae");
}

void
test_argon2id_limits(void **state)
{
	static const struct {
		uint32_t mem, t;
	} bad[] = { { 0x80000000U, 3 }, { UINT32_MAX, 3 }, { 2048 * 1024 + 1, 3 }, { 64 * 1024 - 1, 3 },
		{ 0, 3 }, { 65536, 0 }, { 65536, 17 }, { 65536, 0x80000000U }, { 0x80000000U, 0x80000000U } };
	uint8_t salt[16] = { 0 }, out[64];
	struct timespec from, to;

	(void)state;
	memset(out, 0x5a, sizeof out);
	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &from);
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		assert_int_equal(hz_argon2id("x", 1, salt, bad[i].mem, bad[i].t, out), HZ_ERR_LIMIT);
		assert_int_equal(hz_fail_msg(), HZ_MSG_LIMIT);
		assert_int_equal(out[0], 0x5a);
	}
	assert_int_equal(hz_argon2id("x", ((size_t)1 << 20) + 1, salt, 65536, 1, out), HZ_ERR_LIMIT);
	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &to);
	assert_true((to.tv_sec - from.tv_sec) * 1000000000L + (to.tv_nsec - from.tv_nsec) < 10000000L);
}

void
test_scrypt(void **state)
{
	uint8_t key[32];

	(void)state;
	/* RFC 7914 12, third vector, its first 32 bytes */
	assert_int_equal(hz_scrypt("pleaseletmein", 13, "SodiumChloride", 14, 14, key), HZ_OK);
	assert_hex(key, 32, "7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2");
	memset(key, 0x5a, sizeof key);
	assert_int_equal(hz_scrypt("x", 1, "y", 1, 23, key), HZ_ERR_LIMIT);
	assert_int_equal(hz_scrypt("x", 1, "y", 1, 0, key), HZ_ERR_LIMIT);
	assert_int_equal(hz_scrypt("x", 1, "y", 1, 64, key), HZ_ERR_LIMIT);
	assert_int_equal(key[0], 0x5a);
}
