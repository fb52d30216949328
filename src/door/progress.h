/* Progress of long work: a bar on a terminal (redrawn at most ten times a second), a line every 30 seconds on
 * a pipe, JSON lines with --json (standard output, once a second), nothing with -q. SIGUSR1 prints the state
 * at any time. With ACCESSIBLE=1 or TERM=dumb nothing is redrawn. */
#ifndef HZ_DOOR_PROGRESS_H
#define HZ_DOOR_PROGRESS_H

#include "door/door.h"

struct hz_progress {
	struct hz_door *door;
	const char *op;              /* ASCII word of the work for JSON: "add" */
	const char *action;          /* translated text before the numbers: "Reading" */
	uint64_t total, bytes_total; /* 0: not known */
	uint64_t done, bytes_done;
	int64_t start_ns, last_ns;
	bool drawn; /* a bar stands on the line of the cursor */
	bool said;  /* anything was printed */
	bool open;
};

/* Makes SIGUSR1 harmless and remembered; called by main. */
void hz_progress_signals(void);
void hz_progress_begin(struct hz_progress *p, struct hz_door *door, const char *op, const char *action,
    uint64_t total, uint64_t bytes_total);
/* Cheap: call it for every item or megabyte. From one thread only. */
void hz_progress_at(struct hz_progress *p, uint64_t done, uint64_t bytes_done);
/* Takes the bar off the screen before other lines are printed; the next hz_progress_at draws it again. */
void hz_progress_hide(struct hz_progress *p);
void hz_progress_end(struct hz_progress *p);
/* The state as one line (columns 0: no bar, no cut), into out. For tests and SIGUSR1. */
HZ_RESULT hz_progress_line(const struct hz_progress *p, int64_t now_ns, unsigned columns, struct hz_buf *out);

#endif
