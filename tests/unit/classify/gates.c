#include "tests.h"
const struct CMUnitTest gate_tests[] = { { 0 } };
const size_t n_gate_tests = 0;
