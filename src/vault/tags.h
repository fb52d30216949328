/* Tags kept in the vault: rules files, what a run of a program proposed, what people decided
 * (docs/format.md 7.2, [F-11.2], [F-11.21]). The rows of tags are caches: hz_tag_set_check makes them again
 * from the events of the exhibit's chain. What follows from what (merge, states) is in tagset.c and needs no
 * vault. */
#ifndef HZ_VAULT_TAGS_H
#define HZ_VAULT_TAGS_H

#include "classify/classify.h"
#include "vault/vault.h"

#define HZ_TAGS_KEPT      480  /* tags that one classification keeps */
#define HZ_TAG_SET_MAX    1024 /* tags of one text, those of earlier runs with them */
#define HZ_TAG_SPANS      64   /* spans of one tag that a record keeps */
#define HZ_TAG_PEOPLE     16   /* people who decided on one tag */
#define HZ_TAG_ID_MAX     128
#define HZ_REVIEWER_MAX   128 /* bytes of a reviewer's name */
#define HZ_RULES_FILE_MAX ((size_t)4 << 20)
#define HZ_WHO_LEN        16

/* --- one tag ---------------------------------------------------------------------------------------------
 */
enum hz_tag_state { /* the numbers stand in no row: states follow from decisions */
	HZ_TAG_PROPOSED = 1,
	HZ_TAG_CONFIRMED,
	HZ_TAG_REJECTED,
	HZ_TAG_ADDED,
	HZ_TAG_SUPERSEDED
};
#define HZ_TAG_STATES 6
const char *hz_tag_state_word(enum hz_tag_state s); /* "proposed" */
bool hz_tag_state_parse(const char *s, enum hz_tag_state *ret);

enum hz_decision { HZ_DECIDED_CONFIRMED = 1, HZ_DECIDED_REJECTED, HZ_DECIDED_ADDED };
const char *hz_decision_word(enum hz_decision d); /* "confirmed", "rejected", "added" */

/* The newest decision of one person. */
struct hz_decided {
	enum hz_decision what;
	uint8_t who[HZ_WHO_LEN]; /* hash of member and name [F-7.9] */
	uint32_t rules;          /* under which the tag stood then; 0: it was no program's */
	uint64_t record;         /* the record of the review */
};
struct hz_kept_tag {
	enum hz_axis axis;
	char value[64];
	enum hz_role role;
	enum hz_certainty certainty;
	unsigned score, band;
	bool ambiguous, experimental;
	bool given;      /* by the newest run over the text */
	uint32_t rules;  /* the rules that gave it, as it stands here; 0: added by hand only */
	uint64_t record; /* the classification that holds its spans; 0: none */
	size_t ndecided;
	struct hz_decided *decided; /* heap; the newest of each person, in the order of their events */
};
struct hz_tag_standing {
	enum hz_tag_state state;
	bool disputed; /* people decided both ways; the state is proposed then */
	bool before;   /* it was rejected under other rules, and is proposed again */
	size_t people; /* whose decisions count: not to be shown to who has not decided */
};
/* The state follows from the decisions. A tag of a party needs two people who agree, others one; who rejects
 * needs no second. Rejections count for the rules that they were made under. */
struct hz_tag_standing hz_tag_stands(const struct hz_kept_tag *t);
bool hz_tag_by(const struct hz_kept_tag *t, const uint8_t who[static HZ_WHO_LEN]); /* he has decided */
/* "party:russia@alleged-perpetrator", as hz_tag_id. */
void hz_kept_tag_id(const struct hz_kept_tag *t, char ret[static HZ_TAG_ID_MAX]);
/* The other way; HZ_MSG_FORMAT. "type:x" and "party:x" without a role mean role none; sets axis, value, role.
 */
HZ_RESULT hz_tag_id_read(const char *id, struct hz_kept_tag *ret);
/* "gov_sy" has below it "gov_sy" and "gov_sy.air", not "gov_syx"; of dates "2017-04" has "2017-04-04". */
bool hz_value_below(const char *value, const char *top, enum hz_axis axis);

/* --- the tags of one text --------------------------------------------------------------------------------
 */
struct hz_tag_set {
	uint64_t exhibit; /* whose bytes are the text: an exhibit or a derived one */
	uint64_t record;  /* newest classification; 0: none yet */
	uint32_t rules;   /* its rules */
	struct hz_ref at; /* newest event that this rests on */
	size_t n, cap;
	struct hz_kept_tag *v; /* heap; by axis, value, role */
};
void hz_tag_set_init(struct hz_tag_set *s, uint64_t exhibit);
void hz_tag_set_done(struct hz_tag_set *s);
struct hz_kept_tag *hz_tag_set_find(const struct hz_tag_set *s, const struct hz_kept_tag *like);
/* A run gave these tags. What people accepted stays as they saw it, the rest follows the run; what it gives
 * no more, and nobody decided, is superseded. HZ_MSG_LIMIT. */
HZ_RESULT hz_tag_set_run(
    struct hz_tag_set *s, const struct hz_tags *run, uint32_t rules, uint64_t record, struct hz_ref at);
/* A person decided; what names the tag (and its certainty, where it is added). HZ_MSG_LIMIT. */
HZ_RESULT hz_tag_set_decide(
    struct hz_tag_set *s, const struct hz_kept_tag *what, const struct hz_decided *d, struct hz_ref at);
/* Row contents [F-11.21]. */
HZ_RESULT hz_tag_set_put(const struct hz_tag_set *s, struct hz_buf *out);
HZ_RESULT hz_tag_set_read(const void *p, size_t n, uint64_t exhibit, struct hz_tag_set *ret);
/* One tag as the text of a field, and back [F-7.8]. The spans that are read have no term. Free with
 * hz_tag_clear. max: spans at most, the others are counted. */
HZ_RESULT hz_tag_text(const struct hz_tag *t, size_t max, struct hz_buf *out);
HZ_RESULT hz_tag_text_read(const char *s, size_t n, struct hz_tag *ret);
void hz_tag_clear(struct hz_tag *t);

/* The hash of who decides. kid: of the event's signer. The name counts folded, without blanks around it. */
HZ_RESULT hz_reviewer_id(const char *kid, const char *name, uint8_t ret[static HZ_WHO_LEN]);
/* This member, under that name (NULL: none). */
HZ_RESULT hz_reviewer_me(const struct hz_vault *v, const char *name, uint8_t ret[static HZ_WHO_LEN]);

/* --- reading ---------------------------------------------------------------------------------------------
 */
/* *ret_found false: nothing was ever run or decided. ret is empty then; free in both cases. */
HZ_RESULT hz_tag_set_load(struct hz_view *w, uint64_t exhibit, bool *ret_found, struct hz_tag_set *ret);
/* The texts of one exhibit that have tags: its own and those made out of it. *n counts from 0. */
HZ_RESULT hz_tag_set_next(
    struct hz_view *w, uint64_t origin, unsigned *n, bool *ret_found, struct hz_tag_set *ret);
/* All rows in order: the first whose text has a counter of its own or origin >= *origin, of texts > *n of the
 * same origin; both are set to what was found: add 1 to *n before the next call. */
HZ_RESULT hz_tag_set_walk(
    struct hz_view *w, uint64_t *origin, unsigned *n, bool *ret_found, struct hz_tag_set *ret);
/* Makes the set again from the events of the text's chain, and compares. HZ_MSG_VAULT_TAMPERED. */
HZ_RESULT hz_tag_set_check(struct hz_view *w, const struct hz_exhibit *e);
/* Every row of the table can be read and is of an exhibit that there is. HZ_MSG_VAULT_TAMPERED. */
HZ_RESULT hz_tag_rows_check(struct hz_view *w);
/* The tags of a classification, with their spans, as its record says them. Free with hz_tags_done. */
HZ_RESULT hz_classification_tags(struct hz_view *w, uint64_t record, struct hz_tags *ret);
/* The date of the event that the program was given for it; empty where none was. */
HZ_RESULT hz_classification_when(struct hz_view *w, uint64_t record, struct hz_classify_when *ret);

struct hz_rules_row {
	uint32_t no;
	uint8_t id[32], sha256[32];
	uint64_t size, record;
	struct hz_ref at;
	char name[64], version[64];
};
/* Rules files in the order in which they were kept; *no from 1. */
HZ_RESULT hz_rules_row_next(struct hz_view *w, uint32_t *no, bool *ret_found, struct hz_rules_row *ret);
HZ_RESULT hz_rules_row_get(struct hz_view *w, uint32_t no, struct hz_rules_row *ret);
HZ_RESULT hz_rules_row_find(
    struct hz_view *w, const uint8_t id[static 32], bool *ret_found, struct hz_rules_row *ret);
/* The file as it was given, appended; its size and SHA-256 are checked. */
HZ_RESULT hz_rules_bytes(struct hz_view *w, const struct hz_rules_row *row, struct hz_buf *out);
/* Row contents [F-11.22]. */
HZ_RESULT hz_rules_row_read(const void *p, size_t n, uint32_t no, struct hz_rules_row *ret);
HZ_RESULT hz_rules_row_put(const struct hz_rules_row *x, struct hz_buf *out);
/* Row, record and bytes of every rules file agree. HZ_MSG_VAULT_TAMPERED. */
HZ_RESULT hz_rules_rows_check(struct hz_view *w);

/* --- writing ---------------------------------------------------------------------------------------------
 */
struct hz_new_rules {
	const void *file; /* 1 to HZ_RULES_FILE_MAX bytes */
	size_t size;
	const uint8_t *id; /* 32 */
	const char *name, *version;
};
/* Keeps a rules file with a `record` event, unless one with this id is kept. *ret_new may be NULL. */
HZ_RESULT hz_batch_rules(struct hz_batch *b, const struct hz_new_rules *x, uint32_t *ret_no, bool *ret_new);

struct hz_new_classification {
	uint64_t exhibit;        /* whose bytes are the text */
	uint32_t rules;          /* number of their row */
	const uint8_t *rules_id; /* 32 */
	const char *rules_version;
	const char *engine;                  /* program and version */
	const struct hz_classify_when *when; /* or NULL */
	const struct hz_tags *tags;
};
/* An event `classify-suggest` and the row; *ret_new false and nothing is written where the newest
 * classification of the text says the very same. ret: the set as it is then; free it. */
HZ_RESULT hz_batch_classification(
    struct hz_batch *b, const struct hz_new_classification *x, bool *ret_new, struct hz_tag_set *ret);

/* The same without writing: what would be new, and the set as it would stand (its new records have the number
 * UINT64_MAX, which is none). rules: any number but 0 where the file is not kept yet. */
HZ_RESULT hz_view_classification(
    struct hz_view *w, const struct hz_new_classification *x, bool *ret_new, struct hz_tag_set *ret);

struct hz_new_review {
	uint64_t exhibit;              /* whose bytes are the text */
	const struct hz_kept_tag *tag; /* axis, value, role; certainty where it is added */
	enum hz_decision what;
	const char *by, *why;               /* by: the name as said, or NULL; why is needed */
	const char *status, *proof, *legal; /* words of [F-7.9], or NULL */
	bool has_span;                      /* of an added tag */
	uint64_t start, end;
};
/* An event `review` and the row. HZ_MSG_USAGE where the tag is not there (confirm,
 * reject) or a word is none of the list. */
HZ_RESULT hz_batch_review(struct hz_batch *b, const struct hz_new_review *x, struct hz_tag_set *ret);
/* Words of the lists, NULL-ended: status of the fact, standard of proof, legal characterisation. */
const char *const *hz_review_status_words(void);
const char *const *hz_review_proof_words(void);
const char *const *hz_review_legal_words(void);

#endif
