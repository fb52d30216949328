/* A whole file, of which only the beginning came with the question: the rest is read through a descriptor. */
#include "inspect/media.h"
#include "sandbox/wire.h"
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

enum { HEAD = 256 };

/* What the parsers say is always what the asking side takes. */
static void
check(const struct hz_claims *c)
{
	struct hz_buf out = HZ_BUF_INIT(HZ_WIRE_LEN + HZ_WIRE_ANSWER_MAX);
	struct hz_wire_answer a = { .kind = HZ_WIRE_CLAIMS, .claims = *c };

	if (hz_wire_answer_put(&out, &a) != HZ_OK) {
		abort();
	}
	hz_buf_done(&out);
}

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
	check(&c);
	return 0;
}
