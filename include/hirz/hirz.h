/* libhirz: evidence vaults for other programs. docs/reference/library.md shows how it is used.
 *
 * Ownership. Handles come from hirz_init and hirz_open and end with hirz_close. All other memory belongs to
 * whoever made it: texts given to a function are copied or used before it returns; what a callback gets lives
 * until the callback returns.
 *
 * Errors. Functions that can fail return enum hirz_err. What happened is kept for the calling thread until
 * its next call (hirz_error_id, hirz_error_what, hirz_error_why). On failure results are untouched, where
 * nothing else is said. The library never prints, never ends the program and changes no signal, locale or
 * limit of the process.
 *
 * Threads. A handle is used by one thread at a time, and one thread opens, uses and closes it. Different
 * handles are independent, but one process holds at most one handle for one vault. A callback must not call a
 * function with the handle it was called for: that fails with HIRZ_ERR_USAGE.
 *
 * Growth. Every struct begins with its size, set by the caller to sizeof of the struct he knows (HIRZ_SIZED
 * does it); members not named are zero, which always means: not given. Later versions add members at the end.
 * In structs that callbacks get, size says how far the library filled it. Numbers of enums never change;
 * unknown ones may come. */
#ifndef HIRZ_HIRZ_H
#define HIRZ_HIRZ_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__)
#define HIRZ_API  __attribute__((visibility("default")))
#define HIRZ_USED __attribute__((warn_unused_result))
#else
#define HIRZ_API
#define HIRZ_USED
#endif

#define HIRZ_VERSION_MAJOR 0
#define HIRZ_VERSION_MINOR 1
#define HIRZ_VERSION_PATCH 0

/* struct hirz_add_opts opts = { HIRZ_SIZED(struct hirz_add_opts), .title = "..." }; */
#define HIRZ_SIZED(type) .size = sizeof(type)

/* The version of the library that runs, "0.1.0". Static. */
HIRZ_API const char *hirz_version(void);

/* --- errors ----------------------------------------------------------------------------------------------
 */
enum hirz_err {
	HIRZ_OK = 0,
	HIRZ_ERR_USAGE = 1,        /* wrong use of a function: argument, mode, order */
	HIRZ_ERR_NOT_FOUND = 2,    /* no such exhibit, case, file */
	HIRZ_ERR_EXISTS = 3,       /* it is there already */
	HIRZ_ERR_DENIED = 4,       /* refused by rule: consent, role */
	HIRZ_ERR_LOCKED = 5,       /* wrong passphrase, or no key for this */
	HIRZ_ERR_BUSY = 6,         /* another process writes to the vault */
	HIRZ_ERR_LIMIT = 7,        /* over a limit of hirz/format.h */
	HIRZ_ERR_NOMEM = 8,        /* out of memory */
	HIRZ_ERR_IO = 9,           /* read or write error */
	HIRZ_ERR_NOSPACE = 10,     /* disk full */
	HIRZ_ERR_FORMAT = 11,      /* damaged, or not what it should be */
	HIRZ_ERR_VERSION = 12,     /* a newer or unknown format */
	HIRZ_ERR_TAMPERED = 13,    /* a hash, tag or signature does not match */
	HIRZ_ERR_ROLLBACK = 14,    /* older than what was seen of this vault */
	HIRZ_ERR_NO_VAULT = 15,    /* no vault here */
	HIRZ_ERR_INPUT = 16,       /* a passphrase is needed and none was given */
	HIRZ_ERR_UNSUPPORTED = 17, /* known, but not offered here */
	HIRZ_ERR_CHANGED = 18,     /* the source changed while it was read */
	HIRZ_ERR_CANCELLED = 19,   /* a callback asked to stop */
	HIRZ_ERR_INTERNAL = 20     /* a mistake of the library */
};

/* A short English sentence for a code, also for an unknown one. Static. */
HIRZ_API const char *hirz_strerror(enum hirz_err code);
/* Of this thread's last call: its stable message id as in the program's own messages ("HZ-E021"), what
 * happened (a sentence that belongs to the id) and why (the detail of this case). Empty after success. The
 * first two are static, the third lives until the thread's next call. The why may hold names of files: it is
 * for people, not for logs. */
HIRZ_API const char *hirz_error_id(void);
HIRZ_API const char *hirz_error_what(void);
HIRZ_API const char *hirz_error_why(void);

/* --- opening -----------------------------------------------------------------------------------------------
 */
struct hirz_vault;

enum hirz_mode {
	HIRZ_SEALED = 0, /* without keys: hirz_verify with HIRZ_VERIFY_SEALED, hirz_info, hirz_unlock */
	HIRZ_READ = 1,   /* list, verify, custody */
	HIRZ_WRITE = 2   /* everything; one writer for a vault: waits 10 s, then HIRZ_ERR_BUSY */
};

#define HIRZ_PASSPHRASE_MAX       1024 /* bytes of UTF-8 */
#define HIRZ_PASSPHRASE_CHARS_MIN 8    /* characters of a new one */

#define HIRZ_KEY_NO_SESSION 1u /* do not use a session that was kept: ask */

/* How the passphrase is got: from memory, or from a function that is called only when it is needed. UTF-8;
 * the library brings it to NFKC, keeps it in locked memory and wipes it after use. The caller wipes his own
 * copy. */
struct hirz_key {
	size_t size;
	const void *passphrase; /* or NULL */
	size_t passphrase_len;
	/* Writes at most max bytes to buf and their number to *ret_len; returns 0, or anything else to stop
	 * (HIRZ_ERR_CANCELLED). buf is wiped by the library. */
	int (*ask)(void *arg, char *buf, size_t max, size_t *ret_len);
	void *arg;
	uint32_t flags; /* HIRZ_KEY_* */
};

#define HIRZ_OPEN_FORCE_FS 1u /* also on a file system that cannot keep a vault safely */
#define HIRZ_OPEN_NO_PIN   2u /* init only: remember nothing outside the vault */

struct hirz_init_opts {
	size_t size;
	const char *org;  /* name of the organisation; needed */
	const char *desk; /* 1 to 12 of A-Z0-9: begins the numbers of exhibits; needed */
	uint32_t kdf_mib; /* memory of the passphrase derivation, MiB; 0: 256 */
	uint32_t flags;   /* HIRZ_OPEN_* */
};
/* Makes a vault in a new or empty folder and opens it for writing. HIRZ_ERR_EXISTS, HIRZ_ERR_USAGE (also for
 * a passphrase that is too short), HIRZ_ERR_UNSUPPORTED (file system). */
HIRZ_API HIRZ_USED enum hirz_err hirz_init(const char *path, const struct hirz_init_opts *opts,
    const struct hirz_key *key, struct hirz_vault **ret_v);

struct hirz_open_opts {
	size_t size;
	uint32_t mode;  /* enum hirz_mode */
	uint32_t flags; /* HIRZ_OPEN_FORCE_FS */
};
/* Opens a vault. opts NULL: without keys. key may be NULL without keys or where a session was kept. A vault
 * older than what was seen of it opens for reading (HIRZ_INFO_ROLLBACK), but not for writing
 * (HIRZ_ERR_ROLLBACK). */
HIRZ_API HIRZ_USED enum hirz_err hirz_open(const char *path, const struct hirz_open_opts *opts,
    const struct hirz_key *key, struct hirz_vault **ret_v);
/* Opens a handle again in another mode: gets its keys, or becomes able to write. On failure the handle is as
 * it was, unless even that cannot be had again: then every function but hirz_close fails with HIRZ_ERR_USAGE.
 */
HIRZ_API HIRZ_USED enum hirz_err hirz_unlock(
    struct hirz_vault *v, enum hirz_mode mode, const struct hirz_key *key);
/* Wipes the keys and frees everything. NULL is fine. */
HIRZ_API void hirz_close(struct hirz_vault *v);

/* Keeps the keys of an open vault in the kernel's keyring for so many seconds (at least 1), for later
 * openings by the same user; the system may refuse: HIRZ_ERR_UNSUPPORTED. */
HIRZ_API HIRZ_USED enum hirz_err hirz_session_keep(struct hirz_vault *v, unsigned seconds);
/* Ends the session of a vault; none is fine too. */
HIRZ_API HIRZ_USED enum hirz_err hirz_session_end(struct hirz_vault *v);

#define HIRZ_INFO_LOCKED              1u /* opened without keys: less is known */
#define HIRZ_INFO_ROLLBACK            2u /* older than what was seen: do not trust that this is all */
#define HIRZ_INFO_PIN_INSIDE_MISSING  4u
#define HIRZ_INFO_PIN_OUTSIDE_MISSING 8u  /* first use on this machine */
#define HIRZ_INFO_PIN_OUTSIDE_FAILED  16u /* could not be kept */
#define HIRZ_INFO_FROM_SESSION        32u /* no passphrase was needed */
#define HIRZ_INFO_MEMORY_NOT_LOCKED   64u /* the system lets no memory be locked: keys may reach the swap */

struct hirz_info {
	size_t size;
	uint32_t mode, flags;
	char vault[33];       /* id, 32 hex */
	char fingerprint[33]; /* what people compare and bundles are checked with */
	char desk[13];
	char member[37];  /* "mb-" and 32 hex: who acts */
	char origin[128]; /* of the current log */
	char org[256];
	uint64_t exhibits, log_size;
	uint8_t log_root[32];
	uint64_t removed; /* bytes of a cut-off run, never acknowledged, removed at opening for writing */
};
HIRZ_API HIRZ_USED enum hirz_err hirz_info(struct hirz_vault *v, struct hirz_info *ret);

/* --- adding (HIRZ_WRITE)
 * ------------------------------------------------------------------------------------ */
enum hirz_consent {
	HIRZ_CONSENT_UNKNOWN = 0, /* sealed, but export withholds it */
	HIRZ_CONSENT_GIVEN = 1,
	HIRZ_CONSENT_NONE_NEEDED = 2 /* with the basis in `note` */
};

#define HIRZ_ADD_NO_INSPECT 1u /* do not ask hirz-inspect for the media type */

/* All texts are UTF-8 without control characters, at most 16 KiB, or NULL; only name may hold any bytes. */
struct hirz_add_opts {
	size_t size;
	const char *name; /* original file name */
	const char *title, *lang;
	const char *source; /* who made it */
	const char *from;   /* received from */
	const char *where;  /* place */
	const char
	    *when; /* claimed time: DATE, A..B or ~DATE, dates as YYYY, YYYY-MM, YYYY-MM-DD[THH:MM[:SS]] */
	const char *case_code;   /* the exhibit becomes a member; the case is made where it is new */
	const char *media_type;  /* what the caller knows; NULL: found out */
	uint32_t consent;        /* enum hirz_consent */
	const char *consent_ref; /* with HIRZ_CONSENT_GIVEN: where it is written down */
	const char *note;        /* with HIRZ_CONSENT_NONE_NEEDED: the basis, needed */
	uint32_t flags;          /* HIRZ_ADD_* */
};

#define HIRZ_NUMBER_SIZE 36 /* "DM3-000117" and NUL */
#define HIRZ_EX_SIZE     36 /* "ex-", 32 hex and NUL */

enum hirz_added_as {
	HIRZ_ADDED_SEALED = 1, /* a new exhibit */
	HIRZ_ADDED_DUPLICATE =
	    2 /* the bytes were there already: recorded as a further receipt of that exhibit */
};
struct hirz_added {
	size_t size;
	uint32_t result; /* enum hirz_added_as */
	char number[HIRZ_NUMBER_SIZE];
	char ex[HIRZ_EX_SIZE];
	uint8_t sha256[32]; /* of the bytes read */
	uint64_t bytes;
};
/* Seals what the descriptor gives: a regular file from its first to its last byte wherever its offset stands,
 * a pipe or socket to its end. The descriptor stays open and its file untouched. When HIRZ_OK comes back,
 * content, record, event and checkpoint are on disk; otherwise nothing of it is in the vault. HIRZ_ERR_USAGE
 * (empty, or neither file nor pipe), HIRZ_ERR_CHANGED, HIRZ_ERR_IO, HIRZ_ERR_NOSPACE. opts and ret may be
 * NULL. */
HIRZ_API HIRZ_USED enum hirz_err hirz_add_fd(
    struct hirz_vault *v, int fd, const struct hirz_add_opts *opts, struct hirz_added *ret);

/* --- looking (HIRZ_READ, HIRZ_WRITE)
 * ------------------------------------------------------------------------- */
struct hirz_exhibit {
	size_t size;
	const char *number, *ex;
	const char *name, *title, *media_type, *source, *where, *when, *lang; /* NULL: not given */
	uint64_t no;                                                          /* counter in number */
	uint64_t bytes;
	int64_t sealed_at; /* seconds since 1970 */
	uint32_t consent;  /* enum hirz_consent */
	uint32_t receipts; /* further ones */
	uint8_t sha256[32];
};
/* Returns 0 to go on, anything else to stop (HIRZ_ERR_CANCELLED). */
typedef int hirz_exhibit_fn(void *arg, const struct hirz_exhibit *e);

struct hirz_list_opts {
	size_t size;
	const char *case_code; /* only its members; NULL: all */
	uint64_t from;         /* only counters from here on: the next page */
	uint64_t limit;        /* at most so many; 0: no limit */
};
/* Calls fn for each exhibit, in the order of numbers, as the vault stood when the call began. opts NULL: all.
 */
HIRZ_API HIRZ_USED enum hirz_err hirz_list(
    struct hirz_vault *v, const struct hirz_list_opts *opts, hirz_exhibit_fn *fn, void *arg);
/* One exhibit by number (any case, zeros optional) or "ex-..."; its row is checked against the log. */
HIRZ_API HIRZ_USED enum hirz_err hirz_show(
    struct hirz_vault *v, const char *id, hirz_exhibit_fn *fn, void *arg);

struct hirz_event {
	size_t size;
	uint32_t log;                    /* number of the log in this vault, from 0 */
	uint64_t index;                  /* in that log */
	int64_t seq;                     /* in the exhibit's chain; -1: about several (an export, a case) */
	const char *time, *act, *member; /* "2026-03-01T09:00:00Z", "acquire", "mb-..." */
	const char *leaf;                /* leaf hash, 64 hex */
	const char *line; /* all of it: log/index, time, act, seq or -, member, leaf; one space between, no
			     line end */
};
typedef int hirz_event_fn(void *arg, const struct hirz_event *e);
/* Every event about an exhibit, oldest first. Signatures and the chain of hashes are checked on the way:
 * HIRZ_ERR_TAMPERED ends the listing. */
HIRZ_API HIRZ_USED enum hirz_err hirz_custody(
    struct hirz_vault *v, const char *id, hirz_event_fn *fn, void *arg);

/* --- reading content (HIRZ_WRITE: it leaves an event)
 * --------------------------------------------------------- */
/* Gets n bytes, 1 to 65,536, in order. Returns 0 to go on. */
typedef int hirz_data_fn(void *arg, const void *p, size_t n);
/* Commits an access event with the reason (needed), then gives the original bytes to fn. Every piece is
 * authenticated before it is given; the hash over all of them is known at the end: after any failure, throw
 * away what was given. HIRZ_ERR_TAMPERED. */
HIRZ_API HIRZ_USED enum hirz_err hirz_read(
    struct hirz_vault *v, const char *id, const char *reason, hirz_data_fn *fn, void *arg);

/* --- verifying (HIRZ_SEALED for the first level; HIRZ_READ, HIRZ_WRITE)
 * ---------------------------------------- */
enum hirz_level {
	HIRZ_VERIFY_SEALED =
	    1, /* every stored segment against its hash; no keys needed; always the whole vault */
	HIRZ_VERIFY_FULL = 2 /* segments, padding, content, and each exhibit's row against its signed event */
};
struct hirz_counts {
	size_t size;
	uint64_t checked, matched, missing, different; /* segments, or exhibits for HIRZ_VERIFY_FULL */
	uint64_t bytes;                                /* that were read */
};
/* Called for what does not match. id: the exhibit's number, "" for a segment. */
typedef int hirz_finding_fn(void *arg, const char *id, enum hirz_err code, const char *why);
/* The whole vault (id NULL) or one exhibit. Goes on after a finding; HIRZ_ERR_TAMPERED at the end when there
 * was one, and *ret is filled then too. fn and ret may be NULL. The log's own signatures are checked by `hirz
 * audit`, and by whoever verifies a bundle. */
HIRZ_API HIRZ_USED enum hirz_err hirz_verify(struct hirz_vault *v, const char *id, enum hirz_level level,
    hirz_finding_fn *fn, void *arg, struct hirz_counts *ret);

/* --- export (HIRZ_WRITE)
 * ---------------------------------------------------------------------------------------- */
#define HIRZ_EXPORT_DRY 1u /* decide and count; write nothing */
/* Without the rules by which texts were tagged; else their files go along whole. */
#define HIRZ_EXPORT_NO_RULES 2u

struct hirz_export_opts {
	size_t size;
	const char *to;                /* recipient's name; needed */
	const char *file;              /* target, which must not exist; needed */
	const char *purpose;           /* or NULL */
	const char *const *ids;        /* numbers or "ex-..." */
	size_t ids_count;              /* with case_code NULL, 0: everything */
	const char *case_code;         /* its members too */
	const char *const *recipients; /* "age1...": the bundle is encrypted to them */
	size_t recipients_count;       /* at most 20 */
	uint32_t flags;                /* HIRZ_EXPORT_* */
	/* Called for each exhibit that is held back, with the rule ("consent-unknown"). May be NULL. */
	void (*withheld)(void *arg, const char *number, const char *rule);
	void *arg;
};
struct hirz_exported {
	size_t size;
	uint64_t included, withheld, bytes; /* bytes: of the originals */
	uint64_t file_size;
	uint8_t sha512[64]; /* of the file */
	char name[64];      /* of the folder in it */
};
/* Writes the signed bundle: consent is checked, the export is recorded, the file is written and synced, its
 * hashes are recorded, and only then it gets its name. HIRZ_ERR_DENIED where consent lets nothing out (*ret
 * is filled then too), HIRZ_ERR_USAGE where nothing is selected, HIRZ_ERR_EXISTS. ret may be NULL. */
HIRZ_API HIRZ_USED enum hirz_err hirz_export(
    struct hirz_vault *v, const struct hirz_export_opts *opts, struct hirz_exported *ret);

#ifdef __cplusplus
}
#endif
#endif
