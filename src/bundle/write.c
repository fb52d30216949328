/* An export from decision to file. */
#include "bundle/bag.h"
#include "bundle/relay.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define VIEW_SEGMENTS 64 /* a view is renewed after so many: no long read transaction holds pages back */

void
hz_bundle_result_done(struct hz_bundle_result *r)
{
	free(r->withheld);
	r->withheld = NULL;
	free(r->rules);
	r->rules = NULL;
	hz_buf_done(&r->checkpoint);
}

static void
bag_done(struct hz_bag *b)
{
	free(b->chosen);
	free(b->subjects);
	free(b->entries);
	free(b->log_hex);
	hz_buf_done(&b->heads);
}

/* --- the export event ------------------------------------------------------------------------------------
 */

static enum hz_err
export_event(struct hz_bag *b)
{
	uint8_t heads[32];
	struct hz_new_event x = { .act = HZ_ACT_EXPORT,
		.kind = HZ_REC_EXPORT,
		.heads = heads,
		.mentions = b->chosen,
		.nmentions = b->nchosen };
	struct hz_record rec;
	hz_sha256(b->heads.p, b->heads.len, heads);
	hz_record_init(&rec);
	enum hz_err r = hz_record_add(&rec, "kind", "export");
	r = r == HZ_OK ? hz_record_add(&rec, "export.to", b->o->to) : r;
	r = r == HZ_OK ? hz_record_add(&rec, "export.purpose", b->o->purpose) : r;
	r = r == HZ_OK ? hz_record_add_int(&rec, "export.count", b->nchosen) : r;
	r = r == HZ_OK ? hz_record_add_int(&rec, "export.withheld", b->res->withheld_count) : r;
	r = r == HZ_OK ? hz_vault_event(b->v, &x, &rec, &b->at, b->leaf) : r;
	hz_record_done(&rec);
	return r;
}

static enum hz_err
file_event(struct hz_bag *b, const uint8_t sha512[static 64], uint64_t size, const uint8_t tag[static 64])
{
	struct hz_new_event x = { .act = HZ_ACT_NOTE, .kind = HZ_REC_EXPORT_FILE, .ref = b->leaf };
	struct hz_record rec;
	char hex[129], tag_hex[129];
	hz_hex(hex, sha512, 64);
	hz_hex(tag_hex, tag, 64);
	hz_record_init(&rec);
	enum hz_err r = hz_record_add(&rec, "kind", "export-file");
	r = r == HZ_OK ? hz_record_add(&rec, "file.sha512", hex) : r;
	r = r == HZ_OK ? hz_record_add_int(&rec, "file.size", size) : r;
	r = r == HZ_OK ? hz_record_add(&rec, "tagmanifest.sha512", tag_hex) : r;
	r = r == HZ_OK ? hz_vault_event(b->v, &x, &rec, NULL, NULL) : r;
	hz_record_done(&rec);
	return r;
}

/* An export that nothing could be part of: who asked, for whom, and which rule kept everything back. */
static enum hz_err
refused_event(struct hz_bag *b)
{
	size_t n = b->res->withheld_count;
	uint64_t *which = calloc(n, sizeof(*which));
	struct hz_new_event x = {
		.act = HZ_ACT_REFUSED, .kind = HZ_REC_REFUSED, .mentions = which, .nmentions = n
	};
	struct hz_record rec;
	hz_record_init(&rec);
	enum hz_err r = which ? hz_record_add(&rec, "kind", "refused") : hz_fail(HZ_MSG_NOMEM, "a list");
	r = r == HZ_OK ? hz_record_add(&rec, "refused.what", "export") : r;
	r = r == HZ_OK ? hz_record_add(&rec, "refused.rule", hz_bundle_rule_name(HZ_WITHHELD_CONSENT_UNKNOWN))
		       : r;
	r = r == HZ_OK ? hz_record_add(&rec, "refused.to", b->o->to) : r;
	r = r == HZ_OK ? hz_record_add_int(&rec, "refused.count", n) : r;
	for (size_t i = 0; r == HZ_OK && i < n; i++) {
		which[i] = b->res->withheld[i].exhibit;
	}
	r = r == HZ_OK ? hz_vault_event(b->v, &x, &rec, NULL, NULL) : r;
	free(which);
	hz_record_done(&rec);
	return r;
}

static enum hz_err
event_time(struct hz_bag *b, struct hz_view *w)
{
	struct hz_buf jws = HZ_BUF_INIT(HZ_EVENT_MAX);
	struct hz_event *e = calloc(1, sizeof(*e));
	enum hz_err r = e ? hz_event_load(w, b->at, &jws, NULL) : hz_fail(HZ_MSG_NOMEM, "an event");
	r = r == HZ_OK ? hz_event_read(jws.p, jws.len, e) : r;
	if (r == HZ_OK) {
		char when[21];
		b->t = e->t;
		hz_time_format(b->t, when);
		(void)snprintf(b->res->name, sizeof(b->res->name), "hirz-%.4s%.2s%.2s-%04llu", when, when + 5,
		    when + 8, (unsigned long long)b->at.index);
	}
	free(e);
	hz_buf_done(&jws);
	return r;
}

/* --- files -------------------------------------------------------------------------------------------------
 */

/* Plaintext on its way out: while one buffer fills with what is decrypted, the other is hashed and put into
 * the tar aside. */
struct packer {
	struct hz_bag_out *out;
	struct hz_hash *sha512;
	struct hz_relay relay;
};

static enum hz_err
pack(void *arg, const uint8_t *p, size_t n)
{
	struct packer *k = arg;
	hz_hash_add(k->sha512, p, n);
	return hz_bag_out_put(k->out, p, n);
}

struct content { /* one exhibit on its way out */
	struct hz_bag *b;
	struct packer *pack;
};

static enum hz_err
plain(void *arg, const uint8_t *p, size_t n)
{
	struct content *c = arg;
	c->b->done += n;
	return hz_relay_put(&c->pack->relay, p, n);
}

static enum hz_err
exhibit_bytes(struct content *c, struct hz_object *o, struct hz_opener *op)
{
	struct hz_view *w = NULL;
	enum hz_err r = HZ_OK;
	for (uint64_t i = 0; r == HZ_OK && i < o->segments; i++) {
		const uint8_t *p = NULL;
		size_t n = 0;
		if (i % VIEW_SEGMENTS == 0) {
			hz_view_end(&w);
			r = hz_view_begin(c->b->v, &w);
		}
		if (r == HZ_OK) {
			hz_object_willneed(w, o, i + 8);
			r = hz_object_segment(w, o, i, false, &p, &n);
		}
		r = r == HZ_OK ? hz_opener_put(op, p, n, plain, c) : r;
		if (r == HZ_OK) {
			hz_object_dontneed(w, p, n);
			if (c->b->progress) {
				c->b->progress(c->b->arg, c->b->done, c->b->res->bytes);
			}
			r = hz_cancel_check();
		}
	}
	hz_view_end(&w);
	return r;
}

/* Plaintext goes out while it is checked: a tag that fails stops the export, and the file never gets its
 * name. */
static enum hz_err
put_exhibit(struct hz_bag *b, struct packer *k, struct hz_entry *e, const char *path)
{
	struct content c = { b, k };
	struct hz_view *w = NULL;
	struct hz_exhibit x;
	struct hz_object o;
	struct hz_opener *op = NULL;
	HZ_TRY(hz_view_begin(b->v, &w));
	enum hz_err r = hz_exhibit_get(w, e->a, &x);
	r = r == HZ_OK ? hz_object_load(w, &x, &o) : r;
	hz_view_end(&w);
	HZ_TRY(r);
	hz_hash_begin(k->sha512);
	r = hz_bag_out_file(k->out, path, o.opening.size);
	r = r == HZ_OK ? hz_opener_new(&op) : r;
	r = r == HZ_OK ? hz_opener_begin(op, o.file_key, o.opening.size, o.payload) : r;
	r = r == HZ_OK ? exhibit_bytes(&c, &o, op) : r;
	r = r == HZ_OK ? hz_relay_end(&k->relay) : r;
	r = r == HZ_OK ? hz_opener_end(op, e->sha256) : r;
	if (r == HZ_OK && memcmp(e->sha256, o.opening.sha256, 32) != 0) {
		r = hz_fail(HZ_MSG_CONTENT_DIFFERS, "%s: its content is not what was committed to", x.number);
	}
	hz_hash_end(k->sha512, e->sha512);
	hz_opener_free(&op);
	hz_object_done(&o);
	return r;
}

struct hashing {
	struct hz_bag_out *out;
	struct hz_hash *sha256, *sha512;
	uint64_t size;
};

static enum hz_err
hash_and_put(void *arg, const void *p, size_t n)
{
	struct hashing *h = arg;
	hz_hash_add(h->sha256, p, n);
	hz_hash_add(h->sha512, p, n);
	h->size += n;
	return hz_bag_out_put(h->out, p, n);
}

static enum hz_err
put_records_json(struct hz_bag *b, struct hz_bag_out *out, struct hz_entry *e, const char *path,
    struct hz_hash *s256, struct hz_hash *s512)
{
	struct hashing h = { out, s256, s512, 0 };
	struct hz_view *w = NULL;
	enum hz_entry_kind which = (enum hz_entry_kind)e->kind;
	uint64_t size = hz_records_json_size(b, which);
	hz_hash_begin(s256);
	hz_hash_begin(s512);
	HZ_TRY(hz_view_begin(b->v, &w));
	enum hz_err r = hz_bag_out_file(out, path, size);
	r = r == HZ_OK ? hz_records_json(b, w, which, hash_and_put, &h) : r;
	hz_view_end(&w);
	if (r == HZ_OK && h.size != size) {
		r = hz_fail(HZ_MSG_INTERNAL, "a list of records has another size than was planned");
	}
	hz_hash_end(s256, e->sha256);
	hz_hash_end(s512, e->sha512);
	return r;
}

static enum hz_err
put_small(struct hz_bag *b, struct hz_bag_out *out, struct hz_entry *e, const char *path, struct hz_buf *buf)
{
	struct hz_view *w = NULL;
	hz_buf_clear(buf);
	HZ_TRY(hz_view_begin(b->v, &w));
	enum hz_err r = hz_entry_content(b, w, e, buf);
	hz_view_end(&w);
	HZ_TRY(r);
	hz_sha256(buf->p, buf->len, e->sha256);
	hz_sha512(buf->p, buf->len, e->sha512);
	HZ_TRY(hz_bag_out_file(out, path, buf->len));
	return hz_bag_out_put(out, buf->p, buf->len);
}

static bool
is_list(const struct hz_entry *e)
{
	return e->kind == HZ_ENTRY_RECORDS_JSON || e->kind == HZ_ENTRY_CONFIRMED_JSON ||
	       e->kind == HZ_ENTRY_PROPOSED_JSON;
}

/* The payload's bytes and files must be known before bag-info.txt, which comes early in the order. */
static enum hz_err
payload_size(struct hz_bag *b, struct hz_view *w)
{
	b->payload_bytes = 0;
	b->payload_files = 0;
	for (size_t i = 0; i < b->n; i++) {
		const struct hz_entry *e = &b->entries[i];
		struct hz_exhibit x;
		if (e->kind == HZ_ENTRY_EXHIBIT) {
			HZ_TRY(hz_exhibit_get(w, e->a, &x));
			b->payload_bytes += x.size;
			b->payload_files++;
		} else if (e->kind == HZ_ENTRY_RECORD || e->kind == HZ_ENTRY_PROPOSED) {
			b->payload_bytes += e->size;
			b->payload_files++;
		} else if (e->kind == HZ_ENTRY_RULES) {
			b->payload_bytes += b->res->rules[e->a].size;
			b->payload_files++;
		} else if (is_list(e)) {
			b->payload_bytes += hz_records_json_size(b, (enum hz_entry_kind)e->kind);
			b->payload_files++;
		}
	}
	return HZ_OK;
}

static bool
is_payload(const struct hz_entry *e)
{
	return e->kind == HZ_ENTRY_EXHIBIT || e->kind == HZ_ENTRY_RECORD || e->kind == HZ_ENTRY_PROPOSED ||
	       e->kind == HZ_ENTRY_RULES || is_list(e);
}

struct manifests {
	uint8_t m256[2][32], m512[2][64]; /* digests of the payload manifests, SHA-256 and SHA-512 */
	uint8_t tag512[64];
	struct hz_buf tag; /* tagmanifest-sha512.txt, to be signed */
};

/* One manifest, whole in memory: its size comes before its bytes. */
static enum hz_err
put_manifest(struct hz_bag *b, struct hz_bag_out *out, const char *path, bool payload, bool long_hash,
    struct manifests *m)
{
	struct hz_buf all = HZ_BUF_INIT(SIZE_MAX / 4);
	enum hz_err r = HZ_OK;
	char p[HZ_BAG_PATH_MAX + 1];
	for (size_t i = 0; r == HZ_OK && i < b->n; i++) {
		const struct hz_entry *e = &b->entries[i];
		if (is_payload(e) == payload) {
			hz_entry_path(b, e, p);
			r = hz_manifest_line(&all, long_hash ? e->sha512 : e->sha256, long_hash ? 64 : 32, p);
		}
	}
	if (!payload) { /* "manifest-" sorts behind everything else that is tagged */
		r = r == HZ_OK ? hz_manifest_line(&all, long_hash ? m->m512[0] : m->m256[0],
				     long_hash ? 64 : 32, "manifest-sha256.txt")
			       : r;
		r = r == HZ_OK ? hz_manifest_line(&all, long_hash ? m->m512[1] : m->m256[1],
				     long_hash ? 64 : 32, "manifest-sha512.txt")
			       : r;
	}
	r = r == HZ_OK ? hz_bag_out_file(out, path, all.len) : r;
	r = r == HZ_OK ? hz_bag_out_put(out, all.p, all.len) : r;
	if (r == HZ_OK && payload) {
		hz_sha256(all.p, all.len, m->m256[long_hash]);
		hz_sha512(all.p, all.len, m->m512[long_hash]);
	} else if (r == HZ_OK && long_hash) {
		hz_sha512(all.p, all.len, m->tag512);
		r = hz_buf_put(&m->tag, all.p, all.len);
	}
	hz_buf_done(&all);
	return r;
}

static enum hz_err
put_signatures(struct hz_bag *b, struct hz_bag_out *out, struct manifests *m)
{
	const struct hz_ed_key *key = hz_vault_bundle_key(b->v);
	struct hz_buf s = HZ_BUF_INIT(65536);
	struct hz_hash *h = NULL;
	uint8_t blake[64];
	char comment[128];
	(void)snprintf(comment, sizeof(comment), "hirz bundle %s", b->res->name);
	enum hz_err r = hz_hash_new(HZ_HASH_BLAKE2B_512, &h);
	if (r == HZ_OK) {
		hz_hash_begin(h);
		hz_hash_add(h, m->tag.p, m->tag.len);
		hz_hash_end(h, blake);
		r = hz_minisign_write(key, blake, comment, &s);
	}
	r = r == HZ_OK ? hz_bag_out_file(out, "tagmanifest-sha512.txt.minisig", s.len) : r;
	r = r == HZ_OK ? hz_bag_out_put(out, s.p, s.len) : r;
	hz_buf_clear(&s);
	r = r == HZ_OK ? hz_sshsig_write(key, HZ_SSHSIG_NS, m->tag512, &s) : r;
	r = r == HZ_OK ? hz_bag_out_file(out, "tagmanifest-sha512.txt.sig", s.len) : r;
	r = r == HZ_OK ? hz_bag_out_put(out, s.p, s.len) : r;
	hz_hash_free(&h);
	hz_buf_done(&s);
	return r;
}

static enum hz_err
put_manifests(struct hz_bag *b, struct hz_bag_out *out, uint8_t ret_tag512[static 64])
{
	struct manifests m = { .tag = HZ_BUF_INIT(SIZE_MAX / 4) };
	enum hz_err r = put_manifest(b, out, "manifest-sha256.txt", true, false, &m);
	r = r == HZ_OK ? put_manifest(b, out, "manifest-sha512.txt", true, true, &m) : r;
	r = r == HZ_OK ? put_manifest(b, out, "tagmanifest-sha256.txt", false, false, &m) : r;
	r = r == HZ_OK ? put_manifest(b, out, "tagmanifest-sha512.txt", false, true, &m) : r;
	r = r == HZ_OK ? put_signatures(b, out, &m) : r;
	memcpy(ret_tag512, m.tag512, 64);
	hz_buf_done(&m.tag);
	return r;
}

static enum hz_err
put_files(struct hz_bag *b, struct hz_bag_out *out)
{
	struct hz_buf buf = HZ_BUF_INIT(4 * (size_t)HZ_RECORD_MAX);
	struct hz_hash *s256 = NULL, *s512 = NULL;
	char path[HZ_BAG_PATH_MAX + 1];
	buf.max = SIZE_MAX / 4; /* heads grows with the exhibits */
	struct packer k = { .out = out };
	enum hz_err r = hz_hash_new(HZ_HASH_SHA256, &s256);
	r = r == HZ_OK ? hz_hash_new(HZ_HASH_SHA512, &s512) : r;
	k.sha512 = s512;
	r = r == HZ_OK ? hz_relay_init(&k.relay, pack, &k) : r;
	for (size_t i = 0; r == HZ_OK && i < b->n; i++) {
		struct hz_entry *e = &b->entries[i];
		hz_entry_path(b, e, path);
		if (e->kind == HZ_ENTRY_EXHIBIT) {
			r = put_exhibit(b, &k, e, path);
		} else if (is_list(e)) {
			r = put_records_json(b, out, e, path, s256, s512);
		} else {
			r = put_small(b, out, e, path, &buf);
		}
		r = r == HZ_OK ? hz_cancel_check() : r;
	}
	hz_relay_done(&k.relay);
	hz_hash_free(&s256);
	hz_hash_free(&s512);
	hz_buf_done(&buf);
	return r;
}

static enum hz_err
plan(struct hz_bag *b)
{
	struct hz_view *w = NULL;
	HZ_TRY(hz_view_begin(b->v, &w));
	enum hz_err r = event_time(b, w);
	r = r == HZ_OK ? hz_bag_plan(b, w) : r;
	r = r == HZ_OK ? payload_size(b, w) : r;
	r = r == HZ_OK ? hz_log_note_at(w, b->at.log, b->at.index + 1, &b->res->checkpoint) : r;
	hz_view_end(&w);
	return r;
}

static enum hz_err
find_rules(struct hz_bag *b)
{
	struct hz_view *w = NULL;
	HZ_TRY(hz_view_begin(b->v, &w));
	enum hz_err r = hz_bag_rules_find(b, w);
	hz_view_end(&w);
	return r;
}

static enum hz_err
write_bag(struct hz_bag *b)
{
	struct hz_bag_out *out = NULL;
	uint8_t tag512[64];
	HZ_TRY(hz_bag_out_open(b->o, b->res->name, b->t, &out));
	enum hz_err r = put_files(b, out);
	r = r == HZ_OK ? put_manifests(b, out, tag512) : r;
	r = r == HZ_OK ? hz_bag_out_end(out, b->res->sha512, &b->res->file_size) : r;
	r = r == HZ_OK ? file_event(b, b->res->sha512, b->res->file_size, tag512) : r;
	r = r == HZ_OK ? hz_bag_out_publish(out) : r;
	hz_bag_out_free(&out);
	return r;
}

static enum hz_err
target_free(const char *file)
{
	struct hz_bundle_opts probe = { .file = file };
	struct hz_bag_out *x = NULL;
	/* Opening and letting go finds an existing target, a missing folder and a lack of rights before
	 * anything is logged. */
	HZ_TRY(hz_bag_out_open(&probe, "hirz", 0, &x));
	hz_bag_out_free(&x);
	return HZ_OK;
}

HZ_RESULT
hz_bundle_write(struct hz_vault *v, const struct hz_bundle_opts *opts, hz_bundle_progress *progress,
    void *arg, struct hz_bundle_result *ret)
{
	struct hz_bag b = { .v = v, .o = opts, .res = ret, .progress = progress, .arg = arg };
	memset(ret, 0, sizeof(*ret));
	ret->checkpoint = (struct hz_buf)HZ_BUF_INIT(HZ_NOTE_MAX);
	b.heads = (struct hz_buf)HZ_BUF_INIT(SIZE_MAX / 4);
	enum hz_err r = hz_bag_select(&b);
	if (r == HZ_ERR_DENIED && !opts->dry && b.res->withheld_count > 0) {
		struct hz_failure f;
		hz_fail_save(&f);
		r = refused_event(&b);
		r = r == HZ_OK ? hz_fail_restore(&f) : r;
	}
	if (r == HZ_OK && opts->dry) {
		r = find_rules(&b);
	}
	if (r == HZ_OK && !opts->dry) {
		r = target_free(opts->file);
		r = r == HZ_OK ? hz_bag_heads(&b) : r;
		r = r == HZ_OK ? export_event(&b) : r;
		r = r == HZ_OK ? plan(&b) : r;
		r = r == HZ_OK ? write_bag(&b) : r;
	}
	bag_done(&b);
	return r;
}
