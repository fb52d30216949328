/* Rows of tags made again from the log, and compared: each is a cache of what its events say. */
#include "vault/tags.h"
#include "vault/write.h"

#include <stdlib.h>
#include <string.h>

#define ROW_MAX ((size_t)1 << 20)

struct trace { /* the events of a chain that tags rest on */
	struct hz_ref *v;
	size_t n, cap;
};

static enum hz_err
remember(struct trace *t, struct hz_ref at)
{
	if (t->n == t->cap) {
		size_t cap = t->cap ? t->cap * 2 : 16;
		struct hz_ref *more = reallocarray(t->v, cap, sizeof(*more));
		if (!more) {
			return hz_fail(HZ_MSG_NOMEM, "the events of an exhibit");
		}
		t->v = more;
		t->cap = cap;
	}
	t->v[t->n++] = at;
	return HZ_OK;
}

struct replay {
	struct hz_view *w;
	const struct hz_exhibit *e;
	struct hz_buf jws, payload;
	struct hz_event *ev;
	struct hz_tag_set set;
};

static enum hz_err
wrong(const struct replay *p, const char *what)
{
	return hz_fail(HZ_MSG_VAULT_TAMPERED, "%s: %s", p->e->number, what);
}

static enum hz_err
event_at(struct replay *p, struct hz_ref at, struct hz_links *ret_l)
{
	hz_buf_clear(&p->jws);
	HZ_TRY(hz_event_load(p->w, at, &p->jws, ret_l));
	HZ_TRY(hz_event_read(p->jws.p, p->jws.len, p->ev));
	return strcmp(p->ev->ex, p->e->ex_text) == 0 ? HZ_OK : wrong(p, "an event of its chain is another's");
}

/* From the newest to the oldest. */
static enum hz_err
find_events(struct replay *p, struct trace *t)
{
	struct hz_ref at = p->e->head_ref;
	for (uint64_t left = p->e->next_seq; at.log != HZ_NO_LOG; left--) {
		struct hz_links l;
		if (left == 0) {
			return wrong(p, "its chain has more events than its row says");
		}
		HZ_TRY(event_at(p, at, &l));
		if (p->ev->act == HZ_ACT_CLASSIFY_SUGGEST || p->ev->act == HZ_ACT_REVIEW) {
			HZ_TRY(remember(t, at));
		}
		at = l.prev;
	}
	return HZ_OK;
}

static enum hz_err
replay_run(struct replay *p, const struct hz_record *r, uint64_t no, struct hz_ref at)
{
	struct hz_rules_row rules;
	struct hz_tags tags = { 0, NULL };
	const char *id = hz_record_get(r, "classification.rules");
	uint8_t raw[32];
	bool found = false;
	if (!id || hz_unhex(id, strlen(id), raw, sizeof(raw)) != HZ_OK) {
		return wrong(p, "a classification without rules");
	}
	HZ_TRY(hz_rules_row_find(p->w, raw, &found, &rules));
	if (!found) {
		return wrong(p, "the rules of a classification are missing");
	}
	HZ_TRY(hz_classification_tags(p->w, no, &tags));
	enum hz_err e = hz_tag_set_run(&p->set, &tags, rules.no, no, at);
	hz_tags_done(&tags);
	return e;
}

static bool
decision_read(const char *s, enum hz_decision *ret)
{
	for (int d = HZ_DECIDED_CONFIRMED; s && d <= HZ_DECIDED_ADDED; d++) {
		if (strcmp(s, hz_decision_word((enum hz_decision)d)) == 0) {
			*ret = (enum hz_decision)d;
			return true;
		}
	}
	return false;
}

static enum hz_err
replay_review(struct replay *p, const struct hz_record *r, uint64_t no, const char *kid, struct hz_ref at)
{
	struct hz_decided d = { .record = no };
	struct hz_kept_tag t;
	const char *tag = hz_record_get(r, "review.tag"), *sure = hz_record_get(r, "review.certainty");
	if (!tag || !sure || !decision_read(hz_record_get(r, "review.verdict"), &d.what)) {
		return wrong(p, "a review without a tag or a verdict");
	}
	HZ_TRY(hz_tag_id_read(tag, &t));
	for (int k = HZ_CERTAIN_STATED; k <= HZ_CERTAIN_DENIED; k++) {
		if (strcmp(sure, hz_certainty_word((enum hz_certainty)k)) == 0) {
			t.certainty = (enum hz_certainty)k;
		}
	}
	HZ_TRY(hz_reviewer_id(kid, hz_record_get(r, "review.by"), d.who));
	return hz_tag_set_decide(&p->set, &t, &d, at);
}

static enum hz_err
replay_one(struct replay *p, struct hz_ref at)
{
	struct hz_links l;
	struct hz_record_row row;
	struct hz_record r;
	char kid[HZ_KID_LEN + 1];
	uint8_t h[32];
	HZ_TRY(event_at(p, at, &l));
	hz_buf_clear(&p->payload);
	HZ_TRY(hz_jws_parse(HZ_EVENT_TYP, p->jws.p, p->jws.len, kid, &p->payload));
	if (l.record == 0) {
		return wrong(p, "an event without its record");
	}
	HZ_TRY(hz_record_load(p->w, l.record, &row));
	hz_record_init(&r);
	hz_sha256(row.jwt.p, row.jwt.len, h);
	enum hz_err e = memcmp(h, p->ev->rec, 32) == 0 && row.exhibit == p->e->no
			    ? hz_record_fields(p->w, &row, &r)
			    : wrong(p, "a record is not the one that its event names");
	if (e == HZ_OK && p->ev->act == HZ_ACT_REVIEW) {
		e = replay_review(p, &r, l.record, kid, at);
	} else if (e == HZ_OK) {
		e = replay_run(p, &r, l.record, at);
	}
	hz_record_done(&r);
	hz_record_row_done(&row);
	return e;
}

/* The row as it lies there, and as it has to be. */
static enum hz_err
compare(struct replay *p, bool any)
{
	struct hz_buf is = HZ_BUF_INIT(ROW_MAX), must = HZ_BUF_INIT(ROW_MAX);
	struct hz_tag_set s;
	bool found = false;
	enum hz_err r = hz_tag_set_load(p->w, p->e->no, &found, &s);
	if (r == HZ_OK && found != any) {
		r = wrong(p, found ? "tags that no event gave it" : "the row of its tags is missing");
	}
	if (r == HZ_OK && found) {
		r = hz_tag_set_put(&s, &is);
		r = r == HZ_OK ? hz_tag_set_put(&p->set, &must) : r;
		if (r == HZ_OK && (is.len != must.len || memcmp(is.p, must.p, is.len) != 0)) {
			r = wrong(p, "its tags are not those that its events give");
		}
	}
	hz_tag_set_done(&s);
	hz_buf_done(&is);
	hz_buf_done(&must);
	return r;
}

static enum hz_err
check(struct replay *p, struct trace *t)
{
	/* One event is its acquisition. */
	HZ_TRY(p->e->next_seq > 1 ? find_events(p, t) : HZ_OK);
	for (size_t i = t->n; i-- > 0;) {
		HZ_TRY(replay_one(p, t->v[i]));
	}
	return compare(p, t->n > 0);
}

HZ_RESULT
hz_tag_set_check(struct hz_view *w, const struct hz_exhibit *e)
{
	struct replay p = {
		.w = w, .e = e, .jws = HZ_BUF_INIT(HZ_EVENT_MAX), .payload = HZ_BUF_INIT(HZ_EVENT_MAX)
	};
	struct trace t = { NULL, 0, 0 };
	hz_tag_set_init(&p.set, e->no);
	p.ev = calloc(1, sizeof(*p.ev));
	enum hz_err r = p.ev ? check(&p, &t) : hz_fail(HZ_MSG_NOMEM, "an event");
#ifdef HZ_FAULT_NO_TAG_CHECK
	r = r == HZ_ERR_TAMPERED ? HZ_OK : r;
#endif
	free(p.ev);
	free(t.v);
	hz_tag_set_done(&p.set);
	hz_buf_done(&p.jws);
	hz_buf_done(&p.payload);
	return r;
}

HZ_RESULT
hz_tag_rows_check(struct hz_view *w)
{
	struct hz_tag_set s;
	struct hz_exhibit e;
	uint64_t origin = 0;
	unsigned n = 0;
	for (bool found = true;; n++) {
		HZ_TRY(hz_tag_set_walk(w, &origin, &n, &found, &s));
		if (!found) {
			return HZ_OK;
		}
		uint64_t no = s.exhibit;
		hz_tag_set_done(&s);
		HZ_TRY(hz_exhibit_get(w, no, &e));
	}
}
