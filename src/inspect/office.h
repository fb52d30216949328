/* Text and properties of Office Open XML and OpenDocument files: members of a zip, read with expat. No
 * document type, no entity, no external anything: a file with one of them is not read. */
#ifndef HZ_INSPECT_OFFICE_H
#define HZ_INSPECT_OFFICE_H

#include "inspect/listing.h"

/* kind is what hz_archive_list said: DOCX, OOXML (properties only), ODF; any other does nothing. Gives doc.*
 * claims and text, one paragraph a line: of DOCX the body, footnotes, endnotes, comments; of ODF the body.
 * Left out: what a tracked change has deleted, codes of fields, and the second of two forms of the same
 * thing. HZ_MSG_FORMAT and HZ_MSG_LIMIT: ended early; what came before stands, and d->cut is set. */
HZ_RESULT hz_office_read(struct hz_doc *d, enum hz_archive_kind kind);

/* One member by itself: what hz_office_read does with bytes that it has unpacked. For tests. */
enum hz_office_part { HZ_OFFICE_WORD, HZ_OFFICE_ODF, HZ_OFFICE_PROPERTIES };
HZ_RESULT hz_office_xml(struct hz_doc *d, enum hz_office_part part, const void *p, size_t n);

#endif
