/* What the two files of adding share. Inside the room. */
#ifndef HZ_API_ADD_H
#define HZ_API_ADD_H

#include "api/api.h"
#include "ingest/media.h"

#include <sys/stat.h>

#define HZ_API_BLOCK ((size_t)1 << 20) /* read at once */

struct hz_api_add {
	struct hirz_vault *v;
	struct hirz_add_opts o;
	int fd;
	bool stream; /* a pipe or socket: cannot be read twice */
	struct stat st;
	uint8_t *block; /* heap, HZ_API_BLOCK */
	size_t n;       /* bytes of the first block */
	uint64_t at;
	bool whole; /* the first block is all */
	uint8_t first[32], sha256[32];
	uint64_t size;
	struct hz_media media;
	struct hz_batch *b;
	struct hz_sealer *sealer;
	struct hz_sealed sealed;
	uint8_t *spare; /* heap, a segment */
	bool sealing;   /* the batch holds segments without an exhibit */
};

/* describe.c */
HZ_RESULT hz_api_add_check(const struct hirz_add_opts *o);
/* Sets a->media from the first block, which must be in hand. */
void hz_api_media(struct hz_api_add *a);
/* Fields and draft of an exhibit or of a further receipt. rec is initialised here; both are freed by the
 * caller on success. */
HZ_RESULT hz_api_draft(
    const struct hz_api_add *a, bool receipt, struct hz_record *rec, struct hz_record_draft *ret_d);

#endif
