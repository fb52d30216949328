/* Audit packs [F-9.20]: the reader, and every item through the trail that checks it. */
#include "custody/pack.h"
#include "custody/trail.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

struct input {
	const uint8_t *p;
	size_t n, at;
};

static enum hz_err
source(void *arg, void *p, size_t n, size_t *ret_n)
{
	struct input *in = arg;
	size_t left = in->n - in->at;
	*ret_n = left < n ? left : n;
	if (*ret_n > 0) {
		memcpy(p, in->p + in->at, *ret_n);
	}
	in->at += *ret_n;
	return HZ_OK;
}

static void
found(void *arg, enum hz_trail_what what, unsigned log, uint64_t index, const char *detail)
{
	*(size_t *)arg += strlen(hz_trail_word(what)) + strlen(detail) + log + (index == UINT64_MAX);
}

static void
item(struct hz_trail *t, const struct hz_pack_item *i, struct hz_event *e, bool *open)
{
	struct hz_fact f;
	struct hz_checkpoint c;
	if (i->kind == HZ_PACK_LOG) {
		*open = false;
	} else if (i->kind == HZ_PACK_EVENT) {
		if (i->n == 0) {
			*open = hz_trail_log(t, i->p, i->len) == HZ_OK;
		}
		if (*open && hz_trail_look(hz_trail_signers(t), i->n, i->p, i->len, true, e, &f) == HZ_OK) {
			HZ_IGNORE(hz_trail_add(t, &f)); /* no memory: the next input */
		}
	} else if (i->kind == HZ_PACK_SECTION && *open) {
		HZ_IGNORE(hz_trail_checkpoint(t, i->p, i->len, &c)); /* whatever it says */
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	static const struct hz_trail_ops ops = { found };
	struct input in = { p, n, 0 };
	struct hz_pack *pack = NULL;
	struct hz_trail *t = NULL;
	struct hz_pack_item i = { .kind = HZ_PACK_LOG };
	struct hz_event *e = calloc(1, sizeof *e);
	size_t said = 0;
	bool open = false;
	if (e != NULL && hz_pack_open(source, &in, &pack) == HZ_OK &&
	    hz_trail_new(&ops, &said, &t) == HZ_OK) {
		while (i.kind != HZ_PACK_END && hz_pack_next(pack, &i) == HZ_OK) {
			item(t, &i, e, &open);
		}
	}
	hz_pack_close(&pack);
	hz_trail_free(&t);
	free(e);
	return 0;
}
