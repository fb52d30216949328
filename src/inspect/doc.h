/* What the readers of documents and archives have in common: where bytes come from, where findings go.
 *
 * A reader is given a hostile file and says what it claims and which text is in it. It keeps no state between
 * files, and every loop of it ends at a named limit or at the deadline. What was found before an error
 * counts: an error only says that there is no more. */
#ifndef HZ_INSPECT_DOC_H
#define HZ_INSPECT_DOC_H

#include "inspect/claims.h"
#include "inspect/text.h"

enum {
	HZ_DOC_DEPTH_MAX = 256,        /* elements within each other */
	HZ_DOC_EXPAND_MAX = 256 << 20, /* bytes unpacked for one question */
	HZ_DOC_EXPAND_FREE = 1 << 20,  /* unpacked in any case; beyond it the ratio counts */
	HZ_DOC_EXPAND_RATIO = 200,     /* unpacked bytes for each byte of the file */
	HZ_DOC_CPU_MS = 1500, /* processor time for one file: a reader ends itself before it is ended */
	HZ_DOC_ENTRIES_MAX = 100000, /* of an archive that are counted */
	HZ_DOC_NAMES_MAX = 10000,    /* of an archive that are listed */
	HZ_DOC_NAME_MAX = 4096,      /* bytes of a name; a longer one is cut */
};

struct hz_doc {
	struct hz_source *src;
	struct hz_claims *claims;
	struct hz_text *text; /* NULL: no text is wanted */
	int64_t end_ms;       /* of hz_doc_clock(); 0: no end */
	bool cut;             /* a limit or damage ended it before the file did */
	bool in_line;         /* the last character given was not a line's end */
};

/* Milliseconds of processor time: what another process does, or how long the receiver takes, counts for
 * nothing, so that the same file ends at the same place. */
int64_t hz_doc_clock(void);
/* HZ_MSG_LIMIT when the time is over. */
HZ_RESULT hz_doc_time(struct hz_doc *d);
/* UTF-8 on its way to hz_text_put. HZ_MSG_LIMIT, and cut is set, where no more is taken. */
HZ_RESULT hz_doc_text(struct hz_doc *d, const char *p, size_t n);
/* Ends the line unless nothing stands in it. */
HZ_RESULT hz_doc_line(struct hz_doc *d);
/* Whether so many unpacked bytes are more than a file of this size may give. */
bool hz_doc_expands(uint64_t file, uint64_t unpacked);

#endif
