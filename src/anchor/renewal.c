/* Renewals [F-8.11]: which tokens a later time stamp carries on. */
#include "anchor/anchor.h"

#include "base/enc.h"
#include "crypto/crypto.h"

#include <stdio.h>
#include <string.h>

#define LOG_HEX  8
#define LINE_MAX (LOG_HEX + 1 + 20 + 1 + 64 + 1 + 128)

void
hz_renewal_of(const uint8_t log[static 4], uint64_t index, const struct hz_buf *token, struct hz_renewal *ret)
{
	struct hz_renewal x = { .index = index };

	memcpy(x.log, log, sizeof x.log);
	hz_sha256(token->p, token->len, x.sha256);
	hz_sha512(token->p, token->len, x.sha512);
	*ret = x;
}

HZ_RESULT
hz_renewal_add(struct hz_record *r, unsigned n, const struct hz_renewal *x)
{
	char name[24], id[2 * sizeof x->log + 1], h256[65], h512[129], line[LINE_MAX + 1];

	if (n == 0 || n > HZ_ANCHOR_RENEW_MAX) {
		return hz_fail(HZ_MSG_LIMIT, "more than %d anchors", HZ_ANCHOR_RENEW_MAX);
	}
	hz_hex(id, x->log, sizeof x->log);
	hz_hex(h256, x->sha256, sizeof x->sha256);
	hz_hex(h512, x->sha512, sizeof x->sha512);
	(void)snprintf(name, sizeof name, "renewal.%u", n);
	(void)snprintf(line, sizeof line, "%s %llu %s %s", id, (unsigned long long)x->index, h256, h512);
	return hz_record_add(r, name, line);
}

/* The one form of a line: what is written from what was read is the same. */
static enum hz_err
read_line(const char *s, struct hz_renewal *ret)
{
	struct hz_renewal x = { .index = 0 };
	size_t n = strlen(s), digits = 0;
	const char *at = s + LOG_HEX + 1;
	const size_t rest = 1 + 64 + 1 + 128;

	if (n < LOG_HEX + 1 + 1 + rest || n > LINE_MAX || s[LOG_HEX] != ' ') {
		return hz_fail(HZ_MSG_FORMAT, "a line of a renewal");
	}
	digits = n - LOG_HEX - 1 - rest;
	const char *h256 = at + digits + 1, *h512 = h256 + 65;
	if (h256[-1] != ' ' || h512[-1] != ' ' || !hz_is_hex(s, LOG_HEX) || !hz_is_hex(h256, 64) ||
	    !hz_is_hex(h512, 128) || hz_parse_u64(at, digits, UINT64_MAX, &x.index) != HZ_OK ||
	    hz_unhex(s, LOG_HEX, x.log, sizeof x.log) != HZ_OK ||
	    hz_unhex(h256, 64, x.sha256, sizeof x.sha256) != HZ_OK ||
	    hz_unhex(h512, 128, x.sha512, sizeof x.sha512) != HZ_OK) {
		return hz_fail(HZ_MSG_FORMAT, "a line of a renewal");
	}
	*ret = x;
	return HZ_OK;
}

HZ_RESULT
hz_renewal_read(
    const struct hz_record *r, struct hz_renewal ret_list[static HZ_ANCHOR_RENEW_MAX], size_t *ret_n)
{
	const char *kind = hz_record_get(r, "kind"), *line = NULL;
	char name[24];
	size_t n = 0, named = 0;

	if (kind == NULL || strcmp(kind, "anchor-renewal") != 0) {
		return hz_fail(HZ_MSG_FORMAT, "not the record of a renewal");
	}
	for (size_t i = 0; i < r->n; i++) {
		named += strncmp(r->fields[i].name, "renewal.", 8) == 0;
	}
	for (;;) {
		(void)snprintf(name, sizeof name, "renewal.%zu", n + 1);
		line = hz_record_get(r, name);
		if (line == NULL) {
			break;
		}
		if (n == HZ_ANCHOR_RENEW_MAX) {
			return hz_fail(
			    HZ_MSG_LIMIT, "more than %d anchors in a renewal", HZ_ANCHOR_RENEW_MAX);
		}
		HZ_TRY(read_line(line, &ret_list[n++]));
	}
	if (n == 0 || n != named) {
		return hz_fail(HZ_MSG_FORMAT, "a renewal without lines, or with a gap between them");
	}
	*ret_n = n;
	return HZ_OK;
}
