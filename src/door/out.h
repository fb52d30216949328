/* Output for people and for programs.
 *
 * Text for people: what comes from outside (names, titles, details) is escaped, so that no file name can move
 * the cursor, forge a verdict or turn a line around; on a terminal ids, hashes, sizes, dates and names are
 * put between U+2068 and U+2069 where right-to-left text may be beside them, in pipes never. JSON lines carry
 * the exact values. Write errors stick and are reported once, by hz_out_end. */
#ifndef HZ_DOOR_OUT_H
#define HZ_DOOR_OUT_H

#include "base/buf.h"
#include "codec/json.h"
#include <stdint.h>

#define HZ_OUT_MAX   ((size_t)16 * 1024 * 1024) /* one line or cell at most */
#define HZ_OUT_SLOTS 12                         /* values shown in one hz_out_printf */

struct hz_out {
	int fd;
	bool tty;   /* a terminal: isolates, colours */
	bool rtl;   /* the language of the person is right-to-left */
	bool color; /* colour on status words */
	bool live;  /* flush after every line */
	struct hz_buf buf;
	enum hz_err err; /* first failure; later output is dropped */
	int err_no;
	struct hz_jw jw;
	size_t line_start; /* of the JSON line being written */
	struct hz_buf slot[HZ_OUT_SLOTS];
	unsigned next_slot;
	size_t owed; /* spaces after a cell, written when more of the line comes */
};

/* Ready for fd; ends with hz_out_done (frees, writes nothing). */
void hz_out_init(struct hz_out *o, int fd);
void hz_out_done(struct hz_out *o);
/* Writes what is kept. Long commands call it after every acknowledged batch. */
void hz_out_flush(struct hz_out *o);
/* True once output failed: loops may stop early. */
bool hz_out_broken(const struct hz_out *o);
/* Flushes and reports: HZ_MSG_OUTPUT where anything was not written. */
HZ_RESULT hz_out_end(struct hz_out *o);

/* Our own (translated) text. Values from outside come in only through the hz_show_ functions. */
void hz_out_puts(struct hz_out *o, const char *text);
void hz_out_printf(struct hz_out *o, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* Values for hz_out_printf and cells. The strings live in HZ_OUT_SLOTS rotating places of o: use them in the
 * same statement. */
const char *hz_show_text(struct hz_out *o, const void *p, size_t n); /* outside text, escaped */
const char *hz_show_str(struct hz_out *o, const char *s);            /* the same, NUL-ended; NULL is "" */
const char *hz_show_id(struct hz_out *o, const char *id);            /* ids, hashes, words of commands */
const char *hz_show_cell(
    struct hz_out *o, const void *p, size_t n); /* a cell of a CSV table (codec/sink.h) */
const char *hz_show_hex(struct hz_out *o, const void *p, size_t n, size_t digits); /* cut to digits, 0 all */
const char *hz_show_size(struct hz_out *o, uint64_t bytes); /* "4.2 MiB", no-break space */
const char *hz_show_count(struct hz_out *o, uint64_t n);
const char *hz_show_time(struct hz_out *o, int64_t t);        /* "2026-11-20 18:58:12 UTC" */
const char *hz_show_minute(struct hz_out *o, int64_t t);      /* "2026-11-20 18:58" */
const char *hz_show_span(struct hz_out *o, uint64_t seconds); /* "1 min 44 s", translated */
const char *hz_show_fpr(struct hz_out *o, const char *hex);   /* groups of four, upper case */

enum hz_tone { HZ_TONE_GOOD, HZ_TONE_WARN, HZ_TONE_BAD };
/* A status word, coloured where colours are on; the word itself must say it all. */
const char *hz_show_tone(struct hz_out *o, enum hz_tone tone, const char *word);

/* A cell padded to columns of the terminal, then two spaces; longer text is not cut. No spaces
 * are left at the end of a line. columns < 0 pads on the
 * left (numbers). Free text of people goes last in a row, with hz_out_printf: rows then read well in
 * terminals with and without bidirectional display. */
void hz_out_cell(struct hz_out *o, const char *shown, int columns);
/* One line "name   value", name padded. */
void hz_out_field(struct hz_out *o, const char *name, int columns, const char *shown);

/* JSON lines: {"v":1,"type":type, members..., } written between begin and end. */
struct hz_jw *hz_line_begin(struct hz_out *o, const char *type);
void hz_line_end(struct hz_out *o);
/* Bytes that may not be UTF-8 (file names): name approximate, and name_b64 exact where it is not UTF-8. */
void hz_line_bytes(struct hz_jw *w, const char *name, const void *p, size_t n);
void hz_line_path(struct hz_jw *w, const char *path); /* "path", "path_b64" */
/* Text that should be UTF-8; bad bytes become U+FFFD. */
void hz_line_text(struct hz_jw *w, const char *name, const char *s);
void hz_line_time(struct hz_jw *w, const char *name, int64_t t); /* RFC 3339 UTC */

/* "4.2 MiB": binary units, one decimal below ten, U+00A0 before the unit. */
#define HZ_SIZE_TEXT 32
void hz_size_text(uint64_t bytes, char ret_s[static HZ_SIZE_TEXT]);
/* s with each invalid byte replaced by U+FFFD. */
HZ_RESULT hz_utf8_repair(struct hz_buf *out, const void *p, size_t n);

#endif
