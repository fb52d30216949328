/* Inside the room: the state of one verification and its steps, in their order. */
#ifndef HZ_VERIFY_CHECK_H
#define HZ_VERIFY_CHECK_H

#include "verify/verify.h"

#include "base/sort.h"
#include "record/record.h"

/* Facts aimed at in one part; a quarter of the room is left free, for parts are not quite of one size. */
#ifndef HZ_VERIFY_PART_FACTS
#define HZ_VERIFY_PART_FACTS ((uint64_t)HZ_VERIFY_FACTS_MAX / 4 * 3)
#endif
#define HZ_NOWHERE UINT64_MAX /* offset of something that is not there */

/* --- where a file belongs [F-9.1] ------------------------------------------------------------------------
 */
enum hz_fixed { /* the files that are always there */
	HZ_FIX_VERIFY_TXT,
	HZ_FIX_BAG_INFO,
	HZ_FIX_BAGIT,
	HZ_FIX_CHECKPOINT,
	HZ_FIX_HEADS,
	HZ_FIX_RECORDS_JSON,
	HZ_FIX_FORMAT_MD,
	HZ_FIX_JWKS,
	HZ_FIX_SIGNERS,
	HZ_FIX_VKEY,
	HZ_FIX_MINISIGN_PUB,
	HZ_FIX_MANIFEST_256,
	HZ_FIX_MANIFEST_512,
	HZ_FIX_TAG_256,
	HZ_FIX_TAG_512,
	HZ_FIX_MINISIG,
	HZ_FIX_SSHSIG,
	HZ_FIX_COUNT
};
enum hz_kind {
	HZ_KIND_UNKNOWN,
	HZ_KIND_FIXED,
	HZ_KIND_EVENT,
	HZ_KIND_LEAF,
	HZ_KIND_PROOF,
	HZ_KIND_CHECKPOINT,
	HZ_KIND_COSIGNED,
	HZ_KIND_OPENING,
	HZ_KIND_EXHIBIT,
	HZ_KIND_RECORD,
	HZ_KIND_PROPOSED,
	HZ_KIND_TAGS,
	HZ_KIND_RULES,
	HZ_KIND_ANCHOR
};
struct hz_place {
	enum hz_kind kind;
	enum hz_fixed fixed;
	char log[9];     /* of a closed log, else empty */
	uint64_t number; /* index of an event, proof or anchor, version of a record, enum hz_tag_list */
	enum hz_anchor_type type; /* of an anchor's token */
	enum hz_anchor_part part; /* of an anchor */
	uint8_t id[16];           /* of an exhibit or record */
	char rules[65];           /* id of a file of rules */
	char start[17];           /* exhibit: first 16 hex of its hash, as its name says */
};
enum hz_tag_list { HZ_TAGS_CONFIRMED, HZ_TAGS_PROPOSED, HZ_TAGS_LISTS }; /* optional files [F-9.14] */
#define HZ_COSIGNED_PATH "custody/checkpoint.cosigned"
const char *hz_fixed_path(enum hz_fixed f);
const char *hz_tags_path(enum hz_tag_list l);
void hz_place_of(const char *path, struct hz_place *ret_p);
/* "ex-..." or another prefix of three characters and 32 hex. */
bool hz_id_read(const char *s, size_t n, const char *prefix, uint8_t ret_id[static 16]);

/* --- state
 * -------------------------------------------------------------------------------------------------- */
struct hz_file { /* one of the fixed files */
	bool there;
	uint64_t at, size;
	uint8_t sha256[32];
	struct hz_buf kept; /* content, of the small ones */
};
enum hz_grown { HZ_GROWN_UNKNOWN, HZ_GROWN, HZ_FORKED };
struct hz_neighbour { /* what is left of an event for the next one in the chain of its signer */
	bool any, has_aprev;
	uint64_t index, aseq;
	uint8_t aprev[32], leaf[32];
};
struct hz_vlog {              /* a log in the bundle */
	char id[9], base[24]; /* id empty: the log itself; "custody/" or "custody/logs/<id>/" */
	uint64_t checkpoint_at, events_at, proofs_at, anchors_at; /* tar offsets of the first of each */
	bool read;                                                /* event 0 and checkpoint are right */
	unsigned order;                                           /* 0: the oldest */
	struct hz_event first;
	char kid[HZ_KID_LEN + 1];
	uint8_t leaf0[32], note_hash[32];
	struct hz_checkpoint head;
	struct hz_neighbour low[21], high[21]; /* by the number of digits of the index */
};
struct hz_hidden { /* a withheld event */
	uint8_t leaf[32];
	unsigned order;
	uint64_t index;
};
struct hz_vanchor {                  /* the files of a time anchor, in the order of logs and of the tar */
	unsigned order;              /* of the log of its event */
	uint64_t index;              /* of its event */
	enum hz_anchor_type type;    /* of its token, by its name */
	bool there[HZ_ANCHOR_PARTS]; /* files, */
	uint8_t sha[HZ_ANCHOR_PARTS][32]; /* their hashes */
	bool good;                        /* its checkpoint is one of a log in the bundle: */
	unsigned target;                  /* of this one, */
	uint64_t size;                    /* with this tree */
	uint8_t root[32];
	enum hz_grown grown; /* the log contains it */
	bool event, record;  /* the event was met, its record was met */
	bool proved;         /* with what was given from outside, at a state that the log contains */
	uint8_t rec[32];
	uint8_t sha512[64]; /* of its token, for renewals */
	bool renewed;       /* named by the record of this event: */
	unsigned renewal_order;
	uint64_t renewal_index;
};
struct hz_vrules { /* a file of rules [F-9.15] */
	char id[65], sha256[65];
	uint64_t size;
	bool recorded, named; /* a record says that it is this file; a classification names it */
};
struct hz_vrenewal { /* an event of act anchor that brought no time stamp: perhaps a renewal */
	unsigned order;
	uint64_t index;
	uint8_t rec[32];
};
struct hz_check {
	const struct hz_source *src;
	const struct hz_verify_opts *o;
	struct hz_verify_result r;
	unsigned count[HZ_LEVEL_SAID + 1]; /* findings */
	size_t folder_len;
	int64_t time;
	struct hz_file file[HZ_FIX_COUNT];
	struct hz_file tags[HZ_TAGS_LISTS];
	uint64_t openings_at, records_at, proposed_at;
	uint64_t data_bytes, data_files;
	struct hz_hash *manifest[4]; /* what the manifests should be: SHA-256 over their text */
	uint64_t manifest_size[4];
	uint8_t tag_blake[64], tag_sha512[64];
	size_t nlogs;
	struct hz_vlog *log; /* HZ_VERIFY_LOGS_MAX; the first is the log itself */
	size_t nchain;       /* logs in order, the oldest first */
	struct hz_vlog *chain[HZ_VERIFY_LOGS_MAX];
	size_t nhidden;
	struct hz_hidden *hidden; /* sorted by leaf once all are there */
	uint64_t made;            /* exhibits whose first event is here */
	struct hz_event export_event;
	uint64_t export_index;
	/* an audit pack: the largest state that each witness of the policy signed, and that satisfied it */
	uint64_t pack_seen[2 * HZ_POLICY_MAX], pack_reached;
	uint64_t last_made; /* highest index of an event of the log that made an exhibit that is here */
	enum hz_grown before[HZ_VERIFY_BEFORE_MAX];
	size_t nrules;
	struct hz_vrules rules[HZ_VERIFY_RULES_MAX];
	size_t nanchors;
	struct hz_vanchor *anchor; /* HZ_VERIFY_ANCHORS_MAX; NULL where there is none */
	uint32_t *by_size;         /* the same by log and size */
	size_t nrenewals;
	struct hz_vrenewal *renewal; /* HZ_VERIFY_ANCHORS_MAX, like them; more only leave something unsaid */
	/* the optional checkpoint with cosignatures */
	uint64_t cosigned_at;
	struct hz_buf cosigned;
	struct hz_checkpoint cosigned_head;
	enum hz_grown cosigned_grown;
	unsigned exports;
	unsigned stamps, trusted; /* tokens of authorities; those that lead to one given */
	bool cosigned_there;
	bool ended;                          /* an unknown version: nothing more can be said */
	bool packed;                         /* what is checked is an audit pack */
	bool witnessed;                      /* the policy is satisfied */
	bool contains[HZ_VERIFY_BEFORE_MAX]; /* the log is known to contain it */
	uint8_t salt[32];                    /* of the division into parts */
};

/* A finding; fmt is English. */
void hz_found(struct hz_check *c, enum hz_finding f, const char *path, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));
/* An error of a decoder: what ends everything is returned, what is the bundle's fault becomes the finding f
 * with the decoder's words, and HZ_OK. HZ_OK stays. */
HZ_RESULT hz_judge(struct hz_check *c, enum hz_err err, enum hz_finding f, const char *path);
bool hz_fatal(enum hz_err err);
/* What was found decides. Where no key was given that is a finding, and so is it that no exhibit is there
 * (empty). */
enum hz_verdict hz_verdict_of(struct hz_check *c, bool empty);
/* The log of this origin, the log itself or one that it continues; NULL. */
const struct hz_vlog *hz_vlog_named(const struct hz_check *c, const char *origin);
/* In which of so many parts a key of n bytes is looked at: not to be foreseen by who made the bundle. */
uint32_t hz_part_of(const struct hz_check *c, const void *p, size_t n, uint32_t parts);
/* How many parts for so many facts; 0: too many. */
uint32_t hz_parts(uint64_t facts);

/* --- reading the tar from any of its members on
 * ------------------------------------------------------------- */
struct hz_walk;
/* From the header at offset at (HZ_NOWHERE: finds nothing) over all members whose path begins with prefix. */
HZ_RESULT hz_walk_open(struct hz_check *c, uint64_t at, const char *prefix, struct hz_walk **ret_w);
void hz_walk_close(struct hz_walk **w);
/* The next member, its path in the bag and its size; borrowed until the next call. Damage is
 * HZ_MSG_BUNDLE_DAMAGED. */
HZ_RESULT hz_walk_next(struct hz_walk *w, bool *ret_found, const char **ret_path, uint64_t *ret_size);
/* Up to n bytes of its content; 0 at the end. */
HZ_RESULT hz_walk_read(struct hz_walk *w, void *p, size_t n, size_t *ret_n);
/* Its whole content of at most max bytes in place of what out holds. HZ_MSG_LIMIT. */
HZ_RESULT hz_walk_take(struct hz_walk *w, size_t max, struct hz_buf *out);
/* Offset of the current member's header; the tar folder and time of the bundle. */
uint64_t hz_walk_at(const struct hz_walk *w);
const struct hz_tar_member *hz_walk_member(const struct hz_walk *w);
/* Calls fn for every event of a log that reads as one; those that do not have been reported and are passed
 * over. text: room for one event, its bytes during the call. */
HZ_RESULT hz_walk_events(struct hz_check *c, const struct hz_vlog *log, struct hz_buf *text,
    void (*fn)(void *arg, const struct hz_event *e, const struct hz_vlog *log, uint64_t index), void *arg);
/* The next line without its LF, at most max bytes; HZ_MSG_FORMAT for a longer or unended one. Borrowed. */
HZ_RESULT hz_walk_line(struct hz_walk *w, size_t max, bool *ret_found, const char **ret_line, size_t *ret_n);

/* --- the steps; each reports what it finds and fails only where nothing can go on
 * ----------------------------- */
HZ_RESULT hz_step_files(struct hz_check *c);     /* F-10.1 steps 1 and 2, content of 10 */
HZ_RESULT hz_step_manifests(struct hz_check *c); /* names what is missing, changed, unlisted */
HZ_RESULT hz_step_bag(struct hz_check *c);
HZ_RESULT hz_step_logs(struct hz_check *c);       /* 3 and 4, closed logs */
HZ_RESULT hz_step_events(struct hz_check *c);     /* 5 and 6, chains of signers */
HZ_RESULT hz_step_chains(struct hz_check *c);     /* 7, openings of 10 */
HZ_RESULT hz_step_signatures(struct hz_check *c); /* 8 */
HZ_RESULT hz_step_records(struct hz_check *c);    /* 9 */
HZ_RESULT hz_step_stamps(struct hz_check *c);     /* 11: files of anchors, before the events */
HZ_RESULT hz_step_stamped(struct hz_check *c);    /* 11: what is left open, after the records */
HZ_RESULT hz_step_outside(struct hz_check *c);    /* F-10.3, policy, what was kept from before */
/* Called for every event with its inclusion proof: does it prove that the log grew from what was kept? */
void hz_before_event(struct hz_check *c, const struct hz_vlog *log, const uint8_t leaf[static 32],
    const struct hz_tlog_proof *proof);

/* part.c: where an earlier audit pack and this log part, by reading both again; the pack is told. */
HZ_RESULT hz_part(struct hz_check *c, struct hz_before *b, const struct hz_vlog *log);

/* stamps.c, also for packs: by_size made; what an anchor proves, in words; what all of them say together. */
HZ_RESULT hz_stamp_sort(struct hz_check *c);
void hz_stamp_tell(struct hz_check *c, struct hz_vanchor *v, const struct hz_anchor *a,
    const struct hz_anchor_facts *f, const char *path);
void hz_stamp_end(struct hz_check *c);
/* pack_stamps.c: a section `record` behind an event; after all of them, what they prove, in a second reading.
 */
struct hz_pack_item;
HZ_RESULT hz_pack_record(struct hz_check *c, const struct hz_vlog *log, uint64_t index,
    const struct hz_event *e, const struct hz_pack_item *i);
HZ_RESULT hz_pack_stamps(struct hz_check *c);

/* rules.c: for every file of rules; for every record that is right, with its path; at the end. */
void hz_rules_file(
    struct hz_check *c, const struct hz_place *p, const uint8_t sha256[static 32], uint64_t size);
void hz_rules_record(struct hz_check *c, const struct hz_record *r, const char *path);
void hz_rules_end(struct hz_check *c);

/* stamps.c, called for every event with its proof; for every event that is right; for every record. */
void hz_stamp_proof(struct hz_check *c, const struct hz_vlog *log, const uint8_t leaf[static 32],
    const struct hz_tlog_proof *proof);
void hz_stamp_event(struct hz_check *c, const struct hz_vlog *log, uint64_t index, const struct hz_event *e);
HZ_RESULT hz_stamp_record(
    struct hz_check *c, const uint8_t rec[static 32], const struct hz_record *r, const char *path);

#endif
