#ifndef HZ_TEST_VAULT_H
#define HZ_TEST_VAULT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "vault/vault.h"

/* A folder of its own for each test; HOME and XDG_STATE_HOME lie in it. */
int scratch_make(void **state);
int scratch_drop(void **state);
const char *scratch(void);
void in_scratch(char out[static 512], const char *name);
void shell(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

extern const struct hz_unlock good_pass, bad_pass;
struct hz_vault *make_vault(const char *name);
struct hz_vault *open_vault(const char *name, enum hz_vault_mode mode);
enum hz_err try_open(const char *name, enum hz_vault_mode mode, struct hz_vault **v);
/* Seals n bytes made from seed; returns the exhibit. */
struct hz_exhibit seal(struct hz_batch *b, uint64_t n, unsigned seed, const char *title);
/* The same with a word of consent in its record ("given", "none", "unknown") and a media type. */
struct hz_exhibit seal_as(
    struct hz_batch *b, uint64_t n, unsigned seed, const char *title, const char *consent, const char *type);
/* Seals n bytes, but has its member commit to and sign another hash than that of these bytes. */
struct hz_exhibit seal_lying(struct hz_batch *b, uint64_t n, unsigned seed);
/* Derived from an exhibit: without a word of consent. */
struct hz_exhibit seal_from(
    struct hz_batch *b, uint64_t origin, uint64_t n, unsigned seed, const char *title, const char *type);
/* Seals a text: consent given, plain UTF-8, claimed of that day (NULL: of none); derived from origin where
 * that is not 0. */
struct hz_exhibit seal_text(struct hz_batch *b, uint64_t origin, const void *text, size_t n, const char *day);
void read_back(struct hz_view *w, const struct hz_exhibit *e, uint64_t n, unsigned seed);
void fill(uint8_t *p, size_t n, uint64_t at, unsigned seed);

extern const char *vectors_folder; /* tests/vectors */
extern const struct CMUnitTest keyring_tests[], batch_tests[], derived_tests[], marks_tests[], pins_tests[],
    tags_tests[], models_tests[];
extern const size_t keyring_count, batch_count, derived_count, marks_count, pins_count, tags_count,
    models_count;

#endif
