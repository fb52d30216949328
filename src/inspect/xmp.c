/* XMP: the few properties that stand directly in an rdf:Description, as attributes or as elements. */
#include "inspect/media.h"
#include <expat.h>
#include <stdlib.h>
#include <string.h>

enum {
	DEPTH_MAX = 64,
	ELEMENTS_MAX = 20000,
	VALUE_MAX = 512,
	SIGN = '\n', /* between name space and name; no name has one */
};

#define NS_RDF   "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
#define NS_XMP   "http://ns.adobe.com/xap/1.0/"
#define NS_TIFF  "http://ns.adobe.com/tiff/1.0/"
#define NS_EXIF  "http://ns.adobe.com/exif/1.0/"
#define NS_PHOTO "http://ns.adobe.com/photoshop/1.0/"

struct property {
	const char *name;
	enum hz_claim_key key;
};
static const struct property properties[] = {
	{ NS_TIFF "\nMake", HZ_CLAIM_XMP_MAKE },
	{ NS_TIFF "\nModel", HZ_CLAIM_XMP_MODEL },
	{ NS_XMP "\nCreatorTool", HZ_CLAIM_XMP_TOOL },
	{ NS_XMP "\nCreateDate", HZ_CLAIM_XMP_TIME_CREATED },
	{ NS_XMP "\nModifyDate", HZ_CLAIM_XMP_TIME_MODIFIED },
	{ NS_EXIF "\nDateTimeOriginal", HZ_CLAIM_XMP_TIME_TAKEN },
	{ NS_PHOTO "\nDateCreated", HZ_CLAIM_XMP_TIME_TAKEN },
};

struct reader {
	XML_Parser parser;
	struct hz_claims *c;
	unsigned depth, elements;
	unsigned rdf, description;   /* depth of each; 0: not inside */
	const struct property *open; /* the one whose text is being collected */
	size_t n;
	char value[VALUE_MAX];
};

static const struct property *
find(const char *name)
{
	for (size_t i = 0; i < sizeof(properties) / sizeof(properties[0]); i++) {
		if (strcmp(properties[i].name, name) == 0) {
			return &properties[i];
		}
	}
	return NULL;
}

static void
add(struct reader *r, const struct property *p, const char *value, size_t n)
{
	if (hz_claim_grammar(p->key) == HZ_CLAIM_TIME) {
		hz_claims_add_time(r->c, p->key, value, n);
	} else {
		hz_claims_add_text(r->c, p->key, value, n);
	}
}

static void XMLCALL
on_start(void *arg, const XML_Char *name, const XML_Char **attributes)
{
	struct reader *r = arg;

	if (++r->depth > DEPTH_MAX || ++r->elements > ELEMENTS_MAX) {
		(void)XML_StopParser(r->parser, XML_FALSE);
		return;
	}
	if (r->rdf == 0 && strcmp(name, NS_RDF "\nRDF") == 0) {
		r->rdf = r->depth;
	} else if (r->rdf != 0 && r->description == 0 && r->depth == r->rdf + 1 &&
		   strcmp(name, NS_RDF "\nDescription") == 0) {
		r->description = r->depth;
		for (; attributes[0] != NULL && attributes[1] != NULL; attributes += 2) {
			const struct property *p = find(attributes[0]);

			if (p != NULL) {
				add(r, p, attributes[1], strlen(attributes[1]));
			}
		}
	} else if (r->description != 0 && r->depth == r->description + 1) {
		r->open = find(name);
		r->n = 0;
	}
}

static void XMLCALL
on_end(void *arg, const XML_Char *name)
{
	struct reader *r = arg;

	(void)name;
	if (r->description != 0 && r->depth == r->description + 1 && r->open != NULL) {
		add(r, r->open, r->value, r->n);
		r->open = NULL;
	}
	if (r->depth == r->description) {
		r->description = 0;
	}
	if (r->depth == r->rdf) {
		r->rdf = 0;
	}
	r->depth--;
}

static void XMLCALL
on_text(void *arg, const XML_Char *text, int n)
{
	struct reader *r = arg;

	if (r->open != NULL && n > 0) {
		size_t room = sizeof(r->value) - r->n;
		size_t take = (size_t)n < room ? (size_t)n : room;

		memcpy(r->value + r->n, text, take);
		r->n += take;
	}
}

/* Packets have no document type; one that has wants entities. */
static void XMLCALL
on_doctype(void *arg, const XML_Char *name, const XML_Char *system, const XML_Char *public, int internal)
{
	struct reader *r = arg;

	(void)name;
	(void)system;
	(void)public;
	(void)internal;
	(void)XML_StopParser(r->parser, XML_FALSE);
}

void
hz_xmp_read(const void *p, size_t n, struct hz_claims *c)
{
	struct reader r = { .parser = XML_ParserCreateNS(NULL, SIGN), .c = c };
	const char *text = p;

	if (r.parser == NULL || n > HZ_XMP_MAX) {
		XML_ParserFree(r.parser);
		return;
	}
	/* Zero bytes fill up packets in some files. */
	while (n > 0 && text[n - 1] == '\0') {
		n--;
	}
	XML_SetUserData(r.parser, &r);
	XML_SetElementHandler(r.parser, on_start, on_end);
	XML_SetCharacterDataHandler(r.parser, on_text);
	XML_SetStartDoctypeDeclHandler(r.parser, on_doctype);
	(void)XML_Parse(r.parser, text, (int)n, 1);
	XML_ParserFree(r.parser);
}

void
hz_xmp_read_at(struct hz_source *s, uint64_t at, uint64_t len, struct hz_claims *c)
{
	if (len == 0 || len > HZ_XMP_MAX) {
		return;
	}
	char *p = malloc((size_t)len);

	if (p != NULL && hz_source_pread(s, at, p, (size_t)len) == HZ_OK) {
		hz_xmp_read(p, (size_t)len, c);
	}
	free(p);
}
