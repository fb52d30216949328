/* hirz: from the arguments to the handler and out again. */
#include "cli/cli.h"

#include "base/fd.h"
#include "door/progress.h"
#include <signal.h>

static int
run(struct hz_cli *cli, int argc, char **argv)
{
	enum hz_err err = hz_args_parse(&hz_cli_prog, argc, argv, &cli->args);

	if (err == HZ_OK) {
		err = hz_door_apply(&cli->door, &cli->args);
	}
	if (err != HZ_OK) {
		return hz_door_fail(&cli->door, err);
	}
	if (cli->args.version) {
		return hz_cmd_version(cli);
	}
	if (cli->args.cmd == NULL) {
		if (cli->args.topic_group != NULL) {
			hz_help_group(&cli->door.out, &hz_cli_prog, cli->args.topic_group);
		} else {
			hz_help_prog(&cli->door.out, &hz_cli_prog);
		}
		return 0;
	}
	if (cli->args.help) {
		hz_help_cmd(&cli->door.out, &hz_cli_prog, cli->args.cmd);
		return 0;
	}
	if (cli->args.cmd->run == NULL) {
		return hz_door_fail(&cli->door,
		    hz_fail(HZ_MSG_UNSUPPORTED, _("\"%s\" is not part of this build"), cli->args.cmd->name));
	}
	return cli->args.cmd->run(cli);
}

int
main(int argc, char **argv)
{
	struct hz_cli cli = { 0 };

	hz_fd_fill_std();
	hz_process_harden();
	hz_cancel_install();
	hz_progress_signals();
	/* A reader that goes away is a write error like others: temporary output is then removed in order. */
	struct sigaction ignore = { .sa_handler = SIG_IGN };
	(void)sigemptyset(&ignore.sa_mask);
	(void)sigaction(SIGPIPE, &ignore, NULL);
	hz_door_open(&cli.door, N_("hirz"), argc, argv); /* the name before messages */
	int code = run(&cli, argc, argv);
	code = hz_door_close(&cli.door, code);
	hz_args_done(&cli.args);
	return code;
}
