#include "sandbox/wire.h"
#include "base/enc.h"
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

bool
hz_wire_text_ok(const void *p, size_t n)
{
	const uint8_t *text = p;

	if (n > HZ_WIRE_TEXT_MAX || (n > 0 && !hz_utf8_ok(text, n))) {
		return false;
	}
	for (size_t i = 0; i < n; i++) {
		uint8_t c = text[i];

		if ((c < 0x20 && c != '\t' && c != '\n' && c != '\f') || c == 0x7f ||
		    (c == 0xc2 && i + 1 < n && text[i + 1] < 0xa0)) { /* C1 */
			return false;
		}
	}
	return true;
}

void
hz_wire_request_head(
    uint8_t ret_p[static HZ_WIRE_LEN + HZ_WIRE_REQUEST_HEAD], const struct hz_wire_request *q)
{
	hz_assert(q->n <= HZ_INSPECT_DATA_MAX);
	hz_be32(ret_p, (uint32_t)(HZ_WIRE_REQUEST_HEAD + q->n));
	ret_p[HZ_WIRE_LEN] = HZ_WIRE_VERSION;
	ret_p[HZ_WIRE_LEN + 1] = (uint8_t)q->asked;
	ret_p[HZ_WIRE_LEN + 2] = q->has_source ? 1 : 0;
	hz_be64(ret_p + HZ_WIRE_LEN + 3, q->size);
}

HZ_RESULT
hz_wire_request_get(const void *p, size_t n, struct hz_wire_request *ret_q)
{
	struct hz_wire_request q = { 0 };
	struct hz_rd r = hz_rd_over(p, n);
	uint8_t version = 0, asked = 0, source = 0;
	enum hz_err err;

	if (n > HZ_WIRE_REQUEST_MAX) {
		return hz_fail(HZ_MSG_LIMIT, "request of %zu bytes", n);
	}
	if ((err = hz_get_u8(&r, &version)) != HZ_OK) {
		return err;
	}
	if (version != HZ_WIRE_VERSION) {
		return hz_fail(HZ_MSG_VERSION, "request of version %u", version);
	}
	if ((err = hz_get_u8(&r, &asked)) != HZ_OK || (err = hz_get_u8(&r, &source)) != HZ_OK ||
	    (err = hz_get_u64(&r, &q.size)) != HZ_OK) {
		return err;
	}
	if (asked == 0 || (asked & ~(unsigned)HZ_INSPECT_ASK_ALL) != 0 || source > 1) {
		return hz_fail(HZ_MSG_FORMAT, "request %u, source %u", asked, source);
	}
	q.asked = asked;
	q.has_source = source == 1;
	q.n = hz_rd_left(&r);
	if (q.size < q.n) {
		return hz_fail(HZ_MSG_FORMAT, "more bytes than the file has");
	}
	if ((err = hz_get_view(&r, q.n, &q.data)) != HZ_OK || (err = hz_rd_end(&r)) != HZ_OK) {
		return err;
	}
	*ret_q = q;
	return HZ_OK;
}

/* The rules that bind type and charset together: the same for writer and reader, as are the next. */
static enum hz_err
check_type(const void *type, size_t type_len, const void *charset, size_t charset_len)
{
	if (type_len > 0 && !hz_wire_type_ok(type, type_len)) {
		return hz_fail(HZ_MSG_FORMAT, "not a media type");
	}
	if (charset_len > 0 && (type_len == 0 || !hz_wire_charset_ok(charset, charset_len))) {
		return hz_fail(HZ_MSG_FORMAT, "not a charset");
	}
	return HZ_OK;
}

static enum hz_err
check_head(unsigned kind, unsigned level)
{
	if (kind > HZ_WIRE_TEXT) {
		return hz_fail(HZ_MSG_FORMAT, "answer of kind %u", kind);
	}
	return level > HZ_SANDBOX_FULL ? hz_fail(HZ_MSG_FORMAT, "sandbox level %u", level) : HZ_OK;
}

static enum hz_err
check_text(unsigned state, const void *text, size_t n)
{
	if (state > HZ_INSPECT_TEXT_NONE || (state == HZ_INSPECT_TEXT_MORE && n == 0) ||
	    (state == HZ_INSPECT_TEXT_NONE && n > 0)) {
		return hz_fail(HZ_MSG_FORMAT, "text of state %u", state);
	}
	return hz_wire_text_ok(text, n) ? HZ_OK : hz_fail(HZ_MSG_FORMAT, "not text");
}

static enum hz_err
put_type(struct hz_buf *out, const struct hz_wire_answer *a)
{
	size_t type_len = strnlen(a->type, sizeof(a->type));
	size_t charset_len = strnlen(a->charset, sizeof(a->charset));
	enum hz_err err = check_type(a->type, type_len, a->charset, charset_len);

	if (err != HZ_OK || (err = hz_put_lp(out, a->type, type_len)) != HZ_OK) {
		return err;
	}
	return hz_put_lp(out, a->charset, charset_len);
}

static enum hz_err
put_claims(struct hz_buf *out, const struct hz_claims *c)
{
	if (c->n > HZ_CLAIMS_MAX) {
		return hz_fail(HZ_MSG_LIMIT, "%zu claims", c->n);
	}
	enum hz_err err = hz_put_u8(out, (uint8_t)c->n);

	for (size_t i = 0; i < c->n && err == HZ_OK; i++) {
		const struct hz_claim *one = &c->list[i];
		size_t n = strnlen(one->value, sizeof(one->value));

		if (!hz_claim_ok(one->key, one->value, n) || (i > 0 && one->key <= c->list[i - 1].key)) {
			return hz_fail(HZ_MSG_FORMAT, "not a claim");
		}
		if ((err = hz_put_u8(out, (uint8_t)one->key)) == HZ_OK) {
			err = hz_put_lp(out, one->value, n);
		}
	}
	return err;
}

static enum hz_err
put_text(struct hz_buf *out, const struct hz_wire_answer *a)
{
	enum hz_err err = check_text(a->state, a->text, a->text_len);

	if (err != HZ_OK || (err = hz_put_u8(out, (uint8_t)a->state)) != HZ_OK) {
		return err;
	}
	return hz_put_lp(out, a->text, a->text_len);
}

static enum hz_err
put_body(struct hz_buf *out, const struct hz_wire_answer *a)
{
	enum hz_err err = check_head(a->kind, a->level);

	if (err != HZ_OK || (err = hz_put_u32(out, 0)) != HZ_OK ||
	    (err = hz_put_u8(out, HZ_WIRE_VERSION)) != HZ_OK ||
	    (err = hz_put_u8(out, (uint8_t)a->kind)) != HZ_OK ||
	    (err = hz_put_u8(out, (uint8_t)a->level)) != HZ_OK) {
		return err;
	}
	switch (a->kind) {
	case HZ_WIRE_TYPE:
		return put_type(out, a);
	case HZ_WIRE_CLAIMS:
		return put_claims(out, &a->claims);
	case HZ_WIRE_TEXT:
		return put_text(out, a);
	case HZ_WIRE_GREETING:
	default:
		return HZ_OK;
	}
}

HZ_RESULT
hz_wire_answer_put(struct hz_buf *out, const struct hz_wire_answer *a)
{
	size_t at = out->len;
	enum hz_err err = put_body(out, a);

	if (err != HZ_OK) {
		out->len = at;
		return err;
	}
	hz_be32(out->p + at, (uint32_t)(out->len - at - HZ_WIRE_LEN));
	return HZ_OK;
}

static enum hz_err
get_type(struct hz_rd *r, struct hz_wire_answer *a)
{
	const uint8_t *type = NULL, *charset = NULL;
	size_t type_len = 0, charset_len = 0;
	enum hz_err err;

	if ((err = hz_get_lp(r, HZ_INSPECT_TYPE_MAX, &type, &type_len)) != HZ_OK ||
	    (err = hz_get_lp(r, HZ_INSPECT_CHARSET_MAX, &charset, &charset_len)) != HZ_OK ||
	    (err = check_type(type, type_len, charset, charset_len)) != HZ_OK) {
		return err;
	}
	if (type_len > 0) {
		memcpy(a->type, type, type_len);
	}
	if (charset_len > 0) {
		memcpy(a->charset, charset, charset_len);
	}
	return HZ_OK;
}

static enum hz_err
get_claims(struct hz_rd *r, struct hz_claims *c)
{
	uint8_t count = 0, key = 0, before = 0;
	enum hz_err err = hz_get_u8(r, &count);

	if (err == HZ_OK && count > HZ_CLAIMS_MAX) {
		return hz_fail(HZ_MSG_LIMIT, "%u claims", count);
	}
	for (unsigned i = 0; i < count && err == HZ_OK; i++) {
		const uint8_t *value = NULL;
		size_t n = 0;

		if ((err = hz_get_u8(r, &key)) != HZ_OK ||
		    (err = hz_get_lp(r, HZ_CLAIM_VALUE_MAX, &value, &n)) != HZ_OK) {
			return err;
		}
		if (key <= before || !hz_claims_put(c, (enum hz_claim_key)key, value, n)) {
			return hz_fail(HZ_MSG_FORMAT, "not a claim of key %u", key);
		}
		before = key;
	}
	return err;
}

static enum hz_err
get_text(struct hz_rd *r, struct hz_wire_answer *a)
{
	uint8_t state = 0;
	enum hz_err err;

	if ((err = hz_get_u8(r, &state)) != HZ_OK ||
	    (err = hz_get_lp(r, HZ_WIRE_TEXT_MAX, &a->text, &a->text_len)) != HZ_OK ||
	    (err = check_text(state, a->text, a->text_len)) != HZ_OK) {
		return err;
	}
	a->state = (enum hz_inspect_text)state;
	return HZ_OK;
}

HZ_RESULT
hz_wire_answer_get(const void *p, size_t n, struct hz_wire_answer *ret_a)
{
	struct hz_rd r = hz_rd_over(p, n);
	struct hz_wire_answer a = { 0 };
	uint8_t version = 0, kind = 0, level = 0;
	enum hz_err err;

	if ((err = hz_get_u8(&r, &version)) != HZ_OK) {
		return err;
	}
	if (version != HZ_WIRE_VERSION) {
		return hz_fail(HZ_MSG_VERSION, "answer of version %u", version);
	}
	if ((err = hz_get_u8(&r, &kind)) != HZ_OK || (err = hz_get_u8(&r, &level)) != HZ_OK ||
	    (err = check_head(kind, level)) != HZ_OK) {
		return err;
	}
	a.kind = (enum hz_wire_kind)kind;
	a.level = (enum hz_sandbox_level)level;
	switch (a.kind) {
	case HZ_WIRE_TYPE:
		err = get_type(&r, &a);
		break;
	case HZ_WIRE_CLAIMS:
		err = get_claims(&r, &a.claims);
		break;
	case HZ_WIRE_TEXT:
		err = get_text(&r, &a);
		break;
	case HZ_WIRE_GREETING:
	default:
		break;
	}
	if (err != HZ_OK || (err = hz_rd_end(&r)) != HZ_OK) {
		return err;
	}
	*ret_a = a;
	return HZ_OK;
}
