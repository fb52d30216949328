#include "custody/trail.h"

#include "base/enc.h"
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DAY_MS   (INT64_C(86400) * 1000)
#define QUIET_MS (DAY_MS + DAY_MS / 2) /* longest time without a reading of the clocks */
#define FIRST    ((size_t)1024)

struct actor {
	uint64_t next;
	uint8_t head[32];
};
struct hz_trail {
	const struct hz_trail_ops *ops;
	void *arg;
	unsigned logs;
	struct hz_signers signers;
	char vkey[HZ_VKEY_MAX];
	uint8_t first0[32], event0[32];
	struct actor actor[HZ_SIGNERS_MAX];
	struct hz_edge edge;
	struct hz_trail_subject *subject; /* open addressing; id[0] 0: free */
	size_t nsubjects, cap;
	int64_t t;             /* of the newest event */
	struct hz_clock clock; /* newest reading */
	uint64_t clock_at;
	uint64_t salt;
	bool any, quiet, unsynced; /* an event was there; the lack of readings was said; so was that */
};

/* clang-format off */
static const struct { const char *word; enum hz_trail_level level; } rows[HZ_TRAIL_COUNT] = {
#define ROW(sym, word, level) [HZ_TRAIL_##sym] = { word, HZ_TRAIL_##level },
	HZ_TRAIL_LIST(ROW)
#undef ROW
};
/* clang-format on */

const char *
hz_trail_word(enum hz_trail_what what)
{
	return rows[what].word;
}

enum hz_trail_level
hz_trail_level(enum hz_trail_what what)
{
	return rows[what].level;
}

/* --- ids
 * ---------------------------------------------------------------------------------------------------- */

bool
hz_subject_read(const char *id, uint8_t ret_subject[static HZ_SUBJECT_BYTES])
{
	bool ex = strncmp(id, "ex-", 3) == 0;
	if ((!ex && strncmp(id, "mb-", 3) != 0) || strlen(id) != 35 || !hz_is_hex(id + 3, 32)) {
		return false;
	}
	ret_subject[0] = ex ? 'e' : 'm';
	return hz_unhex(id + 3, 32, ret_subject + 1, 16) == HZ_OK;
}

void
hz_subject_text(const uint8_t subject[static HZ_SUBJECT_BYTES], char ret_s[static 36])
{
	ret_s[0] = subject[0] == 'e' ? 'e' : 'm';
	ret_s[1] = subject[0] == 'e' ? 'x' : 'b';
	ret_s[2] = '-';
	hz_hex(ret_s + 3, subject + 1, 16);
}

/* --- one event alone
 * ---------------------------------------------------------------------------------------- */

static void
blame(struct hz_fact *f, enum hz_trail_what what, const char *why)
{
	f->bad = what;
	hz_fail_copy(f->why, sizeof f->why, why);
}

static void
copy_facts(struct hz_fact *f, const struct hz_event *e)
{
	f->act = (uint8_t)e->act;
	f->seq = e->seq;
	f->aseq = e->aseq;
	f->t = e->t;
	f->clock = e->clock;
	f->has_prev = e->has_prev;
	f->has_aprev = e->has_aprev;
	memcpy(f->prev, e->prev, sizeof f->prev);
	memcpy(f->aprev, e->aprev, sizeof f->aprev);
	if (e->ex[0] != '\0' && !hz_subject_read(e->ex, f->subject)) {
		f->subject[0] = 0;
	}
	/* A key-add without a record names a new keyring and changes no key that is needed here [F-10.1] 5.
	 */
	f->keys = (e->act == HZ_ACT_KEY_ADD && e->has_rec) || e->act == HZ_ACT_KEY_REVOKE ||
		  e->act == HZ_ACT_ROLE_GRANT || e->act == HZ_ACT_ROLE_REVOKE;
}

const struct hz_signer *
hz_signers_find(const struct hz_signers *s, const char *kid, uint64_t index)
{
	for (size_t i = 0; i < s->n; i++) {
		const struct hz_signer *x = &s->of[i];
		if (index >= x->from && index < x->until && strcmp(x->kid, kid) == 0) {
			return x;
		}
	}
	return NULL;
}

bool
hz_signer_may(const struct hz_signer *s, enum hz_act act)
{
	unsigned roles = hz_act_roles(act);
	return roles == 0 || (roles & s->roles) != 0;
}

static void
meaning(const struct hz_signers *s, uint64_t index, const struct hz_event *e, struct hz_fact *f)
{
	bool first = e->act == HZ_ACT_INIT || e->act == HZ_ACT_RESTORE;
	if (strcmp(e->log, s->origin) != 0) {
		blame(f, HZ_TRAIL_EVENT, hz_fail_words("it is of another log"));
	} else if (first != (index == 0)) {
		blame(f, HZ_TRAIL_EVENT, hz_fail_words("only the first event of a log begins it"));
	} else if (!hz_signer_may(&s->of[f->signer], e->act)) {
		f->bad = HZ_TRAIL_ROLE;
		(void)snprintf(
		    f->why, sizeof f->why, hz_fail_words("its signer has no role for %s"), e->act_text);
	} else {
		f->right = true;
		(void)snprintf(f->why, sizeof f->why, "%s", f->act == HZ_ACT_UNKNOWN ? e->act_text : "");
	}
}

HZ_RESULT
hz_trail_look(const struct hz_signers *s, uint64_t index, const void *jws, size_t n, bool signature,
    struct hz_event *e, struct hz_fact *f)
{
	memset(f, 0, sizeof *f);
	hz_leaf_hash(jws, n, f->leaf);
	enum hz_err err = hz_event_read(jws, n, e);
	if (err == HZ_ERR_NOMEM) {
		return err;
	}
	if (err != HZ_OK) {
		blame(f, err == HZ_ERR_VERSION ? HZ_TRAIL_VERSION : HZ_TRAIL_EVENT, hz_fail_detail());
		hz_fail_clear();
		return HZ_OK;
	}
	f->read = true;
	copy_facts(f, e);
	const struct hz_signer *by = hz_signers_find(s, e->kid, index);
	if (by == NULL) {
		blame(f, HZ_TRAIL_SIGNER, hz_fail_words("signed by nobody who is known in this log"));
		return HZ_OK;
	}
	f->signer = (uint16_t)(by - s->of);
	if (signature && hz_jws_verify_read(jws, n, by->pk) != HZ_OK) {
		blame(f, HZ_TRAIL_SIGNATURE, hz_fail_words("the signature is not of these bytes"));
		hz_fail_clear();
		return HZ_OK;
	}
	meaning(s, index, e, f);
	return HZ_OK;
}

/* --- the trail
 * ---------------------------------------------------------------------------------------------- */

HZ_RESULT
hz_trail_new(const struct hz_trail_ops *ops, void *arg, struct hz_trail **ret_t)
{
	struct hz_trail *t = calloc(1, sizeof *t);
	if (t == NULL) {
		return hz_fail(HZ_MSG_NOMEM, "a trail");
	}
	t->ops = ops;
	t->arg = arg;
	hz_random(&t->salt, sizeof t->salt);
	*ret_t = t;
	return HZ_OK;
}

void
hz_trail_free(struct hz_trail **t)
{
	if (*t != NULL) {
		free((*t)->subject);
		free(*t);
		*t = NULL;
	}
}

static void said(struct hz_trail *t, enum hz_trail_what what, uint64_t index, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));

static void
said(struct hz_trail *t, enum hz_trail_what what, uint64_t index, const char *fmt, ...)
{
	char detail[512];
	va_list ap;
	va_start(ap, fmt);
	/* NOLINTNEXTLINE(clang-analyzer-valist.Uninitialized): va_start stands above */
	(void)vsnprintf(detail, sizeof detail, hz_fail_words(fmt), ap);
	va_end(ap);
	t->ops->finding(t->arg, what, t->logs == 0 ? 0 : t->logs - 1, index, detail);
}

/* Does a log that begins with `restore` continue the one before it [F-9.10]? */
static void
continues(struct hz_trail *t, const struct hz_event *e)
{
	char found[128], hex[65];
	uint8_t root[HZ_HASH];
	hz_trail_root(t, root);
	hz_hex(hex, root, sizeof root);
	(void)snprintf(found, sizeof found, "%llu %s", (unsigned long long)t->edge.n, hex);
	if (memcmp(e->ref, t->event0, sizeof t->event0) != 0) {
		said(t, HZ_TRAIL_CLOSED_LOG, 0, "it continues another log than the one before it");
	} else if (strcmp(found, e->init.found) != 0) {
		said(t, HZ_TRAIL_CLOSED_LOG, 0, "the log before it does not end with what it found");
	}
	const struct hz_signer *by =
	    t->edge.n == 0 ? NULL : hz_signers_find(&t->signers, e->kid, t->edge.n - 1);
	if (by == NULL || (by->roles & HZ_ROLE_CUSTODIAN) == 0) {
		said(t, HZ_TRAIL_CLOSED_LOG, 0, "not continued by a custodian of the log before it");
	}
}

static enum hz_err
read_event0(const void *p, size_t n, struct hz_event *e)
{
	HZ_TRY(hz_event_read(p, n, e));
	if (!e->has_init) {
		return hz_fail(HZ_MSG_FORMAT, "the first event is neither init nor restore");
	}
	return hz_jws_verify(p, n, e->init.event_pk);
}

static void
begin(struct hz_trail *t, const struct hz_event *e, const void *p, size_t n)
{
	struct hz_signers *s = &t->signers;
	memset(s, 0, sizeof *s);
	(void)snprintf(s->origin, sizeof s->origin, "%s", e->log);
	(void)snprintf(s->of[0].kid, sizeof s->of[0].kid, "%s", e->kid);
	memcpy(s->of[0].pk, e->init.event_pk, sizeof s->of[0].pk);
	s->of[0].roles = e->init.roles;
	s->of[0].until = UINT64_MAX;
	s->n = 1;
	(void)snprintf(t->vkey, sizeof t->vkey, "%s", e->init.checkpoint);
	hz_leaf_hash(p, n, t->event0);
	if (t->logs == 0) {
		memcpy(t->first0, t->event0, sizeof t->first0);
	}
	memset(t->actor, 0, sizeof t->actor);
	t->edge.n = 0;
}

HZ_RESULT
hz_trail_log(struct hz_trail *t, const void *event0, size_t n)
{
	struct hz_event *e = calloc(1, sizeof *e);
	if (e == NULL) {
		return hz_fail(HZ_MSG_NOMEM, "event 0");
	}
	enum hz_err err = read_event0(event0, n, e);
	t->logs++;
	if (err == HZ_OK) {
		if ((e->act == HZ_ACT_RESTORE) != (t->logs > 1)) {
			said(t, HZ_TRAIL_CLOSED_LOG, 0,
			    t->logs > 1 ? "it does not continue the log before it"
					: "the log that it continues is missing");
		} else if (t->logs > 1) {
			continues(t, e);
		}
		begin(t, e, event0, n);
	} else if (err != HZ_ERR_NOMEM) {
		said(
		    t, err == HZ_ERR_VERSION ? HZ_TRAIL_VERSION : HZ_TRAIL_EVENT0, 0, "%s", hz_fail_detail());
	}
	free(e);
	return err;
}

const struct hz_signers *
hz_trail_signers(const struct hz_trail *t)
{
	return &t->signers;
}

const char *
hz_trail_vkey(const struct hz_trail *t)
{
	return t->vkey;
}

const uint8_t *
hz_trail_event0(const struct hz_trail *t, bool first)
{
	return first ? t->first0 : t->event0;
}

unsigned
hz_trail_logs(const struct hz_trail *t)
{
	return t->logs;
}

uint64_t
hz_trail_size(const struct hz_trail *t)
{
	return t->edge.n;
}

void
hz_trail_root(const struct hz_trail *t, uint8_t ret_root[static 32])
{
	hz_edge_root(&t->edge, ret_root);
}

HZ_RESULT
hz_trail_checkpoint(struct hz_trail *t, const void *note, size_t n, struct hz_checkpoint *ret_c)
{
	char name[HZ_ORIGIN_MAX];
	uint8_t pk[32], root[HZ_HASH];
	struct hz_checkpoint c;
	HZ_TRY(hz_vkey_parse(t->vkey, strlen(t->vkey), name, pk));
	HZ_TRY(hz_checkpoint_read(note, n, pk, &c));
	hz_trail_root(t, root);
	if (strcmp(c.origin, t->signers.origin) != 0) {
		return hz_fail(HZ_MSG_TAMPERED, "the checkpoint is of another log");
	}
	if (c.size != t->edge.n) {
		return hz_fail(HZ_MSG_TAMPERED, "the checkpoint is of %llu events, %llu are there",
		    (unsigned long long)c.size, (unsigned long long)t->edge.n);
	}
	if (memcmp(c.root, root, sizeof root) != 0) {
		return hz_fail(
		    HZ_MSG_TAMPERED, "the events do not give the root of the checkpoint that was signed");
	}
	*ret_c = c;
	return HZ_OK;
}

/* --- subjects
 * ----------------------------------------------------------------------------------------------- */

/* FNV-1a from a random beginning: who chooses the ids cannot choose their places. */
static size_t
slot(uint64_t salt, const struct hz_trail_subject *s, size_t cap, const uint8_t *id)
{
	uint64_t h = salt;
	for (size_t i = 0; i < HZ_SUBJECT_BYTES; i++) {
		h = (h ^ id[i]) * 0x100000001b3u;
	}
	size_t i = (size_t)(h ^ h >> 32) & (cap - 1);
	while (s[i].id[0] != 0 && memcmp(s[i].id, id, HZ_SUBJECT_BYTES) != 0) {
		i = (i + 1) & (cap - 1);
	}
	return i;
}

struct hz_trail_subject *
hz_trail_subject(struct hz_trail *t, const uint8_t subject[static HZ_SUBJECT_BYTES])
{
	if (t->cap == 0) {
		return NULL;
	}
	struct hz_trail_subject *s = &t->subject[slot(t->salt, t->subject, t->cap, subject)];
	return s->id[0] == 0 ? NULL : s;
}

struct hz_trail_subject *
hz_trail_next(struct hz_trail *t, size_t *at)
{
	while (*at < t->cap) {
		struct hz_trail_subject *s = &t->subject[(*at)++];
		if (s->id[0] != 0) {
			return s;
		}
	}
	return NULL;
}

static struct hz_trail_subject *
subject_make(struct hz_trail *t, const uint8_t *id)
{
	if ((t->nsubjects + 1) * 4 > t->cap * 3) {
		size_t cap = t->cap == 0 ? FIRST : t->cap * 2;
		struct hz_trail_subject *g = calloc(cap, sizeof *g);
		if (g == NULL) {
			return NULL;
		}
		for (size_t i = 0; i < t->cap; i++) {
			if (t->subject[i].id[0] != 0) {
				g[slot(t->salt, g, cap, t->subject[i].id)] = t->subject[i];
			}
		}
		free(t->subject);
		t->subject = g;
		t->cap = cap;
	}
	struct hz_trail_subject *s = &t->subject[slot(t->salt, t->subject, t->cap, id)];
	if (s->id[0] == 0) {
		memcpy(s->id, id, HZ_SUBJECT_BYTES);
		t->nsubjects++;
	}
	return s;
}

/* --- chains
 * ------------------------------------------------------------------------------------------------- */

/* One link of a chain: what is wrong with it, or HZ_TRAIL_COUNT. Afterwards the chain goes on from this
 * event, so that one break is one finding; a second event of a number that was there already moves nothing.
 */
static enum hz_trail_what
follow(uint64_t *next, uint8_t head[static 32], uint64_t seq, bool has_prev, const uint8_t *prev,
    const uint8_t *leaf)
{
	enum hz_trail_what what = HZ_TRAIL_COUNT;
	if (seq < *next) {
		return HZ_TRAIL_FORK;
	}
	if (seq > *next) {
		what = HZ_TRAIL_GAP;
	} else if (has_prev != (*next > 0) || (has_prev && memcmp(prev, head, HZ_HASH) != 0)) {
		what = HZ_TRAIL_CHAIN;
	}
	*next = seq + 1;
	memcpy(head, leaf, HZ_HASH);
	return what;
}

static enum hz_err
subject_link(struct hz_trail *t, const struct hz_fact *f, uint64_t index)
{
	char id[36];
	struct hz_trail_subject *s = subject_make(t, f->subject);
	if (s == NULL) {
		return hz_fail(HZ_MSG_NOMEM, "the chains");
	}
	unsigned long long seq = f->seq, want = s->next;
	bool first = s->next == 0 && f->seq == 0;
	hz_subject_text(f->subject, id);
	enum hz_trail_what what = follow(&s->next, s->head, f->seq, f->has_prev, f->prev, f->leaf);
	if (what == HZ_TRAIL_FORK) {
		said(t, what, index, "%s: a second event of number %llu", id, seq);
	} else if (what == HZ_TRAIL_GAP) {
		said(t, what, index, "%s: number %llu where %llu should follow", id, seq, want);
	} else if (what == HZ_TRAIL_CHAIN) {
		said(t, what, index, "%s: number %llu does not follow the event before it", id, seq);
	}
	bool begins = f->act == HZ_ACT_ACQUIRE || f->act == HZ_ACT_DERIVE;
	s->acquired = s->acquired || begins;
	if (first && f->act != HZ_ACT_UNKNOWN &&
	    !(f->subject[0] == 'e' ? begins : f->act == HZ_ACT_INIT || f->act == HZ_ACT_KEY_ADD)) {
		said(t, HZ_TRAIL_CHAIN, index, "%s: it begins with an act that begins no chain", id);
	} else if (!first && f->act == HZ_ACT_ACQUIRE && what == HZ_TRAIL_COUNT) {
		said(t, HZ_TRAIL_CHAIN, index, "%s: acquired a second time", id);
	}
	return HZ_OK;
}

static void
actor_link(struct hz_trail *t, const struct hz_fact *f, uint64_t index)
{
	struct actor *a = &t->actor[f->signer];
	unsigned long long want = a->next;
	if (follow(&a->next, a->head, f->aseq, f->has_aprev, f->aprev, f->leaf) != HZ_TRAIL_COUNT) {
		said(t, HZ_TRAIL_ACTOR, index, "its signer's event %llu where %llu should follow",
		    (unsigned long long)f->aseq, want);
	}
}

/* --- the clock
 * ---------------------------------------------------------------------------------------------- */

static void
clock_reading(struct hz_trail *t, const struct hz_fact *f, uint64_t index)
{
	int64_t ms = 0;
	unsigned long long at = t->clock_at;
	if (t->clock.there) {
		switch (hz_clock_compare(&t->clock, &f->clock, &ms)) {
		case HZ_CLOCK_FINE:
		case HZ_CLOCK_OTHER_BOOT:
			break;
		case HZ_CLOCK_BACK:
			said(t, HZ_TRAIL_CLOCK_BACK, index,
			    "the machine began anew with its clock %lld s behind the reading of event %llu",
			    (long long)(-ms / 1000), at);
			break;
		case HZ_CLOCK_SET:
			said(t, HZ_TRAIL_CLOCK_SET, index,
			    "the clock was set by %+lld s between events %llu and this one",
			    (long long)(ms / 1000), at);
			break;
		case HZ_CLOCK_TWO:
			said(t, HZ_TRAIL_CLOCK_TWO, index,
			    "the time since the machine began is less than in event %llu: two machines, or a copy of one",
			    at);
			break;
		}
	}
	if (f->clock.sync == HZ_SYNC_NO && !t->unsynced) {
		said(t, HZ_TRAIL_CLOCK_UNSYNCED, index, "the machine's clock was not synchronised");
	}
	t->unsynced = f->clock.sync == HZ_SYNC_NO;
	t->clock = f->clock;
	t->clock_at = index;
	t->quiet = false;
}

static void
clock_link(struct hz_trail *t, const struct hz_fact *f, uint64_t index)
{
	if (t->any && f->t + HZ_CLOCK_SLACK_MS / 1000 < t->t) {
		said(t, HZ_TRAIL_CLOCK_BACK, index, "its time is %lld s before that of the event before it",
		    (long long)(t->t - f->t));
	}
	if (f->clock.there) {
		clock_reading(t, f, index);
	} else if (!t->quiet &&
		   (!t->clock.there || (int64_t)f->t * 1000 - (int64_t)t->clock.wall > QUIET_MS)) {
		said(t, HZ_TRAIL_CLOCK_MISSING, index, "no reading of the clocks in the day before it");
		t->quiet = true;
	}
	t->t = f->t;
	t->any = true;
}

HZ_RESULT
hz_trail_add(struct hz_trail *t, const struct hz_fact *f)
{
	uint64_t index = t->edge.n;
	hz_edge_add(&t->edge, f->leaf);
	if (!f->right) {
		said(t, f->bad, index, "%s", f->why);
		/* What nobody who may signed says nothing about chains and clocks. */
		if (!f->read || f->bad != HZ_TRAIL_ROLE) {
			return HZ_OK;
		}
	}
	if (f->act == HZ_ACT_UNKNOWN) {
		said(t, HZ_TRAIL_ACT_UNKNOWN, index, "%s", f->why);
	}
	if (f->keys) {
		said(t, HZ_TRAIL_MEMBERS, index,
		    "a change of keys or roles, which this version cannot follow");
	}
	actor_link(t, f, index);
	clock_link(t, f, index);
	return f->subject[0] == 0 ? HZ_OK : subject_link(t, f, index);
}
