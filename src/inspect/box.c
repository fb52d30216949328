#include "inspect/box.h"
#include "base/buf.h"
#include <string.h>

struct hz_boxes
hz_boxes_in(struct hz_source *s, uint64_t at, uint64_t len, unsigned most)
{
	return (struct hz_boxes){ s, at, at + len, most };
}

bool
hz_boxes_next(struct hz_boxes *w, struct hz_box *ret_b)
{
	uint8_t p[16];
	uint64_t head = 8;

	if (w->left == 0 || w->end < w->at || w->end - w->at < head ||
	    hz_source_pread(w->s, w->at, p, 8) != HZ_OK) {
		return false;
	}
	uint64_t size = hz_rd_be32(p), room = w->end - w->at;

	if (size == 1) {
		head = 16;
		if (room < head || hz_source_pread(w->s, w->at + 8, p + 8, 8) != HZ_OK) {
			return false;
		}
		size = hz_rd_be64(p + 8);
	} else if (size == 0) {
		size = room;
	}
	if (size < head || size > room) {
		return false;
	}
	w->left--;
	memcpy(ret_b->type, p + 4, 4);
	ret_b->at = w->at + head;
	ret_b->len = size - head;
	w->at += size;
	return true;
}

bool
hz_box_is(const struct hz_box *b, const char type[static 4])
{
	return memcmp(b->type, type, 4) == 0;
}

bool
hz_boxes_find(struct hz_boxes w, const char type[static 4], struct hz_box *ret_b)
{
	struct hz_box b;

	while (hz_boxes_next(&w, &b)) {
		if (hz_box_is(&b, type)) {
			*ret_b = b;
			return true;
		}
	}
	return false;
}
