/* Events, as text and as JSON lines. */
#include "cli/print.h"

#include "base/enc.h"
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --- who --------------------------------------------------------------------------------------------- */

HZ_RESULT
hz_actors_load(struct hz_view *w, struct hz_actors *ret)
{
	struct hz_actors a = { 0 };
	enum hz_err r = HZ_OK;

	for (unsigned i = 0; r == HZ_OK; i++) {
		struct hz_member_info m;
		r = hz_member_info(w, i, &m);
		if (r != HZ_OK) {
			break;
		}
		struct hz_actor *more = reallocarray(a.list, a.n + 1, sizeof *more);
		if (more == NULL) {
			r = hz_fail(HZ_MSG_NOMEM, "members");
			break;
		}
		a.list = more;
		a.list[a.n].member = m;
		hz_kid(m.event_pk, a.list[a.n].kid);
		a.n++;
	}
	if (r != HZ_ERR_NOT_FOUND) { /* past the last */
		hz_actors_done(&a);
		return r;
	}
	*ret = a;
	return HZ_OK;
}

void
hz_actors_done(struct hz_actors *a)
{
	free(a->list);
	*a = (struct hz_actors){ 0 };
}

/* --- reading ----------------------------------------------------------------------------------------- */

HZ_RESULT
hz_seen_new(struct hz_seen **ret_s)
{
	struct hz_seen *s = calloc(1, sizeof *s);

	if (s == NULL) {
		return hz_fail(HZ_MSG_NOMEM, "an event");
	}
	hz_record_init(&s->r);
	*ret_s = s;
	return HZ_OK;
}

void
hz_seen_free(struct hz_seen **s)
{
	if (*s != NULL) {
		hz_record_done(&(*s)->r);
		free(*s);
		*s = NULL;
	}
}

static enum hz_err
find_signer(const struct hz_actors *a, const struct hz_buf *jws, struct hz_seen *s)
{
	for (size_t i = 0; i < a->n; i++) {
		if (strcmp(a->list[i].kid, s->ev.kid) == 0) {
			s->who = &a->list[i];
			return hz_jws_verify(jws->p, jws->len, a->list[i].member.event_pk);
		}
	}
	return hz_fail(HZ_MSG_VAULT_TAMPERED, _("event %" PRIu64 " is signed by nobody known"), s->at.index);
}

static enum hz_err
read_record(struct hz_view *w, struct hz_seen *s)
{
	struct hz_record_row row;
	uint8_t h[32];

	if (s->links.record == 0) {
		return hz_fail(HZ_MSG_VAULT_TAMPERED, _("event %" PRIu64 " names a record that is not there"),
		    s->at.index);
	}
	enum hz_err r = hz_record_load(w, s->links.record, &row);
	if (r != HZ_OK) {
		return r;
	}
	hz_sha256(row.jwt.p, row.jwt.len, h);
	if (memcmp(h, s->ev.rec, 32) != 0) {
		r = hz_fail(HZ_MSG_VAULT_TAMPERED,
		    _("the record of event %" PRIu64 " is not the one it names"), s->at.index);
	}
	r = r == HZ_OK ? hz_record_fields(w, &row, &s->r) : r;
	s->kind = row.kind;
	s->recorded = r == HZ_OK;
	hz_record_row_done(&row);
	return r;
}

HZ_RESULT
hz_seen_load(struct hz_view *w, const struct hz_actors *a, struct hz_ref at, bool record, struct hz_seen *s)
{
	struct hz_buf jws = HZ_BUF_INIT(HZ_EVENT_MAX);

	s->at = at;
	s->recorded = false;
	hz_record_done(&s->r);
	enum hz_err r = hz_event_load(w, at, &jws, &s->links);
	r = r == HZ_OK ? hz_event_read(jws.p, jws.len, &s->ev) : r;
	if (r == HZ_OK) {
		hz_leaf_hash(jws.p, jws.len, s->leaf);
		r = find_signer(a, &jws, s);
	}
	if (r == HZ_OK && record && s->ev.has_rec) {
		r = read_record(w, s);
	}
	hz_buf_done(&jws);
	return r;
}

/* --- JSON -------------------------------------------------------------------------------------------- */

void
hz_seen_json(struct hz_out *o, const struct hz_seen *s, const char *number)
{
	struct hz_jw *w = hz_line_begin(o, "event");

	hz_jw_int(w, "index", s->at.index);
	hz_jw_str(w, "act", s->ev.act_text);
	hz_line_time(w, "t", s->ev.t);
	hz_jw_str(w, "actor", s->who->member.id);
	if (s->ev.ex[0] == '\0') {
		hz_jw_null(w, "ex");
		hz_jw_null(w, "seq");
	} else {
		hz_jw_str(w, "ex", s->ev.ex);
		hz_jw_int(w, "seq", s->ev.seq);
	}
	if (number != NULL) {
		hz_jw_str(w, "id", number);
	}
	hz_jw_str(w, "log", s->ev.log);
	hz_jw_int(w, "aseq", s->ev.aseq);
	hz_jw_hex(w, "leaf", s->leaf, 32);
	if (s->ev.has_rec) {
		hz_jw_hex(w, "rec", s->ev.rec, 32);
	}
	if (s->recorded) {
		hz_fields_json(w, &s->r);
	}
	hz_line_end(o);
}

/* --- text -------------------------------------------------------------------------------------------- */

static const char *
record_word(uint8_t kind)
{
	switch (kind) {
	case HZ_REC_CASE:
		return C_("act", "case made");
	case HZ_REC_RELATION:
		return C_("act", "put into a case");
	case HZ_REC_EXPORT_FILE:
		return C_("act", "bundle finished");
	case HZ_REC_BACKUP:
		return C_("act", "vault copied");
	case HZ_REC_KEY_EXPORT:
		return C_("act", "keys written out");
	case HZ_REC_ANCHOR:
		return C_("act", "time stamp");
	case HZ_REC_ANCHOR_REQUEST:
		return C_("act", "stamp requested");
	case HZ_REC_ANCHOR_RENEWAL:
		return C_("act", "stamps renewed");
	case HZ_REC_RULES:
		return C_("act", "rules kept");
	case HZ_REC_MODEL:
		return C_("act", "model kept");
	default:
		return C_("act", "recorded");
	}
}

static const char *
act_text(struct hz_out *o, const struct hz_seen *s)
{
	const struct {
		enum hz_act act;
		const char *text;
	} words[] = {
		{ HZ_ACT_INIT, C_("act", "vault made") },
		{ HZ_ACT_RESTORE, C_("act", "new log") },
		{ HZ_ACT_ACQUIRE, C_("act", "sealed") },
		{ HZ_ACT_DERIVE, C_("act", "made from it") },
		{ HZ_ACT_RECEIPT, C_("act", "received again") },
		{ HZ_ACT_ACCESS, C_("act", "opened") },
		{ HZ_ACT_EXPORT, C_("act", "exported") },
		{ HZ_ACT_KEY_ADD, C_("act", "keys added") },
		{ HZ_ACT_VERIFY, C_("act", "verified") },
		{ HZ_ACT_CLOCK, C_("act", "clock read") },
		{ HZ_ACT_REFUSED, C_("act", "refused") },
		{ HZ_ACT_CLASSIFY_SUGGEST, C_("act", "tags proposed") },
		{ HZ_ACT_REVIEW, C_("act", "tag reviewed") },
	};

	if (s->ev.act == HZ_ACT_RECORD || s->ev.act == HZ_ACT_NOTE || s->ev.act == HZ_ACT_ANCHOR) {
		return record_word(s->recorded ? s->kind : 0);
	}
	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
		if (words[i].act == s->ev.act) {
			return words[i].text;
		}
	}
	return hz_show_str(o, s->ev.act_text); /* one that this version does not know */
}

/* The field of the record that says most about the act. */
static void
put_detail(struct hz_out *o, const struct hz_seen *s)
{
	static const char *const fields[] = { "access.reason", "export.to", "relation.from", "case.code",
		"note", "receipt.source", "exhibit.name", "derive.tool", "anchor.authority", "anchor.type",
		"verify.verdict", "refused.rule", "review.tag", "classification.rules_version",
		"rules.version" };

	for (size_t i = 0; s->recorded && i < sizeof fields / sizeof fields[0]; i++) {
		const char *value = hz_record_get(&s->r, fields[i]);
		if (value != NULL) {
			hz_out_puts(o, hz_show_str(o, value));
			break;
		}
	}
	hz_out_puts(o, "\n");
}

enum { W_INDEX = -5, W_TIME = 16, W_WHO = 11, W_ACT = 16, W_NUMBER = 10 };

void
hz_seen_head(struct hz_out *o)
{
	hz_out_cell(o, C_("heading", "#"), W_INDEX);
	hz_out_cell(o, C_("heading", "TIME (UTC)"), W_TIME);
	hz_out_cell(o, C_("heading", "WHO"), W_WHO);
	hz_out_cell(o, C_("heading", "ACT"), W_ACT);
	hz_out_puts(o, C_("heading", "DETAIL"));
	hz_out_puts(o, "\n");
}

void
hz_seen_row(struct hz_out *o, const struct hz_seen *s, const char *number)
{
	char index[40];
	char who[12];

	if (s->at.log == 0) {
		(void)snprintf(index, sizeof index, "%" PRIu64, s->at.index);
	} else {
		(void)snprintf(index, sizeof index, "%" PRIu32 ":%" PRIu64, s->at.log, s->at.index);
	}
	(void)snprintf(who, sizeof who, "%.11s", s->who->member.id);
	hz_out_cell(o, hz_show_id(o, index), W_INDEX);
	hz_out_cell(o, hz_show_minute(o, s->ev.t), W_TIME);
	hz_out_cell(o,
	    s->who->member.name[0] != '\0' ? hz_show_str(o, s->who->member.name) : hz_show_id(o, who), W_WHO);
	hz_out_cell(o, act_text(o, s), W_ACT);
	if (number != NULL) {
		hz_out_cell(o, hz_show_id(o, number), W_NUMBER);
	}
	put_detail(o, s);
}
