/* The age project's conformance files under $HIRZ_SHARED, and files of the stock program, read through
 * testkit.py. */
#include "tests.h"

#include "object/age.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct vector {
	char *name, *expect, *key, *payload, *file_key, *file;
};

/* What age calls the outcome; checks key and payload of a success. */
static const char *
outcome(const struct vector *v)
{
	size_t n = strcmp(v->file, "-") == 0 ? 0 : strlen(v->file) / 2, used = 0;
	uint8_t *p = malloc(n > 0 ? n : 1), sk[32], key[16];
	struct hz_buf plain = HZ_BUF_INIT((size_t)32 << 20);
	const char *what = "success";

	assert_non_null(p);
	if (n > 0) {
		from_hex(v->file, p, n);
	}
	enum hz_err err = HZ_OK;
	if (v->key[0] == 'p') {
		err = hz_age_header_open_scrypt(p, n, v->key + 2, strlen(v->key + 2), key, &used);
	} else {
		assert_int_equal(hz_age_identity_parse(v->key + 2, strlen(v->key + 2), sk), HZ_OK);
		err = hz_age_header_open(p, n, sk, key, &used);
	}
	if (err == HZ_ERR_LOCKED) {
		what = "no-match";
	} else if (err == HZ_ERR_TAMPERED) {
		what = "HMAC-failure";
	} else if (err != HZ_OK) {
		assert_true(err == HZ_ERR_FORMAT || err == HZ_ERR_LIMIT);
		what = "header-failure";
	} else if (n - used < 16) {
		what = "header-failure"; /* the nonce counts as header there */
		assert_int_equal(hz_age_payload_open(p + used, n - used, key, &plain), HZ_ERR_FORMAT);
	} else {
		if (strcmp(v->file_key, "-") != 0) {
			assert_hex(key, 16, v->file_key);
		}
		err = hz_age_payload_open(p + used, n - used, key, &plain);
		if (err != HZ_OK) {
			assert_true(err == HZ_ERR_FORMAT || err == HZ_ERR_TAMPERED);
			assert_int_equal(plain.len, 0);
			what = "payload-failure";
		} else {
			uint8_t sum[32];
			hz_sha256(plain.p, plain.len, sum);
			if (strcmp(v->expect, "success") == 0) {
				assert_hex(sum, 32, v->payload);
			}
		}
	}
	hz_buf_done(&plain);
	free(p);
	return what;
}

static void
run(const char *kind, unsigned least)
{
	char command[4096], *line = NULL, *save = NULL;
	size_t cap = 0;
	unsigned seen = 0;

	if (getenv("HIRZ_SHARED") == NULL) {
		printf("# skipped: HIRZ_SHARED is not set\n");
		return;
	}
	if (testkit_script == NULL || system("python3 -c '' 2>/dev/null") != 0) {
		printf("# skipped: no python3, or the path of testkit.py was not given\n");
		return;
	}
	(void)fflush(stdout);
	int len = snprintf(command, sizeof command, "python3 '%s' %s", testkit_script, kind);
	assert_true(len > 0 && (size_t)len < sizeof command);
	FILE *f = popen(command, "r");
	assert_non_null(f);
	for (ssize_t n = 0; (n = getline(&line, &cap, f)) > 0;) {
		struct vector v;
		line[n - 1] = '\0';
		v.name = strtok_r(line, " ", &save);
		v.expect = strtok_r(NULL, " ", &save);
		v.key = strtok_r(NULL, " ", &save);
		v.payload = strtok_r(NULL, " ", &save);
		v.file_key = strtok_r(NULL, " ", &save);
		v.file = strtok_r(NULL, " ", &save);
		if (v.payload == NULL) {
			printf(
			    "# %s: %u files, besides %s armored, %s hybrid\n", kind, seen, v.expect, v.key);
			continue;
		}
		assert_non_null(v.file);
		const char *what = outcome(&v);
		if (strcmp(what, v.expect) != 0) {
			fail_msg("%s: %s instead of %s", v.name, what, v.expect);
		}
		seen++;
	}
	free(line);
	assert_int_equal(pclose(f), 0);
	assert_true(seen >= least);
}

void
test_age_testkit(void **state)
{
	(void)state;
	run("testkit", 40);
}

void
test_age_cli_files(void **state)
{
	(void)state;
	run("cli", 6);
}
