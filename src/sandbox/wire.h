/* The messages between a program and its hirz-inspect, both ways, over a stream socket.
 *
 * Every message is a u32 length and that many bytes; all integers big-endian.
 *   request: u8 version (1), u8 op (1: type), then the file's first bytes, at most 65,536
 *   answer:   u8 version (1), u8 kind (0: greeting, 1: type), u8 sandbox level (0-2),
 *             u32-prefixed media type (at most 127 bytes), u32-prefixed charset (at most 31 bytes)
 * The process speaks first: one greeting, type and charset empty. After that, one answer for each
 * request; an empty type means that it cannot tell, and then the charset is empty too. A media type is
 * two parts with a slash between them, each of a-z 0-9 ! # $ & ^ _ . + - and beginning with a letter or
 * digit; a charset is of a-z 0-9 - _ . : +. Both programs are of one version; nothing is stored. */
#ifndef HZ_SANDBOX_WIRE_H
#define HZ_SANDBOX_WIRE_H

#include "base/buf.h"
#include "sandbox/sandbox.h"

enum {
	HZ_WIRE_VERSION = 1,
	HZ_WIRE_LEN = 4,          /* the length before each message */
	HZ_WIRE_REQUEST_HEAD = 2, /* version, op */
	HZ_WIRE_REQUEST_MAX = HZ_WIRE_REQUEST_HEAD + HZ_INSPECT_DATA_MAX,
	HZ_WIRE_ANSWER_MIN = 3 + 4 + 4,
	HZ_WIRE_ANSWER_MAX = HZ_WIRE_ANSWER_MIN + HZ_INSPECT_TYPE_MAX + HZ_INSPECT_CHARSET_MAX,
};

enum hz_wire_op { HZ_WIRE_OP_TYPE = 1 };
enum hz_wire_kind { HZ_WIRE_GREETING = 0, HZ_WIRE_TYPE = 1 };

struct hz_wire_request {
	enum hz_wire_op op;
	const uint8_t *data; /* borrowed from the message */
	size_t n;
};

struct hz_wire_answer {
	enum hz_wire_kind kind;
	enum hz_sandbox_level level;
	char type[HZ_INSPECT_TYPE_MAX + 1];
	char charset[HZ_INSPECT_CHARSET_MAX + 1];
};

/* Length of the message that follows; HZ_MSG_LIMIT unless it is min..max. */
HZ_RESULT hz_wire_length(const uint8_t p[static HZ_WIRE_LEN], size_t min, size_t max, size_t *ret_n);

/* The bytes that go before n bytes of a file (n at most HZ_INSPECT_DATA_MAX, checked by the caller). */
void hz_wire_request_head(
    uint8_t ret_p[static HZ_WIRE_LEN + HZ_WIRE_REQUEST_HEAD], enum hz_wire_op op, size_t n);
/* A message without its length. HZ_MSG_FORMAT, HZ_MSG_VERSION, HZ_MSG_LIMIT. */
HZ_RESULT hz_wire_request_get(const void *p, size_t n, struct hz_wire_request *ret_q);

/* A whole message with its length; checks what it writes as the reader does. out must allow
 * HZ_WIRE_LEN + HZ_WIRE_ANSWER_MAX bytes. */
HZ_RESULT hz_wire_answer_put(struct hz_buf *out, const struct hz_wire_answer *a);
/* A message without its length, from a process that may be hostile. */
HZ_RESULT hz_wire_answer_get(const void *p, size_t n, struct hz_wire_answer *ret_a);

/* Whether n bytes are a media type, a charset, as said above (neither may be empty). */
bool hz_wire_type_ok(const void *p, size_t n);
bool hz_wire_charset_ok(const void *p, size_t n);

#endif
