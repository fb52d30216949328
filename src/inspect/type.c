#include "inspect/type.h"
#include <magic.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

struct hz_typer {
	magic_t magic;
};

/* Type and charset in one pass; compressed content is named, not unpacked. */
#define FLAGS (MAGIC_MIME_TYPE | MAGIC_MIME_ENCODING | MAGIC_NO_CHECK_COMPRESS)

static const char charset_mark[] = "; charset=";

HZ_RESULT
hz_typer_new(struct hz_typer **ret_t)
{
	static const char trial[] = "<?xml version=\"1.0\"?>\n<trial>1970-01-01</trial>\n";
	struct hz_typer *t = calloc(1, sizeof(*t));

	if (t == NULL) {
		return hz_fail(HZ_MSG_NOMEM, "libmagic");
	}
	/* The locale is "C": nothing has set another. The time zone is a file. */
	tzset();
	t->magic = magic_open(FLAGS);
	if (t->magic == NULL || magic_load(t->magic, NULL) != 0 ||
	    magic_buffer(t->magic, trial, sizeof(trial) - 1) == NULL) {
		enum hz_err err = t->magic == NULL ? hz_fail(HZ_MSG_NOMEM, "libmagic")
						   : hz_fail(HZ_MSG_UNSUPPORTED, "no magic database");

		if (t->magic != NULL) {
			magic_close(t->magic);
		}
		free(t);
		return err;
	}
	*ret_t = t;
	return HZ_OK;
}

/* Copies with letters made small; false where it does not fit. */
static bool
copy_small(char *to, size_t size, const char *from, size_t n)
{
	if (n >= size) {
		return false;
	}
	for (size_t i = 0; i < n; i++) {
		to[i] = (char)(from[i] >= 'A' && from[i] <= 'Z' ? from[i] - 'A' + 'a' : from[i]);
	}
	to[n] = '\0';
	return true;
}

void
hz_typer_ask(struct hz_typer *t, const void *p, size_t n, struct hz_wire_answer *a)
{
	const char *said = magic_buffer(t->magic, p, n);

	a->type[0] = '\0';
	a->charset[0] = '\0';
	if (said == NULL) {
		return;
	}
	const char *mark = strstr(said, charset_mark);
	size_t type_len = mark != NULL ? (size_t)(mark - said) : strlen(said);

	/* Rules of magic can build a type out of the file's own bytes: what breaks the grammar is unknown. */
	if (!copy_small(a->type, sizeof(a->type), said, type_len) || !hz_wire_type_ok(a->type, type_len)) {
		a->type[0] = '\0';
		return;
	}
	if (mark == NULL) {
		return;
	}
	const char *charset = mark + sizeof(charset_mark) - 1;
	size_t charset_len = strlen(charset);

	if (!copy_small(a->charset, sizeof(a->charset), charset, charset_len) ||
	    !hz_wire_charset_ok(a->charset, charset_len) || strcmp(a->charset, "binary") == 0) {
		a->charset[0] = '\0';
	}
}
