/* Where passphrases come from: the terminal, a file, a descriptor; never arguments or the environment. */
#ifndef HZ_DOOR_PASSPHRASE_H
#define HZ_DOOR_PASSPHRASE_H

#include "door/door.h"

#define HZ_PASSPHRASE_MAX   1024 /* bytes as typed, without the end of the line */
#define HZ_PASSPHRASE_BUF   8192 /* room for the normalised form */
#define HZ_PASSPHRASE_CHARS 8    /* characters at least, for a new one */
#define HZ_PASSPHRASE_BITS  28   /* estimated strength at least, for a new one */

/* The passphrase in NFKC, into a secret buffer made with HZ_BUF_SECRET_INIT(HZ_PASSPHRASE_BUF). prompt is
 * translated ("Passphrase:"); NULL for the usual one. Order: descriptor, file, terminal.
 * HZ_MSG_INPUT_NEEDED (no terminal or --no-input), HZ_MSG_PASSPHRASE_FILE, HZ_MSG_PASSPHRASE_WEAK (empty),
 * HZ_MSG_LIMIT, HZ_ERR_CANCELLED (the terminal is as it was before). */
HZ_RESULT hz_passphrase_get(struct hz_door *door, const char *prompt, struct hz_buf *ret_phrase);
/* A new one: on the terminal asked twice, with its strength said, three tries; from elsewhere once.
 * HZ_MSG_PASSPHRASE_WEAK under the floor. */
HZ_RESULT hz_passphrase_new(struct hz_door *door, const char *prompt, struct hz_buf *ret_phrase);
/* True where a passphrase can be had at all: lets a command fail with HZ_MSG_INPUT_NEEDED before long work.
 */
bool hz_passphrase_possible(const struct hz_door *door);

/* Estimate of strength in bits: size of the character classes used, runs and sequences counted as one bit. A
 * floor against the worst, no promise. ret_chars: characters. */
unsigned hz_passphrase_bits(const void *p, size_t n, size_t *ret_chars);

/* A question with yes or no on the terminal; ret_yes. HZ_MSG_INPUT_NEEDED as above. */
HZ_RESULT hz_ask_yes(struct hz_door *door, const char *question, bool *ret_yes);

#endif
