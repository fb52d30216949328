/* The log: signatures in the workers, chains and tree in order. */
#include "audit/inner.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CHUNK   256 /* events an item */
#define MEMBERS 256

struct fact { /* what the consumer needs of one event */
	uint8_t leaf[32], prev[32], aprev[32];
	uint64_t seq, aseq;
	char ex[HZ_ID_TEXT];
	uint32_t member;
	enum hz_err bad;
	struct hz_failure failure;
	uint8_t act,
	    record_kind; /* enum hz_record_kind of the record that it names; 0: none, or not looked at */
	bool has_prev, has_aprev;
	bool whole; /* the event itself is right, only its record is not */
};
struct chunk {
	size_t n;
	struct fact f[CHUNK];
};
struct reading {
	struct hz_run *run;
	struct hz_log_info log;
	struct hz_member_info *members;
	char (*kids)[HZ_KID_LEN + 1];
	unsigned nmembers;
};

static enum hz_err
load_members(struct reading *r)
{
	struct hz_view *w = NULL;
	r->members = calloc(MEMBERS, sizeof(*r->members));
	r->kids = calloc(MEMBERS, sizeof(*r->kids));
	if (!r->members || !r->kids) {
		return hz_fail(HZ_MSG_NOMEM, "the members");
	}
	HZ_TRY(hz_view_begin(r->run->v, &w));
	enum hz_err e = HZ_OK;
	while (e == HZ_OK && r->nmembers < MEMBERS) {
		e = hz_member_info(w, r->nmembers, &r->members[r->nmembers]);
		if (e == HZ_OK) {
			hz_kid(r->members[r->nmembers].event_pk, r->kids[r->nmembers]);
			r->nmembers++;
		}
	}
	hz_view_end(&w);
	return e == HZ_ERR_NOT_FOUND ? HZ_OK : e;
}

static enum hz_err
check_event(const struct reading *r, const struct hz_buf *jws, struct hz_event *e, struct fact *f)
{
	HZ_TRY(hz_event_read(jws->p, jws->len, e));
	for (f->member = 0; f->member < r->nmembers; f->member++) {
		if (strcmp(r->kids[f->member], e->kid) == 0) {
			break;
		}
	}
	if (f->member == r->nmembers) {
		return hz_fail(HZ_MSG_VAULT_TAMPERED, "signed by nobody known");
	}
	HZ_TRY(hz_jws_verify(jws->p, jws->len, r->members[f->member].event_pk));
	unsigned need = hz_act_roles(e->act);
	if (need && !(r->members[f->member].roles & need)) {
		return hz_fail(HZ_MSG_NO_ROLE, "its signer has no role for %s", e->act_text);
	}
	if (strcmp(e->log, r->log.origin) != 0) {
		return hz_fail(HZ_MSG_VAULT_TAMPERED, "it names another log");
	}
	return HZ_OK;
}

/* Whether the case has a row for this exhibit that can be read. */
static enum hz_err
is_member(struct hz_view *w, const struct hz_case *c, uint64_t no, bool *ret_is)
{
	struct hz_ref at;
	uint64_t next = no;
	bool found = false;
	enum hz_err r = hz_case_member_next(w, c->no, &next, &found, &at);
	*ret_is = r == HZ_OK && found && next == no;
#ifdef HZ_FAULT_NO_CASE_MEMBERS
	*ret_is = true;
#endif
	return r != HZ_OK && hz_run_fatal(r) ? r : HZ_OK;
}

/* The exhibits that a relation put into a case are in it; nothing takes one out again. Where the row of the
 * case or of an exhibit is damaged, that is found elsewhere. */
static enum hz_err
check_members(struct hz_view *w, const struct hz_record *rec)
{
	const char *role = hz_record_get(rec, "relation.role"), *code = hz_record_get(rec, "relation.from");
	struct hz_case c;
	struct hz_exhibit e;
	unsigned lacking = 0;
	char first[HZ_ID_TEXT] = "";
	if (!role || strcmp(role, "case-member") != 0 || !code) {
		return HZ_OK;
	}
	enum hz_err r = hz_case_find(w, code, &c);
	if (r == HZ_ERR_NOT_FOUND) {
		return hz_fail(HZ_MSG_VAULT_TAMPERED, "case %s is not found", code);
	}
	if (r != HZ_OK) {
		return hz_run_fatal(r) ? r : HZ_OK;
	}
	for (size_t i = 0; i < rec->n; i++) {
		if (strncmp(rec->fields[i].name, "relation.to.", 12) != 0) {
			continue;
		}
		bool is = false;
		r = hz_exhibit_find(w, rec->fields[i].value, &e);
		if (r == HZ_OK) {
			HZ_TRY(is_member(w, &c, e.no, &is));
		} else if (r != HZ_ERR_NOT_FOUND) {
			HZ_TRY(hz_run_fatal(r) ? r : HZ_OK);
			continue;
		}
		if (!is && lacking++ == 0) {
			(void)snprintf(
			    first, sizeof(first), "%s", r == HZ_OK ? e.number : rec->fields[i].value);
		}
	}
	hz_fail_clear();
	return lacking ? hz_fail(HZ_MSG_VAULT_TAMPERED,
			     "case %s lacks %u that this event put into it, such as %s", code, lacking, first)
		       : HZ_OK;
}

/* The record that an event names is there, is that one, and is signed. Those of acquisitions are checked with
 * their exhibits, which have to be read for it anyway. */
static enum hz_err
check_record(struct hz_view *w, const struct hz_event *e, const struct hz_links *links, struct fact *f)
{
	struct hz_record_row row;
	struct hz_record rec;
	uint8_t h[32];
	if (!e->has_rec || e->act == HZ_ACT_ACQUIRE || e->act == HZ_ACT_DERIVE) {
		return HZ_OK;
	}
	if (links->record == 0) {
		return hz_fail(HZ_MSG_VAULT_TAMPERED, "the record that it names is not known");
	}
	HZ_TRY(hz_record_load(w, links->record, &row));
	hz_record_init(&rec);
	hz_sha256(row.jwt.p, row.jwt.len, h);
	enum hz_err r = memcmp(h, e->rec, 32) == 0
			    ? hz_record_fields(w, &row, &rec)
			    : hz_fail(HZ_MSG_VAULT_TAMPERED, "its record is not the one that it names");
	if (r == HZ_OK && row.kind == HZ_REC_RELATION) {
		r = check_members(w, &rec);
	}
	f->record_kind = r == HZ_OK && row.ver == 1 ? row.kind : 0;
	hz_record_done(&rec);
	hz_record_row_done(&row);
	return r;
}

static void
fill(struct fact *f, const struct hz_event *e)
{
	f->act = (uint8_t)e->act;
	f->seq = e->seq;
	f->aseq = e->aseq;
	f->has_prev = e->has_prev;
	f->has_aprev = e->has_aprev;
	memcpy(f->prev, e->prev, 32);
	memcpy(f->aprev, e->aprev, 32);
	(void)snprintf(f->ex, sizeof(f->ex), "%s", e->ex);
}

static enum hz_err
work(struct hz_lane *lane, uint64_t item, void *state, void *arg)
{
	struct reading *r = arg;
	struct chunk *c = calloc(1, sizeof(*c));
	struct hz_event *e = calloc(1, sizeof(*e));
	struct hz_buf jws = HZ_BUF_INIT(HZ_EVENT_MAX);
	struct hz_links links;
	struct hz_view *w = NULL;
	(void)state;
	enum hz_err err = c && e ? hz_view_begin(r->run->v, &w) : hz_fail(HZ_MSG_NOMEM, "events");
	for (uint64_t i = item * CHUNK; err == HZ_OK && i < r->log.size && c->n < CHUNK; i++) {
		struct fact *f = &c->f[c->n++];
		hz_buf_clear(&jws);
		f->bad = hz_event_load(w, (struct hz_ref){ r->log.no, i }, &jws, &links);
		if (f->bad == HZ_OK) {
			hz_leaf_hash(jws.p, jws.len, f->leaf);
			f->bad = check_event(r, &jws, e, f);
			f->whole = f->bad == HZ_OK;
			f->bad = f->whole ? check_record(w, e, &links, f) : f->bad;
			fill(f, e);
		}
		if (f->bad != HZ_OK) {
			hz_fail_save(&f->failure);
			err = hz_run_fatal(f->bad) ? f->bad : HZ_OK;
		}
	}
	hz_view_end(&w);
	hz_buf_done(&jws);
	free(e);
	if (err == HZ_OK) {
		err = hz_lane_send(lane, (struct hz_pool_msg){ .kind = 1, .p = c, .cost = sizeof(*c) });
	}
	if (err != HZ_OK) {
		free(c);
	}
	return err;
}

static void
drop(struct hz_pool_msg *m, void *arg)
{
	(void)arg;
	free(m->p);
}

static void
event_finding(struct hz_run *run, uint32_t log, uint64_t index)
{
	char id[HZ_ID_TEXT];
	(void)snprintf(id, sizeof(id), "event %u:%llu", log, (unsigned long long)index);
	run->res->event_findings++;
	hz_run_finding(run, HZ_FOUND_LOG, id);
}

/* Chains [F-8.7]: of the subject over all logs, of the signer in this one. */
static enum hz_err
follow(struct reading *r, const struct fact *f, struct hz_chain *actors)
{
	struct hz_chain *a = &actors[f->member];
	if (f->aseq != a->next || f->has_aprev != (a->next > 0) ||
	    (f->has_aprev && memcmp(f->aprev, a->head, 32) != 0)) {
		return hz_fail(HZ_MSG_VAULT_TAMPERED, "it does not follow its signer's last event");
	}
	a->next++;
	memcpy(a->head, f->leaf, 32);
	if (!f->ex[0]) {
		return HZ_OK;
	}
	struct hz_chain *c = hz_run_chain(r->run, f->ex, true);
	if (!c) {
		return hz_fail(HZ_MSG_NOMEM, "the chains");
	}
	if (f->seq != c->next || f->has_prev != (c->next > 0) ||
	    (f->has_prev && memcmp(f->prev, c->head, 32) != 0)) {
		return hz_fail(HZ_MSG_VAULT_TAMPERED, "it does not follow the last event of %s", f->ex);
	}
	c->acquired = c->acquired || f->act == HZ_ACT_ACQUIRE || f->act == HZ_ACT_DERIVE;
	c->next++;
	memcpy(c->head, f->leaf, 32);
	return HZ_OK;
}

/* The tree is built anew from the leaves, in memory: one hash for each level. */
struct frontier {
	uint8_t h[64][32];
	uint64_t n;
};

static void
grow(struct frontier *t, const uint8_t leaf[static 32])
{
	uint8_t h[32];
	unsigned level = 0;
	memcpy(h, leaf, 32);
	for (uint64_t n = t->n; n & 1; n >>= 1) {
		hz_node_hash(t->h[level++], h, h);
	}
	memcpy(t->h[level], h, 32);
	t->n++;
}

static void
root_of(const struct frontier *t, uint8_t ret[static 32])
{
	bool have = false;
	hz_tree_empty(ret);
	for (unsigned level = 0; level < 64; level++) {
		if (!(t->n >> level & 1)) {
			continue;
		}
		if (have) {
			hz_node_hash(t->h[level], ret, ret);
		} else {
			memcpy(ret, t->h[level], 32);
		}
		have = true;
	}
}

static enum hz_err
take_chunk(struct reading *r, const struct chunk *c, struct frontier *tree, struct hz_chain *actors)
{
	for (size_t i = 0; i < c->n; i++) {
		const struct fact *f = &c->f[i];
		uint64_t index = tree->n;
		grow(tree, f->leaf);
		r->run->res->events++;
		if (f->bad != HZ_OK) {
			HZ_IGNORE(hz_fail_restore(&f->failure)); /* for the finding */
			event_finding(r->run, r->log.no, index);
		}
		if (f->bad != HZ_OK && !f->whole) {
			continue;
		}
		if (f->act == HZ_ACT_UNKNOWN) {
			r->run->res->reasons |= HZ_WHY_UNKNOWN_ACT;
		}
		r->run->cases += f->record_kind == HZ_REC_CASE;
		enum hz_err e = follow(r, f, actors);
		if (e != HZ_OK && hz_run_fatal(e)) {
			return e;
		}
		if (e != HZ_OK) {
			event_finding(r->run, r->log.no, index);
		}
	}
	return HZ_OK;
}

static enum hz_err
check_root(struct reading *r, const struct frontier *tree)
{
	struct hz_view *w = NULL;
	struct hz_buf note = HZ_BUF_INIT(HZ_NOTE_MAX);
	struct hz_checkpoint c;
	uint8_t root[32], pk[32];
	char name[HZ_ORIGIN_MAX];
	root_of(tree, root);
	enum hz_err e = hz_vkey_parse(r->log.vkey, strlen(r->log.vkey), name, pk);
	e = e == HZ_OK ? hz_view_begin(r->run->v, &w) : e;
	e = e == HZ_OK ? hz_log_note(w, r->log.no, &note) : e;
	hz_view_end(&w);
	e = e == HZ_OK ? hz_checkpoint_read(note.p, note.len, pk, &c) : e;
	hz_buf_done(&note);
	if (e == HZ_OK &&
	    (c.size != tree->n || memcmp(c.root, root, 32) != 0 || strcmp(c.origin, r->log.origin) != 0)) {
		e = hz_fail(
		    HZ_MSG_VAULT_TAMPERED, "the events do not give the root of the signed checkpoint");
	}
	return e;
}

static enum hz_err
one_log(struct reading *r)
{
	static const struct hz_pool_ops ops = { work, NULL, NULL, drop };
	struct hz_chain *actors = calloc(MEMBERS, sizeof(*actors));
	struct frontier *tree = calloc(1, sizeof(*tree));
	struct hz_pool *pool = NULL;
	struct hz_pool_msg m;
	enum hz_err end = HZ_OK;
	enum hz_err e = actors && tree ? hz_pool_start(&ops, r, (r->log.size + CHUNK - 1) / CHUNK,
					     HZ_AUDIT_WORKERS, HZ_AUDIT_BUDGET, &pool)
				       : hz_fail(HZ_MSG_NOMEM, "the log");
	while (e == HZ_OK && hz_pool_next(pool, &m, &end)) {
		if (m.kind == 0) {
			e = end != HZ_OK ? hz_fail_restore(hz_pool_failure(pool)) : hz_cancel_check();
			continue;
		}
		e = take_chunk(r, m.p, tree, actors);
		free(m.p);
	}
	struct hz_failure f;
	hz_fail_save(&f);
	hz_pool_stop(&pool);
	if (e == HZ_OK) {
		e = check_root(r, tree);
		if (e != HZ_OK && !hz_run_fatal(e)) {
			event_finding(r->run, r->log.no, r->log.size ? r->log.size - 1 : 0);
			e = HZ_OK;
		}
	} else {
		e = hz_fail_restore(&f);
	}
	free(actors);
	free(tree);
	return e;
}

/* Every case that the log knows has its row. */
static enum hz_err
check_cases(struct hz_run *run)
{
	struct hz_view *w = NULL;
	struct hz_case c;
	uint32_t no = 1;
	uint64_t rows = 0;
	bool found = true;
	HZ_TRY(hz_view_begin(run->v, &w));
	enum hz_err e = HZ_OK;
	while (e == HZ_OK && found) {
		e = hz_case_next(w, &no, &found, &c);
		rows += e == HZ_OK && found;
	}
	hz_view_end(&w);
	if (e == HZ_OK && rows < run->cases) {
		e = hz_fail(HZ_MSG_VAULT_TAMPERED, "%llu cases of %llu", (unsigned long long)rows,
		    (unsigned long long)run->cases);
	}
	if (e == HZ_OK || hz_run_fatal(e)) {
		return e;
	}
	run->res->event_findings++;
	hz_run_finding(run, HZ_FOUND_LOG, "cases");
	return HZ_OK;
}

HZ_RESULT
hz_audit_logs(struct hz_run *run)
{
	struct reading r = { .run = run };
	enum hz_err e = load_members(&r);
	for (uint32_t no = 0; e == HZ_OK; no++) {
		struct hz_view *w = NULL;
		e = hz_view_begin(run->v, &w);
		enum hz_err found = e == HZ_OK ? hz_log_info(w, no, &r.log) : e;
		hz_view_end(&w);
		if (found == HZ_ERR_NOT_FOUND) {
			break;
		}
		e = found == HZ_OK ? one_log(&r) : found;
	}
	free(r.members);
	free(r.kids);
	return e == HZ_OK ? check_cases(run) : e;
}
