/* Canonical JSON [F-5.2]: a strict reader that builds a small read-only tree, one writer.
 * Reader: UTF-8, no duplicate names, no NUL in names, integers 0..2^53-1 only (no sign, fraction, exponent),
 * no lone surrogates, depth at most HZ_JSON_DEPTH. hz_json_parse(canonical=true) also demands sorted names,
 * no white space and the one form of escapes, by re-emitting and comparing. */
#ifndef HZ_CODEC_JSON_H
#define HZ_CODEC_JSON_H

#include "base/buf.h"

#define HZ_JSON_DEPTH     8
#define HZ_JSON_MAX_NODES 65536
#define HZ_JSON_MAX_BYTES ((size_t)16 * 1024 * 1024)

enum hz_json_type { HZ_JSON_NULL, HZ_JSON_BOOL, HZ_JSON_INT, HZ_JSON_STRING, HZ_JSON_ARRAY, HZ_JSON_OBJECT };

struct hz_json; /* a value inside a document; borrowed, lives as long as the document */
struct hz_json_doc;

/* Copies what it needs of p. HZ_MSG_FORMAT; HZ_MSG_LIMIT for size, depth, number of values; HZ_MSG_NOMEM. */
HZ_RESULT hz_json_parse(const void *p, size_t n, bool canonical, struct hz_json_doc **ret_doc);
void hz_json_free(struct hz_json_doc **doc);
const struct hz_json *hz_json_root(const struct hz_json_doc *doc);

/* All of these take NULL (an absent member) as a value of no use: null type, count 0, no string. */
enum hz_json_type hz_json_type_of(const struct hz_json *v);
size_t hz_json_count(const struct hz_json *v);                                /* members or elements */
const struct hz_json *hz_json_at(const struct hz_json *v, size_t i);          /* element or member value */
const char *hz_json_name_at(const struct hz_json *v, size_t i);               /* member name, NUL-ended */
const struct hz_json *hz_json_get(const struct hz_json *v, const char *name); /* NULL if absent */
/* String bytes: NUL-ended too; may hold NUL inside only if the text had \u0000. */
/* NULL if it is no string; ret_len may be NULL. */
const char *hz_json_str(const struct hz_json *v, size_t *ret_len);
bool hz_json_int(const struct hz_json *v, uint64_t *ret_v);
bool hz_json_bool(const struct hz_json *v, bool *ret_v);

/* Writer. The caller gives members in sorted order where canonical form is needed; hz_jw asserts nothing
 * about order but the canonical re-read of tests does. Errors stick: check hz_jw_end. */
struct hz_jw {
	struct hz_buf *out;
	enum hz_err err;
	unsigned depth;
	bool comma;
};
void hz_jw_begin(struct hz_jw *w, struct hz_buf *out);
void hz_jw_obj(struct hz_jw *w, const char *name); /* name NULL inside arrays and at the top */
void hz_jw_obj_end(struct hz_jw *w);
void hz_jw_arr(struct hz_jw *w, const char *name);
void hz_jw_arr_end(struct hz_jw *w);
void hz_jw_str(struct hz_jw *w, const char *name, const char *s);            /* s NULL writes null */
void hz_jw_strn(struct hz_jw *w, const char *name, const void *p, size_t n); /* must be UTF-8 */
void hz_jw_hex(struct hz_jw *w, const char *name, const void *p, size_t n);
void hz_jw_b64url(struct hz_jw *w, const char *name, const void *p, size_t n);
void hz_jw_int(struct hz_jw *w, const char *name, uint64_t v);
void hz_jw_bool(struct hz_jw *w, const char *name, bool v);
void hz_jw_null(struct hz_jw *w, const char *name);
HZ_RESULT hz_jw_end(struct hz_jw *w);
/* Emits a parsed value again in canonical form (names sorted by bytes). */
void hz_jw_value(struct hz_jw *w, const char *name, const struct hz_json *v);

#endif
