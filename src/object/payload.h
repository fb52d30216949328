/* What sealing and opening share: key and nonces of an age payload [F-6.2]. Inside the room only. */
#ifndef HZ_OBJECT_PAYLOAD_H
#define HZ_OBJECT_PAYLOAD_H

#include "base/buf.h"

#define HZ_PAYLOAD_NONCE 16

/* HKDF(file key, nonce, "payload", 32); the caller wipes it. */
void hz_payload_key(
    const uint8_t file_key[static 16], const uint8_t nonce[static 16], uint8_t ret_key[static 32]);
/* 11-byte big-endian counter, then 1 for the last chunk, else 0. */
void hz_chunk_nonce(uint64_t counter, bool last, uint8_t ret_nonce[static 12]);

#endif
