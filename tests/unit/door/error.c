#include "codec/json.h"
#include "door/messages.h"
#include "tests.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static void
every_id_has_words(void **state)
{
#define MSG(num, sym, err) HZ_MSG_##sym,
	static const enum hz_msg all[] = { HZ_MSG_LIST(MSG) };
#undef MSG
	size_t n = 0;
	const struct hz_message *rows = hz_message_rows(&n);

	(void)state;
	assert_int_equal(n, sizeof all / sizeof all[0]);
	for (size_t i = 0; i < n; i++) {
		const struct hz_message *row = hz_message_of(all[i]);
		assert_int_equal(row->msg, all[i]);
		assert_ptr_equal(row, &rows[i]); /* in the order of the list, each once */
		assert_true(row->what != NULL && row->what[0] != '\0');
		assert_true(row->act != NULL && row->act[0] != '\0');
		assert_true(row->safe != NULL && row->safe[0] != '\0');
		assert_true(row->why == NULL || row->why[0] != '\0');
	}
	assert_int_equal(hz_message_of((enum hz_msg)12345)->msg, HZ_MSG_INTERNAL);
}

static char *
fail_with(struct hz_door *door, enum hz_err err, int want)
{
	assert_int_equal(hz_door_fail(door, err), want);
	char *s = written(&door->err);
	door_end(door);
	return s;
}

static void
four_parts(void **state)
{
	struct hz_door door;

	(void)state;
	door_begin(&door, "list");
	char *s = fail_with(&door, hz_fail(HZ_MSG_NO_VAULT, "no vault in %s", "/tmp/x\x1b[2J"), 6);
	assert_string_equal(s,
	    "hirz: HZ-E041 there is no vault here\n"
	    "  why   no vault in /tmp/x\\x1b[2J\n"
	    "  do    check the path given with --vault or HIRZ_VAULT, or make a vault with "
	    "`hirz init DIR`\n"
	    "  safe  nothing was changed\n");
	free(s);

	/* A row with its own why: the detail follows it. */
	door_begin(&door, "list");
	hz_door_safe(&door, "%d files were sealed", 88);
	s = fail_with(&door, hz_fail(HZ_MSG_WRONG_PASSPHRASE, "slot 2"), 5);
	assert_non_null(
	    strstr(s, "  why   no key slot of this vault opens with what was typed\n        slot 2\n"));
	assert_non_null(strstr(s, "keyboard layout (Arabic or English)"));
	assert_non_null(strstr(s, "  safe  88 files were sealed\n"));
	free(s);
}

static const char *
member(const struct hz_json *o, const char *name)
{
	const char *s = hz_json_str(hz_json_get(o, name), NULL);

	assert_non_null(s);
	return s;
}

static void
json_error(void **state)
{
	struct hz_door door;
	struct hz_json_doc *doc = NULL;
	uint64_t code = 0;
	/* Options that no parser accepts: --json is seen all the same. */

	(void)state;
	door_begin(&door, "--nonsense --json");
	char *s = fail_with(&door, hz_fail(HZ_MSG_USAGE, "bad byte \xff"), 2);
	size_t n = strlen(s);
	assert_true(n > 1 && s[n - 1] == '\n' && strchr(s, '\n') == s + n - 1);
	assert_int_equal(hz_json_parse(s, n - 1, false, &doc), HZ_OK);
	const struct hz_json *o = hz_json_root(doc);
	assert_string_equal(member(o, "type"), "error");
	assert_string_equal(member(o, "id"), "HZ-E001");
	assert_string_equal(member(o, "why"), "bad byte \xef\xbf\xbd");
	assert_true(hz_json_int(hz_json_get(o, "exit"), &code));
	assert_int_equal(code, 2);
	assert_true(
	    member(o, "what")[0] != '\0' && member(o, "do")[0] != '\0' && member(o, "safe")[0] != '\0');
	hz_json_free(&doc);
	free(s);
}

static void
json_only_as_option(void **state)
{
	struct hz_door door;

	(void)state;
	door_begin(&door, "list -- --json --lang=ar");
	assert_false(door.json);
	assert_int_equal(door.lang, HZ_LANG_EN);
	door_end(&door);
}

/* An older failure of this thread must not speak for another result. */
static void
stale_failure(void **state)
{
	struct hz_door door;

	(void)state;
	door_begin(&door, "");
	HZ_IGNORE(hz_fail(HZ_MSG_NO_EXHIBIT, "DM3-000001"));
	char *s = fail_with(&door, HZ_ERR_TAMPERED, 4);
	assert_null(strstr(s, "DM3-000001"));
	assert_non_null(strstr(s, "HZ-E092"));
	free(s);
	door_begin(&door, "");
	hz_fail_clear();
	s = fail_with(&door, HZ_ERR_FORMAT, 4);
	assert_non_null(strstr(s, "HZ-E091"));
	free(s);
}

static void
item_errors(void **state)
{
	struct hz_door door;
	struct hz_failure f;

	(void)state;
	door_begin(&door, "");
	HZ_IGNORE(hz_fail(HZ_MSG_SOURCE_READ, "at %d", 17));
	hz_fail_save(&f);
	struct hz_jw *w = hz_line_begin(&door.out, "item");
	hz_door_fail_json(w, &f);
	hz_line_end(&door.out);
	hz_out_printf(&door.out, "%s\n", hz_door_why(&door.out, &f));
	HZ_IGNORE(hz_fail(HZ_MSG_SOURCE_EMPTY, "x"));
	hz_fail_save(&f);
	hz_out_printf(&door.out, "%s\n", hz_door_why(&door.out, &f));
	hz_out_flush(&door.out);
	char *s = written(&door.out);
	assert_string_equal(s,
	    "{\"v\":1,\"type\":\"item\",\"error\":{\"id\":\"HZ-E033\",\"what\":\"this file could "
	    "not be read to its end\",\"why\":\"at 17\"}}\nat 17\nthis file is empty\n");
	free(s);
	door_end(&door);
}

static void
quiet_notes(void **state)
{
	struct hz_door door;

	(void)state;
	door_begin(&door, "");
	hz_door_note(&door, "kept %d", 1);
	door.quiet = true;
	hz_door_note(&door, "dropped %d", 2);
	char *s = written(&door.err);
	assert_string_equal(s, "hirz: kept 1\n");
	free(s);
	door_end(&door);
}

static void
closing(void **state)
{
	struct hz_door door;

	(void)state;
	door_begin(&door, "");
	door.out.err = HZ_ERR_IO;
	door.out.err_no = EPIPE;
	assert_int_equal(hz_door_close(&door, 0), 141);
	door_begin(&door, "");
	door.out.err = HZ_ERR_IO;
	door.out.err_no = EIO;
	assert_int_equal(hz_door_close(&door, 0), 9);
	/* What verification found and a rollback stay; anything else gives way to the lost output. */
	static const int codes[][2] = { { 4, 4 }, { 11, 11 }, { 3, 9 }, { 1, 9 } };
	for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++) {
		door_begin(&door, "");
		door.out.err = HZ_ERR_IO;
		door.out.err_no = EIO;
		assert_int_equal(hz_door_close(&door, codes[i][0]), codes[i][1]);
	}
	door_begin(&door, "");
	assert_int_equal(hz_door_close(&door, 3), 3);
}

const struct CMUnitTest error_tests[] = {
	cmocka_unit_test(every_id_has_words),
	cmocka_unit_test(four_parts),
	cmocka_unit_test(json_error),
	cmocka_unit_test(json_only_as_option),
	cmocka_unit_test(stale_failure),
	cmocka_unit_test(item_errors),
	cmocka_unit_test(quiet_notes),
	cmocka_unit_test(closing),
};
const size_t error_count = sizeof error_tests / sizeof error_tests[0];
