/* PDF by the tools of poppler, pdfinfo and pdftotext: started behind walls of their own, before this process
 * goes behind its own and reads what they print. */
#ifndef HZ_INSPECT_PDF_H
#define HZ_INSPECT_PDF_H

#include "inspect/doc.h"
#include <sys/types.h>

struct hz_pdf {
	bool wants_text;
	int out;     /* what the tool prints; -1: none */
	int version; /* with text: what it says of itself */
	pid_t pid;
};

/* Starts the tool on a file that is open at its beginning: pdftotext where text is wanted, else pdfinfo.
 * Never fails: without a tool there are no claims and no text. */
void hz_pdf_begin(struct hz_pdf *p, int file, bool text);
/* With text: DOC_TEXT_TOOL alone. Else what pdfinfo says: title, subject, author, tool, producer, times,
 * number of pages, encrypted. */
void hz_pdf_claims(struct hz_pdf *p, struct hz_claims *c);
/* What pdftotext prints in its own order (not -raw, not -layout), without the direction marks U+202A to
 * U+202E that it puts around Arabic; a form feed after each page. */
enum hz_inspect_text hz_pdf_text(struct hz_pdf *p, struct hz_text *t);

/* The lines of pdfinfo. For tests. */
void hz_pdf_lines(const char *p, size_t n, struct hz_claims *c);
/* Takes the marks out of UTF-8, in place, also where they are cut between two pieces: keep holds up to two
 * bytes. */
size_t hz_pdf_strip(char *p, size_t n, uint8_t keep[static 3]);

#endif
