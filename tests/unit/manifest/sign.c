/* minisign and SSHSIG: our form, other people's, and every flipped bit. */
#include "tests.h"

#include <stdio.h>
#include <string.h>

#define COMMENT "hirz bundle hirz-20260601-0008"

static void
minisign_round_trip(void **state)
{
	struct hz_buf sig = HZ_BUF_INIT(4096), trusted = HZ_BUF_INIT(256), pub = HZ_BUF_INIT(256);
	struct hz_ed_key key, other;
	uint8_t h[64], pk[32];

	(void)state;
	key_of("one", &key);
	key_of("two", &other);
	blake2b_of("text", 4, h);
	OK(hz_minisign_write(&key, h, COMMENT, &sig));
	OK(hz_minisign_verify(sig.p, sig.len, key.pk, h, true, &trusted));
	assert_int_equal(trusted.len, strlen(COMMENT));
	assert_memory_equal(trusted.p, COMMENT, trusted.len);
	OK(hz_minisign_verify(sig.p, sig.len, key.pk, h, false, NULL));
	hz_buf_clear(&trusted);
	FAILS(hz_minisign_verify(sig.p, sig.len, other.pk, h, false, &trusted), HZ_MSG_BUNDLE_TAMPERED);
	FAILS(hz_minisign_verify(sig.p, sig.len, other.pk, h, true, &trusted),
	    HZ_MSG_BUNDLE_DAMAGED); /* key number */
	h[0] ^= 1;
	FAILS(hz_minisign_verify(sig.p, sig.len, key.pk, h, true, &trusted), HZ_MSG_BUNDLE_TAMPERED);
	assert_int_equal(trusted.len, 0);
	h[0] ^= 1;
	for (size_t i = 0; i < sig.len * 8; i++) {
		sig.p[i / 8] ^= (uint8_t)(1U << i % 8);
		assert_int_not_equal(hz_minisign_verify(sig.p, sig.len, key.pk, h, true, NULL), HZ_OK);
		sig.p[i / 8] ^= (uint8_t)(1U << i % 8);
	}
	for (size_t n = 0; n < sig.len; n++) {
		FAILS(hz_minisign_verify(sig.p, n, key.pk, h, true, NULL), HZ_MSG_BUNDLE_DAMAGED);
	}
	OK(hz_buf_putc(&sig, '\n'));
	FAILS(hz_minisign_verify(sig.p, sig.len, key.pk, h, true, NULL), HZ_MSG_BUNDLE_DAMAGED);
	FAILS(hz_minisign_verify(sig.p, sig.len, key.pk, h, false, NULL), HZ_MSG_BUNDLE_DAMAGED);

	OK(hz_minisign_pub_write(key.pk, &pub));
	OK(hz_minisign_pub_read(pub.p, pub.len, pk));
	assert_memory_equal(pk, key.pk, 32);
	const uint8_t *line = (const uint8_t *)memchr(pub.p, '\n', pub.len) + 1;
	size_t rest = pub.len - (size_t)(line - pub.p);
	OK(hz_minisign_pub_read(line, rest, pk));     /* as minisign -P takes it */
	OK(hz_minisign_pub_read(line, rest - 1, pk)); /* without the line's end */
	FAILS(hz_minisign_pub_read(line, rest - 2, pk), HZ_MSG_BUNDLE_DAMAGED);
	FAILS(hz_minisign_pub_read(pub.p, 0, pk), HZ_MSG_BUNDLE_DAMAGED);
	OK(hz_buf_puts(&pub, "more\n"));
	FAILS(hz_minisign_pub_read(pub.p, pub.len, pk), HZ_MSG_BUNDLE_DAMAGED);
	hz_buf_done(&sig);
	hz_buf_done(&trusted);
	hz_buf_done(&pub);
}

static void
minisign_comments(void **state)
{
	struct hz_buf sig = HZ_BUF_INIT(16384);
	struct hz_ed_key key;
	char comment[8194];
	uint8_t h[64] = { 0 };

	(void)state;
	key_of("one", &key);
	memset(comment, 'x', sizeof comment);
	comment[8193] = 0;
	FAILS(hz_minisign_write(&key, h, comment, &sig), HZ_MSG_LIMIT);
	comment[8192] = 0;
	OK(hz_minisign_write(&key, h, comment, &sig));
	OK(hz_minisign_verify(sig.p, sig.len, key.pk, h, true, NULL));
	FAILS(hz_minisign_write(&key, h, "two\nlines", &sig), HZ_MSG_LIMIT);
	FAILS(hz_minisign_write(&key, h, "\xff", &sig), HZ_MSG_LIMIT);
	hz_buf_done(&sig);
}

/* want: HZ_MSG_NONE accepted. */
static void
minisign_case(const char *message, const char *sig_name, enum hz_msg want)
{
	struct hz_buf m = HZ_BUF_INIT(4 << 20), sig = HZ_BUF_INIT(65536), pub = HZ_BUF_INIT(4096);
	char name[128];
	uint8_t h[64], pk[32];

	if (!shared_file("own/minisign/test.pub", &pub)) {
		return;
	}
	OK(hz_minisign_pub_read(pub.p, pub.len, pk));
	(void)snprintf(name, sizeof name, "own/minisign/%s", message);
	assert_true(shared_file(name, &m));
	(void)snprintf(name, sizeof name, "own/minisign/%s.minisig", sig_name);
	assert_true(shared_file(name, &sig));
	blake2b_of(m.p, m.len, h);
	if (want) {
		FAILS(hz_minisign_verify(sig.p, sig.len, pk, h, false, NULL), want);
	} else {
		OK(hz_minisign_verify(sig.p, sig.len, pk, h, false, NULL));
	}
	/* none of them is of our form */
	assert_int_not_equal(hz_minisign_verify(sig.p, sig.len, pk, h, true, NULL), HZ_OK);
	hz_buf_done(&m);
	hz_buf_done(&sig);
	hz_buf_done(&pub);
}

static void
minisign_others(void **state)
{
	(void)state;
	minisign_case("msg.txt", "msg.txt", HZ_MSG_NONE);
	minisign_case("empty.bin", "empty.bin", HZ_MSG_NONE);
	minisign_case("big.bin", "big.bin", HZ_MSG_NONE);
	minisign_case("msg.txt", "crlf", HZ_MSG_NONE);
	minisign_case("msg.txt", "ok-untrusted-comment-changed", HZ_MSG_NONE);
	minisign_case("msg.txt", "msg.txt.legacy", HZ_MSG_BUNDLE_DAMAGED);
	minisign_case("msg.txt", "bad-no-global-sig", HZ_MSG_BUNDLE_DAMAGED);
	minisign_case("msg.txt", "bad-trusted-comment", HZ_MSG_BUNDLE_TAMPERED);
	minisign_case("msg.txt", "bad-wrong-file-for-msg", HZ_MSG_BUNDLE_TAMPERED);
}

static void
sshsig_round_trip(void **state)
{
	struct hz_buf sig = HZ_BUF_INIT(4096);
	struct hz_ed_key key, other;
	uint8_t h[64];

	(void)state;
	key_of("one", &key);
	key_of("two", &other);
	hz_sha512("text", 4, h);
	OK(hz_sshsig_write(&key, HZ_SSHSIG_NS, h, &sig));
	OK(hz_sshsig_verify(sig.p, sig.len, key.pk, HZ_SSHSIG_NS, h, true));
	FAILS(hz_sshsig_verify(sig.p, sig.len, other.pk, HZ_SSHSIG_NS, h, true), HZ_MSG_BUNDLE_TAMPERED);
	FAILS(hz_sshsig_verify(sig.p, sig.len, key.pk, "file", h, true), HZ_MSG_BUNDLE_TAMPERED);
	FAILS(hz_sshsig_verify(sig.p, sig.len, key.pk, "", h, true), HZ_MSG_LIMIT);
	FAILS(hz_sshsig_write(&key, "", h, &sig), HZ_MSG_LIMIT);
	h[63] ^= 0x80;
	FAILS(hz_sshsig_verify(sig.p, sig.len, key.pk, HZ_SSHSIG_NS, h, false), HZ_MSG_BUNDLE_TAMPERED);
	h[63] ^= 0x80;
	for (size_t i = 0; i < sig.len * 8; i++) {
		sig.p[i / 8] ^= (uint8_t)(1U << i % 8);
		assert_int_not_equal(hz_sshsig_verify(sig.p, sig.len, key.pk, HZ_SSHSIG_NS, h, true), HZ_OK);
		sig.p[i / 8] ^= (uint8_t)(1U << i % 8);
	}
	for (size_t n = 0; n < sig.len; n++) {
		FAILS(hz_sshsig_verify(sig.p, n, key.pk, HZ_SSHSIG_NS, h, true), HZ_MSG_BUNDLE_DAMAGED);
	}
	OK(hz_sshsig_verify(sig.p, sig.len - 1, key.pk, HZ_SSHSIG_NS, h, false)); /* without the last LF */
	OK(hz_buf_putc(&sig, '\n'));
	FAILS(hz_sshsig_verify(sig.p, sig.len, key.pk, HZ_SSHSIG_NS, h, true), HZ_MSG_BUNDLE_DAMAGED);
	OK(hz_buf_putc(&sig, 'x'));
	FAILS(hz_sshsig_verify(sig.p, sig.len, key.pk, HZ_SSHSIG_NS, h, false), HZ_MSG_BUNDLE_DAMAGED);
	hz_buf_done(&sig);
}

static void
sshsig_case(const char *folder, const char *pub_name, const char *message, const char *sig_name,
    const char *ns, enum hz_msg want, enum hz_err strict)
{
	struct hz_buf m = HZ_BUF_INIT(65536), sig = HZ_BUF_INIT(65536), pub = HZ_BUF_INIT(4096);
	char name[128];
	uint8_t h[64], pk[32];

	(void)snprintf(name, sizeof name, "%s/%s", folder, pub_name);
	if (!shared_file(name, &pub)) {
		return;
	}
	OK(hz_ssh_public_parse(pub.p, pub.len, pk));
	(void)snprintf(name, sizeof name, "%s/%s", folder, message);
	assert_true(shared_file(name, &m));
	(void)snprintf(name, sizeof name, "%s/%s", folder, sig_name);
	assert_true(shared_file(name, &sig));
	hz_sha512(m.p, m.len, h);
	if (want) {
		FAILS(hz_sshsig_verify(sig.p, sig.len, pk, ns, h, false), want);
	} else {
		OK(hz_sshsig_verify(sig.p, sig.len, pk, ns, h, false));
	}
	assert_int_equal(hz_sshsig_verify(sig.p, sig.len, pk, ns, h, true), strict);
	hz_buf_done(&m);
	hz_buf_done(&sig);
	hz_buf_done(&pub);
}

static void
sshsig_others(void **state)
{
	static const char own[] = "own/sshsig", theirs[] = "sshsig/openssh";

	(void)state;
	sshsig_case(own, "key.pub", "msg.txt", "msg.txt.sha512.sig", HZ_SSHSIG_NS, HZ_MSG_NONE, HZ_OK);
	sshsig_case(
	    own, "allowed_signers", "msg.txt", "msg.txt.sha512.sig", HZ_SSHSIG_NS, HZ_MSG_NONE, HZ_OK);
	sshsig_case(
	    own, "key.pub", "msg.txt", "one-long-base64-line.sig", HZ_SSHSIG_NS, HZ_MSG_NONE, HZ_ERR_FORMAT);
	sshsig_case(own, "key.pub", "msg.txt", "msg.txt.sha256.sig", HZ_SSHSIG_NS, HZ_MSG_BUNDLE_DAMAGED,
	    HZ_ERR_FORMAT);
	sshsig_case(own, "key.pub", "msg.txt", "bad-namespace.sig", HZ_SSHSIG_NS, HZ_MSG_BUNDLE_TAMPERED,
	    HZ_ERR_TAMPERED);
	sshsig_case(own, "key.pub", "key.pub", "msg.txt.sha512.sig", HZ_SSHSIG_NS, HZ_MSG_BUNDLE_TAMPERED,
	    HZ_ERR_TAMPERED);
	sshsig_case(theirs, "ed25519.pub", "signed-data", "ed25519.sig", "unittest", HZ_MSG_NONE, HZ_OK);
	sshsig_case(theirs, "ed25519.pub", "signed-data", "ed25519.sig", HZ_SSHSIG_NS, HZ_MSG_BUNDLE_TAMPERED,
	    HZ_ERR_TAMPERED);
	sshsig_case(theirs, "ed25519.pub", "namespace", "ed25519.sig", "unittest", HZ_MSG_BUNDLE_TAMPERED,
	    HZ_ERR_TAMPERED);
	sshsig_case(theirs, "ed25519.pub", "signed-data", "rsa.sig", "unittest", HZ_MSG_BUNDLE_DAMAGED,
	    HZ_ERR_FORMAT);
	sshsig_case(theirs, "ed25519.pub", "signed-data", "ecdsa.sig", "unittest", HZ_MSG_BUNDLE_DAMAGED,
	    HZ_ERR_FORMAT);
	sshsig_case(theirs, "ed25519.pub", "signed-data", "mldsa44-ed25519.sig", "unittest",
	    HZ_MSG_BUNDLE_DAMAGED, HZ_ERR_FORMAT);
}

static void
ssh_lines(void **state)
{
	struct hz_buf b = HZ_BUF_INIT(4096);
	struct hz_ed_key key;
	uint8_t pk[32];
	static const char *const bad[] = { "", "\n", "ssh-ed25519", "ssh-ed25519 ", "ssh-ed25519 AAAA\n",
		"xssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIO73Y+VRBZNHsSgQMsQOkw52wAmVgmirsr+I7voS/h3U\n",
		"ssh-rsa AAAAC3NzaC1lZDI1NTE5AAAAIO73Y+VRBZNHsSgQMsQOkw52wAmVgmirsr+I7voS/h3U\n" };

	(void)state;
	key_of("one", &key);
	OK(hz_ssh_public_line(key.pk, "a comment", &b));
	OK(hz_ssh_public_parse(b.p, b.len, pk));
	assert_memory_equal(pk, key.pk, 32);
	OK(hz_buf_puts(&b, "more\n"));
	FAILS(hz_ssh_public_parse(b.p, b.len, pk), HZ_MSG_BUNDLE_DAMAGED);
	hz_buf_clear(&b);
	OK(hz_ssh_allowed_line(key.pk, HZ_SSHSIG_PRINCIPAL, HZ_SSHSIG_NS, &b));
	memset(pk, 0, sizeof pk);
	OK(hz_ssh_public_parse(b.p, b.len, pk));
	assert_memory_equal(pk, key.pk, 32);
	OK(hz_ssh_public_parse(b.p, b.len - 1, pk));
	FAILS(hz_ssh_public_parse(b.p, b.len - 2, pk), HZ_MSG_BUNDLE_DAMAGED);
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		FAILS(hz_ssh_public_parse(bad[i], strlen(bad[i]), pk), HZ_MSG_BUNDLE_DAMAGED);
	}
	FAILS(hz_ssh_public_line(key.pk, "", &b), HZ_MSG_LIMIT);
	FAILS(hz_ssh_public_line(key.pk, "a\nb", &b), HZ_MSG_LIMIT);
	FAILS(hz_ssh_allowed_line(key.pk, "two words", "ns", &b), HZ_MSG_LIMIT);
	FAILS(hz_ssh_allowed_line(key.pk, "who", "a\"b", &b), HZ_MSG_LIMIT);
	hz_buf_done(&b);
}

const struct CMUnitTest sign_tests[] = {
	cmocka_unit_test(minisign_round_trip),
	cmocka_unit_test(minisign_comments),
	cmocka_unit_test(minisign_others),
	cmocka_unit_test(sshsig_round_trip),
	cmocka_unit_test(sshsig_others),
	cmocka_unit_test(ssh_lines),
};
const size_t sign_count = sizeof sign_tests / sizeof sign_tests[0];
