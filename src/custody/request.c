/* Requests to witnesses, and what a witness answers (C2SP tlog-witness) [F-8.13]. */
#include "custody/witness.h"

#include "base/enc.h"
#include "custody/lines.h"
#include <string.h>

#define OLD "old "

enum hz_err
hz_witness_request_write(
    uint64_t old, const void *proof, size_t n, const void *note, size_t notelen, struct hz_buf *out)
{
	size_t at = out->len;

	if (n > HZ_REQUEST_PROOF) {
		return hz_fail(HZ_MSG_LIMIT, "request: a proof of %zu hashes", n);
	}
	enum hz_err err = hz_buf_printf(out, OLD "%llu\n", (unsigned long long)old);
	if (err == HZ_OK) {
		err = hz_lines_put(proof, n, note, notelen, out);
	}
	if (err != HZ_OK) {
		out->len = at;
	}
	return err;
}

/* The next line without its LF. */
static enum hz_err
line_at(const char *s, size_t n, size_t *at, const char **ret_line, size_t *ret_len)
{
	return hz_line_next(s, n, at, ret_line, ret_len) ? HZ_OK
							 : hz_fail(HZ_MSG_FORMAT, "request: it ends early");
}

static enum hz_err
hash_line(const char *line, size_t len, struct hz_witness_request *r)
{
	if (r->n == HZ_REQUEST_PROOF) {
		return hz_fail(HZ_MSG_FORMAT, "request: more than %d hashes", HZ_REQUEST_PROOF);
	}
	return hz_line_hash("request", line, len, r->proof[r->n++]);
}

enum hz_err
hz_witness_request_read(const void *p, size_t n, struct hz_witness_request *ret_r)
{
	struct hz_witness_request r = { .n = 0 };
	const char *s = p, *line = NULL;
	size_t at = 0, len = 0;

	if (n > HZ_REQUEST_MAX) {
		return hz_fail(HZ_MSG_LIMIT, "request: %zu bytes", n);
	}
	enum hz_err err = line_at(s, n, &at, &line, &len);
	if (err == HZ_OK && (len < sizeof OLD || memcmp(line, OLD, sizeof OLD - 1) != 0)) {
		err = hz_fail(HZ_MSG_FORMAT, "request: no line of the old size");
	}
	if (err == HZ_OK) {
		err = hz_parse_u64(line + sizeof OLD - 1, len - (sizeof OLD - 1), UINT64_MAX, &r.old);
	}
	while (err == HZ_OK && (err = line_at(s, n, &at, &line, &len)) == HZ_OK && len > 0) {
		err = hash_line(line, len, &r);
	}
	if (err == HZ_OK && at == n) {
		err = hz_fail(HZ_MSG_FORMAT, "request: no checkpoint");
	}
	if (err == HZ_OK) {
		r.note_at = at;
		*ret_r = r;
	}
	return err;
}

enum hz_witness_answer
hz_witness_judge(
    const struct hz_witness_seen *seen, const struct hz_witness_request *r, const struct hz_checkpoint *c)
{
	uint8_t empty[HZ_HASH];
	enum hz_witness_answer answer = HZ_WITNESS_SIGN;

	hz_tree_empty(empty);
	if (c->size == 0 && memcmp(c->root, empty, sizeof empty) != 0) {
		return HZ_WITNESS_MALFORMED;
	}
	/* What speaks against the log comes before what speaks against the request. */
	if (c->size == seen->size && seen->size > 0 && memcmp(c->root, seen->root, HZ_HASH) != 0) {
		return HZ_WITNESS_FORK;
	}
	if (r->old > c->size) {
		return HZ_WITNESS_MALFORMED;
	}
	if (r->old != seen->size) {
		return c->size < seen->size  ? HZ_WITNESS_OLDER
		       : r->old > seen->size ? HZ_WITNESS_BEHIND
					     : HZ_WITNESS_CONFLICT;
	}
	if ((r->old == 0 || r->old == c->size) && r->n > 0) {
		return HZ_WITNESS_MALFORMED;
	}
	if (r->old > 0 &&
	    hz_consistency_verify(r->old, seen->root, c->size, c->root, r->proof, r->n) != HZ_OK) {
		hz_fail_clear();
		answer = HZ_WITNESS_BAD_PROOF;
	}
	return answer;
}
