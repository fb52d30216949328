/* hirz unlock: the keys stay in the kernel keyring for a while. */
#include "cli/common.h"

#include "base/buf.h"
#include "door/passphrase.h"
#include <limits.h>

#define DEFAULT_SECONDS (UINT64_C(30) * 60)
#define MAX_SECONDS     (UINT64_C(7) * 86400)

static void
say(struct hz_cli *cli, const struct hz_vault *v, uint64_t seconds)
{
	struct hz_out *o = &cli->door.out;

	if (cli->door.json) {
		struct hz_jw *w = hz_line_begin(o, "status");
		hz_jw_str(w, "vault", hz_vault_info(v)->vault_hex);
		hz_jw_bool(w, "locked", false);
		hz_jw_bool(w, "session", true);
		hz_jw_int(w, "seconds", seconds);
		hz_line_end(o);
	} else if (!cli->door.quiet) {
		hz_out_printf(o, _("Open for %s; `hirz lock` ends it at once.\n"), hz_show_span(o, seconds));
	}
}

int
hz_cmd_unlock(struct hz_cli *cli)
{
	struct hz_vault *v = NULL;
	uint64_t seconds = DEFAULT_SECONDS;
	enum hz_err r = hz_args_span(&cli->args, "for", MAX_SECONDS, &seconds);

	r = r == HZ_OK ? hz_cli_open_asking(cli, HZ_VAULT_READ, &v) : r;
	if (r == HZ_OK) {
		r = hz_session_store(v, (unsigned)seconds);
		if (r == HZ_ERR_UNSUPPORTED) {
			hz_door_safe(&cli->door,
			    _("the passphrase is right (it took %.1f s); nothing is kept, nothing was changed"),
			    hz_vault_info(v)->unlock_seconds);
		}
	}
	if (r == HZ_OK) {
		say(cli, v, seconds);
	}
	return hz_cli_close(cli, &v, r == HZ_OK ? 0 : hz_door_fail(&cli->door, r));
}
