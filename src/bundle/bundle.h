/* Bundles: the signed export of exhibits with everything that proves them (docs/format.md 9).
 *
 * Order (design: export): consent is checked; the `export` event and its checkpoint are committed; the bag is
 * written beside its target and synced; a second event records the file's hashes; only then it gets its name.
 * A recorded bundle that never left is harmless, a bundle that left unrecorded is not. */
#ifndef HZ_BUNDLE_BUNDLE_H
#define HZ_BUNDLE_BUNDLE_H

#include "vault/vault.h"

#define HZ_BUNDLE_RECIPIENTS 20

struct hz_bundle_opts {
	const uint64_t *exhibits; /* counters; any order, repeats are dropped */
	size_t count;
	const uint32_t *cases; /* numbers of cases named: their records go along */
	size_t cases_count;
	const char *to;                  /* recipient's name; needed */
	const char *purpose;             /* or NULL */
	const char *file;                /* target; must not exist */
	const uint8_t (*recipients)[32]; /* age recipients, or NULL */
	size_t recipients_count;
	bool dry;      /* decide and report; write nothing */
	bool no_rules; /* leave out the rules by which texts were classified [F-9.15] */
};

enum hz_bundle_rule { HZ_WITHHELD_CONSENT_UNKNOWN = 1 };
const char *hz_bundle_rule_name(enum hz_bundle_rule rule); /* "consent-unknown" */

struct hz_bundle_withheld {
	uint64_t exhibit;
	char number[HZ_NUMBER_MAX];
	enum hz_bundle_rule rule;
};
struct hz_bundle_rules { /* a file of rules that goes along */
	uint32_t no;     /* in the vault */
	uint8_t id[32];
	uint64_t size;
	char name[64], version[64];
};
struct hz_bundle_result {
	uint64_t included;
	size_t withheld_count;
	struct hz_bundle_withheld *withheld; /* heap */
	uint64_t bytes;                      /* plaintext of the exhibits included */
	size_t rules_count;
	struct hz_bundle_rules *rules; /* heap; in the order in which the vault got them */
	char name[64];                 /* of the bag */
	uint8_t sha512[64];            /* of the file */
	uint64_t file_size;
	struct hz_buf checkpoint; /* the signed note inside */
};
void hz_bundle_result_done(struct hz_bundle_result *r);

/* Called as plaintext bytes go out. */
typedef void hz_bundle_progress(void *arg, uint64_t done, uint64_t total);

/* The vault is open for writing (for dry runs: for reading). HZ_MSG_NO_CONSENT when nothing may go out (ret
 * is then filled too), HZ_MSG_NOTHING_SELECTED, HZ_MSG_TARGET_EXISTS, HZ_MSG_CONTENT_DIFFERS (nothing is left
 * behind), I/O errors. */
HZ_RESULT hz_bundle_write(struct hz_vault *v, const struct hz_bundle_opts *opts, hz_bundle_progress *progress,
    void *arg, struct hz_bundle_result *ret);

#endif
