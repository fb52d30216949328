#include "hex.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static unsigned
nibble(char c)
{
	static const char digits[] = "0123456789abcdef";
	const char *at = c == '\0' ? NULL : strchr(digits, c);

	if (at == NULL) {
		fail_msg("not a hex digit: %d", c);
		return 0;
	}
	return (unsigned)(at - digits);
}

void
from_hex(const char *hex, uint8_t *out, size_t n)
{
	assert_int_equal(strlen(hex), 2 * n);
	for (size_t i = 0; i < n; i++) {
		out[i] = (uint8_t)(nibble(hex[2 * i]) << 4 | nibble(hex[2 * i + 1]));
	}
}

void
assert_hex(const void *p, size_t n, const char *hex)
{
	const uint8_t *b = p;

	assert_int_equal(strlen(hex), 2 * n);
	for (size_t i = 0; i < n; i++) {
		assert_int_equal(b[i], nibble(hex[2 * i]) << 4 | nibble(hex[2 * i + 1]));
	}
}
