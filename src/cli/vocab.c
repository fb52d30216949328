#include "cli/vocab.h"

#include <stdlib.h>
#include <string.h>

/* --- the tree ----------------------------------------------------------------------------------------- */

/* Ancestors and the entry itself, each after a character that sorts below all of an id. */
static enum hz_err
path_of(const struct hz_rules *r, const struct hz_rules_entry *e, struct hz_vocab_node *ret)
{
	const struct hz_rules_entry *up[HZ_VOCAB_DEPTH];
	struct hz_buf b = HZ_BUF_INIT((size_t)HZ_VOCAB_DEPTH * 1024);
	const char *s = NULL;
	unsigned n = 0;

	up[n++] = e;
	while (n < HZ_VOCAB_DEPTH && up[n - 1]->parent[0] != '\0') {
		const struct hz_rules_entry *x = hz_rules_find(r, e->axis, up[n - 1]->parent);
		if (x == NULL) {
			break;
		}
		up[n++] = x;
	}
	enum hz_err err = hz_buf_printf(&b, "%d", (int)e->axis);
	for (unsigned i = n; err == HZ_OK && i > 0; i--) {
		err = hz_buf_printf(&b, "\x01%s", up[i - 1]->id);
	}
	err = err == HZ_OK ? hz_buf_cstr(&b, &s) : err;
	if (err == HZ_OK) {
		ret->path = strdup(s);
		err = ret->path == NULL ? hz_fail(HZ_MSG_NOMEM, "the tree of a vocabulary") : HZ_OK;
	}
	ret->entry = e;
	ret->depth = n - 1;
	hz_buf_done(&b);
	return err;
}

static int
by_path(const void *a, const void *b)
{
	const struct hz_vocab_node *x = a, *y = b;

	return strcmp(x->path, y->path);
}

void
hz_vocab_done(struct hz_vocab *t)
{
	for (size_t i = 0; i < t->n; i++) {
		free(t->v[i].path);
	}
	free(t->v);
	*t = (struct hz_vocab){ 0 };
}

HZ_RESULT
hz_vocab_tree(const struct hz_rules *r, enum hz_axis axis, struct hz_vocab *ret)
{
	size_t all = hz_rules_entries(r);
	struct hz_vocab t = { .v = calloc(all + 1, sizeof *t.v) };

	if (t.v == NULL) {
		return hz_fail(HZ_MSG_NOMEM, "the tree of a vocabulary");
	}
	for (size_t i = 0; i < all; i++) {
		const struct hz_rules_entry *e = hz_rules_entry(r, i);
		if (axis != 0 && e->axis != axis) {
			continue;
		}
		enum hz_err err = path_of(r, e, &t.v[t.n]);
		if (err != HZ_OK) {
			hz_vocab_done(&t);
			return err;
		}
		t.n++;
	}
	if (t.n > 1) {
		qsort(t.v, t.n, sizeof *t.v, by_path);
	}
	*ret = t;
	return HZ_OK;
}

void
hz_vocab_terms(const struct hz_rules *r, const struct hz_rules_entry *e, size_t *ret_shown, size_t *ret_quiet)
{
	struct hz_rules_term t;

	*ret_shown = 0;
	*ret_quiet = 0;
	for (size_t i = 0; hz_rules_term_at(r, e, i, &t); i++) {
		*(t.quiet ? ret_quiet : ret_shown) += 1;
	}
}

/* --- cross-references --------------------------------------------------------------------------------- */

bool
hz_xref_read(const char *s, struct hz_xref *ret)
{
	const char *colon = strchr(s, ':');
	size_t system = colon == NULL ? 0 : (size_t)(colon - s);
	struct hz_xref x = { .unverified = false };

	if (system == 0 || system >= sizeof x.system) {
		return false;
	}
	(void)memcpy(x.system, s, system);
	const char *code = colon + 1;
	size_t n = strlen(code);
	if (n > 0 && code[n - 1] == '?') {
		x.unverified = true;
		n--;
	}
	const char *slash = memrchr(code, '/', n);
	size_t tail = slash == NULL ? 0 : n - (size_t)(slash - code);
	if (slash != NULL &&
	    ((tail == 4 && memcmp(slash, "/iac", 4) == 0) || (tail == 5 && memcmp(slash, "/niac", 5) == 0))) {
		(void)memcpy(x.conflict, slash + 1, tail - 1);
		n -= tail;
	}
	if (n == 0 || n >= sizeof x.code) {
		return false;
	}
	(void)memcpy(x.code, code, n);
	*ret = x;
	return true;
}

const char *
hz_xref_system(const char *word)
{
	static const char *const names[][2] = {
		{ "acled", "ACLED" },
		{ "bayanat", "Bayanat" },
		{ "coi", "UN Commission of Inquiry" },
		{ "huridocs", "HURIDOCS" },
		{ "icrc", "ICRC customary IHL" },
		{ "rome", "Rome Statute" },
	};

	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		if (strcmp(word, names[i][0]) == 0) {
			return names[i][1];
		}
	}
	return word;
}
