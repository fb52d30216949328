/* What the files of the room share. */
#ifndef HZ_OUTSIDE_INNER_H
#define HZ_OUTSIDE_INNER_H

#include "outside/outside.h"

/* packed.c: the newest checkpoint of an audit pack into b->note and b->c. HZ_MSG_FORMAT; HZ_MSG_TAMPERED
 * where it is not the one of the pack's events. */
HZ_RESULT hz_before_pack(const struct hz_source *src, struct hz_before *b);

#endif
