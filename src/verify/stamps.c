/* Time anchors [F-10.1] step 11: their files before the events are read, their place in the log while they
 * are read, their records, and what they prove with what is given from outside. */
#include "verify/check.h"

#include "base/enc.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PART_MAX 65536

/* --- files -------------------------------------------------------------------------------------------------
 */

static struct hz_vanchor *
slot(struct hz_check *c, unsigned order, uint64_t index)
{
	hz_assert(c->anchor != NULL);
	struct hz_vanchor *last = &c->anchor[c->nanchors > 0 ? c->nanchors - 1 : 0];

	if (c->nanchors > 0 && last->order == order && last->index == index) {
		return last;
	}
	if (c->nanchors == HZ_VERIFY_ANCHORS_MAX) {
		return NULL;
	}
	last = &c->anchor[c->nanchors++];
	last->order = order;
	last->index = index;
	return last;
}

/* The checkpoint that was stamped is one of a log in the bundle, by the same key. */
static enum hz_err
stamped(struct hz_check *c, struct hz_vanchor *a, const struct hz_buf *note)
{
	struct hz_checkpoint head;
	char name[HZ_ORIGIN_MAX];
	uint8_t pk[32];

	HZ_TRY(hz_checkpoint_read(note->p, note->len, NULL, &head));
	for (size_t i = 0; i < c->nchain; i++) {
		const struct hz_vlog *log = c->chain[i];
		const char *vkey = log->first.init.checkpoint;
		if (strcmp(log->first.log, head.origin) != 0) {
			continue;
		}
		HZ_TRY(hz_vkey_parse(vkey, strlen(vkey), name, pk));
		HZ_TRY(hz_checkpoint_read(note->p, note->len, pk, &head));
		if (head.size == 0 || head.size > log->head.size) {
			return hz_fail(HZ_MSG_TAMPERED, "what was stamped is later than the bundle");
		}
		a->target = log->order;
		a->size = head.size;
		memcpy(a->root, head.root, 32);
		a->good = true;
		if (head.size == log->head.size) {
			a->grown = memcmp(head.root, log->head.root, 32) == 0 ? HZ_GROWN : HZ_FORKED;
		}
		return HZ_OK;
	}
	return hz_fail(HZ_MSG_TAMPERED, "what was stamped is of no log in the bundle");
}

static enum hz_err
one_file(
    struct hz_check *c, const struct hz_place *p, unsigned order, const char *path, const struct hz_buf *b)
{
	struct hz_vanchor *a = slot(c, order, p->number);

	if (a == NULL) {
		if (!c->r.seen[HZ_FINDING_LIMIT]) {
			hz_found(
			    c, HZ_FINDING_LIMIT, path, "more than %d time stamps", HZ_VERIFY_ANCHORS_MAX);
		}
		return HZ_OK;
	}
	if (a->there[p->part]) { /* .tst and .ots of one number */
		hz_found(c, HZ_FINDING_STAMP, path, "two tokens of one event");
		return HZ_OK;
	}
	a->there[p->part] = true;
	a->type = p->part == HZ_ANCHOR_TOKEN ? p->type : a->type;
	hz_sha256(b->p, b->len, a->sha[p->part]);
	if (p->part == HZ_ANCHOR_TOKEN) {
		hz_sha512(b->p, b->len, a->sha512);
	}
	return p->part == HZ_ANCHOR_CHECKPOINT ? hz_judge(c, stamped(c, a, b), HZ_FINDING_STAMP, path)
					       : HZ_OK;
}

static enum hz_err
read_log(struct hz_check *c, const struct hz_vlog *log)
{
	struct hz_buf content = HZ_BUF_INIT(PART_MAX);
	struct hz_walk *w = NULL;
	struct hz_place p;
	char prefix[40];
	const char *path = NULL;
	uint64_t size = 0;
	bool found = false;

	(void)snprintf(prefix, sizeof prefix, "%sanchors/", log->base);
	enum hz_err err = hz_walk_open(c, log->anchors_at, prefix, &w);
	while (err == HZ_OK && (err = hz_walk_next(w, &found, &path, &size)) == HZ_OK && found) {
		hz_place_of(path, &p);
		if (p.kind != HZ_KIND_ANCHOR) {
			continue; /* reported by the first reading */
		}
		err = hz_walk_take(w, PART_MAX, &content);
		err = err == HZ_OK ? one_file(c, &p, log->order, path, &content)
				   : hz_judge(c, err, HZ_FINDING_STAMP, path);
	}
	hz_walk_close(&w);
	hz_buf_done(&content);
	return err;
}

/* --- places in the log
 * ----------------------------------------------------------------------------------------- */

struct by_size {
	uint32_t target, i;
	uint64_t size;
};

static int
compare(const void *a, const void *b)
{
	const struct by_size *x = a, *y = b;
	int d = (x->target > y->target) - (x->target < y->target);

	return d != 0 ? d : (x->size > y->size) - (x->size < y->size);
}

enum hz_err
hz_stamp_sort(struct hz_check *c)
{
	struct by_size *s = calloc(c->nanchors, sizeof *s);

	if (s == NULL) {
		return hz_fail(HZ_MSG_NOMEM, "time stamps");
	}
	for (uint32_t i = 0; i < c->nanchors; i++) {
		s[i] = (struct by_size){ c->anchor[i].target, i, c->anchor[i].size };
	}
	hz_sort(s, c->nanchors, sizeof *s, compare);
	for (uint32_t i = 0; i < c->nanchors; i++) {
		c->by_size[i] = s[i].i;
	}
	free(s);
	return HZ_OK;
}

enum hz_err
hz_step_stamps(struct hz_check *c)
{
	bool any = false;
	enum hz_err err = HZ_OK;

	for (size_t i = 0; i < c->nchain; i++) {
		any = any || c->chain[i]->anchors_at != HZ_NOWHERE;
	}
	if (!any) {
		return HZ_OK;
	}
	c->anchor = calloc(HZ_VERIFY_ANCHORS_MAX, sizeof *c->anchor);
	c->by_size = calloc(HZ_VERIFY_ANCHORS_MAX, sizeof *c->by_size);
	c->renewal = calloc(HZ_VERIFY_ANCHORS_MAX, sizeof *c->renewal);
	if (c->anchor == NULL || c->by_size == NULL || c->renewal == NULL) {
		return hz_fail(HZ_MSG_NOMEM, "time stamps");
	}
	for (size_t i = 0; i < c->nchain && err == HZ_OK; i++) {
		err = read_log(c, c->chain[i]);
	}
	return err == HZ_OK && c->nanchors > 0 ? hz_stamp_sort(c) : err;
}

/* As with what was kept from before: the proof of the last event of the stamped tree gives its root. */
void
hz_stamp_proof(struct hz_check *c, const struct hz_vlog *log, const uint8_t leaf[static 32],
    const struct hz_tlog_proof *proof)
{
	size_t lo = 0, hi = c->nanchors;
	uint8_t root[32];
	uint64_t size = proof->index + 1;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;
		const struct hz_vanchor *a = &c->anchor[c->by_size[mid]];
		if (a->target < log->order || (a->target == log->order && a->size < size)) {
			lo = mid + 1;
		} else {
			hi = mid;
		}
	}
	for (; lo < c->nanchors; lo++) {
		struct hz_vanchor *a = &c->anchor[c->by_size[lo]];
		if (!a->good || a->target != log->order || a->size != size || size >= log->head.size) {
			break;
		}
		hz_root_up_to(leaf, proof, log->head.size, root);
		a->grown = memcmp(root, a->root, 32) == 0 ? HZ_GROWN : HZ_FORKED;
	}
}

void
hz_stamp_event(struct hz_check *c, const struct hz_vlog *log, uint64_t index, const struct hz_event *e)
{
	if (e->act != HZ_ACT_ANCHOR || !e->has_rec || c->nanchors == 0) {
		return;
	}
	for (size_t i = 0; i < c->nanchors; i++) {
		struct hz_vanchor *a = &c->anchor[i];
		if (a->order == log->order && a->index == index) {
			a->event = true;
			memcpy(a->rec, e->rec, 32);
			return;
		}
	}
	if (c->nrenewals < HZ_VERIFY_ANCHORS_MAX) {
		struct hz_vrenewal *r = &c->renewal[c->nrenewals++];
		*r = (struct hz_vrenewal){ .order = log->order, .index = index };
		memcpy(r->rec, e->rec, 32);
	}
}

/* --- records
 * ------------------------------------------------------------------------------------------------------ */

static void
path_of(const struct hz_check *c, const struct hz_vanchor *a, char ret[static 80])
{
	(void)snprintf(ret, 80, "%sanchors/%llu", c->chain[a->order]->base, (unsigned long long)a->index);
}

/* What an anchor proves, in words. */
void
hz_stamp_tell(struct hz_check *c, struct hz_vanchor *v, const struct hz_anchor *a,
    const struct hz_anchor_facts *f, const char *path)
{
	char when[21], root[65];
	unsigned long long size = a->c.size;

	hz_time_format(f->t, when);
	switch (f->state) {
	case HZ_ANCHOR_GOOD:
		v->proved = true;
		c->trusted += a->type == HZ_ANCHOR_RFC3161 ? 1 : 0;
		if (a->type == HZ_ANCHOR_OTS) {
			hz_found(c, HZ_FINDING_STAMPED, path, "%llu events, %s, by a block", size, when);
		} else if (f->tsa.now == HZ_TSA_PATH_EXPIRED) {
			hz_found(c, HZ_FINDING_STAMPED, path, "%llu events, %s, by %s, expired since", size,
			    when, f->tsa.authority);
		} else {
			hz_found(c, HZ_FINDING_STAMPED, path, "%llu events, %s, by %s", size, when,
			    f->tsa.authority);
		}
		return;
	case HZ_ANCHOR_UNTRUSTED:
		if (a->type == HZ_ANCHOR_RFC3161) {
			hz_found(c, HZ_FINDING_STAMP_OPEN, path, "%llu events, %s, by %s", size, when,
			    f->tsa.authority);
			return;
		}
		for (size_t i = 0; i < f->ots.n; i++) {
			uint8_t shown[32];
			for (size_t k = 0; k < 32; k++) {
				shown[k] = f->ots.a[i].root[31 - k];
			}
			hz_hex(root, shown, 32);
			if (f->ots.a[i].kind == HZ_OTS_BITCOIN) {
				hz_found(c, HZ_FINDING_STAMP_OPEN, path,
				    "%llu events, Bitcoin block %llu with Merkle root %s", size,
				    (unsigned long long)f->ots.a[i].height, root);
			}
		}
		return;
	case HZ_ANCHOR_PENDING:
		hz_found(c, HZ_FINDING_STAMP_PENDING, path, "%llu events", size);
		return;
	case HZ_ANCHOR_REVOKED:
		hz_found(c, HZ_FINDING_STAMP_REVOKED, path, "%s", f->tsa.authority);
		return;
	case HZ_ANCHOR_EXPIRED:
	case HZ_ANCHOR_BAD:
		break;
	}
	hz_found(c, HZ_FINDING_STAMP, path, "%s", f->tsa.why);
}

static enum hz_err
same_files(const struct hz_vanchor *v, const struct hz_anchor *a)
{
	uint8_t h[32];

	if (v->there[HZ_ANCHOR_TOKEN] && v->type != a->type) {
		return hz_fail(
		    HZ_MSG_TAMPERED, "its record says that it is of type %s", hz_anchor_type_name(a->type));
	}
	for (unsigned p = 0; p < HZ_ANCHOR_PARTS; p++) {
		hz_sha256(a->part[p].p, a->part[p].len, h);
		if (v->there[p] != (a->part[p].len > 0) || (v->there[p] && memcmp(h, v->sha[p], 32) != 0)) {
			return hz_fail(HZ_MSG_TAMPERED, "%s is not what its record says",
			    hz_anchor_part_ext(a->type, (enum hz_anchor_part)p));
		}
	}
	return HZ_OK;
}

static enum hz_err
judge(struct hz_check *c, struct hz_vanchor *v, const struct hz_anchor *a, const char *path)
{
	static const struct hz_anchor_given nothing;
	struct hz_anchor_facts f;
	enum hz_err err = same_files(v, a);

	err = err == HZ_OK ? hz_anchor_check(a, c->o->given == NULL ? &nothing : c->o->given, &f, NULL, NULL)
			   : err;
	if (err == HZ_OK) {
		c->stamps += a->type == HZ_ANCHOR_RFC3161 ? 1 : 0;
		if (v->grown == HZ_GROWN) { /* else it was told already that it proves nothing here */
			hz_stamp_tell(c, v, a, &f, path);
		}
	}
	return err;
}

/* --- renewals [F-8.11]
 * ------------------------------------------------------------------------------------------ */

/* The anchor of a line, where it is in the bundle: a log's id ends its origin. */
static struct hz_vanchor *
renewed_by(struct hz_check *c, const struct hz_renewal *line)
{
	char hex[9];

	hz_hex(hex, line->log, sizeof line->log);
	for (size_t i = 0; i < c->nanchors; i++) {
		struct hz_vanchor *a = &c->anchor[i];
		const char *origin = c->chain[a->order]->first.log;
		size_t n = strlen(origin);
		if (a->index == line->index && n > 8 && strcmp(origin + n - 8, hex) == 0) {
			return a;
		}
	}
	return NULL;
}

/* Lines about anchors that are not carried say nothing here. */
static enum hz_err
check_renewal(struct hz_check *c, const uint8_t rec[static 32], const struct hz_renewal *list, size_t n)
{
	const struct hz_vrenewal *at = NULL;

	for (size_t i = 0; i < c->nrenewals && at == NULL; i++) {
		at = memcmp(c->renewal[i].rec, rec, 32) == 0 ? &c->renewal[i] : NULL;
	}
	for (size_t i = 0; i < n; i++) {
		struct hz_vanchor *a = renewed_by(c, &list[i]);
		if (a == NULL || !a->there[HZ_ANCHOR_TOKEN]) {
			continue;
		}
		if (memcmp(a->sha[HZ_ANCHOR_TOKEN], list[i].sha256, 32) != 0 ||
		    memcmp(a->sha512, list[i].sha512, 64) != 0) {
			return hz_fail(HZ_MSG_TAMPERED, "it renews another token than that of event %llu",
			    (unsigned long long)a->index);
		}
		if (at != NULL) {
			a->renewed = true;
			a->renewal_order = at->order;
			a->renewal_index = at->index;
		}
	}
	return HZ_OK;
}

static enum hz_err
renewal(struct hz_check *c, const uint8_t rec[static 32], const struct hz_record *r, const char *path)
{
	struct hz_renewal *list = calloc(HZ_ANCHOR_RENEW_MAX, sizeof *list);
	size_t n = 0;
	enum hz_err err = list == NULL ? hz_fail(HZ_MSG_NOMEM, "a renewal") : hz_renewal_read(r, list, &n);

	err = err == HZ_OK ? check_renewal(c, rec, list, n) : err;
	free(list);
	return hz_judge(c, err, HZ_FINDING_STAMP, path);
}

/* A newer one that is proved and over a state that holds the renewal carries the older one on. */
static void
tell_renewed(struct hz_check *c)
{
	char at[80];

	for (size_t i = 0; i < c->nanchors; i++) {
		const struct hz_vanchor *a = &c->anchor[i];
		for (size_t k = 0; a->renewed && k < c->nanchors; k++) {
			const struct hz_vanchor *y = &c->anchor[k];
			if (y->proved && y->target == a->renewal_order && y->size > a->renewal_index) {
				path_of(c, a, at);
				hz_found(c, HZ_FINDING_STAMP_RENEWED, at,
				    "by that of event %llu, over %llu events", (unsigned long long)y->index,
				    (unsigned long long)y->size);
				break;
			}
		}
	}
}

enum hz_err
hz_stamp_record(struct hz_check *c, const uint8_t rec[static 32], const struct hz_record *r, const char *path)
{
	const char *kind = hz_record_get(r, "kind");
	struct hz_anchor a;
	char at[80];
	bool any = false;
	enum hz_err err = HZ_OK;

	if (kind != NULL && strcmp(kind, "anchor-renewal") == 0) {
		return renewal(c, rec, r, path);
	}
	if (kind == NULL || strcmp(kind, "anchor") != 0) {
		return HZ_OK;
	}
	err = hz_anchor_from_record(r, &a);
	bool unknown = err == HZ_ERR_VERSION;
	for (size_t i = 0; i < c->nanchors && (err == HZ_OK || unknown); i++) {
		struct hz_vanchor *v = &c->anchor[i];
		if (v->event && memcmp(v->rec, rec, 32) == 0) {
			any = v->record = true;
			path_of(c, v, at);
			err = unknown ? err : hz_judge(c, judge(c, v, &a, at), HZ_FINDING_STAMP, at);
		}
	}
	hz_anchor_done(&a);
	if (unknown) {
		return hz_judge(c, err, HZ_FINDING_VERSION, path);
	}
	if (err == HZ_OK && !any) {
		hz_found(c, HZ_FINDING_STAMP, path, "its files are missing");
	}
	return hz_judge(c, err, HZ_FINDING_STAMP, path);
}

void
hz_stamp_end(struct hz_check *c)
{
	if (c->stamps > 0 && c->trusted == 0 && c->o->given != NULL && c->o->given->authorities.n > 0) {
		hz_found(c, HZ_FINDING_STAMP_UNTRUSTED, "", "%s", "");
	}
}

enum hz_err
hz_step_stamped(struct hz_check *c)
{
	char at[80];

	for (size_t i = 0; i < c->nanchors; i++) {
		const struct hz_vanchor *a = &c->anchor[i];
		path_of(c, a, at);
		if (!a->event) {
			hz_found(c, HZ_FINDING_STAMP, at, "no event of act anchor at its index");
		} else if (!a->record) {
			hz_found(c, HZ_FINDING_STAMP, at, "no record says what it is");
		} else if (a->good && a->grown == HZ_FORKED) {
			hz_found(c, HZ_FINDING_FORK, at, "another tree of %llu events was signed and stamped",
			    (unsigned long long)a->size);
		} else if (a->grown != HZ_GROWN) {
			hz_found(
			    c, HZ_FINDING_STAMP, at, "what was stamped is not shown to be part of the log");
		}
	}
	tell_renewed(c);
	hz_stamp_end(c);
	return HZ_OK;
}
