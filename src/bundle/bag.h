/* What the files of the bundle room share: the plan of a bag and its output. */
#ifndef HZ_BUNDLE_BAG_H
#define HZ_BUNDLE_BAG_H

#include "anchor/anchor.h"
#include "base/enc.h"
#include "base/fd.h"
#include "bundle/bundle.h"
#include "manifest/manifest.h"
#include "object/age.h"

enum hz_entry_kind {
	HZ_ENTRY_VERIFY_TXT,
	HZ_ENTRY_BAG_INFO,
	HZ_ENTRY_BAGIT,
	HZ_ENTRY_CHECKPOINT,
	HZ_ENTRY_COSIGNED,
	HZ_ENTRY_EVENT,
	HZ_ENTRY_LEAF,
	HZ_ENTRY_HEADS,
	HZ_ENTRY_OPENING,
	HZ_ENTRY_PROOF,
	HZ_ENTRY_EXHIBIT,
	HZ_ENTRY_RECORDS_JSON,
	HZ_ENTRY_RECORD,
	HZ_ENTRY_FORMAT,
	HZ_ENTRY_JWKS,
	HZ_ENTRY_ALLOWED,
	HZ_ENTRY_VKEY,
	HZ_ENTRY_MINISIGN_PUB,
	HZ_ENTRY_ANCHOR,
	HZ_ENTRY_PROPOSED,
	HZ_ENTRY_CONFIRMED_JSON,
	HZ_ENTRY_PROPOSED_JSON,
	HZ_ENTRY_RULES
};

enum hz_shown {
	HZ_SHOWN_NOTHING,
	HZ_SHOWN_CONTENT,  /* what describes the content, not its receipt */
	HZ_SHOWN_TAGS,     /* of a classification: itself, and the tags that people confirmed */
	HZ_SHOWN_REVIEW,   /* of a review: all but the reviewer's name and reasons */
	HZ_SHOWN_PROPOSED, /* of a classification: the tags that nobody has confirmed yet, and nothing else */
	HZ_SHOWN_ALL
};

/* One file of the bag. Small: a bag of 100,000 exhibits has half a million. */
struct hz_entry {
	uint8_t kind, ext; /* ext: index into the table of extensions; anchors: the part */
	uint8_t shown;     /* records: enum hz_shown */
	uint32_t log;      /* events, proofs, checkpoint: the log */
	uint64_t a;        /* event index, exhibit counter, record number, place in the result's rules */
	uint32_t ver;
	uint32_t size, json_size; /* records: bytes of the file, and of its part of records.json */
	uint8_t id[16];           /* exhibit or record id; anchors: record number and type */
	uint8_t tag[8];           /* first bytes of the content's SHA-256 (exhibits) */
	uint8_t sha256[32], sha512[64];
};

struct hz_subject { /* a chain carried */
	char id[HZ_ID_TEXT];
	uint64_t last;
	uint8_t head[32];
};

struct hz_bag {
	struct hz_vault *v;
	const struct hz_bundle_opts *o;
	struct hz_bundle_result *res;
	uint64_t *chosen; /* exhibits that go out */
	size_t nchosen;
	struct hz_subject *subjects;
	size_t nsubjects, subjects_cap;
	struct hz_buf heads;
	struct hz_entry *entries;
	size_t n, cap;
	char (*log_hex)[9]; /* id of each log, by number */
	struct hz_ref at;   /* the export event */
	uint8_t leaf[32];
	int64_t t;
	uint64_t payload_files, payload_bytes;
	uint64_t done;
	hz_bundle_progress *progress;
	void *arg;
};

/* select.c: consent, chains, heads. */
HZ_RESULT hz_bag_select(struct hz_bag *b);
/* Whether a receipt's own fields carry a consent that covers an export. */
bool hz_receipt_covers(const struct hz_record *r);
HZ_RESULT hz_bag_heads(struct hz_bag *b);
/* plan.c: all files, sorted. After the export event is committed. */
HZ_RESULT hz_bag_plan(struct hz_bag *b, struct hz_view *w);
void hz_entry_path(const struct hz_bag *b, const struct hz_entry *e, char ret[static HZ_BAG_PATH_MAX + 1]);
/* The anchor in a record by its number; hz_anchor_done also after a failure. */
HZ_RESULT hz_bag_anchor(struct hz_view *w, uint64_t record, struct hz_anchor *ret_a);
/* content.c: bytes of every file but exhibits, appended. */
HZ_RESULT hz_entry_content(struct hz_bag *b, struct hz_view *w, const struct hz_entry *e, struct hz_buf *out);
/* Sizes of what a record gives the bag, for e->size and e->json_size. Takes what is not shown out of the row.
 */
HZ_RESULT hz_record_measure(struct hz_view *w, struct hz_record_row *row, struct hz_entry *e);
/* Fields of the records in path order [F-9.11], [F-9.14]: which is HZ_ENTRY_RECORDS_JSON or one of the two
 * lists of tags. sink is called in pieces. The size is known before. */
uint64_t hz_records_json_size(const struct hz_bag *b, enum hz_entry_kind which);
HZ_RESULT hz_records_json(struct hz_bag *b, struct hz_view *w, enum hz_entry_kind which,
    enum hz_err (*sink)(void *arg, const void *p, size_t n), void *arg);
/* Whether an entry is in that list. */
bool hz_entry_listed(const struct hz_entry *e, enum hz_entry_kind which);
/* tags.c: takes out of the row of a classification or review what is not shown. */
HZ_RESULT hz_tags_keep(struct hz_view *w, struct hz_record_row *row, enum hz_shown shown);
/* What of the record of a review goes out: HZ_SHOWN_REVIEW where its tag is settled, else nothing. */
HZ_RESULT hz_tags_review_shown(struct hz_view *w, const struct hz_record_row *row, enum hz_shown *ret);

/* rules.c: notes the rules that a classification names; its row may be cut to what is shown. Then their files
 * are in the result, sorted. */
HZ_RESULT hz_bag_rules_note(struct hz_bag *b, struct hz_view *w, const struct hz_record_row *row);
/* The same for all classifications of the exhibits chosen, where nothing is planned. */
HZ_RESULT hz_bag_rules_find(struct hz_bag *b, struct hz_view *w);

/* out.c: tar through libarchive, to an optional age writer, to a file beside its target. */
struct hz_bag_out;
HZ_RESULT hz_bag_out_open(
    const struct hz_bundle_opts *o, const char *name, int64_t t, struct hz_bag_out **ret_x);
HZ_RESULT hz_bag_out_file(struct hz_bag_out *x, const char *path, uint64_t size);
HZ_RESULT hz_bag_out_put(struct hz_bag_out *x, const void *p, size_t n);
HZ_RESULT hz_bag_out_end(
    struct hz_bag_out *x, uint8_t ret_sha512[static 64], uint64_t *ret_size); /* written and synced */
HZ_RESULT hz_bag_out_publish(struct hz_bag_out *x);                           /* gets its name */
void hz_bag_out_free(struct hz_bag_out **x); /* removes what has no name yet */

/* doc/format.md, as built in (format_md.c). */
extern const char hz_format_md[];
extern const char hz_format_md_end[];

#endif
