/* C2SP tlog-proof [F-8.6]. */
#include "base/enc.h"
#include "custody/custody.h"

#include <string.h>

#define HEADER "c2sp.org/tlog-proof@v1"
#define INDEX  "index "

enum hz_err
hz_tlog_proof_write(
    uint64_t index, const void *proof, size_t n, const void *note, size_t notelen, struct hz_buf *out)
{
	size_t at = out->len;
	if (n > HZ_PROOF_MAX) {
		return hz_fail(HZ_MSG_LIMIT, "proof of %zu hashes, at most %d", n, HZ_PROOF_MAX);
	}
	enum hz_err err = hz_buf_printf(out, HEADER "\n" INDEX "%llu\n", (unsigned long long)index);
	for (size_t i = 0; i < n && err == HZ_OK; i++) {
		err = hz_b64_put(out, HZ_B64_STD, (const uint8_t *)proof + i * HZ_HASH, HZ_HASH);
		if (err == HZ_OK) {
			err = hz_buf_putc(out, '\n');
		}
	}
	if (err == HZ_OK) {
		err = hz_buf_putc(out, '\n');
	}
	if (err == HZ_OK) {
		err = hz_buf_put(out, note, notelen);
	}
	if (err != HZ_OK) {
		out->len = at;
	}
	return err;
}

/* The next line without its LF; false where there is none. */
static bool
next_line(const char *s, size_t n, size_t *at, const char **ret_line, size_t *ret_len)
{
	const char *end = *at < n ? memchr(s + *at, '\n', n - *at) : NULL;
	if (end == NULL) {
		return false;
	}
	*ret_line = s + *at;
	*ret_len = (size_t)(end - s) - *at;
	*at += *ret_len + 1;
	return true;
}

static enum hz_err
read_hash(const char *line, size_t len, struct hz_tlog_proof *x)
{
	size_t got;
	if (x->n == HZ_PROOF_MAX) {
		return hz_fail(HZ_MSG_FORMAT, "proof: more than %d hashes", HZ_PROOF_MAX);
	}
	if (len != hz_b64_len(HZ_B64_STD, HZ_HASH)) {
		return hz_fail(HZ_MSG_FORMAT, "proof: a line is not a hash");
	}
	enum hz_err err = hz_b64_get(HZ_B64_STD, line, len, x->hashes[x->n], HZ_HASH, &got);
	if (err == HZ_OK && got != HZ_HASH) {
		err = hz_fail(HZ_MSG_FORMAT, "proof: a line is not a hash");
	}
	x->n++;
	return err;
}

enum hz_err
hz_tlog_proof_read(const void *p, size_t n, struct hz_tlog_proof *ret)
{
	const char *s = p;
	const char *line;
	size_t len;
	size_t at = 0;
	struct hz_tlog_proof x = { .n = 0 };
	if (!next_line(s, n, &at, &line, &len) || len != sizeof HEADER - 1 ||
	    memcmp(line, HEADER, len) != 0) {
		return hz_fail(HZ_MSG_FORMAT, "proof: not a tlog-proof of version 1");
	}
	if (!next_line(s, n, &at, &line, &len) || len < sizeof INDEX ||
	    memcmp(line, INDEX, sizeof INDEX - 1) != 0) {
		return hz_fail(HZ_MSG_FORMAT, "proof: no index");
	}
	enum hz_err err =
	    hz_parse_u64(line + sizeof INDEX - 1, len - (sizeof INDEX - 1), UINT64_MAX, &x.index);
	if (err != HZ_OK) {
		return err;
	}
	for (;;) {
		if (!next_line(s, n, &at, &line, &len)) {
			return hz_fail(HZ_MSG_FORMAT, "proof: no empty line before the checkpoint");
		}
		if (len == 0) {
			break;
		}
		err = read_hash(line, len, &x);
		if (err != HZ_OK) {
			return err;
		}
	}
	if (at == n) {
		return hz_fail(HZ_MSG_FORMAT, "proof: no checkpoint");
	}
	x.note_at = at;
	*ret = x;
	return HZ_OK;
}
