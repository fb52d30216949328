/* What an audit says of time stamps and cosignatures: each that is not right is named with the event or the
 * state that it belongs to. */
#include "whole.h"

#include "audit/audit.h"
#include "vault/internal.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NOTES 8

struct told {
	unsigned n, stamps;
	char what[NOTES][24], id[NOTES][HZ_ID_TEXT], why[NOTES][512];
	struct hz_audit_stamp stamp[NOTES];
};

static void
finding(void *arg, const struct hz_audit_finding *f)
{
	struct told *t = arg;
	if (strncmp(f->what, "clock", 5) == 0 || t->n == NOTES) {
		return;
	}
	(void)snprintf(t->what[t->n], sizeof(t->what[0]), "%s", f->what);
	(void)snprintf(t->id[t->n], sizeof(t->id[0]), "%s", f->id);
	(void)snprintf(t->why[t->n], sizeof(t->why[0]), "%s", f->failure.detail);
	t->n++;
}

static void
stamp(void *arg, const struct hz_audit_stamp *s)
{
	struct told *t = arg;
	assert_true(t->stamps < NOTES);
	t->stamp[t->stamps++] = *s;
}

static struct hz_audit_result
audit(struct hz_vault *v, const struct hz_policy *p, const struct hz_anchor_given *g, struct told *t)
{
	static const struct hz_audit_ops ops = { .finding = finding, .stamp = stamp };
	struct hz_audit_opts o = {
		.mode = HZ_AUDIT_SEALED, .whole = true, .fresh = true, .policy = p, .given = g
	};
	struct hz_audit_result res;
	memset(t, 0, sizeof(*t));
	assert_int_equal(hz_audit_run(v, &o, &ops, t, &res), HZ_OK);
	for (unsigned i = 0; i < t->n; i++) {
		print_message("# %s %s: %s\n", t->id[i], t->what[i], t->why[i]);
	}
	return res;
}

/* Exactly one finding: this. */
static void
only(const struct told *t, const char *what, const char *id)
{
	assert_int_equal(t->n, 1);
	assert_string_equal(t->what[0], what);
	assert_string_equal(t->id[0], id);
}

static struct hz_vault *
filled(void)
{
	struct hz_vault *v = make_vault("v");
	struct hz_batch *b = NULL;
	assert_int_equal(hz_batch_begin(v, &b), HZ_OK);
	(void)seal(b, 1000, 1, "t");
	assert_int_equal(hz_batch_finish(&b), HZ_OK);
	return v;
}

/* --- making time stamps
 * ------------------------------------------------------------------------------------- */

static void
note_now(struct hz_vault *v, struct hz_buf *out)
{
	hz_buf_clear(out);
	assert_int_equal(hz_vault_checkpoint(v, out), HZ_OK);
}

/* A proof of OpenTimestamps over these bytes, and the block that it leads to: the message is the root. */
static void
prove(struct hz_anchor *a, const struct hz_buf *over)
{
	static const uint8_t head[] = "\0OpenTimestamps\0\0Proof\0\xbf\x89\xe2\xe8\x84\xe8\x92\x94\x01\x08",
			     block[] = "\0\x05\x88\x96\x0d\x73\xd7\x19\x01\x01\x2a";
	struct hz_buf *token = &a->part[HZ_ANCHOR_TOKEN];
	uint8_t h[32], header[80] = { 0 };
	hz_sha256(over->p, over->len, h);
	assert_int_equal(hz_buf_put(token, head, sizeof(head) - 1), HZ_OK);
	assert_int_equal(hz_buf_put(token, h, sizeof(h)), HZ_OK);
	assert_int_equal(hz_buf_put(token, block, sizeof(block) - 1), HZ_OK);
	memcpy(header + 36, h, sizeof(h));
	header[71] = 0x65; /* some time */
	assert_int_equal(hz_buf_put(&a->part[HZ_ANCHOR_BLOCKS], header, sizeof(header)), HZ_OK);
}

static struct hz_ref
commit_record(struct hz_vault *v, enum hz_record_kind kind, struct hz_record *rec)
{
	struct hz_record_draft d = { .count = 0 };
	struct hz_batch *b = NULL;
	struct hz_ref at;
	uint8_t leaf[32];
	assert_int_equal(hz_record_draft(rec, &d), HZ_OK);
	assert_int_equal(hz_batch_begin(v, &b), HZ_OK);
	assert_int_equal(hz_batch_anchor(b, kind, &d, &at, leaf), HZ_OK);
	assert_int_equal(hz_batch_finish(&b), HZ_OK);
	hz_record_draft_done(&d);
	return at;
}

static struct hz_ref
commit(struct hz_vault *v, struct hz_anchor *a, const struct hz_buf *note)
{
	struct hz_record rec;
	assert_int_equal(hz_buf_put(&a->part[HZ_ANCHOR_CHECKPOINT], note->p, note->len), HZ_OK);
	assert_int_equal(hz_anchor_settle(a), HZ_OK);
	hz_record_init(&rec);
	assert_int_equal(hz_anchor_to_record(a, &rec), HZ_OK);
	struct hz_ref at = commit_record(v, HZ_REC_ANCHOR, &rec);
	hz_record_done(&rec);
	return at;
}

/* An anchor over `note` whose proof is about `over`. */
static struct hz_ref
stamped(struct hz_vault *v, const struct hz_buf *note, const struct hz_buf *over)
{
	struct hz_anchor a;
	hz_anchor_init(&a, HZ_ANCHOR_OTS);
	prove(&a, over);
	struct hz_ref at = commit(v, &a, note);
	hz_anchor_done(&a);
	return at;
}

/* --- proofs of OpenTimestamps
 * -------------------------------------------------------------------------------- */

void
stamps_good(void **state)
{
	struct hz_vault *v = filled();
	struct hz_buf note = HZ_BUF_INIT(HZ_NOTE_MAX);
	const struct hz_anchor_given nothing = { .own_chain = false };
	struct told t;
	(void)state;
	note_now(v, &note);
	struct hz_ref at = stamped(v, &note, &note);
	struct hz_audit_result r = audit(v, NULL, NULL, &t);
	assert_int_equal(r.verdict, HZ_VERDICT_SIGNED);
	assert_int_equal(t.n, 0);
	assert_int_equal(r.stamps, 1);
	assert_int_equal(t.stamp[0].at.index, at.index);
	assert_int_equal(t.stamp[0].size, 2);
	assert_int_equal(t.stamp[0].state, HZ_ANCHOR_GOOD);
	assert_true(t.stamp[0].right);
	assert_false(t.stamp[0].renewed);
	/* Without the block that its importer gave it is not confirmed, and not wrong either. */
	r = audit(v, NULL, &nothing, &t);
	assert_int_equal(r.verdict, HZ_VERDICT_SIGNED);
	assert_int_equal(t.stamp[0].state, HZ_ANCHOR_UNTRUSTED);
	hz_buf_done(&note);
	hz_vault_close(&v);
}

/* A proof that is about something else, by one bit. */
void
stamp_of_other(void **state)
{
	struct hz_vault *v = filled();
	struct hz_buf note = HZ_BUF_INIT(HZ_NOTE_MAX), other = HZ_BUF_INIT(HZ_NOTE_MAX);
	struct told t;
	char id[HZ_ID_TEXT];
	(void)state;
	note_now(v, &note);
	note_now(v, &other);
	other.p[other.len - 3] ^= 1;
	struct hz_ref at = stamped(v, &note, &other);
	(void)snprintf(id, sizeof(id), "event 0:%llu", (unsigned long long)at.index);
	struct hz_audit_result r = audit(v, NULL, NULL, &t);
	assert_int_equal(r.verdict, HZ_VERDICT_INVALID);
	assert_int_equal(r.event_findings, 1);
	only(&t, "stamp", id);
	assert_non_null(strstr(t.why[0], "about other data"));
	assert_false(t.stamp[0].right);
	hz_buf_done(&note);
	hz_buf_done(&other);
	hz_vault_close(&v);
}

/* Signed by the key of the log, with another root: somebody wrote two histories, and had the other one
 * stamped. */
void
stamp_of_fork(void **state)
{
	struct hz_vault *v = filled();
	struct hz_buf note = HZ_BUF_INIT(HZ_NOTE_MAX), forged = HZ_BUF_INIT(HZ_NOTE_MAX);
	struct hz_checkpoint c;
	struct told t;
	(void)state;
	note_now(v, &note);
	assert_int_equal(hz_checkpoint_read(note.p, note.len, NULL, &c), HZ_OK);
	c.root[7] ^= 4;
	assert_int_equal(hz_checkpoint_sign(&c, &v->sec->checkpoint, &forged), HZ_OK);
	struct hz_ref at = stamped(v, &forged, &forged);
	struct hz_audit_result r = audit(v, NULL, NULL, &t);
	assert_int_equal(r.verdict, HZ_VERDICT_INVALID);
	assert_int_equal(r.reasons & (HZ_WHY_FORK | HZ_WHY_LOG), HZ_WHY_FORK);
	only(&t, "fork", "event 0:2");
	assert_int_equal(at.index, 2);
	hz_vault_close(&v);
	shell("rm -rf '%s/v' '%s/state'", scratch(), scratch());
	/* More events than there are, another key, another log. */
	for (int what = 0; what < 3; what++) {
		struct hz_ed_key key = { 0 };
		uint8_t seed[32] = { 1 };
		v = filled();
		hz_buf_clear(&forged);
		note_now(v, &note);
		assert_int_equal(hz_checkpoint_read(note.p, note.len, NULL, &c), HZ_OK);
		hz_ed_key_from_seed(seed, &key);
		c.size += what == 0 ? 40 : 0;
		c.origin[strlen(c.origin) - 1] ^= what == 2 ? 1 : 0;
		assert_int_equal(
		    hz_checkpoint_sign(&c, what == 1 ? &key : &v->sec->checkpoint, &forged), HZ_OK);
		(void)stamped(v, &forged, &forged);
		r = audit(v, NULL, NULL, &t);
		assert_int_equal(r.verdict, HZ_VERDICT_INVALID);
		only(&t, "stamp", "event 0:2");
		hz_vault_close(&v);
		shell("rm -rf '%s/v' '%s/state'", scratch(), scratch());
	}
	hz_buf_done(&note);
	hz_buf_done(&forged);
}

static void
anchor_index(struct hz_vault *v, enum hz_record_kind kind, uint32_t n, uint8_t key[static 32])
{
	uint8_t data[5] = { (uint8_t)kind };
	hz_be32(data + 1, n);
	hz_index_key(v, HZ_GENERAL, HZ_IX_ANCHOR, data, sizeof(data), key);
}

/* The rows that lead to time stamps are the vault's own: what they hide or make up is found by the events. */
void
stamp_hidden(void **state)
{
	struct hz_vault *v = filled();
	struct hz_buf note = HZ_BUF_INIT(HZ_NOTE_MAX);
	struct hz_txn *t = NULL;
	struct told told;
	uint8_t key[32];
	uint64_t no = 0;
	(void)state;
	note_now(v, &note);
	(void)stamped(v, &note, &note);
	anchor_index(v, HZ_REC_ANCHOR, 0, key);
	assert_int_equal(hz_txn_begin(v->store, true, &t), HZ_OK);
	assert_int_equal(hz_index_get(v, t, key, &no), HZ_OK);
	assert_int_not_equal(no, 0);
	assert_int_equal(hz_del(t, HZ_T_INDEX, key, 32), HZ_OK);
	assert_int_equal(hz_txn_commit(&t), HZ_OK);
	struct hz_audit_result r = audit(v, NULL, NULL, &told);
	assert_int_equal(r.verdict, HZ_VERDICT_INVALID);
	only(&told, "stamp", "event 0:2");
	/* The same one twice. */
	assert_int_equal(hz_txn_begin(v->store, true, &t), HZ_OK);
	for (uint32_t i = 0; i < 2; i++) {
		anchor_index(v, HZ_REC_ANCHOR, i, key);
		assert_int_equal(hz_index_set(v, t, key, no), HZ_OK);
	}
	assert_int_equal(hz_txn_commit(&t), HZ_OK);
	r = audit(v, NULL, NULL, &told);
	assert_int_equal(r.verdict, HZ_VERDICT_INVALID);
	only(&told, "stamp", "event 0:2");
	/* A row that leads to the record of something else ends the reading, and is said. */
	assert_int_equal(hz_txn_begin(v->store, true, &t), HZ_OK);
	assert_int_equal(hz_index_set(v, t, key, 1), HZ_OK);
	assert_int_equal(hz_txn_commit(&t), HZ_OK);
	r = audit(v, NULL, NULL, &told);
	assert_int_equal(r.verdict, HZ_VERDICT_INVALID);
	only(&told, "stamp", "index");
	hz_buf_done(&note);
	hz_vault_close(&v);
}

static void
renew(struct hz_vault *v, uint64_t index, bool other)
{
	const struct hz_vault_info *i = hz_vault_info(v);
	struct hz_renewal x = { .index = index };
	struct hz_view *w = NULL;
	struct hz_record_row row;
	struct hz_record rec;
	struct hz_anchor a;
	uint32_t n = 0;
	bool found = false;
	assert_int_equal(i->logs, 1);
	assert_int_equal(hz_view_begin(v, &w), HZ_OK);
	assert_int_equal(hz_anchor_next(w, HZ_REC_ANCHOR, &n, &found, &row), HZ_OK);
	hz_record_init(&rec);
	assert_int_equal(hz_record_fields(w, &row, &rec), HZ_OK);
	assert_int_equal(hz_anchor_from_record(&rec, &a), HZ_OK);
	hz_record_done(&rec);
	hz_record_row_done(&row);
	hz_view_end(&w);
	hz_renewal_of(v->log.id, index, &a.part[HZ_ANCHOR_TOKEN], &x);
	x.sha512[63] ^= other;
	hz_record_init(&rec);
	assert_int_equal(hz_record_add(&rec, "kind", "anchor-renewal"), HZ_OK);
	assert_int_equal(hz_renewal_add(&rec, 1, &x), HZ_OK);
	(void)commit_record(v, HZ_REC_ANCHOR_RENEWAL, &rec);
	hz_record_done(&rec);
	hz_anchor_done(&a);
}

/* A renewal names a token by both hashes; a newer time stamp over it carries that token on. */
void
stamp_renewed(void **state)
{
	(void)state;
	for (int what = 0; what < 3; what++) { /* right; another token; of an event that brought none */
		struct hz_vault *v = filled();
		struct hz_buf note = HZ_BUF_INIT(HZ_NOTE_MAX);
		struct told t;
		note_now(v, &note);
		assert_int_equal(stamped(v, &note, &note).index, 2);
		renew(v, what == 2 ? 1 : 2, what == 1);
		struct hz_audit_result r = audit(v, NULL, NULL, &t);
		assert_false(t.stamp[0].renewed);
		note_now(v, &note);
		(void)stamped(v, &note, &note);
		r = audit(v, NULL, NULL, &t);
		assert_int_equal(r.stamps, 2);
		assert_int_equal(t.stamp[0].renewed, what == 0);
		assert_false(t.stamp[1].renewed);
		if (what == 0) {
			assert_int_equal(r.verdict, HZ_VERDICT_SIGNED);
		} else {
			assert_int_equal(r.verdict, HZ_VERDICT_INVALID);
			only(&t, "stamp", "event 0:3");
		}
		hz_buf_done(&note);
		hz_vault_close(&v);
		shell("rm -rf '%s/v' '%s/state'", scratch(), scratch());
	}
}

/* --- tokens of an authority
 * ---------------------------------------------------------------------------------- */

static void
put_file(const char *name, const struct hz_buf *b)
{
	char p[512];
	in_scratch(p, name);
	FILE *f = fopen(p, "wb");
	assert_non_null(f);
	assert_int_equal(fwrite(b->p, 1, b->len, f), b->len);
	assert_int_equal(fclose(f), 0);
}

static void
get_file(const char *name, struct hz_buf *b)
{
	char p[512];
	in_scratch(p, name);
	hz_buf_clear(b);
	assert_int_equal(hz_file_read(AT_FDCWD, p, b->max, b), HZ_OK);
}

/* A token over `over` by the certificate `who`, with the certificate that is trusted behind it. */
static struct hz_ref
token(struct hz_vault *v, const char *who, const struct hz_buf *note, const struct hz_buf *over, size_t flip)
{
	struct hz_anchor a;
	struct hz_buf *t = NULL;
	const char *d = scratch();
	put_file("over", over);
	shell(
	    "cd '%s' && openssl ts -query -data over -sha256 -cert -out q 2>/dev/null && sh '%s' '%s/a' reply %s q r && "
	    "openssl ts -reply -in r -token_out -out t 2>/dev/null && cat 'a/%s.pem' a/ca.pem >chain",
	    d, HZ_AUTHORITY, d, who, who);
	hz_anchor_init(&a, HZ_ANCHOR_RFC3161);
	t = &a.part[HZ_ANCHOR_TOKEN];
	get_file("t", t);
	get_file("chain", &a.part[HZ_ANCHOR_CHAIN]);
	if (flip > 0) {
		t->p[t->len - flip] ^= 1;
	}
	struct hz_ref at = commit(v, &a, note);
	hz_anchor_done(&a);
	return at;
}

static bool
no_openssl(void)
{
	if (system("command -v openssl >/dev/null") == 0) {
		shell("sh '%s' '%s/a' make", HZ_AUTHORITY, scratch());
		return false;
	}
	print_message("# openssl is not installed\n");
	return true;
}

void
token_facts(void **state)
{
	(void)state;
	if (no_openssl()) {
		skip();
	}
	struct hz_vault *v = filled();
	struct hz_buf note = HZ_BUF_INIT(HZ_NOTE_MAX), ca = HZ_BUF_INIT(65536), crl = HZ_BUF_INIT(65536);
	struct hz_anchor_given g = { .now = hz_time_now() };
	struct told t;
	note_now(v, &note);
	(void)token(v, "good", &note, &note, 0);
	struct hz_audit_result r = audit(v, NULL, NULL, &t);
	assert_int_equal(r.verdict, HZ_VERDICT_SIGNED);
	assert_int_equal(t.stamp[0].then, HZ_TSA_PATH_GOOD);
	assert_int_equal(t.stamp[0].now, HZ_TSA_PATH_GOOD);
	assert_int_equal(t.stamp[0].revoked, HZ_TSA_REVOKED_UNKNOWN);
	assert_string_equal(t.stamp[0].authority, "CN = hirz test good");
	/* After its certificate has ended it stays what it was. */
	g.own_chain = true;
	g.now += INT64_C(20) * 366 * 86400;
	r = audit(v, NULL, &g, &t);
	assert_int_equal(r.verdict, HZ_VERDICT_SIGNED);
	assert_int_equal(t.stamp[0].then, HZ_TSA_PATH_GOOD);
	assert_int_equal(t.stamp[0].now, HZ_TSA_PATH_EXPIRED);
	assert_true(t.stamp[0].right);
	/* Held against another authority. */
	get_file("a/otherca.pem", &ca);
	g = (struct hz_anchor_given){ .authorities = { ca.p, ca.len }, .now = hz_time_now() };
	r = audit(v, NULL, &g, &t);
	assert_int_equal(r.verdict, HZ_VERDICT_INCOMPLETE);
	assert_true(r.reasons & HZ_WHY_STAMP_UNTRUSTED);
	only(&t, "stamp-untrusted", "anchors");
	/* Its key was stolen. */
	shell("sh '%s' '%s/a' revoke good keyCompromise", HZ_AUTHORITY, scratch());
	get_file("a/good.crl", &crl);
	struct hz_tsa_bytes list = { crl.p, crl.len };
	g = (struct hz_anchor_given){ .crls = &list, .ncrls = 1, .own_chain = true, .now = hz_time_now() };
	r = audit(v, NULL, &g, &t);
	assert_int_equal(r.verdict, HZ_VERDICT_INCOMPLETE);
	assert_true(r.reasons & HZ_WHY_STAMP_REVOKED);
	only(&t, "stamp-revoked", "event 0:2");
	assert_int_equal(t.stamp[0].revoked, HZ_TSA_REVOKED_YES);
	hz_buf_done(&note);
	hz_buf_done(&ca);
	hz_buf_done(&crl);
	hz_vault_close(&v);
}

void
token_wrong(void **state)
{
	(void)state;
	if (no_openssl()) {
		skip();
	}
	static const struct {
		const char *who, *why;
		bool other;
		size_t flip;
	} cases[] = {
		{ "good", "about other data", true, 0 },
		{ "good", "", false, 5 }, /* in the signature, which is the token's end */
		{ "expired", "not valid when it was made", false, 0 },
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct hz_vault *v = filled();
		struct hz_buf note = HZ_BUF_INIT(HZ_NOTE_MAX), other = HZ_BUF_INIT(HZ_NOTE_MAX);
		struct told t;
		note_now(v, &note);
		note_now(v, &other);
		other.p[3] ^= cases[i].other;
		(void)token(v, cases[i].who, &note, &other, cases[i].flip);
		struct hz_audit_result r = audit(v, NULL, NULL, &t);
		assert_int_equal(r.verdict, HZ_VERDICT_INVALID);
		only(&t, "stamp", "event 0:2");
		assert_non_null(strstr(t.why[0], cases[i].why));
		hz_buf_done(&note);
		hz_buf_done(&other);
		hz_vault_close(&v);
		shell("rm -rf '%s/v' '%s/state'", scratch(), scratch());
	}
}

/* --- who may sign
 * ------------------------------------------------------------------------------------------- */

/* A member that somebody wrote into the keyring alone: with his key records would pass. */
void
member_of_no_log(void **state)
{
	struct hz_vault *v = filled();
	struct told t;
	(void)state;
	assert_int_equal(audit(v, NULL, NULL, &t).verdict, HZ_VERDICT_SIGNED);
	v->kr.members = realloc(v->kr.members, 2 * sizeof(*v->kr.members));
	assert_non_null(v->kr.members);
	v->kr.members[1] = v->kr.members[0];
	v->kr.members[1].event_pk[3] ^= 1;
	v->kr.nmembers = 2;
	struct hz_audit_result r = audit(v, NULL, NULL, &t);
	assert_int_equal(r.verdict, HZ_VERDICT_INVALID);
	assert_int_equal(t.n, 1);
	assert_string_equal(t.what[0], "signer");
	assert_int_equal(strncmp(t.id[0], "mb-", 3), 0);
	hz_vault_close(&v);
}

/* --- witnesses
 * ---------------------------------------------------------------------------------------------- */

struct witness {
	struct hz_witness_key k;
	struct hz_ed_key key;
};

static void
make_witness(const char *name, uint8_t seed, struct witness *w)
{
	uint8_t s[32] = { seed };
	memset(w, 0, sizeof(*w));
	(void)snprintf(w->k.name, sizeof(w->k.name), "%s", name);
	hz_ed_key_from_seed(s, &w->key);
	memcpy(w->k.pk, w->key.pk, 32);
}

static void
cosign(struct hz_vault *v, const struct witness *w)
{
	struct hz_buf note = HZ_BUF_INIT(HZ_NOTE_MAX), line = HZ_BUF_INIT(HZ_NOTE_MAX);
	struct hz_cosign_result res;
	size_t text = 0;
	note_now(v, &note);
	assert_int_equal(hz_checkpoint_text(note.p, note.len, &text), HZ_OK);
	assert_int_equal(hz_cosign(w->k.name, &w->key, (uint64_t)hz_time_now(), note.p, text, &line), HZ_OK);
	assert_int_equal(hz_vault_cosign(v, line.p, line.len, &w->k, &res), HZ_OK);
	assert_int_equal(res.added, 1);
	hz_buf_done(&note);
	hz_buf_done(&line);
}

/* So many of these two. */
static void
policy(unsigned need, const struct witness *a, const struct witness *b, struct hz_policy *ret)
{
	struct hz_buf s = HZ_BUF_INIT(4096);
	char quorum[64];
	(void)snprintf(quorum, sizeof(quorum), "group g %u a b\nquorum g\n", need);
	assert_int_equal(hz_buf_puts(&s, "witness a "), HZ_OK);
	assert_int_equal(hz_wkey_write(&a->k, &s), HZ_OK);
	assert_int_equal(hz_buf_puts(&s, "\nwitness b "), HZ_OK);
	assert_int_equal(hz_wkey_write(&b->k, &s), HZ_OK);
	assert_int_equal(hz_buf_puts(&s, "\n"), HZ_OK);
	assert_int_equal(hz_buf_puts(&s, quorum), HZ_OK);
	assert_int_equal(hz_policy_read(s.p, s.len, ret), HZ_OK);
	hz_buf_done(&s);
}

void
witnessed(void **state)
{
	struct hz_vault *v = filled();
	static struct hz_policy one, two;
	struct witness a, b;
	struct told t;
	(void)state;
	make_witness("a.example/w", 1, &a);
	make_witness("b.example/w", 2, &b);
	policy(1, &a, &b, &one);
	policy(2, &a, &b, &two);
	struct hz_audit_result r = audit(v, &one, NULL, &t);
	assert_int_equal(r.verdict, HZ_VERDICT_SIGNED);
	assert_int_equal(r.witnessed, 0);
	assert_true(r.reasons & HZ_WHY_NOT_WITNESSED);
	cosign(v, &a);
	r = audit(v, &one, NULL, &t);
	assert_int_equal(r.verdict, HZ_VERDICT_WITNESSED);
	assert_int_equal(r.witnessed, 2);
	assert_int_equal(r.cosignatures, 1);
	assert_true(r.witness[0]);
	assert_false(r.witness[1]);
	r = audit(v, &two, NULL, &t); /* one of two is not two */
	assert_int_equal(r.verdict, HZ_VERDICT_SIGNED);
	assert_int_equal(r.witnessed, 0);
	cosign(v, &b);
	r = audit(v, &two, NULL, &t);
	assert_int_equal(r.verdict, HZ_VERDICT_WITNESSED);
	assert_int_equal(t.n, 0);
	/* A policy for another log. */
	two.logs = 1;
	(void)snprintf(two.log[0].name, sizeof(two.log[0].name), "other.example/log");
	r = audit(v, &two, NULL, &t);
	assert_int_equal(r.verdict, HZ_VERDICT_SIGNED);
	/* The log went on: what came after is not witnessed, and how far they saw is told. */
	struct hz_batch *batch = NULL;
	assert_int_equal(hz_batch_begin(v, &batch), HZ_OK);
	(void)seal(batch, 1000, 2, "t");
	assert_int_equal(hz_batch_finish(&batch), HZ_OK);
	r = audit(v, &one, NULL, &t);
	assert_int_equal(r.verdict, HZ_VERDICT_SIGNED);
	assert_int_equal(r.witnessed, 2);
	assert_true(r.reasons & HZ_WHY_NOT_WITNESSED);
	hz_vault_close(&v);
}

/* One bit of a cosignature that is kept: the state is named that it should be of, and it counts for nothing.
 */
void
cosignature_changed(void **state)
{
	struct hz_vault *v = filled();
	struct hz_buf row = HZ_BUF_INIT(HZ_NOTE_MAX + 64);
	static struct hz_policy one;
	struct witness a, b;
	struct hz_txn *txn = NULL;
	struct told t;
	uint8_t k[12];
	(void)state;
	make_witness("a.example/w", 1, &a);
	make_witness("b.example/w", 2, &b);
	policy(1, &a, &b, &one);
	cosign(v, &a);
	hz_be32(k, 0);
	hz_be64(k + 4, 2);
	assert_int_equal(hz_txn_begin(v->store, true, &txn), HZ_OK);
	assert_int_equal(hz_row_get(v, txn, HZ_T_CHECKPOINTS, k, 12, &row), HZ_OK);
	row.p[row.len - 6] = row.p[row.len - 6] == 'A' ? 'B' : 'A'; /* a base64 digit of the signature */
	assert_int_equal(hz_row_set(v, txn, HZ_T_CHECKPOINTS, k, 12, &row, false), HZ_OK);
	assert_int_equal(hz_txn_commit(&txn), HZ_OK);
	struct hz_audit_result r = audit(v, &one, NULL, &t);
	assert_int_equal(r.verdict, HZ_VERDICT_INVALID);
	assert_int_equal(r.witnessed, 0);
	only(&t, "cosignature", "checkpoint 0:2");
	assert_non_null(strstr(t.why[0], "a.example/w"));
	r = audit(v, NULL, NULL, &t); /* also where nobody asks for witnesses */
	assert_int_equal(r.verdict, HZ_VERDICT_INVALID);
	hz_buf_done(&row);
	hz_vault_close(&v);
}
