/* Exhibits made out of others: numbers, keys, chains, and that nothing takes them for received files. */
#include "tests.h"
#include "vault/internal.h"

#include <stdlib.h>
#include <string.h>

static void
numbers(void **state)
{
	static const struct {
		const char *text;
		uint64_t origin;
		unsigned n;
	} good[] = {
		{ "000117.1", 117, 1 },
		{ "117.255", 117, 255 },
		{ "1.1", 1, 1 },
		{ "36028797018963967.1", ((uint64_t)1 << 55) - 1, 1 },
	};
	static const char *const bad[] = { "", ".", ".1", "0", "000", "0.1", "1.", "1.0", "1.256", "1.1.1",
		"1.-1", "36028797018963968.1", "1x", "9223372036854775808" };
	char text[HZ_NUMBER_MAX];
	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		uint64_t no = hz_number_read(good[i].text);
		assert_int_equal(no, hz_derived_no(good[i].origin, good[i].n));
		assert_true(hz_is_derived(no));
		assert_int_equal(hz_derived_origin(no), good[i].origin);
	}
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_int_equal(hz_number_read(bad[i]), 0);
	}
	assert_int_equal(hz_number_read("117"), 117);
	assert_false(hz_is_derived(117));
	assert_int_equal(hz_derived_origin(117), 0);
	hz_number_text("ABCDEFGHIJKL", hz_derived_no(((uint64_t)1 << 55) - 1, 255), text);
	assert_string_equal(text, "ABCDEFGHIJKL-36028797018963967.255");
	hz_number_text("DM3", hz_derived_no(7, 2), text);
	assert_string_equal(text, "DM3-000007.2");
}

static void
keys(void **state)
{
	static const uint64_t some[] = { 1, 2, 255, 256, ((uint64_t)1 << 63) - 1 };
	uint8_t k[HZ_EXHIBIT_KEY_MAX], before[HZ_EXHIBIT_KEY_MAX] = { 0 };
	uint64_t no = 0;
	(void)state;
	for (size_t i = 0; i < sizeof(some) / sizeof(some[0]); i++) {
		assert_int_equal(hz_exhibit_key_put(some[i], k), 8);
		assert_true(hz_exhibit_key_get(k, 8, &no));
		assert_int_equal(no, some[i]);
	}
	for (uint64_t origin = 1; origin < 3; origin++) {
		for (unsigned n = 1; n <= HZ_DERIVED_MAX; n += 127) {
			assert_int_equal(hz_exhibit_key_put(hz_derived_no(origin, n), k), 17);
			assert_true(memcmp(before, k, 17) < 0); /* they grow */
			memcpy(before, k, 17);
			assert_true(hz_exhibit_key_get(k, 17, &no));
			assert_int_equal(no, hz_derived_no(origin, n));
			assert_false(hz_exhibit_key_get(k, 16, &no));
			assert_false(hz_exhibit_key_get(k, 8, &no));
		}
	}
	(void)hz_exhibit_key_put(1, before);
	assert_true(memcmp(k, before, 8) < 0); /* all derived ones come first */
	k[16] = 0;
	assert_false(hz_exhibit_key_get(k, 17, &no)); /* the count begins at 1 */
	k[16] = 1;
	k[0] = 1;
	assert_false(hz_exhibit_key_get(k, 17, &no));
}

/* One exhibit, two made out of it, another one after: in the same batch and in a later one. */
static struct hz_vault *
some(void)
{
	struct hz_vault *v = make_vault("d");
	struct hz_batch *b = NULL;
	struct hz_exhibit e;
	assert_int_equal(hz_batch_begin(v, &b), HZ_OK);
	assert_int_equal(seal(b, 5000, 1, "origin").no, 1);
	e = seal_from(b, 1, 700, 2, "text", "text/plain; charset=utf-8");
	assert_string_equal(e.number, "DM3-000001.1");
	assert_int_equal(seal(b, 3000000, 3, "next").no, 2);
	assert_int_equal(hz_batch_commit(b), HZ_OK);
	e = seal_from(b, 1, 2000000, 4, "another", "text/plain; charset=utf-8");
	assert_string_equal(e.number, "DM3-000001.2");
	assert_int_equal(seal(b, 10, 5, "last").no, 3);
	assert_int_equal(hz_batch_finish(&b), HZ_OK);
	assert_int_equal(hz_vault_info(v)->exhibits, 3);
	return v;
}

static void
found_and_read(void **state)
{
	struct hz_vault *v = some();
	struct hz_view *w = NULL;
	struct hz_exhibit e, origin;
	struct hz_event *ev = calloc(1, sizeof(*ev));
	struct hz_object o;
	struct hz_buf jws = HZ_BUF_INIT(HZ_EVENT_MAX);
	uint8_t com[32];
	uint64_t no = 0;
	unsigned n = 0, count = 0;
	bool found = true;
	(void)state;
	assert_non_null(ev);
	hz_vault_close(&v);
	v = open_vault("d", HZ_VAULT_READ);
	assert_int_equal(hz_view_begin(v, &w), HZ_OK);
	for (no = 0; found; count++) {
		assert_int_equal(hz_exhibit_next(w, &no, &found, &e), HZ_OK);
		assert_true(!found || !hz_is_derived(e.no));
	}
	assert_int_equal(count, 4);
	found = true;
	for (no = HZ_DERIVED_FIRST, count = 0; found; count++) {
		assert_int_equal(hz_exhibit_next(w, &no, &found, &e), HZ_OK);
		assert_true(!found || hz_is_derived(e.no));
	}
	assert_int_equal(count, 3);
	assert_int_equal(hz_derived_next(w, 2, &n, &found, &e), HZ_OK);
	assert_false(found);
	assert_int_equal(hz_derived_next(w, 1, &n, &found, &e), HZ_OK);
	assert_true(found);
	assert_int_equal(n, 1);
	assert_int_equal(hz_exhibit_check(w, &e), HZ_OK);
	read_back(w, &e, 700, 2);
	assert_int_equal(hz_derived_next(w, 1, &n, &found, &e), HZ_OK);
	assert_true(found);
	read_back(w, &e, 2000000, 4);
	assert_int_equal(hz_derived_next(w, 1, &n, &found, &e), HZ_OK);
	assert_false(found);
	assert_int_equal(hz_exhibit_find(w, "dm3-1.2", &e), HZ_OK);
	assert_int_equal(hz_exhibit_find(w, e.ex_text, &origin), HZ_OK);
	assert_int_equal(origin.no, e.no);
	assert_int_equal(hz_exhibit_find(w, "DM3-1.3", &e), HZ_ERR_NOT_FOUND);
	/* The event names the commitment of the origin. */
	assert_int_equal(hz_exhibit_find(w, "DM3-1.1", &e), HZ_OK);
	assert_int_equal(hz_exhibit_get(w, 1, &origin), HZ_OK);
	assert_int_equal(hz_object_load(w, &origin, &o), HZ_OK);
	hz_sha256(o.opening_text.p, o.opening_text.len, com);
	hz_object_done(&o);
	assert_int_equal(hz_event_load(w, e.first_ref, &jws, NULL), HZ_OK);
	assert_int_equal(hz_event_read(jws.p, jws.len, ev), HZ_OK);
	assert_int_equal(ev->act, HZ_ACT_DERIVE);
	assert_true(ev->has_src);
	assert_memory_equal(ev->src, com, 32);
	hz_buf_done(&jws);
	free(ev);
	hz_view_end(&w);
	hz_vault_close(&v);
}

/* Bytes like those that were derived are a new exhibit, not a further receipt. */
static void
never_known(void **state)
{
	struct hz_vault *v = some();
	struct hz_batch *b = NULL;
	uint8_t buf[700], h[32];
	uint64_t no = 1;
	(void)state;
	fill(buf, sizeof(buf), 0, 2);
	hz_sha256(buf, sizeof(buf), h);
	assert_int_equal(hz_batch_begin(v, &b), HZ_OK);
	assert_int_equal(hz_batch_known(b, sizeof(buf), h, h, &no), HZ_OK);
	assert_int_equal(no, 0);
	hz_batch_end(&b);
	hz_vault_close(&v);
}

/* The row of one derived exhibit under the number of another origin. */
static void
of_another(void **state)
{
	struct hz_vault *v = some();
	struct hz_batch *b = NULL;
	struct hz_view *w = NULL;
	struct hz_exhibit e;
	(void)state;
	assert_int_equal(hz_batch_begin(v, &b), HZ_OK);
	assert_int_equal(hz_exhibit_get(hz_batch_view(b), hz_derived_no(1, 1), &e), HZ_OK);
	e.no = hz_derived_no(2, 1);
	assert_int_equal(hz_exhibit_row_save(v, hz_batch_view(b)->t, &e, false), HZ_OK);
	(void)seal(b, 1, 9, "to have something to commit");
	assert_int_equal(hz_batch_finish(&b), HZ_OK);
	assert_int_equal(hz_view_begin(v, &w), HZ_OK);
	assert_int_equal(hz_exhibit_get(w, hz_derived_no(2, 1), &e), HZ_OK);
	assert_int_equal(hz_exhibit_check(w, &e), HZ_ERR_TAMPERED);
	hz_view_end(&w);
	hz_vault_close(&v);
}

const struct CMUnitTest derived_tests[] = {
	cmocka_unit_test(numbers),
	cmocka_unit_test(keys),
	cmocka_unit_test_setup_teardown(found_and_read, scratch_make, scratch_drop),
	cmocka_unit_test_setup_teardown(never_known, scratch_make, scratch_drop),
	cmocka_unit_test_setup_teardown(of_another, scratch_make, scratch_drop),
};
const size_t derived_count = sizeof(derived_tests) / sizeof(derived_tests[0]);
