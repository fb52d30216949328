/* The words of a web page: what stands between the tags, with references decoded and white space as a reader
 * sees it. Nothing is run, fetched or laid out: what a style hides is there too. */
#ifndef HZ_INSPECT_HTML_H
#define HZ_INSPECT_HTML_H

#include "inspect/doc.h"

/* Claims doc.title, doc.charset, doc.charset_by ("mark", "declared", "libmagic", "guess"); text without the
 * content of script, style, template, iframe, object, noframes, noembed. said: charset of the media type, may
 * be empty. HZ_MSG_LIMIT, HZ_MSG_NOMEM, errors of d->text. */
HZ_RESULT hz_html_read(struct hz_doc *d, const char *said);

#endif
