#include "door/options.h"
#include "tests.h"

#include <stdlib.h>
#include <string.h>

static const struct hz_opt globals[] = {
	{ "vault", 0, "DIR", "the vault", NULL },
	{ "lang", 0, "ar|en", "language", "ar|en" },
	{ "json", 0, NULL, "json", NULL },
	{ "quiet", 'q', NULL, "quiet", NULL },
	{ "verbose", 'v', NULL, "verbose", NULL },
	{ "no-input", 0, NULL, "never ask", NULL },
	{ "passphrase-file", 0, "FILE", "file", NULL },
	{ "passphrase-fd", 0, "N", "descriptor", NULL },
	{ "help", 'h', NULL, "help", NULL },
	{ "version", 0, NULL, "version", NULL },
	HZ_OPT_END,
};
static const struct hz_opt add_opts[] = {
	{ "recursive", 'r', NULL, "folders", NULL },
	{ "output", 'o', "FILE", "file", NULL },
	{ "title", 0, "TEXT", "title", NULL },
	{ "limit", 0, "N", "number", NULL },
	{ "for", 0, "TIME", "time", NULL },
	HZ_OPT_END,
};
static const char *const add_examples[] = { "prog add a.jpg", "seal a file", NULL };
static const struct hz_cmd cmds[] = {
	{ "add", NULL, "seal files", "PATH... [options]", add_examples, add_opts, 0, 1, 2, "Collect" },
	{ "verify", NULL, "check", "", NULL, NULL, 0, 0, 0, "Check" },
	{ "pick", NULL, "choose", "ID...|-- QUERY", NULL, add_opts, HZ_TAKES_QUERY, 0, HZ_ANY, "Check" },
	{ "case new", NULL, "make a case", "CODE", NULL, NULL, 0, 1, 1, "Cases" },
	{ "case list", NULL, "list cases", "", NULL, NULL, 0, 0, 0, "Cases" },
};
static const char *const topics[] = { "json", NULL };
static const struct hz_prog prog = { "prog", "1.0", "a program", globals, cmds, sizeof cmds / sizeof cmds[0],
	topics };

static const struct hz_cmd one_cmd[] = {
	{ "", NULL, "check a bundle", "BUNDLE...", NULL, NULL, 0, 1, HZ_ANY, "" },
};
static const struct hz_prog one = { "one", "1.0", "one thing", globals, one_cmd, 1, NULL };

#define MAX 16
struct line {
	char *argv[MAX + 1];
	int argc;
	struct hz_args args;
};

static enum hz_err
parse(const struct hz_prog *p, struct line *l, const char *words)
{
	char *copy = strdup(words);
	char *save = NULL;

	assert_non_null(copy);
	l->argc = 0;
	l->argv[l->argc++] = strdup("prog");
	for (char *w = strtok_r(copy, " ", &save); w != NULL; w = strtok_r(NULL, " ", &save)) {
		assert_true(l->argc < MAX);
		l->argv[l->argc++] = strdup(w);
	}
	l->argv[l->argc] = NULL;
	free(copy);
	hz_fail_clear();
	return hz_args_parse(p, l->argc, l->argv, &l->args);
}

static void
done(struct line *l)
{
	hz_args_done(&l->args);
	for (int i = 0; i < l->argc; i++) {
		free(l->argv[i]);
	}
}

static void
expect_usage(const char *words, enum hz_msg msg, const char *part)
{
	struct line l;

	assert_int_equal(parse(&prog, &l, words), HZ_ERR_USAGE);
	assert_int_equal(hz_fail_msg(), msg);
	if (strstr(hz_fail_detail(), part) == NULL) {
		fail_msg("\"%s\" not in \"%s\"", part, hz_fail_detail());
	}
	done(&l);
}

static void
globals_anywhere(void **state)
{
	static const char *const lines[] = { "--vault /v add a --json", "add --vault=/v --json a",
		"--json --vault=/v add a", "add a --json --vault /v" };

	(void)state;
	for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
		struct line l;
		assert_int_equal(parse(&prog, &l, lines[i]), HZ_OK);
		assert_string_equal(l.args.cmd->name, "add");
		assert_string_equal(hz_args_get(&l.args, "vault"), "/v");
		assert_true(hz_args_has(&l.args, "json"));
		assert_false(hz_args_has(&l.args, "quiet"));
		assert_null(hz_args_get(&l.args, "title"));
		assert_int_equal(l.args.operand_count, 1);
		done(&l);
	}
}

static void
forms(void **state)
{
	struct line l;
	size_t at = 0;

	(void)state;
	assert_int_equal(parse(&prog, &l, "add -rqo out.tar a"), HZ_OK);
	assert_true(hz_args_has(&l.args, "recursive"));
	assert_true(hz_args_has(&l.args, "quiet"));
	assert_string_equal(hz_args_get(&l.args, "output"), "out.tar");
	done(&l);
	assert_int_equal(parse(&prog, &l, "add -oout.tar --title= -- -x"), HZ_OK);
	assert_string_equal(hz_args_get(&l.args, "output"), "out.tar");
	assert_string_equal(hz_args_get(&l.args, "title"), "");
	assert_string_equal(hz_args_operand(&l.args, 0), "-x");
	done(&l);
	/* A dash alone is an operand; a value may begin with a dash; the last of several values counts. */
	assert_int_equal(parse(&prog, &l, "add - --title -a --title=b=c"), HZ_OK);
	assert_string_equal(hz_args_operand(&l.args, 0), "-");
	assert_null(hz_args_operand(&l.args, 1));
	assert_string_equal(hz_args_get(&l.args, "title"), "b=c");
	assert_string_equal(hz_args_next(&l.args, "title", &at), "-a");
	assert_string_equal(hz_args_next(&l.args, "title", &at), "b=c");
	assert_null(hz_args_next(&l.args, "title", &at));
	done(&l);
	assert_int_equal(parse(&prog, &l, "-- add -- --json"), HZ_OK);
	assert_false(hz_args_has(&l.args, "json"));
	assert_int_equal(l.args.operand_count, 2);
	done(&l);
}

/* "--" parts what is named from a query; options of the command may still follow it. */
static void
parted(void **state)
{
	struct line l;

	(void)state;
	assert_int_equal(parse(&prog, &l, "add a -- b"), HZ_OK);
	assert_int_equal(l.args.plain_count, 1);
	assert_int_equal(l.args.operand_count, 2);
	done(&l);
	assert_int_equal(parse(&prog, &l, "add a b"), HZ_OK);
	assert_int_equal(l.args.plain_count, 2);
	done(&l);
	assert_int_equal(parse(&prog, &l, "-- add a"), HZ_OK);
	assert_int_equal(l.args.plain_count, 1);
	done(&l);
	assert_int_equal(parse(&prog, &l, "add -- -q --title"), HZ_OK); /* not where no query is taken */
	assert_false(hz_args_has(&l.args, "quiet"));
	assert_int_equal(l.args.operand_count, 2);
	done(&l);
	assert_int_equal(parse(&prog, &l, "pick x -- q --title t -o f --json -n --titles -qr -"), HZ_OK);
	assert_int_equal(l.args.plain_count, 1);
	assert_string_equal(hz_args_get(&l.args, "title"), "t");
	assert_string_equal(hz_args_get(&l.args, "output"), "f");
	assert_true(hz_args_has(&l.args, "json"));
	assert_false(hz_args_has(&l.args, "quiet"));
	assert_int_equal(l.args.operand_count, 6); /* x q -n --titles -qr - */
	assert_string_equal(hz_args_operand(&l.args, 5), "-");
	done(&l);
	expect_usage("pick -- q --title", HZ_MSG_USAGE, "needs a value");
}

static void
two_words(void **state)
{
	struct line l;

	(void)state;
	assert_int_equal(parse(&prog, &l, "case --json new X"), HZ_OK);
	assert_string_equal(l.args.cmd->name, "case new");
	assert_string_equal(hz_args_operand(&l.args, 0), "X");
	done(&l);
	assert_int_equal(parse(&prog, &l, "case --help"), HZ_OK);
	assert_null(l.args.cmd);
	assert_string_equal(l.args.topic_group, "case");
	done(&l);
	expect_usage("case", HZ_MSG_USAGE, "one more word");
	expect_usage("case nwe X", HZ_MSG_UNKNOWN_COMMAND, "did you mean \"case new\"");
	expect_usage("case zzzzzz", HZ_MSG_UNKNOWN_COMMAND, "\"case zzzzzz\" is not a command");
	/* One argument with a space in it is not a command of two words. */
	char name[] = "prog";
	char word[] = "case list";
	char *argv[] = { name, word, NULL };
	struct hz_args args;
	assert_int_equal(hz_args_parse(&prog, 2, argv, &args), HZ_ERR_USAGE);
	hz_args_done(&args);
}

static void
wrong_use(void **state)
{
	(void)state;
	expect_usage("verfy", HZ_MSG_UNKNOWN_COMMAND, "did you mean \"verify\"");
	expect_usage("ver", HZ_MSG_UNKNOWN_COMMAND, "not a command"); /* nothing is abbreviated */
	expect_usage("qqqqqqqqqqqqqqqq", HZ_MSG_UNKNOWN_COMMAND, "is not a command of prog");
	expect_usage("add --ouput x a", HZ_MSG_USAGE, "did you mean --output");
	expect_usage("add --out x a", HZ_MSG_USAGE, "--out here");
	expect_usage("--title x add a", HZ_MSG_USAGE, "after its name");
	expect_usage("add -z a", HZ_MSG_USAGE, "-z");
	expect_usage("add --json=yes a", HZ_MSG_USAGE, "takes no value");
	expect_usage("add a --output", HZ_MSG_USAGE, "needs a value");
	expect_usage("add a -o", HZ_MSG_USAGE, "needs a value");
	expect_usage("add a --lang de", HZ_MSG_USAGE, "ar|en");
	expect_usage("add a --lang=a", HZ_MSG_USAGE, "ar|en");
	expect_usage("add", HZ_MSG_USAGE, "missing");
	expect_usage("add a b c", HZ_MSG_USAGE, "\"c\" is one argument too many");
	expect_usage("verify a", HZ_MSG_USAGE, "too many");
}

static void
help_needs_nothing(void **state)
{
	struct line l;

	(void)state;
	assert_int_equal(parse(&prog, &l, "add -h"), HZ_OK);
	assert_true(l.args.help);
	done(&l);
	assert_int_equal(parse(&prog, &l, "verify x y --version"), HZ_OK);
	assert_true(l.args.version);
	done(&l);
	assert_int_equal(parse(&prog, &l, ""), HZ_OK);
	assert_null(l.args.cmd);
	done(&l);
}

static void
typed_values(void **state)
{
	static const struct {
		const char *line;
		enum hz_err err;
		uint64_t v;
	} numbers[] = { { "add a", HZ_OK, 7 }, { "add a --limit 1", HZ_OK, 1 },
		{ "add a --limit 100", HZ_OK, 100 }, { "add a --limit 0", HZ_ERR_USAGE, 7 },
		{ "add a --limit 101", HZ_ERR_USAGE, 7 }, { "add a --limit -1", HZ_ERR_USAGE, 7 },
		{ "add a --limit 5x", HZ_ERR_USAGE, 7 }, { "add a --limit=", HZ_ERR_USAGE, 7 } },
	  spans[] = { { "add a", HZ_OK, 7 }, { "add a --for 90s", HZ_OK, 90 },
		  { "add a --for 30m", HZ_OK, 1800 }, { "add a --for 2h", HZ_OK, 7200 },
		  { "add a --for 1d", HZ_OK, 86400 }, { "add a --for 2d", HZ_ERR_USAGE, 7 },
		  { "add a --for 0m", HZ_ERR_USAGE, 7 }, { "add a --for 30", HZ_ERR_USAGE, 7 },
		  { "add a --for m", HZ_ERR_USAGE, 7 }, { "add a --for=", HZ_ERR_USAGE, 7 },
		  { "add a --for 99999999999999999999s", HZ_ERR_USAGE, 7 } };

	(void)state;
	for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
		struct line l;
		uint64_t v = 7;
		assert_int_equal(parse(&prog, &l, numbers[i].line), HZ_OK);
		assert_int_equal(hz_args_u64(&l.args, "limit", 1, 100, &v), numbers[i].err);
		assert_int_equal(v, numbers[i].v);
		done(&l);
	}
	for (size_t i = 0; i < sizeof spans / sizeof spans[0]; i++) {
		struct line l;
		uint64_t v = 7;
		assert_int_equal(parse(&prog, &l, spans[i].line), HZ_OK);
		assert_int_equal(hz_args_span(&l.args, "for", 86400, &v), spans[i].err);
		assert_int_equal(v, spans[i].v);
		done(&l);
	}
}

static void
copied_ids(void **state)
{
	struct line l;

	(void)state;
	assert_int_equal(parse(&prog, &l,
			     "add \xe2\x81\xa8"
			     "DM3-000117\xe2\x81\xa9 b"),
	    HZ_OK);
	assert_string_equal(hz_args_bare(&l.args, 0), "DM3-000117");
	assert_string_equal(hz_args_bare(&l.args, 1), "b");
	assert_null(hz_args_bare(&l.args, 2));
	done(&l);
}

static void
into_the_door(void **state)
{
	struct line l;
	struct hz_door door;

	(void)state;
	assert_int_equal(parse(&prog, &l, "verify --vault /v -q --no-input --passphrase-fd 3 --json"), HZ_OK);
	door_begin(&door, "verify --json");
	assert_true(door.json);
	assert_int_equal(hz_door_apply(&door, &l.args), HZ_OK);
	assert_string_equal(door.vault, "/v");
	assert_true(door.quiet && door.no_input && door.json && !door.verbose);
	assert_int_equal(door.passphrase_fd, 3);
	door_end(&door);
	done(&l);

	static const char *const wrong[] = { "verify -q -v", "verify --passphrase-fd x",
		"verify --passphrase-fd -1", "verify --passphrase-fd 1 --passphrase-file f" };
	for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
		assert_int_equal(parse(&prog, &l, wrong[i]), HZ_OK);
		door_begin(&door, "");
		assert_int_equal(hz_door_apply(&door, &l.args), HZ_ERR_USAGE);
		door_end(&door);
		done(&l);
	}
}

static void
distances(void **state)
{
	char longest[65];

	(void)state;
	assert_int_equal(hz_word_distance("verify", "verify"), 0);
	assert_int_equal(hz_word_distance("verfy", "verify"), 1);
	assert_int_equal(hz_word_distance("nwe", "new"), 1); /* neighbours swapped */
	assert_int_equal(hz_word_distance("", "add"), 3);
	assert_int_equal(hz_word_distance("add", ""), 3);
	assert_int_equal(hz_word_distance("list", "lock"), 3);
	(void)memset(longest, 'a', 64);
	longest[64] = '\0';
	assert_int_equal(hz_word_distance(longest, "a"), 99);
	assert_int_equal(hz_word_distance(longest + 1, "a"), 62);
}

static void
one_program(void **state)
{
	struct line l;

	(void)state;
	assert_int_equal(parse(&one, &l, "a.tar --json b.tar"), HZ_OK);
	assert_int_equal(l.args.operand_count, 2);
	assert_string_equal(l.args.cmd->name, "");
	done(&l);
	assert_int_equal(parse(&one, &l, "--json"), HZ_ERR_USAGE);
	done(&l);
}

static void
help_and_dump(void **state)
{
	struct hz_door door;
	char *s = NULL;

	(void)state;
	door_begin(&door, "");
	hz_help_cmd(&door.out, &prog, &cmds[0]);
	hz_out_flush(&door.out);
	s = written(&door.out);
	const char *examples = strstr(s, "prog add a.jpg");
	const char *usage = strstr(s, "Usage: prog add PATH... [options]\n");
	assert_non_null(examples);
	assert_non_null(usage);
	assert_true(examples < usage);
	assert_non_null(strstr(s, "  -o, --output FILE"));
	assert_non_null(strstr(s, "\nSee: man prog-add\n"));
	free(s);
	door_end(&door);

	door_begin(&door, "");
	hz_help_prog(&door.out, &prog);
	hz_help_group(&door.out, &prog, "case");
	hz_out_flush(&door.out);
	s = written(&door.out);
	assert_non_null(strstr(s, "\nCollect\n  add  "));
	assert_non_null(strstr(s, "\nCases\n  case new  "));
	assert_non_null(strstr(s, "Usage: prog case new CODE\n"));
	assert_null(strstr(s, "Usage: prog add"));
	free(s);
	door_end(&door);

	door_begin(&door, "");
	hz_help_dump(&door.out, &prog);
	hz_out_flush(&door.out);
	s = written(&door.out);
	assert_non_null(strstr(s, "program\tprog\t1.0\nglobal\t--vault\t-\tDIR\t-\n"));
	assert_non_null(
	    strstr(s, "\ncommand\tadd\tPATH... [options]\tseal files\noption\tadd\t--recursive\t-r\t-\t-\n"));
	assert_non_null(strstr(s, "\ntopic\tjson\n"));
	free(s);
	door_end(&door);
}

const struct CMUnitTest options_tests[] = {
	cmocka_unit_test(globals_anywhere),
	cmocka_unit_test(forms),
	cmocka_unit_test(parted),
	cmocka_unit_test(two_words),
	cmocka_unit_test(wrong_use),
	cmocka_unit_test(help_needs_nothing),
	cmocka_unit_test(typed_values),
	cmocka_unit_test(copied_ids),
	cmocka_unit_test(into_the_door),
	cmocka_unit_test(distances),
	cmocka_unit_test(one_program),
	cmocka_unit_test(help_and_dump),
};
const size_t options_count = sizeof options_tests / sizeof options_tests[0];
