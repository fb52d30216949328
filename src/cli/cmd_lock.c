/* hirz lock: the session ends at once. */
#include "cli/common.h"

#include "base/enc.h"
#include <limits.h>

int
hz_cmd_lock(struct hz_cli *cli)
{
	struct hz_buf path = HZ_BUF_INIT(PATH_MAX);
	struct hz_out *o = &cli->door.out;
	const char *p = NULL;
	uint8_t id[16];
	char hex[33];
	bool was = false;
	enum hz_err r = hz_cli_find(cli, &path);

	r = r == HZ_OK ? hz_buf_cstr(&path, &p) : r;
	r = r == HZ_OK ? hz_vault_peek_id(p, id) : r;
	r = r == HZ_OK ? hz_session_drop(id, &was) : r;
	hz_buf_done(&path);
	if (r != HZ_OK) {
		return hz_door_fail(&cli->door, r);
	}
	if (cli->door.json) {
		struct hz_jw *w = hz_line_begin(o, "status");
		hz_hex(hex, id, 16);
		hz_jw_str(w, "vault", hex);
		hz_jw_bool(w, "locked", true);
		hz_jw_bool(w, "was_open", was);
		hz_line_end(o);
	} else if (!cli->door.quiet) {
		hz_out_puts(o, was ? _("Locked: the keys of this session are gone.\n")
				   : _("There was no open session: nothing had to be locked.\n"));
	}
	return 0;
}
