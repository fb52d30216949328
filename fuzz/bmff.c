/* The boxes of a video. */
#include "checks.h"
#include "inspect/media.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct hz_claims c = { 0 };
	struct hz_source s;

	hz_source_begin(&s, data, size, -1, size, NULL);
	hz_bmff_read(&s, &c);
	check_claims(&c);
	return 0;
}
