#include "tests.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define MANY 4300 /* over the objects of one epoch, so that a new key begins while workers read */

static void
fill_random(const char *path, size_t n)
{
	uint8_t *p = malloc(n);
	assert_non_null(p);
	hz_random(p, n);
	put_file(path, p, n);
	free(p);
}

static void
mixed(void **state)
{
	static const char *const paths[] = { "mix" };
	struct hz_vault *v = make_vault("v1");
	struct hz_ingest_opts o = { .consent = HZ_CONSENT_UNKNOWN, .recursive = true, .case_code = "CASE" };
	struct hz_ingest_sum sum;
	struct got *g = calloc(1, sizeof(*g));
	(void)state;
	assert_non_null(g);
	make_dir("mix");
	fill_random("mix/a", 5000000);
	put_file("mix/b", "text", 4);
	put_file("mix/c", "", 0);
	put_file("mix/d", "text", 4);
	assert_int_equal(mkfifo("mix/e", 0600), 0);
	fill_random("mix/f", 1048576);
	for (unsigned workers = 1; workers <= 8; workers += 7) {
		o.workers = workers;
		assert_int_equal(run(v, &o, paths, 1, g, &sum), HZ_OK);
		assert_int_equal(g->files, 6);
		assert_int_equal(g->flushed, workers == 1 ? 6 : 0);
		static const enum hz_ingest_result first[] = { HZ_INGEST_SEALED, HZ_INGEST_SEALED,
			HZ_INGEST_REFUSED, HZ_INGEST_DUPLICATE, HZ_INGEST_REFUSED, HZ_INGEST_SEALED };
		for (size_t i = 0; i < 6; i++) {
			bool sealed = first[i] == HZ_INGEST_SEALED && workers != 1;
			assert_int_equal(g->item[i].result, sealed ? HZ_INGEST_DUPLICATE : first[i]);
		}
		assert_int_equal(g->item[2].msg, HZ_MSG_SOURCE_EMPTY);
		assert_int_equal(g->item[4].msg, HZ_MSG_SOURCE_NOT_REGULAR);
		assert_string_equal(g->item[3].number, "DM3-000002");
		assert_int_equal(g->item[3].receipt, workers == 1);
		assert_int_equal(sum.case_made, workers == 1);
	}
	hz_vault_close(&v);
	v = open_vault("v1", HZ_VAULT_READ);
	struct hz_view *w = NULL;
	struct hz_case c;
	uint64_t exhibit = 0, n = 0, segments = 0, addresses = 0;
	bool found = true;
	struct hz_ref at;
	assert_int_equal(hz_vault_info(v)->exhibits, 3);
	assert_int_equal(hz_view_begin(v, &w), HZ_OK);
	assert_int_equal(hz_case_find(w, "CASE", &c), HZ_OK);
	for (; found; exhibit++) {
		assert_int_equal(hz_case_member_next(w, c.no, &exhibit, &found, &at), HZ_OK);
		n += found ? 1 : 0;
	}
	assert_int_equal(n, 3);
	assert_int_equal(hz_segment_count(w, &segments, &addresses), HZ_OK);
	assert_int_equal(segments, addresses);
	hz_view_end(&w);
	hz_vault_close(&v);
	free(g);
}

/* Two large equal files side by side: whichever is sealed first, the other's segments go. */
static void
equal_side_by_side(void **state)
{
	static const char *const paths[] = { "eq" };
	struct hz_vault *v = make_vault("v2");
	struct hz_ingest_opts o = { .consent = HZ_CONSENT_UNKNOWN, .recursive = true, .workers = 4 };
	struct hz_ingest_sum sum;
	struct got *g = calloc(1, sizeof(*g));
	uint8_t *p = malloc(3000000);
	(void)state;
	assert_non_null(p);
	assert_non_null(g);
	hz_random(p, 3000000);
	make_dir("eq");
	put_file("eq/1", p, 3000000);
	put_file("eq/2", p, 3000000);
	put_file("eq/3", p, 3000000);
	p[2999999] ^= 1; /* the same size and the same first 64 KiB */
	put_file("eq/4", p, 3000000);
	free(p);
	assert_int_equal(run(v, &o, paths, 1, g, &sum), HZ_OK);
	assert_int_equal(sum.sealed, 2);
	assert_int_equal(sum.duplicate, 2);
	assert_int_equal(g->item[3].result, HZ_INGEST_SEALED);
	assert_true(g->item[1].receipt && g->item[2].receipt);
	struct hz_view *w = NULL;
	uint64_t segments = 0, addresses = 0;
	assert_int_equal(hz_view_begin(v, &w), HZ_OK);
	assert_int_equal(hz_segment_count(w, &segments, &addresses), HZ_OK);
	assert_int_equal(segments, addresses);
	assert_int_equal(segments, 6);
	hz_view_end(&w);
	hz_vault_close(&v);
	free(g);
}

static void
dry(void **state)
{
	static const char *const paths[] = { "dry" };
	struct hz_vault *v = make_vault("v3");
	struct hz_ingest_opts o = { .consent = HZ_CONSENT_UNKNOWN, .recursive = true, .dry_run = true };
	struct hz_ingest_sum sum;
	struct got *g = calloc(1, sizeof(*g));
	char name[32];
	(void)state;
	assert_non_null(g);
	hz_vault_close(&v);
	v = open_vault("v3", HZ_VAULT_READ);
	make_dir("dry");
	for (int i = 0; i < 1500; i++) {
		(void)snprintf(name, sizeof(name), "dry/%04d", i);
		put_file(name, name, i % 3 == 2 ? 3 : strlen(name));
	}
	assert_int_equal(run(v, &o, paths, 1, g, &sum), HZ_OK);
	assert_int_equal(sum.sealed, 1001);
	assert_int_equal(sum.duplicate, 499);
	assert_int_equal(hz_vault_info(v)->log_size, 1);
	hz_vault_close(&v);
	free(g);
}

/* Many small files: more than one epoch, every one of them there and readable, the log as long as it must be.
 */
static void
many(void **state)
{
	static const char *const paths[] = { "many" };
	struct hz_vault *v = make_vault("v4");
	struct hz_ingest_opts o = { .consent = HZ_CONSENT_UNKNOWN, .recursive = true };
	struct hz_ingest_sum sum;
	struct got *g = calloc(1, sizeof(*g));
	char name[32];
	(void)state;
	assert_non_null(g);
	make_dir("many");
	for (int i = 0; i < MANY; i++) {
		(void)snprintf(name, sizeof(name), "many/%05d", i);
		put_file(name, name, strlen(name));
	}
	assert_int_equal(run(v, &o, paths, 1, g, &sum), HZ_OK);
	assert_int_equal(sum.sealed, MANY);
	assert_string_equal(sum.first, "DM3-000001");
	assert_string_equal(sum.last, "DM3-004300");
	assert_int_equal(hz_vault_info(v)->log_size, 1 + MANY + 1); /* one event for the new key */
	assert_int_equal(run(v, &o, paths, 1, g, &sum), HZ_OK);
	assert_int_equal(sum.duplicate, MANY);
	assert_int_equal(hz_vault_info(v)->log_size, 1 + MANY + 1);
	struct hz_view *w = NULL;
	struct hz_exhibit e;
	struct hz_record r;
	uint64_t no = 1;
	bool found = true;
	assert_int_equal(hz_view_begin(v, &w), HZ_OK);
	for (int i = 0; i < MANY; i += 50) {
		no = (uint64_t)i + 1;
		assert_int_equal(hz_exhibit_next(w, &no, &found, &e), HZ_OK);
		assert_true(found);
		assert_int_equal(hz_exhibit_check(w, &e), HZ_OK);
		hz_record_init(&r);
		assert_int_equal(hz_exhibit_fields(w, &e, &r), HZ_OK);
		(void)snprintf(name, sizeof(name), "%05d", i);
		assert_string_equal(hz_record_get(&r, "exhibit.name"), name);
		assert_string_equal(hz_record_get(&r, "exhibit.number"), e.number);
		hz_record_done(&r);
	}
	hz_view_end(&w);
	hz_vault_close(&v);
	free(g);
}

static void
stream(void **state)
{
	static const char *const paths[] = { "-" };
	static const size_t sizes[] = { 1, 1048575, 1048576, 1048577, 3000000 };
	struct hz_vault *v = make_vault("v5");
	struct hz_ingest_opts o = { .consent = HZ_CONSENT_UNKNOWN, .stdin_name = "اسم" };
	struct hz_ingest_sum sum;
	struct got *g = calloc(1, sizeof(*g));
	int saved = dup(STDIN_FILENO);
	(void)state;
	assert_non_null(g);
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		fill_random("stream", sizes[i]);
		for (int again = 0; again < 2; again++) {
			int fd = open("stream", O_RDONLY | O_CLOEXEC);
			assert_int_equal(dup2(fd, STDIN_FILENO), STDIN_FILENO);
			assert_int_equal(close(fd), 0);
			assert_int_equal(run(v, &o, paths, 1, g, &sum), HZ_OK);
			assert_int_equal(g->item[0].result, again ? HZ_INGEST_DUPLICATE : HZ_INGEST_SEALED);
			assert_string_equal(g->item[0].path, "-");
		}
	}
	assert_int_equal(dup2(saved, STDIN_FILENO), STDIN_FILENO);
	assert_int_equal(close(saved), 0);
	struct hz_view *w = NULL;
	uint64_t segments = 0, addresses = 0;
	assert_int_equal(hz_view_begin(v, &w), HZ_OK);
	assert_int_equal(hz_segment_count(w, &segments, &addresses), HZ_OK);
	assert_int_equal(segments, addresses); /* what the repetitions sealed is gone */
	hz_view_end(&w);
	hz_vault_close(&v);
	free(g);
}

const struct CMUnitTest run_tests[] = { cmocka_unit_test(mixed), cmocka_unit_test(equal_side_by_side),
	cmocka_unit_test(dry), cmocka_unit_test(many), cmocka_unit_test(stream) };
const size_t run_count = sizeof(run_tests) / sizeof(run_tests[0]);
