/* hirz recover restored: going on from an older copy, in a new log that says so. */
#include "cli/common.h"

#include "base/enc.h"
#include <limits.h>
#include <stdio.h>
#include <string.h>

struct before {
	uint64_t size, pin_size;
	uint8_t root[32];
	bool rollback;
};

static void
say(struct hz_cli *cli, const struct hz_vault *v, const struct before *b)
{
	const struct hz_vault_info *i = hz_vault_info(v);
	struct hz_out *o = &cli->door.out;

	if (cli->door.json) {
		struct hz_jw *w = hz_line_begin(o, "restored");
		hz_jw_str(w, "origin", i->origin);
		hz_jw_int(w, "logs", i->logs);
		hz_jw_int(w, "found", b->size);
		hz_jw_hex(w, "found_root", b->root, 32);
		if (b->rollback) {
			hz_jw_int(w, "pinned", b->pin_size);
		} else {
			hz_jw_null(w, "pinned");
		}
		hz_line_end(o);
		return;
	}
	if (cli->door.quiet) {
		return;
	}
	hz_out_puts(o, _("The old log is closed and a new one has begun.\n"));
	hz_out_printf(o, _("Found in this copy: %s events.\n"), hz_show_count(o, b->size));
	if (b->rollback) {
		hz_out_printf(o, _("Seen of it before: %s events. What came after this copy is lost here.\n"),
		    hz_show_count(o, b->pin_size));
	} else {
		hz_out_puts(o, _("Nothing newer of it was seen on this machine.\n"));
	}
	hz_out_puts(o, _("The new log says so for ever. Next: `hirz verify --full`\n"));
}

int
hz_cmd_recover_restored(struct hz_cli *cli)
{
	const char *why = hz_args_get(&cli->args, "message");
	struct hz_buf path = HZ_BUF_INIT(PATH_MAX);
	struct hz_vault_opts opts = { .mode = HZ_VAULT_WRITE, .allow_rollback = true };
	struct hz_unlock unlock = hz_cli_unlock(cli, true);
	struct hz_vault *v = NULL;
	struct before b = { 0 };
	struct hz_ref at;
	const char *p = NULL;
	enum hz_err r = HZ_OK;

	if (why == NULL || why[0] == '\0') {
		r = hz_fail(HZ_MSG_USAGE, _("`-m WHY` is missing: it stands in the log for ever"));
	} else if (!hz_utf8_ok(why, strlen(why))) {
		r = hz_fail(HZ_MSG_USAGE, _("the reason is not UTF-8 text"));
	}
	r = r == HZ_OK ? hz_cli_find(cli, &path) : r;
	r = r == HZ_OK ? hz_buf_cstr(&path, &p) : r;
	r = r == HZ_OK ? hz_vault_open(p, &opts, &unlock, &v) : r;
	hz_buf_done(&path);
	if (r == HZ_OK) {
		const struct hz_vault_info *i = hz_vault_info(v);
		hz_cli_notes(cli, v);
		b = (struct before){ .size = i->log_size, .pin_size = i->pin_size, .rollback = i->rollback };
		(void)memcpy(b.root, i->log_root, 32);
		r = hz_vault_restored(v, why, &at);
	}
	if (r == HZ_OK) {
		say(cli, v, &b);
	}
	return hz_cli_close(cli, &v, r == HZ_OK ? 0 : hz_door_fail(&cli->door, r));
}
