/* One more thread beside the caller's, for one step at a time: what does not depend on the caller's own next
 * step (a read ahead, a second hash) is done meanwhile. Checked with ThreadSanitizer. */
#ifndef HZ_BASE_ASIDE_H
#define HZ_BASE_ASIDE_H

#include "base/err.h"

struct hz_aside;
/* Starts the thread; it takes no signals but faults of its own. HZ_MSG_NOMEM where the system gives none: the
 * caller can do its steps itself then. */
HZ_RESULT hz_aside_new(struct hz_aside **ret_a);
/* Waits for the step at hand. NULL inside is fine. */
void hz_aside_free(struct hz_aside **a);
/* Begins step(arg) in the thread; what arg points to is the step's until hz_aside_wait. No step may be at
 * hand (asserted). */
void hz_aside_begin(struct hz_aside *a, enum hz_err (*step)(void *arg), void *arg);
/* Waits for the step begun last and returns what it returned, its failure too; HZ_OK where none is at hand.
 */
HZ_RESULT hz_aside_wait(struct hz_aside *a);

#endif
