/* The rules by which texts were classified: which of them go along with a bundle [F-9.15]. */
#include "bundle/bag.h"
#include "vault/tags.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static enum hz_err
add(struct hz_bundle_result *res, const struct hz_rules_row *row)
{
	size_t at = 0;
	while (at < res->rules_count && res->rules[at].no < row->no) {
		at++;
	}
	if (at < res->rules_count && res->rules[at].no == row->no) {
		return HZ_OK;
	}
	struct hz_bundle_rules *g = reallocarray(res->rules, res->rules_count + 1, sizeof(*g));
	if (!g) {
		return hz_fail(HZ_MSG_NOMEM, "the list of rules");
	}
	res->rules = g;
	memmove(&g[at + 1], &g[at], (res->rules_count - at) * sizeof(*g));
	g[at] = (struct hz_bundle_rules){ .no = row->no, .size = row->size };
	memcpy(g[at].id, row->id, sizeof(g[at].id));
	memcpy(g[at].name, row->name, sizeof(g[at].name));
	memcpy(g[at].version, row->version, sizeof(g[at].version));
	res->rules_count++;
	return HZ_OK;
}

HZ_RESULT
hz_bag_rules_note(struct hz_bag *b, struct hz_view *w, const struct hz_record_row *row)
{
	struct hz_record r;
	struct hz_rules_row rules;
	uint8_t id[32];
	bool found = false;
	if (b->o->no_rules || row->kind != HZ_REC_CLASSIFICATION) {
		return HZ_OK;
	}
	hz_record_init(&r);
	enum hz_err e = hz_record_fields(w, row, &r);
	const char *hex = e == HZ_OK ? hz_record_get(&r, "classification.rules") : NULL;
	if (e == HZ_OK && (!hex || strlen(hex) != 64 || hz_unhex(hex, 64, id, sizeof(id)) != HZ_OK)) {
		e = hz_fail(HZ_MSG_VAULT_TAMPERED, "a classification without rules");
	}
	hz_record_done(&r);
	HZ_TRY(e);
	for (size_t i = 0; i < b->res->rules_count; i++) {
		if (memcmp(b->res->rules[i].id, id, sizeof(id)) == 0) {
			return HZ_OK;
		}
	}
	HZ_TRY(hz_rules_row_find(w, id, &found, &rules));
	return found ? add(b->res, &rules)
		     : hz_fail(HZ_MSG_VAULT_TAMPERED, "the rules of a classification are missing");
}

static enum hz_err
of_chain(struct hz_bag *b, struct hz_view *w, struct hz_ref at)
{
	while (at.log != 0xFFFFFFFFu) {
		struct hz_buf jws = HZ_BUF_INIT(HZ_EVENT_MAX);
		struct hz_links l;
		enum hz_err r = hz_event_load(w, at, &jws, &l);
		hz_buf_done(&jws);
		HZ_TRY(r);
		if (l.record) {
			struct hz_record_row row;
			HZ_TRY(hz_record_load(w, l.record, &row));
			r = hz_bag_rules_note(b, w, &row);
			hz_record_row_done(&row);
			HZ_TRY(r);
		}
		at = l.prev;
	}
	return HZ_OK;
}

HZ_RESULT
hz_bag_rules_find(struct hz_bag *b, struct hz_view *w)
{
	for (size_t i = 0; i < b->nchosen && !b->o->no_rules; i++) {
		struct hz_exhibit e;
		HZ_TRY(hz_cancel_check());
		HZ_TRY(hz_exhibit_get(w, b->chosen[i], &e));
		HZ_TRY(of_chain(b, w, e.head_ref));
	}
	return HZ_OK;
}
