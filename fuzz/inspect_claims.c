/* A whole file, of which only the beginning came with the question: the rest is read through a descriptor. */
#include "checks.h"
#include "inspect/media.h"
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

enum { HEAD = 256 };

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static _Alignas(HZ_SOURCE_PAGE) uint8_t window[HZ_SOURCE_WINDOW];
	struct hz_claims c = { 0 };
	struct hz_source s;
	int fd = memfd_create("file", MFD_CLOEXEC);

	if (fd < 0 || write(fd, data, size) != (ssize_t)size) {
		abort();
	}
	hz_source_begin(&s, data, size < HEAD ? size : HEAD, fd, size, window);
	hz_inspect_claims(&s, "", &c);
	close(fd);
	check_claims(&c);
	return 0;
}
