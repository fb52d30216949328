/* What the parsers of this room share: one call for each family of files. Each looks at what it can read,
 * adds claims, and gives up quietly where the bytes are not as they should be: what was found before stays.
 * None of them calls itself; every loop has a limit. */
#ifndef HZ_INSPECT_MEDIA_H
#define HZ_INSPECT_MEDIA_H

#include "inspect/claims.h"
#include "inspect/source.h"

/* type is what libmagic said ("" if nothing); the beginning of the file decides as well. */
void hz_inspect_claims(struct hz_source *s, const char *type, struct hz_claims *c);

/* A TIFF structure (EXIF block or TIFF file) of len bytes from at. Three folders of tags are looked at: the
 * first, and the EXIF and GPS ones that it names; no chain is followed, so that no loop can be. With file the
 * size of the picture and an XMP packet are taken too. TIFF 6.0, Exif 2.32 (CIPA DC-008). */
void hz_exif_read(struct hz_source *s, uint64_t at, uint64_t len, bool file, struct hz_claims *c);

/* An XMP packet of n bytes (ISO 16684-1), read by expat. A document type ends the reading. */
void hz_xmp_read(const void *p, size_t n, struct hz_claims *c);
/* The same out of a file; nothing where it is larger than HZ_XMP_MAX. */
enum { HZ_XMP_MAX = 1 << 20 };
void hz_xmp_read_at(struct hz_source *s, uint64_t at, uint64_t len, struct hz_claims *c);

/* Segments up to the first scan (ITU T.81), PNG chunks (PNG 1.2 with eXIf), ISO base media files (ISO
 * 14496-12, HEIF 23008-12, QuickTime), WebP. */
void hz_jpeg_read(struct hz_source *s, struct hz_claims *c);
void hz_png_read(struct hz_source *s, struct hz_claims *c);
void hz_webp_read(struct hz_source *s, struct hz_claims *c);
void hz_bmff_read(struct hz_source *s, struct hz_claims *c);
/* The box meta of a picture in such a file: len bytes of content from at, the version included. */
void hz_heif_read(struct hz_source *s, uint64_t at, uint64_t len, struct hz_claims *c);

/* A C2PA manifest store (a JUMBF box, ISO 19566-5) of n bytes: found, labelled, hashed, not checked. */
void hz_c2pa_read(const void *bytes, size_t n, struct hz_claims *c);
enum { HZ_C2PA_MAX = 16 << 20 };
void hz_c2pa_read_at(struct hz_source *s, uint64_t at, uint64_t len, struct hz_claims *c);

/* The .proof.json of a ProofMode set: n bytes from the beginning of the file. */
void hz_proofmode_read(const void *p, size_t n, struct hz_claims *c);

/* Little helpers over bytes that are known to be there. */
static inline uint32_t
hz_le32(const uint8_t *p)
{
	return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}
static inline uint32_t
hz_rd_be16(const uint8_t *p)
{
	return (uint32_t)p[0] << 8 | p[1];
}

#endif
