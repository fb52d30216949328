#include "door/progress.h"
#include "base/enc.h"
#include "tests.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SECOND INT64_C(1000000000)

static void
expect_line(const struct hz_progress *p, int64_t now, unsigned columns, const char *want)
{
	struct hz_buf out = HZ_BUF_INIT(4096);
	const char *s = NULL;

	assert_int_equal(hz_progress_line(p, now, columns, &out), HZ_OK);
	assert_int_equal(hz_buf_cstr(&out, &s), HZ_OK);
	assert_string_equal(s, want);
	hz_buf_done(&out);
}

static void
one_line(void **state)
{
	struct hz_door door;
	struct hz_progress p;

	(void)state;
	door_begin(&door, "");
	hz_progress_begin(&p, &door, "add", "Reading", 214, (uint64_t)214 << 20);
	p.start_ns = 0;
	p.done = 107;
	p.bytes_done = (uint64_t)107 << 20;
	expect_line(&p, 107 * SECOND, 0,
	    "Reading  50 %  107\xc2\xa0MiB of 214\xc2\xa0MiB  107 of 214  1.0\xc2\xa0MiB/s  about 1 min 47 s left");
	expect_line(&p, 107 * SECOND, 120,
	    "[############............]  50 %  107\xc2\xa0MiB of 214\xc2\xa0MiB  107 of 214  1.0\xc2\xa0MiB/s  "
	    "about 1 min 47 s left");
	expect_line(&p, 107 * SECOND, 20, "Reading  50 %  107\xc2\xa0");
	p.done = 300; /* more than was announced */
	p.bytes_done = (uint64_t)300 << 20;
	expect_line(&p, 300 * SECOND, 0,
	    "Reading 100 %  300\xc2\xa0MiB of 214\xc2\xa0MiB  300 of 214  1.0\xc2\xa0MiB/s");
	door_end(&door);

	door_begin(&door, "");
	hz_progress_begin(&p, &door, "add", "Reading", 0, 0);
	expect_line(&p, p.start_ns, 80, "Reading");
	p.done = 3;
	expect_line(&p, p.start_ns, 80, "Reading  3");
	door_end(&door);
}

static void
ways(void **state)
{
	static const struct {
		bool json, quiet, tty, accessible;
		int64_t past;
		const char *out, *err;
	} rows[] = {
		{ false, false, false, false, 29 * SECOND, NULL, NULL },
		{ false, false, false, false, 31 * SECOND, NULL, "hirz: Reading  50 %  1 of 2" },
		{ false, false, true, false, SECOND / 20, NULL, NULL },
		{ false, false, true, false, SECOND / 5, NULL, "\r\x1b[K" },
		{ false, false, true, true, SECOND, NULL, NULL },
		{ false, false, true, true, 31 * SECOND, NULL, "hirz: Reading  50 %" },
		{ true, false, true, false, SECOND / 2, NULL, NULL },
		{ true, false, true, false, 2 * SECOND,
		    "{\"v\":1,\"type\":\"progress\",\"op\":\"add\",\"done\":1,\"total\":2,\"bytes_done\":0",
		    NULL },
		{ false, true, true, false, 60 * SECOND, NULL, NULL },
		{ true, true, true, false, 60 * SECOND, NULL, NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct hz_door door;
		struct hz_progress p;
		door_begin(&door, "");
		door.json = rows[i].json;
		door.quiet = rows[i].quiet;
		door.tty[STDERR_FILENO] = rows[i].tty;
		door.accessible = rows[i].accessible;
		door.dumb = false;
		hz_progress_begin(&p, &door, "add", "Reading", 2, 0);
		p.last_ns -= rows[i].past;
		hz_progress_at(&p, 1, 0);
		hz_progress_end(&p);
		char *out = written(&door.out);
		char *err = written(&door.err);
		if (rows[i].out == NULL) {
			assert_string_equal(out, "");
		} else {
			assert_memory_equal(out, rows[i].out, strlen(rows[i].out));
		}
		if (rows[i].err == NULL) {
			assert_string_equal(err, "");
		} else {
			assert_memory_equal(err, rows[i].err, strlen(rows[i].err));
		}
		free(out);
		free(err);
		door_end(&door);
	}
}

static void
asked_by_signal(void **state)
{
	struct hz_door door;
	struct hz_progress p;

	(void)state;
	hz_progress_signals();
	door_begin(&door, "");
	door.quiet = true; /* whoever asks is told even so */
	hz_progress_begin(&p, &door, "add", "Reading", 2, 0);
	assert_int_equal(raise(SIGUSR1), 0);
	hz_progress_at(&p, 1, 0);
	hz_progress_at(&p, 2, 0);
	hz_progress_end(&p);
	char *s = written(&door.err);
	assert_string_equal(s, "hirz: Reading  50 %  1 of 2\n");
	free(s);
	door_end(&door);
	(void)signal(SIGUSR1, SIG_DFL);
}

const struct CMUnitTest progress_tests[] = {
	cmocka_unit_test(one_line),
	cmocka_unit_test(ways),
	cmocka_unit_test(asked_by_signal),
};
const size_t progress_count = sizeof progress_tests / sizeof progress_tests[0];
