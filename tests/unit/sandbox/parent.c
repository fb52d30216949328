/* The parent survives every bad inspector, in time, and leaves nothing behind. */
#include "sandbox/sandbox.h"
#include "tests.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* One deadline and what a loaded machine may add. */
enum { TIME_MAX_MS = HZ_INSPECT_DEADLINE_MS + 1000 };

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

static char folder[] = "/tmp/hirz-test-XXXXXX";
static uint8_t data[HZ_INSPECT_DATA_MAX + 1];

static int64_t
now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

/* An inspector that will start the bad program under the name that tells it what to do. */
static struct hz_inspector *
bad(const char *name, bool allow_unsandboxed)
{
	struct hz_inspector *insp = NULL;
	char path[256];

	snprintf(path, sizeof(path), "%s/bad-%s", folder, name);
	assert_true(symlink(programs.bad, path) == 0 || errno == EEXIST);
	assert_int_equal(hz_inspector_new(path, allow_unsandboxed, &insp), HZ_OK);
	return insp;
}

static const struct hz_inspect_answer *
ask(struct hz_inspector *insp)
{
	static struct hz_inspect_answer a;
	int64_t began = now_ms();

	memset(&a, 0x55, sizeof(a));
	assert_int_equal(hz_inspector_type(insp, data, HZ_INSPECT_DATA_MAX, &a), HZ_OK);
	assert_true(now_ms() - began <= TIME_MAX_MS);
	if (a.known) {
		assert_int_equal(a.reason, HZ_INSPECT_KNOWN);
	} else {
		assert_int_not_equal(a.reason, HZ_INSPECT_KNOWN);
		assert_string_equal(a.type, "unknown");
		assert_string_equal(a.charset, "");
	}
	return &a;
}

static void
assert_no_children(void)
{
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
	assert_int_equal(errno, ECHILD);
}

static unsigned
count_fds(void)
{
	unsigned n = 0;
	DIR *d = opendir("/proc/self/fd");

	assert_non_null(d);
	while (readdir(d) != NULL) {
		n++;
	}
	closedir(d);
	return n;
}

/* The control of all that follows: the same program, behaving well, is believed. */
void
test_parent_good(void **state)
{
	struct hz_inspector *insp = bad("good", false);

	(void)state;
	for (int i = 0; i < 3; i++) {
		struct hz_inspect_answer a = *ask(insp);

		assert_true(a.known);
		assert_string_equal(a.type, "text/x-good");
		assert_int_equal(a.level, HZ_SANDBOX_FULL);
	}
	hz_inspector_free(&insp);
	assert_null(insp);
	hz_inspector_free(&insp);
	assert_no_children();
}

void
test_parent_bad(void **state)
{
	static const struct {
		const char *name;
		enum hz_inspect_reason want;
	} cases[] = {
		{ "hang", HZ_INSPECT_TIMEOUT },
		{ "spin", HZ_INSPECT_TIMEOUT },
		{ "crash", HZ_INSPECT_CRASHED },
		{ "leave", HZ_INSPECT_CRASHED },
		{ "flood", HZ_INSPECT_MALFORMED },
		{ "flood-announced", HZ_INSPECT_MALFORMED },
		{ "huge-length", HZ_INSPECT_MALFORMED },
		{ "zero-length", HZ_INSPECT_MALFORMED },
		{ "half", HZ_INSPECT_CRASHED },
		{ "trickle", HZ_INSPECT_TIMEOUT },
		{ "version-1", HZ_INSPECT_MALFORMED },
		{ "version-3", HZ_INSPECT_MALFORMED },
		{ "kind-2", HZ_INSPECT_MALFORMED },
		{ "kind-3", HZ_INSPECT_MALFORMED },
		{ "kind-0", HZ_INSPECT_MALFORMED },
		{ "kind-9", HZ_INSPECT_MALFORMED },
		{ "level-3", HZ_INSPECT_MALFORMED },
		{ "level-1", HZ_INSPECT_MALFORMED },
		{ "type-upper", HZ_INSPECT_MALFORMED },
		{ "type-nul", HZ_INSPECT_MALFORMED },
		{ "type-escape", HZ_INSPECT_MALFORMED },
		{ "type-no-slash", HZ_INSPECT_MALFORMED },
		{ "type-past-end", HZ_INSPECT_MALFORMED },
		{ "type-wraps", HZ_INSPECT_MALFORMED },
		{ "type-128", HZ_INSPECT_MALFORMED },
		{ "trailing", HZ_INSPECT_MALFORMED },
		{ "charset-alone", HZ_INSPECT_MALFORMED },
		{ "empty-type", HZ_INSPECT_UNDETERMINED },
		{ "start-hang", HZ_INSPECT_TIMEOUT },
		{ "start-crash", HZ_INSPECT_NO_START },
		{ "start-leave", HZ_INSPECT_NO_START },
		{ "start-flood", HZ_INSPECT_MALFORMED },
		{ "start-version-1", HZ_INSPECT_MALFORMED },
		{ "start-type", HZ_INSPECT_MALFORMED },
		{ "start-deaf", HZ_INSPECT_TIMEOUT },
		{ "start-unsandboxed", HZ_INSPECT_UNSANDBOXED },
		{ "no-such-play", HZ_INSPECT_NO_START },
	};
	unsigned fds = count_fds();

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct hz_inspector *insp = bad(cases[i].name, false);
		struct hz_inspect_answer a = *ask(insp);

		if (a.reason != cases[i].want) {
			fail_msg("%s gave %s", cases[i].name, hz_inspect_reason_word(a.reason));
		}
		assert_false(a.known);
		hz_inspector_free(&insp);
		assert_no_children();
	}
	assert_int_equal(count_fds(), fds);
}

/* The answers to a question of all three kinds, with the descriptor of a file. */
static const struct hz_inspect_answer *
ask_all(struct hz_inspector *insp, struct hz_buf *text)
{
	static struct hz_inspect_answer a;
	int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
	struct hz_inspect_question q = {
		.asked = HZ_INSPECT_ASK_ALL, .bytes = data, .n = 100, .size = 1000, .fd = fd, .text = text
	};
	int64_t began = now_ms();

	assert_true(fd >= 0);
	memset(&a, 0x55, sizeof(a));
	assert_int_equal(hz_inspector_ask(insp, &q, &a), HZ_OK);
	assert_true(now_ms() - began <= TIME_MAX_MS);
	close(fd);
	return &a;
}

void
test_parent_all(void **state)
{
	struct hz_inspector *insp = bad("good-all", false);
	struct hz_buf text = HZ_BUF_INIT(HZ_INSPECT_TEXT_MAX);

	(void)state;
	for (int i = 0; i < 3; i++) {
		const struct hz_inspect_answer *a = ask_all(insp, &text);

		assert_string_equal(a->type, "a/b");
		assert_int_equal(a->claims_reason, HZ_INSPECT_KNOWN);
		assert_int_equal(a->claims.n, 1);
		assert_string_equal(hz_claims_get(&a->claims, HZ_CLAIM_EXIF_MAKE), "A");
		assert_null(hz_claims_get(&a->claims, HZ_CLAIM_EXIF_MODEL));
		assert_int_equal(a->text_reason, HZ_INSPECT_KNOWN);
		assert_int_equal(a->text, HZ_INSPECT_TEXT_CUT);
		assert_int_equal(text.len, 3 * (size_t)(i + 1));
		assert_memory_equal(text.p + text.len - 3, "abc", 3);
	}
	hz_buf_done(&text);
	hz_inspector_free(&insp);
	assert_no_children();
}

/* What is wrong comes after a good type: that stands, the rest is not believed and has its reason. */
void
test_parent_bad_later(void **state)
{
	static const char *const claims[] = { "claims-key-0", "claims-key-255", "claims-twice",
		"claims-order", "claims-short", "claims-trailing", "claims-empty", "claims-escape",
		"claims-line", "claims-utf8", "claims-wraps", "claims-time", "claims-latitude",
		"claims-number", "claims-65", "claims-level", "claims-is-text" };
	static const char *const texts[] = { "text-state-4", "text-none-with", "text-empty-more",
		"text-escape", "text-cut-character", "text-flood" };
	static const struct {
		const char *name;
		enum hz_inspect_reason want;
	} others[] = { { "type-then-hang", HZ_INSPECT_TIMEOUT }, { "type-then-crash", HZ_INSPECT_CRASHED } };
	struct hz_buf text = HZ_BUF_INIT(HZ_INSPECT_TEXT_MAX + 6);
	unsigned fds = count_fds();

	(void)state;
	assert_int_equal(hz_buf_puts(&text, "before"), HZ_OK);
	for (size_t i = 0; i < COUNT(claims) + COUNT(texts) + COUNT(others); i++) {
		bool of_text = i >= COUNT(claims) && i < COUNT(claims) + COUNT(texts);
		bool other = i >= COUNT(claims) + COUNT(texts);
		size_t k = i - (other ? COUNT(claims) + COUNT(texts) : of_text ? COUNT(claims) : 0);
		const char *name = other ? others[k].name : of_text ? texts[k] : claims[k];
		struct hz_inspector *insp = bad(name, false);
		const struct hz_inspect_answer *a = ask_all(insp, &text);
		enum hz_inspect_reason want = other ? others[k].want : HZ_INSPECT_MALFORMED;

		print_message("# %s\n", name);
		assert_true(a->known);
		assert_int_equal(a->claims_reason, of_text ? HZ_INSPECT_KNOWN : want);
		assert_int_equal(a->claims.n, 0);
		assert_int_equal(a->text_reason, want);
		assert_int_equal(a->text, HZ_INSPECT_TEXT_NONE);
		assert_int_equal(text.len, 6);
		hz_inspector_free(&insp);
		assert_no_children();
	}
	struct hz_inspector *insp = bad("claims-then-hang", false);
	const struct hz_inspect_answer *a = ask_all(insp, &text);

	assert_string_equal(hz_claims_get(&a->claims, HZ_CLAIM_EXIF_MAKE), "A");
	assert_int_equal(a->text_reason, HZ_INSPECT_TIMEOUT);
	hz_inspector_free(&insp);
	assert_int_equal(count_fds(), fds);
	hz_buf_done(&text);
}

/* A process that has said more than it was asked is not asked again: what lies in the socket is not taken for
 * the answer about the next file. */
void
test_parent_unasked(void **state)
{
	struct hz_inspector *insp = bad("twice", false);

	(void)state;
	for (int i = 0; i < 4; i++) {
		assert_string_equal(ask(insp)->type, "text/x-good");
		usleep(100000); /* the second answer is there */
	}
	hz_inspector_free(&insp);
	assert_no_children();
}

void
test_parent_policy(void **state)
{
	struct hz_inspector *insp = bad("start-unsandboxed", true);
	struct hz_inspect_answer a = *ask(insp);

	(void)state;
	assert_true(a.known);
	assert_int_equal(a.level, HZ_SANDBOX_NONE);
	hz_inspector_free(&insp);
	insp = bad("start-unsandboxed", false);
	for (int i = 0; i < 3; i++) {
		assert_int_equal(ask(insp)->reason, HZ_INSPECT_UNSANDBOXED);
		assert_no_children();
	}
	assert_int_equal(hz_inspector_level(insp), HZ_SANDBOX_NONE);
	hz_inspector_free(&insp);
}

/* Failures in a row: given up, at once, for good; a good answer between them counts anew. */
void
test_parent_gives_up(void **state)
{
	struct hz_inspector *insp = bad("start-leave", false);

	(void)state;
	for (int i = 0; i < HZ_INSPECT_START_FAILS_MAX; i++) {
		assert_int_equal(ask(insp)->reason, HZ_INSPECT_NO_START);
	}
	assert_int_equal(ask(insp)->reason, HZ_INSPECT_GAVE_UP);
	hz_inspector_free(&insp);
	insp = bad("crash", false);
	for (int i = 0; i < HZ_INSPECT_ASK_FAILS_MAX; i++) {
		assert_int_equal(ask(insp)->reason, HZ_INSPECT_CRASHED);
	}
	assert_int_equal(ask(insp)->reason, HZ_INSPECT_GAVE_UP);
	hz_inspector_free(&insp);
	insp = bad("crash-fourth", false);
	for (int i = 0; i < 4 * HZ_INSPECT_ASK_FAILS_MAX; i++) {
		/* the crash of a process that had served is made good by a fresh one */
		assert_true(ask(insp)->known);
	}
	hz_inspector_free(&insp);
	assert_no_children();
}

/* Nothing of ours reaches the process: variables, descriptors, blocked or ignored signals. */
void
test_parent_stranger(void **state)
{
	struct hz_inspector *insp = bad("stranger", false);
	int fds[40];
	sigset_t block, before;

	(void)state;
	for (size_t i = 0; i < 40; i++) {
		fds[i] = open("/dev/null", O_RDONLY); /* not close-on-exec */
	}
	assert_int_equal(setenv("HIRZ_VAULT", "/secret", 1), 0);
	sigemptyset(&block);
	sigaddset(&block, SIGUSR1);
	sigprocmask(SIG_BLOCK, &block, &before);
	signal(SIGUSR1, SIG_IGN);
	assert_true(ask(insp)->known);
	signal(SIGUSR1, SIG_DFL);
	sigprocmask(SIG_SETMASK, &before, NULL);
	unsetenv("HIRZ_VAULT");
	for (size_t i = 0; i < 40; i++) {
		close(fds[i]);
	}
	hz_inspector_free(&insp);
}

/* The same with descriptors 0 to 2 closed in the parent, where the socket would get their numbers. */
void
test_parent_low_descriptors(void **state)
{
	(void)state;
	fflush(NULL);
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid == 0) {
		struct hz_inspector *insp = bad("stranger", false);
		struct hz_inspect_answer a;

		close(0);
		close(1);
		close(2);
		bool ok = hz_inspector_type(insp, data, 10, &a) == HZ_OK && a.known;

		hz_inspector_free(&insp);
		_exit(ok ? 0 : 1);
	}
	int status = 0;

	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
}

void
test_parent_arguments(void **state)
{
	struct hz_inspector *insp = bad("good", false);
	struct hz_inspect_answer a;
	char *path = malloc(HZ_INSPECT_PATH_MAX + 1);

	(void)state;
	memset(&a, 0x55, sizeof(a));
	assert_int_equal(hz_inspector_type(insp, data, HZ_INSPECT_DATA_MAX + 1, &a), HZ_ERR_LIMIT);
	assert_int_equal(a.type[0], 0x55);
	assert_int_equal(hz_inspector_type(insp, data, 0, &a), HZ_OK);
	assert_true(a.known);
	hz_inspector_free(&insp);
	assert_non_null(path);
	memset(path, '/', HZ_INSPECT_PATH_MAX);
	path[HZ_INSPECT_PATH_MAX] = '\0';
	assert_int_equal(hz_inspector_new(path, false, &insp), HZ_ERR_LIMIT);
	assert_null(insp);
	path[HZ_INSPECT_PATH_MAX - 1] = '\0';
	assert_int_equal(hz_inspector_new(path, false, &insp), HZ_OK);
	assert_int_equal(ask(insp)->reason, HZ_INSPECT_NO_START); /* a folder */
	hz_inspector_free(&insp);
	assert_int_equal(hz_inspector_new("/nonexistent", false, &insp), HZ_OK);
	assert_int_equal(ask(insp)->reason, HZ_INSPECT_NO_START);
	hz_inspector_free(&insp);
	free(path);
	assert_no_children();
}

/* The process is replaced before it has answered too often or worked too long, unseen by the caller. */
void
test_parent_replaced(void **state)
{
	struct hz_inspector *insp = bad("hang-513", false);

	(void)state;
	for (int i = 0; i < HZ_INSPECT_SERVED_MAX + 2; i++) {
		assert_true(ask(insp)->known);
	}
	hz_inspector_free(&insp);
	insp = bad("slow", false);
	for (int i = 0; i < 4; i++) {
		assert_true(ask(insp)->known);
	}
	hz_inspector_free(&insp);
}

int
parent_begin(void **state)
{
	(void)state;
	return mkdtemp(folder) == NULL ? -1 : 0;
}

int
parent_end(void **state)
{
	char path[512];
	DIR *d = opendir(folder);

	(void)state;
	for (struct dirent *e = NULL; d != NULL && (e = readdir(d)) != NULL;) {
		if (strncmp(e->d_name, "bad-", 4) == 0) {
			snprintf(path, sizeof(path), "%s/%s", folder, e->d_name);
			unlink(path);
		}
	}
	if (d != NULL) {
		closedir(d);
	}
	return rmdir(folder);
}
