#include "tests.h"

#include "ingest/inner.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void
shown_is(const struct hz_list *l, size_t i, const char *want)
{
	struct hz_buf b = HZ_BUF_INIT(HZ_INGEST_PATH);
	assert_true(i < l->n);
	assert_int_equal(hz_list_shown(l, &l->sources[i], &b), HZ_OK);
	assert_string_equal((const char *)b.p, want);
	hz_buf_done(&b);
}

static void
absolute_is(const struct hz_list *l, size_t i, const char *below)
{
	struct hz_buf b = HZ_BUF_INIT(HZ_INGEST_PATH);
	char *cwd = realpath(".", NULL), want[1024];
	assert_non_null(cwd);
	(void)snprintf(want, sizeof(want), "%s/%s", cwd, below);
	assert_int_equal(hz_list_absolute(l, &l->sources[i], &b), HZ_OK);
	assert_string_equal((const char *)b.p, want);
	free(cwd);
	hz_buf_done(&b);
}

static void
order(void **state)
{
	static const char *const want[] = { "t/B", "t/a/x", "t/a.b", "t/c/d/e", "t/c/l", "t/z" };
	static const char *const paths[] = { "t//" }, *const files[] = { "t/z", "t/B", "./t/z", "t/none",
		"t/c", "-" };
	struct hz_list l;
	(void)state;
	make_dir("t");
	make_dir("t/a");
	make_dir("t/c");
	make_dir("t/c/d");
	make_dir("t/empty");
	put_file("t/z", "zz", 2);
	put_file("t/B", "b", 1);
	put_file("t/a.b", "", 0);
	put_file("t/a/x", "x", 1);
	put_file("t/c/d/e", "e", 1);
	assert_int_equal(symlink("d", "t/c/l"), 0);
	assert_int_equal(hz_list_make(&l, "nowhere", paths, 1, true), HZ_OK);
	assert_int_equal(l.n, 6);
	for (size_t i = 0; i < 6; i++) {
		shown_is(&l, i, want[i]);
		absolute_is(&l, i, want[i]);
		assert_int_equal(l.sources[i].kind, i == 4 ? HZ_SOURCE_OTHER : HZ_SOURCE_FILE);
	}
	assert_int_equal(l.bytes, 5);
	const struct hz_folder *f = &l.folders[l.sources[3].folder];
	assert_string_equal(f->shown + f->below, "c/d/");
	int fd = -1;
	char c = 0;
	assert_int_equal(hz_list_open(&l, l.sources[3].folder, &fd), HZ_OK);
	int e = openat(fd, "e", O_RDONLY | O_CLOEXEC);
	assert_int_equal(read(e, &c, 1), 1);
	assert_int_equal(c, 'e');
	assert_int_equal(close(e), 0);
	assert_int_equal(close(fd), 0);
	/* A folder that became a link is not gone through. */
	assert_int_equal(rename("t/c", "t/moved"), 0);
	assert_int_equal(symlink("moved", "t/c"), 0);
	assert_int_not_equal(hz_list_open(&l, l.sources[3].folder, &fd), HZ_OK);
	assert_int_equal(unlink("t/c"), 0);
	assert_int_equal(rename("t/moved", "t/c"), 0);
	hz_list_done(&l);

	assert_int_equal(hz_list_make(&l, "nowhere", files, 6, false), HZ_OK);
	assert_int_equal(l.n, 6);
	shown_is(&l, 0, "t/z");
	shown_is(&l, 2, "./t/z");
	absolute_is(&l, 0, "t/z");
	absolute_is(&l, 2, "t/z");
	assert_int_equal(l.sources[0].folder, l.sources[1].folder);
	assert_int_equal(l.folders[l.sources[0].folder].below, SIZE_MAX);
	assert_int_equal(l.sources[3].kind, HZ_SOURCE_MISSING);
	assert_int_equal(l.sources[4].kind, HZ_SOURCE_FOLDER);
	assert_int_equal(l.sources[5].kind, HZ_SOURCE_STDIN);
	shown_is(&l, 5, "-");
	hz_list_done(&l);
}

static void
vault_is_left_out(void **state)
{
	static const char *const paths[] = { "u" };
	struct hz_list l;
	(void)state;
	make_dir("u");
	make_dir("u/v");
	put_file("u/v/data.mdb", "x", 1);
	assert_int_equal(hz_list_make(&l, "u/v", paths, 1, true), HZ_OK);
	assert_int_equal(l.n, 1);
	assert_int_equal(l.sources[0].kind, HZ_SOURCE_VAULT);
	shown_is(&l, 0, "u/v");
	hz_list_done(&l);
	assert_int_equal(hz_list_make(&l, "u", paths, 1, true), HZ_OK);
	assert_int_equal(l.n, 1);
	assert_int_equal(l.sources[0].kind, HZ_SOURCE_VAULT);
	hz_list_done(&l);
}

/* HZ_INGEST_DEPTH folders are gone through, one more is an item. */
static void
depth(void **state)
{
	static const char *const paths[] = { "deep" };
	struct hz_list l;
	char *here = realpath(".", NULL);
	(void)state;
	make_dir("deep");
	assert_int_equal(chdir("deep"), 0);
	for (int i = 1; i < HZ_INGEST_DEPTH; i++) {
		make_dir("d");
		assert_int_equal(chdir("d"), 0);
	}
	put_file("f", "x", 1);
	assert_int_equal(chdir(here), 0);
	assert_int_equal(hz_list_make(&l, "nowhere", paths, 1, true), HZ_OK);
	assert_int_equal(l.n, 1);
	assert_int_equal(l.sources[0].kind, HZ_SOURCE_FILE);
	int fd = -1;
	assert_int_equal(hz_list_open(&l, l.sources[0].folder, &fd), HZ_OK);
	assert_int_equal(close(fd), 0);
	hz_list_done(&l);
	make_dir("deeper");
	assert_int_equal(rename("deep", "deeper/deep"), 0);
	static const char *const more[] = { "deeper" };
	assert_int_equal(hz_list_make(&l, "nowhere", more, 1, true), HZ_OK);
	assert_int_equal(l.n, 1);
	assert_int_equal(l.sources[0].kind, HZ_SOURCE_DEEP);
	hz_list_done(&l);
	free(here);
}

const struct CMUnitTest list_tests[] = { cmocka_unit_test(order), cmocka_unit_test(vault_is_left_out),
	cmocka_unit_test(depth) };
const size_t list_count = sizeof(list_tests) / sizeof(list_tests[0]);
