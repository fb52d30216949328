#include "tests.h"
const struct CMUnitTest rules_tests[] = { { 0 } };
const size_t n_rules_tests = 0;
