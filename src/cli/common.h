/* What the commands share: opening the vault as the options say, and closing it with the right exit code. */
#ifndef HZ_CLI_COMMON_H
#define HZ_CLI_COMMON_H

#include "cli/cli.h"
#include "vault/vault.h"

/* The folder of the vault: --vault, else HIRZ_VAULT, else the nearest folder upwards from the current one
 * that holds one. Appends a path. HZ_MSG_NO_VAULT. */
HZ_RESULT hz_cli_find(struct hz_cli *cli, struct hz_buf *ret_path);
/* How this command gets a passphrase: an unlocked session first, unless no_session; then what the options
 * say, or the terminal. Borrows cli. */
struct hz_unlock hz_cli_unlock(struct hz_cli *cli, bool no_session);

/* Finds and opens the vault, and says on standard error what a person should know about it: first use on this
 * machine, a missing inside pin, an outside pin that could not be written, bytes of a dead run that were
 * removed, memory that could not be locked. HZ_VAULT_SEALED asks for nothing. Errors of hz_vault_open. */
HZ_RESULT hz_cli_open(struct hz_cli *cli, enum hz_vault_mode mode, struct hz_vault **ret);
/* The same, but the passphrase is asked for again whatever session there is. */
HZ_RESULT hz_cli_open_asking(struct hz_cli *cli, enum hz_vault_mode mode, struct hz_vault **ret);
/* The remarks of hz_cli_open alone, for commands that open in another way. */
void hz_cli_notes(struct hz_cli *cli, const struct hz_vault *v);
/* Closes the vault; *v may be NULL. Where it was older than a pin, reports HZ_MSG_VAULT_ROLLBACK and returns
 * 11, unless code is 4 already; else returns code. */
int hz_cli_close(struct hz_cli *cli, struct hz_vault **v, int code);

/* The age keys given with --sealed-to, at most HZ_BUNDLE_RECIPIENTS. HZ_MSG_USAGE. */
HZ_RESULT hz_cli_recipients(struct hz_cli *cli, uint8_t (*pk)[32], size_t *ret_n);

#endif
