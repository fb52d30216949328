/* What must hold for every text and every set of rules: places of spans, invariance, particles, determinism,
 * fairness between parties. Texts are generated; the shared corpora and the project's rules come to them
 * where they are. */
#include "tests.h"

#include "text/text.h"

#include <stdio.h>
#include <stdlib.h>

#define TEXTS ((size_t)400) /* of each shared corpus */

static uint32_t seed = 1;

static uint32_t
roll(uint32_t n)
{
	seed = seed * 1664525 + 1013904223;
	return (seed >> 8) % n;
}

/* Sentences of words that the small rules know, words beside them, signs. */
static void
make_text(struct hz_buf *b)
{
	static const char *const words[] = { "قصف", "والقصف", "لم", "يقصف", "روسيا", "القوات الروسية",
		"للقوات الروسية", "الجيش السوري", "قوات النظام", "كتائب حزب الله", "حزب الله", "قسد", "حلب",
		"بلدة", "الباب", "غازات", "بالغاز", "كيماوية", "حصار", "جوع", "ضد", "مواقع", "على يد", "نفت",
		"يزعم", "ربما", "علي", "على", "في 4 نيسان/أبريل 2017", "عام 2013", "2024-12-08", "٢١/٨/٢٠١٣",
		"مدرسة", "airstrikes", "air strike", "Russian", "US", "us", "denied", "by", "blockade", "of",
		"food", "مؤكد", "غير مؤكد", "لا يزال", "،", ".", "؟", ":", "في", "من", "كان", "مدينة",
		"الطيران الروسي", "سوري", "طيران", "اختناق" };
	size_t n = 1 + roll(60);
	hz_buf_clear(b);
	for (size_t i = 0; i < n; i++) {
		assert_ok(hz_buf_puts(b, words[roll(sizeof words / sizeof words[0])]));
		assert_ok(hz_buf_putc(b, ' '));
	}
}

/* Each gate over generated texts with the small rules, then over the corpora with those of the project. */
struct gate {
	const struct hz_rules *r;
	void (*f)(const struct hz_rules *r, const char *text, size_t n);
	size_t texts;
};

static void
one_text(const char *text, size_t n, void *arg)
{
	struct gate *g = arg;
	g->f(g->r, text, n);
	g->texts++;
}

static void
over_all(void (*f)(const struct hz_rules *r, const char *text, size_t n))
{
	struct hz_buf b = HZ_BUF_INIT(SIZE_MAX);
	struct hz_rules *small = rules_of(small_rules());
	struct hz_rules *shipped = shipped_rules();
	struct gate g = { shipped == NULL ? small : shipped, f, 0 };
	seed = 7;
	for (int i = 0; i < 300; i++) {
		make_text(&b);
		f(small, (const char *)b.p, b.len);
	}
	if (!each_text(TEXTS, one_text, &g)) {
		print_message("# generated texts only: HIRZ_SHARED is not set\n");
	} else if (shipped == NULL) {
		print_message("# corpora with the small rules: data/syria.rules is not there\n");
	}
	hz_rules_free(&shipped);
	hz_rules_free(&small);
	hz_buf_done(&b);
}

/* --- spans --- */
static void
fold_into(struct hz_buf *b, const char *p, size_t n)
{
	const char *s;
	hz_buf_clear(b);
	assert_ok(hz_text_fold(p, n, b));
	assert_ok(hz_buf_cstr(b, &s));
}

/* A word of a term without what a span may show otherwise: the star, teh marbuta, the article. */
static void
stem_of(const char *word, size_t n, struct hz_buf *b)
{
	while (n > 0 && (word[n - 1] == '*' || word[n - 1] == '=')) {
		n--;
	}
	while (n > 0 && word[0] == '=') {
		word++;
		n--;
	}
	bool arabic = n > 1 && (uint8_t)word[0] >= 0xD8;
	if (arabic && n > 4 && memcmp(word + n - 2, "\xD8\xA9", 2) == 0) {
		n -= 2;
	}
	if (arabic && n >= 8 && memcmp(word, "\xD8\xA7\xD9\x84", 4) == 0) {
		word += 4;
		n -= 4;
	}
	fold_into(b, word, n);
}

/* Each word of the term (the part before + for the first span of a pair, any partner for the second) is in
 * what is folded, in order. */
static bool
holds_words(const struct hz_buf *folded, const char *term, size_t n)
{
	struct hz_buf stem = HZ_BUF_INIT(SIZE_MAX);
	const char *at = (const char *)folded->p;
	bool good = true;
	while (good && n > 0) {
		size_t len = 0;
		while (len < n && term[len] != ' ') {
			len++;
		}
		/* pieces of a word with signs in it are words of their own */
		for (size_t i = 0; good && i < len;) {
			size_t run = 0;
			while (i + run < len && strchr("-'./_", term[i + run]) == NULL) {
				run++;
			}
			if (run > 0) {
				stem_of(term + i, run, &stem);
				const char *found = strstr(at, (const char *)stem.p);
				good = found != NULL;
				at = good ? found + stem.len : at;
			}
			i += run + 1;
		}
		term += len + (len < n);
		n -= len + (len < n);
	}
	hz_buf_done(&stem);
	return good;
}

static bool
holds_term(const struct hz_buf *folded, const char *term)
{
	const char *plus = strstr(term, " + {");
	size_t n = plus == NULL ? strlen(term) : (size_t)(plus - term);
	if (holds_words(folded, term, n)) {
		return true;
	}
	for (const char *p = plus == NULL ? NULL : plus + 5; p != NULL && *p != '\0';) {
		size_t len = strcspn(p, "|}");
		if (holds_words(folded, p, len > 0 ? len - 1 : 0)) {
			return true;
		}
		p += len + (p[len] != '\0') + (p[len] == '|');
	}
	return false;
}

static void
spans_hold_their_terms(const struct hz_rules *r, const char *text, size_t n)
{
	struct hz_tags t = { 0, NULL };
	struct hz_buf b = HZ_BUF_INIT(SIZE_MAX);
	assert_ok(hz_classify(r, text, n, NULL, &t));
	for (size_t i = 0; i < t.n; i++) {
		const struct hz_tag *x = &t.v[i];
		assert_true(x->nspans > 0 && x->nspans <= HZ_CLASSIFY_SPANS);
		assert_true(x->score > 0 && x->score <= 1000 && x->band >= HZ_BAND_WEAK);
		for (size_t k = 0; k < x->nspans; k++) {
			const struct hz_span *s = &x->spans[k];
			assert_true(s->start < s->end && s->end <= n);
			assert_true(hz_utf8_ok(text + s->start, s->end - s->start));
			assert_true(k == 0 || s[-1].start <= s->start);
			fold_into(&b, text + s->start, s->end - s->start);
			if (x->axis != HZ_AXIS_DATE && !holds_term(&b, s->term)) {
				fail_msg("%s: \"%s\" is not in \"%s\"", s->rule, s->term, (const char *)b.p);
			}
		}
		assert_true(i == 0 || x[-1].axis <= x->axis);
	}
	hz_buf_done(&b);
	hz_tags_done(&t);
}

static void
test_spans(void **state)
{
	(void)state;
	over_all(spans_hold_their_terms);
}

/* --- invariance --- */
enum change { HARAKAT, TATWEEL, FORMS, NFD, BIDI, PERSIAN, DIGITS, WRAPS, CHANGES };

/* Initial presentation forms of letters that join; only the compatibility mapping counts here. */
static uint32_t
form_of(uint32_t cp)
{
	static const uint32_t pairs[][2] = { { 0x628, 0xFE91 }, { 0x62A, 0xFE97 }, { 0x62C, 0xFE9F },
		{ 0x62D, 0xFEA3 }, { 0x633, 0xFEB3 }, { 0x635, 0xFEBB }, { 0x639, 0xFECB }, { 0x641, 0xFED3 },
		{ 0x642, 0xFED7 }, { 0x644, 0xFEDF }, { 0x645, 0xFEE3 }, { 0x646, 0xFEE7 }, { 0x647, 0xFEEB },
		{ 0x64A, 0xFEF3 }, { 0x631, 0xFEAD }, { 0x648, 0xFEED }, { 0x62F, 0xFEA9 },
		{ 0x627, 0xFE8D } };
	for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
		if (pairs[i][0] == cp) {
			return pairs[i][1];
		}
	}
	return cp;
}

static uint32_t
changed(enum change how, uint32_t cp)
{
	if (how == FORMS) {
		return form_of(cp);
	}
	if (how == PERSIAN) {
		return cp == 0x64A ? 0x6CC : cp == 0x643 ? 0x6A9 : cp;
	}
	if (how == DIGITS && cp >= '0' && cp <= '9') {
		return cp - '0' + 0x660;
	}
	return cp;
}

static void
put_cp(struct hz_buf *b, uint32_t cp)
{
	char s[5] = { 0 };
	if (cp < 0x80) {
		s[0] = (char)cp;
	} else if (cp < 0x800) {
		s[0] = (char)(0xC0 | cp >> 6);
		s[1] = (char)(0x80 | (cp & 63));
	} else {
		s[0] = (char)(0xE0 | cp >> 12);
		s[1] = (char)(0x80 | (cp >> 6 & 63));
		s[2] = (char)(0x80 | (cp & 63));
	}
	assert_ok(hz_buf_puts(b, s));
}

/* Two signs for letters with a hamza or madda, and Latin ones with an accent. */
static void
put_nfd(struct hz_buf *b, uint32_t cp, const char *p, size_t n)
{
	static const uint32_t known[][3] = { { 0x622, 0x627, 0x653 }, { 0x623, 0x627, 0x654 },
		{ 0x624, 0x648, 0x654 }, { 0x625, 0x627, 0x655 }, { 0x626, 0x64A, 0x654 },
		{ 0xE9, 'e', 0x301 }, { 0xE8, 'e', 0x300 }, { 0xFC, 'u', 0x308 }, { 0xF6, 'o', 0x308 },
		{ 0x15F, 's', 0x327 }, { 0x130, 'I', 0x307 } };
	for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
		if (known[i][0] == cp) {
			put_cp(b, known[i][1]);
			put_cp(b, known[i][2]);
			return;
		}
	}
	assert_ok(hz_buf_put(b, p, n));
}

static void
change_text(enum change how, const char *p, size_t n, struct hz_buf *b)
{
	hz_buf_clear(b);
	for (size_t i = 0; i < n;) {
		uint32_t cp;
		size_t used = hz_utf8_next((const uint8_t *)p + i, n - i, &cp);
		bool letter = cp >= 0x620 && cp <= 0x64A && cp != 0x640;
		bool wrap = how == WRAPS && cp == ' ' && roll(3) == 0 && i > 0 && p[i - 1] != '\n' &&
			    p[i - 1] != ' ' && i + 1 < n && p[i + 1] != '\n' && p[i + 1] != ' ';
		if (how == BIDI && roll(4) == 0) {
			put_cp(b, 0x200E + roll(2));
		}
		if (wrap) {
			assert_ok(hz_buf_puts(b, roll(2) == 0 ? "\n" : "\r\n"));
		} else if (how == NFD) {
			put_nfd(b, cp, p + i, used);
		} else if (cp < 0xFFFF && changed(how, cp) != cp) {
			put_cp(b, changed(how, cp));
		} else {
			assert_ok(hz_buf_put(b, p + i, used));
		}
		i += used;
		bool joins = letter && cp != 0x621;
		if (how == HARAKAT && letter && roll(2) == 0) {
			put_cp(b, 0x64B + roll(8));
		} else if (how == TATWEEL && joins && roll(3) == 0) {
			put_cp(b, 0x640);
		}
	}
}

static void
no_change_of_tags(const struct hz_rules *r, const char *text, size_t n)
{
	struct hz_buf b = HZ_BUF_INIT(SIZE_MAX);
	char *before = said_short(r, text, n, NULL);
	for (enum change how = 0; how < CHANGES; how++) {
		change_text(how, text, n, &b);
		char *after = said_short(r, (const char *)b.p, b.len, NULL);
		if (strcmp(before, after) != 0) {
			fail_msg(
			    "change %d of \"%.*s\"\nsays  %s\nnot   %s", how, (int)n, text, after, before);
		}
		free(after);
	}
	free(before);
	hz_buf_done(&b);
}

static void
test_invariance(void **state)
{
	(void)state;
	over_all(no_change_of_tags);
}

/* --- particles --- */
static bool
is_plain_arabic(const char *s)
{
	for (const char *p = s; *p != '\0'; p++) {
		if ((uint8_t)*p < 0x80 && *p != ' ') {
			return false;
		}
	}
	/* the article is there already, or the first letter would read as a particle */
	return strlen(s) > 6 && (uint8_t)s[0] >= 0xD8 && (uint8_t)s[0] <= 0xD9;
}

static bool
tags_party(const struct hz_rules *r, const char *text, const char *id, enum hz_axis axis, size_t end)
{
	struct hz_tags t = { 0, NULL };
	bool found = false;
	assert_ok(hz_classify(r, text, strlen(text), NULL, &t));
	for (size_t i = 0; i < t.n; i++) {
		for (size_t k = 0; k < t.v[i].nspans; k++) {
			found = found || (t.v[i].axis == axis && strcmp(t.v[i].value, id) == 0 &&
					     t.v[i].spans[k].start == 0 && t.v[i].spans[k].end == end);
		}
	}
	hz_tags_done(&t);
	return found;
}

static const char *const particles[] = { "", "و", "ف", "ب", "ك", "ل", "س", "وب", "فب", "وك", "ول", "فل" };
static const char *const articles[] = { "", "ال", "لل" };
static const char *const no_particles[] = { "ق", "م", "ر", "خط", "مت", "بق", "بو", "الو" };

static size_t
closure_of(const struct hz_rules *r, const struct hz_rules_entry *x, const struct hz_rules_term *t)
{
	char text[512];
	size_t checked = 0;
	(void)snprintf(text, sizeof text, "%s", t->text);
	/* Alone it must count by itself, else it is weak, needs something or is below the threshold. */
	if (!is_plain_arabic(t->text) || !tags_party(r, text, x->id, x->axis, strlen(text))) {
		return 0;
	}
	bool article = strncmp(t->text, "ال", strlen("ال")) == 0;
	(void)snprintf(text, sizeof text, "و%s", t->text);
	if (!tags_party(r, text, x->id, x->axis, strlen(text))) {
		return 0; /* exact or raw */
	}
	for (size_t p = 0; p < sizeof particles / sizeof particles[0]; p++) {
		for (size_t a = 0; a < 3; a++) {
			bool swallowed = article && a == 2; /* l and the article are written ll */
			if (article && a > 0 && !swallowed) {
				continue;
			}
			(void)snprintf(text, sizeof text, "%s%s%s", particles[p], articles[a],
			    swallowed ? t->text + strlen("ال") : t->text);
			if (!tags_party(r, text, x->id, x->axis, strlen(text))) {
				fail_msg("%s is not found for %s %s", text, x->id, t->text);
			}
			checked++;
		}
	}
	for (size_t p = 0; p < sizeof no_particles / sizeof no_particles[0]; p++) {
		(void)snprintf(text, sizeof text, "%s%s", no_particles[p], t->text);
		if (tags_party(r, text, x->id, x->axis, strlen(text))) {
			fail_msg("%s is found for %s %s", text, x->id, t->text);
		}
	}
	return checked;
}

static void
test_particles(void **state)
{
	(void)state;
	struct hz_rules *all[2] = { rules_of(small_rules()), shipped_rules() };
	for (size_t k = 0; k < 2 && all[k] != NULL; k++) {
		size_t checked = 0;
		for (size_t i = 0; i < hz_rules_entries(all[k]); i++) {
			const struct hz_rules_entry *x = hz_rules_entry(all[k], i);
			struct hz_rules_term t;
			for (size_t n = 0; x->axis == HZ_AXIS_PARTY && hz_rules_term_at(all[k], x, n, &t);
			     n++) {
				checked += closure_of(all[k], x, &t);
			}
		}
		assert_true(checked > 50);
		hz_rules_free(&all[k]);
	}
}

/* --- determinism --- */
static void
the_same_twice(const struct hz_rules *r, const char *text, size_t n)
{
	char *a = said(r, text, n, NULL);
	char *b = said(r, text, n, NULL);
	assert_string_equal(a, b);
	free(a);
	free(b);
}

static void
test_twice(void **state)
{
	(void)state;
	over_all(the_same_twice);
}

static void
test_order_of_sections(void **state)
{
	(void)state;
	struct hz_buf b = HZ_BUF_INIT(SIZE_MAX);
	struct hz_buf other = HZ_BUF_INIT(SIZE_MAX);
	const char *sections[64];
	size_t n = 0;
	const char *body = small_rules();
	for (const char *p = body; p != NULL; p = strstr(p + 1, "\n[")) {
		sections[n++] = p == body ? p : p + 1;
	}
	sections[n] = body + strlen(body);
	struct hz_rules *r = rules_of(body);
	for (int round = 0; round < 20; round++) {
		bool done[64] = { false };
		hz_buf_clear(&other);
		for (size_t i = 0; i < n; i++) {
			size_t k = roll((uint32_t)n);
			while (done[k]) {
				k = (k + 1) % n;
			}
			done[k] = true;
			assert_ok(hz_buf_put(&other, sections[k], (size_t)(sections[k + 1] - sections[k])));
			assert_ok(hz_buf_puts(&other, "\n# between\n"));
		}
		const char *s;
		assert_ok(hz_buf_cstr(&other, &s));
		struct hz_rules *o = rules_of(s);
		assert_memory_equal(hz_rules_id(r), hz_rules_id(o), 32);
		for (int i = 0; i < 20; i++) {
			make_text(&b);
			char *x = said(r, (const char *)b.p, b.len, NULL);
			char *y = said(o, (const char *)b.p, b.len, NULL);
			assert_string_equal(x, y);
			free(x);
			free(y);
		}
		hz_rules_free(&o);
	}
	hz_rules_free(&r);
	hz_buf_done(&b);
	hz_buf_done(&other);
}

/* --- fairness --- */
static const char *const frames[] = { "قصف %s المدينة ضد %s", "غارة على يد %s استهدف مواقع %s",
	"قال %s ان %s هناك", "في مناطق سيطرة %s قصف على يد %s", "بحسب %s فإن %s قصف", "لم يقصف %s مواقع %s",
	"نفت %s قصف مواقع %s", "%s bombed positions of %s", "attack by %s, said %s",
	"%s denied that %s shelled the town" };

/* A name that stands for one party alone, by itself and at once. */
static bool
name_of(const struct hz_rules *r, const struct hz_rules_entry *x, bool arabic, char name[static 512])
{
	struct hz_rules_term t;
	for (size_t i = 0; hz_rules_term_at(r, x, i, &t); i++) {
		struct hz_tags tags = { 0, NULL };
		(void)snprintf(name, 512, "%s", t.text);
		size_t n = strlen(name);
		name[n - (name[n - 1] == '*')] = '\0'; /* the beginning of a word is one too */
		if (strpbrk(name, "+*=") != NULL || ((uint8_t)name[0] >= 0xD8) != arabic) {
			continue;
		}
		assert_ok(hz_classify(r, name, strlen(name), NULL, &tags));
		bool alone = tags.n == 1 && tags.v[0].axis == HZ_AXIS_PARTY && !tags.v[0].ambiguous &&
			     strcmp(tags.v[0].value, x->id) == 0 && tags.v[0].role == HZ_ROLE_NONE &&
			     tags.v[0].nspans == 1 && tags.v[0].spans[0].end == strlen(name);
		hz_tags_done(&tags);
		if (alone) {
			return true;
		}
	}
	return false;
}

/* Roles and certainties of two ids, and everything else. Weights and numbers of words of two names differ, so
 * scores are left out. */
static void
told(const struct hz_rules *r, const char *text, const char *a, const char *b, struct hz_buf *out)
{
	struct hz_tags t = { 0, NULL };
	assert_ok(hz_classify(r, text, strlen(text), NULL, &t));
	hz_buf_clear(out);
	for (size_t pass = 0; pass < 3; pass++) {
		for (size_t i = 0; i < t.n; i++) {
			const struct hz_tag *x = &t.v[i];
			bool party = x->axis == HZ_AXIS_PARTY;
			size_t of = party && strcmp(x->value, a) == 0   ? 0
				    : party && strcmp(x->value, b) == 0 ? 1
									: 2;
			if (of == pass) {
				assert_ok(hz_buf_printf(out, "%zu %s %s %s %d; ", pass,
				    pass == 2 ? x->value : "", hz_role_word(x->role),
				    hz_certainty_word(x->certainty), x->ambiguous));
			}
		}
	}
	assert_ok(hz_buf_putc(out, '\0'));
	hz_tags_done(&t);
}

static void
swap_in(const struct hz_rules *r, const char *frame, const struct hz_rules_entry *x, const char *xn,
    const struct hz_rules_entry *y, const char *yn)
{
	char one[1024];
	char two[1024];
	struct hz_buf a = HZ_BUF_INIT(SIZE_MAX);
	struct hz_buf b = HZ_BUF_INIT(SIZE_MAX);
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
	(void)snprintf(one, sizeof one, frame, xn, yn);
	(void)snprintf(two, sizeof two, frame, yn, xn);
#pragma GCC diagnostic pop
	told(r, one, x->id, y->id, &a);
	told(r, two, y->id, x->id, &b);
	if (strcmp((char *)a.p, (char *)b.p) != 0) {
		fail_msg("\"%s\"\n%s\n\"%s\"\n%s", one, (char *)a.p, two, (char *)b.p);
	}
	hz_buf_done(&a);
	hz_buf_done(&b);
}

static void
swap_all(const struct hz_rules *r, bool arabic)
{
	struct named {
		const struct hz_rules_entry *entry;
		char name[512];
	} *all = calloc(hz_rules_entries(r), sizeof *all);
	size_t n = 0;
	assert_non_null(all);
	for (size_t i = 0; i < hz_rules_entries(r); i++) {
		all[n].entry = hz_rules_entry(r, i);
		n += all[n].entry->axis == HZ_AXIS_PARTY && name_of(r, all[n].entry, arabic, all[n].name);
	}
	assert_true(n > 1);
	for (size_t i = 0; i < n; i++) {
		for (size_t k = i + 1; k < n; k++) {
			for (size_t f = 0; f < sizeof frames / sizeof frames[0]; f++) {
				swap_in(r, frames[f], all[i].entry, all[i].name, all[k].entry, all[k].name);
			}
		}
	}
	free(all);
}

static void
test_swapping_parties(void **state)
{
	(void)state;
	if (getenv("HIRZ_TEST_VALGRIND") != NULL) {
		print_message("# thousands of short texts: without valgrind\n");
		skip();
	}
	struct hz_rules *all[2] = { rules_of(small_rules()), shipped_rules() };
	for (size_t k = 0; k < 2 && all[k] != NULL; k++) {
		swap_all(all[k], true);
		swap_all(all[k], false);
		hz_rules_free(&all[k]);
	}
}

/* Names of the same weight and number of words, exchanged within texts: tags are exchanged, scores and spans
 * too. */
static void
exchange(const struct hz_buf *in, const char *a, const char *b, struct hz_buf *out)
{
	const char *p = (const char *)in->p;
	const char *end = p + in->len;
	hz_buf_clear(out);
	while (p < end) {
		bool is_a = (size_t)(end - p) >= strlen(a) && memcmp(p, a, strlen(a)) == 0;
		bool is_b = (size_t)(end - p) >= strlen(b) && memcmp(p, b, strlen(b)) == 0;
		if (is_a || is_b) {
			assert_ok(hz_buf_puts(out, is_a ? b : a));
			p += strlen(is_a ? a : b);
		} else {
			assert_ok(hz_buf_putc(out, *p++));
		}
	}
}

static void
test_exchanging_names(void **state)
{
	(void)state;
	struct hz_rules *r = rules_of(PARTY("p1") "alias any zub\n" PARTY("p2") "alias any xob\n" TYPE(
	    "attack") "term ar قصف\n"
		      "[role perpetrator]\nbefore ar قصف | على يد\n[role target]\nbefore ar ضد | مواقع\n"
		      "[role source]\nbefore ar بحسب\n[cue denied]\nterm ar نفت\n[cue negated]\nterm ar لم\n");
	static const char *const words[] = { "zub", "xob", "قصف", "ضد", "مواقع", "على يد", "بحسب", "نفت",
		"لم", ".", "،", "and", "كان" };
	struct hz_buf b = HZ_BUF_INIT(SIZE_MAX);
	struct hz_buf other = HZ_BUF_INIT(SIZE_MAX);
	struct hz_buf ids = HZ_BUF_INIT(SIZE_MAX);
	for (int i = 0; i < 500; i++) {
		hz_buf_clear(&b);
		for (size_t k = 0; k < 30; k++) {
			assert_ok(hz_buf_printf(&b, "%s ", words[roll(sizeof words / sizeof words[0])]));
		}
		exchange(&b, "zub", "xob", &other);
		struct hz_tags x = { 0, NULL };
		struct hz_tags y = { 0, NULL };
		assert_ok(hz_classify(r, b.p, b.len, NULL, &x));
		assert_ok(hz_classify(r, other.p, other.len, NULL, &y));
		assert_int_equal(x.n, y.n);
		for (size_t k = 0; k < x.n; k++) {
			char id[128];
			hz_tag_id(&x.v[k], id);
			hz_buf_clear(&ids);
			if (x.v[k].axis == HZ_AXIS_PARTY) {
				id[7] = id[7] == '1' ? '2' : '1';
			}
			const struct hz_tag *t = find_tag(&y, id);
			assert_non_null(t);
			assert_int_equal(t->score, x.v[k].score);
			assert_int_equal(t->certainty, x.v[k].certainty);
			assert_int_equal(t->band, x.v[k].band);
			assert_int_equal(t->nspans, x.v[k].nspans);
			for (size_t s = 0; s < t->nspans; s++) {
				assert_int_equal(t->spans[s].start, x.v[k].spans[s].start);
			}
		}
		hz_tags_done(&x);
		hz_tags_done(&y);
	}
	hz_buf_done(&b);
	hz_buf_done(&other);
	hz_buf_done(&ids);
	hz_rules_free(&r);
}

const struct CMUnitTest gate_tests[] = {
	cmocka_unit_test(test_spans),
	cmocka_unit_test(test_invariance),
	cmocka_unit_test(test_particles),
	cmocka_unit_test(test_twice),
	cmocka_unit_test(test_order_of_sections),
	cmocka_unit_test(test_swapping_parties),
	cmocka_unit_test(test_exchanging_names),
};
const size_t n_gate_tests = sizeof gate_tests / sizeof gate_tests[0];
