/* RFC 3161 time stamps: requests, replies, tokens, and what a token proves about some bytes
 * (docs/format.md [F-8.9]). Through libcrypto; nothing here asks a network or a clock. */
#ifndef HZ_CRYPTO_TSA_H
#define HZ_CRYPTO_TSA_H

#include "base/buf.h"

#define HZ_TSA_FILE_MAX  ((size_t)1 << 20) /* a file of certificates, revocation lists, a reply */
#define HZ_TSA_TOKEN_MAX 65536
#define HZ_TSA_REQ_MAX   1024
#define HZ_TSA_NONCE_MAX 20
#define HZ_TSA_CERTS_MAX 512 /* in one file */
#define HZ_TSA_CRLS_MAX  64
#define HZ_TSA_DEPTH_MAX 8 /* certificates between the signer and the trust anchor */
#define HZ_TSA_NAME_MAX  256

/* Starts what the others need: libcrypto without its configuration file, the C library's time zone. They do
 * it themselves; a program calls it before it enters a sandbox, where no file can be opened. */
HZ_RESULT hz_tsa_start(void);

/* --- requests -------------------------------------------------------------------------------------- */
struct hz_tsa_request {
	uint8_t imprint[64];
	size_t imprint_len; /* 32 SHA-256, 48 SHA-384, 64 SHA-512 */
	uint8_t nonce[HZ_TSA_NONCE_MAX];
	size_t nonce_len; /* 0: none; without leading zero bytes */
	bool cert;        /* certReq */
};
/* TimeStampReq in DER, appended: version 1, SHA-256 imprint, nonce (its highest bit is taken as 0, its first
 * byte must not be 0), certReq, no policy. */
HZ_RESULT hz_tsa_request_write(
    const uint8_t sha256[static 32], const uint8_t *nonce, size_t nonce_len, struct hz_buf *out);
/* Any TimeStampReq of SHA-256, SHA-384 or SHA-512. HZ_MSG_FORMAT, HZ_MSG_LIMIT. */
HZ_RESULT hz_tsa_request_read(const void *p, size_t n, struct hz_tsa_request *ret);

/* --- replies and tokens ------------------------------------------------------------------------------ */
/* Where the token lies in what an authority sent: in a TimeStampResp with status granted or grantedWithMods,
 * or the whole, where it is a bare token. Only the outer form is looked at. HZ_MSG_FORMAT; HZ_MSG_LIMIT over
 * HZ_TSA_TOKEN_MAX; HZ_MSG_ANCHOR_INVALID where the authority refused (detail: its words). */
HZ_RESULT hz_tsa_token_find(const void *p, size_t n, size_t *ret_at, size_t *ret_len);

/* What a token says about itself; nothing of it is checked but the form. */
struct hz_tsa_info {
	int64_t gen_time;
	uint8_t imprint[64];
	size_t imprint_len;
	uint8_t nonce[HZ_TSA_NONCE_MAX];
	size_t nonce_len; /* 0: none */
	char serial[2 * HZ_TSA_NONCE_MAX + 1], policy[80];
};
HZ_RESULT hz_tsa_info(const void *p, size_t n, struct hz_tsa_info *ret);

struct hz_tsa_bytes {
	const void *p;
	size_t n;
};
struct hz_tsa_evidence {
	struct hz_tsa_bytes token, data;         /* the bare token; the bytes that it is about */
	const uint8_t *imprint;                  /* NULL; or their hash, where only that is known */
	struct hz_tsa_bytes anchors;             /* certificates that are trusted (PEM, or one in DER) */
	struct hz_tsa_bytes more;                /* certificates for the chain, not trusted (the same) */
	const struct hz_tsa_bytes *crls, *ocsps; /* files: PEM or DER; OCSP responses: DER */
	size_t ncrls, nocsps;
	const struct hz_tsa_request *request; /* NULL: the nonce is not compared */
	int64_t now;
};
enum hz_tsa_path {
	HZ_TSA_PATH_GOOD,
	HZ_TSA_PATH_NONE,    /* leads to none of the anchors */
	HZ_TSA_PATH_EXPIRED, /* a certificate was not valid at that time */
	HZ_TSA_PATH_BAD      /* purpose, weak key or signature, constraint */
};
enum hz_tsa_revoked {
	HZ_TSA_REVOKED_UNKNOWN, /* not said about every certificate of the chain */
	HZ_TSA_REVOKED_NO,
	HZ_TSA_REVOKED_LATER, /* after the token, for a reason that leaves older tokens valid (RFC 3161 4) */
	HZ_TSA_REVOKED_YES
};
struct hz_tsa_facts {
	struct hz_tsa_info info;
	enum hz_tsa_path then, now; /* at gen_time; at evidence.now */
	char why[128];              /* libcrypto's words for `then`, where it is not good */
	enum hz_tsa_revoked revoked;
	int64_t revoked_at;
	int64_t first_expiry;            /* the earliest end of a certificate of the chain */
	char authority[HZ_TSA_NAME_MAX]; /* subject of the signer */
};
/* What is wrong with the token itself is an error: HZ_MSG_FORMAT, HZ_MSG_LIMIT for the form of any input;
 * HZ_MSG_ANCHOR_INVALID for another imprint or nonce, an imprint or signature over anything weaker than
 * SHA-256, not exactly one signer, no certificate of the signer, a wrong signature, a signer's certificate
 * not for time stamping alone (critical), a missing or other ESSCertID. How far its chain can be trusted is
 * told in the facts. chain (or NULL) gets the certificates, signer first, as PEM; crls (or NULL) the
 * revocation lists that were given or lay in the token and are of issuers of the chain, as PEM. */
HZ_RESULT hz_tsa_check(
    const struct hz_tsa_evidence *e, struct hz_tsa_facts *ret, struct hz_buf *chain, struct hz_buf *crls);
/* The hash of an imprint by its length: 32, 48 or 64 bytes of SHA-2. HZ_MSG_FORMAT for another. */
HZ_RESULT hz_tsa_digest(size_t len, const void *p, size_t n, uint8_t ret_h[static 64]);
/* The earliest end of the certificates in a file. HZ_MSG_FORMAT. */
HZ_RESULT hz_tsa_first_expiry(const void *p, size_t n, int64_t *ret_t);
/* Whether a file holds at least one certificate, revocation list or OCSP response. HZ_MSG_FORMAT. */
HZ_RESULT hz_tsa_certs_ok(const void *p, size_t n);
HZ_RESULT hz_tsa_crls_ok(const void *p, size_t n);
HZ_RESULT hz_tsa_ocsp_ok(const void *p, size_t n);

/* --- old hashes, for the replay of OpenTimestamps proofs only [F-8.10] -------------------------------- */
void hz_sha1(const void *p, size_t n, uint8_t ret_h[static 20]);
void hz_ripemd160(const void *p, size_t n, uint8_t ret_h[static 20]);
/* Keccak[512] with 256 bits of output, as before FIPS 202 added its suffix. */
void hz_keccak256(const void *p, size_t n, uint8_t ret_h[static 32]);

#endif
