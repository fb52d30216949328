/* What is known about the content of a source: its media type, who says so, and what the file says of itself,
 * for its record [F-7.5]. Nothing here is a reason not to seal. */
#ifndef HZ_INGEST_MEDIA_H
#define HZ_INGEST_MEDIA_H

#include "record/record.h"
#include "sandbox/sandbox.h"

struct hz_media {
	char type[HZ_INSPECT_TYPE_MAX + HZ_INSPECT_CHARSET_MAX + 16]; /* content.media_type */
	char by[64];                                                  /* content.type_by */
	char claims_by[64]; /* inspected.by: tool, version, sandbox; empty: nothing to say */
	struct hz_claims claims;
};

/* The type without a question. */
void hz_media_set(struct hz_media *m, const char *type, const char *by);
/* Asks hirz-inspect (NULL: there is none) about a file of which p is the beginning. size and fd as in struct
 * hz_inspect_question. */
void hz_media_ask(
    struct hz_inspector *insp, const void *p, size_t n, uint64_t size, int fd, struct hz_media *m);
/* A descriptor of the same file with a position of its own, at the beginning, and without O_DIRECT; of bytes
 * in memory where there is no file (fd -1) and they are all of it. -1 where it cannot be had. */
int hz_media_reopen(int fd, const void *p, size_t n, uint64_t size);
/* Adds what a name of a ProofMode set says: which part of it, and of which file. The name is the last part of
 * a path. */
void hz_media_name(const char *name, struct hz_media *m);
/* content.media_type, content.type_by, and the group inspected: each claim is a field of its own. */
HZ_RESULT hz_media_fields(const struct hz_media *m, struct hz_record *r);

#endif
