/* Vectors of witnesses: those of others in the folder $HIRZ_SHARED, and our own (tests/vectors/witness). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka.h needs these before it */
#include <cmocka.h>

#include "tests.h"

#include "base/enc.h"
#include "base/fd.h"
#include "codec/json.h"
#include "outside/outside.h"
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define OK(e) assert_int_equal(e, HZ_OK)

const char *outside_vectors = "";

static enum hz_err
whole(const char *name, struct hz_buf *out)
{
	/* NOLINTNEXTLINE(concurrency-mt-unsafe): one thread */
	const char *shared = getenv("HIRZ_SHARED");
	char path[4096];

	if (shared == NULL) {
		print_message("# HIRZ_SHARED is not set: the vectors of others are not there\n");
		skip();
	}
	(void)snprintf(path, sizeof path, "%s/conformance/%s", shared, name);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	uint8_t *p = NULL;
	assert_true(fd >= 0);
	OK(hz_buf_room(out, 1 << 20, &p));
	ssize_t n = read(fd, p, 1 << 20);
	assert_true(n > 0);
	out->len = (size_t)n;
	(void)close(fd);
	return HZ_OK;
}

static uint64_t
status_of(const struct hz_witness_seen *seen, const uint8_t pk[static 32], const char *origin,
    const char *body, size_t n)
{
	struct hz_witness_request r;
	struct hz_checkpoint c;

	if (hz_witness_request_read(body, n, &r) != HZ_OK ||
	    hz_checkpoint_read(body + r.note_at, n - r.note_at, NULL, &c) != HZ_OK) {
		return 400;
	}
	if (strcmp(c.origin, origin) != 0) {
		return 404;
	}
	if (hz_checkpoint_read(body + r.note_at, n - r.note_at, pk, &c) != HZ_OK) {
		return 403;
	}
	switch (hz_witness_judge(seen, &r, &c)) {
	case HZ_WITNESS_SIGN:
		return 200;
	case HZ_WITNESS_CONFLICT:
	case HZ_WITNESS_BEHIND:
	case HZ_WITNESS_OLDER:
		return 409;
	case HZ_WITNESS_MALFORMED:
		return r.old > c.size ? 400 : 422;
	case HZ_WITNESS_BAD_PROOF:
		return 422;
	case HZ_WITNESS_FORK:
		return r.old == seen->size ? 422 : 409;
	}
	return 0;
}

static const char *
text_of(const struct hz_json *v, const char *name, size_t *ret_n)
{
	const char *s = hz_json_str(hz_json_get(v, name), ret_n);

	assert_non_null(s);
	return s;
}

/* Requests of a reference implementation with the status that a witness has to give. */
void
requests_of_others(void **state)
{
	struct hz_buf b = HZ_BUF_INIT(1 << 20);
	struct hz_json_doc *doc = NULL;
	char origin[HZ_ORIGIN_MAX];
	uint8_t pk[32];
	size_t n = 0;

	(void)state;
	OK(whole("own/tlog/witness-requests.json", &b));
	OK(hz_json_parse(b.p, b.len, false, &doc));
	const struct hz_json *root = hz_json_root(doc);
	const char *vkey = text_of(root, "log_vkey", &n);
	OK(hz_vkey_parse(vkey, n, origin, pk));
	const struct hz_json *list = hz_json_get(root, "requests");
	assert_true(hz_json_count(list) >= 8);
	for (size_t i = 0; i < hz_json_count(list); i++) {
		const struct hz_json *q = hz_json_at(list, i), *was = hz_json_get(q, "witness_state");
		struct hz_witness_seen seen = { 0 };
		uint64_t want = 0;
		size_t got = 0, len = 0;
		assert_true(hz_json_int(hz_json_get(q, "status"), &want));
		assert_true(hz_json_int(hz_json_get(was, "size"), &seen.size));
		const char *h = text_of(was, "root_b64", &n);
		OK(hz_b64_get(HZ_B64_STD, h, n, seen.root, 32, &got));
		const char *body = text_of(q, "body", &len);
		print_message("# %s\n", text_of(q, "name", &n));
		assert_int_equal(status_of(&seen, pk, origin, body, len), want);
	}
	hz_json_free(&doc);
	hz_buf_done(&b);
}

/* Every cosigned checkpoint and every proof of the reference: the policy is met by those that are good, and
 * by none of those whose name says what is wrong with a cosignature. */
void
policy_of_others(void **state)
{
	static const char *const bad[] = { "bad-cosignature-timestamp-changed.tlog-proof",
		"bad-one-cosignature-missing-quorum-2.tlog-proof",
		"bad-witness-signed-as-plain-note-type-01.tlog-proof" };
	static const char *const good[] = { "ok-0-of-1", "ok-1-of-2", "ok-2-of-3", "ok-3-of-7", "ok-0-of-8",
		"ok-0-of-40", "ok-5-of-40", "ok-39-of-40" };
	static const unsigned sizes[] = { 0, 1, 2, 3, 7, 8, 39, 40 };
	static struct hz_policy p;
	struct hz_buf b = HZ_BUF_INIT(1 << 20);
	bool by[2 * HZ_POLICY_MAX], met = false;
	char name[128];

	(void)state;
	OK(whole("own/tlog/policy", &b));
	OK(hz_policy_read(b.p, b.len, &p));
	for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
		for (unsigned with = 0; with < 2; with++) {
			(void)snprintf(
			    name, sizeof name, "own/tlog/checkpoint.%u%s", sizes[i], with ? ".cosigned" : "");
			hz_buf_clear(&b);
			OK(whole(name, &b));
			hz_policy_check(&p, b.p, b.len, by, &met);
			assert_int_equal(met, with);
		}
	}
	for (size_t i = 0; i < sizeof good / sizeof good[0] + sizeof bad / sizeof bad[0]; i++) {
		bool is = i < sizeof good / sizeof good[0];
		struct hz_tlog_proof proof;
		(void)snprintf(name, sizeof name, "own/tlog/%s%s",
		    is ? good[i] : bad[i - sizeof good / sizeof good[0]], is ? ".tlog-proof" : "");
		hz_buf_clear(&b);
		OK(whole(name, &b));
		OK(hz_tlog_proof_read(b.p, b.len, &proof));
		print_message("# %s\n", name);
		hz_policy_check(&p, b.p + proof.note_at, b.len - proof.note_at, by, &met);
		assert_int_equal(met, is);
	}
	hz_buf_done(&b);
}

/* --- a script of another witness: requests one after the other, with the status and the size that it answers
 * ---- */

static const char *
behind(const char *s, const char *what)
{
	const char *at = s == NULL ? NULL : strstr(s, what);

	return at == NULL ? NULL : at + strlen(what);
}

static void
step(const char *body, size_t n, unsigned status, const char *told, const uint8_t pk[static 32],
    const char *origin, struct hz_witness_seen *seen)
{
	struct hz_witness_request r;
	struct hz_checkpoint c;
	uint64_t size = 0;
	uint64_t got = status_of(seen, pk, origin, body, n);

	/* It is older than the status 404 of the protocol, and it reads base64 that is not canonical. */
	if (status == 403 && (got == 404 || got == 400)) {
		print_message("# refused with %u where the script has 403\n", (unsigned)got);
	} else {
		assert_int_equal(got, status);
	}
	if (got == 200) {
		OK(hz_witness_request_read(body, n, &r));
		OK(hz_checkpoint_read(body + r.note_at, n - r.note_at, pk, &c));
		seen->size = c.size;
		memcpy(seen->root, c.root, 32);
	} else if (got == 409) {
		assert_non_null(told);
		OK(hz_parse_u64(told, strspn(told, "0123456789"), UINT64_MAX, &size));
		assert_int_equal(size, seen->size);
	}
}

void
script_of_others(void **state)
{
	static const char LOG[] =
	    "sigsum.org/v1/tree/4d6d8825a6bb689d459628312889dfbb0bcd41b5211d9e1ce768b0ff0309e562";
	struct hz_buf b = HZ_BUF_INIT(1 << 20);
	struct hz_witness_seen seen = { 0 };
	uint8_t pk[32];
	unsigned steps = 0;

	(void)state;
	OK(whole("tlog/witness/litewitness.txt", &b));
	OK(hz_buf_putc(&b, '\0'));
	const char *s = (const char *)b.p, *key = behind(s, "add-sigsum-log -key=");
	assert_non_null(key);
	OK(hz_unhex(key, 64, pk, sizeof pk));
	while ((s = behind(s, "/add-checkpoint\n```\n")) != NULL) {
		const char *end = behind(s, "\n```\nHTTP "), *next = strstr(s, "\nPOST ");
		assert_non_null(end);
		const char *told = behind(end, "body == \"");
		uint64_t status = 0;
		OK(hz_parse_u64(end, 3, 999, &status));
		size_t n = (size_t)(end - s) - strlen("```\nHTTP ");
		step(s, n, (unsigned)status, told != NULL && (next == NULL || told < next) ? told : NULL, pk,
		    LOG, &seen);
		steps++;
	}
	assert_int_equal(steps, 9);
	assert_int_equal(seen.size, 5);
	hz_buf_done(&b);
}

/* --- our own ------------------------------------------------------------------------------------------- */

static const struct hz_json *
own(struct hz_buf *b, struct hz_json_doc **doc)
{
	char path[4096];

	(void)snprintf(path, sizeof path, "%s/witness/witness.json", outside_vectors);
	OK(hz_file_read(AT_FDCWD, path, 1 << 20, b));
	OK(hz_json_parse(b->p, b->len, false, doc));
	return hz_json_root(*doc);
}

static bool
cosigned_by(const char *note, size_t n, const struct hz_witness_key *k)
{
	struct hz_cosignature c;
	size_t text = 0;

	OK(hz_checkpoint_text(note, n, &text));
	for (size_t at = text + 1; at < n;) {
		const char *end = memchr(note + at, '\n', n - at);
		size_t len = (size_t)(end - note) - at;
		if (hz_cosignature_read(note + at, len, &c) == HZ_OK && hz_cosignature_by(&c, k) &&
		    hz_cosignature_good(&c, k, note, text)) {
			return true;
		}
		at += len + 1;
	}
	return false;
}

static void
keys_of(const struct hz_json *root)
{
	const struct hz_json *w = hz_json_get(root, "witness"), *c = hz_json_get(root, "cosigned");
	struct hz_buf line = HZ_BUF_INIT(HZ_COSIG_LINE), key = HZ_BUF_INIT(HZ_VKEY_MAX);
	struct hz_witness_key k;
	struct hz_ed_key ed;
	uint8_t seed[32];
	uint64_t t = 0;
	size_t n = 0, want = 0;
	const char *s = text_of(w, "seed", &n);

	OK(hz_unhex(s, n, seed, sizeof seed));
	hz_ed_key_from_seed(seed, &ed);
	s = text_of(w, "key", &n);
	OK(hz_wkey_parse(s, n, &k));
	assert_memory_equal(k.pk, ed.pk, 32);
	OK(hz_wkey_write(&k, &key));
	assert_int_equal(key.len, n);
	assert_memory_equal(key.p, s, n);
	assert_true(hz_json_int(hz_json_get(c, "time"), &t));
	s = text_of(c, "text", &n);
	OK(hz_cosign(k.name, &ed, t, s, n, &line));
	const char *made = text_of(c, "line", &want);
	assert_int_equal(line.len, want);
	assert_memory_equal(line.p, made, want);
	s = text_of(c, "note", &n);
	assert_true(cosigned_by(s, n, &k));
	const struct hz_json *bad = hz_json_get(root, "bad_cosigned");
	assert_true(hz_json_count(bad) >= 8);
	for (size_t i = 0; i < hz_json_count(bad); i++) {
		print_message("# %s\n", text_of(hz_json_at(bad, i), "name", &n));
		s = text_of(hz_json_at(bad, i), "note", &n);
		assert_false(cosigned_by(s, n, &k));
	}
	hz_buf_done(&line);
	hz_buf_done(&key);
}

void
own_witness(void **state)
{
	struct hz_buf b = HZ_BUF_INIT(1 << 20);
	struct hz_json_doc *doc = NULL;
	struct hz_witness_request r;
	char origin[HZ_ORIGIN_MAX];
	uint8_t pk[32];
	size_t n = 0;

	(void)state;
	const struct hz_json *root = own(&b, &doc);
	const char *s = text_of(root, "log", &n);
	OK(hz_vkey_parse(s, n, origin, pk));
	keys_of(root);
	const struct hz_json *list = hz_json_get(root, "requests");
	assert_true(hz_json_count(list) >= 15);
	for (size_t i = 0; i < hz_json_count(list); i++) {
		const struct hz_json *q = hz_json_at(list, i), *was = hz_json_get(q, "state");
		struct hz_witness_seen seen = { 0 };
		uint64_t want = 0;
		assert_true(hz_json_int(hz_json_get(q, "status"), &want));
		assert_true(hz_json_int(hz_json_get(was, "size"), &seen.size));
		s = text_of(was, "root", &n);
		OK(hz_unhex(s, n, seen.root, 32));
		print_message("# %s\n", text_of(q, "name", &n));
		s = text_of(q, "request", &n);
		assert_int_equal(status_of(&seen, pk, origin, s, n), want);
		if (want == 200) { /* written again it is the same */
			struct hz_buf again = HZ_BUF_INIT(HZ_REQUEST_MAX);
			OK(hz_witness_request_read(s, n, &r));
			OK(hz_witness_request_write(
			    r.old, r.proof, r.n, s + r.note_at, n - r.note_at, &again));
			assert_int_equal(again.len, n);
			assert_memory_equal(again.p, s, n);
			hz_buf_done(&again);
		}
	}
	list = hz_json_get(root, "bad_requests");
	assert_true(hz_json_count(list) >= 10);
	for (size_t i = 0; i < hz_json_count(list); i++) {
		struct hz_witness_seen seen = { 0 };
		print_message("# %s\n", text_of(hz_json_at(list, i), "name", &n));
		s = text_of(hz_json_at(list, i), "request", &n);
		assert_int_equal(status_of(&seen, pk, origin, s, n), 400);
	}
	hz_json_free(&doc);
	hz_buf_done(&b);
}

void
own_policies(void **state)
{
	static struct hz_policy p;
	struct hz_buf b = HZ_BUF_INIT(1 << 20);
	struct hz_json_doc *doc = NULL;
	bool by[2 * HZ_POLICY_MAX], met = false;
	size_t n = 0;

	(void)state;
	const struct hz_json *root = own(&b, &doc), *list = hz_json_get(root, "policies");
	assert_true(hz_json_count(list) >= 8);
	for (size_t i = 0; i < hz_json_count(list); i++) {
		const struct hz_json *q = hz_json_at(list, i);
		bool want = false;
		print_message("# %s\n", text_of(q, "name", &n));
		const char *s = text_of(q, "policy", &n);
		OK(hz_policy_read(s, n, &p));
		s = text_of(q, "note", &n);
		hz_policy_check(&p, s, n, by, &met);
		assert_true(hz_json_bool(hz_json_get(q, "met"), &want));
		assert_int_equal(met, want);
	}
	list = hz_json_get(root, "bad_policies");
	assert_true(hz_json_count(list) >= 10);
	for (size_t i = 0; i < hz_json_count(list); i++) {
		print_message("# %s\n", text_of(hz_json_at(list, i), "name", &n));
		const char *s = text_of(hz_json_at(list, i), "policy", &n);
		assert_int_equal(hz_policy_read(s, n, &p), HZ_ERR_FORMAT);
	}
	hz_json_free(&doc);
	hz_buf_done(&b);
}
