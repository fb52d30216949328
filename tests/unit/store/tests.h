/* What the store room's tests share. */
#ifndef HZ_TESTS_STORE_H
#define HZ_TESTS_STORE_H

#include "store/inner.h"
#include "store/store.h"
#include "store/walk.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define TABLES 4u

#define ok(call) assert_int_equal((call), HZ_OK)

/* A folder of its own for each test, removed with all in it afterwards: *state is its path. */
int folder_make(void **state);
int folder_make_light(void **state); /* in memory where there is a place for it: nothing there is synced */
int folder_drop(void **state);
/* path/name, in a static buffer. */
const char *in(const char *path, const char *name);

/* Repeatable random numbers (splitmix64). */
uint64_t rnd(uint64_t *seed);

/* Opens path/data.mdb (made when it is not there) with TABLES tables. */
struct hz_store *store_at(const char *path);
/* Like it, with a map of so many bytes. */
struct hz_store *store_sized(const char *path, uint64_t map);
/* Walks path/data.mdb. */
enum hz_err walk_at(const char *path, struct hz_walk_stats *ret_stats);
/* A number from the environment, or what stands for it. */
unsigned long number_from(const char *name, unsigned long other);
/* One random change: a put, an append, a delete, small or large. *number is the last appended. */
enum hz_err change(struct hz_txn *t, uint64_t *seed, uint32_t *number);

extern const struct CMUnitTest tests_basic[], tests_map[], tests_walk[], tests_mutants[];
extern const size_t tests_basic_count, tests_map_count, tests_walk_count, tests_mutants_count;

#endif
