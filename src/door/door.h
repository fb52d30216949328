/* What every program of hirz needs at its door: the person's language, the three standard descriptors, where
 * secrets come from, and one way to report a failure. */
#ifndef HZ_DOOR_DOOR_H
#define HZ_DOOR_DOOR_H

#include "door/lang.h"
#include "door/out.h"

enum hz_when { HZ_WHEN_AUTO, HZ_WHEN_ALWAYS, HZ_WHEN_NEVER };

struct hz_door {
	const char *program; /* "hirz", "hirz-verify": before messages */
	enum hz_lang lang;
	bool json;       /* JSON lines instead of text */
	bool quiet;      /* -q: only what failed */
	bool verbose;    /* -v */
	bool no_input;   /* --no-input: never ask */
	bool accessible; /* ACCESSIBLE=1: no redrawn lines */
	bool dumb;       /* TERM=dumb or unset */
	enum hz_when color;
	bool tty[3];                 /* is 0, 1, 2 a terminal */
	const char *vault;           /* --vault, else HIRZ_VAULT, else NULL */
	const char *passphrase_file; /* --passphrase-file, else HIRZ_PASSPHRASE_FILE, else NULL */
	int passphrase_fd;           /* --passphrase-fd, else -1 */
	char safe[512];              /* what is safe in the case at hand; empty: the text of the message */
	struct hz_out out;           /* standard output: data */
	struct hz_out err;           /* standard error: messages */
};

/* First thing of a program: looks at the environment and, before real parsing, at --json, --lang and --color
 * among the arguments, so that even a wrong option is reported as it was asked for. Sets the language. */
void hz_door_open(struct hz_door *door, const char *program, int argc, char *const *argv);
/* Flushes standard output; returns code, or the code of the write error if code was 0 (141 where the reader
 * of a pipe went away). */
int hz_door_close(struct hz_door *door, int code);
/* Decides colours again after the options are known. */
void hz_door_settle(struct hz_door *door);

/* Says what is safe in the failure at hand ("88 files were sealed before this and are complete"), in the
 * language of the person; replaces the general text of the message. */
void hz_door_safe(struct hz_door *door, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* Reports this thread's failure (base/err.h) in four parts, or as one JSON line, on standard error and
 * returns the exit code. err is the result that the caller got. */
int hz_door_fail(struct hz_door *door, enum hz_err err);
/* The exit code alone. */
int hz_door_exit(enum hz_err err);
/* The failure as members of the object being written: "error":{"id":..., "why":...} for items of a list. */
void hz_door_fail_json(struct hz_jw *w, const struct hz_failure *f);
/* One line for one failed item: "why" part only, translated where a translation exists. */
const char *hz_door_why(struct hz_out *o, const struct hz_failure *f);
/* A remark on standard error, dropped with -q; fmt is translated, a newline is added. */
void hz_door_note(struct hz_door *door, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

#endif
