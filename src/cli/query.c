/* Queries: words to terms, terms to yes or no. */
#include "cli/query.h"
#include "cli/tags.h"

#include "base/enc.h"
#include "door/lang.h"
#include "text/text.h"
#include <stdlib.h>
#include <string.h>

enum key {
	KEY_WORD,
	KEY_TITLE,
	KEY_NAME,
	KEY_SOURCE,
	KEY_PLACE,
	KEY_ID,
	KEY_TYPE,
	KEY_CASE,
	KEY_CONSENT,
	KEY_DATE,
	KEY_SEALED,
	KEY_SIZE,
	KEY_PARTY,
	KEY_ROLE,
	KEY_STATE
};

struct hz_term {
	enum key key;
	bool negated;
	struct hz_buf text; /* folded, or as typed for id, type and case */
	char from[11], to[11];
	uint64_t least, most; /* size */
	uint8_t consent;
	uint64_t no; /* id: counter; case: number. 0: nothing has it */
	bool is_tag; /* it asks about tags: */
	struct hz_tag_query tag;
};

/* Names of keys, folded. */
static const struct {
	const char *name;
	enum key key;
} keys[] = {
	{ "title", KEY_TITLE },
	{ "name", KEY_NAME },
	{ "source", KEY_SOURCE },
	{ "place", KEY_PLACE },
	{ "id", KEY_ID },
	{ "type", KEY_TYPE },
	{ "case", KEY_CASE },
	{ "consent", KEY_CONSENT },
	{ "date", KEY_DATE },
	{ "sealed", KEY_SEALED },
	{ "size", KEY_SIZE },
	{ "party", KEY_PARTY },
	{ "role", KEY_ROLE },
	{ "state", KEY_STATE },
	{ "عنوان", KEY_TITLE },
	{ "اسم", KEY_NAME },
	{ "مصدر", KEY_SOURCE },
	{ "مكان", KEY_PLACE },
	{ "رقم", KEY_ID },
	{ "نوع", KEY_TYPE },
	{ "قضيه", KEY_CASE },
	{ "موافقه", KEY_CONSENT },
	{ "تاريخ", KEY_DATE },
	{ "ختم", KEY_SEALED },
	{ "حجم", KEY_SIZE },
	{ "جهه", KEY_PARTY },
	{ "دور", KEY_ROLE },
	{ "حاله", KEY_STATE },
};

static bool
is_text_key(enum key key)
{
	return key == KEY_TITLE || key == KEY_NAME || key == KEY_SOURCE || key == KEY_PLACE;
}

/* --- words ------------------------------------------------------------------------------------------- */

struct lexer {
	const char *s; /* the word of the command line at hand */
	size_t n, at;
	size_t before; /* characters of the words before it */
};
struct token {
	enum key key;
	bool has_key, quoted;
	size_t begin; /* bytes into the word */
	struct hz_buf value;
};

static size_t
characters(const char *s, size_t n)
{
	size_t count = 0;

	for (size_t i = 0; i < n; i++) {
		count += ((unsigned char)s[i] & 0xc0) != 0x80;
	}
	return count;
}

static enum hz_err
bad(const struct lexer *lx, size_t begin, const char *what)
{
	return hz_fail(
	    HZ_MSG_BAD_QUERY, _("at character %zu: %s"), lx->before + characters(lx->s, begin) + 1, what);
}

/* A key is a word of letters only: "12:30" and "a/b:c" are words. */
static bool
looks_like_key(const char *s, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		unsigned char c = (unsigned char)s[i];
		if (c < 0x80 && !((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_')) {
			return false;
		}
	}
	return n > 0;
}

static enum hz_err
find_key(const char *s, size_t n, bool *ret_found, enum key *ret_key)
{
	struct hz_buf folded = HZ_BUF_INIT(HZ_QUERY_MAX);
	enum hz_err r = hz_text_fold(s, n, &folded);

	*ret_found = false;
	for (size_t i = 0; r == HZ_OK && i < sizeof keys / sizeof keys[0]; i++) {
		if (folded.len == strlen(keys[i].name) && memcmp(folded.p, keys[i].name, folded.len) == 0) {
			*ret_found = true;
			*ret_key = keys[i].key;
		}
	}
	hz_buf_done(&folded);
	return r;
}

/* The next piece up to a space outside quotes, the quotes taken away. */
static enum hz_err
next_token(struct lexer *lx, struct token *t)
{
	size_t colon = 0;
	enum hz_err r = HZ_OK;
	bool inside = false;

	hz_buf_clear(&t->value);
	t->has_key = t->quoted = false;
	t->begin = lx->at;
	for (; r == HZ_OK && lx->at < lx->n && (inside || lx->s[lx->at] != ' '); lx->at++) {
		char c = lx->s[lx->at];
		if (c == '"') {
			inside = !inside;
			t->quoted = t->quoted || !t->has_key;
			continue;
		}
		if (c == ':' && !t->has_key && !t->quoted && lx->at > t->begin && colon == 0 &&
		    looks_like_key(lx->s + t->begin, lx->at - t->begin)) {
			colon = lx->at;
			r = find_key(lx->s + t->begin, colon - t->begin, &t->has_key, &t->key);
			if (r == HZ_OK && !t->has_key) {
				return bad(lx, t->begin,
				    _("there is no such key; the keys are id title name source place type "
				      "party role state case consent date sealed size"));
			}
			hz_buf_clear(&t->value);
			continue;
		}
		r = r == HZ_OK ? hz_buf_putc(&t->value, c) : r;
	}
	if (r == HZ_OK && inside) {
		return bad(lx, t->begin, _("a quotation mark is not closed"));
	}
	return r;
}

/* --- values ------------------------------------------------------------------------------------------ */

static bool
digits(const char *s, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (s[i] < '0' || s[i] > '9') {
			return false;
		}
	}
	return n > 0;
}

bool
hz_query_date(const char *s, size_t n, char ret_from[static 11], char ret_to[static 11])
{
	if ((n != 4 && n != 7 && n != 10) || !digits(s, 4) ||
	    (n >= 7 && (s[4] != '-' || !digits(s + 5, 2) || memcmp(s + 5, "00", 2) == 0 ||
			   memcmp(s + 5, "12", 2) > 0)) ||
	    (n == 10 && (s[7] != '-' || !digits(s + 8, 2) || memcmp(s + 8, "00", 2) == 0 ||
			    memcmp(s + 8, "31", 2) > 0))) {
		return false;
	}
	(void)memcpy(ret_from, "0000-01-01", 11);
	(void)memcpy(ret_to, "9999-12-31", 11);
	(void)memcpy(ret_from, s, n);
	(void)memcpy(ret_to, s, n);
	return true;
}

/* A..B, A.., ..B or A. */
static bool
date_range(const char *s, size_t n, struct hz_term *t)
{
	const char *dots = memmem(s, n, "..", 2);
	size_t a = dots == NULL ? n : (size_t)(dots - s);
	const char *b = dots == NULL ? s : dots + 2;
	size_t bn = dots == NULL ? n : n - a - 2;
	char unused[11];

	(void)memcpy(t->from, "0000-01-01", 11);
	(void)memcpy(t->to, "9999-12-31", 11);
	return (a != 0 || bn != 0) && (a == 0 || hz_query_date(s, a, t->from, unused)) &&
	       (bn == 0 || hz_query_date(b, bn, unused, t->to));
}

/* Digits with k, M, G or T: binary. */
static bool
size_value(const char *s, size_t n, uint64_t *ret)
{
	static const char units[] = "kmgt";
	unsigned shift = 0;
	uint64_t v = 0;

	if (n > 0 && (s[n - 1] < '0' || s[n - 1] > '9')) {
		const char *u = s[n - 1] == '\0' ? NULL : strchr(units, s[n - 1] | 0x20);
		if (u == NULL) {
			return false;
		}
		shift = 10 * (unsigned)(u - units + 1);
		n--;
	}
	if (hz_parse_u64(s, n, UINT64_MAX >> shift, &v) != HZ_OK) {
		return false;
	}
	*ret = v << shift;
	return true;
}

static bool
size_range(const char *s, size_t n, struct hz_term *t)
{
	const char *dots = memmem(s, n, "..", 2);
	uint64_t v = 0;

	t->least = 0;
	t->most = UINT64_MAX;
	if (dots != NULL) {
		size_t a = (size_t)(dots - s);
		size_t bn = n - a - 2;
		return (a != 0 || bn != 0) && (a == 0 || size_value(s, a, &t->least)) &&
		       (bn == 0 || size_value(dots + 2, bn, &t->most));
	}
	if (n > 1 && s[0] == '>' && size_value(s + 1, n - 1, &v) && v < UINT64_MAX) {
		t->least = v + 1;
		return true;
	}
	if (n > 1 && s[0] == '<' && size_value(s + 1, n - 1, &v) && v > 0) {
		t->most = v - 1;
		return true;
	}
	if (!size_value(s, n, &v)) {
		return false;
	}
	t->least = t->most = v;
	return true;
}

static bool
consent_value(const char *s, size_t n, uint8_t *ret)
{
	static const char *const words[] = { "unknown", "given", "none" };

	for (uint8_t i = 0; i < 3; i++) {
		if (n == strlen(words[i]) && memcmp(s, words[i], n) == 0) {
			*ret = i;
			return true;
		}
	}
	return false;
}

#define ARTICLE "\xd8\xa7\xd9\x84" /* alef lam */

/* Texts are searched folded and without the article: "القصف" finds "قصف جوي". */
static enum hz_err
fold_value(const struct hz_buf *value, struct hz_buf *out)
{
	const size_t article = sizeof ARTICLE - 1;
	enum hz_err r = hz_text_fold(value->p, value->len, out);

	if (r == HZ_OK && out->len >= article + 6 && memcmp(out->p, ARTICLE, article) == 0) {
		(void)memmove(out->p, out->p + article, out->len - article);
		out->len -= article;
	}
	return r;
}

static enum hz_err
tag_value(const struct lexer *lx, const struct token *tok, struct hz_term *t)
{
	const char *s = NULL;
	enum hz_err r = hz_buf_put(&t->text, tok->value.p, tok->value.len);

	r = r == HZ_OK ? hz_buf_cstr(&t->text, &s) : r;
	if (r != HZ_OK) {
		return r;
	}
	t->is_tag = true;
	if (t->key == KEY_ROLE) {
		t->tag.axis = HZ_AXIS_PARTY;
		t->tag.has_role = true;
		return hz_role_read(s, &t->tag.role)
			   ? HZ_OK
			   : bad(lx, tok->begin,
				 _("a role is alleged-perpetrator, victim-or-target, location-or-control, "
				   "source or none"));
	}
	if (t->key == KEY_STATE) {
		return hz_tag_state_parse(s, &t->tag.state)
			   ? HZ_OK
			   : bad(lx, tok->begin,
				 _("a state is proposed, confirmed, rejected, added or superseded"));
	}
	t->tag.axis = t->key == KEY_PARTY ? HZ_AXIS_PARTY : HZ_AXIS_TYPE;
	t->tag.value = s;
	return HZ_OK;
}

static enum hz_err
set_value(const struct lexer *lx, const struct token *tok, struct hz_term *t)
{
	const char *s = (const char *)tok->value.p;
	size_t n = tok->value.len;
	bool good = n > 0;
	const char *what = _("a value is missing");

	t->key = tok->has_key ? tok->key : KEY_WORD;
	if (!good) {
		return bad(lx, tok->begin, what);
	}
	if (t->key == KEY_DATE || t->key == KEY_SEALED || t->key == KEY_SIZE) {
		/* Arabic digits are digits. */
		enum hz_err r = hz_text_fold(s, n, &t->text);
		if (r != HZ_OK) {
			return r;
		}
		s = (const char *)t->text.p;
		n = t->text.len;
	}
	switch (t->key) {
	case KEY_DATE:
	case KEY_SEALED:
		good = date_range(s, n, t);
		what = _("a date is YYYY, YYYY-MM or YYYY-MM-DD, or two of them with .. between");
		break;
	case KEY_SIZE:
		good = size_range(s, n, t);
		what = _("a size is >N, <N, A..B or N, where k, M, G may follow");
		break;
	case KEY_CONSENT:
		good = consent_value(s, n, &t->consent);
		what = _("consent is given, none or unknown");
		break;
	case KEY_TYPE:
		return hz_is_media_word(s, n) ? hz_buf_put(&t->text, s, n) : tag_value(lx, tok, t);
	case KEY_PARTY:
	case KEY_ROLE:
	case KEY_STATE:
		return tag_value(lx, tok, t);
	case KEY_ID:
	case KEY_CASE:
		return hz_buf_put(&t->text, s, n);
	case KEY_WORD:
	case KEY_TITLE:
	case KEY_NAME:
	case KEY_SOURCE:
	case KEY_PLACE:
	default: {
		enum hz_err r = fold_value(&tok->value, &t->text);
		if (r != HZ_OK) {
			return r;
		}
		good = t->text.len > 0;
		break;
	}
	}
	return good ? HZ_OK : bad(lx, tok->begin, what);
}

/* --- parsing ----------------------------------------------------------------------------------------- */

static enum hz_err
add_term(struct hz_query *q, const struct lexer *lx, const struct token *tok, bool negated)
{
	if (q->n == HZ_QUERY_TERMS) {
		return hz_fail(HZ_MSG_BAD_QUERY, _("a query has at most %d terms"), HZ_QUERY_TERMS);
	}
	struct hz_term *t = &q->terms[q->n++];
	*t = (struct hz_term){ .text = HZ_BUF_INIT(HZ_QUERY_MAX), .negated = negated };
	return set_value(lx, tok, t);
}

static bool
token_is(const struct token *t, const char *a, const char *b)
{
	size_t n = t->value.len;

	return !t->has_key && !t->quoted &&
	       ((n == strlen(a) && memcmp(t->value.p, a, n) == 0) ||
		   (n == strlen(b) && memcmp(t->value.p, b, n) == 0));
}

/* place:معرة النعمان, one word of the command line: the value goes on to the next key. */
static enum hz_err
gather(struct lexer *lx, struct token *t, struct token *more)
{
	enum hz_err r = HZ_OK;

	while (r == HZ_OK && t->has_key && is_text_key(t->key) && lx->at < lx->n) {
		struct lexer ahead = *lx;
		while (ahead.at < ahead.n && ahead.s[ahead.at] == ' ') {
			ahead.at++;
		}
		if (ahead.at == ahead.n) {
			break;
		}
		r = next_token(&ahead, more);
		if (r != HZ_OK || more->has_key || more->quoted || token_is(more, "not", "ليس")) {
			break;
		}
		*lx = ahead;
		r = t->value.len > 0 ? hz_buf_putc(&t->value, ' ') : HZ_OK;
		r = r == HZ_OK ? hz_buf_put(&t->value, more->value.p, more->value.len) : r;
	}
	return r;
}

static enum hz_err
parse_word(struct hz_query *q, struct lexer *lx, struct token *t, struct token *more, bool *negated)
{
	enum hz_err r = HZ_OK;

	while (r == HZ_OK) {
		while (lx->at < lx->n && lx->s[lx->at] == ' ') {
			lx->at++;
		}
		if (lx->at == lx->n) {
			break;
		}
		r = next_token(lx, t);
		if (r == HZ_OK && token_is(t, "not", "ليس")) {
			*negated = !*negated;
			continue;
		}
		if (r == HZ_OK && token_is(t, "and", "and")) {
			continue;
		}
		if (r == HZ_OK && token_is(t, "or", "or")) {
			return bad(lx, t->begin,
			    _("there is no \"or\": all terms must hold (the word itself goes between quotation "
			      "marks)"));
		}
		r = r == HZ_OK ? gather(lx, t, more) : r;
		r = r == HZ_OK ? add_term(q, lx, t, *negated) : r;
		*negated = false;
	}
	return r;
}

/* A role or a state that is not turned round says more of the types and parties beside it; alone it asks for
 * any tag. */
static void
qualify(struct hz_query *q)
{
	for (size_t i = 0; i < q->n; i++) {
		struct hz_term *t = &q->terms[i];
		for (size_t k = 0; k < q->n && (t->key == KEY_ROLE || t->key == KEY_STATE) && !t->negated;
		     k++) {
			struct hz_tag_query *of = &q->terms[k].tag;
			if (!q->terms[k].is_tag || k == i || q->terms[k].negated) {
				continue;
			}
			if (t->key == KEY_STATE) {
				of->state = t->tag.state;
			} else if (of->axis == HZ_AXIS_PARTY) {
				of->has_role = true;
				of->role = t->tag.role;
			}
		}
	}
}

HZ_RESULT
hz_query_parse(char *const *words, size_t count, struct hz_query *ret_q)
{
	struct token t = { .value = HZ_BUF_INIT(HZ_QUERY_MAX) };
	struct token more = { .value = HZ_BUF_INIT(HZ_QUERY_MAX) };
	struct lexer lx = { 0 };
	bool negated = false;
	enum hz_err r = HZ_OK;

	*ret_q = (struct hz_query){ 0, calloc(HZ_QUERY_TERMS, sizeof(struct hz_term)) };
	if (ret_q->terms == NULL) {
		return hz_fail(HZ_MSG_NOMEM, "a query");
	}
	for (size_t i = 0; r == HZ_OK && i < count; i++) {
		size_t before = i == 0 ? 0 : lx.before + characters(lx.s, lx.n) + 1;
		lx = (struct lexer){ .s = words[i], .n = strlen(words[i]), .before = before };
		if (!hz_utf8_ok(lx.s, lx.n)) {
			r = hz_fail(HZ_MSG_BAD_QUERY, _("at character %zu: this is not UTF-8"), before + 1);
		}
		r = r == HZ_OK ? parse_word(ret_q, &lx, &t, &more, &negated) : r;
	}
	if (r == HZ_OK && negated) {
		r = bad(&lx, lx.n, _("something must follow \"not\""));
	}
	if (r == HZ_OK) {
		qualify(ret_q);
	}
	hz_buf_done(&t.value);
	hz_buf_done(&more.value);
	return r;
}

const char *
hz_query_unknown(const struct hz_query *q, const struct hz_rules *rules, size_t *at)
{
	while (*at < q->n) {
		const struct hz_term *t = &q->terms[(*at)++];
		if (t->is_tag && t->tag.value != NULL &&
		    hz_rules_find(rules, t->tag.axis, t->tag.value) == NULL) {
			return t->tag.value;
		}
	}
	return NULL;
}

void
hz_query_done(struct hz_query *q)
{
	for (size_t i = 0; i < q->n; i++) {
		hz_buf_done(&q->terms[i].text);
	}
	free(q->terms);
	*q = (struct hz_query){ 0 };
}

HZ_RESULT
hz_query_bind(struct hz_query *q, struct hz_view *w)
{
	for (size_t i = 0; i < q->n; i++) {
		struct hz_term *t = &q->terms[i];
		const char *s = NULL;
		struct hz_case c;
		struct hz_exhibit e;
		if (t->key != KEY_CASE && t->key != KEY_ID) {
			continue;
		}
		enum hz_err r = hz_buf_cstr(&t->text, &s);
		if (r == HZ_OK && t->key == KEY_CASE) {
			r = hz_case_find(w, s, &c);
			t->no = r == HZ_OK ? c.no : 0;
		} else if (r == HZ_OK) {
			r = hz_exhibit_find(w, s, &e);
			t->no = r == HZ_OK ? e.no : 0;
			if (r == HZ_ERR_NOT_FOUND) {
				hz_fail_clear();
				r = HZ_OK;
			}
		}
		if (r != HZ_OK) {
			return r;
		}
	}
	return HZ_OK;
}

/* --- matching ---------------------------------------------------------------------------------------- */

static enum hz_err
field_has(const struct hz_record *r, const char *field, const struct hz_buf *needle, bool *ret)
{
	const char *value = hz_record_get(r, field);
	struct hz_buf folded = HZ_BUF_INIT((size_t)16 * HZ_FIELD_VALUE_MAX);

	if (value == NULL || *ret) {
		return HZ_OK;
	}
	enum hz_err err = hz_text_fold(value, strlen(value), &folded);
	if (err == HZ_OK) {
		*ret = hz_text_contains_folded(folded.p, folded.len, needle->p, needle->len);
	}
	hz_buf_done(&folded);
	return err;
}

static enum hz_err
text_has(const struct hz_term *t, const struct hz_record *r, bool *ret)
{
	static const struct {
		enum key key;
		const char *field;
	} fields[] = {
		{ KEY_TITLE, "exhibit.title" },
		{ KEY_NAME, "exhibit.name" },
		{ KEY_SOURCE, "receipt.source" },
		{ KEY_SOURCE, "receipt.from" },
		{ KEY_PLACE, "receipt.where" },
	};

	for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++) {
		if (t->key == KEY_WORD || t->key == fields[i].key) {
			enum hz_err err = field_has(r, fields[i].field, &t->text, ret);
			if (err != HZ_OK) {
				return err;
			}
		}
	}
	return HZ_OK;
}

static bool
type_has(const struct hz_term *t, const struct hz_record *r)
{
	const char *type = hz_record_get(r, "content.media_type");

	return type != NULL && strncmp(type, (const char *)t->text.p, t->text.len) == 0;
}

/* The claimed time and the question have a day in common. */
static bool
date_has(const struct hz_term *t, const struct hz_record *r)
{
	const char *from = hz_record_get(r, "receipt.when_from");
	const char *to = hz_record_get(r, "receipt.when_to");

	if (from == NULL && to == NULL) {
		return false;
	}
	from = from == NULL ? to : from;
	to = to == NULL ? from : to;
	return strncmp(from, t->to, 10) <= 0 && strncmp(to, t->from, 10) >= 0;
}

static bool
sealed_has(const struct hz_term *t, const struct hz_exhibit *e)
{
	char day[21];

	hz_time_format(e->sealed_at, day);
	return strncmp(day, t->from, 10) >= 0 && strncmp(day, t->to, 10) <= 0;
}

/* Terms that a record answers. */
static enum hz_err
record_has(const struct hz_term *t, const struct hz_record *r, bool *ret)
{
	if (t->key == KEY_DATE) {
		*ret = *ret || date_has(t, r);
		return HZ_OK;
	}
	if (t->key == KEY_TYPE) {
		*ret = *ret || type_has(t, r);
		return HZ_OK;
	}
	return text_has(t, r, ret);
}

static bool
needs_record(const struct hz_term *t)
{
	return t->key == KEY_WORD || t->key == KEY_DATE || (t->key == KEY_TYPE && !t->is_tag) ||
	       is_text_key(t->key);
}

static enum hz_err
row_has(const struct hz_term *t, struct hz_view *w, const struct hz_exhibit *e, bool *ret)
{
	struct hz_buf folded = HZ_BUF_INIT(256);
	enum hz_err err = HZ_OK;

	if (t->is_tag) {
		err = hz_review_has(w, e, &t->tag, ret);
	} else if (t->key == KEY_WORD) {
		err = hz_text_fold(e->number, strlen(e->number), &folded);
		*ret = err == HZ_OK && hz_text_contains_folded(folded.p, folded.len, t->text.p, t->text.len);
		hz_buf_done(&folded);
	} else if (t->key == KEY_ID) {
		*ret = t->no == e->no;
	} else if (t->key == KEY_CASE) {
		*ret = t->no != 0 && hz_case_has(w, (uint32_t)t->no, e->no);
	} else if (t->key == KEY_CONSENT) {
		*ret = e->consent == t->consent;
	} else if (t->key == KEY_SEALED) {
		*ret = sealed_has(t, e);
	} else if (t->key == KEY_SIZE) {
		*ret = e->size >= t->least && e->size <= t->most;
	}
	return err;
}

static enum hz_err
receipts_have(const struct hz_term *t, struct hz_view *w, const struct hz_exhibit *e, bool *ret)
{
	uint32_t n = 1;
	bool found = e->receipts > 0;
	enum hz_err err = HZ_OK;

	while (err == HZ_OK && found && !*ret) {
		uint64_t no = 0;
		struct hz_record_row row;
		struct hz_record r;
		err = hz_receipt_next(w, e->no, &n, &found, &no);
		if (err != HZ_OK || !found) {
			break;
		}
		err = hz_record_load(w, no, &row);
		if (err != HZ_OK) {
			break;
		}
		hz_record_init(&r);
		err = hz_record_fields(w, &row, &r);
		err = err == HZ_OK ? record_has(t, &r, ret) : err;
		hz_record_done(&r);
		hz_record_row_done(&row);
	}
	return err;
}

HZ_RESULT
hz_query_match(const struct hz_query *q, struct hz_view *w, const struct hz_exhibit *e,
    const struct hz_record *r, bool *ret_match)
{
	struct hz_record own;
	enum hz_err err = HZ_OK;
	bool match = true;

	hz_record_init(&own);
	/* What the row answers comes first: it costs nothing more. */
	for (unsigned pass = 0; pass < 2; pass++) {
		for (size_t i = 0; err == HZ_OK && match && i < q->n; i++) {
			const struct hz_term *t = &q->terms[i];
			bool has = false;
			if (needs_record(t) != (pass == 1)) {
				continue;
			}
			err = row_has(t, w, e, &has);
			if (err == HZ_OK && pass == 1 && !has && r == NULL) {
				err = hz_exhibit_fields(w, e, &own);
				r = &own;
			}
			err = err == HZ_OK && pass == 1 && !has ? record_has(t, r, &has) : err;
			err = err == HZ_OK && pass == 1 && !has ? receipts_have(t, w, e, &has) : err;
			match = has != t->negated;
		}
	}
	hz_record_done(&own);
	if (err == HZ_OK) {
		*ret_match = match;
	}
	return err;
}
