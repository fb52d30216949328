#include "tests.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char dir[256];

int
scratch_make(void **state)
{
	const char *tmp = getenv("TMPDIR");
	char state_dir[300];
	(void)state;
	(void)snprintf(dir, sizeof dir, "%s/hirz-test-XXXXXX", tmp != NULL ? tmp : "/tmp");
	if (mkdtemp(dir) == NULL) {
		return -1;
	}
	(void)snprintf(state_dir, sizeof state_dir, "%s/state", dir);
	return setenv("XDG_STATE_HOME", state_dir, 1) == 0 && setenv("HOME", dir, 1) == 0 ? 0 : -1;
}

int
scratch_drop(void **state)
{
	(void)state;
	shell("rm -rf '%s'", dir);
	return 0;
}

const char *
in_scratch(const char *name)
{
	static char paths[4][512];
	static unsigned next;
	char *p = paths[next++ % 4];
	(void)snprintf(p, sizeof paths[0], "%s/%s", dir, name);
	return p;
}

void
shell(const char *fmt, ...)
{
	char cmd[2048];
	va_list ap;
	va_start(ap, fmt);
	(void)vsnprintf(cmd, sizeof cmd, fmt, ap);
	va_end(ap);
	assert_int_equal(system(cmd), 0); /* the tests' own folder only */
}

#define WORDS "six plain words for a test"
#define OTHER "another passphrase than that"
const struct hirz_key good_key = { HIRZ_SIZED(struct hirz_key), .passphrase = WORDS,
	.passphrase_len = sizeof WORDS - 1, .flags = HIRZ_KEY_NO_SESSION };
const struct hirz_key bad_key = { HIRZ_SIZED(struct hirz_key), .passphrase = OTHER,
	.passphrase_len = sizeof OTHER - 1, .flags = HIRZ_KEY_NO_SESSION };

void
ok_at(enum hirz_err r, const char *what, const char *file, int line)
{
	if (r != HIRZ_OK) {
		print_error(
		    "%s: %d %s %s: %s\n", what, (int)r, hirz_error_id(), hirz_error_what(), hirz_error_why());
		_fail(file, line);
	}
	assert_string_equal(hirz_error_id(), "");
}

void
fails(enum hirz_err r, enum hirz_err want, const char *id)
{
	if (r != want) {
		print_error("%s: %s\n", hirz_error_id(), hirz_error_why());
	}
	assert_int_equal(r, want);
	assert_int_equal(strncmp(hirz_error_id(), "HZ-E", 4), 0);
	assert_true(hirz_error_what()[0] != '\0');
	if (id != NULL) {
		assert_string_equal(hirz_error_id(), id);
	}
}

struct hirz_vault *
make_vault(const char *name)
{
	struct hirz_init_opts o = { HIRZ_SIZED(struct hirz_init_opts), .org = "مركز", .desk = "DM3",
		.kdf_mib = 64 };
	struct hirz_vault *v = NULL;
	ok(hirz_init(in_scratch(name), &o, &good_key, &v));
	assert_non_null(v);
	return v;
}

struct hirz_vault *
open_vault(const char *name, enum hirz_mode mode)
{
	struct hirz_open_opts o = { HIRZ_SIZED(struct hirz_open_opts), .mode = (uint32_t)mode };
	struct hirz_vault *v = NULL;
	ok(hirz_open(in_scratch(name), &o, mode == HIRZ_SEALED ? NULL : &good_key, &v));
	assert_non_null(v);
	return v;
}

static uint8_t
byte_at(uint64_t at, unsigned seed)
{
	uint64_t x = at * 0x9E3779B97F4A7C15u + seed * 0xD1B54A32D192ED03u;
	return (uint8_t)((x >> 29) ^ (x >> 47) ^ at / 251);
}

static void
write_bytes(int fd, size_t n, unsigned seed)
{
	static _Thread_local uint8_t b[65536];
	for (size_t at = 0; at < n;) {
		size_t k = n - at < sizeof b ? n - at : sizeof b;
		for (size_t i = 0; i < k; i++) {
			b[i] = byte_at(at + i, seed);
		}
		ssize_t w = write(fd, b, k);
		if (w <= 0) {
			return;
		}
		at += (size_t)w;
	}
}

int
file_of(const char *name, size_t n, unsigned seed)
{
	const char *p = in_scratch(name);
	int fd = open(p, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	assert_true(fd >= 0);
	write_bytes(fd, n, seed);
	assert_int_equal(close(fd), 0);
	fd = open(p, O_RDONLY | O_CLOEXEC);
	assert_true(fd >= 0);
	return fd;
}

static struct {
	pthread_t thread;
	int fd;
	size_t n;
	unsigned seed;
} filler;

static void *
fill(void *arg)
{
	(void)arg;
	write_bytes(filler.fd, filler.n, filler.seed);
	(void)close(filler.fd);
	return NULL;
}

int
pipe_of(size_t n, unsigned seed)
{
	int p[2];
	assert_int_equal(pipe2(p, O_CLOEXEC), 0);
	filler.fd = p[1];
	filler.n = n;
	filler.seed = seed;
	assert_int_equal(pthread_create(&filler.thread, NULL, fill, NULL), 0);
	return p[0];
}

void
pipe_done(int fd)
{
	assert_int_equal(pthread_join(filler.thread, NULL), 0);
	assert_int_equal(close(fd), 0);
}

struct hirz_added
add(struct hirz_vault *v, int fd, const struct hirz_add_opts *o)
{
	struct hirz_added a = { HIRZ_SIZED(struct hirz_added) };
	ok(hirz_add_fd(v, fd, o, &a));
	assert_int_equal(close(fd), 0);
	return a;
}

uint64_t
log_size(struct hirz_vault *v)
{
	struct hirz_info i = { HIRZ_SIZED(struct hirz_info) };
	ok(hirz_info(v, &i));
	return i.log_size;
}

int
hear(void *arg, const void *p, size_t n)
{
	struct heard *h = arg;
	const uint8_t *b = p;
	for (size_t i = 0; i < n; i++) {
		h->differs = h->differs || b[i] != byte_at(h->n + i, h->seed);
	}
	h->n += n;
	return 0;
}
