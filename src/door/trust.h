/* Options that stand at several commands: what a reader brings along to check with. */
#ifndef HZ_DOOR_TRUST_H
#define HZ_DOOR_TRUST_H

#include "door/options.h"

/* clang-format off */
#define HZ_OPT_AGAINST \
	{ "against", 0, "FILE", \
	  N_("an earlier bundle, checkpoint, pin, witness file or proof of misconduct (may be repeated)"), NULL }
#define HZ_OPT_POLICY \
	{ "policy", 0, "FILE", N_("witnesses that you trust, and how many of them are needed (tlog-policy)"), NULL }
#define HZ_OPT_BLOCK_HEADER \
	{ "block-header", 0, "FILE", N_("headers of Bitcoin blocks: 80 bytes, or lines of 160 hex digits"), NULL }
#define HZ_OPTS_STAMPS \
	{ "tsa-ca", 0, "FILE", N_("certificate of a time stamp authority that you trust (may be repeated)"), NULL }, \
	{ "crl", 0, "FILE", N_("revocation list for it, in PEM (may be repeated)"), NULL }, \
	{ "ocsp", 0, "FILE", N_("answer of an OCSP responder about it (may be repeated)"), NULL }, \
	HZ_OPT_BLOCK_HEADER
/* clang-format on */

#endif
