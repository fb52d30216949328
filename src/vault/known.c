/* What is known already: sources seen, content by its quick key. The first two questions may come from
 * workers. */
#include "vault/write.h"

#include <string.h>

static void
seen_key(struct hz_vault *v, const struct hz_source_id *s, uint8_t key[static 32])
{
	uint8_t head[16 + 40];
	struct hz_buf b = HZ_BUF_INIT(65536 + 64);
	memcpy(head, v->member, 16);
	hz_be64(head + 16, s->dev);
	hz_be64(head + 24, s->ino);
	hz_be64(head + 32, s->size);
	hz_be64(head + 40, (uint64_t)s->mtime_ns);
	hz_be64(head + 48, (uint64_t)s->ctime_ns);
	if (hz_buf_put(&b, head, sizeof(head)) == HZ_OK && hz_buf_put(&b, s->path, s->pathlen) == HZ_OK) {
		hz_index_key(v, HZ_GENERAL, HZ_IX_SEEN, b.p, b.len, key);
	} else {
		hz_random(key, 32); /* never found, never found again: the file is simply read again */
	}
	hz_buf_done(&b);
}

void
hz_seen_key(struct hz_vault *v, const struct hz_source_id *s, uint8_t key[static 32])
{
	seen_key(v, s, key);
}

void
hz_quick_key(
    struct hz_vault *v, uint64_t size, const uint8_t first[static 32], uint32_t n, uint8_t key[static 32])
{
	uint8_t d[44];
	hz_be64(d, size);
	memcpy(d + 8, first, 32);
	hz_be32(d + 40, n);
	hz_index_key(v, HZ_GENERAL, HZ_IX_QUICK, d, sizeof(d), key);
}

HZ_RESULT
hz_view_known(struct hz_view *w, uint64_t size, const uint8_t first[static 32],
    const uint8_t sha256[static 32], uint64_t *ret_no)
{
	for (uint32_t n = 0; n < HZ_QUICK_MAX; n++) {
		struct hz_exhibit e;
		struct hz_object o;
		uint8_t key[32];
		uint64_t no = 0;
		hz_quick_key(w->v, size, first, n, key);
		HZ_TRY(hz_index_get(w->v, w->t, key, &no));
		if (no == 0) {
			break;
		}
		HZ_TRY(hz_exhibit_get(w, no, &e));
		HZ_TRY(hz_object_load(w, &e, &o));
		bool same = o.opening.size == size && memcmp(o.opening.sha256, sha256, 32) == 0;
		hz_object_done(&o);
		if (same) {
			*ret_no = no;
			return HZ_OK;
		}
	}
	*ret_no = 0;
	return HZ_OK;
}

/* Inside the gate: the map may not grow, nor may the keys move (rotate.c), while this runs. */
static enum hz_err
lookup(struct hz_vault *v, const uint8_t key[static 32], uint64_t *ret)
{
	struct hz_txn *t = NULL;
	enum hz_err r = hz_txn_begin(v->store, false, &t);
	if (r == HZ_OK) {
		r = hz_index_get(v, t, key, ret);
	}
	hz_txn_abort(&t);
	return r;
}

HZ_RESULT
hz_vault_seen(struct hz_vault *v, const struct hz_source_id *id, uint64_t *ret_no)
{
	uint8_t key[32];
	hz_gate_enter(v->gate);
	seen_key(v, id, key);
	enum hz_err r = lookup(v, key, ret_no);
	hz_gate_leave(v->gate);
	return r;
}

HZ_RESULT
hz_vault_maybe_known(struct hz_vault *v, uint64_t size, const uint8_t first[static 32], bool *ret_maybe)
{
	uint8_t key[32];
	uint64_t no = 0;
	enum hz_err r = HZ_OK;
	hz_gate_enter(v->gate);
	hz_quick_key(v, size, first, 0, key);
	bool maybe = hz_recent_add(v->recent, key);
	if (!maybe) {
		r = lookup(v, key, &no);
		maybe = no != 0;
	}
	hz_gate_leave(v->gate);
	if (r == HZ_OK) {
		*ret_maybe = maybe;
	}
	return r;
}
