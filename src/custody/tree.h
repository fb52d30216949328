/* The tree over tiles: what the appender and the prover share. Inside the room. */
#ifndef HZ_CUSTODY_TREE_H
#define HZ_CUSTODY_TREE_H

#include "custody/custody.h"

#define HZ_TILE_HEIGHT 8
#define HZ_TILE_WIDTH  256
#define HZ_TILE_BYTES  ((size_t)HZ_TILE_WIDTH * HZ_HASH)
#define HZ_TILE_LEVELS 8 /* 8 bits each of a size of 64 bits */
#define HZ_TREE_HEIGHT 64

struct hz_tile {
	unsigned level;
	uint64_t tile;
	size_t n;
	uint8_t hashes[HZ_TILE_BYTES];
};

struct hz_tree {
	struct hz_tiles_ops ops;
	void *arg;
	uint64_t size, flushed;
	uint8_t frontier[HZ_TREE_HEIGHT]
			[HZ_HASH]; /* subtree of 2^i leaves, valid where bit i of size is set */
	uint8_t edge[HZ_TILE_LEVELS][HZ_TILE_BYTES]; /* the unfilled tile of each level */
	bool dirty[HZ_TILE_LEVELS];
	struct hz_tile *full; /* filled since the last flush */
	size_t nfull, cap_full;
	struct hz_tile seen[HZ_TILE_LEVELS]; /* the prover's last tile of each level; n = 0: none */
};

/* Number of the unfilled tile of a level. */
uint64_t hz_tile_number(uint64_t size, unsigned level);
/* Loads a tile that must hold at least `need` hashes: HZ_MSG_FORMAT else. */
HZ_RESULT hz_tile_load(struct hz_tree *t, unsigned level, uint64_t tile, size_t need,
    uint8_t ret[static HZ_TILE_BYTES], size_t *ret_n);
/* Root over n neighbouring hashes, n a power of two up to 256. */
void hz_tile_fold(const uint8_t *hashes, size_t n, uint8_t ret_h[static 32]);

#endif
