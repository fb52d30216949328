/* Plays an inspector gone bad. What it does is in the name it is started under: .../bad-hang, or
 * .../bad-hang/inspect/hirz-inspect, greets and then never answers. The parent must take each for "unknown"
 * and live. */
#include "base/fd.h"
#include "sandbox/wire.h"
#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum when { AT_START, AT_REQUEST };

struct play {
	const char *name;
	enum when when;
	void (*act)(void); /* may return: then the conversation goes on with the next request */
};

static void
put(const void *p, size_t n)
{
	if (hz_fd_write_all(STDOUT_FILENO, p, n) != HZ_OK) {
		_exit(0);
	}
}

static void
put_answer(enum hz_wire_kind kind, enum hz_sandbox_level level, const char *type)
{
	struct hz_wire_answer a = { .kind = kind, .level = level };
	struct hz_buf b = HZ_BUF_INIT(HZ_WIRE_LEN + HZ_WIRE_ANSWER_MAX);

	strncpy(a.type, type, sizeof(a.type) - 1);
	if (hz_wire_answer_put(&b, &a) != HZ_OK) {
		_exit(3);
	}
	put(b.p, b.len);
	hz_buf_done(&b);
}

static void
greet(void)
{
	put_answer(HZ_WIRE_GREETING, HZ_SANDBOX_FULL, "");
}

static void
good(void)
{
	put_answer(HZ_WIRE_TYPE, HZ_SANDBOX_FULL, "text/x-good");
}

static void
hang(void)
{
	signal(SIGTERM, SIG_IGN);
	for (;;) {
		pause();
	}
}

static void
spin(void)
{
	for (volatile unsigned i = 0;; i++) {
	}
}

static void
crash(void)
{
	raise(SIGSEGV);
}

static void
leave(void)
{
	_exit(0);
}

/* 1 GB of nothing */
static void
flood(void)
{
	static const uint8_t zeros[1 << 20];

	for (int i = 0; i < 1024; i++) {
		put(zeros, sizeof(zeros));
	}
	hang();
}

/* 1 GB behind a length that announces it */
static void
flood_announced(void)
{
	put("\x40\x00\x00\x00", 4);
	flood();
}

static void
huge_length(void)
{
	put("\xff\xff\xff\xff", 4);
	hang();
}

static void
zero_length(void)
{
	put("\0\0\0\0", 4);
	hang();
}

static void
half(void)
{
	put("\0\0\0\x15\2\1\2\0\0\0\x0ate", 13);
	_exit(0);
}

/* One byte each 100 ms: never silent, never done */
static void
trickle(void)
{
	put("\0\0\0\x54\2\1\2\0\0\0\x49", 11);
	for (;;) {
		nanosleep(&(struct timespec){ 0, 100000000 }, NULL);
		put("a", 1);
	}
}

/* Raw answers: length, version, kind, level, lp type, lp charset. */
#define RAW(name, bytes)                                                                                     \
	static void name(void)                                                                               \
	{                                                                                                    \
		put(bytes, sizeof(bytes) - 1);                                                               \
	}
RAW(version_1, "\0\0\0\x0e\1\1\2\0\0\0\3a/b\0\0\0\0")
RAW(version_3, "\0\0\0\x0e\3\1\2\0\0\0\3a/b\0\0\0\0")
RAW(kind_0, "\0\0\0\x03\2\0\2")
RAW(kind_2, "\0\0\0\x04\2\2\2\0")
RAW(kind_3, "\0\0\0\x08\2\3\2\3\0\0\0\0")
RAW(kind_9, "\0\0\0\x0e\2\x09\2\0\0\0\3a/b\0\0\0\0")
RAW(level_3, "\0\0\0\x0e\2\1\3\0\0\0\3a/b\0\0\0\0")
RAW(level_1, "\0\0\0\x0e\2\1\1\0\0\0\3a/b\0\0\0\0")
RAW(type_upper, "\0\0\0\x0e\2\1\2\0\0\0\3A/b\0\0\0\0")
RAW(type_nul, "\0\0\0\x0e\2\1\2\0\0\0\3a/\0\0\0\0\0")
RAW(type_escape, "\0\0\0\x0e\2\1\2\0\0\0\3a/\x1b\0\0\0\0")
RAW(type_no_slash, "\0\0\0\x0e\2\1\2\0\0\0\3abc\0\0\0\0")
RAW(type_past_end, "\0\0\0\x0e\2\1\2\0\0\0\x50"
		   "a/b\0\0\0\0")
RAW(type_wraps, "\0\0\0\x0e\2\1\2\xff\xff\xff\xfd"
		"a/b\0\0\0\0")
RAW(trailing, "\0\0\0\x0f\2\1\2\0\0\0\3a/b\0\0\0\0\0")
RAW(charset_alone, "\0\0\0\x0c\2\1\2\0\0\0\0\0\0\0\1u")
RAW(empty_type, "\0\0\0\x0b\2\1\2\0\0\0\0\0\0\0\0")
RAW(greeting_version_1, "\0\0\0\x0b\1\0\2\0\0\0\0\0\0\0\0")
RAW(greeting_type, "\0\0\0\x0e\2\0\2\0\0\0\3a/b\0\0\0\0")
/* After a good type: claims that are none. "make" is key 16, "model" 17, a time 22, a latitude 32. */
#define GOOD_TYPE "\0\0\0\x0e\2\1\2\0\0\0\3a/b\0\0\0\0"
RAW(claims_key_0, GOOD_TYPE "\0\0\0\x0a\2\2\2\1\0\0\0\0\1A")
RAW(claims_key_255, GOOD_TYPE "\0\0\0\x0a\2\2\2\1\xff\0\0\0\1A")
RAW(claims_twice, GOOD_TYPE "\0\0\0\x10\2\2\2\2\x10\0\0\0\1A\x10\0\0\0\1B")
RAW(claims_order, GOOD_TYPE "\0\0\0\x10\2\2\2\2\x11\0\0\0\1A\x10\0\0\0\1B")
RAW(claims_short, GOOD_TYPE "\0\0\0\x0a\2\2\2\2\x10\0\0\0\1A")
RAW(claims_trailing, GOOD_TYPE "\0\0\0\x0b\2\2\2\1\x10\0\0\0\1AA")
RAW(claims_empty, GOOD_TYPE "\0\0\0\x09\2\2\2\1\x10\0\0\0\0")
RAW(claims_escape, GOOD_TYPE "\0\0\0\x0b\2\2\2\1\x10\0\0\0\2\x1b[")
RAW(claims_line, GOOD_TYPE "\0\0\0\x0c\2\2\2\1\x10\0\0\0\3a\nb")
RAW(claims_utf8, GOOD_TYPE "\0\0\0\x0b\2\2\2\1\x10\0\0\0\2\xc3(")
RAW(claims_wraps, GOOD_TYPE "\0\0\0\x0a\2\2\2\1\x10\xff\xff\xff\xff"
			    "A")
RAW(claims_time, GOOD_TYPE "\0\0\0\x13\2\2\2\1\x16\0\0\0\x0a"
			   "2023-02-29")
RAW(claims_latitude, GOOD_TYPE "\0\0\0\x0d\2\2\2\1\x20\0\0\0\4"
			       "90.1")
RAW(claims_number, GOOD_TYPE "\0\0\0\x0b\2\2\2\1\1\0\0\0\2-1")
RAW(claims_65, GOOD_TYPE "\0\0\0\x04\2\2\2\x41")
RAW(claims_level, GOOD_TYPE "\0\0\0\x04\2\2\1\0")
RAW(claims_is_text, GOOD_TYPE "\0\0\0\x08\2\3\2\3\0\0\0\0")
/* After a good type and no claims: text that is none. */
#define NO_CLAIMS GOOD_TYPE "\0\0\0\x04\2\2\2\0"
RAW(text_state_4, NO_CLAIMS "\0\0\0\x08\2\3\2\4\0\0\0\0")
RAW(text_none_with, NO_CLAIMS "\0\0\0\x09\2\3\2\3\0\0\0\1a")
RAW(text_empty_more, NO_CLAIMS "\0\0\0\x08\2\3\2\0\0\0\0\0")
RAW(text_escape, NO_CLAIMS "\0\0\0\x09\2\3\2\1\0\0\0\1\x1b")
RAW(text_cut_character, NO_CLAIMS "\0\0\0\x09\2\3\2\1\0\0\0\1\xd8")
#undef RAW

static void
type_128(void)
{
	uint8_t m[4 + 11 + 128] = { 0, 0, 0, 11 + 128, 2, 1, 2, 0, 0, 0, 128 };

	memset(m + 11, 'a', 128);
	m[12] = '/';
	put(m, sizeof(m));
}

/* Claims in time, and then nothing; a file whose claims end the process; text without an end. */
static void
claims_then_hang(void)
{
	put(GOOD_TYPE "\0\0\0\x0a\2\2\2\1\x10\0\0\0\1A", 18 + 14);
	hang();
}

static void
type_then_hang(void)
{
	good();
	hang();
}

static void
type_then_crash(void)
{
	good();
	crash();
}

static void
text_flood(void)
{
	static uint8_t m[HZ_WIRE_LEN + HZ_WIRE_ANSWER_MAX] = { 0, 1, 0, 8, 2, 3, 2, 0, 0, 1, 0, 0 };

	put(NO_CLAIMS, 18 + 8);
	memset(m + 12, 'a', HZ_WIRE_TEXT_MAX);
	for (;;) {
		put(m, sizeof(m));
	}
}

/* Everything that can be said. */
static void
good_all(void)
{
	put(GOOD_TYPE "\0\0\0\x0a\2\2\2\1\x10\0\0\0\1A"
		      "\0\0\0\x0a\2\3\2\0\0\0\0\2ab"
		      "\0\0\0\x09\2\3\2\2\0\0\0\1c",
	    18 + 14 + 14 + 13);
}

/* A good answer and one for the next file at once. */
static void
twice(void)
{
	good();
	put_answer(HZ_WIRE_TYPE, HZ_SANDBOX_FULL, "text/x-evil");
}

/* Greets, and never reads a byte. */
static void
deaf(void)
{
	greet();
	hang();
}

static void
unsandboxed_greeting(void)
{
	put_answer(HZ_WIRE_GREETING, HZ_SANDBOX_NONE, "");
}

static void
unsandboxed(void)
{
	put_answer(HZ_WIRE_TYPE, HZ_SANDBOX_NONE, "text/x-good");
}

/* Serves three files, then crashes on the fourth. */
static void
crash_fourth(void)
{
	static int served;

	if (served++ == 3) {
		crash();
	}
	good();
}

/* Serves as many as one process may, then hangs. */
static void
hang_513(void)
{
	static int served;

	if (served++ == HZ_INSPECT_SERVED_MAX) {
		hang();
	}
	good();
}

/* Takes 0.7 seconds for each; the fourth would be one too many for a limit of processor time: hangs there. */
static void
slow(void)
{
	static int served;

	if (served++ == 3) {
		hang();
	}
	nanosleep(&(struct timespec){ 0, 700000000 }, NULL);
	good();
}

/* Good only if it was started as a stranger: one variable, the socket as 0 and 1, nothing else open, no
 * signal blocked or ignored, a process group of its own. */
static void
stranger(void)
{
	struct stat in, out, null, err;
	sigset_t blocked;
	int fds = 0;
	DIR *d = opendir("/proc/self/fd");

	for (struct dirent *e = NULL; d != NULL && (e = readdir(d)) != NULL;) {
		fds += e->d_name[0] != '.';
	}
	sigprocmask(SIG_BLOCK, NULL, &blocked);
	if (d == NULL || fds != 4 /* 0-2 and the folder itself */ || environ[0] == NULL ||
	    environ[1] != NULL || fstat(0, &in) != 0 || fstat(1, &out) != 0 || fstat(2, &err) != 0 ||
	    stat("/dev/null", &null) != 0 || !S_ISSOCK(in.st_mode) || in.st_ino != out.st_ino ||
	    err.st_rdev != null.st_rdev || sigismember(&blocked, SIGUSR1) ||
	    signal(SIGUSR1, SIG_DFL) != SIG_DFL || getpgrp() != getpid()) {
		crash();
	}
	closedir(d);
	good();
}

static const struct play plays[] = {
	{ "good", AT_REQUEST, good },
	{ "stranger", AT_REQUEST, stranger },
	{ "hang", AT_REQUEST, hang },
	{ "spin", AT_REQUEST, spin },
	{ "crash", AT_REQUEST, crash },
	{ "leave", AT_REQUEST, leave },
	{ "flood", AT_REQUEST, flood },
	{ "flood-announced", AT_REQUEST, flood_announced },
	{ "huge-length", AT_REQUEST, huge_length },
	{ "zero-length", AT_REQUEST, zero_length },
	{ "half", AT_REQUEST, half },
	{ "trickle", AT_REQUEST, trickle },
	{ "version-1", AT_REQUEST, version_1 },
	{ "version-3", AT_REQUEST, version_3 },
	{ "kind-2", AT_REQUEST, kind_2 },
	{ "kind-3", AT_REQUEST, kind_3 },
	{ "claims-then-hang", AT_REQUEST, claims_then_hang },
	{ "type-then-hang", AT_REQUEST, type_then_hang },
	{ "type-then-crash", AT_REQUEST, type_then_crash },
	{ "text-flood", AT_REQUEST, text_flood },
	{ "good-all", AT_REQUEST, good_all },
	{ "claims-key-0", AT_REQUEST, claims_key_0 },
	{ "claims-key-255", AT_REQUEST, claims_key_255 },
	{ "claims-twice", AT_REQUEST, claims_twice },
	{ "claims-order", AT_REQUEST, claims_order },
	{ "claims-short", AT_REQUEST, claims_short },
	{ "claims-trailing", AT_REQUEST, claims_trailing },
	{ "claims-empty", AT_REQUEST, claims_empty },
	{ "claims-escape", AT_REQUEST, claims_escape },
	{ "claims-line", AT_REQUEST, claims_line },
	{ "claims-utf8", AT_REQUEST, claims_utf8 },
	{ "claims-wraps", AT_REQUEST, claims_wraps },
	{ "claims-time", AT_REQUEST, claims_time },
	{ "claims-latitude", AT_REQUEST, claims_latitude },
	{ "claims-number", AT_REQUEST, claims_number },
	{ "claims-65", AT_REQUEST, claims_65 },
	{ "claims-level", AT_REQUEST, claims_level },
	{ "claims-is-text", AT_REQUEST, claims_is_text },
	{ "text-state-4", AT_REQUEST, text_state_4 },
	{ "text-none-with", AT_REQUEST, text_none_with },
	{ "text-empty-more", AT_REQUEST, text_empty_more },
	{ "text-escape", AT_REQUEST, text_escape },
	{ "text-cut-character", AT_REQUEST, text_cut_character },
	{ "kind-0", AT_REQUEST, kind_0 },
	{ "kind-9", AT_REQUEST, kind_9 },
	{ "level-3", AT_REQUEST, level_3 },
	{ "level-1", AT_REQUEST, level_1 },
	{ "type-upper", AT_REQUEST, type_upper },
	{ "type-nul", AT_REQUEST, type_nul },
	{ "type-escape", AT_REQUEST, type_escape },
	{ "type-no-slash", AT_REQUEST, type_no_slash },
	{ "type-past-end", AT_REQUEST, type_past_end },
	{ "type-wraps", AT_REQUEST, type_wraps },
	{ "type-128", AT_REQUEST, type_128 },
	{ "trailing", AT_REQUEST, trailing },
	{ "charset-alone", AT_REQUEST, charset_alone },
	{ "empty-type", AT_REQUEST, empty_type },
	{ "twice", AT_REQUEST, twice },
	{ "crash-fourth", AT_REQUEST, crash_fourth },
	{ "slow", AT_REQUEST, slow },
	{ "hang-513", AT_REQUEST, hang_513 },
	{ "start-hang", AT_START, hang },
	{ "start-crash", AT_START, crash },
	{ "start-leave", AT_START, leave },
	{ "start-flood", AT_START, flood },
	{ "start-version-1", AT_START, greeting_version_1 },
	{ "start-type", AT_START, greeting_type },
	{ "start-deaf", AT_START, deaf },
	{ "start-unsandboxed", AT_START, unsandboxed_greeting },
};

/* Takes one request off the socket; false at its end. */
static bool
take_request(void)
{
	static uint8_t body[HZ_WIRE_REQUEST_MAX];
	uint8_t head[HZ_WIRE_LEN];
	size_t got = 0, n = 0;

	return hz_fd_read_full(STDIN_FILENO, head, sizeof(head), &got) == HZ_OK && got == sizeof(head) &&
	       hz_wire_length(head, HZ_WIRE_REQUEST_HEAD, HZ_WIRE_REQUEST_MAX, &n) == HZ_OK &&
	       hz_fd_read_full(STDIN_FILENO, body, n, &got) == HZ_OK && got == n;
}

static void
converse(const struct play *play)
{
	if (play->when == AT_START) {
		play->act();
	} else {
		greet();
	}
	while (take_request()) {
		if (play->act == unsandboxed_greeting) {
			unsandboxed();
		} else if (play->when == AT_REQUEST) {
			play->act();
		} else {
			good();
		}
	}
}

int
main(int argc, char **argv)
{
	const char *mark = argc > 0 ? strstr(argv[0], "bad-") : NULL;

	for (size_t i = 0; mark != NULL && i < sizeof(plays) / sizeof(plays[0]); i++) {
		size_t n = strlen(plays[i].name);

		if (strncmp(mark + 4, plays[i].name, n) == 0 && (mark[4 + n] == '\0' || mark[4 + n] == '/')) {
			converse(&plays[i]);
			return 0;
		}
	}
	return 4;
}
