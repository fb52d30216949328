/* Documents and archives: which reader a file gets. */
#ifndef HZ_INSPECT_DOCUMENT_H
#define HZ_INSPECT_DOCUMENT_H

#include "inspect/doc.h"

/* Before the sandbox is entered. HZ_MSG_UNSUPPORTED: archives and office files are then not read. */
HZ_RESULT hz_document_prepare(void);

/* type and charset are libmagic's ("" if none); the beginning of the file decides as well. Neither fails
 * because of the file: what was found before it ended stays. */
void hz_document_claims(struct hz_source *s, const char *type, const char *charset, struct hz_claims *c);
/* ALL, CUT or NONE. Text that is UTF-8 already is its own text and gives NONE. */
enum hz_inspect_text hz_document_text(
    struct hz_source *s, const char *type, const char *charset, struct hz_text *t);

#endif
