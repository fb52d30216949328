#include "inspect/pdf.h"

#include "base/enc.h"
#include "base/fd.h"
#include "sandbox/sandbox.h"
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define LINES_MAX   65536 /* bytes of pdfinfo */
#define VERSION_MAX 256
#define BLOCK       32768

/* --- starting ---------------------------------------------------------------------------------------------
 */

/* A pipe whose ends are above 2 and go with this process. */
static bool
make_pipe(int ends[static 2])
{
	return pipe2(ends, O_CLOEXEC) == 0;
}

static pid_t
start(const struct hz_sandbox_tool *tool, int *ret_out)
{
	struct hz_sandbox_tool t = *tool;
	int ends[2];

	if (!make_pipe(ends)) {
		return -1;
	}
	pid_t pid = fork();

	if (pid == 0) {
		t.out = ends[1];
		hz_sandbox_run(&t);
	}
	close(ends[1]);
	if (pid < 0) {
		close(ends[0]);
		return -1;
	}
	*ret_out = ends[0];
	return pid;
}

void
hz_pdf_begin(struct hz_pdf *p, int file, bool text)
{
	static char name_text[] = "pdftotext", name_info[] = "pdfinfo", quiet[] = "-q", enc[] = "-enc",
		    utf8[] = "UTF-8", dates[] = "-isodates", dash[] = "-", version[] = "-v";
	static char *const text_args[] = { name_text, quiet, enc, utf8, dash, dash, NULL };
	static char *const version_args[] = { name_text, version, NULL };
	static char *const info_args[] = { name_info, dates, enc, utf8, dash, NULL };
	const struct hz_sandbox_tool info = { HZ_TOOL_PDFINFO, info_args, file, -1, false };
	const struct hz_sandbox_tool words = { HZ_TOOL_PDFTOTEXT, text_args, file, -1, false };
	const struct hz_sandbox_tool about = { HZ_TOOL_PDFTOTEXT, version_args, -1, -1, true };

	*p = (struct hz_pdf){ .wants_text = text, .out = -1, .version = -1 };
	p->pid = start(text ? &words : &info, &p->out);
	if (text) {
		(void)start(&about, &p->version);
	}
}

/* --- claims -----------------------------------------------------------------------------------------------
 */

/* The value of a line "Key:   value"; NULL where the line has another key. */
static const char *
value_of(const char *line, size_t n, const char *key, size_t *ret_n)
{
	size_t k = strlen(key);

	if (n <= k || memcmp(line, key, k) != 0 || line[k] != ':') {
		return NULL;
	}
	for (k++; k < n && line[k] == ' '; k++) {
	}
	*ret_n = n - k;
	return line + k;
}

static void
take_line(const char *line, size_t n, struct hz_claims *c, uint64_t *pages)
{
	static const struct {
		const char *key;
		enum hz_claim_key claim;
		bool time;
	} keys[] = {
		{ "Title", HZ_CLAIM_DOC_TITLE, false },
		{ "Subject", HZ_CLAIM_DOC_SUBJECT, false },
		{ "Author", HZ_CLAIM_DOC_AUTHOR, false },
		{ "Creator", HZ_CLAIM_DOC_TOOL, false },
		{ "Producer", HZ_CLAIM_DOC_PRODUCER, false },
		{ "CreationDate", HZ_CLAIM_DOC_TIME_CREATED, true },
		{ "ModDate", HZ_CLAIM_DOC_TIME_MODIFIED, true },
	};
	size_t len = 0;
	const char *v;

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		v = value_of(line, n, keys[i].key, &len);
		if (v != NULL && keys[i].time) {
			hz_claims_add_time(c, keys[i].claim, v, len);
		} else if (v != NULL) {
			hz_claims_add_text(c, keys[i].claim, v, len);
		}
	}
	v = value_of(line, n, "Pages", &len);
	if (v != NULL && len < 10) {
		HZ_IGNORE(hz_parse_u64(v, len, UINT32_MAX, pages)); /* no number: as it was */
	}
	v = value_of(line, n, "Encrypted", &len);
	if (v != NULL && len >= 3 && memcmp(v, "yes", 3) == 0) {
		hz_claims_add(c, HZ_CLAIM_DOC_ENCRYPTED, "yes");
	}
}

void
hz_pdf_lines(const char *p, size_t n, struct hz_claims *c)
{
	uint64_t pages = UINT64_MAX;
	const char *end = p + n;

	while (p < end) {
		const char *stop = memchr(p, '\n', (size_t)(end - p));
		size_t len = stop != NULL ? (size_t)(stop - p) : (size_t)(end - p);

		take_line(p, len, c, &pages);
		p += len + (stop != NULL);
	}
	/* The last: a title may have lines that look like others, and stands before. */
	if (pages != UINT64_MAX) {
		hz_claims_add_number(c, HZ_CLAIM_DOC_PAGES, pages);
	}
}

/* Up to n bytes of what a tool prints. */
static size_t
read_some(int fd, char *to, size_t n)
{
	size_t got = 0;

	if (fd < 0 || hz_fd_read_full(fd, to, n, &got) != HZ_OK) {
		return 0;
	}
	return got;
}

void
hz_pdf_claims(struct hz_pdf *p, struct hz_claims *c)
{
	static const char words[] = " version ";

	if (p->wants_text) {
		char line[VERSION_MAX];
		size_t n = read_some(p->version, line, sizeof(line));
		const char *end = memchr(line, '\n', n);

		n = end != NULL ? (size_t)(end - line) : n;
		char *cut = memmem(line, n, words, sizeof(words) - 1);

		if (cut != NULL) { /* "pdftotext version 22.12.0" */
			size_t tail = n - (size_t)(cut - line) - (sizeof(words) - 1);

			memmove(cut + 1, cut + sizeof(words) - 1, tail);
			hz_claims_add_text(c, HZ_CLAIM_DOC_TEXT_TOOL, line, (size_t)(cut - line) + 1 + tail);
		}
		hz_fd_close(&p->version);
		return;
	}
	char *lines = malloc(LINES_MAX);

	if (lines != NULL) {
		hz_pdf_lines(lines, read_some(p->out, lines, LINES_MAX), c);
	}
	free(lines);
	hz_fd_close(&p->out);
}

/* --- text -------------------------------------------------------------------------------------------------
 */

/* keep[0]: how many bytes of E2 80 were at the end of the last piece. */
size_t
hz_pdf_strip(char *p, size_t n, uint8_t keep[static 3])
{
	size_t to = 0;

	hz_assert(keep[0] == 0);
	for (size_t i = 0; i < n;) {
		const uint8_t *b = (const uint8_t *)p + i;

		if (b[0] == 0xE2 && n - i < 3 && (n - i < 2 || b[1] == 0x80)) {
			keep[0] = (uint8_t)(n - i);
			memcpy(keep + 1, b, n - i);
			break;
		}
		if (b[0] == 0xE2 && b[1] == 0x80 && b[2] >= 0xAA && b[2] <= 0xAE) {
			i += 3;
			continue;
		}
		p[to++] = p[i++];
	}
	return to;
}

/* Pieces until the tool closes its end or nothing more is taken. True: it closed. */
static bool
copy_text(struct hz_pdf *p, struct hz_text *t)
{
	char block[BLOCK + 2];
	uint8_t keep[3] = { 0 };

	for (;;) {
		size_t before = keep[0];

		memcpy(block, keep + 1, before);
		keep[0] = 0;
		ssize_t n = read(p->out, block + before, BLOCK);

		if (n < 0 && errno == EINTR) {
			memcpy(keep + 1, block, before);
			keep[0] = (uint8_t)before;
			continue;
		}
		if (n <= 0) {
			return hz_text_put(t, block, before) && n == 0;
		}
		size_t left = hz_pdf_strip(block, before + (size_t)n, keep);

		if (!hz_text_put(t, block, left)) {
			return false;
		}
	}
}

enum hz_inspect_text
hz_pdf_text(struct hz_pdf *p, struct hz_text *t)
{
	int status = 0;

	if (p->out < 0) {
		return HZ_INSPECT_TEXT_NONE;
	}
	bool all = copy_text(p, t);

	hz_fd_close(&p->out);
	/* Without its reader it ends by itself; its time is limited. */
	while (waitpid(p->pid, &status, 0) < 0 && errno == EINTR) {
	}
	all = all && WIFEXITED(status) && WEXITSTATUS(status) == 0;
	if (t->put == 0) {
		return HZ_INSPECT_TEXT_NONE;
	}
	return all ? HZ_INSPECT_TEXT_ALL : HZ_INSPECT_TEXT_CUT;
}
