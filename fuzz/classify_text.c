/* Any bytes as a text: every tag has spans, every span lies in the text, and the same text says the same. */
#include "classify/classify.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char rules[] =
    "hirz-rules 1\nname fuzz\nversion 1\nlang ar en\nexperimental tr\n"
    "[class act]\nterm ar قصف | غارة\nterm en strike*\n"
    "[type a]\nlabel.en A\nlabel.ar A\nclass act\nterm ar قصف verb\nterm ar قصف جوي w=4\nterm ar غاز need=act@4 not=غازي عنتاب\n"
    "term ar جوع need=act@t\nterm en us raw\nterm en air strike* | x + { y | z }@3\nnot.any ar قصف إعلامي\n"
    "[party p]\nlabel.en P\nlabel.ar P\nvalid ..2024-12-08\nalias ar الجيش السوري | قوات النظام w=4\n"
    "[party q]\nlabel.en Q\nlabel.ar Q\nvalid 2024-12-08..\nalias ar الجيش السوري\nalias ar روسي | القوات الروسية\nalias en russia*\n"
    "[place SY02]\nlabel.en S\nlabel.ar S\nterm ar حلب\n[place SY0201]\nlabel.en S\nlabel.ar S\nparent SY02\nterm ar الباب weak\n"
    "[role perpetrator]\nbefore ar على يد | class:act @3\nafter en bombed\n[role target]\nbefore ar ضد clause\n"
    "[cue negated]\nterm ar لم | لا\n[cue exempt]\nterm ar لا يزال\n[cue denied]\nterm ar نفت\n[cue alleged]\nterm ar يزعم clause\n"
    "[cue nonevent]\nterm ar ذكرى\n[cue unknown]\nterm ar مجهول\n[party unknown]\nlabel.en U\nlabel.ar U\nalias ar مجهولون\n";

static void
check(const struct hz_tags *t, const struct hz_tags *again, size_t size)
{
	hz_assert(t->n == again->n);
	for (size_t i = 0; i < t->n; i++) {
		const struct hz_tag *x = &t->v[i];
		const struct hz_tag *y = &again->v[i];
		hz_assert(x->nspans > 0 && x->nspans <= HZ_CLASSIFY_SPANS && x->nspans == y->nspans);
		hz_assert(x->score > 0 && x->score <= 1000 && x->score == y->score && x->role == y->role);
		for (size_t k = 0; k < x->nspans; k++) {
			hz_assert(x->spans[k].start < x->spans[k].end && x->spans[k].end <= size);
			hz_assert(
			    x->spans[k].start == y->spans[k].start && x->spans[k].end == y->spans[k].end);
			hz_assert(k == 0 || x->spans[k - 1].start <= x->spans[k].start);
		}
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct hz_rules *r; /* loaded once: it never changes */
	struct hz_tags t = { 0, NULL };
	struct hz_tags again = { 0, NULL };
	size_t start;
	size_t end;
	if (r == NULL && hz_rules_load(rules, sizeof rules - 1, &r) != HZ_OK) {
		abort();
	}
	hz_assert(hz_classify(r, data, size, NULL, &t) == HZ_OK);
	hz_assert(hz_classify(r, data, size, NULL, &again) == HZ_OK);
	check(&t, &again, size);
	if (size > 0) {
		size_t at = data[0] % size;
		hz_assert(hz_classify_sentence(data, size, at, &start, &end) == HZ_OK);
		hz_assert(start <= end && end <= size);
	}
	hz_tags_done(&t);
	hz_tags_done(&again);
	return 0;
}
