/* Boxes of ISO base media files, one after the other, never one inside a call for another. */
#ifndef HZ_INSPECT_BOX_H
#define HZ_INSPECT_BOX_H

#include "inspect/source.h"

struct hz_box {
	uint8_t type[4];
	uint64_t at, len; /* of the content */
};

/* A stretch of boxes. left counts down: what is behind a file's limit of boxes is not looked at. */
struct hz_boxes {
	struct hz_source *s;
	uint64_t at, end;
	unsigned left;
};

struct hz_boxes hz_boxes_in(struct hz_source *s, uint64_t at, uint64_t len, unsigned most);
/* The next box; false at the end and where what is there is no box (too short, or longer than the stretch). A
 * size of 0 means: to the end of the stretch. */
bool hz_boxes_next(struct hz_boxes *w, struct hz_box *ret_b);
bool hz_box_is(const struct hz_box *b, const char type[static 4]);
/* The first box of a type in a stretch. */
bool hz_boxes_find(struct hz_boxes w, const char type[static 4], struct hz_box *ret_b);

#endif
