/* The verifier of bundles [F-10]: bytes in, findings out. It opens no file, prints nothing, holds no secret;
 * main.c is the door around it. Memory does not grow with the bundle: files are hashed while they are read,
 * what has to be compared across files is read again in parts of bounded size. */
#ifndef HZ_VERIFY_VERIFY_H
#define HZ_VERIFY_VERIFY_H

#include "anchor/anchor.h"
#include "custody/custody.h"
#include "custody/witness.h"
#include "manifest/manifest.h"
#include "outside/outside.h"

/* Limits. What is over them is reported as `limit` (UNSUPPORTED): it was not checked, and it is not wrong. */
#define HZ_VERIFY_LOGS_MAX     64     /* the log and the closed logs before it */
#define HZ_VERIFY_WITHHELD_MAX 65536  /* withheld events */
#define HZ_VERIFY_FACTS_MAX    262144 /* compact facts kept at once; more are looked at in parts */
#define HZ_VERIFY_PARTS_MAX    4096   /* so many parts at most */
#define HZ_VERIFY_NAMED_MAX    1000   /* files named one by one as missing, changed or not listed */
#define HZ_VERIFY_BEFORE_MAX   256    /* checkpoints from before */
#define HZ_VERIFY_ANCHORS_MAX  4096   /* time anchors */
#define HZ_VERIFY_RULES_MAX    256    /* files of rules */
#define HZ_VERIFY_TEXT_MAX     65536  /* a key, policy or checkpoint from outside */

enum hz_level {
	HZ_LEVEL_FAILED,  /* INVALID */
	HZ_LEVEL_UNKNOWN, /* UNSUPPORTED */
	HZ_LEVEL_OPEN,    /* could not be checked: INCOMPLETE */
	HZ_LEVEL_SAID     /* worth knowing; changes no verdict */
};

/* Findings: symbol, stable word, level, what it means. The words are promises, the texts are not. */
#define HZ_FINDING_LIST(X)                                                                                   \
	X(TAR, "tar", FAILED, N_("not a bundle: the file is not in the one form that a bundle has"))         \
	X(MISSING, "missing", FAILED, N_("a file is missing"))                                               \
	X(CHANGED, "changed", FAILED, N_("a file was changed"))                                              \
	X(UNLISTED, "unlisted", FAILED, N_("a file is not listed in the manifest"))                          \
	X(MANIFEST, "manifest", FAILED, N_("a manifest does not say what the files are"))                    \
	X(BAG, "bag", FAILED, N_("the declaration of the bag is not as it must be"))                         \
	X(EVENT0, "event-0", FAILED, N_("the first event of the log, where all trust starts, is not right")) \
	X(CHECKPOINT, "checkpoint", FAILED, N_("the signed state of the log is not right"))                  \
	X(CLOSED_LOG, "closed-log", FAILED, N_("a closed log does not fit the one that continues it"))       \
	X(PROOF, "proof", FAILED, N_("an event is not proved to be in the log"))                             \
	X(EVENT, "event", FAILED, N_("an event is not right"))                                               \
	X(ROLE, "role", FAILED, N_("an event was signed by somebody without the role"))                      \
	X(EXPORT, "export", FAILED, N_("the event of this export is not right"))                             \
	X(HEADS, "heads", FAILED, N_("the list of chain heads is not right"))                                \
	X(CHAIN, "chain", FAILED, N_("a chain of custody is broken"))                                        \
	X(ACTOR, "actor", FAILED, N_("the chain of a signer is broken"))                                     \
	X(MINISIGN, "minisign", FAILED, N_("the minisign signature is not right"))                           \
	X(SSHSIG, "sshsig", FAILED, N_("the SSH signature is not right"))                                    \
	X(KEYS, "keys", FAILED, N_("a key file does not say what the log says"))                             \
	X(RECORD, "record", FAILED, N_("a record is not right"))                                             \
	X(NO_RECORD, "record-missing", FAILED, N_("a record that an event names is missing"))                \
	X(RECORDS_JSON, "records-json", FAILED, N_("records.json does not say what the records say"))        \
	X(TAGS, "tags", FAILED, N_("a list of tags does not say what the records say"))                      \
	X(RULES, "rules", FAILED, N_("a file of rules is not the one that the records name"))                \
	X(OPENING, "opening", FAILED,                                                                        \
	    N_("an opening is not what was committed to when the exhibit was sealed"))                       \
	X(CONTENT, "content", FAILED, N_("the content is not what was sealed"))                              \
	X(KEY, "key", FAILED, N_("the key given from outside is not the one of this bundle"))                \
	X(FORK, "fork", FAILED,                                                                              \
	    N_("the log contradicts what was seen of it before: two histories were signed"))                 \
	X(ROLLBACK, "rollback", FAILED, N_("the log is older than what was seen of it before"))              \
	X(STAMP, "stamp", FAILED, N_("a time stamp is not right"))                                           \
	X(MISCONDUCT, "misconduct", FAILED, N_("the proof of misconduct does not hold"))                     \
	X(FILE_UNKNOWN, "file-unknown", UNKNOWN, N_("a file of a kind that this version does not know"))     \
	X(ACT_UNKNOWN, "act-unknown", UNKNOWN, N_("an act that this version does not know"))                 \
	X(MEMBERS, "members", UNKNOWN, N_("a change of keys or roles, which this version cannot follow"))    \
	X(VERSION, "version", UNKNOWN, N_("a version, suite or rule that this version does not know"))       \
	X(LIMIT, "limit", UNKNOWN, N_("larger than this program checks"))                                    \
	X(NO_KEY, "no-key", OPEN,                                                                            \
	    N_("no key from outside was given: a key from inside the bundle is not trusted"))                \
	X(PART_KEY, "part-key", OPEN,                                                                        \
	    N_("only what the given key signs is proved; the rest is not trusted"))                          \
	X(NO_EXHIBIT, "no-exhibit", OPEN, N_("the bundle holds no exhibit"))                                 \
	X(GAP, "gap", OPEN, N_("withheld events of a chain cannot be linked"))                               \
	X(OTHER_LOG, "other-log", OPEN,                                                                      \
	    N_("what was kept from before is of another log: nothing was compared"))                         \
	X(OTHER_KEY, "other-key", OPEN,                                                                      \
	    N_("what was kept from before is not signed by the key of this log"))                            \
	X(RESTORED, "restored", OPEN,                                                                        \
	    N_("the log goes on from an older copy, as it says itself: later events are gone"))              \
	X(CONSISTENCY, "consistency", OPEN,                                                                  \
	    N_("that the log only grew since then cannot be proved from this bundle"))                       \
	X(STAMP_UNTRUSTED, "stamp-untrusted", OPEN,                                                          \
	    N_("no time stamp leads to an authority that was given"))                                        \
	X(STAMP_REVOKED, "stamp-revoked", OPEN,                                                              \
	    N_("a time stamp proves nothing: its certificate was revoked"))                                  \
	X(QUORUM, "quorum", SAID, N_("the policy is not satisfied: not enough witnesses signed"))            \
	X(POLICY_LOG, "policy-log", SAID, N_("the policy is not satisfied: it does not name this log"))      \
	X(NO_QUORUM, "no-quorum", SAID, N_("the policy asks for no witness: nothing was witnessed"))         \
	X(WITNESSED, "witnessed", SAID, N_("a witness of the policy signed this state of the log"))          \
	X(WITNESSED_EARLY, "witnessed-early", SAID,                                                          \
	    N_("the policy is not satisfied: the witnesses signed an earlier state, without every exhibit")) \
	X(SAME, "same", SAID, N_("the state of the log is the one that was kept from before"))               \
	X(GREW, "grew", SAID, N_("the log contains what was kept from before"))                              \
	X(STAMPED, "stamped", SAID, N_("the log existed at this time"))                                      \
	X(STAMP_OPEN, "stamp-open", SAID, N_("nothing that was given vouches for a time stamp"))             \
	X(STAMP_PENDING, "stamp-pending", SAID, N_("a time stamp is only promised"))                         \
	X(STAMP_RENEWED, "stamp-renewed", SAID, N_("a newer time stamp carries this one on"))                \
	X(WITHHELD, "withheld", SAID, N_("events are withheld; their place in the log is proved"))           \
	X(NO_CONTENT, "no-content", SAID, N_("exhibits are listed without their content"))                   \
	X(MORE, "more", SAID, N_("more files than can be named here"))                                       \
	X(PACK, "pack", FAILED, N_("not an audit pack in the one form that it has"))                         \
	X(SECTION, "section-unknown", UNKNOWN, N_("a section of a kind that this version does not know"))    \
	X(CLOCK, "clock", SAID, N_("the clock: order and proofs do not rest on it"))

enum hz_finding {
#define HZ_FINDING_ENUM(sym, word, level, text) HZ_FINDING_##sym,
	HZ_FINDING_LIST(HZ_FINDING_ENUM)
#undef HZ_FINDING_ENUM
	    HZ_FINDING_COUNT
};
const char *hz_finding_word(enum hz_finding f);
const char *hz_finding_text(enum hz_finding f); /* marked, not translated */
enum hz_level hz_finding_level(enum hz_finding f);

/* What was checked, by kind. */
enum hz_tally_kind { HZ_TALLY_FILES, HZ_TALLY_EVENTS, HZ_TALLY_RECORDS, HZ_TALLY_EXHIBITS, HZ_TALLY_COUNT };
const char *hz_tally_word(enum hz_tally_kind k);
struct hz_tally {
	uint64_t checked, matched, missing, different;
};

enum hz_verdict { HZ_VALID_WITNESSED, HZ_VALID_SIGNED, HZ_INCOMPLETE, HZ_INVALID, HZ_UNSUPPORTED };
const char *hz_verdict_word(enum hz_verdict v);

/* A key from outside [F-10.3]. */
enum hz_trust {
	HZ_TRUST_NONE,
	HZ_TRUST_FINGERPRINT,
	HZ_TRUST_VKEY,
	HZ_TRUST_BUNDLE_KEY,
	HZ_TRUST_EVENT_KEYS
};
struct hz_trust_key {
	enum hz_trust kind;
	uint8_t fingerprint[16];
	char vkey[HZ_VKEY_MAX];
	size_t n; /* keys below: 1 for a minisign or SSH key, more for a JWK Set */
	uint8_t pk[HZ_JWKS_MAX][32];
};
/* 32 hex digits, also as people read them (capitals, spaces between groups). False else. */
bool hz_trust_fingerprint(const char *s, struct hz_trust_key *ret_k);
/* The content of a file: a fingerprint, a vkey, a minisign or SSH public key, allowed_signers, JWK or JWK
 * Set. HZ_MSG_BUNDLE_KEY. */
HZ_RESULT hz_trust_read(const void *p, size_t n, struct hz_trust_key *ret_k);

struct hz_verify_opts {
	const struct hz_trust_key *key; /* NULL: none */
	const struct hz_policy *policy; /* NULL: none */
	/* What time stamps are held against; NULL: nothing. */
	const struct hz_anchor_given *given;
	struct hz_before
	    *before; /* nbefore of them, at most HZ_VERIFY_BEFORE_MAX; what events differ is noted there */
	size_t nbefore;
	/* path: file in the bundle, subject, or "". detail: more, in English, or "". Both borrowed. */
	void (*finding)(void *arg, enum hz_finding f, const char *path, const char *detail);
	/* Bytes of the first reading done so far; may be NULL. */
	void (*progress)(void *arg, uint64_t bytes);
	void *arg;
};

struct hz_verify_result {
	enum hz_verdict verdict;
	bool rollback; /* exit 11, unless something else failed too */
	bool seen[HZ_FINDING_COUNT];
	struct hz_tally tally[HZ_TALLY_COUNT];
	uint64_t withheld, without_content, bytes;
	char folder[HZ_BAG_NAME_MAX + 1];
	/* Empty where the log could not be read. */
	char fingerprint[33], origin[HZ_ORIGIN_MAX];
	uint64_t log_size;
	uint8_t log_root[32];
};
/* Checks one bundle. Whatever the bundle is, the result is HZ_OK and a verdict; errors are those of the
 * source, HZ_MSG_NOMEM and HZ_ERR_CANCELLED. */
HZ_RESULT hz_verify_bundle(
    const struct hz_source *src, const struct hz_verify_opts *opts, struct hz_verify_result *ret_r);
/* The same for an audit pack [F-10.20]: whole logs without content. */
HZ_RESULT hz_verify_pack(
    const struct hz_source *src, const struct hz_verify_opts *opts, struct hz_verify_result *ret_r);
bool hz_verify_is_pack(const struct hz_source *src);
/* 0, 3, 4, 6 or 11. */
int hz_verify_exit(const struct hz_verify_result *r);

#endif
