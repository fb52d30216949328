/* The members of an event's payload [F-8.1], in sorted order. Inside the room. */
#ifndef HZ_CUSTODY_EVENT_H
#define HZ_CUSTODY_EVENT_H

#include "codec/json.h"
#include "custody/act.h"

#define HZ_EVENT_TYP   "hirz-event+jws"
#define HZ_EVENT_SUITE "hirz-suite/1"

enum hz_member_kind {
	HZ_MK_ACT,
	HZ_MK_ALSO,
	HZ_MK_EX,
	HZ_MK_HEX,  /* 32 bytes; `has` says whether it is there */
	HZ_MK_LINK, /* the same, but written as null where there is none */
	HZ_MK_INIT,
	HZ_MK_INT,
	HZ_MK_LOG,
	HZ_MK_OBJ,
	HZ_MK_TIME,
	HZ_MK_VERSION,
	HZ_MK_X
};

struct hz_event_member {
	const char *name;
	enum hz_member_kind kind;
	unsigned bit;   /* enum hz_member; 0: always there */
	bool with_ex;   /* there if `ex` is */
	size_t at, has; /* offsets in struct hz_event */
};

const struct hz_event_member *hz_event_member(size_t i); /* NULL after the last */

/* Which of enum hz_member the event carries. */
unsigned hz_event_members(const struct hz_event *e);
/* Everything that the bytes of a payload promise beyond single members: members of the act, kinds of ids,
 * chains, event 0. HZ_MSG_FORMAT. */
HZ_RESULT hz_event_check(const struct hz_event *e);

/* The `init` object [F-8.3]. */
void hz_init_write(struct hz_jw *w, const struct hz_event_init *i);
HZ_RESULT hz_init_read(const struct hz_json *v, struct hz_event_init *ret_i);
/* Does it fit the event that carries it? */
HZ_RESULT hz_init_check(const struct hz_event *e);

#endif
