/* The forms of RFC 3161: requests, replies, tokens; files of certificates and revocation lists. */
#include "crypto/tsa_inner.h"

#include "crypto/crypto.h"

#include <limits.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/ocsp.h>
#include <openssl/pem.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

HZ_RESULT
hz_tsa_start(void)
{
	if (OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG | OPENSSL_INIT_NO_ATEXIT, NULL) != 1) {
		return hz_fail(HZ_MSG_INTERNAL, "libcrypto does not start");
	}
	ERR_clear_error();
	/* The first call reads the time zone's file, although it has no use for it; tzset would do so always.
	 */
	(void)gmtime_r(&(time_t){ 0 }, &(struct tm){ 0 });
	return HZ_OK;
}

const char *
hz_tsa_words(void)
{
	const char *s = ERR_reason_error_string(ERR_peek_last_error());

	ERR_clear_error();
	return s == NULL ? "not as it must be" : s;
}

enum hz_err
hz_tsa_fail(enum hz_msg msg, const char *detail)
{
	if (ERR_GET_REASON(ERR_peek_last_error()) == ERR_R_MALLOC_FAILURE) {
		ERR_clear_error();
		return hz_fail(HZ_MSG_NOMEM, "%s", detail);
	}
	return hz_fail(msg, "%s: %s", detail, hz_tsa_words());
}

size_t
hz_tsa_digest_len(const X509_ALGOR *a)
{
	const ASN1_OBJECT *oid = NULL;
	int type = V_ASN1_UNDEF;

	X509_ALGOR_get0(&oid, &type, NULL, a);
	if (type != V_ASN1_UNDEF && type != V_ASN1_NULL) {
		return 0;
	}
	switch (OBJ_obj2nid(oid)) {
	case NID_sha256:
		return 32;
	case NID_sha384:
		return 48;
	case NID_sha512:
		return 64;
	default:
		return 0;
	}
}

/* A positive number as bytes without leading zeros. */
HZ_RESULT
hz_tsa_integer(const ASN1_INTEGER *a, uint8_t *ret_p, size_t *ret_n)
{
	BIGNUM *b = ASN1_INTEGER_to_BN(a, NULL);

	if (b == NULL) {
		return hz_tsa_fail(HZ_MSG_FORMAT, "a number");
	}
	int n = BN_num_bytes(b);
	bool good = n <= HZ_TSA_NONCE_MAX && !BN_is_negative(b);
	if (good) {
		*ret_n = (size_t)BN_bn2bin(b, ret_p);
	}
	BN_free(b);
	return good ? HZ_OK : hz_fail(HZ_MSG_FORMAT, "a number that is negative or too long");
}

HZ_RESULT
hz_tsa_time(const ASN1_TIME *a, int64_t *ret_t)
{
	struct tm tm;

	if (ASN1_TIME_to_tm(a, &tm) != 1) {
		return hz_tsa_fail(HZ_MSG_FORMAT, "a time");
	}
	*ret_t = timegm(&tm);
	return HZ_OK;
}

/* --- requests ---------------------------------------------------------------------------------------- */

static enum hz_err
request_fill(TS_REQ *q, const uint8_t *sha256, const uint8_t *nonce, size_t nonce_len)
{
	TS_MSG_IMPRINT *m = TS_MSG_IMPRINT_new();
	uint8_t hash[32];
	X509_ALGOR *a = X509_ALGOR_new();
	BIGNUM *b = BN_bin2bn(nonce, (int)nonce_len, NULL);
	ASN1_INTEGER *i = b == NULL ? NULL : BN_to_ASN1_INTEGER(b, NULL);
	memcpy(hash, sha256, sizeof hash);
	bool good = m != NULL && a != NULL && i != NULL &&
		    X509_ALGOR_set0(a, OBJ_nid2obj(NID_sha256), V_ASN1_NULL, NULL) == 1 &&
		    TS_MSG_IMPRINT_set_algo(m, a) == 1 && TS_MSG_IMPRINT_set_msg(m, hash, 32) == 1 &&
		    TS_REQ_set_version(q, 1) == 1 && TS_REQ_set_msg_imprint(q, m) == 1 &&
		    TS_REQ_set_nonce(q, i) == 1 && TS_REQ_set_cert_req(q, 1) == 1;

	TS_MSG_IMPRINT_free(m);
	X509_ALGOR_free(a);
	ASN1_INTEGER_free(i);
	BN_free(b);
	return good ? HZ_OK : hz_fail(HZ_MSG_NOMEM, "a time stamp request");
}

HZ_RESULT
hz_tsa_request_write(
    const uint8_t sha256[static 32], const uint8_t *nonce, size_t nonce_len, struct hz_buf *out)
{
	uint8_t own[HZ_TSA_NONCE_MAX];
	unsigned char *der = NULL;

	hz_assert(nonce_len >= 1 && nonce_len <= sizeof own && nonce[0] != 0);
	memcpy(own, nonce, nonce_len);
	own[0] = (uint8_t)((own[0] & 0x7f) | 0x40); /* positive, and of the same length always */
	HZ_TRY(hz_tsa_start());
	TS_REQ *q = TS_REQ_new();
	if (q == NULL) {
		return hz_fail(HZ_MSG_NOMEM, "a time stamp request");
	}
	enum hz_err r = request_fill(q, sha256, own, nonce_len);
	int n = r == HZ_OK ? i2d_TS_REQ(q, &der) : 0;
	if (r == HZ_OK) {
		r = n > 0 ? hz_buf_put(out, der, (size_t)n) : hz_fail(HZ_MSG_NOMEM, "a time stamp request");
	}
	OPENSSL_free(der);
	TS_REQ_free(q);
	return r;
}

static enum hz_err
imprint(TS_MSG_IMPRINT *m, uint8_t ret[static 64], size_t *ret_len)
{
	const ASN1_OCTET_STRING *s = TS_MSG_IMPRINT_get_msg(m);
	size_t n = hz_tsa_digest_len(TS_MSG_IMPRINT_get_algo(m));

	if (n == 0) {
		return hz_fail(HZ_MSG_ANCHOR_INVALID, "the imprint is of none of SHA-256, SHA-384, SHA-512");
	}
	if (ASN1_STRING_length(s) != (int)n) {
		return hz_fail(HZ_MSG_FORMAT, "an imprint of the wrong length");
	}
	memcpy(ret, ASN1_STRING_get0_data(s), n);
	*ret_len = n;
	return HZ_OK;
}

static enum hz_err
request_take(TS_REQ *q, struct hz_tsa_request *ret)
{
	if (TS_REQ_get_version(q) != 1) {
		return hz_fail(HZ_MSG_FORMAT, "a time stamp request of another version");
	}
	HZ_TRY(imprint(TS_REQ_get_msg_imprint(q), ret->imprint, &ret->imprint_len));
	if (TS_REQ_get_nonce(q) != NULL) {
		HZ_TRY(hz_tsa_integer(TS_REQ_get_nonce(q), ret->nonce, &ret->nonce_len));
	}
	ret->cert = TS_REQ_get_cert_req(q) != 0;
	return HZ_OK;
}

HZ_RESULT
hz_tsa_request_read(const void *p, size_t n, struct hz_tsa_request *ret)
{
	const unsigned char *at = p;
	struct hz_tsa_request q = { .imprint_len = 0 };

	if (n > HZ_TSA_REQ_MAX) {
		return hz_fail(HZ_MSG_LIMIT, "a time stamp request of %zu bytes", n);
	}
	HZ_TRY(hz_tsa_start());
	TS_REQ *x = d2i_TS_REQ(NULL, &at, (long)n);
	if (x == NULL) {
		return hz_tsa_fail(HZ_MSG_FORMAT, "a time stamp request");
	}
	enum hz_err r = at == (const unsigned char *)p + n
			    ? request_take(x, &q)
			    : hz_fail(HZ_MSG_FORMAT, "bytes behind a time stamp request");
	TS_REQ_free(x);
	if (r == HZ_OK) {
		*ret = q;
	}
	return r;
}

/* --- replies ----------------------------------------------------------------------------------------- */

#define TAG_SEQUENCE 0x30
#define TAG_OID      0x06

/* One DER value: its tag, where its content begins, where it ends. */
static bool
der_value(const uint8_t *p, size_t n, uint8_t *ret_tag, size_t *ret_content, size_t *ret_end)
{
	size_t head = 2, len;

	if (n < 2) {
		return false;
	}
	len = p[1];
	if (len & 0x80) {
		size_t count = len & 0x7f;
		if (count < 1 || count > 4 || n < 2 + count) {
			return false;
		}
		len = 0;
		for (size_t i = 0; i < count; i++) {
			len = len << 8 | p[2 + i];
		}
		head += count;
	}
	if (len > n - head) {
		return false;
	}
	*ret_tag = p[0];
	*ret_content = head;
	*ret_end = head + len;
	return true;
}

static enum hz_err
refused(TS_STATUS_INFO *s)
{
	const STACK_OF(ASN1_UTF8STRING) *texts = TS_STATUS_INFO_get0_text(s);
	long status = ASN1_INTEGER_get(TS_STATUS_INFO_get0_status(s));
	char words[200] = "";

	if (texts != NULL && sk_ASN1_UTF8STRING_num(texts) > 0) {
		const ASN1_UTF8STRING *t = sk_ASN1_UTF8STRING_value(texts, 0);
		(void)snprintf(words, sizeof words, ": %.*s", ASN1_STRING_length(t),
		    (const char *)ASN1_STRING_get0_data(t));
	}
	return hz_fail(
	    HZ_MSG_ANCHOR_INVALID, "the authority did not grant a time stamp, status %ld%s", status, words);
}

HZ_RESULT
hz_tsa_token_find(const void *p, size_t n, size_t *ret_at, size_t *ret_len)
{
	const uint8_t *b = p;
	uint8_t tag = 0;
	size_t content = 0, end = 0, inner = 0, first = 0;

	if (n > HZ_TSA_FILE_MAX) {
		return hz_fail(HZ_MSG_LIMIT, "a time stamp of %zu bytes", n);
	}
	if (!der_value(b, n, &tag, &content, &end) || tag != TAG_SEQUENCE || end != n ||
	    !der_value(b + content, n - content, &tag, &inner, &first)) {
		return hz_fail(HZ_MSG_FORMAT, "neither the reply of a time stamp authority nor a token");
	}
	size_t at = 0;
	if (tag == TAG_SEQUENCE) {
		const unsigned char *s = b + content;
		HZ_TRY(hz_tsa_start());
		TS_STATUS_INFO *info = d2i_TS_STATUS_INFO(NULL, &s, (long)first);
		if (info == NULL) {
			return hz_tsa_fail(HZ_MSG_FORMAT, "the status of a reply");
		}
		long status = ASN1_INTEGER_get(TS_STATUS_INFO_get0_status(info));
		enum hz_err r = status == TS_STATUS_GRANTED || status == TS_STATUS_GRANTED_WITH_MODS
				    ? HZ_OK
				    : refused(info);
		TS_STATUS_INFO_free(info);
		HZ_TRY(r);
		at = content + first;
		if (at == n || !der_value(b + at, n - at, &tag, &inner, &end) || tag != TAG_SEQUENCE ||
		    at + end != n) {
			return hz_fail(HZ_MSG_FORMAT, "a reply without exactly one token");
		}
	} else if (tag != TAG_OID) {
		return hz_fail(HZ_MSG_FORMAT, "neither the reply of a time stamp authority nor a token");
	}
	if (n - at > HZ_TSA_TOKEN_MAX) {
		return hz_fail(HZ_MSG_LIMIT, "a token of %zu bytes", n - at);
	}
	*ret_at = at;
	*ret_len = n - at;
	return HZ_OK;
}

HZ_RESULT
hz_tsa_pkcs7(const void *p, size_t n, PKCS7 **ret)
{
	const unsigned char *at = p;

	if (n > HZ_TSA_TOKEN_MAX) {
		return hz_fail(HZ_MSG_LIMIT, "a token of %zu bytes", n);
	}
	PKCS7 *t = d2i_PKCS7(NULL, &at, (long)n);
	if (t == NULL) {
		return hz_tsa_fail(HZ_MSG_FORMAT, "a time stamp token");
	}
	if (at != (const unsigned char *)p + n || !PKCS7_type_is_signed(t) || t->d.sign == NULL ||
	    PKCS7_get_detached(t)) {
		PKCS7_free(t);
		return hz_fail(HZ_MSG_FORMAT, "not one signed token with its content");
	}
	*ret = t;
	return HZ_OK;
}

static enum hz_err
tst_take(TS_TST_INFO *t, struct hz_tsa_info *ret)
{
	uint8_t serial[HZ_TSA_NONCE_MAX];
	size_t n = 0;
	X509_EXTENSIONS *exts = TS_TST_INFO_get_exts(t);

	if (TS_TST_INFO_get_version(t) != 1) {
		return hz_fail(HZ_MSG_FORMAT, "a token of another version");
	}
	HZ_TRY(imprint(TS_TST_INFO_get_msg_imprint(t), ret->imprint, &ret->imprint_len));
	HZ_TRY(hz_tsa_time(TS_TST_INFO_get_time(t), &ret->gen_time));
	if (TS_TST_INFO_get_nonce(t) != NULL) {
		HZ_TRY(hz_tsa_integer(TS_TST_INFO_get_nonce(t), ret->nonce, &ret->nonce_len));
	}
	HZ_TRY(hz_tsa_integer(TS_TST_INFO_get_serial(t), serial, &n));
	for (size_t i = 0; i < n; i++) {
		(void)snprintf(ret->serial + 2 * i, 3, "%02x", serial[i]);
	}
	(void)OBJ_obj2txt(ret->policy, sizeof ret->policy, TS_TST_INFO_get_policy_id(t), 1);
	for (int i = 0; i < X509v3_get_ext_count(exts); i++) {
		if (X509_EXTENSION_get_critical(X509v3_get_ext(exts, i))) {
			return hz_fail(HZ_MSG_ANCHOR_INVALID, "a critical extension that is not known");
		}
	}
	return HZ_OK;
}

HZ_RESULT
hz_tsa_tst(PKCS7 *token, TS_TST_INFO **ret, struct hz_tsa_info *ret_info)
{
	struct hz_tsa_info info = { .gen_time = 0 };
	TS_TST_INFO *t = PKCS7_to_TS_TST_INFO(token);

	if (t == NULL) {
		return hz_tsa_fail(HZ_MSG_FORMAT, "the content of a token");
	}
	enum hz_err r = tst_take(t, &info);
	if (r != HZ_OK) {
		TS_TST_INFO_free(t);
		return r;
	}
	*ret = t;
	*ret_info = info;
	return HZ_OK;
}

HZ_RESULT
hz_tsa_info(const void *p, size_t n, struct hz_tsa_info *ret)
{
	PKCS7 *token = NULL;
	TS_TST_INFO *t = NULL;

	HZ_TRY(hz_tsa_start());
	HZ_TRY(hz_tsa_pkcs7(p, n, &token));
	enum hz_err r = hz_tsa_tst(token, &t, ret);
	TS_TST_INFO_free(t);
	PKCS7_free(token);
	return r;
}

/* --- files of certificates and lists ------------------------------------------------------------------- */

/* Never asks for the password of an encrypted block. */
/* NOLINTBEGIN(readability-non-const-parameter): the library says so */
static int
no_password(char *buf, int size, int rwflag, void *arg)
{
	(void)buf;
	(void)size;
	(void)rwflag;
	(void)arg;
	return -1;
}
/* NOLINTEND(readability-non-const-parameter) */

static bool
is_der(const struct hz_tsa_bytes *b)
{
	return b->n > 0 && *(const uint8_t *)b->p == TAG_SEQUENCE;
}

static enum hz_err
pem_end(int found, const char *what)
{
	unsigned long last = ERR_peek_last_error();

	if (found > 0 && ERR_GET_LIB(last) == ERR_LIB_PEM && ERR_GET_REASON(last) == PEM_R_NO_START_LINE) {
		ERR_clear_error();
		return HZ_OK;
	}
	return hz_tsa_fail(HZ_MSG_FORMAT, what);
}

static enum hz_err
file_open(const struct hz_tsa_bytes *b, BIO **ret)
{
	if (b->n > HZ_TSA_FILE_MAX) {
		return hz_fail(HZ_MSG_LIMIT, "a file of %zu bytes", b->n);
	}
	HZ_TRY(hz_tsa_start());
	*ret = BIO_new_mem_buf(b->p, (int)b->n);
	return *ret == NULL ? hz_fail(HZ_MSG_NOMEM, "certificates") : HZ_OK;
}

/* What a file may hold, in DER one, in PEM one after the other. */
struct kind {
	const char *one, *many;
	int max;
	void *(*next)(BIO *in, bool der);
	bool (*push)(void *list, void *x); /* the list's then */
	void (*drop)(void *x);
};

static void *
next_cert(BIO *in, bool der)
{
	return der ? d2i_X509_bio(in, NULL) : PEM_read_bio_X509(in, NULL, no_password, NULL);
}

static bool
push_cert(void *list, void *x)
{
	return sk_X509_push((STACK_OF(X509) *)list, x) > 0;
}

static void
drop_cert(void *x)
{
	X509_free(x);
}

static void *
next_crl(BIO *in, bool der)
{
	return der ? d2i_X509_CRL_bio(in, NULL) : PEM_read_bio_X509_CRL(in, NULL, no_password, NULL);
}

static bool
push_crl(void *list, void *x)
{
	return sk_X509_CRL_push((STACK_OF(X509_CRL) *)list, x) > 0;
}

static void
drop_crl(void *x)
{
	X509_CRL_free(x);
}

static enum hz_err
read_list(const struct hz_tsa_bytes *b, const struct kind *k, void *list)
{
	BIO *in = NULL;
	enum hz_err r = HZ_OK;
	bool der = is_der(b);

	if (b->n == 0) {
		return HZ_OK;
	}
	HZ_TRY(file_open(b, &in));
	for (int n = 0; r == HZ_OK; n++) {
		void *x = k->next(in, der);
		if (x == NULL) {
			r = der ? hz_tsa_fail(HZ_MSG_FORMAT, k->one) : pem_end(n, k->many);
			break;
		}
		if (n >= k->max) {
			r = hz_fail(HZ_MSG_LIMIT, "more than %d %s", k->max, k->many);
		} else if (k->push(list, x)) {
			x = NULL;
		} else {
			r = hz_fail(HZ_MSG_NOMEM, "%s", k->many);
		}
		k->drop(x);
		if (der) {
			if (r == HZ_OK && BIO_pending(in) > 0) {
				r = hz_fail(HZ_MSG_FORMAT, "bytes behind %s", k->one);
			}
			break;
		}
	}
	BIO_free(in);
	return r;
}

HZ_RESULT
hz_tsa_certs(const struct hz_tsa_bytes *b, STACK_OF(X509) * out)
{
	static const struct kind k = { "a certificate", "certificates", HZ_TSA_CERTS_MAX, next_cert,
		push_cert, drop_cert };

	return read_list(b, &k, out);
}

HZ_RESULT
hz_tsa_crls(const struct hz_tsa_bytes *b, STACK_OF(X509_CRL) * out)
{
	static const struct kind k = { "a revocation list", "revocation lists", HZ_TSA_CRLS_MAX, next_crl,
		push_crl, drop_crl };

	return read_list(b, &k, out);
}

HZ_RESULT
hz_tsa_certs_ok(const void *p, size_t n)
{
	STACK_OF(X509) *s = sk_X509_new_null();
	struct hz_tsa_bytes b = { p, n };
	enum hz_err r = s == NULL ? hz_fail(HZ_MSG_NOMEM, "certificates")
			: n == 0  ? hz_fail(HZ_MSG_FORMAT, "no certificate")
				  : hz_tsa_certs(&b, s);

	sk_X509_pop_free(s, X509_free);
	return r;
}

HZ_RESULT
hz_tsa_crls_ok(const void *p, size_t n)
{
	STACK_OF(X509_CRL) *s = sk_X509_CRL_new_null();
	struct hz_tsa_bytes b = { p, n };
	enum hz_err r = s == NULL ? hz_fail(HZ_MSG_NOMEM, "revocation lists")
			: n == 0  ? hz_fail(HZ_MSG_FORMAT, "no revocation list")
				  : hz_tsa_crls(&b, s);

	sk_X509_CRL_pop_free(s, X509_CRL_free);
	return r;
}

HZ_RESULT
hz_tsa_ocsp_ok(const void *p, size_t n)
{
	const unsigned char *at = p;

	if (n > HZ_TSA_TOKEN_MAX) {
		return hz_fail(HZ_MSG_LIMIT, "an OCSP response of %zu bytes", n);
	}
	HZ_TRY(hz_tsa_start());
	OCSP_RESPONSE *x = d2i_OCSP_RESPONSE(NULL, &at, (long)n);
	bool good = x != NULL && at == (const unsigned char *)p + n;
	OCSP_RESPONSE_free(x);
	return good ? HZ_OK : hz_tsa_fail(HZ_MSG_FORMAT, "an OCSP response");
}

HZ_RESULT
hz_tsa_first_expiry(const void *p, size_t n, int64_t *ret_t)
{
	STACK_OF(X509) *s = sk_X509_new_null();
	struct hz_tsa_bytes b = { p, n };
	int64_t first = INT64_MAX, t = 0;
	enum hz_err r = s == NULL ? hz_fail(HZ_MSG_NOMEM, "certificates") : hz_tsa_certs(&b, s);

	for (int i = 0; r == HZ_OK && i < sk_X509_num(s); i++) {
		r = hz_tsa_time(X509_get0_notAfter(sk_X509_value(s, i)), &t);
		first = t < first ? t : first;
	}
	sk_X509_pop_free(s, X509_free);
	if (r == HZ_OK) {
		*ret_t = first;
	}
	return r;
}
