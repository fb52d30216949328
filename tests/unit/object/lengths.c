/* Padding, payload lengths and object addresses [F-6.1] to [F-6.4]. */
#include "tests.h"

#include <stdlib.h>
#include <string.h>

/* From a second implementation of the rule, in integers of any size. */
static const struct {
	uint64_t len, padded;
} pads[] = {
	{ 1, 1024 },
	{ 1023, 1024 },
	{ 1024, 1024 },
	{ 1025, 1088 },
	{ 1088, 1088 },
	{ 1089, 1152 },
	{ 2047, 2048 },
	{ 2048, 2048 },
	{ 2049, 2176 },
	{ 65535, 65536 },
	{ 65536, 65536 },
	{ 65537, 67584 },
	{ 1000000, 1015808 },
	{ 1048576, 1048576 },
	{ 1048577, 1081344 },
	{ 1000000000, 1006632960 },
	{ 4294967297, 4362076160 },
	{ 1152921504606846975, 1152921504606846976 },
	{ 1152921504606846976, 1152921504606846976 },
};

void
test_pad(void **state)
{
	uint64_t padded = 77;

	(void)state;
	assert_int_equal(hz_pad_len(0, &padded), HZ_ERR_LIMIT);
	assert_int_equal(hz_pad_len(((uint64_t)1 << 60) + 1, &padded), HZ_ERR_LIMIT);
	assert_int_equal(hz_pad_len(UINT64_MAX, &padded), HZ_ERR_LIMIT);
	assert_int_equal(padded, 77);
	for (size_t i = 0; i < sizeof pads / sizeof pads[0]; i++) {
		assert_int_equal(hz_pad_len(pads[i].len, &padded), HZ_OK);
		assert_true(padded == pads[i].padded);
	}
}

void
test_pad_properties(void **state)
{
	uint64_t before = 0;

	(void)state;
	for (uint64_t len = 1; len < ((uint64_t)1 << 59); len += len < 5000 ? 1 : len / 137) {
		uint64_t padded = 0, again = 0;
		assert_int_equal(hz_pad_len(len, &padded), HZ_OK);
		assert_true(padded >= len && padded >= before); /* never shrinks */
		assert_true(len <= 1024 || padded - len <= len / 8);
		assert_int_equal(hz_pad_len(padded, &again), HZ_OK);
		assert_true(again == padded);
		before = padded;
	}
}

void
test_payload_lengths(void **state)
{
	uint64_t padded = 0, back = 0;

	(void)state;
	assert_true(hz_payload_len(1024) == 16 + 1024 + 16);
	assert_true(hz_payload_len(65536) == 16 + 65536 + 16);
	assert_true(hz_payload_len(67584) == 16 + 67584 + 32);
	for (uint64_t len = 1; len < ((uint64_t)1 << 59); len += len < 5000 ? 1 : len / 31) {
		assert_int_equal(hz_pad_len(len, &padded), HZ_OK);
		uint64_t payload = hz_payload_len(padded);
		assert_int_equal(hz_payload_padded(payload, &back), HZ_OK);
		assert_true(back == padded);
		assert_int_equal(hz_payload_padded(payload + 1, &back), HZ_ERR_FORMAT);
		assert_int_equal(hz_payload_padded(payload - 1, &back), HZ_ERR_FORMAT);
		assert_true(back == padded);
	}
	static const uint64_t bad[] = { 0, 1, 15, 16, 32, 1055, 16 + 65552 + 16, 16 + 65552 + 1, UINT64_MAX,
		UINT64_MAX - 15 };
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		assert_int_equal(hz_payload_padded(bad[i], &back), HZ_ERR_FORMAT);
	}
}

/* From a second implementation, recursive as RFC 6962 defines it; byte j of leaf i is 7 i + j. */
static const struct {
	unsigned n;
	const char *root;
} roots[] = {
	{ 1, "699cacdb4c39d8e0bb1223352765a7f7acdc51dec6694f7b54c3d0a47f0cc409" },
	{ 2, "ed86a3db214e6ee89e3d51baa13b98c5c0757c15c1ca31899e35a8c8fdd54cf5" },
	{ 3, "3802d81c53e17f0ab9bc23cada51714a776c5d8124dd000e1824dde6e40cc898" },
	{ 4, "37eb6d2fe26865a146356659e53341ced4ae12747b5f7f815f7f73390c25c866" },
	{ 5, "547cd7f298ad06a990c4483886de6475977ded20721a3bc4f44ea6804456a46d" },
	{ 6, "5751544292c731b788495ca1e424b04ae0cf6f6e8937d60bb4457d2903fc1820" },
	{ 7, "7e09c80e4e50ffac37559d54be0f58579ef1d54b78a89d0529cf7cab6d18e21a" },
	{ 8, "4eef3110f00fbb041449262af38d8608729c1650a2b4b23008331c6e33a58c74" },
	{ 9, "8378df9f395c99a582a331d6500f50bc2772b7a408a43bd3faba513334bc3b17" },
	{ 1000, "36a4c74b0079d06f6a76839207b4de738701bc7032bfa26dfb276bd3572d5854" },
};

void
test_root(void **state)
{
	uint8_t *leaves = malloc((size_t)1000 * 32), root[32];

	(void)state;
	assert_non_null(leaves);
	for (unsigned i = 0; i < 1000; i++) {
		for (unsigned j = 0; j < 32; j++) {
			leaves[(size_t)i * 32 + j] = (uint8_t)(7 * i + j);
		}
	}
	for (size_t i = 0; i < sizeof roots / sizeof roots[0]; i++) {
		assert_int_equal(hz_object_root(leaves, roots[i].n, root), HZ_OK);
		assert_hex(root, 32, roots[i].root);
	}
	assert_int_equal(hz_object_root(leaves, 0, root), HZ_ERR_FORMAT);
	free(leaves);
}
