/* hirz-inspect: reads hostile bytes, holds no key, and can reach nothing but its socket. */
#include "base/fd.h"
#include "inspect/type.h"
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

static const char help[] =
    "hirz-inspect answers hirz's questions about the first bytes of files, inside a sandbox.\n"
    "It is started by hirz, with a socket as standard input and output; it has no use by hand.\n"
    "\n"
    "  --help      this text\n"
    "  --version   the version\n";

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

/* One whole message into p; *ret_n 0 at the end of the conversation. */
static enum hz_err
read_request(uint8_t *p, size_t *ret_n)
{
	uint8_t head[HZ_WIRE_LEN];
	size_t got = 0, n = 0;
	enum hz_err err = hz_fd_read_full(STDIN_FILENO, head, sizeof(head), &got);

	if (err != HZ_OK) {
		return err;
	}
	if (got == 0) {
		*ret_n = 0;
		return HZ_OK;
	}
	if (got < sizeof(head)) {
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
write_answer(struct hz_buf *out, const struct hz_wire_answer *a)
{
	hz_buf_clear(out);
	enum hz_err err = hz_wire_answer_put(out, a);

	return err != HZ_OK ? err : hz_fd_write_all(STDOUT_FILENO, out->p, out->len);
}

/* Requests and answers until the other side closes. */
static enum hz_err
serve(struct hz_typer *typer, enum hz_sandbox_level level, struct hz_buf *in, struct hz_buf *out)
{
	struct hz_wire_answer a = { HZ_WIRE_GREETING, level, "", "" };
	struct hz_wire_request q;
	size_t n = 0;
	enum hz_err err = write_answer(out, &a);

	a.kind = HZ_WIRE_TYPE;
	while (err == HZ_OK) {
		err = read_request(in->p, &n);
		if (err != HZ_OK || n == 0) {
			break;
		}
		err = hz_wire_request_get(in->p, n, &q);
		if (err == HZ_OK) {
			hz_typer_ask(typer, q.data, q.n, &a);
			err = write_answer(out, &a);
		}
	}
	return err;
}

static int
run(void)
{
	static const struct hz_sandbox_profile profile = { HZ_SANDBOX_PARSER, NULL, 0, HZ_INSPECT_MEMORY,
		HZ_INSPECT_CPU_S };
	struct hz_buf in = HZ_BUF_INIT(HZ_WIRE_REQUEST_MAX);
	struct hz_buf out = HZ_BUF_INIT(HZ_WIRE_LEN + HZ_WIRE_ANSWER_MAX);
	struct hz_typer *typer = NULL;
	uint8_t *room = NULL;

	/* Should hirz die while a hostile file has us in its hands, nobody is left who kills us. */
	(void)prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
	if (hz_typer_new(&typer) != HZ_OK || hz_buf_room(&in, HZ_WIRE_REQUEST_MAX, &room) != HZ_OK) {
		(void)fprintf(stderr, "hirz-inspect: %s\n", hz_fail_detail());
		return EXIT_FAILURE;
	}
	enum hz_sandbox_level level = hz_sandbox_enter(&profile);

	return serve(typer, level, &in, &out) == HZ_OK ? EXIT_SUCCESS : EXIT_FAILURE;
}

int
main(int argc, char **argv)
{
	hz_fd_fill_std();
	hz_process_harden();
	if (argc == 2 && strcmp(argv[1], "--help") == 0) {
		return say(STDOUT_FILENO, help, EXIT_SUCCESS);
	}
	if (argc == 2 && strcmp(argv[1], "--version") == 0) {
		return say(STDOUT_FILENO, "hirz-inspect " HZ_PROGRAM_VERSION "\n", EXIT_SUCCESS);
	}
	if (argc > 1) {
		return say(STDERR_FILENO, "hirz-inspect: unknown argument; see --help\n", 2);
	}
	if (!has_socket()) {
		return say(STDERR_FILENO, "hirz-inspect: started without a socket; hirz starts it\n", 2);
	}
	/* No exit handlers: inside the sandbox there is nothing left that they could do. */
	_exit(run());
}
