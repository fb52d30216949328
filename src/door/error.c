/* A failure in four parts: what happened, why, what to do, what is safe. */
#include "base/enc.h"
#include "base/fd.h"
#include "door/door.h"
#include "door/messages.h"

#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define WIDTH_MAX 100
#define WIDTH_MIN 40

int
hz_door_exit(enum hz_err err)
{
	int signal = err == HZ_ERR_CANCELLED ? hz_cancel_signal() : 0;

	return signal != 0 ? 128 + signal : hz_err_exit(err);
}

/* Terminal columns for wrapping; 0 where the text goes into a pipe and is not wrapped. */
static size_t
wrap_width(const struct hz_out *o)
{
	struct winsize size = { 0 };

	if (!o->tty || ioctl(o->fd, TIOCGWINSZ, &size) != 0 || size.ws_col < WIDTH_MIN) {
		return 0;
	}
	return size.ws_col > WIDTH_MAX ? WIDTH_MAX : size.ws_col;
}

/* Text in lines of at most width columns, broken at spaces; following lines begin under the first. */
static void
put_wrapped(struct hz_out *o, const char *text, size_t indent, size_t width)
{
	size_t at = indent;
	const char *s = text;
	bool first = true;

	while (*s != '\0') {
		size_t n = strcspn(s, " ");
		size_t columns = hz_text_width(s, n);
		if (!first && width != 0 && at + 1 + columns > width) {
			hz_out_printf(o, "\n%*s", (int)indent, "");
			at = indent;
		} else if (!first) {
			hz_out_puts(o, " ");
			at++;
		}
		/* lint: allow hz_out_printf (a word of a text of ours, or of what hz_show_str gave) */
		hz_out_printf(o, "%.*s", (int)n, s);
		at += columns;
		first = false;
		s += n;
		s += *s == ' ' ? 1 : 0;
	}
	hz_out_puts(o, "\n");
}

/* Between backquotes stand commands, which are left-to-right words in an Arabic line: on a terminal they get
 * isolates. Everything else is our own text. */
static enum hz_err
isolate_commands(const struct hz_out *o, const char *text, struct hz_buf *out)
{
	static const uint8_t isolate[] = { 0xe2, 0x81, 0xa8 }; /* U+2068 */
	static const uint8_t pop[] = { 0xe2, 0x81, 0xa9 };     /* U+2069 */
	bool inside = false;

	for (const char *s = text; *s != '\0'; s++) {
		bool mark = o->tty && o->rtl && *s == '`';
		enum hz_err err = HZ_OK;
		if (mark && !inside) {
			err = hz_buf_put(out, isolate, sizeof isolate);
		}
		if (err == HZ_OK) {
			err = hz_buf_putc(out, *s);
		}
		if (err == HZ_OK && mark && inside) {
			err = hz_buf_put(out, pop, sizeof pop);
		}
		if (err != HZ_OK) {
			return err;
		}
		inside = mark ? !inside : inside;
	}
	return HZ_OK;
}

struct part {
	const char *label;
	const char *text;
};

static void
put_parts(struct hz_out *o, const struct part *parts, size_t count)
{
	size_t labels = 0;
	size_t width = wrap_width(o);

	for (size_t i = 0; i < count; i++) {
		size_t n = hz_text_width(parts[i].label, strlen(parts[i].label));
		labels = n > labels ? n : labels;
	}
	for (size_t i = 0; i < count; i++) {
		struct hz_buf text = HZ_BUF_INIT(HZ_OUT_MAX);
		const char *s = parts[i].text;
		if (s == NULL || s[0] == '\0') {
			continue;
		}
		if (isolate_commands(o, s, &text) == HZ_OK) {
			HZ_IGNORE(hz_buf_cstr(&text, &s)); /* on failure the text as it was */
		}
		hz_out_puts(o, "  ");
		/* lint: allow hz_out_cell (our own headings) */
		hz_out_cell(o, parts[i].label, (int)labels);
		put_wrapped(o, s, labels + 4, width);
		hz_buf_done(&text);
	}
}

static void
fail_text(
    struct hz_door *door, const struct hz_message *row, const char *id, const char *detail, const char *safe)
{
	struct hz_out *o = &door->err;
	const char *shown = hz_show_str(o, detail);
	const struct part parts[] = {
		{ C_("part of an error", "why"), row->why != NULL ? _(row->why) : shown },
		{ "", row->why != NULL ? shown : NULL },
		{ C_("part of an error", "do"), _(row->act) },
		{ C_("part of an error", "safe"), safe },
	};

	hz_out_printf(o, "%s: %s %s\n", _(door->program), hz_show_id(o, id),
	    hz_show_tone(o, HZ_TONE_BAD, _(row->what)));
	put_parts(o, parts, sizeof parts / sizeof parts[0]);
}

static void
fail_json(struct hz_door *door, const struct hz_message *row, const char *id, int code, const char *detail,
    const char *safe)
{
	struct hz_jw *w = hz_line_begin(&door->err, "error");

	hz_jw_str(w, "id", id);
	hz_jw_int(w, "exit", (uint64_t)code);
	hz_jw_str(w, "what", _(row->what));
	hz_line_text(w, "why", row->why != NULL ? _(row->why) : detail);
	hz_jw_str(w, "do", _(row->act));
	hz_line_text(w, "safe", safe);
	if (row->why != NULL && detail[0] != '\0') {
		hz_line_text(w, "detail", detail);
	}
	hz_line_end(&door->err);
}

/* A result without a message (some rooms return a bare code) still gets words. */
static enum hz_msg
msg_for(enum hz_err err)
{
#define MSG_OF(num, sym, code) { HZ_MSG_##sym, code },
	static const struct {
		enum hz_msg msg;
		enum hz_err err;
	} list[] = { HZ_MSG_LIST(MSG_OF) };
#undef MSG_OF
	static const enum hz_msg general[] = { HZ_MSG_LIMIT, HZ_MSG_FORMAT, HZ_MSG_TAMPERED, HZ_MSG_VERSION,
		HZ_MSG_UNSUPPORTED, HZ_MSG_CANCELLED, HZ_MSG_IO };

	for (size_t i = 0; i < sizeof general / sizeof general[0]; i++) {
		if (hz_msg_err(general[i]) == err) {
			return general[i];
		}
	}
	for (size_t i = 0; i < sizeof list / sizeof list[0]; i++) {
		if (list[i].err == err) {
			return list[i].msg;
		}
	}
	return HZ_MSG_INTERNAL;
}

int
hz_door_fail(struct hz_door *door, enum hz_err err)
{
	struct hz_failure f;
	char id[9];

	hz_fail_save(&f);
	if (f.msg == HZ_MSG_NONE || hz_msg_err(f.msg) != err) {
		/* The failure kept is not the one returned: an older one must not speak for it. */
		f.msg = msg_for(err);
		f.detail[0] = '\0';
	}
	const struct hz_message *row = hz_message_of(f.msg);
	const char *safe = door->safe[0] != '\0' ? door->safe : _(row->safe);
	int code = hz_door_exit(err);

	hz_msg_id(f.msg, id);
	/* What was printed before the failure comes before it. */
	hz_out_flush(&door->out);
	if (door->json) {
		fail_json(door, row, id, code, f.detail, safe);
	} else {
		fail_text(door, row, id, f.detail, safe);
	}
	hz_out_flush(&door->err);
	return code;
}

void
hz_door_fail_json(struct hz_jw *w, const struct hz_failure *f)
{
	const struct hz_message *row = hz_message_of(f->msg);
	char id[9];

	hz_msg_id(f->msg, id);
	hz_jw_obj(w, "error");
	hz_jw_str(w, "id", id);
	hz_jw_str(w, "what", _(row->what));
	hz_line_text(w, "why", f->detail[0] != '\0' || row->why == NULL ? f->detail : _(row->why));
	hz_jw_obj_end(w);
}

const char *
hz_door_why(struct hz_out *o, const struct hz_failure *f)
{
	const struct hz_message *row = hz_message_of(f->msg);

	return row->why != NULL || f->detail[0] == '\0' ? _(row->what) : hz_show_str(o, f->detail);
}
