/* Conformance vectors under $HIRZ_SHARED, read through vectors.py. Skipped where the folder or python3 is
 * not there. */
#include "tests.h"

#include "crypto/crypto.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FIELDS_MAX 7

struct set {
	FILE *pipe;
	char *line;
	size_t cap;
	char *field[FIELDS_MAX];
	unsigned seen, good, refused;
};

struct bytes {
	uint8_t *p;
	size_t n;
};

/* False, with the reason printed, where there is nothing to read. (cmocka's own skip prints "not ok # SKIP",
 * which the test harness takes for a failure.) */
static bool
set_open(struct set *s, const char *kind)
{
	char command[4096];

	memset(s, 0, sizeof *s);
	if (getenv("HIRZ_SHARED") == NULL) {
		printf("# skipped: HIRZ_SHARED is not set\n");
		return false;
	}
	if (vectors_script == NULL || system("python3 -c '' 2>/dev/null") != 0) {
		printf("# skipped: no python3, or the path of vectors.py was not given\n");
		return false;
	}
	int n = snprintf(command, sizeof command, "python3 '%s' %s", vectors_script, kind);
	assert_true(n > 0 && (size_t)n < sizeof command);
	(void)fflush(stdout);
	s->pipe = popen(command, "r");
	assert_non_null(s->pipe);
	return true;
}

/* The next vector: fields split in place. */
static bool
set_next(struct set *s, unsigned fields)
{
	ssize_t n = getline(&s->line, &s->cap, s->pipe);

	if (n <= 0) {
		return false;
	}
	s->line[n - 1] = '\0';
	char *save = NULL, *at = strtok_r(s->line, " ", &save);
	for (unsigned i = 0; i < fields; i++) {
		assert_non_null(at);
		s->field[i] = strcmp(at, "-") == 0 ? at + 1 : at;
		at = strtok_r(NULL, " ", &save);
	}
	assert_null(at);
	s->seen++;
	return true;
}

static void
set_close(struct set *s, const char *kind)
{
	assert_int_equal(pclose(s->pipe), 0);
	free(s->line);
	printf("# %s: %u vectors, %u accepted, %u refused, %u not of our interface\n", kind, s->seen, s->good,
	    s->refused, s->seen - s->good - s->refused);
	assert_true(s->seen > 0);
}

static struct bytes
field(const struct set *s, unsigned i)
{
	struct bytes b = { NULL, strlen(s->field[i]) / 2 };

	/* One byte at least, so that the pointer is real; exactly as long as the field else. */
	b.p = malloc(b.n > 0 ? b.n : 1);
	assert_non_null(b.p);
	from_hex(s->field[i], b.p, b.n);
	return b;
}

static bool
valid(const struct set *s)
{
	return strcmp(s->field[1], "valid") == 0;
}

static void
expect(struct set *s, const char *kind, bool got, bool want)
{
	if (got != want) {
		fail_msg("%s vector %s: %s", kind, s->field[0], got ? "accepted" : "refused");
	}
	if (got) {
		s->good++;
	} else {
		s->refused++;
	}
}

static void
ed_set(struct set *s, const char *kind)
{
	while (set_next(s, 5)) {
		struct bytes pk = field(s, 2), msg = field(s, 3), sig = field(s, 4);
		assert_int_equal(pk.n, 32);
		/* A signature of another length never reaches the function. */
		bool got = sig.n == 64 && hz_ed_verify(pk.p, msg.p, msg.n, sig.p);
		expect(s, kind, got, valid(s));
		free(pk.p);
		free(msg.p);
		free(sig.p);
	}
	set_close(s, kind);
}

void
test_wycheproof_ed25519(void **state)
{
	struct set s;

	(void)state;
	if (!set_open(&s, "ed25519")) {
		return;
	}
	ed_set(&s, "ed25519");
	assert_true(s.good > 0 && s.refused > 0);
}

void
test_cctv_ed25519(void **state)
{
	struct set s;

	(void)state;
	if (!set_open(&s, "cctv")) {
		return;
	}
	ed_set(&s, "cctv");
	assert_true(s.good > 0 && s.refused > 500);
}

void
test_wycheproof_x25519(void **state)
{
	struct set s;

	(void)state;
	if (!set_open(&s, "x25519")) {
		return;
	}
	while (set_next(&s, 5)) {
		struct bytes sk = field(&s, 2), pk = field(&s, 3), want = field(&s, 4);
		uint8_t out[32];
		assert_true(sk.n == 32 && pk.n == 32 && want.n == 32);
		bool got = hz_x25519(sk.p, pk.p, out) == HZ_OK;
		/* "acceptable" ones give the right answer, but for the all-zero result, which is refused. */
		expect(&s, "x25519", got, !hz_is_zero(want.p, 32));
		if (got) {
			assert_memory_equal(out, want.p, 32);
		}
		free(sk.p);
		free(pk.p);
		free(want.p);
	}
	set_close(&s, "x25519");
	assert_true(s.good > 0 && s.refused > 0);
}

void
test_wycheproof_chacha20(void **state)
{
	struct hz_stream *stream = NULL;
	struct set s;

	(void)state;
	if (!set_open(&s, "chacha20")) {
		return;
	}
	assert_int_equal(hz_stream_new(&stream), HZ_OK);
	while (set_next(&s, 7)) {
		struct bytes key = field(&s, 2), iv = field(&s, 3), ad = field(&s, 4), msg = field(&s, 5),
			     ct = field(&s, 6);
		uint8_t *out = malloc(ct.n + 1);
		assert_non_null(out);
		/* Our stream has nonces of 12 bytes and no associated data: the rest is not of our interface.
		 */
		if (key.n == 32 && iv.n == 12 && ad.n == 0 && ct.n >= 16) {
			hz_stream_key(stream, key.p);
			expect(&s, "chacha20", hz_stream_open(stream, iv.p, ct.p, ct.n, out) == HZ_OK,
			    valid(&s));
			if (valid(&s)) {
				assert_int_equal(msg.n, ct.n - 16);
				assert_int_equal(memcmp(out, msg.p, msg.n), 0);
				assert_int_equal(hz_stream_seal(stream, iv.p, msg.p, msg.n, out), HZ_OK);
				assert_memory_equal(out, ct.p, ct.n);
			}
		}
		free(out);
		free(key.p);
		free(iv.p);
		free(ad.p);
		free(msg.p);
		free(ct.p);
	}
	hz_stream_free(&stream);
	set_close(&s, "chacha20");
	assert_true(s.good > 0); /* all the bad ones have associated data: test_stream_refuses */
}

void
test_wycheproof_xchacha20(void **state)
{
	struct set s;

	(void)state;
	if (!set_open(&s, "xchacha20")) {
		return;
	}
	while (set_next(&s, 7)) {
		struct bytes key = field(&s, 2), iv = field(&s, 3), ad = field(&s, 4), msg = field(&s, 5),
			     ct = field(&s, 6);
		uint8_t *out = malloc(ct.n + 1);
		assert_non_null(out);
		if (key.n == 32 && iv.n == 24) {
			bool got = hz_box_open(key.p, iv.p, ad.p, ad.n, ct.p, ct.n, out) == HZ_OK;
			expect(&s, "xchacha20", got, valid(&s));
			if (got) {
				assert_int_equal(msg.n, ct.n - 16);
				assert_int_equal(memcmp(out, msg.p, msg.n), 0);
				hz_box_seal(key.p, iv.p, ad.p, ad.n, msg.p, msg.n, out);
				assert_memory_equal(out, ct.p, ct.n);
			}
		}
		free(out);
		free(key.p);
		free(iv.p);
		free(ad.p);
		free(msg.p);
		free(ct.p);
	}
	set_close(&s, "xchacha20");
	assert_true(s.good > 0 && s.refused > 0);
}

void
test_wycheproof_hkdf(void **state)
{
	struct set s;

	(void)state;
	if (!set_open(&s, "hkdf")) {
		return;
	}
	while (set_next(&s, 7)) {
		struct bytes ikm = field(&s, 2), salt = field(&s, 3), info = field(&s, 4), okm = field(&s, 6);
		unsigned long size = strtoul(s.field[5], NULL, 10);
		/* More than 255 blocks: test_hkdf_limit. */
		if (size <= 255UL * 32) {
			char *text = calloc(1, info.n + 1);
			uint8_t *out = malloc(size + 1);
			assert_true(text != NULL && out != NULL);
			memcpy(text, info.p, info.n);
			assert_int_equal(strlen(text), info.n);
			hz_hkdf_sha256(ikm.p, ikm.n, salt.p, salt.n, text, out, size);
			bool got = size == okm.n && memcmp(out, okm.p, size) == 0;
			expect(&s, "hkdf", got, valid(&s));
			free(text);
			free(out);
		} else {
			assert_false(valid(&s));
		}
		free(ikm.p);
		free(salt.p);
		free(info.p);
		free(okm.p);
	}
	set_close(&s, "hkdf");
	assert_true(s.good > 0);
}

void
test_wycheproof_hmac(void **state)
{
	struct set s;

	(void)state;
	if (!set_open(&s, "hmac")) {
		return;
	}
	while (set_next(&s, 5)) {
		struct bytes key = field(&s, 2), msg = field(&s, 3), tag = field(&s, 4);
		uint8_t mac[32];
		assert_true(tag.n > 0 && tag.n <= 32); /* the shorter ones are cut */
		hz_hmac_sha256(key.p, key.n, msg.p, msg.n, mac);
		expect(&s, "hmac", hz_equal(mac, tag.p, tag.n), valid(&s));
		free(key.p);
		free(msg.p);
		free(tag.p);
	}
	set_close(&s, "hmac");
	assert_true(s.good > 0 && s.refused > 0);
}
