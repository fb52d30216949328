#include "cli/cli.h"

#define VAULT_FORMAT 1 /* docs/format.md: the version that is written */

int
hz_cmd_version(struct hz_cli *cli)
{
	struct hz_out *o = &cli->door.out;

	if (cli->door.json) {
		struct hz_jw *w = hz_line_begin(o, "version");
		hz_jw_str(w, "program", hz_cli_prog.name);
		hz_jw_str(w, "version", hz_cli_prog.version);
		hz_jw_int(w, "format", VAULT_FORMAT);
		hz_line_end(o);
		return 0;
	}
	hz_out_printf(o, "%s %s\n", hz_cli_prog.name, hz_cli_prog.version);
	hz_out_printf(o, _("vault format %d\n"), VAULT_FORMAT);
	return 0;
}
