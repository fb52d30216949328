#include "door/lang.h"

#include <langinfo.h>
#include <libintl.h>
#include <limits.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#ifndef HZ_LOCALEDIR
#define HZ_LOCALEDIR "/usr/local/share/locale"
#endif
#define DOMAIN  "hirz"
#define CATALOG "ar/LC_MESSAGES/" DOMAIN ".mo"

static enum hz_lang current = HZ_LANG_EN;
static const char *own_list; /* the LANGUAGE that hz_lang_init set; NULL: none yet */

static bool
is_c(const char *locale)
{
	return locale == NULL || strcmp(locale, "C") == 0 || strcmp(locale, "POSIX") == 0;
}

/* A catalogue decides what our formats say, so it must belong to whoever owns the program, or to root. */
static bool
catalog_trusted(const char *dir, uid_t owner)
{
	char path[PATH_MAX];
	struct stat st;

	int n = snprintf(path, sizeof path, "%s/" CATALOG, dir);
	if (n < 0 || (size_t)n >= sizeof path || stat(path, &st) != 0 || !S_ISREG(st.st_mode)) {
		return false;
	}
	return st.st_uid == owner || st.st_uid == 0;
}

static bool
file_exists(const char *dir, const char *name)
{
	char path[PATH_MAX];
	struct stat st;

	int n = snprintf(path, sizeof path, "%s/%s", dir, name);
	return n > 0 && (size_t)n < sizeof path && stat(path, &st) == 0;
}

/* The catalogue of a build folder (the program lies under it, beside po/), then of a moved installation
 * (../share/locale from the program), then of the installation. */
static void
find_catalog(char ret_dir[static PATH_MAX])
{
	char exe[PATH_MAX];
	char dir[PATH_MAX];
	struct stat st;

	(void)snprintf(ret_dir, PATH_MAX, "%s", HZ_LOCALEDIR);
	ssize_t len = readlink("/proc/self/exe", exe, sizeof exe - 1);
	if (len <= 0 || (size_t)len >= sizeof exe - 1) {
		return;
	}
	exe[len] = '\0';
	if (stat(exe, &st) != 0) {
		return;
	}
	for (int up = 0; up < 4; up++) {
		char *slash = strrchr(exe, '/');
		if (slash == NULL || slash == exe) {
			break;
		}
		*slash = '\0';
		bool build = file_exists(exe, "build.ninja");
		int n = snprintf(dir, sizeof dir, "%s/%s", exe, build ? "po" : "share/locale");
		if (n < 0 || (size_t)n >= sizeof dir) {
			break;
		}
		if ((build || up == 1) && catalog_trusted(dir, st.st_uid)) {
			(void)snprintf(ret_dir, PATH_MAX, "%s", dir);
			return;
		}
	}
}

bool
hz_lang_parse(const char *word, size_t len, enum hz_lang *ret_lang)
{
	size_t n = 0;

	while (n < len && word[n] != '_' && word[n] != '.' && word[n] != '@' && word[n] != '-' &&
	       word[n] != ':') {
		n++;
	}
	if (n == 2 && memcmp(word, "ar", 2) == 0) {
		*ret_lang = HZ_LANG_AR;
		return true;
	}
	if (n == 2 && memcmp(word, "en", 2) == 0) {
		*ret_lang = HZ_LANG_EN;
		return true;
	}
	return false;
}

/* LANGUAGE as it was given to the program: hz_lang_init puts its own in its place. */
static const char *
language_list(void)
{
	static char given[128];
	const char *now = secure_getenv("LANGUAGE");

	if (now == NULL || own_list == NULL || strcmp(now, own_list) != 0) {
		(void)snprintf(given, sizeof given, "%s", now == NULL ? "" : now);
	}
	return given;
}

/* The first language of a list "ku:ar:en" that there are words for. */
static bool
from_list(const char *list, enum hz_lang *ret_lang)
{
	while (list[0] != '\0') {
		size_t n = strcspn(list, ":");
		if (hz_lang_parse(list, n, ret_lang)) {
			return true;
		}
		list += n + (list[n] == ':');
	}
	return false;
}

static enum hz_lang
choose(const char *choice)
{
	static const char *const names[] = { "LC_ALL", "LC_MESSAGES", "LANG" };
	const char *list = language_list(), *locale = "";
	enum hz_lang lang = HZ_LANG_EN;

	if (choice == NULL) {
		choice = secure_getenv("HIRZ_LANG");
	}
	if (choice != NULL && choice[0] != '\0' && hz_lang_parse(choice, strlen(choice), &lang)) {
		return lang;
	}
	for (size_t i = 0; locale[0] == '\0' && i < sizeof names / sizeof names[0]; i++) {
		const char *value = secure_getenv(names[i]);
		locale = value != NULL ? value : "";
	}
	/* As with gettext: the list comes before the locale, but who asks for C gets no translation. */
	if (locale[0] != '\0' && is_c(locale)) {
		return HZ_LANG_EN;
	}
	/* Any third language gives English. */
	return from_list(list, &lang) || hz_lang_parse(locale, strlen(locale), &lang) ? lang : HZ_LANG_EN;
}

/* Doors are single-threaded when they call this: the pool starts later. */
/* NOLINTBEGIN(concurrency-mt-unsafe) */
enum hz_lang
hz_lang_init(const char *choice)
{
	char dir[PATH_MAX];

	current = choose(choice);
	if (setlocale(LC_ALL, "") == NULL || is_c(setlocale(LC_CTYPE, NULL)) ||
	    strcmp(nl_langinfo(CODESET), "UTF-8") != 0) {
		(void)setlocale(LC_ALL, "C.UTF-8");
	}
	if (is_c(setlocale(LC_MESSAGES, NULL))) {
		/* gettext ignores LANGUAGE under plain C. */
		(void)setlocale(LC_MESSAGES, "C.UTF-8");
	}
	/* Numbers and order never depend on the locale. */
	(void)setlocale(LC_NUMERIC, "C");
	(void)setlocale(LC_COLLATE, "C");
	own_list = hz_lang_code(current);
	(void)setenv("LANGUAGE", own_list, 1);
	find_catalog(dir);
	(void)bindtextdomain(DOMAIN, dir);
	(void)bind_textdomain_codeset(DOMAIN, "UTF-8");
	(void)textdomain(DOMAIN); /* also drops what gettext remembers of another language */
	(void)gettext("why");     /* the files are opened now: a sandbox would not let them be later */
	return current;
}
/* NOLINTEND(concurrency-mt-unsafe) */

enum hz_lang
hz_lang_now(void)
{
	return current;
}

const char *
hz_lang_code(enum hz_lang lang)
{
	return lang == HZ_LANG_AR ? "ar" : "en";
}

const char *
hz_tr(const char *text)
{
	/* gettext("") would give the catalogue's header. */
	return text == NULL || text[0] == '\0' ? "" : gettext(text);
}

const char *
hz_trn(const char *one, const char *many, unsigned long n)
{
	return ngettext(one, many, n);
}

const char *
hz_trc(const char *ctx_word, const char *word)
{
	const char *found = gettext(ctx_word);
	return found == ctx_word ? word : found;
}
