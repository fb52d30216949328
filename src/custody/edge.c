/* A tree known by its right edge alone [F-8.4]. */
#include "custody/custody.h"

#include <string.h>

/* Like the carry of a counter: each complete pair becomes one subtree of the next height. */
void
hz_edge_add(struct hz_edge *e, const uint8_t leaf[static 32])
{
	uint8_t h[HZ_HASH];
	unsigned level = 0;
	memcpy(h, leaf, sizeof h);
	for (uint64_t n = e->n; (n & 1) != 0; n >>= 1) {
		hz_node_hash(e->h[level++], h, h);
	}
	memcpy(e->h[level], h, sizeof h);
	e->n++;
}

void
hz_edge_root(const struct hz_edge *e, uint8_t ret_root[static 32])
{
	bool have = false;
	hz_tree_empty(ret_root);
	for (unsigned level = 0; level < 64; level++) {
		if ((e->n >> level & 1) == 0) {
			continue;
		}
		if (have) {
			hz_node_hash(e->h[level], ret_root, ret_root);
		} else {
			memcpy(ret_root, e->h[level], HZ_HASH);
		}
		have = true;
	}
}
