/* hirz object export: one exhibit, still encrypted, as a file that the program age opens. */
#include "cli/newfile.h"
#include "cli/print.h"

#include "base/fd.h"
#include "door/progress.h"
#include <unistd.h>

#define VIEW_SEGMENTS 256 /* a view that lives long keeps a writer from using free pages again */

struct copy {
	struct hz_cli *cli;
	struct hz_vault *v;
	struct hz_view *view;
	struct hz_exhibit e;
	struct hz_object o;
	struct hz_progress progress;
	int fd;
};

static enum hz_err
put(struct copy *c, const void *p, size_t n)
{
	enum hz_err r = hz_fd_write_all(c->fd, p, n);

	return r == HZ_OK || r == HZ_ERR_CANCELLED || r == HZ_ERR_NOSPACE
		   ? r
		   : hz_fail(HZ_MSG_OUTPUT, "%s", hz_fail_detail());
}

static enum hz_err
header(struct copy *c)
{
	struct hz_buf h = HZ_BUF_INIT(HZ_OBJ_HEADER_MAX);
	enum hz_err r = hz_object_age_header(c->view, &c->e, &c->o, &h);

	r = r == HZ_OK ? put(c, h.p, h.len) : r;
	hz_buf_done(&h);
	return r;
}

static enum hz_err
payload(struct copy *c)
{
	enum hz_err r = HZ_OK;
	uint64_t done = 0;

	for (uint64_t i = 0; r == HZ_OK && i < c->o.segments; i++) {
		const uint8_t *p = NULL;
		size_t n = 0;
		r = hz_cancel_check();
		if (r == HZ_OK && i > 0 && i % VIEW_SEGMENTS == 0) {
			hz_view_end(&c->view);
			r = hz_view_begin(c->v, &c->view);
		}
		if (r != HZ_OK) {
			break;
		}
		hz_object_willneed(c->view, &c->o, i + 2);
		r = hz_object_segment(c->view, &c->o, i, true, &p, &n);
		r = r == HZ_OK ? put(c, p, n) : r;
		if (r == HZ_OK) {
			hz_object_dontneed(c->view, p, n);
			done += n;
			hz_progress_at(&c->progress, 0, done);
		}
	}
	return r;
}

static enum hz_err
send(struct copy *c, const char *path)
{
	struct hz_newfile f = HZ_NEWFILE_INIT;
	enum hz_err r = path == NULL ? HZ_OK : hz_newfile_begin(path, &f);

	c->fd = path == NULL ? STDOUT_FILENO : f.fd;
	r = r == HZ_OK ? hz_view_begin(c->v, &c->view) : r;
	if (r == HZ_OK) {
		hz_progress_begin(&c->progress, &c->cli->door, "object", _("Writing"), 0, c->o.payload);
		r = header(c);
		r = r == HZ_OK ? payload(c) : r;
		hz_progress_end(&c->progress);
	}
	hz_view_end(&c->view);
	r = r == HZ_OK && path != NULL ? hz_newfile_finish(&f) : r;
	hz_newfile_end(&f);
	return r;
}

static enum hz_err
find(struct copy *c)
{
	enum hz_err r = hz_view_begin(c->v, &c->view);

	r = r == HZ_OK ? hz_exhibit_find(c->view, hz_args_bare(&c->cli->args, 0), &c->e) : r;
	r = r == HZ_OK ? hz_exhibit_check(c->view, &c->e) : r;
	r = r == HZ_OK ? hz_object_load(c->view, &c->e, &c->o) : r;
	hz_view_end(&c->view);
	return r;
}

static enum hz_err
say(struct copy *c, const char *path)
{
	struct hz_out *o = &c->cli->door.out;
	uint64_t padded = 0;
	enum hz_err r = hz_payload_padded(c->o.payload, &padded);

	if (r == HZ_OK && c->cli->door.json) {
		struct hz_jw *w = hz_line_begin(o, "object");
		hz_jw_str(w, "id", c->e.number);
		hz_jw_int(w, "size", c->o.opening.size);
		hz_jw_int(w, "padded", padded);
		hz_jw_int(w, "segments", c->o.segments);
		hz_jw_hex(w, "root", c->o.root, 32);
		hz_line_path(w, path);
		hz_line_end(o);
	} else if (r == HZ_OK && !c->cli->door.quiet) {
		hz_out_printf(o, _("%s written to %s as an age file\n"), hz_show_id(o, c->e.number),
		    hz_show_str(o, path));
		hz_out_printf(o, _("True size %s bytes; what follows after `age -d` is padding.\n"),
		    hz_show_count(o, c->o.opening.size));
	}
	return r;
}

int
hz_cmd_object_export(struct hz_cli *cli)
{
	const char *path = hz_output_path(cli);
	struct copy c = { .cli = cli };
	struct hz_newfile trial = HZ_NEWFILE_INIT;
	enum hz_err r = HZ_OK;

	if (path == NULL) {
		r = hz_fail(HZ_MSG_USAGE, _("`-o FILE` is missing"));
	} else { /* a target that is there is refused before anything is recorded */
		r = hz_newfile_begin(path, &trial);
		hz_newfile_end(&trial);
	}
	r = r == HZ_OK ? hz_cli_open(cli, HZ_VAULT_WRITE, &c.v) : r;
	r = r == HZ_OK ? find(&c) : r;
	if (r == HZ_OK) {
		/* Whoever has the compartment's identity reads it from now on without this vault. */
		r = hz_vault_access(c.v, c.e.no, "written out as an age file");
		r = r == HZ_OK ? send(&c, path) : r;
	}
	r = r == HZ_OK ? say(&c, path) : r;
	hz_object_done(&c.o);
	return hz_cli_close(cli, &c.v, r == HZ_OK ? 0 : hz_door_fail(&cli->door, r));
}
