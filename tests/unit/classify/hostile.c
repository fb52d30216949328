#include "tests.h"
const struct CMUnitTest hostile_tests[] = { { 0 } };
const size_t n_hostile_tests = 0;
