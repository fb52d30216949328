#include "door/lang.h"
#include "door/messages.h"
#include "tests.h"

#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* One thread only. */
/* NOLINTBEGIN(concurrency-mt-unsafe) */
static enum hz_lang
with(const char *lc_all, const char *lc_messages, const char *lang, const char *hirz_lang, const char *choice)
{
	const struct {
		const char *name, *value;
	} vars[] = { { "LC_ALL", lc_all }, { "LC_MESSAGES", lc_messages }, { "LANG", lang },
		{ "HIRZ_LANG", hirz_lang } };

	for (size_t i = 0; i < 4; i++) {
		if (vars[i].value == NULL) {
			(void)unsetenv(vars[i].name);
		} else {
			(void)setenv(vars[i].name, vars[i].value, 1);
		}
	}
	return hz_lang_init(choice);
}
/* NOLINTEND(concurrency-mt-unsafe) */

static int
plain(void **state)
{
	(void)state;
	(void)with("C.UTF-8", NULL, NULL, NULL, "en");
	return 0;
}

static void
choosing(void **state)
{
	(void)state;
	(void)unsetenv("LANGUAGE"); /* NOLINT(concurrency-mt-unsafe) */
	assert_int_equal(with(NULL, NULL, NULL, NULL, NULL), HZ_LANG_EN);
	assert_int_equal(with(NULL, NULL, "ar_SY.UTF-8", NULL, NULL), HZ_LANG_AR);
	assert_int_equal(with(NULL, "en_US.UTF-8", "ar_SY.UTF-8", NULL, NULL), HZ_LANG_EN);
	assert_int_equal(with("C", NULL, "ar_SY.UTF-8", NULL, NULL), HZ_LANG_EN);
	assert_int_equal(with("", NULL, "ar", NULL, NULL), HZ_LANG_AR);
	assert_int_equal(with("de_DE.UTF-8", NULL, "ar", NULL, NULL), HZ_LANG_EN);
	assert_int_equal(with("C", NULL, NULL, "ar", NULL), HZ_LANG_AR);
	assert_int_equal(with("C", NULL, NULL, "ar", "en"), HZ_LANG_EN);
	assert_int_equal(with("C", NULL, NULL, NULL, "ar"), HZ_LANG_AR);
}

/* The list for gettext: before the locale, but not where plain C is asked for. */
static void
lists(void **state)
{
	static const struct {
		const char *list, *lc_all, *hirz;
		enum hz_lang want;
	} rows[] = {
		{ "ar", "C.UTF-8", NULL, HZ_LANG_AR },
		{ "ar", NULL, NULL, HZ_LANG_AR },
		{ "ar", "en_US.UTF-8", NULL, HZ_LANG_AR },
		{ "ku:ar:en", "C.UTF-8", NULL, HZ_LANG_AR },
		{ "ku:en:ar", "ar_SY.UTF-8", NULL, HZ_LANG_EN },
		{ "ar_SY:en_US", "C.UTF-8", NULL, HZ_LANG_AR },
		{ "ku::", "ar_SY.UTF-8", NULL, HZ_LANG_AR },
		{ "ar", "C", NULL, HZ_LANG_EN },
		{ "ar", "POSIX", NULL, HZ_LANG_EN },
		{ "ar", "C.UTF-8", "en", HZ_LANG_EN },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		(void)hz_lang_init("en"); /* what it set itself is not what was given */
		/* NOLINTNEXTLINE(concurrency-mt-unsafe) */
		(void)setenv("LANGUAGE", rows[i].list, 1);
		assert_int_equal(with(rows[i].lc_all, NULL, NULL, rows[i].hirz, NULL), rows[i].want);
		/* A second time it still knows. */
		assert_int_equal(hz_lang_init(NULL), rows[i].want);
	}
	(void)hz_lang_init("en");
	/* NOLINTNEXTLINE(concurrency-mt-unsafe) */
	(void)unsetenv("LANGUAGE");
}

static void
parsing(void **state)
{
	enum hz_lang lang = HZ_LANG_EN;

	(void)state;
	assert_true(hz_lang_parse("ar_SY.UTF-8", 11, &lang));
	assert_int_equal(lang, HZ_LANG_AR);
	assert_true(hz_lang_parse("en", 2, &lang));
	assert_int_equal(lang, HZ_LANG_EN);
	assert_false(hz_lang_parse("arz", 3, &lang));
	assert_false(hz_lang_parse("a", 1, &lang));
	assert_false(hz_lang_parse("", 0, &lang));
	assert_false(hz_lang_parse("C", 1, &lang));
}

/* No Arabic locale is installed where this runs as a rule; the words are Arabic all the same, and after a
 * change back English. */
static void
words(void **state)
{
	static const char *const locales[] = { "C", "C.UTF-8", "ar_SY.UTF-8", "POSIX", "xx_YY" };

	(void)state;
	for (size_t i = 0; i < sizeof locales / sizeof locales[0]; i++) {
		(void)with(locales[i], NULL, NULL, NULL, "ar");
		assert_string_equal(_("nothing was changed"), "لم يتغير شيء");
		assert_string_equal(C_("part of an error", "why"), "السبب");
		(void)with(locales[i], NULL, NULL, NULL, "en");
		assert_string_equal(_("nothing was changed"), "nothing was changed");
		assert_string_equal(C_("part of an error", "why"), "why");
	}
	assert_string_equal(_(""), "");
	/* Numbers never follow the locale. */
	char s[16];
	(void)snprintf(s, sizeof s, "%.1f", 1.5);
	assert_string_equal(s, "1.5");
}

static void
all_words_differ(void **state)
{
	size_t n = 0;
	const struct hz_message *rows = hz_message_rows(&n);

	(void)state;
	(void)with("C", NULL, NULL, NULL, "ar");
	for (size_t i = 0; i < n; i++) {
		assert_string_not_equal(_(rows[i].what), rows[i].what);
		assert_string_not_equal(_(rows[i].act), rows[i].act);
		assert_string_not_equal(_(rows[i].safe), rows[i].safe);
	}
}

static void
plurals(void **state)
{
	static const unsigned n[] = { 0, 1, 2, 3, 11, 100 };
	const char *forms[6];

	(void)state;
	(void)with("C", NULL, NULL, NULL, "ar");
	for (size_t i = 0; i < 6; i++) {
		forms[i] = NN_("%u day", "%u days", n[i]);
	}
	assert_string_equal(forms[1], "يوم واحد");
	assert_string_equal(forms[2], "يومان");
	assert_string_equal(forms[3], "%u أيام");
	assert_string_equal(forms[4], "%u يومًا");
	assert_string_equal(forms[5], "%u يوم");
	assert_string_equal(forms[0], "%u يوم");
	(void)with("C", NULL, NULL, NULL, "en");
	assert_string_equal(NN_("%u day", "%u days", 1), "%u day");
	assert_string_equal(NN_("%u day", "%u days", 2), "%u days");
}

static void
arabic_error(void **state)
{
	struct hz_door door;

	(void)state;
	door_begin(&door, "--lang ar");
	assert_int_equal(hz_door_fail(&door, hz_fail(HZ_MSG_WRONG_PASSPHRASE, " ")), 5);
	char *s = written(&door.err);
	assert_non_null(strstr(s, "حرز: HZ-E021 عبارة المرور خاطئة\n  السبب   "));
	assert_null(strstr(s, "\xe2\x81")); /* not a terminal: no isolates */
	assert_non_null(strstr(s, "لغة لوحة المفاتيح"));
	free(s);
	door_end(&door);
	door_begin(&door, "--lang ar");
	door.err.tty = true;
	assert_int_equal(hz_door_fail(&door, hz_fail(HZ_MSG_UNKNOWN_COMMAND, "x")), 2);
	s = written(&door.err);
	assert_non_null(strstr(s, "\xe2\x81\xa8HZ-E002\xe2\x81\xa9"));
	assert_non_null(strstr(s, "\xe2\x81\xa8`hirz help`\xe2\x81\xa9"));
	free(s);
	door_end(&door);
}

const struct CMUnitTest lang_tests[] = {
	cmocka_unit_test_teardown(choosing, plain),
	cmocka_unit_test_teardown(lists, plain),
	cmocka_unit_test(parsing),
	cmocka_unit_test_teardown(words, plain),
	cmocka_unit_test_teardown(all_words_differ, plain),
	cmocka_unit_test_teardown(plurals, plain),
	cmocka_unit_test_teardown(arabic_error, plain),
};
const size_t lang_count = sizeof lang_tests / sizeof lang_tests[0];
