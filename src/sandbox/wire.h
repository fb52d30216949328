/* The messages between a program and its hirz-inspect, both ways, over a stream socket [F-11.13].
 *
 * Every message is a u32 length and that many bytes; all integers big-endian.
 *   request: u8 version (2), u8 asked (1 type, 2 claims, 4 text; at least one), u8 source (0: the bytes
 *             below are all there is to read, 1: a descriptor of the whole file comes with the first byte of
 *             this message), u64 size of the file (2^64-1: not known), then its first bytes, at most 65,536
 *   answer:   u8 version (2), u8 kind, u8 sandbox level (0-2), then
 *     kind 0, greeting: nothing
 *     kind 1, type:     u32-prefixed media type (at most 127 bytes), u32-prefixed charset (at most 31)
 *     kind 2, claims:   u8 count (at most 64), for each u8 key and u32-prefixed value (1 to 256 bytes)
 *     kind 3, text:     u8 state (0 more, 1 all, 2 cut, 3 none), u32-prefixed UTF-8 (at most 65,536 bytes)
 * The process speaks first: one greeting. After that, for each request: an answer for each question that was
 * asked, in the order type, claims, text. Text comes as any number of answers with the state `more`, which
 * are never empty, and one with another state at the end; only `all` and `cut` may then carry bytes. An empty
 * type means that it cannot tell, and then the charset is empty too. A media type is two parts with a slash
 * between them, each of a-z 0-9 ! # $ & ^ _ . + - and beginning with a letter or digit; a charset is of a-z
 * 0-9 - _ . : +. Claims come in ascending order of keys, each at most once, each value by the grammar of its
 * key (claims.h). Text has no control characters but TAB, LF and FF. Both programs are of one version;
 * nothing is stored. */
#ifndef HZ_SANDBOX_WIRE_H
#define HZ_SANDBOX_WIRE_H

#include "base/buf.h"
#include "sandbox/sandbox.h"

enum {
	HZ_WIRE_VERSION = 2,
	HZ_WIRE_LEN = 4,              /* the length before each message */
	HZ_WIRE_REQUEST_HEAD = 3 + 8, /* version, asked, source, size */
	HZ_WIRE_REQUEST_MAX = HZ_WIRE_REQUEST_HEAD + HZ_INSPECT_DATA_MAX,
	HZ_WIRE_TEXT_MAX = 65536, /* bytes in one answer */
	HZ_WIRE_ANSWER_MIN = 3,
	HZ_WIRE_ANSWER_MAX = HZ_WIRE_ANSWER_MIN + 1 + 4 + HZ_WIRE_TEXT_MAX,
};

enum hz_wire_kind { HZ_WIRE_GREETING = 0, HZ_WIRE_TYPE = 1, HZ_WIRE_CLAIMS = 2, HZ_WIRE_TEXT = 3 };

struct hz_wire_request {
	unsigned asked; /* of enum hz_inspect_asked */
	bool has_source;
	uint64_t size;       /* HZ_INSPECT_SIZE_UNKNOWN */
	const uint8_t *data; /* borrowed from the message */
	size_t n;
};

struct hz_wire_answer {
	enum hz_wire_kind kind;
	enum hz_sandbox_level level;
	/* type */
	char type[HZ_INSPECT_TYPE_MAX + 1];
	char charset[HZ_INSPECT_CHARSET_MAX + 1];
	/* claims */
	struct hz_claims claims;
	/* text, borrowed */
	enum hz_inspect_text state;
	const uint8_t *text;
	size_t text_len;
};

/* Length of the message that follows; HZ_MSG_LIMIT unless it is min..max. */
HZ_RESULT hz_wire_length(const uint8_t p[static HZ_WIRE_LEN], size_t min, size_t max, size_t *ret_n);

/* The bytes that go before n bytes of a file (q->n of them, at most HZ_INSPECT_DATA_MAX, checked by the
 * caller). */
void hz_wire_request_head(
    uint8_t ret_p[static HZ_WIRE_LEN + HZ_WIRE_REQUEST_HEAD], const struct hz_wire_request *q);
/* A message without its length. HZ_MSG_FORMAT, HZ_MSG_VERSION, HZ_MSG_LIMIT. */
HZ_RESULT hz_wire_request_get(const void *p, size_t n, struct hz_wire_request *ret_q);

/* A whole message with its length; checks what it writes as the reader does. out must allow
 * HZ_WIRE_LEN + HZ_WIRE_ANSWER_MAX bytes. */
HZ_RESULT hz_wire_answer_put(struct hz_buf *out, const struct hz_wire_answer *a);
/* A message without its length, from a process that may be hostile. Text is borrowed from p. */
HZ_RESULT hz_wire_answer_get(const void *p, size_t n, struct hz_wire_answer *ret_a);

/* Whether n bytes are a media type, a charset, a text, as said above (the first two may not be empty). */
bool hz_wire_type_ok(const void *p, size_t n);
bool hz_wire_charset_ok(const void *p, size_t n);
bool hz_wire_text_ok(const void *p, size_t n);

#endif
