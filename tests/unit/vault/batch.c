#include "tests.h"
#include "vault/internal.h"

#include <stdlib.h>
#include <string.h>

static const uint64_t sizes[] = { 1, 1023, 1024, 1025, 65536, 65537, 1048544, 1048560, 3000000, 30000000 };
#define COUNT (sizeof(sizes) / sizeof(sizes[0]))

static void
seal_and_read(void **state)
{
	const size_t count = getenv("HIRZ_TEST_VALGRIND") ? COUNT - 2 : COUNT; /* the large ones last */
	struct hz_vault *v = make_vault("a");
	struct hz_batch *b = NULL;
	struct hz_view *w = NULL;
	struct hz_exhibit e;
	struct hz_record r;
	(void)state;
	assert_int_equal(hz_batch_begin(v, &b), HZ_OK);
	for (size_t i = 0; i < count; i++) {
		e = seal(b, sizes[i], (unsigned)i, "عنوان");
		assert_int_equal(e.no, i + 1);
	}
	assert_int_equal(hz_batch_finish(&b), HZ_OK);
	assert_int_equal(hz_vault_info(v)->log_size, count + 1);
	hz_vault_close(&v);
	v = open_vault("a", HZ_VAULT_READ);
	assert_false(hz_vault_info(v)->rollback);
	assert_int_equal(hz_view_begin(v, &w), HZ_OK);
	uint64_t no = 1;
	bool found = false;
	for (size_t i = 0; i < count; i++) {
		assert_int_equal(hz_exhibit_next(w, &no, &found, &e), HZ_OK);
		assert_true(found);
		assert_int_equal(hz_exhibit_check(w, &e), HZ_OK);
		read_back(w, &e, sizes[i], (unsigned)i);
		hz_record_init(&r);
		assert_int_equal(hz_exhibit_fields(w, &e, &r), HZ_OK);
		assert_string_equal(hz_record_get(&r, "exhibit.title"), "عنوان");
		assert_string_equal(hz_record_get(&r, "exhibit.number"), e.number);
		hz_record_done(&r);
	}
	assert_int_equal(hz_exhibit_next(w, &no, &found, &e), HZ_OK);
	assert_false(found);
	assert_int_equal(hz_exhibit_find(w, "dm3-3", &e), HZ_OK);
	assert_string_equal(e.number, "DM3-000003");
	char ex[HZ_ID_TEXT];
	memcpy(ex, e.ex_text, sizeof(ex));
	assert_int_equal(hz_exhibit_find(w, ex, &e), HZ_OK);
	assert_int_equal(e.no, 3);
	assert_int_equal(hz_exhibit_find(w, "DM3-99", &e), HZ_ERR_NOT_FOUND);
	assert_int_equal(hz_exhibit_find(w, "", &e), HZ_ERR_NOT_FOUND);
	hz_view_end(&w);
	hz_vault_close(&v);
}

/* 30 MB of an object that never ends: two transactions of segments are durable, the exhibit is not. */
static void
stream_half(struct hz_batch *b)
{
	uint8_t *seg = malloc(HZ_OBJ_SEGMENT), addr[32];
	assert_non_null(seg);
	for (unsigned i = 0; i < 30; i++) {
		fill(seg, HZ_OBJ_SEGMENT, i, 99);
		hz_sha256(seg, HZ_OBJ_SEGMENT, addr);
		assert_int_equal(hz_batch_segment(b, seg, HZ_OBJ_SEGMENT, addr), HZ_OK);
	}
	free(seg);
}

static void
give_up(struct hz_vault *v)
{
	struct hz_batch *b = NULL;
	assert_int_equal(hz_batch_begin(v, &b), HZ_OK);
	stream_half(b);
	hz_batch_end(&b);
}

/* What was not committed is not there, and its segments are removed at the next writing. */
static void
dead_run(void **state)
{
	struct hz_vault *v = make_vault("b");
	struct hz_batch *b = NULL;
	(void)state;
	assert_int_equal(hz_batch_begin(v, &b), HZ_OK);
	(void)seal(b, 5000, 1, "t");
	assert_int_equal(hz_batch_commit(b), HZ_OK);
	stream_half(b);
	assert_int_equal(hz_batch_commit(b), HZ_ERR_INTERNAL);
	hz_batch_end(&b);
	/* The same handle may begin anew: what was given up is removed first. */
	assert_int_equal(hz_batch_begin(v, &b), HZ_OK);
	hz_batch_end(&b);
	hz_vault_close(&v);
	/* Again, but the run dies. */
	v = open_vault("b", HZ_VAULT_WRITE);
	assert_true(hz_vault_info(v)->orphan_bytes == 0);
	give_up(v);
	hz_vault_close(&v);
	v = open_vault("b", HZ_VAULT_WRITE);
	assert_true(hz_vault_info(v)->orphan_bytes >= 10u * HZ_OBJ_SEGMENT);
	assert_int_equal(hz_vault_info(v)->exhibits, 1);
	assert_int_equal(hz_batch_begin(v, &b), HZ_OK);
	(void)seal(b, 2000000, 2, "t");
	assert_int_equal(hz_batch_finish(&b), HZ_OK);
	struct hz_view *w = NULL;
	struct hz_exhibit e;
	uint64_t segs = 0, addrs = 0;
	assert_int_equal(hz_view_begin(v, &w), HZ_OK);
	assert_int_equal(hz_exhibit_get(w, 2, &e), HZ_OK);
	read_back(w, &e, 2000000, 2);
	assert_int_equal(hz_segment_count(w, &segs, &addrs), HZ_OK);
	assert_int_equal(segs, addrs);
	assert_int_equal(segs, 1 + 2);
	hz_view_end(&w);
	hz_vault_close(&v);
}

static void
known_and_receipt(void **state)
{
	struct hz_vault *v = make_vault("c");
	struct hz_batch *b = NULL;
	struct hz_exhibit e;
	struct hz_record rec;
	struct hz_record_draft d;
	uint8_t buf[5000], h[32], other[32] = { 1 };
	uint64_t no = 0;
	bool maybe = false;
	(void)state;
	fill(buf, sizeof(buf), 0, 4);
	hz_sha256(buf, sizeof(buf), h);
	assert_int_equal(hz_vault_maybe_known(v, sizeof(buf), h, &maybe), HZ_OK);
	assert_false(maybe);
	assert_int_equal(hz_vault_maybe_known(v, sizeof(buf), h, &maybe), HZ_OK);
	assert_true(maybe); /* asked for before in this run */
	assert_int_equal(hz_batch_begin(v, &b), HZ_OK);
	(void)seal(b, sizeof(buf), 4, "first");
	assert_int_equal(hz_batch_known(b, sizeof(buf), h, h, &no), HZ_OK);
	assert_int_equal(no, 1);
	assert_int_equal(hz_batch_known(b, sizeof(buf), h, other, &no), HZ_OK);
	assert_int_equal(no, 0);
	assert_int_equal(hz_batch_known(b, sizeof(buf) + 1, h, h, &no), HZ_OK);
	assert_int_equal(no, 0);
	hz_record_init(&rec);
	assert_int_equal(hz_record_add(&rec, "kind", "receipt"), HZ_OK);
	assert_int_equal(hz_record_add(&rec, "receipt.source", "شاهد 14"), HZ_OK);
	assert_int_equal(hz_record_draft(&rec, &d), HZ_OK);
	struct hz_source_id src = { .dev = 1, .ino = 2, .size = 5000, .path = "a\nb", .pathlen = 3 };
	assert_int_equal(hz_batch_receipt(b, 1, &rec, &d, HZ_CONSENT_GIVEN, &src, &e), HZ_OK);
	assert_int_equal(e.receipts, 1);
	assert_int_equal(e.consent, HZ_CONSENT_GIVEN);
	assert_int_equal(e.next_seq, 2);
	hz_record_draft_done(&d);
	hz_record_done(&rec);
	assert_int_equal(hz_batch_finish(&b), HZ_OK);
	assert_int_equal(hz_vault_seen(v, &src, &no), HZ_OK);
	assert_int_equal(no, 1);
	src.ctime_ns++;
	assert_int_equal(hz_vault_seen(v, &src, &no), HZ_OK);
	assert_int_equal(no, 0);
	struct hz_view *w = NULL;
	uint32_t n = 1;
	uint64_t recno = 0;
	bool found = false;
	struct hz_record_row row;
	assert_int_equal(hz_view_begin(v, &w), HZ_OK);
	assert_int_equal(hz_exhibit_get(w, 1, &e), HZ_OK);
	assert_int_equal(hz_exhibit_check(w, &e), HZ_OK);
	assert_int_equal(hz_receipt_next(w, 1, &n, &found, &recno), HZ_OK);
	assert_true(found);
	assert_int_equal(hz_record_load(w, recno, &row), HZ_OK);
	hz_record_init(&rec);
	assert_int_equal(hz_record_fields(w, &row, &rec), HZ_OK);
	assert_string_equal(hz_record_get(&rec, "receipt.source"), "شاهد 14");
	hz_record_done(&rec);
	hz_record_row_done(&row);
	hz_view_end(&w);
	hz_vault_close(&v);
}

static void
cases(void **state)
{
	struct hz_vault *v = make_vault("d");
	struct hz_batch *b = NULL;
	struct hz_case c, again;
	uint64_t nos[3] = { 1, 2, 3 }, x = 0;
	(void)state;
	assert_int_equal(hz_batch_begin(v, &b), HZ_OK);
	for (unsigned i = 0; i < 3; i++) {
		(void)seal(b, 100 + i, i, "t");
	}
	assert_int_equal(hz_batch_case_new(b, "2019-MAR", "القصف", &c), HZ_OK);
	assert_int_equal(hz_batch_case_new(b, "2019-MAR", NULL, &again), HZ_ERR_EXISTS);
	assert_int_equal(hz_batch_case_new(b, "bad code", NULL, &again), HZ_ERR_USAGE);
	assert_int_equal(hz_batch_case_add(b, &c, nos, 3), HZ_OK);
	assert_int_equal(hz_batch_finish(&b), HZ_OK);
	struct hz_view *w = NULL;
	struct hz_ref at, pos = { 0, 0 };
	bool found = false;
	assert_int_equal(hz_view_begin(v, &w), HZ_OK);
	assert_int_equal(hz_case_find(w, "2019-MAR", &again), HZ_OK);
	assert_int_equal(again.no, c.no);
	assert_int_equal(hz_case_find(w, "2019-mar", &again), HZ_ERR_NOT_FOUND);
	for (uint64_t i = 1; i <= 3; i++) {
		x = i;
		assert_int_equal(hz_case_member_next(w, c.no, &x, &found, &at), HZ_OK);
		assert_true(found);
		assert_int_equal(x, i);
	}
	x = 4;
	assert_int_equal(hz_case_member_next(w, c.no, &x, &found, &at), HZ_OK);
	assert_false(found);
	assert_int_equal(hz_mention_next(w, 2, &pos, &found, &at), HZ_OK);
	assert_true(found);
	hz_view_end(&w);
	hz_vault_close(&v);
}

/* 4,096 objects begin a new epoch; what was sealed before and after opens; the keyring that the log names is
 * the one on disk. */
static void
epochs(void **state)
{
	struct hz_vault *v = make_vault("e");
	struct hz_batch *b = NULL;
	struct hz_view *w = NULL;
	struct hz_exhibit e;
	(void)state;
	assert_int_equal(hz_batch_begin(v, &b), HZ_OK);
	for (unsigned i = 0; i < HZ_EPOCH_OBJECTS + 2; i++) {
		(void)seal(b, 64, i, "t");
		if (hz_batch_due(b)) {
			assert_int_equal(hz_batch_commit(b), HZ_OK);
		}
	}
	assert_int_equal(hz_batch_finish(&b), HZ_OK);
	assert_int_equal(v->epoch[1].epoch, 2);
	assert_int_equal(v->epoch[1].objects, 2);
	hz_vault_close(&v);
	v = open_vault("e", HZ_VAULT_READ);
	assert_int_equal(hz_view_begin(v, &w), HZ_OK);
	assert_int_equal(hz_exhibit_get(w, 1, &e), HZ_OK);
	read_back(w, &e, 64, 0);
	assert_int_equal(hz_exhibit_get(w, HZ_EPOCH_OBJECTS + 2, &e), HZ_OK);
	read_back(w, &e, 64, HZ_EPOCH_OBJECTS + 1);
	hz_view_end(&w);
	hz_vault_close(&v);
	/* An interrupted change: keyring and keyring.2 are the old ones, keyring.new is the one that the log
	 * names. */
	shell("cd '%s/e' && mv keyring keyring.new && cp keyring.new /dev/null", scratch());
	struct hz_vault *broken = NULL;
	assert_int_equal(try_open("e", HZ_VAULT_READ, &broken), HZ_ERR_TAMPERED);
	assert_int_equal(hz_fail_msg(), HZ_MSG_KEYRING_DAMAGED);
	shell("cd '%s/e' && mv keyring.new keyring", scratch());
}

/* A changed byte of a segment is found by its address, before anything is decrypted. */
static void
segment_changed(void **state)
{
	struct hz_vault *v = make_vault("g");
	struct hz_batch *b = NULL;
	struct hz_txn *t = NULL;
	struct hz_view *w = NULL;
	struct hz_exhibit e;
	struct hz_object o;
	uint8_t k[8], *changed;
	const uint8_t *p = NULL;
	size_t n = 0;
	(void)state;
	assert_int_equal(hz_batch_begin(v, &b), HZ_OK);
	(void)seal(b, 5000, 1, "t");
	assert_int_equal(hz_batch_finish(&b), HZ_OK);
	hz_be64(k, 1);
	assert_int_equal(hz_write_begin(v, &t), HZ_OK);
	assert_int_equal(hz_get(t, HZ_T_SEGMENTS, k, 8, &p, &n), HZ_OK);
	changed = malloc(n);
	assert_non_null(changed);
	memcpy(changed, p, n);
	changed[n / 2] ^= 1;
	assert_int_equal(hz_set(t, HZ_T_SEGMENTS, k, 8, changed, n), HZ_OK);
	assert_int_equal(hz_txn_commit(&t), HZ_OK);
	free(changed);
	assert_int_equal(hz_view_begin(v, &w), HZ_OK);
	assert_int_equal(hz_exhibit_get(w, 1, &e), HZ_OK);
	assert_int_equal(hz_object_load(w, &e, &o), HZ_OK);
	assert_int_equal(hz_object_segment(w, &o, 0, false, &p, &n), HZ_OK);
	assert_int_equal(hz_object_segment(w, &o, 0, true, &p, &n), HZ_ERR_TAMPERED);
	assert_int_equal(hz_fail_msg(), HZ_MSG_CONTENT_DIFFERS);
	hz_object_done(&o);
	hz_view_end(&w);
	hz_vault_close(&v);
}

/* Values moved to another key or another table do not open (docs/format.md 11.3). */
static void
cut_and_paste(void **state)
{
	struct hz_vault *v = make_vault("f");
	struct hz_batch *b = NULL;
	(void)state;
	assert_int_equal(hz_batch_begin(v, &b), HZ_OK);
	for (unsigned i = 0; i < 3; i++) {
		(void)seal(b, 100, i, "t");
	}
	assert_int_equal(hz_batch_finish(&b), HZ_OK);
	static const struct {
		unsigned table;
		size_t kn;
	} kinds[] = { { HZ_T_OBJECTS, 8 }, { HZ_T_EXHIBITS, 8 }, { HZ_T_RECORDS, 8 } };
	unsigned tried = 0;
	for (size_t i = 0; i < 3; i++) {
		for (size_t j = 0; j < 3; j++) {
			for (uint64_t from = 1; from <= 2; from++) {
				struct hz_txn *t = NULL;
				struct hz_buf out = HZ_BUF_INIT(1 << 20);
				const uint8_t *p = NULL;
				size_t n = 0;
				uint8_t kf[8], kt[8], copy[8192];
				if (i == j && from == 2) {
					continue;
				}
				hz_be64(kf, from);
				hz_be64(kt, 2);
				assert_int_equal(hz_txn_begin(v->store, true, &t), HZ_OK);
				assert_int_equal(hz_get(t, kinds[i].table, kf, 8, &p, &n), HZ_OK);
				assert_true(n <= sizeof(copy));
				memcpy(copy, p, n);
				assert_int_equal(hz_set(t, kinds[j].table, kt, 8, copy, n), HZ_OK);
				assert_int_equal(
				    hz_row_get(v, t, kinds[j].table, kt, 8, &out), HZ_ERR_TAMPERED);
				hz_txn_abort(&t);
				hz_buf_done(&out);
				tried++;
			}
		}
	}
	assert_int_equal(tried, 3 * 3 * 2 - 3);
	hz_vault_close(&v);
}

static enum hz_err
meta_checked(struct hz_vault *v)
{
	struct hz_view *w = NULL;
	assert_int_equal(hz_view_begin(v, &w), HZ_OK);
	enum hz_err r = hz_meta_check(w);
	hz_view_end(&w);
	return r;
}

/* One bit of any row of what the vault knows of itself is noticed, also of those that only a writer reads. */
static void
meta_rows(void **state)
{
	struct hz_vault *v = make_vault("f");
	uint8_t keys[64][HZ_STORE_KEY_MAX], row[8192];
	size_t lens[64], rows = 0;
	struct hz_txn *t = NULL;
	struct hz_cur *c = NULL;
	const uint8_t *k = NULL, *p = NULL;
	size_t kn = 0, n = 0;
	bool found = true;
	(void)state;
	assert_int_equal(meta_checked(v), HZ_OK);
	assert_int_equal(hz_txn_begin(v->store, false, &t), HZ_OK);
	assert_int_equal(hz_cur_open(t, HZ_T_META, &c), HZ_OK);
	while (rows < 64) {
		assert_int_equal(hz_cur_next(c, &found, &k, &kn, &p, &n), HZ_OK);
		if (!found) {
			break;
		}
		memcpy(keys[rows], k, kn);
		lens[rows++] = kn;
	}
	hz_cur_close(&c);
	hz_txn_abort(&t);
	assert_in_range(rows, 5, 63);
	for (size_t i = 0; i < rows; i++) {
		for (unsigned bad = 0; bad < 2; bad++) { /* first changed, then as it was */
			assert_int_equal(hz_txn_begin(v->store, true, &t), HZ_OK);
			assert_int_equal(hz_get(t, HZ_T_META, keys[i], lens[i], &p, &n), HZ_OK);
			assert_true(n <= sizeof row);
			memcpy(row, p, n);
			row[n / 2] ^= 4;
			assert_int_equal(hz_set(t, HZ_T_META, keys[i], lens[i], row, n), HZ_OK);
			assert_int_equal(hz_txn_commit(&t), HZ_OK);
			assert_int_equal(meta_checked(v), bad == 0 ? HZ_ERR_TAMPERED : HZ_OK);
		}
	}
	hz_vault_close(&v);
}

const struct CMUnitTest batch_tests[] = {
	cmocka_unit_test_setup_teardown(seal_and_read, scratch_make, scratch_drop),
	cmocka_unit_test_setup_teardown(dead_run, scratch_make, scratch_drop),
	cmocka_unit_test_setup_teardown(known_and_receipt, scratch_make, scratch_drop),
	cmocka_unit_test_setup_teardown(cases, scratch_make, scratch_drop),
	cmocka_unit_test_setup_teardown(epochs, scratch_make, scratch_drop),
	cmocka_unit_test_setup_teardown(segment_changed, scratch_make, scratch_drop),
	cmocka_unit_test_setup_teardown(cut_and_paste, scratch_make, scratch_drop),
	cmocka_unit_test_setup_teardown(meta_rows, scratch_make, scratch_drop),
};
const size_t batch_count = sizeof(batch_tests) / sizeof(batch_tests[0]);
