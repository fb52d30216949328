/* The walls around code that reads hostile bytes, and the way to ask such code a question.
 *
 * Child side: a program gives up its rights with hz_sandbox_enter() before it looks at the first byte
 * from outside. Parent side: struct hz_inspector starts the program hirz-inspect, asks it for the media
 * type of a file's first bytes, and survives whatever it does. The parent holds keys; the child never. */
#ifndef HZ_SANDBOX_SANDBOX_H
#define HZ_SANDBOX_SANDBOX_H

#include "base/buf.h"
#include "sandbox/claims.h"

/* ---- child side ---- */

/* What stands around the process. The system-call filter is the main wall: Landlock knows neither UDP
 * nor stat(), so without the filter the level is none. */
enum hz_sandbox_level {
	HZ_SANDBOX_NONE = 0,    /* no system-call filter: limits at most */
	HZ_SANDBOX_PARTIAL = 1, /* filter, but Landlock or a limit could not be had */
	HZ_SANDBOX_FULL = 2     /* filter, Landlock (tried: a file can no longer be opened) and limits */
};

enum hz_sandbox_kind {
	/* Reads descriptor 0, writes 1 and 2, takes descriptors that come over 0 and reads those by position,
	 * works in memory: nothing else */
	HZ_SANDBOX_PARSER,
	HZ_SANDBOX_COLLECTOR, /* a parser that also reads the pipes that it keeps, and hears how its tools end
			       */
	HZ_SANDBOX_READER     /* reads and writes any descriptor it still holds, by position too; prints */
};

struct hz_sandbox_profile {
	enum hz_sandbox_kind kind;
	const int *keep;     /* descriptors that stay open beside 0, 1 and 2 */
	size_t keep_count;   /* at most HZ_SANDBOX_KEEP_MAX */
	uint64_t memory_max; /* bytes of address space; 0 = as it is */
	uint64_t cpu_max;    /* seconds of processor time; 0 = as it is */
};

enum {
	HZ_SANDBOX_KEEP_MAX = 16,
	HZ_SANDBOX_OPEN_MAX = 32,      /* highest descriptor number plus one, once inside */
	HZ_INSPECT_CPU_S = 5,          /* processor time of one hirz-inspect */
	HZ_INSPECT_MEMORY = 512 << 20, /* its address space in bytes */
	HZ_TOOL_CPU_S = 10,            /* processor time of a tool of another maker */
	HZ_TOOL_MEMORY = 512 << 20,    /* its address space in bytes */
};

/* Gives up, for good: all descriptors but 0-2 and keep; core dumps, being traced, files, processes, new
 * privileges; every path (Landlock, an empty set of rules with every access this kernel knows); every
 * system call that the kind does not need (the process is killed), executable memory included.
 * Everything that needs a file (locale, time zone, magic database) has to be loaded before. The process
 * must have one thread. Never fails: says what could be had, and the caller decides. Order and list:
 * limits, no_new_privs, Landlock, filter, since each step needs calls that the next one takes away. */
enum hz_sandbox_level hz_sandbox_enter(const struct hz_sandbox_profile *profile);

/* A program of another maker that reads a hostile file: pdftotext, pdfinfo. */
struct hz_sandbox_tool {
	const char *path;  /* belongs to root, and nobody else may write it */
	char *const *args; /* NULL-ended, the program's name first */
	int in, out;       /* its descriptors 0 and 1; -1: the null device */
	bool out_is_err;   /* its descriptor 2 too, else the null device */
};

/* In a child of fork(): becomes the tool, behind walls of its own, and never returns. It has no environment
 * but LC_ALL, no other descriptor, HZ_TOOL_CPU_S and HZ_TOOL_MEMORY; it may read programs, libraries and
 * fonts where the system has them and nothing else by name; it may start only itself and what lies in the
 * folders of libraries, behind the same walls; it has no socket, makes no file and no process. Exit status
 * 127: could not be started, or not behind a filter. */
_Noreturn void hz_sandbox_run(const struct hz_sandbox_tool *tool);

/* ---- parent side ---- */

enum {
	HZ_INSPECT_DATA_MAX = 65536, /* first bytes of a file that go with the question */
	HZ_INSPECT_TYPE_MAX = 127,
	HZ_INSPECT_CHARSET_MAX = 31,
	HZ_INSPECT_DEADLINE_MS = 2000,  /* for one question, a new process included */
	HZ_INSPECT_PDF_MS = 10000,      /* for the text of a PDF, while it keeps coming: else as above */
	HZ_INSPECT_SERVED_MAX = 512,    /* questions to one process; then a fresh one */
	HZ_INSPECT_START_FAILS_MAX = 3, /* starts in a row without a greeting; then given up */
	HZ_INSPECT_ASK_FAILS_MAX = 16,  /* questions in a row without an answer; then given up */
	HZ_INSPECT_PATH_MAX = 4096,
	HZ_INSPECT_TEXT_MAX = 16 << 20, /* bytes of text of one file; more is cut */
};

#define HZ_INSPECT_SIZE_UNKNOWN UINT64_MAX

/* What can be asked about one file, in one question. */
enum hz_inspect_asked {
	HZ_INSPECT_ASK_TYPE = 1,
	HZ_INSPECT_ASK_CLAIMS = 2,
	HZ_INSPECT_ASK_TEXT = 4,
	HZ_INSPECT_ASK_ALL = 7
};

/* How the text of a document ended. */
enum hz_inspect_text {
	HZ_INSPECT_TEXT_MORE = 0, /* (between parts only) */
	HZ_INSPECT_TEXT_ALL = 1,
	HZ_INSPECT_TEXT_CUT = 2, /* a limit was reached, or the file is damaged further on */
	HZ_INSPECT_TEXT_NONE = 3 /* no text in it, or not a kind that is read */
};

/* Why a type is not known. The words (hz_inspect_reason_word) are stable. */
enum hz_inspect_reason {
	HZ_INSPECT_KNOWN = 0,
	HZ_INSPECT_UNDETERMINED, /* the inspector looked and could not tell */
	HZ_INSPECT_TIMEOUT,      /* no answer in time: killed */
	HZ_INSPECT_CRASHED,      /* it ended without an answer */
	HZ_INSPECT_MALFORMED,    /* it answered what is not allowed: killed */
	HZ_INSPECT_NO_START,     /* it could not be started, or did not greet */
	HZ_INSPECT_UNSANDBOXED,  /* it has no sandbox, and that is not allowed */
	HZ_INSPECT_GAVE_UP       /* it failed too often in a row: not asked any more */
};

struct hz_inspect_question {
	unsigned asked;    /* of enum hz_inspect_asked */
	const void *bytes; /* the first n of the file, at most HZ_INSPECT_DATA_MAX */
	size_t n;
	uint64_t size; /* of the file; HZ_INSPECT_SIZE_UNKNOWN */
	/* Of the whole file, open for reading and nothing else; -1: only the bytes above are looked at. The
	 * process reads it by position, and in whole pages, since it may be open with O_DIRECT. Needed only
	 * where the file has more than n bytes. Never a pipe, a device or anything of the vault. */
	int fd;
	struct hz_buf *text; /* with HZ_INSPECT_ASK_TEXT: the text is appended; must allow
				HZ_INSPECT_TEXT_MAX bytes more */
	/* Instead of text: gets it part by part, as valid text. The time it takes is not the process's. What
	 * it returns ends the question and is returned. */
	enum hz_err (*part)(void *arg, const uint8_t *p, size_t n);
	void *arg;
};

struct hz_inspect_answer {
	bool known;
	enum hz_inspect_reason reason;
	enum hz_sandbox_level level;              /* of the process that answered; none if there was none */
	char type[HZ_INSPECT_TYPE_MAX + 1];       /* "image/jpeg"; "unknown" where known is false */
	char charset[HZ_INSPECT_CHARSET_MAX + 1]; /* "utf-8"; empty if there is none */
	enum hz_inspect_reason claims_reason;     /* KNOWN: claims is what it answered, perhaps none */
	struct hz_claims claims;                  /* what the file says: claims, never facts */
	enum hz_inspect_reason text_reason;       /* KNOWN: text and its state are what it answered */
	enum hz_inspect_text text;
};

/* One inspector for each thread: it is not shared, and the thread that asks first must live as long as
 * it is asked (the process dies with the thread that started it). */
struct hz_inspector;

/* program is the path of hirz-inspect (hz_inspector_find), copied. With allow_unsandboxed a process that
 * reports the level none is asked all the same; otherwise every type is then unknown. Starts nothing:
 * the first question does. HZ_MSG_NOMEM, HZ_MSG_LIMIT (path). */
HZ_RESULT hz_inspector_new(const char *program, bool allow_unsandboxed, struct hz_inspector **ret_insp);

/* Asks all questions about one file at once. Takes at most HZ_INSPECT_DEADLINE_MS. Whatever the process does,
 * the result is HZ_OK; what it answered before it failed stands, and the reason of the rest says why there is
 * nothing. Questions that were not asked have the reason UNDETERMINED. HZ_MSG_LIMIT: n too large;
 * HZ_MSG_NOMEM.
 */
HZ_RESULT hz_inspector_ask(
    struct hz_inspector *insp, const struct hz_inspect_question *q, struct hz_inspect_answer *ret_answer);

/* Asks a process of its own about a PDF, which starts pdfinfo (claims) or pdftotext (text) behind walls.
 * q->fd has a position of its own at the beginning of the file and no O_DIRECT; bytes and n are not used.
 * With the text come claims that hold DOC_TEXT_TOOL only. Results as above; the reason UNDETERMINED where the
 * tools are not installed. */
HZ_RESULT hz_inspector_pdf(
    struct hz_inspector *insp, const struct hz_inspect_question *q, struct hz_inspect_answer *ret_answer);
/* Whether pdfinfo and pdftotext are here, and may be trusted with being started. */
bool hz_inspect_pdf_here(void);

/* Asks only for the media type of a file that begins with these n bytes (at most HZ_INSPECT_DATA_MAX; give
 * the whole file where it is smaller). Takes at most HZ_INSPECT_DEADLINE_MS. Whatever the process does,
 * the result is HZ_OK, and the answer known or unknown with a reason. HZ_MSG_LIMIT: n too large.
 * Safe in a program with threads and an open LMDB environment: the process is started with
 * posix_spawn, gets a socket as descriptors 0 and 1, the null device as 2, and LC_ALL=C as its whole
 * environment. */
HZ_RESULT hz_inspector_type(
    struct hz_inspector *insp, const void *bytes, size_t n, struct hz_inspect_answer *ret_answer);

/* The level of the running process; starts one if there is none. None where it cannot be started. */
enum hz_sandbox_level hz_inspector_level(struct hz_inspector *insp);

/* Ends the process and waits for it. NULL and a pointer to NULL are fine; leaves NULL. */
void hz_inspector_free(struct hz_inspector **insp);

/* Finds hirz-inspect: beside this program, in ../inspect beside its folder (the build tree), then where
 * it is installed. Only a regular, executable file counts that belongs to root or to this user and
 * that, like its folder, not everybody may write. ret_path holds size bytes. HZ_MSG_UNSUPPORTED where
 * there is none: the caller works on without types. */
HZ_RESULT hz_inspector_find(char *ret_path, size_t size);

/* "hirz-inspect 0.1.0": the program that is asked is of this program's version. */
const char *hz_inspector_name(void);
#define HZ_TOOL_PDFINFO   "/usr/bin/pdfinfo"
#define HZ_TOOL_PDFTOTEXT "/usr/bin/pdftotext"

/* "timeout" and so on, for records and JSON; "known" for HZ_INSPECT_KNOWN. */
const char *hz_inspect_reason_word(enum hz_inspect_reason reason);
/* "full", "partial", "none". */
const char *hz_sandbox_level_word(enum hz_sandbox_level level);

#endif
