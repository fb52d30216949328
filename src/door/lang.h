/* Language of the person: English or Arabic, whatever locales the machine has.
 *
 * A fresh system has only C and C.UTF-8. gettext ignores LANGUAGE under the plain C locale, and a locale that
 * was never generated fails in setlocale; so the locale falls back to C.UTF-8 and the language is chosen by
 * LANGUAGE alone. This is the one place that knows libintl; others use the macros below. */
#ifndef HZ_DOOR_LANG_H
#define HZ_DOOR_LANG_H

#include <stdbool.h>
#include <stddef.h>

enum hz_lang { HZ_LANG_EN, HZ_LANG_AR };

/* Sets locale and language. choice: "ar", "en", or NULL for HIRZ_LANG, else the first known language of
 * LANGUAGE (unless the locale is plain C), else the language part of LC_ALL, LC_MESSAGES, LANG (the first
 * that is set). May be called again with another choice. */
enum hz_lang hz_lang_init(const char *choice);
/* "ar" and "en" (also "ar_SY.UTF-8"); false for anything else. */
bool hz_lang_parse(const char *word, size_t len, enum hz_lang *ret_lang);
enum hz_lang hz_lang_now(void);
const char *hz_lang_code(enum hz_lang lang); /* "ar", "en" */

/* The text in the current language; the text itself where there is no translation. */
const char *hz_tr(const char *text) __attribute__((format_arg(1)));
/* The same for a number of things; one is the English singular, many the plural. */
const char *hz_trn(const char *one, const char *many, unsigned long n)
    __attribute__((format_arg(1), format_arg(2)));
/* The same for a short word that needs a context; word is "context\004word" (macro C_ below). */
const char *hz_trc(const char *ctx_word, const char *word);

#define _(text)           hz_tr(text)
#define N_(text)          text /* marks for xgettext, translated later */
#define C_(ctx, word)     hz_trc(ctx "\004" word, word)
#define NN_(one, many, n) hz_trn(one, many, (unsigned long)(n)) /* xgettext: NN_:1,2 */

#endif
