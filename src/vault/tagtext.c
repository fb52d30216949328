/* Tags as text: their ids, and the fields of a classification [F-7.8]. */
#include "vault/tags.h"

#include "base/enc.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool
id_chars(const char *s, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		char c = s[i];
		if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
			c == '_' || c == '.' || c == '-')) {
			return false;
		}
	}
	return n > 0;
}

static bool
is_word(const char *word, const char *s, size_t n)
{
	return word && strlen(word) == n && memcmp(word, s, n) == 0;
}

static bool
axis_read(const char *s, size_t n, enum hz_axis *ret)
{
	for (int a = HZ_AXIS_TYPE; a <= HZ_AXIS_DATE; a++) {
		if (is_word(hz_axis_word((enum hz_axis)a), s, n)) {
			*ret = (enum hz_axis)a;
			return true;
		}
	}
	return false;
}

static bool
role_read(const char *s, size_t n, enum hz_role *ret)
{
	for (int r = HZ_ROLE_NONE; r <= HZ_ROLE_SOURCE; r++) {
		if (is_word(hz_role_word((enum hz_role)r), s, n)) {
			*ret = (enum hz_role)r;
			return true;
		}
	}
	return false;
}

/* --- ids -------------------------------------------------------------------------------------------------
 */

void
hz_kept_tag_id(const struct hz_kept_tag *t, char ret[static HZ_TAG_ID_MAX])
{
	struct hz_tag g = { .axis = t->axis, .role = t->role };
	memcpy(g.value, t->value, sizeof(g.value));
	hz_tag_id(&g, ret);
}

HZ_RESULT
hz_tag_id_read(const char *id, struct hz_kept_tag *ret)
{
	struct hz_kept_tag t = { .role = HZ_ROLE_NONE };
	const char *colon = strchr(id, ':');
	const char *at = colon ? strchr(colon + 1, '@') : NULL;
	size_t n = !colon ? 0 : at ? (size_t)(at - colon - 1) : strlen(colon + 1);
	if (!colon || n >= sizeof(t.value) || !id_chars(colon + 1, n) ||
	    !axis_read(id, (size_t)(colon - id), &t.axis) ||
	    (at && !role_read(at + 1, strlen(at + 1), &t.role))) {
		return hz_fail(HZ_MSG_FORMAT, "\"%.80s\" is no tag", id);
	}
	memcpy(t.value, colon + 1, n);
	*ret = t;
	return HZ_OK;
}

bool
hz_value_below(const char *value, const char *top, enum hz_axis axis)
{
	size_t n = strlen(top), len = strlen(value);
	if (strncmp(value, top, n) != 0 || n == 0) {
		return false;
	}
	if (len == n) {
		return true;
	}
	if (axis == HZ_AXIS_PLACE) { /* codes of two digits a level */
		return (len - n) % 2 == 0 || value[n] == '.';
	}
	return value[n] == (axis == HZ_AXIS_DATE ? '-' : '.');
}

/* --- fields ----------------------------------------------------------------------------------------------
 */

static bool
rule_ok(const char *s, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (s[i] <= ' ' || s[i] > '~' || s[i] == '"' || s[i] == '\\') {
			return false;
		}
	}
	return n > 0 && n < sizeof(((struct hz_span *)0)->rule);
}

HZ_RESULT
hz_tag_text(const struct hz_tag *t, size_t max, struct hz_buf *out)
{
	size_t kept = t->nspans < max ? t->nspans : max;
	HZ_TRY(hz_buf_printf(out, "%s %s %s %s %u %s %s%s%s %zu", hz_axis_word(t->axis), t->value,
	    hz_role_word(t->role), hz_certainty_word(t->certainty), t->score, hz_band_word(t->band),
	    t->ambiguous ? "a" : "", t->experimental ? "e" : "", t->ambiguous || t->experimental ? "" : "-",
	    t->left_out + (t->nspans - kept)));
	for (size_t i = 0; i < kept; i++) {
		const struct hz_span *s = &t->spans[i];
		if (!rule_ok(s->rule, strnlen(s->rule, sizeof(s->rule)))) {
			return hz_fail(HZ_MSG_INTERNAL, "a rule's name");
		}
		HZ_TRY(hz_buf_printf(out, " %zu-%zu=%s", s->start, s->end, s->rule));
	}
	return HZ_OK;
}

struct cutter {
	const char *s;
	size_t left;
	bool ended;
};

/* The next word up to one blank. */
static bool
word(struct cutter *c, const char **ret, size_t *ret_n)
{
	if (c->ended) {
		return false;
	}
	const char *end = memchr(c->s, ' ', c->left);
	*ret = c->s;
	*ret_n = end ? (size_t)(end - c->s) : c->left;
	c->ended = end == NULL;
	if (end) {
		c->left -= *ret_n + 1;
		c->s = end + 1;
	}
	return *ret_n > 0;
}

static enum hz_err
bad(void)
{
	return hz_fail(HZ_MSG_FORMAT, "the field of a tag");
}

static bool
flags_read(const char *s, size_t n, struct hz_tag *t)
{
	t->ambiguous = is_word("a", s, n) || is_word("ae", s, n);
	t->experimental = is_word("e", s, n) || is_word("ae", s, n);
	return t->ambiguous || t->experimental || is_word("-", s, n);
}

static bool
grade_read(struct cutter *c, struct hz_tag *t)
{
	const char *s = NULL;
	size_t n = 0;
	uint64_t v = 0;
	bool is = false;
	if (!word(c, &s, &n) || hz_parse_u64(s, n, 1000, &v) != HZ_OK) {
		return false;
	}
	t->score = (unsigned)v;
	if (!word(c, &s, &n)) {
		return false;
	}
	for (unsigned b = HZ_BAND_WEAK; b <= HZ_BAND_STRONG && !is; b++) {
		is = is_word(hz_band_word(b), s, n);
		t->band = b;
	}
	if (!is || !word(c, &s, &n) || !flags_read(s, n, t) || !word(c, &s, &n) ||
	    hz_parse_u64(s, n, UINT32_MAX, &v) != HZ_OK) {
		return false;
	}
	t->left_out = (size_t)v;
	return true;
}

static bool
head_read(struct cutter *c, struct hz_tag *t)
{
	const char *s = NULL;
	size_t n = 0;
	if (!word(c, &s, &n) || !axis_read(s, n, &t->axis) || !word(c, &s, &n) || n >= sizeof(t->value) ||
	    !id_chars(s, n)) {
		return false;
	}
	memcpy(t->value, s, n);
	if (!word(c, &s, &n) || !role_read(s, n, &t->role) || !word(c, &s, &n)) {
		return false;
	}
	for (int k = HZ_CERTAIN_STATED; k <= HZ_CERTAIN_DENIED; k++) {
		if (is_word(hz_certainty_word((enum hz_certainty)k), s, n)) {
			t->certainty = (enum hz_certainty)k;
			return grade_read(c, t);
		}
	}
	return false;
}

static bool
span_read(const char *s, size_t n, struct hz_span *ret)
{
	const char *dash = memchr(s, '-', n), *eq = memchr(s, '=', n);
	uint64_t a = 0, b = 0;
	if (!dash || !eq || dash > eq || hz_parse_u64(s, (size_t)(dash - s), INT64_MAX, &a) != HZ_OK ||
	    hz_parse_u64(dash + 1, (size_t)(eq - dash - 1), INT64_MAX, &b) != HZ_OK || a >= b) {
		return false;
	}
	n -= (size_t)(eq + 1 - s);
	if (!rule_ok(eq + 1, n)) {
		return false;
	}
	*ret = (struct hz_span){ .start = (size_t)a, .end = (size_t)b, .term = "", .quiet = true };
	memcpy(ret->rule, eq + 1, n);
	return true;
}

void
hz_tag_clear(struct hz_tag *t)
{
	free(t->spans);
	*t = (struct hz_tag){ .spans = NULL };
}

HZ_RESULT
hz_tag_text_read(const char *text, size_t len, struct hz_tag *ret)
{
	struct cutter c = { text, len, len == 0 };
	struct hz_tag t = { .nspans = 0 };
	const char *s = NULL;
	size_t n = 0;
	bool good = head_read(&c, &t);
	if (good && !c.ended) {
		t.spans = calloc(HZ_TAG_SPANS, sizeof(*t.spans));
		if (!t.spans) {
			return hz_fail(HZ_MSG_NOMEM, "spans");
		}
	}
	while (good && !c.ended) {
		good = t.nspans < HZ_TAG_SPANS && word(&c, &s, &n) && span_read(s, n, &t.spans[t.nspans]) &&
		       (t.nspans == 0 || t.spans[t.nspans - 1].start <= t.spans[t.nspans].start);
		t.nspans++;
	}
	if (!good) {
		free(t.spans);
		return bad();
	}
	*ret = t;
	return HZ_OK;
}
