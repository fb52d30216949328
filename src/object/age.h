/* age v1 headers (C2SP age.md): X25519 and scrypt stanzas, MAC; whole files for bundles. Binary only, no
 * armor. */
#ifndef HZ_OBJECT_AGE_H
#define HZ_OBJECT_AGE_H

#include "base/buf.h"

#define HZ_AGE_STANZAS_MAX 64

/* Appends a header with one X25519 stanza for each recipient (32-byte public keys), fresh ephemerals. */
HZ_RESULT hz_age_header_write(
    const uint8_t file_key[static 16], const uint8_t (*recipients)[32], size_t n, struct hz_buf *out);
/* Parses a header at p (strict), tries the identity on each X25519 stanza, checks the MAC.
 * *ret_used = header bytes. HZ_ERR_LOCKED (NO_KEY) when no stanza opens; HZ_MSG_FORMAT; HZ_MSG_TAMPERED for
 * the MAC. */
HZ_RESULT hz_age_header_open(const uint8_t *p, size_t n, const uint8_t identity[static 32],
    uint8_t ret_file_key[static 16], size_t *ret_used);
/* The same with a passphrase (scrypt stanza, alone; log N at most 22). */
HZ_RESULT hz_age_header_open_scrypt(const uint8_t *p, size_t n, const void *pw, size_t pwlen,
    uint8_t ret_file_key[static 16], size_t *ret_used);
/* A whole small age file (testkit, tests): payload appended to out. */
HZ_RESULT hz_age_payload_open(
    const uint8_t *p, size_t n, const uint8_t file_key[static 16], struct hz_buf *out);

/* Streaming encryption of a file of unknown length to recipients (sealed bundles): sink gets header and
 * chunks. */
struct hz_age_writer;
HZ_RESULT hz_age_writer_new(const uint8_t (*recipients)[32], size_t n,
    enum hz_err (*sink)(void *arg, const void *p, size_t n), void *arg, struct hz_age_writer **ret_w);
HZ_RESULT hz_age_writer_put(struct hz_age_writer *w, const void *p, size_t n);
HZ_RESULT hz_age_writer_end(struct hz_age_writer *w);
void hz_age_writer_free(struct hz_age_writer **w);

/* "AGE-SECRET-KEY-1..." and "age1..." texts. */
HZ_RESULT hz_age_identity_text(
    const uint8_t identity[static 32], struct hz_buf *out); /* out: secret buffer */
HZ_RESULT hz_age_recipient_text(const uint8_t pk[static 32], struct hz_buf *out);
HZ_RESULT hz_age_identity_parse(const char *s, size_t n, uint8_t ret_identity[static 32]);
HZ_RESULT hz_age_recipient_parse(const char *s, size_t n, uint8_t ret_pk[static 32]);

#endif
