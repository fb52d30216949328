/* Help made from the table: examples first, because most people look for the line to copy. */
#include "door/options.h"

#include <stdio.h>
#include <string.h>

#define OPTION_COLUMNS  30
#define COMMAND_COLUMNS 17

/* "-o, --output FILE" */
static void
option_head(const struct hz_opt *opt, char *ret_s, size_t size)
{
	char letter[8] = "    ";

	if (opt->letter != 0) {
		(void)snprintf(letter, sizeof letter, "-%c, ", opt->letter);
	}
	(void)snprintf(ret_s, size, "%s--%s%s%s", letter, opt->name, opt->arg == NULL ? "" : " ",
	    opt->arg == NULL ? "" : opt->arg);
}

static void
put_options(struct hz_out *o, const char *title, const struct hz_opt *opts)
{
	char head[96];

	if (opts == NULL || opts->name == NULL) {
		return;
	}
	hz_out_printf(o, "\n%s\n", title);
	for (; opts->name != NULL; opts++) {
		option_head(opts, head, sizeof head);
		hz_out_puts(o, "  ");
		/* The word stands first and the text of the language last, so both ways of display read well.
		 */
		if (strlen(head) > OPTION_COLUMNS) {
			hz_out_printf(o, "%s\n%*s", head, OPTION_COLUMNS + 4, "");
		} else {
			hz_out_cell(o, head, OPTION_COLUMNS);
		}
		hz_out_printf(o, "%s\n", _(opts->help));
	}
}

static const char *
space_before(const char *s)
{
	return s == NULL || s[0] == '\0' ? "" : " ";
}

static void
put_usage(struct hz_out *o, const struct hz_prog *prog, const struct hz_cmd *cmd)
{
	hz_out_printf(o, "%s %s%s%s%s%s\n", _("Usage:"), prog->name, space_before(cmd->name), cmd->name,
	    space_before(cmd->usage), cmd->usage);
}

void
hz_help_cmd(struct hz_out *o, const struct hz_prog *prog, const struct hz_cmd *cmd)
{
	if (cmd->examples != NULL && cmd->examples[0] != NULL) {
		hz_out_printf(o, "%s\n", _("Examples"));
		for (const char *const *e = cmd->examples; e[0] != NULL; e += 2) {
			hz_out_printf(o, "  %s\n      %s\n", e[0], _(e[1]));
		}
		hz_out_puts(o, "\n");
	}
	put_usage(o, prog, cmd);
	hz_out_printf(o, "%s\n", _(cmd->summary));
	put_options(o, _("Options"), cmd->opts);
	put_options(o, cmd->name[0] == '\0' ? _("Options") : _("Options of every command"), prog->globals);
	size_t n = strcspn(cmd->name, " ");
	hz_out_printf(o, "\n%s man %s%s%.*s\n", _("See:"), prog->name, n == 0 ? "" : "-", (int)n, cmd->name);
}

void
hz_help_group(struct hz_out *o, const struct hz_prog *prog, const char *group)
{
	size_t n = strlen(group);

	for (size_t i = 0; i < prog->cmd_count; i++) {
		const struct hz_cmd *cmd = &prog->cmds[i];
		if (strncmp(cmd->name, group, n) != 0 || cmd->name[n] != ' ') {
			continue;
		}
		for (const char *const *e = cmd->examples; e != NULL && e[0] != NULL; e += 2) {
			hz_out_printf(o, "  %s\n      %s\n", e[0], _(e[1]));
		}
		put_usage(o, prog, cmd);
		hz_out_printf(o, "%s\n", _(cmd->summary));
		put_options(o, _("Options"), cmd->opts);
		hz_out_puts(o, "\n");
	}
	hz_out_printf(o, "%s man %s-%s\n", _("See:"), prog->name, group);
}

void
hz_help_prog(struct hz_out *o, const struct hz_prog *prog)
{
	const char *group = NULL;

	hz_out_printf(o, "%s %s: %s\n\n", prog->name, prog->version, _(prog->summary));
	hz_out_printf(o, "%s %s %s\n", _("Usage:"), prog->name, _("[options] COMMAND ..."));
	for (size_t i = 0; i < prog->cmd_count; i++) {
		const struct hz_cmd *cmd = &prog->cmds[i];
		if (group == NULL || strcmp(group, cmd->group) != 0) {
			group = cmd->group;
			hz_out_printf(o, "\n%s\n", _(group));
		}
		hz_out_puts(o, "  ");
		hz_out_cell(o, cmd->name, COMMAND_COLUMNS);
		hz_out_printf(o, "%s\n", _(cmd->summary));
	}
	put_options(o, _("Options of every command"), prog->globals);
	hz_out_printf(o, "\n%s %s help COMMAND, %s help TOPIC (", _("More:"), prog->name, prog->name);
	for (const char *const *t = prog->topics; t != NULL && *t != NULL; t++) {
		hz_out_printf(o, "%s%s", t == prog->topics ? "" : ", ", *t);
	}
	hz_out_printf(o, ")\n%s man %s\n", _("See:"), prog->name);
}

static void
dump_options(struct hz_out *o, const char *kind, const char *cmd, const struct hz_opt *opts)
{
	for (; opts != NULL && opts->name != NULL; opts++) {
		char letter[3] = "-";
		if (opts->letter != 0) {
			letter[0] = '-';
			letter[1] = opts->letter;
			letter[2] = '\0';
		}
		hz_out_printf(o, "%s%s%s\t--%s\t%s\t%s\t%s\n", kind, cmd == NULL ? "" : "\t",
		    cmd == NULL ? "" : cmd, opts->name, letter, opts->arg == NULL ? "-" : opts->arg,
		    opts->values == NULL ? "-" : opts->values);
	}
}

void
hz_help_dump(struct hz_out *o, const struct hz_prog *prog)
{
	hz_out_printf(o, "program\t%s\t%s\n", prog->name, prog->version);
	dump_options(o, "global", NULL, prog->globals);
	for (size_t i = 0; i < prog->cmd_count; i++) {
		const struct hz_cmd *cmd = &prog->cmds[i];
		hz_out_printf(o, "command\t%s\t%s\t%s\n", cmd->name, cmd->usage[0] == '\0' ? "-" : cmd->usage,
		    cmd->summary);
		dump_options(o, "option", cmd->name, cmd->opts);
	}
	for (const char *const *t = prog->topics; t != NULL && *t != NULL; t++) {
		hz_out_printf(o, "topic\t%s\n", *t);
	}
}
