/* Archives as libarchive reads them: what is in them, never unpacked but for single members in memory.
 * Formats: zip, tar (plain, gzip, bzip2, xz), 7z. */
#ifndef HZ_INSPECT_LISTING_H
#define HZ_INSPECT_LISTING_H

#include "inspect/doc.h"

/* Loads what libarchive needs a file for, and gives this thread a locale in which names are UTF-8. Before the
 * sandbox is entered; HZ_MSG_UNSUPPORTED. */
HZ_RESULT hz_archive_prepare(void);

/* What an archive is, by the names in it. */
enum hz_archive_kind {
	HZ_ARCHIVE_NONE = 0, /* no archive that is read here */
	HZ_ARCHIVE_PLAIN,
	HZ_ARCHIVE_DOCX,      /* Word, Office Open XML */
	HZ_ARCHIVE_OOXML,     /* another Office Open XML file: properties only */
	HZ_ARCHIVE_ODF,       /* OpenDocument */
	HZ_ARCHIVE_WACZ,      /* web archive: datapackage.json and archive/ */
	HZ_ARCHIVE_PROOFMODE, /* a ProofMode set: <sha256>.asc and <sha256>.proof.csv or .json */
};

/* Goes through the entries, gives the archive.* claims and, as text, one name a line (at most
 * HZ_DOC_NAMES_MAX; what would end a line becomes a space). A file that is no archive, and a document (DOCX,
 * ODF), give none of this. Where a limit or damage ends the walk the claim archive.complete is "no", and
 * d->cut is set. HZ_MSG_NOMEM and the errors of d->text; what is wrong with the file is no error. */
HZ_RESULT hz_archive_list(struct hz_doc *d, enum hz_archive_kind *ret_kind);

/* Unpacks the first member of that very name into sink, in pieces. *ret_found is false where there is none.
 * HZ_MSG_LIMIT over HZ_DOC_EXPAND_*, HZ_MSG_FORMAT for a damaged file, and errors of sink. */
HZ_RESULT hz_archive_member(struct hz_doc *d, const char *name,
    enum hz_err (*sink)(void *arg, const void *p, size_t n), void *arg, bool *ret_found);

/* The claims of a WACZ out of its datapackage.json: doc.title, web.tool, web.time, web.url. */
HZ_RESULT hz_wacz_read(struct hz_doc *d);

#endif
