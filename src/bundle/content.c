/* The bytes of every file of a bag but the exhibits themselves. */
#include "bundle/bag.h"
#include "codec/json.h"
#include "vault/tags.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static enum hz_err
verify_txt(const struct hz_bag *b, struct hz_buf *out)
{
	const char *fp = hz_vault_info(b->v)->fingerprint;
	const char *name = b->res->name;
	HZ_TRY(hz_buf_printf(out,
	    "How to check this bundle. You need no hirz for steps 1 to 5, and no network for any.\n"
	    "The fingerprint must reach you by another way than this bundle: by phone, on paper, from an earlier\n"
	    "meeting. Whoever could change the bundle could change this file too.\n"
	    "\n"
	    "0. Unpack:              tar xf BUNDLE.tar && cd %s\n"
	    "1. Files:               sha512sum -c tagmanifest-sha512.txt && sha512sum -c manifest-sha512.txt\n"
	    "                        sha256sum -c tagmanifest-sha256.txt && sha256sum -c manifest-sha256.txt\n"
	    "2. Signature:           minisign -V -H -p keys/minisign.pub -m tagmanifest-sha512.txt\n"
	    "   or                   ssh-keygen -Y verify -f keys/allowed_signers -I hirz -n hirz-bundle \\\n"
	    "                            -s tagmanifest-sha512.txt.sig < tagmanifest-sha512.txt\n"
	    "3. Origin of the keys:  (printf '\\0'; cat custody/events/0.jws) | sha256sum\n"
	    "                        begins with the fingerprint; keys/ repeats what that event says.\n",
	    name));
	HZ_TRY(hz_buf_printf(out,
	    "4. One exhibit:         sha256sum custody/openings/EX.txt    is `com` in its first event;\n"
	    "                        sha256sum data/exhibits/EX/*         is the sha256 in the opening.\n"
	    "                        An event is read with: cut -d. -f2 N.jws | tr '_-' '/+' | base64 -d\n"
	    "5. Time stamps:         cd custody/anchors; openssl ts -verify -token_in -in N.tst -data N.checkpoint \\\n"
	    "   (where there are any)    -CAfile CA.pem    with the authority's certificate from another source\n"
	    "6. Everything at once:  hirz-verify --key FINGERPRINT --tsa-ca CA.pem BUNDLE.tar\n"
	    "7. Why a text has tags: hirz classify --text data/exhibits/EX/FILE --rules data/rules/ID.rules\n"
	    "   (where these are there)  ID is the name of the rules in data/tags/*.json\n"
	    "\n"
	    "The whole format, with every rule, is in doc/format.md.\n"
	    "The fingerprint of the vault that made this bundle, for comparison only: %s\n"
	    "\n",
	    fp));
	return hz_buf_printf(out,
	    "كيف تتحقق من هذه الحزمة. لا تحتاج إلى برنامج حرز للخطوات من 1 إلى 5، ولا إلى شبكة لأي منها.\n"
	    "يجب أن تصلك البصمة بطريق آخر غير هذه الحزمة: بالهاتف أو على ورق أو من لقاء سابق، فمن يستطيع تغيير\n"
	    "الحزمة يستطيع تغيير هذا الملف أيضًا. الأوامر هي المذكورة أعلاه بالترتيب نفسه: الملفات، ثم التوقيع، ثم أصل\n"
	    "المفاتيح، ثم دليل واحد، ثم الأختام الزمنية، ثم كل شيء معًا، ثم لماذا وُسم نص. الصيغة كاملة في الملف doc/format.md.\n");
}

static enum hz_err
bag_info(const struct hz_bag *b, struct hz_buf *out)
{
	char when[21];
	hz_time_format(b->t, when);
	return hz_buf_printf(out,
	    "Bag-Software-Agent: hirz %s\nBagging-Date: %.10s\nExternal-Identifier: %s\nPayload-Oxum: %llu.%llu\nSource-Organization: %s\n",
	    HZ_VERSION, when, b->res->name, (unsigned long long)b->payload_bytes,
	    (unsigned long long)b->payload_files, hz_vault_info(b->v)->org);
}

/* A closed log is proved at its own last checkpoint, the current one right after the export event [F-9.7]. */
static enum hz_err
note_of(struct hz_bag *b, struct hz_view *w, uint32_t log, uint64_t *ret_size, struct hz_buf *out)
{
	struct hz_log_info l;
	if (log == b->at.log) {
		*ret_size = b->at.index + 1;
		enum hz_err r = hz_log_note_at(w, log, *ret_size, out);
		return r == HZ_ERR_NOT_FOUND
			   ? hz_fail(HZ_MSG_VAULT_TAMPERED, "the checkpoint of the export is missing")
			   : r;
	}
	HZ_TRY(hz_log_info(w, log, &l));
	*ret_size = l.size;
	return hz_log_note(w, log, out);
}

static enum hz_err
cosigned(struct hz_bag *b, struct hz_view *w, struct hz_buf *out)
{
	uint64_t size = 0;
	enum hz_err r = hz_log_cosigned(w, b->at.log, b->at.index + 1, out, &size);
	return r == HZ_ERR_NOT_FOUND ? hz_fail(HZ_MSG_VAULT_TAMPERED, "a cosigned checkpoint is missing") : r;
}

/* A withheld event: its leaf hash. */
static enum hz_err
leaf(struct hz_view *w, const struct hz_entry *e, struct hz_buf *out)
{
	struct hz_buf jws = HZ_BUF_INIT(HZ_EVENT_MAX);
	uint8_t h[32];
	char hex[65];
	enum hz_err r = hz_event_load(w, (struct hz_ref){ e->log, e->a }, &jws, NULL);
	if (r == HZ_OK) {
		hz_leaf_hash(jws.p, jws.len, h);
		hz_hex(hex, h, sizeof(h));
		r = hz_buf_puts(out, hex);
	}
	hz_buf_done(&jws);
	return r;
}

static enum hz_err
proof(struct hz_bag *b, struct hz_view *w, const struct hz_entry *e, struct hz_buf *out)
{
	struct hz_tree *tree = NULL;
	struct hz_buf note = HZ_BUF_INIT(HZ_NOTE_MAX);
	uint8_t hashes[HZ_PROOF_MAX][32];
	uint64_t size = 0;
	size_t n = 0;
	enum hz_err r = note_of(b, w, e->log, &size, &note);
	r = r == HZ_OK ? hz_log_tree(w, e->log, &tree) : r;
	r = r == HZ_OK ? hz_tree_inclusion(tree, e->a, size, hashes, &n) : r;
	r = r == HZ_OK ? hz_tlog_proof_write(e->a, hashes, n, note.p, note.len, out) : r;
	hz_tree_close(&tree);
	hz_buf_done(&note);
	return r;
}

/* Fields that say what the content is, and nothing about who brought it. */
static bool
about_content(const char *name)
{
	return strcmp(name, "kind") == 0 || strcmp(name, "exhibit.number") == 0 ||
	       strcmp(name, "receipt.consent") == 0 || strncmp(name, "content.", 8) == 0;
}

/* Keeps the disclosures of a row that may be shown, joined as before. */
static enum hz_err
keep_shown(struct hz_view *w, struct hz_record_row *row, uint8_t shown)
{
	if (shown == HZ_SHOWN_TAGS || shown == HZ_SHOWN_REVIEW || shown == HZ_SHOWN_PROPOSED) {
		return hz_tags_keep(w, row, (enum hz_shown)shown);
	}
	struct hz_buf kept = HZ_BUF_INIT(HZ_RECORD_MAX);
	const char *p = (const char *)row->disclosures.p;
	size_t left = row->disclosures.len;
	uint8_t raw[HZ_FIELD_VALUE_MAX * 2];
	enum hz_err r = HZ_OK;
	while (r == HZ_OK && left > 0 && shown == HZ_SHOWN_CONTENT) {
		const char *end = memchr(p, '~', left);
		size_t n = end ? (size_t)(end - p) : left, got = 0;
		struct hz_json_doc *doc = NULL;
		r = hz_b64_get(HZ_B64_URL, p, n, raw, sizeof(raw), &got);
		r = r == HZ_OK ? hz_json_parse(raw, got, true, &doc) : r;
		const char *name = r == HZ_OK ? hz_json_str(hz_json_at(hz_json_root(doc), 1), NULL) : NULL;
		if (name && about_content(name)) {
			r = kept.len ? hz_buf_putc(&kept, '~') : HZ_OK;
			r = r == HZ_OK ? hz_buf_put(&kept, p, n) : r;
		}
		hz_json_free(&doc);
		left -= end ? n + 1 : n;
		p += n + 1;
	}
	if (r == HZ_OK && shown != HZ_SHOWN_ALL) {
		hz_buf_done(&row->disclosures);
		row->disclosures = kept;
		return HZ_OK;
	}
	hz_buf_done(&kept);
	return r;
}

static enum hz_err
record(struct hz_view *w, const struct hz_entry *e, struct hz_buf *out)
{
	struct hz_record_row row;
	HZ_TRY(hz_record_load(w, e->a, &row));
	enum hz_err r = keep_shown(w, &row, e->shown);
	r = r == HZ_OK ? hz_buf_put(out, row.jwt.p, row.jwt.len) : r;
	r = r == HZ_OK ? hz_buf_putc(out, '~') : r;
	if (r == HZ_OK && row.disclosures.len) {
		r = hz_buf_put(out, row.disclosures.p, row.disclosures.len);
		r = r == HZ_OK ? hz_buf_putc(out, '~') : r;
	}
	hz_record_row_done(&row);
	return r;
}

static enum hz_err
anchor(struct hz_view *w, const struct hz_entry *e, struct hz_buf *out)
{
	struct hz_anchor a;
	enum hz_err r = hz_bag_anchor(w, hz_rd_be64(e->id), &a);

	r = r == HZ_OK ? hz_buf_put(out, a.part[e->ext].p, a.part[e->ext].len) : r;
	hz_anchor_done(&a);
	return r;
}

static enum hz_err
opening(struct hz_view *w, const struct hz_entry *e, struct hz_buf *out)
{
	struct hz_exhibit x;
	struct hz_object o;
	HZ_TRY(hz_exhibit_get(w, e->a, &x));
	HZ_TRY(hz_object_load(w, &x, &o));
	enum hz_err r = hz_buf_put(out, o.opening_text.p, o.opening_text.len);
	hz_object_done(&o);
	return r;
}

static enum hz_err
jwks(struct hz_view *w, struct hz_buf *out)
{
	uint8_t pks[HZ_JWKS_MAX][32];
	struct hz_member_info m;
	size_t n = 0;
	enum hz_err r = HZ_OK;
	for (unsigned i = 0; i < HZ_JWKS_MAX; i++) {
		r = hz_member_info(w, i, &m);
		if (r != HZ_OK) {
			break;
		}
		memcpy(pks[n++], m.event_pk, 32);
	}
	if (r != HZ_OK && r != HZ_ERR_NOT_FOUND) {
		return r;
	}
	return hz_jwks_write((const uint8_t(*)[32])pks, n, out);
}

static enum hz_err
vkey(struct hz_bag *b, struct hz_view *w, struct hz_buf *out)
{
	struct hz_log_info l;
	HZ_TRY(hz_log_info(w, b->at.log, &l));
	return hz_buf_printf(out, "%s\n", l.vkey);
}

static enum hz_err
rules(struct hz_bag *b, struct hz_view *w, const struct hz_entry *e, struct hz_buf *out)
{
	struct hz_rules_row row;
	HZ_TRY(hz_rules_row_get(w, b->res->rules[e->a].no, &row));
	return hz_rules_bytes(w, &row, out);
}

HZ_RESULT
hz_entry_content(struct hz_bag *b, struct hz_view *w, const struct hz_entry *e, struct hz_buf *out)
{
	const uint8_t *pk = hz_vault_bundle_key(b->v)->pk;
	uint64_t size = 0;
	switch ((enum hz_entry_kind)e->kind) {
	case HZ_ENTRY_VERIFY_TXT:
		return verify_txt(b, out);
	case HZ_ENTRY_BAG_INFO:
		return bag_info(b, out);
	case HZ_ENTRY_BAGIT:
		return hz_buf_puts(out, "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n");
	case HZ_ENTRY_CHECKPOINT:
		return note_of(b, w, e->log, &size, out);
	case HZ_ENTRY_COSIGNED:
		return cosigned(b, w, out);
	case HZ_ENTRY_LEAF:
		return leaf(w, e, out);
	case HZ_ENTRY_EVENT:
		return hz_event_load(w, (struct hz_ref){ e->log, e->a }, out, NULL);
	case HZ_ENTRY_PROOF:
		return proof(b, w, e, out);
	case HZ_ENTRY_ANCHOR:
		return anchor(w, e, out);
	case HZ_ENTRY_HEADS:
		return hz_buf_put(out, b->heads.p, b->heads.len);
	case HZ_ENTRY_OPENING:
		return opening(w, e, out);
	case HZ_ENTRY_RECORD:
	case HZ_ENTRY_PROPOSED:
		return record(w, e, out);
	case HZ_ENTRY_RULES:
		return rules(b, w, e, out);
	case HZ_ENTRY_FORMAT:
		/* cppcheck-suppress comparePointers ; two marks in one text */
		return hz_buf_put(out, hz_format_md, (size_t)(hz_format_md_end - hz_format_md));
	case HZ_ENTRY_JWKS:
		return jwks(w, out);
	case HZ_ENTRY_ALLOWED:
		return hz_ssh_allowed_line(pk, HZ_SSHSIG_PRINCIPAL, HZ_SSHSIG_NS, out);
	case HZ_ENTRY_VKEY:
		return vkey(b, w, out);
	case HZ_ENTRY_MINISIGN_PUB:
		return hz_minisign_pub_write(pk, out);
	case HZ_ENTRY_EXHIBIT:
	case HZ_ENTRY_RECORDS_JSON:
	case HZ_ENTRY_CONFIRMED_JSON:
	case HZ_ENTRY_PROPOSED_JSON:
		break;
	}
	return hz_fail(HZ_MSG_INTERNAL, "a file of the bag without content");
}

/* --- records.json [F-9.11] ------------------------------------------------------------------------------ */

static int
by_name(const void *a, const void *b)
{
	return strcmp(((const struct hz_field *)a)->name, ((const struct hz_field *)b)->name);
}

static const char json_end[] = "],\"v\":1}";

static const char *
json_begin(enum hz_entry_kind which)
{
	return which == HZ_ENTRY_PROPOSED_JSON ? "{\"note\":\"" HZ_PROPOSED_NOTE "\",\"records\":["
					       : "{\"records\":[";
}

bool
hz_entry_listed(const struct hz_entry *e, enum hz_entry_kind which)
{
	if (which == HZ_ENTRY_PROPOSED_JSON) {
		return e->kind == HZ_ENTRY_PROPOSED;
	}
	return e->kind == HZ_ENTRY_RECORD &&
	       (which == HZ_ENTRY_RECORDS_JSON || e->shown == HZ_SHOWN_TAGS || e->shown == HZ_SHOWN_REVIEW);
}

/* What is shown of a record, as one element of records.json. */
static enum hz_err
row_json(struct hz_view *w, const struct hz_record_row *row, struct hz_buf *out)
{
	struct hz_record r;
	struct hz_jw jw;
	char rid[HZ_ID_TEXT] = "rc-";
	hz_record_init(&r);
	enum hz_err res = hz_record_fields(w, row, &r);
	if (res == HZ_OK) {
		hz_hex(rid + 3, row->rid, 16);
		if (r.n) {
			qsort(r.fields, r.n, sizeof(*r.fields), by_name);
		}
		hz_jw_begin(&jw, out);
		hz_jw_obj(&jw, NULL);
		hz_jw_obj(&jw, "fields");
		for (size_t i = 0; i < r.n; i++) {
			if (r.fields[i].is_int) {
				uint64_t v = 0;
				HZ_IGNORE(hz_parse_u64(r.fields[i].value, strlen(r.fields[i].value),
				    UINT64_MAX, &v)); /* the reader checked it */
				hz_jw_int(&jw, r.fields[i].name, v);
			} else {
				hz_jw_str(&jw, r.fields[i].name, r.fields[i].value);
			}
		}
		hz_jw_obj_end(&jw);
		hz_jw_str(&jw, "rid", rid);
		hz_jw_int(&jw, "ver", row->ver);
		hz_jw_obj_end(&jw);
		res = hz_jw_end(&jw);
	}
	hz_record_done(&r);
	return res;
}

static enum hz_err
record_json(struct hz_view *w, const struct hz_entry *e, struct hz_buf *out)
{
	struct hz_record_row row;
	HZ_TRY(hz_record_load(w, e->a, &row));
	enum hz_err r = keep_shown(w, &row, e->shown);
	r = r == HZ_OK ? row_json(w, &row, out) : r;
	hz_record_row_done(&row);
	return r;
}

HZ_RESULT
hz_record_measure(struct hz_view *w, struct hz_record_row *row, struct hz_entry *e)
{
	struct hz_buf json = HZ_BUF_INIT(4 * (size_t)HZ_RECORD_MAX);
	enum hz_err r = keep_shown(w, row, e->shown);
	r = r == HZ_OK ? row_json(w, row, &json) : r;
	e->size = (uint32_t)(row->jwt.len + 1 + (row->disclosures.len ? row->disclosures.len + 1 : 0));
	e->json_size = (uint32_t)json.len;
	hz_buf_done(&json);
	return r;
}

uint64_t
hz_records_json_size(const struct hz_bag *b, enum hz_entry_kind which)
{
	uint64_t size = strlen(json_begin(which)) + strlen(json_end);
	bool first = true;
	for (size_t i = 0; i < b->n; i++) {
		if (hz_entry_listed(&b->entries[i], which)) {
			size += b->entries[i].json_size + (first ? 0u : 1u);
			first = false;
		}
	}
	return size;
}

HZ_RESULT
hz_records_json(struct hz_bag *b, struct hz_view *w, enum hz_entry_kind which,
    enum hz_err (*sink)(void *arg, const void *p, size_t n), void *arg)
{
	struct hz_buf one = HZ_BUF_INIT(4 * (size_t)HZ_RECORD_MAX);
	bool first = true;
	enum hz_err r = sink(arg, json_begin(which), strlen(json_begin(which)));
	for (size_t i = 0; r == HZ_OK && i < b->n; i++) {
		if (!hz_entry_listed(&b->entries[i], which)) {
			continue;
		}
		hz_buf_clear(&one);
		r = first ? HZ_OK : hz_buf_putc(&one, ',');
		first = false;
		r = r == HZ_OK ? record_json(w, &b->entries[i], &one) : r;
		r = r == HZ_OK ? sink(arg, one.p, one.len) : r;
	}
	hz_buf_done(&one);
	return r == HZ_OK ? sink(arg, json_end, strlen(json_end)) : r;
}
