/* The log: signatures in the workers, everything that has an order in the consumer (custody/trail.h). */
#include "audit/inner.h"
#include "vault/models.h"
#include "vault/tags.h"

#include "base/enc.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CHUNK 256 /* events an item: those of one tile of the lowest level */

struct kept { /* a checkpoint that was kept */
	uint64_t size;
	uint8_t root[32];
	bool bad, met; /* the policy by its cosignatures */
	bool witness[2 * HZ_POLICY_MAX];
	unsigned cosigned;
	const struct hz_witness_key *forged; /* a cosignature by this key is not good; NULL: none */
	char why[160];
};
struct chunk {
	size_t n, nkept;
	struct hz_fact f[CHUNK];
	enum hz_err record[CHUNK]; /* what its record is not */
	uint8_t kind[CHUNK];       /* enum hz_record_kind of the record that it names; 0: not looked at */
	struct hz_failure failure[CHUNK];
	struct kept kept[CHUNK];
	bool tree_bad;
	struct hz_failure tree;
};
struct reading {
	struct hz_run *run;
	struct hz_log_info log;
	uint8_t pk[32];   /* of the checkpoints */
	uint64_t trusted; /* events whose signatures an earlier run checked */
	uint8_t trusted_root[32];
	bool notes;  /* kept checkpoints are read */
	bool policy; /* it is about this log */
	struct hz_known_witnesses witnesses;
};

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

/* What the index has to lead to is what was signed, and not what the row says that it is. */
static uint8_t
kind_of(const struct hz_event *e, const struct hz_record *rec, uint8_t kind)
{
	const char *says = hz_record_get(rec, "kind");
	if (e->act != HZ_ACT_ANCHOR || says == NULL) {
		return kind;
	}
	return strcmp(says, "anchor") == 0           ? HZ_REC_ANCHOR
	       : strcmp(says, "anchor-renewal") == 0 ? HZ_REC_ANCHOR_RENEWAL
						     : HZ_REC_ANCHOR_REQUEST;
}

/* A rules file that was kept is there still. */
static enum hz_err
check_rules(struct hz_view *w, const struct hz_record *rec)
{
	const char *id = hz_record_get(rec, "rules.id");
	struct hz_rules_row row;
	uint8_t raw[32];
	bool found = false;
	if (!id || hz_unhex(id, strlen(id), raw, sizeof(raw)) != HZ_OK) {
		return hz_fail(HZ_MSG_VAULT_TAMPERED, "a rules file without an id");
	}
	HZ_TRY(hz_rules_row_find(w, raw, &found, &row));
	return found ? HZ_OK : hz_fail(HZ_MSG_VAULT_TAMPERED, "the rules file is missing");
}

/* The record that an event names is there, is that one, and is signed. Those of acquisitions are checked with
 * their exhibits, which have to be read for it anyway. */
static enum hz_err
check_record(struct hz_view *w, const struct hz_event *e, const struct hz_links *links, uint8_t *ret_kind)
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
	if (r == HZ_OK && row.kind == HZ_REC_RULES) {
		r = check_rules(w, &rec);
	}
	if (r == HZ_OK && row.kind == HZ_REC_MODEL) {
		r = hz_model_record_check(w, &rec);
	}
	*ret_kind = r == HZ_OK && row.ver == 1 ? kind_of(e, &rec, row.kind) : 0;
	hz_record_done(&rec);
	hz_record_row_done(&row);
	return r;
}

/* One event: its bytes, its signature, its record. Only what ends the run is returned. */
static enum hz_err
look(const struct reading *r, struct hz_view *w, uint64_t index, struct hz_buf *jws, struct hz_event *e,
    struct chunk *c)
{
	struct hz_links links;
	size_t i = c->n++;
	struct hz_fact *f = &c->f[i];
	hz_buf_clear(jws);
	enum hz_err err = hz_event_load(w, (struct hz_ref){ r->log.no, index }, jws, &links);
	if (err != HZ_OK) {
		hz_fail_save(&c->failure[i]);
		f->bad = HZ_TRAIL_EVENT;
		hz_fail_copy(f->why, sizeof(f->why), hz_fail_detail());
		return hz_run_fatal(err) ? err : HZ_OK;
	}
	HZ_TRY(hz_trail_look(
	    hz_trail_signers(r->run->trail), index, jws->p, jws->len, index >= r->trusted, e, f));
	if (!f->right) {
		return HZ_OK;
	}
	c->record[i] = check_record(w, e, &links, &c->kind[i]);
	if (c->record[i] != HZ_OK) {
		hz_fail_save(&c->failure[i]);
		return hz_run_fatal(c->record[i]) ? c->record[i] : HZ_OK;
	}
	return HZ_OK;
}

/* Who else signed it. */
static void
cosigned(const struct reading *r, const struct hz_buf *note, struct kept *k)
{
	const struct hz_policy *p = r->run->o->policy;
	k->cosigned = hz_cosigned_check(&r->witnesses, note, &k->forged);
	if (r->policy) {
		hz_policy_check(p, note->p, note->len, k->witness, &k->met);
	}
}

/* The checkpoint that was signed when the log had this size, if one was. */
static enum hz_err
kept_note(const struct reading *r, struct hz_view *w, uint64_t size, struct hz_buf *note, struct chunk *c)
{
	struct hz_checkpoint cp;
	hz_buf_clear(note);
	enum hz_err err = hz_log_note_at(w, r->log.no, size, note);
	if (err == HZ_ERR_NOT_FOUND) {
		return HZ_OK;
	}
	struct kept *k = &c->kept[c->nkept++];
	k->size = size;
	err = err == HZ_OK ? hz_checkpoint_read(note->p, note->len, r->pk, &cp) : err;
	if (err == HZ_OK && (cp.size != size || strcmp(cp.origin, r->log.origin) != 0)) {
		err = hz_fail(HZ_MSG_VAULT_TAMPERED, "it is of another size or log");
	}
	if (err == HZ_OK) {
		memcpy(k->root, cp.root, 32);
		cosigned(r, note, k);
		return HZ_OK;
	}
	k->bad = true;
	hz_fail_copy(k->why, sizeof(k->why), hz_fail_detail());
	return hz_run_fatal(err) ? err : HZ_OK;
}

/* The stored tile of these events leads to the root: proofs for others are made of it. */
static enum hz_err
tile(const struct reading *r, struct hz_view *w, uint64_t last, struct chunk *c)
{
	struct hz_tree *t = NULL;
	uint8_t proof[HZ_PROOF_MAX][32];
	size_t n = 0;
	enum hz_err err = hz_log_tree(w, r->log.no, &t);
	err = err == HZ_OK ? hz_tree_inclusion(t, last, r->log.size, proof, &n) : err;
	err = err == HZ_OK
		  ? hz_inclusion_verify(c->f[c->n - 1].leaf, last, r->log.size, proof, n, r->log.root)
		  : err;
	hz_tree_close(&t);
	if (err != HZ_OK) {
		c->tree_bad = true;
		hz_fail_save(&c->tree);
	}
	return err != HZ_OK && hz_run_fatal(err) ? err : HZ_OK;
}

static enum hz_err
work(struct hz_lane *lane, uint64_t item, void *state, void *arg)
{
	struct reading *r = arg;
	struct chunk *c = calloc(1, sizeof(*c));
	struct hz_event *e = calloc(1, sizeof(*e));
	struct hz_buf jws = HZ_BUF_INIT(HZ_EVENT_MAX), note = HZ_BUF_INIT(HZ_NOTE_MAX);
	struct hz_view *w = NULL;
	bool whole = r->run->o->whole;
	uint64_t i = item * CHUNK, end = i + CHUNK < r->log.size ? i + CHUNK : r->log.size;
	(void)state;
	enum hz_err err = c && e ? hz_view_begin(r->run->v, &w) : hz_fail(HZ_MSG_NOMEM, "events");
	for (; err == HZ_OK && i < end; i++) {
		err = look(r, w, i, &jws, e, c);
		err = err == HZ_OK && r->notes ? kept_note(r, w, i + 1, &note, c) : err;
	}
	err = err == HZ_OK && whole ? tile(r, w, end - 1, c) : err;
	hz_view_end(&w);
	hz_buf_done(&jws);
	hz_buf_done(&note);
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
event_finding(struct hz_run *run, const char *what, uint32_t log, uint64_t index)
{
	char id[HZ_ID_TEXT];
	(void)snprintf(id, sizeof(id), "event %u:%llu", log, (unsigned long long)index);
	run->res->event_findings++;
	hz_run_finding(run, HZ_FOUND_LOG, what, id);
}

static void
found(void *arg, enum hz_trail_what what, unsigned log, uint64_t index, const char *detail)
{
	struct hz_run *run = arg;
	char id[HZ_ID_TEXT];
	(void)snprintf(id, sizeof(id), "event %u:%llu", log, (unsigned long long)index);
	switch (hz_trail_level(what)) {
	case HZ_TRAIL_FAILED:
		HZ_IGNORE(hz_fail(what == HZ_TRAIL_ROLE ? HZ_MSG_NO_ROLE : HZ_MSG_VAULT_TAMPERED, "%s",
		    detail)); /* for the finding */
		event_finding(run, hz_trail_word(what), log, index);
		break;
	case HZ_TRAIL_UNKNOWN:
		run->res->reasons |= HZ_WHY_UNKNOWN_ACT;
		if (run->o->whole) {
			HZ_IGNORE(hz_fail(HZ_MSG_VERSION, "%s", detail)); /* the same */
			hz_run_finding(run, HZ_FOUND_LOG, hz_trail_word(what), id);
		}
		break;
	case HZ_TRAIL_NOTED:
		if (run->o->whole) {
			run->res->clock_findings += what != HZ_TRAIL_CLOCK_UNSYNCED;
			hz_run_note(run, HZ_FOUND_NOTED, hz_trail_word(what), id, detail);
		}
		break;
	}
}

/* A checkpoint that was kept, and who signed it beside the log. */
static void
at_checkpoint(struct reading *r, const struct kept *k)
{
	struct hz_run *run = r->run;
	uint8_t root[32];
	char id[HZ_ID_TEXT];
	unsigned long long size = k->size;
	(void)snprintf(id, sizeof(id), "checkpoint %u:%llu", r->log.no, size);
	run->res->checkpoints++;
	run->res->cosignatures += k->cosigned;
	hz_trail_root(run->trail, root);
	if (k->bad || memcmp(root, k->root, 32) != 0) {
		HZ_IGNORE(hz_fail(HZ_MSG_VAULT_TAMPERED, "%s",
		    k->bad ? k->why : "the events do not give the root that was signed")); /* the same */
		run->res->event_findings++;
		hz_run_finding(run, HZ_FOUND_LOG, "checkpoint", id);
	} else if (k->met) {
		run->res->witnessed = k->size;
		memcpy(run->res->witness, k->witness, sizeof(k->witness));
	}
	if (k->forged != NULL) {
		HZ_IGNORE(hz_fail(HZ_MSG_VAULT_TAMPERED,
		    "the cosignature of %s is not of this state, whose last event is %llu", k->forged->name,
		    size - 1)); /* the same */
		run->res->event_findings++;
		hz_run_finding(run, HZ_FOUND_LOG, "cosignature", id);
	}
}

/* The tree at this size against what was signed and remembered of it. */
static void
at_size(struct reading *r, const struct kept *k)
{
	struct hz_run *run = r->run;
	uint64_t size = hz_trail_size(run->trail);
	uint8_t root[32];
	if (k) {
		at_checkpoint(r, k);
	}
	hz_stamps_at(run, r->log.no, size);
	if (r->trusted == size && size > 0) {
		hz_trail_root(run->trail, root);
		if (memcmp(root, r->trusted_root, 32) != 0) {
			HZ_IGNORE(hz_fail(HZ_MSG_VAULT_TAMPERED,
			    "events changed since an earlier run checked their signatures")); /* the same */
			event_finding(run, "resumed", r->log.no, size - 1);
		}
	}
}

static void
remember(struct reading *r)
{
	struct hz_run *run = r->run;
	struct hz_resume *s = run->resume;
	uint64_t size = hz_trail_size(run->trail);
	if (s && hz_run_clean(run) && (r->log.no > s->log || size > s->events)) {
		s->log = r->log.no;
		s->events = size;
		hz_trail_root(run->trail, s->root);
		hz_resume_write(run, false);
	}
}

static enum hz_err
take_chunk(struct reading *r, const struct chunk *c)
{
	struct hz_run *run = r->run;
	size_t k = 0;
	for (size_t i = 0; i < c->n; i++) {
		uint64_t index = hz_trail_size(run->trail);
		HZ_TRY(hz_trail_add(run->trail, &c->f[i]));
		run->res->events++;
		run->res->clock_readings += c->f[i].clock.there;
		run->cases += c->kind[i] == HZ_REC_CASE;
		if (c->record[i] != HZ_OK) {
			HZ_IGNORE(hz_fail_restore(&c->failure[i])); /* for the finding */
			event_finding(run, "record", r->log.no, index);
		}
		if (c->kind[i] == HZ_REC_ANCHOR || c->kind[i] == HZ_REC_ANCHOR_RENEWAL) {
			hz_stamps_event(run, r->log.no, index, c->kind[i]);
		}
		bool kept = k < c->nkept && c->kept[k].size == index + 1;
		at_size(r, kept ? &c->kept[k] : NULL);
		k += kept;
		if (run->ops->event) {
			run->ops->event(run->arg, r->log.no, index, &c->f[i]);
		}
	}
	if (c->tree_bad) {
		HZ_IGNORE(hz_fail_restore(&c->tree)); /* the same */
		event_finding(run, "tree", r->log.no, hz_trail_size(run->trail) - 1);
	}
	remember(r);
	if (run->ops->progress && run->o->whole) {
		run->ops->progress(run->arg, hz_trail_size(run->trail), r->log.size, 0);
	}
	return HZ_OK;
}

/* The log may grow while it is read: what counts is the checkpoint of the size at the beginning. */
static enum hz_err
check_root(struct reading *r)
{
	struct hz_view *w = NULL;
	struct hz_buf note = HZ_BUF_INIT(HZ_NOTE_MAX);
	struct hz_checkpoint c;
	enum hz_err e = hz_view_begin(r->run->v, &w);
	e = e == HZ_OK ? hz_log_note_at(w, r->log.no, r->log.size, &note) : e;
	e = e == HZ_ERR_NOT_FOUND ? hz_log_note(w, r->log.no, &note) : e;
	hz_view_end(&w);
	e = e == HZ_OK ? hz_trail_checkpoint(r->run->trail, note.p, note.len, &c) : e;
	hz_buf_done(&note);
	return e;
}

/* Calls for each member of the keyring, with the kid of its event key. */
static enum hz_err
each_member(struct hz_run *run, void (*each)(struct hz_run *run, unsigned i, const char *id, const char *kid))
{
	struct hz_view *w = NULL;
	struct hz_member_info m;
	char kid[HZ_KID_LEN + 1];
	HZ_TRY(hz_view_begin(run->v, &w));
	enum hz_err e = HZ_OK;
	for (unsigned i = 0; e == HZ_OK && i < HZ_SIGNERS_MAX; i++) {
		e = hz_member_info(w, i, &m);
		if (e == HZ_OK) {
			hz_kid(m.event_pk, kid);
			each(run, i, m.id, kid);
		} else if (e != HZ_ERR_NOT_FOUND && !hz_run_fatal(e)) {
			e = HZ_OK; /* a damaged row is told by check_meta */
		}
	}
	hz_view_end(&w);
	hz_fail_clear();
	return hz_run_fatal(e) ? e : HZ_OK;
}

static void
is_signer(struct hz_run *run, unsigned i, const char *id, const char *kid)
{
	(void)id;
	if (hz_signers_find(hz_trail_signers(run->trail), kid, 0) != NULL) {
		run->members |= UINT64_C(1) << i;
	}
}

/* Records are checked with the keys in the keyring: none of them may be of somebody whom no log knows. */
static void
must_be_signer(struct hz_run *run, unsigned i, const char *id, const char *kid)
{
	(void)kid;
	if ((run->members >> i & 1) == 0) {
		HZ_IGNORE(hz_fail(HZ_MSG_VAULT_TAMPERED,
		    "the keyring names a member whose event key no log knows")); /* for the finding */
		run->res->event_findings++;
		hz_run_finding(run, HZ_FOUND_LOG, "signer", id);
	}
}

/* Whom this log trusts: its event 0. */
static enum hz_err
begin(struct reading *r)
{
	struct hz_view *w = NULL;
	struct hz_buf jws = HZ_BUF_INIT(HZ_EVENT_MAX);
	char name[HZ_ORIGIN_MAX];
	r->notes = r->run->o->whole || r->run->o->policy != NULL;
	r->policy = r->run->o->policy != NULL && hz_policy_for(r->run->o->policy, &r->log);
	r->run->res->witnessed = 0; /* counts for the current log, which is the last */
	HZ_TRY(hz_view_begin(r->run->v, &w));
	enum hz_err e = r->notes ? hz_known_witnesses(r->run, w, &r->witnesses) : HZ_OK;
	e = e == HZ_OK || !hz_run_fatal(e) ? hz_event_load(w, (struct hz_ref){ r->log.no, 0 }, &jws, NULL)
					   : e;
	hz_view_end(&w);
	if (e == HZ_OK) {
		e = hz_trail_log(r->run->trail, jws.p, jws.len);
		hz_buf_done(&jws);
		if (e != HZ_OK) {
			return e; /* reported */
		}
		const char *vkey = hz_trail_vkey(r->run->trail);
		e = hz_vkey_parse(vkey, strlen(vkey), name, r->pk);
		if (e == HZ_OK && memcmp(hz_trail_event0(r->run->trail, false), r->log.event0, 32) != 0) {
			e = hz_fail(HZ_MSG_VAULT_TAMPERED, "its event 0 is not the one that the vault names");
		}
	}
	hz_buf_done(&jws);
	if (e != HZ_OK && !hz_run_fatal(e)) {
		event_finding(r->run, "event-0", r->log.no, 0);
	}
	return e;
}

static void
trust_earlier(struct reading *r)
{
	const struct hz_resume *s = r->run->resume;
	r->trusted = 0;
	if (!s || !s->read) {
		return;
	}
	if (r->log.no < s->log) {
		r->trusted = r->log.size;
		memcpy(r->trusted_root, r->log.root, 32);
	} else if (r->log.no == s->log && s->events <= r->log.size) {
		r->trusted = s->events;
		memcpy(r->trusted_root, s->root, 32);
	}
	r->run->res->resumed_events += r->trusted;
}

static enum hz_err
one_log(struct reading *r)
{
	static const struct hz_pool_ops ops = { work, NULL, NULL, drop };
	struct hz_run *run = r->run;
	struct hz_pool *pool = NULL;
	struct hz_pool_msg m;
	struct hz_failure f;
	enum hz_err end = HZ_OK, e = begin(r);
	if (e != HZ_OK) {
		return hz_run_fatal(e) ? e : HZ_OK;
	}
	run->log = r->log.no;
	trust_earlier(r);
	HZ_TRY(each_member(run, is_signer));
	if (run->ops->stage) {
		run->ops->stage(run->arg, HZ_STAGE_LOG, r->log.size);
	}
	e = hz_pool_start(
	    &ops, r, (r->log.size + CHUNK - 1) / CHUNK, HZ_AUDIT_WORKERS, HZ_AUDIT_BUDGET, &pool);
	while (e == HZ_OK && hz_pool_next(pool, &m, &end)) {
		if (m.kind == 0) {
			e = end != HZ_OK ? hz_fail_restore(hz_pool_failure(pool)) : hz_cancel_check();
			continue;
		}
		e = take_chunk(r, m.p);
		free(m.p);
	}
	hz_fail_save(&f);
	hz_pool_stop(&pool);
	if (e != HZ_OK) {
		return hz_fail_restore(&f);
	}
	e = check_root(r);
	if (e != HZ_OK && !hz_run_fatal(e)) {
		event_finding(run, "checkpoint", r->log.no, r->log.size ? r->log.size - 1 : 0);
		e = HZ_OK;
	}
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
	bool found_one = true;
	HZ_TRY(hz_view_begin(run->v, &w));
	enum hz_err e = HZ_OK;
	while (e == HZ_OK && found_one) {
		e = hz_case_next(w, &no, &found_one, &c);
		rows += e == HZ_OK && found_one;
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
	hz_run_finding(run, HZ_FOUND_LOG, "cases", "cases");
	return HZ_OK;
}

/* Rows that no check of an event or an exhibit reads, or not all of them. */
static enum hz_err
check_rows(struct hz_run *run, enum hz_err (*check)(struct hz_view *w), const char *what)
{
	struct hz_view *w = NULL;
	HZ_TRY(hz_view_begin(run->v, &w));
	enum hz_err e = check(w);
	hz_view_end(&w);
	if (e == HZ_OK || hz_run_fatal(e)) {
		return e;
	}
	run->res->event_findings++;
	hz_run_finding(run, HZ_FOUND_LOG, what, what);
	return HZ_OK;
}

HZ_RESULT
hz_audit_logs(struct hz_run *run)
{
	static const struct hz_trail_ops ops = { found };
	struct reading *r = calloc(1, sizeof(*r));
	if (!r) {
		return hz_fail(HZ_MSG_NOMEM, "the logs");
	}
	r->run = run;
	enum hz_err e = hz_trail_new(&ops, run, &run->trail);
	e = e == HZ_OK ? hz_stamps_read(run) : e;
	for (uint32_t no = 0; e == HZ_OK; no++) {
		struct hz_view *w = NULL;
		e = hz_view_begin(run->v, &w);
		enum hz_err there = e == HZ_OK ? hz_log_info(w, no, &r->log) : e;
		hz_view_end(&w);
		if (there == HZ_ERR_NOT_FOUND) {
			break;
		}
		e = there == HZ_OK ? one_log(r) : there;
	}
	free(r);
	if (e == HZ_OK) {
		hz_stamps_tell(run);
	}
	e = e == HZ_OK ? each_member(run, must_be_signer) : e;
	e = e == HZ_OK ? check_cases(run) : e;
	e = e == HZ_OK ? check_rows(run, hz_rules_rows_check, "rules") : e;
	e = e == HZ_OK ? check_rows(run, hz_tag_rows_check, "tags") : e;
	e = e == HZ_OK ? check_rows(run, hz_model_rows_check, "models") : e;
	/* The next writer reads these. */
	return e == HZ_OK ? check_rows(run, hz_meta_check, "vault") : e;
}
