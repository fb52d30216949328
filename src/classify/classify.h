/* Classification: a rules file, and the tags that its rules propose for a text.
 *
 * Pure: bytes in, values out; no file, no clock, no state between calls. The same text, rules and dates give
 * the same answer to the last byte. docs/reference/rules.md is the contract of the language and of what is
 * done with a text; a tag is a proposal to a reader with the places in the text that speak for it, never a
 * finding. Matching: Aho-Corasick (Aho and Corasick 1975) over folded stems, one pass, then what is left of
 * the word on both sides is compared with the particles and endings that Arabic writes joined to a word. */
#ifndef HZ_CLASSIFY_CLASSIFY_H
#define HZ_CLASSIFY_CLASSIFY_H

#include "base/buf.h"

/* Limits of a rules file. Over one of them: a fault with the line. */
#define HZ_RULES_BYTES    ((size_t)4 * 1024 * 1024)
#define HZ_RULES_LINE     ((size_t)4096)  /* bytes of one line */
#define HZ_RULES_TERMS    ((size_t)65536) /* alternatives, all kinds together */
#define HZ_RULES_SECTIONS ((size_t)4096)
#define HZ_RULES_WORDS    ((size_t)8)       /* of one alternative */
#define HZ_RULES_LETTERS  ((size_t)48)      /* of one word, folded */
#define HZ_RULES_STATES   ((size_t)1048576) /* of the automaton: about the letters of all different words */
#define HZ_RULES_ALPHABET ((size_t)250)     /* different letters of all words */
#define HZ_RULES_SAME     ((size_t)64)      /* uses of one and the same alternative in a file */
#define HZ_RULES_WINDOW   64U               /* words */
#define HZ_RULES_NEEDS    ((size_t)4)       /* of one line */
#define HZ_RULES_CLASSES  ((size_t)16)      /* of one section, of one need */
#define HZ_RULES_FAULTS   ((size_t)50)      /* told in one run */

/* Limits of a text. Over HZ_CLASSIFY_BYTES: HZ_MSG_LIMIT. The others cut what is looked at, as
 * docs/reference/rules.md says. */
#define HZ_CLASSIFY_BYTES  ((size_t)256 * 1024 * 1024)
#define HZ_CLASSIFY_WORDS  ((size_t)512) /* of one sentence */
#define HZ_CLASSIFY_HITS   ((size_t)32)  /* different words of the rules that one word of the text can be */
#define HZ_CLASSIFY_STARTS ((size_t)64)  /* alternatives that begin at one word of the text */
#define HZ_CLASSIFY_SPANS  ((size_t)64)  /* of one tag; the rest is counted in left_out */
#define HZ_CLASSIFY_DATES  ((size_t)512) /* different dates of a text */

struct hz_rules;
/* English, for gettext; no words of the file stand in them. */
struct hz_rules_fault {
	size_t line; /* 1..; 0 for the file as a whole */
	char what[192], remedy[192];
};

/* HZ_MSG_RULES_BAD with the first fault in detail, HZ_MSG_NOMEM. Copies what it needs. */
HZ_RESULT hz_rules_load(const void *p, size_t n, struct hz_rules **ret_r);
/* Fills out with the faults in the order of lines, at most max and HZ_RULES_FAULTS; returns how many. 0: the
 * rules can be loaded. Without memory that is a fault of line 0. */
size_t hz_rules_check(const void *p, size_t n, struct hz_rules_fault *out, size_t max);
/* Appends the canonical form: what the id is made of. Errors as hz_rules_load. */
HZ_RESULT hz_rules_canonical(const void *p, size_t n, struct hz_buf *out);
void hz_rules_free(struct hz_rules **r);
/* BLAKE2b-256 of the canonical form, 32 bytes. All that these return lives as long as r. */
const uint8_t *hz_rules_id(const struct hz_rules *r);
const char *hz_rules_name(const struct hz_rules *r);
const char *hz_rules_version(const struct hz_rules *r);

enum hz_axis { HZ_AXIS_TYPE = 1, HZ_AXIS_PARTY, HZ_AXIS_PLACE, HZ_AXIS_DATE };

/* A type, party or place of the rules. parent is "" at the top; notes, source, dates may be "". */
struct hz_rules_entry {
	enum hz_axis axis;
	const char *id, *parent, *label_en, *label_ar, *note_en, *note_ar, *source, *from, *to;
	const char *const *xref;
	size_t nxref;
	bool experimental; /* all its terms are of languages that the rules call experimental */
	unsigned min;      /* weights that a tag needs; its score is a hundred times as much */
};
/* In order of axis and id. */
size_t hz_rules_entries(const struct hz_rules *r);
const struct hz_rules_entry *hz_rules_entry(const struct hz_rules *r, size_t i);
const struct hz_rules_entry *hz_rules_find(const struct hz_rules *r, enum hz_axis axis, const char *id);
/* One alternative of an entry, as the rules write it. reg is "" where none is said; quiet ones (critical,
 * derogatory) are matched but not to be shown. */
struct hz_rules_term {
	const char *lang, *text, *reg, *from, *to;
	unsigned weight;
	size_t line; /* its number in rule ids */
	bool quiet;
};
/* False behind the last one (i counts from 0). */
bool hz_rules_term_at(
    const struct hz_rules *r, const struct hz_rules_entry *entry, size_t i, struct hz_rules_term *ret);

enum hz_role {
	HZ_ROLE_NONE,
	HZ_ROLE_PERPETRATOR, /* alleged */
	HZ_ROLE_TARGET,      /* victim or target */
	HZ_ROLE_LOCATION,    /* location or control */
	HZ_ROLE_SOURCE
};
enum hz_certainty { HZ_CERTAIN_STATED = 1, HZ_CERTAIN_ALLEGED, HZ_CERTAIN_LIKELY, HZ_CERTAIN_DENIED };
enum hz_band { HZ_BAND_WEAK = 1, HZ_BAND_MEDIUM, HZ_BAND_STRONG };

struct hz_span {
	size_t start, end; /* bytes of the text */
	const char *term;  /* of the rules; borrowed from them */
	char rule[96];     /* "type/unlawful_attack.air:2" */
	bool quiet;        /* the term may not be printed */
};
/* What decided the role and the certainty of one mention: the word of the text, its bytes, and the line that
 * it counts for ("role/perpetrator:3", "cue/alleged:2"). rule is "" where no word did. */
struct hz_why {
	enum hz_certainty certainty; /* of this mention; the tag has the firmest of all */
	bool joined;                 /* the role is that of the party before: "X and Y" */
	struct hz_span role, certain;
};
struct hz_tag {
	enum hz_axis axis;
	char value[64];
	enum hz_role role;
	enum hz_certainty certainty;
	unsigned score; /* 100 * weights of the different terms, at most 1000 */
	unsigned band;  /* enum hz_band */
	bool ambiguous, experimental;
	size_t nspans, left_out;
	struct hz_span *spans; /* by start; never none */
	struct hz_why *why;    /* one for each of them; NULL where it was not asked for */
};
struct hz_tags {
	size_t n;
	struct hz_tag *v; /* by axis, value, role */
};
/* When the event was: "YYYY-MM-DD" both, or empty where not known. Never the date of a document. */
struct hz_classify_when {
	char from[11], to[11];
};

/* The text may be any bytes. when may be NULL. HZ_MSG_LIMIT over HZ_CLASSIFY_BYTES, HZ_MSG_NOMEM. Time is
 * linear in n; memory does not grow with n beyond the tags themselves. */
HZ_RESULT hz_classify(const struct hz_rules *r, const void *text, size_t n,
    const struct hz_classify_when *when, struct hz_tags *ret);
/* The same tags, and why for each span of them. */
HZ_RESULT hz_classify_why(const struct hz_rules *r, const void *text, size_t n,
    const struct hz_classify_when *when, struct hz_tags *ret);
void hz_tags_done(struct hz_tags *t);

/* "party:russia@alleged-perpetrator", "type:unlawful_attack.air", "date:2017-04-04". */
void hz_tag_id(const struct hz_tag *t, char out[static 128]);
const char *hz_role_word(enum hz_role role);
const char *hz_certainty_word(enum hz_certainty c);
const char *hz_band_word(unsigned band);
const char *hz_axis_word(enum hz_axis a);

/* The bytes of the sentence that byte `at` stands in, without blanks around it. at < n, else HZ_MSG_USAGE. */
HZ_RESULT hz_classify_sentence(const void *text, size_t n, size_t at, size_t *ret_start, size_t *ret_end);

#endif
