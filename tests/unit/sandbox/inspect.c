/* The real hirz-inspect: what it says about samples, that it is found, and that it refuses to be used by
 * hand. */
#include "base/plaintext.h"
#include "sandbox/sandbox.h"
#include "sandbox/walls.h"
#include "tests.h"
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static struct hz_inspector *insp;
static uint8_t data[HZ_INSPECT_DATA_MAX];

static struct hz_inspect_answer
ask(const void *p, size_t n)
{
	static struct hz_inspect_answer a;

	memset(&a, 0x55, sizeof(a));
	assert_int_equal(hz_inspector_type(insp, p, n, &a), HZ_OK);
	return a;
}

static void
expect(const void *p, size_t n, const char *type, const char *charset)
{
	struct hz_inspect_answer a = ask(p, n);

	assert_true(a.known);
	assert_string_equal(a.type, type);
	assert_string_equal(a.charset, charset);
}

void
test_types(void **state)
{
	static const uint8_t png[] = "\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1\0\0\0\1\10\2\0\0\0";
	static const uint8_t zip[] = "PK\5\6\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0";

	(void)state;
	expect(png, sizeof(png) - 1, "image/png", "");
	expect("\xff\xd8\xff\xe0\0\x10JFIF\0\1\1", 13, "image/jpeg", "");
	expect("%PDF-1.4\n", 9, "application/pdf", "us-ascii");
	expect("<!DOCTYPE html><html><body>\xd8\xa8</body></html>", 43, "text/html", "utf-8");
	expect("{\"a\": [1, 2, 3]}\n", 17, "application/json", "us-ascii");
	expect(zip, sizeof(zip), "application/zip", "");
	expect("", 0, "application/x-empty", "");
	memset(data, 0xa7, sizeof(data));
	expect(data, sizeof(data), "text/plain", "iso-8859-1");
	memset(data, 0, sizeof(data));
	expect(data, sizeof(data), "application/octet-stream", "");
}

void
test_level(void **state)
{
	enum hz_sandbox_level want = hz_wall_landlock_abi() > 0 ? HZ_SANDBOX_FULL : HZ_SANDBOX_PARTIAL;

	(void)state;
	if (under_valgrind()) {
		return;
	}
	assert_int_equal(hz_inspector_level(insp), want);
	assert_int_equal(ask("x", 1).level, want);
}

/* Runs the program by hand; returns its exit status and the first bytes it printed on either output. */
static int
by_hand(const char *argument, char out[static 512])
{
	int pair[2];
	size_t n = 0;

	assert_int_equal(pipe(pair), 0);
	fflush(NULL);
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid == 0) {
		dup2(pair[1], STDOUT_FILENO);
		dup2(pair[1], STDERR_FILENO);
		close(pair[0]);
		close(pair[1]);
		execl(programs.inspect, programs.inspect, argument, (char *)NULL);
		_exit(99);
	}
	close(pair[1]);
	for (ssize_t got = 1; got > 0 && n < 511; n += (size_t)got) {
		got = read(pair[0], out + n, 511 - n);
		assert_true(got >= 0);
	}
	out[n] = '\0';
	close(pair[0]);
	int status = 0;

	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

void
test_by_hand(void **state)
{
	char out[512];

	(void)state;
	assert_int_equal(by_hand(NULL, out), 2);
	assert_non_null(strstr(out, "without a socket"));
	assert_ptr_equal(strchr(out, '\n'), out + strlen(out) - 1);
	assert_int_equal(by_hand("--nonsense", out), 2);
	assert_int_equal(by_hand("--help", out), 0);
	assert_non_null(strstr(out, "--version"));
	assert_int_equal(by_hand("--version", out), 0);
	assert_int_equal(strncmp(out, "hirz-inspect ", 13), 0);
}

/* What a copy of this program finds from where it lies (test_sandbox.c). */
static int
found_from(const char *self)
{
	int status = 0;

	fflush(NULL);
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid == 0) {
		execl(self, self, "--find", (char *)NULL);
		_exit(99);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 100;
}

static void
put_program(const char *path, mode_t mode)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0700);

	assert_true(fd >= 0);
	assert_int_equal(fchmod(fd, mode), 0);
	close(fd);
}

static int
remove_one(const char *path, const struct stat *st, int kind, struct FTW *ftw)
{
	(void)st;
	(void)kind;
	(void)ftw;
	return remove(path);
}

static void
copy_self(const char *to)
{
	char from[PATH_MAX];
	ssize_t n = readlink("/proc/self/exe", from, sizeof(from) - 1);

	assert_true(n > 0);
	from[n] = '\0';
	if (link(from, to) == 0) {
		return;
	}
	int in = open(from, O_RDONLY | O_CLOEXEC), out = open(to, O_WRONLY | O_CREAT | O_CLOEXEC, 0755);

	assert_true(in >= 0 && out >= 0);
	while ((n = read(in, data, sizeof(data))) > 0) {
		assert_int_equal(write(out, data, (size_t)n), n);
	}
	close(in);
	close(out);
}

void
test_find(void **state)
{
	char top[] = "/tmp/hirz-find-XXXXXX", cli[64], self[80], dir[64], beside[96], near[96];

	(void)state;
	assert_non_null(mkdtemp(top));
	snprintf(cli, sizeof(cli), "%s/cli", top);
	snprintf(self, sizeof(self), "%s/hirz", cli);
	snprintf(dir, sizeof(dir), "%s/inspect", top);
	snprintf(near, sizeof(near), "%s/hirz-inspect", dir);
	snprintf(beside, sizeof(beside), "%s/hirz-inspect", cli);
	assert_int_equal(mkdir(cli, 0755), 0);
	assert_int_equal(mkdir(dir, 0755), 0);
	copy_self(self);
	int nothing = found_from(self); /* 1, or 12 where one is installed */

	assert_true(nothing == 1 || nothing == 12);
	put_program(near, 0755);
	assert_int_equal(found_from(self), 11);
	assert_int_equal(chmod(near, 0757), 0); /* everybody may write it */
	assert_int_equal(found_from(self), nothing);
	assert_int_equal(chmod(near, 0644), 0); /* cannot be started */
	assert_int_equal(found_from(self), nothing);
	assert_int_equal(chmod(near, 0755), 0);
	assert_int_equal(chmod(dir, 0777), 0); /* everybody may replace it */
	assert_int_equal(found_from(self), nothing);
	assert_int_equal(chmod(dir, 0755), 0);
	put_program(beside, 0755);
	assert_int_equal(found_from(self), 10);
	if (geteuid() == 0) {
		assert_int_equal(chown(beside, 65534, 65534), 0); /* a stranger's */
		assert_int_equal(found_from(self), 11);
	}
	assert_int_equal(nftw(top, remove_one, 8, FTW_DEPTH | FTW_PHYS), 0);
}

/* The shared samples; NULL, with the reason printed, if there are none. (cmocka's own skip prints "not ok".)
 */
static const char *
shared(void)
{
	const char *s = getenv("HIRZ_SHARED");

	if (s == NULL || s[0] == '\0') {
		print_message("# skipped: HIRZ_SHARED is not set\n");
		return NULL;
	}
	return s;
}

static size_t
load(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	size_t n = 0;

	assert_true(fd >= 0);
	for (ssize_t got = 1; got > 0 && n < sizeof(data); n += (size_t)got) {
		got = read(fd, data + n, sizeof(data) - n);
		assert_true(got >= 0);
	}
	close(fd);
	return n;
}

/* Types that libmagic gives for whole files; it sees 64 KiB here, which changes none of these. */
void
test_expected(void **state)
{
	char path[PATH_MAX], line[512];
	unsigned checked = 0, wrong = 0;

	(void)state;
	const char *top = shared();

	if (top == NULL) {
		return;
	}
	snprintf(path, sizeof(path), "%s/conformance/media/expected-libmagic-5.44.txt", top);
	FILE *f = fopen(path, "r");

	if (f == NULL) {
		print_message("# skipped: no list of expected types\n");
		return;
	}
	while (fgets(line, sizeof(line), f) != NULL) {
		char *colon = strstr(line, ": ");

		if (colon == NULL) {
			continue;
		}
		*colon = '\0';
		colon[2 + strcspn(colon + 2, "\n")] = '\0';
		snprintf(path, sizeof(path), "%s/conformance/%s", top, line);
		if (access(path, R_OK) != 0) {
			continue;
		}
		struct hz_inspect_answer a = ask(data, load(path));

		checked++;
		if (!a.known || strcmp(a.type, colon + 2) != 0) {
			print_message("# %s: %s (%s), expected %s\n", line, a.type,
			    hz_inspect_reason_word(a.reason), colon + 2);
			wrong++;
		}
	}
	fclose(f);
	print_message("# %u samples\n", checked);
	assert_true(checked >= 40);
	assert_int_equal(wrong, 0);
}

static struct {
	unsigned files, unknown;
	int64_t ns, ns_max;
} walked;

static int
inspect_one(const char *path, const struct stat *st, int kind, struct FTW *ftw)
{
	struct timespec a, b;

	(void)ftw;
	if (kind != FTW_F || !S_ISREG(st->st_mode)) {
		return 0;
	}
	size_t n = load(path);

	clock_gettime(CLOCK_MONOTONIC, &a);
	struct hz_inspect_answer answer = ask(data, n);

	clock_gettime(CLOCK_MONOTONIC, &b);
	int64_t ns = (int64_t)(b.tv_sec - a.tv_sec) * 1000000000 + b.tv_nsec - a.tv_nsec;

	walked.files++;
	walked.ns += ns;
	walked.ns_max = ns > walked.ns_max ? ns : walked.ns_max;
	if (!answer.known) {
		print_message("# %s: %s\n", path, hz_inspect_reason_word(answer.reason));
		walked.unknown++;
	}
	return 0;
}

/* Damaged and hostile samples: the inspector answers on each, and lives. */
void
test_hostile_samples(void **state)
{
	static const char *const folders[] = { "media", "docs", "web", "bad" };
	char path[PATH_MAX];

	(void)state;
	const char *top = shared();

	if (top == NULL) {
		return;
	}
	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++) {
		snprintf(path, sizeof(path), "%s/conformance/%s", top, folders[i]);
		if (access(path, R_OK) == 0) {
			assert_int_equal(nftw(path, inspect_one, 16, FTW_PHYS), 0);
		}
	}
	assert_true(walked.files > 0);
	print_message("# %u files, %lld us each, at most %lld us\n", walked.files,
	    (long long)(walked.ns / 1000 / walked.files), (long long)(walked.ns_max / 1000));
	assert_int_equal(walked.unknown, 0);
}

/* Random damage to real beginnings: never a time-out, whatever the type. */
void
test_damaged(void **state)
{
	static const char *const heads[] = { "\xff\xd8\xff\xe1", "PK\3\4\24\0\0\0\10\0", "%PDF-1.7\n",
		"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "Rar!\x1a\7\1", "7z\xbc\xaf\x27\x1c", "\177ELF\2\1\1",
		"RIFF    AVI LIST", "<?xml ", "{\"a\":[[[[[[[[", "MZ", "\x1f\x8b\10", "BZh9", "ustar",
		"II*\0", "MM\0*" };
	uint32_t x = 20110311;

	(void)state;
	for (int round = 0; round < 160; round++) {
		const char *head = heads[(size_t)round % (sizeof(heads) / sizeof(heads[0]))];

		for (size_t i = 0; i < sizeof(data); i++) {
			x = x * 1664525 + 1013904223;
			data[i] = (uint8_t)(x >> 24 & (round & 1 ? 0xffU : 0x7fU));
		}
		memcpy(data, head, strlen(head));
		struct hz_inspect_answer a = ask(data, sizeof(data) >> round % 8);

		assert_true(a.known || a.reason == HZ_INSPECT_UNDETERMINED);
	}
}

/* The library that parses is not in this process, which asked it all the time. */
void
test_apart(void **state)
{
	char line[1024];
	unsigned lines = 0;
	FILE *f = fopen("/proc/self/maps", "r");

	(void)state;
	assert_non_null(f);
	while (fgets(line, sizeof(line), f) != NULL) {
		lines++;
		assert_null(strstr(line, "libmagic"));
		assert_null(strstr(line, "magic.mgc"));
	}
	fclose(f);
	assert_true(lines > 10);
}

int
inspect_begin(void **state)
{
	(void)state;
	return hz_inspector_new(programs.inspect, false, &insp) == HZ_OK ? 0 : -1;
}

int
inspect_end(void **state)
{
	(void)state;
	hz_inspector_free(&insp);
	return 0;
}
