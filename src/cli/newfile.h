/* A file that a command writes: beside its target, nameless where the file system can do that, else
 * NAME.part; it gets its name only when it is complete and on disk. Nothing is ever overwritten. */
#ifndef HZ_CLI_NEWFILE_H
#define HZ_CLI_NEWFILE_H

#include "cli/cli.h"

struct hz_newfile {
	int dirfd, fd;
	char name[256];
	char part[264]; /* empty while nameless */
	bool done;
};
#define HZ_NEWFILE_INIT                                                                                      \
	{                                                                                                    \
		.dirfd = -1, .fd = -1                                                                        \
	}

/* Makes the file with mode 0600. HZ_MSG_TARGET_EXISTS, HZ_MSG_IO, HZ_MSG_NO_SPACE. */
HZ_RESULT hz_newfile_begin(const char *path, struct hz_newfile *ret_f);
/* Writes bytes into it. HZ_MSG_IO, HZ_MSG_NO_SPACE. */
HZ_RESULT hz_newfile_put(struct hz_newfile *f, const struct hz_buf *b);
/* Syncs, gives the name, syncs the folder. HZ_MSG_TARGET_EXISTS where somebody took the name meanwhile. */
HZ_RESULT hz_newfile_finish(struct hz_newfile *f);
/* Ends; what was not finished is gone. */
void hz_newfile_end(struct hz_newfile *f);

/* The file given with --output; NULL for standard output, which is also what - names. */
const char *hz_output_path(const struct hz_cli *cli);
/* A small text to the file given with --output, else to standard output as it stands. */
HZ_RESULT hz_newfile_text(struct hz_cli *cli, const struct hz_buf *text);

#endif
