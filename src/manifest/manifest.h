/* What a bundle is made of: BagIt manifests, strict tar, minisign, SSHSIG (docs/format.md 9). Pure; the reader side
 * reads through a callback. hirz-verify and bundle both stand on it. */
#ifndef HZ_MANIFEST_MANIFEST_H
#define HZ_MANIFEST_MANIFEST_H

#include "base/buf.h"
#include "crypto/crypto.h"

#define HZ_BAG_PATH_MAX   100
#define HZ_BAG_FILES_MAX  20000000
#define HZ_MANIFEST_LINE  (128 + 2 + HZ_BAG_PATH_MAX + 1)

/* A path of [A-Za-z0-9._-] and '/', no empty, "." or ".." part, at most HZ_BAG_PATH_MAX bytes. */
bool hz_bag_path_ok(const char *s, size_t n);
/* One manifest line, appended. digest of len bytes. */
HZ_RESULT hz_manifest_line(struct hz_buf *out, const uint8_t *digest, size_t len, const char *path);
/* Walks a manifest text: lines must be sorted strictly by path, digest of hexlen characters. *pos from 0 on;
 * *ret_found false at the end. HZ_MSG_BUNDLE_DAMAGED. */
HZ_RESULT hz_manifest_next(const char *p, size_t n, size_t digest_len, size_t *pos, bool *ret_found, uint8_t *ret_digest,
    const char **ret_path, size_t *ret_pathlen);

/* --- strict tar [F-9.2] ----------------------------------------------------------------------------- */
struct hz_tar_member {
	char path[HZ_BAG_PATH_MAX * 2 + 2]; /* with the bag folder */
	uint64_t size;
	int64_t mtime;
};
/* The exact header bytes (512, or 1536 with the extended header of files of 8 GiB or more) that a member has. */
HZ_RESULT hz_tar_header(const struct hz_tar_member *m, struct hz_buf *out);
struct hz_tar_reader;
/* read: fills up to n bytes, *ret_n 0 at the end. */
HZ_RESULT hz_tar_open(enum hz_err (*read)(void *arg, void *p, size_t n, size_t *ret_n), void *arg, struct hz_tar_reader **ret_r);
void hz_tar_close(struct hz_tar_reader **r);
/* Next member; its content must have been read to the end or is skipped. Every rule: names sorted and unique, one folder,
 * regular files, exact header, zero padding, exact end. HZ_MSG_BUNDLE_DAMAGED; *ret_found false at the good end. */
HZ_RESULT hz_tar_next(struct hz_tar_reader *r, bool *ret_found, struct hz_tar_member *ret_m);
HZ_RESULT hz_tar_read(struct hz_tar_reader *r, void *p, size_t n, size_t *ret_n);

/* --- minisign [F-9.5], SSHSIG [F-9.6] ----------------------------------------------------------------- */
/* digest512: BLAKE2b-512 of the signed file. */
HZ_RESULT hz_minisign_write(const struct hz_ed_key *key, const uint8_t blake2b[static 64], const char *trusted, struct hz_buf *out);
HZ_RESULT hz_minisign_pub_write(const uint8_t pk[static 32], struct hz_buf *out);
HZ_RESULT hz_minisign_pub_read(const void *p, size_t n, uint8_t ret_pk[static 32]);
/* strict: only the one form our writer makes; else anything minisign -H accepts. ret_trusted: buffer for the comment or NULL. */
HZ_RESULT hz_minisign_verify(const void *sig, size_t n, const uint8_t pk[static 32], const uint8_t blake2b[static 64],
    bool strict, struct hz_buf *ret_trusted);
/* digest512: SHA-512 of the signed file; namespace "hirz-bundle". */
HZ_RESULT hz_sshsig_write(const struct hz_ed_key *key, const char *ns, const uint8_t sha512[static 64], struct hz_buf *out);
HZ_RESULT hz_sshsig_verify(const void *sig, size_t n, const uint8_t pk[static 32], const char *ns, const uint8_t sha512[static 64], bool strict);
/* "ssh-ed25519 AAAA... comment" and an allowed_signers line. */
HZ_RESULT hz_ssh_public_line(const uint8_t pk[static 32], const char *comment, struct hz_buf *out);
HZ_RESULT hz_ssh_public_parse(const void *p, size_t n, uint8_t ret_pk[static 32]);
/* JWK Set of Ed25519 public keys, canonical JSON; and one key out of a JWK or JWK Set text. */
HZ_RESULT hz_jwks_write(const uint8_t (*pks)[32], size_t n, struct hz_buf *out);
HZ_RESULT hz_jwk_parse(const void *p, size_t n, uint8_t (*ret_pks)[32], size_t max, size_t *ret_n);

#endif
