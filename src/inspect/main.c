/* hirz-inspect: reads hostile bytes, holds no key, and can reach nothing but its socket. */
#include "base/fd.h"
#include "inspect/document.h"
#include "inspect/media.h"
#include "inspect/pdf.h"
#include "inspect/text.h"
#include "inspect/type.h"
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

static const char help[] =
    "hirz-inspect answers hirz's questions about files, inside a sandbox.\n"
    "It is started by hirz, with a socket as standard input and output; it has no use by hand.\n"
    "\n"
    "  --help        this text\n"
    "  --version     the version\n"
    "  --pdf-claims  one PDF, open as descriptor 3: what pdfinfo says\n"
    "  --pdf-text    the same: what pdftotext says\n";

static int
say(int fd, const char *text, int status)
{
	return hz_fd_write_all(fd, text, strlen(text)) == HZ_OK ? status : EXIT_FAILURE;
}

/* Both descriptors are the same socket. */
static bool
has_socket(void)
{
	struct stat in, out;

	return fstat(STDIN_FILENO, &in) == 0 && fstat(STDOUT_FILENO, &out) == 0 && S_ISSOCK(in.st_mode) &&
	       S_ISSOCK(out.st_mode) && in.st_dev == out.st_dev && in.st_ino == out.st_ino;
}

/* What one process needs for all its questions; nothing is asked of the system for later. */
struct room {
	struct hz_typer *typer;
	struct hz_pdf *pdf; /* a process for one file alone: NULL otherwise */
	enum hz_sandbox_level level;
	struct hz_buf in, out;
	uint8_t *window;
	struct hz_wire_answer a;
	struct hz_text text;
};

/* The first bytes of a message: with them may come a descriptor. -1 where none did, or where anything is odd
 * about it: then the head is all there is to read. *ret_got is 0 at the end of the conversation. */
static enum hz_err
receive_head(uint8_t *head, size_t n, size_t *ret_got, int *ret_source)
{
	union {
		char room[CMSG_SPACE(sizeof(int))];
		struct cmsghdr align;
	} control = { 0 };
	struct iovec iov = { .iov_len = n };
	struct msghdr m = { .msg_iov = &iov,
		.msg_iovlen = 1,
		.msg_control = control.room,
		.msg_controllen = sizeof(control.room) };
	ssize_t got;

	iov.iov_base = head;
	do {
		got = recvmsg(STDIN_FILENO, &m, MSG_CMSG_CLOEXEC);
	} while (got < 0 && errno == EINTR);
	if (got < 0) {
		return hz_fail_sys(HZ_MSG_IO, errno, "request");
	}
	struct cmsghdr *c = CMSG_FIRSTHDR(&m);

	if (c != NULL && c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_RIGHTS &&
	    c->cmsg_len == CMSG_LEN(sizeof(int))) {
		memcpy(ret_source, CMSG_DATA(c), sizeof(int));
	}
	*ret_got = (size_t)got;
	return HZ_OK;
}

/* One whole message into p; *ret_n 0 at the end of the conversation. */
static enum hz_err
read_request(uint8_t *p, size_t *ret_n, int *ret_source)
{
	uint8_t head[HZ_WIRE_LEN];
	size_t got = 0, more = 0, n = 0;
	enum hz_err err = receive_head(head, sizeof(head), &got, ret_source);

	if (err != HZ_OK || got == 0) {
		*ret_n = 0;
		return err;
	}
	if ((err = hz_fd_read_full(STDIN_FILENO, head + got, sizeof(head) - got, &more)) != HZ_OK) {
		return err;
	}
	if (got + more < sizeof(head)) {
		return hz_fail(HZ_MSG_FORMAT, "request cut short");
	}
	if ((err = hz_wire_length(head, HZ_WIRE_REQUEST_HEAD, HZ_WIRE_REQUEST_MAX, &n)) != HZ_OK ||
	    (err = hz_fd_read_full(STDIN_FILENO, p, n, &got)) != HZ_OK) {
		return err;
	}
	if (got < n) {
		return hz_fail(HZ_MSG_FORMAT, "request cut short");
	}
	*ret_n = n;
	return HZ_OK;
}

static enum hz_err
write_answer(struct room *r, enum hz_wire_kind kind)
{
	r->a.kind = kind;
	r->a.level = r->level;
	hz_buf_clear(&r->out);
	enum hz_err err = hz_wire_answer_put(&r->out, &r->a);

	return err != HZ_OK ? err : hz_fd_write_all(STDOUT_FILENO, r->out.p, r->out.len);
}

static enum hz_err
write_part(void *arg, const uint8_t *p, size_t n)
{
	struct room *r = arg;

	r->a.state = HZ_INSPECT_TEXT_MORE;
	r->a.text = p;
	r->a.text_len = n;
	return write_answer(r, HZ_WIRE_TEXT);
}

static enum hz_err
write_text(struct room *r, struct hz_source *s)
{
	hz_text_begin(&r->text, write_part, r);
	enum hz_inspect_text state = r->pdf != NULL ? hz_pdf_text(r->pdf, &r->text)
						    : hz_document_text(s, r->a.type, r->a.charset, &r->text);
	enum hz_err err = hz_text_end(&r->text);

	if (err != HZ_OK) {
		return err;
	}
	r->a.state = r->text.cut ? HZ_INSPECT_TEXT_CUT : state;
	r->a.text = NULL;
	r->a.text_len = 0;
	return write_answer(r, HZ_WIRE_TEXT);
}

/* All answers to one request. Each goes out before the next parser begins: what this one did is not lost when
 * that one dies. */
static enum hz_err
answer(struct room *r, const struct hz_wire_request *q, int source)
{
	struct hz_source s;
	enum hz_err err = HZ_OK;

	/* The type is what the other two go by, asked for or not. */
	if (r->pdf == NULL) {
		hz_typer_ask(r->typer, q->data, q->n, &r->a);
	}
	if ((q->asked & HZ_INSPECT_ASK_TYPE) != 0) {
		err = write_answer(r, HZ_WIRE_TYPE);
	}
	hz_source_begin(&s, q->data, q->n, q->has_source ? source : -1, q->size, r->window);
	if (err == HZ_OK && (q->asked & HZ_INSPECT_ASK_CLAIMS) != 0) {
		r->a.claims.n = 0;
		if (r->pdf != NULL) {
			hz_pdf_claims(r->pdf, &r->a.claims);
		} else {
			hz_inspect_claims(&s, r->a.type, &r->a.claims);
			hz_document_claims(&s, r->a.type, r->a.charset, &r->a.claims);
		}
		err = write_answer(r, HZ_WIRE_CLAIMS);
	}
	if (err == HZ_OK && (q->asked & HZ_INSPECT_ASK_TEXT) != 0) {
		err = write_text(r, &s);
	}
	return err;
}

/* Requests and answers until the other side closes. */
static enum hz_err
serve(struct room *r)
{
	struct hz_wire_request q;
	enum hz_err err = write_answer(r, HZ_WIRE_GREETING);

	while (err == HZ_OK) {
		size_t n = 0;
		int source = -1;

		err = read_request(r->in.p, &n, &source);
		if (err == HZ_OK && n == 0) {
			break;
		}
		if (err == HZ_OK && (err = hz_wire_request_get(r->in.p, n, &q)) == HZ_OK) {
			err = answer(r, &q, source);
		}
		hz_fd_close(&source);
	}
	return err;
}

/* What a process for many files loads before the walls stand. */
static enum hz_err
load(struct room *r)
{
	enum hz_err err = hz_typer_new(&r->typer);

	return err != HZ_OK ? err : hz_document_prepare();
}

static int
run(struct room *r)
{
	const int pipes[] = { r->pdf != NULL ? r->pdf->out : -1, r->pdf != NULL ? r->pdf->version : -1 };
	const struct hz_sandbox_profile many = { HZ_SANDBOX_PARSER, NULL, 0, HZ_INSPECT_MEMORY,
		HZ_INSPECT_CPU_S };
	const struct hz_sandbox_profile one = { HZ_SANDBOX_COLLECTOR, pipes, 2, HZ_INSPECT_MEMORY,
		HZ_INSPECT_CPU_S };
	uint8_t *place = NULL;

	r->window = aligned_alloc(HZ_SOURCE_PAGE, HZ_SOURCE_WINDOW);
	if (r->window == NULL || hz_buf_room(&r->in, HZ_WIRE_REQUEST_MAX, &place) != HZ_OK ||
	    (r->pdf == NULL && load(r) != HZ_OK)) {
		(void)fprintf(stderr, "hirz-inspect: %s\n", hz_fail_detail());
		return EXIT_FAILURE;
	}
	r->level = hz_sandbox_enter(r->pdf != NULL ? &one : &many);
	return serve(r) == HZ_OK ? EXIT_SUCCESS : EXIT_FAILURE;
}

int
main(int argc, char **argv)
{
	static struct room r = { .in = HZ_BUF_INIT(HZ_WIRE_REQUEST_MAX),
		.out = HZ_BUF_INIT(HZ_WIRE_LEN + HZ_WIRE_ANSWER_MAX) };
	static struct hz_pdf pdf;

	hz_fd_fill_std();
	hz_process_harden();
	if (argc == 2 && strcmp(argv[1], "--help") == 0) {
		return say(STDOUT_FILENO, help, EXIT_SUCCESS);
	}
	if (argc == 2 && strcmp(argv[1], "--version") == 0) {
		return say(STDOUT_FILENO, "hirz-inspect " HZ_PROGRAM_VERSION "\n", EXIT_SUCCESS);
	}
	bool text = argc == 2 && strcmp(argv[1], "--pdf-text") == 0;

	if (argc > 1 && !text && (argc > 2 || strcmp(argv[1], "--pdf-claims") != 0)) {
		return say(STDERR_FILENO, "hirz-inspect: unknown argument; see --help\n", 2);
	}
	if (!has_socket()) {
		return say(STDERR_FILENO, "hirz-inspect: started without a socket; hirz starts it\n", 2);
	}
	/* Should hirz die while a hostile file has us in its hands, nobody is left who kills us. */
	(void)prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
	if (argc == 2) {
		hz_pdf_begin(&pdf, STDERR_FILENO + 1, text);
		r.pdf = &pdf;
	}
	/* No exit handlers: inside the sandbox there is nothing left that they could do. */
	_exit(run(&r));
}
