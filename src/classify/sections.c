/* Sections: their own lines, parents, classes; then their lines of terms. */
#include "classify/inner.h"

#include <stdlib.h>
#include <string.h>

#define XREFS 64

static const char *const cues[CUE_COUNT] = { "alleged", "likely", "confirmed", "unconfirmed", "denied",
	"negated", "unknown", "exempt", "nonevent" };
static const char *const roles[] = { "none", "perpetrator", "target", "location", "source" };

unsigned
days_of(unsigned year, unsigned month)
{
	static const uint8_t days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
	return days[month - 1] + (month == 2 && leap ? 1U : 0);
}

static bool
digits(const char *s, size_t n, unsigned *ret_v)
{
	*ret_v = 0;
	for (size_t i = 0; i < n; i++) {
		if (s[i] < '0' || s[i] > '9') {
			return false;
		}
		*ret_v = *ret_v * 10 + (unsigned)(s[i] - '0');
	}
	return true;
}

bool
date_read(const char *s, size_t n, bool last, char ret[static 11])
{
	unsigned y = 0;
	unsigned m = 0;
	unsigned d = 0;
	ret[0] = '\0';
	if (n == 0) {
		return true;
	}
	if ((n != 4 && n != 7 && n != 10) || !digits(s, 4, &y) || y < 1000) {
		return false;
	}
	if (n > 4 && (s[4] != '-' || !digits(s + 5, 2, &m) || m < 1 || m > 12)) {
		return false;
	}
	if (n > 7 && (s[7] != '-' || !digits(s + 8, 2, &d) || d < 1 || d > days_of(y, m))) {
		return false;
	}
	memcpy(ret, last ? "0000-12-31" : "0000-01-01", 11);
	memcpy(ret, s, n);
	if (n == 7 && last) {
		d = days_of(y, m);
		ret[8] = (char)('0' + d / 10);
		ret[9] = (char)('0' + d % 10);
	}
	return true;
}

uint32_t
class_find(const struct hz_rules *r, const char *name, size_t n)
{
	size_t lo = 0;
	size_t hi = r->n_classes;
	while (lo < hi) {
		size_t mid = (lo + hi) / 2;
		const char *at = r->classes[mid].name;
		int order = hz_bytes_compare(at, strlen(at), name, n);
		if (order == 0) {
			return (uint32_t)mid;
		}
		if (order < 0) {
			lo = mid + 1;
		} else {
			hi = mid;
		}
	}
	return NONE;
}

uint32_t
section_find(const struct hz_rules *r, enum kind kind, const char *id, size_t n)
{
	size_t lo = 0;
	size_t hi = r->n_sections;
	while (lo < hi) {
		size_t mid = (lo + hi) / 2;
		const struct section *s = &r->sections[mid];
		int order = s->kind != kind ? (s->kind < kind ? -1 : 1)
					    : hz_bytes_compare(s->id, strlen(s->id), id, n);
		if (order == 0) {
			return (uint32_t)mid;
		}
		if (order < 0) {
			lo = mid + 1;
		} else {
			hi = mid;
		}
	}
	return NONE;
}

/* --- classes: every name that a section or a `class` line says, and the names above it --- */
static bool
is_class_line(enum kind kind, const char *s)
{
	return kind != KIND_CUE && kind != KIND_ROLE && strncmp(s, "class ", 6) == 0;
}

static enum hz_err
class_name(struct builder *b, const char *s, size_t n, size_t *io_cap)
{
	struct hz_rules *r = b->r;
	while (n > 0) {
		HZ_TRY(more((void **)&r->classes, io_cap, r->n_classes + 1, sizeof *r->classes));
		const char *copy = arena_copy(&r->arena, s, n);
		if (copy == NULL) {
			return HZ_ERR_NOMEM;
		}
		r->classes[r->n_classes++] = (struct class_){ .name = copy, .parent = NONE };
		const char *dot = memrchr(s, '.', n);
		n = dot == NULL ? 0 : (size_t)(dot - s);
	}
	return HZ_OK;
}

static int
by_name(const void *a, const void *b)
{
	return strcmp(((const struct class_ *)a)->name, ((const struct class_ *)b)->name);
}

static enum hz_err
class_line(struct builder *b, const char *s, size_t *io_cap)
{
	for (size_t many = 0; *s != '\0' && many < HZ_RULES_CLASSES; many++) {
		size_t n = strcspn(s, " ");
		if (id_ok(KIND_CLASS, s, n)) {
			HZ_TRY(class_name(b, s, n, io_cap));
		}
		s += n + (s[n] == ' ');
	}
	return HZ_OK;
}

static enum hz_err
class_names(struct builder *b)
{
	size_t cap = 0;
	enum hz_err err = HZ_OK;
	for (size_t i = 0; err == HZ_OK && i < b->src->n_sections; i++) {
		const struct raw_section *x = &b->src->sections[i];
		if (x->kind == KIND_CLASS) {
			err = class_name(b, x->id, strlen(x->id), &cap);
		}
		for (size_t k = 0; err == HZ_OK && k < x->n; k++) {
			const char *s = b->src->lines[x->first + k].s;
			err = is_class_line(x->kind, s) ? class_line(b, s + 6, &cap) : HZ_OK;
		}
	}
	return err;
}

static enum hz_err
collect_classes(struct builder *b)
{
	struct hz_rules *r = b->r;
	HZ_TRY(class_names(b));
	if (r->n_classes == 0) {
		return HZ_OK;
	}
	qsort(r->classes, r->n_classes, sizeof *r->classes, by_name);
	size_t kept = 1;
	for (size_t i = 1; i < r->n_classes; i++) {
		if (strcmp(r->classes[i].name, r->classes[kept - 1].name) != 0) {
			r->classes[kept++] = r->classes[i];
		}
	}
	r->n_classes = kept;
	for (size_t i = 0; i < kept; i++) {
		const char *dot = strrchr(r->classes[i].name, '.');
		if (dot != NULL) {
			r->classes[i].parent =
			    class_find(r, r->classes[i].name, (size_t)(dot - r->classes[i].name));
		}
	}
	return HZ_OK;
}

/* --- the lines of a section that are not terms --- */
static enum hz_err
take_text(struct builder *b, size_t at, const char **to, const char *rest)
{
	if (**to != '\0') {
		return fault(b->f, at, N_("this line stands here twice"), N_("take one of them away"));
	}
	if (*rest == '\0') {
		return fault(
		    b->f, at, N_("nothing stands behind this word"), N_("say it, or take the line away"));
	}
	*to = arena_copy(&b->r->arena, rest, strlen(rest));
	return *to == NULL ? HZ_ERR_NOMEM : HZ_OK;
}

static bool
is_xref(const char *s, size_t n)
{
	static const char *const systems[] = { "rome", "icrc", "huridocs", "coi", "acled", "bayanat" };
	const char *colon = memchr(s, ':', n);
	for (size_t i = 0; colon != NULL && i < sizeof systems / sizeof systems[0]; i++) {
		size_t len = strlen(systems[i]);
		if ((size_t)(colon - s) == len && memcmp(systems[i], s, len) == 0) {
			return n > len + 1;
		}
	}
	return false;
}

static enum hz_err
take_xref(struct builder *b, struct section *x, size_t at, const char *rest)
{
	size_t n = 0;
	for (const char *s = rest; *s != '\0'; n++) {
		size_t len = strcspn(s, " ");
		if (!is_xref(s, len)) {
			return fault(b->f, at, N_("this is not a reference SYSTEM:CODE"),
			    N_("systems are rome, icrc, huridocs, coi, acled and bayanat"));
		}
		s += len + (s[len] == ' ');
	}
	if (x->entry.nxref + n > XREFS) {
		return fault(b->f, at, N_("this section has too many references"), N_("64 at most"));
	}
	const char **list = arena_get(&b->r->arena, (x->entry.nxref + n + 1) * sizeof *list);
	if (list == NULL) {
		return HZ_ERR_NOMEM;
	}
	for (size_t i = 0; i < x->entry.nxref; i++) {
		list[i] = x->entry.xref[i];
	}
	for (const char *s = rest; *s != '\0';) {
		size_t len = strcspn(s, " ");
		list[x->entry.nxref] = arena_copy(&b->r->arena, s, len);
		if (list[x->entry.nxref++] == NULL) {
			return HZ_ERR_NOMEM;
		}
		s += len + (s[len] == ' ');
	}
	x->entry.xref = list;
	return HZ_OK;
}

static enum hz_err
take_valid(struct builder *b, struct section *x, size_t at, const char *rest)
{
	const char *dots = strstr(rest, "..");
	char from[11];
	char to[11];
	if (dots == NULL || !date_read(rest, (size_t)(dots - rest), false, from) ||
	    !date_read(dots + 2, strlen(dots + 2), true, to) ||
	    (from[0] != '\0' && to[0] != '\0' && strcmp(from, to) > 0)) {
		return fault(b->f, at, N_("this is not a time from a date to a date"),
		    N_("write 2012-01..2024-12-08; one side may be empty"));
	}
	if (x->entry.from[0] != '\0' || x->entry.to[0] != '\0') {
		return fault(b->f, at, N_("this line stands here twice"), N_("take one of them away"));
	}
	x->entry.from = arena_copy(&b->r->arena, from, strlen(from));
	x->entry.to = arena_copy(&b->r->arena, to, strlen(to));
	return x->entry.from == NULL || x->entry.to == NULL ? HZ_ERR_NOMEM : HZ_OK;
}

static enum hz_err
take_class(struct builder *b, struct section *x, size_t at, const char *rest)
{
	while (*rest != '\0') {
		size_t n = strcspn(rest, " ");
		if (x->n_classes >= HZ_RULES_CLASSES) {
			return fault(
			    b->f, at, N_("this section belongs to too many classes"), N_("16 at most"));
		}
		uint32_t class = class_find(b->r, rest, n);
		if (class == NONE) {
			return fault(b->f, at, N_("this is not an id"),
			    N_("small letters a-z, digits, underscores and dots between; 63 at most"));
		}
		x->class[x->n_classes++] = class;
		rest += n + (rest[n] == ' ');
	}
	return HZ_OK;
}

static enum hz_err
take_min(struct builder *b, struct section *x, size_t at, const char *rest)
{
	unsigned v = 0;
	if (strlen(rest) < 1 || strlen(rest) > 2 || !digits(rest, strlen(rest), &v) || v == 0) {
		return fault(b->f, at, N_("this is no threshold"), N_("`min 1` to `min 99`"));
	}
	x->min = x->entry.min = v;
	return HZ_OK;
}

static enum hz_err
take_parent(struct builder *b, struct section *x, size_t at, const char *rest)
{
	x->parent = section_find(b->r, KIND_PLACE, rest, strlen(rest));
	if (x->parent == NONE || &b->r->sections[x->parent] == x) {
		x->parent = NONE;
		return fault(b->f, at, N_("there is no section for this parent"),
		    N_("write one, or name another parent"));
	}
	return HZ_OK;
}

/* What each kind of section may hold. */
#define ON(kind)   (1U << (kind))
#define ON_ENTRIES (ON(KIND_TYPE) | ON(KIND_PARTY) | ON(KIND_PLACE))
#define ON_ALL     (ON_ENTRIES | ON(KIND_CLASS) | ON(KIND_ROLE) | ON(KIND_CUE))
enum key {
	KEY_LABEL_EN,
	KEY_LABEL_AR,
	KEY_NOTE_EN,
	KEY_NOTE_AR,
	KEY_SOURCE,
	KEY_XREF,
	KEY_VALID,
	KEY_CLASS,
	KEY_MIN,
	KEY_PARENT,
	KEY_TERM,
	KEY_ALIAS,
	KEY_BEFORE,
	KEY_AFTER,
	KEY_NOT_ANY,
	KEY_COUNT
};
static const struct {
	const char *word;
	unsigned on;
} keys[KEY_COUNT] = {
	{ "label.en", ON_ENTRIES },
	{ "label.ar", ON_ENTRIES },
	{ "note.en", ON_ENTRIES },
	{ "note.ar", ON_ENTRIES },
	{ "source", ON_ALL },
	{ "xref", ON_ENTRIES },
	{ "valid", ON(KIND_PARTY) },
	{ "class", ON_ENTRIES | ON(KIND_CLASS) },
	{ "min", ON_ENTRIES },
	{ "parent", ON(KIND_PLACE) },
	{ "term", ON(KIND_TYPE) | ON(KIND_PLACE) | ON(KIND_CLASS) | ON(KIND_CUE) },
	{ "alias", ON(KIND_PARTY) },
	{ "before", ON(KIND_ROLE) },
	{ "after", ON(KIND_ROLE) },
	{ "not.any", ON_ALL },
};

/* The key of a line; *ret_rest is what stands behind it. KEY_COUNT for none of these. */
static enum key
key_of(const char *s, enum kind kind, const char **ret_rest)
{
	size_t n = strcspn(s, " ");
	enum key k = 0;
	*ret_rest = s + n + (s[n] == ' ');
	while (k < KEY_COUNT && (strlen(keys[k].word) != n || memcmp(keys[k].word, s, n) != 0)) {
		k++;
	}
	return k < KEY_COUNT && (keys[k].on & ON(kind)) != 0 ? k : KEY_COUNT;
}

static enum hz_err
take_field(struct builder *b, struct section *x, const struct raw_line *l)
{
	const char *rest;
	switch (key_of(l->s, x->kind, &rest)) {
	case KEY_LABEL_EN:
		return take_text(b, l->at, &x->entry.label_en, rest);
	case KEY_LABEL_AR:
		return take_text(b, l->at, &x->entry.label_ar, rest);
	case KEY_NOTE_EN:
		return take_text(b, l->at, &x->entry.note_en, rest);
	case KEY_NOTE_AR:
		return take_text(b, l->at, &x->entry.note_ar, rest);
	case KEY_SOURCE:
		return take_text(b, l->at, &x->entry.source, rest);
	case KEY_XREF:
		return take_xref(b, x, l->at, rest);
	case KEY_VALID:
		return take_valid(b, x, l->at, rest);
	case KEY_CLASS:
		return take_class(b, x, l->at, rest);
	case KEY_MIN:
		return take_min(b, x, l->at, rest);
	case KEY_PARENT:
		return take_parent(b, x, l->at, rest);
	case KEY_TERM:
	case KEY_ALIAS:
	case KEY_BEFORE:
	case KEY_AFTER:
	case KEY_NOT_ANY:
		return HZ_OK; /* later, when all sections and classes are known */
	case KEY_COUNT:
	default:
		return fault(b->f, l->at, N_("this line is not known in a section of this kind"),
		    N_("see the list of lines in the reference of the rules language"));
	}
}

/* --- sections --- */
static enum hz_err
begin_section(struct builder *b, struct section *x, const struct raw_section *raw)
{
	static const enum hz_axis axes[KIND_COUNT] = { 0, 0, HZ_AXIS_PARTY, HZ_AXIS_PLACE, 0, HZ_AXIS_TYPE };
	const char *id = arena_copy(&b->r->arena, raw->id, strlen(raw->id));
	if (id == NULL) {
		return HZ_ERR_NOMEM;
	}
	*x = (struct section){ .kind = raw->kind, .id = id, .at = raw->at, .min = 3, .parent = NONE };
	x->entry =
	    (struct hz_rules_entry){ axes[raw->kind], id, "", "", "", "", "", "", "", "", NULL, 0, false, 3 };
	const char *const *words = raw->kind == KIND_CUE ? cues : roles;
	size_t n = raw->kind == KIND_CUE    ? CUE_COUNT
		   : raw->kind == KIND_ROLE ? sizeof roles / sizeof roles[0]
					    : 0;
	for (x->which = 0; x->which < n && strcmp(words[x->which], id) != 0;) {
		x->which++;
	}
	if (n > 0 && x->which == n) {
		x->which = 0;
		return fault(b->f, raw->at, N_("there is no role or cue of this name"),
		    N_("roles: perpetrator target location source none; cues: alleged likely confirmed unconfirmed denied "
		       "negated unknown exempt nonevent"));
	}
	if (raw->kind == KIND_CLASS) {
		x->class[x->n_classes++] = class_find(b->r, id, strlen(id));
	}
	return HZ_OK;
}

static enum hz_err
check_section(struct builder *b, struct section *x)
{
	struct hz_rules *r = b->r;
	if (x->entry.axis == 0) {
		return HZ_OK;
	}
	if (x->entry.label_en[0] == '\0' || x->entry.label_ar[0] == '\0') {
		HZ_TRY(fault(b->f, x->at, N_("this section lacks a name in English or in Arabic"),
		    N_("write label.en and label.ar")));
	}
	const char *dot = strrchr(x->id, '.');
	if (dot != NULL) {
		x->parent = section_find(r, x->kind, x->id, (size_t)(dot - x->id));
		if (x->parent == NONE) {
			HZ_TRY(fault(b->f, x->at, N_("there is no section for the part before the last dot"),
			    N_("write a section for the parent, or take the dot away")));
		}
	}
	if (x->parent != NONE) {
		x->entry.parent = r->sections[x->parent].id;
	}
	size_t steps = 0;
	for (uint32_t p = x->parent; p != NONE; p = r->sections[p].parent) {
		if (++steps > r->n_sections) {
			return fault(
			    b->f, x->at, N_("this place lies within itself"), N_("change its parent"));
		}
	}
	return HZ_OK;
}

static enum hz_err
take_terms(struct builder *b, uint32_t i, const struct raw_section *raw)
{
	struct section *x = &b->r->sections[i];
	x->first_line = (uint32_t)b->r->n_lines;
	for (size_t k = 0; k < raw->n; k++) {
		const struct raw_line *l = &b->src->lines[raw->first + k];
		const char *rest;
		enum key key = key_of(l->s, x->kind, &rest);
		if (key >= KEY_TERM && key < KEY_COUNT) {
			HZ_TRY(line_read(b, i, l->at, keys[key].word, rest));
		}
	}
	bool trial = x->n_lines > 0;
	for (uint32_t k = 0; k < x->n_lines; k++) {
		trial = trial && (b->r->lines[x->first_line + k].flags & LINE_TRIAL) != 0;
	}
	x->entry.experimental = trial;
	return HZ_OK;
}

static void
mark_needs(struct hz_rules *r, const struct line *l)
{
	for (uint32_t k = 0; k < l->n_needs; k++) {
		const struct need *n = &r->needs[l->first_need + k];
		for (unsigned c = 0; c < n->n; c++) {
			r->classes[n->class[c]].for_roles = true;
		}
	}
}

/* The alternatives class:NAME of roles, by class. */
static enum hz_err
collect_class_roles(struct hz_rules *r)
{
	for (size_t i = 0; i < r->n_alts; i++) {
		r->n_class_roles += r->alts[i].class != NONE;
	}
	r->class_roles = calloc(r->n_class_roles + 1, sizeof *r->class_roles);
	if (r->class_roles == NULL) {
		return hz_fail(HZ_MSG_NOMEM, "rules");
	}
	for (size_t i = 0; i < r->n_alts; i++) {
		if (r->alts[i].class != NONE) {
			r->classes[r->alts[i].class].n_roles++;
		}
	}
	uint32_t from = 0;
	for (size_t c = 0; c < r->n_classes; c++) {
		r->classes[c].first_role = from;
		from += r->classes[c].n_roles;
		r->classes[c].n_roles = 0;
	}
	for (size_t i = 0; i < r->n_alts; i++) {
		if (r->alts[i].class != NONE) {
			struct class_ *c = &r->classes[r->alts[i].class];
			r->class_roles[c->first_role + c->n_roles++] = (uint32_t)i;
			const struct line *l = &r->lines[r->alts[i].line];
			c->asks |= ASKS_OF(r->sections[l->section].which);
			mark_needs(r, l);
		}
	}
	for (size_t i = 0; i < r->n_sections; i++) {
		struct section *x = &r->sections[i];
		for (uint32_t k = 0; k < x->n_classes; k++) {
			for (uint32_t c = x->class[k]; c != NONE; c = r->classes[c].parent) {
				x->asks |= r->classes[c].asks;
			}
		}
	}
	return HZ_OK;
}

static enum hz_err
collect_entries(struct hz_rules *r)
{
	static const enum kind order[] = { KIND_TYPE, KIND_PARTY, KIND_PLACE };
	r->entries = calloc(r->n_sections + 1, sizeof *r->entries);
	if (r->entries == NULL) {
		return hz_fail(HZ_MSG_NOMEM, "rules");
	}
	for (size_t k = 0; k < 3; k++) {
		for (uint32_t i = 0; i < r->n_sections; i++) {
			if (r->sections[i].kind == order[k]) {
				r->entries[r->n_entries++] = i;
			}
		}
	}
	r->unknown_party = section_find(r, KIND_PARTY, "unknown", 7);
	return HZ_OK;
}

enum hz_err
sections_read(struct builder *b)
{
	struct hz_rules *r = b->r;
	const struct source *src = b->src;
	HZ_TRY(collect_classes(b));
	r->sections = calloc(src->n_sections + 1, sizeof *r->sections);
	if (r->sections == NULL) {
		return hz_fail(HZ_MSG_NOMEM, "rules");
	}
	r->n_sections = src->n_sections;
	for (size_t i = 0; i < src->n_sections; i++) {
		HZ_TRY(begin_section(b, &r->sections[i], &src->sections[i]));
	}
	for (size_t i = 0; i < src->n_sections; i++) {
		const struct raw_section *raw = &src->sections[i];
		for (size_t k = 0; k < raw->n; k++) {
			HZ_TRY(take_field(b, &r->sections[i], &src->lines[raw->first + k]));
		}
	}
	for (uint32_t i = 0; i < src->n_sections; i++) {
		HZ_TRY(check_section(b, &r->sections[i]));
		HZ_TRY(take_terms(b, i, &src->sections[i]));
	}
	HZ_TRY(collect_class_roles(r));
	return collect_entries(r);
}
