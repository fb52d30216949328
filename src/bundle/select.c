/* What may go out: consent of every receipt, decided from the signed records, not from the cached rows. */
#include "bundle/bag.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *
hz_bundle_rule_name(enum hz_bundle_rule rule)
{
	switch (rule) {
	case HZ_WITHHELD_CONSENT_UNKNOWN:
		return "consent-unknown";
	}
	return "unknown";
}

bool
hz_receipt_covers(const struct hz_record *r)
{
	return hz_record_is(r, "receipt.consent", "given") || hz_record_is(r, "receipt.consent", "none");
}

static bool
covers(const struct hz_record_row *row, const struct hz_record *r, const void *none)
{
	(void)row;
	(void)none;
	return hz_receipt_covers(r);
}

/* One record of a receipt: does it carry a basis. */
static enum hz_err
record_covers(struct hz_view *w, uint64_t record, bool *ret)
{
	return hz_record_ask(w, record, covers, NULL, ret);
}

static enum hz_err
consented(struct hz_view *w, const struct hz_exhibit *e, bool *ret)
{
	uint32_t n = 1;
	bool found = true;
	struct hz_exhibit origin;
	/* What was made out of an exhibit has the consent of that one's receipts. */
	if (hz_is_derived(e->no)) {
		HZ_TRY(hz_exhibit_get(w, hz_derived_origin(e->no), &origin));
		HZ_TRY(hz_exhibit_check(w, &origin));
		e = &origin;
	}
	HZ_TRY(record_covers(w, e->record, ret));
	while (!*ret && found) {
		uint64_t rec = 0;
		HZ_TRY(hz_receipt_next(w, e->no, &n, &found, &rec));
		if (found) {
			HZ_TRY(record_covers(w, rec, ret));
		}
	}
#ifdef HZ_FAULT_NO_CONSENT
	*ret = true;
#endif
	return HZ_OK;
}

static int
by_number(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
	return x < y ? -1 : x > y;
}

static enum hz_err
withhold(struct hz_bag *b, const struct hz_exhibit *e)
{
	struct hz_bundle_withheld *g = realloc(b->res->withheld, (b->res->withheld_count + 1) * sizeof(*g));
	if (!g) {
		return hz_fail(HZ_MSG_NOMEM, "the list of what is withheld");
	}
	b->res->withheld = g;
	g += b->res->withheld_count++;
	g->exhibit = e->no;
	g->rule = HZ_WITHHELD_CONSENT_UNKNOWN;
	(void)snprintf(g->number, sizeof(g->number), "%s", e->number);
	return HZ_OK;
}

static enum hz_err
consider(struct hz_bag *b, struct hz_view *w, uint64_t no)
{
	struct hz_exhibit e;
	bool ok = false;
	HZ_TRY(hz_exhibit_get(w, no, &e));
	HZ_TRY(hz_exhibit_check(w, &e));
	HZ_TRY(consented(w, &e, &ok));
	if (!ok) {
		return withhold(b, &e);
	}
	b->chosen[b->nchosen++] = no;
	b->res->included++;
	b->res->bytes += e.size;
	return HZ_OK;
}

HZ_RESULT
hz_bag_select(struct hz_bag *b)
{
	struct hz_view *w = NULL;
	size_t n = b->o->count;
	if (n == 0) {
		return hz_fail(HZ_MSG_NOTHING_SELECTED, "no exhibit is selected");
	}
	uint64_t *all = malloc(n * sizeof(*all));
	b->chosen = malloc(n * sizeof(*b->chosen));
	if (!all || !b->chosen) {
		free(all);
		return hz_fail(HZ_MSG_NOMEM, "a list of %zu exhibits", n);
	}
	memcpy(all, b->o->exhibits, n * sizeof(*all));
	qsort(all, n, sizeof(*all), by_number);
	enum hz_err r = hz_view_begin(b->v, &w);
	for (size_t i = 0; r == HZ_OK && i < n; i++) {
		if (i > 0 && all[i] == all[i - 1]) {
			continue;
		}
		r = consider(b, w, all[i]);
		if (r == HZ_OK) {
			r = hz_cancel_check();
		}
	}
	hz_view_end(&w);
	free(all);
	if (r == HZ_OK && b->nchosen == 0) {
		return hz_fail(HZ_MSG_NO_CONSENT, "%zu exhibits, none with a consent that covers an export",
		    b->res->withheld_count);
	}
	return r;
}

/* --- heads [F-9.4] ------------------------------------------------------------------------------------ */

static enum hz_err
add_subject(struct hz_bag *b, const char *id, uint64_t last, const uint8_t head[static 32])
{
	if (b->nsubjects == b->subjects_cap) {
		size_t cap = b->subjects_cap ? b->subjects_cap * 2 : 64;
		struct hz_subject *g = realloc(b->subjects, cap * sizeof(*g));
		if (!g) {
			return hz_fail(HZ_MSG_NOMEM, "the list of chains");
		}
		b->subjects = g;
		b->subjects_cap = cap;
	}
	struct hz_subject *s = &b->subjects[b->nsubjects++];
	(void)snprintf(s->id, sizeof(s->id), "%s", id);
	s->last = last;
	memcpy(s->head, head, 32);
	return HZ_OK;
}

static int
by_id(const void *a, const void *b)
{
	return strcmp(((const struct hz_subject *)a)->id, ((const struct hz_subject *)b)->id);
}

static enum hz_err
collect_subjects(struct hz_bag *b, struct hz_view *w)
{
	struct hz_exhibit e;
	struct hz_member_info m;
	for (size_t i = 0; i < b->nchosen; i++) {
		HZ_TRY(hz_exhibit_get(w, b->chosen[i], &e));
		HZ_TRY(add_subject(b, e.ex_text, e.next_seq - 1, e.head));
	}
	for (unsigned i = 0;; i++) {
		enum hz_err r = hz_member_info(w, i, &m);
		if (r == HZ_ERR_NOT_FOUND) {
			return HZ_OK;
		}
		HZ_TRY(r);
		HZ_TRY(add_subject(b, m.id, m.next_seq - 1, m.head));
	}
}

HZ_RESULT
hz_bag_heads(struct hz_bag *b)
{
	struct hz_view *w = NULL;
	HZ_TRY(hz_view_begin(b->v, &w));
	enum hz_err r = collect_subjects(b, w);
	hz_view_end(&w);
	HZ_TRY(r);
	qsort(b->subjects, b->nsubjects, sizeof(*b->subjects), by_id);
	for (size_t i = 0; i < b->nsubjects; i++) {
		char hex[65];
		hz_hex(hex, b->subjects[i].head, 32);
		HZ_TRY(hz_buf_printf(&b->heads, "%s %llu %s\n", b->subjects[i].id,
		    (unsigned long long)b->subjects[i].last, hex));
	}
	return HZ_OK;
}
