/* Bech32 (BIP 173, checksum constant 1) as age uses it: no limit of 90 characters. Pure encoding; the
 * caller wipes what is secret. */
#ifndef HZ_CRYPTO_BECH32_H
#define HZ_CRYPTO_BECH32_H

#include "base/buf.h"

#define HZ_BECH32_HRP_MAX  83
#define HZ_BECH32_DATA_MAX 4096 /* bytes */

/* Appends hrp, "1", n bytes of data and the checksum. hrp is given in lower case (characters 33 to 126);
 * with upper the whole is written in upper case. HZ_MSG_LIMIT, HZ_MSG_NOMEM. */
HZ_RESULT hz_bech32_encode(const char *hrp, const void *data, size_t n, bool upper, struct hz_buf *out);

/* Decodes the whole of s, which must be all lower or all upper case, have the wanted hrp (given in lower
 * case), a good checksum and zero padding of less than 5 bits. Into ret_data go at most max bytes.
 * HZ_MSG_FORMAT; what stood in ret_data is kept on failure. */
HZ_RESULT hz_bech32_decode(
    const char *s, size_t len, const char *hrp, uint8_t *ret_data, size_t max, size_t *ret_n);

#endif
