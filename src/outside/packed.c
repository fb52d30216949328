/* An earlier audit pack [F-9.20] as what was kept of a log: its newest checkpoint, held against its own
 * events; and, once another history has shown up, the first event at which the two part. Read from the
 * beginning each time, so that nothing is kept but the right edge of a tree. */
#include "outside/inner.h"

#include "custody/pack.h"
#include <string.h>

struct reading {
	const struct hz_source *src;
	uint64_t at;
};

static enum hz_err
from(void *arg, void *p, size_t n, size_t *ret_n)
{
	struct reading *s = arg;
	enum hz_err err = s->src->read(s->src->arg, s->at, p, n, ret_n);

	s->at += err == HZ_OK ? *ret_n : 0;
	return err;
}

static enum hz_err
take_note(struct hz_before *b, const struct hz_pack_item *i)
{
	hz_buf_clear(&b->note);
	return i->len > HZ_NOTE_MAX ? hz_fail(HZ_MSG_FORMAT, "a checkpoint of %zu bytes", i->len)
				    : hz_buf_put(&b->note, i->p, i->len);
}

enum hz_err
hz_before_pack(const struct hz_source *src, struct hz_before *b)
{
	struct reading s = { src, 0 };
	struct hz_pack *pack = NULL;
	struct hz_pack_item i = { .kind = HZ_PACK_LOG };
	struct hz_edge edge = { .n = 0 };
	uint8_t h[32];
	enum hz_err err = hz_pack_open(from, &s, &pack);

	while (err == HZ_OK && i.kind != HZ_PACK_END) {
		err = hz_pack_next(pack, &i);
		if (err == HZ_OK && i.kind == HZ_PACK_LOG) {
			edge =
			    (struct hz_edge){ .n = 0 }; /* the last log is the one whose checkpoint counts */
			hz_buf_clear(&b->note);
		} else if (err == HZ_OK && i.kind == HZ_PACK_EVENT) {
			hz_leaf_hash(i.p, i.len, h);
			hz_edge_add(&edge, h);
		} else if (err == HZ_OK && i.kind == HZ_PACK_SECTION &&
			   strcmp(i.word, HZ_PACK_CHECKPOINT) == 0) {
			err = take_note(b, &i);
		}
	}
	hz_pack_close(&pack);
	err = err == HZ_OK ? hz_checkpoint_read(b->note.p, b->note.len, NULL, &b->c) : err;
	if (err == HZ_OK) {
		hz_edge_root(&edge, h);
		if (b->c.size != edge.n || memcmp(b->c.root, h, sizeof h) != 0) {
			err = hz_fail(HZ_MSG_TAMPERED, "an audit pack whose checkpoint is not of its events");
		}
	}
	b->pack = true;
	b->src = *src;
	return err;
}

HZ_RESULT
hz_before_part(struct hz_before *b, hz_leaf_source *other, void *arg)
{
	struct reading s = { &b->src, 0 };
	struct hz_pack *pack = NULL;
	struct hz_pack_item i = { .kind = HZ_PACK_LOG };
	uint64_t differs = UINT64_MAX, same = UINT64_MAX;
	uint8_t mine[32], theirs[32];
	bool in = false, there = false;
	enum hz_err err = b->pack ? hz_pack_open(from, &s, &pack) : HZ_OK;

	while (err == HZ_OK && pack != NULL && differs == UINT64_MAX &&
	       (err = hz_pack_next(pack, &i)) == HZ_OK && i.kind != HZ_PACK_END) {
		in = i.kind == HZ_PACK_LOG ? strcmp(i.origin, b->c.origin) == 0 : in;
		if (i.kind != HZ_PACK_EVENT || !in) {
			continue;
		}
		err = other(arg, i.n, &there, theirs);
		if (err == HZ_OK && there) {
			hz_leaf_hash(i.p, i.len, mine);
			if (memcmp(mine, theirs, sizeof mine) != 0) {
				differs = i.n;
			} else {
				same = i.n;
			}
		}
	}
	hz_pack_close(&pack);
	if (err == HZ_OK && b->pack) {
		b->differs = differs;
		b->same = same;
	}
	return err;
}
