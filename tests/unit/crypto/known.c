/* Published vectors: FIPS 180-4, RFC 4231, 5869, 6234, 7693, 7748, 8032, 8439, draft-irtf-cfrg-xchacha;
 * and the same bytes as libsodium where both libraries know a primitive. */
#include "tests.h"

#include "crypto/crypto.h"

#include <signal.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static const struct {
	const char *text;
	const char *sha256, *sha512, *blake2b;
} hashes[] = {
	{ "", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
	    "cf83e1357eefb8bdf1542850d66d8007d620e4050b5715dc83f4a921d36ce9ce"
	    "47d0d13c5d85f2b0ff8318d2877eec2f63b931bd47417a81a538327af927da3e",
	    "786a02f742015903c6c6fd852552d272912f4740e15847618a86e217f71f5419"
	    "d25e1031afee585313896444934eb04b903a685b1448b755d56f701afe9be2ce" },
	{ "abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
	    "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
	    "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
	    "ba80a53f981c4d0d6a2797b69f12f6e94c212f14685ac4b74b12bb6fdbffa2d1"
	    "7d87c5392aab792dc252d5de4533cc9518d38aa8dbf1925ab92386edd4009923" },
	{ NULL /* a million times "a" */, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0",
	    "e718483d0ce769644e2e42c7bc15b4638e1f98b13b2044285632a803afa973eb"
	    "de0ff244877ea60a4cb0432ce577c31beb009c5c2c49aa2e4eadb217ad8cc09b",
	    "98fb3efb7206fd19ebf69b6f312cf7b64e3b94dbe1a17107913975a793f177e1"
	    "d077609d7fba363cbba00d05f7aa4e4fa8715d6428104c0a75643b0ff3fd3eaf" },
};

static void
one_hash(enum hz_hash_kind kind, const uint8_t *p, size_t n, const char *want)
{
	struct hz_hash *h = NULL;
	uint8_t d[64];
	size_t len = kind == HZ_HASH_SHA256 ? 32 : 64;

	assert_int_equal(hz_hash_new(kind, &h), HZ_OK);
	/* Whole, and in pieces that straddle the block. */
	static const size_t steps[] = { 1000001, 1, 63, 64, 65, 127, 129, 4096 };
	for (size_t s = 0; s < sizeof steps / sizeof steps[0]; s++) {
		if (steps[s] < 63 && n > 10000) {
			continue;
		}
		hz_hash_begin(h);
		for (size_t at = 0; at < n; at += steps[s]) {
			hz_hash_add(h, p + at, n - at < steps[s] ? n - at : steps[s]);
		}
		hz_hash_add(h, NULL, 0);
		hz_hash_end(h, d);
		assert_hex(d, len, want);
	}
	hz_hash_free(&h);
	assert_null(h);
	hz_hash_free(&h);
}

void
test_hashes(void **state)
{
	size_t n = 1000000;
	uint8_t *million = malloc(n);

	(void)state;
	assert_non_null(million);
	memset(million, 'a', n);
	for (size_t i = 0; i < sizeof hashes / sizeof hashes[0]; i++) {
		const uint8_t *p = hashes[i].text == NULL ? million : (const uint8_t *)hashes[i].text;
		size_t len = hashes[i].text == NULL ? n : strlen(hashes[i].text);
		uint8_t d[64];
		hz_sha256(p, len, d);
		assert_hex(d, 32, hashes[i].sha256);
		hz_sha512(p, len, d);
		assert_hex(d, 64, hashes[i].sha512);
		one_hash(HZ_HASH_SHA256, p, len, hashes[i].sha256);
		one_hash(HZ_HASH_SHA512, p, len, hashes[i].sha512);
		one_hash(HZ_HASH_BLAKE2B_512, p, len, hashes[i].blake2b);
	}
	uint8_t d[32];
	hz_sha256(NULL, 0, d);
	assert_hex(d, 32, hashes[0].sha256);
	free(million);
}

void
test_hash_reuse(void **state)
{
	struct hz_hash *h = NULL;
	uint8_t d[32], once[32];

	(void)state;
	assert_int_equal(hz_hash_new(HZ_HASH_SHA256, &h), HZ_OK);
	hz_hash_add(h, "left over", 9); /* begin forgets what was added */
	for (size_t n = 0; n < 300; n++) {
		uint8_t text[300];
		memset(text, (int)n, sizeof text);
		hz_hash_begin(h);
		hz_hash_add(h, text, n / 2);
		hz_hash_add(h, text + n / 2, n - n / 2);
		hz_hash_end(h, d);
		assert_int_equal(crypto_hash_sha256(once, text, n), 0);
		assert_memory_equal(d, once, 32);
	}
	hz_hash_free(&h);
}

void
test_hmac(void **state)
{
	uint8_t key[131], mac[32], data[50];

	(void)state;
	/* RFC 4231, cases 1, 2, 3, 6 */
	memset(key, 0x0b, 20);
	hz_hmac_sha256(key, 20, "Hi There", 8, mac);
	assert_hex(mac, 32, "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
	hz_hmac_sha256((const uint8_t *)"Jefe", 4, "what do ya want for nothing?", 28, mac);
	assert_hex(mac, 32, "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
	memset(key, 0xaa, sizeof key);
	memset(data, 0xdd, sizeof data);
	hz_hmac_sha256(key, 20, data, 50, mac);
	assert_hex(mac, 32, "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe");
	hz_hmac_sha256(key, 131, "Test Using Larger Than Block-Size Key - Hash Key First", 54, mac);
	assert_hex(mac, 32, "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
	/* Two parts are one message. */
	for (size_t cut = 0; cut <= 28; cut++) {
		const char *t = "what do ya want for nothing?";
		hz_hmac_sha256_2((const uint8_t *)"Jefe", 4, t, cut, t + cut, 28 - cut, mac);
		assert_hex(mac, 32, "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
	}
	/* Around the block size of the key, against libsodium. */
	for (size_t n = 62; n <= 66; n++) {
		crypto_auth_hmacsha256_state s;
		uint8_t other[32];
		assert_int_equal(crypto_auth_hmacsha256_init(&s, key, n), 0);
		assert_int_equal(crypto_auth_hmacsha256_update(&s, data, 50), 0);
		assert_int_equal(crypto_auth_hmacsha256_final(&s, other), 0);
		hz_hmac_sha256(key, n, data, 50, mac);
		assert_memory_equal(mac, other, 32);
	}
}

void
test_hkdf(void **state)
{
	uint8_t ikm[80], salt[80], okm[82];
	char info[81];

	(void)state;
	/* RFC 5869 A.1 */
	memset(ikm, 0x0b, 22);
	for (unsigned i = 0; i < 13; i++) {
		salt[i] = (uint8_t)i;
	}
	hz_hkdf_sha256(ikm, 22, salt, 13, "\xf0\xf1\xf2\xf3\xf4\xf5\xf6\xf7\xf8\xf9", okm, 42);
	assert_hex(
	    okm, 42, "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865");
	/* A.2 */
	for (unsigned i = 0; i < 80; i++) {
		ikm[i] = (uint8_t)i;
		salt[i] = (uint8_t)(0x60 + i);
		info[i] = (char)(0xb0 + i);
	}
	info[80] = '\0';
	hz_hkdf_sha256(ikm, 80, salt, 80, info, okm, 82);
	assert_hex(okm, 82,
	    "b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c59045a99cac7827271cb41c65e590e09"
	    "da3275600c2f09b8367793a9aca3db71cc30c58179ec3e87c14c01d5c1f3434f1d87");
	/* A.3 */
	memset(ikm, 0x0b, 22);
	hz_hkdf_sha256(ikm, 22, NULL, 0, "", okm, 42);
	assert_hex(
	    okm, 42, "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8");
}

void
test_hkdf_limit(void **state)
{
	static uint8_t out[255 * 32 + 1];

	(void)state;
	hz_hkdf_sha256("k", 1, NULL, 0, "x", out, sizeof out - 1);
	assert_false(hz_is_zero(out + (size_t)254 * 32, 32));
	/* One byte more is a mistake of ours and ends the program. */
	pid_t pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		if (freopen("/dev/null", "w", stderr) == NULL) {
			_exit(2);
		}
		hz_hkdf_sha256("k", 1, NULL, 0, "x", out, sizeof out);
		_exit(0);
	}
	int status = 0;
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFSIGNALED(status));
	assert_int_equal(WTERMSIG(status), SIGABRT);
}

void
test_blake2b_and_kdf(void **state)
{
	uint8_t key[32], h[32];

	(void)state;
	for (unsigned i = 0; i < 32; i++) {
		key[i] = (uint8_t)i;
	}
	hz_blake2b_keyed(key, "hirz", 4, h);
	assert_hex(h, 32, "8c042edc4762d67efd2c712d6967ea61ca7a61f8af60d45861c2aae0b2ddde1b");
	hz_blake2b_keyed(key, NULL, 0, h);
	assert_hex(h, 32, "4e51e7a913fc80137da52880fecca175bf81e117d5c68126dc2774033517ea0d");
	hz_blake2b_256("hirz", 4, h);
	assert_hex(h, 32, "3d7f4e83c15219484f06fad7677bcd2dea280380fbefde9f8a71402d8071d4b0");
	hz_blake2b_256(NULL, 0, h);
	assert_hex(h, 32, "0e5751c026e543b2e8ab2eb06099daa1d1e5df47778f7787faab45cdf12fe3a8");
	hz_kdf(key, 1, h);
	assert_hex(h, 32, "2e351c58e163895f45558fec4872ca4ccbf9f319b85fbd62aa865be4958a27e3");
	hz_kdf(key, ((uint64_t)1 << 40) + 3, h);
	assert_hex(h, 32, "3453dd8babde251687da8a12232529ecf349202b9871c2a5393694f21c65cbd1");
}

/* RFC 8032 7.1, tests 1 to 3 */
static const struct {
	const char *seed, *pk, *msg, *sig;
} ed[] = {
	{ "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
	    "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
	    "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46b"
	    "d25bf5f0595bbe24655141438e7a100b" },
	{ "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
	    "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
	    "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c"
	    "387b2eaeb4302aeeb00d291612bb0c00" },
	{ "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
	    "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
	    "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc659"
	    "4a7c15e9716ed28dc027beceea1ec40a" },
};

void
test_ed25519(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof ed / sizeof ed[0]; i++) {
		uint8_t seed[32], pk[32], msg[2] = { 0 }, sig[64];
		size_t n = strlen(ed[i].msg) / 2;
		struct hz_ed_key k;
		from_hex(ed[i].seed, seed, 32);
		from_hex(ed[i].msg, msg, n);
		hz_ed_public(seed, pk);
		assert_hex(pk, 32, ed[i].pk);
		hz_ed_key_from_seed(seed, &k);
		assert_hex(k.pk, 32, ed[i].pk);
		hz_ed_sign(&k, msg, n, sig);
		assert_hex(sig, 64, ed[i].sig);
		assert_true(hz_ed_verify(pk, msg, n, sig));
		for (size_t bit = 0; bit < (size_t)64 * 8; bit++) {
			sig[bit / 8] ^= (uint8_t)(1U << bit % 8);
			assert_false(hz_ed_verify(pk, msg, n, sig));
			sig[bit / 8] ^= (uint8_t)(1U << bit % 8);
		}
		for (size_t bit = 0; bit < n * 8; bit++) {
			msg[bit / 8] ^= (uint8_t)(1U << bit % 8);
			assert_false(hz_ed_verify(pk, msg, n, sig));
			msg[bit / 8] ^= (uint8_t)(1U << bit % 8);
		}
		pk[5] ^= 4;
		assert_false(hz_ed_verify(pk, msg, n, sig));
		pk[5] ^= 4;
		/* Malleability: S + L is refused. */
		static const uint8_t order[32] = { 0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c,
			0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14, [31] = 0x10 };
		unsigned carry = 0;
		for (size_t j = 0; j < 32; j++) {
			carry += (unsigned)sig[32 + j] + order[j];
			sig[32 + j] = (uint8_t)(carry & 0xff);
			carry >>= 8;
		}
		assert_false(hz_ed_verify(pk, msg, n, sig));
	}
}

void
test_x25519(void **state)
{
	uint8_t k[32] = { 9 }, u[32] = { 9 }, out[32];

	(void)state;
	/* RFC 7748 5.2: one vector, then 1 and 1,000 rounds of k, u = X25519(k, u), k. */
	for (unsigned i = 1; i <= 1000; i++) {
		assert_int_equal(hz_x25519(k, u, out), HZ_OK);
		memcpy(u, k, 32);
		memcpy(k, out, 32);
		if (i == 1) {
			assert_hex(k, 32, "422c8e7a6227d7bca1350b3e2bb7279f7897b87bb6854b783c60e80311ae3079");
		}
	}
	assert_hex(k, 32, "684cf59ba83309552800ef566f2f4d3c1c3887c49360e3875f2eb94d99532c51");
	from_hex("a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4", k, 32);
	from_hex("e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c", u, 32);
	assert_int_equal(hz_x25519(k, u, out), HZ_OK);
	assert_hex(out, 32, "c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552");
	/* Two sides agree. */
	uint8_t a[32], b[32], pa[32], pb[32], other[32];
	hz_random(a, 32);
	hz_random(b, 32);
	hz_x25519_public(a, pa);
	hz_x25519_public(b, pb);
	assert_int_equal(hz_x25519(a, pb, out), HZ_OK);
	assert_int_equal(hz_x25519(b, pa, other), HZ_OK);
	assert_memory_equal(out, other, 32);
	/* Small order: 0, 1, and a point of order 8. Refused, the output untouched. */
	static const char *const small[] = {
		"0000000000000000000000000000000000000000000000000000000000000000",
		"0100000000000000000000000000000000000000000000000000000000000000",
		"e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800"
	};
	for (size_t i = 0; i < 3; i++) {
		from_hex(small[i], u, 32);
		memset(out, 0x5a, 32);
		assert_int_equal(hz_x25519(a, u, out), HZ_ERR_TAMPERED);
		assert_int_equal(hz_fail_msg(), HZ_MSG_TAMPERED);
		for (size_t j = 0; j < 32; j++) {
			assert_int_equal(out[j], 0x5a);
		}
	}
}

static const char sunscreen[] =
    "Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the "
    "future, sunscreen would be it.";

void
test_box(void **state)
{
	uint8_t key[32], nonce[24], ad[12], ct[114 + 16], p[114];

	(void)state;
	/* draft-irtf-cfrg-xchacha A.3.1 */
	for (unsigned i = 0; i < 32; i++) {
		key[i] = (uint8_t)(0x80 + i);
	}
	for (unsigned i = 0; i < 24; i++) {
		nonce[i] = (uint8_t)(0x40 + i);
	}
	from_hex("50515253c0c1c2c3c4c5c6c7", ad, 12);
	hz_box_seal(key, nonce, ad, 12, sunscreen, 114, ct);
	assert_hex(ct, sizeof ct,
	    "bd6d179d3e83d43b9576579493c0e939572a1700252bfaccbed2902c21396cbb731c7f1b0b4aa6440bf3a82f4eda7e39"
	    "ae64c6708c54c216cb96b72e1213b4522f8c9ba40db5d945b11b69b982c1bb9e3f3fac2bc369488f76b2383565d3fff9"
	    "21f9664c97637da9768812f615c68b13b52ec0875924c1c7987947deafd8780acf49");
	assert_int_equal(hz_box_open(key, nonce, ad, 12, ct, sizeof ct, p), HZ_OK);
	assert_memory_equal(p, sunscreen, 114);
	/* Every byte of the ciphertext, tag, nonce and associated data counts; what came out is wiped. */
	for (size_t i = 0; i < sizeof ct; i++) {
		ct[i] ^= 1;
		memset(p, 0x5a, sizeof p);
		assert_int_equal(hz_box_open(key, nonce, ad, 12, ct, sizeof ct, p), HZ_ERR_TAMPERED);
		assert_true(hz_is_zero(p, sizeof p));
		ct[i] ^= 1;
	}
	nonce[23] ^= 0x80;
	assert_int_equal(hz_box_open(key, nonce, ad, 12, ct, sizeof ct, p), HZ_ERR_TAMPERED);
	nonce[23] ^= 0x80;
	ad[0] ^= 1;
	assert_int_equal(hz_box_open(key, nonce, ad, 12, ct, sizeof ct, p), HZ_ERR_TAMPERED);
	ad[0] ^= 1;
	assert_int_equal(hz_box_open(key, nonce, ad, 11, ct, sizeof ct, p), HZ_ERR_TAMPERED);
	assert_int_equal(hz_box_open(key, nonce, ad, 12, ct, sizeof ct - 1, p), HZ_ERR_TAMPERED);
	assert_int_equal(hz_box_open(key, nonce, ad, 12, ct, 15, p), HZ_ERR_FORMAT);
	/* In place, and empty. */
	memcpy(ct, sunscreen, 114);
	hz_box_seal(key, nonce, NULL, 0, ct, 114, ct);
	assert_int_equal(hz_box_open(key, nonce, NULL, 0, ct, sizeof ct, ct), HZ_OK);
	assert_memory_equal(ct, sunscreen, 114);
	hz_box_seal(key, nonce, ad, 12, NULL, 0, ct);
	assert_int_equal(hz_box_open(key, nonce, ad, 12, ct, 16, p), HZ_OK);
	assert_int_equal(hz_box_open(key, nonce, NULL, 0, ct, 16, p), HZ_ERR_TAMPERED);
}

void
test_stream(void **state)
{
	struct hz_stream *s = NULL;
	uint8_t key[32], nonce[12], ct[114 + 16];

	(void)state;
	/* RFC 8439 2.8.2. That vector has associated data, which reaches the tag only. */
	for (unsigned i = 0; i < 32; i++) {
		key[i] = (uint8_t)(0x80 + i);
	}
	from_hex("070000004041424344454647", nonce, 12);
	assert_int_equal(hz_stream_new(&s), HZ_OK);
	hz_stream_key(s, key);
	assert_int_equal(hz_stream_seal(s, nonce, (const uint8_t *)sunscreen, 114, ct), HZ_OK);
	assert_hex(ct, 114,
	    "d31a8d34648e60db7b86afbc53ef7ec2a4aded51296e08fea9e2b5a736ee62d63dbea45e8ca9671282fafb69da92728b"
	    "1a71de0a9e060b2905d6a5b67ecd3b3692ddbd7f2d778b8c9803aee328091b58fab324e4fad675945585808b4831d7bc"
	    "3ff4def08e4b7a9de576d26586cec64b6116");
	hz_stream_free(&s);
	assert_null(s);
	hz_stream_free(&s);
}

void
test_stream_equals_sodium(void **state)
{
	enum { MAX = 65536 + 100 };
	struct hz_stream *s = NULL;
	uint8_t key[32], nonce[12];
	uint8_t *p = malloc(MAX), *ours = malloc(MAX + 16), *theirs = malloc(MAX + 16), *back = malloc(MAX);

	(void)state;
	assert_true(p != NULL && ours != NULL && theirs != NULL && back != NULL);
	assert_int_equal(hz_stream_new(&s), HZ_OK);
	for (unsigned i = 0; i < 2000; i++) {
		/* One context: new keys now and then, sealing and opening in turn. */
		if (i % 7 == 0) {
			hz_random(key, 32);
			hz_stream_key(s, key);
		}
		hz_random(nonce, 12);
		size_t n = i < 300 ? i : randombytes_uniform(i % 10 == 0 ? MAX : 3000);
		if (i == 300) {
			n = 65536;
		}
		hz_random(p, n);
		assert_int_equal(
		    crypto_aead_chacha20poly1305_ietf_encrypt(theirs, NULL, p, n, NULL, 0, NULL, nonce, key),
		    0);
		assert_int_equal(hz_stream_seal(s, nonce, p, n, ours), HZ_OK);
		assert_memory_equal(ours, theirs, n + 16);
		assert_int_equal(hz_stream_open(s, nonce, theirs, n + 16, back), HZ_OK);
		if (n > 0) {
			assert_memory_equal(back, p, n);
		}
		/* In place. */
		memcpy(ours, p, n);
		assert_int_equal(hz_stream_seal(s, nonce, ours, n, ours), HZ_OK);
		assert_memory_equal(ours, theirs, n + 16);
		assert_int_equal(hz_stream_open(s, nonce, ours, n + 16, ours), HZ_OK);
		if (n > 0) {
			assert_memory_equal(ours, p, n);
		}
	}
	hz_stream_free(&s);
	free(p);
	free(ours);
	free(theirs);
	free(back);
}

void
test_stream_refuses(void **state)
{
	struct hz_stream *s = NULL;
	uint8_t key[32], nonce[12] = { 0 }, p[100], ct[116];

	(void)state;
	hz_random(key, 32);
	hz_random(p, sizeof p);
	assert_int_equal(hz_stream_new(&s), HZ_OK);
	hz_stream_key(s, key);
	assert_int_equal(hz_stream_seal(s, nonce, p, sizeof p, ct), HZ_OK);
	for (size_t i = 0; i < sizeof ct; i++) {
		uint8_t out[100];
		ct[i] ^= 0x10;
		memset(out, 0x5a, sizeof out);
		assert_int_equal(hz_stream_open(s, nonce, ct, sizeof ct, out), HZ_ERR_TAMPERED);
		assert_true(hz_is_zero(out, sizeof out));
		ct[i] ^= 0x10;
		/* A refusal leaves the context good for the next message. */
		assert_int_equal(hz_stream_open(s, nonce, ct, sizeof ct, out), HZ_OK);
		assert_memory_equal(out, p, sizeof p);
	}
	nonce[11] = 1;
	assert_int_equal(hz_stream_open(s, nonce, ct, sizeof ct, p), HZ_ERR_TAMPERED);
	assert_int_equal(hz_stream_open(s, nonce, ct, 15, p), HZ_ERR_FORMAT);
	assert_int_equal(hz_stream_open(s, nonce, ct, 0, p), HZ_ERR_FORMAT);
	assert_int_equal(hz_stream_seal(s, nonce, p, ((size_t)1 << 30) + 1, ct), HZ_ERR_LIMIT);
	assert_int_equal(hz_stream_open(s, nonce, ct, ((size_t)1 << 30) + 17, p), HZ_ERR_LIMIT);
	hz_stream_free(&s);
}
