/* The media type of bytes in memory, by libmagic. */
#ifndef HZ_INSPECT_TYPE_H
#define HZ_INSPECT_TYPE_H

#include "sandbox/wire.h"

struct hz_typer;

/* Loads the installed magic database and everything else that needs a file, and makes one trial: after
 * this, hz_typer_ask needs memory only. HZ_MSG_NOMEM; HZ_MSG_UNSUPPORTED without a database. */
HZ_RESULT hz_typer_new(struct hz_typer **ret_t);
/* Fills type and charset; both empty where libmagic cannot tell. */
void hz_typer_ask(struct hz_typer *t, const void *p, size_t n, struct hz_wire_answer *a);

#endif
