#include "codec/json.h"
#include "base/enc.h"
#include "base/sort.h"
#include "codec/tree.h"

#include <stdlib.h>
#include <string.h>

#define INT_MAX_JSON ((UINT64_C(1) << 53) - 1)
#define NODES_FIRST  32

struct frame {
	uint32_t node;
	size_t first; /* where its children begin in `pending` */
};

struct parser {
	const uint8_t *p;
	size_t n, pos;
	bool canonical;
	struct hz_json_doc *doc;
	const char *name; /* of the value that comes next */
	struct frame stack[HZ_JSON_DEPTH];
	unsigned depth;
	uint32_t *pending; /* children of the open containers, innermost last; as large as doc->nodes */
	size_t n_pending;
};

static enum hz_err
bad(const struct parser *ps, const char *what)
{
	return hz_fail(HZ_MSG_FORMAT, "JSON at byte %zu: %s", ps->pos, what);
}

static int
peek(const struct parser *ps)
{
	return ps->pos < ps->n ? ps->p[ps->pos] : -1;
}

static void
skip_space(struct parser *ps)
{
	if (ps->canonical) {
		return; /* a blank is then no beginning of anything */
	}
	int c = peek(ps);
	while (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
		ps->pos++;
		c = peek(ps);
	}
}

static enum hz_err
hex4(struct parser *ps, uint32_t *ret_v)
{
	if (ps->n - ps->pos < 4) {
		return bad(ps, "\\u is cut off");
	}
	uint32_t v = 0;
	for (int i = 0; i < 4; i++) {
		uint32_t c = ps->p[ps->pos];
		if (c >= '0' && c <= '9') {
			c -= '0';
		} else if ((c | 0x20) >= 'a' && (c | 0x20) <= 'f') {
			c = (c | 0x20) - 'a' + 10;
		} else {
			return bad(ps, "\\u without four hex digits");
		}
		v = v << 4 | c;
		ps->pos++;
	}
	*ret_v = v;
	return HZ_OK;
}

/* The four digits after \u, and the second half of a pair. */
static enum hz_err
unicode_escape(struct parser *ps)
{
	uint32_t cp = 0;
	enum hz_err err = hex4(ps, &cp);
	if (err != HZ_OK) {
		return err;
	}
	if (cp >= 0xD800 && cp <= 0xDBFF) {
		uint32_t low = 0;
		if (ps->n - ps->pos < 6 || ps->p[ps->pos] != '\\' || ps->p[ps->pos + 1] != 'u') {
			return bad(ps, "lone surrogate");
		}
		ps->pos += 2;
		err = hex4(ps, &low);
		if (err != HZ_OK) {
			return err;
		}
		if (low < 0xDC00 || low > 0xDFFF) {
			return bad(ps, "lone surrogate");
		}
		cp = 0x10000 + ((cp - 0xD800) << 10) + (low - 0xDC00);
	} else if (cp >= 0xDC00 && cp <= 0xDFFF) {
		return bad(ps, "lone surrogate");
	}
	ps->doc->n_text += hz_utf8_put(cp, (uint8_t *)ps->doc->text + ps->doc->n_text);
	return HZ_OK;
}

static enum hz_err
escape(struct parser *ps)
{
	static const char from[] = "\"\\/bfnrt";
	static const char to[] = "\"\\/\b\f\n\r\t";
	ps->pos++;
	int c = peek(ps);
	if (c == 'u') {
		ps->pos++;
		return unicode_escape(ps);
	}
	const char *at = c > 0 ? strchr(from, c) : NULL;
	if (at == NULL) {
		return bad(ps, "unknown escape");
	}
	ps->doc->text[ps->doc->n_text++] = to[at - from];
	ps->pos++;
	return HZ_OK;
}

/* Decodes a string into doc->text; the reader stands on its opening quote. */
static enum hz_err
string(struct parser *ps, const char **ret_p, size_t *ret_len)
{
	struct hz_json_doc *doc = ps->doc;
	size_t start = doc->n_text;
	ps->pos++;
	for (;;) {
		int c = peek(ps);
		if (c < 0) {
			return bad(ps, "string is cut off");
		}
		if (c == '"') {
			break;
		}
		if (c < 0x20) {
			return bad(ps, "control character in a string");
		}
		if (c == '\\') {
			enum hz_err err = escape(ps);
			if (err != HZ_OK) {
				return err;
			}
			continue;
		}
		if (c < 0x80) { /* nearly all of them: hashes, ids, words */
			doc->text[doc->n_text++] = (char)c;
			ps->pos++;
			continue;
		}
		uint32_t cp = 0;
		size_t used = hz_utf8_next(ps->p + ps->pos, ps->n - ps->pos, &cp);
		if (cp > 0x10FFFF) {
			return bad(ps, "not UTF-8");
		}
		memcpy(doc->text + doc->n_text, ps->p + ps->pos, used);
		doc->n_text += used;
		ps->pos += used;
	}
	ps->pos++;
	*ret_p = doc->text + start;
	*ret_len = doc->n_text - start;
	doc->text[doc->n_text++] = '\0';
	return HZ_OK;
}

/* Both arrays that have a place for each node grow together. */
static enum hz_err
grow_nodes(struct parser *ps)
{
	struct hz_json_doc *doc = ps->doc;
	if (doc->n_nodes < doc->cap_nodes) {
		return HZ_OK;
	}
	if (doc->n_nodes >= HZ_JSON_MAX_NODES) {
		return hz_fail(HZ_MSG_LIMIT, "JSON: more than %d values", HZ_JSON_MAX_NODES);
	}
	size_t cap = doc->cap_nodes == 0 ? NODES_FIRST : doc->cap_nodes * 2;
	struct hz_json *nodes = realloc(doc->nodes, cap * sizeof *nodes);
	if (nodes == NULL) {
		return hz_fail(HZ_MSG_NOMEM, "JSON: %zu values", cap);
	}
	doc->nodes = nodes;
	uint32_t *pending = realloc(ps->pending, cap * sizeof *pending);
	if (pending == NULL) {
		return hz_fail(HZ_MSG_NOMEM, "JSON: %zu values", cap);
	}
	ps->pending = pending;
	doc->cap_nodes = cap;
	return HZ_OK;
}

/* A node for the value that comes, listed as a child of the innermost open container. */
static enum hz_err
new_node(struct parser *ps, enum hz_json_type type, uint32_t *ret_i)
{
	enum hz_err err = grow_nodes(ps);
	if (err != HZ_OK) {
		return err;
	}
	struct hz_json_doc *doc = ps->doc;
	uint32_t i = (uint32_t)doc->n_nodes;
	hz_assert(doc->nodes != NULL && ps->pending != NULL);
	doc->nodes[i] = (struct hz_json){ .doc = doc, .name = ps->name, .type = type };
	doc->n_nodes++;
	ps->name = NULL;
	if (ps->depth > 0) {
		ps->pending[ps->n_pending++] = i;
	}
	*ret_i = i;
	return HZ_OK;
}

static enum hz_err
number(struct parser *ps)
{
	size_t start = ps->pos;
	uint64_t v = 0;
	int c = peek(ps);
	while (c >= '0' && c <= '9') {
		v = v * 10 + (uint64_t)(c - '0');
		if (v > INT_MAX_JSON) {
			return bad(ps, "number over 2^53-1");
		}
		ps->pos++;
		c = peek(ps);
	}
	if (ps->pos - start > 1 && ps->p[start] == '0') {
		return bad(ps, "leading zero");
	}
	if (c == '.' || c == 'e' || c == 'E') {
		return bad(ps, "number is not a plain integer");
	}
	uint32_t i = 0;
	enum hz_err err = new_node(ps, HZ_JSON_INT, &i);
	if (err == HZ_OK) {
		ps->doc->nodes[i].number = v;
	}
	return err;
}

static enum hz_err
word(struct parser *ps)
{
	static const struct {
		const char *text;
		size_t len;
		enum hz_json_type type;
		bool truth;
	} words[] = {
		{ "null", 4, HZ_JSON_NULL, false },
		{ "true", 4, HZ_JSON_BOOL, true },
		{ "false", 5, HZ_JSON_BOOL, false },
	};
	for (size_t w = 0; w < sizeof words / sizeof words[0]; w++) {
		if (ps->n - ps->pos >= words[w].len &&
		    memcmp(ps->p + ps->pos, words[w].text, words[w].len) == 0) {
			uint32_t i = 0;
			enum hz_err err = new_node(ps, words[w].type, &i);
			if (err == HZ_OK && words[w].type == HZ_JSON_BOOL) {
				ps->doc->nodes[i].truth = words[w].truth;
			}
			ps->pos += words[w].len;
			return err;
		}
	}
	return bad(ps, "no value");
}

static enum hz_err
scalar(struct parser *ps)
{
	int c = peek(ps);
	if (c != '"') {
		return c >= '0' && c <= '9' ? number(ps) : word(ps);
	}
	uint32_t i = 0;
	enum hz_err err = new_node(ps, HZ_JSON_STRING, &i);
	if (err == HZ_OK) {
		struct hz_json *v = &ps->doc->nodes[i];
		err = string(ps, &v->str.p, &v->str.len);
	}
	return err;
}

/* A member's name and its colon. */
static enum hz_err
member_name(struct parser *ps)
{
	skip_space(ps);
	if (peek(ps) != '"') {
		return bad(ps, "no member name");
	}
	size_t len = 0;
	const char *name = "";
	enum hz_err err = string(ps, &name, &len);
	if (err != HZ_OK) {
		return err;
	}
	if (strlen(name) != len) {
		return bad(ps, "NUL in a member name");
	}
	skip_space(ps);
	if (peek(ps) != ':') {
		return bad(ps, "no colon");
	}
	ps->pos++;
	ps->name = name;
	return HZ_OK;
}

static enum hz_err
room_for_kids(struct hz_json_doc *doc, size_t n)
{
	if (doc->cap_kids - doc->n_kids >= n) {
		return HZ_OK;
	}
	/* At most two for each node, so this cannot overflow. */
	size_t cap = (doc->n_kids + n) * 2;
	uint32_t *kids = realloc(doc->kids, cap * sizeof *kids);
	if (kids == NULL) {
		return hz_fail(HZ_MSG_NOMEM, "JSON: %zu members", cap);
	}
	doc->kids = kids;
	doc->cap_kids = cap;
	return HZ_OK;
}

static int
by_name(const void *a, const void *b, void *arg)
{
	const struct hz_json *nodes = arg;
	return strcmp(nodes[*(const uint32_t *)a].name, nodes[*(const uint32_t *)b].name);
}

static enum hz_err
sort_members(const struct parser *ps, uint32_t *kids, size_t n)
{
	struct hz_json *nodes = ps->doc->nodes;
	bool sorted = true;
	for (size_t i = 1; sorted && i < n; i++) {
		sorted = by_name(&kids[i - 1], &kids[i], nodes) < 0;
	}
	if (sorted) {
		return HZ_OK;
	}
	hz_sort_with(kids, n, sizeof *kids, by_name, nodes);
	for (size_t i = 1; i < n; i++) {
		if (by_name(&kids[i - 1], &kids[i], nodes) == 0) {
			return bad(ps, "the same member name twice");
		}
	}
	return HZ_OK;
}

/* Ends the innermost container: its children move from `pending` to doc->kids. */
static enum hz_err
close_container(struct parser *ps)
{
	struct hz_json_doc *doc = ps->doc;
	const struct frame *f = &ps->stack[ps->depth - 1];
	size_t n = ps->n_pending - f->first;
	bool object = doc->nodes[f->node].type == HZ_JSON_OBJECT;
	enum hz_err err = room_for_kids(doc, object ? 2 * n : n);
	if (err != HZ_OK) {
		return err;
	}
	struct hz_json *v = &doc->nodes[f->node];
	v->count = (uint32_t)n;
	v->kids = doc->n_kids;
	if (n > 0) {
		hz_assert(doc->kids != NULL && ps->pending != NULL);
		uint32_t *kids = doc->kids + doc->n_kids;
		memcpy(kids, ps->pending + f->first, n * sizeof *kids);
		doc->n_kids += n;
		if (object) {
			memcpy(kids + n, kids, n * sizeof *kids);
			doc->n_kids += n;
			err = sort_members(ps, kids + n, n);
		}
	}
	ps->n_pending = f->first;
	ps->depth--;
	ps->pos++;
	return err;
}

static char
closing(const struct parser *ps)
{
	return ps->doc->nodes[ps->stack[ps->depth - 1].node].type == HZ_JSON_OBJECT ? '}' : ']';
}

/* Opens an array or object; *ret_more = a value follows (its name is read), else it was empty. */
static enum hz_err
open_container(struct parser *ps, enum hz_json_type type, bool *ret_more)
{
	if (ps->depth == HZ_JSON_DEPTH) {
		return hz_fail(HZ_MSG_LIMIT, "JSON at byte %zu: deeper than %d", ps->pos, HZ_JSON_DEPTH);
	}
	uint32_t i = 0;
	enum hz_err err = new_node(ps, type, &i);
	if (err != HZ_OK) {
		return err;
	}
	ps->stack[ps->depth] = (struct frame){ .node = i, .first = ps->n_pending };
	ps->depth++;
	ps->pos++;
	skip_space(ps);
	*ret_more = peek(ps) != closing(ps);
	if (!*ret_more) {
		return close_container(ps);
	}
	return type == HZ_JSON_OBJECT ? member_name(ps) : HZ_OK;
}

/* What may stand after a value: closing brackets, then a comma or the end. *ret_more = a value follows. */
static enum hz_err
after_value(struct parser *ps, bool *ret_more)
{
	enum hz_err err = HZ_OK;
	*ret_more = false;
	while (err == HZ_OK && ps->depth > 0) {
		skip_space(ps);
		int c = peek(ps);
		if (c == ',') {
			ps->pos++;
			*ret_more = true;
			return closing(ps) == '}' ? member_name(ps) : HZ_OK;
		}
		err = c == closing(ps) ? close_container(ps) : bad(ps, "no comma and no end");
	}
	return err;
}

static enum hz_err
parse(struct parser *ps)
{
	enum hz_err err = HZ_OK;
	bool more = true;
	while (err == HZ_OK && more) {
		skip_space(ps);
		int c = peek(ps);
		bool inside = false;
		if (c == '{' || c == '[') {
			err = open_container(ps, c == '{' ? HZ_JSON_OBJECT : HZ_JSON_ARRAY, &inside);
		} else {
			err = scalar(ps);
		}
		if (err == HZ_OK && !inside) {
			err = after_value(ps, &more);
		}
	}
	if (err == HZ_OK) {
		skip_space(ps);
		if (ps->pos != ps->n) {
			err = bad(ps, "bytes after the end");
		}
	}
	return err;
}

/* [F-5.2]: the one form is what our writer makes of it. */
static enum hz_err
check_canonical(const struct hz_json_doc *doc, const void *p, size_t n)
{
	struct hz_buf again = HZ_BUF_INIT(n);
	struct hz_jw w;
	hz_jw_begin(&w, &again);
	hz_jw_value(&w, NULL, hz_json_root(doc));
	enum hz_err err = hz_jw_end(&w);
	/* Over the maximum: the canonical form is longer than what we were given. */
	if (err == HZ_ERR_LIMIT || (err == HZ_OK && (again.len != n || memcmp(again.p, p, n) != 0))) {
		err = hz_fail(HZ_MSG_FORMAT, "JSON: not in canonical form");
	}
	hz_buf_done(&again);
	return err;
}

enum hz_err
hz_json_parse(const void *p, size_t n, bool canonical, struct hz_json_doc **ret_doc)
{
	if (n > HZ_JSON_MAX_BYTES) {
		return hz_fail(HZ_MSG_LIMIT, "JSON: %zu bytes, at most %zu", n, HZ_JSON_MAX_BYTES);
	}
	struct hz_json_doc *doc = calloc(1, sizeof *doc);
	if (doc == NULL) {
		return hz_fail(HZ_MSG_NOMEM, "JSON");
	}
	/* A string loses its two quotes and gains one NUL, an escape is never shorter than its character. */
	doc->text = malloc(n + 1);
	struct parser ps = { .p = p, .n = n, .canonical = canonical, .doc = doc };
	enum hz_err err = doc->text == NULL ? hz_fail(HZ_MSG_NOMEM, "JSON: %zu bytes", n) : parse(&ps);
	free(ps.pending);
	if (err == HZ_OK && canonical) {
		err = check_canonical(doc, p, n);
	}
	if (err != HZ_OK) {
		hz_json_free(&doc);
		return err;
	}
	*ret_doc = doc;
	return HZ_OK;
}

void
hz_json_free(struct hz_json_doc **doc)
{
	if (*doc != NULL) {
		free((*doc)->nodes);
		free((*doc)->kids);
		free((*doc)->text);
		free(*doc);
		*doc = NULL;
	}
}

const struct hz_json *
hz_json_root(const struct hz_json_doc *doc)
{
	return &doc->nodes[0];
}

enum hz_json_type
hz_json_type_of(const struct hz_json *v)
{
	return v == NULL ? HZ_JSON_NULL : v->type;
}

static bool
is_container(const struct hz_json *v)
{
	return v != NULL && (v->type == HZ_JSON_ARRAY || v->type == HZ_JSON_OBJECT);
}

size_t
hz_json_count(const struct hz_json *v)
{
	return is_container(v) ? v->count : 0;
}

const struct hz_json *
hz_json_at(const struct hz_json *v, size_t i)
{
	return i < hz_json_count(v) ? &v->doc->nodes[v->doc->kids[v->kids + i]] : NULL;
}

const char *
hz_json_name_at(const struct hz_json *v, size_t i)
{
	const struct hz_json *kid = hz_json_at(v, i);
	return kid == NULL ? NULL : kid->name;
}

const struct hz_json *
hz_json_sorted_at(const struct hz_json *v, size_t i)
{
	return &v->doc->nodes[v->doc->kids[v->kids + v->count + i]];
}

const struct hz_json *
hz_json_get(const struct hz_json *v, const char *name)
{
	if (v == NULL || v->type != HZ_JSON_OBJECT) {
		return NULL;
	}
	size_t low = 0;
	size_t high = v->count;
	while (low < high) {
		size_t mid = low + (high - low) / 2;
		const struct hz_json *kid = hz_json_sorted_at(v, mid);
		int cmp = strcmp(name, kid->name);
		if (cmp == 0) {
			return kid;
		}
		if (cmp < 0) {
			high = mid;
		} else {
			low = mid + 1;
		}
	}
	return NULL;
}

const char *
hz_json_str(const struct hz_json *v, size_t *ret_len)
{
	if (v == NULL || v->type != HZ_JSON_STRING) {
		return NULL;
	}
	if (ret_len != NULL) {
		*ret_len = v->str.len;
	}
	return v->str.p;
}

bool
hz_json_int(const struct hz_json *v, uint64_t *ret_v)
{
	if (v == NULL || v->type != HZ_JSON_INT) {
		return false;
	}
	*ret_v = v->number;
	return true;
}

bool
hz_json_bool(const struct hz_json *v, bool *ret_v)
{
	if (v == NULL || v->type != HZ_JSON_BOOL) {
		return false;
	}
	*ret_v = v->truth;
	return true;
}
