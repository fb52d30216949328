#include "inspect/text.h"
#include "base/enc.h"
#include <string.h>

void
hz_text_begin(struct hz_text *t, hz_text_sink *sink, void *arg)
{
	t->sink = sink;
	t->arg = arg;
	t->put = 0;
	t->cut = false;
	t->err = HZ_OK;
	t->carried = 0;
	t->cr = false;
	t->n = 0;
}

static void
flush(struct hz_text *t)
{
	if (t->n > 0 && t->err == HZ_OK) {
		t->err = t->sink(t->arg, t->part, t->n);
	}
	t->n = 0;
}

/* One character, n bytes. */
static void
put_char(struct hz_text *t, const uint8_t *p, size_t n)
{
	if (t->cut || t->err != HZ_OK) {
		return;
	}
	if (t->put + n > HZ_INSPECT_TEXT_MAX) {
		t->cut = true;
		return;
	}
	if (t->n + n > sizeof(t->part)) {
		flush(t);
	}
	memcpy(t->part + t->n, p, n);
	t->n += n;
	t->put += n;
}

/* How many bytes the character has that begins with c; 1 where none does. */
static size_t
width_of(uint8_t c)
{
	return c >= 0xf0 && c <= 0xf4 ? 4 : c >= 0xe0 && c < 0xf0 ? 3 : c >= 0xc2 && c < 0xe0 ? 2 : 1;
}

/* One character or one wrong byte off p; returns how many bytes were used. */
static size_t
take_char(struct hz_text *t, const uint8_t *p, size_t n)
{
	uint32_t cp = 0;
	size_t used = hz_utf8_next(p, n, &cp);

	bool after_cr = t->cr;

	t->cr = cp == '\r';
	if (cp == 0xFFFFFFFF) {
		put_char(t, (const uint8_t *)"\xef\xbf\xbd", 3);
	} else if (cp == '\r' || (cp == '\n' && !after_cr)) {
		put_char(t, (const uint8_t *)"\n", 1);
	} else if (cp == '\t' || cp == '\f' || (cp >= 0x20 && cp < 0x7f) || cp >= 0xa0) {
		put_char(t, p, used);
	}
	return used;
}

bool
hz_text_put(struct hz_text *t, const void *bytes, size_t n)
{
	const uint8_t *p = bytes;
	size_t at = 0;

	while (t->carried > 0 && at < n && t->carried < width_of(t->carry[0])) {
		t->carry[t->carried++] = p[at++];
	}
	if (t->carried > 0 && t->carried == width_of(t->carry[0])) {
		size_t done = 0;

		while (done < t->carried) {
			done += take_char(t, t->carry + done, t->carried - done);
		}
		t->carried = 0;
	}
	while (at < n && !t->cut && t->err == HZ_OK) {
		size_t width = width_of(p[at]);

		if (width > n - at) {
			memcpy(t->carry, p + at, n - at);
			t->carried = n - at;
			break;
		}
		at += take_char(t, p + at, n - at);
	}
	return !t->cut && t->err == HZ_OK;
}

bool
hz_text_puts(struct hz_text *t, const char *s)
{
	return hz_text_put(t, s, strlen(s));
}

HZ_RESULT
hz_text_end(struct hz_text *t)
{
	for (size_t done = 0; done < t->carried;) {
		done += take_char(t, t->carry + done, t->carried - done);
	}
	t->carried = 0;
	flush(t);
	return t->err;
}
