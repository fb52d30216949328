/* Opening and closing a door: environment, early options, terminals. */
#include "door/door.h"

#include "base/fd.h"
#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Exit codes that come before a lost output. */
#define VERIFY_FAILED 4
#define ROLLED_BACK   11

static const char *
env(const char *name)
{
	const char *value = secure_getenv(name);

	return value != NULL && value[0] != '\0' ? value : NULL;
}

/* "--name=value" or "--name value" before "--"; the last one counts. */
static const char *
early_value(int argc, char *const *argv, const char *name)
{
	const char *found = NULL;
	size_t n = strlen(name);

	for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++) {
		if (strncmp(argv[i], name, n) != 0) {
			continue;
		}
		if (argv[i][n] == '=') {
			found = argv[i] + n + 1;
		} else if (argv[i][n] == '\0' && i + 1 < argc) {
			found = argv[i + 1];
		}
	}
	return found;
}

static bool
early_flag(int argc, char *const *argv, const char *name)
{
	for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++) {
		if (strcmp(argv[i], name) == 0) {
			return true;
		}
	}
	return false;
}

void
hz_door_settle(struct hz_door *door)
{
	bool may = env("NO_COLOR") == NULL && !door->dumb;
	struct hz_out *outs[] = { &door->out, &door->err };

	for (size_t i = 0; i < 2; i++) {
		struct hz_out *o = outs[i];
		o->tty = door->tty[i + 1];
		o->rtl = door->lang == HZ_LANG_AR;
		o->live = o->tty || i == 1;
		o->color = door->color == HZ_WHEN_ALWAYS || (door->color == HZ_WHEN_AUTO && o->tty && may);
	}
}

void
hz_door_open(struct hz_door *door, const char *program, int argc, char *const *argv)
{
	const char *accessible = env("ACCESSIBLE");
	const char *term = env("TERM");
	const char *color = early_value(argc, argv, "--color");

	*door = (struct hz_door){ .program = program, .passphrase_fd = -1 };
	hz_out_init(&door->out, STDOUT_FILENO);
	hz_out_init(&door->err, STDERR_FILENO);
	for (int fd = 0; fd < 3; fd++) {
		door->tty[fd] = isatty(fd) == 1;
	}
	door->lang = hz_lang_init(early_value(argc, argv, "--lang"));
	hz_fail_speak(hz_tr);
	door->json = early_flag(argc, argv, "--json");
	door->accessible = accessible != NULL && strcmp(accessible, "0") != 0;
	door->dumb = term == NULL || strcmp(term, "dumb") == 0;
	if (color != NULL && strcmp(color, "always") == 0) {
		door->color = HZ_WHEN_ALWAYS;
	} else if (color != NULL && strcmp(color, "never") == 0) {
		door->color = HZ_WHEN_NEVER;
	}
	door->vault = env("HIRZ_VAULT");
	door->passphrase_file = env("HIRZ_PASSPHRASE_FILE");
	hz_door_settle(door);
}

int
hz_door_close(struct hz_door *door, int code)
{
	enum hz_err err = hz_out_end(&door->out);

	if (err != HZ_OK) {
		if (door->out.err_no == EPIPE) {
			/* The reader has seen enough: no words about it. */
			code = code == 0 ? 128 + SIGPIPE : code;
		} else {
			door->safe[0] = '\0';
			int failed = hz_door_fail(door, err);
			code = code == VERIFY_FAILED || code == ROLLED_BACK ? code : failed;
		}
	}
	hz_out_flush(&door->err);
	hz_out_done(&door->out);
	hz_out_done(&door->err);
	return code;
}

void
hz_door_safe(struct hz_door *door, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(door->safe, sizeof door->safe, fmt, ap);
	va_end(ap);
}

void
hz_door_note(struct hz_door *door, const char *fmt, ...)
{
	char *text = NULL;
	va_list ap;

	if (door->quiet) {
		return;
	}
	va_start(ap, fmt);
	int n = vasprintf(&text, fmt, ap);
	va_end(ap);
	if (n < 0) {
		return;
	}
	/* lint: allow hz_out_printf (its values came in through hz_show_) */
	hz_out_printf(&door->err, "%s: %s\n", _(door->program), text);
	hz_out_flush(&door->err);
	free(text);
}
