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

/* The session begins with a reading of the clocks in the log. Where the vault cannot be written now (another
 * writer, an older copy, a medium for reading), the next event that is written carries one. */
static void
read_clocks(struct hz_cli *cli, struct hz_vault **v)
{
	struct hz_vault_opts opts = { .mode = HZ_VAULT_WRITE, .no_wait = true };
	struct hz_unlock unlock = hz_cli_unlock(cli, false);
	struct hz_buf path = HZ_BUF_INIT(PATH_MAX);
	const char *p = NULL;
	enum hz_err r = hz_buf_puts(&path, hz_vault_path(*v));

	r = r == HZ_OK ? hz_buf_cstr(&path, &p) : r;
	hz_vault_close(v);
	r = r == HZ_OK ? hz_vault_open(p, &opts, &unlock, v) : r;
	if (r == HZ_OK) {
		HZ_IGNORE(hz_vault_clock(*v)); /* as said above */
	}
	hz_buf_done(&path);
	hz_fail_clear();
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
		if (!hz_vault_info(v)->rollback) {
			read_clocks(cli, &v);
		}
	}
	return hz_cli_close(cli, &v, r == HZ_OK ? 0 : hz_door_fail(&cli->door, r));
}
