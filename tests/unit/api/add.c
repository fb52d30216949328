#include "tests.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* More than one transaction of segments: 12 MiB each. */
#define LARGE ((size_t)30 << 20)

void
add_files(void **state)
{
	static const size_t sizes[] = { 1, 1023, 1024, 1025, 65535, 65536, 65537, (1u << 20) - 1, 1u << 20,
		(1u << 20) + 1, 3000000 };
	const size_t n = sizeof sizes / sizeof sizes[0];
	struct hirz_vault *v = make_vault("v");
	(void)state;
	for (size_t i = 0; i < n; i++) {
		struct hirz_added a = add(v, file_of("f", sizes[i], (unsigned)i), NULL);
		assert_int_equal(a.result, HIRZ_ADDED_SEALED);
		assert_int_equal(a.bytes, sizes[i]);
		struct heard h = { .seed = (unsigned)i };
		ok(hirz_read(v, a.number, "to compare", hear, &h));
		assert_int_equal(h.n, sizes[i]);
		assert_false(h.differs);
	}
	/* The offset of a descriptor does not count; identical bytes are a receipt. */
	uint64_t before = log_size(v);
	int fd = file_of("f", 3000000, (unsigned)n - 1);
	assert_int_equal(lseek(fd, 1000, SEEK_SET), 1000);
	struct hirz_added a = add(v, fd, NULL);
	assert_int_equal(a.result, HIRZ_ADDED_DUPLICATE);
	assert_string_equal(a.number, "DM3-000011");
	assert_int_equal(log_size(v), before + 1);
	/* The same first 64 KiB and size, another end: new. */
	shell("printf x | dd of='%s' bs=1 seek=2999999 conv=notrunc status=none", in_scratch("f"));
	fd = open(in_scratch("f"), O_RDONLY | O_CLOEXEC);
	assert_true(fd >= 0);
	a = add(v, fd, NULL);
	assert_int_equal(a.result, HIRZ_ADDED_SEALED);
	hirz_close(v);
	v = open_vault("v", HIRZ_READ);
	ok(hirz_verify(v, NULL, HIRZ_VERIFY_FULL, NULL, NULL, NULL));
	hirz_close(v);
}

void
add_pipes(void **state)
{
	struct hirz_added a = { HIRZ_SIZED(struct hirz_added) };
	struct hirz_vault *v = make_vault("v");
	(void)state;
	int fd = pipe_of(LARGE, 1);
	ok(hirz_add_fd(v, fd, NULL, &a));
	pipe_done(fd);
	assert_int_equal(a.result, HIRZ_ADDED_SEALED);
	assert_int_equal(a.bytes, LARGE);
	struct heard h = { .seed = 1 };
	ok(hirz_read(v, a.ex, "to compare", hear, &h));
	assert_int_equal(h.n, LARGE);
	assert_false(h.differs);
	/* Known only at its end: its segments are given up, and the next one finds clean ground. */
	fd = pipe_of(LARGE, 1);
	ok(hirz_add_fd(v, fd, NULL, &a));
	pipe_done(fd);
	assert_int_equal(a.result, HIRZ_ADDED_DUPLICATE);
	assert_string_equal(a.number, "DM3-000001");
	fd = pipe_of(1, 2);
	ok(hirz_add_fd(v, fd, NULL, &a));
	pipe_done(fd);
	assert_string_equal(a.number, "DM3-000002");
	fd = pipe_of(0, 3);
	fails(hirz_add_fd(v, fd, NULL, &a), HIRZ_ERR_USAGE, "HZ-E034");
	pipe_done(fd);
	struct hirz_counts n = { HIRZ_SIZED(struct hirz_counts) };
	ok(hirz_verify(v, NULL, HIRZ_VERIFY_SEALED, NULL, NULL, &n));
	assert_int_equal(n.checked, n.matched);
	hirz_close(v);
	v = open_vault("v", HIRZ_WRITE);
	struct hirz_info i = { HIRZ_SIZED(struct hirz_info) };
	ok(hirz_info(v, &i));
	assert_int_equal(i.removed, 0);
	hirz_close(v);
}

static void
refused(struct hirz_vault *v, struct hirz_add_opts o, const char *id)
{
	int fd = file_of("f", 10, 1);
	uint64_t before = log_size(v);
	o.size = sizeof o;
	fails(hirz_add_fd(v, fd, &o, NULL),
	    strcmp(id, "HZ-E094") == 0 ? HIRZ_ERR_UNSUPPORTED : HIRZ_ERR_USAGE, id);
	assert_int_equal(log_size(v), before);
	assert_int_equal(close(fd), 0);
}

void
add_refuses(void **state)
{
	static char long_text[16386], long_name[4098];
	struct hirz_vault *v = make_vault("v");
	(void)state;
	memset(long_text, 'a', sizeof long_text - 1);
	memset(long_name, 'a', sizeof long_name - 1);
	int fd = file_of("empty", 0, 0);
	fails(hirz_add_fd(v, fd, NULL, NULL), HIRZ_ERR_USAGE, "HZ-E034");
	assert_int_equal(close(fd), 0);
	fails(hirz_add_fd(v, fd, NULL, NULL), HIRZ_ERR_USAGE, "HZ-E001");
	fails(hirz_add_fd(v, -1, NULL, NULL), HIRZ_ERR_USAGE, "HZ-E001");
	fd = open(in_scratch("."), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	fails(hirz_add_fd(v, fd, NULL, NULL), HIRZ_ERR_USAGE, "HZ-E035");
	assert_int_equal(close(fd), 0);
	fd = open("/dev/zero", O_RDONLY | O_CLOEXEC);
	fails(hirz_add_fd(v, fd, NULL, NULL), HIRZ_ERR_USAGE, "HZ-E035");
	assert_int_equal(close(fd), 0);
	/* Open for writing only: cannot be read. */
	assert_int_equal(close(file_of("f", 10, 1)), 0);
	fd = open(in_scratch("f"), O_WRONLY | O_CLOEXEC);
	fails(hirz_add_fd(v, fd, NULL, NULL), HIRZ_ERR_IO, "HZ-E033");
	assert_int_equal(close(fd), 0);
	refused(v, (struct hirz_add_opts){ .title = "\xff" }, "HZ-E001");
	refused(v, (struct hirz_add_opts){ .title = "two\nlines" }, "HZ-E001");
	refused(v, (struct hirz_add_opts){ .source = long_text }, "HZ-E001");
	refused(v, (struct hirz_add_opts){ .name = long_name }, "HZ-E001");
	refused(v, (struct hirz_add_opts){ .media_type = long_text + 16000 }, "HZ-E001");
	refused(v, (struct hirz_add_opts){ .when = "2019-02-30" }, "HZ-E001");
	refused(v, (struct hirz_add_opts){ .case_code = "two words" }, "HZ-E001");
	refused(v, (struct hirz_add_opts){ .consent = 3 }, "HZ-E001");
	refused(v, (struct hirz_add_opts){ .consent = HIRZ_CONSENT_GIVEN }, "HZ-E001");
	refused(v, (struct hirz_add_opts){ .consent = HIRZ_CONSENT_NONE_NEEDED, .note = "" }, "HZ-E001");
	refused(v, (struct hirz_add_opts){ .flags = 0x80 }, "HZ-E094");
	/* At the limits. */
	long_text[16384] = long_name[4096] = '\0';
	struct hirz_add_opts o = { HIRZ_SIZED(struct hirz_add_opts), .name = long_name, .source = long_text };
	struct hirz_added a = add(v, file_of("f", 10, 1), &o);
	assert_string_equal(a.number, "DM3-000001");
	hirz_close(v);
}

static int
described(void *arg, const struct hirz_exhibit *e)
{
	unsigned *n = arg;
	(*n)++;
	assert_string_equal(e->name, "صورة\xef\xbf\xbd.jpg");
	assert_string_equal(e->title, "عنوان");
	assert_string_equal(e->source, "a source");
	assert_string_equal(e->where, "a place");
	assert_string_equal(e->when, "2019-07");
	assert_string_equal(e->lang, "ar");
	assert_string_equal(e->media_type, "image/x-test");
	assert_int_equal(e->consent, HIRZ_CONSENT_GIVEN);
	assert_int_equal(e->bytes, 10);
	return 0;
}

static int
typed(void *arg, const struct hirz_exhibit *e)
{
	assert_string_equal(e->media_type, arg);
	return 0;
}

void
add_words(void **state)
{
	static char text[] = "text/plain; charset=utf-8", unknown[] = "unknown";
	struct hirz_vault *v = make_vault("v");
	struct hirz_add_opts o = { HIRZ_SIZED(struct hirz_add_opts), .name = "صورة\xff.jpg", .title = "عنوان",
		.lang = "ar", .source = "a source", .from = "somebody", .where = "a place", .when = "2019-07",
		.case_code = "C-1", .media_type = "image/x-test", .consent = HIRZ_CONSENT_GIVEN,
		.consent_ref = "form 7", .note = "a remark" };
	unsigned n = 0;
	(void)state;
	struct hirz_added a = add(v, file_of("f", 10, 1), &o);
	ok(hirz_show(v, a.number, described, &n));
	assert_int_equal(n, 1);
	/* The case is there now, and the exhibit in it only once. */
	uint64_t before = log_size(v);
	a = add(v, file_of("f", 10, 1), &o);
	assert_int_equal(a.result, HIRZ_ADDED_DUPLICATE);
	assert_int_equal(log_size(v), before + 1);
	struct hirz_list_opts l = { HIRZ_SIZED(struct hirz_list_opts), .case_code = "C-1" };
	ok(hirz_list(v, &l, described, &n));
	assert_int_equal(n, 2);
	/* Types: plain text is known without asking anybody. */
	shell("printf 'plain words' > '%s'", in_scratch("t"));
	int fd = open(in_scratch("t"), O_RDONLY | O_CLOEXEC);
	a = add(v, fd, NULL);
	ok(hirz_show(v, a.number, typed, text));
	o = (struct hirz_add_opts){ HIRZ_SIZED(struct hirz_add_opts), .flags = HIRZ_ADD_NO_INSPECT };
	a = add(v, file_of("f", 100, 2), &o);
	ok(hirz_show(v, a.number, typed, unknown));
	hirz_close(v);
}

static atomic_bool stop;

static void *
touch(void *arg)
{
	const int *fd = arg;
	for (long i = 1; !atomic_load(&stop); i++) {
		struct timespec t[2] = { { i, 0 }, { i, 0 } };
		(void)futimens(*fd, t);
	}
	return NULL;
}

/* A file that is touched all the time while it is read. */
void
add_changed(void **state)
{
	struct hirz_vault *v = make_vault("v");
	pthread_t t;
	(void)state;
	int fd = file_of("f", LARGE, 5);
	uint64_t before = log_size(v);
	atomic_store(&stop, false);
	assert_int_equal(pthread_create(&t, NULL, touch, &fd), 0);
	enum hirz_err r = hirz_add_fd(v, fd, NULL, NULL);
	atomic_store(&stop, true);
	fails(r, HIRZ_ERR_CHANGED, "HZ-E036");
	assert_int_equal(pthread_join(t, NULL), 0);
	assert_int_equal(log_size(v), before);
	/* Nothing is left of it, and the vault goes on. */
	struct hirz_counts n = { HIRZ_SIZED(struct hirz_counts) };
	ok(hirz_verify(v, NULL, HIRZ_VERIFY_SEALED, NULL, NULL, &n));
	assert_int_equal(n.checked, 0);
	struct hirz_added a = add(v, fd, NULL);
	assert_int_equal(a.result, HIRZ_ADDED_SEALED);
	assert_string_equal(a.number, "DM3-000001");
	hirz_close(v);
}
