/* The keyring file: signed wraps, passphrase slots (docs/format.md 11.3). Pure: bytes in, values out. */
#ifndef HZ_VAULT_KEYRING_H
#define HZ_VAULT_KEYRING_H

#include "base/buf.h"
#include "crypto/crypto.h"

#define HZ_KEYRING_MAX   (16u << 20)
#define HZ_KR_MEMBERS    256
#define HZ_KR_WRAPS      65536
#define HZ_KR_SLOTS      256
#define HZ_KR_WRAP_BYTES 104

enum hz_key_type {
	HZ_KEY_LOG = 1,
	HZ_KEY_CHECKPOINT,
	HZ_KEY_TABLE,
	HZ_KEY_INDEX,
	HZ_KEY_EPOCH,
	HZ_KEY_EPOCH_X25519
};

struct hz_key_name { /* which shared key; fields a type does not need are 0 */
	uint8_t type;
	uint32_t compartment, epoch;
	uint8_t log[4];
};
struct hz_kr_member {
	uint8_t id[16], event_pk[32], bundle_pk[32], x25519_pk[32];
};
struct hz_kr_wrap {
	struct hz_key_name name;
	uint8_t member[16], method, bytes[HZ_KR_WRAP_BYTES];
	size_t n;
};
struct hz_kr_slot {
	uint8_t member[16], salt[16], nonce[24], box[48], mac[32];
	uint32_t t, mem_kib;
};
struct hz_keyring {
	uint8_t vault_id[16], custodian[16], signed_hash[32];
	uint64_t generation;
	size_t nmembers, nwraps, nslots;
	struct hz_kr_member *members; /* heap */
	struct hz_kr_wrap *wraps;
	struct hz_kr_slot *slots;
};

void hz_keyring_done(struct hz_keyring *k);
HZ_RESULT hz_keyring_add_wrap(struct hz_keyring *k, const struct hz_kr_wrap *w);
/* Whole file with the custodian's signature; sets k->signed_hash. */
HZ_RESULT hz_keyring_write(struct hz_keyring *k, const struct hz_ed_key *custodian, struct hz_buf *out);
/* Strict; checks the closing hash and the custodian's signature. HZ_MSG_KEYRING_DAMAGED, HZ_MSG_VAULT_NEWER.
 */
HZ_RESULT hz_keyring_read(const void *p, size_t n, struct hz_keyring *ret_k);

/* Method 1: under the member's own symmetric key. */
HZ_RESULT hz_wrap_make(const struct hz_keyring *k, const struct hz_key_name *name,
    const uint8_t member[static 16], const uint8_t member_key[static 32], const uint8_t key[static 32],
    struct hz_kr_wrap *ret_w);
/* Methods 1 and 2. HZ_MSG_KEYRING_DAMAGED. x25519_sk may be NULL where only method 1 is expected. */
HZ_RESULT hz_wrap_open(const struct hz_keyring *k, const struct hz_kr_wrap *w,
    const uint8_t member_key[static 32], const uint8_t *x25519_sk, uint8_t ret_key[static 32]);
/* Method 2: to a member's X25519 key. */
HZ_RESULT hz_wrap_make_x25519(const struct hz_keyring *k, const struct hz_key_name *name,
    const uint8_t member[static 16], const uint8_t recipient[static 32], const uint8_t key[static 32],
    struct hz_kr_wrap *ret_w);

HZ_RESULT hz_slot_make(const uint8_t vault_id[static 16], const uint8_t member[static 16], const void *pw,
    size_t pwlen, uint32_t mem_kib, uint32_t t, const uint8_t seed[static 32], struct hz_kr_slot *ret_s);
/* HZ_MSG_WRONG_PASSPHRASE. */
HZ_RESULT hz_slot_open(const uint8_t vault_id[static 16], const struct hz_kr_slot *s, const void *pw,
    size_t pwlen, uint8_t ret_seed[static 32]);

/* A member's own keys [F-4.3]; all secret. */
struct hz_member_keys {
	struct hz_ed_key event, bundle;
	uint8_t x25519_sk[32], wrap_key[32];
};
void hz_member_keys_derive(
    const uint8_t vault_id[static 16], const uint8_t seed[static 32], struct hz_member_keys *ret_k);

#endif
