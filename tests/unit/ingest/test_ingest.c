#include "tests.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char dir[256];

int
scratch_make(void **state)
{
	char state_dir[300];
	(void)state;
	(void)snprintf(dir, sizeof(dir), "%s/hirz-test-XXXXXX", getenv("TMPDIR") ? getenv("TMPDIR") : "/tmp");
	if (!mkdtemp(dir)) {
		return -1;
	}
	(void)snprintf(state_dir, sizeof(state_dir), "%s/state", dir);
	return setenv("XDG_STATE_HOME", state_dir, 1) == 0 && setenv("HOME", dir, 1) == 0 ? chdir(dir) : -1;
}

int
scratch_drop(void **state)
{
	char cmd[700];
	(void)state;
	(void)snprintf(cmd, sizeof(cmd), "chmod -R u+rwx '%s' && rm -rf '%s'", dir, dir);
	return chdir("/") == 0 && system(cmd) == 0 ? 0 : -1; /* the tests' own folder only */
}

void
put_file(const char *path, const void *p, size_t n)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, p, n), n);
	assert_int_equal(close(fd), 0);
}

void
make_dir(const char *path)
{
	assert_int_equal(mkdir(path, 0700), 0);
}

static enum hz_err
pass(void *arg, struct hz_buf *out)
{
	(void)arg;
	return hz_buf_puts(out, "six plain words for a test");
}

static const struct hz_unlock unlock = { pass, NULL, true };

struct hz_vault *
make_vault(const char *name)
{
	struct hz_vault_new opts = { .org = "مركز", .desk = "DM3", .kdf_mib = 64 };
	struct hz_vault *v = NULL;
	assert_int_equal(hz_crypto_init(), HZ_OK);
	assert_int_equal(hz_vault_init(name, &opts, &unlock, &v), HZ_OK);
	return v;
}

struct hz_vault *
open_vault(const char *name, enum hz_vault_mode mode)
{
	struct hz_vault_opts opts = { .mode = mode };
	struct hz_vault *v = NULL;
	assert_int_equal(hz_vault_open(name, &opts, &unlock, &v), HZ_OK);
	return v;
}

static void
on_collected(void *arg, uint64_t files, uint64_t bytes)
{
	struct got *g = arg;
	g->files = files;
	g->bytes = bytes;
}

static void
on_item(void *arg, const struct hz_ingest_item *it)
{
	struct got *g = arg;
	if (g->n < sizeof(g->item) / sizeof(g->item[0])) {
		g->item[g->n].result = it->result;
		(void)snprintf(g->item[g->n].path, sizeof(g->item[0].path), "%s", it->path);
		(void)snprintf(
		    g->item[g->n].number, sizeof(g->item[0].number), "%s", it->number ? it->number : "");
		g->item[g->n].msg = it->failure ? it->failure->msg : HZ_MSG_NONE;
		g->item[g->n].receipt = it->receipt;
	}
	g->n++;
	if (g->on_item) {
		g->on_item(g);
	}
}

static void
on_flush(void *arg)
{
	struct got *g = arg;
	g->flushed = g->n;
}

const struct hz_ingest_ops got_ops = { .collected = on_collected, .item = on_item, .flush = on_flush };

enum hz_err
run(struct hz_vault *v, const struct hz_ingest_opts *o, const char *const *paths, size_t n, struct got *g,
    struct hz_ingest_sum *sum)
{
	memset(g, 0, sizeof(*g));
	enum hz_err r = hz_ingest_run(v, o, paths, n, &got_ops, g, sum);
	assert_int_equal(sum->given, sum->sealed + sum->duplicate + sum->refused + sum->failed);
	assert_int_equal(sum->given, g->n);
	return r;
}

int
main(void)
{
	static struct CMUnitTest all[128];
	const struct {
		const struct CMUnitTest *tests;
		size_t n;
	} parts[] = { { claimed_tests, claimed_count }, { list_tests, list_count },
		{ read_tests, read_count }, { draft_tests, draft_count }, { guess_tests, guess_count },
		{ run_tests, run_count } };
	size_t n = 0;
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		for (size_t k = 0; k < parts[i].n; k++) {
			all[n++] = parts[i].tests[k];
		}
	}
	return _cmocka_run_group_tests("ingest", all, n, scratch_make, scratch_drop);
}
