/* What revocation lists and OCSP responses say about the certificates of a chain. Lists are not looked at by
 * the check of the chain itself: that would want each to be valid at the moment of the token, while what
 * matters is what is known by now. */
#include "crypto/tsa_inner.h"

#include <openssl/err.h>
#include <openssl/ocsp.h>
#include <openssl/x509v3.h>
#include <string.h>

struct answer {
	enum hz_tsa_revoked what;
	int64_t at;
};

/* RFC 3161 4: what was stamped before the revocation stays valid only where the reason is there and is one of
 * unspecified, affiliationChanged, superseded, cessationOfOperation. */
static void
take(struct answer *a, long reason, int64_t at, int64_t gen_time)
{
	bool mild = reason == 0 || reason == 3 || reason == 4 || reason == 5;
	enum hz_tsa_revoked what = mild && at > gen_time ? HZ_TSA_REVOKED_LATER : HZ_TSA_REVOKED_YES;

	if (what > a->what) {
		a->what = what;
		a->at = at;
	}
}

/* The issuer: the next of the chain, else any that is given (the chain may end in an anchor that is no root).
 */
static X509 *
issuer_of(const struct hz_tsa_revocation *r, int i)
{
	X509 *c = sk_X509_value(r->chain, i);
	STACK_OF(X509) *const piles[] = { r->chain, r->anchors, r->others };

	for (size_t p = 0; p < sizeof piles / sizeof piles[0]; p++) {
		for (int k = 0; k < sk_X509_num(piles[p]); k++) {
			X509 *x = sk_X509_value(piles[p], k);
			if (x != c && X509_check_issued(x, c) == X509_V_OK &&
			    X509_verify(c, X509_get0_pubkey(x)) == 1) {
				return x;
			}
		}
	}
	return NULL;
}

/* --- lists
 * -------------------------------------------------------------------------------------------------- */

/* Lists that speak of a part only (changes, some reasons, other issuers) say too little. */
static bool
whole_list(X509_CRL *l)
{
	int critical = 0;
	ASN1_INTEGER *delta = X509_CRL_get_ext_d2i(l, NID_delta_crl, NULL, NULL);
	ISSUING_DIST_POINT *idp = X509_CRL_get_ext_d2i(l, NID_issuing_distribution_point, &critical, NULL);
	bool whole = delta == NULL && (idp != NULL || critical == -1) &&
		     (idp == NULL || (idp->onlyattr <= 0 && idp->indirectCRL <= 0 && idp->onlyuser <= 0 &&
					 idp->onlyCA <= 0 && idp->onlysomereasons == NULL));

	ASN1_INTEGER_free(delta);
	ISSUING_DIST_POINT_free(idp);
	return whole;
}

static enum hz_err
reason_of(X509_REVOKED *rev, long *ret)
{
	int critical = 0;
	ASN1_ENUMERATED *e = X509_REVOKED_get_ext_d2i(rev, NID_crl_reason, &critical, NULL);

	*ret = e == NULL ? -1 : ASN1_ENUMERATED_get(e);
	ASN1_ENUMERATED_free(e);
	return HZ_OK;
}

static enum hz_err
ask_list(const struct hz_tsa_revocation *r, X509_CRL *l, X509 *c, X509 *issuer, struct answer *a)
{
	X509_REVOKED *rev = NULL;
	int64_t t = 0;
	long reason = -1;

	if (X509_NAME_cmp(X509_CRL_get_issuer(l), X509_get_subject_name(issuer)) != 0 || !whole_list(l) ||
	    X509_CRL_verify(l, X509_get0_pubkey(issuer)) != 1) {
		return HZ_OK;
	}
	int found = X509_CRL_get0_by_cert(l, &rev, c);
	if (found == 1) {
		HZ_TRY(hz_tsa_time(X509_REVOKED_get0_revocationDate(rev), &t));
		HZ_TRY(reason_of(rev, &reason));
		take(a, reason, t, r->gen_time);
		return HZ_OK;
	}
	/* A list that ended before the token was made knows nothing of that time. */
	const ASN1_TIME *next = X509_CRL_get0_nextUpdate(l);
	HZ_TRY(hz_tsa_time(next == NULL ? X509_CRL_get0_lastUpdate(l) : next, &t));
	if (t >= r->gen_time && a->what == HZ_TSA_REVOKED_UNKNOWN) {
		a->what = HZ_TSA_REVOKED_NO;
	}
	return HZ_OK;
}

/* --- OCSP
 * --------------------------------------------------------------------------------------------------- */

static bool
same_cert(OCSP_SINGLERESP *s, X509 *c, X509 *issuer)
{
	OCSP_CERTID *id = OCSP_CERTID_dup(OCSP_SINGLERESP_get0_id(s)); /* what asks below wants no const */
	ASN1_OBJECT *alg = NULL;
	bool same = false;

	if (id != NULL && OCSP_id_get0_info(NULL, &alg, NULL, NULL, id) == 1) {
		const EVP_MD *md = EVP_get_digestbyobj(alg);
		OCSP_CERTID *own = md == NULL ? NULL : OCSP_cert_to_id(md, c, issuer);
		same = own != NULL && OCSP_id_cmp(own, id) == 0;
		OCSP_CERTID_free(own);
	}
	OCSP_CERTID_free(id);
	return same;
}

/* Signed by the issuer or by one whom the issuer made a responder, at the time of the answer. */
static bool
ocsp_signed(const struct hz_tsa_revocation *r, OCSP_BASICRESP *b)
{
	X509_STORE *store = X509_STORE_new();
	int64_t t = 0;
	bool good = store != NULL && hz_tsa_time(OCSP_resp_get0_produced_at(b), &t) == HZ_OK;

	for (int i = 0; good && i < sk_X509_num(r->anchors); i++) {
		good = X509_STORE_add_cert(store, sk_X509_value(r->anchors, i)) == 1;
	}
	if (good) {
		X509_VERIFY_PARAM *p = X509_STORE_get0_param(store);
		X509_VERIFY_PARAM_set_time(p, (time_t)t);
		good = X509_VERIFY_PARAM_set_flags(p, X509_V_FLAG_PARTIAL_CHAIN) == 1 &&
		       OCSP_basic_verify(b, r->chain, store, 0) == 1;
	}
	X509_STORE_free(store);
	ERR_clear_error();
	return good;
}

static enum hz_err
ask_single(const struct hz_tsa_revocation *r, OCSP_SINGLERESP *s, struct answer *a)
{
	ASN1_GENERALIZEDTIME *revoked = NULL, *this = NULL, *next = NULL;
	int reason = -1;
	int64_t t = 0;
	int status = OCSP_single_get0_status(s, &reason, &revoked, &this, &next);

	if (status == V_OCSP_CERTSTATUS_REVOKED) {
		HZ_TRY(hz_tsa_time(revoked, &t));
		take(a, reason, t, r->gen_time);
	} else if (status == V_OCSP_CERTSTATUS_GOOD) {
		HZ_TRY(hz_tsa_time(next == NULL ? this : next, &t));
		if (t >= r->gen_time && a->what == HZ_TSA_REVOKED_UNKNOWN) {
			a->what = HZ_TSA_REVOKED_NO;
		}
	}
	return HZ_OK;
}

static enum hz_err
ask_basic(const struct hz_tsa_revocation *r, OCSP_BASICRESP *b, X509 *c, X509 *issuer, struct answer *a)
{
	enum hz_err err = HZ_OK;

	if (!ocsp_signed(r, b)) {
		return HZ_OK;
	}
	for (int i = 0; err == HZ_OK && i < OCSP_resp_count(b); i++) {
		OCSP_SINGLERESP *s = OCSP_resp_get0(b, i);
		if (same_cert(s, c, issuer)) {
			err = ask_single(r, s, a);
		}
	}
	return err;
}

static enum hz_err
ask_ocsp(
    const struct hz_tsa_revocation *r, const struct hz_tsa_bytes *in, X509 *c, X509 *issuer, struct answer *a)
{
	const unsigned char *at = in->p;
	enum hz_err err = hz_tsa_ocsp_ok(in->p, in->n);

	if (err != HZ_OK) {
		return err;
	}
	OCSP_RESPONSE *o = d2i_OCSP_RESPONSE(NULL, &at, (long)in->n);
	OCSP_BASICRESP *b = o == NULL ? NULL : OCSP_response_get1_basic(o);
	if (b != NULL) {
		err = ask_basic(r, b, c, issuer, a);
	}
	OCSP_BASICRESP_free(b);
	OCSP_RESPONSE_free(o);
	ERR_clear_error();
	return err;
}

/* --- the chain
 * ---------------------------------------------------------------------------------------------- */

static bool
is_anchor(const struct hz_tsa_revocation *r, X509 *c)
{
	for (int i = 0; i < sk_X509_num(r->anchors); i++) {
		if (X509_cmp(sk_X509_value(r->anchors, i), c) == 0) {
			return true;
		}
	}
	return false;
}

HZ_RESULT
hz_tsa_revoked(const struct hz_tsa_revocation *r, struct hz_tsa_facts *f)
{
	bool all = true;

	f->revoked = HZ_TSA_REVOKED_UNKNOWN;
	for (int i = 0; i < sk_X509_num(r->chain); i++) {
		struct answer a = { HZ_TSA_REVOKED_UNKNOWN, 0 };
		X509 *c = sk_X509_value(r->chain, i);
		X509 *issuer = issuer_of(r, i);
		if (i > 0 && is_anchor(r, c)) {
			continue; /* trusted by whoever gave it */
		}
		for (int k = 0; issuer != NULL && k < sk_X509_CRL_num(r->crls); k++) {
			HZ_TRY(ask_list(r, sk_X509_CRL_value(r->crls, k), c, issuer, &a));
		}
		for (size_t k = 0; issuer != NULL && k < r->nocsps; k++) {
			HZ_TRY(ask_ocsp(r, &r->ocsps[k], c, issuer, &a));
		}
		for (size_t k = 0; issuer != NULL && k < r->inside->n; k++) {
			HZ_TRY(ask_basic(r, r->inside->ocsp[k], c, issuer, &a));
		}
		ERR_clear_error();
		all = all && a.what != HZ_TSA_REVOKED_UNKNOWN;
		if (a.what > f->revoked && a.what != HZ_TSA_REVOKED_NO) {
			f->revoked = a.what;
			f->revoked_at = a.at;
		}
	}
	if (f->revoked == HZ_TSA_REVOKED_UNKNOWN && all) {
		f->revoked = HZ_TSA_REVOKED_NO;
	}
	return HZ_OK;
}
