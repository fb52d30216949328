/* A text under way: words, sentences, what was found. Inside this room only. */
#ifndef HZ_CLASSIFY_ENGINE_H
#define HZ_CLASSIFY_ENGINE_H

#include "classify/inner.h"
#include "text/text.h"

#define LETTERS ((size_t)64) /* of a word that are looked at: a stem and all that may stand around it */
#define CHUNK   ((size_t)1024)

struct word {
	uint32_t start, end; /* bytes */
	uint32_t first_hit, number;
	uint8_t n_hits;
	uint8_t n_digits; /* 0: letters */
	uint8_t sep;      /* the one sign between it and the word before: - / . or a blank for all else */
	bool clause;      /* a clause ends before it */
	uint64_t tiny;    /* its letters if they are four at most, 16 bits each */
	bool arabic, conj, is_and, is_year_cue;
};
struct hit {
	uint32_t pattern;
	bool conj;
};
enum date_form { DATE_ISO, DATE_NUMBERS, DATE_NAMED, DATE_YEAR };
struct found_date {
	uint32_t ymd; /* 20170404, 20170400, 20170000 */
	uint16_t s, e;
	enum date_form form;
};
struct match {
	uint16_t s, e, partner_s, partner_e;
	uint32_t ref, line, section; /* of USE_ALT; ref as the use says */
	uint16_t flags; /* of the alternative */
	uint8_t use, kind, role, certainty;
	bool dead, weak, ambiguous, partner, denier;
};

/* Words of a text, sentence by sentence. */
struct cutter {
	const uint8_t *text;
	size_t n, pos;
	struct hz_fold_char c[CHUNK];
	size_t have, at;
	/* the word that is being read */
	uint32_t cp[LETTERS], from[LETTERS], to[LETTERS];
	size_t len;
	uint32_t kind, last_end;
	/* since the last word */
	size_t n_seps;
	uint32_t sep;
	bool clause, newline, dot, dot_number;
	/* the word before */
	uint32_t before[8];
	size_t n_before;
	bool before_digits;
	uint32_t sentence_start, sentence_end;
};

struct bits {
	uint64_t w[HZ_CLASSIFY_WORDS / 64];
};
struct span_at {
	uint32_t start, end, alt; /* alt NONE: a date of this form */
	enum date_form form;
};
struct tally {
	uint32_t section, later; /* line that waits for the whole text, NONE */
	uint32_t ymd;
	enum hz_role role;
	enum hz_certainty certainty;
	bool plain; /* not only ambiguous */
	bool trial; /* only of experimental languages */
	bool out;   /* merged or not to be said */
	struct span_at *spans;
	size_t n_spans, cap_spans, left_out;
	uint32_t *alts;
	size_t n_alts, cap_alts;
};

struct engine {
	const struct hz_rules *r;
	const struct hz_classify_when *when;
	struct cutter cut;
	struct word words[HZ_CLASSIFY_WORDS];
	size_t n_words;
	struct hit hits[HZ_CLASSIFY_WORDS * HZ_CLASSIFY_HITS];
	size_t n_hits;
	struct match *matches; /* of this sentence */
	size_t n_matches, cap_matches;
	struct path {
		uint32_t node;
		uint32_t end;
	} paths[HZ_CLASSIFY_STARTS]; /* phrases under way */
	uint32_t *order; /* some matches, sorted */
	size_t cap_order;
	struct found_date dates[HZ_CLASSIFY_WORDS];
	size_t n_dates;
	/* Distances count the name of a party as one word, so that a long name and a short one are treated
	 * alike: the unit of each word, and the first word of each unit. */
	uint16_t unit[HZ_CLASSIFY_WORDS], unit_first[HZ_CLASSIFY_WORDS + 1];
	size_t n_units;
	struct bits inner; /* words of names behind their first */
	/* sets of words by key, for this sentence */
	uint32_t *slot, *stamp;
	uint32_t now;
	struct bits *bits;
	size_t n_bits, cap_bits;
	bool *class_seen; /* in the whole text */
	/* role cues: distance to the nearest one, by role and word */
	uint8_t role_before[HZ_ROLE_SOURCE + 1][HZ_CLASSIFY_WORDS];
	uint8_t role_after[HZ_ROLE_SOURCE + 1][HZ_CLASSIFY_WORDS];
	bool has_roles;
	struct bits cue[CUE_COUNT];
	bool has_cue[CUE_COUNT];
	struct map tally_of;
	struct map alt_seen; /* tally << 32 | alt; firm ones as UINT32_MAX - 1 << 32 | alt */
	struct tally *tallies;
	size_t n_tallies, cap_tallies, n_date_tallies;
};

#define TINY1(a)          ((uint64_t)(a))
#define TINY2(a, b)       (TINY1(a) << 16 | (b))
#define TINY3(a, b, c)    (TINY2(a, b) << 16 | (c))
#define TINY4(a, b, c, d) (TINY3(a, b, c) << 16 | (d))

/* cut.c: the next sentence into words; with e->r, what its words can be goes into hits. False at the end. */
void cut_begin(struct cutter *c, const void *text, size_t n);
bool cut_sentence(struct engine *e);
/* spot.c */
void spot_word(struct engine *e, struct word *w, const uint32_t *cp, const uint32_t *from, const uint32_t *to,
    size_t len);
HZ_RESULT spot_phrases(struct engine *e);
/* dates.c: of the sentence; uses the months among the matches. */
void dates_find(struct engine *e);
void date_text(uint32_t ymd, char out[static 11]);
/* The first and the last day, as ISO. */
void date_bounds(uint32_t ymd, char from[static 11], char to[static 11]);
/* judge.c, roles.c */
HZ_RESULT judge_sentence(struct engine *e);
void roles_begin(struct engine *e);
void role_cue(struct engine *e, const struct line *l, unsigned role, unsigned s, unsigned end);
void roles_give(struct engine *e, size_t n_parties);
/* The first and the last word within `reach` units of word w. */
unsigned reach_back(const struct engine *e, unsigned w, unsigned reach);
unsigned reach_on(const struct engine *e, unsigned w, unsigned reach);
bool bits_any(const struct bits *b, unsigned first, unsigned last);
void bits_set(struct bits *b, unsigned first, unsigned last);
/* tally.c */
HZ_RESULT tally_match(struct engine *e, const struct match *m, uint32_t section, enum hz_role role,
    enum hz_certainty certainty);
HZ_RESULT tally_date(struct engine *e, const struct found_date *d);
HZ_RESULT tally_end(struct engine *e, struct hz_tags *ret);
void tally_done(struct engine *e);

#endif
