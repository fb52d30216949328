/* The audit pack [F-9.20]: whole logs in one text, an event a line, checkpoints where they belong. Bytes in
 * and out; what they mean is checked with custody/trail.h. */
#ifndef HZ_CUSTODY_PACK_H
#define HZ_CUSTODY_PACK_H

#include "custody/custody.h"

#define HZ_PACK_FIRST       "hirz-audit-pack/v1\n"
#define HZ_PACK_CHECKPOINT  "checkpoint"
#define HZ_PACK_RECORD      "record" /* of the event before it, of act anchor */
#define HZ_PACK_WORD_MAX    32       /* of a section, its NUL included */
#define HZ_PACK_SECTION_MAX 1048576  /* bytes of a section */
#define HZ_PACK_LOGS_MAX    64

enum hz_pack_kind { HZ_PACK_LOG, HZ_PACK_EVENT, HZ_PACK_SECTION, HZ_PACK_END };
struct hz_pack_item {
	enum hz_pack_kind kind;
	char origin[HZ_ORIGIN_MAX];  /* log */
	char word[HZ_PACK_WORD_MAX]; /* section */
	uint64_t n;                  /* log: events that it has; event: its index */
	const uint8_t *p;            /* event, section: bytes, borrowed until the next call */
	size_t len;
};
/* Whether a file that begins so is a pack; n may be short. */
bool hz_pack_is(const void *p, size_t n);

/* Reads one after the other. source: fills up to n bytes, *ret_n 0 at the end. */
typedef enum hz_err hz_pack_source(void *arg, void *p, size_t n, size_t *ret_n);
struct hz_pack;
HZ_RESULT hz_pack_open(hz_pack_source *source, void *arg, struct hz_pack **ret_p);
void hz_pack_close(struct hz_pack **p); /* NULL inside is fine */
/* The next item. HZ_MSG_FORMAT for anything but the one form, an early end and bytes after the end; the
 * errors of the source. After HZ_PACK_END nothing more is to be asked. */
HZ_RESULT hz_pack_next(struct hz_pack *p, struct hz_pack_item *ret_i);

/* Writing: pieces appended to out, in this order: first, then for each log its line, its events (each
 * followed by the sections that belong behind it), then the end. */
HZ_RESULT hz_pack_put_log(struct hz_buf *out, const char *origin, uint64_t events);
HZ_RESULT hz_pack_put_event(struct hz_buf *out, const void *jws, size_t n);
HZ_RESULT hz_pack_put_section(struct hz_buf *out, const char *word, const void *p, size_t n);
#define HZ_PACK_LAST "end\n"

#endif
