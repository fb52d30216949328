/* The features of a training set. */
#include "learn/grams.h"

#include "crypto/crypto.h"
#include <stdlib.h>
#include <string.h>

#define BUCKETS ((size_t)1 << 20)
#define PLACES  ((size_t)2 * HZ_LEARN_GRAMS) /* a power of two */

HZ_RESULT
hz_gram_table_init(struct hz_gram_table *t)
{
	*t =
	    (struct hz_gram_table){ .words = HZ_BUF_SECRET_INIT((size_t)HZ_LEARN_GRAMS * HZ_LEARN_GRAM_MAX) };
	t->place = calloc(PLACES, sizeof(*t->place));
	t->count = calloc(BUCKETS, sizeof(*t->count));
	if (!t->place || !t->count) {
		hz_gram_table_done(t);
		return hz_fail(HZ_MSG_NOMEM, "features");
	}
	return HZ_OK;
}

void
hz_gram_table_done(struct hz_gram_table *t)
{
	hz_buf_done(&t->words);
	free(t->v);
	free(t->place);
	free(t->count);
	free(t->ids);
	*t = (struct hz_gram_table){ 0 };
}

static uint64_t
hash(const struct hz_grams *g, size_t i)
{
	uint64_t h = hz_fnv(HZ_FNV_START, g->words.p + g->v[i].at, g->v[i].len);
	return h ^ h >> 32; /* the low bits of FNV alone are weak */
}

void
hz_gram_table_count(struct hz_gram_table *t, const struct hz_grams *g)
{
	for (size_t i = 0; i < g->n; i++) {
		t->count[hash(g, i) & (BUCKETS - 1)]++; /* at most HZ_LEARN_TEXTS times the features of one */
	}
}

static enum hz_err
room_for(void **p, size_t *cap, size_t need, size_t each)
{
	if (need > *cap) {
		size_t more = *cap ? *cap * 2 : 1024;
		void *q = NULL;
		more = more < need ? need : more;
		q = reallocarray(*p, more, each);
		if (!q) {
			return hz_fail(HZ_MSG_NOMEM, "features");
		}
		*p = q;
		*cap = more;
	}
	return HZ_OK;
}

/* The number of a feature; HZ_LEARN_GRAMS: there is no place for more. */
static enum hz_err
number_of(struct hz_gram_table *t, const uint8_t *p, uint16_t len, uint64_t h, uint32_t *ret)
{
	size_t i = (size_t)(h & (PLACES - 1));
	for (; t->place[i] != 0; i = (i + 1) & (PLACES - 1)) {
		const struct hz_feature *f = &t->v[t->place[i] - 1];
		if (f->len == len && memcmp(t->words.p + f->at, p, len) == 0) {
			*ret = t->place[i] - 1;
			return HZ_OK;
		}
	}
	*ret = HZ_LEARN_GRAMS;
	if (t->n == HZ_LEARN_GRAMS) {
		return HZ_OK;
	}
	void *v = t->v;
	HZ_TRY(room_for(&v, &t->cap, t->n + 1, sizeof(*t->v)));
	t->v = v;
	uint32_t at = (uint32_t)t->words.len;
	HZ_TRY(hz_buf_put(&t->words, p, len));
	t->v[t->n] = (struct hz_feature){ .at = at, .len = len };
	*ret = (uint32_t)t->n++;
	t->place[i] = *ret + 1;
	return HZ_OK;
}

HZ_RESULT
hz_gram_table_add(struct hz_gram_table *t, const struct hz_grams *g, bool learn, struct hz_sample *ret)
{
	struct hz_sample s = { .at = (uint32_t)t->nids, .share = hz_learn_share(g->n) };
	void *ids = t->ids;
	HZ_TRY(room_for(&ids, &t->idcap, t->nids + g->n, sizeof(*t->ids)));
	t->ids = ids;
	for (size_t i = 0; i < g->n; i++) {
		uint64_t h = hash(g, i);
		uint32_t no = 0;
		if (t->count[h & (BUCKETS - 1)] < HZ_LEARN_SEEN) {
			continue;
		}
		HZ_TRY(number_of(t, g->words.p + g->v[i].at, g->v[i].len, h, &no));
		if (no < HZ_LEARN_GRAMS) {
			t->v[no].seen += learn;
			t->ids[t->nids++] = no;
			s.n++;
		}
	}
	*ret = s;
	return HZ_OK;
}
