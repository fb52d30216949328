#include "vault/keyring.h"
#include "tests.h"

#include <stdlib.h>
#include <string.h>

static void
make(struct hz_keyring *k, struct hz_member_keys *mk, struct hz_buf *file)
{
	struct hz_kr_wrap w;
	struct hz_key_name name = { .type = HZ_KEY_EPOCH, .compartment = 1, .epoch = 3 };
	uint8_t seed[32], key[32];
	memset(k, 0, sizeof(*k));
	memset(seed, 7, 32);
	memset(key, 9, 32);
	memset(k->vault_id, 1, 16);
	hz_member_keys_derive(k->vault_id, seed, mk);
	k->members = calloc(1, sizeof(*k->members));
	k->slots = calloc(1, sizeof(*k->slots));
	assert_non_null(k->members);
	assert_non_null(k->slots);
	k->nmembers = k->nslots = 1;
	memset(k->members->id, 5, 16);
	memcpy(k->custodian, k->members->id, 16);
	memcpy(k->members->event_pk, mk->event.pk, 32);
	hz_x25519_public(mk->x25519_sk, k->members->x25519_pk);
	assert_int_equal(hz_wrap_make(k, &name, k->members->id, mk->wrap_key, key, &w), HZ_OK);
	assert_int_equal(hz_keyring_add_wrap(k, &w), HZ_OK);
	assert_int_equal(
	    hz_wrap_make_x25519(k, &name, k->members->id, k->members->x25519_pk, key, &w), HZ_OK);
	assert_int_equal(hz_keyring_add_wrap(k, &w), HZ_OK);
	assert_int_equal(
	    hz_slot_make(k->vault_id, k->members->id, "word", 4, 64 * 1024, 1, seed, k->slots), HZ_OK);
	assert_int_equal(hz_keyring_write(k, &mk->event, file), HZ_OK);
}

static void
round_trip(void **state)
{
	struct hz_keyring k, back;
	struct hz_member_keys mk;
	struct hz_buf file = HZ_BUF_INIT(HZ_KEYRING_MAX);
	uint8_t got[32], want[32], seed[32], want_seed[32];
	(void)state;
	make(&k, &mk, &file);
	memset(want, 9, 32);
	memset(want_seed, 7, 32);
	assert_int_equal(hz_keyring_read(file.p, file.len, &back), HZ_OK);
	assert_int_equal(back.nwraps, 2);
	assert_memory_equal(back.signed_hash, k.signed_hash, 32);
	for (size_t i = 0; i < 2; i++) {
		assert_int_equal(hz_wrap_open(&back, &back.wraps[i], mk.wrap_key, mk.x25519_sk, got), HZ_OK);
		assert_memory_equal(got, want, 32);
	}
	assert_int_equal(hz_wrap_open(&back, &back.wraps[1], mk.wrap_key, NULL, got), HZ_ERR_LOCKED);
	assert_int_equal(hz_slot_open(back.vault_id, back.slots, "word", 4, seed), HZ_OK);
	assert_memory_equal(seed, want_seed, 32);
	assert_int_equal(hz_slot_open(back.vault_id, back.slots, "wort", 4, seed), HZ_ERR_LOCKED);
	assert_int_equal(hz_fail_msg(), HZ_MSG_WRONG_PASSPHRASE);
	hz_keyring_done(&k);
	hz_keyring_done(&back);
	hz_buf_done(&file);
}

/* Every bit of the file is under the closing hash; with the hash made right again, every bit of the signed
 * part is under the signature. */
static void
every_bit(void **state)
{
	struct hz_keyring k, back;
	struct hz_member_keys mk;
	struct hz_buf file = HZ_BUF_INIT(HZ_KEYRING_MAX);
	(void)state;
	make(&k, &mk, &file);
	for (size_t i = 0; i < file.len * 8; i++) {
		file.p[i / 8] ^= (uint8_t)(1u << (i % 8));
		enum hz_err r = hz_keyring_read(file.p, file.len, &back);
		assert_true(r == HZ_ERR_TAMPERED || r == HZ_ERR_VERSION);
		file.p[i / 8] ^= (uint8_t)(1u << (i % 8));
	}
	size_t part_end = 8 + 2 + 4 + (size_t)hz_rd_be32(file.p + 10);
	for (size_t i = 14 * 8; i < (part_end + 64) * 8; i++) {
		file.p[i / 8] ^= (uint8_t)(1u << (i % 8));
		hz_sha256(file.p, file.len - 32, file.p + file.len - 32);
		enum hz_err r = hz_keyring_read(file.p, file.len, &back);
		assert_true(r == HZ_ERR_TAMPERED || r == HZ_ERR_VERSION);
		file.p[i / 8] ^= (uint8_t)(1u << (i % 8));
	}
	for (size_t n = 0; n < file.len; n++) {
		assert_int_not_equal(hz_keyring_read(file.p, n, &back), HZ_OK);
	}
	hz_keyring_done(&k);
	hz_buf_done(&file);
}

/* A wrap of one name does not open as another. */
static void
wrap_names(void **state)
{
	struct hz_keyring k;
	struct hz_member_keys mk;
	struct hz_buf file = HZ_BUF_INIT(HZ_KEYRING_MAX);
	uint8_t got[32];
	(void)state;
	make(&k, &mk, &file);
	struct hz_kr_wrap w = k.wraps[0];
	w.name.epoch++;
	assert_int_equal(hz_wrap_open(&k, &w, mk.wrap_key, NULL, got), HZ_ERR_TAMPERED);
	w = k.wraps[0];
	w.name.type = HZ_KEY_TABLE;
	assert_int_equal(hz_wrap_open(&k, &w, mk.wrap_key, NULL, got), HZ_ERR_TAMPERED);
	w = k.wraps[0];
	k.vault_id[0] ^= 1;
	assert_int_equal(hz_wrap_open(&k, &w, mk.wrap_key, NULL, got), HZ_ERR_TAMPERED);
	hz_keyring_done(&k);
	hz_buf_done(&file);
}

/* A hostile slot asks for nothing: limits come before any work. */
static void
hostile_slot(void **state)
{
	struct hz_kr_slot s = { .t = 3, .mem_kib = 0xFFFFFFFFu };
	uint8_t id[16] = { 0 }, seed[32];
	(void)state;
	assert_int_equal(hz_slot_open(id, &s, "x", 1, seed), HZ_ERR_LIMIT);
	s.mem_kib = 64 * 1024;
	s.t = 0x80000000u;
	assert_int_equal(hz_slot_open(id, &s, "x", 1, seed), HZ_ERR_LIMIT);
}

const struct CMUnitTest keyring_tests[] = {
	cmocka_unit_test(round_trip),
	cmocka_unit_test(every_bit),
	cmocka_unit_test(wrap_names),
	cmocka_unit_test(hostile_slot),
};
const size_t keyring_count = sizeof(keyring_tests) / sizeof(keyring_tests[0]);
