/* The vocabulary of the rules: its entries as a tree, its cross-references, its forms for others. */
#ifndef HZ_CLI_VOCAB_H
#define HZ_CLI_VOCAB_H

#include "cli/tagview.h"

/* --- the tree ----------------------------------------------------------------------------------------- */
#define HZ_VOCAB_DEPTH 16
struct hz_vocab_node {
	const struct hz_rules_entry *entry;
	unsigned depth; /* 0 at the top */
	char *path;     /* heap */
};
struct hz_vocab {
	size_t n;
	struct hz_vocab_node *v; /* heap; by axis, every entry behind its parent and among its like */
};
/* axis 0: all. HZ_MSG_NOMEM. */
HZ_RESULT hz_vocab_tree(const struct hz_rules *r, enum hz_axis axis, struct hz_vocab *ret);
void hz_vocab_done(struct hz_vocab *t);

/* How many terms of an entry may be shown, and how many may not. */
void hz_vocab_terms(
    const struct hz_rules *r, const struct hz_rules_entry *e, size_t *ret_shown, size_t *ret_quiet);

/* --- cross-references: "rome:8.2.e.xiv/iac?" ---------------------------------------------------------- */
struct hz_xref {
	char system[16], code[96], conflict[8]; /* "iac", "niac" or "" */
	bool unverified;
};
/* False for what has not this form. */
bool hz_xref_read(const char *s, struct hz_xref *ret);
/* The name of a system as it calls itself; the word itself where it is not known. */
const char *hz_xref_system(const char *word);

/* --- forms for others --------------------------------------------------------------------------------- */
/* SKOS as JSON-LD: a concept scheme for each axis, a concept for each entry. The same rules give the same
 * bytes. */
HZ_RESULT hz_vocab_skos(const struct hz_rules *r, struct hz_buf *out);
/* A page in English and Arabic. */
HZ_RESULT hz_vocab_page(const struct hz_rules *r, struct hz_buf *out);

#endif
