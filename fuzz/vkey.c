/* Keys of logs: there is one way to write what was read. */
#include "custody/custody.h"

#include <stdlib.h>
#include <string.h>

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char name[HZ_ORIGIN_MAX];
	uint8_t pk[32];
	struct hz_buf b = HZ_BUF_INIT(HZ_VKEY_MAX);
	if (hz_vkey_parse((const char *)data, size, name, pk) != HZ_OK) {
		return 0;
	}
	if (hz_vkey_write(name, pk, &b) != HZ_OK || b.len != size || memcmp(b.p, data, size) != 0) {
		abort();
	}
	hz_buf_done(&b);
	return 0;
}
