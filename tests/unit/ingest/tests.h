#ifndef HZ_TEST_INGEST_H
#define HZ_TEST_INGEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "ingest/ingest.h"

/* A folder of its own for the program; HOME and XDG_STATE_HOME lie in it, and it is the current one. */
int scratch_make(void **state);
int scratch_drop(void **state);
void put_file(const char *path, const void *p, size_t n);
void make_dir(const char *path);
struct hz_vault *make_vault(const char *name);
struct hz_vault *open_vault(const char *name, enum hz_vault_mode mode);

struct got { /* what a run told */
	size_t n;
	struct {
		enum hz_ingest_result result;
		char path[512], number[HZ_NUMBER_MAX];
		enum hz_msg msg;
		bool receipt;
	} item[64];
	size_t flushed; /* items told before the last flush */
	uint64_t files, bytes;
	void (*on_item)(struct got *g);
};
extern const struct hz_ingest_ops got_ops;
enum hz_err run(struct hz_vault *v, const struct hz_ingest_opts *o, const char *const *paths, size_t n,
    struct got *g, struct hz_ingest_sum *sum);

extern const struct CMUnitTest claimed_tests[], list_tests[], read_tests[], draft_tests[], guess_tests[],
    run_tests[];
extern const size_t claimed_count, list_count, read_count, draft_count, guess_count, run_count;

#endif
