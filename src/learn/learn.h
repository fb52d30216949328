/* Learned suggestions: a linear model of types, trained from what people of this vault confirmed and
 * rejected.
 *
 * It puts types in order and suggests some to look at; it finds nothing and says nothing of parties. One
 * logistic regression for each type (one against the rest; Cox 1958), L2, by stochastic gradient steps over
 * words and pairs of neighbouring words of the folded text. All arithmetic is of integers, in one order: the
 * same examples give the same bytes on every machine. The file is text with its words and weights in plain
 * sight: docs/reference/learned.md [L-n]. Pure: bytes in, values out. */
#ifndef HZ_LEARN_LEARN_H
#define HZ_LEARN_LEARN_H

#include "base/buf.h"

#define HZ_LEARN_ENGINE        1U   /* what is below changes the bytes of a model: then this number grows */
#define HZ_LEARN_MIN_CONFIRMED 200U /* examples of a type below which it stays off */
#define HZ_LEARN_MIN_REJECTED  50U
#define HZ_LEARN_MIN_HELD      5U   /* confirmed and rejected each, kept back to measure with */
#define HZ_LEARN_MIN_RIGHT     650U /* of 1000, the mean over both: a type that is measured below is not used */
#define HZ_LEARN_SUGGEST       800U /* score from which a type may be suggested where no rule found it */

#define HZ_LEARN_TEXTS    8192U   /* examples */
#define HZ_LEARN_LABELS   64U     /* types said of one example */
#define HZ_LEARN_CLASSES  64U     /* types of a model */
#define HZ_LEARN_WORDS    1024U   /* of a text; those behind them are not looked at */
#define HZ_LEARN_LETTERS  24U     /* of a word, 2 at least; other words are passed over */
#define HZ_LEARN_SEEN     5U      /* texts that must have a feature: the name of one person is none */
#define HZ_LEARN_GRAMS    262144U /* features that training looks at */
#define HZ_LEARN_KEPT     1000U   /* features of a type that a model keeps */
#define HZ_LEARN_ALL      16384U  /* of all its types */
#define HZ_LEARN_SOURCES  32U     /* sources that are counted apart */
#define HZ_LEARN_TOP      5U      /* features that explain a score */
#define HZ_LEARN_FILE     ((size_t)1000000)
#define HZ_LEARN_GRAM_MAX ((size_t)2 * HZ_LEARN_LETTERS * 4 + 1) /* bytes of a feature */
#define HZ_LEARN_WEIGHT   1000000                                /* thousandths; largest size of a weight */

/* --- what is never a feature -----------------------------------------------------------------------------
 */
/* Words that name parties and places, so that a text gets the same score with and without them. A particle
 * or article that Arabic writes joined in front does not hide a name. */
struct hz_learn_names;
enum hz_learn_name_how {
	HZ_NAME_WORD = 1,   /* the word */
	HZ_NAME_BEGINS = 2, /* words that begin so */
	HZ_NAME_INSIDE = 4  /* words that hold it anywhere */
};
/* HZ_MSG_NOMEM. */
HZ_RESULT hz_learn_names_new(struct hz_learn_names **ret);
void hz_learn_names_free(struct hz_learn_names **x);
/* One word, any spelling; it is folded here. What folds to less than two letters or over HZ_LEARN_LETTERS, or
 * to several words, is passed over. HZ_MSG_LIMIT over 65,536 names. */
HZ_RESULT hz_learn_names_add(struct hz_learn_names *x, const void *p, size_t n, enum hz_learn_name_how how);

struct hz_learn_range {
	size_t start, end; /* bytes of the text */
};
struct hz_learn_text {
	const void *p; /* any bytes, at most UINT32_MAX */
	size_t n;
	/* Left out as if it were not there, by start; they may overlap. A word that lies partly in one is
	 * left out whole. */
	const struct hz_learn_range *hide;
	size_t nhide;
};

/* --- training --------------------------------------------------------------------------------------------
 */
enum hz_learn_verdict {
	HZ_LEARN_OPEN =
	    1, /* it stands there, undecided or disputed: no example, and no example of the rest */
	HZ_LEARN_CONFIRMED, /* or added by a person */
	HZ_LEARN_REJECTED
};
struct hz_learn_label {
	const char *type;
	enum hz_learn_verdict verdict;
};
struct hz_learn_example {
	const char *exhibit;                /* an id: printable, no blanks */
	const char *source;                 /* NULL: not known. Only numbers of sources go into the model */
	const struct hz_learn_label *label; /* each type once */
	size_t nlabel;
};
/* Gives text i; borrowed until the next call. Each is asked for twice and must be the same. */
typedef enum hz_err hz_learn_read(void *arg, size_t i, struct hz_learn_text *ret);

struct hz_learn_count {
	char type[64];
	uint32_t confirmed, rejected;
};
/* True from the named minimums on. */
bool hz_learn_enough(const struct hz_learn_count *c);
/* Counts by type, in order of types, of at most max types; returns how many. What cannot be the
 * id of a type is ignored. */
size_t hz_learn_counts(const struct hz_learn_example *e, size_t n, struct hz_learn_count *ret, size_t max);

/* Appends the model. Types without enough examples are not in it; where none has enough, HZ_MSG_LEARN_FEW
 * and nothing is read. HZ_MSG_LIMIT over HZ_LEARN_TEXTS, HZ_LEARN_LABELS or HZ_LEARN_CLASSES; HZ_MSG_USAGE
 * for an exhibit or type that cannot stand in a line; errors of read. names may be NULL. */
HZ_RESULT hz_learn_train(const struct hz_learn_example *e, size_t n, hz_learn_read *read, void *arg,
    const struct hz_learn_names *names, struct hz_buf *out);

/* --- a model ---------------------------------------------------------------------------------------------
 */
struct hz_model;
struct hz_model_source {
	uint32_t no; /* from 1, the largest first; 0: not known, or beyond HZ_LEARN_SOURCES */
	uint32_t held, right;
};
struct hz_model_feature {
	int32_t weight; /* thousandths */
	const char *words;
};
struct hz_model_class {
	char type[64];
	uint32_t confirmed, rejected, rest;                /* examples that were learned from or kept back */
	uint32_t held_confirmed, held_rejected, held_rest; /* kept back */
	uint32_t right_confirmed, right_rejected, right_rest; /* of those, on the right side of 500 */
	bool used;                                            /* measured well enough [L-6] */
	int32_t bias;
	size_t nsource, nfeature;
	const struct hz_model_source *source;
	const struct hz_model_feature *feature; /* by bytes of the words */
};
/* Strict. HZ_MSG_FORMAT, HZ_MSG_VERSION (of another engine), HZ_MSG_LIMIT, HZ_MSG_NOMEM. Copies. */
HZ_RESULT hz_model_load(const void *p, size_t n, struct hz_model **ret);
void hz_model_free(struct hz_model **m);
/* What these return lives as long as the model. */
const uint8_t *hz_model_set(const struct hz_model *m); /* 32 bytes: hash of the training set [L-5] */
uint32_t hz_model_texts(const struct hz_model *m);
size_t hz_model_classes(const struct hz_model *m);
const struct hz_model_class *hz_model_class(const struct hz_model *m, size_t i); /* in order of types */
const struct hz_model_class *hz_model_find(const struct hz_model *m, const char *type);
/* The heaviest features for (or, with against, against) the type, heaviest first; returns how many. */
size_t hz_model_top(
    const struct hz_model_class *c, bool against, const struct hz_model_feature **ret, size_t max);
/* Right answers of 1000, the mean over held confirmed and held rejected; 0 where one of them is empty. */
unsigned hz_model_right(const struct hz_model_class *c);

/* --- scores ----------------------------------------------------------------------------------------------
 */
struct hz_model_part {
	int32_t part; /* what it adds to the sum, in thousandths */
	const char *words;
};
struct hz_model_score {
	const struct hz_model_class *cls;
	unsigned score; /* 0 to 1000; no probability */
	size_t ntop;
	struct hz_model_part top[HZ_LEARN_TOP]; /* those that moved it most, either way */
};
struct hz_model_scores {
	size_t n;
	struct hz_model_score v[HZ_LEARN_CLASSES]; /* types in use, by score, then by type */
};
/* names as in training. HZ_MSG_NOMEM. */
HZ_RESULT hz_model_score(const struct hz_model *m, const struct hz_learn_text *text,
    const struct hz_learn_names *names, struct hz_model_scores *ret);

#endif
