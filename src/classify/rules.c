/* Rules as a whole: load, check, canonical form, id, and what they tell about their entries. */
#include "classify/inner.h"
#include "crypto/crypto.h"

#include <stdlib.h>
#include <string.h>

#define CANONICAL_MAX (HZ_RULES_BYTES * 4)

static enum hz_err
keep_head(struct hz_rules *r, const struct source *src)
{
	r->name = src->name == NULL ? "" : arena_copy(&r->arena, src->name, strlen(src->name));
	r->version = src->version == NULL ? "" : arena_copy(&r->arena, src->version, strlen(src->version));
	return r->name == NULL || r->version == NULL ? HZ_ERR_NOMEM : HZ_OK;
}

static enum hz_err
make_id(struct hz_rules *r, const struct source *src)
{
	struct hz_buf b = HZ_BUF_INIT(CANONICAL_MAX);
	enum hz_err err = source_canonical(src, &b);
	if (err == HZ_OK) {
		hz_blake2b_256(b.p, b.len, r->id);
	}
	hz_buf_done(&b);
	return err;
}

static enum hz_err
make_automaton(struct builder *b)
{
	HZ_TRY(more((void **)&b->first_out, &b->cap_first_out, b->trie.n, sizeof *b->first_out));
	while (b->n_first_out < b->trie.n) {
		b->first_out[b->n_first_out++] = NONE;
	}
	return automaton_make(&b->trie, b->first_out, &b->r->automaton);
}

/* What a match needs at once, beside each other. */
static void
fill_alts(struct hz_rules *r)
{
	for (size_t i = 0; i < r->n_alts; i++) {
		struct alt *a = &r->alts[i];
		const struct line *l = &r->lines[a->line];
		const struct section *x = &r->sections[l->section];
		unsigned flags = l->flags;
		flags |= l->n_needs > 0 ? LINE_NEEDS : 0;
		flags |= x->has_not_any ? LINE_NOT_ANY : 0;
		flags |= x->n_classes > 0 ? LINE_CLASSES : 0;
		flags |= a->window > 0 ? LINE_PAIR : 0;
		a->section = l->section;
		a->kind = (uint8_t)x->kind;
		a->flags = (uint16_t)flags;
	}
}

static void
phrases_done(struct phrases *p)
{
	free(p->node);
	free(p->use);
	map_done(&p->edges);
	*p = (struct phrases){ .n = 0 };
}

/* Everything but the id; faults go to f. */
static enum hz_err
build(struct hz_rules *r, const struct source *src, struct faults *f)
{
	struct builder b = { .r = r, .src = src, .f = f };
	enum hz_err err = trie_begin(&b.trie);
	if (err == HZ_OK) {
		err = keep_head(r, src);
	}
	if (err == HZ_OK) {
		err = sections_read(&b);
	}
	if (err == HZ_OK) {
		err = months_add(&b);
	}
	if (err == HZ_OK && f->n == 0) {
		fill_alts(r);
		err = ready_make(r);
	}
	if (err == HZ_OK && f->n == 0) {
		err = make_automaton(&b);
		phrases_done(&r->phrases);
	}
	trie_done(&b.trie);
	map_done(&b.pattern_of);
	free(b.first_out);
	return err;
}

/* *ret_r is whole only where there is no fault. */
static enum hz_err
read_rules(const void *p, size_t n, struct faults *f, struct hz_rules **ret_r)
{
	struct source src;
	struct hz_rules *r = calloc(1, sizeof *r);
	if (r == NULL) {
		return hz_fail(HZ_MSG_NOMEM, "rules");
	}
	enum hz_err err = source_read(p, n, &src, f);
	/* Without sections there is nothing to check; a wrong first line makes all others wrong. */
	if (err == HZ_OK && (src.n_sections > 0 || f->n == 0)) {
		err = build(r, &src, f);
	}
	if (err == HZ_OK && f->n == 0) {
		err = make_id(r, &src);
	}
	source_done(&src);
	*ret_r = r;
	return err;
}

enum hz_err
hz_rules_load(const void *p, size_t n, struct hz_rules **ret_r)
{
	struct hz_rules_fault first = { 0 };
	struct faults f = { &first, 0, 1 };
	struct hz_rules *r = NULL;
	enum hz_err err = read_rules(p, n, &f, &r);
	if (err == HZ_OK && f.n > 0) {
		err = hz_fail(HZ_MSG_RULES_BAD, "line %zu: %s; %s", first.line, first.what, first.remedy);
	}
	if (err != HZ_OK) {
		hz_rules_free(&r);
		return err;
	}
	*ret_r = r;
	return HZ_OK;
}

size_t
hz_rules_check(const void *p, size_t n, struct hz_rules_fault *out, size_t max)
{
	struct faults f = { out, 0, max < HZ_RULES_FAULTS ? max : HZ_RULES_FAULTS };
	struct hz_rules *r = NULL;
	if (f.max == 0) {
		return 0;
	}
	if (read_rules(p, n, &f, &r) != HZ_OK) {
		HZ_IGNORE(fault(&f, 0, N_("there is not enough memory"), N_("close other programs")));
	}
	hz_rules_free(&r);
	return f.n;
}

enum hz_err
hz_rules_canonical(const void *p, size_t n, struct hz_buf *out)
{
	struct hz_rules *r = NULL;
	struct source src;
	struct faults f = { NULL, 0, 0 };
	size_t before = out->len;
	HZ_TRY(hz_rules_load(p, n, &r));
	hz_rules_free(&r);
	enum hz_err err = source_read(p, n, &src, &f);
	if (err == HZ_OK) {
		err = source_canonical(&src, out);
	}
	source_done(&src);
	if (err != HZ_OK) {
		out->len = before;
	}
	return err;
}

void
hz_rules_free(struct hz_rules **io_r)
{
	struct hz_rules *r = *io_r;
	if (r == NULL) {
		return;
	}
	arena_done(&r->arena);
	free(r->sections);
	free(r->entries);
	free(r->lines);
	free(r->alts);
	free(r->needs);
	free(r->classes);
	free(r->class_roles);
	free(r->patterns);
	free(r->spellings);
	phrases_done(&r->phrases);
	ready_free(&r->ready);
	automaton_done(&r->automaton);
	free(r);
	*io_r = NULL;
}

const uint8_t *
hz_rules_id(const struct hz_rules *r)
{
	return r->id;
}

const char *
hz_rules_name(const struct hz_rules *r)
{
	return r->name;
}

const char *
hz_rules_version(const struct hz_rules *r)
{
	return r->version;
}

size_t
hz_rules_entries(const struct hz_rules *r)
{
	return r->n_entries;
}

const struct hz_rules_entry *
hz_rules_entry(const struct hz_rules *r, size_t i)
{
	return i < r->n_entries ? &r->sections[r->entries[i]].entry : NULL;
}

const struct hz_rules_entry *
hz_rules_find(const struct hz_rules *r, enum hz_axis axis, const char *id)
{
	static const enum kind kinds[] = { KIND_COUNT, KIND_TYPE, KIND_PARTY, KIND_PLACE, KIND_COUNT };
	uint32_t i = axis <= HZ_AXIS_DATE ? section_find(r, kinds[axis], id, strlen(id)) : NONE;
	return i == NONE ? NULL : &r->sections[i].entry;
}

bool
hz_rules_term_at(
    const struct hz_rules *r, const struct hz_rules_entry *entry, size_t i, struct hz_rules_term *ret)
{
	static const enum kind kinds[] = { KIND_COUNT, KIND_TYPE, KIND_PARTY, KIND_PLACE, KIND_COUNT };
	uint32_t at = section_find(r, kinds[entry->axis], entry->id, strlen(entry->id));
	if (at == NONE) {
		return false;
	}
	const struct section *x = &r->sections[at];
	for (uint32_t k = 0; k < x->n_lines; k++) {
		const struct line *l = &r->lines[x->first_line + k];
		if (i >= l->n_alts) {
			i -= l->n_alts;
			continue;
		}
		*ret = (struct hz_rules_term){ l->lang, r->alts[l->first_alt + i].text, l->reg, l->from,
			l->to, l->weight, l->number, (l->flags & LINE_QUIET) != 0 };
		return true;
	}
	return false;
}
