/* An audit pack [F-9.20], [F-10.20]: whole logs, followed event by event. One reading, and nothing is kept
 * but the ends of the chains. */
#include "verify/check.h"

#include "base/enc.h"
#include "base/fd.h"
#include "custody/pack.h"
#include "custody/trail.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct packed {
	struct hz_check *c;
	struct hz_pack *pack;
	struct hz_trail *trail;
	struct hz_event e;
	struct hz_vlog *log; /* the one at hand */
	uint64_t at;         /* bytes read */
	char origin[HZ_ORIGIN_MAX];
	uint64_t index; /* of the newest event */
	bool dead;      /* its event 0 is not right: nothing in it can be checked */
	bool read;      /* the newest event is one that could be read; a record may follow */
	bool noted;     /* the newest checkpoint is of all events so far */
};

static enum hz_finding
finding_of(enum hz_trail_what what)
{
	switch (what) {
	case HZ_TRAIL_EVENT0:
		return HZ_FINDING_EVENT0;
	case HZ_TRAIL_CLOSED_LOG:
		return HZ_FINDING_CLOSED_LOG;
	case HZ_TRAIL_ROLE:
		return HZ_FINDING_ROLE;
	case HZ_TRAIL_ACTOR:
		return HZ_FINDING_ACTOR;
	case HZ_TRAIL_CHAIN:
	case HZ_TRAIL_FORK:
	case HZ_TRAIL_GAP:
		return HZ_FINDING_CHAIN;
	case HZ_TRAIL_CHECKPOINT:
		return HZ_FINDING_CHECKPOINT;
	case HZ_TRAIL_ACT_UNKNOWN:
		return HZ_FINDING_ACT_UNKNOWN;
	case HZ_TRAIL_MEMBERS:
		return HZ_FINDING_MEMBERS;
	case HZ_TRAIL_VERSION:
		return HZ_FINDING_VERSION;
	case HZ_TRAIL_CLOCK_BACK:
	case HZ_TRAIL_CLOCK_SET:
	case HZ_TRAIL_CLOCK_TWO:
	case HZ_TRAIL_CLOCK_MISSING:
	case HZ_TRAIL_CLOCK_UNSYNCED:
		return HZ_FINDING_CLOCK;
	case HZ_TRAIL_EVENT:
	case HZ_TRAIL_SIGNATURE:
	case HZ_TRAIL_SIGNER:
	case HZ_TRAIL_COUNT:
		break;
	}
	return HZ_FINDING_EVENT;
}

static void
found(void *arg, enum hz_trail_what what, unsigned log, uint64_t index, const char *detail)
{
	struct packed *x = arg;
	char place[64];
	(void)snprintf(place, sizeof place, "%u:%llu", log, (unsigned long long)index);
	if (hz_trail_level(what) != HZ_TRAIL_NOTED) {
		x->c->r.tally[HZ_TALLY_EVENTS].different++;
	}
	hz_found(x->c, finding_of(what), place, "%s", detail);
}

static enum hz_err
source(void *arg, void *p, size_t n, size_t *ret_n)
{
	struct packed *x = arg;
	HZ_TRY(hz_cancel_check());
	HZ_TRY(x->c->src->read(x->c->src->arg, x->at, p, n, ret_n));
	x->at += *ret_n;
	x->c->r.bytes = x->at;
	if (x->c->o->progress != NULL && *ret_n > 0) {
		x->c->o->progress(x->c->o->arg, x->at);
	}
	return HZ_OK;
}

/* The log that ends here must end with the checkpoint of all its events. */
static void
end_log(struct packed *x)
{
	if (x->log != NULL && !x->dead && !x->noted) {
		hz_found(x->c, HZ_FINDING_CHECKPOINT, x->log->base, "no checkpoint of all the events");
	}
}

static void
begin_log(struct packed *x, const struct hz_pack_item *i)
{
	struct hz_check *c = x->c;
	end_log(x);
	x->log = &c->log[c->nlogs++];
	x->log->order = (unsigned)c->nlogs - 1;
	(void)snprintf(x->log->base, sizeof x->log->base, "%u", x->log->order);
	(void)snprintf(x->origin, sizeof x->origin, "%s", i->origin);
	x->dead = x->noted = x->read = false;
	c->pack_reached = 0; /* of the last log alone */
	memset(c->pack_seen, 0, sizeof c->pack_seen);
}

/* What was kept from before is of so many events of this log: is it this tree? */
static void
compare_before(struct packed *x, const uint8_t leaf[static 32])
{
	struct hz_check *c = x->c;
	uint64_t size = hz_trail_size(x->trail);
	uint8_t root[32];
	for (size_t i = 0; i < c->o->nbefore; i++) {
		struct hz_before *b = &c->o->before[i];
		if (strcmp(b->c.origin, x->origin) != 0) {
			continue;
		}
		hz_before_leaf(b, size - 1, leaf);
		if (b->c.size == size) {
			hz_trail_root(x->trail, root);
			c->before[i] = memcmp(root, b->c.root, 32) == 0 ? HZ_GROWN : HZ_FORKED;
		}
	}
}

static enum hz_err
event(struct packed *x, const struct hz_pack_item *i)
{
	struct hz_fact f;
	struct hz_tally *tally = &x->c->r.tally[HZ_TALLY_EVENTS];
	tally->checked++;
	x->noted = x->read = false;
	x->index = i->n;
	if (i->n == 0) {
		enum hz_err err = hz_trail_log(x->trail, i->p, i->len);
		if (hz_fatal(err)) {
			return err;
		}
		x->dead = err != HZ_OK;
		if (!x->dead && strcmp(x->origin, hz_trail_signers(x->trail)->origin) != 0) {
			hz_found(
			    x->c, HZ_FINDING_EVENT0, x->log->base, "it is of another log than its line says");
		}
	}
	if (x->dead) {
		return HZ_OK;
	}
	HZ_TRY(hz_trail_look(hz_trail_signers(x->trail), i->n, i->p, i->len, true, &x->e, &f));
	if (i->n == 0) {
		x->log->first = x->e;
		(void)snprintf(x->log->kid, sizeof x->log->kid, "%s", x->e.kid);
		memcpy(x->log->leaf0, f.leaf, 32);
	}
	x->read = f.read;
	tally->matched += f.right ? 1 : 0;
	HZ_TRY(hz_trail_add(x->trail, &f));
	if (f.act == HZ_ACT_ACQUIRE || f.act == HZ_ACT_DERIVE) {
		x->c->last_made = i->n;
	}
	compare_before(x, f.leaf);
	return HZ_OK;
}

/* Which witnesses of the policy signed this state. */
static void
cosigned(struct packed *x, const struct hz_pack_item *i)
{
	struct hz_check *c = x->c;
	const struct hz_policy *p = c->o->policy;
	bool by[2 * HZ_POLICY_MAX] = { false }, met = false;
	if (p == NULL) {
		return;
	}
	hz_policy_check(p, i->p, i->len, by, &met);
	for (size_t k = 0; k < p->nodes; k++) {
		c->pack_seen[k] = by[k] ? x->log->head.size : c->pack_seen[k];
	}
	c->pack_reached = met ? x->log->head.size : c->pack_reached;
}

static enum hz_err
checkpoint(struct packed *x, const struct hz_pack_item *i)
{
	struct hz_buf *kept = &x->c->file[HZ_FIX_CHECKPOINT].kept;
	enum hz_err err = i->len > HZ_NOTE_MAX ? hz_fail(HZ_MSG_FORMAT, "a checkpoint of %zu bytes", i->len)
					       : hz_trail_checkpoint(x->trail, i->p, i->len, &x->log->head);
	x->noted = x->noted || err == HZ_OK;
	if (err == HZ_OK) {
		x->log->read = true;
		cosigned(x, i);
		hz_buf_clear(kept);
		return hz_buf_put(kept, i->p, i->len);
	}
	return hz_judge(x->c, err, HZ_FINDING_CHECKPOINT, x->log->base);
}

static enum hz_err
section(struct packed *x, const struct hz_pack_item *i)
{
	if (strcmp(i->word, HZ_PACK_CHECKPOINT) == 0) {
		return x->dead ? HZ_OK : checkpoint(x, i);
	}
	if (strcmp(i->word, HZ_PACK_RECORD) != 0) {
		hz_found(x->c, HZ_FINDING_SECTION, x->log->base, "%s", i->word);
		return HZ_OK;
	}
	if (x->dead) {
		return HZ_OK;
	}
	if (!x->read) { /* nothing here to belong to, or a second record of one event */
		hz_found(x->c, HZ_FINDING_RECORD, x->log->base, "a record that belongs to no event");
		return HZ_OK;
	}
	x->read = false;
	return hz_pack_record(x->c, x->log, x->index, &x->e, i);
}

static enum hz_err
items(struct packed *x)
{
	struct hz_pack_item i = { .kind = HZ_PACK_LOG };
	while (i.kind != HZ_PACK_END) {
		HZ_TRY(hz_pack_next(x->pack, &i));
		switch (i.kind) {
		case HZ_PACK_LOG:
			begin_log(x, &i);
			break;
		case HZ_PACK_EVENT:
			HZ_TRY(event(x, &i));
			break;
		case HZ_PACK_SECTION:
			HZ_TRY(section(x, &i));
			break;
		case HZ_PACK_END:
			end_log(x);
			break;
		}
	}
	return HZ_OK;
}

/* The last log is the one that the others led to; the steps that follow look for it in the first slot. */
static void
order_logs(struct hz_check *c)
{
	size_t last = c->nlogs - 1;
	struct hz_vlog swap = c->log[0];
	c->log[0] = c->log[last];
	c->log[last] = swap;
	for (size_t i = 0; i < c->nlogs; i++) {
		c->chain[c->log[i].order] = &c->log[i];
	}
	c->nchain = c->nlogs;
}

static void
result(struct packed *x)
{
	struct hz_check *c = x->c;
	const struct hz_vlog *log = &c->log[0];
	hz_hex(c->r.fingerprint, log->leaf0, 16);
	memcpy(c->r.origin, log->first.log, sizeof c->r.origin);
	c->r.log_size = log->head.size;
	memcpy(c->r.log_root, log->head.root, 32);
}

static enum hz_err
check(struct packed *x)
{
	static const struct hz_trail_ops ops = { found };
	struct hz_check *c = x->c;
	c->log = calloc(HZ_VERIFY_LOGS_MAX, sizeof *c->log);
	if (c->log == NULL) {
		return hz_fail(HZ_MSG_NOMEM, "the logs");
	}
	HZ_TRY(hz_crypto_init());
	HZ_TRY(hz_pack_open(source, x, &x->pack));
	HZ_TRY(hz_trail_new(&ops, x, &x->trail));
	enum hz_err err = hz_judge(c, items(x), HZ_FINDING_PACK, "");
	if (err == HZ_OK && c->nlogs > 0) {
		order_logs(c);
		if (c->log[0].read) {
			result(x);
			err = hz_judge(c, hz_pack_stamps(c), HZ_FINDING_PACK, "");
			err = err == HZ_OK ? hz_step_outside(c) : err;
		}
	}
	return err;
}

enum hz_err
hz_verify_pack(const struct hz_source *src, const struct hz_verify_opts *opts, struct hz_verify_result *ret_r)
{
	_Static_assert(HZ_PACK_LOGS_MAX <= HZ_VERIFY_LOGS_MAX, "each log of a pack has its place");
	struct hz_check *c = calloc(1, sizeof *c);
	struct packed *x = calloc(1, sizeof *x);
	enum hz_err err = c == NULL || x == NULL ? hz_fail(HZ_MSG_NOMEM, "verification") : HZ_OK;
	if (err == HZ_OK) {
		hz_assert(opts->nbefore <= HZ_VERIFY_BEFORE_MAX);
		c->src = src;
		c->o = opts;
		c->packed = true;
		c->file[HZ_FIX_CHECKPOINT].kept = (struct hz_buf)HZ_BUF_INIT(HZ_NOTE_MAX);
		x->c = c;
		err = check(x);
	}
	if (err == HZ_OK) {
		c->r.verdict = hz_verdict_of(c, false);
		c->r.rollback = c->r.seen[HZ_FINDING_FORK] || c->r.seen[HZ_FINDING_ROLLBACK];
		*ret_r = c->r;
	}
	if (x != NULL) {
		hz_trail_free(&x->trail);
		hz_pack_close(&x->pack);
	}
	if (c != NULL) {
		hz_buf_done(&c->file[HZ_FIX_CHECKPOINT].kept);
		free(c->log);
		free(c->anchor);
		free(c->by_size);
	}
	free(x);
	free(c);
	return err;
}

bool
hz_verify_is_pack(const struct hz_source *src)
{
	uint8_t start[sizeof HZ_PACK_FIRST - 1];
	size_t n = 0;
	bool is = src->read(src->arg, 0, start, sizeof start, &n) == HZ_OK && hz_pack_is(start, n);
	hz_fail_clear();
	return is;
}
