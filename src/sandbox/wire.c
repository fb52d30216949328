#include "sandbox/wire.h"
#include <string.h>

static bool
is_alnum(uint8_t c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

static bool
all_of(const uint8_t *p, size_t n, const char *more)
{
	for (size_t i = 0; i < n; i++) {
		if (!is_alnum(p[i]) && (p[i] == 0 || strchr(more, p[i]) == NULL)) {
			return false;
		}
	}
	return true;
}

bool
hz_wire_type_ok(const void *p, size_t n)
{
	static const char more[] = "!#$&^_.+-";

	if (n == 0 || n > HZ_INSPECT_TYPE_MAX) {
		return false;
	}
	const uint8_t *type = p;
	const uint8_t *slash = memchr(type, '/', n);

	if (slash == NULL) {
		return false;
	}
	size_t major = (size_t)(slash - type);
	const uint8_t *sub = slash + 1;
	size_t minor = n - major - 1;

	return major > 0 && minor > 0 && is_alnum(type[0]) && is_alnum(sub[0]) && all_of(type, major, more) &&
	       all_of(sub, minor, more);
}

bool
hz_wire_charset_ok(const void *p, size_t n)
{
	return n > 0 && n <= HZ_INSPECT_CHARSET_MAX && all_of(p, n, "-_.:+");
}

HZ_RESULT
hz_wire_length(const uint8_t p[static HZ_WIRE_LEN], size_t min, size_t max, size_t *ret_n)
{
	uint32_t n = hz_rd_be32(p);

	if (n < min || n > max) {
		return hz_fail(HZ_MSG_LIMIT, "message of %u bytes", (unsigned)n);
	}
	*ret_n = n;
	return HZ_OK;
}

void
hz_wire_request_head(uint8_t ret_p[static HZ_WIRE_LEN + HZ_WIRE_REQUEST_HEAD], enum hz_wire_op op, size_t n)
{
	hz_assert(n <= HZ_INSPECT_DATA_MAX);
	hz_be32(ret_p, (uint32_t)(HZ_WIRE_REQUEST_HEAD + n));
	ret_p[HZ_WIRE_LEN] = HZ_WIRE_VERSION;
	ret_p[HZ_WIRE_LEN + 1] = (uint8_t)op;
}

HZ_RESULT
hz_wire_request_get(const void *p, size_t n, struct hz_wire_request *ret_q)
{
	struct hz_wire_request q = { HZ_WIRE_OP_TYPE, NULL, 0 };
	struct hz_rd r = hz_rd_over(p, n);
	uint8_t version = 0, op = 0;
	enum hz_err err;

	if (n > HZ_WIRE_REQUEST_MAX) {
		return hz_fail(HZ_MSG_LIMIT, "request of %zu bytes", n);
	}
	if ((err = hz_get_u8(&r, &version)) != HZ_OK || (err = hz_get_u8(&r, &op)) != HZ_OK) {
		return err;
	}
	if (version != HZ_WIRE_VERSION) {
		return hz_fail(HZ_MSG_VERSION, "request of version %u", version);
	}
	if (op != HZ_WIRE_OP_TYPE) {
		return hz_fail(HZ_MSG_FORMAT, "request %u", op);
	}
	q.n = hz_rd_left(&r);
	if ((err = hz_get_view(&r, q.n, &q.data)) != HZ_OK || (err = hz_rd_end(&r)) != HZ_OK) {
		return err;
	}
	*ret_q = q;
	return HZ_OK;
}

/* The rules that bind kind, type and charset together: the same for writer and reader. */
static enum hz_err
check_answer(
    unsigned kind, unsigned level, const void *type, size_t type_len, const void *charset, size_t charset_len)
{
	if (kind != HZ_WIRE_GREETING && kind != HZ_WIRE_TYPE) {
		return hz_fail(HZ_MSG_FORMAT, "answer of kind %u", kind);
	}
	if (level > HZ_SANDBOX_FULL) {
		return hz_fail(HZ_MSG_FORMAT, "sandbox level %u", level);
	}
	if (type_len > 0 && (kind == HZ_WIRE_GREETING || !hz_wire_type_ok(type, type_len))) {
		return hz_fail(HZ_MSG_FORMAT, "not a media type");
	}
	if (charset_len > 0 && (type_len == 0 || !hz_wire_charset_ok(charset, charset_len))) {
		return hz_fail(HZ_MSG_FORMAT, "not a charset");
	}
	return HZ_OK;
}

HZ_RESULT
hz_wire_answer_put(struct hz_buf *out, const struct hz_wire_answer *a)
{
	size_t type_len = strnlen(a->type, sizeof(a->type));
	size_t charset_len = strnlen(a->charset, sizeof(a->charset));
	enum hz_err err = check_answer(a->kind, a->level, a->type, type_len, a->charset, charset_len);

	if (err != HZ_OK) {
		return err;
	}
	if ((err = hz_put_u32(out, (uint32_t)(HZ_WIRE_ANSWER_MIN + type_len + charset_len))) != HZ_OK ||
	    (err = hz_put_u8(out, HZ_WIRE_VERSION)) != HZ_OK ||
	    (err = hz_put_u8(out, (uint8_t)a->kind)) != HZ_OK ||
	    (err = hz_put_u8(out, (uint8_t)a->level)) != HZ_OK ||
	    (err = hz_put_lp(out, a->type, type_len)) != HZ_OK) {
		return err;
	}
	return hz_put_lp(out, a->charset, charset_len);
}

HZ_RESULT
hz_wire_answer_get(const void *p, size_t n, struct hz_wire_answer *ret_a)
{
	struct hz_rd r = hz_rd_over(p, n);
	uint8_t version = 0, kind = 0, level = 0;
	const uint8_t *type = NULL, *charset = NULL;
	size_t type_len = 0, charset_len = 0;
	enum hz_err err;

	if ((err = hz_get_u8(&r, &version)) != HZ_OK) {
		return err;
	}
	if (version != HZ_WIRE_VERSION) {
		return hz_fail(HZ_MSG_VERSION, "answer of version %u", version);
	}
	if ((err = hz_get_u8(&r, &kind)) != HZ_OK || (err = hz_get_u8(&r, &level)) != HZ_OK ||
	    (err = hz_get_lp(&r, HZ_INSPECT_TYPE_MAX, &type, &type_len)) != HZ_OK ||
	    (err = hz_get_lp(&r, HZ_INSPECT_CHARSET_MAX, &charset, &charset_len)) != HZ_OK ||
	    (err = hz_rd_end(&r)) != HZ_OK ||
	    (err = check_answer(kind, level, type, type_len, charset, charset_len)) != HZ_OK) {
		return err;
	}
	struct hz_wire_answer a = { (enum hz_wire_kind)kind, (enum hz_sandbox_level)level, "", "" };

	if (type_len > 0) {
		memcpy(a.type, type, type_len);
	}
	if (charset_len > 0) {
		memcpy(a.charset, charset, charset_len);
	}
	*ret_a = a;
	return HZ_OK;
}
