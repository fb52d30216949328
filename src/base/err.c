#define HZ_ERR_C
#include "base/err.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static _Thread_local struct hz_failure failure;
static hz_words_fn *speak; /* set once by a door, before threads */

void
hz_fail_speak(hz_words_fn *words)
{
	speak = words;
}

const char *
hz_fail_words(const char *fmt)
{
	return speak == NULL ? fmt : speak(fmt);
}

/* A detail is cut in the middle of a character at worst: drop its beginning, so that what a door prints is
 * whole UTF-8 if it was before. */
static void
cut_at_character(char *s, size_t n)
{
	size_t i = n;
	while (i > 0 && n - i < 3 && ((unsigned char)s[i - 1] & 0xC0) == 0x80) {
		i--;
	}
	if (i == 0 || (unsigned char)s[i - 1] < 0xC0) {
		return;
	}
	unsigned char lead = (unsigned char)s[i - 1];
	size_t want = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
	if (n - (i - 1) < want) {
		s[i - 1] = '\0';
	}
}

void
hz_fail_copy(char *dst, size_t n, const char *detail)
{
	size_t len = strnlen(detail, n - 1);
	memmove(dst, detail, len);
	dst[len] = '\0';
	if (detail[len] != '\0') {
		cut_at_character(dst, len);
	}
}

/* The new detail may be made of the old one, so it is put together beside it. */
static void __attribute__((format(printf, 3, 0)))
set_detail(enum hz_msg msg, int err_no, const char *fmt, va_list ap)
{
	char text[sizeof failure.detail];
	size_t used = 0;
	int n = vsnprintf(text, sizeof text, hz_fail_words(fmt), ap);
	if (n < 0) {
		text[0] = '\0';
	} else if ((size_t)n < sizeof text) {
		used = (size_t)n;
	} else {
		used = sizeof text - 1;
		cut_at_character(text, used);
		used = strlen(text);
	}
	if (err_no != 0 && used < sizeof text - 1) {
		/* The fixed English text (thread-safe, the same in every locale), which the door may know. */
		const char *why = strerrordesc_np(err_no);
		char number[32];
		if (why == NULL) {
			(void)snprintf(number, sizeof number, "errno %d", err_no);
			why = number;
		}
		why = hz_fail_words(why);
		(void)snprintf(text + used, sizeof text - used, "%s%s", used > 0 ? ": " : "", why);
	}
	failure.msg = msg;
	failure.err_no = err_no;
	memcpy(failure.detail, text, sizeof failure.detail);
}

enum hz_err
hz_fail(enum hz_msg msg, const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	set_detail(msg, 0, fmt, ap);
	va_end(ap);
	return hz_msg_err(msg);
}

enum hz_err
hz_fail_sys(enum hz_msg msg, int err_no, const char *fmt, ...)
{
	if (err_no == ENOSPC || err_no == EDQUOT) {
		msg = HZ_MSG_NO_SPACE;
	} else if (err_no == ENOMEM) {
		msg = HZ_MSG_NOMEM;
	}
	va_list ap;
	va_start(ap, fmt);
	set_detail(msg, err_no, fmt, ap);
	va_end(ap);
	return hz_msg_err(msg);
}

enum hz_msg
hz_fail_msg(void)
{
	return failure.msg;
}

const char *
hz_fail_detail(void)
{
	return failure.detail;
}

int
hz_fail_errno(void)
{
	return failure.err_no;
}

void
hz_fail_clear(void)
{
	memset(&failure, 0, sizeof failure);
}

void
hz_fail_save(struct hz_failure *ret_f)
{
	memcpy(ret_f, &failure, sizeof failure);
}

enum hz_err
hz_fail_restore(const struct hz_failure *f)
{
	if (f != &failure) {
		memcpy(&failure, f, sizeof failure);
	}
	return hz_msg_err(failure.msg);
}

enum hz_err
hz_msg_err(enum hz_msg msg)
{
	static const struct {
		enum hz_msg msg;
		enum hz_err err;
	} rows[] = { { HZ_MSG_NONE, HZ_OK },
#define MSG_ROW(num, sym, code) { HZ_MSG_##sym, (code) },
		HZ_MSG_LIST(MSG_ROW)
#undef MSG_ROW
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		if (rows[i].msg == msg) {
			return rows[i].err;
		}
	}
	return HZ_ERR_INTERNAL;
}

void
hz_msg_id(enum hz_msg msg, char ret_id[static 9])
{
	(void)snprintf(ret_id, 9, "HZ-E%03u", (unsigned)msg % 1000U);
}

int
hz_err_exit(enum hz_err err)
{
	switch (err) {
	case HZ_OK:
		return 0;
	case HZ_ERR_USAGE:
		return 2;
	case HZ_ERR_CHANGED:
		return 3; /* an item was held back; the command went on */
	case HZ_ERR_FORMAT:
	case HZ_ERR_TAMPERED:
		return 4;
	case HZ_ERR_LOCKED:
		return 5;
	case HZ_ERR_VERSION:
	case HZ_ERR_NO_VAULT:
		return 6;
	case HZ_ERR_BUSY:
		return 7;
	case HZ_ERR_DENIED:
		return 8;
	case HZ_ERR_NOMEM:
	case HZ_ERR_IO:
	case HZ_ERR_NOSPACE:
		return 9;
	case HZ_ERR_ROLLBACK:
		return 11;
	case HZ_ERR_INPUT:
		return 12;
	case HZ_ERR_CANCELLED:
		return 130;
	case HZ_ERR_NOT_FOUND:
	case HZ_ERR_EXISTS:
	case HZ_ERR_LIMIT:
	case HZ_ERR_UNSUPPORTED:
	case HZ_ERR_INTERNAL:
		return 1;
	}
	return 1;
}

_Noreturn void
hz_assert_failed(const char *cond, const char *file, int line)
{
	/* lint: allow fprintf (the last words of a program whose own state is wrong) */
	(void)fprintf(stderr, "hirz: internal error: %s (%s:%d)\n", cond, file, line);
	abort();
}
