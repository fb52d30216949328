/* Every event and its proof, side by side; the chains of signers; the export event [F-10.1] steps 5, 6 and 7.
 */
#include "verify/check.h"

#include "base/enc.h"
#include <stdio.h>
#include <string.h>

#define PROOF_MAX (HZ_NOTE_MAX + 8192) /* 64 hashes of 45 bytes, the first lines, the checkpoint */

struct event_walk {
	struct hz_check *c;
	struct hz_vlog *log;
	struct hz_walk *events, *proofs;
	struct hz_buf raw, proof;
	const char *path;
	struct hz_place place;
	bool have_proof;
	uint64_t proof_number;
	struct hz_tlog_proof x;
	struct hz_event e;
	uint8_t leaf[32];
};

/* The next file of the kinds wanted; others in the folder are of an unknown kind and were reported. */
static enum hz_err
next_of(struct hz_walk *w, enum hz_kind a, enum hz_kind b, bool *ret_found, const char **ret_path,
    struct hz_place *ret_p)
{
	uint64_t size;
	enum hz_err err;

	do {
		err = hz_walk_next(w, ret_found, ret_path, &size);
		if (err == HZ_OK && *ret_found) {
			hz_place_of(*ret_path, ret_p);
		}
	} while (err == HZ_OK && *ret_found && ret_p->kind != a && ret_p->kind != b);
	return err;
}

static enum hz_err
next_proof(struct event_walk *w)
{
	struct hz_place p;
	const char *path = NULL;
	enum hz_err err = next_of(w->proofs, HZ_KIND_PROOF, HZ_KIND_PROOF, &w->have_proof, &path, &p);

	if (err == HZ_OK && w->have_proof) {
		w->proof_number = p.number;
		err = hz_walk_take(w->proofs, PROOF_MAX, &w->proof);
		if (err != HZ_OK && !hz_fatal(err)) {
			hz_buf_clear(&w->proof); /* too long: then it has not the form either */
			err = HZ_OK;
		}
	}
	return err;
}

/* The proof that goes with the event; false where there is none or it proves nothing. */
static enum hz_err
check_proof(struct event_walk *w, bool *ret_good)
{
	uint8_t h[32];

	*ret_good = false;
	if (!w->have_proof || w->proof_number != w->place.number) {
		w->c->r.tally[HZ_TALLY_EVENTS].missing++;
		hz_found(w->c, HZ_FINDING_PROOF, w->path, "it has no proof");
		return HZ_OK;
	}
	enum hz_err err = hz_tlog_proof_read(w->proof.p, w->proof.len, &w->x);
	if (err == HZ_OK && w->x.index != w->place.number) {
		err = hz_fail(HZ_MSG_FORMAT, "the proof is of another index");
	}
	if (err == HZ_OK) {
		hz_sha256(w->proof.p + w->x.note_at, w->proof.len - w->x.note_at, h);
		if (memcmp(h, w->log->note_hash, sizeof h) != 0) {
			err = hz_fail(HZ_MSG_TAMPERED, "the proof is of another checkpoint");
		}
	}
	if (err == HZ_OK) {
		err = hz_inclusion_verify(
		    w->leaf, w->place.number, w->log->head.size, w->x.hashes, w->x.n, w->log->head.root);
	}
	*ret_good = err == HZ_OK;
	if (*ret_good) {
		hz_before_event(w->c, w->log, w->leaf, &w->x);
		hz_stamp_proof(w->c, w->log, w->leaf, &w->x);
	}
	return hz_judge(w->c, err, HZ_FINDING_PROOF, w->path);
}

static enum hz_err
withheld(struct event_walk *w)
{
	struct hz_check *c = w->c;
	bool good = false;
	enum hz_err err = w->raw.len == 64 ? hz_unhex((const char *)w->raw.p, 64, w->leaf, 32)
					   : hz_fail(HZ_MSG_FORMAT, "a withheld event is not 64 hex digits");

	if (err != HZ_OK) {
		return hz_judge(c, err, HZ_FINDING_EVENT, w->path);
	}
	err = check_proof(w, &good);
	if (err != HZ_OK || !good) {
		return err;
	}
	c->r.withheld++;
	c->r.tally[HZ_TALLY_EVENTS].matched++;
	if (c->nhidden == HZ_VERIFY_WITHHELD_MAX) {
		if (!c->r.seen[HZ_FINDING_LIMIT]) {
			hz_found(c, HZ_FINDING_LIMIT, w->path, "more than %d withheld events",
			    HZ_VERIFY_WITHHELD_MAX);
		}
		return HZ_OK;
	}
	struct hz_hidden *h = &c->hidden[c->nhidden++];
	memcpy(h->leaf, w->leaf, 32);
	h->order = w->log->order;
	h->index = w->place.number;
	return HZ_OK;
}

/* Two events of one signer that stand beside each other in the order of their indexes. */
static void
neighbours(
    struct hz_check *c, const struct hz_vlog *log, const struct hz_neighbour *a, const struct hz_neighbour *b)
{
	char path[64];

	(void)snprintf(path, sizeof path, "%sevents/%llu.jws", log->base, (unsigned long long)b->index);
	if (b->aseq <= a->aseq) {
		hz_found(c, HZ_FINDING_ACTOR, path, "aseq does not rise");
	} else if (b->aseq == a->aseq + 1 && (!b->has_aprev || memcmp(b->aprev, a->leaf, 32) != 0)) {
		hz_found(c, HZ_FINDING_ACTOR, path, "aprev is not the event before");
	}
}

/* The order of names is not that of numbers (10 before 2), but among numbers of one length it is: each length
 * has its own last event, and the lengths are joined at the end. */
static void
actor(struct event_walk *w)
{
	struct hz_vlog *log = w->log;
	size_t digits = 1;
	struct hz_neighbour now = { true, w->e.has_aprev, w->place.number, w->e.aseq, { 0 }, { 0 } };

	memcpy(now.aprev, w->e.aprev, 32);
	memcpy(now.leaf, w->leaf, 32);
	for (uint64_t v = w->place.number; v >= 10; v /= 10) {
		digits++;
	}
	if (w->e.aseq > w->place.number) {
		hz_found(w->c, HZ_FINDING_ACTOR, w->path, "aseq is over the index");
	}
	if (log->high[digits].any) {
		neighbours(w->c, log, &log->high[digits], &now);
	} else {
		log->low[digits] = now;
	}
	log->high[digits] = now;
}

static void
join_lengths(struct hz_check *c, const struct hz_vlog *log)
{
	const struct hz_neighbour *before = NULL;

	for (size_t d = 1; d <= 20; d++) {
		if (!log->low[d].any) {
			continue;
		}
		if (before != NULL) {
			neighbours(c, log, before, &log->low[d]);
		}
		before = &log->high[d];
	}
}

/* What the payload says, once the signature is known to be good. */
static void
meaning(struct event_walk *w)
{
	struct hz_check *c = w->c;
	const struct hz_event *e = &w->e;
	unsigned roles = hz_act_roles(e->act);
	bool first = e->act == HZ_ACT_INIT || e->act == HZ_ACT_RESTORE;

	if (strcmp(e->log, w->log->first.log) != 0) {
		hz_found(c, HZ_FINDING_EVENT, w->path, "it is of another log");
	}
	if (first != (w->place.number == 0)) {
		hz_found(c, HZ_FINDING_EVENT, w->path, "act %s at index %llu", e->act_text,
		    (unsigned long long)w->place.number);
	}
	if (roles != 0 && (roles & w->log->first.init.roles) == 0) {
		hz_found(c, HZ_FINDING_ROLE, w->path, "act %s", e->act_text);
	}
	if (e->act == HZ_ACT_UNKNOWN) {
		hz_found(c, HZ_FINDING_ACT_UNKNOWN, w->path, "%s", e->act_text);
	}
	/* A key-add without a record names a new keyring and changes no key that is needed here [F-10.1] 5.
	 */
	if ((e->act == HZ_ACT_KEY_ADD && e->has_rec) || e->act == HZ_ACT_KEY_REVOKE ||
	    e->act == HZ_ACT_ROLE_GRANT || e->act == HZ_ACT_ROLE_REVOKE) {
		hz_found(c, HZ_FINDING_MEMBERS, w->path, "%s", e->act_text);
	}
	hz_stamp_event(c, w->log, w->place.number, e);
	if (e->act == HZ_ACT_EXPORT && w->log == &c->log[0]) {
		c->exports++;
		c->export_event = *e;
		c->export_index = w->place.number;
	}
	if ((e->act == HZ_ACT_ACQUIRE || e->act == HZ_ACT_DERIVE) && w->log == &c->log[0] &&
	    w->place.number > c->last_made) {
		c->last_made = w->place.number;
	}
	actor(w);
}

static enum hz_err
event(struct event_walk *w)
{
	bool good = false;
	struct hz_tally *tally = &w->c->r.tally[HZ_TALLY_EVENTS];

	hz_leaf_hash(w->raw.p, w->raw.len, w->leaf);
	enum hz_err err = check_proof(w, &good);
	if (err != HZ_OK) {
		return err;
	}
	err = hz_jws_verify(w->raw.p, w->raw.len, w->log->first.init.event_pk);
	if (err == HZ_OK) {
		err = hz_event_read(w->raw.p, w->raw.len, &w->e);
	}
	if (err == HZ_ERR_VERSION) {
		hz_found(w->c, HZ_FINDING_VERSION, w->path, "%s", hz_fail_detail());
		w->c->ended = true;
		return HZ_OK;
	}
	if (err != HZ_OK) {
		tally->different++;
		return hz_judge(w->c, err, HZ_FINDING_EVENT, w->path);
	}
	tally->matched += good ? 1 : 0;
	meaning(w);
	return HZ_OK;
}

static enum hz_err
one(struct event_walk *w)
{
	w->c->r.tally[HZ_TALLY_EVENTS].checked++;
	enum hz_err err = hz_walk_take(w->events, HZ_EVENT_MAX, &w->raw);

	if (err != HZ_OK) {
		return hz_judge(w->c, err, HZ_FINDING_EVENT, w->path);
	}
	return w->place.kind == HZ_KIND_EVENT ? event(w) : withheld(w);
}

/* Both folders are sorted in the same way, by name: proofs that come before the event's place (NULL: all that
 * are left) are of no event that is here. */
static enum hz_err
proofs_before(struct event_walk *w, const uint64_t *number)
{
	char here[24] = "", proof[24];
	enum hz_err err = HZ_OK;

	if (number != NULL) {
		(void)snprintf(here, sizeof here, "%llu.", (unsigned long long)*number);
	}
	while (err == HZ_OK && w->have_proof) {
		(void)snprintf(proof, sizeof proof, "%llu.", (unsigned long long)w->proof_number);
		if (number != NULL && strcmp(proof, here) >= 0) {
			break;
		}
		hz_found(w->c, HZ_FINDING_PROOF, w->log->base, "proof %llu is of no event that is here",
		    (unsigned long long)w->proof_number);
		err = next_proof(w);
	}
	return err;
}

static enum hz_err
all_of(struct event_walk *w)
{
	bool found = false, any = false;
	uint64_t last = 0;
	enum hz_err err = next_proof(w);

	while (err == HZ_OK && !w->c->ended) {
		err = next_of(w->events, HZ_KIND_EVENT, HZ_KIND_LEAF, &found, &w->path, &w->place);
		if (err != HZ_OK || !found) {
			break;
		}
		if (any && last == w->place.number) { /* <n>.jws and <n>.leaf are neighbours */
			hz_found(w->c, HZ_FINDING_EVENT, w->path, "one index twice");
			continue;
		}
		any = true;
		last = w->place.number;
		err = proofs_before(w, &last);
		if (err == HZ_OK) {
			err = one(w);
		}
		if (err == HZ_OK && w->have_proof && w->proof_number == last) {
			err = next_proof(w);
		}
	}
	return err == HZ_OK && !w->c->ended ? proofs_before(w, NULL) : err;
}

static enum hz_err
log_events(struct hz_check *c, struct hz_vlog *log)
{
	struct event_walk w = {
		.c = c, .log = log, .raw = HZ_BUF_INIT(HZ_EVENT_MAX), .proof = HZ_BUF_INIT(PROOF_MAX)
	};
	char events[40], proofs[40];

	(void)snprintf(events, sizeof events, "%sevents/", log->base);
	(void)snprintf(proofs, sizeof proofs, "%sproofs/", log->base);
	enum hz_err err = hz_walk_open(c, log->events_at, events, &w.events);
	if (err == HZ_OK) {
		err = hz_walk_open(c, log->proofs_at, proofs, &w.proofs);
	}
	if (err == HZ_OK) {
		err = all_of(&w);
	}
	if (err == HZ_OK && !c->ended) {
		join_lengths(c, log);
	}
	hz_walk_close(&w.events);
	hz_walk_close(&w.proofs);
	hz_buf_done(&w.raw);
	hz_buf_done(&w.proof);
	return err;
}

static int
by_leaf(const void *a, const void *b)
{
	return memcmp(((const struct hz_hidden *)a)->leaf, ((const struct hz_hidden *)b)->leaf, 32);
}

static void
export_event(struct hz_check *c)
{
	const struct hz_vlog *log = &c->log[0];
	char index[24];

	if (c->exports != 1) {
		hz_found(c, HZ_FINDING_EXPORT, "", "%u events of act export", c->exports);
		return;
	}
	(void)snprintf(index, sizeof index, "%04llu", (unsigned long long)c->export_index);
	if (strcmp(c->r.folder + 14, index) != 0 || c->export_index != log->head.size - 1) {
		hz_found(
		    c, HZ_FINDING_EXPORT, "", "its index is not the folder's, or not the last of the log");
	}
	if (c->export_event.t != c->time) {
		hz_found(c, HZ_FINDING_EXPORT, "", "its time is not that of the files");
	}
	if (memcmp(c->export_event.heads, c->file[HZ_FIX_HEADS].sha256, 32) != 0) {
		hz_found(c, HZ_FINDING_EXPORT, "", "it names other chain heads");
	}
}

enum hz_err
hz_step_events(struct hz_check *c)
{
	enum hz_err err = HZ_OK;

	for (size_t i = 0; i < c->nchain && err == HZ_OK && !c->ended; i++) {
		err = log_events(c, c->chain[i]);
	}
	if (err == HZ_OK && !c->ended) {
		hz_sort(c->hidden, c->nhidden, sizeof *c->hidden, by_leaf);
		export_event(c);
	}
	if (err == HZ_OK && c->r.withheld > 0) {
		hz_found(c, HZ_FINDING_WITHHELD, "", "%llu", (unsigned long long)c->r.withheld);
	}
	return err;
}
