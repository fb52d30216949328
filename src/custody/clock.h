/* Readings of the clocks in an event's `x` [F-8.20]: what the wall clock and the time since the machine began
 * said at one moment. Pure: who asks the clocks is the vault. */
#ifndef HZ_CUSTODY_CLOCK_H
#define HZ_CUSTODY_CLOCK_H

#include "base/buf.h"

#define HZ_CLOCK_X_MAX 256

enum hz_clock_sync { HZ_SYNC_UNKNOWN, HZ_SYNC_YES, HZ_SYNC_NO };

struct hz_clock {
	bool there;
	uint8_t boot[8]; /* first bytes of H(vault id || boot id as it is written) */
	enum hz_clock_sync sync;
	uint64_t up, wall; /* milliseconds: since the machine began, since 1970 */
};

/* The object for struct hz_event's x, NUL-ended. */
HZ_RESULT hz_clock_write(const struct hz_clock *c, char ret_x[static HZ_CLOCK_X_MAX]);

/* What two readings, the later one second, say of the clock between them. */
enum hz_clock_said {
	HZ_CLOCK_FINE,
	HZ_CLOCK_OTHER_BOOT, /* the machine began anew: only the wall clock is known, and it went on */
	HZ_CLOCK_BACK,       /* the machine began anew, and the wall clock is behind */
	HZ_CLOCK_SET,        /* the wall clock went another way than the time since the machine began */
	HZ_CLOCK_TWO         /* the time since the machine began went back: two machines, or a copy of one */
};
/* What the clock may stray between two readings: two seconds and a thousandth. */
#define HZ_CLOCK_SLACK_MS 2000
#define HZ_CLOCK_SLACK_OF 1000
/* *ret_ms: by how much it was set (negative: back); 0 where that is not known. */
enum hz_clock_said hz_clock_compare(
    const struct hz_clock *before, const struct hz_clock *after, int64_t *ret_ms);

#endif
