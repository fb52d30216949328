/* Rules and tags at the door: which rules a command uses, tags as JSON and as text, sentences with the words
 * that speak for a tag marked in them.
 *
 * Words of the rules that are critical or derogatory are matched but never printed as ours; the sentence of
 * the source is printed as it stands, it is the evidence. */
#ifndef HZ_CLI_TAGVIEW_H
#define HZ_CLI_TAGVIEW_H

#include "cli/common.h"
#include "review/again.h"
#include "review/review.h"

/* --- rules --------------------------------------------------------------------------------------------- */
enum hz_rules_from { HZ_RULES_FROM_FILE = 1, HZ_RULES_FROM_VAULT, HZ_RULES_FROM_PROGRAM };
struct hz_rulebook {
	struct hz_rules *rules;
	struct hz_buf file; /* the bytes that they were loaded from */
	enum hz_rules_from from;
	uint32_t no; /* in the vault; 0: not from there */
};
#define HZ_RULEBOOK_INIT                                                                                     \
	{                                                                                                    \
		.file = HZ_BUF_INIT(HZ_RULES_FILE_MAX)                                                       \
	}
/* Those of a file (NULL: none is given), else the newest that the vault keeps (NULL: none is open), else
 * those of the program. HZ_MSG_RULES_BAD, errors of reading. Free with hz_rulebook_done, also after a
 * failure. */
HZ_RESULT hz_rulebook_get(struct hz_cli *cli, struct hz_vault *v, const char *file, struct hz_rulebook *b);
/* The same for commands with --rules that need no vault: one that is there and opens without a question is
 * looked at, and closed again. */
HZ_RESULT hz_rulebook_anywhere(struct hz_cli *cli, struct hz_rulebook *b);
/* Rules number `no` of the vault; what b holds already is kept where it is that number. */
HZ_RESULT hz_rulebook_at(struct hz_view *w, uint32_t no, struct hz_rulebook *b);
/* The same, and where record is not 0 that classification of the text by them made again (review/again.h).
 * What io_again holds is kept only as long as the rules that it borrows from. */
HZ_RESULT hz_rulebook_again(struct hz_view *w, uint32_t no, uint64_t record, const struct hz_buf *text,
    struct hz_rulebook *b, struct hz_again *io_again);
HZ_RESULT hz_rulebook_shipped(struct hz_rulebook *b);
void hz_rulebook_done(struct hz_rulebook *b);
/* The bytes of a text; "" where it has none. */
const uint8_t *hz_tag_text_of(const struct hz_buf *text);
/* One line: name, version, where from. */
void hz_rulebook_say(struct hz_out *o, const struct hz_rulebook *b);

/* --- words of ours ------------------------------------------------------------------------------------ */
/* Translated; for hz_out_printf. */
const char *hz_show_axis(enum hz_axis a);
const char *hz_show_role(enum hz_role r);
const char *hz_show_certainty(enum hz_certainty c);
const char *hz_show_band(unsigned band);
const char *hz_show_tag_state(enum hz_tag_state s);
/* The label of a value in the person's language; the value itself where the rules have none. */
const char *hz_show_label(struct hz_out *o, const struct hz_rules *r, enum hz_axis a, const char *value);
/* An axis by its word; 0 for any other word. */
enum hz_axis hz_axis_of(const char *word);

/* --- tags ----------------------------------------------------------------------------------------------- */
struct hz_tag_say {
	const char *number;           /* of the exhibit; NULL: a text without a vault */
	const struct hz_rules *rules; /* NULL: a tag that no rules gave */
	const struct hz_tag *tag;
	const struct hz_tag_standing *now; /* NULL: proposed */
	const void *text;                  /* NULL: no sentences */
	size_t n;
	bool whole; /* every sentence, in full */
};
/* Members of a tag in an object that is open: id, axis, value, ... spans, rules; with a text also labels,
 * threshold and sentences. */
void hz_tag_members(struct hz_jw *w, const struct hz_tag_say *s);
/* One line of type `tag`. */
void hz_tag_json(struct hz_out *o, const struct hz_tag_say *s);
/* One line for a list; several with what speaks for it. */
void hz_tag_line(struct hz_out *o, const struct hz_tag_say *s);
void hz_tag_explain(struct hz_out *o, const struct hz_tag_say *s);
/* What an explanation shows only when it is asked for: denied, rejected, superseded. */
bool hz_tag_folded(const struct hz_tag *t, const struct hz_tag_standing *now);

/* --- what a command is about -------------------------------------------------------------------------- */
/* Rules of hz_select for words that are numbers, cases, or a query. */
unsigned hz_tags_select(const struct hz_cli *cli);

#endif
