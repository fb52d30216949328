/* The two signatures over the tag manifest and what keys/ says [F-10.1] step 8. */
#include "verify/check.h"

#include <string.h>

/* keys/ must be, byte for byte, what event 0 leads to [F-9.9]. */
static enum hz_err
compare(struct hz_check *c, enum hz_fixed f, enum hz_err err, const struct hz_buf *want)
{
	const struct hz_buf *is = &c->file[f].kept;

	if (err != HZ_OK) {
		return err;
	}
	if (c->file[f].there && (is->len != want->len || memcmp(is->p, want->p, want->len) != 0)) {
		hz_found(c, HZ_FINDING_KEYS, hz_fixed_path(f), "%s", "");
	}
	return HZ_OK;
}

static enum hz_err
key_files(struct hz_check *c)
{
	const struct hz_event_init *init = &c->log[0].first.init;
	struct hz_buf want = HZ_BUF_INIT(HZ_VERIFY_TEXT_MAX);
	uint8_t pks[HZ_VERIFY_LOGS_MAX][32];
	enum hz_err err = hz_buf_printf(&want, "%s\n", init->checkpoint);

	err = compare(c, HZ_FIX_VKEY, err, &want);
	hz_buf_clear(&want);
	if (err == HZ_OK) {
		err = compare(c, HZ_FIX_MINISIGN_PUB, hz_minisign_pub_write(init->bundle_pk, &want), &want);
	}
	hz_buf_clear(&want);
	if (err == HZ_OK) {
		err = hz_ssh_allowed_line(init->bundle_pk, HZ_SSHSIG_PRINCIPAL, HZ_SSHSIG_NS, &want);
		err = compare(c, HZ_FIX_SIGNERS, err, &want);
	}
	hz_buf_clear(&want);
	for (size_t i = 0; i < c->nchain; i++) {
		memcpy(pks[i], c->chain[i]->first.init.event_pk, 32);
	}
	if (err == HZ_OK) {
		err = hz_jwks_write((const uint8_t(*)[32])pks, c->nchain, &want);
		err = compare(c, HZ_FIX_JWKS, err, &want);
	}
	hz_buf_done(&want);
	return err;
}

enum hz_err
hz_step_signatures(struct hz_check *c)
{
	const uint8_t *pk = c->log[0].first.init.bundle_pk;
	const struct hz_buf *minisig = &c->file[HZ_FIX_MINISIG].kept, *sshsig = &c->file[HZ_FIX_SSHSIG].kept;
	struct hz_buf comment = HZ_BUF_INIT(8192), want = HZ_BUF_INIT(64);
	enum hz_err err = hz_buf_printf(&want, "hirz bundle %s", c->r.folder);

	if (err == HZ_OK && c->file[HZ_FIX_MINISIG].there) {
		err = hz_minisign_verify(minisig->p, minisig->len, pk, c->tag_blake, true, &comment);
		if (err == HZ_OK && (comment.len != want.len || memcmp(comment.p, want.p, want.len) != 0)) {
			err = hz_fail(HZ_MSG_BUNDLE_TAMPERED, "the trusted comment is of another bundle");
		}
		err = hz_judge(c, err, HZ_FINDING_MINISIGN, hz_fixed_path(HZ_FIX_MINISIG));
	}
	if (err == HZ_OK && c->file[HZ_FIX_SSHSIG].there) {
		err = hz_sshsig_verify(sshsig->p, sshsig->len, pk, HZ_SSHSIG_NS, c->tag_sha512, true);
		err = hz_judge(c, err, HZ_FINDING_SSHSIG, hz_fixed_path(HZ_FIX_SSHSIG));
	}
	hz_buf_done(&comment);
	hz_buf_done(&want);
	return err == HZ_OK ? key_files(c) : err;
}
