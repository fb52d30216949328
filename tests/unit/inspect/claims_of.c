/* claims_of INSPECT [FILE...]: asks hirz-inspect about each file as hirz does, and prints one line of JSON
 * for each:
 * {"claims":{...},"claims_reason":...,"file":...,"level":...,"text":...,"type":...,"us":...}. Without files
 * the names come one on each line of the standard input. Exit 1 where a file cannot be read. */
#include "base/fd.h"
#include "codec/json.h"
#include "sandbox/sandbox.h"
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static const char *const states[] = { "more", "all", "cut", "none" };

static uint64_t
now_us(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * 1000000 + (uint64_t)ts.tv_nsec / 1000;
}

static bool
print(const char *file, const struct hz_inspect_answer *a, const struct hz_buf *text, uint64_t us)
{
	struct hz_buf out = HZ_BUF_INIT((size_t)128 << 20);
	struct hz_jw w;

	hz_jw_begin(&w, &out);
	hz_jw_obj(&w, NULL);
	hz_jw_obj(&w, "claims");
	for (size_t i = 0; i < a->claims.n; i++) {
		hz_jw_str(&w, hz_claim_name(a->claims.list[i].key), a->claims.list[i].value);
	}
	hz_jw_obj_end(&w);
	hz_jw_str(&w, "claims_reason", hz_inspect_reason_word(a->claims_reason));
	hz_jw_str(&w, "file", file);
	hz_jw_str(&w, "level", hz_sandbox_level_word(a->level));
	hz_jw_strn(&w, "text", text->p, text->len);
	hz_jw_str(&w, "text_state", states[a->text]);
	hz_jw_str(&w, "type", a->type);
	hz_jw_str(&w, "type_reason", hz_inspect_reason_word(a->reason));
	hz_jw_int(&w, "us", us);
	hz_jw_obj_end(&w);
	bool ok = hz_jw_end(&w) == HZ_OK && hz_buf_putc(&out, '\n') == HZ_OK &&
		  fwrite(out.p, 1, out.len, stdout) == out.len;

	hz_buf_done(&out);
	return ok;
}

static bool
one(struct hz_inspector *insp, const char *file, struct hz_buf *text)
{
	static uint8_t head[HZ_INSPECT_DATA_MAX];
	static struct hz_inspect_answer a;
	struct stat st;
	size_t n = 0;
	int fd = open(file, O_RDONLY | O_CLOEXEC);
	bool ok = fd >= 0 && fstat(fd, &st) == 0 && hz_fd_pread_full(fd, head, sizeof(head), 0, &n) == HZ_OK;

	if (ok) {
		struct hz_inspect_question q = { .asked = HZ_INSPECT_ASK_ALL,
			.bytes = head,
			.n = n,
			.size = (uint64_t)st.st_size,
			.fd = (uint64_t)st.st_size > n ? fd : -1,
			.text = text };
		uint64_t began = now_us();

		hz_buf_clear(text);
		ok = hz_inspector_ask(insp, &q, &a) == HZ_OK && print(file, &a, text, now_us() - began);
	}
	hz_fd_close(&fd);
	if (!ok) {
		(void)fprintf(stderr, "%s: cannot be asked about\n", file);
	}
	return ok;
}

int
main(int argc, char **argv)
{
	struct hz_buf text = HZ_BUF_INIT(HZ_INSPECT_TEXT_MAX);
	struct hz_inspector *insp = NULL;
	char line[4096];
	bool ok = true;

	if (argc < 2 || hz_inspector_new(argv[1], false, &insp) != HZ_OK) {
		(void)fprintf(stderr, "usage: %s INSPECT [FILE...]\n", argv[0]);
		return 2;
	}
	for (int i = 2; i < argc; i++) {
		ok = one(insp, argv[i], &text) && ok;
	}
	while (argc == 2 && fgets(line, sizeof(line), stdin) != NULL) {
		line[strcspn(line, "\n")] = '\0';
		ok = one(insp, line, &text) && ok;
		(void)fflush(stdout);
	}
	hz_inspector_free(&insp);
	hz_buf_done(&text);
	return ok ? 0 : 1;
}
