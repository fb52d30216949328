/* What the texts of C2SP have in common: lines of hashes, and keys as name+id+key. Inside the room. */
#ifndef HZ_CUSTODY_LINES_H
#define HZ_CUSTODY_LINES_H

#include "custody/custody.h"

#define HZ_KEY_ID 4

/* The next line of s[n] from *at on, without its LF; false where there is none. Borrowed. */
bool hz_line_next(const char *s, size_t n, size_t *at, const char **ret_line, size_t *ret_len);
/* n hashes, each in Base64 on a line of its own, an empty line, then the note: the end of proofs [F-8.6] and
 * requests [F-8.13]. Where it fails, out may hold a part. */
HZ_RESULT hz_lines_put(const void *proof, size_t n, const void *note, size_t notelen, struct hz_buf *out);
/* Such a line. HZ_MSG_FORMAT; what says of what it is. */
HZ_RESULT hz_line_hash(const char *what, const char *line, size_t len, uint8_t ret_hash[static HZ_HASH]);

/* First 4 bytes of H(name || LF || type || public key): type 1 is a key of notes, 4 one of cosignatures. */
void hz_key_id(
    uint8_t type, const char *name, size_t n, const uint8_t pk[static 32], uint8_t ret_id[static HZ_KEY_ID]);
/* name+id+key, behind what out holds; out is as it was where it fails. */
HZ_RESULT hz_key_text(uint8_t type, const char *name, const uint8_t pk[static 32], struct hz_buf *out);

#endif
