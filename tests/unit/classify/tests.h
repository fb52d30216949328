#ifndef HZ_TESTS_CLASSIFY_TESTS_H
#define HZ_TESTS_CLASSIFY_TESTS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/enc.h"
#include "classify/classify.h"

#include <stdlib.h>
#include <string.h>

#define assert_ok(call)        assert_int_equal((call), HZ_OK)
#define assert_err(call, code) assert_int_equal((call), (code))
#define HEAD                   "hirz-rules 1\nname t\nversion 1\nlang ar en\nexperimental ku tr\n"
#define TYPE(id)               "[type " id "]\nlabel.en " id "\nlabel.ar نوع\n"
#define PARTY(id)              "[party " id "]\nlabel.en " id "\nlabel.ar جهة\n"
#define PLACE(id)              "[place " id "]\nlabel.en " id "\nlabel.ar مكان\n"

/* The rules, or the test fails with the first fault. */
struct hz_rules *rules_of(const char *body);
struct hz_rules *rules_of_bytes(const void *p, size_t n);
/* All tags as "party:russia@source denied 300 medium 0-12,14-20; ..."; freed by the caller. */
char *said(const struct hz_rules *r, const char *text, size_t n, const struct hz_classify_when *when);
/* The same without the bytes of the spans, only how many. */
char *said_short(const struct hz_rules *r, const char *text, size_t n, const struct hz_classify_when *when);
void expect(const struct hz_rules *r, const char *text, const char *want);
const struct hz_tag *find_tag(const struct hz_tags *t, const char *id);

/* Shared rules of these tests, and those of the project where they are (NULL else). */
const char *small_rules(void);
/* Set-up and its end: *state is these rules, loaded. */
int small_setup(void **state);
int small_teardown(void **state);
struct hz_rules *shipped_rules(void);
/* Calls f with each text of the shared corpora, at most `most` of them. False where there are none. */
bool each_text(size_t most, void (*f)(const char *text, size_t n, void *arg), void *arg);

extern const struct CMUnitTest rules_tests[], match_tests[], gate_tests[], hostile_tests[], why_tests[],
    roles_tests[];
extern const size_t n_rules_tests, n_match_tests, n_gate_tests, n_hostile_tests, n_why_tests, n_roles_tests;
extern const struct CMUnitTest testimony_tests[];
extern const size_t n_testimony_tests;

#endif
