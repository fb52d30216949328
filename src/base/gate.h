/* A gate: many may be inside, or one alone (the map of the store may only grow while no worker reads). */
#ifndef HZ_BASE_GATE_H
#define HZ_BASE_GATE_H

#include "base/err.h"

struct hz_gate;
HZ_RESULT hz_gate_new(struct hz_gate **ret_g);
void hz_gate_free(struct hz_gate **g); /* NULL inside is fine */
void hz_gate_enter(struct hz_gate *g); /* with others */
void hz_gate_close(struct hz_gate *g); /* alone: waits until all have left */
void hz_gate_leave(struct hz_gate *g); /* after either */

#endif
