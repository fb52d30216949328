#include "inspect/source.h"
#include <errno.h>
#include <string.h>
#include <unistd.h>

void
hz_source_begin(
    struct hz_source *s, const void *head, size_t head_len, int fd, uint64_t size, uint8_t *window)
{
	*s = (struct hz_source){ .head = head,
		.head_len = head_len,
		.fd = fd,
		.size = fd >= 0 && size != UINT64_MAX ? size : head_len,
		.whole = size != UINT64_MAX && (fd >= 0 || size == head_len),
		.left = HZ_SOURCE_BUDGET };
	s->window = window;
	hz_assert(fd < 0 || window != NULL);
}

/* Reads the pages from off on into the window. */
static enum hz_err
fill(struct hz_source *s, uint64_t off)
{
	uint64_t at = off - off % HZ_SOURCE_PAGE;

	s->window_len = 0;
	if (s->fd < 0) {
		return hz_fail(HZ_MSG_FORMAT, "the file ends before");
	}
	if (s->left < HZ_SOURCE_WINDOW) {
		return hz_fail(HZ_MSG_LIMIT, "more than %d bytes read", HZ_SOURCE_BUDGET);
	}
	s->left -= HZ_SOURCE_WINDOW;
	for (;;) {
		ssize_t got = pread(s->fd, s->window, HZ_SOURCE_WINDOW, (off_t)at);

		if (got >= 0) {
			s->window_at = at;
			s->window_len = (size_t)got;
			break;
		}
		if (errno != EINTR) {
			return hz_fail_sys(HZ_MSG_IO, errno, "reading the file");
		}
	}
	return off - at < s->window_len ? HZ_OK : hz_fail(HZ_MSG_FORMAT, "the file became shorter");
}

/* What there is at off, without a copy: at least one byte. */
static enum hz_err
at(struct hz_source *s, uint64_t off, const uint8_t **ret_p, size_t *ret_n)
{
	if (off >= s->size) {
		return hz_fail(HZ_MSG_FORMAT, "the file ends before");
	}
	if (off < s->head_len) {
		*ret_p = s->head + off;
		*ret_n = s->head_len - (size_t)off;
		return HZ_OK;
	}
	if (s->window_len == 0 || off < s->window_at || off - s->window_at >= s->window_len) {
		enum hz_err err = fill(s, off);

		if (err != HZ_OK) {
			return err;
		}
	}
	*ret_p = s->window + (off - s->window_at);
	*ret_n = s->window_len - (size_t)(off - s->window_at);
	return HZ_OK;
}

HZ_RESULT
hz_source_some(struct hz_source *s, uint64_t off, void *ret_p, size_t n, size_t *ret_n)
{
	uint8_t *to = ret_p;
	size_t done = 0;

	if (off >= s->size) {
		n = 0;
	} else if (n > s->size - off) {
		n = (size_t)(s->size - off);
	}
	while (done < n) {
		const uint8_t *p = NULL;
		size_t here = 0;
		enum hz_err err = at(s, off + done, &p, &here);

		if (err != HZ_OK) {
			return err;
		}
		here = here < n - done ? here : n - done;
		memcpy(to + done, p, here);
		done += here;
	}
	*ret_n = done;
	return HZ_OK;
}

HZ_RESULT
hz_source_pread(struct hz_source *s, uint64_t off, void *ret_p, size_t n)
{
	size_t got = 0;

	if (off > s->size || n > s->size - off) {
		return hz_fail(HZ_MSG_FORMAT, "the file ends before");
	}
	return hz_source_some(s, off, ret_p, n, &got);
}

HZ_RESULT
hz_source_view(struct hz_source *s, uint64_t off, size_t n, const uint8_t **ret_p)
{
	const uint8_t *p = NULL;
	size_t here = 0;

	hz_assert(n > 0 && n <= HZ_SOURCE_WINDOW - HZ_SOURCE_PAGE);
	if (off > s->size || n > s->size - off) {
		return hz_fail(HZ_MSG_FORMAT, "the file ends before");
	}
	enum hz_err err = at(s, off, &p, &here);

	/* It may lie across the end of the head or of the window. */
	if (err == HZ_OK && here < n && (err = fill(s, off)) == HZ_OK) {
		p = s->window + (off - s->window_at);
		here = s->window_len - (size_t)(off - s->window_at);
		err = here < n ? hz_fail(HZ_MSG_FORMAT, "the file became shorter") : HZ_OK;
	}
	if (err == HZ_OK) {
		*ret_p = p;
	}
	return err;
}
