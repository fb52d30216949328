/* The plan of a bag: every file it will hold, in the order of its bytes. */
#include "bundle/bag.h"
#include "vault/tags.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Extensions by detected media type; the name of the original never decides [F-9.1]. */
static const struct {
	const char *type, *ext;
} extensions[] = { { "", "bin" }, { "image/jpeg", "jpg" }, { "image/png", "png" }, { "image/gif", "gif" },
	{ "image/tiff", "tif" }, { "image/heic", "heic" }, { "image/heif", "heif" }, { "image/webp", "webp" },
	{ "image/bmp", "bmp" }, { "video/mp4", "mp4" }, { "video/quicktime", "mov" }, { "video/3gpp", "3gp" },
	{ "video/x-matroska", "mkv" }, { "video/webm", "webm" }, { "video/x-msvideo", "avi" },
	{ "audio/mpeg", "mp3" }, { "audio/x-m4a", "m4a" }, { "audio/ogg", "ogg" }, { "audio/amr", "amr" },
	{ "audio/x-wav", "wav" }, { "application/pdf", "pdf" }, { "text/plain", "txt" },
	{ "text/html", "html" }, { "text/csv", "csv" }, { "application/json", "json" },
	{ "application/zip", "zip" }, { "application/gzip", "gz" }, { "application/msword", "doc" },
	{ "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "docx" },
	{ "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx" },
	{ "application/vnd.oasis.opendocument.text", "odt" }, { "application/warc", "warc" } };

static uint8_t
extension(const char *type)
{
	if (!type) {
		return 0;
	}
	size_t n = strcspn(type, ";");
	for (size_t i = 1; i < sizeof(extensions) / sizeof(extensions[0]); i++) {
		if (strlen(extensions[i].type) == n && memcmp(extensions[i].type, type, n) == 0) {
			return (uint8_t)i;
		}
	}
	return 0;
}

/* "custody/" of the current log, "custody/logs/<id>/" of a closed one [F-9.10]. */
static void
custody_dir(const struct hz_bag *b, uint32_t log, char ret[static 40])
{
	if (log == b->at.log) {
		(void)snprintf(ret, 40, "custody");
	} else {
		(void)snprintf(ret, 40, "custody/logs/%s", b->log_hex[log]);
	}
}

static enum hz_err
load_log_ids(struct hz_bag *b, struct hz_view *w)
{
	struct hz_log_info l;
	b->log_hex = calloc((size_t)b->at.log + 1, sizeof(*b->log_hex));
	if (!b->log_hex) {
		return hz_fail(HZ_MSG_NOMEM, "the logs");
	}
	for (uint32_t i = 0; i <= b->at.log; i++) {
		HZ_TRY(hz_log_info(w, i, &l));
		hz_hex(b->log_hex[i], l.id, 4);
	}
	return HZ_OK;
}

void
hz_entry_path(const struct hz_bag *b, const struct hz_entry *e, char ret[static HZ_BAG_PATH_MAX + 1])
{
	char dir[40], hex[33], tag[17], rules[65];
	int n = 0;
	hz_hex(hex, e->id, 16);
	hz_hex(tag, e->tag, 8);
	custody_dir(b, e->log, dir);
	switch ((enum hz_entry_kind)e->kind) {
	case HZ_ENTRY_VERIFY_TXT:
		n = snprintf(ret, HZ_BAG_PATH_MAX, "VERIFY.txt");
		break;
	case HZ_ENTRY_BAG_INFO:
		n = snprintf(ret, HZ_BAG_PATH_MAX, "bag-info.txt");
		break;
	case HZ_ENTRY_BAGIT:
		n = snprintf(ret, HZ_BAG_PATH_MAX, "bagit.txt");
		break;
	case HZ_ENTRY_CHECKPOINT:
		n = snprintf(ret, HZ_BAG_PATH_MAX, "%s/checkpoint", dir);
		break;
	case HZ_ENTRY_COSIGNED:
		n = snprintf(ret, HZ_BAG_PATH_MAX, "custody/checkpoint.cosigned");
		break;
	case HZ_ENTRY_LEAF:
		n = snprintf(ret, HZ_BAG_PATH_MAX, "%s/events/%llu.leaf", dir, (unsigned long long)e->a);
		break;
	case HZ_ENTRY_EVENT:
		n = snprintf(ret, HZ_BAG_PATH_MAX, "%s/events/%llu.jws", dir, (unsigned long long)e->a);
		break;
	case HZ_ENTRY_ANCHOR:
		n = snprintf(ret, HZ_BAG_PATH_MAX, "%s/anchors/%llu.%s", dir, (unsigned long long)e->a,
		    hz_anchor_part_ext((enum hz_anchor_type)e->id[8], (enum hz_anchor_part)e->ext));
		break;
	case HZ_ENTRY_PROOF:
		n = snprintf(
		    ret, HZ_BAG_PATH_MAX, "%s/proofs/%llu.tlog-proof", dir, (unsigned long long)e->a);
		break;
	case HZ_ENTRY_HEADS:
		n = snprintf(ret, HZ_BAG_PATH_MAX, "custody/heads");
		break;
	case HZ_ENTRY_OPENING:
		n = snprintf(ret, HZ_BAG_PATH_MAX, "custody/openings/ex-%s.txt", hex);
		break;
	case HZ_ENTRY_EXHIBIT:
		n = snprintf(
		    ret, HZ_BAG_PATH_MAX, "data/exhibits/ex-%s/%s.%s", hex, tag, extensions[e->ext].ext);
		break;
	case HZ_ENTRY_RECORDS_JSON:
		n = snprintf(ret, HZ_BAG_PATH_MAX, "data/records/records.json");
		break;
	case HZ_ENTRY_RECORD:
		n = snprintf(ret, HZ_BAG_PATH_MAX, "data/records/rc-%s.%u.sd-jwt", hex, e->ver);
		break;
	case HZ_ENTRY_PROPOSED:
		n = snprintf(ret, HZ_BAG_PATH_MAX, "data/tags/proposed/rc-%s.%u.sd-jwt", hex, e->ver);
		break;
	case HZ_ENTRY_CONFIRMED_JSON:
		n = snprintf(ret, HZ_BAG_PATH_MAX, "data/tags/confirmed.json");
		break;
	case HZ_ENTRY_PROPOSED_JSON:
		n = snprintf(ret, HZ_BAG_PATH_MAX, "data/tags/proposed.json");
		break;
	case HZ_ENTRY_RULES:
		hz_hex(rules, b->res->rules[e->a].id, 32);
		n = snprintf(ret, HZ_BAG_PATH_MAX, "data/rules/%s.rules", rules);
		break;
	case HZ_ENTRY_FORMAT:
		n = snprintf(ret, HZ_BAG_PATH_MAX, "doc/format.md");
		break;
	case HZ_ENTRY_JWKS:
		n = snprintf(ret, HZ_BAG_PATH_MAX, "keys/actors.jwks");
		break;
	case HZ_ENTRY_ALLOWED:
		n = snprintf(ret, HZ_BAG_PATH_MAX, "keys/allowed_signers");
		break;
	case HZ_ENTRY_VKEY:
		n = snprintf(ret, HZ_BAG_PATH_MAX, "keys/checkpoint.vkey");
		break;
	case HZ_ENTRY_MINISIGN_PUB:
		n = snprintf(ret, HZ_BAG_PATH_MAX, "keys/minisign.pub");
		break;
	}
	hz_assert(n > 0 && n < HZ_BAG_PATH_MAX);
}

static enum hz_err
add(struct hz_bag *b, const struct hz_entry *e)
{
	if (b->n == b->cap) {
		size_t cap = b->cap ? b->cap * 2 : 256;
		struct hz_entry *g = realloc(b->entries, cap * sizeof(*g));
		if (!g) {
			return hz_fail(HZ_MSG_NOMEM, "the plan of a bag of %zu files", cap);
		}
		b->entries = g;
		b->cap = cap;
	}
	b->entries[b->n++] = *e;
	return HZ_OK;
}

static enum hz_err
add_kind(struct hz_bag *b, enum hz_entry_kind kind, uint32_t log)
{
	struct hz_entry e = { .kind = (uint8_t)kind, .log = log };
	return add(b, &e);
}

/* What of a record goes out. Why somebody looked at an exhibit is the organisation's own affair; a receipt
 * whose own consent does not cover an export keeps who gave what and where to itself, even where another
 * receipt lets the exhibit out. */
static enum hz_err
decide(struct hz_view *w, const struct hz_record_row *row, enum hz_shown *ret)
{
	struct hz_record r;
	*ret = row->kind == HZ_REC_ACCESS ? HZ_SHOWN_NOTHING : HZ_SHOWN_ALL;
	if (row->kind == HZ_REC_CLASSIFICATION) {
		*ret = HZ_SHOWN_TAGS;
	} else if (row->kind == HZ_REC_REVIEW) {
		return hz_tags_review_shown(w, row, ret);
	}
	if (row->kind != HZ_REC_EXHIBIT && row->kind != HZ_REC_RECEIPT) {
		return HZ_OK;
	}
	hz_record_init(&r);
	enum hz_err e = hz_record_fields(w, row, &r);
	if (e == HZ_OK && !hz_receipt_covers(&r)) {
		*ret = row->kind == HZ_REC_EXHIBIT ? HZ_SHOWN_CONTENT : HZ_SHOWN_NOTHING;
	}
	hz_record_done(&r);
	return e;
}

/* Tags that nobody has confirmed travel apart from the record, in files that say so. */
static enum hz_err
add_proposed(struct hz_bag *b, struct hz_view *w, const struct hz_entry *rec)
{
	struct hz_entry e = *rec;
	struct hz_record_row row;
	e.kind = HZ_ENTRY_PROPOSED;
	e.shown = HZ_SHOWN_PROPOSED;
	HZ_TRY(hz_record_load(w, e.a, &row));
	enum hz_err r = hz_record_measure(w, &row, &e);
	bool any = row.disclosures.len > 0;
	hz_record_row_done(&row);
	HZ_TRY(r);
	return any ? add(b, &e) : HZ_OK;
}

static enum hz_err
add_lists(struct hz_bag *b)
{
	static const enum hz_entry_kind lists[] = { HZ_ENTRY_CONFIRMED_JSON, HZ_ENTRY_PROPOSED_JSON };
	for (size_t k = 0; k < sizeof(lists) / sizeof(lists[0]); k++) {
		bool any = false;
		for (size_t i = 0; i < b->n && !any; i++) {
			any = hz_entry_listed(&b->entries[i], lists[k]);
		}
		HZ_TRY(any ? add_kind(b, lists[k], b->at.log) : HZ_OK);
	}
	return HZ_OK;
}

/* An event with its proof and the record that it names. */
static enum hz_err
add_event(struct hz_bag *b, struct hz_view *w, struct hz_ref at, struct hz_links *ret_links)
{
	struct hz_buf jws = HZ_BUF_INIT(HZ_EVENT_MAX);
	struct hz_entry e = { .kind = HZ_ENTRY_EVENT, .log = at.log, .a = at.index };
	struct hz_links l;
	enum hz_err r = hz_event_load(w, at, &jws, &l);
	hz_buf_done(&jws);
	HZ_TRY(r);
	HZ_TRY(add(b, &e));
	e.kind = HZ_ENTRY_PROOF;
	HZ_TRY(add(b, &e));
	if (l.record) {
		struct hz_record_row row;
		enum hz_shown shown = HZ_SHOWN_NOTHING;
		HZ_TRY(hz_record_load(w, l.record, &row));
		struct hz_entry rec = { .kind = HZ_ENTRY_RECORD, .a = row.no, .ver = row.ver, .log = at.log };
		r = decide(w, &row, &shown);
		rec.shown = (uint8_t)shown;
		memcpy(rec.id, row.rid, 16);
		r = r == HZ_OK ? hz_record_measure(w, &row, &rec) : r;
		bool tags = row.kind == HZ_REC_CLASSIFICATION;
		r = r == HZ_OK ? hz_bag_rules_note(b, w, &row) : r;
		hz_record_row_done(&row);
		HZ_TRY(r);
		HZ_TRY(add(b, &rec));
		HZ_TRY(tags ? add_proposed(b, w, &rec) : HZ_OK);
	}
	if (ret_links) {
		*ret_links = l;
	}
	return HZ_OK;
}

static enum hz_err
add_chain(struct hz_bag *b, struct hz_view *w, struct hz_ref head)
{
	struct hz_ref at = head;
	while (at.log != 0xFFFFFFFFu) {
		struct hz_links l;
		HZ_TRY(add_event(b, w, at, &l));
		at = l.prev;
	}
	return HZ_OK;
}

static enum hz_err
add_exhibit(struct hz_bag *b, struct hz_view *w, uint64_t no)
{
	struct hz_exhibit e;
	struct hz_object o;
	struct hz_record r;
	struct hz_entry x = { .kind = HZ_ENTRY_EXHIBIT, .a = no, .log = b->at.log };
	HZ_TRY(hz_exhibit_get(w, no, &e));
	HZ_TRY(hz_object_load(w, &e, &o));
	memcpy(x.id, e.ex, 16);
	memcpy(x.tag, o.opening.sha256, 8);
	hz_object_done(&o);
	hz_record_init(&r);
	enum hz_err res = hz_exhibit_fields(w, &e, &r);
	if (res == HZ_OK) {
		x.ext = extension(hz_record_get(&r, "content.media_type"));
	}
	hz_record_done(&r);
	HZ_TRY(res);
	HZ_TRY(add(b, &x));
	x.kind = HZ_ENTRY_OPENING;
	HZ_TRY(add(b, &x));
	return add_chain(b, w, e.head_ref);
}

static enum hz_err
add_members(struct hz_bag *b, struct hz_view *w)
{
	struct hz_member_info m;
	for (unsigned i = 0;; i++) {
		enum hz_err r = hz_member_info(w, i, &m);
		if (r == HZ_ERR_NOT_FOUND) {
			return HZ_OK;
		}
		HZ_TRY(r);
		HZ_TRY(add_chain(b, w, m.head_ref));
	}
}

static enum hz_err
add_cases(struct hz_bag *b, struct hz_view *w)
{
	for (size_t i = 0; i < b->o->cases_count; i++) {
		uint32_t no = b->o->cases[i];
		struct hz_case c;
		bool found = false;
		HZ_TRY(hz_case_next(w, &no, &found, &c));
		if (found && c.no == b->o->cases[i]) {
			HZ_TRY(add_event(b, w, c.at, NULL));
		}
	}
	return HZ_OK;
}

/* --- anchors [F-9.12] ---------------------------------------------------------------------------------- */

HZ_RESULT
hz_bag_anchor(struct hz_view *w, uint64_t record, struct hz_anchor *ret_a)
{
	struct hz_record_row row;
	struct hz_record r;

	hz_anchor_init(ret_a, HZ_ANCHOR_RFC3161);
	HZ_TRY(hz_record_load(w, record, &row));
	hz_record_init(&r);
	enum hz_err err = hz_record_fields(w, &row, &r);
	err = err == HZ_OK ? hz_anchor_from_record(&r, ret_a) : err;
	hz_record_done(&r);
	hz_record_row_done(&row);
	return err;
}

/* The number of the log that a checkpoint is of. */
static enum hz_err
log_named(struct hz_bag *b, struct hz_view *w, const char *origin, uint32_t *ret)
{
	struct hz_log_info l;

	for (uint32_t i = 0; i <= b->at.log; i++) {
		HZ_TRY(hz_log_info(w, i, &l));
		if (strcmp(l.origin, origin) == 0) {
			*ret = i;
			return HZ_OK;
		}
	}
	return hz_fail(HZ_MSG_VAULT_TAMPERED, "a time stamp of another log");
}

static bool
before(struct hz_ref a, struct hz_ref b)
{
	return a.log != b.log ? a.log < b.log : a.index < b.index;
}

/* The files of an anchor, its event, and the last event of the tree that it covers: that proves its root. */
static enum hz_err
add_anchor(struct hz_bag *b, struct hz_view *w, const struct hz_record_row *row, const struct hz_anchor *a,
    struct hz_ref last)
{
	struct hz_entry e = { .kind = HZ_ENTRY_ANCHOR, .log = row->at.log, .a = row->at.index };

	hz_be64(e.id, row->no);
	e.id[8] = (uint8_t)a->type;
	for (size_t p = 0; p < HZ_ANCHOR_PARTS; p++) {
		e.ext = (uint8_t)p;
		HZ_TRY(a->part[p].len > 0 ? add(b, &e) : HZ_OK);
	}
	HZ_TRY(add_event(b, w, row->at, NULL));
	struct hz_entry leaf = { .kind = HZ_ENTRY_LEAF, .log = last.log, .a = last.index };
	HZ_TRY(add(b, &leaf));
	leaf.kind = HZ_ENTRY_PROOF;
	return add(b, &leaf);
}

/* Every anchor that covers the first event of an exhibit that goes out. */
static enum hz_err
add_anchors(struct hz_bag *b, struct hz_view *w)
{
	struct hz_ref first = { UINT32_MAX, UINT64_MAX };
	struct hz_exhibit x;
	bool found = true;
	enum hz_err r = HZ_OK;

	for (size_t i = 0; i < b->nchosen; i++) {
		HZ_TRY(hz_exhibit_get(w, b->chosen[i], &x));
		first = before(x.first_ref, first) ? x.first_ref : first;
	}
	for (uint32_t n = 0; r == HZ_OK && found;) {
		struct hz_record_row row;
		struct hz_anchor a;
		struct hz_ref last = { 0, 0 };
		HZ_TRY(hz_anchor_next(w, HZ_REC_ANCHOR, &n, &found, &row));
		if (!found) {
			break;
		}
		r = hz_bag_anchor(w, row.no, &a);
		r = r == HZ_OK ? log_named(b, w, a.c.origin, &last.log) : r;
		last.index = a.c.size - 1;
		if (r == HZ_OK && a.c.size > 0 && before(row.at, b->at) && !before(last, first)) {
			r = add_anchor(b, w, &row, &a, last);
		}
		hz_anchor_done(&a);
		hz_record_row_done(&row);
	}
	return r;
}

/* Is the anchor of this line planned? */
static bool
carried(const struct hz_bag *b, const struct hz_renewal *line)
{
	char hex[9];

	hz_hex(hex, line->log, sizeof line->log);
	for (size_t i = 0; i < b->n; i++) {
		const struct hz_entry *e = &b->entries[i];
		if (e->kind == HZ_ENTRY_ANCHOR && e->a == line->index &&
		    strcmp(b->log_hex[e->log], hex) == 0) {
			return true;
		}
	}
	return false;
}

/* A renewal that names an anchor of the bag [F-8.11]. */
static enum hz_err
add_renewal(struct hz_bag *b, struct hz_view *w, const struct hz_record_row *row, struct hz_renewal *list)
{
	struct hz_record r;
	size_t n = 0;
	bool any = false;

	hz_record_init(&r);
	enum hz_err err = hz_record_fields(w, row, &r);
	err = err == HZ_OK ? hz_renewal_read(&r, list, &n) : err;
	hz_record_done(&r);
	for (size_t i = 0; err == HZ_OK && i < n && !any; i++) {
		any = carried(b, &list[i]);
	}
	return err == HZ_OK && any ? add_event(b, w, row->at, NULL) : err;
}

static enum hz_err
add_renewals(struct hz_bag *b, struct hz_view *w)
{
	struct hz_renewal *list = calloc(HZ_ANCHOR_RENEW_MAX, sizeof *list);
	enum hz_err r = list == NULL ? hz_fail(HZ_MSG_NOMEM, "renewals") : HZ_OK;
	bool found = true;

	for (uint32_t n = 0; r == HZ_OK && found;) {
		struct hz_record_row row;
		r = hz_anchor_next(w, HZ_REC_ANCHOR_RENEWAL, &n, &found, &row);
		if (r == HZ_OK && found) {
			r = before(row.at, b->at) ? add_renewal(b, w, &row, list) : HZ_OK;
			hz_record_row_done(&row);
		}
	}
	free(list);
	return r;
}

/* What shows those who hold an earlier state of the log that it only grew since then: the last event of that
 * state, withheld, with its proof [F-9.13]. And the newest state that witnesses signed. */
static enum hz_err
add_earlier(struct hz_bag *b, struct hz_view *w)
{
	uint64_t size[HZ_GIVEN_MAX], at = 0;
	struct hz_buf note = HZ_BUF_INIT(HZ_NOTE_MAX);
	size_t n = 0;
	HZ_TRY(hz_log_given(w, b->at.log, size, &n));
	for (size_t i = 0; i < n; i++) {
		struct hz_entry e = { .kind = HZ_ENTRY_LEAF, .log = b->at.log, .a = size[i] - 1 };
		if (size[i] == 0 || size[i] > b->at.index) {
			continue;
		}
		HZ_TRY(add(b, &e));
		e.kind = HZ_ENTRY_PROOF;
		HZ_TRY(add(b, &e));
	}
	enum hz_err r = hz_log_cosigned(w, b->at.log, b->at.index + 1, &note, &at);
	hz_buf_done(&note);
	if (r == HZ_ERR_NOT_FOUND) {
		return HZ_OK;
	}
	return r == HZ_OK ? add_kind(b, HZ_ENTRY_COSIGNED, b->at.log) : r;
}

/* The rules that the classifications name, each with the event and the record that say what it is. */
static enum hz_err
add_rules(struct hz_bag *b, struct hz_view *w)
{
	for (size_t i = 0; i < b->res->rules_count; i++) {
		struct hz_entry e = { .kind = HZ_ENTRY_RULES, .log = b->at.log, .a = i };
		struct hz_rules_row row;
		HZ_TRY(hz_rules_row_get(w, b->res->rules[i].no, &row));
		HZ_TRY(add(b, &e));
		HZ_TRY(add_event(b, w, row.at, NULL));
	}
	return HZ_OK;
}

struct named { /* for sorting: an entry with its path */
	char path[HZ_BAG_PATH_MAX + 1];
	uint32_t i;
};

static int
by_path(const void *a, const void *b)
{
	return strcmp(((const struct named *)a)->path, ((const struct named *)b)->path);
}

/* Sorts by path and drops what was planned twice (a chain's event that is also a case's). */
static enum hz_err
sort_entries(struct hz_bag *b)
{
	struct named *names = malloc(b->n * sizeof(*names));
	struct hz_entry *sorted = malloc(b->n * sizeof(*sorted));
	if (!names || !sorted) {
		free(names);
		free(sorted);
		return hz_fail(HZ_MSG_NOMEM, "the plan of a bag of %zu files", b->n);
	}
	for (size_t i = 0; i < b->n; i++) {
		hz_entry_path(b, &b->entries[i], names[i].path);
		names[i].i = (uint32_t)i;
	}
	qsort(names, b->n, sizeof(*names), by_path);
	size_t n = 0;
	for (size_t i = 0; i < b->n; i++) {
		const struct hz_entry *e = &b->entries[names[i].i], *last = n > 0 ? &sorted[n - 1] : NULL;
		if (i > 0 && strcmp(names[i].path, names[i - 1].path) == 0) {
			continue;
		}
		if (e->kind == HZ_ENTRY_LEAF && last != NULL && last->kind == HZ_ENTRY_EVENT &&
		    last->a == e->a && last->log == e->log) {
			continue; /* the event itself goes out */
		}
		sorted[n++] = b->entries[names[i].i];
	}
	free(names);
	free(b->entries);
	b->entries = sorted;
	b->cap = b->n;
	b->n = n;
	return HZ_OK;
}

HZ_RESULT
hz_bag_plan(struct hz_bag *b, struct hz_view *w)
{
	static const enum hz_entry_kind fixed[] = { HZ_ENTRY_VERIFY_TXT, HZ_ENTRY_BAG_INFO, HZ_ENTRY_BAGIT,
		HZ_ENTRY_HEADS, HZ_ENTRY_RECORDS_JSON, HZ_ENTRY_FORMAT, HZ_ENTRY_JWKS, HZ_ENTRY_ALLOWED,
		HZ_ENTRY_VKEY, HZ_ENTRY_MINISIGN_PUB };
	HZ_TRY(load_log_ids(b, w));
	for (size_t i = 0; i < sizeof(fixed) / sizeof(fixed[0]); i++) {
		HZ_TRY(add_kind(b, fixed[i], b->at.log));
	}
	/* Every log up to the current one: its checkpoint and its event 0. */
	for (uint32_t log = 0; log <= b->at.log; log++) {
		HZ_TRY(add_kind(b, HZ_ENTRY_CHECKPOINT, log));
		HZ_TRY(add_event(b, w, (struct hz_ref){ log, 0 }, NULL));
	}
	for (size_t i = 0; i < b->nchosen; i++) {
		HZ_TRY(add_exhibit(b, w, b->chosen[i]));
		HZ_TRY(hz_cancel_check());
	}
	HZ_TRY(add_members(b, w));
	HZ_TRY(add_cases(b, w));
	HZ_TRY(add_rules(b, w));
	HZ_TRY(add_anchors(b, w));
	HZ_TRY(add_renewals(b, w));
	HZ_TRY(add_event(b, w, b->at, NULL));
	HZ_TRY(add_earlier(b, w));
	HZ_TRY(add_lists(b));
	return sort_entries(b);
}
