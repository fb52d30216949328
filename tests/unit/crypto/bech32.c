/* Bech32: BIP 173 strings, age keys, every refusal. */
#include "tests.h"

#include "crypto/bech32.h"
#include "crypto/crypto.h"

#include <string.h>

/* The key pair that the age documentation shows. */
static const char recipient[] = "age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj";
static const char identity[] = "AGE-SECRET-KEY-184JMZMVQH3E6U0PSL869004Y3U2NYV7R30EU99CSEDNPH02YUVFSZW44VU";

static void
encoded(const char *hrp, const uint8_t *p, size_t n, bool upper, char *out, size_t max)
{
	struct hz_buf b = HZ_BUF_INIT(max);
	const char *s = NULL;

	assert_int_equal(hz_bech32_encode(hrp, p, n, upper, &b), HZ_OK);
	assert_int_equal(hz_buf_cstr(&b, &s), HZ_OK);
	assert_true(strlen(s) < max);
	memcpy(out, s, strlen(s) + 1);
	hz_buf_done(&b);
}

void
test_bech32_known(void **state)
{
	uint8_t data[64], again[32];
	char text[200];
	size_t n = 0;

	(void)state;
	assert_int_equal(hz_bech32_decode(recipient, strlen(recipient), "age", data, 32, &n), HZ_OK);
	assert_int_equal(n, 32);
	encoded("age", data, n, false, text, sizeof text);
	assert_string_equal(text, recipient);
	assert_int_equal(
	    hz_bech32_decode(identity, strlen(identity), "age-secret-key-", data, 32, &n), HZ_OK);
	assert_int_equal(n, 32);
	encoded("age-secret-key-", data, n, true, text, sizeof text);
	assert_string_equal(text, identity);
	/* The lower-case form says the same. */
	encoded("age-secret-key-", data, n, false, text, sizeof text);
	assert_int_equal(hz_bech32_decode(text, strlen(text), "age-secret-key-", again, 32, &n), HZ_OK);
	assert_memory_equal(again, data, 32);
	/* BIP 173: no data; a prefix that holds the separator; all values in turn. */
	assert_int_equal(hz_bech32_decode("A12UEL5L", 8, "a", data, 64, &n), HZ_OK);
	assert_int_equal(n, 0);
	encoded("a", NULL, 0, true, text, sizeof text);
	assert_string_equal(text, "A12UEL5L");
	const char *values = "abcdef1qpzry9x8gf2tvdw0s3jn54khce6mua7lmqqqxw";
	assert_int_equal(hz_bech32_decode(values, strlen(values), "abcdef", data, 64, &n), HZ_OK);
	assert_int_equal(n, 20);
	assert_hex(data, 20, "00443214c74254b635cf84653a56d7c675be77df");
}

void
test_bech32_round(void **state)
{
	static uint8_t data[HZ_BECH32_DATA_MAX + 1], back[HZ_BECH32_DATA_MAX];
	static char text[8192];
	size_t n = 0;

	(void)state;
	hz_random(data, sizeof data);
	for (size_t len = 0; len <= HZ_BECH32_DATA_MAX; len += len < 70 ? 1 : 503) {
		bool upper = len % 2 == 1;
		encoded("hirz-test", data, len, upper, text, sizeof text);
		assert_int_equal(hz_bech32_decode(text, strlen(text), "hirz-test", back, len, &n), HZ_OK);
		assert_int_equal(n, len);
		assert_int_equal(memcmp(back, data, len), 0);
		if (len > 0) {
			assert_int_equal(hz_bech32_decode(text, strlen(text), "hirz-test", back, len - 1, &n),
			    HZ_ERR_FORMAT);
		}
	}
	encoded("x", data, HZ_BECH32_DATA_MAX, false, text, sizeof text);
	assert_int_equal(hz_bech32_decode(text, strlen(text), "x", back, sizeof back, &n), HZ_OK);
	struct hz_buf b = HZ_BUF_INIT(8192);
	assert_int_equal(hz_bech32_encode("x", data, HZ_BECH32_DATA_MAX + 1, false, &b), HZ_ERR_LIMIT);
	assert_int_equal(b.len, 0);
	hz_buf_done(&b);
	struct hz_buf small = HZ_BUF_INIT(10);
	assert_int_equal(hz_bech32_encode("x", data, 32, false, &small), HZ_ERR_LIMIT);
	hz_buf_done(&small);
}

void
test_bech32_refuses(void **state)
{
	static const struct {
		const char *text, *hrp;
	} bad[] = {
		{ "", "age" }, { "age1", "age" }, { "age1qdd35qf", "age" }, /* a lone character */
		{ "age12uel5l", "age" },                                    /* checksum of another */
		{ "A12UEL5l", "a" },                                        /* mixed case */
		{ "a12UEL5L", "a" },                                        /* mixed case */
		{ "A12UEL5L", "b" },                                        /* another prefix */
		{ "A12UEL5L", "a1" },                                       /* too short for it */
		{ "a12uel5", "a" },                                         /* cut */
		{ "a12uel5ll", "a" },                                       /* longer */
		{ "a1bioio", "a" },                                         /* not of the alphabet */
		/* The checksum is right in these: a set bit in the padding, a whole character of padding,
		 * Bech32m. */
		{ "age1qqqsyqcyq5rqwzqfpg9scrgwpugpzysnzs23v9ccrydpk8qarc03q6rzrf", "age" },
		{ "age1qqqqqq0jg2mr", "age" },
		{ "age1qqqsyqcyq5rqwzqfpg9scrgwpugpzysnzs23v9ccrydpk8qarc0sgs8mme", "age" },
		{ "age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj ", "age" },  /* space */
		{ "age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj\n", "age" }, /* newline */
		{ "age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj",
		    "age1zvkyg2l" }, /* prefix */
	};
	uint8_t data[64];
	size_t n = 77;

	(void)state;
	memset(data, 0x5a, sizeof data);
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		assert_int_equal(hz_bech32_decode(bad[i].text, strlen(bad[i].text), bad[i].hrp, data, 64, &n),
		    HZ_ERR_FORMAT);
		assert_int_equal(hz_fail_msg(), HZ_MSG_FORMAT);
	}
	assert_int_equal(n, 77);
	assert_int_equal(data[0], 0x5a);
	/* What they are one change away from. */
	const char *good = "age1qqqsyqcyq5rqwzqfpg9scrgwpugpzysnzs23v9ccrydpk8qarc0savhh7m";
	assert_int_equal(hz_bech32_decode(good, strlen(good), "age", data, 64, &n), HZ_OK);
	assert_int_equal(n, 32);
	/* A NUL inside is a character like any other that is not in the alphabet. */
	assert_int_equal(hz_bech32_decode("a1\0qqqqqq", 9, "a", data, 64, &n), HZ_ERR_FORMAT);
}

void
test_bech32_flipped(void **state)
{
	static const char alphabet[] = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
	char text[sizeof recipient];
	uint8_t data[64];
	size_t n = 0;

	(void)state;
	for (size_t i = 4; i < sizeof recipient - 1; i++) {
		for (size_t c = 0; c < 32; c++) {
			memcpy(text, recipient, sizeof text);
			if (text[i] != alphabet[c]) {
				text[i] = alphabet[c];
				assert_int_equal(
				    hz_bech32_decode(text, strlen(text), "age", data, 64, &n), HZ_ERR_FORMAT);
			}
		}
	}
}
