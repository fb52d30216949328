/* hirz backup: a safe copy of the vault while it is in use. */
#include "cli/common.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* A copy inside the vault's own folder would be copied along the next time, and lost with it. */
static enum hz_err
check_place(const struct hz_vault *v, const char *dir)
{
	char *vault = realpath(hz_vault_path(v), NULL);
	char *up = strdup(dir);
	char *real = NULL;
	enum hz_err r = HZ_OK;

	/* The nearest folder that is there already. */
	while (up != NULL && (real = realpath(up, NULL)) == NULL && errno == ENOENT) {
		char *slash = strrchr(up, '/');
		if (slash == NULL || slash == up) {
			real = realpath(slash == NULL ? "." : "/", NULL);
			break;
		}
		*slash = '\0';
	}
	if (vault != NULL && real != NULL) {
		size_t n = strlen(vault);
		if (strncmp(real, vault, n) == 0 && (real[n] == '\0' || real[n] == '/')) {
			r = hz_fail(HZ_MSG_USAGE, _("%s lies inside the vault itself"), dir);
		}
	}
	free(vault);
	free(up);
	free(real);
	return r;
}

static void
say(struct hz_cli *cli, const struct hz_vault *v, const char *dir)
{
	const struct hz_vault_info *i = hz_vault_info(v);
	struct hz_out *o = &cli->door.out;

	if (cli->door.json) {
		struct hz_jw *w = hz_line_begin(o, "backup");
		hz_line_path(w, dir);
		hz_jw_str(w, "vault", i->vault_hex);
		hz_jw_str(w, "origin", i->origin);
		hz_jw_int(w, "size", i->log_size);
		hz_jw_hex(w, "root", i->log_root, 32);
		hz_jw_int(w, "exhibits", i->exhibits);
		hz_line_end(o);
	} else if (!cli->door.quiet) {
		hz_out_printf(o, _("Copied to %s: %s exhibits, log of %s events, encrypted as they are.\n"),
		    hz_show_str(o, dir), hz_show_count(o, i->exhibits), hz_show_count(o, i->log_size));
		hz_out_printf(o, _("Check the copy: `hirz --vault %s verify --full`\n"), hz_show_str(o, dir));
	}
}

int
hz_cmd_backup(struct hz_cli *cli)
{
	const char *dir = hz_args_operand(&cli->args, 0);
	struct hz_vault *v = NULL;
	enum hz_err r = hz_cli_open(cli, HZ_VAULT_WRITE, &v);

	r = r == HZ_OK ? check_place(v, dir) : r;
	r = r == HZ_OK ? hz_vault_backup(v, dir) : r;
	if (r == HZ_OK) {
		say(cli, v, dir);
	}
	return hz_cli_close(cli, &v, r == HZ_OK ? 0 : hz_door_fail(&cli->door, r));
}
