/* What the files of the api room share. Nobody outside includes this: others include hirz/hirz.h. */
#ifndef HZ_API_API_H
#define HZ_API_API_H

#include "hirz/hirz.h"
#include "sandbox/sandbox.h"
#include "vault/vault.h"

#define HZ_API_STRUCT_MAX 65536 /* a size over it was never set */

struct hirz_vault {
	struct hz_vault *v; /* NULL: could not be opened again (hirz_unlock) */
	char *path;
	enum hirz_mode mode;
	bool force_fs;
	bool busy; /* inside a call: callbacks must not come back with the same handle */
	bool inspector_tried;
	struct hz_inspector *inspector;
};

/* --- error.c ------------------------------------------------------------------------------------------- */
/* Begins a call: the handle is there, not in use, and open in at least this mode. */
HZ_RESULT hz_api_enter(struct hirz_vault *v, enum hirz_mode need);
/* Ends it: the public code, with the failure kept for the thread; none after success. */
enum hirz_err hz_api_leave(struct hirz_vault *v, enum hz_err r);
/* The same for calls without a handle, or that never entered. */
enum hirz_err hz_api_end(enum hz_err r);
/* A callback did not return 0. */
enum hz_err hz_api_stopped(void);
/* Options: what the caller knows of the struct is copied over zeros; what he knows more than this library
 * must be zero (HZ_MSG_UNSUPPORTED). in NULL: all zero. own begins with its size. */
HZ_RESULT hz_api_opts(const void *in, void *own, size_t n);
/* Results: as much as the caller knows; his size stays. ret NULL: nothing. */
void hz_api_ret(const void *own, size_t n, void *ret);
/* A result struct has a usable size. ret NULL is fine. HZ_MSG_USAGE. */
HZ_RESULT hz_api_ret_check(const void *ret);

/* --- stream.c ------------------------------------------------------------------------------------------ */
struct hz_api_stream {
	hirz_data_fn *fn; /* NULL: verify only */
	void *arg;
	uint64_t bytes; /* of segments read */
	bool missing;   /* a segment was not there */
};
/* All segments of an object through the opener: their addresses where fn is NULL, tags, padding, the hash of
 * the plaintext. HZ_MSG_CONTENT_DIFFERS. */
HZ_RESULT hz_api_stream(struct hz_vault *v, const struct hz_object *o, struct hz_api_stream *s);

#endif
