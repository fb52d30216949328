#ifndef HZ_TEST_WHOLE_H
#define HZ_TEST_WHOLE_H

#include "tests.h"

void whole_good(void **state);
void whole_stopped(void **state);
void whole_resumed_other(void **state);
void whole_kept(void **state);
void whole_pack(void **state);
void whole_clock(void **state);
void stamps_good(void **state);
void stamp_of_other(void **state);
void stamp_of_fork(void **state);
void stamp_hidden(void **state);
void stamp_renewed(void **state);
void token_facts(void **state);
void token_wrong(void **state);
void member_of_no_log(void **state);
void witnessed(void **state);
void cosignature_changed(void **state);

#endif
