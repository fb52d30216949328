/* The writer's side: what is in the batch and waits for its commit. */
#ifndef HZ_INGEST_BATCH_H
#define HZ_INGEST_BATCH_H

#include "ingest/inner.h"

struct hz_result { /* of one item, on its way to the person */
	uint64_t item;
	enum hz_ingest_result result;
	uint64_t exhibit; /* 0: none */
	uint64_t size;
	char number[HZ_NUMBER_MAX]; /* empty: not looked up yet */
	bool has_hash, receipt;
	uint8_t sha256[32];
	struct hz_failure *failure; /* owned */
};

struct hz_writer {
	struct hz_run *run;
	const struct hz_ingest_ops *ops;
	void *arg;
	struct hz_ingest_sum *sum;
	struct hz_batch *batch; /* NULL in a dry run */
	struct hz_result *waiting;
	size_t n, cap;
	bool uncommitted; /* something in waiting rests on the batch */
	uint64_t bytes;   /* of segments since the last commit */
	bool in_object;
	uint64_t asked; /* what the last question of this item was answered with */
	bool case_known;
	struct hz_case the_case;
	uint64_t *members; /* that the case gets with the next commit */
	size_t nmembers, cmembers;
	uint8_t (*hashes)[32]; /* dry run: what was read; a table with open addressing */
	size_t nhashes, chashes;
	uint64_t files, file_bytes; /* done, for progress */
	uint64_t next;              /* number of the next exhibit */
	uint64_t origin;            /* of the item at hand, where it is new; 0: it is not */
	struct hz_buf path;
};

/* A segment of the object at hand. */
HZ_RESULT hz_writer_segment(struct hz_writer *w, const struct hz_seg *s);
HZ_RESULT hz_writer_ask(struct hz_writer *w, const struct hz_ask *q, int *ret_answer);
/* A finished item. d stays the caller's. */
HZ_RESULT hz_writer_done(struct hz_writer *w, uint64_t item, struct hz_done *d);
/* An item that could not be added: its segments go. */
HZ_RESULT hz_writer_failed(struct hz_writer *w, uint64_t item, const struct hz_failure *f);
/* Commits if it is due; what is acknowledged goes to the person. */
HZ_RESULT hz_writer_pace(struct hz_writer *w);
HZ_RESULT hz_writer_finish(struct hz_writer *w);
void hz_writer_done_with(struct hz_writer *w);

#endif
