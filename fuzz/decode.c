/* Encodings. The first byte says which; the rest comes whole and in two pieces, with the same result. */
#include "base/enc.h"
#include "inspect/charset.h"
#include <stdlib.h>
#include <string.h>

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size < 2) {
		return 0;
	}
	enum hz_charset from = (enum hz_charset)(data[0] % (HZ_CHARSET_ISO_8859_6 + 1));
	struct hz_decoder whole = hz_decoder_for(from), pieces = hz_decoder_for(from);
	size_t n = size - 1, cut = data[1] % n;
	char *one = malloc(HZ_DECODER_ROOM(n)), *two = malloc(2 * HZ_DECODER_ROOM(n));

	if (one == NULL || two == NULL) {
		abort();
	}
	size_t a = hz_decoder_put(&whole, data + 1, n, true, one);
	size_t b = hz_decoder_put(&pieces, data + 1, cut, false, two);

	b += hz_decoder_put(&pieces, data + 1 + cut, n - cut, true, two + b);
	if (a > HZ_DECODER_ROOM(n) || a != b || memcmp(one, two, a) != 0 || !hz_utf8_ok(one, a)) {
		abort();
	}
	(void)hz_charset_guess(data + 1, n, true, from);
	free(one);
	free(two);
	return 0;
}
