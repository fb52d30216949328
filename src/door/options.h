/* One table describes a program: its commands, their options, their help. Parsing, help, usage errors, the
 * dump for man page tests and completions all come from it.
 *
 * Options: --long, --long=value, --long value, -x, -xvalue, -x value, joined flags -nv; "--" ends options;
 * "-" is an operand. Global options stand before or after the command. Nothing is abbreviated. After the "--"
 * of a command that takes a query there, a word that is an option to the letter is one still; others are the
 * query. */
#ifndef HZ_DOOR_OPTIONS_H
#define HZ_DOOR_OPTIONS_H

#include "base/err.h"
#include "door/door.h"
#include <stdint.h>

struct hz_opt {
	const char *name;   /* without the dashes */
	char letter;        /* or 0 */
	const char *arg;    /* word for the value in help ("FILE"); NULL: a flag */
	const char *help;   /* N_() */
	const char *values; /* "ar|en": the only values; NULL: any */
};
/* clang-format off */
#define HZ_OPT_END { NULL, 0, NULL, NULL, NULL }
/* clang-format on */

/* What a command needs before its handler runs. */
enum hz_need {
	HZ_NEED_NONE = 0,
	HZ_NEED_VAULT = 1, /* a vault, reading */
	HZ_NEED_WRITE = 2, /* and the writer's lock */
	HZ_NEED_KEYS = 4,  /* and a member's keys (session or passphrase) */
	HZ_TAKES_QUERY = 8 /* options may follow the query after "--" */
};

struct hz_cli; /* the program's own context, given to handlers */

#define HZ_ANY 0xffffffffU
struct hz_cmd {
	const char *name;               /* "add", "case new" */
	int (*run)(struct hz_cli *cli); /* NULL: not in this build */
	const char *summary;            /* N_(): one line */
	const char *usage;              /* after the name: "PATH...|- [options]" */
	const char *const *examples;    /* pairs: command line, N_() explanation; NULL ends */
	const struct hz_opt *opts;      /* ends with HZ_OPT_END; NULL: none */
	unsigned needs;                 /* HZ_NEED_ bits */
	unsigned min, max;              /* operands; max HZ_ANY: any number */
	const char *group;              /* N_(): heading in the list of commands */
};

struct hz_prog {
	const char *name;
	const char *version;
	const char *summary; /* N_() */
	const struct hz_opt *globals;
	const struct hz_cmd *cmds; /* one row with name "" for a program without commands */
	size_t cmd_count;
	const char *const *topics; /* names of help topics; NULL ends */
};

struct hz_given {
	const struct hz_opt *opt;
	const char *value; /* NULL for a flag */
};

struct hz_args {
	const struct hz_prog *prog;
	const struct hz_cmd *cmd; /* NULL: no command was given */
	const char *topic_group;  /* "case" where help of a whole group was asked */
	bool help, version;       /* --help, --version */
	struct hz_given *given;
	size_t given_count;
	char **operand;
	size_t operand_count;
	size_t plain_count; /* of these, before "--"; all of them where there is none */
};

/* Parses argv[1..]. HZ_MSG_USAGE, HZ_MSG_UNKNOWN_COMMAND with the nearest name in the detail. With --help
 * or --version operands are not counted. Free with hz_args_done also after a failure. */
HZ_RESULT hz_args_parse(const struct hz_prog *prog, int argc, char **argv, struct hz_args *ret_args);
void hz_args_done(struct hz_args *args);

/* Takes the global options that the program has (vault, json, quiet, verbose, no-input, passphrase-file,
 * passphrase-fd) over into the door; colour and language were seen by hz_door_open. HZ_MSG_USAGE. */
HZ_RESULT hz_door_apply(struct hz_door *door, const struct hz_args *args);

/* Was the option given; its last value (NULL: not given). The name must be in the table (asserted). */
bool hz_args_has(const struct hz_args *args, const char *name);
const char *hz_args_get(const struct hz_args *args, const char *name);
/* Every value of a repeated option: start with *at = 0; NULL at the end. */
const char *hz_args_next(const struct hz_args *args, const char *name, size_t *at);
/* A number from min to max; ret_v keeps its value where the option is not given. HZ_MSG_USAGE. */
HZ_RESULT hz_args_u64(
    const struct hz_args *args, const char *name, uint64_t min, uint64_t max, uint64_t *ret_v);
/* A span "30m", "8h", "2d", "90s" in seconds, at most max. HZ_MSG_USAGE. */
HZ_RESULT hz_args_span(const struct hz_args *args, const char *name, uint64_t max, uint64_t *ret_seconds);
/* Operand i, or NULL. hz_args_bare: the same without direction marks that came along when an id was copied
 * from a terminal (changes the argument in place); for ids, never for paths. */
const char *hz_args_operand(const struct hz_args *args, size_t i);
const char *hz_args_bare(const struct hz_args *args, size_t i);

/* The command of that exact name; NULL. */
const struct hz_cmd *hz_prog_find(const struct hz_prog *prog, const char *name);
/* True where commands "group x" exist. */
bool hz_prog_is_group(const struct hz_prog *prog, const char *group);

/* Help, on o: of the program (commands by group), of one command, of a group of commands. */
void hz_help_prog(struct hz_out *o, const struct hz_prog *prog);
void hz_help_cmd(struct hz_out *o, const struct hz_prog *prog, const struct hz_cmd *cmd);
void hz_help_group(struct hz_out *o, const struct hz_prog *prog, const char *group);
/* Machine-readable listing, tab separated, never translated:
 *   program NAME VERSION / global --LONG -X ARG VALUES / command NAME USAGE SUMMARY /
 *   option COMMAND --LONG -X ARG VALUES / topic NAME        ("-" where there is none) */
void hz_help_dump(struct hz_out *o, const struct hz_prog *prog);

/* Edits between two words (insert, delete, change, swap of neighbours), by bytes; words over 63 bytes: 99. */
unsigned hz_word_distance(const char *a, const char *b);

#endif
