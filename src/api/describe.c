/* What the record says of a source [F-7.5]: the caller's words, the file's time, the type of its content. */
#include "api/add.h"

#include "base/enc.h"
#include "base/plaintext.h"
#include "ingest/ingest.h"
#include <stdio.h>
#include <string.h>

#define NAME_MAX_BYTES 4096
#define NAME_TEXT_MAX  ((size_t)4 * NAME_MAX_BYTES) /* U+FFFD for each byte, or base64 */

/* --- checks ----------------------------------------------------------------------------------------------
 */

static enum hz_err
check_text(const char *name, const char *s)
{
	size_t n = s != NULL ? strlen(s) : 0;
	if (n > HZ_FIELD_VALUE_MAX) {
		return hz_fail(HZ_MSG_USAGE, "%s: more than %d bytes", name, HZ_FIELD_VALUE_MAX);
	}
	if (n != 0 && !hz_utf8_ok(s, n)) {
		return hz_fail(HZ_MSG_USAGE, "%s: not UTF-8", name);
	}
	for (size_t i = 0; i < n; i++) {
		if ((unsigned char)s[i] < ' ' || s[i] == 0x7f) {
			return hz_fail(HZ_MSG_USAGE, "%s: a control character", name);
		}
	}
	return HZ_OK;
}

static bool
given(const char *s)
{
	return s != NULL && s[0] != '\0';
}

HZ_RESULT
hz_api_add_check(const struct hirz_add_opts *o)
{
	const struct {
		const char *name, *value;
	} texts[] = { { "title", o->title }, { "lang", o->lang }, { "source", o->source },
		{ "from", o->from }, { "where", o->where }, { "when", o->when },
		{ "media_type", o->media_type }, { "consent_ref", o->consent_ref }, { "note", o->note } };
	struct hz_claimed when;
	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
		HZ_TRY(check_text(texts[i].name, texts[i].value));
	}
	if (o->name != NULL && strlen(o->name) > NAME_MAX_BYTES) {
		return hz_fail(HZ_MSG_USAGE, "name: more than %d bytes", NAME_MAX_BYTES);
	}
	if (o->media_type != NULL && strlen(o->media_type) >= sizeof(((struct hz_media *)0)->type)) {
		return hz_fail(HZ_MSG_USAGE, "media_type: too long");
	}
	if ((o->flags & ~HIRZ_ADD_NO_INSPECT) != 0) {
		return hz_fail(HZ_MSG_UNSUPPORTED, "flags %x", o->flags);
	}
	if (o->consent > HIRZ_CONSENT_NONE_NEEDED) {
		return hz_fail(HZ_MSG_USAGE, "consent %u", o->consent);
	}
	if (o->consent == HIRZ_CONSENT_GIVEN && !given(o->consent_ref)) {
		return hz_fail(HZ_MSG_USAGE, "consent given: say in consent_ref where");
	}
	if (o->consent == HIRZ_CONSENT_NONE_NEEDED && !given(o->note)) {
		return hz_fail(HZ_MSG_USAGE, "no consent needed: say in note on which basis");
	}
	HZ_TRY(o->case_code != NULL ? hz_case_code_check(o->case_code) : HZ_OK);
	return given(o->when) ? hz_claimed_parse(o->when, &when) : HZ_OK;
}

/* --- type --------------------------------------------------------------------------------------------------
 */

/* Never a reason not to seal: what could not be told is `unknown`. */
static void
ask_inspector(struct hz_api_add *a)
{
	struct hirz_vault *v = a->v;
	uint64_t size = a->whole ? a->n : a->stream ? HZ_INSPECT_SIZE_UNKNOWN : (uint64_t)a->st.st_size;
	if (!v->inspector_tried) {
		char path[HZ_INSPECT_PATH_MAX];
		v->inspector_tried = true;
		if (hz_inspector_find(path, sizeof path) == HZ_OK) {
			HZ_IGNORE(hz_inspector_new(path, false, &v->inspector)); /* NULL then */
		}
	}
	hz_media_ask(v->inspector, a->block, a->n, size, a->stream ? -1 : a->fd, &a->media);
}

void
hz_api_media(struct hz_api_add *a)
{
	if (given(a->o.media_type)) {
		hz_media_set(&a->media, a->o.media_type, "the calling program");
	} else if (a->whole && hz_plaintext_ok(a->block, a->n)) {
		hz_media_set(&a->media, "text/plain; charset=utf-8", "hirz plain text check");
	} else if ((a->o.flags & HIRZ_ADD_NO_INSPECT) != 0) {
		hz_media_set(&a->media, "unknown", "not asked");
	} else {
		ask_inspector(a);
	}
}

/* --- fields ------------------------------------------------------------------------------------------------
 */

/* A name of any bytes: as text, and exactly where it is no text. */
static enum hz_err
name_fields(struct hz_record *r, const char *name)
{
	struct hz_buf b = HZ_BUF_INIT(NAME_TEXT_MAX);
	const uint8_t *p = (const uint8_t *)name;
	size_t n = strlen(name), used = 0;
	if (hz_utf8_ok(name, n)) {
		return hz_record_add(r, "exhibit.name", name);
	}
	enum hz_err e = HZ_OK;
	for (size_t at = 0; e == HZ_OK && at < n; at += used) {
		uint32_t cp = 0;
		used = hz_utf8_next(p + at, n - at, &cp);
		e = cp == 0xFFFFFFFF ? hz_buf_puts(&b, "\xef\xbf\xbd") : hz_buf_put(&b, p + at, used);
	}
	e = e == HZ_OK ? hz_record_addn(r, "exhibit.name", b.p, b.len) : e;
	hz_buf_clear(&b);
	e = e == HZ_OK ? hz_b64_put(&b, HZ_B64_URL, name, n) : e;
	e = e == HZ_OK ? hz_record_addn(r, "exhibit.name_b64", b.p, b.len) : e;
	hz_buf_done(&b);
	return e;
}

static enum hz_err
when_fields(struct hz_record *r, const char *text)
{
	struct hz_claimed w;
	HZ_TRY(hz_claimed_parse(text, &w));
	HZ_TRY(hz_record_add(r, "receipt.when", text));
	HZ_TRY(hz_record_add(r, "receipt.when_from", w.from));
	HZ_TRY(hz_record_add(r, "receipt.when_to", w.to));
	return hz_record_add(r, "receipt.when_precision", w.precision);
}

static enum hz_err
fields(struct hz_record *r, const struct hz_api_add *a, bool receipt)
{
	static const char *const consents[] = { "unknown", "given", "none" };
	const struct hirz_add_opts *o = &a->o;
	bool basis = o->consent == HIRZ_CONSENT_NONE_NEEDED;
	const struct {
		const char *name, *value;
		bool exhibit; /* not in further receipts */
	} texts[] = { { "exhibit.title", o->title, true }, { "exhibit.lang", o->lang, true },
		{ "case", o->case_code, true }, { "receipt.source", o->source, false },
		{ "receipt.from", o->from, false }, { "receipt.where", o->where, false },
		{ "receipt.consent", consents[o->consent], false },
		{ "receipt.consent_ref", o->consent == HIRZ_CONSENT_GIVEN ? o->consent_ref : NULL, false },
		{ basis ? "receipt.consent_basis" : "receipt.note", o->note, false } };
	HZ_TRY(hz_record_add(r, "kind", receipt ? "receipt" : "exhibit"));
	HZ_TRY(given(o->name) ? name_fields(r, o->name) : HZ_OK);
	if (!a->stream) {
		char time[21];
		hz_time_format(a->st.st_mtim.tv_sec, time);
		HZ_TRY(hz_record_add(r, "file.mtime", time));
	}
	HZ_TRY(receipt ? HZ_OK : hz_record_add_int(r, "content.size", a->size));
	HZ_TRY(receipt ? HZ_OK : hz_media_fields(&a->media, r));
	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
		if (given(texts[i].value) && !(receipt && texts[i].exhibit)) {
			HZ_TRY(hz_record_add(r, texts[i].name, texts[i].value));
		}
	}
	return given(o->when) ? when_fields(r, o->when) : HZ_OK;
}

HZ_RESULT
hz_api_draft(const struct hz_api_add *a, bool receipt, struct hz_record *rec, struct hz_record_draft *ret_d)
{
	hz_record_init(rec);
	enum hz_err r = fields(rec, a, receipt);
	r = r == HZ_OK ? hz_record_draft(rec, ret_d) : r;
	if (r != HZ_OK) {
		hz_record_done(rec);
	}
	return r;
}
