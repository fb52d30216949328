/* Lengths, keys and the address of an object [F-6.1] to [F-6.4]. */
#include "object/payload.h"

#include "object/object.h"

#include <string.h>

#define PLAIN_MAX ((uint64_t)1 << 60)
#define PAD_FLOOR 1024

void
hz_payload_key(const uint8_t file_key[static 16], const uint8_t nonce[static 16], uint8_t ret_key[static 32])
{
	hz_hkdf_sha256(file_key, HZ_OBJ_FILE_KEY, nonce, HZ_PAYLOAD_NONCE, "payload", ret_key, 32);
}

void
hz_chunk_nonce(uint64_t counter, bool last, uint8_t ret_nonce[static 12])
{
	memset(ret_nonce, 0, 3);
	hz_be64(ret_nonce + 3, counter);
	ret_nonce[11] = last ? 1 : 0;
}

HZ_RESULT
hz_pad_len(uint64_t len, uint64_t *ret_padded)
{
	if (len < 1 || len > PLAIN_MAX) {
		return hz_fail(
		    HZ_MSG_LIMIT, "content of %llu bytes; allowed are 1 to 2^60", (unsigned long long)len);
	}
	if (len <= PAD_FLOOR) {
		*ret_padded = PAD_FLOOR;
		return HZ_OK;
	}
	/* Padme: with E bits in the exponent's place, the last E - S bits become zero. */
	unsigned e = 63 - (unsigned)__builtin_clzll(len);
	unsigned s = 32 - (unsigned)__builtin_clz(e);
	uint64_t mask = ((uint64_t)1 << (e - s)) - 1;
	*ret_padded = (len + mask) & ~mask;
	return HZ_OK;
}

uint64_t
hz_payload_len(uint64_t padded)
{
	uint64_t chunks = padded / HZ_OBJ_CHUNK + (padded % HZ_OBJ_CHUNK > 0 ? 1 : 0);

	return HZ_PAYLOAD_NONCE + padded + chunks * HZ_BOX_TAG;
}

HZ_RESULT
hz_payload_padded(uint64_t payload, uint64_t *ret_padded)
{
	uint64_t again = 0;

	if (payload >= HZ_PAYLOAD_NONCE + PAD_FLOOR + HZ_BOX_TAG && payload <= 2 * PLAIN_MAX) {
		uint64_t sealed = payload - HZ_PAYLOAD_NONCE;
		uint64_t chunks = sealed / HZ_OBJ_CHUNK_SEALED + (sealed % HZ_OBJ_CHUNK_SEALED > 0 ? 1 : 0);
		uint64_t padded = sealed - chunks * HZ_BOX_TAG;
		/* A last chunk of a tag alone, or a length that Padme does not give, is found here. */
		if (padded <= PLAIN_MAX && hz_pad_len(padded, &again) == HZ_OK && again == padded &&
		    hz_payload_len(padded) == payload) {
			*ret_padded = padded;
			return HZ_OK;
		}
	}
	return hz_fail(HZ_MSG_FORMAT, "no object has a payload of %llu bytes", (unsigned long long)payload);
}

static void
node(const uint8_t left[static 32], const uint8_t right[static 32], uint8_t *ret_h)
{
	uint8_t m[65] = { 1 };

	memcpy(m + 1, left, 32);
	memcpy(m + 33, right, 32);
	hz_sha256(m, sizeof m, ret_h);
}

HZ_RESULT
hz_object_root(const uint8_t *addrs, uint64_t n, uint8_t ret_root[static 32])
{
	/* One hash for each full subtree so far, the largest first: as many as n has set bits. */
	uint8_t stack[64][32];
	unsigned depth = 0;

	if (n == 0) {
		return hz_fail(HZ_MSG_FORMAT, "an object without segments");
	}
	for (uint64_t i = 0; i < n; i++) {
		uint8_t m[33] = { 0 };
		memcpy(m + 1, addrs + i * 32, 32);
		hz_sha256(m, sizeof m, stack[depth++]);
		for (uint64_t bits = i; (bits & 1) != 0; bits >>= 1) {
			depth--;
			node(stack[depth - 1], stack[depth], stack[depth - 1]);
		}
	}
	while (depth > 1) {
		depth--;
		node(stack[depth - 1], stack[depth], stack[depth - 1]);
	}
	memcpy(ret_root, stack[0], 32);
	return HZ_OK;
}
