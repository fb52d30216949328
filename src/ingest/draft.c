/* What a record says of a source [F-7.5]: fields and their disclosures, made in the workers. */
#include "ingest/inner.h"

#include "base/enc.h"
#include <string.h>

#define REPAIR_MAX ((size_t)4 * HZ_FIELD_VALUE_MAX)

static enum hz_err
given(struct hz_record *r, const char *name, const char *value)
{
	return value != NULL && value[0] != '\0' ? hz_record_add(r, name, value) : HZ_OK;
}

/* Bytes of a name as text, and exactly where they are no text. */
static enum hz_err
name_fields(struct hz_record *r, const char *field, const char *field_b64, const char *bytes)
{
	struct hz_buf text = HZ_BUF_INIT(REPAIR_MAX);
	size_t n = strlen(bytes);

	if (hz_utf8_ok(bytes, n)) {
		return hz_record_add(r, field, bytes);
	}
	const uint8_t *p = (const uint8_t *)bytes;
	enum hz_err err = HZ_OK;
	for (size_t at = 0; err == HZ_OK && at < n;) {
		uint32_t cp = 0;
		size_t used = hz_utf8_next(p + at, n - at, &cp);
		bool bad = cp == 0xFFFFFFFF;
		err = hz_buf_put(&text, bad ? (const void *)"\xef\xbf\xbd" : p + at, bad ? 3 : used);
		at += used;
	}
	if (err == HZ_OK) {
		err = hz_record_addn(r, field, text.p, text.len);
	}
	hz_buf_clear(&text);
	if (err == HZ_OK) {
		err = hz_b64_put(&text, HZ_B64_URL, bytes, n);
	}
	if (err == HZ_OK) {
		err = hz_record_addn(r, field_b64, text.p, text.len);
	}
	hz_buf_done(&text);
	return err;
}

static enum hz_err
source_fields(struct hz_record *r, const struct hz_about *a)
{
	char time[21];

	if (a->name != NULL) {
		HZ_TRY(name_fields(r, "exhibit.name", "exhibit.name_b64", a->name));
	}
	if (a->below != NULL) {
		HZ_TRY(name_fields(r, "exhibit.path", "exhibit.path_b64", a->below));
	}
	if (a->has_mtime) {
		hz_time_format(a->mtime, time);
		HZ_TRY(hz_record_add(r, "file.mtime", time));
	}
	return HZ_OK;
}

static enum hz_err
receipt_fields(struct hz_record *r, const struct hz_ingest_opts *o, const struct hz_claimed *when)
{
	static const char *const words[] = { [HZ_CONSENT_UNKNOWN] = "unknown",
		[HZ_CONSENT_GIVEN] = "given",
		[HZ_CONSENT_NONE_NEEDED] = "none" };
	bool basis = o->consent == HZ_CONSENT_NONE_NEEDED;

	HZ_TRY(given(r, "receipt.source", o->source));
	HZ_TRY(given(r, "receipt.from", o->from));
	HZ_TRY(given(r, "receipt.where", o->where));
	if (when->precision != NULL) {
		HZ_TRY(hz_record_add(r, "receipt.when", o->when));
		HZ_TRY(hz_record_add(r, "receipt.when_from", when->from));
		HZ_TRY(hz_record_add(r, "receipt.when_to", when->to));
		HZ_TRY(hz_record_add(r, "receipt.when_precision", when->precision));
	}
	HZ_TRY(hz_record_add(r, "receipt.consent", words[o->consent]));
	HZ_TRY(given(r, "receipt.consent_ref", o->consent == HZ_CONSENT_GIVEN ? o->consent_ref : NULL));
	return given(r, basis ? "receipt.consent_basis" : "receipt.note", o->note);
}

static enum hz_err
exhibit_fields(struct hz_record *r, const struct hz_ingest_opts *o, const struct hz_about *a)
{
	HZ_TRY(given(r, "exhibit.title", o->title));
	HZ_TRY(given(r, "exhibit.lang", o->lang));
	HZ_TRY(hz_record_add_int(r, "content.size", a->size));
	HZ_TRY(hz_media_fields(a->media, r));
	return given(r, "case", o->case_code);
}

HZ_RESULT
hz_draft_make(const struct hz_ingest_opts *o, const struct hz_claimed *when, const struct hz_about *a,
    struct hz_record *rec, struct hz_record_draft *ret_d)
{
	hz_record_init(rec);
	enum hz_err r = hz_record_add(rec, "kind", a->media != NULL ? "exhibit" : "receipt");
	if (r == HZ_OK) {
		r = source_fields(rec, a);
	}
	if (r == HZ_OK && a->media != NULL) {
		r = exhibit_fields(rec, o, a);
	}
	if (r == HZ_OK) {
		r = receipt_fields(rec, o, when);
	}
	if (r == HZ_OK) {
		r = hz_record_draft(rec, ret_d);
	}
	if (r != HZ_OK) {
		hz_record_done(rec);
	}
	return r;
}

HZ_RESULT
hz_draft_receipt(const struct hz_record *from, struct hz_record *rec, struct hz_record_draft *ret_d)
{
	static const char *const kept[] = { "exhibit.name", "exhibit.name_b64", "exhibit.path",
		"exhibit.path_b64", "file.mtime" };

	hz_record_init(rec);
	enum hz_err r = hz_record_add(rec, "kind", "receipt");
	for (size_t i = 0; i < from->n && r == HZ_OK; i++) {
		const struct hz_field *f = &from->fields[i];
		bool keep = strncmp(f->name, "receipt.", 8) == 0;
		for (size_t k = 0; k < sizeof kept / sizeof kept[0]; k++) {
			keep = keep || strcmp(f->name, kept[k]) == 0;
		}
		if (keep) {
			r = hz_record_add(rec, f->name, f->value);
		}
	}
	if (r == HZ_OK) {
		r = hz_record_draft(rec, ret_d);
	}
	if (r != HZ_OK) {
		hz_record_done(rec);
	}
	return r;
}
