/* A file of rules: what loads has a canonical form that loads to the same id, and tags a text within bounds;
 * what does not load has faults. */
#include "classify/classify.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char text[] = "لم يقصف الطيران الروسي حلب في 4 نيسان 2017. airstrike by a b c x y z US";

static void
use(const struct hz_rules *r)
{
	struct hz_tags t = { 0, NULL };
	struct hz_rules_term term;
	hz_assert(hz_classify(r, text, sizeof text - 1, NULL, &t) == HZ_OK);
	for (size_t i = 0; i < t.n; i++) {
		hz_assert(t.v[i].nspans > 0 && t.v[i].spans[0].end < sizeof text);
	}
	hz_tags_done(&t);
	for (size_t i = 0; i < hz_rules_entries(r); i++) {
		const struct hz_rules_entry *x = hz_rules_entry(r, i);
		hz_assert(hz_rules_find(r, x->axis, x->id) == x);
		for (size_t k = 0; hz_rules_term_at(r, x, k, &term); k++) {
			hz_assert(term.text[0] != '\0' && term.line > 0);
		}
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct hz_rules_fault faults[HZ_RULES_FAULTS];
	struct hz_rules *r = NULL;
	struct hz_rules *again = NULL;
	struct hz_buf b = HZ_BUF_INIT(SIZE_MAX);
	size_t n = hz_rules_check(data, size, faults, HZ_RULES_FAULTS);
	enum hz_err err = hz_rules_load(data, size, &r);
	hz_assert((err == HZ_OK) == (n == 0));
	for (size_t i = 1; i < n; i++) {
		hz_assert(faults[i - 1].line <= faults[i].line);
	}
	if (err == HZ_OK) {
		hz_assert(hz_rules_canonical(data, size, &b) == HZ_OK);
		hz_assert(hz_rules_load(b.p, b.len, &again) == HZ_OK);
		hz_assert(memcmp(hz_rules_id(r), hz_rules_id(again), 32) == 0);
		use(r);
	}
	hz_rules_free(&r);
	hz_rules_free(&again);
	hz_buf_done(&b);
	return 0;
}
