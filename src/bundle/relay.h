/* Bytes on their way out in two buffers: while one fills, the other is worked on aside. Inside the room. */
#ifndef HZ_BUNDLE_RELAY_H
#define HZ_BUNDLE_RELAY_H

#include "base/aside.h"

#include <stddef.h>
#include <stdint.h>

/* What is done with n bytes, in another thread, one call at a time and in order. */
typedef enum hz_err hz_relay_fn(void *arg, const uint8_t *p, size_t n);

/* All zeros is one that nothing was begun with. */
struct hz_relay {
	struct hz_aside *aside;
	hz_relay_fn *out;
	void *arg;
	uint8_t *buf, *leaving; /* wiped at the end: they may hold plaintext */
	size_t len, leaving_len;
};

/* HZ_MSG_NOMEM; nothing is left to be done then. */
HZ_RESULT hz_relay_init(struct hz_relay *r, hz_relay_fn *out, void *arg);
/* What out failed with comes from a later call. */
HZ_RESULT hz_relay_put(struct hz_relay *r, const void *p, size_t n);
/* Returns when all that was put is out; the relay can be used again. */
HZ_RESULT hz_relay_end(struct hz_relay *r);
/* Waits for what is being worked on. */
void hz_relay_done(struct hz_relay *r);

#endif
