/* What reading and writing of age headers share. Inside the room only. */
#ifndef HZ_OBJECT_AGE_WRAP_H
#define HZ_OBJECT_AGE_WRAP_H

#include "base/buf.h"

#define HZ_AGE_MAGIC "age-encryption.org/v1"

/* HKDF(shared, share || recipient, "age-encryption.org/v1/X25519"); the caller wipes it. */
void hz_age_x25519_key(const uint8_t shared[static 32], const uint8_t share[static 32],
    const uint8_t recipient[static 32], uint8_t ret_key[static 32]);
/* HMAC under HKDF(file key, "", "header") over the header's first n bytes, up to and with "---". */
void hz_age_mac(const uint8_t file_key[static 16], const uint8_t *p, size_t n, uint8_t ret_mac[static 32]);

#endif
