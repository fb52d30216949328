/* The logs of a vault held against what was kept of them outside [F-10.4]. */
#include "audit/against.h"

#include "base/enc.h"
#include "base/fd.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static enum hz_err
find_log(struct hz_view *w, const char *origin, struct hz_log_info *ret_l, bool *ret_found)
{
	unsigned logs = hz_vault_info(hz_view_vault(w))->logs;

	*ret_found = false;
	for (uint32_t i = 0; i < logs && !*ret_found; i++) {
		HZ_TRY(hz_log_info(w, i, ret_l));
		*ret_found = strcmp(ret_l->origin, origin) == 0;
	}
	return HZ_OK;
}

/* Leaf hashes of an earlier bundle against ours: where do the two part? */
static enum hz_err
look_at_leaves(struct hz_view *w, const struct hz_log_info *l, struct hz_before *b)
{
	struct hz_buf jws = HZ_BUF_INIT(HZ_EVENT_MAX);
	uint8_t leaf[32];
	enum hz_err r = HZ_OK;

	for (size_t i = 0;
	     r == HZ_OK && i < b->nleaf && b->leaf[i].index < l->size && b->differs == UINT64_MAX; i++) {
		hz_buf_clear(&jws);
		r = hz_event_load(w, (struct hz_ref){ l->no, b->leaf[i].index }, &jws, NULL);
		if (r == HZ_OK) {
			hz_leaf_hash(jws.p, jws.len, leaf);
			hz_before_leaf(b, b->leaf[i].index, leaf);
		}
	}
	hz_buf_done(&jws);
	return r;
}

struct leaves {
	struct hz_tree *tree;
	uint64_t size, tile;
	size_t n; /* hashes of that tile; 0: none is at hand */
	uint8_t hashes[8192];
};

static enum hz_err
our_leaf(void *arg, uint64_t index, bool *ret_there, uint8_t ret_leaf[static 32])
{
	struct leaves *x = arg;

	*ret_there = index < x->size;
	if (!*ret_there) {
		return HZ_OK;
	}
	if (x->n <= index % 256 || x->tile != index / 256) {
		HZ_TRY(hz_cancel_check());
		HZ_TRY(hz_tree_tile(x->tree, 0, index / 256, x->hashes, &x->n));
		x->tile = index / 256;
	}
	if (x->n <= index % 256) {
		return hz_fail(HZ_MSG_VAULT_TAMPERED, "a tile of the log is short");
	}
	memcpy(ret_leaf, x->hashes + index % 256 * 32, 32);
	return HZ_OK;
}

/* The events of an earlier audit pack against ours. */
static enum hz_err
look_at_pack(struct hz_view *w, const struct hz_log_info *l, struct hz_before *b)
{
	struct leaves *x = calloc(1, sizeof *x);
	enum hz_err r = x == NULL ? hz_fail(HZ_MSG_NOMEM, "events") : hz_log_tree(w, l->no, &x->tree);

	if (r == HZ_OK) {
		x->size = l->size;
		r = hz_before_part(b, our_leaf, x);
		hz_tree_close(&x->tree);
	}
	free(x);
	return r;
}

/* A log that continues a restored copy names what was remembered then: not a fork that nobody told of. */
static enum hz_err
declared(struct hz_view *w, const struct hz_log_info *l, const struct hz_before *b, bool *ret)
{
	struct hz_buf jws = HZ_BUF_INIT(HZ_EVENT_MAX);
	struct hz_event *e = calloc(1, sizeof *e);
	struct hz_log_info next;
	char want[128], hex[65];
	enum hz_err r = e == NULL ? hz_fail(HZ_MSG_NOMEM, "an event") : hz_log_info(w, l->no + 1, &next);

	*ret = false;
	if (r == HZ_ERR_NOT_FOUND) {
		free(e);
		return HZ_OK;
	}
	r = r == HZ_OK ? hz_event_load(w, (struct hz_ref){ l->no + 1, 0 }, &jws, NULL) : r;
	r = r == HZ_OK ? hz_event_read(jws.p, jws.len, e) : r;
	if (r == HZ_OK) {
		hz_hex(hex, b->c.root, 32);
		(void)snprintf(want, sizeof want, "%llu %s", (unsigned long long)b->c.size, hex);
		*ret = e->act == HZ_ACT_RESTORE && strcmp(e->init.pinned, want) == 0;
	}
	free(e);
	hz_buf_done(&jws);
	return r;
}

static enum hz_err
judge(struct hz_view *w, const struct hz_log_info *l, struct hz_before *b, struct hz_against *ret)
{
	struct hz_tree *tree = NULL;
	uint8_t root[32];
	bool told = false;
	enum hz_err r = HZ_OK;

	if (b->c.size <= l->size) {
		r = hz_log_tree(w, l->no, &tree);
		r = r == HZ_OK ? hz_tree_root_at(tree, b->c.size, root) : r;
		hz_tree_close(&tree);
		if (r == HZ_OK && memcmp(root, b->c.root, 32) == 0) {
			ret->state = b->c.size == l->size ? HZ_AGAINST_SAME : HZ_AGAINST_GREW;
			return HZ_OK;
		}
	}
	r = r == HZ_OK ? b->pack ? look_at_pack(w, l, b) : look_at_leaves(w, l, b) : r;
	ret->differs = b->differs;
	ret->same = b->same;
	r = r == HZ_OK ? declared(w, l, b, &told) : r;
	ret->state = told                                               ? HZ_AGAINST_RESTORED
		     : b->c.size <= l->size || b->differs != UINT64_MAX ? HZ_AGAINST_FORK
									: HZ_AGAINST_OLDER;
	return r;
}

HZ_RESULT
hz_audit_against(struct hz_view *w, struct hz_before *b, struct hz_against *ret)
{
	struct hz_against a = { .was = b->c.size, .differs = UINT64_MAX, .same = UINT64_MAX };
	struct hz_checkpoint c;
	struct hz_log_info l;
	char name[HZ_ORIGIN_MAX];
	uint8_t pk[32];
	bool found = false;

	HZ_TRY(find_log(w, b->c.origin, &l, &found));
	if (!found) {
		a.state = HZ_AGAINST_OTHER_LOG;
		*ret = a;
		return HZ_OK;
	}
	a.is = l.size;
	HZ_TRY(hz_vkey_parse(l.vkey, strlen(l.vkey), name, pk));
	bool key = hz_checkpoint_read(b->note.p, b->note.len, pk, &c) == HZ_OK;
	enum hz_err r = HZ_OK;
	bool other_pin = b->kind == HZ_BEFORE_PIN &&
			 (strcmp(b->vkey, l.vkey) != 0 || memcmp(b->event0, l.event0, sizeof l.event0) != 0);
	bool other_key = !key || (b->kind == HZ_BEFORE_MISCONDUCT && strcmp(b->vkey, l.vkey) != 0);
	if (other_key && !other_pin) {
		hz_fail_clear();
		a.state = HZ_AGAINST_OTHER_KEY;
	} else if (other_pin || b->kind == HZ_BEFORE_MISCONDUCT) {
		a.state = HZ_AGAINST_FORK;
	} else {
		r = judge(w, &l, b, &a);
	}
	if (r == HZ_OK) {
		*ret = a;
	}
	return r;
}
