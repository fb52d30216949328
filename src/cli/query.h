/* Queries: which exhibits a person means. Words and KEY:VALUE terms, all of which must hold; "not" before a
 * term turns it round; what stands between double quotes is one word.
 *
 *   WORD           part of title, name, source, place or number, in any Arabic spelling
 *   title: name: source: place:    part of this field; the value goes on to the next key
 *   id:DM3-117     case:CODE       consent:given|none|unknown
 *   type:image/    media type: a value with a slash, or its first part (image, video, audio, text ...)
 *   type:ID        a violation that it is tagged with, or one below it in the tree of the rules
 *   party:ID       the same of a party; role:ROLE and state:STATE say more of the tags that are meant.
 * Without a state: confirmed, added and proposed ones that are not denied date:A..B      claimed time; A and
 * B are YYYY, YYYY-MM or YYYY-MM-DD, either may be missing sealed:A..B    time of sealing      size:>4M
 * size:<100k  size:A..B Keys have Arabic names too. */
#ifndef HZ_CLI_QUERY_H
#define HZ_CLI_QUERY_H

#include "classify/classify.h"
#include "vault/vault.h"

#define HZ_QUERY_MAX   65536 /* bytes */
#define HZ_QUERY_TERMS 64

struct hz_term;
struct hz_query {
	size_t n;
	struct hz_term *terms; /* heap */
};

/* Parses words as they came from the command line: each is a piece of the query. HZ_MSG_BAD_QUERY with the
 * position in characters, counted from 1 over all words with a space between them. Free with hz_query_done,
 * also after a failure. */
HZ_RESULT hz_query_parse(char *const *words, size_t count, struct hz_query *ret_q);
/* Looks up what the query names: cases. HZ_MSG_NO_CASE. */
HZ_RESULT hz_query_bind(struct hz_query *q, struct hz_view *w);
/* The next type or party, from term *at on, that the rules do not know; *at is set behind it. NULL: none. */
const char *hz_query_unknown(const struct hz_query *q, const struct hz_rules *rules, size_t *at);
void hz_query_done(struct hz_query *q);
/* Whether the exhibit is meant. r: its record, or NULL to have it read when a term needs it; further receipts
 * are read when a term needs them. */
HZ_RESULT hz_query_match(const struct hz_query *q, struct hz_view *w, const struct hz_exhibit *e,
    const struct hz_record *r, bool *ret_match);

/* "2019", "2019-07", "2019-07-22" as the first and the last of their days, YYYY-MM-DD; false for anything
 * else. */
bool hz_query_date(const char *s, size_t n, char ret_from[static 11], char ret_to[static 11]);

#endif
