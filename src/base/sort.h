/* Sorting in place, for programs behind walls: the C library's asks the system how much memory there is,
 * which a sandbox ends with the program. Heapsort: no second copy, no bad case; equal elements in no order.
 */
#ifndef HZ_BASE_SORT_H
#define HZ_BASE_SORT_H

#include <stddef.h>

#define HZ_SORT_SIZE 256 /* bytes of an element, at most */

void hz_sort(void *p, size_t n, size_t size, int (*cmp)(const void *a, const void *b));
/* The same for what is compared with something else at hand. */
void hz_sort_with(
    void *p, size_t n, size_t size, int (*cmp)(const void *a, const void *b, void *arg), void *arg);

#endif
