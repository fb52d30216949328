/* Revocation data that lie in a token: the unsigned attribute id-aa-ets-revocation-values of CAdES (RFC 5126
 * 6.3.4), for which ETSI EN 319 422 has a place. Nobody signed the attribute, but what is in it is signed by
 * those who say it: it can only tell more. One that is not of its form tells nothing. */
#include "crypto/tsa_inner.h"

#include <openssl/err.h>

enum { CRLS, OCSPS }; /* tags in RevocationValues; others are of no use here */

/* The content of the next value, which has this class and any tag; false at the end or where it is none. */
static bool
step(const unsigned char **at, const unsigned char *end, int class, int *ret_tag, const unsigned char **ret_p,
    long *ret_n)
{
	const unsigned char *p = *at;
	int found = 0;

	if (p >= end) {
		return false;
	}
	int form = ASN1_get_object(&p, ret_n, ret_tag, &found, end - p);
	if ((form & 0x80) != 0 || form == 0x21 || found != class || *ret_n > end - p) {
		return false; /* damaged, or of no length that is said */
	}
	*ret_p = p;
	*at = p + *ret_n;
	return true;
}

static enum hz_err
take_crls(const unsigned char *p, const unsigned char *end, STACK_OF(X509_CRL) * crls)
{
	while (p < end && sk_X509_CRL_num(crls) < HZ_TSA_CRLS_MAX) {
		X509_CRL *c = d2i_X509_CRL(NULL, &p, end - p);
		if (c == NULL) {
			return HZ_OK;
		}
		if (sk_X509_CRL_push(crls, c) <= 0) {
			X509_CRL_free(c);
			return hz_fail(HZ_MSG_NOMEM, "revocation lists");
		}
	}
	return HZ_OK;
}

static void
take_ocsps(const unsigned char *p, const unsigned char *end, struct hz_tsa_inside *in)
{
	while (p < end && in->n < HZ_TSA_OCSP_INSIDE) {
		OCSP_BASICRESP *b = d2i_OCSP_BASICRESP(NULL, &p, end - p);
		if (b == NULL) {
			return;
		}
		in->ocsp[in->n++] = b;
	}
}

HZ_RESULT
hz_tsa_inside(const PKCS7_SIGNER_INFO *si, STACK_OF(X509_CRL) * crls, struct hz_tsa_inside *in)
{
	const ASN1_TYPE *a = PKCS7_get_attribute(si, NID_id_smime_aa_ets_revocationValues);
	const unsigned char *at = NULL, *p = NULL, *inner = NULL;
	int tag = 0, seq = 0;
	long n = 0, len = 0;
	enum hz_err r = HZ_OK;

	if (a == NULL || a->type != V_ASN1_SEQUENCE) {
		return HZ_OK;
	}
	const unsigned char *end = ASN1_STRING_get0_data(a->value.sequence);
	at = end;
	end += ASN1_STRING_length(a->value.sequence);
	if (!step(&at, end, V_ASN1_UNIVERSAL, &seq, &p, &n)) {
		ERR_clear_error();
		return HZ_OK;
	}
	end = p + n;
	while (r == HZ_OK && step(&p, end, V_ASN1_CONTEXT_SPECIFIC, &tag, &inner, &n)) {
		const unsigned char *list = NULL, *stop = inner + n;
		if (!step(&inner, stop, V_ASN1_UNIVERSAL, &seq, &list, &len) || seq != V_ASN1_SEQUENCE) {
			continue;
		}
		if (tag == CRLS) {
			r = take_crls(list, list + len, crls);
		} else if (tag == OCSPS) {
			take_ocsps(list, list + len, in);
		}
	}
	ERR_clear_error();
	return r;
}

void
hz_tsa_inside_done(struct hz_tsa_inside *in)
{
	while (in->n > 0) {
		OCSP_BASICRESP_free(in->ocsp[--in->n]);
	}
}
