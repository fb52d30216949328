/* Anchors told to people and programs. */
#include "cli/anchors.h"

#include "base/enc.h"
#include <stdio.h>

#define LINE_NAME 12

const char *
hz_revoked_word(enum hz_tsa_revoked r)
{
	static const char *const words[] = { "unknown", "no", "later", "yes" };

	return words[r];
}

/* valid: what could be said of the token's time and of today. */
static const char *
path_word(enum hz_tsa_path p)
{
	static const char *const words[] = { "valid", "untrusted", "expired", "bad" };

	return words[p];
}

static void
json_attestations(struct hz_jw *w, const struct hz_anchor *a, const struct hz_ots *o)
{
	hz_jw_arr(w, "attestations");
	for (size_t i = 0; i < o->n; i++) {
		const struct hz_ots_attest *t = &o->a[i];
		hz_jw_obj(w, NULL);
		hz_jw_str(w, "kind", hz_ots_kind_name(t->kind));
		if (t->kind == HZ_OTS_PENDING) {
			hz_jw_strn(w, "uri", a->part[HZ_ANCHOR_TOKEN].p + t->uri_at, t->uri_len);
		} else if (t->kind != HZ_OTS_UNKNOWN) {
			uint8_t shown[32]; /* as block explorers write it */
			for (size_t k = 0; k < 32; k++) {
				shown[k] = t->root[31 - k];
			}
			hz_jw_int(w, "height", t->height);
			hz_jw_hex(w, "merkle_root", shown, 32);
		}
		hz_jw_obj_end(w);
	}
	hz_jw_arr_end(w);
}

/* What the line of every time stamp begins with. */
static struct hz_jw *
json_head(struct hz_out *o, const char *result, const struct hz_audit_stamp *s)
{
	struct hz_jw *w = hz_line_begin(o, "anchor");

	hz_jw_str(w, "result", result);
	hz_jw_int(w, "index", s->at.index);
	hz_jw_int(w, "log", s->at.log);
	hz_jw_str(w, "kind", hz_anchor_type_name(s->type));
	hz_jw_str(w, "origin", s->origin);
	hz_jw_int(w, "size", s->size);
	hz_jw_hex(w, "root", s->root, 32);
	hz_jw_str(w, "state", hz_anchor_state_name(s->state));
	if (s->t != 0) {
		hz_line_time(w, "t", s->t);
	} else {
		hz_jw_null(w, "t");
	}
	return w;
}

static void
json_facts(struct hz_jw *w, const struct hz_audit_stamp *s)
{
	hz_line_text(w, "authority", s->authority);
	hz_jw_str(w, "serial", s->serial);
	hz_jw_str(w, "valid_then", path_word(s->then));
	hz_jw_str(w, "valid_today", path_word(s->now));
	hz_jw_str(w, "revoked", hz_revoked_word(s->revoked));
	if (s->expires != INT64_MAX) {
		hz_line_time(w, "expires", s->expires);
	}
}

void
hz_anchor_json(struct hz_out *o, const char *result, struct hz_ref at, const struct hz_anchor *a,
    const struct hz_anchor_facts *f, int64_t expires)
{
	struct hz_audit_stamp s = { .at = at };

	hz_audit_stamp_of(a, f, &s);
	s.expires = expires;
	struct hz_jw *w = json_head(o, result, &s);
	if (a->type == HZ_ANCHOR_OTS) {
		json_attestations(w, a, &f->ots);
	} else {
		json_facts(w, &s);
	}
	hz_line_end(o);
}

void
hz_stamp_json(struct hz_out *o, const struct hz_audit_stamp *s)
{
	struct hz_jw *w = json_head(o, s->right ? "checked" : "invalid", s);

	if (s->type == HZ_ANCHOR_RFC3161) {
		json_facts(w, s);
	}
	hz_jw_bool(w, "renewed", s->renewed);
	hz_line_end(o);
}

static const char *
path_text(enum hz_tsa_path p)
{
	return p == HZ_TSA_PATH_GOOD      ? _("valid")
	       : p == HZ_TSA_PATH_EXPIRED ? _("expired")
					  : _("not trusted");
}

static const char *
revoked_text(enum hz_tsa_revoked revoked)
{
	switch (revoked) {
	case HZ_TSA_REVOKED_NO:
		return _("not revoked");
	case HZ_TSA_REVOKED_LATER:
		return _("ended by the authority later, which leaves this time stamp valid");
	case HZ_TSA_REVOKED_YES:
		return _("revoked");
	case HZ_TSA_REVOKED_UNKNOWN:
		break;
	}
	return _("not known: no revocation list or OCSP answer was given");
}

static void
text_tsa(struct hz_out *o, const struct hz_anchor_facts *f)
{
	hz_out_field(o, C_("field", "authority"), LINE_NAME, hz_show_str(o, f->tsa.authority));
	hz_out_field(o, C_("field", "time"), LINE_NAME, hz_show_time(o, f->t));
	hz_out_field(o, C_("field", "then"), LINE_NAME, path_text(f->tsa.then));
	hz_out_field(o, C_("field", "today"), LINE_NAME, path_text(f->tsa.now));
	hz_out_field(o, C_("field", "revoked"), LINE_NAME, revoked_text(f->tsa.revoked));
}

static void
text_ots(struct hz_out *o, const struct hz_anchor *a, const struct hz_anchor_facts *f)
{
	for (size_t i = 0; i < f->ots.n; i++) {
		const struct hz_ots_attest *t = &f->ots.a[i];
		uint8_t shown[32];
		for (size_t k = 0; k < 32; k++) {
			shown[k] = t->root[31 - k];
		}
		if (t->kind == HZ_OTS_PENDING) {
			hz_out_printf(o, _("  promised by %s: not yet a proof\n"),
			    hz_show_text(o, a->part[HZ_ANCHOR_TOKEN].p + t->uri_at, t->uri_len));
		} else if (t->kind != HZ_OTS_UNKNOWN) {
			hz_out_printf(o, _("  %s block %s must have the Merkle root %s\n"),
			    hz_show_id(o, hz_ots_kind_name(t->kind)), hz_show_count(o, t->height),
			    hz_show_hex(o, shown, 32, 0));
		} else {
			hz_out_printf(o, _("  a kind of proof that is not known here: %s\n"),
			    hz_show_hex(o, t->tag, 8, 0));
		}
	}
	if (f->confirmed > 0) {
		hz_out_printf(o, _("  confirmed by a block of %s\n"), hz_show_time(o, f->t));
	}
}

void
hz_anchor_text(struct hz_out *o, const struct hz_anchor *a, const struct hz_anchor_facts *f)
{
	hz_out_field(o, C_("field", "events"), LINE_NAME, hz_show_count(o, a->c.size));
	if (a->type == HZ_ANCHOR_OTS) {
		text_ots(o, a, f);
	} else {
		text_tsa(o, f);
	}
}

void
hz_stamp_text(struct hz_out *o, const struct hz_audit_stamp *s)
{
	char id[48];

	if (!s->right) {
		return; /* a finding says why */
	}
	(void)snprintf(id, sizeof id, "event %u:%llu", s->at.log, (unsigned long long)s->at.index);
	if (s->type == HZ_ANCHOR_OTS && s->state == HZ_ANCHOR_GOOD) {
		hz_out_printf(o, _("  %s  time stamp: %s events existed on %s, by a block\n"),
		    hz_show_id(o, id), hz_show_count(o, s->size), hz_show_time(o, s->t));
		return;
	}
	if (s->type == HZ_ANCHOR_OTS) {
		hz_out_printf(o, _("  %s  time stamp: %s events; nothing that is known here confirms it\n"),
		    hz_show_id(o, id), hz_show_count(o, s->size));
		return;
	}
	hz_out_printf(o, _("  %s  time stamp: %s events on %s, by %s; then: %s; today: %s; revoked: %s\n"),
	    hz_show_id(o, id), hz_show_count(o, s->size), hz_show_time(o, s->t), hz_show_str(o, s->authority),
	    path_text(s->then), path_text(s->now), revoked_text(s->revoked));
	if (s->renewed) {
		hz_out_puts(o, _("    a newer time stamp carries it on\n"));
	}
}
