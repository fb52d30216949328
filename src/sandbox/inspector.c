/* The parent's side of hirz-inspect: one process, one socket, one question at a time, one deadline. */
#include "base/fd.h"
#include "sandbox/wire.h"
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

struct hz_inspector {
	char *program;
	char *argument; /* of a process for one file, NULL: none */
	int passed;     /* its descriptor 3, -1: none */
	bool allow_unsandboxed;
	enum hz_inspect_reason over; /* not KNOWN: never asked again, and why */
	pid_t pid;                   /* 0: no process */
	int fd;
	enum hz_sandbox_level level;
	unsigned served;                 /* questions this process has answered */
	int64_t waited_ms;               /* time it was given: stays below its limit of processor time */
	unsigned start_fails, ask_fails; /* in a row */
	struct hz_wire_answer said;
	uint8_t body[HZ_WIRE_ANSWER_MAX];
};

static int64_t
now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

const char *
hz_inspect_reason_word(enum hz_inspect_reason reason)
{
	static const char *const words[] = { "known", "undetermined", "timeout", "crashed", "malformed",
		"no-start", "unsandboxed", "gave-up" };

	return words[reason <= HZ_INSPECT_GAVE_UP ? reason : HZ_INSPECT_UNDETERMINED];
}

const char *
hz_inspector_name(void)
{
	return "hirz-inspect " HZ_PROGRAM_VERSION;
}

HZ_RESULT
hz_inspector_new(const char *program, bool allow_unsandboxed, struct hz_inspector **ret_insp)
{
	if (strnlen(program, HZ_INSPECT_PATH_MAX) == HZ_INSPECT_PATH_MAX) {
		return hz_fail(HZ_MSG_LIMIT, "path of the inspector too long");
	}
	struct hz_inspector *insp = calloc(1, sizeof(*insp));

	if (insp == NULL || (insp->program = strdup(program)) == NULL) {
		free(insp);
		return hz_fail(HZ_MSG_NOMEM, "inspector");
	}
	insp->allow_unsandboxed = allow_unsandboxed;
	insp->fd = -1;
	insp->passed = -1;
	*ret_insp = insp;
	return HZ_OK;
}

/* Ends the process whatever it is doing. It has nothing to save, so it is never asked to end itself. */
static void
stop(struct hz_inspector *insp)
{
	hz_fd_close(&insp->fd);
	if (insp->pid > 0) {
		kill(insp->pid, SIGKILL);
		while (waitpid(insp->pid, NULL, 0) < 0 && errno == EINTR) {
		}
	}
	insp->pid = 0;
	insp->served = 0;
	insp->waited_ms = 0;
	insp->level = HZ_SANDBOX_NONE;
}

void
hz_inspector_free(struct hz_inspector **insp)
{
	if (insp == NULL || *insp == NULL) {
		return;
	}
	stop(*insp);
	free((*insp)->program);
	free(*insp);
	*insp = NULL;
}

/* Descriptors of the child: the socket as 0 and 1, the null device as 2, perhaps one file as 3, nothing else.
 * dup2 onto itself would keep close-on-exec in some systems, so the socket is never 0, 1 or 2 here (see
 * make_pair). */
static int
plan_descriptors(posix_spawn_file_actions_t *plan, int theirs, int passed)
{
	const int file = STDERR_FILENO + 1;
	int e = posix_spawn_file_actions_adddup2(plan, theirs, STDIN_FILENO);

	if (e == 0) {
		e = posix_spawn_file_actions_adddup2(plan, theirs, STDOUT_FILENO);
	}
	if (e == 0) {
		e = posix_spawn_file_actions_addopen(plan, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
	}
	if (e == 0 && passed >= 0) {
		e = posix_spawn_file_actions_adddup2(plan, passed, file);
	}
	if (e == 0) {
		e = posix_spawn_file_actions_addclosefrom_np(plan, passed >= 0 ? file + 1 : file);
	}
	return e;
}

/* Signals as a fresh program has them, and a process group of its own: Ctrl-C is for hirz alone. */
static int
plan_signals(posix_spawnattr_t *attr)
{
	sigset_t none, all;

	sigemptyset(&none);
	sigfillset(&all);
	int e = posix_spawnattr_setsigmask(attr, &none);

	if (e == 0) {
		e = posix_spawnattr_setsigdefault(attr, &all);
	}
	if (e == 0) {
		e = posix_spawnattr_setpgroup(attr, 0);
	}
	if (e == 0) {
		e = posix_spawnattr_setflags(
		    attr, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
	}
	return e;
}

static pid_t
spawn(const struct hz_inspector *insp, int theirs)
{
	/* The child sees no variable of ours: not the vault's path, not the home folder, no locale. */
	static char locale[] = "LC_ALL=C";
	static char *const env[] = { locale, NULL };
	posix_spawn_file_actions_t plan;
	posix_spawnattr_t attr;
	pid_t pid = 0;
	char *name = strdup(insp->program);

	if (name == NULL) {
		return 0;
	}
	char *const argv[] = { name, insp->argument, NULL };

	if (posix_spawn_file_actions_init(&plan) == 0) {
		if (posix_spawnattr_init(&attr) == 0) {
			if (plan_descriptors(&plan, theirs, insp->passed) != 0 || plan_signals(&attr) != 0 ||
			    posix_spawn(&pid, insp->program, &plan, &attr, argv, env) != 0) {
				pid = 0;
			}
			posix_spawnattr_destroy(&attr);
		}
		posix_spawn_file_actions_destroy(&plan);
	}
	free(name);
	return pid;
}

static bool
make_pair(int *ret_ours, int *ret_theirs)
{
	int pair[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, pair) != 0) {
		return false;
	}
	/* The child's end is blocking, and above 2. */
	int theirs = fcntl(pair[1], F_DUPFD_CLOEXEC, STDERR_FILENO + 1);

	close(pair[1]);
	if (theirs < 0 || fcntl(theirs, F_SETFL, 0) != 0) {
		hz_fd_close(&theirs);
		close(pair[0]);
		return false;
	}
	*ret_ours = pair[0];
	*ret_theirs = theirs;
	return true;
}

/* Waits until the socket is ready for events, at most until the deadline. */
static enum hz_inspect_reason
wait_for(int fd, short events, int64_t deadline)
{
	for (;;) {
		int64_t left = deadline - now_ms();

		if (left <= 0) {
			return HZ_INSPECT_TIMEOUT;
		}
		struct pollfd p = { fd, events, 0 };
		int n = poll(&p, 1, (int)left);

		if (n > 0) {
			return HZ_INSPECT_KNOWN;
		}
		if (n < 0 && errno != EINTR) {
			return HZ_INSPECT_CRASHED;
		}
	}
}

static bool
is_again(int e)
{
	return e == EAGAIN || e == EINTR;
}

static enum hz_inspect_reason
send_all(int fd, const void *p, size_t n, int64_t deadline)
{
	const uint8_t *from = p;

	while (n > 0) {
		ssize_t done = send(fd, from, n, MSG_NOSIGNAL);

		if (done < 0 && !is_again(errno)) {
			return HZ_INSPECT_CRASHED;
		}
		if (done > 0) {
			from += done;
			n -= (size_t)done;
			continue;
		}
		enum hz_inspect_reason why = wait_for(fd, POLLOUT, deadline);

		if (why != HZ_INSPECT_KNOWN) {
			return why;
		}
	}
	return HZ_INSPECT_KNOWN;
}

static enum hz_inspect_reason
recv_all(int fd, void *p, size_t n, int64_t deadline)
{
	uint8_t *to = p;

	while (n > 0) {
		ssize_t done = recv(fd, to, n, 0);

		if (done == 0 || (done < 0 && !is_again(errno))) {
			return HZ_INSPECT_CRASHED;
		}
		if (done > 0) {
			to += done;
			n -= (size_t)done;
			continue;
		}
		enum hz_inspect_reason why = wait_for(fd, POLLIN, deadline);

		if (why != HZ_INSPECT_KNOWN) {
			return why;
		}
	}
	return HZ_INSPECT_KNOWN;
}

/* One message of the given kind into insp->said; never more than HZ_WIRE_ANSWER_MAX bytes. */
static enum hz_inspect_reason
receive(struct hz_inspector *insp, enum hz_wire_kind kind, int64_t deadline)
{
	uint8_t head[HZ_WIRE_LEN];
	size_t n = 0;
	enum hz_inspect_reason why = recv_all(insp->fd, head, sizeof(head), deadline);

	if (why != HZ_INSPECT_KNOWN) {
		return why;
	}
	if (hz_wire_length(head, HZ_WIRE_ANSWER_MIN, HZ_WIRE_ANSWER_MAX, &n) != HZ_OK) {
		return HZ_INSPECT_MALFORMED;
	}
	why = recv_all(insp->fd, insp->body, n, deadline);
	if (why != HZ_INSPECT_KNOWN) {
		return why;
	}
	if (hz_wire_answer_get(insp->body, n, &insp->said) != HZ_OK || insp->said.kind != kind ||
	    (kind != HZ_WIRE_GREETING && insp->said.level != insp->level)) {
		return HZ_INSPECT_MALFORMED;
	}
	return HZ_INSPECT_KNOWN;
}

/* Starts a process and hears its greeting. */
static enum hz_inspect_reason
start(struct hz_inspector *insp, int64_t deadline)
{
	enum hz_inspect_reason why = HZ_INSPECT_NO_START;
	int theirs = -1;

	if (make_pair(&insp->fd, &theirs)) {
		insp->pid = spawn(insp, theirs);
		hz_fd_close(&theirs);
		if (insp->pid > 0) {
			why = receive(insp, HZ_WIRE_GREETING, deadline);
		}
	}
	if (why != HZ_INSPECT_KNOWN) {
		stop(insp);
		if (++insp->start_fails >= HZ_INSPECT_START_FAILS_MAX) {
			insp->over = HZ_INSPECT_GAVE_UP;
		}
		return why == HZ_INSPECT_CRASHED ? HZ_INSPECT_NO_START : why;
	}
	insp->start_fails = 0;
	if (insp->said.level == HZ_SANDBOX_NONE && !insp->allow_unsandboxed) {
		stop(insp);
		insp->over = HZ_INSPECT_UNSANDBOXED;
		return HZ_INSPECT_UNSANDBOXED;
	}
	insp->level = insp->said.level;
	return HZ_INSPECT_KNOWN;
}

/* True while nothing has come that was not asked for, and the other end is there. */
static bool
is_quiet(int fd)
{
	struct pollfd p = { fd, POLLIN, 0 };

	return poll(&p, 1, 0) == 0;
}

/* A process that is there, has said nothing unasked, and is not yet due to be replaced. Replacing bounds
 * what one hostile file can do to the answers about later ones, and keeps an honest process far from
 * its limit of processor time. */
static enum hz_inspect_reason
ready(struct hz_inspector *insp, int64_t deadline)
{
	if (insp->over != HZ_INSPECT_KNOWN) {
		return insp->over;
	}
	if (insp->pid > 0 && (insp->served >= HZ_INSPECT_SERVED_MAX ||
				 insp->waited_ms >= HZ_INSPECT_DEADLINE_MS || !is_quiet(insp->fd))) {
		stop(insp);
	}
	return insp->pid > 0 ? HZ_INSPECT_KNOWN : start(insp, deadline);
}

/* The head of a request, and with its first byte the descriptor. */
static enum hz_inspect_reason
send_head(int fd, const struct hz_wire_request *w, int source, int64_t deadline)
{
	union {
		char room[CMSG_SPACE(sizeof(int))];
		struct cmsghdr align;
	} control = { 0 };
	uint8_t head[HZ_WIRE_LEN + HZ_WIRE_REQUEST_HEAD];
	struct iovec iov = { head, sizeof(head) };
	struct msghdr m = { .msg_iov = &iov, .msg_iovlen = 1 };

	hz_wire_request_head(head, w);
	if (source >= 0) {
		m.msg_control = control.room;
		m.msg_controllen = sizeof(control.room);
		struct cmsghdr *c = CMSG_FIRSTHDR(&m);

		c->cmsg_level = SOL_SOCKET;
		c->cmsg_type = SCM_RIGHTS;
		c->cmsg_len = CMSG_LEN(sizeof(int));
		memcpy(CMSG_DATA(c), &source, sizeof(int));
	}
	for (;;) {
		ssize_t done = sendmsg(fd, &m, MSG_NOSIGNAL);

		if (done > 0) {
			return send_all(fd, head + done, sizeof(head) - (size_t)done, deadline);
		}
		if (done < 0 && !is_again(errno)) {
			return HZ_INSPECT_CRASHED;
		}
		enum hz_inspect_reason why = wait_for(fd, POLLOUT, deadline);

		if (why != HZ_INSPECT_KNOWN) {
			return why;
		}
	}
}

/* A question on its way: what was answered stays so when the process fails at the next part. */
struct asking {
	const struct hz_inspect_question *q;
	struct hz_inspect_answer *answer;
	unsigned open;  /* asked, and not answered yet */
	size_t text_at; /* where the text begins in its buffer */
	size_t text_n;  /* bytes of it so far */
	enum hz_err kept;
	int64_t deadline; /* for what is waited for */
	int64_t last;     /* where the deadline may move while text keeps coming */
};

static enum hz_inspect_reason
hear_type(struct hz_inspector *insp, struct asking *k, int64_t deadline)
{
	enum hz_inspect_reason why = receive(insp, HZ_WIRE_TYPE, deadline);

	if (why != HZ_INSPECT_KNOWN) {
		return why;
	}
	k->open &= ~(unsigned)HZ_INSPECT_ASK_TYPE;
	k->answer->known = insp->said.type[0] != '\0';
	k->answer->reason = k->answer->known ? HZ_INSPECT_KNOWN : HZ_INSPECT_UNDETERMINED;
	if (k->answer->known) {
		memcpy(k->answer->type, insp->said.type, sizeof(k->answer->type));
		memcpy(k->answer->charset, insp->said.charset, sizeof(k->answer->charset));
	}
	return HZ_INSPECT_KNOWN;
}

static enum hz_inspect_reason
hear_claims(struct hz_inspector *insp, struct asking *k, int64_t deadline)
{
	enum hz_inspect_reason why = receive(insp, HZ_WIRE_CLAIMS, deadline);

	if (why == HZ_INSPECT_KNOWN) {
		k->open &= ~(unsigned)HZ_INSPECT_ASK_CLAIMS;
		k->answer->claims_reason = HZ_INSPECT_KNOWN;
		k->answer->claims = insp->said.claims;
	}
	return why;
}

/* Hands a part on. What that takes is time of ours, and moves every end of the process's. */
static void
keep_text(struct hz_inspector *insp, struct asking *k)
{
	const struct hz_inspect_question *q = k->q;

	if (q->part == NULL) {
		k->kept = hz_buf_put(q->text, insp->said.text, insp->said.text_len);
		return;
	}
	int64_t before = now_ms();

	if (insp->said.text_len > 0) {
		k->kept = q->part(q->arg, insp->said.text, insp->said.text_len);
	}
	int64_t after = now_ms();

	k->last += after - before;
	k->deadline += after - before;
	insp->waited_ms -= after - before;
	if (k->last > k->deadline) {
		k->deadline =
		    after + HZ_INSPECT_DEADLINE_MS < k->last ? after + HZ_INSPECT_DEADLINE_MS : k->last;
	}
}

static enum hz_inspect_reason
hear_text(struct hz_inspector *insp, struct asking *k)
{
	do {
		enum hz_inspect_reason why = receive(insp, HZ_WIRE_TEXT, k->deadline);

		if (why != HZ_INSPECT_KNOWN) {
			return why;
		}
		if (insp->said.text_len > HZ_INSPECT_TEXT_MAX - k->text_n) {
			return HZ_INSPECT_MALFORMED;
		}
		k->text_n += insp->said.text_len;
		keep_text(insp, k);
		if (k->kept != HZ_OK) {
			return HZ_INSPECT_UNDETERMINED;
		}
	} while (insp->said.state == HZ_INSPECT_TEXT_MORE);
	k->open &= ~(unsigned)HZ_INSPECT_ASK_TEXT;
	k->answer->text_reason = HZ_INSPECT_KNOWN;
	k->answer->text = insp->said.state;
	return HZ_INSPECT_KNOWN;
}

static enum hz_inspect_reason
ask(struct hz_inspector *insp, struct asking *k)
{
	const struct hz_inspect_question *q = k->q;
	int64_t deadline = k->deadline;
	struct hz_wire_request w = { q->asked, q->fd >= 0, q->size, q->bytes, q->n };
	int64_t began = now_ms();
	enum hz_inspect_reason why = send_head(insp->fd, &w, q->fd, deadline);

	if (why == HZ_INSPECT_KNOWN) {
		why = send_all(insp->fd, q->bytes, q->n, deadline);
	}
	if (why == HZ_INSPECT_KNOWN && (q->asked & HZ_INSPECT_ASK_TYPE) != 0) {
		why = hear_type(insp, k, deadline);
	}
	if (why == HZ_INSPECT_KNOWN && (q->asked & HZ_INSPECT_ASK_CLAIMS) != 0) {
		why = hear_claims(insp, k, deadline);
	}
	if (why == HZ_INSPECT_KNOWN && (q->asked & HZ_INSPECT_ASK_TEXT) != 0) {
		why = hear_text(insp, k);
	}
	insp->waited_ms += now_ms() - began;
	insp->served++;
	return why;
}

/* As if nothing had been answered. */
static void
begin(struct asking *k)
{
	static const struct hz_inspect_answer nothing = { .reason = HZ_INSPECT_UNDETERMINED,
		.type = "unknown",
		.claims_reason = HZ_INSPECT_UNDETERMINED,
		.text_reason = HZ_INSPECT_UNDETERMINED,
		.text = HZ_INSPECT_TEXT_NONE };

	*k->answer = nothing;
	k->open = k->q->asked;
	k->text_n = 0;
	if (k->q->text != NULL) {
		k->q->text->len = k->text_at;
	}
}

/* Asks; after a crash of a process that had served before, once more in a fresh one: the answer about
 * a file must not depend on the files before it. */
static enum hz_inspect_reason
ask_twice(struct hz_inspector *insp, struct asking *k)
{
	k->deadline = now_ms() + HZ_INSPECT_DEADLINE_MS;
	k->last = k->deadline;
	for (;;) {
		begin(k);
		enum hz_inspect_reason why = ready(insp, k->deadline);

		if (why != HZ_INSPECT_KNOWN) {
			return why;
		}
		bool fresh = insp->served == 0;

		k->answer->level = insp->level;
		why = ask(insp, k);
		if (why == HZ_INSPECT_KNOWN) {
			insp->ask_fails = 0;
			return why;
		}
		stop(insp);
		/* What has been handed on cannot be taken back: then it is not asked again either. */
		bool given = k->q->part != NULL && k->text_n > 0;

		if (k->kept != HZ_OK || why == HZ_INSPECT_TIMEOUT || fresh || given) {
			if (++insp->ask_fails >= HZ_INSPECT_ASK_FAILS_MAX) {
				insp->over = HZ_INSPECT_GAVE_UP;
			}
			return why;
		}
	}
}

/* What was not answered gets the reason. */
static void
unanswered(const struct asking *k, enum hz_inspect_reason why)
{
	if ((k->open & HZ_INSPECT_ASK_TYPE) != 0) {
		k->answer->reason = why;
	}
	if ((k->open & HZ_INSPECT_ASK_CLAIMS) != 0) {
		k->answer->claims_reason = why;
	}
	if ((k->open & HZ_INSPECT_ASK_TEXT) != 0) {
		k->answer->text_reason = why;
	}
	if (k->q->text != NULL && k->answer->text_reason != HZ_INSPECT_KNOWN) {
		k->q->text->len = k->text_at;
	}
}

HZ_RESULT
hz_inspector_ask(
    struct hz_inspector *insp, const struct hz_inspect_question *q, struct hz_inspect_answer *ret_answer)
{
	bool wants_text = (q->asked & HZ_INSPECT_ASK_TEXT) != 0;
	struct hz_inspect_answer answer;
	struct asking k = { .q = q, .answer = &answer, .text_at = q->text != NULL ? q->text->len : 0 };

	hz_assert(q->asked != 0 && (q->asked & ~(unsigned)HZ_INSPECT_ASK_ALL) == 0);
	hz_assert(wants_text == ((q->text != NULL) != (q->part != NULL)));
	if (q->n > HZ_INSPECT_DATA_MAX || q->n > q->size) {
		return hz_fail(HZ_MSG_LIMIT, "%zu bytes to inspect", q->n);
	}
	enum hz_inspect_reason why = ask_twice(insp, &k);

	if (why != HZ_INSPECT_KNOWN) {
		unanswered(&k, why);
	}
	if (k.kept != HZ_OK) {
		return k.kept;
	}
	*ret_answer = answer;
	return HZ_OK;
}

HZ_RESULT
hz_inspector_pdf(
    struct hz_inspector *insp, const struct hz_inspect_question *q, struct hz_inspect_answer *ret_answer)
{
	static char for_claims[] = "--pdf-claims", for_text[] = "--pdf-text";
	bool text = (q->asked & HZ_INSPECT_ASK_TEXT) != 0;
	struct hz_inspect_question plain = *q;
	struct hz_inspect_answer answer;
	struct asking k = { .q = &plain, .answer = &answer, .text_at = q->text != NULL ? q->text->len : 0 };
	struct hz_inspector *one = calloc(1, sizeof(*one));

	if (one == NULL) {
		return hz_fail(HZ_MSG_NOMEM, "inspector");
	}
	plain.asked = q->asked | HZ_INSPECT_ASK_CLAIMS;
	plain.n = 0;
	plain.bytes = "";
	plain.size = HZ_INSPECT_SIZE_UNKNOWN;
	plain.fd = -1;
	one->program = insp->program;
	one->allow_unsandboxed = insp->allow_unsandboxed;
	one->argument = text ? for_text : for_claims;
	one->fd = -1;
	one->passed = fcntl(q->fd, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
	begin(&k);

	enum hz_inspect_reason why = hz_inspect_pdf_here() ? insp->over : HZ_INSPECT_UNDETERMINED;

	k.deadline = now_ms() + HZ_INSPECT_DEADLINE_MS;
	k.last = text ? now_ms() + HZ_INSPECT_PDF_MS : k.deadline;
	if (one->passed < 0) {
		why = HZ_INSPECT_NO_START;
	}
	if (why == HZ_INSPECT_KNOWN) {
		why = ready(one, k.deadline);
	}
	if (why == HZ_INSPECT_KNOWN) {
		answer.level = one->level;
		why = ask(one, &k);
	}
	if (why != HZ_INSPECT_KNOWN) {
		unanswered(&k, why);
	}
	stop(one);
	hz_fd_close(&one->passed);
	free(one);
	if (k.kept != HZ_OK) {
		return k.kept;
	}
	*ret_answer = answer;
	return HZ_OK;
}

HZ_RESULT
hz_inspector_type(
    struct hz_inspector *insp, const void *bytes, size_t n, struct hz_inspect_answer *ret_answer)
{
	const struct hz_inspect_question q = { .asked = HZ_INSPECT_ASK_TYPE,
		.bytes = bytes,
		.n = n,
		.size = HZ_INSPECT_SIZE_UNKNOWN,
		.fd = -1 };

	return hz_inspector_ask(insp, &q, ret_answer);
}

enum hz_sandbox_level
hz_inspector_level(struct hz_inspector *insp)
{
	if (ready(insp, now_ms() + HZ_INSPECT_DEADLINE_MS) != HZ_INSPECT_KNOWN) {
		return HZ_SANDBOX_NONE;
	}
	return insp->level;
}
