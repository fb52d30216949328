#include "tests.h"

#include <string.h>

int
main(void)
{
	struct CMUnitTest all[64];
	size_t n = 0;
	const struct {
		const struct CMUnitTest *tests;
		size_t count;
	} parts[] = { { keyring_tests, keyring_count }, { batch_tests, batch_count },
		{ pins_tests, pins_count } };
	if (hz_crypto_init() != HZ_OK) {
		return 1;
	}
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		memcpy(all + n, parts[i].tests, parts[i].count * sizeof(all[0]));
		n += parts[i].count;
	}
	return _cmocka_run_group_tests("vault", all, n, NULL, NULL);
}
