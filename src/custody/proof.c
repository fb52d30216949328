/* C2SP tlog-proof [F-8.6]. */
#include "base/enc.h"
#include "custody/lines.h"

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
	if (err == HZ_OK) {
		err = hz_lines_put(proof, n, note, notelen, out);
	}
	if (err != HZ_OK) {
		out->len = at;
	}
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
	if (!hz_line_next(s, n, &at, &line, &len) || len != sizeof HEADER - 1 ||
	    memcmp(line, HEADER, len) != 0) {
		return hz_fail(HZ_MSG_FORMAT, "proof: not a tlog-proof of version 1");
	}
	if (!hz_line_next(s, n, &at, &line, &len) || len < sizeof INDEX ||
	    memcmp(line, INDEX, sizeof INDEX - 1) != 0) {
		return hz_fail(HZ_MSG_FORMAT, "proof: no index");
	}
	enum hz_err err =
	    hz_parse_u64(line + sizeof INDEX - 1, len - (sizeof INDEX - 1), UINT64_MAX, &x.index);
	if (err != HZ_OK) {
		return err;
	}
	for (;;) {
		if (!hz_line_next(s, n, &at, &line, &len)) {
			return hz_fail(HZ_MSG_FORMAT, "proof: no empty line before the checkpoint");
		}
		if (len == 0) {
			break;
		}
		if (x.n == HZ_PROOF_MAX) {
			return hz_fail(HZ_MSG_FORMAT, "proof: more than %d hashes", HZ_PROOF_MAX);
		}
		HZ_TRY(hz_line_hash("proof", line, len, x.hashes[x.n]));
		x.n++;
	}
	if (at == n) {
		return hz_fail(HZ_MSG_FORMAT, "proof: no checkpoint");
	}
	x.note_at = at;
	*ret = x;
	return HZ_OK;
}
