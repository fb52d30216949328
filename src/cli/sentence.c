#include "cli/sentence.h"

#include "base/enc.h"
#include "door/lang.h"
#include <string.h>

#define AROUND   ((size_t)160) /* bytes shown on each side of the marked words of a long sentence */
#define LONGEST  ((size_t)900) /* bytes of a sentence that is shown as it is */
#define SHOW_MAX ((size_t)8 * 1024 * 1024)
#define DOTS     "\xe2\x80\xa6"

/* U+2068, U+2069: the sentence keeps its own direction. */
static const uint8_t isolate[] = { 0xe2, 0x81, 0xa8 }, isolate_end[] = { 0xe2, 0x81, 0xa9 };

static bool
inside(const struct hz_span *s, size_t n)
{
	return s->start < s->end && s->end <= n;
}

bool
hz_sentence_next(const void *text, size_t n, const struct hz_tag *t, size_t *at, struct hz_sentence *ret)
{
	size_t i = *at;

	while (i < t->nspans && !inside(&t->spans[i], n)) {
		i++;
	}
	if (i == t->nspans ||
	    hz_classify_sentence(text, n, t->spans[i].start, &ret->start, &ret->end) != HZ_OK) {
		*at = t->nspans;
		return false;
	}
	ret->first = i;
	while (i < t->nspans && inside(&t->spans[i], n) && t->spans[i].start < ret->end) {
		ret->end = t->spans[i].end > ret->end ? t->spans[i].end : ret->end;
		i++;
	}
	ret->last = i == ret->first ? i + 1 : i;
	*at = ret->last;
	return true;
}

static bool
is_blank(uint8_t c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* A piece of the text, escaped, each run of blanks and line breaks as one blank. */
static enum hz_err
piece(struct hz_buf *b, const uint8_t *p, size_t from, size_t to)
{
	while (from < to) {
		size_t end = from;
		while (end < to && !is_blank(p[end])) {
			end++;
		}
		HZ_TRY(hz_print_safe(b, p + from, end - from, false));
		if (end < to) {
			HZ_TRY(hz_buf_putc(b, ' '));
		}
		while (end < to && is_blank(p[end])) {
			end++;
		}
		from = end;
	}
	return HZ_OK;
}

/* Where a sentence is cut: never inside a character. */
static void
cut(const uint8_t *p, const struct hz_tag *t, const struct hz_sentence *x, size_t *from, size_t *to)
{
	size_t first = t->spans[x->first].start, last = t->spans[x->last - 1].end;

	*from = first - x->start > AROUND ? first - AROUND : x->start;
	last = last - *from > LONGEST - AROUND ? *from + LONGEST - AROUND : last;
	*to = x->end - last > AROUND ? last + AROUND : x->end;
	while (*from > x->start && (p[*from] & 0xC0U) == 0x80U) {
		(*from)--;
	}
	while (*to < x->end && (p[*to] & 0xC0U) == 0x80U) {
		(*to)++;
	}
}

static enum hz_err
build(struct hz_out *o, struct hz_buf *b, const uint8_t *p, const struct hz_tag *t,
    const struct hz_sentence *x, bool whole)
{
	size_t from = x->start, to = x->end;

	if (!whole && x->end - x->start > LONGEST) {
		cut(p, t, x, &from, &to);
	}
	HZ_TRY(hz_buf_puts(b, "      "));
	HZ_TRY(hz_buf_put(b, isolate, o->tty ? sizeof isolate : 0));
	HZ_TRY(hz_buf_puts(b, from > x->start ? DOTS : ""));
	for (size_t i = x->first; i < x->last && from < to; i++) {
		size_t a = t->spans[i].start, z = t->spans[i].end;
		if (z <= from || a >= to) {
			continue; /* marked already, with a longer one; or behind the cut */
		}
		a = a < from ? from : a;
		z = z > to ? to : z;
		HZ_TRY(piece(b, p, from, a));
		HZ_TRY(hz_buf_puts(b, o->color ? "\x1b[1;36m" : "["));
		HZ_TRY(piece(b, p, a, z));
		HZ_TRY(hz_buf_puts(b, o->color ? "\x1b[0m" : "]"));
		from = z;
	}
	HZ_TRY(piece(b, p, from, to));
	HZ_TRY(hz_buf_puts(b, to < x->end ? DOTS : ""));
	HZ_TRY(hz_buf_put(b, isolate_end, o->tty ? sizeof isolate_end : 0));
	return hz_buf_putc(b, '\n');
}

void
hz_sentence_put(
    struct hz_out *o, const void *text, const struct hz_tag *t, const struct hz_sentence *x, bool whole)
{
	struct hz_buf b = HZ_BUF_INIT(SHOW_MAX);
	const char *s = "";
	enum hz_err r = build(o, &b, text, t, x, whole);

	r = r == HZ_OK ? hz_buf_cstr(&b, &s) : r;
	if (r == HZ_OK) {
		/* lint: allow hz_out_puts (escaped piece by piece) */
		hz_out_puts(o, s);
	} else {
		hz_fail_clear();
		hz_out_puts(o, _("      (this sentence is too long to be shown)\n"));
	}
	hz_buf_done(&b);
}
