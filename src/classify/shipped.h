/* The rules that come with the program: data/syria.rules, built in. */
#ifndef HZ_CLASSIFY_SHIPPED_H
#define HZ_CLASSIFY_SHIPPED_H

#include <stddef.h>

/* The bytes of the file. */
const void *hz_rules_shipped(size_t *ret_n);

#endif
