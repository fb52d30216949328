#include "custody/clock.h"

#include "base/enc.h"
#include <stdio.h>
#include <string.h>

HZ_RESULT
hz_clock_write(const struct hz_clock *c, char ret_x[static HZ_CLOCK_X_MAX])
{
	static const char *const sync[] = { "unknown", "yes", "no" };
	char boot[2 * sizeof c->boot + 1];
	hz_hex(boot, c->boot, sizeof c->boot);
	int n = snprintf(ret_x, HZ_CLOCK_X_MAX,
	    "{\"clock\":{\"boot\":\"%s\",\"sync\":\"%s\",\"up\":%llu,\"wall\":%llu}}", boot, sync[c->sync],
	    (unsigned long long)c->up, (unsigned long long)c->wall);
	return n > 0 && n < HZ_CLOCK_X_MAX ? HZ_OK : hz_fail(HZ_MSG_INTERNAL, "a reading of the clock");
}

static int64_t
between(uint64_t a, uint64_t b)
{
	return (int64_t)b - (int64_t)a; /* both below 2^53 */
}

enum hz_clock_said
hz_clock_compare(const struct hz_clock *before, const struct hz_clock *after, int64_t *ret_ms)
{
	int64_t wall = between(before->wall, after->wall), up = between(before->up, after->up);
	*ret_ms = 0;
	if (memcmp(before->boot, after->boot, sizeof before->boot) != 0) {
		*ret_ms = wall < -HZ_CLOCK_SLACK_MS ? wall : 0;
		return wall < -HZ_CLOCK_SLACK_MS ? HZ_CLOCK_BACK : HZ_CLOCK_OTHER_BOOT;
	}
	if (up < -HZ_CLOCK_SLACK_MS) {
		return HZ_CLOCK_TWO;
	}
	int64_t drift = wall - up, slack = HZ_CLOCK_SLACK_MS + (up > 0 ? up / HZ_CLOCK_SLACK_OF : 0);
	if (drift > slack || drift < -slack) {
		*ret_ms = drift;
		return HZ_CLOCK_SET;
	}
	return HZ_CLOCK_FINE;
}
