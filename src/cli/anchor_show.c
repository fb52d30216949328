/* Anchors told to people and programs. */
#include "cli/anchors.h"

#include "base/enc.h"

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

void
hz_anchor_json(struct hz_out *o, const char *result, struct hz_ref at, const struct hz_anchor *a,
    const struct hz_anchor_facts *f, int64_t expires)
{
	struct hz_jw *w = hz_line_begin(o, "anchor");

	hz_jw_str(w, "result", result);
	hz_jw_int(w, "index", at.index);
	hz_jw_int(w, "log", at.log);
	hz_jw_str(w, "kind", hz_anchor_type_name(a->type));
	hz_jw_str(w, "origin", a->c.origin);
	hz_jw_int(w, "size", a->c.size);
	hz_jw_hex(w, "root", a->c.root, 32);
	hz_jw_str(w, "state", hz_anchor_state_name(f->state));
	if (f->t != 0) {
		hz_line_time(w, "t", f->t);
	} else {
		hz_jw_null(w, "t");
	}
	if (a->type == HZ_ANCHOR_OTS) {
		json_attestations(w, a, &f->ots);
	} else {
		hz_line_text(w, "authority", f->tsa.authority);
		hz_jw_str(w, "serial", f->tsa.info.serial);
		hz_jw_str(w, "valid_then", path_word(f->tsa.then));
		hz_jw_str(w, "valid_today", path_word(f->tsa.now));
		hz_jw_str(w, "revoked", hz_revoked_word(f->tsa.revoked));
		if (expires != INT64_MAX) {
			hz_line_time(w, "expires", expires);
		}
	}
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
revoked_text(const struct hz_anchor_facts *f)
{
	switch (f->tsa.revoked) {
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
	hz_out_field(o, C_("field", "revoked"), LINE_NAME, revoked_text(f));
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
