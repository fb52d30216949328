#ifndef HZ_TEST_WHOLE_H
#define HZ_TEST_WHOLE_H

#include "tests.h"

void whole_good(void **state);
void whole_stopped(void **state);
void whole_resumed_other(void **state);
void whole_kept(void **state);
void whole_pack(void **state);
void whole_clock(void **state);

#endif
