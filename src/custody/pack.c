#include "custody/pack.h"

#include "base/enc.h"
#include <stdlib.h>
#include <string.h>

#define LINE_MAX ((size_t)HZ_EVENT_MAX + 1)

struct hz_pack {
	hz_pack_source *source;
	void *arg;
	bool begun, in_log;
	unsigned logs;
	uint64_t index, events; /* of the log at hand */
	size_t at, have;
	struct hz_buf text; /* the line or section handed out */
	uint8_t buf[65536];
};

bool
hz_pack_is(const void *p, size_t n)
{
	return n >= sizeof HZ_PACK_FIRST - 1 && memcmp(p, HZ_PACK_FIRST, sizeof HZ_PACK_FIRST - 1) == 0;
}

HZ_RESULT
hz_pack_open(hz_pack_source *source, void *arg, struct hz_pack **ret_p)
{
	struct hz_pack *p = calloc(1, sizeof *p);
	if (p == NULL) {
		return hz_fail(HZ_MSG_NOMEM, "an audit pack");
	}
	p->source = source;
	p->arg = arg;
	p->text = (struct hz_buf)HZ_BUF_INIT(HZ_PACK_SECTION_MAX);
	*ret_p = p;
	return HZ_OK;
}

void
hz_pack_close(struct hz_pack **p)
{
	if (*p != NULL) {
		hz_buf_done(&(*p)->text);
		free(*p);
		*p = NULL;
	}
}

static enum hz_err
refill(struct hz_pack *p)
{
	size_t n = 0;
	HZ_TRY(p->source(p->arg, p->buf, sizeof p->buf, &n));
	hz_assert(n <= sizeof p->buf);
	p->at = 0;
	p->have = n;
	return HZ_OK;
}

/* A line without its LF into text. */
static enum hz_err
line(struct hz_pack *p)
{
	hz_buf_clear(&p->text);
	for (;;) {
		if (p->at == p->have) {
			HZ_TRY(refill(p));
			if (p->have == 0) {
				return hz_fail(HZ_MSG_FORMAT, "audit pack: it ends too early");
			}
		}
		const uint8_t *s = p->buf + p->at, *end = memchr(s, '\n', p->have - p->at);
		size_t n = end == NULL ? p->have - p->at : (size_t)(end - s);
		if (p->text.len + n > LINE_MAX) {
			return hz_fail(HZ_MSG_FORMAT, "audit pack: a line of more than %zu bytes", LINE_MAX);
		}
		HZ_TRY(hz_buf_put(&p->text, s, n));
		p->at += n;
		if (end != NULL) {
			p->at++;
			return HZ_OK;
		}
	}
}

static enum hz_err
take(struct hz_pack *p, size_t n)
{
	hz_buf_clear(&p->text);
	while (p->text.len < n) {
		if (p->at == p->have) {
			HZ_TRY(refill(p));
			if (p->have == 0) {
				return hz_fail(HZ_MSG_FORMAT, "audit pack: it ends too early");
			}
		}
		size_t k = p->have - p->at < n - p->text.len ? p->have - p->at : n - p->text.len;
		HZ_TRY(hz_buf_put(&p->text, p->buf + p->at, k));
		p->at += k;
	}
	return HZ_OK;
}

/* "log SP origin SP count" */
static enum hz_err
log_line(struct hz_pack *p, const char *s, size_t n, struct hz_pack_item *i)
{
	const char *origin = s + 4, *sp = memchr(origin, ' ', n - 4);
	size_t len = sp == NULL ? 0 : (size_t)(sp - origin);
	if (len == 0 || len >= sizeof i->origin || memchr(origin, '\0', len) != NULL ||
	    hz_parse_u64(sp + 1, n - 5 - len, UINT64_MAX, &i->n) != HZ_OK || i->n == 0) {
		return hz_fail(HZ_MSG_FORMAT, "audit pack: a log that is not named with its events");
	}
	if (p->in_log && p->index < p->events) {
		return hz_fail(HZ_MSG_FORMAT, "audit pack: a log before the end of the one before it");
	}
	if (p->logs == HZ_PACK_LOGS_MAX) {
		return hz_fail(HZ_MSG_LIMIT, "audit pack: more than %d logs", HZ_PACK_LOGS_MAX);
	}
	memcpy(i->origin, origin, len);
	i->kind = HZ_PACK_LOG;
	p->in_log = true;
	p->logs++;
	p->index = 0;
	p->events = i->n;
	return HZ_OK;
}

/* "word SP bytes LF", then so many bytes, the last of them LF */
static enum hz_err
section(struct hz_pack *p, const char *s, size_t word, size_t n, struct hz_pack_item *i)
{
	uint64_t len = 0;
	bool ok = word > 0 && word < sizeof i->word;
	for (size_t k = 0; ok && k < word; k++) {
		ok = (s[k] >= 'a' && s[k] <= 'z') || s[k] == '-';
	}
	if (!ok || hz_parse_u64(s + word + 1, n - word - 1, HZ_PACK_SECTION_MAX, &len) != HZ_OK || len == 0) {
		return hz_fail(HZ_MSG_FORMAT, "audit pack: a line that is neither an event nor a section");
	}
	memcpy(i->word, s, word);
	HZ_TRY(take(p, (size_t)len));
	if (p->text.p[p->text.len - 1] != '\n') {
		return hz_fail(HZ_MSG_FORMAT, "audit pack: a section that does not end with its line");
	}
	i->kind = HZ_PACK_SECTION;
	i->p = p->text.p;
	i->len = p->text.len;
	return HZ_OK;
}

static enum hz_err
last(struct hz_pack *p, struct hz_pack_item *i)
{
	if (!p->in_log || p->index < p->events) {
		return hz_fail(HZ_MSG_FORMAT, "audit pack: it ends before its events");
	}
	if (p->at == p->have) {
		HZ_TRY(refill(p));
	}
	if (p->have != 0) {
		return hz_fail(HZ_MSG_FORMAT, "audit pack: bytes after the end");
	}
	i->kind = HZ_PACK_END;
	return HZ_OK;
}

HZ_RESULT
hz_pack_next(struct hz_pack *p, struct hz_pack_item *ret_i)
{
	struct hz_pack_item i = { .kind = HZ_PACK_END };
	if (!p->begun) {
		HZ_TRY(line(p));
		if (p->text.len != sizeof HZ_PACK_FIRST - 2 ||
		    memcmp(p->text.p, HZ_PACK_FIRST, p->text.len) != 0) {
			return hz_fail(HZ_MSG_FORMAT, "audit pack: it does not begin as one");
		}
		p->begun = true;
	}
	HZ_TRY(line(p));
	const char *s = p->text.len == 0 ? "" : (const char *)p->text.p;
	size_t n = p->text.len;
	const char *sp = n == 0 ? NULL : memchr(s, ' ', n);
	enum hz_err err = HZ_OK;
	if (n == 3 && memcmp(s, "end", 3) == 0) {
		err = last(p, &i);
	} else if (n > 4 && memcmp(s, "log ", 4) == 0) {
		err = log_line(p, s, n, &i);
	} else if (!p->in_log) {
		err = hz_fail(HZ_MSG_FORMAT, "audit pack: something before the first log");
	} else if (sp != NULL) {
		err = section(p, s, (size_t)(sp - s), n, &i);
	} else if (n == 0 || n > HZ_EVENT_MAX || p->index == p->events) {
		err = hz_fail(HZ_MSG_FORMAT, "audit pack: more events than it says, or an empty line");
	} else {
		i.kind = HZ_PACK_EVENT;
		i.n = p->index++;
		i.p = p->text.p;
		i.len = n;
	}
	if (err == HZ_OK) {
		*ret_i = i;
	}
	return err;
}

HZ_RESULT
hz_pack_put_log(struct hz_buf *out, const char *origin, uint64_t events)
{
	return hz_buf_printf(out, "log %s %llu\n", origin, (unsigned long long)events);
}

HZ_RESULT
hz_pack_put_event(struct hz_buf *out, const void *jws, size_t n)
{
	HZ_TRY(hz_buf_put(out, jws, n));
	return hz_buf_put(out, "\n", 1);
}

HZ_RESULT
hz_pack_put_section(struct hz_buf *out, const char *word, const void *p, size_t n)
{
	HZ_TRY(hz_buf_printf(out, "%s %zu\n", word, n));
	return hz_buf_put(out, p, n);
}
