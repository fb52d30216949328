#include "tests.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define MOST 100

static int
memory_file(void)
{
	int fd = memfd_create("out", MFD_CLOEXEC);

	assert_true(fd >= 0);
	return fd;
}

void
door_begin(struct hz_door *door, const char *words)
{
	char copy[256];
	char *argv[16];
	int argc = 0;
	char *save = NULL;

	int n = snprintf(copy, sizeof copy, "hirz %s", words);
	assert_true(n > 0 && (size_t)n < sizeof copy);
	for (char *w = strtok_r(copy, " ", &save); w != NULL; w = strtok_r(NULL, " ", &save)) {
		assert_true(argc < 15);
		argv[argc++] = w;
	}
	argv[argc] = NULL;
	hz_door_open(door, "hirz", argc, argv);
	door->out.fd = memory_file();
	door->err.fd = memory_file();
	for (int i = 0; i < 3; i++) {
		door->tty[i] = false;
	}
	door->out.tty = door->err.tty = false;
	door->out.color = door->err.color = false;
}

void
door_end(struct hz_door *door)
{
	(void)close(door->out.fd);
	(void)close(door->err.fd);
	hz_out_done(&door->out);
	hz_out_done(&door->err);
}

char *
written(struct hz_out *o)
{
	off_t n = lseek(o->fd, 0, SEEK_END);
	char *s = NULL;

	assert_true(n >= 0);
	s = calloc(1, (size_t)n + 1);
	assert_non_null(s);
	assert_int_equal(pread(o->fd, s, (size_t)n, 0), n);
	return s;
}

int
main(void)
{
	/* One group: the output has one plan, as TAP wants it. */
	static struct CMUnitTest all[MOST];
	const struct {
		const struct CMUnitTest *tests;
		size_t n;
	} parts[] = {
		{ options_tests, options_count },
		{ out_tests, out_count },
		{ error_tests, error_count },
		{ lang_tests, lang_count },
		{ passphrase_tests, passphrase_count },
		{ progress_tests, progress_count },
	};
	size_t n = 0;

	/* The tests choose languages themselves. One thread only. */
	/* NOLINTBEGIN(concurrency-mt-unsafe) */
	(void)unsetenv("HIRZ_LANG");
	(void)unsetenv("HIRZ_VAULT");
	(void)unsetenv("HIRZ_PASSPHRASE_FILE");
	(void)unsetenv("NO_COLOR");
	(void)unsetenv("ACCESSIBLE");
	(void)setenv("LC_ALL", "C.UTF-8", 1);
	(void)setenv("TERM", "xterm", 1);
	/* NOLINTEND(concurrency-mt-unsafe) */
	(void)hz_lang_init("en");
	for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
		if (parts[i].n > MOST - n) {
			return 1;
		}
		(void)memcpy(all + n, parts[i].tests, parts[i].n * sizeof all[0]);
		n += parts[i].n;
	}
	return _cmocka_run_group_tests("door", all, n, NULL, NULL) == 0 ? 0 : 1;
}
