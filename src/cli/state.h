/* The folder of a witness: its state, a mark that tells an older copy of it, and evidence that it met
 * (docs/format.md 8.9). */
#ifndef HZ_CLI_STATE_H
#define HZ_CLI_STATE_H

#include "cli/cli.h"
#include "outside/outside.h"

struct hz_witness_dir {
	int fd;
	char path[4096];
	bool marked; /* there is a mark, and it fits */
	struct hz_state st;
};
#define HZ_WITNESS_DIR_INIT                                                                                  \
	{                                                                                                    \
		.fd = -1                                                                                     \
	}

/* Opens and locks the folder (--state, else XDG_STATE_HOME/hirz/witness, else ~/.local/state/hirz/witness);
 * with make, makes it. HZ_MSG_VAULT_BUSY where another program holds it; HZ_MSG_NOTHING_SELECTED where there
 * is no witness yet. */
HZ_RESULT hz_witness_open(struct hz_cli *cli, bool make, struct hz_witness_dir *d);
/* Reads the state and compares it with the mark: HZ_MSG_WITNESS_STALE, HZ_MSG_TAMPERED. */
HZ_RESULT hz_witness_load(struct hz_witness_dir *d);
/* Writes the next generation of the state so that it is on disk, then the mark. */
HZ_RESULT hz_witness_save(struct hz_witness_dir *d, const struct hz_ed_key *key);
void hz_witness_close(struct hz_witness_dir *d);
/* Keeps bytes beside the state under a name of their own; the name is given back. */
HZ_RESULT hz_witness_keep(
    struct hz_witness_dir *d, const char *what, const void *p, size_t n, char ret_name[static 64]);

#endif
