/* What a bundle is made of: BagIt manifests, strict tar, minisign, SSHSIG (docs/format.md 9). Pure; the
 * reader side reads through a callback. hirz-verify and bundle both stand on it. */
#ifndef HZ_MANIFEST_MANIFEST_H
#define HZ_MANIFEST_MANIFEST_H

#include "base/buf.h"
#include "crypto/crypto.h"

#define HZ_BAG_PATH_MAX  100
#define HZ_BAG_FILES_MAX 20000000
#define HZ_MANIFEST_LINE (128 + 2 + HZ_BAG_PATH_MAX + 1)
#define HZ_BAG_NAME_MIN  18 /* hirz-YYYYMMDD-NNNN */
#define HZ_BAG_NAME_MAX  34 /* with an index of 20 digits */
#define HZ_TAR_PATH_MAX  (HZ_BAG_PATH_MAX * 2 + 1)
#define HZ_TAR_SIZE_MAX  (((uint64_t)1 << 53) - 1)
#define HZ_TAR_TIME_MAX  (((int64_t)1 << 33) - 1)
#define HZ_JWKS_MAX      256

/* A path of [A-Za-z0-9._-] and '/', no empty, "." or ".." part, at most HZ_BAG_PATH_MAX bytes. */
bool hz_bag_path_ok(const char *s, size_t n);
/* A bag's name: hirz-YYYYMMDD-NNNN with at least four digits at the end and no needless leading zero [F-9.1].
 */
bool hz_bag_name_ok(const char *s, size_t n);
/* One manifest line, appended. digest of len bytes. */
HZ_RESULT hz_manifest_line(struct hz_buf *out, const uint8_t *digest, size_t len, const char *path);
/* Walks a manifest text: "<hex>  <path> LF", sorted strictly by path, digests of digest_len bytes. *pos from
 * 0 on and only as given back; *ret_found false at the end. ret_path is borrowed from p.
 * HZ_MSG_BUNDLE_DAMAGED. */
HZ_RESULT hz_manifest_next(const char *p, size_t n, size_t digest_len, size_t *pos, bool *ret_found,
    uint8_t *ret_digest, const char **ret_path, size_t *ret_pathlen);

/* --- strict tar [F-9.2] ----------------------------------------------------------------------------- */
struct hz_tar_member {
	char path[HZ_TAR_PATH_MAX + 1]; /* with the bag folder, NUL-ended */
	uint64_t size;
	int64_t mtime;
};
/* The exact header bytes (512, or 1536 with the extended header of files of 8 GiB or more or after 2038) that
 * a member has, appended. HZ_MSG_LIMIT: path not <bag name>/<path in the bag>, size over HZ_TAR_SIZE_MAX,
 * mtime outside 0..HZ_TAR_TIME_MAX. The content, zero bytes up to a multiple of 512, and at the end 1,024
 * zero bytes are the caller's. */
HZ_RESULT hz_tar_header(const struct hz_tar_member *m, struct hz_buf *out);
struct hz_tar_reader;
/* read: fills up to n bytes (fewer is fine), *ret_n 0 at the end of the file; its errors are passed on. */
HZ_RESULT hz_tar_open(enum hz_err (*read)(void *arg, void *p, size_t n, size_t *ret_n), void *arg,
    struct hz_tar_reader **ret_r);
void hz_tar_close(struct hz_tar_reader **r);
/* Next member; content of the member before that was not read is skipped. Every rule of [F-9.2]: names sorted
 * and unique, one folder, one time which is the folder's day, regular files, exact header, zero padding,
 * exact end, at least one file. HZ_MSG_BUNDLE_DAMAGED; *ret_found false at the good end. After an error the
 * reader can only be closed. */
HZ_RESULT hz_tar_next(struct hz_tar_reader *r, bool *ret_found, struct hz_tar_member *ret_m);
/* Content of the current member, up to n bytes; *ret_n 0 at its end. HZ_MSG_BUNDLE_DAMAGED where the file
 * ends early. */
HZ_RESULT hz_tar_read(struct hz_tar_reader *r, void *p, size_t n, size_t *ret_n);

/* --- minisign [F-9.5], SSHSIG [F-9.6] ----------------------------------------------------------------- */
/* blake2b: BLAKE2b-512 of the signed file. trusted: the trusted comment, UTF-8 without control characters, at
 * most 8,192 bytes (HZ_MSG_LIMIT). Appends the four lines; the key number is the first 8 bytes of H(public
 * key). */
HZ_RESULT hz_minisign_write(
    const struct hz_ed_key *key, const uint8_t blake2b[static 64], const char *trusted, struct hz_buf *out);
/* The public key file, two lines; the comment shows the key number as the stock program does. Appended. */
HZ_RESULT hz_minisign_pub_write(const uint8_t pk[static 32], struct hz_buf *out);
/* Any minisign public key: the file (LF or CRLF) or its base64 line alone. HZ_MSG_BUNDLE_DAMAGED. */
HZ_RESULT hz_minisign_pub_read(const void *p, size_t n, uint8_t ret_pk[static 32]);
/* strict: only the one form our writer makes (comment, key number, line ends); else any prehashed minisign
 * signature, CRLF too. The old, not prehashed form is always refused. ret_trusted gets the trusted comment
 * (or NULL), only on success. Form: HZ_MSG_BUNDLE_DAMAGED; either signature wrong: HZ_MSG_BUNDLE_TAMPERED. */
HZ_RESULT hz_minisign_verify(const void *sig, size_t n, const uint8_t pk[static 32],
    const uint8_t blake2b[static 64], bool strict, struct hz_buf *ret_trusted);

/* What stands before the records of proposed.json [F-9.14]. */
#define HZ_PROPOSED_NOTE                                                                                     \
	"These tags are proposals of a program. Nobody has confirmed them. They are no findings."

#define HZ_SSHSIG_NS        "hirz-bundle" /* the namespace, and */
#define HZ_SSHSIG_PRINCIPAL "hirz"        /* the name before the key in keys/allowed_signers [F-9.9] */
/* sha512: SHA-512 of the signed file; ns: the namespace. Appends the armored signature, 70 columns. */
HZ_RESULT hz_sshsig_write(
    const struct hz_ed_key *key, const char *ns, const uint8_t sha512[static 64], struct hz_buf *out);
/* strict: only the form our writer makes; else any wrap of an ssh-ed25519 signature over SHA-512. Form,
 * algorithm, hash: HZ_MSG_BUNDLE_DAMAGED; other key, other namespace, wrong signature:
 * HZ_MSG_BUNDLE_TAMPERED. */
HZ_RESULT hz_sshsig_verify(const void *sig, size_t n, const uint8_t pk[static 32], const char *ns,
    const uint8_t sha512[static 64], bool strict);
/* "ssh-ed25519 AAAA... comment LF", appended. Comment: not empty, no control characters, no quotation mark.
 */
HZ_RESULT hz_ssh_public_line(const uint8_t pk[static 32], const char *comment, struct hz_buf *out);
/* "<principal> namespaces="<ns>" ssh-ed25519 AAAA... LF", appended; both without spaces. */
HZ_RESULT hz_ssh_allowed_line(
    const uint8_t pk[static 32], const char *principal, const char *ns, struct hz_buf *out);
/* The key of one line of either kind. HZ_MSG_BUNDLE_DAMAGED. */
HZ_RESULT hz_ssh_public_parse(const void *p, size_t n, uint8_t ret_pk[static 32]);

/* --- JWK [F-9.9] ------------------------------------------------------------------------------------------
 */
/* JWK Set of Ed25519 public keys, canonical JSON without line end, sorted by kid, each key once; 1 to
 * HZ_JWKS_MAX keys. */
HZ_RESULT hz_jwks_write(const uint8_t (*pks)[32], size_t n, struct hz_buf *out);
/* The keys of a JWK or JWK Set text (strict JSON, canonical or not), 1 to max; *ret_n of them. A kid that is
 * not the thumbprint, another key type or a private part is refused: HZ_MSG_BUNDLE_DAMAGED. */
HZ_RESULT hz_jwk_parse(const void *p, size_t n, uint8_t (*ret_pks)[32], size_t max, size_t *ret_n);

#endif
