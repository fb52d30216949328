/* SSHSIG and ssh key lines: what the strict form takes, the other takes too. */
#include "manifest/manifest.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const uint8_t seed[32] = { 1 }, digest[64] = { 2 };
	struct hz_ed_key key;
	uint8_t pk[32];

	if (hz_crypto_init()) {
		return 0;
	}
	hz_ed_key_from_seed(seed, &key);
	enum hz_err strict = hz_sshsig_verify(data, size, key.pk, HZ_SSHSIG_NS, digest, true);
	enum hz_err any = hz_sshsig_verify(data, size, key.pk, HZ_SSHSIG_NS, digest, false);
	hz_assert(strict || !any);
	if (!hz_ssh_public_parse(data, size, pk)) {
		struct hz_buf b = HZ_BUF_INIT(256);
		uint8_t again[32];
		hz_assert(hz_ssh_public_line(pk, "x", &b) == HZ_OK &&
			  hz_ssh_public_parse(b.p, b.len, again) == HZ_OK);
		hz_assert(hz_equal(pk, again, 32));
		hz_buf_done(&b);
	}
	return 0;
}
