/* Outside text into what other programs read: one function for each kind of place. Nothing from outside goes
 * into such a place by another way (tests/lint/sinks.sh).
 *
 * place              function                        what it must not do there
 * terminal, log      hz_print_safe (base/enc.h)      move the cursor, turn a line round, forge a line
 * JSON               hz_jw_str and others (json.h)   end its string
 * HTML text          hz_html_text                    open an element, turn its surroundings round
 * HTML attribute     hz_html_attr                    end the attribute
 * spreadsheet        hz_csv_cell                     become a formula, end its cell
 * name of a file     hz_file_name                    leave its folder, hide its ending, be no name elsewhere
 *
 * All take any bytes, append to out and leave it as it was on failure: HZ_MSG_NOMEM, HZ_MSG_LIMIT over the
 * maximum of out. What hz_print_safe makes visible (controls, bidi controls, zero width, bytes that are not
 * UTF-8) is made visible here in the same form, so the text can be had back from it. */
#ifndef HZ_CODEC_SINK_H
#define HZ_CODEC_SINK_H

#include "base/buf.h"

/* Between tags: <bdi>...</bdi>, so that its direction ends with it. */
HZ_RESULT hz_html_text(struct hz_buf *out, const void *p, size_t n);
/* The value of an attribute with its double quotes: for what is shown (title, alt), on an element with
 * dir="auto". Never for addresses, styles, scripts or names of attributes: escaping does not make those
 * harmless. */
HZ_RESULT hz_html_attr(struct hz_buf *out, const void *p, size_t n);

/* One cell of a table in RFC 4180 form, always in double quotes; the caller writes commas and CR LF between
 * them. Programs that calculate take a cell for a formula when it begins with = + - @ (or their full-width
 * forms), also after blanks, and some begin a new cell at a separator or a quote inside. Wherever one of
 * these signs, or an apostrophe, could begin a cell, an apostrophe stands before it. To read a cell back: in
 * each place where a cell could begin (the start; after , ; | or "; blanks after those) take away one
 * apostrophe that stands before = + - @, their full-width forms or an apostrophe; then resolve \\ \xNN \uNNNN
 * \UNNNNNNNN. */
HZ_RESULT hz_csv_cell(struct hz_buf *out, const void *p, size_t n);

#define HZ_FILE_NAME_MAX ((size_t)120) /* bytes of a name that hz_file_name makes */
/* A name for a file that is to be made, out of a name from outside: one part of a path, visible, at most
 * HZ_FILE_NAME_MAX bytes with its ending kept, good on other systems too (no : * ? and the like, no device
 * names, no blank or full stop at the end), never hidden and never an option. Not reversible: two names may
 * become one, so the caller puts something of its own before it and never overwrites. "unnamed" for nothing.
 */
HZ_RESULT hz_file_name(struct hz_buf *out, const void *p, size_t n);

#endif
