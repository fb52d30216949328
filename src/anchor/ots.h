/* Proofs of OpenTimestamps: a bounded reader that replays them (docs/format.md [F-8.10]). Asks nobody. */
#ifndef HZ_ANCHOR_OTS_H
#define HZ_ANCHOR_OTS_H

#include "base/buf.h"

#define HZ_OTS_FILE_MAX   65536
#define HZ_OTS_MSG_MAX    4096 /* a message, an argument */
#define HZ_OTS_DEPTH_MAX  256  /* operations on one way, branches open at once */
#define HZ_OTS_STEPS_MAX  8192 /* operations of a whole proof */
#define HZ_OTS_ATTEST_MAX 64
#define HZ_OTS_URI_MAX    1000

enum hz_ots_hash {
	HZ_OTS_SHA1 = 0x02,
	HZ_OTS_RIPEMD160 = 0x03,
	HZ_OTS_SHA256 = 0x08,
	HZ_OTS_KECCAK256 = 0x67
};
enum hz_ots_kind { HZ_OTS_PENDING, HZ_OTS_BITCOIN, HZ_OTS_LITECOIN, HZ_OTS_UNKNOWN };

struct hz_ots_attest {
	enum hz_ots_kind kind;
	uint8_t tag[8];
	uint64_t height;        /* of the block: bitcoin, litecoin */
	uint8_t root[32];       /* the Merkle root that the block must have, in internal byte order */
	size_t uri_at, uri_len; /* pending: where the calendar's address lies in the file */
};
struct hz_ots {
	enum hz_ots_hash hash; /* of the file */
	uint8_t digest[32];
	size_t digest_len;
	size_t n; /* attestations, in the order of the file */
	struct hz_ots_attest a[HZ_OTS_ATTEST_MAX];
};
/* HZ_MSG_FORMAT, HZ_MSG_VERSION for another major version, HZ_MSG_LIMIT. */
HZ_RESULT hz_ots_read(const void *p, size_t n, struct hz_ots *ret);
const char *hz_ots_kind_name(enum hz_ots_kind k); /* "pending", "bitcoin", ... */

#endif
