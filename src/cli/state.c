/* The folder of a witness. */
#include "cli/state.h"

#include "base/enc.h"
#include "base/fd.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#define STATE "state"
#define MARK  "mark"
#define FIRST "hirz-witness-mark/v1\n"

static enum hz_err
folder(struct hz_cli *cli, char *ret_path, size_t max)
{
	/* NOLINTBEGIN(concurrency-mt-unsafe): the programs do not change their environment */
	const char *given = hz_args_get(&cli->args, "state"), *state = getenv("XDG_STATE_HOME"),
		   *home = getenv("HOME");
	/* NOLINTEND(concurrency-mt-unsafe) */
	int n;

	if (given != NULL) {
		n = snprintf(ret_path, max, "%s", given);
	} else if (state != NULL && state[0] == '/') {
		n = snprintf(ret_path, max, "%s/hirz/witness", state);
	} else if (home != NULL && home[0] == '/') {
		n = snprintf(ret_path, max, "%s/.local/state/hirz/witness", home);
	} else {
		return hz_fail(HZ_MSG_IO, _("no HOME and no XDG_STATE_HOME: name a folder with --state"));
	}
	return n > 0 && (size_t)n < max ? HZ_OK : hz_fail(HZ_MSG_LIMIT, _("the path is too long"));
}

HZ_RESULT
hz_witness_open(struct hz_cli *cli, bool make, struct hz_witness_dir *d)
{
	enum hz_err r = folder(cli, d->path, sizeof d->path);

	if (r == HZ_OK && make) {
		r = hz_dir_make(d->path, &d->fd);
	} else if (r == HZ_OK) {
		d->fd = open(d->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		if (d->fd < 0) {
			r = errno == ENOENT ? hz_fail(HZ_MSG_NOTHING_SELECTED,
						  _("there is no witness here yet: `hirz witness init`"))
					    : hz_fail_sys(HZ_MSG_IO, errno, "%s", d->path);
		}
	}
	if (r == HZ_OK && flock(d->fd, LOCK_EX | LOCK_NB) != 0) {
		r = errno == EWOULDBLOCK ? hz_fail(HZ_MSG_VAULT_BUSY, "%s", d->path)
					 : hz_fail_sys(HZ_MSG_IO, errno, "%s", d->path);
	}
	return r;
}

void
hz_witness_close(struct hz_witness_dir *d)
{
	hz_state_done(&d->st);
	hz_fd_close(&d->fd);
}

/* "<first line>generation <n>LF<64 hex>LF" */
static enum hz_err
read_mark(int fd, uint64_t *ret_generation, uint8_t ret_h[static 32])
{
	struct hz_buf b = HZ_BUF_INIT(256);
	const size_t head = sizeof FIRST - 1;
	enum hz_err r = hz_file_read(fd, MARK, 256, &b);
	const char *s = (const char *)b.p, *end = NULL;

	if (r == HZ_OK && (b.len <= head || memcmp(s, FIRST, head) != 0 ||
			      (end = memchr(s + head, '\n', b.len - head)) == NULL ||
			      b.len - (size_t)(end + 1 - s) != 65 || s[b.len - 1] != '\n')) {
		r = hz_fail(HZ_MSG_FORMAT, "mark of the witness");
	}
	r = r == HZ_OK ? hz_parse_u64(s + head, (size_t)(end - s) - head, UINT64_MAX, ret_generation) : r;
	r = r == HZ_OK ? hz_unhex(end + 1, 64, ret_h, 32) : r;
	hz_buf_done(&b);
	return r;
}

/* The state is written before the mark: it may be one generation ahead of it (a crash in between), never
 * behind. */
static enum hz_err
compare_mark(struct hz_witness_dir *d, const struct hz_buf *text)
{
	uint64_t generation = 0;
	uint8_t have[32], h[32];
	enum hz_err r = read_mark(d->fd, &generation, have);

	if (r == HZ_ERR_NOT_FOUND) {
		hz_fail_clear();
		return HZ_OK;
	}
	hz_sha256(text->p, text->len, h);
	if (r == HZ_OK && (d->st.generation < generation || d->st.generation > generation + 1)) {
		r = hz_fail(HZ_MSG_WITNESS_STALE, _("it is number %llu, number %llu was written here last"),
		    (unsigned long long)d->st.generation, (unsigned long long)generation);
	}
	if (r == HZ_OK && d->st.generation == generation && memcmp(have, h, sizeof h) != 0) {
		r = hz_fail(HZ_MSG_WITNESS_STALE, _("it is not the one that was written here last"));
	}
	d->marked = r == HZ_OK;
	return r;
}

HZ_RESULT
hz_witness_load(struct hz_witness_dir *d)
{
	struct hz_buf text = HZ_BUF_INIT(HZ_STATE_MAX);
	enum hz_err r = hz_file_read(d->fd, STATE, HZ_STATE_MAX, &text);

	if (r == HZ_ERR_NOT_FOUND) {
		r = hz_fail(HZ_MSG_NOTHING_SELECTED, _("there is no witness here yet: `hirz witness init`"));
	}
	r = r == HZ_OK ? hz_state_read(text.p, text.len, &d->st) : r;
	r = r == HZ_OK ? compare_mark(d, &text) : r;
	hz_buf_done(&text);
	return r;
}

HZ_RESULT
hz_witness_save(struct hz_witness_dir *d, const struct hz_ed_key *key)
{
	struct hz_buf text = HZ_BUF_INIT(HZ_STATE_MAX), mark = HZ_BUF_INIT(256);
	uint8_t h[32];
	char hex[65];

	d->st.generation++;
	enum hz_err r = hz_state_write(&d->st, key, &text);
	r = r == HZ_OK ? hz_file_replace(d->fd, STATE, text.p, text.len, 0600) : r;
	if (r == HZ_OK) {
		hz_sha256(text.p, text.len, h);
		hz_hex(hex, h, sizeof h);
		r = hz_buf_printf(&mark, FIRST "%llu\n%s\n", (unsigned long long)d->st.generation, hex);
	}
	r = r == HZ_OK ? hz_file_replace(d->fd, MARK, mark.p, mark.len, 0600) : r;
	hz_buf_done(&text);
	hz_buf_done(&mark);
	return r;
}

HZ_RESULT
hz_witness_keep(struct hz_witness_dir *d, const char *what, const void *p, size_t n, char ret_name[static 64])
{
	uint8_t h[32];
	char hex[17];

	hz_sha256(p, n, h);
	hz_hex(hex, h, 8);
	(void)snprintf(ret_name, 64, "%s-%s", what, hex);
	return hz_file_replace(d->fd, ret_name, p, n, 0600);
}
