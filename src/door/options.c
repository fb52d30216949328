#include "door/options.h"

#include "base/enc.h"
#include "door/door.h"
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define GROUP_MAX 31

struct parser {
	const struct hz_prog *prog;
	struct hz_args *args;
	int argc;
	char **argv;
	int at;
	const char *group; /* first word of a two-word command */
	bool only_operands;
	bool parted; /* "--" stood behind the command: plain_count is known */
};

const struct hz_cmd *
hz_prog_find(const struct hz_prog *prog, const char *name)
{
	for (size_t i = 0; i < prog->cmd_count; i++) {
		if (strcmp(prog->cmds[i].name, name) == 0) {
			return &prog->cmds[i];
		}
	}
	return NULL;
}

static bool
in_group(const struct hz_cmd *cmd, const char *group)
{
	size_t n = strlen(group);

	return n > 0 && strncmp(cmd->name, group, n) == 0 && cmd->name[n] == ' ';
}

bool
hz_prog_is_group(const struct hz_prog *prog, const char *group)
{
	for (size_t i = 0; i < prog->cmd_count; i++) {
		if (in_group(&prog->cmds[i], group)) {
			return true;
		}
	}
	return false;
}

/* The nearest command word to what was typed: whole words of plain commands and of groups, or the second
 * words of one group. NULL where nothing is near. */
static const char *
nearest_command(
    const struct hz_prog *prog, const char *group, const char *word, char ret_s[static GROUP_MAX + 1])
{
	unsigned best = (unsigned)strlen(word) / 3 + 1;
	bool found = false;

	for (size_t i = 0; i < prog->cmd_count; i++) {
		const char *name = prog->cmds[i].name;
		char part[GROUP_MAX + 1];
		if (group != NULL && !in_group(&prog->cmds[i], group)) {
			continue;
		}
		if (group != NULL) {
			name += strlen(group) + 1;
		}
		size_t n = strcspn(name, " ");
		if (n == 0 || n > GROUP_MAX) {
			continue;
		}
		(void)memcpy(part, name, n);
		part[n] = '\0';
		unsigned d = hz_word_distance(word, part);
		if (d < best || (d == best && !found)) {
			best = d;
			found = true;
			(void)memcpy(ret_s, part, n + 1);
		}
	}
	return found ? ret_s : NULL;
}

static enum hz_err
unknown_command(const struct parser *p, const char *word)
{
	char near[GROUP_MAX + 1];
	const char *group = p->group == NULL ? "" : p->group;
	const char *space = p->group == NULL ? "" : " ";

	if (nearest_command(p->prog, p->group, word, near) == NULL) {
		return hz_fail(HZ_MSG_UNKNOWN_COMMAND, _("\"%s%s%s\" is not a command of %s"), group, space,
		    word, p->prog->name);
	}
	return hz_fail(HZ_MSG_UNKNOWN_COMMAND,
	    _("\"%s%s%s\" is not a command of %s; did you mean \"%s%s%s\"?"), group, space, word,
	    p->prog->name, group, space, near);
}

static const struct hz_opt *
find_long(const struct hz_opt *opts, const char *name, size_t n)
{
	for (; opts != NULL && opts->name != NULL; opts++) {
		if (strlen(opts->name) == n && memcmp(opts->name, name, n) == 0) {
			return opts;
		}
	}
	return NULL;
}

static const struct hz_opt *
find_letter(const struct hz_opt *opts, char letter)
{
	for (; opts != NULL && opts->name != NULL; opts++) {
		if (opts->letter == letter) {
			return opts;
		}
	}
	return NULL;
}

static const struct hz_opt *
cmd_opts(const struct parser *p)
{
	return p->args->cmd == NULL ? NULL : p->args->cmd->opts;
}

static void
nearest_option(const struct hz_opt *opts, const char *word, const char **best_name, unsigned *best)
{
	for (; opts != NULL && opts->name != NULL; opts++) {
		unsigned d = hz_word_distance(word, opts->name);
		if (d < *best) {
			*best = d;
			*best_name = opts->name;
		}
	}
}

static enum hz_err
unknown_long(const struct parser *p, const char *name, size_t n)
{
	char word[64];
	const char *near = NULL;
	unsigned best = (unsigned)n / 3 + 2;

	if (n < sizeof word) {
		(void)memcpy(word, name, n);
		word[n] = '\0';
		nearest_option(cmd_opts(p), word, &near, &best);
		nearest_option(p->prog->globals, word, &near, &best);
	}
	int len = n > 200 ? 200 : (int)n;
	if (near != NULL) {
		return hz_fail(
		    HZ_MSG_USAGE, _("there is no option --%.*s here; did you mean --%s?"), len, name, near);
	}
	if (p->args->cmd == NULL) {
		return hz_fail(HZ_MSG_USAGE,
		    _("there is no option --%.*s for all commands; options of one command stand after its name"),
		    len, name);
	}
	return hz_fail(HZ_MSG_USAGE, _("there is no option --%.*s here"), len, name);
}

/* One of "ar|en". */
static bool
value_allowed(const char *values, const char *value)
{
	size_t n = strlen(value);

	for (const char *s = values; s != NULL; s = strchr(s, '|') == NULL ? NULL : strchr(s, '|') + 1) {
		if (strcspn(s, "|") == n && memcmp(s, value, n) == 0) {
			return true;
		}
	}
	return false;
}

static enum hz_err
give(struct parser *p, const struct hz_opt *opt, const char *value)
{
	struct hz_args *a = p->args;

	if (opt->values != NULL && value != NULL && !value_allowed(opt->values, value)) {
		return hz_fail(
		    HZ_MSG_USAGE, _("--%s takes one of %s, not \"%s\""), opt->name, opt->values, value);
	}
	/* argc bounds both lists: they were made with room for all of it. */
	a->given[a->given_count++] = (struct hz_given){ opt, value };
	if (find_long(p->prog->globals, opt->name, strlen(opt->name)) == opt) {
		a->help = a->help || strcmp(opt->name, "help") == 0;
		a->version = a->version || strcmp(opt->name, "version") == 0;
	}
	return HZ_OK;
}

static enum hz_err
parse_long(struct parser *p, const char *word)
{
	size_t n = strcspn(word, "=");
	const char *value = word[n] == '=' ? word + n + 1 : NULL;
	const struct hz_opt *opt = find_long(cmd_opts(p), word, n);

	if (opt == NULL) {
		opt = find_long(p->prog->globals, word, n);
	}
	if (opt == NULL) {
		return unknown_long(p, word, n);
	}
	if (opt->arg == NULL && value != NULL) {
		return hz_fail(HZ_MSG_USAGE, _("--%s takes no value"), opt->name);
	}
	if (opt->arg != NULL && value == NULL) {
		if (p->at >= p->argc) {
			return hz_fail(HZ_MSG_USAGE, _("--%s needs a value: %s"), opt->name, opt->arg);
		}
		value = p->argv[p->at++];
	}
	return give(p, opt, value);
}

static enum hz_err
parse_letters(struct parser *p, const char *letters)
{
	for (const char *s = letters; *s != '\0'; s++) {
		const struct hz_opt *opt = find_letter(cmd_opts(p), *s);
		const char *value = NULL;
		if (opt == NULL) {
			opt = find_letter(p->prog->globals, *s);
		}
		if (opt == NULL) {
			return hz_fail(HZ_MSG_USAGE, _("there is no option -%c here"), *s);
		}
		if (opt->arg != NULL) {
			value = s + 1;
			if (*value == '\0') {
				if (p->at >= p->argc) {
					return hz_fail(
					    HZ_MSG_USAGE, _("-%c needs a value: %s"), *s, opt->arg);
				}
				value = p->argv[p->at++];
			}
			return give(p, opt, value);
		}
		enum hz_err err = give(p, opt, NULL);
		if (err != HZ_OK) {
			return err;
		}
	}
	return HZ_OK;
}

static enum hz_err
parse_word(struct parser *p, char *word)
{
	struct hz_args *a = p->args;
	char name[2 * GROUP_MAX + 2];

	if (a->cmd != NULL && a->cmd->max == 0 && p->at >= 2 &&
	    strcmp(p->argv[p->at - 2], a->cmd->name) == 0) {
		/* "log" is a command, and "log publish" another one. */
		(void)snprintf(name, sizeof name, "%s %.*s", a->cmd->name, GROUP_MAX, word);
		const struct hz_cmd *longer = strlen(word) <= GROUP_MAX ? hz_prog_find(p->prog, name) : NULL;
		if (longer != NULL) {
			a->cmd = longer;
			return HZ_OK;
		}
	}
	if (a->cmd != NULL) {
		a->operand[a->operand_count++] = word;
		return HZ_OK;
	}
	if (p->group != NULL) {
		size_t g = strlen(p->group);
		size_t n = strlen(word);
		if (n <= GROUP_MAX) {
			(void)memcpy(name, p->group, g);
			name[g] = ' ';
			(void)memcpy(name + g + 1, word, n + 1);
			a->cmd = hz_prog_find(p->prog, name);
		}
		return a->cmd == NULL ? unknown_command(p, word) : HZ_OK;
	}
	/* A space in one word must not name a two-word command. */
	a->cmd = strchr(word, ' ') == NULL && word[0] != '\0' ? hz_prog_find(p->prog, word) : NULL;
	if (a->cmd != NULL) {
		return HZ_OK;
	}
	if (strlen(word) <= GROUP_MAX && hz_prog_is_group(p->prog, word)) {
		p->group = word;
		return HZ_OK;
	}
	return unknown_command(p, word);
}

/* Behind "--": a long option by its whole name or one letter alone, of a command whose query stands there. */
static bool
still_option(const struct parser *p, const char *word)
{
	const struct hz_cmd *cmd = p->args->cmd;

	if (cmd == NULL || (cmd->needs & HZ_TAKES_QUERY) == 0 || word[0] != '-' || word[1] == '\0') {
		return false;
	}
	if (word[1] != '-') {
		return word[2] == '\0' && (find_letter(cmd->opts, word[1]) != NULL ||
					      find_letter(p->prog->globals, word[1]) != NULL);
	}
	size_t n = strcspn(word + 2, "=");
	return find_long(cmd->opts, word + 2, n) != NULL || find_long(p->prog->globals, word + 2, n) != NULL;
}

static void
end_options(struct parser *p)
{
	p->only_operands = true;
	p->parted = p->args->cmd != NULL;
	p->args->plain_count = p->args->operand_count;
}

static enum hz_err
parse_one(struct parser *p)
{
	char *word = p->argv[p->at++];

	if (p->only_operands && still_option(p, word)) {
		return word[1] == '-' ? parse_long(p, word + 2) : parse_letters(p, word + 1);
	}
	if (!p->only_operands && word[0] == '-' && word[1] == '-') {
		if (word[2] == '\0') {
			end_options(p);
			return HZ_OK;
		}
		return parse_long(p, word + 2);
	}
	if (!p->only_operands && word[0] == '-' && word[1] != '\0') {
		return parse_letters(p, word + 1);
	}
	return parse_word(p, word);
}

static enum hz_err
check_whole(const struct parser *p)
{
	const struct hz_args *a = p->args;

	if (a->help || a->version) {
		return HZ_OK;
	}
	if (a->cmd == NULL && p->group != NULL) {
		return hz_fail(HZ_MSG_USAGE, _("\"%s %s\" needs one more word; see: %s %s --help"),
		    p->prog->name, p->group, p->prog->name, p->group);
	}
	if (a->cmd == NULL) {
		return HZ_OK;
	}
	if (a->operand_count < a->cmd->min) {
		return hz_fail(HZ_MSG_USAGE, _("something is missing; usage: %s %s %s"), p->prog->name,
		    a->cmd->name, a->cmd->usage);
	}
	if (a->operand_count > a->cmd->max) {
		return hz_fail(HZ_MSG_USAGE, _("\"%s\" is one argument too many; usage: %s %s %s"),
		    a->operand[a->cmd->max], p->prog->name, a->cmd->name, a->cmd->usage);
	}
	return HZ_OK;
}

HZ_RESULT
hz_args_parse(const struct hz_prog *prog, int argc, char **argv, struct hz_args *ret_args)
{
	size_t letters = 1;

	*ret_args = (struct hz_args){ .prog = prog };
	for (int i = 1; i < argc; i++) {
		letters += strlen(argv[i]); /* each letter may be a flag of its own */
	}
	ret_args->given = calloc(letters, sizeof *ret_args->given);
	ret_args->operand = calloc((size_t)argc + 1, sizeof *ret_args->operand);
	if (ret_args->given == NULL || ret_args->operand == NULL) {
		return hz_fail(HZ_MSG_NOMEM, "arguments");
	}
	struct parser p = { .prog = prog, .args = ret_args, .argc = argc, .argv = argv, .at = 1 };
	if (prog->cmd_count == 1 && prog->cmds[0].name[0] == '\0') {
		ret_args->cmd = &prog->cmds[0];
	}
	while (p.at < argc) {
		enum hz_err err = parse_one(&p);
		if (err != HZ_OK) {
			return err;
		}
	}
	ret_args->plain_count = p.parted ? ret_args->plain_count : ret_args->operand_count;
	ret_args->topic_group = ret_args->cmd == NULL ? p.group : NULL;
	return check_whole(&p);
}

void
hz_args_done(struct hz_args *args)
{
	free(args->given);
	free(args->operand);
	*args = (struct hz_args){ .prog = args->prog };
}

/* The row of a name that must exist: a misspelt name in a handler is our own bug. */
static const struct hz_opt *
must_find(const struct hz_args *args, const char *name)
{
	size_t n = strlen(name);
	const struct hz_opt *opt = args->cmd == NULL ? NULL : find_long(args->cmd->opts, name, n);

	if (opt == NULL) {
		opt = find_long(args->prog->globals, name, n);
	}
	hz_assert(opt != NULL);
	return opt;
}

static const struct hz_given *
last_given(const struct hz_args *args, const char *name)
{
	const struct hz_opt *opt = must_find(args, name);

	for (size_t i = args->given_count; i > 0; i--) {
		if (args->given[i - 1].opt == opt) {
			return &args->given[i - 1];
		}
	}
	return NULL;
}

bool
hz_args_has(const struct hz_args *args, const char *name)
{
	return last_given(args, name) != NULL;
}

const char *
hz_args_get(const struct hz_args *args, const char *name)
{
	const struct hz_given *g = last_given(args, name);

	return g == NULL ? NULL : g->value;
}

const char *
hz_args_next(const struct hz_args *args, const char *name, size_t *at)
{
	const struct hz_opt *opt = must_find(args, name);

	while (*at < args->given_count) {
		const struct hz_given *g = &args->given[(*at)++];
		if (g->opt == opt) {
			return g->value;
		}
	}
	return NULL;
}

HZ_RESULT
hz_args_u64(const struct hz_args *args, const char *name, uint64_t min, uint64_t max, uint64_t *ret_v)
{
	const char *value = hz_args_get(args, name);
	uint64_t v = 0;

	if (value == NULL) {
		return HZ_OK;
	}
	if (hz_parse_u64(value, strlen(value), max, &v) != HZ_OK || v < min) {
		return hz_fail(HZ_MSG_USAGE,
		    _("--%s takes a number from %" PRIu64 " to %" PRIu64 ", not \"%s\""), name, min, max,
		    value);
	}
	*ret_v = v;
	return HZ_OK;
}

HZ_RESULT
hz_args_span(const struct hz_args *args, const char *name, uint64_t max, uint64_t *ret_seconds)
{
	static const char units[] = "smhd";
	static const uint64_t factor[] = { 1, 60, 3600, 86400 };
	const char *value = hz_args_get(args, name);

	if (value == NULL) {
		return HZ_OK;
	}
	size_t n = strlen(value);
	const char *unit = n == 0 ? NULL : strchr(units, value[n - 1]);
	uint64_t v = 0;
	if (unit != NULL && hz_parse_u64(value, n - 1, 1000000, &v) == HZ_OK && v > 0 &&
	    v * factor[unit - units] <= max) {
		*ret_seconds = v * factor[unit - units];
		return HZ_OK;
	}
	return hz_fail(
	    HZ_MSG_USAGE, _("--%s takes a time such as 90s, 30m, 8h or 2d, not \"%s\""), name, value);
}

const char *
hz_args_operand(const struct hz_args *args, size_t i)
{
	return i < args->operand_count ? args->operand[i] : NULL;
}

/* U+2066..2069 and U+200E, U+200F: what hz_show_id puts around an id, and what editors leave. */
static bool
is_mark(const char *s)
{
	const uint8_t *p = (const uint8_t *)s;

	if (p[0] != 0xe2 || p[1] == 0) {
		return false;
	}
	return (p[1] == 0x81 && p[2] >= 0xa6 && p[2] <= 0xa9) ||
	       (p[1] == 0x80 && (p[2] == 0x8e || p[2] == 0x8f));
}

const char *
hz_args_bare(const struct hz_args *args, size_t i)
{
	char *word = i < args->operand_count ? args->operand[i] : NULL;
	char *s = word;

	while (s != NULL && *s != '\0') {
		if (is_mark(s)) {
			(void)memmove(s, s + 3, strlen(s + 3) + 1);
		} else {
			s++;
		}
	}
	return word;
}

/* Value of a global option by name; NULL where the program has no such option or it was not given. */
static const struct hz_given *
global_given(const struct hz_args *args, const char *name)
{
	const struct hz_given *found = NULL;
	const struct hz_opt *opt = find_long(args->prog->globals, name, strlen(name));

	for (size_t i = 0; opt != NULL && i < args->given_count; i++) {
		found = args->given[i].opt == opt ? &args->given[i] : found;
	}
	return found;
}

HZ_RESULT
hz_door_apply(struct hz_door *door, const struct hz_args *args)
{
	const struct hz_given *vault = global_given(args, "vault");
	const struct hz_given *file = global_given(args, "passphrase-file");
	const struct hz_given *fd = global_given(args, "passphrase-fd");
	uint64_t v = 0;

	door->json = global_given(args, "json") != NULL;
	door->quiet = global_given(args, "quiet") != NULL;
	door->verbose = global_given(args, "verbose") != NULL;
	door->no_input = global_given(args, "no-input") != NULL;
	if (door->quiet && door->verbose) {
		return hz_fail(HZ_MSG_USAGE, _("--quiet and --verbose exclude each other"));
	}
	if (vault != NULL) {
		door->vault = vault->value;
	}
	if (file != NULL && fd != NULL) {
		return hz_fail(HZ_MSG_USAGE, _("--passphrase-file and --passphrase-fd exclude each other"));
	}
	if (file != NULL) {
		door->passphrase_file = file->value;
	}
	if (fd != NULL) {
		if (hz_parse_u64(fd->value, strlen(fd->value), 1023, &v) != HZ_OK) {
			return hz_fail(
			    HZ_MSG_USAGE, _("--passphrase-fd takes the number of an open descriptor"));
		}
		door->passphrase_fd = (int)v;
	}
	hz_door_settle(door);
	return HZ_OK;
}
