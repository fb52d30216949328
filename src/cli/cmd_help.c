#include "cli/cli.h"

#include <stdio.h>
#include <string.h>

int
hz_cmd_help(struct hz_cli *cli)
{
	struct hz_out *o = &cli->door.out;
	const char *first = hz_args_operand(&cli->args, 0);
	const char *second = hz_args_operand(&cli->args, 1);
	char name[64];

	if (hz_args_has(&cli->args, "dump")) {
		hz_help_dump(o, &hz_cli_prog);
		return 0;
	}
	if (first == NULL) {
		hz_help_prog(o, &hz_cli_prog);
		return 0;
	}
	int n = snprintf(
	    name, sizeof name, "%s%s%s", first, second == NULL ? "" : " ", second == NULL ? "" : second);
	const struct hz_cmd *cmd = n > 0 && (size_t)n < sizeof name ? hz_prog_find(&hz_cli_prog, name) : NULL;
	if (cmd != NULL) {
		hz_help_cmd(o, &hz_cli_prog, cmd);
		return 0;
	}
	if (second == NULL && hz_prog_is_group(&hz_cli_prog, first)) {
		hz_help_group(o, &hz_cli_prog, first);
		return 0;
	}
	if (second == NULL && hz_cli_topic(o, first)) {
		return 0;
	}
	return hz_door_fail(
	    &cli->door, hz_fail(HZ_MSG_UNKNOWN_COMMAND, _("\"%s\" is neither a command nor a topic"),
			    second == NULL ? first : second));
}
