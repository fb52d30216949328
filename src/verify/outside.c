/* What is known from outside: a key [F-10.3], a policy, what was kept of the log from before [F-10.4]. */
#include "verify/check.h"

#include "base/enc.h"
#include <stdio.h>
#include <string.h>

/* --- the key
 * -------------------------------------------------------------------------------------------------- */
static void
key(struct hz_check *c, const struct hz_trust_key *k)
{
	const struct hz_event_init *init = &c->log[0].first.init;
	bool same = false;

	switch (k->kind) {
	case HZ_TRUST_NONE:
		return;
	case HZ_TRUST_FINGERPRINT:
		for (size_t i = 0; i < c->nchain; i++) {
			same = same || memcmp(c->chain[i]->leaf0, k->fingerprint, sizeof k->fingerprint) == 0;
		}
		break;
	case HZ_TRUST_VKEY:
		same = strcmp(k->vkey, init->checkpoint) == 0;
		break;
	case HZ_TRUST_BUNDLE_KEY:
		same = memcmp(k->pk[0], init->bundle_pk, 32) == 0;
		break;
	case HZ_TRUST_EVENT_KEYS:
		for (size_t i = 0; i < k->n; i++) {
			same = same || memcmp(k->pk[i], init->event_pk, 32) == 0;
		}
		break;
	}
	if (!same) {
		hz_found(c, HZ_FINDING_KEY, "", "%s", "");
	} else if (k->kind != HZ_TRUST_FINGERPRINT) {
		hz_found(c, HZ_FINDING_PART_KEY, "", "%s", "");
	}
}

/* --- what was kept from before
 * ----------------------------------------------------------------------------------- */
static enum hz_grown
grown_to(const struct hz_checkpoint *was, const struct hz_vlog *log, const uint8_t leaf[static 32],
    const struct hz_tlog_proof *proof, enum hz_grown before)
{
	uint8_t root[32];

	if (strcmp(was->origin, log->first.log) != 0 || was->size != proof->index + 1 ||
	    was->size >= log->head.size) {
		return before;
	}
	hz_root_up_to(leaf, proof, log->head.size, root);
	return memcmp(root, was->root, 32) == 0 ? HZ_GROWN : HZ_FORKED;
}

void
hz_before_event(struct hz_check *c, const struct hz_vlog *log, const uint8_t leaf[static 32],
    const struct hz_tlog_proof *proof)
{
	for (size_t i = 0; i < c->o->nbefore; i++) {
		struct hz_before *b = &c->o->before[i];
		c->before[i] = grown_to(&b->c, log, leaf, proof, c->before[i]);
		if (strcmp(b->c.origin, log->first.log) == 0) {
			hz_before_leaf(b, proof->index, leaf);
		}
	}
	if (c->cosigned_there) {
		c->cosigned_grown = grown_to(&c->cosigned_head, log, leaf, proof, c->cosigned_grown);
	}
}

/* Does the log that continues this one say itself that this was the newest state remembered? */
static bool
declared(const struct hz_check *c, const struct hz_before *b, const struct hz_vlog *log)
{
	char pinned[128], root[65];

	hz_hex(root, b->c.root, 32);
	(void)snprintf(pinned, sizeof pinned, "%llu %s", (unsigned long long)b->c.size, root);
	return log->order + 1 < c->nchain && strcmp(c->chain[log->order + 1]->first.init.pinned, pinned) == 0;
}

static void
fork_found(struct hz_check *c, const struct hz_before *b, const char *what)
{
	if (b->differs == UINT64_MAX) {
		hz_found(c, HZ_FINDING_FORK, "", "%s", what);
	} else if (b->same == UINT64_MAX || b->same > b->differs) {
		hz_found(c, HZ_FINDING_FORK, "", "%s; event %llu is another one", what,
		    (unsigned long long)b->differs);
	} else {
		hz_found(c, HZ_FINDING_FORK, "", "%s; event %llu is the same, event %llu is another one",
		    what, (unsigned long long)b->same, (unsigned long long)b->differs);
	}
}

/* *ret: the log of the bundle contains what was kept. */
static enum hz_err
compare(struct hz_check *c, struct hz_before *b, const struct hz_vlog *log, enum hz_grown grown, bool *ret)
{
	unsigned long long was = b->c.size, is = log->head.size;
	char what[80];

	(void)snprintf(what, sizeof what, "two trees of %llu events, both signed", was);
	*ret = grown == HZ_GROWN || was == 0 || (was == is && memcmp(b->c.root, log->head.root, 32) == 0);
	if (*ret && was == is) {
		hz_found(c, HZ_FINDING_SAME, "", "%llu events", is);
		return HZ_OK;
	}
	if (*ret) {
		hz_found(c, HZ_FINDING_GREW, "", "from %llu to %llu events", was, is);
		return HZ_OK;
	}
	if (b->pack) { /* all of its events are there to say where the two part */
		HZ_TRY(hz_part(c, b, log));
	}
	if (was == is || grown == HZ_FORKED || b->differs < was) {
		fork_found(c, b, what);
	} else if (was > is && declared(c, b, log)) {
		hz_found(c, HZ_FINDING_RESTORED, "", "%llu events were seen, %llu are there", was, is);
	} else if (was > is) {
		hz_found(c, HZ_FINDING_ROLLBACK, "",
		    "%llu events were seen, %llu are there: event %llu is the first that is missing", was, is,
		    is);
	} else {
		hz_found(c, HZ_FINDING_CONSISTENCY, "", "from %llu to %llu events", was, is);
	}
	return HZ_OK;
}

/* A witness sees many logs: its state is of another log only where none of its entries is of this one. */
static bool
any_of_file(const struct hz_check *c, unsigned from)
{
	for (size_t i = 0; i < c->o->nbefore; i++) {
		if (c->o->before[i].from == from && hz_vlog_named(c, c->o->before[i].c.origin) != NULL) {
			return true;
		}
	}
	return false;
}

static enum hz_err
before(struct hz_check *c, struct hz_before *b, enum hz_grown grown, bool *ret)
{
	const struct hz_vlog *log = hz_vlog_named(c, b->c.origin);
	struct hz_checkpoint read;
	char name[HZ_ORIGIN_MAX];
	uint8_t pk[32];

	if (log == NULL) {
		if (b->kind != HZ_BEFORE_WITNESS || !any_of_file(c, b->from)) {
			hz_found(c, HZ_FINDING_OTHER_LOG, "", "%s", b->c.origin);
		}
		return HZ_OK;
	}
	const char *vkey = log->first.init.checkpoint;
	if (b->kind == HZ_BEFORE_PIN &&
	    (strcmp(b->vkey, vkey) != 0 || memcmp(b->event0, log->leaf0, 32) != 0)) {
		hz_found(c, HZ_FINDING_FORK, "", "the pin names another event 0 or another key");
		return HZ_OK;
	}
	if (hz_vkey_parse(vkey, strlen(vkey), name, pk) != HZ_OK ||
	    hz_checkpoint_read(b->note.p, b->note.len, pk, &read) != HZ_OK) {
		hz_found(c, HZ_FINDING_OTHER_KEY, "", "%s", hz_fail_detail());
		return HZ_OK;
	}
	if (b->kind == HZ_BEFORE_MISCONDUCT) {
		if (strcmp(b->vkey, vkey) == 0) {
			hz_found(
			    c, HZ_FINDING_FORK, "", "the proof of misconduct holds for the key of this log");
		} else {
			hz_found(c, HZ_FINDING_OTHER_KEY, "", "%s", b->vkey);
		}
		return HZ_OK;
	}
	return compare(c, b, log, grown, ret);
}

/* The checkpoint with cosignatures that the bundle carries beside its own [F-9.1]. */
static void
cosigned(struct hz_check *c)
{
	const struct hz_vlog *log = &c->log[0];

	if (!c->cosigned_there) {
		return;
	}
	if (c->cosigned_head.size == log->head.size) {
		c->cosigned_grown =
		    memcmp(c->cosigned_head.root, log->head.root, 32) == 0 ? HZ_GROWN : HZ_FORKED;
	}
	if (c->cosigned_grown == HZ_FORKED) {
		hz_found(c, HZ_FINDING_FORK, HZ_COSIGNED_PATH, "two trees of %llu events, both signed",
		    (unsigned long long)c->cosigned_head.size);
	} else if (c->cosigned_grown == HZ_GROWN_UNKNOWN) {
		hz_found(
		    c, HZ_FINDING_CHECKPOINT, HZ_COSIGNED_PATH, "nothing shows that the log contains it");
	}
}

/* --- the policy
 * ------------------------------------------------------------------------------------------------ */
/* A state of the log that witnesses may have signed: the note, and whether the bundle's log contains it. */
struct candidate {
	const struct hz_buf *note;
	uint64_t size;
};

static size_t
candidates(const struct hz_check *c, struct candidate list[static HZ_VERIFY_BEFORE_MAX + 2])
{
	size_t n = 0;

	list[n++] = (struct candidate){ &c->file[HZ_FIX_CHECKPOINT].kept, c->log[0].head.size };
	if (c->cosigned_there && c->cosigned_grown == HZ_GROWN) {
		list[n++] = (struct candidate){ &c->cosigned, c->cosigned_head.size };
	}
	for (size_t i = 0; i < c->o->nbefore; i++) {
		if (c->contains[i]) {
			list[n++] = (struct candidate){ &c->o->before[i].note, c->o->before[i].c.size };
		}
	}
	return n;
}

static void
say_witnesses(struct hz_check *c, const struct hz_policy *p, const uint64_t seen[static 2 * HZ_POLICY_MAX])
{
	for (size_t i = 0; i < p->nodes; i++) {
		if (seen[i] > 0) {
			hz_found(c, HZ_FINDING_WITNESSED, "", "%s: %llu of %llu events", p->node[i].name,
			    (unsigned long long)seen[i], (unsigned long long)c->log[0].head.size);
		}
	}
}

static void
policy(struct hz_check *c, const struct hz_policy *p)
{
	struct candidate list[HZ_VERIFY_BEFORE_MAX + 2];
	uint64_t seen[2 * HZ_POLICY_MAX], reached = c->pack_reached;
	bool log = p->logs == 0, any = c->pack_reached > 0;
	char name[HZ_ORIGIN_MAX];
	uint8_t pk[32];
	size_t n = candidates(c, list);

	memcpy(seen, c->pack_seen, sizeof seen); /* an audit pack carries every state with its cosignatures */
	if (hz_vkey_parse(c->log[0].first.init.checkpoint, strlen(c->log[0].first.init.checkpoint), name,
		pk) != HZ_OK) {
		return; /* was read before */
	}
	for (size_t i = 0; i < p->logs; i++) {
		log = log || (memcmp(p->log[i].pk, pk, 32) == 0 && strcmp(p->log[i].name, name) == 0);
	}
	for (size_t i = 0; i < n; i++) {
		bool by[2 * HZ_POLICY_MAX] = { false }, met = false;
		hz_policy_check(p, list[i].note->p, list[i].note->len, by, &met);
		for (size_t k = 0; k < p->nodes; k++) {
			seen[k] = by[k] && list[i].size > seen[k] ? list[i].size : seen[k];
		}
		reached = met && list[i].size > reached ? list[i].size : reached;
		any = any || met;
	}
	say_witnesses(c, p, seen);
	if (!log) {
		hz_found(c, HZ_FINDING_POLICY_LOG, "", "%s", name);
	} else if (p->quorum < 0) {
		hz_found(c, HZ_FINDING_NO_QUORUM, "", "%s", "");
	} else if (!any) {
		hz_found(c, HZ_FINDING_QUORUM, "", "%s", p->node[p->quorum].name);
	} else if (reached <= c->last_made) {
		hz_found(c, HZ_FINDING_WITNESSED_EARLY, "", "%llu events", (unsigned long long)reached);
	}
	c->witnessed = log && any && p->quorum >= 0 && reached > c->last_made;
}

enum hz_err
hz_step_outside(struct hz_check *c)
{
	if (c->o->key != NULL) {
		key(c, c->o->key);
	}
	cosigned(c);
	for (size_t i = 0; i < c->o->nbefore; i++) {
		HZ_TRY(before(c, &c->o->before[i], c->before[i], &c->contains[i]));
	}
	if (c->o->policy != NULL) {
		policy(c, c->o->policy);
	}
	return HZ_OK;
}
