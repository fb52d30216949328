/* What hirz-inspect may be asked: whatever is taken has the head that the asking side writes. */
#include "sandbox/wire.h"
#include <stdlib.h>
#include <string.h>

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t head[HZ_WIRE_LEN + HZ_WIRE_REQUEST_HEAD];
	struct hz_wire_request q;
	size_t n = 0;

	if (size >= HZ_WIRE_LEN &&
	    hz_wire_length(data, HZ_WIRE_REQUEST_HEAD, HZ_WIRE_REQUEST_MAX, &n) == HZ_OK &&
	    n <= size - HZ_WIRE_LEN && hz_wire_request_get(data + HZ_WIRE_LEN, n, &q) == HZ_OK) {
		hz_wire_request_head(head, &q);
		if (memcmp(head, data, sizeof(head)) != 0 || q.data != data + sizeof(head) ||
		    q.n + sizeof(head) > size) {
			abort();
		}
	}
	return 0;
}
