#!/bin/bash
# Outside text reaches people only through the functions that make it visible: nothing prints past the door, and every text
# that the door's functions print is ours, translated, or came out of a hz_show_ function.
# shellcheck disable=SC2016
# shellcheck source=tests/lint/lib.sh
. "$(dirname "$0")/lib.sh"
run_lint() { py_lint sinks "$1"; }

new_sample && put src/cli/a.c <<'X'
static void
row(struct hz_out *o, const char *title, bool old)
{
	hz_out_cell(o, hz_show_str(o, title), 8);
	hz_out_printf(o, "%5u %-*s %.*s%%\n", 1, 8, hz_show_str(o, title), 2, old ? _("old") : hz_show_id(o, title));
	hz_out_puts(o, "a (very, \"odd\") text\n");
	/* lint: allow hz_out_puts (looked at) */
	hz_out_puts(o, title);
	char s[9];
	(void)snprintf(s, sizeof s, "%s", title);
}
X
good "made visible, translated or looked at"
new_sample && put src/cli/a.c <<<'static void f(struct hz_out *o, const char *t) { hz_out_printf(o, "%s\n", t); }'
bad "a title as it is" '`t` is neither ours nor made visible'
new_sample && put src/cli/a.c <<<'static void f(struct hz_out *o, const char *t) { hz_out_printf(o, _("%u %s, %s\n"), 1u, hz_show_str(o, t), t); }'
bad "the third value of a translated line" '`t` is neither'
new_sample && put src/cli/a.c <<<'static void f(struct hz_out *o, const char *t) { hz_out_printf(o, "%*s\n", 8, t); }'
bad "after a width" '`t` is neither'
new_sample && put src/cli/a.c <<<'static void f(struct hz_out *o, const char *t) { hz_out_puts(o, t[0] ? t : "-"); }'
bad "one branch of a choice" 'is neither ours'
new_sample && put src/cli/a.c <<<'static void f(struct hz_out *o, const char *t) { hz_out_printf(o, t); }'
bad "outside text as the format" 'its format is no literal'
new_sample && put src/door/a.c <<<'static void f(struct hz_out *o, const char *t) { hz_out_field(o, _("Name"), 8, t); }'
bad "a field" '`t` is neither'
new_sample && put src/cli/a.c <<<'static void f(struct hz_door *d, const char *t) { hz_door_note(d, "%s", t); }'
bad "a remark" '`t` is neither'
new_sample && put src/cli/a.c <<<'static void f(const char *t) { (void)printf("%s\n", t); }'
bad "printf in a door" 'printf: bytes go out'
new_sample && put src/verify/a.c <<<'static void f(const char *t) { (void)fputs(t, stdout); }'
bad "fputs" 'fputs: bytes go out'
new_sample && put src/api/a.c <<<'static void f(const char *t) { HZ_IGNORE(hz_fd_write_all(1, t, 3)); }'
bad "a descriptor" 'hz_fd_write_all: bytes go out'
new_sample && put src/cli/a.c <<<'static void f(const char *t) { (void)write(1, t, 3); }'
bad "a system call" 'write: bytes go out'
the_project 'src/*.c'
done_linting
