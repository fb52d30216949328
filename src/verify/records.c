/* Records, the events that name them, and records.json [F-10.1] step 9. Records and events are joined by the
 * record's hash; as with chains, in parts where there are many. */
#include "verify/check.h"

#include "base/enc.h"
#include "codec/json.h"
#include "manifest/manifest.h"
#include "record/record.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct naming { /* an event that names a record */
	uint8_t rec[32], ex[16];
	bool has_ex;  /* of an exhibit */
	bool needs;   /* its record must name the exhibit */
	bool is_here; /* the record was found */
	uint16_t order;
	uint64_t index;
};

/* What the records disclose, in lists that are made again. */
enum list { LIST_RECORDS, LIST_CONFIRMED, LIST_PROPOSED, LISTS };
struct listing {
	struct hz_hash *h; /* as it should be */
	uint64_t size;
};
static const char *const list_begin[LISTS] = { "{\"records\":[", "{\"records\":[",
	"{\"note\":\"" HZ_PROPOSED_NOTE "\",\"records\":[" };

struct part {
	struct hz_check *c;
	uint32_t part, parts;
	struct naming *naming;
	size_t n, cap;
	bool full, broken; /* broken: records.json cannot be made again */
	bool proposed;     /* what is read now are the files of proposed tags [F-9.14] */
	struct hz_buf text, payload, json;
	struct listing list[LISTS];
	const char *path;
	struct hz_place place;
};

static int
compare_naming(const void *a, const void *b)
{
	const struct naming *x = a, *y = b;
	int d = memcmp(x->rec, y->rec, sizeof x->rec);

	if (d == 0) {
		d = x->order != y->order ? (x->order < y->order ? -1 : 1) : 0;
	}
	return d != 0 ? d : (x->index > y->index) - (x->index < y->index);
}

static void
keep(void *arg, const struct hz_event *e, const struct hz_vlog *log, uint64_t index)
{
	struct part *x = arg;
	struct naming n = { .order = (uint16_t)log->order, .index = index };

	if (!e->has_rec || hz_part_of(x->c, e->rec, sizeof e->rec, x->parts) != x->part) {
		return;
	}
	if (x->n == x->cap) {
		x->full = true;
		return;
	}
	memcpy(n.rec, e->rec, sizeof n.rec);
	n.has_ex = hz_id_read(e->ex, strlen(e->ex), "ex-", n.ex);
	n.needs = e->act == HZ_ACT_ACQUIRE || e->act == HZ_ACT_RECEIPT;
	x->naming[x->n++] = n;
}

/* --- records.json, made again ------------------------------------------------------------------------------
 */
struct slot {
	const struct hz_field *field;
};

static int
by_name(const void *a, const void *b)
{
	const struct slot *x = a, *y = b;

	return strcmp(x->field->name, y->field->name);
}

/* Appends it to those of the lists (bits) that it belongs to. */
static void
list_add(struct part *x, unsigned lists)
{
	for (size_t i = 0; i < LISTS; i++) {
		struct listing *l = &x->list[i];
		if ((lists & 1u << i) != 0) {
			const char *before = l->size == 0 ? list_begin[i] : ",";
			hz_hash_add(l->h, before, strlen(before));
			hz_hash_add(l->h, x->json.p, x->json.len);
			l->size += strlen(before) + x->json.len;
		}
	}
}

static enum hz_err
json_add(struct part *x, const struct hz_record *r, unsigned lists)
{
	struct slot sorted[HZ_RECORD_FIELDS_MAX];
	char rid[36] = "rc-";
	struct hz_jw w;

	hz_assert(r->n <= HZ_RECORD_FIELDS_MAX);
	for (size_t i = 0; i < r->n; i++) {
		sorted[i].field = &r->fields[i];
	}
	hz_sort(sorted, r->n, sizeof sorted[0], by_name);
	hz_hex(rid + 3, r->rid, sizeof r->rid);
	hz_buf_clear(&x->json);
	hz_jw_begin(&w, &x->json);
	hz_jw_obj(&w, NULL);
	hz_jw_obj(&w, "fields");
	for (size_t i = 0; i < r->n; i++) {
		const struct hz_field *f = sorted[i].field;
		uint64_t v = 0;
		if (!f->is_int) {
			hz_jw_str(&w, f->name, f->value);
		} else if (hz_parse_u64(f->value, strlen(f->value), UINT64_MAX, &v) == HZ_OK) {
			hz_jw_int(&w, f->name, v);
		}
	}
	hz_jw_obj_end(&w);
	hz_jw_str(&w, "rid", rid);
	hz_jw_int(&w, "ver", r->ver);
	hz_jw_obj_end(&w);
	enum hz_err err = hz_jw_end(&w);
	if (err == HZ_OK) {
		list_add(x, lists);
	}
	return err;
}

/* Whether the file is the list as the records give it; one without any record is there only as records.json.
 */
static bool
list_is(struct part *x, enum list which, const struct hz_file *f)
{
	struct listing *l = &x->list[which];
	const char *end = l->size == 0 ? "{\"records\":[],\"v\":1}" : "],\"v\":1}";
	bool any = l->size > 0 || which == LIST_RECORDS;
	uint8_t h[32];

	hz_hash_add(l->h, end, strlen(end));
	l->size += strlen(end);
	hz_hash_end(l->h, h);
	if (!f->there || !any) {
		return f->there == any || which == LIST_RECORDS; /* its absence was reported */
	}
	return f->size == l->size && memcmp(f->sha256, h, sizeof h) == 0;
}

static void
json_end(struct part *x)
{
	static const enum list of[HZ_TAGS_LISTS] = {
		[HZ_TAGS_CONFIRMED] = LIST_CONFIRMED, [HZ_TAGS_PROPOSED] = LIST_PROPOSED
	};
	struct hz_check *c = x->c;

	/* Where a record is not right, what it says is not known, and that was reported. */
	if (!list_is(x, LIST_RECORDS, &c->file[HZ_FIX_RECORDS_JSON]) && !x->broken) {
		hz_found(c, HZ_FINDING_RECORDS_JSON, hz_fixed_path(HZ_FIX_RECORDS_JSON), "%s", "");
	}
	for (unsigned i = 0; i < HZ_TAGS_LISTS; i++) {
		if (!list_is(x, of[i], &c->tags[i]) && !x->broken) {
			hz_found(c, HZ_FINDING_TAGS, hz_tags_path((enum hz_tag_list)i), "%s", "");
		}
	}
}

/* The lists that a record belongs to. */
static unsigned
lists_of(const struct part *x, const struct hz_record *r)
{
	bool tags = hz_record_is(r, "kind", "classification") || hz_record_is(r, "kind", "review");

	return x->proposed ? 1u << LIST_PROPOSED : 1u << LIST_RECORDS | (tags ? 1u << LIST_CONFIRMED : 0);
}

/* Of a proposed tag nothing but tags is disclosed [F-9.14]. */
static bool
only_tags(const struct hz_record *r)
{
	for (size_t i = 0; i < r->n; i++) {
		if (strncmp(r->fields[i].name, "tag.", 4) != 0) {
			return false;
		}
	}
	return r->n > 0;
}

/* --- one record
 * ---------------------------------------------------------------------------------------------- */
/* Envelope, signature, fields. The signature comes first: a key with the kid of the header, of any log; that
 * it is a key of the log that `iss` names is checked when that is known. */
static enum hz_err
read_record(struct part *x, size_t jwt, size_t disc_at, size_t disc_len, struct hz_record *r,
    const struct hz_vlog **ret_log)
{
	const char *s = (const char *)x->text.p;
	char kid[HZ_KID_LEN + 1];
	const struct hz_vlog *by = NULL;

	hz_buf_clear(&x->payload);
	enum hz_err err = hz_jws_parse(HZ_RECORD_TYP, s, jwt, kid, &x->payload);
	for (size_t i = 0; i < x->c->nchain && err == HZ_OK && by == NULL; i++) {
		by = strcmp(x->c->chain[i]->kid, kid) == 0 ? x->c->chain[i] : NULL;
	}
	if (err == HZ_OK && by == NULL) {
		err = hz_fail(HZ_MSG_TAMPERED, "signed by a key that event 0 does not lead to");
	}
	if (err == HZ_OK && x->part == 0) {
		err = hz_jws_verify(s, jwt, by->first.init.event_pk);
	}
	if (err == HZ_OK) {
		err =
		    hz_record_read(x->payload.p, x->payload.len, s + disc_at, x->part == 0 ? disc_len : 0, r);
	}
	if (err != HZ_OK) {
		return err;
	}
	*ret_log = hz_vlog_named(x->c, r->iss);
	if (*ret_log == NULL || strcmp((*ret_log)->kid, kid) != 0) {
		return hz_fail(HZ_MSG_TAMPERED, "not signed by a key of the log that it names");
	}
	if (memcmp(r->rid, x->place.id, sizeof r->rid) != 0 || r->ver != x->place.number) {
		return hz_fail(HZ_MSG_FORMAT, "its name is not its id and version");
	}
	return r->has_prev == (r->ver == 1) ? hz_fail(HZ_MSG_FORMAT, "prev and ver do not agree") : HZ_OK;
}

static bool
has_exhibit(const struct hz_record *r, const struct naming *n)
{
	for (size_t i = 0; i < r->nex && n->has_ex; i++) {
		if (memcmp(r->ex[i], n->ex, 16) == 0) {
			return true;
		}
	}
	return false;
}

/* The events that name it. */
static enum hz_err
join(struct part *x, const uint8_t rec[static 32], const struct hz_record *r, const struct hz_vlog *log)
{
	size_t lo = 0, hi = x->n, named = 0;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;
		if (memcmp(x->naming[mid].rec, rec, 32) < 0) {
			lo = mid + 1;
		} else {
			hi = mid;
		}
	}
	for (; lo < x->n && memcmp(x->naming[lo].rec, rec, 32) == 0; lo++) {
		struct naming *n = &x->naming[lo];
		n->is_here = n->is_here || !x->proposed;
		if (n->order != log->order) {
			continue;
		}
		named++;
		if (r->nex == 0 ? n->needs : !has_exhibit(r, n)) {
			return hz_fail(HZ_MSG_TAMPERED, "event %llu is of another exhibit",
			    (unsigned long long)n->index);
		}
	}
	return named == 0 ? hz_fail(HZ_MSG_TAMPERED, "no event names it") : HZ_OK;
}

/* What it says, in the lists. */
static enum hz_err
disclosed(struct part *x, const uint8_t rec[static 32], const struct hz_record *r)
{
	if (x->proposed && !only_tags(r)) {
		return hz_fail(HZ_MSG_FORMAT, "it discloses more than proposed tags, or none");
	}
	enum hz_err err = json_add(x, r, lists_of(x, r));
	if (err == HZ_OK && !x->proposed) {
		hz_rules_record(x->c, r, x->path);
	}
	return err == HZ_OK && !x->proposed ? hz_stamp_record(x->c, rec, r, x->path) : err;
}

static enum hz_err
one(struct part *x)
{
	struct hz_tally *tally = &x->c->r.tally[HZ_TALLY_RECORDS];
	struct hz_record r;
	const struct hz_vlog *log = NULL;
	size_t jwt = 0, disc_at = 0, disc_len = 0;
	uint8_t rec[32];
	bool first = x->part == 0, counts = first && !x->proposed;

	hz_record_init(&r);
	tally->checked += counts;
	enum hz_err err = hz_record_split(x->text.p, x->text.len, &jwt, &disc_at, &disc_len);
	bool mine = false;
	if (err == HZ_OK) {
		hz_sha256(x->text.p, jwt, rec);
		mine = hz_part_of(x->c, rec, sizeof rec, x->parts) == x->part;
	}
	if (err == HZ_OK && (mine || first)) {
		err = read_record(x, jwt, disc_at, disc_len, &r, &log);
	}
	if (err == HZ_OK && mine) {
		err = join(x, rec, &r, log);
	}
	if (err == HZ_OK && first) {
		err = disclosed(x, rec, &r);
	}
	hz_record_done(&r);
	if (err == HZ_OK) {
		tally->matched += counts;
	} else if (first || mine) {
		tally->different += !x->proposed;
		x->broken = true;
		return hz_judge(x->c, err, HZ_FINDING_RECORD, x->path);
	}
	return hz_fatal(err) ? err : HZ_OK;
}

static enum hz_err
walk_records(struct part *x)
{
	struct hz_walk *w = NULL;
	uint64_t size = 0;
	bool found = false;
	enum hz_err err = hz_walk_open(x->c, x->proposed ? x->c->proposed_at : x->c->records_at,
	    x->proposed ? "data/tags/proposed/" : "data/records/", &w);

	while (err == HZ_OK && (err = hz_walk_next(w, &found, &x->path, &size)) == HZ_OK && found) {
		hz_place_of(x->path, &x->place);
		if (x->place.kind != (x->proposed ? HZ_KIND_PROPOSED : HZ_KIND_RECORD)) {
			continue;
		}
		err = hz_walk_take(w, HZ_RECORD_MAX, &x->text);
		if (err == HZ_OK) {
			err = one(x);
		} else if (!hz_fatal(err)) {
			x->broken = true;
			err = x->part == 0 ? hz_judge(x->c, err, HZ_FINDING_RECORD, x->path) : HZ_OK;
		}
	}
	hz_walk_close(&w);
	return err;
}

static void
missing(struct part *x)
{
	char path[64];

	for (size_t i = 0; i < x->n; i++) {
		const struct naming *n = &x->naming[i];
		if (!n->is_here) {
			(void)snprintf(path, sizeof path, "%sevents/%llu.jws", x->c->chain[n->order]->base,
			    (unsigned long long)n->index);
			x->c->r.tally[HZ_TALLY_RECORDS].missing++;
			hz_found(x->c, HZ_FINDING_NO_RECORD, path, "%s", "");
		}
	}
}

static enum hz_err
all_parts(struct part *x)
{
	struct hz_check *c = x->c;
	enum hz_err err = HZ_OK;

	for (x->part = 0; x->part < x->parts && err == HZ_OK && !x->full; x->part++) {
		x->n = 0;
		for (size_t i = 0; i < c->nchain && err == HZ_OK; i++) {
			err = hz_walk_events(c, c->chain[i], &x->text, keep, x);
		}
		if (err == HZ_OK && !x->full) {
			hz_sort(x->naming, x->n, sizeof *x->naming, compare_naming);
			x->proposed = false;
			err = walk_records(x);
		}
		if (err == HZ_OK && !x->full) {
			x->proposed = true;
			err = walk_records(x);
		}
		if (err == HZ_OK && !x->full) {
			missing(x);
		}
		if (err == HZ_OK && !x->full && x->part == 0) {
			json_end(x);
			hz_rules_end(x->c);
		}
	}
	return err;
}

enum hz_err
hz_step_records(struct hz_check *c)
{
	uint64_t events = c->r.tally[HZ_TALLY_EVENTS].checked;
	struct part x = { .c = c,
		.parts = hz_parts(events),
		.text = HZ_BUF_INIT(HZ_RECORD_MAX),
		.payload = HZ_BUF_INIT(HZ_RECORD_MAX),
		.json = HZ_BUF_INIT((size_t)4 * HZ_RECORD_MAX) };

	if (x.parts == 0) {
		return HZ_OK; /* the limit was reported with the chains */
	}
	x.cap = events < HZ_VERIFY_FACTS_MAX ? (size_t)events + 1 : HZ_VERIFY_FACTS_MAX;
	x.naming = malloc(x.cap * sizeof *x.naming);
	enum hz_err err = HZ_OK;
	for (size_t i = 0; i < LISTS && err == HZ_OK; i++) {
		err = hz_hash_new(HZ_HASH_SHA256, &x.list[i].h);
	}
	if (err == HZ_OK && x.naming == NULL) {
		err = hz_fail(HZ_MSG_NOMEM, "records");
	}
	if (err == HZ_OK) {
		err = all_parts(&x);
	}
	if (err == HZ_OK && x.full) {
		hz_found(c, HZ_FINDING_LIMIT, "data/records", "too many events that name records");
	}
	free(x.naming);
	for (size_t i = 0; i < LISTS; i++) {
		hz_hash_free(&x.list[i].h);
	}
	hz_buf_done(&x.text);
	hz_buf_done(&x.payload);
	hz_buf_done(&x.json);
	return err;
}
