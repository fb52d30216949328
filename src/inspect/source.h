/* The file in question, read by position and within limits. Its first bytes came with the request; the rest,
 * where the request brought a descriptor, is read from that in whole pages (it may be open with O_DIRECT) and
 * only where a parser asks for it. No parser sees the descriptor. */
#ifndef HZ_INSPECT_SOURCE_H
#define HZ_INSPECT_SOURCE_H

#include "base/err.h"
#include <stdint.h>
#include <sys/types.h>

enum {
	HZ_SOURCE_PAGE = 4096,
	HZ_SOURCE_WINDOW = 16 * HZ_SOURCE_PAGE, /* read at once */
	HZ_SOURCE_BUDGET = 256 << 20,           /* bytes read from the descriptor for one file */
};

struct hz_source {
	const uint8_t *head; /* borrowed: the first bytes of the file */
	size_t head_len;
	int fd;          /* -1: the head is all there is to read */
	uint64_t size;   /* of what can be read: of the file, or head_len */
	bool whole;      /* size is the file's: false where only the beginning of it is here */
	uint64_t left;   /* bytes that may still be read from fd */
	uint8_t *window; /* HZ_SOURCE_WINDOW bytes, aligned to a page; owned by whoever made the source */
	uint64_t window_at;
	size_t window_len;
};

/* size: as in the request (UINT64_MAX: not known). window: aligned memory as above; NULL with fd -1 only. */
void hz_source_begin(
    struct hz_source *s, const void *head, size_t head_len, int fd, uint64_t size, uint8_t *window);
/* Copies n bytes from the position off. All of them or nothing: HZ_MSG_FORMAT where the file ends before,
 * HZ_MSG_LIMIT over the budget, HZ_MSG_IO. */
HZ_RESULT hz_source_pread(struct hz_source *s, uint64_t off, void *ret_p, size_t n);
/* The same for at most n bytes: fewer only at the end of the file. */
HZ_RESULT hz_source_some(struct hz_source *s, uint64_t off, void *ret_p, size_t n, size_t *ret_n);
/* Borrows n bytes, at most HZ_SOURCE_WINDOW - HZ_SOURCE_PAGE, until the next call with this source. */
HZ_RESULT hz_source_view(struct hz_source *s, uint64_t off, size_t n, const uint8_t **ret_p);

#endif
