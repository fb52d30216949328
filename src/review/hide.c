/* What learning leaves out of a text: the words by which rules know parties, places and dates. */
#include "review/hide.h"

#include <stdlib.h>
#include <string.h>

/* The first word of an alternative where it stands alone: "russian* + { ... }" and "=x" give one word, "air
 * force" none: the places where that is found are left out, its words are everybody's. */
static enum hz_err
add_term(struct hz_learn_names *x, enum hz_axis axis, const char *s)
{
	bool begins = false;
	s += *s == '=';
	size_t n = strcspn(s, "+");
	while (n > 0 && s[n - 1] == ' ') {
		n--;
	}
	if (n > 0 && s[n - 1] == '*') {
		begins = true;
		n--;
	}
	if (n == 0 || memchr(s, ' ', n) || memchr(s, ':', n)) {
		return HZ_OK;
	}
	uint8_t first = (uint8_t)s[0];
	bool joined = first >= 0xD8 && first <= 0xDB; /* Arabic letters: endings are written joined */
	if (joined && axis == HZ_AXIS_PARTY && n >= 6) {
		return hz_learn_names_add(x, s, n, HZ_NAME_INSIDE);
	}
	return hz_learn_names_add(x, s, n, begins ? HZ_NAME_BEGINS : HZ_NAME_WORD);
}

HZ_RESULT
hz_hide_names(const struct hz_rules *rules, struct hz_learn_names **ret)
{
	struct hz_learn_names *x = NULL;
	enum hz_err r = hz_learn_names_new(&x);
	for (size_t i = 0; r == HZ_OK && i < hz_rules_entries(rules); i++) {
		const struct hz_rules_entry *e = hz_rules_entry(rules, i);
		struct hz_rules_term t;
		for (size_t k = 0; r == HZ_OK && e->axis != HZ_AXIS_TYPE && hz_rules_term_at(rules, e, k, &t);
		     k++) {
			r = add_term(x, e->axis, t.text);
		}
	}
	if (r != HZ_OK) {
		hz_learn_names_free(&x);
		return r;
	}
	*ret = x;
	return HZ_OK;
}

void
hz_hidden_done(struct hz_hidden *h)
{
	free(h->v);
	*h = (struct hz_hidden){ 0 };
}

static int
by_start(const void *a, const void *b)
{
	const struct hz_learn_range *x = a, *y = b;
	return x->start != y->start ? (x->start > y->start) - (x->start < y->start)
				    : (x->end > y->end) - (x->end < y->end);
}

static bool
is_left_out(const struct hz_tag *t)
{
	return t->axis != HZ_AXIS_TYPE;
}

/* Where a tag has more places than it keeps, the text ends behind the last that is known: what is behind it
 * could not be left out. */
HZ_RESULT
hz_hidden_of(const struct hz_rules *rules, const void *text, size_t n, const struct hz_classify_when *when,
    struct hz_hidden *ret)
{
	struct hz_hidden h = { .limit = n };
	struct hz_tags tags = { 0 };
	size_t many = 0;
	HZ_TRY(hz_classify(rules, text, n, when, &tags));
	for (size_t i = 0; i < tags.n; i++) {
		many += is_left_out(&tags.v[i]) ? tags.v[i].nspans : 0;
	}
	h.v = calloc(many + 1, sizeof(*h.v));
	if (!h.v) {
		hz_tags_done(&tags);
		return hz_fail(HZ_MSG_NOMEM, "places of names");
	}
	for (size_t i = 0; i < tags.n; i++) {
		const struct hz_tag *t = &tags.v[i];
		size_t last = 0;
		for (size_t k = 0; is_left_out(t) && k < t->nspans; k++) {
			h.v[h.n++] = (struct hz_learn_range){ t->spans[k].start, t->spans[k].end };
			last = t->spans[k].end > last ? t->spans[k].end : last;
		}
		if (is_left_out(t) && t->left_out > 0 && last < h.limit) {
			h.limit = last;
		}
	}
	hz_tags_done(&tags);
	if (h.n > 1) {
		qsort(h.v, h.n, sizeof(*h.v), by_start);
	}
	*ret = h;
	return HZ_OK;
}
