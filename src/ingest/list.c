/* The list of sources: collected before anything is read, so that counts and order are known. */
#include "ingest/inner.h"

#include "base/fd.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define NAMES_MAX   ((size_t)1 << 31)
#define SOURCES_MAX ((size_t)1 << 28)

void
hz_list_done(struct hz_list *l)
{
	for (size_t i = 0; i < l->nfolders; i++) {
		free(l->folders[i].path);
		free(l->folders[i].shown);
		free(l->folders[i].absolute);
	}
	free(l->folders);
	free(l->sources);
	hz_buf_done(&l->names);
	memset(l, 0, sizeof *l);
}

const char *
hz_list_name(const struct hz_list *l, const struct hz_source *s)
{
	return (const char *)l->names.p + s->name;
}

static enum hz_err
join(const char *folder, const char *name, struct hz_buf *out)
{
	const char *s = NULL;

	HZ_TRY(hz_buf_puts(out, folder));
	HZ_TRY(hz_buf_puts(out, name));
	return hz_buf_cstr(out, &s);
}

HZ_RESULT
hz_list_shown(const struct hz_list *l, const struct hz_source *s, struct hz_buf *out)
{
	return join(s->folder == HZ_NO_FOLDER ? "" : l->folders[s->folder].shown, hz_list_name(l, s), out);
}

HZ_RESULT
hz_list_absolute(const struct hz_list *l, const struct hz_source *s, struct hz_buf *out)
{
	return join(s->folder == HZ_NO_FOLDER ? "" : l->folders[s->folder].absolute, hz_list_name(l, s), out);
}

static enum hz_err
grow(void **p, size_t *cap, size_t n, size_t size)
{
	if (n < *cap) {
		return HZ_OK;
	}
	size_t cap2 = *cap == 0 ? 64 : *cap * 2;
	void *p2 = n < SOURCES_MAX ? reallocarray(*p, cap2, size) : NULL;
	if (p2 == NULL) {
		return hz_fail(HZ_MSG_NOMEM, "the list of %zu files", n);
	}
	*p = p2;
	*cap = cap2;
	return HZ_OK;
}

static enum hz_err
add_source(struct hz_list *l, const char *name, struct hz_source s)
{
	void *p = l->sources;

	HZ_TRY(grow(&p, &l->cap, l->n, sizeof *l->sources));
	l->sources = p;
	s.name = (uint32_t)l->names.len;
	HZ_TRY(hz_buf_put(&l->names, name, strlen(name) + 1));
	l->sources[l->n++] = s;
	l->bytes += s.kind == HZ_SOURCE_FILE ? s.size : 0;
	return HZ_OK;
}

static char *
with_slash(const char *a, const char *b)
{
	struct hz_buf out = HZ_BUF_INIT(HZ_INGEST_PATH);
	const char *s = NULL;
	char *copy = NULL;
	bool slash = a[0] != '\0' || b[0] != '\0';

	if (hz_buf_puts(&out, a) == HZ_OK && hz_buf_puts(&out, b) == HZ_OK) {
		slash = slash && out.p[out.len - 1] != '/';
		if ((!slash || hz_buf_putc(&out, '/') == HZ_OK) && hz_buf_cstr(&out, &s) == HZ_OK) {
			copy = strdup(s);
		}
	}
	hz_buf_done(&out);
	return copy;
}

/* shown and absolute of the folder: those of the parent and the name, or as given. */
static enum hz_err
add_folder(struct hz_list *l, struct hz_folder f, const char *path, const char *shown, const char *absolute,
    uint32_t *ret_i)
{
	void *p = l->folders;

	HZ_TRY(grow(&p, &l->cfolders, l->nfolders, sizeof *l->folders));
	l->folders = p;
	f.path = strdup(path);
	f.shown = with_slash(shown, f.parent == HZ_NO_FOLDER ? "" : path);
	f.absolute = with_slash(absolute, f.parent == HZ_NO_FOLDER ? "" : path);
	if (f.path == NULL || f.shown == NULL || f.absolute == NULL) {
		free(f.path);
		free(f.shown);
		free(f.absolute);
		return hz_fail(
		    HZ_MSG_LIMIT, "a path of more than %d bytes, or no memory for it", HZ_INGEST_PATH);
	}
	*ret_i = (uint32_t)l->nfolders;
	l->folders[l->nfolders++] = f;
	return HZ_OK;
}

static struct hz_source
classify(const struct hz_list *l, const struct stat *st, uint32_t folder)
{
	struct hz_source s = { .folder = folder, .mode = (uint32_t)(st->st_mode & S_IFMT) };

	if (S_ISREG(st->st_mode)) {
		s.kind = HZ_SOURCE_FILE;
		s.size = st->st_size > 0 ? (uint64_t)st->st_size : 0;
	} else if (!S_ISDIR(st->st_mode)) {
		s.kind = HZ_SOURCE_OTHER;
	} else {
		bool vault = st->st_dev == l->vault_dev && st->st_ino == l->vault_ino;
		s.kind = vault ? HZ_SOURCE_VAULT : HZ_SOURCE_FOLDER;
	}
	return s;
}

/* --- one folder and what is below it ------------------------------------------------------------------- */
struct level {
	uint32_t folder;
	int fd;
	char **names;
	size_t n, at;
};

static void
level_done(struct level *v)
{
	for (size_t i = 0; i < v->n; i++) {
		free(v->names[i]);
	}
	free(v->names);
	hz_fd_close(&v->fd);
	*v = (struct level){ .fd = -1 };
}

static int
by_bytes(const void *a, const void *b)
{
	const char *const *x = a;
	const char *const *y = b;

	return strcmp(*x, *y);
}

static enum hz_err
read_names(struct level *v, DIR *d)
{
	size_t cap = 0;

	for (;;) {
		errno = 0;
		const struct dirent *e = readdir(d); /* NOLINT(concurrency-mt-unsafe): its own stream */
		if (e == NULL) {
			return errno == 0 ? HZ_OK
					  : hz_fail_sys(HZ_MSG_SOURCE_READ, errno, "reading the folder");
		}
		if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0) {
			continue;
		}
		void *p = v->names;
		HZ_TRY(grow(&p, &cap, v->n, sizeof *v->names));
		v->names = p;
		v->names[v->n] = strdup(e->d_name);
		if (v->names[v->n] == NULL) {
			return hz_fail(HZ_MSG_NOMEM, "names of a folder");
		}
		v->n++;
	}
}

/* Takes fd. The names are sorted; the descriptor stays for looking at them. */
static enum hz_err
level_open(struct level *v, uint32_t folder, int fd)
{
	*v = (struct level){ .folder = folder, .fd = fd };
	int copy = fcntl(fd, F_DUPFD_CLOEXEC, 3);
	DIR *d = copy >= 0 ? fdopendir(copy) : NULL;
	if (d == NULL) {
		int e = errno;
		hz_fd_close(&copy);
		return hz_fail_sys(HZ_MSG_SOURCE_READ, e, "reading the folder");
	}
	enum hz_err r = read_names(v, d);
	(void)closedir(d);
	if (r == HZ_OK && v->n > 1) {
		qsort(v->names, v->n, sizeof *v->names, by_bytes);
	}
	return r;
}

static int
open_folder(int dirfd, const char *name)
{
	int fd = openat(dirfd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC | O_NOATIME);

	if (fd < 0 && errno == EPERM) {
		fd = openat(dirfd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	}
	return fd;
}

/* Goes into the entry, or makes an item of it where that is not possible. */
static enum hz_err
descend(struct hz_list *l, struct level *stack, size_t *depth, const char *name, struct hz_source s)
{
	struct level *v = &stack[*depth - 1];
	const struct hz_folder *up = &l->folders[v->folder];
	uint32_t folder = 0;

	if (*depth == HZ_INGEST_DEPTH) {
		s.kind = HZ_SOURCE_DEEP;
		return add_source(l, name, s);
	}
	int fd = open_folder(v->fd, name);
	if (fd < 0) {
		s.kind = HZ_SOURCE_MISSING;
		s.err_no = errno;
		return add_source(l, name, s);
	}
	enum hz_err r = add_folder(l, (struct hz_folder){ .parent = v->folder, .below = up->below }, name,
	    up->shown, up->absolute, &folder);
	if (r != HZ_OK) {
		hz_fd_close(&fd);
		return r;
	}
	(*depth)++;
	r = level_open(&stack[*depth - 1], folder, fd);
	if (r == HZ_ERR_IO) {
		s.kind = HZ_SOURCE_MISSING;
		s.err_no = hz_fail_errno();
		level_done(&stack[--(*depth)]);
		r = add_source(l, name, s);
	}
	return r;
}

static enum hz_err
entry(struct hz_list *l, struct level *stack, size_t *depth, const char *name)
{
	struct level *v = &stack[*depth - 1];
	struct stat st;

	if (fstatat(v->fd, name, &st, AT_SYMLINK_NOFOLLOW) != 0) {
		struct hz_source s = { .folder = v->folder, .kind = HZ_SOURCE_MISSING, .err_no = errno };
		return add_source(l, name, s);
	}
	struct hz_source s = classify(l, &st, v->folder);
	return s.kind == HZ_SOURCE_FOLDER ? descend(l, stack, depth, name, s) : add_source(l, name, s);
}

/* Depth first with a stack of its own: a hostile tree must not decide about ours. */
static enum hz_err
walk(struct hz_list *l, uint32_t folder, int fd)
{
	struct level *stack = calloc(HZ_INGEST_DEPTH, sizeof *stack);
	size_t depth = 1;

	if (stack == NULL) {
		hz_fd_close(&fd);
		return hz_fail(HZ_MSG_NOMEM, "folders");
	}
	enum hz_err r = level_open(&stack[0], folder, fd);
	while (r == HZ_OK && depth > 0) {
		struct level *v = &stack[depth - 1];
		if (v->at == v->n) {
			level_done(v);
			depth--;
			continue;
		}
		r = hz_cancel_check();
		if (r == HZ_OK) {
			r = entry(l, stack, &depth, v->names[v->at++]);
		}
	}
	while (depth > 0) {
		level_done(&stack[--depth]);
	}
	free(stack);
	return r;
}

/* --- operands --------------------------------------------------------------------------------------------
 */

/* The folder of a path: "" for a bare name, else with its slashes; *ret_name is the rest without slashes at
 * its end. */
static enum hz_err
split(const char *path, char **ret_folder, char **ret_name)
{
	size_t n = strlen(path);

	while (n > 1 && path[n - 1] == '/') {
		n--;
	}
	size_t at = n;
	while (at > 0 && path[at - 1] != '/') {
		at--;
	}
	if (at == n) {
		at = 0; /* "/" itself */
	}
	*ret_folder = strndup(path, at);
	*ret_name = strndup(path + at, n - at);
	if (*ret_folder == NULL || *ret_name == NULL) {
		free(*ret_folder);
		free(*ret_name);
		return hz_fail(HZ_MSG_NOMEM, "a path");
	}
	return HZ_OK;
}

static enum hz_err
operand_folder(struct hz_list *l, const char *path, uint32_t *ret_i)
{
	struct hz_folder f = { .parent = HZ_NO_FOLDER, .given = true };
	char *absolute = realpath(path, NULL);
	char *shown = with_slash(path, "");
	enum hz_err r = shown != NULL ? HZ_OK : hz_fail(HZ_MSG_LIMIT, "path");

	if (r == HZ_OK) {
		f.below = strlen(shown);
		r = add_folder(l, f, path, shown, absolute != NULL ? absolute : shown, ret_i);
	}
	free(shown);
	free(absolute);
	return r;
}

/* The folder in which an operand lies; many in a row lie in the same one. */
static enum hz_err
parent_folder(struct hz_list *l, const char *folder, uint32_t *ret_i)
{
	struct hz_folder f = { .parent = HZ_NO_FOLDER, .below = SIZE_MAX };
	const char *path = folder[0] == '\0' ? "." : folder;

	if (l->nfolders > 0) {
		const struct hz_folder *last = &l->folders[l->nfolders - 1];
		if (last->below == SIZE_MAX && strcmp(last->path, path) == 0) {
			*ret_i = (uint32_t)l->nfolders - 1;
			return HZ_OK;
		}
	}
	char *absolute = realpath(path, NULL);
	enum hz_err r = add_folder(l, f, path, folder, absolute != NULL ? absolute : folder, ret_i);
	free(absolute);
	return r;
}

static enum hz_err
operand_steps(struct hz_list *l, const char *path, const char *folder, const char *name, bool recursive)
{
	struct stat st;
	struct hz_source s = { 0 };
	char *bare = NULL;
	uint32_t i = 0;

	/* A link is not followed, with a slash at its end neither. */
	if (asprintf(&bare, "%s%s", folder, name) < 0) {
		return hz_fail(HZ_MSG_NOMEM, "a path");
	}
	enum hz_err r = parent_folder(l, folder, &i);
	if (r == HZ_OK && fstatat(AT_FDCWD, bare, &st, AT_SYMLINK_NOFOLLOW) != 0) {
		s = (struct hz_source){ .folder = i, .kind = HZ_SOURCE_MISSING, .err_no = errno };
	} else if (r == HZ_OK) {
		s = classify(l, &st, i);
	}
	int fd = -1;
	if (r == HZ_OK && s.kind == HZ_SOURCE_FOLDER && recursive) {
		fd = open_folder(AT_FDCWD, bare);
		if (fd < 0) {
			s.kind = HZ_SOURCE_MISSING;
			s.err_no = errno;
		}
	}
	if (r == HZ_OK && fd >= 0) {
		r = operand_folder(l, bare, &i);
		if (r == HZ_OK) {
			r = walk(l, i, fd);
			if (r == HZ_ERR_IO) { /* its names cannot be read */
				s.kind = HZ_SOURCE_MISSING;
				s.err_no = hz_fail_errno();
				r = add_source(l, name, s);
			}
		} else {
			hz_fd_close(&fd);
		}
	} else if (r == HZ_OK) {
		r = add_source(l, path[0] == '\0' ? "" : name, s);
	}
	free(bare);
	return r;
}

HZ_RESULT
hz_list_make(struct hz_list *l, const char *vault, const char *const *paths, size_t npaths, bool recursive)
{
	struct stat st;
	enum hz_err r = HZ_OK;

	*l = (struct hz_list){ .names = HZ_BUF_INIT(NAMES_MAX) };
	if (stat(vault, &st) == 0) {
		l->vault_dev = st.st_dev;
		l->vault_ino = st.st_ino;
	}
	for (size_t i = 0; i < npaths && r == HZ_OK; i++) {
		char *folder = NULL;
		char *name = NULL;
		r = hz_cancel_check();
		if (r == HZ_OK && strcmp(paths[i], "-") == 0) {
			r = add_source(
			    l, "-", (struct hz_source){ .folder = HZ_NO_FOLDER, .kind = HZ_SOURCE_STDIN });
			continue;
		}
		if (r == HZ_OK) {
			r = split(paths[i], &folder, &name);
		}
		if (r == HZ_OK) {
			r = operand_steps(l, paths[i], folder, name, recursive);
			free(folder);
			free(name);
		}
	}
	return r;
}

HZ_RESULT
hz_list_open(const struct hz_list *l, uint32_t folder, int *ret_fd)
{
	uint32_t chain[HZ_INGEST_DEPTH + 1];
	size_t n = 0;

	for (uint32_t i = folder; i != HZ_NO_FOLDER; i = l->folders[i].parent) {
		hz_assert(n < sizeof chain / sizeof chain[0]);
		chain[n++] = i;
	}
	int fd = AT_FDCWD;
	while (n > 0) {
		const struct hz_folder *f = &l->folders[chain[--n]];
		bool follow = f->parent == HZ_NO_FOLDER && !f->given;
		int next = openat(fd, f->path, O_PATH | O_DIRECTORY | O_CLOEXEC | (follow ? 0 : O_NOFOLLOW));
		int e = errno;
		if (fd >= 0) {
			hz_fd_close(&fd);
		}
		if (next < 0) {
			return hz_source_fail(e, hz_fail_words("its folder"));
		}
		fd = next;
	}
	*ret_fd = fd;
	return HZ_OK;
}
