/* The strict tar reader: what it takes, hz_tar_header makes again. */
#include "manifest/manifest.h"

#include <string.h>

struct source {
	const uint8_t *p;
	size_t n;
};

static enum hz_err
source_read(void *arg, void *p, size_t n, size_t *ret_n)
{
	struct source *s = arg;
	size_t take = n < s->n ? n : s->n;

	if (take > 0) {
		memcpy(p, s->p, take);
	}
	s->p += take;
	s->n -= take;
	*ret_n = take;
	return HZ_OK;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct source s = { data, size };
	struct hz_tar_reader *r = NULL;
	struct hz_tar_member m;
	uint8_t part[512];
	size_t got;
	bool found = true, half = false;

	if (hz_tar_open(source_read, &s, &r)) {
		return 0;
	}
	while (!hz_tar_next(r, &found, &m) && found) {
		struct hz_buf b = HZ_BUF_INIT(1536);
		hz_assert(hz_tar_header(&m, &b) == HZ_OK && (b.len == 512 || b.len == 1536));
		hz_buf_done(&b);
		while (!hz_tar_read(r, part, sizeof part, &got) && got > 0 && !half) {
			;
		}
		half = !half;
	}
	hz_assert(found || s.n == 0);
	hz_tar_close(&r);
	return 0;
}
