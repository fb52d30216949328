/* The text of a document on its way out, in parts, cleaned and within its limit. */
#ifndef HZ_INSPECT_TEXT_H
#define HZ_INSPECT_TEXT_H

#include "inspect/source.h"
#include "sandbox/wire.h"

/* Takes one part: valid text by hz_wire_text_ok, never empty. */
typedef enum hz_err hz_text_sink(void *arg, const uint8_t *p, size_t n);

struct hz_text {
	hz_text_sink *sink;
	void *arg;
	uint64_t put;     /* bytes so far */
	bool cut;         /* the limit was reached: everything more is dropped */
	enum hz_err err;  /* of the sink: everything more is dropped */
	uint8_t carry[4]; /* beginning of a character that the next call goes on with */
	size_t carried;
	bool cr; /* the last character was CR, which went out as LF */
	size_t n;
	uint8_t part[HZ_WIRE_TEXT_MAX];
};

void hz_text_begin(struct hz_text *t, hz_text_sink *sink, void *arg);
/* Appends UTF-8 as it comes, also cut within a character. Bytes that are not UTF-8 become U+FFFD; CR and CR
 * LF become LF; other controls than TAB, LF and FF are dropped. False where more makes no sense (limit,
 * sink). */
bool hz_text_put(struct hz_text *t, const void *p, size_t n);
bool hz_text_puts(struct hz_text *t, const char *s);
/* Gives the last part to the sink. */
HZ_RESULT hz_text_end(struct hz_text *t);

#endif
