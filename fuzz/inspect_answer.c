/* What a captured hirz-inspect may answer: whatever is believed can be written again, byte for byte. */
#include "sandbox/wire.h"
#include <stdlib.h>
#include <string.h>

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct hz_buf again = HZ_BUF_INIT(HZ_WIRE_LEN + HZ_WIRE_ANSWER_MAX);
	struct hz_wire_answer a;
	size_t n = 0;

	if (size >= HZ_WIRE_LEN &&
	    hz_wire_length(data, HZ_WIRE_ANSWER_MIN, HZ_WIRE_ANSWER_MAX, &n) == HZ_OK &&
	    n <= size - HZ_WIRE_LEN && hz_wire_answer_get(data + HZ_WIRE_LEN, n, &a) == HZ_OK) {
		if (hz_wire_answer_put(&again, &a) != HZ_OK || again.len != HZ_WIRE_LEN + n ||
		    memcmp(again.p, data, again.len) != 0) {
			abort();
		}
	}
	hz_buf_done(&again);
	return 0;
}
