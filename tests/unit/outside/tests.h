/* The tests of the room that are in other files. */
#ifndef HZ_UNIT_OUTSIDE_TESTS_H
#define HZ_UNIT_OUTSIDE_TESTS_H

extern const char *outside_vectors; /* tests/vectors */

void requests_of_others(void **state);
void policy_of_others(void **state);
void script_of_others(void **state);
void own_witness(void **state);
void own_policies(void **state);

#endif
