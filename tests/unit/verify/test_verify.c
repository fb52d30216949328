/* Unit tests of the verify room. Argument: tests/vectors. */
#include "tests.h"

#include "../../lib/memory.h"
#include "base/fd.h"
#include <fcntl.h>
#include <string.h>

static struct hz_buf bundle = HZ_BUF_INIT((size_t)1 << 20);

const struct hz_buf *
vector(void)
{
	return &bundle;
}

static void
keep(void *arg, enum hz_finding f, const char *path, const char *detail)
{
	struct seen *s = arg;

	(void)detail;
	s->count[f]++;
	(void)snprintf(s->path[f], sizeof s->path[f], "%s", path);
}

void
look(const void *p, size_t n, const struct hz_trust_key *key, size_t piece, struct seen *ret)
{
	struct memory m = { p, n, piece };
	const struct hz_source src = { read_memory, &m };
	const struct hz_verify_opts opts = { .key = key, .finding = keep, .arg = ret };

	*ret = (struct seen){ .err = HZ_OK };
	ret->err = hz_verify_bundle(&src, &opts, &ret->r);
}

enum hz_verdict
verdict_of(const void *p, size_t n)
{
	static struct hz_trust_key key;
	static struct seen s;

	assert_true(hz_trust_fingerprint(FINGERPRINT, &key));
	look(p, n, &key, 0, &s);
	assert_int_equal(s.err, HZ_OK);
	return s.r.verdict;
}

size_t
spans(const struct hz_buf *tar, struct span *ret, size_t max)
{
	size_t n = 0;

	for (size_t at = 0; at + BLOCK <= tar->len && tar->p[at] != 0; n++) {
		char prefix[156] = "", name[101] = "";
		assert_true(n < max);
		memcpy(prefix, tar->p + at + 345, 155);
		memcpy(name, tar->p + at, 100);
		(void)snprintf(
		    ret[n].path, sizeof ret[n].path, "%s%s%s", prefix, prefix[0] == 0 ? "" : "/", name);
		/* without the folder */
		memmove(ret[n].path, strchr(ret[n].path, '/') + 1, strlen(strchr(ret[n].path, '/')));
		ret[n].size = 0;
		for (size_t i = 0; i < 11; i++) {
			ret[n].size = ret[n].size * 8 + (size_t)(tar->p[at + 124 + i] - '0');
		}
		ret[n].at = at;
		at += BLOCK + (ret[n].size + BLOCK - 1) / BLOCK * BLOCK;
		ret[n].end = at;
	}
	return n;
}

const uint8_t *
content(const char *path, size_t *ret_n)
{
	static struct span all[128];
	size_t n = spans(&bundle, all, 128);

	for (size_t i = 0; i < n; i++) {
		if (strcmp(all[i].path, path) == 0) {
			*ret_n = all[i].size;
			return bundle.p + all[i].at + BLOCK;
		}
	}
	fail_msg("no %s", path);
	return NULL;
}

int
main(int argc, char **argv)
{
	struct CMUnitTest all[64];
	size_t n = 0;
	const struct {
		const struct CMUnitTest *tests;
		size_t count;
	} groups[] = {
		{ bundle_tests, bundle_count },
		{ outside_tests, outside_count },
		{ mutant_tests, mutant_count },
	};
	int dir = argc == 2 ? open(argv[1], O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;

	if (dir < 0 || hz_crypto_init() != HZ_OK ||
	    hz_file_read(dir, "bundle/minimal.tar", (size_t)1 << 20, &bundle) != HZ_OK) {
		print_error("usage: test_verify VECTORS\n");
		return 1;
	}
	hz_fd_close(&dir);
	for (size_t g = 0; g < sizeof groups / sizeof groups[0]; g++) {
		hz_assert(n + groups[g].count <= sizeof all / sizeof all[0]);
		memcpy(all + n, groups[g].tests, groups[g].count * sizeof all[0]);
		n += groups[g].count;
	}
	int failed = _cmocka_run_group_tests("verify", all, n, NULL, NULL);
	hz_buf_done(&bundle);
	return failed != 0 ? 1 : 0;
}
