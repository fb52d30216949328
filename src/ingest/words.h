/* The words of a document, for the exhibit that is derived from it [F-7.6]. */
#ifndef HZ_INGEST_WORDS_H
#define HZ_INGEST_WORDS_H

#include "ingest/media.h"

struct hz_words {
	bool any;         /* there is text */
	bool complete;    /* all of it */
	const char *what; /* word of [F-7.5], static */
	char tool[128];   /* what made it, with its version */
	enum hz_sandbox_level level;
};

/* Whether a file of this kind has words to ask for. Text that is UTF-8 is its own: not asked. */
bool hz_words_wanted(const struct hz_media *m);
struct hz_words_question {
	const void *p; /* the file's beginning; n, size, fd as in hz_media_ask */
	size_t n;
	uint64_t size;
	int fd;
	enum hz_err (*part)(void *arg, const uint8_t *p, size_t n); /* gets the words piece by piece */
	void *arg;
};
/* What is wrong with the file or with the inspector gives no words, or fewer; errors are those of part, and
 * HZ_MSG_NOMEM. After !any, what part was given is to be forgotten. */
HZ_RESULT hz_words_ask(struct hz_inspector *insp, const struct hz_media *m,
    const struct hz_words_question *from, struct hz_words *ret_w);
/* Fields of the derived exhibit's record but number and origin, which the vault adds. */
HZ_RESULT hz_words_fields(const struct hz_words *w, uint64_t size, struct hz_record *r);

#endif
