/* hirz: the program. One row of the table (table.c) and one file cmd_<name>.c for each command.
 *
 * A handler gets its operands and options from cli->args (door/options.h), prints on cli->door.out, as text
 * or, with cli->door.json, as JSON lines, and returns the exit code: 0, hz_door_fail(&cli->door, err) after a
 * failure, or HZ_EXIT_SOME where items failed. main writes out what is left and reports write errors. */
#ifndef HZ_CLI_CLI_H
#define HZ_CLI_CLI_H

#include "door/door.h"
#include "door/options.h"

#define HZ_EXIT_SOME 3 /* finished, some items failed or were held back */

struct hz_cli {
	struct hz_door door;
	struct hz_args args;
};

/* The whole table. */
extern const struct hz_prog hz_cli_prog;

/* Prints a help topic; false where there is no such topic. */
bool hz_cli_topic(struct hz_out *o, const char *name);
extern const char *const hz_cli_topics[];

int hz_cmd_add(struct hz_cli *cli);
int hz_cmd_anchor_import(struct hz_cli *cli);
int hz_cmd_anchor_list(struct hz_cli *cli);
int hz_cmd_anchor_request(struct hz_cli *cli);
int hz_cmd_audit(struct hz_cli *cli);
int hz_cmd_backup(struct hz_cli *cli);
int hz_cmd_case_add(struct hz_cli *cli);
int hz_cmd_case_list(struct hz_cli *cli);
int hz_cmd_case_new(struct hz_cli *cli);
int hz_cmd_case_show(struct hz_cli *cli);
int hz_cmd_classify(struct hz_cli *cli);
int hz_cmd_custody(struct hz_cli *cli);
int hz_cmd_doctor(struct hz_cli *cli);
int hz_cmd_export(struct hz_cli *cli);
int hz_cmd_help(struct hz_cli *cli);
int hz_cmd_init(struct hz_cli *cli);
int hz_cmd_key_export(struct hz_cli *cli);
int hz_cmd_learn(struct hz_cli *cli);
int hz_cmd_list(struct hz_cli *cli);
int hz_cmd_lock(struct hz_cli *cli);
int hz_cmd_log(struct hz_cli *cli);
int hz_cmd_log_compare(struct hz_cli *cli);
int hz_cmd_log_misconduct(struct hz_cli *cli);
int hz_cmd_log_publish(struct hz_cli *cli);
int hz_cmd_object_export(struct hz_cli *cli);
int hz_cmd_open(struct hz_cli *cli);
int hz_cmd_recover_restored(struct hz_cli *cli);
int hz_cmd_report_tags(struct hz_cli *cli);
int hz_cmd_review(struct hz_cli *cli);
int hz_cmd_show(struct hz_cli *cli);
int hz_cmd_status(struct hz_cli *cli);
int hz_cmd_unlock(struct hz_cli *cli);
int hz_cmd_verify(struct hz_cli *cli);
int hz_cmd_version(struct hz_cli *cli);
int hz_cmd_vocab_check(struct hz_cli *cli);
int hz_cmd_vocab_export(struct hz_cli *cli);
int hz_cmd_vocab_import(struct hz_cli *cli);
int hz_cmd_vocab_list(struct hz_cli *cli);
int hz_cmd_vocab_show(struct hz_cli *cli);
int hz_cmd_witness_import(struct hz_cli *cli);
int hz_cmd_witness_init(struct hz_cli *cli);
int hz_cmd_witness_list(struct hz_cli *cli);
int hz_cmd_witness_policy(struct hz_cli *cli);
int hz_cmd_witness_request(struct hz_cli *cli);
int hz_cmd_witness_sign(struct hz_cli *cli);

#endif
