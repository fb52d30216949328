/* minisign files [F-9.5]: read and written by hand, checked against the stock program in tests. */
#include "manifest/manifest.h"

#include "base/enc.h"
#include <string.h>

#define UNTRUSTED     "untrusted comment: "
#define TRUSTED       "trusted comment: "
#define SIG_COMMENT   "signature of a hirz bundle"
#define KEY_NUMBER    8
#define SIG_BLOB      (2 + KEY_NUMBER + HZ_ED_SIG)
#define PK_BLOB       (2 + KEY_NUMBER + HZ_ED_PK)
#define UNTRUSTED_MAX 1024
#define TRUSTED_MAX   8192
#define FILE_MAX      (UNTRUSTED_MAX + TRUSTED_MAX + 512)

static void
key_number(const uint8_t pk[static HZ_ED_PK], uint8_t ret[static KEY_NUMBER])
{
	uint8_t h[HZ_SHA256_LEN];

	hz_sha256(pk, HZ_ED_PK, h);
	memcpy(ret, h, KEY_NUMBER);
}

static bool
comment_ok(const char *s, size_t n, size_t max)
{
	if (n > max || !hz_utf8_ok(s, n)) {
		return false;
	}
	for (size_t i = 0; i < n; i++) {
		if ((unsigned char)s[i] < 0x20 && s[i] != '\t') {
			return false;
		}
	}
	return true;
}

/* The four lines around given signatures. */
static HZ_RESULT
lines_put(const uint8_t blob[static SIG_BLOB], const char *trusted, size_t tn,
    const uint8_t global[static HZ_ED_SIG], struct hz_buf *out)
{
	enum hz_err err;

	if ((err = hz_buf_puts(out, UNTRUSTED SIG_COMMENT "\n")) ||
	    (err = hz_b64_put(out, HZ_B64_STD, blob, SIG_BLOB)) || (err = hz_buf_puts(out, "\n" TRUSTED)) ||
	    (err = hz_buf_put(out, trusted, tn)) || (err = hz_buf_putc(out, '\n')) ||
	    (err = hz_b64_put(out, HZ_B64_STD, global, HZ_ED_SIG)) || (err = hz_buf_putc(out, '\n'))) {
		return err;
	}
	return HZ_OK;
}

/* What the second signature covers: the first one and the trusted comment. Returns its length. */
static size_t
global_message(const uint8_t sig[static HZ_ED_SIG], const char *trusted, size_t n,
    uint8_t ret[static HZ_ED_SIG + TRUSTED_MAX])
{
	memcpy(ret, sig, HZ_ED_SIG);
	memcpy(ret + HZ_ED_SIG, trusted, n);
	return HZ_ED_SIG + n;
}

HZ_RESULT
hz_minisign_write(
    const struct hz_ed_key *key, const uint8_t blake2b[static 64], const char *trusted, struct hz_buf *out)
{
	uint8_t blob[SIG_BLOB] = { 'E', 'D' }, global[HZ_ED_SIG], message[HZ_ED_SIG + TRUSTED_MAX];
	size_t n = strnlen(trusted, TRUSTED_MAX + 1);

	if (!comment_ok(trusted, n, TRUSTED_MAX)) {
		return hz_fail(HZ_MSG_LIMIT, "minisign: trusted comment");
	}
	key_number(key->pk, blob + 2);
	hz_ed_sign(key, blake2b, 64, blob + 2 + KEY_NUMBER);
	hz_ed_sign(key, message, global_message(blob + 2 + KEY_NUMBER, trusted, n, message), global);
	return lines_put(blob, trusted, n, global, out);
}

HZ_RESULT
hz_minisign_pub_write(const uint8_t pk[static HZ_ED_PK], struct hz_buf *out)
{
	uint8_t blob[PK_BLOB] = { 'E', 'd' };
	enum hz_err err;

	key_number(pk, blob + 2);
	memcpy(blob + 2 + KEY_NUMBER, pk, HZ_ED_PK);
	/* the stock program shows a key number as a little-endian integer in capital hex */
	if ((err = hz_buf_puts(out, UNTRUSTED "minisign public key "))) {
		return err;
	}
	for (size_t i = KEY_NUMBER; i-- > 0;) {
		if ((err = hz_buf_printf(out, "%02X", blob[2 + i]))) {
			return err;
		}
	}
	if ((err = hz_buf_putc(out, '\n')) || (err = hz_b64_put(out, HZ_B64_STD, blob, sizeof blob)) ||
	    (err = hz_buf_putc(out, '\n'))) {
		return err;
	}
	return HZ_OK;
}

/* The next line without its end (LF or CRLF; the last may have none). False at the end. */
static bool
line_next(const char *p, size_t n, size_t *pos, const char **ret_line, size_t *ret_len)
{
	if (*pos >= n) {
		return false;
	}
	const char *line = p + *pos, *end = memchr(line, '\n', n - *pos);
	size_t len = end ? (size_t)(end - line) : n - *pos;

	*pos += len + (end ? 1 : 0);
	if (len > 0 && line[len - 1] == '\r') {
		len--;
	}
	*ret_line = line;
	*ret_len = len;
	return true;
}

static bool
prefix_cut(const char **line, size_t *len, const char *prefix)
{
	size_t n = strlen(prefix);

	if (*len < n || memcmp(*line, prefix, n) != 0) {
		return false;
	}
	*line += n;
	*len -= n;
	return true;
}

HZ_RESULT
hz_minisign_pub_read(const void *p, size_t n, uint8_t ret_pk[static HZ_ED_PK])
{
	const char *line;
	uint8_t blob[PK_BLOB];
	size_t pos = 0, len, got;

	/* the file form with its comment, or the line alone as minisign -P takes it */
	if (n > UNTRUSTED_MAX + 256 || !line_next(p, n, &pos, &line, &len)) {
		return hz_fail(HZ_MSG_BUNDLE_DAMAGED, "minisign: public key");
	}
	if (prefix_cut(&line, &len, UNTRUSTED) &&
	    (!comment_ok(line, len, UNTRUSTED_MAX) || !line_next(p, n, &pos, &line, &len))) {
		return hz_fail(HZ_MSG_BUNDLE_DAMAGED, "minisign: public key");
	}
	if (pos != n || hz_b64_get(HZ_B64_STD, line, len, blob, sizeof blob, &got) || got != sizeof blob ||
	    blob[0] != 'E' || blob[1] != 'd') {
		return hz_fail(HZ_MSG_BUNDLE_DAMAGED, "minisign: public key");
	}
	memcpy(ret_pk, blob + 2 + KEY_NUMBER, HZ_ED_PK);
	return HZ_OK;
}

/* The one form our writer makes: made again and compared. */
static HZ_RESULT
strict_check(const void *sig, size_t n, const uint8_t pk[static HZ_ED_PK],
    const uint8_t blob[static SIG_BLOB], const char *trusted, size_t tn,
    const uint8_t global[static HZ_ED_SIG])
{
	struct hz_buf again = HZ_BUF_INIT(FILE_MAX);
	uint8_t number[KEY_NUMBER];
	enum hz_err err = lines_put(blob, trusted, tn, global, &again);

	key_number(pk, number);
	if (!err &&
	    (again.len != n || memcmp(again.p, sig, n) != 0 || memcmp(number, blob + 2, KEY_NUMBER) != 0)) {
		err = hz_fail(HZ_MSG_BUNDLE_DAMAGED, "minisign: not the one allowed form");
	}
	hz_buf_done(&again);
	return err;
}

/* The parts of a signature file; trusted is borrowed from it. */
struct parts {
	uint8_t blob[SIG_BLOB], global[HZ_ED_SIG];
	const char *trusted;
	size_t trusted_len;
};

static HZ_RESULT
parts_take(const void *sig, size_t n, struct parts *ret)
{
	const char *line;
	size_t pos = 0, len, got;

	if (n > FILE_MAX || !line_next(sig, n, &pos, &line, &len) || !prefix_cut(&line, &len, UNTRUSTED) ||
	    len > UNTRUSTED_MAX) {
		return hz_fail(HZ_MSG_BUNDLE_DAMAGED, "minisign: first line");
	}
	if (!line_next(sig, n, &pos, &line, &len) ||
	    hz_b64_get(HZ_B64_STD, line, len, ret->blob, sizeof ret->blob, &got) || got != sizeof ret->blob ||
	    ret->blob[0] != 'E' || ret->blob[1] != 'D') {
		return hz_fail(HZ_MSG_BUNDLE_DAMAGED, "minisign: signature line");
	}
	if (!line_next(sig, n, &pos, &ret->trusted, &ret->trusted_len) ||
	    !prefix_cut(&ret->trusted, &ret->trusted_len, TRUSTED) ||
	    !comment_ok(ret->trusted, ret->trusted_len, TRUSTED_MAX)) {
		return hz_fail(HZ_MSG_BUNDLE_DAMAGED, "minisign: trusted comment");
	}
	if (!line_next(sig, n, &pos, &line, &len) || pos != n ||
	    hz_b64_get(HZ_B64_STD, line, len, ret->global, sizeof ret->global, &got) ||
	    got != sizeof ret->global) {
		return hz_fail(HZ_MSG_BUNDLE_DAMAGED, "minisign: last line");
	}
	return HZ_OK;
}

HZ_RESULT
hz_minisign_verify(const void *sig, size_t n, const uint8_t pk[static HZ_ED_PK],
    const uint8_t blake2b[static 64], bool strict, struct hz_buf *ret_trusted)
{
	struct parts s = { .trusted = "" };
	uint8_t message[HZ_ED_SIG + TRUSTED_MAX];
	enum hz_err err;

	if ((err = parts_take(sig, n, &s))) {
		return err;
	}
	if (strict && (err = strict_check(sig, n, pk, s.blob, s.trusted, s.trusted_len, s.global))) {
		return err;
	}
	const uint8_t *first = s.blob + 2 + KEY_NUMBER;
	size_t len = global_message(first, s.trusted, s.trusted_len, message);
	if (!hz_ed_verify(pk, blake2b, 64, first) || !hz_ed_verify(pk, message, len, s.global)) {
		return hz_fail(HZ_MSG_BUNDLE_TAMPERED, "minisign: signature");
	}
	return ret_trusted ? hz_buf_put(ret_trusted, s.trusted, s.trusted_len) : HZ_OK;
}
