/* One row for each message id: what happened, why (where the detail alone would not do), what to do, what is
 * safe. Written for the person at the desk; commands stand between backquotes. */
#include "door/messages.h"

#include "door/lang.h"

/* clang-format off */
/* What the system says of errors (errno), for the catalogue: base puts it behind details. */
#define SYSTEM_WORDS \
	N_("Operation not permitted") \
	N_("No such file or directory") \
	N_("Input/output error") \
	N_("Argument list too long") \
	N_("Bad file descriptor") \
	N_("Resource temporarily unavailable") \
	N_("Cannot allocate memory") \
	N_("Permission denied") \
	N_("Device or resource busy") \
	N_("File exists") \
	N_("Invalid cross-device link") \
	N_("Not a directory") \
	N_("Is a directory") \
	N_("Invalid argument") \
	N_("Too many open files in system") \
	N_("Too many open files") \
	N_("Text file busy") \
	N_("File too large") \
	N_("No space left on device") \
	N_("Read-only file system") \
	N_("Too many links") \
	N_("Broken pipe") \
	N_("File name too long") \
	N_("Directory not empty") \
	N_("Too many levels of symbolic links") \
	N_("Value too large for defined data type") \
	N_("Operation not supported") \
	N_("Disk quota exceeded") \
	N_("Stale file handle") \
	N_("Connection timed out") \
	N_("Transport endpoint is not connected") \
	N_("Required key not available") \
	N_("Key has been revoked") \
	N_("Key has expired") \
	N_("Interrupted system call") \
	N_("No such device or address") \
	N_("No such device") \
	N_("No data available")
/* clang-format on */

#define NOTHING_SIGNED   N_("nothing was signed and nothing was changed")
#define NOTHING_CHANGED  N_("nothing was changed")
#define VAULT_UNTOUCHED  N_("the vault was not changed")
#define SOURCE_UNTOUCHED N_("the source was not changed and nothing of this file was added")
#define SEALED_STAYS     N_("what was reported as sealed is complete and stays; nothing is half-written")
#define ORIGINALS_STAY                                                                                       \
	N_("nothing was repaired or deleted; keep this copy as it is, and other copies out of its reach")

static const struct hz_message rows[] = {
	{ HZ_MSG_USAGE, N_("this command cannot be understood"), NULL,
	    N_("see the help: `hirz help` or `hirz COMMAND --help`"), NOTHING_CHANGED },
	{ HZ_MSG_UNKNOWN_COMMAND, N_("there is no such command"), NULL, N_("all commands: `hirz help`"),
	    NOTHING_CHANGED },
	{ HZ_MSG_INPUT_NEEDED, N_("an answer is needed and nobody can be asked"), NULL,
	    N_("run the command on a terminal, or give the passphrase with --passphrase-file FILE or "
	       "--passphrase-fd N"),
	    NOTHING_CHANGED },
	{ HZ_MSG_OUTPUT, N_("the output could not be written"), NULL,
	    N_("check the disk or the program that reads the output, then run the command again"),
	    N_("the work itself is not undone: `hirz log` shows what was recorded") },

	{ HZ_MSG_NO_KEY, N_("you hold no key for this"), NULL,
	    N_("ask a custodian of the vault for the role or the compartment, or let a member who has it do this"),
	    NOTHING_CHANGED },
	{ HZ_MSG_WRONG_PASSPHRASE, N_("wrong passphrase"),
	    N_("no key slot of this vault opens with what was typed"),
	    N_("check Caps Lock and the keyboard layout (Arabic or English), then try again"),
	    N_("nothing was changed; there is no limit of tries, each only takes a second") },
	{ HZ_MSG_PASSPHRASE_FILE, N_("the passphrase could not be read from the file or descriptor"), NULL,
	    N_("check the name and the permissions; the passphrase is the first line of the file"),
	    NOTHING_CHANGED },
	{ HZ_MSG_PASSPHRASE_WEAK, N_("this passphrase cannot be used"), NULL,
	    N_("choose at least 8 characters; six or more words that do not belong together are better"),
	    NOTHING_CHANGED },
	{ HZ_MSG_NO_SESSION, N_("this system keeps no unlocked session"), NULL,
	    N_("go on without `hirz unlock`: each command asks for the passphrase"), NOTHING_CHANGED },

	{ HZ_MSG_IO, N_("reading or writing failed"), NULL,
	    N_("check the disk and its cable; `hirz doctor` helps; then run the same command again"),
	    SEALED_STAYS },
	{ HZ_MSG_NO_SPACE, N_("the disk is full"), NULL,
	    N_("free some space, or use a vault on a larger disk (--vault), then run the same command again"),
	    N_("what was reported as sealed is complete; the originals were not touched") },
	{ HZ_MSG_NOMEM, N_("there is not enough memory"), NULL, N_("close other programs, then run it again"),
	    SEALED_STAYS },
	{ HZ_MSG_SOURCE_READ, N_("this file could not be read to its end"), NULL,
	    N_("copy the medium with a rescue program such as ddrescue, then add the copy"),
	    SOURCE_UNTOUCHED },
	{ HZ_MSG_SOURCE_EMPTY, N_("this file is empty"), N_("a file of zero bytes holds no evidence"),
	    N_("look for the full file on the original medium"), SOURCE_UNTOUCHED },
	{ HZ_MSG_SOURCE_NOT_REGULAR, N_("this is not a regular file"), NULL,
	    N_("give the file itself: links, devices and pipes are not followed; for a folder add -r"),
	    SOURCE_UNTOUCHED },
	{ HZ_MSG_SOURCE_CHANGED, N_("this file changed while it was being read"), NULL,
	    N_("wait until no other program writes to it, then add it again"), SOURCE_UNTOUCHED },
	{ HZ_MSG_SOURCE_MISSING, N_("there is no such file"), NULL, N_("check the name and the folder"),
	    NOTHING_CHANGED },
	{ HZ_MSG_SOURCE_DENIED, N_("this file may not be read by you"), NULL,
	    N_("ask the owner of the file for the permission to read it"), SOURCE_UNTOUCHED },

	{ HZ_MSG_NO_VAULT, N_("there is no vault here"), NULL,
	    N_("check the path given with --vault or HIRZ_VAULT, or make a vault with `hirz init DIR`"),
	    NOTHING_CHANGED },
	{ HZ_MSG_NOT_A_FOLDER, N_("the path of the vault is not a folder that can be opened"), NULL,
	    N_("check the path; is the disk plugged in and mounted?"), NOTHING_CHANGED },
	{ HZ_MSG_VAULT_EXISTS, N_("a vault is not made in a folder that already holds something"), NULL,
	    N_("give the name of a new or empty folder"), N_("what is in the folder was not changed") },
	{ HZ_MSG_VAULT_NEWER, N_("this vault was written by a newer hirz"), NULL,
	    N_("install the newer hirz; this one cannot read the vault safely"), VAULT_UNTOUCHED },
	{ HZ_MSG_VAULT_BUSY, N_("the vault is in use by another program"), NULL,
	    N_("wait until the other command has ended, then try again"), VAULT_UNTOUCHED },
	{ HZ_MSG_VAULT_DAMAGED, N_("the vault is damaged: its structure is not sound"), NULL,
	    N_("copy the whole folder away first, then fetch the newest backup and compare with "
	       "`hirz verify --full`"),
	    ORIGINALS_STAY },
	{ HZ_MSG_VAULT_TAMPERED, N_("the vault was altered: something does not match its proof"), NULL,
	    N_("do not go on working in this vault; keep the folder as evidence, tell the custodian, compare with "
	       "a backup"),
	    ORIGINALS_STAY },
	{ HZ_MSG_KEYRING_DAMAGED, N_("the keyring is damaged or was altered"),
	    N_("this is not a wrong passphrase: the file of keys itself does not match"),
	    N_("put the files `keyring` and `keyring.2` of the newest backup in place, after copying the folder "
	       "away"),
	    ORIGINALS_STAY },
	{ HZ_MSG_VAULT_ROLLBACK, N_("this vault is older than what was seen of it before"), NULL,
	    N_("find the newer copy; only if it is lost: `hirz recover restored -m WHY` goes on from here, and "
	       "says so for ever"),
	    N_("the vault opens for reading only; nothing was changed") },
	{ HZ_MSG_BAD_FILESYSTEM, N_("a vault cannot be kept safely on this file system"), NULL,
	    N_("use a local disk with ext4, xfs or btrfs; carry copies on other media with `hirz backup`"),
	    NOTHING_CHANGED },
	{ HZ_MSG_VAULT_READ_ONLY, N_("this vault can only be read"), NULL,
	    N_("its log is closed; after a restore, `hirz recover restored -m WHY` begins a new one"),
	    VAULT_UNTOUCHED },

	{ HZ_MSG_NO_EXHIBIT, N_("there is no such exhibit"), NULL,
	    N_("look for its number with `hirz list`; numbers look like DM3-000117"), NOTHING_CHANGED },
	{ HZ_MSG_NO_CASE, N_("there is no such case"), NULL, N_("see all cases: `hirz case list`"),
	    NOTHING_CHANGED },
	{ HZ_MSG_CASE_EXISTS, N_("this case exists already"), NULL,
	    N_("choose another code, or look at it with `hirz case show CODE`"), NOTHING_CHANGED },
	{ HZ_MSG_BAD_QUERY, N_("this query cannot be understood"), NULL,
	    N_("examples: `hirz list case:2019-MAR`, `hirz list date:2019-07..2019-08`"), NOTHING_CHANGED },
	{ HZ_MSG_CONTENT_DIFFERS, N_("stored bytes do not match what was sealed"), NULL,
	    N_("this copy of the exhibit must not be relied on: look for a good copy in a backup, and keep this "
	       "one"),
	    ORIGINALS_STAY },
	{ HZ_MSG_TARGET_EXISTS, N_("the output file exists already"), NULL,
	    N_("give another name, or move the old file away yourself"),
	    N_("the existing file was not changed") },
	{ HZ_MSG_NOTHING_SELECTED, N_("nothing matches, so there is nothing to do"), NULL,
	    N_("try the query with `hirz list`"), NOTHING_CHANGED },

	{ HZ_MSG_NO_CONSENT, N_("refused: consent does not cover this"), NULL,
	    N_("ask the person or whoever looks after the consent; `hirz show ID` names what was agreed"),
	    N_("nothing left the vault") },
	{ HZ_MSG_NO_ROLE, N_("refused: your role does not allow this"), NULL,
	    N_("ask a member with the role, or a custodian to give it to you"), NOTHING_CHANGED },

	{ HZ_MSG_BUNDLE_DAMAGED, N_("this bundle is damaged or not a bundle of hirz"), NULL,
	    N_("fetch the file again and compare its size and SHA-512 with the sender's"),
	    N_("the file was only read") },
	{ HZ_MSG_BUNDLE_TAMPERED, N_("this bundle was altered: something does not match its proof"), NULL,
	    N_("do not rely on it; tell the sender over another channel, and keep the file"),
	    N_("the file was only read") },
	{ HZ_MSG_BUNDLE_KEY, N_("the given key is not one of the known kinds"), NULL,
	    N_("give the fingerprint that `hirz init` printed, or a file with a vkey, minisign, SSH or JWK public "
	       "key"),
	    N_("the file was only read") },

	{ HZ_MSG_ANCHOR_INVALID, N_("this time stamp proves nothing"), NULL,
	    N_("ask the authority for a new one, or another authority; check that the right files were given"),
	    NOTHING_CHANGED },

	{ HZ_MSG_LIMIT, N_("this is over a limit of hirz"), NULL, N_("make it smaller, or split it"),
	    NOTHING_CHANGED },
	{ HZ_MSG_FORMAT, N_("these bytes are not what they should be"), NULL,
	    N_("check that this is the right file and that it was copied completely"), NOTHING_CHANGED },
	{ HZ_MSG_TAMPERED, N_("a hash, a tag or a signature does not match"), NULL,
	    N_("do not rely on this copy; compare it with another one, and keep both"), NOTHING_CHANGED },
	{ HZ_MSG_VERSION, N_("this was written in a version that this hirz does not know"), NULL,
	    N_("use a newer hirz"), NOTHING_CHANGED },
	{ HZ_MSG_UNSUPPORTED, N_("this is not offered here"), NULL,
	    N_("see `hirz help` for what this version does, and `hirz doctor` for what this system lacks"),
	    NOTHING_CHANGED },
	{ HZ_MSG_CANCELLED, N_("stopped, as asked"), N_("a signal asked the program to end"),
	    N_("run the same command again to go on where it stopped"), SEALED_STAYS },
	{ HZ_MSG_WITNESS_LOG, N_("this witness does not know the log that asks"), NULL,
	    N_("get the log's key over another way than this request, and give it with --log KEY"),
	    NOTHING_CHANGED },
	{ HZ_MSG_WITNESS_CONFLICT, N_("the request does not begin where this witness stands"), NULL,
	    N_("have the log make a request with --old and the size that is named here"), NOTHING_CHANGED },
	{ HZ_MSG_WITNESS_STALE, N_("the memory of this witness is an older copy of itself"), NULL,
	    N_("put the newest copy back; only if it is lost, begin as a new witness with a new key"),
	    NOTHING_SIGNED },
	{ HZ_MSG_WITNESS_CLOCK, N_("the clock of this computer went back"), NULL,
	    N_("set the clock right; what was signed before is named here"), NOTHING_SIGNED },
	{ HZ_MSG_LOG_OLDER, N_("the log is older than what was seen of it before"), NULL,
	    N_("ask for the newest state; if there is none, entries were taken away: keep both and tell the others"),
	    NOTHING_CHANGED },
	{ HZ_MSG_LOG_FORK, N_("the log contradicts what was seen of it before: two histories were signed"),
	    NULL, N_("keep both; `hirz log misconduct` makes a file of them that proves it to anybody"),
	    NOTHING_CHANGED },
	{ HZ_MSG_WORDS_DIFFER, N_("these words are of no checkpoint of this log"), NULL,
	    N_("have them read again slowly; if they stay, one of you looks at another log"),
	    NOTHING_CHANGED },
	{ HZ_MSG_RULES_BAD, N_("these rules have a fault"), NULL,
	    N_("change the line that is named; docs/reference/rules.md explains the language"),
	    NOTHING_CHANGED },
	{ HZ_MSG_LEARN_FEW, N_("there are too few decisions to learn from"), NULL,
	    N_("go on with `hirz review`; `hirz learn` says how many are missing for each type"),
	    NOTHING_CHANGED },
	{ HZ_MSG_INTERNAL, N_("hirz made a mistake of its own"), NULL,
	    N_("please report the number and the line above; it holds nothing of your evidence"),
	    SEALED_STAYS },
};

const struct hz_message *
hz_message_of(enum hz_msg msg)
{
	const size_t n = sizeof rows / sizeof rows[0];

	for (size_t i = 0; i < n; i++) {
		if (rows[i].msg == msg) {
			return &rows[i];
		}
	}
	return &rows[n - 1]; /* HZ_MSG_INTERNAL is the last row */
}

const struct hz_message *
hz_message_rows(size_t *ret_count)
{
	*ret_count = sizeof rows / sizeof rows[0];
	return rows;
}
