/* The head of the log on its way out: proofs, checkpoints, words, QR codes; tiles for the public. */
#ifndef HZ_CLI_HEAD_H
#define HZ_CLI_HEAD_H

#include "cli/common.h"
#include "cli/newfile.h"
#include "outside/outside.h"

HZ_RESULT hz_head_proof(struct hz_cli *cli, struct hz_vault *v, struct hz_view *w);
HZ_RESULT hz_head_checkpoint(struct hz_cli *cli, struct hz_vault *v, struct hz_view *w);
/* Was anything asked for that only goes with --checkpoint? */
bool hz_head_asked(const struct hz_cli *cli);

/* A small file, whole. Errors of hz_file_read. */
HZ_RESULT hz_cli_read_file(const char *path, size_t max, struct hz_buf *out);
/* The value of an option that is a key, or a file with nothing but one in it; NULL stays an empty text. */
HZ_RESULT hz_cli_key_text(const char *given, char *ret_s, size_t max);

/* What was kept from before, out of files (against.c). HZ_MSG_USAGE where a file holds no checkpoint. */
#define HZ_CLI_BEFORE_MAX 256
struct hz_kept {
	size_t n;
	struct hz_before list[HZ_CLI_BEFORE_MAX];
	const char *path[HZ_CLI_BEFORE_MAX]; /* borrowed, by number of the file */
	int fd[HZ_CLI_BEFORE_MAX];           /* of audit packs, which may be read again; else -1 */
	unsigned files;
};
/* The list must not be moved afterwards. */
HZ_RESULT hz_kept_add(struct hz_kept *k, const char *path);
void hz_kept_done(struct hz_kept *k);

/* --against of a command on an open vault: says what was found, as text or lines of type `against`.
 * *ret_code: 0, 3 (something could not be compared) or 11. */
HZ_RESULT hz_cli_against(struct hz_cli *cli, struct hz_vault *v, int *ret_code);

#endif
