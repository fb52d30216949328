/* Time stamps: tokens of an authority that tsa.sh made in the folder $HIRZ_TSA, those of the conformance
 * suite in $HIRZ_SHARED, and the old hashes. */
#include "crypto/tsa.h"
#include "crypto/crypto.h"

#include "base/enc.h"
#include "base/fd.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

struct files { /* everything a check wants; freed by done */
	struct hz_buf token, data, anchors, more, crl, ocsp, request;
	struct hz_tsa_request q;
	struct hz_tsa_bytes crl_bytes, ocsp_bytes;
	struct hz_tsa_evidence e;
};

static void
load_from(const char *folder, const char *name, struct hz_buf *b)
{
	char path[512];

	*b = (struct hz_buf)HZ_BUF_INIT(HZ_TSA_FILE_MAX);
	(void)snprintf(path, sizeof path, "%s/%s", folder, name);
	assert_int_equal(hz_file_read(AT_FDCWD, path, HZ_TSA_FILE_MAX, b), HZ_OK);
}

static void
load(const char *name, struct hz_buf *b)
{
	load_from(getenv("HIRZ_TSA"), name, b);
}

static void
begin(struct files *f, const char *folder, const char *token, const char *data, const char *anchors)
{
	size_t at = 0, n = 0;

	memset(f, 0, sizeof *f);
	load_from(folder, token, &f->token);
	load_from(folder, data, &f->data);
	load_from(folder, anchors, &f->anchors);
	assert_int_equal(hz_tsa_token_find(f->token.p, f->token.len, &at, &n), HZ_OK);
	f->e.token = (struct hz_tsa_bytes){ f->token.p + at, n };
	f->e.data = (struct hz_tsa_bytes){ f->data.p, f->data.len };
	f->e.anchors = (struct hz_tsa_bytes){ f->anchors.p, f->anchors.len };
	f->e.now = hz_time_now();
}

static void
use_request(struct files *f, const char *folder, const char *name)
{
	load_from(folder, name, &f->request);
	assert_int_equal(hz_tsa_request_read(f->request.p, f->request.len, &f->q), HZ_OK);
	f->e.request = &f->q;
}

static void
use_more(struct files *f, const char *folder, const char *name)
{
	load_from(folder, name, &f->more);
	f->e.more = (struct hz_tsa_bytes){ f->more.p, f->more.len };
}

static void
use_crl(struct files *f, const char *folder, const char *name)
{
	load_from(folder, name, &f->crl);
	f->crl_bytes = (struct hz_tsa_bytes){ f->crl.p, f->crl.len };
	f->e.crls = &f->crl_bytes;
	f->e.ncrls = 1;
}

static void
use_ocsp(struct files *f, const char *name)
{
	load(name, &f->ocsp);
	f->ocsp_bytes = (struct hz_tsa_bytes){ f->ocsp.p, f->ocsp.len };
	f->e.ocsps = &f->ocsp_bytes;
	f->e.nocsps = 1;
}

static void
done(struct files *f)
{
	hz_buf_done(&f->token);
	hz_buf_done(&f->data);
	hz_buf_done(&f->anchors);
	hz_buf_done(&f->more);
	hz_buf_done(&f->crl);
	hz_buf_done(&f->ocsp);
	hz_buf_done(&f->request);
}

/* What the test authority's token gives with these files; "" is none. */
static enum hz_err
judge(const char *token, const char *anchors, const char *request, const char *crl, const char *ocsp,
    struct hz_tsa_facts *facts)
{
	struct files f;

	begin(&f, getenv("HIRZ_TSA"), token, "data", anchors);
	if (request[0] != '\0') {
		use_request(&f, getenv("HIRZ_TSA"), request);
	}
	if (crl[0] != '\0') {
		use_crl(&f, getenv("HIRZ_TSA"), crl);
	}
	if (ocsp[0] != '\0') {
		use_ocsp(&f, ocsp);
	}
	enum hz_err r = hz_tsa_check(&f.e, facts, NULL, NULL);
	done(&f);
	return r;
}

static void
refuses(const char *token, const char *request, const char *word)
{
	struct hz_tsa_facts facts = { .why = "untouched" };

	assert_int_equal(judge(token, "a/ca.pem", request, "", "", &facts), HZ_ERR_TAMPERED);
	assert_int_equal(hz_fail_msg(), HZ_MSG_ANCHOR_INVALID);
	if (strstr(hz_fail_detail(), word) == NULL) {
		fail_msg("%s: %s", token, hz_fail_detail());
	}
	assert_string_equal(facts.why, "untouched");
}

static void
test_good(void **state)
{
	(void)state;
	struct hz_tsa_facts x;
	assert_int_equal(judge("good.tsr", "a/ca.pem", "query.tsq", "", "", &x), HZ_OK);
	assert_int_equal(x.then, HZ_TSA_PATH_GOOD);
	assert_int_equal(x.now, HZ_TSA_PATH_GOOD);
	assert_int_equal(x.revoked, HZ_TSA_REVOKED_UNKNOWN);
	assert_true(x.info.gen_time <= hz_time_now() && x.info.gen_time > hz_time_now() - 600);
	assert_string_equal(x.authority, "CN = hirz test good");
	assert_string_equal(x.info.policy, "1.2.3.4.5");
	assert_true(x.first_expiry > hz_time_now() + INT64_C(4) * 365 * 86400);
	/* A bare token, an anchor in DER, the signer itself as anchor, a token made by another program. */
	assert_int_equal(judge("good.token", "a/ca.der", "query.tsq", "", "", &x), HZ_OK);
	assert_int_equal(x.then, HZ_TSA_PATH_GOOD);
	assert_int_equal(judge("good.token", "a/good.pem", "", "", "", &x), HZ_OK);
	assert_int_equal(x.then, HZ_TSA_PATH_GOOD);
	assert_int_equal(judge("again.token", "a/ca.pem", "query.tsq", "", "", &x), HZ_OK);
}

/* What the authority put into the token itself; an attribute that is not of its form says nothing. */
static void
test_inside(void **state)
{
	static const struct {
		const char *token;
		enum hz_tsa_revoked revoked;
	} cases[] = { { "crl.inside", HZ_TSA_REVOKED_NO }, { "ocsp.inside", HZ_TSA_REVOKED_NO },
		{ "crl2.inside", HZ_TSA_REVOKED_YES }, { "ocsp2.inside", HZ_TSA_REVOKED_YES },
		{ "broken.inside", HZ_TSA_REVOKED_UNKNOWN } };
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct hz_tsa_facts x;
		assert_int_equal(judge(cases[i].token, "a/ca.pem", "query.tsq", "", "", &x), HZ_OK);
		assert_int_equal(x.then, HZ_TSA_PATH_GOOD);
		if (x.revoked != cases[i].revoked) {
			fail_msg("%s: %d", cases[i].token, x.revoked);
		}
	}
}

static void
test_paths(void **state)
{
	(void)state;
	struct hz_tsa_facts x;
	struct files f;
	assert_int_equal(judge("good.tsr", "a/otherca.pem", "", "", "", &x), HZ_OK);
	assert_int_equal(x.then, HZ_TSA_PATH_NONE);
	assert_string_not_equal(x.why, "");
	assert_int_equal(judge("expired.tsr", "a/ca.pem", "", "", "", &x), HZ_OK);
	assert_int_equal(x.then, HZ_TSA_PATH_EXPIRED);
	/* Many years later: good then, expired now. */
	begin(&f, getenv("HIRZ_TSA"), "good.tsr", "data", "a/ca.pem");
	f.e.now += INT64_C(30) * 365 * 86400;
	assert_int_equal(hz_tsa_check(&f.e, &x, NULL, NULL), HZ_OK);
	assert_int_equal(x.then, HZ_TSA_PATH_GOOD);
	assert_int_equal(x.now, HZ_TSA_PATH_EXPIRED);
	done(&f);
	/* Without a certificate in the token it must be given. */
	begin(&f, getenv("HIRZ_TSA"), "bare.tsr", "data", "a/ca.pem");
	assert_int_equal(hz_tsa_check(&f.e, &x, NULL, NULL), HZ_ERR_TAMPERED);
	use_more(&f, getenv("HIRZ_TSA"), "a/good.pem");
	use_request(&f, getenv("HIRZ_TSA"), "bare.tsq");
	assert_int_equal(hz_tsa_check(&f.e, &x, NULL, NULL), HZ_OK);
	assert_int_equal(x.then, HZ_TSA_PATH_GOOD);
	assert_int_equal(x.info.imprint_len, 64);
	/* A certificate of the same name with another key is not taken for the signer's. */
	hz_buf_done(&f.more);
	use_more(&f, getenv("HIRZ_TSA"), "a/second.pem");
	assert_int_equal(hz_tsa_check(&f.e, &x, NULL, NULL), HZ_ERR_TAMPERED);
	done(&f);
}

static void
test_refused(void **state)
{
	(void)state;
	struct files f;
	struct hz_tsa_facts x;
	refuses("good.tsr", "other.tsq", "nonce");
	refuses("good.tsr", "bare.tsq", "imprint");
	refuses("weak.tsr", "", "imprint");
	refuses("code.token", "", "time stamps alone");
	refuses("loose.token", "", "time stamps alone");
	refuses("noess.token", "", "does not name");
	refuses("sha1.token", "", "too weak");
	refuses("two.token", "", "one signer");
	begin(&f, getenv("HIRZ_TSA"), "good.tsr", "query.tsq", "a/ca.pem");
	assert_int_equal(hz_tsa_check(&f.e, &x, NULL, NULL), HZ_ERR_TAMPERED);
	assert_non_null(strstr(hz_fail_detail(), "other data"));
	done(&f);
}

static void
test_revoked(void **state)
{
	(void)state;
	struct hz_tsa_facts x;
	struct files f;
	assert_int_equal(judge("good.tsr", "a/ca.pem", "", "empty.crl", "", &x), HZ_OK);
	assert_int_equal(x.revoked, HZ_TSA_REVOKED_NO);
	assert_int_equal(judge("good.tsr", "a/ca.pem", "", "", "good.ocsp", &x), HZ_OK);
	assert_int_equal(x.revoked, HZ_TSA_REVOKED_NO);
	assert_int_equal(judge("second.tsr", "a/ca.pem", "", "", "good.ocsp", &x), HZ_OK);
	assert_int_equal(x.revoked, HZ_TSA_REVOKED_UNKNOWN);
	assert_int_equal(judge("second.tsr", "a/ca.pem", "", "a/second.crl", "", &x), HZ_OK);
	assert_int_equal(x.revoked, HZ_TSA_REVOKED_YES);
	assert_true(x.revoked_at > 0);
	assert_int_equal(judge("second.tsr", "a/ca.pem", "", "second.der", "", &x), HZ_OK);
	assert_int_equal(x.revoked, HZ_TSA_REVOKED_YES);
	assert_int_equal(judge("second.tsr", "a/ca.pem", "", "", "second.ocsp", &x), HZ_OK);
	assert_int_equal(x.revoked, HZ_TSA_REVOKED_YES);
	/* Superseded: what was stamped before stays; the moment may be the very second of the stamp. */
	assert_int_equal(judge("good.tsr", "a/ca.pem", "", "later.crl", "", &x), HZ_OK);
	assert_true(
	    x.revoked == (x.revoked_at > x.info.gen_time ? HZ_TSA_REVOKED_LATER : HZ_TSA_REVOKED_YES));
	/* A list that is signed by somebody else says nothing. */
	begin(&f, getenv("HIRZ_TSA"), "second.tsr", "data", "a/ca.pem");
	use_crl(&f, getenv("HIRZ_TSA"), "a/second.crl");
	char *end = strstr((char *)f.crl.p, "-----END");
	assert_non_null(end);
	end[-12] = end[-12] == 'A' ? 'B' : 'A';
	enum hz_err r = hz_tsa_check(&f.e, &x, NULL, NULL);
	assert_true(r == HZ_ERR_FORMAT || (r == HZ_OK && x.revoked == HZ_TSA_REVOKED_UNKNOWN));
	done(&f);
}

/* A flipped bit of the token: damaged, or proving nothing; what survives says the same. */
static void
test_flipped(void **state)
{
	(void)state;
	struct files f;
	struct hz_tsa_facts x, was;
	unsigned survived = 0;
	begin(&f, getenv("HIRZ_TSA"), "good.token", "data", "a/ca.pem");
	assert_int_equal(hz_tsa_check(&f.e, &was, NULL, NULL), HZ_OK);
	for (size_t i = 0; i < f.token.len; i++) {
		f.token.p[i] ^= (uint8_t)(1u << (i % 8));
		enum hz_err r = hz_tsa_check(&f.e, &x, NULL, NULL);
		if (r == HZ_OK && x.then == HZ_TSA_PATH_GOOD) {
			survived++;
			assert_int_equal(x.info.gen_time, was.info.gen_time);
			assert_string_equal(x.info.serial, was.info.serial);
		}
		f.token.p[i] ^= (uint8_t)(1u << (i % 8));
	}
	done(&f);
	/* Only what is signed by nobody and decides nothing: the wrapper's version, names and parameters of
	 * algorithms that are told a second time. */
	assert_true(survived <= 16);
}

static void
test_forms(void **state)
{
	(void)state;
	struct hz_buf b = HZ_BUF_INIT(4096), reply;
	struct hz_tsa_request q = { .cert = false };
	static const uint8_t nonce[8] = { 0x80, 2, 3, 4, 5, 6, 7, 8 };
	uint8_t h[32];
	size_t at, n;
	hz_sha256("x", 1, h);
	assert_int_equal(hz_tsa_request_write(h, nonce, sizeof nonce, &b), HZ_OK);
	assert_int_equal(hz_tsa_request_read(b.p, b.len, &q), HZ_OK);
	assert_int_equal(q.imprint_len, 32);
	assert_memory_equal(q.imprint, h, 32);
	assert_int_equal(q.nonce_len, 8);
	assert_int_equal(q.nonce[0], 0x40);
	assert_memory_equal(q.nonce + 1, nonce + 1, 7);
	assert_true(q.cert);
	assert_int_equal(hz_tsa_request_read(b.p, b.len - 1, &q), HZ_ERR_FORMAT);
	assert_int_equal(hz_buf_putc(&b, 0), HZ_OK);
	assert_int_equal(hz_tsa_request_read(b.p, b.len, &q), HZ_ERR_FORMAT);
	assert_int_equal(hz_tsa_request_read(b.p, HZ_TSA_REQ_MAX + 1, &q), HZ_ERR_LIMIT);
	hz_buf_done(&b);
	load("good.tsr", &reply);
	for (size_t cut = 0; cut < reply.len; cut++) {
		assert_int_not_equal(hz_tsa_token_find(reply.p, cut, &at, &n), HZ_OK);
	}
	assert_int_equal(hz_tsa_token_find(reply.p, reply.len, &at, &n), HZ_OK);
	assert_int_equal(at + n, reply.len);
	assert_int_equal(hz_buf_putc(&reply, 0), HZ_OK);
	assert_int_equal(hz_tsa_token_find(reply.p, reply.len, &at, &n), HZ_ERR_FORMAT);
	assert_int_equal(hz_tsa_token_find(reply.p, HZ_TSA_FILE_MAX + 1, &at, &n), HZ_ERR_LIMIT);
	hz_buf_done(&reply);
	assert_int_equal(hz_tsa_certs_ok("", 0), HZ_ERR_FORMAT);
	assert_int_equal(hz_tsa_certs_ok("text", 4), HZ_ERR_FORMAT);
	assert_int_equal(hz_tsa_crls_ok("text", 4), HZ_ERR_FORMAT);
	assert_int_equal(hz_tsa_ocsp_ok("text", 4), HZ_ERR_FORMAT);
	load("a/ca.pem", &reply);
	assert_int_equal(hz_tsa_certs_ok(reply.p, reply.len), HZ_OK);
	assert_int_equal(hz_tsa_crls_ok(reply.p, reply.len), HZ_ERR_FORMAT);
	hz_buf_done(&reply);
}

/* --- conformance ------------------------------------------------------------------------------------------
 */

static bool
shared(char ret[static 400], const char *folder)
{
	const char *suite = getenv("HIRZ_SHARED");

	if (suite == NULL || suite[0] == '\0') {
		print_message("# %s is not tested: HIRZ_SHARED is not set\n", folder);
		return false;
	}
	(void)snprintf(ret, 400, "%s/conformance/%s", suite, folder);
	return true;
}

static enum hz_err
own(const char *folder, const char *token, const char *request, const char *more, const char *crl,
    const char *anchors, struct hz_tsa_facts *x)
{
	struct files f;

	begin(&f, folder, token, "checkpoint", anchors);
	if (request[0] != '\0') {
		use_request(&f, folder, request);
	}
	if (more[0] != '\0') {
		use_more(&f, folder, more);
	}
	if (crl[0] != '\0') {
		use_crl(&f, folder, crl);
	}
	enum hz_err r = hz_tsa_check(&f.e, x, NULL, NULL);
	done(&f);
	return r;
}

static void
test_own_suite(void **state)
{
	(void)state;
	char folder[400];
	struct hz_tsa_facts x;
	struct hz_buf b;
	size_t at, n;
	if (!shared(folder, "own/rfc3161")) {
		return;
	}
	assert_int_equal(own(folder, "ok-sha256-cert-nonce.tsr", "q.tsq", "", "", "ca.pem", &x), HZ_OK);
	assert_int_equal(x.then, HZ_TSA_PATH_GOOD);
	assert_int_equal(own(folder, "ok-token-only.der", "", "", "", "ca.pem", &x), HZ_OK);
	assert_int_equal(x.then, HZ_TSA_PATH_GOOD);
	assert_int_equal(own(folder, "ok-sha512-cert.tsr", "q512.tsq", "", "", "ca.pem", &x), HZ_OK);
	assert_int_equal(x.then, HZ_TSA_PATH_GOOD);
	assert_int_equal(
	    own(folder, "ok-sha256-nocert-needs-untrusted.tsr", "qnocert.tsq", "tsa.pem", "", "ca.pem", &x),
	    HZ_OK);
	assert_int_equal(x.then, HZ_TSA_PATH_GOOD);
	assert_int_equal(
	    own(folder, "ok-sha256-nocert-needs-untrusted.tsr", "", "", "", "ca.pem", &x), HZ_ERR_TAMPERED);
	assert_int_equal(own(folder, "ok-sha256-cert-nonce.tsr", "", "", "empty.crl", "ca.pem", &x), HZ_OK);
	assert_int_equal(x.revoked, HZ_TSA_REVOKED_NO);
	assert_int_equal(
	    own(folder, "ok-sha256-cert-nonce.tsr", "", "", "revoked-tsa.crl", "ca.pem", &x), HZ_OK);
	assert_true(x.revoked >= HZ_TSA_REVOKED_LATER);
	assert_int_equal(own(folder, "ok-sha256-cert-nonce.tsr", "", "", "", "otherca.pem", &x), HZ_OK);
	assert_int_equal(x.then, HZ_TSA_PATH_NONE);
	assert_int_equal(own(folder, "expired-tsa-cert.tsr", "", "", "", "ca.pem", &x), HZ_OK);
	assert_int_equal(x.then, HZ_TSA_PATH_EXPIRED);
	assert_int_equal(own(folder, "bad-gentime-changed.tsr", "", "", "", "ca.pem", &x), HZ_ERR_TAMPERED);
	assert_int_equal(own(folder, "bad-other-data.tsr", "", "", "", "ca.pem", &x), HZ_ERR_TAMPERED);
	assert_int_equal(
	    own(folder, "ok-sha256-cert-nonce.tsr", "qo.tsq", "", "", "ca.pem", &x), HZ_ERR_TAMPERED);
	load_from(folder, "bad-truncated.tsr", &b);
	assert_int_equal(hz_tsa_token_find(b.p, b.len, &at, &n), HZ_ERR_FORMAT);
	hz_buf_done(&b);
}

/* Tokens of 2017, whose certificate ended in 2022: valid then, expired now. */
static void
test_public_suite(void **state)
{
	(void)state;
	char folder[400];
	struct files f;
	struct hz_tsa_facts x;
	struct hz_tsa_info i;
	struct hz_tsa_request q, bare;
	struct hz_buf b, hash, chain = HZ_BUF_INIT(HZ_TSA_FILE_MAX);
	size_t at, n;
	if (!shared(folder, "rfc3161/public-tsa")) {
		return;
	}
	load_from(folder, "respRejection.tsr", &b);
	assert_int_equal(hz_tsa_token_find(b.p, b.len, &at, &n), HZ_ERR_TAMPERED);
	hz_buf_done(&b);
	load_from(folder, "reqNonce.tsq", &b);
	assert_int_equal(hz_tsa_request_read(b.p, b.len, &q), HZ_OK);
	hz_buf_done(&b);
	load_from(folder, "reqNoCert.tsq", &b);
	assert_int_equal(hz_tsa_request_read(b.p, b.len, &bare), HZ_OK);
	hz_buf_done(&b);
	load_from(folder, "hashedMessage.sha256.bin", &hash);
	assert_int_equal(hash.len, 32);
	static const char *const tokens[] = { "respNonce.tsr", "respNoCert.tsr", "timeStampToken.bin" };
	for (size_t t = 0; t < 3; t++) {
		load_from(folder, tokens[t], &b);
		assert_int_equal(hz_tsa_token_find(b.p, b.len, &at, &n), HZ_OK);
		assert_int_equal(hz_tsa_info(b.p + at, n, &i), HZ_OK);
		assert_true(i.gen_time > 1485000000 && i.gen_time < 1500000000);
		if (t == 0) {
			assert_int_equal(i.nonce_len, q.nonce_len);
			assert_memory_equal(i.nonce, q.nonce, q.nonce_len);
			assert_memory_equal(i.imprint, q.imprint, 32);
		}
		hz_buf_done(&b);
	}
	/* The data is known by its hash only: the check of the data must fail, everything before it passes.
	 */
	begin(&f, folder, "respNonce.tsr", "hashedMessage.sha256.bin", "reqNonce.tsq");
	assert_int_equal(hz_tsa_check(&f.e, &x, NULL, NULL), HZ_ERR_FORMAT);
	hz_buf_clear(&f.anchors);
	f.e.anchors.n = 0;
	assert_int_equal(hz_tsa_check(&f.e, &x, NULL, NULL), HZ_ERR_TAMPERED);
	assert_non_null(strstr(hz_fail_detail(), "other data"));
	/* By the hash: without an anchor there is no path, but signature and certificate are checked. */
	f.e.imprint = hash.p;
	assert_int_equal(hz_tsa_info(f.e.token.p, f.e.token.n, &i), HZ_OK);
	f.e.imprint = i.imprint;
	assert_int_equal(hz_tsa_check(&f.e, &x, &chain, NULL), HZ_OK);
	assert_int_equal(x.then, HZ_TSA_PATH_NONE);
	assert_true(chain.len > 0);
	/* The certificates of the token as anchors. */
	f.e.anchors = (struct hz_tsa_bytes){ chain.p, chain.len };
	assert_int_equal(hz_tsa_check(&f.e, &x, NULL, NULL), HZ_OK);
	assert_int_equal(x.then, HZ_TSA_PATH_GOOD);
	assert_int_equal(x.now, HZ_TSA_PATH_EXPIRED);
	f.e.now = x.info.gen_time;
	assert_int_equal(hz_tsa_check(&f.e, &x, NULL, NULL), HZ_OK);
	assert_int_equal(x.now, HZ_TSA_PATH_GOOD);
	done(&f);
	hz_buf_done(&hash);
	hz_buf_done(&chain);
}

static void
test_old_hashes(void **state)
{
	(void)state;
	uint8_t h[32], long_text[300];
	char hex[65];
	hz_sha1("abc", 3, h);
	hz_hex(hex, h, 20);
	assert_string_equal(hex, "a9993e364706816aba3e25717850c26c9cd0d89d");
	hz_ripemd160("abc", 3, h);
	hz_hex(hex, h, 20);
	assert_string_equal(hex, "8eb208f7e05d987a9b044a8e98c6b087f15a0bfc");
	hz_keccak256("", 0, h);
	hz_hex(hex, h, 32);
	assert_string_equal(hex, "c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470");
	hz_keccak256("abc", 3, h);
	hz_hex(hex, h, 32);
	assert_string_equal(hex, "4e03657aea45a94fc7d47ba826c8d667c0d1e6e33a64a036ec44f58fa12d6c45");
	/* Over more than one block: any change changes the result. */
	memset(long_text, 'a', sizeof long_text);
	uint8_t one[32], two[32];
	hz_keccak256(long_text, sizeof long_text, one);
	long_text[0] ^= 1;
	hz_keccak256(long_text, sizeof long_text, two);
	assert_memory_not_equal(one, two, 32);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good),
		cmocka_unit_test(test_inside),
		cmocka_unit_test(test_paths),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_revoked),
		cmocka_unit_test(test_flipped),
		cmocka_unit_test(test_forms),
		cmocka_unit_test(test_own_suite),
		cmocka_unit_test(test_public_suite),
		cmocka_unit_test(test_old_hashes),
	};

	return cmocka_run_group_tests_name("tsa", tests, NULL, NULL);
}
