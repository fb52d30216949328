/* Time stamps that the log holds [F-8.8]: token, chain and proof by themselves before the logs are followed;
 * what was stamped against the tree, as it reaches that size; the index that leads to them against the events
 * that brought them; renewals against the tokens that they name [F-8.11]. */
#include "audit/anchors.h"
#include "audit/inner.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct stamp {
	struct hz_audit_stamp s;
	uint32_t target; /* log that was stamped; UINT32_MAX: none of this vault */
	bool compared, same;
	bool renewed;            /* by a renewal, whose event is: */
	struct hz_ref renewal;   /* the newest */
	struct hz_renewal token; /* its hashes */
	struct hz_failure wrong; /* HZ_MSG_NONE: nothing */
};
struct lead { /* what the index leads to */
	struct hz_ref at;
	enum hz_record_kind kind;
	bool met; /* by an event of the log */
};
struct hz_stamps {
	struct stamp *list;
	struct lead *lead;
	size_t n, cap, nleads, lead_cap;
	size_t *order, next;    /* by log and size of what was stamped; the first that is not reached yet */
	struct hz_log_info end; /* of the last log when they were read: what comes behind is not among them */
};

void
hz_stamps_free(struct hz_stamps **s)
{
	if (*s != NULL) {
		free((*s)->list);
		free((*s)->lead);
		free((*s)->order);
		free(*s);
		*s = NULL;
	}
}

/* Room for one more of a list. */
static void *
grown(void *list, size_t n, size_t *cap, size_t size)
{
	if (n < *cap) {
		return list;
	}
	size_t want = *cap == 0 ? 64 : 2 * *cap;
	void *g = reallocarray(list, want, size);
	if (g != NULL) {
		*cap = want;
	}
	return g;
}

static enum hz_err
add_lead(struct hz_stamps *s, struct hz_ref at, enum hz_record_kind kind)
{
	struct lead *g = grown(s->lead, s->nleads, &s->lead_cap, sizeof(*g));
	if (g == NULL) {
		return hz_fail(HZ_MSG_NOMEM, "time stamps");
	}
	s->lead = g;
	s->lead[s->nleads++] = (struct lead){ at, kind, false };
	return HZ_OK;
}

static void
finding(struct hz_run *run, struct hz_ref at)
{
	char id[HZ_ID_TEXT];
	(void)snprintf(id, sizeof(id), "event %u:%llu", at.log, (unsigned long long)at.index);
	run->res->event_findings++;
	hz_run_finding(run, HZ_FOUND_LOG, "stamp", id);
}

/* --- reading
 * ------------------------------------------------------------------------------------------------ */

/* What was stamped is signed by the key of a log of this vault. */
static enum hz_err
whose(struct hz_view *w, const struct hz_anchor *a, struct stamp *x)
{
	const struct hz_buf *note = &a->part[HZ_ANCHOR_CHECKPOINT];
	char name[HZ_ORIGIN_MAX];
	struct hz_checkpoint c;
	struct hz_log_info l;
	uint8_t pk[32];
	for (uint32_t no = 0;; no++) {
		enum hz_err r = hz_log_info(w, no, &l);
		if (r == HZ_ERR_NOT_FOUND) {
			return hz_fail(HZ_MSG_ANCHOR_INVALID, "what was stamped is of no log of this vault");
		}
		HZ_TRY(r);
		if (strcmp(l.origin, a->c.origin) == 0) {
			break;
		}
	}
	HZ_TRY(hz_vkey_parse(l.vkey, strlen(l.vkey), name, pk));
	if (hz_checkpoint_read(note->p, note->len, pk, &c) != HZ_OK) {
		return hz_fail(HZ_MSG_ANCHOR_INVALID, "what was stamped is not signed by the key of its log");
	}
	if (c.size == 0 || c.size > l.size) {
		return hz_fail(HZ_MSG_ANCHOR_INVALID, "what was stamped is of %llu events, the log has %llu",
		    (unsigned long long)c.size, (unsigned long long)l.size);
	}
	x->target = l.no;
	return HZ_OK;
}

void
hz_audit_stamp_of(const struct hz_anchor *a, const struct hz_anchor_facts *f, struct hz_audit_stamp *ret_s)
{
	ret_s->type = a->type;
	ret_s->size = a->c.size;
	memcpy(ret_s->root, a->c.root, sizeof(ret_s->root));
	memcpy(ret_s->origin, a->c.origin, sizeof(ret_s->origin));
	ret_s->state = f->state;
	ret_s->t = f->t;
	if (a->type == HZ_ANCHOR_RFC3161) {
		ret_s->then = f->tsa.then;
		ret_s->now = f->tsa.now;
		ret_s->revoked = f->tsa.revoked;
		memcpy(ret_s->authority, f->tsa.authority, sizeof(ret_s->authority));
		memcpy(ret_s->serial, f->tsa.info.serial, sizeof(ret_s->serial));
	}
}

struct reading {
	struct hz_run *run;
	struct hz_view *w;
};

static enum hz_err
take_row(void *arg, const struct hz_record_row *rec, struct hz_anchor_row *row)
{
	const struct reading *rd = arg;
	struct hz_run *run = rd->run;
	struct hz_view *w = rd->w;
	struct hz_stamps *s = run->stamps;
	struct hz_log_info l;
	HZ_TRY(add_lead(s, rec->at, HZ_REC_ANCHOR));
	struct stamp *g = grown(s->list, s->n, &s->cap, sizeof(*g));
	if (g == NULL) {
		return hz_fail(HZ_MSG_NOMEM, "time stamps");
	}
	s->list = g;
	struct stamp *x = &s->list[s->n++];
	memset(x, 0, sizeof(*x));
	x->s.at = rec->at;
	x->target = UINT32_MAX;
	HZ_TRY(hz_anchor_row_read(w, rec, run->o->given, row));
	enum hz_err r = row->bad;
	x->wrong = row->failure;
	hz_audit_stamp_of(&row->a, &row->f, &x->s);
	x->s.expires = row->expires;
	if (r == HZ_OK) {
		r = whose(w, &row->a, x);
		hz_fail_save(&x->wrong);
	}
	if (r == HZ_OK && (x->s.state == HZ_ANCHOR_EXPIRED || x->s.state == HZ_ANCHOR_BAD)) {
		r = hz_fail(HZ_MSG_ANCHOR_INVALID, "%s: %s",
		    x->s.state == HZ_ANCHOR_EXPIRED ? "a certificate was not valid when it was made"
						    : "a certificate may not be used for this",
		    row->f.tsa.why);
		hz_fail_save(&x->wrong);
	}
	if (r != HZ_OK && hz_run_fatal(r)) {
		return r;
	}
	x->wrong.msg = r == HZ_OK ? HZ_MSG_NONE : x->wrong.msg;
	r = hz_log_info(w, rec->at.log, &l);
	if (r == HZ_OK) {
		hz_renewal_of(l.id, rec->at.index, &row->a.part[HZ_ANCHOR_TOKEN], &x->token);
	}
	hz_fail_clear();
	return r != HZ_OK && hz_run_fatal(r) ? r : HZ_OK;
}

static enum hz_err
read_stamps(struct hz_run *run, struct hz_view *w)
{
	struct reading rd = { run, w };
	return hz_anchor_records_each(w, take_row, &rd);
}

/* --- renewals
 * ----------------------------------------------------------------------------------------------- */

static struct stamp *
find_line(struct hz_stamps *s, const struct hz_renewal *line)
{
	for (size_t i = 0; i < s->n; i++) {
		const struct hz_renewal *x = &s->list[i].token;
		if (x->index == line->index && memcmp(x->log, line->log, sizeof(x->log)) == 0) {
			return &s->list[i];
		}
	}
	return NULL;
}

static enum hz_err
check_lines(struct hz_stamps *s, struct hz_ref at, const struct hz_renewal *list, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct stamp *x = find_line(s, &list[i]);
		unsigned long long index = list[i].index;
		if (x == NULL) {
			return hz_fail(HZ_MSG_VAULT_TAMPERED,
			    "it renews a time stamp of event %llu, which is not there", index);
		}
		if (memcmp(x->token.sha256, list[i].sha256, 32) != 0 ||
		    memcmp(x->token.sha512, list[i].sha512, 64) != 0) {
			return hz_fail(
			    HZ_MSG_VAULT_TAMPERED, "it renews another token than that of event %llu", index);
		}
		x->renewed = true;
		x->renewal = at;
	}
	return HZ_OK;
}

static enum hz_err
read_renewals(struct hz_run *run, struct hz_view *w)
{
	struct hz_renewal *list = calloc(HZ_ANCHOR_RENEW_MAX, sizeof(*list));
	enum hz_err r = list == NULL ? hz_fail(HZ_MSG_NOMEM, "renewals") : HZ_OK;
	bool found = true;
	for (uint32_t i = 0; r == HZ_OK && found;) {
		struct hz_record_row row;
		struct hz_record rec;
		size_t n = 0;
		r = hz_anchor_next(w, HZ_REC_ANCHOR_RENEWAL, &i, &found, &row);
		if (r != HZ_OK || !found) {
			break;
		}
		r = add_lead(run->stamps, row.at, HZ_REC_ANCHOR_RENEWAL);
		hz_record_init(&rec);
		enum hz_err one = r == HZ_OK ? hz_record_fields(w, &row, &rec) : r;
		one = one == HZ_OK ? hz_renewal_read(&rec, list, &n) : one;
		one = one == HZ_OK ? check_lines(run->stamps, row.at, list, n) : one;
		if (one != HZ_OK && !hz_run_fatal(one)) {
			finding(run, row.at);
		} else {
			r = one;
		}
		hz_record_done(&rec);
		hz_record_row_done(&row);
	}
	free(list);
	return r;
}

/* --- what was stamped, against the tree
 * ---------------------------------------------------------------------- */

static bool
before(const struct stamp *a, const struct stamp *b)
{
	return a->target != b->target ? a->target < b->target : a->s.size < b->s.size;
}

/* They nearly always come in order: insertion. */
static enum hz_err
sort(struct hz_stamps *s)
{
	s->order = calloc(s->n + 1, sizeof(*s->order));
	if (s->order == NULL) {
		return hz_fail(HZ_MSG_NOMEM, "time stamps");
	}
	for (size_t i = 0; i < s->n; i++) {
		size_t k = i;
		for (; k > 0 && before(&s->list[i], &s->list[s->order[k - 1]]); k--) {
			s->order[k] = s->order[k - 1];
		}
		s->order[k] = i;
	}
	return HZ_OK;
}

HZ_RESULT
hz_stamps_read(struct hz_run *run)
{
	struct hz_view *w = NULL;
	run->stamps = calloc(1, sizeof(*run->stamps));
	if (run->stamps == NULL) {
		return hz_fail(HZ_MSG_NOMEM, "time stamps");
	}
	HZ_TRY(hz_view_begin(run->v, &w));
	enum hz_err last = hz_log_info(w, hz_vault_info(run->v)->logs - 1, &run->stamps->end);
	if (last != HZ_OK) {
		hz_view_end(&w);
		return last;
	}
	for (unsigned i = 0; i < 2; i++) {
		enum hz_err r = i == 0 ? read_stamps(run, w) : read_renewals(run, w);
		if (r != HZ_OK && hz_run_fatal(r)) {
			hz_view_end(&w);
			return r;
		}
		if (r != HZ_OK) { /* what is behind it is told by the events that nothing leads to */
			run->res->event_findings++;
			hz_run_finding(run, HZ_FOUND_LOG, "stamp", "index");
		}
	}
	hz_view_end(&w);
	return sort(run->stamps);
}

void
hz_stamps_at(struct hz_run *run, uint32_t log, uint64_t size)
{
	struct hz_stamps *s = run->stamps;
	uint8_t root[32];
	for (; s->next < s->n; s->next++) {
		struct stamp *x = &s->list[s->order[s->next]];
		if (x->target > log || (x->target == log && x->s.size > size)) {
			return;
		}
		if (x->target == log && x->s.size == size) {
			hz_trail_root(run->trail, root);
			x->compared = true;
			x->same = memcmp(root, x->s.root, sizeof(root)) == 0;
		}
	}
}

void
hz_stamps_event(struct hz_run *run, uint32_t log, uint64_t index, enum hz_record_kind kind)
{
	struct hz_stamps *s = run->stamps;
	if (log > s->end.no || (log == s->end.no && index >= s->end.size)) {
		return;
	}
	for (size_t i = 0; i < s->nleads; i++) {
		struct lead *l = &s->lead[i];
		if (!l->met && l->at.log == log && l->at.index == index && l->kind == kind) {
			l->met = true;
			return;
		}
	}
	HZ_IGNORE(hz_fail(HZ_MSG_VAULT_TAMPERED,
	    "the vault does not lead to what this event brought")); /* for the finding */
	finding(run, (struct hz_ref){ log, index });
}

/* --- in the end
 * --------------------------------------------------------------------------------------------- */

/* A good one over a state that holds the renewal. */
static bool
carried_on(const struct hz_stamps *s, const struct stamp *x)
{
	for (size_t i = 0; x->renewed && i < s->n; i++) {
		const struct stamp *y = &s->list[i];
		if (y->wrong.msg == HZ_MSG_NONE && y->s.state == HZ_ANCHOR_GOOD && y->same &&
		    y->target == x->renewal.log && y->s.size > x->renewal.index) {
			return true;
		}
	}
	return false;
}

static void
tell(struct hz_run *run, struct stamp *x, unsigned *known)
{
	char id[HZ_ID_TEXT], detail[HZ_TSA_NAME_MAX + 100];
	unsigned long long size = x->s.size;
	(void)snprintf(id, sizeof(id), "event %u:%llu", x->s.at.log, (unsigned long long)x->s.at.index);
	run->res->stamps++;
	if (x->wrong.msg != HZ_MSG_NONE) {
		HZ_IGNORE(hz_fail_restore(&x->wrong)); /* for the finding */
		finding(run, x->s.at);
		return;
	}
	if (!x->compared) {
		HZ_IGNORE(
		    hz_fail(HZ_MSG_ANCHOR_INVALID, "the log never had %llu events", size)); /* the same */
		finding(run, x->s.at);
		return;
	}
	if (!x->same) {
		run->res->reasons |= HZ_WHY_FORK;
		(void)snprintf(
		    detail, sizeof(detail), "another history of %llu events was signed and stamped", size);
		hz_run_note(run, HZ_FOUND_AGAINST, "fork", id, detail);
		return;
	}
	x->s.right = true;
	*known += x->s.type == HZ_ANCHOR_RFC3161 && x->s.state != HZ_ANCHOR_UNTRUSTED;
	if (x->s.state == HZ_ANCHOR_REVOKED) {
		run->res->reasons |= HZ_WHY_STAMP_REVOKED;
		(void)snprintf(detail, sizeof(detail), "a certificate was revoked: %s", x->s.authority);
		hz_run_note(run, HZ_FOUND_UNPROVEN, "stamp-revoked", id, detail);
	}
}

void
hz_stamps_tell(struct hz_run *run)
{
	struct hz_stamps *s = run->stamps;
	const struct hz_anchor_given *g = run->o->given;
	unsigned tokens = 0, known = 0;
	for (size_t i = 0; i < s->nleads; i++) {
		if (!s->lead[i].met) {
			HZ_IGNORE(hz_fail(HZ_MSG_VAULT_TAMPERED,
			    "the vault leads to a time stamp or renewal that this event did not bring"));
			finding(run, s->lead[i].at); /* the failure was for it */
		}
	}
	for (size_t i = 0; i < s->n; i++) {
		tell(run, &s->list[i], &known);
		tokens += s->list[i].s.type == HZ_ANCHOR_RFC3161;
	}
	if (tokens > 0 && known == 0 && g != NULL && !g->own_chain) {
		run->res->reasons |= HZ_WHY_STAMP_UNTRUSTED;
		hz_run_note(run, HZ_FOUND_UNPROVEN, "stamp-untrusted", "anchors",
		    "no time stamp leads to an authority that was given");
	}
	for (size_t i = 0; i < s->n; i++) {
		s->list[i].s.renewed = carried_on(s, &s->list[i]);
		if (run->ops->stamp) {
			run->ops->stamp(run->arg, &s->list[i].s);
		}
	}
}
