/* Verification finds what was changed, names it, and goes on. */
#include "whole.h"

#include "audit/audit.h"
#include "vault/internal.h"
#include "vault/tags.h"

#include <stdlib.h>
#include <string.h>

#define COUNT 6

struct seen {
	unsigned different, missing, log;
	char last[HZ_ID_TEXT];
	char why[512];
};

static void
finding(void *arg, const struct hz_audit_finding *f)
{
	struct seen *s = arg;
	s->different += f->kind == HZ_FOUND_DIFFERENT;
	s->missing += f->kind == HZ_FOUND_MISSING;
	s->log += f->kind == HZ_FOUND_LOG;
	memcpy(s->last, f->id, sizeof(s->last));
	memcpy(s->why, f->failure.detail, sizeof(s->why));
	assert_int_not_equal(f->failure.msg, HZ_MSG_NONE);
}

static struct hz_audit_result
run(struct hz_vault *v, enum hz_audit_mode mode, struct seen *s)
{
	static const struct hz_audit_ops ops = { .finding = finding };
	struct hz_audit_opts o = { .mode = mode, .percent = 50 };
	struct hz_audit_result res;
	memset(s, 0, sizeof(*s));
	enum hz_err r = hz_audit_run(v, &o, &ops, s, &res);
	if (r != HZ_OK) {
		print_error("audit: %s\n", hz_fail_detail());
	}
	assert_int_equal(r, HZ_OK);
	return res;
}

static struct hz_vault *
filled(void)
{
	struct hz_vault *v = make_vault("v");
	struct hz_batch *b = NULL;
	assert_int_equal(hz_batch_begin(v, &b), HZ_OK);
	for (unsigned i = 0; i < COUNT; i++) {
		(void)seal(b, 700000u * i + 10, i, "t");
	}
	assert_int_equal(hz_batch_finish(&b), HZ_OK);
	return v;
}

static void
all_good(void **state)
{
	struct hz_vault *v = filled();
	struct seen s;
	(void)state;
	struct hz_audit_result r = run(v, HZ_AUDIT_FULL, &s);
	assert_int_equal(r.verdict, HZ_VERDICT_SIGNED);
	assert_int_equal(r.checked, COUNT);
	assert_int_equal(r.matched, COUNT);
	assert_int_equal(r.events, COUNT + 1);
	r = run(v, HZ_AUDIT_SEALED, &s);
	assert_int_equal(r.verdict, HZ_VERDICT_SIGNED);
	r = run(v, HZ_AUDIT_SAMPLE, &s);
	assert_int_equal(r.verdict, HZ_VERDICT_INCOMPLETE);
	assert_int_equal(r.checked, COUNT / 2);
	hz_vault_close(&v);
	v = open_vault("v", HZ_VAULT_SEALED);
	r = run(v, HZ_AUDIT_SEALED, &s);
	assert_int_equal(r.verdict, HZ_VERDICT_INCOMPLETE);
	assert_int_equal(r.different, 0);
	assert_true(r.reasons & HZ_WHY_NO_KEYS);
	struct hz_audit_opts o = { .mode = HZ_AUDIT_FULL };
	struct hz_audit_ops none = { 0 };
	assert_int_equal(hz_audit_run(v, &o, &none, NULL, &r), HZ_ERR_LOCKED);
	hz_vault_close(&v);
}

static void change(struct hz_vault *v, unsigned table, const uint8_t *k, size_t kn, bool remove);

/* One text with a tag, a decision on it, and the rules. */
static struct hz_vault *
tagged(void)
{
	struct hz_vault *v = make_vault("v");
	struct hz_batch *b = NULL;
	struct hz_span span = { .start = 0, .end = 4, .rule = "type/a:1" };
	struct hz_tag t = { .axis = HZ_AXIS_TYPE,
		.value = "a",
		.certainty = HZ_CERTAIN_STATED,
		.score = 300,
		.band = HZ_BAND_MEDIUM,
		.nspans = 1,
		.spans = &span };
	struct hz_tags tags = { 1, &t };
	struct hz_tag_set s;
	struct hz_kept_tag like;
	uint8_t id[32] = { 7 };
	bool fresh = false;
	struct hz_new_rules r = { .file = "rules", .size = 5, .id = id, .name = "n", .version = "1" };
	struct hz_new_classification x = {
		.exhibit = 1, .rules_id = id, .rules_version = "1", .engine = "test", .tags = &tags
	};
	assert_int_equal(hz_tag_id_read("type:a", &like), HZ_OK);
	struct hz_new_review y = {
		.exhibit = 1, .tag = &like, .what = HZ_DECIDED_CONFIRMED, .by = "Lina", .why = "seen"
	};
	assert_int_equal(hz_batch_begin(v, &b), HZ_OK);
	(void)seal_text(b, 0, "some text", 9, NULL);
	assert_int_equal(hz_batch_rules(b, &r, &x.rules, NULL), HZ_OK);
	assert_int_equal(hz_batch_classification(b, &x, &fresh, &s), HZ_OK);
	hz_tag_set_done(&s);
	assert_int_equal(hz_batch_review(b, &y, &s), HZ_OK);
	hz_tag_set_done(&s);
	assert_int_equal(hz_batch_finish(&b), HZ_OK);
	return v;
}

/* Rows of tags and rules: gone, or with one bit changed; the records that they rest on too. */
static void
tags(void **state)
{
	static const struct {
		unsigned table;
		size_t kn;
		uint8_t key[9];
	} rows[] = { { HZ_T_TAGS, 9, { 0, 0, 0, 0, 0, 0, 0, 1, 0 } },
		{ HZ_T_RULES, 8, { 0, 0, 0, 1, 0, 0, 0, 0 } }, { HZ_T_RULES, 8, { 0, 0, 0, 1, 0, 0, 0, 1 } },
		{ HZ_T_RECORDS, 8, { 0, 0, 0, 0, 0, 0, 0, 2 } },
		{ HZ_T_RECORDS, 8, { 0, 0, 0, 0, 0, 0, 0, 3 } },
		{ HZ_T_RECORDS, 8, { 0, 0, 0, 0, 0, 0, 0, 4 } } };
	struct seen s;
	(void)state;
	struct hz_vault *v = tagged();
	struct hz_audit_result r = run(v, HZ_AUDIT_FULL, &s);
	assert_int_equal(r.verdict, HZ_VERDICT_SIGNED);
	hz_vault_close(&v);
	shell("rm -rf '%s/v'", scratch());
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		for (int remove = 0; remove <= 1; remove++) {
			v = tagged();
			change(v, rows[i].table, rows[i].key, rows[i].kn, remove == 1);
			r = run(v, HZ_AUDIT_FULL, &s);
			assert_int_equal(r.verdict, HZ_VERDICT_INVALID);
			assert_true(s.different + s.missing + s.log > 0);
			hz_vault_close(&v);
			shell("rm -rf '%s/v'", scratch());
		}
	}
}

static void
nothing(void **state)
{
	struct hz_vault *v = make_vault("v");
	struct seen s;
	(void)state;
	struct hz_audit_result r = run(v, HZ_AUDIT_FULL, &s);
	assert_int_equal(r.verdict, HZ_VERDICT_INCOMPLETE);
	assert_true(r.reasons & HZ_WHY_NOTHING);
	hz_vault_close(&v);
}

/* Changes one value in the store, as somebody with a database tool would. */
static void
change(struct hz_vault *v, unsigned table, const uint8_t *k, size_t kn, bool remove)
{
	struct hz_txn *t = NULL;
	const uint8_t *p = NULL;
	size_t n = 0;
	assert_int_equal(hz_txn_begin(v->store, true, &t), HZ_OK);
	assert_int_equal(hz_get(t, table, k, kn, &p, &n), HZ_OK);
	if (remove) {
		assert_int_equal(hz_del(t, table, k, kn), HZ_OK);
	} else {
		uint8_t *copy = malloc(n);
		assert_non_null(copy);
		memcpy(copy, p, n);
		copy[n / 2] ^= 0x10;
		assert_int_equal(hz_set(t, table, k, kn, copy, n), HZ_OK);
		free(copy);
	}
	assert_int_equal(hz_txn_commit(&t), HZ_OK);
}

/* One changed value of each kind; exactly that exhibit is named, the others still match. */
static void
each_kind(void **state)
{
	static const struct {
		unsigned table;
		size_t kn;
		uint64_t key;
	} kinds[] = { { HZ_T_SEGMENTS, 8, 3 }, { HZ_T_OBJECTS, 8, 2 }, { HZ_T_RECORDS, 8, 2 },
		{ HZ_T_EXHIBITS, 8, 2 } };
	(void)state;
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		for (int remove = 0; remove <= 1; remove++) {
			struct hz_vault *v = filled();
			struct seen s;
			uint8_t k[8];
			hz_be64(k, kinds[i].key);
			change(v, kinds[i].table, k, kinds[i].kn, remove == 1);
			struct hz_audit_result r = run(v, HZ_AUDIT_FULL, &s);
			assert_int_equal(r.verdict, HZ_VERDICT_INVALID);
			assert_int_equal(r.matched, COUNT - 1);
			/* A damaged exhibit row is named twice: its number, and the acquisition that no good
			 * row answers. */
			assert_true(r.missing + r.different >= 1 && r.missing + r.different <= 2);
			assert_int_equal(s.log, 0);
			/* Bytes that are gone are not other bytes. */
			if (kinds[i].table == HZ_T_SEGMENTS) {
				assert_int_equal(r.missing, remove);
				assert_int_equal(r.different, 1 - remove);
				assert_int_equal(s.missing, remove);
				r = run(v, HZ_AUDIT_SEALED, &s);
				assert_int_equal(r.verdict, HZ_VERDICT_INVALID);
				assert_int_equal(r.missing, remove);
			}
			hz_vault_close(&v);
			shell("rm -rf '%s/v' '%s/state'", scratch(), scratch());
		}
	}
}

static void
log_changed(void **state)
{
	struct hz_vault *v = filled();
	struct seen s;
	uint8_t k[12];
	(void)state;
	hz_be32(k, 0);
	hz_be64(k + 4, 3);
	change(v, HZ_T_EVENTS, k, 12, false);
	struct hz_audit_result r = run(v, HZ_AUDIT_FULL, &s);
	assert_int_equal(r.verdict, HZ_VERDICT_INVALID);
	assert_true(r.event_findings >= 1);
	assert_true(r.reasons & HZ_WHY_LOG);
	hz_vault_close(&v);
}

/* What only the log leads to: the record of a case, and the case itself. */
static void
records_of_the_log(void **state)
{
	(void)state;
	for (int what = 0; what < 4; what++) {
		struct hz_vault *v = filled();
		struct hz_batch *b = NULL;
		struct hz_view *w = NULL;
		struct hz_case c;
		struct seen s;
		uint8_t k[8];
		uint64_t members[] = { 1, 2 };
		assert_int_equal(hz_batch_begin(v, &b), HZ_OK);
		assert_int_equal(hz_batch_case_new(b, "C1", "t", &c), HZ_OK);
		assert_int_equal(hz_batch_case_add(b, &c, members, 2), HZ_OK);
		assert_int_equal(hz_batch_finish(&b), HZ_OK);
		assert_int_equal(hz_view_begin(v, &w), HZ_OK);
		assert_int_equal(hz_case_find(w, "C1", &c), HZ_OK);
		hz_view_end(&w);
		struct hz_audit_result r = run(v, HZ_AUDIT_FULL, &s);
		assert_int_equal(r.verdict, HZ_VERDICT_SIGNED);
		if (what < 2) {
			hz_be64(k, c.record);
			change(v, HZ_T_RECORDS, k, 8, what == 1);
		} else {
			hz_be32(k, c.no);
			change(v, HZ_T_CASES, k, 4, what == 3);
		}
		r = run(v, HZ_AUDIT_FULL, &s);
		assert_int_equal(r.verdict, HZ_VERDICT_INVALID);
		assert_int_equal(r.matched, COUNT);
		assert_int_equal(r.event_findings, 1);
		assert_int_equal(s.log, 1);
		hz_vault_close(&v);
		shell("rm -rf '%s/v' '%s/state'", scratch(), scratch());
	}
}

/* The address of a segment taken out of the index: its bytes cannot be found. */
static void
index_gone(void **state)
{
	struct hz_vault *v = filled();
	struct hz_view *w = NULL;
	struct hz_exhibit e;
	struct hz_object o;
	struct seen s;
	(void)state;
	assert_int_equal(hz_view_begin(v, &w), HZ_OK);
	assert_int_equal(hz_exhibit_get(w, 3, &e), HZ_OK);
	assert_int_equal(hz_object_load(w, &e, &o), HZ_OK);
	assert_true(hz_object_has(w, &o, 1));
	hz_view_end(&w);
	change(v, HZ_T_SEGMENT_INDEX, o.addrs.p + 32, 32, true);
	hz_object_done(&o);
	for (int mode = 0; mode < 2; mode++) {
		struct hz_audit_result r = run(v, mode == 0 ? HZ_AUDIT_FULL : HZ_AUDIT_SEALED, &s);
		assert_int_equal(r.verdict, HZ_VERDICT_INVALID);
		assert_int_equal(r.missing, 1);
		assert_int_equal(r.different, 0);
	}
	hz_vault_close(&v);
}

/* Bytes that are not what their own member committed to: every tag and address is right. */
static void
plaintext_differs(void **state)
{
	struct hz_vault *v = filled();
	struct hz_batch *b = NULL;
	struct seen s;
	(void)state;
	assert_int_equal(hz_batch_begin(v, &b), HZ_OK);
	struct hz_exhibit e = seal_lying(b, 3000, 77);
	assert_int_equal(hz_batch_finish(&b), HZ_OK);
	struct hz_audit_result r = run(v, HZ_AUDIT_FULL, &s);
	assert_int_equal(r.verdict, HZ_VERDICT_INVALID);
	assert_int_equal(r.different, 1);
	assert_int_equal(r.matched, COUNT);
	assert_string_equal(s.last, e.number);
	hz_vault_close(&v);
}

/* The object row of an exhibit with another opening in place of its own, as a holder of the keys could write
 * it. */
static void
exchange_opening(struct hz_vault *v, uint64_t no)
{
	struct hz_buf row = HZ_BUF_INIT(131072), text = HZ_BUF_INIT(HZ_OPENING_MAX);
	struct hz_buf sealed = HZ_BUF_INIT(4096);
	struct hz_view *w = NULL;
	struct hz_txn *t = NULL;
	struct hz_exhibit e;
	struct hz_object o;
	const uint8_t *h = NULL, *op = NULL;
	size_t hn = 0, on = 0;
	uint8_t xk[32], k[8], skipped[41];
	assert_int_equal(hz_view_begin(v, &w), HZ_OK);
	assert_int_equal(hz_exhibit_get(w, no, &e), HZ_OK);
	assert_int_equal(hz_object_load(w, &e, &o), HZ_OK);
	hz_view_end(&w);
	o.opening.salt[0] ^= 1;
	assert_int_equal(hz_opening_write(&o.opening, &text), HZ_OK);
	hz_exhibit_key(o.file_key, xk);
	assert_int_equal(hz_exhibit_seal(xk, "hirz-opening/v1", hz_vault_info(v)->vault_id, e.ex, 16, text.p,
			     text.len, &sealed),
	    HZ_OK);
	hz_be64(k, e.object);
	assert_int_equal(hz_txn_begin(v->store, true, &t), HZ_OK);
	assert_int_equal(hz_row_get(v, t, HZ_T_OBJECTS, k, 8, &row), HZ_OK);
	struct hz_rd rd = hz_rd_over(row.p, row.len);
	assert_int_equal(hz_get_raw(&rd, skipped, sizeof skipped), HZ_OK);
	assert_int_equal(hz_get_lp(&rd, HZ_OBJ_HEADER_MAX, &h, &hn), HZ_OK);
	assert_int_equal(hz_get_lp(&rd, 4096, &op, &on), HZ_OK);
	assert_int_equal(on, sealed.len);
	memcpy(row.p + (op - row.p), sealed.p, on);
	assert_int_equal(hz_row_set(v, t, HZ_T_OBJECTS, k, 8, &row, false), HZ_OK);
	assert_int_equal(hz_txn_commit(&t), HZ_OK);
	hz_object_done(&o);
	hz_buf_done(&row);
	hz_buf_done(&text);
	hz_buf_done(&sealed);
}

static void
opening_exchanged(void **state)
{
	struct hz_vault *v = filled();
	struct seen s;
	(void)state;
	exchange_opening(v, 4);
	for (int mode = 0; mode < 2; mode++) {
		struct hz_audit_result r = run(v, mode == 0 ? HZ_AUDIT_FULL : HZ_AUDIT_SEALED, &s);
		assert_int_equal(r.verdict, HZ_VERDICT_INVALID);
		assert_int_equal(r.different, 1);
		assert_int_equal(r.matched, COUNT - 1);
		assert_non_null(strstr(s.last, "-000004"));
		assert_non_null(strstr(s.why, "opening"));
	}
	hz_vault_close(&v);
}

/* Two cases; an exhibit taken out of one behind the log's back. */
static void
member_gone(void **state)
{
	(void)state;
	for (int remove = 0; remove <= 1; remove++) {
		struct hz_vault *v = filled();
		struct hz_batch *b = NULL;
		struct hz_case c, other;
		struct seen s;
		uint8_t k[12];
		const uint64_t members[] = { 1, 2, 5 };
		assert_int_equal(hz_batch_begin(v, &b), HZ_OK);
		assert_int_equal(hz_batch_case_new(b, "C1", "t", &c), HZ_OK);
		assert_int_equal(hz_batch_case_new(b, "C2", "t", &other), HZ_OK);
		assert_int_equal(hz_batch_case_add(b, &c, members, 3), HZ_OK);
		assert_int_equal(hz_batch_case_add(b, &other, members + 1, 2), HZ_OK);
		assert_int_equal(hz_batch_finish(&b), HZ_OK);
		assert_int_equal(run(v, HZ_AUDIT_FULL, &s).verdict, HZ_VERDICT_SIGNED);
		hz_be32(k, other.no);
		hz_be64(k + 4, 5);
		change(v, HZ_T_CASE_MEMBERS, k, 12, remove == 1);
		for (int mode = 0; mode < 2; mode++) {
			struct hz_audit_result r = run(v, mode == 0 ? HZ_AUDIT_FULL : HZ_AUDIT_SEALED, &s);
			assert_int_equal(r.verdict, HZ_VERDICT_INVALID);
			assert_int_equal(r.matched, COUNT);
			assert_int_equal(r.event_findings, 1);
			assert_int_equal(r.reasons & (HZ_WHY_LOG | HZ_WHY_CONTENT), HZ_WHY_LOG);
			assert_non_null(strstr(s.why, "case C2 lacks 1 "));
			assert_non_null(strstr(s.why, "-000005"));
		}
		hz_vault_close(&v);
		shell("rm -rf '%s/v' '%s/state'", scratch(), scratch());
	}
}

/* Stored bytes, without keys: a changed one and a removed one. */
static void
segments(void **state)
{
	struct hz_vault *v = filled();
	struct seen s;
	uint8_t k[8];
	(void)state;
	hz_be64(k, 2);
	change(v, HZ_T_SEGMENTS, k, 8, false);
	hz_be64(k, 4);
	change(v, HZ_T_SEGMENTS, k, 8, true);
	hz_vault_close(&v);
	v = open_vault("v", HZ_VAULT_SEALED);
	struct hz_audit_result r = run(v, HZ_AUDIT_SEALED, &s);
	assert_int_equal(r.verdict, HZ_VERDICT_INVALID);
	assert_int_equal(r.different, 1);
	assert_int_equal(r.missing, 1);
	assert_int_equal(s.different, 1);
	hz_vault_close(&v);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(all_good, scratch_make, scratch_drop),
		cmocka_unit_test_setup_teardown(nothing, scratch_make, scratch_drop),
		cmocka_unit_test_setup_teardown(tags, scratch_make, scratch_drop),
		cmocka_unit_test_setup_teardown(each_kind, scratch_make, scratch_drop),
		cmocka_unit_test_setup_teardown(log_changed, scratch_make, scratch_drop),
		cmocka_unit_test_setup_teardown(records_of_the_log, scratch_make, scratch_drop),
		cmocka_unit_test_setup_teardown(index_gone, scratch_make, scratch_drop),
		cmocka_unit_test_setup_teardown(plaintext_differs, scratch_make, scratch_drop),
		cmocka_unit_test_setup_teardown(opening_exchanged, scratch_make, scratch_drop),
		cmocka_unit_test_setup_teardown(member_gone, scratch_make, scratch_drop),
		cmocka_unit_test_setup_teardown(segments, scratch_make, scratch_drop),
		cmocka_unit_test_setup_teardown(whole_good, scratch_make, scratch_drop),
		cmocka_unit_test_setup_teardown(whole_stopped, scratch_make, scratch_drop),
		cmocka_unit_test_setup_teardown(whole_resumed_other, scratch_make, scratch_drop),
		cmocka_unit_test_setup_teardown(whole_kept, scratch_make, scratch_drop),
		cmocka_unit_test_setup_teardown(whole_pack, scratch_make, scratch_drop),
		cmocka_unit_test_setup_teardown(whole_clock, scratch_make, scratch_drop),
		cmocka_unit_test_setup_teardown(stamps_good, scratch_make, scratch_drop),
		cmocka_unit_test_setup_teardown(stamp_of_other, scratch_make, scratch_drop),
		cmocka_unit_test_setup_teardown(stamp_of_fork, scratch_make, scratch_drop),
		cmocka_unit_test_setup_teardown(stamp_hidden, scratch_make, scratch_drop),
		cmocka_unit_test_setup_teardown(stamp_renewed, scratch_make, scratch_drop),
		cmocka_unit_test_setup_teardown(token_facts, scratch_make, scratch_drop),
		cmocka_unit_test_setup_teardown(token_wrong, scratch_make, scratch_drop),
		cmocka_unit_test_setup_teardown(member_of_no_log, scratch_make, scratch_drop),
		cmocka_unit_test_setup_teardown(witnessed, scratch_make, scratch_drop),
		cmocka_unit_test_setup_teardown(cosignature_changed, scratch_make, scratch_drop),
	};
	return hz_crypto_init() == HZ_OK ? cmocka_run_group_tests_name("audit", tests, NULL, NULL) : 1;
}
