/* What the files of the time stamp part share. Inside the room. */
#ifndef HZ_CRYPTO_TSA_INNER_H
#define HZ_CRYPTO_TSA_INNER_H

#include "crypto/tsa.h"

#include <openssl/ocsp.h>
#include <openssl/ts.h>
#include <openssl/x509.h>

/* The newest of libcrypto's errors in its words, and an empty queue. Borrowed, static text. */
const char *hz_tsa_words(void);
/* HZ_MSG_NOMEM where that is the newest error, else msg with the detail and libcrypto's words. */
enum hz_err hz_tsa_fail(enum hz_msg msg, const char *detail);

/* All certificates or revocation lists of a file, added to the stack. */
HZ_RESULT hz_tsa_certs(const struct hz_tsa_bytes *b, STACK_OF(X509) * out);
HZ_RESULT hz_tsa_crls(const struct hz_tsa_bytes *b, STACK_OF(X509_CRL) * out);
/* A whole DER value, nothing behind it. */
HZ_RESULT hz_tsa_pkcs7(const void *p, size_t n, PKCS7 **ret);
HZ_RESULT hz_tsa_tst(PKCS7 *token, TS_TST_INFO **ret, struct hz_tsa_info *ret_info);
/* Length of the digest of an algorithm that is allowed; 0 else. */
size_t hz_tsa_digest_len(const X509_ALGOR *a);
HZ_RESULT hz_tsa_integer(const ASN1_INTEGER *a, uint8_t *ret_p, size_t *ret_n);
HZ_RESULT hz_tsa_time(const ASN1_TIME *a, int64_t *ret_t);

/* The chain to any of the anchors at a time, as far as it goes; *ret_chain may be NULL. why: 128 bytes. */
HZ_RESULT hz_tsa_path(STACK_OF(X509) * anchors, STACK_OF(X509) * others, X509 *signer, int64_t when,
    enum hz_tsa_path *ret_path, STACK_OF(X509) * *ret_chain, char *why);

/* What lies in the token itself (tsa_values.c): lists go to the others, OCSP responses here. */
#define HZ_TSA_OCSP_INSIDE 16
struct hz_tsa_inside {
	size_t n;
	OCSP_BASICRESP *ocsp[HZ_TSA_OCSP_INSIDE];
};
/* HZ_MSG_NOMEM. in: hz_tsa_inside_done in any case. */
HZ_RESULT hz_tsa_inside(const PKCS7_SIGNER_INFO *si, STACK_OF(X509_CRL) * crls, struct hz_tsa_inside *in);
void hz_tsa_inside_done(struct hz_tsa_inside *in);

struct hz_tsa_revocation {
	STACK_OF(X509) * chain, *anchors, *others;
	STACK_OF(X509_CRL) * crls;
	const struct hz_tsa_bytes *ocsps;
	size_t nocsps;
	const struct hz_tsa_inside *inside;
	int64_t gen_time;
};
HZ_RESULT hz_tsa_revoked(const struct hz_tsa_revocation *r, struct hz_tsa_facts *f);

#endif
