/* The vocabulary for others: SKOS in JSON-LD, and a page to read. */
#include "cli/vocab.h"

#include "base/enc.h"
#include "codec/json.h"
#include <stdio.h>
#include <string.h>

/* Names only: nothing is there to be fetched. .invalid belongs to nobody. */
#define NAMES   "https://hirz.invalid/vocab"
#define IRI_MAX 512

static const enum hz_axis axes[] = { HZ_AXIS_TYPE, HZ_AXIS_PARTY, HZ_AXIS_PLACE };

/* --- SKOS --------------------------------------------------------------------------------------------- */

/* Appends a slash and a part of a path: letters, digits and - . _ ~ as they are, other bytes as %XX. */
static void
part(char iri[static IRI_MAX], const char *s)
{
	size_t n = strlen(iri);

	if (n + 4 >= IRI_MAX) {
		return; /* cut, as the rest below is; ids are far shorter */
	}
	iri[n++] = '/';
	for (; *s != '\0' && n + 4 < IRI_MAX; s++) {
		unsigned char c = (unsigned char)*s;
		bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
			     c == '-' || c == '.' || c == '_' || c == '~';
		n += (size_t)snprintf(iri + n, IRI_MAX - n, plain ? "%c" : "%%%02X", c);
	}
	iri[n] = '\0';
}

static void
scheme_iri(const struct hz_rules *r, enum hz_axis a, char ret[static IRI_MAX])
{
	(void)snprintf(ret, IRI_MAX, "%s", NAMES);
	part(ret, hz_rules_name(r));
	part(ret, hz_axis_word(a));
}

static void
concept_iri(const struct hz_rules *r, enum hz_axis a, const char *id, char ret[static IRI_MAX])
{
	scheme_iri(r, a, ret);
	part(ret, id);
}

static void
xref_iri(const struct hz_xref *x, char ret[static IRI_MAX])
{
	(void)snprintf(ret, IRI_MAX, "%s", "https://hirz.invalid/xref");
	part(ret, x->system);
	part(ret, x->code);
	if (x->conflict[0] != '\0') {
		part(ret, x->conflict);
	}
}

static void
in_language(struct hz_jw *w, const char *lang, const char *text)
{
	hz_jw_obj(w, NULL);
	if (strcmp(lang, "any") != 0) {
		hz_jw_str(w, "@language", lang);
	}
	hz_jw_str(w, "@value", text);
	hz_jw_obj_end(w);
}

static void
both(struct hz_jw *w, const char *name, const char *ar, const char *en)
{
	if (ar[0] == '\0' && en[0] == '\0') {
		return;
	}
	hz_jw_arr(w, name);
	if (ar[0] != '\0') {
		in_language(w, "ar", ar);
	}
	if (en[0] != '\0') {
		in_language(w, "en", en);
	}
	hz_jw_arr_end(w);
}

static void
context(struct hz_jw *w)
{
	static const char *const links[] = { "broader", "closeMatch", "hasTopConcept", "inScheme", "narrower",
		"relatedMatch" };

	hz_jw_obj(w, "@context");
	hz_jw_str(w, "dcterms", "http://purl.org/dc/terms/");
	hz_jw_str(w, "skos", "http://www.w3.org/2004/02/skos/core#");
	for (size_t i = 0; i < sizeof links / sizeof links[0]; i++) {
		char name[64];
		(void)snprintf(name, sizeof name, "skos:%s", links[i]);
		hz_jw_obj(w, name);
		hz_jw_str(w, "@type", "@id");
		hz_jw_obj_end(w);
	}
	hz_jw_obj_end(w);
}

/* Terms that are plain words; what the engine alone understands is no label. */
static bool
is_label(const struct hz_rules_term *t)
{
	return !t->quiet && strpbrk(t->text, "*+={}:") == NULL;
}

static void
alt_labels(struct hz_jw *w, const struct hz_rules *r, const struct hz_rules_entry *e)
{
	struct hz_rules_term t;
	bool any = false;

	for (size_t i = 0; hz_rules_term_at(r, e, i, &t); i++) {
		if (!is_label(&t)) {
			continue;
		}
		if (!any) {
			hz_jw_arr(w, "skos:altLabel");
			any = true;
		}
		in_language(w, t.lang, t.text);
	}
	if (any) {
		hz_jw_arr_end(w);
	}
}

/* Children of an entry, or the tops of an axis, as links. */
static void
links_below(struct hz_jw *w, const struct hz_rules *r, const struct hz_vocab *t, enum hz_axis axis,
    const char *parent, const char *name)
{
	bool any = false;
	char iri[IRI_MAX];

	for (size_t i = 0; i < t->n; i++) {
		const struct hz_rules_entry *e = t->v[i].entry;
		if (e->axis != axis || strcmp(e->parent, parent) != 0) {
			continue;
		}
		if (!any) {
			hz_jw_arr(w, name);
			any = true;
		}
		concept_iri(r, axis, e->id, iri);
		hz_jw_str(w, NULL, iri);
	}
	if (any) {
		hz_jw_arr_end(w);
	}
}

/* closeMatch: compared with the text of the other system; relatedMatch: not compared yet. */
static void
matches(struct hz_jw *w, const struct hz_rules_entry *e, bool unverified, const char *name)
{
	bool any = false;
	struct hz_xref x;
	char iri[IRI_MAX];

	for (size_t i = 0; i < e->nxref; i++) {
		if (!hz_xref_read(e->xref[i], &x) || x.unverified != unverified) {
			continue;
		}
		if (!any) {
			hz_jw_arr(w, name);
			any = true;
		}
		xref_iri(&x, iri);
		hz_jw_str(w, NULL, iri);
	}
	if (any) {
		hz_jw_arr_end(w);
	}
}

static void concept(
    struct hz_jw *w, const struct hz_rules *r, const struct hz_vocab *t, const struct hz_rules_entry *e)
{
	char iri[IRI_MAX];

	concept_iri(r, e->axis, e->id, iri);
	hz_jw_obj(w, NULL);
	hz_jw_str(w, "@id", iri);
	hz_jw_str(w, "@type", "skos:Concept");
	if (e->source[0] != '\0') {
		hz_jw_str(w, "dcterms:source", e->source);
	}
	if (e->from[0] != '\0' || e->to[0] != '\0') {
		char valid[64];
		(void)snprintf(valid, sizeof valid, "%.20s/%.20s", e->from, e->to);
		hz_jw_str(w, "dcterms:valid", valid);
	}
	alt_labels(w, r, e);
	if (e->parent[0] != '\0') {
		concept_iri(r, e->axis, e->parent, iri);
		hz_jw_str(w, "skos:broader", iri);
	}
	matches(w, e, false, "skos:closeMatch");
	scheme_iri(r, e->axis, iri);
	hz_jw_str(w, "skos:inScheme", iri);
	links_below(w, r, t, e->axis, e->id, "skos:narrower");
	hz_jw_str(w, "skos:notation", e->id);
	both(w, "skos:prefLabel", e->label_ar, e->label_en);
	matches(w, e, true, "skos:relatedMatch");
	both(w, "skos:scopeNote", e->note_ar, e->note_en);
	hz_jw_obj_end(w);
}

static const char *
axis_title(enum hz_axis a, bool ar)
{
	return a == HZ_AXIS_TYPE    ? (ar ? "أنواع الانتهاكات" : "Types of violations")
	       : a == HZ_AXIS_PARTY ? (ar ? "الجهات" : "Parties")
				    : (ar ? "الأماكن" : "Places");
}

static void
scheme(struct hz_jw *w, const struct hz_rules *r, const struct hz_vocab *t, enum hz_axis a)
{
	char iri[IRI_MAX], hex[65];

	scheme_iri(r, a, iri);
	hz_hex(hex, hz_rules_id(r), 32);
	hz_jw_obj(w, NULL);
	hz_jw_str(w, "@id", iri);
	hz_jw_str(w, "@type", "skos:ConceptScheme");
	hz_jw_str(w, "dcterms:hasVersion", hz_rules_version(r));
	hz_jw_str(w, "dcterms:identifier", hex);
	links_below(w, r, t, a, "", "skos:hasTopConcept");
	both(w, "skos:prefLabel", axis_title(a, true), axis_title(a, false));
	hz_jw_obj_end(w);
}

HZ_RESULT
hz_vocab_skos(const struct hz_rules *r, struct hz_buf *out)
{
	struct hz_vocab t = { 0 };
	struct hz_jw w;

	HZ_TRY(hz_vocab_tree(r, 0, &t));
	hz_jw_begin(&w, out);
	hz_jw_obj(&w, NULL);
	context(&w);
	hz_jw_arr(&w, "@graph");
	for (size_t i = 0; i < sizeof axes / sizeof axes[0]; i++) {
		scheme(&w, r, &t, axes[i]);
	}
	enum hz_err err = HZ_OK;
	for (size_t i = 0; err == HZ_OK && i < t.n; i++) {
		err = hz_buf_putc(out, '\n'); /* a line for each, for those who compare versions */
		concept(&w, r, &t, t.v[i].entry);
	}
	hz_jw_arr_end(&w);
	hz_jw_obj_end(&w);
	err = err == HZ_OK ? hz_jw_end(&w) : err;
	hz_vocab_done(&t);
	return err == HZ_OK ? hz_buf_putc(out, '\n') : err;
}

/* --- a page ------------------------------------------------------------------------------------------- */

/* A cell of a table in Markdown: one line, no sign with a meaning. */
static enum hz_err
cell(struct hz_buf *out, const char *s)
{
	for (; *s != '\0'; s++) {
		if (strchr("|\\`*_<>[]&", *s) != NULL) {
			HZ_TRY(hz_buf_putc(out, '\\'));
		}
		HZ_TRY(hz_buf_putc(out, *s == '\n' || *s == '\t' ? ' ' : *s));
	}
	return HZ_OK;
}

static enum hz_err
page_row(struct hz_buf *out, const struct hz_vocab_node *n)
{
	const struct hz_rules_entry *e = n->entry;
	struct hz_xref x;

	HZ_TRY(hz_buf_puts(out, "| "));
	for (unsigned i = 0; i < n->depth; i++) {
		HZ_TRY(hz_buf_puts(out, "&emsp;"));
	}
	HZ_TRY(hz_buf_printf(out, "`%s` | ", e->id));
	HZ_TRY(cell(out, e->label_en));
	HZ_TRY(hz_buf_puts(out, " | "));
	HZ_TRY(cell(out, e->label_ar));
	HZ_TRY(hz_buf_printf(
	    out, " | %s%s%s | ", e->from, e->from[0] != '\0' || e->to[0] != '\0' ? " .. " : "", e->to));
	for (size_t i = 0, said = 0; i < e->nxref; i++) {
		if (!hz_xref_read(e->xref[i], &x)) {
			continue;
		}
		HZ_TRY(hz_buf_printf(out, "%s%s ", said++ > 0 ? ", " : "", hz_xref_system(x.system)));
		HZ_TRY(cell(out, x.code));
		HZ_TRY(hz_buf_printf(
		    out, "%s%s%s", x.conflict[0] != '\0' ? " " : "", x.conflict, x.unverified ? " (?)" : ""));
	}
	return hz_buf_puts(out, " |\n");
}

HZ_RESULT
hz_vocab_page(const struct hz_rules *r, struct hz_buf *out)
{
	char hex[65];

	hz_hex(hex, hz_rules_id(r), 32);
	HZ_TRY(hz_buf_puts(out, "# Vocabulary · المفردات\n\n`"));
	HZ_TRY(hz_buf_printf(out, "%s` ", hz_rules_name(r)));
	HZ_TRY(cell(out, hz_rules_version(r)));
	HZ_TRY(hz_buf_printf(out, ", `%s`\n\n", hex));
	HZ_TRY(hz_buf_puts(out, "A cross-reference with (?) was not compared with the text it names.\n"
				"الإحالة التي بعدها (?) لم تُقابَل بعدُ بالنص الذي تشير إليه.\n"));
	for (size_t i = 0; i < sizeof axes / sizeof axes[0]; i++) {
		struct hz_vocab t = { 0 };
		HZ_TRY(hz_vocab_tree(r, axes[i], &t));
		enum hz_err err = hz_buf_printf(out,
		    "\n## %s · %s\n\n| id | English | العربية | valid · الصلاحية | cross-references · إحالات |\n"
		    "|---|---|---|---|---|\n",
		    axis_title(axes[i], false), axis_title(axes[i], true));
		for (size_t k = 0; err == HZ_OK && k < t.n; k++) {
			err = page_row(out, &t.v[k]);
		}
		hz_vocab_done(&t);
		HZ_TRY(err);
	}
	return HZ_OK;
}
