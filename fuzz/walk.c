/* The structure walker over any bytes as data.mdb, from memory. */
#include "store/walk.h"
#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct hz_walk_stats st;
	int fd = memfd_create("walk", MFD_CLOEXEC);

	if (fd < 0) {
		return 0;
	}
	if (write(fd, data, size) == (ssize_t)size) {
		HZ_IGNORE(hz_walk(fd, 24, &st)); /* any answer is right; a crash is not */
	}
	(void)close(fd);
	return 0;
}
