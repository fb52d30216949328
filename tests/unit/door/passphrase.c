#include "door/passphrase.h"
#include "tests.h"

#include <fcntl.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#define SEEN_MAX 8192

static int
fd_with(const char *text, size_t n)
{
	int fd = memfd_create("secret", 0);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, n), n);
	assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
	return fd;
}

static void
expect_from_fd(const char *text, size_t n, enum hz_err err, const char *want)
{
	struct hz_door door;
	struct hz_buf phrase = HZ_BUF_SECRET_INIT(HZ_PASSPHRASE_BUF);

	door_begin(&door, "");
	door.passphrase_fd = fd_with(text, n);
	assert_int_equal(hz_passphrase_get(&door, NULL, &phrase), err);
	if (err == HZ_OK) {
		assert_int_equal(phrase.len, strlen(want));
		assert_memory_equal(phrase.p, want, phrase.len);
	}
	(void)close(door.passphrase_fd);
	hz_buf_done(&phrase);
	door_end(&door);
}
#define FROM_FD(text, err, want) expect_from_fd((text), sizeof(text) - 1, (err), (want))

static void
lines(void **state)
{
	char big[HZ_PASSPHRASE_MAX + 8];

	(void)state;
	FROM_FD("word", HZ_OK, "word");
	FROM_FD("word\nmore\n", HZ_OK, "word");
	FROM_FD("word\r\n", HZ_OK, "word");
	FROM_FD(" with spaces \n", HZ_OK, " with spaces ");
	FROM_FD("", HZ_ERR_USAGE, NULL);
	FROM_FD("\n", HZ_ERR_USAGE, NULL);
	FROM_FD("\r\nx\n", HZ_ERR_USAGE, NULL);
	(void)memset(big, 'a', sizeof big);
	big[HZ_PASSPHRASE_MAX] = '\0';
	expect_from_fd(big, HZ_PASSPHRASE_MAX, HZ_OK, big);
	big[HZ_PASSPHRASE_MAX] = '\r';
	big[HZ_PASSPHRASE_MAX + 1] = '\n';
	char want[HZ_PASSPHRASE_MAX + 1];
	(void)memset(want, 'a', HZ_PASSPHRASE_MAX);
	want[HZ_PASSPHRASE_MAX] = '\0';
	expect_from_fd(big, HZ_PASSPHRASE_MAX + 2, HZ_OK, want);
	big[HZ_PASSPHRASE_MAX] = 'a';
	expect_from_fd(big, HZ_PASSPHRASE_MAX + 1, HZ_ERR_LIMIT, NULL);
}

static void
normal_form(void **state)
{
	(void)state;
	FROM_FD("cafe\xcc\x81", HZ_OK, "caf\xc3\xa9");      /* e and acute */
	FROM_FD("\xd8\xa7\xd9\x94", HZ_OK, "\xd8\xa3");     /* alef and hamza above */
	FROM_FD("\xef\xbb\xbb", HZ_OK, "\xd9\x84\xd8\xa7"); /* lam-alef ligature */
	FROM_FD("\xff\xfe raw", HZ_OK, "\xff\xfe raw");     /* not UTF-8: as it is */
}

/* A descriptor gives one line at a time, and nothing of the next is lost. */
static void
two_from_one(void **state)
{
	struct hz_door door;
	struct hz_buf phrase = HZ_BUF_SECRET_INIT(HZ_PASSPHRASE_BUF);

	(void)state;
	door_begin(&door, "");
	door.passphrase_fd = fd_with("old\nnew\n", 8);
	assert_int_equal(hz_passphrase_get(&door, NULL, &phrase), HZ_OK);
	assert_memory_equal(phrase.p, "old", 3);
	assert_int_equal(hz_passphrase_get(&door, NULL, &phrase), HZ_OK);
	assert_int_equal(phrase.len, 3);
	assert_memory_equal(phrase.p, "new", 3);
	(void)close(door.passphrase_fd);
	hz_buf_done(&phrase);
	door_end(&door);
}

static void
files(void **state)
{
	struct hz_door door;
	struct hz_buf phrase = HZ_BUF_SECRET_INIT(HZ_PASSPHRASE_BUF);
	char path[] = "/tmp/hirz-test-XXXXXX";
	int fd = mkstemp(path);

	(void)state;
	assert_true(fd >= 0);
	assert_int_equal(write(fd, "from a file\nx", 13), 13);
	door_begin(&door, "");
	door.passphrase_file = path;
	assert_true(hz_passphrase_possible(&door));
	assert_int_equal(hz_passphrase_get(&door, NULL, &phrase), HZ_OK);
	assert_memory_equal(phrase.p, "from a file", phrase.len);
	char *s = written(&door.err);
	assert_string_equal(s, "");
	free(s);
	assert_int_equal(fchmod(fd, 0644), 0);
	assert_int_equal(hz_passphrase_get(&door, NULL, &phrase), HZ_OK);
	s = written(&door.err);
	assert_non_null(strstr(s, "chmod 600"));
	free(s);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(hz_passphrase_get(&door, NULL, &phrase), HZ_ERR_IO);
	assert_int_equal(hz_fail_msg(), HZ_MSG_PASSPHRASE_FILE);
	(void)close(fd);
	hz_buf_done(&phrase);
	door_end(&door);
}

static void
nobody_to_ask(void **state)
{
	struct hz_door door;
	struct hz_buf phrase = HZ_BUF_SECRET_INIT(HZ_PASSPHRASE_BUF);
	bool yes = true;

	(void)state;
	door_begin(&door, "");
	door.no_input = true;
	assert_false(hz_passphrase_possible(&door));
	assert_int_equal(hz_passphrase_get(&door, NULL, &phrase), HZ_ERR_INPUT);
	assert_int_equal(hz_passphrase_new(&door, NULL, &phrase), HZ_ERR_INPUT);
	assert_int_equal(hz_ask_yes(&door, "?", &yes), HZ_ERR_INPUT);
	assert_int_equal(hz_fail_msg(), HZ_MSG_INPUT_NEEDED);
	assert_true(yes);
	hz_buf_done(&phrase);
	door_end(&door);
}

static void
floor_of_new_ones(void **state)
{
	static const struct {
		const char *s;
		enum hz_err err;
	} rows[] = { { "seven77\n", HZ_ERR_USAGE }, { "olive7km\n", HZ_OK },
		{ "aaaaaaaaaaaaaaaa\n", HZ_ERR_USAGE }, { "12345678\n", HZ_ERR_USAGE },
		{ "abcdefgh\n", HZ_ERR_USAGE }, { "73194628\n", HZ_ERR_USAGE },
		{ "abababababababab\n", HZ_ERR_USAGE }, { "correct horse battery staple\n", HZ_OK },
		{ "سماء وزيتون وحجر وقمر\n", HZ_OK }, { "\n", HZ_ERR_USAGE } };

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct hz_door door;
		struct hz_buf phrase = HZ_BUF_SECRET_INIT(HZ_PASSPHRASE_BUF);
		door_begin(&door, "");
		door.passphrase_fd = fd_with(rows[i].s, strlen(rows[i].s));
		enum hz_err err = hz_passphrase_new(&door, NULL, &phrase);
		if (err != rows[i].err) {
			fail_msg("%s: %d", rows[i].s, (int)err);
		}
		if (err != HZ_OK) {
			assert_int_equal(hz_fail_msg(), HZ_MSG_PASSPHRASE_WEAK);
			assert_int_equal(phrase.len, 0);
		}
		(void)close(door.passphrase_fd);
		hz_buf_done(&phrase);
		door_end(&door);
	}
}

static void
strength(void **state)
{
	size_t chars = 0;

	(void)state;
	assert_int_equal(hz_passphrase_bits("", 0, &chars), 0);
	assert_int_equal(chars, 0);
	unsigned digits = hz_passphrase_bits("7319462805", 10, &chars);
	unsigned mixed = hz_passphrase_bits("aR7-kQ2.xP", 10, &chars);
	assert_int_equal(chars, 10);
	assert_true(mixed > digits + 20);
	unsigned word = hz_passphrase_bits("olive", 5, &chars);
	unsigned words = hz_passphrase_bits("olive stone river mountain", 26, &chars);
	assert_true(words > 2 * word);
	(void)hz_passphrase_bits("سماء", strlen("سماء"), &chars);
	assert_int_equal(chars, 4);
}

/* A child on a terminal of its own runs one question and prints what came of it. */
static pid_t
on_terminal(int (*question)(struct hz_door *door), int *ret_master)
{
	pid_t pid = forkpty(ret_master, NULL, NULL, NULL);

	assert_true(pid >= 0);
	if (pid == 0) {
		struct hz_door door;
		struct termios before;
		struct termios after;
		char name[] = "hirz";
		char *argv[] = { name, NULL };
		/* A shell that runs tests in the background has these ignored; nothing may wait for ever. */
		(void)signal(SIGINT, SIG_DFL);
		(void)signal(SIGHUP, SIG_DFL);
		(void)alarm(60);
		hz_door_open(&door, "hirz", 1, argv);
		(void)tcgetattr(0, &before);
		int code = question(&door);
		(void)tcgetattr(0, &after);
		if (before.c_lflag != after.c_lflag ||
		    memcmp(before.c_cc, after.c_cc, sizeof before.c_cc) != 0) {
			code = 99;
		}
		_exit(code);
	}
	return pid;
}

/* Reads what the terminal shows until want is seen; seen keeps what came after it. False where want did not
 * come, or where never came before it. */
static bool
wait_for(int master, char seen[static SEEN_MAX], const char *want, const char *never)
{
	size_t len = strlen(seen);

	while (strstr(seen, want) == NULL) {
		ssize_t n = len + 1 < SEEN_MAX ? read(master, seen + len, SEEN_MAX - len - 1) : 0;
		if (n <= 0) {
			return false;
		}
		len += (size_t)n;
		seen[len] = '\0';
	}
	char *after = strstr(seen, want) + strlen(want);
	bool right = never == NULL || strstr(seen, never) == NULL || strstr(seen, never) >= after;
	(void)memmove(seen, after, strlen(after) + 1);
	return right;
}

static void
type(int master, const char *text)
{
	assert_int_equal(write(master, text, strlen(text)), strlen(text));
}

static int
ended(pid_t pid, int master)
{
	int status = 0;
	char rest[256];

	while (read(master, rest, sizeof rest) > 0) {
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	(void)close(master);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static int
ask_one(struct hz_door *door)
{
	struct hz_buf phrase = HZ_BUF_SECRET_INIT(HZ_PASSPHRASE_BUF);
	enum hz_err err = hz_passphrase_get(door, NULL, &phrase);
	bool right = err == HZ_OK && phrase.len == 9 && memcmp(phrase.p, "tell-none", 9) == 0;
	bool cancelled = err == HZ_ERR_CANCELLED && hz_door_exit(err) == 130;

	hz_buf_done(&phrase);
	if (cancelled) {
		return 7;
	}
	return right ? 0 : 1;
}

static int
ask_new_one(struct hz_door *door)
{
	struct hz_buf phrase = HZ_BUF_SECRET_INIT(HZ_PASSPHRASE_BUF);
	enum hz_err err = hz_passphrase_new(door, NULL, &phrase);
	bool right = err == HZ_OK && phrase.len == 16 && memcmp(phrase.p, "olive stone moon", 16) == 0;

	hz_buf_done(&phrase);
	if (err != HZ_OK) {
		return (int)hz_fail_msg();
	}
	return right ? 0 : 1;
}

static int
ask_question(struct hz_door *door)
{
	bool yes = false;
	enum hz_err err = hz_ask_yes(door, "Go on?", &yes);

	return err == HZ_OK && yes ? 0 : 1;
}

static void
hidden_on_terminal(void **state)
{
	char seen[SEEN_MAX] = "";
	int master = -1;

	(void)state;
	pid_t pid = on_terminal(ask_one, &master);
	assert_true(wait_for(master, seen, "Passphrase: ", NULL));
	type(master, "tell-none\n");
	assert_true(wait_for(master, seen, "\n", "tell"));
	assert_int_equal(ended(pid, master), 0);
}

static void
stopped_on_terminal(void **state)
{
	char seen[SEEN_MAX] = "";
	int master = -1;

	(void)state;
	pid_t pid = on_terminal(ask_one, &master);
	assert_true(wait_for(master, seen, "Passphrase: ", NULL));
	type(master, "tell\003"); /* Ctrl-C in the middle */
	assert_int_equal(ended(pid, master), 7);
	(void)memset(seen, 0, sizeof seen);
	pid = on_terminal(ask_one, &master);
	assert_true(wait_for(master, seen, "Passphrase: ", NULL));
	type(master, "\032\034tell-none\n"); /* suspend and quit keys do nothing here */
	int code = ended(pid, master);
	assert_true(code == 1 || code == 0);
}

static void
new_on_terminal(void **state)
{
	char seen[SEEN_MAX] = "";
	int master = -1;

	(void)state;
	pid_t pid = on_terminal(ask_new_one, &master);
	assert_true(wait_for(master, seen, "Passphrase: ", NULL));
	type(master, "short\n");
	assert_true(wait_for(master, seen, "Not taken: it has fewer than 8 characters", NULL));
	assert_true(wait_for(master, seen, "Passphrase: ", NULL));
	type(master, "olive stone moon\n");
	assert_true(wait_for(master, seen, "Strength: ", NULL));
	assert_true(wait_for(master, seen, "Again: ", NULL));
	type(master, "olive stone mood\n");
	assert_true(wait_for(master, seen, "not the same", NULL));
	assert_true(wait_for(master, seen, "Passphrase: ", NULL));
	type(master, "olive stone moon\n");
	assert_true(wait_for(master, seen, "Again: ", NULL));
	type(master, "olive stone moon\n");
	assert_int_equal(ended(pid, master), 0);

	/* Three tries, then the end. */
	(void)memset(seen, 0, sizeof seen);
	pid = on_terminal(ask_new_one, &master);
	for (int i = 0; i < 3; i++) {
		assert_true(wait_for(master, seen, "Passphrase: ", NULL));
		type(master, "short\n");
	}
	assert_int_equal(ended(pid, master), (int)HZ_MSG_PASSPHRASE_WEAK);
}

static void
yes_or_no(void **state)
{
	static const struct {
		const char *answer;
		int code;
	} rows[] = { { "y\n", 0 }, { "yes\n", 0 }, { "\n", 1 }, { "n\n", 1 } };

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		char seen[SEEN_MAX] = "";
		int master = -1;
		pid_t pid = on_terminal(ask_question, &master);
		assert_true(wait_for(master, seen, "Go on? [y/N] ", NULL));
		type(master, rows[i].answer);
		assert_int_equal(ended(pid, master), rows[i].code);
	}
}

const struct CMUnitTest passphrase_tests[] = {
	cmocka_unit_test(lines),
	cmocka_unit_test(normal_form),
	cmocka_unit_test(two_from_one),
	cmocka_unit_test(files),
	cmocka_unit_test(nobody_to_ask),
	cmocka_unit_test(floor_of_new_ones),
	cmocka_unit_test(strength),
	cmocka_unit_test(hidden_on_terminal),
	cmocka_unit_test(stopped_on_terminal),
	cmocka_unit_test(new_on_terminal),
	cmocka_unit_test(yes_or_no),
};
const size_t passphrase_count = sizeof passphrase_tests / sizeof passphrase_tests[0];
