/* Learned models kept in a vault: the newest is in use; what changed rows are. */
#include "tests.h"

#include "vault/internal.h"
#include "vault/models.h"

#include <stdlib.h>
#include <string.h>

static const uint8_t set_hash[32] = { 1, 2, 3 }, rules_id[32] = { 4, 5, 6 };

static struct hz_model_row
keep(struct hz_batch *b, const char *bytes, size_t n)
{
	struct hz_new_model x = { .bytes = bytes,
		.size = n,
		.set = n > 0 ? set_hash : NULL,
		.rules = n > 0 ? rules_id : NULL,
		.engine = "test 1",
		.types = 2,
		.texts = 300 };
	struct hz_model_row row;
	assert_int_equal(hz_batch_model(b, &x, &row), HZ_OK);
	return row;
}

static struct hz_vault *
filled(void)
{
	struct hz_vault *v = make_vault("t");
	struct hz_batch *b = NULL;
	assert_int_equal(hz_batch_begin(v, &b), HZ_OK);
	assert_int_equal(keep(b, "first", 5).no, 1);
	assert_int_equal(keep(b, "", 0).no, 2);
	assert_int_equal(keep(b, "third model", 11).no, 3);
	assert_int_equal(hz_batch_finish(&b), HZ_OK);
	return v;
}

static void
kept(void **state)
{
	struct hz_vault *v = filled();
	struct hz_view *w = NULL;
	struct hz_model_row row;
	struct hz_buf bytes = HZ_BUF_INIT(100);
	uint32_t no = 1, many = 0;
	bool found = true;
	(void)state;
	hz_vault_close(&v);
	v = open_vault("t", HZ_VAULT_READ);
	assert_int_equal(hz_view_begin(v, &w), HZ_OK);
	assert_int_equal(hz_model_row_newest(w, &found, &row, &bytes), HZ_OK);
	assert_true(found);
	assert_int_equal(row.no, 3);
	assert_memory_equal(row.set, set_hash, 32);
	assert_memory_equal(row.rules, rules_id, 32);
	assert_string_equal(row.engine, "test 1");
	assert_int_equal(bytes.len, 11);
	assert_memory_equal(bytes.p, "third model", 11);
	while (found) {
		hz_buf_clear(&bytes);
		assert_int_equal(hz_model_row_next(w, &no, &found, &row, &bytes), HZ_OK);
		many += found;
		assert_true(!found || bytes.len == row.size);
		assert_true(!found || (row.no == 2) == (row.size == 0));
	}
	assert_int_equal(many, 3);
	assert_int_equal(hz_model_rows_check(w), HZ_OK);
	hz_buf_done(&bytes);
	hz_view_end(&w);
	hz_vault_close(&v);
}

static void
none(void **state)
{
	struct hz_vault *v = make_vault("t");
	struct hz_view *w = NULL;
	struct hz_model_row row;
	bool found = true;
	(void)state;
	assert_int_equal(hz_view_begin(v, &w), HZ_OK);
	assert_int_equal(hz_model_row_newest(w, &found, &row, NULL), HZ_OK);
	assert_false(found);
	assert_int_equal(hz_model_rows_check(w), HZ_OK);
	hz_view_end(&w);
	hz_vault_close(&v);
}

static void
limits(void **state)
{
	struct hz_vault *v = make_vault("t");
	struct hz_batch *b = NULL;
	struct hz_model_row row;
	char *large = calloc(1, HZ_MODEL_FILE_MAX + 1), name[HZ_MODEL_ENGINE_MAX + 1] = { 0 };
	struct hz_new_model x = { .bytes = large,
		.size = HZ_MODEL_FILE_MAX + 1,
		.set = set_hash,
		.rules = rules_id,
		.engine = "e" };
	(void)state;
	assert_non_null(large);
	memset(name, 'n', HZ_MODEL_ENGINE_MAX);
	assert_int_equal(hz_batch_begin(v, &b), HZ_OK);
	assert_int_equal(hz_batch_model(b, &x, &row), HZ_ERR_LIMIT);
	x.size = HZ_MODEL_FILE_MAX;
	x.engine = name;
	assert_int_equal(hz_batch_model(b, &x, &row), HZ_ERR_LIMIT);
	name[HZ_MODEL_ENGINE_MAX - 1] = '\0';
	assert_int_equal(hz_batch_model(b, &x, &row), HZ_OK);
	assert_int_equal(hz_batch_finish(&b), HZ_OK);
	struct hz_view *w = NULL;
	assert_int_equal(hz_view_begin(v, &w), HZ_OK);
	assert_int_equal(hz_model_rows_check(w), HZ_OK);
	hz_view_end(&w);
	hz_vault_close(&v);
	free(large);
}

/* What stands in a row, byte by byte. */
static void
row_form(void **state)
{
	struct hz_buf b = HZ_BUF_INIT(1000);
	struct hz_model_row x;
	const uint8_t *p = NULL;
	uint8_t head[1 + 96 + 8 + 12] = { 1 };
	(void)state;
	head[97 + 7] = 9;
	assert_int_equal(hz_buf_put(&b, head, sizeof(head)), HZ_OK);
	assert_int_equal(hz_put_lps(&b, "e 1"), HZ_OK);
	assert_int_equal(hz_put_lps(&b, "bytes"), HZ_OK);
	assert_int_equal(hz_model_row_read(b.p, b.len, 7, &x, &p), HZ_OK);
	assert_int_equal(x.no, 7);
	assert_int_equal(x.record, 9);
	assert_int_equal(x.size, 5);
	assert_memory_equal(p, "bytes", 5);
	for (size_t n = 0; n < b.len; n++) {
		assert_int_equal(hz_model_row_read(b.p, n, 7, &x, &p), HZ_ERR_FORMAT);
	}
	b.p[sizeof(head) + 5] = 0; /* a zero byte in the name */
	assert_int_equal(hz_model_row_read(b.p, b.len, 7, &x, &p), HZ_ERR_FORMAT);
	b.p[sizeof(head) + 5] = 'x';
	b.p[0] = 2;
	assert_int_equal(hz_model_row_read(b.p, b.len, 7, &x, &p), HZ_ERR_VERSION);
	b.p[0] = 1;
	assert_int_equal(hz_buf_putc(&b, 0), HZ_OK);
	assert_int_equal(hz_model_row_read(b.p, b.len, 7, &x, &p), HZ_ERR_FORMAT);
	hz_buf_done(&b);
}

static enum hz_err
checked(struct hz_vault *v)
{
	struct hz_view *w = NULL;
	assert_int_equal(hz_view_begin(v, &w), HZ_OK);
	enum hz_err r = hz_model_rows_check(w);
	hz_view_end(&w);
	return r;
}

static void
change(struct hz_vault *v, const uint8_t k[4], const uint8_t *other, size_t bit)
{
	struct hz_txn *t = NULL;
	const uint8_t *p = NULL;
	size_t n = 0;
	assert_int_equal(hz_txn_begin(v->store, true, &t), HZ_OK);
	assert_int_equal(hz_get(t, HZ_T_MODELS, other ? other : k, 4, &p, &n), HZ_OK);
	uint8_t *copy = malloc(n);
	assert_non_null(copy);
	memcpy(copy, p, n);
	if (!other) {
		copy[bit / 8 % n] ^= (uint8_t)(1u << bit % 8);
	}
	assert_int_equal(hz_set(t, HZ_T_MODELS, k, 4, copy, n), HZ_OK);
	assert_int_equal(hz_txn_commit(&t), HZ_OK);
	free(copy);
}

static void
flipped(void **state)
{
	static const uint8_t k[2][4] = { { 0, 0, 0, 1 }, { 0, 0, 0, 3 } };
	struct hz_vault *v = filled();
	struct hz_txn *t = NULL;
	(void)state;
	assert_int_equal(checked(v), HZ_OK);
	for (size_t bit = 0; bit < 4096; bit += 61) {
		for (size_t i = 0; i < 2; i++) {
			change(v, k[i], NULL, bit);
			assert_int_equal(checked(v), HZ_ERR_TAMPERED);
			change(v, k[i], NULL, bit);
		}
	}
	assert_int_equal(checked(v), HZ_OK);
	assert_int_equal(hz_txn_begin(v->store, true, &t), HZ_OK); /* the first is taken out */
	assert_int_equal(hz_del(t, HZ_T_MODELS, k[0], 4), HZ_OK);
	assert_int_equal(hz_txn_commit(&t), HZ_OK);
	assert_int_equal(checked(v), HZ_ERR_TAMPERED);
	change(v, k[0], k[1], 0); /* and another put in its place */
	assert_int_equal(checked(v), HZ_ERR_TAMPERED);
	hz_vault_close(&v);
}

/* A row that opens, and says what its record does not. */
static void
forged(void **state)
{
	struct hz_vault *v = filled();
	struct hz_view *w = NULL;
	struct hz_txn *t = NULL;
	struct hz_buf row = HZ_BUF_INIT(65536);
	uint8_t k[4] = { 0, 0, 0, 3 };
	(void)state;
	assert_int_equal(hz_view_begin(v, &w), HZ_OK);
	assert_int_equal(hz_row_get(v, w->t, HZ_T_MODELS, k, 4, &row), HZ_OK);
	hz_view_end(&w);
	for (size_t at = 1; at < 97 + 20; at += 9) {
		row.p[at] ^= 1;
		assert_int_equal(hz_txn_begin(v->store, true, &t), HZ_OK);
		assert_int_equal(hz_row_set(v, t, HZ_T_MODELS, k, 4, &row, false), HZ_OK);
		assert_int_equal(hz_txn_commit(&t), HZ_OK);
		assert_int_not_equal(checked(v), HZ_OK);
		row.p[at] ^= 1;
	}
	hz_buf_done(&row);
	hz_vault_close(&v);
}

const struct CMUnitTest models_tests[] = {
	cmocka_unit_test(row_form),
	cmocka_unit_test_setup_teardown(kept, scratch_make, scratch_drop),
	cmocka_unit_test_setup_teardown(none, scratch_make, scratch_drop),
	cmocka_unit_test_setup_teardown(limits, scratch_make, scratch_drop),
	cmocka_unit_test_setup_teardown(flipped, scratch_make, scratch_drop),
	cmocka_unit_test_setup_teardown(forged, scratch_make, scratch_drop),
};
const size_t models_count = sizeof(models_tests) / sizeof(models_tests[0]);
