/* Sentences of a text with the words marked that speak for a tag. */
#ifndef HZ_CLI_SENTENCE_H
#define HZ_CLI_SENTENCE_H

#include "classify/classify.h"
#include "door/out.h"

/* A sentence of the text and the spans of a tag that begin in it: first up to, not including, last. */
struct hz_sentence {
	size_t start, end, first, last;
};
/* The next one of the spans from *at on (0 at first); false at the end. Spans that lie outside the text, as a
 * damaged record may have them, are passed over. */
bool hz_sentence_next(
    const void *text, size_t n, const struct hz_tag *t, size_t *at, struct hz_sentence *ret);
/* One line, six columns in: the sentence, escaped and isolated, with its words in colour or between square
 * brackets. Long ones are cut around the words unless whole. */
void hz_sentence_put(
    struct hz_out *o, const void *text, const struct hz_tag *t, const struct hz_sentence *x, bool whole);

#endif
