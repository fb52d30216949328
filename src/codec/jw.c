#include "base/enc.h"
#include "codec/tree.h"

#include <string.h>

#define INT_MAX_JSON ((UINT64_C(1) << 53) - 1)

/* The first error stays. */
static bool
good(struct hz_jw *w, enum hz_err err)
{
	if (w->err == HZ_OK) {
		w->err = err;
	}
	return w->err == HZ_OK;
}

/* Escapes as [F-5.2] wants them; the runs between escapes are copied whole. */
static void
quote(struct hz_jw *w, const char *s, size_t n)
{
	static const char from[] = "\"\\\b\t\n\f\r";
	static const char to[] = "\"\\btnfr";
	if (!hz_utf8_ok(s, n)) {
		(void)good(w, hz_fail(HZ_MSG_FORMAT, "JSON: text is not UTF-8"));
		return;
	}
	enum hz_err err = hz_buf_putc(w->out, '"');
	size_t start = 0;
	for (size_t i = 0; err == HZ_OK && i < n; i++) {
		unsigned char c = (unsigned char)s[i];
		if (c >= 0x20 && c != '"' && c != '\\') {
			continue;
		}
		err = hz_buf_put(w->out, s + start, i - start);
		start = i + 1;
		const char *at = c == 0 ? NULL : strchr(from, c);
		if (err == HZ_OK) {
			err = at == NULL ? hz_buf_printf(w->out, "\\u%04x", (unsigned)c)
					 : hz_buf_printf(w->out, "\\%c", to[at - from]);
		}
	}
	if (err == HZ_OK) {
		err = hz_buf_put(w->out, s + start, n - start);
	}
	if (err == HZ_OK) {
		err = hz_buf_putc(w->out, '"');
	}
	(void)good(w, err);
}

/* Comma and name: what stands before a value. False after an error. */
static bool
lead(struct hz_jw *w, const char *name)
{
	if (w->err != HZ_OK) {
		return false;
	}
	if (w->comma && !good(w, hz_buf_putc(w->out, ','))) {
		return false;
	}
	w->comma = true;
	if (name != NULL) {
		quote(w, name, strlen(name));
		return w->err == HZ_OK && good(w, hz_buf_putc(w->out, ':'));
	}
	return true;
}

static void
begin_container(struct hz_jw *w, const char *name, char c)
{
	if (!lead(w, name)) {
		return;
	}
	if (w->depth == HZ_JSON_DEPTH) {
		(void)good(w, hz_fail(HZ_MSG_LIMIT, "JSON: deeper than %d", HZ_JSON_DEPTH));
		return;
	}
	w->depth++;
	w->comma = false;
	(void)good(w, hz_buf_putc(w->out, c));
}

static void
end_container(struct hz_jw *w, char c)
{
	if (w->err != HZ_OK) {
		return;
	}
	if (w->depth == 0) {
		(void)good(w, hz_fail(HZ_MSG_INTERNAL, "JSON: ends more than it began"));
		return;
	}
	w->depth--;
	w->comma = true;
	(void)good(w, hz_buf_putc(w->out, c));
}

void
hz_jw_begin(struct hz_jw *w, struct hz_buf *out)
{
	*w = (struct hz_jw){ .out = out, .err = HZ_OK };
}

void
hz_jw_obj(struct hz_jw *w, const char *name)
{
	begin_container(w, name, '{');
}

void
hz_jw_obj_end(struct hz_jw *w)
{
	end_container(w, '}');
}

void
hz_jw_arr(struct hz_jw *w, const char *name)
{
	begin_container(w, name, '[');
}

void
hz_jw_arr_end(struct hz_jw *w)
{
	end_container(w, ']');
}

void
hz_jw_str(struct hz_jw *w, const char *name, const char *s)
{
	if (s == NULL) {
		hz_jw_null(w, name);
	} else if (lead(w, name)) {
		quote(w, s, strlen(s));
	}
}

void
hz_jw_strn(struct hz_jw *w, const char *name, const void *p, size_t n)
{
	if (lead(w, name)) {
		quote(w, n == 0 ? "" : p, n);
	}
}

void
hz_jw_hex(struct hz_jw *w, const char *name, const void *p, size_t n)
{
	if (!lead(w, name) || !good(w, hz_buf_putc(w->out, '"'))) {
		return;
	}
	const uint8_t *b = p;
	for (size_t i = 0; i < n; i++) {
		char two[3];
		hz_hex(two, b + i, 1);
		if (!good(w, hz_buf_put(w->out, two, 2))) {
			return;
		}
	}
	(void)good(w, hz_buf_putc(w->out, '"'));
}

void
hz_jw_b64url(struct hz_jw *w, const char *name, const void *p, size_t n)
{
	if (lead(w, name) && good(w, hz_buf_putc(w->out, '"')) &&
	    good(w, hz_b64_put(w->out, HZ_B64_URL, p, n))) {
		(void)good(w, hz_buf_putc(w->out, '"'));
	}
}

void
hz_jw_int(struct hz_jw *w, const char *name, uint64_t v)
{
	if (v > INT_MAX_JSON) {
		(void)good(w, hz_fail(HZ_MSG_LIMIT, "JSON: number over 2^53-1"));
	} else if (lead(w, name)) {
		(void)good(w, hz_buf_printf(w->out, "%llu", (unsigned long long)v));
	}
}

void
hz_jw_bool(struct hz_jw *w, const char *name, bool v)
{
	if (lead(w, name)) {
		(void)good(w, hz_buf_puts(w->out, v ? "true" : "false"));
	}
}

void
hz_jw_null(struct hz_jw *w, const char *name)
{
	if (lead(w, name)) {
		(void)good(w, hz_buf_puts(w->out, "null"));
	}
}

enum hz_err
hz_jw_end(struct hz_jw *w)
{
	if (w->err == HZ_OK && w->depth != 0) {
		w->err = hz_fail(HZ_MSG_INTERNAL, "JSON: %u levels are still open", w->depth);
	}
	return w->err;
}

/* A value without children, or the beginning of one with them. */
static void
put_one(struct hz_jw *w, const char *name, const struct hz_json *v)
{
	switch (v->type) {
	case HZ_JSON_NULL:
		hz_jw_null(w, name);
		break;
	case HZ_JSON_BOOL:
		hz_jw_bool(w, name, v->truth);
		break;
	case HZ_JSON_INT:
		hz_jw_int(w, name, v->number);
		break;
	case HZ_JSON_STRING:
		hz_jw_strn(w, name, v->str.p, v->str.len);
		break;
	case HZ_JSON_ARRAY:
		hz_jw_arr(w, name);
		break;
	case HZ_JSON_OBJECT:
		hz_jw_obj(w, name);
		break;
	}
}

static bool
has_children(const struct hz_json *v)
{
	return v->type == HZ_JSON_ARRAY || v->type == HZ_JSON_OBJECT;
}

void
hz_jw_value(struct hz_jw *w, const char *name, const struct hz_json *v)
{
	struct {
		const struct hz_json *v;
		size_t i;
	} stack[HZ_JSON_DEPTH];
	size_t depth = 0;
	put_one(w, name, v);
	if (has_children(v)) {
		stack[depth].v = v;
		stack[depth].i = 0;
		depth++;
	}
	while (depth > 0 && w->err == HZ_OK) {
		const struct hz_json *at = stack[depth - 1].v;
		size_t i = stack[depth - 1].i++;
		bool object = at->type == HZ_JSON_OBJECT;
		if (i == at->count) {
			end_container(w, object ? '}' : ']');
			depth--;
			continue;
		}
		const struct hz_json *kid = object ? hz_json_sorted_at(at, i) : hz_json_at(at, i);
		put_one(w, kid->name, kid);
		if (has_children(kid)) {
			/* The reader let nothing deeper in. */
			hz_assert(depth < HZ_JSON_DEPTH);
			stack[depth].v = kid;
			stack[depth].i = 0;
			depth++;
		}
	}
}
