/* The table of folding, made by scripts/fold-table.c when the project is built. Inside this room only. */
#ifndef HZ_TEXT_FOLD_TABLE_H
#define HZ_TEXT_FOLD_TABLE_H

#include <stdint.h>

/* Page of a character's high bits, then an entry: the folded character in the low 21 bits (0: the character
 * itself) and its kind; or the place in the pool, which holds a count and so many characters with kinds. */
#define FOLD_CP     0x1FFFFFU
#define FOLD_MULTI  (1U << 21)
#define FOLD_DROP   (1U << 22)
#define FOLD_EXTEND (1U << 23) /* dropped, but a part of the letter before it */

/* The entries of the characters of one and two bytes again; the character itself stands as such. */
extern const uint32_t hz_fold_low[0x800];
extern const uint16_t hz_fold_page[0x1100];
extern const uint32_t hz_fold_entry[];
extern const uint32_t hz_fold_pool[];

#endif
