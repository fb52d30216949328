/* Time anchors of an audit pack [F-9.20], [F-10.20]. The first reading checks that each record is the one
 * that its event names; a second one, only where there are any, has the root of every tree that was stamped
 * by the time it comes to its record, because a stamp comes behind what it stamps. */
#include "verify/check.h"

#include "base/enc.h"
#include "base/fd.h"
#include "custody/pack.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void
place_of(unsigned order, uint64_t index, char ret[static 64])
{
	(void)snprintf(ret, 64, "%u:%llu", order, (unsigned long long)index);
}

/* A section "record": the JWT and all its disclosures, LF. Signed by the key of its log. */
static enum hz_err
read_record(const struct hz_vlog *log, const struct hz_pack_item *i, const uint8_t rec[static 32],
    struct hz_record *r)
{
	struct hz_buf payload = HZ_BUF_INIT(HZ_RECORD_MAX);
	const char *s = (const char *)i->p;
	char kid[HZ_KID_LEN + 1];
	size_t jwt = 0, at = 0, len = 0;
	uint8_t h[32];

	enum hz_err err = hz_record_split(s, i->len - 1, &jwt, &at, &len);
	if (err == HZ_OK) {
		hz_sha256(s, jwt, h);
		err = memcmp(h, rec, sizeof h) == 0
			  ? hz_jws_parse(HZ_RECORD_TYP, s, jwt, kid, &payload)
			  : hz_fail(HZ_MSG_TAMPERED, "a record that its event does not name");
	}
	if (err == HZ_OK && strcmp(kid, log->kid) != 0) {
		err = hz_fail(HZ_MSG_TAMPERED, "signed by a key that event 0 does not lead to");
	}
	err = err == HZ_OK ? hz_jws_verify(s, jwt, log->first.init.event_pk) : err;
	err = err == HZ_OK ? hz_record_read(payload.p, payload.len, s + at, len, r) : err;
	if (err == HZ_OK && (strcmp(r->iss, log->first.log) != 0 || r->nex > 0)) {
		err = hz_fail(HZ_MSG_TAMPERED, "a record of another log, or of an exhibit");
	}
	if (err == HZ_OK && r->has_prev == (r->ver == 1)) {
		err = hz_fail(HZ_MSG_FORMAT, "prev and ver do not agree");
	}
	hz_buf_done(&payload);
	return err;
}

static bool
is_anchor(const struct hz_record *r)
{
	return hz_record_is(r, "kind", "anchor");
}

/* The checkpoint that was stamped is one of a log in the pack, by its key, from before the event. */
static enum hz_err
stamped(struct hz_check *c, const struct hz_anchor *a, const struct hz_vlog *log, uint64_t index,
    struct hz_vanchor *v)
{
	const struct hz_buf *note = &a->part[HZ_ANCHOR_CHECKPOINT];
	struct hz_checkpoint head;
	char name[HZ_ORIGIN_MAX];
	uint8_t pk[32];

	for (size_t i = 0; i < c->nlogs; i++) {
		const struct hz_vlog *of = &c->log[i];
		const char *vkey = of->first.init.checkpoint;
		if (strcmp(of->first.log, a->c.origin) != 0) {
			continue;
		}
		HZ_TRY(hz_vkey_parse(vkey, strlen(vkey), name, pk));
		HZ_TRY(hz_checkpoint_read(note->p, note->len, pk, &head));
		if (head.size == 0 || head.size > (of == log ? index : of->head.size)) {
			return hz_fail(HZ_MSG_TAMPERED, "what was stamped is later than its event");
		}
		v->target = of->order;
		v->size = head.size;
		memcpy(v->root, head.root, sizeof v->root);
		v->good = true;
		return HZ_OK;
	}
	return hz_fail(HZ_MSG_TAMPERED, "what was stamped is of no log in the pack");
}

static enum hz_err
keep(struct hz_check *c, const struct hz_record *r, const struct hz_vlog *log, uint64_t index,
    const char *place)
{
	struct hz_anchor a;
	struct hz_vanchor *v = NULL;

	if (c->anchor == NULL) {
		c->anchor = calloc(HZ_VERIFY_ANCHORS_MAX, sizeof *c->anchor);
		c->by_size = calloc(HZ_VERIFY_ANCHORS_MAX, sizeof *c->by_size);
		if (c->anchor == NULL || c->by_size == NULL) {
			return hz_fail(HZ_MSG_NOMEM, "time stamps");
		}
	}
	if (c->nanchors == HZ_VERIFY_ANCHORS_MAX) {
		if (!c->r.seen[HZ_FINDING_LIMIT]) {
			hz_found(
			    c, HZ_FINDING_LIMIT, place, "more than %d time stamps", HZ_VERIFY_ANCHORS_MAX);
		}
		return HZ_OK;
	}
	enum hz_err err = hz_anchor_from_record(r, &a);
	v = &c->anchor[c->nanchors];
	*v = (struct hz_vanchor){ .order = log->order, .index = index };
	c->nanchors += err == HZ_OK ? 1 : 0;
	bool unknown = err == HZ_ERR_VERSION;
	err = err == HZ_OK ? stamped(c, &a, log, index, v) : err;
	hz_anchor_done(&a);
	return hz_judge(c, err, unknown ? HZ_FINDING_VERSION : HZ_FINDING_STAMP, place);
}

enum hz_err
hz_pack_record(struct hz_check *c, const struct hz_vlog *log, uint64_t index, const struct hz_event *e,
    const struct hz_pack_item *i)
{
	struct hz_tally *tally = &c->r.tally[HZ_TALLY_RECORDS];
	struct hz_record r;
	char place[64];

	place_of(log->order, index, place);
	hz_record_init(&r);
	tally->checked++;
	enum hz_err err = e->act == HZ_ACT_ANCHOR && e->has_rec
			      ? read_record(log, i, e->rec, &r)
			      : hz_fail(HZ_MSG_FORMAT, "a record behind an event that has none here");
	bool good = err == HZ_OK;
	tally->matched += good ? 1 : 0;
	tally->different += good ? 0 : 1;
	err = hz_judge(c, err, HZ_FINDING_RECORD, place);
	if (good && is_anchor(&r)) {
		err = keep(c, &r, log, index, place);
	}
	hz_record_done(&r);
	return err;
}

/* --- the second reading ----------------------------------------------------------------------------------
 */

struct again {
	struct hz_check *c;
	uint64_t at;
	struct hz_edge edge;
	unsigned order;       /* log at hand */
	size_t wanted, stamp; /* next in by_size; next anchor in the order of the pack */
};

static enum hz_err
source(void *arg, void *p, size_t n, size_t *ret_n)
{
	struct again *x = arg;
	HZ_TRY(hz_cancel_check());
	HZ_TRY(x->c->src->read(x->c->src->arg, x->at, p, n, ret_n));
	x->at += *ret_n;
	return HZ_OK;
}

/* Is what was stamped of this size this tree? */
static void
at_size(struct again *x)
{
	struct hz_check *c = x->c;
	uint8_t root[32];

	for (; x->wanted < c->nanchors; x->wanted++) {
		struct hz_vanchor *v = &c->anchor[c->by_size[x->wanted]];
		if (v->good && (v->target > x->order || (v->target == x->order && v->size > x->edge.n))) {
			return;
		}
		if (v->good && v->target == x->order && v->size == x->edge.n) {
			hz_edge_root(&x->edge, root);
			v->grown = memcmp(root, v->root, sizeof root) == 0 ? HZ_GROWN : HZ_FORKED;
		}
	}
}

static enum hz_err
judge(struct again *x, const struct hz_pack_item *i, uint64_t index)
{
	static const struct hz_anchor_given nothing;
	struct hz_check *c = x->c;
	struct hz_vanchor *v = x->stamp < c->nanchors ? &c->anchor[x->stamp] : NULL;
	struct hz_buf payload = HZ_BUF_INIT(HZ_RECORD_MAX);
	const char *s = (const char *)i->p;
	struct hz_anchor_facts f;
	struct hz_record r;
	struct hz_anchor a;
	char kid[HZ_KID_LEN + 1], place[64];
	size_t jwt = 0, at = 0, len = 0;

	if (v == NULL || v->order != x->order || v->index != index) {
		return HZ_OK; /* of another kind, or reported before */
	}
	x->stamp++;
	place_of(v->order, v->index, place);
	hz_record_init(&r);
	enum hz_err err = hz_record_split(s, i->len - 1, &jwt, &at, &len);
	err = err == HZ_OK ? hz_jws_parse(HZ_RECORD_TYP, s, jwt, kid, &payload) : err;
	err = err == HZ_OK ? hz_record_read(payload.p, payload.len, s + at, len, &r) : err;
	if (err == HZ_OK) {
		err = hz_anchor_from_record(&r, &a);
		err = err == HZ_OK
			  ? hz_anchor_check(&a, c->o->given == NULL ? &nothing : c->o->given, &f, NULL, NULL)
			  : err;
		c->stamps += err == HZ_OK && a.type == HZ_ANCHOR_RFC3161 ? 1 : 0;
		if (err == HZ_OK && v->grown == HZ_GROWN) {
			hz_stamp_tell(c, v, &a, &f, place);
		}
		hz_anchor_done(&a);
	}
	if (v->good && v->grown == HZ_FORKED) {
		hz_found(c, HZ_FINDING_FORK, place, "another tree of %llu events was signed and stamped",
		    (unsigned long long)v->size);
	}
	hz_record_done(&r);
	hz_buf_done(&payload);
	return hz_judge(c, err, HZ_FINDING_STAMP, place);
}

static enum hz_err
items(struct again *x, struct hz_pack *pack)
{
	struct hz_pack_item i = { .kind = HZ_PACK_LOG };
	unsigned logs = 0;
	uint64_t index = 0;
	uint8_t leaf[32];

	while (x->stamp < x->c->nanchors) {
		HZ_TRY(hz_pack_next(pack, &i));
		if (i.kind == HZ_PACK_END) {
			return HZ_OK;
		}
		if (i.kind == HZ_PACK_LOG) {
			x->order = logs++;
			x->edge = (struct hz_edge){ .n = 0 };
		} else if (i.kind == HZ_PACK_EVENT) {
			index = i.n;
			hz_leaf_hash(i.p, i.len, leaf);
			hz_edge_add(&x->edge, leaf);
			at_size(x);
		} else if (strcmp(i.word, HZ_PACK_RECORD) == 0) {
			HZ_TRY(judge(x, &i, index));
		}
	}
	return HZ_OK;
}

enum hz_err
hz_pack_stamps(struct hz_check *c)
{
	struct again x = { .c = c };
	struct hz_pack *pack = NULL;

	if (c->nanchors == 0) {
		return HZ_OK;
	}
	HZ_TRY(hz_stamp_sort(c));
	enum hz_err err = hz_pack_open(source, &x, &pack);
	err = err == HZ_OK ? items(&x, pack) : err;
	hz_pack_close(&pack);
	if (err == HZ_OK) {
		hz_stamp_end(c);
	}
	return err;
}
