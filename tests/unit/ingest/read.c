#include "tests.h"

#include "ingest/inner.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static uint8_t *
block(void)
{
	uint8_t *p = aligned_alloc(4096, HZ_INGEST_BLOCK);
	assert_non_null(p);
	return p;
}

static void
sizes(void **state)
{
	static const size_t list[] = { 1, 4095, 4096, HZ_INGEST_BLOCK - 1, HZ_INGEST_BLOCK,
		HZ_INGEST_BLOCK + 1, 3 * HZ_INGEST_BLOCK, 3 * HZ_INGEST_BLOCK + 511 };
	uint8_t *want = malloc(4 * HZ_INGEST_BLOCK), *p = block();
	(void)state;
	assert_non_null(want);
	hz_random(want, 4 * HZ_INGEST_BLOCK);
	for (size_t i = 0; i < sizeof(list) / sizeof(list[0]); i++) {
		struct hz_reading r;
		put_file("r", want, list[i]);
		assert_int_equal(hz_reading_open(&r, AT_FDCWD, "r"), HZ_OK);
		for (int pass = 0; pass < 2; pass++) {
			size_t at = 0, n = 0;
			while (at < list[i]) {
				size_t left = list[i] - at;
				assert_int_equal(hz_reading_next(&r, p, &n), HZ_OK);
				assert_int_equal(n, left < HZ_INGEST_BLOCK ? left : HZ_INGEST_BLOCK);
				assert_memory_equal(p, want + at, n);
				at += n;
			}
			assert_int_equal(hz_reading_same(&r), HZ_OK);
			hz_reading_rewind(&r);
			assert_int_equal(hz_reading_same(&r), HZ_ERR_CHANGED); /* nothing read yet */
		}
		hz_reading_close(&r);
	}
	free(want);
	free(p);
}

static void
changed(void **state)
{
	uint8_t *p = block();
	struct hz_reading r;
	size_t n = 0;
	(void)state;
	put_file("c", "12345", 5);
	assert_int_equal(hz_reading_open(&r, AT_FDCWD, "c"), HZ_OK);
	assert_int_equal(hz_reading_next(&r, p, &n), HZ_OK);
	assert_int_equal(hz_reading_same(&r), HZ_OK);
	struct timespec times[2] = { { .tv_nsec = UTIME_OMIT }, { .tv_sec = 1, .tv_nsec = 1 } };
	assert_int_equal(utimensat(AT_FDCWD, "c", times, 0), 0); /* as a tool that hides a change would */
	assert_int_equal(hz_reading_same(&r), HZ_ERR_CHANGED);
	hz_reading_close(&r);
	assert_int_equal(hz_reading_open(&r, AT_FDCWD, "c"), HZ_OK);
	put_file("c", "123456789", 9);
	assert_int_equal(hz_reading_next(&r, p, &n), HZ_OK);
	assert_int_equal(hz_reading_same(&r), HZ_ERR_CHANGED);
	hz_reading_close(&r);
	assert_int_equal(hz_reading_open(&r, AT_FDCWD, "c"), HZ_OK);
	assert_int_equal(truncate("c", 0), 0);
	assert_int_equal(hz_reading_next(&r, p, &n), HZ_OK);
	assert_int_equal(n, 0);
	assert_int_equal(hz_reading_same(&r), HZ_ERR_CHANGED);
	hz_reading_close(&r);
	free(p);
}

static void
refused(void **state)
{
	struct hz_reading r;
	(void)state;
	put_file("e", "", 0);
	assert_int_equal(mkfifo("ff", 0600), 0);
	assert_int_equal(symlink("e", "ll"), 0);
	make_dir("dd");
	assert_int_equal(hz_reading_open(&r, AT_FDCWD, "e"), HZ_ERR_USAGE);
	assert_int_equal(hz_fail_msg(), HZ_MSG_SOURCE_EMPTY);
	static const char *const others[] = { "ff", "ll", "dd", "/dev/null" };
	for (size_t i = 0; i < 4; i++) {
		assert_int_equal(hz_reading_open(&r, AT_FDCWD, others[i]), HZ_ERR_USAGE);
		assert_int_equal(hz_fail_msg(), HZ_MSG_SOURCE_NOT_REGULAR);
		assert_int_equal(r.fd, -1);
	}
	assert_int_equal(hz_reading_open(&r, AT_FDCWD, "none"), HZ_ERR_NOT_FOUND);
	assert_int_equal(hz_fail_msg(), HZ_MSG_SOURCE_MISSING);
}

static void
buffers(void **state)
{
	struct hz_bufs *b = NULL;
	struct hz_seg *s = NULL, *t = NULL, *again = NULL;
	(void)state;
	assert_int_equal(hz_bufs_new(&b), HZ_OK);
	assert_int_equal(hz_bufs_get(b, 1000, &s), HZ_OK);
	assert_int_equal(s->cap, 1000);
	hz_bufs_put(b, s);
	assert_int_equal(hz_bufs_get(b, 65537, &s), HZ_OK);
	assert_int_equal(s->cap, HZ_OBJ_SEGMENT);
	assert_int_equal(hz_bufs_get(b, HZ_OBJ_SEGMENT, &t), HZ_OK);
	assert_ptr_not_equal(s, t);
	hz_bufs_put(b, s);
	assert_int_equal(hz_bufs_get(b, HZ_OBJ_SEGMENT, &again), HZ_OK);
	assert_ptr_equal(s, again);
	hz_bufs_put(b, t);
	hz_bufs_put(b, again);
	hz_bufs_free(&b);
	assert_null(b);
	hz_bufs_free(&b);
}

const struct CMUnitTest read_tests[] = { cmocka_unit_test(sizes), cmocka_unit_test(changed),
	cmocka_unit_test(refused), cmocka_unit_test(buffers) };
const size_t read_count = sizeof(read_tests) / sizeof(read_tests[0]);
