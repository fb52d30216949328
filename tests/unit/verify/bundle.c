/* The vector as it is, and with one thing wrong that has to be named. */
#include "tests.h"

#include <stdlib.h>
#include <string.h>

static struct seen s;

static void
as_it_is(void **state)
{
	struct hz_trust_key key;
	const struct hz_buf *v = vector();

	(void)state;
	look(v->p, v->len, NULL, 0, &s);
	OK(s.err);
	assert_int_equal(s.r.verdict, HZ_INCOMPLETE);
	assert_int_equal(hz_verify_exit(&s.r), 3);
	assert_int_equal(s.count[HZ_FINDING_NO_KEY], 1);
	assert_true(hz_trust_fingerprint(FINGERPRINT, &key));
	look(v->p, v->len, &key, 0, &s);
	OK(s.err);
	assert_int_equal(s.r.verdict, HZ_VALID_SIGNED);
	assert_int_equal(hz_verify_exit(&s.r), 0);
	for (size_t i = 0; i < HZ_FINDING_COUNT; i++) {
		assert_int_equal(s.count[i], i == HZ_FINDING_WITHHELD ? 1 : 0);
	}
	assert_string_equal(s.r.fingerprint, FINGERPRINT);
	assert_string_equal(s.r.folder, "hirz-20260601-0008");
	assert_int_equal(s.r.log_size, 9);
	assert_int_equal(s.r.withheld, 1);
	assert_int_equal(s.r.without_content, 0);
	assert_int_equal(s.r.tally[HZ_TALLY_EXHIBITS].matched, 2);
	assert_int_equal(s.r.tally[HZ_TALLY_FILES].matched, s.r.tally[HZ_TALLY_FILES].checked);
	assert_int_equal(s.r.tally[HZ_TALLY_EVENTS].matched, 8);
}

static void
any_way_of_reading(void **state)
{
	struct hz_trust_key key;
	const struct hz_buf *v = vector();
	const size_t pieces[] = { 1, 511, 513, 4096 };

	(void)state;
	assert_true(hz_trust_fingerprint(FINGERPRINT, &key));
	for (size_t i = 0; i < sizeof pieces / sizeof pieces[0]; i++) {
		look(v->p, v->len, &key, pieces[i], &s);
		OK(s.err);
		assert_int_equal(s.r.verdict, HZ_VALID_SIGNED);
	}
}

static enum hz_err
broken(void *arg, uint64_t at, void *p, size_t n, size_t *ret_n)
{
	const uint64_t *limit = arg;
	const struct hz_buf *v = vector();

	if (at >= *limit) {
		return hz_fail(HZ_MSG_IO, "a broken disk");
	}
	n = at + n > *limit ? (size_t)(*limit - at) : n;
	n = at + n > v->len ? v->len - (size_t)at : n;
	memcpy(p, v->p + at, n);
	*ret_n = n;
	return HZ_OK;
}

/* A read error is neither a verdict nor taken for damage. */
static void
read_error(void **state)
{
	const struct hz_verify_opts opts = { .key = NULL };

	(void)state;
	for (uint64_t limit = 0; limit < vector()->len; limit += 7777) {
		const struct hz_source src = { broken, &limit };
		struct hz_verify_result r;
		FAILS(hz_verify_bundle(&src, &opts, &r), HZ_MSG_IO);
	}
}

/* A copy of the vector with a change at a file's content. */
static uint8_t *
copy_of(struct span *all, size_t *ret_n)
{
	uint8_t *p = malloc(vector()->len);

	assert_non_null(p);
	memcpy(p, vector()->p, vector()->len);
	*ret_n = spans(vector(), all, 128);
	return p;
}

/* Every file is named when it is changed, and content too when it is content. */
static void
changed_files(void **state)
{
	struct span all[128];
	size_t n = 0;
	uint8_t *p = copy_of(all, &n);
	unsigned exhibits = 0;

	(void)state;
	assert_true(n > 30);
	for (size_t i = 0; i < n; i++) {
		uint8_t *byte = p + all[i].at + BLOCK + all[i].size / 2;
		*byte ^= 1;
		look(p, vector()->len, NULL, 0, &s);
		*byte ^= 1;
		OK(s.err);
		assert_int_equal(s.r.verdict, HZ_INVALID);
		assert_int_equal(hz_verify_exit(&s.r), 4);
		if (strncmp(all[i].path, "tagmanifest-sha512.txt.", 23) == 0) {
			assert_true(s.count[HZ_FINDING_MINISIGN] + s.count[HZ_FINDING_SSHSIG] > 0);
		} else if (strncmp(all[i].path, "tagmanifest-", 12) == 0) {
			assert_true(s.count[HZ_FINDING_MANIFEST] > 0);
		} else {
			assert_int_equal(s.count[HZ_FINDING_CHANGED] > 0, true);
			assert_true(s.r.tally[HZ_TALLY_FILES].different > 0);
			if (strncmp(all[i].path, "manifest-", 9) != 0) {
				assert_string_equal(s.path[HZ_FINDING_CHANGED], all[i].path);
			}
		}
		if (strncmp(all[i].path, "data/exhibits/", 14) == 0) {
			exhibits++;
			assert_int_equal(s.count[HZ_FINDING_CONTENT], 1);
			assert_string_equal(s.path[HZ_FINDING_CONTENT], all[i].path);
			assert_int_equal(s.r.tally[HZ_TALLY_EXHIBITS].different, 1);
		}
	}
	assert_int_equal(exhibits, 2);
	free(p);
}

static void
missing_files(void **state)
{
	struct span all[128];
	size_t n = 0;
	uint8_t *p = copy_of(all, &n);

	(void)state;
	for (size_t i = 0; i < n; i++) {
		size_t gone = all[i].end - all[i].at;
		memcpy(p, vector()->p, all[i].at);
		memcpy(p + all[i].at, vector()->p + all[i].end, vector()->len - all[i].end);
		look(p, vector()->len - gone, NULL, 0, &s);
		OK(s.err);
		assert_int_equal(s.r.verdict, HZ_INVALID);
		assert_true(s.count[HZ_FINDING_MISSING] > 0);
		assert_true(s.r.tally[HZ_TALLY_FILES].missing > 0);
		assert_string_equal(s.path[HZ_FINDING_MISSING], all[i].path);
	}
	free(p);
}

/* A file more, in its right place in the tar, of a known and of an unknown kind. */
static void
unlisted_files(void **state)
{
	static const char *const extra[] = { "custody/zzz", "data/records/zzz", "VERIFY.txtt",
		"custody/events/3.leaf" };
	struct span all[128];
	size_t n = 0;
	uint8_t *base = copy_of(all, &n), *p = calloc(1, vector()->len + 1024);

	(void)state;
	assert_non_null(p);
	for (size_t e = 0; e < sizeof extra / sizeof extra[0]; e++) {
		struct hz_tar_member m = { .size = 64, .mtime = 1780300800 + 480 };
		struct hz_buf head = HZ_BUF_INIT(1536);
		size_t i = 0;
		(void)snprintf(m.path, sizeof m.path, "hirz-20260601-0008/%s", extra[e]);
		OK(hz_tar_header(&m, &head));
		while (i < n && strcmp(all[i].path, extra[e]) < 0) {
			i++;
		}
		size_t at = i < n ? all[i].at : all[n - 1].end;
		memset(p, 0, vector()->len + 1024);
		memcpy(p, base, at);
		memcpy(p + at, head.p, BLOCK);
		memset(p + at + BLOCK, 'a', 64);
		memcpy(p + at + (size_t)2 * BLOCK, base + at, vector()->len - at);
		look(p, vector()->len + 1024, NULL, 0, &s);
		OK(s.err);
		assert_int_equal(s.r.verdict, HZ_INVALID);
		assert_int_equal(s.count[HZ_FINDING_TAR], 0);
		assert_true(s.count[HZ_FINDING_UNLISTED] > 0);
		assert_string_equal(s.path[HZ_FINDING_UNLISTED], extra[e]);
		assert_int_equal(s.count[HZ_FINDING_FILE_UNKNOWN], e < 3 ? 1 : 0);
		hz_buf_done(&head);
	}
	free(base);
	free(p);
}

/* The words of findings and verdicts are promises: none twice, none empty. */
static void
words(void **state)
{
	(void)state;
	for (size_t i = 0; i < HZ_FINDING_COUNT; i++) {
		const char *w = hz_finding_word((enum hz_finding)i);
		assert_true(w[0] != '\0' && hz_finding_text((enum hz_finding)i)[0] != '\0');
		for (size_t k = 0; k < i; k++) {
			assert_string_not_equal(w, hz_finding_word((enum hz_finding)k));
		}
	}
	assert_string_equal(hz_verdict_word(HZ_VALID_WITNESSED), "VALID-WITNESSED");
	assert_string_equal(hz_verdict_word(HZ_UNSUPPORTED), "UNSUPPORTED");
}

const struct CMUnitTest bundle_tests[] = {
	cmocka_unit_test(as_it_is),
	cmocka_unit_test(any_way_of_reading),
	cmocka_unit_test(read_error),
	cmocka_unit_test(changed_files),
	cmocka_unit_test(missing_files),
	cmocka_unit_test(unlisted_files),
	cmocka_unit_test(words),
};
const size_t bundle_count = sizeof bundle_tests / sizeof bundle_tests[0];
