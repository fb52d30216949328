/* The table of acts, members and roles [F-8.2]: the only place in the code that says it. Inside the room. */
#ifndef HZ_CUSTODY_ACT_H
#define HZ_CUSTODY_ACT_H

#include "custody/custody.h"

/* Members that not every event has. `prev` and `seq` go with `ex`. */
enum hz_member {
	HZ_M_ALSO = 1 << 0,
	HZ_M_COM = 1 << 1,
	HZ_M_EX = 1 << 2,
	HZ_M_HDR = 1 << 3,
	HZ_M_HEADS = 1 << 4,
	HZ_M_INIT = 1 << 5,
	HZ_M_KEYRING = 1 << 6,
	HZ_M_OBJ = 1 << 7,
	HZ_M_REC = 1 << 8,
	HZ_M_REF = 1 << 9,
	HZ_M_SRC = 1 << 10,
	HZ_M_TO = 1 << 11,
	HZ_M_WHY = 1 << 12,
	HZ_M_X = 1 << 13
};

struct hz_act_row {
	const char *name;
	unsigned roles; /* 0: any member */
	unsigned required, allowed;
	bool member; /* `ex` is a member id, else an exhibit id */
};

/* The row of a known act; NULL for HZ_ACT_UNKNOWN. */
const struct hz_act_row *hz_act_row(enum hz_act act);

#endif
