/* What the files of this room share: rules as they are kept in memory. Inside this room only. */
#ifndef HZ_CLASSIFY_INNER_H
#define HZ_CLASSIFY_INNER_H

#include "classify/classify.h"

#define NONE UINT32_MAX
/* For xgettext: these texts are translated at the door. */
#define N_(s) s

/* --- small.c: memory that only grows, and a map of numbers --- */
struct arena {
	struct arena_part *part;
};
/* NULL without memory (hz_fail is said). NUL-ended copies. */
void *arena_get(struct arena *a, size_t n);
char *arena_copy(struct arena *a, const void *p, size_t n);
void arena_done(struct arena *a);
/* Makes room for want elements in *p of *cap. */
HZ_RESULT more(void **p, size_t *cap, size_t want, size_t size);

/* Numbers to numbers; keys are never UINT64_MAX. */
struct map {
	uint64_t *key;
	uint32_t *value;
	size_t n, cap;
};
HZ_RESULT map_put(struct map *m, uint64_t key, uint32_t value);
bool map_get(const struct map *m, uint64_t key, uint32_t *ret_value);
void map_done(struct map *m);

/* --- faults --- */
struct faults {
	struct hz_rules_fault *v;
	size_t n, max;
};
/* HZ_OK always: the reading goes on. what and remedy are constants. */
enum hz_err fault(struct faults *f, size_t line, const char *what, const char *remedy);

/* --- source.c: a file as lines and sections --- */
/* In the order of their names: the canonical form is sorted by it. */
enum kind { KIND_CLASS, KIND_CUE, KIND_PARTY, KIND_PLACE, KIND_ROLE, KIND_TYPE, KIND_COUNT };
struct raw_line {
	size_t at; /* number in the file */
	const char *s;
};
struct raw_section {
	enum kind kind;
	const char *id;
	size_t at, first, n; /* place of the head, its lines */
};
struct source {
	struct arena arena;
	struct raw_line *lines;
	size_t n_lines, cap_lines;
	struct raw_section *sections; /* sorted */
	size_t n_sections, cap_sections;
	const char *name, *version;
	const char *langs[16], *experimental[16];
	size_t n_langs, n_experimental;
};
/* Faults of the file's shape go to f; other failures are returned. */
HZ_RESULT source_read(const void *p, size_t n, struct source *s, struct faults *f);
HZ_RESULT source_canonical(const struct source *s, struct hz_buf *out);
void source_done(struct source *s);
const char *kind_word(enum kind k);
bool id_ok(enum kind kind, const char *s, size_t n);

/* --- automaton.c: Aho-Corasick over letters --- */
struct automaton {
	/* Letters to 1..n_classes-1; 0 is any other. */
	uint8_t low[0x800];
	uint32_t *high; /* characters above, sorted, then their classes */
	uint8_t *high_class;
	size_t n_high, n_classes;
	/* States in order of depth. The first n_dense have a whole row, the others their own edges. */
	size_t n, n_dense;
	uint32_t *row; /* n_dense * n_classes: states as STATE says */
	struct state *state;
	uint8_t *edge_class;
	uint32_t *edge_to;
};
/* A state as it is handed on: its number, its depth, and whether a pattern ends in it or in a suffix of it.
 */
#define STATE_NUMBER   0x1FFFFFU
#define STATE_ENDS     (1U << 31)
#define STATE_DEPTH(v) ((v) >> 21 & 63)
struct state {
	uint32_t fail; /* a STATE */
	uint32_t dict; /* number of this state or the next shorter one where a pattern ends, NONE */
	uint32_t out;  /* pattern that ends here, NONE */
	uint32_t edge; /* the first one */
	uint32_t to;   /* where it leads: most states have no other */
	uint8_t class, depth, n_edges;
};
static inline unsigned
letter_class(const struct automaton *a, uint32_t cp)
{
	if (cp < 0x800) {
		return a->low[cp];
	}
	size_t lo = 0;
	size_t hi = a->n_high;
	while (lo < hi) {
		size_t mid = (lo + hi) / 2;
		if (a->high[mid] < cp) {
			lo = mid + 1;
		} else {
			hi = mid;
		}
	}
	return lo < a->n_high && a->high[lo] == cp ? a->high_class[lo] : 0;
}
static inline uint32_t
automaton_step(const struct automaton *a, uint32_t at, unsigned c)
{
	uint32_t number = at & STATE_NUMBER;
	while (number >= a->n_dense) {
		const struct state *s = &a->state[number];
		if (s->class == c && s->n_edges > 0) {
			return s->to;
		}
		for (uint32_t e = s->edge + 1; e < s->edge + s->n_edges; e++) {
			if (a->edge_class[e] == c) {
				return a->edge_to[e];
			}
		}
		number = s->fail & STATE_NUMBER;
	}
	return a->row[number * a->n_classes + c];
}
/* The trie while it is made. */
struct trie {
	struct map edges;
	struct trie_node *node;
	size_t n, cap;
	uint32_t *letters; /* by class - 1 */
	size_t n_letters, cap_letters;
	struct map class_of;
};
HZ_RESULT trie_begin(struct trie *t);
/* The state of these letters. *ret_over is set where a limit is passed; nothing is added then. */
HZ_RESULT trie_add(struct trie *t, const uint32_t *cp, size_t n, uint32_t *ret_state, const char **ret_over);
/* first_out: of each trie state, the first of its patterns or NONE. */
HZ_RESULT automaton_make(struct trie *t, const uint32_t *first_out, struct automaton *ret_a);
void trie_done(struct trie *t);
void automaton_done(struct automaton *a);

/* --- clitic.c --- */
#define LEFT_MAX  4 /* letters that may stand before a stem: w, b and the article */
#define RIGHT_MAX 4
/* What the letters before a stem can be. */
#define LEFT_NOUN    1U /* particles and the article, or nothing */
#define LEFT_ARTICLE 2U /* ending in the article */
#define LEFT_VERB    4U /* with a prefix of the imperfect */
#define LEFT_CONJ    8U /* beginning with w or f */
void clitic_left(const uint32_t *cp, size_t n, uint8_t ret_left[static LEFT_MAX + 1]);
#define RIGHT_ANY      1U
#define RIGHT_FEMININE 2U /* of a noun that ends in teh marbuta */
unsigned clitic_right(const uint32_t *cp, size_t n);

/* --- ready.c: phrases as a text meets them, when all is read --- */
struct hz_rules;
struct ready;
HZ_RESULT ready_make(struct hz_rules *r);
void ready_free(struct ready **io_r);

/* --- rules --- */
#define WORD_EXACT    1U
#define WORD_PREFIX   2U
#define WORD_ARTICLE  4U
#define WORD_FEMININE 8U
#define WORD_VERB     16U
#define WORD_SHORT    32U
#define WORD_ARABIC   64U
#define WORD_RAW      128U
/* A word of the rules: a stem and what may stand around it. */
struct word_pattern {
	uint32_t next; /* pattern of the same stem */
	uint8_t flags, len;
	uint32_t root;     /* node of the phrases that begin with it, NONE */
	uint32_t spelling; /* in spellings: compared with the letters as they are written; NONE */
};
enum use {
	USE_ALT,     /* ref: an alternative */
	USE_NOT,     /* ref: a line */
	USE_NOT_ANY, /* ref: a section */
	USE_PARTNER, /* ref: an alternative that needs it near */
	USE_MONTH    /* ref: 1..12 */
};
struct phrase_use {
	enum use use;
	uint32_t ref, next;
};
struct phrase_node {
	uint32_t first, last; /* uses */
	uint16_t n_uses;
	bool has_children;
};
struct phrases {
	struct phrase_node *node;
	size_t n, cap;
	struct phrase_use *use;
	size_t n_uses, cap_uses;
	struct map edges; /* node << 32 | pattern */
};

/* Where the other word stands. */
#define SIDE_ANY    0U
#define SIDE_BEHIND 1U /* @>N */
#define SIDE_BEFORE 2U /* @<N */
struct alt {
	uint32_t line;
	const char *text;
	uint8_t window, side; /* of its partners; 0: none */
	uint32_t class;       /* class:NAME, NONE */
	/* what a match carries with it; filled when all is read */
	uint32_t section;
	uint16_t flags; /* of the line, and these of the section and the alternative */
	uint8_t kind;
};
#define LINE_NEEDS    4096U
#define LINE_NOT_ANY  8192U
#define LINE_CLASSES  16384U
#define LINE_PAIR     32768U
#define NEED_SENTENCE 254U
#define NEED_TEXT     255U
struct need {
	uint8_t window, side;
	uint8_t n;
	uint8_t n_over; /* need=!A>B@t: so many of the classes are A, the rest B; 0 without > */
	bool none;      /* need=!: met where none of them is near */
	uint32_t class[HZ_RULES_CLASSES];
};
#define LINE_BEFORE 1U
#define LINE_AFTER  2U
#define LINE_WEAK   4U
#define LINE_CLAUSE 8U
#define LINE_QUIET  16U
#define LINE_NOT    32U
#define LINE_EXACT  64U
#define LINE_VERB   128U
#define LINE_RAW    256U
#define LINE_TRIAL  512U   /* of an experimental language */
#define LINE_PREFIX 2048U  /* of the last word of a token, while it is read */
#define LINE_LATER  1024U  /* has a need that only the whole text can answer */
#define LINE_LEAD   65536U /* of a line only: weak where it stands behind the lead of the text */
/* Of a line only: where two parties stand on this side, the cue is of the first, of the second. */
#define LINE_OF_FIRST  131072U
#define LINE_OF_SECOND 262144U
struct line {
	uint32_t section, number;
	size_t at;
	const char *lang, *reg, *from, *to;
	unsigned weight, reach, flags;
	uint32_t first_need, n_needs;
	uint32_t first_alt, n_alts;
};
enum cue {
	CUE_ALLEGED,
	CUE_LIKELY,
	CUE_CONFIRMED,
	CUE_UNCONFIRMED,
	CUE_DENIED,
	CUE_NEGATED,
	CUE_UNKNOWN,
	CUE_EXEMPT,
	CUE_NONEVENT,
	CUE_COUNT
};
struct section {
	enum kind kind;
	const char *id;
	size_t at;
	unsigned which; /* enum cue or enum hz_role */
	unsigned min;
	bool has_not_any;
	uint32_t class[HZ_RULES_CLASSES + 1];
	uint32_t n_classes;
	unsigned asks; /* ASKS_ bits of its classes and those above them */
	uint32_t first_line, n_lines;
	uint32_t parent; /* section, NONE */
	struct hz_rules_entry entry;
};
/* What role lines ask of a class: who did it, or another role. */
#define ASKS_OTHER     1U
#define ASKS_WHO       2U
#define ASKS_OF(which) ((which) == HZ_ROLE_PERPETRATOR ? ASKS_WHO : ASKS_OTHER)
struct class_ {
	const char *name;
	uint32_t parent;              /* the class above it, NONE */
	uint32_t first_role, n_roles; /* alternatives of role lines that say class:NAME */
	unsigned asks;                /* ASKS_ bits of those lines */
	bool for_roles;               /* one of those lines, of any class, has a need of it */
};
struct hz_rules {
	struct arena arena;
	uint8_t id[32];
	const char *name, *version;
	struct section *sections;
	size_t n_sections;
	uint32_t *entries; /* sections that are entries, by axis and id */
	size_t n_entries;
	struct line *lines;
	size_t n_lines, cap_lines;
	struct alt *alts;
	size_t n_alts, cap_alts;
	struct need *needs;
	size_t n_needs, cap_needs;
	struct class_ *classes; /* sorted by name */
	size_t n_classes;
	uint32_t *class_roles;
	size_t n_class_roles;
	struct word_pattern *patterns;
	size_t n_patterns, cap_patterns;
	const char **spellings;
	size_t n_spellings, cap_spellings;
	struct phrases phrases; /* while they are read */
	struct ready *ready;    /* engine.h: phrases as a text meets them */
	struct automaton automaton;
	uint32_t unknown_party; /* section [party unknown], NONE */
};
static inline const struct section *
alt_section(const struct hz_rules *r, uint32_t alt)
{
	return &r->sections[r->lines[r->alts[alt].line].section];
}

/* --- words.c, lines.c, sections.c: from a source to rules --- */
struct builder {
	struct hz_rules *r;
	const struct source *src;
	struct faults *f;
	struct trie trie;
	struct map pattern_of; /* state << 8 | flags */
	uint32_t *first_out;   /* by trie state */
	size_t n_first_out, cap_first_out;
	size_t n_terms;
};
struct words {
	uint32_t pattern[HZ_RULES_WORDS];
	size_t n;
};
/* One token of the rules as words behind those that w has. flags: LINE_EXACT, LINE_VERB, LINE_RAW. A fault
 * leaves w->n at 0 or more; *ret_good says whether there was none. */
HZ_RESULT words_add(struct builder *b, size_t at, const char *token, size_t n, unsigned flags,
    struct words *w, bool *ret_good);
HZ_RESULT phrase_add(struct builder *b, size_t at, const struct words *w, enum use use, uint32_t ref);
HZ_RESULT months_add(struct builder *b);
/* Letters as they are written: no harakat, no tatweel, no controls; composed. "" where that is too long. */
#define RAW_MAX ((size_t)256)
void raw_form(const uint8_t *p, size_t n, char out[static RAW_MAX]);
bool raw_same(const char *rules, const char *text);
/* The alternatives and options in s, from the language on, or from the first alternative on for not.any. */
HZ_RESULT line_read(struct builder *b, uint32_t section, size_t at, const char *key, const char *s);
HZ_RESULT sections_read(struct builder *b);
/* NONE */
uint32_t class_find(const struct hz_rules *r, const char *name, size_t n);
uint32_t section_find(const struct hz_rules *r, enum kind kind, const char *id, size_t n);
/* "2017", "2017-04", "2017-04-04"; ret (11 bytes) gets the first day, or the last. */
bool date_read(const char *s, size_t n, bool last, char ret[static 11]);
unsigned days_of(unsigned year, unsigned month);

#endif
