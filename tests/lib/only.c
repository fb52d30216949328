/* With HIRZ_TEST_ONLY=NAME a test program runs the tests of this name alone (* and ? as in a shell). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

__attribute__((constructor)) static void
only(void)
{
	const char *name = getenv("HIRZ_TEST_ONLY");

	if (name != NULL) {
		cmocka_set_test_filter(name);
	}
}
