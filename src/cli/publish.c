/* hirz log publish: the hashes of the log and its checkpoint as files, in the layout of C2SP tlog-tiles,
 * without tile/entries: nothing of an event is shown. Tiles come before the checkpoint that needs them, and
 * partial ones that were replaced go after it. */
#include "cli/head.h"

#include "base/enc.h"
#include "base/fd.h"
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define WIDTH  256
#define HEIGHT 8
#define LEVELS 8

struct publish {
	struct hz_tree *tree;
	struct hz_log_info log;
	int dir;
	uint64_t written, kept, removed;
};

/* tile/<level>/<number>[.p/<width>]: three digits each, all but the last led by x. */
static void
tile_path(unsigned level, uint64_t number, unsigned width, char *ret_s, size_t max)
{
	char digits[8][5];
	size_t n = 0, at = (size_t)snprintf(ret_s, max, "tile/%u", level);

	do {
		(void)snprintf(
		    digits[n], sizeof digits[n], "%s%03u", n == 0 ? "" : "x", (unsigned)(number % 1000));
		number /= 1000;
		n++;
	} while (number > 0);
	while (n > 0) {
		at += (size_t)snprintf(ret_s + at, max - at, "/%s", digits[--n]);
	}
	if (width < WIDTH) {
		(void)snprintf(ret_s + at, max - at, ".p/%u", width);
	}
}

/* Opens the folder that a path lies in; *ret_name is the last part. Where a folder is missing it is made, or
 * HZ_ERR_NOT_FOUND. No link is followed. */
static enum hz_err
folder_of(int dir, char *path, bool make, int *ret_fd, const char **ret_name)
{
	int fd = fcntl(dir, F_DUPFD_CLOEXEC, 3);
	char *s = path, *slash = NULL;

	while (fd >= 0 && (slash = strchr(s, '/')) != NULL) {
		*slash = '\0';
		if (make && mkdirat(fd, s, 0755) == 0) {
			if (fsync(fd) != 0) {
				break;
			}
		} else if (make && errno != EEXIST) {
			break;
		}
		int next = openat(fd, s, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
		int e = errno;
		hz_fd_close(&fd);
		errno = e;
		fd = next;
		*slash = '/';
		s = slash + 1;
	}
	if (fd < 0 && !make && (errno == ENOENT || errno == ENOTDIR || errno == ELOOP)) {
		return HZ_ERR_NOT_FOUND;
	}
	if (fd < 0 || slash != NULL) {
		enum hz_err r = hz_fail_sys(HZ_MSG_IO, errno, "%s", path);
		hz_fd_close(&fd);
		return r;
	}
	*ret_fd = fd;
	*ret_name = s;
	return HZ_OK;
}

static enum hz_err
put_tile(struct publish *p, unsigned level, uint64_t number, unsigned width)
{
	uint8_t hashes[WIDTH * 32];
	char path[96];
	const char *name = NULL;
	struct stat st;
	size_t n = 0;
	int fd = -1;

	tile_path(level, number, width, path, sizeof path);
	if (fstatat(p->dir, path, &st, AT_SYMLINK_NOFOLLOW) == 0 && S_ISREG(st.st_mode) &&
	    st.st_size == (off_t)width * 32) {
		p->kept++; /* a tile never changes */
		return HZ_OK;
	}
	enum hz_err r = hz_cancel_check();
	r = r == HZ_OK ? hz_tree_tile(p->tree, level, number, hashes, &n) : r;
	if (r == HZ_OK && n < width) {
		r = hz_fail(HZ_MSG_VAULT_TAMPERED, _("a tile of the log is short"));
	}
	r = r == HZ_OK ? folder_of(p->dir, path, true, &fd, &name) : r;
	r = r == HZ_OK ? hz_file_replace(fd, name, hashes, (size_t)width * 32, 0644) : r;
	hz_fd_close(&fd);
	p->written += r == HZ_OK ? 1 : 0;
	return r;
}

static enum hz_err
put_tiles(struct publish *p)
{
	enum hz_err r = HZ_OK;

	for (unsigned level = 0; level < LEVELS && p->log.size >> (HEIGHT * level) > 0; level++) {
		uint64_t hashes = p->log.size >> (HEIGHT * level);
		for (uint64_t i = 0; r == HZ_OK && i < hashes / WIDTH; i++) {
			r = put_tile(p, level, i, WIDTH);
		}
		if (r == HZ_OK && hashes % WIDTH > 0) {
			r = put_tile(p, level, hashes / WIDTH, (unsigned)(hashes % WIDTH));
		}
	}
	return r;
}

/* --- what was replaced ------------------------------------------------------------------------------------
 */

/* Is this file the first `width` hashes of the tile and nothing else? Then it is one that we published. */
static bool
is_ours(int fd, const char *name, unsigned width, const uint8_t *hashes)
{
	uint8_t was[WIDTH * 32 + 1];
	struct stat st;
	size_t n = 0;
	int f = openat(fd, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);

	bool ours = f >= 0 && fstat(f, &st) == 0 && S_ISREG(st.st_mode) && st.st_size == (off_t)width * 32 &&
		    hz_fd_pread_full(f, was, (size_t)width * 32 + 1, 0, &n) == HZ_OK &&
		    n == (size_t)width * 32 && memcmp(was, hashes, n) == 0;
	hz_fd_close(&f);
	hz_fail_clear();
	return ours;
}

/* Partial tiles of one tile below the width that it has now: a larger one holds all of each. */
static enum hz_err
drop_partials(struct publish *p, unsigned level, uint64_t number, unsigned width)
{
	uint8_t hashes[WIDTH * 32];
	char path[96], name[8];
	const char *last = NULL;
	size_t n = 0;
	int fd = -1;
	uint64_t before = p->removed;

	tile_path(level, number, 1, path, sizeof path);
	enum hz_err r = folder_of(p->dir, path, false, &fd, &last);
	if (r == HZ_ERR_NOT_FOUND) {
		return HZ_OK; /* the common case: nothing partial is there */
	}
	r = r == HZ_OK ? hz_tree_tile(p->tree, level, number, hashes, &n) : r;
	for (unsigned k = 1; r == HZ_OK && k < width && k <= n; k++) {
		(void)snprintf(name, sizeof name, "%u", k);
		p->removed += is_ours(fd, name, k, hashes) && unlinkat(fd, name, 0) == 0 ? 1 : 0;
	}
	r = r == HZ_OK && p->removed > before ? hz_dir_sync(fd) : r;
	hz_fd_close(&fd);
	if (width == WIDTH) { /* its folder, where nobody put anything else there */
		path[strlen(path) - 2] = '\0';
		(void)unlinkat(p->dir, path, AT_REMOVEDIR);
	}
	return r;
}

/* Last of all, when the checkpoint that needs the new ones is there. */
static enum hz_err
drop_replaced(struct publish *p)
{
	enum hz_err r = HZ_OK;

	for (unsigned level = 0; level < LEVELS && p->log.size >> (HEIGHT * level) > 0; level++) {
		uint64_t hashes = p->log.size >> (HEIGHT * level);
		for (uint64_t i = 0; r == HZ_OK && i < hashes / WIDTH; i++) {
			r = drop_partials(p, level, i, WIDTH);
		}
		if (r == HZ_OK && hashes % WIDTH > 0) {
			r = drop_partials(p, level, hashes / WIDTH, (unsigned)(hashes % WIDTH));
		}
	}
	return r;
}

/* What was published before must be contained in what comes now: a published history is never replaced by
 * another. */
static enum hz_err
check_before(struct publish *p)
{
	struct hz_buf note = HZ_BUF_INIT(HZ_NOTE_MAX);
	struct hz_checkpoint c;
	char name[HZ_ORIGIN_MAX];
	uint8_t pk[32], root[32];
	enum hz_err r = hz_file_read(p->dir, "checkpoint", HZ_NOTE_MAX, &note);

	if (r == HZ_ERR_NOT_FOUND) {
		hz_fail_clear();
		return HZ_OK;
	}
	r = r == HZ_OK ? hz_vkey_parse(p->log.vkey, strlen(p->log.vkey), name, pk) : r;
	r = r == HZ_OK ? hz_checkpoint_read(note.p, note.len, NULL, &c) : r;
	if (r == HZ_OK && strcmp(c.origin, p->log.origin) != 0) {
		r = hz_fail(HZ_MSG_TARGET_EXISTS, _("another log is published there: %s"), c.origin);
	}
	r = r == HZ_OK ? hz_checkpoint_read(note.p, note.len, pk, &c) : r;
	if (r == HZ_OK && c.size > p->log.size) {
		r = hz_fail(HZ_MSG_LOG_OLDER, _("%" PRIu64 " events were published, the log has %" PRIu64),
		    c.size, p->log.size);
	}
	r = r == HZ_OK ? hz_tree_root_at(p->tree, c.size, root) : r;
	if (r == HZ_OK && memcmp(root, c.root, sizeof root) != 0) {
		r = hz_fail(HZ_MSG_LOG_FORK, _("another state of %" PRIu64 " events was published"), c.size);
	}
	hz_buf_done(&note);
	return r;
}

static enum hz_err
open_dir(const char *path, int *ret_fd)
{
	if (mkdir(path, 0755) != 0 && errno != EEXIST) {
		return hz_fail_sys(HZ_MSG_IO, errno, "%s", path);
	}
	*ret_fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return *ret_fd < 0 ? hz_fail_sys(HZ_MSG_IO, errno, "%s", path) : HZ_OK;
}

static enum hz_err
publish(struct hz_cli *cli, struct hz_vault *v, struct hz_view *w)
{
	struct publish p = { .dir = -1 };
	struct hz_buf note = HZ_BUF_INIT(HZ_NOTE_MAX);
	struct hz_out *o = &cli->door.out;
	uint32_t log = hz_vault_info(v)->logs - 1;
	enum hz_err r = hz_log_info(w, log, &p.log);

	r = r == HZ_OK ? hz_log_note(w, log, &note) : r;
	r = r == HZ_OK ? hz_log_tree(w, log, &p.tree) : r;
	r = r == HZ_OK ? open_dir(hz_args_operand(&cli->args, 0), &p.dir) : r;
	r = r == HZ_OK ? check_before(&p) : r;
	r = r == HZ_OK ? put_tiles(&p) : r;
	r = r == HZ_OK ? hz_file_replace(p.dir, "checkpoint", note.p, note.len, 0644) : r;
	r = r == HZ_OK ? drop_replaced(&p) : r;
	if (r == HZ_OK && cli->door.json) {
		struct hz_jw *j = hz_line_begin(o, "published");
		hz_jw_str(j, "origin", p.log.origin);
		hz_jw_int(j, "size", p.log.size);
		hz_jw_hex(j, "root", p.log.root, 32);
		hz_jw_int(j, "written", p.written);
		hz_jw_int(j, "kept", p.kept);
		hz_jw_int(j, "removed", p.removed);
		hz_line_end(o);
	} else if (r == HZ_OK && !cli->door.quiet) {
		hz_out_printf(o, _("published: %s events, %s new tiles\n"), hz_show_count(o, p.log.size),
		    hz_show_count(o, p.written));
	}
	hz_tree_close(&p.tree);
	hz_fd_close(&p.dir);
	hz_buf_done(&note);
	return r;
}

int
hz_cmd_log_publish(struct hz_cli *cli)
{
	struct hz_vault *v = NULL;
	struct hz_view *w = NULL;
	enum hz_err r = hz_cli_open(cli, HZ_VAULT_READ, &v);

	/* An older copy must not speak for the log. */
	if (r == HZ_OK && !hz_vault_info(v)->rollback) {
		r = hz_view_begin(v, &w);
		r = r == HZ_OK ? publish(cli, v, w) : r;
	}
	hz_view_end(&w);
	return hz_cli_close(cli, &v, r == HZ_OK ? 0 : hz_door_fail(&cli->door, r));
}
