/* Reading the tar again from any member on. The strict reader of manifest makes every header again, so the
 * bytes are held to the same rules each time. */
#include "verify/check.h"

#include "base/fd.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WALK_BUF ((size_t)128 * 1024)

struct hz_walk {
	struct hz_check *c;
	struct hz_tar_reader *tar;
	uint64_t pos;  /* where the buffer's unread bytes begin in the file */
	uint64_t next; /* where the next header begins */
	uint64_t at;   /* where the current one began */
	size_t used, have;
	bool over;
	struct hz_tar_member m;
	char prefix[64];
	struct hz_buf line; /* unread bytes of the current content, for lines */
	size_t line_at;
	uint8_t buf[WALK_BUF];
};

static enum hz_err
refill(struct hz_walk *w, size_t *ret_n)
{
	enum hz_err err = hz_cancel_check();

	if (err == HZ_OK) {
		err = w->c->src->read(w->c->src->arg, w->pos, w->buf, sizeof w->buf, ret_n);
	}
	if (err == HZ_OK && *ret_n > sizeof w->buf) {
		err = hz_fail(HZ_MSG_INTERNAL, "more read than asked for");
	}
	return err;
}

static enum hz_err
source(void *arg, void *p, size_t n, size_t *ret_n)
{
	struct hz_walk *w = arg;

	if (w->used == w->have) {
		size_t got = 0;
		enum hz_err err = refill(w, &got);
		if (err != HZ_OK) {
			return err;
		}
		w->used = 0;
		w->have = got;
	}
	size_t take = w->have - w->used < n ? w->have - w->used : n;
	memcpy(p, w->buf + w->used, take);
	w->used += take;
	w->pos += take;
	*ret_n = take;
	return HZ_OK;
}

enum hz_err
hz_walk_open(struct hz_check *c, uint64_t at, const char *prefix, struct hz_walk **ret_w)
{
	struct hz_walk *w = calloc(1, sizeof *w);
	size_t n = strlen(prefix);

	hz_assert(n < sizeof w->prefix);
	if (w == NULL) {
		return hz_fail(HZ_MSG_NOMEM, "reading");
	}
	w->c = c;
	w->pos = at;
	w->next = at;
	w->over = at == HZ_NOWHERE;
	w->line = (struct hz_buf)HZ_BUF_INIT(WALK_BUF);
	memcpy(w->prefix, prefix, n + 1);
	enum hz_err err = hz_tar_open(source, w, &w->tar);
	if (err != HZ_OK) {
		free(w);
		return err;
	}
	*ret_w = w;
	return HZ_OK;
}

void
hz_walk_close(struct hz_walk **w)
{
	if (*w != NULL) {
		hz_tar_close(&(*w)->tar);
		hz_buf_done(&(*w)->line);
		free(*w);
		*w = NULL;
	}
}

enum hz_err
hz_walk_next(struct hz_walk *w, bool *ret_found, const char **ret_path, uint64_t *ret_size)
{
	bool found = false;

	*ret_found = false;
	hz_buf_clear(&w->line);
	w->line_at = 0;
	if (w->over) {
		return HZ_OK;
	}
	enum hz_err err = hz_tar_next(w->tar, &found, &w->m);
	if (err != HZ_OK || !found) {
		w->over = true;
		return err;
	}
	const char *slash = strchr(w->m.path, '/');
	hz_assert(slash != NULL);
	if (strncmp(slash + 1, w->prefix, strlen(w->prefix)) != 0) {
		w->over = true; /* members are sorted: those of one prefix stand together */
		return HZ_OK;
	}
	w->at = w->next;
	w->next = w->pos + (w->m.size + 511) / 512 * 512;
	*ret_found = true;
	*ret_path = slash + 1;
	*ret_size = w->m.size;
	return HZ_OK;
}

enum hz_err
hz_walk_read(struct hz_walk *w, void *p, size_t n, size_t *ret_n)
{
	return hz_tar_read(w->tar, p, n, ret_n);
}

enum hz_err
hz_walk_take(struct hz_walk *w, size_t max, struct hz_buf *out)
{
	uint8_t *p = NULL;
	size_t n = (size_t)w->m.size, got = 0;

	hz_buf_clear(out);
	if (w->m.size > max) {
		return hz_fail(
		    HZ_MSG_LIMIT, "%llu bytes; the limit is %zu", (unsigned long long)w->m.size, max);
	}
	enum hz_err err = hz_buf_room(out, n, &p);
	for (size_t at = 0; err == HZ_OK && at < n; at += got) {
		err = hz_tar_read(w->tar, p + at, n - at, &got);
	}
	return err;
}

uint64_t
hz_walk_at(const struct hz_walk *w)
{
	return w->at;
}

const struct hz_tar_member *
hz_walk_member(const struct hz_walk *w)
{
	return &w->m;
}

enum hz_err
hz_walk_line(struct hz_walk *w, size_t max, bool *ret_found, const char **ret_line, size_t *ret_n)
{
	uint8_t part[4096];

	for (;;) {
		const char *s = (const char *)w->line.p + w->line_at;
		size_t left = w->line.len - w->line_at, got = 0;
		const char *end = left == 0 ? NULL : memchr(s, '\n', left);
		if (end != NULL && (size_t)(end - s) <= max) {
			*ret_found = true;
			*ret_line = s;
			*ret_n = (size_t)(end - s);
			w->line_at += *ret_n + 1;
			return HZ_OK;
		}
		if (left > max) {
			return hz_fail(HZ_MSG_FORMAT, "a line of more than %zu bytes", max);
		}
		enum hz_err err = hz_tar_read(w->tar, part, sizeof part, &got);
		if (err != HZ_OK) {
			return err;
		}
		if (got == 0) {
			*ret_found = false;
			return left == 0 ? HZ_OK : hz_fail(HZ_MSG_FORMAT, "the last line has no end");
		}
		if (left > 0) {
			memmove(w->line.p, s, left);
		}
		w->line.len = left;
		w->line_at = 0;
		err = hz_buf_put(&w->line, part, got);
		if (err != HZ_OK) {
			return err;
		}
	}
}

HZ_RESULT
hz_walk_events(struct hz_check *c, const struct hz_vlog *log, struct hz_buf *text,
    void (*fn)(void *arg, const struct hz_event *e, const struct hz_vlog *log, uint64_t index), void *arg)
{
	struct hz_walk *w = NULL;
	struct hz_place p;
	struct hz_event e;
	char prefix[40];
	const char *path = NULL;
	uint64_t size = 0;
	bool found = false;

	(void)snprintf(prefix, sizeof prefix, "%sevents/", log->base);
	enum hz_err err = hz_walk_open(c, log->events_at, prefix, &w);
	while (err == HZ_OK && (err = hz_walk_next(w, &found, &path, &size)) == HZ_OK && found) {
		hz_place_of(path, &p);
		if (p.kind != HZ_KIND_EVENT || size > HZ_EVENT_MAX) {
			continue;
		}
		err = hz_walk_take(w, HZ_EVENT_MAX, text);
		if (err == HZ_OK) {
			enum hz_err bad = hz_event_read(text->p, text->len, &e);
			if (bad == HZ_OK) {
				fn(arg, &e, log, p.number);
			} else if (hz_fatal(bad)) {
				err = bad;
			}
		}
	}
	hz_walk_close(&w);
	return err;
}
