#include "tests.h"

#include "base/fd.h"
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool
shared_file(const char *name, struct hz_buf *out)
{
	const char *shared = getenv("HIRZ_SHARED");
	char path[512];

	if (!shared || !*shared) {
		print_message("# skipped: HIRZ_SHARED is not set\n");
		return false;
	}
	int n = snprintf(path, sizeof path, "%s/conformance/%s", shared, name);
	assert_true(n > 0 && (size_t)n < sizeof path);
	hz_buf_clear(out);
	OK(hz_file_read(AT_FDCWD, path, out->max, out));
	return true;
}

void
key_of(const char *label, struct hz_ed_key *ret)
{
	uint8_t seed[32];

	hz_sha256(label, strlen(label), seed);
	hz_ed_key_from_seed(seed, ret);
}

void
blake2b_of(const void *p, size_t n, uint8_t ret[static 64])
{
	struct hz_hash *h = NULL;

	OK(hz_hash_new(HZ_HASH_BLAKE2B_512, &h));
	hz_hash_begin(h);
	hz_hash_add(h, p, n);
	hz_hash_end(h, ret);
	hz_hash_free(&h);
}

int
main(void)
{
	struct CMUnitTest all[64];
	size_t n = 0;
	const struct {
		const struct CMUnitTest *tests;
		size_t count;
	} groups[] = {
		{ bag_tests, bag_count },
		{ tar_tests, tar_count },
		{ sign_tests, sign_count },
		{ jwk_tests, jwk_count },
	};

	if (hz_crypto_init()) {
		return 1;
	}
	for (size_t g = 0; g < sizeof groups / sizeof groups[0]; g++) {
		hz_assert(n + groups[g].count <= sizeof all / sizeof all[0]);
		memcpy(all + n, groups[g].tests, groups[g].count * sizeof all[0]);
		n += groups[g].count;
	}
	return _cmocka_run_group_tests("manifest", all, n, NULL, NULL) ? 1 : 0;
}
