/* SSHSIG signatures and ssh-ed25519 key lines [F-9.6]. */
#include "manifest/manifest.h"

#include "base/enc.h"
#include <string.h>

#define ALGORITHM "ssh-ed25519"
#define HASH      "sha512"
#define BEGIN     "-----BEGIN SSH SIGNATURE-----\n"
#define END       "-----END SSH SIGNATURE-----\n"
#define COLUMNS   70
#define NS_MAX    256
#define BLOB_MAX  1024
#define ARMOR_MAX 4096
#define KEY_BLOB  (4 + sizeof ALGORITHM - 1 + 4 + HZ_ED_PK)

static HZ_RESULT
key_blob(const uint8_t pk[static HZ_ED_PK], struct hz_buf *out)
{
	enum hz_err err = hz_put_lps(out, ALGORITHM);

	return err ? err : hz_put_lp(out, pk, HZ_ED_PK);
}

/* The bytes that are signed. */
static HZ_RESULT
signed_message(const char *ns, const uint8_t sha512[static 64], struct hz_buf *out)
{
	enum hz_err err;

	if ((err = hz_buf_put(out, "SSHSIG", 6)) || (err = hz_put_lps(out, ns)) ||
	    (err = hz_put_lps(out, "")) || (err = hz_put_lps(out, HASH)) ||
	    (err = hz_put_lp(out, sha512, 64))) {
		return err;
	}
	return HZ_OK;
}

static HZ_RESULT
file_blob(const uint8_t pk[static HZ_ED_PK], const char *ns, const uint8_t sig[static HZ_ED_SIG],
    struct hz_buf *out)
{
	struct hz_buf part = HZ_BUF_INIT(256);
	enum hz_err err;

	if ((err = hz_buf_put(out, "SSHSIG", 6)) || (err = hz_put_u32(out, 1)) ||
	    (err = key_blob(pk, &part)) || (err = hz_put_lp(out, part.p, part.len)) ||
	    (err = hz_put_lps(out, ns)) || (err = hz_put_lps(out, "")) || (err = hz_put_lps(out, HASH))) {
		goto done;
	}
	hz_buf_clear(&part);
	if ((err = hz_put_lps(&part, ALGORITHM)) || (err = hz_put_lp(&part, sig, HZ_ED_SIG))) {
		goto done;
	}
	err = hz_put_lp(out, part.p, part.len);
done:
	hz_buf_done(&part);
	return err;
}

static HZ_RESULT
armor(const struct hz_buf *blob, struct hz_buf *out)
{
	struct hz_buf text = HZ_BUF_INIT(ARMOR_MAX);
	enum hz_err err = hz_b64_put(&text, HZ_B64_STD, blob->p, blob->len);

	if (!err) {
		err = hz_buf_puts(out, BEGIN);
	}
	for (size_t at = 0; !err && at < text.len; at += COLUMNS) {
		err = hz_buf_put(out, text.p + at, text.len - at < COLUMNS ? text.len - at : COLUMNS);
		if (!err) {
			err = hz_buf_putc(out, '\n');
		}
	}
	if (!err) {
		err = hz_buf_puts(out, END);
	}
	hz_buf_done(&text);
	return err;
}

HZ_RESULT
hz_sshsig_write(
    const struct hz_ed_key *key, const char *ns, const uint8_t sha512[static 64], struct hz_buf *out)
{
	struct hz_buf work = HZ_BUF_INIT(BLOB_MAX);
	uint8_t sig[HZ_ED_SIG];
	enum hz_err err;

	if (strnlen(ns, NS_MAX + 1) > NS_MAX || !ns[0]) {
		return hz_fail(HZ_MSG_LIMIT, "sshsig: namespace");
	}
	if (!(err = signed_message(ns, sha512, &work))) {
		hz_ed_sign(key, work.p, work.len, sig);
		hz_buf_clear(&work);
		if (!(err = file_blob(key->pk, ns, sig, &work))) {
			err = armor(&work, out);
		}
	}
	hz_buf_done(&work);
	return err;
}

/* The base64 between the two marker lines without its line ends (any wrap), decoded. */
static HZ_RESULT
dearmor(const char *p, size_t n, uint8_t ret_blob[static BLOB_MAX], size_t *ret_n)
{
	static const char end[] = "-----END SSH SIGNATURE-----";
	const size_t begin_len = sizeof BEGIN - 2; /* without the LF, which may be CRLF */
	char text[ARMOR_MAX];
	size_t len = 0, at = begin_len;

	if (n > ARMOR_MAX || n < begin_len || memcmp(p, BEGIN, begin_len) != 0) {
		return hz_fail(HZ_MSG_BUNDLE_DAMAGED, "sshsig: first line");
	}
	for (; at < n && p[at] != '-'; at++) {
		if (p[at] != '\n' && p[at] != '\r') {
			text[len++] = p[at];
		}
	}
	if (p[at - 1] != '\n' || n - at < sizeof end - 1 || memcmp(p + at, end, sizeof end - 1) != 0) {
		return hz_fail(HZ_MSG_BUNDLE_DAMAGED, "sshsig: last line");
	}
	for (at += sizeof end - 1; at < n; at++) {
		if (p[at] != '\n' && p[at] != '\r') {
			return hz_fail(HZ_MSG_BUNDLE_DAMAGED, "sshsig: bytes after the end");
		}
	}
	if (hz_b64_get(HZ_B64_STD, text, len, ret_blob, BLOB_MAX, ret_n)) {
		return hz_fail(HZ_MSG_BUNDLE_DAMAGED, "sshsig: base64");
	}
	return HZ_OK;
}

static bool
lp_is(struct hz_rd *r, const char *want)
{
	const uint8_t *p;
	size_t n;

	return !hz_get_lp(r, BLOB_MAX, &p, &n) && n == strlen(want) && (n == 0 || memcmp(p, want, n) == 0);
}

/* string(algorithm) string(value of len bytes), nothing after. Borrowed. */
static bool
typed_value(const uint8_t *p, size_t n, size_t len, const uint8_t **ret_value)
{
	struct hz_rd r = hz_rd_over(p, n);
	size_t got;

	return lp_is(&r, ALGORITHM) && !hz_get_lp(&r, BLOB_MAX, ret_value, &got) && got == len &&
	       !hz_rd_end(&r);
}

static HZ_RESULT
blob_read(const uint8_t *blob, size_t n, const char *ns, const uint8_t **ret_pk, const uint8_t **ret_sig)
{
	struct hz_rd r = hz_rd_over(blob, n);
	const uint8_t *magic = NULL, *pk = NULL, *name = NULL, *sig = NULL;
	size_t pk_len = 0, name_len = 0, sig_len = 0;
	uint32_t version = 0;

	if (hz_get_view(&r, 6, &magic) || memcmp(magic, "SSHSIG", 6) != 0 || hz_get_u32(&r, &version) ||
	    version != 1) {
		return hz_fail(HZ_MSG_BUNDLE_DAMAGED, "sshsig: version");
	}
	if (hz_get_lp(&r, BLOB_MAX, &pk, &pk_len) || !typed_value(pk, pk_len, HZ_ED_PK, ret_pk)) {
		return hz_fail(HZ_MSG_BUNDLE_DAMAGED, "sshsig: key");
	}
	if (hz_get_lp(&r, BLOB_MAX, &name, &name_len)) {
		return hz_fail(HZ_MSG_BUNDLE_DAMAGED, "sshsig: namespace");
	}
	if (!lp_is(&r, "") || !lp_is(&r, HASH)) {
		return hz_fail(HZ_MSG_BUNDLE_DAMAGED, "sshsig: hash");
	}
	if (hz_get_lp(&r, BLOB_MAX, &sig, &sig_len) || !typed_value(sig, sig_len, HZ_ED_SIG, ret_sig) ||
	    hz_rd_end(&r)) {
		return hz_fail(HZ_MSG_BUNDLE_DAMAGED, "sshsig: signature");
	}
	if (name_len != strlen(ns) || memcmp(name, ns, name_len) != 0) {
		return hz_fail(HZ_MSG_BUNDLE_TAMPERED, "sshsig: made for another purpose");
	}
	return HZ_OK;
}

HZ_RESULT
hz_sshsig_verify(const void *sig, size_t n, const uint8_t pk[static HZ_ED_PK], const char *ns,
    const uint8_t sha512[static 64], bool strict)
{
	uint8_t blob[BLOB_MAX];
	const uint8_t *their_pk = blob, *signature = blob;
	size_t len = 0;
	enum hz_err err;

	if (strnlen(ns, NS_MAX + 1) > NS_MAX || !ns[0]) {
		return hz_fail(HZ_MSG_LIMIT, "sshsig: namespace");
	}
	if ((err = dearmor(sig, n, blob, &len)) || (err = blob_read(blob, len, ns, &their_pk, &signature))) {
		return err;
	}
	if (memcmp(their_pk, pk, HZ_ED_PK) != 0) {
		return hz_fail(HZ_MSG_BUNDLE_TAMPERED, "sshsig: another key");
	}
	struct hz_buf work = HZ_BUF_INIT(BLOB_MAX), again = HZ_BUF_INIT(ARMOR_MAX);
	if (strict) {
		if (!(err = file_blob(pk, ns, signature, &work))) {
			err = armor(&work, &again);
		}
		if (!err && (again.len != n || memcmp(again.p, sig, n) != 0)) {
			err = hz_fail(HZ_MSG_BUNDLE_DAMAGED, "sshsig: not the one allowed form");
		}
	}
	hz_buf_clear(&work);
	if (!err && !(err = signed_message(ns, sha512, &work)) &&
	    !hz_ed_verify(pk, work.p, work.len, signature)) {
		err = hz_fail(HZ_MSG_BUNDLE_TAMPERED, "sshsig: signature");
	}
	hz_buf_done(&work);
	hz_buf_done(&again);
	return err;
}

/* --- key lines ----------------------------------------------------------------------------------------- */
static bool
word_ok(const char *s, bool spaces)
{
	size_t n = strnlen(s, NS_MAX + 1);

	if (n > NS_MAX || !hz_utf8_ok(s, n)) {
		return false;
	}
	for (size_t i = 0; i < n; i++) {
		if ((unsigned char)s[i] < 0x20 || s[i] == '"' || s[i] == 0x7f || (!spaces && s[i] == ' ')) {
			return false;
		}
	}
	return n > 0;
}

static HZ_RESULT
key_put(const uint8_t pk[static HZ_ED_PK], struct hz_buf *out)
{
	struct hz_buf blob = HZ_BUF_INIT(KEY_BLOB);
	enum hz_err err = key_blob(pk, &blob);

	if (!err) {
		err = hz_buf_puts(out, ALGORITHM " ");
	}
	if (!err) {
		err = hz_b64_put(out, HZ_B64_STD, blob.p, blob.len);
	}
	hz_buf_done(&blob);
	return err;
}

HZ_RESULT
hz_ssh_public_line(const uint8_t pk[static HZ_ED_PK], const char *comment, struct hz_buf *out)
{
	enum hz_err err;

	if (!word_ok(comment, true)) {
		return hz_fail(HZ_MSG_LIMIT, "ssh key line: comment");
	}
	if ((err = key_put(pk, out)) || (err = hz_buf_putc(out, ' ')) || (err = hz_buf_puts(out, comment)) ||
	    (err = hz_buf_putc(out, '\n'))) {
		return err;
	}
	return HZ_OK;
}

HZ_RESULT
hz_ssh_allowed_line(
    const uint8_t pk[static HZ_ED_PK], const char *principal, const char *ns, struct hz_buf *out)
{
	enum hz_err err;

	if (!word_ok(principal, false) || !word_ok(ns, false)) {
		return hz_fail(HZ_MSG_LIMIT, "allowed_signers line");
	}
	if ((err = hz_buf_puts(out, principal)) || (err = hz_buf_puts(out, " namespaces=\"")) ||
	    (err = hz_buf_puts(out, ns)) || (err = hz_buf_puts(out, "\" ")) || (err = key_put(pk, out)) ||
	    (err = hz_buf_putc(out, '\n'))) {
		return err;
	}
	return HZ_OK;
}

HZ_RESULT
hz_ssh_public_parse(const void *p, size_t n, uint8_t ret_pk[static HZ_ED_PK])
{
	const char *s = p, *nl = n > 0 ? memchr(s, '\n', n) : NULL;
	size_t len = nl ? (size_t)(nl - s) : n;
	uint8_t blob[KEY_BLOB];
	size_t got = 0;

	if (n > ARMOR_MAX || (nl && len + 1 != n)) {
		return hz_fail(HZ_MSG_BUNDLE_DAMAGED, "ssh key: one line is wanted");
	}
	if (len > 0 && s[len - 1] == '\r') {
		len--;
	}
	/* a key line begins with the algorithm; in an allowed_signers line a principal and options stand
	 * before */
	const char *word = len > 0 ? memmem(s, len, ALGORITHM " ", sizeof ALGORITHM) : NULL;
	if (!word || (word != s && word[-1] != ' ')) {
		return hz_fail(HZ_MSG_BUNDLE_DAMAGED, "ssh key: no %s key", ALGORITHM);
	}
	word += sizeof ALGORITHM;
	const char *space = memchr(word, ' ', len - (size_t)(word - s));
	size_t b64 = space ? (size_t)(space - word) : len - (size_t)(word - s);
	const uint8_t *pk;
	if (hz_b64_get(HZ_B64_STD, word, b64, blob, sizeof blob, &got) ||
	    !typed_value(blob, got, HZ_ED_PK, &pk)) {
		return hz_fail(HZ_MSG_BUNDLE_DAMAGED, "ssh key: base64");
	}
	memcpy(ret_pk, pk, HZ_ED_PK);
	return HZ_OK;
}
