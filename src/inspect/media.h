/* What the parsers of this room share: one call for each family of files. Each looks at what it can read,
 * adds claims, and gives up quietly where the bytes are not as they should be: what was found before stays.
 */
#ifndef HZ_INSPECT_MEDIA_H
#define HZ_INSPECT_MEDIA_H

#include "inspect/claims.h"
#include "inspect/source.h"

/* type is what libmagic said ("" if nothing); the beginning of the file decides as well. */
void hz_inspect_claims(struct hz_source *s, const char *type, struct hz_claims *c);

#endif
