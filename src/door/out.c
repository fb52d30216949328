#include "door/out.h"

#include "base/enc.h"
#include "base/fd.h"
#include "codec/sink.h"
#include "door/lang.h"
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define FLUSH_AT ((size_t)32 * 1024)
#define NBSP     "\xc2\xa0"
#define FFFD     "\xef\xbf\xbd"

void
hz_out_init(struct hz_out *o, int fd)
{
	*o = (struct hz_out){ .fd = fd, .buf = HZ_BUF_INIT(HZ_OUT_MAX) };
	for (size_t i = 0; i < HZ_OUT_SLOTS; i++) {
		o->slot[i] = (struct hz_buf)HZ_BUF_INIT(HZ_OUT_MAX);
	}
}

void
hz_out_done(struct hz_out *o)
{
	hz_buf_done(&o->buf);
	for (size_t i = 0; i < HZ_OUT_SLOTS; i++) {
		hz_buf_done(&o->slot[i]);
	}
}

static void
keep_error(struct hz_out *o, enum hz_err err)
{
	if (o->err == HZ_OK && err != HZ_OK) {
		o->err = err;
		o->err_no = hz_fail_errno();
	}
}

void
hz_out_flush(struct hz_out *o)
{
	if (o->err == HZ_OK && o->buf.len > 0) {
		/* The failure of the work at hand must outlive our own. */
		struct hz_failure before;
		hz_fail_save(&before);
		hz_fail_clear();
		enum hz_err err = hz_fd_write_all(o->fd, o->buf.p, o->buf.len);
		keep_error(o, err);
		if (before.msg != HZ_MSG_NONE) {
			(void)hz_fail_restore(&before);
		}
	}
	hz_buf_clear(&o->buf);
}

bool
hz_out_broken(const struct hz_out *o)
{
	return o->err != HZ_OK;
}

HZ_RESULT
hz_out_end(struct hz_out *o)
{
	hz_out_flush(o);
	if (o->err == HZ_OK) {
		return HZ_OK;
	}
	/* Not hz_fail_sys: a full disk here is not the vault's. */
	const char *why = o->err_no != 0 ? strerrordesc_np(o->err_no) : NULL;
	return hz_fail(HZ_MSG_OUTPUT, _("standard output: %s"), why != NULL ? why : "?");
}

static void
after_put(struct hz_out *o)
{
	bool line = o->live && o->buf.len > 0 && o->buf.p[o->buf.len - 1] == '\n';
	if (line || o->buf.len >= FLUSH_AT) {
		hz_out_flush(o);
	}
}

/* The spaces owed, before text that begins with this character. */
static void
settle(struct hz_out *o, char next)
{
	for (; o->owed > 0 && next != '\n' && next != '\0'; o->owed--) {
		keep_error(o, hz_buf_putc(&o->buf, ' '));
	}
	o->owed = next == '\n' ? 0 : o->owed;
}

void
hz_out_puts(struct hz_out *o, const char *text)
{
	if (o->err != HZ_OK) {
		return;
	}
	settle(o, text[0]);
	keep_error(o, hz_buf_puts(&o->buf, text));
	after_put(o);
}

void
hz_out_printf(struct hz_out *o, const char *fmt, ...)
{
	va_list ap;
	char first[2] = "";

	if (o->err != HZ_OK) {
		return;
	}
	va_start(ap, fmt);
	int n = vsnprintf(first, sizeof first, fmt, ap);
	va_end(ap);
	if (n > 0) {
		settle(o, first[0]);
		uint8_t *p = NULL;
		size_t need = (size_t)n;
		enum hz_err err = hz_buf_room(&o->buf, need + 1, &p);
		keep_error(o, err);
		if (err == HZ_OK) {
			va_start(ap, fmt);
			(void)vsnprintf((char *)p, need + 1, fmt, ap);
			va_end(ap);
			o->buf.len--; /* the NUL */
		}
	}
	after_put(o);
}

static struct hz_buf *
take_slot(struct hz_out *o)
{
	struct hz_buf *b = &o->slot[o->next_slot];

	o->next_slot = (o->next_slot + 1) % HZ_OUT_SLOTS;
	hz_buf_clear(b);
	return b;
}

/* A slot's text; out of memory gives an empty word and a sticky error. */
static const char *
slot_text(struct hz_out *o, struct hz_buf *b, enum hz_err err)
{
	const char *s = "";

	if (err == HZ_OK) {
		err = hz_buf_cstr(b, &s);
	}
	keep_error(o, err);
	return err == HZ_OK ? s : "";
}

static bool
is_ascii(const uint8_t *p, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (p[i] >= 0x80) {
			return false;
		}
	}
	return true;
}

const char *
hz_show_text(struct hz_out *o, const void *p, size_t n)
{
	struct hz_buf *b = take_slot(o);
	/* Isolates only where right-to-left text can be on the line: some terminals draw them as boxes. */
	bool isolate = o->tty && n > 0 && (o->rtl || !is_ascii(p, n));

	return slot_text(o, b, hz_print_safe(b, p, n, isolate));
}

const char *
hz_show_str(struct hz_out *o, const char *s)
{
	return s == NULL ? "" : hz_show_text(o, s, strlen(s));
}

const char *
hz_show_id(struct hz_out *o, const char *id)
{
	return hz_show_str(o, id);
}

const char *
hz_show_cell(struct hz_out *o, const void *p, size_t n)
{
	struct hz_buf *b = take_slot(o);

	return slot_text(o, b, hz_csv_cell(b, p, n));
}

/* Our own ASCII (and no-break spaces), isolated where the language needs it. */
static const char *
show_own(struct hz_out *o, const char *s)
{
	struct hz_buf *b = take_slot(o);

	return slot_text(o, b, hz_print_safe(b, s, strlen(s), o->tty && o->rtl));
}

const char *
hz_show_hex(struct hz_out *o, const void *p, size_t n, size_t digits)
{
	char hex[2 * 64 + 4];

	n = n > 64 ? 64 : n;
	hz_hex(hex, p, n);
	if (digits != 0 && digits < 2 * n) {
		(void)memcpy(hex + digits, "...", 4);
	}
	return show_own(o, hex);
}

void
hz_size_text(uint64_t bytes, char ret_s[static HZ_SIZE_TEXT])
{
	static const char *const units[] = { "B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB" };
	size_t unit = 0;
	uint64_t whole = bytes;
	uint64_t rest = 0; /* of 1024, below whole */

	while (whole >= 1024) {
		rest = whole % 1024;
		whole /= 1024;
		unit++;
	}
	if (unit == 0) {
		(void)snprintf(ret_s, HZ_SIZE_TEXT, "%" PRIu64 NBSP "B", whole);
		return;
	}
	uint64_t tenths = whole * 10 + (rest * 10 + 512) / 1024;
	if (tenths < 100) {
		(void)snprintf(ret_s, HZ_SIZE_TEXT, "%" PRIu64 ".%" PRIu64 NBSP "%s", tenths / 10,
		    tenths % 10, units[unit]);
		return;
	}
	whole += rest >= 512 ? 1 : 0;
	if (whole == 1024 && unit + 1 < sizeof units / sizeof units[0]) {
		(void)snprintf(ret_s, HZ_SIZE_TEXT, "1.0" NBSP "%s", units[unit + 1]);
		return;
	}
	(void)snprintf(ret_s, HZ_SIZE_TEXT, "%" PRIu64 NBSP "%s", whole, units[unit]);
}

const char *
hz_show_size(struct hz_out *o, uint64_t bytes)
{
	char s[HZ_SIZE_TEXT];

	hz_size_text(bytes, s);
	return show_own(o, s);
}

const char *
hz_show_count(struct hz_out *o, uint64_t n)
{
	char s[24];

	(void)snprintf(s, sizeof s, "%" PRIu64, n);
	return show_own(o, s);
}

static const char *
show_time(struct hz_out *o, int64_t t, bool minute)
{
	char rfc[21];
	char s[32];

	hz_time_format(t, rfc); /* YYYY-MM-DDTHH:MM:SSZ */
	if (minute) {
		(void)snprintf(s, sizeof s, "%.10s %.5s", rfc, rfc + 11);
	} else {
		(void)snprintf(s, sizeof s, "%.10s %.8s UTC", rfc, rfc + 11);
	}
	return show_own(o, s);
}

const char *
hz_show_time(struct hz_out *o, int64_t t)
{
	return show_time(o, t, false);
}

const char *
hz_show_minute(struct hz_out *o, int64_t t)
{
	return show_time(o, t, true);
}

const char *
hz_show_span(struct hz_out *o, uint64_t seconds)
{
	struct hz_buf *b = take_slot(o);
	uint64_t min = seconds / 60;
	enum hz_err err;

	if (seconds < 60) {
		/* Translators: seconds, minutes, hours, days; short forms. */
		err = hz_buf_printf(b, _("%u s"), (unsigned)seconds);
	} else if (min < 60) {
		err = hz_buf_printf(b, _("%u min %u s"), (unsigned)min, (unsigned)(seconds % 60));
	} else if (min < (uint64_t)48 * 60) {
		err = hz_buf_printf(b, _("%u h %u min"), (unsigned)(min / 60), (unsigned)(min % 60));
	} else {
		unsigned days = (unsigned)(min / 1440);
		err = hz_buf_printf(b, NN_("%u day", "%u days", days), days);
	}
	return slot_text(o, b, err);
}

const char *
hz_show_fpr(struct hz_out *o, const char *hex)
{
	char s[128];
	size_t at = 0;

	for (size_t i = 0; hex[i] != '\0' && at + 3 < sizeof s; i++) {
		if (i > 0 && i % 4 == 0) {
			s[at++] = ' ';
		}
		s[at++] = (char)(hex[i] >= 'a' && hex[i] <= 'f' ? hex[i] - 'a' + 'A' : hex[i]);
	}
	s[at] = '\0';
	return show_own(o, s);
}

const char *
hz_show_tone(struct hz_out *o, enum hz_tone tone, const char *word)
{
	static const char *const codes[] = { "\x1b[32m", "\x1b[33m", "\x1b[31m" };
	struct hz_buf *b = take_slot(o);
	enum hz_err err;

	if (o->color) {
		err = hz_buf_printf(b, "%s%s\x1b[0m", codes[tone], word);
	} else {
		err = hz_buf_puts(b, word);
	}
	return slot_text(o, b, err);
}

/* Columns without the colour codes that hz_show_tone writes. */
static size_t
shown_width(const char *s)
{
	size_t width = 0;
	size_t n = strlen(s);
	size_t i = 0;

	while (i < n) {
		if (s[i] == '\x1b') {
			const char *end = strchr(s + i, 'm');
			if (end == NULL) {
				break;
			}
			i = (size_t)(end - s) + 1;
			continue;
		}
		size_t part = strcspn(s + i, "\x1b");
		width += hz_text_width(s + i, part);
		i += part;
	}
	return width;
}

static void
pad(struct hz_out *o, size_t columns)
{
	for (size_t i = 0; i < columns; i++) {
		hz_out_puts(o, " ");
	}
}

void
hz_out_cell(struct hz_out *o, const char *shown, int columns)
{
	size_t want = (size_t)(columns < 0 ? -columns : columns);
	size_t width = shown_width(shown);
	size_t missing = width < want ? want - width : 0;

	if (columns < 0) {
		pad(o, missing);
	}
	/* lint: allow hz_out_puts (what a hz_show_ function gave) */
	hz_out_puts(o, shown);
	o->owed += 2 + (columns < 0 ? 0 : missing);
}

void
hz_out_field(struct hz_out *o, const char *name, int columns, const char *shown)
{
	/* lint: allow hz_out_cell (a heading of ours) */
	hz_out_cell(o, name, columns);
	/* lint: allow hz_out_puts (what a hz_show_ function gave) */
	hz_out_puts(o, shown);
	hz_out_puts(o, "\n");
}

HZ_RESULT
hz_utf8_repair(struct hz_buf *out, const void *p, size_t n)
{
	const uint8_t *s = p;
	size_t i = 0;

	while (i < n) {
		uint32_t cp = 0;
		size_t used = hz_utf8_next(s + i, n - i, &cp);
		enum hz_err err = cp == 0xffffffffU ? hz_buf_puts(out, FFFD) : hz_buf_put(out, s + i, used);
		if (err != HZ_OK) {
			return err;
		}
		i += used;
	}
	return HZ_OK;
}
