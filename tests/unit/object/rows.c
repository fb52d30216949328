/* Header rows, values under the exhibit key, openings [F-6.5] to [F-6.7]. */
#include "tests.h"

#include <stdlib.h>
#include <string.h>

static const uint8_t vault_id[16] = { 0xa0, 0xa1, 0xa2 };
static const uint8_t file_key[16] = { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16 };
static const struct hz_epoch_key epoch = { 1, 7, { 0xe0, 0xe1, 0xe2 } };

static void
wrap(uint8_t *h)
{
	struct hz_buf b = HZ_BUF_INIT(HZ_OBJ_HEADER_MAX);

	assert_int_equal(hz_header_wrap(&epoch, vault_id, file_key, &b), HZ_OK);
	assert_int_equal(b.len, 97);
	memcpy(h, b.p, 97);
	hz_buf_done(&b);
}

void
test_header_round(void **state)
{
	uint8_t h[97], again[97], key[16];
	struct hz_header_info info;

	(void)state;
	wrap(h);
	assert_int_equal(hz_header_peek(h, 97, &info), HZ_OK);
	assert_int_equal(info.type, 1);
	assert_int_equal(info.compartment, 1);
	assert_int_equal(info.epoch, 7);
	assert_int_equal(hz_header_unwrap(h, 97, &epoch, vault_id, key), HZ_OK);
	assert_memory_equal(key, file_key, 16);
	/* The bytes as the format page has them. */
	static const uint8_t start[9] = { 1, 0, 0, 0, 1, 0, 0, 0, 7 };
	uint8_t ad[38] = "hirz-header/v1", box[32], mac[32], text[32] = "hirz-file-key/v1";
	assert_memory_equal(h, start, 9);
	memcpy(ad + 14, vault_id, 16);
	memcpy(ad + 30, start + 1, 8);
	hz_box_seal(epoch.key, h + 9, ad, 38, file_key, 16, box);
	assert_memory_equal(h + 33, box, 32);
	memcpy(text + 16, vault_id, 16);
	hz_hmac_sha256(file_key, 16, text, 32, mac);
	assert_memory_equal(h + 65, mac, 32);
	/* Fresh nonce each time. */
	wrap(again);
	assert_memory_not_equal(h, again, 97);
	assert_memory_equal(h + 65, again + 65, 32);
}

void
test_header_flipped(void **state)
{
	uint8_t h[97], key[16] = { 0x5a };

	(void)state;
	wrap(h);
	for (size_t bit = 0; bit < (size_t)97 * 8; bit++) {
		h[bit / 8] ^= (uint8_t)(1U << bit % 8);
		enum hz_err err = hz_header_unwrap(h, 97, &epoch, vault_id, key);
		if (bit / 8 == 0) {
			/* Type 3 is of the other kind's form; the rest are unknown. */
			assert_true(err == HZ_ERR_VERSION || err == HZ_ERR_FORMAT || err == HZ_ERR_LIMIT);
		} else if (bit / 8 < 9) {
			assert_int_equal(err, HZ_ERR_LOCKED);
		} else {
			assert_int_equal(err, HZ_ERR_TAMPERED);
			assert_int_equal(hz_fail_msg(), HZ_MSG_VAULT_TAMPERED);
		}
		assert_int_equal(key[0], 0x5a);
		h[bit / 8] ^= (uint8_t)(1U << bit % 8);
	}
	assert_int_equal(hz_header_unwrap(h, 97, &epoch, vault_id, key), HZ_OK);
}

void
test_header_refuses(void **state)
{
	uint8_t h[98] = { 0 }, key[16], other_id[16] = { 0 };
	struct hz_header_info info = { 9, 9, 9 };
	struct hz_epoch_key other = epoch;

	(void)state;
	wrap(h);
	for (size_t n = 0; n <= 98; n++) {
		enum hz_err err = hz_header_peek(h, n, &info);
		assert_int_equal(err, n == 97 ? HZ_OK : HZ_ERR_FORMAT);
	}
	assert_int_equal(hz_header_unwrap(h, 97, &epoch, other_id, key), HZ_ERR_TAMPERED);
	other.key[31] ^= 1;
	assert_int_equal(hz_header_unwrap(h, 97, &other, vault_id, key), HZ_ERR_TAMPERED);
	other = epoch;
	other.epoch = 8;
	assert_int_equal(hz_header_unwrap(h, 97, &other, vault_id, key), HZ_ERR_LOCKED);
	/* Type 2: length-prefixed, exact; its key is had through age. */
	uint8_t age[10] = { 2, 0, 0, 0, 5, 'h', 'e', 'l', 'l', 'o' };
	assert_int_equal(hz_header_peek(age, 10, &info), HZ_OK);
	assert_int_equal(info.type, 2);
	assert_int_equal(info.compartment, 0);
	assert_int_equal(hz_header_peek(age, 9, &info), HZ_ERR_FORMAT);
	age[4] = 4;
	assert_int_equal(hz_header_peek(age, 10, &info), HZ_ERR_FORMAT);
	age[4] = 5;
	assert_int_equal(hz_header_unwrap(age, 10, &epoch, vault_id, key), HZ_ERR_UNSUPPORTED);
	age[0] = 0;
	assert_int_equal(hz_header_peek(age, 10, &info), HZ_ERR_VERSION);
	/* The limit and one more. */
	uint8_t *large = calloc(1, HZ_OBJ_HEADER_MAX + 1);
	assert_non_null(large);
	large[0] = 2;
	hz_be32(large + 1, HZ_OBJ_HEADER_MAX - 5);
	assert_int_equal(hz_header_peek(large, HZ_OBJ_HEADER_MAX, &info), HZ_OK);
	hz_be32(large + 1, HZ_OBJ_HEADER_MAX - 4);
	assert_int_equal(hz_header_peek(large, HZ_OBJ_HEADER_MAX + 1, &info), HZ_ERR_LIMIT);
	free(large);
}

void
test_header_commitment(void **state)
{
	/* The box is right and made for another file key than the commitment. */
	uint8_t h[97], key[16] = { 0x5a }, ad[38] = "hirz-header/v1", other[16] = { 0x99 };

	(void)state;
	wrap(h);
	memcpy(ad + 14, vault_id, 16);
	memcpy(ad + 30, h + 1, 8);
	hz_box_seal(epoch.key, h + 9, ad, 38, other, 16, h + 33);
	assert_int_equal(hz_header_unwrap(h, 97, &epoch, vault_id, key), HZ_ERR_TAMPERED);
	assert_int_equal(hz_fail_msg(), HZ_MSG_VAULT_TAMPERED);
	assert_int_equal(key[0], 0x5a);
}

void
test_exhibit_values(void **state)
{
	struct hz_buf sealed = HZ_BUF_INIT(1000), plain = HZ_BUF_SECRET_INIT(1000);
	uint8_t key[32], again[32], ctx[20] = { 1, 2, 3 };

	(void)state;
	hz_exhibit_key(file_key, key);
	hz_hkdf_sha256(file_key, 16, NULL, 0, "hirz-exhibit/v1", again, 32);
	assert_memory_equal(key, again, 32);
	assert_int_equal(hz_buf_puts(&sealed, "before"), HZ_OK);
	assert_int_equal(
	    hz_exhibit_seal(key, "hirz-opening/v1", vault_id, ctx, 16, "text", 4, &sealed), HZ_OK);
	assert_int_equal(sealed.len, 6 + 24 + 4 + 16);
	uint8_t *v = sealed.p + 6;
	size_t n = sealed.len - 6;
	/* As the format page has it. */
	uint8_t ad[47] = "hirz-opening/v1", p[4];
	memcpy(ad + 15, vault_id, 16);
	memcpy(ad + 31, ctx, 16);
	assert_int_equal(hz_box_open(key, v, ad, 47, v + 24, 20, p), HZ_OK);
	assert_memory_equal(p, "text", 4);
	assert_int_equal(hz_buf_puts(&plain, "kept"), HZ_OK);
	assert_int_equal(hz_exhibit_open(key, "hirz-opening/v1", vault_id, ctx, 16, v, n, &plain), HZ_OK);
	assert_int_equal(plain.len, 8);
	assert_memory_equal(plain.p, "kepttext", 8);
	for (size_t i = 0; i < n; i++) {
		v[i] ^= 1;
		assert_int_equal(hz_exhibit_open(key, "hirz-opening/v1", vault_id, ctx, 16, v, n, &plain),
		    HZ_ERR_TAMPERED);
		assert_int_equal(hz_fail_msg(), HZ_MSG_VAULT_TAMPERED);
		assert_int_equal(plain.len, 8);
		v[i] ^= 1;
	}
	/* Another label, another context, cut. */
	assert_int_equal(
	    hz_exhibit_open(key, "hirz-disclosures/v1", vault_id, ctx, 16, v, n, &plain), HZ_ERR_TAMPERED);
	assert_int_equal(
	    hz_exhibit_open(key, "hirz-opening/v1", vault_id, ctx, 17, v, n, &plain), HZ_ERR_TAMPERED);
	assert_int_equal(
	    hz_exhibit_open(key, "hirz-opening/v1", vault_id, NULL, 0, v, n, &plain), HZ_ERR_TAMPERED);
	assert_int_equal(
	    hz_exhibit_open(key, "hirz-opening/v1", vault_id, ctx, 16, v, n - 1, &plain), HZ_ERR_TAMPERED);
	assert_int_equal(
	    hz_exhibit_open(key, "hirz-opening/v1", vault_id, ctx, 16, v, 39, &plain), HZ_ERR_FORMAT);
	assert_int_equal(
	    hz_exhibit_open(key, "hirz-opening/v1", vault_id, ctx, 16, v, SIZE_MAX, &plain), HZ_ERR_LIMIT);
	assert_int_equal(
	    hz_exhibit_seal(key, "x", vault_id, NULL, 0, "", ((size_t)16 << 20) + 1, &sealed), HZ_ERR_LIMIT);
	assert_int_equal(hz_exhibit_seal(key, "x", vault_id, NULL, 0, ctx, 20, &sealed), HZ_OK);
	assert_int_equal(plain.len, 8);
	hz_buf_done(&sealed);
	hz_buf_done(&plain);
}

static const char opening_text[] = "hirz-commitment/v1\n"
				   "salt 000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f\n"
				   "sha256 ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad\n"
				   "size 3\n";

void
test_opening_known(void **state)
{
	struct hz_buf b = HZ_BUF_INIT(HZ_OPENING_MAX);
	struct hz_opening o = { .size = 3 }, back;
	const char *s = NULL;

	(void)state;
	for (unsigned i = 0; i < 32; i++) {
		o.salt[i] = (uint8_t)i;
	}
	hz_sha256("abc", 3, o.sha256);
	assert_int_equal(hz_opening_write(&o, &b), HZ_OK);
	assert_int_equal(hz_buf_cstr(&b, &s), HZ_OK);
	assert_string_equal(s, opening_text);
	assert_int_equal(hz_opening_read(b.p, b.len, &back), HZ_OK);
	assert_memory_equal(&back, &o, sizeof o);
	/* The longest. */
	o.size = (uint64_t)1 << 60;
	hz_buf_clear(&b);
	assert_int_equal(hz_opening_write(&o, &b), HZ_OK);
	assert_int_equal(hz_opening_read(b.p, b.len, &back), HZ_OK);
	assert_true(back.size == o.size);
	o.size++;
	assert_int_equal(hz_opening_write(&o, &b), HZ_ERR_LIMIT);
	o.size = 0;
	assert_int_equal(hz_opening_write(&o, &b), HZ_ERR_LIMIT);
	hz_buf_done(&b);
}

/* The text with one part changed is refused as said. */
static void
changed(const char *from, const char *to, enum hz_err want)
{
	char text[600];
	const char *at = strstr(opening_text, from);
	struct hz_opening o = { .size = 77 };

	assert_non_null(at);
	size_t head = (size_t)(at - opening_text);
	memcpy(text, opening_text, head);
	strcpy(text + head, to);
	strcat(text, at + strlen(from));
	assert_int_equal(hz_opening_read(text, strlen(text), &o), want);
	assert_int_equal(o.size, 77);
}

void
test_opening_refuses(void **state)
{
	struct hz_opening o = { .size = 77 };

	(void)state;
	changed("v1", "v2", HZ_ERR_VERSION);
	changed("v1", "v11", HZ_ERR_VERSION);
	changed("hirz-", "Hirz-", HZ_ERR_FORMAT);
	changed("salt 0", "salt  0", HZ_ERR_FORMAT);
	changed("salt 0", "salt ", HZ_ERR_FORMAT);
	changed("salt", "Salt", HZ_ERR_FORMAT);
	changed("0a0b", "0A0b", HZ_ERR_FORMAT);
	changed("1f\n", "1f\r\n", HZ_ERR_FORMAT);
	changed("1f\n", "1f \n", HZ_ERR_FORMAT);
	changed("1f\n", "1f\n\n", HZ_ERR_FORMAT);
	changed("sha256", "sha512", HZ_ERR_FORMAT);
	changed("size 3\n", "", HZ_ERR_FORMAT);
	changed("size 3\n", "size 3", HZ_ERR_FORMAT);
	changed("size 3\n", "size 3\nsize 3\n", HZ_ERR_FORMAT);
	changed("size 3", "size 03", HZ_ERR_FORMAT);
	changed("size 3", "size +3", HZ_ERR_FORMAT);
	changed("size 3", "size -3", HZ_ERR_FORMAT);
	changed("size 3", "size 0", HZ_ERR_FORMAT);
	changed("size 3", "size ", HZ_ERR_FORMAT);
	changed("size 3", "size 1152921504606846977", HZ_ERR_FORMAT);
	changed("size 3", "size 18446744073709551617", HZ_ERR_FORMAT);
	/* Cut at every place; a NUL behind; over the limit. */
	for (size_t n = 0; n < sizeof opening_text - 1; n++) {
		assert_int_equal(hz_opening_read(opening_text, n, &o), HZ_ERR_FORMAT);
	}
	assert_int_equal(hz_opening_read(opening_text, sizeof opening_text, &o), HZ_ERR_FORMAT);
	assert_int_equal(o.size, 77);
	uint8_t *large = calloc(1, HZ_OPENING_MAX + 1);
	assert_non_null(large);
	assert_int_equal(hz_opening_read(large, HZ_OPENING_MAX, &o), HZ_ERR_FORMAT);
	assert_int_equal(hz_opening_read(large, HZ_OPENING_MAX + 1, &o), HZ_ERR_LIMIT);
	free(large);
}
