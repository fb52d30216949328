/* A rules file as lines and sections: encoding, normal form, head, section heads, canonical form. */
#include "base/enc.h"
#include "classify/inner.h"
#include "text/text.h"

#include <stdlib.h>
#include <string.h>

#define ID_MAX   63
#define FIRST    "hirz-rules 1"
#define BYTE_BOM "\xEF\xBB\xBF"

static const char *const kinds[KIND_COUNT] = { "class", "cue", "party", "place", "role", "type" };

const char *
kind_word(enum kind k)
{
	return kinds[k];
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

/* One blank between words, none around. Copies into the arena; NULL without memory. */
static const char *
tidy(struct arena *a, const uint8_t *p, size_t n)
{
	char *s = arena_get(a, n + 1);
	size_t len = 0;
	bool blank = false;
	if (s == NULL) {
		return NULL;
	}
	for (size_t i = 0; i < n; i++) {
		if (is_blank((char)p[i])) {
			blank = len > 0;
			continue;
		}
		if (blank) {
			s[len++] = ' ';
			blank = false;
		}
		s[len++] = (char)p[i];
	}
	s[len] = '\0';
	return s;
}

static bool
is_ascii(const uint8_t *p, size_t n)
{
	uint8_t all = 0;
	for (size_t i = 0; i < n; i++) {
		all |= p[i];
	}
	return all < 0x80;
}

static enum hz_err
take_line(struct source *s, struct faults *f, size_t at, const uint8_t *p, size_t n)
{
	struct hz_buf nfc = HZ_BUF_INIT(HZ_RULES_LINE * 4);
	enum hz_err err = HZ_OK;
	while (n > 0 && is_blank((char)p[0])) {
		p++;
		n--;
	}
	if (n == 0 || p[0] == '#') {
		return HZ_OK;
	}
	if (n > HZ_RULES_LINE) {
		return fault(f, at, N_("this line is too long"), N_("divide it: 4,096 bytes at most"));
	}
	if (memchr(p, '\0', n) != NULL || !hz_utf8_ok(p, n)) {
		return fault(f, at, N_("this line is not UTF-8 text"), N_("save the file as UTF-8"));
	}
	if (!is_ascii(p, n)) {
		err = hz_text_nfc(p, n, &nfc);
		p = nfc.p;
		n = nfc.len;
	}
	if (err == HZ_OK) {
		const char *line = tidy(&s->arena, p, n);
		err = line == NULL
			  ? HZ_ERR_NOMEM
			  : more((void **)&s->lines, &s->cap_lines, s->n_lines + 1, sizeof *s->lines);
		if (err == HZ_OK) {
			s->lines[s->n_lines++] = (struct raw_line){ at, line };
		}
	}
	hz_buf_done(&nfc);
	return err;
}

static enum hz_err
take_lines(const uint8_t *p, size_t n, struct source *s, struct faults *f)
{
	size_t at = 0;
	if (n >= 3 && memcmp(p, BYTE_BOM, 3) == 0) {
		p += 3;
		n -= 3;
	}
	while (n > 0) {
		const uint8_t *end = memchr(p, '\n', n);
		size_t len = end == NULL ? n : (size_t)(end - p);
		HZ_TRY(take_line(s, f, ++at, p, len));
		len += end != NULL;
		p += len;
		n -= len;
	}
	return HZ_OK;
}

bool
id_ok(enum kind kind, const char *s, size_t n)
{
	bool upper = kind == KIND_PLACE;
	bool dot = true; /* none at the start, none twice */
	for (size_t i = 0; i < n; i++) {
		char c = s[i];
		bool letter = upper ? c >= 'A' && c <= 'Z' : c >= 'a' && c <= 'z';
		if (c == '.' && !dot && !upper) {
			dot = true;
			continue;
		}
		if (!letter && !(c >= '0' && c <= '9') && c != '_') {
			return false;
		}
		dot = false;
	}
	return n > 0 && n <= ID_MAX && !dot;
}

static enum hz_err
take_section(struct source *s, struct faults *f, const struct raw_line *l, size_t first)
{
	size_t n = strlen(l->s);
	const char *blank = strchr(l->s, ' ');
	if (l->s[n - 1] != ']' || blank == NULL) {
		return fault(f, l->at, N_("this head of a section is not [KIND ID]"),
		    N_("write it as [type unlawful_attack], [party russia], [place SY01]"));
	}
	enum kind kind = 0;
	size_t len = (size_t)(blank - l->s) - 1;
	while (
	    kind < KIND_COUNT && (strlen(kinds[kind]) != len || strncmp(kinds[kind], l->s + 1, len) != 0)) {
		kind++;
	}
	if (kind == KIND_COUNT) {
		return fault(f, l->at, N_("there are no sections of this kind"),
		    N_("kinds are type, party, place, class, role and cue"));
	}
	const char *id = blank + 1;
	size_t id_len = n - 1 - (size_t)(id - l->s);
	if (!id_ok(kind, id, id_len)) {
		return fault(f, l->at, N_("this is not an id"),
		    N_("small letters a-z, digits, underscores and dots between; places in capitals; 63 at most"));
	}
	if (s->n_sections >= HZ_RULES_SECTIONS) {
		return fault(f, l->at, N_("there are too many sections"), N_("4,096 at most"));
	}
	HZ_TRY(more((void **)&s->sections, &s->cap_sections, s->n_sections + 1, sizeof *s->sections));
	const char *copy = arena_copy(&s->arena, id, id_len);
	if (copy == NULL) {
		return HZ_ERR_NOMEM;
	}
	s->sections[s->n_sections++] = (struct raw_section){ kind, copy, l->at, first, 0 };
	return HZ_OK;
}

static enum hz_err
take_langs(struct source *s, struct faults *f, const struct raw_line *l, const char *rest, const char **list,
    size_t *n_list)
{
	if (*n_list > 0) {
		return fault(f, l->at, N_("this line stands here twice"), N_("take one of them away"));
	}
	while (*rest != '\0') {
		size_t n = strcspn(rest, " ");
		bool good = n >= 2 && n <= 3 && *n_list < 16;
		for (size_t i = 0; i < n; i++) {
			good = good && rest[i] >= 'a' && rest[i] <= 'z';
		}
		if (!good || (n == 3 && strncmp(rest, "any", 3) == 0)) {
			return fault(f, l->at, N_("this is not a list of languages"),
			    N_("write codes of two or three letters, as in `lang ar en`, 16 at most"));
		}
		const char *copy = arena_copy(&s->arena, rest, n);
		if (copy == NULL) {
			return HZ_ERR_NOMEM;
		}
		list[(*n_list)++] = copy;
		rest += n + (rest[n] == ' ');
	}
	return HZ_OK;
}

static enum hz_err
take_head(struct source *s, struct faults *f, const struct raw_line *l)
{
	size_t key = strcspn(l->s, " ");
	const char *rest = l->s[key] == ' ' ? l->s + key + 1 : "";
	const char **one = NULL;
	if (key == 4 && strncmp(l->s, "name", 4) == 0) {
		one = &s->name;
		if (strspn(rest, "abcdefghijklmnopqrstuvwxyz0123456789_.-") != strlen(rest)) {
			return fault(f, l->at, N_("this is not a name for rules"),
			    N_("small letters, digits, hyphens: `name syria-core`"));
		}
	} else if (key == 7 && strncmp(l->s, "version", 7) == 0) {
		one = &s->version;
	} else if (key == 4 && strncmp(l->s, "lang", 4) == 0) {
		return take_langs(s, f, l, rest, s->langs, &s->n_langs);
	} else if (key == 12 && strncmp(l->s, "experimental", 12) == 0) {
		return take_langs(s, f, l, rest, s->experimental, &s->n_experimental);
	} else {
		return fault(f, l->at, N_("this line is not known at the head of the file"),
		    N_("name, version, lang and experimental stand before the first section"));
	}
	if (*one != NULL) {
		return fault(f, l->at, N_("this line stands here twice"), N_("take one of them away"));
	}
	if (*rest == '\0' || strlen(rest) > ID_MAX) {
		return fault(f, l->at, N_("nothing, or too much, stands behind this word"),
		    N_("say it in at most 63 bytes"));
	}
	*one = rest;
	return HZ_OK;
}

static int
by_kind_and_id(const void *a, const void *b)
{
	const struct raw_section *x = a;
	const struct raw_section *y = b;
	if (x->kind != y->kind) {
		return x->kind < y->kind ? -1 : 1;
	}
	int order = strcmp(x->id, y->id);
	if (order != 0) {
		return order;
	}
	return x->at < y->at ? -1 : x->at > y->at;
}

static enum hz_err
arrange(struct source *s, struct faults *f)
{
	if (s->n_sections > 0) {
		qsort(s->sections, s->n_sections, sizeof *s->sections, by_kind_and_id);
	}
	for (size_t i = 1; i < s->n_sections; i++) {
		const struct raw_section *x = &s->sections[i - 1];
		const struct raw_section *y = &s->sections[i];
		if (x->kind == y->kind && strcmp(x->id, y->id) == 0) {
			HZ_TRY(fault(f, y->at, N_("this section is in the file already"),
			    N_("put the lines of both into one")));
		}
	}
	if (s->name == NULL || s->version == NULL || s->n_langs == 0) {
		return fault(f, 1, N_("the head of the file lacks its name, its version or its languages"),
		    N_("begin with `hirz-rules 1`, `name ID`, `version TEXT`, `lang ar en`"));
	}
	return HZ_OK;
}

enum hz_err
source_read(const void *p, size_t n, struct source *s, struct faults *f)
{
	*s = (struct source){ 0 };
	if (n > HZ_RULES_BYTES) {
		return fault(f, 0, N_("this file is too large for rules"), N_("4 MiB at most"));
	}
	HZ_TRY(take_lines(p, n, s, f));
	if (s->n_lines == 0 || strcmp(s->lines[0].s, FIRST) != 0) {
		return fault(f, 1, N_("this is no rules file: the first line is not `hirz-rules 1`"),
		    N_("give a file of rules, or write that line first"));
	}
	bool lost = false; /* behind a head that was no good */
	for (size_t i = 1; i < s->n_lines; i++) {
		const struct raw_line *l = &s->lines[i];
		if (l->s[0] == '[') {
			size_t before = s->n_sections;
			HZ_TRY(take_section(s, f, l, i + 1));
			lost = s->n_sections == before;
		} else if (s->n_sections == 0 && !lost) {
			HZ_TRY(take_head(s, f, l));
		} else if (!lost) {
			s->sections[s->n_sections - 1].n++;
		}
	}
	return arrange(s, f);
}

static enum hz_err
put_words(struct hz_buf *out, const char *key, const char *const *words, size_t n)
{
	HZ_TRY(hz_buf_puts(out, key));
	for (size_t i = 0; i < n; i++) {
		HZ_TRY(hz_buf_putc(out, ' '));
		HZ_TRY(hz_buf_puts(out, words[i]));
	}
	return hz_buf_putc(out, '\n');
}

enum hz_err
source_canonical(const struct source *s, struct hz_buf *out)
{
	HZ_TRY(put_words(out, FIRST, NULL, 0));
	HZ_TRY(put_words(out, "name", &s->name, 1));
	HZ_TRY(put_words(out, "version", &s->version, 1));
	HZ_TRY(put_words(out, "lang", s->langs, s->n_langs));
	if (s->n_experimental > 0) {
		HZ_TRY(put_words(out, "experimental", s->experimental, s->n_experimental));
	}
	for (size_t i = 0; i < s->n_sections; i++) {
		const struct raw_section *x = &s->sections[i];
		HZ_TRY(hz_buf_printf(out, "[%s %s]\n", kinds[x->kind], x->id));
		for (size_t k = 0; k < x->n; k++) {
			HZ_TRY(put_words(out, s->lines[x->first + k].s, NULL, 0));
		}
	}
	return HZ_OK;
}

void
source_done(struct source *s)
{
	arena_done(&s->arena);
	free(s->lines);
	free(s->sections);
	*s = (struct source){ 0 };
}
