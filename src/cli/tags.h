/* Tags of an exhibit, in queries and as JSON. */
#ifndef HZ_CLI_TAGS_H
#define HZ_CLI_TAGS_H

#include "codec/json.h"
#include "review/review.h"

/* "image/png", "image": media types in a query. Anything else is of the rules. */
bool hz_is_media_word(const char *s, size_t n);
/* A role by its word or by a part of it: "alleged-perpetrator", "perpetrator", "victim". */
bool hz_role_read(const char *s, enum hz_role *ret);
/* The members of an exhibit's line, texts made out of it included: `tags`, the ids of those that are
 * confirmed, added or proposed and not denied; `party`, who alone is named as perpetrator by tags that people
 * confirmed or added, else null. With all, further `tag_states`: every tag as an object. Says nothing of
 * single decisions. */
void hz_tags_json(struct hz_jw *w, struct hz_view *view, uint64_t exhibit, bool all);

#endif
