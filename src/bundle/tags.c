/* What of tags goes out [F-9.14]: those that people confirmed or added with their records, proposals apart
 * from them, rejections not at all, and no reviewer's name or reasons. */
#include "vault/tags.h"
#include "bundle/bag.h"
#include "codec/json.h"

#include <stdlib.h>
#include <string.h>

static bool
settled(const struct hz_kept_tag *t)
{
	enum hz_tag_state s = hz_tag_stands(t).state;
	return s == HZ_TAG_CONFIRMED || s == HZ_TAG_ADDED;
}

struct choice {
	const struct hz_record_row *row;
	struct hz_tag_set set; /* of the text */
	enum hz_shown shown;
};

/* A tag of this classification: only where its evidence is this one, for a later one may say other things. */
static enum hz_err
tag_shown(const struct choice *c, const char *value, bool *ret)
{
	struct hz_tag t;
	struct hz_kept_tag like = { .axis = HZ_AXIS_TYPE };
	HZ_TRY(hz_tag_text_read(value, strlen(value), &t));
	like.axis = t.axis;
	like.role = t.role;
	memcpy(like.value, t.value, sizeof(like.value));
	hz_tag_clear(&t);
	const struct hz_kept_tag *k = hz_tag_set_find(&c->set, &like);
	if (!k || k->record != c->row->no) {
		*ret = false;
	} else if (c->shown == HZ_SHOWN_PROPOSED) {
		*ret = hz_tag_stands(k).state == HZ_TAG_PROPOSED;
	} else {
		*ret = settled(k);
	}
	return HZ_OK;
}

/* The date that a run was given is the receipt's, and goes out where the receipt does. */
static enum hz_err
field_shown(const struct choice *c, const char *name, const char *value, bool *ret)
{
	if (c->shown == HZ_SHOWN_REVIEW) {
		*ret = strcmp(name, "review.by") != 0 && strcmp(name, "review.why") != 0;
		return HZ_OK;
	}
	if (strncmp(name, "tag.", 4) == 0 && value) {
		return tag_shown(c, value, ret);
	}
	*ret = c->shown == HZ_SHOWN_TAGS && strncmp(name, "classification.when", 19) != 0;
	return HZ_OK;
}

static enum hz_err
one(const struct choice *c, const char *p, size_t n, uint8_t *raw, size_t max, struct hz_buf *kept)
{
	struct hz_json_doc *doc = NULL;
	size_t got = 0;
	bool shown = false;
	enum hz_err r = hz_b64_get(HZ_B64_URL, p, n, raw, max, &got);
	r = r == HZ_OK ? hz_json_parse(raw, got, true, &doc) : r;
	if (r == HZ_OK) {
		const char *name = hz_json_str(hz_json_at(hz_json_root(doc), 1), NULL);
		const char *value = hz_json_str(hz_json_at(hz_json_root(doc), 2), NULL);
		r = name ? field_shown(c, name, value, &shown) : HZ_OK;
	}
	hz_json_free(&doc);
	if (r == HZ_OK && shown) {
		r = kept->len ? hz_buf_putc(kept, '~') : HZ_OK;
		r = r == HZ_OK ? hz_buf_put(kept, p, n) : r;
	}
	return r;
}

#define RAW_MAX ((size_t)HZ_FIELD_VALUE_MAX * 2)

HZ_RESULT
hz_tags_keep(struct hz_view *w, struct hz_record_row *row, enum hz_shown shown)
{
	struct choice c = { .row = row, .shown = shown };
	struct hz_buf kept = HZ_BUF_INIT(HZ_RECORD_MAX);
	const char *p = (const char *)row->disclosures.p;
	size_t left = row->disclosures.len;
	uint8_t *raw = malloc(RAW_MAX);
	bool found = false;
	enum hz_err r =
	    raw ? hz_tag_set_load(w, row->exhibit, &found, &c.set) : hz_fail(HZ_MSG_NOMEM, "a field");
	while (r == HZ_OK && left > 0) {
		const char *end = memchr(p, '~', left);
		size_t n = end ? (size_t)(end - p) : left;
		r = one(&c, p, n, raw, RAW_MAX, &kept);
		left -= end ? n + 1 : n;
		p += end ? n + 1 : n;
	}
	free(raw);
	hz_tag_set_done(&c.set);
	if (r != HZ_OK) {
		hz_buf_done(&kept);
		return r;
	}
	hz_buf_done(&row->disclosures);
	row->disclosures = kept;
	return HZ_OK;
}

static bool
counts(const struct hz_kept_tag *t, uint64_t record)
{
	for (size_t i = 0; i < t->ndecided; i++) {
		if (t->decided[i].record == record) {
			return true;
		}
	}
	return false;
}

HZ_RESULT
hz_tags_review_shown(struct hz_view *w, const struct hz_record_row *row, enum hz_shown *ret)
{
	struct hz_record r;
	struct hz_tag_set set;
	struct hz_kept_tag like;
	bool found = false;
	hz_record_init(&r);
	*ret = HZ_SHOWN_NOTHING;
	hz_tag_set_init(&set, row->exhibit);
	enum hz_err e = hz_record_fields(w, row, &r);
	const char *tag = e == HZ_OK ? hz_record_get(&r, "review.tag") : NULL;
	e = e == HZ_OK && tag ? hz_tag_id_read(tag, &like) : e;
	e = e == HZ_OK && tag ? hz_tag_set_load(w, row->exhibit, &found, &set) : e;
	if (e == HZ_OK && found) {
		const struct hz_kept_tag *t = hz_tag_set_find(&set, &like);
		if (t && settled(t) && counts(t, row->no)) {
			*ret = HZ_SHOWN_REVIEW;
		}
	}
	hz_tag_set_done(&set);
	hz_record_done(&r);
	return e;
}
