/* What a token proves (RFC 3161 2.2, 2.3; RFC 5816 for ESSCertIDv2): imprint, nonce, signature, the signer's
 * certificate, its chain at the token's time and today. */
#include "crypto/tsa_inner.h"

#include "crypto/crypto.h"

#include <openssl/err.h>
#include <openssl/ess.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <string.h>

/* Keys of at least 112 bits, no SHA-1 between signer and anchor. */
#define AUTH_LEVEL 2

struct tsa {
	const struct hz_tsa_evidence *e;
	struct hz_tsa_facts *f;
	PKCS7 *token;
	TS_TST_INFO *tst;
	PKCS7_SIGNER_INFO *si;             /* borrowed */
	X509 *signer;                      /* borrowed */
	STACK_OF(X509) * anchors, *others; /* own */
	STACK_OF(X509_CRL) * crls;         /* own */
	STACK_OF(X509) * chain;            /* own */
	struct hz_tsa_inside inside;
};

/* --- data and nonce ------------------------------------------------------------------------------------ */

HZ_RESULT
hz_tsa_digest(size_t len, const void *p, size_t n, uint8_t ret_h[static 64])
{
	const EVP_MD *md = len == 32   ? EVP_sha256()
			   : len == 48 ? EVP_sha384()
			   : len == 64 ? EVP_sha512()
				       : NULL;

	if (md == NULL) {
		return hz_fail(HZ_MSG_FORMAT, "an imprint of %zu bytes", len);
	}
	return EVP_Digest(p, n, ret_h, NULL, md, NULL) == 1 ? HZ_OK : hz_tsa_fail(HZ_MSG_INTERNAL, "a hash");
}

static enum hz_err
check_data(const struct tsa *x)
{
	const struct hz_tsa_info *i = &x->f->info;
	uint8_t h[64];

	if (x->e->imprint != NULL) {
		memcpy(h, x->e->imprint, i->imprint_len);
	} else {
		HZ_TRY(hz_tsa_digest(i->imprint_len, x->e->data.p, x->e->data.n, h));
	}
#ifndef HZ_FAULT_NO_IMPRINT
	if (memcmp(h, i->imprint, i->imprint_len) != 0) {
		return hz_fail(HZ_MSG_ANCHOR_INVALID, "the time stamp is about other data (imprint)");
	}
#endif
	const struct hz_tsa_request *q = x->e->request;
	if (q == NULL) {
		return HZ_OK;
	}
	if (q->imprint_len != i->imprint_len || memcmp(q->imprint, i->imprint, i->imprint_len) != 0) {
		return hz_fail(HZ_MSG_ANCHOR_INVALID, "the imprint is not that of the request");
	}
	if (q->nonce_len != 0 &&
	    (q->nonce_len != i->nonce_len || memcmp(q->nonce, i->nonce, i->nonce_len) != 0)) {
		return hz_fail(HZ_MSG_ANCHOR_INVALID, "the nonce is not that of the request");
	}
	return HZ_OK;
}

/* --- the signer ------------------------------------------------------------------------------------------
 */

static enum hz_err
find_signer(struct tsa *x)
{
	STACK_OF(PKCS7_SIGNER_INFO) *all = PKCS7_get_signer_info(x->token);

	if (all == NULL || sk_PKCS7_SIGNER_INFO_num(all) != 1) {
		return hz_fail(HZ_MSG_ANCHOR_INVALID, "not exactly one signer");
	}
	x->si = sk_PKCS7_SIGNER_INFO_value(all, 0);
	if (hz_tsa_digest_len(x->si->digest_alg) == 0) {
		return hz_fail(
		    HZ_MSG_ANCHOR_INVALID, "signed over none of SHA-256, SHA-384, SHA-512: too weak");
	}
	STACK_OF(X509) *signers = PKCS7_get0_signers(x->token, x->others, 0);
	if (signers == NULL || sk_X509_num(signers) != 1) {
		sk_X509_free(signers);
		ERR_clear_error();
		return hz_fail(
		    HZ_MSG_ANCHOR_INVALID, "the certificate of the signer is neither in the token nor given");
	}
	x->signer = sk_X509_value(signers, 0);
	sk_X509_free(signers);
	return HZ_OK;
}

static enum hz_err
check_signature(struct tsa *x)
{
	uint8_t block[4096];
	int n;
	BIO *in = PKCS7_dataInit(x->token, NULL);

	if (in == NULL) {
		return hz_tsa_fail(HZ_MSG_ANCHOR_INVALID, "the signed content");
	}
	do { /* the digest is made while reading */
		n = BIO_read(in, block, sizeof block);
	} while (n > 0);
	bool good = PKCS7_signatureVerify(in, x->token, x->si, x->signer) == 1;
	BIO_free_all(in);
	return good ? HZ_OK : hz_tsa_fail(HZ_MSG_ANCHOR_INVALID, "the signature is wrong");
}

/* RFC 3161 2.3: one extended key usage, time stamping, critical; key usage only for signatures. */
static enum hz_err
check_purpose(const struct tsa *x)
{
	if (X509_check_purpose(x->signer, X509_PURPOSE_TIMESTAMP_SIGN, 0) == 1) {
		return HZ_OK;
	}
	ERR_clear_error();
	return hz_fail(
	    HZ_MSG_ANCHOR_INVALID, "the certificate of the signer is not one for time stamps alone");
}

/* An attribute that is a sequence; *ret_p NULL where there is none. */
static enum hz_err
attribute(const struct tsa *x, int nid, const unsigned char **ret_p, long *ret_n)
{
	const ASN1_TYPE *a = PKCS7_get_signed_attribute(x->si, nid);

	*ret_p = NULL;
	if (a == NULL) {
		return HZ_OK;
	}
	if (a->type != V_ASN1_SEQUENCE) {
		return hz_fail(HZ_MSG_FORMAT, "the signing certificate attribute");
	}
	*ret_p = ASN1_STRING_get0_data(a->value.sequence);
	*ret_n = ASN1_STRING_length(a->value.sequence);
	return HZ_OK;
}

/* The attribute names the very certificate (by its hash) that the signature was checked with: else another
 * certificate for the same key could lend its validity. Those of the chain too, where they are named. */
static enum hz_err
check_ess(const struct tsa *x, STACK_OF(X509) * chain)
{
	const unsigned char *p1 = NULL, *p2 = NULL;
	long n1 = 0, n2 = 0;

	HZ_TRY(attribute(x, NID_id_smime_aa_signingCertificate, &p1, &n1));
	HZ_TRY(attribute(x, NID_id_smime_aa_signingCertificateV2, &p2, &n2));
	if (p1 == NULL && p2 == NULL) {
		return hz_fail(HZ_MSG_ANCHOR_INVALID, "the token does not name its certificate (ESSCertID)");
	}
	ESS_SIGNING_CERT *v1 = p1 == NULL ? NULL : d2i_ESS_SIGNING_CERT(NULL, &p1, n1);
	ESS_SIGNING_CERT_V2 *v2 = p2 == NULL ? NULL : d2i_ESS_SIGNING_CERT_V2(NULL, &p2, n2);
	enum hz_err r = HZ_OK;
	if ((n1 > 0 && v1 == NULL) || (n2 > 0 && v2 == NULL)) {
		r = hz_tsa_fail(HZ_MSG_FORMAT, "the signing certificate attribute");
	} else if (OSSL_ESS_check_signing_certs(v1, v2, chain, 1) != 1) {
		ERR_clear_error();
		r = hz_fail(HZ_MSG_ANCHOR_INVALID, "the token names another certificate (ESSCertID)");
	}
	ESS_SIGNING_CERT_free(v1);
	ESS_SIGNING_CERT_V2_free(v2);
	return r;
}

/* --- the chain ---------------------------------------------------------------------------------------------
 */

static enum hz_tsa_path
path_of(int error)
{
	switch (error) {
	case X509_V_OK:
		return HZ_TSA_PATH_GOOD;
	case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
	case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
	case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
	case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
	case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
		return HZ_TSA_PATH_NONE;
	case X509_V_ERR_CERT_HAS_EXPIRED:
	case X509_V_ERR_CERT_NOT_YET_VALID:
		return HZ_TSA_PATH_EXPIRED;
	default:
		return HZ_TSA_PATH_BAD;
	}
}

static bool
set_rules(X509_STORE_CTX *ctx, int64_t when)
{
	X509_VERIFY_PARAM *p = X509_STORE_CTX_get0_param(ctx);

	X509_VERIFY_PARAM_set_time(p, (time_t)when);
	X509_VERIFY_PARAM_set_depth(p, HZ_TSA_DEPTH_MAX);
	X509_VERIFY_PARAM_set_auth_level(p, AUTH_LEVEL);
	/* An anchor is trusted for what it is, be it a root or not. */
	return X509_VERIFY_PARAM_set_flags(p, X509_V_FLAG_PARTIAL_CHAIN) == 1 &&
	       X509_VERIFY_PARAM_set_purpose(p, X509_PURPOSE_TIMESTAMP_SIGN) == 1;
}

HZ_RESULT
hz_tsa_path(STACK_OF(X509) * anchors, STACK_OF(X509) * others, X509 *signer, int64_t when,
    enum hz_tsa_path *ret_path, STACK_OF(X509) * *ret_chain, char *why)
{
	X509_STORE *store = X509_STORE_new();
	X509_STORE_CTX *ctx = X509_STORE_CTX_new();
	bool good = store != NULL && ctx != NULL;

	for (int i = 0; good && i < sk_X509_num(anchors); i++) {
		good = X509_STORE_add_cert(store, sk_X509_value(anchors, i)) == 1;
	}
	good = good && X509_STORE_CTX_init(ctx, store, signer, others) == 1 && set_rules(ctx, when);
	if (good) {
		int error = X509_verify_cert(ctx) == 1 ? X509_V_OK : X509_STORE_CTX_get_error(ctx);
		*ret_path = path_of(error);
		good = error != X509_V_ERR_OUT_OF_MEM;
		if (error != X509_V_OK) {
			(void)snprintf(why, 128, "%s", X509_verify_cert_error_string(error));
		}
		if (good && ret_chain != NULL) {
			*ret_chain = X509_STORE_CTX_get1_chain(ctx);
			good = *ret_chain != NULL;
		}
	}
	X509_STORE_CTX_free(ctx);
	X509_STORE_free(store);
	ERR_clear_error();
	return good ? HZ_OK : hz_fail(HZ_MSG_NOMEM, "a chain of certificates");
}

static enum hz_err
check_chain(struct tsa *x)
{
	struct hz_tsa_facts *f = x->f;
	char unused[128];
	int64_t t = 0;

	HZ_TRY(hz_tsa_path(x->anchors, x->others, x->signer, f->info.gen_time, &f->then, &x->chain, f->why));
	HZ_TRY(hz_tsa_path(x->anchors, x->others, x->signer, x->e->now, &f->now, NULL, unused));
	f->first_expiry = INT64_MAX;
	for (int i = 0; i < sk_X509_num(x->chain); i++) {
		HZ_TRY(hz_tsa_time(X509_get0_notAfter(sk_X509_value(x->chain, i)), &t));
		f->first_expiry = t < f->first_expiry ? t : f->first_expiry;
	}
	return check_ess(x, x->chain);
}

/* --- all of it
 * ----------------------------------------------------------------------------------------------- */

static enum hz_err
load(struct tsa *x)
{
	const struct hz_tsa_evidence *e = x->e;

	x->anchors = sk_X509_new_null();
	x->others = sk_X509_new_null();
	x->crls = sk_X509_CRL_new_null();
	if (x->anchors == NULL || x->others == NULL || x->crls == NULL) {
		return hz_fail(HZ_MSG_NOMEM, "certificates");
	}
	HZ_TRY(hz_tsa_pkcs7(e->token.p, e->token.n, &x->token));
	HZ_TRY(hz_tsa_tst(x->token, &x->tst, &x->f->info));
	HZ_TRY(hz_tsa_certs(&e->anchors, x->anchors));
	HZ_TRY(hz_tsa_certs(&e->more, x->others));
	for (size_t i = 0; i < e->ncrls; i++) {
		HZ_TRY(hz_tsa_crls(&e->crls[i], x->crls));
	}
	STACK_OF(X509) *certs = x->token->d.sign->cert;
	STACK_OF(X509_CRL) *lists = x->token->d.sign->crl;
	for (int i = 0; i < sk_X509_num(certs); i++) {
		X509 *c = sk_X509_value(certs, i);
		if (sk_X509_push(x->others, c) <= 0 || X509_up_ref(c) != 1) {
			return hz_fail(HZ_MSG_NOMEM, "certificates");
		}
	}
	for (int i = 0; i < sk_X509_CRL_num(lists); i++) {
		X509_CRL *c = sk_X509_CRL_value(lists, i);
		if (sk_X509_CRL_push(x->crls, c) <= 0 || X509_CRL_up_ref(c) != 1) {
			return hz_fail(HZ_MSG_NOMEM, "revocation lists");
		}
	}
	return HZ_OK;
}

static enum hz_err
name_of(X509 *c, char ret_name[static HZ_TSA_NAME_MAX])
{
	BIO *b = BIO_new(BIO_s_mem());
	char *p = NULL;

	if (b == NULL) {
		return hz_fail(HZ_MSG_NOMEM, "a name");
	}
	(void)X509_NAME_print_ex(b, X509_get_subject_name(c), 0,
	    (XN_FLAG_ONELINE & ~ASN1_STRFLGS_ESC_MSB) | ASN1_STRFLGS_UTF8_CONVERT);
	long n = BIO_get_mem_data(b, &p);
	size_t len = n < 0 ? 0 : n < HZ_TSA_NAME_MAX ? (size_t)n : HZ_TSA_NAME_MAX - 1;
	while (len > 0 && (size_t)n > len && ((uint8_t)p[len] & 0xc0) == 0x80) {
		len--; /* not in the middle of a character */
	}
	if (len > 0) {
		memcpy(ret_name, p, len);
	}
	ret_name[len] = '\0';
	BIO_free(b);
	return HZ_OK;
}

static enum hz_err
bio_out(BIO *b, bool good, struct hz_buf *out)
{
	char *p = NULL;
	long n = b == NULL ? 0 : BIO_get_mem_data(b, &p);
	enum hz_err r = good && n >= 0 ? HZ_OK : hz_fail(HZ_MSG_NOMEM, "certificates as text");

	if (r == HZ_OK && n > 0) {
		r = hz_buf_put(out, p, (size_t)n);
	}
	BIO_free(b);
	return r;
}

static enum hz_err
write_chain(const struct tsa *x, struct hz_buf *out)
{
	BIO *b = BIO_new(BIO_s_mem());
	bool good = b != NULL;

	for (int i = 0; good && i < sk_X509_num(x->chain); i++) {
		good = PEM_write_bio_X509(b, sk_X509_value(x->chain, i)) == 1;
	}
	return bio_out(b, good, out);
}

static enum hz_err
write_crls(const struct tsa *x, struct hz_buf *out)
{
	BIO *b = BIO_new(BIO_s_mem());
	bool good = b != NULL;

	for (int i = 0; good && i < sk_X509_CRL_num(x->crls); i++) {
		X509_CRL *c = sk_X509_CRL_value(x->crls, i);
		bool ours = false;
		for (int k = 0; k < sk_X509_num(x->chain) && !ours; k++) {
			ours = X509_NAME_cmp(X509_CRL_get_issuer(c),
				   X509_get_issuer_name(sk_X509_value(x->chain, k))) == 0;
		}
		good = !ours || PEM_write_bio_X509_CRL(b, c) == 1;
	}
	return bio_out(b, good, out);
}

static enum hz_err
check(struct tsa *x, struct hz_buf *chain, struct hz_buf *crls)
{
	HZ_TRY(load(x));
	HZ_TRY(check_data(x));
	HZ_TRY(find_signer(x));
	HZ_TRY(check_signature(x));
	HZ_TRY(check_purpose(x));
	HZ_TRY(check_chain(x));
	HZ_TRY(name_of(x->signer, x->f->authority));
	HZ_TRY(hz_tsa_inside(x->si, x->crls, &x->inside));
	const struct hz_tsa_revocation rev = { .chain = x->chain,
		.anchors = x->anchors,
		.others = x->others,
		.crls = x->crls,
		.ocsps = x->e->ocsps,
		.nocsps = x->e->nocsps,
		.inside = &x->inside,
		.gen_time = x->f->info.gen_time };
	HZ_TRY(hz_tsa_revoked(&rev, x->f));
	if (chain != NULL) {
		HZ_TRY(write_chain(x, chain));
	}
	return crls == NULL ? HZ_OK : write_crls(x, crls);
}

HZ_RESULT
hz_tsa_check(
    const struct hz_tsa_evidence *e, struct hz_tsa_facts *ret, struct hz_buf *chain, struct hz_buf *crls)
{
	struct hz_tsa_facts f = { .why = "" };
	struct tsa x = { .e = e, .f = &f };

	HZ_TRY(hz_tsa_start());
	enum hz_err r = check(&x, chain, crls);
	TS_TST_INFO_free(x.tst);
	PKCS7_free(x.token);
	sk_X509_pop_free(x.anchors, X509_free);
	sk_X509_pop_free(x.others, X509_free);
	sk_X509_pop_free(x.chain, X509_free);
	sk_X509_CRL_pop_free(x.crls, X509_CRL_free);
	hz_tsa_inside_done(&x.inside);
	ERR_clear_error();
	if (r == HZ_OK) {
		*ret = f;
	}
	return r;
}
