/* hirz open: the original bytes of an exhibit, after the log has recorded who and why. */
#include "cli/newfile.h"
#include "cli/print.h"

#include "base/enc.h"
#include "base/fd.h"
#include "codec/sink.h"
#include "door/progress.h"
#include <limits.h>
#include <string.h>
#include <unistd.h>

#define VIEW_SEGMENTS 256 /* a view that lives long keeps a writer from using free pages again */

struct stream {
	struct hz_cli *cli;
	struct hz_vault *v;
	struct hz_view *view;
	const struct hz_object *o;
	struct hz_opener *opener;
	struct hz_progress progress;
	int fd;
	uint64_t written;
};

static enum hz_err
sink(void *arg, const uint8_t *p, size_t n)
{
	struct stream *s = arg;
	enum hz_err r = hz_fd_write_all(s->fd, p, n);

	s->written += n;
	/* Of a file of ours it is said that the disk is full; where standard output leads to is not ours. */
	bool full = r == HZ_ERR_NOSPACE && s->fd != STDOUT_FILENO;
	if (r != HZ_OK && r != HZ_ERR_CANCELLED && !full) {
		r = hz_fail(HZ_MSG_OUTPUT, "%s", hz_fail_detail());
	}
	return r;
}

static enum hz_err
segments(struct stream *s)
{
	enum hz_err r = HZ_OK;

	for (uint64_t i = 0; r == HZ_OK && i < s->o->segments; i++) {
		const uint8_t *p = NULL;
		size_t n = 0;
		r = hz_cancel_check();
		if (r == HZ_OK && i > 0 && i % VIEW_SEGMENTS == 0) {
			hz_view_end(&s->view);
			r = hz_view_begin(s->v, &s->view);
		}
		if (r != HZ_OK) {
			break;
		}
		hz_object_willneed(s->view, s->o, i + 2);
		/* The tags and the hash of the plaintext say it all: the segment's own hash adds nothing. */
		r = hz_object_segment(s->view, s->o, i, false, &p, &n);
		r = r == HZ_OK ? hz_opener_put(s->opener, p, n, sink, s) : r;
		if (r == HZ_OK) {
			hz_object_dontneed(s->view, p, n);
			hz_progress_at(&s->progress, 0, s->written);
		}
	}
	return r;
}

static enum hz_err
write_plain(struct stream *s)
{
	const struct hz_object *o = s->o;
	uint8_t h[32];
	enum hz_err r = hz_opener_new(&s->opener);

	if (r != HZ_OK) {
		return r;
	}
	hz_progress_begin(&s->progress, &s->cli->door, "open", _("Writing"), 0, o->opening.size);
	r = hz_opener_begin(s->opener, o->file_key, o->opening.size, o->payload);
	r = r == HZ_OK ? segments(s) : r;
	r = r == HZ_OK ? hz_opener_end(s->opener, h) : r;
	hz_progress_end(&s->progress);
	if (r == HZ_OK && memcmp(h, o->opening.sha256, 32) != 0) {
		r = hz_fail(HZ_MSG_CONTENT_DIFFERS, _("the bytes do not have the sealed hash"));
	}
	hz_opener_free(&s->opener);
	return r;
}

/* --- the command ------------------------------------------------------------------------------------- */

/* Finds and checks; in a view of its own, which must not stand open while a batch writes. */
static enum hz_err
find(struct hz_cli *cli, struct hz_vault *v, struct hz_exhibit *ret_e, struct hz_object *ret_o)
{
	struct hz_view *w = NULL;
	enum hz_err r = hz_view_begin(v, &w);

	r = r == HZ_OK ? hz_exhibit_find(w, hz_args_bare(&cli->args, 0), ret_e) : r;
	r = r == HZ_OK ? hz_exhibit_check(w, ret_e) : r;
	r = r == HZ_OK ? hz_object_load(w, ret_e, ret_o) : r;
	hz_view_end(&w);
	return r;
}

static enum hz_err
send(struct hz_cli *cli, struct hz_vault *v, const struct hz_object *o, const char *path)
{
	struct stream s = { .cli = cli, .v = v, .o = o, .fd = STDOUT_FILENO };
	struct hz_newfile f = HZ_NEWFILE_INIT;
	enum hz_err r = path == NULL ? HZ_OK : hz_newfile_begin(path, &f);

	s.fd = path == NULL ? STDOUT_FILENO : f.fd;
	r = r == HZ_OK ? hz_view_begin(v, &s.view) : r;
	r = r == HZ_OK ? write_plain(&s) : r;
	hz_view_end(&s.view);
	r = r == HZ_OK && path != NULL ? hz_newfile_finish(&f) : r;
	hz_newfile_end(&f);
	return r;
}

static void
say(struct hz_cli *cli, const struct hz_exhibit *e, const struct hz_object *o, const char *path)
{
	struct hz_out *out = &cli->door.out;

	if (cli->door.json) {
		struct hz_jw *w = hz_line_begin(out, "opened");
		hz_jw_str(w, "id", e->number);
		hz_jw_int(w, "size", o->opening.size);
		hz_jw_hex(w, "sha256", o->opening.sha256, 32);
		hz_line_path(w, path);
		hz_line_end(out);
	} else if (!cli->door.quiet) {
		hz_out_printf(out, _("%s  %s written to %s, every byte as it was sealed\n"),
		    hz_show_id(out, e->number), hz_show_size(out, o->opening.size), hz_show_str(out, path));
		hz_out_puts(
		    out, _("That file is not protected any more: remove it when it is not needed.\n"));
	}
}

static enum hz_err
check_options(struct hz_cli *cli, const char **ret_path, const char **ret_reason)
{
	*ret_path = hz_output_path(cli);
	*ret_reason = hz_args_get(&cli->args, "reason");
	if (*ret_reason == NULL || (*ret_reason)[0] == '\0') {
		return hz_fail(HZ_MSG_USAGE,
		    _("`--reason TEXT` is missing: why the exhibit is opened stands in the log"));
	}
	if (!hz_utf8_ok(*ret_reason, strlen(*ret_reason))) {
		return hz_fail(HZ_MSG_USAGE, _("the reason is not UTF-8 text"));
	}
	if (*ret_path == NULL && cli->door.json) {
		return hz_fail(HZ_MSG_USAGE, _("--json needs `-o FILE`: bytes and lines do not mix"));
	}
	if (*ret_path == NULL && cli->door.tty[1]) {
		return hz_fail(HZ_MSG_USAGE,
		    _("`-o FILE` is missing: the bytes of an exhibit are not written to a terminal"));
	}
	return HZ_OK;
}

/* A target that is there is refused before anything is recorded. */
static enum hz_err
try_target(const char *path)
{
	struct hz_newfile f = HZ_NEWFILE_INIT;
	enum hz_err r = path == NULL ? HZ_OK : hz_newfile_begin(path, &f);

	hz_newfile_end(&f);
	return r;
}

static bool
is_folder(const char *path)
{
	return path != NULL && path[0] != '\0' && path[strlen(path) - 1] == '/';
}

/* In the folder that was named: the exhibit's number, and as much of its name as a name of a file may be. */
static enum hz_err
path_in(struct hz_vault *v, const struct hz_exhibit *e, const char *folder, struct hz_buf *ret_path)
{
	struct hz_record rec;
	struct hz_view *w = NULL;
	enum hz_err r = hz_view_begin(v, &w);

	hz_record_init(&rec);
	r = r == HZ_OK ? hz_exhibit_fields(w, e, &rec) : r;
	hz_view_end(&w);
	const char *name = r == HZ_OK ? hz_record_get(&rec, "exhibit.name") : NULL;
	r = r == HZ_OK ? hz_buf_printf(ret_path, "%s%s", folder, e->number) : r;
	if (r == HZ_OK && name != NULL) {
		r = hz_buf_puts(ret_path, "-");
		r = r == HZ_OK ? hz_file_name(ret_path, name, strlen(name)) : r;
	}
	hz_record_done(&rec);
	return r;
}

int
hz_cmd_open(struct hz_cli *cli)
{
	const char *path = NULL, *reason = NULL;
	struct hz_buf named = HZ_BUF_INIT(PATH_MAX);
	struct hz_vault *v = NULL;
	struct hz_exhibit e;
	struct hz_object o = { 0 };
	bool recorded = false;

	enum hz_err r = check_options(cli, &path, &reason);
	bool folder = is_folder(path);
	r = r == HZ_OK && !folder ? try_target(path) : r;
	r = r == HZ_OK ? hz_cli_open(cli, HZ_VAULT_WRITE, &v) : r;
	r = r == HZ_OK ? find(cli, v, &e, &o) : r;
	if (r == HZ_OK && folder) {
		r = path_in(v, &e, path, &named);
		r = r == HZ_OK ? hz_buf_cstr(&named, &path) : r;
		r = r == HZ_OK ? try_target(path) : r;
	}
	if (r == HZ_OK) {
		r = hz_vault_access(v, e.no, reason);
		recorded = r == HZ_OK;
		r = r == HZ_OK ? send(cli, v, &o, path) : r;
		if (r == HZ_OK && path != NULL) {
			say(cli, &e, &o, path);
		}
		if (r != HZ_OK && recorded) {
			hz_door_safe(&cli->door,
			    path == NULL
				? _("the vault was not changed but for the event in the log")
				: _("the file was removed; the vault was not changed but for the event in the log"));
		}
	}
	hz_object_done(&o);
	hz_buf_done(&named);
	return hz_cli_close(cli, &v, r == HZ_OK ? 0 : hz_door_fail(&cli->door, r));
}
