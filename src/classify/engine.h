/* A text under way: words, sentences, what was found. Inside this room only. */
#ifndef HZ_CLASSIFY_ENGINE_H
#define HZ_CLASSIFY_ENGINE_H

#include "classify/bits.h"
#include "classify/inner.h"
#include "text/text.h"

#define LETTERS ((size_t)64) /* of a word that are looked at: a stem and all that may stand around it */
#define CHUNK   ((size_t)1024)
/* What a text is about stands in its first words or comes again and again; the rest is said in passing. */
#define LEAD_WORDS ((size_t)120)
#define LEAD_TIMES ((size_t)4)
/* A text speaks more of one thing than of another where the words for it outnumber the others by so many. */
#define OVER_TIMES ((size_t)2)

/* What a word is whatever the rules say. */
#define SORT_ABBREVIATION 1U  /* a full stop behind it ends no sentence */
#define SORT_YEAR_CUE     2U  /* four digits behind it are a year */
#define SORT_OF           4U  /* of, min */
#define SORT_ORDINAL      8U  /* th, st */
#define SORT_YEAR         16U /* 'am, sana */
#define SORT_AND          32U /* and, or, wa, aw */
#define SORT_THEN         64U
#define SORT_RELATIVE     128U /* who, that, which */
#define SORT_THE          256U
#define SORT_POINTS       512U  /* it, this, them */
#define SORT_BUT          1024U /* but, bal */

/* A word of the rules that a word of the text can be. */
#define HIT_CONJ   1U /* with w or f before it */
#define HIT_STARTS 2U /* phrases begin with it */
#define HIT_SHIFT  2  /* the rest is the number of the pattern */

/* Words come again and again: what the last ones were and could be, found by their bytes. A token is what
 * stands between two signs of ASCII. */
#define KNOWN_BYTES ((size_t)24)
#define KNOWN_HITS  ((size_t)5)
#define KNOWN_MOST  ((size_t)65536) /* words: four megabytes */
struct token {
	uint64_t bytes[KNOWN_BYTES / 8]; /* the first in the lowest bits; zeros behind it */
};
struct known_word {
	struct token token;
	uint64_t is, behind; /* as in struct word */
	uint32_t hits[KNOWN_HITS];
	uint8_t end;   /* of the first word of the token, counted from where that begins */
	uint8_t next;  /* where it goes on behind that word; 0: nothing is known here */
	bool raw;      /* what it can be hangs on more than its folded letters */
	uint8_t older; /* of a pair, in its first: which gives way to a new word */
};

/* A token of the text and its place, both asked for before they are needed: memory is slow. */
#define AHEAD 8
struct token_ahead {
	struct token token;
	struct known_word *pair;
	size_t at, len, blanks; /* behind it */
};

struct word {
	uint32_t start, end; /* bytes */
	uint32_t first_hit;
	uint32_t number; /* where n_digits says that it is one */
	union {
		struct {
			uint8_t n_hits;
			uint8_t n_digits; /* 0: letters */
			uint8_t sep; /* of a number: the one sign before it, - / . or a blank for all else */
			bool clause; /* a clause ends before it */
			uint16_t sort; /* as SORT says; of a number SORT_YEAR where the word before says so */
			bool arabic, conj;
		};
		uint64_t is; /* all of these at once */
	};
	uint64_t behind; /* the patterns of its hits, as in followers: where a phrase can go on with it */
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
	uint16_t flags;              /* of the alternative */
	uint8_t use, kind, role, certainty;
	uint8_t role_d; /* distance of the cue that gave the role */
	bool dead, weak, passing, ambiguous, partner, denier;
	bool role_denied; /* that cue is negated */
	bool denies_it;   /* what it denies is only pointed at: "denied it" */
	bool in_name;     /* a type's term in the name of a party */
	bool joined;      /* its role is that of a party beside it */
	/* The cue that gave the role: its number among the matches and 1 (0: none), and the line that it
	 * counts for. */
	uint32_t cue, cue_line;
};

/* Kinds of the sections of matches, a bit each; other uses behind them. */
#define USED_MONTH (1U << KIND_COUNT)
#define USED_OTHER (2U << KIND_COUNT) /* nots and partners: what says something of other matches */

/* What a phrase makes of words where it ends, and which words go on from there. It fills a line of the
 * processor's memory: most phrases are one word with one use, and cost no more than that. */
struct ready_phrase {
	_Alignas(64) struct match first; /* of its uses */
	uint32_t rest;                   /* place of the others, one behind the other */
	uint8_t n_uses;
	uint8_t kinds;  /* of its uses, as in struct engine */
	uint16_t flags; /* of all uses together */
	/* a bit for each pattern that goes on, by its lowest bits; others may have it too */
	uint64_t followers;
};
/* A phrase of one word has the number of its pattern, the others come behind. */
struct ready {
	struct ready_phrase *phrase;
	struct match *rest;
	struct map edges; /* phrase << 32 | pattern, to a phrase */
};

/* Words of a text, sentence by sentence. */
struct cutter {
	const uint8_t *text;
	size_t n, pos;
	/* Folded characters of a token that is not known; the word that is being read begins at `word` (its
	 * first LETTERS are kept when more is folded), the next character is at `at`. */
	struct hz_fold_char c[LETTERS + CHUNK];
	size_t have, at, word;
	size_t len; /* of the word; over LETTERS it is not all there */
	uint32_t kind, last_end;
	size_t token_at; /* where the token begins that is to be known from now on, SIZE_MAX */
	/* since the last word */
	size_t n_seps;
	uint32_t sep;
	bool clause, newline, dot, dot_number;
	unsigned before; /* SORT of the word before */
	bool before_digits;
	uint32_t sentence_start, sentence_end;
};

/* What is told to the next word, or behind a sentence. */
static inline void
cut_after(struct cutter *c, unsigned sort, bool digits)
{
	c->before = sort;
	c->before_digits = digits;
	c->n_seps = 0;
	c->clause = c->newline = c->dot = false;
}

/* What is looked at of a word that is not known yet. */
struct at_word {
	const struct hz_fold_char *c;
	size_t kept, len;
	uint32_t cp[LETTERS]; /* all kept ones, once they were asked for */
	uint8_t left[LEFT_MAX + 1];
	bool has_left;
	bool arabic;
};

struct span_at {
	uint32_t start, end, alt; /* alt NONE: a date of this form */
	enum date_form form;
	uint32_t why; /* number in struct why, where there is one */
};
/* Which word said it: bytes, alternative, and the line that it counts for. alt NONE: no word. */
struct cue_at {
	uint32_t start, end, alt, line;
};
struct why_at { /* of a span */
	enum hz_certainty certainty;
	bool joined;
	struct cue_at role, says;
};
/* What an explanation needs. */
struct why {
	struct why_at *spans; /* of the whole text */
	size_t n_spans, cap_spans;
};
struct tally {
	uint32_t section, later; /* line that waits for the whole text, NONE */
	uint32_t ymd;
	enum hz_role role;
	/* The best of the spans; of those in names of parties apart: they count only where there are no
	 * others, since where a name stands in a sentence says nothing of an act. */
	enum hz_certainty certainty, in_names;
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
	size_t n_words, n_words_before; /* of the sentence, of those before it */
	uint32_t hits[HZ_CLASSIFY_WORDS * HZ_CLASSIFY_HITS + KNOWN_HITS]; /* as HIT says */
	size_t n_hits;
	bool has_year;            /* a number of four digits */
	struct known_word *known; /* in pairs */
	unsigned known_shift;     /* of a hash, down to the number of a pair */
	struct token_ahead ahead[AHEAD];
	const struct token_ahead *next, *ahead_end; /* of them */
	bool looked_raw;                            /* what this word can be hangs on how it is written */
	const struct token_ahead *unknown;          /* one of them: no word of it is known */
	struct at_word at_word;
	struct match *matches; /* of this sentence */
	size_t n_matches, cap_matches;
	struct path {
		uint32_t phrase;
		uint32_t end;
	} paths[HZ_CLASSIFY_STARTS]; /* phrases under way */
	uint32_t *order;             /* some matches, sorted */
	size_t cap_order;
	struct found_date dates[HZ_CLASSIFY_WORDS];
	size_t n_dates;
	/* Distances count the name of a party as one word, so that a long name and a short one are treated
	 * alike: the unit of each word, and the first word of each unit. */
	uint16_t unit[HZ_CLASSIFY_WORDS], unit_first[HZ_CLASSIFY_WORDS + 1];
	size_t n_units;
	size_t n_touched;
	struct bits inner; /* words of names behind their first */
	/* sets of words by key, for this sentence */
	uint32_t *slot, *stamp;
	uint32_t *asked; /* by class: the stamp of the last sentence that has a need of it */
	struct bits *bits;
	size_t n_bits, cap_bits;
	size_t *class_seen; /* how often in the whole text */
	uint32_t
	    party_at[HZ_CLASSIFY_WORDS]; /* the party named by each word: its number among the matches + 1 */
	struct bits cue[CUE_COUNT];
	struct map tally_of;
	struct map alt_seen; /* tally << 32 | alt; firm ones as FIRM | alt, how often in passing */
	struct tally *tallies;
	size_t n_tallies, cap_tallies, n_date_tallies;
	unsigned kinds; /* of sections among the matches, a bit each, and what USED says */
	unsigned flags; /* of all matches together */
	uint32_t now;   /* stamp of the sets of this sentence */
	bool has_cue[CUE_COUNT];
	struct why *why; /* NULL: no explanation was asked for */
};

/* known.c: room for the words of a text of n bytes. */
HZ_RESULT known_begin(struct engine *e, size_t n);
void known_done(struct engine *e);
/* Takes the words that are known, with the blanks between, from where the cutter stands: not within a token,
 * and no full stop before it. e->unknown is the token behind them, if there is one whose first word can be
 * known, with known_add. */
void known_words(struct engine *e);
/* Before that: what the word of these letters can be. One with many marks is looked for without them. */
void known_look_up(struct engine *e, struct word *w, const struct hz_fold_char *c, size_t len);
/* end and next as in struct known_word. */
void known_add(struct engine *e, const struct word *w, size_t end, size_t next);
/* cut.c: the next sentence into words; with e->r, what its words can be goes into hits. False at the end. */
void cut_begin(struct cutter *c, const void *text, size_t n);
bool cut_sentence(struct engine *e);
/* spot.c */
void spot_word(struct engine *e, struct word *w, const struct hz_fold_char *c, size_t len);
HZ_RESULT spot_phrases(struct engine *e);
/* dates.c: of the sentence; uses the months among the matches. */
void dates_find(struct engine *e);
void date_text(uint32_t ymd, char out[static 11]);
/* The first and the last day, as ISO. */
void date_bounds(uint32_t ymd, char from[static 11], char to[static 11]);
/* judge.c, roles.c */
HZ_RESULT judge_sentence(struct engine *e);
bool is_excepted(const struct engine *e, const struct match *m, uint32_t line);
bool need_met(const struct engine *e, const struct match *m, const struct need *n);
bool is_under(const struct engine *e, const struct match *m, enum cue cue);
/* Part of a name of more than one word. */
bool is_in_name(const struct engine *e, const struct match *m);
void roles_take(struct engine *e, size_t n_parties);
/* Which parties deny, and whether that is of what another party is said to have done. */
void deniers_find(struct engine *e, size_t n_parties);
bool denies_another(const struct engine *e, const struct match *denier);
/* In units; 0 where they overlap or are of one unit. */
unsigned distance(const struct engine *e, const struct match *a, const struct match *b);
void roles_drop_inner(struct engine *e, size_t n_cues);
/* The first and the last word within `reach` units of word w. */
unsigned reach_back(const struct engine *e, unsigned w, unsigned reach);
unsigned reach_on(const struct engine *e, unsigned w, unsigned reach);
/* The words that a cue says something of, its own among them. */
void cue_reach(const struct engine *e, const struct match *m, unsigned *ret_first, unsigned *ret_last);
/* why.c, called only where e->why is there: what is known of a span that is kept. */
HZ_RESULT why_begin(struct engine *e);
void why_done(struct engine *e);
HZ_RESULT why_span(struct engine *e, const struct match *m, enum hz_role role, enum hz_certainty certainty,
    uint32_t *ret_why);
/* tally.c */
HZ_RESULT tally_match(struct engine *e, const struct match *m, uint32_t section, enum hz_role role,
    enum hz_certainty certainty);
HZ_RESULT tally_date(struct engine *e, const struct found_date *d);
HZ_RESULT tally_end(struct engine *e, struct hz_tags *ret);
void tally_done(struct engine *e);

#endif
