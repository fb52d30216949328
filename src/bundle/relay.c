/* Two buffers that change places. */
#include "bundle/relay.h"

#include "crypto/crypto.h"
#include <stdlib.h>
#include <string.h>

#define RELAY_LEN ((size_t)1 << 20)

static enum hz_err
leave(void *arg)
{
	struct hz_relay *r = arg;

	return r->out(r->arg, r->leaving, r->leaving_len);
}

/* The full buffer's turn, when the other is out. */
static enum hz_err
swap(struct hz_relay *r)
{
	HZ_TRY(hz_aside_wait(r->aside));
	uint8_t *free_one = r->leaving;
	r->leaving = r->buf;
	r->leaving_len = r->len;
	r->buf = free_one;
	r->len = 0;
	return HZ_OK;
}

HZ_RESULT
hz_relay_init(struct hz_relay *r, hz_relay_fn *out, void *arg)
{
	*r = (struct hz_relay){
		.out = out, .arg = arg, .buf = malloc(RELAY_LEN), .leaving = malloc(RELAY_LEN)
	};
	enum hz_err err =
	    r->buf && r->leaving ? hz_aside_new(&r->aside) : hz_fail(HZ_MSG_NOMEM, "the output");
	if (err != HZ_OK) {
		hz_relay_done(r);
	}
	return err;
}

HZ_RESULT
hz_relay_put(struct hz_relay *r, const void *p, size_t n)
{
	const uint8_t *s = p;

	while (n > 0) {
		size_t take = RELAY_LEN - r->len < n ? RELAY_LEN - r->len : n;
		memcpy(r->buf + r->len, s, take);
		r->len += take;
		s += take;
		n -= take;
		if (r->len == RELAY_LEN) {
			HZ_TRY(swap(r));
			hz_aside_begin(r->aside, leave, r);
		}
	}
	return HZ_OK;
}

/* What is left is not worth a thread. */
HZ_RESULT
hz_relay_end(struct hz_relay *r)
{
	HZ_TRY(swap(r));
	return leave(r);
}

void
hz_relay_done(struct hz_relay *r)
{
	hz_aside_free(&r->aside);
	if (r->buf) {
		hz_wipe(r->buf, RELAY_LEN);
	}
	if (r->leaving) {
		hz_wipe(r->leaving, RELAY_LEN);
	}
	free(r->buf);
	free(r->leaving);
	r->buf = r->leaving = NULL;
}
