#include "door/passphrase.h"

#include "base/enc.h"
#include "base/fd.h"
#include "text/text.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

#define TRIES 3

bool
hz_passphrase_possible(const struct hz_door *door)
{
	if (door->passphrase_fd >= 0 || door->passphrase_file != NULL) {
		return true;
	}
	if (door->no_input) {
		return false;
	}
	int fd = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
	bool there = fd >= 0;
	hz_fd_close(&fd);
	return there;
}

static enum hz_err
open_tty(const struct hz_door *door, int *ret_fd)
{
	if (door->no_input) {
		return hz_fail(HZ_MSG_INPUT_NEEDED, _("--no-input was given"));
	}
	int fd = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
	if (fd < 0) {
		return hz_fail(HZ_MSG_INPUT_NEEDED, _("there is no terminal"));
	}
	*ret_fd = fd;
	return HZ_OK;
}

/* One line of fd, byte by byte: what follows belongs to somebody else (another passphrase, or the evidence
 * on standard input). Without its end, CR before LF dropped too. wait: signals let through while waiting. */
static enum hz_err
read_line(int fd, const sigset_t *wait, struct hz_buf *ret_line)
{
	uint8_t c = 0;
	enum hz_err err = HZ_OK;

	for (;;) {
		struct pollfd pfd = { .fd = fd, .events = POLLIN };
		err = hz_cancel_check();
		if (err == HZ_OK && wait != NULL && ppoll(&pfd, 1, NULL, wait) < 0 && errno == EINTR) {
			continue;
		}
		if (err != HZ_OK) {
			break;
		}
		ssize_t n = read(fd, &c, 1);
		if (n < 0 && errno == EINTR) {
			continue;
		}
		if (n < 0) {
			err = hz_fail_sys(HZ_MSG_PASSPHRASE_FILE, errno, "read");
			break;
		}
		if (n == 0 || c == '\n') {
			break;
		}
		/* One more than the limit: the CR of a CR LF. */
		if (ret_line->len > HZ_PASSPHRASE_MAX) {
			err =
			    hz_fail(HZ_MSG_LIMIT, _("a passphrase has at most %d bytes"), HZ_PASSPHRASE_MAX);
			break;
		}
		err = hz_buf_put(ret_line, &c, 1);
		if (err != HZ_OK) {
			break;
		}
	}
	explicit_bzero(&c, sizeof c);
	if (err != HZ_OK) {
		return err;
	}
	while (ret_line->len > 0 && ret_line->p[ret_line->len - 1] == '\r') {
		ret_line->len--;
	}
	if (ret_line->len > HZ_PASSPHRASE_MAX) {
		return hz_fail(HZ_MSG_LIMIT, _("a passphrase has at most %d bytes"), HZ_PASSPHRASE_MAX);
	}
	return HZ_OK;
}

/* NFKC: the same word typed composed and decomposed, or with another form of alef, must open. Bytes that are
 * not UTF-8 are taken as they are. */
static enum hz_err
normalise(const struct hz_buf *line, struct hz_buf *ret_phrase)
{
	hz_buf_clear(ret_phrase);
	if (line->len == 0) {
		return hz_fail(HZ_MSG_PASSPHRASE_WEAK, _("it is empty"));
	}
	if (!hz_utf8_ok(line->p, line->len)) {
		return hz_buf_put(ret_phrase, line->p, line->len);
	}
	return hz_text_nfkc(line->p, line->len, ret_phrase);
}

/* Asks on the terminal without echo. INT, TERM and HUP are held back and let in only while waiting, so that
 * none can end the program, or be missed, while the echo is off; suspend and quit keys are off for that time.
 */
static enum hz_err
ask_hidden(int tty, const char *prompt, struct hz_buf *ret_line)
{
	struct termios old;
	struct termios quiet;
	sigset_t held;
	sigset_t before;

	if (tcgetattr(tty, &old) != 0) {
		return hz_fail(HZ_MSG_INPUT_NEEDED, _("there is no terminal"));
	}
	hz_cancel_install();
	(void)sigemptyset(&held);
	(void)sigaddset(&held, SIGINT);
	(void)sigaddset(&held, SIGTERM);
	(void)sigaddset(&held, SIGHUP);
	(void)pthread_sigmask(SIG_BLOCK, &held, &before);
	quiet = old;
	quiet.c_lflag &= ~(tcflag_t)(ECHO | ECHOE | ECHOK);
	quiet.c_lflag |= ICANON | ISIG | ECHONL;
	quiet.c_cc[VSUSP] = _POSIX_VDISABLE;
	quiet.c_cc[VQUIT] = _POSIX_VDISABLE;
	enum hz_err err = HZ_OK;
	if (tcsetattr(tty, TCSAFLUSH, &quiet) != 0) {
		err = hz_fail_sys(HZ_MSG_INPUT_NEEDED, errno, "tcsetattr");
	}
	if (err == HZ_OK) {
		err = hz_fd_write_all(tty, prompt, strlen(prompt));
	}
	if (err == HZ_OK) {
		err = hz_fd_write_all(tty, " ", 1);
	}
	if (err == HZ_OK) {
		err = read_line(tty, &before, ret_line);
	}
	if (err != HZ_OK) {
		HZ_IGNORE(hz_fd_write_all(tty, "\n", 1)); /* the cursor must not stay behind the prompt */
	}
	(void)tcsetattr(tty, TCSAFLUSH, &old);
	(void)pthread_sigmask(SIG_SETMASK, &before, NULL);
	return err;
}

static enum hz_err
from_fd(int fd, struct hz_buf *ret_phrase)
{
	struct hz_buf line = HZ_BUF_SECRET_INIT(HZ_PASSPHRASE_MAX + 2);
	enum hz_err err = read_line(fd, NULL, &line);

	if (err == HZ_OK) {
		err = normalise(&line, ret_phrase);
	}
	hz_buf_done(&line);
	return err;
}

static enum hz_err
from_file(struct hz_door *door, struct hz_buf *ret_phrase)
{
	struct stat st;
	int fd = open(door->passphrase_file, O_RDONLY | O_CLOEXEC | O_NOCTTY);

	if (fd < 0) {
		return hz_fail_sys(HZ_MSG_PASSPHRASE_FILE, errno, "%s", door->passphrase_file);
	}
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && (st.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
		hz_door_note(
		    door, _("other people of this machine may read the passphrase file; chmod 600 stops it"));
	}
	enum hz_err err = from_fd(fd, ret_phrase);
	hz_fd_close(&fd);
	return err;
}

/* Elsewhere than from the terminal; *ret_asked tells whether anything was there. */
static enum hz_err
from_elsewhere(struct hz_door *door, struct hz_buf *ret_phrase, bool *ret_asked)
{
	*ret_asked = true;
	if (door->passphrase_fd >= 0) {
		return from_fd(door->passphrase_fd, ret_phrase);
	}
	if (door->passphrase_file != NULL) {
		return from_file(door, ret_phrase);
	}
	*ret_asked = false;
	return HZ_OK;
}

HZ_RESULT
hz_passphrase_get(struct hz_door *door, const char *prompt, struct hz_buf *ret_phrase)
{
	struct hz_buf line = HZ_BUF_SECRET_INIT(HZ_PASSPHRASE_MAX + 2);
	bool asked = false;
	int tty = -1;

	enum hz_err err = from_elsewhere(door, ret_phrase, &asked);
	if (asked || err != HZ_OK) {
		return err;
	}
	err = open_tty(door, &tty);
	if (err == HZ_OK) {
		err = ask_hidden(tty, prompt == NULL ? _("Passphrase:") : prompt, &line);
	}
	if (err == HZ_OK) {
		err = normalise(&line, ret_phrase);
	}
	hz_buf_done(&line);
	hz_fd_close(&tty);
	return err;
}

static enum hz_err
check_floor(const struct hz_buf *phrase, unsigned *ret_bits)
{
	size_t chars = 0;
	unsigned bits = hz_passphrase_bits(phrase->p, phrase->len, &chars);

	if (chars < HZ_PASSPHRASE_CHARS) {
		return hz_fail(
		    HZ_MSG_PASSPHRASE_WEAK, _("it has fewer than %d characters"), HZ_PASSPHRASE_CHARS);
	}
	if (bits < HZ_PASSPHRASE_BITS) {
		return hz_fail(HZ_MSG_PASSPHRASE_WEAK, _("it is too easy to guess"));
	}
	*ret_bits = bits;
	return HZ_OK;
}

static const char *
strength_word(unsigned bits)
{
	if (bits < 45) {
		return C_("strength", "weak: better take six or more words");
	}
	return bits < 65 ? C_("strength", "fair") : C_("strength", "good");
}

static void
say(int tty, const char *label, const char *text)
{
	char line[512];

	int n = snprintf(line, sizeof line, "%s %s\n", label, text);
	if (n > 0 && (size_t)n < sizeof line) {
		HZ_IGNORE(hz_fd_write_all(tty, line, (size_t)n)); /* a remark: the question comes anyway */
	}
}

/* One try on the terminal: typed, judged, typed again. */
static enum hz_err
ask_new(int tty, const char *prompt, struct hz_buf *ret_phrase)
{
	struct hz_buf line = HZ_BUF_SECRET_INIT(HZ_PASSPHRASE_MAX + 2);
	struct hz_buf again = HZ_BUF_SECRET_INIT(HZ_PASSPHRASE_BUF);
	unsigned bits = 0;

	enum hz_err err = ask_hidden(tty, prompt, &line);
	if (err == HZ_OK) {
		err = normalise(&line, ret_phrase);
	}
	if (err == HZ_OK) {
		err = check_floor(ret_phrase, &bits);
	}
	if (err == HZ_OK) {
		say(tty, _("Strength:"), strength_word(bits));
		hz_buf_clear(&line);
		err = ask_hidden(tty, _("Again:"), &line);
	}
	if (err == HZ_OK) {
		err = normalise(&line, &again);
		if (err == HZ_OK &&
		    (again.len != ret_phrase->len || memcmp(again.p, ret_phrase->p, again.len) != 0)) {
			err = hz_fail(HZ_MSG_PASSPHRASE_WEAK, _("the two were not the same"));
		}
	}
	hz_buf_done(&line);
	hz_buf_done(&again);
	return err;
}

HZ_RESULT
hz_passphrase_new(struct hz_door *door, const char *prompt, struct hz_buf *ret_phrase)
{
	bool asked = false;
	unsigned bits = 0;
	int tty = -1;

	enum hz_err err = from_elsewhere(door, ret_phrase, &asked);
	if (err == HZ_OK && asked) {
		err = check_floor(ret_phrase, &bits);
	}
	if (asked || err != HZ_OK) {
		if (err != HZ_OK) {
			hz_buf_clear(ret_phrase);
		}
		return err;
	}
	err = open_tty(door, &tty);
	if (err != HZ_OK) {
		return err;
	}
	say(tty, _("Choose a passphrase: six or more words, spaces allowed. Nobody can reset it."), "");
	for (int i = 0; i < TRIES; i++) {
		err = ask_new(tty, prompt == NULL ? _("Passphrase:") : prompt, ret_phrase);
		if (err == HZ_OK || hz_fail_msg() != HZ_MSG_PASSPHRASE_WEAK) {
			break;
		}
		hz_buf_clear(ret_phrase);
		say(tty, _("Not taken:"), hz_fail_detail());
	}
	if (err != HZ_OK) {
		hz_buf_clear(ret_phrase);
	}
	hz_fd_close(&tty);
	return err;
}

HZ_RESULT
hz_ask_yes(struct hz_door *door, const char *question, bool *ret_yes)
{
	struct hz_buf line = HZ_BUF_SECRET_INIT(HZ_PASSPHRASE_MAX + 2);
	sigset_t now;
	int tty = -1;

	enum hz_err err = open_tty(door, &tty);
	if (err != HZ_OK) {
		return err;
	}
	(void)pthread_sigmask(SIG_BLOCK, NULL, &now);
	err = hz_fd_write_all(tty, question, strlen(question));
	if (err == HZ_OK) {
		/* Translators: the letters stand for yes and no; y is accepted in every language. */
		const char *letters = _(" [y/N] ");
		err = hz_fd_write_all(tty, letters, strlen(letters));
	}
	if (err == HZ_OK) {
		err = read_line(tty, &now, &line);
	}
	if (err == HZ_OK) {
		const char *yes = C_("answer", "yes");
		size_t n = strlen(yes);
		bool word = line.len == n && memcmp(line.p, yes, n) == 0;
		*ret_yes = word || (line.len > 0 && (line.p[0] == 'y' || line.p[0] == 'Y'));
	}
	hz_buf_done(&line);
	hz_fd_close(&tty);
	return err;
}
