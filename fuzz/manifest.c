/* Manifest lines: what is taken is written again in the same bytes. The first bit chooses the digest's
 * length. */
#include "manifest/manifest.h"

#include <string.h>

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t digest[64];
	const char *path = NULL;
	char name[HZ_BAG_PATH_MAX + 1];
	size_t pos = 0, before = 0, len = 0;
	bool found = true;

	if (size < 1) {
		return 0;
	}
	size_t digest_len = data[0] & 1 ? 64 : 32;
	const char *text = (const char *)data + 1;
	while (!hz_manifest_next(text, size - 1, digest_len, &pos, &found, digest, &path, &len) && found) {
		struct hz_buf b = HZ_BUF_INIT(HZ_MANIFEST_LINE);
		hz_assert(len <= HZ_BAG_PATH_MAX);
		memcpy(name, path, len);
		name[len] = 0;
		hz_assert(hz_manifest_line(&b, digest, digest_len, name) == HZ_OK);
		hz_assert(b.len == pos - before && memcmp(b.p, text + before, b.len) == 0);
		hz_buf_done(&b);
		before = pos;
	}
	return 0;
}
