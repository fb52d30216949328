/* One source through one descriptor: what it was before, its blocks, whether it stayed the same. */
#include "ingest/inner.h"

#include "base/fd.h"
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#define DIRECT_FROM ((off_t)1 << 20) /* larger sources go past the page cache */
#define DROP_FROM   ((off_t)1 << 16) /* the call costs more than smaller ones take */
#define WAIT_MS     200

enum hz_err
hz_source_fail(int err_no, const char *what)
{
	switch (err_no) {
	case ELOOP:
		return hz_fail(HZ_MSG_SOURCE_NOT_REGULAR, "a symbolic link");
	case ENXIO:
	case ENODEV:
		return hz_fail(HZ_MSG_SOURCE_NOT_REGULAR, "a device or a socket");
	case ENOENT:
	case ENOTDIR:
		return hz_fail_sys(HZ_MSG_SOURCE_MISSING, err_no, "%s", what);
	case EACCES:
	case EPERM:
		return hz_fail_sys(HZ_MSG_SOURCE_DENIED, err_no, "%s", what);
	default:
		return hz_fail_sys(HZ_MSG_SOURCE_READ, err_no, "%s", what);
	}
}

HZ_RESULT
hz_reading_open(struct hz_reading *r, int dirfd, const char *name)
{
	/* O_NONBLOCK: a pipe that took the file's place must not hold us. */
	const int flags = O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC | O_NOCTTY;

	*r = (struct hz_reading){ .fd = -1 };
	int fd = openat(dirfd, name, flags | O_NOATIME);
	if (fd < 0 && errno == EPERM) {
		fd = openat(dirfd, name, flags);
	}
	if (fd < 0) {
		return hz_source_fail(errno, hz_fail_words("opening it"));
	}
	if (fstat(fd, &r->st) != 0) {
		int e = errno;
		(void)close(fd);
		return hz_source_fail(e, hz_fail_words("looking at it"));
	}
	r->fd = fd;
	if (!S_ISREG(r->st.st_mode)) {
		hz_reading_close(r);
		return hz_fail(HZ_MSG_SOURCE_NOT_REGULAR, "something else took its place");
	}
	if (r->st.st_size == 0) {
		hz_reading_close(r);
		return hz_fail(HZ_MSG_SOURCE_EMPTY, "0 bytes");
	}
	if (r->st.st_size > DIRECT_FROM) {
		r->direct = fcntl(fd, F_SETFL, O_DIRECT) == 0;
	}
	return HZ_OK;
}

void
hz_reading_stdin(struct hz_reading *r, struct hz_lane *lane)
{
	*r = (struct hz_reading){ .fd = STDIN_FILENO, .stream = true, .lane = lane };
}

static void
drop_direct(struct hz_reading *r)
{
	(void)fcntl(r->fd, F_SETFL, 0);
	r->direct = false;
}

/* Standard input may wait for a person or another program: signals are looked at meanwhile. */
static enum hz_err
stream_read(struct hz_reading *r, uint8_t *p, size_t n, ssize_t *ret_got)
{
	struct pollfd pf = { .fd = r->fd, .events = POLLIN };

	for (;;) {
		HZ_TRY(hz_cancel_check());
		if (hz_lane_stopped(r->lane)) {
			return hz_fail(HZ_MSG_CANCELLED, "the run has ended");
		}
		int rc = poll(&pf, 1, WAIT_MS);
		if (rc == 0 || (rc < 0 && errno == EINTR)) {
			continue;
		}
		ssize_t got = read(r->fd, p, n);
		if (got < 0 && (errno == EINTR || errno == EAGAIN)) {
			continue;
		}
		if (got < 0) {
			return hz_fail_sys(HZ_MSG_SOURCE_READ, errno,
			    "read error at byte %llu of standard input", (unsigned long long)r->at);
		}
		*ret_got = got;
		return HZ_OK;
	}
}

static enum hz_err
file_read(struct hz_reading *r, uint8_t *p, size_t n, ssize_t *ret_got)
{
	for (;;) {
		ssize_t got = pread(r->fd, p, n, (off_t)r->at);
		if (got < 0 && errno == EINTR) {
			continue;
		}
		/* EINVAL: not on this file system, or not at this offset. EIO: read again in pages, so that
		 * as much as possible comes and the place that is named is exact. */
		if (got < 0 && r->direct) {
			drop_direct(r);
			continue;
		}
		if (got < 0) {
			return hz_fail_sys(
			    HZ_MSG_SOURCE_READ, errno, "read error at byte %llu", (unsigned long long)r->at);
		}
		*ret_got = got;
		return HZ_OK;
	}
}

HZ_RESULT
hz_reading_next(struct hz_reading *r, uint8_t *p, size_t *ret_n)
{
	size_t n = 0;

	while (n < HZ_INGEST_BLOCK) {
		ssize_t got = 0;
		HZ_TRY(hz_cancel_check());
		HZ_TRY(r->stream ? stream_read(r, p + n, HZ_INGEST_BLOCK - n, &got)
				 : file_read(r, p + n, HZ_INGEST_BLOCK - n, &got));
		if (got == 0) {
			break;
		}
		n += (size_t)got;
		r->at += (uint64_t)got;
		if (!r->stream && r->at >= (uint64_t)r->st.st_size) {
			break; /* whether more came meanwhile is seen by hz_reading_same */
		}
	}
	*ret_n = n;
	return HZ_OK;
}

void
hz_reading_rewind(struct hz_reading *r)
{
	r->at = 0;
}

HZ_RESULT
hz_reading_same(const struct hz_reading *r)
{
	struct stat st;

	if (r->stream) {
		return HZ_OK;
	}
	if (fstat(r->fd, &st) != 0) {
		return hz_fail_sys(HZ_MSG_SOURCE_READ, errno, "looking at it again");
	}
	if (st.st_dev != r->st.st_dev || st.st_ino != r->st.st_ino || st.st_size != r->st.st_size ||
	    st.st_mtim.tv_sec != r->st.st_mtim.tv_sec || st.st_mtim.tv_nsec != r->st.st_mtim.tv_nsec ||
	    st.st_ctim.tv_sec != r->st.st_ctim.tv_sec || st.st_ctim.tv_nsec != r->st.st_ctim.tv_nsec) {
		return hz_fail(HZ_MSG_SOURCE_CHANGED, "its size or its times are not those of the beginning");
	}
	if (r->at != (uint64_t)r->st.st_size) {
		return hz_fail(HZ_MSG_SOURCE_CHANGED, "%llu bytes came where %lld were expected",
		    (unsigned long long)r->at, (long long)r->st.st_size);
	}
	return HZ_OK;
}

void
hz_reading_close(struct hz_reading *r)
{
	if (!r->stream && r->fd >= 0) {
		/* What was read through the page cache would only push other things out of it. */
		if (!r->direct && r->st.st_size > DROP_FROM) {
			(void)posix_fadvise(r->fd, 0, 0, POSIX_FADV_DONTNEED);
		}
		hz_fd_close(&r->fd);
	}
	r->fd = -1;
}
