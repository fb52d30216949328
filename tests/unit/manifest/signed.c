/* Gives the stock programs something of ours to check, and checks what they made (stock.sh):
 * signed write FOLDER | signed check FOLDER. */
#include "tests.h"

#include "base/fd.h"
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#define COMMENT "hirz bundle hirz-20260601-0008"

static void
put(int dir, const char *name, struct hz_buf *b)
{
	hz_assert(hz_file_create(dir, name, b->p, b->len, 0600) == HZ_OK);
	hz_buf_clear(b);
}

static void
digests(const struct hz_buf *m, uint8_t blake2b[static 64], uint8_t sha512[static 64])
{
	struct hz_hash *h = NULL;

	hz_assert(hz_hash_new(HZ_HASH_BLAKE2B_512, &h) == HZ_OK);
	hz_hash_begin(h);
	hz_hash_add(h, m->p, m->len);
	hz_hash_end(h, blake2b);
	hz_hash_free(&h);
	hz_sha512(m->p, m->len, sha512);
}

static enum hz_err
write_ours(int dir)
{
	struct hz_buf b = HZ_BUF_INIT(65536);
	struct hz_ed_key key;
	uint8_t seed[32] = "a seed for the tests only, 32 by", blake2b[64], sha512[64];
	enum hz_err err;

	hz_ed_key_from_seed(seed, &key);
	for (unsigned i = 0; i < 1000; i++) {
		if ((err = hz_buf_printf(&b, "line %u\n", i))) {
			return err;
		}
	}
	digests(&b, blake2b, sha512);
	put(dir, "message", &b);
	if ((err = hz_minisign_write(&key, blake2b, COMMENT, &b))) {
		return err;
	}
	put(dir, "message.minisig", &b);
	if ((err = hz_minisign_pub_write(key.pk, &b))) {
		return err;
	}
	put(dir, "minisign.pub", &b);
	if ((err = hz_sshsig_write(&key, HZ_SSHSIG_NS, sha512, &b))) {
		return err;
	}
	put(dir, "message.sig", &b);
	if ((err = hz_ssh_allowed_line(key.pk, HZ_SSHSIG_PRINCIPAL, HZ_SSHSIG_NS, &b))) {
		return err;
	}
	put(dir, "allowed_signers", &b);
	if ((err = hz_ssh_public_line(key.pk, "hirz test", &b))) {
		return err;
	}
	put(dir, "ssh.pub", &b);
	hz_buf_done(&b);
	return HZ_OK;
}

static enum hz_err
check_theirs(int dir)
{
	struct hz_buf m = HZ_BUF_INIT(65536), b = HZ_BUF_INIT(65536), trusted = HZ_BUF_INIT(8192);
	uint8_t blake2b[64], sha512[64], pk[32];
	enum hz_err err;

	if ((err = hz_file_read(dir, "message", 65536, &m))) {
		goto done;
	}
	digests(&m, blake2b, sha512);
	if ((err = hz_file_read(dir, "minisign.pub", 65536, &b)) ||
	    (err = hz_minisign_pub_read(b.p, b.len, pk))) {
		goto done;
	}
	hz_buf_clear(&b);
	if ((err = hz_file_read(dir, "message.minisig", 65536, &b)) ||
	    (err = hz_minisign_verify(b.p, b.len, pk, blake2b, false, &trusted))) {
		goto done;
	}
	hz_buf_clear(&b);
	if ((err = hz_file_read(dir, "ssh.pub", 65536, &b)) || (err = hz_ssh_public_parse(b.p, b.len, pk))) {
		goto done;
	}
	hz_buf_clear(&b);
	if ((err = hz_file_read(dir, "message.sig", 65536, &b))) {
		goto done;
	}
	err =
	    hz_sshsig_verify(b.p, b.len, pk, HZ_SSHSIG_NS, sha512, true); /* ssh-keygen's own form is ours */
done:
	hz_buf_done(&m);
	hz_buf_done(&b);
	hz_buf_done(&trusted);
	return err;
}

int
main(int argc, char **argv)
{
	if (argc != 3 || hz_crypto_init()) {
		return 2;
	}
	int dir = open(argv[2], O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (dir < 0) {
		return 2;
	}
	enum hz_err err = strcmp(argv[1], "write") == 0 ? write_ours(dir) : check_theirs(dir);
	hz_fd_close(&dir);
	if (err) {
		(void)fprintf(stderr, "%s\n", hz_fail_detail());
	}
	return err ? 1 : 0;
}
