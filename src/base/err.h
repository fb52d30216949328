/* Errors: one code that says what the caller can do, one stable message id, one detail text.
 *
 * Library code never prints and never exits. At the point of failure it calls hz_fail() (or
 * hz_fail_sys() for errno), which keeps the id and the detail in thread-local storage; only doors
 * (cli, verify) turn them into words. The ids are promises: texts may change, ids may not. */
#ifndef HZ_BASE_ERR_H
#define HZ_BASE_ERR_H

#include <stdbool.h>
#include <stddef.h>

enum hz_err {
	HZ_OK = 0,
	HZ_ERR_USAGE,       /* wrong use: option or argument               exit 2 */
	HZ_ERR_NOT_FOUND,   /* no such exhibit, record, file               exit 1 */
	HZ_ERR_EXISTS,      /* it is there already                         exit 1 */
	HZ_ERR_DENIED,      /* refused by rule: consent, role              exit 8 */
	HZ_ERR_LOCKED,      /* wrong passphrase, or no key for this        exit 5 */
	HZ_ERR_BUSY,        /* vault in use by another process             exit 7 */
	HZ_ERR_LIMIT,       /* over a documented limit                     exit 1 */
	HZ_ERR_NOMEM,       /* out of memory                               exit 9 */
	HZ_ERR_IO,          /* read or write error                         exit 9 */
	HZ_ERR_NOSPACE,     /* disk full                                   exit 9 */
	HZ_ERR_FORMAT,      /* damaged or not what it should be            exit 4 */
	HZ_ERR_VERSION,     /* a newer or unknown format                   exit 6 */
	HZ_ERR_TAMPERED,    /* a hash, tag or signature does not match     exit 4 */
	HZ_ERR_ROLLBACK,    /* older than a pin or witness has seen        exit 11 */
	HZ_ERR_NO_VAULT,    /* no vault here                               exit 6 */
	HZ_ERR_INPUT,       /* input needed but none allowed               exit 12 */
	HZ_ERR_UNSUPPORTED, /* known, but not offered here                 exit 1 */
	HZ_ERR_CHANGED,     /* the source changed while it was read        (item) */
	HZ_ERR_CANCELLED,   /* Ctrl-C or another signal                    exit 128+N */
	HZ_ERR_INTERNAL     /* our own bug                                 exit 1 */
};

/* The message ids. X(number, symbol, code): "HZ-E021" is HZ_MSG_WRONG_PASSPHRASE.
 * Texts (what, do, safe) are in door/messages.c, one row for each symbol (a test counts). */
#define HZ_MSG_LIST(X)                                                                                       \
	X(1, USAGE, HZ_ERR_USAGE)           /* wrong option or argument */                                   \
	X(2, UNKNOWN_COMMAND, HZ_ERR_USAGE) /* detail: the word, nearest */                                  \
	X(3, INPUT_NEEDED, HZ_ERR_INPUT)    /* --no-input or no terminal */                                  \
	X(4, OUTPUT, HZ_ERR_IO)             /* cannot write the output */                                    \
	X(20, NO_KEY, HZ_ERR_LOCKED)        /* no key for this compartment or act */                         \
	X(21, WRONG_PASSPHRASE, HZ_ERR_LOCKED)                                                               \
	X(22, PASSPHRASE_FILE, HZ_ERR_IO)     /* cannot read it */                                           \
	X(23, PASSPHRASE_WEAK, HZ_ERR_USAGE)  /* too short or empty */                                       \
	X(24, NO_SESSION, HZ_ERR_UNSUPPORTED) /* kernel keyring refused */                                   \
	X(30, IO, HZ_ERR_IO)                                                                                 \
	X(31, NO_SPACE, HZ_ERR_NOSPACE)                                                                      \
	X(32, NOMEM, HZ_ERR_NOMEM)                                                                           \
	X(33, SOURCE_READ, HZ_ERR_IO) /* read error on a source file */                                      \
	X(34, SOURCE_EMPTY, HZ_ERR_USAGE)                                                                    \
	X(35, SOURCE_NOT_REGULAR, HZ_ERR_USAGE) /* FIFO, device, socket, symlink, folder */                  \
	X(36, SOURCE_CHANGED, HZ_ERR_CHANGED)                                                                \
	X(37, SOURCE_MISSING, HZ_ERR_NOT_FOUND)                                                              \
	X(38, SOURCE_DENIED, HZ_ERR_IO) /* permission denied */                                              \
	X(41, NO_VAULT, HZ_ERR_NO_VAULT)                                                                     \
	X(42, NOT_A_FOLDER, HZ_ERR_NO_VAULT)                                                                 \
	X(43, VAULT_EXISTS, HZ_ERR_EXISTS) /* init: folder is not empty */                                   \
	X(44, VAULT_NEWER, HZ_ERR_VERSION)                                                                   \
	X(45, VAULT_BUSY, HZ_ERR_BUSY)                                                                       \
	X(46, VAULT_DAMAGED, HZ_ERR_FORMAT)    /* structure of data.mdb, FORMAT, pin */                      \
	X(47, VAULT_TAMPERED, HZ_ERR_TAMPERED) /* a row, tag or signature does not match */                  \
	X(48, KEYRING_DAMAGED, HZ_ERR_TAMPERED)                                                              \
	X(49, VAULT_ROLLBACK, HZ_ERR_ROLLBACK)                                                               \
	X(50, BAD_FILESYSTEM, HZ_ERR_UNSUPPORTED) /* network file system or vfat */                          \
	X(51, VAULT_READ_ONLY, HZ_ERR_DENIED)     /* closed log; recover restored */                         \
	X(60, NO_EXHIBIT, HZ_ERR_NOT_FOUND)                                                                  \
	X(61, NO_CASE, HZ_ERR_NOT_FOUND)                                                                     \
	X(62, CASE_EXISTS, HZ_ERR_EXISTS)                                                                    \
	X(63, BAD_QUERY, HZ_ERR_USAGE)                                                                       \
	X(64, CONTENT_DIFFERS, HZ_ERR_TAMPERED) /* stored bytes do not match the hash */                     \
	X(65, TARGET_EXISTS, HZ_ERR_EXISTS)     /* output file exists */                                     \
	X(66, NOTHING_SELECTED, HZ_ERR_USAGE)   /* nothing matches: nothing to do */                         \
	X(70, NO_CONSENT, HZ_ERR_DENIED)                                                                     \
	X(71, NO_ROLE, HZ_ERR_DENIED)                                                                        \
	X(80, BUNDLE_DAMAGED, HZ_ERR_FORMAT)                                                                 \
	X(81, BUNDLE_TAMPERED, HZ_ERR_TAMPERED)                                                              \
	X(82, BUNDLE_KEY, HZ_ERR_USAGE)        /* --key: not a key we know */                                \
	X(84, ANCHOR_INVALID, HZ_ERR_TAMPERED) /* a time stamp that does not hold */                         \
	X(90, LIMIT, HZ_ERR_LIMIT)                                                                           \
	X(91, FORMAT, HZ_ERR_FORMAT) /* any strict decoder */                                                \
	X(92, TAMPERED, HZ_ERR_TAMPERED)                                                                     \
	X(93, VERSION, HZ_ERR_VERSION)                                                                       \
	X(94, UNSUPPORTED, HZ_ERR_UNSUPPORTED)                                                               \
	X(95, CANCELLED, HZ_ERR_CANCELLED)                                                                   \
	X(100, WITNESS_LOG, HZ_ERR_DENIED)      /* a witness was asked by a log that it does not know */     \
	X(101, WITNESS_CONFLICT, HZ_ERR_EXISTS) /* the request begins at another size */                     \
	X(102, WITNESS_STALE, HZ_ERR_ROLLBACK)  /* the witness's own state is an older copy */               \
	X(103, WITNESS_CLOCK, HZ_ERR_DENIED)    /* its clock went back */                                    \
	X(104, LOG_OLDER, HZ_ERR_ROLLBACK)      /* a log older than what was seen of it */                   \
	X(105, LOG_FORK, HZ_ERR_ROLLBACK)       /* a log that contradicts what was seen of it */             \
	X(106, WORDS_DIFFER, HZ_ERR_TAMPERED)   /* words read out are of no checkpoint */                    \
	X(110, RULES_BAD, HZ_ERR_UNSUPPORTED)   /* a rules file with faults; detail: line, what, remedy */   \
	X(111, LEARN_FEW, HZ_ERR_UNSUPPORTED)   /* too few decisions to learn from */                        \
	X(999, INTERNAL, HZ_ERR_INTERNAL)

enum hz_msg {
	HZ_MSG_NONE = 0,
#define HZ_MSG_ENUM(num, sym, err) HZ_MSG_##sym = (num),
	HZ_MSG_LIST(HZ_MSG_ENUM)
#undef HZ_MSG_ENUM
};

#define HZ_RESULT __attribute__((warn_unused_result)) enum hz_err
/* For the rare result that may be dropped; say why beside it. */
#define HZ_IGNORE(call)                                                                                      \
	do {                                                                                                 \
		enum hz_err hz_ignored_ = (call);                                                            \
		(void)hz_ignored_;                                                                           \
	} while (0)
/* Hands a failure on to the caller. Only where nothing is to be given back first. */
#define HZ_TRY(call)                                                                                         \
	do {                                                                                                 \
		enum hz_err r_ = (call);                                                                     \
		if (r_ != HZ_OK) {                                                                           \
			return r_;                                                                           \
		}                                                                                            \
	} while (0)

/* Keeps id and detail (cut at 511 bytes) for this thread and returns the id's code. */
enum hz_err hz_fail(enum hz_msg msg, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* The same with errno: ENOSPC and EDQUOT become HZ_MSG_NO_SPACE, ENOMEM HZ_MSG_NOMEM, the rest
 * msg; strerror is appended to the detail. err_no is the value of errno. */
enum hz_err hz_fail_sys(enum hz_msg msg, int err_no, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* Details are written in English. A door that speaks another language gives, once and before any thread
 * starts, where their formats are looked up; the answer must take the same arguments and live for ever.
 * NULL: as they are written. */
typedef const char *hz_words_fn(const char *fmt);
void hz_fail_speak(hz_words_fn *words);
/* A format in the language of the door; for the few places that keep a detail elsewhere than hz_fail. */
const char *hz_fail_words(const char *fmt) __attribute__((format_arg(1)));
/* Copies a detail into n > 0 bytes, cut behind a whole character. */
void hz_fail_copy(char *dst, size_t n, const char *detail);

/* What the last hz_fail of this thread said. detail is borrowed, valid until the next hz_fail. */
enum hz_msg hz_fail_msg(void);
const char *hz_fail_detail(void);
int hz_fail_errno(void);
void hz_fail_clear(void);
/* Copies this thread's failure into another place and back (workers hand theirs to the writer). */
struct hz_failure {
	enum hz_msg msg;
	int err_no;
	char detail[512];
};
void hz_fail_save(struct hz_failure *ret_f);
enum hz_err hz_fail_restore(const struct hz_failure *f);

/* clang's analyzer looks at one file at a time and does not know that a failure is never HZ_OK. */
#if defined(__clang_analyzer__) && !defined(HZ_ERR_C)
static inline enum hz_err
hz_not_ok(enum hz_err err)
{
	if (err == HZ_OK) {
		__builtin_unreachable();
	}
	return err;
}
#define hz_fail(...)       hz_not_ok(hz_fail(__VA_ARGS__))
#define hz_fail_sys(...)   hz_not_ok(hz_fail_sys(__VA_ARGS__))
#define hz_fail_restore(f) hz_not_ok(hz_fail_restore(f))
#endif

enum hz_err hz_msg_err(enum hz_msg msg);
/* Writes "HZ-E021" into ret_id (8 bytes with NUL is enough). */
void hz_msg_id(enum hz_msg msg, char ret_id[static 9]);
/* The exit code of cli.md for a code; CANCELLED gives 130. */
int hz_err_exit(enum hz_err err);

/* Our own bugs only; input never reaches this. Always on. */
#define hz_assert(cond)                                                                                      \
	do {                                                                                                 \
		if (!(cond)) {                                                                               \
			hz_assert_failed(#cond, __FILE__, __LINE__);                                         \
		}                                                                                            \
	} while (0)
_Noreturn void hz_assert_failed(const char *cond, const char *file, int line);

#define hz_cleanup(fn) __attribute__((cleanup(fn)))

#endif
