/* The file of rules: what is wrong with which line, canonical form, id, limits, what entries tell. */
#include "tests.h"

#include <stdio.h>

#define T TYPE("a")

/* The head is five lines, so that a body begins at line 6. */
static const struct {
	const char *body;
	size_t line;
	const char *what;
} faulty[] = {
	{ "colour red\n", 6, "not known at the head" },
	{ "name other\n", 6, "twice" },
	{ "lang en\n", 6, "twice" },
	{ "[typ a]\n", 6, "no sections of this kind" },
	{ "[type a\n", 6, "not [KIND ID]" },
	{ "[type]\n", 6, "not [KIND ID]" },
	{ "[type A]\n", 6, "not an id" },
	{ "[type a..b]\n", 6, "not an id" },
	{ "[type .a]\n", 6, "not an id" },
	{ "[type a.]\n", 6, "not an id" },
	{ "[type a b]\n", 6, "not an id" },
	{ "[place sy01]\n", 6, "not an id" },
	{ "[role driver]\n", 6, "no role or cue" },
	{ "[cue maybe]\n", 6, "no role or cue" },
	{ T "term ar x\n" TYPE("a"), 10, "in the file already" },
	{ "[type a]\nlabel.en A\nterm ar x\n", 6, "lacks a name" },
	{ "[type a]\nlabel.ar A\nterm ar x\n", 6, "lacks a name" },
	{ TYPE("a.b") "term ar x\n", 6, "before the last dot" },
	{ PLACE("SY01") "parent SY99\n", 9, "no section for this parent" },
	{ PLACE("SY01") "parent SY01\n", 9, "no section for this parent" },
	{ PLACE("SY01") "parent SY02\n" PLACE("SY02") "parent SY01\n", 6, "within itself" },
	{ T "label.en again\n", 9, "twice" },
	{ T "note.en\n", 9, "nothing stands" },
	{ T "alias ar x\n", 9, "not known in a section" },
	{ PARTY("p") "term ar x\n", 9, "not known in a section" },
	{ "[class c]\nlabel.en x\n", 7, "not known in a section" },
	{ "[role target]\nterm ar x\n", 7, "not known in a section" },
	{ T "valid 2012..\n", 9, "not known in a section" },
	{ T "colour red\n", 9, "not known in a section" },
	{ T "min 0\n", 9, "threshold" },
	{ T "min 100\n", 9, "threshold" },
	{ T "min x\n", 9, "threshold" },
	{ T "xref un:7\n", 9, "SYSTEM:CODE" },
	{ T "xref rome:\n", 9, "SYSTEM:CODE" },
	{ T "class A\n", 9, "not an id" },
	{ PARTY("p") "valid 2012\n", 9, "from a date to a date" },
	{ PARTY("p") "valid 2012-13..\n", 9, "from a date to a date" },
	{ PARTY("p") "valid 2012-02-30..\n", 9, "from a date to a date" },
	{ PARTY("p") "valid 2013..2012\n", 9, "from a date to a date" },
	{ PARTY("p") "valid ..2013\nvalid ..2014\n", 10, "twice" },
	{ PARTY("p") "alias ar x valid=2013\n", 9, "from a date to a date" },
	{ PARTY("p") "alias ar x register=rude\n", 9, "no such register" },
	{ T "term fr x\n", 9, "language of the file" },
	{ T "term\n", 9, "language of the file" },
	{ T "term ar\n", 9, "do not fit" },
	{ T "term ar | x\n", 9, "do not fit" },
	{ T "term ar x |\n", 9, "do not fit" },
	{ T "term ar x | | y\n", 9, "do not fit" },
	{ T "term ar w=3\n", 9, "do not fit" },
	{ T "term ar x +\n", 9, "do not fit" },
	{ T "term ar x + y\n", 9, "do not fit" },
	{ T "term ar x + {\n", 9, "do not fit" },
	{ T "term ar x + { y\n", 9, "do not fit" },
	{ T "term ar x + { y }\n", 9, "do not fit" },
	{ T "term ar x + { y }@\n", 9, "do not fit" },
	{ T "term ar x + { y }@0\n", 9, "do not fit" },
	{ T "term ar x + { y }@65\n", 9, "do not fit" },
	{ T "term ar x + { y }@>\n", 9, "do not fit" },
	{ T "class act\nterm ar x need=act@>\n", 10, "number of words" },
	{ T "class act\nterm ar x need=act@<0\n", 10, "number of words" },
	{ T "term ar x + { y }@3 z\n", 9, "do not fit" },
	{ T "term ar x + { | y }@3\n", 9, "do not fit" },
	{ T "term ar + { y }@3\n", 9, "do not fit" },
	{ T "term ar { y }@3\n", 9, "do not fit" },
	{ T "term ar x }@3\n", 9, "do not fit" },
	{ T "term ar class:act\nclass act\n", 9, "do not fit" },
	{ "[role target]\nbefore ar class:nothing\n", 7, "no class of this name" },
	{ "[class act]\n[role target]\nbefore ar x class:act\n", 8, "do not fit" },
	{ T "term ar x y=1\n", 0, NULL }, /* no option: words */
	{ T "term ar x w=1 y\n", 9, "option is not known" },
	{ T "term ar x w=0\n", 9, "no weight" },
	{ T "term ar x w=10\n", 9, "no weight" },
	{ T "term ar x w=\n", 9, "no weight" },
	{ T "term ar x @3\n", 9, "option is not known" },
	{ T "term ar x clause\n", 9, "option is not known" },
	{ T "term ar x valid=2012..\n", 9, "option is not known" },
	{ "[cue negated]\nterm ar x weak\n", 7, "option is not known" },
	{ "[cue negated]\nterm ar x lead\n", 7, "option is not known" },
	{ "[cue negated]\nterm ar x of-first\n", 7, "option is not known" },
	{ T "term ar x of-second\n", 9, "option is not known" },
	{ "[role none]\nbefore ar x of-first\nafter ar x of-second @3 clause\n", 0, NULL },
	{ T "not.any ar x lead\n", 9, "option is not known" },
	{ "[cue negated]\nterm ar x w=2\n", 7, "option is not known" },
	{ "[cue negated]\nterm ar x register=neutral\n", 7, "option is not known" },
	{ "[cue negated]\nterm ar x @0\n", 7, "number of words" },
	{ "[cue negated]\nterm ar x @65\n", 7, "number of words" },
	{ T "not.any ar x not=y\n", 9, "option is not known" },
	{ T "not.any ar x need=a@3\n", 9, "option is not known" },
	{ T "not.any ar x + { y }@3\n", 9, "do not fit" },
	{ T "term ar x need=act\n", 9, "how near" },
	{ T "term ar x need=act@3\n", 9, "no class of this name" },
	{ T "class act\nterm ar x need=act@0\n", 10, "number of words" },
	{ T "class act\nterm ar x need=act@65\n", 10, "number of words" },
	{ T "class act\nterm ar x need=act,@3\n", 10, "no class of this name" },
	{ T "class act\nterm ar x need=!@3\n", 10, "no class of this name" },
	{ T "class act\nterm ar x need=!!act@3\n", 10, "no class of this name" },
	{ T "class act\nterm ar x need=act,!act@3\n", 10, "no class of this name" },
	{ T "class act\nterm ar x need=!act>act@t\n", 0, NULL },
	{ T "class act\nterm ar x need=!act>@t\n", 10, "no class of this name" },
	{ T "class act\nterm ar x need=!>act@t\n", 10, "no class of this name" },
	{ T "class act\nterm ar x need=act>act@t\n", 10, "cannot compare" },
	{ T "class act\nterm ar x need=!act>act@3\n", 10, "cannot compare" },
	{ T "class act\nterm ar x need=!act>act@s\n", 10, "cannot compare" },
	{ T "class act\nterm ar x need=!act>act>act@t\n", 10, "cannot compare" },
	{ T "class act\nterm ar x need=act@1 need=act@1 need=act@1 need=act@1 need=act@1\n", 10,
	    "too many needs" },
	{ T "term ar !\n", 9, "nothing is left" },
	{ T "term ar *\n", 9, "nothing is left" },
	{ T "term ar =\n", 9, "nothing is left" },
	{ T "term ar \xD9\x8E\n", 9, "nothing is left" },
	{ T "term ar a b c d e f g h i\n", 9, "too many words" },
	{ T "term en a-b-c-d-e-f-g-h-i\n", 9, "too many words" },
	{ T "term en x\xFF\n", 9, "not UTF-8" },
	{ T "term ar x\n\n# note\n  # note\nterm fr x\n", 13, "language of the file" },
};

static void
each_fault_has_its_line(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof faulty / sizeof faulty[0]; i++) {
		char file[1024];
		struct hz_rules_fault f[HZ_RULES_FAULTS];
		struct hz_rules *r = NULL;
		int n = snprintf(file, sizeof file, HEAD "%s", faulty[i].body);
		size_t faults = hz_rules_check(file, (size_t)n, f, HZ_RULES_FAULTS);
		if (faulty[i].what == NULL) {
			assert_int_equal(faults, 0);
			continue;
		}
		if (faults < 1 || f[0].line != faulty[i].line || strstr(f[0].what, faulty[i].what) == NULL) {
			fail_msg("%s\n  gives %zu faults, line %zu: %s", faulty[i].body, faults,
			    faults > 0 ? f[0].line : 0, faults > 0 ? f[0].what : "");
		}
		assert_true(f[0].remedy[0] != '\0');
		assert_err(hz_rules_load(file, (size_t)n, &r), HZ_ERR_UNSUPPORTED);
		assert_int_equal(hz_fail_msg(), HZ_MSG_RULES_BAD);
		assert_non_null(strstr(hz_fail_detail(), f[0].what));
		assert_null(r);
	}
}

static void
a_bad_head_is_told_alone(void **state)
{
	(void)state;
	static const char *const files[] = { "", "hello", "hirz-rules 2\n", "hirz-rules 1x\nname a\n",
		"[type a]\nhirz-rules 1\n" };
	struct hz_rules_fault f[HZ_RULES_FAULTS];
	for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
		assert_int_equal(hz_rules_check(files[i], strlen(files[i]), f, HZ_RULES_FAULTS), 1);
		assert_int_equal(f[0].line, 1);
	}
	static const char *const lacking[] = { "hirz-rules 1\n", "hirz-rules 1\nname a\nversion 1\n",
		"hirz-rules 1\nname a\nlang ar\n", "hirz-rules 1\nversion a\nlang ar\n" };
	for (size_t i = 0; i < sizeof lacking / sizeof lacking[0]; i++) {
		assert_int_equal(hz_rules_check(lacking[i], strlen(lacking[i]), f, HZ_RULES_FAULTS), 1);
		assert_non_null(strstr(f[0].what, "lacks its name"));
	}
	assert_int_equal(hz_rules_check(HEAD, sizeof HEAD - 1, f, HZ_RULES_FAULTS), 0);
	assert_int_equal(hz_rules_check("", 0, f, 0), 0);
}

static void
many_faults_in_one_run(void **state)
{
	(void)state;
	struct hz_buf b = HZ_BUF_INIT(SIZE_MAX);
	struct hz_rules_fault f[HZ_RULES_FAULTS + 1];
	assert_ok(hz_buf_puts(&b, HEAD T));
	for (int i = 0; i < 60; i++) {
		assert_ok(hz_buf_puts(&b, "term fr x\n"));
	}
	assert_int_equal(hz_rules_check(b.p, b.len, f, 3), 3);
	assert_int_equal(hz_rules_check(b.p, b.len, f, HZ_RULES_FAULTS + 1), HZ_RULES_FAULTS);
	for (size_t i = 0; i < HZ_RULES_FAULTS; i++) {
		assert_int_equal(f[i].line, 9 + i);
	}
	hz_buf_done(&b);
	/* a line is told of once */
	static const char once[] = HEAD T "term en x raw | y | z + { q }@3 more words\n";
	assert_int_equal(hz_rules_check(once, sizeof once - 1, f, 50), 1);
	/* in the order of lines, though sections are read in another */
	static const char mixed[] = HEAD TYPE("z") "term fr x\n" TYPE("a") "term fr x\n" PARTY("m") "bad\n";
	assert_int_equal(hz_rules_check(mixed, sizeof mixed - 1, f, 50), 3);
	assert_int_equal(f[0].line, 9);
	assert_int_equal(f[1].line, 13);
	assert_int_equal(f[2].line, 17);
	assert_int_equal(hz_rules_check(mixed, sizeof mixed - 1, f, 1), 1);
	assert_int_equal(f[0].line, 9);
}

static void
canonical(void **state)
{
	(void)state;
	static const char file[] =
	    "\xEF\xBB\xBF  hirz-rules 1\r\n# note\n\nversion  2 b\nname t\nlang ar  en\n"
	    "[type b]\nlabel.en B\nlabel.ar \xD8\xA7\xD9\x94\nterm ar  x\t|  y  w=2 \r\n"
	    "[party p]\nlabel.en P\nlabel.ar P\n[class c]\nterm any z"; /* no last line end */
	static const char want[] = "hirz-rules 1\nname t\nversion 2 b\nlang ar en\n"
				   "[class c]\nterm any z\n[party p]\nlabel.en P\nlabel.ar P\n"
				   "[type b]\nlabel.en B\nlabel.ar \xD8\xA3\nterm ar x | y w=2\n";
	/* BLAKE2b-256 of want, from another implementation (Python's hashlib) */
	static const char id[] = "986b077fb5c3583383b9affed64d8ce7c4aa205347bed7c351680415bdfcd912";
	struct hz_buf b = HZ_BUF_INIT(SIZE_MAX);
	struct hz_buf again = HZ_BUF_INIT(SIZE_MAX);
	char hex[65];
	assert_ok(hz_rules_canonical(file, sizeof file - 1, &b));
	assert_int_equal(b.len, sizeof want - 1);
	assert_memory_equal(b.p, want, b.len);
	assert_ok(hz_rules_canonical(b.p, b.len, &again));
	assert_int_equal(again.len, b.len);
	assert_memory_equal(again.p, b.p, b.len);
	struct hz_rules *r = rules_of_bytes(file, sizeof file - 1);
	struct hz_rules *s = rules_of_bytes(b.p, b.len);
	hz_hex(hex, hz_rules_id(r), 32);
	assert_string_equal(hex, id);
	assert_memory_equal(hz_rules_id(r), hz_rules_id(s), 32);
	assert_string_equal(hz_rules_name(r), "t");
	assert_string_equal(hz_rules_version(r), "2 b");
	hz_rules_free(&r);
	hz_rules_free(&s);
	hz_rules_free(&s);
	/* one letter more, another id; a bad file leaves the buffer alone */
	b.p[b.len - 2] = '3';
	s = rules_of_bytes(b.p, b.len);
	hz_hex(hex, hz_rules_id(s), 32);
	assert_string_not_equal(hex, id);
	hz_rules_free(&s);
	assert_err(hz_rules_canonical("x", 1, &again), HZ_ERR_UNSUPPORTED);
	assert_int_equal(again.len, sizeof want - 1);
	again.max = again.len + 5;
	assert_err(hz_rules_canonical(file, sizeof file - 1, &again), HZ_ERR_LIMIT);
	assert_int_equal(again.len, sizeof want - 1);
	hz_buf_done(&b);
	hz_buf_done(&again);
}

static void
entries_and_terms(void **state)
{
	(void)state;
	struct hz_rules *r = rules_of(PLACE("SY01") "term ar x\n" TYPE("b.c") "term tr z\n" TYPE(
	    "b") "xref rome:7.1 icrc:3/iac?\nxref coi:x\n"
		 "note.en look\nsource here\nterm ar x | y + { q }@2 w=5\nterm en =exact register=official\n" PARTY(
		     "p") "valid 2012-02..2024\nalias ar n register=critical\nalias ar m valid=2013..\n");
	struct hz_rules_term t;
	assert_int_equal(hz_rules_entries(r), 4);
	assert_string_equal(hz_rules_entry(r, 0)->id, "b");
	assert_string_equal(hz_rules_entry(r, 1)->id, "b.c");
	assert_string_equal(hz_rules_entry(r, 2)->id, "p");
	assert_string_equal(hz_rules_entry(r, 3)->id, "SY01");
	assert_null(hz_rules_entry(r, 4));
	const struct hz_rules_entry *x = hz_rules_find(r, HZ_AXIS_TYPE, "b");
	assert_ptr_equal(x, hz_rules_entry(r, 0));
	assert_int_equal(x->axis, HZ_AXIS_TYPE);
	assert_int_equal(x->nxref, 3);
	assert_string_equal(x->xref[1], "icrc:3/iac?");
	assert_string_equal(x->note_en, "look");
	assert_string_equal(x->note_ar, "");
	assert_string_equal(x->source, "here");
	assert_string_equal(x->parent, "");
	assert_int_equal(x->min, 3);
	assert_false(x->experimental);
	assert_true(hz_rules_term_at(r, x, 1, &t));
	assert_string_equal(t.text, "y + { q }@2");
	assert_string_equal(t.lang, "ar");
	assert_int_equal(t.weight, 5);
	assert_int_equal(t.line, 1);
	assert_true(hz_rules_term_at(r, x, 2, &t));
	assert_string_equal(t.text, "=exact");
	assert_string_equal(t.reg, "official");
	assert_int_equal(t.weight, 3);
	assert_int_equal(t.line, 2);
	assert_false(hz_rules_term_at(r, x, 3, &t));
	x = hz_rules_find(r, HZ_AXIS_TYPE, "b.c");
	assert_string_equal(x->parent, "b");
	assert_true(x->experimental);
	x = hz_rules_find(r, HZ_AXIS_PARTY, "p");
	assert_string_equal(x->from, "2012-02-01");
	assert_string_equal(x->to, "2024-12-31");
	assert_true(hz_rules_term_at(r, x, 0, &t));
	assert_true(t.quiet);
	assert_string_equal(t.from, "2012-02-01");
	assert_true(hz_rules_term_at(r, x, 1, &t));
	assert_false(t.quiet);
	assert_string_equal(t.from, "2013-01-01");
	assert_string_equal(t.to, "");
	assert_null(hz_rules_find(r, HZ_AXIS_PARTY, "b"));
	assert_null(hz_rules_find(r, HZ_AXIS_DATE, "b"));
	hz_rules_free(&r);
}

/* --- limits: what is allowed, and one more --- */
static void
put_repeated(struct hz_buf *b, const char *s, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		assert_ok(hz_buf_puts(b, s));
	}
}

static void
check_limit(struct hz_buf *b, const char *what)
{
	struct hz_rules_fault f[HZ_RULES_FAULTS];
	size_t n = hz_rules_check(b->p, b->len, f, HZ_RULES_FAULTS);
	if (what == NULL) {
		if (n > 0) {
			fail_msg("line %zu: %s", f[0].line, f[0].what);
		}
	} else if (n == 0 || strstr(f[0].what, what) == NULL) {
		fail_msg("%s is not said, but %zu faults: %s", what, n, n > 0 ? f[0].what : "");
	}
	hz_buf_clear(b);
}

static void
limits_of_lines(void **state)
{
	(void)state;
	struct hz_buf b = HZ_BUF_INIT(SIZE_MAX);
	for (size_t over = 0; over < 2; over++) {
		/* bytes of a line, of a word */
		assert_ok(hz_buf_puts(&b, HEAD T "note.en "));
		put_repeated(&b, "x", HZ_RULES_LINE - 8 + over);
		check_limit(&b, over ? "line is too long" : NULL);
		assert_ok(hz_buf_puts(&b, HEAD T "term en "));
		put_repeated(&b, "x", HZ_RULES_LETTERS + over);
		check_limit(&b, over ? "word is too long" : NULL);
		/* words, one alternative in many sections, spellings */
		assert_ok(hz_buf_puts(&b, HEAD T "term en "));
		put_repeated(&b, "x ", HZ_RULES_WORDS + over);
		check_limit(&b, over ? "too many words" : NULL);
		assert_ok(hz_buf_puts(&b, HEAD T));
		put_repeated(&b, "term en same\n", HZ_RULES_SAME + over);
		check_limit(&b, over ? "too often" : NULL);
		assert_ok(hz_buf_puts(&b, HEAD T "class"));
		for (size_t i = 0; i < HZ_RULES_CLASSES + over; i++) {
			assert_ok(hz_buf_printf(&b, " c%zu", i));
		}
		check_limit(&b, over ? "too many classes" : NULL);
		assert_ok(hz_buf_puts(&b, HEAD T "xref"));
		put_repeated(&b, " coi:x", 64 + over);
		check_limit(&b, over ? "too many references" : NULL);
	}
	assert_ok(hz_buf_puts(&b, HEAD T "term en "));
	put_repeated(&b, "x", 3000);
	check_limit(&b, "word is too long");
	hz_buf_done(&b);
}

static void
limits_of_files(void **state)
{
	(void)state;
	struct hz_buf b = HZ_BUF_INIT(SIZE_MAX);
	for (size_t over = 0; over < 2; over++) {
		assert_ok(hz_buf_puts(&b, HEAD));
		for (size_t i = 0; i < HZ_RULES_SECTIONS + over; i++) {
			assert_ok(hz_buf_printf(&b, "[class c%zu]\n", i));
		}
		check_limit(&b, over ? "too many sections" : NULL);
		assert_ok(hz_buf_puts(&b, HEAD "[class c]\n"));
		for (size_t i = 0; i < HZ_RULES_TERMS + over; i++) {
			assert_ok(hz_buf_printf(&b, "term en t%zx\n", i));
		}
		check_limit(&b, over ? "too many terms" : NULL);
		assert_ok(hz_buf_puts(&b, HEAD "[class c]\n"));
		while (b.len < HZ_RULES_BYTES + over) {
			assert_ok(hz_buf_putc(&b, '\n'));
		}
		check_limit(&b, over ? "too large" : NULL);
		/* letters: all that months use are there already */
		assert_ok(hz_buf_puts(&b, HEAD "[class c]\n"));
		for (uint32_t cp = 0x4E00; cp < 0x4E00 + 150 + over * 100; cp++) {
			assert_ok(hz_buf_printf(&b, "term any %c%c%c\n", (int)(0xE0 | cp >> 12),
			    (int)(0x80 | (cp >> 6 & 63)), (int)(0x80 | (cp & 63))));
		}
		check_limit(&b, over ? "different letters" : NULL);
	}
	/* states */
	assert_ok(hz_buf_puts(&b, HEAD "[class c]\n"));
	for (unsigned i = 0; i < 40000; i++) {
		char word[40];
		unsigned v = i;
		for (size_t k = 0; k < 39; k++) {
			v = v * 1103515245 + 12345;
			word[k] = (char)('a' + (v >> 16) % 26);
		}
		word[39] = '\0';
		assert_ok(hz_buf_printf(&b, "term en %s\n", word));
	}
	check_limit(&b, "too many together");
	hz_buf_done(&b);
}

/* Every beginning of a file that uses all there is loads or is refused. */
static void
cut_short(void **state)
{
	(void)state;
	struct hz_buf b = HZ_BUF_INIT(SIZE_MAX);
	assert_ok(hz_buf_puts(&b, HEAD));
	assert_ok(hz_buf_puts(&b, small_rules()));
	for (size_t n = 0; n <= b.len; n += 1 + n % 3) {
		struct hz_rules_fault f;
		struct hz_rules *r = NULL;
		size_t faults = hz_rules_check(b.p, n, &f, 1);
		assert_int_equal(hz_rules_load(b.p, n, &r) == HZ_OK, faults == 0);
		hz_rules_free(&r);
	}
	hz_buf_done(&b);
}

const struct CMUnitTest rules_tests[] = {
	cmocka_unit_test(each_fault_has_its_line),
	cmocka_unit_test(a_bad_head_is_told_alone),
	cmocka_unit_test(many_faults_in_one_run),
	cmocka_unit_test(canonical),
	cmocka_unit_test(entries_and_terms),
	cmocka_unit_test(limits_of_lines),
	cmocka_unit_test(limits_of_files),
	cmocka_unit_test(cut_short),
};
const size_t n_rules_tests = sizeof rules_tests / sizeof rules_tests[0];
