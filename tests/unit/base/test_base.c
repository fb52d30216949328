#include "tests.h"

int
main(void)
{
	int failed = 0;
	failed += run_err();
	failed += run_buf();
	failed += run_enc();
	failed += run_time();
	failed += run_fd();
	failed += run_pool();
	failed += run_gate();
	return failed == 0 ? 0 : 1;
}
