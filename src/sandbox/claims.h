/* What a file says of itself: a closed list of keys, each with a grammar for its value. hirz-inspect fills it
 * inside the sandbox, the asking side checks every value again, and a record keeps them as claims: never as
 * facts [F-11.13].
 *
 * A new key goes to the end of its group with the next free number; numbers and names are promises. */
#ifndef HZ_SANDBOX_CLAIMS_H
#define HZ_SANDBOX_CLAIMS_H

#include "base/err.h"
#include <stdint.h>

enum {
	HZ_CLAIMS_MAX = 64,       /* in one answer */
	HZ_CLAIM_VALUE_MAX = 256, /* bytes of a value */
	HZ_CLAIM_NAME_MAX = 40,
};

enum hz_claim_grammar {
	HZ_CLAIM_TEXT,      /* UTF-8 without C0, DEL, C1, U+2028, U+2029; no space at either end */
	HZ_CLAIM_WORD,      /* a-z 0-9 . _ + - / and at most 64 of them */
	HZ_CLAIM_NUMBER,    /* integer from 0 to 2^53-1, no leading zero */
	HZ_CLAIM_DECIMAL,   /* [-]digits[.digits], at most 15 before and 9 after the point */
	HZ_CLAIM_LATITUDE,  /* a decimal from -90 to 90 */
	HZ_CLAIM_LONGITUDE, /* a decimal from -180 to 180 */
	HZ_CLAIM_SHA256,    /* 64 lower-case hex */
	/* YYYY[-MM[-DD[Thh:mm[:ss[.f]][Z|+hh:mm|-hh:mm]]]], f 1 to 9 digits, a day of the calendar. Without
	 * a zone it is the local time of an unknown zone. */
	HZ_CLAIM_TIME
};

/* X(number, symbol, name in records after "inspected.", grammar). Ascending numbers. */
#define HZ_CLAIM_LIST(X)                                                                                     \
	/* the picture and the container */                                                                  \
	X(1, WIDTH, "width", NUMBER) /* pixels as stored, before any turning */                              \
	X(2, HEIGHT, "height", NUMBER)                                                                       \
	X(3, ORIENTATION, "orientation", NUMBER) /* 1 to 8, as EXIF counts */                                \
	X(4, DURATION, "duration", DECIMAL)      /* seconds */                                               \
	X(5, BRAND, "brand", TEXT)               /* major brand of an ISO base media file */                 \
	/* EXIF */                                                                                           \
	X(16, EXIF_MAKE, "exif.make", TEXT)                                                                  \
	X(17, EXIF_MODEL, "exif.model", TEXT)                                                                \
	X(18, EXIF_SERIAL, "exif.serial", TEXT)                                                              \
	X(19, EXIF_SOFTWARE, "exif.software", TEXT)                                                          \
	X(20, EXIF_ARTIST, "exif.artist", TEXT)                                                              \
	X(21, EXIF_COPYRIGHT, "exif.copyright", TEXT)                                                        \
	X(22, EXIF_TIME_TAKEN, "exif.time_taken", TIME)         /* DateTimeOriginal */                       \
	X(23, EXIF_TIME_DIGITIZED, "exif.time_digitized", TIME) /* DateTimeDigitized */                      \
	X(24, EXIF_TIME_MODIFIED, "exif.time_modified", TIME)   /* DateTime */                               \
	X(25, EXIF_LENS, "exif.lens", TEXT)                                                                  \
	/* position as EXIF has it */                                                                        \
	X(32, GPS_LATITUDE, "gps.latitude", LATITUDE)                                                        \
	X(33, GPS_LONGITUDE, "gps.longitude", LONGITUDE)                                                     \
	X(34, GPS_ALTITUDE, "gps.altitude", DECIMAL) /* metres */                                            \
	X(35, GPS_TIME, "gps.time", TIME)            /* of the satellites: UTC, so it ends with Z */         \
	/* XMP */                                                                                            \
	X(48, XMP_MAKE, "xmp.make", TEXT)                                                                    \
	X(49, XMP_MODEL, "xmp.model", TEXT)                                                                  \
	X(50, XMP_TOOL, "xmp.tool", TEXT)                                                                    \
	X(51, XMP_TIME_TAKEN, "xmp.time_taken", TIME) /* exif:DateTimeOriginal, photoshop:DateCreated */     \
	X(52, XMP_TIME_CREATED, "xmp.time_created", TIME)                                                    \
	X(53, XMP_TIME_MODIFIED, "xmp.time_modified", TIME)                                                  \
	/* MP4, MOV, 3GP */                                                                                  \
	X(64, VIDEO_MAKE, "video.make", TEXT)                                                                \
	X(65, VIDEO_MODEL, "video.model", TEXT)                                                              \
	X(66, VIDEO_SOFTWARE, "video.software", TEXT)                                                        \
	X(67, VIDEO_TIME_CREATED, "video.time_created", TIME) /* of the movie header */                      \
	X(68, VIDEO_TIME_MODIFIED, "video.time_modified", TIME)                                              \
	X(69, VIDEO_TIME_TAKEN, "video.time_taken", TIME) /* com.apple.quicktime.creationdate, (c)day */     \
	X(70, VIDEO_LATITUDE, "video.latitude", LATITUDE)                                                    \
	X(71, VIDEO_LONGITUDE, "video.longitude", LONGITUDE)                                                 \
	X(72, VIDEO_ALTITUDE, "video.altitude", DECIMAL)                                                     \
	/* signed or proven elsewhere: found, not checked */                                                 \
	X(80, C2PA_LABEL, "c2pa.label", TEXT)     /* of the active (last) manifest */                        \
	X(81, C2PA_SHA256, "c2pa.sha256", SHA256) /* of the manifest store's bytes */                        \
	X(82, C2PA_SIZE, "c2pa.size", NUMBER)                                                                \
	X(83, PROOFMODE_PART, "proofmode.part", WORD)                                                        \
	X(84, PROOFMODE_SHA256, "proofmode.sha256", SHA256) /* of the file that it speaks of */              \
	X(85, PROOFMODE_TIME, "proofmode.time", TIME)       /* Proof Generated */                            \
	/* documents */                                                                                      \
	X(96, DOC_TITLE, "doc.title", TEXT)                                                                  \
	X(97, DOC_AUTHOR, "doc.author", TEXT)                                                                \
	X(98, DOC_MODIFIED_BY, "doc.modified_by", TEXT)                                                      \
	X(99, DOC_TOOL, "doc.tool", TEXT)                                                                    \
	X(100, DOC_PRODUCER, "doc.producer", TEXT)                                                           \
	X(101, DOC_TIME_CREATED, "doc.time_created", TIME)                                                   \
	X(102, DOC_TIME_MODIFIED, "doc.time_modified", TIME)                                                 \
	X(103, DOC_PAGES, "doc.pages", NUMBER)                                                               \
	X(104, DOC_LANGUAGE, "doc.language", TEXT)                                                           \
	X(105, DOC_SUBJECT, "doc.subject", TEXT)                                                             \
	X(106, DOC_ENCRYPTED, "doc.encrypted", WORD)                                                         \
	X(107, DOC_CHARSET, "doc.charset", WORD)                                                             \
	X(108, DOC_CHARSET_BY, "doc.charset_by", WORD) /* mark, declared, libmagic, guess */                 \
	X(109, DOC_TEXT_TOOL, "doc.text_tool", TEXT)   /* what made the text: with its version */            \
	/* archives and web captures */                                                                      \
	X(112, ARCHIVE_ENTRIES, "archive.entries", NUMBER)                                                   \
	X(113, ARCHIVE_BYTES, "archive.bytes", NUMBER)                                                       \
	X(114, ARCHIVE_NOTE, "archive.note", TEXT)                                                           \
	X(115, WEB_URL, "web.url", TEXT)                                                                     \
	X(116, WEB_TIME, "web.time", TIME)                                                                   \
	X(117, WEB_TOOL, "web.tool", TEXT)                                                                   \
	X(118, WEB_CHECK, "web.check", WORD)                                                                 \
	X(119, ARCHIVE_FORMAT, "archive.format", WORD) /* zip, tar, 7z */                                    \
	X(120, ARCHIVE_KIND, "archive.kind", WORD)     /* wacz, proofmode */                                 \
	X(121, ARCHIVE_FOLDERS, "archive.folders", NUMBER)                                                   \
	X(122, ARCHIVE_UNSAFE, "archive.unsafe", NUMBER) /* names that lead out of a folder, links */        \
	X(123, ARCHIVE_UNNAMED, "archive.unnamed", NUMBER)                                                   \
	X(124, ARCHIVE_ENCRYPTED, "archive.encrypted", WORD)                                                 \
	X(125, ARCHIVE_COMPLETE, "archive.complete", WORD) /* no: counted as far as could be read */

enum hz_claim_key {
#define HZ_CLAIM_ENUM(num, sym, name, grammar) HZ_CLAIM_##sym = (num),
	HZ_CLAIM_LIST(HZ_CLAIM_ENUM)
#undef HZ_CLAIM_ENUM
};

struct hz_claim {
	enum hz_claim_key key;
	char value[HZ_CLAIM_VALUE_MAX + 1];
};
/* In ascending order of keys, each key at most once. */
struct hz_claims {
	size_t n;
	struct hz_claim list[HZ_CLAIMS_MAX];
};

/* "exif.make"; NULL for a number that is no key. */
const char *hz_claim_name(unsigned key);
/* Whether n bytes are a value of this key. */
bool hz_claim_ok(unsigned key, const void *value, size_t n);
/* The grammar of a key that exists. */
enum hz_claim_grammar hz_claim_grammar(enum hz_claim_key key);
/* The value of a key; NULL if there is none. */
const char *hz_claims_get(const struct hz_claims *c, enum hz_claim_key key);
/* Puts a value that is a value of this key at its place. False, and nothing changed, where it is none, or the
 * key is there already, or the list is full. */
bool hz_claims_put(struct hz_claims *c, enum hz_claim_key key, const void *value, size_t n);

#endif
