/* Records: a payload, a line end, disclosures joined by '~'; the same bytes as a file; and as the content of
 * a disclosure whose digest is listed, since no mutation finds a hash. */
#include "record/record.h"
#include "base/enc.h"
#include "crypto/crypto.h"

#include <stdlib.h>
#include <string.h>

static void
check_fields(const struct hz_record *r)
{
	for (size_t i = 0; i < r->n; i++) {
		const struct hz_field *f = &r->fields[i];
		if (f->disclosure == NULL || strcmp(hz_record_get(r, f->name), f->value) != 0) {
			abort();
		}
	}
}

static void
as_disclosure(const uint8_t *data, size_t size)
{
	struct hz_record_draft d = { .digests = HZ_BUF_INIT(HZ_RECORD_MAX),
		.disclosures = HZ_BUF_INIT(HZ_RECORD_MAX) };
	struct hz_buf payload = HZ_BUF_INIT(HZ_RECORD_MAX);
	struct hz_record r;
	uint8_t h[32];
	hz_record_init(&r);
	memcpy(r.iss, "hirz.invalid/00112233445566778899aabbccddeeff/01234567", 55);
	if (hz_b64_put(&d.disclosures, HZ_B64_URL, data, size) == HZ_OK) {
		hz_sha256(d.disclosures.p, d.disclosures.len, h);
		for (; d.count < 8; d.count++) {
			if (hz_b64_put(&d.digests, HZ_B64_URL, h, sizeof h) != HZ_OK) {
				abort();
			}
			hz_sha256(h, sizeof h, h);
		}
		if (hz_record_payload(&r, &d, &payload) == HZ_OK &&
		    hz_record_read(payload.p, payload.len, (const char *)d.disclosures.p, d.disclosures.len,
			&r) == HZ_OK) {
			check_fields(&r);
			if (r.withheld != 8 - r.n) {
				abort();
			}
		}
	}
	hz_record_done(&r);
	hz_record_draft_done(&d);
	hz_buf_done(&payload);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct hz_record r;
	size_t jwt;
	size_t at;
	size_t len;
	if (hz_record_split(data, size, &jwt, &at, &len) == HZ_OK && (jwt + 1 != at || at + len > size)) {
		abort();
	}
	const uint8_t *line_end = size == 0 ? NULL : memchr(data, '\n', size);
	size_t n = line_end == NULL ? size : (size_t)(line_end - data);
	const char *disclosures = line_end == NULL ? NULL : (const char *)line_end + 1;
	hz_record_init(&r);
	if (hz_record_read(data, n, disclosures, line_end == NULL ? 0 : size - n - 1, &r) == HZ_OK) {
		check_fields(&r);
	}
	hz_record_done(&r);
	as_disclosure(data, size);
	return 0;
}
