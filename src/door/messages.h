/* The words of every message id of base/err.h. Ids are promises, words are not. */
#ifndef HZ_DOOR_MESSAGES_H
#define HZ_DOOR_MESSAGES_H

#include "base/err.h"

struct hz_message {
	enum hz_msg msg;
	const char *what; /* all four marked for translation, not yet translated */
	const char *why;  /* NULL: the detail of the failure says it */
	const char *act;  /* what to do */
	const char *safe; /* what is safe */
};

/* The row of an id; the row of HZ_MSG_INTERNAL for an unknown one. Never NULL. */
const struct hz_message *hz_message_of(enum hz_msg msg);
/* All rows, for the table of ids in the help and for tests. */
const struct hz_message *hz_message_rows(size_t *ret_count);

#endif
