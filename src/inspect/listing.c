#include "inspect/listing.h"

#include "base/buf.h"
#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <langinfo.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define BLOCK       65536
#define SIZE_LAST   ((UINT64_C(1) << 53) - 1)
#define HASH_HEX    64
#define PROOFS_MAX  64
#define NAMES_BYTES (4 << 20) /* of names, until the kind is known */

/* libarchive's view of the file. */
struct over {
	struct hz_doc *doc;
	uint64_t at;
	uint8_t block[BLOCK];
};

static la_ssize_t
over_read(struct archive *a, void *arg, const void **ret_p)
{
	struct over *o = arg;
	size_t n = 0;

	if (hz_doc_time(o->doc) != HZ_OK ||
	    hz_source_some(o->doc->src, o->at, o->block, BLOCK, &n) != HZ_OK) {
		archive_set_error(a, EIO, "cannot read");
		return ARCHIVE_FATAL;
	}
	o->at += n;
	*ret_p = o->block;
	return (la_ssize_t)n;
}

static la_int64_t
over_skip(struct archive *a, void *arg, la_int64_t n)
{
	struct over *o = arg;

	(void)a;
	if (n < 0) {
		return 0;
	}
	uint64_t left = o->at < o->doc->src->size ? o->doc->src->size - o->at : 0;
	uint64_t skip = (uint64_t)n < left ? (uint64_t)n : left;
	o->at += skip;
	return (la_int64_t)skip;
}

static la_int64_t
over_seek(struct archive *a, void *arg, la_int64_t off, int whence)
{
	struct over *o = arg;
	int64_t base = whence == SEEK_CUR   ? (int64_t)o->at
		       : whence == SEEK_END ? (int64_t)o->doc->src->size
					    : 0;
	int64_t to = 0;

	(void)a;
	if (__builtin_add_overflow(base, off, &to) || to < 0) {
		return ARCHIVE_FATAL;
	}
	o->at = (uint64_t)to;
	return to;
}

static bool
support(struct archive *a, bool zip_only)
{
	if (archive_read_support_format_zip_seekable(a) != ARCHIVE_OK) {
		return false;
	}
	/* What it cannot do here (a filter that would start a program) it says with a warning: left out. */
	return zip_only || (archive_read_support_format_tar(a) == ARCHIVE_OK &&
			       archive_read_support_format_7zip(a) == ARCHIVE_OK &&
			       archive_read_support_filter_gzip(a) == ARCHIVE_OK &&
			       archive_read_support_filter_bzip2(a) == ARCHIVE_OK &&
			       archive_read_support_filter_xz(a) == ARCHIVE_OK);
}

/* NULL: no memory, or no archive (*ret_none). */
static struct archive *
archive_over(struct over *o, bool zip_only, bool *ret_none)
{
	struct archive *a = archive_read_new();

	*ret_none = false;
	if (a == NULL) {
		return NULL;
	}
	if (!support(a, zip_only) || archive_read_set_read_callback(a, over_read) != ARCHIVE_OK ||
	    archive_read_set_skip_callback(a, over_skip) != ARCHIVE_OK ||
	    archive_read_set_seek_callback(a, over_seek) != ARCHIVE_OK ||
	    archive_read_set_callback_data(a, o) != ARCHIVE_OK || archive_read_open1(a) != ARCHIVE_OK) {
		*ret_none = true;
		archive_read_free(a);
		return NULL;
	}
	return a;
}

/* Gives the thread a locale whose characters are UTF-8, once. */
static bool
utf8_names(void)
{
	if (strcmp(nl_langinfo(CODESET), "UTF-8") == 0) { /* NOLINT(concurrency-mt-unsafe): one thread here */
		return true;
	}
	locale_t utf8 = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);

	return utf8 != (locale_t)0 && uselocale(utf8) != (locale_t)0;
}

HZ_RESULT
hz_archive_prepare(void)
{
	/* An empty tar of 1,024 zero bytes goes through what is looked up by name. Names are converted by the
	 * locale of the thread, which stays: a locale is made from files. */
	static const uint8_t zeros[1024];
	struct archive_entry *e = NULL;
	/* mktime() looks for the file of a zone once, unless it is the system's: then each time. */
	bool zone = setenv("TZ", "UTC0", 1) == 0; /* NOLINT(concurrency-mt-unsafe): one thread here */
	bool named = utf8_names();
	struct archive *a = archive_read_new();

	tzset();
	bool ok = zone && named && a != NULL && support(a, false) &&
		  archive_read_open_memory(a, zeros, sizeof(zeros)) == ARCHIVE_OK;

	if (ok) {
		(void)archive_read_next_header(a, &e);
	}
	archive_read_free(a);
	return ok ? HZ_OK : hz_fail(HZ_MSG_UNSUPPORTED, "libarchive or its locale");
}

/* --- listing ----------------------------------------------------------------------------------------------
 */

struct hashed { /* names of the form <64 hex><rest> */
	char hex[HASH_HEX];
	bool asc, proof;
};

struct listing {
	struct hz_doc *doc;
	uint64_t entries, folders, size, unsafe, unnamed, unpacked;
	bool encrypted, complete;
	struct hz_buf names; /* NUL-ended */
	size_t nnames;
	enum hz_err err;
	bool types, word, mimetype, content, package, warcs;
	struct hashed proofs[PROOFS_MAX];
	size_t nproofs;
};

/* Would lead out of a folder that somebody unpacks into. */
static bool
is_unsafe(const char *name)
{
	const char *p = name;

	if (name[0] == '/' || name[0] == '\\' || (name[0] != '\0' && name[1] == ':')) {
		return true;
	}
	while (*p != '\0') {
		size_t n = strcspn(p, "/\\");

		if (n == 2 && p[0] == '.' && p[1] == '.') {
			return true;
		}
		p += n;
		p += *p != '\0';
	}
	return false;
}

static bool
begins(const char *s, const char *with)
{
	return strncmp(s, with, strlen(with)) == 0;
}

static bool
ends(const char *s, const char *with)
{
	size_t n = strlen(s), k = strlen(with);

	return n >= k && strcmp(s + n - k, with) == 0;
}

static void
note_proof(struct listing *l, const char *name)
{
	bool asc = strcmp(name + HASH_HEX, ".asc") == 0;
	bool proof =
	    strcmp(name + HASH_HEX, ".proof.csv") == 0 || strcmp(name + HASH_HEX, ".proof.json") == 0;
	size_t i = 0;

	if (!asc && !proof) {
		return;
	}
	while (i < l->nproofs && memcmp(l->proofs[i].hex, name, HASH_HEX) != 0) {
		i++;
	}
	if (i == PROOFS_MAX) {
		return;
	}
	if (i == l->nproofs) {
		memcpy(l->proofs[i].hex, name, HASH_HEX);
		l->nproofs++;
	}
	l->proofs[i].asc = l->proofs[i].asc || asc;
	l->proofs[i].proof = l->proofs[i].proof || proof;
}

/* What the names say the whole is. */
static void
note_name(struct listing *l, const char *name)
{
	l->types = l->types || strcmp(name, "[Content_Types].xml") == 0;
	l->word = l->word || strcmp(name, "word/document.xml") == 0;
	l->mimetype = l->mimetype || strcmp(name, "mimetype") == 0;
	l->content = l->content || strcmp(name, "content.xml") == 0;
	l->package = l->package || strcmp(name, "datapackage.json") == 0;
	l->warcs = l->warcs || (begins(name, "archive/") && (ends(name, ".warc") || ends(name, ".warc.gz")));
	if (strspn(name, "0123456789abcdef") == HASH_HEX) {
		note_proof(l, name);
	}
}

static void
keep_name(struct listing *l, const char *name)
{
	size_t n = strnlen(name, HZ_DOC_NAME_MAX);

	if (l->doc->text == NULL || l->nnames == HZ_DOC_NAMES_MAX || l->names.len + n >= NAMES_BYTES) {
		l->doc->cut = l->doc->cut || l->doc->text != NULL;
		return;
	}
	l->err = hz_buf_put(&l->names, name, n);
	if (l->err == HZ_OK) {
		l->err = hz_buf_putc(&l->names, '\0');
	}
	l->nnames++;
}

static void
note_entry(struct listing *l, struct archive_entry *e)
{
	const char *name = archive_entry_pathname_utf8(e);
	int64_t size = archive_entry_size_is_set(e) ? archive_entry_size(e) : 0;

	if (name == NULL) {
		name = archive_entry_pathname(e);
	}
	l->entries++;
	l->folders += archive_entry_filetype(e) == AE_IFDIR;
	if (size > 0) {
		l->size = (uint64_t)size > SIZE_LAST - l->size ? SIZE_LAST : l->size + (uint64_t)size;
	}
	l->encrypted = l->encrypted || archive_entry_is_encrypted(e) == 1;
	if (name == NULL || name[0] == '\0') {
		l->unnamed++;
		return;
	}
	l->unsafe +=
	    is_unsafe(name) || archive_entry_hardlink(e) != NULL || archive_entry_filetype(e) == AE_IFLNK;
	note_name(l, name);
	keep_name(l, name);
}

/* Behind compression the way to the next entry goes through the bytes of this one, which are counted. */
static bool
pass_data(struct listing *l, struct archive *a, struct hz_doc *d)
{
	const void *p = NULL;
	size_t n = 0;
	la_int64_t off = 0;
	int r = ARCHIVE_OK;

	while ((r = archive_read_data_block(a, &p, &n, &off)) == ARCHIVE_OK || r == ARCHIVE_WARN) {
		l->unpacked += n;
		if (hz_doc_expands(d->src->size, l->unpacked) || hz_doc_time(d) != HZ_OK) {
			return false;
		}
	}
	return r == ARCHIVE_EOF;
}

static void
go_through(struct listing *l, struct archive *a, struct hz_doc *d)
{
	struct archive_entry *e = NULL;

	for (;;) {
		int r = archive_read_next_header(a, &e);

		if (r == ARCHIVE_EOF) {
			l->complete = true;
			return;
		}
		if ((r != ARCHIVE_OK && r != ARCHIVE_WARN) || hz_doc_time(d) != HZ_OK ||
		    l->entries == HZ_DOC_ENTRIES_MAX || l->err != HZ_OK) {
			return;
		}
		note_entry(l, e);
		int base = archive_format(a) & ARCHIVE_FORMAT_BASE_MASK;
		bool through = base == ARCHIVE_FORMAT_7ZIP || archive_filter_count(a) > 1;

		if (through && !pass_data(l, a, d)) {
			return;
		}
	}
}

static enum hz_archive_kind
kind_of(const struct listing *l, bool zip)
{
	if (!zip) {
		return HZ_ARCHIVE_PLAIN;
	}
	if (l->types) {
		return l->word ? HZ_ARCHIVE_DOCX : HZ_ARCHIVE_OOXML;
	}
	if (l->mimetype && l->content) {
		return HZ_ARCHIVE_ODF;
	}
	if (l->package && l->warcs) {
		return HZ_ARCHIVE_WACZ;
	}
	for (size_t i = 0; i < l->nproofs; i++) {
		if (l->proofs[i].asc && l->proofs[i].proof) {
			return HZ_ARCHIVE_PROOFMODE;
		}
	}
	return HZ_ARCHIVE_PLAIN;
}

static void
say_count(struct hz_claims *c, enum hz_claim_key key, uint64_t n)
{
	if (n > 0) {
		hz_claims_add_number(c, key, n);
	}
}

/* One name a line; of bytes that are no text hz_doc_text makes some. */
static enum hz_err
give_names(const struct listing *l)
{
	char line[HZ_DOC_NAME_MAX + 1];
	const char *p = (const char *)l->names.p;

	for (size_t i = 0; i < l->nnames; i++) {
		size_t n = strlen(p);

		for (size_t k = 0; k < n; k++) {
			line[k] = (char)((uint8_t)p[k] < 0x20 ? ' ' : p[k]);
		}
		line[n] = '\n';
		HZ_TRY(hz_doc_text(l->doc, line, n + 1));
		p += n + 1;
	}
	return HZ_OK;
}

static enum hz_err
say(const struct listing *l, const char *format, enum hz_archive_kind kind)
{
	struct hz_claims *c = l->doc->claims;

	hz_claims_add(c, HZ_CLAIM_ARCHIVE_FORMAT, format);
	if (kind == HZ_ARCHIVE_WACZ || kind == HZ_ARCHIVE_PROOFMODE) {
		hz_claims_add(c, HZ_CLAIM_ARCHIVE_KIND, kind == HZ_ARCHIVE_WACZ ? "wacz" : "proofmode");
	}
	hz_claims_add_number(c, HZ_CLAIM_ARCHIVE_ENTRIES, l->entries);
	say_count(c, HZ_CLAIM_ARCHIVE_FOLDERS, l->folders);
	hz_claims_add_number(c, HZ_CLAIM_ARCHIVE_BYTES, l->size);
	say_count(c, HZ_CLAIM_ARCHIVE_UNSAFE, l->unsafe);
	say_count(c, HZ_CLAIM_ARCHIVE_UNNAMED, l->unnamed);
	if (l->encrypted) {
		hz_claims_add(c, HZ_CLAIM_ARCHIVE_ENCRYPTED, "yes");
	}
	hz_claims_add(c, HZ_CLAIM_ARCHIVE_COMPLETE, l->complete ? "yes" : "no");
	l->doc->cut = l->doc->cut || !l->complete;
	return give_names(l);
}

static enum hz_err
list(struct listing *l, struct archive *a, struct hz_doc *d, enum hz_archive_kind *ret_kind)
{
	go_through(l, a, d);
	int base = archive_format(a) & ARCHIVE_FORMAT_BASE_MASK;
	bool zip = base == ARCHIVE_FORMAT_ZIP;

	HZ_TRY(l->err);
	/* Before the first entry an error means that it was no archive. */
	if (l->entries == 0 && (!l->complete || base == 0)) {
		return HZ_OK;
	}
	enum hz_archive_kind kind = kind_of(l, zip);

	*ret_kind = kind;
	if (kind == HZ_ARCHIVE_DOCX || kind == HZ_ARCHIVE_OOXML || kind == HZ_ARCHIVE_ODF) {
		l->doc->cut = false; /* of the list, which is not asked for */
		return HZ_OK;
	}
	return say(l, zip ? "zip" : base == ARCHIVE_FORMAT_7ZIP ? "7z" : "tar", kind);
}

HZ_RESULT
hz_archive_list(struct hz_doc *d, enum hz_archive_kind *ret_kind)
{
	struct over *o = calloc(1, sizeof *o);
	struct listing *l = calloc(1, sizeof *l);
	enum hz_archive_kind kind = HZ_ARCHIVE_NONE;
	enum hz_err r = HZ_OK;
	bool none = false;

	if (o == NULL || l == NULL) {
		r = hz_fail(HZ_MSG_NOMEM, "an archive");
	} else {
		o->doc = d;
		l->doc = d;
		l->names = (struct hz_buf)HZ_BUF_INIT(NAMES_BYTES);
		struct archive *a = archive_over(o, false, &none);

		if (a != NULL) {
			r = list(l, a, d, &kind);
			archive_read_free(a);
		} else if (!none) {
			r = hz_fail(HZ_MSG_NOMEM, "an archive");
		}
		hz_buf_done(&l->names);
	}
	free(o);
	free(l);
	if (r == HZ_OK) {
		*ret_kind = kind;
	}
	return r;
}

/* --- one member -------------------------------------------------------------------------------------------
 */

static enum hz_err
unpack(
    struct archive *a, struct hz_doc *d, enum hz_err (*sink)(void *arg, const void *p, size_t n), void *arg)
{
	uint64_t unpacked = 0;
	const void *p = NULL;
	size_t n = 0;
	la_int64_t off = 0;

	for (;;) {
		int r = archive_read_data_block(a, &p, &n, &off);

		if (r == ARCHIVE_EOF) {
			return HZ_OK;
		}
		if (r != ARCHIVE_OK && r != ARCHIVE_WARN) {
			return hz_fail(HZ_MSG_FORMAT, "a member that cannot be unpacked");
		}
		unpacked += n;
		if (hz_doc_expands(d->src->size, unpacked)) {
			return hz_fail(HZ_MSG_LIMIT, "a member unpacks to too much");
		}
		HZ_TRY(hz_doc_time(d));
		HZ_TRY(sink(arg, p, n));
	}
}

static enum hz_err
find_and_unpack(struct archive *a, struct hz_doc *d, const char *name,
    enum hz_err (*sink)(void *arg, const void *p, size_t n), void *arg, bool *ret_found)
{
	struct archive_entry *e = NULL;

	for (uint64_t i = 0; i < HZ_DOC_ENTRIES_MAX; i++) {
		int r = archive_read_next_header(a, &e);

		if (r == ARCHIVE_EOF) {
			return HZ_OK;
		}
		if (r != ARCHIVE_OK && r != ARCHIVE_WARN) {
			return hz_fail(HZ_MSG_FORMAT, "a damaged archive");
		}
		const char *is = archive_entry_pathname(e);

		if (is != NULL && strcmp(is, name) == 0) {
			*ret_found = true;
			return unpack(a, d, sink, arg);
		}
		HZ_TRY(hz_doc_time(d));
	}
	return hz_fail(HZ_MSG_LIMIT, "more than %d entries", HZ_DOC_ENTRIES_MAX);
}

HZ_RESULT
hz_archive_member(struct hz_doc *d, const char *name, enum hz_err (*sink)(void *arg, const void *p, size_t n),
    void *arg, bool *ret_found)
{
	struct over *o = calloc(1, sizeof *o);
	bool none = false;

	if (o == NULL) {
		return hz_fail(HZ_MSG_NOMEM, "an archive");
	}

	o->doc = d;
	*ret_found = false;
	struct archive *a = archive_over(o, true, &none);
	enum hz_err r = HZ_OK;

	if (a == NULL) {
		r = none ? hz_fail(HZ_MSG_FORMAT, "not a zip") : hz_fail(HZ_MSG_NOMEM, "an archive");
	} else {
		r = find_and_unpack(a, d, name, sink, arg, ret_found);
		archive_read_free(a);
	}
	free(o);
	return r;
}
