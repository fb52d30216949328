/* The logs of a vault held against what was kept of them outside: checkpoints, pins, earlier bundles,
 * witnesses (docs/format.md 10.4). */
#ifndef HZ_AUDIT_AGAINST_H
#define HZ_AUDIT_AGAINST_H

#include "outside/outside.h"
#include "vault/vault.h"

enum hz_against_state {
	HZ_AGAINST_SAME,
	HZ_AGAINST_GREW,
	HZ_AGAINST_FORK,      /* another history was signed, or a proof of misconduct holds */
	HZ_AGAINST_OLDER,     /* the vault is older */
	HZ_AGAINST_RESTORED,  /* it is, and its next log says so itself */
	HZ_AGAINST_OTHER_LOG, /* nothing to compare */
	HZ_AGAINST_OTHER_KEY  /* not signed by the key of this log: nothing to compare */
};
struct hz_against {
	enum hz_against_state state;
	uint64_t was, is;
	/* Of an earlier bundle: the first entry known to differ, and the last known to be the same;
	 * UINT64_MAX: not known. Of an older vault the first missing entry is number `is`. */
	uint64_t differs, same;
};
HZ_RESULT hz_audit_against(struct hz_view *w, struct hz_before *b, struct hz_against *ret);

#endif
